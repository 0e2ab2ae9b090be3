"""Actions of the grammar that find weeks, months, quarters, seasons, years and decades, by name or by relation."""

from __future__ import annotations

import re
from datetime import date

from comity.dates import values as v
from comity.dates.amounts import count, full_year, integer
from comity.dates.reading import (
    MONTHS,
    SAME_FIGURES,
    SAME_STORY,
    Found,
    Match,
    Reading,
    digits,
    nearest,
    year_of,
)  # fmt: skip
from comity.dates.tense import FUTURE

VAGUE = ("few", "several", "some", "many", "dozens")
"""Kinds that stand for an unknown number."""


# --- years, decades, centuries -------------------------------------------------------------------------------------


def year(m: Match, r: Reading) -> list[Found]:
    """A year in figures or words."""
    _, number = year_of(m, r)
    if number is None:
        return []
    if m.how == "glued" and not r.text[m.start - 2 : m.start - 1].isalpha():
        return []  # 975-1150 pounds, not post-1991
    return m.found("DATE", digits(number))


def years(m: Match, r: Reading) -> list[Found]:
    """Two years with a stroke, "2016-17", found as two expressions; only the first where the other is none."""
    one, two = m.tokens[0], m.tokens[2]
    first, second = int(one.value), integer(two) or 0
    if len(two.value) == 2:
        second += first // 100 * 100
    found = [Found(one.start, one.end, "DATE", digits(first))]
    if first < second <= first + 100:
        found.append(Found(two.start, two.end, "DATE", digits(second)))
    return found


def half_year(m: Match, r: Reading) -> list[Found]:
    """Half a year by its place: "the second half of 2019", "the first half of the year"."""
    half = 1 if m.first("ord") == "1" or m.first("edge") == "START" else 2
    named, number = year_of(m, r)
    if not named and r.base:
        number = r.base.year
    return m.found("DATE", f"{digits(number)}-H{half}" if number else None, not m.has("year"))


def decade(m: Match, r: Reading) -> list[Found]:
    """A decade: "the 1990s", "the '80s", "the nineties"; without a century the last one that has begun."""
    figures = re.sub(r"\D", "", m.first("decade") or "") or f"{m.first('nineties')}0"
    if len(figures) == 2:
        start = full_year(int(figures), r.base) if r.base else 1900 + int(figures)
        figures = digits(start)
    return m.found("DATE", figures[:3])


def century(m: Match, r: Reading) -> list[Found]:
    """A century, as the figures with which its years begin."""
    number = m.ordinal("ord", "SECOND", "ordinal")
    return m.found("DATE", digits(number - 1, 2)) if number else []


def fiscal(m: Match, r: Reading) -> list[Found]:
    """A fiscal year, as the year whose number it bears."""
    figures = re.sub(r"\D", "", m.first("fycode", "year") or "")
    return m.found("DATE", figures if len(figures) == 4 else digits(full_year(int(figures), r.base)))


def yearend(m: Match, r: Reading) -> list[Found]:
    """The end of the year."""
    return m.found("DATE", digits(r.base.year) if r.base else None, True)


# --- quarters ------------------------------------------------------------------------------------------------------


def _quarter_year(number: int, months: int, m: Match, r: Reading) -> int | None:
    """The year of the n-th quarter (or half): the last one that has begun, unless the words look ahead."""
    if r.base is None:
        return None
    current = (r.base.month - 1) // months + 1
    if number <= current or r.tense(m.start, m.end) == FUTURE:
        return r.base.year
    # the quarter that follows the present one is spoken of by its forecasts while the year lasts
    return r.base.year if number == current + 1 and current > 1 else r.base.year - 1


