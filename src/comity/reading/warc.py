"""Web archives: WARC (plain, .gz, .lz4, .zst) and ARC, as news crawls write them.

The records are read here and not by fastwarc (2.0.1), which has no ARC, panics on streams that cannot seek and ends at
the first damage. Unpacking member by member with zlib is as fast (0.1 s for the 760 records of a 14 MB archive), and
each member is proved by its checksum before it is used.

Only successful HTML responses count; requests, redirects, images and the like are passed over in silence. A page that
is no report (not in English, no main text) is left out with its reason. What is damaged is said, and reading goes on at
the next record that is whole.
"""

from __future__ import annotations

import io
import mmap
import re
import zlib
from bisect import bisect_right
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from comity.reading.errors import ReadError
from comity.reading.filling import Filling
from comity.reading.html import MAX_PAGE_BYTES, MIN_TEXT, NoReport, decode_html, extract
from comity.reading.inputs import DAMAGE, Input, compression, open_plain, open_raw, peek
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
"""Bytes of a WARC header, of HTTP headers, and of an ARC header line."""

MAX_BLOCK = MAX_HEADER + MAX_PAGE_BYTES

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
            return _unbrotli(body)
    except zlib.error:
        pass
    return body


def _unbrotli(body: bytes) -> bytes:
    try:
        import brotli
    except ImportError:
        raise NoReport("it is packed with Brotli, which needs: pip install 'comity[warc]'") from None
    try:
        out: bytes = brotli.Decompressor().process(body, output_buffer_limit=MAX_PAGE_BYTES + 1)
    except brotli.error:
        return body
    if len(out) > MAX_PAGE_BYTES:
        raise NoReport(TOO_LARGE)
    return out


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


def _page(offset: int, url: str | None, captured: str | None, block: bytes, length: int) -> Capture | Refused | None:
    """The page in an HTTP response; None when it is not successful or no HTML. `length`: bytes of the whole block."""
    head, mark, _ = block[:MAX_HEADER].partition(b"\r\n\r\n")
    if not mark or b"\n\n" in head:
        head, mark, _ = block[:MAX_HEADER].partition(b"\n\n")
    lines = head.decode("latin-1").splitlines()
    if not mark or not re.match(r"HTTP/\S+\s+200\b", lines[0] if lines else ""):
        return None
    headers = {
        key.strip().lower(): value.strip() for key, found, value in (line.partition(":") for line in lines[1:]) if found
    }
    content_type = headers.get("content-type")
    body = block[len(head) + len(mark) :]
    if content_type and not _is_html(content_type, b""):
        return None
    if length > MAX_BLOCK:
        return Refused(offset, url, TOO_LARGE)
    if "chunked" in headers.get("transfer-encoding", "").lower():
        body = _unchunk(body)
    try:
        body = _decoded(body, headers.get("content-encoding", "").strip().lower())
    except NoReport as why:
        return Refused(offset, url, str(why))
    if not _is_html(content_type, body):
        return None
    return Capture(offset, url, _day(captured), _charset(content_type), body)


# --- WARC ----------------------------------------------------------------------------------------------------------

_MARKS = {"gzip": b"\x1f\x8b\x08", "lz4": b"\x04\x22\x4d\x18", "zstd": b"\x28\xb5\x2f\xfd"}
_PLAIN_START = re.compile(rb"WARC/\d\.\d{1,2}\r?\n[A-Za-z-]{3,40}:")

_BROKEN = (*DAMAGE, ValueError)
"""What damaged bytes make the decompressors raise."""

WHOLE = 2 * MAX_PAGE_BYTES
"""Bytes up to which a member is unpacked, and so proved by its checksum, before any of it is used. An archive that was
compressed at one go is one large member: of that, what comes before the damage is used unproved."""

_CHUNK = 1 << 16


def _gzip_member(data: mmap.mmap, at: int) -> Generator[bytes, None, int]:
    """The unpacked bytes of the member at an offset, in chunks; returns the offset after it."""
    unpacker = zlib.decompressobj(31)
    while not unpacker.eof:
        packed = unpacker.unconsumed_tail
        if not packed:
            packed = data[at : at + _CHUNK]
            at += len(packed)
            if not packed:
                raise EOFError("it ends before its time")
        yield unpacker.decompress(packed, 16 * _CHUNK)
    return at - len(unpacker.unused_data)


