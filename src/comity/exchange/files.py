"""Files of rows: what form they have, and their rows as columns of text with line numbers. Nothing is dropped silently.

One pass looks at the form (`survey`), a second one reads in blocks (`blocks`). Quotation marks mean nothing in these
formats; a line is a row.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import lzma
import re
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import msgspec

from comity.exchange.columns import Column, text_of, value_of
from comity.exchange.errors import ExchangeError, NotThisFormat

if TYPE_CHECKING:
    import pyarrow as pa

BLOCK = 16_000_000
"""Bytes that are read at once: about 80,000 rows of GDELT, which take about 300 MB while they are worked on."""

PARSED = 2_000_000
"""Bytes that pyarrow parses at once: five times as fast as a whole block, which does not fit the processor's caches."""

LONGEST_LINE = 2 * BLOCK
"""Bytes. The longest rows, those of GDELT with all their places, have some kB; a packed file may hold gigabytes of blanks."""

LOOKED_AT = 1000
"""Lines from which the form of a file is told (number of fields, missing value, format of dates)."""

TEXT_SHOWN = 120
"""Characters of a wrong row that are told."""

_RETURN = "\ue00d"
"""Stands for a carriage return inside a row while pyarrow reads it, for which that would end the row."""


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """How a file is written: what its rows as columns do not tell. Kept with the import; with it the file can be
    written again."""

    header: tuple[str, ...] | None
    """The names in the first line; None where the file has no such line."""
    columns: tuple[str | None, ...]
    """The side table's column at each position; None for one that the format does not have."""
    missing: str = ""
    """What a cell without a value holds."""
    dates: dict[str, str] = {}
    """Format of each date column, where it is not the first of its kind."""
    encoding: str = "utf-8"
    line_end: str = "\n"
    ended: bool = True
    """The last line has a line end too."""
    bom: bool = False


class WrongRow(msgspec.Struct, frozen=True):
    """A line that is not imported."""

    line: int
    """From 1, the header counted."""
    reason: str
    text: str
    """The beginning of the line."""


class Block(msgspec.Struct, frozen=True):
    """A stretch of a file's rows."""

    cells: dict[int, pa.Array]
    """By position in the line: the texts of that column (dictionary-encoded, where that pays)."""
    lines: pa.Array
    """Line number of each row (int64)."""
    extra: tuple[tuple[int, int, str], ...]
    """Row in this block, position, text: fields beyond the file's width, all empty."""
    wrong: tuple[WrongRow, ...]


class Survey(msgspec.Struct, frozen=True, kw_only=True):
    """What the first pass found."""

    digest: str
    """SHA-256 of the bytes (of the packed file's content)."""
    form: Form
    lines: int
    notes: tuple[str, ...]
    """What differs from the format's usual form, in words."""


# --- opening ---------------------------------------------------------------------------------------------------------

_DAMAGE = (
    OSError,
    EOFError,
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,  # a password is wanted
    UnicodeDecodeError,  # of a member's name
    struct.error,
    zlib.error,
    lzma.LZMAError,
)
"""What opening and unpacking raise at a file that is damaged, or packed in a way that is not known here."""


def members(path: Path) -> list[str | None]:
    """The files in a zip archive, or [None] for a file that is none."""
    if not path.exists():
        raise ExchangeError(f"{path}: there is no such file")
    if path.is_dir():
        raise ExchangeError(f"{path}: is a folder; name its files")
    if path.suffix.lower() != ".zip":
        return [None]
    try:
        with zipfile.ZipFile(path) as archive:
            return [info.filename for info in archive.infolist() if not info.filename.endswith("/")]
    except _DAMAGE as error:
        raise ExchangeError(f"{path}: cannot be unpacked ({error})") from error


@contextmanager
def opened(path: Path, member: str | None = None) -> Iterator[IO[bytes]]:
    """The file's bytes; a member of a zip archive, and gzip, are unpacked."""
    try:
        if member is not None:
            with zipfile.ZipFile(path) as archive, archive.open(member) as stream:
                yield stream
        elif path.suffix.lower() == ".gz":
            with gzip.open(path, "rb") as stream:
                yield io.BufferedReader(stream)
        else:
            with path.open("rb") as stream:
                yield stream
    except _DAMAGE as error:
        raise ExchangeError(f"{path}: cannot be read ({error})") from error


# --- the first pass --------------------------------------------------------------------------------------------------


