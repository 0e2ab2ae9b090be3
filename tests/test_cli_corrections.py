"""`comity correct`, `comity corrections`, `comity review`, `comity sql`, and answers as files."""

import csv
import io
import json
import sys

import pyarrow.parquet as pq
import pytest
from cli_running import here
from ledger_samples import fresh_ledger, sample

from comity import Ledger
from comity.cli import review
from comity.cli.correct import value_of

CALL, AID, ARREST = (event.id for event in sample("r1").events)


@pytest.fixture
def place(tmp_path):
    fresh_ledger(tmp_path / "l", "r1").close()
    return tmp_path / "l"


def type_of(place, id):
    with Ledger(place, read_only=True) as ledger:
        found = {row["id"]: row["type"] for row in ledger.events(columns=["id", "type"]).to_pylist()}
    return found.get(id)


# --- correct ---------------------------------------------------------------------------------------------------------


def test_a_field_is_corrected_and_taken_back(place, capsys):
    done = here(
        capsys, "correct", CALL[:6], "type", "ACCUSE", "--author", "ada", "--reason", "no", "--ledger", place, "--json"
    )
    assert (done.code, done.json["old"], done.json["value"]) == (0, '"CONSULT"', '"ACCUSE"')
    assert type_of(place, CALL) == "ACCUSE"
    back = here(capsys, "correct", done.json["id"], "--undo", "--author", "bo", "--ledger", place)
    assert back.out.startswith(f"event {CALL[:8]}: correction {done.json['id'][:8]} taken back (bo, ")
    assert type_of(place, CALL) == "CONSULT"


def test_records_are_accepted_and_rejected(place, capsys):
    assert here(capsys, "correct", CALL, "--accept", "--author", "ada", "--ledger", place).code == 0
    answer = here(capsys, "correct", ARREST, "--reject", "--author", "ada", "--ledger", place)
    assert answer.out.startswith(f"event {ARREST[:8]}: rejected (ada, correction ")
    assert type_of(place, ARREST) is None


def test_the_author_comes_from_the_environment(place, capsys, monkeypatch):
    monkeypatch.setenv("COMITY_AUTHOR", "eve")
    assert here(capsys, "correct", CALL, "mutual", "no", "--ledger", place, "--json").json["author"] == "eve"


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ([CALL], "Error: say one thing: FIELD VALUE, --accept, --reject or --undo"),
        ([CALL, "type", "AID", "--reject"], "Error: say one thing"),
        ([CALL, "type"], "Error: type: say what it should be"),
        ([CALL, "type", "NONE"], "comity: type: no type 'NONE'"),
        ([CALL, "mutual", "perhaps"], "Error: mutual: 'perhaps' is neither yes nor no"),
        ([CALL, "place", "{"], "Error: place: '{' begins like JSON and is none"),
        ([CALL, "words", "x"], "comity: events have no field 'words' to correct"),
        (["0000", "type", "AID"], "comity: 0000: "),
    ],
)
def test_a_wrong_correction_is_one_line_and_changes_nothing(words, why, place, capsys):
    answer = here(capsys, "correct", *words, "--author", "ada", "--ledger", place)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.splitlines()[-1].startswith(why)
    assert type_of(place, CALL) == "CONSULT"


def test_values_are_read_as_their_fields_have_them():
    assert value_of("cameo", "041") == "041"
    assert value_of("source", "CHN, RUS") == ["CHN", "RUS"]
    assert value_of("intensity", "-2.5") == -2.5
    assert value_of("background", "yes") is True
    assert value_of("mode", "null") is None
    assert value_of("contact", '{"channel": "phone"}') == {"channel": "phone"}


# --- what is missing is added --------------------------------------------------------------------------------------------


def test_an_event_is_added_by_its_words(place, capsys):
    words = [
        "add-event",
        "r1",
        "aid",
        "--words",
        "told  GNA",
        "--source",
        "Austria",
        "--target",
        "Ghana",
        "--date",
        "2023-05",
    ]
    done = here(capsys, *words, "--field", "scope", "international", "--author", "ada", "--ledger", place, "--json")
    assert (done.code, done.json["action"], done.json["kind"], done.json["author"]) == (0, "add", "event", "ada")
    made = json.loads(done.json["value"])
    assert [(one["country"], one["actor"]) for one in (*made["source"], *made["target"])] == [
        ("AUT", None),
        ("GHA", "a2"),
    ]
    assert (made["type"], made["date"], made["date_precision"], made["scope"]) == (
        "AID",
        "2023-05",
        "month",
        "international",
    )
    assert type_of(place, made["id"]) == "AID"
    shown = here(capsys, "explain", made["id"], "--ledger", place)
    assert shown.code == 0 and "reviewer: ada" in shown.out
    back = here(capsys, "correct", done.json["id"], "--undo", "--author", "ada", "--ledger", place)
    assert back.code == 0 and type_of(place, made["id"]) is None


