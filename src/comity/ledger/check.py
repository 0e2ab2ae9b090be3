"""Is the ledger sound? Files, keys, counts, references, offsets, hashes; and a hash of what it holds."""

# ruff: noqa: S608 (identifiers come from this package's own tables; values are always parameters)
from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from comity.ledger.home import CATALOG, Home, open_catalog
from comity.ledger.lake import name_of
from comity.ledger.schema import sql

if TYPE_CHECKING:
    import duckdb

SHOWN = 5
"""Examples named with each problem."""

CONTENT_VIEWS = (
    "reports_v1", "actors_v1", "mentions_v1", "dates_v1", "places_v1", "statements_v1", "events_v1",
    "stories_v1", "occurrences_v1", "occurrence_accounts_v1",
)  # fmt: skip
"""Views whose rows depend on what was added, not on when or in which order."""


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """Something that is wrong with the ledger."""

    what: str
    where: str
    cure: str

    def line(self) -> str:
        """The one line that is printed for it."""
        return f"{self.where}: {self.what}; {self.cure}"


_RECODE = "add the report again with --recode (its text is kept)"
_RESTORE = "restore the ledger's folder from a backup, or make a new ledger and add the reports again"
_REPORT_BUG = "this is a fault of the coder: please report it with the id; the record itself is kept"


def check(home: Home, cursor: duckdb.DuckDBPyConnection, *, deep: bool) -> list[Problem]:
    """All problems of a ledger, files first; see `Ledger.check`."""
    import duckdb

    problems = _catalog(home)
    if problems:
        return problems
    problems = _files(home, cursor)
    try:
        for name, cure in _CHECKS:
            if name in _DEEP and not deep:
                continue
            for what, where, number in cursor.execute(sql(f"check_{name}")).fetchall():
                more = f" ({number} in all)" if number > 1 else ""
                problems.append(Problem(what=what + more, where=f"{home.name}: {where}", cure=cure))
        if deep:
            problems += _codings(home, cursor)
            problems += _corrections(home, cursor)
    except duckdb.Error as error:
        line = str(error).strip().splitlines()[0]
        problems.append(Problem(what=f"cannot be read ({line})", where=home.name, cure=_RESTORE))
    return problems


# Each check is one query in sql/check_NAME.sql that gives what, where (an example) and how many; and its cure.
_CHECKS: tuple[tuple[str, str], ...] = (
    ("keys", _RESTORE),
    ("counts", _RECODE),
    ("references", _REPORT_BUG),
    ("occurrences", _REPORT_BUG),
    ("texts", _RESTORE),
    ("offsets", _REPORT_BUG),
)
_DEEP = {"texts", "offsets"}


def _catalog(home: Home) -> list[Problem]:
    if home.folder is None:
        return []
    with open_catalog(home.folder / CATALOG) as db:
        rows = db.execute("PRAGMA integrity_check(5)").fetchall()
    if rows == [("ok",)]:
        return []
    return [Problem(what=f"the catalog is damaged ({rows[0][0]})", where=str(home.folder / CATALOG), cure=_RESTORE)]


def _files(home: Home, cursor: duckdb.DuckDBPyConnection) -> list[Problem]:
    """Data files that the catalog names and that are not there, or not as long as they were."""
    if home.folder is None and (home.data is None or "://" in home.data):
        return []
    problems: list[Problem] = []
    tables = cursor.execute(
        "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = current_database()"
    ).fetchall()
    lake = name_of(cursor)
    for schema_name, table in sorted(tables):
        files = f"ducklake_list_files('{lake}', '{table}', schema => '{schema_name}')"
        listed = cursor.execute(f"SELECT data_file, data_file_size_bytes FROM {files}").fetchall()
        for name, size in listed:
            file = Path(name)
            if not file.is_file():
                problems.append(Problem(what="a data file is missing", where=str(file), cure=_RESTORE))
            elif file.stat().st_size != size:
                what = f"a data file has {file.stat().st_size} bytes instead of {size}"
                problems.append(Problem(what=what, where=str(file), cure=_RESTORE))
    return problems


def _codings(home: Home, cursor: duckdb.DuckDBPyConnection) -> list[Problem]:
    """Rebuild every coding (but for those without their texts) and compare its hash with the one computed when it was
    added."""
    from comity.ledger.read import codings
    from comity.ledger.write import coding_hash

    stored = cursor.execute(
        "SELECT rev, id, coding_hash FROM store.reports ANTI JOIN store.withheld USING (rev) ORDER BY rev"
    ).fetchall()
    wrong: list[str] = []
    for start in range(0, len(stored), 200):
        part = stored[start : start + 200]
        try:
            rebuilt = codings(cursor, [row[0] for row in part])
        except (msgspec.ValidationError, KeyError):
            wrong += [row[1] for row in part if not _rebuilds(cursor, row)]
            continue
        wrong += [row[1] for row, coding in zip(part, rebuilt) if coding_hash(coding) != row[2]]
    if not wrong:
        return []
    more = f" ({len(wrong)} in all)" if len(wrong) > 1 else ""
    what = f"the records of a report are not those that were added{more}"
    return [Problem(what=what, where=f"{home.name}: report {wrong[0]}", cure=_RECODE)]


def _rebuilds(cursor: duckdb.DuckDBPyConnection, row: tuple[int, str, str]) -> bool:
    from comity.ledger.read import codings
    from comity.ledger.write import coding_hash

    try:
        return coding_hash(codings(cursor, [row[0]])[0]) == row[2]
    except (msgspec.ValidationError, KeyError):
        return False


def _corrections(home: Home, cursor: duckdb.DuckDBPyConnection) -> list[Problem]:
    """Apply every record's corrections again and compare with the corrected record that is stored."""
    from comity.ledger.corrections import standing, stored_standing

    problems: list[Problem] = []
    for kind in ("event", "statement"):
        rows = cursor.execute(
            f"SELECT DISTINCT rev, n FROM store.corrected_{kind}s ANTI JOIN store.superseded USING (rev) WHERE rev > 0"
        )
        wrong = [key for key in rows.fetchall() if standing(cursor, kind, *key) != stored_standing(cursor, kind, *key)]
        if wrong:
            more = f" ({len(wrong)} in all)" if len(wrong) > 1 else ""
            problems.append(
                Problem(
                    what=f"a corrected {kind} is not what its corrections make of it{more}",
                    where=f"{home.name}: rev {wrong[0][0]}, n {wrong[0][1]}",
                    cure="correct it once more (any field): the corrected record is then made anew from the log",
                )
            )
    return problems


def content_hash(cursor: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """See `Ledger.content_hash`."""
    hashes = {}
    for view in CONTENT_VIEWS:
        query = f"SELECT md5(string_agg(h, '' ORDER BY h)) FROM (SELECT md5(to_json(v)::VARCHAR) AS h FROM {view} v)"
        hashes[view] = cursor.execute(query).fetchall()[0][0] or "empty"
    return hashes
