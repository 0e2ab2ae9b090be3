"""Which record of one coding is which of another coding of the same text, and in what the two differ."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from comity.records import Event, Party, Span, Statement

Record = Event | Statement

GROUPS: dict[str, dict[str, tuple[str, ...]]] = {
    "event": {
        "type": ("type", "mode"),
        "parties": ("source", "target", "mutual", "scope"),
        "date": ("date", "date_precision", "date_end", "date_span"),
        "place": ("place",),
        "status": ("status",),
        "background": ("background",),
        "account": ("account", "account_party"),
        "contact": ("contact",),
        "size": ("size",),
        "codes": ("contexts", "cameo", "quad", "intensity"),
        "pattern": ("reason",),
        "evidence": ("sentence", "trigger"),
    },
    "statement": {
        "speakers": ("speakers",),
        "content": ("content",),
        "kind": ("kind",),
        "cue": ("cue",),
        "addressee": ("addressee",),
        "circumstances": ("venue", "channel"),
        "date": ("date", "date_precision", "date_span"),
        "polarity": ("polarity", "modality"),
        "relays": ("via",),
        "nesting": ("within", "continued"),
    },
}
"""The kinds of change of a record, each with its fields: all but ``id`` (which follows from others) and ``confidence``
(which is counted, and is no change of what the record says)."""

ALIKE = 0.5
"""Share of two contents that has to be common for them to be one statement's: below it, each more likely is another."""


class Pair(NamedTuple):
    """Two records of the same thing."""

    old: int
    new: int


# --- pairing -----------------------------------------------------------------------------------------------------------


def overlap(one: Span | None, other: Span | None) -> int:
    """Length of what two spans have in common."""
    if one is None or other is None:
        return 0
    return max(0, min(one[1], other[1]) - max(one[0], other[0]))


def _likeness_of_contents(one: Sequence[Span], other: Sequence[Span]) -> float:
    common = sum(overlap(a, b) for a in one for b in other)
    whole = sum(b - a for a, b in (*one, *other)) - common
    return common / whole if whole else 0.0


def _sides(event: Event) -> tuple[tuple[str | None, ...], tuple[str | None, ...]]:
    return tuple(p.country for p in event.source), tuple(p.country for p in event.target)


def _rank_of_events(old: Event, new: Event) -> tuple[float, float] | None:
    """How near two events are, the nearest first; None where they are not the same."""
    if old.id == new.id:
        return 0, 0
    if not overlap(old.sentence, new.sentence):
        return None
    apart = abs(old.trigger[0] - new.trigger[0])
    same_parties = _sides(old) == _sides(new)
    if old.type == new.type and same_parties:
        return 1, apart
    if overlap(old.trigger, new.trigger):
        return 2 if old.type == new.type else 3 if same_parties else 4, apart
    return None


def _rank_of_statements(old: Statement, new: Statement) -> tuple[float, float] | None:
    if old.id == new.id:
        return 0, 0
    likeness = _likeness_of_contents(old.content, new.content)
    if old.cue is not None and old.cue == new.cue:
        return 1, -likeness
    return (2, -likeness) if likeness >= ALIKE else None


def _extent(record: Record) -> Span:
    """The stretch of text that a record rests on."""
    spans = [record.sentence] if isinstance(record, Event) else [*record.content, *filter(None, [record.cue])]
    return min((start for start, _ in spans), default=0), max((end for _, end in spans), default=0)


def _beside(old: Sequence[Record], new: Sequence[Record]) -> Iterator[tuple[int, int]]:
    """Places of the records that overlap or touch: a long report has too many for each with each."""
    after = sorted((*_extent(record), j) for j, record in enumerate(new))
    starts = [start for start, *_ in after]
    longest = max((end - start for start, end, _ in after), default=0)
    for i, record in enumerate(old):
        start, end = _extent(record)
        for k in range(bisect_left(starts, start - longest), bisect_left(starts, end + 1)):
            if after[k][1] >= start:
                yield i, after[k][2]


def pairs(old: Sequence[Record], new: Sequence[Record]) -> list[Pair]:
    """The pairs of records of one report, nearest first and each record once: by id (report, sentence, trigger, type
    and parties; for statements, cue and content), by sentence, type and parties, then by evidence in common (trigger;
    for statements, the cue or more than half of the content).
    """
    of_events = any(isinstance(one, Event) for one in old)
    rank: Callable[[Any, Any], tuple[float, float] | None] = _rank_of_events if of_events else _rank_of_statements
    near = []
    for i, j in _beside(old, new):
        nearness = rank(old[i], new[j])
        if nearness is not None:
            near.append((*nearness, i, j))
    taken_old: set[int] = set()
    taken_new: set[int] = set()
    found = []
    for *_, i, j in sorted(near):
        if i not in taken_old and j not in taken_new:
            taken_old.add(i)
            taken_new.add(j)
            found.append(Pair(i, j))
    return found