def quarter(m: Match, r: Reading) -> list[Found]:
    """A numbered quarter or half, of a fiscal year as of a calendar year."""
    code = m.first("qcode")
    letter = code[0] if code else "H" if m.has("half") else "Q"
    number = int(code[1]) if code else m.ordinal("ord", "SECOND", "ordinal") or 0
    months = v.PARTS_OF_YEAR[letter]
    if not 1 <= number <= 12 // months:
        return []
    named, which = year_of(m, r)
    if not named:
        which = _quarter_year(number, months, m, r)
    value = f"{digits(which)}-{letter}{number}"
    reported = which is not None and (r.base is None or value < v.quarter(r.base))
    if letter == "Q" and (reported or (which is not None and r.quarter is None)):
        r.quarter, r.quarter_end = value, m.end  # plans for a coming quarter are no figures
    return m.found("DATE", value, not named)


def quarter_ago(m: Match, r: Reading) -> list[Found]:
    """The period whose figures the report gives, a year before: "the year-earlier period", "the 1988 quarter"."""
    if m.has("year"):
        return m.found("DATE", (m.first("year") or "") + (r.quarter[4:] if r.quarter else ""))
    if r.quarter and (m.has("QUARTER") or (r.quarter_end >= 0 and m.start - r.quarter_end < SAME_FIGURES)):
        r.quarter_end = m.end
        return m.found("DATE", v.shifted(r.quarter, -1, "Y"))
    return m.found("DATE", digits(r.base.year - 1) if r.base else None, True)


def the_quarter(m: Match, r: Reading) -> list[Found]:
    """This, last, the following, the latest quarter; "the quarter" of the report's figures."""
    step, from_text = _step(m)
    if r.quarter and (from_text or m.has("latest", "current") or m.how == "figures"):
        r.quarter_end = m.end
        return m.found("DATE", v.shifted(r.quarter, step, "Q"))
    if m.has("latest") or m.how == "figures":
        step = -1
    value = v.moved(r.base, step, "Q") if r.base else None
    r.quarter, r.quarter_end = value, m.end
    return m.found("DATE", value, True)


# --- seasons -------------------------------------------------------------------------------------------------------


def season(m: Match, r: Reading) -> list[Found]:
    """A season, of a named year or the one that the tense asks for: the last one that has begun, or the next."""
    part = m.first("season", "fall") or ""
    named, which = year_of(m, r)
    if not named and r.base:
        starts = [date(r.base.year + y, v.SEASONS[part], 1) for y in (-1, 0, 1)]
        ahead = r.tense(m.start, m.end) == FUTURE
        under_way = [d for d in starts if 0 <= (r.base - d).days < 92]
        which = (under_way[0] if under_way else nearest(starts, r.base, FUTURE if ahead else "")).year
        if not ahead and not under_way:
            which = max(d for d in starts if d <= r.base).year
    return m.found("DATE", f"{digits(which)}-{part}", not named)


def _rel_season(part: str, step: int, anchor: date) -> str:
    now = v.season(anchor)
    if step == 0:
        return now if now.endswith(part) else f"{digits(anchor.year)}-{part}"
    starts = sorted(date(anchor.year + y, v.SEASONS[part], 1) for y in (-2, -1, 0, 1))
    if step < 0:
        return max(s for d in starts if d < anchor and (s := v.season(d)) != now)
    return v.season(min(d for d in starts if d > anchor))


# --- this, last, next ----------------------------------------------------------------------------------------------


def _step(m: Match) -> tuple[int, bool]:
    """(how many units on, whether counted from what was said before)."""
    for kind in ("following", "prev", "that", "same"):
        if m.has(kind):
            return (m.number(kind) if kind in ("following", "prev") else 0) or 0, True
    if m.has("next") and m.has("the") and not m.has("edge"):
        return 1, True
    if m.has("this"):
        return (-1 if m.has("past") else 1 if m.has("coming") and not m.has("WEEKEND") else 0), False
    return next((m.number(k) or 0 for k in ("last", "next", "coming") if m.has(k)), 0), False


def _rel_weekday(weekday: int, step: int, anchor: date) -> str | None:
    days = weekday - anchor.isoweekday()
    if step > 0:
        days += 7 * (days <= 0)
    elif step < 0:
        days -= 7 * (days >= 0)
    return v.moved(anchor, days, "D")


def _rel_month(month: int, step: int, anchor: date) -> str:
    year = anchor.year + (month <= anchor.month if step > 0 else -(month >= anchor.month) if step < 0 else 0)
    return f"{digits(year)}-{month:02d}"


