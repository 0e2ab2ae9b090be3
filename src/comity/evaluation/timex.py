"""Time expressions against gold: the measures of TempEval-3 (UzZaman et al. 2013, task A).

A gold file has one document a line: ``{"id", "text", "dct", "timex": [{"start", "end", "type", "value"}]}``; ``dct``
is the day of publication.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from comity.dates import find_dates
from comity.records import TimeExpression

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

    def annotated(self) -> int:
        """The offset up to which the text is annotated."""
        lines = next((n for start, n in PARTLY_ANNOTATED.items() if self.id.startswith(start)), None)
        breaks = [m.start() for m in re.finditer("\n", self.text)]
        return breaks[lines - 1] if lines is not None and len(breaks) >= lines else len(self.text)


def read_gold(path: Path) -> list[Document]:
    """The documents of a gold file. Raises `ValueError` naming the line that is not in form."""
    documents = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if line.strip():
            try:
                documents.append(msgspec.json.decode(line, type=Document))
            except msgspec.DecodeError as error:
                raise ValueError(f"{path}, line {number}: {error}; see docs/dates.md for the form") from error
    return documents


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
    options = []
    for i, one in enumerate(gold):
        for j, two in enumerate(found):
            shared = min(one.end, two.end) - max(one.start, two.start)
            if shared > 0:
                exact = (one.start, one.end) == (two.start, two.end)
                options.append((not exact, -shared, i, j))
    used: tuple[set[int], set[int]] = (set(), set())
    for _, _, i, j in sorted(options):
        if i not in used[0] and j not in used[1]:
            used[0].add(i)
            used[1].add(j)
            yield gold[i], found[j]


def score(documents: Iterable[tuple[Document, Sequence[TimeExpression]]]) -> dict[str, Any]:
    """The figures over documents and what was found in them; expressions beyond the annotated part are left out."""
    count = dict.fromkeys(("documents", "gold", "found", "relaxed", "strict", "type", "value"), 0)
    for document, dates in documents:
        end = document.annotated()
        found = [d for d in dates if d.start < end]
        count["documents"] += 1
        count["gold"] += len(document.timex)
        count["found"] += len(found)
        for one, two in pairs(document.timex, found):
            count["relaxed"] += 1
            count["strict"] += (one.start, one.end) == (two.start, two.end)
            count["type"] += (one.type or "").upper() == two.type
            count["value"] += normal(one.value) == normal(two.value)

    def of(hits: str, all_: str) -> float:
        return round(count[hits] / count[all_], 4) if count[all_] else 0.0

    def f1(hits: str) -> float:
        both = count["gold"] + count["found"]
        return round(2 * count[hits] / both, 4) if both else 0.0

    figures: dict[str, Any] = {"value_f1": f1("value")}
    for measure in ("relaxed", "strict"):
        figures[f"{measure}_f1"] = f1(measure)
        figures[f"{measure}_precision"] = of(measure, "found")
        figures[f"{measure}_recall"] = of(measure, "gold")
    figures["type_f1"] = f1("type")
    figures["type_accuracy"] = of("type", "relaxed")
    figures["value_accuracy"] = of("value", "relaxed")
    return figures | {name: count[name] for name in ("documents", "gold", "found")}


def evaluate(gold_path: str | Path, model: str | None = None) -> dict[str, Any]:
    """Codes the texts of a gold file and scores the time expressions; the main figure, `value_f1`, comes first.

    `model` as for `comity.coder.Coder`. Raises `ValueError` for a gold file that is not in form and
    `comity.language.model.ModelMissing`.
    """
    from comity.language import split
    from comity.language.model import Language

    documents = read_gold(Path(gold_path))
    cut = [(document.text, split(document.text)) for document in documents]
    parses = Language(model).parse([(text, segments, segments) for text, segments in cut])
    return score((document, find_dates(parse, document.dct)) for document, parse in zip(documents, parses))
