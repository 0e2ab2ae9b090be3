"""Check the readable source tables and write their compiled form, `src/comity/actors/compiled.bin`.

    python scripts/compile_tables.py [--quiet]

The tables hold claims: what one source says of one office, one name. Here claims about the same office of the same person
become one interval, holders of an office that one person holds at a time are put end to end, levels follow from the
office, and every name gets its spelling variants. What contradicts itself is an error with file and row.
"""

from __future__ import annotations

import hashlib
import itertools
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

import msgspec
import table_files
from table_files import ROOT, TABLES, Row, TableError, fold, position, position_rules, read_table, values

actors = table_files.module("actors/tables.py")
NAME, ADJECTIVE, PEOPLE, CAPITAL, SEAT, WEAK, AMBIGUOUS = (
    actors.NAME, actors.ADJECTIVE, actors.PEOPLE, actors.CAPITAL, actors.SEAT, actors.WEAK, actors.AMBIGUOUS,
)  # type: ignore[attr-defined]  # fmt: skip
OUTPUT = ROOT / "src/comity/actors/compiled.bin"

SECTORS = frozenset("GOV MIL LEG JUD SPY COP ELI PTY REB OPP CVL BUS SOC JRN REL EDU MED LAB CRM AGR REF IGO UAF UNK".split())
STATE_SECTORS = frozenset("GOV MIL LEG JUD SPY COP".split())
LEVELS = frozenset((
    "top leader", "head of government", "deputy head", "minister", "deputy minister", "spokesperson", "envoy", "ambassador",
    "parliament", "party", "military", "agency", "other",
))  # fmt: skip

HANDOVER = 31
"""Days by which two sources may differ on one handover: a shorter overlap of two holders is cut at the later's start."""

SAME_START = 60
"""Days within which two claims of an office by persons who share a name are taken for one person's."""

LIFETIME = 40 * 366
"""Days after an office during which its holder may still be in the news: two namesakes within it are ambiguous."""

VARIANTS = 24
"""Most spelling variants of one name. More than that are products of many rules, which nobody writes."""

FAR = date.max.toordinal()


def compiled() -> object:
    """The compiled tables (`comity.actors.tables.Compiled`). Raises `TableError` with all faults found."""
    tables = {name: read_table(name) for name in table_files.COLUMNS}
    tables["offices"] = corrections(tables)
    faults = [*check(tables)]
    if faults:
        raise TableError("the source tables have faults:\n  " + "\n  ".join(faults[:60]))
    book = Book(tables)
    return book.columns()


def main() -> None:
    """Compile, write, report."""
    result = compiled()
    data = msgspec.msgpack.encode(result)
    OUTPUT.write_bytes(data)
    if "--quiet" not in sys.argv:
        kinds = Counter(result.actor_kind)  # type: ignore[attr-defined]
        print(f"{OUTPUT.name}: {len(data) / 1e6:.1f} MB, {len(result.alias_surface)} names, {len(result.office_title)} offices")  # type: ignore[attr-defined]  # noqa: T201
        print("actors: " + ", ".join(f"{n} {kind}" for kind, n in kinds.most_common()))  # noqa: T201


# --- checking --------------------------------------------------------------------------------------------------------


