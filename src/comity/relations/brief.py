"""A briefing on two states: the figures, their charts, and behind every number the sentences that it counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from comity.relations.audit import Audit
from comity.relations.choice import Choice, choose
from comity.relations.claims import Claim, claims
from comity.relations.contacts import Contact, Contacts, contacts
from comity.relations.errors import BadChoice, BadFile, ExtraMissing
from comity.relations.naming import name_of
from comity.relations.series import Dyad, Series, dyad
from comity.relations.told import QUADS, resolve, words_of

if TYPE_CHECKING:
    from comity.ledger import Ledger

FORMATS = (".html", ".md", ".pdf")

MOST = 400
"""Events shown with their sentences; the surest are kept. About thirty printed pages."""

TELLING = 4
"""Events that are named as the most cooperative and the most hostile."""

CLAIMS = 6
"""Statements about the relation itself that are shown."""

LENGTHS = ("month", "quarter", "year")
"""Lengths of a period that a brief may have, finest first."""

PERIODS_SHOWN = 24
CONTACTS = 6
"""Contacts that are named, and as many of those not held."""


class Refs(msgspec.Struct, frozen=True, kw_only=True):
    """What stands behind one number."""

    key: str
    """By which it is linked."""
    label: str
    """What it counts."""
    number: float
    events: tuple[int, ...]
    """Numbers of the events in the brief's list of evidence."""
    left_out: int = 0
    """Events that are not in the list because it would be too long."""


