"""The readers under fuzzing: what once broke them, what might, and a short run of the fuzzer itself."""

import random
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "fuzz"))

import run  # noqa: E402
import seeds  # noqa: E402
import targets  # noqa: E402

FOUND = sorted(path for path in (ROOT / "tests" / "data" / "found").glob("*/*"))
MUTATIONS = 40
"""Of each target; `make fuzz` tries some thousands a minute."""


@pytest.mark.parametrize("path", FOUND, ids=lambda path: f"{path.parent.name}-{path.name[:6]}")
def test_what_once_broke_a_reader_does_not_any_more(path):
    targets.try_input(path.parent.name, path.read_bytes())


@pytest.mark.parametrize("target", targets.TARGETS)
def test_readers_keep_their_promises_on_seeds_and_mutations(target):
    chance = random.Random(target)  # noqa: S311
    begun = seeds.seeds()[target]
    for seed in begun:
        targets.try_input(target, seed)
    for _ in range(MUTATIONS):
        targets.try_input(target, run.mutated(chance.choice(begun), target, chance))


def test_the_fuzzer_runs_and_says_what_it_tried():
    lacking = run.has_atheris()
    if lacking:
        pytest.skip(f"no guided fuzzing here: {lacking}")
    done = subprocess.run(  # noqa: S603
        [sys.executable, str(ROOT / "fuzz" / "run.py"), "--seconds", "2", "head"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert "head" in done.stdout
    assert not done.stdout.startswith("head               0")


@pytest.mark.long
def test_minutes_of_fuzzing_break_nothing():
    done = subprocess.run(  # noqa: S603
        [sys.executable, str(ROOT / "fuzz" / "run.py"), "--seconds", "600"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
