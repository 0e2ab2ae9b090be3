"""Whether the words around a time expression look back or ahead."""

from __future__ import annotations

import re
from functools import cache

from comity.language import Parse, Sentence
from comity.language.classes import word_classes

PAST, FUTURE, OPEN = "past", "future", "open"
"""Tenses, as far as dates care. OPEN: the words do not tell."""


@cache
def classes() -> dict[str, frozenset[str]]:
    """The classes of `verbs.tsv`: class to lemmas."""
    return word_classes(__package__, "verbs.tsv")


_MODALS = frozenset(("will", "shall", "wo", "'ll", "’ll", "would", "could", "should", "may", "might", "must", "can"))
_BACK = frozenset(("was", "were", "had", "did", "'d", "’d", "has", "have", "'ve", "’ve", "having", "been"))
_DEEPEST = 8
"""Levels of clauses and phrases that are climbed; those further up say nothing of the expression any more."""


def of_verb(s: Sentence, verb: int) -> str:
    """PAST, FUTURE or OPEN for a verb with its auxiliaries; participles and infinitives ask their governors.

    The present tense is OPEN except where it tells of a schedule ("the talks begin on Monday").
    """
    table = classes()
    for _ in range(_DEEPEST):
        tag, lemma, head = s.tags[verb], s.lemmas[verb], s.heads[verb]
        aux = {s.lowers[k] for k in s.kids[verb] if s.deps[k] in ("aux", "auxpass")}
        if not aux.isdisjoint(_MODALS) or tag == "MD":
            return PAST if tag == "VBN" and "have" in aux else FUTURE
        if tag == "VBD":
            return FUTURE if lemma == "be" and _due(s, verb) else PAST
        if tag == "VBN":
            if lemma in table["booked"] and "had" not in aux:
                return FUTURE
            return PAST if not aux or not aux.isdisjoint(_BACK) else OPEN
        if tag == "VBG" and aux:
            return PAST if aux & {"was", "were", "been"} else FUTURE
        if tag in ("VBZ", "VBP"):
            return FUTURE if lemma in table["scheduled"] or (lemma == "be" and _due(s, verb)) else OPEN
        if tag == "VB" and "to" in aux and s.lemmas[head] in table["ahead"]:
            above = (*s.kids[head], *s.kids[s.heads[head]])  # "had been scheduled to", "had been due to"
            return PAST if any(s.lowers[k] == "had" for k in above) else FUTURE
        if head == verb or s.tags[head][:2] != "VB":
            return FUTURE if tag == "VB" and "to" in aux else OPEN
        verb = head
    return OPEN


def _due(s: Sentence, verb: int) -> bool:
    """True for "is to meet", "is due", "is set to"."""
    booked = classes()["booked"]
    return any(s.lemmas[k] in booked or (s.tags[k] == "VB" and s.deps[k] == "xcomp") for k in s.kids[verb])


def in_sentence(s: Sentence, first: int, last: int) -> str:
    """Tense of the clause in which tokens `first` to `last` stand."""
    table = classes()
    token = next((n for n in range(first, last + 1) if not first <= s.heads[n] <= last or s.heads[n] == n), first)
    leading_to = s.lowers[s.heads[token]] if s.deps[token] == "pobj" else ""
    if leading_to in ("until", "till", "for"):
        return FUTURE
    for _ in range(_DEEPEST):
        tag, lemma = s.tags[token], s.lemmas[token]
        if lemma in table["deferred"] and leading_to == "to":
            return FUTURE
        if tag[:2] == "VB" or tag == "MD":
            tense = of_verb(s, token)
            return OPEN if tense == PAST and leading_to in ("to", "through", "by", "into") else tense
        if lemma in table["booked"] or s.lowers[token] == "ahead":
            return FUTURE
        if s.heads[token] == token:
            break
        token = s.heads[token]
    return OPEN


_AHEAD_WORDS = re.compile(
    r"\b(?:will|shall|won['’]t|to be|due|scheduled|expected|plans?|planned|planning|set to|slated|until|ahead of"
    r"|upcoming|is to|are to|would|going to|deadline|payable|effective)\b|['’]ll\b",
    re.IGNORECASE,
)
_BACK_WORDS = re.compile(r"\b(?:was|were|had|has|have|did|said|told|ended|\w{2,}ed)\b", re.IGNORECASE)
_STOP = re.compile(r"[.!?;\n]")
NEAR = 60
"""Characters on either side that speak for a time expression's tense where there is no parse."""


def in_text(text: str, start: int, end: int) -> str:
    """Tense by the nearest telling word before the expression, else after it, inside its sentence."""
    left = _STOP.split(text[max(0, start - NEAR) : start])[-1]
    found = [(m.start(), FUTURE) for m in _AHEAD_WORDS.finditer(left)]
    found += [(m.start(), PAST) for m in _BACK_WORDS.finditer(left)]
    if found:
        return max(found)[1]
    right = _STOP.split(text[end : end + NEAR])[0]
    found = [(m.start(), t) for t, p in ((FUTURE, _AHEAD_WORDS), (PAST, _BACK_WORDS)) if (m := p.search(right))]
    return min(found)[1] if found else OPEN


def at(parse: Parse, start: int, end: int) -> str:
    """Tense around a stretch of a report: by its parse where there is one, else by telling words."""
    s = parse.sentence_at(start)
    if s is None:
        return in_text(parse.text, start, end)
    return in_sentence(s, max(s.token_at(start), 0), max(s.token_at(end - 1), 0))
