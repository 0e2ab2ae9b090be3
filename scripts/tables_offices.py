"""Persons and their offices, out of the claims that the sources make.

A row of `tables/offices.tsv` is a claim: one source says that one person held one office for one interval. Claims about
the same office of the same person become one interval; holders of an office that one person holds at a time are put end
to end.
"""

from __future__ import annotations

import heapq
import itertools
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from table_files import Row, TableError, fold, module, position, position_rules, values
from tables_check import day
from tables_spellings import Spellings

NAME, WEAK = (getattr(module("actors/tables.py"), bit) for bit in ("NAME", "WEAK"))

HANDOVER = 31
"""Days by which two sources may differ on a handover: a shorter overlap is cut where the later one starts."""

SAME_START = 60
"""Days within which two claims of an office under names that share two words are taken for one person's."""

FAR = date.max.toordinal()

_TRUST = {"wikidata-officeholders": 1, "wikidata-ministers": 1, "wikidata-heads": 0, "cia-factbook": 2}
"""Which source's dates win where several speak of one office; all others, above all curated rows, win over these."""


def trust(source: str) -> int:
    """How much the dates of a source count against those of another; 3 is the most."""
    return _TRUST.get(source, 3)


@dataclass
class Claim:
    """One office of one person, with the interval that the sources give together."""

    country: str
    title: str
    key: str
    sector: str
    level: str
    start: int
    end: int
    vague: bool
    """The start is known by year or month only."""
    asof: int
    source: str
    status: str
    trust: int

    @property
    def last(self) -> int:
        return self.end or FAR


@dataclass
class Person:
    """A person with all forms of the name and all offices."""

    id: str
    name: str
    country: str
    wikidata: str = ""
    gender: str = ""
    names: dict[str, int] = field(default_factory=dict)
    """Name forms to their kind bits."""
    claims: list[Claim] = field(default_factory=list)


def claim_of(row: Row, rule: Row) -> Claim:
    key = rule["key"]
    if key == "=":
        key = "=" + fold(row["office"]).lower()
    plain = row["source"].startswith(("wikidata", "cia")) and not re.match(
        "(?:Acting|Interim|Caretaker|Transition)", row["office"]
    )
    title = rule["office"] if rule["office"] and plain else row["office"]
    return Claim(
        row["country"],
        title,
        key,
        row["sector"] or ("IGO" if row["country"].startswith("IGO:") else rule["sector"]),
        row["level"] or rule["level"],
        day(row["start"]),
        day(row["end"], True),
        len(row["start"]) < 10,
        day(row["asof"], True),
        row["source"],
        row["status"],
        trust(row["source"]),
    )


def merged(claims: list[Claim]) -> list[Claim]:
    """Claims of one person about one office, each stretch of time once.

    Claims that overlap or follow each other within `HANDOVER` days are one stretch. Its dates are those of the most
    trusted claim that has them by day; an explicit end wins over an open one that was made before it.
    """
    claims = sorted(claims, key=lambda c: (c.start, c.last, -c.trust))
    out: list[Claim] = []
    for claim in claims:
        known = out[-1] if out else None
        if known is None or not (claim.start <= (known.end or FAR) + HANDOVER or not claim.start):
            out.append(claim)
            continue
        out[-1] = join(known, claim)
    return out


def join(a: Claim, b: Claim) -> Claim:
    better, other = (a, b) if (a.trust, a.asof) >= (b.trust, b.asof) else (b, a)
    starts = [c for c in (better, other) if c.start]
    exact = [c for c in starts if not c.vague] or starts
    start = exact[0].start if exact else 0
    if a.end and b.end and a.end < b.start:  # two terms without a break
        start, end = a.start, b.end
    elif better.end:
        end = better.end
        if not other.end and other.asof > better.end + HANDOVER and other.trust >= better.trust:
            end = 0
    else:
        end = other.end if other.end >= better.asof else 0
    sources = list(dict.fromkeys([*values(better.source), *values(other.source)]))
    return Claim(
        better.country,
        better.title,
        better.key,
        better.sector,
        better.level,
        start,
        end,
        all(c.vague for c in exact),
        max(a.asof, b.asof),
        ";".join(sources[:3]),
        "verified" if "verified" in (a.status, b.status) else "unverified",
        better.trust,
    )


