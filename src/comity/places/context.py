"""What a report says of lands before any name is decided: how much it speaks of each country and region."""

from __future__ import annotations

from comity.actors.cast import Cast
from comity.language import Parse
from comity.places.containment import link
from comity.places.gazetteer import (
    CAPITAL,
    CITY,
    COMMON,
    COUNTRY,
    GIVEN,
    NAMESAKE,
    REGION,
    SEAT,
    SURNAME,
    VARIANT,
    Gazetteer,
)
from comity.places.scan import Span, Words

SUPPORT_BY_COUNTRY, SUPPORT_BY_PART, SUPPORT_BY_CITY = 1.0, 0.5, 0.3
"""What the mention of a country, of a region or county, of a large city gives to the support of the country."""
CAST_COUNTS = 2.0
"""The cast counts each mention of a state twice: where it scans names and where it reads references."""
KNOWN_CITY = 500_000
"""Inhabitants from which on a city's name speaks for its country."""


class Context:
    """The state of one reading: the text, its spans, and the support of countries and regions."""

    def __init__(
        self, parse: Parse, cast: Cast | None, words: Words, spans: list[Span], table: Gazetteer, outlet: str | None
    ) -> None:
        self.parse = parse
        self.cast = cast
        self.words = words
        self.text = words.folded
        self.table = table
        self.outlet = outlet
        self.given = cast.labeller.names.given if cast is not None else {}
        self.bearers = cast.labeller.bearers if cast is not None else {}
        self.countries: dict[str, float] = dict(cast.labeller.state_support) if cast is not None else {}
        """Support of each country (ISO 3166 alpha-3): mentions of its name, its adjective, its people, its parts."""
        self.regions: dict[str, float] = {}
        """Support of each first-level region (GeoNames code)."""
        self.by_name: dict[tuple[str, str], float] = {}
        """What a name itself gave to the support of a country: it must not choose between its own bearers."""
        self.datelines: set[str] = set()
        """Names that stand in a dateline by themselves."""
        self.persons: set[str] = set()
        """Names that some mention shows to be given names."""
        for span in spans:
            self._count(span)
        self.spans = link(spans, self.text, table)
        self.by_first = {span.first: span for span in self.spans}

    def support(self, key: str, country: str) -> float:
        """Support of a country by everything but the mentions of one name."""
        return max(0.0, self.countries.get(country, 0.0) - self.by_name.get((key, country), 0.0))

    def _count(self, span: Span) -> None:
        lead = span.entries[0]
        if lead.level == COUNTRY:
            if self.cast is None or lead.country not in self.countries:
                self._add(span.key, lead.country, SUPPORT_BY_COUNTRY)
            else:
                self._own(span.key, lead.country, CAST_COUNTS)
        elif lead.flags & SEAT:
            if lead.country == span.entries[-1].country:
                self._add(span.key, lead.country, SUPPORT_BY_PART)
        elif lead.level == REGION:
            if lead.region and not lead.flags & (COMMON | GIVEN | VARIANT | NAMESAKE):
                self.regions[lead.region] = self.regions.get(lead.region, 0.0) + 1
                self._add(span.key, lead.country, SUPPORT_BY_PART)
        elif lead.level == CITY:
            if lead.flags & CAPITAL and self.cast is not None:
                self._own(span.key, lead.country, CAST_COUNTS)
            if lead.population > KNOWN_CITY and not lead.flags & (COMMON | GIVEN | SURNAME):
                self._add(span.key, lead.country, SUPPORT_BY_CITY)

    def _add(self, key: str, country: str, weight: float) -> None:
        self.countries[country] = self.countries.get(country, 0.0) + weight
        self._own(key, country, weight)

    def _own(self, key: str, country: str, weight: float) -> None:
        self.by_name[key, country] = self.by_name.get((key, country), 0.0) + weight
