"""Search and list: events, statements and reports, with facets and what was asked in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from comity.ledger.filters import FILTERS, VALUES, restate
from comity.web.answering import Answer, Table
from comity.web.asking import Ask
from comity.web.charts import histogram
from comity.web.view import Param, View

if TYPE_CHECKING:
    from comity.web.app import Room

SHOWN = 50
MOST = 200
LISTED = 10_000
"""Rows of a CSV; whoever wants all uses `comity events --json` or the library."""

COUNTED = 200_000
"""Records up to which facets are counted with every page: 15 facets of so many take 0.2 s. Beyond, only when asked."""

TOP = 8
"""Values of a facet that are shown."""

FACETS = {
    "events": (
        ("dyad", "dyad"), ("type", "type"), ("status", "status"), ("quad", "quad class"), ("speaker", "told by"),
        ("outlet", "outlet"), ("outlet_country", "outlet’s country"), ("ownership", "outlet’s ownership"),
        ("context", "context"), ("account_party", "whose word"), ("contact", "contact"), ("scope", "scope"),
        ("background", "background"), ("origin", "origin"),
    ),
    "statements": (
        ("speaker", "speaker"), ("country", "speaker’s country"), ("about", "about"), ("kind", "kind"),
        ("channel", "channel"), ("via", "via"), ("outlet", "outlet"), ("outlet_country", "outlet’s country"),
        ("ownership", "outlet’s ownership"),
    ),
    "reports": (
        ("outlet", "outlet"), ("outlet_country", "outlet’s country"), ("ownership", "outlet’s ownership"),
        ("language", "language"),
    ),
}  # fmt: skip
"""The facets that are shown, and what they are called. Each is a filter of the same name."""

_COLUMNS = {
    "events": (
        *("id", "date", "date_precision", "type", "mode", "quad", "status", "background", "sources", "targets"),
        *("account_party", "confidence", "outlet", "report_id", "words"),
    ),
    "statements": (
        *("id", "date", "date_precision", "kind", "countries", "about", "channel", "via", "polarity", "outlet"),
        *("report_id", "words"),
    ),
    "reports": ("id", "day", "title", "outlet", "outlet_country", "outlet_ownership", "url", "statements", "events"),
}

_SHOWN = {
    "events": (
        *("id", "day_first", "date", "date_precision", "date_end", "type", "mode", "quad", "status", "background"),
        *(
            "source",
            "target",
            "mutual",
            "report_id",
            "origin",
            "outlet",
            "published",
            "confidence",
            "corrected",
            "demo",
        ),
        "words",
    ),
    "statements": (
        *("id", "day_first", "date", "date_precision", "speakers", "via", "kind", "channel", "within", "report_id"),
        *("outlet", "published", "demo", "words"),
    ),
    "reports": (
        *("id", "day", "title", "outlet", "outlet_country", "outlet_ownership", "statements", "events", "demo"),
    ),
}

SORTED_DATES = {"events": "day_first", "statements": "day_first", "reports": "day"}
OWN = ("after", "limit", "facets", "panel")

Facet = list[tuple[str, int]]


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """Records that pass the filters, newest first."""

    restated: str
    """What was asked, in plain words."""
    count: int
    """How many there are in all."""
    facets: dict[str, list[tuple[str, int]]] | None
    """How many of them have each value; null where there are too many to count unasked (``facets=yes`` counts)."""
    records: list[dict[str, Any]]
    """This page of them, as rows of the ledger's view."""
    next: str | None
    """The address of the next page."""


def show(relation: str, room: Room, ask: Ask) -> Answer:
    """A page of records."""
    filters = ask.filters(FILTERS[relation], OWN)
    limit = ask.number("limit", SHOWN, 1, MOST)
    after = ask.one("after") or None
    ledger = room.ledger
    restated = restate(relation, filters)
    names = [name for name, _ in FACETS[relation]]
    # Months beyond the most frequent ones lie outside the histogram.
    found = ledger.listing(
        relation,
        columns=_columns(ledger, relation, ask),
        limit=limit,
        after=after,
        facets=[*names, "month"],
        top=MONTHS,
        most=None if ask.flag("facets") else COUNTED,
        **filters,
    )
    count, rows = found.number, found.rows.to_pylist()
    facets: dict[str, Facet] | None = None
    if found.facets is not None:
        facets = {name: values if name == "month" else values[:TOP] for name, values in found.facets.items()}
    more = len(rows) == limit and count > limit
    day = SORTED_DATES[relation]
    next_ = ask.url("json", after=f"{rows[-1][day] or 'none'}:{rows[-1]['id']}") if more else None
    shown = {name: values for name, values in (facets or {}).items() if name not in ("year", "month")}
    data = Listing(
        restated=restated,
        count=count,
        facets=shown if facets is not None else None,
        records=rows,
        next=next_,
    )
    bars = timeline(facets, ask) if facets else None
    return Answer(
        template="list.html",
        title=relation.capitalize(),
        data=data,
        more={
            "relation": relation,
            "filters": chips(relation, filters, ask),
            "next_page": next_.replace(f"{ask.path}.json", ask.path, 1) if next_ else None,
            "facet_names": FACETS[relation],
            "timeline": bars,
            "outside": sum(number for _, number in (facets or {}).get("month", []))
            - sum(b["count"] for b in bars or []),
            "all_filters": FILTERS[relation],
            "values": VALUES,
            "given": filters,
        },
        tables={relation: partial(_table, ledger, relation, filters)},
        pictures={"timeline": lambda: histogram(bars or [], alone=True)},
    )


