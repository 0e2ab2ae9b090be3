"""The walls of the house: what imports what, and what an import costs."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from cli_running import ENVIRONMENT

ROOT = Path(__file__).resolve().parents[1]


def test_rooms_import_only_what_lies_before_them():
    program = shutil.which("lint-imports", path=str(Path(sys.executable).parent)) or shutil.which("lint-imports")
    if program is None:
        pytest.skip("import-linter is not installed")
    done = subprocess.run(  # noqa: S603
        [program, "--no-cache"], cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def loaded_by(code: str) -> set[str]:
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", f"import sys\n{code}\nprint(*sys.modules)"],
        env=ENVIRONMENT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return set(done.stdout.split())


def test_importing_comity_costs_nothing():
    assert {name for name in loaded_by("import comity") if name.startswith("comity")} == {"comity"}


@pytest.mark.parametrize(
    "room", ["records", "codebook", "reading", "ledger", "coder", "engines.local", "actors", "events"]
)
def test_importing_a_room_loads_no_data_and_no_engine(room):
    loaded = loaded_by(f"import comity.{room}")
    assert loaded.isdisjoint({"spacy", "duckdb", "pyarrow", "trafilatura", "rich", "click"})


def test_every_name_of_the_package_is_there():
    import comity

    assert [name for name in comity.__all__ if not hasattr(comity, name)] == []
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        comity.nonsense  # noqa: B018
