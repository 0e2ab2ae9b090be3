"""Networks: signed modularity and blocs, balance, random graphs, windows, evidence, files."""

from __future__ import annotations

import csv
import gzip
import time
from datetime import date
from itertools import combinations, product
from pathlib import Path
from typing import Any

import networkx
import numpy as np
import pytest
from cli_running import here
from hypothesis import given, settings
from hypothesis import strategies as st
from relations_samples import event, ledger_of, report
from shared import SHARED, needs_shared

from comity.relations import BadChoice, BadFile
from comity.relations.aggregated import read_sums, within
from comity.relations.choice import choose
from comity.relations.network import network, participation, placed, window_of, write_csv, write_graphml
from comity.relations.signed import (
    adjusted_rand,
    against,
    balanced_share,
    blocs,
    by_size,
    modularity,
    modularity_matrix,
    rewired,
    shuffled_balance,
    triad_census,
)
from comity.relations.ties import Ties, kept, measure, signs, ties_of_sums

Array = np.ndarray[Any, Any]
GDELT = SHARED / "facts" / "gdelt_daily_dyads_gzemo" / "dyad_month_2018_2024.csv.gz"


def _symmetric(size: int, seed: int, density: float = 0.5) -> Array:
    chance = np.random.default_rng(seed)
    upper = np.triu(chance.random((size, size)) * (chance.random((size, size)) < density), 1)
    return np.asarray(upper + upper.T)


# --- modularity and blocs --------------------------------------------------------------------------------------------

CAMPS = np.array([[0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0]], float)
ACROSS = np.array([[0, 0, 1, 0], [0, 0, 0, 1], [1, 0, 0, 0], [0, 1, 0, 0]], float)


def test_modularity_of_two_hostile_pairs_is_a_half() -> None:
    # Each layer has 2w = 4. Inside blocs: 4 of cooperation, 2 expected; 0 of conflict, 2 expected. (2 + 2) / 8.
    assert modularity(CAMPS, ACROSS, np.array([0, 0, 1, 1])) == pytest.approx(0.5)
    assert modularity(CAMPS, ACROSS, np.zeros(4, int)) == pytest.approx(0.0)
    labels, value = blocs(CAMPS, ACROSS)
    assert (labels.tolist(), value) == ([0, 0, 1, 1], pytest.approx(0.5))


def test_without_conflict_it_is_newmans_modularity() -> None:
    graph = networkx.karate_club_graph()
    weights = networkx.to_numpy_array(graph, weight=None)
    chance = np.random.default_rng(1)
    for resolution in (0.5, 1.0, 2.0):
        labels = chance.integers(0, 4, len(graph))
        groups = [set(np.flatnonzero(labels == label).tolist()) for label in np.unique(labels)]
        expected = networkx.community.modularity(graph, groups, weight=None, resolution=resolution)
        assert modularity(weights, np.zeros_like(weights), labels, resolution) == pytest.approx(expected)


def test_karate_club_reaches_the_published_optimum() -> None:
    # Brandes et al. 2008, "On modularity clustering": 0.4198 is the optimum.
    weights = networkx.to_numpy_array(networkx.karate_club_graph(), weight=None)
    labels, value = blocs(weights, np.zeros_like(weights))
    assert value == pytest.approx(0.4198, abs=5e-5)
    assert len(set(labels.tolist())) == 4


def _best(positive: Array, negative: Array) -> float:
    """The highest modularity of all partitions."""
    size = len(positive)
    gain = modularity_matrix(positive, negative) / (positive.sum() + negative.sum())
    seen = set()
    best = -1.0
    for labels in product(range(size), repeat=size - 1):
        key = (0, *labels)
        first: dict[int, int] = {}
        form = tuple(first.setdefault(label, len(first)) for label in key)
        if form in seen:
            continue
        seen.add(form)
        one = np.array(form)
        best = max(best, float((gain * (one[:, None] == one[None, :])).sum()))
    return best


