"""The examples of the pages, played in order, as a reader would type them.

A page is played in a folder with what it takes as given: a ledger of the bundled reports under the names that the pages
use, a few reports in `news/`, a report of one's own. Lines of ``sh`` blocks that begin with ``comity`` are run in this process
and have to end with 0; ``pip install`` and ``make`` lines must name extras and targets that exist; ``python`` blocks of a page
are run one after the other with the same names.

Marks in the pages, HTML comments that a reader does not see:

- ``run: LINE`` … ``/run``: between them stands what the command prints. ``{events --type AID}`` in it is the id of
  the first record that the question finds.
- ``printed`` … ``/printed``: what the Python block before it prints.
- ``coded: SENTENCE => EVENTS`` … ``/coded``: the sentence, its events, and what would be right.
- ``quality FILE: FIGURE`` … ``/``: the figure of docs/quality.md, ``%`` at its end makes it per cent.
- ``file: NAME``: the block that follows is this file.
- ``here: A = B; …``: what A in the examples of the page stands for here: addresses, ids (``{question}``).
- ``before`` CODE: Python that a page takes as given.
- ``picture: NAME``: the file of this name is kept in docs/pictures when the page is written.
- ``needs: spark``: the block that follows is run only when Spark is asked for (`make test-long`).
- ``not run: REASON``: the block that follows is not run.
"""

from __future__ import annotations

import contextlib
import doctest
import functools
import io
import json
import os
import re
import shlex
import shutil
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from datetime import datetime
from email.utils import formatdate
from html import escape
from pathlib import Path
from typing import Any

import comity
from comity.cli import comity as program
from comity.cli import run
from comity.demo import reports_path
from comity.exchange import export
from comity.reading import read_text
from comity.records import Coding, Event, Report

ROOT = Path(__file__).resolve().parents[1]
WIDTH = 100
ENVIRONMENT = os.environ | {"PYTHONPATH": str(Path(comity.__file__).parents[1]), "OPENBLAS_NUM_THREADS": "1"}

UNENDING = ("serve", "mcp", "watch", "review")
"""Commands that run until they are stopped, or ask a person: only their options are tried."""

PART = re.compile(
    r"<!-- run: (?P<run>.+?) -->\n.*?<!-- /run -->"
    r"|(?P<printed><!-- printed -->)\n.*?<!-- /printed -->"
    r"|<!-- coded: (?P<coded>.+?) -->\n.*?<!-- /coded -->"
    r"|<!-- quality (?P<quality>\S+: .+?) -->.*?<!-- / -->"
    r"|<!-- (?P<mark>file|here|needs|not run|picture): (?P<said>.+?) -->"
    r"|<!-- before\n(?P<before>.*?)\n-->"
    r"|^```(?P<kind>\w*)\n(?P<block>.*?)^```$",
    re.M | re.S,
)


class Failed(Exception):
    """An example does not do what the page says."""


def played(text: str, name: str, *, keep: bool = False, spark: bool = False) -> str:
    """The page with its outputs as they are now. `keep`: pictures go to docs/pictures; `spark`: what needs Spark is run
    too, which takes a minute. Raises `Failed`.
    """
    if not PART.search(text):
        return text
    before, stdin = Path.cwd(), sys.stdin
    with tempfile.TemporaryDirectory() as folder:
        for one in given().iterdir():
            if one.name in text or one.name in ASSUMED:
                (shutil.copytree if one.is_dir() else shutil.copy)(one, Path(folder) / one.name)
        os.chdir(folder)
        sys.stdin = io.TextIOWrapper(io.BytesIO(), "utf-8")
        play = Play(name, keep, spark)
        try:
            return play.page(text)
        finally:
            for one in play.names.values():
                if isinstance(one, comity.Ledger):
                    one.close()
            os.chdir(before)
            sys.stdin = stdin


