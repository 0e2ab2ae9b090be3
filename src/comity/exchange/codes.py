"""Actors and countries in the codes of other projects, and back.

CAMEO's actor codes are groups of three capitals in the order country or region, primary role, party or specialty,
ethnicity, religion, secondary role, specialty, organisation (CAMEO manual 1.1b3, chapter 3). What is known of an actor
but has no group of its own is lost; nothing is added that the record does not say.
"""

from __future__ import annotations

import functools
from importlib.resources import files

import msgspec

from comity.codebook.tables import CodebookError, Row, listed, read_table
from comity.records import Party

STATE_SECTORS = frozenset({"GOV", "LEG", "JUD", "MIL", "COP", "SPY", "PRE"})
"""Sectors whose members speak for their state (`kind` state in the codebook's sectors, and breakaway authorities)."""

SCHEMES = ("cameo", "phoenix", "plover", "icews", "fips")
"""Ways to write a country: GDELT's and CAMEO's codes, Phoenix's, PLOVER's, ICEWS's names, FIPS 10-4."""


@functools.cache
def table(name: str, columns: tuple[str, ...]) -> tuple[Row, ...]:
    """The rows of one of this room's tables. Raises `CodebookError` for a faulty one."""
    faults: list[str] = []
    rows = read_table(files(__package__) / "data", name, columns, faults)
    if faults:
        raise CodebookError(faults)
    return tuple(rows)


# --- countries -------------------------------------------------------------------------------------------------------


class States(msgspec.Struct, frozen=True):
    """The states of the actor tables, by ISO 3166 alpha-3 code."""

    name: dict[str, str]
    counted_as: dict[str, str]
    """The state that a dependency counts as."""
    cow: dict[str, int]
    """Numbers of the Correlates of War project."""
    iso2: dict[str, str]
    start: dict[str, int]
    """First day (proleptic Gregorian ordinal); 0 for not known."""


@functools.cache
def states() -> States:
    """Raises `comity.actors.tables.TablesMissing`."""
    from comity.actors import tables

    t = tables.load()
    return States(
        name=dict(zip(t.state_iso3, t.state_name)),
        counted_as=dict(zip(t.state_iso3, t.state_counted_as)),
        cow={iso: number for iso, number in zip(t.state_iso3, t.state_cow) if number},
        iso2={iso: code for iso, code in zip(t.state_iso3, t.state_iso2) if code},
        start=dict(zip(t.state_iso3, t.state_start)),
    )


@functools.cache
def _schemes() -> tuple[dict[tuple[str, str], str], dict[tuple[str, str], str]]:
    """(scheme, code) to ISO code, and (scheme, ISO code) to the code that is written."""
    from comity.actors import tables

    t = tables.load()
    read: dict[tuple[str, str], str] = {}
    written: dict[tuple[str, str], str] = {}
    by_age = sorted(
        zip(t.state_iso3, t.state_fips, t.state_name, t.state_kind), key=lambda state: state[3] == "historical"
    )
    for iso, fips, name, kind in by_age:
        for scheme, code in (("cameo", iso), ("phoenix", iso), ("plover", iso), ("icews", name), ("fips", fips)):
            if code:
                written[scheme, iso] = code
                if kind != "historical" or (scheme, code) not in read:
                    read[scheme, code] = iso
    for row in table("countries.tsv", ("scheme", "code", "iso3", "written", "source")):
        read[row["scheme"], row["code"]] = row["iso3"]
        if row["written"]:
            written[row["scheme"], row["iso3"]] = row["code"]
    return read, written


def country_of(scheme: str, code: str | None) -> str | None:
    """The ISO alpha-3 code of the state that a code or name of a scheme means (a dependency's is its state's)."""
    iso = _schemes()[0].get((scheme, code or ""))
    return states().counted_as.get(iso, iso) if iso else None


def code_of(scheme: str, iso3: str | None) -> str | None:
    """How a scheme writes a state; None for what is none or has no code there."""
    return _schemes()[1].get((scheme, iso3 or ""))


def state_of(country: str | None) -> str | None:
    """The state behind a country code of a record: itself, or the one after ``@`` of a group; None for others."""
    if country is None or country.startswith("IGO:"):
        return None
    if country.startswith("GROUP:"):
        state = country.rpartition("@")[2]
        return None if state == "null" else state
    return country


