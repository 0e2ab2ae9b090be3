"""Who speaks in each attribution: resolved in text order, carried from statement to statement, and on where the report
goes on without a cue."""

from __future__ import annotations

from comity.actors import Cast
from comity.language import Parse, Sentence
from comity.statements import grammar
from comity.statements.attribution import Attribution
from comity.statements.cues import words_of
from comity.statements.quotation import Quotation
from comity.statements.spans import contains, trim
from comity.statements.voices import Voice, is_first, unnamed, voices

FARTHEST_PRONOUN = 2
"""Sentences between a statement and a "he said" that goes on from it. Swept 1 to 4 over the hand-coded reports."""

FARTHEST_DESCRIPTION = 4
"""Sentences between a statement and a "the official said" that goes on from it. Swept 2 to 8 as above."""

MEMORY = 60
"""Attributions before one that are looked through for its antecedent: many more than stand in `FARTHEST_PRONOUN`
sentences."""

LONGEST_CONTINUATION = 2
"""Sentences without a cue that may stand between two statements of one speaker and still be his. Longer stretches are
background in nine of ten cases of the hand-coded reports."""

FEWEST_WORDS = 6
"""Shorter sentences without a cue are captions and headings."""

_PRONOUNS = {"he": "m", "she": "f", "it": "thing", "they": "many", "his": "m", "her": "f", "him": "m", "its": "thing",
             "their": "many", "them": "many"}  # fmt: skip
_BARE_OFFICES = frozenset(("top leader", "head of government", "minister", "spokesperson", "ambassador", "deputy head"))
_ASSERTING = frozenset(("clause", "quote", "colon", "according", "continued"))


def speak(found: list[Attribution], cast: Cast, parse: Parse) -> None:
    """Give every attribution its voices, in text order. Those that have voices already (turns) keep them."""
    order = sorted(found, key=lambda a: a.end if a.start >= 0 else a.content[0][0])
    for n, a in enumerate(order):
        a.voices = a.voices or resolve(a, cast, parse, order[max(0, n - MEMORY) : n])


def resolve(a: Attribution, cast: Cast, parse: Parse, before: list[Attribution]) -> list[Voice]:
    """The voices of one attribution; `before`: those that were resolved already, in text order."""
    if a.implied is not None:
        return a.implied.voices
    if a.source < 0:
        return []
    found = voices(cast, a.sentence, a.source, a.token, parse.text)
    same = same_as_before(a, cast, parse, before) or _described(a, found, cast, parse, before)
    if same is not None:
        own = found[0]
        return [v._replace(start=own.start, end=own.end, text=own.text, ref=None) for v in same]
    if a.within is not None and found[0].figure is None and is_first(a.sentence, a.source):
        return [v._replace(figure=w.figure, ref=w.ref) for v in found for w in a.within.voices] or found
    if a.token >= 0 and all(v.is_medium for v in found):
        cited = _cited(a, cast, parse.text)
        if cited:
            a.via.extend(v.medium(cast) for v in found)
            return cited
    return found


def _cited(a: Attribution, cast: Cast, text: str) -> list[Voice]:
    """Whom a medium cites for what it reports: "Citing a senior officer, Al Jazeera reported …"."""
    s = a.sentence
    for kid in s.kids[a.token]:
        if s.deps[kid] == "advcl" and s.lowers[kid] in ("citing", "quoting"):
            found = voices(cast, s, grammar.kid_of(s, kid, "dobj"), -1, text)
            if all(v.head in unnamed() or (v.figure is not None and v.figure.kind != "state") for v in found):
                return found
    return []


