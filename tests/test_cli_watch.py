"""`comity watch`: new reports of feeds go into the ledger, each once; a round that is not stored is asked for again."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cli_running import here

from comity import Ledger
from comity.cli import watch as command
from comity.reading.fetching import Fetcher

pytest.importorskip("feedparser", reason="comes with comity[feeds]")
pytest.importorskip("protego", reason="comes with comity[feeds]")

STORY = (
    "Peru's foreign minister met his Chilean counterpart in Lima on Monday. The two sides signed an agreement on border "
    "trade, the ministry said in a statement. Chile had accused Peru of closing the crossing last month. "
)


def feed(*numbers):
    items = "".join(
        f"<item><title>Talks {n}</title><link>/story/{n}</link><guid>{n}</guid>"
        f"<pubDate>Mon, 06 May 2024 1{n}:00:00 GMT</pubDate><content:encoded><![CDATA[<p>{STORY * 3} Round {n}.</p>]]></content:encoded></item>"
        for n in numbers
    )
    return f"<?xml version='1.0'?><rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel><title>The Lima Gazette</title>{items}</channel></rss>"


@pytest.fixture
def site():
    pages = {"/feed": feed(1, 2)}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            body = pages.get(self.path, "")
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "application/rss+xml; charset=utf-8")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/feed", pages
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch):
    monkeypatch.setitem(Fetcher.__init__.__kwdefaults__, "pause", 0.0)


def test_each_round_adds_what_is_new(site, tmp_path, capsys):
    url, pages = site
    words = ("watch", url, "--once", "--ledger", tmp_path / "l", "--json")
    first = here(capsys, *words)
    assert (first.code, '"added":2' in first.out.replace(" ", "")) == (0, True), first
    again = here(capsys, *words)
    assert (again.code, '"added":0' in again.out.replace(" ", "")) == (0, True), again
    pages["/feed"] = feed(1, 2, 3)
    third = here(capsys, *words)
    assert (third.code, '"added":1' in third.out.replace(" ", "")) == (0, True), third
    with Ledger(tmp_path / "l", read_only=True) as ledger:
        assert {row["outlet"] for row in ledger.reports().to_pylist()} == {"The Lima Gazette"}
        assert ledger.count("reports") == 3
        assert ledger.count("events") > 0
    assert (tmp_path / "l" / command.STATE).exists()


def test_what_was_not_stored_is_not_seen(site, tmp_path, capsys, monkeypatch):
    url, _ = site
    words = ("watch", url, "--once", "--ledger", tmp_path / "l", "--json")
    with monkeypatch.context() as broken:
        broken.setattr("comity.ledger.Ledger.add", lambda *_, **__: (_ for _ in ()).throw(OSError("the disk is full")))
        assert here(capsys, *words).code == 2
    assert '"added":2' in here(capsys, *words).out.replace(" ", "")


def test_a_feed_that_cannot_be_read_is_told(tmp_path, capsys):
    answer = here(capsys, "watch", tmp_path / "none.opml", "--once", "--ledger", tmp_path / "l")
    assert answer.code == 2
    assert "none.opml" in answer.err
