"""The map's outlines and its projection: Equal Earth (Šavrič, Patterson and Jenny 2019), so that areas compare."""

from __future__ import annotations

import functools
import math
from importlib.resources import files
from typing import NamedTuple

WIDTH, HEIGHT = 1000.0, 440.0
"""The frame; Antarctica is cut off."""

_A = (1.340264, -0.081106, 0.000893, 0.003796)
_M = math.sqrt(3) / 2
_HALF = 2.7066  # half the width of the world at the equator, in the projection's own units
_TOP = 1.3173


class Outline(NamedTuple):
    """One state's shape."""

    code: str
    """ISO 3166 alpha-3; empty for a territory that has none."""
    name: str
    path: str
    """An SVG path in the frame."""


def project(lon: float, lat: float) -> tuple[float, float]:
    """A place in degrees as x and y in the frame."""
    theta = math.asin(_M * math.sin(math.radians(lat)))
    a1, a2, a3, a4 = _A
    slope = 9 * a4 * theta**8 + 7 * a3 * theta**6 + 3 * a2 * theta**2 + a1
    x = 2 * math.sqrt(3) * math.radians(lon) * math.cos(theta) / (3 * slope)
    y = theta * (a4 * theta**8 + a3 * theta**6 + a2 * theta**2 + a1)
    scale = WIDTH / (2 * _HALF)
    return WIDTH / 2 + x * scale, (_TOP - y) * scale


@functools.cache
def outlines() -> tuple[Outline, ...]:
    """All states of the map. From Natural Earth, 1:110m; made by ``scripts/make_world.py``."""
    lines = files(__package__).joinpath("world.tsv").read_text(encoding="utf-8").splitlines()
    return tuple(Outline(*line.split("\t")) for line in lines[1:])
