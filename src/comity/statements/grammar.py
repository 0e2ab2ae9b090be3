"""What the dependency tree of a sentence says about a cue: its subject, its polarity, the reach of its clause."""

from __future__ import annotations

from comity.language import Sentence
from comity.statements.cues import words_of

SUBJECTS = frozenset(("nsubj", "nsubjpass"))
RELATIVE = frozenset(("who", "which", "that", "whom"))
_NEGATIONS = frozenset(("not", "n't", "n’t", "never", "nor", "neither", "no"))
_STEPS = 8
"""How far a chain of heads is followed; longer ones are parser noise."""


def subtree(s: Sentence, token: int, without: int = -1) -> tuple[int, int]:
    """First and last token under `token`, leaving out the branch of `without`."""
    first = last = token
    stack = [token]
    kids = s.kids
    while stack:
        here = stack.pop()
        if here < first:
            first = here
        elif here > last:
            last = here
        for kid in kids[here]:
            if kid != without:
                stack.append(kid)
    return first, last


def kid_of(s: Sentence, token: int, *deps: str) -> int:
    """The first dependent with one of these labels, or -1."""
    for kid in s.kids[token]:
        if s.deps[kid] in deps:
            return kid
    return -1


def is_passive(s: Sentence, verb: int) -> bool:
    """True for a verb with a passive auxiliary or subject."""
    return any(s.deps[k] in ("auxpass", "nsubjpass") for k in s.kids[verb])


def agent(s: Sentence, verb: int) -> int:
    """The head of "by …" of a passive, or -1."""
    for kid in s.kids[verb]:
        if s.deps[kid] == "agent" or (s.deps[kid] == "prep" and s.lowers[kid] == "by"):
            return kid_of(s, kid, "pobj")
    return -1


def own_subject(s: Sentence, verb: int) -> int:
    """The subject that stands at the verb itself, or -1."""
    found = -1
    for kid in s.kids[verb]:
        # of several the one next to the verb: the parser at times makes a topic a subject too
        if s.deps[kid] in SUBJECTS and (found < 0 or abs(kid - verb) < abs(found - verb)):
            found = kid
    return found


def antecedent(s: Sentence, verb: int) -> int:
    """The noun that a relative or participial clause with this verb belongs to, or -1."""
    here = verb
    for _ in range(_STEPS):
        if s.deps[here] in ("relcl", "acl"):
            return s.heads[here]
        if s.deps[here] not in ("conj", "ccomp", "xcomp", "aux"):
            return -1
        here = s.heads[here]
    return -1


def subject(s: Sentence, verb: int) -> int:
    """Who does what the verb says: its own subject, one shared or controlled, the agent of a passive; -1 for none."""
    here, passive = verb, is_passive(s, verb)
    if passive or (s.tags[verb] == "VBN" and s.deps[verb] == "acl"):
        return agent(s, verb)
    for _ in range(_STEPS):
        found = own_subject(s, here)
        if found >= 0:
            if s.lowers[found] in RELATIVE and s.tags[found][0] in "WI":
                above = antecedent(s, here)
                return above if above >= 0 else found
            return found
        dep, above = s.deps[here], s.heads[here]
        if above == here:
            return -1
        if dep == "xcomp":
            obj = kid_of(s, above, "dobj")
            if (
                0 <= obj < here
                and s.tags[here] in ("VB", "VBG")
                and s.lemmas[above] not in ("promise", "make", "have", "hold", "use", "take", "give", "issue")
            ):
                return obj
        elif dep == "pcomp":
            verb_above = s.heads[above]
            if s.lowers[above] == "as" and s.lemmas[verb_above] in (
                "quote",
                "cite",
                "describe",
                "portray",
                "interpret",
                "see",
                "record",
            ):
                if is_passive(s, verb_above) or s.tags[verb_above] == "VBN":
                    return own_subject(s, verb_above)
                return kid_of(s, verb_above, "dobj")
            if s.tags[verb_above][0] == "N":
                return -1  # "gratitude for supporting X": the noun does not do it
            above = verb_above
        elif dep == "acl" and s.tags[here] == "VB":
            return -1  # "arguments to agree on X"
        elif dep in ("acl", "relcl"):
            return above
        elif dep not in ("conj", "advcl", "ccomp", "aux", "dep", "parataxis", "prep", "attr"):
            return -1
        here = above
        if s.tags[here][0] not in "VM" and s.deps[here] != "acomp":
            if s.tags[here][0] == "N" and dep in ("conj", "advcl", "prep"):
                return here if dep != "conj" else -1
            return -1
    return -1


def is_negated(s: Sentence, token: int) -> bool:
    """True for "did not say", "never said", "declined to comment", "no official said"."""
    here = token
    for _ in range(4):
        for kid in s.kids[here]:
            if s.deps[kid] == "neg" or (
                s.lowers[kid] in _NEGATIONS and s.deps[kid] in ("advmod", "preconj", "det") and kid < here
            ):
                return True
        dep, above = s.deps[here], s.heads[here]
        if dep == "xcomp" and above != here:
            if s.lemmas[above] in words_of("unwilling"):
                return True
            here = above
            continue
        if dep == "pcomp":
            return s.lowers[above] == "without"
        return False
    return False


def is_intended(s: Sentence, token: int) -> bool:
    """True for speech that is still to come: "will say", "is expected to say", "plans to announce"."""
    here = token
    for _ in range(4):
        if any(s.deps[k] == "aux" and s.lowers[k] in ("will", "shall", "'ll", "’ll", "wo") for k in s.kids[here]):
            return True
        dep, above = s.deps[here], s.heads[here]
        if dep == "xcomp" and above != here:
            if s.lemmas[above] in words_of("to come") or s.lowers[above] in (
                "due",
                "set",
                "going",
                "slated",
                "expected",
            ):
                return True
            here = above
            continue
        return False
    return False


def is_hypothetical(s: Sentence, token: int) -> bool:
    """True for speech that may never come: "could say", "if he says", "should tell"; also questions and commands."""
    if is_negated(s, token):
        return False  # "would not say whether …"
    here = token
    for _ in range(4):
        for kid in s.kids[here]:
            if s.deps[kid] == "aux" and s.lowers[kid] in ("could", "may", "might", "should", "must", "can", "would"):
                return True
            if s.deps[kid] == "mark" and s.lowers[kid] in ("if", "unless", "whether") and kid < here:
                return True
        dep, above = s.deps[here], s.heads[here]
        if above == here or not (dep == "xcomp" or (dep == "conj" and own_subject(s, here) < 0)):
            return False
        here = above
    return False


def noun_phrase(s: Sentence, head: int) -> tuple[int, int]:
    """First and last token of a noun phrase as one would name it: no clauses, nothing that a comma sets off."""
    first = last = head
    stack = [head]
    while stack:
        here = stack.pop()
        first, last = min(first, here), max(last, here)
        for kid in s.kids[here]:
            if (
                s.deps[kid] in ("relcl", "acl", "appos", "punct", "conj", "cc", "advcl", "parataxis", "ccomp")
                and here == head
            ):
                continue
            if s.deps[kid] in ("relcl", "advcl", "ccomp", "parataxis"):
                continue
            stack.append(kid)
    for token in range(head + 1, last + 1):
        if s.words[token] in (",", ";", ":", "(", "–", "—", "”", '"'):
            return first, token - 1
    return first, last
