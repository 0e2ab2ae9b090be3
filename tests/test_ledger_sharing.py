"""Ledgers that are shared without their texts, and joined with them again."""

import msgspec
import pytest
from exchange_samples import gdelt, plover, polecat
from ledger_samples import TEXT, fresh_ledger, sample

from comity import Ledger
from comity.exchange import import_file
from comity.ledger import LedgerError
from comity.ledger.sharing import rehydrate, share
from comity.records import Report


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A ledger with corrections of every kind and an older revision; for reading only."""
    with fresh_ledger(tmp_path_factory.mktemp("whole") / "l", "r1", "r2") as ledger:
        call, aid, arrest = (event.id for event in sample("r1").events)
        ledger.correct(call, "target", "NGA", author="ada")
        ledger.correct(
            arrest, "place", {**msgspec.to_builtins(sample("r1").events[2].place), "level": "site"}, author="bo"
        )
        ledger.reject(aid, author="ada", reason="no")
        ledger.accept(sample("r1").statements[0].id, author="bo")
        ledger.add([sample("r2", text=TEXT.replace("on Monday", "on  Monday"))])
        yield ledger


@pytest.fixture(scope="module")
def shared(whole, tmp_path_factory):
    """The same without its texts; for reading only."""
    place = tmp_path_factory.mktemp("shared") / "l"
    done = share(whole, place)
    assert (done.reports, done.records) == (3, 15)
    with Ledger(place, read_only=True) as opened:
        yield opened


def everything(ledger, *, but=("ledger", "schema_versions")):
    """All rows of all tables, as one text."""
    tables = ledger.query(
        "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'store' AND database_name = current_database()"
    )
    names = sorted(set(tables["table_name"].to_pylist()) - set(but))
    return {name: str(ledger.query(f"FROM store.{name} ORDER BY ALL").to_pylist()) for name in names}


def stretches(text, words=4):
    parts = text.replace('"', " ").replace(".", " ").split()
    return {" ".join(parts[n : n + words]) for n in range(len(parts) - words + 1)}


def test_no_words_of_the_texts_are_in_a_shared_ledger(shared):
    held = " ".join(everything(shared).values())
    assert [stretch for stretch in sorted(stretches(TEXT)) if stretch in held] == []
    assert "his Ghanaian counterpart" not in held
    assert {row["text"] for row in shared.mentions().to_pylist()} == {""}


def test_a_shared_ledger_is_sound_and_answers(whole, shared):
    assert shared.check() == []
    assert shared.count("events") == whole.count("events")
    assert shared.events(dyad="AUT-NGA").num_rows == 1
    for event in shared.events(columns=["id", "words"]).to_pylist():
        assert event["words"] == ""
        shared.explain(event["id"])
    shared.coding("r1", corrected=True)
    assert [row["state"] for row in shared.corrections().to_pylist()] == ["active"] * 4
    assert shared.events(text="phoned").num_rows == 0


def test_with_the_texts_it_is_again_what_it_was(whole, shared, tmp_path):
    other = TEXT.replace("on Monday", "on  Monday")
    texts = [Report(id="x", text=TEXT), Report(id="y", text=other), Report(id="z", text="?")]
    done = rehydrate(shared, tmp_path / "full", texts)
    assert (done.joined, done.missing, done.changed, done.unused) == (3, 0, (), 1)
    with Ledger(tmp_path / "full") as full:
        assert full.check() == []
        assert full.content_hash() == whole.content_hash()
        assert everything(full) == everything(whole)
        assert full.events(text="phoned").num_rows == 2


@pytest.mark.long
def test_some_texts_now_and_the_rest_later(whole, shared, tmp_path):
    done = rehydrate(shared, tmp_path / "half", [Report(id="r1", text=TEXT), Report(id="r2", text="quite another")])
    assert (done.joined, done.missing, done.changed) == (2, 1, ())
    with Ledger(tmp_path / "half", read_only=True) as half:
        assert half.check() == []
        assert [row["text"] == TEXT for row in half.reports().to_pylist() if row["id"] == "r1"] == [True]
        again = rehydrate(half, tmp_path / "full", [Report(id="r2", text=TEXT.replace("on Monday", "on  Monday"))])
    assert (again.joined, again.missing) == (1, 0)
    with Ledger(tmp_path / "full", read_only=True) as full:
        assert full.content_hash() == whole.content_hash()


def test_another_text_of_a_report_is_told(tmp_path):
    with fresh_ledger(tmp_path / "whole", "r1") as whole:
        share(whole, tmp_path / "shared")
    with Ledger(tmp_path / "shared", read_only=True) as shared:
        done = rehydrate(shared, tmp_path / "full", [Report(id="r1", text=TEXT + " ")])
    assert (done.joined, done.missing, done.changed, done.unused) == (0, 1, ("r1",), 0)


def test_corrections_made_on_a_shared_ledger_survive(tmp_path):
    with fresh_ledger(tmp_path / "whole", "r1") as whole:
        share(whole, tmp_path / "shared")
    with Ledger(tmp_path / "shared") as shared:
        shared.correct(sample("r1").events[0].id, "type", "SUPPORT", author="eve")
        assert shared.check() == []
        rehydrate(shared, tmp_path / "full", [Report(id="r1", text=TEXT)])
    with Ledger(tmp_path / "full") as full:
        assert full.events(type="SUPPORT").num_rows == 1
        assert full.check() == []
        full.add([msgspec.structs.replace(sample("r1"), coder="comity 9")], recode=True)
        assert [row["state"] for row in full.corrections().to_pylist()] == ["active"]


def test_imported_rows_are_shared_but_for_their_words(tmp_path):
    with Ledger(tmp_path / "whole") as whole:
        files = {"gdelt": gdelt(), "plover": plover(), "polecat": polecat(more=("Headline", "Event Text"))}
        for format, data in files.items():
            (tmp_path / format).write_bytes(data)
            import_file(whole, tmp_path / format, format)
        number = whole.count("events")
        share(whole, tmp_path / "shared")
        tables = everything(whole)
    with Ledger(tmp_path / "shared", read_only=True) as shared:
        assert shared.check() == []
        assert shared.count("events") == number
        held = everything(shared)
        assert held["import_gdelt"] == tables["import_gdelt"]
        assert held["events"] == tables["events"]
        assert "Zelte" in tables["import_plover"] and "Zelte" not in held["import_plover"]
        assert "Headline 0" in tables["import_polecat"] and "Headline 0" not in held["import_polecat"]


def test_what_cannot_be_is_said(tmp_path):
    with fresh_ledger(tmp_path / "whole", "r1") as whole:
        with pytest.raises(LedgerError, match="lacks no texts"):
            rehydrate(whole, tmp_path / "full", [])
        (tmp_path / "there").mkdir()
        (tmp_path / "there" / "file").write_text("x")
        for place in ("whole", "there"):
            with pytest.raises(LedgerError):
                share(whole, tmp_path / place)
        assert (tmp_path / "there" / "file").exists()
        assert whole.check() == []
    assert not (tmp_path / "full").exists()


def test_a_failure_leaves_nothing_behind(tmp_path, monkeypatch):
    def broken(*args, **more):
        raise LedgerError("no room")

    monkeypatch.setattr("comity.ledger.sharing._copy_corrections", broken)
    with fresh_ledger(tmp_path / "whole", "r1") as whole, pytest.raises(LedgerError, match="no room"):
        share(whole, tmp_path / "shared")
    assert not (tmp_path / "shared").exists()