def in_turn(holders: list[tuple[Person, Claim]]) -> list[tuple[Person, Claim]]:
    """Holders of an office that one person holds at a time, without overlaps, by start.

    An open end is closed by the next holder; a handover that sources date differently is cut at the next start; of two
    that overlap for longer the less trusted gives way, a shorter term inside a longer one splits it.
    """
    order = itertools.count()
    rest = [(c.start, -c.trust, -c.last, next(order), p, c) for p, c in holders if c.start]
    heapq.heapify(rest)
    out: list[tuple[Person, Claim]] = []
    while rest:
        *_, person, claim = heapq.heappop(rest)
        while out:
            before_person, before = out[-1]
            if before_person is person or before.last < claim.start:
                break
            weaker = claim.trust < before.trust
            if claim.start == before.start or (weaker and not before.end and claim.start <= before.asof):
                claim.end = -1  # told less well, or by a set that a better one contradicts
            elif not before.end:
                if claim.start - before.start < HANDOVER and claim.trust > before.trust:
                    out.pop()
                    continue
                before.end = claim.start - 1
            elif before.end - claim.start <= HANDOVER or (claim.last >= before.end and not weaker):
                before.end = claim.start - 1
            elif claim.last >= before.end:
                later = replace(claim, start=before.end + 1)
                heapq.heappush(rest, (later.start, -later.trust, -later.last, next(order), person, later))
                claim.end = -1
            elif weaker:
                claim.end = -1
            else:  # a shorter term inside a longer one
                tail = replace(before, start=claim.last + 1)
                heapq.heappush(rest, (tail.start, -tail.trust, -tail.last, next(order), before_person, tail))
                before.end = claim.start - 1
            break
        if claim.last >= claim.start:
            out.append((person, claim))
    return out


_CONTINUED = {"SUN": "RUS", "CSK": "CZE", "YUG": "SRB", "SCG": "SRB", "DDR": "DEU"}
"""States whose persons go on as persons of another: one name in both is one person."""


def home(country: str) -> str:
    """The state within which a name tells one person: that of a group, the successor of a state that ended."""
    country = country.rsplit("@", 1)[-1]
    return _CONTINUED.get(country, country)


class Roster:
    """Who is who: persons by the names, places and offices that claims know them by."""

    def __init__(self, spellings: Spellings) -> None:
        self.spellings = spellings
        self.people: dict[str, Person] = {}
        self.by_name: dict[tuple[str, str], list[Person]] = defaultdict(list)
        """State and name key to persons."""
        self.everywhere: dict[str, list[Person]] = defaultdict(list)
        """Name key to persons."""
        self.by_office: dict[tuple[str, str], list[tuple[Person, Claim]]] = defaultdict(list)

    def known_as(self, person: Person, names: Iterable[str], country: str) -> None:
        """Note the names of a person; "~" marks those that are used only where no other bearer is about."""
        for name in names:
            bare = name.lstrip("~")
            if bare not in person.names and fold(bare) not in {fold(n) for n in person.names}:
                person.names[bare] = NAME | (WEAK if name.startswith("~") else 0)
            if not name.startswith("~"):
                key = self.spellings.key(name)
                for bearers in (self.by_name[home(country), key], self.everywhere[key]):
                    if person not in bearers:
                        bearers.append(person)

    def enter(self, identity: tuple[str, ...], rows: list[Row], claims: list[Claim]) -> None:
        """Take in all claims about one Wikidata item, or about one name within one state."""
        names = list(dict.fromkeys(n for row in rows for n in [row["person"], *values(row["aliases"])]))
        person = None
        if len(identity) == 2:
            person = next((p for c in claims if (p := self.same(names, c))), None)
        main = max(rows, key=lambda r: (trust(r["source"]), r["source"] == "comity"))
        if person is None:
            slug = re.sub(r"[^a-z0-9]+", "-", fold(main["person"]).lower()).strip("-")
            wikidata = identity[0] if len(identity) == 1 and identity[0].startswith("Q") else ""
            number = wikidata or f"person:{slug}@{home(main['country']).removeprefix('IGO:')}"
            person = self.people.setdefault(number, Person(number, main["person"], main["country"], wikidata))
        if trust(main["source"]) == 3 and not main["source"].startswith(("ifg", "us-")):
            person.name = main["person"]
        for row, claim in zip(rows, claims):
            self.known_as(person, [row["person"], *values(row["aliases"])], row["country"])
            person.claims.append(claim)
            if claim.key:
                self.by_office[row["country"], claim.key].append((person, claim))

    def same(self, names: list[str], claim: Claim) -> Person | None:
        """The known person whom a claim without a Wikidata number is about, if any."""
        keys = [self.spellings.key(n) for n in names if not n.startswith("~")]
        found = {p.id: p for key in keys for p in self.by_name.get((home(claim.country), key), [])}
        if not found and claim.country.startswith("IGO:"):
            found = {b[0].id: b[0] for key in keys if len(b := self.everywhere.get(key, [])) == 1}
        if not found:
            found = {p.id: p for k in keys for p in self.everywhere.get(k, []) if p.country.startswith("IGO:")}
        if len(found) > 1 and claim.key:
            held = {p.id: p for p, _ in self.by_office.get((claim.country, claim.key), []) if p.id in found}
            found = held or found
        if found:
            return min(found.values(), key=lambda p: (min(abs(c.start - claim.start) for c in p.claims), p.id))
        words = {w for key in keys for w in key.split() if len(w) > 2}
        for person, other in self.by_office.get((claim.country, claim.key), []) if claim.key else []:
            apart = abs(other.start - claim.start)
            if apart <= (400 if claim.vague or other.vague else SAME_START):
                shared = words & {w for n in person.names for w in self.spellings.key(n).split()}
                if len(shared) > 1 or (apart <= 10 and max(map(len, shared), default=0) > 4):
                    return person
        return None


