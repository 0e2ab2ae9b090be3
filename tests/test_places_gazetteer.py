"""The gazetteer: its tables are right and its names are found however they are spelled."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.places import gazetteer as g


@pytest.fixture(scope="module")
def table() -> g.Gazetteer:
    return g.gazetteer()


@pytest.mark.parametrize(
    ("name", "geonameid", "level", "country"),
    [
        ("Kyiv", 703448, g.CITY, "UKR"),
        ("Kiev", 703448, g.CITY, "UKR"),
        ("Bombay", 1275339, g.CITY, "IND"),
        ("Saigon", 1566083, g.CITY, "VNM"),
        ("Leningrad", 498817, g.CITY, "RUS"),
        ("St. Louis", 4407066, g.CITY, "USA"),
        ("Sana'a", 71137, g.CITY, "YEM"),
        ("Burma", 1327865, g.COUNTRY, "MMR"),
        ("Bavaria", 2951839, g.REGION, "DEU"),
        ("Crimea", 703883, g.REGION, "UKR"),
        ("Laurel County", 4297480, g.REGION, "USA"),
        ("Oxfordshire", 2640726, g.REGION, "GBR"),
    ],
)
def test_names_old_and_new_lead_to_their_place(
    table: g.Gazetteer, name: str, geonameid: int, level: int, country: str
) -> None:
    first = table.entries(g.key_of(name))[0]
    assert (first.geonameid, first.level, first.country) == (geonameid, level, country)


@pytest.mark.parametrize(
    "name", ["Donbas", "South China Sea", "Zaporizhzhia NPP", "Yongbyon", "38th parallel", "Bagram"]
)
def test_features_and_sites_are_there_without_an_id_of_the_sources(table: g.Gazetteer, name: str) -> None:
    assert table.entries(g.key_of(name))[0].level in (g.REGION, g.SITE, g.FEATURE)


def test_all_entries_lie_on_the_globe_and_in_known_countries(table: g.Gazetteer) -> None:
    wrong = []
    for key in list(table.names)[::37]:
        for entry in table.entries(key):
            inside = -90 <= entry.lat <= 90 and -180 <= entry.lon <= 180 and not math.isnan(entry.lat + entry.lon)
            if not inside or (entry.country and entry.country not in table.countries):
                wrong.append((key, entry))
    assert wrong == []


def test_curated_tables_are_in_form() -> None:
    countries = {row["iso3"] for row in g._table("countries.tsv")}
    for name, columns in (
        ("features.tsv", {"names", "level", "country", "lat", "lon", "geonameid", "source"}),
        ("regions.tsv", {"code", "lat", "lon", "names", "abbreviations", "source"}),
        ("countries.tsv", {"iso3", "iso2", "geonameid", "lat", "lon", "names", "abbreviations", "source"}),
        ("variants.tsv", {"name", "country", "variants", "source"}),
    ):
        rows = g._table(name)
        assert all(set(row) == columns for row in rows), name
        for row in rows:
            if "lat" in row:
                assert -90 <= float(row["lat"]) <= 90 and -180 <= float(row["lon"]) <= 180, row
            if row.get("country"):
                assert row["country"] in countries, row
            if "level" in row:
                assert row["level"] in g.LEVELS, row


def test_every_state_with_a_seat_of_government_has_its_capital(table: g.Gazetteer) -> None:
    for state, capital in {"UKR": 703448, "USA": 4140963, "CHN": 1816670, "RUS": 524901, "KAZ": 1526273}.items():
        assert table.capitals[state].geonameid == capital


def test_common_words_that_news_mean_otherwise_are_no_names(table: g.Gazetteer) -> None:
    assert [k for k in ("most", "police", "arab", "march", "putin") if table.entries(k)] == []


@given(st.text(max_size=30))
def test_keys_are_their_own_keys(name: str) -> None:
    assert g.key_of(g.key_of(name)) == g.key_of(name)


def test_hyphens_apostrophes_and_full_stops_do_not_matter() -> None:
    assert {g.key_of(n) for n in ("Deir ez-Zor", "Deir Ez Zor", "deir ez-zor")} == {"deir ez zor"}
    assert g.key_of("St. John’s") == "st johns"
