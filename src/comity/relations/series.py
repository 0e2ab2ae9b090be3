"""Dyad series: what two parties did to each other, period by period, with intervals and change points."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from comity.ledger.filters import period as days_of
from comity.relations.audit import Audit, Corrected, corrected
from comity.relations.changes import Change, change_points, variances
from comity.relations.choice import SCALES, Choice, choose, restate
from comity.relations.coverage import Covered, Panel, by_period, covered, days_read, panel_of
from comity.relations.errors import BadChoice
from comity.relations.figures import Figure
from comity.relations.periods import FINER, UNITS, Period, periods
from comity.relations.resampling import RESAMPLES, Interval, interval, intervals, ratio, sums
from comity.relations.told import NO_QUAD, QUADS, Resolved, need_party, resolve, told_between, told_on, words_of

if TYPE_CHECKING:
    import pyarrow as pa

    from comity.ledger import Ledger

SPARSE = 5
"""Units below which a period's share and mean are marked: with 4, one event moves the mean by several points."""

PER_REPORTS = 1000
PER_EVENTS = 100_000
"""What counts are normalised to: units in so many reports read; for imported events, in so many events of the import."""

EVIDENCE = 5
"""Events shown for a change."""

SHOWN_PERIODS = 3
"""Periods of a new level from which the events are shown that make it."""

Array = np.ndarray[Any, Any]

COLUMNS = ("events", "cooperation", "conflict", "intensity", "measured")
"""Sums that every figure is made of: weighted units; those of sign 1 and -1; intensities; units that have one."""


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """One period in one direction."""

    period: str
    first: date
    last: date
    reports: int
    """Reports of the panel that were read in the period (imported: events of the import)."""
    events: float
    """Units: occurrences, reports of events, or mentions, as the choice says."""
    quads: dict[str, float]
    """Units by quad class."""
    neutral: float
    """Of them, requests that ask for no change and no yielding: without a sign."""
    rate: Figure
    """Units in 1,000 reports read (imported: in 100,000 events)."""
    share: Figure
    """Cooperation among the units that have a sign: 0 to 1."""
    intensity: Figure
    """Mean intensity, on the scale of the series."""
    sparse: bool
    """Fewer than `SPARSE` units."""
    sum: Figure | None = None
    """Sum of intensities, on request: it measures coverage as much as conduct."""


class Shift(msgspec.Struct, frozen=True, kw_only=True):
    """A change point of mean intensity."""

    period: str
    """The first period of the new level."""
    first: date
    earliest: str
    """The change lies between this period and `latest` with a probability of 95 %."""
    latest: str
    before: float
    after: float
    difference: Figure
    """New level less old level."""
    events: tuple[dict[str, Any], ...]
    """Events of the new level's beginning that pull it furthest away from the old one."""


class Series(msgspec.Struct, frozen=True, kw_only=True):
    """One direction of a dyad."""

    direction: str
    """CHN→RUS, RUS→CHN or CHN–RUS (both together, mutual events once)."""
    points: tuple[Point, ...]
    whole: Point
    """All periods in one."""
    changes: tuple[Shift, ...]
    corrected: Corrected | None = None
    """The whole corrected for errors of coding, from an audit."""
    evidence: dict[str, dict[str, tuple[str, ...]]] | None = None
    """On request: ids of the events behind each number, by the period's label and quad class."""


class Dyad(msgspec.Struct, frozen=True, kw_only=True):
    """A dyad's series with all that is needed to read it."""

    a: str
    b: str
    by: str
    scale: str | None
    index: str
    """What is measured, in one line."""
    choice: str
    """What is counted, in words."""
    panel: Panel
    correction: str
    """Uncorrected, or by which audit."""
    notes: tuple[str, ...]
    coverage: tuple[Covered, ...]
    series: tuple[Series, ...]
    """a→b, b→a, together."""
    compared: tuple[Series, ...] = ()
    """The same of a second dyad."""


class _Rows(msgspec.Struct, frozen=True):
    """A dyad's rows as arrays."""

    ids: pa.ChunkedArray | None
    """None for imported events: a row stands for all that agree."""
    days: Array
    way: Array
    cell: Array
    """Index of the period."""
    block: Array
    block_count: int
    """Of both directions together."""
    values: Array
    """(rows, COLUMNS)."""
    quad: Array


