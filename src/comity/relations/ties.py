"""Ties: who did how much to whom, as matrices over parties. What networks, blocs and indices are computed from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from comity.relations.aggregated import Sums
from comity.relations.choice import Choice
from comity.relations.told import told_pairs

if TYPE_CHECKING:
    from comity.ledger import Ledger

Array = np.ndarray[Any, Any]

LAYERS = ("events", "cooperation", "conflict", "intensity", "measured")
"""Acts (weighted units); of them those of sign 1 and of sign -1; sum of intensities; acts that have one."""

LEAST = 3
"""Acts below which a pair has no tie: one misread sentence makes a tie of one, seldom one of three."""

DEAD = {"intensity": 0.5, "share": 0.1, "score": 0.0}
"""A tie whose measure is not further from zero has no sign. On PLOVER's scale 0.5 is half of what a consultation is
worth; of shares it is 55 to 45."""


class Ties(msgspec.Struct, frozen=True, kw_only=True):
    """Directed and undirected sums over the same parties."""

    nodes: tuple[str, ...]
    """Codes, in the order of the alphabet."""
    directed: dict[str, Array]
    """By layer: [a, b] is what a did to b. A mutual event counts both ways."""
    between: dict[str, Array]
    """By layer: what passed between a and b; a mutual event counts once. Symmetric."""
    counted: bool
    """Whether cooperation and conflict are numbers of acts; else they are sums of scores."""
    both_ways: bool = True
    """Whether directions are known."""

    @property
    def size(self) -> int:
        return len(self.nodes)

    def activity(self) -> Array:
        """All that each party did or had done to it."""
        return np.asarray(self.between["events" if self.counted else "cooperation"].sum(axis=1)) + (
            0.0 if self.counted else self.between["conflict"].sum(axis=1)
        )


def ties_of(ledger: Ledger, choice: Choice) -> Ties:
    """The ties that a (resolved) choice of events makes."""
    table = told_pairs(ledger, choice)
    low, high = table["lo"].to_pylist(), table["hi"].to_pylist()
    nodes = sorted({*low, *high})
    place = {code: n for n, code in enumerate(nodes)}
    layers = {name: np.array([value or 0.0 for value in table[name].to_pylist()], float) for name in LAYERS}
    return _filled(
        nodes,
        np.array([place[code] for code in low], np.int64),
        np.array([place[code] for code in high], np.int64),
        np.array(table["way"].to_pylist(), np.int64),
        layers,
        counted=True,
    )


def ties_of_sums(sums: Sums) -> Ties:
    """The ties of an aggregated series."""
    keep = np.flatnonzero(sums.a != sums.b)
    one, two = sums.a[keep], sums.b[keep]
    low, high = np.minimum(one, two), np.maximum(one, two)
    way = np.where(one < two, 0, 1) if sums.directed else np.full(len(keep), 2)
    # A pair's score is summed over the periods before its sign is taken: a good month makes up for a bad one.
    size = len(sums.codes)
    keys, at = np.unique((low * size + high) * 3 + way, return_inverse=True)
    added = {
        name: np.bincount(at, values[keep], len(keys))
        for name, values in (("score", sums.score), ("plus", sums.cooperation), ("minus", sums.conflict))
    }
    scored = bool(np.all((sums.cooperation == 0) | (sums.conflict == 0)))
    plus = np.maximum(added["score"], 0) if scored else added["plus"]
    minus = np.maximum(-added["score"], 0) if scored else added["minus"]
    events = plus + minus if sums.events is None else np.bincount(at, sums.events[keep], len(keys))
    layers = {
        "events": events, "cooperation": plus, "conflict": minus, "intensity": added["score"],
        "measured": np.ones(len(keys)),
    }  # fmt: skip
    found = _filled(sums.codes, keys // 3 // size, keys // 3 % size, keys % 3, layers, counted=False)
    present = np.unique(np.concatenate([low, high]))
    return msgspec.structs.replace(kept(found, present), both_ways=sums.directed)


def _filled(nodes: Sequence[str], low: Array, high: Array, way: Array, layers: dict[str, Array], counted: bool) -> Ties:
    directed, between = {}, {}
    for name, values in layers.items():
        one, two = np.zeros((len(nodes), len(nodes))), np.zeros((len(nodes), len(nodes)))
        np.add.at(two, (low, high), values)
        np.add.at(one, (low[way != 1], high[way != 1]), values[way != 1])
        np.add.at(one, (high[way != 0], low[way != 0]), values[way != 0])
        directed[name], between[name] = one, two + two.T
    return Ties(nodes=tuple(nodes), directed=directed, between=between, counted=counted)


def kept(ties: Ties, places: Sequence[int] | Array) -> Ties:
    """The ties among some of the parties only."""
    chosen = np.asarray(places, np.int64)
    cut = np.ix_(chosen, chosen)
    return msgspec.structs.replace(
        ties,
        nodes=tuple(ties.nodes[n] for n in chosen.tolist()),
        directed={name: layer[cut] for name, layer in ties.directed.items()},
        between={name: layer[cut] for name, layer in ties.between.items()},
    )


def tied(ties: Ties, least: float = LEAST) -> Ties:
    """The ties of `least` acts or more, and the parties that have any. Sums of scores are kept whole."""
    if ties.counted:
        few = ties.between["events"] < least
        ties = msgspec.structs.replace(
            ties,
            directed={name: np.where(few, 0.0, layer) for name, layer in ties.directed.items()},
            between={name: np.where(few, 0.0, layer) for name, layer in ties.between.items()},
        )
    return kept(ties, np.flatnonzero(ties.activity() > 0))


def measure(layers: dict[str, Array], by: str) -> Array:
    """How good or bad each tie is: by ``intensity`` the mean intensity, by ``share`` cooperation less conflict in all
    acts that have a sign (-1 to 1), by ``score`` the sum. 0 where there is no tie."""
    if by == "score":
        return layers["intensity"]
    above, below = (
        (layers["intensity"], layers["measured"])
        if by == "intensity"
        else (layers["cooperation"] - layers["conflict"], layers["cooperation"] + layers["conflict"])
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(below > 0, above / below, 0.0))


def signs(layers: dict[str, Array], by: str) -> Array:
    """1, -1 or 0 for each tie: on which side of the dead zone its measure lies."""
    value = measure(layers, by)
    return np.asarray(np.where(np.abs(value) > DEAD[by], np.sign(value), 0.0))
