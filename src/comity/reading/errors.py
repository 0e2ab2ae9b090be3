"""What can go wrong while reading: one line each, with what, where, and what to do next."""

from __future__ import annotations

from comity.records import LeftOut


class ReadError(Exception):
    """An input that cannot be read. ``str()`` gives the one line that a person needs."""

    def __init__(self, source: str, reason: str, cure: str) -> None:
        super().__init__(source, reason, cure)
        self.source = source
        self.reason = reason
        self.cure = cure

    def __str__(self) -> str:
        return self.left_out().line()

    def left_out(self) -> LeftOut:
        """The same as a record, for the list of what was left out."""
        return LeftOut(source=self.source, reason=self.reason, cure=self.cure)
