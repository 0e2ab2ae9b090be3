"""In which language a text is written: a look at its function words, and a model only where that is not enough."""

from __future__ import annotations

from functools import cache
from typing import Any

_ENGLISH = frozenset(
    (
        "the", "of", "and", "to", "that", "for", "with", "was", "is", "are", "has", "have", "had", "said", "were", "it",
        "this", "which", "not", "his", "her", "they", "their", "will", "would", "its", "but", "an", "been", "who",
        "from", "by", "be", "he", "she", "as", "on", "at", "in", "than", "after", "about", "also", "there", "when",
        "what", "you", "we", "i", "can", "could", "should", "these", "those",
    )
)  # fmt: skip
"""The most frequent function words of English. Some are words of other languages too; their share tells, not one."""

SAMPLE = 3000
"""Characters looked at: at the beginning, and where they are not English enough (a menu, a table), in the middle."""

ENOUGH = 0.25
"""Share of `_ENGLISH` among the words from which on a text is English without asking the model. Over 5,456 English
reports 96 % lie above it; of 150 pages in other languages the highest has 0.08, one that mixes Tagalog and English 0.24
(`tests/test_reading_language.py` holds both sides)."""

MARGIN = 10.0
"""Nats by which the model's score for another language must beat English. Headlines and single sentences of 8 to 15
words: 3.2 % of 2,678 English ones are taken for another language without it, 0.3 % with it, while 584 foreign ones are
taken for English in 0.5 % and 1.4 % (tables mostly). Re-run `tests/test_reading_language.py` after a change."""

_NO_PRESS = frozenset({"eo", "la", "sa", "vo"})
"""Languages of the model in which no newspaper appears; tables of figures tend to be taken for them."""


@cache
def _identifier() -> Any:
    """The model of py3langid, held to languages that have a two-letter code. Takes 0.6 s and 100 MB, once."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages([code for code in identifier.labels if len(code) == 2 and code not in _NO_PRESS])
    return identifier


def _share(words: list[str]) -> float:
    return sum(map(_ENGLISH.__contains__, words)) / len(words) if words else 0.0


def english_share(text: str) -> float:
    """The share (0 to 1) of English function words among the words at the text's beginning."""
    return _share(text[:SAMPLE].lower().split())


def detect(text: str) -> str:
    """The language of a text as an ISO 639-1 code; ``"und"`` (ISO 639-2, undetermined) when it holds no words.

    Looks at `SAMPLE` characters at two places at most: 20 MB cost as much as 6 kB.
    """
    if english_share(text) >= ENOUGH:
        return "en"
    sample = text[:SAMPLE]
    if len(text) > 2 * SAMPLE:
        middle = len(text) // 2
        sample = f"{sample} {text[middle : middle + SAMPLE]}"
        if _share(sample.lower().split()) >= ENOUGH:
            return "en"
    if not any(map(str.isalpha, sample)):
        return "und"
    scores = dict(_identifier().rank(sample))
    best = max(scores, key=lambda code: (scores[code], code))
    return "en" if scores[best] - scores["en"] <= MARGIN else str(best)
