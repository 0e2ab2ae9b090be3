"""Ledgers of statements for the tests of relations: one statement a sentence, made to measure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from comity.records import Coding, Mention, Report, Speaker, Statement, content_hash


def says(who: str, words: str, **more: Any) -> dict[str, Any]:
    """What `telling` makes a statement of. `who`: "Name CHN GOV", several joined by "|"; CHN may be GROUP:Firm@CHN, ? is
    an unnamed speaker, - a country that is not known. Names within `words` are marked so: [China CHN]."""
    return {"who": who, "words": words, **more}


def _speaker(text: str) -> Speaker:
    *name, country, sector = text.split(" ")
    unnamed = name == ["?"]
    return Speaker(
        start=None, end=None, text=None, name=None if unnamed else " ".join(name), country=None if country == "-" else country,
        sector=None if sector == "-" else sector, office=None, anonymous=unnamed,
        anonymous_type="official" if unnamed else None,
    )  # fmt: skip


def telling(
    id_: str, published: str | None, statements: Iterable[dict[str, Any]], outlet: str | None = "Wire",
    events: Coding | None = None, **more: Any,
) -> Coding:  # fmt: skip
    """A report with these statements; with `events`, its text and events come first."""
    text = events.report.text if events is not None else ""
    made, mentions = [], []
    for n, given in enumerate(statements):
        given = dict(given)
        words, who = given.pop("words"), given.pop("who")
        start = len(text)
        for part in _parts(words):
            if isinstance(part, tuple):
                name, country = part
                mentions.append(
                    Mention(start=len(text), end=len(text) + len(name), text=name, country=country, sector="GOV")
                )
                text += name
            else:
                text += part
        end = len(text)
        text += "\n"
        fields: dict[str, Any] = {
            "id": content_hash(id_, "statement", n),
            "kind": "verbatim",
            "content": ((start, end),),
            "cue": None,
            "speakers": tuple(_speaker(one) for one in who.split("|")),
            "date": published,
            "date_precision": "published" if published else None,
        }
        made.append(Statement(**(fields | given)))
    return Coding(
        report=Report(
            id=id_, text=text or "Nothing was said.", title=f"Title of {id_}", outlet=outlet, published=published,
            language="en", **more,
        ),
        mentions=tuple(mentions), statements=tuple(made), events=events.events if events is not None else (),
        codebook="test", coder="test",
    )  # fmt: skip


def _parts(words: str) -> Iterable[str | tuple[str, str]]:
    while "[" in words:
        before, _, rest = words.partition("[")
        inside, _, words = rest.partition("]")
        name, _, country = inside.rpartition(" ")
        yield before
        yield name, country
    yield words
