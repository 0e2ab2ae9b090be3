"""The screen lets through whatever may hold a statement."""

from pathlib import Path

import pytest

from comity.statements import may_hold_statement

NESTED = Path(__file__).parent / "data" / "nested_statements.tsv"


@pytest.mark.parametrize(
    ("segment", "holds"),
    [
        ("The minister said so.", True),
        ("“We go.”", True),
        ("Vladimir Putin: Good day.", True),
        ("It rained on Friday and the roads were closed.", False),
        ("Share this article", True),
        ("The bridge fell.", False),
    ],
)
def test_a_segment_is_screened_by_marks_and_words(segment: str, holds: bool) -> None:
    assert may_hold_statement(segment) is holds


def test_no_sentence_with_a_statement_is_screened_out() -> None:
    texts = [line.split("\t")[0] for line in NESTED.read_text("utf-8").splitlines()[1:]]
    assert [text for text in texts if not may_hold_statement(text)] == []
