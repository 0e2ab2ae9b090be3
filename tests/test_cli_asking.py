"""`comity reports`, `statements` and `events`."""

import msgspec
import pytest
from cli_running import comity, here
from ledger_samples import fresh_ledger, sample

from comity import Ledger
from comity.cli.output import shown


@pytest.fixture
def place(tmp_path):
    fresh_ledger(tmp_path / "l", "r1", "r2", "r3").close()
    return tmp_path / "l"


def builtins(record: msgspec.Struct) -> dict[str, object]:
    """The record as JSON has it."""
    return msgspec.json.decode(msgspec.json.encode(record))


def test_json_holds_whole_records_in_the_form_of_the_record(place, capsys):
    answer = here(capsys, "events", "--ledger", place, "--report", "r1", "--json")
    events = {event["id"]: event for event in answer.json}
    assert len(events) == len(sample("r1").events)
    for event in sample("r1").events:
        found = events[event.id]
        record = builtins(event)
        assert {key: found[key] for key in record} == record
        assert found["words"] == sample("r1").report.text[slice(*event.sentence)]
    statements = {
        one["id"]: one for one in here(capsys, "statements", "--ledger", place, "--report", "r1", "--json").json
    }
    for statement in sample("r1").statements:
        record = builtins(statement)
        assert {key: statements[statement.id][key] for key in record} == record
    (report,) = here(capsys, "reports", "--ledger", place, "--report", "r1", "--json").json
    record = builtins(sample("r1").report)
    assert {key: report[key] for key in record} == record


def test_filters_are_restated_in_words_above_the_table(place, capsys):
    answer = here(capsys, "events", "--ledger", place, "--country", "austria", "--background", "no", "--limit", "2")
    with Ledger(place, read_only=True) as ledger:
        said = ledger.restate("events", country="AUT", background=False)
        number = ledger.count("events", country="AUT", background=False)
    lines = answer.out.splitlines()
    assert lines[0] == said
    assert lines[1].split() == ["id", "date", "source", "→", "target", "what", "sentence"]
    assert lines[-1] == f"2 of {number} shown, the newest; --limit 0 shows all."


def test_a_filter_given_twice_lets_both_pass(place, capsys):
    both = here(capsys, "reports", "--ledger", place, "--report", "r1", "--report", "r3", "--json")
    assert sorted(report["id"] for report in both.json) == ["r1", "r3"]


def test_words_are_searched(place, capsys):
    found = here(capsys, "statements", "--ledger", place, "--text", "million euros", "--json").json
    assert len(found) == 3
    assert all("million euros" in one["words"] for one in found)


def test_nothing_found_is_said(place, capsys):
    answer = here(capsys, "events", "--ledger", place, "--dyad", "JPN-IND")
    assert answer.code == 0
    assert answer.out.splitlines()[:2] == [
        "Events from Japan (JPN) to India (IND).",
        "None. Fewer filters find more; what a filter means: comity events --help",
    ]
    assert here(capsys, "events", "--ledger", place, "--dyad", "JPN-IND", "--json").json == []


def test_a_filter_that_means_nothing_is_an_error(place, capsys):
    answer = here(capsys, "events", "--ledger", place, "--dyad", "Jappan-India")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("comity: dyad: 'Jappan")
    assert len(answer.err.splitlines()) == 1


def test_a_look_at_the_past(place, capsys):
    with Ledger(place) as ledger:
        before = max(ledger.snapshots()["snapshot"].to_pylist())
        ledger.add([sample("r4")])
    answer = here(capsys, "reports", "--ledger", place, "--as-of", str(before))
    assert answer.out.splitlines()[0] == f"Reports as the ledger stood at snapshot {before}."
    assert answer.out.splitlines()[-1] == "3 in all."


def test_the_ledger_may_be_named_by_the_environment(place, capsys, monkeypatch):
    monkeypatch.setenv("COMITY_LEDGER", str(place))
    assert len(here(capsys, "reports", "--json").json) == 3


def test_titles_cannot_command_the_terminal(tmp_path, capsys):
    with Ledger(tmp_path / "l") as ledger:
        ledger.add([sample("r1", title="\x1b]0;gotcha\x07 [bold]red[/bold] \u202eevil\r\nX")])
    answer = here(capsys, "reports", "--ledger", tmp_path / "l")
    assert "\x1b" not in answer.out and "\x07" not in answer.out and "\u202e" not in answer.out
    assert "␛]0;gotcha␇ [bold]red[/bold] <U+202E>evil X" in " ".join(answer.out.split())


def test_unseen_characters_become_visible_and_others_stay():
    assert shown("a\tb\n\nc  d") == "a b c d"
    assert shown("\x9b31m\x7f\u2066") == "<U+009B>31m␡<U+2066>"
    assert shown("Łódź – 東京 “x”") == "Łódź – 東京 “x”"
    assert shown(None) == ""


def test_a_reader_who_has_seen_enough_is_no_error(place):
    import subprocess

    from cli_running import COMITY, ENVIRONMENT

    with subprocess.Popen(  # noqa: S603
        [*COMITY, "events", "--ledger", str(place), "--json"],
        env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdout and process.stderr
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


@pytest.mark.parametrize("width", [60, 80, 200])
def test_the_answer_fits_where_it_goes(place, width):
    for relation in ("reports", "statements", "events"):
        answer = comity(relation, "--ledger", place, before=("env", f"COLUMNS={width}"))
        assert max(map(len, answer.out.splitlines())) <= width


def test_on_a_narrow_screen_no_word_is_broken(place):
    wide = comity("events", "--ledger", place, before=("env", "COLUMNS=400"))
    narrow = comity("events", "--ledger", place, before=("env", "COLUMNS=80"))
    assert set(wide.out.split()) - {"id", "date", "source", "→", "target", "what", "sentence"} - {
        word for word in wide.out.split() if set(word) == {"─"}
    } <= set(narrow.out.split())
