"""Repairs of trees that the parser gets wrong in known ways.

The possessive of a name that ends in s: in "amid the US' intensified attacks on Peru" the small model takes the
apostrophe for the end of the phrase and the participle for a verb. What must hold is known from the tags alone: a name,
its possessive mark, modifiers, a noun.

A noun that opens a sentence and has the form of a verb: "Aid to Peru was suspended". A bare infinitive is no subject.

A verb that has the form of a noun: "Peru summons Chilean ambassador". What has a subject and an object is a verb.

Two names before a verb in the plural: in "Peru, Chile restore ties" both are its subject, joined by the comma.

An object that is taken for a measure ("waited ten days"): in "Peru summons Chilean ambassador." nothing is measured.
"""

from __future__ import annotations

from comity.language.parse import Sentence

_BETWEEN = frozenset(("JJ", "JJR", "JJS", "VBN", "VBD", "VBG", "RB", "CD", "NN", "NNP", "NNPS", "HYPH"))
_REACH = 6
"""Words between a possessor and what it has. Longer ones are rarer than tags gone wrong."""


_VERB_OF = {"NN": "VBP", "NNS": "VBZ"}
"""The verb's tag of a noun's: the present tense, with -s and without."""

_MAIN = frozenset(("ROOT", "ccomp", "conj"))
"""What heads a clause; a noun elsewhere keeps its tag."""


def repair(s: Sentence) -> None:
    """Mend tags and heads, in place; most sentences need nothing. Lemmas are left: they follow from the tags."""
    tags = s.tags
    if tags[:1] == ["VB"] and s.deps[0] in ("csubj", "csubjpass"):
        s.tags, s.deps = ["NN", *tags[1:]], [s.deps[0].replace("csubj", "nsubj"), *s.deps[1:]]
    _verb_of_headline(s)
    _subjects_of_headline(s)
    _object_of_headline(s)
    tags = s.tags
    for mark in range(1, len(tags) - 1):
        if tags[mark] == "POS" and tags[mark - 1][:3] == "NNP" and s.deps[mark - 1] not in ("poss", "ROOT"):
            _possessor(s, mark - 1, mark)


def _verb_of_headline(s: Sentence) -> None:
    for token in range(1, len(s)):
        if s.deps[token] not in _MAIN or s.tags[token] not in _VERB_OF:
            continue
        roles = {s.deps[kid]: kid for kid in s.kids[token]}
        if "nsubj" not in roles or "dobj" not in roles:
            # "Peru/compound summons Chilean envoy/appos": no other verb, and no comma before what would be an apposition
            first, last = roles.get("compound", roles.get("nsubj")), roles.get("dobj", roles.get("appos"))
            if (
                first is None
                or last is None
                or not first < token < last
                or s.tags[token] != "NNS"
                or not (s.tags[first] == "NNP" or (first == 0 and s.tags[first] == "NN"))
                or any(tag[0] == "V" or tag == "MD" for tag in s.tags)
                or any(s.deps[between] == "punct" for between in range(token, last))
            ):
                continue
            s.deps = [*s.deps]
            s.deps[first], s.deps[last] = "nsubj", "dobj"
        s.tags = [*s.tags[:token], _VERB_OF[s.tags[token]], *s.tags[token + 1 :]]


def _subjects_of_headline(s: Sentence) -> None:
    for verb in range(3, len(s)):
        if s.tags[verb] != "VBP":
            continue
        before = [kid for kid in s.kids[verb] if kid < verb and s.tags[kid] == "NNP"]
        if len(before) != 2 or any(s.deps[kid] in ("cc", "conj") for one in before for kid in s.kids[one]):
            continue
        first, last = before
        if s.deps[first] not in ("nsubj", "npadvmod") or s.deps[last] != "nsubj" or s.words[first + 1] != ",":
            continue
        if all(s.deps[k] == "compound" and s.heads[k] == last for k in range(first + 2, last)):
            _hang(s, last, first, "conj")
            s.deps[first] = "nsubj"


def _object_of_headline(s: Sentence) -> None:
    for noun in range(2, len(s)):
        verb = s.heads[noun]
        if s.deps[noun] != "npadvmod" or s.tags[noun] != "NN" or not s.tags[verb].startswith("VB") or verb >= noun:
            continue
        roles = {s.deps[kid] for kid in s.kids[verb]}
        if "nsubj" not in roles or "dobj" in roles:
            continue
        between = range(verb + 1, noun)  # "Chilean": whose he is, so he is nobody's measure
        if any(s.tags[k] == "JJ" and s.words[k][:1].isupper() for k in between) and all(
            s.heads[k] == noun for k in between
        ):
            s.deps = [*s.deps[:noun], "dobj", *s.deps[noun + 1 :]]


def _hang(s: Sentence, token: int, head: int, dep: str) -> None:
    """Move a token below another head, which is not below it."""
    heads, deps = list(s.heads), list(s.deps)
    heads[token], deps[token] = head, dep
    s.heads, s.deps, s.kids = heads, deps, _kids(heads)


def _possessor(s: Sentence, owner: int, mark: int) -> None:
    noun = mark + 1
    while noun < min(len(s), mark + _REACH) and s.tags[noun] in _BETWEEN:
        noun += 1
    while noun < len(s) and s.tags[noun] in ("NN", "NNS"):
        noun += 1
    noun -= 1
    if noun <= mark or s.tags[noun] not in ("NN", "NNS") or s.deps[noun] == "compound":
        return
    below = noun
    while s.heads[below] != below and below != owner:
        below = s.heads[below]
    if below == owner or any(s.deps[i] == "ROOT" for i in range(mark + 1, noun)):
        return
    deps, heads = list(s.deps), list(s.heads)
    deps[noun], heads[noun] = deps[owner], heads[owner]
    deps[owner], heads[owner] = "poss", noun
    for between in range(mark + 1, noun):
        if s.tags[between] in ("VBN", "VBD", "VBG", "JJ") and heads[between] not in range(mark + 1, noun + 1):
            deps[between], heads[between] = "amod", noun
        elif heads[between] not in range(mark + 1, noun + 1):
            heads[between] = noun
    if not all(_ends(heads, token) for token in (owner, *range(mark + 1, noun + 1))):
        return
    s.deps, s.heads, s.kids = deps, heads, _kids(heads)


def _kids(heads: list[int]) -> list[list[int]]:
    """By token, those that hang on it, in text order."""
    kids: list[list[int]] = [[] for _ in heads]
    for token, head in enumerate(heads):
        if head != token:
            kids[head].append(token)
    return kids


def _ends(heads: list[int], token: int) -> bool:
    """True when the way up from a token comes to a root; a ring of tokens would hold every reader of the tree up."""
    for _ in heads:
        if heads[token] == token:
            return True
        token = heads[token]
    return False
