"""A team's ledger on a real PostgreSQL, which the tests start and stop themselves."""

# ruff: noqa: S603
import importlib.util
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from ledger_samples import sample

from comity.ledger import Ledger, LedgerBusy, LedgerError, LedgerReadOnly, NoLedger, NotALedger, lake


def programs() -> Path | None:
    """The newest PostgreSQL on this machine: Debian keeps its programs out of the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3].split(".")[0]))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


MISSING = (
    "PostgreSQL is not installed (apt-get install postgresql)"
    if programs() is None
    else "duckdb-extension-postgres-scanner is not installed"
    if importlib.util.find_spec("duckdb_extension_postgres_scanner") is None
    else None
)
pytestmark = pytest.mark.skipif(MISSING is not None, reason=MISSING or "")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A PostgreSQL that listens on a socket in a temporary folder only; gives its connection string."""
    home = Path("/tmp") / f"comity-pg-{os.getpid()}"  # noqa: S108 (a socket's path must be short)
    home.mkdir(mode=0o755)
    humble: list[str] = []
    if os.getuid() == 0:  # PostgreSQL refuses to run as root
        shutil.chown(home, "postgres")
        humble = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    bin_ = programs()
    assert bin_ is not None

    def run(*command: str) -> None:
        subprocess.run([*humble, *command], check=True, capture_output=True, cwd=home, timeout=60)

    try:
        run(str(bin_ / "initdb"), "-D", str(home / "db"), "-A", "trust", "-U", "comity", "--no-sync")
        options = f"-c listen_addresses='' -c fsync=off -k {home}"
        run(str(bin_ / "pg_ctl"), "-D", str(home / "db"), "-l", str(home / "log"), "-o", options, "-w", "start")
        yield f"host={home} user=comity"
    finally:
        subprocess.run(
            [*humble, str(bin_ / "pg_ctl"), "-D", str(home / "db"), "-m", "immediate", "stop"],
            check=False, capture_output=True, cwd=home,
        )  # fmt: skip
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def place(server, request):
    """The name of a ledger in a database of its own."""
    name = f"db{abs(hash(request.node.name))}"
    con = lake.connect()
    lake.load(con, "postgres_scanner")
    con.execute(f"ATTACH '{server} dbname=postgres' AS pg (TYPE postgres)")
    con.execute(f"CALL postgres_execute('pg', 'CREATE DATABASE {name}', use_transaction => false)")
    con.close()
    return f"postgres:{server} dbname={name}"


def test_a_team_ledger_does_what_a_folder_does(place, tmp_path):
    coding = sample()
    with Ledger(place, data=str(tmp_path / "files")) as ledger:
        assert ledger.add([coding, sample("r2")]).added == 2
        assert ledger.add([coding]).known == 1
        assert ledger.add([sample("r2", text=coding.report.text + " More.")]).revised == 1
        assert ledger.coding("r1") == coding
        assert ledger.check() == []
        assert list((tmp_path / "files").rglob("*.parquet"))
        then = ledger.snapshots()["snapshot"].to_pylist()[2]
        assert ledger.count("reports", as_of=then) == 2
    with Ledger(place, read_only=True) as reader, Ledger(place) as writer:
        assert reader.events(dyad="AUT-GHA", limit=1)["type"].to_pylist() == ["CONSULT"]
        with pytest.raises(LedgerReadOnly):
            reader.add([coding])
        writer.add([sample("r3")])
        assert reader.count("reports") == 3
    with Ledger(tmp_path / "folder") as folder, Ledger(place) as team:
        folder.add(team.codings())
        assert folder.content_hash() != team.content_hash()  # r2 has two revisions there
        assert folder.count("events") == team.count("events")


def test_search_keeps_its_index_in_the_user_s_cache(place, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with Ledger(place, data=str(tmp_path / "files")) as ledger:
        ledger.add([sample()])
        assert ledger.reports(text="dock worker")["id"].to_pylist() == ["r1"]
    assert list((tmp_path / "cache").rglob("search.sqlite"))


def test_what_is_missing_is_told(place, server, tmp_path):
    with pytest.raises(NoLedger, match=r"no ledger in this database; make one with: comity add .* --data"):
        Ledger(place, read_only=True)
    with pytest.raises(LedgerError, match="needs a place for its files; give --data DIR or --data s3://"):
        Ledger(place)
    with pytest.raises(LedgerError, match=r"cannot be reached .*does not exist") as caught:
        Ledger(f"postgres:{server} dbname=nowhere password=secret")
    assert "secret" not in str(caught.value)
    con = lake.connect()
    lake.load(con, "postgres_scanner", "ducklake")
    con.execute(f"ATTACH 'ducklake:{place}' AS l (DATA_PATH '{tmp_path}/other/')")
    con.execute("CREATE TABLE l.mine (a INTEGER)")
    con.close()
    with pytest.raises(NotALedger, match="not a ledger of Comity's"):
        Ledger(place)


@pytest.fixture
def store(monkeypatch):
    """An object store on this machine (the package moto stands in for S3) with one bucket."""
    if importlib.util.find_spec("moto") is None or importlib.util.find_spec("flask") is None:
        pytest.skip("the package moto[server] is not installed")
    if importlib.util.find_spec("duckdb_extension_httpfs") is None:
        pytest.skip("duckdb-extension-httpfs is not installed")
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    request = urllib.request.Request(f"http://{host}:{port}/bucket", method="PUT")
    urllib.request.urlopen(request).close()  # noqa: S310
    yield "s3://bucket/prefix"
    server.stop()


def test_the_files_may_lie_in_an_object_store(place, store):
    with Ledger(place, data=store) as ledger:
        ledger.add([sample("r1"), sample("r2")])
        assert ledger.check() == []
    with Ledger(place, read_only=True) as reader:  # the catalog knows where the files are
        assert reader.coding("r1") == sample("r1")
        assert reader.info()["reports"] == 2


_WRITER = """
import sys
from comity.ledger import Ledger
from ledger_samples import sample
with Ledger(sys.argv[1], on_wait=lambda line: print(line, file=sys.stderr)) as ledger:
    with ledger._writing("hold"):
        print("holding", flush=True)
        sys.stdin.readline()
"""


def test_writers_take_turns_and_a_killed_writer_frees_the_lock(place, tmp_path):
    said: list[str] = []
    with Ledger(place, data=str(tmp_path / "files"), patience=0.5, on_wait=said.append) as ledger:
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
        holder = subprocess.Popen(
            [sys.executable, "-c", _WRITER, place], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
        )
        assert holder.stdout is not None and holder.stdout.readline() == b"holding\n"
        with pytest.raises(LedgerBusy, match="another process has been writing"):
            ledger.add([sample()])
        assert said == [f"{ledger.home.name}: another process is writing to this ledger; waiting for its turn to end"]
        holder.kill()
        holder.wait()
        deadline = time.monotonic() + 10
        while True:
            try:
                assert ledger.add([sample()]).added == 1
                break
            except LedgerBusy:
                assert time.monotonic() < deadline
        assert ledger.check() == []
