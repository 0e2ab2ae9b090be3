"""Time expressions against gold: the measures of TempEval-3 (UzZaman et al. 2013, task A).

A gold file has one document a line: ``{"id", "text", "dct", "timex": [{"start", "end", "type", "value"}]}``; ``dct``
is the day of publication.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from comity.evaluation.measuring import (
    Counts,
    Figures,
    Measure,
    Mistake,
    Setup,
    by_overlap,
    f1,
    ratio,
    read_rows,
    total,
)
from comity.records import Report, TimeExpression

PAGE = "docs/dates.md"

PARTLY_ANNOTATED = {"meantime:": 6}
"""Beginning of a document's id to the number of its lines that are annotated: MEANTIME (Minard et al. 2016) marks the
headline, the date line and the first sentences only, and says nothing of the rest of the text."""


class Gold(msgspec.Struct, frozen=True):
    """A gold expression."""

    start: int
    end: int
    type: str | None = None
    value: str | None = None


class Document(msgspec.Struct, frozen=True):
    """A gold document."""

    id: str
    text: str
    timex: tuple[Gold, ...]
    dct: str | None = None
    title: str | None = None

    def annotated(self) -> int:
        """The offset up to which the text is annotated."""
        lines = next((n for start, n in PARTLY_ANNOTATED.items() if self.id.startswith(start)), None)
        breaks = [m.start() for m in re.finditer("\n", self.text)]
        return breaks[lines - 1] if lines is not None and len(breaks) >= lines else len(self.text)


_SAME = ((r"P(\d+)D", 7, "P{}W"), (r"P(\d+)M", 12, "P{}Y"), (r"PT(\d+)H", 24, "P{}D"))


def normal(value: str | None) -> str | None:
    """A value in the form in which values are compared: upper case, no ``Z``, no seconds of 00, single-digit months
    and days filled up, seven days as a week, twelve months as a year, 24 hours as a day."""
    if value is None:
        return None
    value = re.sub(r"(T\d\d:\d\d):00$", r"\1", value.strip().upper().removesuffix("Z"))
    day = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(.*)", value)
    if day:
        return f"{day[1]}-{int(day[2]):02d}-{int(day[3]):02d}{day[4]}"
    for pattern, per, form in _SAME:
        amount = re.fullmatch(pattern, value)
        if amount and int(amount[1]) and int(amount[1]) % per == 0:
            return form.format(int(amount[1]) // per)
    return value


def pairs(gold: Sequence[Gold], found: Sequence[TimeExpression]) -> Iterator[tuple[Gold, TimeExpression]]:
    """Matched expressions, one to one: equal spans first, then the largest overlap."""
    return ((gold[i], found[j]) for i, j in by_overlap(gold, found))


def _compared(document: Document, dates: Sequence[TimeExpression]) -> list[TimeExpression]:
    """Expressions beyond the annotated part are left out."""
    end = document.annotated()
    return [date for date in dates if date.start < end]


def _judged(one: Gold, two: TimeExpression) -> dict[str, bool]:
    """What is right about a matched expression."""
    return {
        "strict": (one.start, one.end) == (two.start, two.end),
        "type": (one.type or "").upper() == two.type,
        "value": normal(one.value) == normal(two.value),
    }


def count(document: Document, dates: Sequence[TimeExpression]) -> Counts:
    """Counts of one document."""
    found = _compared(document, dates)
    counts: Counts = Counter(documents=1, gold=len(document.timex), found=len(found))
    for one, two in pairs(document.timex, found):
        counts["relaxed"] += 1
        counts.update({name: int(right) for name, right in _judged(one, two).items()})
    return counts


def figures(counts: Mapping[str, float]) -> Figures:
    """The main figure, `value_f1`, comes first."""
    gold, found, relaxed = counts["gold"], counts["found"], counts["relaxed"]
    made = {"value_f1": f1(counts["value"], found, gold)}
    for measure in ("relaxed", "strict"):
        made[f"{measure}_f1"] = f1(counts[measure], found, gold)
        made[f"{measure}_precision"] = ratio(counts[measure], found)
        made[f"{measure}_recall"] = ratio(counts[measure], gold)
    made["type_f1"] = f1(counts["type"], found, gold)
    made["type_accuracy"] = ratio(counts["type"], relaxed)
    made["value_accuracy"] = ratio(counts["value"], relaxed)
    return made | {name: counts[name] for name in ("documents", "gold", "found")}


def score(documents: Iterable[tuple[Document, Sequence[TimeExpression]]]) -> Figures:
    """The figures over documents and what was found in them."""
    return figures(total(count(document, dates) for document, dates in documents))


def mistakes(document: Document, dates: Sequence[TimeExpression]) -> Iterator[Mistake]:
    """What is missed, what is extra, and what is wrong about the matched ones."""
    found = _compared(document, dates)
    matched = by_overlap(document.timex, found)

    def mistake(kind: str, one: Gold | None, two: TimeExpression | None, detail: str | None = None) -> Mistake:
        start, end = (one.start, one.end) if one is not None else (two.start, two.end) if two is not None else (0, 0)
        return Mistake(
            kind=kind, detail=detail, report=document.id, start=start, end=end, text=document.text[start:end],
            expected=None if one is None else f"{one.type} {one.value}",
            found=None if two is None else f"{two.text!r} {two.type} {two.value}",
        )  # fmt: skip

    for i, j in matched:
        one, two = document.timex[i], found[j]
        right = _judged(one, two)
        if not right["strict"]:
            yield mistake("bounds", one, two)
        if not right["type"]:
            yield mistake("type", one, two, f"{two.type} for {one.type}")
        if not right["value"]:
            yield mistake("value", one, two, one.type)
    for i in sorted(set(range(len(document.timex))) - {i for i, _ in matched}):
        yield mistake("missed", document.timex[i], None, document.timex[i].type)
    for j in sorted(set(range(len(found))) - {j for _, j in matched}):
        yield mistake("extra", None, found[j], found[j].type)


def find(documents: Sequence[Document], setup: Setup) -> Iterator[tuple[TimeExpression, ...]]:
    """The time expressions that Comity finds in each document."""
    reports = [Report(id=one.id, text=one.text, title=one.title, published=one.dct) for one in documents]
    return (coding.dates for coding in setup.code(reports))


MEASURE = Measure(find, count, figures, mistakes, ("value_f1", "relaxed_f1", "strict_f1"))


def gold(path: Path) -> tuple[Measure, list[Document]]:
    """The measure and the documents of a gold file. Raises `GoldError`."""
    return MEASURE, read_rows(path, Document, PAGE)
