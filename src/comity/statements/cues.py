"""The cue lexicon: which words attribute a content to somebody, and how the content stands to them."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import NamedTuple

KINDS = frozenset(("speech", "writing", "thought", "attitude", "denial", "display"))
CHANNELS = frozenset(
    ("briefing", "speech", "interview", "phone", "meeting", "message", "document", "broadcast", "social", "court")
)
FRAMES = frozenset(("clause", "quote", "inf", "obj-inf", "noun", "gerund", "as", "hearer"))
"""How the content stands to the cue; every other word in the column is a preposition, with ``obj+`` before it when an
object stands between (``accuse X of``). A question mark: the frame alone does not tell that something was said."""


class Cue(NamedTuple):
    """One row of cues.tsv."""

    lemma: str
    pos: str
    """v | n | a."""
    kind: str
    frames: dict[str, bool]
    """Frame or preposition to whether it is firm."""
    channel: str | None
    factive: bool


class Lexicon(NamedTuple):
    """All cues by lemma."""

    verbs: dict[str, Cue]
    phrases: dict[str, tuple[tuple[tuple[str, ...], Cue], ...]]
    """Verbs that make a cue only with further words (``point out``), the longest first."""
    nouns: dict[str, Cue]
    adjectives: dict[str, Cue]


def _rows(name: str) -> list[list[str]]:
    lines = files(__package__).joinpath(name).read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines[1:] if line and not line.startswith("#")]


def read_cue(row: list[str]) -> Cue:
    """A row of cues.tsv as a `Cue`. Raises `ValueError` when a field is not one of the allowed values."""
    lemma, pos, kind, frames, channel, factive = row
    if pos not in ("v", "n", "a") or kind not in KINDS or (channel and channel not in CHANNELS):
        raise ValueError(f"cues.tsv: {lemma}: part of speech {pos!r}, kind {kind!r} or channel {channel!r} is not allowed")
    return Cue(lemma, pos, kind, {f.rstrip("?"): not f.endswith("?") for f in frames.split()}, channel or None, bool(factive))


@cache
def lexicon() -> Lexicon:
    """The cue lexicon, loaded once."""
    verbs: dict[str, Cue] = {}
    phrases: dict[str, list[tuple[tuple[str, ...], Cue]]] = {}
    nouns: dict[str, Cue] = {}
    adjectives: dict[str, Cue] = {}
    for row in _rows("cues.tsv"):
        cue = read_cue(row)
        if cue.pos == "v":
            first, *rest = cue.lemma.split()
            if rest:
                phrases.setdefault(first, []).append((tuple(rest), cue))
            else:
                verbs[first] = cue
        else:
            (nouns if cue.pos == "n" else adjectives)[cue.lemma] = cue
    longest = {verb: tuple(sorted(found, key=lambda p: -len(p[0]))) for verb, found in phrases.items()}
    return Lexicon(verbs, longest, nouns, adjectives)


@cache
def venues() -> dict[str, str]:
    """Nouns for where or by what something is said, to the channel that they tell."""
    return {noun: channel for noun, channel in (row[:2] for row in _rows("venues.tsv"))}
