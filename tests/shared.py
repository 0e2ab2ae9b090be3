"""Where the development material lies, if it lies anywhere: tests that need it skip with a printed reason."""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"

needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason=f"development material not present at {SHARED}")
