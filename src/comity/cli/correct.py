"""`comity correct` and `comity corrections`: records changed by hand, and the log of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from comity.cli import answers, options

if TYPE_CHECKING:
    from comity.ledger import Ledger
    from comity.ledger.corrections import Correction

STATES = ("active", "undone", "lapsed")

FLAGS = frozenset({"mutual", "background", "continued"})
NUMBERS = frozenset({"intensity"})
LISTS = frozenset({"contexts", "via", "source", "target", "sources", "targets", "speakers", "speaker"})
"""Fields whose value may be written with commas: CHN,RUS."""

YES_NO = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}

author_option = click.option(
    "--author", metavar="NAME", envvar="COMITY_AUTHOR", show_envvar=True,
    help="Who corrects.  [default: the user of this machine]",
)  # fmt: skip


def author_of(given: str | None) -> str:
    """The author: as given, else the user's name on this machine. Raises `click.UsageError`."""
    if given:
        return given
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        raise click.UsageError("say who corrects: --author NAME") from None


def value_of(field: str, words: str) -> Any:
    """A field's value from the words of a command line: JSON where it begins like it, ``null`` for nothing, lists with
    commas. Raises `click.UsageError`.
    """
    import msgspec

    if words in ("null", "none"):
        return None
    if words[:1] in "[{":
        try:
            return msgspec.json.decode(words)
        except msgspec.DecodeError as error:
            raise click.UsageError(f"{field}: {words!r} begins like JSON and is none ({error})") from None
    if field in FLAGS:
        if words.lower() not in YES_NO:
            raise click.UsageError(f"{field}: {words!r} is neither yes nor no")
        return YES_NO[words.lower()]
    if field in NUMBERS:
        try:
            return float(words)
        except ValueError:
            raise click.UsageError(f"{field}: {words!r} is no number") from None
    if field in LISTS:
        return [part.strip() for part in words.split(",") if part.strip()]
    return words


