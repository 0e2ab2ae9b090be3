"""Make the rows of `tables/` that come from public fact sets.

    python scripts/import_facts.py FACTS

FACTS is a folder with one sub-folder a set, each as its publisher gives it (`tables/sources.tsv` names them). Rows
whose source is one of these sets are replaced; rows of any other source, above all `comity`, are kept as they are. Run
`scripts/compile_tables.py` afterwards.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import yaml
from import_offices import Iso, office_rows
from table_files import Row, fold, read_csv, read_table, values, write_table


def main(facts: Path) -> None:
    """Import every set; print the number of rows of each table."""
    iso3 = Iso(facts)
    replace("offices", [*office_rows(facts, iso3)])
    replace("state_names", [*state_names(facts, iso3)])
    replace("media", [*media(facts, iso3)])
    replace("groups", [*groups(facts)])
    replace("parties", [*parties(facts)])
    refresh_states(facts)
    refresh_members(facts, iso3)
    replace("given_names", [*given_names(facts)])


def replace(table: str, rows: list[Row]) -> None:
    """Put rows in the place of those that came from the same sources."""
    imported = {row["source"] for row in rows}
    kept = [row for row in read_table(table) if row["source"] not in imported]
    write_table(table, [*kept, *rows])
    counts = Counter(row["source"] for row in [*kept, *rows])
    say(f"{table}: {len(kept) + len(rows)} rows; " + ", ".join(f"{n} {s}" for s, n in counts.most_common(6)))


def say(line: str) -> None:
    sys.stdout.write(line + "\n")


# --- states ----------------------------------------------------------------------------------------------------------

_FORMAL = re.compile(
    r"^(?:the )?(?:[A-Z][\w'-]+ )*(?:Republic|Kingdom|Federation|State|States|Union|Emirates|Islands?|Principality|"
    r"Duchy|Sultanate|Commonwealth|Democratic|Confederation|Territory|Territories|Emirate|Authority)\b[A-Za-z' -]*$"
)
_OTHER_LANGUAGE = re.compile(r"\b(?:de|du|des|la|le|di|da|do|del|der|das|den|och|og|y|e|i|ng|sa|na|ya|et)\b")


def state_names(facts: Path, iso: Iso) -> Iterator[Row]:
    """Formal English names ("Lao People's Democratic Republic") out of the name forms of countrynames.

    The set mixes many languages, so only forms made of English words for a form of state are taken; the names,
    adjectives and capitals that news uses are curated by hand.
    """
    known = {row["iso3"] for row in read_table("states")}
    data = yaml.safe_load((facts / "pypi_country/countrynames_data.yaml").read_text("utf-8"))
    bearers: dict[str, set[str]] = defaultdict(set)
    for code, forms in data.items():
        country = iso.of_iso2.get(code, "")
        for form in forms or []:
            if (
                isinstance(form, str)
                and country in known
                and 9 < len(form) < 60
                and _FORMAL.match(form)
                and not _OTHER_LANGUAGE.search(form)
            ):
                bearers[re.sub(r"^[Tt]he ", "", form)].add(country)
    for r in iso.rows:
        name = re.sub(r"^the ", "", r["UNTERM English Formal"].split("(")[0].strip())
        if name and r["ISO3166-1-Alpha-3"] in known:
            bearers[name].add(r["ISO3166-1-Alpha-3"])
    curated = {fold(row["surface"]) for row in read_table("state_names") if row["source"] != "countrynames"}
    for table in ("organs", "groups"):
        curated |= {
            fold(n)
            for row in read_table(table)
            for n in [row["name"], *values(row["aliases"])]
            if row["source"] == "comity"
        }
    for surface, countries in bearers.items():
        if len(countries) == 1 and " " in surface and fold(surface) not in curated:
            yield {
                "surface": surface,
                "iso3": min(countries),
                "kind": "name",
                "start": "",
                "end": "",
                "source": "countrynames",
                "note": "formal",
            }


def refresh_states(facts: Path) -> None:
    """Codes, formal name and numbers of the states from the country codes; all other cells are curated."""
    codes = {r["ISO3166-1-Alpha-3"]: r for r in read_csv(facts / "country_codes_datahub/country-codes.csv")}
    rows = read_table("states")
    for row in rows:
        found = codes.get(row["iso3"])
        if found is not None and "country-codes" in row["source"]:
            row["iso2"] = found["ISO3166-1-Alpha-2"].strip()
            row["numeric"] = found["ISO3166-1-numeric"].strip().zfill(3)
            row["official"] = (
                re.sub(r"^the ", "", found["UNTERM English Formal"].strip()) or row["official"] or row["name"]
            )
    write_table("states", rows)
    say(f"states: {len(rows)} rows")


def refresh_members(facts: Path, iso: Iso) -> None:
    """Members of organisations whose row cites the Factbook, from its last edition."""
    data = json.loads((facts / "cia_factbook_leaders/igo_participation_2026.json").read_text("utf-8"))
    rows = read_table("igos")
    for row in rows:
        for source in values(row["source"]):
            if source.startswith("cia-factbook:"):
                listed = {iso.of_fips.get(m.lower(), "") for m in data[source.split(":")[1]] if ":" not in m}
                row["members"] = ";".join(sorted(listed - {""}))
    write_table("igos", rows)
    say(f"igos: {len(rows)} rows")


# --- media, groups, parties ------------------------------------------------------------------------------------------


def media(facts: Path, iso: Iso) -> Iterator[Row]:
    """Outlets with their ownership. Curated rows win over a set's row of the same name."""
    curated: set[str] = set()
    for listed in read_table("media"):
        if listed["source"] == "comity":
            curated.update(fold(n).lower() for n in [listed["name"], *values(listed["aliases"])])
            curated.update(values(listed["domains"]))
    seen: set[str] = set()

    def row(name: str, country: str, ownership: str, domains: list[str], source: str) -> Row | None:
        key = fold(name).lower()
        if (
            not country
            or not fold(name).isascii()
            or key in curated
            or key in seen
            or curated & set(domains)
            or len(name) < 4
        ):
            return None
        seen.add(key)
        return {
            "id": "medium:" + re.sub(r"[^a-z0-9]+", "-", key).strip("-") + "@" + country,
            "name": name,
            "aliases": "",
            "country": country,
            "ownership": ownership,
            "kind": medium_kind(name),
            "domains": ";".join(domains),
            "source": source,
        }

    for entry in read_csv(facts / "state_media_asd/State_Media_Matrix.csv"):
        ownership = {"SC": "state", "CaPu": "state", "CaPr": "private"}.get(entry["Typology"].rstrip("?"), "public")
        name = re.sub(r"\s*[\(\[].*?[\)\]]|\*", "", entry["Main assets"]).strip()
        made = row(name, iso.name(entry["Country"]), ownership, [d for d in [domain(entry["URL"])] if d], "state-media")
        if made:
            yield made
    for entry in json.loads((facts / "kagi_media/media_data.json").read_text("utf-8")):
        ownership = {
            "State Funded Media": "public",
            "Public Media": "public",
            "Public Broadcaster": "public",
            "State Media / Digital": "state",
        }.get(entry["typology"], "private")
        name = re.sub(r"\s*[\(\[].*?[\)\]]", "", entry["organization"]).strip()
        made = row(name, iso.name(entry["country"]), ownership, [d.lower() for d in entry["domains"]], "kagi-media")
        if made:
            yield made


