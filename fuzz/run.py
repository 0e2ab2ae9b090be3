"""Fuzz the readers: `python fuzz/run.py [--seconds S] [TARGET ...]`, or `make fuzz MINUTES=10`.

With atheris (guided by coverage; Linux, Python 3.11 to 3.13) each target runs in a process of its own; without it the seeds are
mutated at random. What breaks is kept under tests/data/found/TARGET/, where the test suite tries it from then on.
Prints what was tried and found; the exit code is 1 when something broke.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
FOUND = ROOT / "tests" / "data" / "found"

sys.path[:0] = [str(HERE), str(ROOT / "src")]
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from seeds import WORDS, seeds  # noqa: E402

BYTES = 60_000
MOST_MEMORY = 2048
"""MB."""


def words(target: str) -> tuple[str, ...]:
    return WORDS.get(target) or (sum(WORDS.values(), ()) if target == "any" else WORDS["text"])


# --- one target, in a process of its own -----------------------------------------------------------------------------


def guided(target: str, seconds: float, folder: Path) -> None:
    """atheris takes the process over and ends it."""
    import atheris

    with atheris.instrument_imports(include=["comity.reading", "comity.exchange"], enable_loader_override=False):
        import targets

        for reader in ("csv", "feeds", "html", "jsonl", "parquet", "warc"):  # which are loaded when they are needed
            importlib.import_module(f"comity.reading.{reader}")

    for n, seed in enumerate(seeds()[target]):
        (folder / f"seed{n}").write_bytes(seed)
    listed = folder.parent / "words"
    lines = ("".join(f"\\x{byte:02x}" for byte in word.encode()) for word in words(target))
    listed.write_text("".join(f'"{line}"\n' for line in lines))
    options = (
        f"-max_total_time={max(1, int(seconds))}", f"-max_len={BYTES}", "-timeout=60", f"-rss_limit_mb={MOST_MEMORY}", "-seed=11",
        f"-dict={listed}", f"-artifact_prefix={folder.parent}/broken-", "-print_final_stats=1", "-len_control=20",
    )  # fmt: skip
    atheris.Setup([sys.argv[0], *options, str(folder)], lambda data: targets.try_input(target, data))
    atheris.Fuzz()


def mutated(data: bytes, target: str, chance: random.Random) -> bytes:
    made = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        at = chance.randrange(len(made) + 1)
        end = min(len(made), at + chance.choice((1, 2, 8, 64, 512)))
        match chance.randrange(7):
            case 0:
                made[at:end] = b""
            case 1:
                made[at:at] = bytes(chance.randrange(256) for _ in range(chance.choice((1, 4, 16))))
            case 2:
                made[at:at] = chance.choice(words(target)).encode() * chance.choice((1, 1, 2, 50, 2_000))
            case 3:
                made[at:at] = made[at:end] * chance.choice((1, 3, 100))
            case 4:
                del made[at:]
            case 5 if made:
                made[min(at, len(made) - 1)] ^= 1 << chance.randrange(8)
            case _:
                other = chance.choice(seeds()[target])
                made[at:end] = other[chance.randrange(len(other)) :]
    return bytes(made[:BYTES])


def unguided(target: str, seconds: float, folder: Path) -> None:
    """Without atheris: the seeds, mutated at random."""
    import targets

    chance = random.Random(f"11 {target}")  # noqa: S311
    begun = seeds()[target]
    end, tried = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        data = mutated(chance.choice(begun), target, chance)
        tried += 1
        try:
            targets.try_input(target, data)
        except BaseException:
            (folder.parent / f"broken-{tried}").write_bytes(data)
            raise
    sys.stderr.write(f"stat::number_of_executed_units: {tried}\n")


# --- all targets -----------------------------------------------------------------------------------------------------


def has_atheris() -> str | None:
    """Why there is none, or None."""
    try:
        import atheris  # noqa: F401
    except ImportError as error:
        return f"{error}; install it with: pip install atheris (Linux, Python 3.11 to 3.13)"
    return None


def fuzz(target: str, seconds: float) -> tuple[int, list[Path], str]:
    """Number of inputs that were tried, what broke (kept), and the last words of the process."""
    with tempfile.TemporaryDirectory(prefix="comity-fuzz-") as place:
        corpus = Path(place, "corpus")
        corpus.mkdir()
        done = subprocess.run(  # noqa: S603
            [sys.executable, __file__, "--one", target, "--seconds", str(seconds), "--folder", str(corpus)],
            capture_output=True, text=True, errors="replace", check=False,
        )  # fmt: skip
        found = re.search(r"stat::number_of_executed_units:\s*(\d+)", done.stderr)
        kept = []
        for broken in sorted(Path(place).glob("broken-*")):
            data = broken.read_bytes()
            path = FOUND / target / hashlib.sha256(data).hexdigest()[:16]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            kept.append(path)
        fault = ""
        if kept or done.returncode:
            fault = "\n".join((done.stdout.strip() or done.stderr.strip()).splitlines()[-8:])
        return int(found[1]) if found else 0, kept, fault


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("targets", nargs="*", metavar="TARGET", help=f"one or more of: {', '.join(seeds())}")
    asked.add_argument("--seconds", type=float, default=110, help="for all targets together (default: %(default)s)")
    asked.add_argument("--one", help=argparse.SUPPRESS)
    asked.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = asked.parse_args()
    lacking = has_atheris()
    if given.one:
        (unguided if lacking else guided)(given.one, given.seconds, given.folder)
        return 0
    wanted = given.targets or list(seeds())
    if lacking:
        print(f"no guided fuzzing ({lacking}); the seeds are mutated at random")  # noqa: T201
    tried, broken = 0, 0
    for target in wanted:
        number, kept, fault = fuzz(target, given.seconds / len(wanted))
        tried += number
        broken += len(kept) or bool(fault)
        print(f"{target:10}{number:>10,} inputs tried, {len(kept)} broke")  # noqa: T201
        for path in kept:
            print(f"  kept as {path.relative_to(ROOT)}")  # noqa: T201
        if fault:
            print("  | " + fault.replace("\n", "\n  | "))  # noqa: T201
    print(f"{'all':10}{tried:>10,} inputs tried, {broken} broke")  # noqa: T201
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main())
