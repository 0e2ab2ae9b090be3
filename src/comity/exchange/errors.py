"""What can go wrong when files of other projects are read or written."""

from __future__ import annotations


class ExchangeError(Exception):
    """An import or export that cannot be done; the message is one line that says what to do."""


class NotThisFormat(ExchangeError):
    """A file that is not what it was said to be."""
