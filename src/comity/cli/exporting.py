"""`comity export`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from comity.cli import options

if TYPE_CHECKING:
    from comity.exchange import Exported

FORMATS = ("gdelt", "gdelt-mentions", "icews", "polecat", "phoenix", "plover", "citron", "csv", "parquet")
RELATIONS = ("events", "occurrences", "statements", "reports", "mentions")
HEADERS = ("none", "bigquery", "codebook")

LOSSES_SHOWN = 8
"""Kinds of loss that are told; the sidecar has them row by row."""


class _Export(options.Asking):
    """Has the filters of all relations: which of them fit follows from what is exported."""

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        if self._filters is None:
            found: dict[str, click.Parameter] = {}
            for relation in RELATIONS:
                for one in options.filter_options(relation):
                    found.setdefault(one.opts[0], one)
            self._filters = list(found.values())
        return super().get_params(ctx)


@click.command(cls=_Export)
@click.argument("file", metavar="FILE")
@click.option("--to", type=click.Choice(FORMATS), help="Format to write.")
@click.option(
    "--no-text", is_flag=True,
    help="Write FILE as a ledger that can be shared: records, offsets, hashes and addresses, no texts.",
)  # fmt: skip
@click.option("--all", "everything", is_flag=True,
              help="Planned, denied and background events too (plover, csv and parquet say what they are).")  # fmt: skip
@click.option("--relation", type=click.Choice(RELATIONS), default="events", show_default=True,
              help="What csv and parquet hold.")  # fmt: skip
@click.option("--header", type=click.Choice(HEADERS), default="none", show_default=True,
              help="Header line of gdelt: its files have none; BigQuery and the codebook name columns differently.")  # fmt: skip
@click.option("--with-text", is_flag=True, help="The words too: plover, csv and parquet.")
@click.option("--safe", is_flag=True, help="In csv: no cell that a spreadsheet would run as a formula (gets a ').")
@options.ledger
@options.as_of
@options.as_json
def export(
    file: str, to: str | None, no_text: bool, everything: bool, relation: str, header: str, with_text: bool, safe: bool,
    ledger: str, data: str | None, as_of: str | None, as_json: bool, **filters: Any,
) -> None:  # fmt: skip
    """Write records to a file in a format of the field.

    By default only events leave that are asserted (see --asserted), took place and are no background. The others go to
    FILE.left-out.jsonl, each with the reason; FILE.provenance.jsonl says for each row on which record, report, offsets,
    versions and corrections it rests. What each format cannot hold: docs/exchange.md.

    \b
    Examples:
      comity export 2022.export.CSV --to gdelt --since 2022 --until 2022
      comity export talks.csv --to csv --type CONSULT --with-text --safe
      comity export shared.ledger --no-text --ledger my.ledger
    """
    from comity.cli import output

    wanted = options.given(filters)
    if no_text:
        _share(file, to, wanted, ledger, data, as_of, as_json)
        return
    if to is None:
        raise click.UsageError("say what to write: --to FORMAT, or --no-text for a ledger without texts")
    from comity.cli.progress import progress
    from comity.exchange import export as write

    rules = wanted.pop("asserted", None)
    if rules is not None and len(rules) > 1:
        raise click.UsageError("--asserted takes one rule")
    rule = {"asserted": rules[0]} if rules else {}
    with options.open_ledger(ledger, data, as_of=as_of) as opened, progress("rows", None) as tick:
        done = write(
            opened, to, file, all=everything, header=header, with_text=with_text, safe=safe, relation=relation,
            on_rows=tick, **rule, **wanted,
        )  # fmt: skip
    if as_json:
        output.print_json(done)
        return
    _tell(done)


def _tell(done: Exported) -> None:
    from comity.cli.output import plain, say, shown

    say(shown(done.said), style="bold")
    say(plain(f"{shown(done.path)}: {_counted(done.rows, 'row')} of {_counted(done.records, 'record')}, {done.to}"))
    if done.left_out:
        say(f"left out: {_counted(sum(done.left_out.values()), 'record')}, in {shown(done.companion)}")
        for reason, number in done.left_out.items():
            say(plain(f"  {number:,} × {shown(reason)}"))
    if done.reduced:
        say(f"losses noted in rows: {sum(done.reduced.values()):,}")
        for what, number in list(done.reduced.items())[:LOSSES_SHOWN]:
            say(plain(f"  {number:,} × {shown(what)}"))
        if len(done.reduced) > LOSSES_SHOWN:
            say(plain(f"  and {len(done.reduced) - LOSSES_SHOWN:,} further kinds, row by row in the file below"))
    say(f"what each row rests on: {shown(done.provenance)}", style="dim")


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}" + ("" if number == 1 else "s")


def _share(
    file: str, to: str | None, filters: dict[str, Any], ledger: str, data: str | None, as_of: str | None, as_json: bool
) -> None:
    """A ledger without texts."""
    from comity.cli import output
    from comity.ledger.sharing import share

    if to is not None or filters or as_of is not None:
        raise click.UsageError(
            "--no-text shares the whole ledger as it stands: it goes without --to, --as-of and filters"
        )
    with options.open_ledger(ledger, data) as opened:
        done = share(opened, file)
    if as_json:
        output.print_json(done)
        return
    output.say(
        output.text(
            f"{done.path}: {_counted(done.reports, 'report')} without texts, {_counted(done.records, 'record')}"
        )
    )
    output.say(output.text("Who holds the texts joins them again: comity rehydrate TEXTS --ledger " + done.path, "dim"))
