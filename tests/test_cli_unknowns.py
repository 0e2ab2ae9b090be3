"""Names that the tables do not know, as a table, narrow, and as a form."""

import pytest
from cli_running import demo_ledger, here

from comity.ledger import Ledger
from comity.ledger.unknowns import unknowns


@pytest.fixture(scope="module")
def found():
    with Ledger(demo_ledger()) as ledger:
        return unknowns(ledger, limit=3)


@pytest.mark.parametrize("columns", ["60", "140"])
def test_names_are_shown_with_reports_and_example_at_every_width(columns, found, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", columns)
    answer = here(capsys, "unknowns", "--ledger", demo_ledger(), "--limit", "3")
    assert answer.code == 0
    shown = " ".join(answer.out.split())
    assert len(found) == 3
    for one in found:
        assert one.name.split()[0] in shown
        assert one.kind in shown
    assert all(len(line) <= int(columns) for line in answer.out.splitlines())


def test_a_form_goes_to_a_file_with_what_to_do_next_or_to_stdout_alone(tmp_path, capsys):
    told = here(capsys, "unknowns", "--ledger", demo_ledger(), "--limit", "3", "--csv", tmp_path / "more.csv")
    assert (told.code, told.out) == (0, "")
    assert f"3 names written to {tmp_path / 'more.csv'}" in " ".join(told.err.split()).replace("\n", "")
    plain = here(capsys, "unknowns", "--ledger", demo_ledger(), "--limit", "3", "--csv", "-")
    assert (plain.out, plain.err) == ((tmp_path / "more.csv").read_text("utf-8"), "")


def test_a_ledger_of_nothing_has_no_unknown_names(tmp_path, capsys):
    with Ledger(tmp_path / "empty.ledger"):
        pass
    answer = here(capsys, "unknowns", "--ledger", tmp_path / "empty.ledger")
    assert "every name in this ledger is known" in answer.err
