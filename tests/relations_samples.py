"""Ledgers for the tests of relations: one event a sentence, made to measure."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from comity.codebook import codebook
from comity.ledger import Ledger
from comity.records import Coding, Contact, Event, Party, Reason, Report, content_hash


def party(code: str, sector: str | None = "GOV", name: str | None = None, office: str | None = None) -> Party:
    """A party that does not stand in the text."""
    if code.startswith(("GROUP:", "IGO:")):
        sector = None
    return Party(start=None, end=None, text=None, name=name, country=code, sector=sector, office=office)


def event(
    day: str | None, source: str, target: str, type_: str, mode: str | None = None, *, words: str = "", **more: Any
) -> dict[str, Any]:
    """What `report` makes an `Event` of. Codes of several parties are joined by "|"; CHN:CVL gives a sector."""
    return {"day": day, "source": source, "target": target, "type": type_, "mode": mode, "words": words, **more}


def _parties(codes: str) -> tuple[Party, ...]:
    made = []
    for code in codes.split("|"):
        if code.startswith(("GROUP:", "IGO:")) or ":" not in code:
            made.append(party(code))
        else:
            made.append(party(code.partition(":")[0], code.partition(":")[2]))
    return tuple(made)


def report(
    id_: str, published: str, events: Iterable[dict[str, Any]] = (), outlet: str | None = "Wire", **more: Any
) -> Coding:
    """A report with a sentence for each event."""
    text, made = "", []
    for n, given in enumerate(events):
        given = dict(given)
        words = given.pop("words") or f"Sentence {n} of {id_} says that something happened."
        start = len(text)
        text += words + " "
        day, contact = given.pop("day"), given.pop("contact", None)
        type_, mode = given.pop("type"), given.pop("mode")
        fields = {
            "id": content_hash(id_, n),
            "type": type_,
            "mode": mode,
            "quad": codebook().quad(type_, mode),
            "intensity": codebook().intensity(type_, mode),
            "source": _parties(given.pop("source")),
            "target": _parties(given.pop("target")),
            "scope": "international",
            "date": day,
            "date_precision": None if day is None else {4: "year", 7: "month", 10: "day"}[len(day)],
            "sentence": (start, start + len(words)),
            "trigger": (start, start + 8),
            "reason": Reason(by="rule", id="test"),
            "confidence": 0.9,
            "contact": None if contact is None else Contact(**contact),
        }
        made.append(Event(**(fields | given)))
    return Coding(
        report=Report(
            id=id_, text=text or "Nothing happened.", title=f"Title of {id_}", outlet=outlet, published=published,
            language="en", **more,
        ),
        events=tuple(made), codebook="test", coder="test",
    )  # fmt: skip


def ledger_of(folder: Path, codings: Iterable[Coding]) -> Ledger:
    """A fresh ledger with these."""
    ledger = Ledger(folder / "ledger")
    ledger.add(codings)
    return ledger
