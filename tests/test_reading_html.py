"""Web pages: main text, title, site, date, charset."""

import gzip
import json
import signal
from collections import Counter
from contextlib import suppress
from datetime import date

import pytest
from reading_samples import SENTENCES, TEXT, http, page, warc_record
from shared import SHARED, needs_shared

from comity.reading import read
from comity.reading.html import NoReport, Page, decode_html, extract, fragment_text
from comity.records import report_id

MAIN = f"Ministers meet in Velm\n{TEXT}"


def test_main_text_title_site_date_and_address():
    html = page(
        head='<meta property="og:site_name" content="The Valley Times">'
        '<meta property="article:published_time" content="2022-10-29T00:38:00+08:00">'
        '<link rel="canonical" href="https://example.org/a">'
    )
    assert extract(html) == Page(
        MAIN, "Ministers meet in Velm", "The Valley Times", "2022-10-29T00:38:00+08:00", "https://example.org/a"
    )


def test_the_report_of_a_file(tmp_path):
    path = tmp_path / "a.html"
    path.write_text(page(), "utf-8")
    report = read(path, published="29 October 2022", outlet="The Valley Times", url="https://example.org/a")
    assert (report.text, report.title, report.outlet, report.published, report.url, report.source) == (
        MAIN,
        "Ministers meet in Velm",
        "The Valley Times",
        "2022-10-29",
        "https://example.org/a",
        str(path),
    )
    assert report.id == report_id("https://example.org/a", "2022-10-29", MAIN)


@pytest.mark.parametrize(
    ("head", "published"),
    [
        (
            '<script type="application/ld+json">{"@type": "Article", "datePublished": "2022-10-29T00:38:00Z"}</script>',
            "2022-10-29T00:38:00Z",
        ),
        ('<meta itemprop="datePublished" content="Oct 29, 2022 12:38 AM">', "2022-10-29T00:38:00"),
        ('<meta name="pubdate" content="20221029">', "2022-10-29"),
        ('<meta property="article:modified_time" content="2022-10-30">', "2022-10-30"),
        ('<meta property="article:published_time" content="0001-01-01T00:00:00Z">', None),
    ],
)
def test_dates_come_from_the_metadata(head, published):
    assert extract(page(head=head)).published == published


def test_dates_come_from_the_page_where_there_is_no_metadata():
    assert extract(page(body='<time datetime="2022-10-29">Saturday</time>')).published == "2022-10-29"
    assert extract(page(), url="https://example.org/2022/10/29/ministers-meet").published == "2022-10-29"


def test_a_page_cannot_be_dated_after_its_capture():
    html = page(head='<meta property="article:published_time" content="2022-10-29">')
    assert extract(html, not_after=date(2022, 10, 29)).published == "2022-10-29"
    assert extract(html, not_after=date(2022, 10, 28)).published is None


def test_a_page_in_another_language_can_be_refused():
    german = "Die Außenminister beider Länder trafen sich am Freitag in der Hafenstadt Velm und sprachen lange. " * 9
    with pytest.raises(NoReport, match="holds no English prose"):
        extract(page(german, lang="de"), english_only=True)
    assert "Hafenstadt" in extract(page(german, lang="de")).text
    assert extract(page(), english_only=True).text == MAIN


def test_a_page_without_text_is_none():
    with pytest.raises(NoReport, match="it has no main text"):
        extract("<html><body><img src='a.png'></body></html>")
    with pytest.raises(NoReport, match="too short"):
        extract("<html><body><p>Velm, on Friday.</p></body></html>", least=200)


