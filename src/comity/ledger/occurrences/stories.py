"""Stories: reports about the same happening, by their words and dates; and copies among them.

A report is known by its most telling words (names, rare words, numbers), the day it was published, and a sketch of its
wording (MinHash). Nothing coded enters: sports and weather group as well as politics.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from comity.ledger.occurrences import leaders
from comity.ledger.occurrences.words import code, frequencies, weight, words
from comity.records import Report

TERMS = 128
"""Words kept of a report. On the development stories fewer lose recall (64: 2 points of B-cubed F1), more gain none."""

HALF = 1000
"""Characters after which a word counts half: reports begin with what is new. 500 to 2,000 do equally well."""

NUMBERS = 0.1
"""Share of the likeness that numbers have by themselves: two quakes differ by their magnitude, two offers by price."""

WINDOW = 28
"""Days between two reports of one story. Development stories have wrong dates now and then, so a wider window would
find more of them (0.97 instead of 0.92 without any); but the calls and visits that presidents' offices announce in
the same words each month would then be one story, which is worse."""

NEAR, FAR = 0.12, 0.22
"""Likeness that makes partners of two reports of one day, and of two that are `WINDOW` days apart (cosine). Chosen on
the development halves of the story and look-alike sets, where 0.12 to 0.16 do nearly equally well; FAR costs nothing
there and keeps chronicles of a war apart. Re-run ``comity evaluate clusters`` after a change."""

UNDATED = 0.25
"""Likeness for a dated and an undated report, of which nothing says that they are of one time."""

SHINGLE = 5
SKETCH = 64
BAND = 8
"""Words in a shingle, values in a sketch, and values in a band: texts share a band when they have more than about three
quarters of their shingles in common."""

COPY = 0.5
"""Share of common shingles from which a report counts as a copy (Jaccard, estimated within 0.06). Rewritten agency
reports are below 0.2, cut and retitled ones above 0.5."""

KEYS = 12
"""Most telling words by which reports are looked for: 99 % of the development pairs that are alike share one."""

RARE = 2
"""Reports of the table up to which a word is rare enough to look for undated reports by it alone."""

SCALE = 1 << 12
"""Weights are kept as integers of this scale, so that sums are the same in whatever order they are made."""

NO_DAY = -1


class Traits(NamedTuple):
    """What is kept of a report to compare it."""

    id: str
    day: int
    """Proleptic Gregorian ordinal; `NO_DAY` when unknown."""
    length: int
    terms: np.ndarray
    """`TERMS` codes of words, 0 where there are fewer."""
    weights: np.ndarray
    """Their weights; their squares sum up to `SCALE`²."""
    sketch: np.ndarray
    """`SKETCH` values."""
    named: np.ndarray
    """Codes of the `KEYS` most telling words, 0 where there are fewer."""
    rare: np.ndarray
    """Which of these are rare."""


def traits(report: Report) -> Traits:
    """What `report` is compared by."""
    day = day_of(report)
    counts: Counter[str] = Counter()
    title = report.title or ""
    if title and not report.text.startswith(title):
        for word in words(title):
            counts[word.text] += 1.0  # type: ignore[assignment]
    listed = []
    for word in words(report.text):
        counts[word.text] += 1 / (1 + word.start / HALF)  # type: ignore[assignment]
        listed.append(word.text)
    top = _weighted(counts)
    terms = np.zeros(TERMS, np.uint32)
    weights = np.zeros(TERMS, np.uint16)
    terms[: len(top)] = [code(term) for term, _ in top]
    weights[: len(top)] = [round(value * SCALE) for _, value in top]
    sketch = _sketch(listed)
    words_in_order = [term for term, _ in top if not term.startswith("#")][:KEYS]
    counts_of = frequencies().counts
    named, rare = np.zeros(KEYS, np.uint32), np.zeros(KEYS, np.uint8)
    named[: len(words_in_order)] = [code(word) for word in words_in_order]
    rare[: len(words_in_order)] = [counts_of.get(word, 0) <= RARE for word in words_in_order]
    return Traits(report.id, day, len(report.text), terms, weights, sketch, named, rare)


_PARTS = (("terms", np.uint32), ("weights", np.uint16), ("sketch", np.uint32), ("named", np.uint32), ("rare", np.uint8))
_SIZES = {"terms": TERMS, "weights": TERMS, "sketch": SKETCH, "named": KEYS, "rare": KEYS}


def packed(one: Traits) -> bytes:
    """The arrays of the traits in a row, little-endian."""
    return b"".join(getattr(one, name).astype(np.dtype(kind).newbyteorder("<")).tobytes() for name, kind in _PARTS)


def unpacked(id_: str, day: int, length: int, data: bytes) -> Traits:
    """The traits from what `packed` gave."""
    parts, start = [], 0
    for name, kind in _PARTS:
        dtype = np.dtype(kind).newbyteorder("<")
        parts.append(np.frombuffer(data, dtype, _SIZES[name], start))
        start += dtype.itemsize * _SIZES[name]
    return Traits(id_, day, length, *parts)


def day_of(report: Report) -> int:
    """The day of publication, or the one that the text's head gives."""
    from comity.reading.text import head_date

    for date in (report.published, None if report.published else head_date(report.text)):
        if date:
            try:
                return datetime.date.fromisoformat(date[:10]).toordinal()
            except ValueError:
                continue
    return NO_DAY


