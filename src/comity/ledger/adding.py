"""Records that people add: events and statements that the coder missed, as entries of the log of corrections.

What is added stands in the report's record as long as its addition is not undone; it can be corrected and rejected like
what was coded, and goes over to new codings of the same words.
"""

# ruff: noqa: S608 (identifiers come from this package's own tables; values are always parameters)

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from comity.ledger.corrections import (
    Correction,
    Record,
    Target,
    append,
    following,
    need_code,
    need_sense,
    next_seq,
    store_added,
    understood,
    with_field,
)
from comity.ledger.errors import BadCorrection
from comity.ledger.filters import code_of
from comity.ledger.read import REVIEWER, codings, revision_of
from comity.records import Coding, Event, Mention, Party, Reason, Span, Speaker, Statement, content_hash, to_json

if TYPE_CHECKING:
    import duckdb

Words = Span | str
"""A stretch of a report's text: its offsets, or its words."""

SURE = 1.0
"""Confidence of what a person added."""


def add_event(
    cursor: duckdb.DuckDBPyConnection,
    report: str,
    words: Words,
    type: str,
    source: Sequence[str],
    target: Sequence[str],
    *,
    author: str,
    reason: str | None,
    fields: dict[str, Any],
) -> Correction:
    """Add an event, inside the caller's transaction; see `Ledger.add_event`."""
    rev, coding = _coding(cursor, report)
    text = coding.report.text
    trigger = place_of(text, words)
    sentence = _sentence_around(coding, *trigger)
    seq = next_seq(cursor)
    event = Event(
        id="e" + content_hash("added", coding.report.id, *trigger, type, *source, ">", *target, seq),
        type=type,
        quad="",
        source=tuple(_party(coding, one, sentence) for one in source),
        target=tuple(_party(coding, one, sentence) for one in target),
        **_published(coding),
        sentence=sentence,
        trigger=trigger,
        reason=Reason(by=REVIEWER, id=author.strip()),
        confidence=SURE,
    )
    need_code(cursor, rev, event, "type")
    event = following(event, "type")
    given = _dated(fields)
    if given.get("account"):
        given["account"] = _whole_id(coding, "account", given["account"])
    for name, value in given.items():
        field, plain = understood(event, "event", name, value)
        event = following(with_field(event, field, plain), field)
    if "account_party" not in given:
        event = msgspec.structs.replace(event, account_party=_whose_word(event, coding))
    return _add(cursor, rev, event, ("source", "type", *given), author, reason)


def add_statement(
    cursor: duckdb.DuckDBPyConnection,
    report: str,
    content: Words | Sequence[Words],
    speakers: Sequence[Words],
    *,
    author: str,
    reason: str | None,
    fields: dict[str, Any],
) -> Correction:
    """Add a statement, inside the caller's transaction; see `Ledger.add_statement`."""
    rev, coding = _coding(cursor, report)
    text = coding.report.text
    pieces: list[Any] = [content] if isinstance(content, str) or _is_span(content) else list(content)
    marked = [place_of(text, one) for one in pieces]
    if not marked:
        raise BadCorrection("words: mark or type what was said")
    quoted = _quotations(text)
    spans = tuple(sorted(_inside_marks(one, quoted) for one in marked))
    if any(one[1] > other[0] for one, other in itertools.pairwise(spans)):
        raise BadCorrection("words: pieces of one content may not overlap; mark each of its words once")
    given = _dated(fields)
    if "cue" in given:
        given["cue"] = _cue(text, given["cue"], spans)
    if isinstance(given.get("addressee"), str):
        given["addressee"] = _by_words(coding, given["addressee"], spans)
    if given.get("within"):
        given["within"] = _whole_id(coding, "within", given["within"])
    seq = next_seq(cursor)
    statement = Statement(
        id=content_hash("added", coding.report.id, *spans, *speakers, seq),
        kind=_kind(spans, quoted),
        content=spans,
        speakers=tuple(_speaker(coding, one, spans) for one in speakers),
        **_published(coding),
        confidence=SURE,
    )
    for name, value in given.items():
        field, plain = understood(statement, "statement", name, value)
        statement = with_field(statement, field, plain)
    return _add(cursor, rev, statement, ("content", "speakers", *given), author, reason)


def _add(
    cursor: duckdb.DuckDBPyConnection,
    rev: int,
    record: Record,
    fields: Iterable[str],
    author: str,
    reason: str | None,
) -> Correction:
    """Store a record whose `fields` were given, with its entry of the log."""
    kind = "event" if isinstance(record, Event) else "statement"
    for field in fields:
        need_sense(cursor, rev, record, field)
    numbers = (
        f"SELECT n FROM store.{kind}s WHERE rev = $rev UNION ALL SELECT n FROM store.corrected_{kind}s WHERE rev = $rev"
    )
    n = cursor.execute(f"SELECT coalesce(max(n) + 1, 0) FROM ({numbers})", {"rev": rev}).fetchall()[0][0]
    target = Target(kind, record.id, rev, n)
    made = append(cursor, target, record, "add", author=author, reason=reason, value=to_json(record).decode())
    store_added(cursor, rev, n, made.seq, record)
    return made


