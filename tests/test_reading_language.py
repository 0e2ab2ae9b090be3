"""The language gate."""

import json
import sys

import pytest
from shared import SHARED, needs_shared

from comity.reading import detect
from comity.reading.language import ENOUGH, english_share

OTHERS = {
    "zh": "外交部发言人星期五在例行记者会上表示，双方将继续加强在各个领域的合作，并就共同关心的问题交换了意见。",
    "ru": "Президент заявил в пятницу, что переговоры будут продолжены на следующей неделе.",
    "de": "Die Außenministerin sagte am Montag, dass die Gespräche in der kommenden Woche fortgesetzt werden.",
    "fr": "Le ministre a déclaré vendredi que les pourparlers se poursuivraient la semaine prochaine à Genève.",
    "es": "El ministro dijo el viernes que las conversaciones continuarán la próxima semana en Ginebra.",
    "ar": "قال وزير الخارجية يوم الجمعة إن المحادثات ستستمر الأسبوع المقبل في جنيف.",
    "ja": "外務大臣は金曜日、来週ジュネーブで協議を続けると述べた。",
}


@pytest.mark.parametrize("code", OTHERS)
def test_other_languages_are_named(code):
    assert detect(OTHERS[code]) == code


@pytest.mark.parametrize(
    "text",
    [
        "The foreign minister said on Friday that the talks would go on in Geneva.",
        "China launches satellite",
        "Putin, Xi hold phone call",
        "Araghchi and Borrell in Vienna on Tuesday",
    ],
)
def test_english_is_english_even_when_short_or_full_of_names(text):
    assert detect(text) == "en"


@pytest.mark.parametrize("text", ["", " \n ", "12 34 56", "— … —"])
def test_without_words_no_language_can_be_told(text):
    assert detect(text) == "und"


def test_english_prose_needs_no_model():
    text = "The foreign minister said on Friday that the talks with the envoy would go on for a week in Geneva. "
    assert english_share(text) > ENOUGH
    code = "import sys; from comity.reading import detect; detect(sys.argv[1]); sys.exit('py3langid' in sys.modules)"
    import subprocess

    assert subprocess.run([sys.executable, "-c", code, text * 50], check=False).returncode == 0  # noqa: S603


def test_the_length_of_a_text_costs_nothing():
    import time

    text = "the talks of the envoys were long and they said that it was so " * 320_000
    started = time.perf_counter()
    assert detect(text) == "en"
    assert time.perf_counter() - started < 0.1


def test_a_menu_at_the_beginning_does_not_decide():
    menu = "Home Sport Business Reel Worklife Travel Future Culture Music Weather Sounds " * 50
    assert detect(menu + "The minister said that the talks with the envoy would be held in the city. " * 100) == "en"


@needs_shared
def test_no_english_report_is_refused():
    with (SHARED / "news" / "articles.jsonl").open() as lines:
        found = [(detect(row["text"]), row["id"]) for row in map(json.loads, lines)]
    others = [pair for pair in found if pair[0] != "en"]
    assert len(found) == 5456
    assert {code for code, _ in others} == {"vi"}  # five are Vietnamese indeed
    assert len(others) == 5
