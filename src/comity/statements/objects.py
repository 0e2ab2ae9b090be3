"""Contents that are phrases: an object, a preposition's object, "as …"; and cues that are nouns."""

from __future__ import annotations

from comity.language import Sentence
from comity.statements import grammar
from comity.statements.attribution import Attribution
from comity.statements.clauses import has_that, range_of
from comity.statements.cues import Cue, Lexicon, words_of
from comity.statements.shapes import is_time, make, spans


def own_noun_subject(s: Sentence, v: int) -> int:
    """The verb's own subject when it is no relative pronoun, or -1."""
    found = grammar.own_subject(s, v)
    return found if found >= 0 and s.lowers[found] not in grammar.RELATIVE else -1


def with_object(s: Sentence, v: int, cue: Cue, words: Lexicon, used: set[int], passive: bool) -> Attribution | None:
    """Content that is a phrase: an object, a preposition's object, "as …"."""
    frames, deps, kids = cue.frames, s.deps, s.kids[v]
    obj = next((k for k in kids if deps[k] in ("dobj", "attr", "dative") and k > v), -1)
    if obj < 0 and deps[v] == "amod" and s.heads[v] > v:
        obj = s.heads[v]  # the parser has taken "Ban voiced alarm over …" for a noun phrase
    if passive:
        obj = grammar.own_subject(s, v)
        if obj < 0 and deps[v] in ("acl", "relcl"):
            obj = s.heads[v]
        elif obj >= 0 and s.lowers[obj] in grammar.RELATIVE:
            obj = grammar.antecedent(s, v)
    elif obj < 0:
        moved = next((k for k in kids if deps[k] == "dobj" and k < v), -1)
        if (moved >= 0 and s.lowers[moved] in grammar.RELATIVE and deps[v] == "relcl") or (
            deps[v] == "relcl" and own_noun_subject(s, v) >= 0 and moved < 0
        ):
            obj = s.heads[v]
    # --- describe X as Y, call X Y
    if "as" in frames:
        end = -1
        for kid in kids:
            if kid < v or not _is_predicate(s, kid):
                continue
            start, last = s.subtree(kid)
            end = max(end, last)
            if s.lowers[start] == "as":
                start += 1
        if end >= 0:
            made = make(s, v, cue, "as", frames["as"])
            if obj < 0 and not passive:
                obj = next(
                    (
                        k
                        for k in kids
                        if deps[k] in ("pcomp", "xcomp", "ccomp", "csubj") and k > v and s.tags[k] == "VBG"
                    ),
                    -1,
                )
            if obj >= 0 and obj > v:
                made.content = spans(s, max(v + 1, s.subtree(obj)[0]), end)
            elif obj >= 0 and passive and s.heads[obj] == v:
                made.content = spans(s, *s.subtree(obj)) + spans(s, start, end)
            else:
                made.content = spans(s, max(start, v + 1), end)
            return made
        if obj >= 0 and deps[obj] == "dative":
            obj = -1
        if cue.lemma == "call" and obj > v and not passive and deps[v] == "relcl":
            made = make(s, v, cue, "as", True)
            made.content = spans(s, *range_of(s, obj, v))
            return made
    # --- accuse X of Y, warn X against Y, praise X for Y
    after_obj = s.kids[obj] if obj > v and any(f.startswith("obj+") for f in frames) else []
    for kid in [*kids, *after_obj]:
        if deps[kid] == "prep" and kid > max(v, obj):
            word = s.lowers[kid]
            if obj >= 0 and "obj+" + word in frames:
                made = make(s, v, cue, "obj+" + word, frames["obj+" + word])
                first, last = s.subtree(kid)
                if grammar.kid_of(s, kid, "pobj", "pcomp") < 0:
                    continue
                if "noun" in frames and not passive:
                    made.content = spans(s, s.subtree(obj)[0], last)
                else:
                    made.content = spans(s, first + 1, last)
                    made.hearer = obj if s.lemmas[obj] not in cue.lemma.split() else -1
                return made
    best = None
    for kid in kids:
        if (
            deps[kid] in ("prep", "prt", "agent")
            and kid > v
            and s.lowers[kid] in frames
            and s.lowers[kid] not in ("noun", "as")
            and not passive
        ):
            obj_of = grammar.kid_of(s, kid, "pobj", "pcomp")
            if obj_of < 0 or (_is_bare(s, obj_of) and deps[obj_of] == "pobj"):
                continue
            if is_time(s, obj_of):
                continue
            made = make(s, v, cue, s.lowers[kid], frames[s.lowers[kid]])
            first, last = s.subtree(kid)
            made.content = spans(s, first + 1, last)
            made.reach = (made.reach[0], max(v, first - 1))
            if best is None or (made.firm and not best.firm):
                best = made
    if best is not None and best.firm:
        return best
    # --- condemn X, express concern that …
    if obj >= 0:
        noun = words.nouns.get(s.lemmas[obj]) if s.tags[obj][0] == "N" else None
        if noun is not None and not passive and obj > v and (cue.lemma in words_of("holder") or "noun" in frames):
            inner = noun_cue(s, obj, noun)
            if inner is not None:
                used.add(obj)
                made = make(s, v, noun._replace(channel=noun.channel or cue.channel), inner.frame, True)
                made.content = inner.content
                made.end = s.ends[obj] if obj - v < 6 else made.end
                return made
        if "noun" in frames:
            if (
                _is_bare(s, obj)
                or is_time(s, obj)
                or (s.lowers[obj] in ("other", "another") and s.lowers[obj - 1] in ("each", "one"))
            ):
                return best
            made = make(s, v, cue, "noun", frames["noun"])
            first, last = s.subtree(obj) if s.heads[obj] == v else grammar.noun_phrase(s, obj)
            if obj > v:
                first = max(first, v + 1)
            if s.heads[obj] == v and obj > v:
                for kid in kids:
                    if (
                        deps[kid] == "prep"
                        and kid == last + 1
                        and s.lowers[kid] in words_of("preposition of an object")
                    ):
                        behind = grammar.kid_of(s, kid, "pobj", "pcomp")
                        if behind >= 0 and not is_time(s, behind):
                            last = s.subtree(kid)[1]
            made.content = spans(s, first, last)
            return made
    elif "noun" in frames and frames["noun"] and not passive:
        # "call for …", "rule out …": the parser may make the particle a preposition
        for kid in kids:
            if kid < v or deps[kid] not in ("prep", "prt") or not cue.lemma.endswith(" " + s.lowers[kid]):
                continue
            if grammar.kid_of(s, kid, "pobj", "pcomp") >= 0:
                made = make(s, v, cue, "noun", True)
                made.content = spans(s, kid + 1, s.subtree(kid)[1])
                made.reach = (made.reach[0], kid)
                made.end = s.ends[kid]
                return made
    return best


