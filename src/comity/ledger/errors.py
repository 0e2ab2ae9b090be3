"""What can go wrong with a ledger. Every message is one line: what, where, and what to do next."""

from __future__ import annotations


class LedgerError(Exception):
    """Base of all errors of the ledger."""


class ExtensionMissing(LedgerError):
    """A DuckDB extension is not installed, or not for this version of DuckDB."""


class NoLedger(LedgerError):
    """There is no ledger at this place."""


class NotALedger(LedgerError):
    """There is something else at this place."""


class LedgerTooNew(LedgerError):
    """A later version of Comity made this ledger."""


class LedgerTooOld(LedgerError):
    """The ledger has to be brought to this version's schema, which a reader may not do."""


class LedgerReadOnly(LedgerError):
    """The ledger was opened for reading, or its folder cannot be written."""


class LedgerBusy(LedgerError):
    """Another process kept the ledger's lock for longer than this one was told to wait."""


class LedgerFull(LedgerError):
    """There is no room left on the device. Everything committed before stays."""


class BadFilter(LedgerError):
    """A filter that does not exist, or a value that it cannot have."""


class UnknownId(LedgerError):
    """No record has this id."""


class AmbiguousId(LedgerError):
    """Several records have ids that begin like this."""


class BadQuery(LedgerError):
    """The SQL cannot be run, or is something else than a question."""


class BadCorrection(LedgerError):
    """The record has no such field, or the field cannot have that value."""


class NoSnapshot(LedgerError):
    """The ledger has no state at that snapshot or time."""
