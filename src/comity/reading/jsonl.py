"""JSONL: one row a line; and plain JSON files: one row, or an array of rows."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec

from comity.reading.encoding import decode
from comity.reading.errors import ReadError
from comity.reading.filling import Filling
from comity.reading.inputs import (
    DAMAGE,
    MAX_DOCUMENT_BYTES,
    MAX_TEXT_BYTES,
    Input,
    damage,
    open_plain,
    read_bounded,
    refuse_binary,
)
from comity.reading.rows import COLUMNS, report_from_row
from comity.records import LeftOut, Report

LONGEST_LINE = 2 * MAX_TEXT_BYTES
"""Bytes. A text may double in length when it is escaped."""


@cache
def _decoder() -> msgspec.json.Decoder[Any]:
    """A decoder that keeps the columns of a row and passes over all others without building them."""
    row = msgspec.defstruct("Row", [(name, Any, msgspec.UNSET) for name in COLUMNS])
    return msgspec.json.Decoder(row)


def _row(line: bytes, place: str) -> dict[str, Any]:
    try:
        row = _decoder().decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        row = _second_try(line, place, error)
    return {name: value for name in COLUMNS if (value := getattr(row, name)) is not msgspec.UNSET}


def _second_try(line: bytes, place: str, error: Exception) -> Any:
    """The same line with a byte order mark taken off, or in another encoding than UTF-8."""
    try:
        return _decoder().decode(decode(line))
    except (msgspec.DecodeError, RecursionError):
        pass
    if isinstance(error, msgspec.ValidationError):
        raise ReadError(place, "this is JSON, but no object", 'give one {"text": …} a line') from None
    why = str(error).removeprefix("JSON is malformed: ")
    raise ReadError(place, f"this is not JSON ({why})", "correct the line, or write it with a JSON library") from None


def read(
    source: Input, filling: Filling, *, start: int = 0, stop: int | None = None, before: int = 0
) -> Iterator[Report | LeftOut]:
    """The reports of a JSONL file, line by line; a bad line is left out and the next one read.

    `start`, `stop`: byte offsets in a file that is not packed; the lines that begin in ``[start, stop)`` are read, and
    `before` lines stand before them.
    """
    blank = not start and stop is None
    with open_plain(source) as stream:
        if start:
            stream.seek(start)
        number, at = before, start
        while stop is None or at < stop:
            try:
                line = stream.readline(LONGEST_LINE + 1)
            except DAMAGE as error:
                raise damage(f"{source.name}:{number + 1}", error) from None
            if not line:
                break
            number += 1
            at += len(line)
            place = f"{source.name}:{number}"
            if len(line) > LONGEST_LINE:
                raise ReadError(
                    place, f"this line is longer than {LONGEST_LINE >> 20} MB", "split it; all before it was read"
                )
            if number == 1:
                if line.startswith((b"\xff\xfe", b"\xfe\xff")):
                    text = decode(line + stream.read(MAX_DOCUMENT_BYTES))
                    yield from _lines(source, text, filling)
                    blank = not text.strip()
                    break
                refuse_binary(source, line[:4096])
            if line.isspace():
                continue
            blank = False
            yield report_from_line(line, place, filling)
    if blank:
        raise ReadError(source.name, "it is empty", "leave it out, or give one JSON object a line")


def report_from_line(line: bytes, place: str, filling: Filling) -> Report | LeftOut:
    """The report of one line that was read elsewhere; `place` says where."""
    try:
        return report_from_row(_row(line, place), place, filling)
    except ReadError as error:
        return error.left_out()


def _lines(source: Input, text: str, filling: Filling) -> Iterator[Report | LeftOut]:
    """The reports of JSONL that is in memory: of a .json file, or in UTF-16, whose lines cannot be read as bytes."""
    for number, line in enumerate(text.split("\n"), start=1):
        if line and not line.isspace():
            place = f"{source.name}:{number}"
            yield report_from_line(line.encode(), place, filling)


def _document(data: bytes) -> Any:
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return msgspec.json.decode(decode(data))  # with a mark, or in another encoding than UTF-8


def read_json(source: Input, filling: Filling) -> Iterator[Report | LeftOut]:
    """The reports of a JSON file: one row, an array of rows, or a JSON Feed. JSONL under this name is read too."""
    with open_plain(source) as stream:
        data = read_bounded(source, stream, MAX_DOCUMENT_BYTES)
    if not data.strip():
        raise ReadError(source.name, "it is empty", "leave it out, or give an array of rows")
    refuse_binary(source, data[:4096])
    try:
        document = _document(data)
    except (msgspec.DecodeError, RecursionError) as error:
        text = decode(data)
        try:
            _decoder().decode(text.lstrip().split("\n", 1)[0])
        except (msgspec.DecodeError, RecursionError):
            why = str(error).removeprefix("JSON is malformed: ")
            raise ReadError(source.name, f"this is not JSON ({why})", "write it with a JSON library") from None
        yield from _lines(source, text, filling)
        return
    if isinstance(document, dict):
        if str(document.get("version", "")).startswith("https://jsonfeed.org/"):
            from comity.reading import feeds

            yield from feeds.reports(feeds.parse(data, source.name), source.name, filling)
            return
        document = [document]
    if not isinstance(document, list):
        raise ReadError(source.name, "this JSON is neither an object nor an array", 'give [{"text": …}, …]')
    if not document:
        raise ReadError(source.name, "this array is empty", "leave it out, or give rows")
    for number, row in enumerate(document, start=1):
        place = f"{source.name}:{number}"
        try:
            if not isinstance(row, dict):
                raise ReadError(place, "this element is no object", 'give [{"text": …}, …]')
            yield report_from_row(row, place, filling)
        except ReadError as error:
            yield error.left_out()
