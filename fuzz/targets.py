"""What is fuzzed: for each reader one function from bytes to what was read, which fails when a promise is broken.

The promises: reading ends with reports and with what was left out, told in one line; nothing else is raised; texts can
be written as JSON and come back the same; the same bytes give the same reports.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from comity.exchange import ExchangeError, files, plover
from comity.exchange.importing import TABULAR
from comity.limits import at_most
from comity.reading import read_input
from comity.reading.filling import Filling
from comity.reading.inputs import Input
from comity.reading.published import normalise
from comity.reading.text import dateline, head_date, read_text
from comity.records import LeftOut, Report, to_json

SECONDS = 20
"""Of processor time for one input of at most `BYTES`: what takes longer fails, as what breaks does."""

BYTES = 60_000


class BrokenPromiseError(AssertionError):
    """What was read is not what reading promises."""


def _need(kept: bool, what: str) -> None:
    if not kept:
        raise BrokenPromiseError(what)


_folder = tempfile.TemporaryDirectory(prefix="comity-fuzz-")


def _file(data: bytes, name: str) -> Path:
    path = Path(_folder.name, name)
    path.write_bytes(data)
    return path


def _items(path: Path) -> list[Report | LeftOut]:
    return list(read_input(Input(path.name, path), Filling(warn=lambda line: None)))


def _reader(name: str) -> Callable[[bytes], object]:
    def read(data: bytes) -> list[Report | LeftOut]:
        path = _file(data, name)
        items = _items(path)
        for item in items:
            if isinstance(item, LeftOut):
                _need("\n" not in item.line() and bool(item.cure), "what was left out is told in one line")
                continue
            _need(bool(item.text.strip()), "a report has a text")
            _need(item.published is None or normalise(item.published) is not None, "its date can be read")
            line = dateline(item.text)
            _need(line is None or 0 <= line.end <= len(item.text), "its dateline lies in it")
        _need(bool(items), "there is a report, or a reason why there is none")
        _need(b"\n" not in b"".join(map(to_json, items)), "reports are one line of JSON")
        _need(_items(path) == items, "the same bytes give the same reports")
        return items

    return read


def text_head(data: bytes) -> object:
    """What is looked for at the head of a text: date, dateline, fields."""
    try:
        text = data.decode("utf-8", "surrogatepass")  # half characters too
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace")
    for line in text.splitlines()[:20]:
        found = normalise(line)
        _need(found is None or normalise(found) == found, "a date that was understood is understood again")
    head_date(text)
    if text.strip():
        _need(read_text(text).text == text, "a text is kept as it is")
    return None


def exchange(data: bytes) -> object:
    """Files of rows of the formats that can be imported, packed and not."""
    path = _file(
        data, "rows.zip" if data.startswith(b"PK") else "rows.gz" if data.startswith(b"\x1f\x8b") else "rows.tsv"
    )
    rows = 0
    for form in TABULAR.values():
        with suppress(ExchangeError):
            for member in files.members(path):
                found = files.survey(
                    path, member, name=form.name, columns=form.columns, header=form.header, missing=form.missing,
                    required=form.reading.required if form.reading is not None else (),
                )  # fmt: skip
                for block in files.blocks(path, member, found.form, ()):
                    _need(
                        all(len(cell) == len(block.lines) for cell in block.cells.values()), "columns are of one length"
                    )
                    rows += len(block.lines)
    for line in data.split(b"\n")[:50]:
        with suppress(ValueError, RecursionError):  # msgspec.DecodeError is a ValueError
            plover.line_of(plover.parse(line))
    return rows


TARGETS: dict[str, Callable[[bytes], object]] = {
    "text": _reader("a.txt"),
    "html": _reader("a.html"),
    "jsonl": _reader("a.jsonl"),
    "json": _reader("a.json"),
    "csv": _reader("a.csv"),
    "parquet": _reader("a.parquet"),
    "warc": _reader("a.warc"),
    "feed": _reader("a.rss"),
    "any": _reader("a"),
    "head": text_head,
    "exchange": exchange,
}
"""By name. `any`: a file without a suffix, whose kind is told by its content."""


def try_input(target: str, data: bytes) -> None:
    """One input. Raises whatever breaks, `comity.limits.TooLong` when it takes too long."""
    with at_most(SECONDS):
        TARGETS[target](data)
