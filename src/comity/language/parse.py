"""What the rooms to the right see of a parsed report: plain lists, one `Sentence` for each parsed sentence."""

from __future__ import annotations

from bisect import bisect_right

from comity.language.segments import Segment


class Sentence:
    """One parsed sentence as parallel lists over its tokens. Token numbers are local, from 0. Treat as read-only.

    Tags are Penn Treebank tags, dependencies are CLEAR-style labels as spaCy's English models give them.
    """

    __slots__ = ("deps", "end", "ends", "heads", "kids", "lemmas", "lowers", "number", "paragraph", "root", "start",
                 "starts", "tags", "words")  # fmt: skip

    number: int
    """Position among the report's parsed sentences."""
    paragraph: int
    start: int
    """Offset of the first character in the report text."""
    end: int
    starts: list[int]
    """Offset of each token in the report text."""
    ends: list[int]
    words: list[str]
    lowers: list[str]
    lemmas: list[str]
    tags: list[str]
    deps: list[str]
    heads: list[int]
    """Token number of each token's head; the root is its own head."""
    kids: list[list[int]]
    """Token numbers of each token's dependents, in text order."""
    root: int

    def __len__(self) -> int:
        return len(self.words)

    def token_at(self, offset: int) -> int:
        """Number of the token that covers the offset (or the last one before it); -1 before the first."""
        return bisect_right(self.starts, offset) - 1

    def subtree(self, token: int) -> tuple[int, int]:
        """First and last token number of the subtree of `token` (inclusive)."""
        first = last = token
        stack = [token]
        kids = self.kids
        while stack:
            here = stack.pop()
            if here < first:
                first = here
            elif here > last:
                last = here
            stack.extend(kids[here])
        return first, last


class Parse:
    """The language side of one report: all segments and all sentences (see `Language.parse` for what is not parsed)."""

    __slots__ = ("_starts", "segments", "sentences", "text")

    def __init__(self, text: str, segments: list[Segment], sentences: list[Sentence]) -> None:
        self.text = text
        self.segments = segments
        self.sentences = sentences
        self._starts = [s.start for s in sentences]

    def sentence_at(self, offset: int) -> Sentence | None:
        """The parsed sentence that covers the offset, or None."""
        n = bisect_right(self._starts, offset) - 1
        if n >= 0 and offset < self.sentences[n].end:
            return self.sentences[n]
        return None
