"""Repairs of trees that the parser gets wrong in known ways.

The possessive of a name that ends in s: in "amid the US' intensified attacks on Peru" the small model takes the
apostrophe for the end of the phrase and the participle for a verb. What must hold is known from the tags alone: a name,
its possessive mark, modifiers, a noun.

A noun that opens a sentence and has the form of a verb: "Aid to Peru was suspended". A bare infinitive is no subject.
"""

from __future__ import annotations

from comity.language.parse import Sentence

_BETWEEN = frozenset(("JJ", "JJR", "JJS", "VBN", "VBD", "VBG", "RB", "CD", "NN", "NNP", "NNPS", "HYPH"))
_REACH = 6
"""Words between a possessor and what it has. Longer ones are rarer than tags gone wrong."""


def repair(s: Sentence) -> None:
    """Attach possessors to what they have, in place; most sentences need nothing."""
    tags = s.tags
    if tags[:1] == ["VB"] and s.deps[0] in ("csubj", "csubjpass"):
        s.tags, s.deps = ["NN", *tags[1:]], [s.deps[0].replace("csubj", "nsubj"), *s.deps[1:]]
    for mark in range(1, len(tags) - 1):
        if tags[mark] == "POS" and tags[mark - 1][:3] == "NNP" and s.deps[mark - 1] not in ("poss", "ROOT"):
            _possessor(s, mark - 1, mark)


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
    s.deps, s.heads = deps, heads
    kids: list[list[int]] = [[] for _ in s.heads]
    for token, head in enumerate(s.heads):
        if head != token:
            kids[head].append(token)
    s.kids = kids


def _ends(heads: list[int], token: int) -> bool:
    """True when the way up from a token comes to a root; a ring of tokens would hold every reader of the tree up."""
    for _ in heads:
        if heads[token] == token:
            return True
        token = heads[token]
    return False
