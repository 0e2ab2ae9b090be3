"""A visitor's request: path, query, the form in which the answer is wanted."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote, urlencode

import msgspec

FORMS = ("json", "csv", "svg", "graphml")
"""Endings under which a page's twins stand; none is the page itself."""


MANY = 2
"""Others from which on a page does not wait long. With eight readers during `comity add`, a page of two states takes 0.41 s
at the median without it. Re-run ``benchmarks/web.py`` after a change."""


class BadAsk(Exception):
    """A request that cannot be understood: what is wrong, and what would be right."""


class NotFound(Exception):
    """What was asked for is not there."""


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """One request."""

    path: str
    """Without the ending of its form."""
    params: dict[str, str]
    query: tuple[tuple[str, str], ...]
    form: str = "html"
    as_of: str = ""
    """The moment of the past that is asked for, as it was given; empty: the present."""

    beside: int = 0
    """How many others are being answered at the same time."""

    @property
    def patience(self) -> float:
        """Seconds to wait for an answer that takes long: a page says so and asks again by itself, sooner where others
        are waiting for the processor too; a program waits."""
        if self.form != "html":
            return 25.0
        return 0.4 if self.beside < MANY else 0.12

    def one(self, name: str, default: str = "") -> str:
        """The value of a parameter that may be given once; an empty one is none."""
        values = self.many(name)
        if len(values) > 1:
            raise BadAsk(f"{name}: takes one value, not {len(values)}")
        return values[0] if values else default

    def many(self, name: str) -> list[str]:
        return [value for key, value in self.query if key == name and value.strip()]

    def number(self, name: str, default: int, least: int, most: int) -> int:
        given = self.one(name)
        if not given:
            return default
        if not re.fullmatch(r"-?\d{1,9}", given, re.ASCII) or not least <= int(given) <= most:
            raise BadAsk(f"{name}: {given!r} is not a whole number from {least} to {most}")
        return int(given)

    def chosen(self, name: str, allowed: tuple[str, ...], default: str) -> str:
        given = self.one(name, default)
        if given not in allowed:
            raise BadAsk(f"{name}: {given!r} is unknown; it is one of: {', '.join(allowed)}")
        return given

    def flag(self, name: str, default: bool = False) -> bool:
        given = self.one(name).lower()
        if given in ("", "yes", "true", "1", "on", "no", "false", "0", "off"):
            return default if not given else given in ("yes", "true", "1", "on")
        raise BadAsk(f"{name}: {given!r} is neither yes nor no")

    def filters(self, known: Any, own: tuple[str, ...], *, searched: bool = True) -> dict[str, Any]:
        """The parameters that are filters. Raises `BadAsk` for one that is neither a filter nor among the page's `own`.

        A filter that is given several times lets any of its values pass.
        """
        also = ("text",) if searched else ()
        found: dict[str, Any] = {}
        for name, value in self.query:
            if name in own or not value.strip():
                continue
            if name not in also and name not in known:
                raise BadAsk(f"{name!r} is no parameter of this page; it has: {', '.join([*own, *also, *known])}")
            found.setdefault(name, []).append(value)
        return {name: values[0] if len(values) == 1 else values for name, values in found.items()}

    def need_only(self, *known: str) -> None:
        """Raise `BadAsk` for a parameter that the page does not have: a misspelt one must not be passed over."""
        for name, value in self.query:
            if name not in known and value.strip():
                has = f"it has: {', '.join(known)}" if known else "it has none"
                raise BadAsk(f"{name!r} is no parameter of this page; {has}")

    # --- addresses ---------------------------------------------------------------------------------------------------

    def url(self, form: str = "html", **changes: Any) -> str:
        """The address of this page with other parameters: a value replaces, None takes out."""
        kept = [(name, value) for name, value in self.query if name not in changes and value.strip()]
        kept += [(name, str(value)) for name, value in changes.items() if value is not None]
        return address(self.path, [*kept, *self._moment()], form)

    def _moment(self) -> list[tuple[str, str]]:
        return [("as_of", self.as_of)] if self.as_of else []

    def now(self) -> str:
        """The address of this page as the ledger is now."""
        return address(self.path, [pair for pair in self.query if pair[1].strip()])

    def added(self, name: str, value: str) -> str:
        """The address of this page with one more value of a parameter, on its first page."""
        kept = [pair for pair in self.query if pair[0] != "after" and pair[1].strip() and pair != (name, value)]
        return address(self.path, [*kept, (name, value), *self._moment()])

    def without(self, name: str, value: str | None = None) -> str:
        """The address of this page without a parameter (or one value of it), on its first page."""
        kept = [
            (key, one)
            for key, one in self.query
            if key != "after" and one.strip() and not (key == name and value in (None, one))
        ]
        return address(self.path, [*kept, *self._moment()])


def address(path: str, query: Any = (), form: str = "html") -> str:
    """A path with its ending and query, encoded."""
    ending = "" if form == "html" else f".{form}"
    pairs = list(query.items()) if isinstance(query, dict) else list(query)
    pairs = [(name, one) for name, value in pairs for one in (value if isinstance(value, (list, tuple)) else [value])]
    pairs = [(name, value) for name, value in pairs if value is not None]
    return encoded(path) + ending + (f"?{urlencode(pairs)}" if pairs else "")


def encoded(path: str) -> str:
    return quote(path, safe="/:@-")


def place(*parts: str) -> str:
    """A path made of a fixed part and ids, which may hold any letter: ``place("reports", id)``."""
    made = "/" + "/".join(quote(part, safe="") for part in parts)
    return made + ".html" if made.endswith(tuple(f".{form}" for form in (*FORMS, "html"))) else made