class _Seen:
    """Counts over a file's bytes."""

    def __init__(self) -> None:
        self.hash = hashlib.sha256()
        self.newlines = self.returns = self.pairs = 0
        self.foreign = self.utf8 = 0
        """Lines with bytes beyond ASCII, and those of them that are UTF-8."""
        self.last = b""

    def add(self, lines: bytes) -> None:
        self.hash.update(lines)
        self.newlines += lines.count(b"\n")
        if b"\r" in lines:
            self.returns += lines.count(b"\r")
            self.pairs += lines.count(b"\r\n")
        self.last = lines[-1:]
        if lines.isascii():
            return
        try:
            lines.decode("utf-8")
        except UnicodeDecodeError:
            for line in lines.split(b"\n"):
                if not line.isascii():
                    self.foreign += 1
                    self.utf8 += _is_utf8(line)
        else:
            self.foreign += 1
            self.utf8 += 1


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def whole_lines(stream: IO[bytes]) -> Iterator[bytes]:
    """The stream in blocks that end with a line end, but for the last one."""
    rest = b""
    while block := stream.read(BLOCK):
        end = block.rfind(b"\n") + 1
        if not end:
            rest += block
            if len(rest) > LONGEST_LINE:
                raise ExchangeError(
                    f"a line is longer than {LONGEST_LINE:,} bytes: this is no file of rows; split the line, or leave it out"
                )
            continue
        yield rest + block[:end]
        rest = block[end:]
    if rest:
        yield rest


def survey(
    path: Path,
    member: str | None,
    *,
    name: str,
    columns: Sequence[Column],
    header: bool,
    missing: Sequence[str],
    required: Sequence[str],
) -> Survey:
    """The form of a file of the format `name`.

    `header`: whether files of the format have a header line. `missing`: what may stand for a missing value, the usual
    one first. Raises `NotThisFormat` when it has not the format's columns.
    """
    seen, first = _Seen(), b""
    with opened(path, member) as stream:
        for block in whole_lines(stream):
            if not seen.newlines and not first:
                first = block
            seen.add(block)
    where = f"{path}" if member is None else f"{path}!{member}"
    if not first.strip():
        raise NotThisFormat(f"{where}: is empty")
    encoding = "utf-8" if seen.utf8 * 2 >= seen.foreign else "iso-8859-1"
    bom = first.startswith(b"\xef\xbb\xbf")
    sample = first[3 * bom :].decode(encoding, "replace").split("\n")[: LOOKED_AT + 1]
    line_end = "\r\n" if seen.pairs and seen.pairs == seen.newlines else "\n"
    rows = [line.removesuffix("\r").split("\t") if line_end == "\r\n" else line.split("\t") for line in sample]
    if rows and rows[-1] == [""]:
        rows.pop()
    names, found, notes = _named(rows, columns, header, where, name)
    body = rows[1:] if names else rows
    absent = [column for column in required if column not in found]
    if absent:
        raise NotThisFormat(
            f"{where}: has no column {', '.join(absent)}, so it is no file of {name}; its first line begins: "
            f"{' | '.join(rows[0])[:TEXT_SHOWN]!r}"
        )
    kinds = {column.column: column for column in columns}
    usual = _usual_missing(body, found, kinds, missing)
    dates, odd = _date_formats(body, found, kinds, usual)
    notes += odd
    if usual != missing[0]:
        notes.append(f"a missing value is written {usual!r}, not {missing[0]!r}")
    if encoding != "utf-8":
        notes.append("the file is not UTF-8 and read as ISO-8859-1")
    form = Form(
        header=names, columns=tuple(found), missing=usual, dates=dates, encoding=encoding, line_end=line_end,
        ended=seen.last == b"\n", bom=bom,
    )  # fmt: skip
    lines = seen.newlines + (seen.last != b"\n")
    return Survey(digest=seen.hash.hexdigest(), form=form, lines=lines, notes=tuple(notes))


_FOLD = re.compile(r"[^a-z0-9]")


def _folded(name: str) -> str:
    return _FOLD.sub("", name.lower().removeprefix("\ufeff"))


