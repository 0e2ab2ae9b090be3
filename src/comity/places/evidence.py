"""Whether a name of the gazetteer is a place where it stands: a score from the words around it, the parse and the cast.

Weights were chosen by hand on the development half of TR-News and on 600 reports of the development news, by kinds of
error. Re-run `comity evaluate places` after a change.
"""

from __future__ import annotations

import re

from comity.places.containment import contradicted
from comity.places.context import Context
from comity.places.cues import cues
from comity.places.gazetteer import (
    CAPITAL,
    CITY,
    COMMON,
    COUNTRY,
    FEATURE,
    GIVEN,
    NOTED,
    REGION,
    SITE,
    SURNAME,
    VARIANT,
)
from comity.places.government import stands_for_government
from comity.places.scan import Span, is_dateline

LEAST_SCORE = 1.5
"""Score from which on a name is taken for a place."""
SURE = 3.0
"""Score from which on a mention vouches for the others of its name."""
NEVER = -9.0

PRIOR_LEVEL = {COUNTRY: 3.5, REGION: 2.2, SITE: 3.0, FEATURE: 3.0}
PRIOR_PEOPLE = ((1_000_000, 2.2), (200_000, 1.7), (50_000, 0.9), (15_000, 0.5), (0, 0.0))
"""Score of a city by its inhabitants."""
PRIOR_FLAGS = ((COMMON, -2.2), (GIVEN, -1.6), (SURNAME, -0.9), (VARIANT, -0.8), (CAPITAL, 0.8), (NOTED, 0.6))
KNOWN_SHARE = 0.5
"""Share of those penalties for a country (Jordan, Chad) and for a city of so many inhabitants (Geneva)."""
KNOWN_PEOPLE = 100_000
SEVERAL_WORDS = 0.8
SUPPORTED_COUNTRY = 1.0
SUPPORTED_REGION = 0.8
MOST_BEARERS = 6
"""Bearers of a name that are looked at, the largest first."""

LOCATIVE = 1.6
MOTION = 1.0
OF = 0.4
INSIDE = 3.0
"""A place that contains it is named right after it: Oxford, Ohio."""
TYPE_BEFORE = 3.0
"""The village of …"""
TYPE_AFTER = 1.6
"""… province."""
LOCAL_NOUN = 1.2
"""Oxford residents, Kyiv airport."""
DATELINE = 4.0
LISTED = 0.8
AGAIN = 1.2
"""Another mention of the name in the report is surely a place."""
NAME_BEFORE = -2.6
NAME_AFTER = -2.6
GIVEN_BEFORE_NAME = 1.5
"""Factor of `NAME_AFTER` for given names."""
SMALL_EVENT = -1.0
"""A small city before a word such as Accords."""
HONORIFIC = -4.0
SPEAKS = -1.6
PEOPLE_AFTER = -3.0
"""The Cherokee tribe."""
BEARER = -2.6
"""Somebody in the report bears the name."""

_WINDOW = 48
"""Characters before a name in which the words before it are sought."""
_BODY_WORDS = 5
"""Capitalised words after a name that are looked at for what they make of it."""
_BODIES = frozenset(("organ", "igo", "ngo", "party", "group", "firm", "medium"))
_COURT = frozenset(("v", "vs", "versus"))
"""Flores vs. Reno."""
_SAINTS = ("saint ", "st ")
_PART_OF_NAME = ("de ", "du ")
_AFTER = re.compile(r" ([a-z]+)")
_DOCUMENT_AFTER = re.compile(
    r" (?:climate |peace |ceasefire |nuclear )?(?:accord|agreement|treat(?:y|ies)|protocol|deal)s?\b"
)
"""The Paris climate accord, the Minsk agreements."""
_PARTICLE_AFTER = re.compile(r" (?:[ae]l|bin|ibn|abu|ben|von|van)[- ][A-Z]")
_IN_TOWN = re.compile(r"\b(?:downtown|central|suburban) $")
_SITE_AFTER = re.compile(
    r"(?: (?:International|Regional|Municipal|Air|Force|Naval|Military|Army|Nuclear|Power|Thermal|Central|Civil|Marine|"
    r"Corps))* (?:Airport|Airfield|Airbase|Air Base|Naval Base|Military Base|Army Base|Force Base|Air Station|Port|"
    r"Harbou?r|Prison|Power Plant|Power Station|Refinery|Cosmodrome|Spaceport|Shipyard)\b"
    r"(?! (?:Authority|Police|Commission|Board|Times))"
)
"""Words that make a site of the name of a town."""


