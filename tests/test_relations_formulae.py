"""Formulae: significance against a library, mining and tracing on made-up speeches."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cli_running import here
from hypothesis import given
from hypothesis import strategies as st
from relations_samples import ledger_of
from relations_words import says, telling
from scipy.stats import chi2, chi2_contingency

from comity.relations import BadChoice
from comity.relations.formulae import content_words, fold, formulae, function_words, g_squared, holm, keyness, p_value

# --- statistics ------------------------------------------------------------------------------------------------------

counts = st.integers(1, 400)


@given(counts, counts, counts, st.integers(1, 4000))
def test_g2_is_scipys_log_likelihood_ratio(together: int, left: int, right: int, neither: int) -> None:
    table = np.array([[together, left], [right, neither]])
    expected = chi2_contingency(table, correction=False, lambda_="log-likelihood").statistic
    found = float(g_squared(np.array(together), np.array(together + left), np.array(together + right), table.sum()))
    assert abs(found) == pytest.approx(expected, abs=1e-6)
    assert found >= -1e-9 if together * neither >= left * right else found <= 1e-9


def test_g2_of_a_textbook_table() -> None:
    # 10 together, each 20 times, in 100 places: 2 (10 ln 2.5 + 2 · 10 ln (10/16) + 70 ln (70/64)).
    expected = 2 * (10 * np.log(2.5) + 20 * np.log(10 / 16) + 70 * np.log(70 / 64))
    assert float(g_squared(np.array(10), np.array(20), np.array(20), 100)) == pytest.approx(expected)
    assert float(g_squared(np.array(4), np.array(20), np.array(20), 100)) == pytest.approx(0.0)  # as chance has it


def test_keyness_of_equal_rates_is_none() -> None:
    assert float(keyness(np.array(10), np.array(20), 1000, 2000)) == pytest.approx(0.0)
    # 30 in 1,000 against 10 in 1,000: expected 20 each.
    assert float(keyness(np.array(30), np.array(10), 1000, 1000)) == pytest.approx(
        2 * (30 * np.log(1.5) + 10 * np.log(0.5))
    )
    assert float(keyness(np.array(10), np.array(30), 1000, 1000)) < 0


@given(st.floats(0, 600))
def test_p_is_half_the_tail_of_chi_square(g2: float) -> None:
    assert p_value(g2) == pytest.approx(chi2.sf(g2, 1) / 2 if g2 > 0 else 0.5, rel=1e-6, abs=1e-300)


def test_holms_correction() -> None:
    assert holm(np.array([0.01, 0.04, 0.03, 0.005])).tolist() == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm(np.array([0.9, 0.8])).tolist() == [1.0, 1.0]


@pytest.mark.parametrize(
    ("word", "folded"),
    [
        ("Countries", "country"), ("processes", "process"), ("cases", "case"), ("China's", "china"), ("bus", "bus"),
        ("nation’s", "nation"), ("sanctions", "sanction"), ("this", "this"), ("crisis", "crisis"), ("taxes", "tax"),
    ],
)  # fmt: skip
def test_words_fold(word: str, folded: str) -> None:
    assert fold(word) == folded


def test_function_words_are_few_and_hold_no_negation() -> None:
    assert {"the", "of", "and", "their"} <= function_words()
    assert not {"no", "not", "win", "limits"} & function_words()
    assert content_words("no limits") == ["no", "limit"]


# --- mining and tracing ----------------------------------------------------------------------------------------------

FILLER = [
    "farmers harvest wheat", "engineers repair bridges", "teachers open schools", "doctors treat patients",
    "drivers carry goods", "students write essays", "painters show pictures", "sailors mend nets",
    "bakers sell bread", "miners dig coal", "singers give concerts", "judges read papers",
]  # fmt: skip


ENDS = [
    "for good", "this spring", "come rain", "since autumn", "by sea", "in peace", "on land", "with care", "at speed",
    "as agreed", "in earnest", "without pause",
]  # fmt: skip


def _codings() -> list[Any]:
    made = []
    for n, (filler, end) in enumerate(zip(FILLER, ENDS)):
        said = [
            says("Wei Lin CHN GOV", f"{filler} and our mutually beneficial cooperation {end}, as [Russia RUS] knows")
        ]
        if n % 3 == 0:
            said.append(says("Oleg Rudin RUS GOV", f"{filler} after {end} and mutually beneficial cooperations"))
        said.append(says("Ann Price GROUP:Acme@USA BUS", f"{filler} as they always do"))
        made.append(telling(f"r{n:02}", f"20{20 + n // 4}-0{1 + n % 9}-05", said, outlet=("Daily", "Organ")[n % 2]))
    made.append(telling("trade", "2019-02-01", [says("Oleg Rudin RUS GOV", "a mutually beneficial trade deal")]))
    made.append(
        telling(
            "copy",
            "2020-02-01",
            [
                says(
                    "Wei Lin CHN GOV",
                    f"{FILLER[0]} and our mutually beneficial cooperation {ENDS[0]}, as [Russia RUS] knows",
                )
            ],
            outlet="Copyist",
        )
    )
    return made


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with ledger_of(tmp_path_factory.mktemp("formulae"), _codings()) as made:
        yield made


def test_a_recurrent_wording_is_found_with_its_spread(ledger: Any) -> None:
    found = formulae(ledger)
    (formula,) = [one for one in found.formulae if "beneficial" in one.text]
    assert formula.text == "mutually beneficial cooperation"
    assert formula.uses == 16  # the copy repeats a stretch and is no use of its own
    assert formula.reports == 13
    assert (formula.first.day, formula.first.speaker, formula.first.country) == (date(2020, 1, 5), "Wei Lin", "CHN")
    assert formula.states == (("CHN", 12), ("RUS", 4))
    assert formula.spread == (("CHN", date(2020, 1, 5)), ("RUS", date(2020, 1, 5)))
    assert dict(formula.outlets)["Copyist"] == 1
    assert formula.speaker_count == 2
    assert formula.p is not None and formula.p <= 0.01 and formula.g2 is not None and formula.g2 > 50
    assert formula.keyness is not None and formula.keyness > 0
    assert sum(number for _, number in formula.periods) == 16
    assert found.tested > 0 and found.statements == 18


def test_what_others_say_as_much_is_no_formula(ledger: Any) -> None:
    texts = [one.text for one in formulae(ledger).formulae]
    assert not any(filler.split()[0] in text for filler in FILLER for text in texts)


def test_names_are_no_wording(ledger: Any) -> None:
    assert not any("Russia" in one.text for one in formulae(ledger).formulae)


def test_a_users_own_wordings_are_traced(ledger: Any) -> None:
    found = formulae(ledger, trace=["mutually beneficial cooperation", "mutually beneficial deal", "no limits"])
    first, second = found.formulae
    assert (first.uses, first.reports) == (16, 13)
    assert [(one.text, one.uses) for one in first.variants] == [
        ("mutually beneficial cooperation", 12), ("mutually beneficial cooperations", 4),
    ]  # fmt: skip
    assert (second.text, second.first.words) == ("mutually beneficial deal", "a mutually beneficial trade deal")
    assert second.variants[0].text == "mutually beneficial trade deal"
    assert found.absent == ("no limits",)
    assert formulae(ledger, trace=["wheat"]).formulae[0].uses == 1 + 1  # China's and Russia's
    assert formulae(ledger, trace=["wheat"], anyone=True).formulae[0].uses == 3


def test_wordings_stay_within_a_sentence(tmp_path: Path) -> None:
    said = says("Wei Lin CHN GOV", "We have no plans. Limits are for others, with no further limits")
    with ledger_of(tmp_path, [telling("r", "2022-01-01", [said])]) as ledger:
        (found,) = formulae(ledger, trace=["no limits"]).formulae
        assert [one.text for one in found.variants] == ["no further limits"]


def test_filters_and_wrong_choices(ledger: Any) -> None:
    assert formulae(ledger, country="RUS", least_reports=2).statements == 5
    with pytest.raises(BadChoice, match="sort"):
        formulae(ledger, sort="beauty")
    with pytest.raises(BadChoice, match="periods"):
        formulae(ledger, by="moon")
    with pytest.raises(BadChoice, match="no words"):
        formulae(ledger, trace=["…"])


def test_an_empty_ledger_has_none(tmp_path: Path) -> None:
    with ledger_of(tmp_path, []) as ledger:
        found = formulae(ledger)
    assert (found.formulae, found.statements, found.tested) == ((), 0, 0)


def test_the_command(ledger: Any, tmp_path: Path, capsys: Any) -> None:
    place = ledger.home.folder
    done = here(capsys, "formulae", "--ledger", place)
    assert done.code == 0 and "mutually beneficial cooperation" in done.out
    listed = tmp_path / "wordings.txt"
    listed.write_text("# official words\nmutually beneficial cooperation\nno limits  # of 2022\n")
    done = here(capsys, "formulae", "--list", listed, "--ledger", place, "--json")
    assert [one["text"] for one in done.json["formulae"]] == ["mutually beneficial cooperation"]
    assert done.json["absent"] == ["no limits"]
    assert here(capsys, "formulae", "--list", tmp_path / "none.txt", "--ledger", place).code == 2