def dyad(
    ledger: Ledger,
    a: str,
    b: str,
    *,
    by: str = "month",
    panel: str | Sequence[str] = "fixed",
    compare: tuple[str, str] | None = None,
    audit: Audit | None = None,
    sums: bool = False,
    evidence: bool = False,
    resamples: int = RESAMPLES,
    choice: Choice | None = None,
    **options: Any,
) -> Dyad:
    """The series of two parties (ISO alpha-3, ``IGO:NAME``, ``GROUP:name@ISO3``).

    `by`: day | week | month | quarter | year. `panel`: fixed | all | names of outlets. `compare`: a second dyad over
    the same periods. `audit`: figures corrected for errors of coding. `sums`: summed intensities
    too. `evidence`: the ids of the events behind every number. `options`: those of `Choice`.
    Raises `BadChoice`, `BadFile` (an audit with too few reviews), `LedgerError`, `ExtraMissing` without ``ruptures``.
    """
    resolved = resolve(ledger, choice or choose(**options))
    a, b = need_party(a), need_party(b)
    if a == b:
        raise BadChoice(f"a dyad has two parties, and both are {a}")
    wanted, read, chosen = frame(ledger, resolved, by, panel)
    cover = covered(read, chosen, wanted)
    narrowed = msgspec.structs.replace(
        resolved.choice,
        since=resolved.choice.since or wanted[0].first.isoformat(),
        until=resolved.choice.until or wanted[-1].last.isoformat(),
        outlets=chosen.outlets if chosen.rule in ("fixed", "named") and len(chosen.outlets) < chosen.known else None,
    )
    make = _Make(by, tuple(wanted), tuple(cover), resamples, resolved.choice.origin == "comity", sums, evidence)
    series, left = _both(ledger, narrowed, a, b, make, audit)
    notes = left
    second: tuple[Series, ...] = ()
    if compare is not None:
        other = need_party(compare[0]), need_party(compare[1])
        second, left = _both(ledger, narrowed, *other, make, None)
        notes += [f"{other[0]}–{other[1]}: {note}" for note in left]
    notes += _sparse_note(series[2], by)
    return Dyad(
        a=a, b=b, by=by, scale=resolved.scale, index=index_words(resolved), choice=restate(resolved.choice), panel=chosen,
        correction=audit.words() if audit else "uncorrected for errors of coding (no audit was given)",
        notes=(*resolved.notes, *notes), coverage=tuple(cover), series=series, compared=second,
    )  # fmt: skip


def _sparse_note(series: Series, by: str) -> list[str]:
    """Says so when most periods with events have few."""
    told = [point for point in series.points if point.events]
    sparse = sum(point.sparse for point in told)
    if not told or sparse <= len(told) / 2 or by == UNITS[-1]:
        return []
    longer = UNITS[UNITS.index(by) + 1 :]
    return [
        f"Of {len(told)} periods with events {sparse} have fewer than {SPARSE}; change points are looked for in the others. "
        f"Longer ones have more: by {' or '.join(longer)}."
    ]


def index_words(resolved: Resolved) -> str:
    """What the figures of a dyad are, in one line."""
    scale = SCALES.get(resolved.scale or "", "not given")
    read = "1,000 reports read" if resolved.choice.origin == "comity" else "100,000 events of the import"
    return (
        f"Intensity: mean of {scale}. Share: cooperation among events with a sign; requests have none unless they ask "
        f"for change or yielding. Rate: per {read}. Intervals: 95 %, whole reports resampled."
    )


def frame(
    ledger: Ledger, resolved: Resolved, by: str, panel: str | Sequence[str]
) -> tuple[list[Period], dict[str, Counter[str]], Panel]:
    """The periods of a series, what was read in them, and the panel."""
    choice = resolved.choice
    days = days_read(ledger, choice)
    if not days:
        raise BadChoice("the ledger has no dated reports, so there is nothing to make a series of")
    first = days_of(choice.since)[0] if choice.since is not None else days[0][0]
    last = days_of(choice.until)[1] if choice.until is not None else days[-1][0]
    if first > last:
        raise BadChoice(f"the series would end ({last}) before it begins ({first})")
    read = by_period(days, by, first, last)
    return periods(first, last, by), read, panel_of(read, panel, imported=choice.origin != "comity")


class _Make(msgspec.Struct, frozen=True):
    """What all series of one question share."""

    by: str
    wanted: tuple[Period, ...]
    cover: tuple[Covered, ...]
    resamples: int
    reports_known: bool
    sums: bool
    evidence: bool


