"""Make the rows of `tables/` that come from public fact sets.

    python scripts/import_facts.py FACTS

FACTS is a folder with one sub-folder a set, each as its publisher gives it (`tables/sources.tsv` names them). Rows whose
source is one of these sets are replaced; rows of any other source, above all `comity`, are kept as they are. Run
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
from table_files import Row, fold, position, position_rules, read_csv, read_table, values, write_table

HOLDERS = "wikidata_officeholders_epscrapers"
DROPPED = "local"
"""Rows of `positions.tsv` with this note are offices below the state that reports about states hardly name."""


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
    print(f"{table}: {len(kept) + len(rows)} rows; " + ", ".join(f"{n} {s}" for s, n in counts.most_common(6)))  # noqa: T201


_PARTS = frozenset(("Scotland", "Wales", "England", "Northern Ireland"))
"""Parts of a state that the fact sets list beside states."""


class Iso:
    """Country names and codes of the sets to ISO 3166 alpha-3."""

    def __init__(self, facts: Path) -> None:
        self.rows = [r for r in read_csv(facts / "country_codes_datahub/country-codes.csv") if r["ISO3166-1-Alpha-2"]]
        self.of_iso2 = {r["ISO3166-1-Alpha-2"]: r["ISO3166-1-Alpha-3"] for r in self.rows} | {"XK": "XKX"}
        self.of_fips = {}
        for r in self.rows:
            for fips in re.findall(r"[A-Z]{2}", r["FIPS"]):
                self.of_fips[fips.lower()] = r["ISO3166-1-Alpha-3"]
        self.of_fips |= {"kv": "XKX", "gz": "PSE", "we": "PSE", "rb": "SRB", "ri": "SRB", "mj": "MNE", "od": "SSD"}
        self.of_name = {}
        for r in self.rows:
            for key in ("CLDR display name", "UNTERM English Short", "official_name_en"):
                if r[key]:
                    self.of_name[fold(r[key]).lower()] = r["ISO3166-1-Alpha-3"]
        for row in read_table("state_names"):
            if row["kind"] in ("name", "abbreviation") and not row["note"] and row["surface"] not in _PARTS:
                self.of_name.setdefault(fold(row["surface"]).lower(), row["iso3"])

    def name(self, name: str) -> str:
        """Code of a country name, empty when it has none."""
        return self.of_name.get(fold(name).lower().strip(), "")


# --- office-holders --------------------------------------------------------------------------------------------------

_REALMS = frozenset("CAN AUS NZL JAM BHS GRD PNG SLB TUV LCA VCT ATG BLZ KNA BRB".split())
"""States whose monarch is that of the United Kingdom: the person is listed there."""

_LATIN = re.compile(r"[A-Za-z]")


def clean_name(name: str) -> str:
    """A person's name without title, brackets and trailing commas."""
    name = re.sub(r"\s*[\(\[].*?[\)\]]", "", name)
    name = re.sub(r"^(Dr|Prof|Gen|Sir|Dame|Sheikh|Shaikh|Mr|Mrs|Ms|H\.E|Hon|Col|Maj|Lt|Brig|Adm|Capt|Air|Rev|Marshal)\.? ", "", name)
    return name.strip(" ,.")


def usable(name: str) -> bool:
    """True when a name can be looked for in English text: Latin letters, two words at least, no digits."""
    folded = fold(name)
    return bool(_LATIN.search(folded)) and folded.isascii() and " " in name and not re.search(r"[\d/&;:]", name)


def office_rows(facts: Path, iso: Iso) -> Iterator[Row]:
    """Office rows of all sets that hold persons."""
    rules = position_rules()
    for row in (
        *wikidata_holders(facts), *wikidata_ministers(facts, iso), *wikidata_heads(facts, iso), *factbook(facts, iso),
        *british_ministers(facts), *us_congress(facts),
    ):  # fmt: skip
        rule = position(row["office"], row["country"], rules)
        if rule["note"] == DROPPED or not usable(row["person"]):
            continue
        if rule["key"] == "monarch" and row["country"] in _REALMS:
            continue
        row["aliases"] = ";".join(sorted({a for a in values(row["aliases"]) if usable(a) and fold(a) != fold(row["person"])}))
        row.setdefault("sector", "IGO" if row["country"].startswith("IGO:") else rule["sector"])
        row.setdefault("level", rule["level"])
        row["status"] = "verified"
        yield row


