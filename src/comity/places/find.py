"""Places of a report: which capitalised names are places here, and which place each name means.

First every span of the gazetteer gets a score from what stands around it (`_weigh`); those above `LEAST_SCORE` are
places. Then each name is given to one of its bearers by what the report says of where it is (`_settle`).
"""

from __future__ import annotations

import math
import re
from functools import cache
from importlib.resources import files

from comity.actors.cast import Cast
from comity.language import Parse, Sentence
from comity.places.gazetteer import (
    CAPITAL,
    CITY,
    COMMON,
    COUNTRY,
    FEATURE,
    GIVEN,
    GROUP,
    LEVELS,
    REGION,
    SEAT,
    SITE,
    SURNAME,
    VARIANT,
    Entry,
    Gazetteer,
    gazetteer,
)
from comity.places.scan import Span, Words, is_dateline, scan
from comity.records import Place

# --- whether a name is a place ---------------------------------------------------------------------------------------
# Weights were chosen by hand on the development half of TR-News and on 300 reports of the development news, by kinds of
# error. Re-run `comity evaluate places` after a change.

LEAST_SCORE = 1.5
"""Score from which on a name is taken for a place."""
PRIOR_LEVEL = {COUNTRY: 3.5, REGION: 2.2, SITE: 3.0, FEATURE: 3.0}
PRIOR_PEOPLE = ((1_000_000, 2.2), (200_000, 1.7), (50_000, 0.9), (15_000, 0.5), (0, 0.0))
"""Score of a city by its inhabitants."""
PRIOR_FLAGS = ((COMMON, -2.2), (GIVEN, -1.6), (SURNAME, -0.9), (VARIANT, -0.4), (CAPITAL, 0.8))
COUNTRY_FLAGS = 0.5
"""Share of the penalty that counts for a country (Jordan, Chad)."""
SEVERAL_WORDS = 0.8
SUPPORTED_COUNTRY = 1.0
SUPPORTED_REGION = 0.8
LOCATIVE = 1.6
MOTION = 1.0
OF = 0.4
INSIDE = 3.0
"""A place that contains it is named right after it: Oxford, Ohio."""
CONTRADICTED = -3.0
"""A region is named right after it, and the gazetteer has no such place there."""
TYPE_BEFORE = 3.0
TYPE_AFTER = 1.6
DATELINE = 4.0
LISTED = 0.8
LOCAL_NOUN = 1.2
"""Oxford residents, Kyiv airport."""
NAME_BEFORE = -2.6
NAME_AFTER = -2.6
HONORIFIC = -4.0
NEVER = -9.0
SPEAKS = -1.6
BEARER = -2.6
"""Somebody in the report bears the name."""
AGAIN = 1.2
"""Another mention of the name in the report is surely a place."""
SURE = 3.0

# --- which place it is -----------------------------------------------------------------------------------------------

WEIGHT_PEOPLE = 1.0
"""For each power of ten of inhabitants."""
WEIGHT_COUNTRY = 2.4
WEIGHT_REGION = 2.2
WEIGHT_NEAR = 1.6
WEIGHT_VOTES = 1.6
"""Other names of the report could lie in the same region."""
WEIGHT_CAPITAL = 1.3
WEIGHT_CURATED = 0.8
WEIGHT_STATE = 8.4
"""A country against cities and regions of its name: as a city of 250 million."""
WEIGHT_VARIANT = -1.0
WEIGHT_REGION_LEVEL = -0.9
"""A region against the city of its name."""
UNKNOWN_PEOPLE = 5.0
"""Stands for the inhabitants of places without a count: seas, bases, curated regions (100,000)."""
WEIGHT_TYPE = 4.0
"""The text says of which level it is: Idlib province."""
OUTLET_SUPPORT = 0.6
"""Support of the outlet's country, in mentions."""


