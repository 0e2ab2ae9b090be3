"""`comity explain`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click

from comity.cli import options

if TYPE_CHECKING:
    from rich.text import Text

    from comity.events.lexicon import Pattern
    from comity.ledger import Explanation
    from comity.records import Event, Party, Span, Statement

MARK_STYLES = {
    "trigger": "bold yellow", "source": "green", "target": "magenta", "cue": "bold yellow", "speaker": "green",
    "addressee": "magenta", "content": "", "date": "cyan", "place": "blue",
}  # fmt: skip


@click.command()
@click.argument("id")
@options.ledger
@options.as_json
def explain(id: str, ledger: str, data: str | None, as_json: bool) -> None:
    """Why a record stands: an event, a statement or a report, by its ID or the beginning of one.

    Shows the sentence with its words marked, the pattern that coded it and what filled it, the words that dated it,
    its status and what that means, by whose account it is known, and the corrections it has had.

    \b
    Examples:
      comity explain 3fa9c17e
      comity explain 3fa9c17e --ledger my.ledger --json
    """
    from comity.cli.output import print_json

    with options.open_ledger(ledger, data) as opened:
        found = opened.explain(id)
        if as_json:
            print_json(found)
            return
        if found.kind == "report":
            from comity.cli.record import show as show_coding

            show_coding(opened.coding(found.record.id, corrected=True))
            return
    show(found)


def show(found: Explanation) -> None:
    from comity.cli.output import plain, say, shown, text
    from comity.records import Event

    record = found.record
    if isinstance(record, Event):
        event_head(record)
    else:
        _statement_head(record)  # type: ignore[arg-type]
    if found.rejected:
        say("rejected by a reviewer: it is in no view and in no count", style="bold red")
    if found.origin != "comity":
        say(f"Imported from {found.origin}: its file gives no sentence and no words.")
    if found.report is not None:
        draw_sentence(found)
    say()
    facts: list[tuple[str, Any]] = []
    if isinstance(record, Event):
        facts += _event_facts(found, record)
    else:
        facts += _statement_facts(found, record)  # type: ignore[arg-type]
    facts += _corrections(found)
    if found.coder:
        from comity.versions import coder_parts

        facts.append(("coded", text(f"by {coder_parts(found.coder)['program']}, codebook {found.codebook}", "dim")))
    width = max(len(name) for name, _ in facts) if facts else 0
    from rich.table import Table

    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="bold", min_width=width, no_wrap=True)
    grid.add_column(overflow="fold")
    for name, value in facts:
        grid.add_row(name, text(value) if isinstance(value, str) else value)
    say(grid)
    if found.report is not None:
        say(plain(f"\nthe whole report: comity explain {shown(found.report.id)}", "dim"))


# --- heads -----------------------------------------------------------------------------------------------------------


def event_head(event: Event) -> None:
    import msgspec

    from comity.cli import rows
    from comity.cli.output import say, text

    row = msgspec.to_builtins(event)
    line = text(event.type, "bold").append(f" {event.mode}" if event.mode else "")
    say(line.append("   ").append_text(rows.parties(row)).append("   ").append_text(rows.day(row)))
    codes = [event.quad, f"intensity {event.intensity:g}" if event.intensity is not None else None]
    codes += [f"CAMEO {event.cameo}" if event.cameo else None, event.scope, ", ".join(event.contexts) or None]
    say(text(" · ".join(code for code in codes if code) + f" · event {event.id}", "dim"))


def _statement_head(statement: Statement) -> None:
    import msgspec

    from comity.cli import rows
    from comity.cli.output import plain, say, text

    row = msgspec.to_builtins(statement)
    line = plain("Statement by ", "bold").append_text(rows.names(row["speakers"]))
    say(line.append("   ").append_text(rows.day(row)))
    say(text(f"{rows.manner(row)} · statement {statement.id}", "dim"))


# --- the sentence ----------------------------------------------------------------------------------------------------


def draw_sentence(found: Explanation) -> None:
    """The sentence with its marks in words and brackets, so that it needs no colour; then what stands elsewhere."""
    from comity.cli.output import plain, say, shown
    from comity.records import Event, Statement

    assert found.report is not None
    whole = found.report.text
    record = found.record
    assert isinstance(record, Event | Statement)
    start, end = record.sentence if isinstance(record, Event) else _sentences_of(whole, record)
    inside = [(span, what) for span, what in found.marks if start <= span[0] and span[1] <= end]
    say()
    say(drawn(whole, (start, end), inside))
    for span, what in found.marks:
        if (span, what) not in inside:
            say(plain(f"{what} stands elsewhere: ", "dim").append("“" + shown(whole[slice(*span)]) + "”"))


def _sentences_of(whole: str, statement: Statement) -> Span:
    """The sentences, as the coder cut them, in which the content and the cue of a statement stand."""
    from comity.language import split

    spans = [*statement.content, *([statement.cue] if statement.cue else [])]
    start, end = min(span[0] for span in spans), max(span[1] for span in spans)
    touched = [segment for segment in split(whole) if segment.end > start and segment.start < end]
    return (min(start, touched[0].start), max(end, touched[-1].end)) if touched else (start, end)


def drawn(whole: str, sentence: Span, marks: list[tuple[Span, str]]) -> Text:
    """The words of a span with marks in brackets: "[source Wang Yi] [trigger held] a call …"; marks may be nested."""
    from comity.cli.output import shown, text

    # At one place: closing before opening, inner ones closing first, outer ones opening first.
    points: list[tuple[int, int, int, str]] = []
    labels: dict[Span, list[str]] = {}
    for span, what in sorted(set(marks)):
        labels.setdefault(span, []).append(what)
    for (start, end), names in labels.items():
        what = " and ".join(names)
        points.append((start, 1, -end, what))
        points.append((end, 0, -start, what))
    points.sort()
    made = text("")
    at = sentence[0]
    open_styles: list[str] = []

    def put(until: int) -> None:
        nonlocal at
        words = whole[at:until]
        style = next((style for style in reversed(open_styles) if style), "")
        lead = " " if words[:1].isspace() else ""
        tail = " " if words[-1:].isspace() and words.strip() else ""
        made.append(lead + shown(words) + tail, style=style)
        at = until

    for place, opens, _, what in points:
        put(place)
        style = MARK_STYLES[what.split(" and ")[0]]
        if opens:
            made.append(f"[{what} ", style="dim")
            open_styles.append(style)
        else:
            made.append("]", style="dim")
            open_styles.remove(style)
    put(sentence[1])
    return made


# --- what it rests on ------------------------------------------------------------------------------------------------


def _event_facts(found: Explanation, event: Event) -> list[tuple[str, Any]]:
    from comity.codebook import codebook

    facts: list[tuple[str, Any]] = []
    if found.origin == "comity":
        facts += _reason(found, event)
        facts.append(("date", _dated(found, event)))
    status = codebook().statuses.get(event.status)
    if status is not None:
        signs = _signs(found, event)
        words = f" Its words here: {signs}." if signs else ""
        facts.append(("status", f"{event.status}: {status.definition}{words}"))
    if event.background:
        known = "names a standing condition or a known matter; no particular happening is reported"
        facts.append(("background", known))
    facts += [("source", _party(party)) for party in event.source]
    facts += [("target", _party(party)) for party in event.target]
    if event.contact is not None:
        levels = [level or "somebody" for level in (event.contact.source_level, event.contact.target_level)]
        how = ", ".join(part for part in (event.contact.channel, event.contact.setting) if part)
        facts.append(("contact", how + (f": {' with '.join(levels)}" if set(levels) != {"somebody"} else "")))
    if event.place is not None:
        known = ", ".join(part for part in (event.place.level, event.place.country) if part)
        facts.append(("place", f"{event.place.text} ({known or 'not in the gazetteer'})"))
    if event.size is not None:
        import msgspec

        sizes = msgspec.to_builtins(event.size)
        facts.append(("size", ", ".join(f"{key}: {value}" for key, value in sizes.items())))
    if found.report is not None:
        facts.append(("account", _account(found)))
        if event.account_party:
            facts.append(("whose word", _WHOSE[event.account_party]))
    return facts


_WHOSE = {
    "source": "the source's own side (official words and state outlets count as their state's)",
    "target": "the target's side (official words and state outlets count as their state's)",
    "third": "a third party's",
    "independent": "an independent account's",
}


def _statement_facts(found: Explanation, statement: Statement) -> list[tuple[str, Any]]:
    facts: list[tuple[str, Any]] = [("speaker", _party(speaker)) for speaker in statement.speakers]
    if statement.addressee is not None:
        facts.append(("addressee", _party(statement.addressee)))
    cue = found.report.text[slice(*statement.cue)] if found.report and statement.cue else None
    no_cue = "none: it goes on with what was said before" if statement.continued else "none in the text"
    facts.append(("cue", f"“{cue}”" if cue else no_cue))
    facts.append(("date", _dated(found, statement)))
    facts.append(("account", _account(found)))
    return facts


def _reason(found: Explanation, event: Event) -> list[tuple[str, Any]]:
    from comity.cli.output import plain, text

    sure = plain(f"   confidence {event.confidence:.2f}", "dim")
    if event.reason.by != "rule":
        return [("reason", text(f"{event.reason.by}: {event.reason.id}").append_text(sure))]
    facts: list[tuple[str, Any]] = [("reason", text(f"rule {event.reason.id}").append_text(sure))]
    pattern = _pattern(event.reason.id)
    if pattern is None:
        unknown = (
            "no pattern of the installed lexicon: a rule of the grammar, or a pattern of your own or another version"
        )
        facts.append(("", text(unknown, "dim")))
        return facts
    facts.append(("pattern", text(_abridged(pattern.text), "bold").append(f"   {pattern.where}", style="dim")))
    facts.append(("filled by", _filled(found, event, pattern)))
    if pattern.example:
        facts.append(("as in", text(pattern.example, "italic")))
    return facts


ALTERNATIVES = 4
"""Words of a pattern that may stand at one place, before the rest is left to its line in the lexicon."""


def _abridged(pattern: str) -> str:
    """A pattern on one line: of many words that may stand at one place the first ones."""

    def few(atom: str) -> str:
        words = atom.split("|")
        return atom if len(words) <= ALTERNATIVES else "|".join([*words[:ALTERNATIVES], "…"])

    return " ".join(map(few, pattern.split()))


def _pattern(id: str) -> Pattern | None:
    from comity.events.lexicon import lexicon

    return next((pattern for pattern in lexicon().patterns if pattern.id == id), None)


def _filled(found: Explanation, event: Event, pattern: Pattern) -> Text:
    """Which words stand for which part of the pattern, as far as the record tells: its head and its two parties."""
    from comity.cli.output import shown, text

    assert found.report is not None
    whole = found.report.text

    def words(parties: tuple[Party, ...]) -> str:
        named = [f"“{shown(p.text)}”" if p.start is not None else shown(p.name or p.country) for p in parties]
        return ", ".join(named) or "nobody who is named"

    head, *others = pattern.text.split()[0 if pattern.noun else 1].split("|")
    head += "|…" if others else ""
    slots = [("S", words(event.source)), (head, f"“{shown(whole[slice(*event.trigger)])}”"), ("T", words(event.target))]
    made = text("")
    for number, (slot, filler) in enumerate(slots):
        made.append(("   " if number else "") + slot, style="bold").append(f" = {filler}")
    return made


def _signs(found: Explanation, event: Event) -> str:
    """Words of the sentence that can bring about this status; the record does not say which of them did."""
    from comity.events.status import effects

    if event.status == "actual" or found.sentence is None:
        return ""
    signs = {word for table in effects().values() for word, status in table.items() if status == event.status}
    signs |= _FIXED_SIGNS.get(event.status, frozenset())
    spoken = re.findall(r"[\w’'-]+", found.sentence)
    hits = [word for word in spoken if signs & _forms(word.lower())]
    return ", ".join(f"“{word}”" for word in dict.fromkeys(hits))


_FIXED_SIGNS = {
    "intended": frozenset(("will", "shall", "would")),
    "hypothetical": frozenset(("may", "might", "could", "can", "would", "if", "unless", "whether")),
    "requested": frozenset(("must", "should", "ought")),
    "negated": frozenset(("not", "never", "no", "neither", "nor")),
}


def _forms(word: str) -> set[str]:
    """The word and what it may be a form of: good enough to point at a sign, not to code by."""
    forms = {word} | {word.removesuffix(ending) for ending in ("s", "es", "ed", "d", "ing")}
    forms |= {word.removesuffix(ending) + letter for ending, letter in (("ing", "e"), ("ied", "y"), ("ies", "y"))}
    return forms | ({"not"} if word.endswith(("n't", "n’t")) else set())


def _dated(found: Explanation, record: Event | Statement) -> Text:
    from comity.cli.output import shown, text

    date = record.date or "none"
    end = getattr(record, "date_end", None)
    made = text(f"{date}{f' to {end}' if end else ''}")
    if record.date_precision and record.date_precision != "published":
        made.append(f" ({record.date_precision})")
    if record.date_span is not None and found.report is not None:
        made.append(f", from the words “{shown(found.report.text[slice(*record.date_span)])}”")
        if found.report.published:
            made.append(f" in a report of {found.report.published[:10]}", style="dim")
    elif record.date_precision == "published":
        made.append(", the day of publication: no words date it")
    elif record.date is None:
        undated = found.report is not None and not found.report.published
        made.append(": no words date it" + (", and the report has no date" if undated else ""))
    return made


def _party(party: Party) -> Text:
    from comity.cli.output import shown, text

    made = text(party.name or party.text)
    facts = [party.country, party.sector, party.office]
    if party.office_status not in (None, "current"):
        facts.append(party.office_status)
    anonymous = getattr(party, "anonymous", False)
    if anonymous:
        facts.append(f"unnamed{', ' + kind if (kind := getattr(party, 'anonymous_type', None)) else ''}")
    known = ", ".join(shown(fact) for fact in facts if fact)
    return made.append(f" ({known})", style="dim") if known else made


def _account(found: Explanation) -> Text:
    """The chain of who tells it, outermost first: the outlet, the relays, each speaker inside the other's words."""
    from comity.cli import rows
    from comity.cli.output import cut, shown, text
    from comity.cli.record import outlet

    assert found.report is not None
    made = text(outlet(found.report))
    if not found.chain:
        return made.append(" asserts it itself")
    depth = 1
    whole = found.report.text
    import msgspec

    for statement in reversed(found.chain):
        for relay in statement.via:
            made.append("\n" + "  " * depth + "└ via " + shown(relay))
            depth += 1
        made.append("\n" + "  " * depth + "└ ").append_text(rows.names(msgspec.to_builtins(statement.speakers)))
        cue = shown(whole[slice(*statement.cue)]) if statement.cue else ""
        words = " … ".join(whole[slice(*span)] for span in statement.content)
        made.append(f" {cue}" if cue else "", style="bold")
        made.append(f" ({statement.id[: rows.ID_SHOWN]})", style="dim").append(": " + cut(shown(words), 90))
        depth += 1
    return made


def _corrections(found: Explanation) -> list[tuple[str, Any]]:
    from comity.cli.output import shown

    facts: list[tuple[str, Any]] = []
    for one in found.corrections:
        change = one["action"]
        if one["field"]:
            change = f"{one['field']}: {shown(str(one['old']))} → {shown(str(one['value']))}"
        why = f", because {shown(one['reason'])}" if one["reason"] else ""
        state = "" if one["state"] == "active" else f" ({one['state']})"
        facts.append(("corrected", f"{str(one['added_at'])[:16]} by {shown(one['author'])}: {change}{why}{state}"))
    return facts
