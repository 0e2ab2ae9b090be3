"""The reading room for tests: ledgers with the demo and with hostile reports, a client in the process, a server on a port."""

from __future__ import annotations

import atexit
import contextlib
import functools
import os
import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("starlette", reason="the extra web is not installed")

from starlette.testclient import TestClient

from comity.ledger import Ledger
from comity.records import Report
from comity.web.app import make_app
from comity.web.settings import Settings

HOSTILE = "<img src=x onerror=alert(1)>"
HOSTILE_ID = 'h"><svg onload=alert(2)>/../x'
HOSTILE_TEXT = (
    f"Minister {HOSTILE} praises <script>alert(3)</script> Norway\n\n"
    "Russian Foreign Minister Sergey Lavrov met Chinese Foreign Minister Wang Yi in Moscow on Monday. "
    "\"<script>window.hit = 1</script> is our word,\" Lavrov said. 'onmouseover=alert(4)' Wang Yi told "
    "<iframe srcdoc='x'> reporters that China supports {{ 7 * 7 }} and condemned </p></article><b>Japan</b>.\n"
)


def hostile_report() -> Report:
    """A report whose every field wants to be run as a script."""
    return Report(
        id=HOSTILE_ID,
        text=HOSTILE_TEXT,
        title=f'"><script>alert("title")</script>{HOSTILE}',
        outlet=f"=cmd|{HOSTILE}",
        url="javascript:alert(5)",
        published="2023-05-02",
        language="en",
    )


@functools.cache
def _template() -> Path:
    from comity.coder import Coder
    from comity.demo import reports_path
    from comity.reading import read_many

    folder = Path(tempfile.mkdtemp(prefix="comity-test-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    coder = Coder()
    with Ledger(folder / "demo") as ledger:
        ledger.add(coder.stream([*read_many(reports_path()), hostile_report()]))
    return folder / "demo"


def demo_ledger(folder: Path) -> Path:
    """A ledger with the bundled reports and one hostile one: a copy of one that is made once a run."""
    shutil.copytree(_template(), folder)
    return folder


@contextlib.contextmanager
def client(ledger: Path, **settings: object) -> Iterator[TestClient]:
    """A client of the room, in this process."""
    app = make_app(Settings(ledger=str(ledger), **settings))  # type: ignore[arg-type]
    host = settings.get("host", "127.0.0.1")
    with TestClient(app, base_url=f"http://{host}:8517", follow_redirects=False) as opened:
        opened.room = app.room  # type: ignore[attr-defined]
        yield opened


@contextlib.contextmanager
def serving(ledger: Path, **settings: object) -> Iterator[str]:
    """The address of a server on the ledger."""
    import uvicorn

    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config(make_app(Settings(ledger=str(ledger), **settings)), log_level="warning", access_log=False)  # type: ignore[arg-type]
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)


def chromium() -> str | None:
    """Where a Chromium is that Playwright can drive: Debian's, or what COMITY_CHROMIUM names."""
    named = os.environ.get("COMITY_CHROMIUM")
    return named or next(
        (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
    )


needs_chromium = pytest.mark.skipif(
    chromium() is None, reason="no Chromium found; as root: apt-get install chromium, or set COMITY_CHROMIUM"
)
