"""The gazetteer: what `scripts/compile_places.py` wrote of cities and regions, and the curated tables beside it.

Names are looked up by key (`key_of`): folded, lower case, hyphens as blanks, without full stops and apostrophes, so
that "Winston-Salem", "St. Louis", "Sana'a" and "Al-Bab" are found however they are spelled. A key that only begins
longer names is in the dictionary too, with the value `PREFIX`: one look-up a word finds the longest name.
"""

from __future__ import annotations

from array import array
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import msgspec

from comity.actors.folding import fold

COMPILED = "gazetteer.bin"
PREFIX = -1
CURATED = -2

LEVELS = ("country", "region", "city", "site", "feature")
COUNTRY, REGION, CITY, SITE, FEATURE = range(5)

# What a name is besides the name of the place (bits of `Gazetteer.flags`).
COMMON = 1
"""An English word in lower case: Reading, Nice, Mobile."""
GIVEN = 2
"""A given name: Jordan, Paris, Florence."""
SURNAME = 4
"""A frequent surname: Lincoln, Houston."""
VARIANT = 8
"""A transliteration or another name that the source lists; the primary name of a place goes before it."""
CAPITAL = 16
"""The capital of a state: its name may stand for the government."""
SEAT = 32
"""The second level of administration (counties, districts): coarser than a city, finer than a region."""
GROUP = 64
"""Larger than a state or across states: a continent, a sea, a mountain range. Gives no country."""
LAST = 128
"""The last row of its key."""
KNOWN = 512
"""A city that news of the world mean by this name, whatever its namesakes (Geneva, Odesa): marked `!` in the tables."""
NOTED = 1024
"""A city that the curated tables name: reports of states speak of it more than its size tells (Stepanakert)."""
NAMESAKE = 256
"""A region named like its main city: the bare name means the city."""

MOST_KEPT = 20_000
"""Names whose entries are kept made: keeps the memory of a long run flat."""
MAIN_CITY = 20_000
"""Inhabitants from which on a city may share its name with its region and still be meant by the bare name."""


class GazetteerMissing(Exception):
    """The compiled gazetteer is not there; the message says how to make it."""


class Compiled(msgspec.Struct, frozen=True):
    """Columns of the compiled gazetteer. Byte strings are little-endian arrays, one number a row."""

    version: str
    """Digest of the inputs."""
    sources: dict[str, str]
    countries: list[str]
    """ISO 3166 alpha-3, in the order of the numbers of `country`."""
    regions: list[str]
    """GeoNames code of a first-level region ("US.TX"), in the order of the numbers of `region`."""
    keys: list[str]
    """Names (see `key_of`), with the beginnings of longer names."""
    rows: bytes
    """int32 for each key: its first row of `places`, or `PREFIX`. The rows of a key end with the flag `LAST`."""
    places: bytes
    """int32: number of the place that a row names."""
    flags: bytes
    """uint8 for each row."""
    capitals: list[int]
    """Numbers of the places that are capitals of states."""
    # places, one a row
    geonameid: bytes
    """int32."""
    lat: bytes
    """int32, in 1/10,000 degree."""
    lon: bytes
    population: bytes
    """int32."""
    country: bytes
    """uint16."""
    region: bytes
    """uint16; 0 for none."""
    level: bytes
    """uint8: number in `LEVELS`."""


class Entry(NamedTuple):
    """One place of the gazetteer, as one of its names brings it up."""

    place: int
    """Number of the place, the same for all its names."""
    level: int
    geonameid: int
    """0 for none."""
    lat: float
    """Degrees north, WGS 84; NaN for none."""
    lon: float
    country: str
    """ISO 3166 alpha-3; empty for none."""
    region: str
    """GeoNames code of the first-level region that it is or lies in; empty for none."""
    population: int
    flags: int


def key_of(name: str) -> str:
    """The key under which a name is filed."""
    text = fold(name).lower().replace("-", " ").replace("'", "").replace(".", " ").replace(",", " ")
    return " ".join(text.split())


