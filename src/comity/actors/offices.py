"""Who held which office on which day: look-ups in the dated office table."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from comity.actors.tables import Compiled

LEVELS = ("top leader", "head of government", "deputy head", "minister", "deputy minister", "military", "spokesperson",
          "envoy", "ambassador", "parliament", "agency", "party", "other")  # fmt: skip
"""From the office that speaks most for a state to the one that speaks least: decides among several held at once."""

_RANK = {level: n for n, level in enumerate(LEVELS)}

STATE_SECTORS = frozenset({"GOV", "MIL", "LEG", "JUD", "SPY", "COP"})
"""Sectors whose members count as their state; members of all others are groups of it."""


class Office(NamedTuple):
    """An office as it stands to its holder on a given day."""

    country: str
    title: str
    sector: str
    level: str
    status: str
    """current | last known | former | future."""
    row: int
    """Row of the office columns of the compiled tables."""


def offices_on(compiled: Compiled, actor: int, day: int) -> list[Office]:
    """All offices of an actor as they stand on a day (ordinal; 0: today), best first.

    Best: current before last known before former before future; then the highest level; then the latest start.
    An open interval is certain only up to the day its source was made; afterwards its status is "last known".
    """
    day = day or date.today().toordinal()
    found = []
    for row in range(compiled.office_first[actor], compiled.office_first[actor + 1]):
        start, end = compiled.office_start[row], compiled.office_end[row]
        if start > day:
            status, order = "future", 3
        elif end and end < day:
            status, order = "former", 2
        elif not end and compiled.office_asof[row] and compiled.office_asof[row] < day:
            status, order = "last known", 1
        else:
            status, order = "current", 0
        level = compiled.office_level[row]
        office = Office(
            compiled.office_country[row], compiled.office_title[row], compiled.office_sector[row], level, status, row
        )
        if order == 2:
            key = (order, -end, _RANK.get(level, 99), -start)
        else:
            key = (order, 0, _RANK.get(level, 99), -start if order < 3 else start)
        found.append((key, row, office))
    found.sort(key=lambda item: item[:2])
    return [office for _, _, office in found]
