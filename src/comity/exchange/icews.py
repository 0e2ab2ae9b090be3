"""ICEWS: 20 tab-separated columns with a header, ``NA`` for a missing value.

Quad classes do not stand in the files; intensities are the column ``icews`` of the codebook's ``cameo.tsv``. Countries
are names. The key of a row is Event ID with Event Date: the id alone comes back on other days. What two sides do
together is written twice, once each way.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from comity.exchange.codes import (
    STATE_SECTORS,
    code_of,
    country_of,
    full_name,
    is_state_itself,
    office_of,
    state_of,
    states,
    table,
)
from comity.exchange.columns import by_distinct
from comity.exchange.sentences import sentence_number
from comity.exchange.tabular import (
    NO_DAY,
    Chosen,
    Format,
    Line,
    Reading,
    Refused,
    Rows,
    cameo_columns,
    cameo_of,
    code_fault,
    common,
    dyads,
    number_of,
    parties,
    place,
    place_type,
    scope,
)
from comity.records import Party, Place

if TYPE_CHECKING:
    import pyarrow as pa

UNSPECIFIED = "Unspecified Actor"
NO_RANK = 99
NO_PAIR = "ICEWS needs both a source and a target"


# --- reading ---------------------------------------------------------------------------------------------------------


@cache
def _sectors() -> tuple[dict[str, tuple[int, str]], list[tuple[str, int, str]], dict[str, tuple[str, str]]]:
    """ICEWS's sectors to rank and PLOVER sector; endings of names, the same; PLOVER sector to the sector that is
    written and the name of somebody of it who has none."""
    rows = table("icews_sectors.tsv", ("rank", "icews", "sector", "written", "agent", "note"))
    names = {r["icews"]: (int(r["rank"]), r["sector"]) for r in rows if not r["icews"].startswith("*")}
    ends = [(r["icews"][1:], int(r["rank"]), r["sector"]) for r in rows if r["icews"].startswith("*")]
    return names, ends, {r["written"]: (r["icews"], r["agent"]) for r in rows if r["written"]}


def _rank(name: str) -> tuple[int, str | None]:
    names, ends, _ = _sectors()
    if name in names:
        return names[name]
    return next(((rank, sector) for end, rank, sector in ends if name.endswith(end)), (NO_RANK, None))


def sector_of(sectors: list[str] | None) -> str | None:
    """The PLOVER sector of an actor from all its ICEWS sectors: the one of the best rank, whatever their order."""
    return min((_rank(name) for name in sectors or ()), key=lambda found: found[0], default=(NO_RANK, None))[1]


def party_of(name: str | None, sectors: list[str] | None, country: str | None) -> Party | None:
    """The party that a name with its sectors and country means."""
    if not name:
        return None
    sector, state = sector_of(sectors), country_of("icews", country)
    found = _organisations().get(name)
    if found is not None and state is None:
        return Party(text=name, name=name, country=found, sector="IGO" if found.startswith("IGO:") else sector)
    if sectors is None and (name == country or country_of("icews", name) == state):
        return Party(text=name, name=name, country=state)
    if sector is None and state is None:
        return Party(text=name, name=name)
    if sector in STATE_SECTORS:
        return Party(text=name, name=name, country=state, sector=sector)
    if sector in ("IGO", "UNK") and state is None:
        return Party(text=name, name=name, sector=sector)
    return Party(text=name, name=name, country=f"GROUP:{name}@{state or 'null'}", sector=sector)


@cache
def _organisations() -> dict[str, str]:
    """Names in full of organisations and groups without a state to their codes."""
    from comity.actors import tables

    t = tables.load()
    parent = dict(zip(t.actor_id, t.actor_country))
    rows = table("cameo_actors.tsv", ("code", "cameo", "known_group", "name", "source"))
    named = {r["name"]: r["code"] if ":" in r["code"] else parent.get(f"igo:{r['code']}", "") for r in rows}
    usual = {n: c for n, c, k in zip(t.actor_name, t.actor_country, t.actor_kind) if k == "igo"}
    return {name: code for name, code in (usual | named).items() if code}


def _faults(rows: Rows) -> pa.Array:
    import pyarrow as pa

    def fault(code: str | None, text: str | None) -> str | None:
        if code is None and text in _codes():
            return None
        return code_fault(code)

    return by_distinct([rows["cameo_code"], rows["event_text"]], fault, pa.string())


@cache
def _codes() -> dict[str, str]:
    """CAMEO codes by their names in ICEWS: for files that lack the codes. The longest code of a name goes first."""
    from comity.codebook import codebook

    return {cameo.name: code for code, cameo in codebook().cameo_codes.items()}


def _events(rows: Rows) -> dict[str, pa.Array]:
    import pyarrow as pa
    import pyarrow.compute as pc

    def one(name: str | None, sectors: list[str] | None, country: str | None) -> list[Party | None]:
        return [party_of(name, sectors, country)]

    def cells(side: str) -> list[pa.Array]:
        sectors = rows[f"{side}_sectors"]
        return [rows[f"{side}_name"], pc.binary_join(sectors, "\x1f"), rows[f"{side}_country"]]

    def split(name: str | None, sectors: str | None, country: str | None) -> list[Party | None]:
        return one(name, sectors.split("\x1f") if sectors is not None else None, country)

    source, target = parties(cells("source"), split), parties(cells("target"), split)
    code = rows["cameo_code"]
    if code.null_count:
        named = by_distinct([rows["event_text"]], lambda text: _codes().get(text or ""), pa.string())
        code = pc.coalesce(code, named)
    geo = [rows[name] for name in ("city", "district", "province", "country", "latitude", "longitude")]
    day = rows["event_date"]
    return {
        **common(rows, scale="icews"),
        **cameo_columns(code),
        "published": day,  # the files hold no other day
        "outlet": rows["publisher"],
        "cameo": code,
        "intensity": rows["intensity"],
        "source": source,
        "target": target,
        "scope": scope(source, target),
        "date": pc.cast(day, pa.string()),
        "place": by_distinct(geo, _place, place_type()),
    }


def _place(
    city: str | None, district: str | None, province: str | None, country: str | None, lat: float | None,
    lon: float | None,
) -> Any:  # fmt: skip
    level = "city" if city else "region" if district or province else "country"
    text = ", ".join(part for part in (city, district, province, country) if part) or None
    return place(text, lat, lon, country_of("icews", country), level)


def _facts(rows: Rows) -> dict[str, pa.Array]:
    import pyarrow as pa
    import pyarrow.compute as pc

    named = {}
    for side in ("source", "target"):
        name = rows[f"{side}_name"]
        named[side] = pc.if_else(pc.equal(name, UNSPECIFIED), pa.scalar(None, pa.string()), name)
    return {
        "day": rows["event_date"],
        **named,
        "source_country": rows["source_country"],
        "target_country": rows["target_country"],
        "code": pc.coalesce(rows["cameo_code"], rows["event_text"]),
        "document": pc.cast(rows["story_id"], pa.string()),
        "added": pa.nulls(rows.number, pa.date32()),
    }


# --- writing ---------------------------------------------------------------------------------------------------------


def _write(chosen: Chosen) -> list[Line] | Refused:
    from comity.codebook import codebook

    event, day = chosen.event, chosen.day
    cameo = cameo_of(event)
    if isinstance(cameo, Refused):
        return cameo
    if day is None:
        return Refused(NO_DAY)
    if not event.source or not (event.target or event.mutual):
        return Refused(NO_PAIR)
    book = codebook()
    code = book.nearest(cameo[0], "icews")
    reduced = [*cameo[1], *([code.reduced] if code.reduced else [])]
    if event.date_end:
        reduced.append(f"lasted until {event.date_end}")
    report = chosen.report
    lines = []
    for source, target in dyads(event):
        if source is None or target is None:
            continue
        number = number_of(event.id, _key(source), _key(target))
        values = {
            "event_id": number, "event_date": day, "event_text": book.cameo_code(code.code).name,
            "cameo_code": code.code, "intensity": book.goldstein(code.code, "icews"),
            **_side("source", source), **_side("target", target),
            "story_id": number_of("story", report.id) if report is not None else None,
            "sentence_number": sentence_number(chosen),
            "publisher": report.outlet if report is not None else None, **_where(event.place),
        }  # fmt: skip
        lines.append(Line(str(number), values, tuple(reduced)))
    return lines or Refused(NO_PAIR)


def _key(party: Party) -> str:
    return f"{party.start}:{party.country}:{party.name}"


def _side(side: str, party: Party) -> dict[str, Any]:
    state = state_of(party.country)
    country = code_of("icews", state)
    if party.country is None and party.sector is None and party.name is None and party.text is None:
        return {f"{side}_name": UNSPECIFIED, f"{side}_sectors": ["Unspecified"], f"{side}_country": None}
    return {f"{side}_name": _name(party, country), f"{side}_sectors": sectors_of(party), f"{side}_country": country}


def _name(party: Party, country: str | None) -> str | None:
    """The name; of somebody unnamed what ICEWS calls people of the sector: Police (India), Citizen (Japan)."""
    if is_state_itself(party) and party.country:
        return country or states().name[party.country]
    if party.name is not None or party.sector is None:
        return full_name(party) or country or UNSPECIFIED
    agent = _sectors()[2].get(party.sector, ("", ""))[1] or party.text
    return f"{agent} ({country})" if country else agent


def sectors_of(party: Party) -> list[str] | None:
    """The ICEWS sectors of a party, in the order of the alphabet; None for a state as a whole."""
    if party.sector is None or is_state_itself(party):
        return None
    own = _sectors()[2].get(party.sector, ("", ""))[0]
    portfolio = office_of(party).icews if party.sector == "GOV" else ""
    names = {own, portfolio} | ({"Executive"} if portfolio else set())
    return sorted(name for name in names if name) or None


def _where(place: Place | None) -> dict[str, Any]:
    fields: dict[str, Any] = dict.fromkeys(("city", "district", "province", "country", "latitude", "longitude"))
    if place is None:
        return fields
    fields |= {"country": code_of("icews", place.country), "latitude": place.lat, "longitude": place.lon}
    if place.level in ("city", "site"):
        fields["city"] = place.text
    elif place.level == "region":
        fields["province"] = place.text
    return fields


_CODE = ("event_text", "cameo_code", "intensity")

FORMAT = Format(
    name="icews",
    title="ICEWS",
    header=True,
    missing=("NA", "", "NULL"),
    reading=Reading(
        required=("event_id", "event_date", "source_name", "target_name", "event_text"),
        key=("event_id", "event_date"),
        range="event_id",
        plain=("event_id",),
        faults=_faults,
        events=_events,
        facts=_facts,
    ),
    write=_write,
    follows={
        "source": ("source_name", "source_sectors", "source_country"),
        "target": ("target_name", "target_sectors", "target_country"),
        "type": _CODE,
        "mode": _CODE,
        "cameo": _CODE,
        "date": ("event_date",),
        "place": ("city", "district", "province", "country", "latitude", "longitude"),
    },
)
