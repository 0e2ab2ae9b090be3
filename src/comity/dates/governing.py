"""Which time expression dates an event or a statement: its own clause, else its sentence, else what went before.

The link runs over the dependency tree. Each expression is *attached* to the word it modifies and *spreads* from there
to the words whose time it also tells (from an occasion to what is said at it, from an object to its light verb). Each
trigger *climbs* to the words whose time is also its own (from a noun to its light verb, from a coordinate verb to the
first one), and stops where a clause has a time of its own: relative and content clauses, "after", "because", quotation
marks. Where the two meet with the fewest steps, the expression dates the trigger.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from comity.dates import values as v
from comity.dates.find import Timeline, day_of
from comity.dates.resolve import Found, Reading, resolve
from comity.dates.tense import PAST, at, classes, of_verb
from comity.language import Sentence
from comity.records import Span


class Governed(NamedTuple):
    """When something happened or was said, and which words say so."""

    date: str | None
    """First day: ``YYYY-MM-DD``; ``YYYY-MM`` for months and quarters, ``YYYY`` for years and decades; for a week its
    Monday."""
    date_precision: str | None
    """day | week | month | quarter | year | decade | published; None without a date."""
    date_end: str | None
    """Last day, month or year (in the form of `date`) of a week, weekend, quarter, season, decade or stated range; the
    report's day for "since …"; None for single days, months and years."""
    date_span: Span | None
    """The words that date it; None for the publication day."""
    how: str
    """clause | sentence | carried | published | undated (the words place it outside the report's day, and no more)."""


UNDATED = Governed(None, None, None, None, "undated")

FARTHEST = 8
"""Steps that are climbed at most; deeper nesting is the parser's error rather than the writer's."""

_NOT_AT = frozenset(
    "before after until till by than like ahead prior pending following despite amid unlike as versus beyond".split()
)
_OCCASION_PREPS = frozenset("in at during on via through over amid with".split())
_SAME_TIME_MARKS = frozenset(("as", "when", "while", "once", "where"))
_OTHER_TIME_MARKS = frozenset(
    "after before since if unless because although though until whether so lest except".split()
)


class _Link(NamedTuple):
    """An expression that can date something in its sentence."""

    n: int
    """Number of the expression; of the first one for a range."""
    last: int
    """Number of the last expression of a range."""
    leading: str
    """The preposition before it, in lower case; empty without one."""
    spread: tuple[tuple[int, int], ...]
    """(token, steps)."""


class _Links(NamedTuple):
    """All links of a sentence."""

    links: tuple[_Link, ...]
    at: dict[int, list[tuple[int, int]]]
    """Token to (steps, number of the link)."""


# --- expressions to tokens -----------------------------------------------------------------------------------------

_VAGUE = frozenset(("PAST_REF", "FUTURE_REF"))


def _can_date(found: Found) -> bool:
    return found.type in ("DATE", "TIME") and (found.value in _VAGUE or v.extent(found.value) is not None)


def _head(s: Sentence, first: int, last: int) -> int:
    for n in range(first, last + 1):
        if not first <= s.heads[n] <= last or s.heads[n] == n:
            return n
    return first


def _between(text: str, start: int, end: int) -> str:
    return " ".join(text[start:end].split()).lower()


_TO = frozenset(("to", "through", "until", "till", "-", "–", "—", "up to", "thru"))


def _is_range(text: str, one: Found, two: Found) -> bool:
    """True for "from Monday to Friday", "Oct 22-24", "between 3 and 5 May"."""
    joint = _between(text, one.end, two.start)
    if joint in _TO:
        return True
    before = text[max(0, one.start - 9) : one.start].lower().split()
    return joint == "and" and bool(before) and before[-1] == "between"


def _attach(s: Sentence, head: int) -> tuple[int, str, bool]:
    """(the word that the expression modifies, the preposition before it, whether it stands before that word)."""
    token, leading = head, ""
    for _ in range(FARTHEST):
        above = s.heads[token]
        if above == token:
            return token, leading, False
        dep = s.deps[token]
        if dep in ("pobj", "pcomp"):
            leading = leading or s.lowers[above]
            token = above
        elif dep == "prep" and (s.tags[above] in ("IN", "RB", "TO") or s.lowers[above] in _NOT_AT):
            if s.lowers[above] in _NOT_AT:
                leading = s.lowers[above]
            token = above
        else:
            return above, leading, dep in ("poss", "compound", "amod", "nummod", "nmod") and token < above
    return token, leading, False