def test_a_statement_is_added_by_words_or_offsets(place, capsys):
    said = ["add-statement", "r1", "--words", "its police had detained four Austrians", "--speaker", "Ghana", "--cue", "denied",
            "--via", "GNA", "--kind", "mixed", "--reason", "missed", "--author", "ada", "--ledger", place]  # fmt: skip
    answer = here(capsys, *said)
    assert answer.code == 0
    first, second = answer.out.splitlines()
    assert first.startswith("statement ") and ": added (ada, correction " in first
    id = second.removeprefix("See: comity explain ")
    (row,) = [row for row in here(capsys, "statements", "--ledger", place, "--json").json if row["id"] == id]
    assert (row["kind"], row["via"], row["speakers"][0]["actor"], row["cue"]) == (
        "mixed",
        ["GNA"],
        "a2",
        [161, 167],
    )
    inner = here(
        capsys, "add-statement", "r1", "--words", "@173-183", "--words", "@188-196", "--speaker", "@155-160", "--within", id[:7],
        "--author", "ada", "--ledger", place, "--json",
    )  # fmt: skip
    made = json.loads(inner.json["value"])
    assert (made["content"], made["speakers"][0]["text"], made["within"]) == ([[173, 183], [188, 196]], "Ghana", id)
    log = here(capsys, "corrections", "--ledger", place).out
    assert log.count("add") >= 2 and "missed" in log


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["add-event", "r1", "AID", "--words", "no such words", "--source", "CHN"], "comity: words: 'no such words' do not stand in the text; copy them"),
        (["add-event", "r1", "AIDE", "--words", "phoned", "--source", "CHN"], "comity: type: no type 'AIDE'"),
        (["add-event", "r1", "AID", "--words", "phoned", "--source", "Narnia"], "comity: 'Narnia': is neither an actor of this report nor a code"),
        (["add-event", "r1", "AID", "--words", "phoned"], "Error: Missing option '--source'"),
        (["add-event", "none", "AID", "--words", "phoned", "--source", "CHN"], "comity: none: the ledger has no report with this id; see: comity reports"),
        (["add-statement", "r1", "--words", "Austria", "--speaker", "CHN"], "comity: words: 'Austria' stand 3 times in the text; give more of them, or offsets"),
        (["add-statement", "r1", "--words", "@5", "--speaker", "CHN"], "Error: '@5': give offsets as @120-134"),
        (["add-statement", "r1", "--words", "phoned", "--speaker", "CHN", "--field", "colour", "red"], "comity: statements have no field 'colour'"),
        (["add-statement", "r1", "--words", "phoned", "--speaker", "CHN", "--field", "continued", "perhaps"], "Error: continued: 'perhaps' is neither yes nor no"),
    ],
)  # fmt: skip
def test_what_cannot_be_added_is_one_line_with_what_to_do(words, why, place, capsys):
    answer = here(capsys, *words, "--author", "ada", "--ledger", place)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.splitlines()[-1].startswith(why)
    assert here(capsys, "corrections", "--ledger", place, "--json").json == []


# --- the log ---------------------------------------------------------------------------------------------------------


def test_the_log_is_listed_and_written(place, tmp_path, capsys):
    here(capsys, "correct", CALL, "target", "NGA", "--author", "ada", "--reason", "=1+1", "--ledger", place)
    shown = here(capsys, "corrections", "--ledger", place).out
    assert "target:" in shown and "(NGA)" in shown and "active" in shown
    rows = here(capsys, "corrections", "--ledger", place, "--json").json
    assert [(row["author"], row["field"], row["state"]) for row in rows] == [("ada", "target", "active")]
    here(capsys, "corrections", "--out", tmp_path / "log.csv", "--ledger", place)
    with (tmp_path / "log.csv").open(newline="") as file:
        assert [row["record_id"] for row in csv.DictReader(file)] == [CALL]
    assert here(capsys, "corrections", "--state", "lapsed", "--ledger", place).out == "No corrections.\n"