def same_as_before(a: Attribution, cast: Cast, parse: Parse, before: list[Attribution]) -> list[Voice] | None:
    """The voices of the statement before, where "he said" or "the president said" goes on from it and nobody else has
    come between. Coreference alone would take a name out of the quoted words for the antecedent.
    """
    s = a.sentence
    if a.within is not None:
        return None
    wanted = _PRONOUNS.get(s.lowers[a.source])
    level = None if wanted is not None else _bare_office(a, cast)
    if wanted is None and level is None:
        return None
    at = s.starts[a.source]
    last = max(
        (b for b in before if b.within is None and b.voices and b.last_offset() <= at),
        key=lambda b: b.last_offset(),
        default=None,
    )
    if last is None:
        return None
    home = parse.sentence_at(last.last_offset() - 1)
    opens = parse.sentence_at(min(at, a.content[0][0])) if a.content else s
    if home is None or opens is None or opens.number - home.number > FARTHEST_PRONOUN:
        return None
    found = last.voices
    figure = found[0].figure
    if level is not None:
        fits = len(found) == 1 and figure is not None and figure.kind == "person" and figure.level == level
        return found if fits else None
    assert wanted is not None
    if not _agrees(found, wanted):
        return None
    spoken = [span for b in (*before, a) for span in b.content]
    for number in range(home.number, s.number + 1):
        for ref in cast.by_sentence[number]:
            other = ref.figure
            if other is None or other is figure or not ref.subject or not last.last_offset() <= ref.start < at:
                continue
            if wanted == "many" or (other.kind == "person") != (wanted in ("m", "f")):
                continue
            if ref.form not in ("part", "adjective") and not any(x <= ref.start < y for x, y in spoken):
                return None
    return found


def _bare_office(a: Attribution, cast: Cast) -> str | None:
    """The level of "the president", "the minister": an office without a name or a state."""
    s = a.sentence
    ref = cast.at(s, a.source)
    if ref is None or ref.form != "role" or ref.first != ref.last or not ref.first or s.lowers[ref.first - 1] != "the":
        return None
    return ref.level if ref.figure is not None and ref.figure.kind == "person" and ref.level in _BARE_OFFICES else None


def _described(
    a: Attribution, found: list[Voice], cast: Cast, parse: Parse, before: list[Attribution]
) -> list[Voice] | None:
    """The person named shortly before, whom "the top official" or "the Uzbek diplomat" describes once more."""
    s, own = a.sentence, found[0]
    if (
        a.within is not None
        or len(found) != 1
        or own.before != "the"
        or own.plural
        or own.head not in words_of("described")
        or (own.figure is not None and not own.figure.anonymous)
    ):
        return None
    first, last = grammar.noun_phrase(s, a.source)
    if (
        last != a.source
        or any(s.deps[kid] in ("relcl", "acl", "appos", "prep") for kid in s.kids[a.source])
        or "former" in s.lowers[first:last]
        or (own.head == "general" and s.tags[last - 1][0] == "N")  # an attorney general is no general
        or _introduced(own.head, s.starts[last], cast, s.number)
    ):
        return None
    states = {ref.figure.state for t in range(first, last) if (ref := cast.at(s, t)) is not None
              and ref.form != "role" and ref.figure is not None}  # fmt: skip
    spoken = [span for b in (*before, a) for span in b.content]
    for number in range(s.number, max(-1, s.number - FARTHEST_DESCRIPTION - 1), -1):
        for ref in reversed(cast.by_sentence[number]):
            figure = ref.figure
            if figure is None or figure.kind != "person" or figure.anonymous or figure.plural or not ref.subject:
                continue
            if ref.start < s.starts[last] and not any(x <= ref.start < y for x, y in spoken):
                return [own._replace(figure=figure)] if states <= {figure.state} else None
    return None


def _introduced(noun: str, before: int, cast: Cast, number: int) -> bool:
    """True when somebody unnamed was brought in under this noun: "the official" is "a senior official" of before."""
    for refs in cast.by_sentence[: number + 1]:
        for ref in refs:
            s = ref.sentence
            if (
                s is not None
                and ref.form == "role"
                and ref.start < before
                and s.lemmas[ref.head] == noun
                and (ref.figure is None or ref.figure.anonymous)
                and "the" not in s.lowers[max(0, ref.first - 2) : ref.first]
            ):
                return True
    return False


