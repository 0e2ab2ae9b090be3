"""Datelines, the head of a report, and the days from which its parts are counted."""

from datetime import date

import pytest

from comity.dates import find_dateline, find_dates, read_dates
from comity.dates.dateline import datelines, header_day
from comity.language import Parse, split


def parse(text: str) -> Parse:
    return Parse(text, split(text), [])


@pytest.mark.parametrize(
    ("text", "place", "day", "agency", "body"),
    [
        ("ACCRA, Oct 28 (Xinhua) -- Talks", "ACCRA", "2022-10-28", "Xinhua", "Talks"),
        ("ACCRA, Oct. 28 - Talks", "ACCRA", "2022-10-28", None, "Talks"),
        ("ACCRA, 28 October 2022 (Reuters) – Talks", "ACCRA", "2022-10-28", "Reuters", "Talks"),
        ("ACCRA, Friday, Oct. 28, 2022 -- Talks", "ACCRA", "2022-10-28", None, "Talks"),
        ("ACCRA (Reuters) - Talks", "ACCRA", None, "Reuters", "Talks"),
        ("ACCRA, Ghana (AP) — Talks", "ACCRA", None, "AP", "Talks"),
        ("ACCRA, Ghana (AP)_ Talks", "ACCRA", None, "AP", "Talks"),
        ("ACCRA—Talks", "ACCRA", None, None, "Talks"),
        ("ACCRA – Talks", "ACCRA", None, None, "Talks"),
        ("ACCRA- Talks", "ACCRA", None, None, "Talks"),
        ("ACCRA/LOME (Reuters) -- Talks", "ACCRA/LOME", None, "Reuters", "Talks"),
        ("PORT AU PRINCE, Haiti — Talks", "PORT AU PRINCE", None, None, "Talks"),
        ("ACCRA, October 28. /TASS/. Talks", "ACCRA", "2022-10-28", "TASS", " Talks"),
        ("Accra, Ghana (CNN) -- Talks", "Accra, Ghana", None, "CNN", "Talks"),
        ("(CNN) Talks", None, None, "CNN", "Talks"),
        ("Accra, Oct 28 - Talks", "Accra", "2022-10-28", None, "Talks"),
        ("Talks fail again\nACCRA, Oct 28 (Reuters) - Talks", "ACCRA", "2022-10-28", "Reuters", "Talks"),
        ("Talks fail again Accra, Ghana (CNN) -- Talks", "Accra, Ghana", None, "CNN", "Talks"),
        ("LOME | Fri Oct 28, 2022 12:39 am BST LOME (Reuters) - Talks", "LOME", "2022-10-28", "Reuters", "Talks"),
    ],
)
def test_a_dateline_is_read(text: str, place: str | None, day: str | None, agency: str | None, body: str) -> None:
    found = find_dateline(parse(text), "2022-10-29")
    assert found is not None
    assert (found.place_text, found.day, found.agency, text[found.body :]) == (place, day, agency, body)
    if found.place:
        assert text[slice(*found.place)] == place
    if found.agency_span:
        assert text[slice(*found.agency_span)] == agency


@pytest.mark.parametrize(
    "text",
    [
        "FILE - In this picture the premier waves.",
        "EXCLUSIVE - The premier waves.",
        "NATO-led troops left.",
        "US-China talks failed.",
        "COVID-19 spread.",
        "The premier (Reform) - waves.",
        "PREMIER WAVES TO CROWD",
        "OPEN TALKS - THE BASICS Talks failed.",
        "Talks failed.",
        "",
    ],
)
def test_what_looks_like_a_dateline_and_is_none(text: str) -> None:
    assert find_dateline(parse(text), "2022-10-29") is None


def test_a_dateline_far_down_is_not_the_reports_own() -> None:
    text = "Talks failed again. " * 70 + "\nACCRA, Oct 28 (Reuters) - Talks failed."
    assert find_dateline(parse(text), "2022-10-29") is None
    assert [line.place_text for line in datelines(text, None)] == ["ACCRA"]


def test_a_day_without_a_year_is_unknown_without_a_day_of_publication() -> None:
    found = find_dateline(parse("ACCRA, Oct 28 (Xinhua) -- Talks"), None)
    assert found is not None
    assert found.day is None
    assert found.day_span == (7, 13)


def test_days_are_counted_from_the_dateline_above() -> None:
    text = (
        "ACCRA, Oct 27 (Reuters) - He left yesterday.\n"
        "LOME (Reuters) - He left yesterday.\n"
        "LAGOS, Oct 28 (Reuters) - He left yesterday."
    )
    timeline = read_dates(parse(text), "2022-10-29")
    assert [d.value for d in timeline.dates if d.text == "yesterday"] == ["2022-10-26", "2022-10-28", "2022-10-27"]
    assert timeline.day_at(len(text)) == date(2022, 10, 28)
    line = timeline.dateline_at(len(text))
    assert line is not None
    assert line.place_text == "LAGOS"


def test_the_headline_is_counted_from_the_dateline_below_it() -> None:
    text = "Premier left yesterday\nACCRA, Oct 27 (Reuters) - He left."
    assert [d.value for d in find_dates(parse(text), "2022-10-29") if d.text == "yesterday"] == ["2022-10-26"]


@pytest.mark.parametrize(("published", "expected"), [("2022-11-28", "2022-10-27"), ("2022-11-29", "2022-11-28")])
def test_a_dateline_of_long_ago_counts_no_days(published: str, expected: str) -> None:
    text = "ACCRA, Oct 28, 2022 (Reuters) - He left yesterday."
    assert [d.value for d in find_dates(parse(text), published) if d.text == "yesterday"] == [expected]


def test_text_without_a_dateline_has_none_above_it() -> None:
    assert read_dates(parse("He left."), "2022-10-29").dateline_at(3) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Talks fail\nPublished: Oct 29, 2022 12:38 AM\nHe left.", "2022-10-29"),
        ("Talks fail\nLast updated 29 October 2022\nHe left.", "2022-10-29"),
        ("Talks fail\nOctober 29, 2022\nHe left.", "2022-10-29"),
        ("Talks fail\nPublished: Saturday\nHe left.", None),
        ("Talks failed on October 29, 2022, he said after a long day of talks.", None),
        ("Talks fail\nOctober 2022\nHe left.", None),
        ("", None),
    ],
)
def test_the_head_may_state_the_day_of_publication(text: str, expected: str | None) -> None:
    assert header_day(text) == expected


def test_a_stated_day_takes_the_place_of_a_missing_one_only() -> None:
    text = "Talks fail\nPublished: Oct 29, 2022 12:38 AM\nHe left yesterday."
    assert [d.value for d in find_dates(parse(text), None) if d.text == "yesterday"] == ["2022-10-28"]
    assert [d.value for d in find_dates(parse(text), "2022-11-05") if d.text == "yesterday"] == ["2022-11-04"]
