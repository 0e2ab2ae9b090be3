"""Pictures as SVG, drawn here: small, with their own words, in the colours of the page or of a file by itself."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from html import escape
from typing import Any, NamedTuple

STYLE = """
svg{font:12px system-ui,sans-serif;background:#fff;color:#1c1b1a}
.axis{stroke:#8a857d;stroke-width:1}.grid{stroke:#ddd9d2;stroke-width:1}text{fill:#3d3a36}
.bar{fill:#3f6f9f}.vc{fill:#7fb2dd}.mc{fill:#1f5f99}.vx{fill:#f0a868}.mx{fill:#b3471b}.none{fill:#b9b4ab}
.line{fill:none;stroke:#1f5f99;stroke-width:2}.line.b{stroke:#b3471b;stroke-dasharray:6 3}.line.c{stroke:#5b5750}
.line.d{stroke:#7a3fa0;stroke-dasharray:2 3}.band{fill:#1f5f99;fill-opacity:.15}.band.b{fill:#b3471b}.band.c{fill:#5b5750}.band.d{fill:#7a3fa0}
.band-line{stroke:#1f5f99;stroke-opacity:.4;stroke-width:3}.band-line.b{stroke:#b3471b}.band-line.c{stroke:#5b5750}.band-line.d{stroke:#7a3fa0}
.dot{fill:#1f5f99}.dot.b{fill:#b3471b}.dot.c{fill:#5b5750}.dot.d{fill:#7a3fa0}.sparse{fill:#fff;stroke:#1f5f99}
.sparse.b{stroke:#b3471b}.sparse.c{stroke:#5b5750}.sparse.d{stroke:#7a3fa0}.mark{stroke:#7a3fa0;stroke-width:1.5;stroke-dasharray:2 3}
.land{fill:#ece8e1;stroke:#b9b4ab;stroke-width:.5}
.f1{fill:#cfe0f0}.f2{fill:#97bfe0}.f3{fill:#5a95c6}.f4{fill:#2a6ba5}.f5{fill:#0f4272}
.point{fill:#b3471b;fill-opacity:.75;stroke:#fff}.edge{stroke-opacity:.75}.edge.coop{stroke:#1f5f99}
.edge.conf{stroke:#b3471b;stroke-dasharray:7 4}.edge.zero{stroke:#8a857d}.node{fill:#fff;stroke:#3d3a36}
"""
"""For a picture by itself; within a page the style sheet gives the same classes their colours."""


def svg(width: float, height: float, inside: str, title: str, *, alone: bool = False, more: str = "") -> str:
    """The frame of a picture. `alone`: to be opened by itself, so it carries its style."""
    style = f"<style>{STYLE}</style>" if alone else ""
    size = f'width="{width:g}" height="{height:g}" ' if alone else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size}viewBox="0 0 {width:g} {height:g}" role="img" '
        f'aria-label="{escape(title)}" {more}>{style}{inside}</svg>'
    )


def rounded_top(most: float) -> float:
    """A round number at or above the highest value, for an axis."""
    if most <= 0:
        return 1.0
    size = 10.0 ** (len(str(int(most))) - 1) if most >= 1 else 0.1
    while size > most:
        size /= 10
    for step in (1, 1.5, 2, 3, 4, 5, 6, 8, 10):
        if step * size >= most:
            return step * size
    return most


def histogram(bars: Sequence[dict[str, Any]], *, alone: bool = False) -> str:
    """Counts over time; each bar leads to its records."""
    width, height, left, bottom = 900.0, 120.0, 54.0, 20.0
    top = rounded_top(max((bar["count"] for bar in bars), default=0))
    step = (width - left) / max(len(bars), 1)
    room = height - bottom - 8
    made = [
        f'<line class="axis" x1="{left}" x2="{width}" y1="{height - bottom}" y2="{height - bottom}"/>',
        f'<line class="grid" x1="{left}" x2="{width}" y1="8" y2="8"/>',
        f'<text x="{left - 6}" y="12" text-anchor="end">{top:,.0f}</text>',
        f'<text x="{left - 6}" y="{height - bottom}" text-anchor="end">0</text>',
    ]
    every = max(1, round(len(bars) * 84 / (width - left)))
    for n, bar in enumerate(bars):
        x = left + n * step
        tall = room * bar["count"] / top
        shape = (
            f'<rect class="bar" x="{x + 0.5:.2f}" y="{height - bottom - tall:.2f}" '
            f'width="{max(step - 1, 0.8):.2f}" height="{tall:.2f}"/>'
        )
        words = f"{bar['label']}: {bar['count']:,}"
        if alone:
            made.append(f"<g><title>{escape(words)}</title>{shape}</g>")
        elif bar["count"]:
            hit = f'<rect class="hit" x="{x:.2f}" y="8" width="{step:.2f}" height="{room:.2f}"/>'
            made.append(
                f'<a href="{escape(bar["url"])}" aria-label="{escape(words)}"><title>{escape(words)}</title>{hit}{shape}</a>'
            )
        if n % every == 0:
            made.append(
                f'<text x="{x + step / 2:.2f}" y="{height - 5}" text-anchor="middle">{escape(bar["label"])}</text>'
            )
    role = 'class="chart histogram"'
    picture = svg(width, height, "".join(made), "Records over time", alone=alone, more=role)
    # With links inside, a picture is a group of them.
    return picture if alone else picture.replace('role="img"', 'role="group"', 1)


# --- series ----------------------------------------------------------------------------------------------------------

WIDTH, LEFT, RIGHT = 900.0, 48.0, 8.0
QUADS = (
    ("verbal cooperation", "vc"), ("material cooperation", "mc"), ("verbal conflict", "vx"), ("material conflict", "mx"),
)  # fmt: skip


class Spot(NamedTuple):
    """One period of a line."""

    value: float | None
    low: float | None
    high: float | None
    sparse: bool
    words: str


class Line(NamedTuple):
    """A line: its class (a, b, c, d) decides colour, dashes and the shape of its spots."""

    kind: str
    name: str
    spots: list[Spot]


def line_chart(
    lines: Sequence[Line], labels: Sequence[str], links: Sequence[str], marks: Sequence[tuple[int, str, str]], title: str,
    *, zero: bool, alone: bool = False,
) -> str:  # fmt: skip
    """Lines with their intervals over periods; hollow spots rest on few events; marks are change points."""
    height, top, bottom = 280.0, 26.0, 22.0
    numbers = [n for line in lines for spot in line.spots for n in (spot.value, spot.low, spot.high) if n is not None]
    least, most = (min(numbers), max(numbers)) if numbers else (0.0, 1.0)
    if zero or least > 0:
        least = 0.0
    most = max(most, 0.0)
    steps = ticks(least, most)
    least, most = min(least, steps[0]), max(most, steps[-1])
    x, step = _across(labels)

    def y(value: float) -> float:
        return top + (height - top - bottom) * (most - value) / ((most - least) or 1)

    made = [
        f'<line class="{"axis" if abs(tick) < 1e-9 else "grid"}" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(tick):.1f}" y2="{y(tick):.1f}"/>'
        f'<text x="{LEFT - 6}" y="{y(tick) + 4:.1f}" text-anchor="end">{tick:g}</text>'
        for tick in steps
    ]
    made += _labels(labels, height)
    for line in lines:
        for run in _stretches(line.spots):
            band = [(n, spot) for n, spot in run if spot.low is not None and spot.high is not None]
            if len(band) > 1:
                over = [f"{x(n):.1f},{y(spot.high or 0):.1f}" for n, spot in band]
                under = [f"{x(n):.1f},{y(spot.low or 0):.1f}" for n, spot in reversed(band)]
                made.append(f'<polygon class="band {line.kind}" points="{" ".join(over + under)}"/>')
            elif band:
                n, spot = band[0]
                made.append(
                    f'<line class="band-line {line.kind}" x1="{x(n):.1f}" x2="{x(n):.1f}" y1="{y(spot.low or 0):.1f}" y2="{y(spot.high or 0):.1f}"/>'
                )
    for n, words, kind in marks:
        made.append(
            f'<g class="mark-group"><title>{escape("Change: " + words)}</title><line class="mark {kind}" x1="{x(n) - step / 2:.1f}" '
            f'x2="{x(n) - step / 2:.1f}" y1="{top - 8}" y2="{height - bottom}"/>'
            f'<text class="mark-word" x="{x(n) - step / 2:.1f}" y="{top - 12}" text-anchor="middle">Δ{kind}</text></g>'
        )
    for line in lines:
        for run in _stretches(line.spots):
            path = " ".join(f"{x(n):.1f},{y(spot.value or 0):.1f}" for n, spot in run)
            made.append(f'<polyline class="line {line.kind}" points="{path}"/>')
            made += [_spot(line.kind, x(n), y(spot.value or 0), spot) for n, spot in run]
    if not alone:
        made += _columns(labels, links, [line.spots for line in lines], step, top, height - bottom)
    made += _legend_of(lines) if alone else []
    return _interactive(svg(WIDTH, height, "".join(made), title, alone=alone, more='class="chart series"'), alone)


def _interactive(picture: str, alone: bool) -> str:
    """With links inside, a picture is a group of them."""
    return picture if alone else picture.replace('role="img"', 'role="group"', 1)


def _across(labels: Sequence[str]) -> tuple[Callable[[int], float], float]:
    step = (WIDTH - LEFT - RIGHT) / max(len(labels), 1)
    return (lambda n: LEFT + (n + 0.5) * step), step


def _labels(labels: Sequence[str], height: float) -> list[str]:
    x, step = _across(labels)
    every = max(1, round(66 / step + 0.49))
    return [
        f'<text x="{x(n):.1f}" y="{height - 6}" text-anchor="middle">{escape(label)}</text>'
        for n, label in enumerate(labels)
        if n % every == every // 2
    ]


def _stretches(spots: Sequence[Spot]) -> list[list[tuple[int, Spot]]]:
    """Periods in a row that have a value: lines do not bridge what is not known."""
    made: list[list[tuple[int, Spot]]] = []
    open_ = False
    for n, spot in enumerate(spots):
        if spot.value is None:
            open_ = False
            continue
        if not open_:
            made.append([])
            open_ = True
        made[-1].append((n, spot))
    return made


def _spot(kind: str, x: float, y: float, spot: Spot) -> str:
    style = f"{'sparse' if spot.sparse else 'dot'} {kind}"
    title = f"<title>{escape(spot.words)}</title>"
    if kind in "ac":
        return f'<circle class="{style}" cx="{x:.1f}" cy="{y:.1f}" r="3.2">{title}</circle>'
    return f'<rect class="{style}" x="{x - 3:.1f}" y="{y - 3:.1f}" width="6" height="6">{title}</rect>'


def _columns(
    labels: Sequence[str], links: Sequence[str], spots: Sequence[Sequence[Spot]], step: float, top: float, bottom: float
) -> list[str]:
    """A column for each period: it leads to its events, and a brush is drawn over several."""
    made = []
    for n, (label, link) in enumerate(zip(labels, links)):
        words = escape("; ".join(line[n].words for line in spots) or label)
        made.append(
            f'<a href="{escape(link)}" tabindex="-1" aria-label="{words}"><title>{words}</title><rect class="hit" data-period="{escape(label)}" '
            f'x="{LEFT + n * step:.2f}" y="{top}" width="{step:.2f}" height="{bottom - top:.1f}"/></a>'
        )
    return made


def _legend_of(lines: Sequence[Line]) -> list[str]:
    made = []
    for n, line in enumerate(lines):
        x = LEFT + 10 + n * 190
        made.append(
            f'<line class="line {line.kind}" x1="{x}" x2="{x + 26}" y1="10" y2="10"/>'
            f'{_spot(line.kind, x + 13, 10, Spot(0, None, None, False, line.name))}<text x="{x + 32}" y="14">{escape(line.name)}</text>'
        )
    return made


def ticks(least: float, most: float) -> list[float]:
    """Round numbers from below the least to above the most value, four to eight of them."""
    span = (most - least) or 1.0
    size = 10.0 ** math.floor(math.log10(span / 4))
    for step in (1, 2, 2.5, 5, 10):
        if span / (step * size) <= 7:
            size *= step
            break
    first, last = math.floor(least / size + 1e-9), math.ceil(most / size - 1e-9)
    return [round(n * size, 10) for n in range(first, max(last, first + 1) + 1)]


def bars_chart(
    quads: Sequence[dict[str, float]], labels: Sequence[str], links: Sequence[str], title: str, *, alone: bool = False
) -> str:
    """Events by class: cooperation upwards, conflict downwards, words nearest to zero."""
    height, top, bottom = 170.0, 12.0, 22.0
    above = max((one["verbal cooperation"] + one["material cooperation"] for one in quads), default=0.0)
    below = max((one["verbal conflict"] + one["material conflict"] for one in quads), default=0.0)
    steps = ticks(-below, above)
    least, most = min(-below, steps[0]), max(above, steps[-1])
    x, step = _across(labels)

    def y(value: float) -> float:
        return top + (height - top - bottom) * (most - value) / ((most - least) or 1)

    made = [
        f'<line class="{"axis" if abs(tick) < 1e-9 else "grid"}" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(tick):.1f}" y2="{y(tick):.1f}"/>'
        f'<text x="{LEFT - 6}" y="{y(tick) + 4:.1f}" text-anchor="end">{abs(tick):g}</text>'
        for tick in steps
    ]
    made += _labels(labels, height)
    wide = max(step * 0.8, 0.8)
    for n, one in enumerate(quads):
        up = down = 0.0
        for name, style in QUADS:
            number = one[name]
            if not number:
                continue
            if name.endswith("cooperation"):
                a, b, up = y(up + number), y(up), up + number
            else:
                a, b, down = y(-down), y(-down - number), down + number
            made.append(
                f'<rect class="{style}" x="{x(n) - wide / 2:.2f}" y="{a:.2f}" width="{wide:.2f}" height="{max(b - a, 0.3):.2f}"/>'
            )
    if not alone:
        said = [
            [
                Spot(
                    0,
                    None,
                    None,
                    False,
                    f"{label}: " + (", ".join(f"{name} {one[name]:g}" for name, _ in QUADS if one[name]) or "none"),
                )
            ]
            for label, one in zip(labels, quads)
        ]
        made += _columns(labels, links, [[one[0] for one in said]], step, top, height - bottom)
    return _interactive(svg(WIDTH, height, "".join(made), title, alone=alone, more='class="chart quads"'), alone)


def coverage_chart(numbers: Sequence[int], labels: Sequence[str], title: str, *, alone: bool = False) -> str:
    """How many reports were read in each period."""
    height, top, bottom = 76.0, 8.0, 22.0
    most = rounded_top(max(numbers, default=0))
    x, step = _across(labels)
    room = height - top - bottom
    made = [
        f'<line class="axis" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{height - bottom}" y2="{height - bottom}"/>'
        f'<text x="{LEFT - 6}" y="{top + 8}" text-anchor="end">{most:,.0f}</text>',
        *_labels(labels, height),
    ]
    wide = max(step * 0.8, 0.8)
    for n, number in enumerate(numbers):
        tall = room * number / most
        made.append(
            f'<rect class="none" x="{x(n) - wide / 2:.2f}" y="{height - bottom - tall:.2f}" width="{wide:.2f}" height="{tall:.2f}">'
            f"<title>{escape(labels[n])}: {number:,} reports</title></rect>"
        )
    return svg(WIDTH, height, "".join(made), title, alone=alone, more='class="chart coverage"')
