"""Kills, two writers, readers during writes, a full disk: nothing committed is lost and nothing is there by half."""

# ruff: noqa: S603
import contextlib
import os
import random
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from ledger_samples import TEXT, fresh_ledger, sample

from comity.ledger import Ledger, LedgerBusy, LedgerFull
from comity.ledger.lock import turn

BATCH = 4
"""As in ledger_victim.py."""

HERE = Path(__file__).parent
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE), *(path for path in sys.path if path)])}


class Victim:
    """The process that writes and is killed, again and again."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(HERE / "ledger_victim.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=ENVIRONMENT,
        )

    def run_and_kill(self, folder: Path, first: int, after: float, from_opening: bool) -> list[list[str]]:
        """What a writer said until it was killed `after` seconds, counted from its start or from its first word."""
        assert self.process.stdin is not None and self.process.stdout is not None
        print(folder, first, file=self.process.stdin, flush=True)
        said: list[list[str]] = []
        killer: threading.Timer | None = None

        def kill(pid: int) -> None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

        pid = 0
        for line in self.process.stdout:
            words = line.split()
            if words[0] == "ended":
                break
            said.append(words)
            if words[0] == "child":
                pid = int(words[1])
            if killer is None and pid and (not from_opening or ["opened"] in said):
                killer = threading.Timer(after, kill, [pid])
                killer.start()
        assert killer is not None
        killer.join()
        return said

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(timeout=30)


@pytest.fixture
def victim():
    made = Victim()
    yield made
    made.close()


def kill_writers(victim: Victim, folder: Path, times: int, seed: int) -> None:
    """Kill `times` writers of one ledger at random moments; after each, everything it said it committed is there."""
    chance = random.Random(seed)  # noqa: S311
    promised: set[str] = set()
    corrections: set[str] = set()
    first = 1000
    for trial in range(times):
        at_opening = trial % 8 == 0
        # A trial in eight is cut short while the ledger is opened or made; the others somewhere in their work.
        fresh = folder / f"fresh{trial}"
        here = fresh if at_opening else folder / "l"
        said = victim.run_and_kill(here, first, chance.uniform(0.0, 0.6 if at_opening else 0.9), not at_opening)
        assert not [words for words in said if words[0] == "failed"], said
        added = [words for words in said if words[0] == "added"]
        with Ledger(here) as ledger:
            assert [problem.line() for problem in ledger.check(deep=trial % 10 == 0)] == []
            there = set(ledger.reports(columns=["id"])["id"].to_pylist())
            if at_opening:
                assert {words[2] for words in added} <= there
                continue
            promised |= {words[2] for words in added}
            corrections |= {words[1] for words in said if words[0] == "corrected"}
            assert promised <= there
            assert corrections <= set(ledger.corrections()["id"].to_pylist())
            # Whole batches only: a batch is BATCH new reports, or one revision and the others.
            revised = ledger.query("SELECT count(*) AS n FROM revisions_v1 WHERE revision > 1").to_pylist()[0]["n"]
            assert (len(there) + revised) % BATCH == 0
            first = max([first, *(int(words[1]) for words in added)]) + 10
    with Ledger(folder / "l") as ledger:
        ledger.settle()  # what the killed one left ungrouped
        before = ledger.content_hash()
        ledger.maintain()
        assert ledger.check() == []
        assert ledger.content_hash() == before
        assert ledger.add([sample("after")]).added == 1
        assert ledger.count("reports", text="Ghana") == ledger.count("reports")


def test_killed_writers_lose_nothing_committed_and_leave_nothing_half(victim, tmp_path):
    kill_writers(victim, tmp_path, times=6, seed=1)


@pytest.mark.long
def test_two_hundred_killed_writers(victim, tmp_path):
    kill_writers(victim, tmp_path, times=240, seed=2)


_WRITER = """
import sys, time
from pathlib import Path
from comity.ledger import Ledger
from ledger_samples import sample
folder, name, gate = sys.argv[1:]
with Ledger(folder, on_wait=lambda line: print(line, file=sys.stderr, flush=True)) as ledger:
    Path(gate + name).touch()
    while not all(Path(gate + other).exists() for other in "ab"):
        time.sleep(0.005)
    def codings():
        for n in range(16):
            yield sample(f"{name}{n}")
            yield sample(f"both{n}")
            time.sleep(0.005)
    print(ledger.add(codings(), batch_size=4))
