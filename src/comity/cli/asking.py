"""`comity reports`, `comity statements` and `comity events`: the ledger's records, filtered."""

from __future__ import annotations

from typing import Any

import click

from comity.cli import answers, options

as_sql = click.option("--sql", "as_sql", is_flag=True, help="Print the question as SQL, for comity sql to go on from.")


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
@answers.options
@as_sql
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
@answers.options
@as_sql
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
@answers.options
@as_sql
@options.as_json
def events(**given: Any) -> None:
    """The events of a ledger, newest first: who did what to whom, when, and whether it took place.

    A filter that is given several times lets any of its values pass; different filters have to pass all. A record's
    reasons: comity explain ID.

    \b
    Examples:
      comity events --dyad CHN-RUS --since 2022-10 --background no
      comity events --type CONSULT --between USA-RUS --limit 10 --json
      comity events --source GBR --out gbr.csv
    """
    _answer("events", **given)


def _answer(
    relation: str, *, ledger: str, data: str | None, as_of: str | None, limit: int | None, form: str | None,
    out: str | None, as_sql: bool, as_json: bool, **filters: Any,
) -> None:  # fmt: skip
    from comity.cli import output

    filters = options.given(filters)
    form = answers.chosen(form, out)
    with options.open_ledger(ledger, data, as_of=as_of) as opened:
        if as_sql:
            click.echo(opened.as_sql(relation, **filters))
            return
        ask = getattr(opened, relation)
        words = [] if relation == "reports" else ["words"]
        columns = [*opened.query(f"DESCRIBE {relation}_v1")["column_name"].to_pylist(), *words]
        if as_json or form != "table":
            found = ask(columns=columns, limit=limit or None, **filters)
            if as_json:
                output.print_array(answers.records(found))
                return
            answers.write(found, form, out)
            if out:
                output.note(f"{opened.restate(relation, **filters)} {out}: {found.num_rows:,} rows")
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

    output.say(getattr(rows, relation)(answers.records(found)))
    if found.num_rows < number:
        output.say(f"{found.num_rows:,} of {number:,} shown, the newest; --limit 0 shows all.", style="dim")
    else:
        output.say(f"{number:,} in all.", style="dim")
