"""Places of a report: names of the gazetteer that are places where they stand, each with the place that it means.

First every span gets a score from what stands around it (`comity.places.evidence`); those above the threshold are
places. Then each name is given to one of its bearers by what the report says of where it is (`comity.places.bearers`).
"""

from __future__ import annotations

import re

from comity.actors.cast import Cast
from comity.language import Parse
from comity.places.bearers import settle
from comity.places.containment import level_in_text
from comity.places.context import Context
from comity.places.evidence import weigh
from comity.places.gazetteer import CITY, COUNTRY, LEVELS, SITE, Entry, gazetteer
from comity.places.scan import Span, Words, scan
from comity.records import Place

NEAR_CAPITAL = 300
"""Characters within which "the capital" belongs to the country of the place named last."""

_THE_CAPITAL = re.compile(
    r"\b(?:in|near|outside|around|to|from|into|inside|of|on|over|across|throughout|through|towards?|at) "
    r"(?P<phrase>(?:the )?(?:(?P<whose>[A-Z]\w+(?: [A-Z]\w+)?)(?:'s)? )?(?P<noun>capital(?: city)?))"
    r"(?!,? (?:of |[A-Z])|\w|-| (?:punishment|market|gain|cit|expend|spend|account|control|flow|goods|crime|murder|\())"
)
"""The capital city as such; not where its name follows, nor money."""


def find_places(
    parse: Parse, cast: Cast | None, published: str | None = None, outlet_country: str | None = None
) -> tuple[Place, ...]:
    """The places that a report names, in text order, without overlaps. Reads the whole text, parsed or not.

    `cast`: who is in the report, so that persons named like towns and capitals that stand for governments are left
    out; None when it is not known. `published` is accepted for reports of former times and not used: old names lead to
    the places as they are today. `outlet_country`: ISO 3166 alpha-3, a hint between places of one name. Raises
    `comity.places.gazetteer.GazetteerMissing`.
    """
    table = gazetteer()
    words = Words(parse.text)
    spans = scan(words, table)
    if not spans and " capital" not in parse.text:
        return ()
    context = Context(parse, cast, words, spans, table, outlet_country)
    weigh(context)
    settle(context)
    found = [_record(context, span) for span in context.spans if span.chosen is not None]
    found.extend(_capitals(context))
    found.sort(key=lambda place: (place.start, -place.end))
    kept: list[Place] = []
    for place in found:
        if not kept or place.start >= kept[-1].end:
            kept.append(place)
    return tuple(kept)


def _place(text: str, start: int, end: int, entry: Entry, level: int, linked: bool = True) -> Place:
    return Place(
        start=start,
        end=end,
        text=text[start:end],
        geonameid=entry.geonameid or None if linked else None,
        lat=round(entry.lat, 4),
        lon=round(entry.lon, 4),
        country=entry.country or None,
        level=LEVELS[level],
    )


def _record(context: Context, span: Span) -> Place:
    """The record of a span. A level that the text gives and the gazetteer has not goes without an id."""
    entry = span.chosen
    assert entry is not None
    text = context.parse.text
    if span.site:
        return _place(text, span.start, span.site, entry, SITE, linked=False)
    level = level_in_text(context.text, span) if entry.level == CITY else None
    if level is not None and level != CITY:
        return _place(text, span.start, span.end, entry, level, linked=False)
    return _place(text, span.start, span.end, entry, entry.level)


def _capitals(context: Context) -> list[Place]:
    """Capitals that are named as such: "in the Turkish capital", "outside Libya's capital", "in the capital"."""
    found = []
    for match in _THE_CAPITAL.finditer(context.text):
        start, country = match.start("phrase"), None
        if not match["whose"]:
            country = _country_before(context, start)
        else:
            at = match.start("whose")
            owner = next((s for s in context.spans if s.start <= at < s.end and s.chosen is not None), None)
            if owner is not None:
                if owner.chosen is not None and owner.chosen.level == COUNTRY:
                    start, country = match.start("noun"), owner.chosen.country
            else:
                country = _country_of_adjective(context, at)
        entry = context.table.capitals.get(country or "")
        if entry is not None:
            found.append(_place(context.parse.text, start, match.end("noun"), entry, CITY))
    return found


def _country_before(context: Context, start: int) -> str | None:
    """The country of the place that was named last, if that is not far and the report speaks of no other more."""
    top = max(context.countries.values(), default=0.0)
    for span in reversed(context.spans):
        if span.end <= start and span.chosen is not None and span.chosen.country:
            country = span.chosen.country
            return country if start - span.end < NEAR_CAPITAL and context.countries.get(country, 0.0) >= top else None
    return None


def _country_of_adjective(context: Context, start: int) -> str | None:
    """The state that an adjective names ("Turkish"), by the cast."""
    sentence = context.parse.sentence_at(start)
    if sentence is None or context.cast is None:
        return None
    ref = context.cast.at(sentence, sentence.token_at(start))
    if ref is None or ref.figure is None or ref.form not in ("adjective", "part"):
        return None
    return ref.figure.state
