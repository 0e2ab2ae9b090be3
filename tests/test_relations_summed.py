"""Sums that others made: their changes, found where history has them."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest
from shared import SHARED, needs_shared

from comity.relations import BadChoice, Sums, dyad_of_sums, read_sums

GDELT = SHARED / "facts" / "gdelt_daily_dyads_gzemo" / "dyad_month_2018_2024.csv.gz"


def _file(folder: Path, rows: list[str], head: str = "a,b,month,n_days,score_sum") -> Path:
    path = folder / "sums.csv"
    path.write_text("\n".join([head, *rows]) + "\n")
    return path


def _rows(pair: str, levels: list[float], days: list[int] | None = None) -> list[str]:
    return [
        f"{pair},{2020 + n // 12}{n % 12 + 1:02},{(days or [30] * len(levels))[n]},{level}"
        for n, level in enumerate(levels)
    ]


def test_sums_are_taken_per_day_and_their_fall_is_found(tmp_path: Path) -> None:
    chance = np.random.default_rng(1)
    levels = [level * (1 + 0.1 * float(chance.normal())) for level in [300] * 15 + [-9000] * 9]
    found = dyad_of_sums(read_sums(_file(tmp_path, _rows("AUT,GHA", levels))), "GHA", "AUT")
    assert [(one.period, one.earliest, one.latest) for one in found.changes] == [("2021-04", "2021-04", "2021-04")]
    assert found.changes[0].before == pytest.approx(np.mean(levels[:15]) / 30)
    assert found.changes[0].after == pytest.approx(np.mean(levels[15:]) / 30)
    assert found.points[0].per_day == pytest.approx(levels[0] / 30)
    assert (found.by, len(found.points), found.points[-1].period) == ("month", 24, "2021-12")


def test_twice_the_reports_move_no_change(tmp_path: Path) -> None:
    chance = np.random.default_rng(2)
    levels = [float(x) for x in [*chance.normal(100, 20, 15), *chance.normal(-400, 60, 15)]]
    one = dyad_of_sums(read_sums(_file(tmp_path, _rows("AUT,GHA", levels))), "AUT", "GHA")
    two = dyad_of_sums(read_sums(_file(tmp_path, _rows("AUT,GHA", [2 * x for x in levels]))), "AUT", "GHA")
    assert [c.period for c in one.changes] == [c.period for c in two.changes] != []
    assert [p.level for p in one.points] == pytest.approx([p.level for p in two.points])


def test_both_directions_are_added_and_gaps_stay_gaps(tmp_path: Path) -> None:
    rows = ["AUT,GHA,202001,31,10", "GHA,AUT,202001,31,21", "AUT,GHA,202003,31,5", "AUT,BEL,202002,29,1"]
    found = dyad_of_sums(read_sums(_file(tmp_path, rows)), "AUT", "GHA")
    assert [(p.period, p.sum, p.days, p.per_day) for p in found.points] == [
        ("2020-01", 31.0, 31, 1.0), ("2020-02", None, 29, None), ("2020-03", 5.0, 31, pytest.approx(5 / 31)),
    ]  # fmt: skip
    assert found.changes == ()


def test_thin_months_do_not_decide(tmp_path: Path) -> None:
    levels = [100.0, 110.0, 95.0, 105.0, 90.0, 108.0, 102.0, 99.0, -900.0, -900.0, -900.0, 104.0]
    days = [30] * 8 + [3] * 3 + [30]
    found = dyad_of_sums(read_sums(_file(tmp_path, _rows("AUT,GHA", levels, days))), "AUT", "GHA")
    assert found.changes == () and found.notes[1].endswith("left out of the search for changes: 3.")


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    sums = read_sums(_file(tmp_path, _rows("AUT,GHA", [1.0] * 6)))
    with pytest.raises(BadChoice, match="has nothing of AUT and PER"):
        dyad_of_sums(sums, "AUT", "PER")
    with pytest.raises(BadChoice, match="in that time"):
        dyad_of_sums(sums, "AUT", "GHA", since="2031")


@pytest.fixture(scope="module")
def gdelt(tmp_path_factory: pytest.TempPathFactory) -> Sums:
    # Four pairs only: the whole file takes seconds to read.
    wanted = {"RUS,UKR", "UKR,RUS", "IRN,ISR", "ISR,IRN", "RUS,USA", "USA,RUS", "ARM,AZE", "AZE,ARM"}
    with gzip.open(GDELT, "rt") as file:
        head, *rows = [line.strip() for line in file]
    return read_sums(_file(tmp_path_factory.mktemp("gdelt"), [r for r in rows if r[:7] in wanted], head))


@needs_shared
@pytest.mark.parametrize(
    ("a", "b", "period", "falls"),
    [
        ("UKR", "RUS", "2022-02", True),
        ("ISR", "IRN", "2023-10", True),
        ("USA", "RUS", "2022-02", True),
        ("ARM", "AZE", "2020-07", True),
        ("ARM", "AZE", "2020-11", False),
    ],
)
def test_known_turns_are_found_in_gdelt(gdelt: Sums, a: str, b: str, period: str, falls: bool) -> None:
    shift = next(one for one in dyad_of_sums(gdelt, a, b).changes if one.period == period)
    assert (shift.after < shift.before) is falls
    assert shift.earliest == period
