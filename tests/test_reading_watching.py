"""Watching feeds on a server on this machine: what is fetched, how often, and how politely."""

import email.utils
import gzip
import threading
import time
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise

import pytest
from reading_samples import TEXT, item, page, rss

from comity.reading import ReadError, watch
from comity.reading.fetching import LONGEST_RETRY_AFTER, Fetcher, TryAgain, is_private
from comity.records import LeftOut, Report

pytest.importorskip("feedparser", reason="comes with comity[feeds]")
pytest.importorskip("protego", reason="comes with comity[feeds]")

FULL = "".join(f"<p>{line}</p>" for line in TEXT.split("\n"))
DATED = '<meta property="article:published_time" content="2022-10-29T00:38:00+08:00">'


class Site:
    """A web site: `pages` maps a path to a body, or to a function of the request's headers that gives (status, headers,
    body). Keeps the log of requests with their time."""

    def __init__(self):
        self.pages, self.log = {"/robots.txt": lambda headers: (404, {}, b"")}, []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                site.log.append((self.path, dict(self.headers), time.monotonic()))
                found = site.pages.get(self.path, lambda headers: (404, {}, b"nothing here"))
                status, headers, body = found(self.headers) if callable(found) else (200, {}, found)
                self.send_response(status)
                for name, value in ({"Content-Type": "text/html; charset=utf-8"} | headers).items():
                    self.send_header(name, value)
                self.end_headers()
                if body:
                    self.wfile.write(body if isinstance(body, bytes) else body.encode())

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def asked(self, path):
        return sum(entry[0] == path for entry in self.log)

    def paths(self):
        return [entry[0] for entry in self.log if entry[0] != "/robots.txt"]


@pytest.fixture
def site():
    found = Site()
    yield found
    found.server.shutdown()
    found.server.server_close()


def quick(**kwargs):
    return Fetcher(**({"pause": 0.0, "backoff": 0.01} | kwargs))


def split(found):
    found = list(found)
    return [f for f in found if isinstance(f, Report)], [f for f in found if isinstance(f, LeftOut)]


def test_whole_texts_are_taken_from_the_feed_and_others_from_their_pages(site):
    site.pages["/feed"] = rss(item(f"{site.url}/a", full=FULL), item("/b", summary="Ministers met."))
    site.pages["/b"] = page(head=DATED, title="The page's own title")
    reports, left = split(watch(f"{site.url}/feed", fetcher=quick()))
    assert left == []
    assert [(r.url, r.title, r.outlet, r.published, r.source) for r in reports] == [
        (f"{site.url}/a", "Ministers meet in Velm", "The Valley Times", "2022-10-29T00:38:00+08:00", f"{site.url}/a"),
        (f"{site.url}/b", "The page's own title", "The Valley Times", "2022-10-29T00:38:00+08:00", f"{site.url}/b"),
    ]
    assert reports[0].text == TEXT
    assert reports[1].text == f"The page's own title\n{TEXT}"


def test_only_what_is_new_is_given_and_unchanged_feeds_are_not_sent_again(site, tmp_path):
    content = [rss(item(f"{site.url}/a", full=FULL))]
    stamp = email.utils.formatdate(usegmt=True)

    def feed(headers):
        tag = f'"{len(content[0])}"'
        if headers.get("If-None-Match") == tag and headers.get("If-Modified-Since") == stamp:
            return 304, {}, b""
        return 200, {"ETag": tag, "Last-Modified": stamp}, content[0]

    site.pages["/feed"] = feed
    state = tmp_path / "watch.sqlite"

    def run():
        return [r.url for r in watch(f"{site.url}/feed", state=state, fetcher=quick())]

    assert run() == [f"{site.url}/a"]
    assert run() == []
    assert site.log[-1][1]["If-None-Match"]
    content[0] = rss(item(f"{site.url}/new", full=FULL), item(f"{site.url}/a", full=FULL))
    assert run() == [f"{site.url}/new"]


def test_an_item_counts_as_seen_only_when_the_next_one_is_asked_for(site, tmp_path):
    site.pages["/feed"] = rss(item(f"{site.url}/a", full=FULL), item(f"{site.url}/b", full=FULL))
    state = tmp_path / "watch.sqlite"
    broken_off = watch(f"{site.url}/feed", state=state, fetcher=quick())
    assert next(broken_off).url == f"{site.url}/a"
    broken_off.close()
    assert [r.url for r in watch(f"{site.url}/feed", state=state, fetcher=quick())] == [
        f"{site.url}/a",
        f"{site.url}/b",
    ]


def test_several_rounds_in_one_call(site):
    site.pages["/feed"] = rss(item(f"{site.url}/a", full=FULL))
    found = []
    for report in watch(f"{site.url}/feed", rounds=3, every=0.01, fetcher=quick()):
        found.append(report.url)
        site.pages["/feed"] = rss(item(f"{site.url}/{len(found)}", full=FULL))
    assert found == [f"{site.url}/a", f"{site.url}/1", f"{site.url}/2"]
    assert site.asked("/feed") == 3


