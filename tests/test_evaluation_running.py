"""Measuring a gold file: forms, samples, intervals, mistakes by kind; the command."""

import json
from collections import Counter
from importlib import import_module
from pathlib import Path

import pytest
from cli_running import comity

from comity.cli.evaluate import WHAT
from comity.evaluation import MEASURES, GoldError, Mistake, evaluate
from comity.evaluation.articles import Article, Deed, count_deeds, deed_figures, found_deeds, gold_deeds
from comity.evaluation.clusters import b_cubed
from comity.evaluation.measuring import intervals, matched
from comity.evaluation.relations import Answers, GoldPair, binary_of, count, figures, mistakes, quad_of, root_of
from comity.evaluation.running import Evaluation, spread

STORIES = [
    ("a", "Ferry sinks off Bergen", "A ferry with 80 people sank off Bergen on Monday in a storm, the coast guard said."),
    ("a", "Bergen ferry disaster", "The ferry that sank off Bergen in Monday's storm carried 80 people, the coast guard said."),
    ("b", "Chess title for Adu", "Esi Adu of Ghana won the chess title in Accra after a draw in the last round on Sunday."),
    ("b", "Adu is chess champion", "A draw in the last round gave Esi Adu the chess title in Accra, to the joy of Ghana."),
]  # fmt: skip


