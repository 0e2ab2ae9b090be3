"""`comity add`."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from comity.cli import options

if TYPE_CHECKING:
    from comity.cli.runs import Items, Run
    from comity.ledger import Ledger
    from comity.ledger.write import AddResult

LOOKED_UP = 256
"""Reports that are looked up in the ledger at once, before they are coded: one look costs about 20 ms."""


@click.command(short_help="Code reports and add them to a ledger.")
@options.inputs
@options.ledger
@click.option("--recode", is_flag=True, help="Code reports again that the ledger has; a new revision where it differs.")
@click.option("--resume", is_flag=True, help="Changes nothing: what is stored is never coded again without --recode.")
@options.left_out
@options.as_json
def add(
    paths: tuple[str, ...], ledger: str, data: str | None, recode: bool, resume: bool, left_out: str | None,
    as_json: bool, **given: Any,
) -> int:  # fmt: skip
    """Code reports and add them to a ledger, which is made when it is not there.

    Inputs are read as by `comity code`. A report that the ledger has with the same text is left as it is; with another
    text it becomes a new revision. Batches are stored as they are done: a run that is cut off goes on where it
    stopped when it is started again. While another process adds to the same ledger, the two take turns. A folder of
    tables that `comity spark` has written is taken in as it is coded; the reports of a ledger are coded again.

    Exit code: 0 all is stored, 1 some input was left out (listed with reasons), 2 nothing could be stored.

    \b
    Examples:
      comity add news/ --ledger my.ledger
      comity add rows.csv --outlet "Gazette" --published 2024-05-01 --json
      comity add my.ledger --ledger again.ledger      all its reports, coded by this version
    """
    from comity.cli.output import note, print_json
    from comity.cli.runs import Refused, Run, summary
    from comity.ledger import AddResult

    run = Run(strict=given.pop("strict"))
    stored = AddResult()

    def on_batch(so_far: AddResult) -> None:
        nonlocal stored
        stored = so_far

    with options.open_ledger(ledger, data, write=True) as opened:
        undone = None if recode else unknown_to(run, opened)
        try:
            with closing(run.codings(paths, undone=undone, **given)) as codings:
                stored = opened.add(codings, on_batch=on_batch, recode=recode)
        except Refused:
            note(f"stopped at the first (--strict); {stored.added:,} reports were added to {ledger}")
    for item in stored.left_out:
        run.coded -= 1
        run.left_out.append(item)
        note(item.line())
    run.tell()
    known = stored.known + run.skipped
    counts = {"added": stored.added, "revised": stored.revised, "known": known}
    lapsed = {"corrections_carried": stored.carried, "corrections_lapsed": stored.lapsed}
    if as_json:
        print_json(summary(run, ledger=ledger, **counts, **lapsed))
    note(
        f"{ledger}: {stored.added:,} added, {stored.revised:,} revised, {known:,} known already, "
        f"{len(run.left_out):,} left out"
    )
    if stored.lapsed:
        note(f"{stored.lapsed:,} corrections found no record any more that rests on the same words")
    run.write_left_out(left_out)
    return run.exit_code(stored.added + stored.revised + known)


def unknown_to(run: Run, ledger: Ledger) -> Callable[[Items], Items]:
    """Lets through what the ledger does not have with the same text: coding is what takes the time."""
    from comity.ledger.write import text_hash
    from comity.records import Report

    query = "SELECT id, text_hash FROM reports_v1 WHERE id IN (SELECT unnest(?))"

    def unknown(items: Items) -> Items:
        while batch := list(islice(items, LOOKED_UP)):
            ids = [item.id for item in batch if isinstance(item, Report)]
            found = ledger.query(query, [ids]).to_pylist() if ids else []
            stored = {(row["id"], row["text_hash"]) for row in found}
            for item in batch:
                if isinstance(item, Report) and stored and (item.id, text_hash(item.text)) in stored:
                    run.skipped += 1
                else:
                    yield item

    return unknown
