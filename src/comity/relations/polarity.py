"""Polarity and polarisation: how capabilities are spread over states and blocs, and how far blocs stand apart.

Needs shares of capabilities, because counts of events measure activity and not power. Blocs come from the signed
network of the record; what depends on them is set beside random graphs with the same degrees.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from comity.relations.aggregated import Sums
from comity.relations.capabilities import Capabilities, read_capabilities
from comity.relations.choice import Choice
from comity.relations.concentration import con, effective_number
from comity.relations.errors import BadChoice
from comity.relations.naming import name_of
from comity.relations.network import RESOLUTION, layers, source_of
from comity.relations.signed import REWIRED, SEED, Null, against, blocs, rewired
from comity.relations.ties import LEAST, Ties, kept, signs

if TYPE_CHECKING:
    from comity.ledger import Ledger

Array = np.ndarray[Any, Any]

ALPHA = 1.0
"""How much it counts that parties identify with their group: 0 gives inequality, 1.6 is the most that the axioms allow
(Esteban & Ray 1994)."""

LEAST_ALPHA = 0.71
"""From here on two equal camps are the most polarised of all systems. Below ln(4/3) / ln(3/2) three camps at the same
distances from each other are more so: that is inequality, and no polarisation."""

DRAWS = 20
"""Random graphs: their mean is then known to a quarter of their deviation."""


# --- formulas --------------------------------------------------------------------------------------------------------


def esteban_ray(shares: Array, distances: Array, alpha: float = ALPHA) -> float:
    """P = Σ_i Σ_j π_i^{1+α} π_j d_ij (Esteban & Ray 1994, "On the measurement of polarization", eq. 3, K = 1).

    `shares`: π of each group, summing to 1. `distances`: between groups, symmetric, 0 to 1. Highest where two equal
    groups stand as far apart as can be; see `most_polarised`. Raises `BadChoice` for α outside (0, 1.6].
    """
    if not 0 < alpha <= 1.6:
        raise BadChoice(f"alpha: {alpha} is not within 0 and 1.6, where Esteban and Ray's axioms hold")
    return float((shares ** (1 + alpha)) @ distances @ shares)


def most_polarised(alpha: float = ALPHA) -> float:
    """P of two groups of one half each at distance 1: 2^-(1+α), the highest value that `esteban_ray` can have for an α
    of `LEAST_ALPHA` or more."""
    return float(2.0 ** -(1 + alpha))


def kendall(profiles: Array) -> Array:
    """Kendall's τ_b between all pairs of rows of signs (-1, 0, 1): a symmetric matrix, not a number where one of the
    rows has the same sign everywhere.

    τ_b = (C - D) / √((n₀ - n₁)(n₀ - n₂)), C and D concordant and discordant pairs of columns, n₀ all of them, n₁ and n₂
    those tied in either row (Kendall 1945). From counts of the nine pairs of signs, without going through columns.
    """
    size, width = profiles.shape
    levels = [np.asarray(profiles == level, float) for level in (-1, 0, 1)]
    cells = [[one @ two.T for two in levels] for one in levels]
    agree = np.zeros((size, size))
    disagree = np.zeros((size, size))
    for a in range(3):
        for b in range(3):
            for c in range(a + 1, 3):
                for d in range(3):
                    if d > b:
                        agree += cells[a][b] * cells[c][d]
                    elif d < b:
                        disagree += cells[a][b] * cells[c][d]
    pairs = width * (width - 1) / 2
    ties = sum(level.sum(axis=1) * (level.sum(axis=1) - 1) / 2 for level in levels)
    free = pairs - np.asarray(ties)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(
            np.where(np.outer(free, free) > 0, (agree - disagree) / np.sqrt(np.outer(free, free)), np.nan)
        )


def similarity(sign: Array) -> Array:
    """τ_b between the parties' ties with all others (Bueno de Mesquita 1975, who took portfolios of alliances). A party
    is its own friend. What two rows hold of each other stays in, as in the original.

    Signorino & Ritter 1999 ("Tau-b or not tau-b") show that it falls with the number of parties that both ignore.
    """
    own = sign.astype(float).copy()
    np.fill_diagonal(own, 1.0)
    return kendall(own)


def tightness(alike: Array, labels: Array) -> float | None:
    """Mean similarity of pairs in the same bloc (after Bueno de Mesquita 1975, "Measuring systemic polarity": how
    homogeneous poles are inside). -1 to 1; None where no bloc has two members."""
    return _mean(alike, labels[:, None] == labels[None, :])


def discreteness(alike: Array, labels: Array) -> float | None:
    """One less the mean similarity of pairs in different blocs (after Bueno de Mesquita 1975: how far poles are apart). 0
    to 2; None for a single bloc."""
    between = _mean(alike, labels[:, None] != labels[None, :])
    return None if between is None else 1 - between


def _mean(alike: Array, mask: Array) -> float | None:
    upper = np.triu(mask & np.isfinite(alike), 1)
    return float(alike[upper].mean()) if upper.any() else None


def bloc_distances(positive: Array, negative: Array, labels: Array) -> Array:
    """Distance of blocs: conflict's part of all that passes between them, 0 to 1; ½ where nothing does; 0 to itself."""
    found = np.unique(labels)
    member = np.stack([labels == label for label in found]).astype(float)
    plus, minus = member @ positive @ member.T, member @ negative @ member.T
    with np.errstate(divide="ignore", invalid="ignore"):
        distance = np.where(plus + minus > 0, minus / (plus + minus), 0.5)
    np.fill_diagonal(distance, 0.0)
    return np.asarray(distance)


