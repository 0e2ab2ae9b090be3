"""What the actions of the grammar work with: the match, what was read before it, and what they find."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from comity.dates import values as v
from comity.dates.amounts import full_year, integer, spoken_year
from comity.dates.scan import Candidate, Token
from comity.dates.tense import FUTURE, PAST
from comity.language.classes import word_set

MONTHS = ("month", "mabbr", "namemonth", "nabbr", "may")
WEEKDAYS = ("weekday", "wday")
UNITS = word_set(
    "DAY DAYS WEEK WEEKS WEEKEND WEEKENDS MONTH MONTHS QUARTER QUARTERS YEAR YEARS DECADE DECADES CENTURY CENTURIES "
    "HOUR HOURS MINUTE MINUTES SECOND SECONDS"
)

SAME_BREATH = 60
"""Characters between a year and a month that it governs ("in 2019, protests began in June"), and between a day and a
time of that day. Chosen by reading the development reports; re-run `comity evaluate timex` after a change."""

SAME_STORY = 400
"""Characters between a day and the "two days later" that is counted from it."""

SAME_FIGURES = 600
"""Characters after a quarter was last spoken of in which "a year earlier" means the same quarter of the year before."""

LONG_PAST, SOON = 305, 60
"""Days. A date without a year is not taken for one so long past when it may as well be one so soon to come, whatever
the tense of the verb ("declared a dividend payable Dec. 7", in October). Chosen on the development reports, where
290 to 320 and 60 to 100 give the same figures; re-run `comity evaluate timex` after a change."""


class Found(NamedTuple):
    """A resolved expression."""

    start: int
    end: int
    type: str
    """DATE | TIME | DURATION | SET."""
    value: str | None
    deictic: bool = False
    """True when the value was counted from the report's day, so that in a quotation it moves with the day of saying."""


class Reading:
    """What resolution remembers of the text so far. One for each report or part of a compilation; mutable."""

    __slots__ = ("base", "last", "last_day", "last_end", "quarter", "quarter_end", "tense", "text")

    def __init__(self, text: str, base: date | None, tense: Callable[[int, int], str]) -> None:
        self.text = text
        self.base = base
        """The day from which "today" is counted; None when unknown."""
        self.tense = tense
        """Tense of the words around a stretch of text: (start, end) to PAST, FUTURE or OPEN."""
        self.last: str | None = None
        """The last value that covers days, for "a year earlier", "that month"."""
        self.last_day: str | None = None
        self.last_end = 0
        self.quarter: str | None = None
        """The quarter whose figures the report gives, for "the quarter" and "a year earlier"."""
        self.quarter_end = -1
        """Where it was last spoken of; -1 when figures of another period came since."""

    def note(self, found: Found) -> None:
        """Remembers a found expression as a point of reference for later ones."""
        span = v.extent(found.value) if found.type in ("DATE", "TIME") else None
        if span is None or found.value is None:
            return
        self.last, self.last_end = found.value.partition("T")[0], found.end
        if len(self.last) == 10:
            self.last_day = self.last


class Match(NamedTuple):
    """A candidate with its tokens by kind."""

    rule: str
    how: str
    """The word that the rule gives its action; empty without one."""
    tokens: tuple[Token, ...]
    by_kind: dict[str, list[str]]

    @property
    def start(self) -> int:
        return self.tokens[0].start

    @property
    def end(self) -> int:
        return self.tokens[-1].end

    def has(self, *kinds: str) -> bool:
        """True when a token is of one of the kinds."""
        return any(kind in self.by_kind for kind in kinds)

    def first(self, *kinds: str) -> str | None:
        """Value of the first token of the first of the kinds that is there."""
        for kind in kinds:
            if kind in self.by_kind:
                return self.by_kind[kind][0]
        return None

    def number(self, *kinds: str) -> int | None:
        """`first` as a whole number."""
        value = self.first(*kinds)
        return None if value is None else int(value)

    def ordinal(self, *kinds: str) -> int | None:
        """The first token of any of the kinds, as a whole number: "third", "3rd", "second"."""
        return next((integer(t) for t in self.tokens if t.kind in kinds), None)

    def unit(self) -> str:
        """The last unit of time named; X where there is none ("some time")."""
        return next((t.value for t in reversed(self.tokens) if t.kind in UNITS), "X")

    def part(self, first: int, after: int) -> Match:
        """The match of some of its tokens only."""
        return match_of(Candidate(self.rule, "", self.how, self.tokens[first:after]))

    def found(self, type_: str, value: str | None, deictic: bool = False) -> list[Found]:
        """The whole match as the one thing found."""
        return [Found(self.start, self.end, type_, value, deictic)]


def match_of(candidate: Candidate) -> Match:
    """The candidate with its tokens by kind."""
    by_kind: dict[str, list[str]] = {}
    for token in candidate.tokens:
        by_kind.setdefault(token.kind, []).append(token.value)
    return Match(candidate.rule, candidate.how, candidate.tokens, by_kind)


def digits(number: int | None, places: int = 4) -> str:
    """A year (or day) of a value; X for each unknown digit."""
    return "X" * places if number is None else f"{number:0{places}d}"


def nearest(options: list[date], base: date, tense: str) -> date:
    """Among candidate days the one that fits the tense: the last one up to `base` for PAST, the next one from it for
    FUTURE; otherwise the nearer one, the past counting as half as far, for news tells of what was rather than of what
    will be."""
    before = max((d for d in options if d <= base), default=None)
    after = min((d for d in options if d >= base), default=None)
    if before is None or after is None:
        return before or after or options[0]
    back, ahead = (base - before).days, (after - base).days
    if tense == PAST:
        return after if back > LONG_PAST and ahead < SOON else before
    if tense == FUTURE:
        return after
    return before if back <= 2 * ahead else after


def year_by_relation(m: Match, r: Reading) -> tuple[bool, int | None]:
    """(whether the expression names a year by relation, that year): "last year", "the following year"."""
    for before, token in zip(m.tokens, m.tokens[1:]):
        if token.kind != "YEAR":
            continue
        if before.kind in ("this", "last", "next", "current"):
            return True, r.base.year + int(before.value) if r.base else None
        if before.kind in ("prev", "following", "same", "that"):
            known = r.last or (r.base and str(r.base.year)) or ""
            step = {"prev": -1, "following": 1}.get(before.kind, 0)
            return True, int(known[:4]) + step if known[:4].isdigit() and len(known) >= 4 else None
    return False, None


def year_of(m: Match, r: Reading) -> tuple[bool, int | None]:
    """(whether the expression names a year, that year)."""
    token = next((t for t in m.tokens if t.kind in ("year", "oldyear", "shortyear")), None)
    if token:
        number = integer(token) or 0
        return True, full_year(number, r.base) if token.kind == "shortyear" else number
    named, year = year_by_relation(m, r)
    if named:
        return True, year
    year = spoken_year(m.tokens)
    return year is not None, year
