"""`comity contacts`: who of two states met, called or wrote to whom."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from comity.cli import choosing, options

if TYPE_CHECKING:
    from rich.table import Table

    from comity.relations.contacts import Contact, Contacts

SHOWN = 20
"""Contacts listed when no --limit is given."""


@click.command()
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@choosing.choice
@choosing.chart
@options.ledger
@options.limit
@options.as_json
def contacts(a: str, b: str, ledger: str, data: str | None, limit: int | None, as_json: bool, **given: Any) -> None:
    """Who of A and B met, called, wrote to or hosted whom: level against level, and how long ago.

    From events of any type (a congratulatory message is praise and a contact). Only what took place fills the matrix;
    what was planned, asked for, refused, cancelled or denied is listed beside it.

    \b
    Examples:
      comity contacts CHN RUS --since 2022
      comity contacts USA RUS --chart usa-rus-contacts.svg --json
    """
    from comity import relations
    from comity.cli import output

    chart = given.pop("chart")
    choice = choosing.chosen(given)
    with options.open_ledger(ledger, data) as opened:
        found = relations.contacts(opened, a, b, choice=choice)
    if chart is not None:
        from comity.relations.charts import contacts_chart, save_chart

        save_chart(contacts_chart(found), chart)
        output.note(f"drawn: {chart}")
    if as_json:
        output.print_json(found)
        return
    show(found, SHOWN if limit is None else limit or None)


def show(found: Contacts, most: int | None) -> None:
    """The matrix, the gaps, and the contacts themselves."""
    from comity.cli import output
    from comity.relations.naming import name_of

    a, b = name_of(found.a), name_of(found.b)
    output.say(f"Contacts of {a} and {b}, {found.since} to {found.until}", style="bold")
    output.say(found.choice, style="dim")
    for note in found.notes:
        output.say(output.text(note, "yellow"))
    output.say("")
    if not found.held and not found.others:
        output.say("None. A longer time, or --asserted anyone, finds more.")
        return
    if found.held:
        output.say(_matrix(found, a, b))
        for what, counts in (("by channel", found.channels), ("setting", found.settings), ("place", found.places)):
            if counts:
                listed = ", ".join(f"{name} {number}" for name, number in list(counts.items())[:8])
                output.say(output.text(f"{what}: {listed}", "dim"))
        output.say("")
        output.say(_gaps(found))
        output.say(_list("held", found.held[:most], a, b))
        if most and len(found.held) > most:
            output.say(f"The last {most} of {len(found.held)}; --limit 0 shows all.", style="dim")
    if found.others:
        output.say(_list("not held, or not yet", found.others[:most], a, b))


def _matrix(found: Contacts, a: str, b: str) -> Table:
    from comity.cli import output
    from comity.relations.contacts import LEVELS, NOT_NAMED

    order = [*LEVELS, NOT_NAMED]
    cells = {(cell.a_level, cell.b_level): cell.number for cell in found.matrix}
    across = [level for level in order if any(two == level for _, two in cells)]
    made = output.table(f"{a} ↓  {b} →", *((level, {"justify": "right"}) for level in across))
    for level in order:
        if any(one == level for one, _ in cells):
            made.add_row(
                output.text(level, "bold"),
                *(str(cells[level, two]) if (level, two) in cells else "·" for two in across),
            )
    return made


def _gaps(found: Contacts) -> Table:
    from comity.cli import output

    made = output.table(
        "level with level", ("contacts", {"justify": "right"}), "last", ("days since", {"justify": "right"}),
        ("usual gap, days", {"justify": "right"}), "by",
    )  # fmt: skip
    for cell in found.matrix:
        late = cell.usual_gap is not None and cell.days_since > 2 * cell.usual_gap
        made.add_row(
            f"{cell.a_level} – {cell.b_level}", str(cell.number), cell.last.isoformat(),
            output.text(f"{cell.days_since:,}", "yellow" if late else ""),
            "" if cell.usual_gap is None else f"{cell.usual_gap:,.0f}",
            output.text(", ".join(f"{name} {number}" for name, number in cell.channels.items()), "dim"),
        )  # fmt: skip
    return made


def _list(title: str, contacts: Iterable[Contact], a: str, b: str) -> Table:
    from comity.cli import output, rows

    made = output.table(
        title, ("what", {"ratio": 2, "min_width": 12}), (a, {"ratio": 3}), (b, {"ratio": 3}), ("where, about", {"ratio": 3}),
        ("told by", {"justify": "right"}), ("id", {"no_wrap": True}),
    )  # fmt: skip
    made.expand = True
    for one in contacts:
        what = output.text(one.channel)
        what.append("" if one.standing == "held" else f"\n{one.standing}", style="yellow")
        what.append(f"\n{one.setting}" if one.setting else "", style="dim")
        made.add_row(
            rows.day(one.evidence), what, _side(one.a_who, one.a_level),
            _side(one.b_who, one.b_level),
            output.text("; ".join(part for part in (one.place or "", ", ".join(one.purpose)) if part), "dim"),
            str(one.reports), one.id[: rows.ID_SHOWN],
        )  # fmt: skip
    return made


def _side(who: str, level: str) -> Any:
    from comity.cli import output

    return output.text(who).append(f"\n{level}", style="dim")
