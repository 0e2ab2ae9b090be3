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
    NAMESAKE,
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
CONTRADICTED = -9.0
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
WEIGHT_CAPITAL = 0.8
WEIGHT_CAPITAL_SUPPORTED = 2.2
WEIGHT_STATE = 12.0
"""A country against cities and regions of its name."""
WEIGHT_STATE_ALONE = 9.0
"""The same where the report names no other country than that of the city or region."""
WEIGHT_LAND = 3.0
"""A first-level region against cities elsewhere (Virginia of Minnesota)."""
WEIGHT_VARIANT = -1.0
WEIGHT_DOMINANT = 1.2
"""The bearer that everybody thinks of first: ten times as many inhabitants as the next one, and at least 100,000."""
DOMINANT_TIMES, DOMINANT_PEOPLE = 10, 100_000
SMALL_PLACE = 15_000
"""Inhabitants below which a city needs support in the report beside its name: its region, a neighbour, or, where the
gazetteer is not dense, its country."""
SMALL_SUPPORT = 0.25
DENSE = frozenset(("USA", "GBR", "CAN", "AUS", "IRL", "NZL"))
"""Countries of which the gazetteer holds places of 500 or 1,000 inhabitants, so that any word may be one."""
WEIGHT_NAMESAKE = -2.0
"""A region against the city of its name."""
UNKNOWN_PEOPLE = 5.0
"""Stands for the inhabitants of places without a count: seas, bases, curated regions (100,000)."""
WEIGHT_PLACED = 100.0
"""Another mention of the name says which it is: London, Ky."""
WEIGHT_TYPE = 4.0
"""The text says of which level it is: Idlib province."""
SUPPORT_BY_COUNTRY, SUPPORT_BY_PART, SUPPORT_BY_CITY = 1.0, 0.5, 0.3
"""What the mention of a country, of a region or county, of a large city gives to the support of the country."""
KNOWN_CITY = 500_000
WEIGHT_OUTLET = 2.4
"""The country of the outlet."""


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
        self.outlet = outlet
        self.persons: set[str] = set()
        """Names that some mention shows to be given names."""
        self.by_name: dict[tuple[str, str], float] = {}
        """What a name itself gave to the support of a country: it must not choose between its own bearers."""
        if cast is not None:
            self.countries.update(cast.labeller.state_support)
        for span in spans:
            lead = span.entries[0]
            if lead.level == COUNTRY:
                if cast is None:
                    self._support(span.key, lead.country, SUPPORT_BY_COUNTRY)
                else:  # the cast counted the mention twice: where it scanned and where it read
                    by = span.key, lead.country
                    self.by_name[by] = self.by_name.get(by, 0.0) + 2.0
                    if lead.country not in self.countries:
                        self.countries[lead.country] = SUPPORT_BY_COUNTRY
            elif lead.flags & SEAT:
                if lead.country == span.entries[-1].country:
                    self._support(span.key, lead.country, SUPPORT_BY_PART)
            elif lead.level == REGION:
                if lead.region and not lead.flags & (COMMON | GIVEN | VARIANT | NAMESAKE):
                    self.regions[lead.region] = self.regions.get(lead.region, 0.0) + 1
                    self._support(span.key, lead.country, SUPPORT_BY_PART)
            elif lead.level == CITY:
                if lead.flags & CAPITAL and cast is not None:
                    by = span.key, lead.country
                    self.by_name[by] = self.by_name.get(by, 0.0) + 2.0
                if lead.population > KNOWN_CITY and not lead.flags & (COMMON | GIVEN | SURNAME):
                    self._support(span.key, lead.country, SUPPORT_BY_CITY)

    def _support(self, key: str, country: str, weight: float) -> None:
        self.countries[country] = self.countries.get(country, 0.0) + weight
        self.by_name[key, country] = self.by_name.get((key, country), 0.0) + weight

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
                    if any(_contains(e, span.entries) for e in _containers(span, nxt)):
                        span.within = nxt
                elif len(gap) < 24 and _IN.match(gap) and any(_contains(e, span.entries) for e in _containers(span, nxt)):
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
            if span.key in self.persons and span.score < SURE + LOCATIVE and span.within is None:
                span.score += BEARER
            elif span.score < LEAST_SCORE and span.score > NEVER / 2:
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
                if entry.country == self.outlet:
                    score += SUPPORTED_COUNTRY
                elif entry.country in self.countries:
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
        word_before, two_before = self._words_before(span.start)
        two_capital, two_before = two_before[:1].isupper(), two_before.lower()
        following = _AFTER.match(text, span.end)
        word_after = following[1] if following else ""

        if not before and span.start > 3 and text[span.start - 3 : span.start] in ("de ", "du ") and text[span.start - 4] == " ":
            return NEVER  # Stade de France
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
            elif two_before in cues["toponymic"] and two_capital:
                return NEVER
            else:
                score += OF
        elif word_before in cues["locative"] or _IN_TOWN.search(text, max(0, span.start - 12), span.start):
            score += LOCATIVE
        elif word_before in cues["motion"]:
            score += MOTION
        elif word_before in cues["settlement"] and two_before != "":
            score += TYPE_BEFORE / 2

        # the word after
        office = False
        site = _SITE_AFTER.match(text, span.end) if after and lead.level in (CITY, REGION) else None
        if site is not None:
            span.site = site.end()
            score += TYPE_AFTER
        elif after:
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
                office = True
            elif low in cues["title"] and text[span.end] == " ":
                pass
            elif low in cues["event"]:
                score += 0.0 if lead.level != CITY or lead.population > 200_000 else -1.0
            elif text[span.end] == "-":
                pass
            elif (beside := self.by_first.get(last + 1)) is not None and beside.entries[0].level == lead.level == COUNTRY:
                pass
            elif self._is_name(last + 1):
                score += NAME_AFTER * (1.5 if lead.flags & GIVEN else 1.0)
                if lead.flags & GIVEN:
                    self.persons.add(span.key)
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
        return score + self._by_cast(span, word_before in cues["locative"] or span.within is not None, office)

    def _words_before(self, start: int) -> tuple[str, str]:
        """The word before an offset (lower case) and the one before that, passing over "the" and compass points."""
        parts = self.text[max(0, start - 48) : start].split(" ")
        if len(parts) < 2 or parts[-1]:
            return "", ""
        n = len(parts) - 2
        compass = self.cues["compass"]
        while n > 0 and (parts[n] in ("the", "The") or parts[n] in compass):
            n -= 1
        before = parts[n].strip("\"'(").lower()
        return (before, parts[n - 1].strip("\"'(")) if n > 0 else (before, "")

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
            if low in self.cues["title"] and (k > n or low in office) and (low not in work or found == 1):
                break  # Barren County Coroner Tim Gibson, Glasgow Fire Chief
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

    def _by_cast(self, span: Span, located: bool, office: bool) -> float:
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
                if (
                    figure is not None and figure.kind == "person" and ref.form in ("name", "surname", "weak") and lead.level != COUNTRY
                    and not (figure.id.startswith("name:") and not longer and lead.level == REGION and not lead.flags & (GIVEN | SURNAME))
                ):  # fmt: skip
                    return NEVER if longer or not located else score + BEARER
                if not office and figure is not None and ref.form in ("name", "unknown", "seat") and figure.kind in _BODIES and (
                    longer or (lead.level == CITY and not located)
                ):  # fmt: skip
                    return NEVER
        if any(entry.flags & CAPITAL for entry in span.entries[:3]) and self._is_government(sentence, token, span):
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
        placed_inside = {span.key for span in self.spans if span.accepted and span.within is not None}
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
        self._dominant = {key: _dominant(spans[0].entries) for key, spans in open_.items()}
        self._top = max([1.0, *self.countries.values()])
        self._top_region = max([1.0, *self.regions.values()])
        self._vote({key: (entry,) for key, entry in chosen.items()} | {
            key: spans[0].entries for key, spans in open_.items() if key not in chosen})  # fmt: skip
        placed = frozenset(chosen)
        for key, spans in open_.items():
            if key not in chosen:
                chosen[key] = max(spans[0].entries, key=lambda e: self._fit(e, key))
        self._vote({key: (entry,) for key, entry in chosen.items()})
        for key, spans in open_.items():
            fits = {entry.place: self._fit(entry, key) for entry in spans[0].entries}
            if key in placed:
                fits[chosen[key].place] += WEIGHT_PLACED
            for span in spans:
                typed = _typed(self.text, span)
                span.chosen = max(span.entries, key=lambda e: fits[e.place] + WEIGHT_TYPE * (e.level == typed))
        for span in self.spans:
            entry = span.chosen
            if (
                entry is not None and entry.level == CITY and entry.population < SMALL_PLACE and span.within is None
                and span.key not in placed_inside and not self._supported(entry, span.key)
            ):  # fmt: skip
                span.chosen = None

    def _supported(self, entry: Entry, key: str) -> bool:
        """True when the report speaks of the surroundings of a small place."""
        if entry.country not in DENSE and self.countries.get(entry.country, 0.0) >= SMALL_SUPPORT * self._top:
            return True
        if entry.region in self.regions:
            return True
        own_region, own_cell = self._shares.get(key, (0.0, 0.0))
        return self._by_region.get(entry.region, 0.0) - own_region >= SMALL_SUPPORT or self._near(entry) - own_cell >= SMALL_SUPPORT

    def _near(self, entry: Entry) -> float:
        """Votes for the degree cell of a place and the eight around it."""
        row, column = _cell(entry)
        cells = self._by_cell
        near = 0.0
        for r in (row - 1, row, row + 1):
            for c in (column - 1, column, column + 1):
                near += cells.get((r, c), 0.0)
        return near

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
        flags, level = entry.flags, entry.level
        support = self.countries.get(entry.country, 0.0)
        support = max(0.0, support - self.by_name.get((key, entry.country), 0.0))
        if level == COUNTRY:
            others = sum(1 for country, weight in self.countries.items() if weight >= 1 and country != entry.country)
            return (WEIGHT_STATE if others != 1 else WEIGHT_STATE_ALONE) + WEIGHT_COUNTRY * min(1.0, support / self._top)
        score = WEIGHT_PEOPLE * math.log10(max(entry.population, 300)) if entry.population else UNKNOWN_PEOPLE
        land = level == REGION and not flags & SEAT
        if flags & NAMESAKE:
            score += WEIGHT_NAMESAKE
        elif land and entry.region:
            score += WEIGHT_LAND
        if flags & VARIANT:
            score += WEIGHT_VARIANT
        if entry.place == self._dominant.get(key):
            score += WEIGHT_DOMINANT
        support = min(1.0, support / self._top)
        if flags & CAPITAL:
            score += WEIGHT_CAPITAL + WEIGHT_CAPITAL_SUPPORTED * support
        score += WEIGHT_COUNTRY * support
        if entry.country == self.outlet:
            score += WEIGHT_OUTLET
        region = self.regions.get(entry.region, 0.0)
        if region and not land:
            score += WEIGHT_REGION * (0.5 + 0.5 * region / self._top_region)
        own_region, own_cell = self._shares.get(key, (0.0, 0.0))
        score += WEIGHT_VOTES * min(1.0, max(0.0, self._by_region.get(entry.region, 0.0) - own_region))
        return score + WEIGHT_NEAR * min(1.0, max(0.0, self._near(entry) - own_cell))

    # --- the record ------------------------------------------------------------------------------------------------

    def places(self) -> list[Place]:
        """The records of what was accepted."""
        text = self.parse.text
        found: list[Place] = []
        capitals = self._capitals()
        for span in self.spans:
            entry = span.chosen
            if entry is None or (found and span.start < found[-1].end):
                continue
            while capitals and capitals[0].start < span.start:
                found.append(capitals.pop(0))
            level = entry.level
            geonameid: int | None = entry.geonameid or None
            end = span.end
            if span.site:
                end, level, geonameid = span.site, SITE, None
            elif level == CITY:
                typed = _typed(self.text, span)
                if typed is not None and typed != level:
                    level, geonameid = typed, None
            found.append(
                Place(
                    start=span.start,
                    end=end,
                    text=text[span.start : end],
                    geonameid=geonameid,
                    lat=round(entry.lat, 4),
                    lon=round(entry.lon, 4),
                    country=entry.country or None,
                    level=LEVELS[level],
                )
            )
        return found + capitals

    def _capitals(self) -> list[Place]:
        """Capitals that are named as such: "in the Turkish capital", "outside Libya's capital", "in the capital"."""
        text = self.text
        found = []
        for match in _THE_CAPITAL.finditer(text):
            start, country = match.start("phrase"), None
            if match["whose"]:
                owner = next((s for s in self.spans if s.start <= match.start("whose") < s.end and s.chosen), None)
                if owner is not None and owner.chosen is not None and owner.chosen.level == COUNTRY:
                    start, country = match.end("whose") + 2, owner.chosen.country
                    start = match.start("noun")
                elif self.cast is not None and owner is None:
                    sentence = self.parse.sentence_at(match.start("whose"))
                    ref = self.cast.at(sentence, sentence.token_at(match.start("whose"))) if sentence is not None else None
                    if ref is not None and ref.figure is not None and ref.form in ("adjective", "part"):
                        country = ref.figure.state
            else:
                before = [s for s in self.spans if s.end <= start and s.chosen is not None and s.chosen.country]
                if before and before[-1].chosen is not None and start - before[-1].end < NEAR_CAPITAL:
                    country = before[-1].chosen.country
            entry = self.table.capitals.get(country or "")
            if entry is not None:
                end = match.end("noun")
                found.append(
                    Place(start=start, end=end, text=self.parse.text[start:end], geonameid=entry.geonameid,
                          lat=round(entry.lat, 4), lon=round(entry.lon, 4), country=entry.country, level=LEVELS[CITY])
                )  # fmt: skip
        return found


