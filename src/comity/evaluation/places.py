"""Places against gold: the measures of geoparsing (Gritta et al. 2020, "A pragmatic guide to geoparsing evaluation").

A gold file has one document a line: ``{"id", "text", "outlet", "published", "toponyms": [{"start", "end", "lat", "lon",
"geonameid", "country"}]}``; ``country`` is ISO 3166 alpha-2, ``lat`` and ``lon`` are null where the annotators found no
entry.
"""

from __future__ import annotations

import math
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
from comity.places.gazetteer import gazetteer
from comity.records import Place, Report

PAGE = "docs/places.md"

WITHIN_KM = 161.0
"""100 miles: the distance within which a place counts as found (Cheng et al. 2010)."""


FARTHEST_KM = 20039.0
"""Half the circumference of the earth: the error that counts as 1 in the area under the curve of log errors (Gritta et
al. 2018); 0 is best."""


class Gold(msgspec.Struct, frozen=True):
    """A gold toponym."""

    start: int
    end: int
    lat: float | None = None
    lon: float | None = None
    country: str | None = None
    geonameid: int | str | None = None


class Document(msgspec.Struct, frozen=True):
    """A gold document."""

    id: str
    text: str
    toponyms: tuple[Gold, ...]
    outlet: str | None = None
    url: str | None = None
    published: str | None = None
    title: str | None = None


def kilometres(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Great-circle distance by the haversine formula, on a sphere of 6,371 km."""
    p, q = math.radians(lat1), math.radians(lat2)
    h = math.sin((q - p) / 2) ** 2 + math.cos(p) * math.cos(q) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    return 12742.0 * math.asin(min(1.0, math.sqrt(h)))


def pairs(gold: Sequence[Gold], found: Sequence[Place]) -> Iterator[tuple[Gold, Place]]:
    """Matched toponyms, one to one: equal spans first, then the largest overlap."""
    return ((gold[i], found[j]) for i, j in by_overlap(gold, found))


def _off(one: Gold, two: Place) -> float | None:
    """Kilometres between a gold toponym and the place found for it; None where one of them has no coordinates."""
    if one.lat is None or one.lon is None or two.lat is None or two.lon is None:
        return None
    return kilometres(one.lat, one.lon, two.lat, two.lon)


def _near(one: Gold, two: Place) -> bool:
    off = _off(one, two)
    return off is not None and off <= WITHIN_KM


def _same_country(one: Gold, two: Place) -> bool:
    return one.country is not None and gazetteer().alpha2.get(two.country or "") == one.country.upper()


def count(document: Document, places: Sequence[Place]) -> Counts:
    """Counts of one document."""
    alpha2 = gazetteer().alpha2
    counts: Counts = Counter(documents=1, gold=len(document.toponyms), found=len(places))
    counts["linked"] += sum(t.lat is not None for t in document.toponyms)
    counts["placed"] += sum(p.lat is not None for p in places)
    for one, two in pairs(document.toponyms, places):
        counts["matched"] += 1
        counts["linked_matched"] += one.lat is not None
        off = _off(one, two)
        if off is not None:
            counts["measured"] += 1
            counts["near"] += off <= WITHIN_KM
            counts["km"] += off  # type: ignore[assignment]
            counts["log_km"] += math.log1p(off)  # type: ignore[assignment]
        if one.geonameid is not None and two.geonameid is not None:
            counts["ids"] += 1
            counts["ids_right"] += str(one.geonameid) == str(two.geonameid)
        if one.country:
            counts["countries"] += 1
            counts["countries_right"] += _same_country(one, two)
    wanted = {t.country for t in document.toponyms if t.country}
    got = {alpha2[p.country] for p in places if p.country}
    if wanted or got:
        counts["sets"] += 1
        counts["set_f1"] += 2 * len(wanted & got) / (len(wanted) + len(got))  # type: ignore[assignment]
    return counts


def figures(counts: Mapping[str, float]) -> Figures:
    """The main figure, `end_to_end_recall`, comes first: the share of the gold toponyms with coordinates that were
    found and placed within 161 km."""
    return {
        "end_to_end_recall": ratio(counts["near"], counts["linked"]),
        "end_to_end_precision": ratio(counts["near"], counts["placed"]),
        "country_accuracy": ratio(counts["countries_right"], counts["countries"]),
        "span_precision": ratio(counts["matched"], counts["found"]),
        "span_recall": ratio(counts["matched"], counts["gold"]),
        "span_f1": f1(counts["matched"], counts["found"], counts["gold"]),
        "accuracy_161km": ratio(counts["near"], counts["linked_matched"]),
        "geonameid_exact": ratio(counts["ids_right"], counts["ids"]),
        "mean_km": round(counts["km"] / counts["measured"], 1) if counts["measured"] else 0.0,
        "auc_log_error": ratio(counts["log_km"], counts["measured"] * math.log1p(FARTHEST_KM)),
        "document_country_f1": ratio(counts["set_f1"], counts["sets"]),
        "documents": counts["documents"],
        "gold": counts["gold"],
        "found": counts["found"],
    }


def score(documents: Iterable[tuple[Document, Sequence[Place]]]) -> Figures:
    """The figures over documents and the places that were found in them."""
    return figures(total(count(document, places) for document, places in documents))


def mistakes(document: Document, places: Sequence[Place]) -> Iterator[Mistake]:
    """What is missed, what is extra, and what of the matched ones lies elsewhere."""
    matched = by_overlap(document.toponyms, places)

    def mistake(kind: str, one: Gold | None, two: Place | None, detail: str | None) -> Mistake:
        start, end = (one.start, one.end) if one is not None else (two.start, two.end) if two is not None else (0, 0)
        return Mistake(
            kind=kind, detail=detail, report=document.id, start=start, end=end, text=document.text[start:end],
            expected=None if one is None else f"{one.country} {one.lat}, {one.lon}",
            found=None if two is None else f"{two.text!r} {two.level} {two.country} {two.lat}, {two.lon}",
        )  # fmt: skip

    for i, j in matched:
        one, two = document.toponyms[i], places[j]
        if one.country and not _same_country(one, two):
            yield mistake("other country", one, two, two.level)
        elif one.lat is not None and not _near(one, two):
            yield mistake("too far away", one, two, two.level)
    for i in sorted(set(range(len(document.toponyms))) - {i for i, _ in matched}):
        one = document.toponyms[i]
        yield mistake("missed", one, None, "in the gazetteers" if one.lat is not None else "in no gazetteer")
    for j in sorted(set(range(len(places))) - {j for _, j in matched}):
        yield mistake("extra", None, places[j], places[j].level)


def find(documents: Sequence[Document], setup: Setup) -> Iterator[tuple[Place, ...]]:
    """The places that Comity finds in each document, read as a report of its outlet."""
    reports = [
        Report(id=one.id, text=one.text, title=one.title, published=one.published, outlet=one.outlet, url=one.url)
        for one in documents
    ]
    return (coding.places for coding in setup.code(reports))


MEASURE = Measure(find, count, figures, mistakes, ("end_to_end_recall", "end_to_end_precision", "country_accuracy"))


def gold(path: Path) -> tuple[Measure, list[Document]]:
    """The measure and the documents of a gold file. Raises `GoldError`."""
    return MEASURE, read_rows(path, Document, PAGE)