def test_small_graphs_reach_the_best_of_all_partitions() -> None:
    reached = 0
    for seed in range(12):
        positive, negative = _symmetric(6, seed), _symmetric(6, seed + 100)
        found, best = blocs(positive, negative)[1], _best(positive, negative)
        assert 0.9 * best - 1e-9 <= found <= best + 1e-9
        reached += found > best - 1e-9
    assert reached >= 11


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.1, 50))
def test_neither_order_nor_scale_of_weights_matters(seed: int, scale: float) -> None:
    positive, negative = _symmetric(7, seed, 0.7), _symmetric(7, seed + 1, 0.4)
    labels = np.random.default_rng(seed).integers(0, 3, 7)
    value = modularity(positive, negative, labels)
    assert modularity(scale * positive, scale * negative, labels) == pytest.approx(value)
    order = np.random.default_rng(seed + 2).permutation(7)
    cut = np.ix_(order, order)
    assert modularity(positive[cut], negative[cut], labels[order]) == pytest.approx(value)
    assert -1 <= value <= 1


def test_blocs_are_the_same_every_time_and_the_largest_comes_first() -> None:
    positive, negative = _symmetric(30, 3, 0.3), _symmetric(30, 4, 0.2)
    one, two = blocs(positive, negative), blocs(positive, negative)
    assert one[0].tolist() == two[0].tolist()
    sizes = np.bincount(one[0])
    assert sizes.tolist() == sorted(sizes.tolist(), reverse=True)
    assert by_size(np.array([5, 2, 2]), np.ones(3)).tolist() == [1, 0, 0]


def test_a_higher_resolution_makes_more_blocs() -> None:
    positive = _symmetric(40, 5, 0.3)
    none = np.zeros_like(positive)
    few, many = blocs(positive, none, 0.5)[0], blocs(positive, none, 3.0)[0]
    assert len(set(few.tolist())) < len(set(many.tolist()))


def test_no_ties_no_blocs() -> None:
    assert blocs(np.zeros((3, 3)), np.zeros((3, 3)))[0].tolist() == [0, 1, 2]
    assert modularity(np.zeros((2, 2)), np.zeros((2, 2)), np.zeros(2)) == 0.0


def test_adjusted_rand_index() -> None:
    # The first two are examples of scikit-learn's documentation.
    assert adjusted_rand(np.array([0, 0, 1, 2]), np.array([0, 0, 1, 1])) == pytest.approx(4 / 7)
    assert adjusted_rand(np.array([0, 0, 0, 0]), np.array([0, 1, 2, 3])) == pytest.approx(0.0)
    assert adjusted_rand(np.array([0, 0, 1, 1]), np.array([1, 1, 0, 0])) == 1.0
    assert adjusted_rand(np.array([0]), np.array([3])) == 1.0


# --- balance and random graphs ---------------------------------------------------------------------------------------


def test_triads_are_counted_as_one_by_one() -> None:
    chance = np.random.default_rng(7)
    upper = np.triu(chance.integers(-1, 2, (14, 14)), 1)
    sign = upper + upper.T
    counted = dict.fromkeys(("+++", "++-", "+--", "---"), 0)
    for a, b, c in combinations(range(14), 3):
        three = (sign[a, b], sign[a, c], sign[b, c])
        if all(three):
            counted["+" * three.count(1) + "-" * three.count(-1)] += 1
    assert triad_census(sign) == counted
    share = (counted["+++"] + counted["+--"]) / sum(counted.values())
    assert balanced_share(sign) == pytest.approx(share)


