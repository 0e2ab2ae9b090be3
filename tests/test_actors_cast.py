"""Coreference inside a report: whom surnames, titles, pronouns and "the two sides" mean."""

import pytest
from actors_samples import cast_of, coded, named, who_is

# --- surnames --------------------------------------------------------------------------------------------------------


def test_a_surname_means_the_bearer_who_was_named_before():
    text = "Hakan Testoglu, a Turkish lawmaker, met Sergey Lavrov. Testoglu said Lavrov had agreed."
    assert who_is(text, "Testoglu") == "Hakan Testoglu"
    assert who_is(text, "Lavrov") == "Sergey Lavrov"


def test_two_wangs_are_told_apart_by_who_was_named_last():
    text = (
        "Foreign Minister Wang Yi flew to Moscow on Monday. Wang thanked his hosts. "
        "In Beijing, Foreign Ministry spokesman Wang Wenbin briefed reporters. Wang declined to comment."
    )
    meant = [name for words, name in named(text) if words == "Wang"]
    assert meant == ["Wang Yi", "Wang Wenbin"]


def test_a_first_name_means_the_person_where_the_family_name_stands_first():
    text = "Cui Heng, a research fellow from a university in Shanghai, spoke. Cui added that he saw no risk."
    assert who_is(text, "Cui") == who_is(text, "he") == "Cui Heng"


def test_a_surname_that_is_a_word_is_a_person_once_somebody_bears_it():
    text = "Todd Young, a Republican senator, visited Taipei on Tuesday. Young said he would come again."
    assert who_is(text, "Young") == "Todd Young"
    assert "Young" not in dict(named("Young voters in Chile went to the polls."))


def test_a_surname_inside_another_name_is_not_that_person():
    assert "Donald Trump" not in dict(named("They met at Trump Tower on Monday.", "2018-05-05")).values()
    assert "Nouri al-Maliki" not in dict(named("Turki al-Maliki spoke on Monday.", "2010-05-05")).values()


# --- titles ----------------------------------------------------------------------------------------------------------


def test_a_bare_title_means_its_holder_in_the_report():
    text = "Fumio Kishida met Emmanuel Macron in Paris. The prime minister thanked the president."
    assert who_is(text, "prime minister") == "Fumio Kishida"
    assert who_is(text, "president") == "Emmanuel Macron"


def test_the_president_is_the_one_the_report_speaks_of_not_the_last_one_named():
    text = (
        "Volodymyr Zelensky said he wanted peace. Zelensky added that the world must talk to Vladimir Putin. "
        "The president spoke for an hour."
    )
    assert who_is(text, "president") == "Volodymyr Zelensky"


def test_a_title_with_its_state_means_the_holder_named_further_down():
    text = "The president of Ukraine travelled to Berlin. Volodymyr Zelensky met Olaf Scholz there."
    assert who_is(text, "president") == "Volodymyr Zelensky"


def test_one_title_for_two_states_means_both_holders():
    text = "The presidents of Russia and France, Vladimir Putin and Emmanuel Macron, met."
    assert who_is(text, "presidents") == "Vladimir Putin + Emmanuel Macron"


def test_an_indefinite_title_is_nobody_that_is_known():
    assert coded("Rishi Sunak spoke in London. A minister resigned.", "minister") == (None, "GOV", None)


# --- pronouns --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words", "name"),
    [
        ("Angela Merkel met Emmanuel Macron. She thanked him.", "She", "Angela Merkel"),
        ("Angela Merkel met Emmanuel Macron. She thanked him.", "him", "Emmanuel Macron"),
        ("Russia and Iran signed a deal. Iran said it would send drones.", "it", "Iran"),
        ("The Houthis fired a missile and threatened Israel. They vowed to go on.", "They", "Houthis"),
        ("Russia and China said they would hold drills.", "they", "Russia + China"),
        ("Washington warned Iran. It said its ships would stay.", "It", "United States"),
    ],
)
def test_pronouns_agree_with_their_antecedent(text, words, name):
    assert who_is(text, words) == name


