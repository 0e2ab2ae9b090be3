"""The commands. Thin: each reads its options, asks a room of the library, and shows the answer."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from importlib import import_module
from keyword import iskeyword

import click

COMMANDS = {
    "demo": "comity.cli.demo",
    "code": "comity.cli.code",
    "add": "comity.cli.add",
    "watch": "comity.cli.watch",
    "spark": "comity.cli.spark",
    "reports": "comity.cli.asking",
    "statements": "comity.cli.asking",
    "events": "comity.cli.asking",
    "occurrences": "comity.cli.occurrences",
    "explain": "comity.cli.explain",
    "who": "comity.cli.who",
    "classify": "comity.cli.classify",
    "unknowns": "comity.cli.unknowns",
    "actors": "comity.cli.actors",
    "codebook": "comity.cli.codebook",
    "evaluate": "comity.cli.evaluate",
    "sql": "comity.cli.sql",
    "review": "comity.cli.review",
    "correct": "comity.cli.correct",
    "corrections": "comity.cli.correct",
    "add-event": "comity.cli.adding",
    "add-statement": "comity.cli.adding",
    "import": "comity.cli.importing",
    "export": "comity.cli.exporting",
    "rehydrate": "comity.cli.rehydrate",
    "dyad": "comity.cli.dyad",
    "contacts": "comity.cli.contacts",
    "audit": "comity.cli.audit",
    "network": "comity.cli.network",
    "concentration": "comity.cli.concentration",
    "polarity": "comity.cli.polarity",
    "claims": "comity.cli.claims",
    "formulae": "comity.cli.formulae",
    "voices": "comity.cli.voices",
    "compare": "comity.cli.compare",
    "brief": "comity.cli.brief",
    "serve": "comity.cli.serve",
    "mcp": "comity.cli.mcp",
    "ledger": "comity.cli.ledger",
    "diff": "comity.cli.diff",
    "doctor": "comity.cli.doctor",
}
"""Command to the module that holds the click command of that name, in the order of the help. The modules import nothing
but click at their top, so that the help of all of them comes at once."""

SECTIONS = {
    "Code reports": "demo code add watch spark classify",
    "Ask the ledger": "reports statements events occurrences explain voices sql serve mcp",
    "Relations between states": ("dyad contacts brief network concentration polarity claims formulae compare audit"),
    "Correct and review": "review correct add-event add-statement corrections",
    "Exchange": "import export rehydrate",
    "Tables and codebook": "who unknowns actors codebook",
    "Upkeep": "ledger diff evaluate doctor",
}
"""The commands as the help lists them; what stands in none of these comes last."""

FAULTS = (
    "comity.ledger.errors.LedgerError",
    "comity.exchange.errors.ExchangeError",
    "comity.reading.errors.ReadError",
    "comity.language.model.ModelMissing",
    "comity.actors.tables.TablesMissing",
    "comity.actors.overlay.ActorsError",
    "comity.codebook.tables.CodebookError",
    "comity.codebook.book.UnknownCode",
    "comity.events.lexicon.LexiconError",
    "comity.engines.local.WorkerLost",
    "comity.engines.cache.CacheError",
    "comity.engines.spark.SparkError",
    "comity.engines.tables.TablesError",
    "comity.evaluation.measuring.GoldError",
    "comity.relations.errors.RelationsError",
)
"""Errors whose message is the one line that a person needs. By name: importing them all would slow every run."""


class _Commands(click.Group):
    """The program: its commands are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        name = f"{cmd_name}_" if iskeyword(cmd_name) else cmd_name.replace("-", "_")
        command = getattr(import_module(COMMANDS[cmd_name]), name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        sections = {title: names.split() for title, names in SECTIONS.items()}
        named = {name for names in sections.values() for name in names}
        sections["More"] = [name for name in COMMANDS if name not in named]
        widest = max(map(len, COMMANDS))
        limit = formatter.width - widest - 6
        for title, names in sections.items():
            rows = []
            for name in names:
                command = self.get_command(ctx, name)
                if command is not None:
                    rows.append((name.ljust(widest), _in_short(command, limit)))
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            import difflib

            near = difflib.get_close_matches(name, COMMANDS, 1)
            hint = f"did you mean {near[0]!r}?" if near else "see: comity --help"
            raise click.UsageError(f"there is no command {name!r}; {hint}", ctx)
        return super().resolve_command(ctx, args)


def _in_short(command: click.Command, limit: int) -> str:
    """The first sentence of a command's help, cut behind a clause where it is too long."""
    said = command.get_short_help_str(1000)
    if len(said) <= limit:
        return said
    ends = [n for n in range(limit // 3, limit) if said[n] in ",:;" and said.count("(", 0, n) == said.count(")", 0, n)]
    return said[: ends[-1]] + "." if ends else command.get_short_help_str(limit)


@click.group(
    cls=_Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option("--version", is_flag=True, help="Print the version and leave.")
@click.option("--verbose", is_flag=True, help="With --version: codebook, tables and language model too.")
@click.pass_context
def comity(ctx: click.Context, version: bool, verbose: bool) -> None:
    """Comity reads news reports about states and keeps the record: who did or said what to whom, when, where, and by
    whose account.

    \b
    Start here:
      comity demo                            code the bundled reports, show one record
      comity add news/ --ledger my.ledger    code a folder of reports into a ledger
      comity events --dyad CHN-RUS --ledger my.ledger
      comity explain ID --ledger my.ledger   why a record stands
    """
    if version:
        from comity import __version__

        click.echo(f"comity {__version__}")
        if verbose:
            from comity.cli.doctor import versions

            for name, value in versions():
                click.echo(f"{name} {value}")
    elif ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def commands(width: int = 100) -> Iterator[tuple[str, click.Command, click.Context]]:
    """Every command with its words ("ledger maintain") and a context of so many columns, for pages and tests."""

    def inside(
        group: click.Group, above: click.Context, words: str
    ) -> Iterator[tuple[str, click.Command, click.Context]]:
        for name in group.list_commands(above):
            command = group.get_command(above, name)
            assert command is not None
            ctx = click.Context(command, above, name, terminal_width=width, max_content_width=width)
            yield words + name, command, ctx
            if isinstance(command, click.Group):
                yield from inside(command, ctx, f"{words}{name} ")

    with click.Context(comity, info_name="comity", **comity.context_settings) as ctx:
        yield from inside(comity, ctx, "")


def main() -> None:
    """The program `comity`: run a command, end with its exit code.

    0: all is done. 1: some input was left out, or something was found unsound. 2: wrong usage, or nothing could run.
    130: stopped by Ctrl-C.
    """
    # One thread for the algebra: more of them gain nothing on sentences, and would let workers crowd each other out.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that cannot show a letter must not end the run
    sys.exit(run())


def run(arguments: list[str] | None = None) -> int:
    """Run a command line (default: the process's own) and give its exit code."""
    try:
        result = comity.main(args=arguments, prog_name="comity", standalone_mode=False)
        code = result if isinstance(result, int) else 0
        sys.stdout.flush()
        return code
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.ClickException as error:
        error.show()
        return 2
    except (click.Abort, KeyboardInterrupt):
        click.echo("stopped", err=True)
        return 130
    except (BrokenPipeError, SystemExit):
        # The reader of the pipe (head, less) has seen enough; click makes a SystemExit of it. Python would complain
        # again while it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        known = {f"{kind.__module__}.{kind.__qualname__}" for kind in type(error).__mro__}
        if known.isdisjoint(FAULTS):
            import traceback

            traceback.print_exc()
            click.echo("this is a fault of Comity: please report it with the lines above", err=True)
        else:
            click.echo(f"comity: {error}", err=True)
        return 2


__all__ = ["commands", "main", "run"]
