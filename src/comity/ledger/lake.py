"""DuckDB in this process with the ledger's DuckLake attached."""

from __future__ import annotations

import contextlib
import functools
import importlib.util
import itertools
import os
import re
import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from comity.ledger.errors import (
    ExtensionMissing,
    LedgerBusy,
    LedgerError,
    LedgerFull,
    LedgerReadOnly,
    LedgerTooNew,
    NoSnapshot,
)
from comity.ledger.home import CATALOG, Home, is_writable, open_catalog

if TYPE_CHECKING:
    import duckdb

READERS_WAIT = 5000
"""Milliseconds that SQLite waits for the catalog before it reports it locked."""


SEALED_MEMORY = "1GB"
"""What DuckDB may use for a stranger's question: grouping ten million events takes a quarter of it."""


def extension_file(name: str) -> Path:
    """The file of a DuckDB extension as its PyPI package installed it: DuckDB's own build, signed by DuckDB.

    Raises `ExtensionMissing`.
    """
    import duckdb

    package = f"duckdb_extension_{name}"
    spec = importlib.util.find_spec(package)
    folders = list(spec.submodule_search_locations or []) if spec else []
    for folder in folders:
        file = Path(folder) / "extensions" / f"v{duckdb.__version__}" / f"{name}.duckdb_extension"
        if file.is_file():
            return file
    wanted = f"{package.replace('_', '-')}=={duckdb.__version__}"
    raise ExtensionMissing(
        f"the DuckDB extension {name!r} for duckdb {duckdb.__version__} is not installed; run: pip install {wanted}"
    )


def connect() -> duckdb.DuckDBPyConnection:
    """A DuckDB in memory that downloads nothing."""
    import duckdb

    con = duckdb.connect(
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "python_enable_replacements": "false",
            "temp_directory": str(Path(tempfile.gettempdir()) / f"comity-{os.getpid()}"),
        }
    )
    con.execute("SET GLOBAL TimeZone = 'UTC'")
    return con


_shared_guard = threading.Lock()


@functools.cache
def _shared(process: int) -> duckdb.DuckDBPyConnection:
    return connect()


def shared() -> duckdb.DuckDBPyConnection:
    """This process's DuckDB, with all its ledgers: loading the extensions takes twenty times as long as attaching."""
    with _shared_guard:
        return _shared(os.getpid())  # a forked child needs its own: threads do not cross a fork


def load(con: duckdb.DuckDBPyConnection, *extensions: str) -> None:
    """Load DuckDB extensions from their installed files. Raises `ExtensionMissing`."""
    for name in extensions:
        con.execute(f"LOAD {literal(str(extension_file(name)))}")


