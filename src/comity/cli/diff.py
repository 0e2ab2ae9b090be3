"""`comity diff`: what two codings of the same reports differ in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from comity.cli import options

if TYPE_CHECKING:
    from comity.ledger.differences import Change, Differences, Summary

WORDS_SHOWN = 140
VALUE_SHOWN = 48
REPORTS_SHOWN = 10

MARKS = {"gained": ("+", "green"), "lost": ("−", "red"), "changed": ("~", "yellow")}


@click.command()
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option(
    "--only", type=click.Choice(["gained", "lost", "changed"]), multiple=True, help="Show only these changes."
)
@click.option("--what", type=click.Choice(["events", "statements"]), multiple=True, help="Show only these records.")
@click.option(
    "--type", "types", metavar="TYPE", multiple=True, help="Show only events of this PLOVER type, new or old."
)
@click.option("--field", "groups", metavar="KIND", multiple=True, help="Show only what changed in this: status, date …")
@click.option("--report", "reports", metavar="ID", multiple=True, help="Show only this report.")
@click.option(
    "--old-as-of", metavar="WHEN", help="OLD as it stood: a snapshot number, a date (its end) or a time (UTC)."
)
@click.option("--new-as-of", metavar="WHEN", help="The same for NEW.")
@options.limit
@options.as_json
def diff(
    old: str, new: str, old_as_of: str | None, new_as_of: str | None, limit: int | None, as_json: bool,
    **given: tuple[str, ...],
) -> int:  # fmt: skip
    """What two codings of the same reports differ in: events and statements gained, lost and changed, in which fields,
    and why, where that can be known. OLD and NEW are ledgers, or files made by `comity code --jsonl`.

    Only reports that both have with the same text are compared, by the records as they were coded: corrections made by
    hand are not looked at. Another confidence is counted and is no change. The figures are always of all; the options
    choose which changes are listed.

    Exit code: 0 the two say the same, 1 they differ, 2 they cannot be compared.

    \b
    Examples:
      comity diff old.ledger new.ledger
      comity diff before.jsonl after.jsonl --only changed --type ACCUSE
      comity diff my.ledger my.ledger --old-as-of 2024-05-01 --json
    """
    from comity.cli import output
    from comity.ledger.differences import Differences

    types = {name.upper() for name in given["types"]}
    _need_known(given["groups"])
    chosen = {name: frozenset(values) for name, values in given.items()} | {"types": frozenset(types)}
    with Differences(old, new, old_as_of=old_as_of, new_as_of=new_as_of) as found:
        if as_json:
            output.print_with_summary(
                "changes", (change for change in found if _wanted(change, chosen)), lambda: ("summary", found.summary)
            )
        else:
            _show(found, old, new, chosen, options.SHOWN if limit is None else limit or None)
        return 0 if found.summary.same else 1


def _need_known(groups: tuple[str, ...]) -> None:
    """A word that nothing can match is a mistake, not an empty answer."""
    from comity.ledger.pairing import GROUPS

    kinds = sorted({group for members in GROUPS.values() for group in members})
    for name in groups:
        if name not in kinds:
            raise click.BadParameter(f"{name!r}: there are: {', '.join(kinds)}", param_hint="--field")


def _wanted(change: Change, chosen: dict[str, frozenset[str]]) -> bool:
    types = {one.type for one in (change.old, change.new) if one is not None and hasattr(one, "type")}
    return (
        (not chosen["only"] or change.kind in chosen["only"])
        and (not chosen["what"] or change.what + "s" in chosen["what"])
        and (not chosen["types"] or bool(types & chosen["types"]))
        and (not chosen["groups"] or bool(chosen["groups"] & set(change.groups)))
        and (not chosen["reports"] or change.report in chosen["reports"])
    )


# --- for people ------------------------------------------------------------------------------------------------------


def _show(found: Differences, old: str, new: str, chosen: dict[str, frozenset[str]], most: int | None) -> None:
    from comity.cli import output

    kept: list[Change] = []
    number = 0
    by_report: Counter[str] = Counter()
    for change in found:
        by_report[change.report] += 1
        if _wanted(change, chosen):
            number += 1
            if most is None or len(kept) < most:
                kept.append(change)
    for line in head(found.summary, old, new):
        output.say(output.text(line))
    output.say("")
    for made in figures(found.summary):
        output.say(made)
        output.say("")
    _most_changed(by_report)
    _changes(kept)
    if not number and not found.summary.same:
        output.note("no change is of the kind that was asked for; the figures above are of all")
    if number > len(kept):
        output.say(f"{len(kept):,} of {number:,} changes; --limit 0 shows all.", style="dim")


def head(summary: Summary, old: str, new: str) -> Iterator[str]:
    """What was compared, and in what the two were made otherwise."""
    yield (
        f"{summary.reports:,} reports compared, {old} with {new}: "
        + (
            "the same in both."
            if summary.same
            else f"{summary.reports_changed:,} {'differs' if summary.reports_changed == 1 else 'differ'}."
        )
    )
    apart = [
        f"{count:,} {words}"
        for count, words in (
            (summary.other_text, "with another text"),
            (summary.only_old, f"only in {old}"),
            (summary.only_new, f"only in {new}"),
        )
        if count
    ]
    if apart:
        yield f"Not compared: {', '.join(apart)}."
    if summary.made_otherwise:
        parts = [
            f"{name} {was or '(not named)'} → {now or '(not named)'}"
            for name, (was, now) in summary.made_otherwise.items()
        ]
        yield f"Made by other versions: {'; '.join(parts)}."
        if len(parts) == 1 and not summary.several and "program" not in summary.made_otherwise:
            yield f"All else is the same: every change follows from {next(iter(summary.made_otherwise))}."
    else:
        yield "Both name the same versions of coder, codebook, tables and models" + (
            "."
            if summary.same
            else ": what differs comes of the program, changed without a new version, or of its libraries."
        )
    if summary.several:
        yield "At least one of them was made by several versions; the most frequent ones are named."


def figures(summary: Summary) -> Iterator[Any]:
    """Tables of all changes: in sum, by kind of change, by type, by reason."""
    from comity.cli import output

    right = {"justify": "right", "no_wrap": True}
    columns = ("old", "new", "same", "changed", "gained", "lost")
    made = output.table("", *((name, right) for name in (*columns, "other confidence")))
    for what, counts in (("events", summary.events), ("statements", summary.statements)):
        row = [f"{getattr(counts, name):,}" for name in columns]
        made.add_row(what, *row, f"{counts.other_confidence:,}")
    yield made
    if summary.types:
        made = output.table("events by type", *((name, right) for name in ("gained", "lost", "changed")))
        for type_, kinds in sorted(summary.types.items(), key=lambda one: (-sum(one[1].values()), one[0])):
            made.add_row(
                output.text(type_),
                *(f"{kinds[name]:,}" if kinds[name] else "" for name in ("gained", "lost", "changed")),
            )
        yield made
    groups = sorted(
        {(name, what) for what, counted in summary.groups.items() for name in counted},
        key=lambda one: (one[1], -summary.groups[one[1]][one[0]], one[0]),
    )
    if groups:
        made = output.table("changed in", "of", ("records", right))
        for name, what in groups:
            made.add_row(name, f"{what}s", f"{summary.groups[what][name]:,}")
        yield made
    if summary.causes:
        from comity.ledger.pairing import CAUSES

        made = output.table("why, where it can be known", ("changes", right))
        for cause, count in sorted(summary.causes.items(), key=lambda one: (-one[1], one[0])):
            made.add_row(CAUSES[cause], f"{count:,}")
        yield made


def _most_changed(by_report: Counter[str]) -> None:
    from comity.cli import output

    if len(by_report) < 2:
        return
    made = output.table("reports with most changes", ("changes", {"justify": "right"}))
    for report, number in sorted(by_report.items(), key=lambda one: (-one[1], one[0]))[:REPORTS_SHOWN]:
        made.add_row(output.text(report), f"{number:,}")
    output.say(made)
    output.say("")


def _changes(changes: list[Change]) -> None:
    from comity.cli import output

    report = None
    for change in changes:
        if change.report != report:
            report = change.report
            output.say(output.text(report, "bold"))
        for line in lines(change):
            output.say(line)


def lines(change: Change) -> Iterator[Any]:
    """One change: what it is, what differs, why, and the words."""
    import textwrap

    from comity.cli import output

    mark, style = MARKS[change.kind]
    record = change.new or change.old
    assert record is not None
    first = output.plain("  ").append(mark, style=f"bold {style}").append(f" {change.kind} {change.what} ")
    first.append_text(output.text(_told(record)))
    yield first.append(f"  {record.id[:8]}", style="dim")
    for name, (was, now) in change.fields.items():
        if name == "reason":  # the reasons name the patterns
            continue
        yield output.plain("      ").append_text(output.text(f"{name}: {_value(was)} → {_value(now)}"))
    for why in change.why:
        yield output.plain("      why: ", "dim").append_text(output.text(why.words, "dim"))
    if change.words:
        words = output.cut(output.shown(change.words), WORDS_SHOWN)
        for line in textwrap.wrap(words, max(output.console().width - 6, 20), break_on_hyphens=False):
            yield output.plain("      ").append(line, style="italic")


def _told(record: Any) -> str:
    if hasattr(record, "type"):
        told = f"{_codes(record.source)} > {_codes(record.target)} {record.type}"
        told += f"/{record.mode}" if record.mode else ""
        told += f" {record.status}" + (", background" if record.background else "")
        return told + (f", {record.date}" if record.date else "")
    return f"{record.kind} by {', '.join(p.name or p.text or '?' for p in record.speakers) or 'nobody named'}"


def _codes(parties: Any) -> str:
    return ", ".join(party.country or party.text or "?" for party in parties) or "-"


def _value(value: Any) -> str:
    """A field's value on little room: parties by words and country, the rest as JSON."""
    from comity.cli.output import cut
    from comity.records import to_json

    if value is None or isinstance(value, str):
        return cut(value or "none", VALUE_SHOWN)
    if isinstance(value, list) and value and all(isinstance(one, dict) and "actor" in one for one in value):
        return cut(", ".join(f"{one['name'] or one['text'] or '?'} ({one['country']})" for one in value), VALUE_SHOWN)
    if isinstance(value, dict) and "id" in value and "by" in value:
        return str(value["id"])
    return cut(to_json(value).decode(), VALUE_SHOWN)
