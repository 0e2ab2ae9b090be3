"""How good the record is, as far as the ledger itself can tell: reviews, certainty, coverage, what is not known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from comity.web.answering import Answer, Table
from comity.web.asking import Ask
from comity.web.view import View

if TYPE_CHECKING:
    from comity.web.app import Room

OUTLETS = 25
NAMES = 40
FEW = 30
"""Reviewed events below which a share says little and is marked so: with 30, its interval is 35 points wide."""


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """What one version of coder and codebook coded, and what reviewers hold of it."""

    codebook: str
    coder: str
    reports: int
    events: int
    statements: int
    reviewed: int
    """Events that somebody reviewed."""
    right: int
    """Of them, found right as they were coded."""
    changed: int
    """Of them, with a field set otherwise."""
    rejected: int
    share: float | None
    """Right among reviewed; null without reviews."""
    few: bool
    """Too few for the share to say much."""


class Quality(msgspec.Struct, frozen=True, kw_only=True):
    """The ledger's quality."""

    versions: list[Version]
    corrections: list[tuple[str, int]]
    """Corrections in force, by what they did (the field that was set; reject; accept)."""
    lapsed: int
    agreement: float | None
    """Krippendorff's alpha of reviewers who judged the same events."""
    agreed_on: int
    """Events that two or more reviewers judged."""
    confidence: list[tuple[str, int]]
    """Coded events by tenth of confidence."""
    status: list[tuple[str, int]]
    reports: int
    undated: int
    """Reports without a day of publication."""
    unnamed: int
    """Reports whose outlet is not known."""
    published_only: float | None
    """Share of events that no words date: the day of publication stands in."""
    nobody: float | None
    """Share of events without a target."""
    warned: int
    """Reports in which something was cut short."""
    years: list[str]
    coverage: list[tuple[str, list[int]]]
    """Reports by outlet and year, the largest outlets first."""
    unresolved: list[tuple[str, int]]
    """Names that stand for no known actor, most frequent first."""


def show(room: Room, ask: Ask) -> Answer:
    ask.need_only("panel")
    data: Quality = room.source.once("quality", lambda: quality(room))
    most = max((number for _, numbers in data.coverage for number in numbers), default=1)
    return Answer(
        template="quality.html",
        title="Quality",
        data=data,
        more={"most": most, "peak": max((number for _, number in data.confidence), default=1)},
        tables={
            "versions": lambda: _versions(data),
            "coverage": lambda: _coverage(data),
            "unresolved": lambda: _names(data),
        },
    )