def test_lists_and_sitemaps_are_followed(site, tmp_path):
    site.pages["/feed"] = rss(item(f"{site.url}/a", full=FULL))
    site.pages["/index.xml"] = f"<sitemapindex><sitemap><loc>{site.url}/map.xml.gz</loc></sitemap></sitemapindex>"
    urls = "".join(f"<url><loc>{site.url}/{n}</loc></url>" for n in "bc")
    site.pages["/map.xml.gz"] = gzip.compress(f"<urlset>{urls}</urlset>".encode())
    site.pages["/b"] = site.pages["/c"] = page(head=DATED)
    opml = tmp_path / "papers.opml"
    opml.write_text(
        f'<opml><body><outline xmlUrl="{site.url}/feed"/><outline xmlUrl="{site.url}/index.xml"/></body></opml>'
    )
    reports, left = split(watch(opml, fetcher=quick()))
    assert left == []
    assert {r.url for r in reports} == {f"{site.url}/{n}" for n in "abc"}
    plain = tmp_path / "papers.txt"
    plain.write_text(f"# papers\n{site.url}/feed\n")
    assert [r.url for r in watch(plain, fetcher=quick())] == [f"{site.url}/a"]


def test_robots_txt_is_obeyed(site):
    site.pages["/robots.txt"] = "User-agent: *\nDisallow: /private\nUser-agent: comity\nDisallow: /secret\n"
    site.pages["/feed"] = rss(item(f"{site.url}/secret/a"), item(f"{site.url}/b"))
    site.pages["/secret/a"] = site.pages["/b"] = page(head=DATED)
    reports, left = split(watch(f"{site.url}/feed", fetcher=quick()))
    assert [r.url for r in reports] == [f"{site.url}/b"]
    assert [entry.line() for entry in left] == [
        f"{site.url}/secret/a: the site's robots.txt does not allow it; leave it out, or ask the site"
    ]
    assert site.asked("/secret/a") == 0
    assert site.asked("/robots.txt") == 1


def test_a_site_whose_robots_txt_fails_is_left_alone(site):
    site.pages["/robots.txt"] = lambda headers: (503, {}, b"")
    site.pages["/feed"] = rss(item(f"{site.url}/a", full=FULL))
    (left,) = watch(f"{site.url}/feed", fetcher=quick())
    assert "robots.txt cannot be fetched" in left.line()
    assert site.paths() == []


def test_a_pause_is_kept_between_two_requests_to_one_host(site):
    site.pages["/feed"] = rss(*(item(f"{site.url}/{n}") for n in range(3)))
    for n in range(3):
        site.pages[f"/{n}"] = page(head=DATED)
    assert len(list(watch(f"{site.url}/feed", fetcher=quick(pause=0.15)))) == 3
    times = [entry[2] for entry in site.log]
    assert len(times) == 5
    assert min(later - earlier for earlier, later in pairwise(times)) >= 0.14


def test_a_crawl_delay_is_kept_and_bounded(site):
    waits = []
    clock = [0.0]

    def sleep(seconds):
        waits.append(seconds)
        clock[0] += seconds

    site.pages["/robots.txt"] = "User-agent: *\nCrawl-delay: 7\n"
    fetcher = Fetcher(pause=1.0, clock=lambda: clock[0], sleep=sleep)
    for path in ("/a", "/b", "/c"):
        site.pages[path] = page()
        fetcher.get(site.url + path, limit=100_000)
    assert waits == [1.0, 7.0, 7.0]


def test_hosts_rest_while_others_are_asked(site):
    other = Site()
    try:
        for place in (site, other):
            place.pages["/feed"] = rss(*(item(f"{place.url}/{n}") for n in range(3)))
            for n in range(3):
                place.pages[f"/{n}"] = page(head=DATED)
        started = time.monotonic()
        found = list(watch([f"{site.url}/feed", f"{other.url}/feed"], fetcher=quick(pause=0.2)))
        assert len(found) == 6
        assert time.monotonic() - started < 1.6  # one after the other: 2 × 4 pauses and more
    finally:
        other.server.shutdown()
        other.server.server_close()


def test_overload_is_waited_out_and_then_given_up(site, tmp_path):
    answers = [(503, {}), (429, {"Retry-After": "0"}), (200, {})]
    site.pages["/feed"] = lambda headers: (*answers.pop(0), rss(item(f"{site.url}/a")))
    site.pages["/a"] = lambda headers: (502, {}, b"")
    state = tmp_path / "watch.sqlite"
    (left,) = watch(f"{site.url}/feed", state=state, fetcher=quick())
    assert left.line() == f"{site.url}/a: the server answered 502; try again later"
    assert site.asked("/a") == 3
    answers.append((200, {}))
    site.pages["/a"] = page(head=DATED)  # what failed for a while is tried again in the next round
    assert [r.url for r in watch(f"{site.url}/feed", state=state, fetcher=quick())] == [f"{site.url}/a"]


