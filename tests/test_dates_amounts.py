"""Numbers in words and figures."""

from datetime import date

import pytest

from comity.dates.amounts import count, full_year, integer, spoken_year
from comity.dates.scan import Token, classify


def tokens(text: str) -> list[Token]:
    return [Token(*classify(word), 0, 0) for word in text.replace("-", " - ").replace("/", " / ").split()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("three", 3), ("twenty - four", 24), ("twenty four", 24), ("a hundred", 100), ("two hundred and ten", 210),
        ("two thousand", 2000), ("two and a half", 2.5), ("2 and a half", 2.5), ("2 1/2", 2.5), ("3 3/4", 3.75),
        ("1,500", 1500), ("2.5", 2.5), ("a", 1), ("another", 1), ("half an", 0.5), ("a year and a half", 1.5),
        ("a couple of", 2), ("several", None), ("12 months", 12), ("three years and two months", 3), ("five - year", 5),
        ("2013 days", 2013), ("more than 30", 30), ("forty or fifty", 40),
    ],
)  # fmt: skip
def test_the_first_number_counts(text: str, expected: float | None) -> None:
    assert count(tokens(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nineteen ninety-six", 1996), ("nineteen ninety", 1990), ("two thousand", 2000),
        ("two thousand and five", 2005),
        ("two thousand twenty two", 2022), ("eighteen twelve", 1812), ("three", None), ("two three", None),
        ("twenty-five", None), ("nine hundred", None), ("one thousand", 1000), ("", None),
    ],
)  # fmt: skip
def test_years_are_spoken_in_pairs_or_thousands(text: str, expected: int | None) -> None:
    assert spoken_year(tokens(text)) == expected


@pytest.mark.parametrize(
    ("number", "base", "expected"),
    [(82, 2022, 1982), (22, 2022, 2022), (23, 2022, 2023), (24, 2022, 1924), (99, 1987, 1899), (87, 1987, 1987)],
)
def test_two_figures_stand_for_the_last_such_year(number: int, base: int, expected: int) -> None:
    assert full_year(number, date(base, 6, 1)) == expected


def test_two_figures_stand_for_no_year_without_a_day_of_publication() -> None:
    assert full_year(82, None) is None


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("21st", 21),
        ("third", 3),
        ("second", 2),
        ("’82", 82),
        ("1,500", 1500),
        ("seven", 7),
        ("Thursday", 4),
        ("the", None),
    ],
)
def test_a_token_is_a_whole_number(word: str, expected: int | None) -> None:
    assert integer(tokens(word)[0]) == expected
