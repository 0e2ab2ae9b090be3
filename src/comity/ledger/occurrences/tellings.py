"""Tellings: coded events as things that can tell of one happening, and when two of them do.

The decision on a pair is a sum of evidence for and against, in points; it looks at the two tellings alone (and whether
their reports are of one story), and is the same both ways. Actors are compared as states first: a state, its organs
and its officials are compatible; two different persons of one state are not.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from comity.ledger.occurrences.stories import NO_DAY, SCALE, key
from comity.ledger.occurrences.words import Word, code, stem, weight, words
from comity.records import Coding, Event, Party, Span

ENOUGH = 4.4
"""Points from which two tellings are of one happening. Chosen on the mention chains of the look-alike set (0.4 less or
more costs about two points of F1) and by reading what falls together in a month of dense news. Re-run
``comity evaluate clusters`` after a change."""

# Points. In one story, same states, same type and same day are nearly enough, and a common trigger or sense decides.
# Without one, as much again must agree: persons, telling words, a place.
SAME_STATES = 1.0
ONE_SIDE = -1.0
"""Only one side is the same: actors are the field most often coded wrong, so it needs much else to agree."""
OTHER_TALK = -3.0
"""For talks: with another side it is another talk."""
GROUP_AND_STATE = -0.3
"""One side is a group, a firm or a private person, and the other the state itself."""
SAME_PERSON = 0.8
OTHER_PERSON = -2.0
SAME_TARGET_WORD = 0.8
"""The last word of who was acted upon ("pirates"), for parties without a name."""
SAME_TYPE = 0.5
TALKS = 1.0
SAME_SENSE = 1.2
"""Same mode, found by the same pattern, or by patterns of one sense (`_SENSES`)."""
SAME_TRIGGER = 1.0
OTHER_SENSE = -3.0
"""Neither sense nor trigger agree. Talks and protests are told in too many words for that to mean anything."""
OTHER_MODE = -1.0
WORDS = 3.0
"""Times the cosine of the sentences' telling words, of which at most `MOST_WORDS` counts."""
MOST_WORDS = 0.6
SAME_DAY = 1.0
SAME_PUBLISHED = 0.6
DAY_APART = (-0.6, -1.2, -1.8, -2.4)
"""For 1, 2, 3, 4 and more days between days that are both only the day of publication, or one of them given."""
GIVEN_APART = -1.5
"""Both days are given by their texts and lie one day apart (time zones, the night between)."""
ONE_REPORT_APART = -0.2
"""Within a report, what has no day of its own goes on with what was dated before it, however long ago that was."""
NO_DATE = 0.2
SAME_PLACE = 1.0
OTHER_PLACE = -1.5
OTHER_CHANNEL = -1.5
SAME_CHANNEL = 0.5
SAME_STORY = 3.4
SAME_REPORT = 0.4
CLOSE, CLOSE_BY = 0.6, 1500
"""For talks and protests told within so many characters of one report: "the two sides also exchanged views" goes on with what came before.
"""
SAME_SENTENCE = 1.0
OTHER_STATUS = -0.4
NEVER = -100.0

LATE = 7
"""Days that a report may come after the happening that it tells as if of its own day."""
AHEAD = 60
"""Days for which something announced may lie ahead when its day is not given."""

STATES, PERSONS, TERMS = 3, 2, 10
PERIOD = 4
"""Days of the periods by which tellings are looked for; each is looked for in two."""

_FAMILIES = (("ASSAULT", "COERCE"), ("AID", "COOPERATE"), ("RETREAT", "CONCEDE"))
"""Types between which a happening is often told now as one, now as the other: "captured" and "arrested"."""
_FAMILY = {type_: family[0] for family in _FAMILIES for type_ in family}

_SENSES = {"assault.capture": "seize", "assault.abduct": "seize", "coerce.arrest": "seize", "coerce.detain": "seize"}
"""Beginnings of pattern ids between which tellings of one deed waver, and the sense that they share."""
_LOOSE = ("CONSULT", "PROTEST")

_STATUS = {"actual": 0, "denied": 1, "negated": 2, "intended": 3, "requested": 4, "hypothetical": 5}
_PRECISION = {"day": 0, "published": 1, "week": 2, "month": 3, "quarter": 4, "year": 5, "decade": 6, None: 7}
_LETTER = 3
_CHANNELS = {"phone": 1, "video": 2, "letter": _LETTER, "message": _LETTER, "visit": 4, "summit": 4}
"""Channels that exclude each other. "In person" is also coded for want of a better word and excludes none."""

