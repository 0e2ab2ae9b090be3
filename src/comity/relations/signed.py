"""Signed graphs: modularity and blocs, structural balance, random graphs to compare with. Matrices in, numbers out."""

from __future__ import annotations

from math import comb
from typing import Any

import msgspec
import numpy as np

from comity.relations.errors import library

Array = np.ndarray[Any, Any]

SEED = 20221029

STARTS = 10
"""Orders of nodes that are tried; the best partition is kept. On graphs of 200 states the tenth start gains nothing in
nine of ten; re-run tests/test_relations_network.py after a change."""


# --- modularity and blocs --------------------------------------------------------------------------------------------


def modularity_matrix(positive: Array, negative: Array, resolution: float = 1.0) -> Array:
    """B of the signed modularity Q = Σ_ij B_ij δ(c_i, c_j) / (2w⁺ + 2w⁻), with

    B_ij = w⁺_ij - γ w⁺_i w⁺_j / 2w⁺ - (w⁻_ij - γ w⁻_i w⁻_j / 2w⁻)

    (Gómez, Jensen & Arenas 2009, "Analysis of community structure in networks of correlated data", eq. 10; γ as in
    Reichardt & Bornholdt 2006). Both layers symmetric and not negative. Cooperation within a bloc and conflict across
    blocs count only as far as they are more than the parties' activity alone would give.
    """

    def excess(weights: Array) -> Array:
        total = weights.sum()
        strength = weights.sum(axis=1)
        return weights - resolution * np.outer(strength, strength) / total if total > 0 else np.zeros_like(weights)

    return np.asarray(excess(positive) - excess(negative))


def modularity(positive: Array, negative: Array, labels: Array, resolution: float = 1.0) -> float:
    """Signed modularity Q of a partition; 0 for a graph without ties."""
    total = positive.sum() + negative.sum()
    if total == 0:
        return 0.0
    same = labels[:, None] == labels[None, :]
    return float((modularity_matrix(positive, negative, resolution) * same).sum() / total)


def blocs(
    positive: Array, negative: Array, resolution: float = 1.0, starts: int = STARTS, seed: int = SEED
) -> tuple[Array, float]:
    """A partition of high signed modularity, and its modularity: labels 0, 1, … from the largest bloc on.

    Louvain's search (Blondel et al. 2008) in ``scikit-network`` over the matrix B itself: with resolution 0, its Potts
    objective is the sum of weights inside clusters, which for weights B is the signed modularity. A resolution above 1
    makes more and smaller blocs.
    """
    size = len(positive)
    total = positive.sum() + negative.sum()
    if size == 0 or total == 0:
        return np.arange(size), 0.0
    sparse = library("scipy.sparse", "blocs", "networks")
    clustering = library("sknetwork.clustering", "blocs", "networks")
    matrix = modularity_matrix(positive, negative, resolution)
    gain = matrix / total
    pulled = matrix / np.abs(matrix).sum() if np.abs(matrix).sum() > 0 else matrix
    # The search divides by the sum of weights, and B adds up to nothing. What stands on the diagonal is in every
    # partition and decides none, so it is set to make the sum 1.
    np.fill_diagonal(pulled, 0.0)
    np.fill_diagonal(pulled, (1.0 - pulled.sum()) / size)
    graph = sparse.csr_matrix(pulled)
    best = np.arange(size)
    best_value = float(np.trace(gain))
    for start in range(starts):
        search = clustering.Louvain(
            resolution=0.0, modularity="potts", tol_optimization=1e-6, tol_aggregation=1e-6, shuffle_nodes=True,
            random_state=seed + start, return_probs=False, return_aggregate=False,
        )  # fmt: skip
        labels = np.asarray(search.fit_predict(graph))
        value = float((gain * (labels[:, None] == labels[None, :])).sum())
        if value > best_value + 1e-12:
            best, best_value = labels, value
    return by_size(best, positive.sum(axis=1) + negative.sum(axis=1)), best_value


def by_size(labels: Array, strength: Array) -> Array:
    """The same partition with labels 0, 1, …: the largest first, of equals the one with more strength."""
    found = np.unique(labels)
    order = sorted(found.tolist(), key=lambda one: (-(labels == one).sum(), -strength[labels == one].sum(), one))
    place = {label: n for n, label in enumerate(order)}
    return np.array([place[one] for one in labels.tolist()], np.int64)


def adjusted_rand(one: Array, two: Array) -> float:
    """How far two partitions of the same parties agree: 1 when they are equal, 0 as expected of chance.

    Hubert & Arabie 1985, "Comparing partitions". 1 for partitions that leave nothing to disagree on.
    """
    size = len(one)
    firsts, a = np.unique(one, return_inverse=True)
    seconds, b = np.unique(two, return_inverse=True)
    table = np.zeros((len(firsts), len(seconds)), np.int64)
    np.add.at(table, (a, b), 1)
    both = sum(comb(int(n), 2) for n in table.ravel())
    rows = sum(comb(int(n), 2) for n in table.sum(axis=1))
    columns = sum(comb(int(n), 2) for n in table.sum(axis=0))
    expected = rows * columns / comb(size, 2) if size > 1 else 0.0
    most = (rows + columns) / 2
    return 1.0 if most == expected else (both - expected) / (most - expected)


# --- structural balance ----------------------------------------------------------------------------------------------

TRIADS = ("+++", "++-", "+--", "---")
"""Three friends; two friends who are at odds; a pair of friends against a third; three at odds."""

BALANCED = frozenset(("+++", "+--"))
"""Triads whose product of signs is positive (Heider 1946; Cartwright & Harary 1956)."""


