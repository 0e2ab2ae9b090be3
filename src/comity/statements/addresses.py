"""Texts that are one speech as a whole: a title such as "Address by President …" over words in the first person."""

from __future__ import annotations

import re
from functools import cache

from comity.actors import Cast, Figure
from comity.actors.labelling import Labeller
from comity.actors.matching import names
from comity.actors.offices import offices_on
from comity.language import Parse
from comity.statements.quotation import Quotation
from comity.statements.spans import Index
from comity.statements.voices import is_first

FIRST_SHARE = 0.01
"""Words of the first person outside of quotations from which a text is its speaker's own. Of 107 published addresses
the lowest has 0.012; reports about a speech have less than 0.005."""

_TITLE = re.compile(
    r"\b(?:[Aa]ddress|[Ss]peech|[Aa]ppeal|[Mm]essage|[Rr]emarks|[Ll]ecture)\s+(?:by|of)\s+(?:the\s+)?(?P<by>[A-Z].*)"
    r"|(?P<whose>\b[A-Z][^:–—-]{2,60}?)['’]s?\s+(?:address|speech|appeal|video\s+message)\b"
)
_WHERE = re.compile(r"\s+(?:to|on|at|in|during|for|before|regarding)\s")


def address(title: str | None, parse: Parse, cast: Cast, quotes: Index[Quotation]) -> tuple[str, Figure | None] | None:
    """Whose own words the whole text is: a name, and who it is if the tables tell. None for a report."""
    match = _TITLE.search(title or "")
    if match is None or _share_of_first(parse, quotes) < FIRST_SHARE:
        return None
    who = match["by"] or match["whose"]
    name, figure = _named(who, cast.labeller)
    return name or (figure.name if figure is not None else _WHERE.split(who)[0]), figure


def _share_of_first(parse: Parse, quotes: Index[Quotation]) -> float:
    count = first = 0
    for s in parse.sentences:
        for token, word in enumerate(s.words):
            count += word.isalpha()
            if is_first(s, token) and not quotes.over(s.starts[token], s.ends[token]):
                first += 1
    return first / count if count else 0.0


def _named(who: str, labeller: Labeller) -> tuple[str | None, Figure | None]:
    """The person of the tables who is named, with the name, or who holds the office that is named with its state."""
    found, roles = labeller.names.scan(who)
    t = labeller.tables
    state = None
    for hit in found:
        for row, _ in labeller.names.rows[hit.surface]:
            if t.actor_kind[row] == "person" and any(o.status in _HELD for o in offices_on(t, row, labeller.day)[:1]):
                return who[hit.start : hit.end], labeller.known(row)
            if t.actor_kind[row] == "state":
                state = state or t.actor_state[row]
    if state is None or not roles:
        return None, None
    level = t.role_level[roles[0].surface]
    holders = [
        row
        for row in _holders().get((state, level), ())
        if any(o.status in _HELD and (o.country, o.level) == (state, level) for o in offices_on(t, row, labeller.day))
    ]
    return None, labeller.known(holders[0]) if len(holders) == 1 else None


_HELD = ("current", "last known")


@cache
def _holders() -> dict[tuple[str, str], list[int]]:
    """State and level of office to the persons who ever held one."""
    t = names().tables
    found: dict[tuple[str, str], list[int]] = {}
    for row, kind in enumerate(t.actor_kind):
        if kind == "person":
            for n in range(t.office_first[row], t.office_first[row + 1]):
                held = found.setdefault((t.office_country[n], t.office_level[n]), [])
                if not held or held[-1] != row:
                    held.append(row)
    return found
