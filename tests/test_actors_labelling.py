"""What a report teaches: apposition and titles give country, sector and office; where tables and text disagree, the text wins."""

import pytest
from actors_samples import cast_of, coded, named, who_is
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.records import DeclaredActor

# --- names that no table knows ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("Hakan Testoglu, a Turkish lawmaker, spoke.", "Hakan Testoglu", ("TUR", "LEG", "lawmaker")),
        ("Chinese Foreign Ministry spokesperson Li Muster spoke.", "Li Muster", ("CHN", "GOV", "spokesperson")),
        ("The Russian foreign minister, Oleg Musterov, spoke.", "Oleg Musterov", ("RUS", "GOV", "foreign minister")),
        ("Ann Muster, a senior analyst at Chatham House, spoke.", "Ann Muster", ("GROUP:Ann Muster@GBR", "EDU", "senior analyst")),
        ("Ann Muster, the former Austrian chancellor, spoke.", "Ann Muster", ("GROUP:Ann Muster@AUT", "ELI", "chancellor")),
        ("Colonel Juan Musterez of the Chilean army spoke.", "Juan Musterez", ("CHL", "MIL", "Colonel")),
        ("Todd Muster, a Republican senator, spoke.", "Todd Muster", ("USA", "LEG", "senator")),
        ("NATO spokeswoman Ann Muster spoke.", "Ann Muster", ("IGO:NATO", "IGO", "spokeswoman")),
        ("Hamas spokesman Hazem Muster spoke.", "Hazem Muster", ("GROUP:Hamas@PSE", "REB", "spokesman")),
    ],
)  # fmt: skip
def test_titles_and_appositions_are_learned(text, name, expected):
    assert coded(text, name) == expected


def test_what_is_learned_holds_for_the_rest_of_the_report():
    text = "Hakan Testoglu, a Turkish lawmaker, spoke on Monday. Later Testoglu left. He was tired."
    assert coded(text, "Testoglu") == coded(text, "He") == ("TUR", "LEG", "lawmaker")


def test_scholars_belong_to_their_house_and_never_are_their_state():
    text = "Cui Heng, an assistant research fellow from the Center for Russian Studies of East China Normal University, spoke."
    assert coded(text, "Cui Heng") == ("GROUP:Cui Heng@CHN", "EDU", "assistant research fellow")
    house = "Center for Russian Studies of East China Normal University"
    assert coded(text, house)[0] == f"GROUP:{house}@CHN"


def test_a_title_may_reach_over_a_body_to_the_name():
    text = "Adviser to the Prime Minister of the Portuguese Republic Jose Musterez met Ihor Zhovkva."
    assert coded(text, "Jose Musterez") == ("PRT", "GOV", "Adviser")
    assert (
        coded("Deputy Head of the Office of the President Pavlo Musterenko of Ukraine spoke.", "Pavlo Musterenko")[1]
        == "GOV"
    )
    assert named("Police killed people in the Donbas.")[-1][0] != "Donbas"


def test_a_high_office_and_a_surname_mean_its_holder():
    assert who_is("Prime Minister Bettel flew home.", "Bettel") == "Xavier Bettel"
    assert who_is("Prime Minister Bettel flew home.", "Bettel", "2011-10-27") == "Bettel"


def test_officials_of_the_one_state_a_report_is_about_need_no_country():
    text = "Chile said the port was closed. Chile will reopen it. Police Chief Ann Muster spoke in Chile."
    assert coded(text, "Ann Muster")[:2] == ("CHL", "COP")
    mixed = "Chile, Peru, Bolivia, Brazil and Ecuador met. Police Chief Ann Muster spoke."
    assert coded(mixed, "Ann Muster")[:2] == (None, "COP")


def test_organs_of_a_state_are_told_by_their_words():
    text = "Ukraine said so. Ukraine agreed. The Directorate of Port Safety spoke for Ukraine."
    assert coded(text, "Directorate of Port Safety")[:2] == ("UKR", "GOV")
    assert coded("The CSTO Council of Defence Ministers met.", "CSTO Council of Defence Ministers")[0] == "IGO:CSTO"


# --- tables and text -------------------------------------------------------------------------------------------------


def test_the_text_wins_over_the_tables_for_that_report():
    known = coded("John Bolton spoke.", "John Bolton", "2020-06-18")
    assert known == ("GROUP:John Bolton@USA", "ELI", "National Security Advisor")
    text = "US ambassador John Bolton spoke. Bolton left."
    assert coded(text, "Bolton", "2020-06-18") == ("USA", "GOV", "ambassador")
    assert coded("Bolton, the former ambassador, spoke.", "Bolton", "2020-06-18")[1] == "ELI"


def test_who_is_out_of_office_is_a_group_of_the_state_unless_that_is_long_ago():
    assert coded("Donald Trump spoke.", "Donald Trump") == ("GROUP:Donald Trump@USA", "ELI", "President")
    assert coded("President Trump spoke.", "Trump") == ("USA", "GOV", "President")
    assert coded("Ronald Reagan was praised.", "Ronald Reagan") == ("USA", "ELI", "President")


def test_without_a_date_nobody_is_out_of_office():
    mention = cast_of("Hassan Rouhani spoke.", None).mentions()[0]
    assert (mention.country, mention.sector, mention.office, mention.office_status) == ("IRN", "GOV", "President", None)


def test_a_title_behind_a_named_organ_is_read():
    text = "Chinese Foreign Ministry spokesman Li Muster spoke. Li said more."
    assert coded(text, "Li") == ("CHN", "GOV", "spokesman")
    assert coded(text, "Chinese Foreign Ministry")[0] == "CHN"


