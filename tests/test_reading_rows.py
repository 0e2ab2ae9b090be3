"""Rows of JSONL, JSON, CSV and Parquet: columns, numbers, and what is said about bad ones."""

import gzip
import json
from datetime import UTC, date, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from comity.reading import ReadError, read, read_many
from comity.records import DeclaredActor, LeftOut, Report, report_id

TEXT = "The foreign ministers met on Friday.\r\nThey agreed to “resume” talks.\n"
ROW = {
    "id": "r1",
    "url": "https://example.org/r1",
    "outlet": "The Valley Times",
    "published": "Oct 29, 2022 12:38 AM",
    "title": "Ministers meet",
    "text": TEXT,
    "language": "en",
    "original_language": "ru",
    "translated_by": "a person",
    "demo": True,
    "actors": [{"start": 4, "end": 21, "name": "the ministers", "country": "CHN"}],
    "shoe_size": 43,
}
REPORT = Report(
    id="r1",
    url="https://example.org/r1",
    outlet="The Valley Times",
    published="2022-10-29T00:38:00",
    title="Ministers meet",
    text=TEXT,
    language="en",
    original_language="ru",
    translated_by="a person",
    demo=True,
    declared=(DeclaredActor(start=4, end=21, name="the ministers", country="CHN"),),
)


