"""The walls of the house: what imports what, and what an import costs."""

import re
import shutil
import subprocess
import sys
import tomllib
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
    assert set(comity.__all__) == {*comity._HOMES, "__version__"}
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        comity.nonsense  # noqa: B018


def named(requirement: str) -> str:
    """The name of a requirement, as indexes spell it."""
    found = re.match(r"[\w.-]+", requirement)
    assert found, requirement
    return re.sub(r"[-_.]+", "-", found[0]).lower()


def locked(name: str) -> set[str]:
    """What a lock file holds."""
    return {named(line) for line in (ROOT / name).read_text("utf-8").splitlines() if line[:1].isalnum()}


def test_the_lock_files_hold_all_that_is_asked_for():
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    extras, groups = asked["project"]["optional-dependencies"], asked["dependency-groups"]
    own = [*asked["project"]["dependencies"], *groups["build"]]
    everything = [*own, *(one for extra in extras.values() for one in extra)]
    everything += [one for one in groups["dev"] if isinstance(one, str)]
    assert {named(one) for one in everything} - {"comity"} - locked("requirements-dev.lock") == set(), "run: make lock"
    chosen = extras["all"][0].partition("[")[2].rstrip("]").split(",")
    usable = [*own, *(one for extra in chosen for one in extras[extra])]
    assert {named(one) for one in usable} - locked("requirements.lock") == set(), "run: make lock"


def test_every_room_stands_behind_every_wall():
    """Each contract that forbids something names every room but those that may."""
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    inside = [path for path in (ROOT / "src" / "comity").iterdir() if path.is_dir() or path.suffix == ".py"]
    rooms = {f"comity.{path.stem}" for path in inside if not path.name.startswith("_")}
    allowed = {"spacy": {"language"}, "duckdb": {"ledger"}, "click": {"cli"}}
    for contract in asked["tool"]["importlinter"]["contracts"]:
        if contract["type"] == "forbidden":
            may = {f"comity.{room}" for room in allowed[contract["forbidden_modules"][0]]}
            assert rooms - set(contract["source_modules"]) == may, contract["name"]