# --- where it stands -------------------------------------------------------------------------------------------------


def place_of(text: str, words: Words) -> Span:
    """A stretch of a text, by its offsets or by its words, which must stand in it once. Raises `BadCorrection`."""
    if not isinstance(words, str):
        start, end = words
        if not 0 <= start < end <= len(text) or not text[start:end].strip():
            raise BadCorrection(f"words: {start} to {end} marks no words of the report's text (0 to {len(text)})")
        return start, end
    if not words.strip():
        raise BadCorrection("words: mark or type those that tell of it")
    found = _places(text, words)
    if len(found) != 1:
        more = (
            f"stand {len(found)} times in the text; give more of them, or offsets" if found else _not_there(text, words)
        )
        raise BadCorrection(f"words: {_short(words)} {more}")
    return found[0]


def _places(text: str, words: str) -> list[Span]:
    """Where words stand in a text, whatever white space is between them."""
    return [found.span() for found in re.finditer(_pattern(words), text)]


def _pattern(words: str) -> str:
    return r"\s+".join(map(re.escape, words.split()))


def _not_there(text: str, words: str) -> str:
    folded = _places(text.casefold(), words.casefold()) if len(text.casefold()) == len(text) else []
    if folded:
        return f"do not stand so in the text, which has {_short(text[slice(*folded[0])])}"
    return "do not stand in the text; copy them from it"


def _short(words: str) -> str:
    plain = " ".join(words.split())
    return repr(plain if len(plain) <= 80 else plain[:79] + "…")


def _nearest(text: str, words: str, near: Sequence[Span]) -> Span | None:
    """Where words stand nearest to a content, outside of it."""
    pattern = _pattern(words)
    found = [one.span() for one in re.finditer(rf"(?<!\w)(?:{pattern})(?!\w)", text)] if pattern else []
    outside = [one for one in found if all(one[1] <= start or end <= one[0] for start, end in near)]
    return min(outside, key=lambda one: min(max(start - one[1], one[0] - end) for start, end in near), default=None)


def _is_span(given: Any) -> bool:
    return len(given) == 2 and all(isinstance(one, int) for one in given)


def _sentence_around(coding: Coding, start: int, end: int) -> Span:
    """The sentence that words stand in: that of a coded event around them, else from one full stop to the next."""
    known = [event.sentence for event in coding.events if event.sentence[0] <= start and end <= event.sentence[1]]
    if known:
        return min(known, key=lambda one: one[1] - one[0])
    text = coding.report.text
    first = max((found.end() for found in _ENDS.finditer(text, 0, start)), default=0)
    last = _ENDS.search(text, end)
    return first, (last.start() + len(last[1] or "")) if last else len(text.rstrip())


_ENDS = re.compile(r"([.!?…][\"'”’)\]]*)\s+|\s*\n\s*")


# --- what was said ---------------------------------------------------------------------------------------------------


def _quotations(text: str) -> list[Any]:
    from comity.statements.quotation import quotations

    return quotations(text, [found.span() for found in re.finditer(r"[^\n]+", text)])


def _inside_marks(span: Span, quoted: Sequence[Any]) -> Span:
    """A content without the quotation marks around it and the blanks at its ends."""
    start, end = span
    for one in quoted:
        if one.start <= start and end <= one.end:
            start, end = max(start, one.first), min(end, one.last)
    return (start, end) if start < end else span


def _kind(content: Sequence[Span], quoted: Sequence[Any]) -> str:
    """verbatim, mixed or indirect, by the share of the letters that stand inside quotation marks."""
    from comity.statements.recording import VERBATIM_SHARE

    outermost = [one for one in quoted if one.depth == 0]
    total = sum(end - start for start, end in content)
    inside = sum(max(0, min(end, one.last) - max(start, one.first)) for start, end in content for one in outermost)
    return "verbatim" if inside >= VERBATIM_SHARE * total else "mixed" if inside else "indirect"


def _cue(text: str, given: Any, content: Sequence[Span]) -> Span | None:
    """The words that attribute it: as offsets, or the nearest to the content that read so."""
    if not isinstance(given, str):
        return tuple(given) if given is not None else None
    if not given.strip():
        return None
    found = _nearest(text, given, content)
    if found is None:
        raise BadCorrection(
            f"cue: {_short(given)} does not stand in the text outside of what was said; copy it from there"
        )
    return found


# --- who -------------------------------------------------------------------------------------------------------------


def _speaker(coding: Coding, said: Words, content: Sequence[Span]) -> Speaker:
    """A speaker by the words that name it, nearest to the content; by its actor id or name, or by its country."""
    party = _by_words(coding, said, content)
    mention = (
        _mention_at(coding, (party.start, party.end)) if party.start is not None and party.end is not None else None
    )
    return Speaker(**msgspec.structs.asdict(party), **_unnamed(mention, party.text))