def _both(
    ledger: Ledger, choice: Choice, a: str, b: str, make: _Make, audit: Audit | None
) -> tuple[tuple[Series, ...], list[str]]:
    rows, notes = _rows(told_between(ledger, choice, a, b), make)

    def behind(days: Sequence[date]) -> list[dict[str, Any]]:
        return told_on(ledger, choice, a, b, days)

    forth, back = (0, 1) if a < b else (1, 0)
    made = []
    for direction, ways in (((a, b), (forth, 2)), ((b, a), (back, 2)), (None, (0, 1, 2))):
        only = _only(rows, ways)
        name = f"{a}–{b}" if direction is None else "→".join(direction)
        one, draws = _one(ledger, name, only, make, behind if only.ids is None else None)
        if audit is not None:
            figures = corrected(
                audit, direction=direction or (a, b), both=direction is None, ids=only.ids.to_pylist() if only.ids is not None else [],
                values=only.values, draws=draws, choice=choice, resamples=make.resamples,
            )  # fmt: skip
            one = msgspec.structs.replace(one, corrected=figures)
        made.append(one)
    return tuple(made), notes


def _rows(table: pa.Table, make: _Make) -> tuple[_Rows, list[str]]:
    """The rows that can be placed in periods that were read."""
    notes = []
    size = table["number"].to_numpy()
    days = table["day_first"].to_numpy().astype("datetime64[D]")
    starts = np.array([period.first for period in make.wanted], dtype="datetime64[D]")
    cell = np.searchsorted(starts, days, side="right") - 1
    coarse = _coarse(table, make.by)
    reports = np.array([one.reports for one in make.cover])
    unread = ~coarse & (reports[cell] == 0) if len(size) else np.zeros(0, bool)
    if coarse.any():
        notes.append(f"Left out: events whose date is not known to the {make.by} ({int(size[coarse].sum()):,}).")
    if unread.any():
        notes.append(
            f"Left out: events of periods of which no report was read, told in later ones ({int(size[unread].sum()):,})."
        )
    keep = ~(coarse | unread)
    if not keep.all():
        table, cell, days, size = table.filter(keep), cell[keep], days[keep], size[keep]
    told = "id" in table.column_names
    if told:
        unit = _numbered(table["unit"])
        weight = 1.0 / np.bincount(unit)[unit] if len(unit) else np.zeros(0)
    else:
        weight = size.astype(float)
    sign = table["sign"].to_numpy()
    intensity = table["intensity"].to_numpy(zero_copy_only=False).astype(float)
    measured = np.isfinite(intensity)
    values = np.stack(
        [weight, weight * (sign == 1), weight * (sign == -1), weight * np.where(measured, intensity, 0), weight * measured],
        axis=1,
    )  # fmt: skip
    # Imported events name no report: those of one day are a block.
    block = _numbered(table["report_id"] if told else table["day_first"])
    quad = table["quad_number"].fill_null(-1).to_numpy().astype(int)
    return _Rows(
        ids=table["id"] if told else None,
        days=days,
        way=table["way"].to_numpy(),
        cell=cell,
        block=block,
        block_count=int(block.max()) + 1 if len(block) else 0,
        values=values,
        quad=quad,
    ), notes


def _numbered(column: pa.ChunkedArray) -> Array:
    """A number from 0 for each of the values, in the order in which they occur."""
    encoded = column.combine_chunks().dictionary_encode()
    return np.asarray(encoded.indices.to_numpy(zero_copy_only=False)).astype(np.int64)


def _coarse(table: pa.Table, by: str) -> Array:
    """Which rows have dates that span more than a period."""
    import pyarrow.compute as pc

    finer = [*FINER[by], "published"]
    import pyarrow as pa

    fine = pc.or_(pc.is_null(table["date_precision"]), pc.is_in(table["date_precision"], value_set=pa.array(finer)))
    return ~np.asarray(fine.to_numpy(zero_copy_only=False)).astype(bool)


def _only(rows: _Rows, ways: tuple[int, ...]) -> _Rows:
    keep = np.isin(rows.way, ways)
    if keep.all():
        return rows
    return _Rows(
        ids=None if rows.ids is None else rows.ids.filter(keep), days=rows.days[keep], way=rows.way[keep], cell=rows.cell[keep], block=rows.block[keep], block_count=rows.block_count,
        values=rows.values[keep], quad=rows.quad[keep],
    )  # fmt: skip


