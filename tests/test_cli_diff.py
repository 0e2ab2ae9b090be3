"""`comity diff`: tables for people, one JSON value, filters, exit codes."""

import msgspec
import pytest
from cli_running import here
from ledger_samples import sample

from comity import Ledger
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
        "Both name the same versions of coder, codebook, tables and models: what differs comes of the program, changed "
        "without a new version, or of its libraries.",
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


def test_a_ledger_coded_again_by_the_same_version_is_the_same(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text("Kenya condemned Norway on Monday, a minister told Reuters.\n", "utf-8")
    (tmp_path / "b.txt").write_text("Peru will send 20 doctors to Chile, Lima said.\n", "utf-8")
    given = ("--published", "2024-05-07", "--outlet", "Gazette", "--workers", "1")
    assert here(capsys, "add", "a.txt", "b.txt", *given, "--ledger", "l").code == 0
    again = here(capsys, "add", "l", "--workers", "1", "--ledger", "m", "--json")
    assert (again.code, again.json["added"]) == (0, 2)
    assert here(capsys, "diff", "l", "m").code == 0
    with Ledger("l", read_only=True) as old, Ledger("m", read_only=True) as new:
        assert new.content_hash() == old.content_hash()
    in_place = here(capsys, "add", "l", "--workers", "1", "--recode", "--ledger", "l", "--json")
    assert (in_place.code, in_place.json["revised"], in_place.json["known"]) == (0, 0, 2)


def test_the_only_other_part_is_named_as_the_cause(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for name, weights in (("old", "aa"), ("new", "bb")):
        made = msgspec.structs.replace(sample("r1"), coder=f"comity 0.1.0 (lexicon cc, weights {weights})")
        (tmp_path / f"{name}.jsonl").write_bytes(to_json(made))
    said = here(capsys, "diff", "old.jsonl", "new.jsonl").out.splitlines()
    assert said[1:3] == [
        "Made by other versions: weights aa → bb.",
        "All else is the same: every change follows from weights.",
    ]
