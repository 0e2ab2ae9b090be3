"""Tables of the ledger's records: CSV with one cell for each thing, Parquet with the records as they are."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

RELATIONS = ("events", "statements", "reports", "mentions")

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


def header(columns: Sequence[str]) -> list[str]:
    """The names of the CSV columns for columns of a view."""
    names: list[str] = []
    for column in columns:
        if column in LEFT_OUT:
            continue
        stem = column.removesuffix("s") if column == "speakers" else column
        names += [f"{stem}_{part}" for part in NESTED[column]] if column in NESTED else [column]
    return names


def cells(columns: Sequence[str], row: dict[str, Any]) -> list[str]:
    """One record as cells: lists joined, spans in two cells, numbers as short as they can be read back."""
    made: list[str] = []
    for column in columns:
        if column in LEFT_OUT:
            continue
        value = row[column]
        if column not in NESTED:
            made.append(_cell(value))
        elif column in ("sentence", "trigger", "date_span", "cue"):
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
    writer = csv.writer(out, lineterminator="\n")
    for row in rows:
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
