"""Charts of relations: Vega-Lite by Altair, saved as SVG, PNG, PDF, HTML or JSON, without a network or a browser."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from comity.relations.contacts import LEVELS, NOT_NAMED, Contacts
from comity.relations.errors import BadFile, library
from comity.relations.naming import name_of
from comity.relations.series import Dyad, Series
from comity.relations.summed import SummedDyad
from comity.relations.told import QUADS

if TYPE_CHECKING:
    import altair

WIDTH = 720
SUBTITLE = 128
"""Letters on a line under the title."""

QUAD_COLOURS = ("#9ecae1", "#3182bd", "#fdbb84", "#d7301f")
"""Of `QUADS`: blues for cooperation, reds for conflict, the deeper ones for deeds. Told apart by the colour-blind."""

LINE_COLOURS = ("#222222", "#1b9e77", "#b8860b")
"""Both together, a→b, b→a."""

OTHER_COLOUR = "#7b3294"
GREY = "#888888"

LABELS: tuple[dict[str, Any], ...] = ({"color": "white", "stroke": "white", "strokeWidth": 4}, {"color": "#d7301f"})
"""Labels are drawn twice: a white edge first, so that they can be read over lines."""

FORMATS = (".svg", ".png", ".pdf", ".html", ".json")


def _altair() -> Any:
    made = library("altair", "charts", "charts")
    library("vl_convert", "charts", "charts")
    return made


def save_chart(chart: altair.TopLevelMixin, path: str | Path) -> None:
    """Write a chart; the ending says how: .svg, .png, .pdf, .html (whole, with its scripts inside) or .json (Vega-Lite).

    Raises `BadFile`.
    """
    path = Path(path)
    if path.suffix not in FORMATS:
        raise BadFile(f"{path}: charts end in {', '.join(FORMATS)}")
    try:
        path.write_bytes(chart_bytes(chart, path.suffix))
    except OSError as error:
        raise BadFile(f"{path}: cannot be written ({error})") from None


def chart_bytes(chart: altair.TopLevelMixin, suffix: str) -> bytes:
    """A chart as one of `FORMATS`."""
    import io

    if suffix == ".html":
        return str(chart.to_html(inline=True, fullhtml=True)).encode()
    if suffix == ".json":
        return str(chart.to_json()).encode()
    if suffix == ".svg":
        return svg(chart).encode()
    file = io.BytesIO()
    options: dict[str, Any] = {"format": suffix[1:]} | ({"ppi": 144} if suffix == ".png" else {})
    chart.save(file, **options)
    return file.getvalue()


def svg(chart: altair.TopLevelMixin) -> str:
    """A chart as SVG."""
    import io

    file = io.StringIO()
    chart.save(file, format="svg")
    return file.getvalue()


def _titled(chart: Any, title: str, lines: Iterable[str]) -> Any:
    alt = _altair()
    below = [part for line in lines for part in wrap(line, SUBTITLE)]
    return (
        chart.properties(title=alt.TitleParams(title, subtitle=below, anchor="start", fontSize=16, subtitleFontSize=11))
        .configure(background="white", padding=8)
        .configure_view(strokeOpacity=0)
        .configure_axis(grid=False, labelFontSize=11, titleFontSize=11, titleFontWeight="normal", domainColor=GREY)
        .configure_legend(labelFontSize=11, titleFontSize=11)
    )


def _time(dyad: Dyad, labels: bool) -> Any:
    alt = _altair()
    first, last = dyad.coverage[0].period.first, dyad.coverage[-1].period.last
    return alt.X(
        "day:T",
        title=None,
        scale=alt.Scale(domain=[first.isoformat(), last.isoformat()], type="utc"),
        axis=alt.Axis(labels=labels, ticks=labels, tickCount=8, labelOverlap=True),
    )


def dyad_chart(dyad: Dyad, *, captions: bool = True) -> altair.TopLevelMixin:
    """Mean intensity with its interval and change points; events by quad class; reports read. One over the other.

    `captions`: with what is counted and whose reports were read below the title.

    Raises `ExtraMissing`.
    """
    layers = [_zero(), *_lines(dyad), *_changes(dyad.series[2])]
    alt = _altair()
    top = alt.layer(*layers).properties(width=WIDTH, height=210)
    a, b = name_of(dyad.a), name_of(dyad.b)
    against = ""
    if dyad.compared:
        against = f", beside {_direction(dyad.compared[2].direction)}"
    chart = alt.vconcat(top, _bars(dyad), _read(dyad), spacing=6).resolve_scale(color="independent")
    lines = [dyad.choice, f"Reports of {dyad.panel.words}; {dyad.correction}."] if captions else []
    return _titled(chart, f"{a} and {b}, by {dyad.by}{against}", lines)


def _direction(direction: str) -> str:
    for mark in ("→", "–"):
        if mark in direction:
            one, _, two = direction.partition(mark)
            return f"{name_of(one)} {mark} {name_of(two)}"
    return direction


def _zero() -> Any:
    alt = _altair()
    return alt.Chart(alt.Data(values=[{"y": 0}])).mark_rule(color=GREY, strokeWidth=0.7).encode(y="y:Q")


def _middle(first: Any, last: Any) -> str:
    """The middle of a period, where its mark stands."""
    return (first + (last - first) / 2).isoformat()


def _values(series: Series, name: str) -> list[dict[str, Any]]:
    made, run, broken = [], 0, False
    for point in series.points:
        if point.intensity.value is None:
            broken = True
            continue
        # A line over more than a year without any event would draw what nobody knows.
        run, broken = run + broken, False
        found = point.intensity.interval
        made.append(
            {
                "day": _middle(point.first, point.last), "series": name, "run": run, "mean": point.intensity.value,
                "low": found.low if found and not point.sparse else None,
                "high": found.high if found and not point.sparse else None,
                "sparse": point.sparse, "period": point.period, "events": point.events,
            }
        )  # fmt: skip
    return made


def _lines(dyad: Dyad) -> list[Any]:
    alt = _altair()
    both, forth, back = dyad.series[2], dyad.series[0], dyad.series[1]
    names = [f"{_direction(both.direction)} (both)", _direction(forth.direction), _direction(back.direction)]
    colours = list(LINE_COLOURS)
    drawn = list(zip((both, forth, back), names))
    if dyad.compared:
        names.append(f"{_direction(dyad.compared[2].direction)} (both)")
        colours.append(OTHER_COLOUR)
        drawn.append((dyad.compared[2], names[-1]))
    scale = alt.Scale(domain=names, range=colours)
    colour = alt.Color("series:N", scale=scale, legend=alt.Legend(title=None, orient="top", labelLimit=300))
    title = "mean intensity" + (f" ({dyad.scale})" if dyad.scale else "")
    axis = alt.Axis(title=title)
    layers = []
    band = alt.Chart(alt.Data(values=_values(both, names[0]))).mark_rule(color="#222222", opacity=0.35, strokeWidth=3)
    layers.append(band.encode(x=_time(dyad, True), y=alt.Y("low:Q", axis=axis), y2="high:Q"))
    tip = ["series:N", "period:N", alt.Tooltip("mean:Q", format=".2f"), alt.Tooltip("events:Q", format=".4g")]
    for number, (series, name) in enumerate(drawn):
        rows = _values(series, name)
        main = number in (0, 3)
        base = alt.Chart(alt.Data(values=rows))
        layers.append(
            base.mark_line(strokeWidth=1.8 if main else 1.0, opacity=1.0 if main else 0.75).encode(
                x=_time(dyad, True), y=alt.Y("mean:Q", axis=axis), color=colour, detail="run:N"
            )
        )
        if main:
            layers.append(
                base.mark_point(size=32, opacity=1, strokeWidth=1.2).encode(
                    x=_time(dyad, True), y=alt.Y("mean:Q", axis=axis), color=colour, tooltip=tip,
                    fill=alt.condition("datum.sparse", alt.value("white"), alt.value(colours[number])),
                )
            )  # fmt: skip
    return layers


def _changes(series: Series) -> list[Any]:
    alt = _altair()
    if not series.changes:
        return []
    rows = [
        {"day": shift.first.isoformat(), "label": f"{shift.period}: {shift.before:+.1f} → {shift.after:+.1f}"}
        for shift in series.changes
    ]
    base = alt.Chart(alt.Data(values=rows))
    x = alt.X("day:T", scale=alt.Scale(type="utc"))
    return [
        base.mark_rule(color="#d7301f", strokeDash=[4, 3]).encode(x=x),
        *(
            base.mark_text(align="left", dx=4, fontSize=10, baseline="top", **look).encode(
                x=x, y=alt.value(2), text="label:N"
            )
            for look in LABELS
        ),
    ]


def _bars(dyad: Dyad) -> Any:
    alt = _altair()
    rows = []
    for point in dyad.series[2].points:
        for place, quad in enumerate(QUADS):
            number = point.quads[quad]
            if number:
                sign = 1 if place < 2 else -1
                rows.append(
                    {
                        "day": point.first.isoformat(), "end": point.last.isoformat(), "quad": quad,
                        "number": sign * number, "order": place % 2, "period": point.period,
                    }
                )  # fmt: skip
    stacked = _stacked(rows)
    colour = alt.Color(
        "quad:N",
        scale=alt.Scale(domain=list(QUADS), range=list(QUAD_COLOURS)),
        legend=alt.Legend(title=None, orient="top", columns=4),
    )
    counted = "events"
    bars = (
        alt.Chart(alt.Data(values=stacked))
        .mark_rect(stroke="white", strokeWidth=0.3)
        .encode(
            x=_time(dyad, False), x2="end:T", y=alt.Y("from:Q", axis=alt.Axis(title=counted, tickCount=4)), y2="to:Q",
            color=colour, tooltip=["period:N", "quad:N", alt.Tooltip("number:Q", format=".4g")],
        )
    )  # fmt: skip
    return alt.layer(_zero(), bars).properties(width=WIDTH, height=110)


def _stacked(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Bars one over the other on each side of zero, words nearest to it."""
    height: dict[tuple[str, bool], float] = {}
    made = []
    for row in sorted(rows, key=lambda row: row["order"]):
        key = row["day"], row["number"] > 0
        begin = height.get(key, 0.0)
        height[key] = begin + row["number"]
        made.append(row | {"from": begin, "to": height[key]})
    return made


