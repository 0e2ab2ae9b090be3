"""The status of an event: actual, intended, requested, hypothetical, negated or denied.

It is read off the clause of the event's words (auxiliaries, negation, conditions) and off every verb, noun, adjective
and preposition under which that clause stands. The words and their effects are data: `embedding.tsv`.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import NamedTuple

from comity.events.grammar import LIGHT_VERBS, OBJECT_CONTROL, governor, is_passive
from comity.language import Sentence

ACTUAL, INTENDED, REQUESTED, HYPOTHETICAL, NEGATED, DENIED = (
    "actual", "intended", "requested", "hypothetical", "negated", "denied")  # fmt: skip

_PRIORITY = (DENIED, NEGATED, REQUESTED, HYPOTHETICAL, INTENDED)
"""Among the effects along the way the first of these wins: what is denied is denied, whatever else; what somebody asks
for is asked for, even when the asking is planned."""

_FUTURE = frozenset(("will", "shall", "'ll", "’ll", "wo", "gon"))
_POSSIBLE = frozenset(("may", "might", "could", "can", "ca"))
_DUTY = frozenset(("must", "should", "ought", "need"))
_NEGATIVE = frozenset(("not", "n't", "n’t", "never", "no", "neither", "nor", "nobody", "none", "nothing", "hardly", "barely"))
_CONDITION = frozenset(("if", "unless", "whether", "lest", "provided", "supposing", "assuming"))
_SPEECH = frozenset(
    "say tell claim report state add note declare argue announce allege accuse admit acknowledge confirm explain insist "
    "reveal maintain assert write stress charge believe know show find think mention remark conclude blame condemn "
    "criticize criticise praise thank recall describe remember point reiterate emphasize emphasise underline reaffirm "
    "suspect estimate indicate disclose complain lament boast warn observe comment respond reply tweet post".split()
)
"""Verbs whose complement stands on its own: their tense and auxiliaries do not touch it."""


class Standing(NamedTuple):
    """A status with the words that made it so (token numbers), for the explanation."""

    status: str
    because: tuple[int, ...]
    promise: bool = False
    """The event's words are the content of a promise, an offer or a stated willingness."""


@cache
def effects() -> dict[str, dict[str, str]]:
    """Kind (verb, noun, adjective, preposition, predicate) to word to status."""
    table: dict[str, dict[str, str]] = {}
    for line in files(__package__).joinpath("embedding.tsv").read_text("utf-8").splitlines()[1:]:
        word, kind, status, _ = line.split("\t")
        table.setdefault(kind, {})[word] = status
    return table


_PROMISE_VERBS = frozenset("pledge promise vow offer undertake commit agree volunteer".split())
_PROMISE_NOUNS = frozenset("pledge promise vow offer commitment willingness readiness agreement".split())
_PROMISE_ADJECTIVES = frozenset("ready prepared willing eager keen committed determined".split())


def standing(s: Sentence, trigger: int, clause: int) -> Standing:
    """The status of the event at `trigger`, whose tense stands at `clause` (its verb, or the event noun itself)."""
    found: list[tuple[str, int]] = []
    promise = False
    if s.tags[trigger][0] == "N":
        _noun(s, trigger, found)
        if clause == trigger:
            promise = _climb_noun(s, trigger, found) or promise
        elif s.lemmas[clause] not in LIGHT_VERBS or s.lemmas[clause] in ("plan", "propose", "announce", "arrange"):
            effect = effects()["verb"].get(s.lemmas[clause])
            if effect:
                found.append((effect, clause))
    if s.tags[clause][0] == "V" or clause != trigger:
        _verb(s, clause, found)
        promise = _climb(s, clause, found) or promise
    return _settle(found, promise)


def _settle(found: list[tuple[str, int]], promise: bool) -> Standing:
    statuses = [status for status, _ in found]
    if statuses.count(NEGATED) % 2 == 0:  # "could not prevent", "no end to": two negations leave the deed standing
        found = [item for item in found if item[0] != NEGATED]
    for status in _PRIORITY:
        because = tuple(token for kind, token in found if kind == status)
        if because:
            return Standing(status, because, promise)
    return Standing(ACTUAL, (), promise)


