"""`comity spark`."""

from __future__ import annotations

import click

from comity.cli import options


@click.command()
@click.argument("paths", metavar="IN... OUT", nargs=-1, required=True)
@click.option("--master", metavar="URL", help="Spark's master (spark://host:7077, yarn). Default: Spark's own setting.")
@click.option("--published", metavar="DATE", help="Date of publication where the input gives none (2022-10-29).")
@click.option("--outlet", metavar="NAME", help="Outlet where the input gives none.")
@options.coding
@options.as_json
def spark(
    paths: tuple[str, ...], master: str | None, published: str | None, outlet: str | None, codebook: str | None,
    model: str | None, as_json: bool,
) -> int:  # fmt: skip
    """Code reports on a Spark cluster into Parquet, one folder in OUT for each table of the ledger.

    IN: files and folders that all workers see under the same path, or addresses (hdfs://, s3a://) of JSONL, Parquet and
    web archives. Needs the extra comity[spark] and Java 17 or later. `comity add OUT --ledger DIR` takes the result in.

    Exit code: 0 all was coded, 1 some input was left out (OUT/left_out has the reasons), 2 nothing could be coded.

    \b
    Examples:
      comity spark --master spark://head:7077 /data/news /data/coded
      comity spark day.warc.gz coded/ && comity add coded/ --ledger my.ledger
    """
    from comity.cli.output import note, print_json
    from comity.engines import spark as engine

    if len(paths) < 2:
        raise click.UsageError("give at least one input, and OUT behind it")
    *inputs, out = paths
    done = engine.code(
        inputs, out, master=master, published=published, outlet=outlet, model=model, codebook=codebook
    )  # fmt: skip
    note(
        f"{done.coded:,} records in {out}" + (f", {done.left_out:,} left out: {out}/left_out" if done.left_out else "")
    )
    if as_json:
        print_json({"out": out, "coded": done.coded, "left_out": done.left_out})
    return 0 if not done.left_out else 1 if done.coded else 2