def check(tables: dict[str, list[Row]]) -> Iterator[str]:
    """Faults of the source tables that each row shows by itself or against another table."""
    sources = {row["id"] for row in tables["sources"]}
    countries = {row["iso3"] for row in tables["states"]}
    codes = {row["code"] for row in tables["igos"]} | {
        f"GROUP:{row['name']}@{row['country'] or 'null'}" for row in (*tables["groups"], *tables["parties"])
    }

    for table, rows in tables.items():
        for number, row in enumerate(rows, 2):
            where = f"tables/{table}.tsv:{number}: "
            for key in ("start", "end", "asof", "government_from", "government_to"):
                for value in values(row.get(key, "")):
                    try:
                        day(value)
                    except ValueError:
                        yield f"{where}{key} {value!r} is no date; write YYYY, YYYY-MM or YYYY-MM-DD"
            if row.get("start") and row.get("end") and day(row["start"]) > day(row["end"], True):
                yield f"{where}ends ({row['end']}) before it starts ({row['start']})"
            if "source" in row:
                for source in values(row["source"]):
                    if source.split(":")[0] not in sources and not source.startswith(("https://", "http://")):
                        yield f"{where}source {source!r} is neither in sources.tsv nor a page's address"
                if not row["source"]:
                    yield f"{where}no source"
            if row.get("sector") and row["sector"] not in SECTORS:
                yield f"{where}sector {row['sector']!r} is unknown"
            if row.get("level") and row["level"] not in LEVELS:
                yield f"{where}level {row['level']!r} is unknown"
            if table in ("offices", "organs", "groups", "parties", "media", "state_names", "leading_offices", "several_holders"):
                country = row.get("country", row.get("iso3", ""))
                if country not in countries and country not in codes and country:
                    yield f"{where}country {country!r} is neither a state of states.tsv nor a code of igos.tsv"
                if not country and table not in ("groups", "media"):
                    yield f"{where}no country"
            if table == "igos":
                for member in values(row["members"]):
                    if member.split(":")[0] not in countries:
                        yield f"{where}member {member!r} is no state of states.tsv"
    for table, key in (("states", "iso3"), ("organs", "id"), ("groups", "id"), ("media", "id"), ("parties", "id"), ("igos", "code"),
                       ("sources", "id"), ("titles", "title"), ("given_names", "name"), ("roles", "phrase")):  # fmt: skip
        for value, n in Counter(row[key] for row in tables[table]).items():
            if n > 1:
                yield f"tables/{table}.tsv: {key} {value!r} stands in {n} rows"
    words = {row["word"] for row in tables["ordinary_words"]}
    for row in (*tables["offices"], *tables["persons"]):
        for name in [row.get("person") or row["name"], *values(row["aliases"])]:
            if fold(name.lstrip("~")).lower() in words:
                yield f"the name {name!r} of {row.get('person') or row['name']} is a word of the language or a given name; give it in full"
    for row in tables["given_names"]:
        if fold(row["name"]).lower() in words:
            yield f"tables/given_names.tsv: {row['name']!r} is a word of the language: as a first word it tells no person"
    for row in tables["offices"]:
        if row["status"] not in ("verified", "unverified"):
            yield f"tables/offices.tsv: {row['person']}: status {row['status']!r} is neither verified nor unverified"


def day(text: str, end: bool = False) -> int:
    """Day number of a date cell, 0 for an empty one."""
    return actors.ordinal(text, end)  # type: ignore[attr-defined, no-any-return]


# --- offices ---------------------------------------------------------------------------------------------------------

_TRUST = {"wikidata-officeholders": 1, "wikidata-ministers": 1, "wikidata-heads": 0, "cia-factbook": 2}
"""Which source's dates win where several speak of one office; all others, above all curated rows, win over these."""


@dataclass
class Claim:
    """One office of one person, with the interval that the sources give together."""

    country: str
    title: str
    key: str
    sector: str
    level: str
    start: int
    end: int
    vague: bool
    """The start is known by year or month only."""
    asof: int
    source: str
    status: str
    trust: int

    @property
    def last(self) -> int:
        return self.end or FAR


@dataclass
class Person:
    """A person with all forms of the name and all offices."""

    id: str
    name: str
    country: str
    wikidata: str = ""
    gender: str = ""
    names: dict[str, int] = field(default_factory=dict)
    """Name forms to their kind bits."""
    claims: list[Claim] = field(default_factory=list)


def claim_of(row: Row, rule: Row) -> Claim:
    key = rule["key"]
    if key == "=":
        key = "=" + fold(row["office"]).lower()
    plain = row["source"].startswith(("wikidata", "cia")) and not re.match("(?:Acting|Interim|Caretaker|Transition)", row["office"])
    title = rule["office"] if rule["office"] and plain else row["office"]
    return Claim(
        row["country"], title, key, row["sector"] or ("IGO" if row["country"].startswith("IGO:") else rule["sector"]), row["level"] or rule["level"], day(row["start"]),
        day(row["end"], True), len(row["start"]) < 10, day(row["asof"], True), row["source"], row["status"],
        _TRUST.get(row["source"], 3),
    )  # fmt: skip


