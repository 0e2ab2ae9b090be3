"""The columns of a format: names, kinds, and the way between the text of a cell and its typed value.

A column's kind says both what a cell is and how it is written, so that a typed value gives back its cell:

==================  ==============  ==================================================================================
kind                SQL type        written
==================  ==============  ==================================================================================
``text``            VARCHAR         as it is
``texts:SEP``       VARCHAR[]       joined by SEP (in which ␣ stands for a blank)
``integer``         BIGINT          without leading zeros
``integer:N``       BIGINT          with leading zeros to N digits
``number``          DOUBLE          as short as it can be read back: 49.25, 54
``float``           DOUBLE          the same, but a whole number keeps its point: -7.0
``fixed:N``         DOUBLE          with N decimals
``date:F|G|…``      DATE            in the first of the formats, or the one that the file uses
``time:F|G|…``      TIMESTAMP       the same
==================  ==============  ==================================================================================

A cell that is spelled otherwise than its kind writes it (27.971800000000002) is kept beside the typed value.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import msgspec

from comity.codebook.tables import CodebookError, read_table

if TYPE_CHECKING:
    import pyarrow as pa


class Column(msgspec.Struct, frozen=True):
    """One column of a format."""

    column: str
    """Its name in the ledger's side table."""
    name: str
    """Its name in the format."""
    kind: str
    also: tuple[str, ...]
    """Other names under which files have it."""
    only: tuple[str, ...]
    """Versions of the format that have it; empty for all. ``extra``: some files have it, none is written with it."""

    @property
    def base(self) -> str:
        """The kind without its parameter: text, texts, integer, number, float, fixed, date, time."""
        return self.kind.partition(":")[0]

    @property
    def detail(self) -> str:
        """The parameter of the kind: a separator, a number of digits, formats joined by ``|``."""
        return self.kind.partition(":")[2]


SQL_TYPES = {
    "text": "VARCHAR",
    "texts": "VARCHAR[]",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "float": "DOUBLE",
    "fixed": "DOUBLE",
    "date": "DATE",
    "time": "TIMESTAMP",
}
"""Kind of a column to the type of its values in the ledger."""

_KIND = re.compile(r"text|texts:.+|integer(:\d)?|number|float|fixed:\d|(date|time):.+")


@cache
def columns(format: str) -> tuple[Column, ...]:
    """The columns of a format, in order, from ``data/FORMAT_columns.tsv``. Raises `CodebookError` for faulty tables."""
    faults: list[str] = []
    rows = read_table(
        files(__package__) / "data", f"{format}_columns.tsv", ("column", "name", "kind", "also", "only"), faults
    )
    made = []
    for row in rows:
        if not _KIND.fullmatch(row["kind"]):
            faults.append(f"{format}_columns.tsv: unknown kind {row['kind']!r} of {row['name']}")
        kind = row["kind"].replace("␣", " ")
        made.append(Column(row["column"], row["name"], kind, _cell(row["also"]), _cell(row["only"])))
    if faults:
        raise CodebookError(faults)
    return tuple(made)


def _cell(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split(";") if part)


# --- one value -------------------------------------------------------------------------------------------------------

_INTEGER = re.compile(r"-?\d{1,18}")
_NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?")


def value_of(kind: str, text: str, *, format: str | None = None) -> Any:
    """The typed value of a cell's text; None where it has none of that kind. `format`: of dates and times."""
    base, _, detail = kind.partition(":")
    if base == "text":
        return text
    if base == "texts":
        return text.split(detail)
    if base == "integer":
        return int(text) if _INTEGER.fullmatch(text) else None
    if base in ("number", "float", "fixed"):
        return float(text) if _NUMBER.fullmatch(text) else None
    return _moment(text, format or detail.partition("|")[0], time=base == "time")


def text_of(kind: str, value: Any, *, format: str | None = None) -> str:
    """The cell of a typed value; the inverse of `value_of` for every text that the kind itself writes."""
    base, _, detail = kind.partition(":")
    if base == "text":
        return str(value)
    if base == "texts":
        return detail.join(value)
    if base == "integer":
        return f"{value:0{detail}d}" if detail else str(value)
    if base == "fixed":
        return f"{value + 0.0:.{int(detail)}f}"  # as in _numbers
    if base in ("number", "float"):
        import pyarrow as pa

        return str(_numbers(pa.array([value], pa.float64()), point=base == "float")[0])
    return _written(value, format or detail.partition("|")[0])