# --- what differs ----------------------------------------------------------------------------------------------------


def fields(old: Record, new: Record, same_statement: dict[str, str]) -> dict[str, tuple[Any, Any]]:
    """The fields in which two records differ, with both values. `same_statement`: ids of statements of the old coding
    to those of the new one that are the same, so that a reference is followed and not compared by its letters.
    """
    found = {}
    for names in GROUPS["event" if isinstance(old, Event) else "statement"].values():
        for name in names:
            before, after = getattr(old, name), getattr(new, name)
            if name in ("account", "within"):
                before = same_statement.get(before, before)
            if before != after:
                found[name] = (getattr(old, name), after)
    return found


def groups_of(record: Record, changed: dict[str, tuple[Any, Any]]) -> tuple[str, ...]:
    """The kinds of change that fields belong to. Codes that follow from another type, and the day of publication that
    only news have for their date, are no change of their own.
    """
    names = set(changed) - (_DATE if _follows(changed) else set())
    kind = "event" if isinstance(record, Event) else "statement"
    found = [group for group, members in GROUPS[kind].items() if names & set(members)]
    if "type" in found and "codes" in found:
        found.remove("codes")
    return tuple(found)


_DATE = {"date", "date_precision", "date_end", "date_span"}


def _follows(changed: dict[str, tuple[Any, Any]]) -> bool:
    """Whether the date came or went with the background: what no words date has the day of publication, if it is news."""
    return "background" in changed and set(changed.get("date_precision", ())) == {None, "published"}


# --- why -------------------------------------------------------------------------------------------------------------


class Why(NamedTuple):
    """A reason for a change."""

    cause: str
    """One of `CAUSES`."""
    words: str


CAUSES = {
    "pattern": "another pattern of the lexicon",
    "threshold": "the probability is near the one from which events count",
    "actor": "the same words are taken for another actor, or for none",
    "words": "other words are taken for the party, or for the date",
    "reading": "the same words are read as another date",
    "account": "the statement on which it rests is another",
    "capped": "its sentence proposes more events than are kept",
    "codebook": "the codebook gives other codes",
}
"""The reasons that can be known from the records."""


def why_changed(old: Record, new: Record, changed: dict[str, tuple[Any, Any]]) -> list[Why]:
    """The reasons for a change that the two records show."""
    found: list[Why] = []
    sides: list[tuple[str, Sequence[Party], Sequence[Party]]] = []
    if isinstance(old, Event) and isinstance(new, Event):
        if "reason" in changed:
            found.append(Why("pattern", f"pattern {old.reason.id} → {new.reason.id}"))
        elif "codes" in groups_of(old, changed):
            found.append(Why("codebook", "other codes for the same pattern"))
        if changed.keys() & {"account"}:
            found.append(Why("account", "rests on another statement"))
        sides = [("source", old.source, new.source), ("target", old.target, new.target)]
    elif isinstance(old, Statement) and isinstance(new, Statement):
        sides = [("speaker", old.speakers, new.speakers)]
    for name, before, after in sides:
        found += _why_party(name, before, after)
    if changed.keys() & _DATE and not _follows(changed):
        span = "date_span" in changed
        found.append(Why("words", "dated by other words") if span else Why("reading", "the same words, another date"))
    return found


def _why_party(name: str, old: Sequence[Party], new: Sequence[Party]) -> list[Why]:
    """Parties at the same place that are somebody else, and parties that stand at other places."""
    before = {(p.start, p.end): p for p in old if p.start is not None}
    after = {(p.start, p.end): p for p in new if p.start is not None}
    found = [
        Why("actor", f"“{p.text}” is {_who(after[at])}, was {_who(p)}")
        for at, p in before.items()
        if at in after and (p.actor, p.country) != (after[at].actor, after[at].country)
    ]
    if not found and before.keys() != after.keys():
        found.append(Why("words", f"{name} is {_listed(new)}, was {_listed(old)}"))
    return found


def _who(party: Party) -> str:
    return " ".join(
        part for part in (party.name or party.actor, f"({party.country})") if part and part != "(None)"
    ) or ("nobody known")


def _listed(parties: Sequence[Party]) -> str:
    return ", ".join(f"“{p.text}”" if p.text else _who(p) for p in parties) or "nobody"


__all__ = ["CAUSES", "GROUPS", "Pair", "Record", "Why", "fields", "groups_of", "overlap", "pairs", "why_changed"]