def quality(room: Room) -> Quality:
    ledger = room.ledger

    def rows(sql: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = ledger.query(sql).to_pylist()
        return found

    counts = rows(
        "SELECT count(*) AS reports, count(*) FILTER (day IS NULL) AS undated, count(*) FILTER (outlet IS NULL) AS unnamed, "
        "count(*) FILTER (len(warnings) > 0) AS warned FROM reports_v1"
    )[0]
    events = rows(
        "SELECT count(*) AS n, count(*) FILTER (date_precision = 'published') AS published, "
        "count(*) FILTER (len(targets) = 0 AND NOT mutual) AS nobody FROM events_v1 WHERE origin = 'comity'"
    )[0]
    deciles = rows(
        "SELECT least(floor(confidence * 10), 9)::INTEGER AS tenth, count(*) AS n FROM events_v1 "
        "WHERE origin = 'comity' AND confidence IS NOT NULL GROUP BY tenth ORDER BY tenth"
    )
    log = rows(
        "SELECT CASE action WHEN 'set' THEN kind || ': ' || field ELSE kind || ': ' || action END AS what, count(*) AS n "
        "FROM corrections_v1 WHERE state = 'active' AND action <> 'undo' GROUP BY what ORDER BY n DESC, what"
    )
    lapsed = rows("SELECT count(*) AS n FROM corrections_v1 WHERE state = 'lapsed'")[0]["n"]
    agreement, number = _agreement(ledger) if log else (None, 0)
    per_year = rows(
        "SELECT coalesce(outlet, '(unknown)') AS outlet, coalesce(year(day)::VARCHAR, 'no date') AS year, count(*) AS n "
        "FROM reports_v1 GROUP BY ALL ORDER BY ALL"
    )
    years = sorted({row["year"] for row in per_year})
    table: dict[str, dict[str, int]] = {}
    for row in per_year:
        table.setdefault(row["outlet"], {})[row["year"]] = row["n"]
    order = sorted(table, key=lambda outlet: (-sum(table[outlet].values()), outlet))[:OUTLETS]
    unresolved = rows(
        "SELECT text, count(*) AS n FROM mentions_v1 WHERE actor IS NULL AND NOT anonymous "  # noqa: S608
        f"GROUP BY text ORDER BY n DESC, text LIMIT {NAMES}"
    )
    tenths = {row["tenth"]: row["n"] for row in deciles}
    return Quality(
        versions=_by_version(rows),
        corrections=[(row["what"], row["n"]) for row in log],
        lapsed=lapsed,
        agreement=agreement,
        agreed_on=number,
        confidence=[(f"{tenth / 10:.1f}–{(tenth + 1) / 10:.1f}", tenths.get(tenth, 0)) for tenth in range(10)]
        if tenths
        else [],
        status=ledger.facets("events", ["status"])["status"],
        reports=counts["reports"],
        undated=counts["undated"],
        unnamed=counts["unnamed"],
        warned=counts["warned"],
        published_only=events["published"] / events["n"] if events["n"] else None,
        nobody=events["nobody"] / events["n"] if events["n"] else None,
        years=years,
        coverage=[(outlet, [table[outlet].get(year, 0) for year in years]) for outlet in order],
        unresolved=[(row["text"], row["n"]) for row in unresolved],
    )


def _agreement(ledger: Any) -> tuple[float | None, int]:
    """Alpha and the number of events that it rests on; none where its package is not installed."""
    from comity.ledger import LedgerError

    try:
        found = ledger.agreement()
    except (ImportError, LedgerError):
        return None, 0
    return found.alpha, found.events


_REVIEWED = """
SELECT r.codebook, r.coder, count(DISTINCT c.record_id) AS reviewed,
       count(DISTINCT c.record_id) FILTER (c.action = 'reject') AS rejected,
       count(DISTINCT c.record_id) FILTER (c.action = 'set') AS changed
FROM corrections_v1 c JOIN reports_v1 r ON r.id = c.report_id
WHERE c.kind = 'event' AND c.state = 'active' AND c.action <> 'undo'
  AND c.record_id NOT IN (SELECT record_id FROM corrections_v1 WHERE action = 'add')
GROUP BY ALL
"""


def _by_version(rows: Any) -> list[Version]:
    coded = rows(
        "SELECT codebook, coder, count(*) AS reports, sum(events)::BIGINT AS events, "
        "sum(statements)::BIGINT AS statements FROM reports_v1 GROUP BY ALL ORDER BY ALL"
    )
    reviewed = {(row["codebook"], row["coder"]): row for row in rows(_REVIEWED)}
    made = []
    for row in coded:
        seen = reviewed.get((row["codebook"], row["coder"]), {"reviewed": 0, "rejected": 0, "changed": 0})
        right = max(0, seen["reviewed"] - seen["rejected"] - seen["changed"])
        made.append(
            Version(
                codebook=row["codebook"],
                coder=row["coder"],
                reports=row["reports"],
                events=row["events"],
                statements=row["statements"],
                reviewed=seen["reviewed"],
                rejected=seen["rejected"],
                changed=seen["changed"],
                right=right,
                share=right / seen["reviewed"] if seen["reviewed"] else None,
                few=seen["reviewed"] < FEW,
            )
        )
    return made


def _versions(data: Quality) -> Table:
    return Version.__struct_fields__, [msgspec.structs.astuple(one) for one in data.versions]


def _coverage(data: Quality) -> Table:
    return ("outlet", *data.years), [(outlet, *numbers) for outlet, numbers in data.coverage]


def _names(data: Quality) -> Table:
    return ("name", "mentions"), data.unresolved


VIEWS = (
    View(
        path="/quality",
        name="quality",
        summary="Reviews, certainty, coverage, and what is not known",
        make=show,
        response=Quality,
        forms=("json", "csv"),
    ),
)
