"""A ledger held in memory answers as the lake does, and follows it."""

import pytest
from ledger_samples import fresh_ledger, sample

from comity.ledger import Ledger, LedgerReadOnly, mirror
from comity.ledger.filters import FILTERS

VIEWS = ("reports_v1", "mentions_v1", "statements_v1", "events_v1", "corrections_v1", "revisions_v1", "actors_v1")


@pytest.fixture
def writer(tmp_path):
    with fresh_ledger(tmp_path / "l", "r1", "r2") as ledger:
        yield ledger


@pytest.fixture
def held(writer):
    with Ledger(writer.home.folder, mirror=True) as ledger:
        assert isinstance(ledger._lake, mirror.Mirror)
        yield ledger


def rows(ledger, view):
    return sorted(map(repr, ledger.query(f"SELECT * FROM {view}").to_pylist()))  # noqa: S608


def agree(held, writer):
    return all(rows(held, view) == rows(writer, view) for view in VIEWS)


def test_a_mirror_shows_what_the_lake_shows(held, writer):
    assert agree(held, writer)
    for relation in FILTERS:
        assert held.count(relation) == writer.count(relation)
    assert held.events(limit=4, columns=["id", "words"]).equals(writer.events(limit=4, columns=["id", "words"]))
    assert held.facets("events") == writer.facets("events")
    assert held.coding("r1", corrected=True) == writer.coding("r1", corrected=True)


def test_a_page_with_its_number_and_facets_is_that_of_the_lake(held, writer):
    def agreed():
        for relation, filters in [
            ("events", {}), ("events", {"type": "CONSULT"}), ("events", {"text": "talks"}), ("events", {"country": "CHN", "since": "2022"}),
            ("statements", {}), ("statements", {"kind": "indirect"}), ("reports", {}), ("reports", {"text": "talks"}),
        ]:  # fmt: skip
            found, same = (ledger.listing(relation, limit=3, **filters) for ledger in (held, writer))
            assert (found.number, found.facets) == (same.number, same.facets)
            assert found.rows.select(same.rows.column_names).equals(same.rows)
            if found.rows.num_rows:
                last = found.rows.to_pylist()[-1]
                for after in (
                    last["id"],
                    f"{last['day' if relation == 'reports' else 'day_first'] or 'none'}:{last['id']}",
                ):
                    pages = [
                        ledger.listing(relation, limit=3, after=after, **filters).rows for ledger in (held, writer)
                    ]
                    assert pages[0].equals(pages[1])
        ids = writer.events(limit=5)["id"].to_pylist()
        assert held.records("events", ids, columns=["id", "words"]).equals(
            writer.records("events", ids, columns=["id", "words"])
        )
        actor = writer.query("SELECT id FROM actors_v1 ORDER BY id LIMIT 1")["id"][0].as_py()
        for relation in ("events", "statements"):
            assert held.of_actor(relation, actor).equals(writer.of_actor(relation, actor))
        assert held.review_queue(limit=4).equals(writer.review_queue(limit=4))
        assert held.explain(ids[0]) == writer.explain(ids[0])

    agreed()
    writer.correct(writer.events(limit=1)["id"][0].as_py(), "type", "AID", author="ada")
    writer.reject(writer.events(limit=2)["id"][1].as_py(), author="ada")
    writer.add([sample("r3")])
    held.refresh()
    agreed()


def test_a_mirror_follows_when_it_is_refreshed(held, writer):
    writer.add([sample("r3")])
    assert held.count("reports") == 2
    assert held.snapshot < writer.snapshot
    assert held.refresh() is True
    assert held.refresh() is False
    assert held.snapshot == writer.snapshot
    assert agree(held, writer)


def test_a_mirror_follows_new_revisions_and_corrections(held, writer):
    event, other, last = writer.events(report="r1", columns=["id"])["id"].to_pylist()
    statement = writer.statements(report="r1", columns=["id"])["id"][0].as_py()
    writer.correct(event, "type", "ACCUSE", author="ada")
    writer.reject(other, author="ada")
    writer.correct(statement, "channel", "phone", author="bo")
    held.refresh()
    assert agree(held, writer)
    taken_back = writer.reject(last, author="ada")
    held.refresh()
    writer.undo(taken_back.id, author="ada")
    writer.accept(last, author="bo")
    held.refresh()
    assert agree(held, writer)
    writer.add([sample("r1", outlet="Another Courier")], recode=True)
    writer.add([sample("r2", text="Something else was said. " + sample().report.text)])
    held.refresh()
    assert agree(held, writer)
    with Ledger(writer.home.folder, mirror=True) as anew:
        assert agree(anew, writer)


def test_a_mirror_searches_words_whether_the_index_is_behind_or_ahead(held, writer):
    assert held.count("reports", text="phoned") == 2
    writer.add([sample("r3")])
    assert writer.count("reports", text="phoned") == 3
    assert held.count("reports", text="phoned") == 2
    assert writer.index() == 0
    held.refresh()
    assert held.count("reports", text="phoned") == 3


def test_a_mirror_is_for_reading(held):
    with pytest.raises(LedgerReadOnly, match="was opened for reading"):
        held.add([sample("r9")])


def test_a_mirror_knows_the_past_and_its_lake(held, writer):
    before = held.snapshot
    writer.add([sample("r3")])
    held.refresh()
    assert held.count("reports", as_of=before) == 2
    assert held.snapshots()["snapshot"].to_pylist()[-1] == held.snapshot
    assert held.info()["reports"] == 3
    assert held.check() == []
    assert held.content_hash() == writer.content_hash()


def test_a_ledger_with_too_many_events_is_asked_where_it_lies(writer, monkeypatch):
    monkeypatch.setattr(mirror, "MOST", 2)
    with Ledger(writer.home.folder, mirror=True) as ledger:
        assert not isinstance(ledger._lake, mirror.Mirror)
        assert ledger.refresh() is False
        assert ledger.snapshot == writer.snapshot
        assert ledger.count("reports") == 2