def domain(url: str) -> str:
    """Host of an address without "www."."""
    found = re.match(r"https?://(?:www\.)?([^/\s:]+)", url.strip().lower())
    return found[1] if found else ""


def medium_kind(name: str) -> str:
    """Kind of an outlet as its name tells it; online where it tells nothing."""
    lowered = name.lower()
    if re.search(r"agency|\bnews agency|press agency|presse$", lowered):
        return "agency"
    if re.search(r"radio|tv\b|televi|broadcast|channel|\brt[a-z]?\b", lowered):
        return "broadcaster"
    if re.search(r"times|daily|post|herald|gazette|newspaper|journal|tribune|chronicle|star$|news$|zeitung", lowered):
        return "paper"
    return "online"


_TOO_COMMON = frozenset(["resistance", "army", "front", "movement", "militia", "rebels", "government", "protesters"])


def groups(facts: Path) -> Iterator[Row]:
    """Armed groups that fought in a conflict since 1985 under a name of their own, from UCDP."""
    curated: set[str] = set()
    for row in read_table("groups"):
        if row["source"] == "comity":
            curated.update(fold(n.lstrip("~+*?@")).lower() for n in [row["name"], *values(row["aliases"])])
    years: dict[str, list[int]] = defaultdict(list)
    location: dict[str, str] = {}
    for row in read_csv(facts / "ucdp/Dyadic_v24_1.csv"):
        years[row["side_b_id"]].append(int(row["year"]))
    gw = {row["gw"]: row["iso3"] for row in read_table("states") if row["gw"] and row["kind"] != "historical"}
    for row in read_csv(facts / "ucdp/ucdp-actor-221.csv"):
        if row["Org"] != "1" or not years.get(row["ActorId"]) or max(years[row["ActorId"]]) < 1985:
            continue
        short, full = row["NameData"].strip(), row["NameOrigFullEng"].strip()
        location[row["ActorId"]] = country = gw.get(row["GWNOLoc"].split(",")[0].strip(), "")
        name = full if " " in full and full != "n/a" else short
        if (
            not country
            or not fold(name).isascii()
            or re.search(r"[()/:0-9]|faction|forces of|clan|Government|supporters|^Republic of|Authority", name)
        ):
            continue
        aliases = [
            a
            for a in (short, row["NameOrigFull"].strip())
            if len(a) > 2
            and a != name
            and fold(a).isascii()
            and not re.search(r"[()/:0-9]|n/a", a)
            and (" " in a or sum(c.isupper() for c in a) > 2)
        ]
        if {fold(n).lower() for n in (name, *aliases)} & (curated | _TOO_COMMON) or " " not in name:
            continue
        active = years[row["ActorId"]]
        yield {
            "id": f"ucdp:{row['ActorId']}",
            "name": name,
            "aliases": ";".join(sorted(set(aliases))),
            "country": country,
            "sector": "REB",
            "kind": "group",
            "start": str(min(active)),
            "end": "",
            "government_from": "",
            "government_to": "",
            "source": "ucdp",
        }


