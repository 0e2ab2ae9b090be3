"""Occurrences: what happened once, however many reports tell it, with the accounts side by side."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec

from comity.ledger.filters import FILTERS, Parameters, condition, read_filters, restate
from comity.web.answering import Answer, Table
from comity.web.asking import Ask, BadAsk, NotFound
from comity.web.view import Param, View
from comity.web.views.lists import chips, frozen

if TYPE_CHECKING:
    from comity.web.app import Room

SHOWN = 40

FITTING = (
    "dyad", "between", "source", "target", "country", "actor", "sector", "type", "mode", "context", "cameo", "quad",
    "scope", "mutual", "contact", "place", "since", "until", "demo",
)  # fmt: skip
"""Filters of events that can be asked of occurrences: their columns stand in both views."""

STAGES = ("held", "announced", "asked for", "considered", "cancelled", "denied", "disputed")

ORDERS = {"day": "day_first", "reports": "reports"}

OWN = ("after", "limit", "stage", "told", "differ", "order", "panel")


class Occurrences(msgspec.Struct, frozen=True, kw_only=True):
    """Happenings that pass the filters."""

    restated: str
    count: int
    occurrences: list[dict[str, Any]]
    """Rows of ``occurrences_v1``."""
    next: str | None


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """One telling of a happening."""

    event_id: str
    report_id: str
    outlet: str | None
    outlet_country: str | None
    outlet_ownership: str | None
    published: str | None
    copy_of: str | None
    """Report whose wording this report repeats."""
    stage: str
    told_by: str
    """The side of whoever tells it: the outlet itself, or the speaker of the statement it rests on."""
    anonymous: bool
    account_party: str | None
    type: str
    status: str
    source: str
    target: str
    date: str | None
    place: str | None
    size: str | None
    words: str


class OccurrencePage(msgspec.Struct, frozen=True, kw_only=True):
    """One happening with all that is told of it."""

    occurrence: dict[str, Any]
    """Row of ``occurrences_v1``."""
    accounts: list[Account]
    """One for each telling, by report."""
    silent: list[tuple[str, int]]
    """Outlets that published in those days and told nothing of it, with their reports of those days."""


def chosen(ask: Ask, own: tuple[str, ...]) -> dict[str, Any]:
    """The filters of a request that fit occurrences."""
    given = ask.filters(FILTERS["events"], own)
    for name in given:
        if name not in FITTING:
            raise BadAsk(f"{name!r} cannot be asked of occurrences; there are: {', '.join((*own, *FITTING))}")
    return given


def where_of(filters: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The filters as a condition on ``occurrences_v1`` with its parameters."""
    parameters = Parameters()
    where = condition("events", read_filters("events", filters), parameters)
    return where, parameters.values