def _frame(codec: str) -> Callable[[mmap.mmap, int], Generator[bytes, None, int]]:
    """The same for LZ4 and Zstandard: a frame ends where the next one begins, or at the end of the file."""
    mark = _MARKS[codec]

    def member(data: mmap.mmap, at: int) -> Generator[bytes, None, int]:
        import pyarrow as pa

        end = at
        for _ in range(3):  # the mark may stand in packed bytes by chance
            end = data.find(mark, end + 1)
            end = len(data) if end < 0 else end
            unpacked = pa.CompressedInputStream(pa.BufferReader(data[at:end]), codec)
            try:
                first = unpacked.read(16 * _CHUNK)
            except OSError:
                if end == len(data):
                    raise
                continue
            yield first
            while chunk := unpacked.read(16 * _CHUNK):
                yield chunk
            return end
        raise OSError("the frame is damaged")

    return member


class _Members(io.RawIOBase):
    """A compressed archive, unpacked member by member from an offset on. Ends at the first damage, which it keeps."""

    def __init__(self, data: mmap.mmap, at: int, codec: str) -> None:
        self._data, self._at = data, at
        self._member = _gzip_member if codec == "gzip" else _frame(codec)
        self._open: Generator[bytes, None, int] | None = None
        self._ready = memoryview(b"")
        self._given = 0
        self._starts: list[int] = []
        self._offsets: list[int] = []
        self.damage: tuple[int, str] | None = None

    def offset(self, position: int) -> int:
        """The offset in the file of the member that holds a position of the unpacked stream."""
        return self._offsets[bisect_right(self._starts, position) - 1]

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._given

    def readinto(self, buffer: Any) -> int:
        while not self._ready:
            if self.damage is not None or (self._open is None and self._at >= len(self._data)):
                return 0
            self._ready = memoryview(self._unpack())
        size = min(len(buffer), len(self._ready))
        buffer[:size] = self._ready[:size]
        self._ready = self._ready[size:]
        self._given += size
        return size

    def _unpack(self) -> bytes:
        if self._open is None:
            self._starts.append(self._given)
            self._offsets.append(self._at)
            self._open = self._member(self._data, self._at)
        chunks: list[bytes] = []
        size = 0
        try:
            while size < WHOLE:
                chunks.append(next(self._open))
                size += len(chunks[-1])
        except StopIteration as end:
            self._at, self._open = end.value, None
        except _BROKEN as error:
            self.damage = self._offsets[-1], _short(error)
        return b"".join(chunks)


def _next_member(data: mmap.mmap, after: int, codec: str) -> int | None:
    """The offset of the first member at or after one that begins with a WARC record; None when there is none."""
    at = data.find(_MARKS[codec], after)
    while at >= 0:
        try:
            member = _gzip_member(data, at) if codec == "gzip" else _frame(codec)(data, at)
            if next(member, b"").startswith(b"WARC/"):
                return at
        except _BROKEN:
            pass
        at = data.find(_MARKS[codec], at + 1)
    return None


def _short(error: BaseException) -> str:
    return (str(error) or type(error).__name__).splitlines()[0][:120]


class _Broken(Exception):
    """The archive cannot be read on from here."""


def _fields(stream: io.BufferedReader) -> tuple[int, dict[str, str]] | None:
    """The position and the header of the next WARC record, names in lower case; None at the end. Raises `_Broken`."""
    line = stream.readline(MAX_HEADER)
    while line in (b"\r\n", b"\n"):
        line = stream.readline(MAX_HEADER)
    if not line:
        return None
    position = stream.tell() - len(line)
    if not line.startswith(b"WARC/"):
        raise _Broken("this is no WARC header")
    fields: dict[str, str] = {}
    name, size = "", len(line)
    while True:
        line = stream.readline(MAX_HEADER)
        size += len(line)
        if not line or size > MAX_HEADER:
            raise _Broken("this WARC header does not end")
        text = line.decode("utf-8", "replace").rstrip("\r\n")
        if not text:
            return position, fields
        if text[0] in " \t" and name:
            fields[name] += " " + text.strip()
        else:
            name, _, value = text.partition(":")
            name = name.strip().lower()
            fields[name] = value.strip()


def _pass_over(stream: io.BufferedReader, size: int) -> None:
    if stream.seekable():
        stream.seek(size, io.SEEK_CUR)
        return
    while size > 0 and (skipped := stream.read(min(size, SCAN_BLOCK))):
        size -= len(skipped)


