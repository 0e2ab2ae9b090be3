"""Where an event took place: the place that governs its clause, else its sentence, else the dateline of a meeting."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from comity.language import Parse, Sentence
from comity.places.cues import cues
from comity.places.scan import is_dateline
from comity.records import Place

_FINENESS = {"site": 4, "feature": 3, "city": 3, "region": 2, "country": 1}
_WHERE = frozenset(("where", "in", "at"))
_JOINED = 4
"""Links of "and", apposition or complement that are followed."""
_LIMIT = 12
"""Steps up the dependency tree from a place; deeper nesting says nothing about the event."""


def event_place(
    places: Sequence[Place],
    parse: Parse,
    sentence: Sentence,
    trigger: int,
    *,
    meeting: bool,
    dateline: Place | None = None,
) -> Place | None:
    """The place of the event that the token `trigger` of `sentence` tells, or None when the text gives none.

    The finest place of the event's own clause goes first; then a place of the sentence that can scope over it (a
    locative of a governing verb that reports no speech, or of a verb joined by "and"); then, for a meeting only,
    `dateline`, which may also be its venue. `places` are those of the whole report, in text order (`find_places`).
    """
    first = bisect_left(places, sentence.start, key=_start)
    stop = bisect_left(places, sentence.end, first, key=_start)
    if first < stop:
        clause = _clause(sentence, trigger)
        best: Place | None = None
        rank = (0, 0, 0)
        for n in range(first, stop):
            place = places[n]
            reach = _reach(sentence, place, trigger, clause)
            if reach:
                here = (reach, _FINENESS[place.level or "country"], -n)
                if here > rank:
                    best, rank = place, here
        if best is not None:
            return best
    return dateline if meeting else None


def dateline_place(places: Sequence[Place], parse: Parse) -> Place | None:
    """The place of a report's dateline ("KYIV, Feb. 24 (Reuters) - …"), or None. `places` as for `event_place`."""
    for place in places[:4]:
        if place.level in ("city", "site") and is_dateline(parse.text, place.start, place.end):
            return place
    return None


def _start(place: Place) -> int:
    return place.start


def _clause(s: Sentence, token: int) -> int:
    """The verb of the clause that a token belongs to (the token itself when it is a verb, or the root)."""
    here = token
    for _ in range(_LIMIT):
        if s.tags[here][:1] == "V" or s.heads[here] == here:
            return here
        here = s.heads[here]
    return here


def _reach(s: Sentence, place: Place, trigger: int, clause: int) -> int:
    """How closely a place governs the trigger: 3 its own phrase, 2 its clause, 1 its sentence, 0 not at all."""
    first, last = s.token_at(place.start), s.token_at(place.end - 1)
    head = last
    for i in range(last, first - 1, -1):
        if not first <= s.heads[i] <= last:
            head = i
            break
    here = clause  # a relative clause on the place itself: "in Vienna, where they signed"
    for _ in range(_JOINED):
        if s.deps[here] == "relcl":
            if s.heads[here] == head and any(s.lowers[kid] in _WHERE for kid in s.kids[here]):
                return 2
            break
        if s.deps[here] not in ("conj", "xcomp", "ccomp"):
            break
        here = s.heads[here]
    anchor = _anchor(s, head, trigger, place.level != "country")
    if anchor < 0:
        return 0
    return 3 if anchor == trigger else _scope(s, anchor, trigger, clause)


def _anchor(s: Sentence, token: int, trigger: int, within_land: bool) -> int:
    """The verb or noun that the place stands with as its place; -1 when it stands there as a party or a topic.

    `within_land`: the place is smaller than a country, so that it may modify an event noun ("the Geneva talks").
    """
    words = cues()
    heads, deps, lemmas = s.heads, s.deps, s.lemmas
    for _ in range(_LIMIT):
        for _ in range(_JOINED):  # "in Aleppo and Homs", "in Aleppo, Syria"
            if deps[token] in ("conj", "appos") and s.tags[heads[token]][:1] == "N":
                token = heads[token]
        dep, above = deps[token], heads[token]
        lemma = lemmas[above]
        if dep == "pobj":
            prep, target = s.lowers[above], heads[above]
            lemma = lemmas[target]
            if prep == "of" and s.tags[target][:1] == "N" and target != trigger and lemma not in words["event:noun"]:
                token = target  # "in the city of Homs": the phrase that holds it decides
                continue
            if (
                prep in words["event:at"]
                or (prep == "of" and s.tags[target][:1] == "N")
                or (prep in words["event:towards"] and (lemma in words["event:moves"] or target == trigger))
                or (prep == "from" and lemma in words["event:leaves"])
            ):
                while deps[target] == "prep" and heads[target] != target:  # "from inside Gaza"
                    target = heads[target]
                return target
            return -1
        if dep in ("dobj", "nsubjpass"):
            return above if lemma in words["event:object"] else -1
        if dep in ("compound", "nmod", "poss", "amod"):
            if within_land and lemma in words["event:noun"]:
                return above
            if dep in ("compound", "nmod") and deps[above] == "pobj":  # "at Beijing airport"
                token = above
                continue
            return -1
        return above if dep in ("npadvmod", "advmod") else -1
    return -1


def _scope(s: Sentence, anchor: int, trigger: int, clause: int) -> int:
    """2 when the anchor of a place belongs to the clause of the trigger, 1 when its own clause holds that, else 0."""
    words = cues()
    heads, deps, lemmas = s.heads, s.deps, s.lemmas
    here, through = anchor, ""
    for _ in range(_LIMIT):
        if here in (clause, trigger):
            # "condemned the visit to Taiwan": the place is the visit's, not the condemning's
            return 0 if through in ("dobj", "prep") and lemmas[here] in words["event:speech"] else 2
        up = heads[here]
        if s.tags[here][:1] == "V" or up == here:
            break
        if deps[here] in ("nsubj", "nsubjpass") and up != clause:
            return 0
        here, through = up, deps[here]
    governor, here = here, clause
    for _ in range(_LIMIT):
        if here == governor:
            return 1
        up = heads[here]
        if up == here:
            break
        if deps[here] in ("relcl", "acl"):
            return 0
        if deps[here] in ("ccomp", "parataxis") and lemmas[up] in words["event:speech"]:
            return 0
        here = up
    # "met in Geneva and signed": a verb joined by "and" without a subject of its own shares its adverbials
    joined = deps[governor] == "conj" and heads[governor] == clause
    return int(joined and not any(s.deps[kid] in ("nsubj", "nsubjpass") for kid in s.kids[governor]))
