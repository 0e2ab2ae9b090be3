"""Write src/comity/web/world.tsv anew: the outlines of states for the map.

    python scripts/make_world.py naturalearth_lowres.shp

The shapes are Natural Earth's countries at 1:110m (public domain), as in the wheel of geopandas 0.14.4 (folder
geopandas/datasets/naturalearth_lowres). Needs pyshp. Each line holds a state's code, its name there, and its outline as
an SVG path in the projection and the frame of `comity.web.world`.
"""

import sys
from itertools import pairwise
from pathlib import Path

import shapefile

from comity.web.world import project

OUT = Path(__file__).parent.parent / "src" / "comity" / "web" / "world.tsv"

CODES = {"France": "FRA", "Norway": "NOR", "Kosovo": "XKX", "N. Cyprus": "", "Somaliland": ""}
"""Those that the source marks with -99; an empty code is drawn and never filled."""

STEP = 0.25
"""Units of the frame (1,000 wide) below which a point does not differ from the one before."""


def ring(points: list[tuple[float, float]]) -> str:
    kept: list[tuple[float, float]] = []
    for lon, lat in points:
        x, y = project(lon, lat)
        if not kept or abs(x - kept[-1][0]) + abs(y - kept[-1][1]) >= STEP:
            kept.append((x, y))
    if len(kept) < 3:
        return ""
    return "M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in kept) + "Z"


def main() -> None:
    source = shapefile.Reader(sys.argv[1], encoding="latin-1")
    lines = []
    for found in source.iterShapeRecords():
        name, code = found.record["name"].strip(), found.record["iso_a3"].strip()
        if name == "Antarctica":
            continue
        code = CODES.get(name, code)
        starts = [*found.shape.parts, len(found.shape.points)]
        path = "".join(ring(found.shape.points[a:b]) for a, b in pairwise(starts))
        lines.append(f"{code}\t{name}\t{path}\n")
    OUT.write_text("code\tname\tpath\n" + "".join(sorted(lines)), encoding="utf-8")


if __name__ == "__main__":
    main()
