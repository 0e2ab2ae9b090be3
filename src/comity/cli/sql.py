"""`comity sql`."""

from __future__ import annotations

import sys

import click

from comity.cli import answers, options


@click.command()
@click.argument("question", metavar="SQL")
@options.ledger
@options.as_of
@click.option(
    "--timeout", metavar="SECONDS", type=click.FloatRange(min=0, min_open=True), help="Give up after so long."
)
@answers.options
@options.as_json
def sql(
    question: str, ledger: str, data: str | None, as_of: str | None, timeout: float | None, form: str | None,
    out: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Ask the ledger in SQL (DuckDB's), over views whose columns keep their names and meanings: events_v1,
    statements_v1, reports_v1, mentions_v1 and others, described in docs/ledger.md.

    Only questions are answered: nothing can be changed. With - the SQL is read from stdin. A filter as SQL to start
    from: comity events … --sql.

    \b
    Examples:
      comity sql "SELECT type, count(*) AS n FROM events_v1 GROUP BY type ORDER BY n DESC"
      comity sql "FROM events_v1 WHERE intensity < -5" --out harsh.parquet --ledger my.ledger
    """
    from comity.cli import output

    form = answers.chosen(form, out)
    asked = sys.stdin.read() if question == "-" else question
    with options.open_ledger(ledger, data, as_of=as_of) as opened:
        found = opened.query(asked, timeout=timeout)
    if as_json:
        output.print_array(answers.records(found))
    elif form == "table":
        answers.show(found)
        output.say("1 row." if found.num_rows == 1 else f"{found.num_rows:,} rows.", style="dim")
    else:
        answers.write(found, form, out)
        if out:
            output.note(f"{out}: {found.num_rows:,} rows")
