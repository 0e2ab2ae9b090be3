"""Reports to stories and events to occurrences, of a whole collection in memory."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from comity.ledger.occurrences import leaders, stories, tellings
from comity.records import Coding


def group_events(codings: Iterable[Coding]) -> list[tuple[str, ...]]:
    """The occurrences that some coded reports tell: tuples of event ids, the leading event first, the others by id.

    An event that no other tells is an occurrence of its own; background is none. Which events belong together depends
    on the codings alone, not on their order. Raises `ValueError` when two reports have one id.
    """
    reports: list[stories.Traits] = []
    told: list[tellings.Telling] = []
    report: list[int] = []
    for number, coding in enumerate(codings):
        one = stories.traits(coding.report)
        reports.append(one)
        for telling in tellings.tellings(coding, one.day):
            told.append(telling)
            report.append(number)
    partners, _ = stories.partners_in(reports)
    story_of = leaders.group({one.id: stories.rank(one) for one in reports}, partners)
    numbers = {one.id: n for n, one in enumerate(reports)}
    story = [numbers[story_of[reports[n].id]] for n in report]
    rows = np.array([telling.row for telling in told], np.int64).reshape(len(told), len(tellings.COLUMNS))
    near = tellings.partners_in(rows, [t.keys for t in told], np.array(report, np.int64), np.array(story, np.int64))
    ranks = {n: tellings.rank(telling.row, telling.id) for n, telling in enumerate(told)}
    members: dict[int, list[int]] = {}
    for n, leader in leaders.group(ranks, near).items():
        members.setdefault(leader, []).append(n)
    found = [(told[n].id, *sorted(told[m].id for m in others if m != n)) for n, others in members.items()]
    return sorted(found)
