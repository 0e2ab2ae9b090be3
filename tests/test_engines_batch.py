"""What a task on a cluster does, done here: parts and rows in, records out, and the tables back into codings."""

import json
import shutil
import sys

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from cli_running import demo_codings
from reading_samples import http, members, page, warc_record

from comity.demo import reports_path
from comity.engines.batch import CODING, LEFT_OUT, MONTH, OUTPUTS, UNDATED, code_batch, coded, rows_of
from comity.engines.spark import Part, Settings, SparkError, _code_parts, _code_rows, _remote_kind, _table, code, parts
from comity.engines.tables import TablesError, is_tables, read_tables
from comity.reading import read_many
from comity.records import Coding, LeftOut, to_json

NOTHING = LeftOut(source="a.txt", reason="it is empty", cure="leave it out")
LINES = reports_path().read_text("utf-8").splitlines()[:4]
BAD = '{"text": ""}'


def records(batches):
    """What rows of `coded_schema` hold."""
    kinds = {"coding": Coding, LEFT_OUT: LeftOut}
    return [
        msgspec.json.decode(row["record"], type=kinds[row["kind"]]) for batch in batches for row in batch.to_pylist()
    ]


def bare(made):
    """Without the place where a report was read."""
    return [
        one
        if isinstance(one, LeftOut)
        else msgspec.structs.replace(one, report=msgspec.structs.replace(one.report, source=None))
        for one in made
    ]


# --- parts and rows --------------------------------------------------------------------------------------------------


def test_a_task_codes_its_parts_and_hands_on_what_was_left_out(tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join([*LINES[:2], BAD, *LINES[2:]]) + "\n", "utf-8")
    cut = len(LINES[0].encode()) + len(LINES[1].encode()) + 2
    pieces = [
        Part(str(path), str(path), 0, cut, 0),
        Part(str(path), str(path), cut, path.stat().st_size, 2),
    ]
    rows = [{"part": msgspec.json.encode(piece).decode(), "left_out": None} for piece in pieces]
    rows.insert(1, {"part": None, "left_out": msgspec.json.encode(NOTHING).decode()})
    made = records(_code_parts(iter([pa.RecordBatch.from_pylist(rows)]), settings=Settings()))
    bad = [one for one in read_many(path) if isinstance(one, LeftOut)]
    assert bare(made) == bare([*demo_codings()[:2], NOTHING, *bad, *demo_codings()[2:4]])
    assert [one.report.source.rpartition(":")[2] for one in made if isinstance(one, Coding)] == ["1", "2", "4", "5"]


def test_what_is_left_out_of_the_inputs_goes_on_to_the_tasks(tmp_path):
    made = list(parts([tmp_path / "none.jsonl", "-"]))
    assert [(one.source, one.cure) for one in made if one.source == "stdin"] == [("stdin", "write it to a file first")]


def test_bare_archives_and_others_are_cut_where_they_can_be(tmp_path, monkeypatch):
    monkeypatch.setattr("comity.engines.spark.SMALLEST_PART", 1000)
    monkeypatch.setattr("comity.engines.spark.LARGEST_PART", 1000)
    one = warc_record(block=http(page()))
    for name, data, cut in (
        ("bare.warc", one * 3, True),
        ("members.warc.gz", members(*[one] * 30), True),
        ("broken.warc.gz", members(one)[:20] + b"\0" * 5000, False),
        ("rows.parquet", b"no parquet" * 500, False),
        ("packed.jsonl.gz", members(b"\n".join(line.encode() for line in LINES)), False),
    ):
        (tmp_path / name).write_bytes(data)
        pieces = list(parts([tmp_path / name]))
        assert (len(pieces) > 1) is cut, name
        assert not cut or [piece.start for piece in pieces[1:]] == [piece.stop for piece in pieces[:-1]]


def test_rows_that_spark_has_read_are_coded_as_files_are(tmp_path):
    settings = Settings(published="2022-10-29", outlet="The Valley Times")
    lines = pa.RecordBatch.from_pylist([{"value": one, "path": "s3://b/a.jsonl"} for one in (*LINES[:2], " ", BAD)])
    made = records(_code_rows(iter([lines]), settings=settings, kind="jsonl"))
    assert bare(made[:2]) == bare(demo_codings()[:2])
    assert [(type(one), one.source) for one in made[2:]] == [(LeftOut, "s3://b/a.jsonl")]

    fields = ("id", "text", "published", "title", "outlet", "demo")
    rows = [{name: json.loads(line).get(name) for name in fields} | {"path": "s3://b/b.parquet"} for line in LINES[:2]]
    rows.append({"id": "x", "text": None, "path": "s3://b/b.parquet"})
    made = records(_code_rows(iter([pa.RecordBatch.from_pylist(rows)]), settings=settings, kind="parquet"))
    assert [one.events for one in made[:2]] == [one.events for one in demo_codings()[:2]]
    assert [(type(one), one.source) for one in made[2:]] == [(LeftOut, "s3://b/b.parquet")]

    archive = tmp_path / "pages.warc.gz"
    archive.write_bytes(members(warc_record(block=http(page()))))
    content = pa.RecordBatch.from_pylist([{"content": archive.read_bytes(), "path": "s3://b/pages.warc.gz"}])
    (one,) = records(_code_rows(iter([content]), settings=Settings(), kind="warc"))
    (there,) = read_many(archive)
    assert one.report.text == there.text
    assert one.report.source == there.source.replace(str(archive), "s3://b/pages.warc.gz")


