"""Quotation marks to quotations: offsets alone, no parse, so that a quotation is found however a parser cuts it.

All layouts that news brings are read: curly, straight, Penn-style (`` and ''), low-high („ “), guillemets, CJK corner
marks, single marks; nested, re-opened at each paragraph, left open, and marks that lack the blank before or after them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from comity.language import Segment

_MARK = re.compile(r"""["“”„‟«»「」『』〝〞〟‹›]|''|``|[‘’‚‛]|(?<![\w'])'(?=\w)|(?<=[^\s('])'(?!['\w])""")
_DOUBLE = frozenset(('"', "“", "”", "„", "‟", "«", "»", "``", "''", "「", "」", "『", "』", "〝", "〞", "〟"))
_OPENS = frozenset(("“", "„", "«", "``", "「", "『", "〝", "‘", "‚", "‛", "‹"))
_CLOSES = frozenset(("”", "»", "」", "』", "〞", "〟", "›"))
_CJK = frozenset("「」『』〝〞〟")
_BEFORE_OPENING = frozenset(" \t\r\n\u00a0\u2009\u200a\u202f\u3000([{—–-/:>|")
_AFTER_CLOSING = frozenset(" \t\r\n\u00a0\u2009\u200a\u202f\u3000)]}—–-/.,;:!?…<|")
_CLIPPED = re.compile(
    r"(?:\d\ds?\b|em\b|tis\b|twas\b|til\b|till\b|cause\b|n\b|round\b|s\b|re\b|ve\b|ll\b)", re.IGNORECASE
)

PARAGRAPHS_LEFT_OPEN = 8
"""A quotation that is open at a paragraph's end still counts as open over so many paragraphs when only a closing mark
follows: some feeds put every sentence on a line of its own. Read off the longest such case in the development
reports (6)."""


class Quotation(NamedTuple):
    """A stretch between quotation marks."""

    start: int
    """Offset of the opening mark."""
    end: int
    """Offset behind the closing mark; the end of the paragraph when there is none."""
    first: int
    """Offset of the first quoted character."""
    last: int
    """Offset behind the last quoted character."""
    depth: int
    """0 for an outermost quotation."""
    double: bool
    """False for single marks, which also serve headlines, titles and scare quotes."""
    goes_on: int
    """Number of the quotation that this one continues (re-opened at a new paragraph), or -1."""


class _Open:
    __slots__ = ("double", "goes_on", "mark", "paragraph", "paragraph_end", "start", "width")

    def __init__(self, mark: str, start: int, paragraph: int, paragraph_end: int, goes_on: int) -> None:
        self.mark, self.start, self.width = mark, start, len(mark)
        self.double = mark in _DOUBLE
        self.paragraph, self.paragraph_end = paragraph, paragraph_end
        self.goes_on = goes_on


def paragraphs(segments: Sequence[Segment]) -> list[tuple[int, int]]:
    """Offsets of the paragraphs that the segments form, in order."""
    found: list[tuple[int, int]] = []
    number = -1
    for segment in segments:
        if segment.paragraph == number:
            found[-1] = (found[-1][0], segment.end)
        else:
            found.append((segment.start, segment.end))
            number = segment.paragraph
    return found


def quotations(text: str, stretches: Sequence[tuple[int, int]]) -> list[Quotation]:
    """All quotations of a text in text order, outer before inner. `stretches`: its paragraphs (see `paragraphs`).

    Linear in the length of the text. Single marks count only where a closing mark answers in the same paragraph.
    """
    made: list[list[int]] = []  # start, end, first, last, double, goes_on
    stack: list[_Open] = []
    unclosed = -1  # number of the last quotation that its paragraph's end closed

    def close(end: int, last: int) -> None:
        nonlocal unclosed
        top = stack.pop()
        first = top.start + top.width
        if last > first:
            made.append([top.start, end, first, last, top.double, top.goes_on])

    def give_up() -> None:
        """Close the outermost open quotation at the end of its paragraph, or forget it."""
        nonlocal unclosed
        bottom = stack[0]
        inner = any(m[0] > bottom.start for m in made)
        del stack[1:]
        if not bottom.double or (inner and bottom.mark in ('"', "''")):
            stack.clear()
            return
        end = bottom.paragraph_end
        if inner:
            later = min(m[0] for m in made if m[0] > bottom.start)
            stop = re.search(r"[.!?…]", text[bottom.start : later])
            end = bottom.start + stop.end() if stop else later
        close(end, end)
        unclosed = len(made) - 1

    for number, (begin, stop) in enumerate(stretches):
        if stack and number - stack[0].paragraph > PARAGRAPHS_LEFT_OPEN:
            give_up()
        at = begin
        for match in _MARK.finditer(text, begin, stop):
            mark, at = match[0], match.start()
            before = text[at - 1] if at > begin else " "
            after = text[match.end()] if match.end() < stop else " "
            act = _act(mark, before, after, stack, text, match.end(), stop)
            if act == "open":
                double = mark in _DOUBLE
                first_in_paragraph = at == begin
                if double and stack and stack[0].paragraph < number:
                    give_up()
                goes_on = -1
                if double and first_in_paragraph and unclosed >= 0 and not stack and made[unclosed][1] >= begin - 8:
                    goes_on = unclosed
                if len(stack) < 5:
                    stack.append(_Open(mark, at, number, stop, goes_on))
            elif act == "close":
                kind = mark in _DOUBLE
                while stack and stack[-1].double != kind:
                    stack.pop()  # a stray single mark inside
                if stack:
                    close(match.end(), at)
        while stack and not stack[-1].double:
            stack.pop()
        if stack and number + 1 < len(stretches):
            following = stretches[number + 1][0]
            reopened = _MARK.match(text, following)
            if reopened and reopened[0] in _DOUBLE and reopened[0] not in _CLOSES:
                if number > stack[0].paragraph and "\n\n" not in text[stack[0].start : following]:
                    stack[0].paragraph_end = stop  # a feed with every sentence on a line of its own
                give_up()
        elif stack:
            give_up()
    return _ordered(made)


