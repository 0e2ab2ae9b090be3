"""The sentences on which classic coders fail: what was denied, planned, possible, asked for, only claimed."""

import csv
from pathlib import Path

import pytest

from comity import Coder
from comity.records import Report

ROWS = list(csv.DictReader((Path(__file__).parent / "data" / "hard_sentences.tsv").open(), delimiter="\t"))


@pytest.fixture(scope="module")
def coder():
    return Coder()


def written(coding):
    """Events as "SOURCE > TARGET TYPE[/mode] status[ by ACCOUNT]"."""
    accounts = {one.id: one for one in coding.statements}
    found = set()
    for event in coding.events:
        source, target = ("+".join(str(p.country) for p in side) for side in (event.source, event.target))
        line = f"{source} {'=' if event.mutual else '>'} {target} {event.type}"
        if event.account:
            by = "+".join(p.country or "-" for p in accounts[event.account].speakers)
            found.add((line, event.mode, event.status, by))
        else:
            found.add((line, event.mode, event.status, None))
    return found


def expected(text):
    for part in text.split("; "):
        words = part.split()
        by = words[words.index("by") + 1] if "by" in words else None
        if by:
            words = words[: words.index("by")]
        type_, _, mode = words[-2].partition("/")
        yield f"{' '.join(words[:-2])} {type_}", mode or None, words[-1], by


@pytest.mark.parametrize("row", ROWS, ids=[row["sentence"][:50] for row in ROWS])
def test_a_hard_sentence(coder, row):
    coding = coder.code(Report(id="hard", text=row["sentence"], published=row["published"], language="en"))
    found = written(coding)
    for line, mode, status, by in expected(row["expected"]):
        assert any(
            (line, status, by) == (one, stands, account) and mode in (None, how) for one, how, stands, account in found
        ), found
    assert len(found) == len(list(expected(row["expected"]))), found
