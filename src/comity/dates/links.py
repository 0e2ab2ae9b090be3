"""How time expressions hang on the words of a parsed sentence: what they are attached to, and whose time they tell.

An expression is *attached* to the word it modifies and *spreads* from there to the words whose time it also tells: from
an occasion to what is said at it, from an object to its light verb, from a participle to its noun. A trigger *climbs*
to the words whose time is also its own: from a noun to its light verb, from a coordinate verb to the first one; it
stops where a clause has a time of its own: relative and content clauses, "after", "because". Labels are the
CLEAR-style dependencies of spaCy's English models.
"""

from __future__ import annotations

from typing import NamedTuple

from comity.dates.tense import FUTURE, classes, of_verb
from comity.language import Sentence
from comity.language.classes import word_set

FARTHEST = 8
"""Steps that are climbed at most; deeper nesting is the parser's error rather than the writer's."""

NOT_AT = word_set(
    "before after until till than like ahead prior pending following despite amid unlike as versus beyond"
)
"""Prepositions whose date is not that of the event. "By Friday" is taken for Friday."""

SAME_TIME = frozenset(("as", "when", "while", "once", "where"))
OTHER_TIME = word_set("after before since if unless because although though until whether so lest except")
"""What introduces an adverbial clause of the main clause's time, and of a time of its own."""

_OCCASION = word_set("in at during on via through amid with")
_TOPIC = word_set("about regarding concerning over for of")
_INTO = word_set("in at during for on through via with to into of")
_COUNTED = word_set("first second third fourth fifth last only new another")

Reach = list[tuple[int, int]]
"""(token, steps)."""


class Attachment(NamedTuple):
    """What an expression modifies."""

    token: int
    leading: str
    """The preposition before the expression, in lower case; empty without one."""
    before_noun: bool
    """True for a modifier that stands before its noun: "Monday's attack", "the 2015 deal"."""


def head_of(s: Sentence, first: int, last: int) -> int:
    """The token of a stretch whose head lies outside it."""
    return next((n for n in range(first, last + 1) if not first <= s.heads[n] <= last or s.heads[n] == n), first)


def is_verb(s: Sentence, token: int) -> bool:
    """True for verb forms; modals are none."""
    return s.tags[token][:2] == "VB"


def attach(s: Sentence, head: int) -> Attachment:
    """What the expression with this head token modifies."""
    token, leading = head, ""
    for _ in range(FARTHEST):
        above, dep = s.heads[token], s.deps[token]
        if above == token:
            break
        if dep in ("pobj", "pcomp"):
            leading = leading or s.lowers[above]
        elif dep in ("npadvmod", "advmod") and s.tags[above] == "IN":
            pass  # "two days after"
        elif dep == "prep" and (s.tags[above] in ("IN", "RB", "TO") or s.lowers[above] in NOT_AT):
            if s.lowers[above] in NOT_AT:
                leading = s.lowers[above]
        else:
            before_noun = dep in ("poss", "compound", "amod", "nummod", "nmod") and token < above
            return Attachment(_cue_before(s, token, above), leading, before_noun)
        token = above
    return Attachment(token, leading, False)


def _cue_before(s: Sentence, token: int, verb: int) -> int:
    """The verb of speech for what stands between it and its content: "said on Monday they were leaving", where the
    parser takes the day for a part of the content."""
    cue = s.heads[verb]
    if s.deps[verb] != "ccomp" or s.lemmas[cue] not in classes()["speech"] or not cue < token < verb:
        return verb
    subject = next((k for k in s.kids[verb] if s.deps[k] in ("nsubj", "nsubjpass", "expl")), verb)
    return cue if token < s.subtree(subject)[0] else verb


def told(s: Sentence, node: int) -> int:
    """For a past date the verb above any that looks ahead: "warned of consequences should it attack on Monday"."""
    for _ in range(FARTHEST):
        if not is_verb(s, node) or of_verb(s, node) != FUTURE:
            break
        above = s.heads[node]
        while not is_verb(s, above) and s.heads[above] != above:
            above = s.heads[above]
        if above == node or not is_verb(s, above):
            break
        node = above
    return node


def goes_on(s: Sentence, token: int) -> bool:
    """True where "since" tells when something began: with a perfect tense, or a noun that is not counted ("first")."""
    if is_verb(s, token):
        return any(s.lemmas[k] == "have" for k in s.kids[token])
    return not any(s.tags[k] in ("JJS", "RBS", "CD") or s.lowers[k] in _COUNTED for k in s.kids[token])


def spread(s: Sentence, at: Attachment, fine: bool, past: bool) -> Reach:
    """The words whose time an expression tells, with steps. `fine`: it names a day rather than a month or year;
    `past`: it lies before the report's day."""
    node = told(s, at.token) if past else at.token
    reached = [(node, 0)]
    for _ in range(FARTHEST):
        node, steps = reached[-1]
        further = _from_noun(s, node, steps, at.before_noun, fine, past) if s.tags[node][:1] == "N" else []
        further = further or (_from_verb(s, node, steps) if is_verb(s, node) else [])
        if not further:
            break
        reached += further
    if at.leading == "since":
        reached = [(token, steps) for token, steps in reached if goes_on(s, token)]
    return reached