# The traits of a telling: one row of integers. Names are columns of the row.
COLUMNS = (
    *(
        "family",
        "type",
        "mode",
        "pattern",
        "sense",
        "trigger",
        "channel",
        "status",
        "precision",
        "first",
        "last",
        "published",
    ),
    *("place", "level", "land", "mutual", "sentence", "target_word", "vague", "source_group", "target_group"),
    *(f"source{n}" for n in range(STATES)),
    *(f"target{n}" for n in range(STATES)),
    *(f"source_person{n}" for n in range(PERSONS)),
    *(f"target_person{n}" for n in range(PERSONS)),
    *(f"term{n}" for n in range(TERMS)),
    *(f"weight{n}" for n in range(TERMS)),
)
AT = {name: n for n, name in enumerate(COLUMNS)}
_SOURCE, _TARGET = (slice(AT[f"{side}0"], AT[f"{side}0"] + STATES) for side in ("source", "target"))
_PERSONS = tuple(
    slice(AT[f"{side}_person0"], AT[f"{side}_person0"] + PERSONS) for side in ("source", "target")
)  # fmt: skip
_GROUPS = ("source_group", "target_group")
_TERMS, _WEIGHTS = (slice(AT[f"{kind}0"], AT[f"{kind}0"] + TERMS) for kind in ("term", "weight"))

_LEVELS = {"country": 1, "region": 2, "city": 3, "site": 4, "feature": 4}


class Telling(NamedTuple):
    """What is kept of an event to compare it."""

    n: int
    """Place of the event in its report."""
    id: str
    """The event's id."""
    row: np.ndarray
    """`COLUMNS`, int64."""


def tellings(coding: Coding, day: int) -> Iterator[Telling]:
    """The tellings of a report; `day` is that of its publication. Background tells of no happening."""
    persons = {actor.id for actor in coding.actors if actor.kind == "person"}
    text = coding.report.text
    sentences: dict[Span, list[Word]] = {}
    for n, event in enumerate(coding.events):
        if not event.background:
            if event.sentence not in sentences:
                sentences[event.sentence] = list(words(text, *event.sentence))
            row = _row(event, text, sentences[event.sentence], persons, day)
            yield Telling(n, event.id, row)


def packed(row: np.ndarray) -> bytes:
    """A row of traits as 32-bit numbers, little-endian."""
    return row.astype("<u4").tobytes()


def unpacked(data: Sequence[bytes]) -> np.ndarray:
    """Rows of traits from what `packed` gave for each."""
    rows = np.frombuffer(b"".join(data), "<u4").astype(np.int64).reshape(len(data), len(COLUMNS))
    days = rows[:, [AT[name] for name in _DAYS]]
    rows[:, [AT[name] for name in _DAYS]] = np.where(days == _UNSIGNED_NO_DAY, NO_DAY, days)
    return rows


_DAYS = ("first", "last", "published")
_UNSIGNED_NO_DAY = (1 << 32) + NO_DAY


def _code(word: str | None) -> int:
    return code(word) if word else 0


def state_of(country: str | None) -> str | None:
    """The state that a party belongs to: its own code, or what stands behind ``@`` in a group's."""
    if country and country.startswith("GROUP:"):
        state = country.rsplit("@", 1)[1]
        return None if state == "null" else state
    return country


def _side(parties: Sequence[Party], persons: set[str]) -> tuple[list[int], list[int]]:
    states = sorted({code(state) for party in parties if (state := state_of(party.country))})
    # A spokesperson stands for the principal.
    own = (p.actor for p in parties if p.actor in persons and "spokes" not in (p.office or "").lower())
    named = sorted({code(actor) for actor in own if actor})
    return states[:STATES], named[:PERSONS]


