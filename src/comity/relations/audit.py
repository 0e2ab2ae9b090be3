"""Audits: a stratified sample of records that people check, and figures corrected by what they found.

A coder makes mistakes, and what it gets wrong is not spread evenly: counts and shares of coded records are biased by as
much, however many reports are read. Where people have checked a sample drawn by chance, the bias can be estimated and
taken out: the sum over what was coded, plus the sum of (true - coded) over the sample, each record weighted by how many
it stands for. That is the difference estimator of survey sampling (Cochran 1977, "Sampling Techniques", 3rd ed.,
section 7.12; Särndal, Swensson & Wretman 1992, "Model Assisted Survey Sampling", chapter 6), and what prediction-powered
inference (Angelopoulos, Bates, Fannjiang, Jordan & Zrnic 2023, Science 382, 669-674) and design-based supervised
learning (Egami, Hinck, Stewart & Wei 2023, NeurIPS 36) use with machine-made labels. It holds whatever the coder's
mistakes are. What the coder missed is in no sample of coded records, and stays uncorrected.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from math import sqrt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from comity.records import content_hash
from comity.relations.choice import Choice
from comity.relations.errors import BadChoice, BadFile
from comity.relations.figures import Figure
from comity.relations.resampling import RESAMPLES, SEED, interval, ratio
from comity.relations.told import NO_QUAD, QUADS, UNKNOWN, counted, resolve, sign_of, words_of

if TYPE_CHECKING:
    from comity.ledger import Ledger

Array = np.ndarray[Any, Any]

SIZE = 200
"""Records to review: about an hour's work. A share of 0.8 right is then known within about 0.06."""

LEAST = 2
"""Records of a stratum, for its variance to be known."""

BANDS = (0.65, 0.8)
"""Confidences that divide the strata. Thirds, about, of the coded events with the lowest confidence that counts."""

VERDICTS = ("right", "wrong")

WIDTH = 6
"""Numbers of a contribution: units, cooperation, conflict, intensity, units with an intensity, (of truth) right ones."""


class Drawn(msgspec.Struct, frozen=True, kw_only=True):
    """One record of an audit: as it was coded, and what the reviewer says of it."""

    id: str
    stratum: str
    population: int
    """Records of the stratum."""
    verdict: str | None = None
    """right | wrong (no such event took place between such parties); None: not reviewed."""
    true_type: str | None = None
    """Where it is right but for this; None: as coded."""
    true_mode: str | None = None
    true_source: str | None = None
    """Codes, joined by "|"."""
    true_target: str | None = None
    day: date | None = None
    outlet: str | None = None
    source: str
    target: str
    mutual: bool = False
    type: str
    mode: str | None = None
    quad: str | None = None
    intensity: float | None = None
    confidence: float | None = None
    title: str | None = None
    words: str | None = None
    choice: str
    """The choice of events that it was drawn under, as JSON."""
    touched: bool = False
    """The ledger's views show it corrected by hand. Not in the file."""


class Stratum(msgspec.Struct, frozen=True, kw_only=True):
    """What an audit says of one stratum."""

    name: str
    population: int
    reviewed: int
    right: int
    """Of them, right as they stand or but for type, mode and parties."""
    as_coded: int
    """Of them, right in every point."""


class Audit(msgspec.Struct, frozen=True, kw_only=True):
    """A reviewed sample."""

    file: str
    choice: Choice
    drawn: tuple[Drawn, ...]
    """Reviewed or not."""

    @property
    def reviewed(self) -> tuple[Drawn, ...]:
        return tuple(one for one in self.drawn if one.verdict is not None)

    def words(self) -> str:
        """For the figures that rest on it."""
        return (
            f"corrected for errors of coding by {self.file} ({len(self.reviewed):,} of "
            f"{sum({one.stratum: one.population for one in self.drawn}.values()):,} records reviewed; difference "
            "estimator, Angelopoulos et al. 2023; what the coder missed stays missed)"
        )


class Corrected(msgspec.Struct, frozen=True, kw_only=True):
    """A dyad's figures over all periods, corrected for errors of coding."""

    events: Figure
    """Units."""
    share: Figure
    intensity: Figure
    reviewed: int
    """Records of the audit that were coded or found in this direction and time."""


