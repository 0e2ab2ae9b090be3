"""The status of an event: actual, intended, requested, hypothetical, negated or denied.

It is read off the clause of the event's words (auxiliaries, negation, conditions) and off every verb, noun, adjective
and preposition under which that clause stands. The words and their effects are data: `embedding.tsv`. Every kind of
construction has sentences in `tests/data/status_sentences.tsv`.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import NamedTuple

from comity.events.grammar import LIGHT_VERBS, OBJECT_CONTROL, governor, is_passive, objects, own_subject
from comity.language import Sentence
from comity.language.classes import word_classes

ACTUAL, INTENDED, REQUESTED, HYPOTHETICAL, NEGATED, DENIED = (
    "actual", "intended", "requested", "hypothetical", "negated", "denied")  # fmt: skip

_PRIORITY = (DENIED, NEGATED, REQUESTED, HYPOTHETICAL, INTENDED)
"""Among the effects along the way the first of these wins: what is denied is denied, whatever else; what somebody asks
for is asked for, even when the asking is planned."""

Effects = dict[int, str]
"""Token that causes an effect to the effect."""


class Standing(NamedTuple):
    """A status with the words that made it so (token numbers), for the explanation."""

    status: str
    because: tuple[int, ...]
    promise: bool = False
    """The event's words are the content of a promise, an offer or a stated willingness."""


@cache
def words_by_class() -> dict[str, frozenset[str]]:
    """The classes of `status_words.tsv`: class to words."""
    return word_classes(__package__, "status_words.tsv")


def words(name: str) -> frozenset[str]:
    """The words of a class."""
    return words_by_class()[name]


@cache
def effects() -> dict[str, dict[str, str]]:
    """Kind to word to status. Kinds: verb, noun, adjective, preposition and predicate by what stands above the event's
    words; particle ("call off") and before ("instead of") by two words; object and subject where a verb does something
    else to the event noun that is its object or its passive's subject than to a clause, participle for those that stand
    with an event noun: in these three "-" is no effect."""
    table: dict[str, dict[str, str]] = {}
    for line in files(__package__).joinpath("embedding.tsv").read_text("utf-8").splitlines()[1:]:
        word, kind, status, _ = line.split("\t")
        table.setdefault(kind, {})[word] = status
    return table


def standing(
    s: Sentence, trigger: int, clause: int, actors: frozenset[int] = frozenset(), flags: frozenset[str] = frozenset()
) -> Standing:
    """The status of the event at `trigger`, whose tense stands at `clause` (its verb, or the event noun itself).

    `actors`: tokens that are heads of actors, which tells "Latvia to expel …" from "a plan to expel …". `flags`: those
    of the pattern; its own words may say that the event is planned or called off.
    """
    found: Effects = {}
    for status in (INTENDED, NEGATED):
        if status in flags:
            _note(found, trigger, status)
    promise = False
    if s.tags[trigger][0] == "N":
        _noun(s, trigger, found)
        if clause == trigger:
            promise = _climb_noun(s, trigger, found)
        elif s.tags[clause][0] == "V":
            _particle(s, clause, found)
            effect = effects()["verb"].get(s.lemmas[clause])
            if effect and (s.lemmas[clause] not in LIGHT_VERBS or s.lemmas[clause] in words("planning")):
                _note(found, clause, effect)
    if s.tags[clause][0] in "VM" or clause != trigger:
        _verb(s, clause, found)
        if clause == trigger and s.lemmas[clause] == "rule":  # who does not rule out talks has not refused them
            for kid in s.kids[clause]:
                if s.deps[kid] == "neg":
                    _note(found, kid, NEGATED)
        promise = _climb(s, clause, found, actors) or promise
    return _settle(found, promise)


def _note(found: Effects, token: int, status: str) -> None:
    found.setdefault(token, status)


def _settle(found: Effects, promise: bool) -> Standing:
    negations = [token for token, status in found.items() if status == NEGATED]
    standing_items = dict(found)
    if negations and len(negations) % 2 == 0:  # "could not prevent", "nothing kept them from": the deed stands
        standing_items = {token: status for token, status in found.items() if status != NEGATED}
    for status in _PRIORITY:
        because = tuple(token for token, kind in standing_items.items() if kind == status)
        if because:
            return Standing(status, because, promise)
    return Standing(ACTUAL, (), promise)


# --- a verb's own clause -------------------------------------------------------------------------------------------


