"""Verb cues: which of the frames of the lexicon a verb stands in, who its source is, whom it addresses."""

from __future__ import annotations

from comity.language import Sentence
from comity.statements import grammar
from comity.statements.attribution import Attribution
from comity.statements.clauses import range_of, to_token, with_clause
from comity.statements.cues import Cue, Lexicon, words_of
from comity.statements.objects import with_object
from comity.statements.shapes import by_order, make, neighbour, set_off, spans, tail


def verb_cue(s: Sentence, v: int, cue: Cue, words: Lexicon, used: set[int], bound: int) -> Attribution | None:
    frames, deps, kids = cue.frames, s.deps, s.kids[v]
    passive = grammar.is_passive(s, v) or (s.tags[v] == "VBN" and deps[v] == "acl")
    made: Attribution | None = None
    if cue.lemma in ("quote", "cite"):
        made = _quoted(s, v, cue, words, used, bound, passive)
        if made is not None or (cue.lemma == "quote" and v in used):
            return made
    # --- a clause
    made = tail(s, v, cue, bound)
    if made is not None:
        source = made.source
        _complete(s, v, made, passive)
        made.source = source
        return made
    if "clause" in frames or "quote" in frames or "inf" in frames:
        made = with_clause(s, v, cue, bound)
    if made is None and "quote" in frames:
        made = set_off(s, v, cue, bound)
    if made is None and cue.frames.get("clause") and not passive:
        made = by_order(s, v, cue)
    if made is None and not passive and frames.get("for"):
        made = _for_to(s, v, cue)
    if made is None and not passive:
        xcomp = next(
            (k for k in kids if deps[k] in ("xcomp", "ccomp") and k > v and s.tags[k] in ("VB", "VBG", "VBN", "VBP")),
            -1,
        )
        if xcomp >= 0:
            to = any(s.tags[k] == "TO" and k < xcomp for k in s.kids[xcomp])
            obj = next((k for k in kids if deps[k] in ("dobj", "dative", "iobj") and v < k < xcomp), -1)
            if obj < 0 and to:
                obj = next((k for k in s.kids[xcomp] if deps[k] in ("nsubj", "nsubjpass") and v < k < xcomp), -1)
            if to and obj >= 0 and "obj-inf" in frames:
                made = make(s, v, cue, "obj-inf", frames["obj-inf"])
                made.content = spans(s, to_token(s, xcomp), s.subtree(xcomp)[1])
                made.hearer = obj
            elif to and obj < 0 and (told := _told(s, v, xcomp, frames)) >= 0:
                made = make(s, v, cue, "obj-inf", True)
                made.content = spans(s, to_token(s, xcomp), s.subtree(xcomp)[1])
                made.hearer = told
            elif to and obj < 0 and "inf" in frames:
                made = make(s, v, cue, "inf", frames["inf"])
                made.content = spans(s, to_token(s, xcomp), s.subtree(xcomp)[1])
            elif s.tags[xcomp] == "VBG" and not to and "gerund" in frames and obj < 0:
                made = make(s, v, cue, "gerund", frames["gerund"])
                made.content = spans(s, *range_of(s, xcomp, v))
    elif made is None and passive and "obj-inf" in frames:
        xcomp = next(
            (k for k in kids if deps[k] == "xcomp" and k > v and any(s.tags[j] == "TO" for j in s.kids[k])), -1
        )
        if xcomp >= 0:
            made = make(s, v, cue, "obj-inf", frames["obj-inf"])
            made.content = spans(s, to_token(s, xcomp), s.subtree(xcomp)[1])
            made.hearer = grammar.own_subject(s, v)
    if made is None:
        made = with_object(s, v, cue, words, used, passive)
    if made is None or not made.content:
        return _about_this(s, v, cue, passive)
    made.source = _source(s, v, made, passive)
    _complete(s, v, made, passive)
    return made


def _for_to(s: Sentence, v: int, cue: Cue) -> Attribution | None:
    """`called on Wednesday for Syria to end operations`."""
    for kid in s.kids[v]:
        if kid > v and s.deps[kid] in ("advcl", "xcomp", "ccomp"):
            mark = grammar.kid_of(s, kid, "mark")
            if mark > v and s.lowers[mark] == "for" and any(s.tags[k] == "TO" for k in s.kids[kid]):
                made = make(s, v, cue, "for", True)
                made.content = spans(s, mark + 1, s.subtree(kid)[1])
                made.reach = (made.reach[0], mark)
                return made
    return None


def _about_this(s: Sentence, v: int, cue: Cue, passive: bool) -> Attribution | None:
    """`This was stated by X in an interview with Y`: no content, but it tells of the statements around it."""
    if not cue.frames.get("clause") or s.deps[v] not in ("ROOT", "conj"):
        return None
    this = grammar.own_subject(s, v) if passive else grammar.kid_of(s, v, "dobj")
    if this < 0 or s.lowers[this] not in ("this", "it", "that", "so"):
        return None
    made = make(s, v, cue, "this", True)
    made.source = grammar.agent(s, v) if passive else grammar.subject(s, v)
    return made if made.source >= 0 else None


