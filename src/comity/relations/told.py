"""The events that a choice lets in, as the figures of this room need them."""

# ruff: noqa: S608 (what is put into SQL are this package's own conditions; values are always parameters)
from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import msgspec

from comity.ledger.errors import BadQuery
from comity.ledger.filters import ASSERTED, Parameters, period
from comity.relations.choice import Choice
from comity.relations.errors import BadChoice

if TYPE_CHECKING:
    import pyarrow as pa

    from comity.ledger import Ledger

QUADS = ("verbal cooperation", "material cooperation", "verbal conflict", "material conflict")

NO_QUAD = "no quad class"

UNKNOWN = "(unknown outlet)"
"""Stands for the outlet of reports that name none."""

PAIRS = """
SELECT lo, hi, way, sum(weight) AS events, coalesce(sum(weight) FILTER (sign = 1), 0) AS cooperation,
       coalesce(sum(weight) FILTER (sign = -1), 0) AS conflict, coalesce(sum(weight * intensity), 0) AS intensity,
       coalesce(sum(weight) FILTER (intensity IS NOT NULL), 0) AS measured
FROM counted GROUP BY ALL ORDER BY lo, hi, way
"""


@cache
def sql(name: str) -> str:
    """The text of ``sql/NAME.sql``."""
    return files(__package__).joinpath("sql", f"{name}.sql").read_text("utf-8")


# --- what there is ---------------------------------------------------------------------------------------------------


class Origins(msgspec.Struct, frozen=True):
    """Where the events of a ledger come from, with the number of each."""

    events: dict[str, int]
    scales: dict[str, tuple[str, ...]]


def origins(ledger: Ledger) -> Origins:
    """Origins of a ledger's events and the scales of their intensities."""
    query = "SELECT origin, scale, count(*) AS events FROM events_v1 GROUP BY ALL ORDER BY ALL"
    rows = ledger.query(query).to_pylist()
    events: dict[str, int] = {}
    scales: dict[str, tuple[str, ...]] = {}
    for row in rows:
        events[row["origin"]] = events.get(row["origin"], 0) + row["events"]
        if row["scale"] is not None:
            scales[row["origin"]] = (*scales.get(row["origin"], ()), row["scale"])
    return Origins(events, scales)


class Resolved(msgspec.Struct, frozen=True, kw_only=True):
    """A choice as it holds for one ledger."""

    choice: Choice
    """With the origin filled in, and counting by what the ledger can tell."""
    scale: str | None
    """What intensities are measured on: plover | goldstein | icews; None where events have none."""
    notes: tuple[str, ...] = ()


def resolve(ledger: Ledger, choice: Choice) -> Resolved:
    """Fill in what the choice leaves to the ledger. Raises `BadChoice` where it has to be said."""
    found = origins(ledger)
    origin = choice.origin
    if origin is None:
        origin = "comity" if "comity" in found.events else next(iter(found.events), "comity")
        if origin != "comity" and len(found.events) > 1:
            listed = ", ".join(found.events)
            raise BadChoice(f"origin: events were imported from {listed}, and their scales are never mixed; choose one")
    elif origin not in found.events:
        there = ", ".join(found.events) or "none"
        raise BadChoice(f"origin: no events are of {origin!r}; there are: {there}")
    scales = found.scales.get(origin, ())
    if len(scales) > 1:
        raise BadChoice(f"origin: {origin} has events on several scales ({', '.join(scales)}); they are never mixed")
    count, notes = choice.count, []
    if origin != "comity" and count != "mentions":
        count = "mentions"
        notes.append(f"Each event of {origin} counts once.")
    settled = msgspec.structs.replace(choice, origin=origin, count=count)
    return Resolved(choice=settled, scale=scales[0] if scales else None, notes=tuple(notes))


def need_party(code: str) -> str:
    """A party's code; a state's name will do. Raises `BadChoice`."""
    from comity.ledger.filters import FILTERS

    try:
        read: str = FILTERS["events"]["source"].read(code)
    except ValueError as error:
        raise BadChoice(str(error)) from None
    return read


# --- conditions ------------------------------------------------------------------------------------------------------


