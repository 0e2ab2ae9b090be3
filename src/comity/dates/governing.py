"""Which time expression dates an event or a statement: its own clause, else its sentence, else what went before."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from comity.dates import values as v
from comity.dates.amounts import integer
from comity.dates.find import Timeline, day_of
from comity.dates.links import NOT_AT, Reach, attach, climb, head_of, is_verb, spread
from comity.dates.reading import Found, Reading
from comity.dates.resolve import resolve
from comity.dates.scan import Token, classify
from comity.dates.tense import PAST, at, classes, of_verb
from comity.language import Sentence
from comity.language.classes import word_set
from comity.records import Span

CLAUSE = 1
"""Steps up to which an expression belongs to the trigger's own clause."""

OCCASION = 3
"""Steps up to which an expression dates the main verb of a sentence well enough for its day to be carried on."""

MOST = 4
"""Steps between trigger and expression beyond which the two have nothing to do with one another. Chosen on the
development articles: 3 to 5 give the same figures, 2 loses a tenth of the dated events."""

CARRIES = 3
"""Sentences over which a day is carried on. Chosen on the development articles; 2 to 5 give the same figures."""

WITHIN = 7
"""Days before the report's day within which one dated saying of a person dates his other sayings, and one dated deed
the other mentions of it; 3 to 30 give the same figures on the development articles. Older days belong to the story's
past rather than to its news."""

VAGUE = frozenset(("PAST_REF", "FUTURE_REF"))

SOME = {"hour": 1, "day": 6, "week": 55, "H": 1, "D": 6, "W": 55}
"""Days that an unknown number of a unit spans at most: "days after" is less than a week, "weeks after" less than two
months; by the noun, and by the unit of a TIMEX3 duration. Whoever writes of longer times counts in the next unit."""


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
    """clause | sentence | carried | published | undated (the words place it at another time than the report's day, and
    do not tell when)."""

    def alone(self) -> Governed:
        """The date for a record that has no place for an end, as coarse as it must be to be true by itself: the month
        of a week (its Thursday's) or weekend, the year of a quarter or season, the first day of a stated range."""
        if self.date is None or self.date_end is None:
            return self
        first = date.fromisoformat(self.date) if self.date_precision in ("day", "week") else None
        weekend = first and first.isoweekday() == 6 and self.date_end == (first + v.ONE_DAY).isoformat()
        if self.date_precision == "quarter":
            return self._replace(date=self.date[:4], date_precision="year", date_end=None)
        if first and self.date_precision == "week":
            month = v.month(first + 3 * v.ONE_DAY)
            return self._replace(date=month, date_precision="month", date_end=None)
        if weekend:
            return self._replace(date=self.date[:7], date_precision="month", date_end=None)
        return self._replace(date_end=None)


UNDATED = Governed(None, None, None, None, "undated")


class _Link(NamedTuple):
    """An expression that can date something in its sentence."""

    n: int
    """Number of the expression; of the first one for a range."""
    last: int
    """Number of the last expression of a range."""
    leading: str
    reach: Reach


class _Links(NamedTuple):
    """All links of a sentence."""

    links: list[_Link]
    at: dict[int, list[tuple[int, int]]]
    """Token to (steps, number of the link)."""


# --- the links of a sentence ---------------------------------------------------------------------------------------


def _value(timeline: Timeline, n: int) -> str | None:
    """What an expression is worth for dating: its value, or the day that a duration counts up to."""
    found = timeline.found[n]
    return found.value if found.type in ("DATE", "TIME") else timeline.counted.get(n)


def _can_date(timeline: Timeline, n: int) -> bool:
    """True for what names a time, known or not; false for durations, sets and "now"."""
    if timeline.found[n].type not in ("DATE", "TIME"):
        return n in timeline.counted
    value = timeline.found[n].value
    return value is None or value in VAGUE or value.startswith("XXXX") or v.extent(value) is not None


_TO = frozenset(("to", "through", "until", "till", "-", "–", "—", "up to", "thru"))


