"""`comity network`: who stands with whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from comity.cli import choosing, options

if TYPE_CHECKING:
    from rich.table import Table

    from comity.relations.network import Network, Triad

SHOWN = 20
"""Parties and ties of the tables when no --limit is given."""

WITH = 12
"""Members of a bloc that are named."""


@click.command()
@click.option("--at", metavar="DATE", multiple=True, help="The window ends here: 2022, 2022-10. Several: side by side.")
@click.option("--window", metavar="LENGTH", help="Length of the window: 12m, 1y.  [default: 12m, with --at]")
@click.option(
    "--windows", metavar="N", type=click.IntRange(0, 60), default=0, help="How steady: N windows before, too."
)
@choosing.choice
@click.option(
    "--resolution", type=float, default=1.0, show_default=True, help="Of blocs: above 1, more and smaller ones."
)
@click.option("--least", metavar="N", type=click.FloatRange(0), help="Acts that make a tie.  [default: 3]")
@click.option(
    "--by", type=click.Choice(["intensity", "share", "score"]), help="What a tie's sign goes by.  [default: intensity]"
)
@click.option("--states", is_flag=True, help="States and their organisations only, no groups.")
@click.option("--triad", "triads", metavar="A-B-C", multiple=True, help="Show this triad (CHN-RUS-USA), with its acts.")
@click.option("--betweenness", is_flag=True, help="Betweenness too (slow on large networks).")
@click.option("--from", "file", metavar="FILE", help="No ledger: a table of sums by pair and period.")
@click.option(
    "-o", "--output", "out", metavar="FILE", help="Write the network: .graphml, or .csv (ties, and nodes beside)."
)
@choosing.chart
@options.ledger
@options.limit
@options.as_json
def network(ledger: str, data: str | None, limit: int | None, as_json: bool, **given: Any) -> int:
    """Who stands with whom: the signed directed network of states, its blocs and its balance.

    A tie has the sign of the mean intensity of what passed between two parties. Blocs have more cooperation inside and
    more conflict across than each party's own activity would give (signed modularity, needs comity[networks]). With
    several --at the JSON is a list.

    \b
    Examples:
      comity network --at 2022-10 --chart network.svg
      comity network --at 2019 --at 2022 --from dyad_month_2018_2024.csv.gz --chart before-and-after.png
      comity network --at 2022 --windows 4 --triad CHN-RUS-USA
      comity network --since 2021 -o network.graphml
    """
    from pathlib import Path

    from comity.cli import output
    from comity.relations.network import LEAST, network, write_csv, write_graphml

    chart, out, file, ends = given.pop("chart"), given.pop("out"), given.pop("file"), given.pop("at") or (None,)
    if out is not None and (Path(out).suffix not in (".graphml", ".csv") or len(ends) > 1):
        raise click.BadParameter("write one window, as .graphml or .csv", param_hint="--output")
    choice = choosing.chosen(given)
    asked = {
        **given,
        "triads": [one.upper().split("-") if "GROUP" not in one else one.split("-") for one in given["triads"]],
        "least": LEAST if given["least"] is None else given["least"],
        "layout": chart is not None or (out is not None and out.endswith(".graphml")),
        "choice": choice,
    }
    if file is not None:
        from comity.relations.aggregated import read_sums

        sums = read_sums(file)
        found = [network(sums=sums, at=at, **asked) for at in ends]
    else:
        with options.open_ledger(ledger, data) as opened:
            found = [network(opened, at=at, **asked) for at in ends]
    if chart is not None:
        from comity.relations.charts import save_chart
        from comity.relations.pictures import network_chart

        save_chart(network_chart(*found), chart)
        output.note(f"drawn: {chart}")
    if out is not None:
        try:
            if out.endswith(".csv"):
                output.note(f"written: {', '.join(str(path) for path in write_csv(found[0], out))}")
            else:
                write_graphml(found[0], out)
                output.note(f"written: {out}")
        except OSError as error:
            raise click.BadParameter(f"{out} cannot be written: {error.strerror}", param_hint="--output") from None
    if as_json:
        output.print_json(found[0] if len(found) == 1 else found)
        return 0
    for n, one in enumerate(found):
        if n:
            output.say("")
        show(one, SHOWN if limit is None else limit or None)
    return 0


# --- on the screen ---------------------------------------------------------------------------------------------------


def show(found: Network, most: int | None) -> None:
    """A network as tables: blocs, parties, ties, balance with triads and their acts, windows."""
    from comity.cli import output
    from comity.cli.dyad import number

    span = f"{found.since} to {found.until}" if found.since else "all there is"
    output.say(f"Who stands with whom, {span}", style="bold")
    for line in (found.choice, f"A tie has {found.signed}.", found.method):
        output.say(output.text(line, "dim"))
    for note in found.notes:
        output.say(output.text(note, "yellow"))
    if not found.nodes:
        return
    output.say("")
    output.say(_blocs(found))
    output.say(_parties(found, most))
    output.say(_ties(found, most))
    balance = found.balance
    kinds = ", ".join(f"{kind} {count:,}" for kind, count in balance.triads.items())
    line = f"Triads: {kinds}."
    if balance.share is not None and balance.chance is not None:
        z = f", {balance.chance.z:+.1f} deviations off" if balance.chance.z is not None else ""
        line += f" Balanced: {balance.share:.0%}; by chance {balance.chance.expected:.0%}{z}."
    output.say(line)
    for triad in found.triads[: most or None]:
        output.say(_triad(triad, number))
    if found.windows:
        output.say("")
        output.say(_windows(found))


def _blocs(found: Network) -> Table:
    from comity.cli import output

    made = output.table(
        ("bloc", {"justify": "right"}), ("parties", {"justify": "right"}), ("inside", {"justify": "right"}),
        ("with others", {"justify": "right"}), "members, most active first",
    )  # fmt: skip
    for bloc in found.blocs:
        listed = ", ".join(bloc.members[:WITH]) + (" …" if len(bloc.members) > WITH else "")
        outside = "–" if bloc.outside is None else f"{bloc.outside:+.2f}"
        made.add_row(str(bloc.number + 1), str(len(bloc.members)), f"{bloc.inside:+.2f}", outside, output.text(listed))
    made.caption = f"Modularity {found.modularity:.3f} at resolution {found.resolution:g}. Inside: cooperation less conflict, -1 to 1."
    made.caption_justify = "left"
    return made


def _parties(found: Network, most: int | None) -> Table:
    from comity.cli import output
    from comity.cli.dyad import number

    between = any(node.betweenness is not None for node in found.nodes)
    made = output.table(
        "party", ("bloc", {"justify": "right"}), ("sure", {"justify": "right"}), ("sent", {"justify": "right"}),
        ("received", {"justify": "right"}), ("friends", {"justify": "right"}), ("foes", {"justify": "right"}),
        ("PageRank", {"justify": "right"}), ("spread", {"justify": "right"}),
        *([("between", {"justify": "right"})] if between else []),
    )  # fmt: skip
    for node in found.nodes[:most]:
        made.add_row(
            output.text(node.name), str(node.bloc + 1), "–" if node.certainty is None else f"{node.certainty:.0%}",
            number(node.sent), number(node.received), str(node.positive), str(node.negative), f"{node.pagerank:.3f}",
            f"{node.participation:.2f}", *([f"{node.betweenness or 0:.3f}"] if between else []),
        )  # fmt: skip
    if most and len(found.nodes) > most:
        made.caption = f"The {most} most active of {len(found.nodes)} parties; --limit 0 shows all."
    return made


def _ties(found: Network, most: int | None) -> Table:
    from comity.cli import output
    from comity.cli.dyad import number

    made = output.table(
        "tie", ("acts", {"justify": "right"}), ("cooperation", {"justify": "right"}), ("conflict", {"justify": "right"}),
        ("measure", {"justify": "right"}), "sign of the pair",
    )  # fmt: skip
    words = {1: ("friendly", "green"), -1: ("hostile", "red"), 0: ("neither", "dim")}
    for edge in found.edges[:most]:
        said, style = words[edge.sign]
        made.add_row(
            output.text(f"{edge.source} → {edge.target}"), number(edge.events), number(edge.cooperation),
            number(edge.conflict), f"{edge.measure:+,.2f}", output.text(said, style),
        )  # fmt: skip
    if most and len(found.edges) > most:
        made.caption = f"The {most} strongest of {len(found.edges):,} ties; --limit 0 shows all."
    return made


def _triad(triad: Triad, number: Any) -> Any:
    from comity.cli import output

    said = {True: "balanced", False: "unbalanced", None: "a side has no sign"}[triad.balanced]
    members = output.shown(" – ".join(triad.members))
    made = output.plain(f"{members}  {triad.kind}  {said}", "bold" if triad.balanced is False else "")
    marks = {1: "+", -1: "−", 0: "0"}
    for side in triad.sides:
        made.append("\n    " + output.shown(f"{side.pair[0]} {marks[side.sign]} {side.pair[1]}"), style="")
        made.append(f"  {number(side.events)} acts, {side.measure:+,.2f}", style="dim")
        for act in side.acts:
            words = output.cut(output.shown(act["words"]), 100) if act["words"] else ""
            made.append(f"\n        {act['date'] or 'no date'} {act['type']} ", style="")
            made.append_text(output.text(f"“{words}” {act['id'][:8]}" if words else act["id"], "dim"))
    return made


def _windows(found: Network) -> Table:
    from comity.cli import output

    made = output.table(
        "window", ("parties", {"justify": "right"}), ("blocs", {"justify": "right"}),
        ("modularity", {"justify": "right"}), ("agrees with the one before", {"justify": "right"}), "left their company",
    )  # fmt: skip
    for one in found.windows:
        agreement = "–" if one.agreement is None else f"{one.agreement:.2f}"
        moved = ", ".join(one.moved[:WITH]) + (" …" if len(one.moved) > WITH else "")
        made.add_row(
            f"{one.since} to {one.until}", str(one.parties), str(len(one.blocs)), f"{one.modularity:.3f}", agreement,
            output.text(moved),
        )  # fmt: skip
    made.caption = "Agreement: adjusted Rand index, 1 for the same blocs, 0 for chance."
    return made
