#!/usr/bin/env python3
"""Train the models of the events room anew: `scripts/train.py --news articles.jsonl` (or `make train NEWS=articles.jsonl`).

From `training/labels.jsonl` (what readers found in real reports: ids, offsets and codes; the texts come from the news
file) and `training/pairs.tsv` (sentences written for training). Writes `src/comity/events/weights/`. Seeded: the same
input gives the same weights. Needs scikit-learn (dependency group `train`). What is not trained says so: without --news
only the models of marked pairs are.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

import msgspec  # noqa: E402

from comity.events import arguments, classify, training  # noqa: E402
from comity.events.lexicon import read_lexicon  # noqa: E402
from comity.language import split  # noqa: E402
from comity.language.model import Language  # noqa: E402
from comity.records import Report, content_hash  # noqa: E402

BATCH = 16


class Row(msgspec.Struct):
    """What is read of a row of the news file."""

    id: str
    text: str
    published: str | None = None
    outlet: str | None = None


def worked(news: Path, labels: dict[str, list[training.LabelledReport]], language: Language) -> list[training.Worked]:
    """The labelled reports of a news file, read up to their statements; one for each reading of a report."""
    decoder = msgspec.json.Decoder(Row)
    rows: list[Row] = []
    changed = 0
    with news.open("rb") as lines:
        for line in lines:
            row = decoder.decode(line)
            if row.id in labels:
                if labels[row.id][0].digest != content_hash(row.text):
                    changed += 1
                    continue
                rows.append(row)
    if changed:
        print(f"{changed} reports have another text than was labelled; they are left out", file=sys.stderr)  # noqa: T201
    missing = len(labels) - len(rows) - changed
    if missing:
        print(f"{missing} labelled reports are not in {news}", file=sys.stderr)  # noqa: T201
    found = []
    for at in range(0, len(rows), BATCH):
        batch = rows[at : at + BATCH]
        cut = [split(row.text) for row in batch]
        parses = language.parse([(row.text, segments, segments) for row, segments in zip(batch, cut, strict=True)])
        for row, parse in zip(batch, parses, strict=True):
            report = Report(id=row.id, text=row.text, published=row.published, outlet=row.outlet)
            first, *others = labels[row.id]
            found.append(training.work(first, report, parse))
            found += [found[-1]._replace(labels=other) for other in others]
    return found


def main() -> int:
    """Train and write; exit code 2 when nothing could be trained."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--news", type=Path, help="JSONL with id, text, published, outlet of the labelled reports")
    parser.add_argument("--labels", type=Path, default=ROOT / "training" / "labels.jsonl")
    parser.add_argument("--pairs", type=Path, default=ROOT / "training" / "pairs.tsv")
    parser.add_argument("--out", type=Path, default=ROOT / "src" / "comity" / "events" / "weights")
    given = parser.parse_args()
    language, lexicon = Language(), read_lexicon()
    party = arguments.weights()
    if given.news:
        labels: dict[str, list[training.LabelledReport]] = {}
        for one in training.read_labels(given.labels):
            labels.setdefault(one.id, []).append(one)
        reports = worked(given.news, labels, language)
        if not reports:
            print(f"{given.news}: none of the {len(labels)} labelled reports is in it", file=sys.stderr)  # noqa: T201
            return 2
        made = training.train(reports, lexicon)
        training.write(made, given.out)
        party = made["arguments"]
        sizes = ", ".join(f"{name} {len(w.table)} weights" for name, w in made.items())
        print(f"{len({r.labels.id for r in reports})} reports: {sizes}")  # noqa: T201
    else:
        print("without --news FILE the models of reports stay as they are", file=sys.stderr)  # noqa: T201
    rows = training.read_pairs(given.pairs)
    reads = [read for _, read in classify.read_pairs((row.pair for row in rows), language, lexicon, party)]
    rank, text = training.train_pairs(rows, reads)
    training.write({"pairs_rank": rank, "pairs_text": text}, given.out)
    print(f"{len(rows)} pairs: rank {len(rank.table)} weights, text {len(text.table)} features")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
