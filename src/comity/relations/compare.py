"""Comparing tellings: how outlets of different countries tell one happening, or what they tell about a subject.

Side by side, for each group of outlets: who speaks, which types, status and word the happening is given, and what the
others tell that is not there. No verdict: what is missing is listed with the probability that it would be missing by
chance, given how few reports there are.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from math import comb
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from comity.relations.choice import LEAST_CONFIDENCE
from comity.relations.errors import BadChoice
from comity.relations.formulae import holm
from comity.relations.naming import name_of
from comity.relations.said import (
    NOT_KNOWN,
    ON_REPORTS,
    SOURCES,
    choose_statements,
    in_order,
    labels,
    reports_of,
    spoken_in,
)
from comity.relations.told import words_of
from comity.relations.voices import Group, voices

if TYPE_CHECKING:
    from comity.ledger import Ledger

BY = tuple(SOURCES)

TWICE = 2
"""Reports elsewhere that have to tell something before its absence is worth a line."""

CHANCE = 0.05
"""Corrected probability below which an absence is more than chance."""

SHOWN_LEFT_OUT = 15
EXAMPLES = 3

SHORTEST_ID = 4

KINDS = {"event": "what was done", "voice": "who is quoted", "state": "who is talked about"}


class Missing(msgspec.Struct, frozen=True, kw_only=True):
    """Something that others tell and this group does not."""

    kind: str
    """event | voice | state."""
    key: str
    """Of an event: source, type and target with tabs between; else a party's code."""
    words: str
    """For people."""
    elsewhere: int
    """Reports of the other groups that have it."""
    of: int
    """Reports of the other groups."""
    chance: float
    """Probability that none of this group's reports has it if it were as frequent here as there (the tail of the
    hypergeometric distribution: Fisher's exact test, one-sided), corrected for all that was looked at (Holm)."""
    beyond_chance: bool


class Telling(msgspec.Struct, frozen=True, kw_only=True):
    """How one group of outlets tells it."""

    label: str
    reports: int
    copies: int
    """Further reports that repeat the wording of one of the same group; they are left out of all figures."""
    outlets: tuple[tuple[str, int], ...]
    first: date | None
    """Day of the first report."""
    events: int
    """Events that tell of the happening, or whose sentence has the words that were searched (all without words)."""
    types: tuple[tuple[str, int], ...]
    statuses: tuple[tuple[str, int], ...]
    word_of: tuple[tuple[str, int], ...]
    """Whose word it is: independent, source, target, third."""
    quads: tuple[tuple[str, int], ...]
    voices: Group
    missing: tuple[Missing, ...]
    examples: tuple[dict[str, Any], ...]
    """Some of its events, with their words."""


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """Tellings side by side."""

    choice: str
    by: str
    subject: str
    """The happening, or the words that were searched."""
    occurrence: dict[str, Any] | None
    """The happening as the ledger has it; None for a search."""
    notes: tuple[str, ...]
    tellings: tuple[Telling, ...]


