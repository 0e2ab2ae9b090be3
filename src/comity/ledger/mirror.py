"""A copy of the ledger's records in memory, for processes that ask much and often: the reading room, notebooks.

A question to the lake costs 10 ms of processor time for each table it touches (the catalog is asked for files and
statistics, a Parquet file is opened, the views are planned), one to the copy about 1 ms. The copy is derived: it holds
the same tables and views under the same names, follows the lake from snapshot to snapshot and is gone with the process.
Because the lake only ever grows, following it means reading the rows of newer additions and corrections.
"""

# ruff: noqa: S608 (identifiers come from the lake's own schema; values are always parameters)

from __future__ import annotations

import contextlib
import sqlite3
import threading
from typing import TYPE_CHECKING, Any

from comity.ledger.home import CATALOG, Home
from comity.ledger.lake import literal
from comity.records import TABLES

if TYPE_CHECKING:
    import duckdb

    from comity.ledger.counted import Called, Counted
    from comity.ledger.lake import Attached

MOST = 1_500_000
"""Events beyond which a ledger is not held in memory. Measured: 0.4 kB an imported event, 3 kB one of a coded report
with all that its report brings along; so at most about 5 GB, and mostly far less."""

_LEFT_OUT = ("import_", "report_traits", "report_keys", "telling_traits")
"""Tables of other formats' own columns, which nobody reads but the export to that format, and what reports and events are
compared by, which nobody reads but who adds some."""


DERIVED = {"occurrences_v1": "id", "occurrence_accounts_v1": "occurrence"}
"""Views that are held as tables too, and the column that names the occurrence: putting the 50,000 occurrences of 5,451
reports together takes 0.8 s of processor time, whatever is asked of them."""

FEW = 2000
"""Occurrences up to which those that changed are put together one by one; beyond, all are made anew."""