def relative(m: Match, r: Reading) -> list[Found]:
    """This, last or next unit, weekday, month or season; "the following day"; "the day" itself."""
    step, from_text = _step(m)
    known = v.extent(r.last_day if m.has("DAY", "weekday") else r.last) if from_text else None
    anchor, deictic = (known.first, False) if known else (r.base, True)
    weekday, month, part = m.number("weekday"), m.number(*MONTHS), m.first("season", "fall")
    if anchor is None:
        known_part = f"WXX-{weekday}" if weekday else f"{month:02d}" if month else part
        return m.found("DATE", f"XXXX-{known_part}" if known_part else None, True)
    if weekday:
        return m.found("DATE", _rel_weekday(weekday, step, anchor), deictic)
    if month:
        return m.found("DATE", _rel_month(month, step, anchor), deictic)
    if part:
        return m.found("DATE", _rel_season(part, step, anchor), deictic)
    return _the_unit(m, r, step, anchor, deictic)


def _the_unit(m: Match, r: Reading, step: int, anchor: date, deictic: bool) -> list[Found]:
    unit = m.unit()
    if m.how == "spoken":  # "the day" is the one spoken of, if one was
        if is_title(m, r):
            return []
        known = v.extent({"D": r.last_day, "M": r.last}.get(unit))
        if known and known.precision in ("day", "month"):
            anchor, deictic = known.first, False
    if m.how == "weekend" and anchor.isoweekday() < 6 and r.tense(m.start, m.end) != FUTURE:
        step = -1  # in the course of a week "the weekend" of what is told is the one before
    if m.has("latest"):
        step = -1
    return m.found("DATE", v.moved(anchor, step, unit), deictic)


def is_title(m: Match, r: Reading) -> bool:
    """True for a unit with a capital inside a sentence: "60 Minutes", "Person of the Year"."""
    last = m.tokens[-1]
    word = r.text[last.start : last.end]
    return len(m.tokens) > 1 and word[:1].isupper() and not word.isupper()


# --- so many units ago or on ---------------------------------------------------------------------------------------


def number_of(m: Match) -> float | None:
    """How many units; None for "several", "a few"."""
    return None if m.has(*VAGUE) else count(m.tokens)


def ago(m: Match, r: Reading) -> list[Found]:
    """So many units before publication ("two weeks ago") or before what was said ("a year earlier")."""
    unit, number = m.unit(), number_of(m)
    if number is None or unit[0] == "T":
        return m.found("DATE", "PAST_REF")
    if unit == "Y" and m.has("a") and r.quarter and r.quarter_end >= 0 and m.start - r.quarter_end < SAME_FIGURES:
        return quarter_ago(m, r)
    value = v.shifted(r.last, -int(number), unit) if m.has("earlier") else None
    if value:
        return m.found("DATE", value)
    if r.base is None:
        return m.found("DATE", None, True)
    if unit == "Y" and number != int(number):
        there = v.add_months(r.base, -int(number * 12))
        return m.found("DATE", v.month(there) if there else None, True)
    return m.found("DATE", v.moved(r.base, -int(number), unit), True)


def later(m: Match, r: Reading) -> list[Found]:
    """So many units after or before a day of the text ("two days later"), or from now; else a mere duration."""
    unit, number = m.unit(), number_of(m)
    whole = int(number) if number is not None and number == int(number) and unit[0] != "T" else None
    if whole is not None and m.how == "from now":
        return m.found("DATE", v.moved(r.base, whole, unit) if r.base else None, True)
    if whole is not None and m.start - r.last_end < SAME_STORY:
        known = r.last_day if unit in ("D", "W") else r.last
        span = v.extent(value := v.shifted(known, -whole if m.has("earlier") else whole, unit))
        if span and (r.base is None or span.first <= r.base or r.tense(m.start, m.end) == FUTURE):
            return m.found("DATE", value)
    end = m.end if m.how == "from now" else m.tokens[-2].end
    return [Found(m.start, end, "DURATION", v.duration(number, unit))]
