"""Claims about relations: statements that compare a relation with its own past or with others, beside the record.

"Unprecedented", "never been better", "at their lowest since", "deteriorated": ``data/claims.tsv`` says which words make
the comparison, ``data/relation_words.tsv`` what is compared. Beside each claim stand the figures of that pair of states
in that period, their rank within the pair's own history until then, and the interval of the rank. There is no verdict,
and no rank where too little was read.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from comity.relations.choice import Choice, restate
from comity.relations.coverage import panel_of, read_reports
from comity.relations.errors import BadChoice
from comity.relations.figures import Figure
from comity.relations.naming import name_of, state_of
from comity.relations.periods import UNITS, period_of
from comity.relations.resampling import Interval, interval, ratio, sums
from comity.relations.said import choose_statements, contents, names_in, spoken_in
from comity.relations.told import counted, resolve

if TYPE_CHECKING:
    from comity.ledger import Ledger

Array = np.ndarray[Any, Any]

LEAST_READ = 20
"""Reports that have to be read in a period for it to have a rank: of fewer, one report's events move every figure."""

LEAST_EVENTS = 5
"""Units that a pair has to have in a period: as for `comity dyad`, where fewer are marked sparse."""

LEAST_PERIODS = 4
"""Periods with enough that a history has to have, the claim's own included: being second of three says nothing."""

NEAR = 70
"""Characters that may stand between the words of comparison and the relation that they are about."""

CLOSE = 30
"""Characters within which two parties are those of the word for a relation, where the sentence names others too."""

AFTER = 12
"""Characters within which a name follows "relations with": "its neighbour" fits in between."""

KINDS = {
    "extreme": "the most or the least ever",
    "since": "the most or the least since a time",
    "first": "the first time since a time",
    "change": "better or worse than before",
    "comparison": "another time or another kind of relation",
    "others": "compared with relations to others",
}

WAYS = {1: "up", 0: "extent", -1: "down"}
"""up: a better or closer relation is claimed; down: a worse one; extent: only that it is out of the ordinary."""

_SENTENCE = re.compile(r"[^.!?\n…]*(?:[.!?](?=\S)[^.!?\n…]*)*[.!?…\n]?")
_HOPED = re.compile(
    r"(?:\b(?:will|would|shall|should|could|can|may|might|must|if|unless|wish\w*|hop\w+|want\w*|ready|need\w*|plan\w*|"
    r"aim\w*|intend\w*|try\w*|seek\w*|call\w* for|in order|let us|let's|avoid\w*|prevent\w*)\b|\bto (?:be )?$|\bto \w+ )[^,;:.]{0,40}$",
    re.IGNORECASE,
)
"""What stands before a comparison that is wished for or feared and not claimed."""


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """One figure of a pair in one period, and how it stands among the periods until then."""

    figure: str
    """intensity | cooperation | conflict."""
    value: Figure
    rank: int
    """1 is the highest of the periods."""
    of: int
    """Periods with enough coverage, the claim's own included."""
    rank_interval: Interval | None
    """Between which ranks it lies in 95 % of the resampled records."""


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """A statement that compares a relation, and the record beside it."""

    statement: str
    """Its id."""
    report: str
    day: date | None
    """When it was said; the day of publication where the text does not tell."""
    outlet: str | None
    speakers: tuple[str, ...]
    country: str | None
    """Of the first speaker who has one."""
    kind: str
    """A key of `KINDS`."""
    way: str
    """up | down | extent."""
    pattern: str
    """Id in the lexicon."""
    marked: str
    """The words that compare."""
    about: str
    """The word for what is compared."""
    words: str
    """The sentence."""
    hoped: bool
    """Wished for, feared or planned, and not claimed."""
    pair: tuple[str, ...] | None
    """The two parties; None where the text does not settle whose relation it is."""
    period: str | None
    reports: int
    """Reports of the panel that were read in the period."""
    events: float
    """Units of the pair in the period."""
    record: tuple[Standing, ...]
    """Empty where there is too little: `why_not` says of what."""
    why_not: str | None


class Claims(msgspec.Struct, frozen=True, kw_only=True):
    """Claims with what the figures beside them count."""

    choice: str
    record: str
    by: str
    minimum: str
    statements: int
    """Statements that were looked at."""
    claims: tuple[Claim, ...]


# --- the lexicon -----------------------------------------------------------------------------------------------------


