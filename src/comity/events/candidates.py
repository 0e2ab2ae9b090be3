"""Who could be source or target of a trigger: the actors of its sentence, the speaker, and those the reader has in mind."""

from __future__ import annotations

from typing import NamedTuple

from comity.actors import Cast, Figure, Ref
from comity.actors.figures import Ref as _Ref
from comity.language import Sentence
from comity.statements import Reading

CONTEXT_SENTENCES = 6
"""How far back an actor that the sentence does not name is still in mind. Beyond it labels hold under 1 % of parties
(204 hand-coded reports); re-run `make train` and `comity evaluate articles` after a change."""

CONTEXT_PLACES = 4
"""How many such actors are weighed for a sentence. With 2 more the score does not move, with 2 fewer it falls."""

_FIRST_PERSON = frozenset(("i", "me", "my", "mine", "myself", "we", "us", "our", "ours", "ourselves"))
_SINGULAR_FIRST = frozenset(("i", "me", "my", "mine", "myself"))


class Candidate(NamedTuple):
    """One possible party of a sentence's events: a reference with those joined to it, or somebody from the context."""

    refs: tuple[Ref, ...]
    """The reference and those that "and" joins to it; empty for somebody whom the sentence does not name."""
    figures: tuple[Figure, ...]
    place: str
    """What countries are compared by (see `place_of`)."""
    rank: int
    """-1 when it stands in the sentence; else its rank in the context, from 0."""
    distance: int
    """Sentences since it was named."""
    was_subject: bool
    times: int
    """How often it has been named before."""


def place_of(country: str | None) -> str:
    """The comparable part of a party's code: groups of one state are one place. Empty for none."""
    if not country:
        return ""
    if country.startswith("GROUP:"):
        name, _, state = country[6:].rpartition("@")
        return "GROUP@" + state if state and state != "null" else "GROUP:" + name.lower()
    return country


STATES = "states"
"""The place of several states that the text does not name one by one: "the West", "its allies"."""


def seat(figure: Figure) -> str:
    """What somebody's country is compared by; that of several states is `STATES`. Empty for those of no country."""
    return STATES if figure.kind == "states" else place_of(figure.country)


def can_act(figure: Figure) -> bool:
    """True for whoever can be a party: somebody of a country, or several states, who is not the medium that reports."""
    return figure.kind != "medium" and seat(figure) != ""


class Context:
    """What earlier sentences of the report have named; fed sentence by sentence."""

    def __init__(self) -> None:
        self._seen: dict[str, list[int]] = {}
        self._figure: dict[str, Figure] = {}

    def feed(self, refs: list[Ref], number: int) -> None:
        """Note the references of sentence `number`."""
        for ref in refs:
            if ref.form == "part":
                continue
            for figure in ref.figures:
                place = place_of(figure.country)
                if not place or figure.kind == "medium":
                    continue
                row = self._seen.setdefault(place, [0, 0, 0])
                row[0], row[1], row[2] = number, int(ref.subject), row[2] + 1
                held = self._figure.get(place)
                if held is None or figure.kind in ("state", "igo") or held.kind not in ("state", "igo"):
                    self._figure[place] = figure

    def times(self, place: str) -> int:
        """How often those of a place have been named so far."""
        return self._seen[place][2] if place in self._seen else 0

    def missing(self, present: set[str], number: int) -> list[Candidate]:
        """Those whom sentence `number` does not name, the most present in mind first."""
        rows = []
        for place, (last, subject, count) in self._seen.items():
            distance = number - last
            if place in present or distance > CONTEXT_SENTENCES:
                continue
            rows.append((distance - min(count, 6) * 0.5 - subject, place, distance, subject, count))
        rows.sort(key=lambda row: row[0])  # ties stay in the order of first mention: no state before another
        return [
            Candidate((), (self._figure[place],), place, rank, distance, bool(subject), count)
            for rank, (_, place, distance, subject, count) in enumerate(rows[:CONTEXT_PLACES])
        ]


def candidates(cast: Cast, s: Sentence, reading: Reading | None, context: Context) -> list[Candidate]:
    """All candidates of a sentence: those it names (pronouns and "we" resolved), then those of the context."""
    refs = [r for r in cast.by_sentence[s.number] if r.figures and r.form != "part"]
    for token, tag in enumerate(s.tags):
        if tag in ("PRP", "PRP$"):
            if s.lowers[token] in _FIRST_PERSON:
                found = _speaker(cast, s, token, reading)
            else:
                found = cast.pronoun(s, token)
            if found is not None and found.figures:
                refs.append(found)
    made: list[Candidate] = []
    present: set[str] = set()
    for ref in refs:
        figures = tuple(filter(can_act, ref.figures))
        if not figures:
            continue
        joined = [ref]
        for other in refs:
            if (
                other is not ref
                and other.head >= 0
                and s.deps[other.head] == "conj"
                and s.heads[other.head] == ref.head
            ):
                joined.append(other)
        figures = tuple(dict.fromkeys(f for r in joined for f in r.figures if can_act(f)))
        place = seat(figures[0])
        made.append(Candidate(tuple(joined), figures, place, -1, 0, ref.subject, context.times(place)))
        present.update(map(seat, figures))
    return made + context.missing(present, s.number)


def _speaker(cast: Cast, s: Sentence, token: int, reading: Reading | None) -> Ref | None:
    """Whose "we" or "I" this is: the speaker of the quotation, "we" being his state or body."""
    if reading is None:
        return None
    figures = list(reading.speaker_at(s.starts[token]))
    if not figures:
        return None
    if s.lowers[token] not in _SINGULAR_FIRST:
        lifted = []
        for figure in figures:
            if figure.kind == "person" and figure.state and figure.country == figure.state:
                lifted.append(cast.labeller.state(figure.state))
            else:
                lifted.append(figure)
        figures = lifted
    ref = _Ref(s.starts[token], s.ends[token], s.words[token], "speaker", figures)
    ref.sentence, ref.first, ref.last, ref.head = s, token, token, token
    ref.subject = s.deps[token] in ("nsubj", "nsubjpass")
    return ref
