"""Quotation marks of all layouts, found by offsets alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.language import split
from comity.statements.quotation import paragraphs, quotations


def quoted(text: str) -> list[tuple[int, str]]:
    return [(q.depth, text[q.first : q.last]) for q in quotations(text, paragraphs(split(text)))]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('"We go," he said. "We stay."', [(0, "We go,"), (0, "We stay.")]),
        ("“We go,” he said.", [(0, "We go,")]),
        ("``We go,'' he said. ``We don't stay.''", [(0, "We go,"), (0, "We don't stay.")]),
        ("„Wir gehen“, sagte er. «Nous partons», dit-il.", [(0, "Wir gehen"), (0, "Nous partons")]),
        ("他说「我们走」。“我们留下”。", [(0, "我们走"), (0, "我们留下")]),
        ("‘We go,’ he said. It’s the allies’ choice.", [(0, "We go,")]),
        ("'We don't go,' he said of the workers' march.", [(0, "We don't go,")]),
        ("He spoke of ‘the two sides’ ties’.", [(0, "the two sides’ ties")]),
        ("“They say ‘never again’ to us,” she said.", [(0, "They say ‘never again’ to us,"), (1, "never again")]),
        ('"The words "I want" or "we want" are cheap," he said.',
         [(0, 'The words "I want" or "we want" are cheap,'), (1, "I want"), (1, "we want")]),
        ("“They lost.”The minister left.“We won.”", [(0, "They lost."), (0, "We won.")]),
        ('in Washington."We want calm,"\n\nHe left.', [(0, "We want calm,")]),
        ("‘embodiment of friendship' was the phrase", [(0, "embodiment of friendship")]),
        ("Rock 'n' roll in the '90s was the workers' music.", []),
        ('A ruler of 12" and one of 6" lay there.', []),
    ],
)  # fmt: skip
def test_a_layout_is_read(text: str, found: list[tuple[int, str]]) -> None:
    assert quoted(text) == found


def test_a_quotation_over_paragraphs_is_reopened_and_goes_on() -> None:
    text = 'He said: "One.\n\n"Two.\n\n"Three," he added.'
    found = quotations(text, paragraphs(split(text)))
    assert [(text[q.first : q.last], q.goes_on) for q in found] == [("One.", -1), ("Two.", 0), ("Three,", 1)]


def test_a_quotation_may_run_over_lines_without_being_reopened() -> None:
    assert quoted('She asked, "Who will pay?\nWho will stay?"\nNobody answered.') == [
        (0, "Who will pay?\nWho will stay?")
    ]


def test_a_mark_left_open_ends_with_its_paragraph() -> None:
    assert quoted("“We go. And more.\n\nHe left.") == [(0, "We go. And more.")]


def test_a_mark_left_open_does_not_swallow_the_next_quotation() -> None:
    assert quoted("“We go. He left. “We stay,” she said.") == [(0, "We go."), (0, "We stay,")]


_PIECES = st.sampled_from(
    ['"', "“", "”", "'", "‘", "’", "``", "''", "«", "»", "„", "「", "」", " ", "\n", "\n\n", ". ", ", ", "we ",
     "He said", "don't", "s", "(", ")", "—", "90"]
)  # fmt: skip


@given(st.lists(_PIECES, max_size=40).map("".join))
def test_quotations_lie_in_the_text_and_never_cross(text: str) -> None:
    found = quotations(text, paragraphs(split(text)))
    for n, q in enumerate(found):
        assert 0 <= q.start < q.first < q.last <= q.end <= len(text)
        assert q.goes_on < n
        for other in found[n + 1 :]:
            assert q.start < other.start or q.end >= other.end
            assert other.start >= q.end or other.end <= q.end
