"""`comity ledger`."""

from cli_running import here
from ledger_samples import fresh_ledger

from comity import Ledger
from comity.ledger.schema import newest


def test_what_it_is_and_holds(tmp_path, capsys):
    fresh_ledger(tmp_path / "l", "r1").close()
    found = here(capsys, "ledger", "info", "--ledger", tmp_path / "l", "--json").json
    assert (found["reports"], found["schema_version"]) == (1, newest())
    told = here(capsys, "ledger", "info", "--ledger", tmp_path / "l").out
    assert [line.split()[-1] for line in told.splitlines() if line.startswith("events")] == [f"{found['events']}"]


def test_an_older_ledger_is_brought_forward(tmp_path, capsys):
    fresh_ledger(tmp_path / "l", "r1").close()
    answer = here(capsys, "ledger", "migrate", "--ledger", tmp_path / "l", "--json")
    assert answer.json == {"ledger": str(tmp_path / "l"), "schema_version": newest()}


def test_maintenance_loses_no_record(tmp_path, capsys):
    with fresh_ledger(tmp_path / "l", "r1", "r2") as ledger:
        before = ledger.content_hash()
    answer = here(capsys, "ledger", "maintain", "--keep", "0", "--ledger", tmp_path / "l", "--json")
    assert answer.code == 0
    assert answer.json["files_after"] <= answer.json["files_before"]
    with Ledger(tmp_path / "l", read_only=True) as ledger:
        assert ledger.content_hash() == before


def test_keeping_in_order_makes_no_ledger(tmp_path, capsys):
    for word in ("info", "migrate", "maintain"):
        answer = here(capsys, "ledger", word, "--ledger", tmp_path / "l")
        assert (answer.code, answer.out) == (2, "")
        assert answer.err.startswith(f"comity: {tmp_path / 'l'}: there is no ledger here; make one with: comity add")
    assert not (tmp_path / "l").exists()