def wikidata_holders(facts: Path) -> Iterator[Row]:
    """Holders of offices of 100 countries since 2001, from Wikidata."""
    for row in read_csv(facts / HOLDERS / "officeholders_2001_2022.csv"):
        label, title = clean_name(row["person"]), clean_name(row["enwiki"])
        name, aliases = (title, label) if usable(title) and "," not in title else (label, "")
        country = row["iso3"] if row["iso3"] != "IGO" else igo_of(row["position"])
        if not country:
            continue
        start, end = row["start"], row["end"]
        if end and end[: len(start)] < start[: len(end)]:
            start = ""  # the set contradicts itself: keep the later date only
        yield {
            "person": name, "aliases": aliases, "wikidata": row["wikidata_id"], "country": country,
            "office": office_title(row["position"]), "start": good_date(start), "end": good_date(end), "asof": row["as_of"],
            "source": "wikidata-officeholders",
        }  # fmt: skip


_IGO_OFFICES = {
    "United Nations": "IGO:UN", "World Trade Organization": "IGO:WTO", "OSCE": "IGO:OSCE",
    "Council of Europe": "IGO:COE", "International Court of Justice": "IGO:UN", "Arab Parliament": "IGO:Arab League",
}  # fmt: skip


def igo_of(position_label: str) -> str:
    """The organisation of an office that belongs to no state; empty for others."""
    return next((code for words, code in _IGO_OFFICES.items() if words in position_label), "")


def office_title(label: str) -> str:
    """An office's name as the field writes it: the country and "Federal" left out, first letter large."""
    label = re.sub(r"^(?:Federal )(?=Minister|Chancellor)", "", label.strip())
    label = re.sub(r"^Minister for (?=Foreign Affairs$|Defen[cs]e$|Finance$|Health$)", "Minister of ", label)
    return label[:1].upper() + label[1:]


def good_date(text: str) -> str:
    """A date without the parts that are zero ("2018-00-00" is a year)."""
    text = re.sub(r"(-00)+$", "", text.strip()[:10])
    return text if re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", text) else ""


def wikidata_ministers(facts: Path, iso: Iso) -> Iterator[Row]:
    """Foreign ministers of all states as they stood in 2022, from Wikidata."""
    for file in ("foreign_ministers_asof_2022.csv", "foreign_ministers_wikipedia_asof_2022.csv"):
        for row in read_csv(facts / HOLDERS / file):
            country = iso.name(row["countryLabel"])
            name = clean_name(row["name"])
            if not country or not row["start"]:
                continue
            yield {
                "person": name, "aliases": "", "wikidata": row["person"], "country": country,
                "office": "Minister of Foreign Affairs" if country not in ("USA", "GBR") else
                {"USA": "Secretary of State", "GBR": "Foreign Secretary"}[country],
                "start": good_date(row["start"]), "end": "", "asof": "2022-12", "source": "wikidata-ministers",
            }  # fmt: skip


def wikidata_heads(facts: Path, iso: Iso) -> Iterator[Row]:
    """Heads of state and government as they stood in 2022-10, by year, from Wikidata."""
    for row in read_csv(facts / HOLDERS / "heads_asof_2022_10.csv"):
        country = iso.name(row["country"])
        office = office_title(row["positionLabel"])
        if not country or re.search(r"co-prince", office, re.I) or (re.match("monarch", office, re.I) and country != "GBR"):
            continue
        office = re.sub(rf" of (the )?{re.escape(row['country'])}$", "", office)
        office = re.sub(r"^(President|Prime Minister|King|Monarch|Chancellor|Emir|Sultan|Emperor) of .*", r"\1", office)
        yield {
            "person": clean_name(row["officeholderLabel"]), "aliases": "", "wikidata": row["officeholder"],
            "country": country, "office": office, "start": row["start_year"], "end": row["end_year"], "asof": "2022-10",
            "source": "wikidata-heads",
        }  # fmt: skip


