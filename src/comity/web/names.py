"""Codes as people read them."""

from __future__ import annotations

import functools
import re

from comity.actors import tables


@functools.cache
def _names() -> dict[str, str]:
    compiled = tables.load()
    return dict(zip(compiled.state_iso3, compiled.state_name))


_GROUP = re.compile(r"GROUP:(.+)@([A-Z]{3}|null)")


def party_name(code: str | None) -> str:
    """The usual name of a state; of others the code's own words (``IGO:NATO``: NATO)."""
    if not code:
        return "unknown"
    group = _GROUP.fullmatch(code)
    if group:
        return group[1] if group[2] == "null" else f"{group[1]} ({_names().get(group[2], group[2])})"
    return _names().get(code, code.removeprefix("IGO:"))


def states() -> dict[str, str]:
    """The names of all states by code."""
    return _names()
