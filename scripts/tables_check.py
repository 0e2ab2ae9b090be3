"""What is wrong with the readable source tables: faults that a row shows by itself or against another table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from table_files import Row, TableError, fold, module, values

ordinal = module("actors/tables.py").ordinal  # type: ignore[attr-defined]

SECTORS = frozenset((
    "GOV", "MIL", "LEG", "JUD", "SPY", "COP", "ELI", "PTY", "REB", "OPP", "CVL", "BUS", "SOC", "JRN", "REL", "EDU",
    "MED", "LAB", "CRM", "AGR", "REF", "IGO", "PRE", "PRM", "UAF", "UNK",
))  # fmt: skip
LEVELS = frozenset((
    "top leader", "head of government", "deputy head", "minister", "deputy minister", "spokesperson", "envoy",
    "ambassador", "parliament", "party", "military", "agency", "other",
))  # fmt: skip
DATES = ("start", "end", "asof", "government_from", "government_to")
COUNTRIES = ("offices", "organs", "groups", "parties", "media", "state_names", "leading_offices", "several_holders")
KEYS = {
    "states": "iso3", "organs": "id", "groups": "id", "media": "id", "parties": "id", "igos": "code", "sources": "id",
    "titles": "title", "given_names": "name", "roles": "phrase",
}  # fmt: skip
"""The column of each table that names a row: no value twice."""


def day(text: str, end: bool = False) -> int:
    """Day number of a date cell, 0 for an empty one. Raises `ValueError` when it is no date."""
    return ordinal(text, end)


def check(tables: dict[str, list[Row]]) -> Iterator[str]:
    """Faults of the source tables, each with file and row and what is expected there."""
    sources = {row["id"] for row in tables["sources"]}
    countries = {row["iso3"] for row in tables["states"]}
    codes = countries | {row["code"] for row in tables["igos"]}
    codes |= {f"GROUP:{row['name']}@{row['country'] or 'null'}" for row in (*tables["groups"], *tables["parties"])}
    for table, rows in tables.items():
        for number, row in enumerate(rows, 2):
            where = f"tables/{table}.tsv:{number}: "
            yield from (where + fault for fault in check_row(table, row, sources, countries, codes))
    for table, key in KEYS.items():
        for value, n in Counter(row[key] for row in tables[table]).items():
            if n > 1:
                yield f"tables/{table}.tsv: {key} {value!r} stands in {n} rows"
    words = {row["word"] for row in tables["ordinary_words"]}
    for row in (*tables["offices"], *tables["persons"]):
        person = row.get("person") or row["name"]
        for name in [person, *values(row["aliases"])]:
            if fold(name.lstrip("~")).lower() in words:
                yield f"the name {name!r} of {person} is a word of the language or a given name; give it in full"
    for row in tables["given_names"]:
        if fold(row["name"]).lower() in words:
            yield f"tables/given_names.tsv: {row['name']!r} is a word of the language: before a name it tells no person"


def check_row(table: str, row: Row, sources: set[str], countries: set[str], codes: set[str]) -> Iterator[str]:
    """Faults of one row."""
    dated = True
    for key in DATES:
        for value in values(row.get(key, "")):
            try:
                day(value)
            except ValueError:
                dated = False
                yield f"{key} {value!r} is no date; write YYYY, YYYY-MM or YYYY-MM-DD"
    if dated and row.get("start") and row.get("end") and day(row["start"]) > day(row["end"], True):
        yield f"ends ({row['end']}) before it starts ({row['start']})"
    if "source" in row:
        for source in values(row["source"]):
            if source.split(":")[0] not in sources and not source.startswith(("https://", "http://")):
                yield f"source {source!r} is neither in sources.tsv nor a page's address"
        if not row["source"]:
            yield "no source"
    if row.get("sector") and row["sector"] not in SECTORS:
        yield f"sector {row['sector']!r} is unknown"
    if row.get("level") and row["level"] not in LEVELS:
        yield f"level {row['level']!r} is unknown"
    if row.get("status", "verified") not in ("verified", "unverified"):
        yield f"status {row['status']!r} is neither verified nor unverified"
    if table in COUNTRIES:
        country = row.get("country", row.get("iso3", ""))
        if country and country not in codes:
            yield f"country {country!r} is neither a state of states.tsv nor a code of igos.tsv"
        if not country and table not in ("groups", "media"):
            yield "no country"
    if table == "igos":
        for member in values(row["members"]):
            if member.split(":")[0] not in countries:
                yield f"member {member!r} is no state of states.tsv"


def corrections(tables: dict[str, list[Row]]) -> list[Row]:
    """The office rows, corrected by `corrections.tsv`. Raises `TableError` on a correction that fits no row."""
    rows = [dict(row) for row in tables["offices"]]
    for number, c in enumerate(tables["corrections"], 2):
        fits = [
            r for r in rows if all(not c[k] or r[k] == c[k] for k in ("source", "person", "country", "office", "start"))
        ]
        if not fits:
            raise TableError(
                f"tables/corrections.tsv:{number}: no row of offices.tsv fits any more; take the correction out"
            )
        for row in fits:
            if c["change"] == "drop":
                rows.remove(row)
            else:
                row[c["change"]] = c["value"]
    return rows
