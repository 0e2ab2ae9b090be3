"""The user's own actors and offices, laid over the tables: one CSV file, checked as a whole before any of it counts.

A row is one office of one actor for one interval, or an actor without office. What a row can say stands in `COLUMNS`;
the same names of columns come from `comity unknowns`, whose further columns (`REMARKS`) are passed over.
"""

from __future__ import annotations

import csv
import difflib
import hashlib
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from comity.actors import tables
from comity.actors.folding import fold
from comity.actors.offices import LEVELS, STATE_SECTORS

COLUMNS = {
    "name": "the name, in its usual form",
    "kind": "person (default), organ, igo, ngo, firm, group, party, medium, population, other",
    "country": "ISO 3166 alpha-3; for an office in an organisation IGO:NAME; empty for none",
    "office": "title of the office that the row is about",
    "sector": "PLOVER sector; by the office's words where it is empty",
    "level": "level of the office; by its words where it is empty",
    "start": "first day: YYYY, YYYY-MM or YYYY-MM-DD; empty: as far back as reports go",
    "end": "last day; empty: open",
    "as_of": "day to which an open end is known; empty: it holds",
    "aliases": "other forms of the name, joined by ;",
    "actor": "id of the actor of the tables that this is (as `comity who --json` gives it), to add to it",
    "gender": "m, f, or p for a name in the plural",
    "ownership": "of a medium: state, public, private",
    "domains": "of a medium: its sites, joined by ;",
    "source": "where this was read; offices without are shown as unverified",
}
"""The columns of an actor file."""

REQUIRED = ("name", "country")
REMARKS = frozenset(("mentions", "reports", "first", "last", "outlets", "example", "note"))
"""Columns that are for the reader of the file."""

KINDS = ("person", "organ", "igo", "ngo", "firm", "group", "party", "medium", "population", "other")
SECTORS = frozenset(("GOV", "MIL", "LEG", "JUD", "SPY", "COP", "ELI", "PTY", "REB", "OPP", "CVL", "BUS", "SOC", "JRN", "REL", "EDU",
                     "MED", "LAB", "CRM", "AGR", "REF", "IGO", "PRE", "PRM", "UAF", "UNK"))  # fmt: skip
_KIND_SECTOR = {"organ": "GOV", "igo": "IGO", "ngo": "SOC", "firm": "BUS", "group": "REB", "party": "PTY", "medium": "JRN",
                "population": "CVL", "person": "CVL", "other": ""}  # fmt: skip
_SINGLE = frozenset(("top leader", "head of government", "minister"))
"""Levels whose offices have one holder at a time."""

FAULTS_SHOWN = 20
_SIGNS = {"~": tables.WEAK, "+": tables.ADJECTIVE, "*": tables.PEOPLE, "@": tables.CAPITAL | tables.NAME}


