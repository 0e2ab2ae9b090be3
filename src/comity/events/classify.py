"""The PLOVER type of a pair that somebody has already marked: which type holds from source to target in a sentence.

For people who bring their own pairs (`comity classify`). Two log-linear models decide together: one ranks what the
lexicon finds in the sentence by how well the marked parties fill it; one types the words around and between the
parties, for pairs that no pattern reaches. Roots follow the PLOVER manual, which codes what is intended as AGREE or
THREATEN and refused cooperation as REJECT; `pair_roots.tsv` holds the cases where a pattern's root is another than its
type, each with the CAMEO code behind it. Weights: `weights/pairs_rank.tsv`, `weights/pairs_text.tsv`, made by
`make train` from sentences written for this purpose (`training/pairs.tsv`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from itertools import islice, pairwise
from typing import NamedTuple

import msgspec

from comity.actors import Cast, Ref, resolve
from comity.events import arguments
from comity.events.arguments import Memory, Multinomial, Weights, multinomial, probabilities
from comity.events.candidates import Candidate
from comity.events.lexicon import STOP, TYPES, Lexicon, read_lexicon
from comity.events.matching import Match, matches
from comity.events.status import ACTUAL, INTENDED, standing
from comity.language import Parse, Sentence, split
from comity.language.model import Language
from comity.records import DeclaredActor, Report

NONE = "NONE"
"""The class of pairs between which nothing is done; never given out as a root."""

COOPERATION = frozenset(("AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT"))
CONFLICT = frozenset(("PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT"))

RANK_WEIGHT = 1.5
"""Weight of the ranked pattern's log probability beside the text's. Chosen among 0.3 … 3 on hand-marked pairs (flat
from 1.25 to 1.75, half a point lower at 0.7 and 2.5); re-run `comity evaluate relations` after a change."""

NO_PATTERN = 0.03
"""What a type counts of which the sentence holds no pattern. Chosen with `RANK_WEIGHT`."""

ABSTAIN = 0.1
"""Confidence below which no root is given. Below it one answer in four is right on hand-marked pairs."""

BATCH = 200
"""Sentences parsed at once; larger batches gain no speed."""

PATH_LIMIT = 15
"""Longest way between the parties that is read, in words."""


class PairError(Exception):
    """An input line is no pair; the message says what is wrong with it."""


class Pair(msgspec.Struct, frozen=True):
    """A sentence with its marked parties; offsets are code points of `sentence`. A span may be missing."""

    id: str
    sentence: str
    source_span: tuple[int, int] | None = None
    target_span: tuple[int, int] | None = None


class Judgement(msgspec.Struct, frozen=True):
    """What holds from source to target: a PLOVER type or None, with the reason."""

    id: str
    root: str | None
    mode: str | None
    status: str | None
    confidence: float
    reason: str
    """Id of the pattern that speaks for the root, or "text" when the words around the parties do."""


class Found(NamedTuple):
    """One pattern in the sentence of a pair."""

    match: Match
    root: str
    status: str
    features: list[str]


class Read(NamedTuple):
    """A pair, read: what the lexicon finds and what the words are."""

    found: list[Found]
    words: list[str]


def check(pair: Pair) -> None:
    """Raises `PairError` when a span does not lie in the sentence."""
    if not pair.sentence.strip():
        raise PairError("the sentence is empty")
    for name, span in (("source_span", pair.source_span), ("target_span", pair.target_span)):
        if span is not None and not 0 <= span[0] < span[1] <= len(pair.sentence):
            raise PairError(f"{name} {list(span)} does not lie in the sentence of {len(pair.sentence)} characters")


class _Row(NamedTuple):
    pattern: str
    status: str
    word: str
    root: str


@cache
def _rows() -> tuple[_Row, ...]:
    lines = files(__package__).joinpath("pair_roots.tsv").read_text("utf-8").splitlines()[1:]
    return tuple(_Row(*line.split("\t")[:4]) for line in lines)


def root_of(pattern: str, type_: str, status: str, lemmas: Iterable[str] = ()) -> str:
    """The root that a pattern of this type and status stands for in a pair, by the PLOVER manual."""
    for row in _rows():
        if pattern.startswith(row.pattern) and row.status in (status, "*") and (not row.word or row.word in lemmas):
            return row.root
    return manual_root(type_, status)


def manual_root(type_: str, status: str) -> str:
    """The root of a type that is not (yet) done: an intent to cooperate is AGREE, one to harm THREATEN, refused
    cooperation REJECT (PLOVER manual; CAMEO 03x, 12x, 13x)."""
    if status == "intended" and type_ in COOPERATION:
        return "AGREE"
    if status in ("intended", "hypothetical") and type_ in CONFLICT:
        return "THREATEN"
    if status == "negated" and type_ in COOPERATION:
        return "REJECT"
    if status == "requested":
        return "REQUEST"
    return type_


# --- reading a pair ------------------------------------------------------------------------------------------------


def as_report(pair: Pair) -> Report:
    """The sentence as a report in which the parties are declared."""
    declared = tuple(
        DeclaredActor(start=span[0], end=span[1], name=name, country=f"GROUP:{name}@null")
        for name, span in (("S", pair.source_span), ("T", pair.target_span))
        if span is not None
    )
    return Report(id=pair.id, text=pair.sentence, declared=declared)


def _parties(cast: Cast, s: Sentence) -> dict[str, Ref]:
    return {
        ref.figures[0].name: ref
        for ref in cast.by_sentence[s.number]
        if ref.figures and ref.figures[0].id.startswith("declared")
    }


def read(pair: Pair, parse: Parse, lexicon: Lexicon, weights: Weights) -> Read:
    """What the lexicon finds in the sentence that holds the parties, and its words as features."""
    cast = resolve(as_report(pair), parse)
    best: tuple[Sentence, dict[str, Ref]] | None = None
    for s in parse.sentences:
        parties = _parties(cast, s)
        if best is None or len(parties) > len(best[1]):
            best = s, parties
    if best is None:
        return Read([], [])
    s, parties = best
    source, target = parties.get("S"), parties.get("T")
    found = _found(s, cast, source, target, lexicon, weights)
    return Read(found, _words(s, source, target, found))


def _is_purpose(s: Sentence, verb: int) -> bool:
    """ "Gave money to pay for the harvest": what a deed is done for is part of it, no promise."""
    return s.deps[verb] == "advcl" and s.tags[verb] == "VB"


def _candidate(ref: Ref | None) -> Candidate | None:
    if ref is None:
        return None
    return Candidate((ref,), tuple(ref.figures), "GROUP:" + ref.figures[0].name, -1, 0, ref.subject, 0)


def _level(p: float, steps: int) -> int:
    return int(p * steps)


def _depth(s: Sentence, token: int) -> int:
    n = 0
    while s.heads[token] != token and n < 30:
        token, n = s.heads[token], n + 1
    return n


def _found(
    s: Sentence, cast: Cast, source: Ref | None, target: Ref | None, lexicon: Lexicon, weights: Weights
) -> list[Found]:
    one, other, memory = _candidate(source), _candidate(target), Memory()
    rows: list[tuple[Match, str, str, list[str], float]] = []
    for match in matches(lexicon, s, cast):
        pattern, trigger = match.pattern, match.trigger[0]
        if pattern.type == STOP:
            continue
        where = arguments.setting(s, trigger, match.clause, pattern.type, match)
        p = q = 0.5
        if one is not None:
            p = arguments.probability(weights, arguments.features(where, "S", one, memory, None))
        if other is not None:
            q = arguments.probability(weights, arguments.features(where, "T", other, memory, one))
        status = (
            ACTUAL
            if pattern.id == "request.deontic"
            else standing(s, trigger, match.clause, flags=pattern.flags).status
        )
        type_, noun = pattern.type, int(pattern.noun)
        stands = ACTUAL if status == INTENDED and _is_purpose(s, match.clause) else status
        root = root_of(pattern.id, type_, stands, s.lemmas)
        inside = f"{int(source in match.sources) if source else 2}{int(target in match.targets) if target else 2}"
        depth = _depth(s, trigger)
        made = [
            f"type {type_}", f"root {root}", f"pattern {pattern.id}", f"in {inside}",
            f"in {inside} {int(bool(match.sources))}{int(bool(match.targets))}", f"in {inside} {noun}",
            f"source {_level(p, 6)}", f"target {_level(q, 6)}", f"joint {_level(p * q, 8)}",
            f"depth {min(depth, 6)}", f"top {int(depth == 0)} {noun}", f"status {type_} {status}",
            f"weight {min(pattern.weight, 5)}", f"dep {s.deps[trigger]}", f"flags {' '.join(sorted(pattern.flags))}",
        ]  # fmt: skip
        if source is not None:
            subject = s.deps[source.head] in ("nsubj", "nsubjpass") and s.heads[source.head] == match.clause
            made.append(f"subject {int(subject)} {noun}")
        made += [f"content {type_} {s.lemmas[k]}" for k in s.kids[match.clause] if s.deps[k] in ("xcomp", "ccomp")]
        if s.deps[match.clause] in ("xcomp", "ccomp", "pcomp", "acl", "advcl"):
            made += [f"under {s.lemmas[s.heads[match.clause]]} {type_}", f"under {s.deps[match.clause]}"]
        rows.append((match, root, status, made, p * q))
    best = max((row[4] for row in rows), default=0.0)
    return [
        Found(
            match,
            root,
            status,
            [*made, f"relative {_level(joint / best, 4)}", f"best {int(joint == best)}", f"among {min(len(rows), 5)}"],
        )
        for match, root, status, made, joint in rows
    ]


def _way(s: Sentence, a: int, b: int) -> list[int]:
    """Tokens on the path through the tree from a to b, both included; empty when it is too long."""
    up = [a]
    while s.heads[up[-1]] != up[-1] and len(up) < PATH_LIMIT:
        up.append(s.heads[up[-1]])
    down: list[int] = []
    here = b
    while here not in up and len(down) < PATH_LIMIT:
        down.append(here)
        if s.heads[here] == here:
            return []
        here = s.heads[here]
    return up[: up.index(here) + 1] + down[::-1] if here in up else []


def _words(s: Sentence, source: Ref | None, target: Ref | None, found: list[Found]) -> list[str]:
    """Bags of what stands in the sentence, between the parties, on the way between them and at each of them."""
    out: list[str] = []
    for f in found:
        out += [f"root {f.root}", f"pattern {f.match.pattern.id}"]
        out.append(
            f"fills {f.root} {int(source in f.match.sources) if source else 0}"
            f"{int(target in f.match.targets) if target else 0}"
        )
    hidden: set[int] = set()
    for ref in (source, target):
        if ref is not None:
            hidden.update(range(ref.first, ref.last + 1))
    lemmas = ["#" if s.tags[i] in ("NNP", "NNPS") or i in hidden else s.lemmas[i] for i in range(len(s))]
    out += [f"word {w}" for w in lemmas if w.isalpha()]
    out += [f"two {a} {b}" for a, b in pairwise(lemmas)]
    if source is not None and target is not None:
        low, high = sorted((source.head, target.head))
        order = int(source.head < target.head)
        out += [f"between {order} {w}" for w in lemmas[low + 1 : high] if w != "#"]
        way = _way(s, source.head, target.head)
        out += [f"way {s.lemmas[i]}" for i in way[1:-1]]
        out.append("labels " + "/".join(s.deps[i] for i in way[:6]))
        out += [f"way two {s.lemmas[i]} {s.lemmas[j]}" for i, j in pairwise(way[1:-1])]
    for name, ref in (("S", source), ("T", target)):
        if ref is None:
            continue
        above = s.heads[ref.head]
        out += [f"{name} above {s.lemmas[above]}", f"{name} as {s.deps[ref.head]} {s.lemmas[above]}"]
        if s.tags[above][0] == "I":
            out.append(f"{name} by {s.lemmas[s.heads[above]]} {s.lowers[above]}")
        verb, steps = above, 0
        while s.tags[verb][0] != "V" and s.heads[verb] != verb and steps < 6:
            verb, steps = s.heads[verb], steps + 1
        if s.tags[verb][0] == "V":
            out.append(f"{name} verb {s.lemmas[verb]}")
            for kid in s.kids[verb]:
                dep = s.deps[kid]
                if dep in ("aux", "neg", "prt", "mark", "auxpass"):
                    out.append(f"{name} help {s.lowers[kid]}")
                elif dep in ("dobj", "xcomp", "acomp", "ccomp", "nsubjpass"):
                    out.append(f"{name} does {s.lemmas[verb]} {s.lemmas[kid]}")
                    if dep != "nsubjpass":
                        out.append(f"{name} what {s.lemmas[kid]}")
    return out


# --- judging -------------------------------------------------------------------------------------------------------


def judge(pair: Pair, parsed: Read, rank: Weights, text: Multinomial) -> Judgement:
    """The root of a pair that was read."""
    ranked: dict[str, tuple[float, Found]] = {}
    for found in parsed.found:
        p = arguments.probability(rank, found.features)
        if found.root not in ranked or p > ranked[found.root][0]:
            ranked[found.root] = p, found
    words = probabilities(text, parsed.words)
    scores: dict[str, float] = {}
    for name in TYPES:
        held = ranked.get(name)
        scores[name] = math.log(words.get(name, 0.0) + 1e-6) + RANK_WEIGHT * math.log(held[0] if held else NO_PATTERN)
    nothing = math.log(words.get(NONE, 0.0) + 1e-6) + RANK_WEIGHT * math.log(
        max(NO_PATTERN, 1 - max((p for p, _ in ranked.values()), default=0.0)) * NO_PATTERN
    )
    top = max(scores, key=lambda name: scores[name])
    whole = sum(math.exp(v - scores[top]) for v in (*scores.values(), nothing))
    confidence = round(1 / whole, 3)
    held = ranked.get(top)
    if confidence < ABSTAIN:
        return Judgement(pair.id, None, None, None, confidence, "no type is likely enough")
    if held is None:
        return Judgement(pair.id, top, None, ACTUAL, confidence, "text")
    pattern, status = held[1].match.pattern, held[1].status
    same = pattern.type == top
    # a root by the manual's rule is itself done: who will send aid has agreed to
    return Judgement(pair.id, top, pattern.mode if same else None, status if same else ACTUAL, confidence, pattern.id)


class Judges(NamedTuple):
    """What judges pairs: lexicon and weights, read once."""

    lexicon: Lexicon
    parties: Weights
    rank: Weights
    text: Multinomial


def judges(lexicon: Lexicon | None = None) -> Judges:
    """The lexicon (or one's own) and the weights of this installation."""
    return Judges(
        lexicon or read_lexicon(), arguments.weights(), arguments.weights("pairs_rank"), multinomial("pairs_text")
    )


def read_pairs(
    pairs: Iterable[Pair], language: Language, lexicon: Lexicon, parties: Weights | None = None
) -> Iterator[tuple[Pair, Read]]:
    """Pairs with what is read of each, in order, parsed in batches.

    Raises:
        PairError: a span does not lie in its sentence.
    """
    parties = parties or arguments.weights()
    rest = iter(pairs)
    while batch := list(islice(rest, BATCH)):
        for pair in batch:
            check(pair)
        cut = [split(pair.sentence) for pair in batch]
        parses = language.parse([(pair.sentence, segments, segments) for pair, segments in zip(batch, cut)])
        for pair, parse in zip(batch, parses):
            yield pair, read(pair, parse, lexicon, parties)


def classify_pairs(pairs: Iterable[Pair], language: Language, *, lexicon: Lexicon | None = None) -> Iterator[Judgement]:
    """The root of each pair, in order.

    Raises:
        PairError: a span does not lie in its sentence.
    """
    by = judges(lexicon)
    for pair, parsed in read_pairs(pairs, language, by.lexicon):
        yield judge(pair, parsed, by.rank, by.text)


def lexicon_alone(parsed: Read, rank: Weights) -> str | None:
    """The root that the patterns give without the text model; None where no pattern holds."""
    scored = [(arguments.probability(rank, found.features), -n, found.root) for n, found in enumerate(parsed.found)]
    return max(scored)[2] if scored else None


def text_alone(parsed: Read, text: Multinomial) -> str:
    """The root that the text model gives without the ranked patterns."""
    words = probabilities(text, parsed.words)
    return max(TYPES, key=lambda name: words.get(name, 0.0))


__all__ = [
    "NONE",
    "Judgement",
    "Pair",
    "PairError",
    "check",
    "classify_pairs",
    "judge",
    "judges",
    "lexicon_alone",
    "manual_root",
    "read",
    "read_pairs",
    "root_of",
    "text_alone",
]
