"""What all tests share."""

import pytest


@pytest.fixture(autouse=True)
def width(monkeypatch):
    """Output is as wide on every machine; tests of narrow terminals set their own width."""
    monkeypatch.delenv("COLUMNS", raising=False)
