"""Concentration: on how few parties something is concentrated.

Of interaction it says how much of what the record holds is done by, or to, a few parties. That measures activity and
attention, not power: an international system is called uni-, bi- or multipolar only by shares of capabilities (see
`polarity`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from comity.ledger.filters import Parameters
from comity.relations.choice import Choice, restate
from comity.relations.errors import BadChoice
from comity.relations.figures import Figure
from comity.relations.naming import name_of
from comity.relations.periods import UNITS, period_of
from comity.relations.resampling import interval, sums
from comity.relations.told import counted, resolve, sql

if TYPE_CHECKING:
    from comity.ledger import Ledger

Array = np.ndarray[Any, Any]

SIDES = {
    "source": "what each party does",
    "target": "what is done to each party",
    "both": "what each party takes part in",
}

SHOWN_SHARES = 20

SPARSE = 50
"""Acts below which a level is marked: so few seldom name half of the parties that more would."""


def effective_number(shares: Array) -> Array:
    """1 / Σ s²: how many parties of equal size would be as concentrated (Laakso & Taagepera 1979, "Effective number of
    parties"; the inverse of the Herfindahl–Hirschman index). 1 to n; the last axis holds the shares.

    >>> effective_number(np.array([0.5, 0.25, 0.25])).round(4).item()
    2.6667
    """
    squares = (shares**2).sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(squares > 0, 1 / squares, np.nan))


def con(shares: Array) -> Array:
    """CON = √((Σ s² - 1/n) / (1 - 1/n)): 0 when all n shares are equal, 1 when one party has everything (Singer, Bremer
    & Stuckey 1972, "Capability distribution, uncertainty, and major power war"; Ray & Singer 1973). The last axis holds
    the shares of all n parties of the system, those with 0 too.

    >>> con(np.array([0.5, 0.25, 0.25])).round(4).item()
    0.25
    """
    size = shares.shape[-1]
    if size < 2:
        return np.full(shares.shape[:-1], np.nan)
    squares = (shares**2).sum(axis=-1)
    return np.asarray(np.sqrt(np.maximum(squares - 1 / size, 0) / (1 - 1 / size)))


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """A party's part."""

    key: str
    name: str
    weight: float
    share: Figure


class Level(msgspec.Struct, frozen=True, kw_only=True):
    """Concentration in one period (or over all)."""

    label: str
    weight: float
    """Acts."""
    parties: int
    effective_number: Figure
    con: Figure
    largest: tuple[Share, ...]
    sparse: bool
    """Fewer than `SPARSE` acts."""


class Concentration(msgspec.Struct, frozen=True, kw_only=True):
    """How concentrated interaction is."""

    choice: str
    measures: str
    side: str
    by: str | None
    whole: Level
    levels: tuple[Level, ...] = ()
    """By period, with `by`."""


def concentration(
    ledger: Ledger, *, choice: Choice | None = None, side: str = "source", by: str | None = None, states: bool = False
) -> Concentration:
    """How concentrated the record's interaction is on few parties: effective number and CON, with intervals of resampled
    reports.

    `side`: source (what is done), target (to whom), both. A mutual act counts for each of its parties. `by`: day, week,
    month, quarter, year: for each of these too. `states`: leave groups out.

    Raises `BadChoice`.
    """
    if side not in SIDES:
        raise BadChoice(f"side: {side!r} is unknown; it is one of: {', '.join(SIDES)}")
    if by is not None and by not in UNITS:
        raise BadChoice(f"there are no periods by {by!r}; choose one of: {', '.join(UNITS)}")
    settled = resolve(ledger, choice or Choice())
    parameters = Parameters()
    parameters.values["side"] = side
    if by is not None:
        parameters.values["by"] = by
    cell = "date_trunc($by, day_first)::DATE" if by else "NULL::DATE"
    # A comity event hangs together with its report's others; imported events stand alone and are put into groups.
    table = counted(ledger, settled.choice, sql("activity").format(cell=cell), parameters=parameters)
    party = table["party"].to_pylist()
    days = table["cell"].to_pylist()
    weight = np.array(table["weight"].to_pylist(), float)
    block = table["block"].to_numpy().astype(np.int64) if table.num_rows else np.zeros(0, np.int64)
    keep = np.array([not (states and code.startswith("GROUP:")) for code in party], bool)
    party = [code for code, good in zip(party, keep) if good]
    days = [day for day, good in zip(days, keep) if good]
    weight, block = weight[keep], block[keep]
    label = {day: period_of(day, by).label if by and day else "undated" for day in set(days)} if by else {}
    labelled = [label[day] for day in days] if by else []
    return Concentration(
        choice=restate(settled.choice),
        measures=f"Activity and attention, not power: {SIDES[side]}.",
        side=side,
        by=by,
        whole=_level("all", party, block, weight),
        levels=tuple(
            _level(one, [party[n] for n in at], block[at], weight[at])
            for one in sorted(set(labelled) - {"undated"})
            for at in [np.flatnonzero(np.array(labelled) == one)]
        ),
    )


def _level(label: str, party: list[str], block: Array, weight: Array) -> Level:
    codes = sorted(set(party))
    place = {code: n for n, code in enumerate(codes)}
    cells = np.array([place[code] for code in party], np.int64)
    total = np.bincount(cells, weight, len(codes)) if codes else np.zeros(0)
    _, blocks = np.unique(block, return_inverse=True)
    drawn = sums(cells, blocks, weight[:, None], cell_count=len(codes))[:, :, 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = total / total.sum()
        draws = drawn / drawn.sum(axis=1, keepdims=True)
    order = np.argsort(-total, kind="stable")[:SHOWN_SHARES].tolist()
    return Level(
        label=label,
        weight=float(total.sum()),
        parties=len(codes),
        effective_number=_figure(effective_number(shares), effective_number(draws)),
        con=_figure(con(shares), con(draws)),
        largest=tuple(
            Share(
                key=codes[n],
                name=name_of(codes[n]),
                weight=float(total[n]),
                share=Figure(value=float(shares[n]), interval=interval(draws[:, n])),
            )
            for n in order
        ),
        sparse=bool(total.sum() < SPARSE),
    )


def _figure(value: Array, draws: Array) -> Figure:
    """A figure that is none where nothing was counted."""
    number = float(value)
    return Figure(value=number if np.isfinite(number) else None, interval=interval(draws))
