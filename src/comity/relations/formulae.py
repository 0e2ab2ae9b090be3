"""Formulae: official wordings that come again, and how they spread.

Two ways to the same figures. *Mining* counts all sequences of 2 to 7 words in what state actors say, keeps those whose
parts stand together more often than chance has it, and ranks them by how much more state actors use them than others
do. *Tracing* follows wordings that a user gives. Names are taken out before counting ("⟨name⟩ and ⟨name⟩ relations"),
because who is named is no wording, and a sentence that several reports repeat counts once as a use.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from math import erfc, sqrt
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from comity.relations.choice import STATE_SECTORS
from comity.relations.errors import BadChoice
from comity.relations.naming import state_of
from comity.relations.periods import UNITS, period_of
from comity.relations.said import NOT_KNOWN, choose_statements, contents, names_in, spoken_in

if TYPE_CHECKING:
    from comity.ledger import Ledger

Array = np.ndarray[Any, Any]

LONGEST = 7
"""Words of the longest formula. In diplomatic prose longer ones are nearly always two formulae side by side."""

LEAST_REPORTS = 3
"""Reports in which a formula has to occur: two may be one speech told twice."""

SIGNIFICANCE = 0.01
"""Highest corrected p-value of a formula."""

CONTAINED = 0.75
"""A sequence that stands within a longer one in this share of its uses is no formula of its own."""

ALIKE = 0.6
"""Wordings with this share of content words in common (Jaccard) are variants of one formula."""

REPEATED = 6
"""A stretch of so many words that occurs again, word for word, is a repetition and no further use."""

GAP = 2
"""Words that may stand between two content words of a traced wording."""

EXAMPLES = 3

NAME = "⟨name⟩"
"""Stands for an actor's name."""

_TOKEN = re.compile(r"[^\W\d_]+(?:[’'][^\W\d_]+)*|\d[\w.,]*\w|\d|[.,;:!?()\[\]…—–]|[-“”\"«»‘’']|\S")
_WORD = re.compile(r"[^\W\d_]")
_LIGHT = frozenset("-“”\"«»‘’'")
"""Marks that may stand within a formula: "win-win", so-called “no limits” friendship."""


class First(msgspec.Struct, frozen=True, kw_only=True):
    """A use of a formula."""

    day: date | None
    report: str
    statement: str
    outlet: str | None
    speaker: str
    country: str | None
    words: str
    """The stretch of the statement around it."""


class Variant(msgspec.Struct, frozen=True, kw_only=True):
    """Another wording of a formula."""

    text: str
    uses: int
    reports: int


class Formula(msgspec.Struct, frozen=True, kw_only=True):
    """A recurrent wording and its spread."""

    text: str
    uses: int
    """Different stretches of text with it."""
    reports: int
    g2: float | None
    """G² of its weakest joint: how much more often its parts stand together than chance has it. None when traced."""
    p: float | None
    """Of that G², corrected for all sequences that were tested (Holm)."""
    keyness: float | None
    """G² of the rate in what was looked into (state actors' statements that pass the filters) against all else that the
    same reports quote; negative where others use it more."""
    first: First
    last: date | None
    speakers: tuple[tuple[str, int], ...]
    """Who uses it, with the number of uses: the ten with most."""
    speaker_count: int
    states: tuple[tuple[str, int], ...]
    outlets: tuple[tuple[str, int], ...]
    periods: tuple[tuple[str, int], ...]
    """Uses by period."""
    spread: tuple[tuple[str, date | None], ...]
    """States, in the order in which they took it up, with the day."""
    variants: tuple[Variant, ...]
    examples: tuple[First, ...]


class Formulae(msgspec.Struct, frozen=True, kw_only=True):
    """Formulae with what they were found in."""

    choice: str
    method: str
    by: str
    statements: int
    """Statements of state actors (when tracing: of all who count)."""
    words: int
    tested: int
    """Sequences that were tested."""
    coverage: tuple[tuple[str, int], ...]
    """Reports with such statements, by period."""
    formulae: tuple[Formula, ...]
    absent: tuple[str, ...] = ()
    """Traced wordings that nobody used."""


# --- words -----------------------------------------------------------------------------------------------------------