@pytest.fixture
def stories(tmp_path: Path) -> Path:
    path = tmp_path / "stories.jsonl"
    rows = [
        {"id": f"r{n}", "title": title, "text": text, "published": "2023-06-05", "cluster": cluster}
        for n, (cluster, title, text) in enumerate(STORIES)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def test_the_command_knows_every_measure() -> None:
    assert tuple(MEASURES) == WHAT
    for name in MEASURES:
        assert callable(import_module(f"comity.evaluation.{name}").gold)


def test_stories_are_measured_from_the_command_line(stories: Path, tmp_path: Path) -> None:
    answer = comity("evaluate", "clusters", stories, "--json", "--mistakes", tmp_path / "wrong.jsonl")
    assert answer.code == 0
    assert answer.json == {"bcubed_f1": 1.0, "bcubed_precision": 1.0, "bcubed_recall": 1.0, "documents": 4}
    assert next(iter(json.loads(answer.out))) == "bcubed_f1"
    assert (tmp_path / "wrong.jsonl").read_text() == ""
    assert "1.0000   1.000 to 1.000" in comity("evaluate", "clusters", stories).out


def test_a_file_that_is_no_gold_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text('{"id": "a"}\n')
    answer = comity("evaluate", "timex", path)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.count("\n") == 1
    assert f"{path}, line 1" in answer.err
    assert comity("evaluate", "timex", tmp_path / "none.jsonl").code == 2
    with pytest.raises(ValueError, match="cannot be measured"):
        evaluate("weather", path)


def test_a_sample_is_spread_over_the_file(stories: Path) -> None:
    assert evaluate("clusters", stories, sample=2).figures["documents"] == 2
    assert spread(list(range(10)), 4) == [0, 2, 5, 7]
    assert spread([1, 2], 5) == [1, 2]
    with pytest.raises(GoldError, match="measures nothing"):
        spread([1], 0)


def test_kinds_of_mistakes_are_counted_most_frequent_first() -> None:
    def one(kind: str, detail: str | None) -> Mistake:
        return Mistake(kind=kind, detail=detail, report="r", start=0, end=0, text="")

    found = Evaluation(
        what="x", gold="x", digest="", documents=1, figures={}, intervals={},
        mistakes=(one("b", "y"), one("a", None), one("b", "x"), one("b", "x")),
    )  # fmt: skip
    assert found.kinds() == [("b", 3, [("x", 2), ("y", 1)]), ("a", 1, [])]


def test_intervals_are_those_of_resampled_documents_and_the_same_each_time() -> None:
    counts = [Counter(hits=n % 2, all=1) for n in range(40)]

    def share(c):
        return {"share": c["hits"] / c["all"]}

    made = intervals(counts, share, ["share"])
    assert made == intervals(counts, share, ["share"])
    low, high = made["share"]
    assert 0.3 < low < 0.5 < high < 0.7


def test_matching_is_one_to_one_and_greedy() -> None:
    assert matched([(2, 0, 0), (1, 0, 1), (3, 1, 1), (4, 1, 0)]) == [(0, 1), (1, 0)]


def test_b_cubed() -> None:
    assert b_cubed("aab", "xyy") == [(1.0, 0.5), (0.5, 0.5), (0.5, 1.0)]


# --- pairs -----------------------------------------------------------------------------------------------------------


def pair(root: str) -> GoldPair:
    return GoldPair("p", "A did B.", (0, 1), (6, 7), root)


def test_yielding_is_one_class_and_counts_as_material_cooperation() -> None:
    assert {root_of("CONCEDE"), root_of("RETREAT")} == {"YIELD"}
    assert (quad_of("YIELD"), binary_of("YIELD"), binary_of("ASSAULT")) == (
        "material cooperation", "cooperation", "conflict",
    )  # fmt: skip


def test_macro_f1_is_the_mean_over_the_golds_classes_at_three_depths() -> None:
    judged = [("ASSAULT", "ASSAULT"), ("ASSAULT", "COERCE"), ("AID", None), ("SUPPORT", "AID")]
    counts = sum((count(pair(gold), Answers(found, None, found)) for gold, found in judged), Counter())
    made = figures(counts)
    assert made["macro_f1_root"] == round((2 / 3 + 0 + 0) / 3, 4)
    assert made["macro_f1_quad"] == round((1 + 0 + 0) / 3, 4)
    assert made["macro_f1_binary"] == round((1 + 2 / 3) / 2, 4)
    assert (made["coverage"], made["lexicon_coverage"], made["pairs"]) == (0.75, 0.0, 4)
    kinds = [one.kind for gold, found in judged for one in mistakes(pair(gold), Answers(found, None, None))]
    assert kinds == ["other root", "no answer", "other quad"]


# --- reports ---------------------------------------------------------------------------------------------------------


def deed(type_: str, source: str, target: str, **more: object) -> Deed:
    made = Deed((0, 10), type_, frozenset({source}), frozenset({target}), False, None, "actual", False, None)
    return made._replace(**more)


def test_events_are_matched_by_parties_and_counted_field_by_field() -> None:
    gold = [deed("ACCUSE", "CHN", "USA"), deed("AID", "FRA", "TCD", date="2023-05-01"), deed("CONSULT", "A", "B")]
    found = [deed("ACCUSE", "USA", "CHN"), deed("AID", "FRA", "TCD", date="2023-05-01", status="intended")]
    made = deed_figures(count_deeds(gold, found, "2023-06-01"))
    assert {name: made[name] for name in ("dyad_f1", "type_f1", "full_f1", "date", "status", "background_f1")} == {
        "dyad_f1": 0.8, "type_f1": 0.8, "full_f1": 0.4, "date": 1.0, "status": 0.5, "background_f1": 0.0,
    }  # fmt: skip


def test_groups_of_a_state_match_one_another_and_never_the_state() -> None:
    rebels, others, state = (deed("ASSAULT", name, "X") for name in ("GROUP@LBY", "GROUP@LBY", "LBY"))
    assert count_deeds([rebels], [others], "")["dyad"] == 1
    assert count_deeds([rebels], [state], "")["dyad"] == 0
    assert not deed("ASSAULT", "GROUP@LBY", "LBY").international


def test_gold_events_without_a_country_are_left_out() -> None:
    row = {
        "id": "a", "text": "x" * 20,
        "events": [
            {"type": "AID", "source": [{"name": "s"}], "target": [], "start": 0, "end": 5},
            {"type": "AID", "source": [{"name": "s", "country": "FRA"}], "target": [], "start": 0, "end": 5},
        ],
    }  # fmt: skip
    import msgspec

    assert [d.source for d in gold_deeds(msgspec.convert(row, Article))] == [frozenset({"FRA"})]
    assert found_deeds.__doc__
