"""How fast the figures of relations are over many events.

Run from the repository: ``python benchmarks/relations.py --folder F``, F made by
``python benchmarks/ledger.py ask --events 10000000 --folder F``. Times are the best of three; processor time says more on
a machine that is shared.
"""

# ruff: noqa: T201
from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from comity.actors.tables import load
from comity.ledger import Ledger
from comity.relations import dyad


def timed(what: str, work: Callable[[], Any], times: int = 3) -> Any:
    """Do the work several times; print the best wall and processor times."""
    best, result = (float("inf"), float("inf")), None
    for _ in range(times):
        wall, cpu = time.perf_counter(), time.process_time()
        result = work()
        best = min(best[0], time.perf_counter() - wall), min(best[1], time.process_time() - cpu)
    print(f"{what:66} {best[0]:8.2f} s   (processor {best[1]:.2f} s)")
    return result


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", required=True, help="the ledger of benchmarks/ledger.py ask --folder")
    given = parser.parse_args()
    states = load().state_iso3
    with Ledger(Path(given.folder) / "l", read_only=True) as ledger:
        print(f"{ledger.count('events'):,} events")
        for one, other in ((0, 1), (1, 3), (5, 9), (60, 61)):
            a, b = states[one], states[other]
            found = dyad(ledger, a, b, origin="gdelt", by="month")
            events = found.series[2].whole.events
            timed(
                f"dyad of {events:,.0f} events, 289 months, intervals",
                lambda a=a, b=b: dyad(ledger, a, b, origin="gdelt"),
            )


if __name__ == "__main__":
    main()
