"""Facets: how many of the filtered records have each value, for lists that narrow a search."""

# ruff: noqa: S608 (identifiers come from this package's own tables; values are always parameters)

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from comity.ledger.errors import BadFilter
from comity.ledger.filters import Parameters, condition, read_filters

if TYPE_CHECKING:
    import duckdb

_REPORT = {"outlet": "outlet", "outlet_country": "outlet_country", "ownership": "outlet_ownership"}

FACETS: dict[str, dict[str, str]] = {
    "events": {
        "dyad": "unnest(flatten([[s || '-' || t FOR t IN targets] FOR s IN sources]))",
        "source": "unnest(sources)",
        "target": "unnest(targets)",
        "type": "type",
        "mode": "mode",
        "context": "unnest(contexts)",
        "quad": "quad",
        "status": "status",
        "scope": "scope",
        "background": "background",
        "account_party": "account_party",
        "contact": "contact.channel",
        "origin": "origin",
        "speaker": (
            "(SELECT s.speakers[1].name FROM store.current_statements s"
            " WHERE s.rev = current_events.rev AND s.id = current_events.account LIMIT 1)"
        ),
        "year": "year(day_first)",
        "month": "strftime(day_first, '%Y-%m')",
        **_REPORT,
    },
    "statements": {
        "speaker": "unnest([s.name FOR s IN speakers IF s.name IS NOT NULL])",
        "country": "unnest(countries)",
        "about": "unnest(about)",
        "kind": "kind",
        "channel": "channel",
        "via": "unnest(via)",
        "year": "year(day_first)",
        "month": "strftime(day_first, '%Y-%m')",
        **_REPORT,
    },
    "reports": {"language": "language", "year": "year(day)", "month": "strftime(day, '%Y-%m')", **_REPORT},
    "mentions": {"country": "country", "sector": "sector", "actor": "actor", "name": "text", "office": "office"},
}
"""What records can be counted by, and the SQL of its value (a record with several values counts under each)."""


def facets(
    cursor: duckdb.DuckDBPyConnection,
    relation: str,
    names: list[str] | None,
    filters: dict[str, Any],
    *,
    top: int,
    found: str | None = None,
) -> dict[str, list[tuple[str, int]]]:
    """See `Ledger.facets`."""
    if relation not in FACETS:
        raise BadFilter(f"{relation!r} has no facets; there are: {', '.join(FACETS)}")
    wanted = list(FACETS[relation]) if names is None else names
    for name in wanted:
        if name not in FACETS[relation]:
            raise BadFilter(f"{relation} have no facet {name!r}; there are: {', '.join(FACETS[relation])}")
    parameters = Parameters()
    where = condition(relation, read_filters(relation, filters), parameters) + (f" AND {found}" if found else "")
    counted: dict[str, list[tuple[str, int]]] = {}
    for name in wanted:
        values = f"SELECT {FACETS[relation][name]} AS value FROM store.current_{relation} WHERE {where}"
        query = (
            f"SELECT value::VARCHAR, count(*) AS number FROM ({values}) WHERE value IS NOT NULL "
            f"GROUP BY value ORDER BY number DESC, value::VARCHAR LIMIT {int(top)}"
        )
        counted[name] = cursor.execute(query, parameters.values).fetchall()
    return counted
