"""Source and target of a trigger: a log-linear model over the candidates of its sentence.

The grammar proposes (`Match.sources`, `Match.targets`); this model also weighs those whom the grammar does not reach:
a subject two clauses up, the possessor of the object, the speaker, the state that the paragraph is about. Its features
name no country and no person, so that all states are treated alike. Weights: `weights.tsv`, made by `make train`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from types import EllipsisType
from typing import NamedTuple

from comity.events.candidates import Candidate, place_of
from comity.events.lexicon import Pattern
from comity.events.matching import Match
from comity.language import Sentence
from comity.statements import Reading


class Memory:
    """What was coded so far in a report: an event told again has the parties it had before."""

    def __init__(self) -> None:
        self.by_type: dict[str, tuple[str, str]] = {}
        self.by_word: dict[str, tuple[str, str]] = {}
        self.last: tuple[str, str] | None = None
        self.pairs: dict[tuple[str, str], int] = {}
        self.usual: dict[str, tuple[tuple[str, str], int]] = {}
        """The pair of which most events of a type were told, the first of equals, and how many."""
        self._counts: dict[str, dict[tuple[str, str], int]] = {}

    def note(self, type_: str, source: str, target: str, word: str) -> None:
        """Remember an event by the places of its parties; `word`: the lemma that told of it."""
        self.by_type[type_] = self.by_word[word] = (source, target)
        counts = self._counts.setdefault(type_, {})
        counts[source, target] = counts.get((source, target), 0) + 1
        pair = max(counts, key=counts.__getitem__)
        self.usual[type_] = pair, counts[pair]
        self.last = (source, target)
        self.pairs[source, target] = self.pairs.get((source, target), 0) + 1


class Setting(NamedTuple):
    """A trigger with what its features are read from."""

    sentence: Sentence
    trigger: int
    clause: int
    type: str
    match: Match | None
    ancestors: dict[int, tuple[str, ...]]
    """Each ancestor of the trigger (itself included) with the labels on the way up to it."""
    speakers: frozenset[str] = frozenset()
    """Places of those on whose word the trigger stands (see `place_of`); empty where the report itself speaks."""
    quoted: frozenset[str] = frozenset()
    """Places of the speaker of the quotation marks around it."""
    named: tuple[int, ...] = ()
    """Heads of the candidates that its sentence names."""


_DEPTH = 6


def _label(s: Sentence, token: int) -> str:
    dep = s.deps[token]
    return f"{dep}:{s.lowers[s.heads[token]]}" if dep in ("pobj", "pcomp") else dep


def setting(
    s: Sentence,
    trigger: int,
    clause: int,
    type_: str,
    match: Match | None,
    reading: Reading | None = None,
    options: Iterable[Candidate] = (),
) -> Setting:
    """Prepare a trigger; `reading` tells in whose words it stands, `options` are all who could be its parties."""
    ancestors: dict[int, tuple[str, ...]] = {}
    here = trigger
    labels: list[str] = []
    for _ in range(_DEPTH + 1):
        ancestors[here] = tuple(labels)
        if s.heads[here] == here:
            break
        if s.deps[here] != "prep":
            labels.append("^" + _label(s, here))
        here = s.heads[here]
    speakers: frozenset[str] = frozenset()
    quoted: frozenset[str] = frozenset()
    if reading is not None:
        told = reading.account_at(s.starts[trigger])
        if told is not None:
            speakers = frozenset(place_of(p.country) for p in told.speakers if p.country)
        quoted = frozenset(place_of(f.country) for f in reading.speaker_at(s.starts[trigger]) if f.country)
    named = tuple(c.refs[0].head for c in options if c.refs)
    return Setting(s, trigger, clause, type_, match, ancestors, speakers, quoted, named)


def path(where: Setting, head: int) -> tuple[str, ...] | None:
    """Dependency labels from the trigger up and down to a token; None when it is too far."""
    s, here = where.sentence, head
    down: list[str] = []
    for _ in range(_DEPTH):
        up = where.ancestors.get(here)
        if up is not None:
            return (*up, *reversed(down))
        if s.heads[here] == here:
            return None
        if s.deps[here] != "prep":
            down.append(_label(s, here))
        here = s.heads[here]
    up = where.ancestors.get(here)
    return (*up, *reversed(down)) if up is not None else None


def _bucket(n: int) -> int:
    return n if n < 3 else 3 if n < 5 else 5 if n < 9 else 9 if n < 16 else 16


def _slot(pattern: Pattern) -> str:
    """How a pattern reaches its target: the less directly, the less it can be trusted."""
    if pattern.noun:
        return "noun"
    return next((f"{step.kind} {step.target}" for step in reversed(pattern.steps) if step.target), "none")


def features(where: Setting, role: str, c: Candidate, memory: Memory, other: Candidate | None) -> list[str]:
    """The features of a candidate for a role (S or T); `other` is the chosen source when the role is T."""
    found = own_features(where, role, c, memory)
    if other is not None:
        found += pair_features(where, c, memory, other)
    return found


def own_features(
    where: Setting, role: str, c: Candidate, memory: Memory, steps: tuple[str, ...] | EllipsisType | None = ...
) -> list[str]:
    """The features that a candidate has for a role whoever has the other; `steps`: its path, where it is known."""
    s, t, type_, match = where.sentence, where.trigger, where.type, where.match
    pos = s.tags[t][0]
    out = [f"{role}|kind {c.figures[0].kind} {type_}"]
    add = out.append
    if c.rank >= 0:
        add(f"{role}|ctx {c.rank}")
        add(f"{role}{pos}|ctx {c.rank} {int(c.was_subject)}")
        add(f"{role}|ctx distance {min(c.distance, 4)}")
        add(f"{role}|ctx count {min(c.times, 6)}")
        add(f"{role}|ctx {type_}")
    else:
        ref = c.refs[0]
        head, form = ref.head, ref.form
        order = "<" if head < t else ">"
        if steps is ...:
            steps = path(where, head)
        far = steps is None
        way = "far" if steps is None else "/".join(steps)
        add(f"{role}{pos}|path {way}" if not far and len(steps or ()) < 6 else f"{role}{pos}|path far")
        add(f"{role}|{type_} path {way}" if not far and len(steps or ()) < 4 else f"{role}|{type_} path far")
        add(f"{role}{pos}|{order}{_bucket(abs(head - t))}")
        add(f"{role}|form {form} {order}")
        add(f"{role}{pos}|subject {int(ref.subject)} {order}")
        if steps:
            add(f"{role}{pos}|first {steps[0]}")
            add(f"{role}{pos}|last {steps[-1]} {order}")
            add(f"{role}|length {min(len(steps), 6)} {order}")
        if form in ("place", "adjective", "people", "speaker", "pronoun"):
            add(f"{role}|{form} {type_}")
        if s.deps[head] == "nsubj" and s.heads[head] == s.root:
            add(f"{role}{pos}|root subject {type_}")
        if match is not None:
            inside = f"{int(ref in match.sources)}{int(ref in match.targets)}"
            add(f"{role}|match {inside} {int(bool(match.sources))}{int(bool(match.targets))}")
            add(f"{role}|match {inside} {type_}")
            add(f"{role}|slot {_slot(match.pattern)} {inside}")
        if where.clause != t:
            ref_clause = s.heads[head] == where.clause
            add(f"{role}|clause {s.deps[head] if ref_clause else 'other'} {order}")
        low, high = min(t, head), max(t, head)
        between = sum(low < other < high for other in where.named)
        add(f"{role}{pos}|between {min(between, 4)} {order}")
        add(f"{role}|between {min(between, 3)} {order} {type_}")
        add(f"{role}|times {_bucket(c.times)}")
        add(f"{role}|times {_bucket(c.times)} {form}")
        if len(c.figures) > 1:
            add(f"{role}|several {int(match is not None and match.pattern.joint)}")
    here = int(c.rank < 0)
    sector = c.figures[0].sector
    if sector is not None:
        add(f"{role}|sector {sector} {type_}")
        add(f"{role}|sector {sector} {pos} {here}")
        add(f"{role}|level {c.figures[0].level}")
    if where.quoted:
        add(f"{role}|quoted {int(c.place in where.quoted)} {type_}")
        add(f"{role}{pos}|quoted {int(c.place in where.quoted)} {here}")
    if where.speakers:
        says = int(c.place in where.speakers)
        add(f"{role}|says {says} {type_}")
        add(f"{role}{pos}|says {says} {here}")
    else:
        add(f"{role}|unsaid {type_} {here}")
    before = memory.by_type.get(type_)
    if before is not None:
        add(f"{role}{pos}|told {_side(c, before)} {here}")
        add(f"{role}|told {_side(c, before)} {type_}")
    else:
        add(f"{role}|untold {here}")
    if memory.last is not None:
        add(f"{role}|last {_side(c, memory.last)} {here}")
    worded = memory.by_word.get(s.lemmas[t])
    if worded is not None:
        add(f"{role}{pos}|word told {_side(c, worded)} {here}")
        add(f"{role}|word told {_side(c, worded)} {type_}")
    usual = memory.usual.get(type_)
    if usual is not None:
        pair, count = usual
        add(f"{role}{pos}|usual {_side(c, pair)} {min(count, 4)}")
        add(f"{role}|usual {_side(c, pair)} {type_}")
    return out


def _side(c: Candidate, pair: tuple[str, str]) -> str:
    """Whether a candidate is of the place of the source, of the target, of both or of neither, of what was told."""
    return f"{int(c.place == pair[0])}{int(c.place == pair[1])}"


def pair_features(where: Setting, c: Candidate, memory: Memory, other: Candidate) -> list[str]:
    """The features that a target has beside a source; they come after its own."""
    type_, pos = where.type, where.sentence.tags[where.trigger][0]
    here, form = int(c.rank < 0), "ctx" if c.rank >= 0 else c.refs[0].form
    same = int(c.place == other.place)
    out = [f"T|same {same} {type_}", f"T|same {same} {pos} {here} {form}"]
    if c.refs and other.refs and c.refs[0] is other.refs[0]:
        out.append("T|identical")
    one, two = other.figures[0], c.figures[0]
    if one.sector is not None and two.sector is not None:
        out.append(f"T|kinds {one.kind} {two.kind} {type_}")
        out.append(f"T|sectors {one.sector} {two.sector}")
        out.append(f"T|one state {int(one.state == two.state)} {type_} {two.kind}")
    forth = memory.pairs.get((other.place, c.place), 0)
    back = memory.pairs.get((c.place, other.place), 0)
    out.append(f"T|forth {min(forth, 3)} {here}")
    out.append(f"T|back {min(back, 3)} {here}")
    return out


class Weights(NamedTuple):
    """The log-linear weights: feature to weight, and the intercept."""

    table: dict[str, float]
    bias: float


@cache
def weights(name: str = "arguments") -> Weights:
    """Weights of this installation. The file has one feature a line, sorted; its first line holds the intercept."""
    table: dict[str, float] = {}
    bias = 0.0
    for line in files(__package__).joinpath("weights", f"{name}.tsv").read_text("utf-8").splitlines():
        feature, _, value = line.rpartition("\t")
        if feature == "(intercept)":
            bias = float(value)
        else:
            table[feature] = float(value)
    return Weights(table, bias)


def probability(w: Weights, found: list[str]) -> float:
    """Logistic probability of a set of binary features."""
    return _logistic(_total(w, found, w.bias))


def _total(w: Weights, found: list[str], total: float) -> float:
    """A sum with the weights of further features added, always in the order of the features: the same to the last bit."""
    get = w.table.get
    for feature in found:
        total += get(feature, 0.0)
    return total


def _logistic(total: float) -> float:
    if total < -30:
        return 0.0
    return 1.0 / (1.0 + math.exp(-total))


class Multinomial(NamedTuple):
    """Weights of a choice between classes: feature to one weight a class."""

    classes: tuple[str, ...]
    bias: tuple[float, ...]
    table: dict[str, tuple[tuple[int, float], ...]]


@cache
def multinomial(name: str) -> Multinomial:
    """Weights of this installation. First line: the classes with their intercepts; then a feature a line with
    the classes (by number) on which it bears."""
    lines = files(__package__).joinpath("weights", f"{name}.tsv").read_text("utf-8").splitlines()
    heads = [cell.partition("=") for cell in lines[0].split("\t")]
    table: dict[str, tuple[tuple[int, float], ...]] = {}
    for line in lines[1:]:
        feature, _, cells = line.partition("\t")
        table[feature] = tuple((int(n), float(v)) for n, _, v in (cell.partition("=") for cell in cells.split(" ")))
    return Multinomial(tuple(h[0] for h in heads), tuple(float(h[2]) for h in heads), table)


def probabilities(model: Multinomial, found: Iterable[str]) -> dict[str, float]:
    """Probability of each class for a set of features."""
    totals = list(model.bias)
    get = model.table.get
    for feature in set(found):
        for n, value in get(feature, ()):
            totals[n] += value
    top = max(totals)
    raised = [math.exp(t - top) for t in totals]
    whole = sum(raised)
    return {name: value / whole for name, value in zip(model.classes, raised)}


class Choice(NamedTuple):
    """The chosen parties of a trigger and how sure the model is of each."""

    source: Candidate
    target: Candidate
    p_source: float
    p_target: float
    rank: int = 0
    """How many pairs of other places are likelier."""
    rival: float = 0.0
    """Joint probability of the likeliest pair of other places."""

    @property
    def joint(self) -> float:
        """Probability of both sides together."""
        return self.p_source * self.p_target


_APART = frozenset(("COP", "JUD", "LEG", "OPP", "REB", "CVL"))
"""Sectors that a government does things to: it condemns its police, and courts stop it."""


def _itself(one: Candidate, other: Candidate) -> bool:
    """True for a state and its own leader or government: what one does, the other does."""
    if one.place != other.place:
        return False
    first, second = one.figures[0], other.figures[0]
    if {first.sector, second.sector} & _APART:
        return False
    return "state" in (first.kind, second.kind) or "igo" in (first.kind, second.kind)


def _beyond(where: Setting, c: Candidate) -> bool:
    """True for what follows a relative clause that has an object of its own: "Peru, which shelled a port, thanked Chile"."""
    s, verb = where.sentence, where.trigger
    if (
        not c.refs
        or s.deps[verb] != "relcl"
        or not any(s.deps[k] == "dobj" and s.tags[k][0] == "N" for k in s.kids[verb])
    ):
        return False
    return c.refs[0].head > s.subtree(verb)[1]


SOURCES_TRIED = 3
"""How many of the likeliest sources are tried with every target. More change nothing measurable."""

PAIRS_WEIGHED = 3
"""How many pairs of one trigger acceptance weighs. With three instead of one the F1 of dyads of 378 hand-coded reports
rises by 1.4 points in cross-validation. Re-run `make train` and `comity evaluate articles` after a change."""

RIVAL = 0.1
"""Share of the likeliest pair's probability below which another is not weighed."""


