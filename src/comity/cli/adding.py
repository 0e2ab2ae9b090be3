"""`comity add-event` and `comity add-statement`: what the coder missed, added by hand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click

from comity.cli import options
from comity.cli.correct import author_of, author_option, told, value_of

if TYPE_CHECKING:
    from comity.ledger.corrections import Correction

_OFFSETS = re.compile(r"@([0-9]+)-([0-9]+)")

field_option = click.option(
    "--field", "others", metavar="NAME VALUE", nargs=2, multiple=True,
    help="Another field of the record (docs/record.md); may be repeated.",
)  # fmt: skip
date_option = click.option(
    "--date", metavar="DATE", help="YYYY, YYYY-MM or YYYY-MM-DD.  [default: the day of publication]"
)
reason_option = click.option("--reason", metavar="WORDS", help="Why.")


def where(words: str) -> tuple[int, int] | str:
    """A stretch of a report's text: its words, or its offsets as ``@120-134``. Raises `click.UsageError`."""
    if not words.startswith("@"):
        return words
    found = _OFFSETS.fullmatch(words)
    if not found:
        raise click.UsageError(f"{words!r}: give offsets as @120-134, or the words themselves")
    return int(found[1]), int(found[2])


def _fields(given: dict[str, Any], others: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    named = {name: value_of(name, value) for name, value in others}
    return {name: value for name, value in given.items() if value not in (None, False, ())} | named


@click.command()
@click.argument("report")
@click.argument("type", metavar="TYPE")
@click.option(
    "--words", metavar="WORDS", required=True,
    help="The words of the text that tell of it, which must stand in it once; or their offsets: @120-134.",
)  # fmt: skip
@click.option(
    "--source", metavar="WHO", multiple=True, required=True,
    help="Who acts: a name or an id of the report's cast, a state, or a code (CHN, IGO:NATO); may be repeated.",
)  # fmt: skip
@click.option("--target", metavar="WHO", multiple=True, help="Upon whom, likewise.")
@click.option("--mode", metavar="MODE", help="A mode of that type.")
@click.option("--status", metavar="STATUS", help="actual, intended, requested, hypothetical, negated or denied.")
@click.option("--mutual", is_flag=True, help="Both sides do it to each other.")
@click.option("--background", is_flag=True, help="It is only known, and no news.")
@date_option
@click.option("--account", metavar="ID", help="The statement that it rests on, by its id or the beginning of it.")
@field_option
@reason_option
@author_option
@options.ledger
@options.as_json
def add_event(
    report: str, type: str, words: str, source: tuple[str, ...], target: tuple[str, ...],
    others: tuple[tuple[str, str], ...], reason: str | None, author: str | None, ledger: str, data: str | None,
    as_json: bool, **given: Any,
) -> None:  # fmt: skip
    """Add an event that the coder missed to the record of REPORT (its id or the beginning of it), as an entry of the log
    of corrections. TYPE is a PLOVER type (comity codebook); class, intensity and CAMEO code follow from it.

    What is added is explained, corrected, rejected and undone like what was coded, and goes over to new codings of the
    same words.

    \b
    Examples:
      comity add-event demo-1 AID --words "delivered grain" --source China --target EGY --reason "missed"
      comity add-event demo-1 CONSULT --words @120-134 --source CHN --target RUS --mutual --status intended
    """
    who, fields = author_of(author), _fields(given, others)
    with options.open_ledger(ledger, data, write=True) as opened:
        done = opened.add_event(report, where(words), type.upper(), source, target, author=who, reason=reason, **fields)
    _tell(done, as_json)


@click.command()
@click.argument("report")
@click.option(
    "--words", metavar="WORDS", multiple=True, required=True,
    help="What was said, which must stand in the text once; or its offsets: @120-134. Repeat it for several pieces.",
)  # fmt: skip
@click.option(
    "--speaker", "speakers", metavar="WHO", multiple=True, required=True,
    help="Who said it: words of the text (those nearest to what was said are taken) or their offsets, a name or an id of "
    "the report's cast, a state, or a code; may be repeated.",
)  # fmt: skip
@click.option("--cue", metavar="WORDS", help="The words that attribute it: said, according to; or their offsets.")
@click.option("--kind", metavar="KIND", help="verbatim, indirect or mixed.  [default: as the quotation marks tell]")
@click.option("--via", metavar="NAME", multiple=True, help="A relay: agency, paper, broadcaster; may be repeated.")
@click.option("--addressee", metavar="WHO", help="To whom, as for --speaker.")
@click.option("--channel", metavar="CHANNEL", help="briefing, speech, interview, phone, meeting …")
@date_option
@click.option("--within", metavar="ID", help="The statement that reports it, by its id or the beginning of it.")
@field_option
@reason_option
@author_option
@options.ledger
@options.as_json
def add_statement(
    report: str, words: tuple[str, ...], speakers: tuple[str, ...], cue: str | None, via: tuple[str, ...],
    others: tuple[tuple[str, str], ...], reason: str | None, author: str | None, ledger: str, data: str | None,
    as_json: bool, **given: Any,
) -> None:  # fmt: skip
    """Add a statement that the coder missed to the record of REPORT (its id or the beginning of it), like an event by
    comity add-event.

    \b
    Examples:
      comity add-statement demo-1 --words "the talks went well" --speaker "the ministry" --cue said --via TASS
      comity add-statement demo-1 --words @120-164 --speaker CHN --within 77d0e2aa --reason "missed" --json
    """
    who = author_of(author)
    fields = _fields(given | {"via": list(via), "cue": where(cue) if cue else None}, others)
    with options.open_ledger(ledger, data, write=True) as opened:
        done = opened.add_statement(
            report, list(map(where, words)), list(map(where, speakers)), author=who, reason=reason, **fields
        )
    _tell(done, as_json)


def _tell(done: Correction, as_json: bool) -> None:
    from comity.cli import output

    if as_json:
        output.print_json(done)
    else:
        output.say(output.text(told(done)))
        output.say(f"See: comity explain {done.record_id}", style="dim")
