"""How much was read in each period, and the panel of outlets that is held fixed over them.

When outlets come and go, series change with them and not with the states: Reuters adds meetings, a ministry's releases
add praise. A fixed panel keeps to the outlets that were read all along.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

import msgspec

from comity.ledger.filters import period as period_days
from comity.relations.choice import Choice
from comity.relations.errors import BadChoice
from comity.relations.periods import Period, period_of
from comity.relations.told import sql

if TYPE_CHECKING:
    from comity.ledger import Ledger

PANEL_SHARE = 0.8
"""An outlet belongs to the fixed panel when it has reports in this share of the periods with any. With 0.8 an outlet
may miss two months of a year, and one that closed half-way is out."""

PANEL_LEAST = 0.5
"""A fixed panel has to hold this share of what was read; one that holds less shows the view of a few."""

THIN = 0.1
"""Periods with less than this share of the mean number of reports do not decide who was read all along."""

PANELS = ("fixed", "all")


class Panel(msgspec.Struct, frozen=True, kw_only=True):
    """Whose reports enter a series."""

    rule: str
    """fixed | all | named."""
    outlets: tuple[str, ...]
    """Those that enter, most reports first."""
    known: int
    """Outlets with reports in the time of the series."""
    words: str
    """In plain words, to stand with the figure."""


class Covered(msgspec.Struct, frozen=True, kw_only=True):
    """What was read of one period, by the panel."""

    period: Period
    reports: int
    """Reports; for imported events: all events of the import."""
    outlets: int


def days_read(ledger: Ledger, choice: Choice) -> list[tuple[date, str, int]]:
    """Reports by day and outlet, first days first; for imported events, all of the import's events."""
    if choice.origin == "comity":
        where = "" if choice.demo is None else f"AND demo = {choice.demo}"
        table = ledger.query(sql("coverage").format(where=where))
    else:
        table = ledger.query(sql("coverage_imported"), {"origin": choice.origin})
    return list(zip(*(table[name].to_pylist() for name in ("day", "outlet", "reports"))))


def by_period(
    days: Iterable[tuple[date, str, int]], unit: str, first: date | None = None, last: date | None = None
) -> dict[str, Counter[str]]:
    """Reports by period's label and outlet, of the days from `first` to `last`."""
    made: dict[str, Counter[str]] = defaultdict(Counter)
    labels: dict[date, str] = {}
    for day, outlet, number in days:
        if (first is not None and day < first) or (last is not None and day > last):
            continue
        label = labels.get(day)
        if label is None:
            label = labels[day] = period_of(day, unit).label
        made[label][outlet] += number
    return made


def read_reports(ledger: Ledger, choice: Choice, unit: str) -> dict[str, Counter[str]]:
    """Reports by period's label and outlet, of the choice's days; for imported events, all of the import's events."""
    first = period_days(choice.since)[0] if choice.since is not None else None
    last = period_days(choice.until)[1] if choice.until is not None else None
    return by_period(days_read(ledger, choice), unit, first, last)


def panel_of(read: dict[str, Counter[str]], wanted: str | Sequence[str], imported: bool = False) -> Panel:
    """The panel: ``fixed``, ``all`` or names of outlets (parts of them will do). Raises `BadChoice`."""
    total: Counter[str] = Counter()
    present: Counter[str] = Counter()
    read = {label: outlets for label, outlets in read.items() if outlets}
    for outlets in read.values():
        total.update(outlets)
    thin = THIN * total.total() / max(1, len(read))
    full = [outlets for outlets in read.values() if outlets.total() >= thin]
    for outlets in full:
        present.update(outlets.keys())
    ordered = sorted(total, key=lambda outlet: (-total[outlet], outlet))
    known = len(ordered)
    if imported:
        return Panel(rule="all", outlets=tuple(ordered), known=known, words="all events of the import")
    if wanted == "all":
        return Panel(rule="all", outlets=tuple(ordered), known=known, words=_all_words(known))
    if wanted != "fixed":
        parts = [wanted] if isinstance(wanted, str) else list(wanted)
        named = tuple(outlet for outlet in ordered if any(part.lower() in outlet.lower() for part in parts))
        if not named:
            raise BadChoice(f"panel: no outlet's name contains {', '.join(map(repr, parts))}; see: comity reports")
        return Panel(rule="named", outlets=named, known=known, words=f"the outlets {', '.join(named)}")
    fixed = tuple(outlet for outlet in ordered if full and present[outlet] >= PANEL_SHARE * len(full))
    if len(fixed) == known and known:
        return Panel(rule="fixed", outlets=fixed, known=known, words=f"{_all_words(known)}, each read all along")
    held = sum(total[outlet] for outlet in fixed) / max(1, total.total())
    if fixed and held >= PANEL_LEAST:
        listed = ", ".join(fixed[:6]) + (f" and {len(fixed) - 6} more" if len(fixed) > 6 else "")
        words = (
            f"a fixed panel: {listed} (read in {PANEL_SHARE:.0%} of the periods or more, with {held:.0%} of the reports; "
            f"{known} outlets in all)"
        )
        return Panel(rule="fixed", outlets=fixed, known=known, words=words)
    why = f"those read all along have {held:.0%} of the reports" if fixed else "none was read all along"
    words = f"{_all_words(known)}: {why}, so changes may be the mix's"
    return Panel(rule="all", outlets=tuple(ordered), known=known, words=words)


def _all_words(known: int) -> str:
    return "the one outlet" if known == 1 else f"all {known} outlets"


def covered(read: dict[str, Counter[str]], panel: Panel, wanted: Sequence[Period]) -> list[Covered]:
    """What the panel's outlets had in each of the periods."""
    inside = set(panel.outlets)
    made = []
    for period in wanted:
        own = {outlet: number for outlet, number in read.get(period.label, {}).items() if outlet in inside}
        made.append(Covered(period=period, reports=sum(own.values()), outlets=len(own)))
    return made
