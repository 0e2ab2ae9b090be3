"""Coding in several processes: the same records, in order; errors arrive; nothing is left behind."""

import multiprocessing
import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path

import msgspec
import pytest
from cli_running import COMITY, ENVIRONMENT, demo_codings

import comity.coder
import comity.engines.local
from comity.demo import reports_path
from comity.engines.local import WorkerLost, _Made, _work, stream
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
    made = stream(read_many(reports_path()), workers=2)
    assert next(made) == demo_codings()[0]
    assert multiprocessing.active_children() == []
    assert [*made] == list(demo_codings()[1:])


@pytest.mark.parametrize("workers", [1, 2])
def test_a_missing_model_is_told(workers):
    with pytest.raises(ModelMissing, match="'xx_none_sm' is not installed"):
        list(stream(inputs(), workers=workers, model="xx_none_sm"))


# --- reports that cost too much --------------------------------------------------------------------------------------

PLANTED = """
import os, time
if os.environ.get("DIES") == "at once":
    os._exit(3)
from comity import actors
whole = actors.resolve
def resolve(report, *rest):
    if report.id == "spins":
        while True: pass
    if report.id == "hangs":
        time.sleep(600)
    if report.id == "dies":
        os.kill(os.getpid(), 9)
    if report.id == "grows":
        hoard = ["x" * 10_000_000 for _ in range(1_000)]
    if os.environ.get("DIES") == "always":
        os._exit(3)
    return whole(report, *rest)
actors.resolve = resolve
"""
"""What is put into the worker processes: coding that does not end, or ends badly, for reports of these names."""


@pytest.fixture
def planted(tmp_path, monkeypatch):
    (tmp_path / "sitecustomize.py").write_text(PLANTED)
    source = str(Path(comity.coder.__file__).parents[1])
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join((str(tmp_path), source)))
    monkeypatch.setattr(comity.coder, "REPORTS_A_BATCH", 5)


def bad(*names):
    """The bundled reports with bad ones among them."""
    found = list(read_many(reports_path()))
    for place, name in enumerate(names):
        found.insert(3 * place + 2, msgspec.structs.replace(found[0], id=name, source=f"{name}.txt"))
    return found


def left_out_of(made):
    return {item.source: item.reason for item in made if isinstance(item, LeftOut)}


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timers of processor time here")
@pytest.mark.parametrize("workers", [1, 2])
def test_a_report_that_does_not_end_is_listed_and_the_run_goes_on(planted, monkeypatch, workers):
    if workers == 1:
        from comity import actors

        monkeypatch.setattr(actors, "resolve", actors.resolve)  # taken back at the end
        exec(PLANTED, {})  # noqa: S102
    monkeypatch.setattr(comity.engines.local, "PATIENCE", 60)  # by the clock, however busy the machine is
    made = list(stream(bad("spins"), workers=workers, timeout=1.5))
    assert left_out_of(made) == {"spins.txt": "its coding takes more than 1.5 seconds of processor time"}
    assert [one for one in made if not isinstance(one, LeftOut)] == list(demo_codings())


@pytest.mark.skipif(sys.platform != "linux", reason="memory of a process can be bounded on Linux only")
def test_reports_that_hang_kill_or_fill_their_process_are_listed_and_the_run_goes_on(planted, monkeypatch):
    monkeypatch.setattr(comity.engines.local, "PATIENCE", 4)
    made = list(stream(bad("hangs", "dies", "grows"), workers=2, timeout=2, memory=1 << 30))
    assert left_out_of(made) == {
        "hangs.txt": "its coding gave no answer in 8 seconds",
        "dies.txt": "its coding made its process end (SIGKILL)",
        "grows.txt": "its coding takes more memory than there is",
    }
    assert [one for one in made if not isinstance(one, LeftOut)] == list(demo_codings())
    assert [n for n, one in enumerate(made) if isinstance(one, LeftOut)] == [2, 5, 8]
    assert multiprocessing.active_children() == []


def test_a_process_that_is_killed_costs_nothing(planted):
    made = stream((item for _ in range(5) for item in read_many(reports_path())), workers=2)
    kept = [next(made)]
    first = min(child.pid for child in multiprocessing.active_children())  # the other one may still be starting
    os.kill(first, signal.SIGKILL)
    kept.extend(made)
    assert kept == list(demo_codings()) * 5


def test_processes_that_die_while_they_start_end_the_run(planted, monkeypatch):
    monkeypatch.setenv("DIES", "at once")
    with pytest.raises(WorkerLost, match=r"ended while it started \(exit code 3\).* fewer --workers"):
        list(stream(inputs(), workers=2))
    assert multiprocessing.active_children() == []


@pytest.mark.long
def test_processes_that_die_again_and_again_end_the_run(planted, monkeypatch):
    monkeypatch.setenv("DIES", "always")
    with pytest.raises(WorkerLost, match=r"die one after the other .*exit code 3.* fewer --workers"):
        list(stream(inputs(), workers=2))
    assert multiprocessing.active_children() == []


def test_the_command_line_lists_it_and_its_exit_code_tells(planted, tmp_path):
    rows = b"".join(msgspec.json.encode(one) + b"\n" for one in bad("spins"))
    (tmp_path / "rows.jsonl").write_bytes(rows)
    done = subprocess.run(  # noqa: S603
        [*COMITY, "code", "rows.jsonl", "--jsonl", "out.jsonl", "--workers", "2", "--timeout", "1.5"],
        cwd=tmp_path, env=ENVIRONMENT | {"PYTHONPATH": os.environ["PYTHONPATH"]}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    # on a machine with much else to do the bound by the clock comes first
    told = r"rows\.jsonl:3: its coding (takes more than 1\.5 seconds of processor time|gave no answer in 7\.5 seconds); split it"
    assert re.search(told, done.stderr), done.stderr
    assert len((tmp_path / "out.jsonl").read_bytes().splitlines()) == len(demo_codings())


# --- a worker, seen from inside --------------------------------------------------------------------------------------


@pytest.fixture
def interruptible():
    """A worker is deaf to Ctrl-C; the tests are not."""
    before = signal.getsignal(signal.SIGINT)
    yield
    signal.signal(signal.SIGINT, before)


def test_a_worker_says_when_it_is_ready_and_answers_until_there_are_no_more_reports(interruptible):
    ours, theirs = multiprocessing.Pipe()
    reports = list(read_many(reports_path()))[:3]
    never = msgspec.structs.replace(reports[0], id="long", text="x" * 1_000_001, source="long.txt")
    answers = []

    def ask():
        answers.append(ours.recv())
        for batch in ([reports[0], never, reports[1]], reports[2:]):
            ours.send_bytes(msgspec.msgpack.encode(batch))
            answers.append(msgspec.msgpack.decode(ours.recv_bytes(), type=_Made))
        ours.close()

    asker = threading.Thread(target=ask, daemon=True)
    asker.start()
    _work(theirs, None, None, 60, None)
    asker.join()
    theirs.close()
    ready, first, second = answers
    assert ready is None
    assert first.codings == [demo_codings()[0], None, demo_codings()[1]]
    assert [one and one.source for one in first.left_out] == [None, "long.txt", None]
    assert (second.codings, second.left_out) == ([demo_codings()[2]], [None])


def test_a_worker_that_cannot_load_its_model_says_so_and_ends(interruptible):
    ours, theirs = multiprocessing.Pipe()
    _work(theirs, "xx_none_sm", None, None, None)
    assert isinstance(ours.recv(), ModelMissing)
