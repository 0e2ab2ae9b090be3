"""`comity claims`: what is said of relations, beside what the record holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from comity.cli import choosing, options

if TYPE_CHECKING:
    from rich.text import Text

    from comity.relations.claims import Claim

SHOWN = 20


class _Claims(options.Asking):
    relation = "statements"


@click.command(cls=_Claims)
@click.option(
    "--by", type=click.Choice(["day", "week", "month", "quarter", "year"]), default="year", show_default=True,
    help="Periods that are ranked.",
)  # fmt: skip
@click.option("--pair", metavar="A-B", help="Only claims about these two: CHN-RUS.")
@click.option("--hopes", is_flag=True, help='What is wished for or planned too ("to a new level").')
@click.option(
    "--least-read", metavar="N", type=click.IntRange(1), default=20, show_default=True,
    help="Reports that have to be read in a period for it to have a rank.",
)  # fmt: skip
@click.option(
    "--count", type=click.Choice(["occurrences", "reports", "mentions"]), help="What the record's figures count once."
)
@click.option("--origin", metavar="NAME", help="The record's events: of Comity (default) or of one import.")
@choosing.chart
@options.ledger
@options.limit
@options.as_json
def claims(ledger: str, data: str | None, limit: int | None, as_json: bool, **given: Any) -> None:
    """Statements that compare a relation with its past or with others ("unprecedented", "lowest since", "deteriorated"),
    each with the record of the two parties beside it: the figures of that period, their rank within the pair's history
    until then, and the interval of the rank. No verdict, and no rank where too little was read.

    \b
    Examples:
      comity claims --pair CHN-RUS --since 2021
      comity claims --country RUS --by quarter --json
      comity claims --chart claims.svg
    """
    from comity.cli import output
    from comity.relations import choose
    from comity.relations.claims import claims

    chart = given.pop("chart")
    own = {name: given.pop(name) for name in ("by", "hopes", "least_read")}
    pair = choosing.two(given.pop("pair"))
    choice = choose(count=given.pop("count"), origin=given.pop("origin"))
    with options.open_ledger(ledger, data) as opened:
        found = claims(opened, dyad=pair, choice=choice, **own, **options.given(given))
    if chart is not None:
        from comity.relations.charts import save_chart
        from comity.relations.pictures import claims_chart

        save_chart(claims_chart(found), chart)
        output.note(f"drawn: {chart}")
    if as_json:
        output.print_json(found)
        return
    output.say(f"{len(found.claims):,} claims about relations in {found.statements:,} statements", style="bold")
    for line in (found.choice, f"The record: {found.record}", found.minimum):
        output.say(output.text(line, "dim"))
    most = SHOWN if limit is None else limit or None
    for claim in found.claims[:most]:
        output.say("")
        output.say(_claim(claim))
    if most and len(found.claims) > most:
        output.say(f"\n{most} of {len(found.claims)}, the newest; --limit 0 shows all.", style="dim")


MARKS = {"up": ("closer", "green"), "down": ("worse", "red"), "extent": ("out of the ordinary", "yellow")}


def _claim(claim: Claim) -> Text:
    """A claim with the words that make it marked, and its record."""
    from comity.cli import output
    from comity.cli.dyad import figure
    from comity.relations.claims import FIGURES

    said, style = MARKS[claim.way]
    pair = "–".join(claim.pair) if claim.pair else "?"
    made = output.plain(f"{claim.day or 'no date'}  {output.shown(pair)}  ", "bold")
    made.append(said, style=style)
    if claim.hoped:
        made.append(" (wished for)", style="dim")
    made.append(f"  {output.shown(', '.join(claim.speakers))}")
    made.append(f"  {output.shown(claim.outlet)} {claim.statement[:8]}\n", style="dim")
    words, marked = output.shown(claim.words), output.shown(claim.marked)
    before, _, after = words.partition(marked)
    made.append("  “" + before[-160:]).append(marked, style=f"bold {style}").append(output.cut(after, 160) + "”")
    if claim.why_not:
        made.append(f"\n  no rank: {claim.why_not}", style="dim")
    for one in claim.record:
        span = ""
        if one.rank_interval is not None:
            span = f" [{one.rank_interval.low:.0f} to {one.rank_interval.high:.0f}]"
        made.append(f"\n  {claim.period} {FIGURES[one.figure]}: {figure(one.value)}; rank {one.rank} of {one.of}{span}")
    if claim.record:
        made.append(
            f"\n  {claim.events:g} in the period, {claim.reports:,} reports read; rank 1 is the highest", style="dim"
        )
    return made
