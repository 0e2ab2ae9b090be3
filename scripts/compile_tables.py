"""Check the readable source tables and write their compiled form, `src/comity/actors/compiled.bin`.

    python scripts/compile_tables.py [--quiet]

What the sources say is brought together in `tables_offices.py`, every name gets its spelling variants in
`tables_spellings.py`, and what contradicts itself is refused by `tables_check.py` with file and row.
"""

from __future__ import annotations

import hashlib
import itertools
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import msgspec
from table_files import COLUMNS, ROOT, TABLES, Row, TableError, fold, module, read_table, values
from tables_check import check, corrections, day
from tables_offices import FAR, Claim, persons
from tables_spellings import Spellings

actors: Any = module("actors/tables.py")
NAME, ADJECTIVE, PEOPLE, CAPITAL = actors.NAME, actors.ADJECTIVE, actors.PEOPLE, actors.CAPITAL
SEAT, WEAK, AMBIGUOUS = actors.SEAT, actors.WEAK, actors.AMBIGUOUS
MARKS = {"~": WEAK, "+": ADJECTIVE, "*": PEOPLE, "@": CAPITAL, "?": AMBIGUOUS}
"""Signs before an alias in the tables, and what they say of it."""

OUTPUT = ROOT / "src/comity/actors/compiled.bin"
STATE_SECTORS = frozenset(("GOV", "MIL", "LEG", "JUD", "SPY", "COP"))

LIFETIME = 40 * 366
"""Days after an office during which its holder may still be in the news: two namesakes within it are ambiguous."""


def compiled() -> Any:
    """The compiled tables (`comity.actors.tables.Compiled`). Raises `TableError` with all faults found."""
    tables = {name: read_table(name) for name in COLUMNS}
    tables["offices"] = corrections(tables)
    faults = [*check(tables)]
    if faults:
        raise TableError("the source tables have faults:\n  " + "\n  ".join(faults[:60]))
    return Book(tables).columns()


def write() -> tuple[Any, int]:
    """Compile and write, through a temporary file. Returns the tables and their size in bytes."""
    result = compiled()
    data = msgspec.msgpack.encode(result)
    part = OUTPUT.with_suffix(".part")
    part.write_bytes(data)
    part.replace(OUTPUT)
    return result, len(data)


def main() -> None:
    """Compile, write, report."""
    result, size = write()
    if "--quiet" not in sys.argv:
        kinds = ", ".join(f"{n} {kind}" for kind, n in Counter(result.actor_kind).most_common())
        size_mb, forms, offices = size / 1e6, len(result.alias_surface), len(result.office_title)
        sys.stdout.write(f"{OUTPUT.name}: {size_mb:.1f} MB, {forms} names, {offices} offices\nactors: {kinds}\n")


