"""Pictures: what they show, that they are drawn for anything, and that everybody keeps his place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

pytest.importorskip("altair", reason="the extra charts is not installed")

from relations_samples import event, ledger_of, report
from relations_words import says, telling

from comity.relations.charts import svg
from comity.relations.choice import choose
from comity.relations.compare import compare
from comity.relations.concentration import concentration
from comity.relations.formulae import formulae
from comity.relations.network import network
from comity.relations.pictures import (
    comparison_chart,
    concentration_chart,
    formulae_chart,
    network_chart,
    polarity_chart,
    voices_chart,
)
from comity.relations.polarity import polarity
from comity.relations.voices import voices

SUMS = (
    "a,b,month,score\nUSA,GBR,2021,9\nUSA,RUS,2021,-16\nGBR,RUS,2021,-9\nUSA,UKR,2022,4\nGBR,UKR,2022,4\nUKR,RUS,2022,-25\n"
    "GROUP:O'Brien \\ Sons@IRL,GBR,2022,3\n"
)
CINC = "iso3,year,cinc\nUSA,2021,0.4\nGBR,2021,0.1\nRUS,2021,0.3\nUKR,2022,0.1\n"


def _nodes(chart: Any) -> list[dict[str, tuple[float, float]]]:
    """The places of parties in each panel."""
    spec = json.loads(chart.to_json())
    panels = spec.get("hconcat", [spec])
    return [
        {row["label"]: (row["x"], row["y"]) for row in spec["datasets"][layer["data"]["name"]]}
        if "name" in layer["data"]
        else {row["label"]: (row["x"], row["y"]) for row in layer["data"]["values"]}
        for panel in panels
        for layer in panel["layer"][1:2]
    ]


def test_parties_keep_their_places(tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text(SUMS)
    before, now = (network(sums=tmp_path / "s.csv", at=year, layout=True) for year in ("2021", "2022"))
    chart = network_chart(before, now)
    one, two = _nodes(chart)
    assert set(one) == {"USA", "GBR", "RUS"} and {"USA", "GBR", "RUS", "UKR"} < set(two)
    assert all(one[code] == two[code] for code in one)
    drawn = svg(chart)
    assert "2021-01-01 to 2021-12-31" in drawn and "hostile" in drawn and "O’Brien" in drawn


def test_nothing_is_drawn_as_nothing(tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text(SUMS)
    none = network(sums=tmp_path / "s.csv", at="2019", layout=True)
    assert "enough acts for a tie" in svg(network_chart(none))
    with ledger_of(tmp_path, []) as ledger:
        for chart in (
            voices_chart(voices(ledger, by="month")), formulae_chart(formulae(ledger)),
            concentration_chart(concentration(ledger, by="year")),
        ):  # fmt: skip
            assert svg(chart).startswith("<svg")


def test_voices_tellings_and_wordings(tmp_path: Path) -> None:
    codings = [
        telling(
            f"{outlet}{n}", f"202{n}-03-01", [says(who, f"words of peace <{n}> & more")], outlet=outlet, outlet_country=country,
            events=report(f"{outlet}{n}", f"202{n}-03-01", [event(f"202{n}-03-01", "RUS", "UKR", type_, words=f"Peace {n}.")]),
        )
        for n in range(3)
        for outlet, country, who, type_ in (
            ("Organ", "RUS", "Igor Kuzin RUS GOV", "CONSULT"), ("Paper", "GBR", "Petro Hul UKR GOV", "ASSAULT"),
        )
    ]  # fmt: skip
    with ledger_of(tmp_path, codings) as ledger:
        drawn = svg(voices_chart(voices(ledger, by="outlet")))
        assert all(words in drawn for words in ("Organ (3 reports)", "Ukraine", "Russia", "share of voices"))
        drawn = svg(comparison_chart(compare(ledger, "peace")))
        assert all(words in drawn for words in ("United Kingdom", "ASSAULT", "CONSULT", "events by type"))
        drawn = svg(formulae_chart(formulae(ledger, trace=["words of peace"])))
        assert "words of peace" in drawn and "first seen" in drawn and "2020" in drawn
        found = concentration(ledger, choice=choose(count="mentions"), by="year")
        assert "effective number" in svg(concentration_chart(found))


def test_blocs_by_capabilities(tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text(SUMS)
    (tmp_path / "c.csv").write_text(CINC)
    found = polarity(sums=tmp_path / "s.csv", capabilities=tmp_path / "c.csv", year=2021, draws=0)
    drawn = svg(polarity_chart(found))
    assert "share of capabilities" in drawn and "USA" in drawn
    assert msgspec.json.encode(found)