class Pattern(msgspec.Struct, frozen=True, kw_only=True):
    """A row of ``data/claims.tsv``."""

    id: str
    kind: str
    way: int
    expression: re.Pattern[str]
    example: str


@cache
def lexicon() -> tuple[Pattern, ...]:
    """The patterns of comparison, in the order in which they are tried."""
    made = []
    for line in _rows("claims.tsv"):
        id_, kind, way, pattern, example = line
        made.append(
            Pattern(id=id_, kind=kind, way=int(way), expression=re.compile(pattern, re.IGNORECASE), example=example)
        )
    return tuple(made)


@cache
def _relation_words() -> tuple[re.Pattern[str], dict[str, int]]:
    senses = {word: int(sense) for word, sense, _ in _rows("relation_words.tsv")}
    words = "|".join(re.escape(word) for word in sorted(senses, key=len, reverse=True))
    return re.compile(rf"\b(?:{words})\b", re.IGNORECASE), senses


@cache
def _stems() -> tuple[str, ...]:
    """Letters of which some stand in every text with a word for a relation: looking for them is quick."""
    _, senses = _relation_words()
    stems = {word.split(" ")[0][1:6] for word in senses}
    return tuple(sorted(one for one in stems if not any(other != one and other in one for other in stems)))


def _rows(name: str) -> Iterator[list[str]]:
    lines = files(__package__).joinpath("data", name).read_text("utf-8").splitlines()
    width = len(lines[0].split("\t"))
    for line in lines[1:]:
        cells = line.split("\t")
        yield cells + [""] * (width - len(cells))


class Found(msgspec.Struct, frozen=True):
    """A comparison in a text."""

    pattern: Pattern
    start: int
    """Of the sentence, in the text."""
    end: int
    marked: tuple[int, int]
    about: tuple[int, int]
    way: int
    sense: int
    """Of the word for a relation: 1 good, -1 bad, 0 neither."""
    hoped: bool


def comparisons(text: str) -> list[Found]:
    """Comparisons of relations in a text: in each sentence the first pattern of the lexicon that stands near a word for
    a relation.

    >>> [(one.pattern.id, one.way) for one in comparisons("Our ties have never been better. He smiled.")]
    [('extreme.never-so-good', 1)]
    """
    relation, senses = _relation_words()
    made: list[Found] = []
    if not any(stem in text for stem in _stems()):
        return made
    for sentence in _SENTENCE.finditer(text):
        words = sentence[0]
        # "The Trans-Pacific Partnership" is a name; at the beginning of a sentence any word has a capital.
        about = [
            word
            for word in relation.finditer(words)
            if word[0][0].islower() or not words[: word.start()].strip(" “\"'‘")
        ]
        if not about:
            continue
        for pattern in lexicon():
            match = pattern.expression.search(words)
            near = _nearest(match, about) if match else None
            if match is None or near is None:
                continue
            sense = senses[near[0].lower()]
            start = sentence.start()
            made.append(
                Found(
                    pattern,
                    start,
                    sentence.end(),
                    (start + match.start(), start + match.end()),
                    (start + near.start(), start + near.end()),
                    _way(pattern.way, sense, match[0]),
                    sense,
                    bool(_HOPED.search(words[: match.start()])),
                )
            )
            break
    return made


_AMOUNT = re.compile(r"\blow|\b(?:fell|fall|drop|decreas|declin|shr[aiu]nk|eas)", re.IGNORECASE)


def _way(way: int, sense: int, marked: str) -> int:
    """The way of a claim from those of the comparison and of the word for the relation.

    The lowest tension is good; the worst one is not, because worst already judges.
    """
    if way == 0:
        return sense
    if sense < 0 and way < 0 and not _AMOUNT.search(marked):
        return way
    return way * (sense or 1)


def _nearest(match: re.Match[str], words: list[re.Match[str]]) -> re.Match[str] | None:
    """The word for a relation next to the comparison (or in it), None when all are far."""

    def distance(word: re.Match[str]) -> int:
        return max(match.start() - word.end(), word.start() - match.end(), 0)

    nearest = min(words, key=distance)
    return nearest if distance(nearest) <= NEAR else None


# --- whose relation --------------------------------------------------------------------------------------------------


_OURS = re.compile(r"\b(?:our|bilateral|mutual|two|both) ?(?:\w+ )?", re.IGNORECASE)


