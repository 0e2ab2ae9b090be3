"""Which records are exported, and why the others are not.

The formats of the field hold what is said to have happened: by default a record leaves when it is asserted (see
`comity.ledger.ASSERTED`), actual and no mere background.
"""

# ruff: noqa: S608 (identifiers come from this package's own tables; values are always parameters)
from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from comity.exchange.tabular import Chosen, Told
from comity.ledger.filters import ASSERTED, Parameters, condition, read_filters
from comity.records import Event, arrow_schema

if TYPE_CHECKING:
    import pyarrow as pa

    from comity.ledger import Ledger

BATCH = 2000
"""Records in hand at once."""

WINDOW = 20_000
"""Records that are asked for at once; a day is never cut."""

NOT_YET = {
    "intended": "is planned, not done",
    "requested": "is asked for, not done",
    "hypothetical": "is only thought of",
    "negated": "did not happen",
    "denied": "is denied",
}
"""What is said of a record that is not actual."""


class Selection(msgspec.Struct, frozen=True):
    """Events to choose from: an SQL condition over ``store.current_events`` with its parameters."""

    where: str
    parameters: dict[str, Any]
    rule: str
    """Name of the rule of what counts as asserted."""
    all: bool
    """Leave nothing out for its status."""

    @property
    def sound(self) -> str:
        """The SQL condition of what may leave."""
        return "TRUE" if self.all else f"status = 'actual' AND NOT background AND {ASSERTED[self.rule].sql}"


def selection(ledger: Ledger, filters: dict[str, Any], *, asserted: str = "default", all: bool = False) -> Selection:
    """The events that pass the filters of `Ledger.events`. Raises `BadFilter`, as that does."""
    from comity.ledger.errors import BadFilter

    if asserted not in ASSERTED:
        raise BadFilter(f"asserted: there is no rule {asserted!r}; there are: {', '.join(ASSERTED)}")
    ledger.count("events", **filters)  # says what is wrong with a filter
    parameters = Parameters()
    others = {name: value for name, value in filters.items() if name != "text"}
    where = condition("events", read_filters("events", others), parameters)
    if filters.get("text") is not None:
        found = ledger.events(columns=["id"], **filters)["id"].to_pylist()
        where += f" AND id IN (SELECT unnest({parameters.add(found)}))"
    return Selection(where, parameters.values, asserted, all)


def keys_of_origin(ledger: Ledger, chosen: Selection, origin: str) -> pa.Table:
    """The keys (rev, n, id) of the events that came from a format, may leave, and stand as they came."""
    query = (
        f"SELECT rev, n, id FROM store.current_events WHERE {chosen.where} AND origin = $origin AND NOT corrected "
        f"AND {chosen.sound} ORDER BY rev, n"
    )
    return ledger.query(query, {**chosen.parameters, "origin": origin})


def records(
    ledger: Ledger, chosen: Selection, *, without: str | None = None, texts: bool = True, cast: bool = False
) -> Iterator[tuple[Chosen, str | None]]:
    """The selected records by day and id, each with the reason why it may not leave, or None.

    `without`: leave out those that `keys_of_origin` gives for this origin. `texts`: with the texts of their reports;
    `cast`: with the names in them.
    """
    rest = "TRUE" if without is None else f"NOT (origin = '{without}' AND NOT corrected AND {chosen.sound})"
    for first, last in _windows(ledger, chosen, rest):
        days = "day_first IS NULL" if first is None else f"day_first BETWEEN DATE '{first}' AND DATE '{last}'"
        fields = ", ".join(f'"{field.name}"' for field in arrow_schema(Event))
        query = (
            f"SELECT rev, n, origin, scale, corrected, {ASSERTED[chosen.rule].sql} AS asserted, {fields} "
            f"FROM store.current_events WHERE {chosen.where} AND {rest} AND {days} ORDER BY day_first, id, rev, n"
        )
        for batch in ledger.query(query, chosen.parameters).to_batches(max_chunksize=BATCH):
            rows = batch.to_pylist()
            told = reports(ledger, sorted({row["rev"] for row in rows if row["origin"] == "comity"}), texts, cast)
            for row in rows:
                made = _chosen(row, told)
                yield made, None if chosen.all else why_not(made.event, row["asserted"], chosen.rule)


