"""Events that reviewers add: in the log, in the views, in the report's record, over a new coding, and away again."""

from __future__ import annotations

import msgspec
import pytest
from ledger_samples import fresh_ledger, sample

from comity.ledger import BadCorrection, Ledger


@pytest.fixture
def ledger(tmp_path):
    with fresh_ledger(tmp_path / "l", "r1", "r2") as opened:
        yield opened


def words_of(ledger: Ledger, report: str) -> tuple[tuple[int, int], str]:
    """Some words of a report that no event is triggered by."""
    text = ledger.coding(report).report.text
    start = text.index(" ") + 1
    return (start, text.index(" ", start)), text


def add(ledger: Ledger, **more):
    span, _ = words_of(ledger, "r1")
    return ledger.add_event("r1", span, "AID", ["CHN"], ["RUS"], author="ada", reason="was missed", **more)


def test_an_added_event_stands_in_views_and_in_the_record_and_the_coded_one_stays(ledger):
    before, coded = ledger.count("events"), ledger.coding("r1")
    made = add(ledger, status="intended", date="2022-05")
    assert (made.action, made.kind, made.author, made.reason) == ("add", "event", "ada", "was missed")
    assert ledger.count("events") == before + 1
    assert ledger.coding("r1") == coded
    event = next(one for one in ledger.coding("r1", corrected=True).events if one.id == made.record_id)
    assert (event.type, event.status, event.date, event.date_precision, event.quad, event.reason.by) == (
        "AID", "intended", "2022-05", "month", "material cooperation", "reviewer",
    )  # fmt: skip
    assert ([p.country for p in event.source], [p.country for p in event.target]) == (["CHN"], ["RUS"])
    found = ledger.explain(made.record_id)
    span, text = words_of(ledger, "r1")
    assert text[slice(*span)] in found.sentence and found.corrected and not found.rejected
    assert ledger.events(dyad="CHN-RUS", type="AID", status="intended")["id"].to_pylist() == [made.record_id]
    assert made.record_id not in ledger.review_queue()["id"].to_pylist()
    assert ledger.check() == []


def test_an_added_event_is_corrected_rejected_and_undone_like_any_other(ledger):
    made = add(ledger)
    ledger.correct(made.record_id, "type", "CONSULT", author="bo")
    assert ledger.explain(made.record_id).record.type == "CONSULT"
    gone = ledger.reject(made.record_id, author="bo")
    assert ledger.explain(made.record_id).rejected
    ledger.undo(gone.id, author="bo")
    assert not ledger.explain(made.record_id).rejected
    before = ledger.count("events")
    ledger.undo(made.id, author="ada")
    assert ledger.count("events") == before - 1 and ledger.explain(made.record_id).rejected
    ledger.correct(made.record_id, "status", "denied", author="bo")  # what is taken back stays away
    assert ledger.count("events") == before - 1
    assert ledger.check() == []


def test_an_added_event_goes_over_to_a_new_coding_and_lapses_with_its_words(ledger):
    made = add(ledger)
    ledger.correct(made.record_id, "status", "denied", author="bo")
    coding = ledger.coding("r1")
    ledger.add([msgspec.structs.replace(coding, events=coding.events[:1])], recode=True)
    now = [one for one in ledger.coding("r1", corrected=True).events if one.id == made.record_id]
    assert [(one.type, one.status) for one in now] == [("AID", "denied")]
    assert ledger.corrections(record=made.record_id)["state"].to_pylist() == ["active", "active"]
    report = msgspec.structs.replace(coding.report, text="Nothing of it is left.")
    ledger.add([msgspec.structs.replace(sample("r1"), report=report, events=(), statements=(), mentions=(), dates=(), places=(), actors=())])  # fmt: skip
    assert made.record_id not in ledger.events()["id"].to_pylist()
    assert ledger.corrections(record=made.record_id)["state"].to_pylist() == ["lapsed", "lapsed"]
    assert ledger.check() == []


def test_a_mirror_shows_what_is_added(ledger):
    with Ledger(ledger.home.folder, mirror=True) as held:
        number = held.listing("events").number
        made = add(ledger)
        held.refresh()
        assert held.listing("events").number == number + 1
        assert held.explain(made.record_id) == ledger.explain(made.record_id)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"span": (5, 5)}, "marks no words"),
        ({"span": (0, 10**6)}, "marks no words"),
        ({"type": "NONSENSE"}, "type"),
        ({"source": []}, "one at least is needed"),
        ({"target": ["Narnia"]}, "neither an actor of this report nor a code"),
        ({"status": "perhaps"}, "is unknown"),
        ({"colour": "red"}, "no field"),
        ({"author": " "}, "needs an author"),
    ],
)
def test_what_makes_no_sense_is_not_added(ledger, given, words):
    span, _ = words_of(ledger, "r1")
    usual = {"span": span, "type": "AID", "source": ["CHN"], "target": ["RUS"], "author": "ada"} | given
    number = ledger.count("events")
    with pytest.raises(BadCorrection, match=words):
        ledger.add_event("r1", usual.pop("span"), usual.pop("type"), usual.pop("source"), usual.pop("target"), **usual)
    assert ledger.count("events") == number and ledger.corrections().num_rows == 0