def _is_range(text: str, one: Found, two: Found) -> bool:
    """True for "from Monday to Friday", "Oct 22-24", "between 3 and 5 May"."""
    joint = " ".join(text[one.end : two.start].split()).lower()
    if joint in _TO:
        return True
    return joint == "and" and text[max(0, one.start - 9) : one.start].lower().split()[-1:] == ["between"]


def _links(timeline: Timeline, s: Sentence) -> _Links:
    key = ("links", s.number)
    known = timeline.cache.get(key)
    if known is None:
        known = timeline.cache[key] = _linked(timeline, s)
    assert isinstance(known, _Links)
    return known


_AT_HOLIDAYS = frozenset(("on", "at", "over", "during", "since"))


def _linked(timeline: Timeline, s: Sentence) -> _Links:
    found = _Links([], {})
    starts = timeline.starts
    n = bisect_left(starts, s.start)
    while n < len(starts) and starts[n] < s.end:
        here, n = n, n + 1
        if not _can_date(timeline, here):
            continue
        one = timeline.found[here]
        if n < len(starts) and starts[n] < s.end and _can_date(timeline, n):
            n += _is_range(timeline.parse.text, one, timeline.found[n])
        to = attach(s, head_of(s, max(s.token_at(one.start), 0), max(s.token_at(one.end - 1), 0)))
        if timeline.sources[here].action == "holiday" and to.leading not in _AT_HOLIDAYS:
            continue  # "Christmas greetings"
        span, day = v.extent(_value(timeline, here)), timeline.day_at(one.start)
        reach = spread(s, to, span is not None and span.precision == "day", bool(span and day and span.last < day))
        for token, steps in reach:
            found.at.setdefault(token, []).append((steps, len(found.links)))
        found.links.append(_Link(here, n - 1, to.leading, reach))
    return found


def _best(timeline: Timeline, s: Sentence, paths: Sequence[Reach]) -> tuple[int, _Link] | None:
    """(steps, the link that dates one of the tokens, each with what it climbs to, with the fewest steps)."""
    links = _links(timeline, s)
    best: tuple[tuple[int, int], _Link] | None = None
    if not links.links:
        return None
    for path in paths:
        token = path[0][0]
        quote = timeline.quote_at(s.starts[token])
        for node, up in path:
            for down, number in links.at.get(node, ()):
                link = links.links[number]
                found = timeline.found[link.n]
                vague = found.value in VAGUE
                if link.leading in NOT_AT or timeline.quote_at(found.start) != quote:
                    continue
                if up + down > (CLAUSE if vague else MOST):  # "recently" says little, and of its own verb alone
                    continue
                if (up + down or token != paths[0][0][0]) and _still_to_come(timeline, s, paths[0][0][0], link):
                    continue
                rank = (up + down + vague, abs(found.start - s.starts[token]))
                if best is None or rank < best[0]:
                    best = (rank, link)
    return best and (best[0][0], best[1])


def _still_to_come(timeline: Timeline, s: Sentence, token: int, link: _Link) -> bool:
    """True where a date ahead cannot be that of a deed that is told as done: "agreed to meet on Friday"."""
    span, day = v.extent(_value(timeline, link.n)), timeline.day_at(s.starts[token])
    return bool(span and day and span.first > day) and is_verb(s, token) and of_verb(s, token) == PAST


# --- what went before ----------------------------------------------------------------------------------------------

_PRONOUNS = word_set("he she they it we i both")
_OBJECTS = word_set("him her them")


def simple_past(s: Sentence, token: int) -> bool:
    """True for the tense of a story that goes on: "met", "was met"; not "has met", "had met", "meets"."""
    aux = {s.lowers[k] for k in s.kids[token] if s.deps[k] in ("aux", "auxpass")}
    if "had" in aux:
        return False
    return s.tags[token] == "VBD" or (s.tags[token] in ("VBN", "VBG") and bool(aux & {"was", "were"}))