def _spread(s: Sentence, node: int, before_noun: bool, fine: bool) -> list[tuple[int, int]]:
    """The words whose time an expression tells that modifies `node`. `fine`: it is a day, not a month or year."""
    table = classes()
    reached = [(node, 0)]
    steps = 0
    for _ in range(FARTHEST):
        if s.tags[node][:1] != "N":
            break
        dep, head = s.deps[node], s.heads[node]
        if head == node:
            break
        if dep == "pobj":
            word, above = s.lowers[head], s.heads[head]
            if s.tags[above][:1] == "N":
                if before_noun or word in _NOT_AT:
                    break
                steps, node = steps + 1, above
            elif s.tags[above][:2] == "VB":
                if word in ("after", "following") and fine:
                    reached.append((above, steps + 3))
                elif word in _OCCASION_PREPS or not (before_noun or word in _NOT_AT):
                    reached.append((above, steps + (1 if word in _OCCASION_PREPS else 2)))
                break
            else:
                break
        elif dep in ("dobj", "nsubjpass", "attr", "dative", "oprd"):
            if not before_noun or s.lemmas[head] in table["light"]:
                reached.append((head, steps + 1))
            break
        elif dep == "nsubj":
            if s.lemmas[head] in table["light"] or (fine and s.tags[head] in ("VBD", "VBN")):
                reached.append((head, steps + 1))
            break
        elif dep in ("conj", "compound", "nmod", "poss"):
            steps, node = steps + 1, head
        else:
            break
        reached.append((node, steps))
    return reached


def _links(timeline: Timeline, s: Sentence) -> _Links:
    key = ("links", s.number)
    known = timeline.cache.get(key)
    if known is None:
        known = timeline.cache[key] = _linked(timeline, s)
    assert isinstance(known, _Links)
    return known


def _linked(timeline: Timeline, s: Sentence) -> _Links:
    links: list[_Link] = []
    at: dict[int, list[tuple[int, int]]] = {}
    n = bisect_left(timeline.starts, s.start)
    while n < len(timeline.starts) and timeline.starts[n] < s.end:
        found = timeline.found[n]
        if not _can_date(found):
            n += 1
            continue
        last = n
        if n + 1 < len(timeline.starts) and timeline.starts[n + 1] < s.end:
            following = timeline.found[n + 1]
            if _can_date(following) and _is_range(timeline.parse.text, found, following):
                last = n + 1
        head = _head(s, max(s.token_at(found.start), 0), max(s.token_at(found.end - 1), 0))
        node, leading, before_noun = _attach(s, head)
        span = v.extent(found.value)
        reached = _spread(s, node, before_noun, span is not None and span.precision == "day")
        for token, steps in reached:
            at.setdefault(token, []).append((steps, len(links)))
        links.append(_Link(n, last, leading, tuple(reached)))
        n = last + 1
    return _Links(tuple(links), at)


# --- triggers to clauses -------------------------------------------------------------------------------------------


def _mark(s: Sentence, verb: int) -> str:
    """The word that introduces an adverbial clause; empty without one."""
    for k in s.kids[verb]:
        if s.deps[k] in ("mark", "advmod") and (s.lowers[k] in _SAME_TIME_MARKS or s.lowers[k] in _OTHER_TIME_MARKS):
            return s.lowers[k]
    return ""


def _climb(s: Sentence, token: int) -> tuple[list[tuple[int, int]], str]:
    """(the words whose time is the token's, with steps; where the climb ended: "main" or the reason)."""
    table = classes()
    path = [(token, 0)]
    steps = 0
    for _ in range(FARTHEST):
        head, dep, tag = s.heads[token], s.deps[token], s.tags[token]
        if head == token:
            return path, "main"
        above = s.tags[head]
        if dep in ("aux", "auxpass", "neg", "prt", "acomp", "attr"):
            pass
        elif dep == "conj":
            steps += 1 if not any(s.deps[k] in ("nsubj", "nsubjpass") for k in s.kids[token]) else 2
        elif tag[:2] == "VB" or tag == "MD":
            if dep == "advcl":
                mark = _mark(s, token)
                if mark in _OTHER_TIME_MARKS:
                    return path, mark
                steps += 2 if mark else 1
            elif dep == "xcomp":
                if s.lemmas[head] not in table["raising"]:
                    return path, dep
                steps += 1
            elif dep == "pcomp":
                word = s.lowers[head]
                if word in ("after", "following"):
                    steps += 2
                elif word in ("by", "with", "in", "while", "upon", "when"):
                    steps += 1
                else:
                    return path, word
            elif dep == "prep":
                pass
            else:
                return path, dep
        elif tag in ("IN", "TO", "RB") and dep in ("prep", "advmod"):
            pass
        elif dep in ("dobj", "nsubjpass", "oprd", "dative"):
            if s.lemmas[head] not in table["light"]:
                return path, "object"
            steps += 1
        elif dep == "nsubj":
            if s.lemmas[head] not in table["light"] and above not in ("VBD", "VBN"):
                return path, "subject"
            steps += 1
        elif dep == "pobj":
            word = s.lowers[head]
            if word in ("after", "following"):
                steps += 2
            elif word in ("in", "at", "during", "for", "on", "through", "via", "with", "to", "into", "of"):
                steps += 1
            else:
                return path, word
        elif dep in ("compound", "poss", "amod", "nmod", "advmod", "npadvmod"):
            pass
        else:
            return path, dep
        token = head
        path.append((token, steps))
    return path, "deep"