Behind = Callable[[Sequence[date]], list[dict[str, Any]]]
"""Gives the events of some days."""


def _one(ledger: Ledger, direction: str, rows: _Rows, make: _Make, behind: Behind | None) -> tuple[Series, Array]:
    """A series, and the resampled sums over all of it. `behind`: for rows that are no single events."""
    wanted, resamples = make.wanted, make.resamples
    size = len(wanted)
    totals = _totals(rows, size)
    quads = np.zeros((size, len(QUADS)))
    known = rows.quad >= 0
    np.add.at(quads, (rows.cell[known], rows.quad[known]), rows.values[known, 0])
    draws = sums(rows.cell, rows.block, rows.values, cell_count=size, resamples=resamples, block_count=rows.block_count)
    read = np.array([one.reports for one in make.cover], dtype=float)
    drawn = (
        _reports_drawn(rows, size, read, resamples) if make.reports_known else np.broadcast_to(read, (resamples, size))
    )
    points = _points(wanted, read, totals, quads, draws, drawn, make)
    span = Period(wanted[0].first, wanted[-1].last, f"{wanted[0].label} – {wanted[-1].label}")
    over_all = draws.sum(axis=1)
    whole = _points(
        (span,), read.sum(keepdims=True), totals.sum(axis=0, keepdims=True), quads.sum(axis=0, keepdims=True),
        over_all[:, None], drawn.sum(axis=1, keepdims=True), make,
    )[0]  # fmt: skip
    changes = _shifts(ledger, rows, wanted, totals, draws, behind)
    evidence = _evidence(rows, wanted) if make.evidence else None
    return Series(direction=direction, points=points, whole=whole, changes=changes, evidence=evidence), over_all


def _evidence(rows: _Rows, wanted: Sequence[Period]) -> dict[str, dict[str, tuple[str, ...]]] | None:
    if rows.ids is None:
        return None
    found: dict[str, dict[str, list[str]]] = {}
    for id_, cell, quad in zip(rows.ids.to_pylist(), rows.cell.tolist(), rows.quad.tolist()):
        name = QUADS[quad] if quad >= 0 else NO_QUAD
        found.setdefault(wanted[cell].label, {}).setdefault(name, []).append(id_)
    return {label: {name: tuple(ids) for name, ids in of.items()} for label, of in found.items()}


def _totals(rows: _Rows, size: int) -> Array:
    return np.stack([np.bincount(rows.cell, rows.values[:, n], size) for n in range(len(COLUMNS))], axis=1)


def _reports_drawn(rows: _Rows, size: int, read: Array, resamples: int) -> Array:
    """Resampled numbers of reports read: what a resampled rate is divided by.

    A report without the dyad is a block too; together their weights are a Poisson number with their count as mean.
    Reports with events of several periods are counted in each.
    """
    pairs = np.unique(np.stack([rows.cell, rows.block], axis=1), axis=0)
    ones = np.ones((len(pairs), 1))
    told = np.bincount(pairs[:, 0], minlength=size) if len(pairs) else np.zeros(size)
    silent = np.random.default_rng(0).poisson(np.maximum(read - told, 0), (resamples, size))
    heard = sums(pairs[:, 0], pairs[:, 1], ones, cell_count=size, resamples=resamples, block_count=rows.block_count)
    return np.asarray(heard[:, :, 0] + silent)


def _points(
    wanted: Sequence[Period], read: Array, totals: Array, quads: Array, draws: Array, drawn: Array, make: _Make
) -> tuple[Point, ...]:
    """A point for each period; `read`, `totals` and `quads` by period, `draws` and `drawn` by draw and period."""
    per = PER_REPORTS if make.reports_known else PER_EVENTS
    ranges = zip(
        intervals(per * ratio(draws[:, :, 0], drawn)),
        intervals(ratio(draws[:, :, 1], draws[:, :, 1] + draws[:, :, 2])),
        intervals(ratio(draws[:, :, 3], draws[:, :, 4])),
        intervals(draws[:, :, 3]) if make.sums else [None] * len(wanted),
    )
    return tuple(
        _point(period, int(number), sum_of, quad, of, make)
        for period, number, sum_of, quad, of in zip(wanted, read, totals, quads, ranges)
    )


