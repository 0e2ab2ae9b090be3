"""`comity evaluate`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from comity.cli import options

if TYPE_CHECKING:
    from rich.table import Table

    from comity.evaluation import Evaluation

WHAT = ("relations", "articles", "statements", "timex", "places", "clusters", "actors")
"""As `comity.evaluation.MEASURES` has them (a test holds the two together); here so that the help need not load it."""

DETAILS_SHOWN = 4


@click.command()
@click.argument("what", metavar="WHAT", type=click.Choice(WHAT))
@click.argument("gold", metavar="GOLD")
@click.option(
    "--sample", metavar="N", type=click.IntRange(min=1), help="Only N documents, evenly spread over the file."
)
@click.option("--mistakes", metavar="FILE", help="Write every mistake to this file, as JSONL.")
@options.coding
@options.as_json
def evaluate(
    what: str,
    gold: str,
    sample: int | None,
    mistakes: str | None,
    codebook: str | None,
    model: str | None,
    as_json: bool,
) -> None:
    """Code the texts of a gold file and measure what was found against it.

    WHAT is relations, articles, statements, timex, places, clusters or actors (which reads a file for articles). GOLD is
    a JSONL file; its form is told on the page docs/quality.md, with what each figure means. Intervals are 95 %, by
    resampling documents.

    \b
    Examples:
      comity evaluate articles my_gold.jsonl
      comity evaluate clusters stories.jsonl --json
      comity evaluate relations pairs.jsonl --sample 100 --mistakes wrong.jsonl
    """
    from comity.cli import output
    from comity.cli.progress import progress
    from comity.evaluation import evaluate as measure

    with progress(f"measuring {what}", None) as tick:
        found = measure(
            what, gold, sample=sample, model=model, codebook=codebook, on_progress=lambda done, _: tick(done)
        )
    if mistakes:
        from comity.records import to_json

        with click.open_file(mistakes, "wb") as file:
            file.writelines(to_json(one) + b"\n" for one in found.mistakes)
    if as_json:
        output.print_json(found.figures)
        return
    output.say(f"{found.what} against {output.shown(found.gold)}, {found.documents:,} documents", style="bold")
    output.say(_figures(found))
    if found.mistakes:
        output.say(_mistakes(found))


def _figures(found: Evaluation) -> Table:
    from comity.cli import output

    table = output.table("figure", ("value", {"justify": "right"}), ("95 %", {"style": "dim"}))
    for name, value in found.figures.items():
        low_high = found.intervals.get(name)
        table.add_row(
            name.replace("_", " "),
            f"{value:,.4f}" if isinstance(value, float) else f"{value:,}",
            f"{low_high[0]:.3f} to {low_high[1]:.3f}" if low_high else "",
        )
    return table


def _mistakes(found: Evaluation) -> Table:
    from comity.cli import output

    table = output.table("mistakes", ("number", {"justify": "right"}), ("most often", {"ratio": 1}))
    for kind, number, details in found.kinds():
        named = [f"{detail} {times}" for detail, times in details[:DETAILS_SHOWN]]
        more = [f"{len(details) - DETAILS_SHOWN} more kinds"] if len(details) > DETAILS_SHOWN else []
        table.add_row(kind, f"{number:,}", output.text("; ".join(named + more), "dim"))
    return table