def write_jsonl(path, *rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def lines(found):
    return [item.line() for item in found if isinstance(item, LeftOut)]


def texts(found):
    return [item.text for item in found if isinstance(item, Report)]


def test_a_row_is_read_whole_and_the_same_from_every_form(tmp_path):
    import csv

    import msgspec

    jsonl = write_jsonl(tmp_path / "a.jsonl", ROW)
    array = tmp_path / "a.json"
    array.write_text(json.dumps([ROW]))
    table = tmp_path / "a.csv"
    with table.open("w", newline="") as file:
        writer = csv.DictWriter(file, ROW)
        writer.writeheader()
        writer.writerow(ROW | {"actors": json.dumps(ROW["actors"])})
    parquet = tmp_path / "a.parquet"
    pq.write_table(pa.Table.from_pylist([ROW]), parquet)
    packed = tmp_path / "a.jsonl.gz"
    packed.write_bytes(gzip.compress(jsonl.read_bytes()))
    for path in (jsonl, array, parquet, packed):
        assert read(path) == msgspec.structs.replace(REPORT, source=f"{path}:1")
    assert read(table) == msgspec.structs.replace(REPORT, source=f"{table}:2")


def test_zstandard_and_lz4_are_unpacked(tmp_path):
    data = json.dumps(ROW).encode()
    for suffix, codec in ((".zst", "zstd"), (".lz4", "lz4")):
        path = tmp_path / f"a.jsonl{suffix}"
        with pa.CompressedOutputStream(str(path), codec) as out:
            out.write(data)
        assert read(path).id == "r1"


def test_a_row_without_id_gets_the_hash_of_url_date_and_text(tmp_path):
    report = read(write_jsonl(tmp_path / "a.jsonl", {"text": TEXT, "published": "2022-10-29"}))
    assert report.id == report_id(None, "2022-10-29", TEXT)
    assert (report.title, report.outlet, report.language, report.demo, report.declared) == (None, None, None, False, ())


def test_arguments_fill_what_rows_leave_open(tmp_path):
    path = write_jsonl(tmp_path / "a.jsonl", {"text": TEXT}, {"text": TEXT, "outlet": "The Paper", "published": ""})
    found = list(read_many(path, published="29 October 2022", outlet="The Valley Times"))
    assert [(r.published, r.outlet) for r in found] == [("2022-10-29", "The Valley Times"), ("2022-10-29", "The Paper")]
    with pytest.raises(ValueError, match="no date"):
        read_many(path, published="soon")


def test_a_missing_date_is_taken_from_the_head_of_the_text(tmp_path):
    path = write_jsonl(tmp_path / "a.jsonl", {"text": "Monday 2 May 2005 15.23 BST The envoy left."})
    assert read(path).published == "2005-05-02T15:23:00"


def test_a_number_as_id_and_empty_columns_are_understood(tmp_path):
    report = read(write_jsonl(tmp_path / "a.jsonl", {"id": 17, "text": TEXT, "outlet": "", "actors": None}))
    assert (report.id, report.outlet, report.declared) == ("17", None, ())


def test_a_bad_row_is_left_out_with_its_number_and_the_rest_goes_on(tmp_path):
    path = tmp_path / "a.jsonl"
    bad = [
        "not json",
        '{"id": 1}',
        '{"text": ""}',
        '{"text": "  "}',
        '{"text": 5}',
        "[1]",
        '{"text": "A", "published": 5}',
        '{"text": "A", "outlet": ["x"]}',
        '{"text": "A", "demo": "maybe"}',
        '{"text": "A", "actors": [{"start": 0, "end": 9, "name": "X"}]}',
        '{"text": "A", "actors": [{"start": 0}]}',
        '{"text": "A", "x": ' + "[" * 100_000 + "]" * 100_000 + "}",
    ]
    path.write_text("\n".join(['{"text": "First."}', "", *bad, '{"text": "Last."}']))
    found = list(read_many(path))
    assert texts(found) == ["First.", "Last."]
    assert found[-1].source == f"{path}:{len(bad) + 3}"
    said = [line.removeprefix(str(path)) for line in lines(found)]
    assert [line.split(":")[1] for line in said] == [str(n + 3) for n in range(len(bad))]
    assert said[0].startswith(":3: this is not JSON (")
    assert said[1] == ":4: this row has no 'text'; give the report's text in a column named 'text'"
    assert said[4] == ":7: column 'text' is a number, not a text; give 'text' as a string"
    assert said[6] == ":9: column 'published' is a number, not a text; give 'published' as a string or null"
    assert "is declared at 0-9, the text has 1 characters" in said[9]
    assert all(line.count(";") >= 1 and "\n" not in line for line in said)


def test_a_date_that_cannot_be_understood_is_a_warning_and_the_row_stays(tmp_path):
    warnings = []
    path = write_jsonl(tmp_path / "a.jsonl", {"text": TEXT, "published": "03/04/2022"})
    (report,) = read_many(path, on_warning=warnings.append)
    assert report.published is None
    assert warnings == [
        f"{path}:1: published '03/04/2022' is no date that can be read in one way only; "
        "the report is kept without a date"
    ]


def test_left_out_rows_can_go_elsewhere(tmp_path):
    path = write_jsonl(tmp_path / "a.jsonl", {"text": "One."}, {"id": 2}, {"text": "Three."})
    left = []
    assert texts(read_many(path, on_left_out=left.append)) == ["One.", "Three."]
    assert [item.source for item in left] == [f"{path}:2"]


def test_read_refuses_several_reports(tmp_path):
    path = write_jsonl(tmp_path / "a.jsonl", {"text": "One."}, {"text": "Two."})
    with pytest.raises(ReadError, match=r"a\.jsonl: it holds several reports; use read_many"):
        read(path)


def test_jsonl_in_other_encodings(tmp_path):
    row = json.dumps({"text": "It costs £5 – “so”."}, ensure_ascii=False) + "\n"
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
        path = tmp_path / f"{encoding}.jsonl"
        path.write_bytes((row * 2).encode(encoding))
        assert texts(read_many(path)) == ["It costs £5 – “so”."] * 2


def test_json_files_hold_a_row_an_array_or_lines(tmp_path):
    forms = {
        "row.json": '{\n "text": "One."\n}',
        "array.json": '[{"text": "One."}, {"no": 1}, 3]',
        "lines.json": '{"text": "One."}\n{"text": "Two."}\n',
    }
    found = {}
    for name, content in forms.items():
        (tmp_path / name).write_text(content)
        items = list(read_many(tmp_path / name))
        found[name] = texts(items), len(lines(items))
    assert found == {"row.json": (["One."], 0), "array.json": (["One."], 2), "lines.json": (["One.", "Two."], 0)}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", 'id,Text\n1,"One, and ""two""\nlines"\n2,Three\n'),
        ("a.csv", 'id;text\n1;"One, and ""two""\nlines"\n2;Three\n'),
        ("a.tsv", 'id\ttext\n1\t"One, and ""two""\nlines"\n2\tThree\n'),
    ],
)
def test_csv_takes_its_delimiter_from_the_header(tmp_path, name, content):
    path = tmp_path / name
    path.write_text(content, newline="")
    found = list(read_many(path))
    assert [(r.id, r.text, r.source) for r in found] == [
        ("1", 'One, and "two"\nlines', f"{path}:2"),
        ("2", "Three", f"{path}:4"),
    ]


