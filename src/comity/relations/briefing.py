"""How a briefing looks: HTML, Markdown, PDF. All say the same, in the same order."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from html import escape
from importlib.resources import files
from typing import Any

from comity.relations.brief import CONTACTS, PERIODS_SHOWN, Brief, Refs, cell_key, spelled
from comity.relations.choice import SCALES
from comity.relations.claims import Claim
from comity.relations.contacts import LEVELS, NOT_NAMED, Cell, Contact
from comity.relations.errors import library
from comity.relations.figures import Figure
from comity.relations.naming import name_of
from comity.relations.series import PER_REPORTS, Shift
from comity.relations.told import QUADS

# --- words and numbers, the same in all forms ------------------------------------------------------------------------


def figure(one: Figure, form: str = ".2f") -> str:
    """A number with its interval: 0.92 (0.82 to 1.00)."""
    if one.value is None:
        return "–"
    made = f"{one.value:{form}}"
    return made if one.interval is None else f"{made} ({one.interval.low:{form}} to {one.interval.high:{form}})"


def number(value: float) -> str:
    return f"{value:,.0f}" if abs(value - round(value)) < 0.05 else f"{value:,.1f}"


def who(parties: Iterable[dict[str, Any]]) -> str:
    """Names of parties with their codes."""
    made = []
    for party in parties:
        name = party["name"] or party["text"] or "unknown"
        code = party["country"]
        made.append(name if code is None or name_of(code) == name else f"{name} ({name_of(code)})")
    return ", ".join(made) or "nobody named"


def deed(event: dict[str, Any]) -> str:
    """What an event is: Xi Jinping (China) → Russia: SUPPORT."""
    arrow = "↔" if event["mutual"] else "→"
    kind = event["type"] + (f", {event['mode']}" if event["mode"] else "")
    standing = "" if event["status"] == "actual" else f" ({event['status']})"
    return f"{who(event['source'])} {arrow} {who(event['target'])}: {kind}{standing}"


def day(event: dict[str, Any]) -> str:
    about = "about " if event["date_precision"] == "published" else ""
    return f"{about}{event['date'] or 'no date'}"


def source(event: dict[str, Any]) -> str:
    """Outlet and title of the report."""
    parts = [event["outlet"] or "unknown outlet", event["title"] or ""]
    return ", ".join(part for part in parts if part) + (" (demonstration)" if event["demo"] else "")


def summary(found: Brief) -> list[str]:
    """The sentences at the top."""
    whole = found.dyad.series[2].whole
    a, b = name_of(found.a), name_of(found.b)
    scale = SCALES.get(found.dyad.scale or "", "their scale")
    said = []
    if whole.intensity.value is None:
        said.append(f"No event between {a} and {b} passes the choice below.")
    else:
        said.append(
            f"What passed between {a} and {b} has a mean intensity of {figure(whole.intensity, '+.1f')} on {scale}; "
            f"{figure(whole.share, '.0%')} of the events with a sign are cooperation."
        )
    forth, back = found.dyad.series[0], found.dyad.series[1]
    if forth.whole.intensity.value is not None and back.whole.intensity.value is not None:
        said.append(
            f"{spelled(forth.direction)}: {figure(forth.whole.intensity, '+.1f')}; "
            f"{spelled(back.direction)}: {figure(back.whole.intensity, '+.1f')}."
        )
    if found.contacts.held:
        last = found.contacts.held[0]
        days = (found.contacts.until - last.day).days
        said.append(
            f"Contacts held: {len(found.contacts.held)}. The last, {last.date}: {last.a_who} and {last.b_who} "
            f"({last.channel}), {days:,} day{'' if days == 1 else 's'} before the end of the time that was read."
        )
    if not found.dyad.series[2].changes:
        said.append("No change of level is found in the series of both directions together.")
    return said


def cautions(found: Brief) -> list[str]:
    """What has to be known to read the figures."""
    return [
        found.dyad.choice,
        f"Reports of {found.dyad.panel.words}.",
        found.dyad.correction[:1].upper() + found.dyad.correction[1:] + ".",
        found.dyad.index,
        *found.dyad.notes,
    ]


def change_words(direction: str, shift: Shift) -> str:
    room = "" if shift.earliest == shift.latest else f" (between {shift.earliest} and {shift.latest})"
    return (
        f"{spelled(direction)}, {shift.period}{room}: from {shift.before:+.1f} to {shift.after:+.1f}, "
        f"by {figure(shift.difference, '+.1f')}"
    )


def changes(found: Brief) -> Iterator[tuple[str, list[int]]]:
    """Each change in words, with the numbers of its events."""
    place = {event["id"]: n for n, event in enumerate(found.evidence, 1)}
    for series in found.dyad.series:
        for shift in series.changes:
            yield change_words(series.direction, shift), [place[e["id"]] for e in shift.events if e["id"] in place]


def matrix(found: Brief) -> tuple[list[str], list[tuple[str, list[Cell | None]]]]:
    """The matrix of levels: heads of columns, and rows with their cells."""
    order = [*LEVELS, NOT_NAMED]
    cells = {(cell.a_level, cell.b_level): cell for cell in found.contacts.matrix}
    across = [level for level in order if any(two == level for _, two in cells)]
    down = [level for level in order if any(one == level for one, _ in cells)]
    return across, [(one, [cells.get((one, two)) for two in across]) for one in down]


def contact_words(one: Contact) -> str:
    parts = [one.channel, one.setting or "", one.place or "", ", ".join(one.purpose)]
    standing = "" if one.standing == "held" else f"{one.standing}: "
    return f"{standing}{one.a_who} and {one.b_who} ({'; '.join(part for part in parts if part)})"


SAID = "What is said of the relation, beside the record"


def claim_head(one: Claim) -> str:
    """Who said it, when, where."""
    day_ = one.day.isoformat() if one.day else "no date"
    return f"{day_}, {', '.join(one.speakers) or 'nobody named'} ({one.outlet or 'unknown outlet'})"


def claim_record(one: Claim) -> str:
    """The record of the period that a claim speaks of. No verdict."""
    mean = next((standing for standing in one.record if standing.figure == "intensity"), None)
    if mean is None:
        return f"No record to set beside it: {one.why_not}." if one.why_not else "No record to set beside it."
    room = mean.rank_interval
    between = "" if room is None else f" ({room.low:.0f} to {room.high:.0f})"
    return f"The record of {one.period}: mean intensity {figure(mean.value, '+.1f')}, rank {mean.rank} of {mean.of}{between}."


def shown_periods(found: Brief) -> list[int]:
    """The last periods of which something was read."""
    return [n for n, one in enumerate(found.dyad.coverage) if one.reports][-PERIODS_SHOWN:]


# --- HTML ------------------------------------------------------------------------------------------------------------


def html(found: Brief, picture: bytes | None) -> str:
    """One page, whole: nothing is fetched."""

    def ref(key: str, words: str) -> str:
        return f'<a href="#{escape(key)}">{escape(words)}</a>' if key in found.refs else escape(words)

    def cite(places: Iterable[int]) -> str:
        return " ".join(f'<a class="c" href="#e{n}">{n}</a>' for n in places)

    a, b = name_of(found.a), name_of(found.b)
    out = [f"<h1>{escape(found.title)}</h1>"]
    if found.demo:
        out.append('<p class="demo">Made from demonstration reports that come with Comity.</p>')
    out += [f"<p>{escape(line)}</p>" for line in summary(found)]
    out.append("<table><tr><th></th><th>events</th>" + "".join(f"<th>{quad}</th>" for quad in QUADS))
    out.append(f"<th>share of cooperation</th><th>mean intensity</th><th>per {PER_REPORTS:,} reports read</th></tr>")
    for n, series in enumerate(found.dyad.series):
        whole = series.whole
        out.append(f"<tr><th>{escape(spelled(series.direction))}</th><td>{ref(f's{n}', number(whole.events))}</td>")
        out += [f"<td>{ref(f's{n}q{q}', number(whole.quads[quad]))}</td>" for q, quad in enumerate(QUADS)]
        out.append(
            f"<td>{figure(whole.share)}</td><td>{figure(whole.intensity)}</td><td>{figure(whole.rate, '.0f')}</td></tr>"
        )
    out.append("</table>")
    if any(series.corrected for series in found.dyad.series):
        out.append(
            "<h2>Corrected for errors of coding</h2><table><tr><th></th><th>events</th><th>share of cooperation</th>"
        )
        out.append("<th>mean intensity</th></tr>")
        for series in found.dyad.series:
            if series.corrected:
                right = series.corrected
                out.append(
                    f"<tr><th>{escape(spelled(series.direction))}</th><td>{figure(right.events, '.0f')}</td>"
                    f"<td>{figure(right.share)}</td><td>{figure(right.intensity)}</td></tr>"
                )
        out.append("</table>")
    if picture is not None:
        text = picture.decode()
        out.append(f"<figure>{text[text.index('<svg') :]}</figure>")
    listed = list(changes(found))
    if listed:
        out.append("<h2>Changes of level</h2><ul>")
        out += [f"<li>{escape(words)}: {cite(places)}</li>" for words, places in listed]
        out.append("</ul>")
    for heading, places in (("Most cooperative", found.friendly), ("Most hostile", found.hostile)):
        if places:
            out.append(f"<h2>{heading}</h2><ul>")
            for n in places:
                event = found.evidence[n - 1]
                words = f" <q>{escape(event['words'])}</q>" if event["words"] else ""
                out.append(f"<li>{escape(day(event))}, {escape(deed(event))}.{words} {cite([n])}</li>")
            out.append("</ul>")
    across, rows = matrix(found)
    if rows:
        out.append("<h2>Contacts, level against level</h2><table>")
        out.append(
            f"<tr><th>{escape(a)} ↓ {escape(b)} →</th>{''.join(f'<th>{escape(level)}</th>' for level in across)}</tr>"
        )
        for level, cells in rows:
            shown = "".join(
                "<td>·</td>" if cell is None else
                f"<td>{ref(cell_key(cell.a_level, cell.b_level), str(cell.number))}<br><small>last {cell.last}</small></td>"
                for cell in cells
            )  # fmt: skip
            out.append(f"<tr><th>{escape(level)}</th>{shown}</tr>")
        out.append("</table>")
    place = {event["id"]: n for n, event in enumerate(found.evidence, 1)}
    for heading, of in (
        ("Last contacts", found.contacts.held[:CONTACTS]),
        ("Not held, or not yet", found.contacts.others[:CONTACTS]),
    ):
        if of:
            out.append(f"<h2>{heading}</h2><ul>")
            for met in of:
                behind = cite(place[id_] for id_ in met.events if id_ in place)
                out.append(f"<li>{escape(met.date)}, {escape(contact_words(met))} {behind}</li>")
            out.append("</ul>")
    if found.claims:
        out.append(f"<h2>{SAID}</h2><ul>")
        for claim in found.claims:
            out.append(
                f"<li>{escape(claim_head(claim))}: <q>{escape(claim.words)}</q> {escape(claim_record(claim))} "
                f"<small>{claim.statement[:8]}</small></li>"
            )
        out.append("</ul>")
    out.append(f"<h2>By {found.dyad.by}</h2><table><tr><th></th><th>reports read</th><th>events</th>")
    out.append(
        "".join(f"<th>{quad}</th>" for quad in QUADS) + "<th>share of cooperation</th><th>mean intensity</th></tr>"
    )
    for n in shown_periods(found):
        point = found.dyad.series[2].points[n]
        mark = ' class="sparse"' if point.sparse else ""
        out.append(
            f"<tr{mark}><th>{point.period}</th><td>{point.reports:,}</td><td>{ref(f'p{n}', number(point.events))}</td>"
        )
        out += [f"<td>{ref(f'p{n}q{q}', number(point.quads[quad]))}</td>" for q, quad in enumerate(QUADS)]
        out.append(f"<td>{figure(point.share)}</td><td>{figure(point.intensity)}</td></tr>")
    out.append("</table><p><small>Pale: fewer events than a mean can rest on.</small></p>")
    out.append("<h2>How these figures were made</h2>")
    out += [f"<p>{escape(line)}</p>" for line in cautions(found)]
    out.append("<h2>Behind the numbers</h2><dl>")
    for one in found.refs.values():
        out.append(
            f'<dt id="{escape(one.key)}">{escape(one.label)}: {number(one.number)}</dt><dd>{cite(one.events)}{_left(one)}</dd>'
        )
    out.append("</dl><h2>The sentences</h2><ol>")
    for n, event in enumerate(found.evidence, 1):
        words = f"<q>{escape(event['words'])}</q> " if event["words"] else ""
        where = escape(source(event))
        if event["url"] and event["url"].startswith(("http://", "https://")):
            where = f'<a href="{escape(event["url"], quote=True)}">{where}</a>'
        out.append(
            f'<li id="e{n}">{escape(day(event))}, {escape(deed(event))}. {words}<small>{where}; {event["id"][:8]}</small></li>'
        )
    out.append("</ol>")
    style = files(__package__).joinpath("data", "brief.css").read_text("utf-8")
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(found.title)}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{style}</style></head><body>\n'
        + "\n".join(out)
        + "\n</body></html>\n"
    )


def _left(one: Refs) -> str:
    return f" and {one.left_out:,} more that are not listed" if one.left_out else ""


# --- Markdown --------------------------------------------------------------------------------------------------------


def _md(text: str) -> str:
    """Text that Markdown leaves alone."""
    flat = " ".join(text.split())
    return "".join(f"\\{letter}" if letter in "\\`*_[]<>|#" else letter for letter in flat)


def markdown(found: Brief, picture: str | None) -> str:
    """Markdown with anchors; `picture`: name of the chart's file beside it."""

    def ref(key: str, words: str) -> str:
        return f"[{words}](#{key})" if key in found.refs else words

    def cite(places: Iterable[int]) -> str:
        return " ".join(f"[{n}](#e{n})" for n in places)

    def table(heads: list[str], rows: Iterable[list[str]]) -> list[str]:
        lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
        return [*lines, *("| " + " | ".join(row) + " |" for row in rows), ""]

    a, b = name_of(found.a), name_of(found.b)
    out = [f"# {_md(found.title)}", ""]
    if found.demo:
        out += ["*Made from demonstration reports that come with Comity.*", ""]
    out += [f"{_md(line)}\n" for line in summary(found)]
    heads = ["", "events", *QUADS, "share of cooperation", "mean intensity", f"per {PER_REPORTS:,} reports read"]
    out += table(
        heads,
        (
            [
                spelled(series.direction), ref(f"s{n}", number(series.whole.events)),
                *(ref(f"s{n}q{q}", number(series.whole.quads[quad])) for q, quad in enumerate(QUADS)),
                figure(series.whole.share), figure(series.whole.intensity), figure(series.whole.rate, ".0f"),
            ]
            for n, series in enumerate(found.dyad.series)
        ),
    )  # fmt: skip
    corrected = [(series, series.corrected) for series in found.dyad.series if series.corrected is not None]
    if corrected:
        out += ["## Corrected for errors of coding", ""]
        rows_ = (
            [spelled(series.direction), figure(one.events, ".0f"), figure(one.share), figure(one.intensity)]
            for series, one in corrected
        )
        out += table(["", "events", "share of cooperation", "mean intensity"], rows_)
    if picture is not None:
        out += [f"![Mean intensity, events by quad class, reports read]({picture})", ""]
    listed = list(changes(found))
    if listed:
        out += ["## Changes of level", "", *(f"- {_md(words)}: {cite(places)}" for words, places in listed), ""]
    for heading, places in (("Most cooperative", found.friendly), ("Most hostile", found.hostile)):
        if places:
            out += [f"## {heading}", ""]
            for n in places:
                event = found.evidence[n - 1]
                words = f" “{_md(event['words'])}”" if event["words"] else ""
                out.append(f"- {day(event)}, {_md(deed(event))}.{words} {cite([n])}")
            out.append("")
    across, rows = matrix(found)
    if rows:
        out += ["## Contacts, level against level", ""]
        out += table(
            [f"{a} ↓ {b} →", *across],
            (
                [
                    level,
                    *(
                        "·" if cell is None else
                        f"{ref(cell_key(cell.a_level, cell.b_level), str(cell.number))}, last {cell.last}"
                        for cell in cells
                    ),
                ]
                for level, cells in rows
            ),
        )  # fmt: skip
    place = {event["id"]: n for n, event in enumerate(found.evidence, 1)}
    for heading, of in (
        ("Last contacts", found.contacts.held[:CONTACTS]),
        ("Not held, or not yet", found.contacts.others[:CONTACTS]),
    ):
        if of:
            out += [f"## {heading}", ""]
            for met in of:
                behind = cite(place[id_] for id_ in met.events if id_ in place)
                out.append(f"- {met.date}, {_md(contact_words(met))} {behind}")
            out.append("")
    if found.claims:
        out += [f"## {SAID}", ""]
        out += [
            f"- {_md(claim_head(claim))}: “{_md(claim.words)}” {_md(claim_record(claim))} *{claim.statement[:8]}*"
            for claim in found.claims
        ]
        out.append("")
    out += [f"## By {found.dyad.by}", ""]
    out += table(
        ["", "reports read", "events", *QUADS, "share of cooperation", "mean intensity"],
        (
            [
                point.period + ("°" if point.sparse else ""), f"{point.reports:,}", ref(f"p{n}", number(point.events)),
                *(ref(f"p{n}q{q}", number(point.quads[quad])) for q, quad in enumerate(QUADS)),
                figure(point.share), figure(point.intensity),
            ]
            for n in shown_periods(found)
            for point in [found.dyad.series[2].points[n]]
        ),
    )  # fmt: skip
    out += ["° fewer events than a mean can rest on.", "", "## How these figures were made", ""]
    out += [f"{_md(line)}\n" for line in cautions(found)]
    out += ["## Behind the numbers", ""]
    out += [
        f'- <a id="{one.key}"></a>{_md(one.label)}: {number(one.number)}: {cite(one.events)}{_left(one)}'
        for one in found.refs.values()
    ]
    out += ["", "## The sentences", ""]
    for n, event in enumerate(found.evidence, 1):
        words = f"“{_md(event['words'])}” " if event["words"] else ""
        where = _md(source(event))
        if event["url"] and event["url"].startswith(("http://", "https://")):
            where = f"[{where}](<{event['url']}>)"
        out.append(f'{n}. <a id="e{n}"></a>{day(event)}, {_md(deed(event))}. {words}*{where}; {event["id"][:8]}*')
    return "\n".join(out) + "\n"


