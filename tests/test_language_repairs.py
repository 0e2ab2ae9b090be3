"""Repairs of the parser's trees leave trees."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from comity.language.parse import Sentence
from comity.language.repairs import repair

TAGS = ["IN", "NNP", "POS", "VBN", "NNS", "IN", "NNP"]


def sentence(heads, deps):
    s = Sentence()
    s.tags, s.heads, s.deps = list(TAGS), list(heads), list(deps)
    s.words = s.lowers = s.lemmas = ["amid", "us", "'", "intensified", "attacks", "on", "peru"]
    s.kids = [[k for k, head in enumerate(heads) if head == token and k != token] for token in range(len(heads))]
    return s


def is_tree(heads):
    for token in range(len(heads)):
        seen = set()
        while heads[token] != token:
            if token in seen:
                return False
            seen.add(token)
            token = heads[token]
    return True


@given(
    st.lists(st.integers(0, len(TAGS) - 1), min_size=len(TAGS), max_size=len(TAGS)).filter(is_tree),
    st.lists(
        st.sampled_from(["pobj", "ROOT", "amod", "case", "prep", "nsubj"]), min_size=len(TAGS), max_size=len(TAGS)
    ),
)
def test_a_repaired_tree_is_a_tree(heads, deps):
    s = sentence(heads, deps)
    repair(s)
    assert is_tree(s.heads)
    assert all(s.heads[kid] == token for token, kids in enumerate(s.kids) for kid in kids)


def test_a_noun_above_its_possessor_keeps_its_tree():
    for noun, owner in product([3, 4], [3, 4, 5]):
        heads = [0, owner, 1, noun, 4, 4, 5]
        if is_tree(heads):
            s = sentence(heads, ["ROOT", "pobj", "case", "amod", "ROOT", "prep", "pobj"])
            repair(s)
            assert is_tree(s.heads)


def test_a_bare_verb_that_is_a_subject_is_a_noun():
    s = Sentence()
    s.words = s.lowers = s.lemmas = ["aid", "to", "peru", "was", "suspended"]
    s.tags, s.deps = ["VB", "IN", "NNP", "VBD", "VBN"], ["csubjpass", "prep", "pobj", "auxpass", "ROOT"]
    s.heads, s.kids = [4, 0, 1, 4, 4], [[1], [2], [], [], [0, 3]]
    repair(s)
    assert (s.tags[0], s.deps[0]) == ("NN", "nsubjpass")


def test_what_has_a_subject_and_an_object_is_a_verb():
    s = Sentence()
    s.words = s.lowers = s.lemmas = ["peru", "summons", "chilean", "ambassador"]
    s.tags, s.deps = ["NNP", "NNS", "JJ", "NN"], ["nsubj", "ROOT", "amod", "dobj"]
    s.heads, s.kids = [1, 1, 3, 1], [[], [0, 3], [], [2]]
    repair(s)
    assert s.tags == ["NNP", "VBZ", "JJ", "NN"]


def test_the_verb_of_a_headline_is_no_compound():
    s = Sentence()
    s.words = s.lowers = s.lemmas = ["peru", "thanks", "chile"]
    s.tags, s.deps = ["NNP", "NNS", "NNP"], ["compound", "ROOT", "appos"]
    s.heads, s.kids = [1, 1, 1], [[], [0, 2], []]
    repair(s)
    assert (s.tags, s.deps) == (["NNP", "VBZ", "NNP"], ["nsubj", "ROOT", "dobj"])