@cache
def function_words() -> frozenset[str]:
    """Words that carry a sentence and no wording: ``data/function_words.tsv``."""
    text = files(__package__).joinpath("data", "function_words.tsv").read_text("utf-8")
    return frozenset(text.split()[1:])


def fold(word: str) -> str:
    """A word without case, possessive and plural (the s-stemmer; Harman 1991, "How effective is suffixing?").

    >>> fold("Countries'"), fold("based"), fold("interests"), fold("process")
    ('country', 'based', 'interest', 'process')
    """
    word = word.lower().replace("’", "'").removesuffix("'s").removesuffix("'")
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def g_squared(together: Array, left: Array, right: Array, total: float) -> Array:
    """G² of two things that stand together `together` times, each alone `left` and `right` times, in `total` places.

    G² = 2 Σ O ln(O/E) over the four cells of the table (Dunning 1993, "Accurate methods for the statistics of surprise
    and coincidence"); with the sign of O₁₁ - E₁₁, so that what avoids each other is negative.
    """
    a = np.asarray(together, float)
    b, c = np.maximum(left - a, 0), np.maximum(right - a, 0)
    d = np.maximum(total - a - b - c, 0)
    rows, columns = (a + b, c + d), (a + c, b + d)
    value = np.zeros_like(a)
    for observed, row, column in ((a, 0, 0), (b, 0, 1), (c, 1, 0), (d, 1, 1)):
        expected = rows[row] * columns[column] / total
        with np.errstate(divide="ignore", invalid="ignore"):
            value += np.where(observed > 0, observed * np.log(observed / expected), 0.0)
    return np.asarray(np.sign(a - rows[0] * columns[0] / total) * 2 * np.maximum(value, 0))


def keyness(here: Array, there: Array, size_here: float, size_there: float) -> Array:
    """G² of a wording's rate in one body of text against another, signed (Rayson & Garside 2000, "Comparing corpora
    using frequency profiling")."""
    a, b = np.asarray(here, float), np.asarray(there, float)
    share = (a + b) / (size_here + size_there)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(a > 0, a * np.log(a / (size_here * share)), 0.0)
        value = value + np.where(b > 0, b * np.log(b / (size_there * share)), 0.0)
    return np.asarray(np.sign(a * size_there - b * size_here) * 2 * np.maximum(value, 0))


def p_value(g2: float) -> float:
    """One-sided p of a signed G² with one degree of freedom: half the upper tail of χ² for attraction."""
    return 0.5 * erfc(sqrt(g2 / 2)) if g2 > 0 else 1 - 0.5 * erfc(sqrt(-g2 / 2))


def holm(p: Array) -> Array:
    """p-values corrected for their number: Holm 1979, valid whatever hangs together with what.

    >>> holm(np.array([0.01, 0.04, 0.03])).round(4).tolist()
    [0.03, 0.06, 0.06]
    """
    order = np.argsort(p, kind="stable")
    corrected = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    made = np.empty(len(p))
    made[order] = np.minimum(corrected, 1.0)
    return made


# --- statements as one stream of words ---------------------------------------------------------------------------------


class _Stream(msgspec.Struct, frozen=True):
    """All chosen statements, one after the other."""

    tokens: Array
    """Number of each word; -1 between stretches that are not one flow."""
    statement: Array
    """Of each place: number of the statement."""
    position: Array
    """Of each place: offset in the statement's words."""
    counts: Array
    """Of each place: whether it is a use of its own and no repetition."""
    words: list[str]
    """The word of each number."""
    rows: list[dict[str, Any]]
    texts: list[str]
    passing: Array
    """Of each statement: whether it passes the filters."""
    state: Array
    """Of each statement: whether it passes and a state actor says it."""


