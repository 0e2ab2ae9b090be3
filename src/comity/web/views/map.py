"""The map: states filled where only the state is known, points only for places of the gazetteer with their level."""

from __future__ import annotations

import math
from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING, Any

import msgspec

from comity.ledger.filters import FILTERS
from comity.web.answering import Answer, Table
from comity.web.asking import Ask, address
from comity.web.charts import svg
from comity.web.names import party_name
from comity.web.view import Param, View
from comity.web.views.lists import chips, frozen
from comity.web.views.occurrence import FITTING, chosen, where_of
from comity.web.world import HEIGHT, WIDTH, outlines, project

if TYPE_CHECKING:
    from comity.web.app import Room

POINTS = 1500
"""Places drawn, those of most occurrences first; the table holds all."""

LISTED = 150
"""Rows of the tables on the page."""

LEVELS = {"city": "town or village", "region": "region", "site": "site", "feature": "river, mountain, sea"}
"""Levels of the gazetteer that are drawn as points, and what they are."""

CLASSES = 5


class State(msgspec.Struct, frozen=True, kw_only=True):
    """A state on the map."""

    code: str
    name: str
    only: int
    """Happenings of which only the state is known."""
    placed: int
    """Happenings at a named place in it."""


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """A place on the map."""

    geonameid: int
    name: str
    country: str | None
    level: str
    lat: float
    lon: float
    count: int


class Map(msgspec.Struct, frozen=True, kw_only=True):
    """Where things happened. Each happening counts once, however many reports tell it."""

    restated: str
    count: int
    """Happenings that pass the filters."""
    unplaced: int
    """Of them, without a place."""
    states: list[State]
    points: list[Point]


def show(room: Room, ask: Ask) -> Answer:
    from comity.ledger.filters import restate

    filters = chosen(ask, ("panel",))
    data: Map = room.source.once(
        ("map", frozen(filters)), lambda: _map(room, filters, _said(restate("events", filters)))
    )
    more = {name: value for name, value in filters.items() if name != "place"}

    def to(place: str) -> str:
        return address("/occurrences", {**more, "place": place})

    return Answer(
        template="map.html",
        title="Map",
        data=data,
        more={
            "filters": chips("events", filters, ask),
            "given": filters,
            "to": to,
            "drawn": lambda: draw(data, to),
            "bounds": bounds(data),
            "levels": LEVELS,
            "listed": LISTED,
            "undrawn": _undrawn(data),
            "to_all": address("/occurrences", filters),
        },
        tables={"states": lambda: _states(data), "places": lambda: _points(data)},
        pictures={"map": lambda: draw(data, to, alone=True)},
    )


def _said(words: str) -> str:
    return words.replace("All events.", "All occurrences.").replace("Events ", "Occurrences ", 1)


def _map(room: Room, filters: dict[str, Any], said: str) -> Map:
    where, values = where_of(filters)
    # One look at the occurrences for all of it: they are put together when they are asked for.
    rows = room.ledger.query(
        "SELECT place.country AS country, place.level AS level, place.geonameid AS geonameid, "  # noqa: S608
        "min(place.text) AS name, min(place.lat) AS lat, min(place.lon) AS lon, "
        f"place IS NULL AS nowhere, count(*) AS n FROM occurrences_v1 WHERE {where} GROUP BY ALL",
        values,
    ).to_pylist()
    only: dict[str, int] = {}
    placed: dict[str, int] = {}
    points: dict[int, Point] = {}
    unplaced = 0
    for row in rows:
        if row["nowhere"] or (row["country"] is None and row["geonameid"] is None):
            unplaced += row["n"]
            continue
        code = row["country"]
        if row["level"] in LEVELS and row["geonameid"] is not None and row["lat"] is not None:
            point = Point(
                geonameid=row["geonameid"], name=row["name"], country=code, level=row["level"],
                lat=row["lat"], lon=row["lon"], count=row["n"],
            )  # fmt: skip
            known = points.get(point.geonameid)
            points[point.geonameid] = (
                msgspec.structs.replace(known, count=known.count + point.count) if known else point
            )
            if code:
                placed[code] = placed.get(code, 0) + row["n"]
        elif code:
            only[code] = only.get(code, 0) + row["n"]
        else:
            unplaced += row["n"]
    codes = sorted(only.keys() | placed.keys(), key=lambda code: (-only.get(code, 0) - placed.get(code, 0), code))
    return Map(
        restated=said,
        count=sum(row["n"] for row in rows),
        unplaced=unplaced,
        states=[
            State(code=code, name=party_name(code), only=only.get(code, 0), placed=placed.get(code, 0))
            for code in codes
        ],
        points=sorted(points.values(), key=lambda point: (-point.count, point.geonameid)),
    )


