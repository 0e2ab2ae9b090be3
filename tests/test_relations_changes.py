"""Change points: the library's exact minimum with weights, and what stands around it."""

from __future__ import annotations

from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.relations.changes import PENALTY, SHORTEST, Change, change_points, noise, squash, variances


def _steps(*levels: tuple[int, float], seed: int = 1, spread: float = 1.0) -> np.ndarray:
    chance = np.random.default_rng(seed)
    return np.concatenate([level + spread * chance.standard_normal(number) for number, level in levels])


def test_a_step_is_found_where_it_is_with_its_levels() -> None:
    values = np.array([1.0] * 10 + [5.0] * 10)
    assert change_points(values, np.full(20, 0.25)) == [Change(at=10, earliest=10, latest=10, before=1.0, after=5.0)]


def test_two_steps_in_noise_are_found() -> None:
    found = change_points(_steps((24, 2.0), (24, -4.0), (24, 0.0)), np.ones(72))
    assert [change.at for change in found] == [24, 48]


def test_equal_weights_give_what_the_library_gives() -> None:
    ruptures = pytest.importorskip("ruptures")
    for seed in range(20):
        values = _steps((15, 0.0), (12, 3.0), (20, 1.0), seed=seed)
        expected = ruptures.Pelt(model="l2", min_size=SHORTEST, jump=1).fit(values.reshape(-1, 1))
        found = [change.at for change in change_points(values, np.ones(len(values)))]
        assert found == expected.predict(pen=PENALTY * log(len(values)))[:-1]


def test_pure_noise_has_hardly_any_change() -> None:
    found = [len(change_points(_steps((60, 0.0), seed=seed), np.ones(60))) for seed in range(200)]
    assert sum(number > 0 for number in found) <= 10


def test_a_spike_of_one_month_is_no_new_level() -> None:
    values = np.zeros(40)
    values[20] = 5.0
    assert change_points(values, np.ones(40)) == []


def test_uncertain_months_weigh_little() -> None:
    values = np.array([0.0] * 12 + [8.0] * 4 + [0.0] * 12)
    sure = np.ones(28)
    unsure = sure.copy()
    unsure[12:16] = 200.0
    assert len(change_points(values, sure)) == 2
    assert change_points(values, unsure) == []


def test_too_short_series_have_no_changes() -> None:
    assert change_points(np.array([0.0, 9.0, 9.0, 9.0, 9.0]), np.ones(5)) == []
    assert change_points(np.zeros(0), np.zeros(0)) == []


def test_the_room_of_a_faint_change_is_wide_and_holds_it() -> None:
    held = 0
    for seed in range(100):
        found = change_points(_steps((30, 0.0), (30, 2.0), seed=seed), np.ones(60))
        if len(found) == 1:
            assert found[0].earliest <= found[0].at <= found[0].latest
            held += found[0].earliest <= 30 <= found[0].latest
    assert held >= 90


@given(st.floats(0.1, 50), st.floats(-100, 100))
def test_scale_and_shift_change_nothing_but_the_levels(scale: float, shift: float) -> None:
    values = _steps((20, 0.0), (20, 4.0))
    plain = change_points(values, np.ones(40))
    moved = change_points(values * scale + shift, np.full(40, scale**2))
    assert [(one.at, one.earliest, one.latest) for one in moved] == [
        (one.at, one.earliest, one.latest) for one in plain
    ]
    assert [one.after for one in moved] == pytest.approx(
        [one.after * scale + shift for one in plain], rel=1e-6, abs=1e-6
    )


@given(st.integers(0, 10_000), st.integers(5, 25), st.integers(5, 25))
def test_a_series_read_backwards_has_its_changes_at_the_same_places(seed: int, first: int, second: int) -> None:
    values = _steps((first, 0.0), (second, 6.0), (9, 1.0), seed=seed)
    size = len(values)
    forwards = [one.at for one in change_points(values, np.ones(size))]
    assert forwards == [size - one.at for one in change_points(values[::-1], np.ones(size))][::-1]


def test_noise_is_the_standard_deviation_and_blind_to_steps() -> None:
    values = _steps((2000, 0.0), (2000, 50.0), spread=2.0)
    assert noise(values) == pytest.approx(2.0, rel=0.06)
    assert noise(np.array([1.0, 2.0])) == 0.0


def test_the_variance_of_a_month_falls_with_its_events() -> None:
    values = _steps((200, 0.0), spread=0.5)
    found = variances(values, np.array([4] * 100 + [100] * 100), 2.0)
    assert found[0] - found[-1] == pytest.approx(2.0**2 / 4 - 2.0**2 / 100)
    assert np.all(found > 0)


def test_squashing_keeps_signs_and_order_and_tames_size() -> None:
    found = squash(np.array([-1000.0, -1.0, 0.0, 1.0, 1000.0]))
    assert found.tolist() == pytest.approx([-7.6009, -0.8814, 0.0, 0.8814, 7.6009], abs=1e-4)
    assert squash(np.zeros(3)).tolist() == [0.0, 0.0, 0.0]