@pytest.mark.parametrize(
    ("data", "charset"),
    [
        ("<meta charset='windows-1252'><p>It’s £5</p>".encode("cp1252"), None),
        ("<meta charset='utf-16'><p>It’s £5</p>".encode(), None),
        ('<?xml version="1.0" encoding="iso-8859-1"?><p>It’s £5</p>'.encode("cp1252"), None),
        ("<p>It’s £5</p>".encode("utf-16"), "iso-8859-1"),
        ("<p>It’s £5</p>".encode("cp1252"), "ISO-8859-1"),
        ("<p>It’s £5</p>".encode(), None),
    ],
)
def test_charsets_follow_the_standard(data, charset):
    assert "<p>It’s £5</p>" in decode_html(data, charset)


def test_fragments_become_lines():
    html = "<p>One &amp; two<br>three</p><ul><li>a</li><li> b <b>c</b></li></ul><script>x()</script>tail"
    assert fragment_text(html) == "One & two\nthree\na\nb c\ntail"
    assert fragment_text("plain & simple") == "plain & simple"
    assert fragment_text("plain") == "plain"


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 100_000 + f"<p>{TEXT}</p>",
        "<b><i><p>" * 20_000 + TEXT,
        "<table><tr><td>" * 20_000 + TEXT,
        "<p>" + "<span>" * 50_000 + TEXT,
        "<!DOCTYPE html><html>" + "\0" * 5000 + page(),
        "<html><head><script type='application/ld+json'>" + "{" * 100_000,
        "<a " + "x=1 " * 100_000 + ">",
        "&#x1F600;" * 50_000,
        "<" * 100_000,
    ],
)
def test_hostile_pages_end_in_good_time(html):
    import time

    started = time.perf_counter()
    try:
        assert isinstance(extract(html), Page)
    except NoReport as why:
        assert str(why)
    assert time.perf_counter() - started < 10


def _shingles(text, words=4):
    import re

    found = re.findall(r"\w+", text)
    return Counter(tuple(found[n : n + words]) for n in range(max(1, len(found) - words + 1)))


def _f1(pairs):
    precision = recall = 0.0
    for gold, found in pairs:
        gold, found = _shingles(gold), _shingles(found)
        common = sum((gold & found).values())
        precision += common / max(1, sum(found.values())) / len(pairs)
        recall += common / max(1, sum(gold.values())) / len(pairs)
    return 2 * precision * recall / (precision + recall)


@needs_shared
def test_main_text_is_as_good_as_trafilatura_itself():
    import logging

    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    folder = SHARED / "news" / "html"
    ours, theirs = [], []
    rows = [json.loads(line) for line in (folder / "gold.jsonl").open()]
    for row in rows:
        data = gzip.decompress((folder / row["html"]).read_bytes())
        ours.append((row["text"], extract(decode_html(data), url=row["url"]).text))
        theirs.append((row["text"], trafilatura.extract(data, url=row["url"]) or ""))
    assert len(rows) == 114
    assert _f1(ours) >= 0.945
    assert _f1(ours) >= 0.95 * _f1(theirs)


def test_sentences_of_the_sample_survive():
    assert all(sentence in extract(page()).text for sentence in SENTENCES)


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timers of processor time here")
def test_a_page_that_takes_too_long_is_left_out_and_the_archive_goes_on(tmp_path, monkeypatch):
    import trafilatura

    from comity.reading import html, read_many

    whole = trafilatura.bare_extraction

    def slow(tree, **given):
        while "b.html" in (given["url"] or ""):
            with suppress(Exception):  # as a library may that takes any error for its own
                "".join(str(n) for n in range(1000))
        return whole(tree, **given)

    monkeypatch.setattr(trafilatura, "bare_extraction", slow)
    monkeypatch.setattr(html, "PAGE_SECONDS", 0.5)
    records = (warc_record(url=f"http://example.org/{name}.html", block=http(page())) for name in "abc")
    (tmp_path / "a.warc").write_bytes(b"".join(records))
    made = list(read_many(tmp_path / "a.warc"))
    assert [getattr(one, "url", None) for one in made] == [
        "http://example.org/a.html",
        None,
        "http://example.org/c.html",
    ]
    assert "takes more than 0.5 seconds of processor time" in made[1].reason
