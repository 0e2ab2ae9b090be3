"""Segments: one sentence each, whatever dirt stands between them; offsets hold; time grows with the text."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.language import split
from comity.language.segments import LONGEST_SEGMENT


def pieces(text):
    return [text[s.start : s.end] for s in split(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He left. She stayed.", ["He left.", "She stayed."]),
        ("Talks failed!Both sides left.", ["Talks failed!", "Both sides left."]),
        ("He told CNN.The president agreed.", ["He told CNN.", "The president agreed."]),
        ("Gen. Smith met Mr. Jones of the U.S. Senate.", ["Gen. Smith met Mr. Jones of the U.S. Senate."]),
        ("They met in the U.S. The talks failed.", ["They met in the U.S.", "The talks failed."]),
        ('"Why now?" he asked. Nobody spoke.', ['"Why now?" he asked.', "Nobody spoke."]),
        ("“We agree.” He left.", ["“We agree.”", "He left."]),
        ("``We agree.'' He left.", ["``We agree.''", "He left."]),
        ("The sum was 3.5 billion. It fell.", ["The sum was 3.5 billion.", "It fell."]),
        ("A heading without a stop\n\nThe text begins.", ["A heading without a stop", "The text begins."]),
        ("他走了。Then he came back.", ["他走了。", "Then he came back."]),
        ("He said … nothing at all.", ["He said … nothing at all."]),
        ("", []),
        (" \n\t ", []),
    ],
)
def test_where_sentences_end(text, expected):
    assert pieces(text) == expected


def test_lines_wrapped_at_a_width_are_no_ends():
    wrapped = (
        "The two ministers met in the capital on Monday and spoke for more than\n"
        "three hours about the border, the prisoners and the trade in grain that\n"
        "had stopped in spring. They agreed to meet again in the autumn and that\n"
        "the talks should from then on be held in turn in the one and the other\n"
        "country. Neither of them would say what would happen if the other side\n"
        "should close the border once more, as it had done twice that year when\n"
        "the harvest came in.\n"
    )
    assert [piece.split()[0] for piece in pieces(wrapped)] == ["The", "They", "Neither"]


def test_paragraphs_are_counted():
    assert [s.paragraph for s in split("One. Two.\n\nThree.\nFour is here.")] == [0, 0, 1, 2]


def test_a_stretch_without_an_end_is_cut_at_a_blank():
    text = "word " * 1000
    assert all(s.end - s.start <= LONGEST_SEGMENT for s in split(text))
    assert " ".join(pieces(text)).split() == text.split()


@given(st.text(st.sampled_from("aBz. \n?!…“”\"'’()U.S0,。") | st.characters(), max_size=400))
def test_segments_slice_the_text_in_order_and_lose_nothing_but_blanks(text):
    segments = split(text)
    ends = [0, *(s.end for s in segments)]
    assert all(end <= s.start < s.end for end, s in zip(ends, segments))
    assert "".join("".join(pieces(text)).split()) == "".join(text.split())
    assert [s.paragraph for s in segments] == sorted(s.paragraph for s in segments)


@pytest.mark.parametrize("piece", ["a", ".", "A. ", "\n", "“", "…”)", "a\n", "U.S.", "'\"", " "])
def test_time_grows_with_the_length_only(piece):
    def seconds(n):
        text = piece * (n // len(piece))
        best = 1e9
        for _ in range(3):
            started = time.process_time()
            split(text)
            best = min(best, time.process_time() - started)
        return best

    assert seconds(80_000) < 16 * max(seconds(10_000), 0.002)  # 8 when linear, 64 when quadratic
