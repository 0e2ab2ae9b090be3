"""How fast names are found, how much memory their tables take, and how many of those who speak stay unknown.

Run from the repository: ``python benchmarks/actors.py`` for load time, memory and speed (over the development news, where
they are present, else over the bundled reports); ``--unknown`` for the share of capitalised person mentions before a verb
of speech that stay unresolved, with the tables and without any, over every N-th report (``--every N``), with the names
that most reports leave unknown (``--list 50``). Times are of the processor.
"""

# ruff: noqa: T201
from __future__ import annotations

import argparse
import os
import resource
import time
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

os.environ["OPENBLAS_NUM_THREADS"] = "1"

if TYPE_CHECKING:
    from comity.actors import Cast, Names
    from comity.language import Sentence
    from comity.records import Report

NEWS = Path(__file__).resolve().parents[2] / "shared" / "news" / "articles.jsonl"

SPEECH = frozenset(["say", "tell", "add", "note", "state", "announce", "declare", "argue", "claim", "warn", "stress", "insist", "explain",
                    "write", "tweet", "urge", "deny", "suggest", "emphasize", "reiterate", "accuse", "condemn", "call", "ask", "reply"])  # fmt: skip
TEXTS = 40_000_000
"""Characters over which speed is measured: about two seconds."""


class Speaker(NamedTuple):
    """A capitalised subject of a verb of speech that is no state, body or outlet."""

    name: str
    with_tables: str
    """tables | report | unresolved"""
    without: str


def megabytes() -> float:
    """The most memory that this process has had so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def texts() -> list[str]:
    """The texts to be searched, over and over up to `TEXTS` characters."""
    found = [report.text for report in reports(1)]
    size = sum(map(len, found)) or 1
    return found * (TEXTS // size + 1) if size < TEXTS else found


def reports(every: int) -> Iterator[Report]:
    """Every N-th report of the development news, or all that are bundled."""
    from comity.demo import reports_path
    from comity.reading import read_many
    from comity.records import Report

    path = NEWS if NEWS.is_file() else reports_path()
    return (
        report
        for report in islice(read_many(path), 0, None, every if path == NEWS else 1)
        if isinstance(report, Report)
    )


def speed() -> None:
    """Print load time, memory and matching speed."""
    import ahocorasick_rs  # noqa: F401
    import msgspec  # noqa: F401

    from comity.actors import names, tables

    before = megabytes()
    started = time.process_time()
    tables.load()
    read = time.process_time() - started
    found = names()
    loaded = time.process_time() - started
    print(f"tables read in {read:.2f} s, automata made in {loaded - read:.2f} s: {len(found.surfaces):,} names")
    print(f"memory {megabytes() - before:.0f} MB")
    size = hits = 0
    wanted = texts()
    started = time.process_time()
    for text in wanted:
        size += len(text)
        hits += sum(map(len, found.scan(text)))
        if size > TEXTS:
            break
    seconds = time.process_time() - started
    print(
        f"{size / 1e6:.1f} MB of text searched for names and role nouns in {seconds:.2f} s: {size / 1e6 / seconds:.1f} MB/s, {hits:,} hits"
    )


# --- who stays unknown -----------------------------------------------------------------------------------------------


def nothing_known() -> Names:
    """The matcher without any name: titles, role nouns and given names only, so that all is learned from the report."""
    import msgspec

    from comity.actors import tables
    from comity.actors.matching import Names

    t = tables.load()
    return Names(msgspec.structs.replace(t, alias_surface=["\0"], alias_actor=[0], alias_kind=[tables.NAME]))


def speakers(every: int) -> Iterator[tuple[str, Speaker]]:
    """(report, speaker) of every capitalised subject of a verb of speech that is a person's as far as one can tell."""
    from comity.actors import names, resolve
    from comity.language import split
    from comity.language.model import Language

    language, table, bare = Language(), names(), nothing_known()
    for report in reports(every):
        segments = split(report.text)
        (parse,) = language.parse([(report.text, segments, segments)])
        full, poor = resolve(report, parse, table=table), resolve(report, parse, table=bare)
        for sentence in parse.sentences:
            for token in range(len(sentence)):
                if not speaks(sentence, token):
                    continue
                ref = full.at(sentence, token)
                figure = ref.figure if ref is not None else None
                if figure is not None and figure.kind not in ("person", "other"):
                    continue  # a state, a body, an outlet
                first = min([k for k in sentence.kids[token] if sentence.deps[k] == "compound"] + [token])
                name = report.text[sentence.starts[first] : sentence.ends[token]]
                yield report.id, Speaker(name, state(full, sentence, token), state(poor, sentence, token))


def speaks(s: Sentence, token: int) -> bool:
    """True for a capitalised name that is the subject of a verb of speech."""
    return s.tags[token] in ("NNP", "NNPS") and s.deps[token] == "nsubj" and s.lemmas[s.heads[token]] in SPEECH


def state(cast: Cast, s: Sentence, token: int) -> str:
    """Who knows the speaker: the tables, the report itself (its office or its country), or nobody."""
    ref = cast.at(s, token)
    figure = ref.figure if ref is not None else None
    if figure is None:
        return "unresolved"
    if not figure.id.startswith(("name:", "role:")):
        return "tables"
    return "report" if figure.office or figure.country else "unresolved"


def unknown(every: int, most: int) -> None:
    """Print the shares, and the names that most reports leave unknown."""
    found = list(speakers(every))
    for column in ("without", "with_tables"):
        shares = Counter(getattr(speaker, column) for _, speaker in found)
        told = ", ".join(f"{kind} {shares[kind] / len(found):.1%}" for kind in ("tables", "report", "unresolved"))
        print(f"{column:>12}: of {len(found):,} capitalised person mentions before a verb of speech: {told}")
    left = [(report, speaker.name) for report, speaker in found if speaker.with_tables == "unresolved"]
    counts = Counter(name for _, name in left)
    spread = Counter(name for name, _ in {(name, report) for report, name in left})
    for name, count in counts.most_common(most):
        print(f"{count:5} {spread[name]:4}  {name!r}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--unknown", action="store_true", help="who stays unknown")
    parser.add_argument("--every", type=int, default=9, help="every N-th report (9)")
    parser.add_argument("--list", type=int, default=0, dest="most", help="print so many unknown names")
    given = parser.parse_args()
    if given.unknown:
        unknown(given.every, given.most)
    else:
        speed()
