"""The record types: what Comity keeps of a report, with its JSON and its Arrow form.

Everything here is an immutable struct with documented fields and no behaviour beyond conversion.
Offsets are ``[start, end)`` in Unicode code points into ``Report.text``. Unknown is ``None``, never a guess.
The form is described for users in ``docs/record.md``; a test holds the two together.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    import pyarrow as pa

Span = tuple[int, int]


class _Record(msgspec.Struct, frozen=True, kw_only=True):
    """Base of all record types. Each says `frozen` and `kw_only` itself: the latter is not handed on to subclasses, the
    former not to the type checker."""


class DeclaredActor(_Record, frozen=True, kw_only=True):
    """A span of the input that the user declares to be an actor."""

    start: int
    end: int
    name: str
    country: str | None = None


class Report(_Record, frozen=True, kw_only=True):
    """One published text, exactly as it was read."""

    id: str
    """The row's own id where it has one, else a hash of url, published and text (see `report_id`)."""
    text: str
    title: str | None = None
    outlet: str | None = None
    outlet_country: str | None = None
    """ISO 3166 alpha-3."""
    outlet_ownership: str | None = None
    """state | private | public | None."""
    url: str | None = None
    published: str | None = None
    """ISO 8601 date or date-time as the report gives it; None when it gives none."""
    language: str | None = None
    """ISO 639-1."""
    demo: bool = False
    """True for the reports bundled with Comity, which were written for demonstration."""
    original_language: str | None = None
    translated_by: str | None = None
    declared: tuple[DeclaredActor, ...] = ()
    """Actor spans declared in the input row (its key ``actors``)."""
    source: str | None = None
    """Where it was read: a path, with a line or record number where there is one."""


class Actor(_Record, frozen=True, kw_only=True):
    """Somebody or something that can act: one entry of a report's cast."""

    id: str
    name: str
    kind: str
    """person | state | organ | igo | ngo | firm | group | party | medium | population | states | other. `states`: several
    states of which the text does not tell which (the West, its allies); they have no country."""
    wikidata: str | None = None


class Mention(_Record, frozen=True, kw_only=True):
    """A stretch of text that names or refers to an actor."""

    start: int
    end: int
    text: str
    actor: str | None = None
    """`Actor.id`; None when the name is not resolved."""
    country: str | None = None
    """ISO alpha-3, ``IGO:NAME`` or ``GROUP:name@ISO3`` (``@null`` where no state is known)."""
    sector: str | None = None
    """PLOVER sector (GOV, MIL, COP, …)."""
    office: str | None = None
    office_status: str | None = None
    """current | last known | former | future | None, on the report's day."""
    anonymous: bool = False


class TimeExpression(_Record, frozen=True, kw_only=True):
    """A TIMEX3 expression (ISO-TimeML: Pustejovsky et al. 2010)."""

    start: int
    end: int
    text: str
    type: str
    """DATE | TIME | DURATION | SET."""
    value: str | None = None
    """TIMEX3 value; None when it cannot be resolved (a relative date in an undated report)."""


class Place(_Record, frozen=True, kw_only=True):
    """A place named in the text, linked to the gazetteer as finely as the text supports."""

    start: int
    end: int
    text: str
    geonameid: int | None = None
    lat: float | None = None
    lon: float | None = None
    country: str | None = None
    level: str | None = None
    """country | region | city | site | feature."""


class Party(_Record, frozen=True, kw_only=True):
    """A source, target, speaker or addressee. `start` and `end` are None when it does not stand in the text."""

    start: int | None = None
    end: int | None = None
    text: str | None = None
    actor: str | None = None
    name: str | None = None
    country: str | None = None
    sector: str | None = None
    office: str | None = None
    office_status: str | None = None


class Speaker(Party, frozen=True, kw_only=True):
    """A speaker: a party that may be unnamed."""

    anonymous: bool = False
    anonymous_type: str | None = None
    """official | diplomat | military | expert | resident | witness | familiar | medium | unspecified."""


class Statement(_Record, frozen=True, kw_only=True):
    """An attributed content: who said, wrote or thought what."""

    id: str
    kind: str
    """verbatim | indirect | mixed."""
    content: tuple[Span, ...]
    cue: Span | None = None
    speakers: tuple[Speaker, ...] = ()
    addressee: Party | None = None
    venue: str | None = None
    channel: str | None = None
    """briefing | speech | interview | phone | meeting | message | document | broadcast | social | court."""
    date: str | None = None
    date_precision: str | None = None
    date_span: Span | None = None
    polarity: str = "positive"
    """positive | negative ("did not say", "declined to comment")."""
    modality: str = "actual"
    """actual | intended ("is expected to say")."""
    continued: bool = False
    """True for a free continuation that has no cue of its own."""
    via: tuple[str, ...] = ()
    """Relays only: agency, paper, broadcaster, a spokesperson for a principal."""
    within: str | None = None
    """Id of the statement inside which this one is reported."""
    confidence: float | None = None


