"""Events of other formats: stored with their origin, once, beside the coded ones."""

import datetime

import msgspec
import pyarrow as pa
import pytest
from ledger_samples import fresh_ledger

from comity.ledger import Ledger, LedgerError
from comity.ledger import schema as schema_module
from comity.ledger.imports import Imported
from comity.records import Party


def party(country: str, name: str) -> dict[str, object]:
    return msgspec.to_builtins(Party(text=name, name=name, country=country, sector="GOV"))


def rows(number: int = 3) -> pa.Table:
    return pa.table(
        {
            "n": list(range(number)),
            "id": [f"f00d{n:012x}" for n in range(number)],
            "scale": ["goldstein"] * number,
            "published": [datetime.date(2020, 5, 3)] * number,
            "type": ["CONSULT"] * number,
            "quad": ["verbal cooperation"] * number,
            "cameo": ["040"] * number,
            "intensity": [1.0] * number,
            "source": pa.array([[party("KEN", "KENYA")]] * number),
            "target": pa.array([[party("UGA", "UGANDA"), party("TZA", "TANZANIA")]] * number),
            "mutual": [False] * number,
            "background": [False] * number,
            "status": ["actual"] * number,
            "date": ["2020-05-02"] * number,
            "date_precision": ["day"] * number,
        }
    )


@pytest.fixture
def ledger(tmp_path):
    with fresh_ledger(tmp_path / "l", "r1") as made:
        made.import_events([{"events": rows()}], origin="icews", file="a.tab", digest="d1", notes={"rows": 3})
        yield made


def test_imported_events_stand_beside_coded_ones(ledger):
    assert ledger.count("events") == 6
    assert (
        ledger.events(origin="icews", dyad="KEN-TZA", columns=["cameo", "scale", "report_id"]).to_pylist()
        == [{"cameo": "040", "scale": "goldstein", "report_id": None}] * 3
    )
    assert ledger.events(origin="comity")["scale"].to_pylist() == ["plover"] * 3
    assert ledger.count("events", asserted="default", origin="icews") == 3
    assert ledger.query("SELECT origin, file, rows, notes FROM imports_v1").to_pylist() == [
        {"origin": "icews", "file": "a.tab", "rows": 3, "notes": '{"rows":3}'}
    ]
    assert ledger.check() == []


def test_the_same_file_is_imported_once(ledger):
    again = ledger.import_events([{"events": rows()}], origin="icews", file="b.tab", digest="d1")
    assert again == Imported(rows=0, known=True)
    assert ledger.count("events") == 6


def test_a_file_may_come_in_parts_and_is_one_addition(ledger):
    parts = [{"events": rows(2)}, {"events": rows(4).slice(2)}]
    assert ledger.import_events(parts, origin="gdelt", file="c.csv", digest="d2") == Imported(rows=4, known=False)
    assert ledger.check() == []


def test_a_file_that_breaks_leaves_nothing(ledger):
    def parts():
        yield {"events": rows(2)}
        raise ValueError("line 3 is broken")

    with pytest.raises(ValueError, match="line 3"):
        ledger.import_events(parts(), origin="gdelt", file="c.csv", digest="d2")
    assert ledger.count("events") == 6
    assert ledger.check() == []


def test_imported_events_are_explained_and_corrected(ledger):
    id_ = "f00d000000000001"
    found = ledger.explain(id_)
    assert (found.origin, found.report, found.record.cameo, found.record.target[1].country) == (
        "icews",
        None,
        "040",
        "TZA",
    )
    ledger.correct(id_, "target", "UGA", author="ada")
    assert ledger.count("events", dyad="KEN-TZA") == 2
    assert ledger.explain(id_).corrected
    row = ledger.query("SELECT day_first::VARCHAR AS d, sentence FROM events_v1 WHERE id = ?", [id_]).to_pylist()
    assert row == [{"d": "2020-05-02", "sentence": None}]
    ledger.correct(id_, "type", "ACCUSE", author="ada")
    row = ledger.query("SELECT type, quad, intensity FROM events_v1 WHERE id = ?", [id_]).to_pylist()
    assert row == [{"type": "ACCUSE", "quad": "verbal conflict", "intensity": None}]  # PLOVER's is another scale
    ledger.reject(id_, author="ada")
    assert ledger.count("events", origin="icews") == 2
    assert ledger.check() == []


def test_the_rows_of_the_format_go_to_side_tables(tmp_path, monkeypatch):
    newest = schema_module.newest()
    table = "CREATE TABLE store.import_other (rev INTEGER, n INTEGER, event_text VARCHAR)"
    scripts = schema_module.migrations() | {newest + 1: table}
    monkeypatch.setattr(schema_module, "migrations", lambda: scripts)
    with Ledger(tmp_path / "l") as ledger:
        side = pa.table({"n": [0, 1, 2], "event_text": ["Consult", "Consult", "Meet"]})
        ledger.import_events([{"events": rows(), "import_other": side}], origin="other", file="a", digest="d")
        joined = ledger.query(
            "SELECT id, event_text FROM store.events JOIN store.import_other USING (rev, n) ORDER BY n"
        )
        assert joined["event_text"].to_pylist() == ["Consult", "Consult", "Meet"]


@pytest.mark.parametrize("origin", ["comity", "GDELT", "a b", ""])
def test_an_origin_is_a_format_s_name(ledger, origin):
    with pytest.raises(LedgerError, match="cannot be an origin"):
        ledger.import_events([{"events": rows()}], origin=origin, file="a", digest="d9")


def test_a_strange_column_is_refused(ledger):
    with pytest.raises(LedgerError, match="events have no column 'colour'"):
        ledger.import_events(
            [{"events": rows().append_column("colour", pa.array(["red"] * 3))}], origin="x", file="a", digest="d9"
        )