def test_balance_of_camps_and_of_a_quarrel() -> None:
    camps = np.array([[0, 1, -1], [1, 0, -1], [-1, -1, 0]])
    assert balanced_share(camps) == 1.0
    assert balanced_share(-camps * np.array([[0, 1, 1], [1, 0, 1], [1, 1, 0]])) == 0.0
    assert balanced_share(np.zeros((3, 3))) is None
    # One negative tie of three: every way to deal it out gives the same triad.
    drawn = shuffled_balance(np.array([[0, 1, 1], [1, 0, -1], [1, -1, 0]]), 5)
    assert drawn.tolist() == [0.0] * 5
    assert against(0.0, drawn, "model").z is None


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_rewiring_keeps_degrees_and_weights(seed: int) -> None:
    weights = _symmetric(12, seed, 0.4)
    made = rewired(weights, np.random.default_rng(seed))
    assert (made == made.T).all() and not made.diagonal().any()
    assert (made > 0).sum(axis=1).tolist() == (weights > 0).sum(axis=1).tolist()
    assert sorted(made[np.triu(made, 1) > 0].tolist()) == sorted(weights[np.triu(weights, 1) > 0].tolist())


def test_rewiring_does_rewire() -> None:
    weights = (_symmetric(30, 1, 0.3) > 0).astype(float)
    made = rewired(weights, np.random.default_rng(2))
    shared = (made * weights).sum() / weights.sum()
    assert shared < 0.5  # 0.3 if all ties were independent


def test_participation() -> None:
    # a gives half to each of two blocs, b all to one, c nothing at all.
    weights = np.array([[0, 1, 1], [1, 0, 0], [1, 0, 0]], float)
    assert participation(weights, np.array([0, 0, 1])).tolist() == [0.5, 0.0, 0.0]


# --- from a ledger ---------------------------------------------------------------------------------------------------


def _year(year: int, *ties: tuple[str, str, str, str | None]) -> Any:
    """A report with each of the acts four times."""
    acts = [
        event(f"{year}-0{month}-11", source, target, type_, mode)
        for source, target, type_, mode in ties
        for month in range(1, 5)
    ]
    return report(f"y{year}", f"{year}-06-01", acts)


FRIENDS = ("AID", None)
FOES = ("ASSAULT", None)
CODINGS = [
    _year(
        2021, ("USA", "GBR", *FRIENDS), ("GBR", "USA", *FRIENDS), ("RUS", "BLR", *FRIENDS), ("RUS", "UKR", *FRIENDS),
        ("USA", "RUS", *FOES),
    ),
    _year(
        2022, ("USA", "GBR", *FRIENDS), ("USA", "UKR", *FRIENDS), ("GBR", "UKR", *FRIENDS), ("RUS", "BLR", *FRIENDS),
        ("RUS", "UKR", *FOES), ("USA", "RUS", *FOES), ("BLR", "UKR", *FOES), ("RUS", "GROUP:Wagner@RUS", *FRIENDS),
    ),
]  # fmt: skip


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with ledger_of(tmp_path_factory.mktemp("network"), CODINGS) as made:
        yield made


def test_blocs_and_signs_of_a_small_record(ledger: Any) -> None:
    found = network(ledger, at="2022", choice=choose(count="mentions"))
    by_bloc = {frozenset(bloc.members) for bloc in found.blocs}
    assert by_bloc == {frozenset(("USA", "GBR", "UKR")), frozenset(("RUS", "BLR", "GROUP:Wagner@RUS"))}
    edges = {(edge.source, edge.target): (edge.events, edge.sign) for edge in found.edges}
    assert edges["USA", "GBR"] == (4, 1)
    assert edges["RUS", "UKR"] == (4, -1)
    assert ("UKR", "RUS") not in edges
    assert (found.since, found.until) == (date(2022, 1, 1), date(2022, 12, 31))
    ukraine = next(node for node in found.nodes if node.key == "UKR")
    assert (ukraine.sent, ukraine.received, ukraine.positive, ukraine.negative) == (0, 16, 2, 2)
    assert sum(node.pagerank for node in found.nodes) == pytest.approx(1)
    assert all(node.certainty is not None and 0 <= node.certainty <= 1 for node in found.nodes)


