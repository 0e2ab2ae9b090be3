"""Phoenix: 26 tab-separated columns without a header.

Quad classes are Phoenix's own, 0 to 4 (the column ``phoenix`` of ``cameo_quads.tsv``; appeals and comments are 0, 16 is
3), Goldstein values the column ``phoenix`` of ``cameo.tsv``. Actors are CAMEO codes in full and in parts, without names.
Issues are ``NAME,count``; ids of sentences, addresses and sources are joined by ``;``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from comity.exchange.codes import actor_code, country_of, party_of
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

ROOTS = ("IGO", "NGO", "IMG", "MNC")
"""What counts as an entity besides countries."""

AGENTS = ("GOV", "MIL", "REB", "OPP", "PTY", "COP", "JUD", "SPY", "MED", "EDU", "BUS", "CRM", "CVL")
"""What counts as a role; everything else is an attribute. Both as the Phoenix pipeline has them."""


def _events(rows: Rows) -> dict[str, pa.Array]:
    import pyarrow as pa
    import pyarrow.compute as pc

    def one(code: str | None) -> list[Party | None]:
        return [party_of(code, None, "phoenix")]

    source, target = parties([rows["source_actor_full"]], one), parties([rows["target_actor_full"]], one)
    geo = [rows[name] for name in ("lat", "lon", "location_name", "state_name", "country_code")]
    return {
        **common(rows, scale="goldstein"),
        **cameo_columns(rows["event_code"]),
        "published": rows["date"],
        "outlet": pc.list_element(pc.if_else(pc.equal(pc.list_value_length(rows["news_sources"]), 0), None,
                                             rows["news_sources"]), 0),
        "cameo": rows["event_code"],
        "intensity": rows["goldstein_score"],
        "source": source,
        "target": target,
        "scope": scope(source, target),
        "date": pc.cast(rows["date"], pa.string()),
        "place": by_distinct(geo, _place, place_type()),
    }  # fmt: skip


def _place(lat: float | None, lon: float | None, name: str | None, region: str | None, country: str | None) -> Any:
    if name is None and country is None:
        return None
    level = "region" if name and name == region else "city" if name else "country"
    return place(name or country, lat, lon, country_of("phoenix", country), level)


def _facts(rows: Rows) -> dict[str, pa.Array]:
    import pyarrow as pa
    import pyarrow.compute as pc

    return {
        "day": rows["date"],
        "source": rows["source_actor_full"],
        "target": rows["target_actor_full"],
        "source_country": by_distinct([rows["source_actor_entity"]], _state, pa.string()),
        "target_country": by_distinct([rows["target_actor_entity"]], _state, pa.string()),
        "code": rows["event_code"],
        "document": pc.binary_join(rows["urls"], ";"),
        "added": pa.nulls(rows.number, pa.date32()),
    }


def _state(entity: str | None) -> str | None:
    return country_of("phoenix", entity)


# --- writing ---------------------------------------------------------------------------------------------------------


def _write(chosen: Chosen) -> list[Line] | Refused:
    from comity.codebook import codebook
    from comity.versions import coder_parts

    event, day, report = chosen.event, chosen.day, chosen.report
    cameo = cameo_of(event)
    if isinstance(cameo, Refused):
        return cameo
    if day is None:
        return Refused(NO_DAY)
    book = codebook()
    code = book.nearest(cameo[0], "phoenix")
    reduced = [*cameo[1], *([code.reduced] if code.reduced else [])]
    if event.date_end:
        reduced.append(f"lasted until {event.date_end}")
    version = coder_parts(report.coder or "")["program"].rpartition(" ")[2] if report is not None else ""
    sentence = sentence_number(chosen)
    lines = []
    for source, target in dyads(event):
        one, other = _code(source), _code(target)
        if not one or not other:
            continue
        id = f"{number_of(event.id, source and source.start, one, target and target.start, other)}_v{version or '0'}"
        values = {
            "event_id": id, "date": day, "year": day.year, "month": day.month, "day": day.day,
            **actor_columns("source", one), **actor_columns("target", other),
            "event_code": code.code, "event_root_code": code.code[:2],
            "quad_class": book.quad_in("phoenix", code.code),
            "goldstein_score": book.goldstein(code.code, "phoenix"),
            "issues": [f"{context.upper()},1" for context in event.contexts] or None, **_where(event.place),
            "sentence_id": [f"{report.id}_{sentence}" if sentence else report.id] if report is not None else None,
            "urls": [report.url] if report is not None and report.url else None,
            "news_sources": [report.outlet] if report is not None and report.outlet else None,
        }  # fmt: skip
        lines.append(Line(id, values, tuple(reduced)))
    return lines or Refused("Phoenix needs a source and a target with CAMEO codes")


def _code(party: Party | None) -> str:
    return actor_code(party, "phoenix") if party is not None else ""


def actor_columns(side: str, code: str) -> dict[str, Any]:
    """An actor code in full and in Phoenix's parts: entity, role, attributes."""
    root = code[:3] if code[:3] in ROOTS or country_of("phoenix", code[:3]) else ""
    agent = code[3:6] if code[3:6] in AGENTS else ""
    rest = code[6:] if agent else code[3:]
    others = [rest[at : at + 3] for at in range(0, len(rest), 3)]
    return {
        f"{side}_actor_full": code, f"{side}_actor_entity": root or None, f"{side}_actor_role": agent or None,
        f"{side}_actor_attribute": others or None,
    }  # fmt: skip


def _where(place: Place | None) -> dict[str, Any]:
    fields: dict[str, Any] = dict.fromkeys(("lat", "lon", "location_name", "state_name", "country_code"))
    if place is None or place.lat is None:
        return fields
    fields |= {"lat": place.lat, "lon": place.lon, "country_code": place.country}
    if place.level == "region":
        fields |= {"location_name": place.text, "state_name": place.text}
    elif place.level != "country":
        fields["location_name"] = place.text
    return fields


_CODE = ("event_code", "event_root_code", "quad_class", "goldstein_score")

FORMAT = Format(
    name="phoenix",
    title="Phoenix",
    header=False,
    missing=("",),
    reading=Reading(
        required=("event_id", "date", "source_actor_full", "target_actor_full", "event_code"),
        key=("event_id", "date"),
        range="date",
        plain=("event_id", "urls", "sentence_id"),
        faults=code_faults,
        events=_events,
        facts=_facts,
    ),
    write=_write,
    follows={
        "source": tuple(actor_columns("source", "")),
        "target": tuple(actor_columns("target", "")),
        "type": _CODE,
        "mode": _CODE,
        "cameo": _CODE,
        "contexts": ("issues",),
        "date": ("date", "year", "month", "day"),
        "place": tuple(_where(None)),
    },
)