def _verb(s: Sentence, verb: int, found: Effects) -> None:
    """Auxiliaries, negation and condition of a verb's own clause."""
    deps, lowers, kids = s.deps, s.lowers, s.kids[verb]
    subject = own_subject(s, verb)
    if s.tags[verb] == "VB" and subject is None and _is_order(s, verb):
        _note(found, verb, REQUESTED)
    if deps[verb] in ("acl", "ccomp") and s.tags[verb] == "VBN":  # "has no meeting scheduled", "does not have a …"
        owner = s.heads[verb] if deps[verb] == "ccomp" else s.heads[s.heads[verb]]
        none = _none(s, s.heads[verb] if deps[verb] == "acl" else verb)
        if none is None and s.lemmas[owner] == "have":
            none = next((k for k in s.kids[owner] if deps[k] == "neg"), None)
        if none is not None:
            _note(found, none, NEGATED)
    for kid in kids:
        dep, low = deps[kid], lowers[kid]
        if dep == "neg" or (dep in ("advmod", "preconj", "det") and low in words("never")):
            if not _only_follows(s, kid) and not (s.lemmas[verb] == "rule" and "out" in (lowers[k] for k in kids)):
                _note(found, kid, NEGATED)
        elif s.tags[verb] in ("VBP", "VBZ") and dep in ("npadvmod", "advmod") and low == "tomorrow":
            _note(found, kid, INTENDED)
        elif dep == "advmod" and any(lowers[k] == "never" for k in s.kids[kid]):
            _note(found, kid, NEGATED)  # "never before has Peru …"
        elif dep == "advmod" and low in words("nearly"):
            _note(found, kid, NEGATED)
        elif dep == "advmod" and low in words("maybe"):
            _note(found, kid, HYPOTHETICAL)
        elif dep == "aux":
            inverted = subject is not None and kid < subject and kid <= 2
            if low in words("future"):
                _note(found, kid, INTENDED)
            elif low in ("would", "'d", "’d") and (s.tags[kid] == "MD" or s.tags[verb] == "VB"):
                _note(found, kid, _would(s, verb))
            elif low in words("possible"):
                _note(found, kid, HYPOTHETICAL)
            elif low in words("duty"):
                asked = not any(lowers[k] in words("if") for k in kids)  # "whether they should"
                _note(found, kid, REQUESTED if asked and not (inverted and low == "should") else HYPOTHETICAL)
            elif (
                low == "to"
                and s.tags[verb] == "VB"
                and (
                    deps[verb] == "ROOT"
                    or (
                        deps[verb] == "ccomp"
                        and subject is not None
                        and subject < kid
                        and s.lowers[max(0, subject - 1)] != "for"
                    )
                )
                and not (deps[verb] == "ccomp" and s.heads[verb] < verb)
            ):
                _note(found, kid, INTENDED)  # headline: "Kenya to host talks"
            elif low == "had" and inverted and deps[verb] == "advcl":
                _note(found, kid, HYPOTHETICAL)
        elif dep == "mark" and low in words("if"):
            _note(found, kid, HYPOTHETICAL)
        elif dep == "prep" and _in_vain(s, kid):
            _note(found, kid, NEGATED)
        elif (low == "in" and lowers[kid + 1 : kid + 2] == ["case"] and (kid < verb or _has_modal(s, verb))) or (
            dep == "advcl" and _is_condition(s, kid) and _has_modal(s, verb)
        ):
            _note(found, kid, HYPOTHETICAL)
        elif dep in ("nsubj", "nsubjpass", "dobj") and (none := _none(s, kid)) is not None:
            _note(found, none, NEGATED)
        elif dep == "prep" and kid < verb:
            for obj in s.kids[kid]:  # "at no time did …", "under no circumstances"
                if deps[obj] == "pobj" and (none := _none(s, obj)) is not None and s.lemmas[obj] in words("fronted"):
                    _note(found, none, NEGATED)
    before = verb - 1
    while before > 0 and (
        (lowers[before] == "to" and s.tags[before] == "TO")
        or (s.tags[before][:2] == "RB" and lowers[before] not in words("unlike"))
    ):
        before -= 1
    for at in (before, verb - 1):
        unlike = effects()["before"].get(f"{lowers[at - 1]} {lowers[at]}") if at > 0 else None
        if unlike:
            _note(found, at - 1, unlike)
    if deps[verb] == "ROOT" and s.words[-1] in ("?", '"', "”") and "?" in s.words[-2:] and not _wh_question(s):
        _note(found, len(s) - 1, HYPOTHETICAL)


def _is_order(s: Sentence, verb: int) -> bool:
    """True for an imperative: a bare verb at the head of its clause ("Reopen the border!")."""
    if s.deps[verb] not in ("ROOT", "ccomp", "parataxis") or verb > 3:
        return False
    return all(s.tags[k] in ("``", "''", "UH", ",", ":", "RB") for k in range(verb))


def _only_follows(s: Sentence, token: int) -> bool:
    return token + 1 < len(s) and s.lowers[token + 1] in words("not-only")


def _wh_question(s: Sentence) -> bool:
    return any(tag in ("WRB", "WP", "WDT") for tag in s.tags[:3])


def _none(s: Sentence, noun: int) -> int | None:
    """The word that makes a noun phrase empty ("no troops", "nobody"), or None."""
    if s.lowers[noun] in words("nobody"):
        return noun
    for kid in s.kids[noun]:
        if (s.deps[kid] in ("det", "neg") and s.lowers[kid] in ("no", "neither")) or (
            s.deps[kid] == "preconj" and s.lowers[kid] == "neither"
        ):
            return kid
    return None


