"""Candidates to TIMEX3 types and values, in text order, against the day of publication and what was said before.

Each action of `grammar.txt` is a function of `days`, `periods` or `lengths`: (`Match`, `Reading`) to what is found.
Nothing is guessed: where the day of publication would be needed and is unknown, the value is None, or has X in place of
the unknown digits where TIMEX3 does so (``XXXX-10-22``, ``XXXX-WXX-4``).
"""

from __future__ import annotations

from collections.abc import Callable

from comity.dates import days, lengths, periods
from comity.dates.reading import Found, Match, Reading, match_of
from comity.dates.scan import Candidate


def skip(m: Match, r: Reading) -> list[Found]:
    """What looks like a time expression and is none."""
    return []


ACTIONS: dict[str, Callable[[Match, Reading], list[Found]]] = {
    action.__name__: action
    for action in (
        skip,
        days.calendar, days.day_range, days.week_of, days.weekday_of_week, days.iso, days.slashed, days.today,
        days.neighbour, days.holiday, days.unknown, days.moment, days.daypart,
        periods.year, periods.years, periods.half_year, periods.decade, periods.century, periods.fiscal,
        periods.yearend, periods.quarter, periods.quarter_ago, periods.the_quarter, periods.season,
        periods.relative, periods.ago, periods.later,
        lengths.duration, lengths.vague, lengths.every, lengths.often, lengths.reference,
    )
}  # fmt: skip


def resolve(candidate: Candidate, reading: Reading) -> list[Found]:
    """The expressions of a candidate (none, one, or two for a range); they become points of reference."""
    found = ACTIONS[candidate.action](match_of(candidate), reading)
    for one in found:
        reading.note(one)
    return found
