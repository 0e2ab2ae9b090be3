"""Reporting clauses by punctuation and the order of words, which hold whatever the parser makes of a long sentence."""

from __future__ import annotations

from comity.language import Sentence
from comity.statements import grammar
from comity.statements.attribution import Attribution
from comity.statements.cues import Cue, words_of

OPENING = frozenset(("“", "``", "„", "«", "「", "‘", "「", "『"))


CLOSING = frozenset(("”", "''", "»", "」", "’", "』"))


MARKS = OPENING | CLOSING | {'"', "'"}


_STOPS = frozenset((",", ".", ";", ":", "–", "—", "-", "--", "!", "?", "…", "(", ")")) | MARKS


def spans(s: Sentence, first: int, last: int) -> list[tuple[int, int]]:
    """The offsets of a token range, without punctuation and quotation marks at its edges that do not belong to it."""
    while first <= last and (s.words[first] in _STOPS or s.words[first].isspace()):
        first += 1
    while last >= first and (
        s.words[last] in (",", ";", ":", "–", "—", "-", "--", ".") or s.words[last] in MARKS or s.words[last].isspace()
    ):
        last -= 1
    if first > last:
        return []
    return [(s.starts[first], s.ends[last])]


def make(s: Sentence, token: int, cue: Cue, frame: str, firm: bool) -> Attribution:
    made = Attribution(s, token, cue, frame, firm)
    made.reach = _reach(s, token)
    return made


def _reach(s: Sentence, v: int) -> tuple[int, int]:
    """First and last token of the cue's own clause: everything under the verb but clausal contents."""
    first = last = v
    for kid in s.kids[v]:
        dep = s.deps[kid]
        if dep in ("ccomp", "parataxis", "punct", "conj", "cc", "dep", "csubj") or (dep == "advcl" and kid < v):
            continue
        a, b = s.subtree(kid)
        if (
            dep in ("prep", "advmod", "npadvmod", "advcl")
            and kid < v
            and any(s.words[t] in (",", "”", '"', "''") for t in range(b + 1, v))
        ):
            continue
        first, last = min(first, a), max(last, b)
    return first, last


def has_mark(s: Sentence, first: int, stop: int) -> bool:
    return any(s.words[t] in MARKS for t in range(max(0, first), min(stop, len(s))))


def holds_verb(s: Sentence, first: int, stop: int) -> bool:
    return any(s.tags[t] in ("VBD", "VBZ", "VBP", "MD") for t in range(first, stop))


def is_time(s: Sentence, token: int) -> bool:
    return s.lemmas[token] in words_of("time") or s.lowers[token] in words_of("time")


def _has_time(s: Sentence, first: int, stop: int) -> bool:
    return any(is_time(s, t) for t in range(first, stop))


_NOMINAL = (
    "DT",
    "JJ",
    "NN",
    "NNP",
    "NNS",
    "NNPS",
    "CD",
    "POS",
    "PRP",
    "PRP$",
    "HYPH",
    "IN",
    "TO",
    "CC",
    "JJR",
    "JJS",
    "VBG",
    "PDT",
    "RB",
    "WDT",
    "FW",
    "SYM",
    "VBN",
    "-LRB-",
    "-RRB-",
)


_AFTER_TAIL = (
    "IN",
    "DT",
    "NN",
    "NNP",
    "NNS",
    "NNPS",
    "CD",
    "JJ",
    "RB",
    "PRP",
    "PRP$",
    "POS",
    "TO",
    "HYPH",
    "VBG",
    "CC",
    "-RRB-",
    "-LRB-",
    "SYM",
    "RP",
)


