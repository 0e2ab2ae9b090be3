"""Actions of the grammar that find days and months of the calendar, and times of day."""

from __future__ import annotations

import re
from datetime import date

from comity.dates import values as v
from comity.dates.amounts import LAST_YEAR, OLDEST_YEAR, full_year, integer
from comity.dates.reading import MONTHS, SAME_BREATH, WEEKDAYS, Found, Match, Reading, digits, nearest, year_of
from comity.dates.tense import FUTURE, OPEN, PAST

_UP_TO = re.compile(r"\s*(?:to|through|thru|until|till|-|–|—)\s*")
_TO = re.compile(r"[\s,]*(?:to|through|thru|until|till|and|-|–|—)\s*(?:the\s)?")
_BREAK = re.compile(r"[.!?;\n]|\band\b")


def _moved(base: date | None, count: int) -> str | None:
    return v.moved(base, count, "D") if base else None


def _same_breath(m: Match, r: Reading) -> int | None:
    """The year named shortly before, in the same clause: "in 2019, protests began in June"."""
    if r.last is None or r.base is None or not r.last[:4].isdigit() or len(r.last) < 4:
        return None
    stated = r.last[:4] in r.text[max(0, r.last_end - 20) : r.last_end]
    near = m.start - r.last_end < SAME_BREATH and not _BREAK.search(r.text, r.last_end, m.start)
    return int(r.last[:4]) if stated and near and int(r.last[:4]) < r.base.year else None


def _unnamed_year(month: int, day: int | None, weekday: int | None, m: Match, r: Reading) -> int | None:
    """The year of a date that names none."""
    base = r.base
    if base is None:
        return None
    began = v.extent(r.last) if r.last_end < m.start and _TO.fullmatch(r.text, r.last_end, m.start) else None
    if began and began.precision in ("day", "month"):  # "from Sept. 14 to Sept. 16": the first of its kind from there
        return began.first.year + ((month, day or 31) < (began.first.month, began.first.day))
    tense = r.tense(m.start, m.end)
    governing = _same_breath(m, r) if tense != FUTURE else None
    if governing:
        return governing
    options = []
    for year in (base.year - 1, base.year, base.year + 1):
        try:
            options.append(date(year, month, day or 1))
        except ValueError:  # 29 February
            continue
    fitting = [d for d in options if d.isoweekday() == weekday] or options
    if not fitting:
        return base.year
    against = base if day else base.replace(day=1)
    gone = [d for d in fitting if d <= against]
    if tense == PAST and gone and (day is None or r.text.endswith("on ", 0, m.start)):
        return max(gone).year  # "met on Dec. 7", unlike "declared a dividend payable Dec. 7", can but be past
    return nearest(fitting, against, tense).year


def _weekday_value(weekday: int, m: Match, r: Reading) -> str | None:
    if r.base is None:
        return f"XXXX-WXX-{weekday}"
    if r.last_day and r.last_end < m.start and _UP_TO.fullmatch(r.text, r.last_end, m.start):
        began = date.fromisoformat(r.last_day)  # "from Monday to Friday"
        return _moved(began, (weekday - began.isoweekday()) % 7)
    ahead = (weekday - r.base.isoweekday()) % 7
    options = [d for d in (v.add_days(r.base, ahead - 7 if ahead else 0), v.add_days(r.base, ahead)) if d]
    tense = r.tense(m.start, m.end)
    return nearest(options, r.base, PAST if tense == OPEN else tense).isoformat()


def calendar_value(m: Match, r: Reading, day: int | None) -> tuple[str | None, bool]:
    """(value, deictic) of what names a weekday, a month, or a day of a month; no value for an impossible day."""
    month, weekday = m.number(*MONTHS), m.number(*WEEKDAYS)
    if month is None:
        return _weekday_value(weekday or 1, m, r), True
    named, year = year_of(m, r)
    if not named:
        year = _unnamed_year(month, day, weekday, m, r)
    if day is None:
        return f"{digits(year)}-{month:02d}", not named
    if v.extent(f"{2000 if year is None else year:04d}-{month:02d}-{day:02d}") is None:
        return None, False
    return f"{digits(year)}-{month:02d}-{day:02d}", not named


