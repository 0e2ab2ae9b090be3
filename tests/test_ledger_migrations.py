"""Ledgers of every schema version still open, come forward and hold what they held.

`tests/ledgers/vN.zip` is a ledger as version N made it, frozen by ``python tests/test_ledger_migrations.py --freeze``
once that version's migrations stand. From a release on, its frozen ledger never changes.
"""

import re
import sys
import tempfile
import zipfile
from pathlib import Path

import pytest
from ledger_samples import TEXT, sample

from comity.ledger import Ledger
from comity.ledger.schema import migrations, newest

FROZEN = Path(__file__).parent / "ledgers"
OTHER = f"Updated. {TEXT}"


def fill(folder: Path) -> None:
    """What every frozen ledger holds: two reports, a revision, corrections of three kinds."""
    with Ledger(folder) as ledger:
        ledger.add([sample("r1"), sample("r2")])
        call, aid, arrest = (event.id for event in sample("r1").events)
        ledger.correct(aid, "type", "AID", author="ada", reason="paid")
        ledger.reject(arrest, author="ada")
        ledger.accept(call, author="bo")
        ledger.add([sample("r2", text=OTHER)])
        ledger.maintain()


def unpack(version: int, folder: Path) -> Path:
    with zipfile.ZipFile(FROZEN / f"v{version}.zip") as archive:
        archive.extractall(folder)
    return folder / "l"


def sides(ledger: Ledger) -> tuple[list[list[str]], list[list[str]]]:
    """The parties with their sectors, as stored and as the events have them."""
    rows = ledger.query("SELECT source, target, source_parties, target_parties FROM events_v1 ORDER BY id").to_pylist()
    stored = [row[f"{side}_parties"] for row in rows for side in ("source", "target")]
    told = [row[side] for row in rows for side in ("source", "target")]
    return stored, [sorted({f"{p['country']}/{p['sector'] or ''}" for p in own if p["country"]}) for own in told]


@pytest.mark.parametrize("version", migrations())
def test_a_ledger_of_each_version_comes_forward_whole(tmp_path, version):
    if not (FROZEN / f"v{version}.zip").exists():
        assert version == newest(), f"the ledger of version {version} was not frozen"
        pytest.skip(f"version {version} is in the making: freeze it when it is released (see this file)")
    with Ledger(unpack(version, tmp_path)) as ledger:
        assert ledger.info()["schema_version"] == newest()
        assert ledger.check() == []
        assert ledger.coding("r1") == sample("r1")
        assert ledger.coding("r2") == sample("r2", text=OTHER)
        assert ledger.coding("r2", revision=1) == sample("r2")
        assert sorted(ledger.events(report="r1")["type"].to_pylist()) == ["AID", "CONSULT"]
        assert ledger.corrections(state="active").num_rows == 3
        assert ledger.reports(text="updated")["id"].to_pylist() == ["r2"]
        stored, told = sides(ledger)
        assert stored == told and any(stored)
        assert ledger.add([sample("r1"), sample("r3")]).added == 1
        stored, told = sides(ledger)
        assert stored == told
        assert ledger.check() == []


def test_coming_forward_from_the_first_version_leads_to_the_schema_of_a_new_ledger(tmp_path):
    first = min(migrations())
    if not (FROZEN / f"v{first}.zip").exists():
        pytest.skip("no version has been frozen yet")

    def columns(ledger: Ledger) -> list[dict[str, str]]:
        return ledger.query(
            "SELECT schema_name, table_name, column_name, data_type FROM duckdb_columns() "
            "WHERE database_name = current_database() AND NOT internal ORDER BY ALL"
        ).to_pylist()

    with Ledger(unpack(first, tmp_path)) as old, Ledger(tmp_path / "new") as new:
        assert columns(old) == columns(new), "did a migration change after it was frozen?"


def test_migrations_are_numbered_without_gaps():
    assert list(migrations()) == list(range(1, newest() + 1))
    for number, script in migrations().items():
        assert not re.search(r"\b(DELETE FROM|UPDATE)\b", script), f"version {number}: the ledger is append-only"


def freeze() -> None:
    """Make the frozen ledger of the newest version."""
    FROZEN.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        fill(Path(scratch) / "l")
        with zipfile.ZipFile(FROZEN / f"v{newest()}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            for file in sorted((Path(scratch) / "l").rglob("*")):
                if file.is_file() and not file.name.startswith((".", "search")):
                    archive.write(file, file.relative_to(scratch))


if __name__ == "__main__" and "--freeze" in sys.argv:
    freeze()
