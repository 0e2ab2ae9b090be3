"""Search by words: what matches, and an index that can be lost at any moment."""

import pytest
from ledger_samples import TEXT, sample

from comity.ledger import BadFilter, Ledger
from comity.ledger.search import match_of


@pytest.fixture
def ledger(tmp_path):
    with Ledger(tmp_path / "l") as made:
        made.add([sample("r1"), sample("r2", text=TEXT + " A postscript about Café Zürich.", title="Second")])
        yield made


def found(ledger, text):
    return sorted(ledger.reports(text=text)["id"].to_pylist())


@pytest.mark.parametrize(
    ("text", "reports"),
    [
        ("austria", ["r1", "r2"]),
        ("postscript", ["r2"]),
        ("postscripts austrian", ["r2"]),
        ("cafe zurich", ["r2"]),
        ("second", ["r2"]),
        ('"phoned his Ghanaian"', ["r1", "r2"]),
        ('"Ghanaian phoned"', []),
        ("nowhere OR postscript", ["r2"]),
        ("austria -postscript", ["r1"]),
        ("postsc*", ["r2"]),
        ("Accra's (GNA): millions!", ["r1", "r2"]),
        ("NEAR(austria ghana)", []),
    ],
)
def test_reports_are_found_by_their_words(ledger, text, reports):
    assert found(ledger, text) == reports


def test_events_are_found_by_their_sentence_and_statements_by_their_content(ledger):
    assert set(ledger.events(text="counterpart", report="r1")["type"].to_pylist()) == {"CONSULT"}
    assert ledger.statements(text="million", report="r1")["kind"].to_pylist() == ["verbatim"]
    assert ledger.statements(text="denied")["kind"].to_pylist() == []
    assert ledger.count("events", text="detained", status="denied") == 2


@pytest.mark.parametrize("text", ["", "-only", '""', "!!", "OR"])
def test_a_search_without_a_word_is_told(ledger, text):
    with pytest.raises(BadFilter):
        ledger.reports(text=text)


def test_match_expressions():
    assert match_of('talks "phone call" -visit') == '(("talks") AND ("phone call")) NOT ("visit")'
    assert match_of("a OR b c") == '("a" OR "b") AND ("c")'


def test_the_index_follows_what_is_added(ledger):
    assert found(ledger, "latecomer") == []
    ledger.add([sample("r3", text=TEXT + " A latecomer.")])
    assert found(ledger, "latecomer") == ["r3"]
    ledger.add([sample("r3", text=TEXT + " An early bird.")])
    assert found(ledger, "latecomer") == []
    assert found(ledger, "bird") == ["r3"]


def test_a_lost_or_damaged_index_is_made_anew(ledger):
    assert found(ledger, "postscript") == ["r2"]
    file = ledger.home.folder / "search.sqlite"
    file.unlink()
    assert found(ledger, "postscript") == ["r2"]
    file.write_bytes(b"not a database at all" * 500)
    assert found(ledger, "postscript") == ["r2"]
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    assert found(ledger, "postscript") == ["r2"]
    assert ledger.index(rebuild=True) == 2
    assert ledger.index() == 0


def test_another_ledger_s_index_is_not_believed(ledger, tmp_path):
    found(ledger, "postscript")
    with Ledger(tmp_path / "other") as other:
        other.add([sample("r9")])
        (tmp_path / "other" / "search.sqlite").write_bytes((ledger.home.folder / "search.sqlite").read_bytes())
        assert found(other, "postscript") == []
        assert found(other, "austria") == ["r9"]


def test_the_past_is_searched_as_it_was(ledger):
    then = ledger.snapshots()["snapshot"].to_pylist()[-1]
    ledger.add([sample("r3", text=TEXT + " A postscript.")])
    assert ledger.reports(text="postscript", as_of=then)["id"].to_pylist() == ["r2"]
    assert found(ledger, "postscript") == ["r2", "r3"]


def test_a_reader_without_the_right_to_write_searches_too(ledger, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("comity.ledger.search.is_writable", lambda home: False)
    assert found(ledger, "postscript") == ["r2"]
    assert not (ledger.home.folder / "search.sqlite").exists()
    assert len(list((tmp_path / "cache").rglob("search.sqlite"))) == 1
