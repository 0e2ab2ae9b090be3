"""GDELT Mentions: 16 columns, no header; one row for each event in the report that tells it.

Written for coded events only: an imported row of GDELT says how often it was mentioned, not where. What GDELT counts in
characters of its own copy of an article is here counted in the report's text as it was read.
"""

from __future__ import annotations

import datetime
from typing import Any
from urllib.parse import urlsplit

from comity.exchange import gdelt
from comity.exchange.sentences import sentence_number
from comity.exchange.tabular import Chosen, Format, Line, Refused, dyads

WEB = 1
"""GDELT's type of a mention whose identifier is an address on the web."""
CITATION = 2
"""… and of one named by outlet and title alone."""


def _write(chosen: Chosen) -> list[Line] | Refused:
    report, event = chosen.report, chosen.event
    if report is None:
        return Refused("was imported: the report that mentions it is not known")
    rows = gdelt.FORMAT.write(chosen)
    if isinstance(rows, Refused):
        return rows
    moment = _moment(report.published)
    lines: list[Line] = []
    places = {row.id: pair for row, pair in zip(rows, _pairs(chosen))}
    for row in rows:
        source, target = places[row.id]
        day = row.values["sqldate"]
        values: dict[str, Any] = {
            "global_event_id": row.values["global_event_id"],
            "event_time_date": datetime.datetime(day.year, day.month, day.day),
            "mention_time_date": moment,
            "mention_type": WEB if report.url else CITATION,
            "mention_source_name": _source(report.url) or report.outlet,
            "mention_identifier": report.url or f"comity:report:{report.id}",
            "sentence_id": sentence_number(chosen),
            "actor1_char_offset": _offset(source),
            "actor2_char_offset": _offset(target),
            "action_char_offset": event.trigger[0],
            "in_raw_text": 1,
            "confidence": round(event.confidence * 10) * 10,
            "mention_doc_len": len(report.text) if report.text is not None else None,
            "mention_doc_tone": None, "mention_doc_translation_info": None, "extras": None,
        }  # fmt: skip
        lines.append(Line(row.id, values, row.reduced))
    return lines


def _pairs(chosen: Chosen) -> list[Any]:
    """The dyads that became rows, in their order."""
    return [
        (source, target)
        for source, target in dyads(chosen.event)
        if gdelt.actor_columns("a", source)["a_code"] or gdelt.actor_columns("a", target)["a_code"]
    ]


def _moment(published: str | None) -> datetime.datetime | None:
    if not published:
        return None
    try:
        moment = datetime.datetime.fromisoformat(published)
    except ValueError:
        return None
    return moment.astimezone(datetime.UTC).replace(tzinfo=None) if moment.tzinfo else moment


def _source(url: str | None) -> str | None:
    try:
        host = urlsplit(url).hostname if url else None
    except ValueError:
        host = None
    return host.removeprefix("www.") if host else None


def _offset(party: Any) -> int:
    """Where an actor stands in the text; -1 for one that does not."""
    return party.start if party is not None and party.start is not None else -1


FORMAT = Format(
    name="gdelt_mentions",
    title="GDELT 2.0 Mentions",
    header=False,
    missing=("",),
    reading=None,
    write=_write,
)