def _in_vain(s: Sentence, preposition: int) -> bool:
    return s.lowers[preposition] == "in" and any(s.lowers[k] == "vain" for k in s.kids[preposition])


def _has_modal(s: Sentence, verb: int) -> bool:
    return any(
        s.deps[k] == "aux" and (s.lowers[k] in words("future") or s.lowers[k] in words("possible") or s.lowers[k] in ("would", "'d", "’d", "should"))
        for k in s.kids[verb]
    )  # fmt: skip


def _is_condition(s: Sentence, verb: int) -> bool:
    """True for an if-clause and for "should they …", "were they to …", "had they …"."""
    kids = s.kids[verb]
    if any(s.deps[k] == "mark" and s.lowers[k] in words("if") for k in kids):
        return True
    subject = own_subject(s, verb)
    if subject is None:
        return False
    if s.lowers[verb] in ("were", "was") and verb < subject:
        return True
    return any(s.deps[k] == "aux" and s.lowers[k] in ("should", "were", "had") and k < subject for k in kids)


def _would(s: Sentence, verb: int) -> str:
    """ "Would" after a verb of saying in the past is the plan that was told; elsewhere it is supposed."""
    here = verb
    while s.deps[here] == "conj" and s.heads[here] != here:
        here = s.heads[here]
    if any(s.deps[k] == "advcl" and _is_condition(s, k) for k in (*s.kids[here], *s.kids[verb])):
        return HYPOTHETICAL
    above = s.heads[here]
    told = words("speech") | words("announcing")
    if (
        s.deps[here] in ("ccomp", "advcl")
        and above != here
        and s.lemmas[above] in told
        and s.tags[above] in ("VBD", "VBN")
    ):
        return INTENDED
    if s.deps[here] == "ROOT" and any(
        s.deps[k] in ("ccomp", "parataxis") and s.lemmas[k] in told for k in s.kids[here]
    ):
        return INTENDED
    return HYPOTHETICAL


def _particle(s: Sentence, verb: int, found: Effects) -> None:
    """ "Called off", "put off", "ruled out"; "not ruled out" leaves it open."""
    for kid in s.kids[verb]:
        if (
            s.lemmas[verb] == "rule"
            and s.lowers[kid] == "out"
            and any(s.deps[k] == "neg" or s.lowers[k] in words("never") for k in s.kids[verb])
        ):
            found[verb] = HYPOTHETICAL
            return
        if s.deps[kid] in ("prt", "advmod") or (s.deps[kid] == "prep" and not s.kids[kid]):
            status = effects()["particle"].get(f"{s.lemmas[verb]} {s.lowers[kid]}")
            if status:
                _note(found, verb, status)


# --- above a verb --------------------------------------------------------------------------------------------------


def _climb(s: Sentence, verb: int, found: Effects, actors: frozenset[int]) -> bool:
    """Effects of everything above a verb's clause. True when it is the content of a promise."""
    promise = False
    here = verb
    for _ in range(12):
        dep, above = s.deps[here], s.heads[here]
        if above == here:
            break
        if dep == "conj":
            if _shares(s, here):
                _verb(s, above, found)
            elif _joins_matrix(s, here, above):
                break
            here = above
            continue
        if dep in ("prep", "pobj"):
            here = above
            continue
        step = _step(s, here, above, dep, found, actors)
        promise = promise or step.promise
        if step.next < 0:
            break
        here = step.next
    return promise


class _Step(NamedTuple):
    next: int
    promise: bool = False


_STOP = _Step(-1)

_COMPLEMENTS = frozenset(("xcomp", "ccomp", "csubj", "csubjpass", "advcl", "oprd", "dep", "acomp", "attr", "parataxis"))
"""Labels of the clauses upon which the word above them has an effect."""


def _shares(s: Sentence, verb: int) -> bool:
    """ "Will visit Rome and meet the pope", "may attack and kill": the second verb lacks what the first has."""
    return s.tags[verb] in ("VB", "VBN", "VBG") and not any(
        s.deps[k] in ("aux", "nsubj", "nsubjpass") for k in s.kids[verb]
    )


def _joins_matrix(s: Sentence, verb: int, first: int) -> bool:
    """ "Denied that its troops had fired, and accused …": the comma tells that the second verb is the speaker's own."""
    if s.deps[first] != "ccomp" or s.tags[verb] not in ("VBD", "VBZ", "VBP") or own_subject(s, verb) is not None:
        return False
    has_that = any(s.deps[k] == "mark" and s.lowers[k] == "that" for k in s.kids[first])
    return has_that and any(s.deps[k] == "cc" and k > 0 and s.words[k - 1] == "," for k in s.kids[first] if k < verb)


