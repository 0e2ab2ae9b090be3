"""A report's statements: the attributions joined, their speakers resolved, and what events ask of them."""

from __future__ import annotations

from comity.actors import Cast, Figure
from comity.dates import Timeline
from comity.language import Parse
from comity.records import Report, Statement
from comity.statements import recording, relaying, speaking
from comity.statements.addresses import address
from comity.statements.attribution import Attribution
from comity.statements.cues import lexicon
from comity.statements.finding import find
from comity.statements.orphans import adopt
from comity.statements.quotation import Quotation, paragraphs, quotations
from comity.statements.quoting import chain, index_of, widen
from comity.statements.settling import settle
from comity.statements.spans import Index, size, trim
from comity.statements.turns import turns
from comity.statements.voices import of_address, of_turn


class Reading:
    """All attributions of one report with their speakers, and the statements recorded of them.

    `attributions` holds more than is recorded: what was only maybe said, what "I think" says of the speaker's own
    words, and attitudes that no word marks as spoken. Each knows its `record`, if any. Sorted by content, outer first.
    """

    def __init__(self, report: Report, parse: Parse, cast: Cast, timeline: Timeline | None = None) -> None:
        self.report, self.parse, self.cast = report, parse, cast
        words, text = lexicon(), parse.text
        self.quotations = quotations(text, paragraphs(parse.segments))
        self.quotation_index = index_of(self.quotations)
        cued = [a for s in parse.sentences for a in find(s, words)]
        asides = [a for a in cued if a.frame == "this"]
        found = widen([a for a in cued if a.frame != "this"], self.quotation_index, parse)
        found.extend(_turns(parse, cast) or _address(report.title, parse, cast, self.quotation_index))
        chain(found, self.quotations, text)
        adopt(found, self.quotations, parse, words)
        found = settle(found, text)
        speaking.speak(found, cast, parse)
        speaking.continue_freely(found, cast, parse, self.quotations)
        found = relaying.without_relays(found, cast)
        self.attributions = sorted(found, key=lambda a: (a.content[0][0], -a.content[-1][1]))
        relaying.gather(self.attributions, asides, cast, parse, report.outlet)
        self.statements: tuple[Statement, ...] = recording.record(
            report, self.attributions, self.quotation_index, cast, timeline
        )
        self._contents = Index((x, y, a) for a in self.attributions for x, y in a.content)

    def attribution_at(self, offset: int) -> Attribution | None:
        """The innermost recorded attribution whose content covers the offset."""
        around = [a for a in self._contents.over(offset, offset + 1) if a.record is not None]
        return min(around, key=lambda a: size(a.content), default=None)

    def account_at(self, offset: int) -> Statement | None:
        """The innermost recorded statement whose content covers the offset: the account of what is told there."""
        found = self.attribution_at(offset)
        return found.record if found is not None else None

    def speaker_at(self, offset: int) -> tuple[Figure, ...]:
        """Whose own words stand at the offset: who says "I" and "we" there. Empty outside quotations and transcripts.

        Inside quotation marks this is the speaker of the innermost statement that the marks enclose or that encloses
        them; figures only, so a speaker whom the cast does not know gives an empty tuple.
        """
        marks = self.quotation_index.over(offset, offset + 1)
        around = [
            a
            for a in self._contents.over(offset, offset + 1)
            if a.firm and a.voices and (a.turn or any(not q.start <= a.start < q.end for q in marks))
        ]
        if not around:
            return ()
        voices = min(around, key=lambda a: size(a.content)).voices
        return tuple(dict.fromkeys(v.figure for v in voices if v.figure is not None))

    def content_tokens(self, a: Attribution) -> list[tuple[int, int, int]]:
        """The content as (sentence number, first token, last token), one entry for each sentence it touches."""
        found = []
        for start, end in a.content:
            s = self.parse.sentence_at(start)
            while s is not None and s.start < end:
                first = max(0, s.token_at(max(start, s.start)))
                found.append((s.number, first, max(first, s.token_at(end - 1))))
                s = self.parse.sentences[s.number + 1] if s.number + 1 < len(self.parse.sentences) else None
        return found


def _turns(parse: Parse, cast: Cast) -> list[Attribution]:
    """The turns of a transcript and headlines with a colon as attributions."""
    made = []
    for turn in turns(parse, cast):
        s = parse.sentence_at(turn.first) or parse.sentence_at(turn.start)
        if s is None:
            continue
        a = Attribution(s, -1, None, "turn", True)
        a.content = [(turn.first, turn.last)]
        a.turn = not turn.headline
        a.voices = [of_turn(turn, parse.text)]
        made.append(a)
    return made


def _address(title: str | None, parse: Parse, cast: Cast, quotes: Index[Quotation]) -> list[Attribution]:
    """The whole text as one turn, where it is a speech with its speaker in the title alone."""
    speech = address(title, parse, cast, quotes) if title and parse.sentences else None
    if speech is None:
        return []
    a = Attribution(parse.sentences[0], -1, None, "turn", True)
    a.content = [trim(parse.text, 0, len(parse.text))]
    a.turn = True
    a.voices = [of_address(*speech)]
    return [a]