def tail(s: Sentence, v: int, cue: Cue, bound: int) -> Attribution | None:
    """A reporting clause at the sentence's end, by its shape alone: `…, a top aide to X said on Monday.`

    Holds whatever the parser makes of a long sentence. None when the shape is not there.
    """
    n = len(s)
    if "quote" not in cue.frames and "clause" not in cue.frames:
        return None
    if s.tags[v] not in ("VBD", "VBZ", "VBP") and not (s.tags[v] == "VBN" and _is_active(s, v)):
        return None
    for t in range(v + 1, n):
        if s.tags[t] not in _AFTER_TAIL and not (t >= n - 3 and s.words[t] in (".", "”", '"', "''", "’", "?", "!")):
            return None
        if s.words[t] in MARKS and t < n - 2:
            return None
    if n - v > 16:
        return None
    # the subject before the verb (or after it), back to the comma or the closing mark that sets the clause off
    t = v - 1
    while (
        t > bound
        and s.tags[t] in ("RB", "MD", "VBZ", "VBP", "VBD")
        and s.lemmas[t] in ("have", "also", "later", "then", "earlier", "further", "all", "both", "reportedly")
    ) or (t > bound and s.tags[t] == "RB"):
        t -= 1
    last = t
    while (
        t > bound
        and s.tags[t] in _NOMINAL
        and s.lowers[t] not in ("that", "which", "who", "when", "because", "if", "while", "as", "although", "though")
    ):
        t -= 1
    if s.words[t] not in (",", "”", '"', "''", "’", "'", "–", "—", "--") or t < max(bound, 1):
        return None
    named, start = _named_before(s, t, t != last, bound)
    if named >= 0:
        t = start
    if t == last and named < 0:
        # `…, said X`
        if v + 1 >= n or s.tags[v + 1] not in ("NNP", "DT", "PRP", "NN", "NNS", "CD", "JJ", "NNPS", "PRP$") \
                or s.words[v + 1] in ("me", "us", "him", "them"):  # fmt: skip
            return None
        source = grammar.own_subject(s, v)
        if source < v:
            source = neighbour(s, v)
        if source < v:
            return None
        first = v
    else:
        first = t + 1
        source = -1
        for k in range(last, first - 1, -1):
            if (s.tags[k][0] == "N" or s.tags[k] == "PRP") and not first <= s.heads[k] <= last:
                source = k
                if s.deps[k] in grammar.SUBJECTS:
                    break
        if source < 0 or s.tags[first] in ("IN", "CC", "TO", "VBG", "VBN", "RB", "WDT") or is_time(s, source):
            return None
        own = grammar.own_subject(s, v)
        if first <= own <= last:
            source = own
        if named >= 0:
            source = named
    if not holds_verb(s, bound, first) and not has_mark(s, bound, first) and bound == 0:
        return None
    made = Attribution(s, v, cue, "quote", cue.frames.get("quote", cue.frames.get("clause", True)))
    made.reach = (first, n - 1)
    made.content = spans(s, bound, t)
    if not made.content:
        made.content = spans(s, 0, t)
    made.source = source
    made.preposed = True
    return made if made.content else None


def _is_active(s: Sentence, participle: int) -> bool:
    """True for a past tense that was tagged as a participle: it has a subject and no auxiliary."""
    deps = {s.deps[kid] for kid in s.kids[participle]}
    return "nsubj" in deps and not deps & {"aux", "auxpass"}


def _named_before(s: Sentence, comma: int, apposed: bool, bound: int) -> tuple[int, int]:
    """Head and delimiter of `"…", NAME, a spokesman, said` and `"…," NAME, 82, said`: a name with what is set off
    behind it. `comma` stands before the verb or, with `apposed`, before the phrase that the verb follows. (-1, -1)."""
    if s.words[comma] != ",":
        return -1, -1
    t = comma - 1
    if not apposed:
        while t > bound and s.tags[t] in _NOMINAL and s.words[t] not in MARKS:
            t -= 1
        if s.words[t] != "," or comma - t > 14 or t <= bound:
            return -1, -1
    elif not (s.tags[comma + 1] in ("DT", "PRP$", "CD", "JJ", "NN") or s.words[comma + 1][:1].islower()):
        return -1, -1
    else:
        t = comma
    head = t - 1
    k = head
    while k > bound:
        capital = s.words[k][:1].isupper() and s.tags[k][0] in "NJ"
        if not (capital or s.tags[k] in ("HYPH", "POS") or (k < head and s.tags[k] in ("NN", "JJ", "DT"))):
            break
        k -= 1
    if (
        k >= head
        or k <= bound
        or s.words[k] not in (",", "”", '"', "''", "’", "'", "–", "—", "--")
        or s.tags[head][0] != "N"
    ):
        return -1, -1
    if s.words[k] == "," and not s.words[head][:1].isupper():
        return -1, -1
    return head, k


