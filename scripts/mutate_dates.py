"""Mutation testing of the dates: change the code a little, and see whether a test notices.

    python scripts/mutate_dates.py [--number 150] [--seed 1] [MUTANT ...]

mutmut makes the mutants; some are drawn with a seed. Its own runner starts
pytest anew for each of them; this one collects once, lets every test run once without a mutant (which fills the cache
of parses and tells which test calls which function), and then tries each mutant in a fork on the tests that reach it,
quickest first. Prints what survived as a diff, and fails where too much did. Works in `build/mutation/`.
`make mutation` calls it; docs/testing.md tells what was found.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import resource
import shutil
import sys
import time
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from mutants import changed, functions
from mutmut.mutation.file_mutation import mutate_file_contents
from mutmut.mutation.trampoline import set_mutant_under_test
from mutmut.state import state
from mutmut.utils.format_utils import get_mutant_name, mangled_name_from_mutant_name

ROOT = Path(__file__).resolve().parents[1]
WORK = ROOT / "build" / "mutation"

SOURCES = [f"src/comity/dates/{name}.py" for name in ("values", "days", "periods", "governing", "links", "tense")]
TESTS = "tests/test_dates_*.py"

LEAST_KILLED = 0.8
"""Share of the mutants that must be noticed: some points under what was measured (0.90 with seed 2), for samples differ. docs/testing.md tells what survived, by kind. Raise them when tests are added."""

SECONDS, TIMES = 30, 10
"""Processor time that a mutant may take: so many seconds, and so many times what its tests take without it."""

_CACHED = re.compile(r"^@lru_cache\(.*\)\n", re.MULTILINE)
"""Decorated functions are not mutated; in the copy the cache that stands before arithmetic goes."""

KILLED, SURVIVED, UNTESTED, TIMEOUT = "killed", "survived", "reached by no test", "timeout"


class Mutant:
    """One change: its name, and its file below the root."""

    def __init__(self, name: str, path: str) -> None:
        self.name, self.path = name, path
        self.function = mangled_name_from_mutant_name(name)

    def diff(self) -> str:
        """What it changes."""
        return changed(_functions(self.path), self.name, self.path)


@cache
def _functions(path: str) -> dict[str, list[str]]:
    return functions((WORK / path).read_text("utf-8"))


class Trial:
    """A plugin of pytest that runs the collected tests once, then those that matter for each mutant."""

    def __init__(self, mutants: list[Mutant]) -> None:
        self.mutants = mutants
        self.ends: dict[str, str] = {}

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        set_mutant_under_test("stats")
        reach: dict[str, list[tuple[float, pytest.Item]]] = {}
        for item, following in zip(session.items, [*session.items[1:], None], strict=True):
            state()._stats.clear()
            run(item, following)  # what is made once, is made before the clock runs
            start = time.process_time()
            run(item, following)
            taken = time.process_time() - start
            if session.testsfailed:
                sys.exit(f"{item.nodeid} fails without any mutant; make it pass first")
            for function in state()._stats:
                reach.setdefault(function, []).append((taken, item))
        for number, mutant in enumerate(self.mutants, 1):
            tests = sorted(reach.get(mutant.function, ()), key=lambda pair: pair[0])
            end = self.ends[mutant.name] = tried(session, mutant, tests) if tests else UNTESTED
            sys.stderr.write(f"\r{number} of {len(self.mutants)} ")
            if end in (SURVIVED, UNTESTED):
                say(f"{mutant.name}: {end}\n{mutant.diff()}\n")
        return True


def run(item: pytest.Item, following: pytest.Item | None) -> None:
    """One test with its fixtures."""
    item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)


def tried(session: pytest.Session, mutant: Mutant, tests: list[tuple[float, pytest.Item]]) -> str:
    """What comes of one mutant, in a process of its own."""
    child = os.fork()
    if not child:
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        spent = resource.getrusage(resource.RUSAGE_SELF)
        most = int(spent.ru_utime + spent.ru_stime + SECONDS + TIMES * sum(taken for taken, _ in tests)) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (most, most + 1))
        set_mutant_under_test(mutant.name)
        items = [item for _, item in tests]
        for item, following in zip(items, [*items[1:], None], strict=True):
            try:
                run(item, following)
            except BaseException:  # whatever the mutant breaks: it is noticed
                os._exit(1)
            if session.testsfailed:
                os._exit(1)
        os._exit(0)
    _, ended = os.waitpid(child, 0)
    if os.WIFSIGNALED(ended):
        return TIMEOUT
    return KILLED if os.WEXITSTATUS(ended) else SURVIVED


def prepared() -> None:
    """Sources and tests in a folder of their own, so that nothing here is ever touched."""
    shutil.rmtree(WORK, ignore_errors=True)
    for folder in ("src", "tests"):
        shutil.copytree(ROOT / folder, WORK / folder, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    (WORK / "pyproject.toml").write_text(
        '[tool.mutmut]\nsource_paths = ["src"]\ntrack_dependencies = false\n'
        '[tool.pytest.ini_options]\npythonpath = ["src", "tests"]\n',
        "utf-8",
    )


def made(path: str) -> list[Mutant]:
    """All mutants of a source file in order; the copied file becomes one that holds them all."""
    source = _CACHED.sub("", (WORK / path).read_text("utf-8"))
    mutated = mutate_file_contents(path, source, None, None)
    (WORK / path).write_text(mutated.code, "utf-8")
    return [Mutant(get_mutant_name(Path(path), name), path) for name in mutated.mutant_names]


def main() -> int:
    parser = argparse.ArgumentParser(description="Mutation testing of dates.")
    parser.add_argument("names", nargs="*", help="names of mutants, instead of a sample")
    parser.add_argument("--number", type=int, default=150, help="mutants drawn (default: 150)")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    prepared()
    every = [mutant for path in SOURCES for mutant in made(path)]
    if asked.names:
        drawn = [mutant for mutant in every if mutant.name in asked.names]
    else:
        number = min(asked.number, len(every))
        drawn = [every[n] for n in sorted(random.Random(asked.seed).sample(range(len(every)), number))]  # noqa: S311
    say(f"{len(drawn)} of {len(every)} mutants, seed {asked.seed}")
    os.chdir(WORK)
    os.environ["PYTHONPATH"] = str(WORK / "src")
    sys.path.insert(0, str(WORK / "src"))
    trial = Trial(drawn)
    tests = [str(path) for path in sorted(WORK.glob(TESTS))]
    flags = ["-s", "-p", "no:terminal", "-p", "no:cacheprovider", "-p", "no:xdist", "--hypothesis-seed=1"]
    pytest.main([*flags, *tests], plugins=[trial])
    if len(trial.ends) < len(trial.mutants):
        sys.exit("pytest did not come to its end; run it on the same tests to see why")
    counts = Counter(trial.ends[mutant.name] for mutant in drawn)
    say(f"{len(drawn)} tried, " + ", ".join(f"{number} {end}" for end, number in counts.most_common()))
    left = counts[SURVIVED] + counts[UNTESTED]
    return int(not asked.names and len(drawn) - left < LEAST_KILLED * len(drawn))


def say(words: str) -> None:
    """A line of the report."""
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
