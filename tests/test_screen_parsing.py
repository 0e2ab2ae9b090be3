"""What is not parsed: segments that can hold no statement and no event; what that costs is measured."""

import pytest
from shared import SHARED, needs_shared

from comity import Coder
from comity.events.lexicon import lexicon
from comity.events.screen import event_words, forms, may_hold_event
from comity.language import split
from comity.language.model import UNPARSED, Language
from comity.reading import read_many
from comity.records import Coding, Report

MOST_LOST = 0.005
"""Share of events and of statements that the screen may cost."""

PLAIN = "The river is long and the weather was mild. Peru attacked Chile on Monday. Rain fell in the hills all night."


def test_a_segment_that_is_not_parsed_is_one_token_and_keeps_its_place():
    segments = split(PLAIN)
    (parse,) = Language().parse([(PLAIN, segments, segments[1:2])])
    assert [s.number for s in parse.sentences] == [0, 1, 2]
    assert [(s.words, s.tags) for s in (parse.sentences[0], parse.sentences[2])] == [
        (["The river is long and the weather was mild."], [UNPARSED]),
        (["Rain fell in the hills all night."], [UNPARSED]),
    ]
    assert len(parse.sentences[1]) == 6
    assert parse.sentence_at(3) is parse.sentences[0]


def test_records_beside_what_is_not_parsed_are_the_same():
    report = Report(id="r", text=PLAIN, published="2024-05-07", language="en")
    assert Coder().code(report) == Coder(screen=False).code(report)


@pytest.mark.parametrize(
    ("segment", "held"),
    [
        ("It attacked the village.", True),
        ("Both sides met.", True),
        ("They must leave.", True),
        ("The river is long and the weather was mild.", False),
        ("It was a mild and windy day.", False),
    ],
)
def test_a_segment_without_names_needs_an_event_word_and_a_word_that_stands_for_somebody(segment, held):
    words = event_words(lexicon()) - {"is", "was", "be"}
    assert may_hold_event(segment, words) is held


@pytest.mark.parametrize("form", ["ban", "bans", "banned", "banning"])
def test_forms_are_found(form):
    assert form in forms("ban")


@needs_shared
@pytest.mark.long
def test_the_screen_costs_at_most_half_a_percent():
    reports = [r for r in read_many(SHARED / "news" / "articles.jsonl") if isinstance(r, Report)][7::14][:380]
    events, statements = [], []
    for coder in (Coder(screen=False), Coder()):
        made = [c for c in coder.stream(reports) if isinstance(c, Coding)]
        events.append({(c.report.id, e.type, e.trigger, e.source, e.target) for c in made for e in c.events})
        statements.append({(c.report.id, s.content, s.cue, s.speakers) for c in made for s in c.statements})
    for whole, screened in (events, statements):
        print(f"lost {len(whole - screened)} of {len(whole)}, new {len(screened - whole)}")  # noqa: T201
        assert len(whole - screened) <= MOST_LOST * len(whole)