def _weighted(counts: Mapping[str, float]) -> list[tuple[str, float]]:
    """The most telling words with their weights (logarithmic term frequency by inverse document frequency), of which
    numbers once more under a name of their own.
    """
    everything: dict[str, float] = {}
    numbers: dict[str, float] = {}
    for word, count in counts.items():
        value = (1 + float(np.log(count)) if count > 1 else count) * weight(word)
        everything[word] = value
        if word[0].isdigit():
            numbers["#" + word] = value
    made = {}
    for part, share in ((everything, 1 - NUMBERS), (numbers, NUMBERS)):
        length = sum(value * value for value in part.values()) ** 0.5
        for word, value in part.items():
            made[word] = share**0.5 * value / length if length else 0.0
    return sorted(made.items(), key=lambda pair: (-pair[1], pair[0]))[:TERMS]


def _sketch(listed: Sequence[str]) -> np.ndarray:
    import rensa

    hashed = rensa.RMinHash(num_perm=SKETCH, seed=1)
    hashed.update([" ".join(listed[n : n + SHINGLE]) for n in range(max(1, len(listed) - SHINGLE + 1))])
    return np.array(hashed.digest(), np.uint32)


def keys(one: Traits) -> tuple[int, ...]:
    """What partners share one of: each telling word with the two periods that a day lies in (days at most `WINDOW` apart
    have one in common), and the keys without a period."""
    periods = (one.day // WINDOW, one.day // WINDOW + 1) if one.day != NO_DAY else ()
    named = [int(word) for word in one.named if word]
    return (*(key("word", period, word) for word in named for period in periods), *lasting_keys(one))


def lasting_keys(one: Traits) -> tuple[int, ...]:
    """Keys by which reports of any days are looked for: rare words, bands of the sketch; of undated ones all words."""
    words_ = [int(word) for word in one.named if word]
    found = {key("rare", 0, int(word)) for word, rare in zip(one.named, one.rare) if rare}
    found |= {key("word", 0, word) for word in words_} if one.day == NO_DAY else set()
    bands = one.sketch.astype("<u4").reshape(-1, BAND)
    return tuple(sorted(found | {key("band", n, band.tobytes().hex()) & _LOWER for n, band in enumerate(bands)}))


_LOWER = (1 << 32) - 1


def key(kind: str, period: int, mark: object) -> int:
    """A key as a 64-bit number whose upper half is the period."""
    return (max(period, 0) << 32) | code(f"{kind} {period} {mark}")


def rank(one: Traits) -> tuple[bool, int, str]:
    """Dated reports lead undated ones, long reports short ones: a long report has more that others can be like."""
    return one.day == NO_DAY, -one.length, one.id


def copy_rank(one: Traits) -> tuple[bool, int, str]:
    """The first published is the original."""
    return one.day == NO_DAY, one.day, one.id


class Table(NamedTuple):
    """Reports side by side, for comparing many at once."""

    day: np.ndarray
    terms: np.ndarray
    weights: np.ndarray
    sketch: np.ndarray


def table(all_: Sequence[Traits]) -> Table:
    """The traits as arrays; the words are numbered anew, so that a report can be laid out flat."""
    terms = np.array([one.terms for one in all_], np.uint32).reshape(len(all_), TERMS)
    _, numbered = np.unique(terms, return_inverse=True)
    return Table(
        np.array([one.day for one in all_], np.int64),
        numbered.reshape(terms.shape).astype(np.int32),
        np.array([one.weights for one in all_], np.int64).reshape(terms.shape),
        np.array([one.sketch for one in all_], np.uint32).reshape(len(all_), SKETCH),
    )


def compare(known: Table, one: int, others: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How well each of the `others` suits `one` (below 0: not at all), and their share of common shingles."""
    flat = np.zeros(int(known.terms.max()) + 1, np.int64)
    flat[known.terms[one]] = known.weights[one]
    likeness = (flat[known.terms[others]] * known.weights[others]).sum(axis=1) / SCALE**2
    common = (known.sketch[others] == known.sketch[one]).mean(axis=1)
    apart = np.abs(known.day[others] - known.day[one])
    wanted = NEAR + (FAR - NEAR) * apart / WINDOW
    wanted[apart > WINDOW] = 2.0
    undated = known.day[others] == NO_DAY
    if known.day[one] == NO_DAY:
        wanted[:] = np.where(undated, NEAR, UNDATED)
    else:
        wanted[undated] = UNDATED
    suits = likeness - wanted
    within = (apart <= WINDOW) | undated | (known.day[one] == NO_DAY)
    return np.where((common >= COPY) & within, 1 + common, suits), common


def group_reports(reports: Iterable[Report]) -> list[tuple[str, ...]]:
    """The stories among some reports: tuples of report ids, the leading report first, the others by id.

    A report that is like no other is a story of its own. Which reports belong together depends on the reports alone,
    not on their order. Raises `ValueError` when two have one id.
    """
    known = [traits(report) for report in reports]
    made = leaders.group({one.id: rank(one) for one in known}, partners_in(known)[0])
    members: dict[str, list[str]] = {}
    for id_, leader in made.items():
        members.setdefault(leader, []).append(id_)
    return [(leader, *sorted(set(found) - {leader})) for leader, found in sorted(members.items())]


def partners_in(all_: Sequence[Traits]) -> tuple[leaders.Partners[str], leaders.Partners[str]]:
    """The partners of reports, and their copies, within a whole collection."""
    arrays = table(all_)
    places = {one.id: n for n, one in enumerate(all_)}
    if len(places) < len(all_):
        raise ValueError("two reports have one id; give each its own")
    sharing: dict[int, list[int]] = {}
    listed = [keys(one) for one in all_]
    for n, shared_keys in enumerate(listed):
        for shared in shared_keys:
            sharing.setdefault(shared, []).append(n)

    def near(id_: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        n = places[id_]
        others = np.unique(np.concatenate([np.array(sharing[shared], np.int64) for shared in listed[n]]))
        others = others[others != n]
        return others, *compare(arrays, n, others)

    def partners(ids: Sequence[str]) -> dict[str, dict[str, float]]:
        found = {}
        for id_ in ids:
            others, suits, _ = near(id_)
            found[id_] = {all_[m].id: float(s) for m, s in zip(others, suits) if s >= 0}
        return found

    def copies(ids: Sequence[str]) -> dict[str, dict[str, float]]:
        found = {}
        for id_ in ids:
            others, _, common = near(id_)
            found[id_] = {all_[m].id: float(c) for m, c in zip(others, common) if c >= COPY}
        return found

    return partners, copies
