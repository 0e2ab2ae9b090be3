"""Where, by what means and through whom something was said: venue, channel, relays around a cue."""

from __future__ import annotations

import re
from typing import NamedTuple

from comity.actors import Cast
from comity.language import Sentence
from comity.statements import grammar
from comity.statements.attribution import Attribution
from comity.statements.cues import venues, words_of
from comity.statements.voices import medium_name

_PLACE_PREPS = frozenset(("in", "at", "during", "on", "via", "by", "through", "from", "for", "over", "with", "to"))
_RELAY_PREPS = frozenset(("with", "to", "on", "in", "by", "for", "via", "through", "from", "of", "at"))
_MEDIUM_WORD = re.compile(
    r"(?:News|Times|Post|Journal|Tribune|Herald|Telegraph|Guardian|TV|Television|Radio|Agency|Press|Magazine|Weekly|Daily|Gazette|"
    r"Media|Network|Channel|Today|Bulletin|Independent|Chronicle|Courier|Mirror|Globe|Spectator|Economist)\b"
)


class Circumstances(NamedTuple):
    """What stands around a cue."""

    venue: str | None
    channel: str | None
    media: list[str]
    """Media to which or in which it was said, in text order."""
    agents: list[tuple[int, int]]
    """Tokens (first, last) of a spokesperson through whom the principal spoke."""


def around(a: Attribution, cast: Cast, text: str) -> Circumstances:
    """Venue, channel and relays of one attribution, read from the words of its clause that are not content."""
    s = a.sentence
    venue: str | None = None
    channel: str | None = None
    media: list[str] = []
    agents: list[tuple[int, int]] = []
    if a.token < 0:
        return Circumstances(None, None, media, agents)
    table = venues()
    first, last = 0, len(s) - 1
    best = 99
    for t in range(first, last + 1):
        start = s.starts[t]
        if any(x <= start < y for x, y in a.content):
            continue
        lemma = s.lemmas[t]
        told = table.get(lemma)
        if (
            told is not None
            and s.tags[t][0] == "N"
            and s.deps[t] in ("pobj", "conj", "dobj", "pcomp")
            and t != a.source
        ):
            prep = s.heads[t]
            if s.lowers[prep] in _PLACE_PREPS and s.deps[t] == "pobj" and _belongs(s, prep, a):
                distance = abs(t - a.token)
                if distance < best:
                    best, channel = distance, told
                    venue = _venue(s, t, a, text)
        if (
            lemma in words_of("spoken through")
            and s.deps[t] == "pobj"
            and s.lowers[s.heads[t]] in ("through", "via")
            and _belongs(s, s.heads[t], a)
        ):
            agents.append(grammar.noun_phrase(s, t))
    for t in range(first, last + 1):
        if (
            t != a.source
            and s.tags[t][0] == "N"
            and not any(x <= s.starts[t] < y for x, y in a.content)
            and _carries(s, t, a)
        ):
            name = _medium(cast, s, t, text)
            if name and name not in media:
                media.append(name)
    if channel is None:
        hearer = a.hearer
        if hearer >= 0 and s.lemmas[hearer] in words_of("the press"):
            channel = "briefing"
        elif media and a.cue is not None and a.cue.kind == "speech":
            channel = "interview"
        elif a.cue is not None:
            channel = a.cue.channel
    return Circumstances(venue, channel, media, agents)


def _belongs(s: Sentence, token: int, a: Attribution) -> bool:
    """True when the phrase hangs on the cue (or on the clause that the cue opens with)."""
    here = token
    for _ in range(6):
        above = s.heads[here]
        if here == a.source or s.deps[here] in ("nsubj", "nsubjpass"):
            return False
        if above == a.token:
            return True
        if above == here or s.deps[here] in ("relcl", "ccomp", "conj"):
            return False
        here = above
    return False