def _row(event: Event, text: str, sentence: Sequence[Word], persons: set[str], published: int) -> np.ndarray:
    row = np.zeros(len(COLUMNS), np.int64)
    first, last = _days(event, published)
    trigger = [word.text for word in words(text, *event.trigger)]
    channel = event.contact.channel if event.contact else None
    sides = _side(event.source, persons), _side(event.target, persons)
    heads = [word.text for party in event.target[:1] for word in words(party.text or "")]
    row[: AT["source0"]] = (
        _code(_FAMILY.get(event.type, event.type)),
        _code(event.type),
        _code(event.mode and f"{event.type} {event.mode}"),
        _code(event.reason.id),
        _sense(event.reason.id),
        _code(stem(trigger[0])) if trigger else 0,
        _CHANNELS.get(channel or "", 0),
        _STATUS.get(event.status, _STATUS["hypothetical"]),
        _PRECISION.get(event.date_precision, 7),
        first,
        last,
        published,
        (event.place.geonameid or 0) if event.place else 0,
        _LEVELS.get(event.place.level or "", 0) if event.place else 0,
        _code(event.place.country) if event.place else 0,
        event.mutual or event.type == "CONSULT",
        event.sentence[0],
        _code(stem(heads[-1])) if heads else 0,
        (not sides[0][1]) + (not sides[1][1]),
        *(2 - all((p.country or "").startswith("GROUP:") for p in side) for side in (event.source, event.target)),
    )
    for (states, named), at, at_persons in zip(sides, (_SOURCE, _TARGET), _PERSONS):
        row[at.start : at.start + len(states)] = states
        row[at_persons.start : at_persons.start + len(named)] = named
    top = _telling_words(sentence, event)
    row[_TERMS.start : _TERMS.start + len(top)] = [code(word) for word, _ in top]
    row[_WEIGHTS.start : _WEIGHTS.start + len(top)] = [round(value * SCALE) for _, value in top]
    return row


def _sense(pattern: str) -> int:
    return _code(next((sense for start, sense in _SENSES.items() if pattern.startswith(start)), None))


def _telling_words(sentence: Sequence[Word], event: Event) -> list[tuple[str, float]]:
    """The rarest words of the sentence but those of the trigger and of the parties, by stem, with their weights."""
    taken = [event.trigger, *((p.start, p.end) for p in (*event.source, *event.target) if p.start is not None)]
    found: dict[str, float] = {}
    for word in sentence:
        if not any(start <= word.start < (end or start) for start, end in taken):
            found[stem(word.text)] = weight(word.text)
    top = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))[:TERMS]
    length = sum(value * value for _, value in found.items()) ** 0.5
    return [(word, value / length) for word, value in top if value > 0]


def _days(event: Event, published: int) -> tuple[int, int]:
    """The days on which it may have happened; `NO_DAY` twice when nothing is known."""
    span = calendar_days(event.date)
    if span is None or event.date_precision == "published":
        return published, published
    end = calendar_days(event.date_end)
    return span[0], max(span[1], end[1]) if end else span[1]


def calendar_days(date: str | None) -> tuple[int, int] | None:
    """First and last day (ordinals) of YYYY, YYYY-MM, YYYY-MM-DD…, YYYY-Www, YYYY-Qn or YYYY-Hn; None for others."""
    if not date:
        return None
    try:
        year = int(date[:4])
        if len(date) == 4:
            return _months(year, 1, 12)
        if date[5] == "W":
            first = datetime.date.fromisocalendar(year, int(date[6:8]), 1).toordinal()
            return first, first + 6
        if date[5] == "Q":
            return _months(year, 3 * int(date[6]) - 2, 3)
        if date[5] == "H":
            return _months(year, 6 * int(date[6]) - 5, 6)
        if len(date) == 7:
            return _months(year, int(date[5:7]), 1)
        day = datetime.date.fromisoformat(date[:10]).toordinal()
        return day, day
    except (ValueError, IndexError):
        return None


