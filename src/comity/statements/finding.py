"""Attributions within one sentence: cues of the lexicon, with source, content and hearer as the tree and the
punctuation show them. What reaches over a sentence's end is joined later (see `joining`)."""

from __future__ import annotations

from comity.language import Sentence
from comity.statements import grammar
from comity.statements.cues import Cue, Lexicon

OPENING = frozenset(("“", "``", "„", "«", "「", "‘", "「", "『"))
CLOSING = frozenset(("”", "''", "»", "」", "’", "』"))
MARKS = OPENING | CLOSING | {'"', "'"}
_STOPS = frozenset((",", ".", ";", ":", "–", "—", "-", "--", "!", "?", "…", "(", ")")) | MARKS
_TRAILING = frozenset("add note stress say emphasize emphasise reiterate explain insist underline underscore clarify point".split())
"""Participles that go on with the words of the sentence's speaker ("…, adding that"), wherever the parser hangs them."""
_BARE_OBJECT = frozenset("it this that them him her us me you so they he she himself herself itself themselves what".split())
_HOLDERS = frozenset("have make give issue raise send deliver express voice share hold release publish offer air take "
                     "carry contain reject repeat reiterate dismiss deny launch level present submit extend receive".split())  # fmt: skip
DOCUMENTS = frozenset("statement report letter tweet post message indictment complaint lawsuit filing resolution note memo "
                       "document communique communiqué declaration article editorial op-ed op essay book email e-mail video "
                       "comment remark speech address text decree account testimony release paper study survey poll "
                       "posting column piece transcript affidavit petition interview thread".split())  # fmt: skip


class Attribution:
    """One cue with what belongs to it; token numbers are of `sentence`. Spans of content are offsets."""

    __slots__ = (
        "content", "continued", "cue", "end", "firm", "frame", "free", "hearer", "hypothetical", "implied", "inner", "intended",
        "negative", "outer", "preposed", "reach", "record", "relays", "sentence", "source", "start", "token", "turn", "within",
    )  # fmt: skip

    def __init__(self, s: Sentence, token: int, cue: Cue | None, frame: str, firm: bool) -> None:
        self.sentence = s
        self.token = token
        """Token of the cue word; -1 where there is none (free continuation, a speaker's turn)."""
        self.cue = cue
        self.frame = frame
        self.firm = firm
        """False when the words alone do not tell that something was said."""
        self.start, self.end = (s.starts[token], s.ends[token]) if token >= 0 else (-1, -1)
        self.source = -1
        self.hearer = -1
        self.content: list[tuple[int, int]] = []
        self.reach: tuple[int, int] = (token, token)
        """First and last token of the cue's own clause (subject, cue, adjuncts)."""
        self.preposed = False
        self.outer = False
        """True when the content holds another reporting clause whole: `…, Putin said, TASS reported`."""
        self.negative = self.intended = self.hypothetical = False
        self.continued = False
        self.free = False
        """True for a continuation in the report's own words, without quotation marks."""
        self.turn = False
        self.implied: Attribution | None = None
        """The attribution whose speaker this one shares."""
        self.relays: list[tuple[Sentence, int]] = []
        self.within: Attribution | None = None
        self.inner = False
        self.record = None

    def __repr__(self) -> str:
        cue = self.sentence.words[self.token] if self.token >= 0 else "-"
        source = self.sentence.words[self.source] if self.source >= 0 else "-"
        return f"<{source} {cue} {self.frame} {self.content}>"


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
            if lemma == "know" and token and s.lowers[token - 1] == "you" and (token + 1 >= len(s) or s.words[token + 1] == ","):
                continue  # "you know, …"
            if cue is None or (s.deps[token] in ("amod", "aux", "auxpass", "compound", "case") and grammar.own_subject(s, token) < 0):
                continue
            made = _verb(s, token, cue, words, used, bound)
            if made is not None:
                found.append(made)
                if made.preposed:
                    bound = made.reach[1] + 1
        elif tag[0] == "N":
            if token in used:
                continue
            cue = words.nouns.get(lemma)
            if cue is not None:
                made = _noun(s, token, cue)
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
            if not (after < len(s) and s.lowers[after] == word and s.deps[after] in ("prt", "prep", "advmod", "acomp", "oprd")):
                if word in ("clear", "known", "plain") and any(s.lowers[t] == word for t in range(verb + 1, min(len(s), verb + 4))):
                    continue
                if len(rest) > 1 and any(s.lemmas[t] == word for t in range(verb + 1, min(len(s), verb + 5))):
                    continue
                return False
    return True