def test_an_object_is_not_its_own_subject():
    text = "Wang Yi met Sergey Lavrov. Wang praised him."
    assert who_is(text, "him") == "Sergey Lavrov"


def test_it_is_no_plural():
    text = "The Houthis threatened Israel. It said it would answer."
    assert who_is(text, "It") != "Houthis"


def test_it_that_stands_for_nothing():
    assert "it" not in dict(named("China said it is clear that talks help."))


# --- pairs and bodies ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words", "name"),
    [
        ("China and India held talks. The two sides agreed to meet again.", "sides", "China + India"),
        ("China and India held talks. Both countries withdrew troops.", "countries", "China + India"),
        ("Joe Biden met Xi Jinping in Bali. The two leaders shook hands.", "leaders", "Joe Biden + Xi Jinping"),
        ("France and Germany disagreed. The former wanted a bond.", "former", "France"),
        ("France and Germany disagreed. The former wanted a bond and the latter refused.", "latter", "Germany"),
        ("The European Union adopted a plan. The bloc will vote again.", "bloc", "European Union"),
        ("NATO was informed. The alliance agreed.", "alliance", "NATO"),
        ("Turkey spoke first. The Russian side thanked the hosts.", "Russian side", "Russia"),
    ],
)
def test_nouns_that_stand_for_those_named_before(text, words, name):
    assert who_is(text, words) == name


def test_a_former_minister_is_no_former_of_two():
    assert "former" not in dict(named("France and Germany disagreed. A former minister spoke of the former plan."))


# --- metonyms --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words", "country"),
    [
        ("Moscow rejected the offer.", "Moscow", "RUS"),
        ("The Kremlin was silent.", "Kremlin", "RUS"),
        ("Foggy Bottom was silent.", "Foggy Bottom", "USA"),
        ("Downing Street denied the report.", "Downing Street", "GBR"),
        ("Tokyo protested to Seoul.", "Seoul", "KOR"),
    ],
)
def test_capitals_and_seats_that_act_are_governments(text, words, country):
    assert coded(text, words)[0] == country
    assert {ref.form for ref in cast_of(text).labeller.refs if ref.text == words} <= {"capital", "seat"}


def test_a_capital_where_something_happens_is_a_place():
    forms = {
        ref.text: ref.form for ref in cast_of("Antonio Guterres arrived in Moscow and flew to Kyiv.").labeller.refs
    }
    assert (forms["Moscow"], forms["Kyiv"]) == ("place", "place")


# --- whose -----------------------------------------------------------------------------------------------------------


def test_officials_belong_to_the_state_before_them():
    assert coded("Russian officials said so.", "Russian officials")[:2] == ("RUS", "GOV")
    assert coded("Ukraine's army advanced.", "Ukraine's army")[:2] == ("UKR", "MIL")
    assert coded("Iran's enemies rejoiced.", "Iran's enemies")[0] is None
    assert coded("European countries agreed.", "European countries")[0] is None


def test_congress_is_that_of_a_state_which_has_one():
    text = "Iran tested a missile. The United States and Iran had talked. Iran objected. Congress will vote on Iran."
    assert coded(text, "Congress")[0] == "USA"


def test_the_outlet_of_a_state_means_its_own_president():
    text = "Volodymyr Zelensky spoke to Emmanuel Macron. Macron said he agreed. The President spoke of peace."
    own = {"outlet": "president.gov.ua", "outlet_country": "UKR", "outlet_ownership": "state"}
    assert who_is(text, "President", **own) == "Volodymyr Zelensky"


def test_a_paper_that_is_cited_is_no_topic():
    cast = cast_of("The Guardian and the BBC said on Monday that the talks had failed.")
    assert cast.focus is None