def set_off(s: Sentence, v: int, cue: Cue, bound: int) -> Attribution | None:
    """Quoted or parenthetical content that the parser did not see: by commas, colons and quotation marks."""
    made = make(s, v, cue, "quote", cue.frames["quote"])
    left, right = made.reach
    n = len(s)
    own = grammar.own_subject(s, v)
    if own < 0 and s.deps[v] not in (
        "ROOT",
        "conj",
        "advcl",
        "acl",
        "xcomp",
        "relcl",
        "pcomp",
        "ccomp",
        "parataxis",
        "dep",
    ):
        return None
    # --- behind: `said: …`, `said, "…"`, `said "…"`
    for t in range(v + 1, min(n, max(right, v) + 3)):
        word = s.words[t]
        if word in OPENING or (word in ('"', "'") and (t + 1 >= n or s.ends[t] == s.starts[t + 1])):
            near = all(
                (s.tags[k] in ("RB", "IN") and s.lowers[k] not in ("in", "of"))
                or s.lowers[k] in ("that", "that,", ",", ":", "–", "—")
                for k in range(v + 1, t)
            )
            if t + 1 < n and (near or s.words[t - 1] in (",", ":", "–", "—")):
                made.content = spans(s, t + 1, n - 1)
                made.reach = (left, t - 1)
                return made
        if word == ":":
            if t + 1 < n:
                made.content = spans(s, t + 1, n - 1)
                made.reach = (left, t - 1)
                return made if made.content else None
            made.frame = "colon"
            made.content = [(s.end, s.end)]
            made.reach = (left, t - 1)
            return made
    # --- before: `…, X said`, `"…" X said`, `…, said X`
    if left > bound and left - 1 >= 0 and s.tags[v] in ("VBD", "VBZ", "VBP"):
        word = s.words[left - 1]
        if (word in CLOSING or (word in ('"', "'") and left >= 2)) or (
            word in (",", "?", "!", "–", "—", "-", "--") and holds_verb(s, bound, left - 1)
        ):
            if (
                own < 0
                and s.deps[v] in ("advcl", "acl", "xcomp", "relcl", "conj", "pcomp")
                and not (v + 1 < n and s.tags[v + 1][0] in "NPD" and left == v)
            ):
                return None
            if word == "," and s.deps[v] in ("relcl", "acl", "advcl") and left != v:
                return None
            if (
                word == ","
                and s.deps[v] == "conj"
                and "," not in (*s.words[right + 1 : right + 2], *s.words[v + 1 : v + 2])
            ):
                return None
            made.content = spans(s, bound, left - 1)
            made.preposed = True
            right_part(s, made)
            return made if made.content else None
    return None


def right_part(s: Sentence, made: Attribution, everything: bool = False) -> None:
    """Content behind a cue that stands in the middle: `"…," he said, "…"` and `…, he said, …`."""
    right = made.reach[1]
    t = right + 1
    n = len(s)
    if t >= n or s.words[t] not in (",", ":", ";", "–", "—", "-", "--"):
        # the parser may hang the second part under the cue
        for t in range(made.token + 1, right + 1):
            if s.words[t] not in (",", ":") or t + 2 >= n or s.ends[t] == s.starts[t + 1]:
                continue
            opens = s.words[t + 1] in OPENING or s.words[t + 1] in ('"', "'")
            if opens and not any(s.tags[k] == "VBG" for k in range(made.token + 1, t)):
                made.reach = (made.reach[0], t - 1)
                made.content += spans(s, t + 1, n - 1)
                return
        return
    if t + 2 >= n:
        return
    quoted = s.words[t + 1] in OPENING or s.words[t + 1] in ('"', "'")
    if quoted or everything:
        made.content += spans(s, t + 1, n - 1)
        return
    head = t + 1
    # a rest that does not hang on the cue goes on with the content
    stack_top = head
    for _ in range(40):
        if stack_top == made.token:
            return
        above = s.heads[stack_top]
        if above == stack_top:
            break
        stack_top = above
    if stack_top != made.token and s.tags[head] not in ("CC", "VBG", "WDT", "WP", "IN", "RB"):
        made.content += spans(s, head, n - 1)


