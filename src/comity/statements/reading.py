"""A report's statements: the attributions joined, their speakers resolved, and the record made of them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from comity.actors import Cast, Figure
from comity.dates import Governed, Timeline, governing_date
from comity.language import Parse, Sentence
from comity.records import Party, Report, Statement, content_hash
from comity.statements import grammar, joining
from comity.statements.circumstances import Circumstances, around, medium_name
from comity.statements.cues import lexicon
from comity.statements.finding import DOCUMENTS, Attribution
from comity.statements.quotation import Quotation
from comity.statements.turns import turns
from comity.statements.voices import FIRST, Voice, as_party, as_speaker, of_turn, unnamed, voices

VERBATIM_SHARE = 0.95
"""Share of words inside quotation marks from which a content counts as verbatim; the gold's own rule."""

RELAYED_SHARE = 0.7
"""A medium's report is a mere relay when another's statement makes up so much of what it reports."""

_WORD = re.compile(r"\w+(?:[-'’]\w+)*")
_RELAY_NOUNS = frozenset("agency newspaper paper magazine daily weekly tabloid broadcaster television tv radio network channel website "
                         "outlet report media press transcript readout tv station".split())  # fmt: skip

_PRONOUNS = {"he": "m", "she": "f", "it": "thing", "they": "many", "his": "m", "her": "f", "him": "m", "its": "thing",
             "their": "many", "them": "many"}  # fmt: skip

_BARE_OFFICES = frozenset(("top leader", "head of government", "minister", "spokesperson", "ambassador", "deputy head"))

_ASSERTING = frozenset(("clause", "quote", "colon", "according", "continued"))
_CONNECTIVES = frozenset("thus therefore moreover furthermore besides hence accordingly consequently however".split())

LONGEST_CONTINUATION = 2
"""Sentences without a cue that may stand between two statements of one speaker and still be his. Longer stretches are
background in nine of ten cases of the hand-coded reports."""

FEWEST_WORDS = 6
"""Shorter sentences without a cue are captions and headings."""

FARTHEST_PRONOUN = 2
"""Sentences between a statement and a "he said" that goes on from it. Swept 1 to 4 over the hand-coded reports."""

DateOf = Callable[[Attribution], tuple[str | None, str | None, tuple[int, int] | None]]


