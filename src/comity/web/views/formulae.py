"""Formulae: official wordings that come again, and how they spread."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from comity.ledger.filters import FILTERS
from comity.relations.formulae import SORTS, Formula, Formulae, formulae
from comity.relations.periods import UNITS
from comity.web.answering import Answer, Table
from comity.web.asking import Ask, BadAsk
from comity.web.charts import coverage_chart
from comity.web.view import Param, View
from comity.web.views.lists import chips, frozen

if TYPE_CHECKING:
    from comity.web.app import Room

OWN = ("trace", "by", "sort", "limit", "panel")
MOST_TRACED = 10
LONGEST = 200
"""Characters of a wording that is traced."""


def show(room: Room, ask: Ask) -> Answer:
    filters = ask.filters(FILTERS["statements"], OWN, searched=False)
    trace = tuple(ask.many("trace"))
    if len(trace) > MOST_TRACED or any(len(one) > LONGEST for one in trace):
        raise BadAsk(f"trace: at most {MOST_TRACED} wordings of {LONGEST} characters")
    by = ask.chosen("by", tuple(UNITS), "year")
    sort = ask.chosen("sort", tuple(SORTS), "keyness")
    limit = ask.number("limit", 40, 1, 200)
    found, state = room.source.lately(
        ask.patience,
        ("formulae", trace, by, sort, limit, frozen(filters)),
        partial(formulae, trace=trace, by=by, sort=sort, limit=limit, **filters),
        long=True,
    )
    periods = [label for label, _ in found.coverage]
    return Answer(
        template="formulae.html",
        title="Formulae",
        data=found,
        more={
            "state": state,
            "dated": [label for label in periods if label[:1].isdigit()],
            "trace": trace,
            "sorts": tuple(SORTS),
            "by": by,
            "given": filters,
            "filters": chips("statements", filters, ask),
            "spark": lambda one: _spark(one, periods),
            "limit": limit,
        },
        tables={"formulae": lambda: _table(found), "uses": lambda: _uses(found)},
        pictures={
            "coverage": lambda: coverage_chart(
                [n for _, n in found.coverage], periods, "Reports with official words", alone=True
            )
        },
    )


def _spark(one: Formula, periods: list[str]) -> list[tuple[float, float, float]]:
    """Bars of the uses by period: x, y and height in a frame of 120 by 20."""
    uses = dict(one.periods)
    most = max(uses.values(), default=1)
    step = 120 / max(len(periods), 1)
    return [
        (n * step, 20 - 20 * uses.get(label, 0) / most, 20 * uses.get(label, 0) / most)
        for n, label in enumerate(periods)
    ]


def _table(found: Formulae) -> Table:
    columns = ("text", "uses", "reports", "keyness", "g2", "p", "first_day", "first_speaker", "first_country", "last",
               "states", "speakers", "variants")  # fmt: skip
    rows: list[list[Any]] = []
    for one in found.formulae:
        states, speakers = ([f"{name} {number}" for name, number in pairs] for pairs in (one.states, one.speakers))
        rows.append(
            [one.text, one.uses, one.reports, one.keyness, one.g2, one.p, one.first.day, one.first.speaker,
             one.first.country, one.last, states, speakers, [variant.text for variant in one.variants]]
        )  # fmt: skip
    return columns, rows


def _uses(found: Formulae) -> Table:
    periods = [label for label, _ in found.coverage]
    return ("text", *periods), [
        (one.text, *(dict(one.periods).get(label, 0) for label in periods)) for one in found.formulae
    ]


VIEWS = (
    View(
        path="/formulae",
        name="formulae",
        summary="Official wordings that come again, or given ones, and how they spread",
        make=show,
        response=Formulae,
        forms=("json", "csv", "svg"),
        relation="statements",
        searched=False,
        params=(
            Param("trace", "a wording to follow instead; may be given several times", example="win-win cooperation"),
            Param("by", "periods of the spread", values=tuple(UNITS)),
            Param("sort", "what comes first", values=tuple(SORTS)),
            Param("limit", "wordings", "integer", least=1, most=200, example=40),
        ),
        kept=False,
    ),
)
