"""`comity compare`: how outlets of different countries tell it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from comity.cli import choosing, options

if TYPE_CHECKING:
    from comity.relations.compare import Comparison, Telling

SHOWN = 8
"""Groups, and things left out of each, when no --limit is given."""


@click.command()
@click.argument("what", metavar="OCCURRENCE|WORDS", required=False)
@click.option(
    "--by", type=click.Choice(["outlet_country", "outlet", "ownership", "report"]), default="outlet_country",
    show_default=True, help="Whose tellings stand side by side.",
)  # fmt: skip
@click.option(
    "--least", metavar="N", type=click.IntRange(1), default=1, show_default=True, help="Reports a group must have."
)
@click.option("--since", metavar="DATE", help="First day of publication.")
@click.option("--until", metavar="DATE", help="Last day of publication.")
@click.option("--outlet", metavar="NAME", multiple=True, help="Only outlets with this in their name.")
@click.option("--outlet-country", metavar="CODE", multiple=True, help="Only outlets of this country.")
@click.option("--demo", type=click.BOOL, metavar="yes|no", help="Demonstration reports only, or none.")
@choosing.chart
@options.ledger
@options.limit
@options.as_json
def compare(what: str | None, ledger: str, data: str | None, limit: int | None, as_json: bool, **given: Any) -> None:
    """How outlets of different countries tell one happening (its id, or the beginning), or what they tell where they use
    the given words: who speaks, which types, status and word the events have, and what is left out that others tell,
    with the probability that it would be missing by chance. No verdict.

    \b
    Examples:
      comity compare 3fa9c1d2                       the occurrence with this id (see: comity occurrences)
      comity compare "grain deal" --since 2022-07 --by outlet
      comity compare "drone attack" --chart told.svg --json
    """
    from comity.cli import output
    from comity.relations.compare import compare

    chart, own = given.pop("chart"), {name: given.pop(name) for name in ("by", "least")}
    demo = given.pop("demo")
    filters = options.given(given) | ({} if demo is None else {"demo": demo})
    with options.open_ledger(ledger, data) as opened:
        found = compare(opened, what, **own, **filters)
    if chart is not None:
        from comity.relations.charts import save_chart
        from comity.relations.pictures import comparison_chart

        save_chart(comparison_chart(found), chart)
        output.note(f"drawn: {chart}")
    if as_json:
        output.print_json(found)
    else:
        show(found, SHOWN if limit is None else limit or None)


def show(found: Comparison, most: int | None) -> None:
    """Tellings side by side, then what each leaves out."""
    from comity.cli import output
    from comity.cli.voices import side_by_side

    output.say(output.text(f"How it is told: {found.subject}", "bold"))
    output.say(output.text(f"{found.choice} By {found.by.replace('_', ' ')}.", "dim"))
    for note in found.notes:
        output.say(output.text(note, "yellow"))
    if found.occurrence is not None and found.occurrence["conflicts"]:
        output.say(output.text(f"The accounts differ on: {', '.join(found.occurrence['conflicts'])}.", "yellow"))
    output.say("")
    shown = found.tellings[:most]
    output.say("Who speaks", style="bold")
    output.say(side_by_side([telling.voices for telling in shown], None))
    output.say("\nWhat they tell", style="bold")
    made = output.table(
        "", ("first", {"no_wrap": True}), ("events", {"justify": "right"}), "types", "status", "by whose word",
    )  # fmt: skip
    for telling in shown:
        made.add_row(
            output.text(telling.label), f"{telling.first or 'no date'}", str(telling.events), _listed(telling.types, 6),
            _listed(telling.statuses, 4), _listed(telling.word_of, 4),
        )  # fmt: skip
    output.say(made)
    for telling in shown:
        _missing(telling, most)
    if len(found.tellings) > len(shown):
        output.say(f"{len(shown)} of {len(found.tellings)}; --limit 0 shows all.", style="dim")


def _listed(pairs: tuple[tuple[str, int], ...], most: int) -> Any:
    from comity.cli import output

    rest = sum(number for _, number in pairs[most:])
    words = [f"{name} {number}" for name, number in pairs[:most]] + ([f"others {rest}"] if rest else [])
    return output.text(", ".join(words))


def _missing(telling: Telling, most: int | None) -> None:
    from comity.cli import output
    from comity.relations.compare import KINDS

    if not telling.missing:
        return
    made = output.table(
        f"left out by {output.shown(telling.label)}", "", ("reports elsewhere", {"justify": "right"}),
        ("missing by chance", {"justify": "right"}),
    )  # fmt: skip
    for one in telling.missing[:most]:
        chance = f"{one.chance:.0%}" if one.chance >= 0.01 else "< 1%"
        made.add_row(
            output.text(one.words), output.text(KINDS[one.kind], "dim"), f"{one.elsewhere} of {one.of}", chance,
            style="" if one.beyond_chance else "dim",
        )  # fmt: skip
    output.say("")
    output.say(made)