def pair_of(
    here: list[str], near: list[str], said: list[str], speakers: list[str], to: str | None, present: list[str]
) -> tuple[str, ...] | None:
    """The two parties whose relation a sentence compares, in order of their codes; None where it is not settled.

    `here`: parties that the sentence names; `near`: of these, those next to the word for the relation; `said`: all that
    the statement names; `speakers`, `to`: who says it, to whom; `present`: all who speak in the report, where the
    sentence says "our" or "bilateral". Two that are named; one, with the one who speaks or is spoken to; none, with
    the one other who speaks, or whom the statement names.
    """
    for named in (near, here):
        if len(set(named)) == 2:
            return tuple(sorted(set(named)))
    if len(set(here)) > 2:
        return None
    others = [*dict.fromkeys(speakers), *([to] if to else [])]
    if here:
        rest = [code for code in others if code != here[0]]
        return tuple(sorted((here[0], rest[0]))) if rest else None
    for more in (present, [code for code in said if not present or code in present]):
        found = list(dict.fromkeys([*others, *more]))
        if len(found) == 2:
            return tuple(sorted(found))
    return None


_WITH = re.compile(r"\s+(?:with|between|among)\s+", re.IGNORECASE)
_BROAD = re.compile(r"\s+(?:in|on|across|within|around|throughout|inside)\s+", re.IGNORECASE)


def _elsewhere(text: str, found: Found, names: list[int]) -> bool:
    """Whether the words after the one for a relation say that it is somebody else's: "tensions with the West", whose
    name is no state's; "tensions in the region". `names`: where states are named in the text."""
    end = found.about[1]
    match = _WITH.match(text, end, found.end)
    if match is not None:
        return not any(match.end() <= name <= match.end() + AFTER for name in names)
    return found.sense < 0 and _BROAD.match(text, end, found.end) is not None


def _parties(codes: list[str | None]) -> list[str]:
    made = []
    for code in codes:
        state = state_of(code) if code is not None and not code.startswith("GROUP:") else None
        if state is not None:
            made.append(state)
    return made


def claims(
    ledger: Ledger,
    *,
    by: str = "year",
    dyad: tuple[str, str] | None = None,
    hopes: bool = False,
    choice: Choice | None = None,
    least_read: int = LEAST_READ,
    **filters: Any,
) -> Claims:
    """Statements that compare a relation with its past or with others, each with the record of its pair beside it.

    `by`: day, week, month, quarter, year: the periods that are ranked. `dyad`: only claims about these two. `hopes`:
    those wished for or planned too. `choice`: which events the record's figures count. `least_read`: reports that a
    period must have for a rank. `filters`: those of statements; since, until and those on the outlet choose reports.

    Raises `BadChoice`, and `comity.ledger.BadFilter` for filters that are none.
    """
    if by not in UNITS:
        raise BadChoice(f"there are no periods by {by!r}; choose one of: {', '.join(UNITS)}")
    chosen = choose_statements(ledger, filters)
    history = _History(ledger, resolve(ledger, choice or Choice()).choice, by, least_read)
    wanted = tuple(sorted(dyad)) if dyad is not None else None
    made: list[Claim] = []
    told: set[tuple[str, int]] = set()
    speaking = spoken_in(ledger, "speaking", chosen)
    present = {row["report_id"]: _parties(row["countries"]) for row in speaking}
    rows = [
        row
        for row in contents(ledger, chosen, _stems()).to_pylist()
        if row["polarity"] == "positive" and row["modality"] == "actual" and any(map(comparisons, row["words"]))
    ]
    names = _names(ledger, sorted({row["report_id"] for row in rows}))
    for row in rows:
        for claim, place in _in_statement(row, names[row["report_id"]], present[row["report_id"]]):
            if place in told or (claim.hoped and not hopes) or (wanted is not None and claim.pair != wanted):
                continue  # a statement inside another has the same words once more
            told.add(place)
            made.append(history.beside(claim))
    made.sort(key=lambda one: (one.day is not None, one.day or date.min, one.report, one.statement), reverse=True)
    return Claims(
        choice=chosen.words,
        record=f"{restate(history.choice)} By {by}; {history.panel.words}.",
        by=by,
        minimum=(
            f"A rank is given where {least_read} reports or more were read in the period and {LEAST_EVENTS} "
            f"{history.choice.count} or more of the pair, among {LEAST_PERIODS} such periods or more."
        ),
        statements=sum(row["statements"] for row in speaking),
        claims=tuple(made),
    )