class Play:
    """One page: the names its Python blocks have made, and the marks that wait for their block."""

    def __init__(self, name: str, keep: bool, spark: bool) -> None:
        self.name, self.keep, self.spark = name, keep, spark
        self.names: dict[str, Any] = {"__name__": name}
        self.here: dict[str, str] = {}
        self.waiting: dict[str, str] = {}
        self.print = ""

    def page(self, text: str) -> str:
        made, last = [], 0
        for part in PART.finditer(text):
            made += [text[last : part.start()], self.part(part, text[: part.start()].count("\n") + 1)]
            last = part.end()
        return "".join([*made, text[last:]])

    def part(self, part: re.Match[str], line: int) -> str:
        try:
            if part["run"]:
                said = re.sub(r"\{(.+?)\}", lambda m: first_id(m[1]), part["run"])
                return f"<!-- run: {part['run']} -->\n\n```text\n$ {said}\n{tidy(command(said))}\n```\n\n<!-- /run -->"
            if part["printed"]:
                return f"<!-- printed -->\n\n```text\n{tidy(self.print)}\n```\n\n<!-- /printed -->"
            if part["coded"]:
                return f"<!-- coded: {part['coded']} -->\n{coded(part['coded'])}<!-- /coded -->"
            if part["quality"]:
                if not part.string[: part.start()].rpartition("\n")[2].strip():
                    raise Failed("a comment at the beginning of a line ends the paragraph: move it")
                return f"<!-- quality {part['quality']} -->{figure(part['quality'])}<!-- / -->"
            if part["mark"]:
                self.note(part["mark"], part["said"])
            elif part["before"]:
                self.python(part["before"])
            else:
                self.block(part["kind"], part["block"])
        except Exception as error:
            raise Failed(f"{self.name}:{line}: {type(error).__name__}: {error}") from error
        return part[0]

    def note(self, mark: str, said: str) -> None:
        if mark == "here":
            for pair in said.split(";"):
                shown, _, real = (one.strip() for one in pair.partition(" = "))
                self.here[shown] = re.sub(r"^\{(.+)\}$", lambda m: first_id(m[1]), real)
        elif mark == "picture":
            if not Path(said).exists():
                raise Failed(f"no example has made {said}")
            if self.keep:
                shutil.copy(said, ROOT / "docs" / "pictures" / said)
        else:
            self.waiting[mark] = said

    def block(self, kind: str, block: str) -> None:
        waiting, self.waiting = self.waiting, {}
        if "not run" in waiting or (waiting.get("needs") == "spark" and not self.spark):
            return
        if "file" in waiting:
            target = Path(waiting["file"])
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(block, "utf-8")
            return
        for shown, real in sorted(self.here.items(), key=lambda pair: -len(pair[0])):
            block = block.replace(shown, real)
        if kind == "python":
            self.python(block)
        elif kind in ("sh", "bash"):
            for one in lines(block):
                shell(one)

    def python(self, code: str) -> None:
        out = io.StringIO()
        if code.lstrip().startswith(">>>"):
            test = doctest.DocTestParser().get_doctest(code, self.names, self.name, self.name, 0)
            runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
            runner.run(test, out=out.write, clear_globs=False)
            self.names |= test.globs
            if runner.failures:
                raise Failed(out.getvalue())
        else:
            with contextlib.redirect_stdout(out):
                exec(compile(code, self.name, "exec"), self.names)  # noqa: S102
        self.print = out.getvalue()


# --- what the pages take as given ------------------------------------------------------------------------------------

ASSUMED = ("demo.ledger", "comity.ledger", "docs", "gdelt.export.CSV", "gold.jsonl", "capabilities.csv", "crawl.warc")
"""What is given to every page: what commands take by themselves, and what stands in for other files (`here`)."""

REPORTS = 4
"""Reports of `news/` and `rows.jsonl`, of the bundled ones: enough for all kinds of records, coded in a second."""


