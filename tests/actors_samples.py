"""Reports for the tests of actors: read once with one language model."""

from __future__ import annotations

from statements_samples import language

from comity.actors import Cast, resolve
from comity.language import split
from comity.records import DeclaredActor, Report

DAY = "2022-10-27"


def cast_of(
    text: str, published: str | None = DAY, declared: tuple[DeclaredActor, ...] = (), **report: str | None
) -> Cast:
    """The cast of a text as a report of that day; every pronoun is resolved."""
    made = Report(id="sample", text=text, published=published, declared=declared, **report)
    segments = split(text)
    (parse,) = language().parse([(text, segments, segments)])
    cast = resolve(made, parse)
    for sentence in parse.sentences:
        for token in range(len(sentence)):
            cast.at(sentence, token)
    return cast


def named(text: str, published: str | None = DAY, **report: str | None) -> list[tuple[str, str]]:
    """(words, names of those meant joined by " + ") of every reference that means somebody, in text order."""
    cast = cast_of(text, published, **report)
    refs = [*cast.labeller.refs, *(ref for ref in cast._pronouns.values() if ref is not None)]
    return [
        (ref.text, " + ".join(figure.name for figure in ref.figures))
        for ref in sorted(refs, key=lambda ref: (ref.start, ref.end))
        if ref.figures
    ]


def who_is(text: str, words: str, published: str | None = DAY, **report: str | None) -> str:
    """Whom the last occurrence of the words means."""
    return [meant for found, meant in named(text, published, **report) if found == words][-1]


def coded(text: str, words: str, published: str | None = DAY, **report: str | None) -> tuple[str | None, ...]:
    """Country, sector and office of the last mention with these words."""
    found = [m for m in cast_of(text, published, **report).mentions() if m.text == words]
    return found[-1].country, found[-1].sector, found[-1].office
