"""The cue lexicon: which words attribute a content to somebody, and how the content stands to them."""

from __future__ import annotations

import re
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

_PREPOSITION = re.compile(r"(?:obj\+)?[a-z]+(?:\+inf)?")


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
    for frame in frames.split():
        if frame.rstrip("?") not in FRAMES and not _PREPOSITION.fullmatch(frame.rstrip("?")):
            raise ValueError(f"cues.tsv: {lemma}: {frame!r} is neither a frame nor a preposition")
    if pos not in ("v", "n", "a") or kind not in KINDS or (channel and channel not in CHANNELS):
        raise ValueError(
            f"cues.tsv: {lemma}: part of speech {pos!r}, kind {kind!r} or channel {channel!r} is not allowed"
        )
    return Cue(
        lemma, pos, kind, {f.rstrip("?"): not f.endswith("?") for f in frames.split()}, channel or None, bool(factive)
    )


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
def words_of(kind: str) -> frozenset[str]:
    """The words of one class of words.tsv. Raises `KeyError` when there is no such class."""
    return _classes()[kind]


@cache
def _classes() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for kind, word in _rows("words.tsv"):
        found.setdefault(kind, set()).add(word)
    return {kind: frozenset(words) for kind, words in found.items()}


_IRREGULAR = {
    "say": "said", "tell": "told", "write": "wrote written", "speak": "spoke spoken", "think": "thought",
    "feel": "felt", "bring": "brought",
    "know": "knew known", "understand": "understood", "hold": "held", "swear": "swore sworn", "sing": "sang sung",
    "read": "read", "see": "saw seen", "find": "found", "seek": "sought", "mean": "meant", "forget": "forgot forgotten",
    "foresee": "foresaw foreseen", "begin": "began begun", "beseech": "besought", "send": "sent", "give": "gave given",
    "make": "made", "put": "put", "cut": "cut", "shoot": "shot", "hit": "hit", "fight": "fought", "lay": "laid",
    "set": "set", "spell": "spelt", "weep": "wept", "go": "went gone", "take": "took taken", "leave": "left",
    "cast": "cast", "plead": "pled", "learn": "learnt", "deem": "deemed", "let": "let",
}  # fmt: skip


@cache
def cue_words() -> frozenset[str]:
    """Every lower-case form of the first words of all cues, with some forms that do not exist: for screening text."""
    forms = {"according", "per", "view", "words", "opinion"}
    words = lexicon()
    for lemma in (*words.verbs, *words.phrases, *words.nouns, *words.adjectives):
        stem = lemma[:-1] if lemma.endswith("e") else lemma
        forms |= {lemma, lemma + "s", lemma + "es", stem + "ed", stem + "ing", lemma + "d"}
        if lemma.endswith("y"):
            forms |= {lemma[:-1] + "ies", lemma[:-1] + "ied"}
        if len(lemma) > 2 and lemma[-1] not in "aeiouwxy" and lemma[-2] in "aeiou":
            forms |= {lemma + lemma[-1] + "ed", lemma + lemma[-1] + "ing"}
        forms.update(_IRREGULAR.get(lemma, "").split())
    return frozenset(forms)


@cache
def venues() -> dict[str, str]:
    """Nouns for where or by what something is said, to the channel that they tell."""
    return dict(row[:2] for row in _rows("venues.tsv"))
