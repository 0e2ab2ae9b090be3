"""Names of the gazetteer that stand in a text: one pass over its capitalised words, longest name first."""

from __future__ import annotations

import re

from comity.actors.folding import fold
from comity.places.gazetteer import CURATED, PREFIX, Entry, Gazetteer

_WORD = re.compile(r"(?<![^\W_])(?:W\. ?Va\.|(?:[A-Z]\.)+[A-Z]\.?(?![a-z])|[A-Z][^\W_]*(?:'(?!s\b)[^\W_]+)*)")
"""A capitalised word, or an abbreviation of initials (U.S., N.J.), in folded text."""

_NEXT = re.compile(r"(\. |'s |[ \-])([^\W_]+(?:'(?!s\b)[^\W_]+)*)")
"""The next word of a longer name: after a blank, a hyphen, or the stop of "St."."""

_ARTICLE = re.compile(r"(?<![^\W_])(?:al|el|ad|an|ar|as|ash|at|az)-$", re.IGNORECASE)
"""The Arabic article before a name: al-Bab, el-Arish, ash-Shaykh."""

LONGEST_ACRONYM = 4
"""Letters. Shorter names in capitals are acronyms of something else unless the gazetteer has them as such (US, UAE)."""


class Span:
    """A stretch of text that may name a place. `entries` are all places that bear the name."""

    __slots__ = (
        "accepted",
        "beside",
        "chosen",
        "end",
        "entries",
        "first",
        "key",
        "last",
        "score",
        "site",
        "start",
        "within",
    )

    def __init__(self, start: int, end: int, key: str, entries: tuple[Entry, ...], first: int, last: int) -> None:
        self.start = start
        self.end = end
        self.key = key
        self.entries = entries
        self.first = first
        """Number of its first capitalised word in the text."""
        self.last = last
        self.score = 0.0
        self.accepted = False
        self.chosen: Entry | None = None
        self.beside = False
        """True when a capitalised word beside it makes a longer name of it (Paris Hilton)."""
        self.site = 0
        """Where the name of a site ends that begins with this name (Donetsk International Airport); 0 for none."""
        self.within: Span | None = None
        """The place that is named right after it to say where it is: Paris, Texas."""

    def __repr__(self) -> str:
        return f"<{self.key} {self.start} {self.score:.1f} {self.accepted} {self.chosen}>"


class Words:
    """The capitalised words of a folded text: offsets, and the text itself."""

    __slots__ = ("ends", "folded", "starts", "words")

    def __init__(self, text: str) -> None:
        self.folded = fold(text)
        found = [(m.start(), m.end(), m[0]) for m in _WORD.finditer(self.folded)]
        self.starts = [f[0] for f in found]
        self.ends = [f[1] for f in found]
        self.words = [f[2] for f in found]

    def joined(self, n: int) -> bool:
        """True when the word with this number follows the one before it with a blank or a hyphen between."""
        gap = self.starts[n] - self.ends[n - 1]
        if n <= 0 or gap > 2:
            return False
        between = self.folded[self.ends[n - 1] : self.starts[n]]
        return between in (" ", "-", "  ") or (between == ". " and len(self.words[n - 1]) <= 4)


def scan(words: Words, table: Gazetteer) -> list[Span]:
    """All spans of a text that bear a name of the gazetteer, in text order, without overlaps."""
    folded, names, exact, dotted = words.folded, table.names, table.exact, table.dotted
    starts, ends, all_words = words.starts, words.ends, words.words
    spans: list[Span] = []
    skip = -1
    for n, word in enumerate(all_words):
        start = starts[n]
        if start < skip:
            continue
        if word in dotted and folded.startswith(".", ends[n]):
            spans.append(Span(start, ends[n] + 1, word + ".", (exact[word + "."],), n, n))
            skip = ends[n] + 1
            continue
        entry = exact.get(word)
        if entry is not None:
            key = word.lower().replace(".", "")
            longer = _longest(folded, names, key, ends[n]) if key in names else None
            if longer is not None and longer[1] > ends[n]:  # US-Mexico border
                _add(spans, table, words, start, longer[1], longer[0], n)
                skip = longer[1]
                continue
            spans.append(Span(start, ends[n], word, (entry,), n, n))
            skip = ends[n]
            continue
        key = word.lower()
        if "'" in key:
            key = key.replace("'", "")
        row = names.get(key)
        if start >= 3 and folded[start - 1] == "-":
            article = _ARTICLE.search(folded, max(0, start - 4), start)
            if article is not None and names.get("al " + key) is not None:
                longer = _longest(folded, names, "al " + key, ends[n])
                if longer is not None and longer[1] > skip:
                    key, end = longer
                    _add(spans, table, words, article.start(), end, key, n)
                    skip = end
                    continue
        if row is None:
            if not (folded.startswith("'s ", ends[n]) and f"{key}s" in names):  # King's Lynn
                continue
            found = _longest(folded, names, f"{key}s", ends[n] + 2)
            if found is None or " " not in found[0]:
                continue
        else:
            found = _longest(folded, names, key, ends[n])
            if found is None:
                continue
        key, end = found
        if len(word) <= LONGEST_ACRONYM and word.isupper() and " " not in key and not is_dateline(folded, start, end):
            continue
        _add(spans, table, words, start, end, key, n)
        skip = end
    return spans


def _longest(folded: str, names: dict[str, int], key: str, end: int) -> tuple[str, int] | None:
    """The longest name that begins with a word, and where it ends; None when none does."""
    best = None
    row = names[key]
    last_upper = True
    while True:
        if row != PREFIX and (last_upper or row == CURATED):
            best = key, end
        follow = _NEXT.match(folded, end)
        if follow is None:
            return best
        word = follow[2]
        between = "s " if follow[1] == "'s " else " "
        key = f"{key}{between}{word.lower()}".replace("'", "")
        held = names.get(key)
        if held is None:
            return best
        row, end, last_upper = held, follow.end(), word[0].isupper()


def _add(spans: list[Span], table: Gazetteer, words: Words, start: int, end: int, key: str, n: int) -> None:
    last = n
    while last + 1 < len(words.starts) and words.starts[last + 1] < end:
        last += 1
    spans.append(Span(start, end, key, table.entries(key), n, last))


_DATELINE_TAIL = re.compile(
    r"(?:, [A-Z][\w. ]{1,25}?)?(?:,? [A-Z][a-z]{2,8}\.? \d{1,2})?(?: \(?[A-Z][\w/ .]{1,20}\)?)? ?(?:--|-|>>|:)(?= |$)"
)


def is_dateline(text: str, start: int, end: int) -> bool:
    """True when the name opens a paragraph as a dateline: "BEIJING, Oct. 28 (Xinhua) --", "GLASGOW, Ky. -"."""
    if (start and text[start - 1] != " ") or not text[start : start + 2].isupper():
        return False
    if start > 400:
        return False
    return bool(_DATELINE_TAIL.match(text, end)) or bool(_AGENCY.match(text, end))


_AGENCY = re.compile(
    r"(?:, [A-Z][\w. ]{1,25}?)?,? "
    r"\((?:AP|AFP|Reuters|Xinhua|TASS|IRNA|Kyodo|UPI|CNN|dpa|DPA|Bloomberg|ANI|PTI|Yonhap)\)"
)
