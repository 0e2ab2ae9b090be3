"""The queue of review: what nobody has looked at, least certain first; and the log of what was corrected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from comity.ledger.corrections import FIELDS
from comity.ledger.filters import FILTERS, restate
from comity.web.answering import Answer, Table
from comity.web.asking import Ask
from comity.web.text import Teller, tellers
from comity.web.view import Param, View
from comity.web.views.lists import chips
from comity.web.views.report import Card, codes, corrections_by, event_card

if TYPE_CHECKING:
    from comity.web.app import Room

SHOWN = 20
OWN = ("limit", "reviewer", "panel")


class Queue(msgspec.Struct, frozen=True, kw_only=True):
    """Events that wait for a reviewer, least certain first."""

    restated: str
    records: list[dict[str, Any]]
    """Rows of ``events_v1`` with their words."""


class Log(msgspec.Struct, frozen=True, kw_only=True):
    """Corrections, newest first."""

    corrections: list[dict[str, Any]]
    states: dict[str, int]
    """How many there are of each state: active, undone, lapsed."""


def show(room: Room, ask: Ask) -> Answer:
    filters = ask.filters(FILTERS["events"], OWN)
    limit = ask.number("limit", SHOWN, 1, 100)
    reviewer = ask.one("reviewer") or None
    said = restate("events", filters)
    rows = room.ledger.review_queue(reviewer=reviewer, limit=limit, **filters).to_pylist()
    data = Queue(restated=said, records=rows)
    cards: list[tuple[Card, dict[str, Any]]] = []
    if ask.form == "html":
        here = [row for row in rows if row["report_id"]]
        told = _tellers(room, here)
        log = corrections_by(room, [row["id"] for row in here])
        for row in here:
            chain = tellers(row["account"] or "", told.get(row["report_id"], {}), row["outlet"])
            card = event_card(row, row["words"], chain, log.get(row["id"], []))
            cards.append((msgspec.structs.replace(card, n=len(cards) + 1), row))
    return Answer(
        template="queue.html",
        title="Review",
        data=data,
        more={"cards": cards, "codes": codes(), "fields": FIELDS, "filters": chips("events", filters, ask)},
    )


_TELLERS = """
SELECT id, report_id, speakers, via, within FROM statements_v1 WHERE list_contains($reports::VARCHAR[], report_id)
"""


def _tellers(room: Room, rows: list[dict[str, Any]]) -> dict[str, dict[str, Teller]]:
    """By report, the statements of those in which one of these events is told by somebody."""
    reports = sorted({row["report_id"] for row in rows if row["account"]})
    if not reports:
        return {}
    found: dict[str, dict[str, Teller]] = {}
    for row in room.ledger.query(_TELLERS, {"reports": reports}).to_pylist():
        found.setdefault(row.pop("report_id"), {})[row["id"]] = msgspec.convert(row, Teller)
    return found


def log(room: Room, ask: Ask) -> Answer:
    ask.need_only("state", "limit", "panel")
    state = ask.chosen("state", ("", "active", "undone", "lapsed"), "")
    limit = ask.number("limit", 100, 1, 500)
    where, values = ("state = ?", [state]) if state else ("TRUE", [])
    query = f"SELECT * FROM corrections_v1 WHERE {where} ORDER BY added_at DESC, id LIMIT {limit}"  # noqa: S608
    rows = room.ledger.query(query, values).to_pylist()
    counts = room.ledger.query("SELECT state, count(*) AS n FROM corrections_v1 GROUP BY ALL ORDER BY ALL").to_pylist()
    made = [row | {"added_at": row["added_at"].isoformat(timespec="seconds")} for row in rows]
    data = Log(corrections=made, states={row["state"]: row["n"] for row in counts})
    return Answer(template="log.html", title="Corrections", data=data, tables={"corrections": lambda: _table(made)})


def _table(rows: list[dict[str, Any]]) -> Table:
    columns = ("id", "added_at", "author", "action", "kind", "record_id", "report_id", "field", "old", "value", "reason",
               "state", "why")  # fmt: skip
    return columns, ([row[name] for name in columns] for row in rows)


VIEWS = (
    View(
        path="/review", name="queue", summary="Events that nobody has reviewed, least certain first", make=show,
        response=Queue, relation="events",
        params=(
            Param("limit", "events shown", "integer", least=1, most=100, example=SHOWN),
            Param("reviewer", "leave out only what this reviewer has judged"),
        ),
    ),
    View(
        path="/corrections", name="corrections", summary="The log of corrections, newest first", make=log, response=Log,
        forms=("json", "csv"),
        params=(
            Param("state", "state of the correction", values=("active", "undone", "lapsed")),
            Param("limit", "entries shown", "integer", least=1, most=500, example=100),
        ),
    ),
)  # fmt: skip