def merged(claims: list[Claim]) -> list[Claim]:
    """Claims of one person about one office, each stretch of time once.

    Claims that overlap or follow each other within `HANDOVER` days are one stretch. Its dates are those of the most
    trusted claim that has them by day; an explicit end wins over an open one that was made before it.
    """
    claims = sorted(claims, key=lambda c: (c.start, c.last, -c.trust))
    out: list[Claim] = []
    for claim in claims:
        known = out[-1] if out else None
        if known is None or not (claim.start <= (known.end or FAR) + HANDOVER or not claim.start):
            out.append(claim)
            continue
        out[-1] = join(known, claim)
    return out


def join(a: Claim, b: Claim) -> Claim:
    better, other = (a, b) if (a.trust, a.asof) >= (b.trust, b.asof) else (b, a)
    starts = [c for c in (better, other) if c.start]
    exact = [c for c in starts if not c.vague] or starts
    start = exact[0].start if exact else 0
    if a.end and b.end and a.end < b.start:  # two terms without a break
        start, end = a.start, b.end
    elif better.end:
        end = better.end
        if not other.end and other.asof > better.end + HANDOVER and other.trust >= better.trust:
            end = 0
    else:
        end = other.end if other.end and other.end > better.asof else 0
        if other.end and better.asof <= other.end:
            end = other.end
    sources = list(dict.fromkeys([*values(better.source), *values(other.source)]))
    return Claim(better.country, better.title, better.key, better.sector, better.level, start, end,
                 all(c.vague for c in exact), max(a.asof, b.asof), ";".join(sources[:3]),
                 "verified" if "verified" in (a.status, b.status) else "unverified", better.trust)  # fmt: skip


def in_turn(holders: list[tuple[Person, Claim]]) -> list[tuple[Person, Claim]]:
    """Holders of an office that one person holds at a time, without overlaps, by start.

    An open end is closed by the next holder; a handover that sources date differently is cut at the next start; of two
    that overlap for longer the less trusted gives way, a shorter term inside a longer one splits it.
    """
    rest = sorted((h for h in holders if h[1].start), key=lambda h: (h[1].start, -h[1].trust, -h[1].last))
    out: list[tuple[Person, Claim]] = []
    for person, claim in rest:
        tail = None
        while out:
            before = out[-1][1]
            if out[-1][0] is person or before.last < claim.start:
                break
            weaker = claim.trust < before.trust
            if not before.end:
                if weaker and claim.start <= before.asof:
                    claim.end = -1  # a better source knows the other one still in office
                elif claim.start - before.start < HANDOVER and claim.trust > before.trust:
                    out.pop()
                    continue
                else:
                    before.end = max(claim.start - 1, before.start)
                break
            if before.end - claim.start <= HANDOVER or (claim.last >= before.end and not weaker):
                before.end = claim.start - 1
            elif claim.last >= before.end:
                claim.start = before.end + 1
            elif weaker:
                claim.end = -1
            else:  # a shorter term inside a longer one
                tail = (out[-1][0], Claim(**{**vars(before), "start": claim.last + 1}))
                before.end = claim.start - 1
            if before.end < before.start:
                out.pop()
                continue
            break
        if claim.last >= claim.start:
            out.append((person, claim))
        if tail is not None:
            out.append(tail)
    return out


# --- names -----------------------------------------------------------------------------------------------------------


