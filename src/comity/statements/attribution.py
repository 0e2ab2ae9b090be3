"""One attribution while a report is being read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.language import Sentence
from comity.records import Span, Statement
from comity.statements.cues import Cue

if TYPE_CHECKING:
    from comity.statements.circumstances import Circumstances
    from comity.statements.voices import Voice


class Attribution:
    """A cue with what belongs to it. Token numbers are of `sentence`, spans of content are offsets into the text."""

    __slots__ = ("around", "content", "continued", "cue", "end", "firm", "frame", "free", "hearer", "hypothetical",
                 "implied", "intended", "negative", "preposed", "reach", "record", "relays", "sentence", "source",
                 "start", "token", "turn", "via", "voices", "within")  # fmt: skip

    def __init__(self, s: Sentence, token: int, cue: Cue | None, frame: str, firm: bool) -> None:
        self.sentence = s
        self.token = token
        """Token of the cue word; -1 where there is none (free continuation, a speaker's turn)."""
        self.cue = cue
        """Its row of the lexicon; None for "according to", for verbs beside a quotation and for what has no cue."""
        self.frame = frame
        """How the content stands to the cue: a frame or preposition of the lexicon, or according | colon | continued |
        turn | this."""
        self.firm = firm
        """False when the words alone do not tell that something was said."""
        self.start, self.end = (s.starts[token], s.ends[token]) if token >= 0 else (-1, -1)
        """Offsets of the cue, -1 without one."""
        self.source = -1
        """Token of the head of the phrase that names the source, or -1."""
        self.hearer = -1
        self.content: list[Span] = []
        self.reach: tuple[int, int] = (token, token)
        """First and last token of the cue's own clause (subject, cue, adjuncts)."""
        self.preposed = False
        """True when the content stands before the cue."""
        self.negative = self.intended = self.hypothetical = False
        self.continued = False
        """True for words that go on without a cue of their own."""
        self.free = False
        """True for a continuation in the report's own words, without quotation marks."""
        self.turn = False
        """True for a turn of a transcript."""
        self.implied: Attribution | None = None
        """The attribution whose speaker this one shares."""
        self.relays: list[int] = []
        """Tokens of who quotes: "TASS quoted him as saying"."""
        self.within: Attribution | None = None
        """The innermost attribution inside whose content this one is made."""
        self.voices: list[Voice] = []
        self.via: list[str] = []
        self.around: Circumstances | None = None
        self.record: Statement | None = None
        """The statement that was recorded of it, if any."""

    def __repr__(self) -> str:
        cue = self.sentence.words[self.token] if self.token >= 0 else "-"
        source = self.sentence.words[self.source] if self.source >= 0 else "-"
        return f"<{source} {cue} {self.frame} {self.content}>"

    def first_offset(self) -> int:
        """Where its cue begins, or its content when it has no cue."""
        return self.start if self.start >= 0 else self.content[0][0]

    def last_offset(self) -> int:
        """Where it ends, cue or content, whichever is later."""
        return max(self.end, self.content[-1][1])
