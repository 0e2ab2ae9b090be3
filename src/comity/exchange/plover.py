"""PLOVER's JSON: one event a line, actors and recipients as lists, Comity's own fields under the prefix ``comity_``.

Field names are those of the manual's tables (2.0, draft) with ``actor`` for what it calls source in places. What the
standard has no field for (status, account, certainty, contact …) is added under the prefix, which the standard allows.
A month or a year becomes ``date`` to ``enddate``, with what the text said in ``comity_date``.

Reading keeps each standard field typed, in its own column of the ledger's side table, and every further field as JSON,
with the order of the keys: the line that is written again says the same, byte for byte where it was written compactly.
"""

from __future__ import annotations

import contextlib
import datetime
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from comity.exchange import facts as counting
from comity.exchange import files
from comity.exchange.codes import (
    country_of,
    party_of_plover,
    plover_code,
    plover_sector,
    state_of,
    states,
)
from comity.exchange.errors import ExchangeError, NotThisFormat
from comity.exchange.polecat import sides
from comity.exchange.sentences import sentence_number
from comity.exchange.tabular import Chosen, Refused, scope
from comity.records import LeftOut, Party, Place, Size, content_hash

if TYPE_CHECKING:
    import pyarrow as pa

    from comity.exchange.importing import ImportReport
    from comity.ledger import Ledger

LARGEST = 512 << 20
"""Bytes of a file, unpacked: it is held whole. A year of events as PLOVER's JSON has about 300 MB."""

PREFIX = "comity_"

RESOLUTIONS = {"country": 1, "region": 2, "city": 4, "site": 5}
"""PLOVER's resolution of a place, 1 (country) to 5 (within a city)."""


Integer = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]
"""What a column of the ledger can hold; a larger number is kept as JSON."""


