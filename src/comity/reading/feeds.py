"""Feeds: RSS, Atom, RDF, JSON Feed, sitemaps (with their news extension) and OPML lists of feeds.

An item that carries its whole text becomes a report; one that carries a summary is a link, which `watching` follows.
"""

from __future__ import annotations

import io
import re
import time
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from comity.reading.encoding import decode
from comity.reading.errors import ReadError
from comity.reading.filling import Filling
from comity.reading.html import MIN_TEXT, fragment_text
from comity.reading.inputs import Input, open_plain, read_bounded, refuse_binary
from comity.reading.published import normalise
from comity.records import LeftOut, Report, report_id

MAX_FEED_BYTES = 32 * 1024 * 1024
"""The largest of 74 collected feeds has 1.6 MB; a sitemap may have 50 MB by its standard, then with 50,000 links."""

MAX_ITEMS = 50_000
"""Items of one feed; the sitemap standard's own limit."""

FULL_SUMMARY = 800
"""Characters from which on an RSS description is taken for the whole text; RSS has no word for that. Teasers: 500."""

_CUT_OFF = re.compile(r"(?:…|\.\.\.|\[[^\]\n]{0,3}\]|read more|continue reading[^\n]{0,100}|more\s*[»>→]?)\W*$", re.I)

_KINDS = re.compile(rb"<(?:\w+:)?(rss|feed|RDF|urlset|sitemapindex|opml|channel)[\s>]", re.IGNORECASE)


class Item(NamedTuple):
    """One entry of a feed."""

    url: str | None
    title: str | None
    published: str | None
    """ISO 8601."""
    text: str | None
    """The whole text; None when the feed gives a summary or a link only."""
    outlet: str | None = None
    """The name that the entry itself gives (news sitemaps), else None."""


class Feed(NamedTuple):
    """A feed, sitemap or list of feeds."""

    title: str | None
    items: tuple[Item, ...]
    feeds: tuple[str, ...] = ()
    """Addresses of further feeds or sitemaps that it lists (a sitemap index, an OPML file)."""


def _xml(data: bytes) -> Any:
    """The tree of an XML file. Entities are not expanded, nothing is fetched; what is not well-formed is repaired."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(data.lstrip(), parser=parser)
    except etree.LxmlError:
        return None


def _local(element: Any) -> str:
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def _children(element: Any) -> dict[str, str]:
    return {_local(child): (child.text or "").strip() for child in element}


def _sitemap(root: Any) -> Feed:
    items: list[Item] = []
    further: list[str] = []
    for entry in root:
        kind = _local(entry)
        fields = _children(entry)
        if not fields.get("loc"):
            continue
        if kind == "sitemap":
            further.append(fields["loc"])
        elif kind == "url":
            news = next((child for child in entry if _local(child) == "news"), None)
            said = _children(news) if news is not None else {}
            parts = () if news is None else news
            publication = next((child for child in parts if _local(child) == "publication"), None)
            outlet = _children(publication).get("name") if publication is not None else None
            items.append(
                Item(
                    fields["loc"],
                    said.get("title") or None,
                    normalise(said.get("publication_date", "")),
                    None,
                    outlet or None,
                )
            )
        if len(items) + len(further) >= MAX_ITEMS:
            break
    return Feed(None, tuple(items), tuple(further))


def _opml(root: Any) -> Feed:
    found = [
        address
        for outline in root.iter()
        if _local(outline) == "outline"
        for key, address in outline.attrib.items()
        if key.lower() == "xmlurl" and address.strip()
    ]
    title = next(((element.text or "").strip() for element in root.iter() if _local(element) == "title"), None)
    return Feed(title or None, (), tuple(dict.fromkeys(address.strip() for address in found)))


def _whole(html: str, enough: int) -> str | None:
    """The text of an item's content, when it is the whole text of a report."""
    text = fragment_text(html)
    return text if len(text) >= enough and not _CUT_OFF.search(text[-150:]) else None


def _json_feed(data: bytes, source: str) -> Feed:
    try:
        document = msgspec.json.decode(decode(data))
    except (msgspec.DecodeError, RecursionError) as error:
        raise ReadError(source, f"this is not JSON ({error})", "fetch the feed again") from None
    entries = document.get("items") if isinstance(document, dict) else None
    if not isinstance(entries, list):
        raise ReadError(source, "this JSON is no JSON Feed", "give rows as JSONL, or a feed with 'items'")

    def string(entry: dict[str, Any], key: str) -> str | None:
        value = entry.get(key)
        return value if isinstance(value, str) and value else None

    items = []
    for entry in entries[:MAX_ITEMS]:
        if not isinstance(entry, dict):
            continue
        plain, html = string(entry, "content_text"), string(entry, "content_html")
        text = _whole(html, MIN_TEXT) if html else None
        if text is None and plain and len(plain) >= MIN_TEXT and not _CUT_OFF.search(plain[-150:]):
            text = plain
        date = string(entry, "date_published")
        items.append(
            Item(_address(string(entry, "url")), string(entry, "title"), normalise(date) if date else None, text)
        )
    return Feed(string(document, "title"), tuple(items))


