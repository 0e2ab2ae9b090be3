"""The codebook as text; the documentation page is made from the tables."""

import doctest
from pathlib import Path

import pytest

from comity.codebook import UnknownCode, codebook
from comity.codebook.page import BEGIN, decisions_page, overview, reference, refreshed, type_page

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "codebook.md"
BOOK = codebook()


def test_the_page_is_not_stale():
    text = PAGE.read_text("utf-8")
    assert text == refreshed(text, BOOK), "run scripts/build_codebook_page.py"


def test_the_examples_of_the_page_run(monkeypatch):
    monkeypatch.chdir(ROOT)
    examples = PAGE.read_text("utf-8").partition(BEGIN)[0]
    parsed = doctest.DocTestParser().get_doctest(examples, {}, "codebook.md", str(PAGE), 0)
    assert parsed.examples
    assert doctest.DocTestRunner().run(parsed).failed == 0


def test_the_example_folder_is_shown_as_it_is():
    text = PAGE.read_text("utf-8")
    for name in ("about.tsv", "modes.tsv"):
        assert (ROOT / "docs" / "examples" / "own-codebook" / "codebook" / name).read_text("utf-8").strip() in text


def test_a_type_is_explained_with_its_modes_and_decisions():
    text = type_page(BOOK, "SANCTION")
    assert text.startswith("# SANCTION\n\nCuts or lowers relations that exist")
    assert "Quad class: material conflict (4). Intensity: −6. Target: required." in text
    assert "| `expel` | −5.5 | 166 |" in text
    assert "`sanction.recall`" in text
    with pytest.raises(UnknownCode):
        type_page(BOOK, "SANCTIONS")


def test_every_type_and_decision_is_on_the_page():
    text = reference(BOOK)
    assert all(f"### {name}\n" in text for name in BOOK.types)
    assert all(f"**`{decision.id}`**" in text for decision in BOOK.decisions)
    assert all(f"| {name} |" in overview(BOOK) for name in BOOK.types)


def test_decisions_of_one_topic():
    text = decisions_page(BOOK, "courts")
    assert text.startswith("# Courts\n\n**`court.rule`** A court rules.")
    assert decisions_page(BOOK, "cookery") == ""


def test_a_page_without_marks_is_left_alone():
    with pytest.raises(ValueError, match="lacks the marks"):
        refreshed("# Codebook\n", BOOK)
