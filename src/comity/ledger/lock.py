"""Turns: one writer at a time, whoever comes second waits and says so."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

from comity.ledger.errors import LedgerBusy
from comity.ledger.home import ADDING, LOCK, Home

OnWait = Callable[[str], None]

PATIENCE = 600.0
"""Seconds that a writer waits for its turn. A turn is one batch, one correction or one clean-up: seconds, at most
minutes for the clean-up of a large ledger."""


@contextlib.contextmanager
def turn(home: Home, patience: float = PATIENCE, on_wait: OnWait | None = None) -> Iterator[None]:
    """Hold the ledger's lock. The operating system frees it when the process dies.

    `on_wait` gets one line when the lock is taken and this process has to wait. Raises `LedgerBusy` after `patience`
    seconds.
    """
    waiting = f"{home.name}: another process is writing to this ledger; waiting for its turn to end"
    if home.folder is None:
        from comity.ledger.team import TURN, held

        with held(home, TURN, patience) as (got, tries):
            if not got:
                if on_wait:
                    on_wait(waiting)
                if not any(tries):
                    raise busy(home, patience)
            yield
        return
    import filelock

    lock = filelock.FileLock(home.folder / LOCK)
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        if on_wait:
            on_wait(waiting)
        try:
            lock.acquire(timeout=patience)
        except filelock.Timeout as error:
            raise busy(home, patience) from error
    try:
        yield
    finally:
        lock.release()


def busy(home: Home, patience: float) -> LedgerBusy:
    return LedgerBusy(
        f"{home.name}: another process has been writing to this ledger for {patience:.0f} s; "
        "let it finish (or stop it) and run this again"
    )


@contextlib.contextmanager
def adding(home: Home, on_wait: OnWait | None = None) -> Iterator[None]:
    """Be known as somebody who adds, for as long as that takes; tell `on_wait` when somebody else does too.

    Both go on: the turns between them are the batches.
    """
    together = f"{home.name}: another process is adding to this ledger; the two take turns, batch by batch"
    if home.folder is None:
        from comity.ledger.team import TURN, held

        with held(home, TURN + 1, 0) as (alone, _):
            if not alone and on_wait:
                on_wait(together)
            yield
        return
    import filelock

    lock = filelock.FileLock(home.folder / ADDING)
    with contextlib.suppress(filelock.Timeout):
        lock.acquire(timeout=0)
    if not lock.is_locked and on_wait:
        on_wait(together)
    try:
        yield
    finally:
        if lock.is_locked:
            lock.release()
