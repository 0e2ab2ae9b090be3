"""Dyad series: figures worked out by hand, what they are normalised by, and what must not change them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pytest
from relations_samples import event, ledger_of, party, report

from comity.codebook import codebook
from comity.ledger import Ledger
from comity.records import Coding
from comity.relations import BadChoice, dyad
from comity.relations.series import Point

BOOK = codebook()
CONSULT, SUPPORT, AID = (BOOK.intensity(one) for one in ("CONSULT", "SUPPORT", "AID"))
ACCUSE, ASSAULT, REQUEST = (BOOK.intensity(one) for one in ("ACCUSE", "ASSAULT", "REQUEST"))
YIELD = BOOK.intensity("REQUEST", "yield")


def _hand() -> list[Coding]:
    """Two months. January: three reports read, two with events. February: two reports read, one with events."""
    return [
        report(
            "jan-a", "2022-01-10",
            [
                event("2022-01-09", "CHN", "RUS", "SUPPORT"),
                event("2022-01-10", "RUS", "CHN", "ACCUSE"),
                event("2022-01-10", "CHN", "RUS", "CONSULT", mutual=True),
            ],
        ),
        report("jan-b", "2022-01-20", [event("2022-01-20", "CHN", "RUS", "REQUEST"), event("2022-01-20", "USA", "RUS", "ASSAULT")]),
        report("jan-c", "2022-01-21"),
        report(
            "feb-a", "2022-02-03",
            [
                event("2022-02-02", "RUS", "CHN", "REQUEST", "yield"),
                event("2022-02-03", "RUS", "CHN", "AID"),
                event("2022", "RUS", "CHN", "AID"),
                event("2022-02-03", "RUS", "CHN", "ASSAULT", status="denied"),
                event("2022-02-03", "RUS", "CHN", "ASSAULT", background=True),
                event("2022-02-03", "GROUP:Firm@RUS", "CHN", "ASSAULT"),
            ],
        ),
        report("feb-b", "2022-02-04"),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def hand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    with ledger_of(tmp_path_factory.mktemp("hand"), _hand()) as made:
        yield made


def _numbers(point: Point) -> dict[str, Any]:
    share, mean, rate = point.share.value, point.intensity.value, point.rate.value
    return {
        "events": point.events, "quads": tuple(point.quads.values()), "neutral": point.neutral, "reports": point.reports,
        "share": None if share is None else round(share, 9), "mean": None if mean is None else round(mean, 9),
        "rate": None if rate is None else round(rate, 6),
    }  # fmt: skip


def test_both_directions_and_together_by_hand(hand: Ledger) -> None:
    found = dyad(hand, "CHN", "RUS", count="mentions")
    forth, back, both = found.series
    assert [one.direction for one in found.series] == ["CHN→RUS", "RUS→CHN", "CHN–RUS"]
    assert [point.period for point in both.points] == ["2022-01", "2022-02"]
    # January, China to Russia: SUPPORT, the mutual CONSULT, and a request without a sign.
    assert _numbers(forth.points[0]) == {
        "events": 3.0, "quads": (2.0, 0.0, 1.0, 0.0), "neutral": 1.0, "reports": 3, "share": 1.0,
        "mean": round((SUPPORT + CONSULT + REQUEST) / 3, 9), "rate": 1000.0,
    }  # fmt: skip
    # Back: ACCUSE and the mutual CONSULT.
    assert _numbers(back.points[0]) == {
        "events": 2.0, "quads": (1.0, 0.0, 1.0, 0.0), "neutral": 0.0, "reports": 3, "share": 0.5,
        "mean": round((ACCUSE + CONSULT) / 2, 9), "rate": 666.666667,
    }  # fmt: skip
    # Together the mutual CONSULT counts once.
    assert _numbers(both.points[0]) == {
        "events": 4.0, "quads": (2.0, 0.0, 2.0, 0.0), "neutral": 1.0, "reports": 3, "share": round(2 / 3, 9),
        "mean": round((SUPPORT + CONSULT + REQUEST + ACCUSE) / 4, 9), "rate": 1333.333333,
    }  # fmt: skip
    # February: a request to yield is conflict; the denied, the background, the firm's and the year's do not count.
    assert _numbers(both.points[1]) == {
        "events": 2.0, "quads": (0.0, 1.0, 1.0, 0.0), "neutral": 0.0, "reports": 2, "share": 0.5,
        "mean": round((YIELD + AID) / 2, 9), "rate": 1000.0,
    }  # fmt: skip
    assert _numbers(forth.points[1])["mean"] is None
    assert both.whole.events == 6.0 and both.whole.reports == 5
    assert found.notes[0] == "Left out: events whose date is not known to the month (1)."
    assert all(point.sparse for point in both.points) and not both.whole.sparse


def test_the_year_places_what_the_month_cannot(hand: Ledger) -> None:
    found = dyad(hand, "CHN", "RUS", by="year", count="mentions")
    assert [point.events for point in found.series[2].points] == [7.0]


def test_groups_and_sectors_change_the_figures_and_the_words(hand: Ledger) -> None:
    folded = dyad(hand, "CHN", "RUS", count="mentions", fold_groups=True)
    assert folded.series[1].points[1].quads["material conflict"] == 1.0
    assert "groups count as their state's" in folded.choice
    claims = dyad(hand, "GROUP:Firm@RUS", "CHN", count="mentions")
    assert claims.series[0].whole.events == 1.0


def test_the_dyad_is_the_same_from_both_ends(hand: Ledger) -> None:
    one, other = dyad(hand, "CHN", "RUS"), dyad(hand, "RUS", "CHN")
    assert [s.points for s in one.series[:2]] == [s.points for s in other.series[1::-1]]
    assert one.series[2].points == other.series[2].points
    assert one.series[2].whole == other.series[2].whole


def test_the_order_of_arrival_does_not_matter(hand: Ledger, tmp_path: Path) -> None:
    with ledger_of(tmp_path, reversed(_hand())) as other:
        assert msgspec.to_builtins(dyad(other, "CHN", "RUS", evidence=True)) == msgspec.to_builtins(
            dyad(hand, "CHN", "RUS", evidence=True)
        )


def test_evidence_names_the_events_behind_each_number(hand: Ledger) -> None:
    found = dyad(hand, "CHN", "RUS", count="mentions", evidence=True).series[2]
    assert found.evidence is not None
    for point in found.points:
        behind = found.evidence[point.period]
        assert {quad: float(len(ids)) for quad, ids in behind.items()} == {q: n for q, n in point.quads.items() if n}
    assert dyad(hand, "CHN", "RUS").series[2].evidence is None


def test_sums_come_on_request_only(hand: Ledger) -> None:
    assert dyad(hand, "CHN", "RUS").series[2].whole.sum is None
    found = dyad(hand, "CHN", "RUS", sums=True, count="mentions").series[2]
    assert found.points[0].sum is not None
    assert found.points[0].sum.value == pytest.approx(SUPPORT + CONSULT + REQUEST + ACCUSE)


def test_a_second_dyad_stands_beside_the_first(hand: Ledger) -> None:
    found = dyad(hand, "CHN", "RUS", compare=("USA", "Russia"))
    assert [one.direction for one in found.compared] == ["USA→RUS", "RUS→USA", "USA–RUS"]
    assert found.compared[2].points[0].intensity.value == ASSAULT


def test_days_bound_events_and_reports_also_inside_a_period(hand: Ledger) -> None:
    found = dyad(hand, "CHN", "RUS", by="year", since="2022-01-20", until="2022-02-02", count="mentions")
    assert [(point.events, point.reports) for point in found.series[2].points] == [(2.0, 2)]
    assert "since 2022-01-20; until 2022-02-02" in found.choice


def test_what_cannot_be_asked_is_said(hand: Ledger, tmp_path: Path) -> None:
    for given, words in (
        (("CHN", "CHN"), "a dyad has two parties"),
        (("CHN", "Freedonia"), "Freedonia"),
    ):
        with pytest.raises(BadChoice, match=words):
            dyad(hand, *given)
    with pytest.raises(BadChoice, match="would end"):
        dyad(hand, "CHN", "RUS", since="2023", until="2022")
    with pytest.raises(BadChoice, match="no periods by 'decade'"):
        dyad(hand, "CHN", "RUS", by="decade")
    with pytest.raises(BadChoice, match="no outlet's name contains 'Reuters'"):
        dyad(hand, "CHN", "RUS", panel="Reuters")
    with ledger_of(tmp_path, []) as empty, pytest.raises(BadChoice, match="no dated reports"):
        dyad(empty, "CHN", "RUS")


# --- many reports ----------------------------------------------------------------------------------------------------


def _many(copies: int = 1, seed: int = 2) -> list[Coding]:
    """Two years of a dyad that turns from good to bad after the first, with five to seven events a month."""
    chance = np.random.default_rng(seed)
    made = []
    for month in range(24):
        for n in range(int(chance.integers(5, 8))):
            bad = chance.random() < (0.15 if month < 12 else 0.85)
            day = f"{2021 + month // 12}-{month % 12 + 1:02}-{int(chance.integers(1, 28)):02}"
            type_ = "ASSAULT" if bad else "CONSULT"
            for copy in range(copies):
                made.append(report(f"m{month:02}-{n}-{copy}", day, [event(day, "CHN", "RUS", type_)]))
    return made


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    with ledger_of(tmp_path_factory.mktemp("many"), _many()) as made:
        yield made


def test_the_turn_is_found_with_the_events_that_make_it(many: Ledger) -> None:
    found = dyad(many, "CHN", "RUS", count="mentions").series[2]
    assert [shift.period for shift in found.changes] == ["2022-01"]
    shift = found.changes[0]
    assert shift.earliest <= "2022-01" <= shift.latest
    assert shift.before > 0 > shift.after
    assert shift.difference.interval is not None and shift.difference.interval.high < 0
    assert len(shift.events) == 5
    assert all(one["type"] == "ASSAULT" and one["words"].startswith("Sentence") for one in shift.events)
    assert all(date(2022, 1, 1) <= one["day_first"] <= date(2022, 3, 31) for one in shift.events)


def test_intervals_hold_their_values_and_shrink_with_more_reports(many: Ledger, tmp_path: Path) -> None:
    few = dyad(many, "CHN", "RUS", count="mentions").series[2].whole
    with ledger_of(tmp_path, _many(copies=2)) as larger:
        more = dyad(larger, "CHN", "RUS", count="mentions").series[2].whole
    for name in ("share", "intensity"):
        one, other = getattr(few, name), getattr(more, name)
        assert one.value == pytest.approx(other.value)
        assert one.interval.low < one.value < one.interval.high
        assert (other.interval.high - other.interval.low) < 0.9 * (one.interval.high - one.interval.low)
    assert few.rate.value == pytest.approx(more.rate.value) == 1000.0


def test_reports_that_say_nothing_lower_the_rate_and_nothing_else(tmp_path: Path) -> None:
    silent = [report(f"silent-{n}", f"2021-{n % 12 + 1:02}-05") for n in range(30)]
    with ledger_of(tmp_path, [*_many(), *silent]) as ledger:
        found = dyad(ledger, "CHN", "RUS", count="mentions").series[2].whole
    assert found.rate.value == pytest.approx(1000.0 * found.events / (found.events + 30))
    assert found.rate.interval is not None and found.rate.interval.low < found.rate.value < found.rate.interval.high


def test_a_fixed_panel_keeps_to_outlets_read_all_along(tmp_path: Path) -> None:
    def outlets() -> Iterator[Coding]:
        for month in range(1, 13):
            for n in range(3):
                day = f"2022-{month:02}-{10 + n}"
                yield report(f"old-{month}-{n}", day, [event(day, "CHN", "RUS", "CONSULT")], outlet="Old")
            if month > 6:
                for n in range(2):
                    day = f"2022-{month:02}-{20 + n}"
                    yield report(f"new-{month}-{n}", day, [event(day, "CHN", "RUS", "ASSAULT")], outlet="New")

    with ledger_of(tmp_path, outlets()) as ledger:
        fixed = dyad(ledger, "CHN", "RUS", count="mentions")
        everyone = dyad(ledger, "CHN", "RUS", panel="all", count="mentions")
        named = dyad(ledger, "CHN", "RUS", panel=["new"], count="mentions")
    # With the new outlet, nothing changed between the states and the mean falls all the same.
    assert fixed.panel.outlets == ("Old",) and "a fixed panel: Old" in fixed.panel.words
    assert {point.intensity.value for point in fixed.series[2].points} == {CONSULT}
    assert everyone.series[2].points[-1].intensity.value < CONSULT
    assert named.panel.rule == "named" and named.series[2].whole.events == 12.0
    assert [one.reports for one in fixed.coverage] == [3] * 12


def test_a_panel_of_few_is_not_taken_for_all(tmp_path: Path) -> None:
    codings = [report(f"a{n}", f"2022-{n:02}-01", outlet="Constant") for n in range(1, 13)]
    codings += [report(f"b{n}", f"2022-{n % 12 + 1:02}-02", outlet=f"Passing {n % 12}") for n in range(40)]
    with ledger_of(tmp_path, codings) as ledger:
        found = dyad(ledger, "CHN", "RUS").panel
    assert found.rule == "all" and "those read all along have 23% of the reports" in found.words


def test_events_told_of_periods_that_were_not_read_are_left_out_and_said(tmp_path: Path) -> None:
    codings = [
        report("r1", "2020-01-05"),
        report(
            "r2", "2022-01-05", [event("2021-05-05", "CHN", "RUS", "ASSAULT"), event("2022-01-05", "CHN", "RUS", "AID")]
        ),
    ]
    with ledger_of(tmp_path, codings) as ledger:
        found = dyad(ledger, "CHN", "RUS", by="year")
    assert found.series[2].whole.events == 1.0
    assert found.notes[0] == "Left out: events of periods of which no report was read, told in later ones (1)."


# --- imported events -------------------------------------------------------------------------------------------------


def _imported(folder: Path, days: list[date], good: list[bool]) -> Ledger:
    size = len(days)
    table = pa.table(
        {
            "n": list(range(size)),
            "id": [f"{n:016x}" for n in range(size)],
            "scale": ["goldstein"] * size,
            "type": ["CONSULT" if one else "ASSAULT" for one in good],
            "quad": ["verbal cooperation" if one else "material conflict" for one in good],
            "intensity": [1.0 if one else -9.0 for one in good],
            "source": [[msgspec.to_builtins(party("USA"))]] * size,
            "target": [[msgspec.to_builtins(party("RUS"))]] * size,
            "mutual": [False] * size,
            "background": [False] * size,
            "scope": ["international"] * size,
            "date": [day.isoformat() for day in days],
            "date_precision": ["day"] * size,
            "status": ["actual"] * size,
        }
    )
    ledger = Ledger(folder / "imported")
    ledger.import_events([{"events": table}], origin="gdelt", file="a.csv", digest="1")
    return ledger


def test_imported_events_have_their_own_scale_and_are_never_mixed(tmp_path: Path) -> None:
    days = [date(2022, 1 + n % 2, 1 + n % 20) for n in range(40)]
    with _imported(tmp_path, days, [n % 2 == 1 for n in range(40)]) as ledger:
        found = dyad(ledger, "USA", "RUS")
        assert found.scale == "goldstein" and "imported from gdelt" in found.choice and "Goldstein" in found.index
        assert found.series[0].whole.intensity.value == -4.0
        assert found.series[0].whole.rate.value == 100_000.0
        assert [one.reports for one in found.coverage] == [20, 20]
        ledger.add(_hand())
        assert dyad(ledger, "USA", "RUS").scale == "plover"
        assert dyad(ledger, "USA", "RUS", origin="gdelt").series[0].whole.events == 40.0
        with pytest.raises(BadChoice, match="no events are of 'icews'"):
            dyad(ledger, "USA", "RUS", origin="icews")


def test_the_turn_of_imported_events_shows_its_events(tmp_path: Path) -> None:
    chance = np.random.default_rng(3)
    months = [n // 8 for n in range(24 * 8)]
    days = [date(2021 + month // 12, month % 12 + 1, int(chance.integers(1, 28))) for month in months]
    good = [bool(chance.random() < (0.9 if month < 12 else 0.1)) for month in months]
    with _imported(tmp_path, days, good) as ledger:
        found = dyad(ledger, "USA", "RUS", evidence=True).series[0]
    assert [shift.period for shift in found.changes] == ["2022-01"]
    shown = found.changes[0].events
    assert len(shown) == 5 and {one["type"] for one in shown} == {"ASSAULT"}
    assert all(date(2022, 1, 1) <= one["day_first"] <= date(2022, 3, 31) for one in shown)
    assert found.evidence is None, "a row of an import is no sentence to show"
