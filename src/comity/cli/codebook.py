"""`comity codebook`."""

from __future__ import annotations

from pathlib import Path

import click

from comity.cli import options


@click.command()
@click.argument("type", required=False)
@click.option("--decisions", is_flag=True, help="The table of decisions: how kinds of cases are coded.")
@click.option("--topic", metavar="NAME", help="Decisions of one topic only.")
@click.option("--codebook", "folder", metavar="DIR", help="Folder of your own codebook.")
@options.as_json
def codebook(type: str | None, decisions: bool, topic: str | None, folder: str | None, as_json: bool) -> None:
    """What the codes mean: all types of event, one TYPE with its modes, or the decisions behind them.

    \b
    Examples:
      comity codebook
      comity codebook SANCTION
      comity codebook --decisions --topic Courts
    """
    from comity.cli import output
    from comity.codebook import codebook as read
    from comity.codebook.page import decisions_page, overview, type_page

    book = read(Path(folder) if folder else None)
    if decisions or topic:
        chosen = [one for one in book.decisions if topic is None or one.topic.lower() == topic.lower()]
        if not chosen:
            topics = ", ".join(dict.fromkeys(one.topic for one in book.decisions))
            raise click.BadParameter(f"no decisions on {topic!r}; there are: {topics}", param_hint="--topic")
        if as_json:
            output.print_array(chosen)
            return
        page = decisions_page(book, chosen[0].topic if topic else None)
    elif type:
        found = book.type(type.upper())
        if as_json:
            output.print_json(found)
            return
        page = type_page(book, found.name)
    else:
        if as_json:
            output.print_json({"version": book.version, "licence": book.licence, "types": list(book.types.values())})
            return
        page = f"# {book.name}\n\n`{book.version}`, {book.licence}\n\n{overview(book)}"
    from rich.markdown import Markdown

    output.say(Markdown(page) if output.console().is_terminal else page)
