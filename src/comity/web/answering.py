"""An answer and its forms: the page, and its twins in JSON, CSV and SVG."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec

from comity.web.asking import Ask, NotFound

Table = tuple[Sequence[str], Iterable[Sequence[Any]]]
"""Columns and rows."""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What a view answers."""

    template: str
    title: str
    data: Any
    """The JSON twin; the template sees it as ``data``."""
    more: dict[str, Any] = {}
    """What only the template needs."""
    tables: dict[str, Callable[[], Table]] = {}
    """Panels that can be had as CSV; the first is the page's own."""
    pictures: dict[str, Callable[[], str]] = {}
    """Panels that can be had as SVG."""
    files: dict[str, Callable[[], bytes]] = {}
    """Whole files in other forms, by ending."""
    status: int = 200


TYPES = {
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8; header=present",
    "svg": "image/svg+xml",
    "graphml": "application/graphml+xml",
}

encoder = msgspec.json.Encoder(decimal_format="number")


def body(answer: Answer, ask: Ask, render: Callable[[Answer, Ask], str]) -> bytes:
    """The answer in the form that was asked for. Raises `NotFound` where it has no such panel."""
    if ask.form == "json":
        return encoder.encode(answer.data)
    if ask.form == "csv":
        return as_csv(_panel(answer.tables, ask, "table")()).encode()
    if ask.form == "svg":
        return _panel(answer.pictures, ask, "picture")().encode()
    if ask.form != "html":
        return answer.files[ask.form]()
    return render(answer, ask).encode()


def _panel(panels: dict[str, Any], ask: Ask, what: str) -> Any:
    if not panels:
        raise NotFound(f"this page has no {what}")
    name = ask.one("panel", next(iter(panels)))
    if name not in panels:
        raise NotFound(f"this page has no {what} {name!r}; it has: {', '.join(panels)}")
    return panels[name]


def as_csv(table: Table) -> str:
    """Comma-separated values after RFC 4180."""
    out = io.StringIO()
    writer = csv.writer(out)
    columns, rows = table
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(value) for value in row])
    return out.getvalue()


def _cell(value: Any) -> Any:
    if value is None or isinstance(value, (int, float)):
        return value
    if isinstance(value, (list, tuple)):
        value = "; ".join(str(_cell(one)) for one in value)
    if isinstance(value, dict):
        value = encoder.encode(value).decode()
    text = str(value)
    # A text that a spreadsheet would run as a formula is marked as text (OWASP, CSV injection).
    return "'" + text if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