# --- the figures -----------------------------------------------------------------------------------------------------


class Index(msgspec.Struct, frozen=True, kw_only=True):
    """One index."""

    name: str
    value: float | None
    lowest: float
    highest: float | None
    measures: str
    """What it measures, in one line."""
    formula: str
    source: str
    chance: Null | None = None


class Pole(msgspec.Struct, frozen=True, kw_only=True):
    """A bloc with its part of capabilities."""

    number: int
    share: float
    members: tuple[str, ...]
    """Strongest first."""


class Polarity(msgspec.Struct, frozen=True, kw_only=True):
    """Polarity of a system of states and polarisation of its blocs."""

    choice: str
    capabilities: str
    year: int
    states: int
    resolution: float
    notes: tuple[str, ...]
    indices: tuple[Index, ...]
    poles: tuple[Pole, ...]
    largest: tuple[tuple[str, str, float], ...]
    """Code, name and share of the states with most."""


def polarity(
    ledger: Ledger | None = None,
    *,
    capabilities: str | Path | Capabilities,
    sums: str | Path | Sums | None = None,
    at: str | None = None,
    window: str | None = None,
    year: int | None = None,
    choice: Choice | None = None,
    resolution: float = RESOLUTION,
    least: float = LEAST,
    alpha: float = ALPHA,
    draws: int = DRAWS,
) -> Polarity:
    """Polarity by shares of capabilities, and polarisation of the blocs that the record shows.

    `capabilities`: a file as `read_capabilities` reads it; `year`: of its shares (default: the window's, or the last
    before). The record: a ledger's events, or an aggregated series, `sums`; `at`, `window`, `choice`,
    `resolution` and `least` as for `network`. `draws`: random graphs.

    Raises `BadChoice`, `BadFile`, `ExtraMissing`.
    """
    if not LEAST_ALPHA <= alpha <= 1.6:
        raise BadChoice(
            f"alpha: {alpha} is not within {LEAST_ALPHA} and 1.6; below, three camps count for more than two"
        )
    source = source_of(ledger, sums, choice or Choice(), at, window)
    wanted = year or (source.until.year if source.until else None)
    shares = capabilities if isinstance(capabilities, Capabilities) else read_capabilities(capabilities, wanted)
    all_shares = np.array(list(shares.shares.values()))
    indices = [
        Index(
            name="effective number of states", value=float(effective_number(all_shares)), lowest=1.0,
            highest=float(len(all_shares)), measures="how many equal states would be as concentrated in capabilities",
            formula="1/Σs²", source="Laakso & Taagepera 1979",
        ),
        Index(
            name="capability concentration (CON)", value=float(con(all_shares)), lowest=0.0, highest=1.0,
            measures="how far capabilities are in one state's hands", formula="√((Σs² − 1/n)/(1 − 1/n))",
            source="Singer, Bremer & Stuckey 1972",
        ),
    ]  # fmt: skip
    ties = source.ties(source.since, source.until, least, states=True)
    ties = kept(ties, [n for n, code in enumerate(ties.nodes) if code in shares.shares])
    notes = list(source.notes)
    missing = [code for code in shares.shares if code not in ties.nodes]
    if missing:
        part = sum(shares.shares[code] for code in missing)
        notes.append(
            f"{len(missing)} states have capabilities ({part:.1%} of all) and no ties in the record; blocs are without them."
        )
    if shares.unknown:
        notes.append(f"Codes of the file that are no state's: {', '.join(shares.unknown[:10])}.")
    if wanted is not None and shares.year != wanted:
        notes.append(f"Capabilities are of {shares.year}, the last year of the file up to {wanted}.")
    poles: list[Pole] = []
    if ties.size > 1:
        weight = np.array([shares.shares[code] for code in ties.nodes])
        by = "score" if source.sums is not None else "intensity" if source.scale else "share"
        more, poles = _of_blocs(ties, weight / weight.sum(), by, resolution, alpha, draws)
        indices += more
    else:
        notes.append("Fewer than two states with capabilities have ties: there are no blocs.")
    top = sorted(shares.shares.items(), key=lambda item: (-item[1], item[0]))[:10]
    return Polarity(
        choice=source.words,
        capabilities=shares.name,
        year=shares.year,
        states=len(shares.shares),
        resolution=resolution,
        notes=tuple(notes),
        indices=tuple(indices),
        poles=tuple(poles),
        largest=tuple((code, name_of(code), share) for code, share in top),
    )