def triad_census(sign: Array) -> dict[str, int]:
    """Numbers of triads of each kind in a symmetric matrix of 1, -1 and 0.

    From traces: of P³ / 6, P²N / 2, PN² / 2 and N³ / 6, P and N being the positive and the negative ties.
    """
    plus, minus = (sign > 0).astype(float), (sign < 0).astype(float)
    np.fill_diagonal(plus, 0)
    np.fill_diagonal(minus, 0)
    pp, mm = plus @ plus, minus @ minus
    counts = (
        (pp * plus).sum() / 6, (pp * minus).sum() / 2, (mm * plus).sum() / 2, (mm * minus).sum() / 6,
    )  # fmt: skip
    return {kind: round(float(count)) for kind, count in zip(TRIADS, counts)}


def balanced_share(sign: Array) -> float | None:
    """Balanced triads among all; None where there is no triad.

    (1 + tr S³ / tr |S|³) / 2: the trace of S³ counts each balanced triad as 1 and each unbalanced one as -1.
    """
    bare = sign - np.diag(np.diag(sign))
    triads = ((np.abs(bare) @ np.abs(bare)) * np.abs(bare)).sum()
    return float((1 + ((bare @ bare) * bare).sum() / triads) / 2) if triads else None


class Null(msgspec.Struct, frozen=True, kw_only=True):
    """A figure beside what random graphs give."""

    expected: float
    """Mean over the random graphs."""
    deviation: float
    """Standard deviation over them."""
    z: float | None
    """How many deviations the figure lies above the mean; None where they all give the same."""
    draws: int
    model: str


def against(value: float, drawn: Array, model: str) -> Null:
    """A figure beside those of random graphs."""
    mean, deviation = float(np.mean(drawn)), float(np.std(drawn, ddof=1)) if len(drawn) > 1 else 0.0
    return Null(
        expected=mean,
        deviation=deviation,
        z=(value - mean) / deviation if deviation > 1e-12 else None,
        draws=len(drawn),
        model=model,
    )


SHUFFLED = "the same ties, their signs dealt out anew"


def shuffled_balance(sign: Array, draws: int, seed: int = SEED) -> Array:
    """Balanced shares of networks with the same ties and as many positive and negative ones, dealt out at random."""
    chance = np.random.default_rng(seed)
    rows, columns = np.nonzero(np.triu(sign, 1))
    values = sign[rows, columns].astype(np.float32)  # whole numbers that stay exact, at twice the speed
    made = np.zeros(sign.shape, np.float32)
    made[rows, columns] = made[columns, rows] = np.abs(values)
    triads = ((made @ made) * made).sum(dtype=float)
    if not triads:
        return np.zeros(0)
    shares = []
    for _ in range(draws):
        dealt = chance.permutation(values)
        made[rows, columns] = made[columns, rows] = dealt
        shares.append((1 + ((made @ made) * made).sum(dtype=float) / triads) / 2)
    return np.array(shares)


REWIRED = "random graphs in which every party has as many friends and as many foes as it has"

SWAPS = 10
"""Swaps for each tie: after so many, graphs are as good as independent (Milo et al. 2003, "On the uniform generation of
random graphs with prescribed degree sequences")."""


def rewired(weights: Array, chance: np.random.Generator) -> Array:
    """A random graph with the same degrees: ties swap ends (Maslov & Sneppen 2002, "Specificity and stability in
    topology of protein networks"), then the weights are dealt out among them.

    Many pairs of ties are tried at a time, none in two pairs; of swaps that would make the same new tie, the first
    counts.
    """
    rows, columns = np.nonzero(np.triu(weights, 1))
    values = weights[rows, columns]
    size, count = len(weights), len(rows)
    taken = np.zeros((size, size), bool)
    taken[rows, columns] = taken[columns, rows] = True
    if count > 1:
        for _ in range(2 * SWAPS):
            order = chance.permutation(count)
            one, two = order[: count // 2], order[count // 2 : 2 * (count // 2)]
            flip = chance.random(len(one)) < 0.5
            a, b = rows[one], columns[one]
            c = np.where(flip, rows[two], columns[two])
            d = np.where(flip, columns[two], rows[two])
            # a-b and c-d become a-d and c-b.
            good = (a != d) & (c != b) & ~taken[a, d] & ~taken[c, b]
            keys = np.stack([np.minimum(a, d) * size + np.maximum(a, d), np.minimum(c, b) * size + np.maximum(c, b)])
            keys[:, ~good] = -1 - np.arange(2 * int((~good).sum())).reshape(2, -1)
            _, first, inverse = np.unique(keys.ravel(), return_index=True, return_inverse=True)
            fresh = (first[inverse] == np.arange(keys.size)).reshape(keys.shape)
            good &= fresh.all(axis=0)
            for x, y, now in ((a, b, False), (c, d, False), (a, d, True), (c, b, True)):
                taken[x[good], y[good]] = taken[y[good], x[good]] = now
            rows[one[good]], columns[one[good]] = a[good], d[good]
            rows[two[good]], columns[two[good]] = c[good], b[good]
    made = np.zeros_like(weights)
    dealt = chance.permutation(values)
    made[rows, columns] = made[columns, rows] = dealt
    return made


def random_modularity(positive: Array, negative: Array, resolution: float, draws: int, seed: int = SEED) -> Array:
    """Modularities that the same search finds in graphs whose positive and negative ties were rewired."""
    chance = np.random.default_rng(seed)
    return np.array(
        [
            blocs(rewired(positive, chance), rewired(negative, chance), resolution, starts=2, seed=seed)[1]
            for _ in range(draws)
        ]
    )
