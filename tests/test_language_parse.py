"""Parses: offsets slice the text, heads make a tree, and neighbours in a batch change nothing."""

import pytest
from statements_samples import language

from comity.language import split
from comity.language.model import Language, ModelMissing

TEXTS = (
    "Foreign Minister Wang Yi met his counterpart in Moscow on Monday. They agreed to talk again.",
    "“We won't go,” she said.\n\nPolice arrested two men; nobody was hurt.",
    "A",
    "The U.S. and Türkiye signed the €3.5bn deal (it says) — at last…",
    "Das ist kein Englisch. 他走了。",
)


def parsed(*texts):
    segments = [split(text) for text in texts]
    return language().parse([(text, found, found) for text, found in zip(texts, segments)])


def as_lists(parse):
    return [
        (s.start, s.end, s.starts, s.ends, s.words, s.lowers, s.lemmas, s.tags, s.deps, s.heads, s.kids, s.root)
        for s in parse.sentences
    ]


def test_offsets_slice_the_text():
    for text, parse in zip(TEXTS, parsed(*TEXTS)):
        for s in parse.sentences:
            assert [text[a:b] for a, b in zip(s.starts, s.ends)] == s.words
            assert (s.start, s.end) == (s.starts[0], s.ends[-1])
            assert s.lowers == [word.lower() for word in s.words]


def test_heads_make_a_tree():
    for parse in parsed(*TEXTS):
        for s in parse.sentences:
            assert s.heads[s.root] == s.root
            assert s.kids == [[k for k in range(len(s)) if s.heads[k] == n and k != n] for n in range(len(s))]
            for token in range(len(s)):
                for _ in range(len(s)):
                    token = s.heads[token]
                assert token == s.root
            assert s.subtree(s.root) == (0, len(s) - 1)


def test_neighbours_in_a_batch_change_nothing():
    together = [as_lists(parse) for parse in parsed(*TEXTS)]
    alone = [as_lists(parsed(text)[0]) for text in TEXTS]
    turned = [as_lists(parse) for parse in parsed(*reversed(TEXTS))]
    assert together == alone == turned[::-1]


def test_sentences_are_found_by_offset():
    (parse,) = parsed(TEXTS[0])
    first, second = parse.sentences
    assert parse.sentence_at(3) is first
    assert parse.sentence_at(TEXTS[0].index("They")) is second
    assert parse.sentence_at(first.end) is None
    assert first.words[first.token_at(TEXTS[0].index("Wang") + 2)] == "Wang"
    assert first.token_at(-1) == -1
    assert [s.number for s in parse.sentences] == [0, 1]


def test_only_the_wanted_segments_are_parsed():
    segments = split(TEXTS[0])
    ((parse),) = language().parse([(TEXTS[0], segments, segments[1:])])
    assert parse.segments == segments
    assert [s.words[0] for s in parse.sentences if "XX" not in s.tags] == ["They"]


def test_words_have_their_lemmas():
    (parse,) = parsed("The ministers met and have agreed; troops were being withdrawn.")
    (s,) = parse.sentences
    lemmas = dict(zip(s.words, s.lemmas))
    assert {word: lemmas[word] for word in ("ministers", "met", "agreed", "troops", "withdrawn")} == {
        "ministers": "minister", "met": "meet", "agreed": "agree", "troops": "troop", "withdrawn": "withdraw",
    }  # fmt: skip


def test_a_verb_that_the_parser_tags_as_a_noun_has_the_lemma_of_the_verb():
    (parse,) = parsed("Peru summons Chilean ambassador over missile")
    (s,) = parse.sentences
    assert (s.tags[1], s.lemmas[1]) == ("VBZ", "summon")


@pytest.mark.parametrize(
    "text",
    [
        "Greece summons Turkish ambassador",
        "Poland summons Russian ambassador.",
        "Chad summons Sudanese envoy over raid",
    ],
)
def test_whom_a_headline_says_was_summoned_is_its_object(text):
    (parse,) = parsed(text)
    (s,) = parse.sentences
    verb = s.lowers.index("summons")
    assert {s.deps[kid]: s.lowers[kid] for kid in s.kids[verb] if s.deps[kid] in ("nsubj", "dobj")} == {
        "nsubj": s.lowers[0],
        "dobj": s.lowers[3],
    }


@pytest.mark.parametrize("text", ["Egypt, Qatar restore ties", "Japan, Philippines sign defence pact"])
def test_names_joined_by_a_comma_are_one_subject(text):
    (parse,) = parsed(text)
    (s,) = parse.sentences
    assert (s.deps[0], s.heads[0], s.deps[2], s.heads[2], s.kids[0]) == ("nsubj", 3, "conj", 0, [2])


@pytest.mark.parametrize(
    "text", ["On Sunday, Kenya attacked Chad.", "Peru waited a week.", "Mali, Kenya's ally, attacks Chad"]
)
def test_days_measures_and_appositions_stay_what_they_are(text):
    (parse,) = parsed(text)
    (s,) = parse.sentences
    assert "conj" not in s.deps
    assert [s.lowers[k] for k, dep in enumerate(s.deps) if dep == "dobj"] == [w for w in ("chad",) if w in s.lowers]


def test_forms_that_only_look_inflected_are_their_own_lemmas():
    (parse,) = parsed("They need tents, discuss politics and express regret; graves and corpses remain.")
    (s,) = parse.sentences
    lemmas = dict(zip(s.words, s.lemmas))
    assert {word: lemmas[word] for word in ("need", "discuss", "politics", "express", "graves", "corpses")} == {
        "need": "need", "discuss": "discuss", "politics": "politics", "express": "express", "graves": "grave",
        "corpses": "corpse",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("form", "tag", "lemma"),
    [
        ("needs", "VBZ", "need"),
        ("needed", "VBD", "need"),
        ("proceed", "VBP", "proceed"),
        ("readmitted", "VBN", "readmit"),
        ("outgunned", "VBN", "outgun"),
        ("surveilled", "VBD", "surveil"),
        ("misidentified", "VBD", "misidentify"),
        ("cryptocurrencies", "NNS", "cryptocurrency"),
        ("hoped", "VBD", "hope"),
        ("left", "VBD", "leave"),
        ("found", "VBN", "find"),
        ("1990s", "NNS", "1990"),
    ],
)
def test_rules_for_words_that_no_list_has(form, tag, lemma):
    assert language()._rule_lemma(form, tag) == lemma


def test_a_model_that_is_not_there_is_named_with_its_cure():
    with pytest.raises(ModelMissing, match="'en_no_such_model' is not installed; run: pip install"):
        Language("en_no_such_model")
