"""Opening: what is a ledger, what is not, and what is said about it."""

# ruff: noqa: S603
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from ledger_samples import fresh_ledger, sample

from comity.ledger import Ledger, LedgerError, LedgerReadOnly, LedgerTooNew, LedgerTooOld, NoLedger, NotALedger, lake
from comity.ledger import schema as schema_module


@pytest.fixture
def folder(tmp_path):
    fresh_ledger(tmp_path / "l", "r1").close()
    return tmp_path / "l"


def test_a_reader_makes_no_ledger(tmp_path):
    with pytest.raises(NoLedger, match="there is no ledger here; make one with: comity add"):
        Ledger(tmp_path / "none", read_only=True)
    assert not (tmp_path / "none").exists()


def test_an_empty_folder_becomes_a_ledger(tmp_path):
    (tmp_path / "l").mkdir()
    with Ledger(tmp_path / "l") as ledger:
        assert (ledger.count("reports"), ledger.check()) == (0, [])


def test_a_folder_with_other_files_is_refused_and_left_alone(tmp_path):
    (tmp_path / "photo.jpg").write_bytes(b"x")
    for read_only in (True, False):
        with pytest.raises((NotALedger, NoLedger), match=r"holds no ledger .* but other files \(photo.jpg\)"):
            Ledger(tmp_path, read_only=read_only)
    assert [entry.name for entry in tmp_path.iterdir()] == ["photo.jpg"]


def test_a_file_is_refused(tmp_path):
    (tmp_path / "l").write_text("x")
    with pytest.raises(NotALedger, match="is a file"):
        Ledger(tmp_path / "l")


@pytest.mark.parametrize(
    "content", [b"no database at all, but long enough to be read as one" * 100, "sqlite", "ducklake"]
)
def test_a_foreign_catalog_is_refused(tmp_path, content):
    folder = tmp_path / "l"
    folder.mkdir()
    catalog = folder / "catalog.sqlite"
    if content == "sqlite":
        sqlite3.connect(catalog).execute("CREATE TABLE mine (a)").connection.close()
    elif content == "ducklake":
        con = lake.connect()
        lake.load(con, "sqlite_scanner", "ducklake")
        con.execute(f"ATTACH 'ducklake:sqlite:{catalog}' AS l (DATA_PATH '{folder}/data/')")
        con.execute("CREATE TABLE l.mine (a INTEGER)")
        con.close()
    else:
        catalog.write_bytes(content)
    before = catalog.read_bytes()
    with pytest.raises(NotALedger, match="not a"):
        Ledger(folder)
    assert catalog.read_bytes() == before


def test_a_ledger_whose_making_was_cut_short_is_made_whole(tmp_path):
    folder = tmp_path / "l"
    folder.mkdir()
    (folder / "catalog.sqlite").touch()
    with Ledger(folder) as ledger:
        ledger.add([sample()])
        assert ledger.check() == []
    shutil.rmtree(folder)
    folder.mkdir()
    con = lake.connect()
    lake.load(con, "sqlite_scanner", "ducklake")
    con.execute(f"ATTACH 'ducklake:sqlite:{folder}/catalog.sqlite' AS l (DATA_PATH '{folder}/data/')")
    con.close()
    with Ledger(folder) as ledger:
        ledger.add([sample()])
        assert ledger.check() == []


def test_a_ledger_of_a_newer_version_is_refused(folder):
    with Ledger(folder) as ledger, ledger._writing("test") as cursor:
        cursor.execute("INSERT INTO store.schema_versions VALUES (999, now(), 'comity 9.0')")
    for read_only in (True, False):
        with pytest.raises(LedgerTooNew, match=r"schema version 999, .* upgrade it: pip install -U comity"):
            Ledger(folder, read_only=read_only)


def test_a_lake_of_a_newer_format_is_refused(folder):
    db = sqlite3.connect(folder / "catalog.sqlite")
    db.execute("UPDATE ducklake_metadata SET value = '9.10' WHERE key = 'version'")
    db.commit()
    db.close()
    for read_only in (True, False):
        with pytest.raises(LedgerTooNew, match=r"lake has format 9.10, .* upgrade it: pip install -U comity"):
            Ledger(folder, read_only=read_only)


