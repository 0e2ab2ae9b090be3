"""Intervals by resampling whole reports: what one report tells hangs together, so a report is the block."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np

RESAMPLES = 400
"""Draws behind an interval. The ends of a 95 % interval then vary by about 5 % of its width between seeds."""

LEVEL = 0.95
SEED = 20221029

CHUNK = 4_000_000
"""Weights held in memory at a time (32 MB, three times)."""

Array = np.ndarray[Any, Any]


class Interval(msgspec.Struct, frozen=True):
    """A central interval of `LEVEL`, from resampling."""

    low: float
    high: float


def sums(cells: Array, blocks: Array, values: Array, *, cell_count: int, resamples: int = RESAMPLES) -> Array:
    """Resampled sums of values by cell: an array (resamples, cells, columns).

    Each draw gives every block a weight from a Poisson distribution with mean 1: the Poisson bootstrap (Chamandy,
    Muralidharan, Najmi & Naidu 2012, "Estimating Uncertainty for Massive Data Streams"), which for many blocks is the
    bootstrap of whole clusters (Davison & Hinkley 1997, section 3.8). Blocks are independent of one another and of the
    order of rows, so that the same rows give the same numbers.

    `cells`: the cell of each row, 0 to `cell_count` - 1. `blocks`: the block of each row, an integer from 0.
    `values`: (rows, columns).
    """
    count = int(blocks.max()) + 1 if len(blocks) else 0
    columns = values.shape[1]
    made = np.zeros((resamples, cell_count, columns))
    if not len(blocks):
        return made
    # Rows of one cell and block always move together: added up once, they leave far less to weigh.
    keys, inverse = np.unique(cells.astype(np.int64) * count + blocks, return_inverse=True)
    merged = np.stack([np.bincount(inverse, values[:, n], len(keys)) for n in range(columns)], axis=1)
    at, block = keys // count, keys % count
    starts = np.flatnonzero(np.r_[True, at[1:] != at[:-1]])
    chance = np.random.default_rng(SEED)
    most = max(1, CHUNK // max(count, len(keys)))
    for begin in range(0, resamples, most):
        size = min(most, resamples - begin)
        weights = chance.poisson(1.0, (count, size)).astype(np.float64)[block]
        for n in range(columns):
            reduced = np.add.reduceat(weights * merged[:, n : n + 1], starts, axis=0)
            made[begin : begin + size, at[starts], n] = reduced.T
    return made


def interval(draws: Array, level: float = LEVEL) -> Interval | None:
    """The percentile interval of draws (Efron 1979); draws that are no number are left out, None when few are left."""
    usable = draws[np.isfinite(draws)]
    if len(usable) < 0.8 * len(draws) or len(usable) == 0:
        return None
    low, high = np.quantile(usable, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(low), float(high))


def ratio(numerator: Array, denominator: Array) -> Array:
    """Their ratio, not a number where the denominator is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Array = np.where(denominator != 0, numerator / denominator, np.nan)
    return found
