"""Turns of a transcript and headlines with a colon: the words before the colon say who speaks."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from typing import NamedTuple

from comity.actors import Cast, Ref
from comity.actors.folding import fold
from comity.language import Parse
from comity.statements.cues import words_of

LONGEST_NAME = 140
"""Characters before the colon. Read off the Kremlin's transcripts ("President of … the Socialist Republic of … X:")."""

SHARE_OF_TEXT = 0.5
"""A transcript is mostly turns: so much of the text at least, when no speaker comes back."""

HEADLINE_SEGMENTS = 3
"""A lone name with a colon is a headline only among the first so many segments; further down it is a label."""

_HEAD = re.compile(
    r"""(?:^|\n\s*|(?<=[.!?…>)\]*”"])\s{0,3}|\s(?=(?:[A-Z][^:\n]{0,40})?President)|(?<=[a-z.”"’])(?=[A-Z]))
        (?P<name>(?:[A-Z]\.|(?:Mr|Mrs|Ms|Dr|Gen|Sen|Rep)\.|[A-Z][\w’'-]*)
          (?:,?[ ](?:of|the|and|for|to|de|al|von|van|bin|el|da|\((?=[^)\n]{3,30}\))
            |[A-Z]\.|(?:Mr|Mrs|Ms|Dr|Gen|Sen|Rep)\.|[A-Z(][\w’')(-]*|[a-z]+\))){0,16})
        \s?:\s+(?=[^\s/])""",
    re.VERBOSE,
)
_ANSWERERS = frozenset(("a", "answer"))
_OFFICE = re.compile(
    r"\b(?:President|Minister|Governor|Head|Chairman|Chairwoman|Commissioner|Director|Secretary|Mayor|Speaker|Prime)\b"
)


class Turn(NamedTuple):
    """One turn: offsets of the speaker's name and of the words, and who it is."""

    start: int
    end: int
    first: int
    last: int
    ref: Ref | None
    """None for somebody whom the cast does not know, and for whoever asks."""
    asks: bool
    headline: bool


def _speaker(cast: Cast, parse: Parse, start: int, end: int) -> Ref | None:
    """The person (or medium) named in a stretch: the first one, better one whom the tables know."""
    s = parse.sentence_at(start)
    best: Ref | None = None
    while s is not None and s.start < end:
        for ref in cast.by_sentence[s.number]:
            figure = ref.figure
            if (
                ref.start >= start
                and ref.end <= end + 1
                and figure is not None
                and figure.kind in ("person", "medium", "other")
            ) and (best is None or (_id(best).startswith("name:") and not figure.id.startswith("name:"))):
                best = ref
        s = parse.sentences[s.number + 1] if s.number + 1 < len(parse.sentences) else None
    return best


def _id(ref: Ref) -> str:
    return ref.figure.id if ref.figure is not None else ""


def _by_words(cast: Cast, start: int, end: int, name: str) -> Ref | None:
    """The known person all of whose names stand in the words before the colon, in whatever spelling of the marks."""
    words = set(fold(name).lower().replace("(", " ").split())
    for figure in cast.figures.values():
        own = fold(figure.name).lower().split()
        if figure.kind == "person" and len(own) > 1 and words.issuperset(own):
            return Ref(start, end, name, "name", [figure])
    return None


def turns(parse: Parse, cast: Cast) -> list[Turn]:
    """The turns of a transcript or the headlines with a colon, in order. Linear in the length of the text."""
    text = parse.text
    if ":" not in text:
        return []
    heads: list[tuple[int, int, int, Ref | None, str]] = []
    for match in _HEAD.finditer(text):
        start, end = match.span("name")
        name = match["name"]
        word = name.split()[-1].lower().strip(".,()")
        if len(name) > LONGEST_NAME:
            continue
        if word in words_of("asker") or word in _ANSWERERS:
            heads.append((start, end, match.end(), None, word))
            continue
        if word in words_of("label"):
            continue
        ref = _speaker(cast, parse, start, end)
        if ref is not None and ref.form == "role":
            ref = None
        if ref is None:
            ref = _by_words(cast, start, end, name)
        if ref is None and _OFFICE.search(name):
            heads.append((start, end, match.end(), None, word))
            continue
        if ref is None:
            bearers = cast.labeller.bearers.get(word)
            if bearers:
                ref = Ref(start, end, name, "surname", [bearers[-1]])
            elif len(name.split()) not in (2, 3) or not all(w[:1].isupper() for w in name.split()) or name.isupper():
                continue
        heads.append((start, end, match.end(), ref, word))
    if not heads:
        return []
    times = Counter(word for *_, word in heads)
    heads = [
        h
        for h in heads
        if h[3] is not None
        or h[4] in words_of("asker") | _ANSWERERS
        or times[h[4]] > 1
        or _OFFICE.search(text[h[0] : h[1]])
    ]
    if not heads:
        return []
    times = Counter(word for *_, word in heads)
    again = sum(times[word] > 1 for *_, word in heads)
    said = len(text) - heads[0][0]
    transcript = (len(heads) >= 3 and again >= 2) or (
        said >= SHARE_OF_TEXT * len(text) and (len(times) > 1 or bool(_OFFICE.search(text[heads[0][0] : heads[0][1]])))
    )
    if transcript:
        out = []
        for n, (start, end, first, ref, word) in enumerate(heads):
            stop = heads[n + 1][0] if n + 1 < len(heads) else len(text)
            while stop > first and text[stop - 1] in " \n\r\t*":
                stop -= 1
            if stop > first:
                out.append(Turn(start, end, first, stop, ref, word in words_of("asker"), False))
        return out
    out = []
    segment_starts = [segment.start for segment in parse.segments[:HEADLINE_SEGMENTS]]
    for start, end, first, ref, _ in heads:
        n = bisect_left(segment_starts, start)
        if ref is not None and n < len(segment_starts) and segment_starts[n] == start:
            stop = parse.segments[n].end
            if stop > first and text[first] not in "“\"‘'":
                out.append(Turn(start, end, first, stop, ref, False, True))
    return out