def spans(s: Sentence, first: int, last: int) -> list[tuple[int, int]]:
    """The offsets of a token range, without punctuation and quotation marks at its edges that do not belong to it."""
    while first <= last and (s.words[first] in _STOPS or s.words[first].isspace()):
        first += 1
    while last >= first and (s.words[last] in (",", ";", ":", "–", "—", "-", "--", ".") or s.words[last] in MARKS or s.words[last].isspace()):
        last -= 1
    if first > last:
        return []
    return [(s.starts[first], s.ends[last])]


def _verb(s: Sentence, v: int, cue: Cue, words: Lexicon, used: set[int], bound: int) -> Attribution | None:
    frames, deps, kids = cue.frames, s.deps, s.kids[v]
    passive = grammar.is_passive(s, v) or (s.tags[v] == "VBN" and deps[v] == "acl")
    made: Attribution | None = None
    if cue.lemma in ("quote", "cite"):
        made = _quoted(s, v, cue, words, used, bound, passive)
        if made is not None or cue.lemma == "quote" and v in used:
            return made
    # --- a clause
    made = _tail(s, v, cue, bound)
    if made is not None:
        source = made.source
        _complete(s, v, made, passive)
        made.source = source
        return made
    if "clause" in frames or "quote" in frames or "inf" in frames:
        made = _with_clause(s, v, cue, bound)
    if made is None and "quote" in frames:
        made = _set_off(s, v, cue, bound)
    if made is None and cue.frames.get("clause") and not passive:
        made = _by_order(s, v, cue)
    if made is None and not passive:
        xcomp = next((k for k in kids if deps[k] in ("xcomp", "ccomp") and k > v and s.tags[k] in ("VB", "VBG", "VBN", "VBP")), -1)
        if xcomp >= 0:
            to = any(s.tags[k] == "TO" and k < xcomp for k in s.kids[xcomp])
            obj = next((k for k in kids if deps[k] in ("dobj", "dative", "iobj") and v < k < xcomp), -1)
            if obj < 0 and to:
                obj = next((k for k in s.kids[xcomp] if deps[k] in ("nsubj", "nsubjpass") and v < k < xcomp), -1)
            if to and obj >= 0 and "obj-inf" in frames:
                made = _make(s, v, cue, "obj-inf", frames["obj-inf"])
                made.content = spans(s, _to(s, xcomp), s.subtree(xcomp)[1])
                made.hearer = obj
            elif to and obj < 0 and (told := _told(s, v, xcomp, frames)) >= 0:
                made = _make(s, v, cue, "obj-inf", True)
                made.content = spans(s, _to(s, xcomp), s.subtree(xcomp)[1])
                made.hearer = told
            elif to and obj < 0 and "inf" in frames:
                made = _make(s, v, cue, "inf", frames["inf"])
                made.content = spans(s, _to(s, xcomp), s.subtree(xcomp)[1])
            elif s.tags[xcomp] == "VBG" and not to and "gerund" in frames and obj < 0:
                made = _make(s, v, cue, "gerund", frames["gerund"])
                made.content = spans(s, *_range(s, xcomp, v))
    elif made is None and passive and "obj-inf" in frames:
        xcomp = next((k for k in kids if deps[k] == "xcomp" and k > v and any(s.tags[j] == "TO" for j in s.kids[k])), -1)
        if xcomp >= 0:
            made = _make(s, v, cue, "obj-inf", frames["obj-inf"])
            made.content = spans(s, _to(s, xcomp), s.subtree(xcomp)[1])
            made.hearer = grammar.own_subject(s, v)
    if made is None:
        made = _with_object(s, v, cue, words, used, passive)
    if made is None or not made.content:
        return _about_this(s, v, cue, passive)
    made.source = _source(s, v, made, passive)
    _complete(s, v, made, passive)
    return made


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
    made = _with_clause(s, saying, inner, bound) or _by_order(s, saying, inner)
    if made is None:
        outer = _tail(s, v, cue, bound) or _with_clause(s, v, cue, bound) or _set_off(s, v, cue, bound)
        if outer is None:
            return None
        made = Attribution(s, saying, inner, "quote", True)
        made.content, made.preposed, made.reach = outer.content, outer.preposed, outer.reach
    used.add(saying)
    made.source = source if source >= 0 else -1
    made.reach = (min(made.reach[0], v), max(made.reach[1], as_))
    if relay >= 0:
        made.relays = [(s, relay)]
    return made


