"""What was done: type, mode, context, source, target, status (done, planned, denied …), account."""

from comity.events.find import find_events
from comity.events.lexicon import Lexicon, LexiconError, read_lexicon

__all__ = ["Lexicon", "LexiconError", "find_events", "read_lexicon"]