_FACTBOOK_TITLES = {
    "President": "President", "Prime Minister": "Prime Minister", "Premier": "Prime Minister", "King": "King",
    "Queen": "Queen", "Amir": "Emir", "Emperor": "Emperor", "Chancellor": "Chancellor", "Supreme Leader": "Supreme Leader",
    "Taoiseach": "Taoiseach", "Chief Executive": "Chief Executive", "Vice President": "Vice President",
    "First Vice President": "First Vice President", "Executive Vice President": "Vice President",
    "Deputy President": "Deputy President", "Deputy Prime Minister": "Deputy Prime Minister",
    "First Deputy Prime Minister": "First Deputy Prime Minister", "Acting President": "Acting President",
    "Interim President": "Interim President", "Transitional President": "Transitional President",
    "Acting Prime Minister": "Acting Prime Minister", "Interim Prime Minister": "Interim Prime Minister",
    "Sultan and Prime Minister": "Sultan", "King and Prime Minister": "King",
    "Crown Prince and Prime Minister": "Crown Prince and Prime Minister", "Grand Duke": "Grand Duke", "Prince": "Prince",
    "State Affairs Commission President": "President of State Affairs", "President of the Government": "President of the Government",
}  # fmt: skip
_RANKS = re.compile(r"\s+(?:Dr|Gen|Sheikh|Sir|Col|Capt|Lt|Maj|Brig|President)\.?(?=\s|$)|\s+(?:Lt|Maj|Brig)\. (?:Col|Gen)\.")
_FACTBOOK_END = "2026-02-04"
"""The Factbook was closed on that day: what is open in its last edition is known up to then."""


def factbook(facts: Path, iso: Iso) -> Iterator[Row]:
    """Heads of state and government with their deputies since about 2014, from the dated editions of the Factbook.

    The ends in the set are mostly the day of the last edition that names the holder, so they are taken for the day up
    to which the row is known, not for the end of the office; a successor closes it when the tables are compiled.
    """
    starts = defaultdict(set)
    dependencies = {row["iso3"] for row in read_table("states") if row["kind"] == "dependency"}
    rows = read_csv(facts / "cia_factbook_leaders/heads_intervals.csv")
    for row in rows:
        starts[row["country"], row["role"]].add(row["start"])
    for row in rows:
        country = iso.of_iso2.get(row["iso2"], "") or {"Kosovo": "XKX"}.get(row["country"], "")
        office = _FACTBOOK_TITLES.get(_RANKS.sub("", row["title"]).strip())
        names = factbook_names(row["name"])
        if not country or office is None or not names or iso.name(row["country"]) not in ("", country):
            continue
        if (office in ("King", "Queen") and country not in _OWN_MONARCHS) or (country in dependencies and row["role"] == "chief of state"):
            continue
        if country == "USA" and row["iso2"] == "US" and row["country"] != "United States":
            continue
        if row["end_est"] in starts[row["country"], row["role"]] and row["end_est"] != row["last_seen"]:
            end, asof = row["end_est"], row["last_seen"]
        else:
            end, asof = "", min(row["last_seen"], _FACTBOOK_END)
        if end and end < row["start"]:
            end = ""
        yield {
            "person": names[0], "aliases": ";".join(names[1:]), "wikidata": "", "country": country, "office": office,
            "start": row["start"], "end": end, "asof": asof, "source": "cia-factbook",
        }  # fmt: skip


_OWN_MONARCHS = frozenset("GBR ESP NLD BEL NOR SWE DNK JOR SAU MAR THA MYS BTN LSO SWZ TON BHR KHM JPN".split())