# --- CAMEO actor codes -----------------------------------------------------------------------------------------------

INTERNATIONAL = ("IGO", "IMG", "INT", "MNC", "NGO", "NGM", "UIS")
"""Groups that stand where else the country does."""

DEGREES = ("MOD", "RAD")


class ActorParts(msgspec.Struct, frozen=True):
    """A CAMEO actor code in its parts."""

    country: str = ""
    """State or region, as it stands in the code."""
    group: str = ""
    ethnic: str = ""
    religions: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    """Roles and kinds of organisation, in their order."""
    other: tuple[str, ...] = ()


class _Known(msgspec.Struct, frozen=True):
    regions: frozenset[str]
    religions: frozenset[str]
    roles: frozenset[str]
    groups: frozenset[str]
    by_code: dict[str, tuple[str, str]]
    """CAMEO code of an organisation or group to Comity's code and name."""
    of: dict[str, tuple[str, str]]
    """Comity's code (or the name of an organ) to the CAMEO code and the name in full."""


@functools.cache
def _known() -> _Known:
    from comity.actors import tables
    from comity.codebook import codebook

    parts = table("cameo_parts.tsv", ("kind", "code", "name"))
    actors = table("cameo_actors.tsv", ("code", "cameo", "known_group", "name", "source"))
    t = tables.load()
    parent = dict(zip(t.actor_id, t.actor_country))
    by_code: dict[str, tuple[str, str]] = {}
    for row in actors:
        code = row["code"] if ":" in row["code"] else parent.get(f"igo:{row['code']}", "")
        by_code.setdefault(row["cameo"], (code, row["name"]))
    return _Known(
        regions=frozenset(row["code"] for row in parts if row["kind"] == "region"),
        religions=frozenset(row["code"] for row in parts if row["kind"] == "religion"),
        roles=frozenset(codebook().sector_of_cameo) | frozenset(INTERNATIONAL),
        groups=frozenset(row["known_group"] for row in actors if row["known_group"]),
        by_code=by_code,
        of={row["code"]: (row["cameo"], row["name"]) for row in actors},
    )


@functools.lru_cache(maxsize=65_536)
def parts_of(code: str) -> ActorParts:
    """A CAMEO actor code in its parts: its groups of three by what they are, wherever they stand."""
    known = _known()
    country = group = ethnic = ""
    religions: list[str] = []
    roles: list[str] = []
    other: list[str] = []
    for at in range(0, len(code), 3):
        part = code[at : at + 3]
        if part in known.roles or part in DEGREES:
            roles.append(part)
        elif not country and (part in known.regions or country_of("cameo", part) is not None):
            country = part
        elif not group and part in known.groups:
            group = part
        elif part in known.religions:
            religions.append(part)
        elif part.islower() and not ethnic:
            ethnic = part
        else:
            other.append(part)
    return ActorParts(country, group, ethnic, tuple(religions), tuple(roles), tuple(other))