def literal(text: str) -> str:
    """A string as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def attach(
    home: Home,
    *,
    read_only: bool,
    create: bool = False,
    at: str | int | None = None,
    store: bool = False,
    sealed: bool = False,
) -> Attached:
    """Attach a ledger's lake; `at` is a snapshot number or a time in ISO 8601, for a look at the past.

    `store`: its files are in an object store, though `home` does not say so. `sealed`: in a DuckDB of its own, from
    which SQL reaches nothing but the ledger's folder.

    Raises `LedgerError` and its kind.
    """
    options = [f"META_BUSY_TIMEOUT {READERS_WAIT}"] if home.folder else []
    scratch: Path | None = None
    catalog = home.catalog
    if home.folder and read_only and not is_writable(home):
        scratch = _copied_catalog(home.folder / CATALOG)
        catalog = f"sqlite:{scratch / CATALOG}"
    elif home.folder:
        options.append("META_JOURNAL_MODE 'WAL'")
    if home.data:
        # A folder can be moved or copied: the data lie beside the catalog, wherever that was when it was made.
        options += [f"DATA_PATH {literal(home.data)}", "OVERRIDE_DATA_PATH true"]
    if not create:
        options.append("CREATE_IF_NOT_EXISTS false")
    if read_only:
        options.append("READ_ONLY")
    if at is not None:
        options.append(f"SNAPSHOT_VERSION {at}" if isinstance(at, int) else f"SNAPSHOT_TIME {literal(at)}")
    # Inlined rows live in the catalog: with nested types and many readers, files are the better trodden path.
    options.append("DATA_INLINING_ROW_LIMIT 0")
    con = connect() if sealed else shared().cursor()
    attached = Attached(con, scratch, own=sealed)
    try:
        load(con, "sqlite_scanner" if home.folder else "postgres_scanner", "ducklake")
        if store or (home.data and "://" in home.data):
            open_store(con)
        with translated(home):
            con.execute(f"ATTACH {literal('ducklake:' + catalog)} AS {attached.name} ({', '.join(options)})")
        if sealed:
            _seal(con, [folder for folder in (home.folder, scratch) if folder])
    except BaseException:
        attached.close()
        raise
    return attached


def _seal(con: duckdb.DuckDBPyConnection, folders: list[Path]) -> None:
    """From here on, no file outside these folders, and no way back."""
    listed = ", ".join(literal(f"{folder}/") for folder in folders)
    con.execute(f"SET GLOBAL allowed_directories = [{listed}]")
    con.execute(f"SET GLOBAL memory_limit = '{SEALED_MEMORY}'")
    con.execute("SET GLOBAL max_temp_directory_size = '0KB'")
    con.execute("SET GLOBAL enable_external_access = false")
    con.execute("SET GLOBAL lock_configuration = true")


def open_store(con: duckdb.DuckDBPyConnection) -> None:
    """Let DuckDB reach an object store with the keys of the environment (the AWS_… variables)."""
    load(con, "httpfs")
    settings = {
        "KEY_ID": os.environ.get("AWS_ACCESS_KEY_ID"),
        "SECRET": os.environ.get("AWS_SECRET_ACCESS_KEY"),
        "SESSION_TOKEN": os.environ.get("AWS_SESSION_TOKEN"),
        "REGION": os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION"),
    }
    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    if endpoint:
        scheme, _, host = endpoint.rpartition("://")
        settings["ENDPOINT"] = host.rstrip("/")
        settings["URL_STYLE"] = "path"
        settings["USE_SSL"] = "false" if scheme == "http" else "true"
    given = ", ".join(f"{name} {literal(value)}" for name, value in settings.items() if value)
    con.execute(f"CREATE OR REPLACE SECRET store (TYPE s3{', ' + given if given else ''})")


def _copied_catalog(catalog: Path) -> Path:
    scratch = Path(tempfile.mkdtemp(prefix="comity-"))
    with open_catalog(catalog) as source, contextlib.closing(sqlite3.connect(scratch / CATALOG)) as target:
        source.backup(target)
    return scratch


_names = itertools.count(1)


class Attached:
    """A lake that is attached to a DuckDB. One cursor (connection) for each thread."""

    def __init__(self, con: duckdb.DuckDBPyConnection, scratch: Path | None, *, own: bool) -> None:
        self.root = con
        self.name = f"lake{next(_names)}"
        self._scratch = scratch
        self._own = own
        self._local = threading.local()
        self.follows = scratch is None
        """Whether its catalog is the ledger's own (and not a copy), so that it shows what is added later."""

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """This thread's own connection."""
        cursor = getattr(self._local, "cursor", None)
        if cursor is None:
            cursor = self._local.cursor = self.root.cursor()
            cursor.execute(f"USE {self.name}")
        return cursor

    lake_cursor = cursor
    """The same; a `Mirror` tells the two apart."""

    def close(self) -> None:
        """Let go of files and threads."""
        import duckdb

        if not self._own:
            with contextlib.suppress(duckdb.Error):  # it was never attached
                self.root.execute(f"DETACH {self.name}")
        self.root.close()
        if self._scratch:
            shutil.rmtree(self._scratch, ignore_errors=True)


def name_of(cursor: duckdb.DuckDBPyConnection) -> str:
    """The name under which a cursor's lake is attached, for DuckLake's functions."""
    return cursor.execute("SELECT current_database()").fetchall()[0][0]


@contextlib.contextmanager
def translated(home: Home) -> Iterator[None]:
    """Turn DuckDB's errors about the machine into one line that says what to do."""
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        message = str(error)
        text = message.lower()
        if "no space left" in text or "disk is full" in text or "disk full" in text or "file too large" in text:
            raise LedgerFull(
                f"{home.name}: no room left on the device; make room and run this again: "
                "what was committed before is kept"
            ) from error
        if "database is locked" in text or "database is busy" in text:
            raise LedgerBusy(f"{home.name}: the catalog is locked by another process; run this again") from error
        versions = re.search(r"catalog version is ([\d.]+), but the extension requires version ([\d.]+)", message)
        if versions and _numbers(versions[1]) > _numbers(versions[2]):
            raise LedgerTooNew(
                f"{home.name}: this ledger's lake has format {versions[1]}, and this installation knows "
                f"{versions[2]}; upgrade it: pip install -U comity"
            ) from error
        if "no snapshot found" in text:
            what = message.split("No snapshot found", 1)[1].strip()
            raise NoSnapshot(f"{home.name}: has no snapshot {what}; see: comity ledger snapshots") from error
        if any(words in text for words in ("readonly database", "read-only file", "permission denied")):
            raise LedgerReadOnly(
                f"{home.name}: cannot be written ({_first_line(message)}); "
                "choose another place or give yourself the right to write there"
            ) from error
        raise LedgerError(f"{home.name}: {_first_line(message)}") from error


def _numbers(version: str) -> list[int]:
    return [int(part) for part in version.split(".") if part]


def _first_line(message: str) -> str:
    return message.strip().splitlines()[0]
