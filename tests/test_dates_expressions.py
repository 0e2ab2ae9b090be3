"""Sentences of `data/date_sentences.tsv`: every expression, and no other, with its words, type and value."""

from pathlib import Path

import pytest
from parsing import parsed

from comity.dates import find_dates
from comity.language import Parse

TABLE = Path(__file__).parent / "data" / "date_sentences.tsv"


def rows() -> list[tuple[str | None, str, list[tuple[str, str, str | None]]]]:
    table = []
    for line in TABLE.read_text("utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        published, sentence, cell = line.split("\t")
        expected = []
        for item in filter(None, cell.split(" | ")):
            words, _, rest = item.rpartition(" = ")
            type_, _, value = rest.rpartition(" ")
            expected.append((words, type_ or "DATE", None if value == "?" else value))
        table.append((None if published == "-" else published, sentence, expected))
    return table


ROWS = rows()


@pytest.fixture(scope="module")
def parses() -> list[Parse]:
    return parsed(*(sentence for _, sentence, _ in ROWS))


def test_the_table_has_all_weekdays_year_ends_and_leap_days() -> None:
    from datetime import date

    days = [date.fromisoformat(published) for published, _, _ in ROWS if published]
    assert len(ROWS) >= 150
    assert {day.isoweekday() for day in days} == set(range(1, 8))
    assert {(12, 31), (1, 1), (2, 29)} <= {(day.month, day.day) for day in days}


@pytest.mark.parametrize("number", range(len(ROWS)), ids=lambda n: f"{ROWS[n][0]}: {ROWS[n][1][:60]}")
def test_a_sentence_has_exactly_these_expressions(number: int, parses: list[Parse]) -> None:
    published, sentence, expected = ROWS[number]
    found = find_dates(parses[number], published)
    assert [(d.text, d.type, d.value) for d in found] == expected
    assert all(sentence[d.start : d.end] == d.text for d in found)
