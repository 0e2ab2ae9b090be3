"""Coding in several processes of this machine. The records are those of one process, and so is their order.

A process that dies over a report, or does not answer, is started anew; the report is left out and the run goes on.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import chain, islice
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from comity.coder import batches
from comity.limits import REPORT_SECONDS
from comity.records import Coding, LeftOut, Report

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

    from comity.coder import Coder
    from comity.engines.cache import Cache

AHEAD = 3
"""Batches handed out for each process: one in work, the others so that none waits while the results are written."""

WORKER_BYTES = 3 << 30
"""Of memory that a process may take, where the system can bound it (Linux). It needs 0.5 GB with model and tables, and
0.7 GB for the text of a million characters that takes most of those tried."""

PATIENCE = 5
"""A process that gives no answer in so many times the seconds that a report may take is ended: it hangs where it cannot
be told to stop. Its seconds are those of the clock: so much more there is when five processes share each core."""

MOST_DEATHS = 3
"""Processes that die one after the other without coding a report: then it is not the reports' fault."""

Item = Report | LeftOut


class WorkerLost(Exception):
    """Processes of the pool die again and again, or while they start."""


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
    timeout: float | None = REPORT_SECONDS,
    memory: int | None = WORKER_BYTES,
) -> Iterator[Coding | LeftOut]:
    """What `Coder(model, codebook).stream(reports)` gives, made by `workers` processes (default: one for each core).

    Reports are taken from the iterable as they are needed, at most `AHEAD` batches for each process. Nothing is started
    for what one batch holds: that is coded in this process, as everything is with one worker. With `ordered` False,
    batches come as they are done. `cache`: codings made earlier of the very same reports, to be used again. When
    `stopping` gives True, batches that no process has begun are given up; those before them are finished.

    A report whose coding takes more than `timeout` seconds of processor time is left out; so is one over which a process
    dies, hangs (`PATIENCE`) or takes more than `memory` bytes. `memory` is not bounded with one worker: that is the
    caller's own process.

    Raises what `Coder` raises, and `WorkerLost`.
    """
    source = iter(reports)
    for item in source:
        if isinstance(item, Report):  # the model is loaded when there is something to code
            tasks = _tasks(chain([item], source), cache)
            settings = _Settings(model, codebook, timeout, memory)
            yield from _stream(tasks, workers or cores(), settings, ordered, cache, stopping)
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


class _Settings(NamedTuple):
    model: str | None
    codebook: str | Path | None
    timeout: float | None
    memory: int | None