_PARTY_WORD = re.compile(
    r"\b(?:Party|Front|Movement|Union|Alliance|League|Congress|Rally|Coalition|Bloc|Democrats|Forum|List|Platform)\b"
)


def parties(facts: Path) -> Iterator[Row]:
    """Parties with an English name that says that it is one, from Party Facts."""
    curated: set[tuple[str, str]] = set()
    for row in read_table("parties"):
        if row["source"] == "comity":
            curated.update(
                (row["country"], fold(n.lstrip("~+*?@")).lower()) for n in [row["name"], *values(row["aliases"])]
            )
    for table in ("groups", "organs"):
        for row in read_table(table):
            if row["source"] == "comity":
                curated.update(
                    (row["country"], fold(n.lstrip("~+*?@")).lower()) for n in [row["name"], *values(row["aliases"])]
                )
    countries = {row["iso3"] for row in read_table("states")}
    seen: set[tuple[str, str]] = set()
    entries = [
        (r["country"], r["name"], r["year_founded"], r["year_dissolved"], r["partyfacts_id"], "w")
        for r in read_csv(facts / "partyfacts/wikipedia.csv")
    ]
    for r in read_csv(facts / "partyfacts/partyfacts-core-parties.csv"):
        if not r["technical"]:
            entries += [
                (r["country"], n.strip(), r["year_first"], r["year_last"], r["partyfacts_id"], "c")
                for n in r["name_english"].split("/")
            ]
    for country, name, first, last, number, _ in entries:
        name = re.sub(r"\s*[\(\[].*?[\)\]]", "", name).strip()
        words = name.split()
        if (
            country not in countries
            or (last and last < "1985")
            or not fold(name).isascii()
            or not 2 <= len(words) <= 6
            or not all(w[0].isupper() or w in ("of", "for", "and", "the", "in", "to", "a") for w in words)
            or not _PARTY_WORD.search(name)
            or words[0] == "The"
        ):
            continue
        key = (country, fold(name).lower())
        if key in seen or key in curated:
            continue
        seen.add(key)
        yield {
            "id": f"partyfacts:{number}:{len([k for k in seen if k[0] == country])}",
            "name": name,
            "aliases": "",
            "country": country,
            "start": first,
            "end": last,
            "source": "partyfacts",
        }


