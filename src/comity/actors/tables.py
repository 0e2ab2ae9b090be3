"""The compiled actor tables: what `scripts/compile_tables.py` writes and the matcher reads.

The compiled form is one msgpack document of columns (`Compiled`), so that loading makes few objects. The readable
source tables and their sources are in `tables/` of the repository; the wheel carries only the compiled form.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib.resources import files

import msgspec

COMPILED = "compiled.bin"

# What a surface form is for its actor (bits of `Compiled.alias_kind`).
NAME = 1
ADJECTIVE = 2
PEOPLE = 4
CAPITAL = 8
SEAT = 16
WEAK = 32
"""Used only when no other bearer of that surname is in the report and the date fits (a bare "Putin")."""
AMBIGUOUS = 64
"""Two actors that live at the same time share it: context decides, or it stays unresolved."""


class TablesMissing(Exception):
    """The compiled tables are not there; the message says how to make them."""


class Compiled(msgspec.Struct, frozen=True):
    """Columns. Days are proleptic Gregorian ordinals (`datetime.date.toordinal`), 0 for none."""

    version: str
    """Digest of the source tables."""
    # actors, one row each
    actor_id: list[str]
    actor_name: list[str]
    actor_kind: list[str]
    actor_country: list[str]
    """Code used in events: ISO alpha-3, IGO:NAME, GROUP:name@ISO3."""
    actor_state: list[str]
    """The state it belongs to (ISO alpha-3), empty for none."""
    actor_sector: list[str]
    actor_wikidata: list[str]
    actor_start: list[int]
    actor_end: list[int]
    actor_gender: list[str]
    """m, f or empty; p for plural names (the Taliban, the Houthis)."""
    # surface forms; several rows may share one surface
    alias_surface: list[str]
    """Folded (see `comity.actors.folding`)."""
    alias_actor: list[int]
    alias_kind: list[int]
    # offices: those of actor i are rows office_first[i] to office_first[i + 1]
    office_first: list[int]
    office_country: list[str]
    office_title: list[str]
    office_sector: list[str]
    office_level: list[str]
    office_start: list[int]
    office_end: list[int]
    office_asof: list[int]
    office_source: list[str]
    office_status: list[str]
    """verified | unverified."""
    # an organisation that governs a state for some time (the Taliban): actor row, from, to
    government: list[tuple[int, int, int]]
    # common nouns
    role_phrase: list[str]
    """Lower case, singular or plural."""
    role_sector: list[str]
    role_level: list[str]
    role_kind: list[str]
    role_anonymous: list[str]
    role_plural: list[bool]
    title_word: list[str]
    title_sector: list[str]
    title_level: list[str]
    title_gender: list[str]
    given_name: list[str]
    given_gender: list[str]
    # outlets
    media_actor: list[int]
    media_ownership: list[str]
    media_kind: list[str]
    media_domains: list[list[str]]
    # states
    state_iso3: list[str]
    state_counted_as: list[str]
    state_name: list[str]
    state_kind: list[str]
    state_start: list[int]
    state_end: list[int]
    state_cow: list[int]
    state_gw: list[int]
    state_fips: list[str]
    state_iso2: list[str]
    state_capital: list[str]
    # organisations of states: code, member codes
    igo_code: list[str]
    igo_members: list[list[str]]
    sources: dict[str, str]
    """Source id to a readable citation."""


@cache
def load() -> Compiled:
    """The compiled tables of this installation. Raises `TablesMissing`."""
    path = files(__package__).joinpath(COMPILED)
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise TablesMissing(
            "the compiled actor tables are missing; in a source checkout run `make tables`, else reinstall comity"
        ) from None
    return msgspec.msgpack.decode(data, type=Compiled)


def ordinal(day: str | None, end: bool = False) -> int:
    """Day number of an ISO date, month or year (its first day, or its last with `end`); 0 for none.

    Raises `ValueError` when it is no date.
    """
    if not day:
        return 0
    parts = [int(part) for part in day.split("-")]
    year = parts[0]
    month = parts[1] if len(parts) > 1 else (12 if end else 1)
    if len(parts) > 2:
        return date(year, month, parts[2]).toordinal()
    if not end:
        return date(year, month, 1).toordinal()
    return (date(year + month // 12, month % 12 + 1, 1).toordinal() if year < 9999 else date.max.toordinal()) - 1