def _told(s: Sentence, v: int, infinitive: int, frames: dict[str, bool]) -> int:
    """Who is called on, appealed to or pleaded with to do something; -1 when the cue does not go so."""
    for kid in s.kids[v]:
        if s.deps[kid] == "prep" and v < kid < infinitive and s.lowers[kid] + "+inf" in frames:
            return grammar.kid_of(s, kid, "pobj")
    return -1


def _about_this(s: Sentence, v: int, cue: Cue, passive: bool) -> Attribution | None:
    """`This was stated by X in an interview with Y`, `He said this at …`: no content, but it tells of what stands around."""
    if not cue.frames.get("clause") or s.deps[v] not in ("ROOT", "conj"):
        return None
    this = grammar.own_subject(s, v) if passive else grammar.kid_of(s, v, "dobj")
    if this < 0 or s.lowers[this] not in ("this", "it", "that", "so"):
        return None
    made = _make(s, v, cue, "this", True)
    made.source = grammar.agent(s, v) if passive else grammar.subject(s, v)
    return made if made.source >= 0 else None


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
                made.hearer = grammar.kid_of(s, kid, "pobj")
                break
    if made.source >= 0 and s.lowers[made.source] == "that" and made.preposed is False and s.lemmas[v] == "say":
        made.firm = False  # "that said, …"
    made.negative = grammar.is_negated(s, v) != (made.cue.kind == "denial")
    made.intended = grammar.is_intended(s, v)
    made.hypothetical = grammar.is_hypothetical(s, v)


def _make(s: Sentence, token: int, cue: Cue, frame: str, firm: bool) -> Attribution:
    made = Attribution(s, token, cue, frame, firm)
    made.reach = _reach(s, token)
    return made


def _to(s: Sentence, verb: int) -> int:
    """The "to" of an infinitive (with "not" before it), else the verb."""
    for kid in s.kids[verb]:
        if s.tags[kid] == "TO" and kid < verb:
            return kid - 1 if kid > 0 and s.lowers[kid - 1] == "not" else kid
    return verb


def _range(s: Sentence, token: int, cue: int) -> tuple[int, int]:
    """The token range of a dependent, on its own side of the cue."""
    first, last = s.subtree(token)
    if token > cue:
        return max(first, cue + 1), last
    return first, min(last, cue - 1)


def _reach(s: Sentence, v: int) -> tuple[int, int]:
    """First and last token of the cue's own clause: everything under the verb but clausal contents."""
    first = last = v
    for kid in s.kids[v]:
        dep = s.deps[kid]
        if dep in ("ccomp", "parataxis", "punct", "conj", "cc", "dep", "csubj") or (dep == "advcl" and kid < v):
            continue
        a, b = s.subtree(kid)
        if dep in ("prep", "advmod", "npadvmod", "advcl") and kid < v and any(s.words[t] in (",", "”", '"', "''") for t in range(b + 1, v)):
            continue
        first, last = min(first, a), max(last, b)
    return first, last


