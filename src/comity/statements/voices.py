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
from comity.statements.cues import words_of
from comity.statements.turns import Turn

FIRST = frozenset(("i", "we", "me", "us", "my", "our", "ours", "mine", "myself", "ourselves"))
"""Words of the first person, in lower case. "US" is none: see `is_first`."""
TYPES = frozenset(
    ("official", "diplomat", "military", "expert", "resident", "witness", "familiar", "medium", "unspecified")
)
_FAMILIAR = re.compile(r"\b(?:familiar with|close to|briefed on|with (?:direct )?knowledge of|in the know)\b")
_ARTICLE = re.compile(r"^(?:the|an?)\s+", re.IGNORECASE)


_OFFICES = frozenset(
    ("top leader", "head of government", "deputy head", "minister", "deputy minister", "spokesperson", "ambassador")
)
"""Levels of offices that one person holds: whoever is named by the office is not anonymous."""
_SPEAKING_HEADS = frozenset(("spokesman", "spokeswoman", "spokesperson"))
_NAMED_SECTORS = frozenset(("PTY",))
"""Sectors whose plural nouns name a body: "Republicans"."""
_THING = re.compile(
    r"(?:tion|ment|ity|ing|ysis|ure|ness|ism|ence|ance|search|study|law|rule|poll|plan|book|bill|list|move|attempt|word|"
    r"group|committee|council|company|firm|bank|organisation|excerpt|commentary|data|proof)$"
)
"""Endings of nouns that name no person: a study, figures or a group are not anonymous people."""
_SINGLE = re.compile(
    r"^(?:\S+ ){0,3}"
    r"(?:head|chief|chairman|chairwoman|mayor|governor|director|commander|speaker|pope|prosecutor general)\b"
)


_KIND_OF_MEDIUM = re.compile(
    r"(?<=[A-Z\w.]) (?:state |news |daily |online )*"
    r"(?:news|agency|newspaper|daily|magazine|channel|broadcaster|website|network)$"
)


def medium_name(text: str) -> str:
    """A medium as the text names it, without article and kind: "the RIA news agency" is RIA."""
    name = re.sub(r"^(?:the|an?|its|their)\s+", "", " ".join(text.split()), flags=re.IGNORECASE)
    short = _KIND_OF_MEDIUM.sub("", name)
    return short if short[:1].isupper() else name


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
    before: str
    """The word before the head's first modifier, in lower case: tells "the minister" from "a minister"."""
    plural: bool
    of: Figure | None
    """Whose official, aide or document it is, where nothing more is known."""

    @property
    def is_medium(self) -> bool:
        """True for an agency, paper, broadcaster."""
        return self.figure is not None and self.figure.kind == "medium"

    @property
    def key(self) -> str:
        """Equal for two voices of one speaker."""
        return self.figure.id if self.figure is not None else (self.text or "").lower()

    def medium(self, cast: Cast) -> str:
        """The name of a relay; "the report", "the agency" is the medium that was named before."""
        if not self.is_medium and self.head in words_of("relay") and self.before == "the" and self.start is not None:
            here = cast.parse.sentence_at(self.start)
            for refs in reversed(cast.by_sentence[: here.number + 1 if here is not None else 0]):
                for ref in reversed(refs):
                    if ref.start < self.start and ref.figure is not None and ref.figure.kind == "medium":
                        return medium_name(ref.text)
        return medium_name(self.text or (self.figure.name if self.figure is not None else ""))


def is_first(s: Sentence, token: int) -> bool:
    """True for a pronoun of the first person."""
    return s.lowers[token] in FIRST and s.words[token] != "US"


@cache
def unnamed() -> dict[str, str]:
    """Nouns for unnamed sources to the type of source."""
    rows = files(__package__).joinpath("unnamed.tsv").read_text("utf-8").splitlines()[1:]
    return dict(row.split("\t")[:2] for row in rows)


