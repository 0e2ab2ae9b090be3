"""What is to be read: paths, folders, patterns and stdin to single inputs; opening them; what kind each one is."""

from __future__ import annotations

import codecs
import glob
import io
import lzma
import os
import re
import stat
import sys
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, cast

from comity.reading.errors import ReadError

STDIN = "-"

MAX_TEXT_BYTES = 32 * 1024 * 1024
"""Bytes of one report or one row, decompressed. The longest newspaper issue is far below 1 MB; what is larger is no
report, and a few kB of compressed zeros must not fill the memory."""

MAX_DOCUMENT_BYTES = 128 * 1024 * 1024
"""Bytes, decompressed, of a file that has to be held whole (a JSON array, a feed, a Parquet file from stdin)."""

HEAD = 4096
"""Bytes by which a kind is recognised."""


class Input(NamedTuple):
    """One thing to read: a file, or stdin (`path` is None)."""

    name: str
    """As the user wrote it or as the folder lists it; begins every message about it."""
    path: Path | None
    stream: io.BufferedReader | None = None
    """Stdin, decompressed: it can be opened only once."""


_SUFFIXES = {
    ".txt": "text",
    ".text": "text",
    ".md": "text",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".csv": "csv",
    ".tsv": "csv",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".warc": "warc",
    ".arc": "warc",
    ".rss": "feed",
    ".atom": "feed",
}
_PACKED = (".gz", ".zst", ".lz4", ".bz2", ".xz")

_MAGIC = (
    (b"%PDF-", "a PDF file", "convert it to text first, for instance with pdftotext"),
    (b"PK\x03\x04", "a ZIP archive or an office document", "unpack it, or save it as plain text or HTML"),
    (b"\xd0\xcf\x11\xe0", "an office document", "save it as plain text or HTML"),
    (b"\x89PNG", "an image", "leave it out"),
    (b"\xff\xd8\xff", "an image", "leave it out"),
    (b"GIF8", "an image", "leave it out"),
    (b"\x7fELF", "a program", "leave it out"),
    (b"SQLite format 3\0", "a database", "export its rows as JSONL or CSV"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "unpack it first"),
    (b"Rar!", "a RAR archive", "unpack it first"),
)
_COMPRESSIONS = (
    (b"\x1f\x8b", "gzip"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"\x04\x22\x4d\x18", "lz4"),
    (b"BZh", "bz2"),
    (b"\xfd7zXZ\0", "xz"),
)
BINARY = 0.03
BINARY_IN_UTF8 = 0.3
"""Shares of control characters in the head above which it is no text. Bytes without meaning have 0.1 of them, text none
but tabs and line ends: a few NULs or escape codes in it are dirt and are kept. Bytes without meaning are not UTF-8;
what is UTF-8 and full of controls is dirty text, unless there is little else."""

_CONTROL = re.compile(rb"[\x00-\x06\x0e-\x1a\x1c-\x1f\x7f]")


class _Stdin(io.RawIOBase):
    """The process's stdin, which stays open when a reader closes its own stream."""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = cast(io.BufferedReader, sys.stdin.buffer).read1(len(buffer))
        buffer[: len(data)] = data
        return len(data)


class _Kept(io.BufferedReader):
    """A stream that several readers open and close one after another."""

    def close(self) -> None:
        pass


# --- finding -------------------------------------------------------------------------------------------------------


def _files_below(folder: Path) -> Iterator[Path]:
    for here, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith("."):
                yield Path(here, name)


def find(what: str | Path) -> Iterator[Input | ReadError]:
    """The inputs that a path, folder (all files below it), pattern (`*`, `**`, `?`, `[…]`) or `-` stands for, sorted.

    Hidden files and folders below a folder are passed over. What cannot be found is given as a `ReadError`.
    """
    name = os.fspath(what)
    if name == STDIN:
        try:
            yield Input("stdin", None, _plain(cast(io.BufferedReader, _Kept(_Stdin(), 1 << 16))))
        except DAMAGE as error:
            yield damage("stdin", error)
        return
    path = Path(name)
    try:
        mode = path.stat().st_mode
    except OSError as error:
        if glob.has_magic(name):
            matches = sorted(glob.glob(name, recursive=True))  # noqa: PTH207  (Path.glob takes no absolute patterns)
            if not matches:
                yield ReadError(name, "no file matches this pattern", "check it, and quote it if the shell changes it")
            for match in matches:
                if not Path(match).is_dir():
                    yield Input(match, Path(match))
        else:
            yield _why(name, error)
        return
    except ValueError:  # a NUL in the name
        yield ReadError(repr(name), "this is no file name", "check the path")
        return
    if stat.S_ISDIR(mode):
        if not os.access(path, os.R_OK | os.X_OK):
            yield ReadError(name, "this folder may not be read", "change its permissions")
            return
        empty = True
        for file in _files_below(path):
            empty = False
            yield Input(str(file), file)
        if empty:
            yield ReadError(name, "this folder holds no files", "name a folder or file with reports")
        return
    yield Input(name, path)


def _why(name: str, error: OSError) -> ReadError:
    match error:
        case FileNotFoundError():
            return ReadError(name, "there is no such file", "check the path")
        case PermissionError():
            return ReadError(name, "this file may not be read", "change its permissions")
        case IsADirectoryError():
            return ReadError(name, "this is a folder", "use read_many, which reads folders")
    return ReadError(name, f"it cannot be read ({error.strerror or error})", "check the file and its medium")


# --- opening -------------------------------------------------------------------------------------------------------


