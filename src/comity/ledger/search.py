"""Search by words: a side index in SQLite FTS5, derived from the ledger and never ahead of what it says.

Why FTS5: it comes with Python, needs no server and no further package, its transactions survive kills, and readers in
other processes are not blocked. (tantivy would be a second storage engine for a few milliseconds; DuckDB's own index
is rebuilt as a whole after each change and wants a DuckDB file.) The index holds tokens only, not the texts.

It is not part of any ledger transaction: it remembers up to which addition it has read and catches up before it is
asked, so a kill, a full disk or a deleted file costs at most the time to read again.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from comity.ledger.errors import BadFilter, LedgerError, LedgerFull
from comity.ledger.home import Home, is_writable

if TYPE_CHECKING:
    import duckdb

FORMAT = 2
"""Raised when the tables below change: an index of another format is made anew."""

CHUNK = 500
"""Additions read and committed at once: about 2 MB of news text, half a second."""

_TABLES = """
CREATE TABLE state (ledger TEXT, format INTEGER, upto INTEGER, seq INTEGER);
CREATE TABLE passages (id INTEGER PRIMARY KEY, rev INTEGER, kind TEXT, a INTEGER, b INTEGER);
CREATE VIRTUAL TABLE report_words USING fts5(title, text, content='', tokenize="porter unicode61 remove_diacritics 2");
CREATE VIRTUAL TABLE passage_words USING fts5(text, content='', tokenize="porter unicode61 remove_diacritics 2");
"""
# A passage is an event's sentence (kind e; a, b: its span) or a statement's whole content (kind s; a: its n).
# upto: the newest addition that was read; seq: the correction up to which records that people added were read.


class Hits(msgspec.Struct, frozen=True):
    """What a search found: keys into one relation."""

    relation: str
    keys: Any
    """Arrow table: rev; for statements also a (the statement's n), for events also a, b (the sentence)."""

    @contextlib.contextmanager
    def registered(self, cursor: duckdb.DuckDBPyConnection) -> Iterator[str]:
        """The condition that holds for the found records, while the keys are known to DuckDB."""
        cursor.register("hits", self.keys)
        conditions = {
            "reports": "rev IN (SELECT rev FROM hits)",
            "statements": "(rev, n) IN (SELECT (rev, a) FROM hits)",
            "events": "(rev, sentence[1], sentence[2]) IN (SELECT (rev, a, b) FROM hits)",
        }
        try:
            yield conditions[self.relation]
        finally:
            cursor.unregister("hits")


def match_of(text: str) -> str:
    """A search as people write it, as an FTS5 expression. Raises `BadFilter`.

    All words must occur; ``"several words"`` in that order; ``one OR another``; ``-word`` not; ``begin*``.
    """
    terms: list[str] = []
    banned: list[str] = []
    join = ""
    for minus, phrase, word in re.findall(r'(-?)(?:"([^"]*)"|([^\s"]+))', text):
        if word in ("OR", "AND") and not minus:
            join = word
            continue
        core = re.sub(r"['’]s?$", "", (phrase or word).rstrip("*"))
        if not re.search(r"\w", core):
            continue
        term = f'"{core}"' + ("*" if word.endswith("*") else "")
        if minus:
            banned.append(term)
        elif terms and join == "OR":
            terms[-1] += f" OR {term}"
        else:
            terms.append(term)
        join = ""
    if not terms:
        raise BadFilter(f"text: {text!r} holds no word to search for; give at least one that must occur")
    wanted = " AND ".join(f"({term})" for term in terms)
    return f"({wanted}) NOT ({' OR '.join(banned)})" if banned else wanted


def index_file(home: Home, ledger: str) -> Path:
    """Where the index of a ledger lies: in its folder; for a folder that cannot be written and for a team's ledger in
    the user's cache."""
    if home.folder is not None and is_writable(home):
        return home.folder / "search.sqlite"
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "comity" / ledger / "search.sqlite"


def search(home: Home, cursor: duckdb.DuckDBPyConnection, relation: str, text: str, *, past: bool = False) -> Hits:
    """The records of a relation whose words match. `past`: the cursor looks at an earlier state of the ledger."""
    import pyarrow as pa

    match = match_of(text)
    with _index(home, cursor, past=past) as (db, _):
        if relation == "reports":
            rows = db.execute("SELECT rowid FROM report_words WHERE report_words MATCH ?", [match]).fetchall()
            keys = {"rev": pa.array([row[0] for row in rows], pa.int32())}
        else:
            rows = db.execute(
                "SELECT p.rev, p.a, p.b FROM passage_words w JOIN passages p ON p.id = w.rowid "
                "WHERE passage_words MATCH ? AND p.kind = ?",
                [match, relation[0]],
            ).fetchall()
            columns = list(zip(*rows)) or [(), (), ()]
            types = (pa.int32(), pa.int64(), pa.int64())
            keys = {name: pa.array(column, type_) for name, column, type_ in zip("rab", columns, types)}
            keys["rev"] = keys.pop("r")
    return Hits(relation, pa.table(keys))


def catch_up(home: Home, cursor: duckdb.DuckDBPyConnection) -> int:
    """Read what the index has not read yet; the number of additions read."""
    with _index(home, cursor) as (_, number):
        return number


def rebuild(home: Home, cursor: duckdb.DuckDBPyConnection) -> int:
    """Make the index anew; the number of additions read."""
    _remove(index_file(home, _ledger_id(cursor)))
    return catch_up(home, cursor)


@contextlib.contextmanager
def _index(
    home: Home, cursor: duckdb.DuckDBPyConnection, *, past: bool = False
) -> Iterator[tuple[sqlite3.Connection, int]]:
    """The index, caught up, and how many additions that took."""
    ledger = _ledger_id(cursor)
    file = index_file(home, ledger)
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        db = _open(file, ledger)
        number = _read_on(db, cursor, past)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError) and "malformed" not in str(error):
            raise _told(file, error) from error
        _remove(file)  # damaged: it holds nothing that the ledger does not
        db = _open(file, ledger)
        number = _read_on(db, cursor, past)
    try:
        yield db, number
    finally:
        db.close()