def _address(link: str | None) -> str | None:
    """A link that can be fetched, as it stands (it may be relative); feeds also give tags and numbers."""
    if not link or re.match(r"(?!https?:)[A-Za-z][\w+.-]*:", link.strip(), re.IGNORECASE):
        return None
    return link.strip()


def _date(entry: Any) -> str | None:
    for key in ("published", "created", "updated"):
        value = dict.get(entry, key)  # not feedparser's own get, which gives `updated` for `published`
        if value:
            found = normalise(value)
            parsed = dict.get(entry, f"{key}_parsed")
            if found is None and parsed:
                found = normalise(time.strftime("%Y-%m-%dT%H:%M:%SZ", parsed))
            if found:
                return found
    return None


def _syndicated(data: bytes, source: str) -> Feed:
    try:
        import feedparser
    except ImportError:
        raise ReadError(
            source, "reading feeds needs the package feedparser", "run: pip install 'comity[feeds]'"
        ) from None
    try:
        # as a stream: a string it would open as a file or an address
        parsed = feedparser.parse(io.BytesIO(data), sanitize_html=False, resolve_relative_uris=False)
    except (
        Exception
    ) as error:  # feedparser promises none; what it raises on broken feeds differs from version to version
        raise ReadError(source, f"this feed cannot be read ({type(error).__name__})", "fetch it again") from None
    if not parsed.get("version") and not parsed.entries:
        raise ReadError(source, "this is no feed (RSS, Atom, JSON Feed, sitemap or OPML)", "check its address")
    items = []
    for entry in parsed.entries[:MAX_ITEMS]:
        bodies = [part.get("value") or "" for part in entry.get("content", [])]
        text = max((t for t in (_whole(body, MIN_TEXT) for body in bodies) if t), key=len, default=None)
        if text is None:
            text = _whole(entry.get("summary") or "", FULL_SUMMARY)
        title = fragment_text(entry.get("title") or "").replace("\n", " ")
        items.append(Item(_address(entry.get("link")), title or None, _date(entry), text))
    title = fragment_text(parsed.feed.get("title") or "").replace("\n", " ")
    return Feed(title or None, tuple(items))


def parse(data: bytes, source: str) -> Feed:
    """A feed of any kind from its bytes. Raises `ReadError` (with `source` as its place) when it is none.

    XML entities are not expanded. Broken feeds give what can be had.
    """
    if len(data) > MAX_FEED_BYTES:
        raise ReadError(source, f"this feed is larger than {MAX_FEED_BYTES >> 20} MB", "name a smaller one")
    start = data[:4096].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0")
    if start.startswith(b"{"):
        return _json_feed(data, source)
    match = _KINDS.search(start.replace(b"\0", b""))
    kind = match[1].lower() if match else b""
    if kind in (b"urlset", b"sitemapindex", b"opml"):
        root = _xml(data)
        if root is not None:
            return _opml(root) if kind == b"opml" else _sitemap(root)
    return _syndicated(data, source)


def reports(feed: Feed, source: str, filling: Filling) -> Iterator[Report | LeftOut]:
    """The reports that a feed carries whole. An item that has only a summary or a link is left out with its address."""
    for number, item in enumerate(feed.items, start=1):
        place = f"{source}:{number}"
        if item.text is None:
            yield LeftOut(
                source=f"{place} {item.url}" if item.url else place,
                reason="the feed gives no full text for this item",
                cure="fetch the pages with `comity watch`" if item.url else "leave it out",
            )
            continue
        yield item_report(item, feed, place, filling)


def item_report(item: Item, feed: Feed, place: str, filling: Filling) -> Report:
    """The report of an item that carries its whole text."""
    assert item.text is not None
    published = item.published or filling.published
    url = item.url or filling.url
    return Report(
        id=report_id(url, published, item.text),
        text=item.text,
        title=item.title,
        outlet=item.outlet or feed.title or filling.outlet,
        url=url,
        published=published,
        source=place,
    )


def read(source: Input, filling: Filling) -> Iterator[Report | LeftOut]:
    """The reports of a feed that is kept as a file."""
    with open_plain(source) as stream:
        data = read_bounded(source, stream, MAX_FEED_BYTES)
    if not data.strip():
        raise ReadError(source.name, "it is empty", "leave it out, or fetch the feed again")
    refuse_binary(source, data[:4096])
    feed = parse(data, source.name)
    if feed.feeds and not feed.items:
        raise ReadError(
            source.name, f"this is a list of {len(feed.feeds)} feeds, no feed", "fetch them with `comity watch`"
        )
    if not feed.items:
        raise ReadError(source.name, "this feed has no items", "leave it out")
    yield from reports(feed, source.name, filling)
