"""Concentration and polarity: formulas against hand-worked cases and libraries, and their properties."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cli_running import here
from hypothesis import given, settings
from hypothesis import strategies as st
from relations_samples import event, ledger_of, report
from scipy.stats import kendalltau
from shared import SHARED, needs_shared

from comity.relations import BadChoice, BadFile
from comity.relations.capabilities import read_capabilities
from comity.relations.choice import choose
from comity.relations.concentration import con, concentration, effective_number
from comity.relations.polarity import (
    LEAST_ALPHA,
    bloc_distances,
    discreteness,
    esteban_ray,
    kendall,
    most_polarised,
    polarity,
    similarity,
    tightness,
)

shares_of = st.lists(st.floats(0.01, 10), min_size=2, max_size=12).map(lambda found: np.array(found) / sum(found))


# --- effective number and CON ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shares", "number", "concentrated"),
    [
        ([0.25] * 4, 4.0, 0.0),
        ([1.0, 0.0, 0.0], 1.0, 1.0),
        ([0.5, 0.5, 0.0], 2.0, 0.5),  # √((1/2 − 1/3) / (2/3))
        ([0.5, 0.25, 0.25], 1 / 0.375, 0.25),  # √((0.375 − 1/3) / (2/3))
        ([0.4, 0.3, 0.2, 0.1], 1 / 0.3, 0.258198889747),  # √((0.30 − 0.25) / 0.75)
    ],
)
def test_hand_worked_concentrations(shares: list[float], number: float, concentrated: float) -> None:
    assert effective_number(np.array(shares)) == pytest.approx(number)
    assert con(np.array(shares)) == pytest.approx(concentrated)


@given(shares_of)
def test_concentration_stays_in_its_range_and_knows_no_names(shares: np.ndarray[Any, Any]) -> None:
    size = len(shares)
    assert 1 - 1e-9 <= effective_number(shares) <= size + 1e-9
    assert -1e-9 <= con(shares) <= 1 + 1e-9
    assert effective_number(shares[::-1]) == pytest.approx(float(effective_number(shares)))
    assert con(np.sort(shares)) == pytest.approx(float(con(shares)))
    # Splitting everybody in two doubles the effective number.
    assert effective_number(np.repeat(shares / 2, 2)) == pytest.approx(2 * float(effective_number(shares)))
    # What is taken from a smaller and given to the largest concentrates.
    poorer = shares.copy()
    low, high = int(np.argmin(shares)), int(np.argmax(shares))
    if low != high:
        poorer[high] += poorer[low] / 2
        poorer[low] /= 2
        assert con(poorer) > con(shares)


# --- Esteban and Ray -------------------------------------------------------------------------------------------------


def test_hand_worked_polarisation() -> None:
    apart = 1 - np.eye(2)
    half = np.array([0.5, 0.5])
    assert esteban_ray(half, apart, 1.0) == pytest.approx(0.25) == pytest.approx(most_polarised(1.0))
    # 0.6 and 0.4 at distance 0.5, α = 1: 0.36·0.4·0.5 + 0.16·0.6·0.5.
    assert esteban_ray(np.array([0.6, 0.4]), 0.5 * apart, 1.0) == pytest.approx(0.12)
    # Three groups, α = 1.5: written out.
    shares = np.array([0.5, 0.3, 0.2])
    far = np.array([[0, 1, 0.5], [1, 0, 0.2], [0.5, 0.2, 0]])
    expected = sum(shares[i] ** 2.5 * shares[j] * far[i, j] for i in range(3) for j in range(3))
    assert esteban_ray(shares, far, 1.5) == pytest.approx(expected)
    assert esteban_ray(np.array([1.0]), np.zeros((1, 1))) == 0.0


@given(shares_of, st.floats(LEAST_ALPHA, 1.6), st.integers(0, 10_000))
def test_nothing_is_more_polarised_than_two_equal_camps(shares: np.ndarray[Any, Any], alpha: float, seed: int) -> None:
    size = len(shares)
    far = np.random.default_rng(seed).random((size, size))
    far = np.triu(far, 1) + np.triu(far, 1).T
    value = esteban_ray(shares, far, alpha)
    assert 0 <= value <= most_polarised(alpha) + 1e-9
    assert esteban_ray(shares, far / 2, alpha) == pytest.approx(value / 2)
    order = np.random.default_rng(seed).permutation(size)
    assert esteban_ray(shares[order], far[np.ix_(order, order)], alpha) == pytest.approx(value)


@pytest.mark.parametrize("alpha", [0.0, 1.7, -1])
def test_alpha_has_its_bounds(alpha: float) -> None:
    with pytest.raises(BadChoice, match="axioms"):
        esteban_ray(np.array([0.5, 0.5]), 1 - np.eye(2), alpha)
    with pytest.raises(BadChoice, match="three camps"):
        polarity(sums="none.csv", capabilities="none.csv", alpha=alpha)


def test_below_the_least_alpha_three_camps_are_more_polarised_than_two() -> None:
    three = [
        esteban_ray(np.full(3, 1 / 3), 1 - np.eye(3), alpha) / most_polarised(alpha) for alpha in (0.70, LEAST_ALPHA)
    ]
    assert three[0] > 1 > three[1]


# --- similarity, tightness, discreteness -----------------------------------------------------------------------------


def test_tau_b_is_scipys() -> None:
    rows = np.random.default_rng(3).integers(-1, 2, (9, 25))
    found = kendall(rows)
    for a in range(9):
        for b in range(9):
            assert found[a, b] == pytest.approx(kendalltau(rows[a], rows[b]).statistic)
    assert np.isnan(kendall(np.array([[1, 1, 1], [1, 0, -1]]))[0, 1])


def test_two_camps_are_as_tight_and_as_discrete_as_can_be() -> None:
    camp = np.array([1, 1, -1, -1])
    sign = np.outer(camp, camp)
    labels = np.array([0, 0, 1, 1])
    alike = similarity(sign)
    assert tightness(alike, labels) == pytest.approx(1.0)
    assert discreteness(alike, labels) == pytest.approx(2.0)
    assert tightness(alike, np.arange(4)) is None
    assert discreteness(alike, np.zeros(4, int)) is None
    # Members of different camps in one bloc: half the pairs agree wholly, half not at all, as far as they can.
    assert tightness(alike, np.array([0, 1, 0, 1])) == pytest.approx(-1.0)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_similarity_is_symmetric_and_knows_no_names(seed: int) -> None:
    chance = np.random.default_rng(seed)
    upper = np.triu(chance.integers(-1, 2, (8, 8)), 1)
    sign = upper + upper.T
    labels = chance.integers(0, 3, 8)
    alike = similarity(sign)
    assert np.allclose(alike, alike.T, equal_nan=True)
    order = chance.permutation(8)
    cut = np.ix_(order, order)
    for index in (tightness, discreteness):
        one, two = index(alike, labels), index(similarity(sign[cut]), labels[order])
        assert (one is None) == (two is None) and (one is None or one == pytest.approx(two))


def test_blocs_are_as_far_apart_as_conflict_goes() -> None:
    positive = np.array([[0, 4, 1], [4, 0, 0], [1, 0, 0]], float)
    negative = np.array([[0, 0, 2], [0, 0, 1], [2, 1, 0]], float)
    assert bloc_distances(positive, negative, np.array([0, 0, 1])).tolist() == [[0, 0.75], [0.75, 0]]
    assert bloc_distances(np.zeros((2, 2)), np.zeros((2, 2)), np.array([0, 1])).tolist() == [[0, 0.5], [0.5, 0]]


# --- capabilities ----------------------------------------------------------------------------------------------------

CINC = "ccode,year,milex,cinc\n2,2019,1,0.2\n200,2019,1,0.1\n365,2019,1,0.1\n2,2021,1,0.3\n365,2021,1,0.1\n369,2021,1,0.1\n9999,2021,1,0.5\n"


def test_capabilities_in_the_form_of_cinc(tmp_path: Path) -> None:
    path = tmp_path / "nmc.csv"
    path.write_text(CINC)
    found = read_capabilities(path)
    assert (found.year, found.shares, found.unknown) == (
        2021, {"RUS": pytest.approx(0.2), "UKR": pytest.approx(0.2), "USA": pytest.approx(0.6)}, ("9999",),
    )  # fmt: skip
    assert read_capabilities(path, 2020).shares == {
        "GBR": pytest.approx(0.25), "RUS": pytest.approx(0.25), "USA": pytest.approx(0.5),
    }  # fmt: skip
    path.write_text("iso3c\tyear\tcinc\nusa\t2020\t3\nCHN\t2020\t1\nTWN\t2020\t\n")
    assert read_capabilities(path).shares == {"CHN": 0.25, "USA": 0.75}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        ("ccode,year\n2,2019\n", "needed are a state"),
        ("ccode,year,cinc\n2,2019,much\n", "line 2"),
        ("ccode,year,cinc\n2,2019,0.2\n", "no year up to 2000"),
    ],
)
def test_a_bad_file_of_capabilities_says_what_is_wrong(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "nmc.csv"
    path.write_text(text)
    with pytest.raises(BadFile, match=words):
        read_capabilities(path, 2000)


SUMS = "a,b,month,score\nUSA,GBR,2021,9\nUSA,RUS,2021,-16\nGBR,RUS,2021,-9\nUSA,UKR,2021,4\nGBR,UKR,2021,4\nUKR,RUS,2021,-25\n"


def test_polarity_of_two_camps(tmp_path: Path) -> None:
    (tmp_path / "nmc.csv").write_text(CINC.replace("2,2021,1,0.3\n", "2,2021,1,0.2\n200,2021,1,0.1\n"))
    (tmp_path / "s.csv").write_text(SUMS)
    found = polarity(sums=tmp_path / "s.csv", capabilities=tmp_path / "nmc.csv", at="2021", draws=4)
    assert [(pole.members, pytest.approx(pole.share)) for pole in found.poles] == [
        (("USA", "GBR", "UKR"), 0.8), (("RUS",), 0.2),
    ]  # fmt: skip
    index = {one.name: one.value for one in found.indices}
    assert index["effective number of states"] == pytest.approx(1 / (0.16 + 3 * 0.04))
    assert index["effective number of blocs"] == pytest.approx(1 / 0.68)
    # All that passes between the blocs is conflict, so that they are at distance 1: (0.64·0.2 + 0.04·0.8) / 0.25.
    assert index["bloc polarisation (Esteban–Ray)"] == pytest.approx(0.64)
    assert all(one.measures and one.formula and one.source for one in found.indices)
    chance = {one.name: one.chance for one in found.indices}
    assert chance["tightness"] is not None and chance["tightness"].draws == 4
    assert polarity(sums=tmp_path / "s.csv", capabilities=tmp_path / "nmc.csv", at="2021", draws=4) == found


def test_without_ties_there_is_only_the_spread_of_capabilities(tmp_path: Path) -> None:
    (tmp_path / "nmc.csv").write_text(CINC)
    (tmp_path / "s.csv").write_text("a,b,month,score\nFRA,DEU,2021,9\n")
    found = polarity(sums=tmp_path / "s.csv", capabilities=tmp_path / "nmc.csv")
    assert [one.name for one in found.indices] == ["effective number of states", "capability concentration (CON)"]
    assert any("no blocs" in note for note in found.notes)


@needs_shared
def test_the_capabilities_of_today_are_those_of_several_powers() -> None:
    facts = SHARED / "facts" / "peacesciencer" / "cow_nmc.csv"
    cold, now = read_capabilities(facts, 1950), read_capabilities(facts, 2022)
    number = {one.year: float(effective_number(np.array(list(one.shares.values())))) for one in (cold, now)}
    assert number[1950] < 8 < 11 < number[2022] < 12.5
    assert max(now.shares, key=now.shares.__getitem__) == "CHN"
    assert max(cold.shares, key=cold.shares.__getitem__) == "USA"


# --- concentration of interaction ------------------------------------------------------------------------------------


def _acts(source: str, target: str, number: int, year: int) -> list[dict[str, Any]]:
    return [event(f"{year}-03-1{n % 10}", source, target, "AID") for n in range(number)]


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Any:
    codings = [
        report("a", "2021-04-01", [*_acts("USA", "UKR", 2, 2021), *_acts("RUS", "BLR", 2, 2021)]),
        report("b", "2022-04-01", [*_acts("USA", "UKR", 6, 2022), *_acts("GROUP:Acme@USA", "UKR", 2, 2022)]),
    ]
    with ledger_of(tmp_path_factory.mktemp("concentration"), codings) as made:
        yield made


def test_concentration_counts_what_each_party_does(ledger: Any) -> None:
    choice = choose(count="mentions")
    found = concentration(ledger, choice=choice, by="year")
    assert [(one.key, one.weight, one.share.value) for one in found.whole.largest] == [
        ("USA", 8, pytest.approx(8 / 12)), ("GROUP:Acme@USA", 2, pytest.approx(2 / 12)), ("RUS", 2, pytest.approx(2 / 12)),
    ]  # fmt: skip
    assert [(one.label, one.effective_number.value, one.sparse) for one in found.levels] == [
        ("2021", pytest.approx(2.0), True), ("2022", pytest.approx(1 / (0.75**2 + 0.25**2)), True),
    ]  # fmt: skip
    aimed = concentration(ledger, choice=choice, side="target", states=True)
    assert {one.key: one.weight for one in aimed.whole.largest} == {"UKR": 10, "BLR": 2}
    both = concentration(ledger, choice=choice, side="both")
    assert sum(one.weight for one in both.whole.largest) == 24
    assert "not power" in found.measures


def test_the_commands_say_what_they_measure(ledger: Any, tmp_path: Path, capsys: Any) -> None:
    place = ledger.home.folder
    done = here(capsys, "concentration", "--count", "mentions", "--by", "year", "--ledger", place)
    assert done.code == 0 and "Activity and attention, not power" in done.out
    done = here(capsys, "concentration", "--count", "mentions", "--ledger", place, "--json")
    assert done.json["whole"]["weight"] == 12
    (tmp_path / "nmc.csv").write_text(CINC)
    (tmp_path / "s.csv").write_text(SUMS)
    words = ("polarity", "--capabilities", tmp_path / "nmc.csv", "--from", tmp_path / "s.csv", "--draws", "2")
    done = here(capsys, *words)
    assert done.code == 0 and "Esteban" in done.out
    assert here(capsys, *words, "--json").json["year"] == 2021
    assert here(capsys, "polarity", "--capabilities", tmp_path / "none.csv", "--ledger", place).code == 2