def _named(
    rows: list[list[str]], columns: Sequence[Column], header: bool, where: str, name: str
) -> tuple[tuple[str, ...] | None, list[str | None], list[str]]:
    """The header line's names, the column at each position, and notes."""
    known = {_folded(other): c.column for c in columns for other in (c.column, c.name, *c.also)}
    first = rows[0]
    hits = sum(_folded(cell) in known for cell in first)
    if hits * 2 >= len(first) and hits > 2:
        found: list[str | None] = []
        for cell in first:
            column = known.get(_folded(cell))
            found.append(column if column not in found else None)
        notes = []
        usual = [c.column for c in columns if "extra" not in c.only]
        absent = [c for c in usual if c not in found]
        if absent and len(absent) < len(usual):
            notes.append(f"without the columns {', '.join(absent)}")
        more = [cell or "(no name)" for cell, column in zip(first, found) if column not in usual]
        if more:
            notes.append(f"with columns beyond the format's: {', '.join(more)}")
        return tuple(first), found, notes
    if header:
        raise NotThisFormat(
            f"{where}: the first line does not name the columns of {name} (tab separated); it begins: "
            f"{' | '.join(first)[:TEXT_SHOWN]!r}"
        )
    widths = Counter(len(row) for row in rows)
    versions = {len(listed): (version, listed) for version, listed in _versions(columns).items()}
    width = widths.most_common(1)[0][0]
    if width not in versions:
        raise NotThisFormat(
            f"{where}: its rows have {width} tab-separated fields, those of {name} have "
            f"{' or '.join(map(str, versions))}; is it another format?"
        )
    version, listed = versions[width]
    return None, list(listed), [f"version {version} of the format ({width} columns)"] if version != "" else []


def _versions(columns: Sequence[Column]) -> dict[str, list[str]]:
    """The columns of each version of a format, by the version's name; the newest is called ''."""
    names = list(dict.fromkeys(version for column in columns for version in column.only if version != "extra"))
    if not names:
        return {"": [c.column for c in columns if "extra" not in c.only]}
    made = {"": [c.column for c in columns]}
    for version in names[1:]:
        made[version] = [c.column for c in columns if not c.only or version in c.only]
    made["1-history"] = [c.column for c in columns if not c.only]
    return made


def _usual_missing(
    rows: list[list[str]], found: list[str | None], kinds: dict[str, Column], missing: Sequence[str]
) -> str:
    """Which of the marks for a missing value the file uses: the one that it has most."""
    counts = Counter(cell for row in rows for cell, column in zip(row, found) if column and cell in missing)
    return max(missing, key=lambda mark: (counts[mark], -missing.index(mark))) if counts else missing[0]


def _date_formats(
    rows: list[list[str]], found: list[str | None], kinds: dict[str, Column], missing: str
) -> tuple[dict[str, str], list[str]]:
    """The format that most cells of each date column have, where it is not the usual one."""
    chosen, notes = {}, []
    for at, name in enumerate(found):
        column = kinds.get(name or "")
        if column is None or column.base not in ("date", "time"):
            continue
        formats = column.detail.split("|")
        cells = {row[at] for row in rows if len(row) > at and row[at] != missing}
        best = max(formats, key=lambda f: (*_fitting(column.kind, cells, f), f == formats[0]))
        if best != formats[0]:
            chosen[column.column] = best
            notes.append(f"{column.name} is written {best}, not {formats[0]}")
    return chosen, notes


def _fitting(kind: str, cells: set[str], format: str) -> tuple[int, int]:
    """How many cells a format would write as they are, and how many it can read."""
    read = {cell: value for cell in cells if (value := value_of(kind, cell, format=format)) is not None}
    return sum(text_of(kind, value, format=format) == cell for cell, value in read.items()), len(read)


# --- the second pass -------------------------------------------------------------------------------------------------


def blocks(path: Path, member: str | None, form: Form, plain: Sequence[str]) -> Iterator[Block]:
    """The rows of a file, in order. `plain`: columns whose texts hardly repeat, which are not dictionary-encoded."""
    line = 1
    with opened(path, member) as stream:
        for data in whole_lines(stream):
            start = line
            line += data.count(b"\n")
            if start == 1:
                data = data[3 * form.bom :]
                if form.header is not None:
                    data = data[data.find(b"\n") + 1 :] if b"\n" in data else b""
                    start = 2
            if data:
                yield _block(data, start, form, plain)


