"""What codes mean, as data with a version: types, modes, contexts, statuses, sectors, CAMEO codes, crosswalks."""

from comity.codebook.book import (
    CAMEO_TABLES,
    QUAD_TABLES,
    Cameo,
    CameoChoice,
    Codebook,
    Context,
    ContextWord,
    Decision,
    Mode,
    Plover,
    Quad,
    Sector,
    Status,
    Type,
    UnknownCode,
    Way,
)
from comity.codebook.expected import STATUSES, Expected, format_expected, parse_expected
from comity.codebook.reading import codebook, read_codebook
from comity.codebook.tables import CodebookError

__all__ = [
    "CAMEO_TABLES",
    "QUAD_TABLES",
    "STATUSES",
    "Cameo",
    "CameoChoice",
    "Codebook",
    "CodebookError",
    "Context",
    "ContextWord",
    "Decision",
    "Expected",
    "Mode",
    "Plover",
    "Quad",
    "Sector",
    "Status",
    "Type",
    "UnknownCode",
    "Way",
    "codebook",
    "format_expected",
    "parse_expected",
    "read_codebook",
]
