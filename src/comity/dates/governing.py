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
from comity.dates.tense import FUTURE, at, classes, of_verb
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
_TOPIC_PREPS = frozenset("about regarding concerning over for of".split())
_OCCASION_PREPS = frozenset("in at during on via through amid with".split())
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


def _value(timeline: Timeline, n: int) -> str | None:
    """What an expression is worth for dating: its value, or the day that a duration counts up to."""
    found = timeline.found[n]
    return found.value if found.type in ("DATE", "TIME") else timeline.counted.get(n)


def _can_date(timeline: Timeline, n: int) -> bool:
    value = _value(timeline, n)
    return value in _VAGUE or v.extent(value) is not None


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
            before_noun = dep in ("poss", "compound", "amod", "nummod", "nmod") and token < above
            return _cue_before(s, token, above), leading, before_noun
    return token, leading, False


def _cue_before(s: Sentence, token: int, verb: int) -> int:
    """The verb of speech for what stands between it and its content: "said on Monday they were leaving", where the
    parser takes the day for a part of the content."""
    cue = s.heads[verb]
    if s.deps[verb] != "ccomp" or s.lemmas[cue] not in classes()["speech"] or not cue < token < verb:
        return verb
    subject = next((k for k in s.kids[verb] if s.deps[k] in ("nsubj", "nsubjpass", "expl")), verb)
    return cue if token < s.subtree(subject)[0] else verb


def _told(s: Sentence, node: int) -> int:
    """For a past date the word above any that looks ahead: "warned of consequences should it attack on Monday"."""
    for _ in range(FARTHEST):
        if s.tags[node][:2] != "VB" or of_verb(s, node) != FUTURE or s.heads[node] == node:
            break
        above = s.heads[node]
        while s.tags[above][:2] != "VB" and s.heads[above] != above:
            above = s.heads[above]
        if s.tags[above][:2] != "VB":
            break
        node = above
    return node


def _goes_on(s: Sentence, token: int) -> bool:
    """True where "since" tells when something began: with a perfect tense, or a noun that is not counted ("first …")."""
    if s.tags[token][:2] == "VB":
        return any(s.lemmas[k] == "have" for k in s.kids[token])
    return not any(s.tags[k] in ("JJS", "RBS", "CD") or s.lowers[k] in _COUNTED for k in s.kids[token])


_COUNTED = frozenset("first second third fourth fifth last only new another".split())


def _spread(s: Sentence, node: int, before_noun: bool, fine: bool, past: bool) -> list[tuple[int, int]]:
    """The words whose time an expression tells that modifies `node`. `fine`: it is a day, not a month or year; `past`:
    it lies before the report's day."""
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
                if past:
                    above = _told(s, above)
                if word in ("after", "following") and fine:
                    reached.append((above, steps + 3))
                elif word in _OCCASION_PREPS:
                    reached.append((above, steps + 1))
                elif not (before_noun or word in _NOT_AT or word in _TOPIC_PREPS):
                    reached.append((above, steps + 2))
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
    return reached + _spread_up(s, *reached[-1])


def _spread_up(s: Sentence, verb: int, steps: int) -> list[tuple[int, int]]:
    """The verb above whose time is that of a dated clause below it: "speaking on Monday, he said", "refused to leave
    on Monday", "rose as it was signed on Monday", "said in an interview broadcast on Monday"."""
    tag, dep, head = s.tags[verb], s.deps[verb], s.heads[verb]
    if tag[:2] != "VB" or head == verb:
        return []
    if dep == "advcl":
        mark = _mark(s, verb)
        if mark in _SAME_TIME_MARKS:
            return [(head, steps + 3)]
        return [(head, steps + 2)] if not mark and tag in ("VBG", "VBN") else []
    if dep == "xcomp":
        return [(head, steps + 2)] if s.lemmas[head] not in classes()["ahead"] else []
    if dep == "acl" and s.lemmas[head] in classes()["occasion"] and s.deps[head] == "pobj":
        word, above = s.lowers[s.heads[head]], s.heads[s.heads[head]]
        if word in _OCCASION_PREPS and s.tags[above][:2] == "VB":
            return [(head, steps + 1), (above, steps + 2)]
    return []


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
        if not _can_date(timeline, n):
            n += 1
            continue
        last = n
        if n + 1 < len(timeline.starts) and timeline.starts[n + 1] < s.end:
            following = timeline.found[n + 1]
            if _can_date(timeline, n + 1) and _is_range(timeline.parse.text, found, following):
                last = n + 1
        head = _head(s, max(s.token_at(found.start), 0), max(s.token_at(found.end - 1), 0))
        node, leading, before_noun = _attach(s, head)
        span = v.extent(_value(timeline, n))
        day = timeline.day_at(found.start)
        past = span is not None and day is not None and span.last < day
        if past:
            node = _told(s, node)
        if timeline.sources[n].action == "holiday" and leading not in ("on", "at", "over", "during", "since"):
            n += 1  # "Christmas greetings"
            continue
        reached = _spread(s, node, before_noun, span is not None and span.precision == "day", past)
        if leading == "since":
            reached = [(t, steps) for t, steps in reached if _goes_on(s, t)]
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