def voices(cast: Cast, s: Sentence, token: int, cue: int, text: str) -> list[Voice]:
    """Everybody whom the noun phrase with this head names. `cue`: the token of the cue, or -1."""
    if token < 0:
        return []
    head, proper = s.lemmas[token], _is_proper(s, token)
    refs = [ref for ref in cast.actors(s, token) if ref.figures]
    if not refs and head in words_of("document"):
        for kid in s.kids[token]:
            if s.deps[kid] == "compound" and s.lemmas[kid] in (
                "media",
                "medium",
                "press",
                "newspaper",
                "television",
                "tv",
            ):
                return [
                    _unknown(s, token, text)._replace(
                        head="media", proper=False, plural=True, of=_figure(cast.owner(s, token))
                    )
                ]
        owner = cast.owner(s, token)
        if owner is not None:
            refs = [owner]
    first, last = grammar.noun_phrase(s, token)
    lead, plural = s.lowers[first], s.tags[token] in ("NNS", "NNPS") or s.lemmas[token] in words_of("quantifier")
    if not refs:
        refs = _named_beside(cast, s, token, cue)
    if refs:
        found = [
            Voice(ref.start, ref.end, ref.text, ref, figure, head, proper, lead, plural, None)
            for ref in refs
            for figure in ref.figures
        ]
        known = {ref.head for ref in refs}
        for kid in s.kids[token]:  # "Putin and Xi said", where the cast knows only one of them
            if (
                s.deps[kid] == "conj"
                and kid not in known
                and s.tags[kid] in ("NNP", "NNPS")
                and token < kid < (cue if cue > token else len(s))
            ):
                found.append(_unknown(s, kid, text))
        return found
    start, end = s.starts[first], s.ends[last]
    if s.words[token][:1].isupper():
        bearers = cast.labeller.bearers.get(s.lowers[token])
        if bearers:
            return [Voice(start, end, text[start:end], None, bearers[-1], head, True, lead, plural, None)]
    of = cast.owner(s, token)
    return [
        Voice(
            start, end, text[start:end], None, None, head, proper, lead, plural, of.figure if of is not None else None
        )
    ]


def _is_proper(s: Sentence, token: int) -> bool:
    """True for a proper name; the tagger takes names in -s for plurals, a capital inside a sentence tells."""
    if s.tags[token] in ("NNP", "NNPS"):
        return True
    inside = token > 0 and s.words[token - 1] not in ("“", '"', "``", "‘")
    return inside and s.tags[token] in ("NN", "NNS") and s.words[token][:1].isupper()


def _figure(ref: Ref | None) -> Figure | None:
    return ref.figure if ref is not None else None


def _unknown(s: Sentence, token: int, text: str) -> Voice:
    first, last = grammar.noun_phrase(s, token)
    start, end = s.starts[first], s.ends[last]
    return Voice(start, end, text[start:end], None, None, s.lemmas[token], True, s.lowers[first], False, None)


def _named_beside(cast: Cast, s: Sentence, token: int, cue: int) -> list[Ref]:
    """The person in apposition to a phrase, or between its head and the cue where the parser took a title for it."""
    for kid in s.kids[token]:
        if s.deps[kid] == "appos":
            ref = cast.at(s, kid)
            if ref is not None and ref.figure is not None and ref.figure.kind == "person":
                return [ref]
    if cue > token:
        for ref in cast.by_sentence[s.number]:
            if (
                token < ref.first < cue
                and ref.figure is not None
                and ref.figure.kind == "person"
                and ref.form in ("name", "surname", "weak")
            ):
                if all(s.tags[t][0] in "NJ,D" or s.words[t] == "," for t in range(token + 1, ref.first)):
                    return [ref]
                break
    return []


def of_turn(turn: Turn, text: str) -> Voice:
    """Whoever has the turn of a transcript."""
    name = " ".join(text[turn.start : turn.end].split())
    if turn.ref is not None and turn.ref.figure is not None:
        return Voice(turn.start, turn.end, name, turn.ref, turn.ref.figure, "", True, "", False, None)
    return Voice(
        turn.start, turn.end, name, None, None, "reporter" if turn.asks else "", not turn.asks, "", False, None
    )


def of_address(name: str, figure: Figure | None) -> Voice:
    """Whoever gives the speech that a whole text is; he stands in its title alone."""
    return Voice(None, None, name, None, figure, "", True, "", False, None)