def choice_sql(choice: Choice, parameters: Parameters, *, status: str | None = "actual") -> list[str]:
    """The choice as SQL conditions on ``events_v1``, without those on parties; `status` None: any."""
    made = ["NOT background", ASSERTED[choice.asserted].sql]
    if status is not None:
        made.append(f"status = {parameters.add(status)}")
    if choice.scope == "international":
        made.append("scope IS DISTINCT FROM 'domestic'")
    if choice.origin is not None:
        made.append(f"origin = {parameters.add(choice.origin)}")
    if choice.since is not None:
        made.append(f"day_first >= {parameters.add(period(choice.since)[0])}")
    if choice.until is not None:
        made.append(f"day_first <= {parameters.add(period(choice.until)[1])}")
    if choice.outlets is not None:
        made.append(f"coalesce(outlet, '{UNKNOWN}') IN ({parameters.add_all(choice.outlets) or 'NULL'})")
    if choice.demo is not None:
        made.append("demo" if choice.demo else "NOT demo")
    if choice.min_confidence and choice.origin == "comity":
        made.append(f"confidence >= {parameters.add(choice.min_confidence)}")
    return made


_CODE = "left(p, length(p) - length(split_part(p, '/', -1)) - 1)"
_SECTOR = "split_part(p, '/', -1)"
"""The two parts of an entry ``CODE/SECTOR`` of `source_parties` and `target_parties`. A sector has no slash in it."""


def parties(column: str, choice: Choice, parameters: Parameters) -> str:
    """SQL for the distinct parties of a side (`source_parties` or `target_parties`), as the choice sees them: codes."""
    code = _CODE
    if choice.fold_groups:
        code = (
            f"CASE WHEN starts_with(p, 'GROUP:') AND NOT ends_with({_CODE}, '@null') "
            f"THEN split_part({_CODE}, '@', -1) ELSE {_CODE} END"
        )
    sectors = parameters.add(["", *choice.sectors])
    organisations = "TRUE" if "IGO" in choice.sectors else "FALSE"
    test = (
        f"starts_with(p, 'GROUP:') OR starts_with(p, 'IGO:') AND {organisations} "
        f"OR NOT starts_with(p, 'IGO:') AND list_contains({sectors}, {_SECTOR})"
    )
    return f"list_distinct([{code} FOR p IN {column} IF {test}])"


def names(column: str, codes: Sequence[str], choice: Choice, parameters: Parameters) -> str:
    """SQL for "this side has one of the parties with these codes", as the choice sees parties."""
    states = [code for code in codes if not code.startswith(("IGO:", "GROUP:"))]
    asked = ("GROUP:", "IGO:") if "IGO" in choice.sectors else ("GROUP:",)
    others = [code for code in codes if code.startswith(asked)]
    # One chain of functions of one column with constants: DuckDB then works out each value of a dictionary once.
    tests = []
    if states:
        listed = parameters.add([f"{code}/{sector}" for code in states for sector in ("", *choice.sectors)])
        tests.append(f"list_contains({listed}, p)")
    if others:
        tests.append(f"list_contains({parameters.add(others)}, {_CODE})")
    if choice.fold_groups:
        tests += [f"starts_with(p, 'GROUP:') AND ends_with({_CODE}, {parameters.add(f'@{code}')})" for code in states]
    return f"len(list_filter({column}, lambda p: {' OR '.join(tests)})) > 0" if tests else "FALSE"


_SIGN = (
    "CASE WHEN type = 'REQUEST' AND coalesce(mode, '') NOT IN ('change', 'yield') THEN 0 "
    "WHEN quad LIKE '%cooperation' THEN 1 WHEN quad LIKE '%conflict' THEN -1 ELSE 0 END::TINYINT"
)
_QUAD_NUMBER = f"list_position([{', '.join(repr(quad) for quad in QUADS)}], quad)::TINYINT - 1"

_ACCOUNTS = "LEFT JOIN (SELECT event_id, occurrence, copy_of FROM occurrence_accounts_v1) o ON o.event_id = e.id"

# A report that tells a happening in two sentences tells it once; copies of a report tell it once together. The surest
# record stands for it.
_ONCE_A_REPORT = (
    "QUALIFY row_number() OVER (PARTITION BY unit, coalesce(copy_of, report_id), {parties} "
    "ORDER BY confidence DESC NULLS LAST, id) = 1"
)


