"""How fast coding is, beside the plain spaCy pipeline over the same texts in the same run.

Run from the repository: ``python benchmarks/coding.py`` (a sample of the development news, where they are present, and
the bundled reports), ``--all`` for every report, ``--flame OUT.html`` (or ``.json`` for speedscope) for a flame graph.
Both sides take the batches in turn, each in a process of its own and with one thread, so that a busy machine slows both
alike. Times are of the processor; the ratio is what counts, seconds differ between machines.
"""

# ruff: noqa: T201
from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

os.environ["OPENBLAS_NUM_THREADS"] = "1"

NEWS = Path(__file__).resolve().parents[2] / "shared" / "news" / "articles.jsonl"

SAMPLE = 384
"""Reports of the sample, taken evenly: half a minute of the processor for each side."""

REPORTS_A_TURN = 32


def megabytes() -> float:
    """The most memory that this process has had so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def plain(pipe: Connection) -> None:
    """The other side: the model's whole pipeline over texts as they come. Answers seconds and tokens, then its memory."""
    import spacy

    from comity.language.model import DEFAULT_MODEL

    nlp = spacy.load(os.environ.get("COMITY_MODEL") or DEFAULT_MODEL)
    pipe.send(", ".join(nlp.pipe_names))
    while (texts := pipe.recv()) is not None:
        started = time.process_time()
        tokens = sum(len(doc) for doc in nlp.pipe(texts))
        pipe.send((time.process_time() - started, tokens))
    pipe.send(megabytes())


def sampled(path: Path, every: int) -> Iterator[Any]:
    """The reports of a file, each `every`-th."""
    from comity.reading import read_many

    return islice(read_many(path), 0, None, every)


def measure(path: Path, every: int, *, flame: str | None = None) -> dict[str, Any]:
    """One file: both sides over its batches in turn."""
    from comity import Coder, Ledger
    from comity.records import Coding, LeftOut, to_json

    context = get_context("spawn")
    here, there = context.Pipe()
    other = context.Process(target=plain, args=(there,), daemon=True)
    other.start()
    components = here.recv()
    started = time.process_time()
    coder = Coder()
    loading = time.process_time() - started
    seconds = {"reading files": 0.0, "writing JSON": 0.0, "ledger": 0.0}
    spent = theirs = 0.0
    reports = words = characters = tokens = events = statements = 0
    profiler = profile() if flame else None
    codings: list[Coding] = []
    source = sampled(path, every)
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "out.jsonl").open("wb") as out:
        while True:
            if profiler:
                profiler.start()
            started = time.process_time()
            batch = list(islice(source, REPORTS_A_TURN))
            read = time.process_time()
            made = list(coder.stream(batch))
            coded = time.process_time()
            out.writelines(to_json(one) + b"\n" for one in made)
            done = time.process_time()
            if profiler:
                profiler.stop()
            if not batch:
                break
            seconds["reading files"] += read - started
            seconds["writing JSON"] += done - coded
            spent += done - started
            here.send([one.text for one in batch if not isinstance(one, LeftOut)])
            theirs_now, tokens_now = here.recv()
            theirs += theirs_now
            tokens += tokens_now
            whole = [one for one in made if isinstance(one, Coding)]
            reports += len(whole)
            words += sum(len(one.report.text.split()) for one in whole)
            characters += sum(len(one.report.text) for one in whole)
            events += sum(len(one.events) for one in whole)
            statements += sum(len(one.statements) for one in whole)
            if len(codings) < SAMPLE:
                codings += whole
        memory = megabytes()
        here.send(None)
        with Ledger(Path(folder) / "l") as ledger:
            started = time.process_time()
            ledger.add(codings)
            seconds["ledger"] = (time.process_time() - started) * reports / max(1, len(codings))
    if profiler and flame:
        write_flame(profiler, flame)
    rooms = coder.seconds | seconds
    other_memory = here.recv()
    other.join()
    coding = sum(coder.seconds[room] for room in ("actors", "dates", "places", "statements", "events"))
    return {
        "file": path.name,
        "reports": reports,
        "words": words,
        "characters": characters,
        "tokens": tokens,
        "events": events,
        "statements": statements,
        "loading": loading,
        "seconds": spent,
        "reports_a_second": reports / spent,
        "words_a_second": words / spent,
        "rooms": rooms,
        "memory_mb": memory,
        "plain_components": components,
        "plain_seconds": theirs,
        "plain_memory_mb": other_memory,
        "ratio": spent / theirs,
        "parse_to_plain": rooms["language"] / theirs,
        "coding_to_parse": coding / rooms["language"],
        "statements_of_coding": rooms["statements"] / coding,
        "dates_and_places_of_all": (rooms["dates"] + rooms["places"]) / spent,
    }


