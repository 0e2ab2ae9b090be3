"""Claims: what the lexicon finds, whose relation it is, and the rank beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cli_running import here
from hypothesis import given, settings
from hypothesis import strategies as st
from relations_samples import event, ledger_of, report
from relations_words import says, telling

from comity.relations import BadChoice
from comity.relations.choice import choose
from comity.relations.claims import KINDS, claims, comparisons, lexicon, pair_of, rank_of_last
from comity.relations.resampling import Interval

# --- the lexicon -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pattern", lexicon(), ids=lambda pattern: pattern.id)
def test_every_pattern_finds_its_example(pattern: Any) -> None:
    assert [found.pattern.id for found in comparisons(pattern.example)] == [pattern.id]
    assert pattern.kind in KINDS and pattern.way in (-1, 0, 1)


def test_ids_are_unique() -> None:
    ids = [pattern.id for pattern in lexicon()]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("Relations between our countries have never been better.", 1),
        ("Tensions are at their highest since the war.", -1),
        ("It is the lowest level of tension in decades.", 1),
        ("The worst crisis in our relations in years has begun.", -1),
        ("The confrontation has deteriorated further, with no dialogue in sight.", -1),
        ("Cooperation is growing stronger; ties have improved.", 1),
        ("Bilateral trade fell by a fifth.", -1),
        ("The unprecedented level of our partnership speaks for itself.", 1),
        ("The unprecedented nature of our relations is known.", 0),
    ],
)
def test_ways(text: str, way: int) -> None:
    assert [found.way for found in comparisons(text)][:1] == [way]


@pytest.mark.parametrize(
    "text",
    [
        "The best film ever was shown at the festival.",
        "Unprecedented rain fell on the capital.",
        "We discussed relations between the two countries at the highest level.",
        "Relations matter. The price of bread has fallen by a third.",
        "He wrote the best book in years"
        + " and spoke at length about everything under the sun" * 3
        + " and relations.",
        "",
    ],
)
def test_what_is_no_claim_about_a_relation(text: str) -> None:
    assert [found for found in comparisons(text) if not found.hoped] == []


def test_wishes_are_marked() -> None:
    (hoped,) = comparisons("We hope that our relations will reach a new level.")
    (held,) = comparisons("Our relations have reached a new level.")
    assert (hoped.hoped, held.hoped) == (True, False)


@settings(max_examples=50)
@given(st.text("abc .,!?…\n've been better relations unprecedented ties ", max_size=200))
def test_any_text_is_read_and_marks_lie_within_it(text: str) -> None:
    for found in comparisons(text):
        assert 0 <= found.start <= found.marked[0] < found.marked[1] <= found.end <= len(text)
        assert found.start <= found.about[0] < found.about[1] <= found.end


# --- whose relation --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("here_", "near", "said", "speakers", "to", "present", "pair"),
    [
        (["CHN", "RUS"], [], [], ["USA"], None, [], ("CHN", "RUS")),
        (["CHN", "RUS", "USA"], ["CHN", "RUS"], [], ["USA"], None, [], ("CHN", "RUS")),
        (["CHN", "RUS", "USA"], [], [], ["USA"], None, [], None),
        (["CHN"], ["CHN"], [], ["RUS"], None, [], ("CHN", "RUS")),
        (["CHN"], ["CHN"], [], ["CHN"], "RUS", [], ("CHN", "RUS")),
        (["CHN"], [], [], ["CHN"], None, [], None),
        ([], [], ["VNM"], ["RUS"], None, [], ("RUS", "VNM")),
        ([], [], [], ["RUS"], None, ["RUS", "VNM"], ("RUS", "VNM")),
        ([], [], [], ["RUS"], None, ["RUS", "VNM", "USA"], None),
        ([], [], ["UKR"], ["RUS"], None, ["RUS", "BLR"], ("BLR", "RUS")),
        ([], [], ["UKR"], ["RUS"], None, ["RUS", "BLR", "KAZ"], None),
        ([], [], [], [], None, [], None),
    ],
)  # fmt: skip
def test_the_two_parties(
    here_: list[str],
    near: list[str],
    said: list[str],
    speakers: list[str],
    to: str | None,
    present: list[str],
    pair: Any,
) -> None:
    assert pair_of(here_, near, said, speakers, to, present) == pair


def test_relations_of_others_are_not_settled(tmp_path: Path) -> None:
    words = {
        "[Beijing CHN] is wary of escalating tensions with the West despite its ties with [Moscow RUS].": None,
        "[Tehran IRN] spoke of heightened tensions in the region.": None,
        "Escalating tensions with [Tehran IRN] worry us.": ("IRN", "USA"),
        "Relations between [Tehran IRN] and [Moscow RUS] have deteriorated.": ("IRN", "RUS"),
    }
    codings = [telling(f"r{n}", "2022-01-01", [says("Jo Vance USA GOV", one)]) for n, one in enumerate(words)]
    with ledger_of(tmp_path, codings) as ledger:
        found = {claim.report: claim.pair for claim in claims(ledger).claims}
    assert found == {f"r{n}": pair for n, pair in enumerate(words.values())}


# --- the record beside it --------------------------------------------------------------------------------------------


def test_ranks_are_counted_by_hand() -> None:
    values = np.array([1.0, 5.0, 3.0, 4.0])
    draws = np.array([[1, 5, 3, 4], [1, 5, 3, 6], [1, 5, 3, 2.0]])
    assert rank_of_last(values, np.repeat(draws, 20, axis=0)) == (2, Interval(1.0, 3.0))
    assert rank_of_last(np.array([1.0]), np.ones((10, 1))) == (1, Interval(1.0, 1.0))
    few = np.full((10, 2), np.nan)
    assert rank_of_last(np.array([1.0, 2.0]), few)[1] is None


@settings(max_examples=30)
@given(st.lists(st.integers(-10, 10), min_size=1, max_size=8), st.integers(0, 1000))
def test_ranks_lie_among_the_periods_and_know_no_scale(values: list[int], seed: int) -> None:
    found = np.array(values, float)
    draws = found + np.random.default_rng(seed).normal(0, 1, (50, len(values)))
    rank, span = rank_of_last(found, draws)
    assert span is not None
    assert 1 <= rank <= len(values) and 1 <= span.low <= span.high <= len(values)
    assert rank_of_last(4 * found, 4 * draws) == (rank, span)


def _codings() -> list[Any]:
    made = []
    acts = {2018: "ACCUSE", 2019: "CONSULT", 2020: "SUPPORT", 2021: "AGREE", 2022: "AID"}
    for year, type_ in acts.items():
        made += [
            report(f"y{year}-{n}", f"{year}-0{n + 1}-10", [event(f"{year}-0{n + 1}-09", "CHN", "RUS", type_)])
            for n in range(6)
        ]
    made.append(
        telling(
            "claims", "2022-05-05",
            [
                says("Wei Lin CHN GOV", "Ties between [China CHN] and [Russia RUS] have never been better."),
                says("Oleg Rudin RUS GOV", "Our relations with [France FRA] are at an all-time low."),
                says("Oleg Rudin RUS GOV", "We hope that our relations with [China CHN] will reach a new level."),
                says("Ann Price GROUP:Acme@USA BUS", "Relations have deteriorated."),
            ],
        )
    )  # fmt: skip
    made.append(
        telling("early", "2019-05-05", [says("Wei Lin CHN GOV", "Ties with [Russia RUS] have improved markedly.")])
    )
    return made


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with ledger_of(tmp_path_factory.mktemp("claims"), _codings()) as made:
        yield made


def test_claims_stand_beside_the_record(ledger: Any) -> None:
    found = claims(ledger, choice=choose(count="mentions"), least_read=6)
    by_pair = {claim.pair: claim for claim in found.claims if claim.report == "claims"}
    assert set(by_pair) == {("CHN", "RUS"), ("FRA", "RUS"), None}
    best = by_pair["CHN", "RUS"]
    assert (best.way, best.marked, best.about, best.period, best.events, best.reports) == (
        "up", "have never been better", "Ties", "2022", 6, 7,
    )  # fmt: skip
    record = {one.figure: (one.rank, one.of) for one in best.record}
    # Seven reports were read in 2019 and 2022, six in the others: 6/7 acts a report are fewer than 6/6.
    assert record == {"intensity": (1, 5), "cooperation": (3, 5), "conflict": (2, 5)}
    assert by_pair["FRA", "RUS"].record == () and "0 mentions of the pair" in str(by_pair["FRA", "RUS"].why_not)
    assert "does not settle" in str(by_pair[None].why_not)
    (early,) = [claim for claim in found.claims if claim.report == "early"]
    assert early.why_not == "2 periods with enough until 2019; 4 are needed"
    assert found.statements == 5


def test_wishes_and_pairs_on_request(ledger: Any) -> None:
    choice = choose(count="mentions")
    assert len(claims(ledger, choice=choice, dyad=("RUS", "CHN")).claims) == 2
    with_hopes = claims(ledger, choice=choice, dyad=("RUS", "CHN"), hopes=True).claims
    assert [claim.hoped for claim in with_hopes].count(True) == 1
    assert len(claims(ledger, choice=choice, country="RUS").claims) == 1


def test_too_little_read_gives_no_rank(ledger: Any) -> None:
    found = claims(ledger, choice=choose(count="mentions"))
    assert all(claim.record == () for claim in found.claims)
    assert any("reports read in 2022; 20 are needed" in str(claim.why_not) for claim in found.claims)
    with pytest.raises(BadChoice, match="periods"):
        claims(ledger, by="moon")


def test_the_command_gives_no_verdict(ledger: Any, capsys: Any) -> None:
    words = ("claims", "--least-read", "6", "--count", "mentions", "--ledger", ledger.home.folder)
    done = here(capsys, *words)
    assert done.code == 0
    assert "mean intensity" in done.out and "rank 1 of 5" in done.out
    assert not {"true", "false", "wrong", "correct", "exaggerated"} & set(done.out.lower().split())
    assert len(here(capsys, *words, "--pair", "CHN-RUS", "--json").json["claims"]) == 2


def test_the_picture_sets_each_claim_on_a_line_by_its_ranks(ledger: Any, tmp_path: Path, capsys: Any) -> None:
    pytest.importorskip("altair", reason="the extra charts is not installed")
    from comity.relations.pictures import claims_chart

    found = claims(ledger, choice=choose(count="mentions"), least_read=6)
    spec = claims_chart(found).to_dict()
    rows = (
        [row for panel in spec["hconcat"] for row in spec["datasets"][panel["layer"][0]["data"]["name"]]]
        if "datasets" in spec
        else [row for panel in spec["hconcat"] for row in panel["data"]["values"]]
    )
    assert {(row["figure"], row["place"], row["rank"], row["way"]) for row in rows} == {
        ("intensity", 1.0, "1 of 5", "closer"),
        ("cooperation", 0.5, "3 of 5", "closer"),
        ("conflict", 0.75, "2 of 5", "closer"),
    }
    with pytest.raises(BadChoice, match="none has a rank"):
        claims_chart(claims(ledger, choice=choose(count="mentions")))
    picture = tmp_path / "claims.svg"
    words = ("claims", "--least-read", "6", "--count", "mentions", "--ledger", ledger.home.folder)
    assert here(capsys, *words, "--chart", picture).code == 0
    assert "have never been better" in picture.read_text("utf-8")