def _stream(ledger: Ledger, filters: dict[str, Any], sectors: Sequence[str]) -> tuple[_Stream, str]:
    chosen = choose_statements(ledger, filters)
    wanted = None
    if chosen.narrowed:
        # What the filters leave is looked into; the rest of the same reports is what it is compared with.
        wanted = {(row["report_id"], row["id"]) for row in spoken_in(ledger, "passing", chosen)}
        chosen = msgspec.structs.replace(chosen, statements="TRUE")
    names: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    table = names_in(ledger, chosen)
    for report, start, end in zip(*(table[name].to_pylist() for name in ("report_id", "start", "end"))):
        names[report].append((start, end))
    by_report: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in contents(ledger, chosen).to_pylist():
        if row["polarity"] == "positive" and row["modality"] == "actual" and row["content"]:
            by_report[row["report_id"]].append(row)
    numbers: dict[str, int] = {NAME: 0}
    tokens: list[int] = []
    statement: list[int] = []
    position: list[int] = []
    counts: list[bool] = []
    rows: list[dict[str, Any]] = []
    texts: list[str] = []
    known: set[tuple[int, ...]] = set()
    for report, listed in by_report.items():
        # The inner of two statements goes first and takes its words: they are its speaker's, though another tells them.
        listed.sort(
            key=lambda row: (sum(end - start for start, end in row["content"]), row["content"][0][0], row["id"])
        )
        taken = bytearray(max(end for row in listed for _, end in row["content"]) + 1)
        named = bytearray(len(taken))
        for start, end in names[report]:
            named[start:end] = b"\1" * (min(end, len(named)) - start)
        for row in listed:
            number = len(rows)
            rows.append(row)
            texts.append(" … ".join(row["words"]))
            offset = 0
            for (start, _), text in zip(row["content"], row["words"]):
                for run in _runs(text, start, taken, named, numbers):
                    key = tuple(token for token, _ in run)
                    again = len(key) >= REPEATED and key in known
                    known.add(key)
                    for token, at in run:
                        tokens.append(token)
                        statement.append(number)
                        position.append(offset + at)
                        counts.append(not again)
                    tokens.append(-1)
                    statement.append(number)
                    position.append(-1)
                    counts.append(False)
                taken[start : start + len(text)] = b"\1" * len(text)
                offset += len(text) + 3
    passing = np.array([wanted is None or (row["report_id"], row["id"]) in wanted for row in rows], bool)
    state = np.array([_speaks_for_state(row, sectors) for row in rows], bool) & passing
    stream = _Stream(
        tokens=np.array(tokens, np.int64),
        statement=np.array(statement, np.int64),
        position=np.array(position, np.int64),
        counts=np.array(counts, bool),
        words=list(numbers),
        rows=rows,
        texts=texts,
        passing=passing,
        state=state,
    )
    return stream, chosen.words


def _runs(
    text: str, start: int, taken: bytearray, named: bytearray, numbers: dict[str, int]
) -> list[list[tuple[int, int]]]:
    """The stretches between marks, each a list of word numbers and offsets; names are one word."""
    runs: list[list[tuple[int, int]]] = [[]]
    run = runs[0]
    for match in _TOKEN.finditer(text):
        at = match.start()
        word = match[0]
        if taken[start + at]:
            if run:
                run = []
                runs.append(run)
        elif named[start + at]:
            if not run or run[-1][0] != 0 or not _joined(text, run[-1][1], at, start, named):
                run.append((0, at))
        elif _WORD.match(word) or word[0].isdigit():
            run.append((numbers.setdefault(fold(word), len(numbers)), at))
        elif word not in _LIGHT and run:
            run = []
            runs.append(run)
    return [run for run in runs if run]


def _joined(text: str, before: int, at: int, start: int, named: bytearray) -> bool:
    """Whether two words of a name belong to one and the same."""
    return all(named[start + n] or text[n].isspace() for n in range(before, at))


def _speaks_for_state(row: dict[str, Any], sectors: Sequence[str]) -> bool:
    return any(
        party["country"] is not None
        and not party["country"].startswith("GROUP:")
        and (party["sector"] is None or party["sector"] in sectors)
        for party in row["speakers"]
    )


# --- mining ----------------------------------------------------------------------------------------------------------


class _Grams(msgspec.Struct, frozen=True):
    """Sequences of one length."""

    at: Array
    """Of each place: the number of the sequence that begins there, -1 where none is frequent."""
    uses: Array
    """By sequence: uses by state actors."""
    others: Array
    """By sequence: uses by others."""
    where: Array
    """By sequence: one place where it stands."""


