"""A process beside the server, for what must not hold up the readers and may have to be ended."""

from __future__ import annotations

import threading
from collections.abc import Callable
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from multiprocessing.connection import Connection


class Busy(Exception):
    """Another job is being done, and did not end while this one waited."""


class NotReady(Exception):
    """The process did not get ready: why, as it said itself; empty when it took too long."""


class Late(Exception):
    """The job took too long; the process was ended."""


class Lost(Exception):
    """The process ended by itself while it had the job."""


class Beside:
    """One process that does one job at a time. It starts when it is first needed and is replaced when it is lost.

    `work` runs in it: it gets its end of a pipe and `args`, sends None when it is ready (else words that say why not),
    then answers each job with one object.
    """

    def __init__(self, work: Callable[..., None], args: tuple[Any, ...], *, loading: float, queue: float) -> None:
        """`loading`: seconds in which it has to be ready; `queue`: seconds that a job waits for another to be done."""
        self._work, self._args = work, args
        self._loading, self._queue = loading, queue
        self._turn = threading.Lock()
        self._process: Any = None
        self._line: Connection | None = None
        self._ready = False

    def warm(self) -> None:
        """Begin to get ready, without waiting for it."""
        if self._turn.acquire(blocking=False):
            try:
                self._start()
            finally:
                self._turn.release()

    def ask(self, job: Any, seconds: float) -> Any:
        """What comes of a job. Raises `Busy`, `NotReady`, `Late`, `Lost`."""
        if not self._turn.acquire(timeout=self._queue):
            raise Busy
        try:
            line = self._start()
            self._wait_until_ready(line)
            line.send(job)
            if not line.poll(seconds):
                self._end()
                raise Late
            return line.recv()
        except (EOFError, OSError):
            self._end()
            raise Lost from None
        finally:
            self._turn.release()

    def _start(self) -> Connection:
        if self._line is not None and self._process.is_alive():
            return self._line
        self._end()
        # spawn: a forked child would inherit the locks that this process's threads hold
        context = get_context("spawn")
        ours, theirs = context.Pipe()
        self._process = context.Process(target=self._work, args=(theirs, *self._args), daemon=True)
        self._process.start()
        theirs.close()
        self._line = ours
        return ours

    def _wait_until_ready(self, line: Connection) -> None:
        if self._ready:
            return
        if not line.poll(self._loading):
            self._end()
            raise NotReady("")
        word = line.recv()
        if word is not None:
            self._end()
            raise NotReady(word)
        self._ready = True

    def _end(self) -> None:
        self._ready = False
        if self._process is not None:
            if self._process.pid is not None:  # it may be about to start
                self._process.kill()
                self._process.join(5)
            self._process = None
        if self._line is not None:
            self._line.close()
            self._line = None

    def close(self) -> None:
        """End the process."""
        held = self._turn.acquire(timeout=1)
        self._end()
        if held:
            self._turn.release()
