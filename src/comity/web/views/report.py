"""A report with its record: the text in layers, the cards beside it, what was corrected."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from comity.ledger.corrections import FIELDS
from comity.records import Coding, Event, Statement
from comity.web.answering import Answer, Table
from comity.web.asking import Ask
from comity.web.text import Paragraph, chain_of, paragraphs, tellers
from comity.web.view import Param, View

if TYPE_CHECKING:
    from comity.web.app import Room


class ReportPage(msgspec.Struct, frozen=True, kw_only=True):
    """A report's record as it stands after corrections."""

    coding: Coding
    rejected: list[str]
    """Ids of records that reviewers took out."""
    corrections: list[dict[str, Any]]
    """The log of its records' corrections, oldest first."""
    unresolved: list[str]
    """Names that no actor is known for, in text order."""
    undated: list[str]
    """Words of time that could not be resolved."""


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """One record as a page shows it."""

    kind: str
    """event | statement."""
    id: str
    n: int
    """Its place among the cards."""
    record: dict[str, Any]
    words: str
    """The sentence of an event, the content of a statement."""
    before: str = ""
    trigger: str = ""
    after: str = ""
    """The sentence around its trigger."""
    chain: tuple[str, ...] = ()
    """Who tells it, from the outlet inwards."""
    depth: int = 0
    rejected: bool = False
    corrected: bool = False
    accepted: bool = False
    history: tuple[dict[str, Any], ...] = ()
    undo: str | None = None
    """The newest correction that can be taken back."""


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """All that the page of one report shows."""

    coding: Coding
    paragraphs: list[Paragraph]
    events: list[Card]
    statements: list[Card]
    actors: list[dict[str, Any]]
    unresolved: list[dict[str, Any]]
    undated: list[str]
    unplaced: list[str]
    stored: bool


def show(room: Room, ask: Ask) -> Answer:
    ask.need_only("panel", "record")
    ledger = room.ledger
    whole = ask.params["id"]
    now: Coding = ledger.coding(whole, corrected=True)
    log = corrections_of(room, now.report.id)
    coded: Coding = ledger.coding(whole) if log else now
    reading = reading_of(room, now, coded=_with_added(room, coded, now, log), log=log)
    rejected = [card.id for card in (*reading.events, *reading.statements) if card.rejected]
    data = ReportPage(
        coding=now,
        rejected=rejected,
        corrections=log,
        unresolved=[one["text"] for one in reading.unresolved],
        undated=reading.undated,
    )
    return Answer(
        template="report.html",
        title=now.report.title or "Report",
        data=data,
        more={"reading": reading, "codes": codes(), "fields": FIELDS},
        tables={"events": partial(_events, reading), "statements": partial(_statements, reading)},
    )


def _with_added(room: Room, coded: Coding, now: Coding, log: list[dict[str, Any]]) -> Coding:
    """What was coded, and what people added and rejected again: its card stays, so that it can be taken back."""
    standing = {one.id for one in now.events} | {one.id for one in now.statements}
    for row in log:
        if row["action"] == "add" and row["state"] == "active" and row["record_id"] not in standing:
            one = room.ledger.explain(row["record_id"]).record
            if isinstance(one, Event):
                coded = msgspec.structs.replace(coded, events=(*coded.events, one))
            elif isinstance(one, Statement):
                coded = msgspec.structs.replace(coded, statements=(*coded.statements, one))
    return coded


def corrections_of(room: Room, report: str) -> list[dict[str, Any]]:
    """The log of a report's records, oldest first."""
    if report not in _corrected(room):
        return []
    query = "SELECT * FROM corrections_v1 WHERE report_id = ? ORDER BY added_at, id"
    return [_dated(row) for row in room.ledger.query(query, [report]).to_pylist()]


def _corrected(room: Room) -> set[str]:
    """Reports of which a record was corrected: mostly few, and a look into the log takes 2 ms."""
    query = "SELECT DISTINCT report_id FROM corrections_v1"
    found: set[str] = room.source.once("corrected", lambda: set(room.ledger.query(query)["report_id"].to_pylist()))
    return found