def _of_blocs(
    ties: Ties, weight: Array, by: str, resolution: float, alpha: float, draws: int
) -> tuple[list[Index], list[Pole]]:
    """The indices that rest on blocs. `weight`: capability shares of the ties' parties, summing to 1."""
    positive, negative = layers(ties)
    labels, value = blocs(positive, negative, resolution)
    of_blocs = _shares(weight, labels)
    polarised = _polarised(positive, negative, labels, weight, alpha)
    alike = similarity(signs(ties.between, by))
    chance = np.random.default_rng(SEED)
    drawn: dict[str, list[float]] = {"modularity": [], "polarisation": [], "tightness": [], "discreteness": []}
    for _ in range(draws):
        plus, minus = rewired(positive, chance), rewired(negative, chance)
        random, found = blocs(plus, minus, resolution, starts=2)
        drawn["modularity"].append(found)
        drawn["polarisation"].append(_polarised(plus, minus, random, weight, alpha))
        like = similarity(np.sign(plus**2 - minus**2))
        drawn["tightness"].append(tightness(like, random) or 0.0)
        drawn["discreteness"].append(discreteness(like, random) or 0.0)

    def null(name: str, own: float | None) -> Null | None:
        return against(own, np.array(drawn[name]), REWIRED) if own is not None and draws > 1 else None

    tight, apart = tightness(alike, labels), discreteness(alike, labels)
    indices = [
        Index(
            name="effective number of blocs", value=float(effective_number(of_blocs)), lowest=1.0,
            highest=float(len(of_blocs)), measures="how many equal blocs would be as concentrated in capabilities",
            formula="1/Σs² over blocs", source="Laakso & Taagepera 1979",
        ),
        Index(
            name="concentration in blocs (CON)", value=float(con(of_blocs)) if len(of_blocs) > 1 else None, lowest=0.0,
            highest=1.0, measures="how far capabilities are in one bloc's hands",
            formula="√((Σs² − 1/n)/(1 − 1/n)) over blocs", source="Singer, Bremer & Stuckey 1972",
        ),
        Index(
            name="bloc polarisation (Esteban–Ray)", value=polarised, lowest=0.0, highest=1.0,
            measures="how near the system is to two equal blocs that have nothing but conflict between them",
            formula=f"Σ_i Σ_j π_i^(1+α) π_j d_ij / 2^−(1+α), α = {alpha:g}; π: a bloc's share of capabilities; d: the part of "
            "conflict in what passes between two blocs",
            source="Esteban & Ray 1994", chance=null("polarisation", polarised),
        ),
        Index(
            name="tightness", value=tight, lowest=-1.0, highest=1.0,
            measures="how alike the ties of states in one bloc are", formula="mean τ_b of ties, pairs in one bloc",
            source="after Bueno de Mesquita 1975", chance=null("tightness", tight),
        ),
        Index(
            name="discreteness", value=apart, lowest=0.0, highest=2.0,
            measures="how unlike the ties of states in different blocs are",
            formula="1 − mean τ_b of ties, pairs in different blocs", source="after Bueno de Mesquita 1975",
            chance=null("discreteness", apart),
        ),
        Index(
            name="signed modularity", value=value, lowest=-1.0, highest=1.0,
            measures="how much more cooperation inside and conflict across blocs there is than activity alone would give",
            formula="Σ_ij B_ij δ(c_i, c_j) / (2w⁺ + 2w⁻)", source="Gómez, Jensen & Arenas 2009",
            chance=null("modularity", value),
        ),
    ]  # fmt: skip
    poles = [
        Pole(
            number=n,
            share=float(of_blocs[n]),
            members=tuple(ties.nodes[k] for k in np.argsort(-weight, kind="stable").tolist() if labels[k] == n),
        )
        for n in range(len(of_blocs))
    ]
    return indices, sorted(poles, key=lambda one: (-one.share, one.number))


def _shares(weight: Array, labels: Array) -> Array:
    return np.asarray(np.bincount(labels, weight))


def _polarised(positive: Array, negative: Array, labels: Array, weight: Array, alpha: float) -> float:
    """Esteban and Ray's index of the blocs, as part of the highest possible. From weights squared back to acts."""
    distances = bloc_distances(positive**2, negative**2, labels)
    return esteban_ray(_shares(weight, labels), distances, alpha) / most_polarised(alpha)
