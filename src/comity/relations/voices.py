"""Voices: whose words reports carry, and who is talked about without a word. Counts only: nothing is scored as biased.

A statement counts once, shared equally by its speakers. "Declined to comment" and "is expected to say" are no voice and
are counted apart; a free continuation has no cue of its own and counts only where words are weighed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from comity.relations.errors import BadChoice
from comity.relations.naming import name_of, state_of
from comity.relations.resampling import interval, ratio, sums
from comity.relations.said import NOT_KNOWN, choose_statements, in_order, labels, reports_of, spoken, standing
from comity.relations.series import Figure

if TYPE_CHECKING:
    import pyarrow as pa

    from comity.ledger import Ledger

Array = np.ndarray[Any, Any]

WEIGHTS = {
    "statements": "each statement counts once, shared by its speakers; those inside others too",
    "words": "statements count by their words; those inside others are left to the ones that hold them",
}

SPEAKERS = 15
"""Speakers, relays listed of each group."""


class Voice(msgspec.Struct, frozen=True, kw_only=True):
    """A country, a sector or a kind of unnamed source, with its part of what is said."""

    key: str
    name: str
    weight: float
    """Statements (or words)."""
    share: Figure
    """Of all statements (words) of the group, 0 to 1, with the interval of resampled reports."""
    own_words: float | None
    """Share of its statements that have words in quotation marks."""
    state: float
    """Of its weight, what those say who speak for the state or the organisation."""
    reports: int
    """Reports that quote it."""
    speakers: int
    """Different named speakers."""


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """A named speaker."""

    name: str
    country: str | None
    office: str | None
    """The office held when most of it was said."""
    weight: float
    share: float
    reports: int


class Silent(msgspec.Struct, frozen=True, kw_only=True):
    """A state in the reports that talk about it."""

    key: str
    name: str
    discussed: int
    """Reports in which somebody else talks about it."""
    accused: int
    """Reports in which it is accused, by whomever."""
    quoted: int
    """Reports, of those in which it is discussed or accused, where somebody who speaks for it is quoted."""
    people: int
    """Reports, of those left, where at least somebody of it is quoted who does not speak for it."""
    declined: int
    """Reports, of those in which it is discussed or accused, where it declines to comment."""
    unquoted: int
    """Reports in which it is discussed or accused and nobody who speaks for it is quoted."""
    accused_unquoted: int
    """Of these, the reports in which it is accused."""


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """The voices of one outlet, period, … or of all reports."""

    label: str
    reports: int
    quoting: int
    """Reports with at least one voice."""
    statements: int
    words: int
    declined: int
    """Statements that say nothing: "declined to comment"."""
    unnamed: Figure
    """Share of what is said by sources without a name."""
    countries: tuple[Voice, ...]
    """By state (whoever of it speaks), most first; ``(unknown)`` is who has no known state."""
    sectors: tuple[Voice, ...]
    anonymous: tuple[Voice, ...]
    """Unnamed sources by their type."""
    speakers: tuple[Person, ...]
    relays: tuple[tuple[str, int], ...]
    """Through whom the words came, with the number of statements."""
    silent: tuple[Silent, ...]
    """States that are discussed or accused, those most often without being quoted first. Empty where the filters
    choose among statements, because then nobody can tell who was quoted."""


class Voices(msgspec.Struct, frozen=True, kw_only=True):
    """Whose voices reports carry."""

    choice: str
    by: str | None
    weigh: str
    notes: tuple[str, ...]
    whole: Group
    groups: tuple[Group, ...] = ()
    """With `by`: each outlet, period, …"""


class _Rows(msgspec.Struct, frozen=True):
    """A row a statement and speaker, as parallel arrays over the same reports."""

    report: Array
    """Number of the report."""
    weight: Array
    own: Array
    voice: Array
    """Whether it is a voice at all."""
    state: list[str]
    speaks_for: Array
    sector: list[str]
    unnamed: Array
    kind: list[str]
    """Type of the unnamed source; empty for the named."""
    table: dict[str, list[Any]]


def voices(ledger: Ledger, *, by: str | None = None, weigh: str = "statements", **filters: Any) -> Voices:
    """Whose voices a ledger's reports carry.

    `by`: report, outlet, outlet_country, ownership, or a period of publication (day, week, month, quarter, year): the
    same for each of these too. `weigh`: statements | words. `filters`: those of statements; since, until and those on
    the outlet choose reports, by their day of publication.

    Raises `BadChoice`, and `comity.ledger.BadFilter` for filters that are none.
    """
    if weigh not in WEIGHTS:
        raise BadChoice(f"weigh: {weigh!r} is unknown; it is one of: {', '.join(WEIGHTS)}")
    chosen = choose_statements(ledger, filters)
    reports = reports_of(ledger, chosen)
    group_of = labels(reports, by)
    ids = {id_: number for number, id_ in enumerate(reports["id"].to_pylist())}
    rows = _rows(spoken(ledger, chosen), ids, weigh)
    states = [] if chosen.narrowed else standing(ledger, chosen).to_pylist()
    notes = [WEIGHTS[weigh][0].upper() + WEIGHTS[weigh][1:] + "."]
    if chosen.narrowed:
        notes.append("Who is talked about without being quoted is left out: the filters choose among statements.")
    everything = np.ones(len(ids), bool)
    whole = _group("all", everything, rows, states, ids)
    made = []
    if by is not None:
        for label in in_order(group_of, by):
            made.append(_group(label, np.array([one == label for one in group_of]), rows, states, ids))
    return Voices(choice=chosen.words, by=by, weigh=weigh, notes=tuple(notes), whole=whole, groups=tuple(made))


def _rows(table: pa.Table, ids: dict[str, int], weigh: str) -> _Rows:
    columns = {name: table[name].to_pylist() for name in table.column_names}
    size = table.num_rows
    named = ~np.array(columns["anonymous"], bool) if size else np.zeros(0, bool)
    shared = 1.0 / np.maximum(1, np.array(columns["speaker_count"], float))
    said = np.array([not d and m == "actual" for d, m in zip(columns["declined"], columns["modality"])], bool)
    if weigh == "words":
        said &= ~np.array(columns["nested"], bool)
        shared = shared * np.array(columns["words"], float)
    else:
        said &= ~np.array(columns["continued"], bool)
    return _Rows(
        report=np.array([ids[one] for one in columns["report_id"]], np.int64),
        weight=shared,
        own=np.array(columns["own_words"], bool),
        voice=said,
        state=[state_of(one) or NOT_KNOWN for one in columns["country"]],
        speaks_for=np.array([one is not None and not one.startswith("GROUP:") for one in columns["country"]], bool),
        sector=[one or NOT_KNOWN for one in columns["sector"]],
        unnamed=~named,
        kind=[(one or "unspecified") if a else "" for one, a in zip(columns["anonymous_type"], columns["anonymous"])],
        table=columns,
    )


def _group(label: str, mask: Array, rows: _Rows, states: list[dict[str, Any]], ids: dict[str, int]) -> Group:
    """The voices of the reports under the mask."""
    inside = mask[rows.report] if len(rows.report) else np.zeros(0, bool)
    at = np.flatnonzero(inside & rows.voice)
    total = rows.weight[at].sum()
    table = rows.table
    statements = {(table["report_id"][n], table["id"][n]) for n in at}
    words = sum({(table["report_id"][n], table["id"][n]): table["words"][n] or 0 for n in at}.values())
    declined = {(table["report_id"][n], table["id"][n]) for n in np.flatnonzero(inside) if table["declined"][n]}
    unnamed = _shares(["unnamed" if rows.unnamed[n] else "named" for n in at], at, rows)
    return Group(
        label=label,
        reports=int(mask.sum()),
        quoting=len(set(rows.report[at].tolist())),
        statements=len(statements),
        words=int(words),
        declined=len(declined),
        unnamed=next((one.share for one in unnamed if one.key == "unnamed"), Figure(value=0.0 if len(at) else None)),
        countries=_shares([rows.state[n] for n in at], at, rows, name_of),
        sectors=_shares([rows.sector[n] for n in at], at, rows),
        anonymous=tuple(one for one in _shares([rows.kind[n] for n in at], at, rows) if one.key),
        speakers=_speakers(at, rows, float(total)),
        relays=_relays(at, rows),
        silent=_silent(states, mask, ids),
    )


def _shares(keys: list[str], at: Array, rows: _Rows, name: Any = str) -> tuple[Voice, ...]:
    """The rows at these places by key, most weight first, with resampled intervals of the shares."""
    if not len(at):
        return ()
    order = sorted(set(keys))
    place = {key: number for number, key in enumerate(order)}
    cells = np.array([place[key] for key in keys], np.int64)
    weight = rows.weight[at]
    _, blocks = np.unique(rows.report[at], return_inverse=True)
    draws = sums(cells, blocks, weight[:, None], cell_count=len(order))[:, :, 0]
    whole = draws.sum(axis=1)
    made = []
    for number, key in enumerate(order):
        mine = cells == number
        places = at[mine]
        own = weight[mine].sum()
        made.append(
            Voice(
                key=key,
                name=key if key == NOT_KNOWN else name(key),
                weight=float(own),
                share=Figure(value=float(own / weight.sum()), interval=interval(ratio(draws[:, number], whole))),
                own_words=float(weight[mine & rows.own[at]].sum() / own) if own else None,
                state=float(weight[mine & rows.speaks_for[at]].sum()),
                reports=len(set(rows.report[places].tolist())),
                speakers=len({_speaker(rows, n) for n in places if not rows.unnamed[n]}),
            )
        )
    return tuple(sorted(made, key=lambda one: (one.key == NOT_KNOWN, -one.weight, one.key)))


def _speaker(rows: _Rows, n: int) -> tuple[str, str]:
    """Who a speaker is: by actor where it is resolved, else by name and country."""
    actor = rows.table["actor"][n]
    return (actor, "") if actor else (rows.table["name"][n] or "", rows.table["country"][n] or "")


def _speakers(at: Array, rows: _Rows, total: float) -> tuple[Person, ...]:
    weight: Counter[tuple[str, str]] = Counter()
    places: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for n in at:
        if not rows.unnamed[n]:
            key = _speaker(rows, n)
            weight[key] += rows.weight[n]
            places[key].append(int(n))
    made = []
    for key, own in sorted(weight.items(), key=lambda item: (-item[1], item[0]))[:SPEAKERS]:
        mine = places[key]
        made.append(
            Person(
                name=_most(rows.table["name"][n] for n in mine) or "",
                country=_most(rows.table["country"][n] for n in mine),
                office=_most(rows.table["office"][n] for n in mine),
                weight=float(own),
                share=float(own / total),
                reports=len({int(rows.report[n]) for n in mine}),
            )
        )
    return tuple(made)


def _most(values: Iterable[str | None]) -> str | None:
    counted = Counter(value for value in values if value is not None)
    return min(counted, key=lambda value: (-counted[value], value)) if counted else None


def _relays(at: Array, rows: _Rows) -> tuple[tuple[str, int], ...]:
    seen = {(rows.table["report_id"][n], rows.table["id"][n]): rows.table["via"][n] or [] for n in at}
    counted = Counter(relay for relays in seen.values() for relay in relays)
    return tuple(sorted(counted.items(), key=lambda item: (-item[1], item[0]))[:SPEAKERS])


def _silent(states: list[dict[str, Any]], mask: Array, ids: dict[str, int]) -> tuple[Silent, ...]:
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in states:
        if not mask[ids[row["report_id"]]] or not (row["discussed"] or row["accused"]):
            continue
        count = counts[row["state"]]
        count.update(mark for mark in ("discussed", "accused", "quoted", "declined") if row[mark])
        if not row["quoted"]:
            count["unquoted"] += 1
            count["people"] += row["people"]
            count["accused_unquoted"] += row["accused"]
    fields = ("discussed", "accused", "quoted", "people", "declined", "unquoted", "accused_unquoted")
    made = [
        Silent(key=state, name=name_of(state), **{name: count[name] for name in fields})
        for state, count in counts.items()
    ]
    return tuple(sorted(made, key=lambda one: (-one.unquoted, -one.accused_unquoted, -one.discussed, one.key)))
