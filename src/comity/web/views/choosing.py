"""What the figures of relations count, as parameters of their pages."""

from __future__ import annotations

from typing import Any

from comity.ledger.filters import ASSERTED
from comity.relations.choice import COUNTS, LEAST_CONFIDENCE, Choice, choose
from comity.relations.periods import UNITS
from comity.web.asking import Ask, BadAsk
from comity.web.view import Param

CHOICE = (
    Param("count", "what counts as one", values=tuple(COUNTS), example="occurrences"),
    Param("asserted", "whose word counts", values=tuple(ASSERTED), example="default"),
    Param("scope", "whether domestic events count too", values=("international", "any")),
    Param("since", "first day (2022-10-27, 2022-10 or 2022)", example="2022"),
    Param("until", "last day", example="2022-12"),
    Param("origin", "comity, or a format that events were imported from"),
    Param("min_confidence", f"lowest confidence; default {LEAST_CONFIDENCE:g}", "number", least=0, most=1, example=0.5),
    Param("fold_groups", "groups count as their state's", values=("yes", "no")),
    Param("demo", "demonstration material only, or none", values=("yes", "no")),
)
NAMES = tuple(param.name for param in CHOICE)

BY = Param("by", "periods", values=UNITS, example="month")


def choice_of(ask: Ask) -> Choice:
    """What a request wants counted. Raises `BadAsk`, `comity.relations.BadChoice`."""
    given: dict[str, Any] = {
        name: ask.one(name) or None for name in ("count", "asserted", "scope", "since", "until", "origin")
    }
    certain = ask.one("min_confidence")
    if certain:
        try:
            given["min_confidence"] = float(certain)
        except ValueError:
            raise BadAsk(f"min_confidence: {certain!r} is not a number") from None
        if not 0 <= given["min_confidence"] <= 1:
            raise BadAsk(f"min_confidence: {certain} is not between 0 and 1")
    if ask.one("fold_groups"):
        given["fold_groups"] = ask.flag("fold_groups")
    if ask.one("demo"):
        given["demo"] = ask.flag("demo")
    return choose(**given)
