"""The table of counted events: what a choice lets in, and how each event counts."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from relations_samples import event, ledger_of, report

from comity.ledger import Ledger
from comity.records import Coding
from comity.relations import BadChoice, choose, counted, need_party, resolve, restate
from comity.relations.choice import STATE_SECTORS, Choice
from comity.relations.told import QUADS, sign_of

PARTIES = ("CHN", "RUS", "USA", "GROUP:Acme@CHN", "GROUP:Rebels@null", "IGO:NATO", "CHN:BUS", "RUS:MIL")
TYPES = (
    ("CONSULT", "visit"), ("SUPPORT", None), ("REQUEST", None), ("REQUEST", "yield"), ("REQUEST", "meet"),
    ("ACCUSE", "allege"), ("ASSAULT", None), ("AID", None),
)  # fmt: skip


def _random_reports() -> Iterator[Coding]:
    chance = random.Random(4)  # noqa: S311
    for n in range(60):
        events = []
        for _ in range(5):
            source = "|".join(chance.sample(PARTIES, chance.choice((1, 1, 1, 2))))
            target = "|".join(chance.sample(PARTIES, chance.choice((1, 1, 1, 2))))
            type_, mode = chance.choice(TYPES)
            events.append(
                event(
                    f"2022-0{chance.randint(1, 9)}-1{chance.randint(0, 9)}", source, target, type_, mode,
                    mutual=chance.random() < 0.2, background=chance.random() < 0.1,
                    status=chance.choice(("actual", "actual", "actual", "denied")),
                    scope=chance.choice(("international", None, "domestic")),
                    account_party=chance.choice((None, "independent", "source", "target", "third")),
                    confidence=chance.choice((0.3, 0.6, 0.95)),
                )
            )  # fmt: skip
        yield report(f"r{n:02}", "2022-10-01", events, outlet=chance.choice(("A", "B", None)))


CODINGS = list(_random_reports())


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    with ledger_of(tmp_path_factory.mktemp("told"), CODINGS) as made:
        yield made


def _seen(parties: Any, choice: Choice) -> set[str]:
    """The parties of a side as the choice sees them: the definition, in plain Python."""
    found = set()
    for party in parties:
        code = party.country
        if code.startswith("GROUP:"):
            state = code.rpartition("@")[2]
            found.add(state if choice.fold_groups and state != "null" else code)
        elif code.startswith("IGO:"):
            if "IGO" in choice.sectors:
                found.add(code)
        elif party.sector is None or party.sector in choice.sectors:
            found.add(code)
    return found


def _expected(choice: Choice) -> list[tuple[str, str, str, int, int]]:
    made = []
    for coding in CODINGS:
        for one in coding.events:
            word = one.account_party
            asserted = {
                "default": word in (None, "independent", "source") or (word == "target" and "cooperation" in one.quad),
                "independent": word in (None, "independent"),
                "parties": word in ("source", "target"),
                "anyone": True,
            }[choice.asserted]
            outlet = coding.report.outlet or "(unknown outlet)"
            if (
                one.background or one.status != "actual" or not asserted or one.confidence < choice.min_confidence
                or (choice.scope == "international" and one.scope == "domestic")
                or (choice.since and one.date < choice.since) or (choice.until and one.date > choice.until)
                or (choice.outlets is not None and outlet not in choice.outlets)
            ):  # fmt: skip
                continue
            source, target = _seen(one.source, choice), _seen(one.target, choice)
            for lo in source | target:
                for hi in source | target:
                    forth, back = lo in source and hi in target, hi in source and lo in target
                    if lo < hi and (forth or back):
                        way = 2 if one.mutual or (forth and back) else 0 if forth else 1
                        made.append((one.id, lo, hi, way, sign_of(one.quad, one.type, one.mode)))
    return sorted(made)


CHOICES = (
    {},
    {"fold_groups": True},
    {"sectors": "GOV"},
    {"asserted": "anyone", "min_confidence": 0.0, "scope": "any"},
    {"asserted": "parties", "since": "2022-03-15", "until": "2022-06-12"},
    {"asserted": "independent", "outlets": ["A", "(unknown outlet)"]},
    {"sectors": "GOV,BUS,MIL", "fold_groups": True, "min_confidence": 0.9},
)


@pytest.mark.parametrize("options", CHOICES)
def test_what_counts_is_what_the_definition_says(ledger: Ledger, options: dict[str, Any]) -> None:
    choice = resolve(ledger, choose(count="mentions", **options)).choice
    rows = counted(ledger, choice, "SELECT id, lo, hi, way, sign FROM counted ORDER BY ALL").to_pylist()
    assert [tuple(row.values()) for row in rows] == _expected(choice)


@pytest.mark.parametrize("count", ["occurrences", "reports", "mentions"])
@pytest.mark.parametrize("options", CHOICES[:3])
def test_one_pair_and_all_pairs_are_the_same_table(ledger: Ledger, count: str, options: dict[str, Any]) -> None:
    choice = resolve(ledger, choose(count=count, **options)).choice
    select = "SELECT id, unit, lo, hi, way, sign, quad_number, weight FROM counted ORDER BY ALL"
    everything = counted(ledger, choice, select).to_pylist()
    for pair in sorted({(row["lo"], row["hi"]) for row in everything}):
        expected = [row for row in everything if (row["lo"], row["hi"]) == pair]
        assert counted(ledger, choice, select, pair=(pair[1], pair[0])).to_pylist() == expected


def test_weights_of_a_happening_add_up_to_one(ledger: Ledger) -> None:
    choice = resolve(ledger, choose()).choice
    select = "SELECT unit, lo, hi, sum(weight) AS weight FROM counted GROUP BY ALL"
    assert {round(row["weight"], 9) for row in counted(ledger, choice, select).to_pylist()} == {1.0}


def test_a_happening_told_thrice_counts_once_and_by_report_twice(tmp_path: Path) -> None:
    def told(words: str) -> dict[str, Any]:
        return event(
            "2022-10-27", "CHN", "RUS", "CONSULT", "phone", words=words, mutual=True,
            contact={"channel": "phone", "setting": "bilateral", "source_level": "minister", "target_level": "minister"},
        )  # fmt: skip

    first = "Wang Yi held a telephone conversation with Sergei Lavrov on Thursday."
    second = "Wang Yi and Sergei Lavrov held a telephone conversation on Thursday."
    codings = [
        report("r1", "2022-10-27", [told(first), told(second)]),
        report("r2", "2022-10-28", [told(first)], outlet="Other"),
    ]
    with ledger_of(tmp_path, codings) as ledger:
        number = {
            count: counted(
                ledger, resolve(ledger, choose(count=count)).choice, "SELECT sum(weight) AS n FROM counted"
            )["n"][0].as_py()
            for count in ("occurrences", "reports", "mentions")
        }  # fmt: skip
    assert number == {"occurrences": 1.0, "reports": 2.0, "mentions": 3.0}


def test_requests_have_no_sign_unless_they_ask_for_change_or_yielding() -> None:
    assert sign_of("verbal conflict", "REQUEST", None) == 0
    assert sign_of("verbal conflict", "REQUEST", "meet") == 0
    assert sign_of("verbal conflict", "REQUEST", "yield") == -1
    assert sign_of("verbal conflict", "REQUEST", "change") == -1
    assert [sign_of(quad, "AID", None) for quad in QUADS] == [1, 1, -1, -1]
    assert sign_of(None, "AID", None) == 0


def test_a_choice_is_checked_and_restated() -> None:
    assert choose(sectors="gov, mil").sectors == ("GOV", "MIL")
    assert choose().sectors == STATE_SECTORS
    assert restate(choose(since="2022", count="reports", fold_groups=True)) == (
        "Reports of events (an event once for each report that tells it); asserted by an independent account or by the "
        "source itself (by the target only where it is cooperation); international; actual ones only, background left "
        "out; a state is its GOV, MIL, LEG, JUD, SPY, IGO; groups count as their state's; since 2022; with confidence "
        "0.5 or more."
    )
    for wrong in (
        {"count": "tweets"},
        {"sectors": "GOV,XYZ"},
        {"since": "October"},
        {"nonsense": 1},
        {"asserted": "me"},
    ):
        with pytest.raises(BadChoice):
            choose(**wrong)


def test_origins_are_never_mixed(ledger: Ledger) -> None:
    assert resolve(ledger, choose()).choice.origin == "comity"
    assert resolve(ledger, choose()).scale == "plover"
    with pytest.raises(BadChoice, match="no events are of 'gdelt'"):
        resolve(ledger, choose(origin="gdelt"))


def test_names_of_states_will_do() -> None:
    assert need_party("China") == "CHN"
    assert need_party("IGO:NATO") == "IGO:NATO"
    with pytest.raises(BadChoice):
        need_party("Nowhereland")


def test_a_ledger_as_it_stood_before_it_was_brought_forward_says_what_to_do(tmp_path: Path) -> None:
    with zipfile.ZipFile(Path(__file__).parent / "ledgers" / "v3.zip") as archive:
        archive.extractall(tmp_path)
    with Ledger(tmp_path / "l") as now:
        before = now.snapshot - 1
        choice = resolve(now, choose()).choice
        assert counted(now, choice, "SELECT count(*) AS n FROM counted")["n"].to_pylist() != [0]
        with pytest.raises(BadChoice, match=f"as the ledger stood at {before}, .* brought forward"):
            counted(now.at(before), choice, "SELECT count(*) AS n FROM counted")
