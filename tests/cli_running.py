"""Running `comity` in the tests: as a process of its own, or in this one where only the answer matters."""

from __future__ import annotations

import atexit
import functools
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import msgspec

from comity import Coder, Ledger, records
from comity.cli import run
from comity.demo import reports_path
from comity.reading import read_many
from comity.records import Coding

ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("COMITY_")} | {
    "PYTHONPATH": str(Path(records.__file__).parents[1]),
    "OPENBLAS_NUM_THREADS": "1",
    "COLUMNS": "120",
    "PYTHONDONTWRITEBYTECODE": "1",
}
COMITY = (sys.executable, "-m", "comity")


class Answer(NamedTuple):
    """How a run ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> object:
        return msgspec.json.decode(self.out)


def comity(
    *words: str | Path, cwd: Path | None = None, given: bytes | None = None, before: tuple[str, ...] = ()
) -> Answer:
    """Run the program and wait for its end. `before`: a command that runs it."""
    done = subprocess.run(  # noqa: S603
        [*before, *COMITY, *map(str, words)],
        cwd=cwd, input=given, env=ENVIRONMENT, capture_output=True, timeout=300, check=False,
    )  # fmt: skip
    return Answer(done.returncode, done.stdout.decode(), done.stderr.decode())


def start(*words: str | Path, cwd: Path | None = None) -> subprocess.Popen[bytes]:
    """Start the program."""
    return subprocess.Popen(  # noqa: S603
        [*COMITY, *map(str, words)], cwd=cwd, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def here(capsys, *words: str | Path) -> Answer:
    """Run a command in this process."""
    code = run([str(word) for word in words])
    out, err = capsys.readouterr()
    return Answer(code, out, err)


@functools.cache
def demo_codings() -> tuple[Coding, ...]:
    """The codings of the bundled reports, made once in this process."""
    made = tuple(Coder().stream(read_many(reports_path())))
    assert all(isinstance(coding, Coding) for coding in made)
    return made  # type: ignore[return-value]


@functools.cache
def demo_ledger() -> Path:
    """A ledger of the bundled reports, for reading only."""
    folder = Path(tempfile.mkdtemp(prefix="comity-test-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with Ledger(folder / "demo.ledger") as ledger:
        ledger.add(demo_codings())
    return folder / "demo.ledger"