# --- drawing ---------------------------------------------------------------------------------------------------------


def draw_audit(
    ledger: Ledger, a: str | None = None, b: str | None = None, *, size: int = SIZE, choice: Choice, seed: int = SEED
) -> list[Drawn]:
    """A stratified random sample of the records that a choice counts: of two parties, or of all.

    Strata are the quad classes by bands of confidence; each gets records in proportion to its size times the standard
    deviation of being right, guessed from the confidences (Neyman 1934), and at least `LEAST`. The same ledger, choice
    and seed give the same sample. Raises `BadChoice`.
    """
    choice = resolve(ledger, choice).choice
    if choice.origin != "comity":
        raise BadChoice(f"an audit needs sentences to read, and events of {choice.origin} have none")
    if (a is None) != (b is None):
        raise BadChoice("an audit is of two parties, or of all")
    if size < LEAST:
        raise BadChoice(f"an audit of {size} records says nothing; give {LEAST} or more (200 take about an hour)")
    select = "SELECT DISTINCT id, quad_number, confidence, sources, targets FROM counted ORDER BY id"
    pair = None if a is None or b is None else (a, b)
    rows = counted(ledger, choice, select, pair=pair, where=["day_first IS NOT NULL"]).to_pylist()
    if not rows:
        raise BadChoice("there is nothing to audit: the choice counts no event")
    strata: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        strata[stratum_of(row["quad_number"], row["confidence"])].append(row)
    sizes = allocate({name: [row["confidence"] for row in of] for name, of in strata.items()}, size)
    chosen: dict[str, str] = {}
    sides = {row["id"]: ("|".join(row["sources"]), "|".join(row["targets"])) for row in rows}
    for name, number in sizes.items():
        ordered = sorted(strata[name], key=lambda row: content_hash(seed, row["id"]))
        chosen |= {row["id"]: name for row in ordered[:number]}
    said = msgspec.json.encode(choice).decode()
    known = words_of(ledger, list(chosen))
    return [
        Drawn(
            id=id_, stratum=stratum, population=len(strata[stratum]), day=row["day_first"], outlet=row["outlet"],
            source=sides[id_][0], target=sides[id_][1], mutual=row["mutual"], type=row["type"],
            mode=row["mode"], quad=row["quad"], intensity=row["intensity"], confidence=row["confidence"],
            title=row["title"], words=row["words"], choice=said,
        )
        for id_, stratum in sorted(chosen.items(), key=lambda item: content_hash(seed, "order", item[0]))
        for row in [known[id_]]
    ]  # fmt: skip


def stratum_of(quad_number: int | None, confidence: float | None) -> str:
    """The name of a record's stratum."""
    quad = NO_QUAD if quad_number is None else QUADS[quad_number]
    if confidence is None:
        return quad
    edges = [0.0, *BANDS, 1.0]
    n = int(np.searchsorted(BANDS, confidence, side="right"))
    return f"{quad}, confidence {edges[n]:g} to {edges[n + 1]:g}"


def allocate(confidences: Mapping[str, Sequence[float | None]], size: int) -> dict[str, int]:
    """How many records of each stratum: Neyman's allocation, in whole numbers that add up to `size` where they can."""
    numbers = {name: len(of) for name, of in confidences.items()}
    weight = {}
    for name, of in confidences.items():
        p = float(np.mean([0.75 if one is None else one for one in of]))
        weight[name] = numbers[name] * sqrt(max(p * (1 - p), 0.01))
    made = {name: min(LEAST, number) for name, number in numbers.items()}
    left = min(size, sum(numbers.values())) - sum(made.values())
    while left > 0:
        # The largest quotient gets the next one: Webster's method, which needs no rounding.
        open_ = [name for name in numbers if made[name] < numbers[name]]
        best = max(open_, key=lambda name: (weight[name] / (2 * made[name] + 1), name))
        made[best] += 1
        left -= 1
    return made


def _codes(parties: Iterable[Mapping[str, Any]]) -> str:
    return "|".join(dict.fromkeys(party["country"] for party in parties if party["country"]))


# --- files -----------------------------------------------------------------------------------------------------------

