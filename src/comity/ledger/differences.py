"""Two codings of the same reports compared: what was gained, lost and changed, and why, where that can be known.

For ledgers, and for files of codings (``comity code --jsonl``). Records as they were coded are compared, not as corrected.
"""

from __future__ import annotations

import contextlib
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from comity.ledger import pairing
from comity.ledger.errors import LedgerError
from comity.ledger.home import is_team
from comity.ledger.pairing import Record, Why
from comity.records import Event, Statement
from comity.versions import differing

if TYPE_CHECKING:
    import datetime

AT_ONCE = 200
"""Reports whose records are held at once."""

NEAR = 0.1
"""How near to the probability from which events count (`comity.events.find.ACCEPT_IN_REPORT`) an event that came or went is said to
have been near it. After training anew, half of the probabilities of the bundled reports' events move by less."""

KINDS = ("gained", "lost", "changed")


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One record that came, went, or says something else."""

    report: str
    what: str
    """event | statement."""
    kind: str
    """gained | lost | changed."""
    type: str
    """The event's PLOVER type, the statement's kind: the new one, of what was lost the old one."""
    groups: tuple[str, ...] = ()
    """Kinds of change (`comity.ledger.pairing.GROUPS`)."""
    fields: dict[str, tuple[Any, Any]] = {}
    """The fields that differ, each with the old and the new value."""
    why: tuple[Why, ...] = ()
    old: Event | Statement | None = None
    new: Event | Statement | None = None
    words: str = ""
    """The event's sentence, the statement's content."""


class Counts(msgspec.Struct, kw_only=True):
    """Records of one kind."""

    old: int = 0
    new: int = 0
    same: int = 0
    changed: int = 0
    gained: int = 0
    lost: int = 0
    other_confidence: int = 0
    """Of those that are the same: how many have another confidence."""


class Summary(msgspec.Struct, kw_only=True):
    """All changes in sum."""

    made_otherwise: dict[str, tuple[str | None, str | None]] = {}
    """What the codings were made by, where that differs: part (program, tables, weights …), old, new."""
    several: bool = False
    """Whether one side was made by more than one version; then `made_otherwise` tells of the most frequent ones."""
    reports: int = 0
    """Compared: on both sides with the same text."""
    reports_changed: int = 0
    other_text: int = 0
    """Reports that both sides have with different texts: not compared."""
    only_old: int = 0
    only_new: int = 0
    events: Counts = msgspec.field(default_factory=Counts)
    statements: Counts = msgspec.field(default_factory=Counts)
    groups: dict[str, dict[str, int]] = msgspec.field(default_factory=lambda: {"event": {}, "statement": {}})
    """Changed records by kind of change; one record may have several."""
    types: dict[str, dict[str, int]] = {}
    """Events gained, lost and changed by type."""
    causes: dict[str, int] = {}
    """Changes by reason (`comity.ledger.pairing.CAUSES`); one change may have several, or none that is known."""

    @property
    def same(self) -> bool:
        """Whether the two say the same of the same reports."""
        apart = self.other_text + self.only_old + self.only_new
        return not (apart or self.reports_changed)


class Half(msgspec.Struct, kw_only=True):
    """One side's records of a report, without those that the other side has too."""

    text: str = ""
    warnings: tuple[str, ...] = ()
    events: list[Event] = []
    statements: list[Statement] = []


class Comparison(Protocol):
    """Two sides, made ready: which reports they share, and the records in which these differ."""

    summary: Summary

    def halves(self) -> Iterator[tuple[str, Half, Half]]:
        """Reports in which something differs (besides confidence), in the order of their ids."""

    def known_patterns(self) -> tuple[set[str], set[str]]:
        """The patterns that coded something, on each side."""

    def actors_at(self, side: int, report: str, starts: Iterable[int]) -> dict[int, tuple[str | None, str | None]]:
        """Whom one side reads at these places of a report: actor id and country."""

    def close(self) -> None:
        """Let go of files and tables."""


