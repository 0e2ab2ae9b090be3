"""A pair of states: two directed series, the classes of events, what was read, and the sentences behind each period."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from comity.ledger.filters import FILTERS
from comity.relations import dyad as make_dyad
from comity.relations.choice import restate
from comity.relations.series import Dyad, Point, Series, need_party
from comity.relations.told import counted, resolve, told_pairs, words_of
from comity.web.answering import Answer, Table
from comity.web.asking import Ask, BadAsk, NotFound, address
from comity.web.charts import Line, Spot, bars_chart, coverage_chart, line_chart
from comity.web.names import party_name
from comity.web.view import Param, View
from comity.web.views.choosing import BY, CHOICE, NAMES, choice_of

if TYPE_CHECKING:
    from comity.ledger import Ledger
    from comity.web.app import Room

MEASURES = {
    "intensity": "Mean intensity",
    "share": "Share of cooperation",
    "rate": "Events in 1,000 reports read",
    "events": "Events",
}
"""What a line can show."""

BEHIND = 60
"""Sentences listed for a stretch of time."""

LISTED = 200


class Pair(msgspec.Struct, frozen=True, kw_only=True):
    """Two parties and what passed between them."""

    a: str
    b: str
    events: float
    cooperation: float
    conflict: float


class Pairs(msgspec.Struct, frozen=True, kw_only=True):
    """Pairs of parties, those of most events first."""

    choice: str
    pairs: list[Pair]
    state: int
    """State of the ledger that this was counted at."""


class Behind(msgspec.Struct, frozen=True, kw_only=True):
    """The events that a stretch of a series is made of."""

    since: date
    until: date
    number: int
    events: list[dict[str, Any]]


class DyadPage(msgspec.Struct, frozen=True, kw_only=True):
    """The series of two parties."""

    dyad: Dyad
    behind: Behind | None
    """The events of the stretch that ``brush`` names."""


def index(room: Room, ask: Ask) -> Answer:
    ask.need_only(*NAMES, "panel", "party")
    choice = choice_of(ask)
    party = need_party(ask.one("party")) if ask.one("party") else None
    whole, state = room.source.lately(ask.patience, ("pairs", choice), partial(_pairs, choice=choice))
    pairs = [pair for pair in whole.pairs if party in (None, pair.a, pair.b)][:LISTED]
    data = msgspec.structs.replace(whole, pairs=pairs, state=state)
    return Answer(
        template="dyads.html",
        title="Dyads",
        data=data,
        more={"party": party, "ask_pair": partial(_to, ask)},
        tables={"pairs": lambda: (Pair.__struct_fields__, [msgspec.structs.astuple(pair) for pair in pairs])},
    )


def _to(ask: Ask, a: str, b: str) -> str:
    """The page of a pair, with the same choice."""
    kept = [(name, value) for name, value in ask.query if name in NAMES and value.strip()]
    return address(f"/dyads/{a}-{b}", kept)


def _pairs(ledger: Ledger, choice: Any) -> Pairs:
    resolved = resolve(ledger, choice)
    table = told_pairs(ledger, resolved.choice)
    found: dict[tuple[str, str], list[float]] = {}
    columns = (table[name].to_pylist() for name in ("lo", "hi", "events", "cooperation", "conflict"))
    for lo, hi, *numbers in zip(*columns):
        sums = found.setdefault((lo, hi), [0.0, 0.0, 0.0])
        for n, number in enumerate(numbers):
            sums[n] += number or 0.0
    pairs = [
        Pair(a=a, b=b, events=round(one[0], 3), cooperation=round(one[1], 3), conflict=round(one[2], 3))
        for (a, b), one in found.items()
    ]
    pairs.sort(key=lambda pair: (-pair.events, pair.a, pair.b))
    return Pairs(choice=restate(resolved.choice), pairs=pairs, state=0)


def show(room: Room, ask: Ask) -> Answer:
    ask.need_only(*NAMES, "by", "panel", "outlets", "compare", "measure", "brush")
    a, b = _pair("the address", ask.params["pair"])
    choice = choice_of(ask)
    by = ask.chosen("by", BY.values, "month")
    compare = _pair("compare", ask.one("compare")) if ask.one("compare") else None
    measure = ask.chosen("measure", tuple(MEASURES), "intensity")
    outlets = ask.one("outlets", "fixed")
    found, state = room.source.lately(
        ask.patience,
        ("dyad", a, b, by, outlets, compare, choice),
        partial(make_dyad, a=a, b=b, by=by, panel=outlets, compare=compare, choice=choice),
    )
    whole, found = found, trimmed(found)
    behind = _behind(room, whole, choice, ask.one("brush")) if ask.one("brush") else None
    data = DyadPage(dyad=whole, behind=behind)
    lines = partial(_lines, found, measure, ask)
    return Answer(
        template="dyad.html",
        title=f"{party_name(found.a)} and {party_name(found.b)}",
        data=data,
        more={
            "state": state,
            "cut": len(whole.coverage) - len(found.coverage),
            "measure": measure,
            "measures": MEASURES,
            "main": lambda: lines(),
            "quads": lambda: [(one, _bars(one, ask)) for one in found.series[:2]],
            "read": lambda: _read(found, ask),
            "listed": [
                (point, [one.points[n] for one in found.series]) for n, point in enumerate(found.series[0].points)
            ],
            "to_events": address("/events", {"between": f"{found.a}-{found.b}", "since": ask.one("since") or None,
                                             "until": ask.one("until") or None}),
        },
        tables={"series": lambda: _table(whole), "changes": lambda: _changes(whole)},
        pictures={
            "series": lambda: lines(alone=True),
            "there": lambda: _bars(found.series[0], ask, alone=True),
            "back": lambda: _bars(found.series[1], ask, alone=True),
            "coverage": lambda: _read(found, ask, alone=True),
        },
    )  # fmt: skip


def trimmed(found: Dyad) -> Dyad:
    """The series from the first period with an event to the last: an archive that goes far back says nothing of a pair
    that it does not know yet."""
    told = [n for series in (*found.series, *found.compared) for n, point in enumerate(series.points) if point.events]
    if not told:
        return found
    first, last = min(told), max(told) + 1

    def cut(series: tuple[Series, ...]) -> tuple[Series, ...]:
        return tuple(msgspec.structs.replace(one, points=one.points[first:last]) for one in series)

    return msgspec.structs.replace(
        found, series=cut(found.series), compared=cut(found.compared), coverage=found.coverage[first:last]
    )


def _pair(name: str, text: str) -> tuple[str, str]:
    try:
        pair: tuple[str, str] = FILTERS["events"]["dyad"].read(text)
        return pair
    except ValueError as error:
        if name == "the address":
            raise NotFound(str(error)) from None
        raise BadAsk(f"{name}: {error}") from None


def _behind(room: Room, found: Dyad, choice: Any, brush: str) -> Behind:
    """The events that the periods of a brush (LABEL or LABEL..LABEL) are made of, newest first."""
    known = {point.period: point for point in found.series[0].points}
    first, _, last = brush.partition("..")
    for label in (first, last or first):
        if label not in known:
            raise BadAsk(
                f"brush: there is no period {label!r} in this series; write one as {next(iter(known), '2022-10')}"
            )
    since, until = sorted((known[first], known[last or first]), key=lambda point: point.first)
    settled = resolve(room.ledger, choice).choice
    if found.panel.rule in ("fixed", "named") and len(found.panel.outlets) < found.panel.known:
        settled = msgspec.structs.replace(settled, outlets=found.panel.outlets)
    settled = msgspec.structs.replace(settled, since=since.first.isoformat(), until=until.last.isoformat())
    rows = counted(
        room.ledger, settled, "SELECT id, day_first FROM counted ORDER BY day_first DESC, id", pair=(found.a, found.b)
    ).to_pylist()
    rows = [row for row in rows if row["day_first"] is not None and since.first <= row["day_first"] <= until.last]
    shown = rows[:BEHIND]
    words = words_of(room.ledger, [row["id"] for row in shown])
    return Behind(
        since=since.first,
        until=until.last,
        number=len(rows),
        events=[words[row["id"]] for row in shown if row["id"] in words],
    )


# --- pictures --------------------------------------------------------------------------------------------------------

_ARROWS = ("a", "b", "c", "d")


def _value(point: Point, measure: str) -> tuple[float | None, float | None, float | None]:
    if measure == "events":
        return point.events, None, None
    figure = getattr(point, measure)
    if figure.value is None or figure.interval is None:
        return figure.value, None, None
    return figure.value, figure.interval.low, figure.interval.high


def _lines(found: Dyad, measure: str, ask: Ask, *, alone: bool = False) -> str:
    shown = [*found.series[:2], *found.compared[:2]]
    lines = []
    for n, series in enumerate(shown):
        spots = []
        for point in series.points:
            value, low, high = _value(point, measure)
            spots.append(Spot(value, low, high, point.sparse, _said(series, point, value, low, high)))
        lines.append(Line(_ARROWS[n], series.direction, spots))
    marks = []
    if measure == "intensity":
        for n, series in enumerate(found.series[:2]):
            labels = [point.period for point in series.points]
            marks += [
                (
                    labels.index(change.period),
                    f"{series.direction}: {change.before:+.1f} to {change.after:+.1f} from {change.period} on",
                    _ARROWS[n],
                )
                for change in series.changes
            ]
    labels = [point.period for point in found.series[0].points]
    return line_chart(
        lines, labels, [_brushed(ask, label) for label in labels], marks, f"{MEASURES[measure]} by {found.by}",
        zero=measure != "intensity", alone=alone,
    )  # fmt: skip


def _said(series: Series, point: Point, value: float | None, low: float | None, high: float | None) -> str:
    if value is None:
        return f"{series.direction} {point.period}: nothing to measure"
    said = f"{series.direction} {point.period}: {value:.2f}"
    if low is not None and high is not None:
        said += f" ({low:.2f} to {high:.2f})"
    return said + f", {point.events:g} events" + (", few" if point.sparse else "")


def _brushed(ask: Ask, label: str) -> str:
    return ask.url(brush=label, panel=None) + "#behind"


def _bars(series: Series, ask: Ask, *, alone: bool = False) -> str:
    labels = [point.period for point in series.points]
    return bars_chart(
        [point.quads for point in series.points], labels, [_brushed(ask, label) for label in labels],
        f"{series.direction}: events by class", alone=alone,
    )  # fmt: skip


def _read(found: Dyad, ask: Ask, *, alone: bool = False) -> str:
    labels = [one.period.label for one in found.coverage]
    return coverage_chart([one.reports for one in found.coverage], labels, "Reports read", alone=alone)


# --- tables ----------------------------------------------------------------------------------------------------------


def _table(found: Dyad) -> Table:
    columns = (
        "direction", "period", "first", "last", "reports", "events", "verbal_cooperation", "material_cooperation",
        "verbal_conflict", "material_conflict", "rate", "rate_low", "rate_high", "share", "share_low", "share_high",
        "intensity", "intensity_low", "intensity_high", "sparse",
    )  # fmt: skip
    rows = []
    for series in (*found.series, *found.compared):
        for point in series.points:
            figures = [number for name in ("rate", "share", "intensity") for number in _value(point, name)]
            rows.append(
                [series.direction, point.period, point.first, point.last, point.reports, point.events,
                 *point.quads.values(), *figures, point.sparse]
            )  # fmt: skip
    return columns, rows


def _changes(found: Dyad) -> Table:
    columns = ("direction", "period", "earliest", "latest", "before", "after")
    return columns, [
        (series.direction, change.period, change.earliest, change.latest, change.before, change.after)
        for series in found.series
        for change in series.changes
    ]


VIEWS = (
    View(
        path="/dyads",
        name="dyads",
        summary="Pairs of parties, those of most events first",
        make=index,
        response=Pairs,
        forms=("json", "csv"),
        params=(*CHOICE, Param("party", "only pairs with this party", example="CHN")),
        kept=False,
    ),
    View(
        path="/dyads/{pair:path}",
        name="dyad",
        summary="The series of two parties",
        make=show,
        response=DyadPage,
        forms=("json", "csv", "svg"),
        ids=(Param("pair", "two codes with a hyphen", example="CHN-RUS"),),
        params=(
            *CHOICE,
            BY,
            Param(
                "outlets",
                "whose reports: fixed (those read all along), all, or part of an outlet's name",
                example="all",
            ),
            Param("compare", "a second pair over the same periods", example="CHN-USA"),
            Param("measure", "what the lines show", values=tuple(MEASURES)),
            Param("brush", "periods whose events are listed: LABEL or LABEL..LABEL", example="2022-02"),
        ),
        kept=False,
    ),
)
