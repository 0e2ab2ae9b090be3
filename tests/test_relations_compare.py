"""Comparing tellings: who speaks, what is told, what is left out and whether that is more than chance."""

from __future__ import annotations

import random
from math import comb
from pathlib import Path
from typing import Any

import pytest
from cli_running import here
from hypothesis import given
from hypothesis import strategies as st
from relations_samples import event, ledger_of, report
from relations_words import says, telling
from scipy.stats import hypergeom

from comity.relations import BadChoice
from comity.relations.compare import absence, compare

STRIKE = "Russian missiles struck the harbour of the Ukrainian port of Kotlin on Monday"


WORDS = [
    "harvest",
    "copper",
    "winter",
    "ladder",
    "garden",
    "candle",
    "river",
    "hammer",
    "castle",
    "violin",
    "meadow",
    "blanket",
    "lantern",
    "compass",
    "anchor",
    "basket",
    "thunder",
    "feather",
    "marble",
    "saddle",
    "orchard",
    "pepper",
    "window",
    "ribbon",
    "bottle",
    "kettle",
    "mirror",
    "pillow",
    "carpet",
    "button",
]


def _tale(seed: str) -> str:
    """A stretch of words that no other report has."""
    chance = random.Random(seed)  # noqa: S311
    return " ".join(chance.choice(WORDS) for _ in range(80))


def _telling(n: int, outlet: str, country: str, owner: str, speaker: str, more: bool) -> Any:
    day = "2022-07-23"
    words = f"{STRIKE}, {('officials', 'witnesses', 'sailors', 'the mayor')[n % 4]} said in report {n}."
    events = [event(day, "RUS", "UKR", "ASSAULT", words=words, status="actual" if more else "denied")]
    if more:
        events.append(event(day, "TUR", "UKR", "AID", words=f"Turkish ships brought {n + 3} loads of aid to Ukraine."))
    return telling(
        f"{outlet}-{n}", "2022-07-24", [says(speaker, f"the harbour was hit, and [Turkey TUR] helps; {_tale(outlet + str(n))}")],
        outlet=outlet, outlet_country=country, outlet_ownership=owner,
        events=report(f"{outlet}-{n}", "2022-07-24", events, outlet=outlet),
    )  # fmt: skip


CODINGS = [
    *(_telling(n, "West Times", "GBR", "private", "Petro Hul UKR GOV", True) for n in range(6)),
    *(_telling(n, "East Organ", "RUS", "state", "Igor Kuzin RUS GOV", False) for n in range(6)),
    telling(
        "other",
        "2022-07-24",
        [says("Al Reed GBR GOV", "the harvest is good")],
        outlet="West Times",
        outlet_country="GBR",
    ),
]


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with ledger_of(tmp_path_factory.mktemp("compare"), CODINGS) as made:
        yield made


def test_absence_is_fishers_exact_test() -> None:
    # Two of four others tell it; that neither of two here does has a chance of C(4,2) / C(6,2).
    assert absence(2, 4, 2) == pytest.approx(0.4)
    assert absence(6, 6, 6) == pytest.approx(1 / comb(12, 6))


@given(st.integers(1, 30), st.integers(0, 30), st.integers(0, 30))
def test_absence_is_the_hypergeometric_tail(of: int, elsewhere: int, here_: int) -> None:
    elsewhere = min(elsewhere, of)
    expected = hypergeom(of + here_, elsewhere, here_).pmf(0)
    assert absence(elsewhere, of, here_) == pytest.approx(expected)
    assert 0 < absence(elsewhere, of, here_) <= 1
    assert absence(elsewhere, of, 0) == 1.0


def test_two_tellings_side_by_side(ledger: Any) -> None:
    found = compare(ledger, "harbour")
    west, east = (next(one for one in found.tellings if one.label == code) for code in ("GBR", "RUS"))
    assert (west.reports, east.reports) == (6, 6)
    assert (west.statuses, east.statuses) == ((("actual", 6),), (("denied", 6),))
    assert [row.key for row in west.voices.countries] == ["UKR"]
    assert [row.key for row in east.voices.countries] == ["RUS"]
    missing = {one.words: one for one in east.missing}
    aid = missing["Turkey AID Ukraine"]
    assert (aid.kind, aid.elsewhere, aid.of, aid.beyond_chance) == ("event", 6, 6, True)
    # Looked at: aid, the attack (told on both sides), the voice of Ukraine, talk about Turkey; all four corrected by Holm.
    assert aid.chance == pytest.approx(4 / comb(12, 6))
    assert missing["Ukraine"].kind == "voice"
    assert {one.words for one in west.missing} == {"Russia"}
    assert west.examples[0]["words"].startswith(STRIKE)
    assert "no verdict" not in found.choice and "harbour" in found.choice


def test_an_occurrence_is_compared_by_its_id(ledger: Any) -> None:
    found = ledger.query("SELECT id, type FROM occurrences_v1 ORDER BY reports DESC, id LIMIT 1").to_pylist()[0]
    told = compare(ledger, found["id"][:10])
    assert told.occurrence is not None and told.occurrence["id"] == found["id"]
    assert "Russia → Ukraine: ASSAULT" in told.subject
    assert sum(one.reports for one in told.tellings) == told.occurrence["reports"]
    assert {kind for one in told.tellings for kind, _ in one.types} == {"ASSAULT"}


def test_a_wording_counts_once_in_each_group(tmp_path: Path) -> None:
    tale = f"the harbour was hit; {_tale('one')}"
    codings = [
        telling(
            f"{outlet}-{n}", f"2022-07-2{n}", [says("Petro Hul UKR GOV", tale)], outlet=outlet, outlet_country=country
        )
        for outlet, country in (("West Times", "GBR"), ("East Organ", "RUS"))
        for n in (4, 5, 6)
    ]
    with ledger_of(tmp_path, codings) as ledger:
        found = compare(ledger, "harbour")
    assert [(one.label, one.reports, one.copies) for one in found.tellings] == [("GBR", 1, 2), ("RUS", 1, 2)]
    assert found.notes == ("4 reports repeat another's wording in the same group and are left out.",)


def test_groups_may_be_outlets_or_owners(ledger: Any) -> None:
    assert [one.label for one in compare(ledger, "harbour", by="outlet").tellings] == ["East Organ", "West Times"]
    assert {one.label for one in compare(ledger, "harbour", by="ownership").tellings} == {"private", "state"}
    assert compare(ledger, "harbour", least=7).tellings == ()
    one = compare(ledger, "harbour", outlet_country="RUS")
    assert len(one.tellings) == 1 and "nothing to compare with" in one.notes[0]


@pytest.mark.parametrize(
    ("what", "asked", "words"),
    [
        ("zeppelin", {}, "no report has the words"),
        (None, {"since": "2030"}, "no reports pass"),
        ("harbour", {"by": "moon"}, "by: 'moon' is unknown"),
        ("harbour", {"speaker": "Reed"}, "does not choose reports"),
    ],
)
def test_what_cannot_be_compared_is_said(ledger: Any, what: str | None, asked: dict[str, Any], words: str) -> None:
    with pytest.raises(BadChoice, match=words):
        compare(ledger, what, **asked)


def test_the_command(ledger: Any, capsys: Any) -> None:
    place = ledger.home.folder
    done = here(capsys, "compare", "harbour", "--ledger", place)
    assert done.code == 0 and "left out by RUS" in done.out and "Turkey AID Ukraine" in done.out
    assert len(here(capsys, "compare", "harbour", "--by", "outlet", "--ledger", place, "--json").json["tellings"]) == 2
    assert here(capsys, "compare", "zeppelin", "--ledger", place).code == 2
