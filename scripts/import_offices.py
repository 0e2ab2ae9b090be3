"""Office-holders of the public fact sets, as rows of `tables/offices.tsv`. Run by `import_facts.py`."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import yaml
from table_files import Row, fold, position, position_rules, read_csv, read_table, values

HOLDERS = "wikidata_officeholders_epscrapers"
DROPPED = "local"
"""Rows of `positions.tsv` with this note are offices below the state that reports about states hardly name."""

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


_REALMS = frozenset(
    ["CAN", "AUS", "NZL", "JAM", "BHS", "GRD", "PNG", "SLB", "TUV", "LCA", "VCT", "ATG", "BLZ", "KNA", "BRB"]
)
"""States whose monarch is that of the United Kingdom: the person is listed there."""

_LATIN = re.compile(r"[A-Za-z]")


def clean_name(name: str) -> str:
    """A person's name without title, brackets and trailing commas."""
    name = re.sub(r"\s*[\(\[].*?[\)\]]", "", name)
    name = re.sub(
        r"^(Dr|Prof|Gen|Sir|Dame|Sheikh|Shaikh|Mr|Mrs|Ms|H\.E|Hon|Col|Maj|Lt|Brig|Adm|Capt|Air|Rev|Marshal)\.? ",
        "",
        name,
    )
    return name.strip(" ,.")


def usable(name: str) -> bool:
    """True when a name can be looked for in English text: Latin letters, two words at least, no digits."""
    folded = fold(name)
    return bool(_LATIN.search(folded)) and folded.isascii() and " " in name and not re.search(r"[\d/&;:]", name)


def office_rows(facts: Path, iso: Iso) -> Iterator[Row]:
    """Office rows of all sets that hold persons."""
    rules = position_rules()
    for row in (
        *wikidata_holders(facts),
        *wikidata_ministers(facts, iso),
        *wikidata_heads(facts, iso),
        *factbook(facts, iso),
        *british_ministers(facts),
        *us_congress(facts),
    ):
        rule = position(row["office"], row["country"], rules)
        if rule["note"] == DROPPED or not usable(row["person"]):
            continue
        if rule["key"] == "monarch" and row["country"] in _REALMS:
            continue
        row["aliases"] = ";".join(
            sorted({a for a in values(row["aliases"]) if usable(a) and fold(a) != fold(row["person"])})
        )
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
            "person": name,
            "aliases": aliases,
            "wikidata": row["wikidata_id"],
            "country": country,
            "office": office_title(row["position"]),
            "start": good_date(start),
            "end": good_date(end),
            "asof": row["as_of"],
            "source": "wikidata-officeholders",
        }


_IGO_OFFICES = {
    "United Nations": "IGO:UN",
    "World Trade Organization": "IGO:WTO",
    "OSCE": "IGO:OSCE",
    "Council of Europe": "IGO:COE",
    "International Court of Justice": "IGO:UN",
    "Arab Parliament": "IGO:Arab League",
}


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
                "person": name,
                "aliases": "",
                "wikidata": row["person"],
                "country": country,
                "office": "Minister of Foreign Affairs"
                if country not in ("USA", "GBR")
                else {"USA": "Secretary of State", "GBR": "Foreign Secretary"}[country],
                "start": good_date(row["start"]),
                "end": "",
                "asof": "2022-12",
                "source": "wikidata-ministers",
            }


def wikidata_heads(facts: Path, iso: Iso) -> Iterator[Row]:
    """Heads of state and government as they stood in 2022-10, by year, from Wikidata."""
    for row in read_csv(facts / HOLDERS / "heads_asof_2022_10.csv"):
        country = iso.name(row["country"])
        office = office_title(row["positionLabel"])
        if (
            not country
            or re.search(r"co-prince", office, re.I)
            or (re.match("monarch", office, re.I) and country != "GBR")
        ):
            continue
        office = re.sub(rf" of (the )?{re.escape(row['country'])}$", "", office)
        office = re.sub(r"^(President|Prime Minister|King|Monarch|Chancellor|Emir|Sultan|Emperor) of .*", r"\1", office)
        yield {
            "person": clean_name(row["officeholderLabel"]),
            "aliases": "",
            "wikidata": row["officeholder"],
            "country": country,
            "office": office,
            "start": row["start_year"],
            "end": row["end_year"],
            "asof": "2022-10",
            "source": "wikidata-heads",
        }


_FACTBOOK_TITLES = {
    "President": "President",
    "Prime Minister": "Prime Minister",
    "Premier": "Prime Minister",
    "King": "King",
    "Queen": "Queen",
    "Amir": "Emir",
    "Emperor": "Emperor",
    "Chancellor": "Chancellor",
    "Supreme Leader": "Supreme Leader",
    "Taoiseach": "Taoiseach",
    "Chief Executive": "Chief Executive",
    "Vice President": "Vice President",
    "First Vice President": "First Vice President",
    "Executive Vice President": "Vice President",
    "Deputy President": "Deputy President",
    "Deputy Prime Minister": "Deputy Prime Minister",
    "First Deputy Prime Minister": "First Deputy Prime Minister",
    "Acting President": "Acting President",
    "Interim President": "Interim President",
    "Transitional President": "Transitional President",
    "Acting Prime Minister": "Acting Prime Minister",
    "Interim Prime Minister": "Interim Prime Minister",
    "Sultan and Prime Minister": "Sultan",
    "King and Prime Minister": "King",
    "Crown Prince and Prime Minister": "Crown Prince and Prime Minister",
    "Grand Duke": "Grand Duke",
    "Prince": "Prince",
    "State Affairs Commission President": "President of State Affairs",
    "President of the Government": "President of the Government",
}
_RANKS = re.compile(
    r"\s+(?:Dr|Gen|Sheikh|Sir|Col|Capt|Lt|Maj|Brig|President)\.?(?=\s|$)|\s+(?:Lt|Maj|Brig)\. (?:Col|Gen)\."
)
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
        if (office in ("King", "Queen") and country not in _OWN_MONARCHS) or (
            country in dependencies and row["role"] == "chief of state"
        ):
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
            "person": names[0],
            "aliases": ";".join(names[1:]),
            "wikidata": "",
            "country": country,
            "office": office,
            "start": row["start"],
            "end": end,
            "asof": asof,
            "source": "cia-factbook",
        }


