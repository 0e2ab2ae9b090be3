"""Events of other projects in the same ledger, marked as imported: what a room that reads their files hands over."""

# ruff: noqa: S608 (identifiers come from this package's own tables; values are always parameters)

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from comity.ledger.errors import LedgerError
from comity.ledger.schema import sql
from comity.ledger.write import next_rev
from comity.records import Event, arrow_schema

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """What `Ledger.import_events` did with one file."""

    rows: int
    """Events stored; 0 when the file was known."""
    known: bool
    """The same file (by digest) was imported before: nothing was done."""


def imported_schema() -> pa.Schema:
    """The Arrow schema of events to import: `n`, the fields of `Event`, the scale of `intensity`, and the outlet's.

    `n` numbers the rows of the file from 0. Columns may be left out and values null, but for `n`, `id`, `scale`,
    `source`, `target` (lists, maybe empty), `mutual` and `background`. `reason`, where given, is by ``import``.
    """
    import pyarrow as pa

    about = [("scale", pa.string()), ("published", pa.date32()), ("outlet", pa.string())]
    about += [("outlet_country", pa.string()), ("outlet_ownership", pa.string()), ("demo", pa.bool_())]
    return pa.schema([("n", pa.int64()), *about, *arrow_schema(Event)])


def known(cursor: duckdb.DuckDBPyConnection, origin: str, digest: str) -> bool:
    """Whether this file was imported before."""
    cursor.execute("SELECT count(*) FROM store.imports WHERE origin = ? AND digest = ?", [origin, digest])
    return bool(cursor.fetchall()[0][0])


def import_events(
    cursor: duckdb.DuckDBPyConnection,
    parts: Iterable[Mapping[str, pa.Table]],
    *,
    origin: str,
    file: str,
    digest: str,
    notes: Mapping[str, Any] | None,
) -> Imported:
    """Store one file inside the caller's transaction; see `Ledger.import_events`."""
    if not re.fullmatch(r"[a-z][a-z0-9_]*", origin) or origin == "comity":
        raise LedgerError(f"{origin!r} cannot be an origin; give a format's name in lower case, as gdelt")
    if known(cursor, origin, digest):
        return Imported(rows=0, known=True)
    cursor.execute(sql("dates"))
    rev, rows = next_rev(cursor), 0
    for part in parts:
        rows += part["events"].num_rows
        for name, table in part.items():
            if name == "events":
                _insert(
                    cursor, "imported_events", _filled(table), sql("insert_imported"), {"rev": rev, "origin": origin}
                )
            else:
                statement = f"INSERT INTO store.{name} BY NAME SELECT $rev::INTEGER AS rev, t.* FROM imported_rows t"
                _insert(cursor, "imported_rows", table, statement, {"rev": rev})
    noted = msgspec.json.encode(dict(notes or {})).decode()
    cursor.execute(
        "INSERT INTO store.imports VALUES (?, ?, ?, ?, now(), ?, ?)", [rev, origin, file, digest, rows, noted]
    )
    return Imported(rows=rows, known=False)


def _insert(
    cursor: duckdb.DuckDBPyConnection, name: str, table: pa.Table, statement: str, parameters: dict[str, Any]
) -> None:
    cursor.register(name, table)
    try:
        cursor.execute(statement, parameters)
    finally:
        cursor.unregister(name)


def _filled(table: pa.Table) -> pa.Table:
    """The table with every column of `imported_schema`, in its types."""
    import pyarrow as pa

    schema = imported_schema()
    strange = set(table.column_names) - set(schema.names)
    if strange:
        raise LedgerError(f"events have no column {min(strange)!r}; there are: {', '.join(schema.names)}")
    columns = [
        table[f.name].cast(f.type) if f.name in table.column_names else pa.nulls(table.num_rows, f.type) for f in schema
    ]
    return pa.table(columns, schema=schema)
