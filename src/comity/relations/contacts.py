"""Contacts: who of two states met, called, wrote to or hosted whom, level against level, and how long ago."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Any

import msgspec

from comity.relations.choice import Choice, choose, restate
from comity.relations.errors import BadChoice
from comity.relations.told import counted, need_party, resolve, span_of_reports, words_of

if TYPE_CHECKING:
    from comity.ledger import Ledger

LEVELS = (
    *("top leader", "head of government", "deputy head", "minister", "deputy minister", "envoy", "ambassador"),
    *("spokesperson", "parliament", "party", "military", "agency", "other"),
)
"""From the highest office to the furthest from the executive, as `Contact` has them."""

NOT_NAMED = "level not given"
"""The report names a state or an office whose level is not known."""

STANDINGS = ("held", "planned", "asked for", "refused", "cancelled", "denied", "considered")
"""What became of a contact; only what was held fills the matrix."""

_STANDING = {
    "intended": "planned",
    "requested": "asked for",
    "hypothetical": "considered",
    "negated": "cancelled",
    "denied": "denied",
}
_FINAL = {standing: n for n, standing in enumerate(("held", "cancelled", "refused", "denied", "planned", "asked for"))}
"""Which of several accounts of one contact says what became of it: what was held was held, whatever was planned."""


class Contact(msgspec.Struct, frozen=True, kw_only=True):
    """One direct exchange, however many reports tell it."""

    id: str
    """Of the event that tells it best."""
    day: date
    date: str
    """As precisely as it is known."""
    date_precision: str | None
    standing: str
    """One of `STANDINGS`."""
    channel: str
    """in-person | phone | video | letter | message | summit | visit."""
    setting: str | None
    """bilateral | multilateral | third-party."""
    type: str
    a_level: str
    """Of `LEVELS`, or `NOT_NAMED`."""
    b_level: str
    a_who: str
    """Names, as the report gives them."""
    b_who: str
    from_: str | None = msgspec.field(name="from")
    """Who called, wrote, or paid the visit (a code); None where it was mutual."""
    place: str | None
    purpose: tuple[str, ...]
    """Contexts of the event."""
    reports: int
    events: tuple[str, ...]
    """Ids of all events that tell it, the best first."""
    evidence: dict[str, Any]
    """The best of them, with title and words."""


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """Contacts of one level with one level."""

    a_level: str
    b_level: str
    number: int
    first: date
    last: date
    last_id: str
    days_since: int
    """From the last contact to the end of the time that is looked at."""
    usual_gap: float | None
    """Median days between two contacts; None where there were fewer than three."""
    channels: dict[str, int]


class Contacts(msgspec.Struct, frozen=True, kw_only=True):
    """The contacts of two states."""

    a: str
    b: str
    choice: str
    since: date
    until: date
    """End of the time that is looked at: gaps are counted to here."""
    notes: tuple[str, ...]
    held: tuple[Contact, ...]
    """Newest first."""
    others: tuple[Contact, ...]
    """Planned, asked for, refused, cancelled, denied: newest first."""
    matrix: tuple[Cell, ...]
    """Only levels that met, highest first."""
    channels: dict[str, int]
    settings: dict[str, int]
    places: dict[str, int]


_SELECT = """
SELECT id, unit, way, day_first, report_id, coalesce(copy_of, report_id) AS told_by, status, type, mode, confidence
FROM counted WHERE contact IS NOT NULL OR type = 'REJECT' AND mode = 'meet' OR type = 'REQUEST' AND mode = 'meet'
ORDER BY day_first, id
"""


def contacts(ledger: Ledger, a: str, b: str, *, choice: Choice | None = None, **options: Any) -> Contacts:
    """The direct exchanges of two parties (codes or names of states), from events of any type.

    `options`: those of `Choice`. Several accounts of one happening are one contact. Raises `BadChoice`, `LedgerError`.
    """
    resolved = resolve(ledger, choice or choose(**options))
    settled = resolved.choice
    if settled.origin != "comity":
        raise BadChoice(f"events of {settled.origin} do not say who met whom, at what level and by which channel")
    a, b = need_party(a), need_party(b)
    if a == b:
        raise BadChoice(f"contacts are of two parties, and both are {a}")
    span = span_of_reports(ledger, settled)
    if span is None:
        raise BadChoice("the ledger has no dated reports")
    from comity.ledger.filters import period

    since = period(settled.since)[0] if settled.since else span[0]
    until = min(period(settled.until)[1], span[1]) if settled.until else span[1]
    # Each telling is looked at; those of one happening are put together below.
    rows = counted(ledger, settled, _SELECT, pair=(a, b), status=None, where=["day_first IS NOT NULL"]).to_pylist()
    known = words_of(ledger, [row["id"] for row in rows])
    found = [_contact(a, b, told, known) for told in _together(rows).values()]
    held = sorted((one for one in found if one.standing == "held" and one.day <= until), key=_newest)
    others = sorted((one for one in found if one.standing != "held"), key=_newest)
    return Contacts(
        a=a, b=b, choice=restate(settled), since=since, until=until, notes=resolved.notes, held=tuple(held),
        others=tuple(others), matrix=tuple(matrix(held, until)), channels=_counts(one.channel for one in held),
        settings=_counts(one.setting or "not given" for one in held),
        places=_counts(one.place for one in held if one.place),
    )  # fmt: skip


def _newest(one: Contact) -> tuple[int, str]:
    return -one.day.toordinal(), one.id


def _together(rows: Iterable[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    told: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        told[row["unit"]].append(row)
    return told


def standing(type_: str, mode: str | None, status: str) -> str:
    """What an account says became of a contact."""
    if status != "actual":
        return _STANDING[status]
    if mode == "meet":
        return {"REJECT": "refused", "REQUEST": "asked for"}.get(type_, "held")
    return "held"


def _contact(a: str, b: str, told: Sequence[Mapping[str, Any]], known: Mapping[str, Mapping[str, Any]]) -> Contact:
    def rank(row: Mapping[str, Any]) -> tuple[Any, ...]:
        event = known[row["id"]]
        contact = event["contact"] or {}
        became = _FINAL.get(standing(row["type"], row["mode"], row["status"]), len(_FINAL))
        levels = sum(contact.get(f"{side}_level") not in (None, "other") for side in ("source", "target"))
        dated = event["date_precision"] == "day"
        return became, -levels, not dated, -(row["confidence"] or 0.0), row["id"]

    ordered = sorted(told, key=rank)
    best = ordered[0]
    event = known[best["id"]]
    contact = event["contact"] or {}
    became = standing(best["type"], best["mode"], best["status"])
    side_a = _sides(event, a, b)[0]
    accounts = [known[row["id"]] for row in ordered if standing(row["type"], row["mode"], row["status"]) == became]
    a_level, a_who = _named(accounts, a, b, 0)
    b_level, b_who = _named(accounts, a, b, 1)
    return Contact(
        id=best["id"], day=best["day_first"], date=event["date"], date_precision=event["date_precision"],
        standing=became, channel=contact.get("channel") or "in-person", setting=contact.get("setting"), type=event["type"],
        a_level=a_level, b_level=b_level, a_who=a_who, b_who=b_who,
        from_=None if event["mutual"] or best["way"] == 2 else (a if side_a == "source" else b),
        place=next((_place(one["place"]) for one in accounts if one["place"]), None),
        purpose=tuple(dict.fromkeys(context for one in accounts for context in one["contexts"] or ())),
        reports=len({row["told_by"] for row in told}), events=tuple(row["id"] for row in ordered), evidence=dict(event),
    )  # fmt: skip


def _place(text: str) -> str:
    """A place from a dateline without its capitals."""
    return text.title() if text.isupper() and len(text) > 3 else text


def _named(accounts: Sequence[Mapping[str, Any]], a: str, b: str, which: int) -> tuple[str, str]:
    """Level and names of one side, from the first account that gives its level."""
    code = (a, b)[which]
    for event in accounts:
        side = _sides(event, a, b)[which]
        level = _level(event, side, code)
        if level != NOT_NAMED:
            return level, _who(event[side], code)
    return NOT_NAMED, _who(accounts[0][_sides(accounts[0], a, b)[which]], code)


def _sides(event: Mapping[str, Any], a: str, b: str) -> tuple[str, str]:
    """On which sides of the event the two stand."""
    here = {side: {party["country"] for party in event[side]} for side in ("source", "target")}
    if a in here["source"] and b in here["target"]:
        return "source", "target"
    if a in here["target"] and b in here["source"]:
        return "target", "source"
    return ("source", "target") if any(a in str(code) for code in here["source"]) else ("target", "source")


def _level(event: Mapping[str, Any], side: str, code: str) -> str:
    """The level of a side; the record has that of its first party, which may be another state's."""
    parties = event[side]
    first = parties[0]["country"] if parties else None
    if not event["contact"] or (first != code and not str(first).endswith(f"@{code}")):
        return NOT_NAMED
    return event["contact"][f"{side}_level"] or NOT_NAMED


