"""Coding on a cluster with Spark: the same function as on one machine, one Parquet folder for each of the ledger's tables.

Files are cut into parts that the workers read, code and write as one task each; what a task gives counts once, when Spark
takes its result, however often it was tried. Needs the extra ``spark`` and Java 17 or later.
"""

from __future__ import annotations

import os
import sys
import zlib
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

import msgspec

from comity.engines import batch as coding
from comity.reading import _kind, read_input
from comity.reading.errors import ReadError
from comity.reading.filling import Filling
from comity.reading.inputs import STDIN, Input, compression, inputs, kind_by_name, open_raw, peek
from comity.records import LeftOut, Report

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession

SMALLEST_PART = 256 * 1024
LARGEST_PART = 16 * 1024 * 1024
"""Bytes of a file that make one task: a quarter of a minute to ten minutes of coding JSONL."""

FIRST_RECORD = 16 * 1024 * 1024
"""Bytes of an archive within which its first record must end; it says who made the archive, and is small."""

TASKS_A_CORE = 6
"""Parts for each core where the input is small, so that none waits long for the last."""

STAGED = ".part"
"""End of the name of the folder beside OUT where codings lie before they are taken apart into tables."""


class SparkError(Exception):
    """Spark cannot do it; the message says why and what to do."""


class Part(msgspec.Struct, frozen=True):
    """A piece of an input, read by one task. Offsets as in `comity.reading.read_input`."""

    name: str
    """As the user wrote it; begins the `source` of its reports."""
    path: str
    start: int = 0
    stop: int | None = None
    before: int = 0


class Settings(msgspec.Struct, frozen=True):
    """What all tasks are told."""

    published: str | None = None
    outlet: str | None = None
    model: str | None = None
    codebook: str | None = None


class Result(NamedTuple):
    """What a run wrote, counted in reports."""

    coded: int
    left_out: int


# --- parts ---------------------------------------------------------------------------------------------------------


