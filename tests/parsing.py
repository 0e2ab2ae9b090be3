"""Parses of short texts, made once in a process: loading the model takes longer than most tests do."""

from functools import cache

from comity.language import Parse, split
from comity.language.model import Language


@cache
def language() -> Language:
    return Language()


@cache
def parsed(*texts: str) -> list[Parse]:
    """One parse a text; the same objects for the same texts, which no test may change."""
    return language().parse([(text, (segments := split(text)), segments) for text in texts])
