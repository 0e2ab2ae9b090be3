"""GDELT Events: version 2 (61 columns, no header) and version 1 (57 or 58).

Quad classes and Goldstein values are those that GDELT's files hold, not those of its manual: the columns ``gdelt`` of the
codebook's ``cameo_quads.tsv`` and ``cameo.tsv``. Countries of actors are CAMEO's three letters, those of places FIPS
10-4's two. A file has neither quotation marks nor escapes, and its name ends in ``.CSV`` though it has tabs.
"""

from __future__ import annotations

import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from comity.exchange.codes import (
    actor_code,
    code_of,
    country_of,
    parts_of,
    party_of,
    state_of,
    states,
)
from comity.exchange.columns import by_distinct
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
    code_faults,
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

NO_COLUMN = ("PTY", "REL")
"""Roles in actor codes that GDELT's type columns never hold (of 642 actors of a file, 16 have one in their code)."""

GEO_TYPES = {1: "country", 2: "region", 3: "city", 4: "city", 5: "region"}
"""1 country, 2 state of the United States, 3 city there, 4 city elsewhere, 5 first-level region elsewhere."""

HEADERS = ("none", "bigquery", "codebook")

_CODEBOOK_NAMES = {"GLOBALEVENTID": "GlobalEventID", "SQLDATE": "Day"}


def header(style: str) -> tuple[str, ...] | None:
    """The names of the columns as BigQuery or as GDELT's codebook has them; None for no header."""
    if style == "none":
        return None
    names = [column.name for column in FORMAT.written]
    if style == "codebook":
        names = [_CODEBOOK_NAMES.get(name, name).replace("Geo_FullName", "Geo_Fullname") for name in names]
    return tuple(names)


# --- reading ---------------------------------------------------------------------------------------------------------


def _events(rows: Rows) -> dict[str, pa.Array]:
    import pyarrow as pa
    import pyarrow.compute as pc

    def one(code: str | None, name: str | None) -> list[Party | None]:
        return [party_of(code, name)]

    source = parties([rows["actor1_code"], rows["actor1_name"]], one)
    target = parties([rows["actor2_code"], rows["actor2_name"]], one)
    geo = [rows[f"action_geo_{part}"] for part in ("type", "full_name", "country_code", "lat", "long")]
    hosts = by_distinct([rows["source_url"]], _host, pa.string())
    outlet = [pa.field(name, pa.string()) for name in ("outlet", "outlet_country", "outlet_ownership")]
    outlets = by_distinct([hosts], _outlet, pa.struct(outlet)).flatten()
    return {
        **common(rows, scale="goldstein"),
        **cameo_columns(rows["event_code"]),
        **dict(zip(("outlet", "outlet_country", "outlet_ownership"), outlets)),
        "published": pc.cast(rows["date_added"], pa.date32(), safe=False),
        "cameo": rows["event_code"],
        "intensity": rows["goldstein_scale"],
        "source": source,
        "target": target,
        "scope": scope(source, target),
        "date": pc.cast(rows["sqldate"], pa.string()),
        "place": by_distinct(geo, _place, place_type()),
    }


def _host(url: str | None) -> str | None:
    if not url:
        return None
    parts = url.split("/", 3)
    return (parts[2] if len(parts) > 2 and parts[0].endswith(":") else url).removeprefix("www.")


@cache
def _outlet(host: str | None) -> dict[str, str | None] | None:
    from comity.actors import outlets

    if host is None:
        return None
    try:
        known = outlets.facts(None, f"https://{host}/")
    except ValueError:  # no host at all: "[paper"
        known = None
    if known is None:
        return {"outlet": host, "outlet_country": None, "outlet_ownership": None}
    return {"outlet": known.name, "outlet_country": known.country, "outlet_ownership": known.ownership}


def _place(type: int | None, name: str | None, fips: str | None, lat: float | None, lon: float | None) -> Any:
    level = GEO_TYPES.get(type or 0)
    return None if level is None else place(name, lat, lon, country_of("fips", fips), level)