@cache
def _cues() -> dict[str, frozenset[str]]:
    """Kinds of words around names, from `cues.tsv`."""
    kinds: dict[str, set[str]] = {}
    for line in files(__package__).joinpath("cues.tsv").read_text("utf-8").splitlines()[1:]:
        word, kind, _ = line.split("\t")
        kinds.setdefault(kind, set()).add(word)
    return {kind: frozenset(words) for kind, words in kinds.items()}


def find_places(
    parse: Parse, cast: Cast | None, published: str | None = None, outlet_country: str | None = None
) -> tuple[Place, ...]:
    """The places that a report names, in text order, without overlaps.

    `cast`: who is in the report, so that persons named like towns and capitals that stand for governments are left
    out; None when it is not known. `published` is not used yet: names are taken whatever the year. `outlet_country`:
    ISO 3166 alpha-3, a weak hint between places of one name.
    """
    table = gazetteer()
    words = Words(parse.text)
    spans = scan(words, table)
    if not spans:
        return ()
    report = _Report(parse, cast, words, spans, table, outlet_country)
    report.link()
    report.weigh()
    report.settle()
    return tuple(report.places())


class _Report:
    """The state of one reading."""

    def __init__(
        self, parse: Parse, cast: Cast | None, words: Words, spans: list[Span], table: Gazetteer, outlet: str | None
    ) -> None:
        self.parse = parse
        self.cast = cast
        self.words = words
        self.text = words.folded
        self.spans = spans
        self.table = table
        self.cues = _cues()
        self.countries: dict[str, float] = {}
        """Support of each country: mentions of its name, its adjective or its people."""
        self.regions: dict[str, float] = {}
        self.bearers = cast.labeller.bearers if cast is not None else {}
        self.by_first = {span.first: span for span in spans}
        if outlet:
            self.countries[outlet] = OUTLET_SUPPORT
        if cast is not None:
            for state, count in cast.labeller.state_support.items():
                self.countries[state] = self.countries.get(state, 0.0) + count
        for span in spans:
            entries = span.entries
            if len(entries) == 1 or entries[0].level == COUNTRY:
                entry = entries[0]
                if entry.level == COUNTRY:
                    if cast is None or not self.countries.get(entry.country):
                        self.countries[entry.country] = self.countries.get(entry.country, 0.0) + 1
                elif entry.flags & SEAT:
                    self.countries[entry.country] = self.countries.get(entry.country, 0.0) + 0.5
                elif entry.level == REGION and not entry.flags & (COMMON | GIVEN) and entry.region:
                    self.regions[entry.region] = self.regions.get(entry.region, 0.0) + 1
                    self.countries[entry.country] = self.countries.get(entry.country, 0.0) + 0.5
            elif entries[0].flags & SEAT and entries[0].country == entries[-1].country:
                self.countries[entries[0].country] = self.countries.get(entries[0].country, 0.0) + 0.5
            elif entries[0].level == REGION and not entries[0].flags & (SEAT | COMMON | GIVEN | SURNAME | VARIANT):
                region = entries[0]
                self.regions[region.region] = self.regions.get(region.region, 0.0) + 0.7
                self.countries[region.country] = self.countries.get(region.country, 0.0) + 0.3
            elif entries[0].level == CITY and entries[0].population > 500_000 and not entries[0].flags & (COMMON | GIVEN | SURNAME):
                self.countries[entries[0].country] = self.countries.get(entries[0].country, 0.0) + 0.3

    # --- containment -----------------------------------------------------------------------------------------------

    def link(self) -> None:
        """Find for each span the place that is named right after it to say where it is."""
        text = self.text
        after = self.table.after_comma
        kept = []
        for n, span in enumerate(self.spans):
            nxt = self.spans[n + 1] if n + 1 < len(self.spans) else None
            if nxt is not None:
                gap = text[span.end : nxt.start]
                if gap in (", ", ",", " (", ", in ", ", the ") or (gap == " " and nxt.key in after):
                    if any(_contains(e, span.entries) for e in nxt.entries if e.level in (COUNTRY, REGION)):
                        span.within = nxt
                elif len(gap) < 24 and _IN.match(gap) and any(_contains(e, span.entries) for e in nxt.entries if e.level in (COUNTRY, REGION)):
                    span.within = nxt
                elif gap == "'s " and any(_contains(e, nxt.entries) for e in span.entries if e.level in (COUNTRY, REGION)):
                    nxt.within = span
            if span.key in after and not (
                kept and kept[-1].end + 2 >= span.start and text[kept[-1].end : span.start] in (", ", " ", ",")
            ):
                # "Miss.", "Wash.": abbreviations only after a name and a comma, be it one that the gazetteer has not
                if not _AFTER_NAME.search(text, max(0, span.start - 30), span.start):
                    continue
            kept.append(span)
        for span in kept:  # "Oxford, Butler County, Ohio"
            if span.within is not None and span.within.within is not None and span.within.within is not span:
                outer = span.within.within
                if any(_contains(e, span.entries) for e in outer.entries if e.level in (COUNTRY, REGION)):
                    span.within = outer
        self.spans = kept
        self.by_first = {span.first: span for span in kept}

    # --- whether it is a place -------------------------------------------------------------------------------------

    def weigh(self) -> None:
        """Score every span; then once more for names that are surely places somewhere in the report."""
        sure: set[str] = set()
        for span in self.spans:
            span.score = self._score(span)
            if span.score >= SURE:
                sure.add(span.key)
        for n, span in enumerate(self.spans):
            if span.score < LEAST_SCORE and span.score > NEVER / 2:
                if span.key in sure:
                    span.score += AGAIN
                if span.score < LEAST_SCORE and self._listed(n):
                    span.score += LISTED
            span.accepted = span.score >= LEAST_SCORE

    def _listed(self, n: int) -> bool:
        for other in (n - 1, n + 1):
            if 0 <= other < len(self.spans):
                a, b = (self.spans[other], self.spans[n]) if other < n else (self.spans[n], self.spans[other])
                if self.text[a.end : b.start] in (", ", " and ", ", and ", " or ") and self.spans[other].score >= LEAST_SCORE:
                    return True
        return False

    def _prior(self, span: Span) -> float:
        best = NEVER
        many = SEVERAL_WORDS if " " in span.key else 0.0
        for entry in span.entries[:6]:
            if entry.level == CITY:
                score = next(points for least, points in PRIOR_PEOPLE if entry.population >= least)
                share = 1.0 if entry.population < 1_000_000 else 0.6
            else:
                score = PRIOR_LEVEL[entry.level]
                share = COUNTRY_FLAGS if entry.level == COUNTRY else 1.0
            for flag, points in PRIOR_FLAGS:
                if entry.flags & flag:
                    score += points * (share if points < 0 else 1.0)
            if entry.level != COUNTRY:
                if entry.country in self.countries:
                    score += SUPPORTED_COUNTRY * min(1.0, self.countries[entry.country])
                if entry.region in self.regions and entry.level == CITY:
                    score += SUPPORTED_REGION
            if score > best:
                best = score
        return best + many

    def _score(self, span: Span) -> float:
        text, words, cues = self.text, self.words, self.cues
        score = self._prior(span)
        first, last = span.first, span.last
        lead = span.entries[0]

        # the word before
        before = after = ""
        if first > 0 and words.joined(first) and words.ends[first - 1] <= span.start:
            before = words.words[first - 1]
        if last + 1 < len(words.starts) and span.end <= words.starts[last + 1]:
            gap = text[span.end : words.starts[last + 1]]
            if gap in (" ", "-", "  "):
                after = words.words[last + 1]
        previous = _BEFORE.search(text, max(0, span.start - 40), span.start)
        word_before = previous[2].lower() if previous else ""
        two_before = (previous[1] or "").lower() if previous else ""
        following = _AFTER.match(text, span.end)
        word_after = following[1].lower() if following else ""

        if before:
            low = before.lower()
            prior_span = self.by_first.get(first - 1)
            if low in cues["compass"] or low in cues["function"] or before.isupper() and len(before) > 3:
                pass
            elif low.rstrip(".") in cues["honorific"]:
                score += HONORIFIC
            elif prior_span is not None and prior_span.end < span.start and prior_span.entries[0].level == COUNTRY:
                pass
            elif self._is_name(first - 1) and not (lead.level == COUNTRY and not lead.flags & GIVEN):
                score += NAME_BEFORE
        if word_before == "of" and two_before:
            if two_before in cues["settlement"] or two_before in cues["administrative"]:
                score += TYPE_BEFORE
            elif two_before in cues["toponymic"] and previous is not None and previous[1][:1].isupper():
                return NEVER
            else:
                score += OF
        elif word_before in cues["locative"]:
            score += LOCATIVE
        elif word_before in cues["motion"]:
            score += MOTION
        elif word_before in cues["settlement"] and two_before != "":
            score += TYPE_BEFORE / 2

        # the word after
        if after:
            low = after.lower()
            if low in cues["street"] and lead.level != COUNTRY:
                return NEVER
            if low in cues["administrative"] or low in cues["settlement"]:
                score += TYPE_AFTER
            elif low in cues["nature"] or low in cues["site"]:
                score += TYPE_AFTER / 2
            elif (body := self._body_after(last + 1)) != 0:
                if body < 0 or lead.level == COUNTRY:
                    return NEVER
            elif low in cues["title"] and text[span.end] == " ":
                pass
            elif low in cues["event"]:
                score += 0.0 if lead.level != CITY or lead.population > 200_000 else -1.0
            elif text[span.end] == "-" or self.by_first.get(last + 1) is not None and lead.level == COUNTRY:
                pass
            elif self._is_name(last + 1):
                score += NAME_AFTER * (1.5 if lead.flags & GIVEN else 1.0)
        elif word_after:
            if word_after in cues["administrative"] or word_after in cues["settlement"]:
                score += TYPE_AFTER
            elif word_after in cues["local"] and lead.level in (CITY, REGION):
                score += LOCAL_NOUN
            elif word_after in cues["speech"] and lead.level == CITY and not lead.flags & CAPITAL:
                score += SPEAKS
        if span.within is not None:
            score += INSIDE
        elif lead.level in (CITY, REGION) and self._contradicted(span):
            score += CONTRADICTED
        if is_dateline(text, span.start, span.end):
            score += DATELINE
        return score + self._by_cast(span, word_before in cues["locative"] or span.within is not None)

    def _is_name(self, n: int) -> bool:
        """True when a capitalised word is part of a name (and not the first word of a sentence or a heading)."""
        word = self.words.words[n]
        low = word.lower()
        if low in self.cues["function"]:
            return False
        start = self.words.starts[n]
        sentence = self.parse.sentence_at(start)
        if sentence is not None:
            token = sentence.token_at(start)
            return sentence.tags[token] in ("NNP", "NNPS") or start != sentence.start
        return True

    def _body_after(self, n: int) -> int:
        """What the capitalised words from here on make of the name before them.

        -1: the name of a body, an outlet or a team (Oxford University); 1: an office of the place itself (Glasgow
        Police Department, Kentucky State Police), which places as well as names; 0: neither.
        """
        body, office, work = self.cues["body"], self.cues["office"], self.cues["officework"]
        words = self.words
        found = -1
        only = True
        for k in range(n, min(n + 5, len(words.words))):
            if k > n and not words.joined(k):
                break
            low = words.words[k].lower()
            if low in office:
                found = 1
            elif low in body:
                found = max(found, 0)
            elif low in self.cues["title"] and low not in work:
                break
            only = only and (low in office or low in work)
        if found < 0:
            return 0
        return 1 if found == 1 and only else -1

    def _contradicted(self, span: Span) -> bool:
        """True when a region of other lands is named right after it: Toco, Texas is not the Toco of Trinidad."""
        text = self.text
        if not text.startswith(", ", span.end):
            return False
        nxt = self.by_first.get(span.last + 1)
        if nxt is None or nxt.start != span.end + 2:
            return False
        closing = text[nxt.end : nxt.end + 1]
        outer = nxt.entries[0]
        return (nxt.key in self.table.after_comma or closing in (",", ".", ")")) and (
            outer.level == COUNTRY or (outer.level == REGION and not outer.flags & SEAT and len(nxt.entries) < 3)
        ) and span.entries[0].level == CITY  # fmt: skip

    def _by_cast(self, span: Span, located: bool) -> float:
        """What the actors of the report say: persons, bodies, governments, peoples."""
        lead = span.entries[0]
        low = span.key.split(" ")[-1]
        score = 0.0
        if low in self.bearers and lead.level != COUNTRY and not located and " " not in span.key:
            score += BEARER
        sentence = self.parse.sentence_at(span.start)
        if sentence is None:
            return score
        token = sentence.token_at(span.start)
        if self.cast is not None:
            ref = self.cast.at(sentence, token)
            if ref is not None:
                figure = ref.figure
                longer = ref.start < span.start or ref.end > span.end + 1
                if ref.form in ("adjective", "people") and not longer and lead.level != COUNTRY:
                    return NEVER
                if figure is not None and figure.kind == "person" and ref.form in ("name", "surname", "weak") and lead.level != COUNTRY:
                    return NEVER if longer or not located else score + BEARER
                if longer and figure is not None and ref.form in ("name", "unknown", "seat") and figure.kind in (
                    "organ", "igo", "ngo", "party", "group", "firm", "medium"
                ):  # fmt: skip
                    return NEVER
        if lead.flags & CAPITAL and self._is_government(sentence, token, span):
            return NEVER
        return score

    def _is_government(self, s: Sentence, token: int, span: Span) -> bool:
        """True when the name of a capital stands for the government that sits there."""
        last = s.token_at(span.end - 1)
        head = last
        for i in range(last, token - 1, -1):
            if not token <= s.heads[i] <= last:
                head = i
                break
        return _stands_for_government(s, head, 0)

    # --- which place it is -----------------------------------------------------------------------------------------

    def settle(self) -> None:
        """Choose one bearer for each accepted name: first where there is no choice, then by the company it keeps."""
        open_: dict[str, list[Span]] = {}
        chosen: dict[str, Entry] = {}
        for span in self.spans:
            if not span.accepted:
                continue
            if len(span.entries) == 1:
                span.chosen = span.entries[0]
            elif span.within is not None:
                inside = [e for e in span.entries if any(_contains(o, (e,)) for o in span.within.entries)]
                span.chosen = max(inside, key=lambda e: e.population)
            else:
                open_.setdefault(span.key, []).append(span)
                continue
            chosen.setdefault(span.key, span.chosen)
            if span.chosen.region and span.within is not None:
                self.regions[span.chosen.region] = self.regions.get(span.chosen.region, 0.0) + 1
        if not open_:
            return
        self._own = {key: len(spans) for key, spans in open_.items()}
        self._top = max([1.0, *self.countries.values()])
        self._top_region = max([1.0, *self.regions.values()])
        self._vote({key: (entry,) for key, entry in chosen.items()} | {
            key: spans[0].entries for key, spans in open_.items() if key not in chosen})  # fmt: skip
        for key, spans in open_.items():
            if key not in chosen:
                chosen[key] = max(spans[0].entries, key=lambda e: self._fit(e, key))
        self._vote({key: (entry,) for key, entry in chosen.items()})
        for key, spans in open_.items():
            fits = {entry.place: self._fit(entry, key) for entry in spans[0].entries}
            for span in spans:
                typed = _typed(self.text, span)
                span.chosen = max(span.entries, key=lambda e: fits[e.place] + WEIGHT_TYPE * (e.level == typed))

    def _vote(self, bearers: dict[str, tuple[Entry, ...]]) -> None:
        """Where the names of the report could be: each spreads one vote over its bearers, by region and by degree cell."""
        self._by_region: dict[str, float] = {}
        self._by_cell: dict[tuple[int, int], float] = {}
        self._shares: dict[str, tuple[float, float]] = {}
        for key, entries in bearers.items():
            small = [e for e in entries if e.level in (CITY, SITE) or e.flags & SEAT]
            if not small:
                continue
            regions = {e.region for e in small}
            cells = {_cell(e) for e in small}
            self._shares[key] = 1 / len(regions), 1 / len(cells)
            for region in regions:
                self._by_region[region] = self._by_region.get(region, 0.0) + 1 / len(regions)
            for cell in cells:
                self._by_cell[cell] = self._by_cell.get(cell, 0.0) + 1 / len(cells)

    def _fit(self, entry: Entry, key: str) -> float:
        """How well one bearer of a name fits the report."""
        flags = entry.flags
        support = self.countries.get(entry.country, 0.0)
        if entry.level == COUNTRY:
            score = WEIGHT_STATE
            # the mentions of the name itself (the cast counts each twice) tell nothing
            support = max(0.0, support - (2 if self.cast is not None else 1) * self._own.get(key, 0))
        elif entry.population:
            score = WEIGHT_PEOPLE * math.log10(max(entry.population, 300))
        else:
            score = UNKNOWN_PEOPLE
        if entry.level == REGION and not flags & SEAT:
            score += WEIGHT_REGION_LEVEL
        if flags & VARIANT:
            score += WEIGHT_VARIANT
        if flags & CAPITAL:
            score += WEIGHT_CAPITAL
        score += WEIGHT_COUNTRY * min(1.0, support / self._top)
        if entry.level != COUNTRY:
            region = self.regions.get(entry.region, 0.0)
            if region:
                score += WEIGHT_REGION * (0.5 + 0.5 * region / self._top_region)
            own_region, own_cell = self._shares.get(key, (0.0, 0.0))
            if entry.level == REGION and not flags & SEAT:
                own_region = own_cell = 0.0
            score += WEIGHT_VOTES * min(1.0, max(0.0, self._by_region.get(entry.region, 0.0) - own_region))
            row, column = _cell(entry)
            cells = self._by_cell
            near = -own_cell + sum(
                cells.get((r, c), 0.0) for r in (row - 1, row, row + 1) for c in (column - 1, column, column + 1)
            )
            score += WEIGHT_NEAR * min(1.0, max(0.0, near))
        return score

    # --- the record ------------------------------------------------------------------------------------------------

    def places(self) -> list[Place]:
        """The records of what was accepted."""
        text = self.parse.text
        found = []
        for span in self.spans:
            entry = span.chosen
            if entry is None:
                continue
            level = entry.level
            geonameid: int | None = entry.geonameid or None
            typed = _typed(self.text, span)
            if typed is not None and typed != level and level == CITY:
                level, geonameid = typed, None
            found.append(
                Place(
                    start=span.start,
                    end=span.end,
                    text=text[span.start : span.end],
                    geonameid=geonameid,
                    lat=round(entry.lat, 4),
                    lon=round(entry.lon, 4),
                    country=entry.country or None,
                    level=LEVELS[level],
                )
            )
        return found


