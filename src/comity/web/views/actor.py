"""Actors: who is named, which offices they held, what they said and did, and with whom they met."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import msgspec
import pyarrow.compute as pc

from comity.web.answering import Answer, Table
from comity.web.asking import Ask, BadAsk, NotFound
from comity.web.view import Param, View

if TYPE_CHECKING:
    from comity.web.app import Room

SHOWN = 60
RECENT = 12
"""Statements and events shown; all of them stand in their lists."""

NAMES = 12
"""Names by which an actor is called, the most frequent ones."""

READ = 3000
"""Newest events of an actor from which its counterparts are counted."""


class ActorRow(msgspec.Struct, frozen=True, kw_only=True):
    """One actor of the ledger."""

    id: str
    name: str
    kind: str
    reports: int
    """Reports that name it."""


class Actors(msgspec.Struct, frozen=True, kw_only=True):
    """Actors of the ledger, those of most reports first."""

    restated: str
    actors: list[ActorRow]
    next: str | None


class Office(msgspec.Struct, frozen=True, kw_only=True):
    """An office as the actor tables have it."""

    title: str
    country: str
    sector: str
    level: str
    start: str | None
    """None: as far back as the source goes."""
    end: str | None
    """None: open when the source was made."""
    as_of: str | None
    """Day of the source."""
    checked: bool


class Counterpart(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody whom the actor met, telephoned or wrote to."""

    name: str
    id: str | None
    country: str | None
    times: int
    channels: list[str]
    last: str | None


class ActorPage(msgspec.Struct, frozen=True, kw_only=True):
    """One actor."""

    id: str
    name: str
    kind: str
    wikidata: str | None
    country: str | None
    reports: int
    offices: list[Office]
    names: list[tuple[str, int]]
    """How the reports call it, most frequent first."""
    statements: int
    events: int
    types: list[tuple[str, int]]
    """Events with it as source or target, by type."""
    contacts: list[Counterpart]
    read: int
    """Newest events of direct exchange from which the contacts were counted."""


def index(room: Room, ask: Ask) -> Answer:
    ask.need_only("q", "kind", "after", "limit", "panel")
    words, kind = ask.one("q"), ask.one("kind")
    limit = ask.number("limit", SHOWN, 1, 200)
    tests: list[str] = ["TRUE"]
    values: list[Any] = []
    if words:
        tests.append("contains(lower(name), lower(?))")
        values.append(words)
    if kind:
        tests.append("kind = ?")
        values.append(kind)
    having = "TRUE"
    after = ask.one("after")
    if after:
        match = re.fullmatch(r"(\d{1,9}):(.+)", after, re.ASCII)
        if not match:
            raise BadAsk(f"after: {after!r} is not the end of a page of actors (NUMBER:ID)")
        having = "(reports < ? OR reports = ? AND id > ?)"
        values += [int(match[1]), int(match[1]), match[2]]
    query = (
        "SELECT * FROM (SELECT id, min(name) AS name, min(kind) AS kind, count(*) AS reports FROM actors_v1 "  # noqa: S608
        f"WHERE {' AND '.join(tests)} GROUP BY id) WHERE {having} ORDER BY reports DESC, id LIMIT {limit}"
    )
    rows = [ActorRow(**row) for row in room.ledger.query(query, values).to_pylist()]
    said = "Actors" + (f" of kind {kind}" if kind else "") + (f" whose name contains “{words}”" if words else "")
    next_ = ask.url("json", after=f"{rows[-1].reports}:{rows[-1].id}") if len(rows) == limit else None
    data = Actors(restated=said + ", those of most reports first.", actors=rows, next=next_)
    return Answer(
        template="actors.html",
        title="Actors",
        data=data,
        more={"kinds": _kinds(room), "next_page": next_.replace(".json", "", 1) if next_ else None},
        tables={
            "actors": lambda: (("id", "name", "kind", "reports"), [(a.id, a.name, a.kind, a.reports) for a in rows])
        },
    )


def _kinds(room: Room) -> list[str]:
    query = "SELECT DISTINCT kind FROM actors_v1 ORDER BY kind"
    kinds: list[str] = room.source.once("kinds", lambda: room.ledger.query(query)["kind"].to_pylist())
    return kinds


def show(room: Room, ask: Ask) -> Answer:
    ask.need_only("panel")
    data, said, done = room.source.once(("actor", ask.params["id"]), lambda: _page(room, ask.params["id"]))
    return Answer(
        template="actor.html",
        title=data.name,
        data=data,
        more={"said": said, "done": done},
        tables={"contacts": lambda: _contacts(data), "offices": lambda: _offices(data)},
    )


