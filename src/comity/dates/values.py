"""Arithmetic on TIMEX3 values: what days a value covers, and what lies N units away.

A value is the string of ISO-TimeML (Pustejovsky et al. 2010), which extends ISO 8601: ``2022-10-27``,
``2022-10-27TMO``, ``2022-W43``, ``2022-W43-WE``, ``2022-10``, ``2022-Q3``, ``2022-H1``, ``2022-SU``, ``2022``,
``199`` (a decade), ``19`` (a century), ``P2W``, ``PT3H``. Weeks are those of ISO 8601: Monday to Sunday.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

ONE_DAY = timedelta(days=1)

SEASONS = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}
"""Meteorological seasons of the northern hemisphere, by first month; each has three months."""

PARTS_OF_YEAR = {"Q": 3, "H": 6}
"""Months of a quarter and of a half."""

_VALUE = re.compile(
    r"""(?P<year>\d{4})
        (?:-(?:W(?P<week>\d\d)(?P<weekend>-WE)?
             | (?P<part>[QH])(?P<number>[1-4])
             | (?P<season>SP|SU|FA|WI)
             | (?P<month>\d\d)(?:-(?P<day>\d\d)(?:T.*)?)?))?$
      | (?P<decade>\d{3})$""",
    re.VERBOSE,
)


class Extent(NamedTuple):
    """The days that a value covers, both included, and its granularity."""

    first: date
    last: date
    precision: str
    """day | week | month | quarter | year | decade. A weekend is two days, a season is a quarter."""


def first_of_month(year: int, month: int) -> date | None:
    """The first day of the month, counted through from the given year (month 0 is the December before)."""
    carried, zero_based = divmod(month - 1, 12)
    year += carried
    return date(year, zero_based + 1, 1) if 1 <= year <= 9999 else None


def _months(year: int, month: int, count: int) -> tuple[date, date] | None:
    start, after = first_of_month(year, month), first_of_month(year, month + count)
    return (start, after - ONE_DAY) if start and after else None


@lru_cache(maxsize=8192)
def extent(value: str | None) -> Extent | None:
    """The days that a value covers; None for durations, sets, references, centuries and unknown or impossible days."""
    match = _VALUE.match(value or "")
    if match is None:
        return None
    try:
        if match["decade"]:
            first = int(match["decade"]) * 10
            return Extent(date(first, 1, 1), date(first + 9, 12, 31), "decade")
        year = int(match["year"])
        if match["day"]:
            day = date(year, int(match["month"]), int(match["day"]))
            return Extent(day, day, "day")
        if match["week"]:
            monday = date.fromisocalendar(year, int(match["week"]), 1)
            if match["weekend"]:
                return Extent(monday + 5 * ONE_DAY, monday + 6 * ONE_DAY, "day")
            return Extent(monday, monday + 6 * ONE_DAY, "week")
        if match["part"]:
            months = PARTS_OF_YEAR[match["part"]]
            number = int(match["number"])
            if number * months > 12:
                return None
            span, precision = _months(year, 1 + (number - 1) * months, months), "quarter"
            precision = "quarter" if months == 3 else "year"
        elif match["season"]:
            span, precision = _months(year, SEASONS[match["season"]], 3), "quarter"
        elif match["month"]:
            span, precision = _months(year, date(year, int(match["month"]), 1).month, 1), "month"
        else:
            span, precision = _months(year, 1, 12), "year"
    except ValueError:
        return None
    return Extent(*span, precision) if span else None


def printed(first: date, precision: str) -> str:
    """How a record prints a day at a granularity: ``YYYY-MM-DD`` for days and weeks (the Monday), ``YYYY-MM`` for
    months and quarters, ``YYYY`` for years and decades."""
    if precision in ("month", "quarter"):
        return f"{first.year:04d}-{first.month:02d}"
    if precision in ("year", "decade"):
        return f"{first.year:04d}"
    return first.isoformat()


def week(day: date) -> str:
    """The ISO week of a day: ``2022-W43``."""
    year, number, _ = day.isocalendar()
    return f"{year:04d}-W{number:02d}"


def month(day: date) -> str:
    """``2022-10``."""
    return f"{day.year:04d}-{day.month:02d}"


def quarter(day: date) -> str:
    """``2022-Q4``."""
    return f"{day.year:04d}-Q{(day.month + 2) // 3}"


def season(day: date) -> str:
    """The season of a day; January and February belong to the winter that began in the year before."""
    if day.month <= 2:
        return f"{day.year - 1:04d}-WI"
    return f"{day.year:04d}-" + {1: "SP", 2: "SU", 3: "FA", 4: "WI"}[day.month // 3]


def add_months(day: date, count: int) -> date | None:
    """The same day of the month `count` months on, or the month's last day where it is shorter."""
    first = first_of_month(day.year, day.month + count)
    return first.replace(day=min(day.day, monthrange(first.year, first.month)[1])) if first else None


