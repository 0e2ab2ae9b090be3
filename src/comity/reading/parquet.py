"""Parquet, read in batches: only the columns of a row, and no more than a batch in memory."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

from comity.reading.errors import ReadError
from comity.reading.filling import Filling
from comity.reading.inputs import MAX_DOCUMENT_BYTES, Input, open_raw, read_bounded
from comity.reading.rows import COLUMNS, report_from_row
from comity.records import LeftOut, Report

ROWS_A_BATCH = 500
"""A few MB of news. Larger batches are not faster: making the reports costs more than reading them."""


def read(source: Input, filling: Filling, *, start: int = 0, stop: int | None = None) -> Iterator[Report | LeftOut]:
    """The reports of a Parquet file, in order. Dates and timestamps are taken as `published` too.

    `start`, `stop`: only the row groups of these numbers.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    with ExitStack() as stack:
        stream: Any = stack.enter_context(open_raw(source))
        if source.path is None:
            stream = io.BytesIO(read_bounded(source, stream, MAX_DOCUMENT_BYTES))
        try:
            file = pq.ParquetFile(stream)
            names = [name for name in COLUMNS if name in file.schema_arrow.names]
            if "text" not in names:
                listed = ", ".join(file.schema_arrow.names)[:200]
                raise ReadError(
                    source.name, f"it has no column 'text' (it has: {listed})", "name the report's column 'text'"
                )
            if file.metadata.num_rows == 0:
                raise ReadError(source.name, "it has no rows", "leave it out, or give rows")
            groups = range(start, file.num_row_groups if stop is None else min(stop, file.num_row_groups))
            number = sum(file.metadata.row_group(group).num_rows for group in range(start))
            told = file.metadata.num_rows  # which need not be the sum of its groups
            if stop is not None:
                told = number + sum(file.metadata.row_group(group).num_rows for group in groups)
            for batch in file.iter_batches(ROWS_A_BATCH, row_groups=list(groups), columns=names):
                for row in batch.to_pylist():
                    number += 1
                    place = f"{source.name}:{number}"
                    try:
                        yield report_from_row(row, place, filling)
                    except ReadError as error:
                        yield error.left_out()
            if number < told:  # a damaged column ends without complaint
                why = f"it should have {told:,} rows up to here, and {number:,} can be read"
                raise ReadError(source.name, why, "write it again")
        except (pa.ArrowException, OSError, ValueError) as error:
            why = str(error).splitlines()[0][:150]
            raise ReadError(
                source.name, f"this is no Parquet file that can be read ({why})", "write it again"
            ) from None
