"""Words of news and how much they tell: inverse document frequencies from a table that comes with Comity.

The table is fixed on purpose. Weights that followed the ledger's own texts would change with every report added, and
with them what had been grouped before.
"""

from __future__ import annotations

import functools
import importlib.resources
import math
import re
import zlib
from collections.abc import Iterator
from typing import NamedTuple

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_POSSESSIVE = ("'s", "’s")
_ENDINGS = ("ations", "ation", "ings", "ing", "edly", "ed", "es", "s", "e")
SHORTEST_STEM = 4
"""Letters that must stay when an ending is cut off: "raids" and "raided" meet, "used" and "us" do not."""


class Word(NamedTuple):
    """A word of a text."""

    start: int
    text: str
    """In lower case, without a possessive ending."""
    capital: bool


class Frequencies(NamedTuple):
    """In how many of `documents` news reports each word stood; words of one or two reports are left out."""

    documents: int
    counts: dict[str, int]


@functools.cache
def frequencies() -> Frequencies:
    """The table ``frequencies.tsv``, made by ``scripts/count_words.py``."""
    table = (importlib.resources.files(__package__) / "frequencies.tsv").read_text("utf-8").split("\n")
    counts: dict[str, int] = {}
    for line in table[2:]:
        if line:
            number, words = line.split("\t")
            counts.update(dict.fromkeys(words.split(" "), int(number)))
    return Frequencies(int(table[1]), counts)


def words(text: str, start: int = 0, end: int | None = None) -> Iterator[Word]:
    """The words and numbers of a stretch of text; single letters are left out."""
    for match in _WORD.finditer(text, start, len(text) if end is None else end):
        word = match[0]
        capital = word[0].isupper()
        word = word.lower()
        if word.endswith(_POSSESSIVE):
            word = word[:-2]
        if len(word) > 1 or word.isdigit():
            yield Word(match.start(), word, capital)


@functools.lru_cache(1 << 16)
def weight(word: str) -> float:
    """Inverse document frequency, log((N + 1) / (n + 1)) (Spärck Jones 1972); a word the table lacks weighs most."""
    table = frequencies()
    return math.log((table.documents + 1) / (table.counts.get(word, 0) + 1))


@functools.lru_cache(1 << 16)
def stem(word: str) -> str:
    """The word without an English ending: enough to let "arrested" meet "arrests", cheap enough for every word."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM:
            word = word[: -len(ending)]
            return word[:-1] if len(word) > SHORTEST_STEM and word[-1] == word[-2] else word
    return word


def code(word: str) -> int:
    """A word as a 32-bit number, the same in every process (CRC-32)."""
    return zlib.crc32(word.encode())