def index(room: Room, ask: Ask) -> Answer:
    filters = chosen(ask, OWN)
    limit = ask.number("limit", SHOWN, 1, 200)
    stage = ask.chosen("stage", ("", *STAGES), "")
    told = ask.number("told", 1, 1, 1000)
    differ = ask.flag("differ")
    order = ask.chosen("order", tuple(ORDERS), "day")
    where, values = where_of(filters)
    more = [where, f"reports >= {told}"]
    said = [
        restate("events", filters)
        .removesuffix(".")
        .replace("All events", "All occurrences")
        .replace("Events", "Occurrences")
    ]
    if stage:
        more.append("stage = $stage")
        values["stage"] = stage
        said.append(f"that are {stage}")
    if told > 1:
        said.append(f"told by {told} reports or more")
    if differ:
        more.append("len(conflicts) > 0")
        said.append("whose accounts differ")
    base = " AND ".join(more)
    key = ("occurrences", frozen(filters), stage, told, differ)
    query = f"SELECT count(*) AS n FROM occurrences_v1 WHERE {base}"  # noqa: S608
    counted = room.source.once(("count", *key), lambda: room.ledger.query(query, dict(values)).to_pylist())
    column = ORDERS[order]
    after = ask.one("after")
    page_values = dict(values)
    if after:
        match = re.fullmatch(r"(\d{4}-\d\d-\d\d|none|\d{1,9}):(.+)", after, re.ASCII)
        if not match:
            raise BadAsk(f"after: {after!r} is not the end of a page of occurrences")
        page_values["after"] = match[2]
        if match[1] == "none":
            base += f" AND {column} IS NULL AND id > $after"
        else:
            kind = "DATE" if column == "day_first" else "BIGINT"
            page_values["mark"] = match[1]
            mark = f"try_cast($mark AS {kind})"
            base += f" AND ({column} < {mark} OR {column} = {mark} AND id > $after OR {column} IS NULL)"
    query = f"SELECT * FROM occurrences_v1 WHERE {base} ORDER BY {column} DESC NULLS LAST, id LIMIT {limit}"  # noqa: S608
    rows: list[dict[str, Any]] = room.ledger.query(query, page_values).to_pylist()
    next_ = ask.url("json", after=f"{rows[-1][column] or 'none'}:{rows[-1]['id']}") if len(rows) == limit else None
    data = Occurrences(restated=", ".join(said) + ".", count=counted[0]["n"], occurrences=rows, next=next_)
    return Answer(
        template="occurrences.html",
        title="Occurrences",
        data=data,
        more={
            "filters": chips("events", filters, ask),
            "stages": STAGES,
            "given": filters,
            "next_page": next_.replace(".json", "", 1) if next_ else None,
        },
        tables={"occurrences": lambda: _table(rows)},
    )


def _table(rows: list[dict[str, Any]]) -> Table:
    columns = ("id", "stage", "type", "mode", "quad", "sources", "targets", "date", "reports", "accounts", "outlets",
               "source_says", "target_says", "conflicts", "first_report")  # fmt: skip
    return columns, ([row[name] for name in columns] for row in rows)


def show(room: Room, ask: Ask) -> Answer:
    ask.need_only("panel")
    id = ask.params["id"]
    ledger = room.ledger
    found = ledger.query("SELECT * FROM occurrences_v1 WHERE id = ?", [id]).to_pylist()
    if not found:
        own = ledger.query("SELECT occurrence FROM occurrence_accounts_v1 WHERE event_id = ?", [id]).to_pylist()
        hint = f"; the event with this id belongs to /occurrences/{own[0]['occurrence']}" if own else ""
        raise NotFound(f"{id}: there is no occurrence with this id{hint}")
    one = found[0]
    accounts = accounts_of(ledger, id)
    data = OccurrencePage(occurrence=one, accounts=accounts, silent=_silent(room, one, accounts))
    return Answer(
        template="occurrence.html",
        title=f"{one['type'].capitalize()}",
        data=data,
        more={"by_report": _by_report(accounts), "copies": sum(1 for a in accounts if a.copy_of)},
        tables={"accounts": lambda: (Account.__struct_fields__, [msgspec.structs.astuple(a) for a in accounts])},
    )


_ACCOUNTS = """
SELECT event_id, report_id, copy_of, stage, outlet, outlet_country, outlet_ownership, published::VARCHAR AS published,
       account, account_party
FROM occurrence_accounts_v1 WHERE occurrence = ?
"""
_TOLD = (
    "id",
    "report_id",
    "type",
    "status",
    "source",
    "target",
    "mutual",
    "date",
    "place",
    "size",
    "sentence",
    "words",
)


