"""`comity unknowns`."""

from __future__ import annotations

import click

from comity.cli import options

KINDS = ("person", "ngo", "organ", "igo", "other", "unknown")


@click.command()
@options.ledger
@click.option("--kind", type=click.Choice(KINDS), help="Only names of this kind; unknown: nothing told what it is.")
@click.option("--csv", "form", metavar="FILE", help="Write them as an actor file to be filled in; - is stdout.")
@options.limit
@options.as_json
def unknowns(
    ledger: str, data: str | None, kind: str | None, form: str | None, limit: int | None, as_json: bool
) -> None:
    """The names that the actor tables do not know, those in most reports first, each with an example.

    What a report itself tells of a name (its title, its state) holds for that report. To have it known everywhere, write
    the names as a form, fill in the rows that matter, and code with it: rows in which nothing but the name stands are
    passed over.

    \b
    Examples:
      comity unknowns --ledger my.ledger --kind person --limit 20
      comity unknowns --ledger my.ledger --csv more.csv
      comity add news/ --ledger my.ledger --actors more.csv
    """
    from comity.cli import output
    from comity.ledger.unknowns import unknowns as find
    from comity.ledger.unknowns import write_form

    everything = as_json or form is not None
    most = limit if limit is not None else None if everything else options.SHOWN
    with options.open_ledger(ledger, data) as opened:
        found = find(opened, kind=kind, limit=most or None)
    if form is not None:
        with click.open_file(form, "w", encoding="utf-8") as file:
            write_form(found, file)
        if form != "-":
            output.note(
                f"{len(found)} names written to {form}; fill in what you know, then: comity actors check {form}"
            )
        return
    if as_json:
        output.print_array(found)
        return
    if not found:
        output.note("every name in this ledger is known")
        return
    from comity.cli import rows

    if output.console().width < rows.TABLE_WIDTH:
        lines = rows.paragraphs(1)
        for one in found:
            told = ", ".join(filter(None, (one.kind, one.office, one.country)))
            head = output.text(one.name, "bold").append(f"  {output.shown(told)}", style="dim")
            lines.add_row(rows.number(one.reports, "report"), head.append(f"\n… {output.shown(one.example)} …"))
        output.say(lines)
        return
    table = output.table(
        ("name", {"ratio": 3}), ("kind", {"no_wrap": True}), ("reports", {"justify": "right"}),
        ("mentions", {"justify": "right"}), ("told", {"ratio": 2}), ("example", {"ratio": 6, "style": "dim"}),
    )  # fmt: skip
    for one in found:
        told = ", ".join(filter(None, (one.office, one.country)))
        table.add_row(
            output.text(one.name), one.kind, f"{one.reports:,}", f"{one.mentions:,}", output.text(told),
            output.text(f"… {one.example} …"),
        )  # fmt: skip
    output.say(table)


__all__ = ["unknowns"]