LITTLE_ROOM = 1_000_000
"""Bytes free below which an error of reading or writing is one of room."""


def _told(file: Path, error: sqlite3.OperationalError) -> LedgerError:
    """What went wrong with the index, in one line."""
    text = str(error)
    # SQLite's shared memory fails with "disk I/O error" when there is no room for it
    if "full" in text or ("I/O" in text and shutil.disk_usage(file.parent).free < LITTLE_ROOM):
        return LedgerFull(f"{file}: no room left on the device for the search index; make room and search again")
    if "fts5" in text:
        return LedgerError(
            "this Python's SQLite was built without FTS5, so words cannot be searched; use another Python"
        )
    return LedgerError(f"{file}: the search index cannot be used ({text}); search again, or delete the file")


def _ledger_id(cursor: duckdb.DuckDBPyConnection) -> str:
    return cursor.execute("SELECT id FROM store.ledger").fetchall()[0][0]


def _remove(file: Path) -> None:
    for ending in ("", "-wal", "-shm", "-journal"):
        file.with_name(file.name + ending).unlink(missing_ok=True)


def _open(file: Path, ledger: str) -> sqlite3.Connection:
    db = sqlite3.connect(file, timeout=60, isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = NORMAL")
    db.execute("BEGIN IMMEDIATE")
    made = db.execute("SELECT count(*) FROM sqlite_master WHERE name = 'state'").fetchone()[0]
    if made and db.execute("SELECT ledger, format FROM state").fetchone() != (ledger, FORMAT):
        for name in ("state", "passages", "report_words", "passage_words"):
            db.execute(f"DROP TABLE IF EXISTS {name}")
        made = 0
    if not made:
        for statement in _TABLES.strip().split(";\n"):
            db.execute(statement)
        db.execute("INSERT INTO state VALUES (?, ?, 0, 0)", [ledger, FORMAT])
    db.execute("COMMIT")
    return db


def _read_on(db: sqlite3.Connection, cursor: duckdb.DuckDBPyConnection, past: bool) -> int:
    newest, last = cursor.execute(
        "SELECT coalesce((SELECT max(rev) FROM store.reports), 0), (SELECT max(seq) FROM store.corrections)"
    ).fetchall()[0]
    number = 0
    while True:
        upto, seq = db.execute("SELECT upto, seq FROM state").fetchone()
        if (upto > newest or seq > last) and not past:  # the ledger was set back (from a backup): begin again
            db.execute("BEGIN IMMEDIATE")
            for name in ("report_words", "passage_words"):
                db.execute(f"INSERT INTO {name}({name}) VALUES ('delete-all')")  # noqa: S608
            db.execute("DELETE FROM passages")
            db.execute("UPDATE state SET upto = 0, seq = 0")
            db.execute("COMMIT")
        elif upto < newest:
            if not upto:  # what was added so far is read with its reports
                db.execute("UPDATE state SET seq = max(seq, ?)", [last])
            number += _read_chunk(db, cursor, upto)
        elif seq < last:
            _read_added(db, cursor, seq, last)
        else:
            return number


def _read_chunk(db: sqlite3.Connection, cursor: duckdb.DuckDBPyConnection, upto: int) -> int:
    revs = cursor.execute("SELECT rev FROM store.reports WHERE rev > ? ORDER BY rev LIMIT ?", [upto, CHUNK]).fetchall()
    last = revs[-1][0]
    where = "rev > ? AND rev <= ?"
    span = [upto, last]
    texts = cursor.execute(f"SELECT rev, title, text FROM store.reports WHERE {where}", span).fetchall()  # noqa: S608
    of_rev = {rev: text for rev, _, text in texts}
    sentences = cursor.execute(
        f"SELECT rev, sentence[1], sentence[2] FROM store.events WHERE {where} AND sentence IS NOT NULL "  # noqa: S608
        f"UNION SELECT rev, sentence[1], sentence[2] FROM store.corrected_events "
        f"WHERE {where} AND reason.\"by\" = 'reviewer'",
        [*span, *span],
    ).fetchall()
    contents = cursor.execute(
        f"SELECT rev, n, content FROM store.statements WHERE {where} "  # noqa: S608
        f"UNION SELECT rev, n, content FROM store.corrected_statements ANTI JOIN store.statements USING (rev, n) "
        f"WHERE {where}",
        [*span, *span],
    ).fetchall()
    with _writing(db, "upto", upto, last) as ours:
        if not ours:
            return 0
        db.executemany("INSERT INTO report_words (rowid, title, text) VALUES (?, ?, ?)", texts)
        _insert(db, of_rev, sentences, contents)
    return len(revs)


def _read_added(db: sqlite3.Connection, cursor: duckdb.DuckDBPyConnection, seq: int, last: int) -> None:
    """Read the records that people added since, to reports that were read before."""
    added = "JOIN store.corrections c USING (seq) WHERE c.action = 'add' AND c.seq > ? AND c.seq <= ?"
    sentences = cursor.execute(
        f"SELECT e.rev, sentence[1], sentence[2] FROM store.corrected_events e {added}",  # noqa: S608
        [seq, last],
    ).fetchall()
    contents = cursor.execute(
        f"SELECT s.rev, s.n, content FROM store.corrected_statements s {added}",  # noqa: S608
        [seq, last],
    ).fetchall()
    of_rev: dict[int, str] = {}
    if sentences or contents:
        among = ", ".join(str(row[0]) for row in (*sentences, *contents))
        of_rev = dict(cursor.execute(f"SELECT rev, text FROM store.reports WHERE rev IN ({among})").fetchall())  # noqa: S608
    with _writing(db, "seq", seq, last) as ours:
        if ours:
            _insert(db, of_rev, sentences, contents)


@contextlib.contextmanager
def _writing(db: sqlite3.Connection, state: str, before: int, now: int) -> Iterator[bool]:
    """One transaction that moves a state on; False when another process has read on meanwhile."""
    db.execute("BEGIN IMMEDIATE")
    try:
        ours = db.execute(f"SELECT {state} FROM state").fetchone()[0] == before  # noqa: S608
        yield ours
        if ours:
            db.execute(f"UPDATE state SET {state} = ?", [now])  # noqa: S608
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


def _insert(
    db: sqlite3.Connection,
    texts: dict[int, str],
    sentences: list[tuple[int, int, int]],
    contents: list[tuple[int, int, list[tuple[int, int]]]],
) -> None:
    """Passages with their words."""
    passages = [(rev, "e", a, b, texts[rev][a:b]) for rev, a, b in sorted(sentences) if rev in texts]
    passages += [
        (rev, "s", n, 0, " … ".join(texts[rev][a:b] for a, b in spans))
        for rev, n, spans in sorted(contents, key=lambda one: one[:2])
        if rev in texts
    ]
    first = db.execute("SELECT coalesce(max(id), 0) + 1 FROM passages").fetchone()[0]
    numbered = list(enumerate(passages, first))
    db.executemany("INSERT INTO passages VALUES (?, ?, ?, ?, ?)", [(id_, *p[:4]) for id_, p in numbered])
    db.executemany("INSERT INTO passage_words (rowid, text) VALUES (?, ?)", [(id_, p[4]) for id_, p in numbered])
