"""Do codes hang on the wording? Pairs of texts that tell the same, and texts that differ in a state's name only.

`tests/test_trust_stability.py --write` puts the figures into `docs/stability.md`. All sentences are our own.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import permutations
from pathlib import Path
from typing import NamedTuple

from comity import Coder
from comity.records import Coding, Event, Party, Report

DATA = Path(__file__).parent / "data"
DAY = "2024-05-07"

PAIRS = (("Norway", "Kenya"), ("Chad", "Niger"), ("the Netherlands", "Peru"), ("India", "Brazil"), ("China", "Japan"))
"""States that fill the clauses, each pair in both orders: far and near, large and small, with and without an article."""

ISO3 = dict(
    zip(
        (name for pair in PAIRS for name in pair),
        ["NOR", "KEN", "TCD", "NER", "NLD", "PER", "IND", "BRA", "CHN", "JPN"],
    )
)

IRRELEVANT = (
    "The weather was mild in the north of the island.",
    "A spokeswoman for the museum opened a new exhibition of glass.",
    "Ticket prices rose by three percent.",
    "The orchestra played until late in the evening.",
)
"""Sentences that name no state and tell of nothing between states."""

ORDERS = (
    ("{S} on Monday.", "On Monday, {S}."),
    ("{S} after the harvest had begun.", "After the harvest had begun, {S}."),
    ("{S} because prices had risen.", "Because prices had risen, {S}."),
    ("{S} while rain fell on the coast.", "While rain fell on the coast, {S}."),
)

CROWD = ("{S} while crowds filled the streets.", "While crowds filled the streets, {S}.")
"""The same with a party that belongs to no named state: whose crowd it is, and against whom, is left to guess."""


class Clause(NamedTuple):
    """A row of `data/stability_clauses.tsv`."""

    id: str
    type: str
    active: str
    passive: str
    synonym: str
    perfect: str
    future: str


class Pair(NamedTuple):
    """Two texts with the keys that both must have: the second's are turned by `back` before they are compared."""

    kind: str
    clause: str
    one: str
    other: str
    swapped: tuple[str, str] | None = None
    """The codes of the two states that have changed places."""
    planned: bool = False


def clauses() -> list[Clause]:
    lines = (DATA / "stability_clauses.tsv").read_text("utf-8").splitlines()
    rows = csv.reader((line for line in lines if not line.startswith("#")), delimiter="\t")
    return [Clause(*row) for row in rows][1:]


def sentence(clause: str, a: str, b: str, frame: str = "{S} on Monday.") -> str:
    """The clause with its states, in its frame, with a capital at the beginning only."""
    filled = clause.format(A=a, B=b)
    if not frame.startswith("{S}") and not filled.startswith((a, b)):
        filled = filled[0].lower() + filled[1:]
    whole = frame.format(S=filled)
    return whole[0].upper() + whole[1:]


def pairs(of: Sequence[Clause], states: Sequence[tuple[str, str]]) -> Iterator[Pair]:
    """All pairs of texts that must be coded alike."""
    for clause in of:
        for a, b in (order for pair in states for order in permutations(pair)):
            plain = sentence(clause.active, a, b)
            if clause.passive:
                yield Pair("active and passive", clause.id, plain, sentence(clause.passive, a, b))
            yield Pair("synonyms", clause.id, plain, sentence(clause.synonym, a, b))
            yield Pair("past and perfect", clause.id, plain, sentence(clause.perfect, a, b, "{S}."))
            yield Pair("past and future", clause.id, plain, sentence(clause.future, a, b, "{S}."), planned=True)
            yield Pair("parties swapped", clause.id, plain, sentence(clause.active, b, a), (ISO3[a], ISO3[b]))
            for one, other in ORDERS:
                first, last = (sentence(clause.active, a, b, frame) for frame in (one, other))
                yield Pair("clauses reordered", clause.id, first, last)
            first, last = (sentence(clause.active, a, b, frame) for frame in CROWD)
            yield Pair("clauses reordered beside an unnamed crowd", clause.id, first, last)
            for extra in IRRELEVANT:
                yield Pair("irrelevant sentence added", clause.id, plain, f"{plain} {extra}")
                yield Pair("irrelevant sentence added", clause.id, plain, f"{extra} {plain}")
                yield Pair("irrelevant sentence added", clause.id, plain, f"{extra}\n\n{plain}\n\n{extra}")


Key = tuple[str, tuple[str | None, ...], tuple[str | None, ...], str]


def keys(coding: Coding, swapped: tuple[str, str] | None = None, planned: bool = False) -> frozenset[Key]:
    """What of a coding must not hang on the wording: type, states on each side, status. What was done is intended where
    it is `planned`; what is asked for is asked for, whether the asking is done or planned."""

    def country(party: Party) -> str | None:
        code = party.country
        if code is None or swapped is None or (state := code.rpartition("@")[2]) not in swapped:
            return code
        return code.removesuffix(state) + swapped[state == swapped[0]]

    def sides(event: Event) -> tuple[tuple[str | None, ...], ...]:
        found = [tuple(country(party) for party in side) for side in (event.source, event.target)]
        return tuple(sorted(found, key=str)) if event.mutual else tuple(found)

    def status(event: Event) -> str:
        return "intended" if planned and event.status == "actual" else event.status

    return frozenset((one.type, *sides(one), status(one)) for one in coding.events)  # type: ignore[misc]


class Outcome(NamedTuple):
    """A pair with what was coded: `same` when both texts have the same events, `found` when the first has any."""

    pair: Pair
    same: bool
    found: bool
    one: frozenset[Key]
    other: frozenset[Key]