def _with_clause(s: Sentence, v: int, cue: Cue, bound: int) -> Attribution | None:
    """`said (that) …`, `…, Putin said`, `as X noted, …`."""
    deps = s.deps
    frames = cue.frames
    before = after = -1
    for kid in s.kids[v]:
        dep = deps[kid]
        if dep == "ccomp" or (dep in ("csubj", "advcl") and _that(s, kid)):
            if kid > v:
                if after < 0 and _finite(s, kid):
                    after = kid
            else:
                before = kid
        elif dep in ("acomp", "oprd", "dobj", "dative", "prt") and kid > v and after < 0:
            for inner in s.kids[kid]:
                if deps[inner] in ("ccomp", "acl", "relcl") and _that(s, inner) and ("hearer" in frames or dep in ("acomp", "oprd")):
                    after = inner
                    break
    firm = frames.get("clause", frames.get("quote", True))
    if after >= 0 and "clause" not in frames:
        if "inf" not in frames and not _has_mark(s, v + 1, min(len(s), v + 4)):
            return None
        if "inf" in frames and "quote" not in frames:
            return None
    if after >= 0:
        made = _make(s, v, cue, "clause", firm)
        first, last = _range(s, after, v)
        mark = grammar.kid_of(s, after, "mark")
        if mark >= 0 and s.lowers[mark] == "that":
            first = max(first, mark + 1) if mark <= first + 3 else first
        elif s.lowers[first] == "that" and s.tags[first] in ("IN", "WDT") and s.starts[first] > s.starts[v]:
            first += 1
        made.content = spans(s, first, last)
        left = made.reach[0]
        # "The government, Obama said at …, remains persistent": the parser leaves the subject outside
        if left > 1 and s.words[left - 1] == "," and before < 0 and grammar.own_subject(s, after) < 0 and s.tags[after] in ("VBZ", "VBP", "VBD", "MD") \
                and left - 1 > bound and deps[v] in ("ROOT", "ccomp", "conj"):  # fmt: skip
            made.content = spans(s, bound, left - 2) + made.content
        elif before >= 0 and _has_mark(s, made.reach[0] - 2, made.reach[0]):
            made.content = spans(s, bound, left - 1) + made.content
            made.preposed = True
        return made
    if before >= 0 and ("quote" in frames or "clause" in frames):
        made = _make(s, v, cue, "quote", frames.get("quote", frames.get("clause", True)))
        left = made.reach[0]
        if left > before:
            first, last = s.subtree(before)
            made.content = spans(s, min(bound, first) if first - bound < 12 else first, left - 1)
            made.preposed = True
            _right_part(s, made)
            return made
    if deps[v] == "parataxis" and ("quote" in frames or "clause" in frames) and s.heads[v] != v:
        made = _make(s, v, cue, "quote", True)
        made.content = spans(s, bound, made.reach[0] - 1)
        made.preposed = bool(made.content)
        _right_part(s, made, everything=True)
        return made if made.content else None
    # "as X noted, …"
    if deps[v] == "advcl" and s.heads[v] != v and ("quote" in frames or "clause" in frames) and _as_noted(s, v):
        made = _make(s, v, cue, "quote", True)
        first, last = s.subtree(v)
        main = s.heads[v]
        a, b = s.subtree(main)
        made.reach = (first, last)
        made.content = spans(s, a, first - 1) + spans(s, last + 1, b)
        return made if made.content else None
    return None


_SUBJUNCTIVE = frozenset("insist demand ask request recommend urge propose suggest require order instruct decide agree direct say stress".split())
_ADJUNCT = ("IN", "DT", "NN", "NNP", "NNS", "NNPS", "CD", "JJ", "RB", "PRP", "PRP$", "POS", "TO", "HYPH", "VBG", ",", "RP", "CC")


def _by_order(s: Sentence, v: int, cue: Cue) -> Attribution | None:
    """`said in a report on Tuesday that …` by the order of the words, where the parser has hung the clause elsewhere."""
    n = len(s)
    if s.tags[v] not in ("VBD", "VBZ", "VBP", "VBN", "VBG", "VB") or s.deps[v] in ("amod", "relcl"):
        return None
    for t in range(v + 1, min(n - 3, v + 16)):
        if s.lowers[t] == "that" and s.tags[t] == "IN" and (s.deps[t] == "mark" or t == v + 1):
            if any(s.lemmas[k] in _SAY_NOUNS for k in range(v + 1, t)) and not _has_time(s, v + 1, t):
                return None
            made = _make(s, v, cue, "clause", True)
            made.content = spans(s, t + 1, n - 1)
            made.reach = (made.reach[0], min(made.reach[1], t - 1))
            return made
        if s.tags[t] not in _ADJUNCT:
            break
    if v + 3 >= n or cue.kind not in ("speech", "thought", "writing", "denial"):
        return None
    t = v + 1
    while t < n and (s.tags[t] in ("RB",) or _is_time(s, t)):
        t += 1
    if t < n and s.tags[t] == "IN" and s.lowers[t] in ("at", "on", "in") and s.deps[t] == "prep":
        last = t + 1
        while last < n and s.tags[last] in ("DT", "NN", "NNP", "CD", "JJ") and not s.words[last][:1].isupper() or (last < n and _is_time(s, last)):
            last += 1
        t = last
    first = t
    while t < n and s.tags[t] in ("DT", "JJ", "NN", "NNP", "NNS", "NNPS", "PRP", "PRP$", "POS", "CD", "HYPH", "RB"):
        t += 1
    if first < t < n and s.tags[t] in ("VBD", "VBZ", "VBP", "MD") and s.tags[t - 1][0] in "NP" and t - first < 10:
        made = _make(s, v, cue, "clause", True)
        made.content = spans(s, first, n - 1)
        made.reach = (made.reach[0], max(v, first - 1))
        return made
    return None


_SAY_NOUNS = frozenset("statement claim report fact idea belief view possibility concern fear hope".split())


def _has_time(s: Sentence, first: int, stop: int) -> bool:
    return any(_is_time(s, t) for t in range(first, stop))


