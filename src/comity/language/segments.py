"""Report text to segments: stretches that hold one sentence (or a little more), found without a parser.

The parser may still split a segment; it never joins two. Segments come before parsing so that those which can hold
no record need no parse at all. News dirt is expected: hard-wrapped lines, a missing blank after a full stop,
Penn-style quotation marks, a heading without a stop.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import NamedTuple

LONGEST_SEGMENT = 1200
"""Characters. A longer stretch without a sentence end is cut at a blank: the parser's time and memory grow with the
length of a sentence, and no sentence of the 5,456 development reports that a person would call one is longer
(the longest is 1,130). Re-run `benchmarks/coding.py` after a change."""

_END = re.compile(
    r"""(?P<stop>[.!?…]+[”"’'»)\]]*|[.!?]''|。|！|？)(?P<gap>\s+|(?=[“"‘«(]?[A-Z][a-z’']|[“"])|$|(?<=[。！？]))
      | (?<![ \t])(?P<line>[ \t]*\r?\n\s*)""",
    re.VERBOSE,
)
_WORD_BEFORE = re.compile(r"[^\s“\"‘«(\[]+$")
_INITIALS = re.compile(r"(?:[A-Za-z]\.)+[A-Za-z]?$|^[A-Z]$")


class Segment(NamedTuple):
    """Offsets of a segment in the report text, and the number of its paragraph."""

    start: int
    end: int
    paragraph: int


@cache
def _abbreviations() -> frozenset[str]:
    lines = files(__package__).joinpath("abbreviations.txt").read_text("utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def _is_wrapped(text: str) -> bool:
    """True when the lines are wrapped at a fixed width, so that a single line break means nothing."""
    lines = [line for line in text[:20_000].split("\n") if line.strip()]
    if len(lines) < 6:
        return False
    widths = sorted(len(line) for line in lines)
    open_ends = sum(line.rstrip()[-1] not in ".!?:\"”’'" for line in lines)
    return widths[-1] <= 100 and widths[len(widths) // 2] >= 45 and open_ends > len(lines) / 2


def split(text: str) -> list[Segment]:
    """The segments of a text, in order; blank stretches belong to none. Deterministic and linear in the length."""
    wrapped = _is_wrapped(text)
    abbreviations = _abbreviations()
    segments: list[Segment] = []
    start = paragraph = 0

    def close(end: int) -> None:
        nonlocal start
        while start < end and text[start].isspace():
            start += 1
        stop = end
        while stop > start and text[stop - 1].isspace():
            stop -= 1
        while stop - start > LONGEST_SEGMENT:
            cut = text.rfind(" ", start + LONGEST_SEGMENT // 2, start + LONGEST_SEGMENT)
            cut = cut if cut > 0 else start + LONGEST_SEGMENT
            segments.append(Segment(start, cut, paragraph))
            start = cut
            while start < stop and text[start].isspace():
                start += 1
        if stop > start:
            segments.append(Segment(start, stop, paragraph))
        start = end

    for match in _END.finditer(text):
        if match["line"] is not None:
            blank_line = match["line"].count("\n") > 1
            if wrapped and not blank_line:
                continue
            close(match.start())
            paragraph += 1
            start = match.end()
            continue
        stop, at = match["stop"], match.start("stop")
        tight = not match["gap"] and match.end() < len(text) and stop[0] not in "。！？"
        if stop == ".":
            found = _WORD_BEFORE.search(text, max(start, at - 25), at)
            word = found[0] if found else ""
            if word in abbreviations or _INITIALS.search(word):
                # "U.S. President" goes on, "in the U.S. He said" ends: only a capital after a state's initials that
                # starts a usual sentence opening ends it; the parser decides the rest.
                if not _opens_sentence(text, match.end()) or word in abbreviations:
                    continue
            elif tight and not (word[-1:].islower() or word[-1:].isdigit() or word[-1:] in "”’)" or _is_acronym(word)):
                continue
        elif (stop.startswith(("…", "...")) and not _next_is_upper(text, match.end())) or (
            tight and stop[-1] in "'’)" and stop[0] == "."
        ):
            continue
        elif match["gap"] and stop[-1] in "”\"’')]" and _next_is_lower(text, match.end()):
            continue  # '"Why?" he asked.' and "Moore (D-Wis.) said" are one sentence
        close(match.end("stop"))
        start = match.end()
        if "\n" in match["gap"] and not (wrapped and match["gap"].count("\n") < 2):
            paragraph += 1
    close(len(text))
    return segments


def _is_acronym(word: str) -> bool:
    """True for "CNN", "US": news that has lost its blanks goes on right behind them ("told CNN.The president")."""
    return len(word) > 1 and word.isalpha() and word.isupper()


_OPENERS = re.compile(r"(?:The|A|An|He|She|It|They|We|I|In|On|At|But|And|This|That|These|Those|If|When|While|As|For|Its|"
                      r"His|Her|Their|There|What|Some|Many|Both|Earlier|Later|Meanwhile|However|After|Before)\b")  # fmt: skip


def _opens_sentence(text: str, at: int) -> bool:
    return bool(_OPENERS.match(text, at))


def _next_is_upper(text: str, at: int) -> bool:
    following = text[at : at + 3].lstrip("“\"‘'(")
    return bool(following) and following[0].isupper()


def _next_is_lower(text: str, at: int) -> bool:
    return text[at : at + 1].islower()
