"""`comity formulae`: official wordings that come again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from comity.cli import choosing, options

if TYPE_CHECKING:
    from comity.relations.formulae import Formula, Formulae

SHOWN = 25

SORTS = ("keyness", "g2", "reports", "first")


class _Formulae(options.Asking):
    relation = "statements"


@click.command(cls=_Formulae)
@click.option("--trace", metavar="WORDS", multiple=True, help='Follow this wording instead of mining: "no limits".')
@click.option("--list", "file", metavar="FILE", help="Follow the wordings of a file, one a line (# begins a remark).")
@click.option("--anyone", is_flag=True, help="Trace in what everybody says, not state actors only.")
@click.option(
    "--by", type=click.Choice(["day", "week", "month", "quarter", "year"]), default="year", show_default=True,
    help="Periods of the spread.",
)  # fmt: skip
@click.option(
    "--sort", type=click.Choice(SORTS), default="keyness", show_default=True,
    help="Most used by state actors against others, surest collocation, most reports, or first seen.",
)  # fmt: skip
@click.option(
    "--least-reports", metavar="N", type=click.IntRange(2), default=3, show_default=True, help="Reports with it."
)
@choosing.chart
@options.ledger
@options.limit
@options.as_json
def formulae(ledger: str, data: str | None, limit: int | None, as_json: bool, **given: Any) -> None:
    """Recurrent wordings of state actors ("territorial integrity", "no limits"): who used each first, and how it spread
    over speakers, states and outlets; or the same for wordings of your own.

    Mined are sequences of 2 to 7 words whose parts stand together more often than chance has it (G², Holm's
    correction) and that state actors use more than others do.

    \b
    Examples:
      comity formulae --since 2021 --country RUS
      comity formulae --trace "no limits" --trace "win-win cooperation" --by month --json
      comity formulae --list wordings.txt --anyone --chart wordings.svg
    """
    from comity.cli import output
    from comity.relations.formulae import formulae

    chart, file = given.pop("chart"), given.pop("file")
    own = {name: given.pop(name) for name in ("by", "sort", "least_reports", "anyone")}
    trace = [*given.pop("trace"), *(_wordings(file) if file else ())]
    most = SHOWN if limit is None else limit or None
    with options.open_ledger(ledger, data) as opened:
        found = formulae(
            opened, trace=trace, limit=limit or None if as_json else most, **own, **options.given(given)
        )  # fmt: skip
    if chart is not None:
        from comity.relations.charts import save_chart
        from comity.relations.pictures import formulae_chart

        save_chart(formulae_chart(found), chart)
        output.note(f"drawn: {chart}")
    if as_json:
        output.print_json(found)
    else:
        show(found)


def _wordings(path: str) -> list[str]:
    from pathlib import Path

    try:
        lines = Path(path).read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise click.BadParameter(f"{path} cannot be read: {error}", param_hint="--list") from None
    found = [line.partition("#")[0].strip() for line in lines]
    if not any(found):
        raise click.BadParameter(f"{path} has no wordings", param_hint="--list")
    return [line for line in found if line]


def show(found: Formulae) -> None:
    """Formulae as a table, the first use of each below."""
    from comity.cli import output

    output.say("Recurrent wordings", style="bold")
    for line in (found.choice, found.method):
        output.say(output.text(line, "dim"))
    tested = f"; {found.tested:,} sequences tested" if found.tested else ""
    output.say(f"{found.statements:,} statements, {found.words:,} words{tested}.", style="dim")
    output.say("")
    periods = [label for label, _ in found.coverage]
    made = output.table(
        "wording", ("uses", {"justify": "right"}), ("reports", {"justify": "right"}), ("G²", {"justify": "right"}),
        ("keyness", {"justify": "right"}), ("speakers", {"justify": "right"}), "states", "first seen",
        (f"{periods[0]}–{periods[-1]}" if periods else "", {"no_wrap": True}),
    )  # fmt: skip
    for one in found.formulae:
        made.add_row(*_row(one, periods))
    output.say(made)
    for absent in found.absent:
        output.say(output.text(f"“{absent}” was not found.", "dim"))
    if len(found.formulae) <= 5:
        for formula in found.formulae:
            output.say("")
            for variant in formula.variants[:8]:
                output.say(output.text(f"  {variant.text}: {variant.uses} uses in {variant.reports} reports"))
            for use in formula.examples:
                said = output.text(f"  {use.day or 'no date'} {use.speaker} ({use.country or '–'}): ", "bold")
                output.say(said.append_text(output.text(f"“{use.words}” {use.statement[:8]}", "dim")))


def _row(one: Formula, periods: list[str]) -> list[Any]:
    from comity.cli import output
    from comity.cli.dyad import sparkline

    states = ", ".join(f"{key.removeprefix('IGO:')} {number}" for key, number in one.states[:3])
    uses = dict(one.periods)
    wording = output.text(one.text)
    if one.variants:
        others = [variant.text for variant in one.variants if variant.text != one.text.lower()][:2]
        wording.append("".join(f" · {output.shown(text)}" for text in others), style="dim")
    return [
        wording, str(one.uses), str(one.reports), "" if one.g2 is None else f"{one.g2:,.0f}",
        "" if one.keyness is None else f"{one.keyness:.1f}", str(one.speaker_count), output.text(states),
        output.text(f"{one.first.day or 'no date'} {one.first.speaker}"),
        sparkline([float(uses.get(label, 0)) for label in periods], 0.0),
    ]  # fmt: skip
