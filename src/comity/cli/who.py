"""`comity who`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from comity.cli import options

if TYPE_CHECKING:
    from rich.table import Table

    from comity.actors.who import Held


@click.command()
@click.argument("name")
@click.option("--on", metavar="DATE", help="The day that is asked about (2022-10-27); default: today.")
@click.option("--country", metavar="CODE", help="Only those who have to do with it: CHN, IGO:NATO.")
@options.actors
@options.limit
@options.as_json
@click.pass_context
def who(ctx: click.Context, name: str, on: str | None, country: str | None, limit: int | None, as_json: bool) -> None:
    """Who bears NAME, and which offices they hold on a day.

    All candidates of the actor tables, the likeliest first, with each office, its interval, its source, and why one
    wins. An office marked "unverified" rests on no source that was looked at; "last known" means that no end is known
    and that the source was made before that day.

    \b
    Examples:
      comity who "Wang Yi" --on 2022-10-27
      comity who Carney --on 2012-06-01 --country CAN --json
    """
    from comity.actors.who import near_names
    from comity.actors.who import who as candidates
    from comity.cli import output

    try:
        found = candidates(name, on, country.upper() if country and ":" not in country else country)
    except ValueError:
        raise click.BadParameter(f"{on!r} is not a day; write it as 2022-10-27", param_hint="--on") from None
    found = found[:limit] if limit else found
    if as_json:
        output.print_array(found)
        return
    if not found:
        near = near_names(name)
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        output.note(f"nobody named {name!r} is in the actor tables{hint}")
        return
    when = on or "today"
    for number, one in enumerate(found):
        head = output.text("")
        head.append(output.shown(one.name), style="bold")
        head.append(f"  {one.kind}" + (f", {one.country}" if one.country else "") + f", {one.wikidata or one.id}")
        head.append(f"  {'→ ' if one.wins else ''}{one.why}", style="green" if one.wins else "dim")
        output.say(head)
        if one.offices:
            output.say(_offices(one.offices))
        if number + 1 < len(found):
            output.say()
    if not found[0].wins:
        output.note(f"no one of them wins by the name and the day ({when}) alone")


def _offices(held: tuple[Held, ...]) -> Table:
    from comity.cli import output, rows

    wide = output.console().width >= rows.TABLE_WIDTH
    table = rows.paragraphs(1) if not wide else output.table(
        ("status", {"no_wrap": True}), ("office", {"ratio": 3}), ("country", {"no_wrap": True}),
        ("from", {"no_wrap": True}), ("to", {"no_wrap": True}), ("source", {"ratio": 4, "style": "dim"}),
    )  # fmt: skip
    for office in held:
        end = office.end or (f"open at {office.as_of}" if office.as_of else "open")
        source = "; ".join(_short(one) for one in office.sources)
        source = source if office.checked else f"unverified ({source})"
        status = output.text(office.status, "green" if office.status == "current" else "")
        start = office.start or "…"
        if wide:
            table.add_row(status, output.text(office.title), office.country, start, end, output.text(source))
        else:
            words = output.text(f"{office.title}, {office.country}, {start} – {end}")
            table.add_row(status, words.append("\n").append(output.shown(source), style="dim"))
    return table


def _short(source: str) -> str:
    """A citation up to its first stop; of an address, the site. The whole is in the JSON."""
    from urllib.parse import urlsplit

    if source.startswith(("http://", "https://")):
        return urlsplit(source).hostname or source
    return source.split(";")[0].split(",")[0].split(" (")[0]
