"""Measure Comity on the development gold, write docs/quality.md and the floors that the tests hold.

    python scripts/write_quality.py [--gold DIR] [--only WHAT] [--lower REASON]

A floor lies a little below the best figure reached so far and rises by itself. A figure below its floor ends this with
an error; with --lower the floor sinks, and the reason is kept in the file.
"""

from __future__ import annotations

import argparse
import datetime
import json
import math
import re
import sys
from pathlib import Path
from typing import Any

from comity.evaluation import Evaluation, evaluate

ROOT = Path(__file__).resolve().parents[1]
GOLD = ROOT.parent / "shared" / "gold"
PAGE = ROOT / "docs" / "quality.md"
FLOORS = ROOT / "tests" / "data" / "quality_floors.json"

SETS = (
    ("relations", "relations/pairs_dev.jsonl", 250),
    ("articles", "articles/articles_dev.jsonl", 4),
    ("actors", "articles/articles_dev.jsonl", 4),
    ("statements", "statements/polnear_dev.jsonl", 8),
    ("statements", "statements/gum_dev.jsonl", 8),
    ("timex", "timex/timebank.jsonl", 25),
    ("timex", "timex/meantime_dev.jsonl", 20),
    ("places", "places/trnews_dev.jsonl", 12),
    ("places", "places/lgl_dev.jsonl", 20),
    ("clusters", "clusters/stories_dev.jsonl", 271),
    ("clusters", "clusters/ecbplus_dev.jsonl", 60),
)
"""What is measured on which file, and how many documents make the sample of the quick test (under a minute for all)."""

MARGIN, SAMPLE_MARGIN = 0.01, 0.05
"""How far below the best figure a floor lies: a change elsewhere that moves one document of a sample moves more."""

KINDS_SHOWN, DETAILS_SHOWN = 8, 3


def floored(found: Evaluation, *, sample: bool = False) -> dict[str, float]:
    """The figures that have floors: those with intervals, and the grouping of mentions, of which a sample has too few."""
    mentions = "mentions_pairwise_f1" in found.figures and not sample
    names = [*found.intervals, *(["mentions_pairwise_f1"] if mentions else [])]
    return {name: float(found.figures[name]) for name in names}


def floor(figure: float, margin: float) -> float:
    return max(0.0, math.floor((figure - margin) * 1000) / 1000)


def moved(
    where: str, known: dict[str, float], found: dict[str, float], margin: float, reason: str | None
) -> tuple[dict[str, float], list[dict[str, Any]], list[str]]:
    """The floors after this measuring, the entries for those that were lowered, and what is below its floor."""
    made, lowered, below = {}, [], []
    for name, figure in found.items():
        old = known.get(name)
        if old is not None and figure < old:
            below.append(f"{where}: {name} is {figure:.4f}, its floor {old:.3f}")
            made[name] = floor(figure, margin) if reason else old
            if reason:
                lowered.append({"gold": where, "figure": name, "from": old, "to": made[name], "reason": reason})
        else:
            made[name] = max(old or 0.0, floor(figure, margin))
    return made, lowered, below


# --- the page --------------------------------------------------------------------------------------------------------


def section(name: str, found: Evaluation) -> str:
    """One gold file: its figures, and what goes wrong most often."""
    lines = [
        f"### {found.what}: `{name}`", "",
        f"{found.documents:,} documents; SHA-256 of the file `{found.digest[:16]}…`.", "",
        "| figure | value | 95 % |", "|---|---:|---|",
    ]  # fmt: skip
    for figure, value in found.figures.items():
        low_high = found.intervals.get(figure)
        shown = f"{value:.3f}" if isinstance(value, float) and value <= 1 else f"{value:,.0f}"
        lines.append(
            f"| {figure.replace('_', ' ')} | {shown} | {f'{low_high[0]:.3f}–{low_high[1]:.3f}' if low_high else ''} |"
        )
    kinds = found.kinds()
    if kinds:
        lines += ["", "| what goes wrong | times | most often |", "|---|---:|---|"]
        for kind, number, details in kinds[:KINDS_SHOWN]:
            named = "; ".join(f"{detail} {times}" for detail, times in details[:DETAILS_SHOWN])
            lines.append(f"| {kind} | {number:,} | {named} |")
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--gold", type=Path, default=GOLD, help="folder of the development gold")
    parser.add_argument("--only", help="measure this only; the page's other parts stay")
    parser.add_argument("--lower", metavar="REASON", help="let floors sink, for this reason")
    given = parser.parse_args()
    if not given.gold.is_dir():
        sys.exit(f"{given.gold}: there is no gold; name its folder with --gold")
    if given.lower is not None and len(given.lower.split()) < 3:
        sys.exit("--lower: give the reason in words")
    stored: dict[str, Any] = json.loads(FLOORS.read_text("utf-8")) if FLOORS.is_file() else {"sets": {}, "lowered": []}
    page = PAGE.read_text("utf-8")
    below: list[str] = []
    for what, name, sample in SETS:
        if given.only not in (None, what):
            continue
        key = f"{what} {name}"
        whole, part = evaluate(what, given.gold / name), evaluate(what, given.gold / name, sample=sample)
        known = stored["sets"].get(key, {})
        if known.get("digest") not in (None, whole.digest):
            print(f"{key}: the gold is another than the floors were set on; they are set anew", file=sys.stderr)  # noqa: T201
            known = {}
        floors, lowered, under = moved(key, known.get("floors", {}), floored(whole), MARGIN, given.lower)
        samples, lowered_too, under_too = moved(
            f"{key}, sample",
            known.get("sample", {}).get("floors", {}),
            floored(part, sample=True),
            SAMPLE_MARGIN,
            given.lower,
        )
        stored["sets"][key] = {
            "digest": whole.digest, "floors": floors, "sample": {"documents": sample, "floors": samples},
        }  # fmt: skip
        today = datetime.datetime.now(datetime.UTC).date().isoformat()
        stored["lowered"] += [{"date": today, **one} for one in lowered + lowered_too]
        below += under + under_too
        page = placed(page, key, section(name, whole))
        print(key, floored(whole), flush=True)  # noqa: T201
    PAGE.write_text(page, "utf-8")
    if below and not given.lower:
        print("\n".join(below), "lower the floors, if that is right: --lower REASON", sep="\n", file=sys.stderr)  # noqa: T201
        return 1
    FLOORS.write_text(json.dumps(stored, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return 0


def placed(page: str, key: str, text: str) -> str:
    """The page with this part in its place; a part that is new comes last among the generated ones."""
    begin, end = f"<!-- {key}: by scripts/write_quality.py -->", f"<!-- /{key} -->"
    part = f"{begin}\n{text}\n{end}"
    if begin in page:
        return re.sub(re.escape(begin) + r".*?" + re.escape(end), lambda _: part, page, flags=re.S)
    return page.replace("<!-- /scores -->", f"{part}\n\n<!-- /scores -->")


if __name__ == "__main__":
    sys.exit(main())
