"""Attributions to records: which of them are statements, of which kind, on which day, how sure."""

from __future__ import annotations

import re

from comity.actors import Cast
from comity.dates import Governed, Timeline, governing_date
from comity.dates.governing import UNDATED
from comity.records import Report, Statement, content_hash
from comity.statements.attribution import Attribution
from comity.statements.quotation import Quotation
from comity.statements.spans import Index
from comity.statements.voices import as_party, as_speaker, is_first, names_in_report, voices

VERBATIM_SHARE = 0.95
"""Share of words inside quotation marks from which a content counts as verbatim: a lone "he said" inside costs less."""

CONFIDENCE = {
    "turn": 0.97, "continued": 0.93, "quote": 0.9, "clause": 0.9, "colon": 0.9, "according": 0.82, "as": 0.5,
    "obj-inf": 0.4, "noun": 0.32, "inf": 0.25, "gerund": 0.25,
}  # fmt: skip
"""Share of the recorded attributions of each frame that people coded as a statement in 223 hand-coded reports.
Re-run `comity evaluate articles` on coded reports after a change of the lexicon."""

CONFIDENCE_OF_PHRASES = 0.4
"""The same for prepositional contents ("spoke about …")."""

CONFIDENCE_OF_THOUGHT = 0.4
"""The same for clauses after verbs of thought ("believes that …")."""

CONFIDENCE_OF_FREE = 0.2
"""The same for continuations without quotation marks."""

_WORD = re.compile(r"\w+(?:[-'’]\w+)*")


def record(
    report: Report, found: list[Attribution], quotes: Index[Quotation], cast: Cast, timeline: Timeline | None
) -> tuple[Statement, ...]:
    """The statements of a report, in the order of the attributions, each of which gets its `record`."""
    text = report.text
    chosen = [a for a in found if _is_statement(a)]
    kinds = {id(a): kind_of(a, quotes, text) for a in chosen}
    ids = {
        id(a): content_hash(report.id, kinds[id(a)], tuple(a.content), (a.start, a.end) if a.start >= 0 else None)
        for a in chosen
    }
    days = _days(chosen, timeline, report.published)
    names = names_in_report(cast)
    for a in chosen:
        for v in a.voices:
            if a.turn and v.start is None and v.figure is not None and v.text is not None:
                names.setdefault(v.figure.id, v.text)  # the speaker of an address, named in the title alone
    for a in chosen:
        above = a.within
        while above is not None and id(above) not in ids:
            above = above.within
        day = days[id(a)].alone() if id(a) in days else None
        hearers = voices(cast, a.sentence, a.hearer, -1, text)
        a.record = Statement(
            id=ids[id(a)],
            kind=kinds[id(a)],
            content=tuple(a.content),
            cue=(a.start, a.end) if a.start >= 0 else None,
            speakers=tuple(as_speaker(v, names) for v in a.voices),
            addressee=as_party(hearers[0]) if hearers and not hearers[0].is_medium else None,
            venue=a.around.venue if a.around is not None else None,
            channel=a.around.channel if a.around is not None else None,
            date=day.date if day is not None else None,
            date_precision=day.date_precision if day is not None else None,
            date_span=day.date_span if day is not None else None,
            polarity="negative" if a.negative else "positive",
            modality="intended" if a.intended else "actual",
            continued=a.continued,
            via=tuple(a.via),
            within=ids[id(above)] if above is not None else None,
            confidence=_confidence(a),
        )
    return tuple(a.record for a in chosen if a.record is not None)


def _is_statement(a: Attribution) -> bool:
    """Whether an attribution is a statement of the record: somebody's words, really said (or not said)."""
    if not a.firm or a.hypothetical or not a.voices:
        return False
    if a.token < 0 or a.source < 0 or a.implied is not None:
        return True
    s = a.sentence
    lower = s.lowers[a.source]
    if lower in ("you", "your", "yourself"):
        return False
    if is_first(s, a.source):
        # "I think", "I want to stress": how the speaker says it, not something else that was said
        spoken = a.cue is not None and a.cue.kind in ("speech", "writing", "denial")
        return a.within is not None and spoken and s.tags[a.token] in ("VBD", "VBN")
    return a.voices[0].figure is not None or lower not in _NOBODY


_NOBODY = frozenset(("it", "this", "that", "these", "those", "which", "what", "one", "nothing", "there"))


def _confidence(a: Attribution) -> float:
    if a.free:
        return CONFIDENCE_OF_FREE
    if a.frame == "clause" and a.cue is not None and a.cue.kind in ("thought", "attitude", "display"):
        return CONFIDENCE_OF_THOUGHT
    return CONFIDENCE.get(a.frame, CONFIDENCE_OF_PHRASES)


def kind_of(a: Attribution, quotes: Index[Quotation], text: str) -> str:
    """verbatim, mixed or indirect, by the share of the words inside quotation marks that the cue stands outside of."""
    if a.turn:
        return "verbatim"
    total = quoted = 0
    for x, y in a.content:
        total += len(_WORD.findall(text, x, y))
        reached = x
        for q in quotes.over(x, y):
            if q.end <= reached or q.start <= a.start < q.end:
                continue
            reached, end = max(reached, q.start), min(y, q.end)
            quoted += len(_WORD.findall(text, reached, end))
            reached = end
    if not quoted:
        return "indirect"
    return "verbatim" if quoted >= VERBATIM_SHARE * total else "mixed"


def _days(chosen: list[Attribution], timeline: Timeline | None, published: str | None) -> dict[int, Governed]:
    """When each was said: what dates its cue; else the day on which its speaker was last said to have spoken, or, at
    the head of a report, the first day on which he is said to have spoken further down.
    """
    days: dict[int, Governed] = {}
    if timeline is None:
        return days
    order = sorted(chosen, key=lambda a: a.last_offset())
    told: dict[str, list[Governed]] = {}
    for a in order:
        root = a
        while root.token < 0 and root.implied is not None:
            root = root.implied
        token = root.token if root.token >= 0 else root.source if root.source >= 0 and not root.turn else 0
        found = governing_date(timeline, root.sentence, token)
        if found.date and published and found.date > published[: len(found.date)] and not a.intended:
            found = UNDATED  # "the following day", counted from a day that the report does not give
        days[id(a)] = found
        if a.within is None and found.how in ("clause", "sentence"):
            for v in a.voices:
                told.setdefault(v.key, []).append(found)
    last: dict[str, Governed] = {}
    for a in order:
        if a.within is not None or a.turn:
            continue
        key, found = a.voices[0].key, days[id(a)]
        if found.how in ("clause", "sentence"):
            last.update((v.key, found) for v in a.voices)
        elif not a.intended and found.how != "undated":
            known = last.get(key) or next((g for g in told.get(key, ()) if g.date_precision == "day"), None)
            if known is not None:
                days[id(a)] = known._replace(how="carried")
    return days
