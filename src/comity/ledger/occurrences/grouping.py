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
    known = tellings.Collection()
    rows = np.array([telling.row for telling in told], np.int64).reshape(len(told), len(tellings.COLUMNS))
    known.add([telling.id for telling in told], rows, report)
    known.set_stories({n: numbers[story_of[one.id]] for n, one in enumerate(reports)})
    ranks = {telling.id: tellings.rank(telling.row, telling.id) for telling in told}
    members: dict[str, list[str]] = {}
    for id_, leader in leaders.group(ranks, known.partners).items():
        members.setdefault(leader, []).append(id_)
    return [(leader, *sorted(set(others) - {leader})) for leader, others in sorted(members.items())]
