"""The views: each gives an `Answer` to an `Ask`; this table holds all of them."""

from __future__ import annotations

from comity.web.view import View
from comity.web.views import (
    actor,
    contacts,
    dyad,
    formulae,
    home,
    lists,
    map,
    network,
    occurrence,
    quality,
    queue,
    reading,
    record,
    report,
    sql,
    voices,
)

VIEWS: tuple[View, ...] = (
    *home.VIEWS,
    *lists.VIEWS,
    *report.VIEWS,
    *record.VIEWS,
    *occurrence.VIEWS,
    *actor.VIEWS,
    *dyad.VIEWS,
    *contacts.VIEWS,
    *network.VIEWS,
    *formulae.VIEWS,
    *voices.VIEWS,
    *map.VIEWS,
    *quality.VIEWS,
    *queue.VIEWS,
    *sql.VIEWS,
    *reading.VIEWS,
)