class Reading:
    """All attributions of one report with their speakers, and the statements recorded of them.

    What events ask for: `account_at`, `speaker_at`, `figures_at`.
    """

    def __init__(self, report: Report, parse: Parse, cast: Cast, timeline: Timeline | None = None) -> None:
        self.report, self.parse, self.cast, self.timeline = report, parse, cast, timeline
        words = lexicon()
        material = joining.collect(parse, words)
        joining.widen(material)
        self._heads: dict[int, Voice] = {}
        for turn in turns(parse, cast):
            s = parse.sentence_at(turn.first) or parse.sentence_at(turn.start)
            if s is None:
                continue
            a = Attribution(s, -1, None, "turn", True)
            a.content = [(turn.first, turn.last)]
            a.turn = not turn.headline
            self._heads[id(a)] = of_turn(turn, parse.text)
            material.found.append(a)
        joining.chain(material)
        joining.orphans(material, words)
        joining.settle(material)
        self.quotations: list[Quotation] = material.quotes
        found = material.found
        self.speakers: dict[int, list[Voice]] = {}
        self.relays: dict[int, list[str]] = {}
        self._spoken = sorted(found, key=lambda a: (a.end if a.start >= 0 else a.content[0][0]))
        for a in self._spoken:
            self._speak(a)
        self._go_on(found)
        found = self._without_relays(found)
        self.attributions: list[Attribution] = sorted(found, key=lambda a: (a.content[0][0], -a.content[-1][1]))
        self.around: dict[int, Circumstances] = {id(a): around(a, cast, parse.text) for a in self.attributions}
        self._gather_relays()
        self._apply_asides(material.asides)
        self.statements: tuple[Statement, ...] = self._record()

    # --- speakers --------------------------------------------------------------------------------------------------

    def _speak(self, a: Attribution) -> list[Voice]:
        known = self.speakers.get(id(a))
        if known is not None:
            return known
        self.speakers[id(a)] = []
        head = self._heads.get(id(a))
        if head is not None:
            found = [head]
        elif a.implied is not None:
            found = self._speak(a.implied)
        elif a.source >= 0 and (before := self._same_as_before(a)) is not None:
            voice = voices(self.cast, a.sentence, a.source, a.token, self.report.text)[0]
            found = [v._replace(start=voice.start, end=voice.end, text=voice.text, ref=None) for v in before]
        elif a.source >= 0:
            found = voices(self.cast, a.sentence, a.source, a.token, self.report.text)
            if a.within is not None and found and found[0].figure is None and a.sentence.lowers[a.source] in FIRST:
                found = [v._replace(figure=w.figure, ref=w.ref) for v in found for w in self._speak(a.within)] or found
        else:
            found = []
        if found and a.token >= 0 and all(v.is_medium for v in found):
            cited = self._cited(a)
            if cited:
                self.relays.setdefault(id(a), []).extend(self._relay_name(v) for v in found)
                found = cited
        self.speakers[id(a)] = found
        return found

    def _cited(self, a: Attribution) -> list[Voice]:
        """Whom a medium cites for what it reports: "Citing a senior officer, Al Jazeera reported …"."""
        s = a.sentence
        for kid in s.kids[a.token]:
            if s.deps[kid] == "advcl" and s.lowers[kid] in ("citing", "quoting"):
                token = grammar.kid_of(s, kid, "dobj")
                if token >= 0:
                    found = voices(self.cast, s, token, -1, self.report.text)
                    if all(v.head in unnamed() or v.figure is not None and v.figure.kind != "state" for v in found):
                        return found
        return []

    def _same_as_before(self, a: Attribution) -> list[Voice] | None:
        """The speakers of the statement before, where "he said" goes on from it and nobody else has come between.

        Coreference alone would take a name out of the quoted words for the antecedent.
        """
        s = a.sentence
        word = s.lowers[a.source]
        wanted = _PRONOUNS.get(word)
        level: str | None = None
        if wanted is None and a.within is None:
            # "the President said" after another president was only talked of
            ref = self.cast.at(s, a.source)
            if ref is not None and ref.form == "role" and ref.first == ref.last and ref.first and s.lowers[ref.first - 1] == "the" \
                    and ref.figure is not None and ref.figure.kind == "person" and ref.level in _BARE_OFFICES:  # fmt: skip
                wanted, level = "office", ref.level
        if wanted is None or a.within is not None:
            return None
        at = s.starts[a.source]
        best: Attribution | None = None
        best_end = -1
        for b in self._spoken:
            end = max(b.content[-1][1], b.end)
            if b is not a and b.within is None and best_end < end <= at and self.speakers.get(id(b)):
                best, best_end = b, end
        if best is None:
            return None
        last = self.parse.sentence_at(best_end - 1)
        if last is None or s.number - last.number > FARTHEST_PRONOUN:
            return None
        found = self.speakers[id(best)]
        figure = found[0].figure
        if level is not None:
            return found if len(found) == 1 and figure is not None and figure.kind == "person" and figure.level == level else None
        if len(found) > 1:
            return found if wanted == "many" else None
        if wanted == "many":
            return found if figure is not None and (figure.plural or figure.kind in ("group", "population", "organ")) else None
        if figure is None:
            if found[0].head in _PRONOUNS or wanted == "thing" or found[0].head == "":
                return None
        elif wanted == "thing":
            if figure.kind in ("person", "other") or figure.plural:
                return None
        elif figure.kind not in ("person", "other") or figure.plural or figure.gender not in ("", wanted):
            return None
        # somebody else who came between, outside of what was said
        for number in range(last.number, s.number + 1):
            for ref in self.cast.by_sentence[number]:
                other = ref.figure
                if other is None or other is figure or not best_end <= ref.start < at or ref.form in ("part", "adjective"):
                    continue
                same_kind = other.kind == "person" if wanted in ("m", "f") else other.kind != "person"
                if same_kind and ref.subject and not any(x <= ref.start < y for b in self._spoken for x, y in b.content):
                    return None
        return found

    # --- free continuation -----------------------------------------------------------------------------------------

    def _go_on(self, found: list[Attribution]) -> None:
        """Sentences without a cue between two statements of one speaker, where the words show that he is still speaking:
        they open with a connective, or say in the present what his own state does or will do.
        """
        sentences = self.parse.sentences
        held: dict[int, list[Attribution]] = {}
        for a in found:
            if a.firm and (a.frame in _ASSERTING or a.turn):
                numbers = {a.sentence.number} if a.token >= 0 else set()
                for start, end in a.content:
                    first, last = self.parse.sentence_at(start), self.parse.sentence_at(end - 1)
                    if first is not None and last is not None:
                        numbers.update(range(first.number, last.number + 1))
                for number in numbers:
                    held.setdefault(number, []).append(a)
        quoted = {s.number for q in self.quotations if (s := self.parse.sentence_at(q.first)) is not None}
        for number in sorted(held):
            before = [a for a in held[number] if a.within is None and a.frame in _ASSERTING and self.speakers[id(a)]]
            gap = [n for n in range(number + 1, number + 2 + LONGEST_CONTINUATION) if n < len(sentences)]
            free = []
            for n in gap:
                if n in held:
                    break
                free.append(n)
            if not before or not free or len(free) > LONGEST_CONTINUATION or free[-1] + 1 not in held:
                continue
            after = [a for a in held[free[-1] + 1] if a.within is None and self.speakers[id(a)]]
            if not after or not self._same_speaker(before[-1], after[0]):
                continue
            for n in free:
                s = sentences[n]
                if n in quoted or not self._still_speaks(s, before[-1]):
                    continue
                a = Attribution(s, -1, None, "continued", True)
                start, end = joining.trim(self.report.text, s.start, s.end)
                a.content = [(start, end - (self.report.text[end - 1] == "."))]
                a.continued = a.free = True
                a.implied = before[-1]
                for inner in found:
                    if inner.within is None and inner.sentence is s and joining.contains(a.content, inner.content):
                        inner.within = a
                found.append(a)
                self.speakers[id(a)] = self.speakers[id(before[-1])]

    def _still_speaks(self, s: Sentence, before: Attribution) -> bool:
        tags = {s.tags[k] for k in (s.root, *s.kids[s.root]) if s.deps[k] in ("ROOT", "aux", "auxpass")}
        if len(s) < FEWEST_WORDS or "VBD" in tags or not tags & {"VBZ", "VBP", "MD"}:
            return False
        if s.lowers[0] in _CONNECTIVES:
            return True
        states = {v.figure.state for v in self.speakers[id(before)] if v.figure is not None and v.figure.state}
        subject = grammar.own_subject(s, s.root)
        if subject < 0 or not states:
            return False
        first, last = grammar.noun_phrase(s, subject)
        return any(
            ref.figure is not None and ref.figure.kind == "state" and ref.figure.state in states
            for ref in self.cast.by_sentence[s.number]
            if first <= ref.first and ref.last <= last
        )

    # --- relays ----------------------------------------------------------------------------------------------------

    def _is_relay(self, a: Attribution) -> bool:
        found = self.speakers[id(a)]
        return bool(found) and all(
            v.is_medium
            or v.head in _RELAY_NOUNS and (v.figure is None or v.figure.kind in ("organ", "ngo", "firm", "other"))
            and (v.head not in DOCUMENTS or a.preposed or a.frame == "according")
            for v in found
        )

    def _without_relays(self, found: list[Attribution]) -> list[Attribution]:
        """Take out attributions to a medium that only hand on another's statement; they become its relays."""
        gone: set[int] = set()
        for b in found:
            if not self._is_relay(b) and b.frame != "according":
                continue
            if b.frame == "according" and not self._is_relay(b):
                continue
            inner = [a for a in found if a.within is b and a.firm and not self._is_relay(a)]
            total = joining.size(b.content)
            for a in inner:
                s = a.sentence
                reach = [(s.starts[a.reach[0]], s.ends[a.reach[1]])] if a.token >= 0 else []
                if _union(a.content + reach) >= RELAYED_SHARE * total:
                    self.relays.setdefault(id(a), []).extend(self._relay_name(v) for v in self.speakers[id(b)])
                    gone.add(id(b))
                    for x in found:
                        if x.within is b:
                            x.within = b.within
                    break
        return [a for a in found if id(a) not in gone]

    def _relay_name(self, v: Voice) -> str:
        """The name of a relay; "the report", "the agency" is the medium that was named before."""
        if v.figure is not None and v.figure.kind == "medium":
            return medium_name(v.text or v.figure.name)
        if v.head in _RELAY_NOUNS and v.before == "the" and v.start is not None:
            best = None
            for refs in self.cast.by_sentence:
                for ref in refs:
                    if ref.start < v.start and ref.figure is not None and ref.figure.kind == "medium":
                        best = ref.text
            if best is not None:
                return medium_name(best)
        return medium_name(v.text or "")

    def _own_outlet(self, name: str) -> bool:
        outlet = (self.report.outlet or "").lower()
        name = name.lower()
        return bool(outlet) and (name in outlet or outlet in name)

    def _gather_relays(self) -> None:
        text = self.report.text
        for a in self.attributions:
            names = self.relays.setdefault(id(a), [])
            for s, token in a.relays:
                names.extend(self._relay_name(v) for v in voices(self.cast, s, token, -1, text))
            if a.within is None:
                names.extend(self.around[id(a)].media)
            for first, last in self.around[id(a)].agents:
                s = a.sentence
                names.append(re.sub(r"^(?:the|an?|his|her|its|their)\s+", "", text[s.starts[first] : s.ends[last]]))
            self.relays[id(a)] = list(dict.fromkeys(n for n in names if n and not self._own_outlet(n)))
        self._carry_relays()

    def _carry_relays(self) -> None:
        """An interview goes on while the same speaker goes on: what follows came through the same medium."""
        before: Attribution | None = None
        names: list[str] = []
        for a in sorted((a for a in self.attributions if a.within is None and a.firm), key=lambda a: max(a.end, a.content[-1][1])):
            if not self.speakers[id(a)]:
                continue
            own = self.relays[id(a)]
            if before is not None and names and not own and self._same_speaker(a, before) and self.around[id(a)].venue is None:
                self.relays[id(a)] = names
            else:
                names = own
            before = a

    def _apply_asides(self, asides: list[Attribution]) -> None:
        """ "This was stated by X in an interview with Y" tells of the statements of X around it."""
        for aside in asides:
            where = around(aside, self.cast, self.report.text)
            names = [n for n in where.media if not self._own_outlet(n)]
            if not names and where.venue is None and where.channel is None:
                continue
            self.speakers[id(aside)] = self._same_as_before(aside) or voices(
                self.cast, aside.sentence, aside.source, aside.token, self.report.text
            )
            for a in self.attributions:
                if a.within is None and self._same_speaker(a, aside):
                    own = self.around[id(a)]
                    if not self.relays[id(a)]:
                        self.relays[id(a)] = names
                    if own.venue is None:
                        self.around[id(a)] = own._replace(venue=where.venue, channel=own.channel or where.channel)

    def _same_speaker(self, a: Attribution, b: Attribution) -> bool:
        def keys(x: Attribution) -> set[str]:
            return {v.figure.id if v.figure is not None else (v.text or "").lower() for v in self.speakers[id(x)]}

        return bool(keys(a) & keys(b))

    # --- record ----------------------------------------------------------------------------------------------------

    def _recorded(self, a: Attribution) -> bool:
        """Whether an attribution is a statement of the record: somebody else's words, and not only maybe said."""
        if not a.firm or a.hypothetical:
            return False
        found = self.speakers[id(a)]
        if not found:
            return False
        if a.token >= 0 and a.source >= 0 and a.implied is None:
            lower = a.sentence.lowers[a.source]
            if lower in ("you", "your", "yourself"):
                return False
            if lower in FIRST and (a.within is None or a.cue is None or a.cue.kind not in ("speech", "writing", "denial")
                                   or a.sentence.tags[a.token] not in ("VBD", "VBN")):  # fmt: skip
                return False  # "I think", "I want to stress": how it is said, not something else that was said
            if found[0].figure is None and lower in ("it", "this", "that", "these", "those", "which", "what", "one", "nothing", "there"):
                return False
        return True

    def _record(self) -> tuple[Statement, ...]:
        chosen = [a for a in self.attributions if self._recorded(a)]
        keep = {id(a) for a in chosen}
        days = self._days(chosen)
        ids: dict[int, str] = {}
        for a in chosen:
            ids[id(a)] = content_hash(
                self.report.id, self._kind(a), tuple(a.content), (a.start, a.end) if a.start >= 0 else None
            )
        out = []
        for a in chosen:
            above = a.within
            while above is not None and id(above) not in keep:
                above = above.within
            where = self.around[id(a)]
            day = days.get(id(a))
            hearers = voices(self.cast, a.sentence, a.hearer, -1, self.report.text) if a.hearer >= 0 else []
            a.record = Statement(
                id=ids[id(a)],
                kind=self._kind(a),
                content=tuple(a.content),
                cue=(a.start, a.end) if a.start >= 0 else None,
                speakers=tuple(as_speaker(v) for v in self.speakers[id(a)]),
                addressee=as_party(hearers[0]) if hearers and not hearers[0].is_medium else None,
                venue=where.venue,
                channel=where.channel,
                date=day.date if day else None,
                date_precision=day.date_precision if day else None,
                date_span=day.date_span if day else None,
                polarity="negative" if a.negative else "positive",
                modality="intended" if a.intended else "actual",
                continued=a.continued,
                via=tuple(self.relays[id(a)]),
                within=ids[id(above)] if above is not None else None,
                confidence=0.9,
            )
            out.append(a.record)
        return tuple(out)

    def _days(self, chosen: list[Attribution]) -> dict[int, Governed]:
        """When each was said: what dates its cue; else the day on which its speaker was last said to have spoken."""
        days: dict[int, Governed] = {}
        if self.timeline is None:
            return days
        told: dict[str, Governed] = {}
        for a in sorted(chosen, key=lambda a: max(a.end, a.content[-1][1])):
            root = a
            while root.token < 0 and root.implied is not None:
                root = root.implied
            token = root.token if root.token >= 0 else root.source if root.source >= 0 and not root.turn else 0
            found = governing_date(self.timeline, root.sentence, token)
            names = [v.figure.id if v.figure is not None else (v.text or "").lower() for v in self.speakers[id(a)]]
            if a.within is None and not a.turn:
                if found.how in ("clause", "sentence"):
                    told.update((name, found) for name in names)
                elif names and names[0] in told and not a.intended:
                    found = told[names[0]]._replace(how="carried")
            days[id(a)] = found
        return days

    def _kind(self, a: Attribution) -> str:
        """verbatim, mixed or indirect by the share of the words inside quotation marks that the cue is outside of."""
        if a.turn:
            return "verbatim"
        text = self.report.text
        total = quoted = 0
        marks = [q for q in self.quotations if not q.start <= a.start < q.end]
        for x, y in a.content:
            total += len(_WORD.findall(text[x:y]))
            reached = x
            for q in marks:
                if q.end <= reached or q.start >= y:
                    continue
                lo, hi = max(reached, q.start), min(y, q.end)
                quoted += len(_WORD.findall(text[lo:hi]))
                reached = max(reached, hi)
        if not quoted:
            return "indirect"
        return "verbatim" if quoted >= VERBATIM_SHARE * total else "mixed"

    # --- for events ------------------------------------------------------------------------------------------------

    def account_at(self, offset: int) -> Statement | None:
        """The innermost recorded statement whose content covers the offset."""
        best: Attribution | None = None
        for a in self.attributions:
            if a.content[0][0] > offset:
                break
            if a.record is not None and any(x <= offset < y for x, y in a.content):
                if best is None or joining.size(a.content) <= joining.size(best.content):
                    best = a
        return best.record if best is not None else None


def _union(parts: list[tuple[int, int]]) -> int:
    total, reached = 0, -1
    for a, b in sorted(parts):
        if b > reached:
            total += b - max(a, reached)
            reached = b
    return total
