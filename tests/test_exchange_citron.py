"""Citron's quotations: what is written of a statement, and why another is not."""

from typing import Any

import msgspec
import pytest

from comity.exchange.citron import document
from comity.records import Actor, Coding, Mention, Report, Speaker, Statement

TEXT = "Ana Sol rested. “We agree,” the envoy said. Ana Sol left."


def span(words: str, nth: int = 0) -> tuple[int, int]:
    start = TEXT.index(words) if not nth else TEXT.rindex(words)
    return start, start + len(words)


def piece(words: str) -> dict[str, Any]:
    start, end = span(words)
    return {"start": start, "end": end, "text": words}


def mention(nth: int) -> Mention:
    start, end = span("Ana Sol", nth)
    return Mention(start=start, end=end, text="Ana Sol", actor="a1")


def envoy(**known: Any) -> Speaker:
    start, end = span("the envoy")
    return Speaker(start=start, end=end, text="the envoy", actor="a1", name="Ana Sol", country="PER", **known)


def coding(
    text: str = TEXT,
    mentions: tuple[Mention, ...] = (mention(0), mention(1)),
    speaker: Speaker | None = None,
    **known: Any,
) -> Coding:
    made = {"id": "s1", "kind": "verbatim", "content": (span("We agree,"),), "cue": span("said")} | known
    return Coding(
        report=Report(id="r1", text=text, title="Rest"),
        actors=(Actor(id="a1", name="Ana Sol", kind="person"),),
        mentions=mentions,
        statements=(Statement(speakers=(speaker or envoy(),), **made),),
        codebook="c",
        coder="k",
    )


def quote(one: Coding) -> dict[str, Any]:
    made, _ = document(one)
    assert made is not None
    return msgspec.json.decode(made)["quotes"][0]


def test_a_statement_is_written_whole() -> None:
    made, judged = document(coding(channel="briefing", confidence=0.5, via=("AP",)))
    assert made is not None
    assert msgspec.json.decode(made) == {
        "text": TEXT,
        "quotes": [
            {
                "cue": piece("said"),
                "sources": [piece("the envoy")],
                "contents": [piece("We agree,")],
                "coreferences": [piece("Ana Sol")],
                "confidence": 0.5,
                "id": "s1",
                "comity_kind": "verbatim",
                "comity_channel": "briefing",
                "comity_via": ["AP"],
                "comity_speakers": [{"name": "Ana Sol", "country": "PER"}],
            }
        ],
        "comity_report": {"id": "r1", "title": "Rest", "codebook": "c", "coder": "k"},
    }
    assert [reason for _, reason in judged] == [None]


@pytest.mark.parametrize(
    ("known", "reason"),
    [
        ({"text": ""}, "the ledger holds no text"),
        ({"polarity": "negative"}, "was not said"),
        ({"modality": "intended"}, "is yet to be said"),
        ({"cue": None}, "has no cue, and Citron needs one"),
    ],
)
def test_what_has_no_place_in_it_is_left_out_with_the_reason(known: dict[str, Any], reason: str) -> None:
    made, judged = document(coding(**known))
    assert made is None
    assert [why for _, why in judged] == [reason]


def test_a_name_that_only_follows_is_where_a_source_is_named() -> None:
    (found,) = quote(coding(mentions=(mention(1),)))["coreferences"]
    assert (found["start"], found["end"]) == span("Ana Sol", 1)


@pytest.mark.parametrize(
    "known",
    [
        {"mentions": ()},
        {"speaker": Speaker(start=0, end=7, text="Ana Sol", actor="a1")},
        {"speaker": Speaker(start=0, end=7, text="Ana Sol")},
        {"speaker": Speaker(start=0, end=7, text="Ana Sol", actor="unknown")},
        {"speaker": Speaker(name="Ana Sol", actor="a1")},
    ],
    ids=["never named", "names itself", "of no actor", "of an actor that is not in the cast", "stands nowhere"],
)
def test_a_source_that_needs_or_has_no_name_elsewhere_has_no_coreference(known: dict[str, Any]) -> None:
    assert quote(coding(**known))["coreferences"] == []