def party_of(code: str | None, name: str | None, scheme: str = "cameo") -> Party | None:
    """The party that a CAMEO actor code with its name means; None where there is neither."""
    if not code and not name:
        return None
    code = code or ""
    known = _known()
    for end in range(len(code) // 3 * 3, 3, -3):  # the longest beginning that names an organisation
        found = known.by_code.get(code[:end])
        if found is not None:
            sector = "IGO" if found[0].startswith("IGO:") else _sector(parts_of(code).roles)
            return Party(text=name, name=name or found[1], country=found[0] or None, sector=sector)
    parts = parts_of(code)
    sector = _sector(parts.roles)
    state = country_of(scheme, parts.country)
    return Party(text=name, name=name, sector=sector, country=country_code(state, sector, name or code))


def _sector(roles: tuple[str, ...]) -> str | None:
    from comity.codebook import codebook

    return codebook().sector_of_cameo.get(roles[0]) if roles else None


def country_code(state: str | None, sector: str | None, name: str | None) -> str | None:
    """The country code of a record for an actor of this sector that belongs to this state.

    Who does not speak for the state is ``GROUP:name@STATE``.
    """
    if sector in ("IGO", "UNK") and state is None:
        return None
    if sector is None or sector in STATE_SECTORS:
        return state
    return f"GROUP:{name}@{state or 'null'}" if name else None


def actor_code(party: Party, scheme: str = "cameo") -> str:
    """The CAMEO actor code of a party; empty when nothing that CAMEO has a code for is known of it."""
    known = _known()
    organ = (party.actor or "").removeprefix("igo:")
    for key in (organ, party.country or ""):
        if key in known.of:
            return known.of[key][0]
    if (party.country or "").startswith("IGO:"):
        return "IGO"
    state = state_of(party.country)
    country = code_of(scheme, state) or ""
    if party.sector == "NGO":
        return "NGO" + country
    if party.sector == "IGO":
        return "IGO"
    return country + "".join(_roles(party, state))


def is_state_itself(party: Party) -> bool:
    """Whether a party is the state as a whole ("China"), not one of its organs or people."""
    state = states().name.get(party.country or "")
    return state is not None and party.office is None and (party.name or party.text) in (state, None)


def _roles(party: Party, state: str | None) -> tuple[str, ...]:
    from comity.codebook import codebook

    if party.sector is None or is_state_itself(party):
        return ()
    sector = codebook().sectors.get(party.sector)
    if sector is None or sector.cameo is None:
        return ()
    if sector.name == "UNK":
        return ("UIS",) if state is None else ()
    second = office_of(party).cameo if sector.cameo == "GOV" else ""
    return (sector.cameo, second) if second else (sector.cameo,)


class Portfolio(msgspec.Struct, frozen=True):
    """What an office is about, in the words of CAMEO and of ICEWS."""

    words: tuple[str, ...]
    cameo: str
    icews: str


_NO_PORTFOLIO = Portfolio((), "", "")


def office_of(party: Party) -> Portfolio:
    """The portfolio that the words of a party's office name, if any."""
    if not party.office:
        return _NO_PORTFOLIO
    words = f" {party.office.lower()} "
    for portfolio in _portfolios():
        if any(f" {word} " in words.replace(",", " ") for word in portfolio.words):
            return portfolio
    return _NO_PORTFOLIO


@functools.cache
def _portfolios() -> tuple[Portfolio, ...]:
    rows = table("offices.tsv", ("words", "cameo", "icews", "note"))
    return tuple(Portfolio(listed(row["words"]), row["cameo"], row["icews"]) for row in rows)


PLOVER_ORGANISATIONS = {"IGO:UN": "UNO", "IGO:EU": "EUR"}
"""PLOVER's codes for single organisations; others are IGO."""


def plover_code(party: Party) -> str | None:
    """Where PLOVER writes a country: a state, or the kind of an actor beyond states (IGO, NGO, MNC, IMG)."""
    if (party.country or "").startswith("IGO:") or party.sector == "IGO":
        return PLOVER_ORGANISATIONS.get(party.country or "", "IGO")
    if party.sector == "NGO":
        return "NGO"
    state = state_of(party.country)
    if state is not None:
        return code_of("plover", state)
    return {"BUS": "MNC", "REB": "IMG"}.get(party.sector or "") if party.country else None


def plover_sector(party: Party) -> str | None:
    """The sector, but for those that PLOVER writes as a country."""
    return None if party.sector in ("IGO", "NGO") else party.sector


def party_of_plover(
    code: str | None, sector: str | None, name: str | None, text: str | None, office: str | None = None
) -> Party | None:
    """The party that PLOVER's code and sector with a name mean."""
    if not any((code, sector, name, text)):
        return None
    organisation = {"UNO": "IGO:UN", "EUR": "IGO:EU"}.get(code or "")
    if organisation or code in ("IGO", "ISM", "IMG", "NGO", "MNC"):
        kind = {"NGO": "NGO", "MNC": "BUS", "IMG": "REB", "ISM": "SOC"}.get(code or "", "IGO")
        named = f"GROUP:{name or text}@null" if kind != "IGO" and (name or text) else None
        return Party(text=text, name=name or text, country=organisation or named, sector=sector or kind, office=office)
    country = country_code(country_of("plover", code), sector, name or text or f"{code or ''}{sector or ''}")
    return Party(text=text, name=name or text, country=country, sector=sector, office=office)


def full_name(party: Party) -> str | None:
    """The name of an organisation in full, where the tables have it; else the party's own name or words."""
    known = _known()
    for key in ((party.actor or "").removeprefix("igo:"), party.country or ""):
        if key in known.of and (party.name is None or key.startswith("IGO:") or key == (party.actor or "")[4:]):
            return known.of[key][1]
    return party.name or party.text
