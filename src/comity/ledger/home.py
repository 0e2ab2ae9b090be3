"""Where a ledger lives: a folder of this machine, or a team's PostgreSQL catalog with its data path."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import msgspec

from comity.ledger.errors import LedgerError, LedgerReadOnly, NoLedger, NotALedger

CATALOG = "catalog.sqlite"
DATA = "data"
LOCK = ".lock"
ADDING = ".adding"
OWN_NAMES = {CATALOG, CATALOG + "-wal", CATALOG + "-shm", CATALOG + "-journal", DATA, LOCK, ADDING}
OWN_NAMES |= {"search.sqlite" + ending for ending in ("", "-wal", "-shm", "-journal", ".lock")}

State = Literal["none", "unfinished", "ledger"]


class Home(msgspec.Struct, frozen=True, kw_only=True):
    """The place of a ledger."""

    name: str
    """As the user wrote it; for messages."""
    folder: Path | None
    """The ledger's folder; None for a team's ledger."""
    catalog: str
    """What DuckLake attaches: ``sqlite:PATH`` or ``postgres:CONNECTION``."""
    data: str | None
    """The folder or object store prefix of the Parquet files, with a slash at the end; None: as the catalog says."""


def is_team(name: str) -> bool:
    """Whether a user's words mean a team's ledger: ``postgres:…``."""
    return name.startswith(("postgres:", "postgresql:"))


def find_home(path: str | os.PathLike[str], data: str | None = None) -> Home:
    """The home that a user's words mean: a folder, or ``postgres:…`` (a libpq connection string or URI) with `data`."""
    name = os.fspath(path)
    if is_team(name):
        catalog = name if name.startswith("postgres:") else "postgres:" + name
        if data and "://" not in data:
            data = str(Path(data).absolute())
        return Home(name=without_password(name), folder=None, catalog=catalog, data=_slashed(data) if data else None)
    if data:
        raise LedgerError(f"{name}: only a team's ledger (postgres:…) takes a data path; leave it out")
    folder = Path(name).expanduser().absolute()
    return Home(name=name, folder=folder, catalog=f"sqlite:{folder / CATALOG}", data=_slashed(str(folder / DATA)))


def _slashed(path: str) -> str:
    return path.rstrip("/") + "/"


def without_password(name: str) -> str:
    """A connection string that can be shown."""
    import re

    return re.sub(r"(password=)\S+|(//[^:/@\s]+:)[^@\s]+(?=@)", r"\1\2…", name)


def state_of(home: Home) -> State:
    """What stands in a folder: nothing yet, a ledger whose making was cut short, or a ledger.

    Raises `NotALedger` for anything else.
    """
    folder = home.folder
    assert folder is not None
    if not folder.exists():
        return "none"
    if not folder.is_dir():
        raise NotALedger(f"{home.name}: is a file, and a ledger is a folder; name another place")
    try:
        entries = {entry.name for entry in folder.iterdir()}
    except PermissionError as error:
        raise LedgerReadOnly(f"{home.name}: the folder cannot be read; give yourself the right to read it") from error
    if CATALOG in entries:
        return _state_of_catalog(home, folder / CATALOG)
    strange = sorted(entries - OWN_NAMES)
    if strange:
        raise NotALedger(
            f"{home.name}: holds no ledger ({CATALOG} is missing) but other files ({strange[0]}); "
            "name another folder, an empty or a new one"
        )
    return "none"


def _state_of_catalog(home: Home, catalog: Path) -> State:
    wrong = NotALedger(f"{home.name}: its {CATALOG} is not a ledger's; name another folder")
    try:
        if catalog.stat().st_size == 0:
            return "unfinished"
        with open_catalog(catalog) as db:
            names = {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if not names:
                return "unfinished"
            if "ducklake_table" not in names:
                raise wrong
            query = "SELECT table_name FROM ducklake_table WHERE end_snapshot IS NULL"
            tables = {row[0] for row in db.execute(query)}
    except sqlite3.DatabaseError as error:
        if "locked" in str(error) or "busy" in str(error):
            return "ledger"  # somebody is writing to it right now: DuckLake will tell the rest
        raise wrong from error
    except OSError as error:
        raise LedgerReadOnly(f"{catalog}: cannot be read ({error.strerror}); give yourself the right to") from error
    if "schema_versions" in tables:
        return "ledger"
    if tables:
        raise NotALedger(f"{home.name}: is a DuckLake, but not a ledger of Comity's; name another folder")
    return "unfinished"


@contextlib.contextmanager
def open_catalog(catalog: Path) -> Iterator[sqlite3.Connection]:
    """The SQLite catalog for reading, also where its folder cannot be written (then as a file that nobody changes)."""
    db = sqlite3.connect(f"{catalog.as_uri()}?mode=ro", uri=True, timeout=5)
    try:
        try:
            db.execute("SELECT count(*) FROM sqlite_master")
        except sqlite3.OperationalError as error:
            db.close()
            if "readonly" not in str(error) and "unable to open" not in str(error):
                raise
            # In WAL mode even readers write beside the file. Where they may not, no writer can be at work either.
            db = sqlite3.connect(f"{catalog.as_uri()}?immutable=1", uri=True)
        yield db
    finally:
        db.close()


def need_folder(home: Home) -> None:
    """Make the ledger's folder. Raises `LedgerReadOnly` when that cannot be done."""
    assert home.folder is not None
    try:
        home.folder.mkdir(parents=True, exist_ok=True)
        probe = home.folder / LOCK
        with probe.open("a"):
            pass
    except OSError as error:
        raise LedgerReadOnly(
            f"{home.name}: the ledger's folder cannot be written ({error.strerror}); "
            "choose another place or give yourself the right to write there"
        ) from error


def is_writable(home: Home) -> bool:
    """Whether this process may write beside the catalog (readers of a WAL-mode catalog have to)."""
    if home.folder is None:
        return True
    if not os.access(home.folder, os.W_OK) or not os.access(home.folder / CATALOG, os.W_OK):
        return False
    return not os.statvfs(home.folder).f_flag & os.ST_RDONLY if hasattr(os, "statvfs") else True


def no_ledger(home: Home) -> NoLedger:
    return NoLedger(f"{home.name}: there is no ledger here; make one with: comity add PATHS --ledger {home.name}")
