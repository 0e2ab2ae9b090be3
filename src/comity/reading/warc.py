"""Web archives: WARC (plain, .gz, .lz4, .zst) and ARC, as news crawls write them.

Only successful HTML responses count; requests, redirects, images and the like are passed over in silence. A page that
is no report (not in English, no main text) is left out with its reason. What is damaged is said, and reading goes on at
the next record that is whole.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from comity.reading.errors import ReadError
from comity.reading.filling import Filling
from comity.reading.html import MAX_PAGE_BYTES, MIN_TEXT, NoReport, decode_html, extract
from comity.reading.inputs import DAMAGE, Input, compression, damage, open_plain, open_raw, peek
from comity.records import LeftOut, Report, report_id

FEW_ENGLISH_WORDS = 8
"""Occurrences of " the ", " of " and " and " in a page's bytes below which it is not parsed. The 206 English pages of a
sample crawl have 34 or more; 6 of 10 pages in other languages have fewer than 8."""

LARGE = 20_000
"""Bytes from which on that, and whether it is a front page, is asked: a bare page of a few sentences passes."""

GRACE = timedelta(days=1)
"""A page may be dated a day after its capture: the archive keeps UTC, the page its local time."""

TOO_LARGE = f"it is larger than {MAX_PAGE_BYTES >> 20} MB"

SCAN_BLOCK = 1 << 20
MAX_HEADER = 1 << 16
"""Bytes of HTTP headers, and of an ARC header line."""

_NO_PAGE = re.compile(
    r"\.(?:jpe?g|png|gif|svg|webp|ico|css|js|json|xml|rss|atom|pdf|zip|gz|mp3|mp4|woff2?|txt)$|/(?:feed|rss)/?$", re.I
)
_FRONT = re.compile(r"/?(?:index\.(?:html?|php|aspx?)|home/?)?", re.I)
_HTML_TYPES = ("text/html", "application/xhtml+xml")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w:.-]{2,40})", re.I)


class Capture(NamedTuple):
    """One HTML page as it was fetched."""

    offset: int
    """Byte offset of its record in the archive's file (in the decompressed stream for ARC)."""
    url: str | None
    captured: date | None
    charset: str | None
    """As the HTTP header gives it."""
    body: bytes


class Refused(NamedTuple):
    """An HTML page that is not taken."""

    offset: int
    url: str | None
    reason: str


class Damage(NamedTuple):
    """A stretch of an archive that could not be read."""

    offset: int
    reason: str
    resumed: int | None
    """Where reading went on; None when there was nothing more to be had."""


# --- HTTP ----------------------------------------------------------------------------------------------------------


def _unchunk(body: bytes) -> bytes:
    """The payload of a chunked transfer; the bytes themselves where they are not chunked (many crawlers store them
    plain and leave the header), and what can be had where the chunks are damaged."""
    parts: list[bytes] = []
    at = 0
    while True:
        end = body.find(b"\r\n", at, at + 1024)
        size = re.fullmatch(rb"\s*([0-9A-Fa-f]{1,8})\s*(?:;.*)?", body[at:end]) if end >= 0 else None
        if size is None:
            return b"".join(parts) if parts else body
        length = int(size[1], 16)
        if length == 0:
            return b"".join(parts)
        parts.append(body[end + 2 : end + 2 + length])
        at = end + 2 + length + 2


def _inflate(body: bytes, window: int) -> bytes:
    unpacker = zlib.decompressobj(window)
    out = unpacker.decompress(body, MAX_PAGE_BYTES + 1)
    if len(out) > MAX_PAGE_BYTES:
        raise NoReport(TOO_LARGE)
    return out