def test_an_older_ledger_is_brought_forward_by_a_writer_and_refused_to_a_reader(folder, monkeypatch):
    newest = schema_module.newest()
    scripts = schema_module.migrations() | {newest + 1: "CREATE VIEW next_v1 AS SELECT 1 AS one"}
    monkeypatch.setattr(schema_module, "migrations", lambda: scripts)
    with pytest.raises(LedgerTooOld, match="bring it forward: comity ledger migrate"):
        Ledger(folder, read_only=True)
    with Ledger(folder) as ledger:
        assert ledger.query("FROM next_v1").to_pylist() == [{"one": 1}]
        assert ledger.coding("r1") == sample()
        before = next(s["snapshot"] for s in ledger.snapshots().to_pylist() if s["what"] == "add")
        assert ledger.count("events", as_of=before) == 3
    with Ledger(folder, read_only=True) as ledger:
        assert ledger.query("FROM next_v1").num_rows == 1


def test_a_ledger_can_be_moved_and_copied(folder, tmp_path):
    shutil.copytree(folder, tmp_path / "copy")
    shutil.move(folder, tmp_path / "moved it's")
    for place in ("copy", "moved it's"):
        with Ledger(tmp_path / place) as ledger:
            ledger.add([sample("r2")])
            assert ledger.coding("r1") == sample()
            assert ledger.check() == []
    assert not folder.exists()


_WITHOUT_RIGHTS = """
import sys
from pathlib import Path
from comity.ledger import Ledger, LedgerError
with Ledger(sys.argv[1], read_only=True) as ledger:
    print(ledger.count("events"), len(ledger.check()))
try:
    with Ledger(sys.argv[1]) as ledger:
        ledger.add([])
except LedgerError as error:
    print(type(error).__name__, error)
try:
    Ledger(sys.argv[1] + "/sub")
except LedgerError as error:
    print(type(error).__name__, error)
"""


def test_a_ledger_that_cannot_be_written_can_be_read_and_says_so(folder):
    # Root may write everywhere; without these two capabilities it is a user like others.
    humble = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.getuid() == 0 else []
    if humble and not shutil.which("setpriv"):
        pytest.skip("running as root without setpriv: every folder can be written")
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        done = subprocess.run(
            [*humble, sys.executable, "-c", _WITHOUT_RIGHTS, str(folder)],
            capture_output=True,
            text=True,
            check=False,
            env=_environment(),
        )
    finally:
        for path in [folder, *folder.rglob("*")]:
            path.chmod(0o755 if path.is_dir() else 0o644)
    lines = done.stdout.splitlines()
    assert lines[:1] == ["3 0"], done
    assert lines[1].startswith(f"LedgerReadOnly {folder}: the ledger's folder cannot be written (Permission denied)")
    assert lines[2].startswith(
        f"LedgerReadOnly {folder}/sub: the ledger's folder cannot be written (Permission denied)"
    )


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


def test_closing_lets_go_of_everything(folder):
    def held() -> int:
        return len(list(Path("/proc/self/fd").iterdir())) if Path("/proc/self/fd").is_dir() else 0

    with Ledger(folder) as ledger:
        then = ledger.snapshots()["snapshot"].to_pylist()[-1]
    before = held()
    for _ in range(5):
        with Ledger(folder) as ledger, Ledger(folder, read_only=True) as reader:
            assert reader.count("events") == ledger.count("events", as_of=then) == 3
    assert held() <= before


def test_importing_costs_no_engine():
    code = (
        "import sys, comity.ledger; "
        "print([name for name in ('duckdb', 'pyarrow', 'filelock', 'pandas') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=_environment())
    assert done.stdout.strip() == "[]"


def test_a_data_path_belongs_to_a_team_ledger(tmp_path):
    with pytest.raises(LedgerError, match=r"only a team's ledger \(postgres:…\) takes a data path"):
        Ledger(tmp_path / "l", data=str(tmp_path))


def test_reading_and_writing_the_past_are_kept_apart(folder):
    with Ledger(folder, as_of="2999-01-01") as past:
        assert past.count("events") == 3
        with pytest.raises(LedgerReadOnly):
            past.add([sample("r2")])