def weigh(context: Context) -> None:
    """Score every span and set `Span.accepted`; names that are surely places once help their other mentions."""
    sure: set[str] = set()
    for span in context.spans:
        span.score = _score(context, span)
        if span.score >= SURE:
            sure.add(span.key)
    for n, span in enumerate(context.spans):
        if span.key in context.persons and span.score < SURE + LOCATIVE and span.within is None:
            span.score += BEARER
        elif NEVER / 2 < span.score < LEAST_SCORE and not span.beside:
            if span.key in sure:
                span.score += AGAIN
            if span.score < LEAST_SCORE and _listed(context, n):
                span.score += LISTED
        span.accepted = span.score >= LEAST_SCORE


def _listed(context: Context, n: int) -> bool:
    """True when a place stands beside the name in a list."""
    spans = context.spans
    for first, other in ((n - 1, n - 1), (n, n + 1)):
        if first >= 0 and first + 1 < len(spans) and spans[other].score >= LEAST_SCORE:
            between = context.text[spans[first].end : spans[first + 1].start]
            if between in (", ", " and ", ", and ", " or "):
                return True
    return False


def _prior(context: Context, span: Span) -> float:
    """How likely the name by itself is a place of this report."""
    best = NEVER
    given = GIVEN if span.key.capitalize() in context.given else 0
    for entry in span.entries[:MOST_BEARERS]:
        level, flags = entry.level, entry.flags
        share = 1.0
        if level == CITY:
            people = entry.population
            score = next(points for least, points in PRIOR_PEOPLE if people >= least)
            flags |= given
            if people >= KNOWN_PEOPLE:
                share = KNOWN_SHARE
        else:
            score = PRIOR_LEVEL[level]
            if level == COUNTRY:
                share = KNOWN_SHARE
            else:
                flags |= given
        if flags:
            for flag, points in PRIOR_FLAGS:
                if flags & flag:
                    score += points * share if points < 0 else points
        if level != COUNTRY:
            if entry.country == context.outlet:
                score += SUPPORTED_COUNTRY
            else:
                score += SUPPORTED_COUNTRY * min(1.0, context.countries.get(entry.country, 0.0))
            if level == CITY and entry.region in context.regions:
                score += SUPPORTED_REGION
        if score > best:
            best = score
    return best + (SEVERAL_WORDS if " " in span.key else 0.0)


def _score(context: Context, span: Span) -> float:
    text = context.text
    if text[span.start - 3 : span.start] in _PART_OF_NAME and text[max(0, span.start - 4)] == " ":
        return NEVER  # Stade de France
    if span.key.startswith(_SAINTS) and text.startswith("'s ", span.end):
        return NEVER  # St Michael's cathedral
    before, word_before = _before(context, span)
    after, office = _after(context, span)
    if before <= NEVER or after <= NEVER:
        return NEVER
    score = _prior(context, span) + before + after
    if span.within is not None:
        score += INSIDE
    elif span.entries[0].level == CITY and contradicted(span, context.by_first.get(span.last + 1), text, context.table):
        return NEVER
    if is_dateline(text, span.start, span.end):
        score += DATELINE
        if span.within is None:
            context.datelines.add(span.key)
    located = span.within is not None or word_before in cues()["locative"]
    return score + _by_cast(context, span, located, office)


# --- the words around it ---------------------------------------------------------------------------------------------


