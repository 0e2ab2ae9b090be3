"""The decision table, and the sentences that test its rulings."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from comity.codebook import STATUSES, codebook, parse_expected

BOOK = codebook()
HERE = Path(__file__).parent
TABLES = HERE.parent / "tables"


def rows(name):
    with (HERE / "data" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def known_states():
    with (TABLES / "states.tsv").open(encoding="utf-8", newline="") as file:
        return {row["iso3"] for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)}


def state_of(party):
    return party.rpartition("@")[2] if party.startswith("GROUP:") else party


def assert_known(parties):
    for party in parties:
        state = state_of(party)
        assert state.startswith("IGO:") or state == "null" or state in known_states(), party


def test_every_type_and_status_is_ruled_on():
    events = [event for decision in BOOK.decisions for event in decision.events]
    assert {event.type for event in events} == set(BOOK.types)
    assert {event.status for event in events} == set(STATUSES)
    assert any(event.background for event in events)
    assert any(event.mutual for event in events)
    assert any(event.account for event in events)


def test_every_decision_asks_rules_and_shows():
    for decision in BOOK.decisions:
        assert decision.question.endswith(("?", ".")), decision.id
        assert len(decision.ruling) > 3, decision.id
        assert decision.example.endswith((".", "?")) or decision.id == "status.headline", decision.id
        for event in decision.events:
            assert_known((*event.source, *event.target))


@pytest.mark.parametrize(
    ("id_", "expected"),
    [
        ("agree.willingness", "FIN > MDA AGREE actual"),
        ("agree.promise", "CAN > PAK AGREE actual"),
        ("support.sign", "JPN = IND SUPPORT actual"),
        ("assault.abduct", "GROUP:gunmen@null > GROUP:engineers@TUR ASSAULT/abduct actual"),
        ("request.two", "GRC > TUR REQUEST/yield actual; TUR > GRC RETREAT/withdraw requested"),
        ("account.claim", "MAR > GROUP:Polisario Front@ESH ASSAULT/destroy actual by MAR"),
    ],
)
def test_rulings_that_everything_rests_on(id_, expected):
    assert BOOK.decision(id_).events == parse_expected(expected)


def test_status_sentences_cover_states_and_disguises():
    table = rows("status_sentences.tsv")
    assert len(table) >= 260
    counts = Counter(row["status"] for row in table)
    assert set(counts) == set(STATUSES)
    assert min(counts.values()) >= 40
    assert sum(row["background"] == "1" for row in table) >= 40
    assert len({row["note"] for row in table}) >= 200
    assert {row["type"] for row in table} == set(BOOK.types)


def test_status_sentences_are_well_formed():
    seen = set()
    for row in rows("status_sentences.tsv"):
        assert 5 <= len(row["sentence"].split()) <= 40, row["sentence"]
        assert row["type"] in BOOK.types, row
        assert row["background"] in ("0", "1"), row
        assert row["note"], row
        assert_known((row["source"], row["target"]))
        key = (row["sentence"], row["source"], row["target"], row["type"])
        assert key not in seen, key
        seen.add(key)


def test_sixteen_hard_sentences():
    table = rows("hard_sentences.tsv")
    assert len(table) == 16
    for row in table:
        assert row["published"][:4] in ("2018", "2024")
        events = parse_expected(row["expected"])
        assert events
        for event in events:
            assert event.type in BOOK.types
            assert event.mode is None or (event.type, event.mode) in BOOK.modes
            assert_known((*event.source, *event.target))
