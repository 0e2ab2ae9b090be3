"""What all measures share: gold rows, counts that add up over documents, intervals, mistakes by kind.

A measure is five functions (`Measure`). What Comity finds in a document is counted against its gold; the counts of all
documents are added, and the figures are worked out from the sum. So figures of a part, and their intervals, cost nothing
more than adding.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import msgspec

from comity.records import Coding, Report

DRAWS = 1000
"""Resamples of an interval. With more, its ends move by less than they move with another seed."""

SEED = 1
"""Of the resampling."""

LEVEL = 0.95
"""Share of the resamples that an interval holds."""

T = TypeVar("T")
Counts = Counter[str]
Figures = dict[str, float]


class GoldError(ValueError):
    """A gold file that is not in form; the message names file and line."""


class Mistake(msgspec.Struct, frozen=True, kw_only=True):
    """One difference between gold and what was found."""

    kind: str
    """The kinds of a measure are counted apart: missed, extra, type …"""
    detail: str | None = None
    """Which one inside the kind, where that can be counted: "ACCUSE for REJECT"."""
    report: str
    start: int
    end: int
    text: str
    expected: str | None = None
    found: str | None = None


class Setup(NamedTuple):
    """With what gold texts are coded."""

    code: Callable[[Iterable[Report]], Iterator[Coding]]
    """`Coder.stream`, loaded on first use; a report that cannot be coded comes out with an empty record."""
    model: str | None = None
    codebook: Path | None = None


class Measure(msgspec.Struct, frozen=True):
    """How one kind of gold is measured. A document is one line of the gold file."""

    find: Callable[[Sequence[Any], Setup], Iterable[Any]]
    """What Comity finds, for each document in turn."""
    count: Callable[[Any, Any], Counts]
    """Counts of one document: gold against found."""
    figures: Callable[[Mapping[str, float]], Figures]
    """Figures from the sum of the counts, the main one first."""
    mistakes: Callable[[Any, Any], Iterable[Mistake]]
    intervals: tuple[str, ...]
    """Figures that get an interval."""


# --- reading ---------------------------------------------------------------------------------------------------------


def read_rows(path: Path, form: type[T], page: str) -> list[T]:
    """The lines of a gold file as structs of one form. Raises `GoldError` naming the line and the page on the form."""
    decoder = msgspec.json.Decoder(form)
    rows: list[T] = []
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise GoldError(f"{path}: cannot be read ({error}); name a gold file in JSONL, UTF-8") from error
    for number, line in enumerate(text.split("\n"), 1):  # a text may hold other line ends
        if line.strip():
            try:
                rows.append(decoder.decode(line))
            except msgspec.DecodeError as error:
                raise GoldError(f"{path}, line {number}: {error}; see {page} for the form") from error
    if not rows:
        raise GoldError(f"{path}: it holds no document; see {page} for the form")
    return rows


# --- figures ---------------------------------------------------------------------------------------------------------


def ratio(part: float, whole: float) -> float:
    """A share, rounded to four digits; 0 of nothing."""
    return round(part / whole, 4) if whole else 0.0


def f1(hits: float, found: float, gold: float) -> float:
    """The harmonic mean of precision and recall (van Rijsbergen 1979), rounded to four digits."""
    return ratio(2 * hits, found + gold)


def matched(options: Iterable[tuple[Any, int, int]]) -> list[tuple[int, int]]:
    """Pairs of numbers, one to one, greedily in the order of (rank, gold, found)."""
    gold: set[int] = set()
    found: set[int] = set()
    pairs = []
    for _, i, j in sorted(options):
        if i not in gold and j not in found:
            gold.add(i)
            found.add(j)
            pairs.append((i, j))
    return pairs


def by_overlap(gold: Sequence[Any], found: Sequence[Any]) -> list[tuple[int, int]]:
    """Numbers of matched spans, one to one: equal spans first, then the largest overlap."""
    options = []
    for i, one in enumerate(gold):
        for j, two in enumerate(found):
            shared = min(one.end, two.end) - max(one.start, two.start)
            if shared > 0:
                options.append((((one.start, one.end) != (two.start, two.end), -shared), i, j))
    return matched(options)


def total(counts: Iterable[Counts]) -> Counts:
    """The sum of the counts of many documents."""
    summed: Counts = Counter()
    for one in counts:
        summed.update(one)
    return summed


def intervals(
    counts: Sequence[Counts],
    figures: Callable[[Mapping[str, float]], Figures],
    names: Sequence[str],
    draws: int = DRAWS,
) -> dict[str, tuple[float, float]]:
    """Percentile bootstrap intervals over documents (Efron and Tibshirani 1993, chapter 13), seeded."""
    import numpy

    if not counts or not names:
        return {}
    keys = sorted(set().union(*counts))
    table = numpy.array([[one[key] for key in keys] for one in counts], dtype=float)
    rng = random.Random(SEED)  # noqa: S311
    numbers = range(len(counts))
    drawn: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(draws):
        times = numpy.bincount([rng.choice(numbers) for _ in numbers], minlength=len(counts))
        made = figures(Counter(dict(zip(keys, (times @ table).tolist()))))
        for name in names:
            drawn[name].append(made[name])
    low, high = int((1 - LEVEL) / 2 * draws), int((1 + LEVEL) / 2 * draws) - 1
    return {name: (sorted(values)[low], sorted(values)[high]) for name, values in drawn.items()}