def parts(paths: Iterable[str | Path], cores: int = 1) -> Iterator[Part | LeftOut]:
    """The inputs cut into parts: JSONL at line ends, Parquet between row groups, web archives between records; packed
    files and all others whole.
    """
    names = [str(path) for path in paths]
    if STDIN in names:
        yield LeftOut(source="stdin", reason="it cannot be shared out", cure="write it to a file first")
    found = list(inputs([name for name in names if name != STDIN]))
    files = [one for one in found if isinstance(one, Input) and one.path is not None]
    total = sum(one.path.stat().st_size for one in files if one.path is not None)
    size = min(max(total // (cores * TASKS_A_CORE), SMALLEST_PART), LARGEST_PART)
    for one in found:
        if isinstance(one, ReadError):
            yield one.left_out()
        elif one.path is not None:
            try:
                yield from _cut(one, one.path, size)
            except ReadError as error:
                yield error.left_out()
            except OSError as error:
                yield LeftOut(source=one.name, reason=f"it cannot be read ({error})", cure="check the file")


def _cut(source: Input, path: Path, size: int) -> Iterator[Part]:
    whole = Part(source.name, str(path.absolute()))
    kind = _kind(source)
    length = path.stat().st_size
    with open_raw(source) as stream:
        head = peek(stream)
    if (
        kind == "jsonl"
        and length > size
        and compression(head) is None
        and not head.startswith((b"\xff\xfe", b"\xfe\xff"))
    ):
        yield from _cut_lines(whole, path, size)
    elif kind == "parquet":
        yield from _cut_groups(whole, path, size)
    elif kind == "warc" and length > size and _by_record(path, head):
        for start in range(0, length, size):
            yield msgspec.structs.replace(whole, start=start, stop=min(start + size, length))
    else:
        yield whole


def _cut_lines(whole: Part, path: Path, size: int) -> Iterator[Part]:
    start = at = before = lines = 0
    with path.open("rb") as file:
        for line in file:
            at += len(line)
            lines += 1
            if at - start >= size:
                yield msgspec.structs.replace(whole, start=start, stop=at, before=before)
                start, before = at, lines
    if at > start:
        yield msgspec.structs.replace(whole, start=start, stop=at, before=before)


def _cut_groups(whole: Part, path: Path, size: int) -> Iterator[Part]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        found = pq.read_metadata(path)
    except (OSError, pa.ArrowException):
        yield whole  # its reader says what is wrong
        return
    start = held = 0
    for group in range(found.num_row_groups):
        held += found.row_group(group).total_byte_size
        if held >= size and group + 1 < found.num_row_groups:
            yield msgspec.structs.replace(whole, start=start, stop=group + 1)
            start, held = group + 1, 0
    yield whole if start == 0 else msgspec.structs.replace(whole, start=start, stop=found.num_row_groups)


def _by_record(path: Path, head: bytes) -> bool:
    """True when an archive can be entered in its middle: records stand bare, or each is a gzip member of its own."""
    if head.startswith(b"WARC/"):
        return True
    if compression(head) != "gzip":
        return False
    unpacker = zlib.decompressobj(31)
    with path.open("rb") as file:
        try:
            while not unpacker.eof and file.tell() < FIRST_RECORD and (block := file.read(1 << 16)):
                unpacker.decompress(block, 1 << 20)
                while unpacker.unconsumed_tail:
                    unpacker.decompress(unpacker.unconsumed_tail, 1 << 20)
        except zlib.error:
            return False
        return unpacker.eof and bool(unpacker.unused_data or file.read(1))


# --- what the workers do -------------------------------------------------------------------------------------------


def _read_part(part: Part, settings: Settings) -> Iterator[Report | LeftOut]:
    filling = Filling(published=settings.published, outlet=settings.outlet)
    source = Input(part.name, Path(part.path))
    return read_input(source, filling, start=part.start, stop=part.stop, before=part.before)


def _code_parts(batches: Iterator[pa.RecordBatch], *, settings: Settings) -> Iterator[pa.RecordBatch]:
    """What one task does: read its parts, code them, give rows of `coded_schema`."""
    coder = coding.coder(settings.model, settings.codebook)
    for batch in batches:
        for row in batch.to_pylist():
            if row["left_out"] is not None:
                yield from coding.coded([msgspec.json.decode(row["left_out"], type=LeftOut)])
            else:
                part = msgspec.json.decode(row["part"], type=Part)
                yield from coding.coded(coder.stream(_read_part(part, settings)))


def _code_rows(batches: Iterator[pa.RecordBatch], *, settings: Settings, kind: str) -> Iterator[pa.RecordBatch]:
    """The same for rows that Spark itself has read."""
    coder = coding.coder(settings.model, settings.codebook)
    for batch in batches:
        yield from coding.coded(coder.stream(_read_rows(batch, settings, kind)))


def _read_rows(batch: pa.RecordBatch, settings: Settings, kind: str) -> Iterator[Report | LeftOut]:
    from comity.reading.jsonl import report_from_line
    from comity.reading.rows import report_from_row

    filling = Filling(published=settings.published, outlet=settings.outlet)
    for row in batch.to_pylist():
        place = row.pop("path")
        if kind == "jsonl":
            if row["value"].strip():
                yield report_from_line(row["value"].encode(), place, filling)
        elif kind == "parquet":
            try:
                yield report_from_row(row, place, filling)
            except ReadError as error:
                yield error.left_out()
        else:
            yield from _read_archive(row["content"], place, filling)


def _read_archive(content: bytes, place: str, filling: Filling) -> Iterator[Report | LeftOut]:
    """An archive from memory, by way of a file: its reader goes back and forth in it."""
    import tempfile

    with tempfile.NamedTemporaryFile(suffix=".warc") as file:
        file.write(content)
        file.flush()
        yield from read_input(Input(place, Path(file.name)), filling)


def _table(batches: Iterator[pa.RecordBatch], *, table: str) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        yield from coding.rows_of(table, batch)


# --- what the driver does ------------------------------------------------------------------------------------------


def session(master: str | None = None, **conf: str) -> SparkSession:
    """A Spark session for coding: Python workers are this Python, with one thread of algebra each.

    `master`: any master URL; default: that of the present session or of Spark's own configuration, else all cores of
    this machine. `conf`: Spark's settings, with ``__`` for the dot ("spark__executor__memory"). Raises `SparkError`.
    """
    try:
        import pandas
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise SparkError(f"Spark is not installed ({error}); run: pip install 'comity[spark]'") from None
    if int(pandas.__version__.split(".")[0]) >= 3:
        raise SparkError(f"Spark does not work with pandas {pandas.__version__}; run: pip install 'pandas<3'")
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder: Any = SparkSession.builder.appName("comity")
    if master is not None:
        builder = builder.master(master)
    settings = {
        "spark.executorEnv.OPENBLAS_NUM_THREADS": "1",
        "spark.python.worker.reuse": "true",
        "spark.sql.execution.arrow.maxRecordsPerBatch": str(coding.ROWS_A_BATCH),
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "8",  # only counts are shuffled
    } | {name.replace("__", "."): value for name, value in conf.items()}
    for name, value in settings.items():
        builder = builder.config(name, value)
    try:
        made: SparkSession = builder.getOrCreate()
    except Exception as error:
        why = str(error).strip().splitlines()[0][:300] if str(error).strip() else type(error).__name__
        cure = "install Java 17 or later (Debian: openjdk-17-jre-headless), and check the address of the master"
        raise SparkError(f"Spark cannot start ({why}); {cure}") from error
    return made


def coded_frame(spark: SparkSession, paths: Sequence[str | Path], settings: Settings | None = None) -> DataFrame:
    """A data frame of codings and of what was left out (`comity.engines.batch.coded_schema`), coded when it is used.

    Local paths are cut into parts and read by the workers, who must see them under the same path. Paths with a scheme
    (``hdfs://``, ``s3a://``) of ``.jsonl``, ``.parquet`` or WARC files are read by Spark.
    """
    from pyspark.sql.pandas.types import from_arrow_schema

    settings = settings or Settings()
    schema = from_arrow_schema(coding.coded_schema())
    remote = [str(path) for path in paths if urlsplit(str(path)).scheme and "://" in str(path)]
    local = [path for path in paths if str(path) not in remote]
    frames = [_remote(spark, path).mapInArrow(partial(_code_rows, settings=settings, kind=_remote_kind(path)), schema) for path in remote]  # fmt: skip
    if local:
        rows = []
        for one in parts(local, spark.sparkContext.defaultParallelism):
            line = msgspec.json.encode(one).decode()
            rows.append((line, None) if isinstance(one, Part) else (None, line))
        if rows:
            slices = spark.sparkContext.parallelize(rows, len(rows))
            units = spark.createDataFrame(slices, "part string, left_out string")
            frames.append(units.mapInArrow(partial(_code_parts, settings=settings), schema))
    if not frames:
        raise SparkError("there is nothing to code: name files, folders or addresses")
    whole = frames[0]
    for frame in frames[1:]:
        whole = whole.unionByName(frame)
    return whole


def _remote_kind(path: str) -> str:
    kind = kind_by_name(urlsplit(path).path.rstrip("/*"))
    if kind not in ("jsonl", "parquet", "warc"):
        raise SparkError(f"{path}: from an address JSONL, Parquet and WARC can be read; name such files")
    return kind


def _remote(spark: SparkSession, path: str) -> DataFrame:
    from comity.reading.rows import COLUMNS

    kind = _remote_kind(path)
    if kind == "jsonl":
        return spark.read.text(path).selectExpr("value", "_metadata.file_path AS path")
    if kind == "parquet":
        frame = spark.read.parquet(path)
        names = [name for name in COLUMNS if name in frame.columns]
        return frame.selectExpr(*(f"`{name}`" for name in names), "_metadata.file_path AS path")
    return spark.read.format("binaryFile").load(path).selectExpr("content", "path")


def code(
    paths: Sequence[str | Path],
    out: str | Path,
    *,
    master: str | None = None,
    spark: SparkSession | None = None,
    published: str | None = None,
    outlet: str | None = None,
    model: str | None = None,
    codebook: str | None = None,
) -> Result:
    """Code inputs on a cluster: OUT gets a Parquet folder for each table, parted by month of publication, and one of
    what was left out.

    `out` must not exist yet, and workers must be able to write there. `spark`: a session of one's own; else one is made
    and stopped. Raises `SparkError`.
    """
    own = spark is None
    spark = spark or session(master)
    from pyspark.sql.pandas.types import from_arrow_schema  # behind `session`, which tells where it is not installed

    place = str(out) if "://" in str(out) else str(Path(out).absolute())
    try:
        hadoop = spark._jvm.org.apache.hadoop.fs.Path(place)
        system = hadoop.getFileSystem(spark._jsc.hadoopConfiguration())
        if system.exists(hadoop) or system.exists(spark._jvm.org.apache.hadoop.fs.Path(place + STAGED)):
            raise SparkError(f"{out}: it (or {out}{STAGED}) is there already; name another folder, or remove it")
        staged = place + STAGED
        settings = Settings(published=published, outlet=outlet, model=model, codebook=codebook)
        coded_frame(spark, paths, settings).write.parquet(staged)
        frame = spark.read.parquet(staged)
        for table in coding.OUTPUTS:
            rows = frame.mapInArrow(partial(_table, table=table), from_arrow_schema(coding.output_schema(table)))
            rows.write.partitionBy(coding.MONTH).parquet(f"{place}/{table}")
        counts = {row["kind"]: row["count"] for row in frame.groupBy("kind").count().collect()}
        system.delete(spark._jvm.org.apache.hadoop.fs.Path(staged), True)
        return Result(counts.get("coding", 0), counts.get(coding.LEFT_OUT, 0))
    except SparkError:
        raise
    except Exception as error:
        if type(error).__module__.partition(".")[0] not in ("pyspark", "py4j"):
            raise
        why = next((line for line in str(error).splitlines() if line.strip()), type(error).__name__)[:300]
        raise SparkError(
            f"Spark gave up: {why}; its log says more. Remove {out} and {out}{STAGED} before you start again"
        ) from error
    finally:
        if own:
            spark.stop()
