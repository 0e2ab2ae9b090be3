"""Back from the tables that an engine wrote (one Parquet folder each) to codings, for a ledger to take in."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from comity.engines.batch import CODING, LEFT_OUT, MONTH
from comity.records import TABLES, Coding, LeftOut, from_rows

REPORTS_AT_ONCE = 256
"""Codings that are built together: a few MB of rows."""

_PART = re.compile(r"part-(\d+)-")
_OWN = ("codebook", "coder", "warnings")
"""Columns of the reports' table that belong to the coding."""


class TablesError(Exception):
    """A folder of tables cannot be read; the message says what is missing."""


def is_tables(folder: Path) -> bool:
    """True for a folder that an engine has written, whole or not."""
    return (folder / "reports").is_dir() and (folder / "events").is_dir() and not (folder / "catalog.sqlite").exists()


def read_tables(folder: Path) -> Iterator[Coding | LeftOut]:
    """The codings of the tables in a folder, month by month, and what was left out. Raises `TablesError`."""
    for table in (*TABLES, LEFT_OUT):
        if not (folder / table / "_SUCCESS").is_file():
            raise TablesError(f"{folder / table}: is not there or not whole (no _SUCCESS in it); run the engine again")
    files = {table: _files(folder / table) for table in (*TABLES, LEFT_OUT)}
    for paths in files[LEFT_OUT].values():
        for path in paths:
            for row in _rows(path):
                yield LeftOut(**row)
    months: dict[str, list[str]] = defaultdict(list)
    for month, part in sorted(files["reports"]):
        months[month].append(part)
    for month, numbers in months.items():
        # the tables are written by the same tasks, so that rows of a report stand in files of the same number
        together = all(
            part in numbers for table in TABLES if table != "reports" for when, part in files[table] if when == month
        )
        for group in [[number] for number in numbers] if together else [numbers]:
            yield from _codings({
                table: [path for part in (group if together else _numbers(files[table], month)) for path in files[table].get((month, part), ())]
                for table in TABLES
            })  # fmt: skip


def _numbers(files: dict[tuple[str, str], list[Path]], month: str) -> list[str]:
    return sorted(part for when, part in files if when == month)


def _files(folder: Path) -> dict[tuple[str, str], list[Path]]:
    """The files of a table by month and number."""
    found: dict[tuple[str, str], list[Path]] = defaultdict(list)
    for path in sorted(folder.rglob("*.parquet")):
        name = _PART.search(path.name)
        found[path.parent.name.removeprefix(f"{MONTH}="), name[1] if name else path.name].append(path)
    return found


def _rows(path: Path) -> list[dict[str, Any]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        rows: list[dict[str, Any]] = pq.ParquetFile(path).read().to_pylist()
    except (OSError, pa.ArrowException) as error:
        raise TablesError(f"{path}: cannot be read ({error}); run the engine again") from error
    return rows


def _codings(files: dict[str, list[Path]]) -> Iterator[Coding]:
    inner: dict[str, dict[str, dict[int, dict[str, Any]]]] = {}
    for table in TABLES:
        if table != "reports":
            by_coding: dict[str, dict[int, dict[str, Any]]] = defaultdict(dict)
            for path in files[table]:
                for row in _rows(path):
                    del row["report_id"]
                    by_coding[row.pop(CODING)][row.pop("n")] = row
            inner[table] = by_coding
    rows: list[dict[str, Any]] = []
    met: set[str] = set()
    for path in files["reports"]:
        for row in _rows(path):
            made: dict[str, Any] = {name: row.pop(name) for name in _OWN}
            name = row.pop(CODING)
            met.add(name)
            made["report"] = row
            for table, by_coding in inner.items():
                made[table] = [one for _, one in sorted(by_coding.get(name, {}).items())]
            rows.append(made)
            if len(rows) == REPORTS_AT_ONCE:
                yield from from_rows(rows)
                rows = []
    yield from from_rows(rows)
    strays = sorted({name for by_coding in inner.values() for name in by_coding} - met)
    if strays:
        raise TablesError(
            f"{files['reports'][0].parent}: records of codings that are not there ({strays[0]}); run the engine again"
        )
