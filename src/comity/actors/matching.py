"""Finding names and role nouns in text: one pass of an automaton each, whatever the number of names."""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from comity.actors import tables
from comity.actors.folding import fold


class Hit(NamedTuple):
    """A surface form of the tables that stands in the text. Offsets as in the text."""

    start: int
    end: int
    surface: int
    """Row of `Names.rows` (names) or of the role columns (roles)."""


class Names:
    """The automata over all names and all role nouns. Made once for a process (`names`)."""

    def __init__(self, compiled: tables.Compiled) -> None:
        from ahocorasick_rs import AhoCorasick, MatchKind

        self.tables = compiled
        rows: dict[str, list[tuple[int, int]]] = {}
        for surface, actor, kind in zip(compiled.alias_surface, compiled.alias_actor, compiled.alias_kind):
            rows.setdefault(surface, []).append((actor, kind))
        self.surfaces = list(rows)
        self.rows = list(rows.values())
        """For each surface form the (actor row, kind bits) that bear it."""
        self.number = {surface: n for n, surface in enumerate(self.surfaces)}
        self.role_number = {phrase: n for n, phrase in enumerate(compiled.role_phrase)}
        self._names = AhoCorasick(self.surfaces, matchkind=MatchKind.LeftmostLongest, store_patterns=False)
        self._roles = AhoCorasick(compiled.role_phrase, matchkind=MatchKind.LeftmostLongest, store_patterns=False)
        self.titles = {word: n for n, word in enumerate(compiled.title_word)}
        self.given = dict(zip(compiled.given_name, compiled.given_gender))
        self.governments = {
            actor: (start, end or tables.date.max.toordinal()) for actor, start, end in compiled.government
        }
        self.media = {actor: n for n, actor in enumerate(compiled.media_actor)}
        self.states = {iso3: n for n, iso3 in enumerate(compiled.state_iso3)}

    def scan(self, text: str) -> tuple[list[Hit], list[Hit]]:
        """Names and role nouns of a text, each in text order, longest first, without overlaps, on word boundaries.

        Names are matched with their case, role nouns without. A name written in capitals throughout is not found
        unless the table holds it so; headlines in capitals are coded by their body.
        """
        folded = fold(text)
        names = _whole_words(folded, self._names.find_matches_as_indexes(folded), self._names)
        lowered = folded.lower()
        if len(lowered) != len(folded):  # a few letters change length when lowered (İ)
            lowered = "".join(c.lower() if len(c.lower()) == 1 else c for c in folded)
        roles = _whole_words(lowered, self._roles.find_matches_as_indexes(lowered), self._roles)
        return names, roles


_TRIM = re.compile(r"\w")


def _whole_words(text: str, matches: list[tuple[int, int, int]], automaton: object) -> list[Hit]:
    hits = []
    n = len(text)
    skipped_until = 0
    for pattern, start, end in matches:
        if (start and (text[start - 1].isalnum() or text[start - 1] == "_")) or (
            end < n and text[end].isalnum() and text[end - 1].isalnum()
        ):
            # The longest match may hide a shorter whole one ("Chinas" hides nothing, "Malian" hides "Mali"): the
            # automaton goes on after it, so only names glued to other letters are lost, and those are none.
            continue
        if start < skipped_until:
            continue
        hits.append(Hit(start, end, pattern))
        skipped_until = end
    return hits


ENVIRONMENT = "COMITY_ACTORS"
"""Variable that names the user's own actor file (see `comity.actors.overlay`)."""


def names(actors: str | Path | None = None) -> Names:
    """The automata over this installation's tables, with the user's own actors: `actors`, default: the file that the
    environment's COMITY_ACTORS names, if it is set.

    Raises `comity.actors.tables.TablesMissing`, `comity.actors.overlay.ActorsError`, `OSError`.
    """
    return _names(str(actors or os.environ.get(ENVIRONMENT, "")))


@cache
def _names(actors: str) -> Names:
    compiled = tables.load()
    if not actors:
        return Names(compiled)
    from comity.actors.overlay import lay_over, read_overlay

    return Names(lay_over(compiled, read_overlay(actors, compiled)))
