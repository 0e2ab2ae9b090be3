"""What all tests share."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# How long an example takes tells of the machine and of who else works on it; what must be quick has tests that say so.
settings.register_profile("comity", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("comity")


@pytest.fixture(autouse=True)
def width(monkeypatch):
    """Output is as wide on every machine; tests of narrow terminals set their own width."""
    monkeypatch.delenv("COLUMNS", raising=False)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger of the demo's reports, for one file of tests."""
    from web_running import demo_ledger  # what it imports is slow, and few tests need it

    return demo_ledger(tmp_path_factory.mktemp("web") / "l")


@pytest.fixture(scope="module")
def reader(place: Path) -> Iterator[Any]:
    """Someone who reads that ledger's pages."""
    from web_running import client

    with client(place) as opened:
        yield opened
