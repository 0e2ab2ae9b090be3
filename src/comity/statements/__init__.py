"""What was said: speaker, cue, content, addressee, venue, channel, relay chain, nesting."""

from __future__ import annotations

from comity.actors import Cast
from comity.dates import Timeline
from comity.language import Parse
from comity.records import Report, Statement
from comity.statements.attribution import Attribution
from comity.statements.cues import cue_words
from comity.statements.quotation import Quotation, quotations
from comity.statements.reading import Reading
from comity.statements.screen import may_hold_statement
from comity.statements.voices import Voice


def read_statements(report: Report, parse: Parse, cast: Cast, timeline: Timeline | None = None) -> Reading:
    """All attributions of a report, with the statements recorded of them and what events ask of them.

    `timeline`: `comity.dates.read_dates` of the same parse; without it no statement is dated.
    """
    return Reading(report, parse, cast, timeline)


def find_statements(
    report: Report, parse: Parse, cast: Cast, timeline: Timeline | None = None
) -> tuple[Statement, ...]:
    """The statements of a report as records, in text order, outer before inner."""
    return Reading(report, parse, cast, timeline).statements


__all__ = [
    "Attribution",
    "Quotation",
    "Reading",
    "Voice",
    "cue_words",
    "find_statements",
    "may_hold_statement",
    "quotations",
    "read_statements",
]
