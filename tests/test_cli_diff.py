"""`comity diff`: tables for people, one JSON value, filters, exit codes."""

import msgspec
import pytest
from cli_running import here
from ledger_samples import sample

from comity.records import to_json


@pytest.fixture
def files(tmp_path, monkeypatch):
    """Two files of two reports: in one, an event is gone and another has another status."""
    monkeypatch.chdir(tmp_path)
    first, second = sample("r1"), sample("r2")
    events = (msgspec.structs.replace(first.events[0], status="intended"), *first.events[1:])
    made = (msgspec.structs.replace(first, events=events), msgspec.structs.replace(second, events=second.events[1:]))
    for name, codings in (("old", (first, second)), ("new", made)):
        (tmp_path / f"{name}.jsonl").write_bytes(b"".join(to_json(coding) + b"\n" for coding in codings))
    return first


def test_people_see_figures_and_changes(files, capsys):
    answer = here(capsys, "diff", "old.jsonl", "new.jsonl")
    assert answer.code == 1
    said = [" ".join(line.split()) for line in answer.out.splitlines()]
    assert said[:2] == [
        "2 reports compared, old.jsonl with new.jsonl: 2 differ.",
        "Both name the same versions of coder, codebook, tables and models.",
    ]
    assert "events 6 5 4 1 0 1 0" in said
    assert "statements 4 4 4 0 0 0 0" in said
    assert f"status: {files.events[0].status} → intended" in said
    assert [line[:14] for line in said if line.startswith(("~ ", "− ", "+ "))] == ["~ changed even", "− lost event A"]


def test_json_is_one_value_with_all_changes_and_the_sum(files, capsys):
    answer = here(capsys, "diff", "old.jsonl", "new.jsonl", "--json")
    assert answer.code == 1
    assert [(c["report"], c["kind"], list(c["fields"])) for c in answer.json["changes"]] == [
        ("r1", "changed", ["status"]),
        ("r2", "lost", []),
    ]
    assert answer.json["summary"]["events"] == {
        "old": 6, "new": 5, "same": 4, "changed": 1, "gained": 0, "lost": 1, "other_confidence": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        (("--only", "lost"), ["r2"]),
        (("--only", "lost", "--only", "changed"), ["r1", "r2"]),
        (("--field", "status"), ["r1"]),
        (("--what", "statements"), []),
        (("--report", "r2"), ["r2"]),
        (("--type", "consult"), ["r1", "r2"]),
        (("--type", "ASSAULT"), []),
    ],
)
def test_options_choose_what_is_listed_and_leave_the_figures(files, capsys, words, kept):
    answer = here(capsys, "diff", "old.jsonl", "new.jsonl", "--json", *words)
    assert [change["report"] for change in answer.json["changes"]] == kept
    assert answer.json["summary"]["events"]["lost"] == 1


def test_the_exit_code_tells_whether_they_differ(files, capsys):
    same = here(capsys, "diff", "old.jsonl", "old.jsonl")
    assert (same.code, same.out.splitlines()[0]) == (
        0,
        "2 reports compared, old.jsonl with old.jsonl: the same in both.",
    )
    assert here(capsys, "diff", "old.jsonl", "old.jsonl", "--json").code == 0
    missing = here(capsys, "diff", "old.jsonl", "nowhere")
    assert (missing.code, missing.out) == (2, "")
    assert missing.err.startswith("comity: nowhere: there is no ledger here")
    wrong = here(capsys, "diff", "old.jsonl", "new.jsonl", "--field", "statu")
    assert wrong.code == 2
    assert "there are: account, addressee, background" in wrong.err
