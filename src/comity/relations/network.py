"""The signed directed network of states: ties, blocs, balance, centralities, and how steady the blocs are.

A tie has the sign of the mean intensity of what passed between two parties. Blocs are groups with more cooperation
inside and more conflict across than each party's own activity would give (signed modularity). Every figure says how
large it would be by chance where that matters.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from comity.ledger.filters import Parameters
from comity.ledger.filters import period as days_of
from comity.records import content_hash
from comity.relations.aggregated import Sums, read_sums, within
from comity.relations.choice import SCALES, Choice, restate
from comity.relations.errors import BadChoice, library
from comity.relations.naming import name_of
from comity.relations.periods import add_months
from comity.relations.signed import (
    BALANCED,
    SEED,
    SHUFFLED,
    TRIADS,
    Null,
    adjusted_rand,
    against,
    balanced_share,
    blocs,
    shuffled_balance,
    triad_census,
)
from comity.relations.ties import DEAD, LEAST, Ties, kept, measure, signs, tied, ties_of, ties_of_sums
from comity.relations.told import counted, resolve, span_of_reports, sql, words_of

if TYPE_CHECKING:
    from comity.ledger import Ledger

Array = np.ndarray[Any, Any]

WINDOW = "12m"
RESOLUTION = 1.0

RESAMPLES = 40
"""Resampled networks behind a party's certainty: to the nearest twentieth that is enough."""

SHUFFLES = 60
"""Networks with shuffled signs that balance is compared with."""

SHOWN_TRIADS = 12
STRONGEST = 60
"""Parties, the most active ones, among whom triads are listed."""

EVIDENCE = 2
"""Acts shown for each side of a triad."""


class Node(msgspec.Struct, frozen=True, kw_only=True):
    """A party in the network."""

    key: str
    name: str
    bloc: int
    certainty: float | None
    """Mean share of the resampled networks in which it is in one bloc with each of its bloc's other members. None for
    aggregated series, which cannot be resampled, and for who stands alone."""
    partners: int
    sent: float
    """Acts towards others (mutual ones too)."""
    received: float
    positive: int
    """Ties of positive sign."""
    negative: int
    pagerank: float
    """Of the cooperation it receives, weighted by who gives it (Brin & Page 1998); sums to 1."""
    participation: float
    """How evenly its acts spread over blocs: 0 all in one, near 1 in many (Guimerà & Amaral 2005)."""
    betweenness: float | None = None
    """Share of shortest ways of cooperation between others that lead through it (Freeman 1977); on request."""


class Edge(msgspec.Struct, frozen=True, kw_only=True):
    """What one party did to another."""

    source: str
    target: str
    events: float
    cooperation: float
    conflict: float
    measure: float
    """Mean intensity (or share, or sum of scores: see `Network.signed`)."""
    sign: int
    """Of the pair, both directions together."""


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """One side of a triad."""

    pair: tuple[str, str]
    sign: int
    measure: float
    events: float
    acts: tuple[dict[str, Any], ...]
    """The strongest acts on the side of the sign, with their words."""


class Triad(msgspec.Struct, frozen=True, kw_only=True):
    """Three parties who all have ties with a sign."""

    members: tuple[str, str, str]
    kind: str
    """+++ | ++- | +-- | ---; 0 for a side without a sign."""
    balanced: bool | None
    """None where a side has no sign."""
    strength: float
    """Acts on its weakest side."""
    sides: tuple[Evidence, ...]


class Bloc(msgspec.Struct, frozen=True, kw_only=True):
    """A group of parties."""

    number: int
    members: tuple[str, ...]
    """Most active first."""
    inside: float
    """Cooperation less conflict among members, in acts that have a sign (-1 to 1)."""
    outside: float | None
    """The same with everybody else."""


class Balance(msgspec.Struct, frozen=True, kw_only=True):
    """Structural balance of the network."""

    triads: dict[str, int]
    share: float | None
    """Balanced triads among all."""
    chance: Null | None


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """The blocs of one window."""

    since: date
    until: date
    parties: int
    modularity: float
    blocs: tuple[tuple[str, ...], ...]
    agreement: float | None
    """With the window before: adjusted Rand index over the parties of both."""
    moved: tuple[str, ...]
    """Parties that left the company they had: fewer than half of their former fellows (those in both windows) are still
    with them. Most active first."""