def _read(dyad: Dyad) -> Any:
    alt = _altair()
    imported = dyad.panel.rule == "import"
    rows = [
        {
            "day": one.period.first.isoformat(), "end": one.period.last.isoformat(), "reports": one.reports,
            "period": one.period.label,
        }
        for one in dyad.coverage
        if one.reports
    ]  # fmt: skip
    title = "events of the import" if imported else "reports read"
    return (
        alt.Chart(alt.Data(values=rows))
        .mark_rect(color="#bbbbbb", stroke="white", strokeWidth=0.3)
        .encode(
            x=_time(dyad, True), x2="end:T", y=alt.Y("reports:Q", axis=alt.Axis(title=title, tickCount=3)),
            y2=alt.datum(0), tooltip=["period:N", "reports:Q"],
        )
        .properties(width=WIDTH, height=50)
    )  # fmt: skip


def summed_chart(summed: SummedDyad) -> altair.TopLevelMixin:
    """A pair's sums per day, with their changes. The axis is linear near zero and logarithmic far from it."""
    alt = _altair()
    points = [(point, point.per_day) for point in summed.points if point.per_day is not None]
    rows = [{"day": one.first.isoformat(), "per_day": value, "period": one.period} for one, value in points]
    known = sorted(abs(value) for _, value in points)
    constant = known[len(known) // 2] or 1.0
    y = alt.Y(
        "per_day:Q", scale=alt.Scale(type="symlog", constant=constant), axis=alt.Axis(title="per day", tickCount=6)
    )
    x = alt.X("day:T", title=None, scale=alt.Scale(type="utc"), axis=alt.Axis(tickCount=8))
    base = alt.Chart(alt.Data(values=rows))
    first = {point.period: point.first.isoformat() for point in summed.points}
    shifts = [
        {"day": first[one.period], "label": f"{one.period}: {one.before:,.0f} → {one.after:,.0f}", "n": n % 3}
        for n, one in enumerate(summed.changes)
    ]
    layers = [
        _zero(),
        base.mark_line(color="#222222").encode(x=x, y=y),
        base.mark_point(size=16, color="#222222", filled=True).encode(x=x, y=y),
    ]
    if shifts:
        marks = alt.Chart(alt.Data(values=shifts))
        layers.append(marks.mark_rule(color="#d7301f", strokeDash=[4, 3]).encode(x=x))
        for row in range(3):
            layers.extend(
                marks.transform_filter(f"datum.n === {row}")
                .mark_text(align="left", dx=4, fontSize=10, baseline="top", **look)
                .encode(x=x, y=alt.value(2 + 13 * row), text="label:N")
                for look in LABELS
            )
    chart = alt.layer(*layers).properties(width=WIDTH, height=260)
    return _titled(chart, f"{name_of(summed.a)} and {name_of(summed.b)}, by {summed.by}", [summed.index, *summed.notes])


def contacts_chart(contacts: Contacts) -> altair.TopLevelMixin:
    """The matrix of levels, with the number of contacts and the days since the last; raises `ExtraMissing`."""
    alt = _altair()
    a, b = name_of(contacts.a), name_of(contacts.b)
    met_a = {cell.a_level for cell in contacts.matrix}
    met_b = {cell.b_level for cell in contacts.matrix}
    order = [*LEVELS, NOT_NAMED]
    rows = [
        {
            "a": cell.a_level, "b": cell.b_level, "number": cell.number,
            "label": f"{cell.number}", "last": f"last {cell.last.isoformat()}",
        }
        for cell in contacts.matrix
    ]  # fmt: skip
    most = max((cell.number for cell in contacts.matrix), default=1)
    x = alt.X(
        "b:N", sort=[level for level in order if level in met_b],
        axis=alt.Axis(title=b, orient="top", labelAngle=-30, domain=False, ticks=False),
    )  # fmt: skip
    y = alt.Y(
        "a:N", sort=[level for level in order if level in met_a], axis=alt.Axis(title=a, domain=False, ticks=False)
    )
    base = alt.Chart(alt.Data(values=rows)).encode(x=x, y=y)
    dark = alt.condition(f"datum.number > {most / 2}", alt.value("white"), alt.value("#222222"))
    chart = alt.layer(
        base.mark_rect(stroke="white", strokeWidth=2).encode(
            color=alt.Color("number:Q", scale=alt.Scale(scheme="blues", domain=[0, most]), legend=None)
        ),
        base.mark_text(fontSize=15, fontWeight="bold", dy=-6).encode(text="label:N", color=dark),
        base.mark_text(fontSize=9, dy=10).encode(text="last:N", color=dark),
    ).properties(width=max(240, 96 * len(met_b)), height=max(60, 46 * len(met_a)))
    lines = [contacts.choice, f"Contacts held, {contacts.since} to {contacts.until}."]
    return _titled(chart, f"Contacts of {a} and {b}, level against level", lines)