def _next_page(
    stream: io.BufferedReader, place: Callable[[int], int]
) -> Iterator[tuple[int, Capture | Refused | None]]:
    """For each record its place (by `place`, from its position in the stream), and the page that it holds, if it does.

    The place is given before the record's content is read, so that a damage in it can be located. Raises `_Broken`.
    """
    while True:
        header = _fields(stream)
        if header is None:
            return
        offset, fields = place(header[0]), header[1]
        yield offset, None
        length_text = fields.get("content-length", "")
        if not length_text.isdecimal():
            raise _Broken("this WARC record does not say how long it is")
        length = int(length_text)
        kind = fields.get("content-type", "").lower()
        if fields.get("warc-type", "").lower() != "response" or (kind and not kind.startswith("application/http")):
            _pass_over(stream, length)
            continue
        block = stream.read(min(length, MAX_BLOCK))
        if len(block) < min(length, MAX_BLOCK):
            raise _Broken(f"the page is cut off after {len(block)} of {length} bytes")
        _pass_over(stream, length - len(block))
        url = fields.get("warc-target-uri", "").strip("<> ") or None
        yield offset, _page(offset, url, fields.get("warc-date"), block, length)


def _packed(data: mmap.mmap, codec: str, start: int, stop: int | None) -> Iterator[Capture | Damage | Refused]:
    at = _next_member(data, start, codec) if start else 0
    while at is not None:
        members = _Members(data, at, codec)
        last, why = at, None
        try:
            for last, found in _next_page(io.BufferedReader(members, _CHUNK), members.offset):
                if stop is not None and last >= stop:
                    return
                if found is not None:
                    yield found
        except _Broken as error:
            why = str(error)
        if members.damage is not None:
            last, why = members.damage
        if why is None:
            return
        at = _next_member(data, last + 1, codec)
        yield Damage(last, why, at)


def _plain(stream: io.BufferedReader, start: int, stop: int | None) -> Iterator[Capture | Damage | Refused]:
    at = _next_plain(stream, start) if start else 0
    while at is not None:
        if at:
            stream.seek(at)
        last, why = at, None
        try:
            for last, found in _next_page(stream, lambda position: position):
                if stop is not None and last >= stop:
                    return
                if found is not None:
                    yield found
        except (_Broken, *_BROKEN) as error:
            why = _short(error)
        if why is None:
            return
        at = _next_plain(stream, last + 1) if stream.seekable() else None
        yield Damage(last, why, at)


def _next_plain(stream: io.BufferedReader, after: int) -> int | None:
    """The offset of the first record at or after one, in an archive that is not compressed; None when there is none."""
    at = after
    while True:
        stream.seek(at)
        block = stream.read(SCAN_BLOCK)
        found = _PLAIN_START.search(block)
        if found:
            return at + found.start()
        if len(block) < SCAN_BLOCK:
            return None
        at += len(block) - 128


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
        block = stream.read(min(length, MAX_BLOCK))
        if len(block) < min(length, MAX_BLOCK):
            yield Damage(here, f"the page is cut off after {len(block)} of {length} bytes", None)
            break
        _pass_over(stream, length - len(block))
        url = match["url"].decode("utf-8", "replace")
        found = _page(here, url, match["date"].decode(), block, length)
        if found is not None:
            yield found
    if lost is not None:
        yield Damage(lost, "this is no ARC header", None)


# --- reports -------------------------------------------------------------------------------------------------------


def captures(source: Input, *, start: int = 0, stop: int | None = None) -> Iterator[Capture | Damage | Refused]:
    """The HTML pages of an archive, in order, with what was damaged and what was too large.

    `start`, `stop`: byte offsets in the file; the records that begin in ``[start, stop)`` are read, so that several
    workers can share one archive. They need a file that is uncompressed or compressed record by record, as the standard
    wants it. Raises `ReadError` when the archive cannot be opened.
    """
    with ExitStack() as stack:
        stream = stack.enter_context(open_raw(source))
        head = peek(stream)
        if not head:
            raise ReadError(source.name, "it is empty", "fetch the archive again")
        codec = compression(head)
        plain = stream if codec is None else stack.enter_context(open_plain(source))
        try:
            first = peek(plain)
        except DAMAGE:
            first = b""
        if not first.startswith(b"WARC/") and (first.startswith(b"filedesc:") or _ARC_LINE.match(first)):
            yield from _arc(plain)
        elif codec in _MARKS:
            with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
                yield from _packed(data, codec, start, stop)
        else:
            yield from _plain(plain, start, stop)


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
    empty = True
    for found in captures(source, start=start, stop=stop):
        empty = False
        if isinstance(found, Damage):
            where = "nothing after it can be read" if found.resumed is None else f"reading went on at {found.resumed}"
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
    if empty and not start and stop is None:
        raise ReadError(source.name, "no web page is in this archive", "check that it is the archive you mean")


def _left_out(place: str, url: str | None, why: str) -> LeftOut:
    return LeftOut(
        source=f"{place} {url}" if url else place, reason=why, cure="no action needed; it is no English report"
    )
