"""Records as rows of tables for people. They come as dictionaries, as the ledger or `msgspec.to_builtins` give them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from comity.cli.output import console, cut, plain, shown, table, text

if TYPE_CHECKING:
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

Row = dict[str, Any]

ID_SHOWN = 8
"""Characters of an id in a table: mostly enough for `comity explain` in a ledger of a million records, which asks for
more where they are not."""

WORDS_SHOWN = 160
TABLE_WIDTH = 110
"""Columns from which records are set in columns; below, each has a line of facts and its words under it."""

WHO_LEAST = 22
"""Columns for names in a table: most names with their country stay on one line."""

STAND_IN = "≈ the day of publication: no words date it"
NAMES_SHOWN = 3

QUAD_STYLES = {
    "verbal cooperation": "green",
    "material cooperation": "bold green",
    "verbal conflict": "red",
    "material conflict": "bold red",
}


def reports(rows: Iterable[Row]) -> Table:
    """Reports: id, day, outlet, title, and how much was found in each."""
    wide = console().width >= TABLE_WIDTH
    if wide:
        made = table(
            ("id", {"no_wrap": True}), ("published", {"no_wrap": True}), ("outlet", {"max_width": 28}), "title",
            ("statements", {"justify": "right"}), ("events", {"justify": "right"}),
        )  # fmt: skip
    else:
        made = paragraphs(1)
    for row in rows:
        outlet = text(row["outlet"] or "unknown", "" if row["outlet"] else "dim")
        if row["outlet_country"]:
            ownership = f", {row['outlet_ownership']}" if row["outlet_ownership"] else ""
            outlet.append(f" ({row['outlet_country']}{ownership})", style="dim")
        title = text(row["title"] or cut(shown(row["text"][:400]), 90), "" if row["title"] else "italic")
        if row["demo"]:
            title.append("  demo", style="dim")
        published = (row["published"] or "no date")[:10]
        if wide:
            made.add_row(text(row["id"]), published, outlet, title, str(row["statements"]), str(row["events"]))
        else:
            counts = f" · {number(row['statements'], 'statement')}, {number(row['events'], 'event')} · "
            made.add_row(
                published, title.append("\n").append_text(outlet).append(counts).append(shown(row["id"]), "bold")
            )
    return made


class Line(NamedTuple):
    """A record as it is listed."""

    id: str
    day: Text
    who: Text
    how: Text
    """Its first line is the main thing, further lines are by the way."""
    words: Text


def listing(lines: Iterable[Line], who: tuple[str, int], how: tuple[str, int], words: tuple[str, int]) -> Group:
    """Records in columns, with the headings and shares of the width that are given; on a narrow screen each in a
    paragraph of its own. Then what "≈" means, where it stands."""
    from rich.console import Group

    listed = list(lines)
    if console().width >= TABLE_WIDTH:
        made = table(("id", {"no_wrap": True}), ("date", {"no_wrap": True}),
                     (who[0], {"ratio": who[1], "min_width": WHO_LEAST}),
                     *((name, {"ratio": share}) for name, share in (how, words)))  # fmt: skip
        made.expand = True
        for line in listed:
            made.add_row(line.id[:ID_SHOWN], *line[1:])
    else:
        made = _paragraphs(listed)
    stand_in = any(line.day.plain.startswith(STAND_IN[0]) for line in listed)
    return Group(made, text(STAND_IN, "dim")) if stand_in else Group(made)


def _paragraphs(lines: Iterable[Line]) -> Table:
    made = paragraphs(2)
    for line in lines:
        head = plain("").append_text(line.who)
        for number, part in enumerate(line.how.split("\n")):
            if part:
                head.append("  " if number == 0 else " · ", style="dim").append_text(part)
        body = head.append("\n").append_text(line.words) if line.words else head
        made.add_row(plain(line.id[:ID_SHOWN], "bold"), line.day, body)
    return made


def paragraphs(beside: int) -> Table:
    """A table without headings for narrow screens: paragraphs with short things, mostly ids and days, beside them."""
    from rich.table import Table

    made = Table.grid(padding=(0, 2, 0, 0))
    for _ in range(beside):
        made.add_column(no_wrap=True, min_width=8)
    made.add_column(overflow="fold")
    return made


def number(count: int, thing: str) -> str:
    """A count with its noun: "1 event", "1,200 events"."""
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


def statements(rows: Iterable[Row]) -> Group:
    """Statements: id, day, speakers, how it came, the words."""
    return listing(map(_statement, rows), ("speaker", 2), ("how", 2), ("words", 5))


def _statement(row: Row) -> Line:
    return Line(row["id"], day(row), names(row["speakers"]), text(manner(row), "dim"), said(row))


def said(row: Row) -> Text:
    """The words of a statement, as they would stand in print: in quotation marks when they are the speaker's own."""
    words = cut(shown(row["words"]), WORDS_SHOWN)
    return text(f"“{words}”" if row["kind"] == "verbatim" else words)