def factbook_names(text: str) -> list[str]:
    """Name forms from the Factbook's notation, which sets the name that a person goes by in capitals.

    "Abdelmadjid TEBBOUNE", "XI Jinping", "Vladimir Vladimirovich PUTIN", "Iván DUQUE Márquez".
    """
    text = re.split(r",| in caretaker| represented| - | appointed|\(", text)[0]
    text = _RANKS.sub("", " " + text).strip()
    words = text.split()
    large = [i for i, w in enumerate(words) if sum(c.isupper() for c in w) > 1 and not re.fullmatch(r"([A-Z]\.)+|[IVX]+", w)]
    if not large or len(words) > 6 or any(w in text for w in ("vacant", "Minister", "President", "General", "cabinet")):
        return []
    first, last = large[0], large[-1]
    # from the second word on, "bin Salman" and "dos Santos" are small inside names
    def small(word: str) -> str:
        if sum(c.isupper() for c in word) <= 1:
            return word
        word = re.sub(r"[A-Za-zÀ-ÿ']+", lambda m: m[0].capitalize() if not m[0][:2].islower() else m[0][:3] + m[0][3:].capitalize(), word)
        word = re.sub(r"^Mc(\w)", lambda m: "Mc" + m[1].upper(), word)
        return {"Bin": "bin", "Dos": "dos", "Da": "da", "De": "de", "Von": "von", "Van": "van", "Der": "der"}.get(word, word)

    words = [small(w) for w in words]
    key = words[first : last + 1]
    if first == 0:
        short = words if len(words) <= 3 else words[: last + 2]
        forms = [short, words]
    else:
        middle = [w for w in words[:first]]
        forms = [[middle[0], *key], [*middle, *key], words]
        if middle[-1] in ("al-", "bin", "von", "van", "de", "da", "dos", "der", "El", "Le", "La", "Ould", "Abd"):
            forms = [words[: last + 1], words]
    seen: dict[str, None] = {}
    for form in forms:
        name = " ".join(form)
        if usable(name):
            seen.setdefault(name)
    return list(seen)


def british_ministers(facts: Path) -> Iterator[Row]:
    """UK ministers since 1979, from the Institute for Government."""
    folder = facts / "uk_ministers_ifg"
    posts = {row["id"]: row for row in read_csv(folder / "post.csv")}
    persons: dict[str, list[Row]] = defaultdict(list)
    for row in read_csv(folder / "person.csv"):
        persons[row["id"]].append(row)
    levels = {"PM": "head of government", "DPM": "deputy head", "SoS": "minister", "MoS": "deputy minister",
              "PUSS": "deputy minister", "Parl.": "parliament", "Parl. lead.": "parliament"}  # fmt: skip
    for row in read_csv(folder / "appointment.csv"):
        post = posts[row["post_id"]]
        rank = post["rank_equivalence"]
        if rank == "Parl.":
            continue
        forms = sorted(persons[row["person_id"]], key=lambda p: (p["display_name"].startswith(("Lord", "Baroness", "Vis", "Earl")), p["start_date"]))
        names = [p["display_name"] for p in forms]
        names += [short for n in names if (short := re.sub(r"^((?:Lord|Baroness) [\w-]+) of .*", r"\1", n)) != n]
        office = post["display_name"]
        office = {"Secretary of State for Foreign and Commonwealth Affairs": "Foreign Secretary",
                  "Secretary of State for Foreign, Commonwealth and Development Affairs": "Foreign Secretary",
                  "Secretary of State for the Home Department": "Home Secretary"}.get(office, office)  # fmt: skip
        yield {
            "person": names[0], "aliases": ";".join(names[1:]), "wikidata": "", "country": "GBR", "office": office,
            "sector": "LEG" if rank.startswith("Parl") else "GOV", "level": levels[rank], "start": row["start_date"],
            "end": row["end_date"], "asof": "2026-06-19", "source": "ifg-ministers",
        }  # fmt: skip


