"""TIMEX3 values: what days they cover and what lies so many units away."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.dates import values as v

DAYS = st.dates(date(1000, 1, 1), date(2199, 12, 31))


@pytest.mark.parametrize(
    ("value", "first", "last", "precision"),
    [
        ("2022-10-27", "2022-10-27", "2022-10-27", "day"),
        ("2024-02-29", "2024-02-29", "2024-02-29", "day"),
        ("2022-10-27TMO", "2022-10-27", "2022-10-27", "day"),
        ("2022-10-27T09:30+03:00", "2022-10-27", "2022-10-27", "day"),
        ("2022-W43", "2022-10-24", "2022-10-30", "week"),
        ("2020-W53", "2020-12-28", "2021-01-03", "week"),
        ("2025-W01", "2024-12-30", "2025-01-05", "week"),
        ("2022-W43-WE", "2022-10-29", "2022-10-30", "day"),
        ("2024-02", "2024-02-01", "2024-02-29", "month"),
        ("2023-02", "2023-02-01", "2023-02-28", "month"),
        ("2022-12", "2022-12-01", "2022-12-31", "month"),
        ("2022-Q1", "2022-01-01", "2022-03-31", "quarter"),
        ("2022-Q4", "2022-10-01", "2022-12-31", "quarter"),
        ("2022-H1", "2022-01-01", "2022-06-30", "year"),
        ("2022-H2", "2022-07-01", "2022-12-31", "year"),
        ("2022-SP", "2022-03-01", "2022-05-31", "quarter"),
        ("2022-SU", "2022-06-01", "2022-08-31", "quarter"),
        ("2022-FA", "2022-09-01", "2022-11-30", "quarter"),
        ("2023-WI", "2023-12-01", "2024-02-29", "quarter"),
        ("2022", "2022-01-01", "2022-12-31", "year"),
        ("199", "1990-01-01", "1999-12-31", "decade"),
    ],
)
def test_a_value_covers_its_days(value: str, first: str, last: str, precision: str) -> None:
    assert v.extent(value) == (date.fromisoformat(first), date.fromisoformat(last), precision)


@pytest.mark.parametrize(
    "value",
    [None, "", "P2W", "PT3H", "PAST_REF", "XXXX-10-22", "XXXX-WXX-4", "19", "2023-02-29", "2022-13", "2022-00",
     "2022-W54", "2022-W00", "2022-H3", "2022-Q5", "0000-01-01", "2022-10-27x", "22-10-27", "9999-WI"],
)  # fmt: skip
def test_what_covers_no_known_days_has_no_extent(value: str | None) -> None:
    assert v.extent(value) is None


@pytest.mark.parametrize(
    ("precision", "expected"),
    [("day", "2022-10-24"), ("week", "2022-10-24"), ("month", "2022-10"), ("quarter", "2022-10"), ("year", "2022"),
     ("decade", "2022")],
)  # fmt: skip
def test_records_print_a_day_at_its_granularity(precision: str, expected: str) -> None:
    assert v.printed(date(2022, 10, 24), precision) == expected


@pytest.mark.parametrize(
    ("day", "week", "month", "quarter", "season"),
    [
        ("2022-10-29", "2022-W43", "2022-10", "2022-Q4", "2022-FA"),
        ("2022-01-01", "2021-W52", "2022-01", "2022-Q1", "2021-WI"),
        ("2022-02-28", "2022-W09", "2022-02", "2022-Q1", "2021-WI"),
        ("2022-03-01", "2022-W09", "2022-03", "2022-Q1", "2022-SP"),
        ("2022-04-01", "2022-W13", "2022-04", "2022-Q2", "2022-SP"),
        ("2022-06-01", "2022-W22", "2022-06", "2022-Q2", "2022-SU"),
        ("2022-12-31", "2022-W52", "2022-12", "2022-Q4", "2022-WI"),
    ],
)
def test_a_day_lies_in_its_week_month_quarter_season(
    day: str, week: str, month: str, quarter: str, season: str
) -> None:
    there = date.fromisoformat(day)
    assert (v.week(there), v.month(there), v.quarter(there), v.season(there)) == (week, month, quarter, season)


@given(DAYS)
def test_a_day_lies_in_what_is_named_after_it(day: date) -> None:
    for value in (day.isoformat(), v.week(day), v.month(day), v.quarter(day), v.season(day), f"{day.year:04d}"):
        span = v.extent(value)
        assert span is not None
        assert span.first <= day <= span.last


@pytest.mark.parametrize(
    ("count", "unit", "expected"),
    [
        (0, "D", "2024-02-29"), (1, "D", "2024-03-01"), (-60, "D", "2023-12-31"), (0, "W", "2024-W09"),
        (-9, "W", "2023-W52"), (1, "FN", "2024-W11"), (-1, "WE", "2024-W08-WE"), (1, "WE", "2024-W10-WE"),
        (-2, "M", "2023-12"), (11, "M", "2025-01"), (-1, "Q", "2023-Q4"), (1, "Q", "2024-Q2"), (-1, "Y", "2023"),
        (1, "DE", "203"), (-1, "CE", "19"), (-3000, "Y", None), (10_000_000, "D", None), (9000, "Y", None),
    ],
)  # fmt: skip
def test_a_value_lies_so_many_units_from_a_day(count: int, unit: str, expected: str | None) -> None:
    assert v.moved(date(2024, 2, 29), count, unit) == expected


@pytest.mark.parametrize(
    ("value", "count", "unit", "expected"),
    [
        ("1989-Q3", -1, "Y", "1988-Q3"), ("1989-Q3", 2, "Q", "1990-Q1"), ("2022-H1", -1, "Y", "2021-H1"),
        ("2022-SU", -1, "Y", "2021-SU"), ("2022-SU", 1, "Q", "2022-FA"), ("2022-WI", 1, "Q", "2023-SP"),
        ("2022-10", 3, "M", "2023-01"), ("2022-10", -1, "Y", "2021-10"), ("2022-10", 1, "Q", "2023-01"),
        ("2022", 1, "Y", "2023"), ("2022", 1, "DE", "2032"), ("199", 1, "DE", "200"), ("199", -1, "CE", "189"),
        ("2022-10-29", 3, "D", "2022-11-01"), ("2022-10-29", -1, "W", "2022-10-22"),
        ("2022-10-31", 1, "M", "2022-11-30"), ("2024-02-29", 1, "Y", "2025-02-28"),
        ("2022-10-29", 1, "FN", "2022-11-12"),
        ("2022-W43", 1, "W", "2022-W44"), ("2022-W52", 1, "W", "2023-W01"), ("2022-W43", 1, "M", "2022-W47"),
        ("2022-W43", 1, "D", None), ("2022-10", 1, "D", None), ("2022", 1, "M", None), ("1989-Q3", 1, "M", None),
        ("199", 1, "Y", None), ("PAST_REF", 1, "Y", None), (None, 1, "D", None), ("2022-10-29", 1, "TH", None),
        ("9999", 1, "Y", None), ("9999-12-31", 1, "D", None),
    ],
)  # fmt: skip
def test_a_value_moves_at_its_own_granularity(value: str | None, count: int, unit: str, expected: str | None) -> None:
    assert v.shifted(value, count, unit) == expected


@given(DAYS, st.integers(-400, 400))
def test_days_move_there_and_back(day: date, count: int) -> None:
    there = v.shifted(day.isoformat(), count, "D")
    assert v.shifted(there, -count, "D") == day.isoformat()


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [("2022-10-31", 1, "2022-11-30"), ("2024-01-31", 1, "2024-02-29"), ("2022-03-15", -3, "2021-12-15")],
)
def test_months_are_added_up_to_the_last_day_of_a_shorter_one(day: str, count: int, expected: str) -> None:
    assert v.add_months(date.fromisoformat(day), count) == date.fromisoformat(expected)


def test_there_is_nothing_beyond_the_calendar() -> None:
    assert v.add_days(date.max, 1) is None
    assert v.add_months(date.max, 1) is None
    assert v.first_of_month(0, 1) is None
    assert v.first_of_month(2022, 0) == date(2021, 12, 1)


@pytest.mark.parametrize(
    ("count", "unit", "expected"),
    [
        (3, "W", "P3W"), (3, "TH", "PT3H"), (None, "Y", "PXY"), (None, "TM", "PTXM"), (2, "DE", "P20Y"),
        (1, "CE", "P100Y"), (None, "DE", "PXDE"), (None, "CE", "PXCE"), (2, "FN", "P4W"), (None, "FN", "PXW"),
        (2.5, "Y", "P2Y6M"), (1.5, "TH", "PT1H30M"), (1.5, "TM", "PT1M30S"), (0.5, "TH", "PT30M"), (1.5, "D", "PT36H"), (2.5, "W", "P2.5W"),
        (1.25, "M", "P1.25M"), (0.5, "DE", "P5Y"), (0.5, "CE", "P50Y"),
    ],
)  # fmt: skip
def test_durations_are_written_in_their_units(count: float | None, unit: str, expected: str) -> None:
    assert v.duration(count, unit) == expected