@functools.cache
def given() -> Path:
    """A folder as the readers of the pages have it, made once in this process."""
    import atexit

    folder = Path(tempfile.mkdtemp(prefix="comity-docs-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    reports = [one for one in comity.read_many(reports_path()) if isinstance(one, Report)]
    with comity.Ledger(folder / "demo.ledger") as ledger:
        ledger.add(coder().stream(reports))
    for name in ("my.ledger", "comity.ledger"):  # the second is where commands look by themselves
        shutil.copytree(folder / "demo.ledger", folder / name)
    (folder / "news").mkdir()
    for report in reports[:REPORTS]:
        told = f"{report.title}\nPublished: {report.published}\n\n{report.text}"
        (folder / "news" / f"{report.id}.txt").write_text(told, "utf-8")
    rows = [{name: getattr(one, name) for name in ("id", "text", "published")} for one in reports[:REPORTS]]
    (folder / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    everything = [{"id": one.id, "text": one.text} for one in reports]
    (folder / "all.jsonl").write_text("".join(json.dumps(row) + "\n" for row in everything), "utf-8")
    for name in ("report.txt", "a.txt"):
        shutil.copy(folder / "news" / f"{reports[0].id}.txt", folder / name)
    shutil.copytree(ROOT / "docs" / "examples", folder / "docs" / "examples")
    (folder / "crawl.warc").write_bytes(archive(reports[:2]))
    (folder / "feed.xml").write_text(feed(reports[:2]), "utf-8")
    (folder / "wordings.txt").write_text("territorial integrity\nno limits\n", "utf-8")
    (folder / "capabilities.csv").write_text("iso3,year,cinc\nCHN,2022,0.2\nUSA,2022,0.2\nRUS,2022,0.1\n", "utf-8")
    (folder / "gold.jsonl").write_text(json.dumps(gold(reports[0])) + "\n", "utf-8")
    with comity.Ledger(folder / "demo.ledger", read_only=True) as ledger:
        export(ledger, "gdelt", folder / "gdelt.export.CSV")
    return folder


def rooms(path: str) -> dict[str, Any]:
    """What the rooms make of a report, one after the other, for the pages that show one of them."""
    from comity.actors import resolve
    from comity.dates import read_dates
    from comity.language import split
    from comity.language.model import Language
    from comity.statements import read_statements

    report = comity.read(path)
    segments = split(report.text)
    (parse,) = Language().parse([(report.text, segments, segments)])
    cast, timeline = resolve(report, parse), read_dates(parse, report.published)
    said = read_statements(report, parse, cast, timeline)
    sentence = next(one for one in parse.sentences if len(one) > 1)
    attribution = said.attributions[0]
    return {
        "report": report, "parse": parse, "cast": cast, "timeline": timeline, "attribution": attribution,
        "sentence": sentence, "token": 1, "trigger": 1, "offset": sentence.start,
    }  # fmt: skip


def archive(reports: list[Report]) -> bytes:
    """A web archive with a page for each report."""
    made = b""
    for report in reports:
        paragraphs = "".join(f"<p>{escape(one)}</p>" for one in report.text.split("\n\n"))
        page = f"<html><head><title>{escape(report.title or '')}</title></head><body><article>{paragraphs}</article></body></html>"
        body = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page.encode()
        head = (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://news.example/{report.id}\r\n"
            f"WARC-Date: {report.published}T12:00:00Z\r\nWARC-Record-ID: <urn:x:{report.id}>\r\n"
            f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        made += head.encode() + body + b"\r\n\r\n"
    return made


def feed(reports: list[Report]) -> str:
    """An RSS feed with the whole text of each report."""
    items = "".join(
        f"<item><title>{escape(one.title or '')}</title><link>https://news.example/{one.id}</link>"
        f"<pubDate>{formatdate(datetime.fromisoformat(one.published or '').timestamp())}</pubDate>"
        f"<content:encoded>{escape(one.text)}</content:encoded></item>"
        for one in reports
    )
    names = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    return f'<rss version="2.0" {names}><channel><title>The Example</title><link>https://news.example</link>{items}</channel></rss>'


def gold(report: Report) -> dict[str, Any]:
    """A line of a gold file in which nothing is coded."""
    row = {name: getattr(report, name) for name in ("id", "text", "published", "outlet")}
    return row | {"events": [], "statements": []}


@functools.cache
def coder() -> comity.Coder:
    return comity.Coder()


# --- the shell -------------------------------------------------------------------------------------------------------


def lines(block: str) -> Iterator[list[str]]:
    """The words of each line, those that end with a backslash taken together, comments left out."""
    for line in block.replace("\\\n", " ").splitlines():
        if words := shlex.split(line, comments=True):
            yield words


def shell(words: list[str]) -> None:
    """Runs a line, or looks whether what it names exists."""
    match words:
        case ["comity", name, *rest] if name in UNENDING:
            whole = program.make_context("comity", [], resilient_parsing=True)
            found = program.get_command(whole, name)
            assert found is not None
            found.make_context(name, rest, parent=whole)
        case ["comity", *_]:
            command(shlex.join(words))
        case ["pip", "install", *what]:
            extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
            named = [extra for one in what for extra in re.findall(r"\[(.*)\]", one)]
            if unknown := {one for extra in named for one in extra.split(",")} - set(extras):
                raise Failed(f"there is no extra {', '.join(unknown)}")
        case ["make", *targets]:
            makefile = (ROOT / "Makefile").read_text("utf-8")
            if gone := [one for one in targets if "=" not in one and not re.search(rf"^{one}:", makefile, re.M)]:
                raise Failed(f"the Makefile has no {', '.join(gone)}")
        case ["python", script, *_] if script.endswith(".py"):
            if not (ROOT / script).exists():
                raise Failed(f"there is no {script}")
        case ["apt" | "apt-get", *_]:
            pass
        case _:
            raise Failed(f"{shlex.join(words)!r}: no command that is tried here; mark the block as not run, and why")


def command(line: str) -> str:
    """What a `comity` line prints."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    settings = {"COLUMNS": str(WIDTH), "NO_COLOR": "1"}
    kept = {name: os.environ.get(name) for name in settings}
    os.environ |= settings
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run(shlex.split(line, comments=True)[1:])
    finally:
        for name, value in kept.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})
    told, faults = (one.buffer.getvalue().decode() for one in (out, err))  # type: ignore[attr-defined]
    if code and not (code == 1 and line.startswith("comity diff ")):  # which tells so that the two differ
        raise Failed(f"{line}: ended with {code}: {faults or told}")
    return told


def first_id(question: str) -> str:
    """Id of the first record that a question to the demo's ledger finds: ids follow from contents, which may change."""
    return json.loads(command(f"comity {question} --limit 1 --json --ledger demo.ledger"))[0]["id"][:8]


def tidy(text: str) -> str:
    return "\n".join(row.rstrip() for row in text.splitlines()).strip("\n")


# --- sentences and figures -------------------------------------------------------------------------------------------

PUBLISHED = "2024-05-15"
"""Day of publication of the sentences, a Wednesday."""


def coded(said: str) -> str:
    """A sentence with the events that come out, and those that would be right."""
    sentence, _, right = (one.strip() for one in said.partition("=>"))
    coding = coder().code(read_text(sentence, published=PUBLISHED))
    assert isinstance(coding, Coding)
    found = [brief(event) for event in coding.events] or ["nothing"]
    wanted = [one.strip() for one in right.split(";")] if right else []
    shown = [f"> {sentence}", "", f"Comes out: {', '.join(f'`{one}`' for one in found)}."]
    if wanted and sorted(wanted) == sorted(found):
        shown[-1] += " By now that is right."
    elif wanted:
        shown[-1] += f" Right would be: {', '.join(f'`{one}`' for one in wanted)}."
    return "\n" + "\n".join(shown) + "\n\n"


def brief(event: Event) -> str:
    """An event on a line: source, type, target, and what is not the usual: status, background, a date of its own."""
    sides = [
        ("+".join(dict.fromkeys(one.country or one.name for one in side)) or "?")
        for side in (event.source, event.target)
    ]
    rest = [event.status] if event.status != "actual" else []
    rest += ["background"] if event.background else []
    rest += [event.date] if event.date and event.date_precision != "published" else []
    return " ".join([f"{sides[0]} {event.type} {sides[1]}", *rest])


@functools.cache
def figures() -> dict[tuple[str, str], str]:
    """The figures of docs/quality.md by gold file and name, with those of a sort (articles, actors) under one file."""
    page = (ROOT / "docs" / "quality.md").read_text("utf-8")
    found = {}
    for gold, text in re.findall(r"^### \w+: `[\w/]*?(\w+)\.jsonl`\n(.*?)(?=^### |\Z)", page, re.M | re.S):
        for name, value in re.findall(r"^\| ([a-z][\w :,]*?) \| ([\d.,]+) \|", text, re.M):
            found[gold, name] = value
    return found


def figure(said: str) -> str:
    gold, _, name = said.partition(": ")
    value = figures().get((gold, name.removesuffix(" %")))
    if value is None:
        raise Failed(f"docs/quality.md has no figure {said!r}")
    return f"{round(100 * float(value))} %" if name.endswith(" %") else value
