"""Two ledgers made ready to be compared, set by set: what both have is sorted out by DuckDB and never read.

Both lakes are attached to this process's DuckDB, so that one question reaches both.
"""

# ruff: noqa: S608 (identifiers come from this package's own tables; values are always parameters)
from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from comity.ledger import lake
from comity.ledger.differences import AT_ONCE, Counts, Half, Summary, made_otherwise
from comity.ledger.pairing import GROUPS
from comity.ledger.read import quoted
from comity.records import Party, Statement, events_from_rows

if TYPE_CHECKING:
    from comity.ledger.ledger import Ledger

_numbers = itertools.count(1)

Place = tuple[str, int]


def _parties(half: Half) -> Iterator[Party]:
    for event in half.events:
        yield from (*event.source, *event.target)
    for statement in half.statements:
        yield from statement.speakers


def _fields(what: str) -> list[str]:
    """The columns of a record that say something."""
    return [name for names in GROUPS[what].values() for name in names]


class LedgersCompared:
    """Tables of what differs, for the time of a comparison."""

    def __init__(self, old: Ledger, new: Ledger) -> None:
        self._old, self._new = old, new
        self._made = f"compared{next(_numbers)}"
        self._cursor = lake.shared().cursor()
        self._actors: tuple[dict[Place, Any], dict[Place, Any]] = ({}, {})
        self.summary = Summary()
        with lake.translated(new.home):
            self._sort_out()

    def _name(self, side: int) -> str:
        return (self._old, self._new)[side]._lake.name

    def _ask(self, query: str, parameters: Any = None) -> list[tuple[Any, ...]]:
        return self._cursor.execute(query, parameters).fetchall()

    def _sort_out(self) -> None:
        """Which reports are compared, and which of their records the other side does not have word for word."""
        makers = []
        for side in (0, 1):
            store = f"{self._name(side)}.store"
            self._cursor.execute(
                f"CREATE TEMP TABLE {self._made}_reports{side} AS SELECT id, rev, text_hash, codebook, coder "
                f"FROM {store}.reports ANTI JOIN {store}.superseded USING (rev)"
            )
            makers.append(
                self._ask(f"SELECT codebook, coder, count(*) FROM {self._made}_reports{side} GROUP BY ALL ORDER BY ALL")
            )
        summary = self.summary
        summary.made_otherwise, summary.several = made_otherwise(*makers)
        self._cursor.execute(
            f"CREATE TEMP TABLE {self._made}_both AS SELECT id, o.rev AS rev0, n.rev AS rev1 "
            f"FROM {self._made}_reports0 o JOIN {self._made}_reports1 n USING (id) WHERE o.text_hash = n.text_hash"
        )
        counts = self._ask(
            f"SELECT (SELECT count(*) FROM {self._made}_both), "
            f"(SELECT count(*) FROM {self._made}_reports0 JOIN {self._made}_reports1 USING (id)), "
            f"(SELECT count(*) FROM {self._made}_reports0), (SELECT count(*) FROM {self._made}_reports1)"
        )[0]
        summary.reports, shared, first, second = counts
        summary.other_text = shared - summary.reports
        summary.only_old, summary.only_new = first - shared, second - shared
        for what, counted in (("event", summary.events), ("statement", summary.statements)):
            self._sort_out_records(what, counted)

    def _sort_out_records(self, what: str, counted: Counts) -> None:
        table, columns = f"{what}s", ["n", "id", *_fields(what), "confidence"]
        listed = ", ".join("r." + quoted(name) for name in columns)
        for side in (0, 1):
            store, made = f"{self._name(side)}.store", f"{self._made}_{table}{side}"
            self._cursor.execute(
                f"CREATE TEMP TABLE {made} AS SELECT b.id AS report_id, {listed} "
                f"FROM {store}.{table} r JOIN {self._made}_both b ON r.rev = b.rev{side}"
            )
        first, second = f"{self._made}_{table}0", f"{self._made}_{table}1"
        alike = " AND ".join(f"o.{quoted(f)} IS NOT DISTINCT FROM n.{quoted(f)}" for f in _fields(what))
        self._cursor.execute(
            f"CREATE TEMP TABLE {self._made}_same AS SELECT DISTINCT report_id, id, "
            f"o.confidence IS DISTINCT FROM n.confidence AS surer "
            f"FROM {first} o JOIN {second} n USING (report_id, id) WHERE {alike}"
        )
        counted.old, counted.new, counted.same, counted.other_confidence = self._ask(
            f"SELECT (SELECT count(*) FROM {first}), (SELECT count(*) FROM {second}), "
            f"count(*), count(*) FILTER (surer) FROM {self._made}_same"
        )[0]
        for made in (first, second):
            self._cursor.execute(
                f"CREATE OR REPLACE TEMP TABLE {made} AS SELECT * FROM {made} ANTI JOIN {self._made}_same USING (report_id, id)"
            )
        self._cursor.execute(f"DROP TABLE {self._made}_same")

    def halves(self) -> Iterator[tuple[str, Half, Half]]:
        """See `comity.ledger.differences.Comparison`."""
        tables = " UNION ".join(
            f"SELECT report_id FROM {self._made}_{table}{side}" for table in ("events", "statements") for side in (0, 1)
        )
        reports = [row[0] for row in self._ask(f"SELECT report_id FROM ({tables}) ORDER BY 1")]
        for start in range(0, len(reports), AT_ONCE):
            some = reports[start : start + AT_ONCE]
            with lake.translated(self._new.home):
                sides = [self._read(some, side) for side in (0, 1)]
                places = {
                    (report, party.start)
                    for half in sides
                    for report, one in half.items()
                    for party in _parties(one)
                    if party.start is not None
                }
                self._actors = self._look_up(places, 0), self._look_up(places, 1)
            for report in some:
                yield report, sides[0][report], sides[1][report]

    def _read(self, reports: list[str], side: int) -> dict[str, Half]:
        store = f"{self._name(side)}.store"
        halves = {report: Half() for report in reports}
        query = (
            f"SELECT b.id, r.text, r.warnings FROM {store}.reports r JOIN {self._made}_both b ON r.rev = b.rev{side} "
            f"WHERE b.id IN (SELECT unnest($ids))"
        )
        for report, text, warnings in self._ask(query, {"ids": reports}):
            halves[report].text, halves[report].warnings = text, tuple(warnings or ())
        for table in ("events", "statements"):
            query = f"SELECT * EXCLUDE (n) FROM {self._made}_{table}{side} WHERE report_id IN (SELECT unnest($ids)) ORDER BY report_id, n"
            rows = self._cursor.execute(query, {"ids": reports}).to_arrow_table().to_pylist()
            homes = [row.pop("report_id") for row in rows]
            if table == "events":
                for home, event in zip(homes, events_from_rows(rows)):
                    halves[home].events.append(event)
            else:
                for home, row in zip(homes, rows):
                    halves[home].statements.append(msgspec.convert(row, Statement))
        return halves

    def _look_up(self, places: set[Place], side: int) -> dict[Place, Any]:
        """Whom a side reads at these places."""
        listed = sorted(places)
        rows = self._ask(
            f"SELECT p.report_id, p.start, any_value(m.actor ORDER BY m.n), any_value(m.country ORDER BY m.n) "
            f"FROM (SELECT unnest($reports) AS report_id, unnest($starts) AS start) p "
            f"JOIN {self._made}_both b ON b.id = p.report_id "
            f"JOIN {self._name(side)}.store.mentions m ON m.rev = b.rev{side} AND m.start = p.start GROUP BY ALL",
            {"reports": [report for report, _ in listed], "starts": [start for _, start in listed]},
        )
        return {(report, start): (actor, country) for report, start, actor, country in rows}

    def known_patterns(self) -> tuple[set[str], set[str]]:
        """See `comity.ledger.differences.Comparison`."""
        found = [
            {
                row[0]
                for row in self._ask(
                    f"SELECT DISTINCT r.reason.id FROM {self._name(side)}.store.events r "
                    f"JOIN {self._made}_both b ON r.rev = b.rev{side}"
                )
            }
            for side in (0, 1)
        ]
        return found[0], found[1]

    def actors_at(self, side: int, report: str, starts: Iterable[int]) -> dict[int, tuple[str | None, str | None]]:
        """See `comity.ledger.differences.Comparison`; for reports that `halves` gave last."""
        known = self._actors[side]
        return {start: known[report, start] for start in starts if (report, start) in known}

    def close(self) -> None:
        """Remove the tables."""
        names = [f"reports{side}" for side in (0, 1)] + ["both", "same"]
        names += [f"{table}{side}" for table in ("events", "statements") for side in (0, 1)]
        for name in names:
            self._cursor.execute(f"DROP TABLE IF EXISTS {self._made}_{name}")
        self._cursor.close()
