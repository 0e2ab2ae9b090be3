"""`comity occurrences`: happenings, each once, however many reports tell it; and one of them with its accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from comity.cli import answers, options

if TYPE_CHECKING:
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    from comity.cli.rows import Line
    from comity.ledger.occurrences.pages import Account, Occurrence

SILENT_SHOWN = 6
WORDS_SHOWN = 240


class _Occurrences(options.Asking):
    relation = "occurrences"


@click.command(cls=_Occurrences)
@click.argument("id", metavar="[ID]", required=False)
@options.ledger
@options.as_of
@options.limit
@answers.options
@options.as_json
def occurrences(id: str | None, **given: Any) -> None:
    """What happened, each happening once, newest first; with an ID, one happening and its accounts side by side.

    An occurrence is told by one event or by many, in one report or in many. ID is that of any of these events (or its
    beginning). Copies of a report are folded: they count once, as one account. Imported events are not among them.

    \b
    Examples:
      comity occurrences --between CHN-RUS --since 2022-10
      comity occurrences --stage disputed --accounts 2 --json
      comity occurrences 3fa9c1
    """
    if id is not None:
        _show(id, **given)
    else:
        _list(**given)


def _list(
    *, ledger: str, data: str | None, as_of: str | None, limit: int | None, form: str | None, out: str | None,
    as_json: bool, **filters: Any,
) -> None:  # fmt: skip
    from comity.cli import output

    filters = options.given(filters)
    form = answers.chosen(form, out)
    with options.open_ledger(ledger, data, as_of=as_of) as opened:
        if as_json or form != "table":
            found = opened.occurrences(limit=limit or None, **filters)
            if as_json:
                output.print_array(answers.records(found))
                return
            answers.write(found, form, out)
            if out:
                output.note(f"{opened.restate('occurrences', **filters)} {out}: {found.num_rows:,} rows")
            return
        said = opened.restate("occurrences", **filters)
        everything = opened.occurrences(columns=["mentions", "reports"], **filters)
        most = options.SHOWN if limit is None else limit or None
        found = opened.occurrences(limit=most, **filters)
    output.say(said, style="bold")
    if not found.num_rows:
        output.say("None. Fewer filters find more; what a filter means: comity occurrences --help")
        return
    output.say(_table(answers.records(found)))
    number, mentions = everything.num_rows, sum(everything["mentions"].to_pylist())
    counted = f"{number:,} occurrences, told by {mentions:,} events"
    if found.num_rows < number:
        counted = f"{found.num_rows:,} of {counted} shown, the newest; --limit 0 shows all"
    output.say(f"{counted}. One with its accounts: comity occurrences ID", style="dim")


def _table(rows: Any) -> Table | Group:
    from comity.cli import output
    from comity.cli import rows as records

    if output.console().width < records.TABLE_WIDTH:
        return records.listing(map(_line, rows), ("", 1), ("", 1), ("", 1))
    made = output.table(
        ("id", {"no_wrap": True}), ("date", {"no_wrap": True}), ("source → target", {"ratio": 4}),
        ("what", {"ratio": 3, "min_width": 16}), ("first reported", {"ratio": 3}),
        ("accounts", {"justify": "right"}), ("differ in", {"ratio": 2}),
    )  # fmt: skip
    made.expand = True
    for row in rows:
        first = output.text(str(row["first_reported"] or "no date"))
        first.append(f"\n{output.shown(row['first_outlet'] or 'unknown outlet')}", style="dim")
        copies = row["reports"] - row["accounts"]
        told = output.text(str(row["accounts"]))
        if copies:
            told.append(f"\n+{copies} copies", style="dim")
        made.add_row(
            row["id"][: records.ID_SHOWN], records.day(row), records.parties(row), _what(row), first, told,
            output.text(", ".join(row["conflicts"])),
        )  # fmt: skip
    return made


def _line(row: dict[str, Any]) -> Line:
    """An occurrence on a narrow screen."""
    from comity.cli import output
    from comity.cli import rows as records

    first = output.text(f"{row['first_reported'] or 'no date'}, {row['first_outlet'] or 'unknown outlet'}", "dim")
    first.append(f" · {_number(row['accounts'], 'account')}")
    if row["conflicts"]:
        first.append(f" · differ in {', '.join(row['conflicts'])}")
    return records.Line(row["id"], records.day(row), records.parties(row), _what(row), first)


def _what(row: dict[str, Any]) -> Text:
    from comity.cli import output
    from comity.cli.rows import QUAD_STYLES

    made = output.text(row["type"], QUAD_STYLES.get(row["quad"] or "", ""))
    if row["mode"]:
        made.append(" " + output.shown(row["mode"]))
    return made.append(f"\n{row['stage']}", style="dim")


# --- one of them -----------------------------------------------------------------------------------------------------


def _show(
    id: str, *, ledger: str, data: str | None, as_of: str | None, limit: int | None, form: str | None, out: str | None,
    as_json: bool, **filters: Any,
) -> None:  # fmt: skip
    from comity.cli import output

    if options.given(filters) or form or out or limit is not None:
        raise click.UsageError("an ID is one occurrence: give it without filters, --limit, --format and --out")
    with options.open_ledger(ledger, data, as_of=as_of) as opened:
        found = opened.occurrence(id)
    if as_json:
        output.print_json(found)
        return
    row = found.occurrence
    output.say(_head(row))
    output.say(_told(row), style="dim")
    output.say()
    output.say(_life(found))
    output.say()
    output.say(_accounts(found.accounts))
    if found.conflicts:
        output.say()
        output.say(_conflicts(found))
    output.say()
    output.say(_sides(found))
    if found.silent_reports or found.silent_outlets:
        output.say(_silent(found), style="dim")


def _head(row: dict[str, Any]) -> Text:
    from comity.cli import output
    from comity.cli import rows as records

    head = output.text(row["type"], "bold")
    if row["mode"]:
        head.append(f" {output.shown(row['mode'])}", style="bold")
    head.append("  ").append_text(records.parties(row)).append("  ").append_text(records.day(row))
    head.append(f"  {row['stage']}", style="bold")
    return head.append(f"  {row['id']}", style="dim")


def _told(row: dict[str, Any]) -> str:
    copies = row["reports"] - row["accounts"]
    told = f"{row['mentions']:,} events in {_number(row['reports'], 'report')} of {_number(row['outlets'], 'outlet')}"
    told += f"; {_number(row['accounts'], 'account')}" + (
        f", {_number(copies, 'report')} being copies" if copies else ""
    )
    where = [*row["outlet_countries"], *row["outlet_ownerships"]]
    return told + (f"; outlets: {', '.join(where)}" if where else "")


def _number(number: int, what: str) -> str:
    return f"{number:,} {what}" + ("" if number == 1 else "s")


def _life(found: Occurrence) -> Table:
    from comity.cli import output

    table = output.table("its life", "first reported", "by", ("accounts", {"justify": "right"}))
    for stage in found.life:
        table.add_row(
            stage.stage, stage.first_published or "no date", output.text(stage.first_outlet or "unknown outlet"),
            f"{stage.accounts:,}",
        )  # fmt: skip
    return table


def _accounts(accounts: tuple[Account, ...]) -> Table:
    from comity.cli import output
    from comity.cli import rows as records

    table = output.table(
        ("event", {"no_wrap": True}), ("published", {"no_wrap": True}), ("outlet", {"ratio": 2}),
        ("on whose word", {"ratio": 2}), ("what it says", {"ratio": 3}), ("sentence", {"ratio": 5}),
    )  # fmt: skip
    table.expand = True
    before = None
    for one in accounts:
        outlet = output.text("")
        if one.report != before:
            outlet = output.text(one.outlet or "unknown outlet")
            where = ", ".join(part for part in (one.outlet_country, one.outlet_ownership) if part)
            outlet.append(f" ({where})" if where else "", style="dim")
            if one.copy_of:
                outlet.append(f"\na copy of {output.shown(one.copy_of)}", style="dim")
        row = {name: getattr(one, name) for name in ("source", "target", "mutual")}
        says = output.text(one.stage, "bold").append("  ").append_text(records.parties(row))
        facts = [one.date] if one.date and one.date_precision != "published" else []
        facts += [one.place["text"]] if one.place else []
        facts += [f"{name} {_figure(value)}" for name, value in one.size.items()]
        if facts:
            says.append("\n" + output.shown("; ".join(facts)), style="dim")
        table.add_row(
            one.event[: records.ID_SHOWN], (one.published or "no date") if one.report != before else "", outlet,
            _word(one), says, output.text(output.cut(output.shown(one.words), WORDS_SHOWN)),
        )  # fmt: skip
        before = one.report
    return table


def _figure(value: Any) -> str:
    if isinstance(value, dict):
        return f"{value['amount']:,.0f} {value['currency'] or ''}".strip()
    return "–".join(f"{number:,}" for number in (value if isinstance(value, (list, tuple)) else [value]))


def _word(one: Account) -> Text:
    from comity.cli import output

    made = output.text(", ".join(one.speakers) or "the report's own")
    if one.via:
        made.append(f" via {output.shown(', '.join(one.via))}")
    side = {"source": "the source's side", "target": "the target's side", "third": "a third party"}
    if one.account_party in side:
        made.append(f"\n{side[one.account_party]}", style="dim")
    return made


def _conflicts(found: Occurrence) -> Table:
    from comity.cli import output
    from comity.cli.rows import ID_SHOWN

    table = output.table("accounts differ in", "value", ("told by", {"style": "dim"}))
    for one in found.conflicts:
        for number, (value, events) in enumerate(one.values.items()):
            listed = ", ".join(event[:ID_SHOWN] for event in events)
            table.add_row("" if number else one.what, output.text(value), listed)
    return table


def _sides(found: Occurrence) -> Text:
    from comity.cli import output

    words = {"asserts": "asserts it", "denies": "denies it", "both": "both asserts and denies it", None: "is silent"}
    if found.occurrence["mutual"]:
        said = found.source_says or found.target_says
        return output.text(f"Of the two sides, {f'one {words[said]}' if said else 'both are silent'}.")
    return output.text(f"The source's side {words[found.source_says]}; the target's side {words[found.target_says]}.")


def _silent(found: Occurrence) -> str:
    from comity.cli import output

    parts = []
    if found.silent_reports:
        listed = ", ".join(found.silent_reports[:SILENT_SHOWN])
        more = (
            f" and {len(found.silent_reports) - SILENT_SHOWN} more" if len(found.silent_reports) > SILENT_SHOWN else ""
        )
        parts.append(f"Of the same story, without a word of it: {output.shown(listed)}{more}.")
    if found.silent_outlets:
        listed = ", ".join(f"{outlet} ({number:,})" for outlet, number in found.silent_outlets[:SILENT_SHOWN])
        more = (
            f" and {len(found.silent_outlets) - SILENT_SHOWN} more" if len(found.silent_outlets) > SILENT_SHOWN else ""
        )
        parts.append(f"Outlets that published in these days and are silent (reports): {output.shown(listed)}{more}.")
    return "\n".join(parts)
