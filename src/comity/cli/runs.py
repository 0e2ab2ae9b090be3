"""What `code`, `add` and `demo` share: inputs to codings, with progress, a list of what was left out, a clean stop."""

from __future__ import annotations

import re
import signal
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from itertools import chain
from pathlib import Path
from types import FrameType
from typing import Any

import click

from comity.cli.output import note
from comity.cli.progress import expected, progress
from comity.limits import REPORT_SECONDS
from comity.records import Coding, LeftOut, Report

LISTED = 20
"""Lines about single inputs before the rest is counted by reason: a screen."""

_PARTICULAR = re.compile(r"\d[\d,.]*|'[^']*'|\"[^\"]*\"")


Items = Iterator[Report | LeftOut]


class Refused(Exception):
    """With --strict: the first input that has to be left out."""


class Run:
    """One pass over inputs. The counts are of reports."""

    def __init__(self, *, strict: bool = False) -> None:
        self.strict = strict
        self.coded = 0
        self.undated = 0
        self.skipped = 0
        """Reports that were done before and not coded again."""
        self.left_out: list[LeftOut] = []
        self.warnings = 0
        self.stopped: int | None = None
        """The signal that asked for an end."""

    # --- going through -------------------------------------------------------------------------------------------

    def codings(
        self,
        paths: Iterable[str | Path],
        *,
        published: str | None = None,
        outlet: str | None = None,
        codebook: str | None = None,
        model: str | None = None,
        workers: int | None = None,
        cache: str | None = None,
        timeout: float | None = REPORT_SECONDS,
        undone: Callable[[Items], Items] | None = None,
    ) -> Generator[Coding]:
        """The codings of the inputs, in order, reports of ledgers first; with `undone`, only of those that it lets
        through.

        Raises `Refused` with `strict`.
        """
        from comity.engines.tables import is_tables, read_tables
        from comity.ledger.again import is_ledger, reports_of
        from comity.reading import read_many

        listed = list(paths)
        folders = [path for path in listed if path != "-" and is_tables(Path(path))]
        ledgers = [path for path in listed if path != "-" and is_ledger(path)]
        listed = [path for path in listed if path not in folders and path not in ledgers]
        try:
            items = read_many(listed, published=published, outlet=outlet, on_warning=self.warn)
        except ValueError as error:
            raise click.BadParameter(str(error), param_hint="--published") from None
        for folder in folders:  # what an engine has coded
            yield from self._counted(partial(read_tables, Path(folder)), None)
        if (listed or ledgers) and self.stopped is None:
            total = None if folders or ledgers else expected(listed)
            again = chain.from_iterable(reports_of(path) for path in ledgers)
            yield from self.coded_of(
                chain(again, items), total=total, codebook=codebook, model=model, workers=workers, cache=cache, timeout=timeout,
                undone=undone,
            )  # fmt: skip

    def coded_of(
        self,
        items: Items,
        *,
        total: int | None = None,
        codebook: str | None = None,
        model: str | None = None,
        workers: int | None = None,
        cache: str | None = None,
        timeout: float | None = REPORT_SECONDS,
        undone: Callable[[Items], Items] | None = None,
    ) -> Generator[Coding]:
        """The same for what has been read already; `total`: how many there are, if that is known."""
        from comity.engines.cache import Cache
        from comity.engines.local import stream

        def made() -> Iterator[Coding | LeftOut]:
            wanted = self._until_stopped(items)
            if undone is not None:
                wanted = undone(wanted)
            return stream(
                wanted, workers=workers, model=model, codebook=codebook, cache=kept,
                stopping=lambda: self.stopped is not None, timeout=timeout,
            )  # fmt: skip

        kept = Cache(cache, model=model, codebook=codebook) if cache is not None else None
        with kept or nullcontext():
            yield from self._counted(made, total)

    def _counted(self, start: Callable[[], Iterator[Coding | LeftOut]], total: int | None) -> Generator[Coding]:
        with progress("reports", total) as tick, self._stoppable():
            for item in start():
                if isinstance(item, LeftOut):
                    self.leave_out(item)
                else:
                    self.coded += 1
                    self.undated += item.report.published is None
                    yield item
                tick(self.coded + self.skipped + len(self.left_out))

    def _until_stopped(self, items: Items) -> Items:
        for item in items:
            if self.stopped is not None:
                return
            yield item

    @contextmanager
    def _stoppable(self) -> Iterator[None]:
        """The first Ctrl-C (or TERM) ends the input, so that what was begun is finished; a second one cuts it off."""

        def stop(number: int, frame: FrameType | None) -> None:
            if self.stopped is not None:
                raise KeyboardInterrupt
            self.stopped = number
            note("stopping: what is in hand is being finished (once more to stop at once)")

        before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    # --- telling -------------------------------------------------------------------------------------------------

    def leave_out(self, item: LeftOut) -> None:
        """Count and tell it. Raises `Refused` with `strict`."""
        self.left_out.append(item)
        if len(self.left_out) <= LISTED:
            note(item.line())
        if self.strict:
            raise Refused(item.line())

    def warn(self, line: str) -> None:
        """Tell a warning of the reader, the first ones only."""
        self.warnings += 1
        if self.warnings <= LISTED:
            note(line)

    def tell(self) -> None:
        """What is to be said at the end: what was left out and not yet listed, and how many reports have no date."""
        if len(self.left_out) > LISTED:
            note(f"{len(self.left_out):,} inputs were left out; those not listed above, by reason:")
            for line in by_reason(self.left_out[LISTED:]):
                note(line)
        if self.warnings > LISTED:
            note(f"{self.warnings - LISTED:,} further dates of publication could not be read in one way only")
        if self.undated:
            some = "1 report has" if self.undated == 1 else f"{self.undated:,} reports have"
            note(
                f"{some} no date of publication: relative dates in it stay open; "
                "give it in the column 'published' or with --published DATE"
            )

    def write_left_out(self, path: str | None) -> None:
        """All that was left out, as JSONL."""
        if path is not None:
            from comity.records import to_json

            Path(path).write_bytes(b"".join(to_json(item) + b"\n" for item in self.left_out))

    def exit_code(self, kept: int) -> int:
        """0: all was coded; 1: some was left out; 2: nothing at all came of it; 128 and the signal when stopped."""
        if self.stopped is not None:
            return 128 + self.stopped
        if not self.left_out:
            return 0
        return 1 if kept else 2


def by_reason(left_out: Iterable[LeftOut]) -> list[str]:
    """What was left out, counted by reason (numbers and names in it aside), most first, each with an example."""
    groups: dict[str, list[LeftOut]] = {}
    for item in left_out:
        groups.setdefault(_PARTICULAR.sub("…", item.reason), []).append(item)
    ordered = sorted(groups.values(), key=lambda group: (-len(group), group[0].reason))
    return [f"{len(group):,} × {group[0].reason}; {group[0].cure} (first: {group[0].source})" for group in ordered]


def summary(run: Run, **more: Any) -> dict[str, Any]:
    """The run in figures, for --json."""
    return {**more, "coded": run.coded, "undated": run.undated, "left_out": run.left_out}
