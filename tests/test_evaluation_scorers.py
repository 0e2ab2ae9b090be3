"""The measures give what the scorers that come with the development gold give."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest
from shared import SHARED, needs_shared

from comity.evaluation import articles, clusters, places, relations, statements, timex
from comity.evaluation.measuring import total
from comity.evaluation.running import setup_of, spread
from comity.places.gazetteer import gazetteer
from comity.records import to_json

GOLD = SHARED / "gold"
pytestmark = needs_shared


def scored(scorer: str, gold: Path, found: Path, *more: str) -> Any:
    """The scorer's JSON from stdout."""
    words = [sys.executable, str(GOLD / scorer), str(gold), str(found), *more]
    done = subprocess.run(words, capture_output=True, check=True, text=True, timeout=120)  # noqa: S603
    return done.stdout


def lines(path: Path, rows: Any) -> Path:
    path.write_bytes(
        b"".join(row + b"\n" if isinstance(row, bytes) else json.dumps(row).encode() + b"\n" for row in rows)
    )
    return path


def some(path: Path, number: int, tmp_path: Path) -> Path:
    """So many lines of a gold file."""
    rows = [line for line in path.read_text("utf-8").split("\n") if line.strip()]
    return lines(tmp_path / "gold.jsonl", [row.encode() for row in spread(rows, number)])


def test_articles(tmp_path: Path) -> None:
    file = some(GOLD / "articles/articles_dev.jsonl", 3, tmp_path)
    measure, documents = articles.gold(file)
    found = list(measure.find(documents, setup_of()))
    theirs = json.loads(
        scored("articles/score_articles.py", file, lines(tmp_path / "out", map(to_json, found)), "--json")
    )
    ours = measure.figures(total(map(measure.count, documents, found)))
    expected = {f"{name}_{long}": theirs[name][short] for name in ("dyad", "quad", "type", "full", "set")
                for short, long in (("p", "precision"), ("r", "recall"), ("f1", "f1"))}  # fmt: skip
    expected["type_international_f1"] = theirs["type_international"]["f1"]
    expected |= {name: theirs[name]["acc"] for name in ("date", "date_all", "status", "account")}
    expected["background_f1"] = theirs["background"]["f1"]
    said = {"r": "recall", "p": "precision", "via_p": "via_precision", "via_r": "via_recall"}
    expected |= {f"statements_{said.get(name, name)}": value for name, value in theirs["statements"].items()}
    expected |= {
        "gold_events": theirs["n"]["gold_events"],
        "events": theirs["n"]["events"],
        "dated_events": theirs["date"]["n"],
    }
    assert {name: ours[name] for name in expected} == pytest.approx(expected, abs=1e-4)


def test_timex(tmp_path: Path) -> None:
    file = some(GOLD / "timex/timebank.jsonl", 12, tmp_path)
    measure, documents = timex.gold(file)
    found = list(measure.find(documents, setup_of()))
    out = lines(
        tmp_path / "out",
        ({"id": d.id, "timex": [msgspec.to_builtins(one) for one in dates]} for d, dates in zip(documents, found)),
    )
    theirs = json.loads(scored("timex/score_timex.py", file, out, "--json"))
    ours = measure.figures(total(map(measure.count, documents, found)))
    expected = {f"{name}_{long}": theirs[name][n] for name in ("strict", "relaxed")
                for n, long in enumerate(("precision", "recall", "f1"))}  # fmt: skip
    expected |= {"value_f1": theirs["value_f1"], "value_accuracy": theirs["value_acc"], "type_f1": theirs["type_f1"]}
    assert {name: ours[name] for name in expected} == pytest.approx(expected, abs=1e-4)


