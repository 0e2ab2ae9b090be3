"""What a view is: where it stands, what it takes, what it gives."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from comity.web.answering import Answer
from comity.web.asking import Ask

if TYPE_CHECKING:
    from comity.web.app import Room


class Param(msgspec.Struct, frozen=True):
    """A parameter of a view."""

    name: str
    meaning: str
    kind: str = "string"
    """string | integer | number | boolean."""
    values: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None
    example: Any = None


class View(msgspec.Struct, frozen=True, kw_only=True):
    """One view."""

    path: str
    name: str
    summary: str
    make: Callable[[Room, Ask], Answer]
    response: type
    """The type of its JSON twin."""
    forms: tuple[str, ...] = ("json",)
    """Its twins."""
    relation: str = ""
    """Whose filters it takes."""
    searched: bool = True
    """Whether its relation can be searched by words here."""
    params: tuple[Param, ...] = ()
    ids: tuple[Param, ...] = ()
    """Parameters that stand in the path."""
    kept: bool = True
    """Whether an answer holds until the ledger changes."""