class Spellings:
    """Variants of a name by the rules of `spellings.tsv`."""

    def __init__(self, rows: list[Row]) -> None:
        self.tokens: dict[str, list[str]] = defaultdict(list)
        self.canonical: dict[str, str] = {}
        self.endings: list[tuple[str, list[str]]] = []
        for row in rows:
            forms = [row["from"], *values(row["to"])]
            if row["kind"] == "name":
                for form in forms:
                    self.tokens[form] += [f for f in forms if f != form and f not in self.tokens[form]]
                    self.canonical.setdefault(fold(form).lower(), fold(forms[0]).lower())
            elif row["kind"] == "ending":
                self.endings.append((row["from"], values(row["to"])))
            else:
                raise TableError(f"tables/spellings.tsv: kind {row['kind']!r} is neither name nor ending")

    def key(self, name: str) -> str:
        """A name for comparing: folded, without hyphens, initials and articles, every word in one spelling."""
        words = [self.canonical.get(w, w) for w in re.sub(r"[-'.]", " ", fold(name)).lower().split()]
        long = [w for w in words if len(w) > 1 and w not in ("al", "el", "bin", "the", "ibn")]
        return " ".join(long if len(long) > 1 else words)

    def variants(self, name: str, country: str) -> list[str]:
        """Spellings of a name, itself first, at most `VARIANTS`."""
        forms = [name]
        plain = re.sub(r" [A-Z]\.?(?= )", "", name)  # Joseph R. Biden
        if country in _PATRONYMIC:
            plain = re.sub(r" \w+(?:vich|vych|ovna|evna|ivna|yevich)(?= )", "", plain)
        if " " in plain:
            forms.append(plain)
        for form in list(forms):
            words = form.split(" ")
            options = [[w, *self.tokens.get(w, [])] for w in words]
            for old, new in self.endings:
                if words[-1].endswith(old) and len(words[-1]) > len(old) + 1 and country in _ENDING_STATES:
                    options[-1] += [words[-1][: -len(old)] + e for e in new]
            forms += [" ".join(choice) for choice in itertools.islice(itertools.product(*options), VARIANTS)]
        for form in list(forms):
            forms += shapes(form, country)
        seen = dict.fromkeys(forms)
        return list(itertools.islice(seen, VARIANTS))


_CONTINUED = {"SUN": "RUS", "CSK": "CZE", "YUG": "SRB", "SCG": "SRB", "DDR": "DEU"}
"""States whose persons go on as persons of another: one name in both is one person."""


def home(country: str) -> str:
    """The state within which a name tells one person: that of a group, the successor of a state that ended."""
    country = country.rsplit("@", 1)[-1]
    return _CONTINUED.get(country, country)


_PATRONYMIC = frozenset("RUS UKR BLR KAZ KGZ TJK TKM UZB AZE ARM GEO MDA SUN".split())
_ENDING_STATES = _PATRONYMIC | {"BGR", "MKD", "SRB"}
_TWO_PART_GIVEN = frozenset("KOR PRK TWN CHN HKG SGP MYS".split())


def shapes(name: str, country: str) -> list[str]:
    """The same letters set otherwise: hyphens, articles, apostrophes."""
    out = []
    if country in _TWO_PART_GIVEN:
        found = re.fullmatch(r"([A-Z][a-z]+) ([A-Z][a-z]+)-([A-Za-z][a-z]+)", name)
        if found:
            family, first, second = found.groups()
            out += [f"{family} {first} {second.capitalize()}", f"{family} {first}-{second.capitalize()}",
                    f"{family} {first}-{second.lower()}", f"{family} {first}{second.lower()}"]  # fmt: skip
        found = re.fullmatch(r"([A-Z][a-z]+) ([A-Z][a-z]+) ([A-Z][a-z]+)", name)
        if found and country != "CHN":
            family, first, second = found.groups()
            out += [f"{family} {first}-{second.lower()}", f"{family} {first}-{second}"]
    if re.search(r"(?<= )[aAeE]l[- ]", name):
        for article in ("al-", "Al-", "el-", "El-", "al ", "Al ", "El "):
            out.append(re.sub(r"(?<= )[aAeE]l[- ](?=\w+$)", article, name))
        bare = re.sub(r"(?<= )[aAeE]l[- ](?=\w+$)", "", name)
        if bare.count(" ") >= 1:
            out.append(bare)
    if "'" in name:
        out.append(name.replace("'", ""))
    return out


# --- the book --------------------------------------------------------------------------------------------------------


