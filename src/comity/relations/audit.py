"""placeholder"""

from __future__ import annotations

from typing import Any

import msgspec


class Corrected(msgspec.Struct, frozen=True, kw_only=True):
    x: int


class Audit(msgspec.Struct, frozen=True, kw_only=True):
    def words(self) -> str:
        return ""


def corrected(*a: Any) -> Any: ...