@pytest.mark.parametrize("address", ["s3a://bucket/report.txt", "hdfs://host/folder/", "s3a://bucket/a.html"])
def test_other_kinds_of_files_are_not_read_from_an_address(address):
    with pytest.raises(SparkError, match="JSONL, Parquet and WARC can be read"):
        _remote_kind(address)


def test_a_batch_of_nothing_gives_a_batch_of_nothing():
    empty = pa.RecordBatch.from_pylist([], pa.schema([("id", pa.string()), ("text", pa.string())]))
    assert code_batch(empty).num_rows == 0


def test_spark_that_is_not_there_is_told(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(SparkError, match=r"Spark is not installed .*pip install 'comity\[spark\]'"):
        code([reports_path()], tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


# --- tables and back -------------------------------------------------------------------------------------------------

MADE = [*demo_codings()[:3], NOTHING, *demo_codings()[3:8]]


def written(folder, made, tasks=2):
    """The tables as an engine writes them: a folder for each, parted by month, one file a task."""
    for number in range(tasks):
        for batch in coded(made[number::tasks]):
            for table in OUTPUTS:
                (folder / table).mkdir(parents=True, exist_ok=True)
                (folder / table / "_SUCCESS").touch()
                for rows in _table(iter([batch]), table=table):
                    month = rows[MONTH][0].as_py()
                    place = folder / table / f"{MONTH}={month}" / f"part-{number:05}-x.snappy.parquet"
                    place.parent.mkdir(exist_ok=True)
                    pq.write_table(pa.Table.from_batches([rows]).drop_columns([MONTH]), place)
    return folder


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return written(tmp_path_factory.mktemp("tables") / "out", MADE)


@pytest.fixture
def tables(whole, tmp_path):
    return shutil.copytree(whole, tmp_path / "out")


def counted(made):
    return sorted(to_json(one) for one in made)


def test_codings_come_back_from_the_tables(tables):
    assert is_tables(tables)
    assert counted(read_tables(tables)) == counted(MADE)


def test_tables_whose_files_are_numbered_otherwise_come_back_all_the_same(tables):
    for path in (tables / "events").rglob("*.parquet"):
        path.rename(path.with_name(path.name.replace("part-0", "part-7")))
    assert counted(read_tables(tables)) == counted(MADE)


def test_a_report_without_a_day_stands_apart():
    undated = msgspec.structs.replace(
        demo_codings()[0], report=msgspec.structs.replace(demo_codings()[0].report, published=None)
    )
    (batch,) = coded([undated, NOTHING])
    assert batch[MONTH].to_pylist() == [UNDATED, UNDATED]
    (rows,) = rows_of("reports", batch)
    assert rows[CODING].null_count == 0


def test_tables_that_are_not_whole_are_refused(tables):
    (tables / "events" / "_SUCCESS").unlink()
    with pytest.raises(TablesError, match=r"events: is not there or not whole .*run the engine again"):
        list(read_tables(tables))


def test_a_damaged_file_is_told(tables):
    path = next((tables / "events").rglob("*.parquet"))
    path.write_bytes(b"no parquet")
    with pytest.raises(TablesError, match=r"cannot be read .*run the engine again"):
        list(read_tables(tables))


def test_records_without_their_report_are_told(tables):
    path = next((tables / "events").rglob("*.parquet"))
    rows = pq.ParquetFile(path).read()
    at = rows.schema.get_field_index(CODING)
    pq.write_table(rows.set_column(at, CODING, pa.array(["another"] * rows.num_rows)), path)
    with pytest.raises(TablesError, match="records of codings that are not there"):
        list(read_tables(tables))


def test_many_codings_of_a_file_come_back_in_pieces(tmp_path, monkeypatch):
    monkeypatch.setattr("comity.engines.tables.REPORTS_AT_ONCE", 2)
    assert counted(read_tables(written(tmp_path / "out", MADE, tasks=1))) == counted(MADE)


def test_a_folder_of_other_things_is_no_tables(tmp_path, tables):
    assert not is_tables(tmp_path)
    shutil.rmtree(tables / "events")
    assert not is_tables(tables)
