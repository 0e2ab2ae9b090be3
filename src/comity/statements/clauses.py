"""Contents that are clauses of the cue in the tree: `said (that) …`, `…, Putin said`, `as X noted, …`."""

from __future__ import annotations

from comity.language import Sentence
from comity.statements import grammar
from comity.statements.attribution import Attribution
from comity.statements.cues import Cue, words_of
from comity.statements.shapes import has_mark, make, right_part, spans


def to_token(s: Sentence, verb: int) -> int:
    """The "to" of an infinitive (with "not" before it), else the verb."""
    for kid in s.kids[verb]:
        if s.tags[kid] == "TO" and kid < verb:
            return kid - 1 if kid > 0 and s.lowers[kid - 1] == "not" else kid
    return verb


def range_of(s: Sentence, token: int, cue: int) -> tuple[int, int]:
    """The token range of a dependent, on its own side of the cue."""
    first, last = s.subtree(token)
    if token > cue:
        return max(first, cue + 1), last
    return first, min(last, cue - 1)


def has_that(s: Sentence, clause: int) -> bool:
    return any(s.deps[k] == "mark" and s.lowers[k] in ("that", "whether") for k in s.kids[clause])


def finite(s: Sentence, verb: int) -> bool:
    """True for a clause with a finite verb (or an introducing word); a bare infinitive is none."""
    if s.tags[verb] in ("VBD", "VBZ", "VBP", "MD"):
        return True
    own = False
    for kid in s.kids[verb]:
        if s.deps[kid] in ("aux", "auxpass", "cop") and s.tags[kid] in ("MD", "VBD", "VBZ", "VBP"):
            return True
        if s.tags[kid] == "TO":
            return any(s.tags[k][0] == "W" or s.lowers[k] == "whether" for k in s.kids[verb])
        if s.deps[kid] in ("mark", "nsubj", "nsubjpass", "expl") or s.tags[kid][0] == "W":
            own = True
    if s.tags[verb] == "VB":  # "insist he step down"
        return own and s.lemmas[s.heads[verb]] in words_of("subjunctive")
    return own and s.tags[verb] != "VBG"


def _as_noted(s: Sentence, v: int) -> bool:
    """True for "as X noted" set off by commas, with nothing behind the verb that could be its content."""
    mark = next((k for k in s.kids[v] if s.lowers[k] == "as" and s.deps[k] in ("mark", "advmod", "prep")), -1)
    if mark < 0 or mark > v or (mark > 0 and s.lowers[mark - 1] in ("even", "just", "so", "far", "long", "much")):
        return False
    if (
        mark > 0
        and s.words[mark - 1] not in (",", "–", "—", "“", '"', "``")
        and s.lowers[mark - 1] not in ("and", "but")
    ):
        return False
    return not any(s.deps[k] in ("dobj", "ccomp", "xcomp", "attr", "acomp") and k > v for k in s.kids[v])


def with_clause(s: Sentence, v: int, cue: Cue, bound: int) -> Attribution | None:
    """`said (that) …`, `…, Putin said`, `as X noted, …`."""
    deps = s.deps
    frames = cue.frames
    before = after = -1
    for kid in s.kids[v]:
        dep = deps[kid]
        if dep == "ccomp" or (dep in ("csubj", "advcl") and has_that(s, kid)):
            if kid > v:
                if after < 0 and finite(s, kid):
                    after = kid
            else:
                before = kid
        elif dep in ("acomp", "oprd", "dobj", "dative", "prt") and kid > v and after < 0:
            for inner in s.kids[kid]:
                if (
                    deps[inner] in ("ccomp", "acl", "relcl")
                    and has_that(s, inner)
                    and ("hearer" in frames or dep in ("acomp", "oprd"))
                ):
                    after = inner
                    break
    firm = frames.get("clause", frames.get("quote", True))
    if after >= 0 and "clause" not in frames:
        if "inf" not in frames and not has_mark(s, v + 1, min(len(s), v + 4)):
            return None
        if "inf" in frames and "quote" not in frames:
            return None
    if after >= 0:
        made = make(s, v, cue, "clause", firm)
        first, last = range_of(s, after, v)
        mark = grammar.kid_of(s, after, "mark")
        if mark >= 0 and s.lowers[mark] == "that":
            first = max(first, mark + 1) if mark <= first + 3 else first
        elif s.lowers[first] == "that" and s.tags[first] in ("IN", "WDT") and s.starts[first] > s.starts[v]:
            first += 1
        made.content = spans(s, first, last)
        left = made.reach[0]
        # "The government, Obama said at …, remains persistent": the parser leaves the subject outside
        headless = grammar.own_subject(s, after) < 0 and s.tags[after] in ("VBZ", "VBP", "VBD", "MD")
        if (
            headless
            and before < 0
            and left - 1 > bound
            and s.words[left - 1] == ","
            and deps[v] in ("ROOT", "ccomp", "conj")
        ):
            made.content = spans(s, bound, left - 2) + made.content
        elif before >= 0 and has_mark(s, made.reach[0] - 2, made.reach[0]):
            made.content = spans(s, bound, left - 1) + made.content
            made.preposed = True
        return made
    if before >= 0 and ("quote" in frames or "clause" in frames):
        made = make(s, v, cue, "quote", frames.get("quote", frames.get("clause", True)))
        left = made.reach[0]
        if left > before:
            first, last = s.subtree(before)
            made.content = spans(s, min(bound, first) if first - bound < 12 else first, left - 1)
            made.preposed = True
            right_part(s, made)
            return made
    if deps[v] == "parataxis" and ("quote" in frames or "clause" in frames) and s.heads[v] != v:
        made = make(s, v, cue, "quote", True)
        made.content = spans(s, bound, made.reach[0] - 1)
        made.preposed = bool(made.content)
        right_part(s, made, everything=True)
        return made if made.content else None
    # "as X noted, …"
    if deps[v] == "advcl" and s.heads[v] != v and ("quote" in frames or "clause" in frames) and _as_noted(s, v):
        made = make(s, v, cue, "quote", True)
        first, last = s.subtree(v)
        main = s.heads[v]
        a, b = s.subtree(main)
        made.reach = (first, last)
        made.content = spans(s, a, first - 1) + spans(s, last + 1, b)
        return made if made.content else None
    return None
