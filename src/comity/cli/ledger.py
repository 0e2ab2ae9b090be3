"""`comity ledger`: what keeps a ledger in order."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import click

from comity.cli import options

if TYPE_CHECKING:
    from comity.ledger import Ledger


@click.group()
def ledger() -> None:
    """Bring a ledger forward, tidy it up, look at what it is.

    \b
    Examples:
      comity ledger info --ledger my.ledger
      comity ledger maintain --keep 30 --ledger my.ledger
      comity ledger migrate --ledger my.ledger
    """


@ledger.command()
@options.ledger
@options.as_json
def info(ledger: str, data: str | None, as_json: bool) -> None:
    """What the ledger is and holds: counts, files, size, how far back it reaches.

    \b
    Example:
      comity ledger info --ledger my.ledger --json
    """
    from comity.cli import output

    with options.open_ledger(ledger, data) as opened:
        found = opened.info()
    if as_json:
        output.print_json(found)
        return
    made = output.table(("", {"style": "bold"}), "")
    made.show_header = False
    for name, value in found.items():
        words = f"{value:,}" if isinstance(value, int) else str(value)
        made.add_row(name.replace("_", " "), output.text(words))
    output.say(made)


@ledger.command()
@options.ledger
@options.as_json
def snapshots(ledger: str, data: str | None, as_json: bool) -> None:
    """The states that the ledger can still be asked for with --as-of: number, time and what made each.

    \b
    Example:
      comity ledger snapshots --ledger my.ledger
    """
    from comity.cli import output

    with options.open_ledger(ledger, data) as opened:
        found = opened.snapshots().to_pylist()
    for row in found:
        row["time"] = f"{row['time']:%Y-%m-%dT%H:%M:%SZ}"
    if as_json:
        output.print_json(found)
        return
    made = output.table(("snapshot", {"justify": "right"}), "time", "what")
    for row in found:
        made.add_row(str(row["snapshot"]), row["time"], output.text(row["what"]))
    output.say(made)


@ledger.command()
@options.ledger
@options.as_json
def migrate(ledger: str, data: str | None, as_json: bool) -> None:
    """Bring a ledger of an older version of Comity to this one's schema. Nothing that it holds is lost.

    Adding to it does the same by itself; reading does not write.

    \b
    Example:
      comity ledger migrate --ledger my.ledger
    """
    from comity.cli import output

    with _opened(ledger, data) as opened:
        version = opened.info()["schema_version"]
    if as_json:
        output.print_json({"ledger": ledger, "schema_version": version})
    else:
        output.say(f"{ledger}: schema version {version}")


@ledger.command()
@options.ledger
@click.option(
    "--keep",
    metavar="DAYS",
    type=click.IntRange(min=0),
    help="How far --as-of shall reach back afterwards.  [default: 90]",
)
@options.as_json
def maintain(ledger: str, data: str | None, keep: int | None, as_json: bool) -> None:
    """Merge small files, let go of old snapshots, remove files that nothing names. No record is lost.

    \b
    Example:
      comity ledger maintain --keep 30 --ledger my.ledger
    """
    import msgspec

    from comity.cli import output

    with _opened(ledger, data) as opened:
        done = opened.maintain(keep=None if keep is None else datetime.timedelta(days=keep))
    if as_json:
        output.print_json(done)
    else:
        counts = ", ".join(f"{name.replace('_', ' ')}: {value:,}" for name, value in msgspec.to_builtins(done).items())
        output.say(f"{ledger}: {counts}")


def _opened(place: str, data: str | None) -> Ledger:
    """A ledger that is there, for writing: keeping in order makes none. Raises `NoLedger`."""
    from comity.ledger.home import find_home, no_ledger, state_of

    home = find_home(place, data)
    if home.folder is not None and state_of(home) != "ledger":
        raise no_ledger(home)
    return options.open_ledger(place, data, write=True)
