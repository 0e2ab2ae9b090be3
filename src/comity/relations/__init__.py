"""What the record says about how states stand to one another: series, contacts, networks, polarity, words."""

from comity.relations.choice import Choice, choose, restate
from comity.relations.errors import BadChoice, BadFile, ExtraMissing, RelationsError
from comity.relations.series import Dyad, dyad
from comity.relations.told import counted, resolve

__all__ = [
    "BadChoice",
    "BadFile",
    "Choice",
    "Dyad",
    "ExtraMissing",
    "RelationsError",
    "choose",
    "counted",
    "dyad",
    "resolve",
    "restate",
]
