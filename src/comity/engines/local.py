"""Coding in several processes of this machine. The records and their order are those of one process."""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice
from multiprocessing import get_context, parent_process
from pathlib import Path
from typing import TYPE_CHECKING

from comity.coder import REPORTS_A_BATCH
from comity.records import Coding, LeftOut, Report

if TYPE_CHECKING:
    from comity.coder import Coder

AHEAD = 3
"""Batches handed out for each process: one in work, the others so that none waits while the results are written."""


class WorkerLost(Exception):
    """A process of the pool died."""


def stream(
    reports: Iterable[Report | LeftOut], *, workers: int, model: str | None = None, codebook: str | Path | None = None
) -> Iterator[Coding | LeftOut]:
    """What `Coder(model, codebook).stream(reports)` gives, made by `workers` processes; one codes in this process.

    Reports are taken from the iterable as they are needed, at most `AHEAD` batches for each process. Raises what
    `Coder` raises, and `WorkerLost`.
    """
    source = iter(reports)
    for item in source:
        if isinstance(item, Report):  # the model is loaded when there is something to code
            rest = chain([item], source)
            yield from _stream(rest, workers, model, codebook)
            return
        yield item


def _stream(
    source: Iterator[Report | LeftOut], workers: int, model: str | None, codebook: str | Path | None
) -> Iterator[Coding | LeftOut]:
    if workers == 1:
        from comity.coder import Coder

        yield from Coder(model, codebook).stream(source)
        return
    # spawn: a forked child would inherit locks that the threads of this process hold (progress, DuckDB)
    pool = ProcessPoolExecutor(workers, get_context("spawn"), _start, (model, codebook))
    pending: deque[Future[list[Coding | LeftOut]]] = deque()
    try:
        while batch := list(islice(source, REPORTS_A_BATCH)):
            pending.append(pool.submit(_code, batch))
            if len(pending) >= workers * AHEAD:
                yield from pending.popleft().result()
        while pending:
            yield from pending.popleft().result()
    except BrokenProcessPool as error:
        raise WorkerLost(
            "a worker process died, most likely for want of memory (each needs about 0.5 GB); "
            "run this again with fewer --workers (what was finished is kept)"
        ) from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


_coder: Coder | Exception | None = None
"""The coder of a worker process, or why there is none."""


def _start(model: str | None, codebook: str | Path | None) -> None:
    global _coder
    from comity.coder import Coder

    threading.Thread(target=_end_with_parent, daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to all; the parent decides when the workers end
    try:
        _coder = Coder(model, codebook)
    except Exception as error:
        _coder = error


def _end_with_parent() -> None:
    """A killed parent cannot end its workers, and none of them sees its queue close: the others hold it open."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _code(batch: list[Report | LeftOut]) -> list[Coding | LeftOut]:
    if isinstance(_coder, Exception):
        raise _coder
    assert _coder is not None
    return list(_coder.stream(batch))
