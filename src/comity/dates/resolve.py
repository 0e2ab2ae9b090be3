"""Candidates to TIMEX3 types and values, in text order, against the day of publication and what was said before.

Each action of `grammar.txt` is a function here: (`Match`, `Reading`) to `Found`s. Nothing is guessed: where the day
of publication would be needed and is unknown, the value is None, or has X in place of the unknown digits where
TIMEX3 does so (``XXXX-10-22``, ``XXXX-WXX-4``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

from comity.dates import values as v
from comity.dates.scan import Candidate, Token
from comity.dates.tense import FUTURE, OPEN, PAST

TOO_OLD, TOO_FAR = 1000, 2199
"""Years outside are no years of a news report but other numbers."""


class Found(NamedTuple):
    """A resolved expression."""

    start: int
    end: int
    type: str
    value: str | None
    deictic: bool = False
    """True when the value was counted from the day of publication, so that it moves with the day of saying."""


class Reading:
    """What resolution remembers of the text so far. One for each report; mutable."""

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
        self.quarter: str | None = None
        """The quarter whose figures the report gives, for "the quarter" and "a year earlier"."""
        self.quarter_end = -1
        """Where it was last spoken of; -1 when figures of another period came since."""
        self.last_end = 0

    def note(self, found: Found) -> None:
        """Remembers a found expression as a point of reference for later ones."""
        span = v.extent(found.value) if found.type in ("DATE", "TIME") else None
        if span is None or found.value is None:
            return
        value = found.value[:10] if "T" in found.value else found.value
        self.last, self.last_end = value, found.end
        if span.precision == "day" and len(value) == 10:
            self.last_day = value


class Match(NamedTuple):
    """A candidate with its tokens by kind."""

    rule: str
    tokens: tuple[Token, ...]
    by_kind: dict[str, list[str]]

    def first(self, *kinds: str) -> str | None:
        """Value of the first token of one of the kinds."""
        for kind in kinds:
            if kind in self.by_kind:
                return self.by_kind[kind][0]
        return None

    def has(self, *kinds: str) -> bool:
        return any(kind in self.by_kind for kind in kinds)

    @property
    def start(self) -> int:
        return self.tokens[0].start

    @property
    def end(self) -> int:
        return self.tokens[-1].end


def match_of(candidate: Candidate) -> Match:
    """The candidate with its tokens by kind."""
    by_kind: dict[str, list[str]] = {}
    for token in candidate.tokens:
        by_kind.setdefault(token.kind, []).append(token.value)
    return Match(candidate.rule, candidate.tokens, by_kind)


# --- numbers -------------------------------------------------------------------------------------------------------


def integer(token: Token) -> int | None:
    """The whole number of a token: figures, cardinals, ordinals."""
    digits = re.match(r"\d+", token.value.lstrip("'’‘`").replace(",", ""))
    if digits:
        return int(digits[0])
    return 2 if token.kind == "SECOND" else None


def count(tokens: Sequence[Token]) -> float | None:
    """The first number of the tokens, words or figures, with its half: "two and a half", "2 1/2", "a couple of"."""
    kinds = [t.kind for t in tokens]
    figure = next((n for n, k in enumerate(kinds) if k in ("day31", "number", "decimal", "year", "oldyear")), None)
    if figure is not None:
        if kinds[figure + 2 : figure + 3] == ["slash"]:  # 2 1/2
            above, below = integer(tokens[figure + 1]), integer(tokens[figure + 3])
            return (integer(tokens[figure]) or 0) + (above or 0) / (below or 1)
        total = float(tokens[figure].value.replace(",", ""))
        after = kinds[figure + 1 :]
    else:
        spelt = [n for n, k in enumerate(kinds) if k in ("card", "tens", "hundred")]
        if spelt:
            total = 0
            last = spelt[0]
            for n in spelt:
                if n - last > 2 or (n - last == 2 and kinds[n - 1] not in ("hyphen", "and")):
                    break
                value = int(tokens[n].value)
                total = (total or 1) * value if kinds[n] == "hundred" else total + value
                last = n
            after = kinds[last + 1 :]
        elif "couple" in kinds:
            return 2
        elif "half" in kinds:  # half an hour, a year and a half
            return 1.5 if "and" in kinds else 0.5
        else:
            return 1 if "a" in kinds or "another" in kinds else None
    return total + 0.5 if after[:3] == ["and", "a", "half"] else total


def spoken_year(tokens: Sequence[Token]) -> int | None:
    """A year in words: "nineteen ninety-six", "two thousand and five"."""
    numbers = [t for t in tokens if t.kind in ("card", "tens", "hundred")]
    if len(numbers) < 2:
        return None
    first = int(numbers[0].value)
    if numbers[1].kind == "hundred":
        total = first * int(numbers[1].value) + sum(int(t.value) for t in numbers[2:])
    else:
        total = first * 100 + sum(int(t.value) for t in numbers[1:])
    return total if TOO_OLD <= total <= TOO_FAR else None


def full_year(token: Token, base: date | None) -> int | None:
    """The year of a figure; of two digits the one nearest below the year after publication."""
    number = integer(token)
    if number is None or token.kind in ("year", "oldyear"):
        return number
    if base is None:
        return None
    century = base.year // 100 * 100
    return century + number if century + number <= base.year + 1 else century - 100 + number


MONTHS = ("month", "mabbr", "namemonth", "nabbr", "may")
UNITS = frozenset(
    "DAY DAYS WEEK WEEKS WEEKEND WEEKENDS MONTH MONTHS QUARTER QUARTERS YEAR YEARS DECADE DECADES CENTURY CENTURIES "
    "HOUR HOURS MINUTE MINUTES SECOND SECONDS".split()
)


def unit_of(m: Match) -> str:
    """The unit of the last unit token; X where there is none ("some time")."""
    return next((t.value for t in reversed(m.tokens) if t.kind in UNITS), "X")


# --- direction of what has no year or week of its own --------------------------------------------------------------


LONG_PAST, SOON = 240, 100
"""Days. A date without a year is not taken for one so long past when it may as well be one so soon to come, whatever
the tense of the verb ("declared a dividend payable Dec. 7", in October). Chosen on the development reports, where
nothing between 200 and 300 and between 60 and 120 changes a figure; re-run `comity evaluate timex` after a change."""


def _nearest(options: list[date], base: date, tense: str) -> date:
    """Among candidate days the one that fits the tense: the last one up to `base`, the next one from it, the nearest."""
    before = max((d for d in options if d <= base), default=None)
    after = min((d for d in options if d >= base), default=None)
    if before is None or after is None:
        return before or after or options[0]
    back, ahead = (base - before).days, (after - base).days
    if tense == PAST:
        return after if back > LONG_PAST and ahead < SOON else before
    if tense == FUTURE:
        return after
    return before if back <= 2 * ahead else after  # news tells of what was more than of what will be


_UP_TO = re.compile(r"\s*(?:to|through|thru|until|till|-|–|—)\s*")
_TO = re.compile(r"[\s,]*(?:to|through|thru|until|till|and|-|–|—)\s*(?:the\s)?")


def _year_of(month: int, day: int | None, weekday: int | None, m: Match, r: Reading) -> int | None:
    """The year of a date that names none."""
    base = r.base
    if base is None:
        return None
    if r.last and len(r.last) >= 7 and r.last_end < m.start and _TO.fullmatch(r.text, r.last_end, m.start):
        began = v.extent(r.last)  # "from Sept. 14 to Sept. 16": the first one of its kind from there on
        if began:
            return began.first.year + ((month, day or 31) < (began.first.month, began.first.day))
    tense = r.tense(m.start, m.end)
    # "in 2019, protests began in June": a year named in the same breath governs, unless the words look ahead
    if (
        r.last is not None
        and r.last[:4].isdigit()
        and tense != FUTURE
        and int(r.last[:4]) < base.year
        and m.start - r.last_end < SAME_BREATH
        and not re.search(r"[.!?;\n]|\band\b", r.text[r.last_end : m.start])
        and len(r.last) >= 4
        and r.last[:4] in r.text[max(0, r.last_end - 20) : r.last_end]
    ):
        return int(r.last[:4])
    options = []
    for year in (base.year - 1, base.year, base.year + 1):
        try:
            there = date(year, month, day or 1)
        except ValueError:
            continue
        if weekday is None or there.isoweekday() == weekday:
            options.append(there)
    if not options:
        return base.year if day is None or weekday is None else _year_of(month, day, None, m, r)
    if day:
        return _nearest(options, base, tense).year
    first = base.replace(day=1)
    return (max(d for d in options if d <= first) if tense == PAST else _nearest(options, first, tense)).year


SAME_BREATH = 60
"""Characters between a year and a month that it governs. Chosen by reading the development reports; re-run
`comity evaluate timex` after a change."""


def _rel_year(m: Match, r: Reading) -> tuple[bool, int | None]:
    """(whether the expression names a year by relation, that year)."""
    for n in range(len(m.tokens) - 1, 0, -1):
        if m.tokens[n].kind == "YEAR":
            relation = m.tokens[n - 1]
            if relation.kind in ("this", "last", "next", "current"):
                return True, r.base.year + int(relation.value) if r.base else None
            if relation.kind in ("prev", "following", "same", "that"):
                known = r.last or (r.base and str(r.base.year))
                if not known or not known[:4].isdigit():
                    return True, None
                return True, int(known[:4]) + {"prev": -1, "following": 1}.get(relation.kind, 0)
    return False, None


def _year(m: Match, r: Reading) -> tuple[bool, int | None]:
    """(whether the expression names a year, that year)."""
    token = next((t for t in m.tokens if t.kind in ("year", "oldyear", "shortyear")), None)
    if token:
        return True, full_year(token, r.base)
    named, year = _rel_year(m, r)
    if named:
        return True, year
    year = spoken_year(m.tokens)
    return year is not None, year


def _found(m: Match, type_: str, value: str | None, deictic: bool = False) -> list[Found]:
    return [Found(m.start, m.end, type_, value, deictic)]


# --- actions -------------------------------------------------------------------------------------------------------


def skip(m: Match, r: Reading) -> list[Found]:
    return []


def iso(m: Match, r: Reading) -> list[Found]:
    value = m.tokens[0].value.replace(" ", "T")
    if v.extent(value[:10]) is None:
        return []
    return _found(m, "TIME" if "T" in value else "DATE", value)


def slashed(m: Match, r: Reading) -> list[Found]:
    """Figures with slashes or dots. Day and month are told apart where only one order is possible; dots are
    European. Otherwise the order that lies nearer to publication is taken, and none where that is unknown."""
    parts = [int(p) for p in re.split(r"[/.]", m.tokens[0].value)]
    if parts[0] > 31:
        orders = [(parts[0], parts[1], parts[2])]
    else:
        year = parts[2]
        if year < 100:
            year = full_year(Token("shortyear", f"{year:02d}", 0, 0), r.base) or 0
        day_first, month_first = (year, parts[1], parts[0]), (year, parts[0], parts[1])
        orders = [day_first] if "." in m.tokens[0].value else [month_first, day_first]
    days = []
    for year, month, day in orders:
        try:
            days.append(date(year, month, day))
        except ValueError:
            continue
    days = list(dict.fromkeys(days))
    if not days or not TOO_OLD <= days[0].year <= TOO_FAR:
        return []
    if len(days) == 2 and r.base is None:
        return _found(m, "DATE", None)
    return _found(m, "DATE", (days[0] if len(days) == 1 or r.base is None else _nearest(days, r.base, PAST)).isoformat())


def _day_of_month(m: Match) -> int | None:
    for token in m.tokens:
        if token.kind in ("day31", "ordinal", "ord"):
            return integer(token)
    return None


def _month_of(m: Match) -> int | None:
    month = m.first(*MONTHS)
    return int(month) if month else None


def _weekday_of(m: Match) -> int | None:
    weekday = m.first("weekday", "wday")
    return int(weekday) if weekday else None


def _calendar_value(m: Match, r: Reading, day: int | None) -> tuple[str | None, bool]:
    """(value, deictic) of what names a month, a day of a month, or a weekday."""
    month, weekday = _month_of(m), _weekday_of(m)
    if month is None:
        assert weekday is not None
        return _weekday_value(weekday, m, r), True
    named, year = _year(m, r)
    if not named:
        year = _year_of(month, day, weekday, m, r)
    if day is None:
        return (f"XXXX-{month:02d}" if year is None else f"{year:04d}-{month:02d}"), not named
    value = f"{'XXXX' if year is None else f'{year:04d}'}-{month:02d}-{day:02d}"
    if day > (29 if month == 2 else 30 if month in (4, 6, 9, 11) else 31):
        return None, False
    if year is not None and v.extent(value) is None:
        return None, False
    return value, not named


def _weekday_value(weekday: int, m: Match, r: Reading) -> str | None:
    if r.base is None:
        return f"XXXX-WXX-{weekday}"
    if r.last_day and r.last_end < m.start and _UP_TO.fullmatch(r.text, r.last_end, m.start):
        began = date.fromisoformat(r.last_day)  # "from Monday to Friday"
        there = v.add_days(began, (weekday - began.isoweekday()) % 7)
        return there and there.isoformat()
    options = []
    for step in range(-7, 8):
        there = v.add_days(r.base, step)
        if there and there.isoweekday() == weekday:
            options.append(there)
    tense = r.tense(m.start, m.end)
    return _nearest(options, r.base, PAST if tense == OPEN else tense).isoformat()


def calendar(m: Match, r: Reading) -> list[Found]:
    """Months, days of months, weekdays."""
    if m.rule.startswith("mod-weekday") and m.first("early") is None and m.first("late") is None and m.first("on"):
        return []
    value, deictic = _calendar_value(m, r, _day_of_month(m))
    if value is None and _month_of(m):
        return []
    return _found(m, "DATE", value, deictic)


def day_range(m: Match, r: Reading) -> list[Found]:
    """Two days of one month, found as two expressions: "Oct 22-24", "between 3 and 5 May"."""
    days = [n for n, t in enumerate(m.tokens) if t.kind in ("day31", "ordinal")]
    first, second = integer(m.tokens[days[0]]), integer(m.tokens[days[1]])
    one, _ = _calendar_value(m, r, first)
    two, deictic = _calendar_value(m, r, second)
    if one is None or two is None or one > two:
        return calendar(m, r)[:1]
    if days[0] == 0 or m.tokens[0].kind not in MONTHS:  # "22-24 October"
        split = days[0]
        return [
            Found(m.tokens[0].start, m.tokens[split].end, "DATE", one, deictic),
            Found(m.tokens[days[1]].start, m.end, "DATE", two, deictic),
        ]
    return [
        Found(m.start, m.tokens[days[0]].end, "DATE", one, deictic),
        Found(m.tokens[days[1]].start, m.end, "DATE", two, deictic),
    ]


def _clock(m: Match) -> str | None:
    """``HH:MM`` (with an offset where a zone is stated), None when it is no time of day."""
    noon = m.first("noon")
    hour = minute = 0
    if noon:
        hour = int(noon[:2])
    else:
        figures = [t for t in m.tokens if t.kind in ("clock", "day31", "decimal", "card", "year", "oldyear", "number")]
        token = next((t for t in figures if t.kind == "clock"), None) or figures[-1 if m.rule == "day-clock" else 0]
        if token.kind == "clock":
            hour, minute = (int(p) for p in token.value.split(":")[:2])
        elif token.kind == "decimal":
            whole, rest = token.value.split(".")
            if len(rest) != 2:
                return None
            hour, minute = int(whole), int(rest)
        elif token.kind in ("year", "oldyear", "number"):
            if len(token.value) != 4:
                return None
            hour, minute = int(token.value[:2]), int(token.value[2:])
        else:
            hour = int(token.value)
    half = m.first("ampm")
    part = m.first("daypart") if m.rule == "clock" else None
    if half or part:
        if half and not 1 <= hour <= 12:
            return None
        if (half == "PM" or part in ("AF", "EV", "NI")) and hour < 12:
            hour += 12
        elif half == "AM" and hour == 12:
            hour = 0
    if hour > 24 or minute > 59:
        return None
    zone = m.first("tz", "citytz")
    return f"{hour:02d}:{minute:02d}" + (zone if zone and zone != "-" else "")


def moment(m: Match, r: Reading) -> list[Found]:
    """A time of day, on a day that stands beside it, else on the day last spoken of in the sentence, else today."""
    clock = _clock(m)
    if clock is None:
        return []
    day: str | None
    deictic = True
    if m.has("today"):
        day = _offset_day(m, r)
    elif m.has(*MONTHS, "weekday", "wday"):
        split = [n for n, t in enumerate(m.tokens) if t.kind in (*MONTHS, "weekday", "wday")]
        around = m.tokens[split[0] - 1 :] if split[0] and m.tokens[split[0] - 1].kind in ("day31", "ordinal") else m.tokens[split[0] :]
        if m.rule == "day-clock":
            at = next(n for n, t in enumerate(m.tokens) if t.kind in ("clock", "ampm", "oclock", "noon", "tz"))
            around = m.tokens[: at if m.tokens[at].kind in ("clock", "noon") else at - 1]
        inner = match_of(Candidate(m.rule, "", tuple(around)))
        day, deictic = _calendar_value(inner, r, _day_of_month(inner))
    else:
        near = r.last_day if r.last_day and m.start - r.last_end < SAME_BREATH and "\n" not in r.text[r.last_end : m.start] else None
        day = near or (r.base.isoformat() if r.base else None)
    if day is None:
        return _found(m, "TIME", f"XXXX-XX-XXT{clock}" if m.has("tz", "ampm", "clock", "noon") else None)
    return _found(m, "TIME", f"{day}T{clock}", deictic)


def _offset_day(m: Match, r: Reading, kind: str = "today") -> str | None:
    if r.base is None:
        return None
    there = v.add_days(r.base, int(m.first(kind) or 0))
    return there and there.isoformat()


def today(m: Match, r: Reading) -> list[Found]:
    if re.search(r"\b[A-Z]{2,} $", r.text[max(0, m.start - 8) : m.start]) and m.tokens[-1].value == "0":
        if r.text[m.end - 5] == "T":  # USA TODAY
            return []
    return _found(m, "DATE", _offset_day(m, r), True)


def daypart(m: Match, r: Reading) -> list[Found]:
    """A part of a day: "Friday morning", "last night", "overnight"."""
    part = m.first("daypart", "dawn", "tonight", "overnight") or "MO"  # the small hours
    if m.has("noon"):
        return moment(m, r)
    day: str | None
    deictic = True
    if m.has("today"):
        day = _offset_day(m, r)
    elif m.has(*MONTHS, "weekday", "wday"):
        day, deictic = _calendar_value(m, r, _day_of_month(m))
    elif m.has("last", "overnight") and r.base:
        there = v.add_days(r.base, -1)
        day = there and there.isoformat()
    elif m.has("next") and m.has("the") and r.last_day:
        day = v.shifted(r.last_day, 1, "D")
    elif m.has("that", "the", "same", "prev", "following"):
        day = r.last_day or (r.base.isoformat() if r.base else None)
        if day and m.has("prev", "following"):
            day = v.shifted(day, -1 if m.has("prev") else 1, "D")
    else:
        day = r.base.isoformat() if r.base else None
    return _found(m, "TIME", f"{day}T{part}" if day else None, deictic)


def neighbour(m: Match, r: Reading) -> list[Found]:
    """The day before yesterday, the day after tomorrow."""
    step = int(m.first("before") or m.first("after") or 0) + int(m.first("today") or 0)
    there = v.add_days(r.base, step) if r.base else None
    return _found(m, "DATE", there and there.isoformat(), True)


def year(m: Match, r: Reading) -> list[Found]:
    _, number = _year(m, r)
    if number is None:
        return _found(m, "DATE", None) if m.has("shortyear") else []
    if m.rule == "hyphen-year" and not r.text[m.start - 2 : m.start - 1].isalpha():
        return []
    return _found(m, "DATE", f"{number:04d}")


def half_year(m: Match, r: Reading) -> list[Found]:
    """Half a year by its place: "the second half of 2019", "the first half of this year"."""
    half = 1 if m.first("ord") == "1" or m.first("edge") == "START" else 2
    named, number = _year(m, r)
    if not named and r.base:
        number = r.base.year
    return _found(m, "DATE", number and f"{number:04d}-H{half}", not m.has("year"))


def unknown(m: Match, r: Reading) -> list[Found]:
    """A date of a calendar that is not converted."""
    return _found(m, "DATE", None)


def week_of(m: Match, r: Reading) -> list[Found]:
    """The week in which a day lies: "the week of October 10"."""
    value, deictic = _calendar_value(m, r, _day_of_month(m))
    span = v.extent(value)
    return _found(m, "DATE", span and v.week(span.first), deictic)


def weekday_of_week(m: Match, r: Reading) -> list[Found]:
    """A weekday of this, last or next week."""
    weekday = int(m.first("weekday") or 1)
    if r.base is None:
        return _found(m, "DATE", f"XXXX-WXX-{weekday}", True)
    week = int(m.first("this", "last", "next") or 0)
    there = v.add_days(r.base, weekday - r.base.isoweekday() + 7 * week)
    return _found(m, "DATE", there and there.isoformat(), True)


def years(m: Match, r: Reading) -> list[Found]:
    """Two years with a stroke: "2016-17", found as two expressions."""
    first, second = m.tokens[0], m.tokens[2]
    one, two = int(first.value), integer(second)
    if two is None or not TOO_OLD <= one <= TOO_FAR:
        return []
    full = two if two > 999 else one // 100 * 100 + two
    if not one < full <= one + 100 or (two < 100 and len(second.value) != 2):
        return _found(m, "DATE", first.value)[:1] if two > 99 else [Found(first.start, first.end, "DATE", first.value)]
    return [
        Found(first.start, first.end, "DATE", f"{one:04d}"),
        Found(second.start, second.end, "DATE", f"{full:04d}"),
    ]


def decade(m: Match, r: Reading) -> list[Found]:
    word = m.first("nineties")
    if word:
        base_century = r.base.year // 100 if r.base else 19
        digit = int(word)
        decades = base_century * 10 + digit
        if r.base and decades * 10 > r.base.year or r.base is None:
            decades = (base_century - (1 if r.base else 0)) * 10 + digit
        return _found(m, "DATE", str(decades))
    digits = re.sub(r"\D", "", m.first("decade") or "")
    if len(digits) == 4:
        return _found(m, "DATE", digits[:3])
    century = 19 if r.base is None or int(digits[0]) * 10 + r.base.year // 100 * 100 > r.base.year else r.base.year // 100
    return _found(m, "DATE", f"{century}{digits[0]}")


def century(m: Match, r: Reading) -> list[Found]:
    number = integer(next(t for t in m.tokens if t.kind in ("ord", "SECOND", "ordinal")))
    if number is None or m.has("tens"):
        return []
    return _found(m, "DATE", f"{number - 1:02d}")


# --- quarters ------------------------------------------------------------------------------------------------------


def _quarter_year(number: int, length: int, m: Match, r: Reading) -> int | None:
    """The year of the n-th quarter (or half): the last one that has begun, unless the words look ahead."""
    if r.base is None:
        return None
    current = (r.base.month - 1) // length + 1
    if number <= current or r.tense(m.start, m.end) == FUTURE:
        return r.base.year
    # the quarter that follows the present one is spoken of by its forecasts while the year lasts
    return r.base.year if number == current + 1 and current > 1 else r.base.year - 1


def quarter(m: Match, r: Reading) -> list[Found]:
    """A numbered quarter or half, of a fiscal year as of a calendar year."""
    length, letter = (6, "H") if m.has("half") else (3, "Q")
    code = m.first("qcode")
    if code:
        letter, number = code[0], int(code[1])
        length = 3 if letter == "Q" else 6
    else:
        ordinal = next((t for t in m.tokens if t.kind in ("ord", "SECOND", "ordinal")), None)
        number = (integer(ordinal) or 0) if ordinal else 2
    if not 1 <= number <= 12 // length:
        return []
    named, which = _year(m, r)
    if not named:
        which = _quarter_year(number, length, m, r)
    value = f"{'XXXX' if which is None else f'{which:04d}'}-{letter}{number}"
    if letter == "Q" and which is not None and (r.quarter is None or r.base is None or value < v.quarter(r.base)):
        r.quarter, r.quarter_end = value, m.end  # plans for a coming quarter are no figures
    return _found(m, "DATE", value, not named)


def quarter_ago(m: Match, r: Reading) -> list[Found]:
    """The period whose figures the report gives, a year before: "the year-earlier period", "the 1988 quarter"."""
    if m.has("year"):
        return _found(m, "DATE", (m.first("year") or "") + (r.quarter[4:] if r.quarter else ""))
    if r.quarter and (m.has("QUARTER") or 0 <= m.start - r.quarter_end < SAME_FIGURES):
        r.quarter_end = m.end
        return _found(m, "DATE", v.shifted(r.quarter, -1, "Y"))
    return _found(m, "DATE", f"{r.base.year - 1:04d}" if r.base else None, True)


SAME_FIGURES = 600
"""Characters after a quarter was last spoken of in which "a year earlier" means the same quarter of the year before."""


def fiscal(m: Match, r: Reading) -> list[Found]:
    code = m.first("fycode")
    if code is None:
        return _found(m, "DATE", m.first("year"))
    digits = re.sub(r"\D", "", code)
    return _found(m, "DATE", digits if len(digits) == 4 else f"20{digits}")


# --- seasons and holidays ------------------------------------------------------------------------------------------


def _season_year(part: str, m: Match, r: Reading) -> int | None:
    if r.base is None:
        return None
    options = [date(y, v.SEASONS[part], 1) for y in (r.base.year - 1, r.base.year, r.base.year + 1)]
    tense = r.tense(m.start, m.end)
    if tense == FUTURE:  # a season under way is still to come for the words
        options = [d for d in options if (r.base - d).days < 92]
        return min(options).year
    return max(d for d in options if d <= r.base).year


def season(m: Match, r: Reading) -> list[Found]:
    part = m.first("season", "fall") or ""
    named, which = _year(m, r)
    if not named:
        which = _season_year(part, m, r)
    return _found(m, "DATE", f"{'XXXX' if which is None else f'{which:04d}'}-{part}", not named)


def holiday(m: Match, r: Reading) -> list[Found]:
    if m.rule == "new-year":
        if not m.has("DAY", "eve"):
            return []
        month, day = (12, 31) if m.has("eve") else (1, 1)
    else:
        month, day = (int(p) for p in (m.first("christmas", "holiday") or "12-25").split("-"))
        if m.has("eve"):
            day -= 1
    which = _year_of(month, day, None, m, r)
    return _found(m, "DATE", f"{'XXXX' if which is None else f'{which:04d}'}-{month:02d}-{day:02d}", True)


# --- this, last, next ----------------------------------------------------------------------------------------------

_STEP = {"last": -1, "prev": -1, "next": 1, "coming": 1, "following": 1}


def _step(m: Match) -> tuple[int, bool]:
    """(how many units on, whether counted from what was said before)."""
    if m.has("following", "prev", "that", "same") or (m.has("next") and m.has("the") and not m.has("edge")):
        kind = next(k for k in ("following", "prev", "that", "same", "next") if m.has(k))
        return _STEP.get(kind, 0), True
    if m.has("this") and m.has("past", "coming"):
        return (-1 if m.has("past") else 0), False
    return next((_STEP[k] for k in ("last", "next", "coming") if m.has(k)), 0), False


def relative(m: Match, r: Reading) -> list[Found]:
    """This, last or next unit, weekday, month or season; "the following day"; "the quarter"."""
    step, from_text = _step(m)
    anchor = r.base
    deictic = True
    if from_text:
        known = v.extent(r.last_day if m.has("DAY", "weekday") else r.last)
        anchor = known.first if known else anchor
        deictic = known is None
    if m.has("weekday"):
        return _found(m, "DATE", _rel_weekday(int(m.first("weekday") or 1), step, anchor, m), deictic)
    if m.has(*MONTHS):
        return _found(m, "DATE", _rel_month(_month_of(m) or 1, step, anchor, m), deictic)
    if m.has("season", "fall"):
        return _found(m, "DATE", _rel_season(m.first("season", "fall") or "", step, anchor, m, r), deictic)
    if m.rule == "unit-itself" and _is_title(m, r):
        return []
    if m.has("period") or (m.has("QUARTER") and m.rule in ("quarter-ended", "unit-itself", "this-quarter", "latest-period")):
        return _rel_quarter(m, r, step, from_text)
    unit = unit_of(m)
    if m.rule in ("day-itself", "unit-itself", "mod-the-unit") and r.last and unit in ("D", "M"):
        # "the day" is the one spoken of, if one was
        spoken = r.last_day if unit == "D" else r.last
        known = v.extent(spoken) if spoken else None
        if known and known.precision in ("day", "month"):
            anchor, deictic = known.first, False
    if anchor is None:
        return _found(m, "DATE", None, deictic)
    if m.rule in ("rel-unit", "coming-unit") and m.has("latest"):
        step = -1
    if unit == "WE":
        return _found(m, "DATE", _weekend(m, r, step, anchor), deictic)
    value = v.moved(anchor, step, unit)
    return _found(m, "DATE", value, deictic)


def _weekend(m: Match, r: Reading, step: int, anchor: date) -> str | None:
    if step == 0 and m.rule == "weekend" and anchor.isoweekday() < 6 and r.tense(m.start, m.end) != FUTURE:
        step = -1  # in the course of a week "the weekend" of what is told is the one before
    elif step == -1 and anchor.isoweekday() >= 6:
        step = -1
    return v.moved(anchor, step, "WE")


def _rel_weekday(weekday: int, step: int, anchor: date | None, m: Match) -> str | None:
    if anchor is None:
        return f"XXXX-WXX-{weekday}"
    days = weekday - anchor.isoweekday()
    if m.has("this") and not m.has("past", "coming"):
        there = v.add_days(anchor, days)  # the one of this week
    elif step < 0 or m.has("past"):
        there = v.add_days(anchor, days if days < 0 else days - 7)
    elif m.has("same", "that"):
        there = v.add_days(anchor, days)
    else:
        there = v.add_days(anchor, days if days > 0 else days + 7)
    return there and there.isoformat()


def _rel_month(month: int, step: int, anchor: date | None, m: Match) -> str | None:
    if anchor is None:
        return f"XXXX-{month:02d}"
    which = anchor.year
    if step < 0 or m.has("past"):
        which -= month >= anchor.month
    elif step > 0 or m.has("coming"):
        which += month <= anchor.month
    return f"{which:04d}-{month:02d}"


def _rel_season(part: str, step: int, anchor: date | None, m: Match, r: Reading) -> str | None:
    if anchor is None:
        return f"XXXX-{part}"
    now = v.season(anchor)
    if m.rule == "rel-season" and part == "SP" and m.has("fall") and not m.has("season"):
        part = "SP"
    options = [f"{anchor.year + y:04d}-{part}" for y in (-2, -1, 0, 1)]
    starts = {o: v.extent(o).first for o in options}  # type: ignore[union-attr]
    if m.has("this") and not m.has("past", "coming"):
        if now in options:
            return now
        return f"{anchor.year:04d}-{part}"
    if step < 0 or m.has("past"):
        past = [o for o in options if starts[o] < anchor and o != now]
        return max(past)
    return min(o for o in options if starts[o] > anchor)


def _rel_quarter(m: Match, r: Reading, step: int, from_text: bool) -> list[Found]:
    if r.quarter and (from_text or m.has("latest", "current") or m.rule in ("quarter-ended", "unit-itself")):
        # "the quarter", "the latest period": the one of the report's figures
        r.quarter_end = m.end
        return _found(m, "DATE", v.shifted(r.quarter, step, "Q"))
    if m.has("latest") or m.rule == "quarter-ended":
        step = -1
    value = v.moved(r.base, step, "Q") if r.base else None
    r.quarter, r.quarter_end = value, m.end
    return _found(m, "DATE", value, True)


def yearend(m: Match, r: Reading) -> list[Found]:
    return _found(m, "DATE", f"{r.base.year:04d}" if r.base else None, True)


# --- so many units ago or on ---------------------------------------------------------------------------------------

_VAGUE = ("few", "several", "some", "many", "dozens")


def ago(m: Match, r: Reading) -> list[Found]:
    """So many units before publication ("ago") or before what was said ("a year earlier")."""
    unit = unit_of(m)
    number = None if m.has(*_VAGUE) else count(m.tokens)
    if number is None or unit[0] == "T":
        return _found(m, "DATE", "PAST_REF")
    if unit == "Y" and m.has("a") and r.quarter and 0 <= m.start - r.quarter_end < SAME_FIGURES:
        return quarter_ago(m, r)
    earlier = m.has("earlier")
    if earlier and r.last:
        value = v.shifted(r.last, -int(number), unit)
        if value:
            return _found(m, "DATE", value)
    if r.base is None:
        return _found(m, "DATE", None, True)
    value = v.moved(r.base, -int(number), unit)
    if number != int(number) and unit == "Y":
        there = v.add_months(r.base, -int(number * 12))
        value = there and v.month(there)
    return _found(m, "DATE", value, True)


def later(m: Match, r: Reading) -> list[Found]:
    """So many units after or before a day of the text ("two days later"), or from now."""
    unit = unit_of(m)
    number = None if m.has(*_VAGUE) else count(m.tokens)
    if number is not None and number == int(number) and unit[0] != "T":
        if m.has("now") or m.rule == "in-days-time":
            return _found(m, "DATE", v.moved(r.base, int(number), unit) if r.base else None, True)
        known = r.last_day if unit in ("D", "W") else r.last
        value = v.shifted(known, int(number) * (-1 if m.has("earlier") else 1), unit) if known else None
        span = v.extent(value)
        if span and m.start - r.last_end < SAME_STORY:
            if r.base is None or span.first <= r.base or r.tense(m.start, m.end) == FUTURE:
                return _found(m, "DATE", value)
    last = m.tokens[-1] if m.tokens[-1].kind in ("later", "earlier", "hence") else None
    end = m.tokens[-2].end if last else m.end
    return [Found(m.start, end, "DURATION", v.duration(number, unit))]


SAME_STORY = 400
"""Characters between a day and the "two days later" that is counted from it."""


def duration(m: Match, r: Reading) -> list[Found]:
    """So many units of time, or an unknown number of them."""
    unit = unit_of(m)
    single = m.tokens[-1].kind
    if _is_title(m, r):
        return []
    if m.has("the") and unit in ("M", "Y"):
        r.quarter_end = -1  # figures of another period follow
    if m.rule in ("n-to-n",):
        cut = next((n for n, t in enumerate(m.tokens) if n and t.kind in ("to", "or", "hyphen", "dash")), None)
        numbers = count(m.tokens[cut or 0 :])
    elif m.has(*_VAGUE):
        numbers = None
    elif m.rule in ("past-unit", "year-ended", "unit-long"):
        numbers = 1 if m.rule != "unit-long" else None
    else:
        numbers = count(m.tokens)
    if m.rule == "n-unit" and not m.has("hyphen") and single in UNITS and (numbers or 0) > 1 and not unit_ok(m):
        return []
    return _found(m, "DURATION", "PXX" if unit == "X" else v.duration(numbers, unit))


def _is_title(m: Match, r: Reading) -> bool:
    """True for a unit with a capital inside a sentence: "60 Minutes", "Person of the Year"."""
    last = m.tokens[-1]
    word = r.text[last.start : last.end]
    return word[:1].isupper() and not word.isupper() and len(m.tokens) > 1


def unit_ok(m: Match) -> bool:
    """A number above one before a singular unit ("five year low") is how speech and captions write it."""
    return m.tokens[-1].kind in ("DAY", "WEEK", "MONTH", "YEAR", "HOUR", "MINUTE", "DECADE")


def recent(m: Match, r: Reading) -> list[Found]:
    return _found(m, "DURATION", v.duration(None, next(t.value for t in m.tokens if t.kind in UNITS)))


def every(m: Match, r: Reading) -> list[Found]:
    """A set of times: "every Thursday", "each year", "daily"."""
    weekday = m.first("weekday", "weekdays", "wday")
    if weekday:
        part = m.first("daypart", "dayparts")
        return _found(m, "SET", f"XXXX-WXX-{weekday}" + (f"T{part}" if part else ""))
    month = _month_of(m)
    if month:
        return _found(m, "SET", f"XXXX-{month:02d}")
    part = m.first("seasons")
    if part:
        return _found(m, "SET", f"XXXX-{part}")
    number = count([t for t in m.tokens if t.kind != "each"])
    return _found(m, "SET", v.duration(number or (2 if m.has("other") else 1), unit_of(m)))


def rate(m: Match, r: Reading) -> list[Found]:
    return _found(m, "SET", v.duration(1, unit_of(m)))


def often(m: Match, r: Reading) -> list[Found]:
    if r.text[m.start].isupper() and r.text[m.end + 1 : m.end + 2].isupper():
        return []  # the Daily Mail
    return _found(m, "SET", m.first("often"))


def present(m: Match, r: Reading) -> list[Found]:
    return _found(m, "DATE", "PRESENT_REF")


def past_ref(m: Match, r: Reading) -> list[Found]:
    return _found(m, "DATE", "PAST_REF")


def future_ref(m: Match, r: Reading) -> list[Found]:
    return _found(m, "DATE", "FUTURE_REF")


ACTIONS: dict[str, Callable[[Match, Reading], list[Found]]] = {
    f.__name__: f
    for f in (
        skip, unknown, iso, slashed, calendar, day_range, half_year, week_of, weekday_of_week, moment, today, daypart, neighbour, year, years, decade, century,
        quarter, quarter_ago, fiscal, season, holiday, relative, yearend, ago, later, duration, recent, every, rate,
        often, present, past_ref, future_ref,
    )
}  # fmt: skip


def resolve(candidate: Candidate, reading: Reading) -> list[Found]:
    """The expressions of a candidate (none, one, or two for a range); they become points of reference."""
    found = ACTIONS[candidate.action](match_of(candidate), reading)
    for one in found:
        reading.note(one)
    return found
