"""How fast the ledger is: adding codings, and asking ten million events.

Run from the repository: ``python benchmarks/ledger.py add`` or ``python benchmarks/ledger.py ask --events 10000000``.
Everything is made up, seeded, with the sizes of news reports; times are of this process alone, the best of three.
"""

# ruff: noqa: T201, S311, SIM905, B023
from __future__ import annotations

import argparse
import random
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from comity.actors.tables import load
from comity.ledger import Ledger
from comity.records import (
    Actor,
    Coding,
    Event,
    Mention,
    Party,
    Place,
    Reason,
    Report,
    Speaker,
    Statement,
    TimeExpression,
    content_hash,
)

WORDS = "the minister said talks with government on border trade security would go ahead after visit deal force".split()
STATES = "USA CHN RUS UKR GBR FRA DEU IRN ISR SYR IND PAK JPN KOR PRK TUR SAU EGY BRA ZAF NGA KEN POL ITA ESP".split()
TYPES = {
    "CONSULT": "verbal cooperation",
    "AGREE": "verbal cooperation",
    "SUPPORT": "verbal cooperation",
    "ACCUSE": "verbal conflict",
    "REQUEST": "verbal conflict",
    "THREATEN": "verbal conflict",
    "AID": "material cooperation",
    "ASSAULT": "material conflict",
    "SANCTION": "material conflict",
}


def codings(number: int, seed: int = 1) -> Iterator[Coding]:
    """Codings of the size of news reports: 4,600 characters, 60 mentions, 15 statements, 20 events."""
    chance = random.Random(seed)
    for n in range(number):
        text = " ".join(chance.choices(WORDS, k=800))
        id_ = content_hash("bench", n)
        day = f"{chance.randint(2005, 2023)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"

        def span(length: int, text: str = text) -> tuple[int, int]:
            start = chance.randrange(len(text) - length)
            return start, start + length

        def party(make: type[Party] = Party, text: str = text) -> Any:
            start = chance.randrange(len(text) - 12)
            words = text[start : start + 12]
            country = chance.choice(STATES)
            return make(start=start, end=start + 12, text=words, actor="a1", name=words, country=country, sector="GOV")

        def mention(text: str = text) -> Mention:
            start, end = span(10)
            return Mention(start=start, end=end, text=text[start:end], actor="a1", country=chance.choice(STATES))

        def date(text: str = text, day: str = day) -> TimeExpression:
            start, end = span(8)
            return TimeExpression(start=start, end=end, text=text[start:end], type="DATE", value=day)

        def place(text: str = text) -> Place:
            start, end = span(6)
            return Place(start=start, end=end, text=text[start:end], geonameid=n, lat=1.5, lon=2.5, level="city")

        statements = tuple(
            Statement(
                id=content_hash(id_, "s", k), kind="indirect", content=(span(120),), cue=span(4),
                speakers=(party(Speaker),), date=day, date_precision="published", confidence=chance.random(),
            )
            for k in range(15)
        )  # fmt: skip
        events = []
        for k in range(20):
            type_ = chance.choice(list(TYPES))
            events.append(
                Event(
                    id=content_hash(id_, "e", k), type=type_, quad=TYPES[type_], intensity=1.0, source=(party(),),
                    target=(party(),), scope="international", date=day, date_precision="day", sentence=span(150),
                    trigger=span(6), reason=Reason(by="rule", id="bench"), confidence=chance.random(),
                    account=chance.choice(statements).id, account_party="independent",
                )
            )  # fmt: skip
        yield Coding(
            report=Report(id=id_, text=text, title="Bench", outlet=f"Outlet {n % 40}", published=day, language="en"),
            actors=tuple(Actor(id=f"a{k}", name=f"Actor {k}", kind="person") for k in range(10)),
            mentions=tuple(mention() for _ in range(60)),
            dates=tuple(date() for _ in range(10)),
            places=tuple(place() for _ in range(8)),
            statements=statements,
            events=tuple(events),
            codebook="bench",
            coder="bench",
        )


def timed(what: str, work: Callable[[], Any], times: int = 3) -> Any:
    """Do the work several times; print the best wall time and its processor time."""
    best, result = (float("inf"), float("inf")), None
    for _ in range(times):
        wall, cpu = time.perf_counter(), time.process_time()
        result = work()
        best = min(best, (time.perf_counter() - wall, time.process_time() - cpu))
    print(f"{what:58} {best[0]:8.3f} s   (processor {best[1]:.3f} s)")
    return result


def add(reports: int) -> None:
    """Time of adding, of adding again, of a check, of the first search."""
    made = list(codings(reports))
    with tempfile.TemporaryDirectory() as folder, Ledger(Path(folder) / "l") as ledger:
        timed(f"add {reports} reports", lambda: print(ledger.add(made)), 1)
        timed("add them again", lambda: print(ledger.add(made)), 1)
        timed("bring the search index up to date", ledger.index, 1)
        timed("search reports", lambda: ledger.reports(text='"border trade" minister', limit=20))
        timed("search events", lambda: ledger.events(text='"border trade"', limit=20))
        timed("rebuild one coding", lambda: ledger.coding(made[7].report.id))
        timed("explain one event", lambda: ledger.explain(made[7].events[3].id))
        timed("page of events", lambda: ledger.events(dyad="CHN-RUS", limit=50))
        timed("check", lambda: print(len(ledger.check()), "problems"), 1)
        timed("maintain", lambda: print(ledger.maintain()), 1)
        size = sum(file.stat().st_size for file in Path(folder).rglob("*.parquet"))
        print(f"parquet: {size / 1e6:.0f} MB, {size / reports:.0f} bytes a report")
        print(f"search index: {(Path(folder) / 'l' / 'search.sqlite').stat().st_size / 1e6:.0f} MB")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


