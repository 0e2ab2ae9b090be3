"""`comity import`."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from comity.cli import options

if TYPE_CHECKING:
    from rich.text import Text

    from comity.cli.progress import Tick
    from comity.exchange import ImportReport

FORMATS = ("gdelt", "icews", "polecat", "phoenix", "plover")

SHOWN = 5
"""Repeated rows and unreadable cells that are named; the rest is counted."""


@click.command("import")
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option("--from", "format", type=click.Choice(FORMATS), required=True, help="Format of the files.")
@options.ledger
@options.left_out
@options.as_json
def import_(
    files: tuple[str, ...], format: str, ledger: str, data: str | None, left_out: str | None, as_json: bool
) -> int:
    """Store events of other projects in a ledger, marked as imported. The ledger is made when it is not there.

    Files may be packed (.zip, .gz). A file is stored whole or not at all, and once; so is a row (by its key). What a
    file holds is told before its counts are believed: domestic events, repeats, mirrored rows, and how many rows are
    dated on the day they were added. Wrong rows are listed with their line numbers.

    Exit code: 0 all is stored, 1 some row or file was left out, 2 nothing could be stored.

    \b
    Examples:
      comity import 20191024143000.export.CSV --from gdelt --ledger world.ledger
      comity import events.2018.tab --from icews --left-out wrong.jsonl --json
    """
    from comity.cli.output import note, print_json, say
    from comity.cli.progress import progress
    from comity.cli.runs import Run
    from comity.exchange import ExchangeError, import_file
    from comity.records import LeftOut

    run = Run()
    done: list[ImportReport] = []
    with options.open_ledger(ledger, data, write=True) as opened, progress("rows", None) as tick:
        for file in files:
            on_part = partial(_count, tick, sum(report.rows for report in done))
            try:
                made = import_file(opened, file, format, on_part=on_part)
            except ExchangeError as error:
                where, _, why = str(error).partition(": ")
                run.leave_out(LeftOut(source=where, reason=why, cure="name a file of the format with --from"))
                continue
            done += made
            for report in made:
                for row in report.left_out:
                    run.leave_out(row)
                if not as_json:
                    for line in _told(report):
                        say(line)
    run.tell()
    rows = sum(report.rows for report in done)
    if as_json:
        print_json({"ledger": ledger, "rows": rows, "files": [_figures(one) for one in done], "left_out": run.left_out})
    files_said = "1 file" if len(done) == 1 else f"{len(done):,} files"
    note(f"{ledger}: {rows:,} events stored from {files_said}, {len(run.left_out):,} rows or files left out")
    run.write_left_out(left_out)
    return run.exit_code(rows + sum(report.known for report in done))


def _count(tick: Tick, before: int, rows: int) -> None:
    tick(before + rows)


def _told(report: ImportReport) -> list[Text]:
    """One file in lines: what was done, what it holds, what is odd about it."""
    from comity.cli.output import plain, shown
    from comity.exchange.facts import told

    name = shown(Path(report.file).name)
    if report.known:
        return [plain(f"{name}: imported before, nothing done", "bold")]
    lines = list(told(report.facts)) if report.facts is not None else []
    lines += report.notes
    if report.repeats:
        first = ", ".join(f"line {one.line} ({one.key})" for one in report.repeats[:SHOWN])
        lines.append(f"left out because a row with their key is there already: {len(report.repeats):,}: {first}")
    if report.spelled:
        lines.append(f"cells spelled otherwise than usual, kept as they are: {report.spelled:,}")
    if report.unread:
        first = "; ".join(f"line {one.source.rpartition(':')[2]}: {one.reason}" for one in report.unread[:SHOWN])
        lines.append(f"cells without a readable value, the text kept: {len(report.unread):,} ({first})")
    head = plain(f"{name}: {report.rows:,} events stored, {len(report.left_out):,} rows left out", "bold")
    return [head, *(plain("  " + shown(line)) for line in lines)]


def _figures(report: ImportReport) -> dict[str, Any]:
    """One file for --json: the counts, and what it holds."""
    from comity.exchange.facts import as_record

    return {
        "file": report.file, "origin": report.origin, "digest": report.digest, "known": report.known,
        "rows": report.rows, "left_out": len(report.left_out), "repeats": report.repeats, "spelled": report.spelled,
        "unread": report.unread, "notes": report.notes,
        "facts": as_record(report.facts) if report.facts is not None else None,
    }  # fmt: skip
