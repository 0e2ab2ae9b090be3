"""All time expressions of a report, and what is needed to link them to events."""

from __future__ import annotations

import re
from bisect import bisect_right
from datetime import date
from typing import NamedTuple

from comity.dates import tense
from comity.dates import values as v
from comity.dates.dateline import HEAD, Dateline, datelines, header_day
from comity.dates.reading import Found, Reading
from comity.dates.resolve import resolve
from comity.dates.scan import Candidate, candidates
from comity.language import Parse
from comity.records import Span, TimeExpression

FRESH = 31
"""Days by which a dateline may precede publication (and one day by which it may follow, across time zones) to be the
day from which the words below it are counted; one further away is a reprint or a slip."""

NEAR = 60
"""Characters between "after" and the day from which it counts ("a day after the leaders met on Friday"), and between a
noun and its day."""

_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def day_of(published: str | None) -> date | None:
    """The calendar day of an ISO 8601 date or date-time as it is written, without change of zone; None for anything
    else."""
    match = _DAY.match(published or "")
    if match is None:
        return None
    try:
        return date.fromisoformat(match[0])
    except ValueError:
        return None


class Timeline(NamedTuple):
    """The time expressions of a report with all that `governing_date` needs. Built by `read_dates`; read-only."""

    parse: Parse
    dates: tuple[TimeExpression, ...]
    found: tuple[Found, ...]
    """The expressions as they were resolved, in the order of `dates`."""
    sources: tuple[Candidate, ...]
    """The candidate of each, from which it can be resolved against another day."""
    starts: tuple[int, ...]
    """Offset of each."""
    counted: dict[int, str]
    """Number of an expression to the day that it counts up to: "two days after Monday's attack"."""
    datelines: tuple[Dateline, ...]
    days: tuple[tuple[int, date | None], ...]
    """(offset, the day from which the text is counted from there on)."""
    quotes: tuple[Span, ...]
    """Stretches in quotation marks, in order, without overlap."""
    quote_starts: tuple[int, ...]
    cache: dict[object, object]
    """Links of the sentences that were asked for, filled on demand."""

    def day_at(self, offset: int) -> date | None:
        """The day from which "today" is counted at an offset: of the dateline above it, else of publication."""
        day = self.days[0][1]
        for start, other in self.days:
            if start > offset:
                break
            day = other
        return day

    def dateline_at(self, offset: int) -> Dateline | None:
        """The dateline above an offset, or None."""
        above = [line for line in self.datelines if line.start <= offset]
        return above[-1] if above else None

    def quote_at(self, offset: int) -> int:
        """Number of the quotation around an offset; -1 outside quotations."""
        n = bisect_right(self.quote_starts, offset) - 1
        return n if n >= 0 and offset < self.quotes[n][1] else -1


# --- quotations ----------------------------------------------------------------------------------------------------

_MARK = re.compile(r"[“”\"«»\n]|``|''")


def quotations(text: str) -> list[Span]:
    """Stretches in double quotation marks, marks included. One that is not closed ends with its line."""
    spans = []
    opened = -1
    for match in _MARK.finditer(text):
        mark = match[0]
        if mark in ("“", "«", "``"):
            opened = match.start() if opened < 0 else opened
        elif opened >= 0:
            spans.append((opened, match.start() if mark == "\n" else match.end()))
            opened = -1
        elif mark == '"':
            opened = match.start()
    if opened >= 0:
        spans.append((opened, len(text)))
    return spans


# --- counting from events ------------------------------------------------------------------------------------------

_BESIDE = re.compile(r"\s+(before|after|following)\s+")
_BREAK = re.compile(r"[.;:!?,\n]")
_OWNER = re.compile(r"['’]s\s+((?:[\w-]+\s+){0,2}?[\w-]+)")
_ON_IT = re.compile(r"([\w-]+)(?:\s+(?:in|at|of|with)(?:\s+the)?(?:\s+[A-Z][\w.-]*)+)?,?\s+on\s+$")
_EVENT = re.compile(
    r"((?:[\w’'-]+ ){0,4}?[\w-]+)(?=\s+(?:in|at|of|on|with|between|to|that|which|was|were|is)\b|[,.;:!?]|$)"
)


