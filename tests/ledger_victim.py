"""A writer to be killed: reads ``FOLDER FIRST`` lines, forks for each, and the child writes until somebody ends it.

The fork happens before DuckDB is opened, so that a trial costs its own work and not the import of the libraries. The
child says on standard output what it has committed, each time after the commit.
"""

import os
import random
import sys
from itertools import count

import duckdb  # noqa: F401
import pyarrow  # noqa: F401
from ledger_samples import TEXT, sample

from comity.ledger import Ledger
from comity.ledger import search as _search  # noqa: F401

BATCH = 4


def say(*words: object) -> None:
    os.write(1, (" ".join(str(word) for word in words) + "\n").encode())


def write(folder: str, first: int) -> None:
    """Add batch after batch, with a revision, a correction, a search or a merge of files now and then."""
    chance = random.Random(first)  # noqa: S311
    with Ledger(folder) as ledger:
        say("opened")
        for number in count(first):
            batch = [sample(f"k{number}-{n}") for n in range(BATCH)]
            if chance.random() < 0.2:
                batch[0] = sample(f"k{number - 1}-0", text=f"Seen {number} times. {TEXT}")
            result = ledger.add(batch, batch_size=BATCH)
            say("added", number, batch[0].report.id, result.added, result.revised)
            dice = chance.random()
            if dice < 0.2:
                made = ledger.correct(batch[1].events[0].id, "mutual", False, author="victim")
                say("corrected", made.id)
            elif dice < 0.3:
                ledger.maintain()
                say("maintained")
            elif dice < 0.4:
                ledger.count("reports", text="Ghana")
                say("searched")


for line in sys.stdin:
    folder, first = line.split()
    pid = os.fork()
    if pid == 0:
        try:
            write(folder, int(first))
        except BaseException as error:
            say("failed", type(error).__name__, error)
            os._exit(1)
    say("child", pid)
    os.waitpid(pid, 0)
    say("ended")
