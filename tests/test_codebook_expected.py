"""The notation for what a sentence should give."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.codebook import STATUSES, Expected, codebook, format_expected, parse_expected

BOOK = codebook()
_PARTIES = st.lists(
    st.sampled_from(["JPN", "RUS", "IGO:Arab League", "GROUP:Angela Merkel@DEU", "GROUP:rebels@null"]),
    max_size=3,
    unique=True,
).map(tuple)
_EVENTS = st.builds(
    Expected, source=_PARTIES, target=_PARTIES, mutual=st.booleans(), type=st.sampled_from(sorted(BOOK.types)),
    mode=st.sampled_from([None, "visit", "heavy-weapons"]), status=st.sampled_from(STATUSES), background=st.booleans(),
    account=st.sampled_from([None, "-", "KEN", "GROUP:Baloch Liberation Army@PAK"]),
)  # fmt: skip


@given(st.lists(_EVENTS, max_size=3).map(tuple))
def test_what_is_written_is_read_again(events):
    assert parse_expected(format_expected(events)) == events


def test_reads():
    assert parse_expected("none") == ()
    assert parse_expected("SWE > RUS ACCUSE/allege actual; RUS > UKR ASSAULT actual background by SWE") == (
        Expected(("SWE",), ("RUS",), False, "ACCUSE", "allege", "actual", False, None),
        Expected(("RUS",), ("UKR",), False, "ASSAULT", None, "actual", True, "SWE"),
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "cannot read ''"),
        ("SWE accuses RUS", "cannot read 'SWE accuses RUS'"),
        ("Sweden > RUS ACCUSE actual", "no country code: 'Sweden'"),
        ("SWE > RUS ACCUSE maybe", "unknown status 'maybe'"),
        ("SWE > RUS ACCUSE actual by Oslo", "no country code: 'Oslo'"),
    ],
)
def test_says_what_it_cannot_read(text, told):
    with pytest.raises(ValueError) as error:
        parse_expected(text)
    assert told in str(error.value)
