"""Tables of the ledger's records: CSV with one cell for each thing, Parquet with the records as they are."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    import pyarrow as pa

RELATIONS = ("events", "occurrences", "statements", "reports", "mentions")

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes a cell for a formula by that begins with it (OWASP, "CSV Injection")."""

PARTY = ("name", "text", "country", "sector", "office", "actor", "start", "end")
PLACE = ("text", "level", "country", "geonameid", "lat", "lon", "start", "end")
CONTACT = ("channel", "setting", "source_level", "target_level")
SIZE = ("dead", "injured", "arrested", "displaced", "troops")

JOIN = "; "
"""Between the items of a list in one cell."""

NESTED: dict[str, tuple[str, ...]] = {
    "source": PARTY, "target": PARTY, "speakers": PARTY, "addressee": PARTY, "place": PLACE, "contact": CONTACT,
    "size": (*SIZE, "amount", "currency"), "reason": ("by", "id"), "sentence": ("start", "end"),
    "trigger": ("start", "end"), "date_span": ("start", "end"), "cue": ("start", "end"),
}  # fmt: skip
"""Columns that hold a record, and the cells they become: ``source_name``, ``place_lat`` …"""

LEFT_OUT = ("declared",)
"""Columns that no cell holds."""

_SPANS = ("sentence", "trigger", "date_span", "cue")

BATCH = 5000
"""Rows that are written at once."""


def text(table: pa.Table, *, safe: bool = False) -> Iterator[str]:
    """An Arrow table as CSV, in parts. Records in columns of the ledger's views become cells (see `NESTED`); what else
    is nested is written as JSON. `safe`: see `lines`."""
    import pyarrow as pa

    nested = {field.name for field in table.schema if _holds_records(field.type)}
    spans = {name for name in _SPANS if name in table.column_names and pa.types.is_list(table.schema.field(name).type)}
    odd = nested - set(NESTED) - {"content", *LEFT_OUT}
    flattened = [name for name in table.column_names if name in (nested | spans) and name in NESTED]
    names = [name for name in table.column_names if not (name in nested and name in LEFT_OUT)]
    yield lines([header(names, flattened)])
    for batch in table.to_batches(max_chunksize=BATCH):
        rows = batch.to_pylist()
        for row in rows:
            row.update({name: _json(row[name]) for name in odd})
        yield lines((cells(names, row, flattened) for row in rows), safe=safe)


def _holds_records(type: pa.DataType) -> bool:
    """Whether it is nested, and more than a list of single values."""
    import pyarrow as pa

    return pa.types.is_nested(type) and not (pa.types.is_list(type) and not pa.types.is_nested(type.value_type))


def _json(value: Any) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()


def header(columns: Sequence[str], flattened: Sequence[str] = tuple(NESTED)) -> list[str]:
    """The names of the CSV columns for columns of a view, of which some are `flattened`."""
    names: list[str] = []
    for column in columns:
        stem = column.removesuffix("s") if column == "speakers" else column
        names += [f"{stem}_{part}" for part in NESTED[column]] if column in flattened else [column]
    return names


def cells(columns: Sequence[str], row: dict[str, Any], flattened: Sequence[str] = tuple(NESTED)) -> list[str]:
    """One record as cells: lists joined, spans in two cells, numbers as short as they can be read back."""
    made: list[str] = []
    for column in columns:
        value = row[column]
        if column not in flattened:
            made.append(_cell(value))
        elif column in _SPANS:
            made += [_cell(part) for part in (value or (None, None))]
        elif column == "size":
            value = value or {}
            money = value.get("money") or {}
            made += [_range(value.get(part)) for part in SIZE]
            made += [_cell(money.get("amount")), _cell(money.get("currency"))]
        elif isinstance(value, list):
            made += [_joined([item.get(part) for item in value]) for part in NESTED[column]]
        else:
            made += [_cell((value or {}).get(part)) for part in NESTED[column]]
    return made


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    if isinstance(value, list):
        return _joined(value)
    return str(value)


def _joined(values: list[Any]) -> str:
    """Items in one cell; empty when all are, so that an unnamed party leaves no lone separator."""
    if values and isinstance(values[0], list):  # spans of a statement's content
        return JOIN.join("-".join(map(str, value)) for value in values)
    return JOIN.join(map(_cell, values)) if any(value is not None for value in values) else ""


def _range(value: Any) -> str:
    """A number of people, or the lowest and the highest one."""
    if isinstance(value, (list, tuple)):
        return "-".join(map(str, value))
    return _cell(value)


def lines(rows: Iterable[list[str]], *, safe: bool = False) -> str:
    """CSV as RFC 4180 has it, but for lines that end in LF. `safe`: a cell that a spreadsheet would run as a formula
    gets an apostrophe before it; a number does not."""
    out = io.StringIO()
    usual, quoted = csv.writer(out, lineterminator="\n"), csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
    for row in rows:
        # The csv module leaves a lone carriage return unquoted, and readers take it for the end of a line.
        writer = quoted if any("\r" in cell for cell in row) else usual
        writer.writerow([harmless(cell) for cell in row] if safe else row)
    return out.getvalue()


def harmless(cell: str) -> str:
    """The cell, with an apostrophe before it where a spreadsheet would take it for a formula."""
    if not cell.startswith(DANGEROUS):
        return cell
    try:
        float(cell)
    except ValueError:
        return "'" + cell
    return cell
