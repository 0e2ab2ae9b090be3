"""The status of given words, with the words that made it so: whole answers, whatever the rest of the coder finds.

The words stand in `data/status_sentences.tsv` and, one short sentence for each kind of construction, in
`data/standing_sentences.tsv`: `trigger`, and `clause`, the verb that carries its tense, where that is another word;
"of#2" is a sentence's second "of".
"""

import csv
from pathlib import Path

import pytest
from parsing import parsed

from comity.events.status import Standing, standing
from comity.language import Sentence

DATA = Path(__file__).parent / "data"


def rows(name: str) -> list[dict[str, str]]:
    lines = [line for line in (DATA / name).read_text("utf-8").splitlines() if not line.startswith("#")]
    return [row for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE) if row["trigger"]]


ROWS = rows("status_sentences.tsv") + rows("standing_sentences.tsv")


def token(s: Sentence, word: str) -> int:
    """Number of a token by its word; -1 where the sentence lacks it."""
    word, _, nth = word.partition("#")
    same = [n for n, other in enumerate(s.words) if other == word]
    return same[int(nth or 1) - 1] if len(same) >= int(nth or 1) else -1


def stands(s: Sentence, trigger: str, clause: str = "", flags: str = "", actor: str = "") -> Standing:
    heads = frozenset((token(s, actor),)) if actor else frozenset()
    return standing(s, token(s, trigger), token(s, clause or trigger), heads, frozenset(flags.split()))


@pytest.mark.parametrize("number", range(len(ROWS)), ids=lambda n: ROWS[n]["sentence"][:70])
def test_words_stand_so(number: int) -> None:
    row = ROWS[number]
    parse = parsed(*(r["sentence"] for r in ROWS))[number]
    s = next(s for s in parse.sentences if token(s, row["trigger"]) >= 0)
    got = stands(s, row["trigger"], row["clause"], row["flags"])
    because = " ".join(s.words[n] for n in got.because)
    assert (got.status, got.promise, because) == (row["status"], row["promise"] == "1", row["because"])


def test_most_sentences_of_the_table_are_marked() -> None:
    assert len(rows("status_sentences.tsv")) >= 320
