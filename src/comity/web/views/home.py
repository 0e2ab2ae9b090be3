"""The first page: what the ledger holds, and the ways in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from comity.web.answering import Answer
from comity.web.asking import Ask
from comity.web.view import View

if TYPE_CHECKING:
    from comity.web.app import Room


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """What the ledger holds."""

    reports: int
    statements: int
    events: int
    corrections: int
    first: str | None
    """Day of the oldest report."""
    last: str | None
    dyads: list[tuple[str, int]]
    """The directed pairs with most events."""
    types: list[tuple[str, int]]
    outlets: list[tuple[str, int]]
    snapshot: int


def show(room: Room, ask: Ask) -> Answer:
    ask.need_only()
    data = room.source.once("overview", lambda: overview(room))
    pairs = together(data.dyads)
    return Answer(template="home.html", title="The record", data=data, more={"pairs": pairs[:8]})


def overview(room: Room) -> Overview:
    ledger = room.ledger
    row: dict[str, Any] = ledger.query(
        "SELECT count(*) AS reports, coalesce(sum(statements), 0) AS statements, coalesce(sum(events), 0) AS own, "
        "min(day)::VARCHAR AS first, max(day)::VARCHAR AS last FROM reports_v1"
    ).to_pylist()[0]
    events = ledger.count("events")
    facets = {"dyad": [], "type": []} if events > 2_000_000 else ledger.facets("events", ["dyad", "type"], top=40)
    return Overview(
        reports=row["reports"],
        statements=int(row["statements"]),
        events=events,
        corrections=ledger.query("SELECT count(*) AS n FROM corrections_v1").to_pylist()[0]["n"],
        first=row["first"],
        last=row["last"],
        dyads=[pair for pair in facets["dyad"] if len(set(pair[0].split("-"))) > 1][:20],
        types=facets["type"][:16],
        outlets=ledger.facets("reports", ["outlet"], top=12)["outlet"],
        snapshot=room.source.snapshot,
    )


def together(dyads: list[tuple[str, int]]) -> list[tuple[str, str, int]]:
    """Pairs of parties with the events of both directions, most first."""
    found: dict[tuple[str, str], int] = {}
    for pair, number in dyads:
        a, _, b = pair.partition("-")
        if a != b and "-" not in b:
            key = (min(a, b), max(a, b))
            found[key] = found.get(key, 0) + number
    return sorted(((a, b, number) for (a, b), number in found.items()), key=lambda one: -one[2])


VIEWS = (
    View(path="/", name="overview", summary="What the ledger holds", make=show, response=Overview, forms=("json",)),
)
