"""Citron's JSON of quotations: ``{"text", "quotes": [{"cue", "sources", "contents", "coreferences", …}]}`` for a report.

The keys are those of Citron's annotation format, so that its annotator and evaluator read the files. It has no field
for what a statement is within, for kind, day or channel: these stand under the prefix ``comity_``. A statement without a
cue has no place in it.
"""

from __future__ import annotations

from typing import Any

import msgspec

from comity.records import Coding, Span, Speaker, Statement

PREFIX = "comity_"


def document(coding: Coding) -> tuple[bytes | None, list[tuple[Statement, str | None]]]:
    """A report's quotations as one JSON document (None when none fits), and its statements, each with the reason why it
    is left out, or None.
    """
    judged = [(statement, why_not(coding, statement)) for statement in coding.statements]
    kept = [statement for statement, reason in judged if reason is None]
    if not kept:
        return None, judged
    made = {"text": coding.report.text, "quotes": [_quote(coding, statement) for statement in kept],
            f"{PREFIX}report": _report(coding)}  # fmt: skip
    return msgspec.json.encode(made), judged


def why_not(coding: Coding, statement: Statement) -> str | None:
    """Why a statement is not written, or None."""
    if not coding.report.text:
        return "the ledger holds no text"
    if statement.polarity == "negative":
        return "was not said"
    if statement.modality == "intended":
        return "is yet to be said"
    if statement.cue is None:
        return "has no cue, and Citron needs one"
    return None


def _report(coding: Coding) -> dict[str, Any]:
    report = coding.report
    fields = {"id": report.id, "url": report.url, "title": report.title, "outlet": report.outlet,
              "published": report.published, "codebook": coding.codebook, "coder": coding.coder}  # fmt: skip
    return {name: value for name, value in fields.items() if value is not None}


def _quote(coding: Coding, statement: Statement) -> dict[str, Any]:
    text = coding.report.text
    assert statement.cue is not None
    named = [speaker for speaker in statement.speakers if speaker.start is not None]
    quote: dict[str, Any] = {
        "cue": _span(text, statement.cue),
        "sources": [_span(text, (s.start, s.end)) for s in named if s.start is not None and s.end is not None],
        "contents": [_span(text, span) for span in statement.content],
        "coreferences": [span for speaker in named if (span := _coreference(coding, speaker)) is not None],
    }
    if statement.confidence is not None:
        quote["confidence"] = statement.confidence
    quote["id"] = statement.id
    own = {
        "kind": statement.kind, "within": statement.within, "date": statement.date, "channel": statement.channel,
        "venue": statement.venue, "via": list(statement.via) or None,
        "speakers": [_who(speaker) for speaker in statement.speakers] or None,
    }  # fmt: skip
    return quote | {PREFIX + name: value for name, value in own.items() if value is not None}


def _who(speaker: Speaker) -> dict[str, Any]:
    fields = {"name": speaker.name, "country": speaker.country, "sector": speaker.sector, "office": speaker.office,
              "anonymous": speaker.anonymous or None}  # fmt: skip
    return {name: value for name, value in fields.items() if value is not None}


def _span(text: str, span: Span) -> dict[str, Any]:
    start, end = span
    return {"start": start, "end": end, "text": text[start:end]}


def _coreference(coding: Coding, speaker: Speaker) -> dict[str, Any] | None:
    """Where the speaker is named, when the source ("he", "the minister") is not the name: the last such place before
    it, else the first one after it."""
    if speaker.actor is None or speaker.start is None:
        return None
    name = next((actor.name for actor in coding.actors if actor.id == speaker.actor), None)
    if name is None or name in (speaker.text or ""):
        return None
    spans = [(m.start, m.end) for m in coding.mentions if m.actor == speaker.actor and name in m.text]
    if not spans:
        return None
    before = [span for span in spans if span[1] <= speaker.start]
    return _span(coding.report.text, before[-1] if before else spans[0])