def _step(s: Sentence, here: int, above: int, dep: str, found: Effects, actors: frozenset[int]) -> _Step:
    """The effect of the word above a clause, and where to go on."""
    table = effects()
    lemma, tag = s.lemmas[above], s.tags[above]
    if dep == "pcomp":
        return _under_preposition(s, above, found)
    if dep in ("relcl", "acl", "ccomp") and lemma in words("lie") and s.deps[above] in ("attr", "pobj", "oprd"):
        _note(found, above, DENIED)  # "it is a lie that"
        return _STOP
    if dep == "relcl" and lemma in words("supposed"):
        _note(found, above, HYPOTHETICAL)
        return _STOP
    if dep in ("relcl", "acl", "ccomp") and lemma in words("proviso") and s.lowers[above + 1 : above + 2] == ["that"]:
        if s.deps[above] != "attr":
            _note(found, above, HYPOTHETICAL)  # "on condition that", "in the event that"
        elif lemma in words("true") and _is_negated(s, s.heads[above]):
            _note(found, above, DENIED)  # "it is not the case that"
        return _STOP
    if lemma == "time" and s.deps[above] == "attr" and not any(s.tags[k] == "WRB" for k in s.kids[here]):
        _note(found, above, REQUESTED)  # "it is high time that"
        return _STOP
    if lemma in words("evidence") and (none := _none(s, above)) is not None:
        _note(found, none, NEGATED)
        return _STOP
    if dep == "relcl" and s.tags[here] != "VB":
        if any(s.deps[k] == "mark" for k in s.kids[here]):
            _claimed(s, above, found)
        return _STOP
    noun = tag[0] == "N" or (lemma in words("claim") and s.deps[above] in ("dobj", "pobj", "nsubj", "nsubjpass"))
    if dep in ("acl", "ccomp", "relcl", "advcl") and noun and s.deps[above] not in ("attr", "acomp"):
        return _under_noun(s, here, above, dep, found, actors)
    if dep == "advcl" and not _is_infinitive(s, here):
        return _STOP
    if (
        s.deps[above] in ("acomp", "attr", "oprd")
        or tag[0] == "J"
        or (tag[0] in "RI" and s.deps[above] in ("prep", "advmod"))
    ):
        return _under_predicate(s, here, above, found)
    if dep not in _COMPLEMENTS:
        return _STOP
    if lemma in words("copula") and _copula(s, above, found):
        return _STOP
    if lemma == "be" and _is_infinitive(s, here) and tag[0] in "VM":
        subject = own_subject(s, above)
        under = next(
            (o for k in s.kids[above] for o in s.kids[k] if s.lowers[k] == "under" and s.deps[o] == "pobj"), above
        )
        if any(s.lowers[k] == "up" for k in s.kids[above]) or table["noun"].get(s.lemmas[under]) == REQUESTED:
            _note(found, above, REQUESTED)  # "is up to Peru to", "is under pressure to"
        elif _is_condition(s, above):
            _note(found, above, HYPOTHETICAL)
        elif subject is not None and s.deps[subject] == "csubj":
            return _Step(above)
        elif any(s.lowers[k] == "have" and s.deps[k] == "aux" for k in s.kids[here]):
            _note(found, above, NEGATED)  # "was to have visited"
        else:
            _note(found, above, INTENDED)
        return _STOP
    if lemma in ("exclude", "preclude") and dep == "ccomp":
        _note(found, above, HYPOTHETICAL)
        return _STOP
    if lemma == "call" and dep in ("advcl", "xcomp") and s.lemmas[here] in words("telling") and objects(s, above):
        _verb(s, above, found)  # "called the president to congratulate him": on the telephone
        return _Step(above)
    if lemma in words("wishing") and s.lemmas[here] in words("performed") and not objects(s, above):
        return _STOP  # "I would like to thank": it is thereby done
    if dep == "ccomp" and lemma in words("finding") and _is_told(s, here) and _is_negated(s, above):
        _note(found, above, NEGATED)  # "did not find that"
        return _STOP
    if lemma == "deny" and _neither(s, above):
        _note(found, above, HYPOTHETICAL)
        return _STOP
    if dep in ("ccomp", "xcomp") and lemma in words("doubting") and _is_negated(s, above):
        return _STOP  # "nobody doubts that", "did not deny bombing"
    status = _effect_of(s, here, above, dep, table["verb"].get(lemma))
    promise = lemma in words("promise-verb") and s.tags[here] == "VB"
    if status:
        _note(found, above, status)
    _particle(s, above, found)
    if lemma in words("speech") and dep in ("ccomp", "parataxis", "advcl"):
        return _STOP
    if dep == "advcl" and status is None and tag[0] == "V":
        _note(found, above, INTENDED)  # purpose: "sent troops to retake the town"
    if lemma not in words("speech") or dep == "xcomp":
        _verb(s, above, found)
    return _Step(above, promise)