def persons(tables: dict[str, list[Row]], spellings: Spellings) -> list[Person]:
    """All persons with their offices, by id. Raises `TableError` when `persons.tsv` names one without an office."""
    rules, roster = position_rules(), Roster(spellings)
    together: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in tables["offices"]:
        name = (home(row["country"]), spellings.key(row["person"]))
        together[(row["wikidata"],) if row["wikidata"] else name].append(row)

    def order(group: tuple[tuple[str, ...], list[Row]]) -> tuple[int, bool, tuple[str, ...]]:
        # numbered persons first, so that the others can join them; the Factbook last, its names are the least usual
        identity, rows = group
        return len(identity), all(r["source"] == "cia-factbook" for r in rows), identity

    for identity, rows in sorted(together.items(), key=order):
        claims = [claim_of(row, position(row["office"], row["country"], rules)) for row in rows]
        roster.enter(identity, rows, claims)
    for row in tables["persons"]:
        bearers = roster.by_name.get((home(row["country"]), spellings.key(row["name"])), [])
        found = [p for p in bearers if row["wikidata"] in ("", p.wikidata)]
        if not found:
            who = f"{row['name']} ({row['country']})"
            raise TableError(f"tables/persons.tsv: {who} holds no office in offices.tsv; add one, or mend the name")
        person = min(found, key=lambda p: (-rank(p), p.id))
        roster.known_as(person, values(row["aliases"]), row["country"])
        person.gender = row["gender"] or person.gender
    people = sorted(roster.people.values(), key=lambda p: p.id)
    for person in people:
        groups: dict[tuple[str, str], list[Claim]] = defaultdict(list)
        for claim in person.claims:
            groups[claim.country, claim.key or fold(claim.title).lower().replace("-", " ")].append(claim)
        person.claims = [claim for group in groups.values() for claim in merged(group)]
    take_turns(people, {(r["country"], r["key"]) for r in tables["several_holders"]})
    for person in people:
        person.claims = [p for claim in person.claims for p in levelled(claim, tables["leading_offices"])]
        person.claims.sort(key=lambda c: (c.start, c.last, c.title, c.country))
    return [person for person in people if person.claims]


def take_turns(people: list[Person], several: set[tuple[str, str]]) -> None:
    """Put the holders of every office that one person holds in turn."""
    holders: dict[tuple[str, str], list[tuple[Person, Claim]]] = defaultdict(list)
    for person in people:
        for claim in person.claims:
            if claim.key and (claim.country, claim.key) not in several and "deputy" not in claim.title.lower():
                holders[claim.country, claim.key].append((person, claim))
    for (country, key), group in holders.items():
        for person, _ in group:
            person.claims = [c for c in person.claims if (c.country, c.key) != (country, key) or not c.start]
        for person, claim in in_turn(group):
            person.claims.append(claim)


def levelled(claim: Claim, leading: list[Row]) -> list[Claim]:
    """A claim with the level that its office has in its state, in parts where that changes with time."""
    parts = [claim]
    for row in leading:
        if row["country"] != claim.country or row["key"] != claim.key:
            continue
        start, end = day(row["start"]), day(row["end"], True) or FAR
        split = []
        for part in parts:
            a, b = max(part.start, start), min(part.last, end)
            if a > b or part.level == row["level"]:
                split.append(part)
                continue
            if part.start < a:
                split.append(replace(part, end=a - 1))
            split.append(replace(part, start=a, end=b if b < part.last else part.end, level=row["level"]))
            if b < part.last:
                split.append(replace(part, start=b + 1))
        parts = split
    return parts


def rank(person: Person) -> int:
    """How well known a person is: the best level of all offices."""
    order = ["top leader", "head of government", "deputy head", "minister", "spokesperson"]
    return max((len(order) - order.index(c.level) for c in person.claims if c.level in order), default=0)