def _facts(rows: Rows) -> dict[str, pa.Array]:
    import pyarrow as pa
    import pyarrow.compute as pc

    return {
        "day": rows["sqldate"],
        "source": rows["actor1_code"],
        "target": rows["actor2_code"],
        "source_country": rows["actor1_country_code"],
        "target_country": rows["actor2_country_code"],
        "code": rows["event_code"],
        "document": rows["source_url"],
        "added": pc.cast(rows["date_added"], pa.date32(), safe=False),
    }


# --- writing ---------------------------------------------------------------------------------------------------------


def fraction_of(day: datetime.date) -> float:
    """The year with the part of it that has passed, as GDELT's files have it: full months of 30 days, of 365.

    The codebook's formula counts the running month as full; of the five days of a file read none follows it.
    """
    return day.year + ((day.month - 1) * 30 + day.day) / 365


def _write(chosen: Chosen) -> list[Line] | Refused:
    from comity.codebook import codebook

    event, day = chosen.event, chosen.day
    cameo = cameo_of(event)
    if isinstance(cameo, Refused):
        return cameo
    if day is None:
        return Refused(NO_DAY)
    book = codebook()
    code = book.nearest(cameo[0], "gdelt")
    reduced = [*cameo[1], *([code.reduced] if code.reduced else [])]
    if event.date_end:
        reduced.append(f"lasted until {event.date_end}")
    added = _added(chosen, day)
    action, lost = geo_columns("action", event.place)
    reduced += lost
    lines: list[Line] = []
    for source, target in dyads(event):
        one, other = actor_columns("actor1", source), actor_columns("actor2", target)
        if not one["actor1_code"] and not other["actor2_code"]:
            continue
        number = number_of(event.id, _key(source), _key(target))
        values = {
            "global_event_id": number, "sqldate": day, "month_year": day.year * 100 + day.month, "year": day.year,
            "fraction_date": fraction_of(day), **one, **other,
            "is_root_event": _is_lead(chosen), "event_code": code.code, "event_base_code": code.code[:3],
            "event_root_code": code.code[:2], "quad_class": book.quad_in("gdelt", code.code),
            "goldstein_scale": book.goldstein(code.code, "gdelt"),
            "num_mentions": 1, "num_sources": 1, "num_articles": 1, "avg_tone": None,
            **geo_columns("actor1", None)[0], **geo_columns("actor2", None)[0], **action,
            "date_added": added, "source_url": _url(chosen),
        }  # fmt: skip
        left = [f"{side} {party.name or party.text!r} has no code" for side, party, columns in
                (("source", source, one["actor1_code"]), ("target", target, other["actor2_code"]))
                if party is not None and not columns]  # fmt: skip
        lines.append(Line(str(number), values, tuple(reduced + left)))
    return lines or Refused("neither source nor target has a CAMEO code")


def _key(party: Party | None) -> str:
    return "" if party is None else f"{party.start}:{party.country}:{party.name}"


def _is_lead(chosen: Chosen) -> int | None:
    """1 where the sentence stands in the title or the first paragraph, which GDELT calls a root event."""
    report = chosen.report
    if report is None or report.text is None:
        return None
    title = len(report.title) if report.title and report.text.lstrip().startswith(report.title) else 0
    start = len(report.text) - len(report.text[title:].lstrip())
    lead = report.text.find("\n\n", start)
    return int(chosen.event.sentence[0] < (lead if lead > 0 else len(report.text)))


def _added(chosen: Chosen, day: datetime.date) -> datetime.datetime:
    """When the report was published, as the time when GDELT would have added it; else the event's own day."""
    if chosen.report is not None and chosen.report.published:
        try:
            moment = datetime.datetime.fromisoformat(chosen.report.published)
        except ValueError:
            moment = None
        if moment is not None:
            return moment.astimezone(datetime.UTC).replace(tzinfo=None) if moment.tzinfo else moment
    return datetime.datetime(day.year, day.month, day.day)