class Network(msgspec.Struct, frozen=True, kw_only=True):
    """A signed directed network of one window."""

    choice: str
    since: date | None
    until: date | None
    signed: str
    """What a sign means, in words."""
    resolution: float
    least: float
    method: str
    notes: tuple[str, ...]
    modularity: float
    nodes: tuple[Node, ...]
    """Most active first."""
    edges: tuple[Edge, ...]
    """Most acts first."""
    blocs: tuple[Bloc, ...]
    balance: Balance
    triads: tuple[Triad, ...]
    windows: tuple[Window, ...] = ()
    positions: dict[str, tuple[float, float]] = {}
    """Places in the picture, on request; the same for every window."""


def window_of(at: str | None, window: str, last: date | None) -> tuple[date, date]:
    """First and last day of the window that ends with `at` (a day, month or year; None: the last day there is).

    `window`: so many months or years, as ``12m`` or ``1y``. Raises `BadChoice`.

    >>> window_of("2022-10", "12m", None)
    (datetime.date(2021, 11, 1), datetime.date(2022, 10, 31))
    """
    number, unit = window[:-1], window[-1:].lower()
    if not number.isdigit() or not int(number) or unit not in "my":
        raise BadChoice(f"window: {window!r} is no length; write 12m (months) or 1y (years)")
    months = int(number) * (12 if unit == "y" else 1)
    if at is not None:
        try:
            end = days_of(at)[1]
        except ValueError as error:
            raise BadChoice(f"at: {error}") from None
    elif last is not None:
        end = last
    else:
        raise BadChoice("there is nothing with a date; say the window with since and until")
    return add_months(end + timedelta(days=1), -months), end


def network(
    ledger: Ledger | None = None,
    *,
    sums: str | Path | Sums | None = None,
    at: str | None = None,
    window: str | None = None,
    choice: Choice | None = None,
    resolution: float = RESOLUTION,
    least: float = LEAST,
    by: str | None = None,
    windows: int = 0,
    triads: Sequence[Sequence[str]] = (),
    states: bool = False,
    betweenness: bool = False,
    evidence: bool = True,
    layout: bool = False,
) -> Network:
    """The network of a ledger's events, or of an aggregated series in the file `sums` (see `read_sums`).

    `at`, `window`: the months that end with a day, month or year; without them the choice's since and until, and
    without these all there is. `resolution`: above 1 makes more, smaller blocs. `least`: acts that make a tie.
    `by`: what a tie's sign goes by: intensity | share | score (of sums). `windows`: so many windows before this one too,
    for how steady the blocs are. `triads`: triads to list, as lists of three codes; without them the strongest.
    `states`: leave groups out. `betweenness`, `layout`: compute these too. `evidence`: look up the acts behind triads.

    Raises `BadChoice`, `BadFile`, `ExtraMissing`.
    """
    if resolution <= 0:
        raise BadChoice(f"resolution: {resolution} is not above 0")
    source = source_of(ledger, sums, choice or Choice(), at, window)
    by = by or ("score" if source.sums else "intensity" if source.scale else "share")
    if by not in DEAD:
        raise BadChoice(f"by: {by!r} is unknown; it is one of: {', '.join(DEAD)}")
    if (by == "score") != bool(source.sums):
        raise BadChoice("by: a score is what aggregated series have; events have an intensity or a share")
    ties = source.ties(source.since, source.until, least, states)
    positive, negative = layers(ties)
    labels, value = blocs(positive, negative, resolution)
    notes = list(source.notes)
    if ties.size == 0:
        notes.append("No two parties have enough acts for a tie.")
    sign = signs(ties.between, by)
    listed = _triads(ties, sign, by, triads)
    if evidence and ledger is not None and source.choice is not None:
        listed = _with_evidence(ledger, source.within(source.since, source.until), listed)
    earlier = source.windows(windows, least, states, resolution, (ties, labels, value)) if windows else ()
    census = triad_census(sign)
    share = balanced_share(sign)
    drawn = shuffled_balance(sign, SHUFFLES) if share is not None else None
    certainty = _certainty(ties, labels, resolution) if ties.counted else None
    return Network(
        choice=source.words,
        since=source.since,
        until=source.until,
        signed=SIGNED[by].format(scale=SCALES.get(source.scale or "", "the scale of the import"), dead=DEAD[by]),
        resolution=resolution,
        least=least if ties.counted else 0.0,
        method=(
            f"Blocs: signed modularity (Gómez, Jensen & Arenas 2009) at resolution {resolution:g}, over square roots of "
            + ("the numbers of acts" if ties.counted else "the scores")
            + ", which keep wars from drowning all else; Louvain's search in scikit-network."
        ),
        notes=tuple(notes),
        modularity=value,
        nodes=_nodes(ties, labels, sign, certainty, betweenness),
        edges=_edges(ties, sign, by),
        blocs=_blocs(ties, labels),
        balance=Balance(
            triads=census, share=share, chance=None if drawn is None else against(share or 0.0, drawn, SHUFFLED)
        ),
        triads=tuple(listed),
        windows=tuple(earlier),
        positions=source.positions(ties, states) if layout else {},
    )


