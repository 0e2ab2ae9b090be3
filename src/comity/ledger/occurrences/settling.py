"""Giving what was added or corrected its place among stories and occurrences, inside the ledger.

Only what can be touched is read: reports and tellings of the days around the new ones, the stories that change, and who
followed a record that is gone. What is found is the same as if all had been grouped at once (see `leaders`).
"""

# ruff: noqa: S608 (what is put into SQL are this module's own numbers; values are always parameters)
from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from comity.ledger.occurrences import leaders, stories, tellings
from comity.ledger.occurrences.stories import NO_DAY, WINDOW

if TYPE_CHECKING:
    import duckdb

    from comity.records import Coding

AT_ONCE = 2000
"""Additions settled in one transaction: they and what lies around them in time is held in memory."""


# --- when a report is added ------------------------------------------------------------------------------------------


def insert_traits(cursor: duckdb.DuckDBPyConnection, codings: Sequence[tuple[int, Coding]]) -> None:
    """Store what the reports of these additions (their revs) and their events are compared by."""
    reports: list[tuple[Any, ...]] = []
    keys: list[tuple[int, int]] = []
    told: list[tuple[Any, ...]] = []
    for rev, coding in codings:
        one = stories.traits(coding.report)
        reports.append((rev, one.id, one.day, one.length, stories.packed(one)))
        keys += [(rev, key) for key in stories.lasting_keys(one)]
        told += [
            (rev, t.n, 0, t.id, *_low_high(t.row), tellings.packed(t.row)) for t in tellings.tellings(coding, one.day)
        ]
    _insert(cursor, "report_traits", _REPORT_TRAITS, reports)
    _insert(cursor, "report_keys", {"rev": "int32", "key": "uint64"}, keys)
    _insert(cursor, "telling_traits", _TELLING_TRAITS, told)


_REPORT_TRAITS = {"rev": "int32", "id": "string", "day": "int32", "length": "int32", "traits": "binary"}
_TELLING_TRAITS = {
    "rev": "int32", "n": "int32", "seq": "int32", "id": "string", "low": "int32", "high": "int32", "traits": "binary",
}  # fmt: skip


def _low_high(row: np.ndarray) -> tuple[int, int]:
    days = tellings.days(row)
    return min(days), max(days)


def _insert(
    cursor: duckdb.DuckDBPyConnection, table: str, kinds: dict[str, str], rows: Sequence[Sequence[Any]]
) -> None:
    import pyarrow as pa

    if not rows:
        return
    columns = [pa.array(column, pa.type_for_alias(kind)) for column, kind in zip(zip(*rows), kinds.values())]
    cursor.register("settling_rows", pa.table(dict(zip(kinds, columns))))
    try:
        cursor.execute(f"INSERT INTO store.{table} BY NAME SELECT * FROM settling_rows")
    finally:
        cursor.unregister("settling_rows")


# --- what waits ------------------------------------------------------------------------------------------------------


class Waiting(NamedTuple):
    """What has no place yet."""

    chunks: list[list[int]]
    """Additions of reports, in the order of their days, as many at once as are settled in one transaction."""
    bare: frozenset[int]
    """Of these, those stored by a Comity that kept no traits."""
    replaced: list[int]
    """Revisions that have been superseded since."""
    corrected: list[tuple[int, int]]
    """(rev, n) of events that were corrected since."""
    rev: int
    """The newest addition, and the newest correction, that are among these."""
    seq: int


