"""The reports of a ledger, to be coded again."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import msgspec

from comity.ledger.home import CATALOG, is_team
from comity.records import Report

AT_ONCE = 200
"""Reports that are read at once."""


def is_ledger(path: str | os.PathLike[str]) -> bool:
    """Whether a path names a ledger: a folder with a catalog, or a team's (``postgres:…``)."""
    name = os.fspath(path)
    return is_team(name) or (Path(name) / CATALOG).is_file()


def reports_of(path: str | os.PathLike[str]) -> Iterator[Report]:
    """The reports that a ledger holds at the beginning, as they were read, in the order of their ids.

    Facts of the outlet that the tables have given stay as they are. Raises `LedgerError`.
    """
    from comity.ledger.ledger import Ledger

    columns = ", ".join(Report.__struct_fields__)
    with Ledger(path, read_only=True) as ledger:
        ids = ledger.query("SELECT id FROM reports_v1 ORDER BY id").column("id").to_pylist()
        for start in range(0, len(ids), AT_ONCE):
            question = f"SELECT {columns} FROM reports_v1 WHERE id IN (SELECT unnest(?)) ORDER BY id"  # noqa: S608
            for row in ledger.query(question, [ids[start : start + AT_ONCE]]).to_pylist():
                yield msgspec.convert(row, Report)
