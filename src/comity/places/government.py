"""Capitals that stand for the government that sits there: "Moscow said", "talks with Beijing", "Ankara's policy"."""

from __future__ import annotations

from comity.language import Sentence
from comity.places.cues import cues

_DEEPEST = 3
"""Links of "and" that are followed: Moscow, Minsk and Astana."""


def stands_for_government(s: Sentence, first: int, last: int) -> bool:
    """True when the name of a capital, tokens `first` to `last`, means the government by its place in the sentence."""
    head = last
    for i in range(last, first - 1, -1):
        if not first <= s.heads[i] <= last:
            head = i
            break
    return _acts(s, head, 0)


def _acts(s: Sentence, token: int, depth: int) -> bool:
    words = cues()
    dep, head = s.deps[token], s.heads[token]
    lemma = s.lemmas[head]
    if dep == "nsubj":
        return s.tags[head][:1] in ("V", "M") and lemma not in words["government:place-verb"]
    if dep == "nsubjpass":
        return s.tags[head][:1] in ("V", "M") and lemma not in words["government:reached"]
    if dep == "dobj":
        return lemma not in words["government:reached"]
    if dep in ("dative", "agent"):
        return True
    if dep == "pobj":
        above = s.heads[head]
        if s.lemmas[above] in words["government:moved"]:
            return False
        if s.lowers[head] == "from":
            return s.tags[above][:1] == "N" and s.lemmas[above] in words["government:sent"]
        return s.lowers[head] in words["government:partner"]
    if dep == "poss":
        return lemma in words["government:policy"]
    return dep == "conj" and depth < _DEEPEST and _acts(s, head, depth + 1)
