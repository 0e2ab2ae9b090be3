"""What one report may cost: a bound on the processor time of a piece of work.

Of memory, `comity.engines.local` bounds what a worker process may take; lengths are bounded where reports are read.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

REPORT_SECONDS = 60.0
"""Of processor time for a report. The longest of the 5,456 development reports (173,317 characters) takes 3 s, prose of a
million characters 20 s; what takes longer was made to (of all that was tried apostrophes alone are the worst: 0.14 ms
each)."""

AGAIN = 0.5
"""Seconds after which work that did not end is told once more: what is raised in a destructor is lost."""


class TooLong(BaseException):
    """A piece of work took longer than it may. No `Exception`, so that no library on the way takes it for its own."""


@contextmanager
def at_most(seconds: float | None) -> Iterator[None]:
    """Raise `TooLong` in the work when it takes more than `seconds` of this process's own processor time.

    Patterns, and everything that runs in Python, are ended. Bounds nothing where the system has no such timer
    (Windows), outside of a process's main thread, and within another bound.
    """
    if seconds is None or not _possible():
        yield
        return
    before = signal.signal(signal.SIGVTALRM, _end)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds, AGAIN)
    try:
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    finally:  # should the time have ended in the line before
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _possible() -> bool:
    return (
        hasattr(signal, "setitimer")
        and threading.current_thread() is threading.main_thread()
        and signal.getitimer(signal.ITIMER_VIRTUAL)[0] == 0
    )


def _end(number: int, frame: FrameType | None) -> None:
    raise TooLong