def _had(s: Sentence, token: int) -> bool:
    """True for the past perfect: before the story's day, and no more is known."""
    return s.tags[token] in ("VBN", "VBD") and any(s.lowers[k] == "had" for k in s.kids[token])


def subject_of(s: Sentence, verb: int) -> int:
    """The subject of a verb, or of the verb that it is coordinate with or below; -1 without one."""
    for _ in range(3):
        for k in s.kids[verb]:
            if s.deps[k] in ("nsubj", "nsubjpass"):
                return k
        if s.deps[verb] not in ("conj", "xcomp", "advcl") or s.heads[verb] == verb:
            return -1
        verb = s.heads[verb]
    return -1


def _deed(s: Sentence, verb: int) -> str:
    """The lemma of a verb; all verbs of speech are one."""
    return "say" if s.lemmas[verb] in classes()["speech"] else s.lemmas[verb]


def _retold(timeline: Timeline) -> dict[tuple[str, str], _Link | None]:
    """(subject, deed) to the link that dates it, where all dated mentions in the report name one recent day.

    Who speaks on Tuesday is quoted from that day throughout. Generic verbs are left out.
    """
    known = timeline.cache.get("retold")
    if known is None:
        known = timeline.cache["retold"] = {}
        for s in timeline.parse.sentences:
            for link in _links(timeline, s).links:
                _retell(timeline, s, link, known)
    assert isinstance(known, dict)
    return known


def _retell(timeline: Timeline, s: Sentence, link: _Link, known: dict[tuple[str, str], _Link | None]) -> None:
    span, day = v.extent(_value(timeline, link.n)), timeline.day_at(s.start)
    if span is None or span.precision != "day" or day is None or link.leading in NOT_AT or link.leading == "since":
        return
    recent = 0 <= (day - span.first).days <= WITHIN
    for token, steps in link.reach:
        if steps > CLAUSE or not simple_past(s, token) or timeline.quote_at(s.starts[token]) >= 0:
            continue
        subject = subject_of(s, token)
        if subject < 0 or s.tags[subject][:3] != "NNP" or s.lemmas[token] in classes()["generic"]:
            continue
        key = (s.lowers[subject], _deed(s, token))
        other = known.get(key, link)
        known[key] = link if recent and other and v.extent(_value(timeline, other.n)) == span else None


def _name(timeline: Timeline, s: Sentence, verb: int) -> str | None:
    """The name of a verb's subject; for "he" and "she" that of the subject of the sentences before."""
    subject = subject_of(s, verb)
    n = s.number
    while subject >= 0:
        if s.tags[subject][:3] == "NNP":
            return s.lowers[subject]
        n -= 1
        if s.lowers[subject] not in ("he", "she", "i", "we") or n < 0:
            return None
        s = timeline.parse.sentences[n]
        subject = subject_of(s, s.root)
    return None


def _told_elsewhere(timeline: Timeline, s: Sentence, paths: Sequence[Reach]) -> _Link | None:
    """The link that dates another mention of the same deed, or another saying of the same person."""
    retold = _retold(timeline)
    if not retold:
        return None
    for path in paths:
        if timeline.quote_at(s.starts[path[0][0]]) >= 0:
            continue
        for node, _ in path:
            if is_verb(s, node) and (simple_past(s, node) or s.tags[node] == "VBG"):
                link = retold.get((_name(timeline, s, node) or "", _deed(s, node)))
                if link is not None:
                    return link
    return None


def _main_link(timeline: Timeline, s: Sentence) -> _Link | None:
    """The link that dates the main verb of a sentence to a day, in the tense of a story."""
    key = ("main", s.number)
    if key not in timeline.cache:
        timeline.cache[key] = _find_main_link(timeline, s)
    known = timeline.cache[key]
    assert known is None or isinstance(known, _Link)
    return known