def _from_noun(s: Sentence, noun: int, steps: int, before_noun: bool, fine: bool, past: bool) -> Reach:
    dep, head = s.deps[noun], s.heads[noun]
    table = classes()
    if dep == "pobj":
        word, above = s.lowers[head], s.heads[head]
        if s.tags[above][:1] == "N":
            return [] if before_noun or word in NOT_AT else [(above, steps + 1)]
        if not is_verb(s, above):
            return []
        above = told(s, above) if past else above
        if word in ("after", "following"):
            return [(above, steps + 3)] if fine else []
        if word in _OCCASION:
            return [(above, steps + 1)]
        return [] if before_noun or word in NOT_AT or word in _TOPIC else [(above, steps + 2)]
    if dep in ("dobj", "nsubjpass", "attr", "dative", "oprd"):
        return [(head, steps + 1)] if not before_noun or s.lemmas[head] in table["light"] else []
    if dep == "nsubj":
        own = s.lemmas[head] in table["light"] or (fine and s.tags[head] in ("VBD", "VBN"))
        return [(head, steps + 1)] if own else []
    return [(head, steps + 1)] if dep in ("conj", "compound", "nmod", "poss") and head != noun else []


def _from_verb(s: Sentence, verb: int, steps: int) -> Reach:
    """What is above a dated clause and of its time: "speaking on Monday, he said", "refused to leave on Monday", "rose
    as it was signed on Monday", "talks held on Monday", "said in an interview broadcast on Monday"."""
    tag, dep, head = s.tags[verb], s.deps[verb], s.heads[verb]
    table = classes()
    if dep == "advcl":
        word = mark(s, verb)
        if word in SAME_TIME:
            return [(head, steps + 3)]
        return [(head, steps + 2)] if not word and tag in ("VBG", "VBN") else []
    if dep == "xcomp":
        return [(head, steps + 2)] if s.lemmas[head] not in table["ahead"] else []
    if dep == "acl" and tag == "VBN":
        occasion = s.lemmas[head] in table["occasion"] or s.lemmas[verb] in table["aired"]
        prep = s.heads[head]
        if occasion and s.deps[head] == "pobj" and is_verb(s, s.heads[prep]):
            return [(head, steps + 1), (s.heads[prep], steps + 2)]
        return [(head, steps + 1)]
    if dep == "relcl" and s.lemmas[verb] in table["light"]:
        return [(head, steps + 2)]
    return []


def mark(s: Sentence, verb: int) -> str:
    """The word that introduces an adverbial clause; empty without one."""
    words = (s.lowers[k] for k in s.kids[verb] if s.deps[k] in ("mark", "advmod"))
    return next((w for w in words if w in SAME_TIME or w in OTHER_TIME), "")


def _under_with(s: Sentence, noun: int) -> bool:
    while s.deps[noun] == "conj" and s.heads[noun] != noun:
        noun = s.heads[noun]
    return s.deps[noun] == "pobj" and s.lowers[s.heads[noun]] == "with"


def climb(s: Sentence, token: int) -> tuple[Reach, str]:
    """(the words whose time is the token's, with steps; where the climb ended: "main", or what it stopped at)."""
    path = [(token, 0)]
    steps = 0
    for _ in range(FARTHEST):
        if s.heads[token] == token:
            return path, "main"
        step, stop = _step_up(s, token)
        if stop:
            return path, stop
        steps += step
        token = s.heads[token]
        path.append((token, steps))
    return path, "deep"


def _step_up(s: Sentence, token: int) -> tuple[int, str]:
    """(steps from a token to its head, what keeps it from going there; empty when nothing does)."""
    dep, tag, head = s.deps[token], s.tags[token], s.heads[token]
    if dep in ("aux", "auxpass", "neg", "prt", "acomp", "attr"):
        return 0, ""
    if dep == "conj":
        return (2 if any(s.deps[k] in ("nsubj", "nsubjpass") for k in s.kids[token]) else 1), ""
    if tag[:2] == "VB" or tag == "MD":
        return _verb_up(s, token, dep, head)
    if tag in ("IN", "TO", "RB") and dep in ("prep", "advmod"):
        word = s.lowers[token]
        return (0, "") if word in ("after", "following") or word not in NOT_AT else (0, word)
    table = classes()
    lemma = s.lemmas[head]
    if dep in ("dobj", "oprd", "dative"):
        return (1, "") if lemma in table["light"] else (0, "object")
    if dep == "nsubjpass":
        if lemma in table["judging"] or lemma in table["speech"]:
            return 0, "object"
        return (1 if lemma in table["light"] else 2), ""
    if dep == "nsubj":
        return (1, "") if lemma in table["light"] or s.tags[head] in ("VBD", "VBN") else (0, "subject")
    if dep == "pobj":
        word = s.lowers[head]
        return (2, "") if word in ("after", "following") else (1, "") if word in _INTO else (0, word)
    return (0, "") if dep in ("compound", "poss", "amod", "nmod", "advmod", "npadvmod") else (0, dep)


def _verb_up(s: Sentence, verb: int, dep: str, head: int) -> tuple[int, str]:
    if dep == "advcl":
        word = mark(s, verb)
        return (0, word) if word in OTHER_TIME else (2 if word else 1, "")
    if dep == "xcomp":
        return (1, "") if s.lemmas[head] in classes()["raising"] else (0, dep)
    if dep == "pcomp":
        word = s.lowers[head]
        if word in ("after", "following"):
            return 2, ""
        return (1, "") if word in ("by", "with", "in", "while", "upon", "when") else (0, word)
    if dep == "acl" and s.tags[verb] == "VBG" and _under_with(s, head):
        return 1, ""  # "with envoys heading for Geneva and powers signalling"
    return (0, "") if dep == "prep" else (0, dep)
