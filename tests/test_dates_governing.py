"""Texts of `data/governed_sentences.tsv`: the date of the marked trigger, its granularity, end and how it was found."""

import re
from pathlib import Path
from typing import NamedTuple

import pytest
from parsing import parsed

from comity.dates import Governed, governing_date, read_dates
from comity.language import Parse

TABLE = Path(__file__).parent / "data" / "governed_sentences.tsv"


class Row(NamedTuple):
    published: str | None
    text: str
    trigger: int
    """Offset."""
    also: tuple[int, ...]
    expected: tuple[str | None, ...]


def unmarked(marked: str) -> tuple[str, int, tuple[int, ...]]:
    """(text, offset of the trigger, offsets of the further tokens)."""
    plain, places = "", {"*": [], "_": []}
    for piece in re.split(r"([*_])", marked):
        if piece in places:
            places[piece].append(len(plain))
        else:
            plain += piece
    return plain, places["*"][0], tuple(places["_"][::2])


def rows() -> list[Row]:
    table = []
    for line in TABLE.read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            published, marked, *expected = line.split("\t")
            known = tuple(None if cell == "?" else cell for cell in expected)
            table.append(Row(None if published == "-" else published, *unmarked(marked), known))
    return table


ROWS = rows()


@pytest.fixture(scope="module")
def parses() -> list[Parse]:
    return parsed(*(row.text for row in ROWS))


@pytest.mark.parametrize("number", range(len(ROWS)), ids=lambda n: ROWS[n].text[-70:])
def test_a_trigger_has_this_date(number: int, parses: list[Parse]) -> None:
    row, parse = ROWS[number], parses[number]
    timeline = read_dates(parse, row.published)
    sentence = parse.sentence_at(row.trigger)
    assert sentence is not None
    token, *also = (sentence.token_at(offset) for offset in (row.trigger, *row.also))
    got = governing_date(timeline, sentence, token, also=also)
    assert (got.date, got.date_precision, got.date_end, got.how) == row.expected


def governed(published: str | None, text: str, trigger: str, anchor: str | None = None) -> Governed:
    parse = parsed(text)[0]
    sentence = parse.sentence_at(text.index(trigger))
    assert sentence is not None
    token = sentence.token_at(text.index(trigger))
    return governing_date(read_dates(parse, published), sentence, token, anchor=anchor)


def test_the_words_that_date_are_recorded() -> None:
    text = "The two ministers met in Oslo on Monday."
    got = governed("2022-10-29", text, "met")
    assert got.date_span is not None
    assert text[slice(*got.date_span)] == "Monday"


def test_the_words_of_a_range_are_recorded_from_its_first_to_its_last() -> None:
    text = "The leaders met from October 22 to October 24 in Lima."
    got = governed("2022-10-29", text, "met")
    assert got.date_span is not None
    assert text[slice(*got.date_span)] == "October 22 to October 24"


def test_the_words_from_which_another_time_is_counted_off_are_recorded() -> None:
    text = "The visit on Wednesday took place two days after Norway recalled its ambassador."
    got = governed("2022-10-29", text, "recalled")
    assert got.date_span is not None
    assert text[slice(*got.date_span)] == "two days"


def test_a_quotation_counts_from_the_day_of_saying() -> None:
    text = "“Rebels attacked the port yesterday,” the premier said on Tuesday."
    assert governed("2022-10-29", text, "attacked").date == "2022-10-28"
    assert governed("2022-10-29", text, "attacked", anchor="2022-10-25").date == "2022-10-24"


def test_a_fixed_date_in_a_quotation_stays_whatever_the_day_of_saying() -> None:
    text = "“Rebels attacked the port on May 5, 2021,” the premier said."
    assert governed("2022-10-29", text, "attacked", anchor="2022-10-25").date == "2021-05-05"


def test_outside_quotations_days_are_counted_from_the_report() -> None:
    text = "The premier said rebels attacked the port yesterday."
    assert governed("2022-10-29", text, "attacked", anchor="2022-10-25").date == "2022-10-28"


def test_the_same_report_gives_the_same_dates_in_any_order_of_asking() -> None:
    text = "Okafor told the paper on Thursday that all was lost. He praised the accord. Okafor said it was late."
    parse = parsed(text)[0]
    one, two = read_dates(parse, "2022-10-29"), read_dates(parse, "2022-10-29")
    forward = [governing_date(one, s, s.root) for s in parse.sentences]
    backward = [governing_date(two, s, s.root) for s in reversed(parse.sentences)]
    assert forward == backward[::-1]


@pytest.mark.parametrize(
    ("date", "precision", "end", "expected"),
    [
        ("2022-10-24", "day", None, ("2022-10-24", "day")),
        ("2022-10-24", "published", None, ("2022-10-24", "published")),
        ("2022-10-24", "week", "2022-10-30", ("2022-10", "month")),
        ("2022-10-31", "week", "2022-11-06", ("2022-11", "month")),
        ("2022-10-29", "day", "2022-10-30", ("2022-10", "month")),
        ("2022-10-22", "day", "2022-10-24", ("2022-10-22", "day")),
        ("2022-10-28", "day", "2022-10-29", ("2022-10-28", "day")),
        ("2022-10", "month", None, ("2022-10", "month")),
        ("2022-02", "month", "2022-10-29", ("2022-02", "month")),
        ("2022-07", "quarter", "2022-09", ("2022", "year")),
        ("2014", "year", "2016", ("2014", "year")),
        ("1990", "decade", "1999", ("1990", "decade")),
        (None, None, None, (None, None)),
    ],
)
def test_a_date_without_its_end_is_as_coarse_as_it_must_be(
    date: str | None, precision: str | None, end: str | None, expected: tuple[str | None, str | None]
) -> None:
    alone = Governed(date, precision, end, None, "clause").alone()
    assert (alone.date, alone.date_precision, alone.date_end) == (*expected, None)
