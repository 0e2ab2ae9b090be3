"""Cells and their typed values: what a value does not give back is found."""

import datetime

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ledger_samples import fresh_ledger
from shared import SHARED, needs_shared

from comity.exchange.columns import Column, by_distinct, columns, text_of, texts, typed, value_of
from comity.exchange.exporting import WRITTEN
from comity.exchange.files import _has_line_of

KINDS = [
    *("text", "texts:; ", "texts:,", "integer", "integer:2", "number", "float", "fixed:4"),
    *("date:%Y%m%d", "date:%Y-%m-%d|%-m/%-d/%Y", "time:%Y%m%d%H%M%S|%Y%m%d"),
]
CELLS = st.one_of(
    st.text(max_size=10),
    st.floats().map(repr),
    st.integers().map(str),
    st.dates().map(lambda day: f"{day:%Y%m%d}"),
    st.dates().map(str),
    st.datetimes().map(lambda time: f"{time:%Y%m%d%H%M%S}"),
    st.sampled_from(["", "NA", "-0", "-0.0", "007", "03", "1e5", ".5", "5.", "+3", "1.2300", "20230230", "٣", "1_000"]),
)


@settings(deadline=None)
@given(kind=st.sampled_from(KINDS), cells=st.lists(CELLS, min_size=1, max_size=20), missing=st.sampled_from(["", "NA"]))
def test_what_a_value_does_not_give_back_is_found(kind, cells, missing):
    read = typed(kind, pa.array(cells), missing)
    back = texts(kind, read.values, missing).to_pylist()
    odd = set(read.spelled.to_pylist()) if read.spelled is not None else set()
    assert [text for n, text in enumerate(back) if n not in odd] == [
        cell for n, cell in enumerate(cells) if n not in odd
    ]
    assert read.unread == sum(read.values[n].as_py() is None for n in odd)
    assert len(odd) <= sum(cell != missing for cell in cells)


@settings(deadline=None)
@given(kind=st.sampled_from(KINDS), cells=st.lists(CELLS, min_size=1, max_size=20))
def test_it_does_not_matter_how_arrow_holds_a_column(kind, cells):
    plain, coded = typed(kind, pa.array(cells), ""), typed(kind, pa.array(cells).dictionary_encode(), "")
    assert coded.values.to_pylist() == plain.values.to_pylist()
    assert coded.unread == plain.unread


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("integer", "42", 42),
        ("integer:2", "03", 3),
        ("number", "-7.25", -7.25),
        ("float", "-7.0", -7.0),
        ("fixed:4", "2019.8082", 2019.8082),
        ("texts:; ", "a; b", ["a", "b"]),
        ("date:%Y%m%d", "20240229", datetime.date(2024, 2, 29)),
        ("time:%Y%m%d%H%M%S", "20240229134500", datetime.datetime(2024, 2, 29, 13, 45)),
    ],
)
def test_a_value_and_its_text(kind, text, value):
    assert value_of(kind, text) == value
    assert text_of(kind, value) == text


@pytest.mark.parametrize(
    ("kind", "text"),
    [("integer", "4.2"), ("integer", "1" * 30), ("number", "1,5"), ("number", "nan"), ("date:%Y%m%d", "20230229")],
)
def test_no_value_is_made_of_what_is_none(kind, text):
    assert value_of(kind, text) is None


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from("ab") | st.none(), st.integers(0, 3)), min_size=1, max_size=30))
def test_each_distinct_row_is_understood_once(rows):
    calls = []

    def understand(letter, number):
        calls.append((letter, number))
        return f"{letter}{number}"

    letters, numbers = zip(*rows)
    made = by_distinct([pa.array(letters, pa.string()), pa.array(numbers)], understand)
    assert made.to_pylist() == [f"{letter}{number}" for letter, number in rows]
    assert sorted(calls, key=str) == sorted(set(rows), key=str)


@pytest.mark.parametrize("format", sorted(WRITTEN))
def test_the_ledger_s_table_has_the_format_s_columns(format, tmp_path):
    from comity.exchange.columns import SQL_TYPES

    if WRITTEN[format].reading is None:
        return
    with fresh_ledger(tmp_path / "l") as ledger:
        described = ledger.query(f"DESCRIBE store.{WRITTEN[format].table}")
    found = dict(zip(described["column_name"].to_pylist(), described["column_type"].to_pylist()))
    assert found == {"rev": "INTEGER", "n": "INTEGER", "line": "INTEGER"} | {
        column.column: SQL_TYPES[column.base] for column in WRITTEN[format].columns
    }


@needs_shared
@pytest.mark.parametrize(
    ("format", "version", "listed"),
    [
        ("gdelt", "", "gdelt_events_v2_61"),
        ("gdelt", "1-daily", "gdelt_events_v1_daily_58"),
        ("gdelt", "history", "gdelt_events_v1_historic_57"),
        ("gdelt-mentions", "", "gdelt_mentions_16"),
        ("icews", "", "icews_20"),
        ("polecat", "", "polecat_40"),
        ("phoenix", "", "phoenix_26"),
    ],
)
def test_names_and_order_are_those_of_the_field(format, version, listed):
    import json

    field = json.loads((SHARED / "field" / "columns.json").read_text())
    key = next(name for name in field if name == listed or name.startswith(listed.rsplit("_", 1)[0]))

    def has(column: Column) -> bool:
        if "extra" in column.only:
            return False
        return version == "" or not column.only or version in column.only

    assert [column.name for column in columns(WRITTEN[format].name) if has(column)] == field[key]


@given(st.lists(st.sampled_from([b"a", b"bb", b"\n"]), max_size=30).map(b"".join), st.integers(1, 12))
def test_long_lines_are_noticed_without_a_list_of_all(data: bytes, length: int) -> None:
    assert _has_line_of(data, length) == (max(map(len, data.split(b"\n"))) >= length)
