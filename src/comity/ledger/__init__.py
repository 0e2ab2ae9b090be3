"""The ledger: the lake in which coded reports are kept, asked, corrected and checked."""

from comity.ledger.errors import (
    AmbiguousId,
    BadCorrection,
    BadFilter,
    BadQuery,
    ExtensionMissing,
    LedgerBusy,
    LedgerError,
    LedgerFull,
    LedgerReadOnly,
    LedgerTooNew,
    LedgerTooOld,
    NoLedger,
    NoSnapshot,
    NotALedger,
    UnknownId,
)
from comity.ledger.filters import ASSERTED, FILTERS, restate
from comity.ledger.ledger import Ledger
from comity.ledger.read import Explanation
from comity.ledger.write import AddResult

__all__ = [
    "ASSERTED",
    "FILTERS",
    "AddResult",
    "AmbiguousId",
    "BadCorrection",
    "BadFilter",
    "BadQuery",
    "Explanation",
    "ExtensionMissing",
    "Ledger",
    "LedgerBusy",
    "LedgerError",
    "LedgerFull",
    "LedgerReadOnly",
    "LedgerTooNew",
    "LedgerTooOld",
    "NoLedger",
    "NoSnapshot",
    "NotALedger",
    "UnknownId",
    "restate",
]