def us_congress(facts: Path) -> Iterator[Row]:
    """US presidents and vice presidents since 1970, sitting senators and representatives with all their terms."""
    folder = facts / "us_congress"
    base = {"country": "USA", "asof": "2026-06-15", "source": "us-congress"}
    for person in yaml.safe_load((folder / "executive.yaml").read_text("utf-8")):
        names = us_names(person["name"])
        if person["name"]["last"] == "Bush":  # father and son: only the middle names tell them apart
            names = names[-1:]
        for term in joined(person["terms"]):
            if term["end"] > "1970":
                office = {"prez": "President", "viceprez": "Vice President"}[term["type"]]
                yield base | {"person": names[0], "aliases": ";".join(names[1:]),
                              "wikidata": person["id"].get("wikidata", ""), "office": office, "start": term["start"], "end": open_end(term["end"])}  # fmt: skip
    for person in yaml.safe_load((folder / "legislators-current.yaml").read_text("utf-8")):
        names = us_names(person["name"])
        common = base | {"person": names[0], "aliases": ";".join(names[1:]), "wikidata": person["id"].get("wikidata", "")}
        for term in joined(person["terms"]):
            office = {"sen": "Senator", "rep": "Representative"}[term["type"]]
            yield common | {"office": office, "start": term["start"], "end": open_end(term["end"]), "sector": "LEG",
                            "level": "parliament"}  # fmt: skip
        for role in person.get("leadership_roles", []):
            yield common | {"office": role["title"], "start": role["start"], "end": open_end(role.get("end", "")),
                            "sector": "LEG", "level": "parliament"}  # fmt: skip


def us_names(name: Row) -> list[str]:
    """Usual name first: the nickname or first name with the surname, then the official and the full forms."""
    first, last = name["first"], name["last"]
    if re.fullmatch(r"[A-Z]\.?", first) and name.get("middle"):
        first = f"{first} {name['middle']}"
    forms = [f"{name.get('nickname', first)} {last}", f"{first} {last}"]
    if name.get("middle") and name["middle"] not in first:
        forms.append(f"{name['first']} {name['middle']} {last}")
    if name.get("official_full"):
        forms.append(name["official_full"])
        if name.get("suffix"):
            forms.append(re.sub(r",? (Jr|Sr|II|III|IV)\.?$", "", name["official_full"]))
    return list(dict.fromkeys(forms))


def joined(terms: list[Row]) -> list[Row]:
    """Terms of one kind that follow each other within ten days, as one."""
    out: list[Row] = []
    for term in terms:
        if out and out[-1]["type"] == term["type"] and gap(out[-1]["end"], term["start"]) <= 10:
            out[-1] = {**out[-1], "end": term["end"]}
        else:
            out.append(dict(term))
    return out


def gap(end: str, start: str) -> int:
    from datetime import date

    return (date.fromisoformat(start) - date.fromisoformat(end)).days


def open_end(end: str) -> str:
    """Ends of terms that lie after the set was made are no facts yet."""
    return "" if end > "2026-06-15" else end


# --- states ----------------------------------------------------------------------------------------------------------

_FORMAL = re.compile(
    r"^(?:the )?(?:[A-Z][\w'-]+ )*(?:Republic|Kingdom|Federation|State|States|Union|Emirates|Islands?|Principality|Duchy|"
    r"Sultanate|Commonwealth|Democratic|Confederation|Territory|Territories|Emirate|Authority)\b[A-Za-z' -]*$"
)
_OTHER_LANGUAGE = re.compile(r"\b(?:de|du|des|la|le|di|da|do|del|der|das|den|och|og|y|e|i|ng|sa|na|ya|et)\b")


def state_names(facts: Path, iso: Iso) -> Iterator[Row]:
    """Formal English names ("Lao People's Democratic Republic") out of the name forms of countrynames.

    The set mixes many languages, so only forms made of English words for a form of state are taken; the names, adjectives
    and capitals that news uses are curated by hand.
    """
    known = {row["iso3"] for row in read_table("states")}
    data = yaml.safe_load((facts / "pypi_country/countrynames_data.yaml").read_text("utf-8"))
    bearers: dict[str, set[str]] = defaultdict(set)
    for code, forms in data.items():
        country = iso.of_iso2.get(code, "")
        for form in forms or []:
            if isinstance(form, str) and country in known and 9 < len(form) < 60 and _FORMAL.match(form) \
                    and not _OTHER_LANGUAGE.search(form):  # fmt: skip
                bearers[re.sub(r"^[Tt]he ", "", form)].add(country)
    for r in iso.rows:
        name = re.sub(r"^the ", "", r["UNTERM English Formal"].split("(")[0].strip())
        if name and r["ISO3166-1-Alpha-3"] in known:
            bearers[name].add(r["ISO3166-1-Alpha-3"])
    curated = {fold(row["surface"]) for row in read_table("state_names") if row["source"] != "countrynames"}
    for table in ("organs", "groups"):
        curated |= {fold(n) for row in read_table(table) for n in [row["name"], *values(row["aliases"])] if row["source"] == "comity"}
    for surface, countries in bearers.items():
        if len(countries) == 1 and " " in surface and fold(surface) not in curated:
            yield {"surface": surface, "iso3": min(countries), "kind": "name", "start": "", "end": "",
                   "source": "countrynames", "note": "formal"}  # fmt: skip