def _block(data: bytes, start: int, form: Form, plain: Sequence[str]) -> Block:
    import numpy as np
    import pyarrow as pa
    import pyarrow.csv as pc_csv

    data, unreadable = _decoded(data, form)
    width = len(form.columns)
    names = [str(at) for at in range(width)]
    wrong: list[WrongRow] = []
    long: list[tuple[int, list[str]]] = []
    """Rows with too many fields, the further ones empty: line and fields."""
    skipped: list[int] = []

    def misfit(row: pc_csv.InvalidRow) -> str:
        text = row.text.replace(_RETURN, "\r")
        fields = text.split("\t")
        skipped.append(row.number)
        number = start + row.number - 1
        if len(fields) > width and not any(field.strip("\r") for field in fields[width:]):
            long.append((number, fields))
        else:
            reason = f"has {len(fields)} fields instead of {width}"
            wrong.append(WrongRow(number, reason, text[:TEXT_SHOWN]))
        return "skip"

    coded = pa.dictionary(pa.int32(), pa.string())
    types = {name: pa.string() if column in plain else coded for name, column in zip(names, form.columns)}
    # pyarrow reads no row that does not fit what it parses at once
    parsed = len(data) + 1 if _has_line_of(data, PARSED) else PARSED
    table = pc_csv.read_csv(
        pa.BufferReader(data),
        # One thread: only then does pyarrow say which line it is that does not fit.
        read_options=pc_csv.ReadOptions(use_threads=False, column_names=names, block_size=parsed),
        parse_options=pc_csv.ParseOptions(
            delimiter="\t", quote_char=False, double_quote=False, escape_char=False, newlines_in_values=False,
            ignore_empty_lines=False, invalid_row_handler=misfit,
        ),
        convert_options=pc_csv.ConvertOptions(
            column_types=types, strings_can_be_null=False, null_values=[], check_utf8=False
        ),
    )  # fmt: skip
    table = table.unify_dictionaries().combine_chunks()
    rows = table.num_rows + len(skipped)
    lines = np.setdiff1d(np.arange(start, start + rows), np.array(skipped, dtype=np.int64) + start - 1)
    cells = {at: _array(table.column(at)) for at in range(width)}
    if data.startswith((b"\n", b"\r\n")) or b"\n\n" in data or b"\n\r\n" in data:
        cells, lines = _without_empty(cells, lines, start, unreadable, wrong)
    extra: list[tuple[int, int, str]] = []
    if long:
        lines = np.concatenate([lines, [number for number, _ in long]])
        order = np.argsort(lines)
        lines = lines[order]
        for at in range(width):
            added = pa.array([fields[at] for _, fields in long], pa.string())
            plain_cells = cells[at].dictionary_decode() if isinstance(cells[at], pa.DictionaryArray) else cells[at]
            cells[at] = pa.concat_arrays([plain_cells, added]).take(pa.array(order))
        place = {int(number): row for row, number in enumerate(lines)}
        extra = [
            (place[number], at, fields[at]) for number, fields in long for at in range(width, len(fields))
        ]  # fmt: skip
    if _RETURN.encode() in data:
        cells = {at: _returned(cell) for at, cell in cells.items()}
    return Block(cells, pa.array(lines), tuple(extra), tuple(wrong))


def _has_line_of(data: bytes, length: int) -> bool:
    """Whether a line has `length` bytes or more (its end not counted)."""
    start = 0
    while start + length <= len(data):
        end = data.rfind(b"\n", start, start + length)
        if end < 0:
            return True
        start = end + 1
    return False


def _without_empty(
    cells: dict[int, pa.Array], lines: Any, start: int, unreadable: dict[int, str], wrong: list[WrongRow]
) -> tuple[dict[int, pa.Array], Any]:
    """Without the rows that pyarrow makes of empty lines; these are added to `wrong`."""
    import numpy as np
    import pyarrow.compute as pc

    empty = np.all([np.asarray(pc.equal(cell, "")) for cell in cells.values()], axis=0)
    for line in lines[empty].tolist():
        text = unreadable.get(line - start + 1)
        wrong.append(WrongRow(line, "is empty", "") if text is None else WrongRow(line, "is not UTF-8", text))
    return {at: cell.filter(~empty) for at, cell in cells.items()}, lines[~empty]


def _array(column: pa.ChunkedArray) -> pa.Array:
    import pyarrow as pa

    joined = column.combine_chunks()
    return joined.chunk(0) if isinstance(joined, pa.ChunkedArray) else joined


def _returned(cell: pa.Array) -> pa.Array:
    import pyarrow as pa
    import pyarrow.compute as pc

    plain = cell.dictionary_decode() if isinstance(cell, pa.DictionaryArray) else cell
    return pc.replace_substring(plain, _RETURN, "\r")


def _decoded(data: bytes, form: Form) -> tuple[bytes, dict[int, str]]:
    """The block as UTF-8, and the lines (from 1) that cannot be: they are emptied."""
    unreadable: dict[int, str] = {}
    if form.encoding != "utf-8":
        data = data.decode(form.encoding).encode()
    elif not data.isascii() and not _is_utf8(data):
        lines = data.split(b"\n")
        for number, line in enumerate(lines, 1):
            if not _is_utf8(line):
                unreadable[number] = line[:TEXT_SHOWN].decode("utf-8", "replace")
                lines[number - 1] = b""
        if len(lines) in unreadable:  # the file's last line, without an end: empty, it would be none
            lines.append(b"")
        data = b"\n".join(lines)
    if form.line_end == "\n" and b"\r" in data:
        data = data.replace(b"\r", _RETURN.encode())
    return data, unreadable