def add_days(day: date, count: int) -> date | None:
    """`count` days on; None beyond the calendar."""
    try:
        return day + timedelta(days=count)
    except OverflowError:
        return None


_DAYS = {"D": 1, "W": 7, "FN": 14, "WE": 7}
_MONTHS = {"M": 1, "Q": 3, "Y": 12, "DE": 120, "CE": 1200}
_MONTHS_IN = {"month": 1, "quarter": 3, "year": 12, "decade": 120}


def moved(day: date, count: int, unit: str) -> str | None:
    """The value `count` units from a day, at the granularity of the unit; None beyond the calendar.

    Units: D day, W week, FN fortnight, WE weekend, M month, Q quarter, Y year, DE decade, CE century.
    """
    if unit in _DAYS:
        there = add_days(day, count * _DAYS[unit])
        if there is None:
            return None
        return there.isoformat() if unit == "D" else week(there) + ("-WE" if unit == "WE" else "")
    there = first_of_month(day.year, day.month + count * _MONTHS[unit])
    if there is None:
        return None
    if unit == "M":
        return month(there)
    return quarter(there) if unit == "Q" else f"{there.year:04d}"[: {"Y": 4, "DE": 3, "CE": 2}[unit]]


def shifted(value: str | None, count: int, unit: str) -> str | None:
    """A value moved by `count` units that keeps its own granularity: ``1989-Q3`` one year back is ``1988-Q3``.

    None where the unit is finer than the value: two days after a month is no known day.
    """
    span = extent(value)
    days, months = _DAYS.get(unit), _MONTHS.get(unit)
    if value is None or span is None or not (days or months):
        return None
    if span.precision in ("day", "week"):
        if span.precision == "week" and unit == "D":
            return None
        middle = span.first + 3 * ONE_DAY if span.precision == "week" else span.first  # a week is its Thursday's
        there = add_months(middle, count * months) if months else add_days(middle, count * (days or 0))
        if there is None:
            return None
        return there.isoformat() if span.precision == "day" else week(there)
    if not months or months < _MONTHS_IN[span.precision]:
        return None
    there = first_of_month(span.first.year, span.first.month + count * months)
    if there is None:
        return None
    if span.precision == "decade":
        return f"{there.year:04d}"[:3]
    if months % 12 == 0:
        return f"{there.year:04d}{value[4:]}"
    return month(there) if span.precision == "month" else quarter(there) if "Q" in value else season(there)


def duration(count: float | None, unit: str) -> str:
    """A TIMEX3 duration; `count` None is an unknown number. Decades and centuries are counted in years.

    Further units: TH hour, TM minute, TS second.
    """
    if count is not None and unit in ("DE", "CE"):
        count, unit = count * {"DE": 10, "CE": 100}[unit], "Y"
    if unit == "FN":
        count, unit = (None if count is None else count * 2), "W"
    prefix = "PT" if unit[0] == "T" else "P"
    letter = unit[1:] if unit[0] == "T" else unit
    if count is None:
        return f"{prefix}X{letter}"
    if count == int(count):
        return f"{prefix}{int(count)}{letter}"
    finer = {"Y": (12, "M"), "TH": (60, "TM"), "TM": (60, "TS"), "D": (24, "TH"), "W": (7, "D")}.get(unit)
    whole, rest = int(count), count - int(count)
    if finer and (rest * finer[0]) == int(rest * finer[0]):
        if unit in ("Y", "TH", "TM"):
            tail = f"{int(rest * finer[0])}{finer[1][-1]}"
            return f"{prefix}{whole}{letter}{tail}" if whole else f"{prefix}{tail}"
        return duration(count * finer[0], finer[1])
    return f"{prefix}{count:g}{letter}"
