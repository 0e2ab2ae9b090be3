"""What reviewers add, events and statements: in the log, in the views, in the report's record, over a new coding, and away
again."""

from __future__ import annotations

import json

import msgspec
import pytest
from ledger_samples import TEXT, fresh_ledger, sample, span

from comity.ledger import BadCorrection, Ledger
from comity.ledger.differences import Differences
from comity.ledger.sharing import rehydrate, share
from comity.records import Report


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


def taken_back(ledger, made, records: str) -> None:
    """What was added is rejected and that undone; then it is taken back, and stays away whatever is said of it."""
    gone = ledger.reject(made.record_id, author="bo")
    assert ledger.explain(made.record_id).rejected
    ledger.undo(gone.id, author="bo")
    assert not ledger.explain(made.record_id).rejected
    before = ledger.count(records)
    ledger.undo(made.id, author="ada")
    assert ledger.count(records) == before - 1 and ledger.explain(made.record_id).rejected
    ledger.correct(made.record_id, *(("status", "denied") if records == "events" else ("kind", "mixed")), author="bo")
    assert ledger.count(records) == before - 1
    assert ledger.check() == []


def test_an_added_event_is_corrected_rejected_and_undone_like_any_other(ledger):
    made = add(ledger)
    ledger.correct(made.record_id, "type", "CONSULT", author="bo")
    assert ledger.explain(made.record_id).record.type == "CONSULT"
    taken_back(ledger, made, "events")


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


# --- statements ------------------------------------------------------------------------------------------------------

QUOTED = "Austria promised us 20 million euros."
SAID = "its police had detained four Austrians in Tema"


def say(ledger: Ledger, content=SAID, speakers=("Ghana",), **more):
    return ledger.add_statement("r1", content, list(speakers), **({"author": "ada", "reason": "was missed"} | more))


def added(ledger: Ledger, made):
    return next(one for one in ledger.coding("r1", corrected=True).statements if one.id == made.record_id)


def test_an_added_statement_stands_in_views_in_the_record_and_in_gold(ledger):
    before, coded = ledger.count("statements"), ledger.coding("r1")
    made = say(ledger, cue="denied", via=["GNA"], within=coded.statements[0].id[:6])
    assert (made.action, made.kind, made.author, made.reason) == ("add", "statement", "ada", "was missed")
    assert ledger.count("statements") == before + 1 and ledger.coding("r1") == coded
    one = added(ledger, made)
    assert (one.kind, one.content, one.cue) == ("indirect", (span(TEXT, SAID),), span(TEXT, "denied"))
    assert (one.date, one.date_precision, one.confidence) == ("2023-06-07", "published", 1.0)
    assert (one.via, one.within) == (("GNA",), coded.statements[0].id)
    (who,) = one.speakers
    assert (who.start, who.text, who.country, who.actor, who.name) == (TEXT.index("Ghana denied"), "Ghana", "GHA", "a2", "Ghana")  # fmt: skip
    row = next(row for row in ledger.statements(report="r1").to_pylist() if row["id"] == made.record_id)
    assert (row["countries"], row["about"], row["corrected"]) == (["GHA"], ["GROUP:Austrians@AUT"], True)
    assert ledger.statements(speaker="GHA", report="r1").num_rows == 2
    found = ledger.explain(made.record_id)
    assert (found.kind, found.sentence, found.corrected, found.rejected) == ("statement", SAID, True, False)
    assert [one.id for one in found.chain] == [made.record_id, coded.statements[0].id]
    assert list(ledger.gold()) == []  # its events are not reviewed yet
    for event in coded.events:
        ledger.accept(event.id, author="ada")
    (article,) = ledger.gold()
    assert [one["quote"] for one in article["statements"]][-1] == SAID and article["statements"][-1]["within"] == 0
    assert ledger.check() == []


def test_a_content_loses_its_marks_and_tells_its_kind(ledger):
    whole = added(ledger, say(ledger, f'"{QUOTED}"', ["A dock worker in Accra"], cue="told"))
    assert (whole.kind, whole.content) == ("verbatim", (span(TEXT, QUOTED),))
    (worker,) = whole.speakers
    assert (worker.text, worker.anonymous, worker.country) == (
        "A dock worker in Accra", True, "GROUP:dock worker@GHA",
    )  # fmt: skip
    both = added(ledger, say(ledger, [SAID, QUOTED], ["Austria"], kind="mixed"))
    assert both.content == (span(TEXT, QUOTED), span(TEXT, SAID))
    part = added(ledger, say(ledger, (TEXT.index("told GNA"), TEXT.index(" us 20")), ["GHA"]))
    assert part.kind == "mixed" and part.speakers[0].country == "GHA"


