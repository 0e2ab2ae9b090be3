"""Coding in several processes: the same records, in order; errors arrive; nothing is left behind."""

import os
import signal
import threading
import time

import msgspec
import pytest
from cli_running import demo_codings

import comity.coder
from comity.demo import reports_path
from comity.engines.local import WorkerLost, stream
from comity.language.model import ModelMissing
from comity.reading import read_many
from comity.records import LeftOut, to_json

NOTHING = LeftOut(source="a.txt", reason="it is empty", cure="leave it out")


def inputs():
    yield NOTHING
    for number, item in enumerate(read_many(reports_path())):
        yield item
        if number % 10 == 0:
            yield NOTHING


def expected():
    yield NOTHING
    for number, coding in enumerate(demo_codings()):
        yield coding
        if number % 10 == 0:
            yield NOTHING


@pytest.mark.parametrize("workers", [1, 2])
def test_records_and_their_order_are_those_of_one_process(monkeypatch, workers):
    monkeypatch.setattr(comity.coder, "REPORTS_A_BATCH", 5)
    assert list(stream(inputs(), workers=workers)) == list(expected())


def test_what_cannot_be_read_needs_no_model():
    assert list(stream([NOTHING, NOTHING], workers=1, model="xx_none_sm")) == [NOTHING, NOTHING]


def test_without_order_it_is_the_same_records(monkeypatch):
    monkeypatch.setattr(comity.coder, "REPORTS_A_BATCH", 5)
    made = list(stream(inputs(), workers=2, ordered=False))
    assert sorted(made, key=to_json) == sorted(expected(), key=to_json)


def test_what_no_process_has_begun_is_given_up_on_request(monkeypatch):
    monkeypatch.setattr(comity.coder, "REPORTS_A_BATCH", 2)
    stopped = []
    bundled = list(read_many(reports_path()))
    # so many that the bounded queue cannot hold them all, however fast the processes are
    reports = [msgspec.structs.replace(one, id=f"{one.id}-{n}") for n in range(8) for one in bundled]
    made = stream(iter(reports), workers=2, stopping=lambda: bool(stopped))
    kept = []
    for number, coding in enumerate(made):
        kept.append(coding.report.id)
        if number == 5:
            stopped.append(True)
    assert 5 < len(kept) < len(reports)
    assert kept == [one.id for one in reports[: len(kept)]]


def test_one_batch_is_coded_in_this_process(monkeypatch):
    import multiprocessing

    made = stream(read_many(reports_path()), workers=2)
    assert next(made) == demo_codings()[0]
    assert multiprocessing.active_children() == []
    assert [*made] == list(demo_codings()[1:])


@pytest.mark.parametrize("workers", [1, 2])
def test_a_missing_model_is_told(workers):
    with pytest.raises(ModelMissing, match="'xx_none_sm' is not installed"):
        list(stream(inputs(), workers=workers, model="xx_none_sm"))


def test_a_worker_that_dies_is_told_and_what_was_finished_is_kept(monkeypatch):
    import multiprocessing

    monkeypatch.setattr(comity.coder, "REPORTS_A_BATCH", 2)
    made = stream((item for _ in range(20) for item in read_many(reports_path())), workers=2)
    kept = [next(made)]
    victim = multiprocessing.active_children()[0]
    threading.Timer(0.2, os.kill, (victim.pid, signal.SIGKILL)).start()
    with pytest.raises(WorkerLost, match="fewer --workers"):
        kept.extend(made)
    assert kept[0] == demo_codings()[0]
    deadline = time.monotonic() + 20
    while multiprocessing.active_children() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert multiprocessing.active_children() == []
