"""Quotations that no cue has claimed: a verb beside them, a dash with a name, a colon, or they go on with the speaker
before."""

from __future__ import annotations

import re
from typing import NamedTuple

from comity.language import Parse, Sentence
from comity.records import Span
from comity.statements import grammar
from comity.statements.attribution import Attribution
from comity.statements.cues import Lexicon, words_of
from comity.statements.quotation import Quotation
from comity.statements.shapes import MARKS
from comity.statements.spans import Index, covers, trim

SPEECHLIKE_WORDS = 6
"""A quotation with so many words counts as speech even without a stop or comma before its closing mark. Read off the
hand-coded reports: of shorter ones nine in ten are names, titles and scare quotes."""

FEWEST_GOING_ON = 4
"""Quoted words from which a sentence without a cue counts as going on with the speaker before it. Swept 2 to 8."""

WINDOW = 1500
"""Characters before a quotation in which the statement that it may go on from is looked for."""

_AFTER_ASKED = frozenset((".", ",", "of", "in", "at", "on", "during"))
"""Words behind the verb of `"…?" Kerry asked.`: it has no object of its own."""

_STOP = re.compile(r"[.!?…,;。！？，][\s\"”’'»]*$")
_DASHED = re.compile(r"\s*(?P<dash>―|—|–|--|-)\s*(?P<name>(?:[A-Z][\w.’'-]*\s?){2,5})(?=[,.(\n]|$|\s*[“\"])")
_WORD = re.compile(r"\w+(?:[-'’]\w+)*")


class _Orphan(NamedTuple):
    """A quotation with what its reading needs."""

    q: Quotation
    first: Sentence
    last: Sentence
    content: Span
    length: int
    """Words, at most about 70."""
    stopped: bool
    """True when a stop or comma stands before the closing mark."""

    @property
    def whole(self) -> bool:
        """True when it takes up whole sentences."""
        return self.q.start <= self.first.start + 1 and self.q.end >= self.last.end - 1

    @property
    def speechlike(self) -> bool:
        return self.length >= SPEECHLIKE_WORDS or self.stopped


def adopt(found: list[Attribution], quotes: list[Quotation], parse: Parse, words: Lexicon) -> None:
    """Add an attribution for every outermost quotation of speech that no attribution holds yet."""
    claimed = Index((x, y, a) for a in found for x, y in a.content)
    cued = {a.sentence.number for a in found if a.token >= 0}
    firm = {a.sentence.number for a in found if a.token >= 0 and a.firm}
    ends = Index((a.first_offset(), a.last_offset(), a) for a in found)
    uses_double = any(q.double for q in quotes)
    made: dict[int, Attribution] = {}
    latest: list[Attribution] = []
    for n, q in enumerate(quotes):
        if q.depth or (not q.double and uses_double):
            continue
        if any(not q.start <= a.start < q.end for a in claimed.over(q.first, q.last)):
            continue
        if q.goes_on in made:
            made[n] = made[q.goes_on]
            made[n].content.append(trim(parse.text, q.first, q.last))
            continue
        orphan = _orphan(q, parse)
        if orphan is None:
            continue
        a = (
            _verb_behind(orphan, words)
            or _name_behind(orphan, parse)
            or _sentence_behind(orphan, parse, words, cued)
            or _words_before(orphan, words)
        )
        if a is None:
            before = _before(orphan, parse, ends, claimed, latest)
            a = _going_on(orphan, parse, before, firm)
        if a is not None:
            made[n] = a
            found.append(a)
            latest = [*latest[-3:], a]


def _orphan(q: Quotation, parse: Parse) -> _Orphan | None:
    inside = parse.text[q.first : q.last]
    count = len(_WORD.findall(inside[:400]))
    first, last = parse.sentence_at(q.first), parse.sentence_at(max(q.first, q.last - 1))
    if first is None or last is None or not count:
        return None
    stopped = bool(_STOP.search(inside[-4:])) and count >= 3
    return _Orphan(q, first, last, trim(parse.text, q.first, q.last), count, stopped)


def _verb_behind(o: _Orphan, words: Lexicon) -> Attribution | None:
    """`"…," she smiled`: any verb with a subject right behind the marks."""
    last, end = o.last, o.q.end
    t = last.token_at(end) if end < last.end else len(last)
    while t < len(last) and (last.starts[t] < end or last.words[t] in MARKS or last.words[t] == ","):
        t += 1
    if not o.speechlike:
        return None
    for v in range(t, min(len(last), t + 9)):
        if last.tags[v] in ("VBD", "VBZ", "VBP"):
            source = grammar.own_subject(last, v)
            if source < t or (source > v and v != t):
                return None
            a = Attribution(last, v, words.verbs.get(last.lemmas[v]), "quote", True)
            a.source, a.content, a.preposed = source, [o.content], True
            a.reach = (t, v)
            return a
        if last.words[v] == ",":
            return None
    return None


