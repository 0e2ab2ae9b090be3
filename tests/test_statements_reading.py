"""What is read of a report: contents, speakers, kinds, circumstances, and what must hold for every record."""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shared import SHARED, needs_shared
from statements_samples import contents, read, said

from comity.records import Statement
from comity.statements import Reading


def only(text: str, **report: str | None) -> Statement:
    (statement,) = read(text, **report).statements
    return statement


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Anna Berg said that the ferry was late.", ("Anna Berg", "said", "the ferry was late")),
        ("The ferry was late, Anna Berg said.", ("Anna Berg", "said", "The ferry was late")),
        ("The ferry was late, said Anna Berg.", ("Anna Berg", "said", "The ferry was late")),
        ("“The ferry,” Anna Berg said, “was late.”", ("Anna Berg", "said", "The ferry … was late.")),
        ("The ferry, Anna Berg said on Friday, was late.", ("Anna Berg", "said", "The ferry … was late")),
        ("“Why was it late? Who knows?” asked Anna Berg.", ("Anna Berg", "asked", "Why was it late? Who knows?")),
        ("According to Anna Berg, the ferry was late.", ("Anna Berg", "According to", "the ferry was late")),
        ("The ferry, according to Anna Berg, was late.", ("Anna Berg", "according to", "The ferry … was late")),
        ("As Anna Berg noted, the ferry was late.", ("Anna Berg", "noted", "the ferry was late")),
        ("In Anna Berg's view, the ferry was late.", ("Anna Berg", "view", "the ferry was late")),
        ("Anna Berg accused Norway of sinking the ferry.", ("Anna Berg", "accused", "sinking the ferry")),
        ("Anna Berg warned Norway against sinking the ferry.",
         ("Anna Berg", "warned", "sinking the ferry")),
        ("The US said that the ferry was late.", ("US", "said", "the ferry was late")),
        ("“Why was it late?” Anna Berg asked.", ("Anna Berg", "asked", "Why was it late?")),
        ("Anna Berg, speaking in Oslo, said the ferry was late.", ("Anna Berg", "said", "the ferry was late")),
        ("Anna Berg is convinced that the ferry was late.", ("Anna Berg", "convinced", "the ferry was late")),
        ("Anna Berg also called on Friday for Norway to raise the ferry.",
         ("Anna Berg", "called", "Norway to raise the ferry")),
        ("Anna Berg drew attention to the state of the ferry.", ("Anna Berg", "drew", "the state of the ferry")),
        ("Anna Berg urged Norway to raise the ferry.", ("Anna Berg", "urged", "to raise the ferry")),
        ("Anna Berg called on Norway to raise the ferry.", ("Anna Berg", "called", "to raise the ferry")),
        ("Anna Berg vowed to raise the ferry.", ("Anna Berg", "vowed", "to raise the ferry")),
        ("Anna Berg described the ferry as a wreck.", ("Anna Berg", "described", "the ferry as a wreck")),
        ("Anna Berg condemned the sinking of the ferry.", ("Anna Berg", "condemned", "the sinking of the ferry")),
        ("Anna Berg expressed concern about the ferry.", ("Anna Berg", "expressed concern", "the ferry")),
        ("Anna Berg made clear that the ferry was late.", ("Anna Berg", "made", "the ferry was late")),
        ("Anna Berg is confident that the ferry will sail.", ("Anna Berg", "confident", "the ferry will sail")),
        ("Anna Berg said in a report to the council on Friday that the ferry was late.",
         ("Anna Berg", "said", "the ferry was late")),
    ],
)  # fmt: skip
def test_a_construction_is_read(text: str, found: tuple[str, str, str]) -> None:
    assert said(text) == [found]


def test_two_sentences_inside_one_pair_of_marks_are_one_statement() -> None:
    assert said("“The ferry was late. We are sorry for that,” Anna Berg said.") == [
        ("Anna Berg", "said", "The ferry was late. We are sorry for that")
    ]


