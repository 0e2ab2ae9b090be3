"""What the caller says about all inputs, and how warnings reach the caller."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


def log(line: str) -> None:
    """The default for warnings: Python's logging, logger ``comity.reading``."""
    import logging

    logging.getLogger("comity.reading").warning(line)


class Filling(NamedTuple):
    """What fills the fields that an input leaves open, and who hears of warnings."""

    published: str | None = None
    """ISO 8601."""
    outlet: str | None = None
    url: str | None = None
    warn: Callable[[str], object] = log