def test_triads_come_with_the_acts_behind_them(ledger: Any) -> None:
    found = network(ledger, at="2022", choice=choose(count="mentions"), triads=[("USA", "RUS", "UKR")])
    (triad,) = found.triads
    assert (triad.kind, triad.balanced, triad.strength) == ("+--", True, 4)
    sides = {side.pair: (side.sign, [act["type"] for act in side.acts]) for side in triad.sides}
    assert sides == {
        ("USA", "RUS"): (-1, ["ASSAULT"] * 2), ("USA", "UKR"): (1, ["AID"] * 2), ("RUS", "UKR"): (-1, ["ASSAULT"] * 2),
    }  # fmt: skip
    assert all("Sentence" in act["words"] for side in triad.sides for act in side.acts)
    assert found.balance.triads["+++"] == 1


def test_windows_say_who_left_whom(ledger: Any) -> None:
    found = network(ledger, at="2022", windows=1, choice=choose(count="mentions"), states=True)
    before, now = found.windows
    assert before.agreement is None
    assert {frozenset(bloc) for bloc in before.blocs} == {frozenset(("USA", "GBR")), frozenset(("RUS", "BLR", "UKR"))}
    assert now.agreement is not None and now.agreement < 1
    assert now.moved == ("UKR",)


def test_places_do_not_depend_on_the_window(ledger: Any) -> None:
    choice = choose(count="mentions")
    one = network(ledger, at="2021", choice=choice, layout=True, evidence=False).positions
    two = network(ledger, at="2022", choice=choice, layout=True, evidence=False).positions
    assert one.keys() & two.keys() == {"USA", "GBR", "RUS", "BLR", "UKR"}
    assert all(one[code] == two[code] for code in one.keys() & two.keys())


def test_who_has_no_ties_stands_in_the_same_place_whoever_else_is_shown() -> None:
    empty = {"cooperation": np.zeros((0, 0)), "events": np.zeros((0, 0)), "conflict": np.zeros((0, 0))}
    none = Ties(nodes=(), directed=empty, between=empty, counted=True)
    alone, beside = placed(none, ["IGO:UN"]), placed(none, ["CHL", "IGO:UN", "PER"])
    assert alone["IGO:UN"] == beside["IGO:UN"]
    assert len({*beside.values()}) == 3


def test_too_few_acts_make_no_tie(ledger: Any) -> None:
    found = network(ledger, at="2022", choice=choose(count="mentions"), least=5)
    assert (found.nodes, found.edges, found.blocs) == ((), (), ())
    assert "No two parties" in found.notes[-1]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"at": "2022", "window": "12"}, "write 12m"),
        ({"at": "soon"}, "not a date"),
        ({"by": "score"}, "a score is what aggregated series have"),
        ({"resolution": 0.0}, "not above 0"),
        ({"triads": [("USA", "RUS")]}, "not three parties"),
        ({"triads": [("USA", "RUS", "FJI")]}, "FJI has no tie"),
        ({"windows": 2}, "say where the last one ends"),
    ],
)
def test_what_cannot_be_asked_is_said(ledger: Any, asked: dict[str, Any], words: str) -> None:
    with pytest.raises(BadChoice, match=words):
        network(ledger, **asked)


def test_windows_end_with_what_is_named() -> None:
    assert window_of("2022", "1y", None) == (date(2022, 1, 1), date(2022, 12, 31))
    assert window_of("2024-02", "3m", None) == (date(2023, 12, 1), date(2024, 2, 29))
    assert window_of(None, "1m", date(2022, 3, 31)) == (date(2022, 3, 1), date(2022, 3, 31))


def test_graphml_and_csv_come_back(ledger: Any, tmp_path: Path) -> None:
    found = network(ledger, at="2022", choice=choose(count="mentions"), layout=True)
    write_graphml(found, tmp_path / "n.graphml")
    graph = networkx.read_graphml(tmp_path / "n.graphml")
    assert set(graph) == {node.key for node in found.nodes}
    assert graph["RUS"]["UKR"]["sign"] == -1
    assert graph.nodes["UKR"]["received"] == 16.0
    edges, nodes = write_csv(found, tmp_path / "n.csv")
    with edges.open() as stream:
        assert len(list(csv.DictReader(stream))) == len(found.edges)
    with nodes.open() as stream:
        assert {row["key"] for row in csv.DictReader(stream)} == set(graph)