# --- given names -----------------------------------------------------------------------------------------------------

_FAMILY_FIRST = frozenset(
    [
        "CHN",
        "TWN",
        "HKG",
        "MAC",
        "KOR",
        "PRK",
        "VNM",
        "KHM",
        "MMR",
        "HUN",
        "JPN",
        "MNG",
        "IDN",
        "IND",
        "LKA",
        "AFG",
        "PAK",
        "BGD",
        "NPL",
    ]
)
"""States whose persons' first word is often no given name that tells a person in English text."""


def given_names(facts: Path) -> Iterator[Row]:
    """First words of office-holders' names, with gender where British, US and census sets say it."""
    gender: dict[str, Counter[str]] = defaultdict(Counter)
    for row in read_csv(facts / "uk_ministers_ifg/person.csv"):
        if (
            row["gender"]
            and " " in row["name"]
            and not row["name"].startswith(("Lord", "Baroness", "Vis", "Earl", "Sir"))
        ):
            gender[row["name"].split()[0]][row["gender"].lower()] += 1
    for person in yaml.safe_load((facts / "us_congress/legislators-current.yaml").read_text("utf-8")):
        gender[person["name"]["first"]][person["bio"]["gender"].lower()] += 1
    for name, sex in census():
        gender[name][sex] += 3
    bearers: dict[str, set[str]] = defaultdict(set)
    for row in read_table("offices"):
        first = row["person"].split()[0]
        if row["country"] not in _FAMILY_FIRST and re.fullmatch(r"[A-Z][a-zà-ÿ]{2,}(-[A-Z][a-zà-ÿ]+)?", first):
            bearers[first].add(row["person"])
    kept = {row["name"] for row in read_table("given_names") if row["source"] == "comity"}
    words = {row["word"] for row in read_table("ordinary_words")}
    names = {n for n, who in bearers.items() if len(who) >= 2} | {n for n, c in gender.items() if sum(c.values()) >= 3}
    for name in sorted(n for n in names - kept if fold(n).lower() not in words and len(n) > 2):
        sexes = gender.get(name, Counter())
        total = sum(sexes.values())
        sure = next((s for s in "mf" if total and sexes[s] >= 0.9 * total), "")
        source = "census-1990" if total >= 3 else "wikidata-officeholders"
        yield {"name": name, "gender": sure, "source": source}


def census() -> Iterator[tuple[str, str]]:
    """First names of the US census of 1990, when the package that carries the lists is installed."""
    try:
        import names  # type: ignore[import-untyped,import-not-found,unused-ignore]
    except ImportError:
        say("given_names: the package `names` is not installed; census names are left out")
        return
    for sex in ("male", "female"):
        lines = Path(names.FILES[f"first:{sex}"]).read_text("ascii").splitlines()
        for line in lines[:1200]:
            yield line.split()[0].capitalize(), sex[0]


if __name__ == "__main__":
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_dir():
        sys.exit("usage: python scripts/import_facts.py FACTS  (the folder that holds the fact sets)")
    main(Path(sys.argv[1]))
