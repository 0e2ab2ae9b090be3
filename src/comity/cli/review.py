"""`comity review`: events one by one, judged by single keys."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Protocol

import click

from comity.cli import options
from comity.cli.correct import author_of, author_option, told, value_of

if TYPE_CHECKING:
    from comity.ledger import Ledger
    from comity.ledger.corrections import Correction

PAGE = 50
"""Events that are fetched at once."""

KEYS = {
    "a": "accept: right as it stands",
    "r": "reject: no such event",
    "t": "another type",
    "m": "another mode",
    "s": "other sources (countries)",
    "g": "other targets (countries)",
    "d": "another date",
    "x": "another status",
    "f": "another field",
    "e": "explain: all that the record rests on",
    "n": "next event",
    "u": "undo the last judgement and go back to it",
    "q": "quit",
}
FIELDS = {"t": "type", "m": "mode", "s": "source", "g": "target", "d": "date", "x": "status"}
END = ("q", "\x03", "\x04", "\x1b")
"""q, Ctrl-C, Ctrl-D, Esc."""


class _Review(options.Asking):
    relation = "events"


@click.command(cls=_Review)
@author_option
@click.option("--all", "everything", is_flag=True, help="What others have reviewed too, for a second opinion.")
@options.ledger
@click.option("--limit", metavar="N", type=click.IntRange(min=1), help="Most events to show.")
@options.as_json
def review(
    author: str | None, everything: bool, ledger: str, data: str | None, limit: int | None, as_json: bool, **filters: Any
) -> None:  # fmt: skip
    """Judge events one by one with single keys, the least certain first.

    a accept, r reject, t another type, m mode, s source, g target, d date, x status, f another field, e explain, n
    next, u undo, q quit. What you do is stored at once, under your name. Without a terminal, keys are read from stdin,
    one a line, each with its answer behind it ("t ACCUSE", "r no such event").

    \b
    Examples:
      comity review --type ASSAULT --author ada
      comity review --report demo-usa-rus-2021-06-16 --all --ledger my.ledger
    """
    from comity.cli import output

    who = author_of(author)
    keyboard: Keyboard = Terminal() if sys.stdin.isatty() else Lines()
    done: list[Correction] = []
    shown: list[str] = []
    at: int | None = 0
    with options.open_ledger(ledger, data, write=True) as opened:
        queue = _queue(opened, who if everything else None, options.given(filters))
        while at is not None:
            if at == len(shown):
                following = None if limit is not None and at >= limit else next(queue, None)
                if following is None:
                    break
                shown.append(following)
            if not as_json:
                _show(opened, shown[at], at + 1)
            at = _judge(opened, shown, at, who, keyboard, done, quiet=as_json)
    if as_json:
        output.print_json(done)
    elif not shown:
        output.say("Nothing is left to review here. Fewer filters find more; --all takes what others have reviewed.")
    else:
        number = "1 judgement" if len(done) == 1 else f"{len(done):,} judgements"
        output.say(f"{number} stored, by {output.shown(who)}.")


def _queue(ledger: Ledger, reviewer: str | None, filters: dict[str, Any]) -> Iterator[str]:
    """Ids of events that are not reviewed, each once; what is judged meanwhile falls out of the next page."""
    seen: set[str] = set()
    size = PAGE
    while True:
        page = ledger.review_queue(reviewer=reviewer, limit=size, **filters)["id"].to_pylist()
        fresh = [id for id in page if id not in seen]
        seen.update(fresh)
        yield from fresh
        if len(page) < size:
            return
        if not fresh:  # all of the page were passed over
            size *= 2


# --- keys ------------------------------------------------------------------------------------------------------------


class Keyboard(Protocol):
    """Where keys come from."""

    def key(self) -> str:
        """The next key."""

    def answer(self, question: str) -> str:
        """The answer to what a key asks for; empty for none."""


class Terminal:
    """Single keys of a terminal."""

    def key(self) -> str:
        click.echo("a accept  r reject  t type  n next  q quit  ? more > ", nl=False)
        pressed = click.getchar()
        click.echo(pressed if pressed.isprintable() else "")
        return pressed

    def answer(self, question: str) -> str:
        return str(click.prompt(question, default="", show_default=False))


class Lines:
    """Lines of stdin: a key, a blank, the answer."""

    def __init__(self) -> None:
        self._rest = ""

    def key(self) -> str:
        line = sys.stdin.readline()
        key, _, self._rest = line.strip().partition(" ")
        return key if line else "q"

    def answer(self, question: str) -> str:
        return self._rest


# --- judging ---------------------------------------------------------------------------------------------------------


def _judge(
    ledger: Ledger, shown: list[str], at: int, who: str, keyboard: Keyboard, done: list[Correction], *, quiet: bool
) -> int | None:
    """Take keys for one event: the place of the event to show next, None to end."""
    from comity.cli import output
    from comity.ledger import BadCorrection, BadFilter

    id = shown[at]
    while True:
        key = keyboard.key()
        if key in END:
            return None
        if key == "n":
            return at + 1
        try:
            if key == "a":
                done.append(ledger.accept(id, author=who))
                return at + 1
            if key == "r":
                done.append(ledger.reject(id, author=who, reason=keyboard.answer("why (may be empty)") or None))
                return at + 1
            if key == "u" and done:
                last = done.pop()
                undone = ledger.undo(last.id, author=who)
                _say(told(undone), quiet)
                return shown.index(last.record_id)
            if key in FIELDS or key == "f":
                done += _changed(ledger, id, who, FIELDS.get(key), keyboard)
                _say(told(done[-1]), quiet)
                continue
        except (BadCorrection, BadFilter) as error:
            output.note(str(error))
            continue
        except click.UsageError as error:
            output.note(error.message)
            continue
        if key == "e":
            from comity.cli.explain import show

            if not quiet:
                show(ledger.explain(id))
        elif key == "u":
            output.note("nothing to undo in this sitting; older ones: comity correct ID --undo")
        else:
            output.note("; ".join(f"{key} {meaning}" for key, meaning in KEYS.items()))


def _changed(ledger: Ledger, id: str, who: str, field: str | None, keyboard: Keyboard) -> list[Correction]:
    words = keyboard.answer(field or "field and value")
    if field is None:
        field, _, words = words.partition(" ")
    if not words.strip():
        raise click.UsageError("say the value behind the key (null for nothing)")
    return [ledger.correct(id, field, value_of(field, words.strip()), author=who)]


def _show(ledger: Ledger, id: str, number: int) -> None:
    """One event: what it was coded as, on which sentence, of which report."""
    from comity.cli import output
    from comity.cli.explain import draw_sentence, event_head
    from comity.records import Event

    found = ledger.explain(id)
    assert isinstance(found.record, Event)
    output.say()
    output.say(f"No. {number}", style="dim")
    event_head(found.record)
    if found.report is not None:
        draw_sentence(found)
        about = ", ".join(word for word in (found.report.outlet, found.report.published, found.report.title) if word)
        output.say(output.text(about or found.report.id, "dim"))
    record = found.record
    words = [record.status, "background" if record.background else "", "corrected" if found.corrected else ""]
    if record.account_party in ("source", "target", "third"):
        words.append(
            {"third": "by a third party's word"}.get(record.account_party, f"by its {record.account_party}'s word")
        )
    words.append(f"confidence {record.confidence:.2f}")
    words.append("" if found.origin == "comity" else f"imported from {found.origin}")
    output.say(output.text(", ".join(word for word in words if word), "dim"))


def _say(line: str, quiet: bool) -> None:
    from comity.cli import output

    if not quiet:
        output.say(output.text(line, "green"))
