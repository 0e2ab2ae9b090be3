"""Datelines: "BEIJING, Oct. 28 (Xinhua) --", "WASHINGTON, March 3 -", "Benghazi, Libya (CNN) --", "KYIV, May 5. /ABC/."

A dateline says where and on which day the report was written; a report may be a compilation with several.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from comity.dates import values as v
from comity.dates.reading import Reading
from comity.dates.resolve import resolve
from comity.dates.scan import candidates
from comity.dates.tense import PAST
from comity.records import Span

HEAD = 1200
"""Characters from the beginning in which the report's own dateline is looked for: headline, picture captions and
byline may come before it. The longest such head in the development reports has 1,100."""

JOINED = 10
"""Characters between a dateline and the agency's own that repeats its place."""

_MONTHS = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)(?:uary|ruary|ch|il|ust|tember|ober|ember)?\b\.?"
_DAY = rf"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*\.?,? )?(?:{_MONTHS} ?\d{{1,2}}|\d{{1,2}} {_MONTHS})(?:,? \d{{4}})?"
_CLOCK = r"(?: \d{1,2}:\d\d ?[ap]m [A-Z]{2,4})?"
_AGENCY = r"(?:\((?P<agency>[A-Z][\w&/. -]{1,28})\)|/(?P<slashed>[A-Z-]{2,12})/\.?)"
_CAPITALS = r"[A-Z](?:[A-Z'’.]|-(?=[A-Z]))+"
_PLACE = rf"(?P<place>{_CAPITALS}(?:(?: |/| and ){_CAPITALS}){{0,3}})"
_REGION = rf"(?:, ?(?!{_MONTHS})[A-Z][\w.’'-]*(?: [A-Z][\w.]+){{0,2}})?"
_DASH = r"(?:--+|[–—_|]|-(?=\s))"

_IN_CAPITALS = re.compile(
    rf"^[ \t]*{_PLACE}{_REGION}(?:[,.]? ?(?P<bar>\| ?)?(?P<day>{_DAY}){_CLOCK})?[,.]?\s?{_AGENCY}?"
    rf"(?P<dash> ?{_DASH}\s?)?(?=[^\W\d_]|[“\"‘'\[(]|\s)(?!\s?[A-Z]{{2,}} [A-Z]{{2,}})",
    re.MULTILINE,
)
_NAME = r"[A-Z][\w’'.-]+(?: [A-Z][\w’'.-]+){0,2}"
_WITH_AGENCY = re.compile(
    rf"(?<![A-Za-z])(?P<place>(?!(?:[A-Z]{{1,3}}T|UTC)\b){_NAME}(?:, [A-Z][\w.’'-]+(?: [A-Z][\w.]+)?)?)?"
    rf"(?:, (?P<day>{_DAY}))? ?\((?P<agency>[A-Z][\w&/. -]{{1,28}})\)(?P<dash> ?{_DASH}\s?| (?=[A-Z“\"]))",
)
_WITH_DAY = re.compile(
    rf"^(?P<place>{_NAME}), (?P<day>{_DAY}) ?{_DASH}\s",
    re.MULTILINE,
)
_HEADER = re.compile(
    r"\b(?:published|updated|posted|date|aired|issued)\b[^\n]{0,12}?\s(?P<day>[^\n]{6,40})", re.IGNORECASE
)


class Dateline(NamedTuple):
    """Where and when a report, or a part of a compilation, was written."""

    start: int
    body: int
    """Offset at which the text after the dateline begins."""
    place: Span | None
    place_text: str | None
    day: str | None
    """ISO 8601; None when none is stated, or its year is not known."""
    day_span: Span | None
    agency: str | None
    agency_span: Span | None


@cache
def _words() -> dict[str, frozenset[str]]:
    lines = files(__package__).joinpath("dateline.tsv").read_text("utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line.strip() and not line.startswith("#"))
    return {kind: frozenset(forms.split("|")) for kind, forms in rows}


def _resolved(text: str, start: int, end: int, published: date | None) -> str | None:
    """The day that a stretch of text states, seen from the day of publication."""
    reading = Reading(text, published and v.add_days(published, 1), lambda *_: PAST)
    for candidate in candidates(text, start, end):
        for found in resolve(candidate, reading):
            span = v.extent(found.value)
            if span and span.precision == "day" and span.first == span.last:
                return span.first.isoformat()
    return None


def _made(match: re.Match[str], published: date | None) -> Dateline:
    found = match.groupdict()
    agency = "agency" if found.get("agency") else "slashed" if found.get("slashed") else None
    return Dateline(
        match.start(),
        match.end(),
        match.span("place") if found["place"] else None,
        found["place"],
        _resolved(match.string, *match.span("day"), published) if found["day"] else None,
        match.span("day") if found["day"] else None,
        found[agency] if agency else None,
        match.span(agency) if agency else None,
    )


def _is_dateline(match: re.Match[str]) -> bool:
    """True for words in capitals at the beginning of a line that are a place, by what follows them."""
    words = _words()
    if match["place"] in words["nowhere"] or len(match["place"]) < 3:
        return False
    agency = match["slashed"] or (match["agency"] and (match["dash"] or match["agency"] in words["agency"]))
    early = match["day"] or match.start() < HEAD
    return bool(agency or match["bar"] or (match["dash"] and early))


def _in_head(text: str, published: date | None) -> Dateline | None:
    """The first place with a known agency, else with a day, in the head of a text, in capitals or not."""
    for match in _WITH_AGENCY.finditer(text, 0, HEAD):
        if match["agency"] in _words()["agency"]:
            return _made(match, published)
    day = _WITH_DAY.search(text, 0, HEAD)
    return _made(day, published) if day else None


def datelines(text: str, published: date | None) -> list[Dateline]:
    """All datelines of a text, in order: those at the beginning of a line, and in the text's head also one that follows
    a headline without a break."""
    lines = [_made(match, published) for match in _IN_CAPITALS.finditer(text) if _is_dateline(match)]
    other = _in_head(text, published)
    if other is None:
        return lines
    if not lines or other.start < lines[0].start - 1:
        return [other, *lines]
    first = lines[0]
    if first.agency is None and -1 <= other.start - first.body <= JOINED:  # "LIMA | Fri Oct 28, 2022 LIMA (Reuters) -"
        lines[0] = first._replace(body=other.body, agency=other.agency, agency_span=other.agency_span)
    return lines


def header_day(text: str) -> str | None:
    """The day of publication where the head of the text states it in full: a line that is a date, "Published: …"."""
    at = 0
    for line in text[:HEAD].split("\n")[:8]:
        stop = at + len(line)
        match = _HEADER.search(text, at, stop)
        start, end = match.span("day") if match else (at, stop)
        if match or len(line) <= 40:
            named = re.search(r"\d{4}", text[start:end])
            day = _resolved(text, start, end, None) if named else None
            if day:
                return day
        at = stop + 1
    return None
