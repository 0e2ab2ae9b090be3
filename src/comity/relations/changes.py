"""Change points: where the level of a series moves, with the room that chance leaves."""

from __future__ import annotations

from math import log
from typing import Any

import msgspec
import numpy as np

from comity.relations.errors import library

PENALTY = 3.0
"""Cost of a further change in units of log(periods): the two leading terms of the modified BIC (Zhang & Siegmund 2007,
"A modified Bayes information criterion …"), whose third rewards even spacing and is left out."""

SHORTEST = 3
"""Fewest periods between two changes. A month or two of fighting is a spike and no new level."""

Array = np.ndarray[Any, Any]


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One change of level."""

    at: int
    """Index of the first period of the new level."""
    earliest: int
    """The change lies between here and `latest` with a probability of 95 %, given the other changes."""
    latest: int
    before: float
    """Level (weighted mean) since the change before."""
    after: float
    """Level until the next change."""


def squash(values: Array) -> Array:
    """Sums that have no bounds, made comparable: asinh(x / s), s the median of |x| (1 where that is 0).

    Linear near 0 and logarithmic far from it, so that a war does not drown every other month (Burbidge, Magee & Robb
    1988, "Alternative transformations to handle extreme values").
    """
    scale = float(np.median(np.abs(values))) if len(values) else 0.0
    return np.asarray(np.arcsinh(values / (scale or 1.0)))


def noise(values: Array) -> float:
    """Standard deviation of what differs from one period to the next at one level: the median absolute deviation of
    the first differences, / 0.6745 / √2 (Hampel 1974), on which few changes have no effect."""
    if len(values) < 3:
        return 0.0
    steps = np.diff(values)
    return float(np.median(np.abs(steps - np.median(steps))) / 0.6745 / np.sqrt(2))


def variances(values: Array, numbers: Array, spread: float) -> Array:
    """Variance of each period's mean: of the level from period to period, and of the mean of `numbers` events whose
    own standard deviation is `spread` (the sum of a random effect and a sampling error; DerSimonian & Laird 1986).
    """
    sampling = spread**2 / np.maximum(numbers, 1)
    between = max(0.0, noise(values) ** 2 - float(np.median(sampling)))
    return np.asarray(between + sampling)


def change_points(values: Array, variance: Array) -> list[Change]:
    """Changes of the level of a series, by least weighted squares with a penalty for each change.

    Exact minimum by PELT (Killick, Fearnhead & Eckley 2012) in ``ruptures`` (Truong, Oudre & Vayatis 2020). `variance`:
    of each value, so that months with few events weigh little. A series of fewer than 2 × `SHORTEST` values has none.
    """
    size = len(values)
    if size < 2 * SHORTEST or not np.all(variance > 0):
        return []
    ruptures = library("ruptures", "change points")
    weights = 1.0 / variance
    # Lists: the search asks for single numbers, 100,000 times in a series of 300 periods.
    level = [0.0, *np.cumsum(weights).tolist()]
    first = [0.0, *np.cumsum(weights * values).tolist()]
    second = [0.0, *np.cumsum(weights * values**2).tolist()]

    def cost(start: int, end: int) -> float:
        total = first[end] - first[start]
        return second[end] - second[start] - total * total / (level[end] - level[start])

    class Weighted(ruptures.base.BaseCost):  # type: ignore[name-defined]
        """Weighted squared distance from the weighted mean."""

        model = ""
        min_size = SHORTEST

        def fit(self, signal: Array) -> Weighted:
            self.signal = signal
            return self

        def error(self, start: int, end: int) -> float:
            return cost(start, end)

    search = ruptures.Pelt(custom_cost=Weighted(), min_size=SHORTEST, jump=1).fit(values.reshape(-1, 1))
    ends = [0, *search.predict(pen=PENALTY * log(size))]
    made = []
    for left, at, right in zip(ends, ends[1:], ends[2:]):
        earliest, latest = _room(cost, left, at, right)
        before = (first[at] - first[left]) / (level[at] - level[left])
        after = (first[right] - first[at]) / (level[right] - level[at])
        made.append(Change(at=at, earliest=earliest, latest=latest, before=float(before), after=float(after)))
    return made


def _room(cost: Any, left: int, at: int, right: int) -> tuple[int, int]:
    """The shortest stretch around `at` that holds 95 % of the likelihood of where one change between two others lies
    (normal errors of known variance, all places equally likely before)."""
    places = np.arange(left + 1, right)
    half = np.array([-0.5 * (cost(left, k) + cost(k, right)) for k in places])
    share = np.exp(half - half.max())
    share /= share.sum()
    low = high = int(np.searchsorted(places, at))
    held = share[low]
    while held < 0.95:
        down = share[low - 1] if low > 0 else -1.0
        up = share[high + 1] if high + 1 < len(share) else -1.0
        if down >= up:
            low -= 1
            held += share[low]
        else:
            high += 1
            held += share[high]
    return int(places[low]), int(places[high])