def why_not(event: Event, asserted: bool, rule: str) -> str | None:
    """Why an event may not leave for a format that holds only what is said to have happened."""
    if event.status in NOT_YET:
        return NOT_YET[event.status]
    if event.background:
        return "is background, no particular happening"
    if not asserted:
        whose = {"target": "its target's", "third": "a third party's", "source": "its source's"}
        return f"rests on {whose.get(event.account_party or '', 'an independent')} word, which the rule {rule!r} does not count"
    return None


def _windows(ledger: Ledger, chosen: Selection, rest: str) -> Iterator[tuple[Any, Any]]:
    """First and last day of stretches with about `WINDOW` records, the undated ones last."""
    query = (
        f"SELECT day_first AS day, count(*) AS number FROM store.current_events WHERE {chosen.where} AND {rest} "
        "GROUP BY day_first ORDER BY day_first NULLS LAST"
    )
    counted = ledger.query(query, chosen.parameters)
    first = last = None
    number = 0
    for day, here in zip(counted["day"].to_pylist(), counted["number"].to_pylist()):
        if day is None or number >= WINDOW:
            if first is not None:
                yield first, last
            first, number = day, 0
        if day is None:
            yield None, None
            return
        first, last, number = first or day, day, number + here
    if first is not None:
        yield first, last


_BLANK: dict[str, Any] = {
    "type": "", "quad": "", "sentence": [0, 0], "trigger": [0, 0], "contexts": [], "confidence": 1.0, "status": "actual",
    "reason": {"by": "import", "id": ""},
}  # fmt: skip


def _chosen(row: dict[str, Any], told: dict[int, Told]) -> Chosen:
    event = {name: row[name] for name in Event.__struct_fields__}
    event |= {name: value for name, value in _BLANK.items() if event[name] is None}
    if event["size"]:
        event["size"] = {
            name: value[0] if isinstance(value, list) and len(value) == 1 else value
            for name, value in event["size"].items()
            if value is not None
        }
    return Chosen(
        event=msgspec.convert(event, Event), origin=row["origin"], scale=row["scale"], rev=row["rev"], n=row["n"],
        corrected=row["corrected"], report=told.get(row["rev"]),
    )  # fmt: skip


_TOLD = "id, url, title, outlet, outlet_country, published, language, text_hash, revision, codebook, coder"


def reports(ledger: Ledger, revs: list[int], texts: bool, cast: bool) -> dict[int, Told]:
    """The reports of these additions."""
    if not revs:
        return {}
    text = "nullif(text, '') AS text" if texts else "NULL AS text"
    rows = ledger.query(
        f"SELECT rev, {_TOLD}, {text} FROM store.reports WHERE rev IN (SELECT unnest($revs))", {"revs": revs}
    )
    made = {row.pop("rev"): row for row in rows.to_pylist()}
    if cast:
        for rev, extra in _cast(ledger, revs).items():
            made[rev] |= extra
    return {rev: msgspec.convert(row, Told) for rev, row in made.items()}


CAST = {"person": "people"} | dict.fromkeys(("organ", "igo", "ngo", "group", "party", "medium"), "organisations")
"""Kind of actor to the list of names that it stands in."""


def _cast(ledger: Ledger, revs: list[int]) -> dict[int, dict[str, list[str]]]:
    actors = ledger.query(
        "SELECT rev, kind, name FROM store.actors WHERE rev IN (SELECT unnest($revs)) ORDER BY rev, n", {"revs": revs}
    ).to_pylist()
    places = ledger.query(
        "SELECT rev, text FROM store.places WHERE rev IN (SELECT unnest($revs)) ORDER BY rev, n", {"revs": revs}
    ).to_pylist()
    made: dict[int, dict[str, dict[str, None]]] = {
        rev: {"people": {}, "organisations": {}, "places": {}} for rev in revs
    }
    for row in actors:
        if row["kind"] in CAST and row["name"][:1].isupper():  # no "hackers"
            made[row["rev"]][CAST[row["kind"]]][row["name"]] = None
    for row in places:
        if row["text"] and not row["text"].isupper():  # no dateline
            made[row["rev"]]["places"][row["text"]] = None
    return {rev: {name: list(found) for name, found in parts.items()} for rev, parts in made.items()}
