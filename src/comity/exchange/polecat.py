"""POLECAT: 40 tab-separated columns with a header, ``None`` for a missing value, lists joined by ``; ``.

Types, modes, contexts and sectors are PLOVER's; the quad class is written out in capitals; the intensity is PLOVER's.
Releases differ: some say ``Event Intensity``, some carry ``Headline``, ``Event Text``, ``Feed`` and ``Story ID``, some
have further columns without a name, and most are read as ISO-8859-1. Several actors of one side stand in one cell, a
mutual event has all parties as actors and no recipient.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from comity.exchange.codes import country_of, party_of_plover, plover_code, plover_sector, state_of, states
from comity.exchange.columns import by_distinct
from comity.exchange.tabular import (
    NO_DAY,
    Chosen,
    Format,
    Line,
    Reading,
    Refused,
    Rows,
    common,
    parties,
    place,
    place_type,
    scope,
)
from comity.records import Event, Party, Place, content_hash

if TYPE_CHECKING:
    import pyarrow as pa

FEATURES = {"country": "PCLI", "region": "ADM1", "city": "PPL"}
"""GeoNames' feature codes for the levels of places."""

_JOIN = "\x1f"


# --- reading ---------------------------------------------------------------------------------------------------------


@cache
def _quads() -> dict[str, str]:
    from comity.codebook import codebook

    return {quad.polecat: quad.name for quad in codebook().quads.values()}


def _faults(rows: Rows) -> pa.Array:
    import pyarrow as pa

    from comity.codebook import codebook

    types = codebook().types

    def fault(type: str | None) -> str | None:
        return None if type in types else f"has the event type {type or ''!r}, which is none of PLOVER's"

    return by_distinct([rows["event_type"]], fault, pa.string())


def _events(rows: Rows) -> dict[str, pa.Array]:
    import pyarrow as pa
    import pyarrow.compute as pc

    source, target = _parties(rows, "actor"), _parties(rows, "recipient")
    geo = [rows[name] for name in ("placename", "city", "province", "country", "latitude", "longitude", "geonames_id",
                                   "feature_type")]  # fmt: skip
    lists = pa.list_(pa.string())
    return {
        **common(rows, scale="plover"),
        "published": pc.coalesce(rows["publication_date"], rows["event_date"]),
        "outlet": rows["source"],
        "type": rows["event_type"],
        "mode": rows["event_mode"],
        "contexts": pc.coalesce(rows["contexts"], pa.repeat(pa.scalar([], lists), rows.number)),
        "quad": by_distinct([rows["quad_code"], rows["event_type"]], _quad, pa.string()),
        "intensity": rows["intensity"],
        "source": source,
        "target": target,
        "scope": scope(source, target),
        "date": pc.cast(rows["event_date"], pa.string()),
        "place": by_distinct(geo, _place, place_type()),
    }


def _quad(code: str | None, type: str | None) -> str:
    from comity.codebook import codebook

    return _quads().get((code or "").upper()) or codebook().quad(type or "")


def _parties(rows: Rows, side: str) -> pa.Array:
    import pyarrow.compute as pc

    wiki = f"wikipedia_{side}_id"
    names = (f"{side}_name", f"{side}_country", f"primary_{side}_sector", f"{side}_title", f"{side}_name_raw", wiki)

    def understood(*cells: str | None) -> list[Party | None]:
        return parties_of(*[cell.split(_JOIN) if cell is not None else [] for cell in cells[:5]])

    return parties([pc.binary_join(rows[name], _JOIN) for name in names], understood)


def parties_of(
    names: list[str], countries: list[str], sectors: list[str], titles: list[str], raw: list[str]
) -> list[Party | None]:
    """The parties of a side. Lists of one length go together item by item; a list of another length belongs to nobody
    in particular, so it is used only where it has one item for all.
    """
    number = max(len(names), len(countries))

    def at(listed: list[str], n: int) -> str | None:
        cell = listed[n] if len(listed) == number else listed[0] if len(listed) == 1 else None
        return None if cell in (None, "", "None") else cell

    return [
        party_of_plover(at(countries, n), at(sectors, n), at(names, n), at(raw, n), at(titles, n))
        for n in range(number)
    ]


def _place(
    name: str | None, city: str | None, province: str | None, country: str | None, lat: float | None,
    lon: float | None, geonames: str | None, feature: str | None,
) -> Any:  # fmt: skip
    state = country_of("plover", country)
    if feature and feature.startswith("PCL"):
        level = "country"
    elif feature and feature.startswith("ADM"):
        level = "region"
    else:
        level = "city" if city or (feature or "").startswith("PPL") else "region" if province else "country"
    text = name or city or province or (states().name.get(state) if state else None)
    number = int(geonames) if geonames and re.fullmatch(r"[0-9]{1,18}", geonames) else None
    return place(text, lat, lon, state, level if state or city or province else None, number)


def _facts(rows: Rows) -> dict[str, pa.Array]:
    import pyarrow.compute as pc

    def joined(name: str) -> pa.Array:
        return pc.binary_join(rows[name], "; ")

    return {
        "day": rows["event_date"],
        "source": pc.coalesce(joined("actor_name"), joined("actor_country")),
        "target": pc.coalesce(joined("recipient_name"), joined("recipient_country")),
        "source_country": joined("actor_country"),
        "target_country": joined("recipient_country"),
        "code": rows["event_type"],
        "document": by_distinct([rows["event_id"]], _story, None),
        "added": rows["publication_date"],
    }


