"""`comity code`."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from comity.cli import options

if TYPE_CHECKING:
    from comity.cli.runs import Items, Run
    from comity.records import Coding

Given = dict[str, Any]
"""The options that `Run.codings` takes."""

FLUSHED = 32
"""Records after which OUT.part is brought to the disk: a kill costs the coding of so many reports."""


@click.command(short_help="Code reports: files, folders, patterns or stdin.")
@options.inputs
@click.option("--jsonl", metavar="OUT", help="Write one JSON object a report to this file; - for stdout.")
@click.option("--resume", is_flag=True, help="Go on with OUT.part, which an interrupted run has left.")
@options.left_out
@options.as_json
def code(
    paths: tuple[str, ...], jsonl: str | None, resume: bool, left_out: str | None, as_json: bool, **given: Any
) -> int:
    """Code reports: files, folders (all below them), patterns, or - for stdin.

    Text, HTML, JSONL, JSON, CSV, Parquet, web archives and feeds are read, packed ones too. Without --jsonl the records
    are shown as tables, with --json as one array. OUT is written as OUT.part and gets its name when it is whole; with
    both --jsonl OUT and --json, a summary is printed.

    Exit code: 0 all was coded, 1 some input was left out (listed with reasons), 2 nothing could be coded.

    \b
    Examples:
      comity code report.txt
      comity code news/ more/*.html --jsonl records.jsonl --workers 2
      cat rows.jsonl | comity code - --jsonl - > records.jsonl
    """
    from comity.cli.runs import Run

    if jsonl == "-" and as_json:
        raise click.UsageError("--jsonl - and --json both want stdout; choose one")
    if resume and jsonl in (None, "-"):
        raise click.UsageError("--resume goes on with OUT.part; it needs --jsonl OUT")
    run = Run(strict=given.pop("strict"))
    if jsonl is not None and jsonl != "-":
        result = _to_file(run, paths, Path(jsonl), resume, given)
        if as_json:
            from comity.cli.output import print_json
            from comity.cli.runs import summary

            print_json(summary(run, out=jsonl if result in (0, 1) else None, resumed=run.skipped))
    else:
        show = _lines if jsonl == "-" else _array if as_json else _tables
        result = _to_stdout(run, paths, show, given)
    run.write_left_out(left_out)
    return result


def _to_stdout(run: Run, paths: tuple[str, ...], show: Callable[[Iterable[Coding]], None], given: Given) -> int:
    from comity.cli.runs import Refused

    def until_refused(codings: Iterator[Coding]) -> Iterator[Coding]:
        with suppress(Refused):  # what was coded before is shown to the end, and an array is closed
            yield from codings

    with closing(run.codings(paths, **given)) as codings:
        show(until_refused(codings))
    run.tell()
    return run.exit_code(run.coded)


def _lines(codings: Iterable[Coding]) -> None:
    import sys

    from comity.records import to_json

    for coding in codings:
        sys.stdout.buffer.write(to_json(coding) + b"\n")


def _array(codings: Iterable[Coding]) -> None:
    from comity.cli.output import print_array

    print_array(codings)


def _tables(codings: Iterable[Coding]) -> None:
    from comity.cli.record import show

    for number, coding in enumerate(codings):
        show(coding, gap=number > 0)


def _to_file(run: Run, paths: tuple[str, ...], out: Path, resume: bool, given: Given) -> int:
    from comity.cli.output import note
    from comity.cli.runs import Refused

    if out.is_dir():
        raise click.UsageError(f"{out} is a folder; name a file")
    part = out.with_name(out.name + ".part")
    if not out.parent.is_dir():
        raise click.UsageError(f"{out}: there is no folder {out.parent}; make it first")
    undone = _undone(run, part, given) if resume and part.exists() else None
    if part.exists() and not resume:
        note(f"{part}: begun anew (--resume would have gone on with it)")
    try:
        with part.open("ab" if undone else "wb") as file:
            try:
                with closing(run.codings(list(_without(paths, out, part)), undone=undone, **given)) as codings:
                    _write(file, codings)
            except Refused:
                note(f"stopped at the first (--strict); {_kept(run)} in {part}")
                return 1 if run.coded + run.skipped else 2
    except OSError as error:
        raise click.ClickException(
            f"{part}: cannot be written ({error.strerror or error}); what was written is kept: make room or choose "
            "another place, and go on with --resume"
        ) from error
    run.tell()
    if run.stopped is not None:
        note(f"stopped; {_kept(run)} in {part}; go on with: --resume")
    elif run.left_out and not run.coded + run.skipped:
        part.unlink()
    else:
        part.replace(out)
        note(f"{_kept(run)} in {out}" + (f", {len(run.left_out):,} left out" if run.left_out else ""))
    return run.exit_code(run.coded + run.skipped)


def _write(file: BinaryIO, codings: Iterable[Coding]) -> None:
    from comity.records import to_json

    for number, coding in enumerate(codings, 1):
        file.write(to_json(coding) + b"\n")
        if number % FLUSHED == 0:
            file.flush()


def _kept(run: Run) -> str:
    number = run.coded + run.skipped
    return "1 record" if number == 1 else f"{number:,} records"


def _without(paths: Iterable[str], *mine: Path) -> Iterator[str | Path]:
    """The inputs without the files that this run writes, should they lie in a folder that it reads."""
    from comity.reading.inputs import Input, find

    own = {path.resolve() for path in mine}
    for path in paths:
        if path != "-" and any(Path(path).resolve() in one.parents for one in own):
            for found in find(path):
                if isinstance(found, Input) and found.path is not None and found.path.resolve() not in own:
                    yield found.path
        else:
            yield path


def _undone(run: Run, part: Path, given: Given) -> Callable[[Items], Items]:
    """Lets through what does not stand in OUT.part yet. Cuts off a record that is not whole.

    The order of the inputs is that of the records, so what comes through goes on where the file ends.
    """
    import msgspec

    from comity.records import Report
    from comity.versions import differing, versions

    decoder = _head_decoder()
    written: Counter[str] = Counter()
    whole = 0
    made = versions(given["model"], given["codebook"])
    wanted = (made.codebook, made.made_by())
    with part.open("rb") as file:
        for line in file:
            try:
                head = decoder.decode(line)
            except msgspec.DecodeError:
                break
            if not line.endswith(b"\n"):
                break
            if (head.codebook, head.coder) != wanted:
                other = differing(head.coder, made.made_by())
                if head.codebook != made.codebook:
                    other["codebook"] = (head.codebook, made.codebook)
                said = "; ".join(f"{name} {was or 'not named'}, now {now}" for name, (was, now) in other.items())
                raise click.UsageError(
                    f"{part}: was coded with other versions ({said}); remove it and run this without --resume"
                )
            written[head.report.id] += 1
            whole += len(line)
    os.truncate(part, whole)

    def undone(items: Items) -> Items:
        for item in items:
            if isinstance(item, Report) and written[item.id]:
                written[item.id] -= 1
                run.skipped += 1
            else:
                yield item

    return undone


def _head_decoder() -> Any:
    """Reads id, codebook and coder of a record and passes over the rest. Made here: msgspec is loaded when it is used,
    and does not find the annotations of a local class.
    """
    import msgspec

    report = msgspec.defstruct("report", [("id", str)])
    return msgspec.json.Decoder(msgspec.defstruct("head", [("report", report), ("codebook", str), ("coder", str)]))