NARROW = ("verbal coop.", "material coop.", "verbal confl.", "material confl.")
"""Heads of narrow columns, in the order of `QUADS`."""

# --- PDF -------------------------------------------------------------------------------------------------------------


def pdf(found: Brief, picture: bytes | None) -> bytes:
    """A4, with links inside. Raises `ExtraMissing` without ``reportlab``."""
    import io

    lab = library("reportlab", "briefs as PDF", "pdf")
    from reportlab.lib import colors
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.lib.units import mm
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import Image, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

    assert lab is not None
    for name in ("Vera", "VeraBd", "VeraIt"):
        pdfmetrics.registerFont(TTFont(name, f"{name}.ttf"))
    known = pdfmetrics.getFont("Vera").face.charToGlyph
    body = ParagraphStyle("body", fontName="Vera", fontSize=8, leading=11, spaceAfter=3)
    small = ParagraphStyle("small", parent=body, fontSize=6.5, leading=8.5, spaceAfter=2)
    cell = ParagraphStyle("cell", parent=body, fontSize=7, leading=8.5, spaceAfter=0)
    head = ParagraphStyle("head", parent=cell, fontName="VeraBd")
    title = ParagraphStyle("title", parent=body, fontName="VeraBd", fontSize=15, leading=19, spaceAfter=6)
    heading = ParagraphStyle("heading", parent=body, fontName="VeraBd", fontSize=10, leading=13, spaceBefore=8)

    def said(text: str) -> str:
        return escape(_typeset(text, known), quote=False)

    def para(text: str, style: Any = body) -> Any:
        return Paragraph(text, style)

    def ref(key: str, words: str) -> str:
        return f'<a href="#{key}" color="#1a5fb4">{said(words)}</a>' if key in found.refs else said(words)

    def cite(places: Iterable[int]) -> str:
        return " ".join(f'<a href="#e{n}" color="#1a5fb4">{n}</a>' for n in places)

    def table(heads: list[str], rows: list[list[str]], widths: list[float] | None = None) -> Any:
        made = Table(
            [[para(said(one), head) for one in heads], *([para(one, cell) for one in row] for row in rows)],
            colWidths=widths, repeatRows=1,
        )  # fmt: skip
        line = ("LINEBELOW", (0, 0), (-1, -1), 0.25, colors.lightgrey)
        made.setStyle(TableStyle([line, ("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 2)]))
        return made

    a, b = name_of(found.a), name_of(found.b)
    out: list[Any] = [para(said(found.title), title)]
    if found.demo:
        out.append(para("<i>Made from demonstration reports that come with Comity.</i>"))
    out += [para(said(line)) for line in summary(found)]
    wide = A4[0] - 30 * mm
    rows = [
        [
            said(spelled(series.direction)), ref(f"s{n}", number(series.whole.events)),
            *(ref(f"s{n}q{q}", number(series.whole.quads[quad])) for q, quad in enumerate(QUADS)),
            figure(series.whole.share), figure(series.whole.intensity), figure(series.whole.rate, ".0f"),
        ]
        for n, series in enumerate(found.dyad.series)
    ]  # fmt: skip
    heads = ["", "events", *NARROW, "share of cooperation", "mean intensity", f"per {PER_REPORTS:,} reports"]
    out.append(table(heads, rows, [wide * part for part in (0.17, 0.07, 0.1, 0.1, 0.08, 0.08, 0.13, 0.13, 0.14)]))
    corrected = [(series, series.corrected) for series in found.dyad.series if series.corrected is not None]
    if corrected:
        out.append(para("Corrected for errors of coding", heading))
        rows = [
            [said(spelled(s.direction)), figure(one.events, ".0f"), figure(one.share), figure(one.intensity)]
            for s, one in corrected
        ]
        out.append(table(["", "events", "share of cooperation", "mean intensity"], rows))
    if picture is not None:
        size = ImageReader(io.BytesIO(picture)).getSize()
        wide_picture = wide * 0.92
        out += [Spacer(1, 6), Image(io.BytesIO(picture), wide_picture, wide_picture * size[1] / size[0])]
    listed = list(changes(found))
    if listed:
        out.append(para("Changes of level", heading))
        out += [para(f"{said(words)}: {cite(places)}") for words, places in listed]
    for words_, places in (("Most cooperative", found.friendly), ("Most hostile", found.hostile)):
        if places:
            out.append(para(words_, heading))
            for n in places:
                event = found.evidence[n - 1]
                quote = f" “{said(event['words'])}”" if event["words"] else ""
                out.append(para(f"{said(day(event))}, {said(deed(event))}.{quote} {cite([n])}"))
    across, levels = matrix(found)
    if levels:
        out.append(para("Contacts, level against level", heading))
        cells = [
            [
                f"<b>{said(level)}</b>",
                *(
                    "·"
                    if one is None
                    else f"{ref(cell_key(one.a_level, one.b_level), str(one.number))}, last {one.last}"
                    for one in row
                ),
            ]
            for level, row in levels
        ]
        out.append(table([f"{a} (rows), {b}", *across], cells))
    place = {event["id"]: n for n, event in enumerate(found.evidence, 1)}
    for words_, of in (
        ("Last contacts", found.contacts.held[:CONTACTS]),
        ("Not held, or not yet", found.contacts.others[:CONTACTS]),
    ):
        if of:
            out.append(para(words_, heading))
            for met in of:
                behind = cite(place[id_] for id_ in met.events if id_ in place)
                out.append(para(f"{said(met.date)}, {said(contact_words(met))} {behind}"))
    if found.claims:
        out.append(para(SAID, heading))
        out += [
            para(f"{said(claim_head(claim))}: “{said(claim.words)}” {said(claim_record(claim))}")
            for claim in found.claims
        ]
    out.append(para(f"By {found.dyad.by}", heading))
    rows = []
    for n in shown_periods(found):
        point = found.dyad.series[2].points[n]
        rows.append(
            [
                said(point.period + ("°" if point.sparse else "")), f"{point.reports:,}", ref(f"p{n}", number(point.events)),
                *(ref(f"p{n}q{q}", number(point.quads[quad])) for q, quad in enumerate(QUADS)), figure(point.share),
                figure(point.intensity),
            ]
        )  # fmt: skip
    heads = ["", "reports read", "events", *NARROW, "share of cooperation", "mean intensity"]
    out.append(table(heads, rows, [wide * part for part in (0.1, 0.09, 0.08, 0.12, 0.12, 0.1, 0.1, 0.14, 0.15)]))
    out.append(para("° fewer events than a mean can rest on.", small))
    out.append(para("How these figures were made", heading))
    out += [para(said(line), small) for line in cautions(found)]
    out.append(para("Behind the numbers", heading))
    for one in found.refs.values():
        out.append(
            para(f'<a name="{one.key}"/>{said(one.label)}: {number(one.number)}: {cite(one.events)}{_left(one)}', small)
        )
    out.append(para("The sentences", heading))
    for n, event in enumerate(found.evidence, 1):
        quote = f"“{said(event['words'])}” " if event["words"] else ""
        out.append(
            para(f'<a name="e{n}"/>{n}. {said(day(event))}, {said(deed(event))}. {quote}{said(source(event))}', small)
        )
    file = io.BytesIO()
    document = SimpleDocTemplate(
        file, pagesize=A4, leftMargin=15 * mm, rightMargin=15 * mm, topMargin=14 * mm, bottomMargin=14 * mm,
        title=found.title, author="Comity", invariant=1,
    )  # fmt: skip
    document.build(out)
    return file.getvalue()


_SPELLED = {"→": "to", "↔": "and", "↓": "", "≈": "about "}


def _typeset(text: str, known: Any) -> str:
    """The text with what the font lacks spelled otherwise."""
    made = []
    for letter in " ".join(text.split()):
        if ord(letter) in known:
            made.append(letter)
            continue
        plain = _SPELLED.get(letter)
        if plain is None:
            plain = "".join(one for one in unicodedata.normalize("NFKD", letter) if ord(one) in known) or "?"
        made.append(plain)
    return "".join(made)