COLUMNS = tuple(name for name in Drawn.__struct_fields__ if name != "touched")


def write_audit(path: str | Path, drawn: Sequence[Drawn]) -> None:
    """Write a sample as CSV for review: a line a record, `verdict` and the `true_…` columns to be filled in.

    Raises `BadFile` when the file is there already: it may hold somebody's work.
    """
    path = Path(path)
    try:
        with path.open("x", encoding="utf-8", newline="") as file:
            table = csv.writer(file)
            table.writerow(COLUMNS)
            for one in drawn:
                row = msgspec.to_builtins(one)
                table.writerow(["" if row[name] is None else _safe(row[name]) for name in COLUMNS])
    except FileExistsError:
        raise BadFile(f"{path}: is there already; review it, or give another name") from None


def _safe(value: object) -> str:
    """A cell on one line that no spreadsheet takes for a formula."""
    text = " ".join(str(value).split())
    return f"'{text}" if text[:1] in "=+@" or (text[:1] == "-" and not _is_number(text)) else text


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def read_audit(path: str | Path, ledger: Ledger | None = None) -> Audit:
    """A sample as reviewed. With a `ledger`, records without a verdict get that of its log of corrections (rejected:
    wrong; accepted or corrected: right, with the corrected type, mode and parties). Raises `BadFile`.
    """
    path = Path(path)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadFile(f"{path}: cannot be read as an audit ({error})") from None
    missing = set(COLUMNS) - set(rows[0] if rows else ())
    if missing:
        raise BadFile(f"{path}: is no audit: it lacks the column {min(missing)!r}; draw one: comity audit -o FILE")
    drawn = []
    for number, row in enumerate(rows, 2):
        values = {name: (row[name] or "").strip() or None for name in COLUMNS}
        verdict = values["verdict"] = values["verdict"] and values["verdict"].lower()
        if verdict is not None and verdict not in VERDICTS:
            raise BadFile(f"{path}, line {number}: the verdict {verdict!r} is none; write right or wrong, or nothing")
        try:
            one = msgspec.convert(
                {name: value for name, value in values.items() if value is not None}, Drawn, strict=False
            )
        except msgspec.ValidationError as error:
            raise BadFile(f"{path}, line {number}: {error}") from None
        _check_truth(path, number, one)
        drawn.append(one)
    if ledger is not None:
        drawn = _from_log(ledger, drawn)
    choices = {one.choice for one in drawn}
    if len(choices) > 1:
        raise BadFile(f"{path}: holds records drawn under different choices; keep one audit to a file")
    return Audit(file=path.name, choice=msgspec.json.decode(drawn[0].choice, type=Choice), drawn=tuple(drawn))


def _check_truth(path: Path, number: int, one: Drawn) -> None:
    from comity.codebook import UnknownCode, codebook

    type_, mode = truth_of(one)
    try:
        codebook().type(type_)
        if mode is not None:
            codebook().mode(type_, mode)
    except UnknownCode as error:
        raise BadFile(f"{path}, line {number}: {error}") from None


def truth_of(one: Drawn) -> tuple[str, str | None]:
    """Type and mode as the reviewer has them. Another type without a mode has none."""
    if one.true_type is None or one.true_type == one.type:
        return one.type, one.true_mode or one.mode
    return one.true_type, one.true_mode


def _from_log(ledger: Ledger, drawn: Sequence[Drawn]) -> list[Drawn]:
    """Verdicts that the ledger's log of corrections holds, for records that have none."""
    query = (
        "SELECT record_id, action, field, value FROM corrections_v1 WHERE state = 'active' AND kind = 'event' "
        "AND list_contains($ids, record_id) ORDER BY added_at, id"
    )
    log: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in ledger.query(query, {"ids": [one.id for one in drawn]}).to_pylist() if drawn else ():
        log[row["record_id"]].append(row)
    return [_judged(one, log[one.id]) if one.id in log else one for one in drawn]


_OUT = {
    "status": lambda value: value != "actual",
    "background": lambda value: value is True,
    "scope": lambda value: value == "domestic",
}
"""Fields by which a correction takes a record out of the figures."""


