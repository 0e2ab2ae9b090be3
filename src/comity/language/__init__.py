"""Report text to sentences with tokens, tags and dependencies. The only room that knows spaCy."""

from comity.language.parse import Parse, Segment, Sentence
from comity.language.segments import split

__all__ = ["Parse", "Segment", "Sentence", "split"]