class Differences:
    """The changes from one coding to another, report by report; `summary` is whole when all were taken.

    >>> with Differences("before.ledger", "after.ledger") as found:                              # doctest: +SKIP
    ...     for change in found:
    ...         print(change.kind, change.type, change.why)
    ...     print(found.summary.events)
    """

    def __init__(
        self,
        old: str | os.PathLike[str],
        new: str | os.PathLike[str],
        *,
        old_as_of: int | str | datetime.date | None = None,
        new_as_of: int | str | datetime.date | None = None,
    ) -> None:
        """`old`, `new`: ledgers (as for `Ledger`) or files of codings, one a line. `old_as_of`, `new_as_of`: the state
        of a ledger to look at, as for `Ledger`.

        Raises `LedgerError` and its kind.
        """
        self._with = contextlib.ExitStack()
        with contextlib.ExitStack() as opening:
            sides = [_opened(place, moment, opening) for place, moment in ((old, old_as_of), (new, new_as_of))]
            from comity.ledger.comparing_files import FilesCompared
            from comity.ledger.comparing_ledgers import LedgersCompared

            first, second = sides
            self._sides: Comparison
            if _is_open(first) and _is_open(second):
                self._sides = LedgersCompared(first, second)
            else:
                self._sides = FilesCompared(first, second)
            opening.callback(self._sides.close)
            self._with = opening.pop_all()
        self.summary = self._sides.summary

    def close(self) -> None:
        """Let go of both sides."""
        self._with.close()

    def __enter__(self) -> Differences:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __iter__(self) -> Iterator[Change]:
        patterns = self._sides.known_patterns()
        for report, old, new in self._sides.halves():
            changes = list(self._of_report(report, old, new, patterns))
            self.summary.reports_changed += bool(changes)
            for change in changes:
                _count(self.summary, change)
                yield change

    def _of_report(self, report: str, old: Half, new: Half, patterns: tuple[set[str], set[str]]) -> Iterator[Change]:
        # the statements first: events refer to them
        paired = pairing.pairs(old.statements, new.statements)
        same_statement = {old.statements[i].id: new.statements[j].id for i, j in paired}
        yield from self._changes(report, old, new, old.statements, new.statements, paired, same_statement, patterns)
        events = pairing.pairs(old.events, new.events)
        yield from self._changes(report, old, new, old.events, new.events, events, same_statement, patterns)

    def _changes(
        self, report: str, old: Half, new: Half, before: Sequence[Any], after: Sequence[Any],
        paired: list[pairing.Pair], same_statement: dict[str, str], patterns: tuple[set[str], set[str]],
    ) -> Iterator[Change]:  # fmt: skip
        text = old.text or new.text
        made: list[tuple[int, Change]] = []
        for i, j in paired:
            changed = pairing.fields(before[i], after[j], same_statement)
            if changed:
                change = _change(
                    report, "changed", before[i], after[j], text, groups=pairing.groups_of(before[i], changed),
                    fields={name: (_plain(a), _plain(b)) for name, (a, b) in changed.items()},
                    why=tuple(pairing.why_changed(before[i], after[j], changed)),
                )  # fmt: skip
                made.append((_place(after[j]), change))
            else:
                counts = self.summary.events if isinstance(before[i], Event) else self.summary.statements
                counts.same += 1
                counts.other_confidence += before[i].confidence != after[j].confidence
        gone = set(range(len(before))) - {i for i, _ in paired}
        come = set(range(len(after))) - {j for _, j in paired}
        for i in gone:
            why = self._why_missing(report, before[i], 1, new, patterns[1])
            made.append((_place(before[i]), _change(report, "lost", before[i], None, text, why=why)))
        for j in come:
            why = self._why_missing(report, after[j], 0, old, patterns[0])
            made.append((_place(after[j]), _change(report, "gained", None, after[j], text, why=why)))
        made.sort(key=lambda one: (one[0], one[1].kind, one[1].type))
        for _, change in made:
            yield change

    def _why_missing(self, report: str, record: Record, side: int, other: Half, patterns: set[str]) -> tuple[Why, ...]:
        """Why a record has no counterpart on the other side."""
        from comity.events.find import ACCEPT, ACCEPT_IN_REPORT

        found: list[Why] = []
        lost = side == 1
        if isinstance(record, Statement):
            parties: Sequence[Any] = record.speakers
        else:
            parties = (*record.source, *record.target)
            if any(line.startswith(f"sentence at {record.sentence[0]}:") for line in other.warnings):
                found.append(Why("capped", "the other side keeps only the surest events of its sentence"))
            otherwise = self.summary.made_otherwise.keys() & {"lexicon", "program"} or self.summary.several
            if otherwise and record.reason.id not in patterns:
                found.append(Why("pattern", f"pattern {record.reason.id} codes nothing on the other side"))
        places = {p.start: p for p in parties if p.start is not None and p.actor is not None}
        here = self._sides.actors_at(1 - side, report, places)
        there = self._sides.actors_at(side, report, places)
        for start, party in places.items():
            if start in here and here[start] != there.get(start):
                mine, other_one = _named(here[start]), _named(there.get(start))
                now, was = (other_one, mine) if lost else (mine, other_one)
                found.append(Why("actor", f"“{party.text}” is {now}, was {was}"))
        if not found and isinstance(record, Event) and record.confidence < ACCEPT_IN_REPORT + NEAR:
            found.append(
                Why(
                    "threshold",
                    f"its probability {'was' if lost else 'is'} {record.confidence}, and events count from {ACCEPT} by"
                    f" their own words, from {ACCEPT_IN_REPORT} in their report",
                )
            )
        return tuple(found)