def _dated(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"added_at": row["added_at"].isoformat(timespec="seconds")}


def reading_of(
    room: Room,
    now: Coding,
    *,
    coded: Coding | None = None,
    log: list[dict[str, Any]] | None = None,
    stored: bool = True,
) -> Reading:
    """A coding with everything that its page shows."""
    log = log or []
    standing = {event.id for event in now.events} | {one.id for one in now.statements}
    gone = coded or now
    events = [*now.events, *(one for one in gone.events if one.id not in standing)]
    statements = [*now.statements, *(one for one in gone.statements if one.id not in standing)]
    events.sort(key=lambda one: (one.sentence[0], one.trigger[0], one.id))
    statements.sort(key=lambda one: (one.content[0][0] if one.content else 0, one.id))
    cards = [card_of(one, now, log, rejected=one.id not in standing) for one in events]
    numbered = [msgspec.structs.replace(card, n=n + 1) for n, card in enumerate(cards)]
    said = [card_of(one, now, log, rejected=one.id not in standing) for one in _as_tree(statements)]
    return Reading(
        coding=now,
        paragraphs=paragraphs(now),
        events=numbered,
        statements=[msgspec.structs.replace(card, n=n + 1) for n, card in enumerate(said)],
        actors=_actors(now),
        unresolved=_unresolved(now),
        undated=list(dict.fromkeys(one.text for one in now.dates if one.value is None)),
        unplaced=list(dict.fromkeys(one.text for one in now.places if one.geonameid is None)),
        stored=stored,
    )


def _as_tree(statements: list[Statement]) -> list[Statement]:
    """Each below the one that reports it."""
    known = {one.id for one in statements}
    inside: dict[str | None, list[Statement]] = {}
    for one in statements:
        inside.setdefault(one.within if one.within in known and one.within != one.id else None, []).append(one)
    made: list[Statement] = []

    def add(one: Statement) -> None:
        if one in made:
            return
        made.append(one)
        for inner in inside.get(one.id, ()):
            add(inner)

    for one in inside.get(None, ()):
        add(one)
    return made + [one for one in statements if one not in made]


def corrections_by(room: Room, records: list[str]) -> dict[str, list[dict[str, Any]]]:
    """The logs of some records, oldest first, by their ids."""
    query = "SELECT * FROM corrections_v1 WHERE list_contains($ids::VARCHAR[], record_id) ORDER BY added_at, id"
    found: dict[str, list[dict[str, Any]]] = {}
    for row in room.ledger.query(query, {"ids": records}).to_pylist() if records and _corrected(room) else ():
        found.setdefault(row["record_id"], []).append(_dated(row))
    return found


def _common(record: dict[str, Any], log: list[dict[str, Any]], rejected: bool) -> dict[str, Any]:
    history = tuple(row for row in log if row["record_id"] == record["id"])
    active = [row for row in history if row["state"] == "active" and row["action"] != "undo"]
    return {
        "id": record["id"],
        "n": 0,
        "record": record,
        "rejected": rejected,
        "corrected": any(row["action"] == "set" for row in active),
        "accepted": any(row["action"] == "accept" for row in active),
        "history": history,
        "undo": active[-1]["id"] if active else None,
    }


def event_card(
    record: dict[str, Any],
    words: str,
    chain: tuple[str, ...],
    log: list[dict[str, Any]],
    *,
    rejected: bool = False,
) -> Card:
    """An event as a card, from its row, the words of its sentence, who tells it and the log."""
    first, last = record["sentence"]
    begin, end = record["trigger"]
    inside = first <= begin <= end <= last
    t, u = (begin - first, end - first) if inside else (len(words), len(words))
    return Card(
        kind="event",
        words=words,
        before=words[:t],
        trigger=words[t:u],
        after=words[u:],
        chain=chain,
        **_common(record, log, rejected),
    )


