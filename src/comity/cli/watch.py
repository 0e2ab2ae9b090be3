"""`comity watch`."""

from __future__ import annotations

import shutil
from collections.abc import Generator
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING

import click

from comity.cli import options

if TYPE_CHECKING:
    from comity.cli.runs import Run
    from comity.ledger import AddResult
    from comity.reading.fetching import Fetcher

STATE = "watch.sqlite"
"""Where it is remembered, in the ledger's folder, what was seen."""


@click.command()
@click.argument("feeds", metavar="FEEDS...", nargs=-1, required=True)
@options.ledger
@click.option("--state", metavar="FILE", help=f"What was seen already. Default: {STATE} in the ledger's folder.")
@click.option("--once", is_flag=True, help="Ask every feed once and leave (for cron and timers).")
@click.option(
    "--every", metavar="MINUTES", type=click.FloatRange(min=1), default=15.0, show_default=True,
    help="From the start of one round to the next.",
)  # fmt: skip
@click.option("--most", metavar="N", type=click.IntRange(min=1), default=100, show_default=True,
              help="Items of one feed in one round, the newest first.")  # fmt: skip
@click.option("--since", metavar="DATE", type=click.DateTime(["%Y-%m-%d"]), help="Pass over items dated earlier.")
@click.option("--outlet", metavar="NAME", help="Outlet where the feed gives none.")
@click.option("--agent", metavar="TEXT", help='User-Agent: name an address for site owners ("comity (+https://…)").')
@click.option("--workers", metavar="N", type=click.IntRange(min=1, max=256), default=1, show_default=True,
              help="Processes that code at the same time.")  # fmt: skip
@options.coding
@options.left_out
@options.as_json
def watch(
    feeds: tuple[str, ...], ledger: str, data: str | None, state: str | None, once: bool, every: float, most: int,
    since: datetime | None, outlet: str | None, agent: str | None, workers: int, codebook: str | None,
    model: str | None, left_out: str | None, as_json: bool,
) -> int:  # fmt: skip
    """Follow feeds: code the reports that are new and add them to a ledger, round after round, until Ctrl-C.

    FEEDS: addresses of RSS, Atom or JSON feeds and sitemaps, OPML files, or files with one address a line. Of items
    without their whole text the page is fetched. Fetching is polite: robots.txt, pauses for each host, conditional
    requests, backoff. What a round has fetched counts as seen when it is stored.

    Exit code: 0 all is stored, 1 something was left out, 2 no feed could be read, 130 stopped by Ctrl-C.

    \b
    Examples:
      comity watch feeds.opml --ledger my.ledger
      comity watch https://example.org/rss.xml --once --ledger my.ledger
    """
    from comity.cli.output import note, print_json
    from comity.cli.runs import Run, summary
    from comity.ledger import AddResult
    from comity.reading.fetching import AGENT, Fetcher

    kept = _state(state, ledger)
    fetcher = Fetcher(agent=agent or AGENT)
    run = Run()
    stored = AddResult()
    while True:
        started = monotonic()
        before = len(run.left_out)
        done = _round(
            run, feeds, ledger, data, kept, fetcher,
            most=most, since=since.date() if since else None, outlet=outlet, workers=workers, codebook=codebook, model=model,
        )  # fmt: skip
        stored = stored.plus(done)
        left = len(run.left_out) - before
        note(
            f"{datetime.now():%H:%M}: {done.added:,} new, {done.revised:,} revised"
            + (f", {left:,} left out" if left else "")
        )
        if once or run.stopped is not None:
            break
        sleep(max(0.0, started + every * 60 - monotonic()))
    run.tell()
    known = stored.known + run.skipped
    if as_json:
        print_json(summary(run, ledger=ledger, added=stored.added, revised=stored.revised, known=known))
    run.write_left_out(left_out)
    return run.exit_code(stored.added + stored.revised + known)


def _state(state: str | None, ledger: str) -> Path:
    """The file that remembers what was seen."""
    if state is not None:
        return Path(state)
    if ledger.startswith("postgres:"):
        raise click.UsageError("a team's ledger has no folder: say with --state FILE where to keep what was seen")
    return Path(ledger) / STATE


def _round(
    run: Run, feeds: tuple[str, ...], ledger: str, data: str | None, kept: Path, fetcher: Fetcher, *,
    most: int, since: date | None, outlet: str | None, workers: int, codebook: str | None, model: str | None,
) -> AddResult:  # fmt: skip
    """Ask all feeds once and store what is new. What was seen is remembered when it is stored, not before."""
    from comity.cli.add import unknown_to
    from comity.reading.watching import watch as fetch
    from comity.records import LeftOut, Report

    with options.open_ledger(ledger, data, write=True) as opened:
        kept.parent.mkdir(parents=True, exist_ok=True)
        part = kept.with_name(kept.name + ".part")
        part.unlink(missing_ok=True)
        if kept.exists():
            shutil.copyfile(kept, part)

        def items() -> Generator[Report | LeftOut]:
            yield from fetch(
                feeds, state=part, rounds=1, most=most, since=since, outlet=outlet, fetcher=fetcher, on_warning=run.warn
            )

        with closing(items()) as fresh, closing(
            run.coded_of(fresh, codebook=codebook, model=model, workers=workers, undone=unknown_to(run, opened))
        ) as codings:  # fmt: skip
            done = opened.add(codings)
        if run.stopped is None:
            part.replace(kept)
        else:  # the round is not whole; what it stored is known to the ledger
            part.unlink(missing_ok=True)
    return done
