"""What can go wrong in this room. Every message is one line: what, where, and what to do next."""

from __future__ import annotations

from importlib import import_module
from typing import Any


class RelationsError(Exception):
    """Base of all errors of this room."""


class BadChoice(RelationsError):
    """A choice of events, periods or parties that cannot be had."""


class BadFile(RelationsError):
    """A file that does not have the form that is asked for."""


class ExtraMissing(RelationsError):
    """A library of an extra is not installed."""


def library(name: str, use: str, extra: str = "relations") -> Any:
    """The module `name`, imported for `use` (a noun in the plural). Raises `ExtraMissing` where it is not installed."""
    try:
        return import_module(name)
    except ImportError as error:
        package = name.partition(".")[0].replace("_", "-")
        raise ExtraMissing(f"{use} need the package {package}; run: pip install 'comity[{extra}]'") from error
