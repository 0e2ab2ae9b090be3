"""Intervals by resampling whole reports: what one report tells hangs together, so a report is the block."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import msgspec
import numpy as np

RESAMPLES = 400
"""Draws behind an interval. The ends of a 95 % interval then vary by about 5 % of its width between seeds."""

LEVEL = 0.95
SEED = 20221029

CHUNK = 4_000_000
"""Weights held in memory at a time (32 MB)."""

Array = np.ndarray[Any, Any]


class Interval(msgspec.Struct, frozen=True):
    """A central interval of `LEVEL`, from resampling."""

    low: float
    high: float


def sums(
    cells: Array,
    blocks: Array,
    values: Array,
    *,
    cell_count: int,
    resamples: int = RESAMPLES,
    block_count: int | None = None,
) -> Array:
    """Resampled sums of values by cell: an array (resamples, cells, columns).

    Each draw gives every block a weight from a Poisson distribution with mean 1: the Poisson bootstrap (Chamandy,
    Muralidharan, Najmi & Naidu 2012, "Estimating Uncertainty for Massive Data Streams"), which for many blocks is the
    bootstrap of whole clusters (Davison & Hinkley 1997, section 3.8). Blocks are independent of one another and of the
    order of rows, so that the same rows give the same numbers.

    `cells`: the cell of each row, 0 to `cell_count` - 1. `blocks`: the block of each row, an integer from 0.
    `values`: (rows, columns). `block_count`: more blocks than these rows have; sums over parts of the same rows then
    share their draws.
    """
    count = block_count or (int(blocks.max()) + 1 if len(blocks) else 0)
    columns = values.shape[1]
    made = np.zeros((resamples, cell_count, columns))
    if not len(blocks):
        return made
    # Rows of one cell and block always move together: added up once, they leave far less to weigh.
    keys, inverse = np.unique(cells.astype(np.int64) * count + blocks, return_inverse=True)
    merged = np.stack([np.bincount(inverse, values[:, n], len(keys)) for n in range(columns)], axis=1)
    at, block = keys // count, keys % count
    edges = np.r_[np.flatnonzero(np.r_[True, at[1:] != at[:-1]]), len(at)].tolist()
    begin = 0
    for weights in _weights(count, max(count, len(keys)), resamples):
        size = weights.shape[1]
        for start, end in itertools.pairwise(edges):
            own = weights[block[start:end]].astype(np.float64)
            made[begin : begin + size, at[start]] = (merged[start:end].T @ own).T
        begin += size
    return made


def _weights(blocks: int, rows: int, resamples: int) -> Iterator[Array]:
    """Weights of all blocks, for some draws at a time: (blocks, draws)."""
    most = max(1, CHUNK // rows)
    if most >= resamples:
        yield _few_weights(blocks, resamples)
        return
    chance = np.random.default_rng(SEED)
    for begin in range(0, resamples, most):
        yield _poisson(chance, blocks, min(most, resamples - begin))


@lru_cache(maxsize=1)
def _few_weights(blocks: int, resamples: int) -> Array:
    """Kept for the next sums: the directions of a dyad have the same blocks."""
    return _poisson(np.random.default_rng(SEED), blocks, resamples)


def _poisson(chance: np.random.Generator, blocks: int, draws: int) -> Array:
    return chance.poisson(1.0, (blocks, draws)).astype(np.uint8)


def intervals(draws: Array) -> list[Interval | None]:
    """`interval` of each column of (draws, columns), in one go."""
    made: list[Interval | None] = [None] * draws.shape[1]
    whole = np.isfinite(draws).all(axis=0) & (len(draws) > 0)
    if whole.any():
        low, high = np.quantile(draws[:, whole], [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
        for n, one, other in zip(np.flatnonzero(whole).tolist(), low.tolist(), high.tolist()):
            made[n] = Interval(one, other)
    for n in np.flatnonzero(~whole).tolist():
        made[n] = interval(draws[:, n])
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
