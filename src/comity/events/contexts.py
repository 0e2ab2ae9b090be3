"""The contexts of an event: what its sentence is about, by the indicator words of the codebook."""

from __future__ import annotations

from comity.codebook import Codebook

ENOUGH = 1.0
"""Sum of the weights of indicator words from which a context is given (a word of weight 1 suffices alone)."""

Index = dict[str, tuple[tuple[tuple[str, ...], str, float], ...]]


_made: dict[int, tuple[Codebook, Index]] = {}
"""Indices by the identity of their codebook, which is kept beside so that the identity stays its own."""


def _index(codebook: Codebook) -> Index:
    held = _made.get(id(codebook))
    if held is not None:
        return held[1]
    made: dict[str, list[tuple[tuple[str, ...], str, float]]] = {}
    for word in codebook.context_words:
        phrase = tuple(word.words)
        made.setdefault(phrase[0], []).append((phrase, word.context, word.weight))
    index = {first: tuple(sorted(rows, key=lambda r: -len(r[0]))) for first, rows in made.items()}
    _made[id(codebook)] = codebook, index
    return index


def contexts_of(codebook: Codebook, lemmas: list[str], lowers: list[str]) -> tuple[str, ...]:
    """The contexts that a sentence's words indicate (each by its lemma or its form), sorted."""
    index = _index(codebook)
    weight: dict[str, float] = {}
    counted: set[tuple[str, tuple[str, ...]]] = set()
    n = len(lemmas)
    for i, lemma in enumerate(lemmas):
        rows = index.get(lemma, ())
        if lowers[i] != lemma:
            rows = (*rows, *index.get(lowers[i], ()))
        for phrase, context, value in rows:
            if (
                (context, phrase) not in counted
                and i + len(phrase) <= n
                and all(word in (lemmas[i + k], lowers[i + k]) for k, word in enumerate(phrase))
            ):
                counted.add((context, phrase))
                weight[context] = weight.get(context, 0.0) + value
    return tuple(sorted(context for context, value in weight.items() if value >= ENOUGH))
