"""Which place a name means: the bearer that fits what the report says of countries, regions and neighbours.

Weights were chosen by hand as in `comity.places.evidence`. Re-run `comity evaluate places` after a change.
"""

from __future__ import annotations

import math

from comity.places.containment import contains, level_in_text
from comity.places.context import Context
from comity.places.gazetteer import CAPITAL, CITY, COUNTRY, KNOWN, NAMESAKE, REGION, SEAT, SITE, VARIANT, Entry
from comity.places.scan import Span

WEIGHT_PEOPLE = 1.0
"""For each power of ten of inhabitants."""
FEWEST_PEOPLE = 300
UNKNOWN_PEOPLE = 5.0
"""Stands for the inhabitants of places without a count: seas, bases, curated regions (100,000)."""
WEIGHT_COUNTRY = 2.4
WEIGHT_REGION = 2.2
WEIGHT_NEAR = 1.6
"""Other places of the report lie within about 100 km."""
WEIGHT_VOTES = 1.6
"""Other names of the report could lie in the same region."""
WEIGHT_CAPITAL = 0.8
WEIGHT_CAPITAL_SUPPORTED = 2.2
WEIGHT_STATE = 12.0
"""A country against cities and regions of its name."""
WEIGHT_STATE_ALONE = 9.0
"""The same where the report names no other country than that of the city or region."""
WEIGHT_LAND = 3.0
"""A first-level region against cities elsewhere (Virginia of Minnesota)."""
WEIGHT_NAMESAKE = -2.0
"""A region against the city of its name."""
WEIGHT_VARIANT = -1.0
WEIGHT_DOMINANT = 1.2
"""The bearer that everybody thinks of first."""
DOMINANT_TIMES, DOMINANT_PEOPLE = 5, 100_000
"""That is: five times as many inhabitants as the next one, and at least 100,000."""
WEIGHT_WORLD = 6.0
"""A capital or a city known to the world, where the report names two countries or more: Paris is not in Texas."""
KNOWN_CAPITAL = 200_000
"""Inhabitants of a capital that is known without its country (not Victoria of the Seychelles)."""
WEIGHT_BARE_DATELINE = 3.0
"""The same in a dateline without a state: agencies leave it out for cities that everybody knows."""
WEIGHT_OUTLET = 2.4
"""The country of the outlet."""
WEIGHT_PLACED = 100.0
"""Another mention of the name says which it is: London, Ky."""
WEIGHT_TYPE = 30.0
"""The text says of which level it is: Idlib province."""
SMALL_PLACE = 15_000
"""Inhabitants below which a city needs support in the report beside its name: its region, a neighbour, or, where the
gazetteer is not dense, its country."""
SMALL_REGION = 1_000_000
SURE_REGION = 3.6
"""The same for first-level regions whose score as a place is lower than that."""
SMALL_SUPPORT = 0.25
DENSE = frozenset(("USA", "GBR", "CAN", "AUS", "IRL", "NZL"))
"""Countries of which the gazetteer holds places of 500 or 1,000 inhabitants, so that any word may be one."""
COARSE = frozenset(("GB.ENG",))
"""Regions so large and dense that lying in one tells little."""


class _Votes:
    """Where the names of the report could be: each spreads one vote over its bearers, by region and by degree cell."""

    def __init__(self, bearers: dict[str, tuple[Entry, ...]]) -> None:
        self.regions: dict[str, float] = {}
        self.cells: dict[tuple[int, int], float] = {}
        self.own: dict[str, tuple[float, float]] = {}
        """What each name gave to every region and every cell."""
        for key, entries in bearers.items():
            small = [e for e in entries if e.level in (CITY, SITE) or e.flags & SEAT]
            if small:
                regions = {e.region for e in small}
                cells = {_cell(e) for e in small}
                share, cell_share = self.own[key] = 1 / len(regions), 1 / len(cells)
                for region in regions:
                    self.regions[region] = self.regions.get(region, 0.0) + share
                for cell in cells:
                    self.cells[cell] = self.cells.get(cell, 0.0) + cell_share

    def region(self, entry: Entry, key: str) -> float:
        """Votes of other names for the region of an entry."""
        if entry.region in COARSE:
            return 0.0
        return max(0.0, self.regions.get(entry.region, 0.0) - self.own.get(key, (0.0, 0.0))[0])

    def near(self, entry: Entry, key: str) -> float:
        """Votes of other names for the degree cell of an entry and the eight around it."""
        row, column = _cell(entry)
        cells = self.cells
        near = -self.own.get(key, (0.0, 0.0))[1]
        for r in (row - 1, row, row + 1):
            for c in (column - 1, column, column + 1):
                near += cells.get((r, c), 0.0)
        return max(0.0, near)


