"""Spark: the records of one process, each once, whatever happens to the workers; the ledger takes them in."""

import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter

import pytest
from cli_running import comity, demo_codings
from shared import SHARED, needs_shared
from spark_cluster import cluster, environment, needs_spark

from comity.demo import reports_path
from comity.engines.batch import OUTPUTS
from comity.engines.local import stream
from comity.engines.spark import Part, parts
from comity.engines.tables import read_tables
from comity.reading import read_many
from comity.reading.filling import Filling
from comity.reading.inputs import Input
from comity.records import Coding, LeftOut, to_json

BAD = ['{"text": ""}', "no json", '{"text": "Les ministres se sont rencontrés lundi à Paris pour parler de la paix."}']


def spark(*words, timeout=300):
    return subprocess.run(  # noqa: S603
        [sys.executable, "-m", "comity", "spark", *map(str, words)],
        env=environment(), capture_output=True, text=True, timeout=timeout, check=False,
    )  # fmt: skip


def both(made):
    """Codings and left-out inputs as bytes, counted."""
    return Counter(to_json(item) for item in made)


@needs_spark
def test_a_cluster_gives_the_records_of_one_process_and_the_ledger_takes_them_in(tmp_path):
    rows = reports_path().read_text("utf-8").splitlines()[:10]
    source = tmp_path / "rows.jsonl"
    source.write_text("\n".join([*rows[:6], *BAD, *rows[6:]]) + "\n", "utf-8")
    out = tmp_path / "out"
    with cluster(tmp_path) as running:
        done = spark("--master", running.url, source, out, "--json")
        again = spark("--master", "local[1]", source, out)
    assert done.returncode == 1, done.stderr
    assert json.loads(done.stdout) == {"out": str(out), "coded": 10, "left_out": 3}
    assert (again.returncode, "is there already" in again.stderr) == (2, True), again.stderr
    assert both(read_tables(out)) == both(stream(read_many(source), workers=1))
    assert sorted(path.name for path in out.iterdir()) == sorted(OUTPUTS)
    words = ("add", out, "--ledger", tmp_path / "l", "--json")
    first, second = comity(*words), comity(*words)
    assert (first.code, first.json["added"], len(first.json["left_out"])) == (1, 10, 3), first.err
    assert (second.json["added"], second.json["known"]) == (0, 10), second.err


def read_cut(path, cores):
    from comity.reading import read_input

    made, cut = [], list(parts([path], cores))
    for one in cut:
        assert isinstance(one, Part)
        source = Input(one.name, path)
        made.extend(read_input(source, Filling(), start=one.start, stop=one.stop, before=one.before))
    return cut, made


def test_jsonl_is_cut_at_line_ends_and_lines_keep_their_numbers(tmp_path, monkeypatch):
    monkeypatch.setattr("comity.engines.spark.SMALLEST_PART", 5000)
    path = tmp_path / "rows.jsonl"
    path.write_text("\n\n" + reports_path().read_text("utf-8") + "\n".join(BAD), "utf-8")
    cut, made = read_cut(path, 1)
    assert len(cut) > 3
    assert made == list(read_many(path))


def test_parquet_is_cut_between_row_groups(tmp_path, monkeypatch):
    import pyarrow as pa
    import pyarrow.parquet as pq

    monkeypatch.setattr("comity.engines.spark.SMALLEST_PART", 5000)
    rows = [json.loads(line) for line in reports_path().read_text("utf-8").splitlines()]
    path = tmp_path / "rows.parquet"
    pq.write_table(pa.Table.from_pylist([{"id": r["id"], "text": r["text"]} for r in rows]), path, row_group_size=5)
    cut, made = read_cut(path, 1)
    assert len(cut) > 1
    assert made == list(read_many(path))