def _stream(
    tasks: Iterator[_Task],
    workers: int,
    settings: _Settings,
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

                coder = Coder(settings.model, settings.codebook, timeout=settings.timeout)
            yield from task.whole(coder.stream(task.reports) if coder is not None else (), cache)
        return
    processes = [_Process(settings) for _ in range(workers)]
    idle: SimpleQueue[_Process] = SimpleQueue()
    for process in processes:
        idle.put(process)

    def code(reports: list[Report]) -> list[Coding | LeftOut]:
        process = idle.get()
        try:
            return process.code(reports)
        finally:
            idle.put(process)

    pool = ThreadPoolExecutor(workers, "comity")  # a thread hands a batch to a process and waits for what it makes
    pending: deque[tuple[_Task, Future[list[Coding | LeftOut]]]] = deque()
    try:
        for task in tasks:
            if stopping():
                break
            pending.append((task, pool.submit(code, task.reports)))
            if len(pending) >= workers * AHEAD:
                yield from _take(pending, ordered, cache)
        while pending:
            while stopping() and pending and pending[-1][1].cancel():
                pending.pop()
            if pending:
                yield from _take(pending, ordered, cache)
    finally:
        for process in processes:
            process.end()
        pool.shutdown(wait=True, cancel_futures=True)
        for process in processes:
            process.close()


def _take(
    pending: deque[tuple[_Task, Future[list[Coding | LeftOut]]]], ordered: bool, cache: Cache | None
) -> Iterator[Coding | LeftOut]:
    """The next batch that is due."""
    at = 0
    if not ordered:
        done = wait([future for _, future in pending], return_when=FIRST_COMPLETED).done
        at = next(n for n, (_, future) in enumerate(pending) if future in done)
    task, future = pending[at]
    made = future.result()
    del pending[at]
    yield from task.whole(made, cache)


# --- a process, seen from here ---------------------------------------------------------------------------------------


class _Died(Exception):
    """The process gave no answer; ``str()`` says why."""


class _Hangs(_Died):
    """It was ended, because it gave none in time."""


class _Process:
    """A process that codes. It is started when it is needed, and anew after it died. One thread at a time uses it."""

    def __init__(self, settings: _Settings) -> None:
        self._settings = settings
        self._deaths = 0
        self._ended = False
        self._lock = threading.Lock()
        """Held while a process is started, so that none is after the end."""
        self._running: tuple[Connection, SpawnProcess] | None = None

    def code(self, reports: list[Report]) -> list[Coding | LeftOut]:
        """What the process makes of the reports. Where it dies over them, they are coded one by one.

        Raises `WorkerLost`, and what `Coder` raises.
        """
        if not reports:
            return []
        try:
            made = self._answer(reports)
            self._deaths = 0
            return made
        except _Died as why:
            self._deaths += not isinstance(why, _Hangs)
            if self._ended or self._deaths >= MOST_DEATHS:
                raise WorkerLost(
                    f"worker processes die one after the other ({why}), most likely for want of memory (each needs about "
                    "0.5 GB); run this again with fewer --workers (what was finished is kept)"
                ) from None
            if len(reports) == 1:
                cure = "split it; if it is no longer than others, please report it with this text"
                return [LeftOut(source=reports[0].source or reports[0].id, reason=f"its coding {why}", cure=cure)]
        return [one for report in reports for one in self.code([report])]

    def end(self) -> None:
        """End it, whatever it does; a thread that waits for it is told so."""
        with self._lock:
            self._ended = True
            if self._running is not None:
                self._running[1].kill()

    def close(self) -> None:
        """Let go of it, when no thread uses it any more."""
        self.end()
        self._gone()

    def _answer(self, reports: list[Report]) -> list[Coding | LeftOut]:
        line, process = self._ready()
        seconds = self._settings.timeout
        try:
            line.send_bytes(msgspec.msgpack.encode(reports))
            if not line.poll(None if seconds is None else PATIENCE * seconds):
                process.kill()
                self._gone()
                raise _Hangs(f"gave no answer in {PATIENCE * (seconds or 0):g} seconds")
            made = msgspec.msgpack.decode(line.recv_bytes(), type=_Made)
        except (EOFError, OSError):
            raise _Died(f"made its process end ({self._gone()})") from None
        both = [a if a is not None else b for a, b in zip(made.codings, made.left_out)]
        return [item for item in both if item is not None]

    def _ready(self) -> tuple[Connection, SpawnProcess]:
        """A process that has loaded what it needs."""
        if self._running is not None:
            return self._running
        with self._lock:
            if self._ended:
                raise WorkerLost("the run was ended")
            # spawn: a forked child would inherit locks that the threads of this process hold (progress, DuckDB)
            context = get_context("spawn")
            line, theirs = context.Pipe()
            process = context.Process(target=_work, args=(theirs, *self._settings), daemon=True)
            process.start()
            theirs.close()
            self._running = line, process
        try:
            fault = line.recv()
        except (EOFError, OSError):
            raise WorkerLost(
                f"a worker process ended while it started ({self._gone()}), most likely for want of memory (each needs "
                "about 0.5 GB); run this again with fewer --workers (what was finished is kept)"
            ) from None
        if fault is not None:
            raise fault
        return line, process

    def _gone(self) -> str:
        """Clear away a process that has ended or is about to; gives how it ended."""
        if self._running is None:
            return "ended before"
        line, process = self._running
        self._running = None
        process.join()
        line.close()
        code = process.exitcode or 0
        return signal.Signals(-code).name if code < 0 else f"exit code {code}"


# --- a process, seen from inside -------------------------------------------------------------------------------------


def _work(
    line: Connection, model: str | None, codebook: str | Path | None, timeout: float | None, memory: int | None
) -> None:
    """Answer one message after the other, until there are no more."""
    import gc

    from comity.coder import Coder

    threading.Thread(target=_end_with_parent, daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to all; the parent decides when the workers end
    try:
        coder = Coder(model, codebook, timeout=timeout)
    except Exception as error:
        line.send(error)
        return
    gc.collect()
    gc.freeze()  # tables and model stay: the collector need not look through them again and again
    _bound(memory)
    line.send(None)
    while True:
        try:
            reports = msgspec.msgpack.decode(line.recv_bytes(), type=list[Report])
        except EOFError:
            return
        made = list(coder.stream(reports))
        line.send_bytes(
            msgspec.msgpack.encode(
                _Made(
                    [item if isinstance(item, Coding) else None for item in made],
                    [item if isinstance(item, LeftOut) else None for item in made],
                )
            )
        )


def _bound(memory: int | None) -> None:
    """Let this process take no more memory than that: more is a `MemoryError` in the report that asks for it."""
    try:
        import resource

        if memory is not None and sys.platform == "linux":
            resource.setrlimit(resource.RLIMIT_DATA, (memory, resource.getrlimit(resource.RLIMIT_DATA)[1]))
    except (ImportError, ValueError, OSError):  # a stricter bound is set already
        pass


def _end_with_parent() -> None:
    """A killed parent cannot end its workers, and none of them sees its line close while it codes."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
