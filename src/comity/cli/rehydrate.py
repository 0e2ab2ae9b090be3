"""`comity rehydrate`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from comity.cli import options

if TYPE_CHECKING:
    from comity.cli.runs import Run
    from comity.records import Report


@click.command()
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option("--to", "target", metavar="DIR", required=True, help="Folder of the ledger to make, with texts.")
@options.ledger
@options.left_out
@options.as_json
def rehydrate(
    paths: tuple[str, ...], target: str, ledger: str, data: str | None, left_out: str | None, as_json: bool
) -> int:
    """Join a ledger that was shared without texts with the texts that you hold, into a new ledger.

    The texts are read from any inputs that `comity add` reads; a text belongs to a report when its hash is the recorded
    one. Where all are found, the new ledger holds what the shared one was made from. What is missing can be joined
    later, from the new ledger.

    Exit code: 0 all texts are there, 1 some are missing or some input was left out, 2 none was found.

    \b
    Examples:
      comity rehydrate news/ --ledger shared.ledger --to full.ledger
      comity rehydrate rows.jsonl --ledger shared.ledger --to full.ledger --json
    """
    from comity.cli.output import note, print_json, say, text
    from comity.cli.runs import Run
    from comity.ledger.sharing import rehydrate as join

    run = Run()
    with options.open_ledger(ledger, data) as opened:
        done = join(opened, target, _reports(run, paths))
    for id in done.changed:
        note(f"report {id}: another text was given than the one that was coded; it stays without")
    run.tell()
    run.write_left_out(left_out)
    if as_json:
        print_json(done)
    else:
        say(
            text(
                f"{target}: {done.joined:,} texts joined, {done.missing:,} still missing, {done.unused:,} not asked for"
            )
        )
    return (1 if done.missing or run.left_out else 0) if done.joined else 2


def _reports(run: Run, paths: tuple[str, ...]) -> Iterator[Report]:
    """The reports of the inputs; what cannot be read is noted."""
    from comity.cli.progress import expected, progress
    from comity.reading import read_many
    from comity.records import LeftOut

    with progress("texts", expected(paths)) as tick:
        for number, item in enumerate(read_many(paths, on_warning=run.warn), 1):
            if isinstance(item, LeftOut):
                run.leave_out(item)
            else:
                yield item
            tick(number)