def _verb(s: Sentence, verb: int, found: list[tuple[str, int]]) -> None:
    """Auxiliaries, negation and condition of a verb's own clause."""
    deps, lowers = s.deps, s.lowers
    for kid in s.kids[verb]:
        dep, low = deps[kid], lowers[kid]
        if dep == "neg" or (dep == "advmod" and low in ("never", "hardly", "barely")) or (dep == "preconj" and low == "neither"):
            if low != "only" and not _not_only(s, kid):
                found.append((NEGATED, kid))
        elif dep == "aux":
            if low in _FUTURE:
                found.append((INTENDED, kid))
            elif low in ("would", "'d", "’d") and s.tags[kid] == "MD":
                found.append((_would(s, verb), kid))
            elif low in _POSSIBLE:
                found.append((HYPOTHETICAL, kid))
            elif low in _DUTY:
                found.append((REQUESTED, kid))
            elif low == "to" and s.tags[kid] == "TO" and deps[verb] == "ROOT" and s.tags[verb] == "VB":
                found.append((INTENDED, kid))  # headline: "Kenya to host talks"
        elif dep == "mark" and low in _CONDITION:
            found.append((HYPOTHETICAL, kid))
        elif dep == "advmod" and low in ("allegedly", "reportedly"):
            continue
        elif dep == "advmod" and low in ("possibly", "perhaps", "maybe", "potentially", "probably", "likely"):
            found.append((HYPOTHETICAL, kid))
        elif dep == "advcl" and _is_condition(s, kid) and any(
            deps[k] == "aux" and (lowers[k] in _FUTURE or lowers[k] in _POSSIBLE or lowers[k] in ("would", "'d")) for k in s.kids[verb]
        ):
            found.append((HYPOTHETICAL, kid))
        elif dep in ("nsubj", "nsubjpass", "dobj") and _is_none(s, kid):
            found.append((NEGATED, kid))
    if s.words[-1] == "?" or (len(s) > 1 and s.words[-2] == "?"):
        if deps[verb] == "ROOT":
            found.append((HYPOTHETICAL, len(s) - 1))


def _not_only(s: Sentence, token: int) -> bool:
    return token + 1 < len(s) and s.lowers[token + 1] in ("only", "just", "merely", "simply")


def _is_none(s: Sentence, noun: int) -> bool:
    if s.lowers[noun] in ("nobody", "none", "nothing"):
        return True
    return any(s.deps[k] in ("det", "neg") and s.lowers[k] in ("no", "neither") for k in s.kids[noun])


def _is_condition(s: Sentence, verb: int) -> bool:
    return any(s.deps[k] == "mark" and s.lowers[k] in _CONDITION for k in s.kids[verb]) or any(
        s.deps[k] == "aux" and s.lowers[k] in ("should", "were", "had") and k < verb and s.deps[verb] == "advcl"
        and all(o > k for o in s.kids[verb] if s.deps[o] in ("nsubj", "nsubjpass")) for k in s.kids[verb])  # fmt: skip


def _would(s: Sentence, verb: int) -> str:
    """"Would" after a verb of saying in the past is the plan that was told; elsewhere it is supposed."""
    here = verb
    while s.deps[here] == "conj":
        here = s.heads[here]
    if any(s.deps[k] == "advcl" and _is_condition(s, k) for k in s.kids[here]):
        return HYPOTHETICAL
    above = s.heads[here]
    if s.deps[here] in ("ccomp", "relcl", "advcl") and above != here and s.lemmas[above] in _SPEECH | {"decide", "agree", "pledge", "promise", "vow"} \
            and s.tags[above] in ("VBD", "VBN"):  # fmt: skip
        return INTENDED
    if s.deps[here] == "ROOT" and any(s.deps[k] in ("ccomp", "parataxis") and s.lemmas[k] in _SPEECH for k in s.kids[here]):
        return INTENDED
    return HYPOTHETICAL


