"""What the formats of rows have in common: their description, and the way from their columns to the ledger's events."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from comity.exchange.columns import Column, arrow_type, by_distinct, columns
from comity.records import Event, Party

if TYPE_CHECKING:
    import pyarrow as pa


NO_DAY = "its date is not known to the day"


class Rows(msgspec.Struct, frozen=True):
    """Typed columns of a stretch of a file, by their names in the side table."""

    format: str
    values: dict[str, pa.Array]
    number: int

    def __getitem__(self, column: str) -> pa.Array:
        """The column; nulls for one that the file lacks."""
        import pyarrow as pa

        found = self.values.get(column)
        if found is not None:
            return found
        kind = next(c.kind for c in columns(self.format) if c.column == column)
        return pa.nulls(self.number, arrow_type(kind))

    def has(self, column: str) -> bool:
        """Whether the file has the column."""
        return column in self.values


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """The report that a chosen record stands in."""

    id: str
    url: str | None = None
    title: str | None = None
    outlet: str | None = None
    outlet_country: str | None = None
    published: str | None = None
    language: str | None = None
    text: str | None = None
    """None where the ledger holds no text."""
    text_hash: str | None = None
    revision: int = 1
    codebook: str | None = None
    coder: str | None = None
    people: tuple[str, ...] = ()
    """Names of the cast, in order; only where the format asks for them."""
    organisations: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """An event that is to be written in some format."""

    event: Event
    origin: str
    """comity, or the format it was imported from."""
    scale: str | None
    rev: int
    n: int
    corrected: bool
    report: Told | None
    """None for imported events."""

    @property
    def day(self) -> datetime.date | None:
        """The event's day, where it is known to the day (or is the day of publication)."""
        date = self.event.date
        if date is None or self.event.date_precision not in ("day", "published", None):
            return None
        try:
            return datetime.date.fromisoformat(date[:10])
        except ValueError:
            return None

    @property
    def has_words(self) -> bool:
        """Whether the sentence can be cut from a text."""
        return self.report is not None and self.report.text is not None and self.event.sentence[1] > 0


class Line(msgspec.Struct, frozen=True):
    """One row to be written: typed values by column, its id in the format, and what was lost on the way."""

    id: str
    values: dict[str, Any]
    reduced: tuple[str, ...] = ()


class Refused(msgspec.Struct, frozen=True):
    """Why a record does not fit a format."""

    reason: str


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """How files of a format are read."""

    required: tuple[str, ...]
    """Columns without which a file is not of this format."""
    key: tuple[str, ...]
    """Columns that identify a row; they have to be readable."""
    range: str
    """The column of the key by whose range known rows are looked up."""
    plain: tuple[str, ...]
    """Columns whose cells hardly repeat."""
    faults: Callable[[Rows], pa.Array]
    """For each row a reason why it cannot be imported, or null."""
    events: Callable[[Rows], dict[str, pa.Array]]
    """The columns of events (see `comity.ledger.imports.imported_schema`) of the rows, but for n and id."""
    facts: Callable[[Rows], dict[str, pa.Array]]
    """What `comity.exchange.facts` counts, by its `COLUMNS`."""


class Format(msgspec.Struct, frozen=True, kw_only=True):
    """A format of rows."""

    name: str
    title: str
    header: bool
    """Files have a header line."""
    missing: tuple[str, ...]
    """What may stand for a missing value; the first is written."""
    encoding: str = "utf-8"
    """That new files are written in."""
    reading: Reading | None
    """None for a format that is only written."""
    write: Callable[[Chosen], list[Line] | Refused]
    """The rows of a record."""
    cast: bool = False
    """`write` asks for the people, organisations and places of the report."""
    follows: dict[str, tuple[str, ...]] = {}
    """The columns of an imported row that a correction of a field changes; the others stay as they came."""

    @property
    def columns(self) -> tuple[Column, ...]:
        """All its columns."""
        return columns(self.name)

    @property
    def written(self) -> tuple[Column, ...]:
        """The columns of a new file."""
        return tuple(c for c in self.columns if "extra" not in c.only)

    @property
    def table(self) -> str:
        """The side table in the ledger."""
        return f"import_{self.name}"


# --- towards the ledger ----------------------------------------------------------------------------------------------


def party_type() -> pa.DataType:
    """The Arrow type of a `Party`."""
    from comity.records import arrow_schema

    return arrow_schema(Event).field("source").type.value_type


def parties(cells: Sequence[pa.Array], understand: Callable[..., Iterable[Party | None]]) -> pa.Array:
    """A column of parties: what `understand` makes of each distinct row of the cells."""
    import pyarrow as pa

    def listed(*row: Any) -> list[dict[str, Any]]:
        return [msgspec.to_builtins(party) for party in understand(*row) if party is not None]

    return by_distinct(cells, listed, pa.list_(party_type()))


def cameo_columns(codes: pa.Array) -> dict[str, pa.Array]:
    """Type, mode, contexts and quad class that CAMEO codes have in PLOVER; null where PLOVER has no place for a code."""
    import pyarrow as pa

    from comity.codebook import codebook

    book = codebook()

    def placed(code: str | None) -> dict[str, Any]:
        found = book.from_cameo(code) if code else None
        if found is None or found.type is None:
            return {"type": None, "mode": None, "contexts": [], "quad": None}
        quad = book.quad(found.type)
        return {"type": found.type, "mode": found.mode, "contexts": list(found.contexts), "quad": quad}

    fields = {"type": pa.string(), "mode": pa.string(), "contexts": pa.list_(pa.string()), "quad": pa.string()}
    made = by_distinct([codes], placed, pa.struct(list(fields.items())))
    return dict(zip(fields, made.flatten()))


