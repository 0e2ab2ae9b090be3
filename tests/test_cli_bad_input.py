"""Bad input: one clear line each on stderr (what, where, what to do), the rest of the batch goes on."""

import os
import shutil
import sqlite3

import pytest
from cli_running import comity, here

from comity.cli import progress
from comity.coder import LONGEST_REPORT
from comity.records import coding_from_json

GOOD = "Ministers meet in Vienna\nPublished: 3 May 2021\n\nThe foreign ministers of Japan and India met in Vienna.\n"
CHINESE = (
    "中国外交部发言人周五在例行记者会上说，中方愿意同各方保持沟通，推动地区局势尽快缓和。双方将继续深化合作。\n" * 3
)

BAD = {
    "empty": ("a.txt", b"", "a.txt: it is empty; leave it out, or give the report's text"),
    "binary": (
        "a.txt",
        bytes(range(256)) * 20,
        "a.txt: this is a binary file, no text; leave it out, or convert it to text or HTML",
    ),
    "20 MB on one line": (
        "a.txt",
        b"The minister met the president. " * 650_000,
        f"a.txt: the text has 20,800,000 characters, more than a report can have ({LONGEST_REPORT:,}); "
        "split it into its reports (one row of JSONL each)",
    ),
    "Chinese": (
        "a.txt",
        CHINESE.encode(),
        "a.txt: the text is in another language (zh); translate it to English first",
    ),
    "a line that is no JSON": (
        "a.jsonl",
        b"{broken\n",
        "a.jsonl:1: this is not JSON (object keys must be strings (byte 1)); "
        "correct the line, or write it with a JSON library",
    ),
    "a row without text": (
        "a.jsonl",
        b'{"id": "x", "published": "2024-05-01"}\n',
        "a.jsonl:1: this row has no 'text'; give the report's text in a column named 'text'",
    ),
    "missing": ("a.txt", None, "a.txt: there is no such file; check the path"),
}


@pytest.fixture
def place(tmp_path):
    (tmp_path / "good.txt").write_text(GOOD, "utf-8")
    return tmp_path


@pytest.fixture
def ran(place, monkeypatch, capsys):
    """Runs a command in this process, beside the good report. No line tells how far it has come."""
    monkeypatch.chdir(place)
    monkeypatch.setattr(progress, "EVERY", float("inf"))
    return lambda *words: here(capsys, *words)


@pytest.mark.parametrize("case", BAD)
def test_it_is_listed_and_the_rest_goes_on(place, ran, case):
    name, data, line = BAD[case]
    if data is not None:
        (place / name).write_bytes(data)
    answer = ran("code", name, "good.txt", "--jsonl", "out.jsonl")
    assert answer.err.splitlines() == [line, "1 record in out.jsonl, 1 left out"]
    assert (answer.code, answer.out) == (1, "")
    codings = [coding_from_json(row) for row in (place / "out.jsonl").read_bytes().splitlines()]
    assert [coding.report.text for coding in codings] == [GOOD]
    assert not (place / "out.jsonl.part").exists()


@pytest.mark.parametrize("case", ["empty", "binary", "a line that is no JSON", "a row without text", "missing"])
def test_where_nothing_could_be_coded_nothing_is_written(place, ran, case):
    name, data, line = BAD[case]
    if data is not None:
        (place / name).write_bytes(data)
    answer = ran("code", name, "--jsonl", "out.jsonl")
    assert (answer.code, answer.out, answer.err.splitlines()) == (2, "", [line])
    assert sorted(path.name for path in place.glob("out*")) == []


def test_strict_stops_at_the_first(place, ran):
    rows = b'{"text": "Japan praised India on Monday.", "published": "2024-05-01"}\n{broken\n{"text": "Too late."}\n'
    (place / "a.jsonl").write_bytes(rows)
    answer = ran("code", "a.jsonl", "--jsonl", "out.jsonl", "--strict")
    assert answer.code == 1
    assert answer.err.splitlines()[1:] == ["stopped at the first (--strict); 1 record in out.jsonl.part"]
    assert not (place / "out.jsonl").exists()
    answer = ran("code", "a.jsonl", "--json", "--strict")
    assert answer.code == 1
    assert [coding["report"]["source"] for coding in answer.json] == ["a.jsonl:1"]