def _copula(s: Sentence, verb: int, found: Effects) -> bool:
    """ "It is conceivable that", "there is a chance that", "it is not true that", "there is no truth in"."""
    table = effects()
    for kid in s.kids[verb]:
        if s.deps[kid] not in ("acomp", "attr", "oprd"):
            continue
        lemma = s.lemmas[kid]
        negated = any(s.deps[k] == "neg" for k in s.kids[verb])
        if (lemma in words("true") and negated) or (lemma == "truth" and _none(s, kid) is not None):
            _note(found, kid, DENIED)
            return True
        status = table["predicate"].get(lemma)
        if status is None and s.tags[kid][0] == "N":
            status = table["noun"].get(lemma)
            status = status if status in (HYPOTHETICAL, DENIED) else None
        if status:
            _note(found, kid, status)
            if lemma in words("promise-adjective"):
                return False
            _verb(s, verb, found)
            return True
    return False


def _is_infinitive(s: Sentence, verb: int) -> bool:
    return any(s.lowers[k] == "to" and s.deps[k] == "aux" for k in s.kids[verb])


def _effect_of(s: Sentence, here: int, above: int, dep: str, status: str | None) -> str | None:
    """What a governing verb does to its clause; the table's word, with the exceptions that grammar makes."""
    lemma = s.lemmas[above]
    marks = {s.lowers[k] for k in s.kids[here] if s.deps[k] == "mark"}
    if marks & {"whether", "if"} or (dep == "ccomp" and _is_asked(s, here)):
        return HYPOTHETICAL
    if lemma == "provide" and dep == "ccomp" and s.lowers[above] in ("provided", "providing"):
        return HYPOTHETICAL
    if lemma == "go" and s.tags[above] == "VBG" and s.tags[here] == "VB":
        return INTENDED
    if lemma in words("plan") and _is_infinitive(s, here):
        if any(s.lowers[k] in ("had", "'d", "’d") for k in s.kids[above] if s.deps[k] == "aux") and _but_follows(
            s, here
        ):
            return NEGATED
        if is_passive(s, above):
            return INTENDED
    if lemma in words("subjunctive") and dep == "ccomp":
        subject = own_subject(s, here)
        singular = subject is not None and s.tags[subject] in ("NN", "NNP")
        bare = (
            (s.tags[here] == "VB" and not any(s.lemmas[k] == "do" for k in s.kids[here] if s.deps[k] == "aux"))
            or (s.tags[here] == "VBP" and singular and s.lowers[here] not in ("are", "have"))
            or any(s.lowers[k] == "should" for k in s.kids[here] if s.deps[k] == "aux")
            or any(s.lowers[k] == "be" for k in s.kids[here] if s.deps[k] == "auxpass")
        )
        return (
            REQUESTED
            if bare and not _has_modal_other(s, here)
            else (HYPOTHETICAL if lemma == "suggest" and _has_modal(s, here) else None)
        )
    if lemma in words("wanting") and s.tags[here][0] == "V":
        if is_passive(s, here) or _controls(s, above) or (dep == "ccomp" and own_subject(s, here) is not None):
            return REQUESTED
        return HYPOTHETICAL if lemma != "like" or _has_modal(s, above) else None
    if lemma == "hope" and dep == "ccomp" and _of_another(s, here, above):
        return REQUESTED  # "hopes that Peru will free the crew"
    if lemma in ("agree", "hope", "offer") and dep == "ccomp" and s.tags[here] != "VB":
        return None
    if status == INTENDED and dep == "ccomp" and lemma in words("speech") and _is_told(s, here):
        return None  # "announced that it had suspended aid"
    if lemma in ("have", "need", "ought") and _is_infinitive(s, here):
        if any(s.lowers[k] == "yet" for k in (*s.kids[above], *s.kids[here])):
            return NEGATED
        return REQUESTED
    if lemma == "remain" and _is_infinitive(s, here) and not any(s.deps[k] == "acomp" for k in s.kids[above]):
        return NEGATED  # not "remains committed to keep"
    if lemma in words("choosing") and s.tags[above] in ("VBD", "VBN") and any(s.deps[k] == "neg" for k in s.kids[here]):
        return None
    return status


def _is_asked(s: Sentence, verb: int) -> bool:
    """ "“Did Peru bomb the port?” she asked": a question that can be answered with no."""
    subject = own_subject(s, verb)
    if subject is None or "?" not in s.words[verb:]:
        return False
    return any(s.deps[k] == "aux" and k < subject for k in s.kids[verb]) and not any(
        s.tags[k] in ("WRB", "WP", "WDT") for k in s.kids[verb]
    )


def _is_negated(s: Sentence, verb: int) -> bool:
    """True for a verb with "not", "never" or an empty subject: "nobody doubts"."""
    subject = own_subject(s, verb)
    return any(s.deps[k] == "neg" for k in s.kids[verb]) or (subject is not None and _none(s, subject) is not None)


