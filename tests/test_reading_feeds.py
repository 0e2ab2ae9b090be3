"""Feeds as files: what is a whole text, what is a link, and what hostile feeds cannot do."""

import json

import pytest
from reading_samples import SENTENCES, TEXT, item, rss
from shared import SHARED, needs_shared

from comity.reading import ReadError, read_many
from comity.reading.feeds import Feed, Item, parse
from comity.records import LeftOut, Report, report_id

pytest.importorskip("feedparser", reason="comes with comity[feeds]")

FULL = "".join(f"<p>{line}</p>" for line in TEXT.split("\n"))
DATE = "2022-10-29T00:38:00+08:00"


def test_rss_with_whole_texts_and_with_summaries():
    feed = parse(
        rss(item("https://example.org/a", full=FULL), item("https://example.org/b", summary=SENTENCES[0])), "f"
    )
    assert feed == Feed(
        "The Valley Times",
        (
            Item("https://example.org/a", "Ministers meet in Velm", DATE, TEXT),
            Item("https://example.org/b", "Ministers meet in Velm", DATE, None),
        ),
    )


def test_a_long_description_is_a_whole_text_unless_it_breaks_off():
    whole, broken = FULL * 2, FULL * 2 + "<p>Read more…</p>"
    feed = parse(rss(item("https://example.org/a", summary=whole), item("https://example.org/b", summary=broken)), "f")
    assert [found.text is not None for found in feed.items] == [True, False]


def test_atom():
    atom = f"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>The Valley Times</title>
    <entry><title>Ministers meet in Velm</title><link href="https://example.org/a"/><published>{DATE}</published>
    <content type="html">{FULL.replace("<", "&lt;")}</content></entry></feed>"""
    assert parse(atom.encode(), "f").items == (Item("https://example.org/a", "Ministers meet in Velm", DATE, TEXT),)


def test_json_feed(tmp_path):
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "The Valley Times",
        "items": [
            {"url": "https://example.org/a", "title": "Ministers", "date_published": DATE, "content_html": FULL},
            {"url": "https://example.org/b", "content_text": TEXT},
            {"url": "tag:example.org,2022:c", "summary": "Ministers met."},
            7,
        ],
    }
    assert parse(json.dumps(feed).encode(), "f").items == (
        Item("https://example.org/a", "Ministers", DATE, TEXT),
        Item("https://example.org/b", None, None, TEXT),
        Item(None, None, None, None),
    )
    path = tmp_path / "feed.json"
    path.write_text(json.dumps(feed))
    first, second, third = read_many(path)
    assert first == Report(
        id=report_id("https://example.org/a", DATE, TEXT),
        text=TEXT,
        title="Ministers",
        outlet="The Valley Times",
        url="https://example.org/a",
        published=DATE,
        source=f"{path}:1",
    )
    assert second.text == TEXT
    assert third == LeftOut(source=f"{path}:3", reason="the feed gives no full text for this item", cure="leave it out")


def test_sitemaps_and_their_news():
    sitemap = f"""<?xml version="1.0" encoding="UTF-8"?>
    <urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
    <url><loc>https://example.org/a</loc><lastmod>2022-10-30</lastmod><news:news><news:publication>
    <news:name>The Valley Times</news:name><news:language>en</news:language></news:publication>
    <news:publication_date>{DATE}</news:publication_date><news:title>Ministers meet</news:title></news:news></url>
    <url><loc>https://example.org/b</loc></url><url/></urlset>"""
    assert parse(sitemap.encode(), "f") == Feed(
        None,
        (
            Item("https://example.org/a", "Ministers meet", DATE, None, "The Valley Times"),
            Item("https://example.org/b", None, None, None),
        ),
    )
    index = "<sitemapindex><sitemap><loc>https://example.org/s1.xml</loc></sitemap></sitemapindex>"
    assert parse(index.encode(), "f") == Feed(None, (), ("https://example.org/s1.xml",))


def test_opml_lists_feeds(tmp_path):
    opml = """<opml version="2.0"><head><title>Papers</title></head><body><outline text="North">
    <outline type="rss" xmlUrl="https://example.org/feed"/><outline xmlurl="https://example.net/feed"/></outline>
    <outline xmlUrl="https://example.org/feed"/></body></opml>"""
    assert parse(opml.encode(), "f") == Feed("Papers", (), ("https://example.org/feed", "https://example.net/feed"))
    path = tmp_path / "papers.opml"
    path.write_text(opml)
    (left,) = read_many(path)
    assert left.line() == f"{path}: this is a list of 2 feeds, no feed; fetch them with `comity watch`"


def test_items_without_whole_text_are_links(tmp_path):
    path = tmp_path / "a.rss"
    path.write_bytes(
        rss(item("https://example.org/a", summary="Ministers met."), item("https://example.org/b", full=FULL))
    )
    left, report = read_many(path, outlet="ignored: the feed says more")
    assert (left.source, left.reason, left.cure) == (
        f"{path}:1 https://example.org/a",
        "the feed gives no full text for this item",
        "fetch the pages with `comity watch`",
    )
    assert (report.text, report.outlet) == (TEXT, "The Valley Times")


@pytest.mark.parametrize(
    "data", [b"", b"plain words", b"<html><body>moved</body></html>", b"{}", b'{"items": 3}', b"{"]
)
def test_what_is_no_feed_is_refused(data):
    with pytest.raises(ReadError):
        parse(data, "f")


def test_entities_are_not_expanded_and_nothing_is_fetched(tmp_path):
    import time

    secret = tmp_path / "secret.txt"
    secret.write_text("the secret")
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    doctype = f'<!DOCTYPE r [<!ENTITY l0 "lol">{levels}<!ENTITY x SYSTEM "file://{secret}">]>'
    started = time.process_time()
    for entity in ("&l11;", "&x;"):
        feed = (
            f'<?xml version="1.0"?>{doctype}<rss version="2.0"><channel><title>T</title><item><title>{entity}</title>'
        )
        feed += (
            f"<link>https://example.org/a</link><description>{FULL * 2}{entity}</description></item></channel></rss>"
        )
        sitemap = f'<?xml version="1.0"?>{doctype}<urlset><url><loc>{entity}</loc></url><url><loc>http://a/</loc></url></urlset>'
        for data in (feed, sitemap):
            try:
                found = repr(parse(data.encode(), "f"))
            except ReadError as error:
                found = str(error)
            assert "secret" not in found
            assert "lollol" not in found
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    "data", [b"<rss><channel>" + b"<item>" * 50_000, b"<urlset>" + b"<url>" * 200_000, rss() * 1000]
)
def test_deep_and_broken_feeds_end(data):
    try:
        assert isinstance(parse(data, "f"), Feed)
    except ReadError as error:
        assert str(error)


@needs_shared
def test_every_feed_of_the_collection_gives_what_it_has():
    counts = {}
    for path in sorted((SHARED / "news" / "feeds").glob("*/*")):
        found = list(read_many(path))
        assert all(isinstance(entry, Report | LeftOut) for entry in found)
        counts[path.name] = sum(isinstance(entry, Report) for entry in found)
    assert len(counts) == 74
    assert counts["DuplicateContentAtomFeed.xml"] == 10
    assert counts["json_feed.json"] == 20
    assert counts["unrecognized.rss"] == 0
    assert sum(counts.values()) > 600
