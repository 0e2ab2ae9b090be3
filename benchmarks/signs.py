"""Do the signs of ties agree with known alliances and rivalries?

Run from the repository: ``python benchmarks/signs.py SUMS.csv.gz --alliances atop_alliance.csv.gz --rivalries
tss_rivalries.csv --ideal-points ideal_points.csv --year 2018``. SUMS is an aggregated series (see
`comity.relations.read_sums`); the others are ATOP's dyad-years, Thompson, Sakuwa & Suhas' rivalries, and Voeten's ideal
points, as their authors publish them. Or ``--ledger DIR`` for a ledger's events.

Measures of a tie: its sum (or mean intensity); its tone, the sum as part of what its months add up to without their
signs (for events: cooperation less conflict in all acts); and its ratio to what the two parties' activity alone would
give. Sums measure coverage; tone and ratio do not. Intervals resample states, because the dyads of one state hang
together.
"""

# ruff: noqa: T201
from __future__ import annotations

import argparse
import csv
import gzip
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from comity.actors.tables import load
from comity.relations.aggregated import Sums, within
from comity.relations.choice import Choice
from comity.relations.network import source_of
from comity.relations.ties import measure

Array = np.ndarray[Any, Any]

DRAWS = 200
FEWEST = 100
"""Pairs below which no figure is given."""


def rows(path: Path) -> Iterator[dict[str, str]]:
    """The lines of a CSV file."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as stream:
        yield from csv.DictReader(stream)


def states() -> dict[int, str]:
    """Correlates of War numbers of today's states."""
    compiled = load()
    return {
        number: code
        for number, code, kind in zip(compiled.state_cow, compiled.state_iso3, compiled.state_kind)
        if number > 0 and kind == "state"
    }


def alliances(path: Path, year: int) -> dict[tuple[str, str], float]:
    """1 for pairs with a pact of defence in the year (the last of the file, if it ends before)."""
    cow = states()
    found = [row for row in rows(path) if row["atop_defense"] not in ("", "NA")]
    last = min(year, max(int(float(row["year"])) for row in found))
    return {
        pair: 1.0
        for row in found
        if int(float(row["year"])) == last and float(row["atop_defense"]) == 1
        for pair in [_pair(row, cow)]
        if pair is not None
    }


def rivalries(path: Path, year: int) -> dict[tuple[str, str], float]:
    """1 for pairs that are rivals in the year (open ends count as the file's last year)."""
    cow = states()
    made = {}
    for row in rows(path):
        begin, end = row.get("start") or row.get("styear"), row.get("end") or row.get("endyear")
        if begin in (None, "", "NA"):
            continue
        over = float(end) if end not in (None, "", "NA") else 9999
        if float(begin) <= year and (over >= year or over >= 2010 + 10):  # 2020 is where the files end
            pair = _pair(row, cow)
            if pair is not None:
                made[pair] = 1.0
    return made


def ideal_points(path: Path, year: int) -> dict[str, float]:
    """Ideal points of states in the General Assembly."""
    return {
        row["iso3c"]: float(row["idealpointfp"])
        for row in rows(path)
        if row["year"] not in ("", "NA") and int(float(row["year"])) == year and row["idealpointfp"] not in ("", "NA")
    }


def _pair(row: dict[str, str], cow: dict[int, str]) -> tuple[str, str] | None:
    a, b = cow.get(int(float(row["ccode1"]))), cow.get(int(float(row["ccode2"])))
    return (min(a, b), max(a, b)) if a and b and a != b else None


def ranks(values: Array, weights: Array) -> Array:
    """Weighted mean ranks."""
    _, inverse = np.unique(values, return_inverse=True)
    total = np.bincount(inverse, weights)
    middle = np.cumsum(total) - total / 2
    return np.asarray(middle[inverse])


def spearman(one: Array, two: Array, weights: Array) -> float:
    """Weighted rank correlation."""
    a, b = ranks(one, weights), ranks(two, weights)
    a, b = a - np.average(a, weights=weights), b - np.average(b, weights=weights)
    scale = np.sqrt((weights * a * a).sum() * (weights * b * b).sum())
    return float((weights * a * b).sum() / scale) if scale > 0 else float("nan")


def higher(value: Array, yes: Array, no: Array, weights: Array) -> float:
    """How often a pair of `yes` lies above one of `no` (area under the ROC curve)."""
    both = yes | no
    rank = ranks(value[both], weights[both])
    y, w = yes[both], weights[both]
    if not w[y].any() or not w[~y].any():
        return float("nan")
    share = np.average(rank[y], weights=w[y]) - w[y].sum() / 2
    return float(share / w[~y].sum())


