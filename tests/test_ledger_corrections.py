"""Corrections: appended, shown, undone, carried over to a new coding or lapsed."""

import msgspec
import pytest
from ledger_samples import TEXT, fresh_ledger, sample

from comity.ledger import BadCorrection, UnknownId
from comity.ledger.gold import Agreement
from comity.records import content_hash


@pytest.fixture
def ledger(tmp_path):
    with fresh_ledger(tmp_path / "l", "r1", "r2") as made:
        yield made


CODING = sample("r1")
CALL, AID, ARREST = (event.id for event in CODING.events)


def shown(ledger, id_):
    rows = ledger.query("SELECT * FROM events_v1 WHERE id = ?", [id_]).to_pylist()
    return rows[0] if rows else None


def test_a_corrected_field_is_shown_and_the_coded_record_kept(ledger):
    made = ledger.correct(AID[:8], "type", "AID", author="ada", reason="it was paid")
    assert (made.action, made.record_id, made.old, made.value) == ("set", AID, '"AGREE"', '"AID"')
    row = shown(ledger, AID)
    assert (row["type"], row["corrected"]) == ("AID", True)
    assert (row["quad"], row["intensity"], row["cameo"]) == ("material cooperation", 10.0, "070")
    assert ledger.events(type="AID")["id"].to_pylist() == [AID]
    assert ledger.count("events", type="AGREE") == 1
    assert ledger.count("events") == 6
    assert ledger.coding("r1") == CODING
    assert ledger.coding("r1", corrected=True).events[1] == msgspec.structs.replace(
        CODING.events[1], type="AID", quad="material cooperation", intensity=10.0, cameo="070"
    )
    found = ledger.explain(AID)
    assert (found.record.type, found.corrected, [c["reason"] for c in found.corrections]) == (
        "AID",
        True,
        ["it was paid"],
    )
    assert ledger.check() == []


def test_a_mode_that_the_new_type_has_not_goes(ledger):
    ledger.correct(CALL, "type", "ACCUSE", author="ada")
    row = shown(ledger, CALL)
    assert (row["mode"], row["quad"], row["cameo"]) == (None, "verbal conflict", "110")
    ledger.correct(CALL, "intensity", -1.5, author="ada")
    assert shown(ledger, CALL)["intensity"] == -1.5


def test_a_report_of_another_codebook_may_have_other_types(ledger):
    ledger.add([msgspec.structs.replace(sample("own"), codebook="my-codes-1")])
    event = sample("own").events[0].id
    ledger.correct(event, "type", "HUG", author="ada")
    assert (shown(ledger, event)["type"], shown(ledger, event)["quad"]) == ("HUG", "verbal cooperation")


def test_countries_given_for_parties_keep_their_place_in_the_text(ledger):
    ledger.correct(CALL, "source", "DEU", author="ada")
    ledger.correct(CALL, "targets", ["GHA", "TGO"], author="ada")
    row = shown(ledger, CALL)
    assert (row["sources"], row["targets"]) == (["DEU"], ["GHA", "TGO"])
    assert row["source"][0]["text"] == "Foreign Minister Arno Weiss"
    assert (row["source"][0]["name"], row["source"][0]["sector"]) == (None, "GOV")
    assert row["target"][0]["actor"] == "a2"
    assert ledger.events(dyad="DEU-TGO")["id"].to_pylist() == [CALL]
    assert ledger.check() == []


def test_derived_columns_follow(ledger):
    ledger.correct(CALL, "date", "2023-01", author="ada")
    assert str(shown(ledger, CALL)["day_last"]) == "2023-01-31"
    told = CODING.statements[0]
    ledger.correct(told.id, "speakers", "GHA", author="ada")
    start = TEXT.index("four Austrians")
    ledger.correct(told.id, "content", [[start, start + 14]], author="ada")
    row = ledger.statements(report="r1", kind="verbatim", columns=["countries", "about", "words", "corrected"])
    assert row.to_pylist() == [
        {"countries": ["GHA"], "about": ["GROUP:Austrians@AUT"], "words": "four Austrians", "corrected": True}
    ]


def test_a_rejected_record_leaves_the_views_and_comes_back_when_undone(ledger):
    made = ledger.reject(ARREST, author="ada", reason="no such thing")
    assert shown(ledger, ARREST) is None
    assert ledger.count("events") == 5
    assert [event.id for event in ledger.coding("r1", corrected=True).events] == [CALL, AID]
    assert ledger.explain(ARREST).rejected
    ledger.undo(made.id[:6], author="bo")
    assert shown(ledger, ARREST)["type"] == "COERCE"
    assert [(c["action"], c["state"]) for c in ledger.corrections(record=ARREST).to_pylist()] == [
        ("reject", "undone"),
        ("undo", "active"),
    ]
    with pytest.raises(BadCorrection, match="it is undone already"):
        ledger.undo(made.id, author="bo")