def test_speakers_are_found_by_words_names_codes_and_states(ledger):
    for said, expected in {
        "Arno Weiss": ("Arno Weiss", "a1", "AUT", False),
        "a1": (None, "a1", "AUT", False),
        "Austria": ("Austria", None, "AUT", False),
        "NOR": (None, None, "NOR", False),
        "Norway": (None, None, "NOR", False),
        "dock worker": ("dock worker", None, "GROUP:dock worker@GHA", True),
        "counterpart": ("counterpart", "a2", "GHA", False),
        "million": ("million", None, None, True),
    }.items():
        one = added(ledger, say(ledger, speakers=[said])).speakers[0]
        start = None if expected[0] is None else one.start
        assert one.text is None or TEXT[one.start : one.end] == one.text
        assert (one.text, one.actor, one.country, one.anonymous, one.start) == (*expected, start), said
    here = span(TEXT, "dock worker in Accra")
    assert added(ledger, say(ledger, speakers=[here])).speakers[0].text == "dock worker in Accra"


def test_an_added_statement_is_corrected_rejected_and_undone_like_any_other(ledger):
    made = say(ledger)
    ledger.correct(made.record_id, "via", ["GNA"], author="bo")
    ledger.correct(made.record_id, "speakers", "AUT", author="bo")
    assert (added(ledger, made).via, added(ledger, made).speakers[0].country) == (("GNA",), "AUT")
    taken_back(ledger, made, "statements")


def test_an_added_event_can_rest_on_an_added_statement(ledger):
    said = say(ledger)
    made = add(ledger, account=said.record_id[:8])
    event = next(one for one in ledger.coding("r1", corrected=True).events if one.id == made.record_id)
    assert (event.account, event.account_party) == (said.record_id, "third")
    inner = say(ledger, "four Austrians", ["AUT"], within=said.record_id)
    with pytest.raises(BadCorrection, match="is the statement itself or inside it"):
        ledger.correct(said.record_id, "within", inner.record_id, author="ada")
    with pytest.raises(BadCorrection, match="is the statement itself or inside it"):
        ledger.correct(said.record_id, "within", said.record_id, author="ada")


def without(coding, **fields):
    return msgspec.structs.replace(coding, **fields)


def test_additions_go_over_to_a_new_coding_and_to_a_new_text(ledger):
    said = say(ledger, cue="denied")
    ledger.correct(said.record_id, "via", ["GNA"], author="bo")
    event = add(ledger, account=said.record_id)
    coding = ledger.coding("r1")
    ledger.add([without(coding, events=coding.events[:1], statements=coding.statements[:1])], recode=True)
    now = added(ledger, said)
    assert (now.content, now.via, now.cue) == ((span(TEXT, SAID),), ("GNA",), span(TEXT, "denied"))
    explained = ledger.explain(event.record_id)
    assert explained.record.account == said.record_id and explained.chain == (now,)

    by = len("Corrected. ")
    moved = without(coding, report=without(coding.report, text="Corrected. " + TEXT), statements=(), events=(), mentions=(), dates=(), places=(), actors=())  # fmt: skip
    ledger.add([moved])
    now = added(ledger, said)
    assert [now.content[0][0], now.cue[0], now.speakers[0].start] == [
        by + TEXT.index(SAID), by + TEXT.index("denied"), by + TEXT.index("Ghana denied"),
    ]  # fmt: skip
    assert ledger.explain(event.record_id).record.account == said.record_id
    assert ledger.explain(said.record_id).sentence == SAID

    other = TEXT.replace("Ghana denied", "Accra admitted")  # the content is there, who said it and how is not
    ledger.add([without(moved, report=without(coding.report, text=other))])
    now = added(ledger, said)
    assert (now.cue, now.speakers[0].start, now.speakers[0].text, now.speakers[0].country) == (None, None, None, "GHA")

    ledger.add([without(moved, report=without(coding.report, text="Nothing of it is left."))])
    assert ledger.count("statements", report="r1") == 0
    assert set(ledger.corrections(record=said.record_id)["state"].to_pylist()) == {"lapsed"}
    assert ledger.check() == []


