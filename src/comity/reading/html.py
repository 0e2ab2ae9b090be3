"""Web pages: charset, main text, title, site and date of publication.

The main text is trafilatura's (its fast mode, without reader comments), the date the page's own metadata where it has
any, else htmldate's. The text of the report is the extracted text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from comity.limits import TooLong, at_most
from comity.reading.encoding import decode
from comity.reading.errors import ReadError
from comity.reading.filling import Filling
from comity.reading.inputs import Input, open_plain, read_bounded, refuse_binary
from comity.reading.language import detect, english_share
from comity.reading.published import normalise
from comity.reading.text import head_date
from comity.records import Report, report_id

MAX_PAGE_BYTES = 8 * 1024 * 1024
"""Larger pages are data or traps: of a million pages of news crawls fewer than one in ten thousand has 4 MB."""

PAGE_SECONDS = 20.0
"""Of processor time. A page of a news crawl takes 7 ms; those of 8 MB that were made to be slow take up to 10 s."""

MIN_TEXT = 200
"""Characters of main text below which a page is no report. The shortest of 114 hand-marked pages has 369; below 200 lie
captions, cookie notices and descriptions of videos."""

NO_ENGLISH = 0.1
"""Share of English function words (see `language`) below which a page is refused without asking the language model. Of
150 pages in other languages none has more than 0.08; the English ones below it are tables of results."""

ENOUGH_TO_TELL = 300
"""Characters that this needs."""

EARLIEST_YEAR = 1990
"""Web pages are not older; a site's archive of older papers gives their dates in rows, not in metadata."""

LATEST = date(2100, 1, 1)
"""The upper bound for dates where no day of capture is known. Not today: the same page must give the same record."""

_CHARSET = re.compile(
    rb"<meta[^>]{1,200}?charset\s*=\s*[\"']?\s*([\w:.-]{2,40})|<\?xml[^>]{1,100}?encoding=[\"']([\w:.-]{2,40})", re.I
)
_PRESCAN = 4096

# Elements that hold no main text. trafilatura drops nearly all of them too, but later, after many passes over the tree:
# without them a page takes 0.7 of the time and the main text of the 114 gold pages does not get worse (F1 .952).
_DROPPED = (
    "style", "svg", "noscript", "iframe", "link", "input", "select", "option", "button", "canvas", "template",
    "picture", "source", "map", "object", "embed", "video", "audio", "textarea", "datalist", "frame", "frameset",
    "applet", "math", "nav", "footer", "aside", "menu", "dialog", "fieldset", "label", "legend",
)  # fmt: skip

_JSON_LD = "application/ld+json"
_JSON_DATE = re.compile(r'"datePublished"\s*:\s*"([^"]{8,60})"')
_JSON_SITE = re.compile(r'"publisher"\s*:\s*\{[^{}]{0,300}?"name"\s*:\s*"([^"\\]{2,80})"')
_META_DATES = (
    "article:published_time", "og:published_time", "og:article:published_time", "datepublished", "publishdate",
    "publish_date", "publish-date", "pubdate", "publication_date", "publication-date", "article.published",
    "sailthru.date", "parsely-pub-date", "cxenseparse:recs:publishtime", "dc.date.issued", "dcterms.created",
    "dc.date", "dcterms.date", "date", "article_date_original", "originalpublicationdate", "rnews:datepublished",
)  # fmt: skip
_TITLE_TAIL = re.compile(r"\s+[|–—·•»-]\s+[^|–—·•»]{2,60}$|\s+[|–—·•»]\s*[^|–—·•»]{2,60}$")

_BLOCKS = frozenset(
    (
        "address", "article", "blockquote", "body", "br", "dd", "div", "dl", "dt", "figcaption", "figure", "h1", "h2",
        "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main", "ol", "p", "pre", "section", "table", "td", "th",
        "tr", "ul",
    )
)  # fmt: skip


class Page(NamedTuple):
    """What a web page says."""

    text: str
    title: str | None
    outlet: str | None
    """The site's name as the page gives it."""
    published: str | None
    """ISO 8601."""
    url: str | None = None
    """The address that the page gives for itself."""


class NoReport(Exception):
    """This page holds no report; ``str()`` says why."""


@cache
def _parser() -> Any:
    """An HTML parser with one element class: lxml's own lookup calls Python for every element that is touched."""
    from lxml import etree
    from lxml.html import HtmlElement

    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=HtmlElement))
    return parser