SIGNED = {
    "intensity": "the sign of the mean intensity ({scale}) of what passed between two parties; none within ±{dead:g}",
    "share": "the sign of (cooperation − conflict) / (cooperation + conflict); none within ±{dead:g}",
    "score": "the sign of the sum of the file's scores",
}


def layers(ties: Ties) -> tuple[Array, Array]:
    """The weights of blocs: square roots of cooperation and of conflict between each two parties."""
    return np.sqrt(ties.between["cooperation"]), np.sqrt(ties.between["conflict"])


# --- where ties come from --------------------------------------------------------------------------------------------


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """A ledger with a choice, or an aggregated series."""

    ledger: Any
    sums: Any
    choice: Choice | None
    since: date | None
    until: date | None
    length: str
    words: str
    scale: str | None
    notes: tuple[str, ...]

    def within(self, since: date | None, until: date | None) -> Choice:
        assert self.choice is not None
        return msgspec.structs.replace(
            self.choice,
            since=since.isoformat() if since else None,
            until=until.isoformat() if until else None,
        )

    def all_ties(self, since: date | None, until: date | None) -> Ties:
        if self.sums is not None:
            return ties_of_sums(within(self.sums, since, until))
        return ties_of(self.ledger, self.within(since, until))

    def ties(self, since: date | None, until: date | None, least: float, states: bool) -> Ties:
        found = self.all_ties(since, until)
        if states:
            found = kept(found, [n for n, code in enumerate(found.nodes) if not code.startswith("GROUP:")])
        return tied(found, least)

    def windows(
        self, number: int, least: float, states: bool, resolution: float, last: tuple[Ties, Array, float]
    ) -> list[Window]:
        """The windows before this one and this one, oldest first."""
        if self.since is None or self.until is None:
            raise BadChoice("windows: say where the last one ends, with at (and window), or since and until")
        span = round((self.until - self.since).days / 30.44)
        ends = [self.until]
        for _ in range(number):
            ends.append(add_months(ends[-1] + timedelta(days=1), -span) - timedelta(days=1))
        made: list[Window] = []
        before: dict[str, int] | None = None
        for n, end in enumerate(reversed(ends)):
            since = add_months(end + timedelta(days=1), -span)
            if n == number:
                ties, labels, value = last
            else:
                ties = self.ties(since, end, least, states)
                labels, value = blocs(*layers(ties), resolution)
            now = dict(zip(ties.nodes, labels.tolist()))
            agreement, moved = _agreement(before, now) if before else (None, set())
            rank = np.argsort(-ties.activity(), kind="stable")
            made.append(
                Window(
                    since=since,
                    until=end,
                    parties=ties.size,
                    modularity=value,
                    blocs=tuple(one.members for one in _blocs(ties, labels)),
                    agreement=agreement,
                    moved=tuple(ties.nodes[k] for k in rank if ties.nodes[k] in moved),
                )
            )
            before = now
        return made

    def positions(self, ties: Ties, states: bool) -> dict[str, tuple[float, float]]:
        """Places of parties in pictures, from all that the source has, whatever the window."""
        return placed(self.ties(None, None, LEAST, states), ties.nodes)