class Standard(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Base of the standard's objects: only the fields that the manual names."""


class Entity(Standard, frozen=True, kw_only=True):
    """One actor or recipient."""

    code: str | None = None
    sector: str | None = None
    entity_text: str | None = None
    identifier_id: str | None = None
    """Wikidata."""
    identifier_text: str | None = None
    religion: str | None = None
    ethnicity: str | None = None
    office: str | None = None
    gender: str | None = None
    age: Integer | None = None


class Location(Standard, frozen=True, kw_only=True):
    """Where an event took place."""

    extracted_place: str | None = None
    resolved_place: str | None = None
    geonameid: Integer | None = None
    lat: float | None = None
    lon: float | None = None
    city: str | None = None
    district: str | None = None
    province: str | None = None
    country: str | None = None
    country_code: str | None = None
    feature_class: str | None = None
    feature_code: str | None = None
    resolution: Integer | None = None
    """1 country … 5 within a city."""


class TextInfo(Standard, frozen=True, kw_only=True):
    """Where the words stand."""

    sequence: Integer | None = None
    start: Integer | None = None
    end: Integer | None = None
    text_story: tuple[str, ...] | None = None


class Sizes(Standard, frozen=True, kw_only=True):
    """Casualties."""

    dead: Integer | None = None
    injured: Integer | None = None
    arrested: Integer | None = None


class Cited(Standard, frozen=True, kw_only=True):
    """The report and the coder."""

    corpus: str | None = None
    citation: str | None = None
    url: str | None = None
    title: str | None = None
    language: str | None = None
    publication: str | None = None
    license: str | None = None
    copyright: str | None = None
    coder: str | None = None
    codebook: str | None = None
    version: str | None = None


class Record(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One event; the columns of the side table ``import_plover`` follow these fields, in this order."""

    id: str | None = None
    has_event: bool | None = None
    date: str | None = None
    time: str | None = None
    enddate: str | None = None
    endtime: str | None = None
    actor: tuple[Entity, ...] | None = None
    recipient: tuple[Entity, ...] | None = None
    event: tuple[str, ...] | None = None
    event_loc: Location | None = None
    event_text: tuple[str, ...] | None = None
    quad_code: Integer | None = None
    event_scale: float | None = None
    mode: tuple[str, ...] | None = None
    context: tuple[str, ...] | None = None
    size: Sizes | None = None
    link: str | None = None
    text: str | None = None
    text_info: TextInfo | None = None
    cite_info: Cited | None = None
    coder: str | None = None
    coded_date: str | None = None
    coded_time: str | None = None
    comment: str | None = None


_encode = msgspec.json.Encoder().encode


@cache
def _types() -> dict[str, Any]:
    return {field.name: field.type for field in msgspec.structs.fields(Record)}


# --- writing ---------------------------------------------------------------------------------------------------------


def write(chosen: Chosen, *, with_text: bool = False) -> tuple[str, bytes] | Refused:
    """A record as one line of PLOVER's JSON (without its line end) and its id. `with_text`: the sentence too."""
    from comity.codebook import UnknownCode, codebook

    event, report, book = chosen.event, chosen.report, codebook()
    if not event.type:
        return Refused("has no PLOVER type")
    if not event.date:
        return Refused("has no date")
    days = _days(event.date, event.date_precision, event.date_end)
    if days is None:
        return Refused(f"its date {event.date!r} is no period of the calendar")
    actors, recipients = sides(event)
    if not actors:
        return Refused("PLOVER needs an actor")
    try:
        type = book.type(event.type)
    except UnknownCode as error:
        return Refused(str(error))
    if type.recipient and not recipients and not event.mutual:
        return Refused(f"{event.type} needs a recipient")
    plover_scale = chosen.scale == "plover" and event.intensity is not None
    text = report.text if report is not None else None
    start, end = event.sentence
    record = Record(
        id=event.id,
        has_event=True,
        date=days[0],
        enddate=days[1] if days[1] != days[0] else None,
        actor=tuple(_entity(party) for party in actors),
        recipient=tuple(_entity(party) for party in recipients) or None,
        event=(event.type,),
        event_loc=_location(event.place) if event.place is not None else None,
        event_text=(text[slice(*event.trigger)],) if text and event.trigger[1] else None,
        quad_code=type.quad,
        event_scale=event.intensity if plover_scale else book.intensity(event.type, _mode(event.type, event.mode)),
        mode=(event.mode,) if event.mode else None,
        context=event.contexts or None,
        size=_sizes(event.size),
        text=text[start:end] if with_text and text and end else None,
        text_info=TextInfo(sequence=sentence_number(chosen), start=start, end=end) if end else None,
        cite_info=_cited(chosen),
        coder=report.coder if report is not None else None,
    )
    return event.id, _encode({**_present(record), **_own(chosen)})


def _mode(type: str, mode: str | None) -> str | None:
    """The mode, where the codebook knows it: imported records may have others."""
    from comity.codebook import codebook

    return mode if (type, mode or "") in codebook().modes else None


def _present(record: Record) -> dict[str, Any]:
    return {name: value for name in _types() if (value := getattr(record, name)) is not None}


def _entity(party: Party) -> Entity:
    return Entity(
        code=plover_code(party), sector=plover_sector(party), entity_text=party.text, identifier_text=party.name,
        office=party.office,
    )  # fmt: skip


def _location(place: Place) -> Location:
    country = states().name.get(place.country or "")
    return Location(
        extracted_place=place.text or None,
        resolved_place=place.text or None,
        geonameid=place.geonameid,
        lat=place.lat,
        lon=place.lon,
        city=place.text if place.level in ("city", "site") else None,
        province=place.text if place.level == "region" else None,
        country=country,
        country_code=place.country,
        feature_code={"country": "PCLI", "region": "ADM1", "city": "PPL"}.get(place.level or ""),
        resolution=RESOLUTIONS.get(place.level or ""),
    )


def _sizes(size: Size | None) -> Sizes | None:
    """The standard's three numbers, where they are numbers; ranges and the rest stand under the prefix."""
    if size is None:
        return None
    numbers = {name: n for name in ("dead", "injured", "arrested") if isinstance(n := getattr(size, name), int)}
    return Sizes(**numbers) if numbers else None


def _cited(chosen: Chosen) -> Cited | None:
    report = chosen.report
    if report is None:
        return None
    return Cited(
        citation=report.id, url=report.url, title=report.title, language=report.language, publication=report.outlet,
        coder=report.coder, codebook=report.codebook,
    )  # fmt: skip


def _own(chosen: Chosen) -> dict[str, Any]:
    """Comity's fields that say what the standard cannot; those with the usual value are left out."""
    event = chosen.event
    fields: dict[str, Any] = {
        "status": None if event.status == "actual" else event.status,
        "background": event.background or None,
        "mutual": event.mutual or None,
        "sources": len(event.source) if event.mutual else None,
        "scope": event.scope,
        "date": event.date if len(event.date or "") < 10 else None,
        "date_precision": event.date_precision,
        "date_end": event.date_end,
        "account": event.account,
        "account_party": event.account_party,
        "contact": event.contact,
        "size": event.size,
        "cameo": event.cameo,
        "countries": [[party.country for party in side] for side in (event.source, event.target)],
        "trigger": event.trigger if event.trigger[1] else None,
        "reason": event.reason if event.reason.by != "import" else None,
        "confidence": event.confidence if chosen.origin == "comity" else None,
        "corrected": chosen.corrected or None,
        "origin": None if chosen.origin == "comity" else chosen.origin,
    }
    return {PREFIX + name: value for name, value in fields.items() if value is not None}


def _days(date: str, precision: str | None, end: str | None) -> tuple[str, str] | None:
    """First and last calendar day of a date (YYYY-MM-DD, YYYY-MM, YYYY, a week, a quarter, a decade)."""
    first = _period(date)
    if first is None:
        return None
    last = _period(end) if end else first
    return first[0].isoformat(), (last or first)[1].isoformat()


def _period(date: str) -> tuple[datetime.date, datetime.date] | None:
    try:
        if len(date) >= 10:
            day = datetime.date.fromisoformat(date[:10])
            return day, day
        if len(date) == 8 and date[5] == "W":
            return datetime.date.fromisocalendar(int(date[:4]), int(date[6:]), 1), datetime.date.fromisocalendar(
                int(date[:4]), int(date[6:]), 7
            )
        if len(date) == 7 and date[5] in "QH":
            months = 3 if date[5] == "Q" else 6
            return _months(int(date[:4]), months * (int(date[6]) - 1) + 1, months)
        if len(date) == 7:
            return _months(int(date[:4]), int(date[5:]), 1)
        if len(date) == 4:
            return _months(int(date), 1, 12)
        if len(date) == 3:
            return datetime.date(int(date) * 10, 1, 1), datetime.date(int(date) * 10 + 9, 12, 31)
    except ValueError:
        return None
    return None


def _months(year: int, month: int, number: int) -> tuple[datetime.date, datetime.date]:
    after = month + number
    last = datetime.date(year + (after - 1) // 12, (after - 1) % 12 + 1, 1) - datetime.timedelta(days=1)
    return datetime.date(year, month, 1), last


# --- reading ---------------------------------------------------------------------------------------------------------


class Read(msgspec.Struct, frozen=True):
    """A line, read."""

    record: Record
    keys: tuple[str, ...]
    """All its keys, in order."""
    extra: dict[str, Any]
    """What the standard has no field for, or not in this form."""


def parse(line: bytes) -> Read:
    """One line. Raises `msgspec.DecodeError` (no JSON) or `ValueError` (no object)."""
    found = msgspec.json.decode(line)
    if not isinstance(found, dict):
        raise ValueError("is no JSON object")
    typed: dict[str, Any] = {}
    extra: dict[str, Any] = {}
    types = _types()
    for key, value in found.items():
        if key not in types or value is None:
            extra[key] = value
            continue
        try:
            converted = msgspec.convert(value, types[key])
        except msgspec.ValidationError:
            extra[key] = value
            continue
        # Typed only where the typed value says the same, down to the order of the keys.
        if _encode(converted) == _encode(value):
            typed[key] = converted
        else:
            extra[key] = value
    return Read(Record(**typed), tuple(found), extra)


def understood(read: Read) -> Record:
    """The record with what has a standard form but not in the standard's order, so that it is kept as JSON."""
    found: dict[str, Any] = {}
    for key, value in read.extra.items():
        if key in _types() and value is not None:
            with contextlib.suppress(msgspec.ValidationError):
                found[key] = msgspec.convert(value, _types()[key], strict=False)
    return msgspec.structs.replace(read.record, **found) if found else read.record


def line_of(read: Read) -> bytes:
    """The inverse of `parse`, compact."""
    return _encode({key: read.extra[key] if key in read.extra else getattr(read.record, key) for key in read.keys})


def import_file(ledger: Ledger, path: Path, member: str | None) -> ImportReport:
    """Store a file of PLOVER's JSON lines; see `comity.exchange.import_file`."""
    import hashlib

    from comity.exchange.importing import ImportReport, Repeat

    with files.opened(path, member) as stream:
        data = stream.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise ExchangeError(f"{path}: holds more than {LARGEST >> 20:,} MB; split it between two lines")
    where = path.name if member is None else f"{path.name}!{member}"
    digest = hashlib.sha256(data).hexdigest()
    report = partial(ImportReport, origin="plover", file=where, digest=digest)
    earlier = ledger.query("SELECT digest FROM imports_v1 WHERE origin = 'plover'")["digest"].to_pylist()
    if digest in earlier:
        return report(known=True, rows=0)
    wrong: list[LeftOut] = []
    repeats: list[Repeat] = []
    lines: list[int] = []
    reads: list[Read] = []
    ids: list[str] = []
    stored = set()
    if earlier:
        stored = set(ledger.query("SELECT id FROM store.events WHERE origin = 'plover'")["id"].to_pylist())
    otherwise = several = 0
    listed = data.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    for number, line in enumerate(listed, 1):
        if not line.strip():
            if number < len(listed):
                wrong.append(_left_out(where, number, "is empty"))
            continue
        try:
            read = parse(line)
        except (ValueError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            wrong.append(_left_out(where, number, f"is no JSON object ({error})"))
            continue
        fault = _fault(read)
        if fault:
            wrong.append(_left_out(where, number, fault))
            continue
        id = content_hash("plover", read.record.id)
        if id in stored:
            repeats.append(Repeat(number, str(read.record.id)))
            continue
        stored.add(id)
        otherwise += line_of(read) != line.rstrip(b"\r")
        several += len(read.record.event or ()) > 1
        lines.append(number)
        reads.append(read)
        ids.append(id)
    if len(wrong) > len(reads) + len(repeats):
        raise NotThisFormat(
            f"{path}: most of its lines are no PLOVER events ({wrong[0].line()}); is it another format?"
        )
    notes = []
    if several:
        notes.append(f"records with several types, of which the first one counts: {several:,}")
    if otherwise:
        notes.append(
            f"lines with other blanks or escapes than compact JSON, which say the same when written: {otherwise:,}"
        )
    events = _events(reads)
    counted = counting.count([_facts(events)]) if reads else None
    kept = {
        "form": {"ended": data.endswith(b"\n")}, "notes": notes, "wrong": len(wrong), "repeats": len(repeats),
        "facts": counting.as_record(counted) if counted else None,
    }  # fmt: skip
    parts = [_tables(reads, lines, ids, events)] if reads else []
    done = ledger.import_events(parts, origin="plover", file=where, digest=digest, notes=kept)
    return report(
        known=done.known, rows=done.rows, left_out=tuple(wrong), repeats=tuple(repeats), notes=tuple(notes),
        facts=counted,
    )  # fmt: skip


def _left_out(where: str, number: int, reason: str) -> LeftOut:
    return LeftOut(source=f"{where}:{number}", reason=reason, cure="correct the line or leave it out")


def _fault(read: Read) -> str | None:
    from comity.codebook import codebook

    record = read.record
    if not record.id:
        return "has no id"
    if not record.event or record.event[0] not in codebook().types:
        return f"has the event {list(record.event or ())!r}, of which the first is none of PLOVER's types"
    if record.date is None or _period(record.date) is None:
        return f"has no date that can be read: {record.date!r}"
    return None


def _parties(read: Read, side: str) -> list[Party]:
    """The parties of a side; the keys of the manual's example are understood besides those of its table."""
    listed = getattr(read.record, side)
    if listed is None:
        listed = [entity for entity in read.extra.get(side, ()) if isinstance(entity, dict)] if isinstance(
            read.extra.get(side, ()), list
        ) else []  # fmt: skip
    if side == "actor" and not listed and isinstance(read.extra.get("source"), list):
        listed = [entity for entity in read.extra["source"] if isinstance(entity, dict)]
    made = [_party(entity) for entity in listed]
    return [party for party in made if party is not None]


def _party(entity: Entity | dict[str, Any]) -> Party | None:
    cells = msgspec.to_builtins(entity)

    def first(*names: str) -> str | None:
        return next((str(cells[name]) for name in names if cells.get(name)), None)

    return party_of_plover(
        first("code", "country_code"), first("sector", "sector_code"), first("identifier_text", "entity_name"),
        first("entity_text", "raw_text", "actor_text"), first("office"),
    )  # fmt: skip


def _events(reads: list[Read]) -> dict[str, pa.Array]:
    """The columns of events, but for n and id."""
    import pyarrow as pa

    from comity.codebook import codebook
    from comity.records import Event, arrow_schema

    book = codebook()
    rows = []
    for read in reads:
        record, own = (
            understood(read),
            {k.removeprefix(PREFIX): v for k, v in read.extra.items() if k.startswith(PREFIX)},
        )
        assert record.event is not None and record.date is not None
        type = record.event[0]
        source, target = _parties(read, "actor"), _parties(read, "recipient")
        codes = own.get("countries")
        if own.get("mutual") and isinstance(own.get("sources"), int):
            source, target = source[: own["sources"]], [*source[own["sources"] :], *target]
        if isinstance(codes, list) and [len(c) for c in codes] == [len(source), len(target)]:
            source, target = (
                [msgspec.structs.replace(p, country=c) for p, c in zip(side, listed)]
                for side, listed in zip((source, target), codes)
            )
        size = own.get("size") or msgspec.to_builtins(record.size)
        rows.append({
            "scale": "plover", "published": None, "outlet": record.cite_info.publication if record.cite_info else None,
            "type": type, "mode": record.mode[0] if record.mode else None, "contexts": list(record.context or ()),
            "cameo": own.get("cameo"), "quad": book.quad(type), "intensity": record.event_scale,
            "source": [msgspec.to_builtins(party) for party in source],
            "target": [msgspec.to_builtins(party) for party in target],
            "mutual": bool(own.get("mutual")), "date": own.get("date") or record.date,
            "date_precision": own.get("date_precision") or "day",
            "date_end": own.get("date_end") or (record.enddate if "date" not in own else None),
            "place": _place(record.event_loc), "status": own.get("status") or "actual",
            "background": bool(own.get("background")), "account_party": own.get("account_party"),
            "contact": own.get("contact"), "size": {k: v if isinstance(v, list) else [v] if isinstance(v, int) else v
                                                    for k, v in size.items()} if size else None,
            "reason": {"by": "import", "id": "plover"}, "confidence": own.get("confidence"),
        })  # fmt: skip
    schema = arrow_schema(Event)
    extra = {"scale": pa.string(), "published": pa.date32(), "outlet": pa.string()}
    columns = {
        name: pa.array([row[name] for row in rows], extra.get(name) or schema.field(name).type) for name in rows[0]
    } if rows else {}  # fmt: skip
    if rows:
        columns["scope"] = scope(columns["source"], columns["target"])
    return columns


def _place(location: Location | None) -> dict[str, Any] | None:
    from comity.exchange.tabular import place

    if location is None:
        return None
    levels = {number: level for level, number in RESOLUTIONS.items()} | {3: "city"}
    level = levels.get(location.resolution or 0)
    level = level or ("city" if location.city else "region" if location.province else None)
    text = location.extracted_place or location.resolved_place or location.city or location.province
    country = country_of("plover", location.country_code)
    return place(text or location.country, location.lat, location.lon, country, level, location.geonameid)


def _facts(events: dict[str, pa.Array]) -> dict[str, pa.Array]:
    import pyarrow as pa

    def named(side: str, field: str) -> pa.Array:
        rows = events[side].to_pylist()
        if field == "state":
            values = [[state_of(party["country"]) for party in row] for row in rows]
        else:
            values = [[party["name"] or party["country"] for party in row] for row in rows]
        return pa.array(["; ".join(filter(None, row)) or None for row in values], pa.string())

    days = [period[0] if (period := _period(date)) else None for date in events["date"].to_pylist()]
    return {
        "day": pa.array(days, pa.date32()), "source": named("source", "name"), "target": named("target", "name"),
        "source_country": named("source", "state"), "target_country": named("target", "state"),
        "code": events["type"], "document": pa.nulls(len(days), pa.string()),
        "added": pa.nulls(len(days), pa.date32()),
    }  # fmt: skip


def _tables(reads: list[Read], lines: list[int], ids: list[str], events: dict[str, pa.Array]) -> dict[str, pa.Table]:
    import pyarrow as pa

    n = list(range(len(reads)))
    typed = [msgspec.to_builtins(read.record) for read in reads]
    side: dict[str, Any] = {"n": pa.array(n, pa.int32()), "line": pa.array(lines, pa.int32())}
    for name, type in arrow_types().items():
        side[name] = pa.array([row.get(name) for row in typed], type)
    side["keys"] = pa.array([list(read.keys) for read in reads], pa.list_(pa.string()))
    side["extra"] = pa.array([_encode(read.extra).decode() if read.extra else None for read in reads], pa.string())
    return {
        "events": pa.table({"n": pa.array(n, pa.int64()), "id": pa.array(ids, pa.string()), **events}),
        "import_plover": pa.table(side),
    }


@cache
def arrow_types() -> dict[str, pa.DataType]:
    """The types of the standard's fields in the side table."""
    from comity.records import arrow_schema

    return {field.name: field.type for field in arrow_schema(Record)}


def read_back(row: dict[str, Any]) -> Read:
    """A row of the side table as the line that it came from."""
    fields = {name: _without_nulls(row[name]) for name in _types()}
    extra = msgspec.json.decode(row["extra"]) if row["extra"] else {}
    return Read(msgspec.convert({k: v for k, v in fields.items() if v is not None}, Record), tuple(row["keys"]), extra)


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nulls(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [_without_nulls(inner) for inner in value]
    return value
