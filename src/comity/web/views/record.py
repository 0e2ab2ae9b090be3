"""One event or statement with what it rests on; and the way from an id to its page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from comity.ledger.corrections import FIELDS
from comity.ledger.errors import UnknownId
from comity.records import Event, Report, Statement
from comity.web.answering import Answer
from comity.web.asking import Ask, NotFound
from comity.web.view import Param, View
from comity.web.views.report import card_of, codes

if TYPE_CHECKING:
    from comity.ledger import Explanation
    from comity.web.app import Room


class RecordPage(msgspec.Struct, frozen=True, kw_only=True):
    """A record with what it rests on."""

    kind: str
    """event | statement."""
    event: Event | None
    statement: Statement | None
    report_id: str | None
    sentence: str | None
    """The words of the event's sentence or of the statement's content."""
    told_by: tuple[str, ...]
    """Who tells it, from the outlet inwards."""
    pattern: str | None
    """The pattern of the lexicon that coded it."""
    origin: str
    corrected: bool
    rejected: bool
    corrections: tuple[dict[str, Any], ...]
    codebook: str | None
    coder: str | None


def show(room: Room, ask: Ask) -> Answer:
    ask.need_only()
    found: Explanation = room.ledger.explain(ask.params["id"])
    if found.kind == "report":
        raise NotFound(f"{ask.params['id']}: is a report; it stands at /reports/{found.record.id}")
    one = found.record
    assert not isinstance(one, Report)
    log = [_dated(row) for row in found.corrections]
    card = None
    if found.coding is not None:
        card = card_of(one, found.coding, log, rejected=found.rejected)
    data = RecordPage(
        kind=found.kind,
        event=one if isinstance(one, Event) else None,
        statement=one if isinstance(one, Statement) else None,
        report_id=found.report.id if found.report else None,
        sentence=found.sentence,
        told_by=card.chain if card else (),
        pattern=_pattern(one.reason.id) if isinstance(one, Event) else None,
        origin=found.origin,
        corrected=found.corrected,
        rejected=found.rejected,
        corrections=tuple(log),
        codebook=found.codebook,
        coder=found.coder,
    )
    return Answer(
        template="record.html",
        title=f"{found.kind.capitalize()} {one.id[:10]}",
        data=data,
        more={
            "card": card,
            "report": found.report,
            "plain": msgspec.to_builtins(one),
            "definition": _definition(one),
            "codes": codes(),
            "fields": FIELDS,
        },
    )


def _dated(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"added_at": row["added_at"].isoformat(timespec="seconds")}


def _pattern(id: str) -> str | None:
    from comity.events.lexicon import lexicon

    return next((pattern.text for pattern in lexicon().patterns if pattern.id == id), None)


def _definition(one: Event | Statement) -> str | None:
    """What the codebook says of its type."""
    from comity.codebook import codebook

    kind = codebook().types.get(one.type) if isinstance(one, Event) else None
    return kind.definition if kind else None


VIEWS = (
    View(
        path="/records/{id}",
        name="record",
        summary="An event or a statement with what it rests on",
        make=show,
        response=RecordPage,
        ids=(Param("id", "id of the record, or the beginning of it (4 characters at least)", example="e3444c61"),),
    ),
)

__all__ = ["VIEWS", "UnknownId"]