class Mirror:
    """Stands in the place of the lake (`comity.ledger.lake.Attached`): its cursors look at the copy."""

    follows = False
    """What is added later is seen after `refresh`."""

    def __init__(self, home: Home, lake: Attached) -> None:
        self._home = home
        self._lake = lake
        self.name = lake.name
        self.root = lake.root
        self._copy = f"mirror_{lake.name}"
        self._local = threading.local()
        self._guard = threading.Lock()
        self._rev = self._seq = self._turn = -1
        self.snapshot = -1
        """The snapshot of the lake that the copy shows."""
        self._counted: dict[str, tuple[int, Counted]] = {}
        self._counting = threading.Lock()
        self._called: tuple[int, Called] | None = None
        lake.root.execute(f"ATTACH ':memory:' AS {self._copy}")
        self._make()
        self.refresh()

    def lake_cursor(self) -> duckdb.DuckDBPyConnection:
        """A cursor over the lake itself."""
        return self._lake.cursor()

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """This thread's own connection to the copy."""
        cursor = getattr(self._local, "cursor", None)
        if cursor is None:
            cursor = self._local.cursor = self.root.cursor()
            cursor.execute(f"USE {self._copy}")
        return cursor

    def close(self) -> None:
        """Let go of the copy and of the lake."""
        import duckdb

        with contextlib.suppress(duckdb.Error):
            self.root.execute(f"DETACH {self._copy}")
        self._lake.close()

    def counted(self, relation: str) -> Counted | None:
        """The records of a relation as arrays, made once for each state; None where they are too many."""
        from comity.ledger.counted import Counted

        with self._counting:
            state = self.snapshot
            if self._counted.get(relation, (-1,))[0] != state:
                self._counted[relation] = state, Counted(self.cursor(), relation)
            counted = self._counted[relation][1]
            return counted if counted.few else None

    def called(self) -> Called:
        """How reports call actors, made once for each state."""
        from comity.ledger.counted import Called

        with self._counting:
            if self._called is None or self._called[0] != self.snapshot:
                self._called = self.snapshot, Called(self.cursor())
            return self._called[1]

    # --- making ----------------------------------------------------------------------------------------------------

    def _make(self) -> None:
        """Tables and views of the lake, empty. The views of current records become tables: planning them costs more
        than answering."""
        lake, copy = self._lake.cursor(), self.cursor()
        copy.execute("CREATE SCHEMA store")
        copy.execute("CREATE SCHEMA live")
        self._tables = {}
        for table, columns in _columns(lake, "store").items():
            if table.startswith(_LEFT_OUT):
                continue
            listed = ", ".join(f'"{name}"' for name in columns)
            copy.execute(f"CREATE TABLE store.{table} AS SELECT {listed} FROM {self.name}.store.{table} LIMIT 0")
            self._tables[table] = columns
        views = lake.execute(
            "SELECT schema_name, view_name, sql FROM duckdb_views() WHERE database_name = ? AND NOT internal",
            [self.name],
        ).fetchall()
        self._current = [f"current_{name}" for name in TABLES]
        waiting = [(schema, name, sql) for schema, name, sql in views]
        while waiting:
            left = [view for view in waiting if not self._made(copy, *view)]
            if len(left) == len(waiting):
                break  # what rests on tables that are left out
            waiting = left

    def _made(self, copy: duckdb.DuckDBPyConnection, schema: str, name: str, sql: str) -> bool:
        import duckdb

        home = "live" if name in self._current or name in DERIVED else schema
        definition = sql.split(" AS ", 1)[1].rstrip().rstrip(";")
        try:
            copy.execute(f"CREATE VIEW {home}.{name} AS {definition}")
            if home == "live":
                copy.execute(f"CREATE TABLE {schema}.{name} AS SELECT * FROM live.{name} LIMIT 0")
        except duckdb.CatalogException:
            return False
        return True

    # --- following ---------------------------------------------------------------------------------------------------

    def newest(self) -> int:
        """The lake's newest snapshot."""
        return newest(self._home, self._lake)

    def refresh(self) -> bool:
        """Bring the copy up to the lake's newest snapshot; False when it was there already.

        Readers see the former state until the new one is whole.
        """
        with self._guard:
            snapshot = self.newest()
            if snapshot == self.snapshot:
                return False
            cursor = self.root.cursor()
            cursor.execute(f"USE {self._copy}")
            cursor.execute("BEGIN")
            try:
                self._follow(cursor)
                rev, seq, turn = _last(cursor)
                arrays = self._made_anew(cursor, snapshot)
                cursor.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(Exception):
                    cursor.execute("ROLLBACK")
                raise
            finally:
                cursor.close()
            with self._counting:
                self._rev, self._seq, self._turn, self.snapshot = rev, seq, turn, snapshot
                self._counted = arrays
            return True

    def _made_anew(self, cursor: duckdb.DuckDBPyConnection, snapshot: int) -> dict[str, tuple[int, Counted]]:
        """The arrays of the state to come, of all relations that were asked for: no reader waits for them."""
        from comity.ledger.counted import Counted

        made = {}
        for relation, (_, former) in self._counted.items():
            counted = Counted(cursor, relation)
            if counted.few:
                for name in former.facets_read:
                    counted.facet(cursor, name)
                made[relation] = snapshot, counted
        return made

    def _follow(self, cursor: duckdb.DuckDBPyConnection) -> None:
        known = {"rev": self._rev, "seq": self._seq}
        for table, columns in self._tables.items():
            tests = [f"{key} > {known[key]}" for key in ("rev", "seq") if key in columns]
            if "turn" in columns:
                tests = [f"turn > {self._turn}"]
            if table == "superseded":
                tests = [f'"by" > {self._rev}']
            source = f"{self.name}.store.{table}"
            if not tests:  # a few rows that say what the ledger is
                cursor.execute(f"DELETE FROM store.{table}")
            cursor.execute(f"INSERT INTO store.{table} SELECT * FROM {source} WHERE {' OR '.join(tests) or 'TRUE'}")
        for table in self._current:
            newer = f"rev > {self._rev}"
            name = table.removeprefix("current_")
            cursor.execute(
                f'DELETE FROM store.{table} WHERE rev IN (SELECT rev FROM store.superseded WHERE "by" > {self._rev})'
            )
            if self._rev >= 0 and f"corrected_{name}" in self._tables:
                touched = f"(SELECT rev, n FROM store.corrected_{name} WHERE seq > {self._seq} AND rev <= {self._rev})"
                cursor.execute(f"DELETE FROM store.{table} WHERE (rev, n) IN {touched}")
                newer += f" OR (rev, n) IN {touched}"
            cursor.execute(f"INSERT INTO store.{table} SELECT * FROM live.{table} WHERE {newer}")
        self._follow_derived(cursor)

    def _follow_derived(self, cursor: duckdb.DuckDBPyConnection) -> None:
        """Put together anew the occurrences that lost or won an event, or whose events, stories or copies changed."""
        if "memberships" not in self._tables:
            return
        rows = cursor.execute(
            f"""
            SELECT DISTINCT occurrence FROM store.memberships WHERE occurrence IS NOT NULL AND (
              (rev, n) IN (SELECT rev, n FROM store.memberships WHERE turn > {self._turn})
              OR (rev, n) IN (SELECT rev, n FROM store.corrected_events WHERE seq > {self._seq})
              OR rev IN (SELECT rev FROM store.stories WHERE turn > {self._turn})
              OR rev IN (SELECT rev FROM store.superseded WHERE "by" > {self._rev})
            ) LIMIT {FEW + 1}"""
        ).fetchall()
        if not rows:
            return
        for view, column in DERIVED.items():
            # The values stand in the SQL: so the condition reaches the events below the aggregation.
            some = f"{column} IN ({', '.join(literal(row[0]) for row in rows)})" if len(rows) <= FEW else "TRUE"
            cursor.execute(f"DELETE FROM {view} WHERE {some}")
            cursor.execute(f"INSERT INTO {view} SELECT * FROM live.{view} WHERE {some}")