def _levels(stream: _Stream, least: int) -> list[_Grams]:
    """The sequences of 1, 2, … words that state actors use at least so often.

    Those of n words are looked for where two frequent ones of n - 1 overlap (Agrawal & Srikant 1994), so that the rare
    ones are never counted.
    """
    state = stream.counts & stream.state[stream.statement] if len(stream.tokens) else stream.counts
    other = stream.counts & ~state
    levels = []
    keys = stream.tokens.copy()
    for _ in range(LONGEST):
        good = keys >= 0
        if not good.any():
            break
        found, inverse = np.unique(keys[good], return_inverse=True)
        places = np.flatnonzero(good)
        uses = np.bincount(inverse, state[places], len(found))
        others = np.bincount(inverse, other[places], len(found))
        frequent = uses >= least
        if not frequent.any():
            break
        renumbered = np.where(frequent, np.cumsum(frequent) - 1, -1)
        at = np.full(len(keys), -1, np.int64)
        at[places] = renumbered[inverse]
        where = np.zeros(int(frequent.sum()), np.int64)
        kept = at[places] >= 0
        where[at[places][kept][::-1]] = places[kept][::-1]
        levels.append(_Grams(at=at, uses=uses[frequent], others=others[frequent], where=where))
        keys = np.full(len(at), -1, np.int64)
        both = (at[:-1] >= 0) & (at[1:] >= 0)
        keys[:-1][both] = at[:-1][both] * len(where) + at[1:][both]
    return levels


class _Candidate(msgspec.Struct):
    place: int
    length: int
    key: tuple[int, ...]
    uses: float
    others: float
    g2: float
    p: float = 1.0
    keyness: float = 0.0


def _candidates(stream: _Stream, least: int) -> tuple[list[_Candidate], float, float]:
    """All sequences that are tested, with their figures, and the words of state actors and of others."""
    if not len(stream.tokens):
        return [], 0.0, 0.0
    levels = _levels(stream, least)
    spoken = stream.counts & (stream.tokens >= 0)
    state = stream.state[stream.statement]
    own, rest = float((spoken & state).sum()), float((spoken & ~state).sum())
    light = np.array([word in function_words() or not _WORD.match(word) or len(word) < 2 for word in stream.words])
    light[0] = True
    made = []
    for length, grams in enumerate(levels[1:], start=2):
        tokens = np.stack([stream.tokens[grams.where + n] for n in range(length)], axis=1)
        heavy = ~light[tokens]
        shaped = heavy[:, 0] & heavy[:, -1] & ((tokens == 0).sum(axis=1) <= 1) & (heavy.sum(axis=1) >= 2)
        weakest = np.full(len(grams.uses), np.inf)
        for split in range(1, length):
            left, right = levels[split - 1], levels[length - split - 1]
            a = left.uses[left.at[grams.where]]
            b = right.uses[right.at[grams.where + split]]
            weakest = np.minimum(weakest, g_squared(grams.uses, a, b, own))
        for n in np.flatnonzero(shaped):
            made.append(
                _Candidate(
                    place=int(grams.where[n]), length=length, key=tuple(tokens[n].tolist()), uses=float(grams.uses[n]),
                    others=float(grams.others[n]), g2=float(weakest[n]),
                )
            )  # fmt: skip
    if made:
        for one, p in zip(made, holm(np.array([p_value(one.g2) for one in made]))):
            one.p = float(p)
        keys = keyness(np.array([c.uses for c in made]), np.array([c.others for c in made]), own, max(rest, 1.0))
        for one, key in zip(made, keys):
            one.keyness = float(key)
    return made, own, rest


def _own(candidates: list[_Candidate]) -> list[_Candidate]:
    """Those that do not mostly stand within a longer one."""
    within: dict[tuple[int, ...], float] = {}
    for one in candidates:
        for size in range(2, one.length):
            for start in range(one.length - size + 1):
                part = one.key[start : start + size]
                within[part] = max(within.get(part, 0.0), one.uses)
    return [one for one in candidates if within.get(one.key, 0.0) < CONTAINED * one.uses]