def waiting(cursor: duckdb.DuckDBPyConnection) -> Waiting | None:
    """What was added or corrected since everything was settled; None when there is nothing."""
    rev, seq, last_rev, last_seq = cursor.execute(
        "SELECT (SELECT max(rev) FROM store.settled), (SELECT max(seq) FROM store.settled), "
        "coalesce((SELECT max(rev) FROM store.reports), 0), (SELECT max(seq) FROM store.corrections)"
    ).fetchall()[0]
    if last_rev <= rev and last_seq <= seq:
        return None
    added = cursor.execute(
        "SELECT r.rev, t.day FROM store.current_reports r LEFT JOIN store.report_traits t USING (rev) "
        "WHERE r.rev > ? ORDER BY coalesce(t.day, -1), r.rev",
        [rev],
    ).fetchall()
    replaced = cursor.execute('SELECT rev FROM store.superseded WHERE "by" > ? ORDER BY rev', [rev]).fetchall()
    corrected: list[tuple[int, int]] = []
    if last_seq > 0:  # corrections that went over to a new revision keep their number
        corrected = cursor.execute(
            "SELECT DISTINCT rev, n FROM store.corrected_events ANTI JOIN store.superseded USING (rev) "
            "WHERE (seq > ? OR rev > ?) AND rev > 0 AND origin = 'comity' ORDER BY ALL",
            [seq, rev],
        ).fetchall()
    if not (added or replaced or corrected):
        return None
    revs = [row[0] for row in added]
    chunks = [revs[start : start + AT_ONCE] for start in range(0, len(revs), AT_ONCE)]
    bare = frozenset(rev for rev, day in added if day is None)
    return Waiting(chunks, bare, [row[0] for row in replaced], corrected, max(last_rev, rev), max(last_seq, seq))


# --- settling --------------------------------------------------------------------------------------------------------


def settle(cursor: duckdb.DuckDBPyConnection, what: Waiting, number: int) -> None:
    """Settle one chunk, inside the caller's transaction: with the first also who followed what is gone or corrected;
    with the last it is noted that everything up to here has its place."""
    turn = _turn(cursor)
    revs: Sequence[int] = what.chunks[number] if what.chunks else ()
    _complete(cursor, [rev for rev in revs if rev in what.bare])
    orphans = _Orphans([], set())
    touched: set[str] = set()
    if number == 0:
        orphans = _orphans(cursor, what.replaced)
        touched = set(_correct(cursor, what.corrected, turn)) | orphans.tellings
        turn += 1  # after the one in which the corrected left their places
    changed = _settle_reports(cursor, [*revs, *orphans.reports], turn)
    _settle_tellings(cursor, revs, changed, touched, turn, corrected=what.seq > 0)
    if number + 1 >= len(what.chunks):
        cursor.execute("INSERT INTO store.settled VALUES (?, ?, ?)", [turn, what.rev, what.seq])


def _turn(cursor: duckdb.DuckDBPyConnection) -> int:
    query = (
        "SELECT greatest((SELECT max(turn) FROM store.settled), (SELECT max(turn) FROM store.stories), "
        "(SELECT max(turn) FROM store.memberships)) + 1"
    )
    return int(cursor.execute(query).fetchall()[0][0])


def _complete(cursor: duckdb.DuckDBPyConnection, bare: Sequence[int]) -> None:
    """Make the traits of additions that were stored by a Comity that kept none."""
    from comity.ledger.read import codings

    for start in range(0, len(bare), 200):
        part = sorted(bare[start : start + 200])
        insert_traits(cursor, list(zip(part, codings(cursor, part))))


class _Orphans(NamedTuple):
    reports: list[int]
    tellings: set[str]


def _orphans(cursor: duckdb.DuckDBPyConnection, replaced: Sequence[int]) -> _Orphans:
    """The additions and the events that followed a revision that is gone."""
    if not replaced:
        return _Orphans([], set())
    gone = f"rev IN ({_listed(replaced)})"
    reports = cursor.execute(
        f"SELECT rev FROM store.current_stories WHERE story IN (SELECT id FROM store.reports WHERE {gone}) "
        f"OR copy_of IN (SELECT id FROM store.reports WHERE {gone})"
    ).fetchall()
    told = cursor.execute(
        "SELECT t.id FROM store.telling_traits t JOIN store.current_memberships m USING (rev, n) "
        f"WHERE m.occurrence IN (SELECT id FROM store.telling_traits WHERE {gone})"
    ).fetchall()
    return _Orphans([row[0] for row in reports], {row[0] for row in told})


