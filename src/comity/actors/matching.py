"""Finding names and role nouns in text: one pass of an automaton each, whatever the number of names."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from comity.actors import tables
from comity.actors.folding import fold

if TYPE_CHECKING:
    from ahocorasick_rs import AhoCorasick


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


_LONGEST_NAME = 60
"""Characters behind the end of a name within which one that it hides must end."""


def _whole_words(text: str, matches: list[tuple[int, int, int]], automaton: AhoCorasick) -> list[Hit]:
    hits: list[Hit] = []
    skipped_until = 0
    for pattern, start, end in matches:
        if start < skipped_until:
            continue
        if _is_whole(text, start, end):
            hits.append(Hit(start, end, pattern))
            skipped_until = end
            continue
        # "The Gambia" stands in "The Gambian" and hides "Gambian": what follows its first word is looked at again
        blank = text.find(" ", start, end)
        while blank >= 0:
            found = automaton.find_matches_as_indexes(text[blank + 1 : end + _LONGEST_NAME])
            if found and found[0][1] == 0 and _is_whole(text, blank + 1, blank + 1 + found[0][2]):
                skipped_until = blank + 1 + found[0][2]
                hits.append(Hit(blank + 1, skipped_until, found[0][0]))
                break
            blank = text.find(" ", blank + 1, end)
    return hits


def _is_whole(text: str, start: int, end: int) -> bool:
    """True when no letter or digit goes on before or after a stretch."""
    before = start and (text[start - 1].isalnum() or text[start - 1] == "_")
    return not before and not (end < len(text) and text[end].isalnum() and text[end - 1].isalnum())


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
