"""What Comity installs may be used under Apache-2.0."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

from check_licences import check, fault, locked  # noqa: E402


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_all_licences_go_with_ours(lock):
    licences, faults, _ = check(ROOT / lock)
    assert len(licences) > 0.8 * len(locked(ROOT / lock))
    assert faults == []


@pytest.mark.parametrize(
    ("stated", "does"),
    [
        ("MIT License", True),
        ("BSD-3-Clause AND MIT", True),
        ("MPL-1.1 OR GPL-2.0-only", True),
        ("GPL-3.0-or-later", False),
        ("MIT AND GPL-3.0-only", False),
        ("LGPL-2.1", False),
        ("Proprietary", False),
        ("", False),
    ],
)
def test_a_licence_is_judged(stated, does):
    assert (fault(stated) is None) is does
