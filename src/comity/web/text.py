"""A report's text with its records marked: paragraphs of runs, each with the marks that lie over it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import msgspec

from comity.records import Coding, Speaker, Statement

LAYERS = ("statement", "cue", "actor", "place", "date", "event")
"""From the outermost. Cues belong to the layer of statements on the page."""


class Mark(msgspec.Struct, frozen=True):
    """A stretch of text that a record has."""

    start: int
    end: int
    layer: str
    ref: str
    """Id of its record, or of the actor; empty where it has none."""
    label: str
    """What it is, for a reader who does not see it."""
    why: str
    """What stands in its tooltip."""
    status: str = "actual"
    depth: int = 0
    """Of statements: inside how many others."""


class Run(msgspec.Struct, frozen=True):
    """Text over which the same marks lie."""

    text: str
    marks: tuple[Mark, ...]
    begins: tuple[Mark, ...]
    """Those of the marks that begin here: their labels are said once."""
    ends: tuple[Mark, ...]
    link: Mark | None
    """The mark whose record a click leads to."""


class Paragraph(msgspec.Struct, frozen=True):
    """A line of the report."""

    start: int
    """Its first character in the text."""
    runs: tuple[Run, ...]
    depth: int
    """Bars beside it: the deepest statement in it."""
    tellers: tuple[tuple[str, ...], ...]
    """Who tells what stands in it, from the outlet inwards, for each chain of the deepest."""


def paragraphs(coding: Coding) -> list[Paragraph]:
    """The text of a coding, marked."""
    text = coding.report.text
    chains = {one.id: chain_of(one, coding) for one in coding.statements}
    marks = sorted(marks_of(coding, chains), key=lambda mark: (mark.start, LAYERS.index(mark.layer), mark.depth))
    made = []
    waiting = 0
    open_: list[Mark] = []
    for found in re.finditer(r"[^\n]+", text):
        start, end = found.span()
        if not found[0].strip():
            continue
        open_ = [mark for mark in open_ if mark.end > start]
        while waiting < len(marks) and marks[waiting].start < end:
            if marks[waiting].end > start:
                open_.append(marks[waiting])
            waiting += 1
        inside = [mark for mark in open_ if mark.end > start and mark.start < end]
        told = {mark.ref for mark in inside if mark.layer == "statement"}
        lists = sorted({chains[ref] for ref in told if ref in chains}, key=lambda chain: (-len(chain), chain))
        # A chain that is the beginning of a longer one is shown by it.
        lists = [one for one in lists if not any(one != other and other[: len(one)] == one for other in lists)]
        made.append(
            Paragraph(
                start, tuple(_runs(text, start, end, inside)), max((len(one) for one in lists), default=0), tuple(lists)
            )
        )
    return made


def _runs(text: str, start: int, end: int, marks: Sequence[Mark]) -> Iterator[Run]:
    edges = {start, end}
    for mark in marks:
        edges |= {min(max(mark.start, start), end), min(max(mark.end, start), end)}
    cuts = sorted(edges)
    for a, b in pairwise(cuts):
        over = sorted(
            (mark for mark in marks if mark.start < b and mark.end > a),
            key=lambda mark: (LAYERS.index(mark.layer), mark.depth),
        )
        begins = tuple(mark for mark in over if mark.start == a or (mark.start < start and a == start))
        ends = tuple(mark for mark in over if mark.end == b)
        linked = [mark for mark in over if mark.layer in ("cue", "event")]
        yield Run(text[a:b], tuple(over), begins, ends, linked[-1] if linked else None)


def chain_of(statement: Statement, coding: Coding) -> tuple[str, ...]:
    """Who tells a statement's content, from the outlet inwards: Global Times, Wang Wenbin, Jens Stoltenberg."""
    return tellers(statement.id, {one.id: one for one in coding.statements}, coding.report.outlet)


class Teller(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a statement where only who tells it matters."""

    id: str
    speakers: tuple[Speaker, ...]
    via: tuple[str, ...]
    within: str | None


def tellers(id: str, known: Mapping[str, Statement | Teller], outlet: str | None) -> tuple[str, ...]:
    """The same by the statement's id, from all statements of its report."""
    chain: list[Statement | Teller] = []
    at = known.get(id)
    while at is not None and at not in chain:
        chain.append(at)
        at = known.get(at.within or "")
    names = [outlet or "the report"]
    for one in reversed(chain):
        names += [relay for relay in one.via if relay != names[-1]]
        names.append(" and ".join(speaker_name(speaker) for speaker in one.speakers) or "somebody")
    return tuple(names)


def speaker_name(speaker: Any) -> str:
    """What a speaker is called; an unnamed one by the words used."""
    if speaker.name:
        return str(speaker.name)
    kind = f" (unnamed {speaker.anonymous_type})" if speaker.anonymous and speaker.anonymous_type else ""
    return f"{speaker.text or 'somebody'}{kind}"


def marks_of(coding: Coding, chains: dict[str, tuple[str, ...]]) -> Iterator[Mark]:
    """All marks of a coding."""
    from comity.web.rendering import type_name

    names = {actor.id: actor.name for actor in coding.actors}
    for statement in coding.statements:
        chain = chains[statement.id]
        depth = _depth(statement, coding)
        said = f"{statement.kind} words of {chain[-1]}"
        why = " › ".join(chain) + f" ({statement.kind}, confidence {_confidence(statement.confidence)})"
        for start, end in statement.content:
            yield Mark(start, end, "statement", statement.id, said, why, depth=depth)
        if statement.cue:
            yield Mark(*statement.cue, "cue", statement.id, f"cue of {chain[-1]}", why, depth=depth)
    for event in coding.events:
        told = "" if event.status == "actual" else f", {event.status}"
        known = ", background" if event.background else ""
        label = f"event: {type_name(event.type)}{told}{known}"
        by = "pattern" if event.reason.by == "rule" else event.reason.by
        why = f"{label}: {by} {event.reason.id}, {coding.codebook}, confidence {event.confidence:.2f}"
        status = "background" if event.background and event.status == "actual" else event.status
        yield Mark(*event.trigger, "event", event.id, label, why, status=status)
    for mention in coding.mentions:
        name = names.get(mention.actor or "")
        if mention.end <= mention.start:
            continue
        facts = [fact for fact in (name, mention.country, mention.sector, mention.office) if fact]
        if mention.office_status not in (None, "current"):
            facts.append(str(mention.office_status))
        label = f"actor: {name}" if name else ("actor: unnamed" if mention.anonymous else "name not known")
        yield Mark(mention.start, mention.end, "actor", mention.actor or "", label, ", ".join(facts) or label,
                   status="actual" if mention.actor else "unresolved")  # fmt: skip
    for date in coding.dates:
        why = f"{date.type.lower()}: {date.value or 'cannot be told'}"
        yield Mark(date.start, date.end, "date", "", why, why, status="actual" if date.value else "unresolved")
    for place in coding.places:
        known = ", ".join(fact for fact in (place.level, place.country) if fact)
        why = f"place: {known}" if place.geonameid else "place that is not in the gazetteer"
        yield Mark(place.start, place.end, "place", "", why, why,
                   status="actual" if place.geonameid else "unresolved")  # fmt: skip


def _confidence(value: float | None) -> str:
    return "not given" if value is None else f"{value:.2f}"


def _depth(statement: Statement, coding: Coding) -> int:
    known = {one.id: one for one in coding.statements}
    depth, seen = 0, {statement.id}
    at = known.get(statement.within or "")
    while at is not None and at.id not in seen:
        seen.add(at.id)
        depth += 1
        at = known.get(at.within or "")
    return depth