def open_raw(source: Input) -> io.BufferedReader:
    """The bytes as they are stored (of stdin: decompressed). Raises `ReadError`."""
    if source.stream is not None:
        return source.stream
    assert source.path is not None
    try:
        return cast(io.BufferedReader, source.path.open("rb", buffering=1 << 16))
    except OSError as error:
        raise _why(source.name, error) from None


def peek(stream: io.BufferedReader) -> bytes:
    """The first `HEAD` bytes (fewer at the end), without moving on."""
    return stream.peek(HEAD)[:HEAD]


def compression(head: bytes) -> str | None:
    """gzip | zstd | lz4 | bz2 | xz | None, by the first bytes."""
    return next((name for magic, name in _COMPRESSIONS if head.startswith(magic)), None)


def open_plain(source: Input) -> io.BufferedReader:
    """The bytes, decompressed where they are compressed (by their first bytes, not by name). Raises `ReadError`.

    Decompression is lazy: damage shows as one of `DAMAGE` while reading.
    """
    stream = open_raw(source)
    try:
        return stream if source.stream is not None else _plain(stream)
    except OSError as error:
        raise _why(source.name, error) from None


def _plain(stream: io.BufferedReader) -> io.BufferedReader:
    packed = compression(peek(stream))
    if packed is None:
        return stream
    unpacked: Any
    if packed == "gzip":
        import gzip

        unpacked = gzip.GzipFile(fileobj=stream)
    elif packed == "bz2":
        import bz2

        unpacked = bz2.BZ2File(stream)
    elif packed == "xz":
        unpacked = lzma.LZMAFile(stream)  # noqa: SIM115
    else:
        import pyarrow as pa

        unpacked = pa.CompressedInputStream(pa.PythonFile(stream, "r"), packed)
    return (_Kept if isinstance(stream, _Kept) else io.BufferedReader)(unpacked, 1 << 16)


def damage(source: str, error: BaseException) -> ReadError:
    """What to say when reading breaks off."""
    if isinstance(error, ReadError):
        return error
    if isinstance(error, OSError) and error.errno is not None:
        return _why(source, error)
    return ReadError(source, f"its compression is damaged ({error})", "fetch or pack the file again")


DAMAGE = (OSError, EOFError, zlib.error, lzma.LZMAError)
"""What reading a stream of `open_plain` may raise."""


def read_bounded(source: Input, stream: BinaryIO, limit: int = MAX_TEXT_BYTES) -> bytes:
    """All bytes of a stream. Raises `ReadError` when there are more than `limit` or when it breaks off."""
    try:
        data = stream.read(limit + 1)
    except DAMAGE as error:
        raise damage(source.name, error) from None
    if len(data) > limit:
        raise ReadError(source.name, f"it is larger than {limit >> 20} MB", "split it into single reports or rows")
    return data


# --- recognising ---------------------------------------------------------------------------------------------------


def kind_by_name(name: str) -> str | None:
    """The kind that a file's suffixes tell: text | html | jsonl | json | csv | parquet | warc | feed, or None."""
    lowered = Path(name).name.lower()
    while lowered.endswith(_PACKED):
        lowered = lowered.rpartition(".")[0]
    return _SUFFIXES.get("." + lowered.rpartition(".")[2])


def kind_by_content(head: bytes) -> str | None:
    """The kind that the first bytes (decompressed) tell; None for bytes that are no text."""
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith((b"WARC/", b"filedesc://")):
        return "warc"
    if is_binary(head):
        return None
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    lowered = start[:1024].lower()
    if lowered.startswith(b"<"):
        if re.search(rb"<(?:rss|feed|rdf:rdf|urlset|sitemapindex|opml)[\s>]", lowered):
            return "feed"
        if re.search(rb"<(?:!doctype\s+html|html|head|body|div|p|article|meta|title)[\s>]", lowered):
            return "html"
        return "feed" if lowered.startswith(b"<?xml") else "text"
    if start.startswith(b"["):
        return "json" if re.match(rb"\[\s*[{\]]", start) else "text"
    if re.match(rb'\{\s*["}]', start):
        first_line = start.split(b"\n", 1)[0].rstrip()
        return "jsonl" if first_line.endswith(b"}") or b"\n" not in start else "json"
    first_line = start.split(b"\n", 1)[0].rstrip(b"\r").lower()
    columns = re.split(rb"[,;\t|]", first_line)
    if len(columns) > 1 and any(column.strip(b" \"'") == b"text" for column in columns):
        return "csv"
    return "text"


def is_binary(head: bytes) -> bool:
    """True for bytes that are no text in any encoding."""
    if any(head.startswith(magic) for magic, _, _ in _MAGIC):
        return True
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or not head:
        return False
    if head[1:2000:2].count(0) > 0.7 * len(head[1:2000:2]) or head[0:2000:2].count(0) > 0.7 * len(head[0:2000:2]):
        return not _CONTROL.sub(b"", head.replace(b"\0", b"")).isascii()  # UTF-16 without its mark
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
        limit = BINARY_IN_UTF8
    except UnicodeDecodeError:
        limit = BINARY
    return len(_CONTROL.findall(head)) > limit * len(head)


def refuse_binary(source: Input, head: bytes) -> None:
    """Raises `ReadError` for bytes that are no text, naming what they are where that is known."""
    for magic, what, cure in _MAGIC:
        if head.startswith(magic):
            raise ReadError(source.name, f"this is {what}", cure)
    if is_binary(head):
        raise ReadError(source.name, "this is a binary file, no text", "leave it out, or convert it to text or HTML")


def inputs(what: Iterable[str | Path] | str | Path) -> Iterator[Input | ReadError]:
    """`find` over many."""
    for one in [what] if isinstance(what, str | Path) else what:
        yield from find(one)
