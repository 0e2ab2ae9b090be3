"""Whether words look back or ahead, with a parse and without."""

import pytest
from parsing import parsed

from comity.dates.tense import FUTURE, OPEN, PAST, at, in_text
from comity.language import Parse, split

PARSED = [
    ("The two ministers met on Monday.", PAST),
    ("The two ministers were invited on Monday.", PAST),
    ("The two ministers had met on Monday.", PAST),
    ("The two ministers will meet on Monday.", FUTURE),
    ("The two ministers would meet on Monday.", FUTURE),
    ("The two ministers would have met on Monday.", PAST),
    ("The two ministers are meeting on Monday.", FUTURE),
    ("The two ministers were meeting on Monday.", PAST),
    ("The two ministers are going to meet on Monday.", FUTURE),
    ("The two ministers plan to meet on Monday.", FUTURE),
    ("The two ministers agreed to meet on Monday.", FUTURE),
    ("The two ministers were scheduled to meet on Monday.", FUTURE),
    ("The two ministers had been scheduled to meet on Monday.", PAST),
    ("The two ministers refused to meet on Monday.", PAST),
    ("The talks begin on Monday.", FUTURE),
    ("The summit begins on Monday.", FUTURE),
    ("The envoys did not meet on Friday but will on Monday.", FUTURE),
    ("The talks are due on Monday.", FUTURE),
    ("A vote planned for Monday was put off.", FUTURE),
    ("The court was adjourned to Monday.", FUTURE),
    ("The court was adjourned on Monday.", PAST),
    ("The summit ran to Monday.", OPEN),
    ("The shops stay closed until Monday.", FUTURE),
    ("The summit ran through Monday.", OPEN),
    ("He spoke ahead of Monday's vote.", FUTURE),
    ("He knows it on Monday.", OPEN),
]


@pytest.fixture(scope="module")
def parses() -> list[Parse]:
    return parsed(*(text for text, _ in PARSED))


@pytest.mark.parametrize("number", range(len(PARSED)), ids=lambda n: PARSED[n][0])
def test_a_parsed_clause_has_its_tense(number: int, parses: list[Parse]) -> None:
    text, expected = PARSED[number]
    start = text.index("Monday")
    assert at(parses[number], start, start + 6) == expected


def test_an_expression_of_several_words_stands_where_its_head_stands() -> None:
    text = "The shops stay closed until 24 October 2022."
    assert at(parsed(text)[0], text.index("24"), len(text) - 1) == FUTURE


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They met and talked on Monday.", PAST),
        ("They will meet on Monday.", FUTURE),
        ("He said they will meet on Monday.", FUTURE),
        ("They will not say what they discussed on Monday.", PAST),
        ("On Monday they will meet.", FUTURE),
        ("On Monday they talked and will meet again.", PAST),
        ("On Monday, snow.", OPEN),
        ("They will meet. On Monday, snow.", OPEN),
        ("Snow on Monday. They will meet.", OPEN),
        ("A dividend payable Monday.", FUTURE),
        ("They’ll meet on Monday.", FUTURE),
    ],
)
def test_without_a_parse_the_nearest_telling_word_decides(text: str, expected: str) -> None:
    start = text.index("Monday")
    assert in_text(text, start, start + 6) == expected
    assert at(Parse(text, split(text), []), start, start + 6) == expected
