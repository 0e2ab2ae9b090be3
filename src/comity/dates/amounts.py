"""Numbers in words and figures, inside time expressions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from comity.dates.scan import Token

OLDEST_YEAR, LAST_YEAR = 1000, 2199
"""Spoken numbers outside are no years of a news report."""

FIGURES = frozenset(("day31", "number", "decimal", "year", "oldyear"))
WORDS = frozenset(("card", "tens", "hundred"))


def integer(token: Token) -> int | None:
    """The whole number of a token: figures, cardinals, ordinals."""
    digits = re.match(r"\d+", token.value.lstrip("'’‘`").replace(",", ""))
    if digits:
        return int(digits[0])
    return 2 if token.kind == "SECOND" else None


def spelt(tokens: Sequence[Token]) -> tuple[int | None, int]:
    """(the first number in words, the place after it): "two hundred and ten", "twenty-four"."""
    total = 0
    last = -1
    for n, token in enumerate(tokens):
        if token.kind not in WORDS:
            continue
        apart = n - last - 1 if last >= 0 else 0
        if apart > 1 or (apart == 1 and tokens[n - 1].kind not in ("hyphen", "and")):
            break
        value = int(token.value)
        total = (total or 1) * value if token.kind == "hundred" else total + value
        last = n
    return (total if last >= 0 else None), last + 1


def count(tokens: Sequence[Token]) -> float | None:
    """The first number of the tokens with its half: "24", "two and a half", "2 1/2", "a couple of", "half an"; 1 for
    "a"; None where there is no number."""
    kinds = [t.kind for t in tokens]
    figure = next((n for n, kind in enumerate(kinds) if kind in FIGURES), None)
    number: float | None
    if figure is not None:
        if kinds[figure + 2 : figure + 3] == ["slash"]:
            above, below = integer(tokens[figure + 1]), integer(tokens[figure + 3])
            return (integer(tokens[figure]) or 0) + (above or 0) / (below or 1)
        number, after = float(tokens[figure].value.replace(",", "")), figure + 1
    else:
        number, after = spelt(tokens)
    if number is not None:
        return number + 0.5 if kinds[after : after + 3] == ["and", "a", "half"] else number
    if "couple" in kinds:
        return 2
    if "half" in kinds:
        return 1.5 if "and" in kinds else 0.5
    return 1 if "a" in kinds or "another" in kinds else None


def spoken_year(tokens: Sequence[Token]) -> int | None:
    """A year in words: "nineteen ninety-six", "two thousand and five"; None for anything else."""
    numbers = [t for t in tokens if t.kind in WORDS]
    if len(numbers) < 2:
        return None
    century, rest = int(numbers[0].value), [int(t.value) for t in numbers[1:]]
    if numbers[1].kind == "hundred":
        total = century * rest[0] + sum(rest[1:])
    else:
        total = century * 100 + sum(rest) if rest[0] >= 10 else 0  # "twenty-five" is no year
    return total if OLDEST_YEAR <= total <= LAST_YEAR else None


def full_year(number: int, base: date | None) -> int | None:
    """The year that two figures stand for: the last such year up to the one after `base`; None without a base."""
    if base is None:
        return None
    year = base.year // 100 * 100 + number
    return year if year <= base.year + 1 else year - 100
