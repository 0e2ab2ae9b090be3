"""`comity serve`."""

from __future__ import annotations

import click

from comity.cli import options


@click.command()
@options.ledger
@click.option(
    "--host", metavar="NAME", default="127.0.0.1", show_default=True, help="Address to listen at; others need a token."
)
@click.option("--port", metavar="N", type=click.IntRange(0, 65535), default=8517, show_default=True, help="0: any.")
@click.option(
    "--read-only/--review", "read_only", default=True, help="Whether records may be corrected (default: not)."
)
@click.option("--author", metavar="NAME", help="Whose corrections they are; default: your login name.")
@click.option(
    "--token", metavar="WORD", envvar="COMITY_TOKEN", show_envvar=True,
    help="What visitors have to know. On other hosts than this machine one is made up when none is given.",
)  # fmt: skip
@click.option("--allow-fetch", is_flag=True, help="Let visitors give addresses to read (never private ones).")
@options.coding
def serve(
    ledger: str,
    data: str | None,
    host: str,
    port: int,
    read_only: bool,
    author: str | None,
    token: str | None,
    allow_fetch: bool,
    codebook: str | None,
    model: str | None,
) -> int:
    """Open the ledger as web pages: search, reports with their records, dyads, networks, maps, review.

    Every page has a twin in JSON at its address with .json; /openapi.json describes them. Ends with Ctrl-C.

    \b
    Examples:
      comity serve --ledger demo.ledger
      comity serve --review --author ada
      comity serve --host 0.0.0.0 --token "$(openssl rand -hex 16)"
    """
    import secrets
    import socket

    from comity.cli import output

    try:
        import uvicorn

        from comity.web.app import make_app
    except ImportError as error:
        raise click.ClickException(f"{error.name} is not installed; run: pip install 'comity[web]'") from None
    from comity.web.settings import Settings, is_loopback

    if not is_loopback(host) and not token:
        token = secrets.token_urlsafe(18)
    settings = Settings(
        ledger=ledger, data=data, host=host, port=port, review=not read_only, author=author or _login(), token=token,
        allow_fetch=allow_fetch, model=model, codebook=codebook,
    )  # fmt: skip
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host.strip("[]"), port))
    except OSError as error:
        listening.close()
        raise click.ClickException(f"cannot listen at {host}:{port}: {error.strerror}; try another --port") from None
    app = make_app(settings)
    listening.listen(128)  # before it is said: whoever reads the line may ask at once
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{listening.getsockname()[1]}/" + (f"?token={token}" if token else "")
    mode = "for reading only (--review to correct)" if read_only else f"for review, as {settings.author}"
    output.note(f"{ledger} is open at {address} {mode}. Ctrl-C ends it.")
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=3,
        limit_concurrency=200,
    )
    try:
        uvicorn.Server(config).run(sockets=[listening])
    except KeyboardInterrupt:
        return 130
    finally:
        listening.close()
    return 0


def _login() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "reviewer"