def _is_predicate(s: Sentence, kid: int) -> bool:
    """True for what is said of the object: "as a mistake", "illegal" in "called it illegal"."""
    dep = s.deps[kid]
    if dep in ("prep", "advcl", "mark") and s.lowers[kid] == "as":
        return True
    if dep == "advcl":
        return any(s.lowers[k] == "as" for k in s.kids[kid])
    if dep == "xcomp":
        return not any(s.tags[k] == "TO" for k in s.kids[kid])
    return dep in ("oprd", "ccomp")


def noun_cue(s: Sentence, token: int, cue: Cue) -> Attribution | None:
    """`the claim that …`, `fears of …`, `its pledge to …`: only with words that tell whose."""
    frames, deps = cue.frames, s.deps
    made: Attribution | None = None
    for kid in s.kids[token]:
        if kid < token:
            continue
        dep = deps[kid]
        if dep in ("acl", "ccomp", "relcl") and "clause" in frames and has_that(s, kid):
            made = make(s, token, cue, "clause", frames["clause"])
            first, last = range_of(s, kid, token)
            made.content = spans(s, first + (s.lowers[first] == "that"), last)
            break
        if dep in ("acl", "xcomp") and "inf" in frames and any(s.tags[k] == "TO" for k in s.kids[kid]):
            made = make(s, token, cue, "inf", frames["inf"])
            made.content = spans(s, *range_of(s, kid, token))
            break
        if dep == "prep" and s.lowers[kid] in frames:
            obj = grammar.kid_of(s, kid, "pobj", "pcomp")
            if obj < 0:
                continue
            made = make(s, token, cue, s.lowers[kid], frames[s.lowers[kid]])
            first, last = s.subtree(kid)
            made.content = spans(s, first + 1, last)
            break
    if made is None or not made.content:
        return None
    made.source = _owner(s, token)
    if made.source >= 0 and any(a <= s.starts[made.source] < b for a, b in made.content):
        made.source = -1
    made.reach = (min(made.source, token) if made.source >= 0 else token, token)
    made.firm = made.firm and made.source >= 0
    made.negative = cue.kind == "denial"
    return made


def _owner(s: Sentence, noun: int) -> int:
    """Whose noun it is: possessive, "by …", "from …", a name before it, or the subject of the verb that holds it."""
    for kid in s.kids[noun]:
        if s.deps[kid] == "poss":
            return kid
    for kid in s.kids[noun]:
        if s.deps[kid] in ("prep", "agent") and s.lowers[kid] in ("by", "from", "among", "of") and kid > noun:
            obj = grammar.kid_of(s, kid, "pobj")
            if obj >= 0 and not (s.lowers[kid] == "of" and s.tags[obj][0] == "V"):
                return obj
        if s.deps[kid] == "acl" and kid > noun:
            by = grammar.agent(s, kid)
            if by >= 0:
                return by
    for kid in s.kids[noun]:
        if s.deps[kid] in ("compound", "amod", "nmod") and s.words[kid][:1].isupper() and kid < noun and kid > 0:
            return kid
    above = s.heads[noun]
    if s.deps[noun] == "dobj" and s.lemmas[above] in words_of("holder"):
        return grammar.subject(s, above)
    return -1


def _is_bare(s: Sentence, token: int) -> bool:
    """True for a pronoun, which is no content of a statement; "US" is none."""
    return s.lowers[token] in words_of("bare object") and s.words[token] != "US"
