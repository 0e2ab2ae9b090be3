"""Aggregated series: sums by pair and period that somebody else has made of events, in a table.

Such tables (GDELT dyad-months, published replication data) have no events to show as evidence, but signs, ranks, blocs
and change points can be had from them. They are read from a file each time and never enter a ledger.
"""

from __future__ import annotations

import csv
import gzip
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import IO, Any

import msgspec
import numpy as np

from comity.ledger.filters import period
from comity.relations.errors import BadFile

COLUMNS = {
    "a": ("a", "source", "country1", "iso3_a", "state_a", "actor1"),
    "b": ("b", "target", "country2", "iso3_b", "state_b", "actor2"),
    "period": ("period", "month", "date", "day", "year", "yearmon", "monthyear"),
    "score": ("score", "score_sum", "sum", "weight", "goldstein", "intensity"),
    "events": ("events", "n", "count", "n_events", "numevents"),
    "cooperation": ("cooperation", "coop", "positive"),
    "conflict": ("conflict", "conf", "negative"),
    "days": ("n_days", "days"),
}
"""Names that a column may have, in lower case. Needed are a, b, a period, and score or cooperation and conflict."""

Array = np.ndarray[Any, Any]


class Sums(msgspec.Struct, frozen=True, kw_only=True):
    """Rows of a file, as parallel arrays."""

    name: str
    """Of the file."""
    codes: tuple[str, ...]
    """The parties, in the order of the alphabet."""
    a: Array
    """Places in `codes`."""
    b: Array
    first: Array
    """First day of the period (datetime64[D])."""
    last: Array
    score: Array
    """Sum of scores: cooperation less conflict, on the file's own scale."""
    cooperation: Array
    """Sum of what is above 0 (numbers of acts where the file has them)."""
    conflict: Array
    events: Array | None
    directed: bool
    """Whether the file has a row for each direction of a pair."""
    days: Array | None = None
    """Days of the period that were summed, where the file says so."""


def read_sums(path: str | Path, since: str | None = None, until: str | None = None) -> Sums:
    """The rows of a CSV or TSV file (may be gzipped) whose periods lie within the days.

    Columns (`COLUMNS`): two codes; a period as ``2022``, ``2022-02``, ``202202``, ``2022-02-24`` or ``20220224``; a
    score, or cooperation and conflict; the number of events where it is known. Raises `BadFile`.
    """
    begin = period(since)[0] if since is not None else None
    end = period(until)[1] if until is not None else None
    where = Path(path)
    a: list[str] = []
    b: list[str] = []
    first: list[date] = []
    last: list[date] = []
    figures: list[tuple[float, float, float]] = []
    events: list[float] = []
    summed: list[float] = []
    spans: dict[str, tuple[date, date]] = {}
    with _opened(where) as stream:
        head = stream.readline().rstrip("\r\n")
        separator = "\t" if "\t" in head else ";" if head.count(";") > head.count(",") else ","
        place = _columns(next(csv.reader([head], delimiter=separator)), where)
        scored, counted, dated = "score" in place, "events" in place, "days" in place
        for number, row in enumerate(csv.reader(stream, delimiter=separator), start=2):
            if not row:
                continue
            try:
                when = row[place["period"]]
                span = spans.get(when)
                if span is None:
                    span = spans[when] = _span(when)
                if (begin is not None and span[0] < begin) or (end is not None and span[1] > end):
                    continue
                if scored:
                    score = float(row[place["score"]])
                    figures.append((score, max(score, 0.0), max(-score, 0.0)))
                else:
                    plus, minus = float(row[place["cooperation"]]), float(row[place["conflict"]])
                    figures.append((plus - minus, plus, minus))
                if counted:
                    events.append(float(row[place["events"]]))
                if dated:
                    summed.append(float(row[place["days"]]))
                a.append(row[place["a"]])
                b.append(row[place["b"]])
                first.append(span[0])
                last.append(span[1])
            except (ValueError, IndexError) as error:
                raise BadFile(f"{where}, line {number}: {error}") from None
    table = np.array(figures, float).reshape(-1, 3)
    codes = sorted({*a, *b})
    place_of = {code: n for n, code in enumerate(codes)}
    pairs = set(zip(a, b))
    return Sums(
        name=where.name,
        codes=tuple(codes),
        a=np.array([place_of[code] for code in a], np.int64),
        b=np.array([place_of[code] for code in b], np.int64),
        first=np.array(first, "datetime64[D]"),
        last=np.array(last, "datetime64[D]"),
        score=table[:, 0],
        cooperation=table[:, 1],
        conflict=table[:, 2],
        events=np.array(events, float) if counted else None,
        directed=any((two, one) in pairs for one, two in pairs if one != two),
        days=np.array(summed, float) if dated else None,
    )


def within(sums: Sums, since: date | None, until: date | None) -> Sums:
    """The rows whose periods lie within the days."""
    keep = np.ones(len(sums.a), bool)
    if since is not None:
        keep &= sums.first >= np.datetime64(since)
    if until is not None:
        keep &= sums.last <= np.datetime64(until)
    return msgspec.structs.replace(
        sums,
        **{name: getattr(sums, name)[keep] for name in ("a", "b", "first", "last", "score", "cooperation", "conflict")},
        events=None if sums.events is None else sums.events[keep],
        days=None if sums.days is None else sums.days[keep],
    )


@contextmanager
def _opened(path: Path) -> Iterator[IO[str]]:
    try:
        with (
            gzip.open(path, "rt", encoding="utf-8-sig", newline="")
            if path.suffix == ".gz"
            else path.open(encoding="utf-8-sig", newline="")
        ) as stream:
            yield stream
    except (OSError, UnicodeDecodeError, EOFError) as error:
        raise BadFile(f"{path} cannot be read: {error}") from None


def _columns(head: Sequence[str], path: Path) -> dict[str, int]:
    lower = [name.strip().lower() for name in head]
    place = {}
    for column, names in COLUMNS.items():
        for name in names:
            if name in lower:
                place[column] = lower.index(name)
                break
    scored = "score" in place or ("cooperation" in place and "conflict" in place)
    if not scored or not {"a", "b", "period"} <= place.keys():
        raise BadFile(
            f"{path} has the columns {', '.join(head)}; needed are a, b, period, and score or cooperation and conflict"
        )
    return place


def _span(text: str) -> tuple[date, date]:
    """The first and last day of a period as files write it."""
    digits = re.fullmatch(r"(\d{4})(\d{2})?(\d{2})?(?:\.0)?", text.strip())
    first, last = period("-".join(part for part in digits.groups() if part) if digits else text.strip()[:10])
    return first, last