def resampled(one: Any, first: Array, second: Array, size: int, draws: int) -> tuple[float, float, float]:
    """A figure with its interval over resampled states."""
    value = one(np.ones(len(first)))
    chance = np.random.default_rng(20221029)
    made = []
    for _ in range(draws):
        times = np.bincount(chance.integers(0, size, size), minlength=size)
        weights = (times[first] * times[second]).astype(float)
        if weights.any():
            made.append(one(weights))
    low, high = np.nanquantile(made, [0.025, 0.975])
    return value, float(low), float(high)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sums", nargs="?")
    parser.add_argument("--ledger")
    parser.add_argument("--alliances", type=Path, required=True)
    parser.add_argument("--rivalries", type=Path, required=True)
    parser.add_argument("--ideal-points", type=Path, required=True)
    parser.add_argument("--year", type=int, required=True)
    parser.add_argument("--window", default="12m")
    parser.add_argument("--draws", type=int, default=DRAWS)
    given = parser.parse_args()
    start = time.process_time()
    if given.ledger:
        from comity.ledger import Ledger

        source = source_of(Ledger(given.ledger, read_only=True), None, Choice(), str(given.year), given.window)
    else:
        source = source_of(None, given.sums, Choice(), str(given.year), given.window)
    ties = source.ties(source.since, source.until, 3, states=True)
    if given.ledger:
        measures = {"mean intensity": measure(ties.between, "intensity"), "tone": measure(ties.between, "share")}
        weight = ties.between["cooperation"] - ties.between["conflict"]
        busy = ties.between["events"]
    else:
        weight = measure(ties.between, "score")
        busy = gross(within(source.sums, source.since, source.until), ties.nodes)
        measures = {"sum": weight, "tone": weight / np.maximum(busy, 1e-9)}
    strength = np.abs(weight).sum(axis=1)
    measures["ratio"] = weight / np.maximum(np.outer(strength, strength) / strength.sum(), 1e-9)
    print(f"{source.words} {ties.size} parties; {time.process_time() - start:.1f} s")
    allied, rival = alliances(given.alliances, given.year), rivalries(given.rivalries, given.year)
    points = ideal_points(given.ideal_points, given.year)
    first, second = np.triu_indices(ties.size, 1)
    there = ties.between["events"][first, second] > 0
    first, second = first[there], second[there]
    pairs = [(ties.nodes[a], ties.nodes[b]) for a, b in zip(first.tolist(), second.tolist())]
    is_allied = np.array([pair in allied for pair in pairs])
    is_rival = np.array([pair in rival for pair in pairs])
    known = np.array([a in points and b in points for a, b in pairs])
    near = np.array([-abs(points.get(a, 0) - points.get(b, 0)) for a, b in pairs])
    volume = busy[first, second]
    for words, part in (("all ties", volume > 0), ("the busiest tenth", volume >= np.quantile(volume, 0.9))):
        a, b, ally, foe, votes, close = (
            values[part] for values in (first, second, is_allied, is_rival, known, near)
        )  # fmt: skip
        if len(a) < FEWEST:
            continue
        only = ally & ~foe, foe & ~ally
        print(f"{words}: {len(a):,} pairs, {ally.sum()} allied, {foe.sum()} rivals, {votes.sum():,} with votes")
        for name, matrix in measures.items():
            value = matrix[a, b]
            tests = {
                "allies above rivals": lambda w, v=value, o=only: higher(v, o[0], o[1], w),
                "alliance": lambda w, v=value, y=ally: spearman(v, y.astype(float), w),
                "rivalry": lambda w, v=value, y=foe: spearman(v, y.astype(float), w),
                "nearness of votes": lambda w, v=value, k=votes, n=close: spearman(v[k], n[k], w[k]),
            }
            figures = []
            for label, test in tests.items():
                figure, low, high = resampled(test, a, b, ties.size, given.draws)
                figures.append(f"{label} {figure:+.2f} [{low:+.2f}, {high:+.2f}]")
            print(f"  {name}: {'; '.join(figures)}")


def gross(sums: Sums, nodes: tuple[str, ...]) -> Array:
    """What the periods of each pair add up to without their signs."""
    place = {code: n for n, code in enumerate(nodes)}
    where = np.array([place.get(code, -1) for code in sums.codes])
    made = np.zeros((len(nodes), len(nodes)))
    a, b = where[sums.a], where[sums.b]
    good = (a >= 0) & (b >= 0) & (a != b)
    np.add.at(made, (a[good], b[good]), np.abs(sums.score[good]))
    return made + made.T


if __name__ == "__main__":
    main()
