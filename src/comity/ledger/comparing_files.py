"""Two codings of which at least one is a file: records of one report at a time, found by their place in the file."""

from __future__ import annotations

import contextlib
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import msgspec

from comity.ledger.differences import AT_ONCE, Counts, Half, Summary, made_otherwise
from comity.ledger.errors import LedgerError
from comity.ledger.pairing import GROUPS
from comity.ledger.write import text_hash
from comity.records import Coding, Event, Statement, coding_from_json

if TYPE_CHECKING:
    from comity.ledger.ledger import Ledger

Reader = Callable[[list[str]], dict[str, Coding]]
"""Codings by the ids of their reports."""


class _HeadReport(msgspec.Struct):
    id: str
    text: str


class _HeadReason(msgspec.Struct):
    id: str


class _HeadEvent(msgspec.Struct):
    reason: _HeadReason


class _Head(msgspec.Struct):
    """What is read of every coding first."""

    report: _HeadReport
    codebook: str
    coder: str
    events: list[_HeadEvent] = []


class Known(msgspec.Struct):
    """What one side holds, before its records are read."""

    read: Reader
    hashes: dict[str, str] = {}
    """Hash of the text by report id."""
    makers: Counter[tuple[str, str]] = msgspec.field(default_factory=Counter)
    patterns: set[str] = msgspec.field(default_factory=set)


def of_file(path: Path, open_files: contextlib.ExitStack) -> Known:
    """A file of codings, one a line, compressed or not. Of two codings of one report the last counts.

    Raises `LedgerError` for a line that is no coding.
    """
    from comity.reading.errors import ReadError
    from comity.reading.inputs import DAMAGE, Input, open_plain

    places: dict[str, int] = {}
    kept: BinaryIO = open_files.enter_context(tempfile.TemporaryFile())  # noqa: SIM115
    known = Known(read=lambda ids: {id_: _coding_at(path, kept, places[id_]) for id_ in ids})
    decoder = msgspec.json.Decoder(_Head)
    number = place = 0
    try:
        with open_plain(Input(str(path), path)) as lines:
            for line in lines:
                number += 1
                if not line.strip():
                    continue
                head = decoder.decode(line)
                places[head.report.id] = place
                known.hashes[head.report.id] = text_hash(head.report.text)
                known.makers[head.codebook, head.coder] += 1
                known.patterns.update(event.reason.id for event in head.events)
                place += kept.write(line if line.endswith(b"\n") else line + b"\n")
    except msgspec.DecodeError as error:
        raise LedgerError(
            f"{path}:{number}: is no coding ({error}); give a ledger, or a file made by: comity code PATHS --jsonl FILE"
        ) from None
    except ReadError as error:
        raise LedgerError(str(error)) from None
    except DAMAGE as error:
        raise LedgerError(f"{path}: cannot be read to its end ({error}); make the file again") from None
    return known


def _coding_at(path: Path, file: BinaryIO, place: int) -> Coding:
    file.seek(place)
    try:
        return coding_from_json(file.readline())
    except msgspec.DecodeError as error:
        raise LedgerError(f"{path}: holds a coding of another form ({error}); code its reports again") from None


def of_ledger(ledger: Ledger) -> Known:
    """A ledger, as if it were a file: for a comparison with one."""
    rows = ledger.query("SELECT id, text_hash, codebook, coder FROM reports_v1 ORDER BY id").to_pylist()
    patterns = ledger.query("SELECT DISTINCT reason.id AS id FROM events_v1 WHERE origin = 'comity'").to_pylist()
    return Known(
        read=lambda ids: {coding.report.id: coding for coding in ledger.codings(report=ids)},
        hashes={row["id"]: row["text_hash"] for row in rows},
        makers=Counter((row["codebook"], row["coder"]) for row in rows),
        patterns={row["id"] for row in patterns},
    )


class FilesCompared:
    """See `comity.ledger.differences.Comparison`."""

    def __init__(self, old: Path | Ledger, new: Path | Ledger) -> None:
        self._files = contextlib.ExitStack()
        self.summary = Summary()
        self._mentions: tuple[dict[int, Any], dict[int, Any]] = ({}, {})
        with contextlib.ExitStack() as opening:
            self._sides = tuple(
                of_file(one, opening) if isinstance(one, Path) else of_ledger(one) for one in (old, new)
            )
            self._files = opening.pop_all()
        first, second = self._sides
        shared = first.hashes.keys() & second.hashes.keys()
        self._both = sorted(id_ for id_ in shared if first.hashes[id_] == second.hashes[id_])
        summary = self.summary
        makers = ([(*maker, number) for maker, number in side.makers.items()] for side in self._sides)
        summary.made_otherwise, summary.several = made_otherwise(*makers)
        summary.reports, summary.other_text = len(self._both), len(shared) - len(self._both)
        summary.only_old, summary.only_new = len(first.hashes) - len(shared), len(second.hashes) - len(shared)

    def halves(self) -> Iterator[tuple[str, Half, Half]]:
        """See `comity.ledger.differences.Comparison`."""
        for start in range(0, len(self._both), AT_ONCE):
            some = self._both[start : start + AT_ONCE]
            first, second = (side.read(some) for side in self._sides)
            for report in some:
                old, new = first[report], second[report]
                self._mentions = ({m.start: m for m in old.mentions}, {m.start: m for m in new.mentions})
                halves = (
                    Half(text=old.report.text, warnings=old.warnings), Half(text=new.report.text, warnings=new.warnings)
                )  # fmt: skip
                halves[0].events, halves[1].events = _apart(old.events, new.events, self.summary.events)
                left = _apart(old.statements, new.statements, self.summary.statements)
                halves[0].statements, halves[1].statements = left
                if any((half.events or half.statements) for half in halves):
                    yield report, *halves

    def known_patterns(self) -> tuple[set[str], set[str]]:
        """See `comity.ledger.differences.Comparison`."""
        return self._sides[0].patterns, self._sides[1].patterns

    def actors_at(self, side: int, report: str, starts: Iterable[int]) -> dict[int, tuple[str | None, str | None]]:
        """See `comity.ledger.differences.Comparison`; for the report that `halves` gave last."""
        known = self._mentions[side]
        return {start: (known[start].actor, known[start].country) for start in starts if start in known}

    def close(self) -> None:
        """Close the files."""
        self._files.close()


def _apart(old: Iterable[Any], new: Iterable[Any], counts: Counts) -> tuple[list[Any], list[Any]]:
    """The records of each side that the other does not have word for word; the others are counted."""
    before, after = list(old), {record.id: record for record in new}
    counts.old += len(before)
    counts.new += len(after)
    left = []
    for record in before:
        other = after.get(record.id)
        if other is not None and _says(record) == _says(other):
            del after[record.id]
            counts.same += 1
            counts.other_confidence += record.confidence != other.confidence
        else:
            left.append(record)
    return left, list(after.values())


def _says(record: Event | Statement) -> list[Any]:
    groups = GROUPS["event" if isinstance(record, Event) else "statement"]
    return [getattr(record, name) for names in groups.values() for name in names]
