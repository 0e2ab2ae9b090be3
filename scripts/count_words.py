"""Count in how many news reports each word stands: the table behind the grouping of reports and events.

    python scripts/count_words.py --news FILE.jsonl

FILE has one report a line with its ``text``. Only words and their counts are kept, in the order of the counts; words
that stand in fewer than three reports are left out: they weigh as much as words never seen.
"""

from __future__ import annotations

import argparse
import itertools
import json
from collections import Counter
from pathlib import Path

from comity.ledger.occurrences.words import words

OUT = Path(__file__).resolve().parents[1] / "src/comity/ledger/occurrences/frequencies.tsv"
FEWEST = 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--news", type=Path, required=True)
    news = parser.parse_args().news
    counts: Counter[str] = Counter()
    documents = 0
    with news.open(encoding="utf-8") as lines:
        for line in lines:
            documents += 1
            counts.update({word.text for word in words(json.loads(line)["text"])})
    kept = sorted((-number, word) for word, number in counts.items() if number >= FEWEST)
    with OUT.open("w", encoding="utf-8") as out:
        out.write(f"# reports with the word, words; first line: all reports; made by scripts/{Path(__file__).name}\n")
        out.write(f"{documents}\n")
        for number, group in itertools.groupby(kept, key=lambda pair: -pair[0]):
            out.write(f"{number}\t{' '.join(word for _, word in group)}\n")


if __name__ == "__main__":
    main()