def _as_noted(s: Sentence, v: int) -> bool:
    """True for "as X noted" set off by commas, with nothing behind the verb that could be its content."""
    mark = next((k for k in s.kids[v] if s.lowers[k] == "as" and s.deps[k] in ("mark", "advmod", "prep")), -1)
    if mark < 0 or mark > v or (mark > 0 and s.lowers[mark - 1] in ("even", "just", "so", "far", "long", "much")):
        return False
    if mark > 0 and s.words[mark - 1] not in (",", "–", "—", "“", '"', "``") and s.lowers[mark - 1] not in ("and", "but"):
        return False
    return not any(s.deps[k] in ("dobj", "ccomp", "xcomp", "attr", "acomp") and k > v for k in s.kids[v])


def _finite(s: Sentence, verb: int) -> bool:
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
        return own and s.lemmas[s.heads[verb]] in _SUBJUNCTIVE
    return own and s.tags[verb] != "VBG"


def _that(s: Sentence, clause: int) -> bool:
    return any(s.deps[k] == "mark" and s.lowers[k] in ("that", "whether") for k in s.kids[clause])


def _has_mark(s: Sentence, first: int, stop: int) -> bool:
    return any(s.words[t] in MARKS for t in range(max(0, first), min(stop, len(s))))


def _right_part(s: Sentence, made: Attribution, everything: bool = False) -> None:
    """Content behind a cue that stands in the middle: `"…," he said, "…"` and `…, he said, …`."""
    right = made.reach[1]
    t = right + 1
    n = len(s)
    if t >= n or s.words[t] not in (",", ":", ";", "–", "—", "-", "--"):
        # the parser may hang the second part under the cue
        for t in range(made.token + 1, right + 1):
            if s.words[t] in (",", ":") and t + 1 < n and (s.words[t + 1] in OPENING or (s.words[t + 1] in ('"', "'") and t + 2 < n)) \
                    and s.ends[t] < s.starts[t + 1] and not any(s.tags[k] == "VBG" for k in range(made.token + 1, t)):  # fmt: skip
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


_NOMINAL = ("DT", "JJ", "NN", "NNP", "NNS", "NNPS", "CD", "POS", "PRP", "PRP$", "HYPH", "IN", "TO", "CC", "JJR", "JJS", "VBG", "PDT", "RB", "WDT", "FW", "SYM", "VBN")
_AFTER_TAIL = ("IN", "DT", "NN", "NNP", "NNS", "NNPS", "CD", "JJ", "RB", "PRP", "PRP$", "POS", "TO", "HYPH", "VBG", "CC", "-RRB-", "-LRB-", "SYM", "RP")


def _tail(s: Sentence, v: int, cue: Cue, bound: int) -> Attribution | None:
    """A reporting clause at the sentence's end, by its shape alone: `…, a top aide to X said on Monday.`

    Holds whatever the parser makes of a long sentence. None when the shape is not there.
    """
    n = len(s)
    if s.tags[v] not in ("VBD", "VBZ", "VBP") or ("quote" not in cue.frames and "clause" not in cue.frames):
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
    while t > bound and s.tags[t] in ("RB", "MD", "VBZ", "VBP", "VBD") and s.lemmas[t] in ("have", "also", "later", "then", "earlier", "further", "all", "both", "reportedly") or (t > bound and s.tags[t] == "RB"):
        t -= 1
    last = t
    while t > bound and s.tags[t] in _NOMINAL and s.lowers[t] not in ("that", "which", "who", "when", "because", "if", "while", "as", "although", "though"):
        t -= 1
    if s.words[t] not in (",", "”", '"', "''", "’", "'", "–", "—", "--") or t <= bound:
        return None
    named, start = _named_before(s, t, t != last, bound)
    if named >= 0:
        t = start
    if t == last and named < 0:
        # `…, said X`
        if v + 1 >= n or s.tags[v + 1] not in ("NNP", "DT", "PRP", "NN", "NNS", "CD", "JJ", "NNPS", "PRP$") \
                or s.lowers[v + 1] in ("me", "us", "him", "them"):  # fmt: skip
            return None
        source = grammar.own_subject(s, v)
        if source < v:
            source = _neighbour(s, v)
        if source < v:
            return None
        first = v
    else:
        first = t + 1
        source = -1
        for k in range(last, first - 1, -1):
            if s.tags[k][0] == "N" or s.tags[k] == "PRP":
                if not first <= s.heads[k] <= last:
                    source = k
                    if s.deps[k] in grammar.SUBJECTS:
                        break
        if source < 0 or s.tags[first] in ("IN", "CC", "TO", "VBG", "VBN", "RB", "WDT") or _is_time(s, source):
            return None
        own = grammar.own_subject(s, v)
        if first <= own <= last:
            source = own
        if named >= 0:
            source = named
    if not _holds_verb(s, bound, first) and not _has_mark(s, bound, first) and bound == 0:
        return None
    made = Attribution(s, v, cue, "quote", cue.frames.get("quote", cue.frames.get("clause", True)))
    made.reach = (first, n - 1)
    made.content = spans(s, bound, t)
    if not made.content:
        made.content = spans(s, 0, t)
        made.outer = True
    made.source = source
    made.preposed = True
    return made if made.content else None


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
    while k > bound and (s.tags[k] in ("NNP", "NNPS", "HYPH", "POS") or (s.words[k][:1].isupper() and s.tags[k][0] in "NJ") or (
            s.tags[k] in ("NN", "JJ", "DT") and k < head)):  # fmt: skip
        k -= 1
    if k >= head or k <= bound or s.words[k] not in (",", "”", '"', "''", "’", "'", "–", "—", "--") or s.tags[head][0] != "N":
        return -1, -1
    if s.words[k] == "," and not s.words[head][:1].isupper():
        return -1, -1
    return head, k


