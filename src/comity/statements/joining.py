"""What sentences show one by one, joined over the report: quotations over sentences and paragraphs, continuations,
turns of a transcript, relays, and which statement is reported inside which."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import NamedTuple

from comity.language import Parse, Sentence
from comity.records import Span
from comity.statements import grammar
from comity.statements.attribution import Attribution
from comity.statements.cues import Lexicon, words_of
from comity.statements.finding import find
from comity.statements.quotation import Quotation, paragraphs, quotations
from comity.statements.shapes import MARKS
from comity.statements.spans import clip, contains, covers, overlaps, size, subtract, trim, uncross

SPEECHLIKE_WORDS = 6
"""A quotation with so many words counts as speech even without a stop or comma before its closing mark. Read off the
hand-coded reports: of shorter ones nine in ten are names, titles and scare quotes."""

FEWEST_GOING_ON = 4
"""Quoted words from which a sentence without a cue counts as going on with the speaker before it. Swept 2 to 8."""

LONGEST_QUOTATION = 5000
"""Characters. How far back a quotation that holds a place may begin; messages printed whole are the longest."""

_STOP = re.compile(r"[.!?…,;。！？，][\s\"”’'»]*$")
_DASHED = re.compile(r"\s*(?P<dash>―|—|–|--|-)\s*(?P<name>(?:[A-Z][\w.’'-]*\s?){2,5})(?=[,.(\n]|$|\s*[“\"])")
_WORD = re.compile(r"\w+(?:[-'’]\w+)*")


class Material(NamedTuple):
    """What the joining works on."""

    parse: Parse
    quotes: list[Quotation]
    found: list[Attribution]
    asides: list[Attribution]
    """"This was stated by …": cues without a content of their own."""


def collect(parse: Parse, words: Lexicon) -> Material:
    """Quotations and the attributions of all sentences, contents widened to whole quotations."""
    quotes = quotations(parse.text, paragraphs(parse.segments))
    found: list[Attribution] = []
    for s in parse.sentences:
        found.extend(find(s, words))
    return Material(parse, quotes, [a for a in found if a.frame != "this"], [a for a in found if a.frame == "this"])


# --- contents and quotations -----------------------------------------------------------------------------------------


def widen(material: Material) -> None:
    """Let every content that touches a quotation hold the whole of it, unless the cue itself stands in it."""
    parse, quotes, found = material[:3]
    for a in found:
        if a.frame == "colon":
            _after_colon(a, parse, quotes)
    if quotes:
        starts = [q.start for q in quotes]
        for a in found:
            _keep_inside(a, quotes, starts, parse.text)
            a.content = _widened(a, quotes, starts, parse.text)
        for a in found:
            if (
                not a.firm
                and a.cue is not None
                and a.cue.kind != "attitude"
                and _holds_quotation(a, quotes, parse.text)
            ):
                a.firm = True
    material.found[:] = [a for a in found if a.content]


def _holds_quotation(a: Attribution, quotes: list[Quotation], text: str) -> bool:
    """True when somebody's words are marked in the content: then it is reported speech, whatever the verb."""
    return any(
        q.double and x <= q.first and q.last <= y and not q.start <= a.start < q.end and " " in text[q.first : q.last]
        for q in quotes
        for x, y in a.content
    )


def _after_colon(a: Attribution, parse: Parse, quotes: list[Quotation]) -> None:
    """`He said:` and the words in the next sentence or paragraph."""
    number = a.sentence.number + 1
    a.content = []
    if number < len(parse.sentences):
        following = parse.sentences[number]
        for q in quotes:
            if following.start <= q.start <= following.start + 2:
                a.content = [(q.first, q.last)]
                return
        if following.paragraph <= a.sentence.paragraph + 1 and following.words[0] not in MARKS:
            end = following.ends[-2] if len(following) > 1 and following.words[-1] == "." else following.end
            a.content = [(following.start, end)]


def _keep_inside(a: Attribution, quotes: list[Quotation], starts: list[int], text: str) -> None:
    """What a cue inside a quotation reports stands in the same quotation: "you know" there tells nothing of outside."""
    home: Quotation | None = None
    for n in range(bisect_right(starts, a.start) - 1, -1, -1):
        q = quotes[n]
        if q.start <= a.start < q.end:
            home = q
            break
        if q.depth == 0 and q.end <= a.start and a.start - q.end > LONGEST_QUOTATION:
            break
    if home is not None and not contains([(home.start, home.end)], a.content):
        a.content = clip(a.content, [(home.first, home.last)], text)


