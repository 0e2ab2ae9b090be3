"""What a report tells of two parties in its other sentences: an event of a pair that it deals with all along is likelier
one than the same words between two that are named in passing."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

from comity.events.arguments import Choice, Setting


class Told(NamedTuple):
    """How many events the other sentences tell, as sums of their first probabilities."""

    all: float
    pair: float
    """Between these two, in either order."""
    way: float
    """In this order."""
    back: float
    """In the other order."""
    type: float
    """In this order and of this type."""
    quad: float
    """Between these two and of this quad class."""
    source: float
    """By the source, to anybody."""
    target: float
    """To the target, by anybody."""


class Elsewhere:
    """The first probabilities of a report's proposals, summed by pair, way, type and party, and for each sentence."""

    def __init__(self, quad: Callable[[str], str]) -> None:
        """`quad`: the quad class of a type (`Codebook.quad`)."""
        self._quad = quad
        self._whole: dict[tuple[str, ...], float] = {}
        self._here: dict[tuple[int, tuple[str, ...]], float] = {}

    def _keys(self, where: Setting, chosen: Choice) -> dict[str, tuple[str, ...]]:
        """Under what a proposal is summed, by the field of `Told`."""
        type_, source, target = where.type, chosen.source.place, chosen.target.place
        one, two = sorted((source, target))
        return {
            "all": (),
            "pair": ("pair", one, two),
            "way": ("way", source, target),
            "type": ("type", source, target, type_),
            "quad": ("quad", one, two, self._quad(type_)),
            "source": ("source", source),
            "target": ("target", target),
        }

    def note(self, where: Setting, chosen: Choice, probability: float) -> None:
        """Add a proposal."""
        for key in self._keys(where, chosen).values():
            self._whole[key] = self._whole.get(key, 0.0) + probability
            here = where.sentence.number, key
            self._here[here] = self._here.get(here, 0.0) + probability

    def beyond(self, sentence: int, key: tuple[str, ...] = ()) -> float:
        """What all other sentences add up to."""
        return max(0.0, self._whole.get(key, 0.0) - self._here.get((sentence, key), 0.0))

    def told(self, where: Setting, chosen: Choice) -> Told:
        """What is told elsewhere of a proposal's parties."""
        keys, sentence = self._keys(where, chosen), where.sentence.number
        keys["back"] = ("way", chosen.target.place, chosen.source.place)
        return Told(**{field: self.beyond(sentence, key) for field, key in keys.items()})


def _level(mass: float) -> int:
    """Half octaves, so that one more event tells much where there are few and little where there are many."""
    return min(int(math.log2(1 + 4 * mass) * 2), 9)


def _share(mass: float, all_: float) -> int:
    return min(int(10 * mass / (all_ + 0.5)), 7)


def features(told: Told, where: Setting, chosen: Choice) -> list[str]:
    """Features of a proposal from what is told elsewhere, beside those of `acceptance.features`."""
    same = int(chosen.source.place == chosen.target.place)
    pos = where.sentence.tags[where.trigger][0]
    pair, share = _level(told.pair), _share(told.pair, told.all)
    return [
        f"elsewhere pair {pair} {same}",
        f"elsewhere pair rank {pair} {min(chosen.rank, 1)}",
        f"elsewhere pair context {pair} {int(chosen.source.rank >= 0)}{int(chosen.target.rank >= 0)}",
        f"elsewhere way {_level(told.way)} {same}",
        f"elsewhere back {_level(told.back)} {same}",
        f"elsewhere type {_level(told.type)}",
        f"elsewhere type {_level(told.type)} {pos}",
        f"elsewhere quad {_level(told.quad)} {same}",
        f"elsewhere source {_level(told.source)}",
        f"elsewhere target {_level(told.target)}",
        f"elsewhere share {share} {same}",
        f"elsewhere share rank {share} {chosen.rank}",
        f"elsewhere share source {_share(told.source, told.all)}",
        f"elsewhere share target {_share(told.target, told.all)}",
    ]