@click.command()
@click.argument("id")
@click.argument("field", required=False)
@click.argument("value", required=False)
@click.option("--accept", is_flag=True, help="Note that the record is right as it stands.")
@click.option("--reject", is_flag=True, help="Take the record out of all views and counts; it is kept.")
@click.option("--undo", is_flag=True, help="Take a correction back: ID is the correction's.")
@click.option("--reason", metavar="WORDS", help="Why.")
@author_option
@options.ledger
@options.as_json
def correct(
    id: str, field: str | None, value: str | None, accept: bool, reject: bool, undo: bool, reason: str | None,
    author: str | None, ledger: str, data: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Correct an event or a statement, by its ID or the beginning of one. The coded record and all history are kept.

    FIELD is a field of the record (docs/record.md), VALUE what it should be: a code, countries for parties (CHN or
    CHN,RUS), yes or no, null for nothing, JSON for what is nested. What follows from another type (class, intensity,
    CAMEO code) changes with it. What is missing is added by comity add-event and comity add-statement.

    \b
    Examples:
      comity correct 3fa9c17e type ACCUSE --reason "blame, not threat"
      comity correct 3fa9c17e target USA --author ada
      comity correct 77d0e2aa --reject --reason "no such thing in the text"
      comity correct 12ab34cd --undo
    """
    from comity.cli import output

    asked = [name for name, given in (("--accept", accept), ("--reject", reject), ("--undo", undo)) if given]
    if len(asked) + (field is not None) != 1:
        raise click.UsageError("say one thing: FIELD VALUE, --accept, --reject or --undo")
    if field is not None and value is None:
        raise click.UsageError(f"{field}: say what it should be (null for nothing)")
    who = author_of(author)
    with options.open_ledger(ledger, data, write=True) as opened:
        if undo:
            done = opened.undo(id, author=who, reason=reason)
        elif accept or reject:
            done = (opened.accept if accept else opened.reject)(id, author=who, reason=reason)
        else:
            assert field is not None and value is not None
            done = opened.correct(id, field, value_of(field, value), author=who, reason=reason)
    if as_json:
        output.print_json(done)
    else:
        output.say(output.text(told(done)))


def told(done: Correction) -> str:
    """A correction in one line."""
    who = f"({done.author}, correction {done.id[:8]})"
    if done.action == "set":
        return f"{done.kind} {done.record_id[:8]}: {done.field} {_brief(done.old)} → {_brief(done.value)} {who}"
    if done.action == "undo":
        return f"{done.kind} {done.record_id[:8]}: correction {(done.undoes or '')[:8]} taken back {who}"
    return f"{done.kind} {done.record_id[:8]}: {done.action}ed {who}"


def _brief(value: str | None) -> str:
    """A value of the log (JSON) for people: parties by name and country."""
    import msgspec

    found = msgspec.json.decode(value) if value is not None else None
    if found in (None, [], ()):
        return "nothing"
    items = found if isinstance(found, list) else [found]
    words = []
    for item in items:
        if isinstance(item, dict):
            name = item.get("name") or item.get("text") or ""
            country = f"({item['country']})" if item.get("country") else ""
            words.append(f"{name} {country}".strip() or msgspec.json.encode(item).decode())
        else:
            words.append({True: "yes", False: "no"}[item] if isinstance(item, bool) else str(item))
    return ", ".join(words)


@click.command()
@click.option("--record", metavar="ID", help="Corrections of this record only (whole id).")
@click.option("--state", type=click.Choice(STATES), help="Corrections in this state only.")
@click.option("--agreement", is_flag=True, help="How far reviewers agree: Krippendorff's alpha over what events are.")
@click.option("--gold", metavar="FILE", help="Write the reports whose events were all reviewed as a gold file (JSONL).")
@options.ledger
@options.as_of
@answers.options
@options.as_json
def corrections(
    record: str | None, state: str | None, agreement: bool, gold: str | None, ledger: str, data: str | None,
    as_of: str | None, form: str | None, out: str | None, as_json: bool,
) -> None:  # fmt: skip
    """The log of corrections, oldest first: who changed what, when and why, and what became of it.

    A correction is active, undone, or lapsed: then its report was coded again and no record rests on its words any
    more. A gold file is read by: comity evaluate articles.

    \b
    Examples:
      comity corrections --state lapsed
      comity corrections --agreement --json
      comity corrections --gold reviewed.jsonl
    """
    from comity.cli import output

    form = answers.chosen(form, out)
    with options.open_ledger(ledger, data, as_of=as_of) as opened:
        if agreement:
            _agreement(opened, as_json)
        elif gold is not None:
            _gold(opened, gold, as_json)
        else:
            found = opened.corrections(record=record, state=state)
            if as_json:
                output.print_array(answers.records(found))
            elif form != "table":
                answers.write(found, form, out)
            else:
                _log(found.to_pylist())


def _agreement(ledger: Ledger, as_json: bool) -> None:
    from comity.cli import output

    found = ledger.agreement()
    if as_json:
        output.print_json(found)
    elif found.equal is None:
        output.say("No event was judged by two reviewers yet: comity review --all")
    else:
        alpha = "not defined (all say one thing)" if found.alpha is None else f"{found.alpha:.3f}"
        output.say(output.text(f"Reviewers: {', '.join(found.reviewers)}"))
        output.say(f"Events judged by two or more: {found.events:,}; all said the same of {found.equal:.1%}")
        output.say(f"Krippendorff's alpha (nominal; PLOVER type, or none): {alpha}")


def _gold(ledger: Ledger, file: str, as_json: bool) -> None:
    import msgspec

    from comity.cli import output

    lines = [msgspec.json.encode(article) for article in ledger.gold()]
    with answers.opened(file) as stream:
        stream.writelines(line + b"\n" for line in lines)
    if as_json:
        output.print_json({"file": file, "articles": len(lines)})
    else:
        output.say(output.text(f"{file}: {len(lines):,} reports, all of whose events were reviewed"))
        output.say(
            "What the coder missed is in them only where it was added: precision can be measured, recall cannot.",
            style="dim",
        )


def _log(rows: list[dict[str, Any]]) -> None:
    from comity.cli import output

    if not rows:
        output.say("No corrections.")
        return
    made = output.table(
        ("correction", {"no_wrap": True}), ("when", {"no_wrap": True}), "author", ("record", {"no_wrap": True}),
        ("what", {"ratio": 3}), ("reason", {"ratio": 2}), "state",
    )  # fmt: skip
    made.expand = True
    for row in rows:
        what = row["action"]
        if what == "set":
            what = f"{row['field']}: {_brief(row['old'])} → {_brief(row['value'])}"
        elif what == "undo":
            what = f"takes back {(row['undoes'] or '')[:8]}"
        made.add_row(
            row["id"][:8], f"{row['added_at']:%Y-%m-%d %H:%M}", output.text(row["author"]), row["record_id"][:8],
            output.text(what), output.text(row["reason"]), output.text(row["state"] + (f": {row['why']}" if row["why"] else "")),
        )  # fmt: skip
    output.say(made)