def test_reports_without_a_date_are_coded_and_counted_in_one_line(place, ran):
    rows = [b'{"text": "Japan praised India on Monday."}', b'{"text": "Kenya thanked Norway last week."}']
    (place / "a.jsonl").write_bytes(b"\n".join(rows) + b"\n")
    answer = ran("code", "a.jsonl", "good.txt", "--json")
    assert answer.code == 0
    assert answer.err.splitlines() == [
        "2 reports have no date of publication: relative dates in it stay open; "
        "give it in the column 'published' or with --published DATE"
    ]
    codings = answer.json
    assert [coding["report"]["published"] for coding in codings] == [None, None, "2021-05-03"]
    assert [date["value"] for date in codings[0]["dates"] if str(date["value"])[0].isdigit()] == []
    assert {record["date"] for record in (*codings[0]["events"], *codings[0]["statements"])} <= {None}


def test_a_date_of_publication_that_is_none_is_wrong_usage(place, ran):
    answer = ran("code", "good.txt", "--published", "someday")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.splitlines()[-1].startswith("Error: Invalid value for --published:")


# --- ledgers ---------------------------------------------------------------------------------------------------------


def test_a_folder_that_is_no_ledger_is_left_alone(place, ran):
    (place / "papers").mkdir()
    (place / "papers" / "letter.txt").write_text("Dear Sir\n", "utf-8")
    for words in (("add", "good.txt"), ("events",), ("explain", "abcdef")):
        answer = ran(*words, "--ledger", "papers")
        assert (answer.code, answer.out) == (2, "")
        assert answer.err == (
            "comity: papers: holds no ledger (catalog.sqlite is missing) but other files (letter.txt); "
            "name another folder, an empty or a new one\n"
        )
    assert [path.name for path in (place / "papers").iterdir()] == ["letter.txt"]


def test_a_missing_ledger_is_not_made_by_a_question(place, ran):
    answer = ran("events", "--ledger", "none.ledger")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == (
        "comity: none.ledger: there is no ledger here; make one with: comity add PATHS --ledger none.ledger\n"
    )
    assert not (place / "none.ledger").exists()


def test_a_ledger_of_a_newer_version_is_refused(place, ran):
    assert ran("add", "good.txt", "--ledger", "l").code == 0
    with sqlite3.connect(place / "l" / "catalog.sqlite") as db:
        db.execute("UPDATE ducklake_metadata SET value = '9.10' WHERE key = 'version'")
    db.close()
    for words in (("add", "good.txt"), ("events",)):
        answer = ran(*words, "--ledger", "l")
        assert (answer.code, answer.out) == (2, "")
        assert len(answer.err.splitlines()) == 1
        assert "format 9.10" in answer.err
        assert answer.err.endswith("upgrade it: pip install -U comity\n")


def test_a_folder_that_cannot_be_written_is_refused(place, ran):
    # Root may write everywhere; without these two capabilities it is a user like others.
    humble = ("setpriv", "--bounding-set=-dac_override,-dac_read_search") if os.getuid() == 0 else ()
    if humble and not shutil.which("setpriv"):
        pytest.skip("running as root without setpriv: every folder can be written")
    assert ran("add", "good.txt", "--ledger", "l").code == 0
    before = ran("events", "--ledger", "l", "--json")
    for path in (place / "l", *(place / "l").rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        answer = comity("add", "good.txt", "--ledger", "l", cwd=place, before=humble)
        read = comity("events", "--ledger", "l", "--json", cwd=place, before=humble)
    finally:
        for path in (place / "l", *(place / "l").rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == (
        "comity: l: the ledger's folder cannot be written (Permission denied); "
        "choose another place or give yourself the right to write there\n"
    )
    assert read == before


@pytest.mark.skipif(
    not os.access("/sys", os.R_OK) or shutil.which("stat") is None, reason="needs a read-only file system"
)
def test_a_read_only_file_system_is_refused(place, ran):
    answer = ran("add", "good.txt", "--ledger", "/sys/comity.ledger")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("comity: /sys/comity.ledger: the ledger's folder cannot be written (")
    assert len(answer.err.splitlines()) == 1


def test_a_codebook_with_a_fault_is_named(place, ran):
    (place / "mine").mkdir()
    (place / "mine" / "about.tsv").write_text("key\tvalue\nname\tMine\n", "utf-8")
    answer = ran("code", "good.txt", "--codebook", "mine")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("comity: ")
    assert "about.tsv: no version; add a line with version" in answer.err


def test_a_model_that_is_not_installed_is_named(place, ran):
    answer = ran("code", "good.txt", "--model", "xx_none_sm")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("comity: language model 'xx_none_sm' is not installed; run: pip install ")
    assert len(answer.err.splitlines()) == 1