def manner(row: Row) -> str:
    """How a statement was made and came to the outlet, in words: "indirect, briefing, via TASS, inside another"."""
    parts = [row["kind"], row["channel"], row["venue"]]
    parts += [f"via {', '.join(row['via'])}"] if row["via"] else []
    parts += ["not said"] if row["polarity"] == "negative" else []
    parts += ["yet to be said"] if row["modality"] == "intended" else []
    parts += ["goes on"] if row["continued"] else []
    parts += ["inside another"] if row["within"] else []
    return shown(", ".join(part for part in parts if part))


def events(rows: Iterable[Row]) -> Group:
    """Events: id, day, source and target, what, and the words of the sentence."""
    return listing(map(_event, rows), ("source → target", 3), ("what", 3), ("sentence", 5))


def _event(row: Row) -> Line:
    return Line(row["id"], day(row), parties(row), what(row), text(cut(shown(row.get("words")), WORDS_SHOWN)))


def what(row: Row) -> Text:
    """Type, mode and standing of an event: "CONSULT phone", "ASSAULT, denied, word of the target"."""
    made = text(row["type"] or "untyped", QUAD_STYLES.get(row["quad"] or "", ""))
    if row["mode"]:
        made.append(" " + shown(row["mode"]))
    notes = [] if row["status"] in ("actual", None) else [row["status"]]
    notes += ["background"] if row["background"] else []
    notes += [f"by its {row['account_party']}'s word"] if row["account_party"] in ("source", "target") else []
    notes += ["by a third party's word"] if row["account_party"] == "third" else []
    notes += ["corrected"] if row.get("corrected") else []
    if notes:
        made.append("\n" + ", ".join(notes), style="dim")
    return made


def parties(row: Row) -> Text:
    """Source and target: "Wang Yi (CHN) ↔ Sergei Lavrov (RUS)"."""
    made = names(row["source"])
    made.append(" ↔ " if row["mutual"] else " → ", style="bold")
    return made.append_text(names(row["target"]))


def names(parties: Iterable[Row]) -> Text:
    """Parties or speakers with their countries: "Wang Yi (CHN)"; the first few of many."""
    made = plain("")
    listed = list(parties)
    for number, party in enumerate(listed[:NAMES_SHOWN]):
        if number:
            made.append(", ")
        made.append(shown(party["name"] or party["text"] or "unknown"))
        if party["country"] and party["country"] != f"IGO:{party['name']}":
            made.append(f" ({country(party['country'])})", style="dim")
        if party.get("anonymous"):
            made.append(" unnamed", style="italic dim")
    if len(listed) > NAMES_SHOWN:
        made.append(f" and {len(listed) - NAMES_SHOWN} more", style="dim")
    return made if listed else text("nobody named", "dim")


def country(code: str | None) -> str:
    """A country code for people: "of CHN" for who belongs to a state and does not speak for it."""
    if code is None:
        return ""
    if code.startswith("GROUP:"):
        state = code.rpartition("@")[2]
        return "no state" if state == "null" else f"of {state}"
    return shown(code.removeprefix("IGO:"))


def day(row: Row) -> Text:
    """The date of a record as precisely as it is known; "≈" where it is only the publication's."""
    date = row["date"]
    if not date:
        return text("no date", "dim")
    end = row.get("date_end")
    return text(("≈" if row["date_precision"] == "published" else "") + date + (f"–{end}" if end else ""))
