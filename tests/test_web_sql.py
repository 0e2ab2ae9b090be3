"""Questions in SQL from strangers, and the ledger as it stood: what is answered, and all that is not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from web_running import client, demo_ledger

from comity.ledger import Ledger
from comity.web.asking import BadAsk
from comity.web.questions import LONGEST, MOST_ROWS, Questions
from comity.web.rendering import kept_in_the_past
from comity.web.settings import Settings


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demo_ledger(tmp_path_factory.mktemp("sql") / "l")


@pytest.fixture(scope="module")
def questions(place: Path):
    opened = Questions(Settings(ledger=str(place)))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def reader(place: Path):
    with client(place) as opened:
        yield opened


def test_a_question_is_answered_as_the_ledger_answers_it(questions: Questions, place: Path) -> None:
    sql = "SELECT type, count(*) AS n FROM events_v1 GROUP BY ALL ORDER BY n DESC, type"
    told = questions.ask(sql, 1000)
    with Ledger(place, read_only=True) as ledger:
        assert told.rows == [list(row.values()) for row in ledger.query(sql).to_pylist()]
    assert (told.columns, told.types, told.more) == (("type", "n"), ("string", "int64"), False)


@pytest.mark.parametrize(
    ("sql", "columns", "rows"),
    [
        ("SELECT 1 AS a, 2 AS a WHERE false", ("a", "a"), 0),
        ("WITH own AS (SELECT 1 AS one) FROM own", ("one",), 1),
        ("FROM range(5)", ("range",), 5),
        ("SHOW TABLES", ("name",), 13),
        ("SUMMARIZE SELECT confidence FROM events_v1", None, 1),
        ("DESCRIBE main.events_v1", None, None),
        ("VALUES (1), (2)", ("col0",), 2),
    ],
)
def test_all_forms_of_questions_are(questions: Questions, sql: str, columns: object, rows: int | None) -> None:
    told = questions.ask(sql, 100)
    assert (columns is None or told.columns == columns) and (rows is None or len(told.rows) == rows)


HOSTILE = (
    "DROP TABLE store.events",
    "DELETE FROM store.events",
    "INSERT INTO store.events SELECT * FROM store.events",
    "COPY (SELECT 1) TO '{folder}/out.csv'",
    "COPY store.events TO '{folder}/out.csv'",
    "ATTACH '{folder}/out.db'",
    "INSTALL httpfs",
    "LOAD httpfs",
    "SET enable_external_access = true",
    "PRAGMA database_list",
    "CALL ducklake_expire_snapshots('lake1')",
    "CREATE TABLE x AS SELECT 1",
    "EXPORT DATABASE '{folder}'",
    "SELECT 1; DROP TABLE store.events",
    "SELECT 1; SELECT 2",
    "EXPLAIN ANALYZE SELECT 1",
    "SELECT * FROM read_text('{secret}')",
    "SELECT * FROM '{secret}'",
    "FROM '{secret}'",
    "DESCRIBE '{secret}'",
    "SUMMARIZE '{secret}'",
    'WITH "{secret}" AS (SELECT 1) SELECT * FROM "{secret}"',
    "SELECT (SELECT content FROM read_blob('{secret}'))",
    "SELECT * FROM events_v1 WHERE id IN (SELECT content FROM read_text('{secret}'))",
    "SELECT * FROM glob('{folder}/*')",
    "SELECT * FROM sqlite_scan('{place}/catalog.sqlite', 'ducklake_snapshot')",
    "SELECT * FROM read_blob('{place}/search.sqlite')",
    "SELECT * FROM query('SELECT 1')",
    "SELECT * FROM query_table('store.events')",
    "SELECT * FROM json_execute_serialized_sql(json_serialize_sql('SELECT 1'))",
    "SELECT * FROM ducklake_merge_adjacent_files('lake1')",
    "SELECT * FROM ducklake_cleanup_old_files('lake1', cleanup_all => true)",
    "SELECT * FROM ducklake_expire_snapshots('lake1', older_than => now())",
    "SELECT * FROM checkpoint('lake1')",
    "SELECT * FROM duckdb_settings()",
    "SELECT * FROM duckdb_databases",
    "SELECT * FROM information_schema.tables",
    "SELECT * FROM pg_catalog.pg_class",
    "SELECT * FROM store.corrections",
    "SELECT * FROM enable_logging()",
    "SELECT write_log('x')",
    "SELECT current_setting('temp_directory')",
    "SELECT getenv('HOME')",
    "SELECT $1",
    "SELECT",
    "",
    "\x00",
    "SELECT 1 -- " + "x" * LONGEST,
)


def test_nothing_but_questions_to_the_views_is_answered(questions: Questions, place: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a,b\n1,2\n")
    before = sorted((file, file.stat().st_size) for file in (place / "data").rglob("*"))
    for sql in HOSTILE:
        asked = sql.format(secret=secret, folder=tmp_path, place=place) if "{" in sql else sql
        with pytest.raises(BadAsk):
            pytest.fail(f"{asked[:80]}: {questions.ask(asked, 10)}")
    assert sorted(tmp_path.iterdir()) == [secret]
    assert sorted((file, file.stat().st_size) for file in (place / "data").rglob("*")) == before
    assert questions.ask("SELECT 1", 10).rows == [[1]]


def test_what_is_endless_is_cut_and_what_is_huge_refused(questions: Questions) -> None:
    endless = questions.ask("FROM range(100000000000)", 10**9)
    assert (len(endless.rows), endless.more) == (MOST_ROWS, True)
    for huge in ("SELECT list(range) FROM range(1000000000)", "SELECT repeat('x', 30000000)"):
        with pytest.raises(BadAsk, match=r"memory|larger than"):
            questions.ask(huge, 10)
    assert questions.ask("SELECT 1", 10).rows == [[1]]


@pytest.mark.long
def test_what_takes_too_long_is_ended(questions: Questions) -> None:
    with pytest.raises(BadAsk, match="takes longer than 10 s"):
        questions.ask("SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE hash(a.range + b.range) = 0", 1)
    assert questions.ask("SELECT 1", 10).rows == [[1]]


def test_the_page_shows_the_answer_escaped_with_its_twins(reader) -> None:
    question = {"q": "SELECT '<b>' || 77 AS \"<i>\", '=cmd' AS f"}
    page = reader.get("/sql", params=question)
    assert (
        page.status_code == 200 and "&lt;b&gt;77" in page.text and "<i>" not in page.text and "<b>77" not in page.text
    )
    found = reader.get("/sql.json", params=question).json()
    assert (found["columns"], found["rows"], found["more"]) == (["<i>", "f"], [["<b>77", "=cmd"]], False)
    assert reader.get("/sql.csv", params=question).text == "<i>,f\r\n<b>77,'=cmd\r\n"
    refused = reader.get("/sql", params={"q": "DROP TABLE events_v1"})
    assert refused.status_code == 400 and "only questions" in refused.text
    assert reader.get("/sql").status_code == 200


# --- the past --------------------------------------------------------------------------------------------------------


def test_pages_and_twins_show_the_ledger_as_it_stood(tmp_path: Path) -> None:
    place = demo_ledger(tmp_path / "l")
    with Ledger(place) as ledger:
        before = ledger.snapshot
        one = ledger.events(limit=1)["id"][0].as_py()
        number = ledger.count("events")
        ledger.reject(one, author="ada")
    with client(place, review=True) as opened:
        now, then = (opened.get("/events.json", params=asked).json() for asked in ({}, {"as_of": before}))
        assert (then["count"] - now["count"], then["count"]) == (1, number)
        assert then["records"][0]["id"] == one and f"as_of={before}" in then["next"]
        page = opened.get("/events", params={"as_of": before, "limit": 2}).text
        assert f"in state <b>{before}</b>" in page
        inside = re.findall(r'<a [^>]*href="(/[^"]*)"', page)
        leaving = [url for url in inside if "as_of=" not in url and not url.startswith("/openapi")]
        assert leaving == ["/events?limit=2"]  # "as it is now"
        assert page.count('name="as_of"') == page.count('method="get"')
        report = opened.get(f"/records/{one}", params={"as_of": before}).text
        assert (
            "Reject" not in report
            and "Reject" in opened.get("/events", params={"limit": 1}).text + opened.get("/review").text
        )
        asked = {"q": "SELECT count(*) FROM events_v1", "as_of": before}
        assert opened.get("/sql.json", params=asked).json()["rows"] == [[number]]
        assert opened.get("/events.json", params={"as_of": "1999-01-01"}).status_code == 404
        assert opened.get("/events.json", params={"as_of": "nonsense"}).status_code == 400
        assert opened.get("/events.json", params={"as_of": "2999-01-01"}).json()["count"] == number - 1


def test_links_of_the_past_stay_in_it() -> None:
    made = kept_in_the_past(
        '<a href="/x">1</a><a class="c" href="/y?b=1#e">2</a><a href="#z">3</a><a href="https://a.example/">4</a>'
        '<link rel="stylesheet" href="/static/d/room.css"><form action="/q" method="get">',
        '3"&',
    )
    assert made == (
        '<a href="/x?as_of=3%22%26">1</a><a class="c" href="/y?b=1&amp;as_of=3%22%26#e">2</a><a href="#z">3</a>'
        '<a href="https://a.example/">4</a><link rel="stylesheet" href="/static/d/room.css">'
        '<form action="/q" method="get"><input type="hidden" name="as_of" value="3&#34;&amp;">'
    )
