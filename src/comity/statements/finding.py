"""Attributions within one sentence: cues of the lexicon, with source, content and hearer as the tree and the
punctuation show them. What reaches over a sentence's end is joined later (see `quoting` and `orphans`)."""

from __future__ import annotations

from comity.language import Sentence
from comity.statements import grammar
from comity.statements.attribution import Attribution
from comity.statements.clauses import finite, has_that, range_of
from comity.statements.cues import Cue, Lexicon, words_of
from comity.statements.objects import noun_cue
from comity.statements.shapes import holds_verb, is_time, make, spans
from comity.statements.verbs import verb_cue


def find(s: Sentence, words: Lexicon) -> list[Attribution]:
    """All attributions that one sentence shows, in the order of their cues."""
    found: list[Attribution] = []
    lemmas, tags = s.lemmas, s.tags
    used: set[int] = set()
    bound = 0  # where the content of a following postposed cue may begin
    for token, lemma in enumerate(lemmas):
        tag = tags[token]
        lower = s.lowers[token]
        if lower in ("according", "per", "in"):
            made = _in_view(s, token) if lower == "in" else _according(s, token)
            if made is not None:
                found.append(made)
                continue
        if tag[0] == "V":
            if token in used:
                continue
            cue = words.verbs.get(lemma)
            if lemma in words.phrases:
                for rest, phrase in words.phrases[lemma]:
                    if _has_words(s, token, rest):
                        cue = phrase
                        break
            if (
                lemma == "know"
                and token
                and s.lowers[token - 1] == "you"
                and (token + 1 >= len(s) or s.words[token + 1] == ",")
            ):
                continue  # "you know, …"
            if cue is None and tag == "VBN" and lower in words.adjectives and grammar.is_passive(s, token):
                made = _adjective(s, token, words.adjectives[lower])  # "is convinced that"
                if made is not None:
                    found.append(made)
                continue
            if cue is None or (
                s.deps[token] in ("amod", "aux", "auxpass", "compound", "case") and grammar.own_subject(s, token) < 0
            ):
                continue
            made = verb_cue(s, token, cue, words, used, bound)
            if made is not None:
                found.append(made)
                if made.preposed:
                    bound = made.reach[1] + 1
        elif tag[0] == "N":
            if token in used:
                continue
            cue = words.nouns.get(lemma)
            if cue is not None:
                made = noun_cue(s, token, cue)
                if made is not None:
                    found.append(made)
        elif tag[0] == "J" or (lemma in words.adjectives and tag == "RB"):
            cue = words.adjectives.get(lemma)
            if cue is not None:
                made = _adjective(s, token, cue)
                if made is not None:
                    found.append(made)
    return found


def _has_words(s: Sentence, verb: int, rest: tuple[str, ...]) -> bool:
    """True when all further words of a phrasal cue depend on the verb, close behind it."""
    for word in rest:
        for kid in s.kids[verb]:
            if s.lowers[kid] == word and verb < kid <= verb + 6:
                break
        else:
            after = verb + 1
            if not (
                after < len(s)
                and s.lowers[after] == word
                and s.deps[after] in ("prt", "prep", "advmod", "acomp", "oprd")
            ):
                if word in ("clear", "known", "plain") and any(
                    s.lowers[t] == word for t in range(verb + 1, min(len(s), verb + 4))
                ):
                    continue
                if len(rest) > 1 and any(s.lemmas[t] == word for t in range(verb + 1, min(len(s), verb + 5))):
                    continue
                return False
    return True