class Brief(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that a briefing says."""

    a: str
    b: str
    title: str
    demo: bool
    """Made from demonstration reports, in part or whole."""
    dyad: Dyad
    contacts: Contacts
    refs: dict[str, Refs]
    friendly: tuple[int, ...]
    """Of the evidence: the events that speak most for cooperation."""
    hostile: tuple[int, ...]
    claims: tuple[Claim, ...]
    """What is said of the relation, with the record beside it: newest first."""
    evidence: tuple[dict[str, Any], ...]
    """The events, numbered from 1 by their place."""


def brief(
    ledger: Ledger, a: str, b: str, *, by: str | None = None, audit: Audit | None = None, panel: str | Sequence[str] = "fixed",
    choice: Choice | None = None, **options: Any,
) -> Brief:  # fmt: skip
    """The briefing on two parties. `by`: month | quarter | year; None: the finest of which most periods have enough
    events. Other arguments as for `dyad`. Raises what `dyad` and `contacts` raise; `BadChoice` for imported events.
    """
    resolved = resolve(ledger, choice or choose(**options))
    settled = resolved.choice
    if settled.origin != "comity":
        raise BadChoice(f"a brief shows the sentences behind its numbers, and events of {settled.origin} have none")
    found = _finest(ledger, a, b, by, audit, panel, settled)
    met = contacts(ledger, a, b, choice=settled)
    wanted = _ids(found, met)
    known = words_of(ledger, wanted)
    listed = _listed([known[id_] for id_ in wanted if id_ in known], _named(found, met))
    place = {event["id"]: n for n, event in enumerate(listed, 1)}
    days = {name: getattr(settled, name) for name in ("since", "until", "demo") if getattr(settled, name) is not None}
    said = claims(ledger, dyad=(found.a, found.b), choice=settled, **days).claims
    names = f"{name_of(found.a)} and {name_of(found.b)}"
    return Brief(
        a=found.a, b=found.b, title=f"{names}, {met.since:%B %Y} to {met.until:%B %Y}",
        demo=any(event["demo"] for event in listed), dyad=found, contacts=met, refs=_refs(found, met, place),
        friendly=_telling(found.series[2], listed, place, 1), hostile=_telling(found.series[2], listed, place, -1),
        claims=tuple(sorted(said, key=lambda one: (one.day or date.min, one.statement), reverse=True)[:CLAIMS]),
        evidence=tuple(listed),
    )  # fmt: skip


def _finest(
    ledger: Ledger, a: str, b: str, by: str | None, audit: Audit | None, panel: str | Sequence[str], choice: Choice
) -> Dyad:
    for length in LENGTHS if by is None else (by,):
        found = dyad(ledger, a, b, by=length, audit=audit, panel=panel, evidence=True, choice=choice)
        told = [point for point in found.series[2].points if point.events]
        if sum(not point.sparse for point in told) >= 0.5 * len(told) and len(found.coverage) <= 60:
            break
    return found


def _ids(found: Dyad, met: Contacts) -> list[str]:
    """The events behind all numbers, each once."""
    ids = [id_ for of in (found.series[2].evidence or {}).values() for quad in of.values() for id_ in quad]
    ids += [event["id"] for series in found.series for shift in series.changes for event in shift.events]
    ids += [id_ for one in (*met.held, *met.others) for id_ in one.events]
    return list(dict.fromkeys(ids))


def _named(found: Dyad, met: Contacts) -> set[str]:
    """The events that the page names one by one."""
    ids = {event["id"] for series in found.series for shift in series.changes for event in shift.events}
    return ids | {id_ for one in (*met.held[:CONTACTS], *met.others[:CONTACTS]) for id_ in one.events}


def _listed(events: list[dict[str, Any]], named: set[str]) -> list[dict[str, Any]]:
    """The events of the list of evidence, by day; of too many those that are named, and the surest."""
    if len(events) > MOST:
        events = sorted(events, key=lambda one: (one["id"] not in named, -(one["confidence"] or 0.0), one["id"]))[:MOST]
    return sorted(events, key=lambda event: (event["day_first"] or date.max, event["id"]))


def _refs(found: Dyad, met: Contacts, place: dict[str, int]) -> dict[str, Refs]:
    made: dict[str, Refs] = {}

    def add(key: str, label: str, number: float, ids: Iterable[str]) -> None:
        ids = list(dict.fromkeys(ids))
        inside = tuple(sorted(place[id_] for id_ in ids if id_ in place))
        made[key] = Refs(key=key, label=label, number=number, events=inside, left_out=len(ids) - len(inside))

    for n, series in enumerate(found.series):
        behind = series.evidence or {}
        way = spelled(series.direction)
        all_ids = [id_ for of in behind.values() for quad in of.values() for id_ in quad]
        add(f"s{n}", f"{way}: events", series.whole.events, all_ids)
        for q, quad in enumerate(QUADS):
            ids = [id_ for of in behind.values() for id_ in of.get(quad, ())]
            add(f"s{n}q{q}", f"{way}: {quad}", series.whole.quads[quad], ids)
    for p, point in enumerate(found.series[2].points):
        of = (found.series[2].evidence or {}).get(point.period)
        if of:
            add(f"p{p}", f"{point.period}: events", point.events, [id_ for quad in of.values() for id_ in quad])
            for q, quad in enumerate(QUADS):
                if point.quads[quad]:
                    add(f"p{p}q{q}", f"{point.period}: {quad}", point.quads[quad], of.get(quad, ()))
    cells: dict[tuple[str, str], list[Contact]] = {}
    for one in met.held:
        cells.setdefault((one.a_level, one.b_level), []).append(one)
    for (a_level, b_level), of_cell in sorted(cells.items()):
        ids = [id_ for one in of_cell for id_ in one.events]
        add(cell_key(a_level, b_level), f"contacts, {a_level} with {b_level}", len(of_cell), ids)
    add("held", "contacts held", len(met.held), [id_ for one in met.held for id_ in one.events])
    add(
        "others",
        "contacts planned, asked for, refused or denied",
        len(met.others),
        [i for one in met.others for i in one.events],
    )
    return made


def cell_key(a_level: str, b_level: str) -> str:
    """The key of a cell of the matrix of levels."""
    return f"c-{a_level}-{b_level}".replace(" ", "-")


def spelled(direction: str) -> str:
    """A direction with the names of states: China → Russia."""
    mark = "→" if "→" in direction else "–"
    one, _, two = direction.partition(mark)
    return f"{name_of(one)} {mark} {name_of(two)}"


def _telling(series: Series, listed: Sequence[dict[str, Any]], place: dict[str, int], side: int) -> tuple[int, ...]:
    """The events of the series that are strongest on one side, one of each type and day.

    By intensity times the square of the confidence: by intensity alone, misreadings of the rarest and strongest types
    would come first, because there are so few right ones.
    """
    inside = {id_ for of in (series.evidence or {}).values() for quad in of.values() for id_ in quad}
    strong = [event for event in listed if event["id"] in inside and (event["intensity"] or 0) * side > 0]
    strong.sort(key=lambda event: (-event["intensity"] * side * (event["confidence"] or 0) ** 2, event["id"]))
    seen: set[tuple[Any, ...]] = set()
    made = []
    for event in strong:
        key = event["type"], event["day_first"]
        if key not in seen:
            seen.add(key)
            made.append(place[event["id"]])
    return tuple(made[:TELLING])


def write_brief(found: Brief, path: str | Path) -> list[Path]:
    """Write a briefing as .html (one file), .md (with its chart beside it as .svg) or .pdf; the files that were made.

    Raises `BadFile`, and `ExtraMissing` for .pdf without ``reportlab``. Without the extra ``charts`` there is no chart.
    """
    from comity.relations import briefing

    path = Path(path)
    if path.suffix not in FORMATS:
        raise BadFile(f"{path}: a brief ends in {', '.join(FORMATS)}")
    files: dict[Path, bytes] = {}
    try:
        if path.suffix == ".html":
            files[path] = briefing.html(found, chart_of(found, ".svg")).encode()
        elif path.suffix == ".md":
            picture = chart_of(found, ".svg")
            beside = path.with_name(f"{path.stem}-series.svg")
            files[path] = briefing.markdown(found, beside.name if picture else None).encode()
            if picture:
                files[beside] = picture
        else:
            files[path] = briefing.pdf(found, chart_of(found, ".png"))
        for where, data in files.items():
            where.write_bytes(data)
    except OSError as error:
        raise BadFile(f"{path}: cannot be written ({error})") from None
    return list(files)


def chart_of(found: Brief, suffix: str) -> bytes | None:
    """The chart of the series; None without the extra ``charts``."""
    from comity.relations.charts import chart_bytes, dyad_chart

    try:
        return chart_bytes(dyad_chart(found.dyad, captions=False), suffix)
    except ExtraMissing:
        return None
