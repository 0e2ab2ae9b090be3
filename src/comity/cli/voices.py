"""`comity voices`: whose words reports carry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from comity.cli import choosing, options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from comity.relations.voices import Group, Silent, Voice, Voices

SHOWN = 12
"""Rows of each table when no --limit is given."""

BAR = 24
"""Letters of a whole bar."""

ACROSS = 7
"""Countries that stand side by side in the table of groups."""


class _Voices(options.Asking):
    relation = "statements"


@click.command(cls=_Voices)
@click.argument("paths", metavar="[PATH]...", nargs=-1)
@click.option(
    "--by", type=click.Choice(["outlet", "outlet_country", "ownership", "report", "day", "week", "month", "quarter", "year"]),
    help="For each of these too. Periods are those of publication.",
)  # fmt: skip
@click.option(
    "--weigh", type=click.Choice(["statements", "words"]), default="statements", show_default=True,
    help="Count statements, or weigh them by their words.",
)  # fmt: skip
@choosing.chart
@options.ledger
@options.limit
@options.as_json
def voices(
    paths: tuple[str, ...], ledger: str, data: str | None, limit: int | None, as_json: bool, **given: Any
) -> int:
    """Whose voices reports carry: shares of what is said by country and sector, the unnamed, the relays, and states that
    are talked about or accused without being quoted. Counts only: nothing is scored as biased.

    With PATH the reports there are coded and counted; without, those of the ledger. Filters on date and outlet choose
    reports by their publication, the others choose statements in them.

    \b
    Examples:
      comity voices report.txt
      comity voices --by outlet --since 2022 --chart voices.svg
      comity voices --about UKR --by month --json
    """
    from comity.cli import output
    from comity.relations.voices import voices

    chart, by, weigh = given.pop("chart"), given.pop("by"), given.pop("weigh")
    filters = options.given(given)
    code = 0
    if paths:
        import tempfile
        from contextlib import closing
        from pathlib import Path

        from comity.cli.runs import Run
        from comity.ledger import Ledger

        run = Run()
        with tempfile.TemporaryDirectory(prefix="comity-") as folder, Ledger(Path(folder) / "voices.ledger") as opened:
            with closing(run.codings(paths)) as codings:
                opened.add(codings)
            found = voices(opened, by=by, weigh=weigh, **filters)
        code = run.exit_code(found.whole.reports)
    else:
        with options.open_ledger(ledger, data) as opened:
            found = voices(opened, by=by, weigh=weigh, **filters)
    if chart is not None:
        from comity.relations.charts import save_chart
        from comity.relations.pictures import voices_chart

        save_chart(voices_chart(found), chart)
        output.note(f"drawn: {chart}")
    if as_json:
        output.print_json(found)
    else:
        show(found, SHOWN if limit is None else limit or None)
    return code


# --- on the screen ---------------------------------------------------------------------------------------------------


def show(found: Voices, most: int | None) -> None:
    """Voices as tables: the whole, then the groups side by side."""
    from comity.cli import output

    output.say("Whose voices the reports carry", style="bold")
    output.say(output.text(found.choice, "dim"))
    for note in found.notes:
        output.say(output.text(note, "dim"))
    output.say("")
    group(found.whole, most)
    if found.groups:
        output.say(f"\nBy {(found.by or '').replace('_', ' ')}", style="bold")
        output.say(side_by_side(found.groups, most))


def group(one: Group, most: int | None) -> None:
    """One group as tables."""
    from comity.cli import output

    quoting = f"{one.quoting:,} of {one.reports:,} reports quote somebody: " if one.reports != 1 else ""
    line = f"{quoting}{one.statements:,} statements, {one.words:,} words"
    line += f"; {one.declined:,} times there was no comment." if one.declined else "."
    output.say(line)
    if not one.statements:
        return
    output.say(_shares("country", one.countries, most))
    output.say(_shares("sector", one.sectors, most))
    if one.anonymous:
        output.say(_shares("unnamed source", one.anonymous, most))
    made = output.table("speaker", "", ("share", {"justify": "right"}), ("reports", {"justify": "right"}))
    for person in one.speakers[:most]:
        office = output.text(", ".join(part for part in (person.office, person.country) if part), "dim")
        made.add_row(output.text(person.name), office, f"{person.share:.1%}", str(person.reports))
    output.say(made)
    if one.relays:
        listed = ", ".join(f"{name} {number}" for name, number in one.relays[:most])
        output.say(output.text(f"Through: {listed}."))
    silent = [row for row in one.silent if row.unquoted]
    if silent:
        output.say(_silent(silent[:most]))


def _shares(heading: str, rows: Sequence[Voice], most: int | None) -> Any:
    from comity.cli import output
    from comity.cli.dyad import figure, number

    country = heading == "country"
    made = output.table(
        heading, ("", {"no_wrap": True}), ("share", {"no_wrap": True}), ("weight", {"justify": "right"}),
        *([("for the state", {"justify": "right"})] if country else []), ("own words", {"justify": "right"}),
        ("speakers", {"justify": "right"}), ("reports", {"justify": "right"}),
    )  # fmt: skip
    for row in rows[:most]:
        share = row.share.value or 0.0
        made.add_row(
            output.text(row.name), output.text("█" * round(BAR * share), "blue"), figure(row.share, ".0%"),
            number(row.weight), *([f"{row.state / row.weight:.0%}" if row.weight else "–"] if country else []),
            "–" if row.own_words is None else f"{row.own_words:.0%}", str(row.speakers), str(row.reports),
        )  # fmt: skip
    if most and len(rows) > most:
        made.caption = f"{most} of {len(rows)}; --limit 0 shows all."
    return made


def _silent(rows: Sequence[Silent]) -> Any:
    from comity.cli import output

    made = output.table(
        "talked about, not quoted", ("reports about it", {"justify": "right"}), ("not quoted", {"justify": "right"}),
        ("accused", {"justify": "right"}), ("accused, not quoted", {"justify": "right"}),
        ("no comment", {"justify": "right"}),
    )  # fmt: skip
    for row in rows:
        made.add_row(
            output.text(row.name), str(row.quoted + row.unquoted), str(row.unquoted), str(row.accused),
            str(row.accused_unquoted), str(row.declined),
        )  # fmt: skip
    return made


def side_by_side(groups: Sequence[Group], most: int | None) -> Any:
    """Groups as rows, the countries that speak most as columns."""
    from comity.cli import output
    from comity.relations.said import NOT_KNOWN

    total: dict[str, float] = {}
    for one in groups:
        for row in one.countries:
            if row.key != NOT_KNOWN:
                total[row.key] = total.get(row.key, 0.0) + (row.share.value or 0.0)
    top = sorted(total, key=lambda key: (-total[key], key))[:ACROSS]
    made = output.table(
        "", ("reports", {"justify": "right"}), ("statements", {"justify": "right"}),
        *((key.removeprefix("IGO:"), {"justify": "right"}) for key in top), ("unnamed", {"justify": "right"}),
        "most talked about without being quoted",
    )  # fmt: skip
    for one in groups[:most]:
        shares = {row.key: row.share.value or 0.0 for row in one.countries}
        cells = [f"{shares[key]:.0%}" if shares.get(key) else "" for key in top]
        silent = ", ".join(f"{row.key.removeprefix('IGO:')} {row.unquoted}" for row in one.silent[:4] if row.unquoted)
        unnamed = "–" if one.unnamed.value is None else f"{one.unnamed.value:.0%}"
        made.add_row(
            output.text(one.label), f"{one.reports:,}", f"{one.statements:,}", *cells, unnamed, output.text(silent)
        )
    if most and len(groups) > most:
        made.caption = f"{most} of {len(groups)}; --limit 0 shows all."
    return made
