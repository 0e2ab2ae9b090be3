"""`comity import`, `comity export` and `comity rehydrate`."""

import json

from cli_running import here
from exchange_samples import gdelt
from ledger_samples import TEXT, fresh_ledger

from comity import Ledger


def test_a_file_is_imported_and_its_figures_told(tmp_path, capsys):
    lines = gdelt().decode().splitlines()
    (tmp_path / "a.CSV").write_text("\n".join([*lines, "wrong\trow"]) + "\n")
    answer = here(capsys, "import", tmp_path / "a.CSV", "--from", "gdelt", "--ledger", tmp_path / "l",
                  "--left-out", tmp_path / "wrong.jsonl")  # fmt: skip
    assert answer.code == 1
    told = answer.out.splitlines()
    assert told[0] == "a.CSV: 7 events stored, 1 rows left out"
    assert "  domestic: 1 (20.0 %) of the 5 rows that have both countries" in told
    assert "  dated on the day added: 6 (85.7 %); 1 at -1 year" in told
    assert "a.CSV:8: has 2 fields instead of 61" in answer.err
    assert json.loads((tmp_path / "wrong.jsonl").read_text())["source"] == "a.CSV:8"
    again = here(capsys, "import", tmp_path / "a.CSV", "--from", "gdelt", "--ledger", tmp_path / "l", "--json")
    assert (again.code, again.json["rows"], again.json["files"][0]["known"]) == (0, 0, True)


def test_a_file_of_another_format_is_left_out_with_the_reason(tmp_path, capsys):
    (tmp_path / "a.csv").write_text("a,b\n1,2\n")
    answer = here(
        capsys, "import", tmp_path / "a.csv", tmp_path / "none", "--from", "icews", "--ledger", tmp_path / "l"
    )
    assert answer.code == 2
    assert "a.csv: the first line does not name the columns of icews" in answer.err
    assert "none: there is no such file" in answer.err


def test_records_leave_and_the_rest_is_counted_by_reason(tmp_path, capsys):
    fresh_ledger(tmp_path / "l", "r1").close()
    answer = here(capsys, "export", tmp_path / "out.CSV", "--to", "gdelt", "--ledger", tmp_path / "l")
    assert answer.code == 0
    assert answer.out.splitlines()[0].startswith("Events asserted by an independent account or by the source itself")
    assert "2 rows of 1 record, gdelt" in answer.out
    assert "  1 × is denied" in answer.out and "  1 × its date is not known to the day" in answer.out
    assert sorted(path.name for path in tmp_path.glob("out*")) == [
        "out.CSV", "out.CSV.left-out.jsonl", "out.CSV.provenance.jsonl",
    ]  # fmt: skip
    done = here(capsys, "export", tmp_path / "o.jsonl", "--to", "plover", "--all", "--type", "COERCE", "--ledger",
                tmp_path / "l", "--json").json  # fmt: skip
    assert (done["rows"], done["left_out"], done["companion"]) == (1, {}, None)


def test_the_rule_of_what_is_asserted_is_restated(tmp_path, capsys):
    fresh_ledger(tmp_path / "l", "r1").close()
    answer = here(
        capsys,
        "export",
        tmp_path / "o",
        "--to",
        "csv",
        "--asserted",
        "anyone",
        "--since",
        "2023-06",
        "--ledger",
        tmp_path / "l",
    )
    assert answer.out.startswith(
        "Events asserted by anyone, each side's claims about the other included, dated 2023-06-01"
    )


def test_what_makes_no_sense_is_one_line(tmp_path, capsys):
    fresh_ledger(tmp_path / "l", "r1").close()
    for words, why in [
        (["--to", "gdelt", "--all"], "comity: gdelt cannot say that a record is planned, denied or background"),
        (["--to", "csv", "--relation", "reports", "--dyad", "AUT-GHA"], "comity: reports have no filter 'dyad'"),
        ([], "Error: say what to write: --to FORMAT, or --no-text for a ledger without texts"),
        (["--no-text", "--to", "csv"], "Error: --no-text shares the whole ledger as it stands"),
    ]:
        answer = here(capsys, "export", tmp_path / "o", *words, "--ledger", tmp_path / "l")
        assert (answer.code, answer.out) == (2, "")
        assert answer.err.splitlines()[-1].startswith(why)


def test_a_full_disk_is_one_line(tmp_path, capsys, monkeypatch):
    def full(*args, **more):
        raise OSError(28, "No space left on device")

    fresh_ledger(tmp_path / "l", "r1").close()
    monkeypatch.setattr("comity.exchange.exporting.rebuilding.data", full)
    answer = here(capsys, "export", tmp_path / "o", "--to", "gdelt", "--ledger", tmp_path / "l")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith(f"comity: {tmp_path / 'o'}: cannot be written (No space left on device)")
    assert list(tmp_path.glob("o*")) == []


def test_a_ledger_is_shared_and_joined_with_its_texts(tmp_path, capsys):
    with fresh_ledger(tmp_path / "l", "r1") as ledger:
        before = ledger.content_hash()
    shared = here(capsys, "export", tmp_path / "shared", "--no-text", "--ledger", tmp_path / "l")
    assert shared.out.splitlines()[0] == f"{tmp_path / 'shared'}: 1 report without texts, 5 records"
    (tmp_path / "texts.jsonl").write_text(json.dumps({"id": "r1", "text": TEXT}) + "\n")
    (tmp_path / "none.jsonl").write_text(json.dumps({"id": "r1", "text": "another one"}) + "\n")
    nothing = here(
        capsys, "rehydrate", tmp_path / "none.jsonl", "--ledger", tmp_path / "shared", "--to", tmp_path / "no"
    )
    assert (nothing.code, "report r1: another text was given" in nothing.err) == (2, True)
    joined = here(
        capsys, "rehydrate", tmp_path / "texts.jsonl", "--ledger", tmp_path / "shared", "--to", tmp_path / "full"
    )
    assert (joined.code, joined.out) == (0, f"{tmp_path / 'full'}: 1 texts joined, 0 still missing, 0 not asked for\n")
    with Ledger(tmp_path / "full", read_only=True) as full:
        assert full.content_hash() == before
