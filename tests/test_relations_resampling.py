"""Intervals: whole blocks are resampled, ratios come with percentile intervals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.relations.resampling import Interval, interval, intervals, ratio, sums


def _sums(cells: list[int], blocks: list[int], values: list[list[float]], **more: int) -> np.ndarray:
    return sums(np.array(cells), np.array(blocks), np.array(values, float), **({"cell_count": max(cells) + 1} | more))


def test_draws_lie_around_the_sums() -> None:
    chance = np.random.default_rng(3)
    cells, blocks = chance.integers(0, 3, 3000), chance.integers(0, 500, 3000)
    values = chance.normal(2, 1, (3000, 2))
    draws = sums(cells, blocks, values, cell_count=3)
    for cell in range(3):
        assert draws[:, cell].mean(axis=0) == pytest.approx(values[cells == cell].sum(axis=0), rel=0.02)


def test_the_spread_is_that_of_whole_blocks() -> None:
    # 400 blocks of 5 equal rows: the variance of the sum is 400 · 5², not 2000 · 1².
    draws = _sums([0] * 2000, [n // 5 for n in range(2000)], [[1.0]] * 2000, resamples=4000)
    assert draws[:, 0, 0].std() == pytest.approx(np.sqrt(400 * 25), rel=0.05)


def test_the_interval_of_a_mean_is_that_of_the_textbook() -> None:
    chance = np.random.default_rng(5)
    values = chance.normal(1.0, 2.0, 800)
    rows = np.stack([values, np.ones(800)], axis=1)
    draws = sums(np.zeros(800, int), np.arange(800), rows, cell_count=1, resamples=4000)[:, 0]
    found = interval(ratio(draws[:, 0], draws[:, 1]))
    assert found is not None
    half = 1.96 * values.std() / np.sqrt(800)
    assert (found.low, found.high) == pytest.approx((values.mean() - half, values.mean() + half), abs=0.03)


def test_many_blocks_stay_apart() -> None:
    size = 20_000
    draws = sums(np.zeros(size, int), np.arange(size), np.ones((size, 1)), cell_count=1, resamples=1000)
    assert draws[:, 0, 0].std() == pytest.approx(np.sqrt(size), rel=0.1)


def test_no_rows_give_zeros() -> None:
    assert (
        sums(np.zeros(0, int), np.zeros(0, int), np.zeros((0, 2)), cell_count=4, resamples=7).tolist()
        == [[[0.0, 0.0]] * 4] * 7
    )


@given(st.permutations(range(12)))
def test_the_order_of_rows_does_not_matter(order: list[int]) -> None:
    cells = np.array([0, 0, 1, 1, 2, 2] * 2)
    blocks = np.array([0, 1, 2, 3] * 3)
    values = np.arange(12, dtype=float).reshape(-1, 1)
    plain = sums(cells, blocks, values, cell_count=3, resamples=20)
    mixed = sums(cells[order], blocks[order], values[order], cell_count=3, resamples=20)
    assert np.allclose(plain, mixed)


def test_an_interval_is_of_quantiles_and_leaves_out_what_is_no_number() -> None:
    found = interval(np.arange(1001.0))
    assert found is not None and (found.low, found.high) == pytest.approx((25.0, 975.0))
    assert interval(np.array([1.0] * 90 + [np.nan] * 10)) == Interval(1.0, 1.0)
    assert interval(np.array([1.0] * 70 + [np.nan] * 30)) is None
    assert interval(np.zeros(0)) is None


@given(
    st.lists(
        st.lists(st.sampled_from([0.0, 1.5, -2.0, float("nan"), float("inf")]), min_size=3, max_size=3), max_size=9
    )
)
def test_intervals_of_many_columns_are_those_of_each(rows: list[list[float]]) -> None:
    draws = np.array(rows, float).reshape(-1, 3)
    assert intervals(draws) == [interval(draws[:, n]) for n in range(3)]


def test_sums_over_parts_of_the_same_blocks_share_their_draws() -> None:
    cells, blocks, values = np.array([0, 0, 1, 1]), np.array([0, 2, 1, 3]), np.arange(1.0, 5.0).reshape(-1, 1)
    both = sums(cells, blocks, values, cell_count=2, resamples=30)
    for part in (slice(0, 2), slice(2, 4)):
        one = sums(cells[part], blocks[part], values[part], cell_count=2, resamples=30, block_count=4)
        assert np.array_equal(one[:, cells[part][0]], both[:, cells[part][0]])


def test_draws_that_do_not_fit_in_memory_at_once_are_made_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comity.relations.resampling.CHUNK", 5000)
    draws = sums(np.zeros(1000, int), np.arange(1000), np.ones((1000, 1)), cell_count=1, resamples=403)[:, 0, 0]
    assert len(draws) == 403 and len(set(draws.tolist())) > 50
    assert draws.mean() == pytest.approx(1000, rel=0.01) and draws.std() == pytest.approx(np.sqrt(1000), rel=0.15)


def test_a_ratio_over_nothing_is_no_number() -> None:
    found = ratio(np.array([1.0, 0.0, 3.0]), np.array([2.0, 0.0, 0.0]))
    assert found[0] == 0.5 and np.isnan(found[1]) and np.isnan(found[2])