class Contact(_Record, frozen=True, kw_only=True):
    """A direct exchange between named offices, on an event of any type."""

    channel: str
    """in-person | phone | video | letter | message | summit | visit."""
    setting: str | None = None
    """bilateral | multilateral | third-party."""
    source_level: str | None = None
    """top leader | head of government | deputy head | minister | deputy minister | spokesperson | envoy |
    ambassador | parliament | party | military | agency | other."""
    target_level: str | None = None


class Money(_Record, frozen=True, kw_only=True):
    """An amount of money in the units of its currency (not in thousands or millions)."""

    amount: float
    currency: str | None = None
    """ISO 4217."""


Count = int | tuple[int, int]
"""A number of people, or the lowest and the highest number that the text gives."""


class Size(_Record, frozen=True, kw_only=True, omit_defaults=True):
    """Casualties and amounts, where the text gives them."""

    dead: Count | None = None
    injured: Count | None = None
    arrested: Count | None = None
    displaced: Count | None = None
    troops: Count | None = None
    money: Money | None = None


class Reason(_Record, frozen=True, kw_only=True):
    """Why a record stands: the rule or the model that coded it."""

    by: str
    """rule | model; reviewer, where a person added the record (`id` is then whose correction it is)."""
    id: str


class Event(_Record, frozen=True, kw_only=True):
    """What one actor did or said towards another."""

    id: str
    type: str
    mode: str | None = None
    contexts: tuple[str, ...] = ()
    cameo: str | None = None
    quad: str
    intensity: float | None = None
    source: tuple[Party, ...]
    target: tuple[Party, ...]
    mutual: bool = False
    scope: str | None = None
    """international | domestic | None."""
    date: str | None = None
    date_precision: str | None = None
    """day | week | month | quarter | year | decade | published."""
    date_end: str | None = None
    date_span: Span | None = None
    place: Place | None = None
    status: str = "actual"
    """actual | intended | requested | hypothetical | negated | denied."""
    background: bool = False
    """True when a standing condition or a known matter is named and no particular happening is reported."""
    account: str | None = None
    """Id of the statement on which it rests; None when the report itself asserts it."""
    account_party: str | None = None
    """source | target | third | independent."""
    contact: Contact | None = None
    size: Size | None = None
    sentence: Span
    trigger: Span
    reason: Reason
    confidence: float


class Coding(_Record, frozen=True, kw_only=True):
    """The whole record of one report."""

    report: Report
    actors: tuple[Actor, ...] = ()
    mentions: tuple[Mention, ...] = ()
    dates: tuple[TimeExpression, ...] = ()
    places: tuple[Place, ...] = ()
    statements: tuple[Statement, ...] = ()
    events: tuple[Event, ...] = ()
    warnings: tuple[str, ...] = ()
    """What was cut short or could not be done for this report (for instance a cap that was reached)."""
    codebook: str
    """The codebook's own name of its version."""
    coder: str
    """The program, and digests of all data that coding depends on: the same and the same report give the same record."""


class LeftOut(_Record, frozen=True, kw_only=True):
    """An input that was not coded: what, where, why, and what to do about it."""

    source: str
    reason: str
    cure: str

    def line(self) -> str:
        """The one line that is printed for it."""
        return " ".join(f"{self.source}: {self.reason}; {self.cure}".splitlines())


# --- ids -----------------------------------------------------------------------------------------------------------