def source_of(
    ledger: Ledger | None, sums: str | Path | Sums | None, choice: Choice, at: str | None, window: str | None
) -> Source:
    if (ledger is None) == (sums is None):
        raise BadChoice("a network is made from a ledger or from an aggregated series: give one of them")
    given = at is not None or window is not None
    if given and (choice.since is not None or choice.until is not None):
        raise BadChoice("say at and window, or since and until, not both")
    length = window or WINDOW
    since = days_of(choice.since)[0] if choice.since is not None else None
    until = days_of(choice.until)[1] if choice.until is not None else None
    if sums is not None:
        read = sums if isinstance(sums, Sums) else read_sums(sums)
        if given:
            since, until = window_of(at, length, read.last.max().item() if len(read.last) else None)
        words = f"Sums of {read.name}, {_span(since, until)}."
        note = () if read.directed else ("The file does not tell who acted: each pair has one sum, shown both ways.",)
        return Source(
            ledger=None, sums=read, choice=None, since=since, until=until, length=length, words=words, scale=None,
            notes=note,
        )  # fmt: skip
    assert ledger is not None
    settled = resolve(ledger, choice)
    if given:
        span = span_of_reports(ledger, settled.choice)
        since, until = window_of(at, length, span[1] if span else None)
    chosen = settled.choice
    source = Source(
        ledger=ledger, sums=None, choice=chosen, since=since, until=until, length=length, words="",
        scale=settled.scale, notes=settled.notes,
    )  # fmt: skip
    return msgspec.structs.replace(source, words=restate(source.within(since, until)))


def _span(since: date | None, until: date | None) -> str:
    if since is None and until is None:
        return "all periods"
    return " ".join([f"from {since}" if since else "", f"to {until}" if until else ""]).strip()


def _agreement(before: dict[str, int], now: dict[str, int]) -> tuple[float | None, set[str]]:
    """How far two partitions agree over the parties of both, and who left its company."""
    both = sorted(before.keys() & now.keys())
    if len(both) < 2:
        return None, set()
    one, two = np.array([before[code] for code in both]), np.array([now[code] for code in both])
    fellows = one[:, None] == one[None, :]
    still = fellows & (two[:, None] == two[None, :])
    had, has = fellows.sum(axis=1) - 1, still.sum(axis=1) - 1
    moved = {code for code, h, s in zip(both, had.tolist(), has.tolist()) if h and s < h / 2}
    return adjusted_rand(one, two), moved


# --- parts of the result ---------------------------------------------------------------------------------------------


def _certainty(ties: Ties, labels: Array, resolution: float) -> Array:
    """Of each party: how often it stays with its fellows when numbers of acts vary as counts do.

    Each resampled network draws every number of acts from a Poisson distribution around it (the parametric bootstrap;
    Rosvall & Bergstrom 2010, "Mapping change in large networks").
    """
    chance = np.random.default_rng(SEED)
    size = ties.size
    rows, columns = np.triu_indices(size, 1)
    together = np.zeros((size, size))
    for draw in range(RESAMPLES):
        drawn = []
        for name in ("cooperation", "conflict"):
            layer = np.zeros((size, size))
            layer[rows, columns] = chance.poisson(ties.between[name][rows, columns])
            drawn.append(np.sqrt(layer + layer.T))
        found, _ = blocs(drawn[0], drawn[1], resolution, starts=1, seed=SEED + draw)
        together += found[:, None] == found[None, :]
    fellows = (labels[:, None] == labels[None, :]) & ~np.eye(size, dtype=bool)
    number = fellows.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((together / RESAMPLES * fellows).sum(axis=1) / number)