class Book:
    """All actors, made from the tables."""

    def __init__(self, tables: dict[str, list[Row]]) -> None:
        self.tables = tables
        self.spellings = Spellings(tables["spellings"])
        self.counted = {row["iso3"]: row["counted_as"] for row in tables["states"]}
        self.rows: list[dict[str, Any]] = []
        """Actors, one column dict each."""
        self.surfaces: dict[str, dict[int, int]] = defaultdict(dict)
        """Folded surface form to actor rows with kind bits."""
        self.lives: list[tuple[int, int]] = []
        """First and last day on which each actor may be meant."""
        self.government: list[tuple[int, int, int]] = []

    # --- actors

    def actor(self, **columns: Any) -> int:
        """A new actor; returns its row."""
        self.rows.append({"wikidata": "", "gender": "", "start": 0, "end": 0} | columns)
        self.lives.append((columns.get("start", 0), columns.get("end", 0) or FAR))
        return len(self.rows) - 1

    def alias(self, surface: str, row: int, kind: int) -> None:
        """A surface form of an actor. A form that several rows of the tables give is as strong as the strongest."""
        surface = fold(surface).strip()
        if surface[0] in MARKS:
            mark = MARKS[surface[0]]
            surface, kind = surface[1:], (kind if mark in (WEAK, AMBIGUOUS) else kind & ~NAME) | mark
        if len(surface) < 2:
            raise TableError(f"the name {surface!r} of {self.rows[row]['name']} is too short to look for")
        known = self.surfaces[surface].get(row, kind)
        weak = known & kind & WEAK
        self.surfaces[surface][row] = (known | kind) & ~WEAK | weak

    def columns(self) -> Any:
        """Everything as columns, in the form that the package loads."""
        self.states()
        igo = self.igos()
        media = self.bodies()
        persons, offices = self.persons()
        self.with_article()
        self.mark_ambiguous()
        t = self.tables
        aliases = sorted((surface, row, kind) for surface, rows in self.surfaces.items() for row, kind in rows.items())
        states = sorted(t["states"], key=lambda r: r["iso3"])
        roles, given = [*self.roles()], self.given()
        rows = self.rows
        return actors.Compiled(
            version=digest(),
            actor_id=[r["id"] for r in rows],
            actor_name=[r["name"] for r in rows],
            actor_kind=[r["kind"] for r in rows],
            actor_country=[r["country"] for r in rows],
            actor_state=[r["state"] for r in rows],
            actor_sector=[r["sector"] for r in rows],
            actor_wikidata=[r["wikidata"] for r in rows],
            actor_start=[r["start"] for r in rows],
            actor_end=[r["end"] for r in rows],
            actor_gender=[r["gender"] for r in rows],
            alias_surface=[a[0] for a in aliases],
            alias_actor=[a[1] for a in aliases],
            alias_kind=[a[2] for a in aliases],
            office_first=persons,
            office_country=[o.country for o in offices],
            office_title=[o.title for o in offices],
            office_sector=[o.sector for o in offices],
            office_level=[o.level for o in offices],
            office_start=[o.start for o in offices],
            office_end=[o.end for o in offices],
            office_asof=[o.asof for o in offices],
            office_source=[o.source for o in offices],
            office_status=[o.status for o in offices],
            government=self.government,
            role_phrase=[r[0] for r in roles],
            role_sector=[r[1] for r in roles],
            role_level=[r[2] for r in roles],
            role_kind=[r[3] for r in roles],
            role_anonymous=[r[4] for r in roles],
            role_plural=[r[5] for r in roles],
            title_word=[r["title"] for r in t["titles"]],
            title_sector=[r["sector"] for r in t["titles"]],
            title_level=[r["level"] for r in t["titles"]],
            title_gender=[r["gender"] for r in t["titles"]],
            given_name=[name for name, _ in given],
            given_gender=[gender for _, gender in given],
            media_actor=[m[0] for m in media],
            media_ownership=[m[1]["ownership"] for m in media],
            media_kind=[m[1]["kind"] for m in media],
            media_domains=[values(m[1]["domains"]) for m in media],
            state_iso3=[s["iso3"] for s in states],
            state_counted_as=[s["counted_as"] for s in states],
            state_name=[s["name"] for s in states],
            state_kind=[s["kind"] for s in states],
            state_start=[day(s["start"]) for s in states],
            state_end=[day(s["end"], True) for s in states],
            state_cow=[int(s["cow"] or 0) for s in states],
            state_gw=[int(s["gw"] or 0) for s in states],
            state_fips=[s["fips"] for s in states],
            state_iso2=[s["iso2"] for s in states],
            state_capital=[s["capital"] for s in states],
            igo_code=[code for code, _ in igo],
            igo_members=[members for _, members in igo],
            sources={row["id"]: citation(row) for row in t["sources"]},
        )

    def states(self) -> None:
        """States, with names, adjectives, capitals and seats of government."""
        number = {}
        for s in sorted(self.tables["states"], key=lambda r: r["iso3"]):
            number[s["iso3"]] = row = self.actor(
                id="state:" + s["iso3"], name=s["name"], kind="state", country=s["counted_as"], state=s["iso3"],
                sector="GOV", start=day(s["start"]), end=day(s["end"], True),
            )  # fmt: skip
            self.alias(s["name"], row, NAME)
        kinds = {"name": NAME, "adjective": ADJECTIVE, "people": PEOPLE, "capital": CAPITAL, "seat": SEAT,
                 "abbreviation": NAME | ADJECTIVE}  # fmt: skip
        for n in self.tables["state_names"]:
            self.alias(
                n["surface"], number[n["iso3"]], kinds[n["kind"]] | (AMBIGUOUS if n["note"] == "ambiguous" else 0)
            )

    def igos(self) -> list[tuple[str, list[str]]]:
        """Organisations of states and their organs; returns the codes with the states that are members now."""
        members = []
        for r in sorted(self.tables["igos"], key=lambda r: r["code"]):
            self.body(r, "igo:" + r["code"].removeprefix("IGO:"), "igo", r["of"] or r["code"], sector="IGO", state="")
            if not r["of"]:
                # ISO3, ISO3:from or ISO3:from:to: who has left has a third part
                members.append((r["code"], [m[:3] for m in values(r["members"]) if m.count(":") < 2]))
        return members

    def bodies(self) -> list[tuple[int, Row]]:
        """Organs, groups, parties, media; returns the media."""
        t = self.tables
        for r in sorted(t["organs"], key=lambda r: r["id"]):
            self.body(r, r["id"], "organ", self.counted[r["country"]])
        for r in sorted(t["groups"], key=lambda r: r["id"]):
            row = self.body(r, r["id"], r["kind"], self.group(r), gender="p" if is_plural(r) else "")
            for start, end in zip(values(r["government_from"]), [*values(r["government_to"]), ""]):
                self.government.append((row, day(start), day(end, True)))
        for r in sorted(t["parties"], key=lambda r: r["id"]):
            self.body(r, r["id"], "party", self.group(r), sector="PTY")
        lives = {s["iso3"]: {"start": s["start"], "end": s["end"]} for s in t["states"]} | {"": {}}
        media = []
        for r in sorted(t["media"], key=lambda r: r["id"]):
            official = r["kind"] == "official"
            country = self.counted.get(r["country"], "") if official or r["ownership"] == "state" else self.group(r)
            named = not official and not (r["source"] != "comity" and one_word(r["name"]))
            row = self.body(
                r | lives[r["country"]], r["id"], "medium", country, sector="GOV" if official else "JRN", named=named
            )
            media.append((row, r))
        return media

    def body(self, r: Row, id: str, kind: str, country: str, *, named: bool = True, **columns: Any) -> int:
        """An actor that is no person, with its names."""
        defaults = {"state": r.get("country", ""), "sector": r.get("sector", ""), "start": day(r.get("start", ""))}
        own = {"id": id, "name": r["name"], "kind": kind, "country": country, "end": day(r.get("end", ""), True)}
        row = self.actor(**defaults | own | columns)
        for name in [r["name"], *values(r["aliases"])] if named else []:
            self.alias(name, row, NAME)
        return row

    def group(self, r: Row) -> str:
        """The code of a body that is no organ: of the state for its armed units, empty for several states and for no actor at all."""
        state = self.counted.get(r["country"], "")
        if r.get("kind") in ("other", "states"):
            return ""
        return state if r.get("sector", "") in STATE_SECTORS and state else f"GROUP:{r['name']}@{state or 'null'}"

    # --- persons

    def persons(self) -> tuple[list[int], list[Claim]]:
        """Persons with their offices: first office row of each actor (and one more), and the offices."""
        gender = dict(self.given())
        firsts: list[int] = [0] * len(self.rows)
        offices: list[Claim] = []
        for person in persons(self.tables, self.spellings):
            claims = person.claims
            main = max(claims, key=lambda c: (len(c.country) == 3, c.start))
            row = self.actor(
                id=person.id, name=person.name, kind="person", country="",
                state="" if main.country.startswith("IGO:") else main.country.rsplit("@", 1)[-1], sector="",
                wikidata=person.wikidata, gender=person.gender or gender.get(fold(person.name).split()[0], ""),
            )  # fmt: skip
            self.lives[row] = (min(c.start for c in claims), max(c.last for c in claims) + LIFETIME)
            firsts.append(len(offices))
            offices += claims
            for name, kind in person.names.items():
                for form in [name] if kind & WEAK else self.spellings.variants(name, main.country):
                    self.alias(form, row, kind)
        return [*firsts, len(offices)], offices

    # --- names

    def with_article(self) -> None:
        """Names that begin with a name held with its article get the article too.

        The matcher takes the leftmost name: "the West" would hide "West Bank" in "the West Bank".
        """
        following: dict[str, list[str]] = defaultdict(list)
        for surface in self.surfaces:
            following[surface.split(" ")[0]].append(surface)
        for surface in [s for s in self.surfaces if s[:4] in ("the ", "The ")]:
            article, name = surface[:4], surface[4:]
            for longer in following.get(name.split(" ")[0], []):
                if longer.startswith((name + " ", name + "-")):
                    for row, kind in self.surfaces[longer].items():
                        self.surfaces[article + longer].setdefault(row, kind)

    def mark_ambiguous(self) -> None:
        """Set the bit on every name that two actors share who live at the same time."""
        for rows in self.surfaces.values():
            if len(rows) < 2:
                continue
            for a, b in itertools.combinations(rows, 2):
                if self.lives[a][0] <= self.lives[b][1] and self.lives[b][0] <= self.lives[a][1]:
                    rows[a] |= AMBIGUOUS
                    rows[b] |= AMBIGUOUS

    def given(self) -> list[tuple[str, str]]:
        """Given names, folded, with the gender that any spelling of them has."""
        genders: dict[str, str] = {}
        for row in self.tables["given_names"]:
            name = fold(row["name"])
            genders[name] = genders.get(name, "") or row["gender"]
        return sorted(genders.items())

    def roles(self) -> Iterator[tuple[str, str, str, str, str, bool]]:
        """Phrases of the role nouns: the form of the table, then its plural."""
        seen = set()
        for r in self.tables["roles"]:
            for phrase, kind, plural in (
                (r["phrase"], r["kind"], r["kind"] == "people"),
                (r["plural"], "people", True),
            ):
                if phrase and phrase not in seen:
                    seen.add(phrase)
                    yield phrase, r["sector"], r["level"], kind, r["anonymous_type"], plural


