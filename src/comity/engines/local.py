"""Coding in several processes of this machine. The records are those of one process, and so is their order."""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice
from multiprocessing import get_context, parent_process
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from comity.coder import batches
from comity.records import Coding, LeftOut, Report

if TYPE_CHECKING:
    from comity.coder import Coder
    from comity.engines.cache import Cache

AHEAD = 3
"""Batches handed out for each process: one in work, the others so that none waits while the results are written."""

Item = Report | LeftOut


class WorkerLost(Exception):
    """A process of the pool died."""


class _Made(msgspec.Struct, array_like=True):
    """What a worker gives back for the reports of a batch: for each of them one of the two.

    It travels as MessagePack: 0.3 ms a report there and back, where an Arrow batch of nested records takes 5 ms.
    """

    codings: list[Coding | None]
    left_out: list[LeftOut | None]


def cores() -> int:
    """How many processes this machine lets this one use at a time."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def stream(
    reports: Iterable[Item],
    *,
    workers: int | None = None,
    model: str | None = None,
    codebook: str | Path | None = None,
    ordered: bool = True,
    cache: Cache | None = None,
    stopping: Callable[[], bool] = lambda: False,
) -> Iterator[Coding | LeftOut]:
    """What `Coder(model, codebook).stream(reports)` gives, made by `workers` processes (default: one for each core).

    Reports are taken from the iterable as they are needed, at most `AHEAD` batches for each process. Nothing is started
    for what one batch holds: that is coded in this process, as everything is with one worker. With `ordered` False,
    batches come as they are done. `cache`: codings made earlier of the very same reports, to be used again. When
    `stopping` gives True, batches that no process has begun are given up; those before them are finished.

    Raises what `Coder` raises, and `WorkerLost`.
    """
    source = iter(reports)
    for item in source:
        if isinstance(item, Report):  # the model is loaded when there is something to code
            tasks = _tasks(chain([item], source), cache)
            yield from _stream(tasks, workers or cores(), model, codebook, ordered, cache, stopping)
            return
        yield item


class _Task(NamedTuple):
    """A batch: what is known of it already, and the reports that are still to be coded (None in `known`)."""

    known: list[Coding | LeftOut | None]
    reports: list[Report]

    def whole(self, made: Iterable[Coding | LeftOut], cache: Cache | None) -> Iterator[Coding | LeftOut]:
        """All of it in order, given what was made of the reports; that is kept in the cache."""
        fresh = list(made)
        if cache is not None:
            cache.keep(self.reports, fresh)
        rest = iter(fresh)
        for item in self.known:
            yield item if item is not None else next(rest)


def _tasks(reports: Iterator[Item], cache: Cache | None) -> Iterator[_Task]:
    for batch in batches(reports):
        wanted = [item for item in batch if isinstance(item, Report)]
        found = iter(cache.find(wanted) if cache is not None else [None] * len(wanted))
        known = [item if isinstance(item, LeftOut) else next(found) for item in batch]
        yield _Task(known, [item for item, had in zip(batch, known) if had is None and isinstance(item, Report)])


def _stream(
    tasks: Iterator[_Task],
    workers: int,
    model: str | None,
    codebook: str | Path | None,
    ordered: bool,
    cache: Cache | None,
    stopping: Callable[[], bool],
) -> Iterator[Coding | LeftOut]:
    alone = workers == 1
    if not alone:
        begun = list(islice(tasks, 2))
        alone = len(begun) == 1
        tasks = chain(begun, tasks)
    if alone:
        coder: Coder | None = None
        for task in tasks:
            if task.reports and coder is None:
                from comity.coder import Coder

                coder = Coder(model, codebook)
            yield from task.whole(coder.stream(task.reports) if coder is not None else (), cache)
        return
    # spawn: a forked child would inherit locks that the threads of this process hold (progress, DuckDB)
    pool = ProcessPoolExecutor(workers, get_context("spawn"), _start, (model, codebook))
    pending: deque[tuple[_Task, Future[bytes]]] = deque()
    try:
        for task in tasks:
            if stopping():
                break
            pending.append((task, pool.submit(_code, msgspec.msgpack.encode(task.reports))))
            if len(pending) >= workers * AHEAD:
                yield from _take(pending, ordered, cache)
        while pending:
            while stopping() and pending and pending[-1][1].cancel():
                pending.pop()
            if pending:
                yield from _take(pending, ordered, cache)
    except BrokenProcessPool as error:
        raise WorkerLost(
            "a worker process died, most likely for want of memory (each needs about 0.5 GB); "
            "run this again with fewer --workers (what was finished is kept)"
        ) from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _take(
    pending: deque[tuple[_Task, Future[bytes]]], ordered: bool, cache: Cache | None
) -> Iterator[Coding | LeftOut]:
    """The next batch that is due."""
    at = 0
    if not ordered:
        done = wait([future for _, future in pending], return_when=FIRST_COMPLETED).done
        at = next(n for n, (_, future) in enumerate(pending) if future in done)
    task, future = pending[at]
    del pending[at]
    made = msgspec.msgpack.decode(future.result(), type=_Made)
    both: Sequence[Coding | LeftOut | None] = [a if a is not None else b for a, b in zip(made.codings, made.left_out)]
    yield from task.whole((item for item in both if item is not None), cache)


_coder: Coder | Exception | None = None
"""The coder of a worker process, or why there is none."""


def _start(model: str | None, codebook: str | Path | None) -> None:
    global _coder
    import gc

    from comity.coder import Coder

    threading.Thread(target=_end_with_parent, daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to all; the parent decides when the workers end
    try:
        _coder = Coder(model, codebook)
    except Exception as error:
        _coder = error
    gc.collect()
    gc.freeze()  # tables and model stay: the collector need not look through them again and again


def _end_with_parent() -> None:
    """A killed parent cannot end its workers, and none of them sees its queue close: the others hold it open."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _code(reports: bytes) -> bytes:
    if isinstance(_coder, Exception):
        raise _coder
    assert _coder is not None
    made = list(_coder.stream(msgspec.msgpack.decode(reports, type=list[Report])))
    return msgspec.msgpack.encode(
        _Made(
            [item if isinstance(item, Coding) else None for item in made],
            [item if isinstance(item, LeftOut) else None for item in made],
        )
    )