def test_the_record_lists_everybody_once_and_in_order():
    cast = cast_of("Wang Yi met Sergey Lavrov. They agreed. Wang said so.")
    mentions = cast.mentions()
    assert list(mentions) == sorted(mentions, key=lambda m: (m.start, m.end))
    actors = cast.actors_record()
    assert [a.id for a in actors] == sorted({a.id for a in actors})
    assert {m.actor for m in mentions if m.actor} <= {a.id for a in actors}


@pytest.mark.parametrize(
    ("outlet", "url", "state"),
    [
        (None, "https://www.examplepost.co.uk/a", "GBR"),
        ("paper.example.ke", None, "KEN"),
        ("Example Post", "https://example.com/uk", None),
        ("Example Post", "https://news.tv/story", None),
        ("The St. Kilda", None, None),
        (None, None, None),
    ],
)
def test_a_country_domain_tells_the_country_unless_it_is_sold_as_a_word(outlet, url, state):
    from comity.actors import outlets

    assert outlets.domain_state(outlet, url) == state


def test_a_counterpart_is_of_another_state_than_the_one_to_whom_he_belongs():
    text = "The Kenyan president met his counterpart. Spain's king wrote to his Greek counterpart."
    coded = {one.text: one.country for one in cast_of(text).mentions() if "counterpart" in one.text}
    assert coded == {"counterpart": None, "Greek counterpart": "GRC"}


def test_allies_with_an_adjective_are_their_state():
    text = "Kenya drilled with its South Korean allies. Russian critics and Iran's enemies were absent."
    coded = {one.text: one.country for one in cast_of(text).mentions() if one.text.split()[-1] in ("allies", "enemies")}
    assert coded == {"South Korean allies": "KOR", "Iran's enemies": None}


@pytest.mark.parametrize(
    ("text", "words", "kind", "country"),
    [
        ("The West has condemned Sudan.", "The West", "states", None),
        ("Kenya thanked its allies.", "allies", "states", None),
        ("Western officials accused Sudan of lying.", "Western officials", "states", None),
        ("Several countries promised Kenya food.", "countries", "states", None),
        ("Western media criticised Sudan.", "Western media", "organ", "GROUP:Western media@null"),
        ("The law protects China's Muslim minority.", "Muslim minority", "population", "GROUP:Muslim minority@CHN"),
        ("Chilean tanks rolled into Peru.", "Chilean tanks", "organ", "CHL"),
    ],
)
def test_who_is_meant_by_several_states_minorities_and_weapons(text, words, kind, country):
    cast = cast_of(text)
    (figure,) = next(ref.figures for refs in cast.by_sentence for ref in refs if ref.text == words)
    assert (figure.kind, figure.country) == (kind, country)


def test_weapons_that_are_sent_are_nobody():
    assert [one.text for one in cast_of("Chile sent tanks to Peru.").mentions() if one.actor] == ["Chile", "Peru"]


def test_adjectives_that_are_joined_are_a_figure_each():
    text = "Norwegian, Chilean and Peruvian troops met those of Kenya."
    (ref,) = (ref for refs in cast_of(text).by_sentence for ref in refs if ref.form == "role")
    assert (ref.text, [figure.country for figure in ref.figures]) == (
        "Norwegian, Chilean and Peruvian troops",
        ["NOR", "CHL", "PER"],
    )


def test_whom_a_second_verb_falls_upon_is_not_its_subject():
    cast = cast_of("The Polish premier met the Ukrainian president and thanked him.")
    (s,) = cast.parse.sentences
    (figure,) = cast.pronoun(s, s.lowers.index("him")).figures
    assert figure.country == "UKR"


def test_it_is_the_one_who_is_warned():
    cast = cast_of("Japan warned Chile of a war if it sends ships. Japan said it would wait.")
    meant = [cast.pronoun(s, s.lowers.index("it")).figures[0].country for s in cast.parse.sentences]
    assert meant == ["CHL", "JPN"]
