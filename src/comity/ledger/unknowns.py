"""The names in a ledger that the actor tables do not know, by frequency: what to add to an actor file of one's own."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from importlib.resources import files
from typing import IO, TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from comity.ledger.ledger import Ledger

_MOST = 2**31 - 1


class Unknown(msgspec.Struct, frozen=True, kw_only=True):
    """A name that no table knows."""

    name: str
    kind: str
    """person | ngo | organ | igo | other; unknown where nothing told what it is."""
    mentions: int
    reports: int
    country: str | None
    """The state that the reports give most often."""
    office: str | None
    """The title that the reports give most often."""
    sector: str | None
    first: str | None
    """Day of the first report that has it."""
    last: str | None
    outlets: tuple[str, ...]
    """Up to three outlets."""
    report: str
    """Id of a report that has it."""
    example: str
    """The words around it there."""


def unknowns(ledger: Ledger, *, kind: str | None = None, limit: int | None = None) -> list[Unknown]:
    """Names that no table knows, those in most reports first. `kind`: only these. Raises `BadQuery`."""
    sql = files(__package__).joinpath("sql/unknowns.sql").read_text("utf-8")
    rows = ledger.query(sql, {"kind": kind, "most": limit or _MOST}).to_pylist()
    return [msgspec.convert(row, Unknown) for row in rows]


FORM = ("name", "kind", "country", "office", "sector", "level", "start", "end", "aliases", "actor", "source",
        "mentions", "reports", "first", "last", "outlets", "note", "example")  # fmt: skip
"""Columns of the form: those of an actor file, empty, and what is known of the name, to be read and passed over."""


def write_form(found: Iterable[Unknown], file: IO[str]) -> None:
    """Write names as an actor file in which only the name stands: fill in what you know, give it back.

    What the reports tell of the name stands under `note`; it is taken over by nobody but you.
    """
    from comity.actors.overlay import KINDS

    writer = csv.DictWriter(file, FORM, restval="", lineterminator="\n")
    writer.writeheader()
    for one in found:
        told = ", ".join(filter(None, (one.office, one.country)))
        writer.writerow(
            {
                "name": one.name, "kind": one.kind if one.kind in KINDS else "", "mentions": one.mentions,
                "reports": one.reports, "first": one.first, "last": one.last, "outlets": "; ".join(one.outlets),
                "note": f"reports: {told}" if told else "", "example": f"… {one.example} …",
            }
        )  # fmt: skip