def _widened(a: Attribution, quotes: list[Quotation], starts: list[int], text: str) -> list[Span]:
    out: list[Span] = []
    for start, end in a.content:
        n = bisect_right(starts, end) - 1
        first, last = start, end
        while n >= 0:
            q = quotes[n]
            if q.end < first - LONGEST_QUOTATION:
                break
            n -= 1
            if q.start >= last or q.end <= first or q.start <= a.start < q.end:
                continue
            if q.start <= first and last <= q.end:
                # all inside one quotation that the cue is outside of: the quotation is the content
                first, last = q.start, q.end
            else:
                first, last = min(first, q.start), max(last, q.end)
        # marks around the whole do not belong to the words
        for q in quotes[bisect_left(starts, first) :]:
            if q.start > first:
                break
            if q.start == first and q.end >= last:
                first, last = q.first, q.last
                break
        first, last = trim(text, first, last)
        if last > first:
            if out and first <= out[-1][1]:
                out[-1] = (out[-1][0], max(out[-1][1], last))
            else:
                out.append((first, last))
    return out


def chains(quotes: list[Quotation]) -> list[int]:
    """For each quotation the number of the first one of its chain (re-opened paragraphs)."""
    heads = list(range(len(quotes)))
    for n, q in enumerate(quotes):
        if 0 <= q.goes_on < n:
            heads[n] = heads[q.goes_on]
    return heads


# --- cutting, nesting ------------------------------------------------------------------------------------------------


def chain(material: Material) -> None:
    """Re-opened quotations belong to the statement that the first of them belongs to."""
    quotes = material.quotes
    heads = chains(quotes)
    for n, head in enumerate(heads):
        if head == n:
            continue
        first, here = quotes[head], quotes[n]
        for a in material.found:
            if not here.start <= a.start < here.end and covers(a.content, first.first, first.last):
                if not overlaps(a.content, [(here.first, here.last)]):
                    a.content.append(trim(material.parse.text, here.first, here.last))
                    a.content.sort()
                break
        else:
            # the cue may stand behind a later part: `"One.` / `"Two," he said.`
            for a in material.found:
                if not first.start <= a.start < first.end and covers(a.content, here.first, here.last):
                    if not overlaps(a.content, [(first.first, first.last)]):
                        a.content.append(trim(material.parse.text, first.first, first.last))
                        a.content.sort()
                    break


def orphans(material: Material, words: Lexicon) -> None:
    """Quotations that no cue has claimed: a verb beside them, a colon, or they go on with the speaker before."""
    parse, quotes, found = material[:3]
    taken = sorted((a, b) for x in found for a, b in x.content)
    starts = [a for a, _ in taken]
    longest = max((b - a for a, b in taken), default=0)
    uses_double = any(q.double for q in quotes)
    made: list[Attribution] = []
    for number, q in enumerate(quotes):
        if q.depth or (not q.double and uses_double):
            continue
        n = bisect_left(starts, q.end) - 1
        claimed = False
        while n >= 0 and starts[n] >= q.first - longest:
            if taken[n][1] > q.first and not q.start <= _cue_of(found, taken[n]) < q.end:
                claimed = True
                break
            n -= 1
        if claimed or (q.goes_on >= 0 and _member(made, quotes[q.goes_on]) is not None):
            if not claimed:
                before = _member(made, quotes[q.goes_on])
                assert before is not None
                before.content.append(trim(parse.text, q.first, q.last))
            continue
        here = _orphan(parse, q, words, made + found, quotes, number)
        if here is not None:
            made.append(here)
    found.extend(made)


def _cue_of(found: list[Attribution], span: Span) -> int:
    for a in found:
        if span in a.content:
            return a.start
    return -1


def _member(made: list[Attribution], q: Quotation) -> Attribution | None:
    for a in made:
        if covers(a.content, q.first + 1, q.last - 1):
            return a
    return None