def test_csv_encodings_are_found_however_late_they_show(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"text\n" + (b"plain " * 2000 + b"\n") * 150 + "it’s £5\n".encode("cp1252"))
    *_, last = read_many(path)
    assert last.text == "it’s £5"
    path.write_bytes("\ufefftext\nnaïve\n".encode())
    assert read(path).text == "naïve"


def test_a_quotation_mark_that_never_closes_is_said(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('id,text\n1,fine\n2,"never closed\n3,lost\n4,lost\n')
    found = list(read_many(path))
    assert texts(found) == ["fine"]
    assert lines(found) == [
        f"{path}:3: a quotation mark opens here and is not closed until line 5; "
        "close it; the rows in between were not read"
    ]


def test_csv_rows_that_are_too_short_have_no_text(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("id,text\n1\n\n2,Two.\n")
    found = list(read_many(path))
    assert texts(found) == ["Two."]
    assert lines(found) == [f"{path}:2: this row has no 'text'; give the report's text in a column named 'text'"]


def test_long_fields_and_nuls_are_kept(tmp_path):
    path = tmp_path / "a.csv"
    long = "word " * 400_000
    path.write_text(f'text\n"{long}"\n"a\0b"\n')
    assert texts(read_many(path)) == [long, "a\0b"]


def test_a_table_without_text_names_its_columns(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("id,body\n1,x\n")
    parquet = tmp_path / "a.parquet"
    pq.write_table(pa.table({"id": [1], "body": ["x"]}), parquet)
    for file in (path, parquet):
        assert lines(read_many(file)) == [
            f"{file}: it has no column 'text' (it has: id, body); name the report's column 'text'"
        ]


def test_parquet_dates_and_batches(tmp_path):
    path = tmp_path / "a.parquet"
    rows = {
        "text": [f"Report {n}." for n in range(1200)],
        "published": [datetime(2022, 10, 29, 0, 38, tzinfo=UTC)] * 1200,
        "junk": [b"x"] * 1200,
    }
    pq.write_table(pa.table(rows), path)
    found = list(read_many(path))
    assert len(found) == 1200
    assert (found[-1].text, found[-1].published, found[-1].source) == (
        "Report 1199.",
        "2022-10-29T00:38:00Z",
        f"{path}:1200",
    )
    pq.write_table(pa.table({"text": ["One."], "published": [date(2022, 10, 29)]}), path)
    assert read(path).published == "2022-10-29"


def test_damage_is_said_and_what_was_whole_is_kept(tmp_path):
    path = tmp_path / "a.jsonl.gz"
    packed = gzip.compress(b"".join(b'{"text": "Report %d."}\n' % n for n in range(20_000)))
    path.write_bytes(packed[: len(packed) // 2])
    found = list(read_many(path))
    assert len(texts(found)) > 5000
    assert len(lines(found)) == 1
    assert "its compression is damaged" in lines(found)[0]
    parquet = tmp_path / "a.parquet"
    parquet.write_bytes(b"PAR1 and no more PAR1")
    assert "this is no Parquet file that can be read" in lines(read_many(parquet))[0]
