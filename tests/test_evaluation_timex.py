"""The measures of TempEval-3."""

import json
from pathlib import Path

import pytest

from comity.evaluation import evaluate
from comity.evaluation.timex import Document, Gold, gold, normal, pairs, score
from comity.records import TimeExpression


def expression(start: int, end: int, value: str | None = "2022", type_: str = "DATE") -> TimeExpression:
    return TimeExpression(start=start, end=end, text="", type=type_, value=value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2022-10-27T10:00:00Z", "2022-10-27T10:00"), ("2022-3-5", "2022-03-05"), ("p7d", "P1W"), ("P14D", "P2W"),
        ("P12M", "P1Y"), ("PT48H", "P2D"), ("P13M", "P13M"), ("P0D", "P0D"), (" 2022 ", "2022"), (None, None),
        ("2022-10-27tmo", "2022-10-27TMO"),
    ],
)  # fmt: skip
def test_values_are_compared_in_one_form(value: str | None, expected: str | None) -> None:
    assert normal(value) == expected


def test_equal_spans_are_matched_before_overlapping_ones() -> None:
    wanted = [Gold(0, 10), Gold(12, 20)]
    found = [expression(0, 4), expression(0, 10), expression(9, 18)]
    assert list(pairs(wanted, found)) == [(wanted[0], found[1]), (wanted[1], found[2])]


def test_each_expression_is_matched_once_with_the_largest_overlap() -> None:
    wanted = [Gold(0, 10)]
    found = [expression(0, 3), expression(3, 10), expression(10, 12)]
    assert list(pairs(wanted, found)) == [(wanted[0], found[1])]


def test_all_figures_of_a_small_example() -> None:
    wanted = (
        Gold(0, 4, "DATE", "2021"),
        Gold(10, 20, "DATE", "2022"),
        Gold(30, 33, "SET", "P1D"),
        Gold(40, 44, "TIME", "x"),
    )
    found = [expression(0, 4, "2021"), expression(12, 20, "2022"), expression(30, 33, "P2D"), expression(50, 55)]
    assert score([(Document("a", "x" * 60, wanted), found)]) == {
        "value_f1": 0.5,
        "relaxed_f1": 0.75,
        "relaxed_precision": 0.75,
        "relaxed_recall": 0.75,
        "strict_f1": 0.5,
        "strict_precision": 0.5,
        "strict_recall": 0.5,
        "type_f1": 0.5,
        "type_accuracy": 0.6667,
        "value_accuracy": 0.6667,
        "documents": 1,
        "gold": 4,
        "found": 4,
    }


def test_the_main_figure_comes_first_and_nothing_gives_zeros() -> None:
    figures = score([])
    assert next(iter(figures)) == "value_f1"
    assert set(figures.values()) == {0}


def test_what_lies_beyond_the_annotated_lines_does_not_count() -> None:
    text = "1\n2\n3\n4\n5\n6 2021\n7 2022"
    document = Document("meantime:1", text, (Gold(12, 16, "DATE", "2021"),))
    assert text[: document.annotated()].endswith("6 2021")
    assert score([(document, [expression(12, 16, "2021"), expression(19, 23)])])["relaxed_precision"] == 1.0
    assert Document("meantime:2", "1\n2", ()).annotated() == 3
    assert Document("other:1", text, ()).annotated() == len(text)


def test_a_faulty_gold_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text('{"id": "a", "text": "x", "timex": []}\n\n{"id": "b"}\n', "utf-8")
    with pytest.raises(ValueError, match=r"gold\.jsonl, line 3: .*text"):
        gold(path)


def test_a_gold_file_is_coded_and_scored(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    text = "He left on Thursday. He will be back next week."
    timex = [{"start": 11, "end": 19, "type": "DATE", "value": "2022-10-27"}]
    path.write_text(json.dumps({"id": "a", "text": text, "dct": "2022-10-29", "timex": timex}), "utf-8")
    figures = evaluate("timex", path).figures
    assert (figures["strict_recall"], figures["strict_precision"], figures["value_f1"]) == (1.0, 0.5, 0.6667)