def test_reviewed_reports_become_gold_and_reviewers_are_compared(place, tmp_path, capsys):
    for id in (CALL, AID, ARREST):
        for who in ("ada", "bo"):
            here(capsys, "correct", id, "--accept", "--author", who, "--ledger", place)
    here(capsys, "correct", AID, "type", "SUPPORT", "--author", "bo", "--ledger", place)
    found = here(capsys, "corrections", "--agreement", "--ledger", place, "--json").json
    assert (found["events"], found["reviewers"], round(found["equal"], 2)) == (3, ["ada", "bo"], 0.67)
    assert 0 < found["alpha"] < 1
    answer = here(capsys, "corrections", "--gold", tmp_path / "gold.jsonl", "--ledger", place)
    assert answer.out.startswith(f"{tmp_path / 'gold.jsonl'}: 1 reports, all of whose events were reviewed")
    (article,) = [json.loads(line) for line in (tmp_path / "gold.jsonl").read_text().splitlines()]
    assert sorted(event["type"] for event in article["events"]) == ["COERCE", "CONSULT", "SUPPORT"]


# --- review ----------------------------------------------------------------------------------------------------------


def reviewed(capsys, monkeypatch, place, lines, *more):
    monkeypatch.setattr(sys, "stdin", io.StringIO(lines))
    return here(capsys, "review", "--author", "ada", "--ledger", place, *more)


def log(place):
    with Ledger(place, read_only=True) as ledger:
        rows = ledger.corrections().to_pylist()
    return [(row["action"], row["record_id"], row["field"], row["reason"], row["state"]) for row in rows]


def test_events_are_judged_by_keys_the_least_certain_first(place, capsys, monkeypatch):
    answer = reviewed(capsys, monkeypatch, place, "r no such event\nt SUPPORT\nn\na\n")
    assert log(place) == [
        ("reject", ARREST, None, "no such event", "active"),
        ("set", AID, "type", None, "active"),
        ("accept", CALL, None, None, "active"),
    ]
    assert answer.out.index("COERCE") < answer.out.index("AGREE") < answer.out.index("CONSULT")
    assert answer.out.endswith("3 judgements stored, by ada.\n")
    again = reviewed(capsys, monkeypatch, place, "")
    assert again.out.startswith("Nothing is left to review here.")


def test_a_judgement_can_be_undone_and_made_anew(place, capsys, monkeypatch):
    reviewed(capsys, monkeypatch, place, "a\nu\nr\nq\n")
    assert [(action, id, state) for action, id, _, _, state in log(place)] == [
        ("accept", ARREST, "undone"), ("undo", ARREST, "active"), ("reject", ARREST, "active"),
    ]  # fmt: skip


def test_wrong_keys_and_values_are_told_and_nothing_is_lost(place, capsys, monkeypatch):
    answer = reviewed(capsys, monkeypatch, place, "z\nt NONSENSE\nm\nu\ne\nf date 2023-05-02\nq\n", "--type", "COERCE")
    assert "a accept: right as it stands" in answer.err
    assert "type: no type 'NONSENSE'" in answer.err
    assert "say the value behind the key" in answer.err
    assert "nothing to undo in this sitting" in answer.err
    assert [(action, field) for action, _, field, _, _ in log(place)] == [("set", "date")]


def test_a_second_reviewer_sees_what_the_first_has_judged(place, capsys, monkeypatch):
    here(capsys, "correct", ARREST, "--accept", "--author", "bo", "--ledger", place)
    reviewed(capsys, monkeypatch, place, "n\nn\nn\n", "--all", "--limit", "1")
    answer = reviewed(capsys, monkeypatch, place, "a\n", "--all", "--limit", "1", "--json")
    assert [(one["record_id"], one["action"]) for one in answer.json] == [(ARREST, "accept")]


def test_single_keys_of_a_terminal_are_enough(place, capsys, monkeypatch):
    keys = iter("atq")
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(review.click, "getchar", lambda: next(keys))
    monkeypatch.setattr(review.click, "prompt", lambda question, **more: "SUPPORT")
    answer = here(capsys, "review", "--author", "ada", "--ledger", place)
    assert [(action, id) for action, id, *_ in log(place)] == [("accept", ARREST), ("set", AID)]
    assert f"event {AID[:8]}: type AGREE → SUPPORT" in answer.out


# --- questions -------------------------------------------------------------------------------------------------------


