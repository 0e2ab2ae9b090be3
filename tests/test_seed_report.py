"""The report that Comity started from, given as it is: nothing on the command line but its path.

The report itself is no part of the project. Places in it are found by two or three of its words.
"""

import pytest
from cli_running import comity
from shared import SHARED, needs_shared

from comity.records import coding_from_json

REPORT = SHARED / "news" / "global-times-2022-10-29.txt"

pytestmark = needs_shared


@pytest.fixture(scope="module")
def written():
    """The record as `comity code` writes it."""
    answer = comity("code", REPORT, "--jsonl", "-")
    assert (answer.code, answer.err) == (0, "")
    return answer.out


@pytest.fixture(scope="module")
def coding(written):
    return coding_from_json(written.encode())


@pytest.fixture(scope="module")
def cued(coding):
    """The statement whose cue is the `word` of a place in the report: cued("Wang said", "said")."""

    def find(place, word):
        at = coding.report.text.index(place) + place.index(word)
        return next(one for one in coding.statements if one.cue == (at, at + len(word)))

    return find


def party(one):
    return one.name, one.country, one.sector, one.office


def who(statement):
    return [one.name for one in statement.speakers]


def states(parties):
    """The states that parties are or belong to."""
    return {one.country.rpartition("@")[2] for one in parties if one.country} - {"null"}


def deeds(coding, word, kind, *, background=False):
    """Events of a type in the sentences that hold a word, by source and target."""
    text = coding.report.text
    return [
        one
        for one in coding.events
        if one.type == kind and one.background == background and word in text[slice(*one.sentence)]
    ]


def pairs(events):
    return {(a.country, b.country) for one in events for a in one.source for b in one.target}


WANG_YI = ("Wang Yi", "CHN", "GOV", "Minister of Foreign Affairs")
LAVROV = ("Sergey Lavrov", "RUS", "GOV", "Minister of Foreign Affairs")


def test_the_day_of_publication_and_the_outlet_are_recognised(coding):
    report = coding.report
    assert (report.published[:10], report.outlet, report.outlet_country) == ("2022-10-29", "Global Times", "CHN")


def test_the_text_is_kept_as_read(coding):
    assert coding.report.text.encode() == REPORT.read_bytes()


def test_the_phone_call_of_the_foreign_ministers(coding):
    [call] = deeds(coding, "phone conversation with", "CONSULT")
    assert {party(*call.source), party(*call.target)} == {WANG_YI, LAVROV}
    assert (call.date, call.date_precision) == ("2022-10-27", "day")
    assert (call.mode, call.cameo, call.status) == ("phone", "041", "actual")
    assert (call.mutual, call.scope, call.account) == (True, "international", None)
    assert call.contact is not None
    assert (call.contact.channel, call.contact.source_level, call.contact.target_level) == ("phone", *["minister"] * 2)


def test_the_congratulatory_message(coding):
    found = deeds(coding, "congratulatory", "SUPPORT")
    message = next(one for one in found if [p.name for p in one.source] == ["Vladimir Putin"])
    assert [(p.name, p.country) for p in message.target] == [("Xi Jinping", "CHN")]
    assert [p.country for p in message.source] == ["RUS"]
    assert (message.status, message.scope, message.quad) == ("actual", "international", "verbal cooperation")


def test_putins_words(coding):
    text = coding.report.text
    words = [one for one in coding.statements if who(one) == ["Vladimir Putin"] and one.via]
    assert [one.kind for one in words] == ["indirect", "verbatim", "verbatim"]
    assert {(one.date, one.date_precision) for one in words} == {("2022-10-27", "day")}
    assert {one.via for one in words} == {("TASS",)}
    assert "Valdai" in words[0].venue
    # two sentences inside one pair of quotation marks are one statement
    [(start, end)] = words[2].content
    assert text[start - 1] == '"' and '"' in text[end : end + 2]
    assert ". " in text[start:end]


def test_the_quoted_words_are_of_the_same_venue(coding):
    words = [one for one in coding.statements if who(one) == ["Vladimir Putin"] and one.via]
    assert len({one.venue for one in words}) == 1


def test_two_men_named_wang(cued):
    assert who(cued("Wang said", "said")) == ["Wang Wenbin"]
    assert who(cued("said Wang.", "said")) == ["Wang Yi"]
    assert who(cued("said Wang Yi", "said")) == ["Wang Yi"]