@cache
def _options() -> Any:
    from trafilatura.settings import Extractor

    return Extractor(output_format="python", fast=True, comments=False)


@cache
def _quiet() -> None:
    """trafilatura and htmldate log every page without a text as an error; here that is said in the record."""
    import logging

    for name in ("trafilatura", "htmldate", "courlan"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def decode_html(data: bytes, charset: str | None = None) -> str:
    """A page as text: byte order mark, then the charset of the HTTP header, then the page's own, then its bytes."""
    declared = charset
    if not declared:
        match = _CHARSET.search(data, 0, _PRESCAN)
        if match:
            declared = (match[1] or match[2]).decode("ascii", "replace")
            if declared.lower().startswith("utf-16"):  # it could not have been read so far (HTML, 13.2.3.2)
                declared = "utf-8"
    return decode(data, declared)


def parse(html: str) -> Any:
    """The page's tree (lxml). Raises `NoReport` when there is none. Nesting is cut by the parser's own limit."""
    from lxml import etree

    try:
        tree = etree.fromstring(html.replace("\0", "").encode("utf-8", "replace"), parser=_parser())
    except (etree.LxmlError, ValueError) as error:
        raise NoReport(f"its HTML cannot be read ({error})") from None
    if tree is None:
        raise NoReport("its HTML is empty")
    return tree


def _meta(tree: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        key = element.get("property") or element.get("name") or element.get("itemprop")
        content = element.get("content")
        if key and content and not content.isspace():
            found.setdefault(key.strip().lower(), content.strip())
    return found


def _json_ld(tree: Any) -> list[str]:
    return [
        script.text for script in tree.iter("script") if script.text and (script.get("type") or "").lower() == _JSON_LD
    ]


def _clean(value: str | None) -> str | None:
    if not value:
        return None
    return " ".join(value.split())[:500] or None


def _title(tree: Any, meta: dict[str, str], site: str | None) -> str | None:
    title = _clean(meta.get("og:title") or meta.get("twitter:title"))
    if title is None:
        headings = list(tree.iter("h1"))
        if len(headings) == 1:
            title = _clean(headings[0].text_content())
    if title is None:
        element = tree.find(".//title")
        title = _clean(element.text_content() if element is not None else None)
        if title:
            title = _TITLE_TAIL.sub("", title) or title
    if title and site:
        for mark in (" | ", " - ", " – ", " — "):
            title = title.removesuffix(mark + site)
    return title


def _address(tree: Any, meta: dict[str, str]) -> str | None:
    for link in tree.iter("link"):
        if (link.get("rel") or "").lower() == "canonical":
            found = (link.get("href") or "").strip()
            if found.lower().startswith(("http://", "https://")):
                return found
    found = meta.get("og:url", "")
    return found if found.lower().startswith(("http://", "https://")) else None


def _plausible(day: str | None, not_after: date) -> bool:
    return day is not None and int(day[:4]) >= EARLIEST_YEAR and day[:10] <= not_after.isoformat()


def _published(
    tree: Any, meta: dict[str, str], json_ld: list[str], text: str, url: str | None, not_after: date
) -> str | None:
    """The date of publication. The page's metadata is tried first: unlike htmldate's answer it has the time of day."""
    given = [meta.get(_META_DATES[0])]
    given += [match[1] for match in map(_JSON_DATE.search, json_ld) if match]
    given += [meta.get(name) for name in _META_DATES[1:]]
    for value in given:
        found = normalise(value) if value else None
        if _plausible(found, not_after):
            return found
        if found and found[:10] > not_after.isoformat():  # what else stands there is no better
            return None

    from htmldate import find_date

    try:  # its extensive search is left out: where it alone finds a date, that is a copyright year as often as not
        found = find_date(
            tree,
            url=url,
            original_date=True,
            extensive_search=False,
            min_date=f"{EARLIEST_YEAR}-01-01",
            max_date=not_after.isoformat(),
        )
    except (ValueError, RecursionError, OverflowError, AttributeError, TypeError):  # bugs on wild pages
        found = None
    found = found or head_date(text)
    return found if _plausible(found, not_after) else None


def _language_sample(tree: Any) -> str:
    parts: list[str] = []
    size = 0
    for paragraph in tree.iter("p"):
        part = paragraph.text_content()
        if len(part) > 40:
            parts.append(part[:1000])
            size += len(part)
            if size > 3000:
                break
    if size < MIN_TEXT:
        body = tree.find("body")
        if body is None:
            return ""
        for script in body.iter("script"):
            script.text = None
        return " ".join(body.text_content().split())[:6000]
    return "\n".join(parts)


def _refuse_other_languages(tree: Any) -> None:
    sample = _language_sample(tree)
    if not sample:
        raise NoReport("it holds no text")
    if len(sample) >= ENOUGH_TO_TELL and english_share(sample) < NO_ENGLISH:
        raise NoReport("it holds no English prose")
    if detect(sample) != "en":
        raise NoReport("it is not in English")


def extract(
    html: str, *, url: str | None = None, not_after: date | None = None, english_only: bool = False, least: int = 1
) -> Page:
    """The main text of a page, with its title, site and date of publication.

    `not_after`: a day after which it cannot have been published (the day of its capture, with a day's grace).
    `least`: characters of main text that it must have; archives ask for `MIN_TEXT`.
    `english_only`: a page in another language is refused before its main text is looked for.
    Raises `NoReport`, also for a page that takes longer than `PAGE_SECONDS`.
    """
    try:
        with at_most(PAGE_SECONDS):
            return _extract(html, url, not_after or LATEST, english_only, least)
    except TooLong:
        raise NoReport(f"reading it takes more than {PAGE_SECONDS:g} seconds of processor time") from None


def _extract(html: str, url: str | None, not_after: date, english_only: bool, least: int) -> Page:
    _quiet()
    from lxml import etree
    from trafilatura import bare_extraction

    tree = parse(html)
    meta, json_ld = _meta(tree), _json_ld(tree)
    address = _address(tree, meta)
    for script in tree.iter("script"):
        if (script.get("type") or "").lower() != _JSON_LD:
            script.tag = "style"
    etree.strip_elements(tree, *_DROPPED, with_tail=False)
    if english_only:
        _refuse_other_languages(tree)
    try:
        document = bare_extraction(tree, url=url, options=_options())
        text = (document.text if document is not None else None) or ""  # type: ignore[union-attr]
    except RecursionError:
        raise NoReport("its elements are nested too deeply") from None
    length = len(text.strip())  # a page of control characters has a text of blanks
    if length < least:
        raise NoReport(f"its main text is too short ({length} characters)" if length else "it has no main text")
    site = _clean(meta.get("og:site_name"))
    if site is None:
        match = next(filter(None, map(_JSON_SITE.search, json_ld)), None)
        site = _clean(match[1]) if match else _clean(meta.get("application-name"))
    published = _published(tree, meta, json_ld, text, url, not_after)
    return Page(text, _title(tree, meta, site), site, published, address)


def fragment_text(html: str) -> str:
    """The text of a piece of HTML (a feed's content): one line a block, no markup."""
    if "<" not in html and "&" not in html:
        return html.strip()
    try:
        tree = parse(f"<div>{html}</div>")
    except NoReport:
        return ""
    parts: list[str] = []
    for event, element in _walk(tree):
        if element.tag in _BLOCKS:
            parts.append("\n")
        if event == "start" and element.text:
            parts.append(element.text)
        elif event == "end" and element.tail:
            parts.append(element.tail)
    lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)


def _walk(tree: Any) -> Iterator[tuple[str, Any]]:
    from lxml import etree

    etree.strip_elements(tree, "script", *_DROPPED, with_tail=False)
    return etree.iterwalk(tree, events=("start", "end"))


def read(source: Input, filling: Filling) -> Iterator[Report]:
    """The one report of an HTML file."""
    with open_plain(source) as stream:
        data = read_bounded(source, stream, MAX_PAGE_BYTES)
    if not data:
        raise ReadError(source.name, "it is empty", "leave it out, or fetch the page again")
    refuse_binary(source, data[:4096])
    try:
        page = extract(decode_html(data), url=filling.url)
    except NoReport as why:
        raise ReadError(source.name, str(why), "check the page, or give its text as a .txt file") from None
    published, url = page.published or filling.published, page.url or filling.url
    yield Report(
        id=report_id(url, published, page.text),
        text=page.text,
        title=page.title,
        outlet=page.outlet or filling.outlet,
        url=url,
        published=published,
        source=source.name,
    )
