"""CSV and TSV with a header line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from comity.reading.encoding import detect
from comity.reading.errors import ReadError
from comity.reading.filling import Filling
from comity.reading.inputs import DAMAGE, MAX_TEXT_BYTES, Input, damage, open_plain, peek, refuse_binary
from comity.reading.rows import COLUMNS, report_from_row
from comity.records import LeftOut, Report

_DELIMITERS = ",\t;|"
SCAN = 1 << 20
SCANNED = 256 << 20
"""Bytes among which the first one that is not UTF-8 is looked for."""


def _encoding(source: Input) -> tuple[str, int]:
    """The file's encoding and the length of its mark: UTF-8 when all of it is, else by the first part that is not.

    Stdin cannot be read twice: there the first bytes decide.
    """
    with open_plain(source) as stream:
        if source.path is None:
            return detect(peek(stream))
        first = block = stream.read(SCAN)
        name, mark = detect(block)
        rest = b""
        while name == "utf-8" and block and stream.tell() < SCANNED:
            try:
                (rest + block).decode("utf-8")
                rest = b""
            except UnicodeDecodeError as error:
                if error.end < len(rest + block) or error.reason != "unexpected end of data":
                    return detect((rest + block)[max(0, error.start - 200) :])[0], mark
                rest = (rest + block)[error.start :]
            block = stream.read(SCAN)
        return name, mark if first else 0


def _delimiter(header: str, name: str) -> str:
    if name.lower().removesuffix(".gz").endswith(".tsv"):
        return "\t"
    return max(_DELIMITERS, key=header.count)


def read(source: Input, filling: Filling) -> Iterator[Report | LeftOut]:
    """The reports of a CSV or TSV file. The header names the columns; the delimiter is taken from it.

    Places are given as line numbers: the line on which a row begins.
    """
    try:
        encoding, mark = ("utf-8", 0) if source.path is None else _encoding(source)
        with open_plain(source) as stream:
            head = peek(stream)
            if not head:
                raise ReadError(source.name, "it is empty", "leave it out, or give a header line and rows")
            if source.path is None:
                encoding, mark = detect(head)
            refuse_binary(source, head)
            stream.read(mark)
            text = io.TextIOWrapper(stream, encoding, "replace", newline="")
            yield from _rows(source, text, filling)
    except DAMAGE as error:
        raise damage(source.name, error) from None


def _rows(source: Input, text: io.TextIOWrapper, filling: Filling) -> Iterator[Report | LeftOut]:
    csv.field_size_limit(max(csv.field_size_limit(), MAX_TEXT_BYTES))  # of the process: its default is 128 kB
    header = text.readline(1 << 16)
    delimiter = _delimiter(header, source.name)
    names = [name.strip().lower() for name in next(csv.reader([header], delimiter=delimiter), [])]
    if "text" not in names:
        listed = ", ".join(names)[:200]
        raise ReadError(source.name, f"it has no column 'text' (it has: {listed})", "name the report's column 'text'")
    wanted = [(names.index(column), column) for column in COLUMNS if column in names]
    quotes = [0]
    lines = csv.reader(_bounded(text, source, quotes), delimiter=delimiter)
    first_line = 1
    empty = True
    while True:
        try:
            values = next(lines, None)
        except csv.Error as error:
            if "field limit" in str(error):
                raise ReadError(
                    f"{source.name}:{first_line + 1}",
                    f"a field is longer than {MAX_TEXT_BYTES >> 20} MB",
                    "check its quotation marks; all before it was read",
                ) from None
            yield LeftOut(
                source=f"{source.name}:{first_line + 1}",
                reason=f"this row cannot be read ({error})",
                cure="check its quotation marks",
            )
            first_line, quotes[0] = lines.line_num + 1, 0
            continue
        if values is None:
            break
        place, several = f"{source.name}:{first_line + 1}", lines.line_num > first_line
        first_line = lines.line_num + 1
        odd, quotes[0] = quotes[0] % 2 == 1, 0
        if not values:
            continue
        empty = False
        if several and odd:
            yield LeftOut(
                source=place,
                reason=f"a quotation mark opens here and is not closed until line {lines.line_num + 1}",
                cure="close it; the rows in between were not read",
            )
            continue
        row = {column: values[n] for n, column in wanted if n < len(values)}
        try:
            yield report_from_row(row, place, filling)
        except ReadError as error:
            yield error.left_out()
    if empty:
        raise ReadError(source.name, "it has a header but no rows", "leave it out, or give rows")


def _bounded(text: io.TextIOWrapper, source: Input, quotes: list[int]) -> Iterator[str]:
    while line := text.readline(MAX_TEXT_BYTES):
        if len(line) == MAX_TEXT_BYTES:
            raise ReadError(
                source.name, f"a line is longer than {MAX_TEXT_BYTES >> 20} MB", "split it; all before it was read"
            )
        quotes[0] += line.count('"')
        yield line
