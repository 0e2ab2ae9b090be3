"""Every mutant of the statuses of events, on the sentences whose statuses are told whole.

    python scripts/mutate_statuses.py

`scripts/mutate_dates.py` draws a sample and runs tests; a status is a function of a parsed sentence, so that all mutants can be
tried on all sentences of `tests/test_events_standing.py` in a minute. Prints what survives as diffs, then the counts; fails
where less than a floor is noticed. Works in `build/mutation_statuses/`.
"""

from __future__ import annotations

import importlib.util
import os
import signal
import sys
from pathlib import Path
from types import FrameType

from mutants import changed, functions

ROOT = Path(__file__).resolve().parents[1]
WORK = ROOT / "build" / "mutation_statuses"
SOURCE = "src/comity/events/status.py"
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

LEAST_NOTICED = 0.93
"""Share of the mutants that must be noticed: a little under what was measured (0.94). docs/testing.md tells what is left."""

SECONDS = 10
"""Seconds after which a mutant counts as noticed: it runs for ever."""


def main() -> int:
    WORK.mkdir(parents=True, exist_ok=True)
    (WORK / "pyproject.toml").write_text('[tool.mutmut]\nsource_paths = ["src"]\ntrack_dependencies = false\n', "utf-8")
    os.chdir(WORK)  # mutmut reads its settings there
    from mutmut.mutation.file_mutation import mutate_file_contents
    from mutmut.mutation.trampoline import set_mutant_under_test
    from mutmut.utils.format_utils import get_mutant_name
    from parsing import parsed
    from test_events_standing import ROWS, token

    cases = []
    for row, parse in zip(ROWS, parsed(*(r["sentence"] for r in ROWS)), strict=True):
        s = next(s for s in parse.sentences if token(s, row["trigger"]) >= 0)
        at, clause = token(s, row["trigger"]), token(s, row["clause"] or row["trigger"])
        wanted = (row["status"], row["promise"] == "1", row["because"])
        cases.append((s, at, clause, frozenset(row["flags"].split()), wanted))

    made = mutate_file_contents(SOURCE, (ROOT / SOURCE).read_text("utf-8"), None, None)
    (WORK / "status.py").write_text(made.code, "utf-8")
    spec = importlib.util.spec_from_file_location("comity.events.status", WORK / "status.py")
    assert spec is not None and spec.loader is not None
    status = sys.modules["comity.events.status"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(status)
    signal.signal(signal.SIGALRM, _too_long)

    def noticed(case: int) -> bool:
        s, at, clause, flags, wanted = cases[case]
        try:
            found = status.standing(s, at, clause, frozenset(), flags)
            return (found.status, found.promise, " ".join(s.words[n] for n in found.because)) != wanted
        except Exception:  # whatever the mutant breaks: it is noticed
            return True

    order = list(range(len(cases)))
    set_mutant_under_test("none")
    if any(map(noticed, order)):
        sys.exit("a sentence fails without any mutant; make tests/test_events_standing.py pass first")
    known = functions(made.code)
    survivors = 0
    for name in made.mutant_names:
        set_mutant_under_test(get_mutant_name(Path(SOURCE), name))
        signal.alarm(SECONDS)
        first = next(filter(noticed, order), None)
        signal.alarm(0)
        if first is not None:  # what notices one mutant often notices the next
            order.remove(first)
            order.insert(0, first)
            continue
        survivors += 1
        sys.stdout.write(changed(known, name, SOURCE) + "\n\n")
    tried = len(made.mutant_names)
    sys.stdout.write(f"{tried} mutants, {tried - survivors} noticed by {len(cases)} sentences, {survivors} survive\n")
    return int(tried - survivors < LEAST_NOTICED * tried)


def _too_long(number: int, frame: FrameType | None) -> None:
    raise TimeoutError


if __name__ == "__main__":
    sys.exit(main())
