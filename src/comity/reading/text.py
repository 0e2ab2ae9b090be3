"""Plain text: its title line, its lines about itself (`Published: …`, a byline), and its dateline.

The text of the report is the text as it stands; what is found in it only fills the report's fields.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from comity.reading.encoding import decode
from comity.reading.errors import ReadError
from comity.reading.filling import Filling
from comity.reading.inputs import Input, open_plain, read_bounded, refuse_binary
from comity.reading.published import MONTH, check_published, normalise
from comity.records import Report, report_id

HEAD_LINES = 12
"""Lines that are not blank among which the head is looked for; the longest in the development reports has 6."""

HEAD_CHARACTERS = 4000

LONGEST_TITLE = 250
"""Characters. The longest headline of the development reports has 208."""

_FIELD = re.compile(
    r"(?P<key>title|headline|(?:date )?published(?: on| at| date)?|publication date|publish date|pub ?date|"
    r"posted(?: on| at)?|date(?: of publication)?|(?:first|originally) published(?: on)?|(?:last )?updated(?: on| at)?|"
    r"(?:last )?modified(?: on)?|source|outlet|publisher|publication|newspaper|url|link|web|author|authors|by|byline|"
    r"reporter|section|dateline|language)\s*[:：]\s*(?P<value>\S.*)",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(
    r"(?:(?:first |originally )?(?:published|posted)(?: on| at)?|date(?:d)?)\s+(?P<value>\S.*)", re.IGNORECASE
)
_UPDATED = re.compile(r"(?:last )?(?:updated|modified)\b", re.IGNORECASE)
_URL = re.compile(r"https?://\S+")
_BYLINE = re.compile(r"by\s+[A-Z][\w.'’-]+(?:[ ,&]+(?:and|[A-Z][\w.'’/-]*|in|of|the))*", re.IGNORECASE)

_KINDS = {
    "title": "title",
    "headline": "title",
    "source": "outlet",
    "outlet": "outlet",
    "publisher": "outlet",
    "publication": "outlet",
    "newspaper": "outlet",
    "url": "url",
    "link": "url",
    "web": "url",
}

_PLACE = r"[A-Z][\w.'’]*(?:-[A-Za-z][\w.'’]*)*(?:[ /](?:[A-Z][\w.'’]*(?:-[A-Za-z]\w*)*|de|of|the|el|al|la|on|am))*"
_DATELINE = re.compile(
    rf"""
    (?:(?P<place>{_PLACE}(?:,\s*+{_PLACE}){{0,2}}?)\s*+(?:[,.]\s*+)?)??
    (?P<date>(?i:(?:{MONTH}\.?\s+\d{{1,2}}(?:st|nd|rd|th)?|\d{{1,2}}(?:st|nd|rd|th)?\s+{MONTH}\.?)(?:,?\s+\d{{4}})?))?
    \s*+(?:[.,]\s*+)?
    (?:[(/](?P<agency>[A-Z][A-Za-z .,&'’-]{{1,40}}?)[)/]\.?)?
    (?:\s*(?P<dash>--?|[–—:])|(?<=[)/])|(?<=[)/]\.))\s
    """,
    re.VERBOSE,
)
_LEADING = re.compile(
    rf"(?:[A-Z][\w ,./'-]{{1,40}}\s\|\s)?"
    rf"(?P<date>(?P<weekday>(?:mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s)?"
    rf"(?:{MONTH}\.?\s\d{{1,2}},?\s\d{{4}}|\d{{1,2}}\s{MONTH}\.?\s\d{{4}})"
    rf"(?P<time>,?\s(?:at\s)?\d{{1,2}}[:.]\d\d(?:\s?[ap]\.?m\b\.?)?(?:\s[A-Z]{{2,4}}\b)?)?)",
    re.IGNORECASE,
)


class Dateline(NamedTuple):
    """The opening of a wire report: "BEIJING, Oct 28 (Xinhua) --"."""

    start: int
    end: int
    """Offsets in the text; the end is where the report's first sentence begins."""
    place: str | None
    date: str | None
    """As it stands; mostly without its year."""
    agency: str | None
    """The agency in brackets or between strokes: "Xinhua", "Reuters", "TASS"."""


class Head(NamedTuple):
    """What a plain text says about itself before its first sentence."""

    title: str | None = None
    published: str | None = None
    """ISO 8601."""
    unread: str | None = None
    """A date of publication that stands there and cannot be understood."""
    outlet: str | None = None
    url: str | None = None
    body: int = 0
    """Offset of the first line after the head."""


def _lines(text: str) -> Iterator[tuple[int, str, bool]]:
    """Offset, content and "follows a blank line" of the first lines that are not blank."""
    at, blank, count = 0, True, 0
    for line in text[:HEAD_CHARACTERS].splitlines(keepends=True):
        content = line.strip()
        if content:
            yield at + line.index(content[0]), content, blank
            count += 1
            if count == HEAD_LINES:
                return
        blank = not content
        at += len(line)


def _is_title(line: str, following: tuple[int, str, bool] | None) -> bool:
    if len(line) > LONGEST_TITLE or following is None or line[-1] in ";,-" or line.count(" ") < 2:
        return False
    _, next_line, apart = following
    if dateline_in(line) or _field(line) or next_line[0].islower():
        return False
    if line[-1] == "." and not re.search(r"\b[A-Z]\.$", line):
        return False
    return apart or _field(next_line) is not None or dateline_in(next_line) is not None or len(next_line) > len(line)


def _field(line: str) -> tuple[str, str] | None:
    """(kind, value) of a line that says something about the report; kind "" for what is of no use here."""
    match = _FIELD.fullmatch(line)
    if match:
        key = match["key"].lower()
        if "publish" in key or "post" in key or key.startswith(("date ", "pub")) or key == "date":
            return ("outlet" if key in ("publisher", "publication") else "published"), match["value"]
        return _KINDS.get(key, "updated" if _UPDATED.match(key) else ""), match["value"]
    if len(line) > 100:
        return None
    match = _PUBLISHED.fullmatch(line)
    if match and normalise(match["value"].split("|")[0]):
        return "published", match["value"]
    if (line[0].isdigit() or line[:3].isalpha()) and normalise(line):
        return "published", line
    if _URL.fullmatch(line):
        return "url", line
    if _BYLINE.fullmatch(line) or (_UPDATED.match(line) and re.search(r"\d", line)):
        return "", line
    return None


def _date(value: str) -> str | None:
    """A date that a line gives, also where the line goes on ("Oct 29, 2022 12:38 AM | Updated: …")."""
    found = normalise(value)
    for mark in ("|", "•", "·", ";", "(", "Updated", "updated", "Last "):
        if found is None and mark in value:
            found = normalise(value.split(mark, 1)[0])
    return found


def head(text: str) -> Head:
    """What a plain text says about itself: title, date of publication, outlet and address, where it does.

    Only a title line, `Key: value` lines, bylines and lines that are a date and nothing else belong to the head; the
    first other line ends it. That one may still begin with the date ("Monday 2 May 2005 15.23 BST The death of …",
    "CAIRO | Tue Jun 16, 2009 10:20 am EDT …") or with a dateline that has a year.
    """
    title = published = unread = outlet = url = None
    body = 0
    lines = list(_lines(text))
    for n, (at, line, _) in enumerate(lines):
        field = _field(line)
        if field is None:
            following = lines[n + 1] if n + 1 < len(lines) else None
            if n == 0 and _is_title(line, following):
                title = line
                continue
            body = at
            break
        kind, value = field
        if kind == "published" and published is None:
            published = _date(value)
            unread = None if published else value
        elif kind == "title" and title is None:
            title = value
        elif kind == "outlet" and outlet is None and len(value) <= 80:
            outlet = value
        elif kind == "url" and url is None and _URL.fullmatch(value):
            url = value
    if published is None:
        leading = _LEADING.match(text, body, body + 120)
        if leading and (leading["weekday"] or leading["time"]):
            published = normalise(leading["date"])
    if published is None:
        found = dateline_in(text, body)
        if found and found.date:
            published = normalise(found.date)
    return Head(title, published, unread if published is None else None, outlet, url, body)


def dateline_in(text: str, start: int = 0) -> Dateline | None:
    """The dateline that begins at `start`, or None. A place alone counts only when it is in capitals."""
    match = _DATELINE.match(text, start, start + 160)
    if not match:
        return None
    place, date, agency = match["place"], match["date"], match["agency"]
    capitals = bool(place) and place.split(",")[0].isupper() and len(place) > 2
    if match["dash"]:
        found = bool(date or agency or capitals)
    else:
        found = bool(agency) and (place is None or capitals)
    return Dateline(start, match.end(), place, date, agency) if found else None


def dateline(text: str) -> Dateline | None:
    """The dateline of a report ("MOSCOW, October 27. /TASS/."), wherever its head ends; None when it has none."""
    return dateline_in(text, head(text).body)


def head_date(text: str) -> str | None:
    """The date of publication at the head of a text, in ISO 8601; None when none is given there."""
    return head(text).published


def read_text(
    text: str,
    *,
    published: str | None = None,
    outlet: str | None = None,
    url: str | None = None,
    title: str | None = None,
    id: str | None = None,
    source: str | None = None,
) -> Report:
    """A report from a text that is already in memory. Its `text` is the string as given.

    The arguments fill what the text does not say itself. Raises `ReadError` when the text is blank, `ValueError` when
    `published` is no date.
    """
    filling = Filling(published=check_published(published), outlet=outlet, url=url)
    return _report(text, source or "text", filling, title=title, id=id)


def _report(text: str, source: str, filling: Filling, title: str | None = None, id: str | None = None) -> Report:
    if not text or text.isspace():
        raise ReadError(source, "it is empty", "leave it out, or give the report's text")
    said = head(text)
    published = said.published or filling.published
    if said.unread and not published:
        filling.warn(
            f"{source}: published {said.unread[:60]!r} is no date that can be read in one way only; "
            "the report is kept without a date"
        )
    url = said.url or filling.url
    return Report(
        id=id or report_id(url, published, text),
        text=text,
        title=title or said.title,
        outlet=said.outlet or filling.outlet,
        url=url,
        published=published,
        source=source,
    )


def read(source: Input, filling: Filling) -> Iterator[Report]:
    """The one report of a plain text file."""
    with open_plain(source) as stream:
        data = read_bounded(source, stream)
    if not data:
        raise ReadError(source.name, "it is empty", "leave it out, or give the report's text")
    refuse_binary(source, data[:4096])
    yield _report(decode(data), source.name, filling)
