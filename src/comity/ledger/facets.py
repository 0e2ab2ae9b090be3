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


_OF_REPORT = "outlet, outlet_country, outlet_ownership"
_READ = {
    "events": (
        "rev, account, sources, targets, type, mode, contexts, quad, status, scope, background, account_party, contact, "
        f"origin, day_first, {_OF_REPORT}"
    ),
    "statements": f"speakers, countries, about, kind, channel, via, day_first, {_OF_REPORT}",
    "reports": f"language, day, {_OF_REPORT}",
    "mentions": "country, sector, actor, text, office",
}
"""The columns that the facets of a relation look at."""


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
    # Of what passes a filter, the columns that facets look at are read once: each facet by itself would read them again,
    # and ten million events of which a few pass take 0.2 s for each.
    table = f"store.current_{relation}"
    picked = where != "TRUE" and len(wanted) > 2
    start = f"WITH picked AS MATERIALIZED (SELECT {_READ[relation]} FROM {table} WHERE {where}) " if picked else ""
    source = f"picked AS current_{relation}" if picked else f"{table} WHERE {where}"
    parts = [
        f"(SELECT {n} AS facet, value::VARCHAR AS value, count(*) AS number "
        f"FROM (SELECT {FACETS[relation][name]} AS value FROM {source}) WHERE value IS NOT NULL "
        f"GROUP BY value ORDER BY number DESC, value::VARCHAR LIMIT {int(top)})"
        for n, name in enumerate(wanted)
    ]
    counted: dict[str, list[tuple[str, int]]] = {name: [] for name in wanted}
    for query in [start + " UNION ALL ".join(parts)] if picked else parts:
        rows = cursor.execute(query, parameters.values).fetchall()
        for n, value, number in sorted(rows, key=lambda row: (row[0], -row[2], row[1].encode())):
            counted[wanted[n]].append((value, number))
    return counted