def _judged(one: Drawn, log: Sequence[Mapping[str, Any]]) -> Drawn:
    touched = any(row["action"] != "accept" for row in log)
    if one.verdict is not None:
        return msgspec.structs.replace(one, touched=touched)
    changes: dict[str, Any] = {"verdict": "right", "touched": touched}
    for row in log:
        if row["action"] == "reject":
            changes["verdict"] = "wrong"
        if row["action"] != "set":
            continue
        field, value = row["field"], msgspec.json.decode(row["value"])
        if field in ("type", "mode"):
            changes[f"true_{field}"] = value
        elif field in ("source", "target"):
            changes[f"true_{field}"] = _codes(value)
        elif field in _OUT and _OUT[field](value):
            changes["verdict"] = "wrong"
    return msgspec.structs.replace(one, **changes)


# --- estimating ------------------------------------------------------------------------------------------------------


def strata_of(audit: Audit) -> list[Stratum]:
    """What the audit says of each stratum, largest first."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    population = {}
    for one in audit.drawn:
        population[one.stratum] = one.population
        if one.verdict is not None:
            found[one.stratum]["reviewed"] += 1
        if one.verdict == "right":
            found[one.stratum]["right"] += 1
            found[one.stratum]["as_coded"] += _as_coded(one)
    return [
        Stratum(name=name, population=number, **{key: found[name][key] for key in ("reviewed", "right", "as_coded")})
        for name, number in sorted(population.items(), key=lambda item: (-item[1], item[0]))
    ]


def _as_coded(one: Drawn) -> bool:
    return (
        truth_of(one) == (one.type, one.mode)
        and one.true_source in (None, one.source)
        and one.true_target in (None, one.target)
    )


def share_right(audit: Audit, *, exact: bool = False, resamples: int = RESAMPLES) -> Figure:
    """The share of the coded records that are right (`exact`: in every point), with its interval."""
    test = _as_coded if exact else lambda one: True
    values = np.array([[float(one.verdict == "right" and test(one))] for one in audit.reviewed])
    total, draws = expanded(audit, values, resamples)
    number = sum({one.stratum: one.population for one in audit.drawn}.values())
    return Figure(value=float(total[0] / number), interval=interval(draws[:, 0] / number))


def expanded(audit: Audit, values: Array, resamples: int = RESAMPLES) -> tuple[Array, Array]:
    """The total of values over all records, estimated from those of the reviewed ones, and resampled totals.

    Σ N/n Σ values over the strata; draws are those of the rescaled bootstrap for stratified samples without
    replacement (Rao & Wu 1988, "Resampling Inference With Complex Survey Data", JASA 83, 231-241, section 3 with
    m = n - 1), whose variance is N²(1 - n/N)s²/n. `values`: (reviewed records, columns). Raises `BadFile`.
    """
    of: dict[str, list[int]] = defaultdict(list)
    for n, one in enumerate(audit.reviewed):
        of[one.stratum].append(n)
    total = np.zeros(values.shape[1])
    draws = np.zeros((resamples, values.shape[1]))
    chance = np.random.default_rng(SEED)
    for name, population in sorted({one.stratum: one.population for one in audit.drawn}.items()):
        rows = of.get(name, [])
        size = len(rows)
        if size < min(LEAST, population):
            raise BadFile(
                f"{audit.file}: of the {population:,} records in the stratum {name!r} {size} are reviewed; "
                f"review {min(LEAST, population)} or more"
            )
        here = values[rows]
        mean = here.mean(axis=0)
        total += population * mean
        if size == 1:
            draws += population * mean
            continue
        picks = chance.multinomial(size - 1, np.full(size, 1 / size), resamples) / (size - 1)
        spread = sqrt(1 - size / population)
        draws += population * (mean + spread * (picks @ here - mean))
    return total, draws


def contribution(
    source: Iterable[str], target: Iterable[str], mutual: bool, forth: tuple[str, str], both: bool, numbers: Array
) -> Array:
    """What a record adds to the figures of a direction: `numbers` where it goes that way (or, with `both`, either)."""
    a, b = forth
    source, target = set(source), set(target)
    there = a in source and b in target
    back = b in source and a in target
    return numbers if there or (back and (mutual or both)) else np.zeros_like(numbers)


def _numbers(quad: str | None, type_: str, mode: str | None, intensity: float | None) -> Array:
    sign = sign_of(quad, type_, mode)
    measured = intensity is not None
    return np.array([1.0, sign == 1, sign == -1, intensity or 0.0, measured], dtype=float)


def corrected(
    audit: Audit,
    *,
    direction: tuple[str, str],
    both: bool,
    ids: Sequence[str],
    values: Array,
    draws: Array,
    choice: Choice,
    resamples: int = RESAMPLES,
) -> Corrected:
    """The figures of one direction over all periods, corrected.

    `direction`: from, to; `both`: either way. `ids`, `values`: the rows behind the uncorrected figures (`values`: units,
    cooperation, conflict, intensity, units with one). `draws`: their resampled sums (resamples, 5). Reports and reviewed
    records are resampled independently, as in prediction-powered inference. Raises `BadChoice`, `BadFile`.
    """
    need_same(audit.choice, choice)
    from comity.codebook import codebook
    from comity.ledger.filters import period

    book = codebook()
    first = period(choice.since)[0] if choice.since else date.min
    last = period(choice.until)[1] if choice.until else date.max
    weights = dict(zip(ids, values[:, 0])) if len(ids) else {}
    total = values.sum(axis=0)
    place = {id_: n for n, id_ in enumerate(ids)}
    differences = np.zeros((len(audit.reviewed), 5))
    concerned = 0
    for n, one in enumerate(audit.reviewed):
        inside = one.day is not None and first <= one.day <= last
        if not inside or (choice.outlets is not None and (one.outlet or UNKNOWN) not in choice.outlets):
            continue
        weight = weights.get(one.id, 1.0)
        coded = weight * contribution(
            one.source.split("|"), one.target.split("|"), one.mutual, direction, both,
            _numbers(one.quad, one.type, one.mode, one.intensity),
        )  # fmt: skip
        shown = values[place[one.id]] if one.id in place else np.zeros(5)
        if not one.touched:
            if coded.any() and not shown.any():
                continue  # its date has no place among the periods
            coded = shown
        true = np.zeros(5)
        if one.verdict == "right":
            type_, mode = truth_of(one)
            numbers = _numbers(book.quad(type_), type_, mode, book.intensity(type_, mode))
            if (type_, mode) == (one.type, one.mode):
                numbers = _numbers(one.quad, one.type, one.mode, one.intensity)
            true = weight * contribution(
                (one.true_source or one.source).split("|"), (one.true_target or one.target).split("|"), one.mutual,
                direction, both, numbers,
            )  # fmt: skip
        total = total + coded - shown  # the views show what reviewers corrected; what is estimated is what was coded
        differences[n] = true - coded
        concerned += bool(coded.any() or true.any())
    change, change_draws = expanded(audit, differences, resamples)
    found, drawn = total + change, draws + (total - values.sum(axis=0)) + change_draws
    return Corrected(
        events=Figure(value=float(found[0]), interval=interval(drawn[:, 0])),
        share=_share(found[1], found[1] + found[2], drawn[:, 1], drawn[:, 1] + drawn[:, 2], 0.0, 1.0),
        intensity=_share(found[3], found[4], drawn[:, 3], drawn[:, 4], -10.0, 10.0),
        reviewed=concerned,
    )


def _share(above: float, below: float, draws_above: Array, draws_below: Array, least: float, most: float) -> Figure:
    """A ratio of corrected sums, kept inside what it can be; none where the sum below may as well be nothing."""
    if below <= 0 or np.quantile(draws_below, 0.025) <= 0:
        return Figure(value=None)
    found = interval(np.clip(ratio(draws_above, draws_below), least, most))
    return Figure(value=float(np.clip(above / below, least, most)), interval=found)


def need_same(audited: Choice, wanted: Choice) -> None:
    """Raise `BadChoice` where figures count other records than the audit was drawn from."""
    for name in ("count", "sectors", "fold_groups", "scope", "asserted", "origin", "demo", "min_confidence"):
        one, other = getattr(audited, name), getattr(wanted, name)
        if one != other:
            raise BadChoice(f"the audit was drawn with {name} {one!r}, and the figures have {other!r}; use the same")
