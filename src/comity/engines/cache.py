"""Codings made earlier, to be used again for the very same input: `--cache`."""

from __future__ import annotations

import hashlib
import sqlite3
import zlib
from collections.abc import Iterable, Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import TracebackType

import msgspec

from comity.records import Coding, LeftOut, Report

_SCHEMA = "CREATE TABLE IF NOT EXISTS codings (key BLOB PRIMARY KEY, coding BLOB NOT NULL) WITHOUT ROWID"

_ROOMS = (
    "__init__.py",
    "actors",
    "codebook",
    "coder.py",
    "dates",
    "events",
    "language",
    "places",
    "reading",
    "records.py",
    "statements",
    "versions.py",
)
"""What a coding depends on besides the report."""


class CacheError(Exception):
    """The cache cannot be opened or written; the message says where and what to do."""


class Cache:
    """A folder with one file of codings. The key is everything that a coding depends on: the report (but for where it
    was read), the codebook, the model, and the program with its tables and lexicons, by their contents.

    Nothing is ever taken out; remove the folder to begin anew. Several processes may use it.
    """

    def __init__(self, folder: str | Path, *, model: str | None = None, codebook: str | Path | None = None) -> None:
        """Raises `CacheError`."""
        self.folder = Path(folder)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._file = sqlite3.connect(self.folder / "codings.sqlite", timeout=60)
            self._file.execute("PRAGMA journal_mode=WAL")
            self._file.execute("PRAGMA synchronous=NORMAL")
            self._file.execute(_SCHEMA)
        except (OSError, sqlite3.Error) as error:
            raise CacheError(f"{folder}: no cache can be kept here ({error}); name another folder") from error
        self._program = program(model, codebook)
        self.used = 0
        """Codings that were found."""

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def __enter__(self) -> Cache:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.close()

    def _key(self, report: Report) -> bytes:
        bare = msgspec.structs.replace(report, source=None)
        return hashlib.blake2b(msgspec.msgpack.encode(bare), digest_size=20, key=self._program).digest()

    def find(self, reports: Sequence[Report]) -> list[Coding | None]:
        """For each report its coding, or None. Raises `CacheError`."""
        found: list[Coding | None] = []
        try:
            for report in reports:
                row = self._file.execute("SELECT coding FROM codings WHERE key = ?", (self._key(report),)).fetchone()
                if row is None:
                    found.append(None)
                    continue
                coding = msgspec.msgpack.decode(zlib.decompress(row[0]), type=Coding)
                read = msgspec.structs.replace(coding.report, source=report.source)
                found.append(msgspec.structs.replace(coding, report=read))
                self.used += 1
        except (sqlite3.Error, zlib.error, msgspec.DecodeError) as error:
            raise CacheError(f"{self.folder}: the cache is damaged ({error}); remove this folder") from error
        return found

    def keep(self, reports: Iterable[Report], made: Iterable[Coding | LeftOut]) -> None:
        """Keep what was made of the reports. Raises `CacheError`."""
        rows = [
            (self._key(report), zlib.compress(msgspec.msgpack.encode(coding), 1))
            for report, coding in zip(reports, made)
            if isinstance(coding, Coding)
        ]
        try:
            with self._file:
                self._file.executemany("INSERT OR IGNORE INTO codings VALUES (?, ?)", rows)
        except sqlite3.Error as error:
            raise CacheError(
                f"{self.folder}: the cache cannot be written ({error}); make room, or leave --cache out"
            ) from error


def program(model: str | None, codebook: str | Path | None) -> bytes:
    """A digest of all but the report that a coding depends on. Raises `comity.language.model.ModelMissing`."""
    import os
    from importlib.metadata import version

    from comity.actors.matching import ENVIRONMENT
    from comity.language.model import identity

    digest = hashlib.blake2b(digest_size=32)
    digest.update(f"{identity(model)} spacy {version('spacy')} numpy {version('numpy')}".encode())
    base = files("comity")
    for room in _ROOMS:
        _add(digest, base.joinpath(room))
    for own in (codebook, os.environ.get(ENVIRONMENT)):
        digest.update(b"own")
        if own:
            _add(digest, Path(own))
    return digest.digest()


def _add(digest: hashlib.blake2b, where: Traversable | Path) -> None:
    if where.is_file():
        digest.update(where.name.encode() + b"\0" + hashlib.blake2b(where.read_bytes()).digest())
        return
    for inner in sorted(where.iterdir(), key=lambda one: one.name):
        if inner.name != "__pycache__":
            _add(digest, inner)
