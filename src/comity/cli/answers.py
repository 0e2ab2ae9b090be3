"""Answers of the ledger as a table for people, CSV, JSONL or Parquet; to the screen or to a file."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    import pyarrow as pa

FORMS = ("table", "csv", "jsonl", "parquet")

NARROWEST = 9
"""Columns of the screen that a column of an answer needs on average; with less, words stand letter by letter."""

CELL_SHOWN = 200
"""Characters of a cell that a table of an SQL answer shows."""


def options(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--format`` and ``--out``."""
    form = click.option(
        "--format", "form", type=click.Choice(FORMS),
        help="Form of the answer.  [default: table; with --out, what the file's name ends in]",
    )  # fmt: skip
    out = click.option("--out", metavar="FILE", help="Write the answer to this file.")
    return form(out(function))


def chosen(form: str | None, out: str | None) -> str:
    """The form that the options ask for. Raises `click.UsageError` for what does not go together."""
    if form is None:
        ending = Path(out).suffix.removeprefix(".").lower() if out else "table"
        form = {"json": "jsonl", "ndjson": "jsonl"}.get(ending, ending)
        if form not in FORMS:
            raise click.UsageError(f"{out}: say what to write: --format {'|'.join(FORMS[1:])}")
    if form == "table" and out is not None:
        raise click.UsageError("a table is for the screen; for a file: --format csv, jsonl or parquet")
    if form == "parquet" and out is None and sys.stdout.isatty():
        raise click.UsageError("Parquet is no text; name a file: --out FILE")
    return form


def write(table: pa.Table, form: str, out: str | None) -> None:
    """Write an answer as CSV, JSONL or Parquet."""
    with opened(out) as stream:
        if form == "parquet":
            import pyarrow.parquet as pq

            pq.write_table(table, stream, compression="zstd")
        elif form == "csv":
            from comity.exchange import flat

            for part in flat.text(table):
                stream.write(part.encode())
        else:
            import msgspec

            for row in records(table):
                stream.write(msgspec.json.encode(row) + b"\n")


def records(table: pa.Table) -> Iterator[dict[str, Any]]:
    """The rows of an answer in the form of the record."""
    for batch in table.to_batches(max_chunksize=1000):
        for row in batch.to_pylist():
            if isinstance(row.get("size"), dict):
                row["size"] = {key: _count(value) for key, value in row["size"].items() if value is not None}
            yield row


def _count(value: Any) -> Any:
    """A number that travels through Arrow as a list of one."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


@contextmanager
def opened(out: str | None) -> Iterator[IO[bytes]]:
    """A file to write (default: stdout); one that cannot be written whole is not left behind."""
    if out is None:
        sys.stdout.flush()
        yield sys.stdout.buffer
        return
    path = Path(out)
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as stream:
            yield stream
        part.replace(path)
    except OSError as error:
        raise click.ClickException(f"{out}: cannot be written ({error.strerror or error})") from error
    finally:
        part.unlink(missing_ok=True)


def show(table: pa.Table) -> None:
    """Any answer on the screen: as a table, or, where it has more columns than fit, row by row."""
    from comity.cli import output

    names = [output.shown(name) for name in table.column_names]
    cells = [[_cell(value) for value in column.to_pylist()] for column in table.columns]
    if output.console().width < NARROWEST * table.num_columns:
        _by_row(names, cells, table.num_rows)
        return
    made = output.table(
        *((name, {"justify": "right"} if _is_number(field.type) else {}) for name, field in zip(names, table.schema))
    )
    for row in zip(*cells):
        made.add_row(*map(output.plain, row))
    output.say(made)


def _by_row(names: list[str], cells: list[list[str]], rows: int) -> None:
    from rich.table import Table

    from comity.cli import output

    for number in range(rows):
        grid = Table.grid(padding=(0, 2))
        grid.add_column(style="bold", no_wrap=True)
        grid.add_column(overflow="fold")
        for name, column in zip(names, cells):
            if column[number]:
                grid.add_row(name, output.plain(column[number]))
        output.say(f"row {number + 1:,}", style="dim")
        output.say(grid)
        output.say()


def _cell(value: Any) -> str:
    """A value for people: numbers to six digits, what is nested as JSON."""
    import msgspec

    from comity.cli import output

    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.6g}"
    words = msgspec.json.encode(value).decode() if isinstance(value, (dict, list)) else str(value)
    return output.cut(output.shown(words), CELL_SHOWN)


def _is_number(type: pa.DataType) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_integer(type) or pa.types.is_floating(type) or pa.types.is_decimal(type))
