"""The commands of relations: they say what the library says, as tables and as JSON, and refuse in one line."""

from __future__ import annotations

import csv
from pathlib import Path

import msgspec
import pytest
from cli_running import Answer
from relations_samples import event, ledger_of, report

from comity.cli import run
from comity.cli.dyad import sparkline

TOP = {"channel": "phone", "setting": "bilateral", "source_level": "top leader", "target_level": "minister"}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("relations")
    codings = []
    for n in range(12):
        day = f"2022-{n + 1:02}-10"
        kind = "SUPPORT" if n < 6 else "ASSAULT"
        events = [event(day, "CHN", "RUS", "CONSULT", "phone", mutual=True, contact=TOP)]
        events += [event(day, "RUS", "CHN", kind, words=f"Sentence {n}.{k} of the day.") for k in range(5)]
        codings.append(report(f"r{n}", day, events))
    with ledger_of(folder, codings):
        pass
    return folder / "ledger"


@pytest.fixture
def ask(place: Path, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch, tmp_path: Path):  # type: ignore[no-untyped-def]
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "160")

    def asked(*words: str | Path) -> Answer:
        code = run([*map(str, words), "--ledger", str(place)])
        out, err = capfdbinary.readouterr()
        return Answer(code, out.decode(), err.decode())

    return asked


def test_dyad_as_json_is_the_librarys(ask, place: Path) -> None:  # type: ignore[no-untyped-def]
    from comity.ledger import Ledger
    from comity.records import to_json
    from comity.relations import dyad

    found = ask("dyad", "CHN", "RUS", "--by", "quarter", "--count", "mentions", "--json")
    with Ledger(place, read_only=True) as ledger:
        expected = msgspec.json.decode(to_json(dyad(ledger, "CHN", "RUS", by="quarter", count="mentions")))
    assert (found.code, found.json) == (0, expected)


def test_dyad_as_a_table_says_what_it_counts_and_what_changed(ask) -> None:  # type: ignore[no-untyped-def]
    found = ask("dyad", "CHN", "RUS", "--count", "mentions", "--compare", "USA-RUS", "--limit", "4")
    assert found.code == 0, found.err
    for words in (
        "China and Russia, by month", "Mentions of events", "Uncorrected for errors of coding", "CHN→RUS", "USA–RUS",
        "CHN–RUS, 2022-07: ", "“Sentence 6.0 of the day.”", "The last 4 of 12 periods", "▁",
    ):  # fmt: skip
        assert words in found.out, words


def test_contacts(ask) -> None:  # type: ignore[no-untyped-def]
    found = ask("contacts", "CHN", "RUS", "--count", "mentions")
    assert found.code == 0, found.err
    for words in (
        "Contacts of China and Russia",
        "China ↓  Russia →",
        "top leader – minister",
        "phone 12",
        "2022-12-10",
    ):
        assert words in found.out, words
    assert ask("contacts", "CHN", "RUS", "--count", "mentions", "--json").json["channels"] == {"phone": 12}
    assert "None." in ask("contacts", "CHN", "USA").out


def test_an_audit_goes_all_the_way(ask, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    drawn = ask("audit", "CHN", "RUS", "--size", "30", "--count", "mentions", "-o", "a.csv")
    assert drawn.code == 0 and "30 of 72 records drawn into a.csv" in drawn.out, drawn.err
    assert (
        ask("audit", "CHN", "RUS", "-o", "a.csv").err
        == "comity: a.csv: is there already; review it, or give another name\n"
    )
    assert "0 of 30 reviewed" in ask("audit", "--read", "a.csv").out
    early = ask("dyad", "CHN", "RUS", "--count", "mentions", "--audit", "a.csv")
    assert early.code == 2 and "0 are reviewed; review 2 or more" in early.err
    with (tmp_path / "a.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    with (tmp_path / "a.csv").open("w", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]))
        table.writeheader()
        table.writerows(row | {"verdict": "Right"} for row in rows)
    assert "Right: 1.00 [1.00, 1.00] of all records" in ask("audit", "--read", "a.csv").out
    found = ask("dyad", "CHN", "RUS", "--count", "mentions", "--audit", "a.csv")
    assert found.code == 0 and "Corrected for errors of coding by a.csv (30 of 72 records reviewed" in found.out, (
        found.err
    )
    other = ask("dyad", "CHN", "RUS", "--audit", "a.csv")
    assert other.code == 2 and other.err.count("\n") == 1 and "drawn with count" in other.err


def test_a_brief_is_written_where_it_was_said(ask, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    found = ask("brief", "CHN", "RUS", "-o", "x.html")
    assert found.code == 0 and "Written: x.html" in found.out, found.err
    assert (tmp_path / "x.html").read_text().startswith("<!doctype html>")
    assert ask("brief", "CHN", "RUS", "--json").json["title"] == "China and Russia, January 2022 to December 2022"


def test_sums_need_no_ledger(ask, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    rows = [f"CHN,RUS,2021{n:02},{100 + n if n < 7 else -5000 - n}" for n in range(1, 13)]
    (tmp_path / "sums.csv").write_text("\n".join(["a,b,month,score", *rows]))
    found = ask("dyad", "China", "RUS", "--from", "sums.csv")
    assert found.code == 0 and "2021-07" in found.out and "Sums rise with the number of reports" in found.out, found.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("dyad", "CHN", "Atlantis"), "Atlantis"),
        (("dyad", "CHN", "RUS", "--origin", "gdelt"), "no events are of 'gdelt'; there are: comity"),
        (("dyad", "CHN", "RUS", "--chart", "x.gif", "--count", "mentions"), "charts end in"),
        (("dyad", "CHN", "RUS", "--audit", "none.csv"), "cannot be read as an audit"),
        (("dyad", "CHN", "RUS", "--from", "none.csv"), "none.csv"),
        (("contacts", "CHN", "RUS", "--sectors", "XYZ"), "there is no sector 'XYZ'"),
        (("brief", "CHN", "RUS", "-o", "x.docx"), "ends in .html, .md, .pdf"),
    ],
)
def test_faults_are_one_line(ask, words: tuple[str, ...], said: str) -> None:  # type: ignore[no-untyped-def]
    found = ask(*words)
    assert found.code == 2 and said in found.err and found.err.count("\n") == 1 and found.out == ""


def test_sparklines() -> None:
    assert sparkline([0.0, 7.0, None, 3.5], 0.0, 7.0) == "▁█ ▅"
    assert sparkline([]) == "" and sparkline([2.0, 2.0]) == "▁▁"
    assert len(sparkline([float(n) for n in range(500)])) <= 60