def _page(room: Room, id: str) -> tuple[ActorPage, list[dict[str, Any]], list[dict[str, Any]]]:
    ledger = room.ledger
    query = (
        "SELECT id, min(name) AS name, min(kind) AS kind, min(wikidata) AS wikidata, "
        "count(*) AS reports FROM actors_v1 WHERE id = ? GROUP BY id"
    )
    found = ledger.query(query, [id]).to_pylist()
    if not found:
        raise NotFound(f"{id}: no report of this ledger names an actor with this id; see /actors")
    one = found[0]
    called = ledger.called(id).to_pylist()
    names = _most(called, "text")
    countries = _most(called, "country")
    did = ledger.of_actor("events", id, columns=[*_DID])
    told = ledger.of_actor("statements", id, columns=["id"])
    done = ledger.records("events", did["id"][:RECENT].to_pylist(), columns=[*_DONE]).to_pylist()
    said = ledger.records("statements", told["id"][:RECENT].to_pylist(), columns=[*_SAID]).to_pylist()
    types = Counter(did["type"].to_pylist())
    held = pc.and_(pc.is_valid(did["contact"]), pc.equal(did["status"], "actual"))
    met = did.filter(held)[:READ].to_pylist()
    page = ActorPage(
        id=one["id"],
        name=one["name"],
        kind=one["kind"],
        wikidata=one["wikidata"],
        country=countries[0][0] if countries else None,
        reports=one["reports"],
        offices=offices_of(one["name"], id),
        names=names[:NAMES],
        statements=told.num_rows,
        events=did.num_rows,
        types=sorted(types.items(), key=lambda item: (-item[1], item[0]))[:16],
        contacts=counterparts(met, id),
        read=len(met),
    )
    return page, said, done


def _most(rows: list[dict[str, Any]], column: str) -> list[tuple[str, int]]:
    """Values with the number of mentions, most frequent first."""
    numbers: Counter[str] = Counter()
    for row in rows:
        if row[column] is not None:
            numbers[row[column]] += row["number"]
    return sorted(numbers.items(), key=lambda item: (-item[1], item[0].encode()))


_DID = ("id", "type", "status", "date", "source", "target", "contact")
_DONE = (
    *("id", "date", "date_precision", "date_end", "type", "mode", "quad", "status", "background", "mutual", "source"),
    *("target", "report_id", "origin", "outlet", "published", "words"),
)
_SAID = ("id", "report_id", "date", "date_precision", "kind", "channel", "outlet", "published", "words")


def offices_of(name: str, id: str) -> list[Office]:
    """An actor's offices by the actor tables, oldest first."""
    from comity.actors.who import who

    one = next((found for found in who(name) if found.id == id), None)
    if one is None:
        return []
    made = [
        Office(
            title=held.title,
            country=held.country,
            sector=held.sector,
            level=held.level,
            start=held.start,
            end=held.end,
            as_of=held.as_of,
            checked=held.checked,
        )
        for held in one.offices
    ]
    return sorted(made, key=lambda office: (office.start or "", office.end or "9999", office.title))


def counterparts(rows: list[dict[str, Any]], id: str) -> list[Counterpart]:
    """With whom an actor was in direct exchange, most often first."""
    times: Counter[str] = Counter()
    facts: dict[str, dict[str, Any]] = {}
    for row in rows:
        sides = [row["source"] or [], row["target"] or []]
        own = [any(party["actor"] == id for party in side) for side in sides]
        others = [party for side, mine in zip(sides, own) if not mine for party in side]
        for party in others:
            name = party["name"] or party["text"] or party["country"]
            if not name or party["actor"] == id:
                continue
            key = party["actor"] or name
            times[key] += 1
            fact = facts.setdefault(
                key, {"name": name, "id": party["actor"], "country": party["country"], "channels": [], "last": None}
            )
            if row["contact"]["channel"] not in fact["channels"]:
                fact["channels"].append(row["contact"]["channel"])
            if row["date"] and (fact["last"] is None or row["date"] > fact["last"]):
                fact["last"] = row["date"]
    return [Counterpart(times=number, **facts[key]) for key, number in times.most_common(40)]


def _contacts(data: ActorPage) -> Table:
    columns = ("name", "id", "country", "times", "channels", "last")
    return columns, [(c.name, c.id, c.country, c.times, c.channels, c.last) for c in data.contacts]


def _offices(data: ActorPage) -> Table:
    columns = ("title", "country", "sector", "level", "start", "end", "as_of", "checked")
    return columns, [(o.title, o.country, o.sector, o.level, o.start, o.end, o.as_of, o.checked) for o in data.offices]


VIEWS = (
    View(
        path="/actors",
        name="actors",
        summary="Actors that the reports name, those of most reports first",
        make=index,
        response=Actors,
        forms=("json", "csv"),
        params=(
            Param("q", "part of the name", example="wang"),
            Param(
                "kind", "person, state, organ, igo, ngo, group, party, medium, population or other", example="person"
            ),
            Param("after", "the page after this actor (NUMBER:ID)"),
            Param("limit", "actors of a page", "integer", least=1, most=200, example=SHOWN),
        ),
    ),
    View(
        path="/actors/{id:path}",
        name="actor",
        summary="An actor: offices over time, statements, events, contacts",
        make=show,
        response=ActorPage,
        forms=("json", "csv"),
        ids=(Param("id", "id of the actor", example="Q7747"),),
    ),
)
