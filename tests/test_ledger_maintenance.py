"""Maintenance: fewer files, the same content, the past as far as it was kept."""

import datetime
import os
import time

import pytest
from ledger_samples import sample

from comity.ledger import Ledger, NoSnapshot, maintenance
from comity.ledger.schema import newest


@pytest.fixture
def ledger(tmp_path):
    with Ledger(tmp_path / "l") as made:
        for n in range(6):
            made.add([sample(f"r{n}")])
        yield made


def test_files_are_merged_and_nothing_else_changes(ledger):
    before, first = ledger.content_hash(), ledger.snapshots()["snapshot"].to_pylist()[2]
    done = ledger.maintain()
    assert done.files_after < done.files_before / 3
    assert ledger.content_hash() == before
    assert ledger.count("reports", as_of=first) == 1
    assert ledger.coding("r3") == sample("r3")
    assert ledger.check() == []
    assert ledger.maintain().files_after == done.files_after


def test_expired_snapshots_and_their_files_go(ledger):
    first = ledger.snapshots()["snapshot"].to_pylist()[2]
    before = ledger.content_hash()
    done = ledger.maintain(keep=datetime.timedelta(0))
    assert done.snapshots_expired > 5
    assert ledger.content_hash() == before
    with pytest.raises(NoSnapshot):
        ledger.count("reports", as_of=first)
    ledger.maintain(keep=datetime.timedelta(0))
    assert len(list((ledger.home.folder / "data").rglob("*.parquet"))) == done.files_after
    assert ledger.check() == []


def test_files_that_nothing_names_are_removed_once_no_reader_can_be_at_them(ledger):
    stray = ledger.home.folder / "data" / "store" / "events" / "ducklake-stray.parquet"
    stray.write_bytes(b"left by a killed writer")
    ledger.maintain()
    assert stray.exists()
    old = time.time() - 2 * maintenance.GRACE.total_seconds()
    os.utime(stray, (old, old))
    assert ledger.maintain().files_removed >= 1
    assert not stray.exists()
    assert ledger.check() == []


def test_an_addition_merges_small_files_in_passing(ledger, monkeypatch):
    monkeypatch.setattr(maintenance, "MANY_FILES", 3)
    ledger.add([sample("r9")])
    query = (
        "SELECT max(file_count) AS n FROM ducklake_table_info(current_database()) WHERE table_name <> 'schema_versions'"
    )
    rows = ledger.query(query).to_pylist()
    assert rows[0]["n"] == 1
    assert ledger.count("reports") == 7
    assert ledger.check() == []


def test_the_ledger_says_what_it_is(ledger):
    said = ledger.info()
    assert (said["reports"], said["events"], said["statements"], said["corrections"]) == (6, 18, 12, 0)
    assert (said["schema_version"], said["created_by"].split()[0], len(said["id"])) == (newest(), "comity", 32)
    assert said["files"] > 6 and said["bytes"] > 1000