def test_undoing_one_of_several_leaves_the_others(ledger):
    first = ledger.correct(AID, "type", "AID", author="ada")
    ledger.correct(AID, "status", "intended", author="bo")
    ledger.correct(AID, "type", "COOPERATE", author="bo")
    assert (shown(ledger, AID)["type"], shown(ledger, AID)["status"]) == ("COOPERATE", "intended")
    last = ledger.corrections(record=AID).to_pylist()[-1]
    ledger.undo(last["id"], author="bo")
    assert (shown(ledger, AID)["type"], shown(ledger, AID)["status"]) == ("AID", "intended")
    ledger.undo(first.id, author="bo")
    assert (shown(ledger, AID)["type"], shown(ledger, AID)["status"]) == ("AGREE", "intended")
    assert ledger.check() == []


@pytest.mark.parametrize(
    ("id_", "field", "value", "message"),
    [
        (CALL, "typ", "AID", "events have no field 'typ' to correct; there are: type, mode"),
        (CALL, "confidence", 1.0, "no field 'confidence'"),
        (CALL, "status", "done", "'done' is unknown; it is one of: actual"),
        (CALL, "type", "HELP", "no type 'HELP' in plover-2.0"),
        (CALL, "mode", "arrest", "no mode 'arrest'"),
        (CALL, "contexts", "weather", "no context 'weather'"),
        (CALL, "cameo", "999", "no CAMEO code '999'"),
        (CALL, "mutual", "perhaps", "Expected `bool`, got `str`"),
        (CALL, "account", "nowhere", "the report has no statement 'nowhere'"),
        (CALL, "source", [], "one at least is needed"),
        (CALL, "target", "XYZ", "'XYZ' is not a country code"),
        (CODING.statements[0].id, "content", [[0, 10_000]], "spans must lie in the report's text"),
        (CODING.statements[0].id, "type", "AID", "statements have no field 'type'"),
        ("r1" + "x" * 5, "type", "AID", "no event, statement or report"),
    ],
)
def test_a_correction_that_says_nothing_is_refused(ledger, id_, field, value, message):
    with pytest.raises((BadCorrection, UnknownId)) as caught:
        ledger.correct(id_, field, value, author="ada")
    assert message in str(caught.value)
    assert ledger.corrections().num_rows == 0


def test_a_correction_has_an_author(ledger):
    with pytest.raises(BadCorrection, match="needs an author"):
        ledger.reject(CALL, author=" ")


def recoded(ledger, **changes):
    """The report r1 coded again: other ids, an event more before the others, and other `changes`."""
    new = [
        msgspec.structs.replace(event, id=content_hash("new", event.id), confidence=0.5)
        for event in changes.pop("events", CODING.events)
    ]
    extra = msgspec.structs.replace(CODING.events[0], id=content_hash("extra"), trigger=(0, 7), type="SUPPORT")
    coding = msgspec.structs.replace(CODING, events=(extra, *new), coder="comity 0.2.0", **changes)
    return coding, ledger.add([coding], recode=True)


def test_corrections_go_over_to_a_new_coding(ledger):
    ledger.correct(AID, "type", "AID", author="ada", reason="paid")
    ledger.reject(ARREST, author="ada")
    ledger.accept(CALL, author="bo")
    told = CODING.statements[0].id
    ledger.correct(told, "channel", "message", author="bo")
    coding, result = recoded(ledger)
    assert (result.revised, result.carried, result.lapsed) == (1, 4, 0)
    new = {event.type: event.id for event in coding.events}
    assert [shown(ledger, new[t]) and shown(ledger, new[t])["type"] for t in ("AGREE", "COERCE", "CONSULT")] == [
        "AID",
        None,
        "CONSULT",
    ]
    assert ledger.statements(report="r1", channel="message").num_rows == 1
    assert [c["reason"] for c in ledger.explain(new["AGREE"]).corrections] == ["paid"]
    assert {c["record_id"] for c in ledger.corrections(state="active").to_pylist()} == {
        new["AGREE"],
        new["COERCE"],
        new["CONSULT"],
        told,
    }
    undone = ledger.corrections(record=new["AGREE"]).to_pylist()[0]
    ledger.undo(undone["id"], author="bo")
    assert shown(ledger, new["AGREE"])["type"] == "AGREE"
    assert ledger.check() == []


def test_a_correction_whose_words_or_record_are_gone_lapses_and_is_listed(ledger):
    ledger.correct(AID, "type", "AID", author="ada")
    ledger.reject(ARREST, author="ada")
    _, result = recoded(ledger, events=CODING.events[:2])
    assert (result.carried, result.lapsed) == (1, 1)
    lapsed = ledger.corrections(state="lapsed").to_pylist()
    assert [(c["record_id"], c["action"], c["why"]) for c in lapsed] == [
        (ARREST, "reject", "no event is coded on these words any more")
    ]
    shorter = TEXT.replace("Austria promised us 20 million euros.", "Austria promised us little, but it did.")
    other = msgspec.structs.replace(
        CODING, report=msgspec.structs.replace(CODING.report, text=shorter), events=(), statements=(), mentions=(),
        places=(), dates=(),
    )  # fmt: skip
    result = ledger.add([other])
    assert (result.revised, result.carried, result.lapsed) == (1, 0, 1)
    assert {c["why"] for c in ledger.corrections(state="lapsed").to_pylist()} == {
        "no event is coded on these words any more",
        "its words are no longer in the text",
    }
    assert ledger.check() == []


