"""Occurrences: one happening, however many reports tell it."""

from comity.ledger.occurrences.grouping import group_events
from comity.ledger.occurrences.stories import group_reports

__all__ = ["group_events", "group_reports"]
