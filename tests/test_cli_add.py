"""`comity add`: what it stores, what it passes over, and how it shares a ledger."""

import signal
import time

import msgspec
import pytest
from cli_running import demo_codings, here, start

from comity import Ledger
from comity.demo import reports_path
from comity.ledger.lock import adding, turn

COUNTS = {"ledger": "l", "undated": 0, "left_out": [], "corrections_carried": 0, "corrections_lapsed": 0}


def test_adding_twice_changes_nothing(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    first = here(capsys, "add", reports_path(), "--ledger", "l", "--json")
    assert (first.code, first.json) == (0, COUNTS | {"added": 32, "revised": 0, "known": 0, "coded": 32})
    with Ledger(tmp_path / "l", read_only=True) as ledger:
        before = ledger.content_hash()
        assert list(ledger.codings()) == list(demo_codings())
    second = here(capsys, "add", reports_path(), "--ledger", "l", "--json", "--resume")
    assert (second.code, second.json) == (0, COUNTS | {"added": 0, "revised": 0, "known": 32, "coded": 0})
    assert second.err == "l: 0 added, 0 revised, 32 known already, 0 left out\n"
    with Ledger(tmp_path / "l", read_only=True) as ledger:
        assert ledger.content_hash() == before
        assert ledger.check() == []


def test_another_text_is_a_new_revision(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    row = {"id": "x", "published": "2024-05-01", "text": "Japan praised India on Monday."}
    (tmp_path / "a.jsonl").write_bytes(msgspec.json.encode(row))
    assert here(capsys, "add", "a.jsonl", "--ledger", "l").code == 0
    (tmp_path / "a.jsonl").write_bytes(msgspec.json.encode(row | {"text": "Japan praised India on Tuesday."}))
    answer = here(capsys, "add", "a.jsonl", "--ledger", "l", "--json")
    assert (answer.code, answer.json) == (0, COUNTS | {"added": 0, "revised": 1, "known": 0, "coded": 1})
    with Ledger(tmp_path / "l", read_only=True) as ledger:
        assert ledger.reports()["text"].to_pylist() == ["Japan praised India on Tuesday."]


def test_recode_looks_at_known_reports_again(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.jsonl").write_bytes(b'{"id": "x", "published": "2024-05-01", "text": "Japan praised India."}')
    assert here(capsys, "add", "a.jsonl", "--ledger", "l").code == 0
    answer = here(capsys, "add", "a.jsonl", "--ledger", "l", "--recode", "--json")
    assert (answer.code, answer.json) == (0, COUNTS | {"added": 0, "revised": 0, "known": 1, "coded": 1})


def test_what_was_left_out_is_listed_and_the_rest_is_stored(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.jsonl").write_bytes(b'{broken\n{"text": "Japan praised India.", "published": "2024-05-01"}\n')
    answer = here(capsys, "add", "a.jsonl", "--ledger", "l", "--json")
    assert (answer.code, answer.json["added"], len(answer.json["left_out"])) == (1, 1, 1)
    again = here(capsys, "add", "a.jsonl", "--ledger", "l", "--strict")
    assert again.code == 2
    assert again.err.splitlines()[-2:] == [
        "stopped at the first (--strict); 0 reports were added to l",
        "l: 0 added, 0 revised, 0 known already, 1 left out",
    ]


def test_a_second_writer_waits_and_says_so(tmp_path):
    (tmp_path / "a.jsonl").write_bytes(b'{"id": "x", "published": "2024-05-01", "text": "Japan praised India."}')
    said = []
    with Ledger(tmp_path / "l") as ledger, adding(ledger.home):
        with turn(ledger.home):
            process = start("add", "a.jsonl", "--ledger", "l", cwd=tmp_path)
            assert process.stderr
            for line in process.stderr:
                said.append(line.decode().rstrip())
                if "waiting for its turn to end" in said[-1]:
                    break
            assert process.poll() is None
        said += process.stderr.read().decode().splitlines()
        assert process.wait(120) == 0
    assert said == [
        "l: another process is adding to this ledger; the two take turns, batch by batch",
        "l: another process is writing to this ledger; waiting for its turn to end",
        "l: 1 added, 0 revised, 0 known already, 0 left out",
    ]


def test_control_c_keeps_what_was_finished(tmp_path):
    rows = [msgspec.json.decode(line) for line in reports_path().read_bytes().splitlines()]
    with (tmp_path / "many.jsonl").open("wb") as file:
        for number in range(60):
            for row in rows:
                file.write(msgspec.json.encode(row | {"id": f"{number}-{row['id']}"}) + b"\n")
    process = start("add", "many.jsonl", "--ledger", "l", cwd=tmp_path)
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and not list((tmp_path / "l").rglob("*.parquet")):
        time.sleep(0.1)
    time.sleep(4)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=120)
    lines = err.decode().splitlines()
    assert process.returncode == 130, lines
    assert "stopping: what is in hand is being finished (once more to stop at once)" in lines
    with Ledger(tmp_path / "l", read_only=True) as ledger:
        kept = ledger.count("reports")
        assert ledger.check(deep=False) == []
    assert 0 <= kept < 60 * 32
    assert lines[-1] == f"l: {kept:,} added, 0 revised, 0 known already, 0 left out"


@pytest.mark.parametrize("word", ["reports", "statements", "events"])
def test_what_was_added_can_be_asked_for(tmp_path, monkeypatch, capsys, word):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.jsonl").write_bytes(b'{"id": "x", "published": "2024-05-01", "text": "Japan praised India."}')
    assert here(capsys, "add", "a.jsonl").code == 0
    answer = here(capsys, word, "--json")
    assert answer.code == 0
    assert isinstance(answer.json, list)