def _agrees(found: list[Voice], wanted: str) -> bool:
    """True when a pronoun of this kind (m, f, thing, many) can stand for the voices."""
    figure = found[0].figure
    if wanted == "many":
        return len(found) > 1 or (
            figure is not None and (figure.plural or figure.kind in ("group", "population", "organ"))
        )
    if len(found) > 1:
        return False
    if figure is None:
        return wanted != "thing" and found[0].head not in _PRONOUNS and found[0].head != ""
    if wanted == "thing":
        return figure.kind not in ("person", "other") and not figure.plural
    return figure.kind in ("person", "other") and not figure.plural and figure.gender in ("", wanted)


def same_speaker(a: Attribution, b: Attribution) -> bool:
    """True when one of the voices of the one is a voice of the other."""
    return not {v.key for v in a.voices}.isdisjoint(v.key for v in b.voices)


# --- free continuation -----------------------------------------------------------------------------------------------


def continue_freely(found: list[Attribution], cast: Cast, parse: Parse, quotes: list[Quotation]) -> None:
    """Add the sentences without a cue between two statements of one speaker where the words show that he still speaks:
    they open with a connective, or say in the present what his own state does or will do.
    """
    sentences = parse.sentences
    held: dict[int, list[Attribution]] = {}
    for a in found:
        if a.firm and (a.frame in _ASSERTING or a.turn):
            numbers = {a.sentence.number} if a.token >= 0 else set()
            for start, end in a.content:
                first, last = parse.sentence_at(start), parse.sentence_at(end - 1)
                if first is not None and last is not None:
                    numbers.update(range(first.number, last.number + 1))
            for number in numbers:
                held.setdefault(number, []).append(a)
    quoted = {s.number for q in quotes if (s := parse.sentence_at(q.first)) is not None}
    for number in sorted(held):
        before = [a for a in held[number] if a.within is None and a.frame in _ASSERTING and a.voices]
        free = []
        for n in range(number + 1, min(len(sentences), number + 2 + LONGEST_CONTINUATION)):
            if n in held:
                break
            free.append(n)
        if not before or not free or len(free) > LONGEST_CONTINUATION:
            continue
        after = [a for a in held.get(free[-1] + 1, ()) if a.within is None and a.voices]
        if not after or not same_speaker(before[-1], after[0]):
            continue
        for n in free:
            if n not in quoted and _still_speaks(sentences[n], before[-1], cast):
                _add(found, sentences[n], before[-1], parse.text)


def _add(found: list[Attribution], s: Sentence, before: Attribution, text: str) -> None:
    a = Attribution(s, -1, None, "continued", True)
    start, end = trim(text, s.start, s.end)
    a.content = [(start, end - (text[end - 1] == "."))]
    a.continued = a.free = True
    a.implied, a.voices = before, before.voices
    for inner in found:
        if inner.within is None and inner.sentence is s and contains(a.content, inner.content):
            inner.within = a
    found.append(a)


def _still_speaks(s: Sentence, before: Attribution, cast: Cast) -> bool:
    tags = {s.tags[k] for k in (s.root, *s.kids[s.root]) if s.deps[k] in ("ROOT", "aux", "auxpass")}
    if len(s) < FEWEST_WORDS or "VBD" in tags or not tags & {"VBZ", "VBP", "MD"}:
        return False
    if s.lowers[0] in words_of("connective"):
        return True
    states = {v.figure.state for v in before.voices if v.figure is not None and v.figure.state}
    subject = grammar.own_subject(s, s.root)
    if subject < 0 or not states:
        return False
    first, last = grammar.noun_phrase(s, subject)
    return any(
        ref.figure is not None and ref.figure.kind == "state" and ref.figure.state in states
        for ref in cast.by_sentence[s.number]
        if first <= ref.first and ref.last <= last
    )
