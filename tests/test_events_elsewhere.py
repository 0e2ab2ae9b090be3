"""What the rest of a report tells of two parties: sums over its other sentences, never over their own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from parsing import parsed

from comity.actors import resolve
from comity.codebook import codebook
from comity.dates import read_dates
from comity.events.arguments import weights
from comity.events.elsewhere import Elsewhere, Told, features
from comity.events.find import propose
from comity.events.lexicon import read_lexicon
from comity.records import Report
from comity.statements import read_statements

TEXT = "Kenya bombed Peru on Monday. Peru bombed Kenya on Tuesday. Kenya shelled Peru again. Norway praised Kenya."


@pytest.fixture(scope="module")
def proposals():
    (parse,) = parsed(TEXT)
    report = Report(id="elsewhere", text=TEXT)
    cast = resolve(report, parse)
    reading = read_statements(report, parse, cast, read_dates(parse, None))
    firsts = [group[0] for group in propose(parse, cast, reading, read_lexicon(), weights())]
    return {
        (p.where.sentence.number, p.match.pattern.type, p.chosen.source.place, p.chosen.target.place): p for p in firsts
    }


@pytest.fixture(scope="module")
def four(proposals):
    return (
        proposals[0, "ASSAULT", "KEN", "PER"],
        proposals[1, "ASSAULT", "PER", "KEN"],
        proposals[2, "ASSAULT", "KEN", "PER"],
        proposals[3, "SUPPORT", "NOR", "KEN"],
    )


def heard(four, chances):
    made = Elsewhere(codebook().quad)
    for proposal, chance in zip(four, chances, strict=True):
        made.note(proposal.where, proposal.chosen, chance)
    return made


def test_sums_leave_out_the_sentence_itself(four):
    made = heard(four, (0.5, 0.25, 1.0, 0.125))
    first = four[0]
    assert made.told(first.where, first.chosen) == Told(
        all=1.375, pair=1.25, way=1.0, back=0.25, type=1.0, quad=1.25, source=1.0, target=1.0
    )
    last = four[3]
    assert made.told(last.where, last.chosen) == Told(
        all=1.75, pair=0.0, way=0.0, back=0.0, type=0.0, quad=0.0, source=0.0, target=0.25
    )


def test_a_sentence_alone_has_heard_nothing(four):
    made = heard(four[:1], (0.9,))
    assert made.told(four[0].where, four[0].chosen) == Told(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


def test_features_name_no_country(four):
    told = heard(four, (0.5, 0.25, 1.0, 0.125)).told(four[0].where, four[0].chosen)
    assert features(told, four[0].where, four[0].chosen) == [
        "elsewhere pair 5 0",
        "elsewhere pair rank 5 0",
        "elsewhere pair context 5 00",
        "elsewhere way 4 0",
        "elsewhere back 2 0",
        "elsewhere type 4",
        "elsewhere type 4 V",
        "elsewhere quad 5 0",
        "elsewhere source 4",
        "elsewhere target 4",
        "elsewhere share 6 0",
        "elsewhere share rank 6 0",
        "elsewhere share source 5",
        "elsewhere share target 5",
    ]


@given(st.lists(st.floats(0.0, 1.0), min_size=4, max_size=4))
def test_a_part_is_never_more_than_the_whole(four, chances):
    made = heard(four, chances)
    for proposal in four:
        told = made.told(proposal.where, proposal.chosen)
        assert min(told) >= 0.0
        assert max(told) <= told.all + 1e-9
        assert told.way + told.back == pytest.approx(told.pair)
        assert told.type <= told.way + 1e-9