def _climb(s: Sentence, verb: int, found: list[tuple[str, int]]) -> bool:
    """Effects of everything above a verb's clause. True when it is the content of a promise."""
    table = effects()
    promise = False
    here = verb
    for _ in range(12):
        dep, above = s.deps[here], s.heads[here]
        if above == here:
            break
        lemma, tag = s.lemmas[above], s.tags[above]
        if dep == "conj":
            # "will visit Rome and meet the pope", "may attack and kill": the second verb shares auxiliaries it lacks
            if s.tags[here] in ("VB", "VBN", "VBG") and not any(s.deps[k] in ("aux", "nsubj", "nsubjpass") for k in s.kids[here]):
                _verb(s, above, found)
            here = above
            continue
        if dep in ("xcomp", "ccomp", "acl", "pcomp", "csubj", "csubjpass", "advcl", "relcl", "oprd", "dep", "acomp", "attr", "parataxis"):
            if dep in ("ccomp", "parataxis") and lemma in _SPEECH:
                if lemma in table["verb"] and lemma in ("deny",):
                    found.append((DENIED, above))
                break
            if dep == "relcl" and s.tags[here] != "VB":
                break
            if dep == "advcl":
                if s.tags[here] == "VB" and any(s.lowers[k] == "to" and s.deps[k] == "aux" for k in s.kids[here]):
                    if lemma in _PROMISE_VERBS:
                        promise = True
                    effect = table["verb"].get(lemma) or (INTENDED if tag[0] == "V" else None)
                    if effect:
                        found.append((effect, above))
                    if tag[0] == "V":
                        _verb(s, above, found)
                break
            if dep == "pcomp":
                # "talked about sending", "without attacking", "accused of bombing"
                preposition = s.lowers[above]
                effect = table["preposition"].get(preposition)
                if effect:
                    found.append((effect, above))
                ground = s.heads[above]
                word = s.lemmas[ground]
                if s.tags[ground][0] == "V":
                    status = table["verb"].get(word)
                    if status == NEGATED and preposition not in ("from", "against", "of", "to"):
                        status = None
                    if status and word not in ("accuse",) and not (status == HYPOTHETICAL and preposition == "for"):
                        found.append((status, ground))
                    if word not in _SPEECH:
                        _verb(s, ground, found)
                    here = ground
                    continue
                status = table["noun"].get(word)
                if status:
                    found.append((status, ground))
                break
            if tag[0] == "N" and dep in ("acl", "ccomp", "relcl"):
                if dep == "acl" and s.tags[here] == "VB":
                    status = table["noun"].get(lemma)
                    if lemma in _PROMISE_NOUNS:
                        promise = True
                    found.append((status or HYPOTHETICAL, above))
                    promise = _climb_noun(s, above, found) or promise
                elif dep == "ccomp" or s.tags[here] != "VBN":
                    if lemma in ("claim", "allegation", "report", "accusation", "rumour", "rumor", "suggestion", "assertion", "charge"):
                        ground = governor(s, above)
                        if s.lemmas[ground] in ("deny", "reject", "dismiss", "refute", "rebut", "rubbish", "dispute") and ground != here:
                            found.append((DENIED, ground))
                break
            if s.deps[above] in ("acomp", "attr") or tag[0] == "J":
                status = table["predicate"].get(lemma)
                if status:
                    found.append((status, above))
                if lemma in _PROMISE_ADJECTIVES:
                    promise = True
                if s.heads[above] != above and s.tags[s.heads[above]][0] == "V" and s.deps[above] in ("acomp", "attr", "oprd"):
                    _verb(s, s.heads[above], found)
                    here = s.heads[above]
                    continue
                here = above
                continue
            status = table["verb"].get(lemma)
            if lemma == "go" and s.tags[above] == "VBG" and s.tags[here] == "VB":
                status = INTENDED
            if lemma in ("expect", "schedule", "set", "slate", "poise", "project") and is_passive(s, above):
                status = INTENDED
            if lemma in ("want", "seek", "call", "back", "endorse") and dep == "xcomp" and not _controls(s, above):
                status = HYPOTHETICAL if lemma in ("want", "seek") else status
            if lemma in ("agree", "hope", "offer") and s.tags[here] != "VB":
                status = None
            if status is None and lemma in ("have", "need") and s.tags[here] == "VB":
                status = REQUESTED
            if lemma in _PROMISE_VERBS and s.tags[here] == "VB":
                promise = True
            if status:
                found.append((status, above))
            if lemma in _SPEECH and dep == "ccomp":
                break
            _verb(s, above, found)
            here = above
            continue
        if dep == "prep" or dep == "pobj":
            here = above
            continue
        break
    return promise