def _name_behind(o: _Orphan, parse: Parse) -> Attribution | None:
    """`“…” — Jane Roe`"""
    dashed = _DASHED.match(parse.text, o.q.end)
    if dashed is None or not o.speechlike:
        return None
    s = parse.sentence_at(dashed.start("name"))
    if s is None:
        return None
    dash = s.token_at(dashed.start("dash")) if dashed.start("dash") >= s.start else -1
    a = Attribution(s, dash, None, "quote", True)
    a.source, a.content = s.token_at(dashed.end("name") - 1), [o.content]
    a.start, a.end = dashed.span("dash")
    return a


def _sentence_behind(o: _Orphan, parse: Parse, words: Lexicon, cued: set[int]) -> Attribution | None:
    """`“…?” a narrator asks.`: a short reporting clause that the parser made a sentence of its own."""
    number = o.last.number + 1
    if o.q.end < o.last.end - 1 or number >= len(parse.sentences) or number in cued:
        return None
    s = parse.sentences[number]
    if s.paragraph != o.last.paragraph or len(s) >= 14:
        return None
    source = grammar.own_subject(s, s.root)
    cue = words.verbs.get(s.lemmas[s.root])
    if source < 0 or cue is None:
        return None
    if not parse.text[s.start].islower() and (
        "quote" not in cue.frames or s.root + 1 >= len(s) or s.words[s.root + 1] not in _AFTER_ASKED
    ):
        return None
    a = Attribution(s, s.root, cue, "quote", True)
    a.source, a.content, a.preposed = source, [o.content], True
    return a


def _words_before(o: _Orphan, words: Lexicon) -> Attribution | None:
    """A colon or a comma before the marks, with a verb or a name before it."""
    s = o.first
    if o.q.start <= s.start + 1 or o.length < 3:
        return None
    t = s.token_at(o.q.start - 1)
    while t >= 0 and (s.words[t] in MARKS or s.starts[t] >= o.q.start):
        t -= 1
    if t < 0 or s.words[t] not in (":", ","):
        return None
    colon = s.words[t] == ":"
    for v in range(t - 1, max(-1, t - 26), -1):
        if s.tags[v][0] == "V":
            source = grammar.subject(s, v)
            if source >= 0 and (colon or s.lemmas[v] in words.verbs):
                a = Attribution(s, v, words.verbs.get(s.lemmas[v]), "quote", colon or o.stopped)
                a.source, a.content, a.reach = source, [o.content], (v, t)
                return a
    noun = next((v for v in range(t - 1, -1, -1) if s.tags[v][0] == "N"), -1)
    if not colon or noun < 0:
        return None
    a = Attribution(s, t, None, "quote", True)
    a.source, a.content = noun, [o.content]
    return a


def _going_on(o: _Orphan, parse: Parse, before: Attribution | None, firm: set[int]) -> Attribution | None:
    """A quotation that goes on with the speaker of the statement, or the subject of the sentence, before."""
    s = o.first
    if not (o.whole or o.stopped or o.length >= FEWEST_GOING_ON):
        return None
    a = Attribution(s, -1, None, "continued", True)
    a.content, a.continued, a.implied = [o.content], True, before
    if not o.whole and o.q.start > s.start + 1:
        # "This includes “massive arrests and torture”.": words of the speaker before, in the report's own sentence
        if s is not o.last or o.length < FEWEST_GOING_ON or s.number in firm or before is None:
            return None
        a.content = [trim(parse.text, s.start, s.end)]
    if before is None:
        a.source = _last_subject(parse, s)
        if a.source < 0:
            return None
        a.sentence = parse.sentences[s.number - 1]
        a.firm = False
    return a


_CONTINUED_FRAMES = frozenset(("quote", "clause", "colon", "continued", "according", "as", "noun"))


def _before(
    o: _Orphan, parse: Parse, ends: Index[Attribution], claimed: Index[Attribution], latest: list[Attribution]
) -> Attribution | None:
    """The outermost statement that ends in the sentence before (or in the same one), else None."""
    best: Attribution | None = None
    for a in (*ends.over(o.q.start - WINDOW, o.q.start), *latest):
        end = a.last_offset()
        if a.frame not in _CONTINUED_FRAMES or end > o.q.start or (best is not None and end <= best.last_offset()):
            continue
        if a.start >= 0 and any(b is not a and covers(b.content, a.start, a.end) for b in claimed.over(a.start, a.end)):
            continue
        where = parse.sentence_at(end - 1)
        if where is not None and o.first.number - where.number <= 1 and o.first.paragraph - where.paragraph <= 1:
            best = a
    return best


def _last_subject(parse: Parse, s: Sentence) -> int:
    """The subject of the sentence before, when it is a person's name or pronoun in the same or the last paragraph."""
    if not s.number:
        return -1
    before = parse.sentences[s.number - 1]
    token = grammar.subject(before, before.root)
    if s.paragraph - before.paragraph > 1 or token < 0:
        return -1
    named = before.tags[token] in ("NNP", "PRP", "NNPS")
    return token if named or before.lemmas[token] in words_of("person noun") else -1
