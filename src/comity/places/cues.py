"""Words that tell what a name beside them is: kinds of words, from `cues.tsv`."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def cues() -> dict[str, frozenset[str]]:
    """Kind to words, in lower case; verbs and nouns of the kinds with a colon are lemmas.

    Around names: administrative and settlement (Idlib province, the town of), nature, site, street, body (University),
    event (Summit), document (Accords), title (Governor), honorific (Mr), toponymic (University of), compass, locative
    and motion (prepositions), function (words that no name begins with), speech, local (nouns of a town), office and
    officework (police department), people (tribe). Those with ``government:`` tell capitals that stand for governments,
    those with ``event:`` how a place governs an event.
    """
    kinds: dict[str, set[str]] = {}
    for line in files(__package__).joinpath("cues.tsv").read_text("utf-8").splitlines()[1:]:
        word, kind, _ = line.split("\t")
        kinds.setdefault(kind, set()).add(word)
    return {kind: frozenset(words) for kind, words in kinds.items()}