def test_pronouns_and_role_nouns_have_their_speaker(cued, coding):
    assert who(cued("He said", "said")) == ["Yang Xiyu"]
    told = cued("told the Global Times on Friday", "told")
    expert = cued("the expert said", "said")
    for one in (told, expert):
        [speaker] = one.speakers
        assert (speaker.anonymous, speaker.anonymous_type) == (True, "expert")
        assert speaker.country.endswith("@CHN")
    assert (told.date, told.date_precision) == ("2022-10-28", "day")
    assert told.speakers[0].actor == expert.speakers[0].actor


def test_stated_willingness_is_an_act(coding, cued):
    assert who(cued("said Lavrov", "said")) == ["Sergei Lavrov"]
    [russian] = deeds(coding, "willing to enhance", "AGREE")
    [chinese] = deeds(coding, "willing to deepen", "AGREE")
    assert [(pairs([one]), one.status) for one in (russian, chinese)] == [
        ({("RUS", "CHN")}, "actual"),
        ({("CHN", "RUS")}, "actual"),
    ]


def test_willingness_told_by_another(coding):
    statements = {one.id: one for one in coding.statements}
    told = deeds(coding, "its willingness", "AGREE")
    assert pairs(told) == {("RUS", "UKR"), ("RUS", "USA")}
    assert {one.status for one in told} == {"actual"}
    for one in told:
        account = statements[one.account]
        assert (who(account), account.date) == (["Wang Wenbin"], "2022-10-28")
    inner = [one for one in coding.statements if one.within == told[0].account and states(one.speakers) == {"RUS"}]
    assert len(inner) == 1


RIGHT = {
    *(("CHN", "RUS"), ("RUS", "CHN")),
    *(("RUS", "UKR"), ("UKR", "RUS"), ("RUS", "USA")),
    *(("USA", "CHN"), ("USA", "RUS")),
}
"""Pairs of states that the report tells of: of the United States only in what it names as known."""


def test_no_event_has_a_wrong_pair_of_states(coding):
    found = {(*pair, one.type) for one in coding.events for pair in pairs([one]) if all(map(is_state, pair))}
    assert {one for one in found if one[:2] not in RIGHT} == set()


def is_state(code):
    return code is not None and ":" not in code


def test_nobody_of_a_state_stands_in_a_wrong_pair(coding):
    found = {(a, b, one.type) for one in coding.events for a in states(one.source) for b in states(one.target)}
    assert {one for one in found if one[:2] not in RIGHT} == set()


@pytest.mark.parametrize("word", ["pressure", "attacks", "deepened cooperation", "deepened China-Russia exchange"])
def test_what_is_only_named_is_background(coding, word):
    text = coding.report.text
    at = text.index(word)
    named = [one for one in coding.events if one.trigger[0] < at + len(word) and at < one.trigger[1]]
    assert {one.background for one in named} <= {True}


def test_nothing_hostile_happened_that_day(coding):
    hostile = [one for one in coding.events if one.quad == "material conflict" or "USA" in states(one.source)]
    assert [one for one in hostile if not one.background] == []


def test_every_offset_slices_to_the_text_it_names(coding):
    text = coding.report.text
    named = [*coding.mentions, *coding.dates, *coding.places]
    for one in (*coding.statements, *coding.events):
        named += [*getattr(one, "speakers", ()), *getattr(one, "source", ()), *getattr(one, "target", ())]
        named += [part for part in (getattr(one, "addressee", None), getattr(one, "place", None)) if part]
    assert [one for one in named if one.start is not None and text[one.start : one.end] != one.text] == []
    spans = [span for one in coding.statements for span in (*one.content, one.cue, one.date_span) if span]
    spans += [span for one in coding.events for span in (one.sentence, one.trigger, one.date_span) if span]
    assert all(0 <= start < end <= len(text) and text[start:end].strip() == text[start:end] for start, end in spans)
    assert all(one.sentence[0] <= one.trigger[0] < one.trigger[1] <= one.sentence[1] for one in coding.events)


def test_coding_it_twice_gives_the_same_bytes(written):
    assert comity("code", REPORT, "--jsonl", "-").out == written


def test_it_is_kept_in_a_ledger_and_explained(coding, tmp_path):
    assert comity("add", REPORT, cwd=tmp_path).code == 0
    asked = comity(
        "events", "--between", "CHN-RUS", "--type", "CONSULT", "--since", "2022-10-27", "--json", cwd=tmp_path
    )
    [call] = [one for one in asked.json if one["mode"] == "phone" and one["date"] == "2022-10-27"]
    why = comity("explain", call["id"], cwd=tmp_path)
    assert why.code == 0
    assert call["reason"]["id"] in why.out
    told = comity("statements", "--speaker", "Wang Yi", "--about", "RUS", "--json", cwd=tmp_path)
    assert {one["id"] for one in told.json} <= {one.id for one in coding.statements if who(one) == ["Wang Yi"]}
    assert told.json
