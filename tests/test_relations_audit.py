"""Audits: the sample, the files, and figures corrected for errors of coding."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from relations_samples import event, ledger_of, report

from comity.codebook import codebook
from comity.ledger import Ledger
from comity.relations import (
    Audit,
    BadChoice,
    BadFile,
    choose,
    draw_audit,
    dyad,
    read_audit,
    resolve,
    share_right,
    strata_of,
    write_audit,
)
from comity.relations.audit import Drawn, allocate, expanded, stratum_of

CHOICE = choose(count="mentions")
SETTLED = choose(count="mentions", origin="comity")
SAID = msgspec.json.encode(SETTLED).decode()


def _drawn(id_: str, stratum: str, population: int, verdict: str | None = None, **more: Any) -> Drawn:
    given = {"source": "CHN", "target": "RUS", "type": "CONSULT", "quad": "verbal cooperation", "choice": SAID}
    return Drawn(id=id_, stratum=stratum, population=population, verdict=verdict, **(given | more))


def _audit(drawn: list[Drawn]) -> Audit:
    return Audit(file="audit.csv", choice=SETTLED, drawn=tuple(drawn))


# --- the estimator ---------------------------------------------------------------------------------------------------


def test_totals_by_hand() -> None:
    # 100 records of which 4 were looked at, 10 of which 2: 100 · (1+0+1+1)/4 + 10 · (0+1)/2 = 80.
    drawn = [_drawn(f"a{n}", "A", 100, "right") for n in range(4)] + [
        _drawn(f"b{n}", "B", 10, "right") for n in range(2)
    ]
    total, draws = expanded(_audit(drawn), np.array([[1.0], [0], [1], [1], [0], [1]]), resamples=20_000)
    assert total.tolist() == [80.0]
    # N²(1 - n/N)s²/n: 100² · 0.96 · 0.25 / 4 + 10² · 0.8 · 0.5 / 2
    assert draws[:, 0].var() == pytest.approx(600 + 20, rel=0.05)
    assert draws[:, 0].mean() == pytest.approx(80.0, abs=1.0)


def test_who_looks_at_all_is_sure() -> None:
    drawn = [_drawn(f"a{n}", "A", 6, "right" if n % 2 else "wrong") for n in range(6)]
    total, draws = expanded(_audit(drawn), np.arange(6.0).reshape(-1, 1), resamples=50)
    assert total.tolist() == [15.0] and np.allclose(draws, 15.0)


def test_a_stratum_without_reviews_is_refused() -> None:
    drawn = [
        _drawn("a1", "A", 50, "right"),
        _drawn("a2", "A", 50),
        _drawn("b1", "B", 9, "right"),
        _drawn("b2", "B", 9, "right"),
    ]
    with pytest.raises(BadFile, match="'A' 1 are reviewed; review 2 or more"):
        share_right(_audit(drawn))


def test_the_share_that_is_right_weighs_strata_by_their_size() -> None:
    drawn = [_drawn(f"a{n}", "A", 90, "right") for n in range(3)]
    drawn += [_drawn(f"b{n}", "B", 10, "wrong") for n in range(2)]
    assert share_right(_audit(drawn)).value == pytest.approx(0.9)
    exact = [msgspec.structs.replace(one, true_type="SUPPORT") if one.id == "a0" else one for one in drawn]
    assert share_right(_audit(exact), exact=True).value == pytest.approx(0.6)
    assert share_right(_audit(exact)).value == pytest.approx(0.9)


def test_intervals_cover_the_truth_as_often_as_they_say() -> None:
    chance = np.random.default_rng(8)
    held = 0
    for _ in range(200):
        truth = {"A": chance.random(300) < 0.7, "B": chance.random(100) < 0.95}
        drawn, values = [], []
        for name, right in truth.items():
            for n in chance.choice(len(right), 40, replace=False):
                drawn.append(_drawn(f"{name}{n}", name, len(right), "right"))
                values.append([float(right[n])])
        _, draws = expanded(_audit(drawn), np.array(values), resamples=200)
        low, high = np.quantile(draws[:, 0], [0.025, 0.975])
        held += low <= sum(right.sum() for right in truth.values()) <= high
    assert 180 <= held <= 199


@given(
    st.dictionaries(st.sampled_from("ABCDEF"), st.lists(st.floats(0.5, 1.0), min_size=1, max_size=60), min_size=1),
    st.integers(2, 200),
)
def test_allocation_spends_the_whole_size_and_no_more_than_there_is(strata: dict[str, list[float]], size: int) -> None:
    found = allocate(strata, size)
    there = sum(len(of) for of in strata.values())
    least = sum(min(2, len(of)) for of in strata.values())
    assert sum(found.values()) == max(least, min(size, there))
    assert all(min(2, len(strata[name])) <= number <= len(strata[name]) for name, number in found.items())


def test_uncertain_strata_get_more() -> None:
    found = allocate({"sure": [0.99] * 100, "unsure": [0.6] * 100}, 50)
    assert found["unsure"] > 2 * found["sure"]


def test_strata_are_quad_classes_by_confidence() -> None:
    assert stratum_of(3, 0.7) == "material conflict, confidence 0.65 to 0.8"
    assert stratum_of(0, 0.95) == "verbal cooperation, confidence 0.8 to 1"
    assert stratum_of(None, None) == "no quad class"


# --- a ledger whose coder is wrong in a known way --------------------------------------------------------------------


NUMBER = 160


def _truths() -> list[tuple[str, str, str]]:
    """Day, coded type, truth: a third of the coded assaults were consultations, a fifth of the talks never were."""
    chance = np.random.default_rng(6)
    made = []
    for n in range(NUMBER):
        day = f"2022-{n % 12 + 1:02}-{n % 27 + 1:02}"
        if n % 2:
            made.append((day, "ASSAULT", "CONSULT" if chance.random() < 1 / 3 else "ASSAULT"))
        else:
            made.append((day, "CONSULT", "" if chance.random() < 0.2 else "CONSULT"))
    return made


TRUTHS = _truths()


def _codings() -> Iterator[Any]:
    for n, (day, type_, truth) in enumerate(TRUTHS):
        yield report(f"r{n:03}", day, [event(day, "CHN", "RUS", type_, words=f"Truth {n}: {truth or 'nothing'}.")])


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    with ledger_of(tmp_path_factory.mktemp("audit"), _codings()) as made:
        yield made


def _reviewed(drawn: list[Drawn]) -> list[Drawn]:
    """What a reviewer without fault writes."""
    made = []
    for one in drawn:
        truth = (one.words or "").rpartition(": ")[2].rstrip(".")
        if truth == "nothing":
            made.append(msgspec.structs.replace(one, verdict="wrong"))
        else:
            made.append(msgspec.structs.replace(one, verdict="right", true_type=None if truth == one.type else truth))
    return made


def _true_figures() -> tuple[float, float, float]:
    kinds = Counter(truth for _, _, truth in TRUTHS if truth)
    events = sum(kinds.values())
    book = codebook()
    return events, kinds["CONSULT"] / events, sum(n * book.intensity(kind) for kind, n in kinds.items()) / events


def test_a_full_audit_gives_the_truth(ledger: Ledger, tmp_path: Path) -> None:
    drawn = _reviewed(draw_audit(ledger, "CHN", "RUS", size=NUMBER, choice=CHOICE))
    write_audit(tmp_path / "all.csv", drawn)
    found = dyad(ledger, "CHN", "RUS", choice=CHOICE, audit=read_audit(tmp_path / "all.csv"), by="year").series[2]
    events, share, mean = _true_figures()
    assert found.whole.events == NUMBER and found.corrected is not None
    assert found.corrected.events.value == pytest.approx(events)
    assert found.corrected.share.value == pytest.approx(share)
    assert found.corrected.intensity.value == pytest.approx(mean)
    assert found.corrected.reviewed == NUMBER


def test_a_sample_takes_the_bias_out(ledger: Ledger, tmp_path: Path) -> None:
    events, share, mean = _true_figures()
    held = Counter[str]()
    for seed in range(6):
        path = tmp_path / f"{seed}.csv"
        write_audit(path, _reviewed(draw_audit(ledger, "CHN", "RUS", size=60, choice=CHOICE, seed=seed)))
        found = dyad(ledger, "CHN", "RUS", choice=CHOICE, audit=read_audit(path), by="year").series[2]
        assert found.corrected is not None
        for name, truth in (("events", events), ("share", share), ("intensity", mean)):
            interval = getattr(found.corrected, name).interval
            held[name] += interval.low <= truth <= interval.high
        assert found.whole.events > 1.1 * events and found.whole.intensity.value < mean - 0.5
    assert min(held.values()) >= 4


def test_the_sample_is_the_same_for_the_same_seed_and_no_order(ledger: Ledger, tmp_path: Path) -> None:
    one = draw_audit(ledger, "CHN", "RUS", size=50, choice=CHOICE)
    with ledger_of(tmp_path, reversed(list(_codings()))) as other:
        assert draw_audit(other, "CHN", "RUS", size=50, choice=CHOICE) == one
    assert len(one) == len({drawn.id for drawn in one}) == 50
    assert draw_audit(ledger, size=50, choice=CHOICE) == one, "all pairs: here there is one"
    assert draw_audit(ledger, size=50, choice=CHOICE, seed=1) != one


def test_verdicts_come_from_the_log_of_corrections_too(tmp_path: Path) -> None:
    with ledger_of(tmp_path, _codings()) as ledger:
        drawn = _reviewed(draw_audit(ledger, "CHN", "RUS", size=NUMBER, choice=CHOICE))
        wrong = [one for one in drawn if one.verdict == "wrong"][:1]
        other = [one for one in drawn if one.true_type][:1]
        for one in wrong:
            ledger.reject(one.id, author="ada")
        for one in other:
            ledger.correct(one.id, "type", one.true_type, author="ada")
        sound = next(one for one in drawn if one.verdict == "right" and one.true_type is None)
        ledger.accept(sound.id, author="ada")
        logged = {one.id for one in (*wrong, *other, sound)}
        blank = {"verdict": None, "true_type": None}
        write_audit(
            tmp_path / "a.csv", [msgspec.structs.replace(one, **(blank if one.id in logged else {})) for one in drawn]
        )
        audit = read_audit(tmp_path / "a.csv", ledger)
        assert len(audit.reviewed) == NUMBER
        assert {one.id: (one.verdict, one.true_type) for one in audit.drawn if one.id in logged} == {
            one.id: (one.verdict, one.true_type) for one in drawn if one.id in logged
        }
        found = dyad(ledger, "CHN", "RUS", choice=CHOICE, audit=audit, by="year").series[2]
    events, share, mean = _true_figures()
    assert found.whole.events == NUMBER - 1
    assert found.corrected is not None
    # The views show the corrected records already; nothing is corrected twice.
    assert found.corrected.events.value == pytest.approx(events)
    assert found.corrected.share.value == pytest.approx(share)
    assert found.corrected.intensity.value == pytest.approx(mean)


# --- files and refusals ----------------------------------------------------------------------------------------------


def test_a_file_comes_back_as_it_went(ledger: Ledger, tmp_path: Path) -> None:
    drawn = _reviewed(draw_audit(ledger, "CHN", "RUS", size=20, choice=CHOICE))
    write_audit(tmp_path / "a.csv", drawn)
    assert list(read_audit(tmp_path / "a.csv").drawn) == drawn
    with pytest.raises(BadFile, match="is there already"):
        write_audit(tmp_path / "a.csv", drawn)
    assert sum(one.reviewed for one in strata_of(read_audit(tmp_path / "a.csv"))) == 20


def test_words_cannot_become_formulas(tmp_path: Path) -> None:
    write_audit(tmp_path / "a.csv", [_drawn("x", "A", 5, title="=HYPERLINK(1)", words="-2+3\nnext line")])
    with (tmp_path / "a.csv").open(newline="") as file:
        row = next(csv.DictReader(file))
    assert (row["title"], row["words"]) == ("'=HYPERLINK(1)", "'-2+3 next line")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"verdict": "maybe"}, "line 2: the verdict 'maybe' is none"),
        ({"true_type": "SMILE", "verdict": "right"}, "line 2: no type 'SMILE'"),
        ({"population": "many"}, "line 2"),
    ],
)
def test_faults_in_a_file_are_named(tmp_path: Path, change: dict[str, str], words: str) -> None:
    write_audit(tmp_path / "a.csv", [_drawn("x", "A", 5)])
    with (tmp_path / "a.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    with (tmp_path / "b.csv").open("w", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]))
        table.writeheader()
        table.writerow(rows[0] | change)
    with pytest.raises(BadFile, match=words):
        read_audit(tmp_path / "b.csv")


def test_what_is_no_audit_is_refused(ledger: Ledger, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    with pytest.raises(BadFile, match="is no audit"):
        read_audit(tmp_path / "x.csv")
    with pytest.raises(BadFile, match="cannot be read"):
        read_audit(tmp_path / "nothing.csv")
    with pytest.raises(BadChoice, match="two parties, or of all"):
        draw_audit(ledger, "CHN", choice=CHOICE)
    with pytest.raises(BadChoice, match="nothing to audit"):
        draw_audit(ledger, "USA", "CUB", choice=CHOICE)


def test_figures_of_another_choice_are_refused(ledger: Ledger) -> None:
    drawn = _reviewed(draw_audit(ledger, "CHN", "RUS", size=20, choice=CHOICE))
    audit = Audit(file="a.csv", choice=resolve(ledger, CHOICE).choice, drawn=tuple(drawn))
    with pytest.raises(BadChoice, match="drawn with count 'mentions'"):
        dyad(ledger, "CHN", "RUS", audit=audit)