def _story(id: str | None) -> str | None:
    """The story's part of an event's id: 20190801-2227-8b13212ac6f6 of 20190801-2227-8b13212ac6f6_ACCUSE_disapprove."""
    return id.partition("_")[0] if id else None


# --- writing ---------------------------------------------------------------------------------------------------------


def sides(event: Event) -> tuple[tuple[Party, ...], tuple[Party, ...]]:
    """Actors and recipients as PLOVER has them: the parties of a mutual event are all actors."""
    return (event.source + event.target, ()) if event.mutual else (event.source, event.target)


def _write(chosen: Chosen) -> list[Line] | Refused:
    from comity.codebook import UnknownCode, codebook

    event, day, report, book = chosen.event, chosen.day, chosen.report, codebook()
    if not event.type:
        return Refused("has no PLOVER type")
    if day is None:
        return Refused(NO_DAY)
    actors, recipients = sides(event)
    if not actors:
        return Refused("PLOVER needs an actor")
    try:
        if book.type(event.type).recipient and not recipients and not event.mutual:
            return Refused(f"{event.type} needs a recipient")
        intensity = event.intensity if chosen.scale == "plover" else None
        intensity = intensity if intensity is not None else book.intensity(event.type, event.mode)
        quad = next(q.polecat for q in book.quads.values() if q.name == book.quad(event.type))
    except UnknownCode as error:
        return Refused(str(error))
    reduced = [f"lasted until {event.date_end}"] if event.date_end else []
    story = content_hash("story", report.id if report is not None else event.id)
    number = int(story[:8], 16) % 10_000
    id = f"{day:%Y%m%d}-{number:04d}-{event.id[:12]}_{event.type}_{event.mode or 'None'}"
    values = {
        "event_id": id, "event_date": day, "event_type": event.type, "event_mode": event.mode,
        "intensity": intensity, "quad_code": quad, "contexts": list(event.contexts) or None,
        **_side("actor", actors), **_side("recipient", recipients), **_where(event.place),
        "source": report.outlet if report is not None else None,
        "publication_date": _published(chosen),
        "story_people": list(report.people) or None if report is not None else None,
        "story_organizations": list(report.organisations) or None if report is not None else None,
        "story_locations": list(report.places) or None if report is not None else None,
        "language": report.language if report is not None else None,
        "version": f"{report.coder}, {report.codebook}" if report is not None and report.coder else None,
    }  # fmt: skip
    return [Line(id, values, tuple(reduced))]


def _published(chosen: Chosen) -> Any:
    import datetime

    if chosen.report is None or not chosen.report.published:
        return None
    try:
        return datetime.date.fromisoformat(chosen.report.published[:10])
    except ValueError:
        return None


def _side(side: str, listed: tuple[Party, ...]) -> dict[str, Any]:
    """The columns of one side; an item that is not known is None in its list."""

    def cells(items: list[Any]) -> list[str] | None:
        return [str(item) if item is not None else "None" for item in items] if any(items) else None

    sectors = cells([plover_sector(party) for party in listed])
    return {
        f"{side}_name": cells([party.name for party in listed]),
        f"{side}_country": cells([plover_code(party) for party in listed]),
        f"{side}_cow": cells([states().cow.get(state_of(party.country) or "") for party in listed]),
        f"primary_{side}_sector": sectors,
        f"{side}_sectors": sectors,
        f"{side}_title": cells([party.office for party in listed]),
        f"{side}_name_raw": cells([party.text for party in listed]),
        f"wikipedia_{side}_id": None,
    }


def _where(place: Place | None) -> dict[str, Any]:
    fields = dict.fromkeys(("placename", "city", "district", "province", "country", "latitude", "longitude",
                            "geonames_id", "raw_placename", "feature_type"))  # fmt: skip
    if place is None:
        return fields
    made: dict[str, Any] = {
        **fields,
        "placename": place.text, "raw_placename": place.text, "country": place.country, "latitude": place.lat,
        "longitude": place.lon, "geonames_id": str(place.geonameid) if place.geonameid else None,
        "feature_type": FEATURES.get(place.level or ""),
    }  # fmt: skip
    if place.level in ("city", "site"):
        made["city"] = place.text
    elif place.level == "region":
        made["province"] = place.text
    return made


FORMAT = Format(
    name="polecat",
    title="POLECAT",
    header=True,
    missing=("None", "", "NA"),
    encoding="iso-8859-1",
    reading=Reading(
        required=("event_id", "event_date", "event_type", "actor_name", "recipient_name"),
        key=("event_id", "event_date"),
        range="event_date",
        plain=("event_id",),
        faults=_faults,
        events=_events,
        facts=_facts,
    ),
    write=_write,
    follows={
        "source": tuple(_side("actor", ())),
        "target": tuple(_side("recipient", ())),
        "type": ("event_type", "intensity", "quad_code"),
        "mode": ("event_mode", "intensity"),
        "contexts": ("contexts",),
        "date": ("event_date",),
        "place": tuple(_where(None)),
    },
    cast=True,
)
