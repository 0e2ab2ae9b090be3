"""What a figure counts: the choice of events, restated in words above every result."""

from __future__ import annotations

from typing import Any

import msgspec

from comity.ledger.filters import ASSERTED, period
from comity.relations.errors import BadChoice

STATE_SECTORS = ("GOV", "MIL", "LEG", "JUD", "SPY", "IGO")
"""A state is what its executive, forces, parliament, courts and services do; organisations of states are the sixth."""

COUNTS = {
    "occurrences": "occurrences (one happening, however many reports tell it)",
    "reports": "reports of events (an event once for each report that tells it)",
    "mentions": "mentions of events (each passage that tells one)",
}

SCALES = {
    "plover": "PLOVER scores, -10 (violence) to 10 (cooperation in deeds)",
    "goldstein": "Goldstein values, -10 to 10",
    "icews": "ICEWS intensity, -10 to 10",
}


LEAST_CONFIDENCE = 0.5
"""Records below are more likely wrong than right. Coded events have confidences that people's labels gave; of the
reports of 2022-03 to 2022-06, half of what is coded between Russia and Ukraine lies below, most of it misread. Measure
again with `comity audit` when the coder changes."""


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """Which events enter a figure, and how each counts. Background never does."""

    count: str = "occurrences"
    """occurrences | reports | mentions."""
    sectors: tuple[str, ...] = STATE_SECTORS
    """PLOVER sectors whose doings are the state's; a party without a sector is the state itself."""
    fold_groups: bool = False
    """Groups (``GROUP:name@CHN``) count as their state's; else they are parties of their own."""
    scope: str = "international"
    """international (what is not known to be domestic) | any."""
    asserted: str = "default"
    """Whose word counts: a rule of `comity.ledger.ASSERTED`."""
    since: str | None = None
    """First day: 2022, 2022-10 or 2022-10-27."""
    until: str | None = None
    origin: str | None = None
    """comity, or a format that events were imported from; None: comity where it has events, else the one other."""
    outlets: tuple[str, ...] | None = None
    """Only reports of these outlets (whole names)."""
    demo: bool | None = None
    """Demonstration material only, or none; None: both."""
    min_confidence: float = LEAST_CONFIDENCE
    """Lowest confidence of a coded event; imported events have none and pass."""


def choose(**given: Any) -> Choice:
    """A `Choice`, its values checked. Lists and comma-separated text will do for tuples. Raises `BadChoice`."""
    fields = set(Choice.__struct_fields__)
    for name in given:
        if name not in fields:
            raise BadChoice(f"a choice has no {name!r}; it has: {', '.join(Choice.__struct_fields__)}")
    values = {name: value for name, value in given.items() if value is not None}
    for name in ("sectors", "outlets"):
        if isinstance(values.get(name), str):
            values[name] = [part.strip() for part in values[name].split(",") if part.strip()]
        if name in values:
            values[name] = tuple(values[name])
    if "sectors" in values:
        values["sectors"] = tuple(sector.upper() for sector in values["sectors"])
        _need_sectors(values["sectors"])
    made = Choice(**values)
    _one_of("count", made.count, COUNTS)
    _one_of("asserted", made.asserted, ASSERTED)
    _one_of("scope", made.scope, ("international", "any"))
    for name in ("since", "until"):
        value = getattr(made, name)
        if value is not None:
            try:
                period(value)
            except ValueError as error:
                raise BadChoice(f"{name}: {error}") from None
    return made


def _one_of(name: str, value: str, allowed: Any) -> None:
    if value not in allowed:
        raise BadChoice(f"{name}: {value!r} is unknown; it is one of: {', '.join(allowed)}")


def _need_sectors(sectors: tuple[str, ...]) -> None:
    from comity.codebook import codebook

    known = codebook().sectors
    for sector in sectors:
        if sector not in known:
            raise BadChoice(f"sectors: there is no sector {sector!r}; there are: {', '.join(known)}")


def restate(choice: Choice) -> str:
    """The choice in plain words, to stand above every figure made with it."""
    parts = [
        COUNTS[choice.count],
        ASSERTED[choice.asserted].words,
        "international" if choice.scope == "international" else "international and domestic",
        "actual ones only, background left out",
        f"a state is its {', '.join(choice.sectors)}",
        "groups count as their state's" if choice.fold_groups else "groups are parties of their own",
    ]
    if choice.origin not in (None, "comity"):
        parts.append(f"imported from {choice.origin}")
    if choice.since is not None:
        parts.append(f"since {choice.since}")
    if choice.until is not None:
        parts.append(f"until {choice.until}")
    if choice.outlets is not None:
        parts.append(f"in {', '.join(choice.outlets)}")
    if choice.demo is not None:
        parts.append("demonstration material only" if choice.demo else "without demonstration material")
    if choice.min_confidence and choice.origin in (None, "comity"):
        parts.append(f"with confidence {choice.min_confidence:g} or more")
    said = "; ".join(parts)
    return said[0].upper() + said[1:] + "."