_ADJUNCT = (
    "IN",
    "DT",
    "NN",
    "NNP",
    "NNS",
    "NNPS",
    "CD",
    "JJ",
    "RB",
    "PRP",
    "PRP$",
    "POS",
    "TO",
    "HYPH",
    "VBG",
    ",",
    "RP",
    "CC",
)


def by_order(s: Sentence, v: int, cue: Cue) -> Attribution | None:
    """`said in a report on Tuesday that …` by the order of words, where the parser has hung the clause elsewhere."""
    n = len(s)
    if s.tags[v] not in ("VBD", "VBZ", "VBP", "VBN", "VBG", "VB") or s.deps[v] in ("amod", "relcl"):
        return None
    for t in range(v + 1, min(n - 3, v + 16)):
        if s.lowers[t] == "that" and (
            (s.tags[t] == "IN" and (s.deps[t] == "mark" or t == v + 1)) or s.words[t + 1] == ","
        ):
            above = s.heads[s.heads[t]]
            if v < above < t and s.tags[above] == "VBG":
                return None  # "…, adding that": the clause of another cue
            if any(s.lemmas[k] in words_of("content noun") for k in range(v + 1, t)) and not _has_time(s, v + 1, t):
                return None
            made = make(s, v, cue, "clause", True)
            made.content = spans(s, t + 1, n - 1)
            made.reach = (made.reach[0], min(made.reach[1], t - 1))
            return made
        if s.tags[t] not in _ADJUNCT:
            break
    if v + 3 >= n or cue.kind not in ("speech", "thought", "writing", "denial"):
        return None
    t = v + 1
    while t < n and (s.tags[t] in ("RB",) or is_time(s, t)):
        t += 1
    if t < n and s.tags[t] == "IN" and s.lowers[t] in ("at", "on", "in") and s.deps[t] == "prep":
        last = t + 1
        while (last < n and s.tags[last] in ("DT", "NN", "NNP", "CD", "JJ") and not s.words[last][:1].isupper()) or (
            last < n and is_time(s, last)
        ):
            last += 1
        t = last
    first = t
    while t < n and s.tags[t] in ("DT", "JJ", "NN", "NNP", "NNS", "NNPS", "PRP", "PRP$", "POS", "CD", "HYPH", "RB"):
        t += 1
    if first < t < n and s.tags[t] in ("VBD", "VBZ", "VBP", "MD") and s.tags[t - 1][0] in "NP" and t - first < 10:
        made = make(s, v, cue, "clause", True)
        made.content = spans(s, first, n - 1)
        made.reach = (made.reach[0], max(v, first - 1))
        return made
    if cue.lemma == "say" and any(s.deps[k] == "dobj" and holds_verb(s, k, s.subtree(k)[1] + 1) for k in s.kids[v]):
        made = make(s, v, cue, "clause", True)  # what is said is a clause, even where the parser sees a noun with one
        made.content = spans(s, v + 1, n - 1)
        made.reach = (made.reach[0], v)
        return made
    return None


def neighbour(s: Sentence, v: int) -> int:
    """The noun next to a verb of saying where the parser names no subject: `said Wang`, `Wang said`."""
    first = v + 1
    while first < len(s) and (s.tags[first] == "RP" or s.lowers[first] == "back"):
        first += 1
    t = first
    while t < len(s) and s.tags[t] in ("DT", "JJ", "NN", "NNP", "CD", "PRP$", "POS", "NNS", "NNPS", "PRP"):
        if t > first and s.tags[t] == "DT":
            break
        t += 1
    if t > first and s.tags[t - 1][0] in "NP" and s.tags[t - 1] != "PRP$":
        return t - 1 if s.deps[t - 1] not in ("npadvmod",) else -1
    t = v - 1
    while t >= 0 and s.tags[t] in ("RB", "MD", "VBD", "VBZ", "VBP"):
        t -= 1
    if t >= 0 and (s.tags[t] in ("NNP", "NNS", "PRP", "NN", "NNPS")) and not is_time(s, t):
        return t
    return -1