def compare(
    ledger: Ledger, what: str | None = None, *, by: str = "outlet_country", least: int = 1, **filters: Any
) -> Comparison:
    """How groups of outlets tell a happening or a subject.

    `what`: the id of an occurrence (or its beginning), or words to search in the reports; without it the filters alone
    choose the reports. `by`: outlet_country | outlet | ownership | report. `least`: reports that a group must have.
    `filters`: those of statements on reports (since, until, outlet, outlet_country, ownership, demo, report).

    Raises `BadChoice` when nothing is found, and `comity.ledger.BadFilter` for filters that are none.
    """
    if by not in BY:
        raise BadChoice(f"by: {by!r} is unknown; it is one of: {', '.join(BY)}")
    for name in filters:
        if name not in ON_REPORTS:
            raise BadChoice(f"{name!r} does not choose reports; these do: {', '.join(ON_REPORTS)}")
    given = {name: value for name, value in filters.items() if value is not None}
    found = _occurrence(ledger, what) if what else None
    members: set[str] | None
    ids: list[str] | None
    if found is not None:
        subject = _named(found)
        events = ledger.query(
            "SELECT event_id, report_id FROM occurrence_accounts_v1 WHERE occurrence = $id", {"id": found["id"]}
        )
        members = set(events["event_id"].to_pylist())
        ids = sorted(set(events["report_id"].to_pylist()))
    else:
        subject = what or "all reports"
        ids = ledger.reports(columns=["id"], text=what, **filters)["id"].to_pylist() if what else None
        members = set(ledger.events(columns=["id"], text=what)["id"].to_pylist()) if what else None
    if ids is not None:
        if not ids:
            raise BadChoice(f"no report has the words {what!r}, and no occurrence's id begins so")
        filters = {**filters, "report": ids}
    chosen = choose_statements(ledger, filters)
    reports = reports_of(ledger, chosen)
    if reports.num_rows == 0:
        raise BadChoice("no reports pass the filters")
    copies = _copies(ledger)
    listed = reports["id"].to_pylist()
    group_of = dict(zip(listed, labels(reports, by)))
    # A wording counts once in each group: what two outlets of a country took from one wire is one telling, and what
    # outlets of two countries took from it is one of each.
    first: dict[tuple[str, str], str] = {}
    for id_ in sorted(listed, key=lambda id_: (copies.get(id_, id_) != id_, id_)):
        first.setdefault((group_of[id_], copies.get(id_, id_)), id_)
    wanted = set(first.values())
    kept = [id_ for id_ in listed if id_ in wanted]
    rows = [
        row for row in spoken_in(ledger, "telling", chosen, confidence=LEAST_CONFIDENCE) if row["report_id"] in kept
    ]
    said = {group.label: group for group in voices(ledger, by=by, report=kept).groups}
    facts = _facts(ledger, rows, kept)
    sizes = Counter(group_of[id_] for id_ in kept)
    about = dict(zip(listed, zip(reports["outlet"].to_pylist(), reports["day"].to_pylist())))
    made = []
    for label in in_order([group_of[id_] for id_ in kept], by):
        mine = [id_ for id_ in kept if group_of[id_] == label]
        if len(mine) < least:
            continue
        told = [row for row in rows if group_of[row["report_id"]] == label]
        core = [row for row in told if members is None or row["id"] in members]
        days = [about[id_][1] for id_ in mine if about[id_][1] is not None]
        made.append(
            Telling(
                label=label,
                reports=len(mine),
                copies=sum(group_of[id_] == label for id_ in listed) - len(mine),
                outlets=_most(Counter(about[id_][0] or NOT_KNOWN for id_ in mine)),
                first=min(days, default=None),
                events=len(core),
                types=_most(Counter(_type(row) for row in core)),
                statuses=_most(Counter(row["status"] or NOT_KNOWN for row in core)),
                word_of=_most(Counter(row["account_party"] or "independent" for row in core)),
                quads=_most(Counter(row["quad"] or NOT_KNOWN for row in core)),
                voices=said[label],
                missing=_missing(facts, set(mine), set(kept), sizes[label]),
                examples=_examples(ledger, core),
            )
        )
    notes = []
    if len(made) < 2:
        notes.append(f"Only one {by.replace('_', ' ')} tells it: there is nothing to compare with.")
    dropped = len(listed) - len(kept)
    if dropped:
        notes.append(f"{dropped} reports repeat another's wording in the same group and are left out.")
    return Comparison(
        choice="Reports that tell of this happening." if found else ledger.restate("reports", text=what, **given),
        by=by,
        subject=subject,
        occurrence=found,
        notes=tuple(notes),
        tellings=tuple(made),
    )


def _occurrence(ledger: Ledger, text: str) -> dict[str, Any] | None:
    """The occurrence whose id begins so; None where there is none."""
    if len(text) < SHORTEST_ID or not text.isalnum():
        return None
    found = ledger.query(
        "SELECT id, stage, type, mode, sources, targets, mutual, date, reports, outlets, outlet_countries, conflicts, "
        "source_says, target_says FROM occurrences_v1 WHERE starts_with(id, $id) ORDER BY id LIMIT 2",
        {"id": text.lower()},
    ).to_pylist()
    if len(found) > 1:
        raise BadChoice(f"several occurrences' ids begin with {text!r}; give more of it")
    return found[0] if found else None


