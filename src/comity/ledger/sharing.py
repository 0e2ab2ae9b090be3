"""Ledgers without texts, for sharing, and the way back for who holds the texts.

A shared ledger has everything but the words: records, offsets, hashes, addresses, titles, corrections, imported rows.
What was cut from a text (mentions, parties, dates, places) is empty and stands in the text at its offsets; so with the
same texts (by their hashes) the ledger becomes again what it was.
"""

# ruff: noqa: S608 (identifiers come from this module's own tables and the ledger's schema)
from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from comity.ledger.corrections import evidence_of
from comity.ledger.errors import LedgerError
from comity.ledger.home import find_home, state_of
from comity.ledger.read import stored
from comity.records import Report

if TYPE_CHECKING:
    import duckdb

    from comity.ledger.ledger import Ledger

OWN = frozenset({"ledger", "schema_versions"})
"""Tables that each ledger fills itself."""

CUT: dict[str, dict[str, str]] = {
    "reports": {"text": "text"},
    "mentions": {"text": "words"},
    "dates": {"text": "words"},
    "places": {"text": "words"},
    "statements": {"speakers": "parties", "addressee": "party"},
    "corrected_statements": {"speakers": "parties", "addressee": "party"},
    "events": {"source": "parties", "target": "parties", "place": "place"},
    "corrected_events": {"source": "parties", "target": "parties", "place": "place"},
}
"""Columns with words that stand in a text, and what they are."""

GONE: dict[str, dict[str, str]] = {
    "import_polecat": {"headline": "NULL", "event_text": "NULL"},
    "import_plover": {"text": "NULL", "event_text": "NULL", "text_info": "NULL"},
}
"""Columns of imported rows with words of texts that the ledger never held: these do not come back."""

# Words cut from the text of the report; `t` is the record's row, `h` its report's in ``held``. Imported records have
# places with words of their own.
_WITHOUT = {
    "text": "''",
    "words": "''",
    "parties": "list_transform(t.{0}, lambda p: CASE WHEN p.start IS NULL THEN p "
    "ELSE struct_update(p, text := NULL::VARCHAR) END)",
    "party": "CASE WHEN t.{0}.start IS NULL THEN t.{0} ELSE struct_update(t.{0}, text := NULL::VARCHAR) END",
    "place": "CASE WHEN t.{0} IS NULL OR t.origin <> 'comity' THEN t.{0} ELSE struct_update(t.{0}, text := '') END",
}
_SLICE = 'substring(h.text, {0}start + 1, {0}"end" - {0}start)'
_WITH = {
    "text": "coalesce(h.text, t.text)",
    "words": f"CASE WHEN h.text IS NULL THEN t.text ELSE {_SLICE.format('t.')} END",
    "parties": "CASE WHEN h.text IS NULL THEN t.{0} ELSE list_transform(t.{0}, lambda p: CASE WHEN p.start IS NULL "
    f"THEN p ELSE struct_update(p, text := {_SLICE.format('p.')}) END) END",
    "party": "CASE WHEN h.text IS NULL OR t.{0}.start IS NULL THEN t.{0} "
    f"ELSE struct_update(t.{{0}}, text := {_SLICE.format('t.{0}.')}) END",
    "place": "CASE WHEN h.text IS NULL OR t.{0} IS NULL OR t.origin <> 'comity' THEN t.{0} "
    f"ELSE struct_update(t.{{0}}, text := {_SLICE.format('t.{0}.')}) END",
}


class Shared(msgspec.Struct, frozen=True, kw_only=True):
    """What `share` wrote."""

    path: str
    reports: int
    """Revisions of reports, whose texts were left out."""
    records: int
    """Statements and events."""


class Rehydrated(msgspec.Struct, frozen=True, kw_only=True):
    """What `rehydrate` wrote."""

    path: str
    joined: int
    """Revisions of reports that got their texts."""
    missing: int
    """Revisions whose texts were not given."""
    changed: tuple[str, ...]
    """Ids of reports of which only another text was given."""
    unused: int
    """Given texts that no report asks for."""


Done = TypeVar("Done")


def share(ledger: Ledger, path: str | os.PathLike[str]) -> Shared:
    """Copy a ledger without its texts to a new one at `path`. Raises `LedgerError`."""

    def fill(cursor: duckdb.DuckDBPyConnection, lake: str) -> Shared:
        for table in _tables(cursor, lake):
            changes = {name: _WITHOUT[kind].format(name) for name, kind in CUT.get(table, {}).items()}
            _copy(cursor, lake, table, changes | GONE.get(table, {}))
        cursor.execute(
            f"INSERT INTO store.withheld SELECT rev, length(text) FROM {lake}.store.reports "
            f"ANTI JOIN {lake}.store.withheld USING (rev)"
        )
        _copy_corrections(cursor, lake, {}, cut=True)
        query = """SELECT (SELECT count(*) FROM store.withheld WHERE rev > 0),
                   (SELECT count(*) FROM store.statements) + (SELECT count(*) FROM store.events)"""
        reports, records = cursor.execute(query).fetchall()[0]
        return Shared(path=os.fspath(path), reports=reports, records=records)

    return _filled(ledger, path, "share", fill)


