"""Comity reads news reports about states and keeps the record.

>>> import comity
>>> coder = comity.Coder()                      # doctest: +SKIP
>>> coding = coder.code(comity.read("a.txt"))   # doctest: +SKIP

The names below are loaded on first use, so that ``import comity`` costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_HOMES = {
    "Coder": "comity.coder",
    "Ledger": "comity.ledger",
    "read": "comity.reading",
    "read_many": "comity.reading",
    "Report": "comity.records",
    "Coding": "comity.records",
    "NotCoded": "comity.coder",
    "LeftOut": "comity.records",
}

__all__ = ["Coder", "Coding", "Ledger", "LeftOut", "NotCoded", "Report", "__version__", "read", "read_many"]

if TYPE_CHECKING:
    from comity.coder import Coder, NotCoded
    from comity.ledger import Ledger
    from comity.reading import read, read_many
    from comity.records import Coding, LeftOut, Report


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'comity' has no attribute {name!r}")