_OWN_MONARCHS = frozenset(
    [
        "GBR",
        "ESP",
        "NLD",
        "BEL",
        "NOR",
        "SWE",
        "DNK",
        "JOR",
        "SAU",
        "MAR",
        "THA",
        "MYS",
        "BTN",
        "LSO",
        "SWZ",
        "TON",
        "BHR",
        "KHM",
        "JPN",
    ]
)


def factbook_names(text: str) -> list[str]:
    """Name forms from the Factbook's notation, which sets the name that a person goes by in capitals.

    "Abdelmadjid TEBBOUNE", "XI Jinping", "Vladimir Vladimirovich PUTIN", "Iván DUQUE Márquez".
    """
    text = re.split(r",| in caretaker| represented| - | appointed|\(", text)[0]
    text = _RANKS.sub("", " " + text).strip()
    words = text.split()
    large = [
        i
        for i, w in enumerate(words)
        if sum(c.isupper() for c in w) > 1
        and not re.fullmatch(r"([A-Z]\.)+", w)
        and not (i and re.fullmatch(r"[IVX]+", w))
    ]
    if not large or len(words) > 6 or any(w in text for w in ("vacant", "Minister", "President", "General", "cabinet")):
        return []
    first, last = large[0], large[-1]

    # from the second word on, "bin Salman" and "dos Santos" are small inside names
    def small(word: str) -> str:
        if sum(c.isupper() for c in word) <= 1:
            return word
        word = re.sub(
            r"[A-Za-zÀ-ÿ']+",
            lambda m: m[0].capitalize() if not m[0][:2].islower() else m[0][:3] + m[0][3:].capitalize(),
            word,
        )
        word = re.sub(r"^Mc(\w)", lambda m: "Mc" + m[1].upper(), word)
        return {"Bin": "bin", "Dos": "dos", "Da": "da", "De": "de", "Von": "von", "Van": "van", "Der": "der"}.get(
            word, word
        )

    words = [small(w) for w in words]
    key = words[first : last + 1]
    if first == 0:
        short = words if len(words) <= 3 else words[: last + 2]
        forms = [short, words]
    else:
        middle = list(words[:first])
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
    levels = {
        "PM": "head of government",
        "DPM": "deputy head",
        "SoS": "minister",
        "MoS": "deputy minister",
        "PUSS": "deputy minister",
        "Parl.": "parliament",
        "Parl. lead.": "parliament",
    }
    for row in read_csv(folder / "appointment.csv"):
        post = posts[row["post_id"]]
        rank = post["rank_equivalence"]
        if rank == "Parl.":
            continue
        forms = sorted(
            persons[row["person_id"]],
            key=lambda p: (p["display_name"].startswith(("Lord", "Baroness", "Vis", "Earl")), p["start_date"]),
        )
        names = [p["display_name"] for p in forms]
        names += [short for n in names if (short := re.sub(r"^((?:Lord|Baroness) [\w-]+) of .*", r"\1", n)) != n]
        office = post["display_name"]
        office = {
            "Secretary of State for Foreign and Commonwealth Affairs": "Foreign Secretary",
            "Secretary of State for Foreign, Commonwealth and Development Affairs": "Foreign Secretary",
            "Secretary of State for the Home Department": "Home Secretary",
        }.get(office, office)
        yield {
            "person": names[0],
            "aliases": ";".join(names[1:]),
            "wikidata": "",
            "country": "GBR",
            "office": office,
            "sector": "LEG" if rank.startswith("Parl") else "GOV",
            "level": levels[rank],
            "start": row["start_date"],
            "end": row["end_date"],
            "asof": "2026-06-19",
            "source": "ifg-ministers",
        }


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
                yield base | {
                    "person": names[0],
                    "aliases": ";".join(names[1:]),
                    "wikidata": person["id"].get("wikidata", ""),
                    "office": office,
                    "start": term["start"],
                    "end": open_end(term["end"]),
                }
    for person in yaml.safe_load((folder / "legislators-current.yaml").read_text("utf-8")):
        names = us_names(person["name"])
        common = base | {
            "person": names[0],
            "aliases": ";".join(names[1:]),
            "wikidata": person["id"].get("wikidata", ""),
        }
        for term in joined(person["terms"]):
            office = {"sen": "Senator", "rep": "Representative"}[term["type"]]
            yield common | {
                "office": office,
                "start": term["start"],
                "end": open_end(term["end"]),
                "sector": "LEG",
                "level": "parliament",
            }
        for role in person.get("leadership_roles", []):
            yield common | {
                "office": role["title"],
                "start": role["start"],
                "end": open_end(role.get("end", "")),
                "sector": "LEG",
                "level": "parliament",
            }


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
    """Days from one date to another."""
    return (date.fromisoformat(start) - date.fromisoformat(end)).days


def open_end(end: str) -> str:
    """Ends of terms that lie after the set was made are no facts yet."""
    return "" if end > "2026-06-15" else end
