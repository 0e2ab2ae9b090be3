"""Adding: by content, once; revisions kept; order does not matter."""

import pytest
from ledger_samples import TEXT, fresh_ledger, sample

from comity.ledger import AddResult, Ledger, LedgerReadOnly
from comity.records import Coding, Report

OTHER = f"Updated. {TEXT} More was not said."


@pytest.fixture
def ledger(tmp_path):
    with fresh_ledger(tmp_path / "l") as made:
        yield made


def test_a_coding_comes_back_as_it_was_added(ledger):
    coding = sample()
    assert ledger.add([coding]) == AddResult(added=1)
    assert ledger.coding("r1") == coding
    assert list(ledger.codings()) == [coding]


def test_an_empty_coding_comes_back_too(ledger):
    coding = Coding(report=Report(id="bare", text=""), codebook="c", coder="k")
    ledger.add([coding, sample()])
    assert ledger.coding("bare") == coding
    assert ledger.check() == []


def test_the_same_report_twice_changes_nothing(ledger):
    ledger.add([sample("r1"), sample("r2")])
    before, snapshots = ledger.content_hash(), ledger.snapshots().num_rows
    assert ledger.add([sample("r2"), sample("r1"), sample("r1")]) == AddResult(known=3)
    assert ledger.content_hash() == before
    assert ledger.snapshots().num_rows == snapshots


def test_another_text_under_the_same_id_is_a_revision_and_the_old_one_is_kept(ledger):
    old, new = sample(), sample(text=OTHER)
    ledger.add([old])
    assert ledger.add([new]) == AddResult(revised=1)
    assert ledger.coding("r1") == new
    assert ledger.coding("r1", revision=1) == old
    assert ledger.reports(columns=["id", "revision", "text"]).to_pylist() == [
        {"id": "r1", "revision": 2, "text": OTHER}
    ]
    assert ledger.count("events") == 3
    revisions = ledger.query("SELECT id, revision, current FROM revisions_v1 ORDER BY revision").to_pylist()
    assert revisions == [
        {"id": "r1", "revision": 1, "current": False},
        {"id": "r1", "revision": 2, "current": True},
    ]
    assert ledger.check() == []


def test_both_texts_in_one_batch_are_two_revisions_and_known_afterwards(ledger):
    both = [sample(), sample(text=OTHER)]
    assert ledger.add(both) == AddResult(added=1, revised=1)
    assert ledger.add(both) == AddResult(known=2)
    assert ledger.coding("r1") == both[1]
    assert ledger.check() == []


def test_the_same_text_coded_otherwise_is_left_alone_unless_asked_for(ledger):
    old = sample()
    new = Coding(
        report=old.report, codebook=old.codebook, coder="comity 0.2.0", actors=old.actors, events=old.events[:1]
    )
    ledger.add([old])
    assert ledger.add([new]) == AddResult(known=1)
    assert ledger.add([new], recode=True) == AddResult(revised=1)
    assert ledger.add([new], recode=True) == AddResult(known=1)
    assert ledger.coding("r1") == new
    assert ledger.coding("r1", revision=1) == old
    assert ledger.check() == []


def test_order_and_batches_leave_no_trace(tmp_path):
    codings = [sample(f"r{n}") for n in range(7)]
    with Ledger(tmp_path / "a") as one, Ledger(tmp_path / "b") as other:
        one.add(codings, batch_size=3)
        other.add(reversed(codings), batch_size=2)
        assert one.content_hash() == other.content_hash()
        assert len(set(one.content_hash().values())) == 10


def test_batches_are_told_and_count_up(ledger):
    seen: list[int] = []
    ledger.add((sample(f"r{n}") for n in range(5)), batch_size=2, on_batch=lambda result: seen.append(result.added))
    assert seen == [2, 4, 5]


def test_what_came_before_an_error_is_stored(ledger):
    def codings():
        yield sample("r1")
        yield sample("r2")
        raise RuntimeError("the reader broke")

    with pytest.raises(RuntimeError, match="the reader broke"):
        ledger.add(codings())
    assert ledger.count("reports") == 2
    assert ledger.check() == []


def test_a_text_that_is_no_unicode_is_left_out_and_the_batch_goes_on(ledger):
    broken = Coding(report=Report(id="x", text="half a pair \ud83d", source="x.txt"), codebook="c", coder="k")
    result = ledger.add([sample("r1"), broken, sample("r2")])
    assert (result.added, [left.source for left in result.left_out]) == (2, ["x.txt"])
    assert ledger.count("reports") == 2


def test_odd_texts_keep_their_offsets(ledger):
    odd = TEXT.replace("Courier", "x") + " \N{REGIONAL INDICATOR SYMBOL LETTER A}́\r\n\x00 漢字 \u2028 end"
    coding = sample(text="😀 é\r\n" + odd)
    ledger.add([coding])
    assert ledger.coding("r1") == coding
    assert ledger.check() == []


def test_a_ledger_opened_for_reading_takes_nothing(ledger):
    ledger.add([sample()])
    with Ledger(ledger.home.folder, read_only=True) as reader:
        with pytest.raises(LedgerReadOnly, match="opened for reading"):
            reader.add([sample("r2")])
        assert reader.count("reports") == 1