def _set_off(s: Sentence, v: int, cue: Cue, bound: int) -> Attribution | None:
    """Quoted or parenthetical content that the parser did not see: by commas, colons and quotation marks."""
    made = _make(s, v, cue, "quote", cue.frames["quote"])
    left, right = made.reach
    n = len(s)
    own = grammar.own_subject(s, v)
    if own < 0 and s.deps[v] not in ("ROOT", "conj", "advcl", "acl", "xcomp", "relcl", "pcomp", "ccomp", "parataxis", "dep"):
        return None
    # --- behind: `said: …`, `said, "…"`, `said "…"`
    for t in range(v + 1, min(n, max(right, v) + 3)):
        word = s.words[t]
        if word in OPENING or (word in ('"', "'") and (t + 1 >= n or s.ends[t] == s.starts[t + 1])):
            near = all(s.tags[k] in ("RB", "IN") and s.lowers[k] not in ("in", "of") or s.lowers[k] in ("that", "that,", ",", ":", "–", "—") for k in range(v + 1, t))
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
        if (word in CLOSING or (word in ('"', "'") and left >= 2)) or (word in (",", "?", "!", "–", "—", "-", "--") and _holds_verb(s, bound, left - 1)):
            if own < 0 and s.deps[v] in ("advcl", "acl", "xcomp", "relcl", "conj", "pcomp") and not (v + 1 < n and s.tags[v + 1][0] in "NPD" and left == v):
                return None
            if word == "," and s.deps[v] in ("relcl", "acl", "advcl") and left != v:
                return None
            if word == "," and s.deps[v] == "conj" and (right + 1 >= n or s.words[right + 1] != ","):
                return None
            made.content = spans(s, bound, left - 1)
            made.preposed = True
            _right_part(s, made)
            return made if made.content else None
    return None


def _holds_verb(s: Sentence, first: int, stop: int) -> bool:
    return any(s.tags[t] in ("VBD", "VBZ", "VBP", "MD") for t in range(first, stop))


