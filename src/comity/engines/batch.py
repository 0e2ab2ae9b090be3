"""Coding as a function from Arrow batches to Arrow batches: what an engine for many machines runs on each of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec

from comity.records import (
    TABLES,
    Coding,
    LeftOut,
    Report,
    coding_from_json,
    content_hash,
    table_schema,
    to_json,
    to_tables,
)

if TYPE_CHECKING:
    import pyarrow as pa

    from comity.coder import Coder

MONTH = "published_month"
"""The column by which the tables are parted: the month of publication (2022-10), or `UNDATED`."""

CODING = "coding_id"
"""The column that tells which rows belong to one coding: a hash of the coding. Two inputs may have one report id."""

UNDATED = "undated"

LEFT_OUT = "left_out"
"""The table of what was not coded, beside the ledger's."""

ROWS_A_BATCH = 64
"""Codings that are handed on at once: about 2 MB."""


@cache
def coder(model: str | None = None, codebook: str | None = None) -> Coder:
    """The coder of this process, loaded once."""
    import gc
    import os

    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from comity.coder import Coder

    made = Coder(model, codebook)
    gc.collect()
    gc.freeze()  # tables and model stay: the collector need not look through them again and again
    return made


@cache
def coded_schema() -> pa.Schema:
    """Of `coded` and `code_batch`: the month, whether it is a ``coding`` or ``left_out``, and the record as JSON."""
    import pyarrow as pa

    return pa.schema([pa.field(MONTH, pa.string()), pa.field("kind", pa.string()), pa.field("record", pa.binary())])


def month(published: str | None) -> str:
    """
    >>> month("2022-10-29T08:00Z"), month("2022"), month(None)
    ('2022-10', 'undated', 'undated')
    """
    return published[:7] if published is not None and len(published) >= 7 else UNDATED


def coded(made: Iterable[Coding | LeftOut]) -> Iterator[pa.RecordBatch]:
    """Codings and what was left out as Arrow batches of `coded_schema`, in order, one row each."""
    import pyarrow as pa

    def batch(rows: list[tuple[str, str, bytes]]) -> pa.RecordBatch:
        return pa.RecordBatch.from_arrays([pa.array(column) for column in zip(*rows)], schema=coded_schema())

    rows: list[tuple[str, str, bytes]] = []
    for item in made:
        if isinstance(item, Coding):
            rows.append((month(item.report.published), "coding", to_json(item)))
        else:
            rows.append((UNDATED, LEFT_OUT, to_json(item)))
        if len(rows) == ROWS_A_BATCH:
            yield batch(rows)
            rows = []
    if rows:
        yield batch(rows)


def code_batch(reports: pa.RecordBatch, *, model: str | None = None, codebook: str | None = None) -> pa.RecordBatch:
    """Code the reports of a batch (its columns are fields of `Report`; ``id`` and ``text`` must be there, others may
    be). Rows come out in the order in which they went in, as `coded_schema` has it. Raises what `Coder` raises.
    """
    import pyarrow as pa

    read = msgspec.convert(reports.to_pylist(), list[Report])
    batches = list(coded(coder(model, codebook).stream(read)))
    whole = pa.Table.from_batches(batches, coded_schema()).combine_chunks().to_batches()
    return whole[0] if whole else pa.RecordBatch.from_pylist([], coded_schema())


def output_schema(table: str) -> pa.Schema:
    """The columns of one of the tables that an engine writes: `comity.records.table_schema`, with coding and month."""
    import pyarrow as pa

    if table == LEFT_OUT:
        schema = pa.schema([pa.field(field, pa.string()) for field in LeftOut.__struct_fields__])
    else:
        schema = pa.schema([*table_schema(table), pa.field(CODING, pa.string())])
    return pa.schema([*schema, pa.field(MONTH, pa.string())])


def rows_of(table: str, batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """The rows that a batch of `coded_schema` has for one of the tables."""
    import pyarrow as pa

    schema = output_schema(table)
    kind = LEFT_OUT if table == LEFT_OUT else "coding"
    records: dict[str, list[bytes]] = {}
    for row in batch.to_pylist():
        if row["kind"] == kind:
            records.setdefault(row[MONTH], []).append(row["record"])
    for when, lines in records.items():
        if table == LEFT_OUT:
            left_out: list[dict[str, Any]] = [msgspec.json.decode(line) for line in lines]
            made = pa.Table.from_pylist(left_out, schema=pa.schema(list(schema)[:-1]))
        else:
            codings = [coding_from_json(line) for line in lines]
            counts = [1 if table == "reports" else len(getattr(one, table)) for one in codings]
            names = [content_hash(line.hex()) for line in lines]
            made = to_tables(codings)[table].append_column(
                CODING, pa.array([n for n, k in zip(names, counts) for _ in range(k)], pa.string())
            )
        if made.num_rows:
            whole = made.append_column(MONTH, pa.repeat(pa.scalar(when), made.num_rows)).cast(schema)
            yield from whole.combine_chunks().to_batches()


OUTPUTS = (*TABLES, LEFT_OUT)
"""The tables that an engine writes, one folder each."""