def rehydrate(ledger: Ledger, path: str | os.PathLike[str], reports: Iterable[Report]) -> Rehydrated:
    """Copy a ledger that was shared without texts to a new one at `path`, with the texts that `reports` hold.

    A text belongs to a report when its hash is the recorded one. What stays without a text can be joined later.
    Raises `LedgerError`.
    """
    import pyarrow as pa

    query = "SELECT rev, id, url, text_hash FROM store.reports JOIN store.withheld USING (rev) ORDER BY rev"
    lacking = ledger.query(query).to_pylist()
    if not lacking:
        raise LedgerError(f"{ledger.home.name}: lacks no texts; only a ledger that was shared without them does")
    wanted: dict[str, list[dict[str, Any]]] = {}
    for row in lacking:
        wanted.setdefault(row["text_hash"], []).append(row)
    names = {name: row["id"] for row in lacking for name in (row["id"], row["url"]) if name}
    words: dict[int, str] = {}
    joined: set[str] = set()
    other: dict[str, None] = {}
    unused = 0
    for report in reports:
        rows = wanted.get(hashlib.sha256(report.text.encode("utf-8", "surrogatepass")).hexdigest())
        if rows is not None:
            words |= {row["rev"]: report.text for row in rows}
            joined |= {row["id"] for row in rows}
        elif known := names.get(report.id) or names.get(report.url or ""):
            other[known] = None
        else:
            unused += 1
    held = pa.table({"rev": pa.array(words, pa.int32()), "text": pa.array(words.values(), pa.string())})

    def fill(cursor: duckdb.DuckDBPyConnection, lake: str) -> Rehydrated:
        cursor.register("held", held)
        try:
            for table in _tables(cursor, lake):
                changes = {name: _WITH[kind].format(name) for name, kind in CUT.get(table, {}).items()}
                if table == "withheld":
                    _copy(cursor, lake, table, {}, "ANTI JOIN held h USING (rev)")
                else:
                    _copy(cursor, lake, table, changes, "LEFT JOIN held h USING (rev)" if changes else "")
            _copy_corrections(cursor, lake, words, cut=False)
        finally:
            cursor.unregister("held")
        changed = tuple(id for id in other if id not in joined)
        missing = len(lacking) - len(words)
        return Rehydrated(path=os.fspath(path), joined=len(words), missing=missing, changed=changed, unused=unused)

    return _filled(ledger, path, "rehydrate", fill)


def _filled(
    ledger: Ledger, path: str | os.PathLike[str], message: str, fill: Callable[[duckdb.DuckDBPyConnection, str], Done]
) -> Done:
    """Make a ledger at `path` and fill it from another in one transaction; when that fails nothing is left of it."""
    from comity.ledger.ledger import Ledger

    home = find_home(path)
    if home.folder is None:
        raise LedgerError(f"{home.name}: name a folder, which can be handed on")
    if home.folder.exists() and (state_of(home) != "none" or any(home.folder.iterdir())):
        raise LedgerError(f"{home.name}: is there already; name a new folder")
    try:
        with Ledger(path) as made, made._writing(message) as cursor:
            return fill(cursor, ledger._lake.name)
    except BaseException:
        shutil.rmtree(home.folder, ignore_errors=True)
        raise


def _tables(cursor: duckdb.DuckDBPyConnection, lake: str) -> list[str]:
    """The tables whose rows can be copied one by one."""
    query = "SELECT table_name FROM duckdb_tables() WHERE database_name = ? AND schema_name = 'store' ORDER BY ALL"
    names = [name for (name,) in cursor.execute(query, [lake]).fetchall()]
    return [name for name in names if name not in OWN and name != "corrections"]


def _copy(cursor: duckdb.DuckDBPyConnection, lake: str, table: str, changes: Mapping[str, str], join: str = "") -> None:
    """Copy a table, but for the row that matches nothing, which every ledger has."""
    listed = ", ".join(f'{value} AS "{name}"' for name, value in changes.items())
    replaced = f"REPLACE ({listed})" if changes else ""
    cursor.execute(
        f"INSERT INTO store.{table} BY NAME SELECT t.* {replaced} FROM {lake}.store.{table} t {join} WHERE t.rev > 0"
    )


def _copy_corrections(cursor: duckdb.DuckDBPyConnection, lake: str, words: Mapping[int, str], *, cut: bool) -> None:
    """Copy the log: its values and its evidence hold words too. `words`: the texts that are there; `cut`: take the
    words of all others out."""
    rows = cursor.execute(f"SELECT * FROM {lake}.store.corrections WHERE seq > 0 ORDER BY seq").to_arrow_table()
    made = []
    for row in rows.to_pylist():
        text = words.get(row["rev"])
        if text is not None or (cut and row["report_id"] is not None):
            for name in ("old", "value"):
                if row[name] is not None:
                    value = _recut(msgspec.json.decode(row[name]), text, row["field"] == "place")
                    row[name] = msgspec.json.encode(value).decode()
            coded = stored(cursor, row["kind"], row["rev"], row["n"])
            row["evidence"] = msgspec.json.encode(evidence_of(coded, text)).decode()
        made.append(row)
    if made:
        import pyarrow as pa

        cursor.register("log", pa.Table.from_pylist(made, schema=rows.schema))
        try:
            cursor.execute("INSERT INTO store.corrections BY NAME SELECT * FROM log")
        finally:
            cursor.unregister("log")


def _recut(value: Any, text: str | None, place: bool) -> Any:
    """A value of the log with the words that its spans cut from the text; without a text, with none. An added record
    is such a value, with parties and a place inside."""
    if isinstance(value, list):
        return [_recut(item, text, place) for item in value]
    if not isinstance(value, dict):
        return value
    if "text" not in value:
        return {name: _recut(part, text, name == "place") for name, part in value.items()}
    if value.get("start") is None:
        return value
    return value | {"text": text[value["start"] : value["end"]] if text is not None else "" if place else None}
