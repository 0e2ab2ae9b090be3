"""Occurrences in the ledger: the same whatever the order and the batches; after revisions, corrections and kills."""

# ruff: noqa: S311

import json
import random
import shutil
from pathlib import Path

import msgspec
import pytest
from cli_running import comity
from occurrences_samples import CALL, CALLED, DENIED, RAID, RAIDED, coding, world
from shared import SHARED, needs_shared

from comity.ledger import Ledger, UnknownId
from comity.ledger.occurrences import group_events, group_reports
from comity.records import Coding


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("occurrences") / "l"
    with Ledger(folder) as ledger:
        ledger.add(world())
    return folder


@pytest.fixture
def fresh(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "l"))


def members(ledger: Ledger) -> dict[str, set[str]]:
    rows = ledger.query(
        "SELECT occurrence, list(event_id) AS events FROM occurrence_accounts_v1 GROUP BY 1"
    ).to_pylist()
    return {row["occurrence"]: set(row["events"]) for row in rows}


def stories(ledger: Ledger) -> dict[str, set[str]]:
    rows = ledger.query("SELECT story, list(report_id) AS reports FROM stories_v1 GROUP BY 1").to_pylist()
    return {row["story"]: set(row["reports"]) for row in rows}


def assert_as_if_grouped_at_once(ledger: Ledger, codings: list[Coding]) -> None:
    assert members(ledger) == {found[0]: set(found) for found in group_events(codings)}
    assert stories(ledger) == {found[0]: set(found) for found in group_reports(one.report for one in codings)}


# --- whatever the way --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [1, 2])
def test_order_and_batches_leave_no_trace(made: Path, tmp_path: Path, seed: int) -> None:
    shuffled = world()
    random.Random(seed).shuffle(shuffled)
    with Ledger(tmp_path / "other") as other, Ledger(made, read_only=True) as ledger:
        for start in range(0, len(shuffled), 3):
            other.add(shuffled[start : start + 3])
        assert other.content_hash() == ledger.content_hash()
        assert_as_if_grouped_at_once(other, world())


def test_a_revised_report_takes_its_new_place(fresh: Path) -> None:
    revised = coding("call", "2023-06-06", (RAID, RAIDED), outlet="Courier")
    rest = [one for one in world() if one.report.id != "call"]
    with Ledger(fresh) as ledger:
        ledger.add([revised])
        assert_as_if_grouped_at_once(ledger, [*rest, revised])


def test_a_corrected_event_takes_its_new_place_and_comes_back_when_that_is_undone(fresh: Path) -> None:
    codings = world()
    call = codings[1]
    event = call.events[0]
    turned = msgspec.structs.replace(call, events=(msgspec.structs.replace(event, type="ACCUSE"), *call.events[1:]))
    with Ledger(fresh) as ledger:
        before = ledger.content_hash()
        done = ledger.correct(event.id, "type", "ACCUSE", author="ada")
        assert members(ledger) == {found[0]: set(found) for found in group_events([codings[0], turned, *codings[2:]])}
        ledger.undo(done.id, author="ada")
        assert members(ledger) == {found[0]: set(found) for found in group_events(codings)}
        assert ledger.content_hash()["stories_v1"] == before["stories_v1"]


def test_a_rejected_leader_leaves_the_others_together(fresh: Path) -> None:
    codings = world()
    (leader,) = (found[0] for found in group_events(codings) if len(found) == 6)
    home = next(one for one in codings if any(event.id == leader for event in one.events))
    without = msgspec.structs.replace(home, events=tuple(e for e in home.events if e.id != leader))
    with Ledger(fresh) as ledger:
        ledger.reject(leader, author="ada")
        rest = [without if one is home else one for one in codings]
        assert members(ledger) == {found[0]: set(found) for found in group_events(rest)}
        assert ledger.count("occurrences") == 3


def test_an_event_found_to_be_background_leaves_its_occurrence(fresh: Path) -> None:
    (aid,) = world()[-1].events
    with Ledger(fresh) as ledger:
        ledger.correct(aid.id, "background", True, author="ada")
        assert aid.id not in members(ledger)


def test_what_a_kill_left_without_a_place_gets_one_with_the_next_addition(tmp_path: Path, monkeypatch) -> None:
    first, rest = world()[:4], world()[4:]
    with Ledger(tmp_path / "l") as ledger:
        with monkeypatch.context() as patch:
            patch.setattr(Ledger, "settle", lambda self: 0)
            ledger.add(first)
        assert members(ledger) == {}
        ledger.add(rest)
        assert_as_if_grouped_at_once(ledger, world())
        assert ledger.settle() == 0


