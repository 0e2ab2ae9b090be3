"""Options of the commands that make figures of relations: which events count, and where a chart goes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

_OPTIONS = (
    click.option("--since", metavar="DATE", help="First day: 2022, 2022-10 or 2022-10-27."),
    click.option("--until", metavar="DATE", help="Last day, as for --since."),
    click.option(
        "--count",
        type=click.Choice(["occurrences", "reports", "mentions"]),
        help="What counts once: a happening (default), each report that tells it, each mention of it.",
    ),
    click.option(
        "--asserted",
        metavar="RULE",
        help="Whose word counts: default (independent accounts, the source's own, the target's on cooperation), "
        "independent, parties, anyone (claims too).",
    ),
    click.option("--sectors", metavar="LIST", help="Sectors that are the state.  [default: GOV,MIL,LEG,JUD,SPY,IGO]"),
    click.option("--fold-groups", is_flag=True, help="Count groups (GROUP:name@CHN) as their state."),
    click.option("--scope", type=click.Choice(["international", "any"]), help="Leave out the domestic, or do not."),
    click.option("--origin", metavar="NAME", help="Events of Comity (default) or of one import: gdelt, icews, …"),
    click.option("--demo", type=click.BOOL, metavar="yes|no", help="Demonstration reports only, or none."),
    click.option(
        "--min-confidence", metavar="NUMBER", type=click.FloatRange(0, 1), help="Least sure events.  [default: 0.5]"
    ),
)

CHOICE = ("since", "until", "count", "asserted", "sectors", "fold_groups", "scope", "origin", "demo", "min_confidence")


def choice(function: Decorated) -> Decorated:
    """The options that make a `comity.relations.Choice`."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def chosen(given: dict[str, Any]) -> Any:
    """The choice that the options make; they are taken out of `given`. Raises `BadChoice`."""
    from comity.relations import choose

    values = {name: given.pop(name) for name in CHOICE if name in given}
    return choose(**values)


chart = click.option(
    "--chart", metavar="FILE", help="Draw it too: .svg, .png, .pdf, .html or .json (needs comity[charts])."
)


def two(pair: str | None) -> tuple[str, str] | None:
    """Two parties given in one word: USA-RUS."""
    if pair is None:
        return None
    from comity.ledger.filters import FILTERS

    try:
        a, b = FILTERS["events"]["dyad"].read(pair)
    except ValueError as error:
        raise click.BadParameter(f"{pair!r} {error}") from None
    return a, b
