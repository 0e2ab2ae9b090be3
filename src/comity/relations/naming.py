"""Names of parties for people."""

from __future__ import annotations

from functools import cache


@cache
def _states() -> dict[str, str]:
    from comity.actors import tables

    compiled = tables.load()
    return dict(zip(compiled.state_iso3, compiled.state_name))


def name_of(code: str) -> str:
    """A party's code as people write it: the state's usual name, NATO for IGO:NATO, a group with its state.

    >>> name_of("IGO:NATO"), name_of("GROUP:Hezbollah@LBN"), name_of("GROUP:Islamic State@null")
    ('NATO', 'Hezbollah (LBN)', 'Islamic State')
    """
    if code.startswith("IGO:"):
        return code.removeprefix("IGO:")
    if code.startswith("GROUP:"):
        name, _, state = code.removeprefix("GROUP:").rpartition("@")
        return name if state == "null" else f"{name} ({state})"
    return _states().get(code, code)


def state_of(code: str | None) -> str | None:
    """The state, or the organisation, that a code belongs to: CHN for CHN and for GROUP:Huawei@CHN; None for none."""
    if code is None:
        return None
    if code.startswith("GROUP:"):
        state = code.rpartition("@")[2]
        return None if state == "null" else state
    return code