def test_a_quotation_over_paragraphs_is_one_statement() -> None:
    text = "Anna Berg said: “The ferry was late.\n\n“We are sorry for that.”\n\nIt rained."
    assert said(text) == [("Anna Berg", "said", "The ferry was late. … We are sorry for that.")]


def test_names_and_phrases_in_marks_are_no_speech() -> None:
    assert said("The so-called “Iron Road” was closed and the “Sea Star” stayed in port.") == []


def test_a_quotation_without_a_cue_goes_on_with_the_speaker_before() -> None:
    reading = read("“The ferry was late,” Anna Berg said. “We are sorry for that.”")
    assert [(contents(reading, s), s.continued, s.cue is None) for s in reading.statements] == [
        ("The ferry was late", False, False),
        ("We are sorry for that.", True, True),
    ]
    assert [s.speakers[0].name for s in reading.statements] == ["Anna Berg", "Anna Berg"]


def test_a_report_that_goes_on_in_its_own_words_is_marked_and_doubted() -> None:
    text = (
        "Olaf Scholz said the talks were useful. Germany will continue to share its experience with Poland. "
        "Germany and Poland will always be partners, Scholz said."
    )
    middle = read(text).statements[1]
    assert (middle.continued, middle.cue, middle.kind, middle.confidence) == (True, None, "indirect", 0.2)


def test_turns_of_a_transcript_are_verbatim_statements() -> None:
    text = (
        "Vladimir Putin met Alexander Lukashenko in Sochi.\n"
        "President of Russia Vladimir Putin: Good afternoon, I am glad to see you. Trade has grown. "
        "Alexander Lukashenko: Thank you for the invitation. We have much to discuss. Vladimir Putin: Please."
    )
    reading = read(text)
    assert [(s.speakers[0].name, s.kind, contents(reading, s)) for s in reading.statements] == [
        ("Vladimir Putin", "verbatim", "Good afternoon, I am glad to see you. Trade has grown."),
        ("Alexander Lukashenko", "verbatim", "Thank you for the invitation. We have much to discuss."),
        ("Vladimir Putin", "verbatim", "Please."),
    ]
    assert [f.name for f in reading.speaker_at(text.index("Trade"))] == [reading.statements[0].speakers[0].name]


SPEECH = (
    "Ukrainians! Our defenders! Today I spoke with the President of Poland. I told him that we need more guns. "
    "We will hold the line. Our people want peace, and I want it too. Glory to Ukraine!"
)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("We will hold - address by President Volodymyr Zelenskyy", "Volodymyr Zelenskyy"),
        ("We will hold - President Volodymyr Zelenskyy's address", "Volodymyr Zelenskyy"),
        ("Address by the President of Ukraine on the ninth day of the war", "Volodymyr Zelensky"),
        ("Speech by Anna Berg in the Storting", "Anna Berg"),
    ],
)
def test_an_address_is_the_words_of_whom_its_title_names(title: str, name: str) -> None:
    reading = read(SPEECH, title=title)
    whole, inner = reading.statements
    assert (whole.speakers[0].name, whole.kind, contents(reading, whole)) == (name, "verbatim", SPEECH)
    assert (contents(reading, inner), inner.within) == ("we need more guns", whole.id)


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (None, SPEECH),
        ("Zelenskyy speaks to the nation", SPEECH),
        ("On the speech by Zelenskyy", "Volodymyr Zelenskyy spoke on Friday. It was long. He said that he was tired."),
    ],
)
def test_a_text_without_its_speaker_in_the_title_or_in_others_words_is_no_address(title: str | None, text: str) -> None:
    reading = read(text, title=title)
    assert text not in [contents(reading, s) for s in reading.statements]


def test_the_official_is_the_speaker_whom_the_report_named() -> None:
    text = "Ben Wallace met his colleagues in London. The top official said that the plan was ready."
    assert only(text).speakers[0].name == "Ben Wallace"
    text = "A diplomat spoke first. Ben Wallace listened. The diplomat said that the plan was ready."
    assert only(text).speakers[0].anonymous