def _under_with(s: Sentence, noun: int) -> bool:
    while s.deps[noun] == "conj" and s.heads[noun] != noun:
        noun = s.heads[noun]
    return s.deps[noun] == "pobj" and s.lowers[s.heads[noun]] == "with"


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
            elif dep == "acl" and tag == "VBG" and _under_with(s, head):
                steps += 1  # "with envoys heading for Geneva and powers signalling"
            elif dep != "prep":
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
                if found.value in _VAGUE and up + down > 1:
                    continue  # "recently" says little, and of its own verb alone
                rank = (up + down + (found.value in _VAGUE), abs(found.start - s.starts[token]))
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
    first = v.extent(timeline.counted.get(link.n, one.value))
    last = v.extent(timeline.counted.get(link.last, two.value))
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


# --- what went before ----------------------------------------------------------------------------------------------

CARRIES = 3
"""Sentences over which a day is carried on inside a paragraph. Chosen on the development articles."""

_PRONOUNS = frozenset("he she they it we i both".split())
_OBJECT_PRONOUNS = frozenset("him her them".split())


def _simple_past(s: Sentence, token: int) -> bool:
    """True for the tense of a story that goes on: "met", "was met"; not "has met", "had met", "meets"."""
    aux = {s.lowers[k] for k in s.kids[token] if s.deps[k] in ("aux", "auxpass")}
    if s.tags[token] == "VBD":
        return "had" not in aux
    return s.tags[token] in ("VBN", "VBG") and bool(aux & {"was", "were"}) and "had" not in aux


def _had(s: Sentence, token: int) -> bool:
    """True for the past perfect: before the story's day, and no more is known."""
    return s.tags[token] in ("VBN", "VBD") and any(s.lowers[k] == "had" for k in s.kids[token])


def _subject(s: Sentence, verb: int) -> int:
    """The subject of a verb, or of the verb that it is coordinate with; -1 without one."""
    for _ in range(3):
        for k in s.kids[verb]:
            if s.deps[k] in ("nsubj", "nsubjpass"):
                return k
        if s.deps[verb] not in ("conj", "xcomp", "advcl") or s.heads[verb] == verb:
            return -1
        verb = s.heads[verb]
    return -1


WITHIN = 7
"""Days before the report's day within which one dated saying of a person dates his other sayings, and one dated deed
the other mentions of it. Older days belong to the story's past rather than to its news."""


def _retold(timeline: Timeline) -> dict[tuple[str, str], _Link | None]:
    """(subject, verb) to the link that dates it, where all dated mentions in the report name one recent day.

    All verbs of speech count as one: who speaks on Tuesday is quoted from that day throughout. Light verbs are left
    out, for they say nothing of what is done.
    """
    known = timeline.cache.get("retold")
    if known is None:
        known = timeline.cache["retold"] = told = {}
        table = classes()
        for s in timeline.parse.sentences:
            for number, link in enumerate(_links(timeline, s).links):
                span = v.extent(_value(timeline, link.n))
                day = timeline.day_at(s.start)
                if span is None or span.precision != "day" or day is None or link.leading in _NOT_AT or link.leading == "since":
                    continue
                recent = 0 <= (day - span.first).days <= WITHIN
                for token, steps in link.spread:
                    if steps > 1 or not _simple_past(s, token) or timeline.quote_at(s.starts[token]) >= 0:
                        continue
                    subject = _subject(s, token)
                    lemma = "say" if s.lemmas[token] in table["speech"] else s.lemmas[token]
                    if subject < 0 or s.tags[subject] not in ("NNP", "NNPS") or lemma in table["light"]:
                        continue
                    key = (s.lowers[subject], lemma)
                    other = told.get(key, link)
                    same = other is not None and v.extent(_value(timeline, other.n)) == span
                    told[key] = link if recent and same else None
    assert isinstance(known, dict)
    return known


