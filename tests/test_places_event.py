"""The place of an event: its clause, its sentence, the dateline of a meeting, or nothing."""

from functools import cache

import pytest

from comity.actors.cast import resolve
from comity.language import split
from comity.language.model import Language
from comity.places import dateline_place, event_place, find_places
from comity.records import Place, Report


@cache
def _language() -> Language:
    return Language()


def _place(text: str, trigger: str, *, meeting: bool = False) -> str | None:
    segments = split(text)
    parse = _language().parse([(text, segments, segments)])[0]
    found = find_places(parse, resolve(Report(id="x", text=text), parse))
    dateline = dateline_place(found, parse)
    sentence = next(s for s in parse.sentences if trigger in s.words)
    place = event_place(found, parse, sentence, sentence.words.index(trigger), meeting=meeting, dateline=dateline)
    return place.text if place else None


@pytest.mark.parametrize(
    ("text", "trigger", "expected"),
    [
        ("The ministers met in Geneva on Tuesday.", "met", "Geneva"),
        ("Blinken said in Washington that Russia attacked the ports in Odesa.", "attacked", "Odesa"),
        ("Blinken said in Washington that Russia was attacking civilians.", "attacking", None),
        ("Russian forces shelled Kharkiv overnight.", "shelled", "Kharkiv"),
        ("In Aleppo, government troops clashed with rebels.", "clashed", "Aleppo"),
        ("The two leaders held talks in Astana and signed an agreement.", "signed", "Astana"),
        ("The presidents arrived in Vienna, where they signed a treaty.", "signed", "Vienna"),
        ("An airstrike on Idlib killed ten people.", "killed", "Idlib"),
        ("Protesters in Minsk demanded new elections.", "demanded", "Minsk"),
        ("China condemned the visit to Taiwan.", "condemned", None),
        ("Iran seized a tanker in the Strait of Hormuz.", "seized", "Strait of Hormuz"),
        ("Turkish jets bombed targets in northern Syria.", "bombed", "Syria"),
        ("He met his counterpart in the city of Sochi, Russia.", "met", "Sochi"),
        ("Russia accused Ukraine of attacking a bridge in Crimea.", "accused", None),
        ("Russia accused Ukraine of attacking a bridge in Crimea.", "attacking", "Crimea"),
        ("The Geneva talks ended without agreement.", "talks", "Geneva"),
        ("Israel struck Gaza after rockets were fired from Rafah.", "struck", "Gaza"),
        ("The foreign minister spoke by phone with his Turkish counterpart.", "spoke", None),
    ],
)
def test_the_clause_goes_first_and_what_is_said_elsewhere_does_not_count(
    text: str, trigger: str, expected: str | None
) -> None:
    assert _place(text, trigger) == expected


def test_the_dateline_places_meetings_only() -> None:
    text = "BEIJING, Oct. 28 (Xinhua) -- The presidents held a meeting. The army attacked a village."
    assert _place(text, "meeting", meeting=True) == "BEIJING"
    assert _place(text, "attacked") is None


def test_without_places_there_is_none() -> None:
    text = "They met."
    parse = _language().parse([(text, split(text), split(text))])[0]
    venue = Place(start=0, end=0, text="Oslo", level="city")
    assert event_place((), parse, parse.sentences[0], 1, meeting=False, dateline=venue) is None
    assert event_place((), parse, parse.sentences[0], 1, meeting=True, dateline=venue) == venue