def _best(timeline: Timeline, s: Sentence, tokens: Sequence[int]) -> tuple[int, _Link, str] | None:
    """(steps, the link that dates one of the tokens, where its climb ended)."""
    links = _links(timeline, s)
    if not links.links:
        return None
    best: tuple[tuple[int, int], _Link, str] | None = None
    for token in tokens:
        quote = timeline.quote_at(s.starts[token])
        path, end = _climb(s, token)
        for node, up in path:
            for down, number in links.at.get(node, ()):
                link = links.links[number]
                found = timeline.found[link.n]
                if link.leading in _NOT_AT or timeline.quote_at(found.start) != quote:
                    continue
                rank = (up + down, abs(found.start - s.starts[token]))
                if best is None or rank < best[0]:
                    best = (rank, link, end)
    return best and (best[0][0], best[1], best[2])


# --- the record ----------------------------------------------------------------------------------------------------


def _against(timeline: Timeline, n: int, anchor: date | None) -> Found:
    """The expression, counted from the day of saying where it stands in a quotation and is deictic."""
    found = timeline.found[n]
    if anchor is None or not found.deictic or timeline.quote_at(found.start) < 0:
        return found
    reading = Reading(timeline.parse.text, anchor, lambda start, end: at(timeline.parse, start, end))
    return next((f for f in resolve(timeline.sources[n], reading) if f.start == found.start), found)


def _record(timeline: Timeline, link: _Link, how: str, anchor: date | None) -> Governed:
    one = _against(timeline, link.n, anchor)
    two = _against(timeline, link.last, anchor)
    span = (one.start, two.end)
    first, last = v.extent(one.value), v.extent(two.value)
    if first is None or last is None:
        return Governed(None, None, None, span, "undated")
    end: str | None = None
    if link.last != link.n and last.last > first.first:
        end = v.printed(last.first if last.precision in ("day", "month", "year") else last.last, last.precision)
    elif link.leading == "since":
        day = timeline.day_at(one.start)
        if day and day > first.last:
            end = v.printed(day, "day")
    elif first.precision in ("week", "quarter", "decade") or first.first != first.last and first.precision == "day":
        end = v.printed(first.last, first.precision)
    return Governed(v.printed(first.first, first.precision), first.precision, end, span, how)


def _published(timeline: Timeline, offset: int) -> Governed:
    day = timeline.day_at(offset)
    if day is None:
        return Governed(None, None, None, None, "published")
    return Governed(day.isoformat(), "published", None, None, "published")


def _root_verb(s: Sentence) -> int:
    return s.root


def _simple_past(s: Sentence, token: int) -> bool:
    return s.tags[token] == "VBD" or (
        s.tags[token] == "VBN" and any(s.lowers[k] in ("was", "were") for k in s.kids[token])
    )


def _main_link(timeline: Timeline, s: Sentence) -> _Link | None:
    """The link that dates the main verb of a sentence to a day in the past tense."""
    found = _best(timeline, s, (s.root,))
    if found is None or found[0] > 1:
        return None
    link = found[1]
    span = v.extent(timeline.found[link.n].value)
    if span is None or span.precision != "day" or link.leading == "since":
        return None
    return link if _simple_past(s, s.root) else None


def _carried(timeline: Timeline, s: Sentence, token: int) -> _Link | None:
    """The day of the sentences before, in the same paragraph, where the story goes on in the past tense."""
    if not _simple_past(s, s.root) or s.lowers[0] in classes()["later"]:
        return None
    n = s.number - 1
    sentences = timeline.parse.sentences
    while n >= 0 and sentences[n].paragraph == s.paragraph and s.number - n <= CARRIES:
        link = _main_link(timeline, sentences[n])
        if link is not None:
            return link
        n -= 1
    return None


CARRIES = 3
"""Sentences over which a day is carried on inside a paragraph."""


def governing_date(
    timeline: Timeline,
    sentence: Sentence,
    token: int,
    *,
    also: Sequence[int] = (),
    cue: bool = False,
    anchor: str | None = None,
) -> Governed:
    """The date of the event or statement whose trigger is `token` of `sentence`.

    `also`: further tokens of the trigger in the same sentence (a light verb, the cue of the statement that performs a
    speech act). `cue`: the token is the cue of a statement. `anchor`: ISO day of saying, from which "yesterday" inside
    a quotation is counted.
    """
    tokens = (token, *also)
    best = _best(timeline, sentence, tokens)
    if best is not None:
        steps, link, _ = best
        return _record(timeline, link, "clause" if steps <= 1 else "sentence", day_of(anchor))
    path, end = _climb(sentence, token)
    if end == "main" and timeline.quote_at(sentence.starts[token]) < 0:
        carried = _carried(timeline, sentence, token)
        if carried is not None:
            return _record(timeline, carried, "carried", None)
    return _published(timeline, sentence.starts[token])
