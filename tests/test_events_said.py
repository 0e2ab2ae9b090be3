"""What is asked, refused or promised by "must", "not" and "will" alone, without a word of the lexicon."""

import pytest

from comity.actors import resolve
from comity.events.lexicon import read_lexicon
from comity.events.matching import matches
from comity.language import split
from comity.language.model import Language
from comity.records import Report

LEXICON = read_lexicon()
SAID = {"request.deontic", "reject.refuse.not", "reject.deny.not", "agree.promise.will", "threaten.will"}


@pytest.fixture(scope="module")
def said():
    language = Language()

    def ids(text):
        segments = split(text)
        parse = next(iter(language.parse([(text, segments, segments)])))
        cast = resolve(Report(id="x", text=text), parse)
        return sorted(
            (m.pattern.id, " ".join(s.words[t] for t in m.trigger))
            for s in parse.sentences
            for m in matches(LEXICON, s, cast)
            if m.pattern.id in SAID
        )

    return ids


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Peru must reopen the bridge, the Chilean minister said.", [("request.deontic", "must reopen")]),
        ("The bridge must be reopened, the Chilean minister said.", [("request.deontic", "must reopened")]),
        ("The blockade should end at once, Chile's envoy wrote.", [("request.deontic", "should end")]),
        ("We should visit the museum, the Chilean minister said.", []),
        ("Peru will not open the harbour to foreign ships.", [("reject.refuse.not", "not open")]),
        ("Peru would never join such a pact, its minister said.", [("reject.refuse.not", "never join")]),
        ("No agreement will be signed this year, Peru said.", [("reject.refuse.not", "No signed")]),
        ("Peru said that its navy did not fire on the trawler.", [("reject.deny.not", "not fire")]),
        ('"There was no raid on the island," the Peruvian minister said.', [("reject.deny.not", "no was")]),
        ("The ferry did not sail on Friday.", []),
        ("Peru will open the harbour to foreign ships.", []),
        ("Peru will rebuild the school, its minister said.", [("agree.promise.will", "will rebuild")]),
        ("We will see to it, the Peruvian minister said.", [("agree.promise.will", "will see")]),
        ("Peru will retaliate, its minister said.", [("threaten.will", "will retaliate")]),
        ("Peru will not retaliate, its minister said.", [("reject.refuse.not", "not retaliate")]),
    ],
)
def test_what_must_be_what_is_not_and_what_will_be(said, text, expected):
    assert said(text) == expected


def test_the_one_who_will_not_is_the_source(said):
    text = "Peru will not open the harbour to Chile."
    segments = split(text)
    parse = next(iter(Language().parse([(text, segments, segments)])))
    cast = resolve(Report(id="x", text=text), parse)
    found = [m for s in parse.sentences for m in matches(LEXICON, s, cast) if m.pattern.id == "reject.refuse.not"]
    assert [[f.name for r in m.sources for f in r.figures] for m in found] == [["Peru"]]
