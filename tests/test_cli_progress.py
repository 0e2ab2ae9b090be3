"""How far a run has come: lines now and then, a bar on a terminal; and how much there is to do, where that can be known."""

import io
import sys

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from comity.cli import progress


@pytest.fixture
def clock(monkeypatch):
    """The seconds that have gone by: a list whose last item is now."""
    now = [0.0]
    monkeypatch.setattr(progress, "monotonic", lambda: now[-1])
    return now


@pytest.mark.parametrize(
    ("total", "told"),
    [
        (None, "reports: 45, 4.0/s\n"),
        (85, "reports: 45 of 85, 4.0/s, 10 s left\n"),
        (1_245, "reports: 45 of 1,245, 4.0/s, 5 min 0 s left\n"),
        (45_000, "reports: 45 of 45,000, 4.0/s, 3 h 7 min left\n"),
        (45, "reports: 45 of 45, 4.0/s\n"),
    ],
)
def test_a_line_is_written_now_and_then_with_the_rate_since_the_first_was_done(clock, capsys, total, told):
    with progress.progress("reports", total) as tick:
        for second, done in ((60, 5), (65, 25), (70, 45), (72, 50)):
            clock.append(second)
            tick(done)
    assert capsys.readouterr().err == told


def test_on_a_terminal_it_is_a_bar_that_is_gone_in_the_end(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.setattr(sys, "stderr", screen := Terminal())
    monkeypatch.setenv("TERM", "xterm")
    for total in (4, None):
        with progress.progress("reports", total) as tick:
            tick(2)
            tick(4)
    assert "reports" in screen.getvalue()
    assert screen.getvalue().endswith("\x1b[1A\x1b[2K")


def test_how_many_reports_there_will_be_is_known_for_plain_files_only(tmp_path):
    (tmp_path / "a.txt").write_text("One.")
    (tmp_path / "b.jsonl").write_text('{"text": "Two."}\n{"text": "Three."}\n')
    pq.write_table(pa.table({"text": ["x"] * 3}), tmp_path / "c.parquet")
    files = [tmp_path / name for name in ("a.txt", "b.jsonl", "c.parquet")]
    assert progress.expected(files) == 6
    assert progress.expected([*files, tmp_path / "missing.txt"]) == 7
    assert progress.expected([*files, "-"]) is None
    (tmp_path / "d.jsonl.gz").write_bytes(b"")
    (tmp_path / "e.parquet").write_bytes(b"no parquet")
    assert [progress.expected([tmp_path / name]) for name in ("d.jsonl.gz", "e.parquet")] == [None, None]
