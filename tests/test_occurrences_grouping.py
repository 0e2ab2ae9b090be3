"""Which reports and which events are taken to tell of one happening, whatever the order in which they come."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from occurrences_samples import (
    CALL,
    CALLED,
    FILLER,
    RAID,
    RAIDED,
    coding,
    world,
)
from shared import SHARED, needs_shared

from comity.ledger.occurrences import group_events, group_reports, leaders, stories, tellings
from comity.records import Coding


def groups(codings: list[Coding]) -> set[frozenset[str]]:
    """Occurrences as sets of "report/number of the event"."""
    names = {event.id: f"{one.report.id}/{n}" for one in codings for n, event in enumerate(one.events)}
    return {frozenset(names[event] for event in found) for found in group_events(codings)}


# --- following leaders -----------------------------------------------------------------------------------------------

graphs = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11), st.integers(0, 3)), max_size=30)


def partners_of(edges: list[tuple[int, int, int]], known: set[int]) -> leaders.Partners[int]:
    near: dict[int, dict[int, float]] = {}
    for a, b, weight in edges:
        if a != b:
            near.setdefault(a, {})[b] = near.setdefault(b, {})[a] = float(weight)
    return lambda items: {
        n: {m: w for m, w in near.get(n, {}).items() if m in known and near[m][n] == w} for n in items
    }


@settings(deadline=None)
@given(graphs, st.permutations(range(12)), st.lists(st.integers(1, 4), min_size=12, max_size=12))
def test_whoever_comes_first_the_same_follow_the_same(edges, order, sizes):
    edges = list({(min(a, b), max(a, b)): (a, b, w) for a, b, w in edges}.values())
    rank = {n: (n * 7) % 12 for n in range(12)}
    whole = leaders.group(rank, partners_of(edges, set(range(12))))
    known: set[int] = set()
    leader: dict[int, int] = {}
    waiting = list(order)
    for size in sizes:
        batch, waiting = waiting[:size], waiting[size:]
        known |= set(batch)
        leaders.settle(batch, rank, leader, partners_of(edges, known))
    known |= set(waiting)
    leaders.settle(waiting, rank, leader, partners_of(edges, known))
    assert leader == whole


def test_members_follow_a_leader_and_not_one_another():
    chain = [(0, 1, 1), (1, 2, 1), (2, 3, 1)]
    assert leaders.group({n: n for n in range(4)}, partners_of(chain, set(range(4)))) == {0: 0, 1: 0, 2: 2, 3: 2}


# --- reports ---------------------------------------------------------------------------------------------------------


def test_reports_of_one_story_are_found_and_copies_among_them():
    reports = [one.report for one in world()]
    found = {frozenset(story) for story in group_reports(reports)}
    assert frozenset({"plan", "call", "copy", "denial"}) in found
    traits = [stories.traits(report) for report in reports]
    _, copies = stories.partners_in(traits)
    assert leaders.group({one.id: stories.copy_rank(one) for one in traits}, copies) == {
        report.id: "call" if report.id == "copy" else report.id for report in reports
    }


def test_the_order_of_reports_leaves_no_trace():
    reports = [one.report for one in world()]
    assert group_reports(reports) == group_reports(reports[::-1])


def test_two_reports_with_one_id_are_refused():
    report = world()[0].report
    with pytest.raises(ValueError, match="two reports have one id"):
        group_reports([report, report])


def test_what_a_report_is_compared_by_travels_whole_through_bytes():
    for one in world():
        made = stories.traits(one.report)
        back = stories.unpacked(made.id, made.day, made.length, stories.packed(made))
        assert [list(map(int, part)) for part in made[3:]] == [list(map(int, part)) for part in back[3:]]
        assert stories.keys(made) == stories.keys(back)
        rows = [telling.row for telling in tellings.tellings(one, made.day)]
        assert [list(row) for row in tellings.unpacked([tellings.packed(row) for row in rows])] == [
            list(r) for r in rows
        ]


def test_the_sketch_of_a_wording_is_the_one_that_ledgers_hold():
    """A library that hashed otherwise would find no more copies of the reports that are stored."""
    sketch = stories.traits(world()[0].report).sketch
    assert [int(value) for value in sketch[:4]] == SKETCH


SKETCH = [481928636, 1148783518, 2847563946, 54619052]


# --- events ----------------------------------------------------------------------------------------------------------


def test_a_call_announced_held_copied_and_denied_is_one_and_a_raid_told_twice_another():
    assert groups(world()) == {
        frozenset({"plan/0", "call/0", "call/1", "copy/0", "copy/1", "denial/0"}),
        frozenset({"raid/0", "raid2/0"}),
        frozenset({"aid/0"}),
    }


@settings(deadline=None, max_examples=20)
@given(st.randoms(use_true_random=False))
def test_the_order_of_events_leaves_no_trace(chance: random.Random):
    shuffled = world()
    chance.shuffle(shuffled)
    assert group_events(shuffled) == group_events(world())


def test_the_leading_event_is_one_that_took_place_and_whose_day_is_told():
    (call,) = group_events(world()[:2])
    assert call[0] in {event.id for event in world()[1].events}


def test_background_tells_of_no_happening():
    assert groups([coding("a", "2023-06-06", (CALL, CALLED | {"background": True}))]) == set()


HERRING = (
    " Trawlers of both fleets had quarrelled over herring since spring. The union of skippers wants the waters closed until"
    " autumn to all who come from Bergen, and a court in Oslo will hear the owners of two boats that were seized."
)
BERG = CALLED | {"by": "Berg", "to": "Mensah", "trigger": "call", "pattern": "consult.call"}


@pytest.mark.parametrize(
    ("sentence", "event"),
    [
        # another caller, another day, another type
        ("Mensah took a call by the Norwegian minister Berg, who asked for fishing quotas.", BERG),
        (CALL, CALLED | {"date": "2023-05-22"}),
        (CALL, CALLED | {"type": "ACCUSE", "mutual": False, "pattern": "accuse.x"}),
    ],
)
def test_what_differs_in_kind_is_another_happening(sentence, event):
    other = coding("b", "2023-06-08", (sentence, event), outlet="Herald", more=HERRING)
    assert groups([coding("a", "2023-06-06", (CALL, CALLED), more=FILLER), other]) == {
        frozenset({"a/0"}),
        frozenset({"b/0"}),
    }


def test_a_mutual_event_told_from_both_sides_is_one():
    turned = "Mensah phoned Weiss on Monday about the cocoa tariff."
    one, two = coding("a", "2023-06-06", (CALL, CALLED)), coding(
        "b", "2023-06-06", (turned, CALLED | {"by": "Mensah", "to": "Weiss"})
    )  # fmt: skip
    assert groups([one, two]) == {frozenset({"a/0", "b/0"})}


def test_a_raid_by_the_one_is_not_a_raid_by_the_other():
    back = "Chad bombed a depot of Norway near Tema, killing 12 soldiers of the guard."
    one = coding("a", "2023-06-05", (RAID, RAIDED))
    two = coding("b", "2023-06-05", (back, RAIDED | {"by": "Chad", "to": "Norway"}))
    assert groups([one, two]) == {frozenset({"a/0"}), frozenset({"b/0"})}


def test_undated_reports_of_one_story_tell_of_one_happening():
    without = [
        coding(id_, None, (CALL, {k: v for k, v in CALLED.items() if k != "date"}), more=FILLER + end)
        for id_, end in (("a", ""), ("b", " More was not known."))
    ]
    assert groups(without) == {frozenset({"a/0", "b/0"})}


def test_every_event_but_background_is_in_one_occurrence():
    listed = [event for found in group_events(world()) for event in found]
    assert sorted(listed) == sorted(event.id for one in world() for event in one.events)
    assert len(set(listed)) == len(listed)


@needs_shared
def test_the_seed_report_tells_its_phone_call_several_times_and_it_is_one_occurrence():
    from comity.coder import Coder
    from comity.records import Report

    text = (SHARED / "news" / "global-times-2022-10-29.txt").read_text("utf-8")
    report = Report(id="seed", text=text, outlet="Global Times", published="2022-10-29", language="en")
    made = Coder().code(report)
    calls = {
        event.id for event in made.events
        if event.type == "CONSULT" and not event.background and event.mutual
        and {"CHN", "RUS"} == {p.country for p in (*event.source, *event.target)}
    }  # fmt: skip
    assert len(calls) >= 2
    (found,) = [set(one) for one in group_events([made]) if calls & set(one)]
    assert calls <= found
