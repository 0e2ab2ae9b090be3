"""Plain text: the text as it stands, and what its head says about it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.reading import ReadError, dateline, read, read_text
from comity.reading.text import Dateline, Head, head, head_date
from comity.records import report_id

BODY = "The foreign ministers of both states met on Friday and agreed to resume talks within a month.\n"


def test_title_date_and_body_are_told_apart():
    text = f"Ministers agree to resume talks\nPublished: Oct 29, 2022 12:38 AM\n\n\n{BODY}"
    assert head(text) == Head("Ministers agree to resume talks", "2022-10-29T00:38:00", body=text.index("The foreign"))


def test_lines_about_the_report_fill_its_fields():
    text = (
        "Headline: Ministers agree\nSource: The Valley Times\nBy Ana Ivers and Tom Reed\n"
        "Posted on 3 May 2021 | Updated: 4 May 2021\nURL: https://example.org/a\n\n" + BODY
    )
    report = read_text(text)
    assert report.text == text
    assert (report.title, report.outlet, report.published, report.url) == (
        "Ministers agree",
        "The Valley Times",
        "2021-05-03",
        "https://example.org/a",
    )
    assert report.id == report_id("https://example.org/a", "2021-05-03", text)


@pytest.mark.parametrize(
    "line",
    ["October 29, 2022", "Saturday 29 October 2022", "Published 29 October 2022", "2022-10-29", "Date: 2022-10-29"],
)
def test_a_line_that_is_a_date_is_the_date(line):
    assert head_date(f"Ministers agree to resume talks\n{line}\n\n{BODY}") == "2022-10-29"


def test_a_text_may_begin_with_its_date():
    assert head_date("Monday 2 May 2005 15.23 BST The envoy left the city.") == "2005-05-02T15:23:00"
    assert head_date("CAIRO | Tue Jun 16, 2009 10:20 am EDT CAIRO - The envoy left.") == "2009-06-16T10:20:00-04:00"


@pytest.mark.parametrize(
    "text",
    [
        BODY,
        "On October 29, 2022 the ministers met.\n" + BODY,
        "BEIJING, Oct 28 (Xinhua) -- The ministers met.\n",  # no year: nothing is guessed
        "Ministers agree to resume talks\n\nThe treaty of 3 May 2021 stands.\n",
    ],
)
def test_a_date_within_the_report_is_not_its_date(text):
    assert head_date(text) is None


def test_a_first_sentence_is_no_title():
    assert head(BODY + "\n" + BODY).title is None
    assert head("The foreign ministers of both states met on\nFriday and agreed to resume talks.\n").title is None
    assert head("BEIJING, Oct 28 (Xinhua) -- The ministers met\n\n" + BODY).title is None
    assert head("Ministers agree to resume talks").title is None  # it is all there is


@pytest.mark.parametrize(
    ("opening", "place", "date", "agency"),
    [
        ("BEIJING, Oct 28 (Xinhua) -- ", "BEIJING", "Oct 28", "Xinhua"),
        ("MOSCOW, October 27. /TASS/. ", "MOSCOW", "October 27", "TASS"),
        ("WASHINGTON (Reuters) - ", "WASHINGTON", None, "Reuters"),
        ("KYIV, Ukraine (AP) — ", "KYIV, Ukraine", None, "AP"),
        ("UNITED NATIONS, Nov. 3, 2022 (AFP) - ", "UNITED NATIONS", "Nov. 3, 2022", "AFP"),
        ("(Reuters) - ", None, None, "Reuters"),
        ("Oct 28 (Reuters) - ", None, "Oct 28", "Reuters"),
        ("TEHRAN – ", "TEHRAN", None, None),
        ("(CNN) ", None, None, "CNN"),
    ],
)
def test_datelines(opening, place, date, agency):
    text = opening + "Ministers met."
    assert dateline(text) == Dateline(0, len(opening), place, date, agency)
    titled = "Ministers meet again in spring\n\n" + text
    assert dateline(titled) == Dateline(32, 32 + len(opening), place, date, agency)


@pytest.mark.parametrize(
    "text",
    [
        "The World Health Organization (WHO) said on Friday that it was over.",
        "Oil - the country's main export - fell.",
        "Ministers met. They agreed.",
        "May 5 was a holiday.",
        "",
    ],
)
def test_what_is_no_dateline(text):
    assert dateline(text) is None


def test_a_dateline_with_its_year_dates_the_report():
    assert head_date("UNITED NATIONS, Nov. 3, 2022 (AFP) - The council met.") == "2022-11-03"


def test_arguments_fill_what_the_text_does_not_say():
    report = read_text(BODY, published="Oct 29, 2022", outlet="The Valley Times", url="https://example.org/a", id="a7")
    assert (report.id, report.published, report.outlet, report.url, report.title, report.source) == (
        "a7",
        "2022-10-29",
        "The Valley Times",
        "https://example.org/a",
        None,
        "text",
    )
    dated = read_text(f"Published: 3 May 2021\n\n{BODY}", published="2022-10-29")
    assert dated.published == "2021-05-03"


def test_a_date_that_cannot_be_read_is_a_warning(tmp_path, caplog):
    path = tmp_path / "a.txt"
    path.write_text(f"Ministers agree to resume talks\nPublished: 03/04/2022\n\n{BODY}")
    assert read(path).published is None
    assert [record.getMessage() for record in caplog.records] == [
        f"{path}: published '03/04/2022' is no date that can be read in one way only; the report is kept without a date"
    ]


def test_blank_text_is_refused():
    with pytest.raises(ReadError, match="it is empty"):
        read_text(" \n\t ")


@given(st.text(min_size=1))
def test_the_text_is_kept_whatever_stands_in_it(text):
    try:
        report = read_text(text)
    except ReadError:
        assert text.isspace()
    else:
        assert report.text == text


@given(st.text(alphabet="AB, (-)/.\n:ab1 ", max_size=300))
def test_heads_and_datelines_stay_inside_the_text(text):
    found = dateline(text)
    assert found is None or 0 <= found.start < found.end <= len(text)
    assert 0 <= head(text).body <= len(text)