def content_hash(*parts: object, length: int = 16) -> str:
    """A stable id: the first `length` hex digits of BLAKE2b over the parts, joined by U+001F."""
    joined = "\x1f".join("" if part is None else str(part) for part in parts)
    return hashlib.blake2b(joined.encode("utf-8", "surrogatepass"), digest_size=length // 2).hexdigest()


def report_id(url: str | None, published: str | None, text: str) -> str:
    """The id of a report that brings none: a hash of url, published and text."""
    return content_hash(url, published, text)


# --- JSON ----------------------------------------------------------------------------------------------------------

_encoder = msgspec.json.Encoder()


def to_json(record: msgspec.Struct | Iterable[msgspec.Struct]) -> bytes:
    """Any record (or a list of records) as compact JSON in UTF-8."""
    return _encoder.encode(record)


def coding_from_json(line: bytes | str) -> Coding:
    """The inverse of `to_json` for a `Coding`. Raises `msgspec.ValidationError` when the form is not right."""
    return msgspec.json.decode(line, type=Coding)


# --- Arrow ---------------------------------------------------------------------------------------------------------


def _arrow_type(node: Any) -> pa.DataType:
    import msgspec.inspect as mi
    import pyarrow as pa

    if isinstance(node, mi.UnionType):
        kinds = [t for t in node.types if not isinstance(t, mi.NoneType)]
        if len(kinds) == 2 and isinstance(kinds[0], mi.IntType):  # Count: int | (low, high)
            return pa.list_(pa.int64())
        return _arrow_type(kinds[0])
    if isinstance(node, mi.StructType):
        return pa.struct([pa.field(f.name, _arrow_type(f.type)) for f in node.fields])
    if isinstance(node, mi.VarTupleType):
        return pa.list_(_arrow_type(node.item_type))
    if isinstance(node, mi.TupleType):
        return pa.list_(_arrow_type(node.item_types[0]))
    if isinstance(node, mi.IntType):
        return pa.int64()
    if isinstance(node, mi.FloatType):
        return pa.float64()
    if isinstance(node, mi.BoolType):
        return pa.bool_()
    if isinstance(node, mi.StrType):
        return pa.string()
    raise TypeError(f"no Arrow type for {node}")


def arrow_schema(record_type: type[msgspec.Struct] = Coding) -> pa.Schema:
    """The Arrow schema of a record type: nested structs and lists, one row a record.

    A `Count` travels as a list of one or two integers.
    """
    import msgspec.inspect as mi
    import pyarrow as pa

    node = mi.type_info(record_type)
    assert isinstance(node, mi.StructType)
    return pa.schema([pa.field(f.name, _arrow_type(f.type)) for f in node.fields])


def _lists_for_counts(row: dict[str, Any]) -> dict[str, Any]:
    for event in row["events"]:
        size = event["size"]
        if size:
            for key, value in size.items():
                if isinstance(value, int):
                    size[key] = [value]
    return row


def to_batch(codings: Iterable[Coding]) -> pa.RecordBatch:
    """Codings as one Arrow batch, one nested row a report."""
    import pyarrow as pa

    rows = [_lists_for_counts(msgspec.to_builtins(coding)) for coding in codings]
    return pa.RecordBatch.from_pylist(rows, schema=arrow_schema(Coding))


def _counts_from_lists(row: dict[str, Any]) -> dict[str, Any]:
    for event in row["events"]:
        if event["size"]:
            event["size"] = {
                key: value[0] if isinstance(value, list) and len(value) == 1 else value
                for key, value in event["size"].items()
                if value is not None
            }
    return row


def from_batch(batch: pa.RecordBatch | pa.Table) -> list[Coding]:
    """The inverse of `to_batch`."""
    return from_rows(batch.to_pylist())


def from_rows(rows: Iterable[dict[str, Any]]) -> list[Coding]:
    """Codings from their rows as Arrow gives them as plain data."""
    return [msgspec.convert(_counts_from_lists(row), Coding) for row in rows]


def events_from_rows(rows: Iterable[dict[str, Any]]) -> list[Event]:
    """Events from their rows as Arrow gives them as plain data."""
    return [msgspec.convert(row, Event) for row in _counts_from_lists({"events": list(rows)})["events"]]


TABLES: dict[str, type[msgspec.Struct]] = {
    "reports": Report,
    "actors": Actor,
    "mentions": Mention,
    "dates": TimeExpression,
    "places": Place,
    "statements": Statement,
    "events": Event,
}
"""The ledger's tables of coded records and the type of their rows."""


def table_schema(table: str) -> pa.Schema:
    """The Arrow schema of one of the `TABLES`: the record's fields, with ``report_id`` and ``n`` before them.

    ``n`` is the record's place in its report, from 0. `Report` rows carry ``codebook``, ``coder`` and ``warnings``.
    """
    import pyarrow as pa

    schema = arrow_schema(TABLES[table])
    if table == "reports":
        extra = [pa.field("codebook", pa.string()), pa.field("coder", pa.string())]
        return pa.schema([*schema, *extra, pa.field("warnings", pa.list_(pa.string()))])
    return pa.schema([pa.field("report_id", pa.string()), pa.field("n", pa.int64()), *schema])


def to_tables(codings: Iterable[Coding]) -> dict[str, pa.Table]:
    """Codings exploded into the ledger's tables: one Arrow table for each name of `TABLES`."""
    import pyarrow as pa

    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
    for coding in codings:
        row = _lists_for_counts(msgspec.to_builtins(coding))
        extra = {"codebook": row["codebook"], "coder": row["coder"], "warnings": row["warnings"]}
        rows["reports"].append(row["report"] | extra)
        for name in TABLES:
            if name != "reports":
                rows[name].extend({"report_id": coding.report.id, "n": n} | r for n, r in enumerate(row[name]))
    return {name: pa.Table.from_pylist(rows[name], schema=table_schema(name)) for name in TABLES}