def _numbers(values: pa.Array, *, point: bool) -> pa.Array:
    """Numbers as the shortest texts that read back as them; with `point`, whole numbers keep their ``.0``.

    A zero has no sign: a column that is stored compressed loses it, so that "-0" must count as a spelling.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    written = pc.cast(pc.add(values, 0.0), pa.string())
    return pc.replace_substring_regex(written, r"^(-?\d+)$", r"\1.0") if point else written


_PARTS = {"%Y": r"(?P<Y>\d{4})", "%m": r"(?P<m>\d\d)", "%d": r"(?P<d>\d\d)", "%-m": r"(?P<m>\d\d?)",
          "%-d": r"(?P<d>\d\d?)", "%H": r"(?P<H>\d\d)", "%M": r"(?P<M>\d\d)", "%S": r"(?P<S>\d\d)"}  # fmt: skip
_PART = re.compile(r"%-?[YmdHMS]")


@cache
def _pattern(format: str) -> re.Pattern[str]:
    return re.compile(_PART.sub(lambda part: _PARTS[part[0]], format))


def _moment(text: str, format: str, *, time: bool) -> datetime.date | None:
    """Strict, and the same on every platform, which `strptime` is not."""
    match = _pattern(format).fullmatch(text)
    if match is None:
        return None
    found = {name: int(digits) for name, digits in match.groupdict().items()}
    try:
        if time:
            clock = (found.get("H", 0), found.get("M", 0), found.get("S", 0))
            return datetime.datetime(found["Y"], found["m"], found["d"], *clock)
        return datetime.date(found["Y"], found["m"], found["d"])
    except ValueError:
        return None


def _written(value: datetime.date, format: str) -> str:
    clock = value if isinstance(value, datetime.datetime) else datetime.datetime(value.year, value.month, value.day)
    parts = {
        "%Y": f"{value.year:04d}", "%m": f"{value.month:02d}", "%d": f"{value.day:02d}", "%-m": str(value.month),
        "%-d": str(value.day), "%H": f"{clock.hour:02d}", "%M": f"{clock.minute:02d}", "%S": f"{clock.second:02d}",
    }  # fmt: skip
    return _PART.sub(lambda part: parts[part[0]], format)


# --- many values -----------------------------------------------------------------------------------------------------


def arrow_type(kind: str) -> pa.DataType:
    """The Arrow type of a column's values."""
    import pyarrow as pa

    return {
        "text": pa.string(), "texts": pa.list_(pa.string()), "integer": pa.int64(), "number": pa.float64(),
        "float": pa.float64(), "fixed": pa.float64(), "date": pa.date32(), "time": pa.timestamp("s"),
    }[kind.partition(":")[0]]  # fmt: skip


class Typed(msgspec.Struct, frozen=True):
    """A column of texts, read."""

    values: Any
    """Arrow array of the kind's type; null where a cell is missing or has no value of the kind."""
    spelled: Any
    """Arrow array of the positions whose text the value does not give back, or None when there is none."""
    unread: int
    """How many of these have no value at all."""