def test_corrections_follow_their_words_when_the_text_grows(ledger):
    ledger.correct(AID, "type", "AID", author="ada")
    result = ledger.add([sample("r1", text="Updated. " + TEXT)])
    assert (result.revised, result.carried) == (1, 1)
    assert ledger.events(report="r1", type="AID", columns=["words"]).to_pylist()[0]["words"].startswith("A dock worker")


def test_the_past_shows_what_stood_then(ledger):
    before = ledger.snapshots()["snapshot"].to_pylist()[-1]
    ledger.correct(AID, "type", "AID", author="ada")
    assert ledger.count("events", type="AID") == 1
    assert ledger.count("events", type="AID", as_of=before) == 0


def test_the_review_queue_gives_the_least_certain_first_and_drops_what_was_reviewed(ledger):
    queue = ledger.review_queue(report="r1")
    assert queue["type"].to_pylist() == ["COERCE", "AGREE", "CONSULT"]
    assert queue["words"].to_pylist()[0].startswith("Ghana denied")
    ledger.accept(ARREST, author="ada")
    assert ledger.review_queue(report="r1")["type"].to_pylist() == ["AGREE", "CONSULT"]
    assert ledger.review_queue(report="r1", reviewer="bo", limit=1)["type"].to_pylist() == ["COERCE"]
    assert ledger.review_queue(text="detained")["report_id"].to_pylist() == ["r2"]


def test_judgements_of_several_reviewers_stand_side_by_side(ledger):
    ledger.accept(CALL, author="ada")
    ledger.reject(CALL, author="bo")
    ledger.correct(AID, "type", "AID", author="ada")
    ledger.correct(AID, "status", "intended", author="bo")
    assert ledger.judgements() == {
        (CALL, "ada"): "CONSULT",
        (CALL, "bo"): "rejected",
        (AID, "ada"): "AID",
        (AID, "bo"): "AGREE",
    }


def test_agreement_between_reviewers_is_measured(ledger):
    assert ledger.agreement() == Agreement(alpha=None, events=0, reviewers=(), equal=None)
    for id_, (first, second) in {
        CALL: ("accept", "accept"),
        AID: ("accept", "reject"),
        ARREST: ("reject", "reject"),
    }.items():
        ledger._judge(id_, first, "ada", None)
        ledger._judge(id_, second, "bo", None)
    # Values: CONSULT CONSULT, AGREE rejected, rejected rejected. By hand: observed disagreement 2/6, expected 22/30.
    assert ledger.agreement() == Agreement(
        alpha=pytest.approx(1 - (2 / 6) / (22 / 30)), events=3, reviewers=("ada", "bo"), equal=pytest.approx(2 / 3)
    )


def test_reviewed_reports_become_gold(ledger):
    assert list(ledger.gold()) == []
    ledger.accept(CALL, author="ada")
    ledger.correct(AID, "type", "AID", author="ada")
    assert list(ledger.gold()) == []
    ledger.reject(ARREST, author="ada")
    (article,) = ledger.gold()
    assert (article["id"], article["text"]) == ("r1", TEXT)
    assert article["events"] == [
        {
            "quote": "phoned his Ghanaian counterpart on Monday.",
            "type": "CONSULT",
            "source": [{"name": "Arno Weiss", "country": "AUT"}],
            "target": [{"name": "his Ghanaian counterpart", "country": "GHA"}],
            "date": "2023-06-05",
            "status": "actual",
            "account": "outlet",
            "background": False,
            "mutual": True,
            "start": TEXT.index("phoned"),
            "end": TEXT.index(" A dock"),
        },
        {
            "quote": 'promised us 20 million euros."',
            "type": "AID",
            "source": [{"name": "Austria promised", "country": "AUT"}],
            "target": [{"name": "us 20", "country": "GHA"}],
            "date": "2023-06",
            "status": "actual",
            "account": "A dock worker in Accra",
            "background": False,
            "start": TEXT.index("promised"),
            "end": TEXT.index(" Ghana denied"),
        },
    ]
    assert [s["quote"] for s in article["statements"]] == [
        "Austria promised us 20 million euros.",
        "that its police had detained four Austrians in Tema in May",
    ]


def test_many_corrections_leave_few_files(ledger, monkeypatch):
    monkeypatch.setattr("comity.ledger.maintenance.TIDY_EVERY", 5)
    for n in range(11):
        ledger.correct(CALL, "intensity", float(n), author="ada")
    rows = ledger.query("SELECT table_name, file_count FROM ducklake_table_info(current_database())").to_pylist()
    counts = {row["table_name"]: row["file_count"] for row in rows}
    assert max(counts["corrections"], counts["corrected_events"]) <= 5
    assert shown(ledger, CALL)["intensity"] == 10.0
    assert ledger.check() == []
