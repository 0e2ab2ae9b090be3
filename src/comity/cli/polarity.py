"""`comity polarity`: how capabilities are spread over states and blocs, and how far the blocs stand apart."""

from __future__ import annotations

from typing import Any

import click

from comity.cli import choosing, options

WITH = 8


@click.command()
@click.option(
    "--capabilities", metavar="FILE", required=True,
    help="Shares of capabilities by state and year: CSV with ccode (or iso3), year, cinc.",
)  # fmt: skip
@click.option("--year", type=int, help="Year of the shares.  [default: the window's, or the last before]")
@click.option("--at", metavar="DATE", help="The window of the record ends here: 2022, 2022-10.")
@click.option("--window", metavar="LENGTH", help="Length of the window: 12m, 1y.  [default: 12m, with --at]")
@choosing.choice
@click.option("--resolution", type=float, default=1.0, show_default=True, help="Of blocs: above 1, more, smaller ones.")
@click.option(
    "--least", metavar="N", type=click.FloatRange(0), default=3, show_default=True, help="Acts that make a tie."
)
@click.option(
    "--alpha",
    type=float,
    default=1.0,
    show_default=True,
    help="Esteban and Ray's weight of identification, 0.71 to 1.6.",
)
@click.option(
    "--draws", type=click.IntRange(0, 1000), default=20, show_default=True, help="Random graphs to compare with."
)
@click.option("--from", "file", metavar="FILE", help="No ledger: a table of sums by pair and period.")
@choosing.chart
@options.ledger
@options.as_json
def polarity(ledger: str, data: str | None, as_json: bool, **given: Any) -> None:
    """How capabilities are spread over states and blocs, and how far the blocs of the record stand apart.

    Effective number and CON of states and blocs, Esteban and Ray's polarisation, tightness, discreteness, modularity;
    what rests on blocs stands beside random graphs with the same degrees. Needs comity[networks].

    \b
    Examples:
      comity polarity --capabilities NMC_v6.csv --at 2022
      comity polarity --capabilities NMC_v6.csv --at 2022 --from dyad_month_2018_2024.csv.gz --chart polarity.svg
    """
    from comity.cli import output
    from comity.relations.polarity import polarity

    chart, file = given.pop("chart"), given.pop("file")
    choice = choosing.chosen(given)
    if file is not None:
        found = polarity(sums=file, choice=choice, **given)
    else:
        with options.open_ledger(ledger, data) as opened:
            found = polarity(opened, choice=choice, **given)
    if chart is not None:
        from comity.relations.charts import save_chart
        from comity.relations.pictures import polarity_chart

        save_chart(polarity_chart(found), chart)
        output.note(f"drawn: {chart}")
    if as_json:
        output.print_json(found)
        return
    output.say(f"Polarity, {found.year}", style="bold")
    output.say(output.text(f"{found.capabilities}, {found.states} states. {found.choice}", "dim"))
    for note in found.notes:
        output.say(output.text(note, "yellow"))
    output.say("")
    made = output.table(
        "index", ("value", {"justify": "right"}), ("range", {"no_wrap": True}), ("by chance", {"no_wrap": True}),
        "measures", "formula, source",
    )  # fmt: skip
    for one in found.indices:
        top = "" if one.highest is None else f"{one.highest:g}"
        chance = ""
        if one.chance is not None:
            z = f" (z {one.chance.z:+.1f})" if one.chance.z is not None else ""
            chance = f"{one.chance.expected:.2f}{z}"
        made.add_row(
            output.text(one.name, "bold"), "–" if one.value is None else f"{one.value:.3f}", f"{one.lowest:g} to {top}",
            chance, output.text(one.measures), output.text(f"{one.formula}; {one.source}", "dim"),
        )  # fmt: skip
    output.say(made)
    poles = output.table(
        ("capabilities", {"justify": "right"}), ("states", {"justify": "right"}), "blocs, strongest first"
    )
    for pole in found.poles:
        listed = ", ".join(pole.members[:WITH]) + (" …" if len(pole.members) > WITH else "")
        poles.add_row(f"{pole.share:.1%}", str(len(pole.members)), output.text(listed))
    output.say(poles)
