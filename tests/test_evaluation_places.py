"""The measures of geoparsing."""

import pytest

from comity.evaluation.places import Document, Gold, gold, kilometres, score
from comity.records import Place


def test_figures_count_what_was_found_near_enough() -> None:
    wanted = Document(
        id="a",
        text="Paris and Lyon and Nantes",
        toponyms=(
            Gold(start=0, end=5, lat=48.85, lon=2.35, country="FR"),
            Gold(start=10, end=14, lat=45.75, lon=4.85, country="FR"),
            Gold(start=19, end=25),
        ),
    )
    found = (
        Place(start=0, end=5, text="Paris", lat=48.9, lon=2.3, country="FRA", level="city"),
        Place(start=10, end=14, text="Lyon", lat=40.0, lon=-75.0, country="USA", level="city"),
    )
    assert score([(wanted, found)]) == {
        "end_to_end_recall": 0.5,
        "end_to_end_precision": 0.5,
        "country_accuracy": 0.5,
        "span_precision": 1.0,
        "span_recall": 0.6667,
        "span_f1": 0.8,
        "accuracy_161km": 0.5,
        "geonameid_exact": 0.0,
        "mean_km": 3134.3,
        "auc_log_error": 0.544,
        "document_country_f1": 0.6667,
        "documents": 1,
        "gold": 3,
        "found": 2,
    }


def test_a_gold_file_that_is_not_in_form_is_named_with_its_line(tmp_path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text('{"id": "a", "text": "b", "toponyms": []}\n{"id": "c"}\n')
    with pytest.raises(ValueError, match="line 2"):
        gold(path)


def test_distances_are_great_circles() -> None:
    assert round(kilometres(51.5, -0.13, 48.85, 2.35)) == 343