def newest(home: Home, lake: Attached) -> int:
    """A lake's newest snapshot. Of a folder's catalog it is read by SQLite itself, which takes 0.1 ms instead of 8."""
    if home.folder is not None and lake.follows:
        with contextlib.suppress(sqlite3.Error), contextlib.closing(_catalog(home)) as catalog:
            return int(catalog.execute("SELECT max(snapshot_id) FROM ducklake_snapshot").fetchone()[0])
    query = f"SELECT max(snapshot_id) FROM ducklake_snapshots('{lake.name}')"
    return int(lake.cursor().execute(query).fetchall()[0][0])


def _catalog(home: Home) -> sqlite3.Connection:
    assert home.folder is not None
    return sqlite3.connect(f"file:{home.folder / CATALOG}?mode=ro", uri=True, timeout=5)


def _columns(cursor: duckdb.DuckDBPyConnection, schema: str) -> dict[str, list[str]]:
    """The tables (not the views) of a schema with their columns."""
    rows: list[Any] = cursor.execute(
        "SELECT c.table_name, c.column_name FROM duckdb_columns() c "
        "JOIN duckdb_tables() t USING (database_name, schema_name, table_name) "
        "WHERE database_name = current_database() AND schema_name = ? ORDER BY 1, c.column_index",
        [schema],
    ).fetchall()
    found: dict[str, list[str]] = {}
    for table, column in rows:
        found.setdefault(table, []).append(column)
    return found


def _last(cursor: duckdb.DuckDBPyConnection) -> tuple[int, int, int]:
    """The newest addition, the newest correction, the last turn in which reports and events got their places."""
    rows = cursor.execute(
        "SELECT greatest((SELECT max(rev) FROM store.reports), (SELECT max(rev) FROM store.imports), 0), "
        "(SELECT max(seq) FROM store.corrections), "
        "greatest((SELECT max(turn) FROM store.stories), (SELECT max(turn) FROM store.memberships), "
        "(SELECT max(turn) FROM store.settled))"
    ).fetchall()
    return rows[0]
