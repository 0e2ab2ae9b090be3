"""`comity code`: what it writes, and how it ends, goes on and is stopped."""

import signal
import time

import msgspec
import pytest
from cli_running import comity, demo_codings, here, start

from comity.cli.runs import by_reason
from comity.demo import reports_path
from comity.records import LeftOut, coding_from_json, to_json

REPORT = (
    "Ministers meet in Vienna\nPublished: 3 May 2021\n\n"
    "The foreign ministers of Japan and India met in Vienna on Monday. Japan praised India.\n"
)


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """A file with 96 reports, and what becomes of them."""
    folder = tmp_path_factory.mktemp("many")
    rows = [msgspec.json.decode(line) for line in reports_path().read_bytes().splitlines()]
    with (folder / "many.jsonl").open("wb") as file:
        for number in range(3):
            for row in rows:
                file.write(msgspec.json.encode(row | {"id": f"{number}-{row['id']}"}) + b"\n")
    answer = comity("code", "many.jsonl", "--jsonl", "whole.jsonl", cwd=folder)
    assert (answer.code, answer.err.splitlines()[-1]) == (0, "96 records in whole.jsonl")
    return folder


def test_the_records_are_those_of_the_library(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    answer = here(capsys, "code", reports_path(), "--jsonl", "out.jsonl")
    assert (answer.code, answer.out) == (0, "")
    lines = (tmp_path / "out.jsonl").read_bytes().splitlines()
    assert lines == [to_json(coding) for coding in demo_codings()]


def test_one_json_value_on_stdout_whatever_the_way(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text(REPORT, "utf-8")
    (tmp_path / "empty.txt").touch()
    as_array = here(capsys, "code", "a.txt", "empty.txt", "--json")
    as_lines = here(capsys, "code", "a.txt", "empty.txt", "--jsonl", "-")
    summed_up = here(capsys, "code", "a.txt", "empty.txt", "--jsonl", "out.jsonl", "--json")
    assert (as_array.code, as_lines.code, summed_up.code) == (1, 1, 1)
    left_out = {"source": "empty.txt", "reason": "it is empty", "cure": "leave it out, or give the report's text"}
    assert summed_up.json == {"out": "out.jsonl", "resumed": 0, "coded": 1, "undated": 0, "left_out": [left_out]}
    assert [msgspec.json.decode(line) for line in as_lines.out.splitlines()] == as_array.json
    assert (tmp_path / "out.jsonl").read_text("utf-8") == as_lines.out


def test_stdin_and_what_the_options_fill_in(tmp_path):
    given = b"The foreign minister of Japan arrived in Delhi on Monday. India welcomed the visit."
    answer = comity("code", "-", "--json", "--published", "2024-05-01", "--outlet", "Gazette", given=given)
    assert answer.code == 0
    report = answer.json[0]["report"]
    assert (report["source"], report["published"], report["outlet"]) == ("stdin", "2024-05-01", "Gazette")
    assert report["text"] == given.decode()


def test_people_get_tables(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text(REPORT, "utf-8")
    answer = here(capsys, "code", "a.txt")
    assert answer.code == 0
    assert answer.out.splitlines()[0] == "Ministers meet in Vienna"
    assert [word for word in ("Who", "Done") if word in answer.out.splitlines()] == ["Who", "Done"]
    assert max(map(len, answer.out.splitlines())) <= 120
    assert "\x1b" not in answer.out


def test_what_was_left_out_can_be_written_to_a_file(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    answer = here(capsys, "code", "a.txt", "b.txt", "--left-out", "left.jsonl")
    assert answer.code == 2
    rows = [msgspec.json.decode(line) for line in (tmp_path / "left.jsonl").read_bytes().splitlines()]
    assert rows == [
        {"source": n, "reason": "there is no such file", "cure": "check the path"} for n in ("a.txt", "b.txt")
    ]


def test_many_equal_reasons_are_counted(tmp_path, capsys):
    good = b'{"text": "The minister of Japan met the president of India on Monday.", "published": "2024-05-01"}\n'
    (tmp_path / "a.jsonl").write_bytes(b"{}\n" * 50 + b"{broken\n" * 2 + good)
    answer = here(capsys, "code", tmp_path / "a.jsonl", "--jsonl", tmp_path / "out.jsonl")
    lines = answer.err.splitlines()
    assert (answer.code, len(lines)) == (1, 24)
    assert lines[20] == "52 inputs were left out; those not listed above, by reason:"
    assert lines[21].startswith("30 × this row has no 'text'; give the report's text in a column named 'text' (first: ")
    assert lines[22].startswith("2 × this is not JSON (")


def test_reasons_are_the_same_whatever_their_numbers():
    items = [LeftOut(source=f"a:{n}", reason=f"it has {n} bytes, 'x{n}'", cure="mend it") for n in (5, 17_000)]
    items.append(LeftOut(source="b", reason="it is empty", cure="leave it out"))
    assert by_reason(items) == [
        "2 × it has 5 bytes, 'x5'; mend it (first: a:5)",
        "1 × it is empty; leave it out (first: b)",
    ]


def test_two_workers_give_the_same_bytes(many):
    answer = comity("code", "many.jsonl", "--jsonl", "two.jsonl", "--workers", "2", cwd=many)
    assert answer.code == 0
    assert (many / "two.jsonl").read_bytes() == (many / "whole.jsonl").read_bytes()


def interrupted(many, out: str, number: int, *words: str) -> tuple[int, str]:
    """Start coding, wait until something is written, and send a signal. Gives exit code and stderr."""
    process = start("code", "many.jsonl", "--jsonl", out, *words, cwd=many)
    part = many / f"{out}.part"
    deadline = time.monotonic() + 120
    while not (part.exists() and part.stat().st_size) and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(number)
    _, err = process.communicate(timeout=120)
    return process.returncode, err.decode()


def test_control_c_ends_cleanly_and_resume_goes_on(many):
    code, err = interrupted(many, "c.jsonl", signal.SIGINT, "--workers", "1")
    assert code == 130, err
    kept = (many / "c.jsonl.part").read_bytes().splitlines(keepends=True)
    assert f"stopped; {len(kept)} records in c.jsonl.part; go on with: --resume" in err.splitlines()
    assert 0 < len(kept) < 96
    assert not (many / "c.jsonl").exists()
    answer = comity("code", "many.jsonl", "--jsonl", "c.jsonl", "--resume", "--json", cwd=many)
    assert (answer.code, answer.json["resumed"], answer.json["coded"]) == (0, len(kept), 96 - len(kept))
    assert (many / "c.jsonl").read_bytes() == (many / "whole.jsonl").read_bytes()
    assert not (many / "c.jsonl.part").exists()


@pytest.mark.parametrize("workers", ["1", "2"])
def test_after_a_kill_resume_goes_on_at_the_last_whole_record(many, workers):
    out = f"k{workers}.jsonl"
    code, _ = interrupted(many, out, signal.SIGKILL, "--workers", workers)
    assert code == -9
    part = many / f"{out}.part"
    part.write_bytes(part.read_bytes()[:-7])  # cut within a record, as a full disk or a crash of the machine would
    assert comity("code", "many.jsonl", "--jsonl", out, "--resume", cwd=many).code == 0
    assert (many / out).read_bytes() == (many / "whole.jsonl").read_bytes()


def test_without_resume_a_part_is_begun_anew(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text(REPORT, "utf-8")
    (tmp_path / "out.jsonl.part").write_text("{}\n", "utf-8")
    answer = here(capsys, "code", "a.txt", "--jsonl", "out.jsonl")
    assert answer.err.splitlines()[0] == "out.jsonl.part: begun anew (--resume would have gone on with it)"
    assert len((tmp_path / "out.jsonl").read_bytes().splitlines()) == 1


def test_a_part_of_another_codebook_is_not_gone_on_with(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text(REPORT, "utf-8")
    old = msgspec.structs.replace(demo_codings()[0], codebook="theirs-1")
    (tmp_path / "out.jsonl.part").write_bytes(to_json(old) + b"\n")
    answer = here(capsys, "code", "a.txt", "--jsonl", "out.jsonl", "--resume")
    assert answer.code == 2
    assert "was coded with other versions (codebook theirs-1, now plover-2.0+comity-1)" in answer.err.splitlines()[-1]
    assert (tmp_path / "out.jsonl.part").read_bytes() == to_json(old) + b"\n"


def test_its_own_output_is_no_input(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text(REPORT, "utf-8")
    for _ in range(2):
        answer = here(capsys, "code", ".", "--jsonl", "out.jsonl")
        assert (answer.code, answer.err) == (0, "1 record in out.jsonl\n")
    assert coding_from_json((tmp_path / "out.jsonl").read_bytes()).report.source == "a.txt"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("a.txt", "--jsonl", "-", "--json"), "Error: --jsonl - and --json both want stdout; choose one"),
        (("a.txt", "--resume"), "Error: --resume goes on with OUT.part; it needs --jsonl OUT"),
        (("a.txt", "--jsonl", "no/where.jsonl"), "Error: no/where.jsonl: there is no folder no; make it first"),
        (("a.txt", "--jsonl", "."), "Error: . is a folder; name a file"),
        ((), "Error: Missing argument 'PATH...'."),
        (("a.txt", "--workers", "0"), "Error: Invalid value for '--workers': 0 is not in the range 1<=x<=256."),
    ],
)
def test_wrong_usage(tmp_path, monkeypatch, capsys, words, said):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text(REPORT, "utf-8")
    answer = here(capsys, "code", *words)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.splitlines()[-1] == said
