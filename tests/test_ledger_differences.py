"""Two codings of the same reports: what was gained, lost and changed, in which fields, and why."""

from collections import Counter

import msgspec
import pytest
from cli_running import demo_codings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ledger_samples import TEXT, sample

from comity import Ledger
from comity.events.find import ACCEPT, ACCEPT_IN_REPORT
from comity.ledger import LedgerError
from comity.ledger.differences import Counts, Differences, differences
from comity.ledger.pairing import pairs
from comity.records import Coding, Reason, to_json

WEIGHTS = "comity 0.1.0 (lexicon aa, weights {})"


def changed(coding: Coding, number: int, **fields: object) -> Coding:
    """The coding with fields of one of its events changed."""
    events = list(coding.events)
    events[number] = msgspec.structs.replace(events[number], **fields)
    return msgspec.structs.replace(coding, events=tuple(events))


def without(coding: Coding, number: int) -> Coding:
    events = coding.events[:number] + coding.events[number + 1 :]
    return msgspec.structs.replace(coding, events=events)


def written(folder, form: str, name: str, *codings: Coding):
    """A ledger or a file with these codings."""
    if form == "file":
        path = folder / f"{name}.jsonl"
        path.write_bytes(b"".join(to_json(coding) + b"\n" for coding in codings))
        return path
    with Ledger(folder / name) as ledger:
        ledger.add(codings)
    return folder / name


@pytest.fixture(params=["ledger", "file", "both"])
def compared(tmp_path, request):
    """Compares two lists of codings, as ledgers, as files, as one of each."""

    def compare(old, new):
        first = written(tmp_path, "file" if request.param == "file" else "ledger", "old", *old)
        second = written(tmp_path, "ledger" if request.param == "ledger" else "file", "new", *new)
        return differences(first, second)

    return compare


def test_all_changes_are_found_whatever_holds_the_codings(compared):
    """One comparison of much at once: making ledgers is what takes the time."""
    base = sample("r1")
    first, second, third = base.events
    elsewhere = msgspec.structs.replace(second.source[0], country="TGO", actor="state:TGO", name="Togo")
    surer = changed(base, 0, confidence=0.99)
    other_status = changed(sample("r2"), 0, status="intended")
    other_party = changed(sample("r3"), 1, source=(elsewhere,), id="e-another-id")
    fewer = changed(without(sample("r4"), 2), 0, reason=Reason(by="rule", id="consult.other"))
    old = [base, sample("r2"), sample("r3"), sample("r4"), sample("r5"), sample("r6"), sample("r7")]
    new = [surer, other_status, other_party, fewer, sample("r5"), sample("r6", TEXT + " More."), sample("r8")]
    old = [msgspec.structs.replace(one, coder=WEIGHTS.format(1)) for one in old]
    new = [msgspec.structs.replace(one, coder=WEIGHTS.format(2)) for one in new]
    changes, summary = compared(old, new)
    told = [(c.report, c.what, c.kind, c.type, c.groups, [w.cause for w in c.why]) for c in changes]
    assert told == [
        ("r2", "event", "changed", first.type, ("status",), []),
        ("r3", "event", "changed", second.type, ("parties",), ["actor"]),
        ("r4", "event", "changed", first.type, ("pattern",), ["pattern"]),
        ("r4", "event", "lost", third.type, (), []),
    ]
    assert changes[0].fields == {"status": (first.status, "intended")}
    assert changes[1].why[0].words.startswith(f"“{elsewhere.text}” is Togo (TGO), was ")
    assert changes[2].why[0].words == f"pattern {first.reason.id} → consult.other"
    assert changes[3].words == TEXT[slice(*third.sentence)]
    assert summary.made_otherwise == {"weights": ("1", "2")}
    assert (summary.reports, summary.reports_changed) == (5, 3)
    assert (summary.other_text, summary.only_old, summary.only_new) == (1, 1, 1)
    assert summary.events == Counts(old=15, new=14, same=11, changed=3, gained=0, lost=1, other_confidence=1)
    assert summary.statements == Counts(old=10, new=10, same=10)
    assert summary.groups == {"event": {"status": 1, "parties": 1, "pattern": 1}, "statement": {}}
    assert sum(sum(kinds.values()) for kinds in summary.types.values()) == 4
    assert summary.causes == {"actor": 1, "pattern": 1}
    assert not summary.same


def test_the_same_codings_do_not_differ(compared):
    changes, summary = compared([sample("r1")], [sample("r1")])
    assert (changes, summary.same, summary.made_otherwise) == ([], True, {})


def test_turned_round_what_was_lost_is_gained(tmp_path):
    old = written(tmp_path, "file", "old", sample("r1"), sample("r2"))
    new = written(tmp_path, "file", "new", without(sample("r1"), 0), changed(sample("r2"), 1, background=True))
    there, back = differences(old, new)[0], differences(new, old)[0]
    opposite = {"lost": "gained", "gained": "lost", "changed": "changed"}
    assert [(c.report, opposite[c.kind], c.old, c.new) for c in there] == [
        (c.report, c.kind, c.new, c.old) for c in back
    ]


def test_a_former_state_of_a_ledger_is_compared_with_what_it_is_now(tmp_path):
    with Ledger(tmp_path / "l") as ledger:
        ledger.add([sample("r1")])
        before = ledger.snapshot
        ledger.add([without(sample("r1"), 0)], recode=True)
    changes, _ = differences(tmp_path / "l", tmp_path / "l", old_as_of=before)
    assert [(c.kind, c.type) for c in changes] == [("lost", sample("r1").events[0].type)]