def _find_main_link(timeline: Timeline, s: Sentence) -> _Link | None:
    if not simple_past(s, s.root):
        return None
    path = [(s.root, 0)]
    found = _best(timeline, s, (path,))
    link = _told_elsewhere(timeline, s, (path,)) if found is None else found[1] if found[0] <= OCCASION else None
    span = v.extent(_value(timeline, link.n)) if link else None
    return link if link and span and span.precision == "day" and link.leading != "since" else None


_MAIN_LINE = frozenset(("main", "object", "subject", "ccomp"))
"""Where the climb of a name may end that is spoken of in the sentence's own time, not in a clause of another time."""


def _goes_on_from(s: Sentence, before: Sentence) -> bool:
    """True when the subject of a sentence was spoken of in the one before: by a pronoun, or by the same name."""
    subject = subject_of(s, s.root)
    if subject < 0:
        return False
    if s.lowers[subject] in _PRONOUNS or any(s.lowers[k] in _OBJECTS for k in s.kids[s.root]):
        return True
    if s.tags[subject][:1] != "N":
        return False
    same = (n for n, word in enumerate(before.lowers) if word == s.lowers[subject])
    return any(climb(before, n)[1] in _MAIN_LINE for n in same)


def _carried(timeline: Timeline, s: Sentence) -> _Link | None:
    """The day of the sentences before, where the story goes on."""
    own = any(v.extent(_value(timeline, link.n)) for link in _links(timeline, s).links)
    if own or not simple_past(s, s.root) or not classes()["later"].isdisjoint(s.lowers[:2]):
        return None
    here = s
    for before in reversed(timeline.parse.sentences[max(s.number - CARRIES, 0) : s.number]):
        if before.paragraph < s.paragraph - 1 or not _goes_on_from(here, before):
            return None
        link = _main_link(timeline, before)
        if link is not None:
            return link
        here = before
    return None


# --- the record ----------------------------------------------------------------------------------------------------


def _against(timeline: Timeline, n: int, anchor: date | None) -> Found:
    """The expression, counted from the day of saying where it stands in a quotation and is deictic."""
    found = timeline.found[n]
    if anchor is None or not found.deictic or timeline.quote_at(found.start) < 0:
        return found
    reading = Reading(timeline.parse.text, anchor, lambda start, end: at(timeline.parse, start, end))
    return next((f for f in resolve(timeline.sources[n], reading) if f.start == found.start), found)


def _anniversary(s: Sentence, path: Reach) -> tuple[bool, int | None]:
    """(whether what is climbed from is what an anniversary recalls, which anniversary): "the tenth anniversary of the
    accord" is ten years after the accord."""
    for token, _ in path:
        recalls = s.heads[s.heads[token]]
        if s.deps[token] == "pobj" and s.lowers[s.heads[token]] == "of" and s.lemmas[recalls] == "anniversary":
            senses = [Token(*classify(s.words[k]), 0, 0) for k in range(s.subtree(recalls)[0], recalls)]
            return True, next(
                (integer(t) for t in senses if t.kind in ("ord", "ordinal", "SECOND", "card", "day31")), None
            )
    return False, None


def _record(timeline: Timeline, link: _Link, how: str, anchor: date | None) -> Governed:
    one, two = _against(timeline, link.n, anchor), _against(timeline, link.last, anchor)
    first = v.extent(timeline.counted.get(link.n, one.value))
    last = v.extent(timeline.counted.get(link.last, two.value))
    span = (one.start, two.end)
    if first is None or last is None:
        return Governed(None, None, None, span, "undated")
    end: str | None = None
    day = timeline.day_at(one.start)
    if link.last != link.n:
        end = v.printed(last.last, last.precision)
    elif link.leading == "since":
        end = day.isoformat() if day and day > first.last else None
    else:
        end = _own_end(first)
    return Governed(v.printed(first.first, first.precision), first.precision, end, span, how)