def nobody(where: Setting, role: str) -> list[str]:
    """The features of the answer that none of the candidates has the role."""
    type_, pos, match = where.type, where.sentence.tags[where.trigger][0], where.match
    filled = "-" if match is None else f"{int(bool(match.sources))}{int(bool(match.targets))}"
    return [f"{role}|nobody", f"{role}|nobody {type_}", f"{role}{pos}|nobody", f"{role}|nobody {filled}"]


def _shares(totals: list[float], none: float) -> list[float]:
    """The probability of each of several rivals and nobody (softmax)."""
    top = max(none, *totals)
    raised = [math.exp(t - top) for t in totals]
    whole = sum(raised) + math.exp(none - top)
    return [r / whole for r in raised]


def choose(where: Setting, found: list[Candidate], memory: Memory, w: Weights) -> list[Choice]:
    """The likeliest pairs of different parties, the likeliest first, each of other places; empty when there are not two.

    Which of them it is, acceptance decides: it sees both sides together, this model one after the other.
    """
    if len(found) < 2:
        return []
    paths = [path(where, c.refs[0].head) if c.rank < 0 else None for c in found]
    totals = [_total(w, own_features(where, "S", c, memory, paths[n]), 0.0) for n, c in enumerate(found)]
    shares = _shares(totals, _total(w, nobody(where, "S"), 0.0))
    scored = sorted(((p, -n) for n, p in enumerate(shares)), reverse=True)
    none = _total(w, nobody(where, "T"), 0.0)
    own: dict[int, float] = {}  # a target's sum of what it has whatever the source
    beyond = [_beyond(where, c) for c in found]
    pairs: list[tuple[float, int, int, float, float]] = []
    most = 0.0
    for order, (p_source, minus) in enumerate(scored[:SOURCES_TRIED]):
        if p_source < RIVAL * most:
            break
        source = found[-minus]
        if beyond[-minus]:
            continue
        targets = [
            n
            for n, target in enumerate(found)
            if target is not source
            and not beyond[n]
            and not any(f in source.figures for f in target.figures)
            and not _itself(source, target)
        ]
        if not targets:
            continue
        for n in targets:
            if n not in own:
                own[n] = _total(w, own_features(where, "T", found[n], memory, paths[n]), 0.0)
        chances = _shares([_total(w, pair_features(where, found[n], memory, source), own[n]) for n in targets], none)
        pairs += [(-p_source * p, order, n, p_source, p) for p, n in zip(chances, targets)]
        most = max(most, *(p_source * p for p in chances))
    made: list[Choice] = []
    places: set[tuple[str, str]] = set()
    for minus_joint, order, n, p_source, p_target in sorted(pairs):
        source, target = found[-scored[order][1]], found[n]
        if -minus_joint < RIVAL * most or len(made) == PAIRS_WEIGHED:
            break
        if (source.place, target.place) not in places:
            places.add((source.place, target.place))
            made.append(Choice(source, target, p_source, p_target, len(made)))
    if len(made) > 1:
        second = made[1].joint
        made = [c._replace(rival=second if c.rank == 0 else most) for c in made]
    return made


__all__ = [
    "Choice",
    "Memory",
    "Multinomial",
    "Setting",
    "Weights",
    "choose",
    "features",
    "multinomial",
    "nobody",
    "place_of",
    "probabilities",
    "probability",
    "setting",
    "weights",
]