class Book:
    """All actors, made from the tables."""

    def __init__(self, tables: dict[str, list[Row]]) -> None:
        self.tables = tables
        self.spellings = Spellings(tables["spellings"])
        self.counted = {row["iso3"]: row["counted_as"] for row in tables["states"]}
        self.rows: list[dict[str, object]] = []
        """Actors, one column dict each."""
        self.surfaces: dict[str, dict[int, int]] = defaultdict(dict)
        """Folded surface form to actor rows with kind bits."""
        self.lives: list[tuple[int, int]] = []

    # --- actors

    def actor(self, **columns: object) -> int:
        self.rows.append(columns)
        self.lives.append((columns.get("start", 0) or 0, columns.get("end", 0) or FAR))  # type: ignore[arg-type]
        return len(self.rows) - 1

    def alias(self, surface: str, row: int, kind: int) -> None:
        surface = fold(surface).strip()
        if surface[:1] == "~":
            surface, kind = surface[1:], kind | WEAK
        elif surface[:1] == "+":
            surface, kind = surface[1:], (kind & ~NAME) | ADJECTIVE
        elif surface[:1] == "*":
            surface, kind = surface[1:], (kind & ~NAME) | PEOPLE
        elif surface[:1] == "@":
            surface, kind = surface[1:], (kind & ~NAME) | CAPITAL
        elif surface[:1] == "?":
            surface, kind = surface[1:], kind | AMBIGUOUS
        if len(surface) < 2:
            raise TableError(f"the name {surface!r} of {self.rows[row]['name']} is too short to look for")
        bits = self.surfaces[surface]
        bits[row] = bits[row] | kind if row in bits and not (bits[row] ^ kind) & WEAK else min(bits.get(row, kind), kind)

    def columns(self) -> object:
        self.states()
        igo = self.igos()
        media = self.bodies()
        persons, offices = self.persons()
        self.mark_ambiguous()
        t = self.tables
        aliases = sorted((surface, row, kind) for surface, rows in self.surfaces.items() for row, kind in rows.items())
        states = sorted(t["states"], key=lambda r: r["iso3"])
        roles, given = [*self.roles()], self.given()
        rows = self.rows
        return actors.Compiled(  # type: ignore[attr-defined]
            version=digest(),
            actor_id=[r["id"] for r in rows],
            actor_name=[r["name"] for r in rows],
            actor_kind=[r["kind"] for r in rows],
            actor_country=[r["country"] for r in rows],
            actor_state=[r["state"] for r in rows],
            actor_sector=[r["sector"] for r in rows],
            actor_wikidata=[r.get("wikidata", "") for r in rows],
            actor_start=[r.get("start", 0) for r in rows],
            actor_end=[r.get("end", 0) for r in rows],
            actor_gender=[r.get("gender", "") for r in rows],
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
        number = {}
        for s in sorted(self.tables["states"], key=lambda r: r["iso3"]):
            number[s["iso3"]] = row = self.actor(
                id="state:" + s["iso3"], name=s["name"], kind="state", country=s["counted_as"], state=s["iso3"], sector="GOV",
                start=day(s["start"]) if s["kind"] != "dependency" else 0, end=day(s["end"], True),
            )  # fmt: skip
            self.alias(s["name"], row, NAME)
        kinds = {"name": NAME, "adjective": ADJECTIVE, "people": PEOPLE, "capital": CAPITAL, "seat": SEAT,
                 "abbreviation": NAME | ADJECTIVE}  # fmt: skip
        today = FAR
        for n in self.tables["state_names"]:
            kind = kinds[n["kind"]] | (AMBIGUOUS if "ambiguous" in n["note"] else 0)
            if n["end"] and n["kind"] == "capital" and day(n["end"], True) < today and self.shared(n):
                kind &= ~AMBIGUOUS
            self.alias(n["surface"], number[n["iso3"]], kind)

    def shared(self, name: Row) -> bool:
        return any(o["surface"] == name["surface"] and o["iso3"] != name["iso3"] for o in self.tables["state_names"])

    def igos(self) -> list[tuple[str, list[str]]]:
        out = []
        for r in sorted(self.tables["igos"], key=lambda r: r["code"]):
            code = r["of"] or r["code"]
            row = self.actor(id="igo:" + r["code"].removeprefix("IGO:"), name=r["name"], kind="igo", country=code, state="", sector="IGO",
                             start=day(r["start"]), end=day(r["end"], True))  # fmt: skip
            for name in [r["name"], *values(r["aliases"])]:
                self.alias(name, row, NAME)
            if not r["of"]:
                out.append((r["code"], [m.split(":")[0] for m in values(r["members"]) if not m.split(":")[2:]]))
        return out

    def bodies(self) -> list[tuple[int, Row]]:
        """Organs, groups, parties, media."""
        self.government: list[tuple[int, int, int]] = []
        for r in sorted(self.tables["organs"], key=lambda r: r["id"]):
            row = self.actor(id=r["id"], name=r["name"], kind="organ", country=self.counted.get(r["country"], r["country"]), state=r["country"],
                             sector=r["sector"], start=day(r["start"]), end=day(r["end"], True))  # fmt: skip
            self.named(row, r)
        for r in sorted(self.tables["groups"], key=lambda r: r["id"]):
            plural = "p" if r["kind"] == "population" else ""
            row = self.actor(id=r["id"], name=r["name"], kind=r["kind"], country=self.group(r) if r["kind"] != "other" else "",
                             state=r["country"], sector=r["sector"], start=day(r["start"]), end=day(r["end"], True), gender=plural)  # fmt: skip
            self.named(row, r)
            if r["government_from"]:
                for start, end in zip(values(r["government_from"]), [*values(r["government_to"]), ""]):
                    self.government.append((row, day(start), day(end, True)))
        for r in sorted(self.tables["parties"], key=lambda r: r["id"]):
            row = self.actor(id=r["id"], name=r["name"], kind="party", country=self.group(r), state=r["country"], sector="PTY",
                             start=day(r["start"]), end=day(r["end"], True))  # fmt: skip
            self.named(row, r)
        media = []
        lives = {s["iso3"]: (day(s["start"]), day(s["end"], True)) for s in self.tables["states"]}
        for r in sorted(self.tables["media"], key=lambda r: r["id"]):
            state = r["ownership"] == "state" or r["kind"] == "official"
            row = self.actor(id=r["id"], name=r["name"], kind="medium", country=self.counted.get(r["country"], "") if state else self.group(r),
                             state=r["country"], sector="GOV" if r["kind"] == "official" else "JRN",
                             start=lives.get(r["country"], (0, 0))[0], end=lives.get(r["country"], (0, 0))[1])  # fmt: skip
            if r["kind"] != "official" and not (r["source"] != "comity" and one_word(r["name"])):
                self.named(row, r)
            media.append((row, r))
        return media

    def group(self, r: Row) -> str:
        if r.get("sector", "") in STATE_SECTORS and r["country"]:
            return self.counted[r["country"]]
        return f"GROUP:{r['name']}@{self.counted.get(r['country'], r['country']) or 'null'}"

    def named(self, row: int, r: Row) -> None:
        for name in [r["name"], *values(r["aliases"])]:
            self.alias(name, row, NAME)

    # --- persons

    def persons(self) -> tuple[list[int], list[Claim]]:
        """Persons with their offices: first office row of each actor, and the offices."""
        people = self.gathered()
        self.take_turns(people)
        gender = dict(self.given())
        firsts, offices = [0] * len(self.rows), []
        weak: dict[str, list[int]] = defaultdict(list)
        for person in sorted(people, key=lambda p: p.id):
            claims = sorted(person.claims, key=lambda c: (c.start, c.last, c.title, c.country))
            if not claims:
                continue
            main = max(claims, key=lambda c: (len(c.country) == 3, c.start))
            first = fold(person.name).split()[0]
            row = self.actor(
                id=person.id, name=person.name, kind="person", country="", state=main.country if len(main.country) == 3 else "",
                sector="", wikidata=person.wikidata, gender=person.gender or gender.get(first, ""),
                start=0, end=0,
            )  # fmt: skip
            self.lives[row] = (min(c.start for c in claims), max(c.last if c.end else FAR for c in claims) + LIFETIME)
            firsts.append(len(offices))
            for claim in claims:
                offices += self.levelled(claim)
            for name, kind in person.names.items():
                if kind & WEAK:
                    weak[name].append(row)
                    self.alias(name, row, kind)
                    continue
                for form in self.spellings.variants(name, main.country):
                    self.alias(form, row, kind)
        firsts.append(len(offices))
        return firsts, offices

    def gathered(self) -> list[Person]:
        """Claims by person: one person is one Wikidata item, or one name within one state."""
        rules = position_rules()
        people: dict[str, Person] = {}
        by_name: dict[tuple[str, str], list[Person]] = defaultdict(list)
        everywhere: dict[str, list[Person]] = defaultdict(list)
        by_office: dict[tuple[str, str], list[tuple[Person, Claim]]] = defaultdict(list)

        def known_as(person: Person, names: Iterable[str], country: str) -> None:
            country = home(country)
            for name in names:
                bare = name.lstrip("~")
                if bare not in person.names and fold(bare) not in {fold(n) for n in person.names}:
                    person.names[bare] = NAME | (WEAK if name.startswith("~") else 0)
                if not name.startswith("~"):
                    key = self.spellings.key(name)
                    for index, where in ((by_name, (country, key)), (everywhere, key)):
                        if person not in index[where]:  # type: ignore[index]
                            index[where].append(person)  # type: ignore[index]

        together: dict[tuple[str, ...], list[Row]] = defaultdict(list)
        for row in self.tables["offices"]:
            identity = (row["wikidata"],) if row["wikidata"] else (home(row["country"]), self.spellings.key(row["person"]))
            together[identity].append(row)
        # numbered persons first, so that the others can join them; the Factbook last, its names are the least usual
        for identity, rows in sorted(together.items(), key=lambda g: (len(g[0]), all(r["source"] == "cia-factbook" for r in g[1]), g[0])):
            names = list(dict.fromkeys(n for row in rows for n in [row["person"], *values(row["aliases"])]))
            claims = [claim_of(row, position(row["office"], row["country"], rules)) for row in rows]
            person = None
            if len(identity) == 2:
                person = next((p for c in claims if (p := self.same(names, c, by_name, everywhere, by_office))), None)
            main = max(rows, key=lambda r: (_TRUST.get(r["source"], 3), r["source"] == "comity"))
            if person is None:
                slug = re.sub(r"[^a-z0-9]+", "-", fold(main["person"]).lower()).strip("-")
                wikidata = identity[0] if len(identity) == 1 and identity[0].startswith("Q") else ""
                number = wikidata or f"person:{slug}@{home(main['country']).removeprefix('IGO:')}"
                person = people.setdefault(number, Person(number, main["person"], main["country"], wikidata))
            if _TRUST.get(main["source"], 3) == 3 and not main["source"].startswith(("ifg", "us-")):
                person.name = main["person"]
            for row, claim in zip(rows, claims):
                known_as(person, [row["person"], *values(row["aliases"])], row["country"])
                person.claims.append(claim)
                if claim.key:
                    by_office[row["country"], claim.key].append((person, claim))
        for row in self.tables["persons"]:
            found = [p for p in by_name.get((home(row["country"]), self.spellings.key(row["name"])), []) if not row["wikidata"] or p.wikidata == row["wikidata"]]
            if not found:
                raise TableError(f"tables/persons.tsv: {row['name']} ({row['country']}) holds no office in offices.tsv; add one, or mend the name")
            person = min(found, key=lambda p: (-rank(p), p.id))
            known_as(person, values(row["aliases"]), row["country"])
            person.gender = row["gender"] or person.gender
        for person in people.values():
            groups: dict[tuple[str, str], list[Claim]] = defaultdict(list)
            for claim in person.claims:
                groups[claim.country, claim.key or fold(claim.title).lower()].append(claim)
            person.claims = [claim for group in groups.values() for claim in merged(group)]
        return list(people.values())

    def same(
        self, names: list[str], claim: Claim, by_name: dict[tuple[str, str], list[Person]], everywhere: dict[str, list[Person]],
        by_office: dict[tuple[str, str], list[tuple[Person, Claim]]],
    ) -> Person | None:  # fmt: skip
        """The known person whom a claim without a Wikidata number is about, if any."""
        keys = [self.spellings.key(n) for n in names if not n.startswith("~")]
        found: dict[str, Person] = {}
        for key in keys:
            for person in by_name.get((home(claim.country), key), []):
                found[person.id] = person
        if not found and claim.country.startswith("IGO:"):
            for key in keys:
                if len(everywhere.get(key, [])) == 1:
                    found[everywhere[key][0].id] = everywhere[key][0]
        if not found:
            for key in keys:
                for person in everywhere.get(key, []):
                    if person.country.startswith("IGO:"):
                        found[person.id] = person
        if len(found) > 1:
            held = {p.id: p for p, c in by_office.get((claim.country, claim.key), []) if p.id in found} if claim.key else {}
            found = held or found
        if found:
            return min(found.values(), key=lambda p: (min((abs(c.start - claim.start) for c in p.claims), default=FAR), p.id))
        if claim.key:
            words = {w for key in keys for w in key.split() if len(w) > 2}
            for person, other in by_office.get((claim.country, claim.key), []):
                apart = abs(other.start - claim.start)
                if apart <= (400 if claim.vague or other.vague else SAME_START):
                    shared = words & {w for n in person.names for w in self.spellings.key(n).split()}
                    if len(shared) > 1 or (apart <= 10 and max(map(len, shared), default=0) > 4):
                        return person
        return None

    def take_turns(self, people: list[Person]) -> None:
        """Put the holders of every single-holder office in turn."""
        several = {(r["country"], r["key"]) for r in self.tables["several_holders"]}
        holders: dict[tuple[str, str], list[tuple[Person, Claim]]] = defaultdict(list)
        for person in sorted(people, key=lambda p: p.id):
            for claim in person.claims:
                if claim.key and (claim.country, claim.key) not in several and "deputy" not in claim.title.lower():
                    holders[claim.country, claim.key].append((person, claim))
        for (country, key), group in holders.items():
            for person, _ in group:
                person.claims = [c for c in person.claims if (c.country, c.key) != (country, key) or not c.start]
            for person, claim in in_turn(group):
                person.claims.append(claim)

    def levelled(self, claim: Claim) -> list[Claim]:
        """A claim with the level that its office has in its state, in parts where that changes with time."""
        parts = [claim]
        for row in self.tables["leading_offices"]:
            if row["country"] != claim.country or row["key"] != claim.key:
                continue
            start, end = day(row["start"]), day(row["end"], True) or FAR
            split = []
            for part in parts:
                a, b = max(part.start, start), min(part.last, end)
                if a > b or part.level == row["level"]:
                    split.append(part)
                    continue
                if part.start < a:
                    split.append(Claim(**{**vars(part), "end": a - 1}))
                split.append(Claim(**{**vars(part), "start": a, "end": b if b < part.last else part.end, "level": row["level"]}))
                if b < part.last:
                    split.append(Claim(**{**vars(part), "start": b + 1}))
            parts = split
        return parts

    # --- the rest

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
            for phrase, kind, plural in ((r["phrase"], r["kind"], r["kind"] == "people"), (r["plural"], "people", True)):
                if phrase and phrase not in seen:
                    seen.add(phrase)
                    yield phrase, r["sector"], r["level"], kind, r["anonymous_type"], plural


def one_word(name: str) -> bool:
    """True for a name such as Focus or Star: known outlets of that form are curated, the rest are words of the language."""
    return " " not in name and (not name.isupper() or len(name) < 3)


def rank(person: Person) -> int:
    """How well known a person is: the best level of all offices."""
    order = ["top leader", "head of government", "deputy head", "minister", "spokesperson"]
    return max((len(order) - order.index(c.level) for c in person.claims if c.level in order), default=0)


def corrections(tables: dict[str, list[Row]]) -> list[Row]:
    """The office rows with the corrections of `corrections.tsv` applied. Raises `TableError` on one that fits no row."""
    rows = [dict(row) for row in tables["offices"]]
    for number, c in enumerate(tables["corrections"], 2):
        fits = [r for r in rows if all(not c[k] or r[k] == c[k] for k in ("source", "person", "country", "office", "start"))]
        if not fits:
            raise TableError(f"tables/corrections.tsv:{number}: no row of offices.tsv fits any more; take the correction out")
        for row in fits:
            if c["change"] == "drop":
                rows.remove(row)
            else:
                row[c["change"]] = c["value"]
    return rows


def citation(row: Row) -> str:
    """A source as people cite it."""
    parts = [row["title"], row["licence"], f"as of {row['asof']}" if row["asof"] else "", row["url"]]
    return "; ".join(part for part in parts if part)


def digest() -> str:
    """Digest of all source tables and of this script: the version of the compiled form."""
    total = hashlib.sha256()
    for path in sorted(TABLES.glob("*.tsv")):
        total.update(path.name.encode() + b"\0" + path.read_bytes())
    return total.hexdigest()[:16]


if __name__ == "__main__":
    try:
        main()
    except TableError as error:
        sys.exit(str(error))