def _orphan(
    parse: Parse, q: Quotation, words: Lexicon, found: list[Attribution], quotes: list[Quotation], number: int
) -> Attribution | None:
    text = parse.text
    inside = text[q.first : q.last]
    count = len(_WORD.findall(inside[:400]))
    first, last = parse.sentence_at(q.first), parse.sentence_at(max(q.first, q.last - 1))
    if first is None or last is None or not count:
        return None
    content = [trim(text, q.first, q.last)]
    stopped = bool(_STOP.search(inside[-4:])) and count >= 3
    whole = q.start <= first.start + 1 and (q.end >= last.end - 1)
    # --- a verb right behind
    t = last.token_at(q.end) if q.end < last.end else len(last)
    while t < len(last) and (last.starts[t] < q.end or last.words[t] in MARKS or last.words[t] == ","):
        t += 1
    if (count >= SPEECHLIKE_WORDS or stopped) and t < len(last):
        for v in range(t, min(len(last), t + 9)):
            if last.tags[v] in ("VBD", "VBZ", "VBP"):
                source = grammar.own_subject(last, v)
                if source >= t and (source < v or v == t):
                    a = Attribution(last, v, words.verbs.get(last.lemmas[v]), "quote", True)
                    a.source, a.content, a.preposed = source, content, True
                    a.reach = (t, v)
                    return a
                break
            if last.words[v] == ",":
                break
    # --- a dash and a name right behind: `“…” — Jane Roe`
    dashed = _DASHED.match(text, q.end)
    if dashed and (count >= SPEECHLIKE_WORDS or stopped):
        s = parse.sentence_at(dashed.start("name"))
        if s is not None:
            token = s.token_at(dashed.end("name") - 1)
            a = Attribution(
                s, s.token_at(dashed.start("dash")) if dashed.start("dash") >= s.start else -1, None, "quote", True
            )
            a.source, a.content = token, content
            a.start, a.end = dashed.span("dash")
            return a
    # --- a short reporting clause that the parser made a sentence of its own: `“…?” a narrator asks.`
    if q.end >= last.end - 1 and last.number + 1 < len(parse.sentences):
        following = parse.sentences[last.number + 1]
        if following.paragraph == last.paragraph and len(following) < 14 and text[following.start].islower():
            v = following.root
            source = grammar.own_subject(following, v)
            if (
                source >= 0
                and following.lemmas[v] in words.verbs
                and not any(x.sentence is following and x.content for x in found)
            ):
                a = Attribution(following, v, words.verbs[following.lemmas[v]], "quote", True)
                a.source, a.content, a.preposed = source, content, True
                return a
    # --- words before: a colon, or a cue in the same sentence
    if q.start > first.start + 1:
        t = first.token_at(q.start - 1)
        while t >= 0 and (first.words[t] in MARKS or first.starts[t] >= q.start):
            t -= 1
        if t >= 0 and first.words[t] in (":", ",") and count >= 3:
            for v in range(t - 1, max(-1, t - 26), -1):
                if first.tags[v][0] == "V":
                    source = grammar.subject(first, v)
                    if source >= 0 and (first.words[t] == ":" or first.lemmas[v] in words.verbs):
                        a = Attribution(
                            first, v, words.verbs.get(first.lemmas[v]), "quote", first.words[t] == ":" or stopped
                        )
                        a.source, a.content = source, content
                        a.reach = (v, t)
                        return a
            if first.words[t] == ":":
                for v in range(t - 1, -1, -1):
                    if first.tags[v][0] == "N":
                        a = Attribution(first, t, None, "quote", True)
                        a.source, a.content = v, content
                        return a
    if not (whole or stopped or count >= FEWEST_GOING_ON):
        return None
    if not whole and q.start > first.start + 1:
        # "This includes “massive arrests and torture”.": words of the speaker before, in the report's own sentence
        if (
            first is not last
            or count < FEWEST_GOING_ON
            or any(a.sentence is first and a.token >= 0 and a.firm for a in found)
        ):
            return None
        content = [trim(text, first.start, first.end)]
    # --- it goes on with what was said before
    a = Attribution(first, -1, None, "continued", True)
    a.content = content
    a.continued = True
    a.implied = _before(parse, q, found, first)
    if a.implied is None and not whole and q.start > first.start + 1:
        return None
    if a.implied is None:
        a.source = _last_subject(parse, first)
        if a.source < 0:
            return None
        a.sentence = parse.sentences[first.number - 1]
        a.firm = False
    return a


def _before(parse: Parse, q: Quotation, found: list[Attribution], s: Sentence) -> Attribution | None:
    """The outermost statement that ends in the sentence before (or in the same one), else None."""
    best: Attribution | None = None
    best_end = -1
    for a in found:
        if a.frame not in ("quote", "clause", "colon", "continued", "according", "as", "noun") or not a.content:
            continue
        end = max(a.content[-1][1], a.end)
        if end > q.start or any(x <= a.start < y for o in found if o is not a for x, y in o.content):
            continue
        where = parse.sentence_at(end - 1)
        if where is None or s.number - where.number > 1 or s.paragraph - where.paragraph > 1:
            continue
        if end > best_end:
            best, best_end = a, end
    return best


def _last_subject(parse: Parse, s: Sentence) -> int:
    """The subject of the sentence before, when it is a person's name or pronoun in the same or the last paragraph."""
    if not s.number:
        return -1
    before = parse.sentences[s.number - 1]
    if s.paragraph - before.paragraph > 1:
        return -1
    token = grammar.subject(before, before.root)
    return (
        token
        if token >= 0
        and (before.tags[token] in ("NNP", "PRP", "NNPS") or before.lemmas[token] in words_of("person noun"))
        else -1
    )


