"""Pages, archives and feeds for the tests of the reading room; all sentences are made up."""

import gzip

SENTENCES = (
    "The foreign ministers of Arland and Borland met on Friday in the port city of Velm.",
    "They agreed to resume the talks on fisheries that had been broken off in the spring of last year.",
    "A spokesperson for the ministry of Arland said that the delegation was satisfied with the outcome.",
    "The opposition in Borland said that the government had given away too much for too little.",
    "Both sides will send experts to the islands before the end of the month, according to the statement.",
    "It was the first meeting of the two ministers since the elections in Borland.",
)
TEXT = "\n".join(" ".join(SENTENCES[n:] + SENTENCES[:n]) for n in range(4))


def page(text=TEXT, *, head="", title="Ministers meet in Velm", body="", lang="en"):
    paragraphs = "".join(f"<p>{line}</p>\n" for line in text.split("\n"))
    return (
        f'<!DOCTYPE html>\n<html lang="{lang}"><head><meta charset="utf-8">'
        f"<title>{title} | The Valley Times</title>{head}</head>"
        f'<body><nav><a href="/">Home</a> <a href="/sport">Sport</a></nav><article><h1>{title}</h1>{paragraphs}'
        f"</article>{body}<footer>All rights reserved by the publisher of this page</footer></body></html>"
    )


def warc_record(kind="response", *, url="http://example.org/a", date="2022-10-29T10:00:00Z", block=b"", extra=""):
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: {date}\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-{abs(hash((kind, url))) % 10**12:012d}>\r\n{extra}"
        f"Content-Type: application/http; msgtype={kind}\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def http(body, *, status="200 OK", content_type="text/html; charset=utf-8", headers=""):
    if isinstance(body, str):
        body = body.encode()
    kind = f"Content-Type: {content_type}\r\n" if content_type else ""
    return f"HTTP/1.1 {status}\r\n{kind}{headers}\r\n".encode() + body


def members(*records):
    """Records compressed one by one, as the WARC standard wants it."""
    return b"".join(gzip.compress(record) for record in records)


def rss(*items, title="The Valley Times"):
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>{title}</title>{''.join(items)}</channel></rss>"
    ).encode()


def item(url="", title="Ministers meet in Velm", *, full="", summary="", date="Sat, 29 Oct 2022 00:38:00 +0800"):
    content = f"<content:encoded><![CDATA[{full}]]></content:encoded>" if full else ""
    link = f"<link>{url}</link>" if url else ""
    return (
        f"<item><title>{title}</title>{link}<pubDate>{date}</pubDate>"
        f"<description><![CDATA[{summary}]]></description>{content}</item>"
    )
