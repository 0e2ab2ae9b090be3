"""Checking: what is broken is found and named, with a cure."""

# ruff: noqa: S608
import msgspec
import pyarrow as pa
import pytest
from ledger_samples import fresh_ledger, sample, span

from comity.ledger import Ledger
from comity.records import TABLES, table_schema

DERIVED = {
    "reports": {"rev", "revision", "text_hash", "coding_hash", "added_at", "day", *TABLES} - {"reports"},
    "statements": {"countries", "about", "day_first", "day_last"},
    "events": {"origin", "scale", "sources", "targets", "source_parties", "target_parties", "day_first", "day_last"},
}
REPORT_COLUMNS = {"published", "outlet", "outlet_country", "outlet_ownership", "demo"}


@pytest.fixture
def ledger(tmp_path):
    with fresh_ledger(tmp_path / "l", "r1", "r2") as made:
        yield made


def problems(ledger):
    return [(problem.what, problem.where.split(": ", 1)[-1]) for problem in ledger.check()]


@pytest.mark.parametrize("table", TABLES)
def test_the_ledger_has_a_column_for_every_field_of_the_records(ledger, table):
    stored = {f.name: f.type for f in ledger.query(f"SELECT * FROM store.{table} LIMIT 0").schema}
    records = {f.name: f.type for f in table_schema(table)}
    extra = DERIVED.get(table, set()) | (REPORT_COLUMNS if table in ("statements", "events") else set())
    missing = set(records) - set(stored)
    assert not missing, f"a migration has to add {missing} to store.{table}"
    assert set(stored) - set(records) - extra - {"rev", "n"} == set()
    for name, type_ in records.items():
        if name != "n":
            assert stored[name] == type_ or pa.types.is_list(type_), (table, name, stored[name], type_)


def test_a_sound_ledger_has_no_problems(ledger):
    assert ledger.check() == []
    assert ledger.check(deep=False) == []


def test_a_missing_and_a_shortened_file_are_found(ledger):
    files = sorted((ledger.home.folder / "data").rglob("*.parquet"))
    events = next(file for file in files if file.parent.name == "events")
    places = next(file for file in files if file.parent.name == "places")
    events.unlink()
    places.write_bytes(places.read_bytes()[:-20])
    lines = [problem.line() for problem in ledger.check()]
    assert any(line.startswith(f"{events}: a data file is missing; restore the ledger") for line in lines)
    assert any(line.startswith(f"{places}: a data file has ") for line in lines)


def test_half_a_report_is_found(ledger):
    with ledger._writing("test") as cursor:
        cursor.execute(
            "INSERT INTO store.mentions BY NAME SELECT 1 AS rev, 99 AS n, 'r1' AS report_id, 0 AS start, 1 AS \"end\""
        )
        cursor.execute(
            "INSERT INTO store.dates BY NAME SELECT 77 AS rev, 0 AS n, 'gone' AS report_id, 0 AS start, 0 AS \"end\""
        )
    found = problems(ledger)
    assert ("has 8 mentions instead of 7", "report r1") in found
    assert ("has 1 dates instead of none", "report rev 77") in found
    assert ("the records of a report are not those that were added", "report r1") in found


def test_a_report_stored_twice_is_found(ledger):
    with ledger._writing("test") as cursor:
        cursor.execute(
            "INSERT INTO store.reports BY NAME SELECT * REPLACE (rev + 10 AS rev) FROM store.reports WHERE rev = 1"
        )
    found = problems(ledger)
    assert ("a report stands twice", "report r1") in found
    assert ("a report has two current revisions", "report r1") in found


