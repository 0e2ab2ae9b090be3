"""Files of other projects' formats: read into the ledger, and written from it."""

from comity.exchange.errors import ExchangeError, NotThisFormat
from comity.exchange.exporting import EXPORT_FORMATS, Exported, export
from comity.exchange.importing import IMPORTED_FORMATS, ImportReport, import_file

__all__ = [
    "EXPORT_FORMATS",
    "IMPORTED_FORMATS",
    "ExchangeError",
    "Exported",
    "ImportReport",
    "NotThisFormat",
    "export",
    "import_file",
]