def _of_another(s: Sentence, verb: int, above: int) -> bool:
    """True for a clause about what another than the subject above it will do."""
    mine, theirs = own_subject(s, above), own_subject(s, verb)
    if mine is None or theirs is None:
        return False
    future = any(s.lowers[k] in (*words("future"), "would", "'d", "’d") for k in s.kids[verb] if s.deps[k] == "aux")
    return future and s.tags[theirs][:3] == "NNP" and s.lemmas[mine] != s.lemmas[theirs]


def _neither(s: Sentence, verb: int) -> bool:
    """ "Neither confirmed nor denied", "would not confirm or deny"."""
    first = s.heads[verb] if s.deps[verb] == "conj" else verb
    if first == verb or s.lemmas[first] != "confirm":
        return False
    return any(s.lowers[k] in ("neither", "not", "n't", "n’t", "never") for k in s.kids[first])


def _is_told(s: Sentence, verb: int) -> bool:
    """True for a finite clause about the past or the present: it tells what is so, not what is to be."""
    helpers = {s.lemmas[k] for k in s.kids[verb] if s.deps[k] in ("aux", "auxpass")}
    if helpers & words("modal"):
        return False
    return s.tags[verb] in ("VBD", "VBZ", "VBP") or bool(helpers & {"have", "be"})


def _has_modal_other(s: Sentence, verb: int) -> bool:
    return any(
        s.deps[k] == "aux" and s.lowers[k] in ("could", "might", "may", "can", "would", "will") for k in s.kids[verb]
    )


def _but_follows(s: Sentence, verb: int) -> bool:
    """True when a "but" (or "and then") later in the sentence takes back what had been planned."""
    return any(s.lowers[i] in ("but", "yet", "however") for i in range(verb + 1, len(s)))


def _controls(s: Sentence, verb: int) -> bool:
    """True when somebody else is to do it: "wants Peru to leave"."""
    return s.lemmas[verb] in OBJECT_CONTROL | {"like", "prefer", "wish"} and any(o > verb for o in objects(s, verb))


def _under_preposition(s: Sentence, preposition: int, found: Effects) -> _Step:
    """ "Talked about sending", "without attacking", "accused of bombing", "kept them from visiting"."""
    table = effects()
    word = s.lowers[preposition]
    effect = table["preposition"].get(word)
    if effect and not (word == "before" and _is_over(s, preposition)):
        _note(found, preposition, effect)
    ground = s.heads[preposition]
    lemma = s.lemmas[ground]
    turned = table["particle"].get(f"{s.lemmas[s.heads[ground]]} {s.lowers[ground]}")
    if turned and s.deps[ground] in ("advmod", "prt", "acomp"):
        _note(found, ground, turned)  # "held back from", "thought better of"
        _verb(s, s.heads[ground], found)
        return _Step(s.heads[ground])
    if s.tags[ground][0] == "V":
        status = table["verb"].get(lemma)
        if word == "against" and lemma in words("choosing"):
            status = NEGATED
        elif word == "from":
            status = NEGATED if lemma in words("keep-from") or status == NEGATED else None
        elif (status == NEGATED and word not in ("against", "of")) or (status == HYPOTHETICAL and word == "for"):
            status = None
        if status == NEGATED and _is_infinitive(s, ground):
            _note(found, ground, HYPOTHETICAL)  # "to prevent X from bombing": it has not come, nor been averted
            return _STOP
        if status and lemma not in words("judging"):
            _note(found, ground, status)
        if lemma not in words("speech"):
            _verb(s, ground, found)
        return _Step(ground)
    status = table["noun"].get(lemma)
    if status:
        _note(found, ground, status)
        return _Step(-1, _climb_noun(s, ground, found))  # "cancelled a plan of bombing"
    _claimed(s, ground, found)
    return _STOP


def _is_over(s: Sentence, preposition: int) -> bool:
    """True where a deed of the past came after, or before, what a preposition names: "met before flying to Lima"."""
    verb = governor(s, preposition)
    aux = {s.lowers[k] for k in s.kids[verb] if s.deps[k] in ("aux", "auxpass")}
    return (s.tags[verb] == "VBD" and s.lemmas[verb] not in words("speech")) or bool(aux & {"had", "was", "were"})