def test_an_addition_lapses_where_the_coder_now_codes_the_same_words(ledger):
    coding = ledger.coding("r1")
    denied = coding.statements[1]
    ledger.add([without(coding, statements=coding.statements[:1], events=coding.events[:2])], recode=True)
    made = say(ledger, denied.content[0])
    ledger.add([coding], recode=True)
    (row,) = ledger.corrections(record=made.record_id).to_pylist()
    assert (row["state"], row["why"]) == ("lapsed", "a statement is coded on these words now")
    assert [one.id for one in ledger.coding("r1", corrected=True).statements] == [one.id for one in coding.statements]


def test_a_comparison_looks_at_what_was_coded_alone(ledger, tmp_path):
    with fresh_ledger(tmp_path / "other", "r1", "r2") as other:
        say(other)
        add(other)
    with Differences(ledger.home.folder, tmp_path / "other") as found:
        assert (list(found), found.summary.same) == ([], True)


def test_what_is_added_is_found_by_its_words(ledger):
    coding = ledger.coding("r1")
    ledger.add([without(coding, events=())], recode=True)
    assert ledger.count("statements", text="Weiss") == ledger.count("events", text="worker", report="r1") == 0
    said = say(ledger, "Foreign Minister Arno Weiss of Austria", ["Ghana"])
    event = ledger.add_event("r1", "worker in Accra told", "AID", ["CHN"], author="ada")
    for _ in range(2):
        assert ledger.statements(text="Weiss")["id"].to_pylist() == [said.record_id]
        assert ledger.events(text="worker", report="r1")["id"].to_pylist() == [event.record_id]
        ledger.add([without(coding, events=(), statements=())], recode=True)
    ledger.undo(said.id, author="ada")
    assert ledger.count("statements", text="Weiss") == 0


def test_a_shared_ledger_holds_no_words_of_what_was_added_and_gets_them_back(ledger, tmp_path):
    said = say(ledger, speakers=["A dock worker in Accra", "Arno Weiss"], addressee="his Ghanaian counterpart")
    event = ledger.add_event("r1", "phoned", "AID", ["a1"], ["a2"], author="ada")
    share(ledger, tmp_path / "shared")
    with Ledger(tmp_path / "shared") as shared:
        log = json.dumps(shared.corrections().to_pylist(), default=str)
        assert "dock worker in Accra" not in log and "Minister Arno" not in log and said.record_id in log
        with pytest.raises(BadCorrection, match="comity rehydrate"):
            shared.add_statement("r1", "x", ["CHN"], author="ada")
        rehydrate(shared, tmp_path / "back", [Report(id="r1", text=TEXT)])
    with Ledger(tmp_path / "back", read_only=True) as back:
        for id_ in (said.record_id, event.record_id):
            assert back.explain(id_).record == ledger.explain(id_).record
        assert [row["value"] for row in back.corrections().to_pylist()] == [
            row["value"] for row in ledger.corrections().to_pylist()
        ]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"content": "words that nobody wrote"}, "do not stand in the text; copy them from it"),
        ({"content": "ARNO WEISS"}, "which has 'Arno Weiss'"),
        ({"content": "Austria"}, "stand 3 times in the text"),
        ({"content": ""}, "mark or type"),
        ({"content": []}, "mark or type"),
        ({"content": (9, 9)}, "marks no words"),
        ({"content": [(0, 30), (20, 40)]}, "may not overlap"),
        ({"speakers": []}, "one at least is needed"),
        ({"speakers": ["Narnia"]}, "neither an actor of this report nor a code"),
        ({"speakers": [(5, 5)]}, "marks no words"),
        ({"cue": "shouted"}, "cue: 'shouted' does not stand in the text"),
        ({"cue": (0, 10**6)}, "spans must lie in the report's text"),
        ({"kind": "loud"}, "kind: 'loud' is unknown"),
        ({"channel": "pigeon"}, "channel: 'pigeon' is unknown"),
        ({"within": "ffffffff"}, "within: the report has no statement"),
        ({"colour": "red"}, "statements have no field"),
        ({"author": " "}, "needs an author"),
    ],
)
def test_a_statement_that_makes_no_sense_is_not_added(ledger, given, words):
    usual = {"content": SAID, "speakers": ["Ghana"]} | given
    number = ledger.count("statements")
    with pytest.raises(BadCorrection, match=words):
        say(ledger, **usual)
    assert ledger.count("statements") == number and ledger.corrections().num_rows == 0