def formulae(
    ledger: Ledger,
    *,
    trace: Sequence[str] = (),
    by: str = "year",
    limit: int | None = 40,
    sort: str = "keyness",
    least_reports: int = LEAST_REPORTS,
    sectors: Sequence[str] = STATE_SECTORS,
    anyone: bool = False,
    **filters: Any,
) -> Formulae:
    """Recurrent wordings of state actors, or with `trace` the given ones, and how they spread.

    `by`: periods of the spread (day, week, month, quarter, year of publication). `sort`: keyness | g2 | reports | first.
    `sectors`: PLOVER sectors of whoever speaks for a state. `anyone`: trace the wordings in what others say too.
    `filters`: those of statements; since, until and those on the outlet choose reports. Wordings of one state's speakers
    (``country="RUS"``) are compared with all others, other states' too.

    Raises `BadChoice`, and `comity.ledger.BadFilter` for filters that are none.
    """
    if by not in UNITS:
        raise BadChoice(f"there are no periods by {by!r}; choose one of: {', '.join(UNITS)}")
    if sort not in SORTS:
        raise BadChoice(f"sort: {sort!r} is unknown; it is one of: {', '.join(SORTS)}")
    stream, words = _stream(ledger, filters, sectors)
    if trace:
        return _traced(stream, words, trace, by, sectors, anyone)
    candidates, own, _ = _candidates(stream, least_reports)
    tested = len(candidates)
    passing = [one for one in _own([c for c in candidates if c.p <= SIGNIFICANCE]) if one.keyness > 0]
    places = _places(stream, passing)
    passing = [
        one
        for one in passing
        if len({_report(stream, n) for n in places[one.key]}) >= least_reports
        and " " in _surface(stream, one.place, one.length)  # "full-scale" is one word, however it is cut
    ]
    heads = _heads(stream, passing, sort, places)
    made = [_formula(stream, head, variants, places, by) for head, variants in heads]
    made.sort(key=SORTS[sort])
    state = np.flatnonzero(stream.state)
    return Formulae(
        choice=f"{words} Said by {_sectors(sectors)}.",
        method=(
            f"Sequences of 2 to {LONGEST} words without names, in {least_reports} reports or more, whose parts attract "
            f"each other (G², Holm-corrected p ≤ {SIGNIFICANCE}) and which are used more there than in all else that the "
            "reports quote."
        ),
        by=by,
        statements=len(state),
        words=int(own),
        tested=tested,
        coverage=_coverage(stream, state, by),
        formulae=tuple(made if limit is None else made[:limit]),
    )


SORTS: dict[str, Any] = {
    "keyness": lambda one: (-(one.keyness or 0), one.text),
    "g2": lambda one: (-(one.g2 or 0), one.text),
    "reports": lambda one: (-one.reports, -one.uses, one.text),
    "first": lambda one: (one.first.day is None, one.first.day or date.max, one.text),
}
"""Orders of formulae."""


def _sectors(sectors: Sequence[str]) -> str:
    return f"state actors ({', '.join(sectors)})"


def _places(stream: _Stream, wanted: list[_Candidate]) -> dict[tuple[int, ...], list[int]]:
    """Where state actors say each of the sequences."""
    keys = {one.key for one in wanted}
    firsts = np.zeros(len(stream.words), bool)
    firsts[[key[0] for key in keys]] = True
    lengths: defaultdict[int, set[int]] = defaultdict(set)
    for key in keys:
        lengths[key[0]].add(len(key))
    tokens = stream.tokens
    starts = np.flatnonzero((tokens >= 0) & firsts[np.maximum(tokens, 0)] & stream.state[stream.statement])
    listed = tokens.tolist()
    made: dict[tuple[int, ...], list[int]] = {key: [] for key in keys}
    for start in starts.tolist():
        for length in lengths[listed[start]]:
            key = tuple(listed[start : start + length])
            if key in made:
                made[key].append(start)
    return made


def _heads(
    stream: _Stream, passing: list[_Candidate], sort: str, places: dict[tuple[int, ...], list[int]]
) -> list[tuple[_Candidate, list[_Candidate]]]:
    """Formulae, each with its variants: wordings that share most of their content words with a stronger one."""
    light = {n for n, word in enumerate(stream.words) if word in function_words()} | {0}
    rank = {
        "g2": lambda one: (-one.g2, one.key),
        "reports": lambda one: (-len(places[one.key]), one.key),
    }.get(sort, lambda one: (-one.keyness, one.key))
    heads: list[tuple[_Candidate, list[_Candidate], frozenset[int]]] = []
    sharing: defaultdict[int, list[int]] = defaultdict(list)
    for one in sorted(passing, key=rank):
        content = frozenset(one.key) - light
        near = Counter(n for token in content for n in sharing[token])
        for n, common in sorted(near.items()):
            other = heads[n][2]
            if common / len(content | other) >= ALIKE:
                heads[n][1].append(one)
                break
        else:
            for token in content:
                sharing[token].append(len(heads))
            heads.append((one, [], content))
    return [(head, variants) for head, variants, _ in heads]