def _before(context: Context, span: Span) -> tuple[float, str]:
    """Score of what stands before the name, and the word before it (lower case, less articles and compass points)."""
    words, kinds = context.words, cues()
    lead = span.entries[0]
    first = span.first
    score = 0.0
    if first > 0 and words.joined(first) and words.ends[first - 1] <= span.start:
        word = words.words[first - 1]
        low = word.lower()
        beside = context.by_first.get(first - 1)
        if low in kinds["compass"] or low in kinds["function"] or (word.isupper() and len(word) > 3):
            pass
        elif low.rstrip(".") in kinds["honorific"]:
            score += HONORIFIC
        elif beside is not None and (beside.entries[0].level == COUNTRY or context.text[span.start - 1] == "-"):
            pass  # two places side by side: Iran-Iraq, Athens-Clarke County
        elif (lead.level != COUNTRY or lead.flags & GIVEN) and _is_name(context, first - 1):
            score += NAME_BEFORE
            span.beside = True
    one, two = _words_before(context.text, span.start)
    if one == "of" and two:
        low = two.lower()
        if low in kinds["settlement"] or low in kinds["administrative"]:
            score += TYPE_BEFORE
        elif low in kinds["toponymic"] and two[0].isupper():
            return NEVER, one  # University of Michigan
        else:
            score += OF
    elif one in kinds["locative"] or _IN_TOWN.search(context.text, max(0, span.start - 12), span.start):
        score += LOCATIVE
    elif one in kinds["motion"]:
        score += MOTION
    elif two and one in kinds["settlement"]:
        score += TYPE_BEFORE / 2
    return score, one


def _words_before(text: str, start: int) -> tuple[str, str]:
    """The word before an offset (lower case) and the one before that, passing over "the" and compass points."""
    parts = text[max(0, start - _WINDOW) : start].split(" ")
    if len(parts) < 2 or parts[-1]:
        return "", ""
    n = len(parts) - 2
    compass = cues()["compass"]
    while n > 0 and (parts[n] in ("the", "The") or parts[n] in compass):
        n -= 1
    return parts[n].strip("\"'(").lower(), parts[n - 1].strip("\"'(") if n > 0 else ""


def _after(context: Context, span: Span) -> tuple[float, bool]:
    """Score of what stands after the name, and whether an office of the place follows (Glasgow Police)."""
    text, words, kinds = context.text, context.words, cues()
    lead = span.entries[0]
    n = span.last + 1
    if n < len(words.starts) and words.starts[n] - span.end in (1, 2):
        gap = text[span.end : words.starts[n]]
        if gap in (" ", "-", "  "):
            return _name_after(context, span, n, gap)
    if _PARTICLE_AFTER.match(text, span.end):
        span.beside = True
        return NAME_AFTER, False
    following = _AFTER.match(text, span.end)
    if following is None:
        return 0.0, False
    word = following[1]
    if word in _COURT:
        return NEVER, False
    if lead.level == CITY and _DOCUMENT_AFTER.match(text, span.end):
        return NEVER, False
    if word in kinds["people"]:
        return PEOPLE_AFTER, False
    if word in kinds["administrative"] or word in kinds["settlement"]:
        return TYPE_AFTER, False
    if word in kinds["local"] and lead.level in (CITY, REGION):
        return LOCAL_NOUN, False
    if word in kinds["speech"] and lead.level == CITY and not lead.flags & CAPITAL:
        return SPEAKS, False
    return 0.0, False