def participation(weights: Array, labels: Array) -> Array:
    """1 - Σ_b (w_ib / w_i)²: over how many blocs b a party's weight is spread (Guimerà & Amaral 2005, "Functional
    cartography of complex metabolic networks"); 0 where it has none."""
    strength = weights.sum(axis=1)
    spread = np.stack([weights[:, labels == label].sum(axis=1) for label in np.unique(labels)], axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(strength > 0, 1 - ((spread / strength[:, None]) ** 2).sum(axis=1), 0.0))


def _nodes(ties: Ties, labels: Array, sign: Array, certainty: Array | None, betweenness: bool) -> tuple[Node, ...]:
    if ties.size == 0:
        return ()
    networkx = library("networkx", "networks", "networks")
    weights = ties.between["events"]
    graph = networkx.from_numpy_array(ties.directed["cooperation"], create_using=networkx.DiGraph)
    ranks = networkx.pagerank(graph, weight="weight")
    ways: dict[int, float] = {}
    if betweenness:
        friendly = networkx.from_numpy_array(ties.between["cooperation"])
        for _, _, data in friendly.edges(data=True):
            data["length"] = 1 / data["weight"]
        ways = networkx.betweenness_centrality(friendly, weight="length")
    spread = participation(weights, labels)
    made = []
    for n in np.argsort(-ties.activity(), kind="stable").tolist():
        known = certainty is not None and np.isfinite(certainty[n])
        made.append(
            Node(
                key=ties.nodes[n],
                name=name_of(ties.nodes[n]),
                bloc=int(labels[n]),
                certainty=float(certainty[n]) if certainty is not None and known else None,
                partners=int((weights[n] > 0).sum()),
                sent=float(ties.directed["events"][n].sum()),
                received=float(ties.directed["events"][:, n].sum()),
                positive=int((sign[n] > 0).sum()),
                negative=int((sign[n] < 0).sum()),
                pagerank=float(ranks[n]),
                participation=float(spread[n]),
                betweenness=float(ways[n]) if betweenness else None,
            )
        )
    return tuple(made)


def _edges(ties: Ties, sign: Array, by: str) -> tuple[Edge, ...]:
    value = measure(ties.directed, by)
    rows, columns = np.nonzero(ties.directed["events"])
    if not ties.both_ways:
        rows, columns = rows[rows < columns], columns[rows < columns]
    weight = ties.directed["events"][rows, columns]
    made = []
    for at in np.argsort(-weight, kind="stable").tolist():
        a, b = int(rows[at]), int(columns[at])
        made.append(
            Edge(
                source=ties.nodes[a],
                target=ties.nodes[b],
                events=float(weight[at]),
                cooperation=float(ties.directed["cooperation"][a, b]),
                conflict=float(ties.directed["conflict"][a, b]),
                measure=float(value[a, b]),
                sign=int(sign[a, b]),
            )
        )
    return tuple(made)


def _blocs(ties: Ties, labels: Array) -> tuple[Bloc, ...]:
    plus, minus = ties.between["cooperation"], ties.between["conflict"]
    activity = ties.activity()
    made = []
    for label in np.unique(labels).tolist():
        mine = labels == label
        within, across = np.ix_(mine, mine), np.ix_(mine, ~mine)

        def net(cut: Any) -> float | None:
            total = plus[cut].sum() + minus[cut].sum()
            return float((plus[cut].sum() - minus[cut].sum()) / total) if total else None

        order = [n for n in np.argsort(-activity, kind="stable").tolist() if mine[n]]
        made.append(
            Bloc(
                number=int(label),
                members=tuple(ties.nodes[n] for n in order),
                inside=net(within) or 0.0,
                outside=net(across),
            )
        )
    return tuple(made)