def _spoken_of(timeline: Timeline, s: Sentence, token: int) -> str | None:
    """The name behind the subject of a verb: its own, or for "he", "she" that of the last name before that speaks."""
    subject = _subject(s, token)
    if subject < 0:
        return None
    if s.tags[subject] in ("NNP", "NNPS"):
        return s.lowers[subject]
    if s.lowers[subject] not in ("he", "she"):
        return None
    for n in range(s.number - 1, max(s.number - 1 - CARRIES, -1), -1):
        before = timeline.parse.sentences[n]
        other = _subject(before, before.root)
        if other >= 0 and before.tags[other] in ("NNP", "NNPS"):
            return before.lowers[other]
        if other >= 0 and before.lowers[other] not in ("he", "she", "i", "we"):
            return None
    return None


def _told_elsewhere(timeline: Timeline, s: Sentence, tokens: Sequence[int]) -> _Link | None:
    """The link that dates another mention of the same deed, or another saying of the same person."""
    retold = _retold(timeline)
    if not retold:
        return None
    table = classes()
    for token in tokens:
        if timeline.quote_at(s.starts[token]) >= 0:
            continue
        for node, _ in _climb(s, token)[0]:
            if s.tags[node][:2] != "VB" or not (_simple_past(s, node) or s.tags[node] == "VBG"):
                continue
            name = _spoken_of(timeline, s, node)
            lemma = "say" if s.lemmas[node] in table["speech"] else s.lemmas[node]
            link = retold.get((name or "", lemma))
            if link is not None:
                return link
    return None


def _main_link(timeline: Timeline, s: Sentence) -> _Link | None:
    """The link that dates the main verb of a sentence to a day, in the tense of a story."""
    key = ("main", s.number)
    if key not in timeline.cache:
        found = _best(timeline, s, (s.root,)) if _simple_past(s, s.root) else None
        link = found[1] if found is not None and found[0] <= 1 else None
        if found is None and _simple_past(s, s.root):
            link = _told_elsewhere(timeline, s, (s.root,))
        if link is not None:
            span = v.extent(_value(timeline, link.n))
            if span is None or span.precision != "day" or link.leading == "since":
                link = None
        timeline.cache[key] = link
    known = timeline.cache[key]
    assert known is None or isinstance(known, _Link)
    return known


def _goes_on_from(s: Sentence, before: Sentence) -> bool:
    """True when the subject of a sentence was spoken of in the one before: by a pronoun, or by the same name."""
    subject = _subject(s, s.root)
    if subject < 0:
        return False
    if s.lowers[subject] in _PRONOUNS or any(s.lowers[k] in _OBJECT_PRONOUNS for k in s.kids[s.root]):
        return True
    return s.tags[subject][:1] == "N" and s.lowers[subject] in before.lowers


def _has_day(timeline: Timeline, s: Sentence) -> bool:
    """True when a sentence speaks of some time of its own, whatever it dates."""
    return any(v.extent(_value(timeline, link.n)) for link in _links(timeline, s).links)


def _carried(timeline: Timeline, s: Sentence) -> _Link | None:
    """The day of the sentences before, where the story goes on."""
    if not _simple_past(s, s.root) or _has_day(timeline, s) or not classes()["later"].isdisjoint(s.lowers[:2]):
        return None
    sentences = timeline.parse.sentences
    here = s
    for n in range(s.number - 1, max(s.number - 1 - CARRIES, -1), -1):
        before = sentences[n]
        if before.paragraph < s.paragraph - 1 or not _goes_on_from(here, before):
            return None
        link = _main_link(timeline, before)
        if link is not None:
            return link
        here = before
    return None


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
    ends = [_climb(sentence, t) for t in tokens]
    if all(end in ("after", "before", "since") or _had(sentence, t) for t, (_, end) in zip(tokens, ends)):
        return UNDATED
    elsewhere = _told_elsewhere(timeline, sentence, tokens)
    if elsewhere is not None:
        return _record(timeline, elsewhere, "carried", None)
    if any(end == "main" and timeline.quote_at(sentence.starts[t]) < 0 for t, (_, end) in zip(tokens, ends)):
        carried = _carried(timeline, sentence)
        if carried is not None:
            return _record(timeline, carried, "carried", None)
    return _published(timeline, sentence.starts[token])
