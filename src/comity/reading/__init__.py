"""Bytes to reports: plain text, HTML, JSONL, JSON, CSV, Parquet, web archives and feeds, behind one `read`.

>>> from comity.reading import read_text
>>> report = read_text("Talks end in Vienna\\nPublished: 3 May 2021\\n\\nThe ministers met on Monday.\\n")
>>> report.title, report.published
('Talks end in Vienna', '2021-05-03')
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.reading.errors import ReadError
from comity.reading.filling import Filling, log
from comity.reading.inputs import (
    DAMAGE,
    Input,
    damage,
    inputs,
    kind_by_content,
    kind_by_name,
    open_plain,
    open_raw,
    peek,
    refuse_binary,
)
from comity.records import LeftOut, Report

if TYPE_CHECKING:
    from comity.reading.language import detect
    from comity.reading.text import Dateline, dateline, read_text
    from comity.reading.watching import watch

__all__ = ["Dateline", "ReadError", "dateline", "detect", "read", "read_many", "read_text", "watch"]

_HOMES = {"Dateline": "text", "dateline": "text", "detect": "language", "read_text": "text", "watch": "watching"}
"""Names that are loaded on first use: their modules compile patterns that a caller may never need."""


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"comity.reading.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'comity.reading' has no attribute {name!r}")


_READERS = {
    "text": ("text", "read"),
    "html": ("html", "read"),
    "jsonl": ("jsonl", "read"),
    "json": ("jsonl", "read_json"),
    "csv": ("csv", "read"),
    "parquet": ("parquet", "read"),
    "warc": ("warc", "read"),
    "feed": ("feeds", "read"),
}
"""Kind to module and function; a module is imported when the first input of its kind is met."""


def _filling(published: str | None, outlet: str | None, url: str | None, warn: Callable[[str], object]) -> Filling:
    if published is not None:
        from comity.reading.published import check_published

        published = check_published(published)
    return Filling(published, outlet, url, warn)


def _kind(source: Input) -> str:
    """The kind of an input: by its name, else by its first bytes. Raises `ReadError` for what is no text."""
    named = kind_by_name(source.name) if source.path is not None else None
    if named is not None:
        return named
    with open_raw(source) as raw:
        head = peek(raw)
        if not head:
            raise ReadError(source.name, "it is empty", "leave it out, or give the report's text")
        if head.startswith(b"PAR1"):
            return "parquet"
    with open_plain(source) as stream:
        try:
            head = peek(stream)
        except DAMAGE as error:
            raise damage(source.name, error) from None
    kind = kind_by_content(head)
    if kind is None:
        refuse_binary(source, head)
        return "text"
    return kind


def _reports(source: Input, filling: Filling, **part: int | None) -> Iterator[Report | LeftOut]:
    module, function = _READERS[_kind(source)]
    reader = getattr(import_module(f"comity.reading.{module}"), function)
    yield from reader(source, filling, **part)


def read(
    path: str | Path, *, published: str | None = None, outlet: str | None = None, url: str | None = None
) -> Report:
    """The one report that a file holds (or stdin, given as ``"-"``).

    `published`, `outlet` and `url` fill what the file does not say itself. The kind of the file is told by its name,
    else by its first bytes; gzip, Zstandard, LZ4, bzip2 and xz are unpacked.

    Raises `ReadError` when it cannot be read or holds several reports, `ValueError` when `published` is no date.
    """
    filling = _filling(published, outlet, url, log)
    found: Report | None = None
    for source in inputs(path):
        if isinstance(source, ReadError):
            raise source
        for item in _reports(source, filling):
            if isinstance(item, LeftOut):
                raise ReadError(item.source, item.reason, item.cure)
            if found is not None:
                raise ReadError(str(path), "it holds several reports", "use read_many")
            found = item
    if found is None:
        raise ReadError(str(path), "it holds no report", "check the file")
    return found


def read_many(
    what: Iterable[str | Path] | str | Path,
    *,
    published: str | None = None,
    outlet: str | None = None,
    url: str | None = None,
    on_left_out: Callable[[LeftOut], object] | None = None,
    on_warning: Callable[[str], object] = log,
) -> Iterator[Report | LeftOut]:
    """The reports of files, folders (all below them), patterns (``news/*.html``) and stdin (``"-"``), one by one.

    What cannot be read is given as a `LeftOut` in its place, and the rest goes on; with `on_left_out` it goes there
    instead and only reports are given. A date that cannot be understood leaves its report undated and goes to
    `on_warning` as one line (default: logging, logger ``comity.reading``).

    Raises `ValueError` at once when `published` is no date; nothing else.
    """
    filling = _filling(published, outlet, url, on_warning)
    return _read_many(what, filling, on_left_out)


def _read_many(
    what: Iterable[str | Path] | str | Path, filling: Filling, on_left_out: Callable[[LeftOut], object] | None
) -> Iterator[Report | LeftOut]:
    for item in _each(what, filling):
        if isinstance(item, LeftOut) and on_left_out is not None:
            on_left_out(item)
        else:
            yield item


def _each(what: Iterable[str | Path] | str | Path, filling: Filling) -> Iterator[Report | LeftOut]:
    for source in inputs(what):
        if isinstance(source, ReadError):
            yield source.left_out()
        else:
            yield from read_input(source, filling)


def read_input(
    source: Input, filling: Filling, *, start: int = 0, stop: int | None = None, before: int = 0
) -> Iterator[Report | LeftOut]:
    """The reports of one input; what cannot be read is a `LeftOut` in its place. Raises nothing.

    `start`, `stop`: only the part of it that begins there, so that several workers can share one file: byte offsets for
    JSONL (`before` it stand so many lines) and web archives, numbers of row groups for Parquet.
    """
    part: dict[str, int | None] = {"start": start, "stop": stop} if start or stop is not None else {}
    if part and before:
        part["before"] = before
    reports = _reports(source, filling, **part)
    while True:
        try:
            item = next(reports)
        except StopIteration:
            break
        except ReadError as error:
            yield error.left_out()
            break
        except DAMAGE as error:
            yield damage(source.name, error).left_out()
            break
        yield item