def _cell(entry: Entry) -> tuple[int, int]:
    """The degree cell in which a place lies."""
    return int(entry.lat // 1), int(entry.lon // 1)


def settle(context: Context) -> None:
    """Set `Span.chosen` of every accepted span: where there is no choice first, then by the company a name keeps."""
    open_, chosen = _certain(context)
    placed = frozenset(chosen)
    fitter = _Fitter(context, {key: spans[0].entries for key, spans in open_.items()})
    votes = _Votes(
        {key: (entry,) for key, entry in chosen.items()}
        | {key: spans[0].entries for key, spans in open_.items() if key not in placed}
    )
    for key, spans in open_.items():
        if key not in placed:
            chosen[key] = max(spans[0].entries, key=lambda e: fitter.fit(e, key, votes))
    votes = _Votes({key: (entry,) for key, entry in chosen.items()})
    for key, spans in open_.items():
        fits = {entry.place: fitter.fit(entry, key, votes) for entry in spans[0].entries}
        if key in placed:
            fits[chosen[key].place] += WEIGHT_PLACED
        for span in spans:
            level = level_in_text(context.text, span)
            span.chosen = max(span.entries, key=lambda e: fits[e.place] + (WEIGHT_TYPE if e.level == level else 0.0))
    inside = {span.key for span in context.spans if span.accepted and span.within is not None}
    for span in context.spans:
        entry = span.chosen
        small = entry is not None and (
            (entry.level == CITY and entry.population < SMALL_PLACE)
            or (entry.level == REGION and 0 < entry.population < SMALL_REGION and span.score < SURE_REGION)
        )
        if entry is not None and small and span.key not in inside and not fitter.supported(entry, span.key, votes):
            span.chosen = None


def _certain(context: Context) -> tuple[dict[str, list[Span]], dict[str, Entry]]:
    """Choose where there is one bearer or a container is named; returns the spans left by key, and the choices."""
    open_: dict[str, list[Span]] = {}
    chosen: dict[str, Entry] = {}
    for span in context.spans:
        if not span.accepted:
            continue
        if len(span.entries) == 1:
            span.chosen = span.entries[0]
        elif span.within is not None:
            inside = [e for e in span.entries if any(contains(o, (e,)) for o in span.within.entries)]
            span.chosen = max(inside, key=lambda e: (not e.flags & NAMESAKE, e.population))
        else:
            open_.setdefault(span.key, []).append(span)
            continue
        chosen.setdefault(span.key, span.chosen)
        if span.chosen.region and span.within is not None:
            context.regions[span.chosen.region] = context.regions.get(span.chosen.region, 0.0) + 1
    return open_, chosen


class _Fitter:
    """How well a bearer fits the report: what is the same for all names is computed once."""

    def __init__(self, context: Context, names: dict[str, tuple[Entry, ...]]) -> None:
        self.context = context
        self.top = max([1.0, *context.countries.values()])
        self.top_region = max([1.0, *context.regions.values()])
        self.world = WEIGHT_WORLD if sum(w >= 1 for w in context.countries.values()) > 1 else 0.0
        self.dominant = {key: _dominant(entries) for key, entries in names.items()}

    def fit(self, entry: Entry, key: str, votes: _Votes) -> float:
        context = self.context
        flags, level = entry.flags, entry.level
        support = min(1.0, context.support(key, entry.country) / self.top)
        if level == COUNTRY:
            others = sum(1 for c, weight in context.countries.items() if weight >= 1 and c != entry.country)
            return (WEIGHT_STATE_ALONE if others == 1 else WEIGHT_STATE) + WEIGHT_COUNTRY * support
        people = entry.population
        score = WEIGHT_PEOPLE * math.log10(max(people, FEWEST_PEOPLE)) if people else UNKNOWN_PEOPLE
        land = level == REGION and not flags & SEAT
        if flags & NAMESAKE:
            score += WEIGHT_NAMESAKE
        elif land and entry.region:
            score += WEIGHT_LAND
        if flags & VARIANT:
            score += WEIGHT_VARIANT
        if entry.place == self.dominant.get(key):
            score += WEIGHT_DOMINANT + (WEIGHT_BARE_DATELINE if key in context.datelines else 0.0)
        if flags & KNOWN or (flags & CAPITAL and (support or people >= KNOWN_CAPITAL)):
            score += self.world
        if flags & CAPITAL:
            score += WEIGHT_CAPITAL + WEIGHT_CAPITAL_SUPPORTED * support
        score += WEIGHT_COUNTRY * support
        if entry.country == context.outlet:
            score += WEIGHT_OUTLET
        region = context.regions.get(entry.region, 0.0)
        if region and not land:
            score += WEIGHT_REGION * (0.5 + 0.5 * region / self.top_region)
        score += WEIGHT_VOTES * min(1.0, votes.region(entry, key))
        return score + WEIGHT_NEAR * min(1.0, votes.near(entry, key))

    def supported(self, entry: Entry, key: str, votes: _Votes) -> bool:
        """True when the report speaks of the surroundings of a small place."""
        context = self.context
        if entry.level == REGION:
            return context.support(key, entry.country) > 0 or entry.country == context.outlet
        if entry.country not in DENSE and context.countries.get(entry.country, 0.0) >= SMALL_SUPPORT * self.top:
            return True
        return (
            entry.region in context.regions
            or votes.region(entry, key) >= SMALL_SUPPORT
            or votes.near(entry, key) >= SMALL_SUPPORT
        )


def _dominant(entries: tuple[Entry, ...]) -> int | None:
    """The city that dwarfs its namesakes, if there is one."""
    people = sorted(((e.population, e.place) for e in entries if e.level == CITY), reverse=True)
    if not people or people[0][0] < DOMINANT_PEOPLE:
        return None
    return people[0][1] if len(people) == 1 or people[0][0] >= DOMINANT_TIMES * people[1][0] else None
