"""Reports for the tests of statements: read once with one language model."""

from __future__ import annotations

from functools import cache

from comity.actors import resolve
from comity.dates import read_dates
from comity.language import split
from comity.language.model import Language
from comity.records import Report, Statement
from comity.statements import Reading, read_statements


@cache
def language() -> Language:
    return Language()


def read(
    text: str, published: str | None = "2023-03-01", outlet: str | None = None, title: str | None = None
) -> Reading:
    """The reading of a text as a report of that day."""
    report = Report(id="sample", text=text, title=title, published=published, outlet=outlet)
    segments = split(text)
    (parse,) = language().parse([(text, segments, segments)])
    return read_statements(report, parse, resolve(report, parse), read_dates(parse, published))


def contents(reading: Reading, statement: Statement) -> str:
    """A statement's content, its spans joined by " … "."""
    return " … ".join(reading.report.text[a:b] for a, b in statement.content)


def said(text: str, **report: str | None) -> list[tuple[str, str, str]]:
    """Speakers (joined by " + "), cue and content of each statement of a text."""
    reading = read(text, **report)
    return [
        (
            " + ".join(v.text or "" for v in s.speakers),
            text[s.cue[0] : s.cue[1]] if s.cue else "",
            contents(reading, s),
        )
        for s in reading.statements
    ]
