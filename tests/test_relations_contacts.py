"""Contacts: level against level, only what was held in the matrix, how long ago."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from relations_samples import event, ledger_of, report

from comity.ledger import Ledger
from comity.records import Place
from comity.relations import BadChoice, contacts

TOP = {"channel": "in-person", "setting": "bilateral", "source_level": "top leader", "target_level": "top leader"}
CALL = {"channel": "phone", "setting": "bilateral", "source_level": "minister", "target_level": "minister"}
LETTER = {
    "channel": "letter",
    "setting": "bilateral",
    "source_level": "top leader",
    "target_level": "head of government",
}


def _place(text: str) -> Place:
    return Place(start=0, end=1, text=text, geonameid=None, lat=None, lon=None, country=None, level=None)


def _codings() -> Iterator[Any]:
    yield report(
        "r1", "2022-02-04",
        [
            event("2022-02-04", "CHN", "RUS", "CONSULT", mutual=True, contact=TOP, place=_place("BEIJING"), contexts=("diplomatic",)),
            event("2022-02-05", "RUS", "CHN", "CONSULT", "phone", mutual=True, contact=CALL),
            event("2022-02-05", "CHN", "RUS", "ACCUSE"),
        ],
    )  # fmt: skip
    yield report("r2", "2022-03-07", [event("2022-03-07", "RUS", "CHN", "CONSULT", "phone", mutual=True, contact=CALL)])
    yield report("r3", "2022-04-16", [event("2022-04-16", "CHN", "RUS", "CONSULT", "phone", contact=CALL)])
    yield report(
        "r4", "2022-05-01",
        [
            event("2022-05-01", "RUS", "CHN", "SUPPORT", contact=LETTER),
            event("2022-06", "CHN", "RUS", "CONSULT", "visit", status="intended", contact={**TOP, "channel": "visit"}),
            event("2022-05-01", "CHN", "RUS", "REJECT", "meet"),
            event("2022-05-01", "RUS", "CHN", "REQUEST", "meet"),
            event("2022-04-30", "RUS", "CHN", "CONSULT", status="denied", contact=CALL),
        ],
    )  # fmt: skip
    yield report("r5", "2022-05-31")


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    with ledger_of(tmp_path_factory.mktemp("contacts"), _codings()) as made:
        yield made


def test_the_matrix_holds_what_was_held(ledger: Ledger) -> None:
    found = contacts(ledger, "CHN", "RUS", count="mentions")
    cells = [
        (c.a_level, c.b_level, c.number, c.last, c.days_since, c.usual_gap, c.channels) for c in found.matrix
    ]  # fmt: skip
    assert cells == [
        ("top leader", "top leader", 1, date(2022, 2, 4), 116, None, {"in-person": 1}),
        ("head of government", "top leader", 1, date(2022, 5, 1), 30, None, {"letter": 1}),
        ("minister", "minister", 3, date(2022, 4, 16), 45, 35.0, {"phone": 3}),
    ]
    assert found.channels == {"phone": 3, "in-person": 1, "letter": 1}
    assert found.places == {"Beijing": 1}
    assert (found.since, found.until) == (date(2022, 2, 4), date(2022, 5, 31))


def test_a_message_of_praise_is_a_contact_of_who_wrote_it(ledger: Ledger) -> None:
    found = contacts(ledger, "CHN", "RUS", count="mentions").held[0]
    assert (found.type, found.channel, found.from_) == ("SUPPORT", "letter", "RUS")
    assert (found.a_level, found.b_level) == ("head of government", "top leader")


def test_what_was_not_held_stands_beside_it(ledger: Ledger) -> None:
    found = contacts(ledger, "CHN", "RUS", count="mentions")
    assert sorted((one.standing, one.type) for one in found.others) == [
        ("asked for", "REQUEST"), ("denied", "CONSULT"), ("planned", "CONSULT"), ("refused", "REJECT"),
    ]  # fmt: skip


def test_the_other_end_sees_the_matrix_turned(ledger: Ledger) -> None:
    one, other = (contacts(ledger, *pair, count="mentions").matrix for pair in (("CHN", "RUS"), ("RUS", "CHN")))
    turned = {(c.b_level, c.a_level): (c.number, c.last, c.channels) for c in other}
    assert {(c.a_level, c.b_level): (c.number, c.last, c.channels) for c in one} == turned


def test_several_accounts_are_one_contact_and_the_fullest_speaks(tmp_path: Any) -> None:
    words = "Xi Jinping met Vladimir Putin in Samarkand on Thursday."
    ahead = "Vladimir Putin and Xi Jinping will meet in Samarkand on Thursday."
    again = "On Thursday in Samarkand Vladimir Putin met Xi Jinping."
    bare = {**TOP, "source_level": None, "target_level": None}
    codings = [
        report("a", "2022-09-15", [event("2022-09-15", "CHN", "RUS", "CONSULT", mutual=True, contact=bare, words=words)]),
        report("b", "2022-09-15", [event("2022-09-15", "CHN", "RUS", "CONSULT", mutual=True, contact=TOP, words=again)], outlet="Other"),
        report(
            "c", "2022-09-14",
            [event("2022-09-15", "CHN", "RUS", "CONSULT", mutual=True, contact=TOP, words=ahead, status="intended")],
            outlet="Third",
        ),
    ]  # fmt: skip
    with ledger_of(tmp_path, codings) as ledger:
        found = contacts(ledger, "CHN", "RUS")
    assert [(one.a_level, one.b_level, one.reports, one.standing) for one in found.held] == [
        ("top leader", "top leader", 3, "held")
    ]
    assert found.others == ()


def test_time_and_wrong_questions(ledger: Ledger) -> None:
    found = contacts(ledger, "CHN", "RUS", until="2022-03-31", count="mentions")
    assert found.until == date(2022, 3, 31) and len(found.held) == 3
    assert [cell.days_since for cell in found.matrix] == [55, 24]
    with pytest.raises(BadChoice, match="both are CHN"):
        contacts(ledger, "CHN", "China")
    assert contacts(ledger, "CHN", "USA").held == ()