def test_offsets_and_references_that_lead_nowhere_are_found(tmp_path):
    good = sample("r1")
    shifted = msgspec.structs.replace(good.mentions[0], start=1, end=28)
    beyond = msgspec.structs.replace(good.events[0], sentence=(0, 9999))
    orphan = msgspec.structs.replace(good.events[1], account="0000000000000000")
    coding = msgspec.structs.replace(
        good, mentions=(shifted, *good.mentions[1:]), events=(beyond, orphan), statements=good.statements[1:]
    )
    with Ledger(tmp_path / "l") as ledger:
        ledger.add([coding])
        assert set(problems(ledger)) == {
            ("an event rests on a statement that is not there", f"event {orphan.id}"),
            ("a span lies outside the text", f"report r1, event {beyond.id}"),
            ("a span slices to other words than were recorded", "report r1, mention 0"),
        }


def test_a_changed_text_is_found(ledger):
    with ledger._writing("test") as cursor:
        cursor.execute(
            "INSERT INTO store.reports BY NAME SELECT * REPLACE (rev + 10 AS rev, id || 'x' AS id, text || '!' AS text,"
            " 0 AS actors, 0 AS mentions, 0 AS dates, 0 AS places, 0 AS statements, 0 AS events) "
            "FROM store.reports WHERE rev = 1"
        )
    found = problems(ledger)
    assert ("the text is not the one that was added", "report r1x") in found
    assert ("the records of a report are not those that were added", "report r1x") in found


def test_a_corrected_record_that_does_not_follow_from_the_log_is_found(ledger):
    event = sample("r1").events[0]
    ledger.correct(event.id, "status", "intended", author="ada")
    assert ledger.check() == []
    with ledger._writing("test") as cursor:
        cursor.execute(
            "INSERT INTO store.corrected_events BY NAME SELECT * REPLACE (seq + 1 AS seq, 'denied' AS status) "
            "FROM store.corrected_events WHERE seq > 0"
        )
    assert [what for what, _ in problems(ledger)] == ["a corrected event is not what its corrections make of it"]
    ledger.correct(event.id, "mutual", False, author="ada")
    ledger.correct(event.id, "mutual", True, author="ada")
    assert ledger.check() == []


def test_dates_cover_their_days(ledger):
    cases = {
        ("2022-10-27", "day", None): ("2022-10-27", "2022-10-27"),
        ("2022-10-27T08:00:00", "day", None): ("2022-10-27", "2022-10-27"),
        ("2022-10", "month", None): ("2022-10-01", "2022-10-31"),
        ("2024-02", None, None): ("2024-02-01", "2024-02-29"),
        ("2022", "year", None): ("2022-01-01", "2022-12-31"),
        ("2022-W43", "week", None): ("2022-10-24", "2022-10-30"),
        ("2022-10-24", "week", None): ("2022-10-24", "2022-10-30"),
        ("2022-Q4", "quarter", None): ("2022-10-01", "2022-12-31"),
        ("2022-H1", None, None): ("2022-01-01", "2022-06-30"),
        ("198", "decade", None): ("1980-01-01", "1989-12-31"),
        ("2022-10-22", "day", "2022-10-24"): ("2022-10-22", "2022-10-24"),
        ("2022-10", "month", "2023-01"): ("2022-10-01", "2023-01-31"),
        ("2022-02-30", "day", None): (None, None),
        ("someday", None, None): (None, None),
        (None, None, None): (None, None),
    }
    event = sample().events[0]
    codings = [
        msgspec.structs.replace(
            sample(f"d{n:02}"),
            statements=(),
            events=(msgspec.structs.replace(event, date=date, date_precision=precision, date_end=end),),
        )
        for n, (date, precision, end) in enumerate(cases)
    ]
    ledger.add(codings)
    rows = ledger.query(
        "SELECT date, date_precision, date_end, day_first::VARCHAR AS a, day_last::VARCHAR AS b FROM events_v1 "
        "WHERE starts_with(report_id, 'd')"
    ).to_pylist()
    assert {(r["date"], r["date_precision"], r["date_end"]): (r["a"], r["b"]) for r in rows} == cases


def test_about_counts_what_stands_in_the_content_only(ledger):
    told = ledger.statements(report="r1", kind="verbatim", columns=["about", "content"]).to_pylist()[0]
    text = sample().report.text
    assert told == {"about": ["AUT"], "content": [list(span(text, "Austria promised us 20 million euros."))]}