def test_a_name_repeated_without_a_stop_is_not_a_longer_one():
    text = "President of Belarus Alexander Lukashenko Lukashenko AlexanderPresident of Belarus: We agree."
    assert coded(text, "Alexander Lukashenko")[0] == "BLR"


# --- scope -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words", "country"),
    [
        ("Taiwan protested.", "Taiwan", "TWN"),
        ("Hong Kong arrested activists.", "Hong Kong", "HKG"),
        ("The Palestinian Authority objected.", "Palestinian Authority", "PSE"),
        ("Kosovo objected.", "Kosovo", "XKX"),
        ("Greenland objected.", "Greenland", "DNK"),
        ("Puerto Rico objected.", "Puerto Rico", "USA"),
        ("Bermuda objected.", "Bermuda", "GBR"),
        ("The Soviet Union objected.", "Soviet Union", "SUN"),
    ],
)
def test_states_dependencies_and_disputed_states(text, words, country):
    assert coded(text, words)[0] == country


@pytest.mark.parametrize(
    ("text", "words", "country"),
    [
        ("The Donetsk People's Republic objected.", "Donetsk People's Republic", "GROUP:Donetsk People's Republic@UKR"),
        ("Abkhazia objected.", "Abkhazia", "GEO"),
        ("Transnistria objected.", "Transnistria", "MDA"),
    ],
)
def test_breakaway_regions_are_the_state_they_broke_from(text, words, country):
    found = coded(text, words)[0]
    assert found is not None
    assert found.rpartition("@")[2] == country.rpartition("@")[2]


# --- declared --------------------------------------------------------------------------------------------------------


def test_declared_spans_stand_whatever_the_tables_say():
    text = "Paris objected to the plan of Acme Watch. Paris spoke again."
    declared = (
        DeclaredActor(start=0, end=5, name="Paris Hilton Fans", country="GROUP:Paris Hilton Fans@USA"),
        DeclaredActor(start=30, end=40, name="Acme Watch", country="GROUP:Acme Watch@CHL"),
    )
    found = [(m.text, m.country) for m in cast_of(text, declared=declared).mentions()]
    assert found == [
        ("Paris", "GROUP:Paris Hilton Fans@USA"), ("Acme Watch", "GROUP:Acme Watch@CHL"), ("Paris", "FRA"),
    ]  # fmt: skip


def test_a_declared_state_or_organisation_has_its_sector():
    text = "Ruritania met Zenda."
    declared = (
        DeclaredActor(start=0, end=9, name="Ruritania", country="FRA"),
        DeclaredActor(start=14, end=19, name="Zenda", country="IGO:NATO"),
    )
    assert [(m.country, m.sector) for m in cast_of(text, declared=declared).mentions()] == [
        ("FRA", "GOV"),
        ("IGO:NATO", "IGO"),
    ]


# --- everywhere ------------------------------------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "the",
                "President",
                "of",
                "Chile",
                "and",
                "Foreign",
                "Minister",
                "Wang",
                "Yi",
                "said",
                "that",
                "Moscow",
                ",",
                "Trump",
                "Tower",
                ".",
                "He",
                "they",
                "it",
                "U.S.",
                "officials",
                "'s",
                "European",
                "countries",
                "former",
                "latter",
                "“",
                "”",
                "(",
                ")",
                "-",
                "al-Maliki",
                "Ministry",
                "of",
                "Labour",
                "Lavrov",
                "Lavrov",
                "in",
                "2014",
                "two",
                "sides",
            ]
        ),
        max_size=25,
    )
)
def test_any_words_are_labelled_with_offsets_that_slice(words):
    text = " ".join(words)
    for mention in cast_of(text).mentions():
        assert text[mention.start : mention.end] == mention.text


# --- heads, directors, relatives -------------------------------------------------------------------------------------


def test_heads_of_bodies_are_of_the_body():
    text = "The head of the Russian central bank, Elvira Musterova, spoke. The head of the FBI met her."
    assert coded(text, "Elvira Musterova")[:2] == ("RUS", "GOV")
    assert [m.country for m in cast_of(text).mentions() if m.text == "head"] == ["RUS", "USA"]
    assert "head" not in dict(named("He was shot in the head in Chile. His brother fled."))


def test_a_director_of_a_private_body_is_a_group():
    text = "Emily Muster, executive director of the American Library Association, spoke."
    assert coded(text, "Emily Muster") == ("GROUP:Emily Muster@USA", "UNK", "executive director")


def test_the_reports_own_spelling_and_first_names_are_taken_up():
    assert who_is("Defence Minister Sergey Shoygu spoke. Shoygu left.", "Shoygu") == "Sergei Shoigu"
    assert who_is("Gov. Narongsak Musterakorn spoke. Narongsak left.", "Narongsak") == "Narongsak Musterakorn"


def test_a_title_behind_a_name_is_a_name():
    assert coded("White House spokesman Raj Shah spoke.", "Raj Shah") == ("USA", "GOV", "spokesman")


def test_a_surname_may_stand_before_the_full_name():
    text = "“That is wrong,” Mr. Muster said on Monday. Spokesman Karl Muster said more."
    assert {name for words, name in named(text) if "Muster" in words} == {"Karl Muster"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("In New York, Mayor Bill Muster announced reforms.", "New York"),
        ("He came from New York. The New York nurse said so.", "New York"),
        ("The House Intelligence panel met, and the State Dept said so.", "Dept"),
        ("Subscribe to Daily Newsletters, he said.", "Newsletters"),
    ],
)
def test_cities_and_words_of_pages_are_no_persons(text, words):
    assert words not in dict(named(text))