def _names(ledger: Ledger, reports: list[str]) -> dict[str, list[tuple[int, int, str]]]:
    """Where each of the reports names states and organisations: start, end and code, in order."""
    made: dict[str, list[tuple[int, int, str]]] = {report: [] for report in reports}
    if reports:
        table = names_in(ledger, choose_statements(ledger, {"report": reports}))
        for report, start, end, code in zip(*(table[n].to_pylist() for n in ("report_id", "start", "end", "country"))):
            if code is not None and not code.startswith("GROUP:"):
                made[report].append((start, end, code))
    return made


def _in_statement(
    row: dict[str, Any], names: list[tuple[int, int, str]], present: list[str]
) -> Iterator[tuple[Claim, tuple[str, int]]]:
    spans: list[tuple[int, int, str]] = []
    for (first, last), _ in zip(row["content"], row["words"]):
        at = bisect_left(names, (first, 0, ""))
        while at < len(names) and names[at][0] < last:
            spans.append(names[at])
            at += 1
    said = _parties([code for _, _, code in spans])
    speakers = _parties([party["country"] for party in row["speakers"]])
    to = _parties([row["addressee"]["country"]]) if row["addressee"] else []
    for (offset, _), text in zip(row["content"], row["words"]):
        for found in comparisons(text):
            inside = [n for n in spans if offset + found.start <= n[0] < offset + found.end]
            around = (offset + found.about[0] - CLOSE, offset + found.about[1] + CLOSE)
            near = [n for n in inside if around[0] <= n[0] and n[1] <= around[1]]
            pair = (
                None
                if _elsewhere(text, found, [n[0] - offset for n in inside])
                else pair_of(
                    _parties([n[2] for n in inside]),
                    _parties([n[2] for n in near]),
                    said,
                    speakers,
                    to[0] if to else None,
                    present if _OURS.search(text[found.start : found.end]) else [],
                )
            )
            day = row["day_first"] or row["day"]
            yield (
                Claim(
                    statement=row["id"],
                    report=row["report_id"],
                    day=day,
                    outlet=row["outlet"],
                    speakers=tuple(party["name"] or party["text"] or "unnamed" for party in row["speakers"]),
                    country=next((party["country"] for party in row["speakers"] if party["country"]), None),
                    kind=found.pattern.kind,
                    way=WAYS[found.way],
                    pattern=found.pattern.id,
                    marked=text[slice(*found.marked)],
                    about=text[slice(*found.about)],
                    words=" ".join(text[found.start : found.end].split()),
                    hoped=found.hoped,
                    pair=pair,
                    period=None,
                    reports=0,
                    events=0.0,
                    record=(),
                    why_not=None,
                ),
                (row["report_id"], offset + found.marked[0]),
            )


# --- the record beside it --------------------------------------------------------------------------------------------

FIGURES = {
    "intensity": "mean intensity",
    "cooperation": "acts of cooperation in 1,000 reports read",
    "conflict": "acts of conflict in 1,000 reports read",
}


class _Levels(msgspec.Struct, frozen=True):
    """A pair's figures by period: numbers and draws of them."""

    labels: list[str]
    reports: list[int]
    events: Array
    values: dict[str, Array]
    draws: dict[str, Array]