def _triads(ties: Ties, sign: Array, by: str, wanted: Sequence[Sequence[str]]) -> list[Triad]:
    """The wanted triads, or the strongest among the most active parties: half of them unbalanced where there are."""
    place = {code: n for n, code in enumerate(ties.nodes)}
    value = measure(ties.between, by)
    strength = ties.between["events"] if ties.counted else np.abs(value)
    if wanted:
        chosen = []
        for codes in wanted:
            if len(set(codes)) != 3:
                raise BadChoice(f"triads: {'-'.join(codes)!r} are not three parties")
            missing = [code for code in codes if code not in place]
            if missing:
                raise BadChoice(f"triads: {', '.join(missing)} has no tie in this window")
            chosen.append(tuple(place[code] for code in codes))
    else:
        top = np.argsort(-ties.activity(), kind="stable")[:STRONGEST].tolist()
        found = [
            (min(strength[a, b], strength[a, c], strength[b, c]), (a, b, c))
            for a, b, c in combinations(top, 3)
            if sign[a, b] and sign[a, c] and sign[b, c]
        ]
        found.sort(key=lambda one: (-one[0], one[1]))
        kinds: dict[bool, list[tuple[int, ...]]] = {True: [], False: []}
        for _, members in found:
            a, b, c = members
            kinds[bool(sign[a, b] * sign[a, c] * sign[b, c] > 0)].append(members)
        half = SHOWN_TRIADS // 2
        chosen = [*kinds[False][:half], *kinds[True][:half]]
    made = []
    for a, b, c in chosen:
        pairs = ((a, b), (a, c), (b, c))
        kind = "".join("+" if sign[pair] > 0 else "-" if sign[pair] < 0 else "0" for pair in pairs)
        kind = "".join(sorted(kind, key="+-0".index))
        made.append(
            Triad(
                members=(ties.nodes[a], ties.nodes[b], ties.nodes[c]),
                kind=kind,
                balanced=None if "0" in kind else kind in BALANCED,
                strength=float(min(strength[pair] for pair in pairs)),
                sides=tuple(
                    Evidence(
                        pair=(ties.nodes[one], ties.nodes[two]),
                        sign=int(sign[one, two]),
                        measure=float(value[one, two]),
                        events=float(ties.between["events"][one, two]),
                        acts=(),
                    )
                    for one, two in pairs
                ),
            )
        )
    return made


def _with_evidence(ledger: Ledger, choice: Choice, triads: list[Triad]) -> list[Triad]:
    """The triads with the acts behind each side."""
    wanted: dict[tuple[str, str], int] = {}
    for triad in triads:
        for side in triad.sides:
            if side.sign:
                wanted[min(side.pair), max(side.pair)] = side.sign
    if not wanted:
        return triads
    parameters = Parameters()
    parameters.values |= {
        "pairs": [f"{a} {b}" for a, b in wanted], "signs": list(wanted.values()), "most": EVIDENCE,
    }  # fmt: skip
    codes = sorted({code for pair in wanted for code in pair})
    named = f"[{parameters.add_all(codes)}]"
    near = [f"list_has_any(sources, {named})", f"list_has_any(targets, {named})"] if not choice.fold_groups else []
    table = counted(ledger, choice, sql("triads"), where=near, parameters=parameters)
    rows = table.to_pylist()
    acts: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        acts.setdefault((row["lo"], row["hi"]), []).append(row["id"])
    if choice.origin == "comity":
        shown = words_of(ledger, [row["id"] for row in rows])
    else:  # imported events have no words, and all there is to show is at hand
        shown = {
            row["id"]: {
                "id": row["id"], "date": row["day_first"].isoformat() if row["day_first"] else None,
                "type": row["type"], "mode": row["mode"], "intensity": row["intensity"], "words": None,
            }
            for row in rows
        }  # fmt: skip
    made = []
    for triad in triads:
        sides = tuple(
            msgspec.structs.replace(
                side,
                acts=tuple(shown[id_] for id_ in acts.get((min(side.pair), max(side.pair)), ()) if id_ in shown),
            )
            for side in triad.sides
        )
        made.append(msgspec.structs.replace(triad, sides=sides))
    return made


# --- pictures and files ----------------------------------------------------------------------------------------------


PLACED = 120
"""Parties, the most active ones over the whole time, that get a place by their ties."""

APART = 0.155
"""Least distance of two places in a picture that is 2.4 wide: a name of three letters between them."""


