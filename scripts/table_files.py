"""Reading and writing the readable source tables in `tables/` (their formats are in `tables/README.md`)."""

from __future__ import annotations

import csv
import importlib.util
import io
import re
from collections.abc import Callable, Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TABLES = ROOT / "tables"

COLUMNS = {
    "sources": "id title licence url asof",
    "states": "iso3 name official kind start end iso2 numeric cow gw fips counted_as capital source note",
    "state_names": "surface iso3 kind start end source note",
    "positions": "pattern countries key office sector level note",
    "several_holders": "country key note",
    "leading_offices": "country key level start end note",
    "persons": "name country aliases wikidata gender note source",
    "offices": "person aliases wikidata country office sector level start end asof source status",
    "corrections": "source person country office start change value reason",
    "organs": "id name aliases country sector kind level start end source",
    "igos": "code name aliases of kind start end members source",
    "groups": "id name aliases country sector kind start end government_from government_to source",
    "parties": "id name aliases country start end source",
    "media": "id name aliases country ownership kind domains source",
    "roles": "phrase sector level kind anonymous_type plural source",
    "titles": "title kind level sector gender",
    "given_names": "name gender source",
    "spellings": "kind from to note",
    "ordinary_words": "word",
}
"""Columns of each table, in their order."""

Row = dict[str, str]


class TableError(Exception):
    """A source table is wrong; the message says where and what to do."""


def read_table(name: str) -> list[Row]:
    """Rows of a source table. Raises `TableError` on a wrong header, a wrong number of cells, no UTF-8."""
    path = TABLES / f"{name}.tsv"
    columns = COLUMNS[name].split()
    try:
        lines = path.read_text("utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise TableError(f"{path}: not UTF-8 at byte {error.start}; save the table as UTF-8") from error
    if lines[0].split("\t") != columns:
        raise TableError(f"{path}: the header must be {' '.join(columns)} (tab separated), found {lines[0]!r}")
    rows = []
    for number, line in enumerate(lines[1:], 2):
        if not line.strip():
            continue
        cells = line.split("\t")
        if len(cells) != len(columns):
            raise TableError(f"{path}:{number}: {len(cells)} cells where the header has {len(columns)}")
        rows.append(dict(zip(columns, cells)))
    return rows


def write_table(name: str, rows: Iterable[Row]) -> None:
    """Write a source table, sorted by all its cells in the order of the columns, without duplicates."""
    columns = COLUMNS[name].split()
    lines = sorted({tuple(_clean(row.get(c, "")) for c in columns) for row in rows})
    text = "\n".join("\t".join(cells) for cells in [tuple(columns), *lines]) + "\n"
    (TABLES / f"{name}.tsv").write_text(text, "utf-8", newline="\n")


def _clean(cell: str) -> str:
    return re.sub(r"\s+", " ", cell.replace("\u00a0", " ")).strip()


def read_csv(path: Path, delimiter: str = ",") -> list[Row]:
    """Rows of a CSV file with a header, byte order mark or not."""
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig")), delimiter=delimiter))


def values(cell: str) -> list[str]:
    """The values of a cell that holds several, joined by semicolons."""
    return [value.strip() for value in cell.split(";") if value.strip()]


def module(path: str) -> object:
    """A module of the package by its file, so that a build needs nothing that the package needs to run."""
    spec = importlib.util.spec_from_file_location(Path(path).stem, ROOT / "src" / "comity" / path)
    assert spec is not None and spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


fold: Callable[[str], str] = module("actors/folding.py").fold  # type: ignore[attr-defined]


def position_rules() -> list[tuple[re.Pattern[str], set[str], bool, Row]]:
    """The rows of `positions.tsv`, compiled: pattern, countries, whether these are excluded, row."""
    rules = []
    for row in read_table("positions"):
        countries = row["countries"]
        excluded = countries.startswith("~")
        rules.append((re.compile(row["pattern"]), set(values(countries.lstrip("~"))), excluded, row))
    return rules


_STANDING_IN = re.compile(r"^(?:acting|interim|caretaker|transitional|transition) ")


def position(label: str, country: str, rules: list[tuple[re.Pattern[str], set[str], bool, Row]]) -> Row:
    """The first row of `positions.tsv` that fits an office of a country (its last fits all)."""
    lowered = _STANDING_IN.sub("", label.lower())
    country = "IGO" if country.startswith("IGO:") else country
    for pattern, countries, excluded, row in rules:
        if countries and (country in countries) == excluded:
            continue
        if pattern.search(lowered):
            return row
    raise TableError(f"tables/positions.tsv: no row fits {label!r}; its last row must fit everything")