def as_party(voice: Voice) -> Party:
    """A hearer as a party of the record."""
    if voice.figure is not None:
        return to_party(voice.ref, voice.figure)
    return Party(start=voice.start, end=voice.end, text=voice.text, name=_name(voice.text))


def names_in_report(cast: Cast) -> dict[str, str]:
    """Person (figure id) to the fullest form in which the report names it: its spelling, not that of the tables."""
    found: dict[str, str] = {}
    for refs in cast.by_sentence:
        for ref in refs:
            if ref.form in ("name", "surname") and ref.figure is not None and ref.figure.kind == "person":
                name = " ".join(ref.text.split())
                if " " in name and len(name) > len(found.get(ref.figure.id, "")):
                    found[ref.figure.id] = name
    return found


def as_speaker(voice: Voice, names: dict[str, str]) -> Speaker:
    """A speaker of the record; without a name in the text it is anonymous, of the type that its noun tells.

    `names`: see `names_in_report`.
    """
    words = (voice.text or "").lower().split()
    indefinite = bool(words) and words[0] in words_of("indefinite")
    if voice.figure is not None:
        made = to_speaker(voice.ref, voice.figure)
        if voice.figure.id in names:
            made = _replace(made, name=names[voice.figure.id])
        if voice.ref is None:
            made = _replace(made, start=voice.start, end=voice.end, text=voice.text)
        if voice.figure.kind == "population":
            return _replace(made, anonymous=True, anonymous_type=_type(voice, made.anonymous_type))
        if made.anonymous:
            each = (
                voice.ref is not None
                and len(voice.ref.figures) > 1
                and voice.figure.name.split()[-1].lower().removesuffix("s") in words_of("single office")
            )
            if (
                voice.figure.kind == "medium"
                or (voice.figure.sector in _NAMED_SECTORS and voice.figure.plural)
                or (each and voice.figure.state is not None)  # "the presidents of Russia and France"
            ):
                return _replace(made, anonymous=False, anonymous_type=None)
            single = (
                voice.ref is not None
                and voice.ref.level in _OFFICES
                and voice.figure.kind == "person"
                and not voice.figure.plural
            )
            if single and not (
                voice.before in words_of("indefinite") and voice.ref is not None and voice.ref.level != "spokesperson"
            ):
                return _replace(made, anonymous=False, anonymous_type=None)
            if _SINGLE.match(voice.figure.name.lower()) and voice.before not in words_of("indefinite"):
                return _replace(made, anonymous=False, anonymous_type=None)
            return _replace(made, anonymous_type=_type(voice, made.anonymous_type))
        return made
    listed = voice.head in unnamed() and (voice.plural or voice.head not in words_of("document"))
    thing = voice.head in words_of("document") or bool(_THING.search(voice.head))
    anonymous = listed or ((indefinite or voice.plural) and not thing)
    if voice.proper or (
        voice.head in words_of("single office")
        and not voice.plural
        and (not indefinite or voice.head in _SPEAKING_HEADS)
    ):
        anonymous = False
    kind = None
    if anonymous:
        kind = _type(voice, None)
    of = voice.of if voice.head not in words_of("document") else None
    country = (
        of.country if of is not None and (voice.head in unnamed() or voice.head in words_of("single office")) else None
    )
    return Speaker(
        start=voice.start, end=voice.end, text=voice.text, name=_name(voice.text), country=country,
        anonymous=anonymous, anonymous_type=kind,
    )  # fmt: skip


def _type(voice: Voice, known: str | None) -> str:
    """The type of an unnamed source; `known`: what the actor tables say of its noun. Their word for people in general
    gives way to a noun that says more."""
    if _FAMILIAR.search(voice.text or ""):
        return "familiar"
    told = unnamed().get(voice.head, "unspecified")
    return known if known not in (None, "unspecified") and told not in ("witness",) else told


def _replace(speaker: Speaker, **changes: object) -> Speaker:
    fields = {field: getattr(speaker, field) for field in Speaker.__struct_fields__}
    return Speaker(**(fields | changes))


def _name(text: str | None) -> str | None:
    return _ARTICLE.sub("", " ".join(text.split())) if text else None