def test_a_ledger_that_kept_no_traits_is_settled_all_the_same(tmp_path: Path, monkeypatch) -> None:
    with Ledger(tmp_path / "l") as ledger:
        with monkeypatch.context() as patch:
            patch.setattr(Ledger, "settle", lambda self: 0)
            patch.setattr("comity.ledger.write.insert_traits", lambda cursor, codings: None)
            ledger.add(world())
        assert ledger.settle() == len(world())
        assert_as_if_grouped_at_once(ledger, world())


def test_many_transactions_find_the_same_as_one(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("comity.ledger.occurrences.settling.AT_ONCE", 2)
    with Ledger(tmp_path / "l") as ledger:
        ledger.add(world()[::-1])
        assert_as_if_grouped_at_once(ledger, world())


# --- what the views say ------------------------------------------------------------------------------------------------


def test_a_call_and_a_raid_as_the_views_tell_them(made: Path) -> None:
    columns = ["type", "stage", "mentions", "reports", "accounts", "outlets", "outlet_countries", "source_says",
               "target_says", "conflicts"]  # fmt: skip
    with Ledger(made, read_only=True) as ledger:
        rows = ledger.occurrences(columns=columns, reports=2)
        assert ledger.count("occurrences", reports=2) == 2
        assert ledger.restate("occurrences", reports=2) == "Occurrences told by 2 reports or more."
        first = ledger.occurrences(columns=["first_report", "first_outlet"], type="CONSULT").to_pylist()
    assert rows.to_pylist() == [
        {"type": "CONSULT", "stage": "disputed", "mentions": 6, "reports": 4, "accounts": 3, "outlets": 4,
         "outlet_countries": ["AUT", "GHA"], "source_says": "asserts", "target_says": "denies", "conflicts": ["whether"]},
        {"type": "ASSAULT", "stage": "held", "mentions": 2, "reports": 2, "accounts": 2, "outlets": 2,
         "outlet_countries": ["AUT", "GHA"], "source_says": None, "target_says": None, "conflicts": ["place", "dead"]},
    ]  # fmt: skip
    assert first == [{"first_report": "plan", "first_outlet": "Wiener Bote"}]


def test_copies_are_folded(made: Path) -> None:
    with Ledger(made, read_only=True) as ledger:
        rows = ledger.query("SELECT report_id, copy_of FROM stories_v1 WHERE copy_of IS NOT NULL").to_pylist()
    assert rows == [{"report_id": "copy", "copy_of": "call"}]


@pytest.mark.parametrize(
    ("filters", "types"),
    [
        ({"between": "AUT-GHA"}, ["CONSULT"]), ({"dyad": "GHA-AUT"}, ["CONSULT"]), ({"dyad": "TCD-NOR"}, []),
        ({"country": "NOR"}, ["AID", "ASSAULT"]), ({"stage": "disputed"}, ["CONSULT"]), ({"accounts": 3}, ["CONSULT"]),
        ({"conflict": "dead"}, ["ASSAULT"]), ({"until": "2023-06-04"}, ["ASSAULT"]), ({"ownership": "state"}, ["CONSULT"]),
    ],
)  # fmt: skip
def test_occurrences_are_filtered(made: Path, filters: dict, types: list[str]) -> None:
    with Ledger(made, read_only=True) as ledger:
        assert ledger.occurrences(columns=["type"], **filters)["type"].to_pylist() == types


def test_pages_follow_one_another(made: Path) -> None:
    with Ledger(made, read_only=True) as ledger:
        whole = ledger.occurrences(columns=["id"])["id"].to_pylist()
        first = ledger.occurrences(columns=["id"], limit=2)["id"].to_pylist()
        assert first + ledger.occurrences(columns=["id"], after=first[-1])["id"].to_pylist() == whole


def test_a_mirror_shows_the_same_occurrences_and_follows(fresh: Path) -> None:
    late = world()[-1]
    with Ledger(fresh) as ledger, Ledger(fresh, mirror=True) as mirror:
        assert members(mirror) == members(ledger)
        ledger.reject(late.events[0].id, author="ada")
        mirror.refresh()
        assert members(mirror) == members(ledger)


# --- one of them -------------------------------------------------------------------------------------------------------


def test_the_page_of_a_call_shows_its_life_its_accounts_and_who_denies_it(made: Path) -> None:
    denial = world()[3].events[0].id
    with Ledger(made, read_only=True) as ledger:
        page = ledger.occurrence(denial)
    assert [(stage.stage, stage.accounts, stage.first_outlet) for stage in page.life] == [
        ("announced", 1, "Wiener Bote"), ("held", 1, "Courier"), ("denied", 1, "Accra Post"),
    ]  # fmt: skip
    assert [(one.report, one.stage, one.copy_of, one.speakers) for one in page.accounts] == [
        ("plan", "announced", None, ("Austria",)), ("call", "held", None, ()), ("call", "held", None, ()),
        ("copy", "held", "call", ()), ("copy", "held", "call", ()), ("denial", "denied", None, ("Ghana",)),
    ]  # fmt: skip
    assert [one.what for one in page.conflicts] == ["whether"] == page.occurrence["conflicts"]
    assert (page.source_says, page.target_says) == ("asserts", "denies")
    assert page.accounts[-1].words == DENIED


def test_numbers_in_conflict_are_listed_each_with_who_tells_it(made: Path) -> None:
    raid, raid2 = (one.events[0].id for one in world()[4:6])
    with Ledger(made, read_only=True) as ledger:
        page = ledger.occurrence(raid[:12])
    assert {one.what: one.values for one in page.conflicts} == {
        "place": {"Tema (geonames 1)": (raid,), "Accra (geonames 2)": (raid2,)},
        "dead": {"12": (raid,), "15": (raid2,)},
    }
    assert page.silent_outlets == (("Wiener Bote", 1), ("Accra Post", 1)) or dict(page.silent_outlets) == {
        "Accra Post": 1, "Wiener Bote": 1,
    }  # fmt: skip


def test_an_unknown_id_and_a_background_event_are_told_apart(tmp_path: Path) -> None:
    one = coding("a", "2023-06-06", (CALL, CALLED | {"background": True}))
    with Ledger(tmp_path / "l") as ledger:
        ledger.add([one])
        with pytest.raises(UnknownId, match="is background"):
            ledger.occurrence(one.events[0].id)
        with pytest.raises(UnknownId, match="has no occurrence"):
            ledger.occurrence("e00000")
        with pytest.raises(UnknownId, match="at least 4"):
            ledger.occurrence("e")


# --- the command -------------------------------------------------------------------------------------------------------


def test_the_command_lists_counts_and_shows_one(made: Path) -> None:
    listed = comity("occurrences", "--ledger", str(made))
    assert listed.code == 0
    assert "3 occurrences, told by 9 events" in listed.out
    found = json.loads(comity("occurrences", "--ledger", str(made), "--stage", "disputed", "--json").out)
    assert [(row["type"], row["accounts"], row["conflicts"]) for row in found] == [("CONSULT", 3, ["whether"])]
    page = comity("occurrences", found[0]["id"][:10], "--ledger", str(made))
    assert "6 events in 4 reports of 4 outlets; 3 accounts, 1 report being copies" in page.out
    assert "a copy of call" in page.out
    whole = json.loads(comity("occurrences", found[0]["id"], "--ledger", str(made), "--json").out)
    assert len(whole["accounts"]) == 6
    assert comity("occurrences", "e00000", "--ledger", str(made)).code == 2
    assert comity("occurrences", found[0]["id"], "--ledger", str(made), "--stage", "held").code == 2


def test_the_grouping_is_part_of_what_the_content_hash_covers(made: Path) -> None:
    with Ledger(made, read_only=True) as ledger:
        assert {"stories_v1", "occurrences_v1", "occurrence_accounts_v1"} < set(ledger.content_hash())


def test_an_occurrence_without_its_leader_is_found_by_the_check(fresh: Path) -> None:
    with Ledger(fresh) as ledger:
        assert ledger.check() == []
        with ledger._writing("break") as cursor:
            cursor.execute(
                "INSERT INTO store.memberships SELECT 99, rev, n, 'e0' FROM store.current_memberships LIMIT 1"
            )
        assert [one.what for one in ledger.check()] == ["an occurrence lacks the event that leads it"]


# --- the whole corpus --------------------------------------------------------------------------------------------------


@needs_shared
@pytest.mark.long
def test_the_corpus_added_twice_in_different_orders_makes_identical_ledgers(tmp_path: Path) -> None:
    from comity.coder import Coder
    from comity.reading import read_many
    from comity.records import coding_from_json, to_json

    coded = tmp_path / "coded.jsonl"
    with coded.open("wb") as file:
        for made in Coder().stream(read_many([SHARED / "news" / "articles.jsonl"])):
            if isinstance(made, Coding):
                file.write(to_json(made) + b"\n")
    lines = coded.read_bytes().splitlines()
    hashes = []
    for seed in (1, 2):
        random.Random(seed).shuffle(lines)
        with Ledger(tmp_path / str(seed)) as ledger:
            for start in range(0, len(lines), 1000 * seed):
                ledger.add(map(coding_from_json, lines[start : start + 1000 * seed]))
            hashes.append(ledger.content_hash())
    assert hashes[0] == hashes[1]
