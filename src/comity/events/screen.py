"""Which segments must be parsed so that no event is lost: a cheap test on the text alone."""

from __future__ import annotations

import re

from comity.events.lexicon import Lexicon

_WORD = re.compile(r"[a-z]+(?:[-'’][a-z]+)*")

_STANDS_FOR = frozenset(
    (
        "it",
        "its",
        "they",
        "their",
        "them",
        "he",
        "his",
        "him",
        "she",
        "her",
        "we",
        "our",
        "us",
        "i",
        "my",
        "both",
        "sides",
    )
)
"""Words by which a segment without a name can still have parties."""

_DUTY = frozenset(("must", "should", "ought"))

_IRREGULAR = {
    "arise": "arose arisen", "be": "is are was were been", "beat": "beat beaten", "become": "became", "begin": "began begun",
    "bind": "bound", "bite": "bit bitten", "bleed": "bled", "blow": "blew blown", "break": "broke broken", "breed": "bred",
    "bring": "brought", "build": "built", "burn": "burnt", "buy": "bought", "catch": "caught", "choose": "chose chosen",
    "cling": "clung", "come": "came", "creep": "crept", "deal": "dealt", "dig": "dug", "do": "did done does", "draw": "drew drawn",
    "drink": "drank drunk", "drive": "drove driven", "eat": "ate eaten", "fall": "fell fallen", "feed": "fed", "feel": "felt",
    "fight": "fought", "find": "found", "flee": "fled", "fling": "flung", "fly": "flew flown", "forbid": "forbade forbidden",
    "forget": "forgot forgotten", "forgive": "forgave forgiven", "freeze": "froze frozen", "get": "got gotten", "give": "gave given",
    "go": "went gone goes", "grow": "grew grown", "hang": "hung", "have": "has had", "hear": "heard", "hide": "hid hidden",
    "hold": "held", "keep": "kept", "know": "knew known", "lay": "laid", "lead": "led", "leave": "left", "lend": "lent",
    "lie": "lay lain lying", "light": "lit", "lose": "lost", "make": "made", "mean": "meant", "meet": "met", "overthrow": "overthrew overthrown",
    "override": "overrode overridden", "overrun": "overran", "oversee": "oversaw overseen", "pay": "paid", "ride": "rode ridden",
    "rise": "rose risen", "run": "ran", "say": "said", "see": "saw seen", "seek": "sought", "sell": "sold", "send": "sent",
    "shake": "shook shaken", "shoot": "shot", "show": "shown", "shrink": "shrank shrunk", "sink": "sank sunk", "sit": "sat",
    "slay": "slew slain", "sling": "slung", "speak": "spoke spoken", "spend": "spent", "spring": "sprang sprung", "stand": "stood",
    "steal": "stole stolen", "stick": "stuck", "strike": "struck stricken", "swear": "swore sworn", "sweep": "swept", "take": "took taken",
    "teach": "taught", "tear": "tore torn", "tell": "told", "think": "thought", "throw": "threw thrown", "tread": "trod trodden",
    "undergo": "underwent undergone", "understand": "understood", "undertake": "undertook undertaken", "uphold": "upheld",
    "wage": "waged", "wear": "wore worn", "weave": "wove woven", "win": "won", "withdraw": "withdrew withdrawn",
    "withhold": "withheld", "withstand": "withstood", "write": "wrote written", "crisis": "crises", "man": "men", "woman": "women",
    "foot": "feet", "agony": "agonies", "basis": "bases",
}  # fmt: skip
"""Forms that no ending makes; a head of the lexicon that is missing here is only found in its base form."""


def forms(lemma: str) -> set[str]:
    """The lower-case forms of a verb or noun, with some that do not exist.

    >>> sorted(forms("ban"))
    ['ban', 'band', 'baned', 'banes', 'baning', 'banned', 'banning', 'bans']
    """
    stem = lemma[:-1] if lemma.endswith("e") else lemma
    made = {lemma, lemma + "s", lemma + "es", stem + "ed", stem + "ing", lemma + "d"}
    if lemma.endswith("y"):
        made |= {lemma[:-1] + "ies", lemma[:-1] + "ied"}
    if lemma.endswith("ie"):
        made.add(lemma[:-2] + "ying")
    if len(lemma) > 2 and lemma[-1] not in "aeiouwxy" and lemma[-2] in "aeiou":
        made |= {lemma + lemma[-1] + "ed", lemma + lemma[-1] + "ing"}
    return made | set(_IRREGULAR.get(lemma, "").split())


def event_words(lexicon: Lexicon) -> frozenset[str]:
    """Every form of the heads of a lexicon's patterns, and the words of duty."""
    return frozenset(_DUTY.union(*(forms(head) for head in (*lexicon.verbs, *lexicon.nouns))))


def may_hold_event(segment: str, words: frozenset[str]) -> bool:
    """True when a segment that names nobody holds a head of the lexicon and a word that may stand for a party."""
    found = set(_WORD.findall(segment.lower()))
    return not _STANDS_FOR.isdisjoint(found) and not words.isdisjoint(found)
