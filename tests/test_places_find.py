"""Places of a report: what is one, and which one it is."""

import itertools
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.actors.cast import resolve
from comity.language import Parse, split
from comity.language.model import Language
from comity.places import find_places
from comity.records import Place, Report


@cache
def _language() -> Language:
    return Language()


def places(text: str, outlet_country: str | None = None) -> tuple[Place, ...]:
    segments = split(text)
    parse = _language().parse([(text, segments, segments)])[0]
    return find_places(parse, resolve(Report(id="x", text=text), parse), None, outlet_country)


def short(text: str, outlet_country: str | None = None) -> list[tuple[str, str | None, str | None]]:
    return [(p.text, p.level, p.country) for p in places(text, outlet_country)]


def test_a_place_carries_its_entry_and_its_offsets() -> None:
    text = "Shells fell on Kharkiv, officials said."
    assert places(text) == (
        Place(
            start=15, end=22, text="Kharkiv", geonameid=706483, lat=49.9818, lon=36.2548, country="UKR", level="city"
        ),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The ministers met in Paris, Texas, last week.", [("Paris", "city", "USA"), ("Texas", "region", "USA")]),
        ("The ministers met in Paris last week.", [("Paris", "city", "FRA")]),
        ("He was born in Springfield, Ill., in 1950.", [("Springfield", "city", "USA"), ("Ill.", "region", "USA")]),
        ("Aleppo, Syria, was quiet.", [("Aleppo", "city", "SYR"), ("Syria", "country", "SYR")]),
        ("Troops moved into Idlib province.", [("Idlib", "region", "SYR")]),
        ("Troops moved into the city of Idlib.", [("Idlib", "city", "SYR")]),
        ("A drone hit Kharkiv Oblast.", [("Kharkiv Oblast", "region", "UKR")]),
        ("Rebels hold parts of northern Syria.", [("Syria", "country", "SYR")]),
        ("Ships left the port city of Odesa.", [("Odesa", "city", "UKR")]),
        ("Fighters entered al-Bab.", [("al-Bab", "city", "SYR")]),
        ("He left the People’s Republic of China.", [("People’s Republic of China", "country", "CHN")]),
        ("Wildfires spread in Washington state, Obama said.", [("Washington", "region", "USA")]),
        (
            "Tankers crossed the Strait of Hormuz into the Gulf of Oman.",
            [("Strait of Hormuz", "feature", None), ("Gulf of Oman", "feature", None)],
        ),
        ("Inspectors visited Natanz and Yongbyon.", [("Natanz", "site", "IRN"), ("Yongbyon", "site", "PRK")]),
        ("Rockets hit Donetsk International Airport.", [("Donetsk International Airport", "site", "UKR")]),
        ("They marched through the Ukrainian capital.", [("the Ukrainian capital", "city", "UKR")]),
        ("Crowds filled the squares of Libya's capital.", [("Libya", "country", "LBY"), ("capital", "city", "LBY")]),
        ("KYIV, Feb. 24 (Reuters) - Sirens sounded.", [("KYIV", "city", "UKR")]),
        ("GENEVA (AP) — The U.S. envoy and Illinois officials spoke.", [
            ("GENEVA", "city", "CHE"), ("U.S.", "country", "USA"), ("Illinois", "region", "USA")]),
    ],
)  # fmt: skip
def test_names_are_placed_as_finely_as_the_text_says(text: str, expected: list[tuple[str, str, str | None]]) -> None:
    assert short(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Moscow said it would retaliate.",
        "Beijing warned Washington against the sale.",
        "Talks between Moscow and Kyiv collapsed.",
        "Ankara's decision angered Athens.",
    ],
)
def test_capitals_that_stand_for_governments_are_no_places(text: str) -> None:
    assert short(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The ministers met in Moscow on Tuesday.", [("Moscow", "city", "RUS")]),
        ("Missiles struck Kyiv before dawn.", [("Kyiv", "city", "UKR")]),
        ("Snow fell on the streets of Beijing.", [("Beijing", "city", "CHN")]),
    ],
)
def test_capitals_that_stand_for_cities_are_places(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert short(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Scholars at East China Normal University disagreed.",
        "The Bank of England raised rates.",
        "Manchester United lost again.",
        "The Washington Post reported the deal.",
        "The Russian and Turkish delegations shook hands.",
        "Michael Jordan and Paris Hilton declined to comment.",
        "President Lincoln signed it, and Hillary Clinton quoted it.",
        "Nice work, he wrote; reading it took an hour.",
        "The Cherokee tribe filed a suit.",
        "The Minsk agreements and the Kyoto Protocol failed.",
    ],
)
def test_bodies_peoples_and_persons_are_no_places(text: str) -> None:
    assert short(text) == []


def test_the_report_decides_between_places_of_one_name() -> None:
    canada = "A fire broke out in London on Monday. Ontario police and crews from Windsor and Sarnia helped."
    assert [p.geonameid for p in places(canada) if p.text == "London"] == [6058560]
    assert [p.geonameid for p in places("A fire broke out in London on Monday. British police helped.")] == [2643743]


def test_the_outlet_decides_when_the_report_says_nothing() -> None:
    text = "A woman from Edmonton was charged with fraud."
    assert [p.country for p in places(text)] == ["CAN"]
    assert [p.country for p in places(text, "GBR")] == ["GBR"]


def test_one_mention_that_says_where_holds_for_the_others() -> None:
    text = "GLASGOW, Ky. (AP) — Police searched a house. Neighbours in Glasgow were surprised."
    assert {p.country for p in places(text)} == {"USA"}


def test_a_village_needs_its_surroundings() -> None:
    assert short("The band played in Hinton.") == []
    assert ("Hinton", "city", "USA") in short("The band played in Hinton, Iowa.")


def test_texts_without_a_parse_are_read_too() -> None:
    text = "Shells fell on Kharkiv. In Paris, Texas, it was calm."
    assert [p.geonameid for p in find_places(Parse(text, split(text), []), None)] == [706483, 4717560, 4736286]


_WORDS = [
    "In",
    "Paris",
    ",",
    "Texas",
    "(",
    ")",
    "the",
    "capital",
    "of",
    "Ky.",
    "U.S.",
    "-based",
    "al-",
    "Bab",
    "'s",
    "\n",
]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(_WORDS), max_size=14))
def test_places_are_in_order_and_say_what_stands_there(words: list[str]) -> None:
    text = " ".join(words)
    found = find_places(Parse(text, split(text), []), None)
    assert all(text[p.start : p.end] == p.text for p in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
