"""A row of JSONL, CSV or Parquet to a Report: the columns of the record's form, checked, with the row's number."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

import msgspec

from comity.reading.errors import ReadError
from comity.reading.filling import Filling
from comity.reading.published import normalise
from comity.reading.text import head_date
from comity.records import DeclaredActor, Report, report_id

TEXTS = ("id", "url", "outlet", "published", "title", "language", "original_language", "translated_by")
COLUMNS = ("text", *TEXTS, "demo", "actors")
"""The columns that are read; all others are passed over."""

_UNDATED = "the report is kept without a date"


def _string(value: Any, column: str, source: str) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return value
    if column == "id" and isinstance(value, int):
        return str(value)
    if column == "published" and isinstance(value, date):  # Parquet's dates and timestamps; datetime is a date too
        if isinstance(value, datetime):
            return value.isoformat(timespec="seconds").replace("+00:00", "Z")
        return value.isoformat()
    raise ReadError(
        source, f"column {column!r} is a {_type(value)}, not a text", f"give {column!r} as a string or null"
    )


def _type(value: Any) -> str:
    names = {bool: "truth value", int: "number", float: "number", list: "list", dict: "object"}
    return names.get(type(value), type(value).__name__)


def _demo(value: Any, source: str) -> bool:
    if isinstance(value, bool | None):
        return bool(value)
    if isinstance(value, str) and value.strip().lower() in ("", "true", "false", "1", "0"):
        return value.strip().lower() in ("true", "1")
    raise ReadError(source, f"column 'demo' is {value!r}", "give it as true or false")


def _declared(value: Any, text: str, source: str) -> tuple[DeclaredActor, ...]:
    if value is None or value == "":
        return ()
    form = 'a list of {"start", "end", "name", "country"}'
    try:
        if isinstance(value, str):
            value = msgspec.json.decode(value)
        actors = msgspec.convert(value, tuple[DeclaredActor, ...])
    except msgspec.DecodeError as error:  # ValidationError is one too
        raise ReadError(source, f"column 'actors' is not readable ({error})", f"give it as {form}") from None
    for actor in actors:
        if not 0 <= actor.start < actor.end <= len(text):
            raise ReadError(
                source,
                f"actor {actor.name!r} is declared at {actor.start}-{actor.end}, the text has {len(text)} characters",
                "give offsets in characters (code points) of 'text', the end exclusive",
            )
    return actors


def _published(given: str | None, text: str, source: str, filling: Filling) -> str | None:
    """The row's date, else that at the head of its text, else the caller's; a warning when only a bad one is given."""
    found = (normalise(given) if given else None) or head_date(text) or filling.published
    if given and found is None:
        filling.warn(f"{source}: published {given[:60]!r} is no date that can be read in one way only; {_UNDATED}")
    return found


def report_from_row(row: Mapping[str, Any], source: str, filling: Filling) -> Report:
    """The report that a row holds. Raises `ReadError` when it has no text or a column has the wrong type.

    A missing date is looked for at the head of the text. A date that cannot be understood is a warning, not an error.
    """
    text = row.get("text")
    if text is None or text == "":
        raise ReadError(source, "this row has no 'text'", "give the report's text in a column named 'text'")
    if not isinstance(text, str):
        raise ReadError(source, f"column 'text' is a {_type(text)}, not a text", "give 'text' as a string")
    if text.isspace():
        raise ReadError(source, "its text is blank", "leave it out, or give the report's text")
    get: Callable[[str], str | None] = lambda column: _string(row.get(column), column, source)  # noqa: E731
    url = get("url") or filling.url
    published = _published(get("published"), text, source, filling)
    return Report(
        id=get("id") or report_id(url, published, text),
        text=text,
        title=get("title"),
        outlet=get("outlet") or filling.outlet,
        url=url,
        published=published,
        language=get("language"),
        demo=_demo(row.get("demo"), source),
        original_language=get("original_language"),
        translated_by=get("translated_by"),
        declared=_declared(row.get("actors"), text, source),
        source=source,
    )
