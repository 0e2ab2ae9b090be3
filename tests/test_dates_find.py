"""Properties of the search over whole reports."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.dates import find_dates, read_dates
from comity.dates.find import day_of, quotations
from comity.dates.reading import nearest
from comity.dates.tense import FUTURE, OPEN, PAST
from comity.language import Parse, split

VOCABULARY = (
    "the a last next this that Monday Friday May March Oct. 2022 1999 12 24 third second quarter week weeks year years "
    "ago later earlier before after of in on since from to between and - – , . ' ’s “ ” \" now recently 10:30 p.m. GMT "
    "2022-10-24 24/10/2022 '90s 1990s few several half couple every daily summer Christmas Eve night morning fiscal "
    "today said will he \n"
)
WORDS = st.sampled_from(VOCABULARY.split(" "))
TEXTS = st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=40).map(" ".join))


def parse(text: str) -> Parse:
    return Parse(text, split(text), [])


@settings(max_examples=300)
@given(TEXTS, st.one_of(st.none(), st.dates(date(1, 1, 1), date(9999, 12, 31)).map(str)))
def test_expressions_are_ordered_disjoint_stretches_of_the_text(text: str, published: str | None) -> None:
    found = find_dates(parse(text), published)
    end = 0
    for one in found:
        assert end <= one.start < one.end <= len(text)
        assert text[one.start : one.end] == one.text
        assert one.type in ("DATE", "TIME", "DURATION", "SET")
        end = one.end
    assert find_dates(parse(text), published) == found


@given(TEXTS)
def test_every_place_of_a_text_has_a_day_and_at_most_one_quotation(text: str) -> None:
    timeline = read_dates(parse(text), "2022-10-29")
    for offset in range(len(text)):
        timeline.day_at(offset)
        inside = [n for n, (start, end) in enumerate(timeline.quotes) if start <= offset < end]
        assert inside == ([] if timeline.quote_at(offset) < 0 else [timeline.quote_at(offset)])


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        ("2022-10-29", date(2022, 10, 29)), ("2022-10-29T23:59:00-05:00", date(2022, 10, 29)),
        ("2022-10-29T00:38:00Z", date(2022, 10, 29)), (None, None), ("", None), ("2022-02-30", None), ("October", None),
    ],
)  # fmt: skip
def test_the_day_of_publication_is_taken_as_it_is_written(published: str | None, expected: date | None) -> None:
    assert day_of(published) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“One,” he said. “Two.”", ["“One,”", "“Two.”"]), ('"One," he said. "Two."', ['"One,"', '"Two."']),
        ("``One,'' he said.", ["``One,''"]), ("«One», he said.", ["«One»"]), ("“One\nTwo", ["“One"]),
        ('Two "one', ['"one']),
        ("One” two", []), ("“One “two” three", ["“One “two”"]), ("", []),
    ],
)  # fmt: skip
def test_quotations_end_with_their_mark_or_their_line(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in quotations(text)] == expected


@pytest.mark.parametrize(("tense", "expected"), [(PAST, "2022-10-03"), (FUTURE, "2022-11-03"), (OPEN, "2022-10-03")])
def test_tense_chooses_among_days(tense: str, expected: str) -> None:
    options = [date(2022, 9, 3), date(2022, 10, 3), date(2022, 11, 3), date(2022, 12, 3)]
    assert nearest(options, date(2022, 10, 20), tense) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("base", "tense", "expected"),
    [
        ("2022-10-03", PAST, "2022-10-03"), ("2022-10-03", FUTURE, "2022-10-03"), ("2022-10-03", OPEN, "2022-10-03"),
        ("2022-10-24", OPEN, "2022-11-03"), ("2022-10-23", OPEN, "2022-10-03"), ("2022-09-01", PAST, "2022-10-03"),
        ("2022-12-01", FUTURE, "2022-11-03"),
    ],
)  # fmt: skip
def test_the_past_counts_as_half_as_far(base: str, tense: str, expected: str) -> None:
    options = [date(2022, 10, 3), date(2022, 11, 3)]
    assert nearest(options, date.fromisoformat(base), tense) == date.fromisoformat(expected)


def test_what_is_soon_to_come_is_not_taken_for_what_is_long_past() -> None:
    assert nearest([date(2021, 12, 7), date(2022, 12, 7)], date(2022, 10, 27), PAST) == date(2022, 12, 7)
    assert nearest([date(2021, 12, 31), date(2022, 12, 31)], date(2022, 10, 27), PAST) == date(2021, 12, 31)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Friday's summit failed. The day after the summit he left.", "2022-10-29"),
        ("The summit in Port Louis on Friday failed. The day before the summit he left.", "2022-10-27"),
        ("The day before he left on Friday was quiet.", "2022-10-27"),
        ("He came on Friday. The day before the vote he left.", None),
        ("The day before.", None),
    ],
)
def test_the_day_beside_an_event_is_counted_from_its_day(text: str, expected: str | None) -> None:
    found = {d.text: d.value for d in find_dates(parse(text), "2022-10-29")}
    assert found.get("The day") == expected


def test_so_many_days_after_an_event_are_counted_for_dating_and_stay_a_duration() -> None:
    timeline = read_dates(parse("He left two weeks after the leaders met on October 3."), "2022-10-29")
    assert [(d.text, d.type, d.value) for d in timeline.dates] == [
        ("two weeks", "DURATION", "P2W"),
        ("October 3", "DATE", "2022-10-03"),
    ]
    assert timeline.counted == {0: "2022-10-17"}