def outcomes(coder: Coder, asked: Iterable[Pair]) -> list[Outcome]:
    asked = list(asked)
    texts = list(dict.fromkeys(text for pair in asked for text in (pair.one, pair.other)))
    coded = dict(zip(texts, coded_texts(coder, texts), strict=True))
    made = []
    for pair in asked:
        one = keys(coded[pair.one], planned=pair.planned)
        other = keys(coded[pair.other], pair.swapped)
        made.append(Outcome(pair, one == other, bool(one), one, other))
    return made


def coded_texts(coder: Coder, texts: Iterable[str]) -> list[Coding]:
    reports = (Report(id="text", text=text, published=DAY, language="en") for text in texts)
    made = list(coder.stream(reports))
    assert all(isinstance(one, Coding) for one in made), [one for one in made if not isinstance(one, Coding)][:3]
    return made  # type: ignore[return-value]


# --- all states alike ------------------------------------------------------------------------------------------------

NOT_MEMBERS = {"COK", "NIU", "TWN", "VAT", "XKX"}
"""States of the tables that are no members of the United Nations."""

ARTICLE = {"ARE", "BHS", "CAF", "COG", "COM", "DOM", "GBR", "GMB", "MDV", "MHL", "NLD", "PHL", "SLB", "SYC", "USA"}
"""States that English names with an article."""

OTHER = ("Norway", "NOR", "Sweden", "SWE")
"""The other side of every template, and the one beside Norway itself."""

TEMPLATES = (
    "{X} condemned {Y} on Monday.",
    "{Y} praised {X} on Monday.",
    "Troops of {X} attacked {Y}.",
    "{Y} imposed sanctions on {X} last week.",
    "The government of {X} sent food to {Y}.",
    "{Y} urged {X} to release the sailors, a spokesman said.",
    "The foreign minister of {X} met the foreign minister of {Y} in Vienna.",
    "{Y} will sign a treaty with {X} in June.",
)

ADJECTIVES = (
    "The {X} government condemned {Y} on Monday.",
    "{Y} thanked the {X} parliament for the tents.",
    "{X} troops attacked {Y}.",
)


@cache
def table(name: str) -> list[dict[str, str]]:
    """The rows of one of the actor tables."""
    lines = (Path(__file__).parents[1] / "tables" / f"{name}.tsv").read_text("utf-8").splitlines()
    return list(csv.DictReader(lines, delimiter="\t"))


def members() -> dict[str, str]:
    """The 193 members of the United Nations: ISO alpha-3 to the name with its article."""
    found = {
        row["iso3"]: ("the " if row["iso3"] in ARTICLE else "") + row["name"]
        for row in table("states")
        if row["kind"] == "state" and not row["end"] and row["iso3"] not in NOT_MEMBERS
    }
    assert len(found) == 193
    return found


def adjectives() -> dict[str, str]:
    """The members' adjectives, without those that several states share."""
    rows = [row for row in table("state_names") if row["kind"] == "adjective" and not row["end"]]
    shared = {surface for surface, times in Counter(row["surface"] for row in rows).items() if times > 1}
    known = members()
    found: dict[str, str] = {}
    for row in rows:
        if row["iso3"] in known and row["surface"] not in shared:
            found.setdefault(row["iso3"], row["surface"])
    return found


def signature(coding: Coding, iso3: str, other: str) -> tuple[object, ...]:
    """The events of a coding with the two states as X and Y, without offsets and ids."""
    letter = {iso3: "X", other: "Y"}

    def side(parties: Iterable[object]) -> tuple[object, ...]:
        return tuple((letter.get(p.country, p.country), p.sector) for p in parties)  # type: ignore[attr-defined]

    return tuple(
        (
            *(one.type, one.mode, one.contexts, one.cameo, one.quad, one.intensity, side(one.source), side(one.target)),
            *(one.mutual, one.scope, one.date, one.status, one.background, one.account_party, one.reason),
        )
        for one in coding.events
    )


class Treated(NamedTuple):
    """A template over all states: how many of them are coded like most, and which are not."""

    template: str
    states: int
    like_most: int
    others: dict[str, str]
    """Name of the state to how it is coded."""
    confidence: tuple[float, float]
    """Lowest and highest confidence among those like most."""


def treatment(coder: Coder, template: str, fillings: dict[str, str]) -> Treated:
    chosen = {iso3: OTHER[:2] if iso3 != "NOR" else OTHER[2:] for iso3 in fillings}
    texts = []
    for iso3, words in fillings.items():
        whole = template.format(X=words, Y=chosen[iso3][0])
        texts.append(whole[0].upper() + whole[1:])
    coded = dict(zip(fillings, coded_texts(coder, texts), strict=True))
    found = {iso3: signature(one, iso3, chosen[iso3][1]) for iso3, one in coded.items()}
    usual = Counter(found.values()).most_common(1)[0][0]
    alike = [iso3 for iso3, one in found.items() if one == usual]
    sure = [event.confidence for iso3 in alike for event in coded[iso3].events]
    others = {fillings[iso3]: told(coded[iso3]) for iso3 in fillings if iso3 not in set(alike)}
    return Treated(template, len(fillings), len(alike), others, (min(sure, default=0.0), max(sure, default=0.0)))


def told(coding: Coding) -> str:
    """Events in one line."""

    def side(parties: Iterable[object]) -> str:
        return "+".join(str(p.country) for p in parties)  # type: ignore[attr-defined]

    return "; ".join(f"{side(e.source)} {e.type} {side(e.target)} {e.status}" for e in coding.events) or "nothing"
