"""Where, by what means and through whom something was said: venue, channel, relays around a cue."""

from __future__ import annotations

from typing import NamedTuple

from comity.actors import Cast, Ref
from comity.language import Sentence
from comity.statements import grammar
from comity.statements.cues import venues
from comity.statements.finding import Attribution

_PLACE_PREPS = frozenset(("in", "at", "during", "on", "via", "by", "through", "from", "for", "over", "with", "to"))
_RELAY_PREPS = frozenset(("with", "to", "on", "in", "by", "for", "via", "through", "from", "of", "at"))
_PRESS = frozenset(("reporter", "journalist", "correspondent"))
_DAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday today yesterday january february march april may june july "
                  "august september october november december".split())  # fmt: skip
_SPOKEN_FOR = frozenset(("spokesman", "spokeswoman", "spokesperson", "lawyer", "attorney", "interpreter", "translator", "representative", "aide"))


class Circumstances(NamedTuple):
    """What stands around a cue."""

    venue: str | None
    channel: str | None
    media: list[Ref]
    """Media to which or in which it was said, in text order."""
    agents: list[tuple[int, int]]
    """Tokens (first, last) of a spokesperson through whom the principal spoke."""


def around(a: Attribution, cast: Cast, text: str) -> Circumstances:
    """Venue, channel and relays of one attribution, read from the words of its clause that are not content."""
    s = a.sentence
    venue: str | None = None
    channel: str | None = None
    media: list[Ref] = []
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
        if told is not None and s.tags[t][0] == "N" and s.deps[t] in ("pobj", "conj", "dobj", "pcomp") and t != a.source:
            prep = s.heads[t]
            if s.lowers[prep] in _PLACE_PREPS and s.deps[t] == "pobj" and _belongs(s, prep, a):
                distance = abs(t - a.token)
                if distance < best:
                    best, channel = distance, told
                    venue = _venue(s, t, a, text)
        if lemma in _SPOKEN_FOR and s.deps[t] == "pobj" and s.lowers[s.heads[t]] in ("through", "via") and _belongs(s, s.heads[t], a):
            agents.append(grammar.noun_phrase(s, t))
    for ref in cast.by_sentence[s.number]:
        figure = ref.figure
        if figure is None or figure.kind != "medium" or any(x <= ref.start < y for x, y in a.content):
            continue
        if ref.first <= a.source <= ref.last or not _carries(s, ref, a):
            continue
        media.append(ref)
    if channel is None:
        hearer = a.hearer
        if hearer >= 0 and s.lemmas[hearer] in _PRESS:
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
        if above == a.token:
            return True
        if above == here or s.deps[here] in ("relcl", "ccomp", "conj"):
            return False
        here = above
    return False


def _carries(s: Sentence, ref: Ref, a: Attribution) -> bool:
    """True when the medium stands where a relay does: told X, in an interview with X, in X, on X."""
    head = ref.head
    if a.reach[0] <= head <= a.reach[1] or head < a.reach[0] or head > a.reach[1]:
        here = head
        for _ in range(6):
            dep, above = s.deps[here], s.heads[here]
            if dep in ("dobj", "dative", "iobj") and s.lemmas[above] in ("tell", "inform", "address", "speak", "assure", "give", "grant"):
                return above == a.token or s.heads[above] == a.token or s.deps[above] == "advcl"
            if dep == "pobj":
                if s.lowers[above] not in _RELAY_PREPS:
                    return False
                if _belongs(s, above, a):
                    return True
            if above == here or dep in ("nsubj", "nsubjpass", "relcl", "appos"):
                return False
            here = above
    return False


def _venue(s: Sentence, t: int, a: Attribution, text: str) -> str | None:
    """The name of the occasion as in the text, without article and date."""
    first, last = grammar.noun_phrase(s, t)
    while first < t and (s.tags[first] in ("DT", "PRP$", "POS", "JJR") or s.lowers[first] in _DAYS or s.lowers[first] in ("'s", "’s")):
        first += 1
    for k in range(t + 1, last + 1):
        if s.lowers[k] in _DAYS or (s.lowers[k] in ("on", "with") and k > t) or s.tags[k] == "CD":
            last = k - 1
            break
    start, end = s.starts[first], s.ends[max(last, t)]
    if any(x < end and start < y for x, y in a.content):
        return None
    return " ".join(text[start:end].split())