def _named(row: dict[str, Any]) -> str:
    source = ", ".join(map(name_of, row["sources"])) or "somebody"
    target = ", ".join(map(name_of, row["targets"]))
    what = row["type"] + (f" {row['mode']}" if row["mode"] else "")
    arrow = " ↔ " if row["mutual"] else " → "
    return f"{source}{arrow + target if target else ''}: {what}, {row['date'] or 'no date'} ({row['stage']})"


def _copies(ledger: Ledger) -> dict[str, str]:
    table = ledger.query("SELECT report_id, copy_of FROM stories_v1 WHERE copy_of IS NOT NULL")
    return dict(zip(table["report_id"].to_pylist(), table["copy_of"].to_pylist()))


def _type(row: dict[str, Any]) -> str:
    kind = str(row["type"] or "untyped")
    return f"{kind} {row['mode']}" if row["mode"] else kind


def _most(counter: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counter.items(), key=lambda item: (-item[1], item[0])))


def _facts(ledger: Ledger, rows: list[dict[str, Any]], reports: list[str]) -> dict[tuple[str, str], set[str]]:
    """What is told, by kind and key, with the reports that tell it."""
    made: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows:
        for source in row["sources"]:
            for target in row["targets"]:
                if source != target:
                    one, two = sorted((source, target)) if row["mutual"] else (source, target)
                    made["event", f"{one}\t{row['type']}\t{two}"].add(row["report_id"])
    for row in spoken_in(ledger, "standing", choose_statements(ledger, {"report": reports})):
        if row["quoted"]:
            made["voice", row["state"]].add(row["report_id"])
        if row["discussed"] or row["accused"]:
            made["state", row["state"]].add(row["report_id"])
    return made


def absence(elsewhere: int, of: int, here: int) -> float:
    """Probability that all `elsewhere` reports with something are among the `of` others and none among these `here`,
    if which reports have it were chance: C(of, elsewhere) / C(of + here, elsewhere).

    >>> absence(2, 4, 2)
    0.4
    """
    return comb(of, elsewhere) / comb(of + here, elsewhere)


def _missing(
    facts: dict[tuple[str, str], set[str]], mine: set[str], everyone: set[str], here: int
) -> tuple[Missing, ...]:
    of = len(everyone) - here
    looked = [
        (kind, key, len(reports - mine))
        for (kind, key), reports in sorted(facts.items())
        if len(reports - mine) >= TWICE
    ]
    absent = [(kind, key, n) for kind, key, n in looked if not facts[kind, key] & mine]
    if not absent:
        return ()
    # What is there counts among what was looked at: with p = 1 it takes its part of the correction.
    values = [absence(n, of, here) for _, _, n in absent] + [1.0] * (len(looked) - len(absent))
    corrected = holm(np.array(values))[: len(absent)].tolist()
    made = [
        Missing(
            kind=kind, key=key, words=_words(kind, key), elsewhere=n, of=of, chance=p, beyond_chance=p < CHANCE,
        )
        for (kind, key, n), p in zip(absent, corrected)
    ]  # fmt: skip
    made.sort(key=lambda one: (one.chance, -one.elsewhere, one.kind, one.key))
    return tuple(made[:SHOWN_LEFT_OUT])


def _words(kind: str, key: str) -> str:
    if kind == "event":
        source, what, target = key.split("\t")
        return f"{name_of(source)} {what} {name_of(target)}"
    return name_of(key)


def _examples(ledger: Ledger, rows: list[dict[str, Any]]) -> tuple[dict[str, Any], ...]:
    """The surest events, one a report."""
    best: dict[str, dict[str, Any]] = {}
    for row in sorted(rows, key=lambda row: (-(row["confidence"] or 0), row["id"])):
        best.setdefault(row["report_id"], row)
    ids = [row["id"] for row in list(best.values())[:EXAMPLES]]
    shown = words_of(ledger, ids)
    return tuple(shown[id_] for id_ in ids if id_ in shown)
