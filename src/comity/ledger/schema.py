"""The schema's versions and the way forward from each."""

from __future__ import annotations

import functools
import importlib.resources
from typing import TYPE_CHECKING

from comity.ledger.errors import LedgerTooNew, NotALedger
from comity.ledger.home import Home
from comity.ledger.lake import literal, name_of

if TYPE_CHECKING:
    import duckdb


ROW_GROUP = 61_440
"""Rows that lie together in a file. A page reads whole groups for its wide columns, a series one narrow column through
all groups. Over 10 million events, with half of DuckDB's usual 122,880 the page of a rare dyad takes 0.6 of the time and
a series 1.1 times as long; with a quarter, 0.4 and 1.6. Re-run ``benchmarks/ledger.py ask`` after a change."""


@functools.cache
def migrations() -> dict[int, str]:
    """The SQL of each version: ``NNNN_name.sql`` brings version NNNN - 1 to NNNN. Released ones never change."""
    folder = importlib.resources.files(__package__) / "migrations"
    scripts = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return {int(name.split("_", 1)[0]): (folder / name).read_text("utf-8") for name in scripts}


def newest() -> int:
    """The schema version that this Comity writes."""
    return max(migrations())


@functools.cache
def sql(name: str) -> str:
    """A statement from the folder ``sql``."""
    return (importlib.resources.files(__package__) / "sql" / f"{name}.sql").read_text("utf-8")


def version_of(cursor: duckdb.DuckDBPyConnection, home: Home) -> int:
    """The ledger's schema version; 0 when it has none yet. Raises `LedgerTooNew`."""
    import duckdb

    try:
        version = cursor.execute("SELECT max(version) FROM store.schema_versions").fetchall()[0][0] or 0
    except duckdb.CatalogException:
        return 0
    if version > newest():
        from comity import __version__

        raise LedgerTooNew(
            f"{home.name}: this ledger has schema version {version}, and Comity {__version__} knows versions up to "
            f"{newest()}; upgrade it: pip install -U comity"
        )
    return version


def need_empty(cursor: duckdb.DuckDBPyConnection, home: Home) -> None:
    """Raise `NotALedger` when a lake without the ledger's schema has tables of somebody else's."""
    cursor.execute("SELECT count(*) FROM duckdb_tables() WHERE database_name = current_database()")
    if cursor.fetchall()[0][0]:
        raise NotALedger(f"{home.name}: holds a DuckLake, but not a ledger of Comity's; name another place")


def migrate(cursor: duckdb.DuckDBPyConnection, version: int) -> None:
    """Bring the schema from `version` to the newest, inside the caller's transaction."""
    import uuid

    from comity import __version__

    cursor.execute(f"CALL ducklake_set_option({literal(name_of(cursor))}, 'parquet_row_group_size', {ROW_GROUP})")
    for number, script in migrations().items():
        if number > version:
            cursor.execute(script)
            cursor.execute("INSERT INTO store.schema_versions VALUES (?, now(), ?)", [number, f"comity {__version__}"])
    if version == 0:
        cursor.execute("INSERT INTO store.ledger VALUES (?, now(), ?)", [uuid.uuid4().hex, f"comity {__version__}"])
