"""What the record says about how states stand to one another: series, contacts, networks, polarity, words.

The names below are loaded on first use: a figure needs numpy, and some need libraries of an extra.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

_HOMES = {
    "Choice": "comity.relations.choice",
    "choose": "comity.relations.choice",
    "restate": "comity.relations.choice",
    "counted": "comity.relations.told",
    "resolve": "comity.relations.told",
    "BadChoice": "comity.relations.errors",
    "BadFile": "comity.relations.errors",
    "ExtraMissing": "comity.relations.errors",
    "RelationsError": "comity.relations.errors",
    "Dyad": "comity.relations.series",
    "dyad": "comity.relations.series",
}

__all__ = [*_HOMES]

if TYPE_CHECKING:
    from comity.relations.choice import Choice, choose, restate
    from comity.relations.errors import BadChoice, BadFile, ExtraMissing, RelationsError
    from comity.relations.series import Dyad, dyad
    from comity.relations.told import counted, resolve


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'comity.relations' has no attribute {name!r}")
