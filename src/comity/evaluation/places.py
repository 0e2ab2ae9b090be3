"""Places against gold: the measures of geoparsing (Gritta et al. 2020, "A pragmatic guide to geoparsing evaluation").

A gold file has one document a line: ``{"id", "text", "outlet", "published", "toponyms": [{"start", "end", "lat", "lon",
"country"}]}``; ``country`` is ISO 3166 alpha-2, ``lat`` and ``lon`` are null where the annotators found no entry.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from comity.places import find_places
from comity.places.gazetteer import gazetteer
from comity.records import Place, Report

WITHIN_KM = 161.0
"""100 miles: the distance within which a place counts as found (Cheng et al. 2010)."""

_GENERIC_DOMAINS = frozenset(("tv", "me", "io", "co", "ai", "fm", "ws", "cc", "la", "ly", "to", "is", "am", "nu"))
"""Country domains that are sold to everybody and tell nothing."""


class Gold(msgspec.Struct, frozen=True):
    """A gold toponym."""

    start: int
    end: int
    lat: float | None = None
    lon: float | None = None
    country: str | None = None


class Document(msgspec.Struct, frozen=True):
    """A gold document."""

    id: str
    text: str
    toponyms: tuple[Gold, ...]
    outlet: str | None = None
    published: str | None = None


def read_gold(path: Path) -> list[Document]:
    """The documents of a gold file. Raises `ValueError` naming the line that is not in form."""
    documents = []
    for number, line in enumerate(path.read_text("utf-8").split("\n"), 1):  # a text may hold other line ends
        if line.strip():
            try:
                documents.append(msgspec.json.decode(line, type=Document))
            except msgspec.DecodeError as error:
                raise ValueError(f"{path}, line {number}: {error}; see docs/places.md for the form") from error
    return documents


def country_of_outlet(outlet: str | None) -> str | None:
    """ISO 3166 alpha-3 of an outlet's country, by the country domain of its host name; None when that tells none."""
    if not outlet or "." not in outlet:
        return None
    domain = outlet.rstrip("/").rsplit(".", 1)[1].lower()
    if domain in _GENERIC_DOMAINS or len(domain) != 2:
        return None
    wanted = "GB" if domain == "uk" else domain.upper()
    return next((alpha3 for alpha3, alpha2 in gazetteer().alpha2.items() if alpha2 == wanted), None)


def kilometres(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Great-circle distance by the haversine formula, on a sphere of 6,371 km."""
    p, q = math.radians(lat1), math.radians(lat2)
    h = math.sin((q - p) / 2) ** 2 + math.cos(p) * math.cos(q) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    return 12742.0 * math.asin(min(1.0, math.sqrt(h)))


def pairs(gold: Sequence[Gold], found: Sequence[Place]) -> Iterator[tuple[Gold, Place]]:
    """Matched toponyms, one to one: equal spans first, then the largest overlap."""
    options = []
    for i, one in enumerate(gold):
        for j, two in enumerate(found):
            shared = min(one.end, two.end) - max(one.start, two.start)
            if shared > 0:
                options.append(((one.start, one.end) != (two.start, two.end), -shared, i, j))
    used: tuple[set[int], set[int]] = (set(), set())
    for _, _, i, j in sorted(options):
        if i not in used[0] and j not in used[1]:
            used[0].add(i)
            used[1].add(j)
            yield gold[i], found[j]


def score(documents: Iterable[tuple[Document, Sequence[Place]]]) -> dict[str, Any]:
    """The figures over documents and the places that were found in them."""
    alpha2 = gazetteer().alpha2
    count = dict.fromkeys(
        ("documents", "gold", "found", "matched", "linked", "linked_matched", "near", "countries", "countries_right"), 0
    )
    sets = []
    for document, places in documents:
        count["documents"] += 1
        count["gold"] += len(document.toponyms)
        count["found"] += len(places)
        count["linked"] += sum(t.lat is not None for t in document.toponyms)
        for one, two in pairs(document.toponyms, places):
            count["matched"] += 1
            if one.lat is not None and one.lon is not None:
                count["linked_matched"] += 1
                if two.lat is not None and two.lon is not None:
                    count["near"] += kilometres(one.lat, one.lon, two.lat, two.lon) <= WITHIN_KM
            if one.country:
                count["countries"] += 1
                count["countries_right"] += alpha2.get(two.country or "") == one.country.upper()
        wanted = {t.country for t in document.toponyms if t.country}
        got = {alpha2[p.country] for p in places if p.country}
        if wanted or got:
            sets.append(2 * len(wanted & got) / (len(wanted) + len(got)))

    def share(hits: str, all_: str) -> float:
        return round(count[hits] / count[all_], 4) if count[all_] else 0.0

    both = count["gold"] + count["found"]
    return {
        "end_to_end_recall": share("near", "linked"),
        "end_to_end_precision": share("near", "found"),
        "country_accuracy": share("countries_right", "countries"),
        "span_precision": share("matched", "found"),
        "span_recall": share("matched", "gold"),
        "span_f1": round(2 * count["matched"] / both, 4) if both else 0.0,
        "accuracy_161km": share("near", "linked_matched"),
        "document_country_f1": round(sum(sets) / len(sets), 4) if sets else 0.0,
        "documents": count["documents"],
        "gold": count["gold"],
        "found": count["found"],
    }


def code(documents: Sequence[Document], model: str | None = None) -> Iterator[tuple[Document, tuple[Place, ...]]]:
    """The documents with the places that Comity finds in their texts, read as reports of their outlets."""
    from comity.actors.cast import resolve
    from comity.language import split
    from comity.language.model import Language

    cut = [(document.text, split(document.text)) for document in documents]
    parses = Language(model).parse([(text, segments, segments) for text, segments in cut])
    for document, parse in zip(documents, parses):
        country = country_of_outlet(document.outlet)
        report = Report(id=document.id, text=document.text, published=document.published, outlet_country=country)
        yield document, find_places(parse, resolve(report, parse), document.published, country)


def evaluate(gold_path: str | Path, model: str | None = None) -> dict[str, Any]:
    """Codes the texts of a gold file and scores the places; the main figure, `end_to_end_recall`, comes first.

    It is the share of the gold toponyms with coordinates that were found and placed within 161 km. `model` as for
    `comity.coder.Coder`. Raises `ValueError` for a gold file that is not in form and
    `comity.language.model.ModelMissing`.
    """
    return score(code(read_gold(Path(gold_path)), model))
