"""Small whole inputs of each kind, from which mutations begin; all sentences are made up."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

EXCHANGED = Path(__file__).resolve().parents[1] / "tests" / "data" / "exchange"

TEXT = (
    "Ministers meet in Velm\nPublished: 3 May 2021\nSource: The Valley Times\n\nVELM, May 3 (Xinhua) -- The foreign "
    "ministers of Arland and Borland met on Friday in the port city. “We agreed,” said the minister, to resume the talks "
    "that had been broken off in the spring of last year.\n\nBoth sides will send experts before the end of the month.\n"
)
PARAGRAPH = TEXT.split("\n\n")[1]
PAGE = (
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Ministers meet | The Valley Times</title>'
    '<meta property="article:published_time" content="2021-05-03T10:00:00+02:00"><link rel="canonical" '
    'href="https://example.org/a"><script type="application/ld+json">{"datePublished": "2021-05-03", "publisher": '
    '{"name": "The Valley Times"}}</script></head><body><article><h1>Ministers meet</h1>'
    + f"<p>{PARAGRAPH}</p>" * 3
    + "</article></body></html>"
)
ROW = '{"id": "a1", "text": "Arland met Borland.", "published": "2021-05-03", "title": "Talks", "actors": [{"start": 0, "end": 6, "name": "Arland", "country": null}]}'  # fmt: skip
FEED = (
    '<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>The '
    "Valley Times</title><item><title>Talks</title><link>https://example.org/a</link><pubDate>Mon, 03 May 2021 10:00:00 "
    f"GMT</pubDate><content:encoded><![CDATA[<p>{PARAGRAPH * 4}</p>]]></content:encoded></item></channel></rss>"
)
ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><entry><title>Talks</title><link href="https://example.org/a"/>'
    f'<updated>2021-05-03T10:00:00Z</updated><content type="html">&lt;p&gt;{PARAGRAPH * 4}&lt;/p&gt;</content></entry></feed>'
)
SITEMAP = (
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">'
    "<url><loc>https://example.org/a</loc><news:news><news:publication_date>2021-05-03</news:publication_date><news:title>T"
    "</news:title></news:news></url></urlset>"
)


def _warc() -> bytes:
    body = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{PAGE}".encode()
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://example.org/a\r\nWARC-Date: 2021-05-03T10:00:00Z\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body + b"\r\n\r\n"


def _parquet() -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    out = io.BytesIO()
    pq.write_table(
        pa.table({"id": ["a", "b"], "text": ["Arland met Borland.", None], "published": ["2021-05-03", "x"]}), out
    )
    return out.getvalue()


def _zip(data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../rows.tsv", data)
    return out.getvalue()


def seeds() -> dict[str, list[bytes]]:
    """By target."""
    csv = b'id,text,published,actors\na,"Arland met,\n""Borland"".",2021-05-03,\nb,,,\n'
    warc = _warc()
    rows = f"{ROW}\n\n{ROW}\n".encode()
    rows_of = {path.name: path.read_bytes()[:20_000] for path in sorted(EXCHANGED.iterdir())}
    return {
        "text": [TEXT.encode(), TEXT.encode("utf-16"), TEXT.encode("cp1252", "replace"), gzip.compress(TEXT.encode())],
        "html": [PAGE.encode(), PAGE.encode("utf-16"), b"<p>a</p>"],
        "jsonl": [rows, gzip.compress(rows), rows.decode().encode("utf-16")],
        "json": [
            f"[{ROW}]".encode(),
            ROW.encode(),
            b'{"version": "https://jsonfeed.org/version/1", "items": [{"content_text": "a", "url": "u"}]}',
        ],
        "csv": [csv, csv.replace(b",", b"\t"), csv.replace(b",", b";")],
        "parquet": [_parquet()],
        "warc": [warc, gzip.compress(warc) * 2, b"filedesc://a 0.0.0.0 20210503000000 text/plain 3\n1 0\n\n"],
        "feed": [
            FEED.encode(),
            ATOM.encode(),
            SITEMAP.encode(),
            b'<opml><body><outline xmlUrl="https://e.org/f"/></body></opml>',
        ],
        "any": [TEXT.encode(), PAGE.encode(), rows, csv, warc, FEED.encode()],
        "head": [
            TEXT.encode(),
            b"Monday 2 May 2005 15.23 BST The minister",
            b"Sat, 29 Oct 2022 00:38:00 +0800",
            b"2021-W03-4",
        ],
        "exchange": [*rows_of.values(), gzip.compress(rows_of["gdelt"]), _zip(rows_of["icews"])],
    }


WORDS: dict[str, tuple[str, ...]] = {
    "html": (
        "<p>", "</p>", "<div>", "<article>", "<table>", "<tr>", "<td>", "<meta charset=", "<script>", "<!--", "-->", "<![CDATA[",
        "&amp;", "&#x", "<title>", "<h1>", "<svg>", "<base href=", 'lang="', "datePublished", "article:published_time", "<ul><li>",
    ),
    "feed": ("<item>", "</item>", "<entry>", "<link>", "<content", "<!DOCTYPE", "<!ENTITY", "&a;", "<pubDate>", "<url><loc>", "<outline"),
    "warc": (
        "WARC/1.0\r\n", "WARC-Type: response\r\n", "Content-Length: ", "\r\n\r\n", "HTTP/1.1 200 OK\r\n", "Content-Encoding: gzip",
        "Transfer-Encoding: chunked", "Content-Type: text/html", "99999999999", "-1", "filedesc:",
    ),
    "jsonl": ('{"text": "', '"}', '"actors": [', '"start": ', "\\ud800", "null", '"published": ', "1e999"),
    "csv": ('"', '""', ",", ";", "\t", "\r\n", "text", "id"),
    "text": ("Published: ", "Source: ", "(Xinhua) -- ", "BEIJING, Oct 28", "\r\n", "By ", "GMT", "2021-05-03", "\u00a0", "“"),
    "exchange": ("\t", "\n", "\r", "20210503", "EventID", "GLOBALEVENTID", "\x00"),
}  # fmt: skip
"""What each kind is made of: mutations put them in. Targets that are not named use those of `text`."""
