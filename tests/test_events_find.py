"""Properties of a report's events."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comity import Coder
from comity.events.find import MOST_IN_A_SENTENCE
from comity.records import Report

SENTENCES = [
    "Norway sent aid to Kenya on Monday.",
    "The Kenyan president thanked Norway for the tents.",
    "Chad accused Niger of arming the rebels, Reuters reported.",
    "“We will never accept this,” the minister of Niger said.",
    "If Chad attacks, Niger will close the border.",
    "Talks between the two countries collapsed in March.",
    "TASS reported that the Russian and Cuban presidents had spoken by telephone.",
    "Two soldiers were killed and eleven wounded.",
    "Ahead of the summit, Peru, Chile, Bolivia and Ecuador called on Brazil and Colombia to pay $30 million.",
    "He denied it.",
]


@pytest.fixture(scope="module")
def coder():
    return Coder()


def code(coder, text, **given):
    return coder.code(Report(id="made", text=text, published="2024-05-06", language="en", **given))


texts = st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=8).map(" ".join)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts)
def test_events_hold_together(coder, text):
    coding = code(coder, text)
    statements = {one.id for one in coding.statements}
    media = {one.actor for one in coding.mentions if one.actor.startswith("outlet:")}
    seen = set()
    for event in coding.events:
        assert text[slice(*event.trigger)].strip()
        assert event.sentence[0] <= event.trigger[0] < event.trigger[1] <= event.sentence[1]
        assert event.account is None or event.account in statements
        assert event.source
        assert event.target
        assert not {p.actor for p in (*event.source, *event.target)} & media
        key = (event.sentence, event.type, *(tuple(p.actor for p in side) for side in (event.source, event.target)))
        assert key not in seen
        seen.add(key)
        for party in (*event.source, *event.target):
            if party.start is not None:
                assert text[party.start : party.end] == party.text
    assert coding == code(coder, text)


def test_a_mutual_event_is_one_record(coder):
    coding = code(coder, "The Japanese premier and the Indian premier met in Tokyo.")
    [met] = [one for one in coding.events if one.type == "CONSULT"]
    assert met.mutual
    assert {p.country for p in (*met.source, *met.target)} == {"JPN", "IND"}


def test_actor_lists_are_no_cross_product(coder):
    coding = code(coder, "Peru, Chile and Bolivia condemned Venezuela and Cuba.")
    [one] = [one for one in coding.events if one.type == "ACCUSE"]
    assert [p.country for p in one.source] == ["PER", "CHL", "BOL"]
    assert [p.country for p in one.target] == ["VEN", "CUB"]


def test_casualties_and_money_are_read(coder):
    coding = code(coder, "Sudanese troops killed nine Chadian soldiers. France gave Niger 20 million euros in aid.")
    sizes = {one.type: one.size for one in coding.events if one.size}
    assert sizes["ASSAULT"].dead == 9
    assert (sizes["AID"].money.amount, sizes["AID"].money.currency) == (20_000_000, "EUR")


def test_what_lies_ahead_is_planned(coder):
    coding = code(coder, "On Friday the Canadian premier travels to Iceland. Canada condemned Peru on Saturday.")
    assert {one.type: one.status for one in coding.events}["ACCUSE"] == "actual"


def test_a_list_without_end_is_capped_with_a_warning(coder):
    states = ["Peru", "Chile", "Kenya", "Norway", "Japan", "India", "Cuba", "Chad", "Niger", "Mali", "Ghana", "Togo"]
    deeds = " and ".join(
        f"{a} condemned {b}, attacked {b}, sanctioned {b}" for a, b in zip(states, reversed(states), strict=True)
    )
    coding = code(coder, deeds + ".")
    by_sentence = {}
    for one in coding.events:
        by_sentence[one.sentence] = by_sentence.get(one.sentence, 0) + 1
    assert max(by_sentence.values()) <= MOST_IN_A_SENTENCE
    if any(count == MOST_IN_A_SENTENCE for count in by_sentence.values()):
        assert coding.warnings


def test_each_record_names_rule_codebook_and_coder(coder):
    coding = code(coder, "Norway praised Kenya.")
    [one] = coding.events
    assert (one.reason.by, one.reason.id) == ("rule", "support.praise")
    assert coding.codebook.startswith("plover-")
    assert coding.coder.startswith("comity ")