CHUNK = 1_000_000


def synthetic(events: int, seed: int = 1) -> Iterator[dict[str, Any]]:
    """Imported events: few dyads have most of them, days over 24 years, as in the real files."""
    import numpy as np
    import pyarrow as pa

    chance = np.random.default_rng(seed)
    states = np.array(load().state_iso3[:200])
    types = np.array(list(TYPES))
    for start in range(0, events, CHUNK):
        size = min(CHUNK, events - start)

        def parties(size: int = size) -> Any:
            country = pa.array(states[np.minimum(chance.zipf(1.3, size) - 1, len(states) - 1)])
            nothing = pa.nulls(size, pa.string())
            nowhere = pa.nulls(size, pa.int64())
            text = pa.array(np.char.add("Government of ", states))
            name = text.take(pa.array(chance.integers(0, len(states), size)))
            names = ["start", "end", "text", "actor", "name", "country", "sector", "office", "office_status"]
            sector = pa.array(np.array(["GOV", "MIL", "CVL"])[chance.integers(0, 3, size)])
            fields = [nowhere, nowhere, name, nothing, name, country, sector, nothing, nothing]
            return pa.ListArray.from_arrays(pa.array(np.arange(size + 1)), pa.StructArray.from_arrays(fields, names))

        type_ = types[chance.integers(0, len(types), size)]
        day = np.datetime64("2000-01-01") + chance.integers(0, 8766, size).astype("timedelta64[D]")
        number = np.arange(start, start + size)
        yield {
            "events": pa.table(
                {
                    "n": number,
                    "id": pa.array([f"{(x * 0x9E3779B97F4A7C15) & (2**64 - 1):016x}" for x in number.tolist()]),
                    "scale": pa.repeat("goldstein", size),
                    "published": pa.array(day),
                    "type": pa.array(type_),
                    "quad": pa.array([TYPES[t] for t in type_.tolist()]),
                    "cameo": pa.array(np.char.mod("%03d", chance.integers(10, 204, size))),
                    "intensity": np.round(chance.normal(0, 4, size), 1),
                    "source": parties(),
                    "target": parties(),
                    "mutual": np.zeros(size, bool),
                    "background": np.zeros(size, bool),
                    "scope": pa.repeat("international", size),
                    "date": pa.array(np.datetime_as_string(day)),
                    "date_precision": pa.repeat("day", size),
                    "status": pa.repeat("actual", size),
                }
            )
        }


SERIES = """
SELECT date_trunc('month', day_first) AS month, count(*) AS events, avg(intensity) AS mean,
       count(*) FILTER (quad LIKE '%cooperation') AS cooperation
FROM events_v1
WHERE (list_contains(sources, $a) AND list_contains(targets, $b)
       OR mutual AND list_contains(sources, $b) AND list_contains(targets, $a))
  AND NOT background AND status = 'actual'
GROUP BY ALL ORDER BY month
"""


def ask(events: int, folder: str | None) -> None:
    """Times of a series and of pages over many imported events."""
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(folder or scratch) / "l"
        fresh = not place.exists()
        with Ledger(place) as ledger:
            if fresh:
                parts = (part for part in synthetic(events))
                start = time.perf_counter()
                for n, part in enumerate(parts):
                    ledger.import_events([part], origin="gdelt", file=f"{n}.csv", digest=str(n))
                seconds = time.perf_counter() - start
                print(f"import: {events / seconds:,.0f} events a second, the making of them included")
                ledger.add(codings(500))
                ledger.correct(next(codings(1)).events[0].id, "type", "AID", author="bench")
                timed("maintain", lambda: print(ledger.maintain()), 1)
            size = sum(file.stat().st_size for file in place.rglob("*.parquet"))
            stored = ledger.count("events")
            print(f"{stored:,} events, {size / 1e6:.0f} MB, {size / stored:.0f} bytes each")
            first, second, *_, last_but_one, last_one = load().state_iso3[:200]
            often, rare = f"{first}-{second}", f"{last_but_one}-{last_one}"
            timed("dyad-month series", lambda: ledger.query(SERIES, {"a": first, "b": second}))
            timed("dyad-month series of a rare dyad", lambda: ledger.query(SERIES, {"a": last_but_one, "b": last_one}))
            timed("page: dyad", lambda: ledger.events(dyad=often, limit=50))
            timed("page: rare dyad", lambda: ledger.events(dyad=rare, limit=50))
            timed("page: type and quad", lambda: ledger.events(type="ASSAULT", quad="material conflict", limit=50))
            timed("page: month", lambda: ledger.events(since="2012-03", until="2012-03", limit=50))
            timed("page: everything", lambda: ledger.events(limit=50))
            end = ledger.events(dyad=often, limit=50, columns=["day_first", "id"]).to_pylist()[-1]
            last = end["id"]
            timed("next page: dyad", lambda: ledger.events(dyad=often, limit=50, after=f"{end['day_first']}:{last}"))
            timed("count: dyad and year", lambda: ledger.count("events", dyad=often, since="2012", until="2012"))
            timed("explain by id", lambda: ledger.explain(last))


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("add", "ask"))
    parser.add_argument("--reports", type=int, default=5456)
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--folder", help="keep the ledger here and use it again")
    given = parser.parse_args()
    if given.what == "add":
        add(given.reports)
    else:
        ask(given.events, given.folder)


if __name__ == "__main__":
    main()