def refresh_states(facts: Path) -> None:
    """Codes, formal name and numbers of the states from the country codes; all other cells are curated."""
    codes = {r["ISO3166-1-Alpha-3"]: r for r in read_csv(facts / "country_codes_datahub/country-codes.csv")}
    rows = read_table("states")
    for row in rows:
        found = codes.get(row["iso3"])
        if found is not None and "country-codes" in row["source"]:
            row["iso2"] = found["ISO3166-1-Alpha-2"].strip()
            row["numeric"] = found["ISO3166-1-numeric"].strip().zfill(3)
            row["official"] = re.sub(r"^the ", "", found["UNTERM English Formal"].strip()) or row["official"] or row["name"]
    write_table("states", rows)
    print(f"states: {len(rows)} rows")  # noqa: T201


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
    print(f"igos: {len(rows)} rows")  # noqa: T201


# --- media, groups, parties ------------------------------------------------------------------------------------------


def media(facts: Path, iso: Iso) -> Iterator[Row]:
    """Outlets with their ownership. Curated rows win over a set's row of the same name."""
    curated = set()
    for row in read_table("media"):
        if row["source"] == "comity":
            curated.update(fold(n).lower() for n in [row["name"], *values(row["aliases"])])
            curated.update(values(row["domains"]))
    seen: set[str] = set()

    def row(name: str, country: str, ownership: str, domains: list[str], source: str) -> Row | None:
        key = fold(name).lower()
        if not country or not fold(name).isascii() or key in curated or key in seen or curated & set(domains) or len(name) < 4:
            return None
        seen.add(key)
        return {"id": "medium:" + re.sub(r"[^a-z0-9]+", "-", key).strip("-") + "@" + country, "name": name, "aliases": "",
                "country": country, "ownership": ownership, "kind": medium_kind(name), "domains": ";".join(domains),
                "source": source}  # fmt: skip

    for entry in read_csv(facts / "state_media_asd/State_Media_Matrix.csv"):
        ownership = {"SC": "state", "CaPu": "state", "CaPr": "private"}.get(entry["Typology"].rstrip("?"), "public")
        name = re.sub(r"\s*[\(\[].*?[\)\]]|\*", "", entry["Main assets"]).strip()
        made = row(name, iso.name(entry["Country"]), ownership, [d for d in [domain(entry["URL"])] if d], "state-media")
        if made:
            yield made
    for entry in json.loads((facts / "kagi_media/media_data.json").read_text("utf-8")):
        ownership = {"State Funded Media": "public", "Public Media": "public", "Public Broadcaster": "public",
                     "State Media / Digital": "state"}.get(entry["typology"], "private")  # fmt: skip
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


_TOO_COMMON = frozenset("resistance army front movement militia rebels government protesters".split())


def groups(facts: Path) -> Iterator[Row]:
    """Armed groups that fought in a conflict since 1985 under a name of their own, from UCDP."""
    curated = set()
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
        if not country or not fold(name).isascii() or re.search(r"[()/:0-9]|faction|forces of|clan|Government|supporters|^Republic of|Authority", name):
            continue
        aliases = [a for a in (short, row["NameOrigFull"].strip()) if a and a != name and fold(a).isascii()
                   and (re.fullmatch(r"[A-Z][A-Za-z/-]*[A-Z]{2,}[A-Za-z/-]*", a) is None or len(a) >= 4) and " " in a + " " * a.isupper()
                   and not re.search(r"[()/:0-9]|n/a", a)]  # fmt: skip
        if {fold(n).lower() for n in (name, *aliases)} & (curated | _TOO_COMMON) or " " not in name:
            continue
        active = years[row["ActorId"]]
        yield {"id": f"ucdp:{row['ActorId']}", "name": name, "aliases": ";".join(sorted(set(aliases))), "country": country,
               "sector": "REB", "kind": "group", "start": str(min(active)), "end": "", "government_from": "",
               "government_to": "", "source": "ucdp"}  # fmt: skip


