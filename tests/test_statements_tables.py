"""The data files of statements are in form."""

from importlib.resources import files

import pytest

from comity.statements.cues import cue_words, lexicon, read_cue, venues, words_of
from comity.statements.voices import TYPES, unnamed


def rows(name: str) -> list[list[str]]:
    lines = files("comity.statements").joinpath(name).read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines]


@pytest.mark.parametrize(("name", "width"), [("cues.tsv", 6), ("venues.tsv", 2), ("words.tsv", 2), ("unnamed.tsv", 2)])
def test_every_row_has_all_columns_and_stands_once(name: str, width: int) -> None:
    table = rows(name)
    assert {len(row) for row in table} == {width}
    keys = [tuple(row[:2]) for row in table]
    assert len(set(keys)) == len(keys)


def test_every_cue_can_be_read() -> None:
    cues = [read_cue(row) for row in rows("cues.tsv")[1:]]
    assert len(cues) > 700
    assert lexicon().verbs["say"].frames == {"clause": True, "quote": True, "of": False}
    assert lexicon().verbs["acknowledge"].factive and not lexicon().verbs["claim"].factive


@pytest.mark.parametrize(
    "row",
    [
        ["say", "x", "speech", "clause", "", ""],
        ["say", "v", "noise", "clause", "", ""],
        ["say", "v", "speech", "clause", "carrier pigeon", ""],
        ["say", "v", "speech", "clause Of", "", ""],
    ],
)
def test_a_cue_that_is_not_in_form_is_refused(row: list[str]) -> None:
    with pytest.raises(ValueError, match=r"cues\.tsv: say"):
        read_cue(row)


def test_unnamed_sources_have_types_of_the_record() -> None:
    assert set(unnamed().values()) <= TYPES
    assert unnamed()["diplomat"] == "diplomat"


def test_venues_tell_channels_and_classes_are_known() -> None:
    assert venues()["briefing"] == "briefing"
    assert "agency" in words_of("relay")
    with pytest.raises(KeyError):
        words_of("no such class")


def test_forms_of_cues_are_known_for_screening() -> None:
    assert {"said", "told", "denies", "admitted", "warning", "according", "written"} <= cue_words()