def _by_words(coding: Coding, said: Words, content: Sequence[Span]) -> Party:
    """A party to what was said: by its words, else as `_party` has it."""
    text = coding.report.text
    here: Span | None
    if not isinstance(said, str):
        here = place_of(text, said)
    elif said in {actor.id for actor in coding.actors} or code_of(said) == said:
        here = None
    else:
        here = _nearest(text, said, content)
    if here is not None:
        known = _known(coding, _mention_at(coding, here))
        return Party(start=here[0], end=here[1], text=text[slice(*here)], **known)
    assert isinstance(said, str)
    return _party(coding, said, content[0])


def _mention_at(coding: Coding, span: Span) -> Mention | None:
    """The mention that shares most with a stretch of the text."""
    over = [one for one in coding.mentions if one.start < span[1] and span[0] < one.end]
    return max(
        over, key=lambda one: (min(one.end, span[1]) - max(one.start, span[0]), -one.end + one.start), default=None
    )


def _known(coding: Coding, mention: Mention | None) -> dict[str, Any]:
    """What a mention says of who is meant; nothing where no mention stands."""
    if mention is None:
        return {}
    names = {actor.id: actor.name for actor in coding.actors}
    return {
        "actor": mention.actor, "name": names.get(mention.actor or ""), "country": mention.country,
        "sector": mention.sector, "office": mention.office, "office_status": mention.office_status,
    }  # fmt: skip


def _unnamed(mention: Mention | None, words: str | None) -> dict[str, Any]:
    """Whether a speaker is unnamed, and of what kind: words that nothing is known of and that hold no name are."""
    if not (mention.anonymous if mention else words is not None and words == words.lower()):
        return {"anonymous": False}
    from comity.statements.voices import unnamed

    nouns = unnamed()
    said = re.findall(r"\w+", (words or "").lower())
    kinds = [nouns[form] for word in said for form in (word, word.removesuffix("s")) if form in nouns]
    return {"anonymous": True, "anonymous_type": kinds[0] if kinds else "unspecified"}


def _party(coding: Coding, said: str, sentence: Span) -> Party:
    """A party by its actor id, its name in the cast, or its country or state: as it is mentioned in the sentence or last
    before it, else by its code."""
    cast = {actor.id: actor.name for actor in coding.actors}
    ids = {name.casefold(): id_ for id_, name in cast.items()}
    meant = {said, ids.get(said.casefold(), said)}
    code = code_of(said)
    named = [one for one in coding.mentions if one.start < sentence[1]]
    exact = [one for one in named if one.actor in meant] or [
        one for one in named if one.country in {said, code} - {None}
    ]
    if exact:
        best = min(exact, key=lambda one: (one.start < sentence[0], abs(one.start - sentence[0])))
        here = sentence[0] <= best.start
        return Party(
            start=best.start if here else None, end=best.end if here else None, text=best.text if here else None,
            **_known(coding, best),
        )  # fmt: skip
    actor = next((one for one in meant if one in cast), None)
    if actor is not None:
        return Party(actor=actor, name=cast[actor])
    if code is None:
        raise BadCorrection(
            f"{said!r}: is neither an actor of this report nor a code (CHN, IGO:NATO, GROUP:Name@RUS); see its cast"
        )
    return Party(country=code)


def _whose_word(event: Event, coding: Coding) -> str:
    """Whose word an event is: its account's speakers', else that of a state's own outlet, else an independent one."""
    sides = {
        "source": {party.country for party in event.source} - {None},
        "target": {party.country for party in event.target} - {None},
    }
    account = next((one for one in coding.statements if one.id == event.account), None)
    if account is not None:
        speaking = {speaker.country for speaker in account.speakers}
    elif coding.report.outlet_ownership == "state":
        speaking = {coding.report.outlet_country}
    else:
        return "independent"
    return next((side for side, countries in sides.items() if countries & speaking), "third")


# --- what both have --------------------------------------------------------------------------------------------------


def _coding(cursor: duckdb.DuckDBPyConnection, report: str) -> tuple[int, Coding]:
    rev = revision_of(cursor, report)
    coding = codings(cursor, [rev], corrected=True)[0]
    if not coding.report.text:
        raise BadCorrection(f"{report}: its text was left out for sharing; join it first: comity rehydrate")
    return rev, coding


def _published(coding: Coding) -> dict[str, Any]:
    """The date of what no words date: the day of publication."""
    day = (coding.report.published or "")[:10] or None
    return {"date": day, "date_precision": "published" if day else None}


def _dated(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields with the precision that a given date has."""
    date = fields.get("date")
    if "date" not in fields:
        return dict(fields)
    return {"date_precision": _PRECISION.get(len(date)) if isinstance(date, str) else None, **fields}


_PRECISION = {4: "year", 7: "month", 10: "day"}


def _whole_id(coding: Coding, field: str, given: str) -> str:
    """A statement's id, by the id or the beginning of it."""
    found = [one.id for one in coding.statements if one.id.startswith(given)]
    if given in found or not found:
        return given  # what is not there is told with the other fields
    if len(found) > 1:
        raise BadCorrection(
            f"{field}: several statements begin like {given!r}: {', '.join(found[:5])}; give more of it"
        )
    return found[0]