def known_code(code: str | None) -> bool:
    """Whether the codebook can place a CAMEO code (a finer one than it has counts as its parent)."""
    from comity.codebook import UnknownCode, codebook

    try:
        codebook().from_cameo(code or "")
    except UnknownCode:
        return False
    return True


def code_fault(code: str | None) -> str | None:
    """What is wrong with a row's event code; None for one of CAMEO's."""
    return None if code and known_code(code) else f"has the event code {code or ''!r}, which is none of CAMEO's"


def code_faults(rows: Rows) -> pa.Array:
    """The faults of the column `event_code`, one a row."""
    import pyarrow as pa

    return by_distinct([rows["event_code"]], code_fault, pa.string())


def scope(source: pa.Array, target: pa.Array) -> pa.Array:
    """international | domestic | null, from two columns of parties."""
    import pyarrow as pa

    return by_distinct([_belongings(source), _belongings(target)], _scope, pa.string())


def _belongings(column: pa.Array) -> pa.Array:
    """For each row the states of its parties, joined; IGO for organisations of states."""
    import pyarrow as pa
    import pyarrow.compute as pc

    from comity.exchange.codes import state_of

    def belongs(country: str | None) -> str | None:
        return "IGO" if country and country.startswith("IGO:") else state_of(country)

    flat = by_distinct([pc.struct_field(column.flatten(), "country")], belongs, pa.string())
    lists = pa.ListArray.from_arrays(column.offsets, flat)
    return pc.binary_join(pc.if_else(pc.equal(pc.list_value_length(lists), 0), None, lists), " ")


def _scope(source: str | None, target: str | None) -> str | None:
    if not source or not target:
        return None
    one, other = set(source.split()), set(target.split())
    return "domestic" if one == other and "IGO" not in one else "international"


def constant(value: Any, number: int, type: pa.DataType) -> pa.Array:
    """A column that holds one value."""
    import pyarrow as pa

    return pa.repeat(pa.scalar(value, type), number)


def common(rows: Rows, *, scale: str, confidence: pa.Array | None = None) -> dict[str, pa.Array]:
    """The columns that are the same for all rows of a format."""
    import pyarrow as pa

    number = rows.number
    reason = pa.struct([("by", pa.string()), ("id", pa.string())])
    return {
        "scale": constant(scale, number, pa.string()),
        "mutual": constant(False, number, pa.bool_()),
        "background": constant(False, number, pa.bool_()),
        "status": constant("actual", number, pa.string()),
        "date_precision": constant("day", number, pa.string()),
        "demo": constant(False, number, pa.bool_()),
        "reason": constant({"by": "import", "id": rows.format}, number, reason),
    }


def place_type() -> pa.DataType:
    """The Arrow type of a `Place`."""
    from comity.records import arrow_schema

    return arrow_schema(Event).field("place").type


def place(text: str | None, lat: float | None, lon: float | None, country: str | None, level: str | None,
          geonameid: int | None = None) -> dict[str, Any] | None:  # fmt: skip
    """A place of an imported event; it stands in no text, so its span is (0, 0)."""
    if text is None and country is None and lat is None:
        return None
    return {
        "start": 0, "end": 0, "text": text or "", "geonameid": geonameid, "lat": lat, "lon": lon,
        "country": country, "level": level,
    }  # fmt: skip


# --- from the ledger -------------------------------------------------------------------------------------------------


def cameo_of(event: Event) -> tuple[str, list[str]] | Refused:
    """The CAMEO code of an event, with what is lost; of one that has none, the code that its type and mode lead to."""
    from comity.codebook import UnknownCode, codebook

    book = codebook()
    if event.cameo:
        placed = book.from_cameo(event.cameo)
        if placed.type is None or placed.type == event.type or not event.type:
            return event.cameo, []
    try:  # it has no code, or one that a correction has overtaken
        choice = book.cameo(event.type, event.mode, event.contexts)
    except UnknownCode as error:
        return Refused(f"has no CAMEO code ({error})")
    if choice is None:
        return Refused(f"has no CAMEO code ({event.type or 'no type'})")
    return choice.code, [choice.reduced] if choice.reduced else []


def number_of(*parts: object) -> int:
    """A whole number made from a record's id, for formats whose ids are numbers.

    It is between 2**52 and 2**53: beyond every id that GDELT and ICEWS have given, and exact in readers that keep
    numbers as doubles (R, JavaScript).
    """
    from comity.records import content_hash

    return (1 << 52) + int(content_hash(*parts)[:13], 16)


def dyads(event: Event) -> list[tuple[Party | None, Party | None]]:
    """The pairs of source and target that a record stands for: each with each; a mutual event both ways.

    Where several stand on a side, pairs within one state ("the two presidents and their ministers met") are left out as
    long as others remain. Of several actors on one side without an opposite, each goes with each.
    """
    sources: list[Party | None] = list(event.source)
    targets: list[Party | None] = list(event.target)
    if event.mutual and not targets and len(sources) > 1:
        pairs = [(one, other) for one in sources for other in sources if one is not other]
        return _between_states(pairs) or pairs
    pairs = [(one, other) for one in sources or [None] for other in targets or [None]]
    if len(pairs) > 1:
        pairs = _between_states(pairs) or pairs
    if event.mutual:
        pairs += [(other, one) for one, other in pairs if other is not None]
    return pairs


def _between_states(pairs: list[tuple[Party | None, Party | None]]) -> list[tuple[Party | None, Party | None]]:
    """The pairs of two countries, and those in which one has none."""
    return [
        (one, other) for one, other in pairs
        if one is None or other is None or one.country is None or one.country != other.country
    ]  # fmt: skip
