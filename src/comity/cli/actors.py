"""`comity actors`: your own actors and offices, in a file that is laid over the tables."""

from __future__ import annotations

import click

from comity.cli import options


@click.group()
def actors() -> None:
    """Your own actors and offices: a CSV file that --actors lays over the tables.

    A row is one office of one actor for one interval, or an actor without office. Required are the columns name and
    country; the others (kind, office, sector, level, start, end, as_of, aliases, actor, gender, ownership, domains,
    source) may be missing. `comity unknowns` makes such a file from the names that a ledger could not place.

    \b
    Examples:
      comity unknowns --ledger my.ledger --csv more.csv      fill in what you know
      comity actors check more.csv
      comity actors add more.csv --to mine.csv
      comity add news/ --ledger my.ledger --actors mine.csv
    """


@actors.command()
@click.argument("file", metavar="FILE")
@options.as_json
def check(file: str, as_json: bool) -> None:
    """Say whether FILE is in order, and what it holds.

    Every fault is named with its row: unknown country codes, intervals that overlap or end before they start, missing
    and unknown columns, another encoding than UTF-8, common nouns, names of states.

    \b
    Examples:
      comity actors check mine.csv
    """
    from comity.actors.overlay import read_overlay

    _say(file, read_overlay(file), as_json)


@actors.command()
@click.argument("file", metavar="FILE")
@click.option("--to", "to", metavar="OWN", required=True, help="Your actor file; made when it is not there.")
@options.as_json
def add(file: str, to: str, as_json: bool) -> None:
    """Add the rows of FILE to your own actor file.

    Both are checked together; when anything is wrong, nothing is written. Rows that are there already are passed over,
    and so are rows in which nothing but the name has been filled in.

    \b
    Examples:
      comity actors add more.csv --to mine.csv
    """
    from comity.actors.overlay import merge

    _say(to, merge(to, file), as_json)


def _say(path: str, found: object, as_json: bool) -> None:
    from comity.actors.overlay import Overlay
    from comity.cli import output

    assert isinstance(found, Overlay)
    if as_json:
        numbers = {
            "rows": len(found.rows),
            "actors": found.actors,
            "offices": found.offices,
            "unfilled": found.unfilled,
        }
        output.print_json({"file": path, **numbers})
        return
    new = sum(row.target < 0 for row in found.rows)
    output.say(
        f"{output.shown(path)}: {found.actors} actors with {found.offices} offices; {new} rows are about actors that the "
        f"tables do not know, {len(found.rows) - new} add to actors that they know"
    )
    if found.unfilled:
        output.note(f"{found.unfilled} rows have a name and no more: they are passed over until they are filled in")