def _day_of_month(m: Match) -> int | None:
    return m.ordinal("day31", "ordinal", "ord")


def calendar(m: Match, r: Reading) -> list[Found]:
    """Months, days of months, weekdays."""
    value, deictic = calendar_value(m, r, _day_of_month(m))
    return m.found("DATE", value, deictic) if value else []


def day_range(m: Match, r: Reading) -> list[Found]:
    """Two days of one month, found as two expressions: "Oct 22-24", "between 3 and 5 May"."""
    one, two = (n for n, t in enumerate(m.tokens) if t.kind in ("day31", "ordinal"))
    first, _ = calendar_value(m, r, integer(m.tokens[one]))
    second, deictic = calendar_value(m, r, integer(m.tokens[two]))
    if first is None or second is None or first > second:
        return []
    return [
        Found(m.start, m.tokens[one].end, "DATE", first, deictic),
        Found(m.tokens[two].start, m.end, "DATE", second, deictic),
    ]


def week_of(m: Match, r: Reading) -> list[Found]:
    """The week in which a day lies: "the week of October 10"."""
    value, deictic = calendar_value(m, r, _day_of_month(m))
    span = v.extent(value)
    return m.found("DATE", span and v.week(span.first), deictic)


def weekday_of_week(m: Match, r: Reading) -> list[Found]:
    """A weekday of this, last or next week: "Monday of last week"."""
    weekday = m.number("weekday") or 1
    if r.base is None:
        return m.found("DATE", f"XXXX-WXX-{weekday}", True)
    weeks = m.number("this", "last", "next") or 0
    return m.found("DATE", _moved(r.base, weekday - r.base.isoweekday() + 7 * weeks), True)


def iso(m: Match, r: Reading) -> list[Found]:
    """A date or date-time in the form of ISO 8601."""
    value = m.tokens[0].value.replace(" ", "T")
    return m.found("TIME" if "T" in value else "DATE", value) if v.extent(value) else []


def slashed(m: Match, r: Reading) -> list[Found]:
    """Figures with strokes or dots. Dots put the day first; with strokes both orders are tried, and where both are
    days the later one that is not after publication is meant (unknown without a day of publication)."""
    parts = [int(p) for p in re.split(r"[/.]", m.tokens[0].value)]
    if parts[0] > 31:
        orders = [parts]
    else:
        year = parts[2] if parts[2] > 99 else full_year(parts[2], r.base)
        if year is None:
            return []
        orders = [[year, parts[1], parts[0]]]
        if "." not in m.tokens[0].value:
            orders.append([year, parts[0], parts[1]])
    days = []
    for year, month, day in orders:
        if OLDEST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12 and v.extent(f"{year:04d}-{month:02d}-{day:02d}"):
            days.append(date(year, month, day))
    if not days:
        return []
    if len(set(days)) > 1 and r.base is None:
        return m.found("DATE", None)
    return m.found("DATE", (nearest(days, r.base, PAST) if r.base else days[0]).isoformat())


def today(m: Match, r: Reading) -> list[Found]:
    """Today, yesterday, tomorrow."""
    if m.tokens[-1].value == "0" and r.text[m.end - 5] == "T" and r.text[max(0, m.start - 2)].isupper():
        return []  # USA TODAY
    return m.found("DATE", _moved(r.base, m.number("today") or 0), True)


def neighbour(m: Match, r: Reading) -> list[Found]:
    """The day before yesterday, the day after tomorrow."""
    return m.found("DATE", _moved(r.base, (m.number("before", "after") or 0) + (m.number("today") or 0)), True)


def unknown(m: Match, r: Reading) -> list[Found]:
    """A date that only what follows can tell, or of a calendar that is not converted."""
    return m.found("DATE", None)


def holiday(m: Match, r: Reading) -> list[Found]:
    """A holiday of fixed date, or its eve: "Christmas Eve", "New Year's Day". A bare "new year" is none."""
    if m.has("new") and not m.has("DAY", "eve"):
        return []
    month, day = (int(part) for part in (m.first("christmas", "holiday") or "01-01").split("-"))
    if m.has("eve"):
        month, day = (month, day - 1) if day > 1 else (12, 31)
    year = _unnamed_year(month, day, None, m, r)
    return m.found("DATE", f"{digits(year)}-{month:02d}-{day:02d}", True)


