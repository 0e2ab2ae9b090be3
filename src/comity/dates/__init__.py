"""When: time expressions with their values, datelines, and the date that governs an event or a statement."""

from comity.dates.dateline import Dateline
from comity.dates.find import Timeline, find_dateline, find_dates, read_dates
from comity.dates.governing import Governed, governing_date
from comity.dates.values import Extent, extent

__all__ = [
    "Dateline",
    "Extent",
    "Governed",
    "Timeline",
    "extent",
    "find_dateline",
    "find_dates",
    "governing_date",
    "read_dates",
]