def _controls(s: Sentence, verb: int) -> bool:
    """True when somebody else is to do it: "wants Peru to leave"."""
    return s.lemmas[verb] in OBJECT_CONTROL and any(s.deps[k] in ("dobj", "nsubj") and k > verb for k in s.kids[verb])


def _noun(s: Sentence, noun: int, found: list[tuple[str, int]]) -> None:
    """Adjectives and determiners of an event noun."""
    table = effects()["adjective"]
    for kid in s.kids[noun]:
        if s.deps[kid] in ("amod", "det", "nmod", "compound", "neg"):
            status = table.get(s.lowers[kid]) or (table.get(s.lemmas[kid]) if s.tags[kid][0] == "V" else None)
            if status and not (s.lowers[kid] in ("further", "such", "so-called", "able", "free") ):
                found.append((status, kid))


def _climb_noun(s: Sentence, noun: int, found: list[tuple[str, int]]) -> bool:
    """Effects of what stands above an event noun that has no light verb: "called for talks", "the threat of war"."""
    table = effects()
    here = noun
    for _ in range(6):
        dep, above = s.deps[here], s.heads[here]
        if above == here:
            return False
        lemma, tag = s.lemmas[above], s.tags[above]
        if dep == "conj":
            here = above
            continue
        if dep == "pobj":
            preposition = s.lowers[above]
            effect = table["preposition"].get(preposition)
            if preposition == "of" and s.lowers[s.heads[above]] in ("ahead", "instead"):
                effect = table["preposition"].get(s.lowers[s.heads[above]])
            if effect:
                found.append((effect, above))
                return False
            ground = s.heads[above]
            if s.tags[ground][0] == "N" and preposition in ("of", "for", "to", "against", "about", "on", "over"):
                status = table["noun"].get(s.lemmas[ground])
                if status:
                    found.append((status, ground))
                    return s.lemmas[ground] in _PROMISE_NOUNS
                return False
            if s.tags[ground][0] == "V" and preposition in ("for", "against", "about", "on", "from", "of", "out", "to"):
                status = table["verb"].get(s.lemmas[ground])
                if s.lemmas[ground] in ("call", "push", "press", "appeal", "ask", "plead", "lobby") and preposition == "for":
                    status = REQUESTED
                elif status == NEGATED and preposition != "from" and s.lemmas[ground] != "rule":
                    status = None
                elif status == REQUESTED and preposition != "for":
                    status = None
                elif status == INTENDED and preposition not in ("on", "to", "for"):
                    status = None
                if status:
                    found.append((status, ground))
                    _verb(s, ground, found)
                    return s.lemmas[ground] in _PROMISE_VERBS
            return False
        if dep in ("dobj", "nsubjpass") and tag[0] == "V":
            status = table["verb"].get(lemma)
            if lemma in ("stop", "halt", "cease", "end", "suspend", "resist", "oppose", "reject", "seek", "try", "fight", "discuss", "allow",
                         "permit", "back", "endorse", "favor", "favour", "expect", "announce", "approve", "authorize", "authorise", "delay") and status == NEGATED:  # fmt: skip
                status = None if lemma in ("stop", "halt", "cease", "end", "resist", "oppose", "suspend") else status
            if lemma in ("seek", "want", "demand", "request", "urge", "propose"):
                status = REQUESTED
            if lemma == "hope":
                status = HYPOTHETICAL
            if status:
                found.append((status, above))
            _verb(s, above, found)
            inner = _climb(s, above, found) if status is None else False
            return lemma in _PROMISE_VERBS or inner
        return False
    return False