def _adjective(s: Sentence, token: int, cue: Cue) -> Attribution | None:
    """`is confident that …`, `are worried about …`."""
    if s.deps[token] not in ("acomp", "oprd", "ROOT", "conj", "xcomp", "attr", "acl", "advcl", "ccomp"):
        return None
    frames = cue.frames
    first = token
    while s.deps[first] == "conj" and s.tags[s.heads[first]][0] == "J" and s.heads[first] < first:
        first = s.heads[first]
    verb = s.heads[first] if s.deps[first] in ("acomp", "oprd", "attr") else token
    made: Attribution | None = None
    for home in (token, verb) if verb != token else (token,):
        for kid in s.kids[home]:
            if kid < token:
                continue
            dep = s.deps[kid]
            if dep == "ccomp" and "clause" in frames and (has_that(s, kid) or finite(s, kid)):
                made = make(s, token, cue, "clause", frames["clause"])
                first, last = range_of(s, kid, token)
                made.content = spans(s, first + (s.lowers[first] == "that"), last)
            elif dep == "prep" and s.lowers[kid] in frames and home == token:
                obj = grammar.kid_of(s, kid, "pobj", "pcomp")
                if obj < 0 or is_time(s, obj):
                    continue
                made = make(s, token, cue, s.lowers[kid], frames[s.lowers[kid]])
                first, last = s.subtree(kid)
                made.content = spans(s, first + 1, last)
            elif dep == "xcomp" and "inf" in frames:
                made = make(s, token, cue, "inf", frames["inf"])
                made.content = spans(s, *range_of(s, kid, token))
            if made is not None and made.content:
                break
        if made is not None and made.content:
            break
    if made is None or not made.content:
        return None
    made.source = grammar.own_subject(s, verb) if verb != token or s.tags[token] == "VBN" else -1
    if made.source < 0:
        made.source = grammar.subject(s, verb)
    if made.source >= 0 and s.lowers[made.source] in ("it", "there", "that", "this", "which", "what"):
        return None
    made.reach = (min(made.source, token) if made.source >= 0 else token, token)
    made.firm = made.firm and made.source >= 0
    made.negative = grammar.is_negated(s, verb)
    made.hypothetical = grammar.is_hypothetical(s, verb)
    made.intended = grammar.is_intended(s, verb)
    return made


def _according(s: Sentence, token: int) -> Attribution | None:
    """`according to X, …` and `…, according to X`."""
    t = token
    if s.lowers[token] == "according":
        if token + 1 >= len(s) or s.lowers[token + 1] != "to":
            return None
        t = token + 1
    obj = grammar.kid_of(s, t, "pobj", "pcomp")
    if obj < 0 or (s.lowers[token] == "per" and s.tags[obj] not in ("NNP", "NNPS", "NNS")):
        return None
    made = Attribution(s, token, None, "according", True)
    made.end = s.ends[t]
    first, last = s.subtree(token)
    last = max(last, s.subtree(obj)[1])
    made.reach = (first, last)
    made.source = obj
    n = len(s)
    head = s.heads[token]
    a, b = 0, n - 1
    # inside a relative or other clause between commas, only that clause
    here = head
    for _ in range(6):
        if s.deps[here] == "relcl" and s.tags[here][0] == "V":
            a, b = s.subtree(here)
            if s.tags[a][0] == "W":
                a += 1
            break
        if s.heads[here] == here:
            break
        here = s.heads[here]
    if first > a and s.words[first - 1] not in (",", "–", "—", "”", '"', "''") and first - 1 > a:
        b = min(b, max(last, b))
    left, right = spans(s, a, first - 1), []
    if last + 1 < n and (last + 1 >= n - 1 or s.words[last + 1] in (",", "”", '"', ";", "–", "—", ".") or first == a):
        right = spans(s, last + 1, b)
    if left and right and not (s.words[first - 1] == "," and s.words[last + 1] == ",") and s.words[last + 1] != ",":
        right = []
    if (
        left
        and right
        and s.lowers[last + 2 : last + 3] in (["but"], ["and"], ["while"], ["who"], ["which"])
        and holds_verb(s, a, first)
    ):
        right = []
    made.content = left + right
    return made if made.content else None


def _in_view(s: Sentence, token: int) -> Attribution | None:
    """`in X's view, …`, `in the words of X, …`."""
    obj = grammar.kid_of(s, token, "pobj")
    if obj < 0 or s.lemmas[obj] not in words_of("view") or s.tags[obj][0] != "N":
        return None
    source = -1
    for kid in s.kids[obj]:
        if s.deps[kid] == "poss":
            source = kid
        elif s.deps[kid] == "prep" and s.lowers[kid] == "of":
            source = grammar.kid_of(s, kid, "pobj")
    if source < 0:
        return None
    made = Attribution(s, obj, None, "according", True)
    made.source = source
    first, last = s.subtree(token)
    made.reach = (first, last)
    made.content = spans(s, 0, first - 1) + spans(s, last + 1, len(s) - 1)
    return made if made.content else None