def _named(actor: tuple[str | None, str | None] | None) -> str:
    """Actor id and country in words."""
    if actor is None or actor == (None, None):
        return "nobody known"
    return " ".join(filter(None, [actor[0], f"({actor[1]})" if actor[1] else ""]))


def _is_open(side: Any) -> bool:
    from comity.ledger.ledger import Ledger

    return isinstance(side, Ledger)


def _opened(
    place: str | os.PathLike[str], moment: int | str | datetime.date | None, opening: contextlib.ExitStack
) -> Any:
    """A ledger, opened for reading, or the path of a file."""
    from pathlib import Path

    from comity.ledger.ledger import Ledger

    name = os.fspath(place)
    if not is_team(name) and Path(name).is_file():
        if moment is not None:
            raise LedgerError(f"{name}: a file has no former state; --as-of is for ledgers")
        return Path(name)
    return opening.enter_context(Ledger(name, read_only=True, as_of=moment))


def _plain(value: Any) -> Any:
    return msgspec.to_builtins(value)


def _place(record: Record) -> int:
    if isinstance(record, Event):
        return record.trigger[0]
    return min((start for start, _ in record.content), default=record.cue[0] if record.cue else 0)


def _change(
    report: str, kind: str, old: Record | None, new: Record | None, text: str, *, why: tuple[Why, ...],
    groups: tuple[str, ...] = (), fields: dict[str, tuple[Any, Any]] | None = None,
) -> Change:  # fmt: skip
    record = new or old
    assert record is not None
    if isinstance(record, Event):
        what, type_, words = "event", record.type, text[slice(*record.sentence)]
    else:
        what, type_ = "statement", record.kind
        words = " … ".join(text[slice(*span)] for span in record.content)
    return Change(
        report=report, what=what, kind=kind, type=type_, groups=groups, fields=fields or {}, why=why,
        old=old, new=new, words=words,
    )  # fmt: skip


def _count(summary: Summary, change: Change) -> None:
    counts = summary.events if change.what == "event" else summary.statements
    setattr(counts, change.kind, getattr(counts, change.kind) + 1)
    for group in change.groups:
        groups = summary.groups[change.what]
        groups[group] = groups.get(group, 0) + 1
    if change.what == "event":
        by_kind = summary.types.setdefault(change.type, dict.fromkeys(KINDS, 0))
        by_kind[change.kind] += 1
    for cause in sorted({why.cause for why in change.why}):
        summary.causes[cause] = summary.causes.get(cause, 0) + 1


def made_otherwise(
    old: Iterable[tuple[str, str, int]], new: Iterable[tuple[str, str, int]]
) -> tuple[dict[str, tuple[str | None, str | None]], bool]:
    """In what the makers of two sides differ, from (codebook, coder, reports) of each: the most frequent count."""
    makers = []
    for side in (old, new):
        counted: Counter[tuple[str, str]] = Counter()
        for codebook, coder, number in side:
            counted[codebook, coder] += number
        makers.append(sorted(counted, key=lambda one: (-counted[one], one)))
    if not makers[0] or not makers[1]:
        return {}, False
    (old_book, old_coder), (new_book, new_coder) = makers[0][0], makers[1][0]
    found = differing(old_coder, new_coder)
    if old_book != new_book:
        found = {"codebook": (old_book, new_book)} | found
    return found, len(makers[0]) > 1 or len(makers[1]) > 1


def differences(
    old: str | os.PathLike[str], new: str | os.PathLike[str], **states: Any
) -> tuple[list[Change], Summary]:
    """All changes at once, for small codings; arguments as for `Differences`."""
    with Differences(old, new, **states) as found:
        return list(found), found.summary


__all__ = ["Change", "Counts", "Differences", "Summary", "differences"]