def counted(
    ledger: Ledger,
    choice: Choice,
    select: str,
    *,
    pair: tuple[str, str] | None = None,
    where: Sequence[str] = (),
    status: str | None = "actual",
    parameters: Parameters | None = None,
) -> pa.Table:
    """The answer to a SELECT over ``counted``: one row for each event that a (resolved) choice lets in and each pair of
    parties that it joins. Every figure of this room is made from this one table.

    Columns: `id`, `unit` (what counts once), `lo`, `hi` (two codes in order), `way` (0 from lo to hi, 1 from hi to lo,
    2 both), `sign` (1 cooperation, -1 conflict, 0 a request that asks for no change and no yielding), `weight` (a
    unit's add up to 1 for each pair), `quad_number` (into `QUADS`), `intensity`, `type`, `mode`, `contact`, `place`,
    `report_id`, `day_first`, `date_precision`, `published`, `confidence`, `outlet`, `outlet_country`, and without
    `pair` `sources` and `targets` (the codes on each side that the choice sees).

    `pair`: only these two parties. `where`: further conditions on ``events_v1``. `status`: None for any.
    `parameters`: where the SELECT's and the conditions' values are.
    """
    parameters = parameters or Parameters()
    conditions = [*choice_sql(choice, parameters, status=status), *where]
    joined = choice.count != "mentions"
    together = choice.count == "occurrences"
    once = _ONCE_A_REPORT if choice.count == "reports" else ""
    shared = {
        "unit": "coalesce(o.occurrence, e.id)" if joined else "e.id",
        "copy_of": "o.copy_of" if joined else "NULL",
        "accounts": _ACCOUNTS if joined else "",
        "sign": _SIGN,
        "quad_number": _QUAD_NUMBER,
        "select": select,
    }
    if pair is None:
        # Most of what has one and the same party on both sides is domestic: said on the narrow columns, it costs little.
        conditions += ["len(sources) > 0", "len(targets) > 0", "(sources <> targets OR len(sources) > 1)"]
        text = sql("told").format(
            source=parties("source_parties", choice, parameters),
            target=parties("target_parties", choice, parameters),
            where=" AND ".join(conditions),
            once=once.format(parties="s, t"),
            weight="1 / count(*) OVER (PARTITION BY unit, least(a, b), greatest(a, b))" if together else "1.0::DOUBLE",
            **shared,
        )
    else:
        lo, hi = sorted(pair)
        # What follows from the pair's condition for each side alone: the reader of the files can test it.
        conditions += [names(f"{side}_parties", (lo, hi), choice, parameters) for side in ("source", "target")]
        text = sql("between").format(
            **{
                f"{which}_{side}": names(f"{side}_parties", (code,), choice, parameters)
                for which, code in (("lo", lo), ("hi", hi))
                for side in ("source", "target")
            },
            lo=parameters.add(lo),
            hi=parameters.add(hi),
            where=" AND ".join(conditions),
            once=once.format(parties="forth, back"),
            weight="1 / count(*) OVER (PARTITION BY unit)" if together else "1.0::DOUBLE",
            **shared,
        )
    try:
        return ledger.query(text, parameters.values)
    except BadQuery as error:
        if ledger.as_of is None or "_parties" not in str(error):
            raise
        raise BadChoice(
            f"as the ledger stood at {ledger.as_of}, its events lack the columns that figures are made from; ask it as it "
            "stands now, or as it stood after it was brought forward (comity ledger snapshots)"
        ) from error


_FIGURES = "day_first, date_precision, way, sign, quad_number, intensity"


def told_between(ledger: Ledger, choice: Choice, a: str, b: str) -> pa.Table:
    """The dated events between two parties, by day: `id`, `unit`, `report_id`, `day_first`, `date_precision`, `way`,
    `sign`, `quad_number`, `intensity` of ``counted`` (see there), and `number`, 1.

    Imported events are many and tell nothing by themselves: those that agree in these figures are one row, without
    `id`, `unit` and `report_id`, and `number` says how many they are.
    """
    where = ["day_first IS NOT NULL"]
    if choice.origin == "comity":
        select = f"SELECT id, unit, report_id, {_FIGURES}, 1 AS number FROM counted ORDER BY day_first, id"
    else:
        select = f"SELECT {_FIGURES}, count(*) AS number FROM counted GROUP BY ALL ORDER BY ALL"
    return counted(ledger, choice, select, pair=(a, b), where=where)


