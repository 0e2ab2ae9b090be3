"""Series that others have summed: pairs of states by month without the events behind them."""

from __future__ import annotations

from datetime import date

import msgspec
import numpy as np

from comity.ledger.filters import period as days_of
from comity.relations.aggregated import Sums
from comity.relations.changes import change_points, noise, squash
from comity.relations.errors import BadChoice
from comity.relations.naming import name_of
from comity.relations.periods import periods

FEW_DAYS = 0.5
"""Periods of which less than this share of the days was summed are left out of the search for changes."""


class SummedPoint(msgspec.Struct, frozen=True, kw_only=True):
    """One period of a pair."""

    period: str
    first: date
    sum: float | None
    """None: the file has nothing of this period."""
    days: int
    """Days that were summed (of the calendar where the file does not say)."""
    per_day: float | None
    level: float | None
    """asinh(per day / s), s the pair's median absolute value: what changes are looked for in."""


class SummedShift(msgspec.Struct, frozen=True, kw_only=True):
    """A change of level."""

    period: str
    earliest: str
    """The change lies between this period and `latest` with a probability of 95 %."""
    latest: str
    before: float
    """Mean per day from the change before to here."""
    after: float


class SummedDyad(msgspec.Struct, frozen=True, kw_only=True):
    """A pair's sums over time, with their changes."""

    a: str
    b: str
    by: str
    index: str
    points: tuple[SummedPoint, ...]
    changes: tuple[SummedShift, ...]
    notes: tuple[str, ...]


LENGTHS = {1: "day", 7: "week", 31: "month", 92: "quarter", 366: "year"}
"""The unit of periods that are at most so many days long."""


def dyad_of_sums(sums: Sums, a: str, b: str, *, since: str | None = None, until: str | None = None) -> SummedDyad:
    """A pair's sums per day, both directions together, with their change points.

    Sums have no bounds and rise with the number of reports: changes are looked for in asinh(sum per day / s), and say
    that conduct or attention changed. Raises `BadChoice`, and `ExtraMissing` without ``ruptures``.
    """
    place = {code: n for n, code in enumerate(sums.codes)}
    one, two = place.get(a, -1), place.get(b, -1)
    own = ((sums.a == one) & (sums.b == two)) | ((sums.a == two) & (sums.b == one))
    if a == b or not own.any():
        raise BadChoice(f"{sums.name} has nothing of {a} and {b}")
    longest = int((sums.last - sums.first).max().astype(int)) + 1
    by = next(unit for length, unit in LENGTHS.items() if longest <= length)
    added: dict[date, float] = {}
    for day, score in zip(sums.first[own].tolist(), sums.score[own].tolist()):
        added[day] = added.get(day, 0.0) + score
    read = _days_summed(sums)
    first = days_of(since)[0] if since else min(read)
    last = days_of(until)[1] if until else sums.last.max().item()
    points = []
    for period in periods(first, last, by):
        days = read.get(period.first, 0)
        total = added.get(period.first)
        points.append((period, total, days, None if total is None or not days else total / days))
    known = [per_day for *_, per_day in points if per_day is not None]
    if not known:
        raise BadChoice(f"{sums.name} has nothing of {a} and {b} in that time")
    scale = float(np.median(np.abs(known))) or 1.0
    whole = [days >= FEW_DAYS * ((period.last - period.first).days + 1) for period, _, days, _ in points]
    used = [n for n, point in enumerate(points) if point[3] is not None and whole[n]]
    per_day_used = np.array([points[n][3] for n in used], dtype=float)
    values = squash(per_day_used)
    spread = noise(values)
    found = change_points(values, np.full(len(values), spread**2)) if spread else []
    edges = [0, *(change.at for change in found), len(used)]
    label = [points[n][0].label for n in used]
    changes = tuple(
        SummedShift(
            period=label[change.at], earliest=label[change.earliest], latest=label[change.latest],
            before=float(per_day_used[edges[n] : change.at].mean()),
            after=float(per_day_used[change.at : edges[n + 2]].mean()),
        )
        for n, change in enumerate(found)
    )  # fmt: skip
    left = sum(point[1] is not None and not there for point, there in zip(points, whole))
    notes = [
        "Sums rise with the number of reports: they measure coverage as much as conduct. Read them for their shape."
    ]
    if left:
        notes.append(f"Periods with less than half of their days, left out of the search for changes: {left}.")
    return SummedDyad(
        a=a, b=b, by=by, changes=changes, notes=tuple(notes),
        index=f"{name_of(a)} and {name_of(b)}, both directions together: scores of {sums.name}, summed, per day.",
        points=tuple(
            SummedPoint(
                period=period.label, first=period.first, sum=total, days=days, per_day=per_day,
                level=None if per_day is None else float(np.arcsinh(per_day / scale)),
            )
            for period, total, days, per_day in points
        ),
    )  # fmt: skip


def _days_summed(sums: Sums) -> dict[date, int]:
    """Days that were summed of each period (of the calendar where the file does not say), by its first day."""
    days = sums.days if sums.days is not None else (sums.last - sums.first).astype(int) + 1
    found: dict[date, int] = {}
    for first, number in zip(sums.first.tolist(), days.tolist()):
        found[first] = max(found.get(first, 0), int(number))
    return found