class _History:
    """What the record holds of pairs, read once for each."""

    def __init__(self, ledger: Ledger, choice: Choice, by: str, least_read: int) -> None:
        self.ledger = ledger
        self.by = by
        self.least_read = least_read
        read = read_reports(ledger, choice, by)
        self.panel = panel_of(read, "fixed", imported=choice.origin != "comity")
        inside = set(self.panel.outlets)
        self.read = {label: sum(n for o, n in outlets.items() if o in inside) for label, outlets in read.items()}
        self.choice = choice
        if self.panel.rule != "all":
            self.choice = msgspec.structs.replace(choice, outlets=self.panel.outlets)
        self.known: dict[tuple[str, ...], _Levels] = {}

    def beside(self, claim: Claim) -> Claim:
        """The claim with its pair's figures."""
        if claim.pair is None:
            return msgspec.structs.replace(claim, why_not="the text does not settle whose relation is meant")
        if claim.day is None:
            return msgspec.structs.replace(claim, why_not="neither the statement nor its report has a date")
        label = period_of(claim.day, self.by).label
        if claim.pair not in self.known:
            self.known[claim.pair] = self._levels(claim.pair)
        levels = self.known[claim.pair]
        at = levels.labels.index(label) if label in levels.labels else None
        events = float(levels.events[at]) if at is not None else 0.0
        read = self.read.get(label, 0)
        claim = msgspec.structs.replace(claim, period=label, reports=read, events=events)
        short = None
        if read < self.least_read:
            short = f"{read} reports read in {label}; {self.least_read} are needed"
        elif at is None or events < LEAST_EVENTS:
            short = f"{events:.0f} {self.choice.count} of the pair in {label}; {LEAST_EVENTS} are needed"
        if short is not None or at is None:
            return msgspec.structs.replace(claim, why_not=short)
        usable = [n for n in range(at + 1) if levels.reports[n] >= self.least_read and levels.events[n] >= LEAST_EVENTS]
        if len(usable) < LEAST_PERIODS:
            why = f"{len(usable)} periods with enough until {label}; {LEAST_PERIODS} are needed"
            return msgspec.structs.replace(claim, why_not=why)
        record = tuple(
            _standing(figure, levels.values[figure][usable], levels.draws[figure][:, usable])
            for figure in FIGURES
            if np.isfinite(levels.values[figure][usable]).all()
        )
        return msgspec.structs.replace(claim, record=record)

    def _levels(self, pair: tuple[str, ...]) -> _Levels:
        select = "SELECT coalesce(report_id, id) AS block, day_first, weight, sign, intensity FROM counted ORDER BY id"
        table = counted(self.ledger, self.choice, select, pair=(pair[0], pair[1]), where=["day_first IS NOT NULL"])
        days = table["day_first"].to_pylist()
        labelled = [period_of(day, self.by).label for day in days]
        labels = sorted(set(labelled))
        place = {label: n for n, label in enumerate(labels)}
        cells = np.array([place[label] for label in labelled], np.int64)
        _, blocks = np.unique(np.array(table["block"].to_pylist(), dtype=str), return_inverse=True)
        weight = np.array(table["weight"].to_pylist(), float)
        sign = np.array(table["sign"].to_pylist(), float)
        intensity = np.array([np.nan if one is None else one for one in table["intensity"].to_pylist()], float)
        known = np.isfinite(intensity)
        values = np.stack(
            [weight, weight * (sign > 0), weight * (sign < 0), weight * np.where(known, intensity, 0), weight * known],
            axis=1,
        ) if len(weight) else np.zeros((0, 5))  # fmt: skip
        whole = np.zeros((len(labels), 5))
        np.add.at(whole, cells, values)
        draws = sums(cells, blocks, values, cell_count=len(labels))
        read = np.array([self.read.get(label, 0) for label in labels], float)
        made, drawn = {}, {}
        made["intensity"], drawn["intensity"] = ratio(whole[:, 3], whole[:, 4]), ratio(draws[..., 3], draws[..., 4])
        for n, figure in ((1, "cooperation"), (2, "conflict")):
            made[figure], drawn[figure] = 1000 * ratio(whole[:, n], read), 1000 * ratio(draws[..., n], read)
        return _Levels(labels, read.astype(int).tolist(), whole[:, 0], made, drawn)


def _standing(figure: str, values: Array, draws: Array) -> Standing:
    """The last of the periods among all of them."""
    rank, ranks = rank_of_last(values, draws)
    return Standing(
        figure=figure,
        value=Figure(value=float(values[-1]), interval=interval(draws[:, -1])),
        rank=rank,
        of=len(values),
        rank_interval=ranks,
    )


def rank_of_last(values: Array, draws: Array) -> tuple[int, Interval | None]:
    """The rank of the last value among all (1 is the highest), and the interval of its ranks in the draws.

    `draws`: (resamples, values). Draws in which a period has no events at all are left out (Goldstein & Spiegelhalter
    1996, "League tables and their limitations", on intervals of ranks).
    """
    rank = 1 + int((values[:-1] > values[-1]).sum())
    usable = draws[np.isfinite(draws).all(axis=1)]
    drawn = 1.0 + (usable[:, :-1] > usable[:, -1:]).sum(axis=1)
    found = interval(drawn) if len(usable) >= 0.8 * len(draws) else None
    return rank, found if found is None else Interval(float(np.floor(found.low)), float(np.ceil(found.high)))


def summary(found: Claims) -> list[tuple[str, Counter[str]]]:
    """How many claims of each way every pair has, most first."""
    number: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for claim in found.claims:
        pair = "–".join(name_of(code) for code in claim.pair) if claim.pair else "not settled"
        number[pair][claim.way] += 1
    return sorted(number.items(), key=lambda item: (-item[1].total(), item[0]))