def test_an_account_is_followed_and_not_compared_by_its_id(tmp_path):
    base = sample("r1")
    number, event = next((n, e) for n, e in enumerate(base.events) if e.account is not None)
    told = next(s for s in base.statements if s.id == event.account)
    start, end = told.content[0]
    renamed = msgspec.structs.replace(told, id="another", content=((start, end - 1), *told.content[1:]))
    statements = tuple(renamed if s is told else s for s in base.statements)
    new = changed(msgspec.structs.replace(base, statements=statements), number, account="another")
    changes, summary = differences(written(tmp_path, "file", "old", base), written(tmp_path, "file", "new", new))
    assert [(c.what, c.kind, list(c.fields)) for c in changes] == [("statement", "changed", ["content"])]
    assert (summary.events.same, summary.events.other_confidence) == (3, 0)


def test_reasons_of_what_came_or_went(tmp_path):
    base = sample("r1")
    unsure = msgspec.structs.replace(changed(base, 0, confidence=ACCEPT), coder=WEIGHTS.format(1))
    gone = msgspec.structs.replace(without(base, 0), coder=WEIGHTS.format(2))
    (change,), _ = differences(written(tmp_path, "file", "a", unsure), written(tmp_path, "file", "b", gone))
    assert [why.words for why in change.why] == [
        f"its probability was {ACCEPT}, and events count from {ACCEPT} by their own words, from {ACCEPT_IN_REPORT} in their report"
    ]
    at = base.events[0].source[0].start
    mentions = tuple(
        msgspec.structs.replace(m, actor=None, country=None) if m.start == at else m for m in gone.mentions
    )
    lost = msgspec.structs.replace(gone, mentions=mentions)
    (change,), _ = differences(written(tmp_path, "file", "a", unsure), written(tmp_path, "file", "c", lost))
    assert [why.cause for why in change.why] == ["actor"]
    assert " is nobody known, was " in change.why[0].words
    capped = msgspec.structs.replace(gone, warnings=(f"sentence at {base.events[0].sentence[0]}: 30 events proposed",))
    (change,), _ = differences(written(tmp_path, "file", "a", unsure), written(tmp_path, "file", "d", capped))
    assert [why.cause for why in change.why] == ["capped"]
    other = changed(gone, 0, reason=Reason(by="rule", id="x.new"))
    other = msgspec.structs.replace(other, coder="comity 0.1.0 (lexicon bb, weights 2)")
    changes, _ = differences(written(tmp_path, "file", "a", unsure), written(tmp_path, "file", "e", other))
    assert [why.cause for why in changes[0].why] == ["pattern"]
    assert changes[0].why[0].words == f"pattern {base.events[0].reason.id} codes nothing on the other side"


def test_records_are_paired_once_and_nearest_first():
    base = sample("r1").events
    moved = [
        msgspec.structs.replace(e, id=f"x{n}", trigger=(e.trigger[0] + 1, e.trigger[1])) for n, e in enumerate(base)
    ]
    assert sorted(pairs(base, moved[::-1])) == [(0, 2), (1, 1), (2, 0)]
    assert pairs(base, []) == pairs([], base) == []
    twice = [base[0], msgspec.structs.replace(base[0], id="x", type="REQUEST")]
    assert pairs([base[0]], twice) == [(0, 0)]


def test_what_cannot_be_compared_is_told(tmp_path):
    good = written(tmp_path, "file", "good", sample("r1"))
    (tmp_path / "bad.jsonl").write_text('{"report": {"id": "a", "text": "b"}}\n', "utf-8")
    with pytest.raises(LedgerError, match=r"bad\.jsonl:1: is no coding \("):
        Differences(good, tmp_path / "bad.jsonl")
    with pytest.raises(LedgerError, match="there is no ledger here"):
        Differences(good, tmp_path / "none")
    with pytest.raises(LedgerError, match="a file has no former state"):
        Differences(good, good, old_as_of=1)


CHANGES = st.sampled_from(["same", "same", "same", "surer", "status", "gone"])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(done=st.lists(CHANGES, min_size=40, max_size=40), turned=st.booleans())
def test_what_was_done_is_what_is_found(tmp_path, done, turned):
    """Events of four bundled reports, each left as it is, made surer, of another status, or gone."""
    told, waiting = Counter(), iter(done * 9)
    before, after = demo_codings()[:4], []
    for coding in before:
        events = []
        for event in coding.events:
            what = next(waiting)
            told[what] += 1
            if what == "surer":
                event = msgspec.structs.replace(event, confidence=event.confidence + 1)
            elif what == "status":
                event = msgspec.structs.replace(event, status="hypothetical" if event.status == "actual" else "actual")
            if what != "gone":
                events.append(event)
        after.append(msgspec.structs.replace(coding, events=tuple(events)))
    old, new = written(tmp_path, "file", "old", *before), written(tmp_path, "file", "new", *after)
    changes, summary = differences(new, old) if turned else differences(old, new)
    kinds = Counter(change.kind for change in changes)
    gone = "gained" if turned else "lost"
    assert kinds == Counter({"changed": told["status"], gone: told["gone"]})
    counts = summary.events
    assert (counts.same, counts.other_confidence) == (told["same"] + told["surer"], told["surer"])
    assert counts.old == counts.same + counts.changed + counts.lost
    assert counts.new == counts.same + counts.changed + counts.gained
    assert summary.same == (not changes)
