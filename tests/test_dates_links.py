"""What an expression is attached to and spreads to, and what a trigger climbs to, with the steps."""

import pytest
from parsing import parsed

from comity.dates.links import attach, climb, head_of, spread
from comity.language import Parse

SPREADS = [
    ("The ministers met on *Monday*.", "on", {"met": 0}),
    ("They held talks on *Monday*.", "on", {"held": 0}),
    ("*Monday*'s attack killed three.", "", {"attack": 0, "killed": 1}),
    ("They condemned *Monday*'s attack.", "", {"attack": 0}),
    ("He said at a briefing on *Monday* that it rained.", "on", {"briefing": 0, "said": 1}),
    ("He spoke of a plan for *Monday*.", "for", {"plan": 0}),
    ("He left after talks on *Monday*.", "on", {"talks": 0, "left": 3}),
    ("He left before *Monday*.", "before", {"left": 0}),
    ("The shops stay closed until *Monday*.", "until", {"closed": 0}),
    ("Ahead of *Monday*'s vote he left.", "", {"vote": 0}),
    ("Speaking on *Monday*, he praised it.", "on", {"Speaking": 0, "praised": 2}),
    ("He refused to leave on *Monday*.", "on", {"leave": 0, "refused": 2}),
    ("Prices rose as he spoke on *Monday*.", "on", {"spoke": 0, "rose": 3}),
    ("The talks held on *Monday* failed.", "on", {"held": 0, "talks": 1, "failed": 2}),
    ("In a speech given on *Monday*, he praised it.", "on", {"given": 0, "speech": 1, "praised": 2}),
    ("The talks that took place on *Monday* failed.", "on", {"took": 0, "talks": 2, "failed": 3}),
    ("He said on *Monday* the talks had failed.", "on", {"said": 0}),
    ("It has rained since *Monday*.", "since", {"rained": 0}),
    ("It was the first attack since *Monday*.", "since", {}),
    ("They signed the *2015* deal.", "", {"deal": 0, "signed": 1}),
    ("They praised the *2015* deal.", "", {"deal": 0}),
    ("He warned of war should it rain on *Monday*.", "on", {"warned": 0}),
    ("The reaction to *Monday*'s attack was calm.", "", {"attack": 0}),
    ("No talks on *Monday*.", "on", {"talks": 0}),
    ("He praised it at talks held on *Monday*.", "on", {"held": 0, "talks": 1, "praised": 2}),
    ("It has rained since before *Monday*.", "before", {"rained": 0}),
    ("He left *shortly* after talks.", "", {"left": 0}),
    ("The talks on *Monday* were praised.", "on", {"talks": 0, "praised": 1}),
    ("It was the war of *2015*.", "of", {"war": 0, "was": 1}),
]

CLIMBS = [
    ("They held *talks*.", {"talks": 0, "held": 1}, "main"),
    ("They condemned the *attack*.", {"attack": 0}, "object"),
    ("*Talks* were held.", {"Talks": 0, "held": 1}, "main"),
    ("*Talks* were put off.", {"Talks": 0, "put": 2}, "main"),
    ("The *attack* was condemned.", {"attack": 0}, "object"),
    ("The *attack* killed three.", {"attack": 0, "killed": 1}, "main"),
    ("The *attack* limits trade.", {"attack": 0}, "subject"),
    ("He praised it and *left*.", {"left": 0, "praised": 1}, "main"),
    ("He praised it and she *left*.", {"left": 0, "praised": 2}, "main"),
    ("He spoke, *praising* it.", {"praising": 0, "spoke": 1}, "main"),
    ("Prices rose as they *signed* it.", {"signed": 0, "rose": 2}, "main"),
    ("Prices rose after they *signed* it.", {"signed": 0}, "after"),
    ("Prices rose because they *signed* it.", {"signed": 0}, "because"),
    ("He began to *leave*.", {"leave": 0, "began": 1}, "main"),
    ("He agreed to *leave*.", {"leave": 0}, "xcomp"),
    ("He said that it *rained*.", {"rained": 0}, "ccomp"),
    ("The man who *left* waved.", {"left": 0}, "relcl"),
    ("He won by *attacking* it.", {"attacking": 0, "by": 1, "won": 1}, "main"),
    ("He was accused of *attacking* it.", {"attacking": 0}, "of"),
    ("He left after *attacking* it.", {"attacking": 0, "after": 2, "left": 2}, "main"),
    ("He took part in *talks*.", {"talks": 0, "in": 1, "took": 1}, "main"),
    ("He left after *talks*.", {"talks": 0, "after": 2, "left": 2}, "main"),
    ("He left before *talks*.", {"talks": 0}, "before"),
    ("He left despite *talks*.", {"talks": 0}, "despite"),
    ("He left ahead of *talks*.", {"talks": 0, "of": 1, "ahead": 1}, "ahead"),
    ("With envoys *heading* home, it ended.", {"heading": 0, "With": 1, "ended": 1}, "main"),
    ("They met for talks and a *dinner*.", {"dinner": 0, "talks": 1, "for": 2, "met": 2}, "main"),
    ("He *left*.", {"left": 0}, "main"),
    ("He did *not* leave.", {"not": 0, "leave": 0}, "main"),
    ("It was an *attack*.", {"attack": 0, "was": 0}, "main"),
]


@pytest.fixture(scope="module")
def parses() -> dict[str, Parse]:
    rows = [row[0] for row in SPREADS + CLIMBS]
    texts = [row.replace("*", "") for row in rows]
    return dict(zip(rows, parsed(*texts)))


@pytest.mark.parametrize(("marked", "leading", "expected"), SPREADS, ids=[row[0] for row in SPREADS])
def test_an_expression_spreads(marked: str, leading: str, expected: dict[str, int], parses: dict[str, Parse]) -> None:
    s = parses[marked].sentences[0]
    first, last = s.token_at(marked.index("*")), s.token_at(marked.rindex("*") - 2)
    at = attach(s, head_of(s, first, last))
    assert at.leading == leading
    reach = spread(s, at, fine="2015" not in marked, past=True)
    assert {s.words[token]: steps for token, steps in reach} == expected


@pytest.mark.parametrize(("marked", "expected", "stop"), CLIMBS, ids=[row[0] for row in CLIMBS])
def test_a_trigger_climbs(marked: str, expected: dict[str, int], stop: str, parses: dict[str, Parse]) -> None:
    s = parses[marked].sentences[0]
    path, end = climb(s, s.token_at(marked.index("*")))
    assert end == stop
    assert {s.words[token]: steps for token, steps in path} == expected


def test_a_date_yet_to_come_stays_with_what_lies_ahead(parses: dict[str, Parse]) -> None:
    marked = "He warned of war should it rain on *Monday*."
    s = parses[marked].sentences[0]
    at = attach(s, s.token_at(marked.index("*")))
    assert [s.words[token] for token, _ in spread(s, at, fine=True, past=False)] == ["rain"]


def test_a_month_says_nothing_of_what_its_subject_does(parses: dict[str, Parse]) -> None:
    marked = "*Monday*'s attack killed three."
    s = parses[marked].sentences[0]
    at = attach(s, 0)
    assert [s.words[token] for token, _ in spread(s, at, fine=False, past=True)] == ["attack"]