def _correct(cursor: duckdb.DuckDBPyConnection, corrected: Sequence[tuple[int, int]], turn: int) -> Iterator[str]:
    """Store the traits of corrected events as they now stand; the ids that are touched by that."""
    from comity.ledger.read import codings

    if not corrected:
        return
    revs = sorted({rev for rev, _ in corrected})
    seq = cursor.execute("SELECT max(seq) FROM store.corrections").fetchall()[0][0]
    ids = {
        (rev, n): id_
        for rev, n, id_ in cursor.execute(
            f"SELECT rev, n, id FROM store.events WHERE rev IN ({_listed(revs)}) "
            f"UNION SELECT rev, n, id FROM store.corrected_events WHERE rev IN ({_listed(revs)})"
        ).fetchall()
    }
    days = dict(cursor.execute(f"SELECT rev, day FROM store.report_traits WHERE rev IN ({_listed(revs)})").fetchall())
    now: dict[tuple[int, str], np.ndarray] = {}
    for rev, coding in zip(revs, codings(cursor, revs, corrected=True)):
        now |= {(rev, t.id): t.row for t in tellings.tellings(coding, days.get(rev, stories.day_of(coding.report)))}
    rows: list[tuple[Any, ...]] = []
    touched = [ids[key] for key in corrected]
    for rev, n in corrected:
        row = now.get((rev, ids[rev, n]))
        data = (None, None, None) if row is None else (*_low_high(row), tellings.packed(row))
        rows.append((rev, n, seq, ids[rev, n], *data))
    _insert(cursor, "telling_traits", _TELLING_TRAITS, rows)
    # They leave their places, as leaders and as followers, and are then settled anew.
    _write_memberships(cursor, turn, [(rev, n, None) for rev, n in corrected])
    yield from touched
    listed = cursor.execute(
        "SELECT t.id FROM store.telling_traits t JOIN store.current_memberships m USING (rev, n) "
        "WHERE m.occurrence IN (SELECT unnest(?))",
        [touched],
    ).fetchall()
    yield from (row[0] for row in listed)


def _write_memberships(
    cursor: duckdb.DuckDBPyConnection, turn: int, rows: Iterable[tuple[int, int, str | None]]
) -> None:
    kinds = {"turn": "int32", "rev": "int32", "n": "int32", "occurrence": "string"}
    _insert(cursor, "memberships", kinds, [(turn, *row) for row in sorted(rows, key=lambda row: row[:2])])


# --- reports ---------------------------------------------------------------------------------------------------------