def _counted_off(timeline: Timeline, s: Sentence, clause: int, *, back: bool) -> Governed:
    """The time of a clause from which another's is counted: in "Thursday's remarks came two days after the envoy
    left" he left on Tuesday; in "came days after" in the same month, where Thursday is not at the month's beginning."""
    length = next((k for k in s.kids[clause] if s.deps[k] in ("npadvmod", "nmod", "dobj") and k < clause), None)
    counted = governing_date(timeline, s, s.heads[clause]) if length is not None else UNDATED
    if length is None or counted.date is None or counted.date_end or counted.date_precision not in ("day", "published"):
        return UNDATED
    found = next((f for f in timeline.found if f.start <= s.starts[length] < f.end and f.type == "DURATION"), None)
    span = (found.start, found.end) if found else (s.starts[length], s.starts[length] + len(s.words[length]))
    amount = re.fullmatch(r"PT?(\d+|X)([HDWMY])", found.value or "") if found else None
    sign = -1 if back else 1
    day = date.fromisoformat(counted.date)
    if amount and amount[1] != "X" and amount[2] != "H":
        there = v.extent(v.moved(day, sign * int(amount[1]), amount[2]))
        return UNDATED if there is None else _reckoned(there, span)
    most = SOME.get(amount[2] if amount else s.lemmas[length] if found is None else "")
    far = v.add_days(day, sign * most) if most else None
    if far is None or far.year != day.year:
        return UNDATED
    there = v.extent(counted.date[: 7 if far.month == day.month else 4])
    return UNDATED if there is None else _reckoned(there, span)


def _reckoned(there: v.Extent, span: Span) -> Governed:
    return Governed(v.printed(there.first, there.precision), there.precision, _own_end(there), span, "sentence")


def _own_end(there: v.Extent) -> str | None:
    """The last day of a stretch that its first day and precision do not tell."""
    if there.precision in ("week", "quarter", "decade") or (there.precision == "day" and there.first < there.last):
        return v.printed(there.last, there.precision)
    return None


def _recalled(timeline: Timeline, link: _Link, day: str) -> Governed:
    """What an anniversary recalls, where the anniversary's own day is told."""
    span = v.extent(day)
    if span is None or span.precision != "day":
        return UNDATED
    return Governed(day, "day", None, (timeline.found[link.n].start, timeline.found[link.n].end), "clause")


def governing_date(
    timeline: Timeline,
    sentence: Sentence,
    token: int,
    *,
    also: Sequence[int] = (),
    anchor: str | None = None,
) -> Governed:
    """The date of the event or statement whose trigger is `token` of `sentence`.

    `also` gives further tokens of the trigger in the same sentence: its light verb ("held" of "held talks"), or the cue
    of the statement that performs a speech act. For a statement pass its cue. `anchor` is the ISO day of saying, from
    which "yesterday" inside a quotation is counted; None counts from the report's day.
    """
    climbs = [climb(sentence, t) for t in (token, *also)]
    paths = [path for path, _ in climbs]
    best = _best(timeline, sentence, paths)
    recalled, which = _anniversary(sentence, paths[0])
    if recalled:
        then = v.shifted(_value(timeline, best[1].n), -which, "Y") if best and which else None
        return UNDATED if best is None or then is None else _recalled(timeline, best[1], then)
    if best is not None:
        return _record(timeline, best[1], "clause" if best[0] <= CLAUSE else "sentence", day_of(anchor))
    if climbs[0][1] in ("after", "before") and is_verb(sentence, paths[0][-1][0]):
        counted = _counted_off(timeline, sentence, paths[0][-1][0], back=climbs[0][1] == "after")
        if counted.date is not None:
            return counted
    if all(end in ("after", "before", "since") or _had(sentence, path[0][0]) for path, end in climbs):
        return UNDATED
    link = _told_elsewhere(timeline, sentence, paths)
    if link is None and any(
        end == "main" and timeline.quote_at(sentence.starts[path[0][0]]) < 0 for path, end in climbs
    ):
        link = _carried(timeline, sentence)
    if link is not None:
        return _record(timeline, link, "carried", None)
    day = timeline.day_at(sentence.starts[token])
    return Governed(day.isoformat() if day else None, "published" if day else None, None, None, "published")