def _with_object(s: Sentence, v: int, cue: Cue, words: Lexicon, used: set[int], passive: bool) -> Attribution | None:
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
        if moved >= 0 and s.lowers[moved] in grammar.RELATIVE and deps[v] == "relcl":
            obj = s.heads[v]
        elif deps[v] == "relcl" and own_or(s, v) >= 0 and moved < 0:
            obj = s.heads[v]
    # --- describe X as Y, call X Y
    if "as" in frames:
        end = -1
        for kid in kids:
            if kid > v and ((deps[kid] in ("prep", "advcl", "mark") and s.lowers[kid] == "as") or deps[kid] in ("oprd", "xcomp", "ccomp")
                            or (deps[kid] == "advcl" and any(s.lowers[k] == "as" for k in s.kids[kid]))):  # fmt: skip
                if deps[kid] == "xcomp" and any(s.tags[k] == "TO" for k in s.kids[kid]):
                    continue
                end = max(end, s.subtree(kid)[1])
                start = s.subtree(kid)[0]
                if s.lowers[start] == "as":
                    start += 1
        if end >= 0:
            made = _make(s, v, cue, "as", frames["as"])
            if obj < 0 and not passive:
                obj = next((k for k in kids if deps[k] in ("pcomp", "xcomp", "ccomp", "csubj") and k > v and s.tags[k] == "VBG"), -1)
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
            made = _make(s, v, cue, "as", True)
            made.content = spans(s, *_range(s, obj, v))
            return made
    # --- accuse X of Y, warn X against Y, praise X for Y
    after_obj = s.kids[obj] if obj > v and any(f.startswith("obj+") for f in frames) else []
    for kid in [*kids, *after_obj]:
        if deps[kid] == "prep" and kid > max(v, obj):
            word = s.lowers[kid]
            if obj >= 0 and "obj+" + word in frames:
                made = _make(s, v, cue, "obj+" + word, frames["obj+" + word])
                first, last = s.subtree(kid)
                if grammar.kid_of(s, kid, "pobj", "pcomp") < 0:
                    continue
                if "noun" in frames and not passive:
                    made.content = spans(s, s.subtree(obj)[0], last)
                else:
                    made.content = spans(s, first + 1, last)
                    made.hearer = obj
                return made
    best = None
    for kid in kids:
        if deps[kid] in ("prep", "prt", "agent") and kid > v and s.lowers[kid] in frames and s.lowers[kid] not in ("noun", "as") and not passive:
            obj_of = grammar.kid_of(s, kid, "pobj", "pcomp")
            if obj_of < 0 or (s.lowers[obj_of] in _BARE_OBJECT and deps[obj_of] == "pobj"):
                continue
            if _is_time(s, obj_of):
                continue
            made = _make(s, v, cue, s.lowers[kid], frames[s.lowers[kid]])
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
        if noun is not None and not passive and obj > v and (cue.lemma in _HOLDERS or "noun" in frames):
            inner = _noun(s, obj, noun)
            if inner is not None:
                used.add(obj)
                made = _make(s, v, noun._replace(channel=noun.channel or cue.channel), inner.frame, True)
                made.content = inner.content
                made.end = s.ends[obj] if obj - v < 6 else made.end
                return made
        if "noun" in frames:
            if s.lowers[obj] in _BARE_OBJECT or _is_time(s, obj) or (s.lowers[obj] in ("other", "another") and s.lowers[obj - 1] in ("each", "one")):
                return best
            made = _make(s, v, cue, "noun", frames["noun"])
            first, last = s.subtree(obj) if s.heads[obj] == v else grammar.noun_phrase(s, obj)
            if obj > v:
                first = max(first, v + 1)
            if s.heads[obj] == v and obj > v:
                for kid in kids:
                    if deps[kid] == "prep" and kid == last + 1 and s.lowers[kid] in _OF_OBJECT:
                        inner = grammar.kid_of(s, kid, "pobj", "pcomp")
                        if inner >= 0 and not _is_time(s, inner):
                            last = s.subtree(kid)[1]
            made.content = spans(s, first, last)
            return made
    elif "noun" in frames and frames["noun"] and not passive:
        # "call for …", "rule out …": the parser may make the particle a preposition
        for kid in kids:
            if deps[kid] in ("prep", "prt") and cue.lemma.endswith(" " + s.lowers[kid]) and kid > v:
                inner = grammar.kid_of(s, kid, "pobj", "pcomp")
                if inner >= 0:
                    made = _make(s, v, cue, "noun", True)
                    made.content = spans(s, kid + 1, s.subtree(kid)[1])
                    made.reach = (made.reach[0], kid)
                    made.end = s.ends[kid]
                    return made
    return best


_OF_OBJECT = frozenset("for as over of on about against at with to toward towards between regarding".split())


def own_or(s: Sentence, v: int) -> int:
    """The verb's own subject when it is no relative pronoun, or -1."""
    found = grammar.own_subject(s, v)
    return found if found >= 0 and s.lowers[found] not in grammar.RELATIVE else -1


_TIMES = frozenset("recently earlier later monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
                   "september october november december today yesterday tomorrow week month year morning evening night "
                   "afternoon day hour minute time condition anonymity behalf".split())  # fmt: skip


def _is_time(s: Sentence, token: int) -> bool:
    return s.lemmas[token] in _TIMES or s.lowers[token] in _TIMES


