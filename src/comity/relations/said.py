"""The statements that a figure counts, and the reports that they stand in."""

# ruff: noqa: S608 (what is put into SQL are the ledger's own conditions; values are always parameters)
from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec

from comity.ledger.filters import FILTERS, Parameters, condition, read_filters
from comity.relations.errors import BadChoice
from comity.relations.periods import UNITS, period_of
from comity.relations.told import sql

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    import pyarrow as pa

    from comity.ledger import Ledger

ON_REPORTS = ("report", "since", "until", "outlet", "outlet_country", "ownership", "demo", "title", "url", "language")
"""Filters that choose reports; the rest choose statements in them. Days are those of publication: what a period's
reports carry, though it be the words of a dead man."""

SOURCES = {"outlet": "outlet", "outlet_country": "outlet_country", "ownership": "outlet_ownership", "report": "id"}
"""What reports can be put together by, besides periods, and the column of each."""

BY = (*SOURCES, *UNITS)

NOT_KNOWN = "(unknown)"


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """Filters, read: conditions on reports and on statements, with their values, and the filters in words."""

    reports: str
    statements: str
    parameters: Parameters
    words: str
    narrowed: bool
    """Whether filters choose among the statements of a report."""


def choose_statements(ledger: Ledger, filters: Mapping[str, Any]) -> Chosen:
    """Split the filters into those on reports and those on statements. Raises `comity.ledger.BadFilter`.

    ``text`` is on statements: it searches what is said, not the reports' titles and texts.
    """
    given = {name: value for name, value in filters.items() if value is not None and value != []}
    on_reports = {name: value for name, value in given.items() if name in ON_REPORTS}
    on_statements = {name: value for name, value in given.items() if name not in ON_REPORTS}
    for name in on_statements:
        if name != "text" and name not in FILTERS["statements"]:
            read_filters("statements", {name: on_statements[name]})  # raises, with the near ones named
    parameters = Parameters()
    reports = condition("reports", read_filters("reports", on_reports), parameters)
    plain = {name: value for name, value in on_statements.items() if name != "text"}
    statements = condition("statements", read_filters("statements", plain), parameters)
    if "text" in on_statements:
        found = ledger.statements(columns=["id", "report_id"], **on_statements)
        keys = [f"{r} {i}" for r, i in zip(found["report_id"].to_pylist(), found["id"].to_pylist())]
        statements += f" AND list_contains({parameters.add(keys)}, report_id || ' ' || id)"
    words = ledger.restate("reports", **on_reports)
    if on_statements:
        words += " " + ledger.restate("statements", **on_statements)
    return Chosen(
        reports=reports, statements=statements, parameters=parameters, words=words, narrowed=bool(on_statements)
    )


def spoken(ledger: Ledger, chosen: Chosen) -> pa.Table:
    """One row for each chosen statement and speaker; see ``sql/spoken.sql``."""
    text = sql("spoken").format(reports=chosen.reports, statements=chosen.statements)
    return ledger.query(text, _used(text, chosen.parameters))


def standing(ledger: Ledger, chosen: Chosen) -> pa.Table:
    """One row for each chosen report and state that it discusses, accuses or quotes; see ``sql/standing.sql``."""
    text = sql("standing").format(reports=chosen.reports)
    return ledger.query(text, _used(text, chosen.parameters))


def reports_of(ledger: Ledger, chosen: Chosen) -> pa.Table:
    """The chosen reports: `id`, `title`, `day`, `outlet`, `outlet_country`, `outlet_ownership`."""
    text = (
        "SELECT id, title, day, outlet, outlet_country, outlet_ownership FROM reports_v1 "
        f"WHERE {chosen.reports} ORDER BY day NULLS LAST, id"
    )
    return ledger.query(text, _used(text, chosen.parameters))


def _used(text: str, parameters: Parameters) -> dict[str, Any]:
    """The values that a text names: DuckDB refuses others."""
    named = set(re.findall(r"\$(p\d+)", text))
    return {name: value for name, value in parameters.values.items() if name in named}


def labels(table: pa.Table, by: str | None) -> list[str]:
    """The group of each report of `reports_of`: a period, an outlet, …; one for all without `by`.

    Raises `BadChoice` for what reports cannot be put together by.
    """
    if by is None:
        return ["all"] * table.num_rows
    if by in SOURCES:
        return [value or NOT_KNOWN for value in table[SOURCES[by]].to_pylist()]
    if by not in UNITS:
        raise BadChoice(f"there is nothing to put reports together by in {by!r}; choose one of: {', '.join(BY)}")
    made: dict[date | None, str] = {None: NOT_KNOWN}
    return [
        made[day] if day in made else made.setdefault(day, period_of(day, by).label) for day in table["day"].to_pylist()
    ]


def in_order(found: list[str], by: str | None) -> list[str]:
    """The groups in the order in which they are shown: periods by time, others with most reports first."""
    number: dict[str, int] = {}
    for label in found:
        number[label] = number.get(label, 0) + 1
    if by in UNITS:
        return sorted(number, key=lambda label: (label == NOT_KNOWN, label))
    return sorted(number, key=lambda label: (label == NOT_KNOWN, -number[label], label))


def contents(ledger: Ledger, chosen: Chosen, holding: Sequence[str] = ()) -> pa.Table:
    """The words of the chosen statements, oldest report first; see ``sql/contents.sql``. `holding`: only of those whose
    words hold one of these strings."""
    text = sql("contents").format(reports=chosen.reports, statements=chosen.statements)
    values = _used(text, chosen.parameters)
    if holding:
        test = "regexp_matches(array_to_string(words, ' '), $holding)"
        text = f"SELECT * FROM ({text}) WHERE {test} ORDER BY day NULLS LAST, report_id, content[1][1], id"
        values["holding"] = "|".join(re.escape(one) for one in holding)
    return ledger.query(text, values)


def names_in(ledger: Ledger, chosen: Chosen) -> pa.Table:
    """Where actors are named in the chosen reports; see ``sql/names.sql``."""
    text = sql("names").format(reports=chosen.reports)
    return ledger.query(text, _used(text, chosen.parameters))


def spoken_in(ledger: Ledger, name: str, chosen: Chosen, **values: Any) -> list[dict[str, Any]]:
    """The rows of ``sql/NAME.sql`` over the chosen reports."""
    text = sql(name).format(reports=chosen.reports, statements=chosen.statements, **values)
    return ledger.query(text, _used(text, chosen.parameters)).to_pylist()
