"""Pages from templates. Everything that is put into one is escaped; nothing here marks a text as safe but this
package's own SVG."""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Callable
from datetime import date, datetime
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from comity import __version__
from comity.web.answering import Answer, encoder
from comity.web.asking import Ask, address, place
from comity.web.charts import histogram
from comity.web.doing import typed
from comity.web.names import party_name
from comity.web.safety import Forms
from comity.web.settings import Settings

if TYPE_CHECKING:
    from comity.web.source import Source


@functools.cache
def assets_digest() -> str:
    """A digest of all files that pages load: it stands in their addresses."""
    made = hashlib.sha256(__version__.encode())
    for file in sorted(files("comity.web").joinpath("static").iterdir(), key=lambda file: file.name):
        made.update(file.name.encode() + file.read_bytes())
    return made.hexdigest()[:12]


MENU = (
    ("/events", "Events"),
    ("/statements", "Statements"),
    ("/reports", "Reports"),
    ("/occurrences", "Occurrences"),
    ("/actors", "Actors"),
    ("/dyads", "Dyads"),
    ("/contacts", "Contacts"),
    ("/network", "Network"),
    ("/map", "Map"),
    ("/formulae", "Formulae"),
    ("/voices", "Voices"),
    ("/quality", "Quality"),
    ("/sql", "SQL"),
    ("/review", "Review"),
    ("/read", "Read a report"),
)
"""The views that the head of every page leads to."""


class Renderer:
    """Templates, and what all of them know."""

    def __init__(self, source: Source, forms: Forms, settings: Settings) -> None:
        self._source = source
        self._environment = Environment(
            loader=PackageLoader("comity.web"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals |= {
            "address": address,
            "place": place,
            "party_name": party_name,
            "static": lambda name: f"/static/{assets_digest()}/{name}",
            "settings": settings,
            "form_secret": forms.secret,
            "version": __version__,
            "menu": MENU,
            "drawing": Markup,  # of pictures, which escape what they are given
            "picture": lambda bars: Markup(histogram(bars)),  # noqa: S704 (escaped where it is drawn)
        }
        self._environment.filters |= FILTERS

    def page(self, answer: Answer, ask: Ask) -> str:
        """The page of an answer."""
        template = self._environment.get_template(answer.template)
        page = template.render(
            answer=answer,
            ask=ask,
            title=answer.title,
            data=answer.data,
            snapshot=self._source.snapshot,
            place_name=self._source.ledger.home.name,
            **answer.more,
        )
        return kept_in_the_past(page, ask.as_of) if ask.as_of else page


_LINK = re.compile(r'(<(?:a|link)\s[^>]*?href=")(/(?!static/|openapi|enter)[^"#?]*)(\?[^"#]*)?(#[^"]*)?(")')
_GET = re.compile(r'<form\b[^>]*method="get"[^>]*>')


def kept_in_the_past(page: str, as_of: str) -> str:
    """A page whose links and questions lead to the same moment of the past that it shows itself."""
    moment = str(escape(urlencode({"as_of": as_of})))

    def link(found: re.Match[str]) -> str:
        query = found[3] or ""
        if "as_of=" in query or 'data-now="' in found[1]:
            return found[0]
        return f"{found[1]}{found[2]}{query}{'&amp;' if query else '?'}{moment}{found[4] or ''}{found[5]}"

    hidden = f'<input type="hidden" name="as_of" value="{escape(as_of)}">'
    return _GET.sub(lambda form: form[0] + hidden, _LINK.sub(link, page))


# --- how values are said ---------------------------------------------------------------------------------------------

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day(value: Any) -> str:
    """A date as precise as it is: 27 Oct 2022, Oct 2022, 2022."""
    if value is None:
        return "no date"
    text = value.isoformat() if isinstance(value, (date, datetime)) else str(value)
    parts = text[:10].split("-")
    if not all(part.isdigit() for part in parts) or (len(parts) > 1 and not 1 <= int(parts[1]) <= 12):
        return text
    said = [str(int(part)) for part in parts[2:3]] + [_MONTHS[int(part) - 1] for part in parts[1:2]] + [parts[0]]
    return " ".join(said)


def dated(record: Any) -> str:
    """A record's date in words, with what it is known by."""
    value, precision = record["date"], record["date_precision"]
    if value is None:
        return "no date"
    said = day(value)
    end = record.get("date_end")
    if end:
        said += f" to {day(end)}"
    if precision == "published":
        return f"≈ {said}"
    return said if precision in ("day", "month", "year", None) else f"{said} ({precision})"


def number(value: Any) -> str:
    """1,234 or 0.56; a whole number without decimals."""
    if value is None:
        return "–"
    if isinstance(value, float) and not value.is_integer():
        return f"{value:,.2f}"
    return f"{int(value):,}"


def type_name(code: str | None) -> str:
    """CONSULT as Consult."""
    return (code or "unknown").replace("_", " ").capitalize()


def names(parties: Any) -> str:
    """Parties of a record, as they are called: Wang Yi (China)."""
    return ", ".join(name_of(party) for party in parties) or "nobody named"


def name_of(party: Any) -> str:
    name = party["name"] or party["text"] or party_name(party["country"])
    country = party["country"]
    if not country:
        return name
    said = party_name(country)
    return name if said.lower() in (name.lower(), "unknown") or country.startswith("GROUP:") else f"{name} ({said})"


def quad_class(quad: str | None) -> str:
    """The style of a quad class: vc, mc, vx, mx."""
    return {
        "verbal cooperation": "vc", "material cooperation": "mc", "verbal conflict": "vx", "material conflict": "mx",
    }.get(quad or "", "none")  # fmt: skip


CELL = 400
"""Characters of one value that a table shows; its CSV has all."""


def cell(value: Any) -> str:
    """A value of a table in SQL: what is nested as JSON, what is long cut."""
    if isinstance(value, (list, tuple, dict)):
        text = encoder.encode(value).decode()
    elif isinstance(value, bool):
        text = "true" if value else "false"
    elif isinstance(value, float):
        text = f"{value:.6g}"
    else:
        text = str(value)
    return text if len(text) <= CELL else text[:CELL] + " …"


def plural(count: int, one: str, many: str | None = None) -> str:
    """1 report, 2 reports."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


FILTERS: dict[str, Callable[..., Any]] = {
    "typed": typed,
    "cell": cell,
    "day": day,
    "dated": dated,
    "number": number,
    "type_name": type_name,
    "names": names,
    "name_of": name_of,
    "quad_class": quad_class,
    "plural": plural,
}