def _under_noun(s: Sentence, here: int, noun: int, dep: str, found: Effects, actors: frozenset[int]) -> _Step:
    """ "A plan to send", "the claim that … had shelled", "Latvia to expel"."""
    table = effects()
    lemma = s.lemmas[noun]
    if lemma == "order" and s.deps[noun] == "pobj" and s.lowers[s.heads[noun]] == "in":
        _note(found, noun, INTENDED if NEGATED not in found.values() else HYPOTHETICAL)  # "in order to deter"
        return _STOP
    if s.tags[here] == "VB" and _is_infinitive(s, here):
        status = table["noun"].get(lemma)
        if lemma in words("decided") and _is_known(s, noun):
            return _STOP  # "condemned Peru's decision to leave"
        if status is None and (noun in actors or s.tags[noun] in ("NNP", "NNPS")):
            _note(found, noun, INTENDED)
            return _STOP
        _note(found, noun, status or HYPOTHETICAL)
        promise = _climb_noun(s, noun, found)
        return _Step(-1, promise or lemma in words("promise-noun"))
    if lemma in words("claim") and _is_infinitive(s, here):
        _claimed(s, noun, found)  # "their claim to have bombed the port"
    finite = own_subject(s, here) is not None or any(s.deps[k] == "mark" for k in s.kids[here])
    if finite and s.tags[here] == "VB" and table["noun"].get(lemma) == REQUESTED:
        _note(found, noun, REQUESTED)  # "the demand that Peru grant access"
        return _STOP
    if finite and dep != "relcl":
        if table["noun"].get(lemma) == DENIED:
            _note(found, noun, DENIED)
        else:
            _claimed(s, noun, found)
            if table["noun"].get(lemma) == HYPOTHETICAL and lemma not in words("claim"):
                _note(found, noun, HYPOTHETICAL)
    return _STOP


def _is_known(s: Sentence, noun: int) -> bool:
    """True for a definite noun upon which something is said or done, and which is not itself taken or announced."""
    if s.deps[noun] not in ("dobj", "pobj") or s.lemmas[governor(s, noun)] in words("taking"):
        return False
    if s.deps[noun] == "pobj" and s.lowers[s.heads[noun]] in ("after", "following", "since"):
        return True
    return any(s.deps[k] == "poss" or s.lowers[k] in ("the", "this") for k in s.kids[noun])


def _claimed(s: Sentence, noun: int, found: Effects) -> None:
    """A claim, report or rumour that somebody denies, rejects or calls false; "no truth in the story"."""
    lemma = s.lemmas[noun]
    if lemma not in words("claim") and lemma not in words("involvement"):
        return
    ground = s.heads[noun] if s.deps[noun] == "dobj" else governor(s, noun)
    if (
        (ground != noun and effects()["verb"].get(s.lemmas[ground]) == DENIED)
        or (ground != noun and s.lemmas[ground] in words("waving-off"))
        or (
            ground != noun
            and any(s.lowers[k] == "as" and any(s.lemmas[o] in words("lie") for o in s.kids[k]) for k in s.kids[ground])
        )
        or (
            ground != noun
            and s.lemmas[ground] in words("labelling")
            and (s.lemmas[ground] == "contest" or any(s.lemmas[i] in words("lie") for i in range(noun + 1, len(s))))
        )
        or (ground != noun and s.deps[noun] == "nsubj" and any(s.lowers[k] in words("false") for k in s.kids[ground]))
    ):
        _note(found, ground, DENIED)
    elif ground != noun and s.lemmas[s.heads[ground]] == "deny":
        _note(found, s.heads[ground], DENIED)
    elif s.deps[noun] == "pobj" and s.lemmas[s.heads[s.heads[noun]]] == "truth":
        _note(found, s.heads[s.heads[noun]], DENIED)
    for kid in s.kids[noun]:
        if s.deps[kid] == "amod" and s.lowers[kid] in words("false"):
            _note(found, kid, DENIED)


def _under_predicate(s: Sentence, here: int, above: int, found: Effects) -> _Step:
    """ "Is ready to", "it is unlikely that", "it would be a mistake to", "it is up to Peru to"."""
    status = effects()["predicate"].get(s.lemmas[above])
    if status is None and s.tags[above][0] == "N":
        status = effects()["noun"].get(s.lemmas[above])
        none = _none(s, above)
        if none is not None and _is_infinitive(s, here):
            _note(found, none, NEGATED)  # "there was no plan to"
        elif s.lemmas[above] in words("decided") or not _is_infinitive(s, here):
            status = status if status in (HYPOTHETICAL, DENIED) else None  # "it was her decision to leave": she left
    copula = s.heads[above]
    if status:
        _note(found, above, status)
    promise = s.lemmas[above] in words("promise-adjective")
    if copula != above and s.tags[copula][0] in "VM":
        _verb(s, copula, found)
        return _Step(copula, promise)
    return _Step(above, promise)


# --- event nouns ---------------------------------------------------------------------------------------------------


def _noun(s: Sentence, noun: int, found: Effects) -> None:
    """Adjectives and determiners of an event noun."""
    table = effects()["adjective"]
    for kid in s.kids[noun]:
        if s.deps[kid] in ("amod", "det", "nmod", "compound", "neg", "acl"):
            status = table.get(s.lowers[kid])
            if status is None and s.tags[kid][0] == "V" and s.deps[kid] in ("amod", "acl"):
                status = effects()["participle"].get(s.lemmas[kid])
            if status:
                _note(found, kid, status)


