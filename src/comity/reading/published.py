"""Dates of publication: the many forms in which they are written, normalised to ISO 8601.

Local time stays local, an offset is kept where one is given, `Z` stays `Z`. Nothing is guessed: a date that can be
read in two ways (03/04/2022), or that has no day or no year, is no date.
"""

from __future__ import annotations

import re
from datetime import datetime

EARLIEST_YEAR = 1600
"""The first newspapers are of the 1600s; a smaller number is a page number or a misprint, not a year."""

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb febr",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sep sept",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}

_ZONES = {
    "Z": "Z",
    "UTC": "Z",
    "GMT": "Z",
    "UT": "Z",
    # RFC 2822, section 4.3
    "EST": "-05:00",
    "EDT": "-04:00",
    "CDT": "-05:00",
    "MST": "-07:00",
    "MDT": "-06:00",
    "PST": "-08:00",
    "PDT": "-07:00",
    # names that news uses in one meaning only; CST, IST, BST and AST have several and leave the time local
    "CET": "+01:00",
    "CEST": "+02:00",
    "EET": "+02:00",
    "EEST": "+03:00",
    "MSK": "+03:00",
    "JST": "+09:00",
    "KST": "+09:00",
    "SGT": "+08:00",
    "HKT": "+08:00",
    "ET": None,
    "CT": None,
    "PT": None,
    "CST": None,
    "IST": None,
    "BST": None,
    "AST": None,
}

_month = "|".join(sorted(_MONTHS, key=len, reverse=True))
_weekday = r"(?:mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?|sun)(?:day)?\.?"
MONTH = rf"(?:{_month})"
"""Pattern of an English month name or its abbreviation (without the stop), for use with `re.IGNORECASE`."""

_ISO = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})"
    r"(?:(?:\s*[T ,|]\s*|\s+at\s+)"
    r"(\d{1,2}):(\d{2})(?::(\d{1,2})(?:[.,]\d+)?)?\s*(Z|[+-]\d{2}(?::?\d{2})?|[A-Za-z]{1,4})?)?"
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T?(\d{2}):?(\d{2}):?(\d{2})(Z|[+-]\d{2}:?\d{2})?)?")
_UNIX = re.compile(  # "Tue Jul 30 09:35:14 CEST 2019"
    rf"(?P<head>{_weekday}\s+{MONTH}\s+\d{{1,2}})\s+(?P<time>\d\d:\d\d(?::\d\d)?(?:\s+[A-Z]{{1,4}})?)\s+(?P<year>\d{{4}})",
    re.IGNORECASE,
)
_NAMED = re.compile(
    rf"\b(?:(?P<m1>{_month})\.?\s+(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?(?:,\s*|\s+)(?P<y1>\d{{4}})"
    rf"|(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?[\s-]+(?P<m2>{_month})\.?,?[\s-]+(?P<y2>\d{{4}}|\d{{2}})"
    rf"|(?P<y3>\d{{4}}),?\s+(?P<m3>{_month})\.?\s+(?P<d3>\d{{1,2}}))(?!\d)",
    re.IGNORECASE,
)
_NUMERIC = re.compile(r"\b(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?!\d)")
_TIME = re.compile(
    r"(?:(?<!\d)(?P<h>\d{1,2})[:.](?P<min>\d{2})(?::(?P<s>\d{2})(?:\.\d+)?)?(?:\s*(?P<half>[ap])\.?m\.?(?![a-z]))?"
    r"|(?<!\d)(?P<h12>\d{1,2})\s*(?P<half12>[ap])\.?m\.?(?![a-z])"
    r"|(?<!\d)(?P<h24>[0-2]\d)(?P<min24>[0-5]\d)(?=\s*(?:hrs|hours|gmt|utc)))"
    r"\s*(?:hrs\b|hours\b|h\b)?",
    re.IGNORECASE,
)
_ZONE = re.compile(r"(?:\b(?:GMT|UTC)\s*|(?<!\S))(?P<offset>[+-]\d{1,2}(?::?\d{2})?)\b|\b(?P<name>[A-Z]{1,4})\b")
_NOISE = re.compile(rf"\b(?:{_weekday}|at|on|of|local|time|noon)(?![a-z])|[\s,|()–—·•-]+", re.IGNORECASE)