def test_a_headline_with_a_colon_names_its_speaker() -> None:
    text = "Olaf Scholz: Europe must wait\n\nChancellor Olaf Scholz met the council in Berlin on Friday."
    assert said(text) == [("Olaf Scholz", "", "Europe must wait")]


def test_joint_speakers_are_all_named() -> None:
    statement = only("Emmanuel Macron and Olaf Scholz said that the talks were useful.")
    assert [v.name for v in statement.speakers] == ["Emmanuel Macron", "Olaf Scholz"]


def test_he_said_is_the_speaker_before_and_not_a_name_in_the_quotation() -> None:
    text = "“Mr. Lind is wrong about the ferry,” Erik Berg said. “Ola Lind never saw it,” he added."
    assert [s.speakers[0].name for s in read(text).statements] == ["Erik Berg", "Erik Berg"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("A senior diplomat said the ferry was late.", "diplomat"),
        ("Residents said the ferry was late.", "resident"),
        ("Analysts said the ferry was late.", "expert"),
        ("A source familiar with the talks said the ferry was late.", "familiar"),
        ("Witnesses said the ferry was late.", "witness"),
        ("Many said the ferry was late.", "unspecified"),
        ("Anna Berg said the ferry was late.", None),
        ("The prime minister of Norway said the ferry was late.", None),
        ("The report said the ferry was late.", None),
    ],
)
def test_unnamed_sources_have_a_type(text: str, kind: str | None) -> None:
    speaker = only(text).speakers[0]
    assert (speaker.anonymous, speaker.anonymous_type) == (kind is not None, kind)


@pytest.mark.parametrize(
    ("text", "polarity", "modality"),
    [
        ("Anna Berg did not say whether the ferry was late.", "negative", "actual"),
        ("Anna Berg declined to comment on the ferry.", "negative", "actual"),
        ("Anna Berg denied that the ferry was late.", "negative", "actual"),
        ("Anna Berg will announce that the ferry is gone.", "positive", "intended"),
        ("Anna Berg is expected to say that the ferry is gone.", "positive", "intended"),
        ("Anna Berg said that the ferry was not late.", "positive", "actual"),
    ],
)
def test_negated_and_intended_speech_is_marked(text: str, polarity: str, modality: str) -> None:
    statement = only(text)
    assert (statement.polarity, statement.modality) == (polarity, modality)


def test_speech_that_was_only_maybe_made_is_no_statement() -> None:
    assert said("Anna Berg may say that the ferry is gone.") == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("“The ferry was late,” Anna Berg said.", "verbatim"),
        ("Anna Berg said the ferry was “not on time”.", "mixed"),
        ("Anna Berg said the ferry was late.", "indirect"),
    ],
)
def test_the_kind_is_told_by_the_marks(text: str, kind: str) -> None:
    assert only(text).kind == kind


def test_venue_channel_addressee_and_day_are_read() -> None:
    statement = only(
        "Mao Ning told reporters at Friday's media briefing that the ferry was late.", published="2023-03-05"
    )
    assert statement.addressee is not None
    assert (statement.venue, statement.channel, statement.addressee.text) == ("media briefing", "briefing", "reporters")
    assert (statement.date, statement.date_precision) == ("2023-03-03", "day")


@pytest.mark.parametrize(
    ("text", "via", "channel"),
    [
        ("The ferry was late, Anna Berg said, Reuters reported.", ("Reuters",), None),
        ("The ferry was late, Anna Berg told CNN.", ("CNN",), "interview"),
        ("Reuters quoted Anna Berg as saying that the ferry was late.", ("Reuters",), None),
        ("Anna Berg wrote on Twitter that the ferry was late.", (), "social"),
        ("Anna Berg said by phone that the ferry was late.", (), "phone"),
        ("Citing a senior diplomat, Reuters reported that the ferry was late.", ("Reuters",), None),
    ],
)
def test_relays_and_channels_are_told_apart(text: str, via: tuple[str, ...], channel: str | None) -> None:
    statement = only(text)
    assert (statement.via, statement.channel) == (via, channel)


