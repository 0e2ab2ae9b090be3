"""`comity classify`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple

import click

from comity.cli import options

if TYPE_CHECKING:
    from comity.events.classify import Judgement, Judges, Pair
    from comity.language.model import Language


class _Line(NamedTuple):
    number: int
    id: str
    pair: Pair | None
    fault: str


@click.command(short_help="Type pairs that are marked already: what holds from source to target.")
@click.argument("file", metavar="IN.jsonl", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("-o", "--out", metavar="OUT.jsonl", help="Write the answers to this file. Default: stdout.")
@options.as_json
def classify(file: Path, out: str | None, as_json: bool) -> int:
    """Say which PLOVER type holds from source to target in sentences whose pairs are marked already.

    An input line holds id, sentence, source_span and target_span ([start, end) in characters; a span may be null). For
    each there is one line of output: id, root (a PLOVER type, or null where none is likely enough), mode, status,
    confidence and reason. A line that cannot be read gets the root null and the reason, and the exit code is 1.

    \b
    Example:
      comity classify pairs.jsonl -o typed.jsonl
    """
    import msgspec

    from comity.cli.output import note, print_json
    from comity.cli.progress import progress
    from comity.events.classify import judges
    from comity.language.model import Language

    if as_json and out is None:
        raise click.UsageError("--json prints a summary; name the file of the answers with -o OUT.jsonl")
    judged = faults = unsure = 0
    part = Path(out + ".part") if out else None
    if part is not None and not part.parent.is_dir():
        raise click.UsageError(f"{out}: there is no folder {part.parent}; make it first")
    sink: IO[bytes] = part.open("wb") if part is not None else sys.stdout.buffer
    try:
        with progress("pairs", _count(file)) as step:
            for line, judgement in _judgements(file, Language(), judges()):
                if line.fault:
                    faults += 1
                    note(f"{file}:{line.number}: {line.fault}")
                else:
                    judged += 1
                    unsure += judgement.root is None
                sink.write(msgspec.json.encode(judgement) + b"\n")
                step(judged + faults)
    finally:
        if part is not None:
            sink.close()
    if part is not None and out is not None:
        part.replace(out)
    if as_json:
        print_json({"judged": judged, "without_root": unsure, "left_out": faults, "out": out})
    else:
        note(f"{judged} pairs judged, {unsure} of them without a root, {faults} lines left out")
    return 1 if faults else 0


def _count(file: Path) -> int:
    with file.open("rb") as lines:
        return sum(1 for line in lines if line.strip())


def _read(file: Path) -> Iterator[_Line]:
    import msgspec

    from comity.events.classify import Pair, PairError, check

    decoder = msgspec.json.Decoder(Pair)
    with file.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                pair = decoder.decode(line)
                check(pair)
                yield _Line(number, pair.id, pair, "")
            except (msgspec.MsgspecError, PairError, UnicodeDecodeError) as error:
                yield _Line(number, f"line {number}", None, f"no pair: {error}")


def _judgements(file: Path, language: Language, by: Judges) -> Iterator[tuple[_Line, Judgement]]:
    from itertools import islice

    from comity.events.classify import BATCH, Judgement, judge, read_pairs

    rows = _read(file)
    while batch := list(islice(rows, BATCH)):
        read = read_pairs([line.pair for line in batch if line.pair is not None], language, by.lexicon)
        for line in batch:
            if line.pair is None:
                yield line, Judgement(line.id, None, None, None, 0.0, line.fault)
            else:
                yield line, judge(*next(read), by.rank, by.text)
