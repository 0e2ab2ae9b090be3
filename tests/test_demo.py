"""The demo: its reports, its record, and what it says to try next."""

import shlex
from collections import Counter

from cli_running import demo_codings, here

from comity.demo import reports_path
from comity.reading import read_many
from comity.records import Report

REPORTS = [report for report in read_many(reports_path()) if isinstance(report, Report)]


def pair(report: Report) -> str:
    """The two states in a report's id, in either order: demo-rus-chn-2022-02-04."""
    return "-".join(sorted(report.id.split("-")[1:3]))


def test_the_reports_cover_six_dyads_and_are_marked():
    assert len(REPORTS) >= 24
    assert all(report.demo and report.title and report.outlet and report.published for report in REPORTS)
    assert {report.published[:4] for report in REPORTS} == {"2021", "2022", "2023", "2024"}
    pairs = Counter(pair(report) for report in REPORTS if report.id.split("-")[2].isalpha())
    assert len(pairs) >= 6
    assert pairs["chn-rus"] >= 6
    assert len({report.outlet for report in REPORTS}) >= 6
    assert len({report.text for report in REPORTS}) == len(REPORTS)


def test_every_report_gives_a_record():
    assert [coding.report.id for coding in demo_codings()] == [report.id for report in REPORTS]
    assert all(coding.report.demo for coding in demo_codings())
    assert all(coding.events or coding.statements for coding in demo_codings())


def test_the_demo_shows_a_record_and_what_it_says_works(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    answer = here(capsys, "demo")
    assert answer.code == 0, answer.err
    assert answer.out.startswith("32 reports coded into demo.ledger: ")
    assert [line for line in answer.out.splitlines() if line in ("Who", "Said", "Done")] == ["Who", "Said", "Done"]
    tries = answer.out.partition("Try next")[2].splitlines()
    shown = [line.strip() for line in tries if line.startswith("  comity ")]
    lines = [line for line in shown if " serve " not in line]  # which runs until it is stopped
    assert len(lines) >= 4
    (tmp_path / "your-report.txt").write_text("Kenya praised Norway on Monday, the minister said.\n", "utf-8")
    for line in lines:
        found = here(capsys, *shlex.split(line)[1:])
        assert (found.code, len(found.out.splitlines()) > 2) == (0, True), line
    again = here(capsys, "demo", "--json", "--report", REPORTS[0].id)
    assert again.json["report"]["id"] == REPORTS[0].id


def test_where_nothing_can_be_written_a_temporary_place_is_used(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    answer = here(capsys, "demo", "--ledger", "/sys/comity/demo.ledger", "--json")
    assert answer.code == 0
    assert answer.json["report"]["demo"] is True
    assert answer.err.startswith("/sys/comity/demo.ledger: the ledger's folder cannot be written (")
    assert "; using /" in answer.err