def _offset(zone: str | None) -> str | None:
    """A zone as it stands in a text as an ISO 8601 suffix; "" for none or an ambiguous one, None for no zone at all."""
    if not zone:
        return ""
    if zone[0] in "+-":
        digits = zone[1:].replace(":", "")
        hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "00")
        if int(hours) > 14 or int(minutes) > 59:
            return None
        return f"{zone[0]}{int(hours):02d}:{minutes}"
    zone = zone.upper()
    return (_ZONES[zone] or "") if zone in _ZONES else None


def _iso(
    year: int, month: int, day: int, clock: tuple[int, int, int] | None = None, zone: str | None = None
) -> str | None:
    offset = _offset(zone)
    if offset is None or year < EARLIEST_YEAR:
        return None
    try:
        if clock is None:
            return datetime(year, month, day).date().isoformat()
        return datetime(year, month, day, *clock).isoformat() + offset
    except ValueError:
        return None


def _clock(match: re.Match[str]) -> tuple[int, int, int] | None:
    if match["h24"]:
        return int(match["h24"]), int(match["min24"]), 0
    hour = int(match["h"] or match["h12"])
    half = (match["half"] or match["half12"] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    return hour, int(match["min"] or 0), int(match["s"] or 0)


def normalise(value: str) -> str | None:
    """A date of publication in ISO 8601 (`YYYY-MM-DD` or `YYYY-MM-DDTHH:MM:SS` with `Z` or an offset where given).

    Reads ISO 8601, RFC 2822 ("Sat, 29 Oct 2022 00:38:00 +0800"), and the usual English forms ("Oct 29, 2022 12:38
    AM", "29 October 2022", "Saturday 29th October 2022, 14:05 GMT", "2022/10/29 10:35"). None when the whole value is
    not one unambiguous date.
    """
    value = value.strip()
    if not 8 <= len(value) <= 100:
        return None
    match = _ISO.fullmatch(value) or _COMPACT.fullmatch(value)
    if match:
        year, month, day, hour, minute, second, zone = match.groups()
        clock = (int(hour), int(minute), int(second or 0)) if hour else None
        return _iso(int(year), int(month), int(day), clock, zone)

    match = _UNIX.fullmatch(value)
    if match:
        value = f"{match['head']}, {match['year']} {match['time']}"
    match = _NAMED.search(value)
    if match:
        year_text = match["y1"] or match["y2"] or match["y3"]
        year = int(year_text)
        if len(year_text) == 2:  # RFC 2822, section 4.3, for obsolete years
            year += 2000 if year < 50 else 1900
        month = _MONTHS[(match["m1"] or match["m2"] or match["m3"]).lower()]
        day = int(match["d1"] or match["d2"] or match["d3"])
    else:
        match = _NUMERIC.search(value)
        if not match:
            return None
        first, second_number, year = int(match[1]), int(match[3]), int(match[4])
        if first > 12 >= second_number or first == second_number:
            day, month = first, second_number
        elif second_number > 12 >= first:
            month, day = first, second_number
        else:
            return None
    rest = value[: match.start()] + " " + value[match.end() :]
    clock, zone = None, None
    time = _TIME.search(rest)
    if time:
        clock = _clock(time)
        if clock is None:
            return None
        rest = rest[: time.start()] + " " + rest[time.end() :]
        named = _ZONE.search(rest)
        if named:
            zone = named["offset"] or named["name"]
            rest = rest[: named.start()] + " " + rest[named.end() :]
    if _NOISE.sub("", rest):
        return None
    return _iso(year, month, day, clock, zone)


def check_published(published: str | None) -> str | None:
    """A date given by the caller, normalised. Raises `ValueError` when it is none."""
    if published is None:
        return None
    found = normalise(published)
    if found is None:
        raise ValueError(f"published={published!r} is no date; give it like 2022-10-29 or 2022-10-29T00:38:00Z")
    return found
