"""Periods of a series: days, weeks, months, quarters, years."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import msgspec

from comity.relations.errors import BadChoice

UNITS = ("day", "week", "month", "quarter", "year")
"""From the finest. Weeks are those of ISO 8601 and begin on Monday."""

FINER = {unit: UNITS[: UNITS.index(unit) + 1] for unit in UNITS}
"""The precisions of dates that can be placed in periods of a unit."""


class Period(msgspec.Struct, frozen=True, order=True):
    """One period, with its first and last day."""

    first: date
    last: date
    label: str
    """2022-10-27 | 2022-W43 | 2022-10 | 2022-Q4 | 2022."""


def period_of(day: date, unit: str) -> Period:
    """The period of a unit in which a day lies."""
    if unit == "day":
        return Period(day, day, day.isoformat())
    if unit == "week":
        first = day - timedelta(days=day.weekday())
        year, week, _ = day.isocalendar()
        return Period(first, first + timedelta(days=6), f"{year}-W{week:02}")
    if unit == "month":
        first = day.replace(day=1)
        return Period(first, _before(first.year + first.month // 12, first.month % 12 + 1), f"{day:%Y-%m}")
    if unit == "quarter":
        number = (day.month - 1) // 3
        first = date(day.year, 3 * number + 1, 1)
        return Period(first, _before(day.year + (number == 3), (3 * number + 3) % 12 + 1), f"{day.year}-Q{number + 1}")
    if unit == "year":
        return Period(date(day.year, 1, 1), date(day.year, 12, 31), f"{day.year}")
    raise BadChoice(f"there are no periods by {unit!r}; choose one of: {', '.join(UNITS)}")


def _before(year: int, month: int) -> date:
    return date(year, month, 1) - timedelta(days=1)


def periods(first: date, last: date, unit: str) -> list[Period]:
    """All periods from the one of the first day to the one of the last."""
    return list(_walk(first, last, unit))


def _walk(first: date, last: date, unit: str) -> Iterator[Period]:
    here = period_of(first, unit)
    while here.first <= last:
        yield here
        here = period_of(here.last + timedelta(days=1), unit)


def add_months(day: date, months: int) -> date:
    """The same day so many months later (earlier, if negative); the last of the month where that day is none."""
    number = day.year * 12 + day.month - 1 + months
    after = _before((number + 1) // 12, (number + 1) % 12 + 1)
    return after.replace(day=min(day.day, after.day))
