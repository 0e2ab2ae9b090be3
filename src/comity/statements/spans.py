"""Contents as lists of spans: trimming, covering, cutting."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from itertools import accumulate
from typing import Generic, TypeVar

from comity.records import Span

T = TypeVar("T")


def trim(text: str, start: int, end: int) -> Span:
    """The stretch without blanks, commas and dashes at its edges, nor a full stop before it."""
    while start < end and text[start] in " \n\t\r\u00a0,;:–—-.":
        start += 1
    while end > start and text[end - 1] in " \n\t\r\u00a0,;:–—-":
        end -= 1
    return start, end


def subtract(content: list[Span], start: int, end: int, text: str) -> list[Span]:
    """The content without a stretch."""
    out: list[Span] = []
    for a, b in content:
        if end <= a or b <= start:
            out.append((a, b))
            continue
        for x, y in ((a, start), (end, b)):
            x, y = trim(text, x, y)
            if y > x:
                out.append((x, y))
    return out


def clip(content: list[Span], limit: list[Span], text: str) -> list[Span]:
    """The part of the content that lies in the limit."""
    out = []
    for a, b in content:
        for c, d in limit:
            x, y = trim(text, max(a, c), min(b, d))
            if y > x:
                out.append((x, y))
    return out


def uncross(content: list[Span], other: list[Span], text: str) -> list[Span]:
    """The content without what crosses a span of the other; spans that hold or are held stay."""
    out: list[Span] = []
    for a, b in content:
        for c, d in other:
            if c < b and a < d and not (a <= c and d <= b):
                a, b = (d, b) if c <= a else (a, c)
                a, b = trim(text, a, b)
        if b > a:
            out.append((a, b))
    return out


def covers(content: list[Span], start: int, end: int) -> bool:
    """True when one of the spans holds the stretch."""
    return any(a <= start and end <= b for a, b in content)


def contains(outer: list[Span], inner: list[Span]) -> bool:
    """True when every span of the one lies in a span of the other."""
    return all(covers(outer, a, b) for a, b in inner)


def overlaps(one: list[Span], other: list[Span]) -> bool:
    """True when the two share a character."""
    return any(a < d and c < b for a, b in one for c, d in other)


def size(content: list[Span]) -> int:
    """Characters in all spans."""
    return sum(b - a for a, b in content)


def union(parts: list[Span]) -> int:
    """Characters that at least one of the stretches holds."""
    total, reached = 0, -1
    for a, b in sorted(parts):
        if b > reached:
            total += b - max(a, reached)
            reached = b
    return total


class Index(Generic[T]):
    """Things by the stretches of text that they take up: finds those that share text with a stretch.

    A look-up costs as much as there are things in the longest stretch around the place, not as in the report.
    """

    def __init__(self, things: Iterable[tuple[int, int, T]]) -> None:
        self._things = sorted(things, key=lambda thing: thing[:2])
        self._starts = [start for start, _, _ in self._things]
        self._reach = list(accumulate((end for _, end, _ in self._things), max))

    def over(self, start: int, end: int) -> list[T]:
        """Those that share a character with the stretch, in text order, longer ones last among equal starts."""
        n = bisect_left(self._starts, end) - 1
        found = []
        while n >= 0 and self._reach[n] > start:
            if self._things[n][1] > start:
                found.append(self._things[n][2])
            n -= 1
        found.reverse()
        return found
