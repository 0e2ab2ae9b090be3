"""Keeping the lake in order: small files merged, old snapshots let go, files that nothing names removed."""

# ruff: noqa: S608 (identifiers come from this package's own tables; values are always parameters)

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import msgspec

from comity.ledger.lake import name_of
from comity.records import TABLES

if TYPE_CHECKING:
    import duckdb

LOG = ("corrections", "correction_fates", "corrected_events", "corrected_statements")
"""Tables that grow by a row or two at a time."""

GROUPING = ("report_traits", "report_keys", "telling_traits", "stories", "memberships", "settled")
"""Tables that grow with each addition and each correction, by what has got its place."""

TIDY_EVERY = 50
"""Corrections after which the log's files are merged: a query over 50 small files takes about 10 ms longer."""

MANY_FILES = 100
"""Files of one table after which an addition merges the small ones: a query over 100 takes about 15 ms longer."""

SMALL = 32_000_000
"""Bytes up to which a file is merged in passing; larger ones wait for `Ledger.maintain`, so that no addition ever
rewrites most of a large ledger."""

KEEP = datetime.timedelta(days=90)
"""How far back `as_of` reaches after maintenance, unless asked otherwise."""

GRACE = datetime.timedelta(hours=1)
"""Files that no snapshot names are removed only after this time: a reader may still be at work on them."""


class Maintained(msgspec.Struct, frozen=True, kw_only=True):
    """What `Ledger.maintain` did."""

    files_before: int
    files_after: int
    bytes_before: int
    bytes_after: int
    snapshots_expired: int
    files_removed: int


def merge(cursor: duckdb.DuckDBPyConnection, tables: tuple[str, ...], *, small: int | None = None) -> None:
    """Merge adjacent files of these tables (only those of up to `small` bytes); earlier snapshots stay readable."""
    limit = f", max_file_size => {small}" if small else ""
    lake = name_of(cursor)
    for table in tables:
        cursor.execute(f"CALL ducklake_merge_adjacent_files('{lake}', '{table}', schema => 'store'{limit})")


def files(cursor: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """The data files that now hold, and their bytes."""
    query = f"SELECT sum(file_count), sum(file_size_bytes) FROM ducklake_table_info('{name_of(cursor)}')"
    count, size = cursor.execute(query).fetchall()[0]
    return int(count or 0), int(size or 0)


def merge_in_passing(cursor: duckdb.DuckDBPyConnection) -> None:
    """After an addition: merge small files where a table has become many of them."""
    query = f"SELECT max(file_count) FROM ducklake_table_info('{name_of(cursor)}')"
    if (cursor.execute(query).fetchall()[0][0] or 0) > MANY_FILES:
        merge(cursor, (*TABLES, *GROUPING), small=SMALL)


def maintain(cursor: duckdb.DuckDBPyConnection, keep: datetime.timedelta) -> Maintained:
    """See `Ledger.maintain`. Under the ledger's lock."""
    count_before, bytes_before = files(cursor)
    tables = cursor.execute(
        "SELECT table_name FROM duckdb_tables() WHERE database_name = current_database() AND schema_name = 'store'"
    ).fetchall()
    merge(cursor, tuple(row[0] for row in sorted(tables)))
    lake = name_of(cursor)
    now = datetime.datetime.now(datetime.UTC)
    # Times as literals: these are table functions, which take no parameters.
    older = f"older_than => TIMESTAMPTZ '{(now - keep).isoformat()}'"
    before = f"older_than => TIMESTAMPTZ '{(now - min(keep, GRACE)).isoformat()}'"
    expired = _rows(cursor, f"CALL ducklake_expire_snapshots('{lake}', {older})")
    removed = _rows(cursor, f"CALL ducklake_cleanup_old_files('{lake}', {before})")
    removed += _rows(cursor, f"CALL ducklake_delete_orphaned_files('{lake}', {before})")
    count_after, bytes_after = files(cursor)
    return Maintained(
        files_before=count_before,
        files_after=count_after,
        bytes_before=bytes_before,
        bytes_after=bytes_after,
        snapshots_expired=expired,
        files_removed=removed,
    )


def _rows(cursor: duckdb.DuckDBPyConnection, call: str) -> int:
    """How many rows a call gives. As Arrow: for times with a zone, DuckDB's own rows want a further package (pytz)."""
    return cursor.execute(call).to_arrow_table().num_rows