def test_places(tmp_path: Path) -> None:
    file = some(GOLD / "places/trnews_dev.jsonl", 6, tmp_path)
    measure, documents = places.gold(file)
    found = list(measure.find(documents, setup_of()))
    alpha2 = gazetteer().alpha2
    out = lines(
        tmp_path / "out",
        (
            {
                "id": d.id,
                "toponyms": [msgspec.to_builtins(one) | {"country": alpha2.get(one.country or "")} for one in made],
            }
            for d, made in zip(documents, found)
        ),
    )
    theirs = json.loads(scored("places/score_geo.py", file, out, "--json", "--match", "overlap"))
    ours = measure.figures(total(map(measure.count, documents, found)))
    same = (
        "span_precision",
        "span_recall",
        "span_f1",
        "mean_km",
        "auc_log_error",
        "geonameid_exact",
        "country_accuracy",
    )
    names = {name: name for name in same} | {
        "end_to_end_recall": "end_to_end_recall@161km", "end_to_end_precision": "end_to_end_precision@161km",
        "accuracy_161km": "acc@161km", "document_country_f1": "doc_country_set_f1",
    }  # fmt: skip
    assert {name: ours[name] for name in names} == pytest.approx(
        {name: theirs[their] for name, their in names.items()}, abs=1e-4
    )


def test_statements_of_a_corpus(tmp_path: Path) -> None:
    file = some(GOLD / "statements/polnear_dev.jsonl", 5, tmp_path)
    measure, documents = statements.gold(file)
    found = list(measure.find(documents, setup_of()))
    out = lines(tmp_path / "out", ({"id": d["id"], "attributions": made} for d, made in zip(documents, found)))
    scored("statements/score_statements.py", file, out, "--json", str(tmp_path / "scores.json"), "--boot", "0")
    theirs = json.loads((tmp_path / "scores.json").read_text("utf-8"))
    ours = measure.figures(total(map(measure.count, documents, found)))
    assert (ours["joint_f1"], ours["joint_f1_speech"], ours["joint_f1_direct"]) == pytest.approx(
        tuple(theirs[part]["joint"][2] for part in ("all", "cue:speech", "type:verbatim-direct")), abs=1e-4
    )


def test_relations(tmp_path: Path) -> None:
    pytest.importorskip("sklearn", reason="the scorer of pairs needs scikit-learn")
    file = some(GOLD / "relations/pairs_dev.jsonl", 60, tmp_path)
    measure, documents = relations.gold(file)
    found = list(measure.find(documents, setup_of()))
    out = lines(tmp_path / "out", ({"id": pair.id, "root": made.both} for pair, made in zip(documents, found)))
    scored("relations/score_relations.py", file, out, "--brief", "--json", str(tmp_path / "scores.json"))
    theirs = json.loads((tmp_path / "scores.json").read_text("utf-8"))
    ours = measure.figures(total(map(measure.count, documents, found)))
    expected = {f"macro_f1_{depth}": theirs[f"macro_f1_{depth}"] for depth in ("root", "quad", "binary")}
    expected |= {"coverage": theirs["coverage"], "accuracy_root": theirs["accuracy"]}
    assert {name: ours[name] for name in expected} == pytest.approx(expected, abs=1e-4)


def test_clusters_against_the_definition() -> None:
    measure, documents = clusters.gold(GOLD / "clusters/stories_dev.jsonl")
    found = list(measure.find(documents, setup_of()))
    made: dict[str, set[str]] = {}
    gold: dict[str, set[str]] = {}
    for document, one in zip(documents, found):
        made.setdefault(one.leader, set()).add(document.id)
        gold.setdefault(document.cluster, set()).add(document.id)
    precision = recall = 0.0
    for document, one in zip(documents, found):
        both = len(made[one.leader] & gold[document.cluster])
        precision += both / len(made[one.leader]) / len(documents)
        recall += both / len(gold[document.cluster]) / len(documents)
    ours = measure.figures(total(map(measure.count, documents, found)))
    assert ours["bcubed_f1"] == pytest.approx(2 * precision * recall / (precision + recall), abs=1e-4)
    assert ours["bcubed_f1"] >= 0.85
