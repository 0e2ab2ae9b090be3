"""What goes to the screen: JSON on stdout, tables that fit, notes on stderr, and words that cannot harm a terminal."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

PIPED_WIDTH = 120
"""Columns when stdout is no terminal and COLUMNS does not say."""

_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def shown(text: str | None) -> str:
    """The text on one line, with control characters (escape codes of terminals) and marks of direction made visible.

    >>> shown("a\\x1b[31m\\nb")
    'a␛[31m b'
    """
    return _UNSEEN.sub(_picture, " ".join((text or "").split()))


def _picture(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else f"<U+{code:04X}>"


def cut(text: str, length: int) -> str:
    """The text, ended with … where it is longer."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def console(stderr: bool = False) -> Console:
    """The console of stdout or stderr: colours only on a terminal (and not with NO_COLOR)."""
    stream = sys.stderr if stderr else sys.stdout
    told = os.environ.get("COLUMNS", "")
    width = int(told) if told.isdigit() else None if stream.isatty() else PIPED_WIDTH
    return _console(stderr, width)


@cache
def _console(stderr: bool, width: int | None) -> Console:
    from rich.console import Console

    return Console(stderr=stderr, width=width, highlight=False, markup=False, emoji=False, soft_wrap=False)


def note(line: str) -> None:
    """One line on stderr; on a terminal broken between words."""
    line = shown(line)
    if sys.stderr.isatty():
        import shutil
        import textwrap

        columns = shutil.get_terminal_size().columns
        line = textwrap.fill(line, columns, break_long_words=False, break_on_hyphens=False)
    click.echo(line, err=True)


def say(*what: Any, style: str | None = None) -> None:
    """A line, a table or another renderable on stdout."""
    # in a pipe a line stays a line: whoever searches it wants it whole
    whole = (
        all(type(one).__name__ in ("str", "Text") for one in what)
        and not sys.stdout.isatty()
        and "COLUMNS" not in os.environ
    )
    console().print(*what, style=style, soft_wrap=whole)


def text(words: str | None, style: str = "") -> Text:
    """Words from a record, made safe: on one line, nothing unseen in them, never read as markup."""
    return plain(shown(words), style)


def plain(words: str, style: str = "") -> Text:
    """Words of our own, or made safe before, as they stand: blanks and line ends at their ends too."""
    from rich.text import Text

    return Text(words).append("") if not style else Text().append(words, style=style)


def table(*columns: tuple[str, dict[str, Any]] | str) -> Table:
    """A table without walls; a column is its heading, or heading and options of `rich.table.Table.add_column`."""
    from rich import box
    from rich.table import Table

    made = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold", show_edge=False)
    for column in columns:
        heading, options = (column, {}) if isinstance(column, str) else column
        made.add_column(heading, **({"overflow": "fold"} | options))
    return made


# --- JSON ------------------------------------------------------------------------------------------------------------


def print_json(value: Any) -> None:
    """One JSON value in UTF-8 and a line end on stdout."""
    from comity.records import to_json

    _write(to_json(value) + b"\n")


def print_array(values: Iterable[Any]) -> None:
    """A JSON array on stdout, one element a line, written as it comes."""
    from comity.records import to_json

    _write(b"[")
    for number, value in enumerate(values):
        _write((b",\n" if number else b"\n") + to_json(value))
    _write(b"\n]\n")


def print_with_summary(name: str, values: Iterable[Any], summary: Callable[[], tuple[str, Any]]) -> None:
    """A JSON object on stdout: the values, one a line, written as they come, and what is known of them at the end."""
    from comity.records import to_json

    _write(b"{" + to_json(name) + b":[")  # type: ignore[arg-type]
    for number, value in enumerate(values):
        _write((b",\n" if number else b"\n") + to_json(value))
    last, value = summary()
    _write(b"\n],\n" + to_json(last) + b":" + to_json(value) + b"}\n")  # type: ignore[arg-type]


def _write(data: bytes) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