# --- times of day --------------------------------------------------------------------------------------------------

_HOURS = ("clock", "day31", "decimal", "card", "year", "oldyear", "number")
_CLOCK = ("clock", "ampm", "oclock", "noon", "tz")


def _hour_and_minute(m: Match) -> tuple[int, int] | None:
    noon = m.first("noon")
    if noon:
        return int(noon[:2]), 0
    figures = [t for t in m.tokens if t.kind in _HOURS]
    token = next((t for t in figures if t.kind == "clock"), figures[-1 if m.how == "day first" else 0])
    if token.kind in ("clock", "decimal"):
        hour, minute = re.split(r"[:.]", token.value)[:2]
        return (int(hour), int(minute)) if len(minute) == 2 else None
    if token.kind in ("year", "oldyear", "number"):  # 0930 GMT
        return (int(token.value[:2]), int(token.value[2:])) if re.fullmatch(r"\d{4}", token.value) else None
    return int(token.value), 0


def clock_value(m: Match) -> str | None:
    """``HH:MM``, with the offset of a zone that is stated and known; None when it is no time of day."""
    known = _hour_and_minute(m)
    if known is None:
        return None
    hour, minute = known
    half = m.first("ampm")
    if half and not 1 <= hour <= 12:
        return None
    if half == "AM" and hour == 12:
        hour = 0
    elif hour < 12 and (half == "PM" or (m.has("in") and m.first("daypart") in ("AF", "EV", "NI"))):
        hour += 12
    if hour > 24 or minute > 59:
        return None
    zone = m.first("tz", "citytz") or "-"
    return f"{hour:02d}:{minute:02d}" + ("" if zone == "-" else zone)


def _day_beside(m: Match, r: Reading) -> tuple[str | None, bool]:
    """(value, deictic) of the day that stands with a time of day."""
    if m.has("today"):
        return _moved(r.base, m.number("today") or 0), True
    first = next(n for n, t in enumerate(m.tokens) if t.kind in (*MONTHS, *WEEKDAYS))
    after = len(m.tokens)
    if m.how == "day first":
        after = next(n for n, t in enumerate(m.tokens) if t.kind in _CLOCK)
        after -= m.tokens[after].kind not in ("clock", "noon")
    elif first and m.tokens[first - 1].kind in ("day31", "ordinal"):
        first -= 1
    day = m.part(0 if m.how == "day first" else first, after)
    return calendar_value(day, r, _day_of_month(day))


def moment(m: Match, r: Reading) -> list[Found]:
    """A time of day, on the day that stands beside it, else on the day last spoken of in the sentence, else today."""
    clock = clock_value(m)
    if clock is None:
        return []
    if m.has("today", *MONTHS, *WEEKDAYS):
        day, deictic = _day_beside(m, r)
    else:
        near = 0 <= m.start - r.last_end < SAME_BREATH and "\n" not in r.text[r.last_end : m.start]
        day, deictic = (r.last_day if near and r.last_day else _moved(r.base, 0)), True
    return m.found("TIME", f"{day or 'XXXX-XX-XX'}T{clock}", deictic)


def daypart(m: Match, r: Reading) -> list[Found]:
    """A part of a day: "Friday morning", "last night", "overnight", "the small hours of Tuesday"."""
    if m.has("noon"):
        return moment(m, r)
    part = m.first("daypart", "dawn", "tonight", "overnight") or "MO"
    deictic = True
    if m.has("today"):
        day = _moved(r.base, m.number("today") or 0)
    elif m.has(*MONTHS, *WEEKDAYS):
        day, deictic = calendar_value(m, r, _day_of_month(m))
    elif m.has("last", "overnight"):
        day = _moved(r.base, -1)
    elif m.has("the", "that"):
        step = next((m.number(k) or 0 for k in ("prev", "following", "next") if m.has(k)), 0)
        day = v.shifted(r.last_day or _moved(r.base, 0), step, "D")
    else:
        day = _moved(r.base, 0)
    return m.found("TIME", day and f"{day}T{part}", deictic)