def frozen(filters: dict[str, Any]) -> tuple[Any, ...]:
    """Filters as a key."""
    return tuple(sorted((name, tuple(value) if isinstance(value, list) else value) for name, value in filters.items()))


def _columns(ledger: Any, relation: str, ask: Ask) -> list[str]:
    """What a page shows of each record; its twin has all columns of the view but the texts of whole reports."""
    if ask.form == "html":
        return list(_SHOWN[relation])
    columns = [name for name in columns_of(ledger, relation) if name != "text"]
    return [*columns, *(["words"] if relation != "reports" else [])]


_known: dict[str, list[str]] = {}


def columns_of(ledger: Any, relation: str) -> list[str]:
    """The columns of a relation's view."""
    if relation not in _known:
        _known[relation] = ledger.query(f"DESCRIBE {relation}_v1")["column_name"].to_pylist()
    return _known[relation]


MONTHS = 400
"""The most frequent months that the histogram is drawn of: 33 years, if all have records."""


class Chip(msgspec.Struct, frozen=True):
    """One value of a filter that is set, and the address without it."""

    name: str
    value: str
    without: str


def chips(relation: str, filters: dict[str, Any], ask: Ask) -> list[Chip]:
    return [
        Chip(name, value, ask.without(name, value))
        for name, values in filters.items()
        for value in (values if isinstance(values, list) else [values])
    ]


OUTSIDE = 0.004
"""Share of records on either side that the histogram leaves out: one treaty of 1743 must not press all else together."""


def timeline(facets: dict[str, Facet], ask: Ask) -> list[dict[str, Any]]:
    """Bars of a histogram over time, each with the address that narrows to it: months, or years where these are many."""
    months = dict(sorted((month, number) for month, number in facets.get("month", []) if month))
    if not months:
        return []
    few = sum(months.values()) * OUTSIDE
    first, last = _inner(months.items(), few), _inner(reversed(months.items()), few)
    inside = {month: number for month, number in months.items() if first <= month <= last}
    if int(last[:4]) - int(first[:4]) >= 5:
        counts: dict[str, int] = {}
        for month, number in inside.items():
            counts[month[:4]] = counts.get(month[:4], 0) + number
        wanted = [f"{year:04}" for year in range(int(first[:4]), int(last[:4]) + 1)]
    else:
        counts = inside
        wanted = [f"{n // 12:04}-{n % 12 + 1:02}" for n in range(_number(first), _number(last) + 1)]
    return [
        {"label": label, "count": counts.get(label, 0), "url": ask.url(since=label, until=label, after=None)}
        for label in wanted
    ]


def _inner(months: Iterable[tuple[str, int]], few: float) -> str:
    """The first month beyond which more than a few records lie."""
    seen = 0
    for month, number in months:
        seen += number
        if seen > few:
            return month
    return month


def _number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:7]) - 1


def _table(ledger: Any, relation: str, filters: dict[str, Any]) -> Table:
    columns = list(_COLUMNS[relation])
    found = ledger.__getattribute__(relation)(columns=columns, limit=LISTED, **filters)
    return columns, _rows(found)


def _rows(table: Any) -> Iterator[list[Any]]:
    for batch in table.to_batches(max_chunksize=1000):
        for row in batch.to_pylist():
            yield list(row.values())


_PAGING = (
    Param("after", "the page after this record (DAY:ID)", example="2022-10-27:e1"),
    Param("limit", "records of a page", "integer", least=1, most=MOST, example=SHOWN),
    Param("facets", "count the facets of very many records", values=("yes", "no"), example="no"),
)

VIEWS = tuple(
    View(
        path=f"/{relation}",
        name=relation,
        summary=f"{relation.capitalize()} that pass the filters, newest first",
        make=partial(show, relation),
        response=Listing,
        forms=("json", "csv", "svg"),
        relation=relation,
        params=_PAGING,
    )
    for relation in ("events", "statements", "reports")
)
