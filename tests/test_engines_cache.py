"""Codings are used again for the very same input only."""

import msgspec
import pytest
from cli_running import comity, demo_codings

from comity.demo import reports_path
from comity.engines.cache import Cache, CacheError
from comity.engines.local import stream
from comity.reading import read_many
from comity.records import LeftOut

DEMO = list(read_many(reports_path()))


def test_what_was_coded_is_found_again_with_its_present_source(tmp_path):
    with Cache(tmp_path / "kept") as cache:
        assert cache.find(DEMO[:3]) == [None, None, None]
        cache.keep(DEMO[:2], demo_codings()[:2])
        elsewhere = msgspec.structs.replace(DEMO[1], source="elsewhere.jsonl:7")
        first, second, third = cache.find([DEMO[0], elsewhere, DEMO[2]])
    assert (first, third) == (demo_codings()[0], None)
    assert second == msgspec.structs.replace(
        demo_codings()[1], report=msgspec.structs.replace(demo_codings()[1].report, source="elsewhere.jsonl:7")
    )


@pytest.mark.parametrize("change", [{"text": "x"}, {"published": "2001-01-01"}, {"outlet": "x"}, {"id": "x"}])
def test_another_report_is_not_found(tmp_path, change):
    with Cache(tmp_path) as cache:
        cache.keep(DEMO[:1], demo_codings()[:1])
        assert cache.find([msgspec.structs.replace(DEMO[0], **change)]) == [None]


def test_another_program_finds_nothing(tmp_path, monkeypatch):
    own = tmp_path / "own.csv"
    own.write_text("name\n")
    with Cache(tmp_path) as cache:
        cache.keep(DEMO[:1], demo_codings()[:1])
    monkeypatch.setenv("COMITY_ACTORS", str(own))
    with Cache(tmp_path) as cache:
        assert cache.find(DEMO[:1]) == [None]
    monkeypatch.delenv("COMITY_ACTORS")
    with Cache(tmp_path, codebook=tmp_path) as cache:
        assert cache.find(DEMO[:1]) == [None]


def test_a_run_with_a_cache_gives_the_same_records_in_the_same_order(tmp_path):
    nothing = LeftOut(source="a.txt", reason="it is empty", cure="leave it out")
    given = [*DEMO[:4], nothing, *DEMO[4:9]]
    wanted = [*demo_codings()[:4], nothing, *demo_codings()[4:9]]
    with Cache(tmp_path) as cache:
        assert list(stream(given[2:7], workers=1, cache=cache)) == wanted[2:7]
        assert cache.used == 0
        assert list(stream(given, workers=1, cache=cache)) == wanted
        assert cache.used == 4
        assert list(stream(given, workers=1, cache=cache, model="xx_none_sm")) == wanted  # nothing left to code
        assert cache.used == 13


def test_a_cache_that_cannot_be_kept_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CacheError, match="name another folder"):
        Cache(tmp_path / "file" / "kept")


def test_a_damaged_cache_is_told(tmp_path):
    (tmp_path / "codings.sqlite").write_bytes(b"no database" * 1000)
    with pytest.raises(CacheError, match="no cache can be kept here"):
        Cache(tmp_path)


def test_the_command_line_uses_it(tmp_path):
    words = ("code", reports_path(), "--jsonl", "-", "--cache", tmp_path / "kept", "--workers", "1")
    first = comity(*words)
    again = comity(*words)
    assert (first.code, again.code) == (0, 0)
    assert first.out == again.out
