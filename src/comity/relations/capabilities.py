"""Shares of capabilities, from files in the form of the National Material Capabilities data (CINC)."""

from __future__ import annotations

import csv
import gzip
from functools import cache
from pathlib import Path

import msgspec

from comity.relations.errors import BadFile

STATE = ("iso3", "iso3c", "country", "code", "ccode", "cow", "cowcode", "gwcode", "stateabb")
"""Names that the column of the state may have: ISO 3166 alpha-3, or Correlates of War numbers."""

SHARE = ("cinc", "share", "capability", "capabilities")


class Capabilities(msgspec.Struct, frozen=True, kw_only=True):
    """Capability shares of one year."""

    name: str
    """Of the file and the column."""
    year: int
    shares: dict[str, float]
    """By ISO 3166 alpha-3; they sum to 1."""
    unknown: tuple[str, ...]
    """Codes of the file that no state of the tables has."""


@cache
def _states() -> tuple[dict[int, str], frozenset[str]]:
    from comity.actors import tables

    compiled = tables.load()
    cow: dict[int, str] = {}
    for number, code, kind in zip(compiled.state_cow, compiled.state_iso3, compiled.state_kind):
        # A number belongs to the state of today where a former one has it too.
        if number > 0 and (number not in cow or kind == "state"):
            cow[number] = code
    return cow, frozenset(compiled.state_iso3)


def read_capabilities(path: str | Path, year: int | None = None) -> Capabilities:
    """Shares of the file's latest year, or of the latest that is not after `year`.

    A CSV or TSV file (may be gzipped) with a state (ISO alpha-3 or Correlates of War number), a year and a share
    (``cinc``). Shares are divided by their sum. Raises `BadFile`.
    """
    where = Path(path)
    try:
        with (
            gzip.open(where, "rt", encoding="utf-8-sig", newline="")
            if where.suffix == ".gz"
            else where.open(encoding="utf-8-sig", newline="")
        ) as stream:
            lines = stream.read().splitlines()
    except (OSError, UnicodeDecodeError, EOFError) as error:
        raise BadFile(f"{where} cannot be read: {error}") from None
    if not lines:
        raise BadFile(f"{where} is empty; it needs a state, a year and cinc in each line")
    rows = list(csv.reader(lines, delimiter="\t" if "\t" in lines[0] else ","))
    head = [name.strip().lower() for name in rows[0]]
    state = next((head.index(name) for name in STATE if name in head), None)
    share = next((head.index(name) for name in SHARE if name in head), None)
    if state is None or share is None or "year" not in head:
        raise BadFile(f"{where} has the columns {', '.join(rows[0])}; needed are a state (ccode or iso3), year, cinc")
    when = head.index("year")
    found: dict[int, dict[str, float]] = {}
    for number, row in enumerate(rows[1:], start=2):
        if not row or not row[share].strip():
            continue
        try:
            found.setdefault(int(float(row[when])), {})[row[state].strip()] = float(row[share])
        except (ValueError, IndexError) as error:
            raise BadFile(f"{where}, line {number}: {error}") from None
    years = [one for one in found if year is None or one <= year]
    if not years:
        raise BadFile(f"{where} has no year up to {year}; it begins in {min(found, default=None)}")
    chosen = max(years)
    cow, known = _states()
    shares: dict[str, float] = {}
    unknown = []
    for text, value in found[chosen].items():
        code = cow.get(int(float(text))) if text.replace(".", "", 1).isdigit() else text.upper()
        if code is None or code not in known:
            unknown.append(text)
        elif value > 0:
            shares[code] = shares.get(code, 0.0) + value
    total = sum(shares.values())
    if total <= 0:
        raise BadFile(f"{where}: no state of {chosen} has a share above 0")
    return Capabilities(
        name=f"{rows[0][share]} of {where.name}",
        year=chosen,
        shares={code: value / total for code, value in sorted(shares.items())},
        unknown=tuple(unknown),
    )
