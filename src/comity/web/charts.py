"""Pictures as SVG, drawn here: small, with their own words, in the colours of the page or of a file by itself."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

STYLE = """
svg{font:12px system-ui,sans-serif;background:#fff;color:#1c1b1a}
.axis{stroke:#8a857d;stroke-width:1}.grid{stroke:#ddd9d2;stroke-width:1}text{fill:#3d3a36}
.bar{fill:#3f6f9f}.vc{fill:#7fb2dd}.mc{fill:#1f5f99}.vx{fill:#f0a868}.mx{fill:#b3471b}.none{fill:#b9b4ab}
.line{fill:none;stroke:#1f5f99;stroke-width:2}.line.b{stroke:#b3471b;stroke-dasharray:6 3}.line.c{stroke:#5b5750}
.band{fill:#1f5f99;fill-opacity:.15}.band.b{fill:#b3471b}.dot{fill:#1f5f99}.dot.b{fill:#b3471b}.sparse{fill:#fff;stroke:#1f5f99}
.sparse.b{stroke:#b3471b}.mark{stroke:#7a3fa0;stroke-width:1.5;stroke-dasharray:2 3}
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
    width, height, left, bottom = 900.0, 120.0, 44.0, 20.0
    top = rounded_top(max((bar["count"] for bar in bars), default=0))
    step = (width - left) / max(len(bars), 1)
    room = height - bottom - 8
    made = [
        f'<line class="axis" x1="{left}" x2="{width}" y1="{height - bottom}" y2="{height - bottom}"/>',
        f'<line class="grid" x1="{left}" x2="{width}" y1="8" y2="8"/>',
        f'<text x="{left - 6}" y="12" text-anchor="end">{top:,.0f}</text>',
        f'<text x="{left - 6}" y="{height - bottom}" text-anchor="end">0</text>',
    ]
    every = max(1, round(len(bars) * 62 / (width - left)))
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
