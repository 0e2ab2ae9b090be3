"""One occurrence with all that is told of it: its life, its accounts side by side, who is silent, what is in conflict."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import msgspec

from comity.ledger.errors import AmbiguousId, UnknownId

if TYPE_CHECKING:
    import duckdb

SHORTEST_ID = 4

AROUND = 2
"""Days before the first and after the last report in which an outlet that publishes could have told of it."""

SILENT = 30
"""Most outlets that are named as silent."""


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """One telling of a happening: an event of a report."""

    event: str
    """Its id."""
    report: str
    copy_of: str | None
    """The report whose wording this report repeats: both count as one account."""
    title: str | None
    outlet: str | None
    outlet_country: str | None
    outlet_ownership: str | None
    published: str | None
    stage: str
    """announced | asked for | considered | held | cancelled | denied."""
    speakers: tuple[str, ...]
    """On whose word it rests; empty when the report itself asserts it."""
    via: tuple[str, ...]
    account_party: str | None
    type: str
    mode: str | None
    source: tuple[dict[str, Any], ...]
    target: tuple[dict[str, Any], ...]
    mutual: bool
    date: str | None
    date_precision: str | None
    place: dict[str, Any] | None
    size: dict[str, Any]
    words: str
    """The sentence."""


class Stage(msgspec.Struct, frozen=True, kw_only=True):
    """A stage in the life of a happening."""

    stage: str
    accounts: int
    """Independent reports that tell it; copies are folded."""
    first_published: str | None
    first_outlet: str | None
    first_event: str


class Conflict(msgspec.Struct, frozen=True, kw_only=True):
    """Something in which accounts differ: never averaged, each value with who tells it."""

    what: str
    """whether | parties | source | target | date | place | dead | injured | arrested | displaced | troops | money."""
    values: dict[str, tuple[str, ...]]
    """Each value to the events that tell it."""


class Occurrence(msgspec.Struct, frozen=True, kw_only=True):
    """One happening."""

    occurrence: dict[str, Any]
    """Its row in ``occurrences_v1``; `mentions` counts tellings, `reports` reports, `accounts` reports without copies."""
    life: tuple[Stage, ...]
    """Its stages, as they were first published."""
    accounts: tuple[Account, ...]
    """All tellings, the first published first."""
    conflicts: tuple[Conflict, ...]
    source_says: str | None
    """What the acting side itself says: asserts | denies | both; None: it is silent."""
    target_says: str | None
    silent_reports: tuple[str, ...]
    """Reports of the same stories that do not tell of it."""
    silent_outlets: tuple[tuple[str, int], ...]
    """Outlets that published in these days and do not tell of it, with their reports of these days."""


_ACCOUNTS = """
SELECT a.event_id AS event, a.report_id AS report, a.copy_of, r.title, a.outlet, a.outlet_country, a.outlet_ownership,
       a.published::VARCHAR AS published, a.stage, s.speakers, s.via, a.account_party, e.type, e.mode, e.source, e.target,
       e.mutual, e.date, e.date_precision, e.place, e.size, e.sentence[1] AS start,
       substring(r.text, e.sentence[1] + 1, e.sentence[2] - e.sentence[1]) AS words
FROM occurrence_accounts_v1 a
JOIN events_v1 e ON e.id = a.event_id AND e.report_id = a.report_id
JOIN reports_v1 r ON r.id = a.report_id
LEFT JOIN statements_v1 s ON s.report_id = a.report_id AND s.id = a.account
WHERE a.occurrence = $id
ORDER BY a.published NULLS LAST, a.report_id, start, a.event_id
"""

_SILENT_REPORTS = """
SELECT report_id FROM stories_v1
WHERE copy_of IS NULL AND story IN (SELECT story FROM occurrence_accounts_v1 WHERE occurrence = $id)
  AND report_id NOT IN (SELECT report_id FROM occurrence_accounts_v1 WHERE occurrence = $id)
ORDER BY report_id
"""

_SILENT_OUTLETS = """
SELECT outlet, count(*) AS reports FROM reports_v1
WHERE day BETWEEN $first::DATE - $around::INTEGER AND $last::DATE + $around::INTEGER AND outlet IS NOT NULL
  AND outlet NOT IN (SELECT outlet FROM occurrence_accounts_v1 WHERE occurrence = $id AND outlet IS NOT NULL)
