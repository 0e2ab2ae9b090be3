"""`comity brief`: the figures of two parties on a page, with the sentences behind every number."""

from __future__ import annotations

from typing import Any

import click

from comity.cli import choosing, options


@click.command()
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@click.option(
    "--output", "-o", "file", metavar="FILE", help="Where it goes: .html (one file), .md (and its chart) or .pdf (needs comity[pdf])."
)  # fmt: skip
@click.option(
    "--by", type=click.Choice(["month", "quarter", "year"]),
    help="Length of a period.  [default: the finest of which most periods have enough events]",
)  # fmt: skip
@choosing.choice
@click.option(
    "--panel", metavar="WHO", multiple=True, default=("fixed",), show_default=True,
    help="Whose reports: fixed (outlets read all along), all, or parts of outlets' names.",
)  # fmt: skip
@click.option("--audit", metavar="FILE", help="Correct for errors of coding by a reviewed sample (see: comity audit).")
@options.ledger
@options.as_json
def brief(
    a: str, b: str, file: str | None, by: str | None, panel: tuple[str, ...], audit: str | None, ledger: str,
    data: str | None, as_json: bool, **given: Any,
) -> None:  # fmt: skip
    """A briefing on A and B: series, changes, contacts; every number leads to the sentences that it counts.

    \b
    Examples:
      comity brief CHN RUS --since 2021 -o chn-rus.html
      comity brief USA RUS --by year -o usa-rus.pdf
    """
    from comity import relations
    from comity.cli import output

    choice = choosing.chosen(given)
    if file is None and not as_json:
        file = f"{a}-{b}.html".lower()
    with options.open_ledger(ledger, data) as opened:
        found = relations.brief(
            opened, a, b, by=by, choice=choice, panel=panel[0] if len(panel) == 1 else panel,
            audit=relations.read_audit(audit, opened) if audit else None,
        )  # fmt: skip
    made = relations.write_brief(found, file) if file is not None else []
    if as_json:
        output.print_json(found)
        return
    for line in relations.summary(found):
        output.say(output.text(line))
    output.say(output.text("Written: " + ", ".join(str(path) for path in made), "bold"))