Ranges = tuple[Interval | None, Interval | None, Interval | None, Interval | None]
"""Intervals of rate, share, mean intensity and sum."""


def _point(period: Period, reports: int, totals: Array, quads: Array, ranges: Ranges, make: _Make) -> Point:
    per = PER_REPORTS if make.reports_known else PER_EVENTS
    events, cooperation, conflict, intensity, measured = totals.tolist()
    signed = cooperation + conflict
    return Point(
        period=period.label, first=period.first, last=period.last, reports=reports, events=_tidy(events),
        quads={name: _tidy(value) for name, value in zip(QUADS, quads.tolist())},
        neutral=_tidy(events - signed),
        rate=Figure(
            value=per * events / reports if reports else None,
            interval=ranges[0] if reports else None,
        ),
        share=Figure(value=cooperation / signed if signed else None, interval=ranges[1] if signed else None),
        intensity=Figure(value=intensity / measured if measured else None, interval=ranges[2] if measured else None),
        sparse=events < SPARSE,
        sum=Figure(value=_tidy(intensity), interval=ranges[3]) if make.sums else None,
    )  # fmt: skip


def _tidy(number: float) -> float:
    """A sum of shares of units, without the dust of binary fractions."""
    return round(number, 6)


def _shifts(
    ledger: Ledger, rows: _Rows, wanted: Sequence[Period], totals: Array, draws: Array, behind: Behind | None
) -> tuple[Shift, ...]:
    """Change points of mean intensity, over the periods that are not sparse."""
    dense = np.flatnonzero(totals[:, 4] >= SPARSE)
    if not len(dense):
        return ()
    means = totals[dense, 3] / totals[dense, 4]
    mean_of_row = (totals[:, 3] / np.maximum(totals[:, 4], 1e-12))[rows.cell]
    weight = rows.values[:, 4]
    value = np.divide(rows.values[:, 3], weight, out=np.zeros_like(weight), where=weight > 0)
    inside = np.isin(rows.cell, dense)
    freedom = max(1.0, float(weight[inside].sum()) - len(dense))
    spread = float(np.sqrt((weight[inside] * (value[inside] - mean_of_row[inside]) ** 2).sum() / freedom))
    variance = variances(means, totals[dense, 4], spread)
    found = change_points(means, variance)
    edges = [0, *(change.at for change in found), len(dense)]
    made = []
    for number, change in enumerate(found):
        old, new = dense[edges[number] : change.at], dense[change.at : edges[number + 2]]
        steps = _level(draws, new) - _level(draws, old)
        pulling = _pulling(rows, value, weight, new, change, behind)
        shown = words_of(ledger, list(pulling), list(pulling.values()))
        made.append(
            Shift(
                period=wanted[dense[change.at]].label, first=wanted[dense[change.at]].first,
                earliest=wanted[dense[change.earliest]].label, latest=wanted[dense[change.latest]].label,
                before=change.before, after=change.after,
                difference=Figure(value=change.after - change.before, interval=interval(steps)),
                events=tuple(shown[id_] for id_ in pulling if id_ in shown),
            )
        )  # fmt: skip
    return tuple(made)


def _level(draws: Array, cells: Array) -> Array:
    return ratio(draws[:, cells, 3].sum(axis=1), draws[:, cells, 4].sum(axis=1))


def _pulling(
    rows: _Rows, value: Array, weight: Array, new: Array, change: Change, behind: Behind | None
) -> dict[str, date]:
    """Ids and days of the events of the new level's first periods that lie furthest from the old level, on the new
    one's side."""
    first = new[:SHOWN_PERIODS]
    side = np.sign(change.after - change.before)
    pull = side * (value - change.before) * (weight if behind is None else 1.0)
    pull = np.where(np.isin(rows.cell, first) & (weight > 0), pull, -np.inf)
    order = [int(n) for n in np.argsort(-pull, kind="stable")[:EVIDENCE] if pull[n] > 0]
    if behind is None:
        assert rows.ids is not None
        return {rows.ids[n].as_py(): rows.days[n].item() for n in order}
    wanted = {(rows.days[n].item(), int(rows.way[n]), float(value[n])) for n in order}
    told = [e for e in behind([day for day, _, _ in wanted]) if (e["day_first"], e["way"], e["intensity"]) in wanted]
    told.sort(key=lambda event: (-side * event["intensity"], event["id"]))
    return {event["id"]: event["day_first"] for event in told[:EVIDENCE]}