NEAR_CAPITAL = 300
"""Characters within which "the capital" belongs to the country of the place named last."""
_THE_CAPITAL = re.compile(
    r"\b(?:in|near|outside|around|to|from|into|inside|of|on|across|towards?|at) "
    r"(?P<phrase>(?:the )?(?:(?P<whose>[A-Z]\w+(?: [A-Z]\w+)?)(?:'s)? )?(?P<noun>capital(?: city)?))"
    r"(?!,? (?:of |[A-Z])|\w|-| (?:punishment|market|gain|cit|expend|spend|account|control|flow|goods|crime|murder|\())"
)
"""The capital city as such; not where its name follows, nor money."""
_BODIES = frozenset(("organ", "igo", "ngo", "party", "group", "firm", "medium"))
_IN = re.compile(r",? (?:in|of)(?: (?:the|north\w*|south\w*|east\w*|west\w*|central))* $")
_AFTER_NAME = re.compile(r"[A-Z][\w']+,? $")
_AFTER = re.compile(r" ([a-z]+)")
_IN_TOWN = re.compile(r"\b(?:downtown|central|suburban) $")
_SITE_AFTER = re.compile(
    r"(?: (?:International|Regional|Municipal|Air|Force|Naval|Military|Army|Nuclear|Power|Thermal|Central|Civil|Marine|Corps))*"
    r" (?:Airport|Airfield|Airbase|Air Base|Naval Base|Military Base|Army Base|Force Base|Air Station|Port|Harbou?r|Prison|"
    r"Power Plant|Power Station|Refinery|Cosmodrome|Spaceport|Shipyard)\b(?! (?:Authority|Police|Commission|Board|Times))"
)
"""Words that make a site of the name of a town."""
_REGION_AFTER = re.compile(
    r" (?:[Pp]rovince|[Oo]blast|[Rr]egion|[Gg]overnorate|[Pp]refecture|[Ss]tate(?! [A-Z])|[Dd]epartment|[Kk]rai|[Tt]erritory|[Rr]epublic|"
    r"[Vv]oivodeship|[Cc]anton|[Pp]eninsula)\b"
)
_REGION_BEFORE = re.compile(r"\b(?:province|region|state|governorate|oblast|republic)s? of (?:[A-Z]\w+ and )?$", re.IGNORECASE)
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


def _dominant(entries: tuple[Entry, ...]) -> int | None:
    """The city that dwarfs its namesakes, if there is one."""
    people = sorted(((e.population, e.place) for e in entries if e.level == CITY), reverse=True)
    if people and people[0][0] >= DOMINANT_PEOPLE and (
        len(people) == 1 or people[0][0] >= DOMINANT_TIMES * max(people[1][0], 1)
    ):  # fmt: skip
        return people[0][1]
    return None


def _containers(inner: Span, outer: Span) -> list[Entry]:
    """What the second name may be as the container of the first. A country is a town only within a well-known region."""
    if inner.entries[0].level == COUNTRY:
        return [e for e in outer.entries[:1] if e.level == REGION and not e.flags & SEAT]
    return [e for e in outer.entries if e.level in (COUNTRY, REGION)]


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