"""


def test_two_writers_take_turns_and_say_so(tmp_path):
    fresh_ledger(tmp_path / "l").close()
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", _WRITER, str(tmp_path / "l"), name, str(tmp_path / "gate")],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=ENVIRONMENT,
        )
        for name in "ab"
    ]
    ends = [writer.communicate(timeout=120) for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0], ends
    said = "".join(err for _, err in ends)
    assert "another process is adding to this ledger; the two take turns, batch by batch" in said
    assert "another process is writing to this ledger; waiting for its turn to end" in said
    with Ledger(tmp_path / "l") as ledger:
        assert ledger.count("reports") == 48
        assert ledger.count("events") == 144
        assert ledger.check() == []


def test_a_writer_that_waits_too_long_is_told(tmp_path):
    said: list[str] = []
    with Ledger(tmp_path / "l", patience=0.2, on_wait=said.append) as ledger:
        holder = turn(ledger.home)
        held = threading.Event()
        release = threading.Event()

        def hold() -> None:
            with holder:
                held.set()
                release.wait(10)

        thread = threading.Thread(target=hold)
        thread.start()
        held.wait(10)
        with pytest.raises(LedgerBusy, match="has been writing to this ledger for 0 s; let it finish"):
            ledger.add([sample()])
        release.set()
        thread.join()
        assert len(said) == 1
        assert ledger.add([sample()]).added == 1


_READER = """
import sys, time
from comity.ledger import Ledger
seen = []
with Ledger(sys.argv[1], read_only=True) as ledger:
    print("ready", flush=True)
    while not seen or seen[-1] < 30:
        row = ledger.query("SELECT (SELECT count(*) FROM reports_v1) AS r, (SELECT count(*) FROM events_v1) AS e, "
                           "(SELECT count(*) FROM statements_v1) AS s").to_pylist()[0]
        assert (row["e"], row["s"]) == (3 * row["r"], 2 * row["r"]), row
        seen.append(row["r"])
        ledger.events(limit=5, country="GHA")
assert seen == sorted(seen)
print(len(seen), len(set(seen)))
"""


def test_readers_in_other_processes_see_whole_batches_while_one_writes(tmp_path):
    with Ledger(tmp_path / "l") as ledger:
        readers = [
            subprocess.Popen(
                [sys.executable, "-c", _READER, str(tmp_path / "l")], stdout=subprocess.PIPE, text=True, env=ENVIRONMENT
            )
            for _ in range(2)
        ]
        for reader in readers:
            assert reader.stdout is not None and reader.stdout.readline() == "ready\n"
        for n in range(10):
            ledger.add([sample(f"r{n}-{k}") for k in range(3)])
        for reader in readers:
            out, _ = reader.communicate(timeout=60)
            assert reader.returncode == 0
            asked, different = map(int, out.split())
            assert asked >= different > 2
        assert ledger.check() == []


def test_threads_may_share_a_ledger(tmp_path):
    with Ledger(tmp_path / "l") as ledger:
        errors: list[BaseException] = []

        def work(name: str) -> None:
            try:
                for n in range(2):
                    ledger.add([sample(f"{name}{n}")])
                    assert ledger.coding(f"{name}{n}") == sample(f"{name}{n}")
            except BaseException as error:
                errors.append(error)

        threads = [threading.Thread(target=work, args=[name]) for name in "abc"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert errors == []
        assert ledger.count("reports") == 6
        assert ledger.check() == []


_FULL = """
import resource, signal, sys
from comity.ledger import Ledger, LedgerFull
from ledger_samples import TEXT, sample
with Ledger(sys.argv[1]) as ledger:
    ledger.add([sample("r1")])
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    import random
    noise = "".join(random.Random(1).choices("abcdefghijklmnopqrstuvwxyz ", k=2_000_000))
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
    try:
        ledger.add([sample("r2"), sample("big", text=TEXT + noise)])
    except LedgerFull as error:
        print(error)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    print(ledger.count("reports"), ledger.add([sample("r3")]).added, len(ledger.check()))
"""


def test_a_file_that_cannot_grow_is_told_and_survived(tmp_path):
    """A limit on file sizes stands in for a full disk where no small disk can be made."""
    done = subprocess.run(
        [sys.executable, "-c", _FULL, str(tmp_path / "l"), "600000"],
        capture_output=True, text=True, check=False, env=ENVIRONMENT, timeout=60,
    )  # fmt: skip
    lines = done.stdout.splitlines()
    assert len(lines) == 2, done
    assert lines[0].startswith(f"{tmp_path / 'l'}: no room left on the device; make room and run this again")
    assert lines[1] == "1 1 0"


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 4 MB: a file system in memory, which only root may mount."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)], capture_output=True, check=False  # noqa: S607
    ).returncode == 0  # fmt: skip
    if not mounted:
        pytest.skip("a small file system cannot be mounted here (not root, or not allowed)")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=False)  # noqa: S607


def test_a_full_disk_is_told_and_survived(small_disk):
    chance = random.Random(1)  # noqa: S311

    def long(n: int):
        noise = "".join(chance.choices("abcdefghijklmnopqrstuvwxyz ", k=300_000))
        return sample(f"r{n}", text=f"{TEXT} {noise}")

    with Ledger(small_disk / "l") as ledger:
        with pytest.raises(LedgerFull, match="no room left on the device; make room"):
            ledger.add((long(n) for n in range(60)), batch_size=2)
        stored = ledger.count("reports")
        assert 2 <= stored < 60 and stored % 2 == 0
        with pytest.raises(LedgerFull, match="no room left on the device for the search index"):
            ledger.reports(text="Ghana")
    (small_disk / "l" / "search.sqlite").unlink(missing_ok=True)
    subprocess.run(["mount", "-o", "remount,size=64m", str(small_disk)], check=True)  # noqa: S607
    with Ledger(small_disk / "l") as ledger:
        assert ledger.count("reports") == stored
        assert ledger.check() == []
        assert ledger.add(long(n) for n in range(100, 104)).added == 4
        assert ledger.check() == []
