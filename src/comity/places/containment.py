"""What lies in what: the region that is named right after a place, and the level that the text itself gives."""

from __future__ import annotations

import math
import re

from comity.places.gazetteer import CITY, COUNTRY, NAMESAKE, REGION, SEAT, SITE, Entry, Gazetteer
from comity.places.scan import Span

COUNTY_KM = 80.0
"""Distance of a town from the middle of its county. Counties of the gazetteer that are larger hold few towns."""

_GAPS = (", ", ",", " (", ", in ", ", the ")
_IN = re.compile(r",? (?:in|of)(?: (?:the|north\w*|south\w*|east\w*|west\w*|central))* $")
_LONGEST_GAP = 24
_AFTER_NAME = re.compile(r"[A-Z][\w']+,? $")
_REGION_AFTER = re.compile(
    r" (?:[Pp]rovince|[Oo]blast|[Rr]egion|[Gg]overnorate|[Pp]refecture|[Ss]tate(?! [A-Z])|[Dd]epartment|[Kk]rai|"
    r"[Tt]erritory|[Vv]oivodeship|[Cc]anton|[Pp]eninsula)\b"
)
_REGION_BEFORE = re.compile(r"\b(?:province|region|state|governorate|oblast)s? of (?:[A-Z]\w+ and )?$", re.IGNORECASE)
_CITY_BEFORE = re.compile(r"\b(?:city|town|port|village|capital)(?: city)?(?: of)? $", re.IGNORECASE)


def link(spans: list[Span], text: str, table: Gazetteer) -> list[Span]:
    """Set `Span.within` where the next name says where a place is; returns the spans less stray abbreviations."""
    after = table.after_comma
    kept: list[Span] = []
    for n, span in enumerate(spans):
        if n + 1 < len(spans):
            _link_pair(span, spans[n + 1], text, after)
        if span.key in after and not _follows_name(span, kept, text):
            continue
        kept.append(span)
    for span in kept:  # "Oxford, Butler County, Ohio"
        middle = span.within
        outer = middle.within if middle is not None else None
        if outer is not None and outer is not span and _may_contain(outer.entries, span.entries):
            span.within = outer
    return kept


def _link_pair(span: Span, following: Span, text: str, after: frozenset[str]) -> None:
    gap = text[span.end : following.start]
    if len(gap) > _LONGEST_GAP:
        return
    if gap == "'s ":  # Syria's Aleppo
        if _may_contain(span.entries, following.entries):
            following.within = span
    elif (gap in _GAPS or (gap == " " and following.key in after) or _IN.match(gap)) and any(
        contains(e, span.entries) for e in _containers(span, following, after)
    ):
        span.within = following


def _follows_name(span: Span, before: list[Span], text: str) -> bool:
    """True when "Miss.", "Wash." follows a name and a comma, be it a name that the gazetteer has not."""
    if before and text[before[-1].end : span.start] in (", ", " ", ","):
        return True
    return bool(_AFTER_NAME.search(text, max(0, span.start - 30), span.start))


def _containers(inner: Span, outer: Span, after: frozenset[str]) -> list[Entry]:
    """What the second name may be as container of the first: countries and regions are not lightly towns."""
    lead = inner.entries[0]
    if lead.level == COUNTRY:
        return [e for e in outer.entries[:1] if e.level == REGION and not e.flags & SEAT]
    if lead.level == REGION and not lead.flags & (SEAT | NAMESAKE):  # "Nevada, Texas and Oklahoma" is a list
        return [e for e in outer.entries[:1] if e.level == COUNTRY or outer.key in after]
    return [e for e in outer.entries if e.level in (COUNTRY, REGION)]


def _may_contain(outer: tuple[Entry, ...], inner: tuple[Entry, ...]) -> bool:
    return any(contains(e, inner) for e in outer if e.level in (COUNTRY, REGION))


def contains(outer: Entry, inner: tuple[Entry, ...]) -> bool:
    """True when a country, region or county contains one of the places."""
    if outer.level == COUNTRY:
        return any(e.country == outer.country and e.level != COUNTRY for e in inner)
    if outer.flags & SEAT:
        return any(
            e.region == outer.region and e.level == CITY and _km(e.lat, e.lon, outer.lat, outer.lon) < COUNTY_KM
            for e in inner
        )
    return bool(outer.region) and any(
        e.region == outer.region and (e.level in (CITY, SITE) or e.flags & SEAT) for e in inner
    )


def contradicted(span: Span, following: Span | None, text: str, table: Gazetteer) -> bool:
    """True when a region of other lands is named right after a city: Toco, Texas is not the Toco of Trinidad."""
    if following is None or following.start != span.end + 2 or not text.startswith(", ", span.end):
        return False
    outer = following.entries[0]
    closed = following.key in table.after_comma or text[following.end : following.end + 1] in (",", ".", ")")
    sure = outer.level == COUNTRY or (
        outer.level == REGION and not outer.flags & SEAT and len(following.entries) < 3
    )  # fmt: skip
    return closed and sure and span.entries[0].level == CITY


def level_in_text(text: str, span: Span) -> int | None:
    """The level that the text itself gives: Idlib province, the city of Idlib. Countries are what they are."""
    if span.entries[0].level == COUNTRY:
        return None
    if _REGION_AFTER.match(text, span.end):
        return REGION
    if text.startswith((" city", " City", " town"), span.end):
        return CITY
    before = text[max(0, span.start - 30) : span.start]
    if _REGION_BEFORE.search(before):
        return REGION
    if _CITY_BEFORE.search(before):
        return CITY
    return None


def _km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Distance in kilometres on a sphere, by the equirectangular approximation: good to 1 % below 1,000 km."""
    dlon = abs(lon1 - lon2)
    if dlon > 180:
        dlon = 360 - dlon
    return 111.2 * math.hypot(dlon * math.cos(math.radians((lat1 + lat2) / 2)), lat1 - lat2)