def compare_workers(path: Path, every: int, workers: int) -> None:
    """One process and several over the same reports: rates from the first result on, so that loading is no part of it."""
    from comity.engines.local import stream

    rates = []
    for number in (1, workers):
        source = list(sampled(path, every))
        spent = time.process_time() + sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])
        here = time.process_time()
        made = stream(source, workers=number)
        next(made)
        started, done = time.perf_counter(), sum(1 for _ in made)
        rates.append(done / (time.perf_counter() - started))
        here = time.process_time() - here
        spent = time.process_time() + sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2]) - spent
        print(f"  {number} worker(s): {rates[-1]:.1f} reports/s of the clock; processor {spent / len(source) * 1000:.1f} ms a "
              f"report (models loaded included), of which this process {here / len(source) * 1000:.1f}")  # fmt: skip
    print(f"  {workers} workers: {rates[1] / rates[0]:.2f} times one")


def profile() -> Any:
    """A sampling profiler. Ends the program with the cure when it is not installed."""
    try:
        from pyinstrument import Profiler
    except ImportError:
        sys.exit("--flame needs pyinstrument: pip install pyinstrument")
    return Profiler(interval=0.001)


def write_flame(profiler: Any, path: str) -> None:
    """The flame graph: a page, or a file for speedscope.app."""
    from pyinstrument.renderers import HTMLRenderer, SpeedscopeRenderer

    renderer = SpeedscopeRenderer() if path.endswith(".json") else HTMLRenderer()
    Path(path).write_text(profiler.output(renderer), encoding="utf-8")
    print(f"flame graph: {path}")


def show(found: dict[str, Any]) -> None:
    """The figures of one file as a person reads them."""
    print(f"\n{found['file']}: {found['reports']:,} reports, {found['words']:,} words, {found['tokens']:,} tokens; "
          f"{found['statements']:,} statements, {found['events']:,} events")  # fmt: skip
    print(f"  comity, read to written   {found['seconds']:8.2f} s   {found['reports_a_second']:7.1f} reports/s   "
          f"{found['words_a_second']:9,.0f} words/s   peak {found['memory_mb']:.0f} MB   loading {found['loading']:.1f} s")  # fmt: skip
    print(f"  plain {found['plain_components']}\n  {'':25} {found['plain_seconds']:8.2f} s   "
          f"{found['reports'] / found['plain_seconds']:7.1f} reports/s   "
          f"{found['words'] / found['plain_seconds']:9,.0f} words/s   peak {found['plain_memory_mb']:.0f} MB")  # fmt: skip
    print(f"  comity to plain: {found['ratio']:.3f}; its parser to plain: {found['parse_to_plain']:.3f}; coding to its "
          f"parser: {found['coding_to_parse']:.2f}; statements of coding: {found['statements_of_coding']:.2f}; "
          f"dates and places of all: {found['dates_and_places_of_all']:.3f}")  # fmt: skip
    for room, took in found["rooms"].items():
        of = f"{took / found['seconds']:6.1%}" if room != "ledger" else "     –"
        print(f"    {room:14} {took:8.2f} s  {of}   {took / found['reports'] * 1000:7.2f} ms a report")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path, help="default: the development news (if present), the demo")
    parser.add_argument("--sample", type=int, default=SAMPLE, help="about so many reports of each file (%(default)s)")
    parser.add_argument("--all", action="store_true", help="every report")
    parser.add_argument("--workers", type=int, metavar="N", help="instead: one process and N of them")
    parser.add_argument("--flame", metavar="OUT", help="flame graph of the first file: .html, or .json for speedscope")
    parser.add_argument("--json", metavar="OUT", help="write the figures here too")
    given = parser.parse_args()
    from comity.demo import reports_path

    files = given.files or [path for path in (NEWS, reports_path()) if path.exists()]
    found = []
    for number, path in enumerate(files):
        with path.open("rb") as file:
            lines = sum(1 for _ in file)
        every = 1 if given.all else max(1, lines // given.sample)
        if given.workers:
            print(path.name)
            compare_workers(path, every, given.workers)
            continue
        found.append(measure(path, every, flame=given.flame if number == 0 else None))
        show(found[-1])
    if given.json:
        Path(given.json).write_text(json.dumps(found, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
