"""How far a long run has come, on stderr: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import click

EVERY = 10.0
"""Seconds between two lines where stderr is no terminal."""

Tick = Callable[[int], None]


@contextmanager
def progress(what: str, total: int | None) -> Iterator[Tick]:
    """Call the result with the number of things done so far; `total` is None when it is not known."""
    if sys.stderr.isatty():
        with _bar(what, total) as tick:
            yield tick
    else:
        yield _lines(what, total)


@contextmanager
def _bar(what: str, total: int | None) -> Iterator[Tick]:
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    from comity.cli.output import console

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            speed = task.finished_speed or task.speed
            return Text(f"{speed:,.0f}/s" if speed else "", style="dim")

    counted = [MofNCompleteColumn(), Rate()]
    end = [TimeRemainingColumn(), TextColumn("left")] if total else [TimeElapsedColumn()]
    columns = [*([BarColumn()] if total else []), *counted, *end]
    with Progress(TextColumn(what), *columns, console=console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done: bar.update(task, completed=done)


def _lines(what: str, total: int | None) -> Tick:
    first: tuple[float, int] | None = None  # when the first things were done: loading the model is no part of the rate
    last = 0.0

    def tick(done: int) -> None:
        nonlocal first, last
        now = monotonic()
        if first is None:
            first, last = (now, done), now
        if now - last < EVERY:
            return
        last = now
        rate = (done - first[1]) / (now - first[0])
        of = f" of {total:,}" if total else ""
        left = f", {_span((total - done) / rate)} left" if total and rate and total > done else ""
        click.echo(f"{what}: {done:,}{of}, {rate:,.1f}/s{left}", err=True)

    return tick


def _span(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s" if minutes else f"{rest} s"


def expected(paths: Iterable[str | Path]) -> int | None:
    """How many reports these inputs will give, as far as that can be known before they are read; None if not."""
    from comity.reading.inputs import Input, inputs, kind_by_name

    total = 0
    for one in paths:
        if str(one) == "-":
            return None
        for found in inputs(one):
            if not isinstance(found, Input) or found.path is None:
                total += 1  # it will be left out, and that is counted too
                continue
            kind = kind_by_name(found.name)
            number = _COUNTS[kind](found.path) if kind in _COUNTS else None
            if number is None:
                return None
            total += number
    return total


def _one(path: Path) -> int | None:
    return 1


def _lines_of(path: Path) -> int | None:
    if path.suffix not in (".jsonl", ".ndjson"):
        return None  # packed
    with path.open("rb") as file:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b""))


def _rows_of(path: Path) -> int | None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return pq.read_metadata(path).num_rows
    except (OSError, pa.ArrowException):
        return None


_COUNTS: dict[str | None, Callable[[Path], int | None]] = {
    "text": _one, "html": _one, "jsonl": _lines_of, "parquet": _rows_of,
}  # fmt: skip