def _climb_noun(s: Sentence, noun: int, found: Effects) -> bool:
    """Effects of what stands above an event noun that has no light verb: "called for talks", "the threat of war"."""
    here = noun
    for _ in range(6):
        dep, above = s.deps[here], s.heads[here]
        if above == here:
            return False
        if dep == "conj":
            here = above
            continue
        if dep == "pobj":
            return _noun_under_preposition(s, above, found)
        if dep in ("nsubj", "nsubjpass"):
            return _noun_as_subject(s, noun, above, dep, found)
        if dep in ("dobj", "attr") and s.tags[above][0] == "V":
            return _noun_as_object(s, above, found)
        return False
    return False


def _noun_under_preposition(s: Sentence, preposition: int, found: Effects) -> bool:
    table = effects()
    word, ground = s.lowers[preposition], s.heads[preposition]
    effect = table["preposition"].get(word)
    if word == "of" and s.lowers[preposition - 1] in ("ahead", "instead"):
        effect = table["preposition"].get(s.lowers[preposition - 1])
    if word == "before" and _is_over(s, preposition):
        return False
    if effect:
        _note(found, preposition, effect)
        return False
    lemma = s.lemmas[ground]
    if word == "of" and (s.tags[ground][0] in "JC" or lemma in words("counting")):
        return _climb_noun(s, ground, found)
    if s.tags[ground][0] == "N" and word in words("beside-noun"):
        status = table["noun"].get(lemma)
        if word == "in" and lemma in ("part", "participation"):
            verb = s.heads[ground]
            if s.tags[verb][0] == "V":
                _verb(s, verb, found)
                return _climb(s, verb, found, frozenset())
        if lemma in words("claim") or lemma in words("involvement"):
            _claimed(s, ground, found)
            return False
        if status and word in words("of-noun"):
            _note(found, ground, status)
            return lemma in words("promise-noun")
        return False
    if s.tags[ground][0] == "V":
        status = table["verb"].get(lemma)
        if word == "against" and lemma == "decide":
            status = NEGATED
        elif lemma in words("calling-for") and word == "for":
            status = REQUESTED if lemma != "vote" else INTENDED
        elif lemma == "provide" and word == "for":
            subject = own_subject(s, ground)
            status = INTENDED if subject is not None and s.lemmas[subject] in words("document") else None
        elif (
            (status == NEGATED and word != "from")
            or (status == REQUESTED and word != "for")
            or (status == INTENDED and word not in words("planned-on") and lemma not in ("pencil", "pencill"))
            or (status == HYPOTHETICAL and word not in words("about"))
        ):
            status = None
        if word == "in" and lemma in words("taking-part"):
            _verb(s, ground, found)
            return _climb(s, ground, found, frozenset())
        if status:
            _note(found, ground, status)
            _verb(s, ground, found)
            return lemma in words("promise-verb")
    return False


def _noun_as_subject(s: Sentence, noun: int, verb: int, dep: str, found: Effects) -> bool:
    """ "The talks will resume", "the visit was cancelled", "a war would cut the road"."""
    table = effects()
    lemma = s.lemmas[verb]
    passive = dep == "nsubjpass"
    _particle(s, verb, found)
    if passive:
        status = _instead(table["subject"], lemma, table["verb"].get(lemma))
        if status:
            _note(found, verb, status)
    if _is_judged(s, verb):
        return False
    if lemma in words("aspect") or passive:
        _verb(s, verb, found)
        for kid in s.kids[verb]:
            if s.deps[kid] == "xcomp" and lemma == "be" and _is_infinitive(s, kid):
                _note(found, verb, INTENDED)
        if s.deps[verb] in ("xcomp", "ccomp"):
            return _climb(s, verb, found, frozenset())
    elif _has_modal(s, verb) and not any(
        s.deps[k] in ("det", "poss") and s.lowers[k] not in ("a", "an", "any", "another") for k in s.kids[noun]
    ):
        _verb(s, verb, found)
    return False


def _is_judged(s: Sentence, verb: int) -> bool:
    """True where a clause says what an event is like, not whether it is: "the raid was not unprovoked"."""
    if s.lemmas[verb] in words("seeing"):
        return True
    told = any(s.deps[k] in ("acomp", "attr") and s.lemmas[k] not in words("likely") for k in s.kids[verb])
    return told and any(s.deps[k] == "neg" for k in s.kids[verb])


def _noun_as_object(s: Sentence, verb: int, found: Effects) -> bool:
    table = effects()
    lemma = s.lemmas[verb]
    status = table["verb"].get(lemma)
    _particle(s, verb, found)
    status = _instead(table["object"], lemma, status)
    if lemma == "expect" and any(s.lowers[k] == "from" for o in objects(s, verb) for k in (*s.kids[o], *s.kids[verb])):
        status = REQUESTED
    if status:
        _note(found, verb, status)
    _verb(s, verb, found)
    inner = _climb(s, verb, found, frozenset()) if status is None else False
    return lemma in words("promise-verb") or inner


def _instead(table: dict[str, str], word: str, status: str | None) -> str | None:
    """What a table says in place of a status: "-" is none."""
    status = table.get(word, status)
    return None if status == "-" else status
