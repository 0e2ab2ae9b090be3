"""Domestic or international: what counts as whose, seen in the scope of events."""

from functools import cache

import pytest

from comity import Coder
from comity.records import Report


@cache
def coder() -> Coder:
    return Coder()


def scopes(text):
    """Countries of source and target, and scope, of each event of a text."""
    coding = coder().code(Report(id="sample", text=text, published="2022-10-27", language="en"))
    return [
        (tuple(p.country for p in event.source), tuple(p.country for p in event.target), event.scope)
        for event in coding.events
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Russia condemned Ukraine on Monday.", (("RUS",), ("UKR",), "international")),
        (
            "Chilean police arrested Chilean protesters on Monday.",
            (("CHL",), ("GROUP:Chilean protesters@CHL",), "domestic"),
        ),
        ("China condemned Taiwan on Monday.", (("CHN",), ("TWN",), "international")),
        ("China criticized Hong Kong on Monday.", (("CHN",), ("HKG",), "international")),
        ("Israel condemned the Palestinian Authority on Monday.", (("ISR",), ("PSE",), "international")),
        ("Serbia condemned Kosovo on Monday.", (("SRB",), ("XKX",), "international")),
        ("Spain criticized Greenland on Monday.", (("ESP",), ("DNK",), "international")),
        ("Georgia condemned Abkhazia on Monday.", (("GEO",), ("GROUP:Abkhazia@GEO",), "domestic")),
        ("Russia condemned NATO on Monday.", (("RUS",), ("IGO:NATO",), "international")),
    ],
)
def test_scope(text, expected):
    assert scopes(text) == [expected]
