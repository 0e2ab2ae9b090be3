"""How long `comity diff` takes: two ledgers (or files) of many made-up reports, of which some records differ.

    python benchmarks/differences.py [REPORTS] [FOLDER]

The codings are those of the bundled reports, over and over under other ids; in every fourth report an event has another
status and another is gone, and every confidence differs, as after training anew. Prints seconds of the clock and memory.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

import msgspec

from comity import Coder, Ledger, read_many
from comity.demo import reports_path
from comity.ledger.differences import Differences
from comity.records import Coding, content_hash, to_json


def codings(number: int, *, later: bool) -> Iterator[Coding]:
    made = [one for one in Coder().stream(read_many(reports_path())) if isinstance(one, Coding)]
    for n, coding in enumerate(islice(cycle(made), number)):
        name = f"r{n:06}"
        events = [msgspec.structs.replace(e, id="e" + content_hash(name, e.id)) for e in coding.events]
        if later:
            events = [msgspec.structs.replace(e, confidence=round(e.confidence * 0.99, 3)) for e in events]
            if n % 4 == 0 and len(events) > 1:
                events = [msgspec.structs.replace(events[0], status="negated"), *events[2:]]
        yield msgspec.structs.replace(
            coding, report=msgspec.structs.replace(coding.report, id=name), events=tuple(events)
        )


def main(number: int, folder: Path) -> None:
    for name, later in (("old", False), ("new", True)):
        if not (folder / name).exists():
            with Ledger(folder / name) as ledger:
                ledger.add(codings(number, later=later))
            with (folder / f"{name}.jsonl").open("wb") as file:
                file.writelines(to_json(one) + b"\n" for one in codings(number, later=later))
    for ending in ("", ".jsonl"):
        started = time.perf_counter()
        with Differences(folder / f"old{ending}", folder / f"new{ending}") as found:
            changes = sum(1 for _ in found)
        took = time.perf_counter() - started
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        what = "files" if ending else "ledgers"
        told = f"{number:,} reports, two {what}: {took:.1f} s, {changes:,} changes"
        print(f"{told}, {found.summary.events}, {memory:.0f} MB")  # noqa: T201


if __name__ == "__main__":
    reports = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    if len(sys.argv) > 2:
        main(reports, Path(sys.argv[2]))
    else:
        with tempfile.TemporaryDirectory() as place:
            main(reports, Path(place))
