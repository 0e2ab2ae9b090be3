"""`comity concentration`: on how few parties interaction is concentrated."""

from __future__ import annotations

from typing import Any

import click

from comity.cli import choosing, options

SHOWN = 10


@click.command()
@click.option(
    "--by", type=click.Choice(["day", "week", "month", "quarter", "year"]), help="For each of these periods too."
)
@click.option(
    "--side", type=click.Choice(["source", "target", "both"]), default="source", show_default=True,
    help="What parties do, what is done to them, or what they take part in.",
)  # fmt: skip
@click.option("--states", is_flag=True, help="States and their organisations only, no groups.")
@choosing.choice
@choosing.chart
@options.ledger
@options.limit
@options.as_json
def concentration(ledger: str, data: str | None, limit: int | None, as_json: bool, **given: Any) -> None:
    """On how few parties interaction is concentrated: effective number 1/Σs² and CON, with intervals.

    This measures activity and attention and not power; for polarity by capabilities: comity polarity.

    \b
    Examples:
      comity concentration --since 2021 --states
      comity concentration --by year --side both --chart concentration.svg --json
    """
    from comity.cli import output
    from comity.cli.dyad import figure, number
    from comity.relations.concentration import concentration

    chart = given.pop("chart")
    choice = choosing.chosen(given)
    with options.open_ledger(ledger, data) as opened:
        found = concentration(opened, choice=choice, **given)
    if chart is not None:
        from comity.relations.charts import save_chart
        from comity.relations.pictures import concentration_chart

        save_chart(concentration_chart(found), chart)
        output.note(f"drawn: {chart}")
    if as_json:
        output.print_json(found)
        return
    output.say("Concentration of interaction", style="bold")
    for line in (found.choice, found.measures):
        output.say(output.text(line, "dim"))
    made = output.table(
        found.by or "", ("acts", {"justify": "right"}), ("parties", {"justify": "right"}), "effective number", "CON",
        "largest",
    )  # fmt: skip
    for level in (*found.levels, found.whole):
        if level is found.whole and found.levels:
            made.add_section()
        names = ", ".join(f"{one.name} {one.share.value:.0%}" for one in level.largest[:3])
        made.add_row(
            level.label, number(level.weight) + ("°" if level.sparse else ""), str(level.parties),
            figure(level.effective_number), figure(level.con), output.text(names), style="dim" if level.sparse else "",
        )  # fmt: skip
    output.say(made)
    if any(level.sparse for level in found.levels):
        output.say("° few acts: read with care.", style="dim")
    most = SHOWN if limit is None else limit or None
    shares = output.table("party", ("acts", {"justify": "right"}), "share")
    for one in found.whole.largest[:most]:
        shares.add_row(output.text(one.name), number(one.weight), figure(one.share, ".1%"))
    output.say(shares)