def _event_days(text: str, found: list[Found]) -> dict[str, str]:
    """Nouns to the day that the text gives them: "Friday's summit", "the summit in Bali on Friday"."""
    days: dict[str, str] = {}
    for one in found:
        if one.type == "DATE" and one.value and _DAY.fullmatch(one.value):
            after = _OWNER.match(text, one.end, one.end + NEAR)
            before = _ON_IT.search(text, max(0, one.start - NEAR), one.start)
            for match in (after, before):
                for noun in match[1].split() if match else ():
                    days.setdefault(noun.lower(), one.value)
    return days


def _count_from_events(text: str, found: list[Found], sources: list[Candidate]) -> dict[int, str]:
    """Resolves "the day before the summit" in place; returns the days of "two days after the summit" by number."""
    counted: dict[int, str] = {}
    days: dict[str, str] | None = None
    for n, one in enumerate(found):
        beside = sources[n].rule == "day-beside"
        amount = re.fullmatch(r"P(\d+)([DW])", "P1D" if beside else one.value or "")
        match = _BESIDE.match(text, one.end) if amount and (beside or one.type == "DURATION") else None
        if match is None or amount is None:
            continue
        anchor = None
        if n + 1 < len(found) and found[n + 1].start - match.end() < NEAR:
            two = found[n + 1]
            if not _BREAK.search(text, match.end(), two.start):
                anchor = two.value
        if anchor is None:
            days = _event_days(text, found) if days is None else days
            event = _EVENT.match(text, match.end(), match.end() + NEAR)
            words = reversed(event[1].lower().split()) if event else ()
            anchor = next((days[word] for word in words if word in days), None)
        if anchor is None or _DAY.fullmatch(anchor) is None:
            continue
        value = v.shifted(anchor, int(amount[1]) * (-1 if match[1] == "before" else 1), amount[2])
        if value and beside:
            found[n] = one._replace(value=value)
        elif value:
            counted[n] = value
    return counted


# --- the report ----------------------------------------------------------------------------------------------------


def _days(text: str, published: date | None, lines: list[Dateline]) -> list[tuple[int, date | None]]:
    base = published or day_of(header_day(text))
    days: list[tuple[int, date | None]] = [(0, base)]
    for line in lines:
        day = day_of(line.day)
        fresh = day is not None and (base is None or -1 <= (base - day).days <= FRESH)
        days.append((line.start, day if fresh else base))
    if len(days) > 1 and days[1][0] <= text.find("\n") + 1:
        days[0] = (0, days[1][1])  # a headline is counted like the text below it
    return days


def find_dateline(parse: Parse, published: str | None) -> Dateline | None:
    """The dateline with which a report begins, or None. `published` (ISO 8601) gives the year that it leaves out."""
    lines = datelines(parse.text, day_of(published))
    return lines[0] if lines and lines[0].start < HEAD else None


def read_dates(parse: Parse, published: str | None) -> Timeline:
    """Finds and resolves all time expressions of a report, over all its segments.

    `published` is an ISO 8601 date or date-time. Where it is missing, a day of publication that the head of the text
    states in full, or a dateline's, takes its place; otherwise what would be counted from it has the value None.
    """
    text = parse.text
    lines = datelines(text, day_of(published))
    days = _days(text, day_of(published), lines)
    reading = Reading(text, days[0][1], lambda start, end: tense.at(parse, start, end))
    found: list[Found] = []
    sources: list[Candidate] = []
    upcoming = 1
    for segment in parse.segments:
        while upcoming < len(days) and days[upcoming][0] <= segment.start:
            reading = Reading(text, days[upcoming][1], reading.tense)
            upcoming += 1
        for candidate in candidates(text, segment.start, segment.end):
            resolved = resolve(candidate, reading)
            found += resolved
            sources += [candidate] * len(resolved)
    counted = _count_from_events(text, found, sources)
    quotes = quotations(text)
    return Timeline(
        parse=parse,
        dates=tuple(
            TimeExpression(start=f.start, end=f.end, text=text[f.start : f.end], type=f.type, value=f.value)
            for f in found
        ),
        found=tuple(found),
        sources=tuple(sources),
        starts=tuple(f.start for f in found),
        counted=counted,
        datelines=tuple(lines),
        days=tuple(days),
        quotes=tuple(quotes),
        quote_starts=tuple(start for start, _ in quotes),
        cache={},
    )


def find_dates(parse: Parse, published: str | None) -> tuple[TimeExpression, ...]:
    """All TIMEX3 expressions of a report. See `read_dates`, which also gives what links them to events."""
    return read_dates(parse, published).dates
