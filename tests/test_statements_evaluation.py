"""The measures of statements, and the floors that hold on the development gold."""

import json
import sys

import pytest
from shared import SHARED, needs_shared
from statements_samples import read

from comity.evaluation.statements import (
    as_output,
    clausal,
    coded,
    evaluate,
    joint,
    outermost,
    place,
    read_gold,
    readings,
)

TEXT = "Anna Berg said that Ola Lind had denied the report. “We wait,” she said. “We hope.”"


def test_the_joint_measure_wants_content_and_source() -> None:
    gold = {
        "text": "Anna Berg said it rained. Ola Lind said it was cold.",
        "attributions": [
            {"source": [[0, 9]], "cue": [[10, 14]], "content": [[15, 24]], "type": "indirect", "cue_class": "speech"},
            {"source": [[26, 34]], "cue": [[35, 39]], "content": [[40, 51]], "type": "indirect", "cue_class": "speech"},
        ],
    }
    found = [
        {"source": [[0, 9]], "cue": [[10, 14]], "content": [[15, 24]]},
        {"source": [[0, 9]], "cue": [[35, 39]], "content": [[40, 51]]},
    ]
    assert joint([(gold, found)]) == {
        "joint_f1": 0.5,
        "joint_f1_speech": 0.5,
        "joint_f1_direct": 0.0,
        "joint_f1_nested": 0.0,
        "gold": 2,
        "found": 2,
        "gold_nested": 0,
    }


def test_the_corpora_differ_in_nesting_and_continuation() -> None:
    reading = read(TEXT)
    contents = [[TEXT[a:b] for a, b in a["content"]] for a in outermost(reading)]
    assert contents == [["Ola Lind had denied the report"], ["We wait", "We hope."]]
    assert ["We hope."] in [[TEXT[a:b] for a, b in a["content"]] for a in clausal(reading)]


def test_coded_reports_are_measured_field_by_field() -> None:
    text = "Many told Reuters that the ferry was late. Anna Berg said it rained."
    row = {
        "text": text,
        "published": "2023-03-01",
        "statements": [
            {"speaker": "many", "country": None, "anonymous": True, "kind": "indirect", "date": None,
             "via": "Reuters", "start": text.index("the ferry"), "end": text.index(". Anna")},
            {"speaker": "Ola Lind", "country": "NOR", "anonymous": False, "kind": "verbatim", "date": "2023-02-01",
             "via": None, "start": text.index("it rained"), "end": len(text) - 1},
        ],
    }  # fmt: skip
    assert coded([(row, read(text).statements)]) == {
        "recall": 1.0,
        "precision": 1.0,
        "speaker": 0.5,
        "country": 0.5,
        "kind": 0.5,
        "date": 0.0,
        "anonymous_f1": 1.0,
        "via_precision": 1.0,
        "via_recall": 1.0,
        "gold": 2,
        "found": 2,
    }


def test_groups_of_a_state_are_one_place_and_not_the_state() -> None:
    assert [place(c) for c in ("GROUP:rebels@LBY", "GROUP:Hamas@null", "LBY", None)] == [
        "GROUP@LBY",
        "GROUP:hamas",
        "LBY",
        None,
    ]


def test_a_gold_file_that_is_not_in_form_is_named_with_its_line(tmp_path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text('{"id": "a", "text": "b", "statements": []}\n{"id": "c", "text": "d"}\n')
    with pytest.raises(ValueError, match="line 2"):
        read_gold(path)


FLOORS = {
    "statements/polnear_dev.jsonl": {"joint_f1": 0.54, "joint_f1_speech": 0.62, "joint_f1_direct": 0.82},
    "statements/gum_dev.jsonl": {"joint_f1_nested": 0.45},
    "articles/articles_dev.jsonl": {
        "recall": 0.85, "precision": 0.80, "speaker": 0.85, "country": 0.75, "anonymous_f1": 0.80, "kind": 0.90,
        "date": 0.60, "via_precision": 0.70, "via_recall": 0.60,
    },
}  # fmt: skip


@needs_shared
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.long if "statements" in name else ()) for name in FLOORS]
)
def test_the_floors_hold_on_the_development_gold(name: str) -> None:
    figures = evaluate(SHARED / "gold" / name)
    assert {key: figures[key] for key, floor in FLOORS[name].items() if figures[key] < floor} == {}


@needs_shared
def test_the_measures_agree_with_the_official_scorers(monkeypatch) -> None:
    for folder in ("statements", "articles"):
        monkeypatch.syspath_prepend(str(SHARED / "gold" / folder))
    sys.modules.pop("score_statements", None), sys.modules.pop("score_articles", None)
    import score_articles
    import score_statements

    rows = read_gold(SHARED / "gold" / "statements" / "polnear_dev.jsonl")[:6]
    pairs = [(row, outermost(reading)) for row, reading in readings(rows)]
    total, _, _ = score_statements.score(
        {row["id"]: json.loads(json.dumps(row)) for row, _ in pairs},
        {row["id"]: {"id": row["id"], "attributions": found} for row, found in pairs},
    )
    assert joint(pairs)["joint_f1"] == pytest.approx(score_statements.summarise(total["all"])["joint"][2], abs=1e-4)

    rows = read_gold(SHARED / "gold" / "articles" / "articles_dev.jsonl")[:4]
    read_rows = list(readings(rows))
    official = score_articles.score(
        [row | {"events": []} for row, _ in read_rows], [as_output(reading) for _, reading in read_rows]
    )["statements"]
    own = coded((row, reading.statements) for row, reading in read_rows)
    names = {"r": "recall", "p": "precision", "via_p": "via_precision", "via_r": "via_recall"}
    names |= {key: key for key in ("speaker", "country", "kind", "date", "anonymous_f1")}
    assert {key: own[key] for key in names.values()} == pytest.approx(
        {own_name: official[name] for name, own_name in names.items()}, abs=1e-4
    )