def test_the_outlet_is_no_relay_of_its_own_report() -> None:
    assert only("The ferry was late, Anna Berg told CNN.", outlet="CNN").via == ()


def test_an_interview_lasts_while_its_speaker_speaks() -> None:
    text = "Anna Berg told CNN that the ferry was late. Berg said that it rained. Ola Lind said that it was cold."
    assert [s.via for s in read(text).statements] == [("CNN",), ("CNN",), ()]


def test_what_the_speakers_own_words_say_of_themselves_is_no_further_statement() -> None:
    assert said("“I think the ferry was late,” Anna Berg said.") == [
        ("Anna Berg", "said", "I think the ferry was late")
    ]


def test_who_says_we_is_asked_by_offset() -> None:
    text = "“We told Emmanuel Macron that we would wait,” Olaf Scholz said. Macron said we were late."
    reading = read(text)
    assert [f.name for f in reading.speaker_at(text.index("we would"))] == ["Olaf Scholz"]
    assert reading.speaker_at(text.index("we were")) == ()


def test_events_find_their_account_and_its_tokens() -> None:
    text = "Olaf Scholz said that Emmanuel Macron had denied that France sold the ferry."
    reading = read(text)
    inner = reading.account_at(text.index("sold"))
    outer = reading.account_at(text.index("had denied"))
    assert inner is not None and outer is not None
    assert (inner.within, outer.within) == (outer.id, None)
    assert reading.account_at(text.index("Scholz")) is None
    attribution = reading.attribution_at(text.index("sold"))
    assert attribution is not None
    sentence = reading.parse.sentences[0]
    ((number, first, last),) = reading.content_tokens(attribution)
    assert (number, sentence.words[first], sentence.words[last]) == (0, "France", "ferry")
    assert sentence.words[attribution.token] == "denied"


def test_ids_hang_on_report_kind_content_and_cue() -> None:
    first, second = read("Anna Berg said it rained."), read("Anna Berg said it rained.")
    assert [s.id for s in first.statements] == [s.id for s in second.statements]
    assert read("Anna Berg said it rained hard.").statements[0].id != first.statements[0].id


def holds_together(reading: Reading) -> None:
    """Contents and cues lie in the text, spans overlap only by nesting, and parents are there."""
    text = reading.report.text
    by_id = {s.id: s for s in reading.statements}
    assert len(by_id) == len(reading.statements)
    for s in reading.statements:
        assert s.content
        assert all(0 <= a < b <= len(text) for a, b in s.content)
        assert all(before[1] <= after[0] for before, after in zip(s.content, s.content[1:]))
        if s.within is not None:
            assert by_id[s.within].content[0][0] <= s.content[0][0]
        for v in s.speakers:
            assert v.start is None or v.end is None or text[v.start : v.end]
    for n, s in enumerate(reading.statements):
        for other in reading.statements[n + 1 :]:
            crossing = [
                (a, b, c, d)
                for a, b in s.content
                for c, d in other.content
                if a < d and c < b and not (a <= c and d <= b) and not (c <= a and b <= d)
            ]
            assert crossing == [], (s, other)


_PIECES = st.sampled_from(
    ["Anna Berg said ", "that the ferry was late", "the minister told reporters ", "he added", ", ", ". ", "\n\n", '"',
     "“", "”", "‘", "’", "according to Reuters", "We are ready", " and ", ": ", "Vladimir Putin: ", "TASS reported",
     "China warned Japan against ", "it would respond", " – official", "(", ")", "?"]
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(_PIECES, min_size=1, max_size=25).map("".join))
def test_spans_overlap_only_by_nesting_and_stay_in_the_report(text: str) -> None:
    holds_together(read(text))


@needs_shared
def test_real_reports_hold_together_whatever_their_marks() -> None:
    rows = (SHARED / "news" / "articles.jsonl").read_text("utf-8").split("\n")
    for line in random.Random(5).sample([row for row in rows if row], 30):  # noqa: S311
        row = json.loads(line)
        holds_together(read(row["text"], published=row["published"], outlet=row["outlet"]))
