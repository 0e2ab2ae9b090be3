"""The ledger as the pages see it: a copy in memory that follows the ledger, and a writer where reviews are allowed."""

from __future__ import annotations

import contextlib
import logging
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from copy import copy
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

from comity.ledger import Ledger, LedgerError
from comity.web.beside import Beside, Busy, Late, Lost, NotReady
from comity.web.settings import Settings

T = TypeVar("T")

FOLLOW_SECONDS = 5.0
"""How often the ledger is asked whether another process added to it. Corrections of the page itself are seen at once."""

BUSY_SECONDS = 30.0
"""How long a state is shown at least while somebody adds without end: each new one makes all pages anew. As soon as nothing
was added for `FOLLOW_SECONDS`, the newest state is shown. With eight readers during `comity add`, 5 s instead of 30
double the processor time of a page; re-run ``benchmarks/web.py`` after a change."""

KEPT = 400
"""Answers kept for the present state: some megabytes."""

SLOW_AT_ONCE = 2
"""Computations at the same time that take less than `LONG_SECONDS`; those that take more are done one by one, in a process of
their own: so a pair of states (0.15 s) never waits for all formulae (7 s), and readers never share an interpreter with them."""

LONG_SECONDS = 0.5

LONGEST = 1800.0
"""Seconds that the process beside may take for one answer."""

ASIDE_NICE = 5
"""By how much the process beside steps back from readers and writers."""

REST = 20
"""An answer that took so long is kept for so many times as long before it is worked out for a newer state: of the processor,
each takes a twentieth at most."""

REST_OF_ALL = 4
"""And among those that are worked out in this process, none begins before so many times as long as the last one took: however
many pairs of states are asked for while somebody adds, bringing them up to date takes a fifth of the time at most."""

KEPT_SLOW = 200
"""Answers kept that took long to work out, over changes of the ledger: a pair of states by month is 0.2 MB."""

PATIENCE = 10.0
"""Seconds that a correction waits for another writer's turn. A batch of `comity add` takes about half a second."""

log = logging.getLogger("comity.web")


class StillWorking(Exception):
    """An answer takes longer than its asker should wait."""


class Kept(NamedTuple):
    """An answer that took long."""

    state: int
    answer: Any
    until: float
    """The moment (`time.monotonic`) from which it is worked out for a newer state."""


class Done(NamedTuple):
    """What comes of a piece of work."""

    state: int
    answer: Any
    took: float
    """Seconds of processor time."""


