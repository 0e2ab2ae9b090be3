"""Every pattern of the lexicon holds at its own example."""

import pytest

from comity.actors import resolve
from comity.events.lexicon import STOP, TYPES, LexiconError, compile_pattern, read_lexicon
from comity.events.matching import match_noun, match_verb, matches
from comity.language import split
from comity.language.model import Language
from comity.records import Report

LEXICON = read_lexicon()

OVERSHADOWED = 0.04
"""Share of the examples in which another type's pattern wins. Where it does, that pattern fixes more words."""


@pytest.fixture(scope="module")
def examples():
    texts = [pattern.example for pattern in LEXICON.patterns]
    cut = [split(text) for text in texts]
    parses = Language().parse([(text, segments, segments) for text, segments in zip(texts, cut, strict=True)])
    return [
        (pattern, parse, resolve(Report(id="example", text=pattern.example), parse))
        for pattern, parse in zip(LEXICON.patterns, parses, strict=True)
    ]


def holds(pattern, parse, cast):
    match = match_noun if pattern.noun else match_verb
    return any(
        match(pattern, s, token, cast) is not None
        for s in parse.sentences
        for token in range(len(s))
        if s.tags[token][0] == ("N" if pattern.noun else "V")
        and (s.lemmas[token] in pattern.heads or s.lowers[token] in pattern.heads)
    )


def test_every_pattern_has_an_example_and_a_place():
    assert [p.id for p in LEXICON.patterns if not p.example or ":" not in p.where] == []


def test_ids_are_unique():
    ids = [p.id for p in LEXICON.patterns]
    assert len(ids) == len(set(ids))


def test_every_type_has_patterns():
    assert {p.type for p in LEXICON.patterns} == {*TYPES, STOP}


def test_every_pattern_holds_at_its_example(examples):
    assert [f"{p.where} {p.text}: {p.example}" for p, parse, cast in examples if not holds(p, parse, cast)] == []


def test_an_example_is_mostly_coded_as_its_own_type(examples):
    other = [
        p.id
        for p, parse, cast in examples
        if p.type != STOP and p.type not in {m.pattern.type for s in parse.sentences for m in matches(LEXICON, s, cast)}
    ]
    assert len(other) <= OVERSHADOWED * len(examples), other


def test_what_is_no_event_stops_its_words(examples):
    stops = [(p, parse, cast) for p, parse, cast in examples if p.type == STOP]
    assert stops
    for pattern, parse, cast in stops:
        found = [m.pattern.id for s in parse.sentences for m in matches(LEXICON, s, cast)]
        heads = {m for m in found if m.split(".")[-1].split("-")[0] in pattern.heads}
        assert heads == set(), pattern.example


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "empty pattern"),
        ("accuse T", "begins with S, ST, T or @noun"),
        ("S accuse {nothing}", "unknown word class {nothing}"),
        ("S reject T's", "a noun must follow T's"),
        ("@visit to", "takes slots"),
        ("S talk to with T", "two prepositions in a row"),
    ],
)
def test_a_line_that_cannot_be_read_is_refused_with_its_place(text, fault):
    with pytest.raises(LexiconError, match=r"accuse\.tsv:7"):
        compile_pattern("ACCUSE", "", "", text, "", "An example.", {}, "accuse.tsv:7")
    with pytest.raises(LexiconError) as error:
        compile_pattern("ACCUSE", "", "", text, "", "An example.", {}, "accuse.tsv:7")
    assert fault in str(error.value)


def test_ones_own_patterns_go_first(tmp_path):
    (tmp_path / "support.tsv").write_text(
        "mode\tcameo\tpattern\tflags\texample\n\t051\tS garland T\t\tKenya garlanded the envoy of Norway.\n"
    )
    own = read_lexicon(tmp_path)
    assert (own.patterns[0].id, own.patterns[0].type) == ("support.garland", "SUPPORT")
    assert len(own.patterns) == len(LEXICON.patterns) + 1


def test_a_file_of_an_unknown_type_is_refused(tmp_path):
    (tmp_path / "gossip.tsv").write_text("mode\tcameo\tpattern\tflags\texample\n")
    with pytest.raises(LexiconError, match="no event type of that name"):
        read_lexicon(tmp_path)