def settle(material: Material) -> None:
    """Make contents overlap by nesting alone, and note for each attribution the innermost one it is reported inside."""
    text = material.parse.text
    found = material.found
    found.sort(key=lambda a: (_key(a), a.end))
    by_sentence: dict[int, list[Attribution]] = {}
    for a in found:
        by_sentence.setdefault(a.sentence.number, []).append(a)
    _keep_to_turns(found)
    # a parenthetical cue at the end is no part of what stands before it
    for group in by_sentence.values():
        for b in group:
            if not b.preposed and b.frame != "according":
                continue
            start, end = b.sentence.starts[b.reach[0]], b.sentence.ends[b.reach[1]]
            for a in group:
                if (
                    a is not b
                    and a.start < b.start
                    and covers(b.content, a.start, a.end)
                    and covers(a.content, b.start, b.end)
                ):
                    a.content = subtract(a.content, start, end, text)
    # "…, adding that": the sentence's speaker goes on, in words of his own cue
    for group in by_sentence.values():
        for b in group:
            if b.token < 0 or b.source < 0 or b.sentence.tags[b.token] != "VBG" or b.preposed or not b.content:
                continue
            for a in group:
                if a is not b and a.source == b.source and a.start < b.start and covers(a.content, b.start, b.end):
                    end = next(y for x, y in a.content if x <= b.start < y)
                    a.content = subtract(a.content, b.start, end, text)
    # "refused to say that": one statement, not two
    for group in by_sentence.values():
        for a in group:
            if a.frame == "inf" and any(_is_its_infinitive(b, a) for b in group):
                a.content = []
    # of two that hold each other's cue the later, preposed one is the outer
    alive = [a for a in found if a.content]
    _resolve(alive, text)
    material.found[:] = [a for a in alive if a.content]


def _key(a: Attribution) -> int:
    return a.start if a.start >= 0 else a.content[0][0]


_RANK = {
    "turn": 6,
    "quote": 5,
    "continued": 5,
    "colon": 5,
    "according": 4,
    "clause": 4,
    "obj-inf": 3,
    "inf": 3,
    "as": 2,
}


def _keep_to_turns(found: list[Attribution]) -> None:
    """Drop what the parser read over the colon of a turn: a cue inside its words with a source outside of them."""
    turns = [a for a in found if a.turn]
    for a in found:
        if a.token < 0 or a.source < 0:
            continue
        for turn in turns:
            start = a.sentence.starts[a.source]
            if covers(turn.content, a.start, a.end) and not covers(turn.content, start, start + 1):
                a.content = []


def _is_its_infinitive(b: Attribution, a: Attribution) -> bool:
    return (
        (b.firm or b.frame in ("clause", "quote"))
        and b.token > a.token
        and b.source == a.source
        and b.sentence.heads[b.token] == a.token
        and bool(b.content)
    )


def _rank(a: Attribution) -> tuple[int, int, int]:
    return (int(a.firm and (a.source >= 0 or a.implied is not None or a.turn)), _RANK.get(a.frame, 1), size(a.content))


def _resolve(found: list[Attribution], text: str) -> None:
    order = sorted(found, key=_rank, reverse=True)
    placed: list[Attribution] = []
    for a in order:
        for b in _near(placed, a):
            if not a.content:
                break
            inside = _said_inside(a, b)
            around = _said_inside(b, a)
            if inside and around:
                inside = not (a.preposed and a.start > b.start)
                around = not inside
            if inside:
                if not contains(b.content, a.content):
                    a.content = clip(a.content, b.content, text)
            elif around:
                if not contains(a.content, b.content):
                    # b is placed and ranks higher: a gives way where they cross
                    a.content = uncross(a.content, b.content, text)
            elif overlaps(a.content, b.content):
                if a.implied is None and contains(b.content, a.content) and a.frame == "continued":
                    a.content = []
                else:
                    for x, y in b.content:
                        a.content = subtract(a.content, x, y, text)
        if a.content:
            placed.append(a)
    for a in placed:
        a.within = None
        best = -1
        for b in placed:
            if (
                b is not a
                and (b.source >= 0 or b.implied is not None or b.turn or b.frame == "turn")
                and _said_inside(a, b)
                and contains(b.content, a.content)
                and (best < 0 or size(b.content) < best)
            ) and (size(b.content) > size(a.content) or b.start < a.start):
                a.within, best = b, size(b.content)


def _near(placed: list[Attribution], a: Attribution) -> list[Attribution]:
    start = min(a.content[0][0], a.start if a.start >= 0 else a.content[0][0])
    end = max(a.content[-1][1], a.end)
    return [
        b
        for b in placed
        if (b.content and b.content[0][0] < end and b.content[-1][1] > start) or (b.start >= start and b.start < end)
    ]


def _said_inside(a: Attribution, b: Attribution) -> bool:
    """True when a's cue stands in b's content."""
    if a.start >= 0:
        return covers(b.content, a.start, a.end)
    return contains(b.content, a.content) and size(b.content) > size(a.content)
