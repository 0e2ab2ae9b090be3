"""Tokens, kinds and the grammar of time expressions."""

import re
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.dates import scan
from comity.dates.resolve import ACTIONS
from comity.dates.scan import GrammarError, candidates, classify, grammar, kinds, prefixes, words


def rules_in(text: str) -> list[tuple[str, str]]:
    return [(c.rule, text[c.start : c.end]) for c in candidates(text, 0, len(text))]


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        ("Thursday", "weekday"), ("thursday", "weekday"), ("THURSDAY", "weekday"), ("May", "may"), ("may", "word"),
        ("MAY", "may"), ("March", "namemonth"), ("march", "word"), ("Sept", "mabbr"), ("sept", "word"), ("31", "day31"),
        ("32", "number"), ("0", "number"), ("1,500", "number"), ("2022", "year"), ("1699", "oldyear"),
        ("2200", "number"),
        ("1990s", "decade"), ("'90s", "decade"), ("10s", "mark"), ("’82", "shortyear"), ("21st", "ordinal"),
        ("32nd", "mark"), ("10:30", "clock"), ("25:00", "mark"), ("2022-10-24", "iso"), ("24/10/2022", "slashdate"),
        ("24.10.2022", "slashdate"), ("2.5", "decimal"), ("Q3", "qcode"), ("H2", "qcode"), ("FY2023", "fycode"),
        ("p.m.", "ampm"), ("-", "hyphen"), (" -", "dash"), ("–", "hyphen"), (" –", "dash"), ("--", "dash"),
        (",", "comma"),
        ("’s", "gen"), ("Kyiv", "citytz"), ("Lima", "Word"), ("lima", "word"), ("?", "mark"), ("$", "money"),
        ("Times", "paper"), ("times", "once"), ("Daily", "often"),
    ],
)  # fmt: skip
def test_a_token_has_its_kind(raw: str, kind: str) -> None:
    assert classify(raw)[0] == kind


def test_every_rule_has_an_action_and_every_action_a_rule() -> None:
    assert {rule.action for rule in grammar().rules} == set(ACTIONS)


def test_the_earlier_rule_wins_and_expressions_do_not_overlap() -> None:
    assert rules_in("On Thursday, Oct. 27, 2022, the 10-day siege ended last week.") == [
        ("full", "Thursday, Oct. 27, 2022"),
        ("hyphen-units", "10-day"),
        ("rel-unit", "last week"),
    ]


def test_figures_glued_to_a_sign_are_no_dates() -> None:
    assert rules_in("It cost $2020 and @2021 and #2022.") == [("money", "$2020")]


def test_offsets_hold_inside_a_stretch_of_text() -> None:
    text = "Nothing. He left   on\nThursday. More."
    (found,) = candidates(text, 9, 31)
    assert text[found.start : found.end] == "Thursday"


def test_nothing_is_found_in_nothing() -> None:
    assert list(candidates("", 0, 0)) == []
    assert list(candidates("   ", 0, 3)) == []


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("ab", {"ab"}), ("a", {"a"}), ("a?b", {"ab", "b"}), ("[ab]c", {"ac", "bc"}), ("(?:a|b)c", {"ac", "bc"}),
        ("(?:a|bc)d", {"ad", "bc"}), ("(?<=x)ab", {"ab"}), ("a(?=b)", {"a"}), ("a(?!bc)d", {"ad"}),
        ("(?:ab)?c", {"ab", "c"}),
        ("a(?:b|(?:c|d)e)", {"ab", "ac", "ad"}), ("(?<!x)a", {"a"}),
    ],
)  # fmt: skip
def test_a_pattern_begins_with_these_two_letters(pattern: str, expected: set[str]) -> None:
    assert prefixes(pattern) == expected


@given(st.lists(st.sampled_from(sorted(kinds().values())), min_size=1, max_size=6).map("".join))
def test_the_index_by_first_letters_loses_no_match(letters: str) -> None:
    every = next((rule.id for rule in grammar().rules if rule.pattern.match(letters)), None)
    indexed = next((rule.id for rule in grammar()[letters[:2]] if rule.pattern.match(letters)), None)
    assert indexed == every


def with_file(monkeypatch: pytest.MonkeyPatch, name: str, text: str) -> None:
    class Folder:
        def joinpath(self, wanted: str) -> object:
            if wanted != name:
                return files("comity.dates").joinpath(wanted)

            class File:
                def read_text(self, _: str) -> str:
                    return text

            return File()

    monkeypatch.setattr(scan, "files", lambda _: Folder())
    words.cache_clear()
    kinds.cache_clear()
    grammar.cache_clear()


@pytest.fixture(autouse=True)
def fresh() -> object:
    yield
    words.cache_clear()
    kinds.cache_clear()
    grammar.cache_clear()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("month\t10\n", "words.tsv, line 1: 2 columns; kind, value and forms are needed"),
        ("a\t1\tan\n# note\nb\t2\tan\n", "words.tsv, line 3: 'an' stands twice, first as ('a', '1')"),
    ],
)
def test_a_faulty_word_list_is_named_by_line(monkeypatch: pytest.MonkeyPatch, text: str, message: str) -> None:
    with_file(monkeypatch, "words.tsv", text)
    with pytest.raises(GrammarError, match=re.escape(message)):
        words()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = skip : <nothing>", "grammar.txt, line 1: there is no kind <nothing>"),
        ("# note\nx = skip : {nothing}", "grammar.txt, line 2: macro 'nothing' is not defined above"),
        ("x = skip : <the>\nx = skip : <the>", "grammar.txt, line 2: rule x stands twice"),
        ("x = skip : (?: <the>", "grammar.txt, line 1: missing )"),
        ("what is this", "grammar.txt, line 1: neither a macro"),
    ],
)
def test_a_faulty_grammar_is_named_by_line(monkeypatch: pytest.MonkeyPatch, text: str, message: str) -> None:
    with_file(monkeypatch, "grammar.txt", text)
    with pytest.raises(GrammarError, match=re.escape(message)):
        grammar()


def test_a_rule_gives_its_action_the_words_before_the_colon(monkeypatch: pytest.MonkeyPatch) -> None:
    with_file(monkeypatch, "grammar.txt", "day := <weekday>\n\nx = skip some how : {day}\ny = skip : <the>")
    assert [(r.id, r.action, r.how) for r in grammar().rules] == [("x", "skip", "some how"), ("y", "skip", "")]
