"""The ledger as the pages see it: a copy in memory that follows the ledger, and a writer where reviews are allowed."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from comity.ledger import Ledger, LedgerError
from comity.web.settings import Settings

T = TypeVar("T")

FOLLOW_SECONDS = 5.0
"""How often the ledger is asked whether another process added to it. Each new state makes pages anew: while something is
added without end, more often would leave readers little of what was made for others. Corrections of the page itself are
seen at once."""

KEPT = 400
"""Answers kept for the present state: some megabytes."""

SLOW_AT_ONCE = 2
"""Long computations at the same time; more would take the processor from each other and from the readers."""

KEPT_SLOW = 60
"""Answers kept that took long to work out, over changes of the ledger."""

PATIENCE = 10.0
"""Seconds that a correction waits for another writer's turn. A batch of `comity add` takes about half a second."""

log = logging.getLogger("comity.web")


class StillWorking(Exception):
    """An answer takes longer than its asker should wait."""


class Source:
    """An open ledger. Answers that were computed once are kept until the ledger changes."""

    def __init__(self, settings: Settings) -> None:
        """Raises `LedgerError`."""
        self.settings = settings
        self.ledger = Ledger(settings.ledger, data=settings.data, mirror=True)
        self._writer: Ledger | None = None
        self._writing = threading.Lock()
        self._guard = threading.Lock()
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        self._making: dict[Hashable, threading.Lock] = {}
        self._state = self.ledger.snapshot
        self._slow: OrderedDict[Hashable, tuple[int, Any]] = OrderedDict()
        self._running: dict[Hashable, Future[tuple[int, Any]]] = {}
        self._workers = ThreadPoolExecutor(SLOW_AT_ONCE, "comity-slow")
        self._ended = threading.Event()
        self._follower = threading.Thread(target=self._follow, name="comity-follow", daemon=True)
        self._follower.start()
        self._workers.submit(self._ready)

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
        return self.ledger.snapshot

    def _follow(self) -> None:
        while not self._ended.wait(FOLLOW_SECONDS):
            try:
                self.ledger.refresh()
            except LedgerError as error:
                log.warning("following the ledger: %s", error)

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

    def lately(self, patience: float, key: Hashable, make: Callable[[], T]) -> tuple[T, int]:
        """What `make` gives and the state of the ledger that it gives it of: the present one, or, for what takes long,
        one that was present a while ago, while the present one is worked out for who asks next.

        Raises `StillWorking` when there is no answer at all after so many seconds; the work goes on.
        """
        state = self.snapshot
        with self._guard:
            kept = self._slow.get(key)
            if kept is not None:
                self._slow.move_to_end(key)
            if kept is not None and kept[0] == state:
                found: T = kept[1]
                return found, state
            future = self._running.get(key)
            if future is None:
                future = self._running[key] = self._workers.submit(self._work, key, make)
        if kept is None:
            try:
                kept = future.result(timeout=patience)
            except TimeoutError:
                raise StillWorking("this is being worked out; ask again in a moment") from None
        value: T = kept[1]
        return value, kept[0]

    def _work(self, key: Hashable, make: Callable[[], Any]) -> tuple[int, Any]:
        try:
            made = self.snapshot, make()
            with self._guard:
                self._slow[key] = made
                while len(self._slow) > KEPT_SLOW:
                    self._slow.popitem(last=False)
            return made
        finally:
            with self._guard:
                self._running.pop(key, None)

    def write(self, act: Callable[[Ledger], T]) -> T:
        """Do something to the ledger, and see it. Raises `LedgerError`."""
        with self._writing:
            if self._writer is None:
                self._writer = Ledger(self.settings.ledger, data=self.settings.data, patience=PATIENCE)
            done = act(self._writer)
        self.ledger.refresh()
        return done

    def close(self) -> None:
        """Let go of the ledger."""
        self._ended.set()
        self._workers.shutdown(wait=True, cancel_futures=True)
        self._follower.join(timeout=5)
        for ledger in (self._writer, self.ledger):
            if ledger is not None:
                with contextlib.suppress(LedgerError):
                    ledger.close()