class ActorsError(ValueError):
    """An actor file that cannot be used; `faults` has one line for each thing that is wrong, with its row."""

    def __init__(self, path: str | Path, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        shown = [f"  {fault}" for fault in self.faults[:FAULTS_SHOWN]]
        if len(self.faults) > FAULTS_SHOWN:
            shown.append(f"  and {len(self.faults) - FAULTS_SHOWN} more")
        super().__init__("\n".join([f"{path}: nothing of it was taken:", *shown]))


class Row(NamedTuple):
    """One row of an actor file, read and checked."""

    number: int
    """As a spreadsheet counts: the header is row 1."""
    cells: dict[str, str]
    sector: str
    level: str
    start: int
    """Day number, 0 for none."""
    end: int
    as_of: int
    target: int
    """Row of the table actor that it adds to, -1 for a new one."""


class Overlay(NamedTuple):
    """An actor file that is in order."""

    path: str
    rows: tuple[Row, ...]
    unfilled: int
    """Rows that nobody has filled in: a name and no more."""
    digest: str

    @property
    def actors(self) -> int:
        return len({_key(row) for row in self.rows})

    @property
    def offices(self) -> int:
        return sum(bool(row.cells["office"]) for row in self.rows)


def read_overlay(path: str | Path, compiled: tables.Compiled | None = None) -> Overlay:
    """Read and check an actor file against the tables (default: this installation's).

    Raises `ActorsError` naming every fault with its row, and `OSError`.
    """
    data = Path(path).read_bytes()
    compiled = compiled or tables.load()
    raw = _parse(path, data)
    return _check(str(path), raw, hashlib.sha256(data).hexdigest()[:8], compiled)


def merge(path: str | Path, more: str | Path, compiled: tables.Compiled | None = None) -> Overlay:
    """Add the rows of one actor file to another (made when it is not there). Both are checked together first; when
    anything is wrong, nothing is written. Raises `ActorsError`, `OSError`."""
    compiled = compiled or tables.load()
    read_overlay(more, compiled)
    own = _parse(path, Path(path).read_bytes()) if Path(path).exists() else []
    have = [cells for _, cells in own]
    new = [cells for _, cells in _parse(more, Path(more).read_bytes()) if not _unfilled(cells) and cells not in have]
    whole = [*have, *new]
    used = [name for name in COLUMNS if name in REQUIRED or any(cells[name] for cells in whole)]
    out = io.StringIO()
    writer = csv.DictWriter(out, used, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(whole)
    data = out.getvalue().encode()
    found = _check(str(path), list(enumerate(whole, 2)), hashlib.sha256(data).hexdigest()[:8], compiled)
    part = Path(f"{path}.part")
    part.write_bytes(data)
    part.replace(path)
    return found


# --- reading ---------------------------------------------------------------------------------------------------------


def _parse(path: str | Path, data: bytes) -> list[tuple[int, dict[str, str]]]:
    """(row number, cells by column) of a CSV file. Raises `ActorsError`."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        wrong = f"row {row}: byte 0x{data[error.start]:02x} is not UTF-8; save the file with the encoding UTF-8"
        raise ActorsError(path, [wrong]) from None
    header = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=header.count)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise ActorsError(path, [f"it is no CSV: {error}"]) from None
    names = [name.strip().lower() for name in lines[0]] if lines else []
    faults = [f"row 1: the column {name!r} is missing; required are: {', '.join(REQUIRED)}" for name in REQUIRED if name not in names]  # fmt: skip
    for name in names:
        if name and name not in COLUMNS and name not in REMARKS:
            near = difflib.get_close_matches(name, COLUMNS, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(COLUMNS)}"
            faults.append(f"row 1: there is no column {name!r}; {hint}")
    faults += [f"row 1: the column {name!r} stands there twice" for name in dict.fromkeys(names) if name and names.count(name) > 1]  # fmt: skip
    rows = []
    for number, line in enumerate(lines[1:], 2):
        if not any(cell.strip() for cell in line):
            continue
        if len(line) > len(names):
            faults.append(f"row {number}: {len(line)} cells, but the header has {len(names)}")
            continue
        given = dict(zip(names, (cell.strip() for cell in line)))
        rows.append((number, {name: given.get(name, "") for name in COLUMNS}))
    if faults:
        raise ActorsError(path, faults)
    return rows


def _unfilled(cells: dict[str, str]) -> bool:
    """True for a row of `comity unknowns` that has been left as it was."""
    return not any(value for name, value in cells.items() if name not in ("name", "kind"))


# --- checking --------------------------------------------------------------------------------------------------------


def _check(path: str, raw: list[tuple[int, dict[str, str]]], digest: str, compiled: tables.Compiled) -> Overlay:
    faults: list[str] = []
    rows = []
    codes = _installed() if compiled is tables.load() else _Codes(compiled)
    for number, cells in raw:
        if _unfilled(cells):
            continue
        row, wrong = _read_row(number, cells, codes)
        faults += [f"row {number}: {fault}" for fault in wrong]
        rows.append(row)
    faults += _overlaps(rows)
    if faults:
        raise ActorsError(path, sorted(faults, key=lambda fault: int(fault.split()[1].rstrip(":"))))
    return Overlay(path, tuple(rows), len(raw) - len(rows), digest)


class _Codes:
    """What of the tables a check asks for."""

    def __init__(self, compiled: tables.Compiled) -> None:
        self.compiled = compiled
        self.states = frozenset(compiled.state_iso3)
        self.igos = frozenset(compiled.igo_code)
        self.ids = {actor: row for row, actor in enumerate(compiled.actor_id)}
        self.roles = {phrase: row for row, phrase in enumerate(compiled.role_phrase)}
        self.surfaces: dict[str, list[int]] = {}
        for surface, actor, kind in zip(compiled.alias_surface, compiled.alias_actor, compiled.alias_kind):
            if not kind & tables.WEAK:
                self.surfaces.setdefault(surface, []).append(actor)


@cache
def _installed() -> _Codes:
    return _Codes(tables.load())


def _read_row(number: int, cells: dict[str, str], codes: _Codes) -> tuple[Row, list[str]]:
    wrong: list[str] = []
    name, kind, country = cells["name"], cells["kind"] or "person", cells["country"]
    if len(name) < 2:
        wrong.append(f"{name!r} is no name")
    elif fold(name).lower() in codes.roles:
        wrong.append(f"{name!r} is a common noun, and would be found everywhere")
    if kind not in KINDS:
        wrong.append(f"there is no kind {kind!r}; there are: {', '.join(KINDS)}")
    if country and not _is_code(country, codes):
        near = difflib.get_close_matches(country, [*codes.states, *codes.igos], 1)
        hint = f"did you mean {near[0]}?" if near else "states are ISO 3166 alpha-3 (CHN), organisations IGO:NAME"
        wrong.append(f"the country code {country!r} is unknown; {hint}")
    sector, level = cells["sector"], cells["level"]
    if sector and sector not in SECTORS:
        wrong.append(f"there is no sector {sector!r}; there are: {', '.join(sorted(SECTORS))}")
    if level and level not in LEVELS:
        wrong.append(f"there is no level {level!r}; there are: {', '.join(LEVELS)}")
    if cells["office"]:
        by_words = _by_words(cells["office"], codes)
        sector = sector or (by_words[0] if by_words else "") or ("IGO" if country.startswith("IGO:") else "")
        level = level or (by_words[1] if by_words else "") or "other"
        if not sector:
            wrong.append(f"what sector {cells['office']!r} is cannot be told by its words; fill in the column sector")
        if not country:
            wrong.append(f"{cells['office']!r} is an office of whom? fill in the column country")
    elif kind in KINDS:
        sector = sector or _KIND_SECTOR[kind]
    if cells["gender"] not in ("", "m", "f", "p"):
        wrong.append(f"there is no gender {cells['gender']!r}; there are: m, f, p (a name in the plural)")
    days = {}
    for column in ("start", "end", "as_of"):
        try:
            days[column] = tables.ordinal(cells[column] or None, end=column != "start")
        except (ValueError, IndexError):
            days[column] = 0
            wrong.append(f"{column} {cells[column]!r} is no date; write 2022, 2022-10 or 2022-10-27")
    if days["start"] and days["end"] and days["end"] < days["start"]:
        wrong.append(f"it ends ({cells['end']}) before it starts ({cells['start']})")
    target = -1
    if cells["actor"]:
        target = codes.ids.get(cells["actor"], -1)
        if target < 0:
            wrong.append(f"the tables have no actor {cells['actor']!r}; `comity who NAME --json` gives the ids")
    elif not wrong:
        target = _same_actor(name, kind, country, codes)
    for alias in (name, *_aliases(cells)):
        bearers = codes.surfaces.get(fold(alias), ())
        taken = next((b for b in bearers if b != target and codes.compiled.actor_kind[b] in ("state", "igo")), None)
        if taken is not None:
            wrong.append(f"{alias!r} is a name of {codes.compiled.actor_name[taken]} already")
    return Row(number, cells, sector, level, days["start"], days["end"], days["as_of"], target), wrong


def _is_code(code: str, codes: _Codes) -> bool:
    if code.startswith("GROUP:"):
        name, _, state = code[6:].rpartition("@")
        return bool(name) and (state in codes.states or state == "null")
    return code in codes.states or code in codes.igos


def _by_words(office: str, codes: _Codes) -> tuple[str, str] | None:
    """Sector and level of the longest role noun that the title begins with, else of the longest that it holds."""
    words = fold(office).lower().replace(",", " ").split()
    spans = [(i, j) for i in range(len(words)) for j in range(len(words), i, -1)]
    spans.sort(key=lambda span: (span[0] > 0, span[0] - span[1]))
    for i, j in spans:
        row = codes.roles.get(" ".join(words[i:j]))
        if row is not None and codes.compiled.role_kind[row] == "person":
            return codes.compiled.role_sector[row], codes.compiled.role_level[row]
    return None


def _same_actor(name: str, kind: str, country: str, codes: _Codes) -> int:
    """The one actor of the tables with this name, kind and country, if there is one; else -1."""
    t = codes.compiled
    found = []
    for row in dict.fromkeys(codes.surfaces.get(fold(name), ())):
        offices = t.office_country[t.office_first[row] : t.office_first[row + 1]]
        if t.actor_kind[row] == kind and (not country or country in (t.actor_state[row], t.actor_country[row], *offices)):  # fmt: skip
            found.append(row)
    return found[0] if len(found) == 1 else -1


def _key(row: Row) -> tuple[int, str, str]:
    """Rows with one key are about one actor."""
    if row.target >= 0:
        return row.target, "", ""
    return -1, row.cells["kind"] or "person", fold(row.cells["name"]).lower()


def _overlaps(rows: list[Row]) -> Iterator[str]:
    """Intervals that cannot both hold: one actor twice in one office, two at once in an office for one."""
    by_office: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        if row.cells["office"]:
            by_office.setdefault((row.cells["country"], row.cells["office"].lower()), []).append(row)
    for held in by_office.values():
        for n, later in enumerate(held):
            for earlier in held[:n]:
                if max(earlier.start, later.start) > min(earlier.end or _FAR, later.end or _FAR):
                    continue
                what = f"{later.cells['office']!r} of {later.cells['country']}"
                if _key(earlier) == _key(later):
                    yield f"row {later.number}: its interval and that of row {earlier.number} overlap ({what})"
                elif {earlier.level, later.level} <= _SINGLE:
                    yield (
                        f"row {later.number}: {later.cells['name']} holds {what} at the same time as "
                        f"{earlier.cells['name']} in row {earlier.number}"
                    )


_FAR = date.max.toordinal()


# --- laying over -----------------------------------------------------------------------------------------------------


def lay_over(compiled: tables.Compiled, overlay: Overlay) -> tables.Compiled:
    """The tables with the overlay's actors, names and offices. Its names win over the same names of the tables; where an
    office for one has a new holder, the open end of the one before closes."""
    t = compiled
    columns = {name: list(getattr(t, name)) for name in _ACTOR_COLUMNS}
    offices = [list(range(t.office_first[n], t.office_first[n + 1])) for n in range(len(t.actor_id))]
    office = {name: list(getattr(t, name)) for name in _OFFICE_COLUMNS}
    surfaces: dict[tuple[str, int], int] = {}
    media: list[tuple[int, str, str, list[str]]] = []
    sources = dict(t.sources)
    numbers: dict[tuple[int, str, str], int] = {}
    for row in overlay.rows:
        actor = numbers.get(_key(row), row.target)
        if actor < 0:
            actor = len(offices)
            offices.append([])
            for name, value in _actor(row).items():
                columns[name].append(value)
        numbers[_key(row)] = actor
        for alias in (row.cells["name"], *_aliases(row.cells)):
            surfaces[fold(alias.lstrip("".join(_SIGNS))), actor] = _SIGNS.get(alias[0], tables.NAME)
        if row.cells["office"]:
            _close_before(row, actor, offices, office)
            offices[actor].append(len(office["office_title"]))
            source = f"own:{row.number}"
            sources[source] = row.cells["source"] or f"{Path(overlay.path).name}, row {row.number}"
            for name, cell in zip(_OFFICE_COLUMNS, _office(row, source)):
                office[name].append(cell)
        if row.cells["kind"] == "medium":
            domains = [one.strip().lower() for one in row.cells["domains"].split(";") if one.strip()]
            media.append((actor, row.cells["ownership"], "", domains))
    order = [number for held in offices for number in held]
    first = [0]
    for held in offices:
        first.append(first[-1] + len(held))
    taken = {surface for surface, _ in surfaces}
    kept = [n for n, surface in enumerate(t.alias_surface) if surface not in taken or t.actor_kind[t.alias_actor[n]] == "state"]  # fmt: skip
    return msgspec.structs.replace(
        t,
        version=f"{t.version}+{overlay.digest}",
        **columns,
        **{name: [cells[n] for n in order] for name, cells in office.items()},
        office_first=first,
        alias_surface=[*(t.alias_surface[n] for n in kept), *(surface for surface, _ in surfaces)],
        alias_actor=[*(t.alias_actor[n] for n in kept), *(actor for _, actor in surfaces)],
        alias_kind=[*(t.alias_kind[n] for n in kept), *surfaces.values()],
        media_actor=[*t.media_actor, *(m[0] for m in media)],
        media_ownership=[*t.media_ownership, *(m[1] for m in media)],
        media_kind=[*t.media_kind, *(m[2] for m in media)],
        media_domains=[*t.media_domains, *(m[3] for m in media)],
        sources=sources,
    )


_ACTOR_COLUMNS = ("actor_id", "actor_name", "actor_kind", "actor_country", "actor_state", "actor_sector", "actor_wikidata",
                  "actor_start", "actor_end", "actor_gender")  # fmt: skip
_OFFICE_COLUMNS = ("office_country", "office_title", "office_sector", "office_level", "office_start", "office_end",
                   "office_asof", "office_source", "office_status")  # fmt: skip


def _aliases(cells: dict[str, str]) -> list[str]:
    return [alias.strip() for alias in cells["aliases"].split(";") if len(alias.strip()) > 1]


def _actor(row: Row) -> dict[str, object]:
    name, kind, code = row.cells["name"], row.cells["kind"] or "person", row.cells["country"]
    state = code if len(code) == 3 else code.rpartition("@")[2] if "@" in code else ""
    state = "" if state == "null" else state
    if kind == "igo":
        code = code or f"IGO:{name}"
    elif len(code) != 3:
        code = code or (f"GROUP:{name}@null" if kind != "other" else "")
    elif row.sector not in STATE_SECTORS and kind != "other":
        code = f"GROUP:{name}@{state}"
    values = (f"own:{kind}:{fold(name).lower().replace(' ', '-')}@{state or 'null'}", name, kind, code, state, row.sector, "", 0, 0,
              row.cells["gender"])  # fmt: skip
    return dict(zip(_ACTOR_COLUMNS, values))


def _office(row: Row, source: str) -> Iterable[object]:
    status = "verified" if row.cells["source"] else "unverified"
    return (row.cells["country"], row.cells["office"], row.sector, row.level, row.start, row.end, row.as_of, source, status)  # fmt: skip


def _close_before(row: Row, actor: int, offices: list[list[int]], office: dict[str, list[Any]]) -> None:
    """End the open terms of others in an office for one on the day before the new holder starts."""
    if row.level not in _SINGLE or not row.start:
        return
    title = row.cells["office"].lower()
    mine = set(offices[actor])
    for n, held in enumerate(office["office_title"]):
        if (
            n not in mine
            and not office["office_end"][n]
            and office["office_country"][n] == row.cells["country"]
            and office["office_start"][n] < row.start
            and (held.lower() == title or office["office_level"][n] == row.level != "minister")
        ):
            office["office_end"][n] = row.start - 1


__all__ = ["COLUMNS", "ActorsError", "Overlay", "lay_over", "merge", "read_overlay"]
