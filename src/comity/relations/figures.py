"""A number with its interval."""

from __future__ import annotations

import msgspec

from comity.relations.resampling import Interval


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """A number with its interval; the number is None where there is nothing to divide by."""

    value: float | None
    interval: Interval | None = None