def one_word(name: str) -> bool:
    """True for a name such as Focus or The Star: known outlets of that form are curated, the rest are words."""
    name = name.removeprefix("The ")
    return " " not in name and (not name.isupper() or len(name) < 3)


def is_plural(group: Row) -> bool:
    """True when one speaks of a group as of many: the Houthis, the Taliban, the Syrian Democratic Forces."""
    last = group["name"].split()[-1]
    if group["kind"] == "group" and last[:-1] in [alias.lstrip("+*~@?") for alias in values(group["aliases"])]:
        return True  # the Houthis: one of them is a Houthi
    return group["kind"] == "population" or last in ("Taliban", "Mujahideen") or (
        group["kind"] == "group" and last.endswith("s") and last[-2:] not in ("ss", "us", "is") and not last.isupper()
    )  # fmt: skip


def citation(row: Row) -> str:
    """A source as people cite it."""
    parts = [row["title"], row["licence"], f"as of {row['asof']}" if row["asof"] else "", row["url"]]
    return "; ".join(part for part in parts if part)


def digest() -> str:
    """Digest of all source tables: the version of the compiled form."""
    total = hashlib.sha256()
    for path in sorted(TABLES.glob("*.tsv")):
        total.update(path.name.encode() + b"\0" + path.read_bytes())
    return total.hexdigest()[:16]


if __name__ == "__main__":
    try:
        main()
    except TableError as error:
        sys.exit(str(error))
