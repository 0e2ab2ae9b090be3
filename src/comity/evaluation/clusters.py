"""Groups against gold: stories of reports (B-cubed), and occurrences of events (pairs of mentions).

A gold file has one report a line: ``{"id", "text", "title", "published", "cluster", "mentions"}``. ``cluster`` names the
story; ``mentions`` (``{"start", "end", "tag", "cluster"}``), where there are any, the chains of words that tell of one
happening. Of these the words count whose tag begins with ``ACTION`` and that are the trigger of a coded event: the figures
say how Comity groups what it codes, and ``mentions_coded`` how much that is.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import msgspec

from comity.evaluation.measuring import Counts, Figures, Measure, Mistake, Setup, f1, ratio, read_rows
from comity.ledger.occurrences import group_events, group_reports
from comity.records import Report, Span

PAGE = "docs/occurrences.md"

ACTION = "ACTION"
"""Beginning of the tags of words that tell of a happening, in ECB+ (Cybulska and Vossen 2014)."""


class GoldMention(msgspec.Struct, frozen=True):
    """Words that tell of something, and the chain of all that tell of the same."""

    start: int
    end: int
    tag: str = ACTION
    cluster: str | None = None


class Document(msgspec.Struct, frozen=True):
    """A gold report with its story."""

    id: str
    text: str
    cluster: str
    title: str | None = None
    url: str | None = None
    outlet: str | None = None
    published: str | None = None
    mentions: tuple[GoldMention, ...] | None = None

    def told(self) -> list[GoldMention]:
        """The mentions of happenings that stand in a chain."""
        return [m for m in self.mentions or () if m.tag.startswith(ACTION) and m.cluster is not None]


class Pair(NamedTuple):
    """Two coded mentions that gold or Comity puts together."""

    one: tuple[int, Span]
    """Number of the document and the words."""
    two: tuple[int, Span]
    gold: bool
    found: bool


class Found(NamedTuple):
    """What was found for one document."""

    precision: float
    """B-cubed: share of the documents in its found story that are of its gold story."""
    recall: float
    leader: str
    """The report that leads its found story."""
    coded: int
    """Gold mentions that are the trigger of a coded event."""
    pairs: tuple[Pair, ...]
    """Of mentions of this document (first) and of this or later ones."""
    texts: Mapping[int, str]


def b_cubed(gold: Sequence[Hashable], found: Sequence[Hashable]) -> list[tuple[float, float]]:
    """Precision and recall of each item (Bagga and Baldwin 1998), from its gold group and its found group.

    >>> b_cubed("aab", "xyy")
    [(1.0, 0.5), (0.5, 0.5), (0.5, 1.0)]
    """
    sizes, made, both = Counter(gold), Counter(found), Counter(zip(gold, found))
    return [(both[g, f] / made[f], both[g, f] / sizes[g]) for g, f in zip(gold, found)]


# --- what Comity finds -----------------------------------------------------------------------------------------------


def report_of(document: Document) -> Report:
    """A gold document as a report."""
    return Report(
        id=document.id, text=document.text, title=document.title, url=document.url, outlet=document.outlet,
        published=document.published,
    )  # fmt: skip


def find(documents: Sequence[Document], setup: Setup) -> Iterator[Found]:
    """Stories of all documents; where gold has chains, occurrences of their coded events too."""
    leader = {id_: story[0] for story in group_reports(map(report_of, documents)) for id_ in story}
    shares = b_cubed([d.cluster for d in documents], [leader[d.id] for d in documents])
    coded = _coded(documents, setup) if any(d.mentions for d in documents) else {}
    pairs = _pairs(coded)
    texts = {n: d.text for n, d in enumerate(documents)} if pairs else {}
    for n, (document, (precision, recall)) in enumerate(zip(documents, shares)):
        number = sum(place == n for place, _ in coded)
        yield Found(precision, recall, leader[document.id], number, tuple(pairs.get(n, ())), texts)


Coded = dict[tuple[int, Span], tuple[str, str]]
"""Mentions with their chain and the occurrence of the event that they trigger."""


def _coded(documents: Sequence[Document], setup: Setup) -> Coded:
    codings = list(setup.code(map(report_of, documents)))
    places = {event: occurrence[0] for occurrence in group_events(codings) for event in occurrence}
    found: Coded = {}
    for n, (document, coding) in enumerate(zip(documents, codings)):
        for mention in document.told():
            for event in coding.events:
                inside = mention.start <= event.trigger[0] < mention.end
                if inside and not event.background and mention.cluster:
                    found[n, (mention.start, mention.end)] = mention.cluster, places[event.id]
                    break
    return found


def _pairs(coded: Coded) -> dict[int, list[Pair]]:
    """All pairs of mentions that are together in gold or in what was found, by the first one's document."""
    found: dict[int, list[Pair]] = defaultdict(list)
    for one, two in combinations(sorted(coded), 2):
        gold, same = (a == b for a, b in zip(coded[one], coded[two]))
        if gold or same:
            found[one[0]].append(Pair(one, two, gold, same))
    return found


# --- the measure -----------------------------------------------------------------------------------------------------


def count(document: Document, found: Found) -> Counts:
    """Counts of one document."""
    c: Counts = Counter(documents=1, mentions=len(document.told()), coded=found.coded)
    c["precision"] += found.precision  # type: ignore[assignment]
    c["recall"] += found.recall  # type: ignore[assignment]
    for pair in found.pairs:
        c["gold_pairs"] += pair.gold
        c["found_pairs"] += pair.found
        c["both_pairs"] += pair.gold and pair.found
    return c


def figures(c: Mapping[str, float]) -> Figures:
    """B-cubed F1, precision and recall of the stories; of pairs of coded mentions F1, precision and recall."""
    precision, recall = ratio(c["precision"], c["documents"]), ratio(c["recall"], c["documents"])
    made = {
        "bcubed_f1": ratio(2 * precision * recall, precision + recall),
        "bcubed_precision": precision,
        "bcubed_recall": recall,
    }
    if c["mentions"]:
        made |= {
            "mentions_pairwise_f1": f1(c["both_pairs"], c["found_pairs"], c["gold_pairs"]),
            "mentions_pairwise_precision": ratio(c["both_pairs"], c["found_pairs"]),
            "mentions_pairwise_recall": ratio(c["both_pairs"], c["gold_pairs"]),
            "mentions_coded": c["coded"],
            "mentions": c["mentions"],
        }
    return made | {"documents": c["documents"]}


def mistakes(document: Document, found: Found) -> Iterator[Mistake]:
    """Reports whose story holds others, or lacks some; pairs of mentions put together or kept apart wrongly."""
    for kind, share in (("story: others in it", found.precision), ("story: torn apart", found.recall)):
        if share < 1:
            yield Mistake(
                kind=kind, report=document.id, start=0, end=0, text=document.title or document.text[:80],
                expected=document.cluster, found=found.leader,
            )  # fmt: skip
    for pair in found.pairs:
        if pair.gold != pair.found:
            (n, words), (m, others) = pair.one, pair.two
            yield Mistake(
                kind="events: together" if pair.found else "events: apart",
                detail="in one report" if n == m else "of two reports",
                report=document.id, start=words[0], end=words[1], text=found.texts[n][slice(*words)],
                found=found.texts[m][slice(*others)],
            )  # fmt: skip


MEASURE = Measure(find, count, figures, mistakes, ("bcubed_f1",))


def gold(path: Path) -> tuple[Measure, list[Document]]:
    """The measure and the reports of a gold file. Raises `GoldError`."""
    return MEASURE, read_rows(path, Document, PAGE)
