"""Who is source and who is target, by kinds of grammar: what the patterns find before any model weighs it."""

import pytest
from parsing import parsed

from comity import Coder
from comity.actors import resolve
from comity.events import grammar
from comity.events.arguments import Memory
from comity.events.lexicon import read_lexicon
from comity.events.matching import matches
from comity.records import Report


def slots(text, type_):
    """States in the source and the target of the first pattern of a type, and whether both do it to each other."""
    (parse,) = parsed(text)
    cast = resolve(Report(id="made", text=text, published="2024-05-14"), parse)
    for s in parse.sentences:
        for match in matches(read_lexicon(), s, cast):
            if match.pattern.type == type_:
                found = [[f.country for ref in refs for f in ref.figures] for refs in (match.sources, match.targets)]
                return (*found, "mutual" in match.pattern.flags)
    return None


@pytest.mark.parametrize(
    ("text", "type_", "expected"),
    [
        ("Peru and Chile blamed each other for the clash.", "ACCUSE", (["PER", "CHL"], [], True)),
        ("Armenia and Azerbaijan accused one another of breaking the truce.", "ACCUSE", (["ARM", "AZE"], [], True)),
        ("Moscow and Tokyo expelled each other's diplomats.", "SANCTION", (["RUS", "JPN"], [], True)),
        ("Peru and Chile traded accusations over the border.", "ACCUSE", (["PER", "CHL"], [], True)),
        ("Syria and Turkey have exchanged threats.", "THREATEN", (["SYR", "TUR"], [], True)),
        ("Japan accused Chile of sinking the boat.", "ACCUSE", (["JPN"], ["CHL"], False)),
    ],
)
def test_what_two_do_to_each_other_is_mutual(text, type_, expected):
    assert slots(text, type_) == expected


@pytest.mark.parametrize(
    ("text", "type_", "expected"),
    [
        ("Germany, France and Italy agreed to lend Ukraine five tanks.", "AGREE", (["DEU", "FRA", "ITA"], ["UKR"], False)),
        ("Japan and India agreed to reopen the border posts.", "AGREE", (["JPN", "IND"], [], True)),
    ],
)  # fmt: skip
def test_what_several_agree_to_do_for_another_is_his(text, type_, expected):
    assert slots(text, type_) == expected


@pytest.mark.parametrize(
    ("text", "verb", "expected"),
    [
        ("Japan resisted pressure from Norway to join the talks.", "join", ["Japan"]),
        ("Norway's pressure on Japan to join the talks grew.", "join", ["Japan"]),
        ("Brazil refused a request to extradite the general.", "extradite", ["Brazil"]),
        ("Chile renewed its offer to extradite the general.", "extradite", ["Chile"]),
    ],
)
def test_whoever_is_asked_does_what_a_request_asks_for(text, verb, expected):
    (parse,) = parsed(text)
    (s,) = parse.sentences
    assert [s.words[token] for token in grammar.subjects(s, s.lowers.index(verb))] == expected


def test_the_pair_of_which_most_was_told_is_remembered():
    memory = Memory()
    memory.note("ASSAULT", "PER", "CHL", "shell")
    memory.note("ASSAULT", "JPN", "IND", "attack")
    assert memory.usual == {"ASSAULT": (("PER", "CHL"), 1)}
    memory.note("ASSAULT", "JPN", "IND", "raid")
    assert memory.usual == {"ASSAULT": (("JPN", "IND"), 2)}
    assert memory.by_word == {"shell": ("PER", "CHL"), "attack": ("JPN", "IND"), "raid": ("JPN", "IND")}


@pytest.fixture(scope="module")
def coder():
    return Coder()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Turkish president met his counterpart in Ankara.", []),
        ("The Turkish president met his Greek counterpart in Ankara.", ["TUR CONSULT GRC"]),
        ("Russia, which annexed Crimea in 2014, criticised Poland on Tuesday.", ["RUS ACCUSE POL"]),
        ("The Gambian president visited Senegal.", ["GMB CONSULT SEN"]),
        ("Poland and Lithuania accused Belarus and Russia of sending migrants.", ["POL+LTU ACCUSE BLR+RUS"]),
        ("Moscow and Tokyo expelled each other's diplomats.", ["RUS SANCTION JPN"]),
        ("Iran seized a tanker of Greece, the Fars news agency reported.", ["IRN COERCE GRC"]),
        ("Iranian and Omani officials met in Muscat.", ["IRN CONSULT OMN"]),
        ("Ethiopian and Eritrean troops exchanged fire on Monday.", ["ETH ASSAULT ERI"]),
        ("Turkey accused the West of sabotage.", ["TUR ACCUSE -"]),
        ("Norway and its partners imposed sanctions on Chad.", ["NOR+- SANCTION TCD"]),
        ("Poland sent tanks to Kenya.", ["POL AID KEN"]),
        ("Kenya and Uganda held talks in Cairo. The two leaders met again on Monday.", ["KEN CONSULT UGA"] * 2),
    ],
)
def test_coded(coder, text, expected):
    coding = coder.code(Report(id="made", text=text, published="2024-05-14", language="en"))
    found = [
        " ".join(("+".join(p.country or "-" for p in e.source), e.type, "+".join(p.country or "-" for p in e.target)))
        for e in coding.events
    ]
    assert found == expected


def test_an_event_with_several_states_that_are_not_told_is_international(coder):
    (event,) = coder.code(Report(id="made", text="Turkey accused the West of sabotage.", published="2024-05-14")).events
    (west,) = event.target
    assert (event.scope, west.text, west.actor, west.name, west.country) == (
        "international", "the West", "states:the-west", "the West", None
    )  # fmt: skip


@pytest.mark.parametrize("state", ["Chile", "the United States", "the Solomon Islands", "Antigua and Barbuda"])
def test_who_acts_is_the_troops_not_the_state_that_they_are_of(state):
    (event,) = (
        Coder().code(Report(id="made", text=f"Troops of {state} attacked Norway.", published="2024-05-14")).events
    )
    assert [(party.text, party.sector) for party in event.source] == [("Troops", "MIL")]
