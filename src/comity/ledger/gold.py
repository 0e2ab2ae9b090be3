"""Reviewed records as gold files for ``comity evaluate``, and how far reviewers agree."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from comity.ledger.read import codings
from comity.records import Coding, Event, Party, Span, Statement

if TYPE_CHECKING:
    import duckdb

QUOTE_WORDS = 12
"""Words of the stretch that locates an event or a statement; gold files use 3 to 15."""


class Agreement(msgspec.Struct, frozen=True, kw_only=True):
    """How far reviewers agree on what events are (their PLOVER type, or that they are none)."""

    alpha: float | None
    """Krippendorff's alpha, nominal, over the events that two or more judged; None when there is nothing to compare."""
    events: int
    """Events that two or more judged."""
    reviewers: tuple[str, ...]
    equal: float | None
    """Share of those events on which all said the same."""


def agreement(judgements: dict[tuple[str, str], str]) -> Agreement:
    """Agreement over `comity.ledger.corrections.judgements` (Krippendorff 2011, "Computing Krippendorff's
    alpha-reliability").
    """
    by_event: dict[str, dict[str, str]] = {}
    for (event, author), value in sorted(judgements.items()):
        by_event.setdefault(event, {})[author] = value
    shared = {event: held for event, held in by_event.items() if len(held) > 1}
    reviewers = tuple(sorted({author for held in shared.values() for author in held}))
    if not shared:
        return Agreement(alpha=None, events=0, reviewers=reviewers, equal=None)
    equal = sum(len(set(held.values())) == 1 for held in shared.values()) / len(shared)
    values = sorted({value for held in shared.values() for value in held.values()})
    alpha = _alpha([list(held.values()) for held in shared.values()]) if len(values) > 1 else None
    return Agreement(alpha=alpha, events=len(shared), reviewers=reviewers, equal=equal)


def _alpha(units: list[list[str]]) -> float:
    """Nominal alpha of units with two judgements or more, of two values or more in all: 1 - observed / expected
    disagreement, both from ordered pairs of judgements (a unit's weighed by 1 / (its judgements - 1))."""
    counts = [Counter(unit) for unit in units]
    total = Counter(value for unit in units for value in unit)
    observed = sum(_unequal(held) / (held.total() - 1) for held in counts)
    return 1 - observed * (total.total() - 1) / _unequal(total)


def _unequal(held: Counter[str]) -> int:
    return held.total() ** 2 - sum(times**2 for times in held.values())


def gold(cursor: duckdb.DuckDBPyConnection) -> Iterator[dict[str, Any]]:
    """The reports all of whose events were reviewed, as corrected, in the form of the gold articles.

    What the coder missed is in them only where a reviewer added it: precision can be measured on them, recall cannot.
    """
    rows = cursor.execute(
        """
        SELECT e.rev FROM (SELECT rev, n FROM store.events
                           UNION SELECT rev, n FROM store.correction_states
                           WHERE kind = 'event' AND state = 'active' AND action = 'add') e
        JOIN store.current_reports r USING (rev)
        LEFT JOIN (SELECT DISTINCT rev, n FROM store.correction_states
                   WHERE kind = 'event' AND state = 'active' AND action <> 'undo') c USING (rev, n)
        GROUP BY e.rev HAVING count(*) = count(c.rev) ORDER BY e.rev
        """
    ).fetchall()
    for row in rows:
        yield from map(as_gold, codings(cursor, [row[0]], corrected=True))


def as_gold(coding: Coding) -> dict[str, Any]:
    """One coding as a gold article."""
    report, text = coding.report, coding.report.text
    statements = {statement.id: statement for statement in coding.statements}
    order = {statement.id: n for n, statement in enumerate(coding.statements)}
    return {
        "id": report.id,
        "url": report.url,
        "outlet": report.outlet,
        "published": report.published,
        "title": report.title,
        "text": text,
        "events": [_event(event, text, statements) for event in coding.events],
        "statements": [_statement(statement, text, order) for statement in coding.statements],
    }


def _event(event: Event, text: str, statements: dict[str, Statement]) -> dict[str, Any]:
    account = statements.get(event.account or "")
    start, end = _stretch(text, event.trigger[0], event.sentence)
    return {
        "quote": text[start:end],
        "type": event.type,
        "source": _actors(event.source),
        "target": _actors(event.target),
        "date": event.date,
        "status": event.status,
        "account": _first_name(account.speakers) if account else "outlet",
        "background": event.background,
        **({"mutual": True} if event.mutual else {}),
        "start": start,
        "end": end,
    }


def _statement(statement: Statement, text: str, order: dict[str, int]) -> dict[str, Any]:
    first = statement.content[0] if statement.content else (0, 0)
    start, end = _stretch(text, first[0], first)
    return {
        "speaker": _first_name(statement.speakers),
        "country": statement.speakers[0].country if statement.speakers else None,
        "anonymous": any(speaker.anonymous for speaker in statement.speakers),
        "kind": statement.kind,
        "quote": text[start:end],
        "date": statement.date,
        "speakers": _actors(statement.speakers),
        "via": statement.via[0] if statement.via else None,
        "within": order.get(statement.within or ""),
        "start": start,
        "end": end,
    }


def _actors(parties: Iterable[Party]) -> list[dict[str, str | None]]:
    return [{"name": party.name or party.text, "country": party.country} for party in parties]


def _first_name(parties: tuple[Party, ...]) -> str | None:
    return (parties[0].name or parties[0].text) if parties else None


def _stretch(text: str, start: int, inside: Span) -> Span:
    """The first words from `start` on, inside a span; all of the span where they would be fewer than three."""
    words = list(re.finditer(r"\S+", text[start : inside[1]]))[:QUOTE_WORDS]
    if len(words) < 3:
        return inside
    return start + words[0].start(), start + words[-1].end()