class Gazetteer:
    """All names and places. Made once for a process (`gazetteer`)."""

    def __init__(self, compiled: Compiled) -> None:
        self.version = compiled.version
        self._countries = compiled.countries
        self._regions = ["", *compiled.regions]
        self._places = _numbers("i", compiled.places)
        self._flags = compiled.flags
        self._geonameid = _numbers("i", compiled.geonameid)
        self._lat = _numbers("i", compiled.lat)
        self._lon = _numbers("i", compiled.lon)
        self._population = _numbers("i", compiled.population)
        self._country = _numbers("H", compiled.country)
        self._region = _numbers("H", compiled.region)
        self._level = compiled.level
        self.names: dict[str, int] = dict(zip(compiled.keys, _numbers("i", compiled.rows)))
        """Key to its first row, or `PREFIX`, or `CURATED` for what only the curated tables name."""
        self._curated: dict[str, list[Entry]] = {}
        self._made: dict[str, tuple[Entry, ...]] = {}
        self._lands: set[str] = set()
        """Names that mean the region although a city in it bears them too (marked `*` in the tables)."""
        self.exact: dict[str, Entry] = {}
        """Abbreviations, found only as they are written: U.S., UK, Ky."""
        self.after_comma: frozenset[str] = frozenset()
        """Those of `exact` that count only after a place and a comma: Ind., Mass., ON."""
        self.capitals: dict[str, Entry] = {}
        """ISO 3166 alpha-3 of a state to its capital."""
        self.countries: dict[str, Entry] = {}
        """ISO 3166 alpha-3 to the entry of the country."""
        self.alpha2: dict[str, str] = {}
        """ISO 3166 alpha-3 to alpha-2."""
        for key in _lines("no_places.txt"):
            if self.names.get(key, PREFIX) != PREFIX:
                self.names[key] = PREFIX
        self._curate(compiled)
        self.dotted = frozenset(a[:-1] for a in self.exact if a.endswith(".") and a.count(".") == 1)
        """Abbreviations that end with their only full stop, without it: Ky, Calif."""

    def entries(self, key: str) -> tuple[Entry, ...]:
        """The places that bear a name: curated ones first, then by population, a region after the city of its name."""
        made = self._made.get(key)
        if made is None:
            found = list(self._curated.get(key, ()))
            row = self.names.get(key, PREFIX)
            if row >= 0 and not any(entry.flags & GROUP for entry in found):
                known = {entry.place for entry in found} | {entry.geonameid for entry in found if entry.geonameid}
                while True:
                    place = self._places[row]
                    if place not in known and self._geonameid[place] not in known:
                        found.append(self._entry(place, self._flags[row]))
                    if self._flags[row] & LAST:
                        break
                    row += 1
            cities = {entry.region for entry in found if entry.level == CITY and entry.population >= MAIN_CITY}
            if key in self._lands:
                found = [e for e in found if e.level != CITY or e.region != found[0].region]
                cities = set()
            capital = any(entry.flags & CAPITAL for entry in found)  # Washington
            found = [
                e._replace(flags=e.flags | NAMESAKE) if e.level == REGION and (capital or e.region in cities) else e
                for e in found
            ]
            if len(self._made) >= MOST_KEPT:
                self._made.clear()
            made = self._made[key] = tuple(sorted(found, key=lambda e: bool(e.flags & NAMESAKE)))
        return made

    def _entry(self, place: int, flags: int) -> Entry:
        return Entry(
            place, self._level[place], self._geonameid[place], self._lat[place] / 10_000, self._lon[place] / 10_000,
            self._countries[self._country[place]], self._regions[self._region[place]], self._population[place],
            flags & ~LAST,
        )  # fmt: skip

    # --- the curated tables ----------------------------------------------------------------------------------------

    def _curate(self, compiled: Compiled) -> None:
        """Read the tables beside this file into the dictionary. Raises `ValueError` where a row is not right."""
        size = len(self._level)
        for row in _table("countries.tsv"):
            entry = Entry(
                size, COUNTRY, int(row["geonameid"]), float(row["lat"]), float(row["lon"]), row["iso3"], "", 0, 0
            )
            size += 1
            self.countries[row["iso3"]] = entry
            self.alpha2[row["iso3"]] = row["iso2"]
            self._name(row["names"], entry)
            for abbreviation in _cell(row["abbreviations"]):
                self.exact[abbreviation] = entry
        after_comma = set()
        by_code = {}
        for place, level in enumerate(self._level):
            if level == REGION and self._regions[self._region[place]] not in by_code:
                by_code[self._regions[self._region[place]]] = place
        for row in _table("regions.tsv"):
            place = by_code.get(row["code"], -1)
            if place < 0:
                raise ValueError(f"regions.tsv: {row['code']} is no region of the compiled gazetteer; correct its code")
            self._lat[place], self._lon[place] = round(float(row["lat"]) * 10_000), round(float(row["lon"]) * 10_000)
            entry = self._entry(place, 0)
            self._name(row["names"], entry)
            for abbreviation in _cell(row["abbreviations"]):
                self.exact[abbreviation.rstrip("!")] = entry
                if not abbreviation.endswith("!"):
                    after_comma.add(abbreviation)
        self.after_comma = frozenset(after_comma)
        for row in _table("features.tsv"):
            flags = 0 if row["country"] else GROUP
            first = key_of(_cell(row["names"])[0])
            region = [
                e for e in self.entries(first) if e.level == REGION and e.country == row["country"] and e.geonameid
            ]
            if region and row["level"] != "site":  # an island or a contested land that is a region of the sources too
                self._name(row["names"], region[0]._replace(flags=0))
                continue
            level, geonameid = LEVELS.index(row["level"]), int(row["geonameid"] or 0)
            entry = Entry(size, level, geonameid, float(row["lat"]), float(row["lon"]), row["country"], "", 0, flags)
            size += 1
            self._name(row["names"], entry)
        lands, self._lands = self._lands, set()
        self._made.clear()
        for row in _table("variants.tsv"):
            known = [e for e in self.entries(key_of(row["name"])) if e.country == row["country"] and e.level == CITY]
            if not known:
                raise ValueError(
                    f"variants.tsv: {row['name']} is no city of {row['country']} in the gazetteer; correct it"
                )
            best = max(known, key=lambda e: e.population)
            self._name(row["variants"], best._replace(flags=best.flags & CAPITAL | NOTED))
        self._lands = lands
        self._made.clear()
        for place in compiled.capitals:
            entry = self._entry(place, CAPITAL)
            self.capitals[entry.country] = entry

    def _name(self, names: str, entry: Entry) -> None:
        for name in _cell(names):
            if name.startswith("="):
                self.exact[name[1:]] = entry
                continue
            if name.startswith("!"):
                entry = entry._replace(flags=entry.flags | KNOWN)
            key = key_of(name.lstrip("*!"))
            if name.startswith("*"):
                self._lands.add(key)
            row = self.names.get(key, PREFIX)
            if row >= 0:  # what the name is besides holds for every bearer: Jordan, Nice
                besides = self._flags[row] & (GIVEN if entry.level == COUNTRY else COMMON | GIVEN | SURNAME)
                entry = entry._replace(flags=entry.flags | besides)
            held = self._curated.setdefault(key, [])
            if all(other.place != entry.place for other in held):
                held.append(entry)
            if self.names.get(key, PREFIX) == PREFIX:
                self.names[key] = CURATED
            words = key.split(" ")
            for n in range(1, len(words)):
                self.names.setdefault(" ".join(words[:n]), PREFIX)


def _cell(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


def _lines(name: str) -> list[str]:
    lines = files(__package__).joinpath(name).read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def _table(name: str) -> list[dict[str, str]]:
    head, *rows = _lines(name)
    columns = head.split("\t")
    return [dict(zip(columns, row.split("\t"), strict=True)) for row in rows]


def _numbers(code: str, data: bytes) -> array[int]:
    numbers = array(code)
    numbers.frombytes(data)
    return numbers


@cache
def load() -> Compiled:
    """The compiled gazetteer of this installation. Raises `GazetteerMissing`."""
    try:
        data = files(__package__).joinpath(COMPILED).read_bytes()
    except FileNotFoundError:
        raise GazetteerMissing(
            "the compiled gazetteer is missing; in a source checkout run `python scripts/compile_places.py`, "
            "else reinstall comity"
        ) from None
    return msgspec.msgpack.decode(data, type=Compiled)


@cache
def gazetteer() -> Gazetteer:
    """The gazetteer of this installation, loaded on first use."""
    return Gazetteer(load())