def _act(mark: str, before: str, after: str, stack: list[_Open], text: str, end: int, stop: int) -> str | None:
    """What a mark does here: "open", "close" or nothing (an apostrophe)."""
    may_open = before in _BEFORE_OPENING or before in "“\"‘'«`"
    may_close = after in _AFTER_CLOSING or after in "”\"’'»"
    if mark in _DOUBLE:
        holds = any(o.double for o in stack)
        if mark in _CJK:
            return "open" if mark in _OPENS else "close" if holds else None
        if mark == "“" and holds and stack[-1].mark == "„":
            return "close"
        if mark == "»" and not holds and may_open and not after.isspace():
            return "open"
        if mark == "«" and holds and stack[-1].mark == "»":
            return "close"
        if mark in _OPENS:
            if holds and may_close and before not in _BEFORE_OPENING and not after.isalnum():
                return "close"
            return "open" if not after.isspace() or not holds else "close"
        if mark in _CLOSES:
            if not holds:
                return "open" if may_open and after.isalnum() else None
            return "close"
        # straight or '' : by its neighbours, and where they do not tell, by what is open
        if after.isspace() and before.isspace():
            return "close" if holds else None
        if may_open and not may_close:
            return "open"
        if may_close and not may_open:
            return "close" if holds else None
        if may_open and before in "“\"‘'«`([{" and not after.isspace():
            return "open"
        return "close" if holds else "open"
    single = any(not o.double for o in stack)
    if mark in ("‘", "‚", "‛", "‹"):
        if before.isalnum() or _CLIPPED.match(text, end):
            return None
        return "open"
    if mark == "›":
        return "close" if single else None
    if single and stack and not stack[-1].double:
        if before.isspace():
            return None
        if after.isalnum() and not (after.isupper() and before.islower() and text[end - 3 : end - 2].isalpha()):
            return None  # an apostrophe; but "the light’Next sentence" lacks only its blank
        if before in "sS" and after == " " and _closes_later(text, end, stop):
            return None  # "the two countries’ ties" inside a quotation
        return "close"
    if (
        mark == "'"
        and may_open
        and after.isalnum()
        and not _CLIPPED.match(text, end)
        and _closes_later(text, end, stop)
    ):
        return "open"
    return None


_CLOSING_SINGLE = re.compile(r"(?<=[\w.,!?…)%])['’](?![\w'’])")
_SINGLES = re.compile(r"(?<=[.,!?…])['’](?![\w'’])|(?<=[\w)%])['’](?![\w'’])|(?<![\w'’])['‘](?=\w)")


def _closes_later(text: str, start: int, stop: int) -> bool:
    """True when a single closing mark follows before the next single opening mark."""
    match = _SINGLES.search(text, start, min(stop, start + 400))
    while match is not None:
        at = match.start()
        if text[at - 1] in ".,!?…" or (
            text[at - 1] != "s" and not text[at + 1 : at + 2].isalnum() and text[at - 1 : at].strip()
        ):
            return True
        if text[at - 1 : at] == "s" and (at + 1 >= stop or text[at + 1] in ".,;:!?)\n"):
            return True
        if text[at + 1 : at + 2].isalnum():
            return False
        match = _SINGLES.search(text, match.end(), min(stop, start + 400))
    return False


def _ordered(made: list[list[int]]) -> list[Quotation]:
    """In text order with depths; the numbers in `goes_on` follow."""
    order = sorted(range(len(made)), key=lambda n: (made[n][0], -made[n][1]))
    place = {old: new for new, old in enumerate(order)}
    found: list[Quotation] = []
    ends: list[int] = []
    for n in order:
        start, end, first, last, double, goes_on = made[n]
        while ends and ends[-1] <= start:
            ends.pop()
        found.append(Quotation(start, end, first, last, len(ends), bool(double), place.get(goes_on, -1)))
        ends.append(end)
    return found
