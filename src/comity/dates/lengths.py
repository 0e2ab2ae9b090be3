"""Actions of the grammar that find durations, sets and the vague past, present and future."""

from __future__ import annotations

from comity.dates import values as v
from comity.dates.amounts import count
from comity.dates.periods import is_title, number_of
from comity.dates.reading import MONTHS, WEEKDAYS, Found, Match, Reading


def duration(m: Match, r: Reading) -> list[Found]:
    """So many units of time, or an unknown number of them; the upper one of "two to three weeks"."""
    if is_title(m, r):
        return []
    unit = m.unit()
    if m.has("the") and unit in ("M", "Y"):
        r.quarter_end = -1  # figures of another period follow
    number: float | None
    if m.how == "one":
        number = 1
    elif m.how == "range":
        joint = next(n for n, t in enumerate(m.tokens) if n and t.kind in ("to", "or", "hyphen", "dash"))
        number = count(m.tokens[joint:])
    else:
        number = number_of(m)
    return m.found("DURATION", "PXX" if unit == "X" else v.duration(number, unit))


def vague(m: Match, r: Reading) -> list[Found]:
    """Some number of units: "recent months", "the coming years"."""
    unit = next(t.value for t in m.tokens if t.kind.endswith("S") and t.kind.isupper())
    return m.found("DURATION", v.duration(None, unit))


def every(m: Match, r: Reading) -> list[Found]:
    """A set of times: "every Thursday", "each year", "every two weeks"."""
    weekday, month, part = m.first(*WEEKDAYS, "weekdays"), m.number(*MONTHS), m.first("seasons")
    if weekday:
        of_day = m.first("daypart", "dayparts")
        return m.found("SET", f"XXXX-WXX-{weekday}" + (f"T{of_day}" if of_day else ""))
    if month or part:
        return m.found("SET", f"XXXX-{part}" if part else f"XXXX-{month:02d}")
    return m.found("SET", v.duration(count(m.tokens) or (2 if m.has("other") else 1), m.unit()))


def often(m: Match, r: Reading) -> list[Found]:
    """A set by one word: "daily"."""
    if r.text[m.start].isupper() and r.text[m.end + 1 : m.end + 2].isupper():
        return []  # the Daily Mail
    return m.found("SET", m.first("often"))


def reference(m: Match, r: Reading) -> list[Found]:
    """The vague past, present or future."""
    return m.found("DATE", f"{m.how.upper()}_REF")
