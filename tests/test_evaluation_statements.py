"""The measures of statements."""

import pytest
from statements_samples import read

from comity.evaluation.statements import (
    clausal,
    coded,
    joint,
    outermost,
    place,
    read_gold,
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
        "joint_precision": 0.5,
        "joint_recall": 0.5,
        "documents": 1,
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
        "documents": 1,
        "gold": 2,
        "found": 2,
        "dated": 1,
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