# --- one formula -----------------------------------------------------------------------------------------------------


def _report(stream: _Stream, place: int) -> str:
    return str(stream.rows[stream.statement[place]]["report_id"])


def _surface(stream: _Stream, place: int, length: int) -> str:
    """The words as they stand, from one place to `length` places on, with names taken out."""
    text = stream.texts[stream.statement[place]]
    made, end = "", 0
    for n in range(place, place + length):
        at = int(stream.position[n])
        match = _TOKEN.match(text, at)
        assert match is not None
        if made:
            made += "-" if text[end:at] == "-" else " "
        made += NAME if stream.tokens[n] == 0 else match[0]
        end = match.end()
    return made


def _formula(
    stream: _Stream,
    head: _Candidate,
    variants: list[_Candidate],
    places: dict[tuple[int, ...], list[int]],
    by: str,
) -> Formula:
    spans = [(place, head.length) for place in places[head.key]]
    listed = []
    for one in variants:
        own = places[one.key]
        text = _usual(stream, [(place, one.length) for place in own])
        listed.append(Variant(text=text, uses=int(one.uses), reports=len({_report(stream, n) for n in own})))
    return _spread(
        stream, _usual(stream, spans), spans, tuple(sorted(listed, key=lambda v: (-v.reports, -v.uses, v.text))), by,
        g2=head.g2, p=head.p, keyness_=head.keyness,
    )  # fmt: skip


def _usual(stream: _Stream, spans: list[tuple[int, int]]) -> str:
    """The most frequent way to write it."""
    written = Counter(_surface(stream, place, length) for place, length in spans)
    lower = Counter[str]()
    for text, number in written.items():
        lower[text.lower().replace(NAME.lower(), NAME)] += number
    return min(lower, key=lambda text: (-lower[text], text))


def _spread(
    stream: _Stream,
    text: str,
    spans: list[tuple[int, int]],
    variants: tuple[Variant, ...],
    by: str,
    *,
    g2: float | None = None,
    p: float | None = None,
    keyness_: float | None = None,
) -> Formula:
    """The figures of a wording that stands at these places (start, number of words)."""
    spans = sorted(spans, key=lambda span: _when(stream, span[0]))
    uses = [_use(stream, place, length) for place, length in spans]
    own = [use for use, (place, _) in zip(uses, spans) if stream.counts[place]]
    states: dict[str, date | None] = {}
    for use in uses:
        state = state_of(use.country)
        if state is not None:
            states.setdefault(state, use.day)
    speakers = Counter(use.speaker for use in own)
    return Formula(
        text=text,
        uses=len(own),
        reports=len({use.report for use in uses}),
        g2=g2,
        p=p,
        keyness=keyness_,
        first=uses[0],
        last=max((use.day for use in uses if use.day is not None), default=None),
        speakers=tuple(_top(speakers, 10)),
        speaker_count=len(speakers),
        states=tuple(_top(Counter(state_of(use.country) or NOT_KNOWN for use in own))),
        outlets=tuple(_top(Counter(use.outlet or NOT_KNOWN for use in uses), 10)),
        periods=_by_period((use.day for use in own), by),
        spread=tuple(states.items()),
        variants=variants,
        examples=tuple(_different(uses)),
    )


def _different(uses: list[First]) -> list[First]:
    """The first use of each of the first few states."""
    seen: dict[str | None, First] = {}
    for use in uses:
        seen.setdefault(use.country, use)
    return list(seen.values())[:EXAMPLES]


def _top(counter: Counter[str], most: int | None = None) -> list[tuple[str, int]]:
    return sorted(counter.items(), key=lambda item: (-item[1], item[0]))[:most]


def _when(stream: _Stream, place: int) -> tuple[date, str, int, int]:
    """By day, then by report and the place in it."""
    row = stream.rows[stream.statement[place]]
    return row["day"] or date.max, row["report_id"], row["content"][0][0], place


AROUND = 90
"""Characters of the statement shown on each side of a use."""


