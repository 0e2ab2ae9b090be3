"""A report's statements: the attributions joined, their speakers resolved, and what events ask of them."""

from __future__ import annotations

from bisect import bisect_right

from comity.actors import Cast, Figure
from comity.dates import Timeline
from comity.language import Parse
from comity.records import Report, Statement
from comity.statements import joining, recording, relaying, speaking
from comity.statements.attribution import Attribution
from comity.statements.cues import lexicon
from comity.statements.spans import size
from comity.statements.turns import turns
from comity.statements.voices import of_turn


class Reading:
    """All attributions of one report with their speakers, and the statements recorded of them.

    `attributions` holds more than is recorded: what was only maybe said, what "I think" says of the speaker's own
    words, and attitudes that no word marks as spoken. Each knows its `record`, if any. Sorted by content, outer first.
    """

    def __init__(self, report: Report, parse: Parse, cast: Cast, timeline: Timeline | None = None) -> None:
        self.report, self.parse, self.cast = report, parse, cast
        words = lexicon()
        material = joining.collect(parse, words)
        joining.widen(material)
        material.found.extend(_turns(parse, cast))
        joining.chain(material)
        joining.orphans(material, words)
        joining.settle(material)
        found = material.found
        speaking.speak(found, cast, parse)
        speaking.continue_freely(found, cast, parse, material.quotes)
        found = relaying.without_relays(found, cast)
        self.quotations = material.quotes
        self.attributions = sorted(found, key=lambda a: (a.content[0][0], -a.content[-1][1]))
        relaying.gather(self.attributions, material.asides, cast, parse, report.outlet)
        self.statements: tuple[Statement, ...] = recording.record(
            report, self.attributions, self.quotations, cast, timeline
        )
        self._quote_starts = [q.start for q in self.quotations]

    def attribution_at(self, offset: int) -> Attribution | None:
        """The innermost recorded attribution whose content covers the offset."""
        best: Attribution | None = None
        for a in self.attributions:
            if a.content[0][0] > offset:
                break
            if a.record is None or not any(x <= offset < y for x, y in a.content):
                continue
            if best is None or size(a.content) <= size(best.content):
                best = a
        return best

    def account_at(self, offset: int) -> Statement | None:
        """The innermost recorded statement whose content covers the offset: the account of what is told there."""
        found = self.attribution_at(offset)
        return found.record if found is not None else None

    def speaker_at(self, offset: int) -> tuple[Figure, ...]:
        """Whose own words stand at the offset: who says "I" and "we" there. Empty outside quotations and transcripts.

        Inside quotation marks this is the speaker of the innermost statement that the marks enclose or that encloses
        them; figures only, so a speaker whom the cast does not know gives an empty tuple.
        """
        quoted = any(
            q.start <= offset < q.end
            for q in self.quotations[: bisect_right(self._quote_starts, offset)]
            if offset - q.start <= joining.LONGEST_QUOTATION
        )
        best: Attribution | None = None
        for a in self.attributions:
            if a.content[0][0] > offset:
                break
            if not a.firm or not a.voices or not any(x <= offset < y for x, y in a.content):
                continue
            if (a.turn or (quoted and self._quotes(a, offset))) and (
                best is None or size(a.content) <= size(best.content)
            ):
                best = a
        if best is None:
            return ()
        return tuple(dict.fromkeys(v.figure for v in best.voices if v.figure is not None))

    def _quotes(self, a: Attribution, offset: int) -> bool:
        """True when the offset stands in quotation marks that the cue stands outside of."""
        return any(
            q.start <= offset < q.end and not q.start <= a.start < q.end
            for q in self.quotations[: bisect_right(self._quote_starts, offset)]
        )

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