def _months(year: int, month: int, number: int) -> tuple[int, int]:
    first = datetime.date(year, month, 1)
    after = month - 1 + number
    return first.toordinal(), datetime.date(year + after // 12, after % 12 + 1, 1).toordinal() - 1


# --- looking for partners --------------------------------------------------------------------------------------------


def keys(row: np.ndarray) -> tuple[int, ...]:
    """Pair of states and family with the two periods that the day lies in, and what distinguishes within these.

    A telling of a longer time than `LATE` days has one more period: that of its publication.
    """
    sources, targets = (set(row[at][row[at] > 0].tolist()) for at in (_SOURCE, _TARGET))
    pairs = {f"{min(s, t)}-{max(s, t)}" for s in sources for t in targets} or {str(s) for s in sources | targets}
    named = [row[at][row[at] > 0].tolist() for at in _PERSONS]
    marks = {f"person {p}" for side in named for p in side}
    marks |= {f"word {t}" for t in row[_TERMS][:6].tolist() if t}
    marks |= {f"trigger {row[AT['trigger']]}", f"pattern {row[AT['pattern']]}"}
    if row[AT["place"]] and row[AT["level"]] > 1:
        marks.add(f"place {row[AT['place']]}")
    family = row[AT["family"]]
    return tuple(
        sorted({key(f"{pair} {family}", period, mark) for pair in pairs for mark in marks for period in _periods(row)})
    )


def days(row: np.ndarray) -> set[int]:
    """The days by whose periods it is looked for."""
    first, last, published = (int(row[AT[name]]) for name in _DAYS)
    return {published} if first == NO_DAY or last - first > LATE else {first, last}


def _periods(row: np.ndarray) -> set[int]:
    return {0 if day == NO_DAY else day // PERIOD + more for day in days(row) for more in (0, 1)}


def rank(row: np.ndarray, name: str) -> tuple[int, int, int, int, str]:
    """What is told as done leads what is announced, the precise leads the vague, the earlier published the later."""
    return (
        int(row[AT["status"]]),
        int(row[AT["precision"]]),
        int(row[AT["vague"]]),
        int(row[AT["published"]]),
        name,
    )


# --- the decision ----------------------------------------------------------------------------------------------------


def compare(a: np.ndarray, b: np.ndarray, same_report: np.ndarray, same_story: np.ndarray) -> np.ndarray:
    """Points above `ENOUGH` of each row of `a` with the row of `b` beside it; below 0: they tell of different happenings.

    `same_report`, `same_story`: whether the two are of one report, of one story.
    """
    same_story = same_report | same_story
    points = _actors(a, b)
    points += SAME_TYPE * _same(a, b, "type") + TALKS * (b[:, AT["type"]] == _TALK) * _same(a, b, "type")
    sense = _both(a, b, "mode") & _same(a, b, "mode") | _same(a, b, "pattern")
    sense |= _both(a, b, "sense") & _same(a, b, "sense")
    loose = np.isin(b[:, AT["type"]], _LOOSELY)
    trigger = _both(a, b, "trigger") & _same(a, b, "trigger")
    points += SAME_SENSE * sense + SAME_TRIGGER * trigger
    points += OTHER_SENSE * ~(sense | trigger | loose)
    points += OTHER_MODE * (_both(a, b, "mode") & ~_same(a, b, "mode"))
    points += WORDS * np.minimum(MOST_WORDS, _likeness(a, b))
    points += _time(a, b, same_story, same_report)
    points += _place(a, b)
    points += _channel(a, b)
    points += SAME_STORY * same_story + SAME_REPORT * same_report
    near = np.abs(b[:, AT["sentence"]] - a[:, AT["sentence"]]) <= CLOSE_BY
    points += CLOSE * (loose & same_report & near)
    points += SAME_SENTENCE * (same_report & _same(a, b, "sentence"))
    points += OTHER_STATUS * ~_same(a, b, "status")
    points[~_same(a, b, "family")] = NEVER
    # Rounded, so that a sum that is just enough is so whichever of the two is asked.
    return np.round(points - ENOUGH, 6)


_TALK = code("CONSULT")
_LOOSELY = [code(type_) for type_ in _LOOSE]


def _same(a: np.ndarray, b: np.ndarray, name: str) -> np.ndarray:
    return np.asarray(b[:, AT[name]] == a[:, AT[name]])


def _both(a: np.ndarray, b: np.ndarray, name: str) -> np.ndarray:
    return np.asarray((b[:, AT[name]] != 0) & (a[:, AT[name]] != 0))


def _either(a: np.ndarray, b: np.ndarray, name: str) -> np.ndarray:
    return np.asarray((b[:, AT[name]] != 0) | (a[:, AT[name]] != 0))


def _share(a: np.ndarray, at_a: slice, b: np.ndarray, at_b: slice) -> np.ndarray:
    """Whether a set of codes of `a` and one of `b` have a member in common."""
    left, right = a[:, at_a], b[:, at_b]
    return np.asarray(((right[:, :, None] == left[:, None, :]) & (right[:, :, None] != 0)).any(axis=(1, 2)))


def _any(a: np.ndarray, at_a: slice, b: np.ndarray, at_b: slice) -> np.ndarray:
    return np.asarray(b[:, at_b].any(axis=1) & a[:, at_a].any(axis=1))


def _actors(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Who and whom, in the direction in which they agree better; only what is mutual may be turned round."""
    points = _sides(a, b, (0, 1))
    mutual = np.flatnonzero(_either(a, b, "mutual"))
    points[mutual] = np.maximum(points[mutual], _sides(a[mutual], b[mutual], (1, 0)))
    same_word = _both(a, b, "target_word") & _same(a, b, "target_word")
    return points + SAME_TARGET_WORD * same_word


def _sides(a: np.ndarray, b: np.ndarray, order: tuple[int, int]) -> np.ndarray:
    points = np.zeros(len(b))
    agree = []
    for mine, theirs in zip((0, 1), order):
        at_a, at_b = (_SOURCE, _TARGET)[mine], (_SOURCE, _TARGET)[theirs]
        known = _any(a, at_a, b, at_b)
        shared = _share(a, at_a, b, at_b)
        agree.append(np.where(known, np.where(shared, 1, -1), 0))
        people_a, people_b = _PERSONS[mine], _PERSONS[theirs]
        named = _any(a, people_a, b, people_b)
        same = _share(a, people_a, b, people_b)
        points += np.where(named, np.where(same, SAME_PERSON, np.where(shared, OTHER_PERSON, 0)), 0)
        points += GROUP_AND_STATE * (b[:, AT[_GROUPS[theirs]]] != a[:, AT[_GROUPS[mine]]])
    total = agree[0] + agree[1]
    one_side = np.where((b[:, AT["type"]] == _TALK) | (a[:, AT["type"]] == _TALK), OTHER_TALK, ONE_SIDE)
    points += np.where(total == 2, SAME_STATES, np.where(total == 1, 0.0, one_side))
    points[(agree[0] <= 0) & (agree[1] <= 0)] = NEVER
    return points


def _likeness(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    left, right = a[:, _TERMS], b[:, _TERMS]
    equal = (right[:, :, None] == left[:, None, :]) & (right[:, :, None] != 0)
    weights = np.einsum("pij,pi,pj->p", equal, b[:, _WEIGHTS], a[:, _WEIGHTS])
    return np.asarray(weights / SCALE**2)


def _channel(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """An exchange whose channel is not told may have been any talk, but no letter."""
    same = _same(a, b, "channel")
    letter = (b[:, AT["channel"]] == _LETTER) | (a[:, AT["channel"]] == _LETTER)
    told = _both(a, b, "channel")
    return np.where(told & same, SAME_CHANNEL, np.where((told | letter) & ~same, OTHER_CHANNEL, 0.0))


def _time(a: np.ndarray, b: np.ndarray, same_story: np.ndarray, same_report: np.ndarray) -> np.ndarray:
    """Days that agree, lie apart, or exclude each other."""
    first_a, last_a, first_b, last_b = (rows[:, AT[name]] for rows in (a, b) for name in ("first", "last"))
    precise_a, precise_b = a[:, AT["precision"]], b[:, AT["precision"]]
    gap = np.maximum(0, np.maximum(first_b - last_a, first_a - last_b))
    unknown = (first_b == NO_DAY) | (first_a == NO_DAY)
    given = (precise_b == 0) & (precise_a == 0)
    default = (precise_b == 1) | (precise_a == 1)
    long = (precise_b > 1) | (precise_a > 1)
    apart = np.select([gap == 1, gap == 2, gap == 3], DAY_APART[:3], DAY_APART[3])
    points = np.where(gap == 0, np.where(given, SAME_DAY, SAME_PUBLISHED), apart)
    points = np.where(default & same_report & (gap > 0), ONE_REPORT_APART, points)
    points = np.where(long, np.where(gap == 0, 0.0, NEVER), points)
    points = np.where(given & (gap == 1), GIVEN_APART, points)
    points = np.where(given & (gap > 1), NEVER, points)
    # One day is only that of publication: the happening lies before it (or, when announced, ahead), not long.
    ahead = (b[:, AT["status"]] >= _STATUS["intended"]) | (a[:, AT["status"]] >= _STATUS["intended"])
    points = np.where(default & ~long & (gap > np.where(ahead & same_story, AHEAD, LATE)), NEVER, points)
    return np.where(unknown, np.where(same_story, NO_DATE, NEVER), points)


def _place(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    places = _both(a, b, "place") & _both(a, b, "level")
    same = _same(a, b, "place")
    fine = (b[:, AT["level"]] >= 3) & (a[:, AT["level"]] >= 3)
    other_land = _both(a, b, "land") & ~_same(a, b, "land")
    points = np.where(same & (a[:, AT["level"]] > 1), SAME_PLACE, 0.0)
    points = np.where(~same & (fine | other_land), OTHER_PLACE, points)
    return np.where(places, points, 0.0)


AT_ONCE = 20_000
"""Pairs compared at once: the arrays of so many fit into the processor's cache and some."""


class Collection:
    """Tellings side by side, with what they are looked for by."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.place: dict[str, int] = {}
        """Event id to number."""
        self.rows = np.zeros((0, len(COLUMNS)), np.int64)
        self.report = np.zeros(0, np.int64)
        """Numbers of their reports."""
        self.story: dict[int, int] = {}
        """Number of a report to number of its story."""
        self._listed: list[tuple[int, ...]] = []
        self._sharing: dict[int, list[int]] = {}
        self._of_report: dict[int, list[int]] = {}
        self._reports_of: dict[int, set[int]] = {}

    def add(self, ids: Sequence[str], rows: np.ndarray, report: Sequence[int]) -> None:
        """Tellings with their rows and the numbers of their reports. An id that is there already is passed over."""
        new = [n for n, id_ in enumerate(ids) if id_ not in self.place]
        for n in new:
            number = len(self.ids)
            self.place[ids[n]] = number
            self.ids.append(ids[n])
            own = keys(rows[n])
            self._listed.append(own)
            for shared in own:
                self._sharing.setdefault(shared, []).append(number)
            self._of_report.setdefault(int(report[n]), []).append(number)
        self.rows = np.concatenate([self.rows, rows[new]])
        self.report = np.concatenate([self.report, np.array([report[n] for n in new], np.int64)])

    def set_stories(self, story: Mapping[int, int]) -> None:
        """Of which story reports (numbers) are."""
        self.story.update(story)
        for report, of in story.items():
            self._reports_of.setdefault(of, set()).add(report)

    def partners(self, items: Sequence[str]) -> dict[str, dict[str, float]]:
        """The partners of tellings, looked for among those that share a key, or are of one story and family."""
        found: dict[str, dict[str, float]] = {item: {} for item in items}
        left: list[np.ndarray] = []
        right: list[np.ndarray] = []
        waiting = 0
        for item in items:
            n = self.place[item]
            others = self._others(n)
            left.append(np.full(len(others), n))
            right.append(others)
            waiting += len(others)
            if waiting >= AT_ONCE:
                self._compare(found, np.concatenate(left), np.concatenate(right))
                left, right, waiting = [], [], 0
        if waiting:
            self._compare(found, np.concatenate(left), np.concatenate(right))
        return found

    def _others(self, n: int) -> np.ndarray:
        numbers: set[int] = set()
        for shared in self._listed[n]:
            numbers.update(self._sharing[shared])
        report = int(self.report[n])
        mates: list[int] = []
        for other in self._reports_of.get(self.story.get(report, -1), ()) or (report,):
            mates += self._of_report.get(other, ())
        if mates:
            near = np.array(mates, np.int64)
            numbers.update(near[self.rows[near, AT["family"]] == self.rows[n, AT["family"]]].tolist())
        numbers.discard(n)
        return np.array(sorted(numbers), np.int64)

    def _compare(self, found: dict[str, dict[str, float]], left: np.ndarray, right: np.ndarray) -> None:
        stories = np.array([self.story.get(report, -1 - report) for report in self.report.tolist()], np.int64)
        for start in range(0, len(left), AT_ONCE):
            one, two = left[start : start + AT_ONCE], right[start : start + AT_ONCE]
            points = compare(
                self.rows[one], self.rows[two], self.report[one] == self.report[two], stories[one] == stories[two]
            )
            for k in np.flatnonzero(points >= 0).tolist():
                found[self.ids[one[k]]][self.ids[two[k]]] = float(points[k])