class Source:
    """An open ledger. Answers that were computed once are kept until the ledger changes."""

    def __init__(self, settings: Settings, *, as_of: int | None = None) -> None:
        """`as_of`: a state of the past, which is not held in memory and never changes. Raises `LedgerError`."""
        self.settings = settings
        self.as_of = as_of
        self.ledger = Ledger(settings.ledger, data=settings.data, mirror=as_of is None, as_of=as_of)
        self._writer: Ledger | None = None
        self._writing = threading.Lock()
        self._guard = threading.Lock()
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        self._making: dict[Hashable, threading.Lock] = {}
        self._state = self.snapshot
        self._slow: OrderedDict[Hashable, Kept] = OrderedDict()
        self._running: dict[Hashable, Future[Kept]] = {}
        self._took: dict[Hashable, float] = {}
        self._quick = ThreadPoolExecutor(SLOW_AT_ONCE, "comity-slow")
        self._long = ThreadPoolExecutor(1, "comity-long")
        self._aside = Beside(_work_aside, (settings.ledger, settings.data), loading=60, queue=LONGEST)
        self._rest_until = 0.0
        self._noted = threading.local()
        self._written = 0
        self._ended = threading.Event()
        self._follower = threading.Thread(target=self._follow, name="comity-follow", daemon=True)
        if as_of is None:
            self._follower.start()
            self._long.submit(self._ready)

    def _ready(self) -> None:
        """Have at hand what the first who asks would wait for: the search index, the actor tables."""
        from comity.actors.who import who

        try:
            self.ledger.index()
            who("China")
        except (LedgerError, OSError) as error:  # whoever needs it is told when it is asked for
            log.warning("making ready: %s", error)

    @property
    def snapshot(self) -> int:
        """The state that answers come from."""
        return self.ledger.snapshot if self.as_of is None else self.as_of

    def _follow(self) -> None:
        seen, shown = self.snapshot, time.monotonic() - BUSY_SECONDS
        while not self._ended.wait(FOLLOW_SECONDS):
            try:
                newest = self.ledger.newest
                quiet, seen = newest == seen, newest
                if newest != self.snapshot and (quiet or time.monotonic() - shown >= BUSY_SECONDS):
                    self.ledger.refresh()
                    shown = time.monotonic()
            except LedgerError as error:
                log.warning("following the ledger: %s", error)

    def known(self, key: Hashable) -> Any:
        """What `once` would give without making it; None where it would have to."""
        with self._guard:
            return self._kept.get((self.snapshot, key))

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives, computed once for each state of the ledger, however many ask at the same time."""
        state = self.snapshot
        whole = (state, key)
        with self._guard:
            if state != self._state:
                self._kept.clear()
                self._state = state
            if whole in self._kept:
                self._kept.move_to_end(whole)
                found: T = self._kept[whole]
                return found
            lock = self._making.setdefault(whole, threading.Lock())
        with lock:
            with self._guard:
                if whole in self._kept:
                    found = self._kept[whole]
                    return found
            try:
                made = make()
                with self._guard:
                    if state == self._state:
                        self._kept[whole] = made
                        while len(self._kept) > KEPT:
                            self._kept.popitem(last=False)
                return made
            finally:
                with self._guard:
                    self._making.pop(whole, None)

    @contextlib.contextmanager
    def noting(self) -> Iterator[list[int]]:
        """The states of all that `lately` gives to this thread meanwhile: what a page that is made of it follows from."""
        noted: list[int] = []
        self._noted.states = noted
        try:
            yield noted
        finally:
            self._noted.states = None

    def lately(
        self, patience: float, key: Hashable, make: Callable[[Ledger], T], *, long: bool = False
    ) -> tuple[T, int]:
        """What `make` gives of the ledger and the state that it gives it of: the present one, or, for what takes long,
        one that was present a while ago, while the present one is worked out for who asks next.

        `long`: it is known to take long, and is worked out by a process of its own from the first time on, if it can be
        sent there (a partial of a function of a module can).
        Raises `StillWorking` when there is no answer at all after so many seconds; the work goes on.
        """
        kept = self._lately(patience, key, make, long)
        noted = getattr(self._noted, "states", None)
        if noted is not None:
            noted.append(kept.state)
        return kept.answer, kept.state

    def _lately(self, patience: float, key: Hashable, make: Callable[[Ledger], Any], long: bool) -> Kept:
        state = self.snapshot
        with self._guard:
            kept = self._slow.get(key)
            long = long or self._took.get(_kind(key), 0) >= LONG_SECONDS
            if kept is not None:
                self._slow.move_to_end(key)
                rests = max(kept.until, 0 if long else self._rest_until)
                if kept.state >= state or (time.monotonic() < rests and kept.state >= self._written):
                    return kept
            future = self._running.get(key)
            if future is None:
                pool = self._long if long else self._quick
                again = kept is not None
                future = self._running[key] = pool.submit(self._work, key, make, aside=long, again=again)
        if kept is None:
            try:
                kept = future.result(timeout=patience)
            except TimeoutError:
                raise StillWorking("this is being worked out; ask again in a moment") from None
        return kept

    def _work(self, key: Hashable, make: Callable[[Ledger], Any], *, aside: bool, again: bool) -> Kept:
        try:
            done = self._done_aside(make) if aside else None
            if done is None:
                # Processor time: on a busy machine the clock would make everything long.
                state, started = self.snapshot, time.thread_time()
                answer = make(self.ledger)
                done = Done(state, answer, time.thread_time() - started)
            kept = Kept(done.state, done.answer, time.monotonic() + REST * done.took)
            with self._guard:
                if again and not aside:
                    self._rest_until = time.monotonic() + REST_OF_ALL * done.took
                self._took[_kind(key)] = max(done.took, self._took.get(_kind(key), 0) / 2)
                self._slow[key] = kept
                while len(self._slow) > KEPT_SLOW:
                    self._slow.popitem(last=False)
            return kept
        finally:
            with self._guard:
                self._running.pop(key, None)

    def _done_aside(self, make: Callable[[Ledger], Any]) -> Done | None:
        """The same by the process beside; None where it cannot be done there. Raises what `make` raises."""
        if self.as_of is not None or not _can_be_sent(make):
            return None
        try:
            done = self._aside.ask((self.snapshot, make), LONGEST)
        except (Busy, NotReady, Late, Lost) as error:
            if self._ended.is_set():
                raise StillWorking("the server is being ended") from None
            log.warning("working out aside: %s", error or type(error).__name__)
            return None
        if isinstance(done, Exception):
            raise done
        return done if isinstance(done, Done) else None

    def write(self, act: Callable[[Ledger], T]) -> T:
        """Do something to the ledger, and see it. Raises `LedgerError`."""
        with self._writing:
            if self._writer is None:
                self._writer = Ledger(self.settings.ledger, data=self.settings.data, patience=PATIENCE)
            done = act(self._writer)
        self.ledger.refresh()
        self._written = self.snapshot
        return done

    def close(self) -> None:
        """Let go of the ledger."""
        self._ended.set()
        self._aside.close()
        for pool in (self._quick, self._long):
            pool.shutdown(wait=True, cancel_futures=True)
        if self._follower.ident is not None:
            self._follower.join(timeout=5)
        for ledger in (self._writer, self.ledger):
            if ledger is not None:
                with contextlib.suppress(LedgerError):
                    ledger.close()


def _kind(key: Hashable) -> Hashable:
    return key[0] if isinstance(key, tuple) else key


def _can_be_sent(make: Callable[..., Any]) -> bool:
    """Whether another process can be told what to make: by the name of a function of a module, and its arguments."""
    return isinstance(make, partial) and "<locals>" not in make.func.__qualname__


# --- in the other process --------------------------------------------------------------------------------------------


def _work_aside(line: Connection, ledger: str, data: str | None) -> None:
    import signal

    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends this process
    with contextlib.suppress(OSError, AttributeError):  # where the system has no such thing
        os.nice(ASIDE_NICE)
    line.send(None)
    with contextlib.suppress(EOFError, OSError):
        while True:
            state, job = line.recv()
            try:
                started = time.process_time()
                with Ledger(ledger, data=data, as_of=state) as then:
                    then.as_of = None  # it holds still, but is the present to whoever asks: nothing speaks of the past
                    answer = job(then)
                line.send(Done(state, answer, time.process_time() - started))
            except Exception as error:
                line.send(_sendable(error))


def _sendable(error: Exception) -> Exception | None:
    """An error that arrives as it is; None for one that does not, so that the server finds it by itself."""
    try:
        return error if type(copy(error)) is type(error) else None
    except Exception:
        return None