def _carries(s: Sentence, token: int, a: Attribution) -> bool:
    """True when a noun stands where a relay does: told X, in an interview with X, in X, on X's programme."""
    here = token
    for _ in range(6):
        dep, above = s.deps[here], s.heads[here]
        if dep in ("dobj", "dative", "iobj"):
            return s.lemmas[above] in words_of("telling") and (above == a.token or s.heads[above] == a.token)
        if dep == "pobj":
            relay = s.lowers[above] in _RELAY_PREPS and s.lowers[s.heads[above]] != "according"
            return relay and _belongs(s, above, a)
        if dep not in ("compound", "poss", "conj", "nmod") or above == here:
            return False
        here = above
    return False


def _medium(cast: Cast, s: Sentence, token: int, text: str) -> str | None:
    """The name of the medium that a noun stands for, or None when it is none."""
    ref = cast.at(s, token)
    if ref is not None and ref.figure is not None:
        figure = ref.figure
        if figure.kind == "medium":
            return medium_name(ref.text)
        if figure.kind in ("person", "state", "organ", "igo", "group", "party", "population") and s.lemmas[
            token
        ] not in words_of("kind of medium"):
            return None
    lemma = s.lemmas[token]
    if lemma in words_of("kind of medium"):
        if s.deps[token] == "compound" and s.lemmas[s.heads[token]] in words_of("piece"):
            return lemma
        if s.deps[token] not in ("dobj", "dative", "pobj"):
            return None
        lead = [
            k
            for k in s.kids[token]
            if s.deps[k] in ("amod", "compound", "nmod", "poss")
            and k < token
            and (s.lowers[k] not in words_of("calendar") or s.words[k] == "Today")
        ]
        if all(s.tags[k] == "PRP$" for k in lead):
            if any(s.lowers[k] == "the" for k in s.kids[token]):
                for other in cast.before(s, token, 8):
                    if other.figure is not None and other.figure.kind == "medium":
                        return medium_name(other.text)
            return None
        start, end = s.starts[s.subtree(lead[0])[0]], s.ends[token]
        named = next((cast.at(s, k) for k in lead if s.tags[k] in ("NNP", "NNPS")), None)
        if named is not None and named.figure is not None and named.figure.kind == "medium":
            return medium_name(named.text)
        return " ".join(text[start:end].split())
    if s.tags[token] not in ("NNP", "NNPS") or s.deps[token] == "compound":
        return None
    first = token
    while first > 0 and s.tags[first - 1] in ("NNP", "NNPS") and s.heads[first - 1] == token:
        first -= 1
    word = s.words[token]
    if (
        _MEDIUM_WORD.search(text[s.starts[first] : s.ends[token]])
        or (first == token and word.isupper() and 2 < len(word) < 7 and word.isalpha() and _is_told(s, token))
        or (ref is None and _is_told(s, token, piece=True))
    ):
        return " ".join(text[s.starts[first] : s.ends[token]].split())
    return None


def _is_told(s: Sentence, token: int, piece: bool = False) -> bool:
    """True for X in "told X", "speaking to X", "an interview with X"; with `piece` in the last alone."""
    above = s.heads[token]
    if s.deps[token] == "pobj":
        if s.lemmas[s.heads[above]] in words_of("piece"):
            return not piece or s.lowers[above] == "for" or any(s.lowers[k] == "the" for k in s.kids[token])
        return not piece and s.lemmas[s.heads[above]] in ("speak", "talk")
    return not piece and s.lemmas[above] == "tell"


def _venue(s: Sentence, t: int, a: Attribution, text: str) -> str | None:
    """The name of the occasion as in the text, without article and date."""
    first, last = grammar.noun_phrase(s, t)
    while first < t and (
        s.tags[first] in ("DT", "PRP$", "POS", "JJR")
        or s.lowers[first] in words_of("calendar")
        or s.lowers[first] in ("'s", "’s")
    ):
        first += 1
    for k in range(t + 1, last + 1):
        if s.lowers[k] in words_of("calendar") or (s.lowers[k] in ("on", "with") and k > t) or s.tags[k] == "CD":
            last = k - 1
            break
    start, end = s.starts[first], s.ends[max(last, t)]
    if any(x < end and start < y for x, y in a.content):
        return None
    return " ".join(text[start:end].split())