def _url(chosen: Chosen) -> str | None:
    """The report's address; a report without one is named by its id."""
    if chosen.report is None:
        return None
    return chosen.report.url or f"comity:report:{chosen.report.id}"


def actor_columns(prefix: str, party: Party | None) -> dict[str, str | None]:
    """The ten columns of an actor; all empty for one who has no code."""
    code = actor_code(party) if party is not None else ""
    if party is None or not code:
        return {f"{prefix}_{name}": None for name in _ACTOR}
    parts = parts_of(code)
    roles = [role for role in parts.roles if role not in NO_COLUMN]
    state = states().name.get(state_of(party.country) or "")
    name = (party.name or state or party.text or "").upper()  # the files name the unnamed by their state
    cells = [code, name, parts.country, parts.group, parts.ethnic, *_padded(list(parts.religions), 2),
             *_padded(roles, 3)]  # fmt: skip
    return {f"{prefix}_{name}": cell or None for name, cell in zip(_ACTOR, cells)}


GAZA = 34.6
"""Degrees east: the Gaza Strip ends at 34.57, the West Bank begins at 34.88."""


def _fips(place: Place) -> str | None:
    """FIPS has no code for Palestine, but one each for its two parts."""
    if place.country != "PSE":
        return code_of("fips", place.country)
    if place.level == "country" or place.lon is None:
        return None
    return "GZ" if place.lon < GAZA else "WE"


def _padded(cells: list[str], length: int) -> list[str]:
    return [*cells, *[""] * length][:length]


def geo_columns(prefix: str, place: Place | None) -> tuple[dict[str, Any], list[str]]:
    """The eight columns of a place, as finely as the record supports it, and what is lost."""
    fips = _fips(place) if place is not None else None
    if place is None or (place.country and fips is None) or place.country is None:
        lost = [f"the place {place.text!r} has no FIPS country"] if place is not None else []
        return {f"{prefix}_geo_{name}": 0 if name == "type" else None for name in _GEO}, lost
    country = states().name[place.country]
    american = place.country == "USA"
    if place.level == "country":
        cells: list[Any] = [1, country, fips, fips, None, place.lat, place.lon, fips]
    else:
        kind = (2 if american else 5) if place.level == "region" else (3 if american else 4)
        # Codes of regions and features are GNS's and GNIS's; GeoNames' ids are others, so these stay empty.
        cells = [kind, f"{place.text}, {country}", fips, None, None, place.lat, place.lon, None]
    return {f"{prefix}_geo_{name}": cell for name, cell in zip(_GEO, cells)}, []


_CODE = ("event_code", "event_base_code", "event_root_code", "quad_class", "goldstein_scale")
_ACTOR = ("code", "name", "country_code", "known_group_code", "ethnic_code", "religion1_code", "religion2_code",
          "type1_code", "type2_code", "type3_code")  # fmt: skip
_GEO = ("type", "full_name", "country_code", "adm1_code", "adm2_code", "lat", "long", "feature_id")

FORMAT = Format(
    name="gdelt",
    title="GDELT 2.0 Events",
    header=False,
    missing=("",),
    reading=Reading(
        required=("global_event_id", "sqldate", "actor1_code", "actor2_code", "event_code"),
        key=("global_event_id", "sqldate"),
        range="global_event_id",
        plain=("global_event_id", "source_url"),
        faults=code_faults,
        events=_events,
        facts=_facts,
    ),
    write=_write,
    follows={
        "source": tuple(f"actor1_{part}" for part in _ACTOR),
        "target": tuple(f"actor2_{part}" for part in _ACTOR),
        "type": _CODE,
        "mode": _CODE,
        "cameo": _CODE,
        "date": ("sqldate", "month_year", "year", "fraction_date"),
        "place": tuple(f"action_geo_{part}" for part in _GEO),
    },
)
