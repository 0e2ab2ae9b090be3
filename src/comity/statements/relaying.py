"""Through whom the outlet knows the words: agencies, papers, broadcasters, a spokesperson for a principal."""

from __future__ import annotations

import re

from comity.actors import Cast
from comity.language import Parse
from comity.statements.attribution import Attribution
from comity.statements.circumstances import around
from comity.statements.cues import words_of
from comity.statements.spans import size, union
from comity.statements.speaking import resolve, same_speaker
from comity.statements.voices import voices

RELAYED_SHARE = 0.7
"""A medium's report is a mere relay when another's statement makes up so much of what it reports. Flat from 0.5 to 0.9
on the hand-coded reports: the rest is the reporting clause itself."""

ASIDE_REACH = 20_000
"""Characters around an aside ("This was stated by …") within which it tells of statements: more than a release has."""

_ARTICLE = re.compile(r"^(?:the|an?|his|her|its|their)\s+", re.IGNORECASE)


def is_relay(a: Attribution) -> bool:
    """True when a medium speaks, or a noun that stands for one ("the agency", "state television")."""
    return bool(a.voices) and all(
        v.is_medium
        or (
            v.head in words_of("relay")
            and (v.figure is None or v.figure.kind in ("organ", "ngo", "firm", "other"))
            and (v.head not in words_of("document") or a.preposed or a.frame == "according")
        )
        for v in a.voices
    )


def _on_air(a: Attribution, cast: Cast) -> bool:
    """True for "speaking on Fox News": the medium is where it was said, not what about."""
    start = a.content[0][0]
    ref = cast.at(a.sentence, a.sentence.token_at(start)) if a.sentence.start <= start < a.sentence.end else None
    return ref is not None and ref.figure is not None and ref.figure.kind == "medium"


def without_relays(found: list[Attribution], cast: Cast) -> list[Attribution]:
    """The attributions but those to a medium that only hands on another's statement: these become its relays."""
    gone: set[int] = {id(a) for a in found if a.frame == "on" and _on_air(a, cast)}
    reported: dict[int, list[Attribution]] = {}
    for a in found:
        if a.within is not None:
            reported.setdefault(id(a.within), []).append(a)
    for b in found:
        if b.turn or not is_relay(b):
            continue
        total = size(b.content)
        for a in reported.get(id(b), ()):
            if not a.firm or is_relay(a):
                continue
            s = a.sentence
            reach = [(s.starts[a.reach[0]], s.ends[a.reach[1]])] if a.token >= 0 else []
            if union(a.content + reach) >= RELAYED_SHARE * total:
                a.via.extend(v.medium(cast) for v in b.voices)
                gone.add(id(b))
                for x in reported[id(b)]:
                    x.within = b.within
                    if b.within is not None:
                        reported.setdefault(id(b.within), []).append(x)
                break
    return [a for a in found if id(a) not in gone]


def gather(found: list[Attribution], asides: list[Attribution], cast: Cast, parse: Parse, outlet: str | None) -> None:
    """Fill `via` and `around` of all attributions (sorted by content): what their clauses tell, what goes on from the
    statement before, and what asides ("This was stated by X in an interview with Y") tell of the statements around."""
    text = parse.text
    for a in found:
        if not a.firm:
            continue
        a.around = around(a, cast, text)
        names = list(a.via)
        for token in a.relays:
            names.extend(v.medium(cast) for v in voices(cast, a.sentence, token, -1, text))
        if a.within is None:
            names.extend(a.around.media)
        for first, last in a.around.agents:
            names.append(_ARTICLE.sub("", text[a.sentence.starts[first] : a.sentence.ends[last]]))
        a.via = _others(names, outlet)
    _carry(found)
    for aside in asides:
        where = around(aside, cast, text)
        names = _others(where.media, outlet)
        if not names and where.venue is None and where.channel is None:
            continue
        near = [a for a in found if abs(a.content[0][0] - aside.start) <= ASIDE_REACH]
        before = [a for a in near if a.last_offset() <= aside.start]
        aside.voices = resolve(aside, cast, parse, sorted(before, key=lambda a: a.last_offset()))
        for a in near:
            if a.within is None and a.around is not None and same_speaker(a, aside):
                a.via = a.via or names
                if a.around.venue is None:
                    a.around = a.around._replace(venue=where.venue, channel=a.around.channel or where.channel)


def _carry(found: list[Attribution]) -> None:
    """An interview or a speech goes on while the same speaker goes on by way of the same medium: what follows came
    through it, and was said at the venue told before."""
    before: Attribution | None = None
    names: list[str] = []
    for a in sorted((a for a in found if a.within is None and a.firm and a.voices), key=lambda a: a.last_offset()):
        assert a.around is not None
        goes_on = before is not None and names and a.around.venue is None and same_speaker(a, before)
        if goes_on and a.via in ([], names):
            assert before is not None and before.around is not None
            where = before.around
            a.via = names
            if where.venue is not None:
                a.around = a.around._replace(venue=where.venue, channel=a.around.channel or where.channel)
        else:
            names = a.via
        before = a
    for a in found:
        if a.implied is not None and not a.via:
            a.via = a.implied.via


def _others(names: list[str], outlet: str | None) -> list[str]:
    """The names without repetitions and without the outlet itself."""
    own = (outlet or "").lower()
    kept: list[str] = []
    for name in names:
        if name and not (own and (name.lower() in own or own in name.lower())) and not any(name in k for k in kept):
            kept.append(name)
    return kept