def told_on(ledger: Ledger, choice: Choice, a: str, b: str, days: Sequence[date]) -> list[dict[str, Any]]:
    """The events between two parties on some days: `id`, `day_first`, `way`, `intensity`, in the order of their ids."""
    if not days:
        return []
    parameters = Parameters()
    where = [f"day_first IN ({parameters.add_all(sorted(set(days)))})"]
    select = "SELECT id, day_first, way, intensity FROM counted ORDER BY id"
    return counted(ledger, choice, select, pair=(a, b), where=where, parameters=parameters).to_pylist()


def told_pairs(ledger: Ledger, choice: Choice) -> pa.Table:
    """Sums over all pairs of parties: `lo`, `hi`, `way`, `events`, `cooperation`, `conflict` (weighted numbers of
    units), `intensity` (weighted sum), `measured` (units that have one)."""
    return counted(ledger, choice, PAIRS)


def sign_of(quad: str | None, type_: str, mode: str | None) -> int:
    """1 for cooperation, -1 for conflict, 0 for a request that asks for no change and no yielding, as in ``counted``."""
    if type_ == "REQUEST" and mode not in ("change", "yield"):
        return 0
    return 0 if quad is None else 1 if quad.endswith("cooperation") else -1


def words_of(ledger: Ledger, ids: Sequence[str], days: Sequence[date] = ()) -> dict[str, dict[str, Any]]:
    """What is shown of events as evidence, by their ids: what was coded, with outlet, title and words.

    `days`: of these events, where they are known: a large ledger is then not read whole.
    """
    if not ids:
        return {}
    if ledger.holds("events"):
        return _words_held(ledger, ids)
    parameters = Parameters()
    where = f"e.id IN ({parameters.add_all(sorted(set(ids)))})"
    if days:
        where += f" AND e.day_first IN ({parameters.add_all(sorted(set(days)))})"
    rows = ledger.query(sql("evidence").format(where=where), parameters.values).to_pylist()
    return {row["id"]: row for row in rows}


_SHOWN = (
    "id", "report_id", "origin", "type", "mode", "quad", "intensity", "date", "date_precision", "day_first", "status",
    "background", "mutual", "contexts", "confidence", "account_party", "contact", "place", "source", "target", "outlet",
    "outlet_country", "published", "demo",
)  # fmt: skip
_PARTY = ("name", "text", "country", "sector", "office")


def _words_held(ledger: Ledger, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The same as ``evidence.sql`` of records that are held in memory: 3 ms instead of 50, because rows that lie far apart
    are taken one by one."""
    rows = ledger.records("events", sorted(set(ids)), columns=[*_SHOWN, "words"]).to_pylist()
    reports = sorted({row["report_id"] for row in rows if row["report_id"]})
    query = "SELECT id, title, url FROM reports_v1 WHERE list_contains($ids::VARCHAR[], id)"
    titles = {row["id"]: row for row in ledger.query(query, {"ids": reports}).to_pylist()}
    found = {}
    for row in sorted(rows, key=lambda row: (row["day_first"] is None, row["day_first"], row["id"])):
        report = titles.get(row["report_id"], {})
        row["place"] = (row["place"] or {}).get("text")
        for side in ("source", "target"):
            row[side] = row[side] and [{name: party[name] for name in _PARTY} for party in row[side]]
        words = row.pop("words")
        found[row["id"]] = row | {"title": report.get("title"), "url": report.get("url"), "words": words}
    return found


def span_of_reports(ledger: Ledger, choice: Choice) -> tuple[date, date] | None:
    """First and last day on which the ledger has reports (for imported events: events); None when it has none."""
    if choice.origin == "comity":
        where = "" if choice.demo is None else f"WHERE demo = {choice.demo}"
        query = f"SELECT min(day) AS first, max(day) AS last FROM reports_v1 {where}"
        rows = ledger.query(query).to_pylist()
    else:
        query = "SELECT min(day_first) AS first, max(day_first) AS last FROM events_v1 WHERE origin = $origin"
        rows = ledger.query(query, {"origin": choice.origin}).to_pylist()
    return (rows[0]["first"], rows[0]["last"]) if rows[0]["first"] is not None else None