def test_a_site_that_asks_for_a_long_rest_gets_it(site):
    site.pages["/a"] = lambda headers: (429, {"Retry-After": str(int(LONGEST_RETRY_AFTER) + 900)}, b"")
    fetcher = quick()
    with pytest.raises(TryAgain, match="left alone for 1020 seconds"):
        fetcher.get(f"{site.url}/a", limit=1000)
    assert fetcher.wait(f"{site.url}/b") > 1000
    assert site.asked("/a") == 1


def test_what_is_gone_is_asked_for_once(site, tmp_path):
    site.pages["/feed"] = rss(item(f"{site.url}/gone"))
    state = tmp_path / "watch.sqlite"
    (left,) = watch(f"{site.url}/feed", state=state, fetcher=quick())
    assert left.line() == f"{site.url}/gone: the server answered 404; check the address"
    assert list(watch(f"{site.url}/feed", state=state, fetcher=quick())) == []
    assert site.asked("/gone") == 1


def test_redirects_are_followed_and_bounded(site):
    site.pages["/feed"] = lambda headers: (301, {"Location": "/new"}, b"")
    site.pages["/new"] = rss(item("a", full=FULL))
    assert [r.url for r in watch(f"{site.url}/feed", fetcher=quick())] == [f"{site.url}/a"]
    site.pages["/round"] = lambda headers: (302, {"Location": "/round"}, b"")
    with pytest.raises(ReadError, match="redirects more than 5 times"):
        quick().get(f"{site.url}/round", limit=1000)
    site.pages["/out"] = lambda headers: (302, {"Location": "file:///etc/hostname"}, b"")
    with pytest.raises(ReadError, match="no web address"):
        quick().get(f"{site.url}/out", limit=1000)


def test_answers_are_bounded(site):
    site.pages["/large"] = b"x" * 3_000_000
    site.pages["/bomb"] = lambda headers: (200, {"Content-Encoding": "gzip"}, gzip.compress(b"x" * 30_000_000))
    site.pages["/packed"] = lambda headers: (200, {"Content-Encoding": "gzip"}, gzip.compress(b"fine"))
    for path in ("/large", "/bomb"):
        with pytest.raises(ReadError, match="the answer is larger than 1 MB"):
            quick().get(site.url + path, limit=1 << 20)
    assert quick().get(f"{site.url}/packed", limit=1 << 20).body == b"fine"


def test_feeds_from_elsewhere_cannot_reach_into_this_network(site):
    with pytest.raises(ReadError, match="private network"):
        quick().get(f"{site.url}/a", limit=1000, may_be_private=False)
    assert site.log == []
    for host in ("localhost", "127.0.0.1", "10.1.2.3", "169.254.169.254", "::1"):
        assert is_private(host), host
    assert not is_private("203.0.114.9")
    assert not is_private("no.such.host.invalid")


def test_pages_that_are_no_english_reports_are_left_out(site):
    german = "Die Außenminister beider Länder trafen sich am Freitag in der Hafenstadt Velm und sprachen lange. " * 9
    site.pages["/feed"] = rss(item(f"{site.url}/de"), item(f"{site.url}/image"))
    site.pages["/de"] = page(german)
    site.pages["/image"] = lambda headers: (200, {"Content-Type": "image/png"}, b"\x89PNG")
    reports, left = split(watch(f"{site.url}/feed", fetcher=quick()))
    assert reports == []
    assert {entry.reason for entry in left} == {"it holds no English prose", "this is no web page (image/png)"}


def test_the_newest_come_first_and_the_rest_later(site, tmp_path):
    entries = [item(f"{site.url}/{n}", full=FULL, date=f"{n:02d} Oct 2022 10:00 GMT") for n in range(10, 20)]
    site.pages["/feed"] = lambda headers: (200, {"ETag": '"1"'}, rss(*entries))
    state = tmp_path / "watch.sqlite"

    def run(**kwargs):
        return [r.url[-2:] for r in watch(f"{site.url}/feed", state=state, fetcher=quick(), **kwargs)]

    assert run(most=3) == ["19", "18", "17"]
    assert run(most=3) == ["16", "15", "14"]
    assert run(since=date(2022, 10, 12)) == ["13", "12"]


def test_what_cannot_be_watched_says_so_and_the_rest_goes_on(site, tmp_path):
    site.pages["/feed"] = rss(item(f"{site.url}/a", full=FULL))
    site.pages["/page"] = page()
    sources = [
        str(tmp_path / "none.opml"),
        f"{site.url}/page",
        f"{site.url}/missing",
        "http://127.0.0.1:9/feed",
        f"{site.url}/feed",
    ]
    reports, left = split(watch(sources, fetcher=quick()))
    assert [r.url for r in reports] == [f"{site.url}/a"]
    reasons = {entry.source: entry.reason for entry in left}
    assert reasons[str(tmp_path / "none.opml")] == "there is no such file"
    assert reasons[f"{site.url}/page"].startswith("this is no feed")
    assert reasons[f"{site.url}/missing"] == "the server answered 404"
    assert "cannot be fetched" in reasons["http://127.0.0.1:9/feed"]
    with pytest.raises(ReadError, match="state of the watch cannot be kept"):
        next(watch(f"{site.url}/feed", state=tmp_path / "no" / "folder" / "x", fetcher=quick()))