def _who(parties: Iterable[Mapping[str, Any]], code: str) -> str:
    own = [party for party in parties if party["country"] == code or str(party["country"]).endswith(f"@{code}")]
    return ", ".join(dict.fromkeys(party["name"] or party["text"] or party["country"] for party in own)) or code


def matrix(held: Iterable[Contact], until: date) -> list[Cell]:
    """Level against level: how many contacts, when last, how long ago, and how far apart they usually are."""
    cells: dict[tuple[str, str], list[Contact]] = defaultdict(list)
    for one in held:
        cells[one.a_level, one.b_level].append(one)
    made = []
    order = {level: n for n, level in enumerate((*LEVELS, NOT_NAMED))}
    for (a_level, b_level), of in sorted(cells.items(), key=lambda item: (order[item[0][0]], order[item[0][1]])):
        days = sorted(one.day for one in of)
        last = max(of, key=lambda one: (one.day, one.id))
        steps = [(after - before).days for before, after in pairwise(days)]
        made.append(
            Cell(
                a_level=a_level, b_level=b_level, number=len(of), first=days[0], last=days[-1], last_id=last.id,
                days_since=(until - days[-1]).days, usual_gap=float(median(steps)) if len(steps) >= 2 else None,
                channels=_counts(one.channel for one in of),
            )
        )  # fmt: skip
    return made


def _counts(values: Iterable[str]) -> dict[str, int]:
    """Numbers by value, most frequent first."""
    found = Counter(values)
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))
