"""A gold file measured: figures with their intervals, and what went wrong, by kind."""

from __future__ import annotations

import functools
import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from comity.evaluation.measuring import Figures, GoldError, Measure, Mistake, Setup, intervals, total
from comity.records import Coding, LeftOut, Report

if TYPE_CHECKING:
    from comity.coder import Coder

MEASURES = {
    "relations": "the type of what a marked source does to a marked target in a sentence",
    "articles": "events and statements of whole reports, end to end",
    "statements": "who said what",
    "timex": "time expressions and their values",
    "places": "names of places and where they lie",
    "clusters": "which reports are of one story, and which events are one occurrence",
    "actors": "whether the sources and targets of whole reports are found under their names",
}
"""What can be measured; each is the module of that name, whose ``gold(path)`` gives measure and documents."""


class Evaluation(msgspec.Struct, frozen=True, kw_only=True):
    """What came of measuring one gold file."""

    what: str
    gold: str
    """Name of the file."""
    digest: str
    """SHA-256 of the file."""
    documents: int
    figures: Figures
    """The main one first."""
    intervals: dict[str, tuple[float, float]]
    """Bootstrap intervals (95 %, over documents) of some figures."""
    mistakes: tuple[Mistake, ...]

    def kinds(self) -> list[tuple[str, int, list[tuple[str, int]]]]:
        """Kinds of mistakes with their numbers, and the details of each with theirs; the most frequent first."""
        kinds: dict[str, Counter[str]] = {}
        for one in self.mistakes:
            kinds.setdefault(one.kind, Counter())[one.detail or ""] += 1
        made = [(kind, details.total(), _ranked(details)) for kind, details in kinds.items()]
        return sorted(made, key=lambda row: (-row[1], row[0]))


def _ranked(details: Counter[str]) -> list[tuple[str, int]]:
    return sorted(((detail, n) for detail, n in details.items() if detail), key=lambda row: (-row[1], row[0]))


def digest(path: str | os.PathLike[str]) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def evaluate(
    what: str,
    path: str | os.PathLike[str],
    *,
    sample: int | None = None,
    model: str | None = None,
    codebook: str | os.PathLike[str] | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> Evaluation:
    """Code the texts of a gold file and measure what was found against it.

    `what`: a key of `MEASURES`. `sample`: only so many documents, evenly spread over the file. `model`, `codebook`: as
    for `comity.coder.Coder`. `on_progress` is called with the number of documents measured and of all.

    Raises `GoldError` for a file that is not in form, `ValueError` for a measure that there is not.
    """
    if what not in MEASURES:
        raise ValueError(f"{what!r} cannot be measured; there are: {', '.join(MEASURES)}")
    file = Path(path)
    measure, documents = import_module(f"comity.evaluation.{what}").gold(file)
    if sample is not None:
        documents = spread(documents, sample)
    setup = setup_of(model, codebook)
    return measured(what, file, measure, documents, setup, on_progress)


def measured(
    what: str,
    file: Path,
    measure: Measure,
    documents: Sequence[Any],
    setup: Setup,
    on_progress: Callable[[int, int], None] | None = None,
) -> Evaluation:
    """Find, count, work out the figures."""
    counts = []
    wrong: list[Mistake] = []
    for document, found in zip(documents, measure.find(documents, setup), strict=True):
        counts.append(measure.count(document, found))
        wrong += measure.mistakes(document, found)
        if on_progress:
            on_progress(len(counts), len(documents))
    return Evaluation(
        what=what,
        gold=file.name,
        digest=digest(file),
        documents=len(documents),
        figures=measure.figures(total(counts)),
        intervals=intervals(counts, measure.figures, measure.intervals),
        mistakes=tuple(wrong),
    )


def spread(documents: Sequence[Any], number: int) -> list[Any]:
    """So many of the documents, at even distances. Raises `GoldError` for a number below 1.

    >>> spread("abcdef", 3)
    ['a', 'c', 'e']
    """
    if number < 1:
        raise GoldError(f"a sample of {number} documents measures nothing; give 1 or more")
    number = min(number, len(documents))
    return [documents[n * len(documents) // number] for n in range(number)]


@functools.lru_cache(1)
def _coder(model: str | None, codebook: str | None) -> Coder:
    from comity.coder import Coder

    return Coder(model, codebook)


def setup_of(model: str | None = None, codebook: str | os.PathLike[str] | None = None) -> Setup:
    """With what gold texts are coded; the coder is loaded when the first text is."""

    def code(reports: Iterable[Report]) -> Iterator[Coding]:
        listed = list(reports)
        coder = _coder(model, None if codebook is None else os.fspath(codebook))
        for report, made in zip(listed, coder.stream(listed), strict=True):
            yield Coding(report=report, codebook="", coder="") if isinstance(made, LeftOut) else made

    return Setup(code, model, Path(codebook) if codebook is not None else None)
