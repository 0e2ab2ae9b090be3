"""No figure on the development gold sinks below its floor (tests/data/quality_floors.json, by `make scores`)."""

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest
from shared import SHARED, needs_shared

from comity.evaluation import evaluate
from comity.evaluation.running import digest

ROOT = Path(__file__).resolve().parents[1]
FLOORS = json.loads((ROOT / "tests" / "data" / "quality_floors.json").read_text("utf-8"))


def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("write_quality", ROOT / "scripts" / "write_quality.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def below(key: str, floors: dict[str, float], sample: int | None) -> dict[str, tuple[float, float]]:
    """Figures below their floors; a gold file other than the one the floors were set on is no measure of them."""
    what, name = key.split(" ")
    file = SHARED / "gold" / name
    if digest(file) != FLOORS["sets"][key]["digest"]:
        pytest.skip(f"{name} is not the file that the floors were set on; run: make scores")
    figures = evaluate(what, file, sample=sample).figures
    return {name: (figures[name], floor) for name, floor in floors.items() if figures[name] < floor}


@needs_shared
@pytest.mark.parametrize("key", FLOORS["sets"])
def test_the_floors_of_a_sample_hold(key: str) -> None:
    sample = FLOORS["sets"][key]["sample"]
    assert below(key, sample["floors"], sample["documents"]) == {}


@needs_shared
@pytest.mark.long
@pytest.mark.parametrize("key", FLOORS["sets"])
def test_the_floors_hold(key: str) -> None:
    assert below(key, FLOORS["sets"][key]["floors"], None) == {}


def test_every_set_that_is_measured_has_floors() -> None:
    assert list(FLOORS["sets"]) == [f"{what} {name}" for what, name, _ in script().SETS]
    assert all(one["floors"] and one["sample"]["floors"] for one in FLOORS["sets"].values())


def test_floors_rise_by_themselves_and_sink_only_with_a_reason() -> None:
    moved = script().moved
    assert moved("g", {}, {"f": 0.8}, 0.01, None) == ({"f": 0.79}, [], [])
    assert moved("g", {"f": 0.7}, {"f": 0.8}, 0.01, None) == ({"f": 0.79}, [], [])
    assert moved("g", {"f": 0.795}, {"f": 0.8}, 0.01, None) == ({"f": 0.795}, [], [])
    assert moved("g", {"f": 0.9}, {"f": 0.8}, 0.01, None) == ({"f": 0.9}, [], ["g: f is 0.8000, its floor 0.900"])
    lowered = {"gold": "g", "figure": "f", "from": 0.9, "to": 0.79, "reason": "gold was wrong"}
    assert moved("g", {"f": 0.9}, {"f": 0.8}, 0.01, "gold was wrong") == (
        {"f": 0.79}, [lowered], ["g: f is 0.8000, its floor 0.900"],
    )  # fmt: skip


def test_the_page_shows_the_figures_of_the_gold_that_the_floors_were_set_on() -> None:
    page = (ROOT / "docs" / "quality.md").read_text("utf-8")
    for key, one in FLOORS["sets"].items():
        assert f"<!-- {key}: by scripts/write_quality.py -->" in page
        assert f"`{one['digest'][:16]}…`" in page