def test_sql_is_answered_in_every_form(place, tmp_path, capsys, monkeypatch):
    asked = "SELECT type, intensity FROM events_v1 ORDER BY intensity"
    assert here(capsys, "sql", asked, "--ledger", place, "--json").json == [
        {"type": "COERCE", "intensity": -7.0}, {"type": "CONSULT", "intensity": 1.5}, {"type": "AGREE", "intensity": 2.5},
    ]  # fmt: skip
    assert here(capsys, "sql", asked, "--ledger", place, "--format", "csv").out.splitlines() == [
        "type,intensity", "COERCE,-7", "CONSULT,1.5", "AGREE,2.5",
    ]  # fmt: skip
    lines = here(capsys, "sql", asked, "--ledger", place, "--format", "jsonl").out.splitlines()
    assert json.loads(lines[0]) == {"type": "COERCE", "intensity": -7.0}
    here(capsys, "sql", asked, "--ledger", place, "--out", tmp_path / "x.parquet")
    assert pq.read_table(tmp_path / "x.parquet")["type"].to_pylist() == ["COERCE", "CONSULT", "AGREE"]
    table = here(capsys, "sql", asked, "--ledger", place).out
    assert [line.split() for line in table.splitlines() if "CON" in line] == [["CONSULT", "1.5"]]
    monkeypatch.setattr(sys, "stdin", io.StringIO(asked))
    assert here(capsys, "sql", "-", "--ledger", place).out == table


def test_wide_answers_stand_row_by_row(place, capsys):
    out = here(capsys, "sql", "FROM events_v1 LIMIT 1", "--ledger", place).out
    assert out.startswith("row 1\nid ")
    assert all(len(line) <= 120 for line in out.splitlines())


def test_only_questions_are_answered(place, capsys):
    answer = here(capsys, "sql", "DROP VIEW events_v1", "--ledger", place)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("comity: this is DROP, and only questions")


def test_a_filter_can_be_had_as_sql(place, capsys):
    asked = ["--type", "CONSULT", "--dyad", "GHA-AUT", "--since", "2023", "--ledger", place]
    sql = here(capsys, "events", *asked, "--sql").out
    found = here(capsys, "sql", sql, "--ledger", place, "--json").json
    assert (
        [row["id"] for row in found] == [row["id"] for row in here(capsys, "events", *asked, "--json").json] == [CALL]
    )
    reports = here(capsys, "reports", "--country", "AUT", "--title", "O'", "--sql", "--ledger", place).out
    assert "O''" in reports.replace("o''", "O''")
    assert here(capsys, "sql", reports, "--ledger", place, "--json").json == []
    answer = here(capsys, "events", "--text", "phoned", "--sql", "--ledger", place)
    assert answer.err.startswith("comity: text: words are looked up in the search index")


def test_records_are_written_as_files(place, tmp_path, capsys):
    for relation in ("events", "statements", "reports"):
        for form in ("csv", "jsonl", "parquet"):
            answer = here(capsys, relation, "--out", tmp_path / f"{relation}.{form}", "--ledger", place)
            assert answer.code == 0
        with (tmp_path / f"{relation}.csv").open(newline="") as file:
            ids = [row["id"] for row in csv.DictReader(file)]
        kept = [json.loads(line) for line in (tmp_path / f"{relation}.jsonl").read_text().splitlines()]
        assert ids == [row["id"] for row in kept] == pq.read_table(tmp_path / f"{relation}.parquet")["id"].to_pylist()
        assert kept == here(capsys, relation, "--ledger", place, "--json").json


def test_a_form_that_cannot_be_is_said(place, tmp_path, capsys):
    for words, why in [
        (["--out", "x.txt"], "Error: x.txt: say what to write: --format csv|jsonl|parquet"),
        (["--format", "table", "--out", "x"], "Error: a table is for the screen"),
        (["--out", tmp_path / "no" / "x.csv"], "Error: "),
    ]:
        answer = here(capsys, "events", *words, "--ledger", place)
        assert (answer.code, answer.out) == (2, "")
        assert answer.err.splitlines()[-1].startswith(why)


def test_the_past_can_be_asked(place, capsys):
    with Ledger(place, read_only=True) as ledger:
        before = ledger.snapshot
    here(capsys, "correct", ARREST, "--reject", "--author", "ada", "--ledger", place)
    count = "SELECT count(*) AS n FROM events_v1"
    assert here(capsys, "sql", count, "--ledger", place, "--json").json == [{"n": 2}]
    assert here(capsys, "sql", count, "--as-of", str(before), "--ledger", place, "--json").json == [{"n": 3}]
    states = here(capsys, "ledger", "snapshots", "--ledger", place, "--json").json
    assert "reject" in [row["what"] for row in states]
    assert [row["snapshot"] for row in states if row["snapshot"] == before] == [before]
