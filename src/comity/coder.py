"""`Coder`: the one place where the rooms are called in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from comity import __version__
from comity.records import Coding, LeftOut, Report

REPORTS_A_BATCH = 32
"""Reports parsed together. Larger batches fill the network no better (see `language.model.TOKENS_A_BATCH`)."""


class Coder:
    """Reports in, codings out. Loading takes about a second; make one and keep it.

    The same report gives the same coding, whatever its neighbours in a batch.
    """

    def __init__(self, model: str | None = None) -> None:
        """`model`: an installed spaCy model for English; default `comity.language.model.DEFAULT_MODEL`.

        Raises `comity.language.model.ModelMissing` and `comity.actors.tables.TablesMissing`.
        """
        from comity.actors import names
        from comity.language.model import Language

        self._language = Language(model)
        self._names = names()
        self.version = f"comity {__version__}"

    def code(self, report: Report) -> Coding:
        """The record of one report."""
        return next(self.stream([report]))

    def stream(self, reports: Iterable[Report]) -> Iterator[Coding]:
        """The records of many reports, in order, a batch at a time."""
        reports = iter(reports)
        while batch := list(islice(reports, REPORTS_A_BATCH)):
            yield from self._code(batch)

    def _code(self, reports: list[Report]) -> Iterator[Coding]:
        raise NotImplementedError


__all__ = ["Coder", "LeftOut"]