def _source(s: Sentence, v: int, made: Attribution, passive: bool) -> int:
    """The head of the phrase that names the source, or -1."""
    if s.tags[v] == "VBG" and s.lemmas[v] in _TRAILING and s.deps[v] in ("advcl", "conj", "ccomp", "xcomp", "acl", "dep"):
        above = _reporter(s, v)
        if above >= 0:
            return above
    found = grammar.subject(s, v)
    if found == v:
        found = -1
    if found < 0 and not passive and made.frame in ("quote", "colon"):
        found = _neighbour(s, v)
    if found >= 0 and any(a <= s.starts[found] < b for a, b in made.content) and not passive:
        inverted = _neighbour(s, v)
        found = inverted if inverted >= 0 and not any(a <= s.starts[inverted] < b for a, b in made.content) else -1
    return found


def _reporter(s: Sentence, v: int) -> int:
    """The subject of the reporting verb above a trailing participle."""
    here = v
    for _ in range(10):
        above = s.heads[here]
        if above == here:
            return -1
        here = above
        if s.tags[here][0] == "V" and s.lemmas[here] in _REPORTING:
            found = grammar.subject(s, here)
            if found >= 0:
                return found
    return -1


_REPORTING = frozenset("say tell add state note announce declare claim argue warn stress insist explain write tweet urge deny suggest "
                       "emphasize emphasise reiterate respond reply describe call accuse criticize criticise condemn praise speak "
                       "comment remark point underline express".split())  # fmt: skip


def _neighbour(s: Sentence, v: int) -> int:
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
    if t >= 0 and (s.tags[t] in ("NNP", "NNS", "PRP", "NN", "NNPS")) and not _is_time(s, t):
        return t
    return -1


def _noun(s: Sentence, token: int, cue: Cue) -> Attribution | None:
    """`the claim that …`, `fears of …`, `its pledge to …`: only with words that tell whose."""
    frames, deps = cue.frames, s.deps
    made: Attribution | None = None
    for kid in s.kids[token]:
        if kid < token:
            continue
        dep = deps[kid]
        if dep in ("acl", "ccomp", "relcl") and "clause" in frames and _that(s, kid):
            made = _make(s, token, cue, "clause", frames["clause"])
            first, last = _range(s, kid, token)
            made.content = spans(s, first + (s.lowers[first] == "that"), last)
            break
        if dep in ("acl", "xcomp") and "inf" in frames and any(s.tags[k] == "TO" for k in s.kids[kid]):
            made = _make(s, token, cue, "inf", frames["inf"])
            made.content = spans(s, *_range(s, kid, token))
            break
        if dep == "prep" and s.lowers[kid] in frames:
            obj = grammar.kid_of(s, kid, "pobj", "pcomp")
            if obj < 0:
                continue
            made = _make(s, token, cue, s.lowers[kid], frames[s.lowers[kid]])
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
    if s.deps[noun] == "dobj" and s.lemmas[above] in _HOLDERS:
        return grammar.subject(s, above)
    return -1


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
            if dep == "ccomp" and "clause" in frames and (_that(s, kid) or _finite(s, kid)):
                made = _make(s, token, cue, "clause", frames["clause"])
                first, last = _range(s, kid, token)
                made.content = spans(s, first + (s.lowers[first] == "that"), last)
            elif dep == "prep" and s.lowers[kid] in frames and home == token:
                obj = grammar.kid_of(s, kid, "pobj", "pcomp")
                if obj < 0 or _is_time(s, obj):
                    continue
                made = _make(s, token, cue, s.lowers[kid], frames[s.lowers[kid]])
                first, last = s.subtree(kid)
                made.content = spans(s, first + 1, last)
            elif dep == "xcomp" and "inf" in frames:
                made = _make(s, token, cue, "inf", frames["inf"])
                made.content = spans(s, *_range(s, kid, token))
            if made is not None and made.content:
                break
        if made is not None and made.content:
            break
    if made is None or not made.content:
        return None
    made.source = grammar.own_subject(s, verb) if verb != token else -1
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
    if left and right and not (s.words[first - 1] == "," and s.words[last + 1] == ","):
        if s.words[last + 1] != ",":
            right = []
    if left and right and s.lowers[last + 2 : last + 3] in (["but"], ["and"], ["while"], ["who"], ["which"]) and _holds_verb(s, a, first):
        right = []
    made.content = left + right
    return made if made.content else None


_VIEWS = frozenset("view opinion word telling estimation assessment mind eyes".split())


def _in_view(s: Sentence, token: int) -> Attribution | None:
    """`in X's view, …`, `in the words of X, …`."""
    obj = grammar.kid_of(s, token, "pobj")
    if obj < 0 or s.lemmas[obj] not in _VIEWS or s.tags[obj][0] != "N":
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