@needs_shared
def test_web_archives_are_cut_between_records(monkeypatch):
    from comity.reading.warc import captures

    path = SHARED / "news" / "warc" / "real_pages_dev.warc.gz"
    cut = list(parts([path], 2))
    assert len(cut) > 4
    pieces = [one for part in cut for one in captures(Input("a", path), start=part.start, stop=part.stop)]
    assert [one.offset for one in pieces] == [one.offset for one in captures(Input("a", path))]


@needs_shared
def test_an_archive_in_one_gzip_member_is_one_part():
    path = SHARED / "news" / "warc" / "one_gzip_member.warc.gz"
    assert list(parts([path], 100)) == [Part(str(path), str(path))]


def test_what_cannot_be_found_and_stdin_are_left_out(tmp_path):
    made = list(parts([tmp_path / "none.jsonl", "-"]))
    assert [isinstance(one, LeftOut) for one in made] == [True, True]


def test_arrow_batches_of_reports_are_coded_in_order():
    import msgspec
    import pyarrow as pa

    from comity.engines.batch import code_batch

    reports = list(read_many(reports_path()))[:3]
    fields = ("id", "text", "published", "source", "demo", "title", "outlet", "url", "language")
    batch = pa.RecordBatch.from_pylist([{name: getattr(one, name) for name in fields} for one in reports])
    made = code_batch(batch)
    assert [msgspec.json.decode(line, type=Coding) for line in made["record"].to_pylist()] == list(demo_codings()[:3])


@needs_spark
@pytest.mark.long
def test_addresses_are_read_by_spark_itself(tmp_path):
    import msgspec
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = [json.loads(line) for line in reports_path().read_text("utf-8").splitlines()[:6]]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, rows[:3])), "utf-8")
    fields = ("id", "text", "published", "title", "outlet", "demo")
    pq.write_table(
        pa.Table.from_pylist([{name: row.get(name) for name in fields} for row in rows[3:]]), tmp_path / "b.parquet"
    )
    out = tmp_path / "out"
    done = spark("--master", "local[1]", (tmp_path / "a.jsonl").as_uri(), (tmp_path / "b.parquet").as_uri(), out)
    assert done.returncode == 0, done.stderr

    def bare(made):
        return both(
            msgspec.structs.replace(one, report=msgspec.structs.replace(one.report, source=None)) for one in made
        )

    assert bare(read_tables(out)) == bare(stream(read_many([tmp_path / "a.jsonl", tmp_path / "b.parquet"]), workers=1))


def kill_when_coding(running, out, killed):
    """Take a worker away when the first results of the coding are there, or after a while of it."""
    staged = out.with_name(out.name + ".part")
    deadline = time.monotonic() + 600
    while time.monotonic() < deadline and not list(staged.rglob("part-*.parquet")):
        time.sleep(0.2)
    running.kill_worker()
    killed.append(time.monotonic())


@needs_spark
@needs_shared
@pytest.mark.long
def test_a_lost_worker_changes_nothing_over_the_whole_news(tmp_path):
    number = int(os.environ.get("COMITY_TEST_REPORTS", "5456"))
    lines = (SHARED / "news" / "articles.jsonl").read_bytes().splitlines(keepends=True)[:number]
    source, out = tmp_path / "news.jsonl", tmp_path / "out"
    source.write_bytes(b"".join(lines))
    killed = []
    with cluster(tmp_path) as running:
        thread = threading.Thread(target=kill_when_coding, args=(running, out, killed), daemon=True)
        thread.start()
        started = time.monotonic()
        done = spark("--master", running.url, source, out, "--json", timeout=3000)
        spark_took = time.monotonic() - started
    assert done.returncode in (0, 1), done.stderr
    assert killed
    started = time.monotonic()
    wanted = both(stream(read_many(source), workers=2))
    print(f"spark with a lost worker {spark_took:.0f} s, two local workers {time.monotonic() - started:.0f} s")  # noqa: T201
    assert both(read_tables(out)) == wanted
    assert sum(wanted.values()) == number