class _Reports:
    """The reports that were read, with their places."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection) -> None:
        self._cursor = cursor
        self._read: set[int] = set()
        self._days: set[int] = set()
        self._whole: set[str] = set()
        self.rev: dict[str, int] = {}
        self.traits: dict[str, stories.Traits] = {}
        self.rank: dict[str, Any] = {}
        self.copy_rank: dict[str, Any] = {}
        self.before: dict[str, str] = {}
        """The stories as they stood when they were read."""
        self.story: dict[str, str] = {}
        self.original: dict[str, str] = {}
        self._partners: tuple[leaders.Partners[str], leaders.Partners[str]] | None = None

    def read(self, where: str, *, new: bool = False) -> list[str]:
        """Read reports that have their places (or are `new`); the ids of those that had not been read."""
        found = self._cursor.execute(
            "SELECT t.rev, t.id, t.day, t.length, t.traits, s.story, s.copy_of "
            "FROM store.report_traits t ANTI JOIN store.superseded USING (rev) "
            f"{'LEFT ' if new else ''}JOIN store.current_stories s USING (rev) WHERE t.rev > 0 AND {where} ORDER BY t.rev"
        ).fetchall()
        fresh = [row for row in found if row[0] not in self._read]
        if fresh:
            self._partners = None
        for rev, id_, day, length, data, story, copy_of in fresh:
            one = stories.unpacked(id_, day, length, data)
            self._read.add(rev)
            self.rev[id_], self.traits[id_] = rev, one
            self.rank[id_], self.copy_rank[id_] = stories.rank(one), stories.copy_rank(one)
            if story is not None:
                self.before[id_] = self.story[id_] = story
                self.original[id_] = copy_of or id_
        return [row[1] for row in fresh]

    def _complete(self, ids: Sequence[str]) -> None:
        """Read all that may be partners of these."""
        waiting = [self.traits[id_] for id_ in ids if id_ not in self._whole]
        if not waiting:
            return
        self._whole.update(one.id for one in waiting)
        wanted = {d for one in waiting if one.day != NO_DAY for d in range(one.day - WINDOW, one.day + WINDOW + 1)}
        keys = sorted({key for one in waiting for key in stories.lasting_keys(one)})
        tests = [f"t.rev IN (SELECT rev FROM store.report_keys WHERE key IN ({_listed(keys)}))"]
        if wanted - self._days:
            tests.append(_among("day", wanted - self._days))
        self._days |= wanted
        self.read(f"({' OR '.join(tests)})")

    def _near(self, ids: Sequence[str], which: int) -> dict[str, dict[str, float]]:
        self._complete(ids)
        if self._partners is None:
            self._partners = stories.partners_in(list(self.traits.values()))
        return dict(self._partners[which](ids))  # type: ignore[arg-type]

    def partners(self, ids: Sequence[str]) -> dict[str, dict[str, float]]:
        return self._near(ids, 0)

    def copies(self, ids: Sequence[str]) -> dict[str, dict[str, float]]:
        return self._near(ids, 1)


def _settle_reports(cursor: duckdb.DuckDBPyConnection, revs: Sequence[int], turn: int) -> set[str]:
    """Settle the stories around these additions; the stories whose members have changed."""
    if not revs:
        return set()
    known = _Reports(cursor)
    touched = known.read(f"t.rev IN ({_listed(revs)})", new=True)
    changed = leaders.settle(touched, known.rank, known.story, known.partners)
    folded = leaders.settle(touched, known.copy_rank, known.original, known.copies)
    rows = [
        (turn, known.rev[id_], known.story[id_], None if known.original[id_] == id_ else known.original[id_])
        for id_ in sorted(changed | folded, key=lambda id_: known.rev[id_])
    ]
    _insert(cursor, "stories", {"turn": "int32", "rev": "int32", "story": "string", "copy_of": "string"}, rows)
    return {story for id_ in changed for story in (known.story[id_], known.before.get(id_)) if story is not None}


# --- tellings --------------------------------------------------------------------------------------------------------


class _Tellings:
    """The tellings that were read, with their places."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, *, corrected: bool) -> None:
        """`corrected`: whether the ledger has corrections."""
        self._cursor = cursor
        self._latest: dict[tuple[int, int], int] = {}
        if corrected:
            query = "SELECT rev, n, max(seq) FROM store.telling_traits WHERE seq > 0 GROUP BY ALL"
            self._latest = {(rev, n): seq for rev, n, seq in cursor.execute(query).fetchall()}
        self._known = tellings.Collection()
        self._days: set[int] = set()
        self._stories: set[str] = set()
        self._whole: set[str] = set()
        self._numbers: dict[str, int] = {}
        self._story: dict[int, str] = {}
        self.key: dict[str, tuple[int, int]] = {}
        self.rank: dict[str, Any] = {}
        self.occurrence: dict[str, str] = {}

    def read(self, where: str) -> None:
        """Read tellings of reports that have their places."""
        found = self._cursor.execute(
            "SELECT t.rev, t.n, t.seq, t.id, t.traits, m.occurrence, s.story FROM store.telling_traits t "
            "JOIN store.current_stories s USING (rev) LEFT JOIN store.current_memberships m USING (rev, n) "
            f"WHERE {where} ORDER BY t.rev, t.n, t.seq"
        ).fetchall()
        fresh = {
            row[3]: row
            for row in reversed(found)
            if row[3] not in self.key and row[4] is not None and row[2] == self._latest.get((row[0], row[1]), 0)
        }
        if not fresh:
            return
        new = list(fresh.values())[::-1]
        rows = tellings.unpacked([row[4] for row in new])
        self._known.add([row[3] for row in new], rows, [row[0] for row in new])
        of: dict[int, str] = {}
        for (rev, n, _, id_, _, occurrence, story), traits in zip(new, rows):
            self.key[id_] = rev, n
            self.rank[id_] = tellings.rank(traits, id_)
            of[rev] = story
            if occurrence is not None:
                self.occurrence[id_] = occurrence
        self._story |= of
        self._known.set_stories({rev: self._numbers.setdefault(story, len(self._numbers)) for rev, story in of.items()})

    def partners(self, ids: Sequence[str]) -> dict[str, dict[str, float]]:
        """The partners of tellings, after all that may be such are read."""
        waiting = [id_ for id_ in ids if id_ not in self._whole]
        self._whole.update(waiting)
        days: set[int] = set()
        for id_ in waiting:
            for day in tellings.days(self._known.rows[self._known.place[id_]]):
                days |= {NO_DAY} if day == NO_DAY else set(range(day - _REACH, day + _REACH + 1))
        tests = [_among(column, days - self._days) for column in ("low", "high") if days - self._days]
        self._days |= days
        wanted = {self._story[self.key[id_][0]] for id_ in waiting} - self._stories
        tests += [_of_stories(wanted)] if wanted else []
        self._stories |= wanted
        if tests:
            self.read(f"({' OR '.join(tests)})")
        return self._known.partners(ids)

    def of(self, revs: set[int], stories_: set[str]) -> set[str]:
        """The tellings that were read of these reports, and of all reports of these stories."""
        return {id_ for id_, (rev, _) in self.key.items() if rev in revs or self._story[rev] in stories_}