def placed(ties: Ties, wanted: Sequence[str]) -> dict[str, tuple[float, float]]:
    """Places for parties, within -1 and 1: friends near each other, the same whatever window is shown.

    Fruchterman & Reingold's springs (1991) in networkx, over all cooperation there is, each tie as part of what the two
    have with everybody (else the great powers pull all into the middle); then spread evenly and moved apart. Who has
    few ties over the whole time stands at the rim.
    """
    networkx = library("networkx", "layouts", "networks")
    top = np.sort(np.argsort(-ties.activity(), kind="stable")[:PLACED])
    ties = kept(ties, top)
    known: dict[str, tuple[float, float]] = {}
    if ties.size > 1:
        weights = ties.between["cooperation"]
        strength = np.sqrt(np.maximum(weights.sum(axis=1), 1e-9))
        graph = networkx.from_numpy_array(weights / np.outer(strength, strength))
        spots = networkx.spring_layout(graph, weight="weight", seed=SEED, iterations=300, k=3 / np.sqrt(ties.size))
        whole = np.array([spots[n] for n in range(ties.size)])
        ranks = np.stack([np.argsort(np.argsort(whole[:, axis], kind="stable")) for axis in (0, 1)], axis=1)
        even = 2 * ranks / (ties.size - 1) - 1
        # The most active are seen in every picture: they get room first, the others have to be content.
        moved = _apart(even, np.argsort(-ties.activity(), kind="stable"))
        known = {code: (float(moved[n, 0]), float(moved[n, 1])) for n, code in enumerate(ties.nodes)}
    for code in wanted:
        if code not in known:  # by its name alone, so that it stands there in every window
            angle = 2 * np.pi * int(content_hash(code, length=8), 16) / 16**8
            known[code] = (float(1.15 * np.cos(angle)), float(1.15 * np.sin(angle)))
    return {code: known[code] for code in wanted}


def _apart(places: Array, order: Array) -> Array:
    """The places, the first 60 in `order` pushed apart where they are nearer than `APART`."""
    made = places.copy()
    first = order[:60]
    for _ in range(200):
        step = made[first][:, None, :] - made[first][None, :, :]
        distance = np.hypot(step[..., 0], step[..., 1])
        np.fill_diagonal(distance, 2.0)
        near = distance < APART
        if not near.any():
            break
        safe = np.maximum(distance, 1e-6)
        push = (np.where(near, APART - distance, 0.0) / safe)[..., None] * step
        made[first] = made[first] + 0.35 * push.sum(axis=1)
    return np.asarray(np.clip(made / np.abs(made[first]).max(), -1.0, 1.0))


def graph_of(found: Network) -> Any:
    """The network as a directed graph of networkx, with all figures as attributes."""
    networkx = library("networkx", "networks", "networks")
    graph = networkx.DiGraph(choice=found.choice, signed=found.signed, modularity=found.modularity)
    for node in found.nodes:
        given = {name: value for name, value in msgspec.structs.asdict(node).items() if value is not None}
        place = found.positions.get(node.key)
        if place is not None:
            given |= {"x": place[0], "y": place[1]}
        graph.add_node(given.pop("key"), **given)
    for edge in found.edges:
        given = msgspec.structs.asdict(edge)
        graph.add_edge(given.pop("source"), given.pop("target"), **given)
    return graph


def write_graphml(found: Network, path: str | Path) -> None:
    """Write the network as GraphML (Gephi, Cytoscape, igraph and networkx read it)."""
    networkx = library("networkx", "networks", "networks")
    networkx.write_graphml(graph_of(found), str(path), encoding="utf-8", named_key_ids=True)


def write_csv(found: Network, path: str | Path) -> list[Path]:
    """Write the edges to `path` and the nodes beside it (``NAME-nodes.csv``); the paths of both."""
    import csv

    edges = Path(path)
    nodes = edges.with_name(f"{edges.stem}-nodes{edges.suffix}")
    for where, rows, kind in ((edges, found.edges, Edge), (nodes, found.nodes, Node)):
        with where.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(kind.__struct_fields__)
            writer.writerows(["" if v is None else v for v in msgspec.structs.astuple(row)] for row in rows)
    return [edges, nodes]


assert set(BALANCED) < set(TRIADS)