def _name_after(context: Context, span: Span, n: int, gap: str) -> tuple[float, bool]:
    """As `_after`, where a capitalised word follows."""
    kinds = cues()
    lead = span.entries[0]
    if lead.level in (CITY, REGION):
        site = _SITE_AFTER.match(context.text, span.end)
        if site is not None:
            span.site = site.end()
            return TYPE_AFTER, False
    low = context.words.words[n].lower()
    if low in kinds["street"] and lead.level != COUNTRY:
        return NEVER, False
    if low in kinds["administrative"] or low in kinds["settlement"]:
        return TYPE_AFTER, False
    if low in kinds["nature"] or low in kinds["site"]:
        return TYPE_AFTER / 2, False
    body = _body_after(context, n)
    if body:
        if body < 0 or lead.level not in (CITY, REGION):
            return NEVER, False
        return 0.0, True
    if gap == "-" or low in kinds["title"]:
        return 0.0, False
    if low in kinds["document"] and lead.level != COUNTRY:
        return NEVER, False
    if low in kinds["event"]:
        return (SMALL_EVENT if lead.level == CITY and lead.population <= KNOWN_PEOPLE else 0.0), False
    beside = context.by_first.get(n)
    if beside is not None and beside.entries[0].level == lead.level == COUNTRY:
        return 0.0, False
    if _is_name(context, n):
        span.beside = True
        if lead.flags & GIVEN:
            context.persons.add(span.key)
            return NAME_AFTER * GIVEN_BEFORE_NAME, False
        return NAME_AFTER, False
    return 0.0, False


def _is_name(context: Context, n: int) -> bool:
    """True when a capitalised word is part of a name (and not the first word of a sentence or a heading)."""
    if context.words.words[n].lower() in cues()["function"]:
        return False
    start = context.words.starts[n]
    sentence = context.parse.sentence_at(start)
    if sentence is None:
        return True
    tag = sentence.tags[sentence.token_at(start)]
    return tag in ("NNP", "NNPS") or (start != sentence.start and tag[:1] in "NJV")


def _body_after(context: Context, n: int) -> int:
    """What the capitalised words from number `n` on make of the name before them.

    -1: the name of a body, an outlet or a team (Oxford University); 1: an office of the place itself (Glasgow Police
    Department, Kentucky State Police), which places as well as names; 0: neither.
    """
    kinds, words = cues(), context.words
    body, office, work = kinds["body"], kinds["office"], kinds["officework"]
    found, only = -1, True
    for k in range(n, min(n + _BODY_WORDS, len(words.words))):
        if k > n and not words.joined(k):
            break
        low = words.words[k].lower()
        if low in office:
            found = 1
        elif low in body:
            found = max(found, 0)
        if low in kinds["title"] and (k > n or low in office) and (low not in work or found == 1):
            break  # Barren County Coroner Tim Gibson, Glasgow Fire Chief
        only = only and (low in office or low in work)
    if found < 0:
        return 0
    return 1 if found == 1 and only else -1


# --- the parse and the cast ------------------------------------------------------------------------------------------


def _by_cast(context: Context, span: Span, located: bool, office: bool) -> float:
    """What the actors of the report say: persons, bodies, governments, peoples."""
    lead = span.entries[0]
    country = lead.level == COUNTRY
    score = 0.0
    if not country and not located and span.key in context.bearers:
        score += BEARER
    sentence = context.parse.sentence_at(span.start)
    if sentence is None:
        return score
    token = sentence.token_at(span.start)
    ref = context.cast.at(sentence, token) if context.cast is not None else None
    if ref is not None:
        longer = ref.start < span.start or ref.end > span.end + 1
        if ref.form in ("adjective", "people") and not longer and not country:
            return NEVER
        figure = ref.figure
        if figure is not None and ref.form in ("name", "unknown", "seat", "surname", "weak"):
            if figure.kind == "person":
                # a region that the report seems to make a speaker is no person: "North Carolina, described …"
                learned = figure.id.startswith("name:") and lead.level == REGION and not lead.flags & (GIVEN | SURNAME)
                if not country and ref.form != "unknown" and (longer or not learned):
                    return NEVER if longer or not located else score + BEARER
            elif figure.kind in _BODIES and not office and (longer or (lead.level == CITY and not located)):
                return NEVER
    if any(entry.flags & CAPITAL for entry in span.entries[:3]) and stands_for_government(
        sentence, token, sentence.token_at(span.end - 1)
    ):
        return NEVER
    return score
