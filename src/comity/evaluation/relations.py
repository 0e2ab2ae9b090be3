"""Pairs against gold: the PLOVER root that holds from a marked source to a marked target in a sentence.

A gold file has one pair a line: ``{"id", "sentence", "source_span", "target_span", "root"}``. The roots are PLOVER's types
with CONCEDE and RETREAT as one class, YIELD (Halterman et al. 2023, "PLOVER and POLECAT"). The measure is the plain mean
of F1 over the classes of the gold, at three depths: root, quad class, and cooperation against conflict. A pair without
an answer counts against recall only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from comity.evaluation.articles import quads
from comity.evaluation.measuring import Counts, Figures, GoldError, Measure, Mistake, Setup, ratio, read_rows

PAGE = "docs/quality.md"

YIELD = "YIELD"
YIELDING = frozenset(("CONCEDE", "RETREAT"))
YIELD_QUAD = "material cooperation"
"""The gold counts the joint class as material cooperation."""

NOTHING = "-"
"""A pair without an answer."""

WAYS = ("", "lexicon_", "classifier_")
"""Beginnings of the figures' names: both together, the lexicon alone, the classifier alone."""


class GoldPair(msgspec.Struct, frozen=True):
    """A sentence with its source, its target and the root between them."""

    id: str
    sentence: str
    source_span: tuple[int, int] | None
    target_span: tuple[int, int] | None
    root: str

    @property
    def text(self) -> str:
        return self.sentence


class Answers(NamedTuple):
    """What was found for a pair, as PLOVER types or None: by both together, by each alone."""

    both: str | None
    lexicon: str | None
    classifier: str | None


def root_of(type_: str | None) -> str:
    """The class of a type: CONCEDE and RETREAT are one; NOTHING for None."""
    return NOTHING if not type_ else YIELD if type_ in YIELDING else type_


def quad_of(root: str) -> str:
    """The quad class of a root; what is no root is its own."""
    return YIELD_QUAD if root == YIELD else quads().get(root, root)


def binary_of(root: str) -> str:
    """Cooperation or conflict; what is no root is its own."""
    return quad_of(root).rpartition(" ")[2]


DEPTHS = {"root": root_of, "quad": quad_of, "binary": binary_of}


def count(pair: GoldPair, answers: Answers) -> Counts:
    """One count a way: gold root and answer."""
    counts: Counts = Counter(pairs=1)
    for way, answer in zip(WAYS, answers):
        counts[f"{way}|{root_of(pair.root)}|{root_of(answer)}"] = 1
    return counts


def figures(counts: Mapping[str, float]) -> Figures:
    """Macro-F1 by depth and way, the main one first; coverage (share with an answer) and accuracy."""
    tables: dict[str, Counter[tuple[str, str]]] = {way: Counter() for way in WAYS}
    for key, number in counts.items():
        if "|" in key:
            way, gold, answer = key.split("|")
            tables[way][gold, answer] = number  # type: ignore[assignment]
    made: Figures = {}
    for way, table in tables.items():
        made |= {f"{way}macro_f1_{depth}": macro_f1(table, depth) for depth in DEPTHS}
        made[f"{way}coverage"] = ratio(sum(n for (_, a), n in table.items() if a != NOTHING), table.total())
        made[f"{way}accuracy_root"] = ratio(sum(n for (g, a), n in table.items() if g == a), table.total())
    return made | {"pairs": counts["pairs"]}


def macro_f1(table: Mapping[tuple[str, str], float], depth: str) -> float:
    """The mean of F1 over the gold's classes at a depth. `table`: (gold root, answered root) to number."""
    level = DEPTHS[depth]
    hits: Counter[str] = Counter()
    both: Counter[str] = Counter()
    classes: dict[str, None] = {}
    for (gold, answer), number in table.items():
        one, two = level(gold), level(answer)
        if number:
            classes[one] = None
        both[one] += number  # type: ignore[assignment]
        both[two] += number  # type: ignore[assignment]
        if one == two:
            hits[one] += number  # type: ignore[assignment]
    return round(sum(2 * hits[name] / both[name] for name in classes) / len(classes), 4) if classes else 0.0


def mistakes(pair: GoldPair, answers: Answers) -> Iterator[Mistake]:
    """Pairs without an answer and wrong answers."""
    gold, answer = root_of(pair.root), root_of(answers.both)
    if gold != answer:
        kind = "no answer" if answer == NOTHING else "other root" if quad_of(gold) == quad_of(answer) else "other quad"
        yield Mistake(
            kind=kind, detail=gold if answer == NOTHING else f"{answer} for {gold}", report=pair.id, start=0,
            end=len(pair.sentence), text=pair.sentence, expected=gold, found=answers.both,
        )  # fmt: skip


def find(pairs: Sequence[GoldPair], setup: Setup) -> Iterator[Answers]:
    """What Comity answers for each pair: by both models together; by the best ranked pattern of the lexicon alone; by the
    words around and between the parties alone. Raises `GoldError` for a span that does not lie in its sentence."""
    from comity.events import arguments
    from comity.events.arguments import probabilities
    from comity.events.classify import NONE, Pair, PairError, judge, judges, read_pairs
    from comity.events.lexicon import read_lexicon
    from comity.language.model import Language

    own = setup.codebook / "lexicon" if setup.codebook is not None else None
    by = judges(read_lexicon(own) if own is not None and own.is_dir() else None)
    asked = (Pair(pair.id, pair.sentence, pair.source_span, pair.target_span) for pair in pairs)
    try:
        for pair, parsed in read_pairs(asked, Language(setup.model), by.lexicon):
            ranked = [(arguments.probability(by.rank, found.features), found.root) for found in parsed.found]
            best = max(ranked, key=lambda one: one[0])[1] if ranked else None
            words = probabilities(by.text, parsed.words)
            likeliest = max(words, key=lambda name: words[name])
            answer = judge(pair, parsed, by.rank, by.text).root
            yield Answers(answer, best, None if likeliest == NONE else likeliest)
    except PairError as error:
        raise GoldError(f"a pair cannot be read: {error}") from None


MEASURE = Measure(find, count, figures, mistakes, tuple(f"macro_f1_{depth}" for depth in DEPTHS))


def gold(path: Path) -> tuple[Measure, list[GoldPair]]:
    """The measure and the pairs of a gold file. Raises `GoldError`."""
    return MEASURE, read_rows(path, GoldPair, PAGE)