def typed(kind: str, cells: pa.Array, missing: str, *, format: str | None = None) -> Typed:
    """The typed values of a column of texts (plain or dictionary-encoded)."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    encoded = cells if isinstance(cells, pa.DictionaryArray) else None
    if encoded is None and kind == "text":
        return Typed(pc.if_else(pc.equal(cells, missing), pa.scalar(None, pa.string()), cells), None, 0)
    if encoded is None:
        encoded = cells.dictionary_encode()
    known, wrong = _understood(kind, encoded.dictionary, missing, format)
    found = known.take(encoded.indices)
    if wrong is None:
        return Typed(found, None, 0)
    odd = wrong.take(encoded.indices)
    positions = pa.array(np.flatnonzero(odd.to_numpy(zero_copy_only=False)))
    return Typed(found, positions, found.take(positions).null_count)


def _understood(kind: str, cells: pa.Array, missing: str, format: str | None) -> tuple[pa.Array, pa.Array | None]:
    """The values of distinct cells, and which of them their value does not give back (None: it gives back all)."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if kind == "text":
        return pc.if_else(pc.equal(cells, missing), pa.scalar(None, pa.string()), cells), None
    if kind in ("integer", "number", "float"):
        # A file may have a number of its own in each row: these go without a step through Python.
        pattern = _INTEGER if kind == "integer" else _NUMBER
        fits = pc.and_(pc.match_substring_regex(cells, f"^(?:{pattern.pattern})$"), pc.not_equal(cells, missing))
        values = pc.cast(pc.if_else(fits, cells, pa.scalar(None, pa.string())), arrow_type(kind))
        written = pc.cast(values, pa.string()) if kind == "integer" else _numbers(values, point=kind == "float")
        wrong = pc.and_(pc.not_equal(cells, missing), pc.invert(pc.fill_null(pc.equal(written, cells), False)))
    elif kind.startswith(("date", "time")) and "%-" not in (
        usual := format or kind.partition(":")[2].partition("|")[0]
    ):
        stamps = pc.strptime(cells, format=usual, unit="s", error_is_null=True)
        same = pc.fill_null(pc.equal(pc.strftime(stamps, format=usual), cells), False)
        rest = cells.filter(pc.invert(same))
        values = pc.cast(pc.if_else(same, stamps, pa.scalar(None, stamps.type)), arrow_type(kind))
        slow = pa.array([None if text == missing else value_of(kind, text, format=format) for text in rest.to_pylist()],
                        arrow_type(kind))  # fmt: skip
        values = pc.replace_with_mask(values, pc.invert(same), slow)
        wrong = pc.and_(pc.invert(same), pc.not_equal(cells, missing))
    else:
        texts = cells.to_pylist()
        made = [None if text == missing else value_of(kind, text, format=format) for text in texts]
        values = pa.array(made, arrow_type(kind))
        wrong = pa.array([
            text != missing and (value is None or text_of(kind, value, format=format) != text)
            for text, value in zip(texts, made)
        ], pa.bool_())  # fmt: skip
    return values, wrong if pc.any(wrong).as_py() else None


def texts(kind: str, values: pa.Array, missing: str, *, format: str | None = None) -> pa.Array:
    """The cells of a column of typed values: the inverse of `typed`."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if kind == "text":
        return pc.fill_null(values, missing)
    if kind.startswith("texts:"):
        return pc.fill_null(pc.binary_join(values, kind.partition(":")[2]), missing)
    if kind == "integer":
        return pc.fill_null(pc.cast(values, pa.string()), missing)
    if kind in ("number", "float"):
        return pc.fill_null(_numbers(values, point=kind == "float"), missing)
    if kind.startswith(("date", "time")) and "%-" not in (usual := format or kind.partition(":")[2].partition("|")[0]):
        return pc.fill_null(pc.strftime(pc.cast(values, pa.timestamp("s")), format=usual), missing)
    encoded = values.dictionary_encode()
    written = [text_of(kind, value, format=format) for value in encoded.dictionary.to_pylist()]
    return pc.fill_null(pa.array(written, pa.string()).take(encoded.indices), missing)


def by_distinct(cells: Sequence[pa.Array], understand: Callable[..., Any], type: pa.DataType | None = None) -> pa.Array:
    """What `understand` makes of each row of several columns, called once for each distinct row.

    Files repeat themselves: of 100,000 rows a tenth or less have actors that no row before had.
    """
    import numpy as np
    import pyarrow as pa

    encoded = [
        cell if isinstance(cell, pa.DictionaryArray) else cell.dictionary_encode(null_encoding="encode")
        for cell in cells
    ]
    key = np.zeros(len(encoded[0]), dtype=np.int64)
    for cell in encoded:  # numbered anew after each column, so that the product stays small
        key = key * (len(cell.dictionary) + 1) + np.asarray(cell.indices.fill_null(len(cell.dictionary)))
        combined = pa.array(key).dictionary_encode()
        key = np.asarray(combined.indices).astype(np.int64)
    first = np.unique(np.asarray(combined.indices), return_index=True)[1]
    rows = [
        [None if n == len(cell.dictionary) else cell.dictionary[n].as_py() for n in _indices(cell, first)]
        for cell in encoded
    ]
    made = [understand(*row) for row in zip(*rows)]
    return pa.array(made, type).take(combined.indices)


def _indices(cell: pa.DictionaryArray, rows: Any) -> list[int]:
    return list(cell.indices.take(rows).fill_null(len(cell.dictionary)).to_pylist())