def test_the_command_answers_with_one_value_and_writes_the_network(ledger: Any, tmp_path: Path, capsys: Any) -> None:
    place = ledger.home.folder
    out = tmp_path / "n.csv"
    done = here(capsys, "network", "--at", "2021", "--at", "2022", "--count", "mentions", "--ledger", place, "--json")
    assert [one["until"] for one in done.json] == ["2021-12-31", "2022-12-31"]
    done = here(
        capsys, "network", "--at", "2022", "--count", "mentions", "--triad", "usa-rus-ukr", "--ledger", place, "-o", out
    )
    assert done.code == 0
    assert "USA – RUS – UKR  +--  balanced" in done.out
    assert out.exists() and (tmp_path / "n-nodes.csv").exists()


# --- from aggregated series ------------------------------------------------------------------------------------------

SUMS = "a,b,month,score_sum\nUSA,RUS,202201,5\nUSA,RUS,202202,-30\nUKR,RUS,2022-02,-40\nUKR,USA,2022-02,12\n"


def test_a_pairs_sum_decides_its_sign(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text(SUMS)
    ties = ties_of_sums(read_sums(path))
    value = measure(ties.between, "score")
    place = {code: n for n, code in enumerate(ties.nodes)}
    assert value[place["USA"], place["RUS"]] == value[place["RUS"], place["USA"]] == -25
    assert signs(ties.between, "score")[place["UKR"], place["USA"]] == 1
    january = within(read_sums(path), date(2022, 1, 1), date(2022, 1, 31))
    assert ties_of_sums(january).nodes == ("RUS", "USA")
    assert kept(ties, [0]).nodes == ("RUS",)


def test_sums_may_be_gzipped_and_have_other_names(tmp_path: Path) -> None:
    path = tmp_path / "s.tsv.gz"
    with gzip.open(path, "wt") as stream:
        stream.write(
            "Source\tTarget\tYear\tCooperation\tConflict\tEvents\nUSA\tRUS\t2022\t3\t5\t9\nRUS\tUSA\t2022\t1\t0\t1\n"
        )
    read = read_sums(path)
    assert (read.directed, read.score.tolist()) == (True, [-2.0, 1.0])
    ties = ties_of_sums(read)
    assert ties.directed["cooperation"].tolist() == [[0, 1], [3, 0]]
    assert ties.between["conflict"].tolist() == [[0, 5], [5, 0]]
    assert network(sums=path).edges[0].source == "USA"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a,b,score\nUSA,RUS,1\n", "needed are a, b, period"),
        ("a,b,month,score\nUSA,RUS,2022-13,1\n", "line 2"),
        ("a,b,month,score\nUSA,RUS,2022-01,much\n", "line 2"),
    ],
)
def test_a_bad_table_says_what_is_wrong(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "s.csv"
    path.write_text(text)
    with pytest.raises(BadFile, match=words):
        read_sums(path)


@needs_shared
def test_gdelts_blocs_of_2019_and_2022_in_seconds() -> None:
    start = time.process_time()
    sums = read_sums(GDELT)
    before, now = (network(sums=sums, at=year, evidence=False) for year in ("2019", "2022"))
    assert time.process_time() - start < 8
    one = {node.key: node.bloc for node in before.nodes}
    two = {node.key: node.bloc for node in now.nodes}
    assert one["USA"] != one["UKR"]
    assert two["USA"] == two["UKR"] == two["POL"] == two["GBR"] == two["DEU"]
    assert two["RUS"] == two["BLR"] == two["IRN"] != two["UKR"]
    hostile = {frozenset((edge.source, edge.target)) for edge in now.edges if edge.sign < 0}
    assert {frozenset(("RUS", "UKR")), frozenset(("IRN", "ISR")), frozenset(("RUS", "USA"))} <= hostile
    assert frozenset(("RUS", "USA")) not in {
        frozenset((edge.source, edge.target)) for edge in before.edges if edge.sign < 0
    }