_IN = re.compile(r",? (?:in|of)(?: (?:the|north\w*|south\w*|east\w*|west\w*|central))* $")
_AFTER_NAME = re.compile(r"[A-Z][\w']+,? $")
_BEFORE = re.compile(r"(?:([A-Za-z]+) )?([A-Za-z.]+)(?: the)? (?:[a-z]+ern |north |south |east |west |central )?$")
_AFTER = re.compile(r" ([a-z]+)")
_REGION_AFTER = re.compile(
    r" (?:[Pp]rovince|[Oo]blast|[Rr]egion|[Gg]overnorate|[Pp]refecture|[Ss]tate(?! [A-Z])|[Dd]epartment|[Kk]rai|[Tt]erritory|[Rr]epublic|"
    r"[Vv]oivodeship|[Cc]anton|[Pp]eninsula)\b"
)
_REGION_BEFORE = re.compile(r"\b(?:province|region|state|governorate|oblast|republic) of $", re.IGNORECASE)
_CITY_BEFORE = re.compile(r"\b(?:city|town|port|village|capital)(?: city)?(?: of)? $", re.IGNORECASE)


def _typed(text: str, span: Span) -> int | None:
    """The level that the text itself gives: Idlib province, the city of Idlib."""
    if _REGION_AFTER.match(text, span.end):
        return REGION
    if text.startswith((" city", " City", " town"), span.end):
        return CITY
    before = text[max(0, span.start - 20) : span.start]
    if _REGION_BEFORE.search(before):
        return REGION
    if _CITY_BEFORE.search(before):
        return CITY
    return None


