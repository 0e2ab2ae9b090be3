"""The short notation for what a sentence should give, as it stands in `decisions.tsv` and in the test tables.

``SWE > RUS ACCUSE/allege actual`` · ``JPN = IND SUPPORT actual`` (mutual) · ``RUS > UKR ASSAULT actual by SWE`` (on a
Swedish speaker's account; ``by -``: an unnamed speaker's) · ``- > KEN ASSAULT actual background`` (no source known) ·
several parties are joined by ``,``, several events by ``;`` · ``none``: no event.
"""

from __future__ import annotations

import re

import msgspec

STATUSES = ("actual", "intended", "requested", "hypothetical", "negated", "denied")
"""The six statuses of an event; their meaning stands in ``statuses.tsv``."""

_EVENT = re.compile(
    r"(?P<source>.+?) (?P<link>[>=]) (?P<target>.+?) (?P<type>[A-Z]{3,})(?:/(?P<mode>[a-z-]+))? "
    r"(?P<status>[a-z]+)(?P<background> background)?(?: by (?P<account>.+))?"
)
_PARTY = re.compile(r"[A-Z]{3}|IGO:.+|GROUP:.+@(?:[A-Z]{3}|null)|-")


class Expected(msgspec.Struct, frozen=True):
    """One event that a sentence should give."""

    source: tuple[str, ...]
    """Country codes as in `comity.records.Mention.country`; empty where the sentence names nobody."""
    target: tuple[str, ...]
    mutual: bool
    type: str
    mode: str | None
    """None: the mode is not tested."""
    status: str
    background: bool
    account: str | None
    """Country code of the speaker on whose word the event rests, ``-`` for an unnamed one; None: the report's own."""


def _parties(text: str) -> tuple[str, ...]:
    parties = tuple(part.strip() for part in text.split(","))
    for party in parties:
        if not _PARTY.fullmatch(party):
            raise ValueError(f"no country code: {party!r} (write JPN, IGO:UN, GROUP:name@KEN or -)")
    return () if parties == ("-",) else parties


def parse_expected(text: str) -> tuple[Expected, ...]:
    """The events that a notation names. Raises ValueError, saying what cannot be read."""
    text = text.strip()
    if text == "none":
        return ()
    events = []
    for part in text.split(";"):
        found = _EVENT.fullmatch(part.strip())
        if not found:
            raise ValueError(f"cannot read {part.strip()!r} (write for instance: SWE > RUS ACCUSE actual)")
        if found["status"] not in STATUSES:
            raise ValueError(f"unknown status {found['status']!r} (one of {', '.join(STATUSES)})")
        account = found["account"]
        if account is not None and account != "-":
            _parties(account)
        events.append(
            Expected(
                source=_parties(found["source"]),
                target=_parties(found["target"]),
                mutual=found["link"] == "=",
                type=found["type"],
                mode=found["mode"],
                status=found["status"],
                background=bool(found["background"]),
                account=account,
            )
        )
    return tuple(events)


def format_expected(events: tuple[Expected, ...]) -> str:
    """The inverse of `parse_expected`."""

    def one(e: Expected) -> str:
        source, target = ", ".join(e.source) or "-", ", ".join(e.target) or "-"
        kind = e.type if e.mode is None else f"{e.type}/{e.mode}"
        background = " background" if e.background else ""
        account = "" if e.account is None else f" by {e.account}"
        return f"{source} {'=' if e.mutual else '>'} {target} {kind} {e.status}{background}{account}"

    return "; ".join(one(e) for e in events) or "none"
