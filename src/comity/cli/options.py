"""The options that several commands share, each defined once, and those that follow from the ledger's filters."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from comity.limits import REPORT_SECONDS

if TYPE_CHECKING:
    from comity.ledger import Ledger
    from comity.ledger.filters import Filter

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

DEFAULT_LEDGER = "comity.ledger"

SHOWN = 50
"""Rows of a table when no --limit is given: a few screens. JSON has no such limit."""


def _all(*options: Callable[[Decorated], Decorated]) -> Callable[[Decorated], Decorated]:
    def decorate(function: Decorated) -> Decorated:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


as_json = click.option("--json", "as_json", is_flag=True, help="Print exactly one JSON value and nothing else.")

ledger = _all(
    click.option(
        "--ledger",
        metavar="DIR",
        default=DEFAULT_LEDGER,
        envvar="COMITY_LEDGER",
        show_default=True,
        show_envvar=True,
        help="Folder of the ledger, or postgres:CONNECTION for a team's.",
    ),
    click.option("--data", metavar="DIR", help="Files of a team's ledger: a folder or s3:// prefix."),
)

as_of = click.option(
    "--as-of", metavar="WHEN", help="Ask the ledger as it stood: a snapshot number, a date (its end) or a time (UTC)."
)

limit = click.option(
    "--limit",
    metavar="N",
    type=click.IntRange(min=0),
    help=f"Most records to show; 0 for all. Default: {SHOWN} in a table, all with --json.",
)

left_out = click.option("--left-out", metavar="FILE", help="Write all that was left out to this file, as JSONL.")


def _use_actors(ctx: click.Context, _: click.Parameter, path: str | None) -> None:
    """Let everything in this process, and the workers that it starts, see the user's own actors."""
    import os
    from pathlib import Path

    from comity.actors.matching import ENVIRONMENT, names

    if not path:
        return
    whole = str(Path(path).absolute())
    try:
        names(whole)  # a fault is told before any work begins
    except OSError as error:
        raise click.BadParameter(f"{path}: {error.strerror or error}", param_hint="--actors") from None
    before = os.environ.get(ENVIRONMENT)
    os.environ[ENVIRONMENT] = whole

    @ctx.call_on_close
    def restore() -> None:
        if before is None:
            os.environ.pop(ENVIRONMENT, None)
        else:
            os.environ[ENVIRONMENT] = before


actors = click.option(
    "--actors",
    metavar="FILE",
    envvar="COMITY_ACTORS",
    help="Your own actors and offices (CSV), laid over the tables.",
    expose_value=False,
    callback=_use_actors,
)

coding = _all(
    actors,
    click.option("--codebook", metavar="DIR", help="Folder of your own codebook (and lexicon)."),
    click.option("--model", metavar="NAME", help="Another installed spaCy model for English.", envvar="COMITY_MODEL"),
)

inputs = _all(
    click.argument("paths", metavar="PATH...", nargs=-1, required=True),
    click.option("--published", metavar="DATE", help="Date of publication where the input gives none (2022-10-29)."),
    click.option("--outlet", metavar="NAME", help="Outlet where the input gives none."),
    click.option("--strict", is_flag=True, help="Stop at the first input that has to be left out."),
    coding,
    click.option(
        "--workers",
        metavar="N",
        type=click.IntRange(min=1, max=256),
        help="Processes that code at the same time, each with the model (about 0.5 GB). The order stays the same. "
        "Default: one for each core.",
    ),
    click.option(
        "--timeout",
        metavar="SECONDS",
        type=click.FloatRange(min=0, min_open=True),
        default=REPORT_SECONDS,
        show_default=True,
        help="Leave out a report whose coding takes longer (processor time).",
    ),
    click.option("--cache", metavar="DIR", help="Use codings of the very same reports again, and keep new ones here."),
)


def open_ledger(place: str, data: str | None = None, *, as_of: str | None = None, write: bool = False) -> Ledger:
    """The ledger that the options name, for reading unless `write`. Waiting for another writer is said on stderr."""
    from comity.cli.output import note
    from comity.ledger import Ledger

    return Ledger(place, data=data, read_only=not write, as_of=as_of, on_wait=note)


# --- filters ---------------------------------------------------------------------------------------------------------


class Asking(click.Command):
    """A command over one relation of the ledger: besides its own options it has one for each of the relation's filters.

    They are made from `comity.ledger.FILTERS` when the command runs or shows its help, so that the command line has
    what the library has, in the same words, and the help of the whole program need not load the ledger.
    """

    relation = ""
    _filters: list[click.Parameter] | None = None

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        if self._filters is None:
            self._filters = filter_options(self.relation)
        own = super().get_params(ctx)
        return [*own[:-1], *self._filters, own[-1]]  # --help last


FOUND_IN = {"events": "the event's sentence", "statements": "what is said", "reports": "title and text"}
"""Where each relation's words are searched."""


def filter_options(relation: str) -> list[click.Parameter]:
    """One option for each filter of a relation, and ``--text``. Given several times, any of the values will do."""
    from comity.ledger.filters import FILTERS, SEARCHED

    options: list[click.Parameter] = []
    if relation in SEARCHED:
        words = f'Words in {FOUND_IN[relation]}: all must occur; "a phrase", one OR another, -not, begin*.'
        options.append(click.Option(["--text"], metavar="WORDS", help=words))
    for name, one in FILTERS[relation].items():
        options.append(
            click.Option(
                ["--" + name.replace("_", "-")], metavar=_metavar(name, one), multiple=True, help=_meaning(name, one)
            )
        )
    return options


def _is_flag(one: Filter) -> bool:
    try:
        return one.read("yes") is True
    except ValueError:
        return False


def _metavar(name: str, one: Filter) -> str:
    if _is_flag(one):
        return "YES|NO"
    return {"since": "DATE", "until": "DATE", "min_confidence": "NUMBER", "dyad": "A-B", "between": "A-B"}.get(
        name, "VALUE"
    )


def _meaning(name: str, one: Filter) -> str:
    from comity.ledger.filters import VALUES

    text = one.meaning[0].upper() + one.meaning[1:]
    if name in VALUES:
        text += ": " + ", ".join(VALUES[name])
    return text + "."


def given(filters: dict[str, Any]) -> dict[str, Any]:
    """The filters that were given, as the library takes them."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in filters.items() if value}
