"""The whole record of one report, as a person would like to read it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from comity.cli import rows
from comity.cli.output import cut, plain, say, shown, table, text

if TYPE_CHECKING:
    from rich.console import Group
    from rich.text import Text

    from comity.records import Coding, Report

NAMED_OFTEN = 3
"""Times that somebody who does nothing has to be named to have a row."""


def show(coding: Coding, *, gap: bool = False) -> None:
    """Print the record: head, actors with offices, statements with nesting, events."""
    import msgspec

    record = msgspec.to_builtins(coding)
    if gap:
        say()
    head(coding.report)
    for warning in coding.warnings:
        say(shown(warning), style="yellow")
    if coding.actors:
        say("\nWho", style="bold")
        say(_actors(record))
    if coding.statements:
        say("\nSaid", style="bold")
        say(_statements(record))
    if coding.events:
        say("\nDone", style="bold")
        say(_events(record))
    if not coding.statements and not coding.events:
        say("No statement and no event was found in it.", style="dim")


def head(report: Report) -> None:
    """Title, outlet, day and id of a report."""
    say(text(report.title or cut(shown(report.text[:300]), 90), "bold"))
    say(text(f"{outlet(report)}, {(report.published or 'no date')[:16].replace('T', ' ')}", "dim").append(
        f"   report {shown(report.id)}" + ("   demonstration material" if report.demo else "")))  # fmt: skip


def outlet(report: Report) -> str:
    """The outlet with its country and ownership, as far as they are known."""
    known = [part for part in (report.outlet_country, report.outlet_ownership) if part]
    return shown((report.outlet or "unknown outlet") + (f" ({', '.join(known)})" if known else ""))


def _actors(record: dict[str, Any]) -> Group:
    """Who acts or speaks in the records, and who is named more than once; the others in one line."""
    from rich.console import Group

    mentions = record["mentions"]
    number = Counter(mention["actor"] for mention in mentions)
    active = {party["actor"] for event in record["events"] for party in (*event["source"], *event["target"])}
    active |= {speaker["actor"] for statement in record["statements"] for speaker in statement["speakers"]}
    made = table(("actor", {"ratio": 3}), ("kind", {"no_wrap": True}), ("country", {"no_wrap": True}),
                 ("sector", {"no_wrap": True}), ("office on that day", {"ratio": 4}),
                 ("named", {"justify": "right", "no_wrap": True}))  # fmt: skip
    others = []
    for actor in sorted(record["actors"], key=lambda actor: (-number[actor["id"]], actor["name"])):
        if actor["id"] not in active and number[actor["id"]] < NAMED_OFTEN:
            others.append(actor["name"])
            continue
        own = [mention for mention in mentions if mention["actor"] == actor["id"]]
        best = next((mention for mention in own if mention["office"]), own[0] if own else _NOWHERE)
        office = text(best["office"])
        if best["office_status"] not in (None, "current"):
            office.append(f" ({best['office_status']})", style="dim")
        made.add_row(
            text(actor["name"]), actor["kind"], rows.country(best["country"]), best["sector"] or "", office,
            str(number[actor["id"]]),
        )  # fmt: skip
    return Group(made, text("also named: " + ", ".join(others), "dim")) if others else Group(made)


_NOWHERE: dict[str, Any] = dict.fromkeys(("country", "sector", "office", "office_status"))


def _statements(record: dict[str, Any]) -> Group:
    """Statements in text order, each below and inside the one that reports it."""
    whole = record["report"]["text"]
    statements = record["statements"]
    known = {one["id"] for one in statements}
    inside: dict[str | None, list[dict[str, Any]]] = {}
    for one in statements:
        inside.setdefault(one["within"] if one["within"] in known else None, []).append(one)

    def lines(within: str | None, depth: int) -> Iterator[rows.Line]:
        for one in inside.get(within, ()):
            one["words"] = " … ".join(whole[start:end] for start, end in one["content"])
            speaker = plain("│ " * depth, "dim").append_text(rows.names(one["speakers"]))
            how = text(rows.manner(one | {"within": None}), "dim")
            yield rows.Line(one["id"], rows.day(one), speaker, how, rows.said(one))
            yield from lines(one["id"], depth + 1)

    return rows.listing(lines(None, 0), ("speaker", 2), ("how", 2), ("words", 5))


def _events(record: dict[str, Any]) -> Group:
    whole = record["report"]["text"]
    told = {one["id"]: one for one in record["statements"]}

    def lines() -> Iterator[rows.Line]:
        for event in record["events"]:
            what = rows.what(event | {"account_party": None})
            told_by = told.get(event["account"])
            if told_by is not None:
                what.append("\nsays ").append_text(rows.names(told_by["speakers"]))
            if event["place"]:
                what.append("\nin " + shown(event["place"]["text"]), style="dim")
            yield rows.Line(event["id"], rows.day(event), rows.parties(event), what, _marked(event, whole))

    return rows.listing(lines(), ("source → target", 3), ("what", 3), ("sentence", 5))


def _marked(event: dict[str, Any], whole: str) -> Text:
    """The event's sentence around its trigger, which is set off."""
    start, end = event["sentence"]
    first, last = event["trigger"]
    before, after = shown(whole[start:first]), shown(whole[last:end])
    room = rows.WORDS_SHOWN - (last - first)
    if len(before) + len(after) > room:
        left = min(len(before), max(room // 2, room - len(after)))
        before = ("…" + before[len(before) - left :].lstrip()) if left < len(before) else before
        after = cut(after, max(20, room - left))
    gap_before = " " if whole[start:first][-1:].isspace() else ""
    gap_after = " " if whole[last:end][:1].isspace() else ""
    return plain(before + gap_before).append(shown(whole[first:last]), style="bold underline").append(gap_after + after)