def accounts_of(ledger: Any, id: str) -> list[Account]:
    """All tellings of an occurrence, earliest report first."""
    from comity.web.rendering import names

    rows = ledger.query(_ACCOUNTS, [id]).to_pylist()
    events = _by_id(ledger.records("events", [row["event_id"] for row in rows], columns=[*_TOLD]))
    told = [row["account"] for row in rows if row["account"]]
    columns = ["id", "report_id", "speakers"]
    statements = _by_id(ledger.records("statements", told, columns=columns)) if told else {}
    rows = [
        events[row["event_id"], row["report_id"]]
        | row
        | {"speakers": statements.get((row["account"], row["report_id"]), {}).get("speakers")}
        for row in rows
        if (row["event_id"], row["report_id"]) in events
    ]
    rows.sort(
        key=lambda row: (
            row["published"] is None, row["published"], row["report_id"], (row["sentence"] or [0])[0], row["event_id"],
        )
    )  # fmt: skip
    made = []
    for row in rows:
        speakers = row["speakers"] or []
        said = ", ".join(one["name"] or one["text"] or "somebody" for one in speakers)
        size = {name: value for name, value in (row["size"] or {}).items() if value}
        made.append(
            Account(
                event_id=row["event_id"],
                report_id=row["report_id"],
                outlet=row["outlet"],
                outlet_country=row["outlet_country"],
                outlet_ownership=row["outlet_ownership"],
                published=row["published"],
                copy_of=row["copy_of"],
                stage=row["stage"],
                told_by=said or "the outlet itself",
                anonymous=any(one["anonymous"] for one in speakers),
                account_party=row["account_party"],
                type=row["type"],
                status=row["status"],
                source=names(row["source"] or []),
                target=names(row["target"] or []),
                date=row["date"],
                place=(row["place"] or {}).get("text"),
                size=", ".join(f"{name} {_size(value)}" for name, value in size.items()) or None,
                words=row["words"],
            )
        )
    return made


def _by_id(table: Any) -> dict[tuple[str, str], dict[str, Any]]:
    return {(row["id"], row["report_id"]): row for row in table.to_pylist()}


def _size(value: Any) -> str:
    if isinstance(value, dict):
        return f"{value['amount']:,.0f} {value['currency'] or ''}".strip()
    return "–".join(f"{one:,}" for one in value)


def _by_report(accounts: list[Account]) -> list[tuple[Account, list[Account]]]:
    """The tellings of each report, the report's first one standing for it; copies of a wording last."""
    found: dict[str, list[Account]] = {}
    for one in accounts:
        found.setdefault(one.report_id, []).append(one)
    return sorted(((group[0], group) for group in found.values()), key=lambda pair: pair[0].copy_of is not None)


AROUND = 2
"""Days before and after in which an outlet that publishes could have told of it."""


def _silent(room: Room, one: dict[str, Any], accounts: list[Account]) -> list[tuple[str, int]]:
    first, last = one["first_reported"], one["last_reported"]
    if first is None:
        return []
    told = sorted({account.outlet for account in accounts if account.outlet})
    rows = room.ledger.query(
        "SELECT outlet, count(*) AS n FROM reports_v1 WHERE day BETWEEN $first::DATE - $around::INTEGER AND "
        "$last::DATE + $around::INTEGER AND outlet IS NOT NULL AND NOT list_contains($told::VARCHAR[], outlet) "
        "GROUP BY outlet ORDER BY n DESC, outlet LIMIT 30",
        {"first": str(first), "last": str(last), "around": AROUND, "told": told},
    ).to_pylist()
    return [(row["outlet"], row["n"]) for row in rows]


VIEWS = (
    View(
        path="/occurrences",
        name="occurrences",
        summary="What happened, each happening once, newest first",
        make=index,
        response=Occurrences,
        forms=("json", "csv"),
        params=(
            *(Param(name, FILTERS["events"][name].meaning) for name in FITTING),
            Param("stage", "where it stands", values=STAGES),
            Param("told", "told by so many reports at least", "integer", least=1, most=1000, example=2),
            Param("differ", "only those whose accounts differ", values=("yes", "no")),
            Param("order", "newest first, or those of most reports first", values=tuple(ORDERS)),
            Param("after", "the page after this occurrence"),
            Param("limit", "occurrences of a page", "integer", least=1, most=200, example=SHOWN),
        ),
    ),
    View(
        path="/occurrences/{id}",
        name="occurrence",
        summary="One happening with its accounts side by side",
        make=show,
        response=OccurrencePage,
        forms=("json", "csv"),
        ids=(Param("id", "id of the occurrence", example="e07b2bf4fb472546e"),),
    ),
)
