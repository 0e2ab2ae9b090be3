"""Who bears a name, and which offices they hold on a day: every candidate, the one that wins, and why."""

from __future__ import annotations

import re
from datetime import date
from functools import cache

import msgspec

from comity.actors import tables
from comity.actors.folding import fold
from comity.actors.matching import Names, names
from comity.actors.offices import LEVELS, offices_on

MOST = 20
"""Candidates given at most: a bare family name may have hundreds of bearers."""

_ORDER = {"current": 0, "last known": 1, "former": 2, "future": 3}
_FORMS = (
    (tables.NAME, "name"),
    (tables.CAPITAL, "capital"),
    (tables.SEAT, "seat of government"),
    (tables.ADJECTIVE, "adjective"),
    (tables.PEOPLE, "people"),
)


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """One office of one person, as it stands on the day that was asked for."""

    title: str
    country: str
    """ISO 3166 alpha-3, or ``IGO:NAME``."""
    sector: str
    level: str
    status: str
    """current | last known | former | future."""
    start: str | None
    """ISO date; None: as far back as the source goes."""
    end: str | None
    """ISO date; None: open when the source was made."""
    as_of: str | None
    """ISO date of the source: an open end is certain up to this day only."""
    sources: tuple[str, ...]
    """What the row rests on: citations with licence, or addresses of pages."""
    checked: bool
    """False: the row rests on no source that was looked at (`unverified`)."""


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody or something that bears the name."""

    id: str
    name: str
    kind: str
    """person | state | organ | igo | ngo | group | party | medium | population | other."""
    country: str | None
    """The state it belongs to on that day, ISO alpha-3."""
    wikidata: str | None
    matched: str
    """How the name fits: name | surname | part of the name | capital | seat of government | adjective | people."""
    offices: tuple[Held, ...]
    """Best first: current, last known, former, future; then by level."""
    wins: bool
    why: str
    """Why it stands where it stands."""


def who(name: str, on: date | str | None = None, country: str | None = None) -> list[Candidate]:
    """All who bear a name, the likeliest first, with the offices they hold on a day (default: today).

    A bearer of the exact name goes before one whom a report may name by the surname alone, and that one before all
    whose name has the word in it; then holders of an office on that day go before former and future ones, and higher
    offices before lower ones. The first wins unless the next fits as well, or several merely have the word in their
    name: then the report has to tell. `country` (ISO alpha-3 or ``IGO:NAME``) leaves out those who have nothing to do
    with it.

    Raises `ValueError` when `on` is no date, `comity.actors.tables.TablesMissing`.
    """
    day = on if isinstance(on, date) else date.fromisoformat(on) if on else date.today()
    found = _bearers(name)
    ranked = sorted(
        (_rank(row, matched, day.toordinal()), row, matched) for row, matched in found if _belongs(row, country, day)
    )
    made: list[Candidate] = []
    for place, (key, row, matched) in enumerate(ranked[:MOST]):
        rival = ranked[1] if place == 0 and len(ranked) > 1 else ranked[0] if place else None
        wins = place == 0 and (rival is None or (rival[0] != key and key[0] != _PARTLY))
        why = _why(key, rival[0] if rival else None, place, names().tables.actor_kind[row] == "person")
        made.append(_candidate(row, matched, day.toordinal(), wins, why))
    return made


def near_names(name: str) -> list[str]:
    """Names in the tables that are written much like this one, for "did you mean"."""
    import difflib

    wanted = fold(name).lower().strip()
    if not wanted:
        return []
    alike = [surface for surface in _by_lower() if surface[0] == wanted[0] and abs(len(surface) - len(wanted)) < 4]
    t = names().tables
    found = difflib.get_close_matches(wanted, alike, 3, cutoff=0.8)
    return list(dict.fromkeys(t.actor_name[names().rows[_by_lower()[surface][0]][0][0]] for surface in found))


def _by_lower() -> dict[str, list[int]]:
    return _lowered(names())


@cache
def _lowered(table: Names) -> dict[str, list[int]]:
    """Rows of `Names.rows` by surface form in lower case: people rarely type capitals."""
    found: dict[str, list[int]] = {}
    for row, surface in enumerate(table.surfaces):
        found.setdefault(surface.lower(), []).append(row)
    return found


def _bearers(name: str) -> list[tuple[int, str]]:
    """(actor row, how the name fits) of all who bear it."""
    wanted = " ".join(fold(name).split()).lower()
    found: dict[int, str] = {}
    for row in _by_lower().get(wanted, ()):
        for actor, kind in names().rows[row]:
            weak = bool(kind & tables.WEAK)
            form = "surname" if weak else next((form for bit, form in _FORMS if kind & bit), "name")
            if found.get(actor) != "name":
                found[actor] = form
    t = names().tables
    words = set(re.findall(r"\w+", wanted))
    if words and all(t.actor_kind[row] == "person" for row in found):
        by_word = _by_word(names())
        for row in sorted(frozenset.intersection(*(by_word.get(word, frozenset()) for word in words))):
            found.setdefault(row, "part of the name")
    return list(found.items())


@cache
def _by_word(table: Names) -> dict[str, frozenset[int]]:
    """Rows of all persons by the words of their names: folding 17,000 names for each question takes 50 ms."""
    found: dict[str, set[int]] = {}
    t = table.tables
    for row, full in enumerate(t.actor_name):
        if t.actor_kind[row] == "person":
            for word in re.findall(r"\w+", fold(full).lower()):
                found.setdefault(word, set()).add(row)
    return {word: frozenset(rows) for word, rows in found.items()}


def _belongs(row: int, country: str | None, day: date) -> bool:
    if country is None:
        return True
    t = names().tables
    offices = t.office_country[t.office_first[row] : t.office_first[row + 1]]
    return country in (t.actor_state[row], t.actor_country[row], *offices)


Rank = tuple[int, int, int]
_PARTLY = 2
"""First figure of the rank of those who merely have the word in their name."""


def _rank(row: int, matched: str, day: int) -> Rank:
    """How the name fits, how the best office stands, and how high it is; lower is likelier."""
    t = names().tables
    fit = {"surname": 1, "part of the name": _PARTLY}.get(matched, 0)
    if t.actor_kind[row] != "person":
        alive = (t.actor_start[row] or 0) <= day <= (t.actor_end[row] or day)
        return fit, 0 if alive else 2, 0 if t.actor_kind[row] == "state" else 1
    held = offices_on(t, row, day)
    if not held:
        return fit, 4, len(LEVELS)
    return fit, _ORDER[held[0].status], LEVELS.index(held[0].level) if held[0].level in LEVELS else len(LEVELS)


_FITS = ("bears exactly this name", "is the one whom the surname alone means in the news", "has the word in the name")
_STANDS = (
    "holds an office on that day",
    "held an office when its source was made, and no end is known",
    "is out of office on that day",
    "is not yet in office on that day",
    "holds no office that the tables know",
)


def _why(key: Rank, rival: Rank | None, place: int, person: bool) -> str:
    """In words: what decided between this candidate and the first (for the first: the second)."""
    if rival is None:
        return _FITS[key[0]] + ", and nobody else in the tables does"
    if key == rival:
        return _FITS[key[0]] + ", as another does who fits as well: the report has to tell"
    at = next(n for n, (mine, other) in enumerate(zip(key, rival)) if mine != other)
    if at == 0:
        return _FITS[key[0]]
    if at == 1:
        return _STANDS[key[1]] if person else "exists on that day" if key[1] == 0 else "does not exist on that day"
    return ("the higher" if place == 0 else "a lower") + (" office" if person else " kind of actor")


def _candidate(row: int, matched: str, day: int, wins: bool, why: str) -> Candidate:
    t = names().tables
    offices = tuple(
        Held(
            title=office.title,
            country=office.country,
            sector=office.sector,
            level=office.level,
            status=office.status,
            start=_iso(t.office_start[office.row]),
            end=_iso(t.office_end[office.row]),
            as_of=_iso(t.office_asof[office.row]),
            sources=tuple(t.sources.get(one, one) for one in t.office_source[office.row].split(";") if one),
            checked=t.office_status[office.row] == "verified",
        )
        for office in offices_on(t, row, day)
    )
    state = t.actor_state[row] or (offices[0].country if offices and len(offices[0].country) == 3 else "")
    return Candidate(
        id=t.actor_id[row],
        name=t.actor_name[row],
        kind=t.actor_kind[row],
        country=state or None,
        wikidata=t.actor_wikidata[row] or None,
        matched=matched,
        offices=offices,
        wins=wins,
        why=why,
    )


def _iso(day: int) -> str | None:
    return date.fromordinal(day).isoformat() if day else None
