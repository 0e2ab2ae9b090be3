"""Tab-separated tables: read whole, each row with its file and line, all faults collected before anything is used."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

import msgspec


class Place(Protocol):
    """A folder: `pathlib.Path` or a folder of package resources."""

    def joinpath(self, *names: str) -> Place: ...
    def is_file(self) -> bool: ...
    def read_text(self, encoding: str) -> str: ...


class CodebookError(Exception):
    """A codebook cannot be used. `faults` are lines such as ``types.tsv:7: unknown quad '5'; use 1, 2, 3 or 4``."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("the codebook cannot be used:\n  " + "\n  ".join(self.faults))


class Row(msgspec.Struct, frozen=True):
    """One line of a table: its cells by column name, and where it stands."""

    cells: dict[str, str]
    where: str
    """File and line, ``types.tsv:7``."""

    def __getitem__(self, column: str) -> str:
        return self.cells[column]


def read_table(folder: Place, name: str, columns: Sequence[str], faults: list[str]) -> list[Row]:
    """The rows of ``folder/name``; an absent file has none. What is wrong is added to `faults`, row by row.

    The first line names the columns: all of `columns`, in any order, and no others. ``#`` begins a comment line.
    """
    path = folder.joinpath(name)
    if not path.is_file():
        return []
    try:
        lines = path.read_text("utf-8").split("\n")
    except UnicodeDecodeError as error:
        at = error.object[: error.start].count(b"\n") + 1
        faults.append(f"{name}:{at}: not UTF-8; save the file as UTF-8")
        return []
    lines = [line.removesuffix("\r") for line in lines]
    header = lines[0].removeprefix("\ufeff").split("\t")
    missing = [c for c in columns if c not in header]
    unknown = [c for c in header if c not in columns]
    if missing or unknown or len(set(header)) != len(header):
        what = [f"missing {', '.join(missing)}"] if missing else []
        what += [f"unknown {', '.join(unknown)}"] if unknown else []
        told = "; ".join(what) or "a column stands twice"
        faults.append(f"{name}:1: columns: {told}; the first line must name {' '.join(columns)}, separated by tabs")
        return []
    rows = []
    for number, line in enumerate(lines[1:], 2):
        if not line.strip() or line.startswith("#"):
            continue
        where = f"{name}:{number}"
        cells = [cell.strip() for cell in line.split("\t")]
        if len(cells) != len(header):
            faults.append(f"{where}: {len(cells)} cells instead of {len(header)}; a tab parts cells, also empty ones")
            continue
        rows.append(Row(dict(zip(header, cells)), where))
    return rows


def overlaid(base: Iterable[Row], own: Iterable[Row], key: Sequence[str], faults: list[str]) -> list[Row]:
    """`base` with the rows of `own` in place of those with the same key, new ones at the end; order is kept.

    A key that stands twice within one of the two is a fault.
    """
    rows: dict[tuple[str, ...], Row] = {}
    for layer in (base, own):
        seen: dict[tuple[str, ...], str] = {}
        for row in layer:
            name = tuple(row[column] for column in key)
            if name in seen:
                told = " ".join(part for part in name if part)
                faults.append(f"{row.where}: {told!r} stands already at {seen[name]}; keep one of the two")
                continue
            seen[name] = row.where
            rows[name] = row
    return list(rows.values())


def listed(cell: str, separator: str = ";") -> tuple[str, ...]:
    """The parts of a cell that holds a list."""
    return tuple(part.strip() for part in cell.split(separator) if part.strip())


def number(row: Row, column: str, faults: list[str], low: float = -10, high: float = 10) -> float | None:
    """The number in a cell, None for an empty one; out of bounds or no number is a fault."""
    cell = row[column]
    if not cell:
        return None
    try:
        value = float(cell)
    except ValueError:
        faults.append(f"{row.where}: {column} {cell!r} is no number")
        return None
    if not low <= value <= high:
        faults.append(f"{row.where}: {column} {cell} is outside {low:g} to {high:g}")
        return None
    return value


def known(row: Row, column: str, names: Iterable[str], faults: list[str], separator: str | None = None) -> None:
    """Adds a fault for each name in a cell that is none of `names`. An empty cell is right."""
    allowed = set(names)
    cell = row[column]
    for part in listed(cell, separator) if separator else ([cell] if cell else []):
        if part not in allowed:
            shown = ", ".join(sorted(allowed)) if len(allowed) <= 40 else "see the table that defines it"
            faults.append(f"{row.where}: unknown {column} {part!r}; known: {shown}")
