"""Who speaks: the source of an attribution as parties of the record."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from comity.actors import Cast, Figure, Ref, to_party, to_speaker
from comity.language import Sentence
from comity.records import Party, Speaker
from comity.statements import grammar
from comity.statements.finding import DOCUMENTS
from comity.statements.turns import Turn

FIRST = frozenset(("i", "we", "me", "us", "my", "our", "ours", "mine", "myself", "ourselves"))
TYPES = frozenset(("official", "diplomat", "military", "expert", "resident", "witness", "familiar", "medium", "unspecified"))
_FAMILIAR = re.compile(r"\b(?:familiar with|close to|briefed on|with (?:direct )?knowledge of|in the know)\b")
_ARTICLE = re.compile(r"^(?:the|an?)\s+", re.IGNORECASE)


class Voice(NamedTuple):
    """One speaker or hearer, named or not."""

    start: int | None
    end: int | None
    text: str | None
    ref: Ref | None
    figure: Figure | None
    head: str
    """Lemma of the head noun of the phrase in the text."""
    proper: bool
    """True when that head is a proper name."""
    of: Figure | None
    """Whose official, aide or document it is, where nothing more is known."""

    @property
    def is_medium(self) -> bool:
        return self.figure is not None and self.figure.kind == "medium"


@cache
def unnamed() -> dict[str, str]:
    """Nouns for unnamed sources to the type of source."""
    rows = files(__package__).joinpath("unnamed.tsv").read_text("utf-8").splitlines()[1:]
    return dict(row.split("\t")[:2] for row in rows)  # type: ignore[misc]


def voices(cast: Cast, s: Sentence, token: int, cue: int, text: str) -> list[Voice]:
    """Everybody whom the noun phrase with this head names. `cue`: the token of the cue, or -1."""
    if token < 0:
        return []
    head, proper = s.lemmas[token], s.tags[token] in ("NNP", "NNPS")
    refs = [ref for ref in cast.actors(s, token) if ref.figures]
    if not refs and head in DOCUMENTS:
        owner = cast.owner(s, token)
        if owner is not None:
            refs = [owner]
    first, last = grammar.noun_phrase(s, token)
    if not refs:
        refs = _named_beside(cast, s, token, cue)
    if refs:
        return [Voice(ref.start, ref.end, ref.text, ref, figure, head, proper, None) for ref in refs for figure in ref.figures]
    start, end = s.starts[first], s.ends[last]
    if s.words[token][:1].isupper():
        bearers = cast.labeller.bearers.get(s.lowers[token])
        if bearers:
            return [Voice(start, end, text[start:end], None, bearers[-1], head, True, None)]
    of = cast.owner(s, token)
    return [Voice(start, end, text[start:end], None, None, head, proper, of.figure if of is not None else None)]


def _named_beside(cast: Cast, s: Sentence, token: int, cue: int) -> list[Ref]:
    """The person in apposition to a phrase, or between its head and the cue where the parser has taken a title for it."""
    for kid in s.kids[token]:
        if s.deps[kid] == "appos":
            ref = cast.at(s, kid)
            if ref is not None and ref.figure is not None and ref.figure.kind == "person":
                return [ref]
    if cue > token:
        for ref in cast.by_sentence[s.number]:
            if token < ref.first < cue and ref.figure is not None and ref.figure.kind == "person" and ref.form in ("name", "surname", "weak"):
                if all(s.tags[t][0] in "NJ,D" or s.words[t] == "," for t in range(token + 1, ref.first)):
                    return [ref]
                break
    return []


def of_turn(turn: Turn, text: str) -> Voice:
    """Whoever has the turn of a transcript."""
    name = " ".join(text[turn.start : turn.end].split())
    if turn.ref is not None and turn.ref.figure is not None:
        return Voice(turn.start, turn.end, name, turn.ref, turn.ref.figure, "", True, None)
    return Voice(turn.start, turn.end, name, None, None, "reporter" if turn.asks else "", not turn.asks, None)


def as_party(voice: Voice) -> Party:
    """A hearer as a party of the record."""
    if voice.figure is not None:
        return to_party(voice.ref, voice.figure)
    return Party(start=voice.start, end=voice.end, text=voice.text, name=_name(voice.text))


def as_speaker(voice: Voice) -> Speaker:
    """A speaker of the record; without a name in the text it is anonymous, of the type that its noun tells."""
    if voice.figure is not None:
        made = to_speaker(voice.ref, voice.figure)
        if made.anonymous and _FAMILIAR.search(voice.text or ""):
            return _replace(made, anonymous_type="familiar")
        return made
    anonymous = not voice.proper and voice.head not in DOCUMENTS
    kind = None
    if anonymous:
        kind = "familiar" if _FAMILIAR.search(voice.text or "") else unnamed().get(voice.head, "unspecified")
    return Speaker(
        start=voice.start, end=voice.end, text=voice.text, name=_name(voice.text), anonymous=anonymous, anonymous_type=kind
    )  # fmt: skip


def _replace(speaker: Speaker, **changes: object) -> Speaker:
    fields = {field: getattr(speaker, field) for field in Speaker.__struct_fields__}
    return Speaker(**(fields | changes))


def _name(text: str | None) -> str | None:
    return _ARTICLE.sub("", " ".join(text.split())) if text else None
