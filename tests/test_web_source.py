"""What pages read: the copy follows the ledger, occurrences too, and long answers do not hold anybody up."""

from __future__ import annotations

import os
import threading
import time
from functools import partial
from pathlib import Path

import pytest
from ledger_samples import fresh_ledger
from web_running import demo_ledger

from comity.ledger import Ledger
from comity.relations import BadChoice
from comity.web.asking import Ask
from comity.web.settings import Settings
from comity.web.source import Source, StillWorking


def _told(ledger: Ledger) -> list[list[dict[str, object]]]:
    return [
        ledger.query("SELECT * FROM occurrences_v1 ORDER BY id").to_pylist(),
        ledger.query("SELECT * FROM occurrence_accounts_v1 ORDER BY ALL").to_pylist(),
    ]


def test_occurrences_of_the_copy_follow_additions_revisions_and_corrections(tmp_path: Path) -> None:
    place = demo_ledger(tmp_path / "l")
    with Ledger(place) as writer, Ledger(place, mirror=True) as copy:
        assert _told(copy) == _told(writer)
        codings = list(writer.codings())[:4]
        one, two = (event.id for event in codings[0].events[:2])
        writer.reject(one, author="ada")
        writer.correct(two, "type", "AID", author="ada")
        copy.refresh()
        assert _told(copy) == _told(writer)
        import msgspec

        again = msgspec.structs.replace(codings[1].report, id="another-report", outlet="Another Outlet")
        writer.add([msgspec.structs.replace(codings[1], report=again)])
        copy.refresh()
        assert _told(copy) == _told(writer)
        fewer = msgspec.structs.replace(codings[2], events=codings[2].events[:1])
        writer.add([fewer], recode=True)
        copy.refresh()
        assert _told(copy) == _told(writer) and _told(copy)[0]


@pytest.fixture
def source(tmp_path: Path):
    fresh_ledger(tmp_path / "l", "r1").close()
    opened = Source(Settings(ledger=str(tmp_path / "l"), review=True))
    yield opened
    opened.close()


def test_an_answer_is_made_once_for_each_state_however_many_ask(source: Source) -> None:
    made = []

    def make() -> int:
        time.sleep(0.05)
        made.append(1)
        return len(made)

    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.append(source.once("key", make))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (found, len(made)) == ([1] * 8, 1)
    event = source.ledger.events(limit=1)["id"][0].as_py()
    source.write(lambda ledger: ledger.accept(event, author="ada"))
    assert source.once("key", make) == 2


def test_what_takes_long_is_given_as_of_before_while_it_is_worked_out_anew(source: Source) -> None:
    gate = threading.Event()
    gate.set()

    def make(_: Ledger) -> str:
        gate.wait(10)
        return f"at {source.snapshot}"

    first = source.snapshot
    assert source.lately(5, "slow", make) == (f"at {first}", first)
    gate.clear()
    event = source.ledger.events(limit=1)["id"][0].as_py()
    source.write(lambda ledger: ledger.accept(event, author="ada"))
    assert source.snapshot > first
    assert source.lately(5, "slow", make) == (f"at {first}", first)  # at once, and of the former state
    with pytest.raises(StillWorking):
        source.lately(0.01, "another", make)
    gate.set()
    for _ in range(200):
        if source.lately(5, "slow", make)[1] == source.snapshot:
            break
        time.sleep(0.02)
    assert source.lately(5, "slow", make) == (f"at {source.snapshot}", source.snapshot)


def test_errors_of_long_answers_reach_who_asked(source: Source) -> None:
    def fails(_: Ledger) -> None:
        raise ValueError("no such thing")

    for _ in range(2):
        with pytest.raises(ValueError, match="no such thing"):
            source.lately(5, "bad", fails)


def _numbered(ledger: Ledger, *, reports: str) -> tuple[int, str, int]:
    return os.getpid(), ledger.restate(reports), ledger.count(reports)


def _refusing(_: Ledger) -> None:
    raise BadChoice("no such party")


def test_what_is_known_to_take_long_is_worked_out_in_another_process_of_the_same_state(source: Source) -> None:
    process, said, reports = source.lately(60, "long", partial(_numbered, reports="reports"), long=True)[0]
    assert (process != os.getpid(), said, reports) == (True, "All reports.", 1)
    with pytest.raises(BadChoice, match="no such party"):
        source.lately(60, "long and wrong", _refusing, long=True)
    # What cannot be sent there is worked out here.
    assert source.lately(60, "here", lambda ledger: ledger.count("reports"), long=True) == (1, source.snapshot)


def test_what_is_worked_out_anew_rests_together(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    from comity.web import source as module

    monkeypatch.setattr(module, "REST", 0)
    monkeypatch.setattr(module, "REST_OF_ALL", 10_000)
    first = source.snapshot

    def make(ledger: Ledger) -> int:
        return sum(range(300_000))

    for key in ("a", "b"):
        assert source.lately(5, key, make)[1] == first
    source._written = -1
    event = source.ledger.events(limit=1)["id"][0].as_py()
    with Ledger(source.settings.ledger) as other:
        other.accept(event, author="ada")
    source.ledger.refresh()
    assert source.lately(5, "a", make)[1] == first  # of the former state, and worked out anew
    for _ in range(200):
        if source._slow["a"].state > first:
            break
        time.sleep(0.02)
    assert source.lately(5, "a", make)[1] > first
    for _ in range(5):
        assert source.lately(5, "b", make)[1] == first
        time.sleep(0.02)
    source._written = source.snapshot  # a correction made here is seen at once
    source.lately(5, "b", make)
    for _ in range(200):
        if source._slow["b"].state > first:
            break
        time.sleep(0.02)
    assert source.lately(5, "b", make)[1] > first


def test_additions_of_others_are_seen_soon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from ledger_samples import sample

    from comity.web import source as module

    monkeypatch.setattr(module, "FOLLOW_SECONDS", 0.05)
    fresh_ledger(tmp_path / "l", "r1").close()
    source = Source(Settings(ledger=str(tmp_path / "l")))

    before = source.ledger.count("reports")
    with Ledger(tmp_path / "l") as other:
        other.add([sample("r2")])
    for _ in range(300):
        if source.ledger.count("reports") > before:
            break
        time.sleep(0.02)
    assert source.ledger.count("reports") == before + 1
    source.close()


def test_a_page_waits_less_beside_others_and_a_program_as_long():
    def asked(form, beside):
        return Ask(path="/dyad/CHN-JPN", params={}, query=(), form=form, beside=beside).patience

    assert [asked("html", n) for n in (0, 1, 2, 7)] == [0.4, 0.4, 0.12, 0.12]
    assert [asked("json", n) for n in (0, 7)] == [25.0, 25.0]
