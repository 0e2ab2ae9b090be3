"""Actors against gold: whether the sources and targets of coded reports are found under their names.

The gold is that of `comity.evaluation.articles`. Of its sources and targets those count that stand in the text under a
name: their words occur there, and one of them is a name, which is to say capitalised for more than its place in the
sentence. Each is looked for where its name stands nearest to its event: it is *found* when a mention lies there, and
*right* when the mention that covers most of the name has the gold's country.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from comity.evaluation.articles import PAGE, Article, GoldActor, GoldEvent, find
from comity.evaluation.measuring import Counts, Figures, Measure, Mistake, ratio, read_rows
from comity.evaluation.statements import overlap, place
from comity.records import Coding, Mention, Span

_WORD = re.compile(r"\w[\w'’-]*")


class Named(NamedTuple):
    """A gold source or target where it stands in the text, and the mention that was found there."""

    actor: GoldActor
    span: Span
    mention: Mention | None

    @property
    def right(self) -> bool:
        return self.mention is not None and place(self.mention.country) == place(self.actor.country)


def has_name(words: str, text: str) -> bool:
    """Whether one of the words is a name in the text.

    >>> has_name("The government", "The government fell. Another government came.")
    False
    >>> has_name("the West", "Rain in the West.")
    True
    """
    return any(
        word[0].isupper() and not (word[1:].islower() and re.search(rf"\b{re.escape(word.lower())}\b", text))
        for word in _WORD.findall(words)
    )


def _nearest(name: str, text: str, event: GoldEvent) -> Span | None:
    """Where the name stands nearest to the event."""
    spans = [match.span() for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text)]
    return min(spans, key=lambda span: abs(sum(span) - event.start - event.end), default=None)


def named(article: Article, coding: Coding) -> Iterator[Named]:
    """The gold sources and targets that stand in the text under a name; those of each event anew."""
    for event in article.events:
        for actor in (*event.source, *event.target):
            span = _nearest(actor.name, article.text, event) if has_name(actor.name, article.text) else None
            if span is not None:
                there = [m for m in coding.mentions if overlap((m.start, m.end), span)]
                yield Named(actor, span, max(there, key=lambda m: _shared(m, span), default=None))


def _shared(mention: Mention, span: Span) -> tuple[int, int]:
    """Characters in common; of several mentions with as many, the first."""
    return min(mention.end, span[1]) - max(mention.start, span[0]), -mention.start


def count(article: Article, coding: Coding) -> Counts:
    """Counts of one report."""
    counts: Counts = Counter(articles=1)
    for one in named(article, coding):
        counts["named"] += 1
        counts["found"] += one.mention is not None
        counts["right"] += one.right
    return counts


def figures(counts: Mapping[str, float]) -> Figures:
    """``found``: share of the named sources and targets where a mention lies; ``country``: share of these with the
    right country."""
    return {
        "found": ratio(counts["found"], counts["named"]),
        "country": ratio(counts["right"], counts["found"]),
        "named": counts["named"],
        "articles": counts["articles"],
    }


def mistakes(article: Article, coding: Coding) -> Iterator[Mistake]:
    """What is missed, and what has another country, by the kind of the gold's code."""
    for one in named(article, coding):
        if not one.right:
            mention = one.mention
            got = None if mention is None else kind_of(mention.country)
            yield Mistake(
                kind="missed" if mention is None else "no country" if mention.country is None else "other country",
                detail=kind_of(one.actor.country) if got is None else f"{got} for {kind_of(one.actor.country)}",
                report=article.id, start=one.span[0], end=one.span[1], text=article.text[slice(*one.span)],
                expected=one.actor.country, found=None if mention is None else f"{mention.text!r} {mention.country}",
            )  # fmt: skip


def kind_of(code: str | None) -> str:
    """What a country code stands for."""
    if not code:
        return "nothing"
    return {"IGO": "organisation of states", "GROUP": "group"}.get(code.partition(":")[0], "state")


MEASURE = Measure(find, count, figures, mistakes, ("found", "country"))


def gold(path: Path) -> tuple[Measure, Sequence[Article]]:
    """The measure and the reports of a gold file. Raises `GoldError`."""
    return MEASURE, read_rows(path, Article, PAGE)