def _quoted(
    s: Sentence, v: int, cue: Cue, words: Lexicon, used: set[int], bound: int, passive: bool
) -> Attribution | None:
    """`TASS quoted X as saying …`, `…, X was quoted by TASS as saying`: X speaks, and who quotes him is the relay."""
    as_ = next((k for k in s.kids[v] if s.deps[k] == "prep" and s.lowers[k] == "as" and k > v), -1)
    if as_ < 0:
        return None
    saying = grammar.kid_of(s, as_, "pcomp")
    inner = words.verbs.get(s.lemmas[saying]) if saying >= 0 else None
    if saying < 0 or inner is None or not inner.frames.get("clause"):
        return None
    source = grammar.own_subject(s, v) if passive else grammar.kid_of(s, v, "dobj")
    if passive and source < 0:
        source = grammar.antecedent(s, v)
    relay = grammar.agent(s, v) if passive else grammar.subject(s, v)
    if passive and relay < 0:
        relay = grammar.agent(s, saying)
    made = with_clause(s, saying, inner, bound) or by_order(s, saying, inner)
    if made is None:
        outer = tail(s, v, cue, bound) or with_clause(s, v, cue, bound) or set_off(s, v, cue, bound)
        if outer is None:
            return None
        made = Attribution(s, saying, inner, "quote", True)
        made.content, made.preposed, made.reach = outer.content, outer.preposed, outer.reach
    used.add(saying)
    made.source = source if source >= 0 else -1
    made.reach = (min(made.reach[0], v), max(made.reach[1], as_))
    if relay >= 0:
        made.relays = [relay]
    return made


def _told(s: Sentence, v: int, infinitive: int, frames: dict[str, bool]) -> int:
    """Who is called on, appealed to or pleaded with to do something; -1 when the cue does not go so."""
    for kid in s.kids[v]:
        if s.deps[kid] == "prep" and v < kid < infinitive and s.lowers[kid] + "+inf" in frames:
            return grammar.kid_of(s, kid, "pobj")
    return -1


def _complete(s: Sentence, v: int, made: Attribution, passive: bool) -> None:
    """Hearer, polarity and modality of a verb cue."""
    assert made.cue is not None
    frames, deps, kids = made.cue.frames, s.deps, s.kids[v]
    if made.hearer < 0 and "hearer" in frames:
        made.hearer = grammar.own_subject(s, v) if passive else grammar.kid_of(s, v, "dobj", "dative", "iobj")
        if made.frame == "noun":
            made.hearer = -1
    if made.hearer < 0 and not passive:
        for kid in kids:
            if deps[kid] in ("prep", "dative") and s.lowers[kid] in ("to", "with") and kid > v:
                hearer = grammar.kid_of(s, kid, "pobj")
                if hearer < 0 or not any(a <= s.starts[hearer] < b for a, b in made.content):
                    made.hearer = hearer
                    break
    if made.source >= 0 and s.lowers[made.source] == "that" and made.preposed is False and s.lemmas[v] == "say":
        made.firm = False  # "that said, …"
    made.negative = grammar.is_negated(s, v) != (made.cue.kind == "denial")
    made.intended = grammar.is_intended(s, v)
    made.hypothetical = grammar.is_hypothetical(s, v)


def _source(s: Sentence, v: int, made: Attribution, passive: bool) -> int:
    """The head of the phrase that names the source, or -1."""
    if (
        s.tags[v] == "VBG"
        and s.lemmas[v] in words_of("trailing participle")
        and s.deps[v] in ("advcl", "conj", "ccomp", "xcomp", "acl", "dep")
    ):
        above = _reporter(s, v)
        if above >= 0:
            return above
    found = grammar.subject(s, v)
    if found == v:
        found = -1
    if found < 0 and not passive and made.frame in ("quote", "colon"):
        found = neighbour(s, v)
    if found < 0 and not passive and made.frame == "clause" and s.deps[v] == "ROOT" and v and s.words[v - 1] == ",":
        found = _before_parenthesis(s, v - 1)
    if found > v and any(a <= s.starts[found] < b for a, b in made.content) and not passive:
        before = [k for k in s.kids[v] if s.deps[k] in grammar.SUBJECTS and k < v]
        if before:
            return before[-1]
    if found >= 0 and any(a <= s.starts[found] < b for a, b in made.content) and not passive:
        inverted = neighbour(s, v)
        found = inverted if inverted >= 0 and not any(a <= s.starts[inverted] < b for a, b in made.content) else -1
    return found


def _before_parenthesis(s: Sentence, comma: int) -> int:
    """The noun before a short insertion between commas: `X, prosecuting, said`. -1 when there is none."""
    for t in range(comma - 2, max(0, comma - 8), -1):
        if s.words[t] == ",":
            return t - 1 if s.tags[t - 1][0] == "N" else -1
    return -1


def _reporter(s: Sentence, v: int) -> int:
    """The subject of the reporting verb above a trailing participle."""
    here = v
    for _ in range(10):
        above = s.heads[here]
        if above == here:
            return -1
        here = above
        if s.tags[here][0] == "V" and s.lemmas[here] in words_of("reporting"):
            found = grammar.subject(s, here)
            if found >= 0:
                return found
    return -1
