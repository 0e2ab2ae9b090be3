"""`comity demo`."""

from __future__ import annotations

import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import click

from comity.cli import options

if TYPE_CHECKING:
    from comity.ledger import Ledger

SHOWN_REPORT = "demo-chn-rus-2022-09-15"
"""The report whose record is printed: a meeting, praise, a condemnation, and words by way of state television."""


@click.command(short_help="Code the bundled reports and show a record of one.")
@click.option(
    "--ledger", metavar="DIR", default="demo.ledger", show_default=True, help="Where the demo's ledger is made."
)
@click.option(
    "--report", "report", metavar="ID", default=SHOWN_REPORT, show_default=True, help="Show this one's record."
)
@options.as_json
def demo(ledger: str, report: str, as_json: bool) -> int:
    """Code the reports that come with Comity into a ledger and show the record of one of them.

    They are short reports about public events of 2021 to 2024, written for this purpose and told from several sides;
    every record made from them says so.

    \b
    Examples:
      comity demo
      comity demo --ledger my-demo.ledger --report demo-usa-rus-2021-06-16
    """
    from comity.cli import output
    from comity.cli.runs import Run
    from comity.demo import reports_path
    from comity.ledger import Ledger, LedgerReadOnly

    run = Run()
    try:
        opened = Ledger(ledger, on_wait=output.note)
    except LedgerReadOnly as error:
        ledger = str(Path(tempfile.mkdtemp(prefix="comity-")) / "demo.ledger")
        output.note(f"{error}; using {ledger}")
        opened = Ledger(ledger)
    with opened:
        with closing(run.codings([reports_path()])) as codings:
            stored = opened.add(codings, recode=True)
        if run.stopped is not None:
            return run.exit_code(0)
        coding = opened.coding(report)
        if as_json:
            output.print_json(coding)
            return 0
        number = {name: opened.count(name, demo=True) for name in ("reports", "statements", "events")}
        done = [one for one in coding.events if one.status == "actual" and not one.background]
        event = max(done, key=lambda one: one.confidence).id if done else None
        said, written = _brief(opened, Path(ledger).parent)
    new = "" if stored.added else " (it was there already)"
    output.say(
        f"{number['reports']} reports coded into {ledger}{new}: {number['statements']} statements, "
        f"{number['events']} events. One of them:\n"
    )
    from comity.cli.record import show

    show(coding)
    output.say("\nAll that the reports say of China and Russia", style="bold")
    for line in said:
        output.say(output.text(line))
    if written:
        output.say(output.text("Written: " + ", ".join(map(str, written)), "bold"))
    output.say("\nTry next", style="bold")
    where = f"--ledger {ledger}"
    tries = [
        (f"comity explain {event[:8]} {where}", "why the surest of these events stands") if event else None,
        (f"comity events --between CHN-RUS --background no {where}", "what China and Russia did to each other"),
        (f"comity statements --about UKR --country RUS {where}", "what Russians said about Ukraine"),
        (f"comity dyad CHN RUS --by year {where}", "how they stand to each other, year by year"),
        (f"comity serve {where}", "all of it as pages in your browser"),
        ('comity who "Wang Yi" --on 2022-10-27', "who that was on that day"),
        ("comity code your-report.txt", "the record of a report of your own"),
    ]
    for one in tries:
        if one is not None:  # a command stays on one line, to be copied
            output.say(output.text(one[1] + ":", "dim"))
            click.echo(f"  {one[0]}")
    return 0


def _brief(ledger: Ledger, folder: Path) -> tuple[list[str], list[Path]]:
    """The briefing on China and Russia: what it says, and its files. Without the extras, what to install."""
    from comity import relations
    from comity.relations.brief import chart_of

    try:
        found = relations.brief(ledger, "CHN", "RUS", demo=True)
    except relations.ExtraMissing as error:
        return [str(error)], []
    written = relations.write_brief(found, folder / "chn-rus-brief.html")
    picture = chart_of(found, ".png")
    if picture is not None:
        written.append(folder / "chn-rus-brief.png")
        written[-1].write_bytes(picture)
    return relations.summary(found), written
