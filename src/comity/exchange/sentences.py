"""The number of a sentence in its report, which several formats ask for and the record does not hold."""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache

from comity.exchange.tabular import Chosen

KEPT = 64
"""Reports whose sentence starts are kept: records come report by report."""


@lru_cache(maxsize=KEPT)
def _starts(report: str, text: str) -> list[int]:
    from comity.language.segments import split

    return [segment.start for segment in split(text)]


def sentence_number(chosen: Chosen) -> int | None:
    """The number of the event's sentence in its report, from 1; None where the ledger holds no text."""
    report = chosen.report
    if report is None or report.text is None or not chosen.has_words:
        return None
    return max(1, bisect_right(_starts(report.id, report.text), chosen.event.sentence[0]))
