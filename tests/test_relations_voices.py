"""Voices: shares of who speaks, and who is talked about without a word."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from cli_running import here
from hypothesis import given, settings
from hypothesis import strategies as st
from relations_samples import event, ledger_of, report
from relations_words import says, telling

from comity.ledger import BadFilter, Ledger
from comity.relations import BadChoice
from comity.relations.voices import Voices, voices

ACCUSED = report("paper-1", "2022-03-02", [event("2022-03-01", "USA", "RUS", "ACCUSE", "disapprove")])

CODINGS = [
    telling(
        "paper-1", "2022-03-02",
        [
            says("Jo Vance USA GOV", "the attack of [Russia RUS] was wrong"),
            says("Jo Vance USA GOV|Al Reed GBR GOV", "we stand with [Ukraine UKR]", kind="indirect"),
            says("? USA GOV", "more will come", kind="indirect"),
            says("Ann Price GROUP:Acme@USA BUS", "our plant in [Russia RUS] is closed", via=("Reuters",)),
        ],
        outlet="Paper", outlet_country="USA", events=ACCUSED,
    ),
    telling(
        "paper-2", "2022-04-02",
        [
            says("Igor Kuzin RUS GOV", "[Kyiv UKR] is to blame"),
            says("Igor Kuzin RUS GOV", "to comment", polarity="negative"),
            says("Jo Vance USA GOV", "we will answer", modality="intended"),
            says("Jo Vance USA GOV", "and so on", continued=True),
        ],
        outlet="Paper", outlet_country="USA",
    ),
    telling(
        "organ-1", "2022-04-03", [says("Igor Kuzin RUS GOV", "all is well"), says("- - -", "nobody knows")],
        outlet="Organ", outlet_country="RUS",
    ),
    telling("organ-2", None, [], outlet="Organ", outlet_country="RUS"),
]  # fmt: skip


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with ledger_of(tmp_path_factory.mktemp("voices"), CODINGS) as made:
        yield made


def _weights(rows: Any) -> dict[str, float]:
    return {row.key: row.weight for row in rows}


def test_hand_counted_shares(ledger: Ledger) -> None:
    whole = voices(ledger).whole
    # Five statements of the first report (one shared), one of the second, two of the third.
    assert _weights(whole.countries) == {"USA": 3.5, "RUS": 2.0, "GBR": 0.5, "(unknown)": 1.0}
    assert [row.key for row in whole.countries] == ["USA", "RUS", "GBR", "(unknown)"]
    assert [row.share.value for row in whole.countries] == pytest.approx([0.5, 2 / 7, 0.5 / 7, 1 / 7])
    usa = whole.countries[0]
    assert (usa.state, usa.reports, usa.speakers, usa.own_words) == (2.5, 1, 2, pytest.approx(2 / 3.5))
    assert (whole.reports, whole.quoting, whole.statements, whole.declined) == (4, 3, 7, 1)
    assert _weights(whole.sectors) == {"GOV": 5.0, "BUS": 1.0, "(unknown)": 1.0}
    assert _weights(whole.anonymous) == {"official": 1.0}
    assert whole.unnamed.value == pytest.approx(1 / 7)
    assert whole.speakers[0].name == "Igor Kuzin" and whole.speakers[0].reports == 2
    assert whole.relays == (("Reuters", 1),)


def test_words_weigh_and_continuations_then_count(ledger: Ledger) -> None:
    whole = voices(ledger, weigh="words").whole
    # 6 + 4/2 + 3 + 6 in the first report, 3 of "and so on" in the second; Russia 4 + 3; 2 of nobody's.
    assert _weights(whole.countries) == {"USA": 20.0, "RUS": 7.0, "GBR": 2.0, "(unknown)": 2.0}


def test_who_is_talked_about_without_being_quoted(ledger: Ledger) -> None:
    silent = {row.key: row for row in voices(ledger).whole.silent}
    assert (silent["UKR"].discussed, silent["UKR"].quoted, silent["UKR"].unquoted) == (2, 0, 2)
    russia = silent["RUS"]
    assert (russia.discussed, russia.accused, russia.quoted, russia.unquoted, russia.accused_unquoted) == (
        1,
        1,
        0,
        1,
        1,
    )
    assert [row.key for row in voices(ledger).whole.silent] == ["UKR", "RUS"]


def test_groups_are_outlets_countries_and_periods_of_publication(ledger: Ledger) -> None:
    found = voices(ledger, by="outlet")
    assert [(one.label, one.reports, one.statements) for one in found.groups] == [("Organ", 2, 2), ("Paper", 2, 5)]
    assert [one.label for one in voices(ledger, by="month").groups] == ["2022-03", "2022-04", "(unknown)"]
    assert [one.label for one in voices(ledger, by="outlet_country").groups] == ["RUS", "USA"]
    # Each group is what the filter gives.
    for one in found.groups:
        alone = voices(ledger, outlet=one.label).whole
        assert _weights(alone.countries) == _weights(one.countries)
        assert alone.silent == one.silent


def test_filters_on_statements_leave_out_who_is_silent(ledger: Ledger) -> None:
    found = voices(ledger, about="UKR")
    assert _weights(found.whole.countries) == {"USA": 0.5, "GBR": 0.5, "RUS": 1.0}
    assert found.whole.silent == ()
    assert any("left out" in note for note in found.notes)
    assert voices(ledger, since="2022-04", until="2022-04").whole.reports == 2
    assert voices(ledger, text="plant").whole.statements == 1
    assert "about Ukraine" in found.choice


def test_wrong_choices_are_named(ledger: Ledger) -> None:
    with pytest.raises(BadChoice, match="weigh"):
        voices(ledger, weigh="letters")
    with pytest.raises(BadChoice, match="put reports together"):
        voices(ledger, by="moon")
    with pytest.raises(BadFilter, match="did you mean 'speaker'"):
        voices(ledger, speakr="Vance")


@settings(max_examples=2, deadline=None)
@given(st.integers(0, 1000))
def test_shares_add_up_and_order_leaves_no_trace(tmp_path_factory: Any, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    who = (
        "A One USA GOV",
        "B Two RUS MIL",
        "? CHN GOV",
        "- - -",
        "C Three GROUP:Acme@CHN BUS",
        "A One USA GOV|B Two RUS MIL",
    )
    codings = [
        telling(f"r{n}", "2022-01-01", [says(chance.choice(who), "some words [China CHN]") for _ in range(chance.randint(0, 4))])
        for n in range(6)
    ]  # fmt: skip

    def of(given: Any) -> Voices:
        with ledger_of(tmp_path_factory.mktemp("v"), given) as ledger:
            return voices(ledger, by="report")

    one, two = of(codings), of(codings[::-1])
    assert one == two
    for group in (one.whole, *one.groups):
        if group.statements:
            for rows in (group.countries, group.sectors):
                assert sum(row.share.value for row in rows) == pytest.approx(1)
            for row in group.countries:
                span = row.share.interval
                assert span is None or 0 <= span.low <= span.high <= 1
        for row in group.silent:
            assert row.quoted + row.unquoted <= group.reports
            assert row.accused_unquoted <= row.unquoted


def test_the_command_counts_the_ledger_and_files(ledger: Ledger, tmp_path: Path, capsys: Any) -> None:
    place = ledger.home.folder
    done = here(capsys, "voices", "--by", "outlet", "--ledger", place)
    assert done.code == 0 and "Organ" in done.out and "talked about, not quoted" in done.out
    done = here(capsys, "voices", "--about", "UKR", "--ledger", place, "--json")
    assert {row["key"] for row in done.json["whole"]["countries"]} == {"RUS", "USA", "GBR"}
    path = tmp_path / "report.txt"
    path.write_text(
        'China opposes sanctions, Foreign Ministry spokesperson Mao Ning said on Monday. "Dialogue is the way," she said.'
    )
    done = here(capsys, "voices", path, "--json")
    assert done.json["whole"]["countries"][0]["key"] == "CHN"
    assert done.json["whole"]["reports"] == 1 and done.json["whole"]["statements"] >= 2