GROUP BY outlet ORDER BY reports DESC, outlet LIMIT $most
"""


def occurrence(cursor: duckdb.DuckDBPyConnection, beginning: str) -> Occurrence:
    """See `Ledger.occurrence`."""
    id_ = find(cursor, beginning)
    row = _rows(cursor, "SELECT * FROM occurrences_v1 WHERE id = $id", {"id": id_})[0]
    accounts = tuple(_account(one) for one in _rows(cursor, _ACCOUNTS, {"id": id_}))
    silent = _rows(cursor, _SILENT_REPORTS, {"id": id_})
    outlets: list[dict[str, Any]] = []
    if row["first_reported"] is not None:
        span = {"first": str(row["first_reported"]), "last": str(row["last_reported"]), "around": AROUND}
        outlets = _rows(cursor, _SILENT_OUTLETS, {"id": id_, "most": SILENT, **span})
    return Occurrence(
        occurrence=row | {"place": row["place"], "contact": row["contact"]},
        life=tuple(life(accounts)),
        accounts=accounts,
        conflicts=tuple(conflicts(accounts)),
        source_says=row["source_says"],
        target_says=row["target_says"],
        silent_reports=tuple(one["report_id"] for one in silent),
        silent_outlets=tuple((one["outlet"], one["reports"]) for one in outlets),
    )


def find(cursor: duckdb.DuckDBPyConnection, beginning: str) -> str:
    """The id of the occurrence that an event with this id, or beginning of one, tells of."""
    text = beginning.strip()
    if len(text) < SHORTEST_ID:
        raise UnknownId(f"{beginning!r}: give at least {SHORTEST_ID} characters of the id")
    rows = cursor.execute(
        "SELECT event_id, occurrence FROM occurrence_accounts_v1 WHERE starts_with(event_id, ?) ORDER BY ALL", [text]
    ).fetchall()
    exact = [of for event, of in rows if event == text]
    found = sorted(set(exact or (of for _, of in rows)))
    if len(found) == 1:
        return str(found[0])
    if found:
        raise AmbiguousId(f"{text}: several occurrences have events that begin like this: {', '.join(found[:6])} …")
    there = cursor.execute(
        "SELECT background, origin FROM events_v1 WHERE starts_with(id, ?) LIMIT 1", [text]
    ).fetchall()
    if there and there[0][0]:
        raise UnknownId(f"{text}: this event is background: it tells of no particular happening")
    if there and there[0][1] != "comity":
        raise UnknownId(f"{text}: this event was imported from {there[0][1]}: it is a happening of its own")
    raise UnknownId(f"{text}: the ledger has no occurrence with this id; see: comity occurrences")


def _rows(cursor: duckdb.DuckDBPyConnection, query: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = cursor.execute(query, values).to_arrow_table().to_pylist()
    return rows


def _account(row: dict[str, Any]) -> Account:
    speakers = [one["name"] or one["text"] or "somebody unnamed" for one in row.pop("speakers") or ()]
    row["size"] = {name: _figure(value) for name, value in (row["size"] or {}).items() if value is not None}
    row.pop("start")
    return msgspec.convert(row | {"speakers": speakers, "via": row["via"] or ()}, Account)


def _figure(value: Any) -> Any:
    """A number that travels as a list of one; a range stays a list of two."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def life(accounts: Iterable[Account]) -> list[Stage]:
    """The stages that accounts tell, as they were first published."""
    told: dict[str, list[Account]] = {}
    for one in accounts:
        told.setdefault(one.stage, []).append(one)
    return [
        Stage(
            stage=stage,
            accounts=len({one.copy_of or one.report for one in tellings}),
            first_published=tellings[0].published,
            first_outlet=tellings[0].outlet,
            first_event=tellings[0].event,
        )
        for stage, tellings in told.items()
    ]


# --- conflicts -------------------------------------------------------------------------------------------------------


def conflicts(accounts: Iterable[Account]) -> list[Conflict]:
    """What accounts differ in, with each value that is told; as ``occurrences_v1.conflicts`` names them."""
    listed = list(accounts)
    mutual = any(one.mutual for one in listed)
    found = []
    names: dict[str, str] = {}
    for one in listed:
        if (place := _place(one)) and one.place:
            names.setdefault(place, one.place["text"])
    for what, value_of in _FACTS.items():
        if what in (("source", "target") if mutual else ("parties",)):
            continue
        values: dict[str, list[str]] = {}
        for one in listed:
            value = value_of(one)
            if value:
                values.setdefault(value, []).append(one.event)
        if len(values) > 1:
            told = {
                f"{names[value]} ({value})" if what == "place" else value: tuple(events)
                for value, events in values.items()
            }
            found.append(Conflict(what=what, values=told))
    return found


def _whether(one: Account) -> str | None:
    return {"held": "it took place", "denied": "it did not", "cancelled": "it did not"}.get(one.stage)


def _countries(parties: Iterable[dict[str, Any]]) -> list[str]:
    return sorted({party["country"] for party in parties if party["country"]})


def _parties(one: Account) -> str | None:
    sides = _countries([*one.source, *one.target])
    return ", ".join(sides) if len(sides) > 1 else None


def _source(one: Account) -> str | None:
    return ", ".join(_countries(one.source)) or None


def _target(one: Account) -> str | None:
    return ", ".join(_countries(one.target)) or None


def _date(one: Account) -> str | None:
    return one.date if one.date_precision == "day" else None


def _place(one: Account) -> str | None:
    if one.place is None or one.place["level"] not in ("city", "site", "feature") or not one.place["geonameid"]:
        return None
    return f"geonames {one.place['geonameid']}"


def _number(name: str) -> Callable[[Account], str | None]:
    def value_of(one: Account) -> str | None:
        value = one.size.get(name)
        if isinstance(value, dict):
            return f"{value['amount']:,.0f} {value['currency'] or ''}".strip()
        return None if value is None else "–".join(f"{n:,}" for n in (value if isinstance(value, list) else [value]))

    return value_of


_FACTS: dict[str, Callable[[Account], str | None]] = {
    "whether": _whether,
    "parties": _parties,
    "source": _source,
    "target": _target,
    "date": _date,
    "place": _place,
    **{name: _number(name) for name in ("dead", "injured", "arrested", "displaced", "troops", "money")},
}
