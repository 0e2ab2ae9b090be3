"""Dates of publication in the forms in which outlets write them."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.reading.published import check_published, normalise

FORMS = {
    "2022-10-29": "2022-10-29",
    "2022-10-29T00:38:00Z": "2022-10-29T00:38:00Z",
    "2022-10-29 00:38": "2022-10-29T00:38:00",
    "2022-10-29T00:38:00.123+08:00": "2022-10-29T00:38:00+08:00",
    "2022-10-29T00:38:00+0800": "2022-10-29T00:38:00+08:00",
    "2022-10-29T00:38:00-05": "2022-10-29T00:38:00-05:00",
    "2022/10/29 10:35": "2022-10-29T10:35:00",
    "20221029": "2022-10-29",
    "20221029T003800Z": "2022-10-29T00:38:00Z",
    "Oct 29, 2022 12:38 AM": "2022-10-29T00:38:00",
    "Oct. 29, 2022": "2022-10-29",
    "October 29, 2022 at 3:05 p.m. ET": "2022-10-29T15:05:00",
    "October 29, 2022 (Saturday)": "2022-10-29",
    "29 October 2022": "2022-10-29",
    "29-Oct-2022": "2022-10-29",
    "Saturday 29th October 2022, 14:05 GMT": "2022-10-29T14:05:00Z",
    "14:05, 3 November 2022": "2022-11-03T14:05:00",
    "Monday 2 May 2005 15.23 BST": "2005-05-02T15:23:00",
    "3 Nov 2022 | 10:35 UTC+3": "2022-11-03T10:35:00+03:00",
    "Nov 3, 2022, 0815 GMT": "2022-11-03T08:15:00Z",
    "Sat, 29 Oct 2022 00:38:00 +0800": "2022-10-29T00:38:00+08:00",
    "Sat, 29 Oct 2022 00:38:00 GMT": "2022-10-29T00:38:00Z",
    "Thu, 27 Oct 22 10:00 EST": "2022-10-27T10:00:00-05:00",
    "Tue Jul 30 09:35:14 CEST 2019": "2019-07-30T09:35:14+02:00",
    "29/10/2022 10:11": "2022-10-29T10:11:00",
    "10/29/2022": "2022-10-29",
    "05/05/2022": "2022-05-05",
}


@pytest.mark.parametrize("written", FORMS)
def test_a_date_is_normalised(written):
    assert normalise(written) == FORMS[written]


@pytest.mark.parametrize(
    "written",
    [
        "03/04/2022",  # April or March
        "October 2022",
        "29 October",
        "2022",
        "2022-13-01",
        "2022-10-29T25:00:00Z",
        "29 October 2022 13:00 PM",
        "0001-01-01T00:00:00Z",
        "soon after the talks",
        "They met on October 29, 2022 in Geneva",
        "October 29, 2022 and October 30, 2022",
        "",
        "x" * 200,
    ],
)
def test_what_is_not_one_unambiguous_date_is_none(written):
    assert normalise(written) is None


@given(st.datetimes(min_value=datetime(1601, 1, 1)))
def test_iso_dates_are_kept(moment):
    written = moment.replace(microsecond=0).isoformat()
    assert normalise(written) == written
    assert normalise(written + "Z") == written + "Z"
    assert normalise(written[:10]) == written[:10]


@given(st.text(max_size=120))
def test_no_text_breaks_it(text):
    found = normalise(text)
    assert found is None or normalise(found) == found


def test_a_date_given_by_the_caller_must_be_one():
    assert check_published("3 May 2021") == "2021-05-03"
    with pytest.raises(ValueError, match=r"03/04/2022.*2022-10-29"):
        check_published("03/04/2022")
