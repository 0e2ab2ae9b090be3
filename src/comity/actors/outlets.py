"""Outlets: their country and ownership, and which outlet a text names as its own."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple
from urllib.parse import urlsplit

from comity.actors.folding import fold
from comity.actors.matching import Hit, Names, names

TOLD_OFTEN = 2
"""How often somebody must have told it to an outlet before that outlet is taken for the report's own: once, a paper
cites another; of the development reports whose outlet is known none is named wrongly with 2."""

_TOLD = re.compile(r"\b(?:told|tells|telling|interview with|informed)\s+(?:the\s+)?$", re.IGNORECASE)
_LEARNED = re.compile(r"^\s+(?:has|had|have)\s+(?:learned|learnt|understands|seen)\b")


class Outlet(NamedTuple):
    """What the tables know of an outlet."""

    name: str
    country: str | None
    ownership: str | None
    """state | public | private | None."""


@cache
def _by_name(table: Names) -> dict[str, int]:
    t = table.tables
    found: dict[str, int] = {}
    for surface, actor in zip(t.alias_surface, t.alias_actor):
        if t.actor_kind[actor] == "medium":
            found.setdefault(surface.lower(), actor)
    for actor in t.media_actor:
        found.setdefault(fold(t.actor_name[actor]).lower(), actor)
    return found


@cache
def _by_domain(table: Names) -> dict[str, int]:
    t = table.tables
    return {domain: actor for actor, domains in zip(t.media_actor, t.media_domains) for domain in domains}


def _outlet(actor: int, n: Names) -> Outlet:
    t = n.tables
    row = n.media.get(actor)
    return Outlet(
        t.actor_name[actor], t.actor_state[actor] or None, (t.media_ownership[row] or None) if row is not None else None
    )


def facts(name: str | None, url: str | None = None, table: Names | None = None) -> Outlet | None:
    """What is known of an outlet, by its name (as the input gives it) or by the address of the page."""
    table = table or names()
    if name:
        key = fold(name).strip().lower()
        inner = re.search(r"\(([\w.-]+\.[a-z]{2,})\)", key)
        plain = re.sub(r"\s*\(.*?\)", "", key)
        for candidate in (key, plain, plain.removeprefix("the "), re.split(r"\s+[-–|]\s+", plain)[0]):
            if candidate in _by_name(table):
                return _outlet(_by_name(table)[candidate], table)
        for domain in (inner[1] if inner else None, key if "." in key and " " not in key else None):
            if domain and _domain(domain, table) is not None:
                return _domain(domain, table)
    if url:
        host = urlsplit(url).hostname
        if host:
            return _domain(host, table)
    return None


SOLD = frozenset("ai am as cc cd co dj fm gg im io la li ly me mn ms nu pw sc sh st to tv vc vg vu ws".split())  # noqa: SIM905
"""Country domains that are sold to anybody as words ("news.tv", "blog.me"): they tell no country. From the list of
"generic country-code top-level domains" of Google Search Central, and those marketed likewise."""


def domain_state(outlet: str | None, url: str | None, table: Names | None = None) -> str | None:
    """The state (ISO 3166 alpha-3) of the country domain of a page's address, or of an outlet that is given as one."""
    n = table or names()
    for host in (urlsplit(url).hostname if url else None, outlet):
        ending = host.lower().rpartition(".")[2] if host and "." in host and " " not in host else ""
        if len(ending) == 2 and ending not in SOLD:
            return _by_ending(n).get(ending)
    return None


@cache
def _by_ending(table: Names) -> dict[str, str]:
    t = table.tables
    found = {iso2.lower(): code for iso2, code in zip(t.state_iso2, t.state_iso3) if iso2}
    return found | {"uk": "GBR"}


def _domain(host: str, table: Names) -> Outlet | None:
    parts = host.lower().removeprefix("www.").split(".")
    for n in range(len(parts) - 1):
        actor = _by_domain(table).get(".".join(parts[n:]))
        if actor is not None:
            return _outlet(actor, table)
    return None


def recognise(text: str, hits: list[Hit], agency: str | None, table: Names | None = None) -> Outlet | None:
    """The outlet that a text names as its own: its people were "told" things, or its dateline names the agency."""
    table = table or names()
    if agency:
        found = facts(agency, table=table)
        if found is not None:
            return found
    counts: dict[int, int] = {}
    for hit in hits:
        for actor, _ in table.rows[hit.surface]:
            if table.tables.actor_kind[actor] == "medium":
                if _TOLD.search(text, max(0, hit.start - 24), hit.start) or _LEARNED.match(text, hit.end):
                    counts[actor] = counts.get(actor, 0) + 1
                break
    if not counts:
        return None
    actor, count = max(counts.items(), key=lambda item: (item[1], -item[0]))
    return _outlet(actor, table) if count >= TOLD_OFTEN else None