def card_of(one: Event | Statement, coding: Coding, log: list[dict[str, Any]], *, rejected: bool = False) -> Card:
    """A record as a card."""
    text = coding.report.text
    known = {statement.id: statement for statement in coding.statements}
    record = msgspec.to_builtins(one)
    if isinstance(one, Event):
        chain = tellers(one.account or "", known, coding.report.outlet)
        return event_card(record, text[slice(*one.sentence)], chain, log, rejected=rejected)
    depth, at, seen = 0, known.get(one.within or ""), {one.id}
    while at is not None and at.id not in seen:
        seen.add(at.id)
        depth, at = depth + 1, known.get(at.within or "")
    return Card(
        kind="statement",
        words=" … ".join(text[start:end] for start, end in one.content),
        trigger=text[slice(*one.cue)] if one.cue else "",
        chain=chain_of(one, coding),
        depth=depth,
        **_common(record, log, rejected),
    )


def _actors(coding: Coding) -> list[dict[str, Any]]:
    """The cast, most named first, each with the office held on that day."""
    mentions: dict[str, list[Any]] = {}
    for mention in coding.mentions:
        if mention.actor:
            mentions.setdefault(mention.actor, []).append(mention)
    made = []
    for actor in coding.actors:
        own = mentions.get(actor.id, [])
        best = next((one for one in own if one.office), own[0] if own else None)
        made.append(
            {
                "id": actor.id,
                "name": actor.name,
                "kind": actor.kind,
                "country": best.country if best else None,
                "sector": best.sector if best else None,
                "office": best.office if best else None,
                "office_status": best.office_status if best else None,
                "mentions": len(own),
            }
        )
    return sorted(made, key=lambda one: (-one["mentions"], one["name"]))


def _unresolved(coding: Coding) -> list[dict[str, Any]]:
    found: dict[str, int] = {}
    for mention in coding.mentions:
        if mention.actor is None and not mention.anonymous:
            found[mention.text] = found.get(mention.text, 0) + 1
    return [{"text": text, "times": times} for text, times in found.items()]


def codes() -> dict[str, list[str]]:
    """Values to choose from when a record is corrected."""
    from comity.codebook import codebook
    from comity.ledger.filters import VALUES

    book = codebook()
    return {
        "type": list(book.types),
        "status": list(VALUES["status"]),
        "scope": list(VALUES["scope"]),
        "account_party": list(VALUES["account_party"]),
        "contexts": list(book.contexts),
        "kind": list(VALUES["kind"]),
        "polarity": list(VALUES["polarity"]),
        "modality": list(VALUES["modality"]),
        "background": ["yes", "no"],
        "mutual": ["yes", "no"],
        "continued": ["yes", "no"],
        "mode": sorted({mode.name for one in book.types.values() for mode in one.modes}),
    }


def _events(reading: Reading) -> Table:
    columns = (
        "id",
        "date",
        "type",
        "mode",
        "status",
        "background",
        "source",
        "target",
        "told_by",
        "confidence",
        "sentence",
    )
    rows = []
    for card in reading.events:
        one = card.record
        source, target = ([party["name"] or party["country"] for party in one[side]] for side in ("source", "target"))
        rows.append(
            [one["id"], one["date"], one["type"], one["mode"], one["status"], one["background"], source, target,
             list(card.chain), one["confidence"], card.words]
        )  # fmt: skip
    return columns, rows


def _statements(reading: Reading) -> Table:
    columns = ("id", "date", "kind", "speakers", "via", "within", "cue", "content")
    rows = []
    for card in reading.statements:
        one = card.record
        speakers = [speaker["name"] or speaker["text"] for speaker in one["speakers"]]
        rows.append(
            [one["id"], one["date"], one["kind"], speakers, one["via"], one["within"], card.trigger, card.words]
        )
    return columns, rows


VIEWS = (
    View(
        path="/reports/{id:path}",
        name="report",
        summary="A report with its record, as corrected",
        make=show,
        response=ReportPage,
        forms=("json", "csv"),
        ids=(Param("id", "id of the report, or the beginning of it", example="demo-chn-rus-2022-09-15"),),
        params=(Param("record", "the record that the page opens at"),),
    ),
)
