"""`comity reports`, `comity statements` and `comity events`: the ledger's records, filtered."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from comity.cli import options


class _Reports(options.Asking):
    relation = "reports"


class _Statements(options.Asking):
    relation = "statements"


class _Events(options.Asking):
    relation = "events"


@click.command(cls=_Reports)
@options.ledger
@options.as_of
@options.limit
@options.as_json
def reports(**given: Any) -> None:
    """The reports of a ledger, newest first, with the number of their statements and events.

    A filter that is given several times lets any of its values pass; different filters have to pass all.

    \b
    Examples:
      comity reports --country UKR --since 2022-02
      comity reports --dated no --json
    """
    _answer("reports", **given)


@click.command(cls=_Statements)
@options.ledger
@options.as_of
@options.limit
@options.as_json
def statements(**given: Any) -> None:
    """The statements of a ledger, newest first: who said what, when, through whom.

    A filter that is given several times lets any of its values pass; different filters have to pass all.

    \b
    Examples:
      comity statements --speaker Lavrov --about CHN
      comity statements --anonymous yes --text "sanctions" --json
    """
    _answer("statements", **given)


@click.command(cls=_Events)
@options.ledger
@options.as_of
@options.limit
@options.as_json
def events(**given: Any) -> None:
    """The events of a ledger, newest first: who did what to whom, when, and whether it took place.

    A filter that is given several times lets any of its values pass; different filters have to pass all. A record's
    reasons: comity explain ID.

    \b
    Examples:
      comity events --dyad CHN-RUS --since 2022-10 --background no
      comity events --type CONSULT --between USA-RUS --limit 10 --json
    """
    _answer("events", **given)


def _answer(
    relation: str, *, ledger: str, data: str | None, as_of: str | None, limit: int | None, as_json: bool, **filters: Any
) -> None:
    from comity.cli import output

    filters = options.given(filters)
    with options.open_ledger(ledger, data, as_of=as_of) as opened:
        ask = getattr(opened, relation)
        words = [] if relation == "reports" else ["words"]
        columns = [*opened.query(f"DESCRIBE {relation}_v1")["column_name"].to_pylist(), *words]
        if as_json:
            found = ask(columns=columns, limit=limit or None, **filters)
            output.print_array(_records(found))
            return
        said = opened.restate(relation, **filters)
        number = opened.count(relation, **filters)
        most = options.SHOWN if limit is None else limit or None
        found = ask(columns=columns, limit=most, **filters)
    output.say(said, style="bold")
    if number == 0:
        output.say("None. Fewer filters find more; what a filter means: comity " + relation + " --help")
        return
    from comity.cli import rows

    output.say(getattr(rows, relation)(_records(found)))
    if found.num_rows < number:
        output.say(f"{found.num_rows:,} of {number:,} shown, the newest; --limit 0 shows all.", style="dim")
    else:
        output.say(f"{number:,} in all.", style="dim")


def _records(table: Any) -> Iterator[dict[str, Any]]:
    """The rows of an answer in the form of the record."""
    for batch in table.to_batches(max_chunksize=1000):
        for row in batch.to_pylist():
            if row.get("size"):
                row["size"] = {key: _count(value) for key, value in row["size"].items() if value is not None}
            yield row


def _count(value: Any) -> Any:
    """A number that travels through Arrow as a list of one."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value
