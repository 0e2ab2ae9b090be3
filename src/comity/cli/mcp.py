"""`comity mcp`."""

from __future__ import annotations

import click

from comity.cli import options


@click.command()
@options.ledger
def mcp(ledger: str, data: str | None) -> int:
    """Let an assistant quote the record: a Model Context Protocol server on stdin and stdout, for reading only.

    Its tools search events, statements and reports, give the series of two states, and explain a record with the
    sentence and the accounts that it rests on.

    \b
    Examples:
      comity mcp --ledger demo.ledger
      {"mcpServers": {"comity": {"command": "comity", "args": ["mcp", "--ledger", "/data/my.ledger"]}}}
    """
    try:
        from comity.web.assistant import make_server
    except ImportError as error:
        raise click.ClickException(f"{error.name} is not installed; run: pip install 'comity[mcp]'") from None
    with options.open_ledger(ledger, data) as opened:
        make_server(opened).run("stdio")
    return 0