def _decoded(body: bytes, encoding: str) -> bytes:
    """The content without its coding. Where it is not coded although the header says so, it is taken as it is."""
    try:
        if encoding in ("gzip", "x-gzip"):
            return _inflate(body, 31) if body.startswith(b"\x1f\x8b") else body
        if encoding == "deflate":
            try:
                return _inflate(body, 15)
            except zlib.error:
                return _inflate(body, -15)
        if encoding == "br":
            import brotli

            out: bytes = brotli.Decompressor().process(body, output_buffer_limit=MAX_PAGE_BYTES + 1)
            if len(out) > MAX_PAGE_BYTES:
                raise NoReport(TOO_LARGE)
            return out
    except zlib.error:
        return body
    except NoReport:
        raise
    except Exception as error:  # brotli.error, which is no class of its own in all versions
        if type(error).__module__.startswith(("brotli", "_brotli")):
            return body
        raise
    return body


def _is_html(content_type: str | None, body: bytes) -> bool:
    kind = (content_type or "").split(";")[0].strip().lower()
    if kind:
        return kind in _HTML_TYPES
    return bool(re.match(rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|head|!--)", body[:512], re.I))


def _charset(content_type: str | None) -> str | None:
    match = _CHARSET.search(content_type or "")
    return match[1] if match else None


def _day(value: str | None) -> date | None:
    """The day of a WARC-Date (ISO 8601) or an ARC date (14 digits)."""
    digits = re.sub(r"\D", "", value or "")[:8]
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None


def _page(offset: int, url: str | None, captured: str | None, headers: dict[str, str], body: bytes) -> Capture | None:
    """The capture that a successful response holds; None when it is no HTML. Raises `NoReport` for bombs."""
    content_type = headers.get("content-type")
    if content_type and not _is_html(content_type, b""):
        return None
    if "chunked" in headers.get("transfer-encoding", "").lower():
        body = _unchunk(body)
    body = _decoded(body, headers.get("content-encoding", "").strip().lower())
    if not _is_html(content_type, body):
        return None
    return Capture(offset, url, _day(captured), _charset(content_type), body)


# --- WARC ----------------------------------------------------------------------------------------------------------

_STARTS = {"gzip": b"\x1f\x8b\x08", "lz4": b"\x04\x22\x4d\x18", "zstd": b"\x28\xb5\x2f\xfd", None: b"WARC/1."}


def _iterator(stream: Any) -> Any:
    try:
        from fastwarc.warc import ArchiveIterator
    except ImportError:
        raise ReadError(
            "WARC", "reading web archives needs the package fastwarc", "run: pip install 'comity[warc]'"
        ) from None
    return ArchiveIterator(stream, parse_http=False, auto_decode="none", stream_detect=True)


def _errors() -> tuple[type[BaseException], ...]:
    """What fastwarc raises for damaged archives; a panic of its Rust side is no `Exception`."""
    panic: tuple[type[BaseException], ...] = ()
    try:
        import fastwarc  # noqa: F401
        from pyo3_runtime import PanicException  # type: ignore[import-not-found]

        panic = (PanicException,)
    except ImportError:
        pass
    return (OSError, EOFError, ValueError, RuntimeError, MemoryError, *panic)


def _next_record(stream: io.BufferedReader, after: int, packed: str | None) -> int | None:
    """The offset of the first record that can be opened at or after an offset; None when there is none."""
    mark = _STARTS.get(packed, _STARTS[None])
    errors = _errors()
    at = after
    while True:
        stream.seek(at)
        block = stream.read(SCAN_BLOCK)
        found = block.find(mark)
        if found < 0:
            if len(block) < SCAN_BLOCK:
                return None
            at += len(block) - len(mark)
            continue
        at += found
        stream.seek(at)
        try:
            for _ in _iterator(stream):
                return at
        except errors:
            pass
        at += 1


def _short(error: BaseException) -> str:
    return (str(error) or type(error).__name__).splitlines()[0][:120]


def _warc(stream: io.BufferedReader, start: int, stop: int | None) -> Iterator[Capture | Damage | Refused]:
    packed = compression(peek(stream))
    seekable = stream.seekable()
    errors = _errors()
    if start:
        first = _next_record(stream, start, packed)
        if first is None:
            return
        start = first
        stream.seek(start)
    last = start
    while True:
        try:
            for record in _iterator(stream):
                last = record.stream_pos
                if stop is not None and last >= stop:
                    return
                if record.record_type != 4:  # response
                    continue
                found = _response(record)
                if found is not None:
                    yield found
            return
        except errors as error:
            reason = _short(error)
        resumed = _next_record(stream, last + 1, packed) if seekable else None
        yield Damage(last, reason, resumed)
        if resumed is None:
            return
        stream.seek(resumed)
        last = resumed


def _response(record: Any) -> Capture | Damage | Refused | None:
    get = record.headers.get
    kind = get("Content-Type") or ""
    if kind and not kind.lower().startswith("application/http"):
        return None
    record.parse_http(auto_decode="none", quirks_mode=True)
    http = record.http_headers
    if http is None or http.status_code != 200:
        return None
    headers = {key.lower(): value for key, value in http.to_tuples()}
    content_type = headers.get("content-type")
    if content_type and not _is_html(content_type, b""):
        return None
    offset, url = record.stream_pos, (get("WARC-Target-URI") or "").strip("<> ") or None
    length = record.content_length
    if length > MAX_PAGE_BYTES:
        return Refused(offset, url, TOO_LARGE)
    body = record.reader.read(length)
    while len(body) < length:
        more = record.reader.read(length - len(body))
        if not more:
            return Damage(offset, f"the page is cut off after {len(body)} of {length} bytes", offset)
        body += more
    try:
        return _page(offset, url, get("WARC-Date"), headers, body)
    except NoReport as why:
        return Refused(offset, url, str(why))


# --- ARC -----------------------------------------------------------------------------------------------------------

_ARC_LINE = re.compile(
    rb"(?P<url>\S+:\S.{0,4000}?) (?P<ip>[\d.]+|[0-9a-fA-F:]+|-) (?P<date>\d{14}) (?P<mime>\S+)"
    rb"(?: .{0,400}?)? (?P<length>\d{1,12})\r?\n"
)


def _arc(stream: io.BufferedReader) -> Iterator[Capture | Damage | Refused]:
    """ARC 1 and 2: a header line, then as many bytes as it says. A line that is no header is passed over."""
    offset, lost = 0, None
    while True:
        line = stream.readline(MAX_HEADER)
        if not line:
            break
        match = _ARC_LINE.fullmatch(line)
        if match is None:
            if lost is None and line.strip() and not line.startswith(b"filedesc:"):
                lost = offset
            offset += len(line)
            continue
        if lost is not None:
            yield Damage(lost, "this is no ARC header", offset)
            lost = None
        here, length = offset, int(match["length"])
        offset += len(line) + length
        url = match["url"].decode("utf-8", "replace")
        if length > MAX_PAGE_BYTES:
            left = length
            while left and (skipped := stream.read(min(left, SCAN_BLOCK))):
                left -= len(skipped)
            yield Refused(here, url, TOO_LARGE)
            continue
        block = stream.read(length)
        if match["url"].startswith(b"filedesc:"):
            continue
        if len(block) < length:
            yield Damage(here, f"the page is cut off after {len(block)} of {length} bytes", None)
            break
        try:
            page = _arc_page(here, url, match["date"].decode(), block)
        except NoReport as why:
            yield Refused(here, url, str(why))
        else:
            if page is not None:
                yield page
    if lost is not None:
        yield Damage(lost, "this is no ARC header", None)


def _arc_page(offset: int, url: str, captured: str, block: bytes) -> Capture | None:
    head, mark, _ = block[:MAX_HEADER].partition(b"\r\n\r\n")
    if not mark:
        head, mark, _ = block[:MAX_HEADER].partition(b"\n\n")
    lines = head.decode("latin-1").splitlines()
    if not mark or not re.match(r"HTTP/\S+\s+200\b", lines[0] if lines else ""):
        return None
    headers = {
        key.strip().lower(): value.strip() for key, found, value in (line.partition(":") for line in lines[1:]) if found
    }
    return _page(offset, url, captured, headers, block[len(head) + len(mark) :])


# --- reports -------------------------------------------------------------------------------------------------------


def captures(source: Input, *, start: int = 0, stop: int | None = None) -> Iterator[Capture | Damage | Refused]:
    """The HTML pages of an archive, in order, with what was damaged and what was too large.

    `start`, `stop`: byte offsets in the file; the records that begin in ``[start, stop)`` are read, so that several
    workers can share one archive. They need a file that is uncompressed or compressed record by record, as the standard
    wants it. Raises `ReadError` when the archive cannot be opened.
    """
    with open_raw(source) as stream:
        head = peek(stream)
        if not head:
            raise ReadError(source.name, "it is empty", "fetch the archive again")
        with open_plain(source) if source.path is not None and compression(head) else _same(stream) as plain:
            try:
                first = peek(plain)
            except DAMAGE as error:
                raise damage(source.name, error) from None
            if not first.startswith(b"WARC/") and (first.startswith(b"filedesc:") or _ARC_LINE.match(first)):
                yield from _arc(plain)
                return
        yield from _warc(stream, start, stop)


class _same:
    """A stream that another block closes."""

    def __init__(self, stream: io.BufferedReader) -> None:
        self.stream = stream

    def __enter__(self) -> io.BufferedReader:
        return self.stream

    def __exit__(self, *_: object) -> None:
        pass


def first_look(url: str | None, body: bytes) -> str | None:
    """Why a page cannot be a report, as far as a glance at its address and bytes can tell; None when it may be one."""
    if url:
        try:
            parts = urlsplit(url)
        except ValueError:
            parts = None
        if parts is not None:
            if len(body) >= LARGE and not parts.query and _FRONT.fullmatch(parts.path):
                return "it is a front page"
            if _NO_PAGE.search(parts.path):
                return "its address is not that of a report"
    if len(body) < LARGE or b"\0" in body[:2000]:  # UTF-16
        return None
    few = body.count(b" the ") + body.count(b" of ") + body.count(b" and ") < FEW_ENGLISH_WORDS
    return "it holds no English prose" if few else None


def read(source: Input, filling: Filling, *, start: int = 0, stop: int | None = None) -> Iterator[Report | LeftOut]:
    """The reports of an archive; `start` and `stop` as in `captures`."""
    for found in captures(source, start=start, stop=stop):
        if isinstance(found, Damage):
            where = "nothing after it can be read" if found.resumed is None else f"reading went on at {found.resumed}"
            if found.resumed == found.offset:
                where = "it is left out"
            yield LeftOut(
                source=f"{source.name}:{found.offset}",
                reason=f"the archive is damaged here ({found.reason}), {where}",
                cure="fetch the archive again if this part matters",
            )
            continue
        if isinstance(found, Refused):
            yield _left_out(f"{source.name}:{found.offset}", found.url, found.reason)
            continue
        place = f"{source.name}:{found.offset}"
        why = first_look(found.url, found.body)
        if why is None:
            try:
                page = extract(
                    decode_html(found.body, found.charset),
                    url=found.url,
                    not_after=found.captured + GRACE if found.captured else None,
                    english_only=True,
                    least=MIN_TEXT,
                )
            except NoReport as error:
                why = str(error)
        if why is not None:
            yield _left_out(place, found.url, why)
            continue
        published = page.published or filling.published
        yield Report(
            id=report_id(found.url, published, page.text),
            text=page.text,
            title=page.title,
            outlet=page.outlet or filling.outlet,
            url=found.url,
            published=published,
            language="en",
            source=place,
        )


def _left_out(place: str, url: str | None, why: str) -> LeftOut:
    return LeftOut(
        source=f"{place} {url}" if url else place, reason=why, cure="no action needed; it is no English report"
    )