def _use(stream: _Stream, place: int, length: int) -> First:
    row = stream.rows[stream.statement[place]]
    text = stream.texts[stream.statement[place]]
    at, end = int(stream.position[place]), int(stream.position[place + length - 1])
    left, right = max(0, at - AROUND), min(len(text), end + AROUND)
    words = ("…" if left else "") + text[left:right].strip() + ("…" if right < len(text) else "")
    named = [party for party in row["speakers"] if party["country"] is not None] or row["speakers"]
    party = named[0] if named else {"name": None, "text": None, "country": None}
    return First(
        day=row["day"],
        report=row["report_id"],
        statement=row["id"],
        outlet=row["outlet"],
        speaker=party["name"] or party["text"] or NOT_KNOWN,
        country=party["country"],
        words=words,
    )


def _by_period(days: Iterable[date | None], by: str) -> tuple[tuple[str, int], ...]:
    counted = Counter(NOT_KNOWN if day is None else period_of(day, by).label for day in days)
    return tuple(sorted(counted.items(), key=lambda item: (item[0] == NOT_KNOWN, item[0])))


def _coverage(stream: _Stream, statements: Array, by: str) -> tuple[tuple[str, int], ...]:
    reports = {stream.rows[n]["report_id"]: stream.rows[n]["day"] for n in statements.tolist()}
    return _by_period(reports.values(), by)


# --- tracing ---------------------------------------------------------------------------------------------------------


def content_words(text: str) -> list[str]:
    """The folded content words of a wording, in order.

    >>> content_words("a development path suited to its national conditions")
    ['development', 'path', 'suited', 'national', 'condition']
    """
    words = [fold(match[0]) for match in _TOKEN.finditer(text) if _WORD.match(match[0])]
    return [word for word in words if word not in function_words()] or words


def _traced(
    stream: _Stream, words: str, wanted: Sequence[str], by: str, sectors: Sequence[str], anyone: bool
) -> Formulae:
    numbers = {word: n for n, word in enumerate(stream.words)}
    listed = stream.tokens.tolist()
    light = {n for n, word in enumerate(stream.words) if word in function_words()} | {0}
    allowed = stream.passing if anyone else stream.state
    at: defaultdict[int, list[int]] = defaultdict(list)
    for place, token in enumerate(listed):
        if token >= 0 and allowed[stream.statement[place]]:
            at[token].append(place)
    made, absent = [], []
    for text in wanted:
        content = [numbers.get(word, -2) for word in content_words(text)]
        if not content:
            raise BadChoice(f"trace: {text!r} has no words to look for")
        spans = []
        for start in at.get(content[0], []):
            end = _follow(listed, start, content, light)
            if end is not None:
                spans.append((start, end - start + 1))
        if not spans:
            absent.append(text)
            continue
        ways: defaultdict[str, list[int]] = defaultdict(list)
        for place, length in spans:
            ways[_surface(stream, place, length).lower()].append(place)
        variants = [
            Variant(
                text=way,
                uses=sum(bool(stream.counts[place]) for place in own),
                reports=len({_report(stream, place) for place in own}),
            )
            for way, own in ways.items()
        ]
        variants.sort(key=lambda one: (-one.reports, -one.uses, one.text))
        made.append(_spread(stream, text, spans, tuple(variants), by))
    state = np.flatnonzero(allowed)
    spoken = (stream.tokens >= 0) & allowed[stream.statement] if len(listed) else np.zeros(0, bool)
    return Formulae(
        choice=words if anyone else f"{words} Said by {_sectors(sectors)}.",
        method=(
            "The content words of each given wording in their order, without case, possessive and plural, with at most "
            f"{GAP} other content words between two of them."
        ),
        by=by,
        statements=len(state),
        words=int(spoken.sum()),
        tested=0,
        coverage=_coverage(stream, state, by),
        formulae=tuple(made),
        absent=tuple(absent),
    )


def _follow(tokens: list[int], start: int, content: list[int], light: set[int]) -> int | None:
    """The place of the last content word when all stand in order from `start`, few others between; else None."""
    place = start
    for token in content[1:]:
        others = 0
        place += 1
        while place < len(tokens) and tokens[place] != token:
            if tokens[place] < 0:
                return None
            others += tokens[place] not in light
            if others > GAP:
                return None
            place += 1
        if place == len(tokens):
            return None
    return place
