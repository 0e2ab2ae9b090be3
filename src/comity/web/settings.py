"""What `comity serve` was told."""

from __future__ import annotations

import ipaddress

import msgspec

BODY_LIMIT = 4 * 2**20
"""Bytes that a request may send: several times the longest report of the development news."""

TEXT_LIMIT = 200_000
"""Characters of one pasted report. The longest of 5,456 development reports has 173,317; coding it takes two seconds."""

BODY_SECONDS = 30.0
"""Seconds in which a request's body has to arrive."""

CODING_SECONDS = 30.0
"""Seconds that reading and coding one upload may take, the loading of the model not counted."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """How the reading room is opened."""

    ledger: str
    data: str | None = None
    host: str = "127.0.0.1"
    port: int = 8517
    review: bool = False
    """Whether records may be accepted, rejected and corrected, and pasted reports stored."""
    author: str = "reviewer"
    """Whose corrections they are until the page is told another name."""
    token: str | None = None
    """What a visitor has to know; None: nothing (loopback only)."""
    allow_fetch: bool = False
    """Whether a report may be fetched from an address that a visitor gives."""
    model: str | None = None
    codebook: str | None = None


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the host."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
