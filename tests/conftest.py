"""What all tests share."""

import pytest
from hypothesis import HealthCheck, settings

# How long an example takes tells of the machine and of who else works on it; what must be quick has tests that say so.
settings.register_profile("comity", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("comity")


@pytest.fixture(autouse=True)
def width(monkeypatch):
    """Output is as wide on every machine; tests of narrow terminals set their own width."""
    monkeypatch.delenv("COLUMNS", raising=False)