def _of_stories(stories_: Iterable[str]) -> str:
    return f"s.story IN ({_quoted(stories_)})"


def _quoted(texts: Iterable[str]) -> str:
    return ", ".join("'" + text.replace("'", "''") + "'" for text in sorted(texts))


_REACH = 2 * tellings.PERIOD - 1
"""Days at most between two that have a period in common."""


def _settle_tellings(
    cursor: duckdb.DuckDBPyConnection,
    revs: Sequence[int],
    changed: set[str],
    touched: set[str],
    turn: int,
    *,
    corrected: bool,
) -> None:
    """Settle the occurrences around the tellings of these additions, of the changed stories, and the touched ones."""
    known = _Tellings(cursor, corrected=corrected)
    tests = [f"t.rev IN ({_listed(revs)})"] if revs else []
    tests += [_of_stories(changed)] if changed else []
    tests += [f"t.id IN ({_quoted(touched)})"] if touched else []
    if tests:
        known.read(f"({' OR '.join(tests)})")
    first = known.of(set(revs), changed) | touched & set(known.key)
    if not first:
        return
    moved = leaders.settle(first, known.rank, known.occurrence, known.partners)
    _write_memberships(cursor, turn, [(*known.key[id_], known.occurrence[id_]) for id_ in moved])


def _listed(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, numbers))


def _among(column: str, days: set[int]) -> str:
    """The condition that a column has one of these days, as runs of consecutive ones."""
    runs: list[tuple[int, int]] = []
    for day in sorted(days):
        if runs and day == runs[-1][1] + 1:
            runs[-1] = runs[-1][0], day
        else:
            runs.append((day, day))
    tests = " OR ".join(f"{column} BETWEEN {low} AND {high}" for low, high in runs)
    return f"{column} BETWEEN {runs[0][0]} AND {runs[-1][1]} AND ({tests})"