_PARTY_WORD = re.compile(r"\b(?:Party|Front|Movement|Union|Alliance|League|Congress|Rally|Coalition|Bloc|Democrats|Forum|List|Platform)\b")


def parties(facts: Path) -> Iterator[Row]:
    """Parties with an English name that says that it is one, from Party Facts; a name borne in several states is ambiguous."""
    curated = set()
    for row in read_table("parties"):
        if row["source"] == "comity":
            curated.update((row["country"], fold(n.lstrip("~+*?@")).lower()) for n in [row["name"], *values(row["aliases"])])
    for table in ("groups", "organs"):
        for row in read_table(table):
            if row["source"] == "comity":
                curated.update((row["country"], fold(n.lstrip("~+*?@")).lower()) for n in [row["name"], *values(row["aliases"])])
    countries = {row["iso3"] for row in read_table("states")}
    seen: set[tuple[str, str]] = set()
    entries = [(r["country"], r["name"], r["year_founded"], r["year_dissolved"], r["partyfacts_id"], "w")
               for r in read_csv(facts / "partyfacts/wikipedia.csv")]  # fmt: skip
    for r in read_csv(facts / "partyfacts/partyfacts-core-parties.csv"):
        if not r["technical"]:
            entries += [(r["country"], n.strip(), r["year_first"], r["year_last"], r["partyfacts_id"], "c") for n in r["name_english"].split("/")]
    for country, name, first, last, number, _ in entries:
        name = re.sub(r"\s*[\(\[].*?[\)\]]", "", name).strip()
        words = name.split()
        if country not in countries or (last and last < "1985") or not fold(name).isascii() or not 2 <= len(words) <= 6 \
                or not all(w[0].isupper() or w in ("of", "for", "and", "the", "in", "to", "a") for w in words) \
                or not _PARTY_WORD.search(name) or words[0] == "The":  # fmt: skip
            continue
        key = (country, fold(name).lower())
        if key in seen or key in curated:
            continue
        seen.add(key)
        yield {"id": f"partyfacts:{number}:{len([k for k in seen if k[0] == country])}", "name": name, "aliases": "", "country": country,
               "start": first, "end": last, "source": "partyfacts"}  # fmt: skip


# --- given names -----------------------------------------------------------------------------------------------------

_FAMILY_FIRST = frozenset("CHN TWN HKG MAC KOR PRK VNM KHM MMR HUN JPN MNG IDN IND LKA AFG PAK BGD NPL".split())
"""States whose persons' first word is often no given name that tells a person in English text."""


def given_names(facts: Path) -> Iterator[Row]:
    """First words of office-holders' names, with gender where British, US and census sets say it."""
    gender: dict[str, Counter[str]] = defaultdict(Counter)
    for row in read_csv(facts / "uk_ministers_ifg/person.csv"):
        if row["gender"] and " " in row["name"] and not row["name"].startswith(("Lord", "Baroness", "Vis", "Earl", "Sir")):
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
        import names  # type: ignore[import-not-found]
    except ImportError:
        print("given_names: the package `names` is not installed; census names are left out")  # noqa: T201
        return
    for sex in ("male", "female"):
        lines = Path(names.FILES[f"first:{sex}"]).read_text("ascii").splitlines()
        for line in lines[:1200]:
            yield line.split()[0].capitalize(), sex[0]


if __name__ == "__main__":
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_dir():
        sys.exit("usage: python scripts/import_facts.py FACTS  (the folder that holds the fact sets)")
    main(Path(sys.argv[1]))