def _contains(outer: Entry, inner: tuple[Entry, ...]) -> bool:
    """True when a country or region contains one of the places."""
    if outer.level == COUNTRY:
        return any(e.country == outer.country and e.level != COUNTRY for e in inner)
    if outer.flags & SEAT:
        return any(e.region == outer.region and e.level == CITY and _km(e.lat, e.lon, outer.lat, outer.lon) < 80 for e in inner)
    return bool(outer.region) and any(
        e.region == outer.region and (e.level == CITY or e.level == SITE or e.flags & SEAT) for e in inner
    )


def _cell(entry: Entry) -> tuple[int, int]:
    """The degree cell in which a place lies."""
    return int(entry.lat // 1), int(entry.lon // 1)


def _km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Distance in kilometres on a sphere, by the equirectangular approximation: good to 1 % below 1,000 km."""
    dlon = abs(lon1 - lon2)
    if dlon > 180:
        dlon = 360 - dlon
    x = dlon * math.cos(math.radians((lat1 + lat2) / 2))
    return 111.2 * math.hypot(x, lat1 - lat2)


# --- capitals that stand for governments --------------------------------------------------------------------------------

_PLACE_VERBS = frozenset("be become host lie remain fall see suffer wake celebrate have flood burn shake".split())
"""Verbs whose subject may be a city itself."""
_REACHED = frozenset(
    "visit leave reach enter capture seize take bomb shell hit strike attack bombard shake rock near surround besiege "
    "encircle evacuate flee defend control retake recapture pass cross tour storm target protect".split()
)
"""Verbs whose object is a city as a place."""
_PARTNER = frozenset("with between against by on for toward towards than like among via unlike".split())
_MOVED = frozenset("flight train road trip journey visit way route travel bus drive march return move ambassador".split())


def _stands_for_government(s: Sentence, token: int, depth: int) -> bool:
    dep, head = s.deps[token], s.heads[token]
    if dep in ("nsubj", "nsubjpass"):
        return s.tags[head][:1] in ("V", "M") and not (dep == "nsubj" and s.lemmas[head] in _PLACE_VERBS) and not (
            dep == "nsubjpass" and s.lemmas[head] in _REACHED)  # fmt: skip
    if dep == "dobj":
        return s.lemmas[head] not in _REACHED
    if dep in ("dative", "agent"):
        return True
    if dep == "pobj":
        word = s.lowers[head]
        above = s.heads[head]
        if word in _PARTNER:
            return s.lemmas[above] not in _MOVED
        if word == "from":
            return s.tags[above][:1] == "N" and s.lemmas[above] not in _MOVED and s.lemmas[above] in _SENT
        return False
    if dep == "poss":
        return s.lemmas[head] in _POLICY
    if dep == "conj" and depth < 3:
        return _stands_for_government(s, head, depth + 1)
    return False


_SENT = frozenset("pressure support aid request demand signal message approval criticism order instruction funding help "
                  "backing permission response reaction assurance guarantee concession".split())  # fmt: skip
_POLICY = frozenset(
    "policy position decision interest claim response invasion support effort plan stance view relation relationship tie "
    "reaction refusal insistence demand desire ambition aggression influence role concern goal aim intention willingness "
    "proposal offer threat warning accusation action move war campaign pressure backing ally partner leader government "
    "leadership foreign approach strategy attitude commitment diplomacy envoy ambassador control rule grip involvement "
    "intervention participation part argument call statement promise pledge recognition sanction troop force nuclear "
    "security alliance enemy rival opponent narrative propaganda line behavior behaviour conduct economy military".split()
)