def bounds(data: Map) -> list[int]:
    """The lowest counts of the classes of colour: a geometric row up to the highest, because counts of states are
    skewed. Each class begins at a whole number."""
    most = max((state.only for state in data.states), default=0)
    made = {1} | {max(1, round(most ** (n / CLASSES))) for n in range(1, CLASSES)}
    return sorted(bound for bound in made if bound <= max(most, 1))


def draw(data: Map, to: Callable[[str], str], *, alone: bool = False) -> str:
    """The map as a picture."""
    counts = {state.code: state for state in data.states}
    steps = bounds(data)
    made = []
    for outline in outlines():
        state = counts.get(outline.code)
        if state is None or not state.only:
            made.append(f'<path class="land" d="{outline.path}"/>')
            continue
        level = sum(1 for step in steps if step <= state.only)
        words = escape(f"{state.name}: {state.only:,} where only the state is known")
        shape = f'<path class="land f{level + CLASSES - len(steps)}" d="{outline.path}"><title>{words}</title></path>'
        made.append(
            shape if alone else f'<a href="{escape(to(state.code))}" aria-label="{words}" tabindex="-1">{shape}</a>'
        )
    most = max((point.count for point in data.points), default=1)
    for point in data.points[:POINTS]:
        x, y = project(point.lon, point.lat)
        size = 2.0 + 9.0 * math.sqrt(point.count / most)
        words = escape(f"{point.name} ({LEVELS[point.level]}): {point.count:,}")
        shape = _shape(point.level, x, y, size, words)
        made.append(
            shape
            if alone
            else f'<a href="{escape(to(str(point.geonameid)))}" aria-label="{words}" tabindex="-1">{shape}</a>'
        )
    picture = svg(
        WIDTH,
        HEIGHT,
        "".join(made),
        "Where it happened; the tables below say the same",
        alone=alone,
        more='class="chart map"',
    )
    return picture if alone else picture.replace('role="img"', 'role="group"', 1)


def _shape(level: str, x: float, y: float, size: float, words: str) -> str:
    title = f"<title>{words}</title>"
    if level == "city":
        return f'<circle class="point" cx="{x:.1f}" cy="{y:.1f}" r="{size:.1f}">{title}</circle>'
    if level == "region":
        return f'<rect class="point" x="{x - size:.1f}" y="{y - size:.1f}" width="{2 * size:.1f}" height="{2 * size:.1f}">{title}</rect>'
    corners = f"{x:.1f},{y - size:.1f} {x + size:.1f},{y:.1f} {x:.1f},{y + size:.1f} {x - size:.1f},{y:.1f}"
    return f'<polygon class="point" points="{corners}">{title}</polygon>'


def _undrawn(data: Map) -> list[State]:
    """States with counts that are too small for the map's scale, or no states."""
    drawn = {outline.code for outline in outlines()}
    return [state for state in data.states if state.only and state.code not in drawn]


def _states(data: Map) -> Table:
    return ("code", "name", "only_state_known", "at_named_place"), [
        (state.code, state.name, state.only, state.placed) for state in data.states
    ]


def _points(data: Map) -> Table:
    return ("geonameid", "name", "country", "level", "lat", "lon", "occurrences"), [
        (p.geonameid, p.name, p.country, p.level, p.lat, p.lon, p.count) for p in data.points
    ]


VIEWS = (
    View(
        path="/map",
        name="map",
        summary="Where things happened",
        make=show,
        response=Map,
        forms=("json", "csv", "svg"),
        params=tuple(Param(name, FILTERS["events"][name].meaning) for name in FITTING),
    ),
)
