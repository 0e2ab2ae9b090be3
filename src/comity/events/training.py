"""Training of the events room's log-linear models, by one command (`scripts/train.py --news FILE`), seeded and repeatable.

What is learned, from labels that were made by reading real reports (`training/labels.jsonl` of the repository: report
ids, offsets and codes, no text; the texts come from the user's FILE): who is source and target of a trigger
(`arguments`), which proposals of the lexicon are events, by their own words (`acceptance`) and by what the rest of the
report tells of their parties (`acceptance_in_report`; there an event of these parties with another type counts too), which
events are background (`background`).
The models see no country and no name. For pairs that somebody has marked (`classify`): which pattern speaks for the
pair, and what the words around the parties say, from sentences written for this purpose (`training/pairs.tsv`).
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from comity.actors import Cast, resolve
from comity.codebook import codebook
from comity.dates import Timeline, governing_date, read_dates
from comity.events import acceptance, arguments, classify
from comity.events.arguments import Memory, Multinomial, Weights
from comity.events.candidates import STATES, Candidate, Context, candidates, place_of, seat
from comity.events.find import ASKED_IDS, Proposal, distance, in_report, propose, told_elsewhere, weighed, with_implied
from comity.events.grammar import light_verb
from comity.events.lexicon import Lexicon
from comity.events.matching import Match, matches
from comity.language import Parse, Sentence
from comity.records import Report
from comity.statements import Reading, read_statements

SEED = 20221029
FOLDS = 4
"""Folds in which each model is trained on what the models before it say of reports they have not seen."""

ARGUMENT_PENALTY = 0.1
"""As `ACCEPT_PENALTY`, of the model of sources and targets, chosen on halves of the labelled reports: 0.08 to 0.3 differ
by a third of a point."""

ACCEPT_PENALTY = 0.05
"""Inverse strength of the L2 penalty (scikit-learn's C). Chosen by cross-validation on the labelled reports among
0.03, 0.05 and 0.08: F1 within half a point."""

INTERNATIONAL = 0.75
"""Share of a report's labelled events, between parties of different countries, from which it is international."""

INTERNATIONAL_WEIGHT = 3.0
"""How much more than another report's a proposal of an international one counts in training acceptance: what Comity
is for. With it the F1 of dyads of such reports rises by half a point in cross-validation, that of all stays."""

RARE = 3
"""A feature that occurs in fewer places gets no weight."""

BACKGROUND_PENALTY = 0.2
"""As `ACCEPT_PENALTY`, with features of six places or more: 0.2 to 0.5 and three places give the same F1."""

STATUS_PENALTY = 0.15
"""As `ACCEPT_PENALTY`; 0.1 and 0.2 give the same."""

SMALL = 0.02
"""Weights below this are not kept: they change no decision and triple the file."""


class LabelledEvent(msgspec.Struct, frozen=True):
    """One event that a reader found: a stretch of text that holds its words, and codes."""

    start: int
    end: int
    type: str
    source: tuple[str, ...]
    target: tuple[str, ...]
    status: str
    background: bool = False
    mutual: bool = False


class LabelledReport(msgspec.Struct, frozen=True):
    """The labels of one report. `digest`: `comity.records.content_hash` of its text, so that another text is noticed."""

    id: str
    digest: str
    events: tuple[LabelledEvent, ...]
    reading: str = "strict"
    """How it was read: "strict" by the guide to the letter, "dense" with every bare mention and inference. What is an
    event is learned from the strict readings alone (with the dense ones the F1 of types is four points lower); everything
    else from both (background from both has an F1 one point higher than from either, in cross-validation)."""


class Worked(NamedTuple):
    """A labelled report, read as far as the events room needs it."""

    labels: LabelledReport
    report: Report
    parse: Parse
    cast: Cast
    reading: Reading
    timeline: Timeline


def read_labels(path: Path) -> list[LabelledReport]:
    """Labels from a JSONL file."""
    decoder = msgspec.json.Decoder(LabelledReport)
    return [decoder.decode(line) for line in path.read_bytes().splitlines() if line.strip()]


def work(labels: LabelledReport, report: Report, parse: Parse) -> Worked:
    """Read a parsed report up to its statements."""
    cast = resolve(report, parse)
    timeline = read_dates(parse, report.published)
    return Worked(labels, report, parse, cast, read_statements(report, parse, cast, timeline), timeline)


def _places(codes: Iterable[str]) -> set[str]:
    return {place_of(code) for code in codes} - {""}


def _side(codes: Iterable[str]) -> set[str]:
    """The places of a labelled side; where it has no country, readers meant several states, or nobody in particular."""
    return _places(codes) or {STATES}


def _holds(candidate: Candidate, places: set[str]) -> bool:
    return any(seat(f) in places for f in candidate.figures)


def _trigger(s: Sentence, label: LabelledEvent, found: dict[int, Match]) -> tuple[int, Match | None] | None:
    """The word of a labelled stretch that carries the event: a match of its type, else its highest verb or noun."""
    inside = [i for i in range(len(s)) if s.starts[i] < label.end and s.ends[i] > label.start and s.tags[i][0] in "VNJ"]
    if not inside:
        return None

    def depth(token: int) -> int:
        n = 0
        while s.heads[token] != token and n < 40:
            token, n = s.heads[token], n + 1
        return n

    matched = [i for i in inside if i in found and found[i].pattern.type == label.type]
    if matched:
        best = min(matched, key=depth)
        return best, found[best]
    verbs = [i for i in inside if s.tags[i][0] == "V" and s.lemmas[i] not in ("be", "have", "do", "say", "tell")]
    return min(verbs or inside, key=depth), None


def _clause(s: Sentence, trigger: int, match: Match | None) -> int:
    if match is not None:
        return match.clause
    light = light_verb(s, trigger) if s.tags[trigger][0] == "N" else None
    return trigger if light is None else light


def _labelled(worked: Worked, lexicon: Lexicon) -> Iterable[tuple[LabelledEvent, arguments.Setting, list[Candidate]]]:
    context = Context()
    for s in worked.parse.sentences:
        found = {m.trigger[0]: m for m in matches(lexicon, s, worked.cast)}
        options = candidates(worked.cast, s, worked.reading, context)
        for label in worked.labels.events:
            if s.start <= label.start < s.end and options:
                at = _trigger(s, label, found)
                if at is not None:
                    yield (
                        label,
                        arguments.setting(s, at[0], _clause(s, *at), label.type, at[1], worked.reading, options),
                        options,
                    )
        context.feed(worked.cast.by_sentence[s.number], s.number)


Told = dict[tuple[str, str, int, str], tuple[str, str]]
"""By report, its reading, start and type of a labelled event: the places of its parties."""


def _key(worked: Worked, label: LabelledEvent) -> tuple[str, str, int, str]:
    return worked.labels.id, worked.labels.reading, label.start, label.type


class Rivals(NamedTuple):
    """Candidates for the roles of labelled events: a row of features each, the role's group, whether it is right."""

    rows: list[list[str]]
    groups: list[int]
    right: list[bool]

    def add(self, candidates: Iterable[tuple[list[str], bool]], nobody: list[str]) -> None:
        """One role of one event: all who could have it, and nobody, who is right when none of them is."""
        group = self.groups[-1] + 1 if self.groups else 0
        some = False
        for row, right in candidates:
            self.rows.append(row)
            self.right.append(right)
            self.groups.append(group)
            some = some or right
        self.rows.append(nobody)
        self.right.append(not some)
        self.groups.append(group)


def _rivals(reports: Sequence[Worked], lexicon: Lexicon, told: Told | None) -> Rivals:
    made = Rivals([], [], [])
    for worked in reports:
        memory = Memory()
        for label, where, options in _labelled(worked, lexicon):
            sources, targets = _side(label.source), _side(label.target)
            either = sources | targets
            wanted_s, wanted_t = (either, either) if label.mutual else (sources, targets)
            made.add(
                ((arguments.features(where, "S", o, memory, None), _holds(o, wanted_s)) for o in options),
                arguments.nobody(where, "S"),
            )
            source = next((o for o in options if _holds(o, sources)), None)
            if source is not None or not label.source:
                made.add(
                    (
                        (
                            arguments.features(where, "T", o, memory, source),
                            _holds(o, wanted_t)
                            and not (label.mutual and source is not None and o.place == source.place),
                        )
                        for o in options
                        if o is not source
                    ),
                    arguments.nobody(where, "T"),
                )
            key, word = _key(worked, label), where.sentence.lemmas[where.trigger]
            if told is not None:
                if key in told:
                    memory.note(label.type, *told[key], word)
            else:
                memory.note(label.type, min(sources, default=""), min(targets, default=""), word)
    return made


def _matrix(rows: Sequence[Sequence[str]], rare: int) -> tuple[Any, dict[str, int]]:
    """Sets of binary features as a sparse matrix of shape (rows, features), and each feature's column. Features that
    fewer than `rare` rows have are left out."""
    import numpy
    from scipy.sparse import csr_matrix

    counts = Counter(feature for row in rows for feature in set(row))
    column = {f: n for n, f in enumerate(sorted(f for f, count in counts.items() if count >= rare))}
    indices: list[int] = []
    bounds = [0]
    for row in rows:
        indices.extend(sorted({column[f] for f in row if f in column}))
        bounds.append(len(indices))
    return csr_matrix((numpy.ones(len(indices)), indices, bounds), shape=(len(rows), len(column))), column


def fit_choice(rivals: Rivals, penalty: float) -> Weights:
    """Conditional logit (McFadden 1974): the right candidates against all of their group."""
    import numpy
    from scipy.optimize import minimize

    matrix, column = _matrix(rivals.rows, RARE)
    transposed = matrix.T.tocsr()
    groups, right = numpy.asarray(rivals.groups), numpy.asarray(rivals.right)
    starts = numpy.flatnonzero(numpy.r_[True, groups[1:] != groups[:-1]])

    def loss(weights: Any) -> tuple[float, Any]:
        scores = matrix @ weights
        raised = numpy.exp(scores - numpy.maximum.reduceat(scores, starts)[groups])
        whole = numpy.add.reduceat(raised, starts)
        good = numpy.add.reduceat(raised * right, starts)
        share, among = raised / whole[groups], raised * right / good[groups]
        value = float(numpy.log(whole / good).sum() + 0.5 / penalty * (weights @ weights))
        return value, transposed @ (share - among) + weights / penalty

    found = minimize(loss, numpy.zeros(len(column)), jac=True, method="L-BFGS-B", options={"maxiter": 400})
    table = {f: round(float(found.x[n]), 3) for f, n in column.items() if abs(found.x[n]) >= SMALL}
    return Weights(table, 0.0)


def _tell(reports: Sequence[Worked], lexicon: Lexicon, w: Weights) -> Told:
    """What the model itself would remember of these reports."""
    told: Told = {}
    for worked in reports:
        memory = Memory()
        for label, where, options in _labelled(worked, lexicon):
            for chosen in arguments.choose(where, options, memory, w)[:1]:
                told[_key(worked, label)] = chosen.source.place, chosen.target.place
                memory.note(label.type, chosen.source.place, chosen.target.place, where.sentence.lemmas[where.trigger])
    return told


def fit(
    rows: Sequence[Sequence[str]],
    truth: Sequence[bool],
    penalty: float,
    rare: int = RARE,
    weights: Sequence[float] | None = None,
) -> Weights:
    """Logistic regression on sets of binary features; `weights`: how much each row counts."""
    import numpy
    from sklearn.linear_model import LogisticRegression

    matrix, column = _matrix(rows, rare)
    model = LogisticRegression(C=penalty, max_iter=1000, solver="liblinear", random_state=SEED)
    model.fit(matrix, numpy.asarray(truth), sample_weight=weights)
    table = {f: round(float(model.coef_[0][n]), 3) for f, n in column.items() if abs(model.coef_[0][n]) >= SMALL}
    return Weights(table, round(float(model.intercept_[0]), 3))


def train_arguments(reports: Sequence[Worked], lexicon: Lexicon) -> Weights:
    """The model of sources and targets; what it remembers while it learns is what it would itself have coded."""
    told: Told = {}
    for rest, held in _folds(reports):
        told |= _tell(held, lexicon, fit_choice(_rivals(rest, lexicon, None), ARGUMENT_PENALTY))
    return fit_choice(_rivals(reports, lexicon, told), ARGUMENT_PENALTY)


def _folds(reports: Sequence[Worked]) -> Iterator[tuple[list[Worked], list[Worked]]]:
    """Each fold's rest and what it holds out; all readings of one report are in one fold."""
    number = {id_: n % FOLDS for n, id_ in enumerate(dict.fromkeys(r.labels.id for r in reports))}
    for fold in range(FOLDS):
        yield (
            [r for r in reports if number[r.labels.id] != fold],
            [r for r in reports if number[r.labels.id] == fold],
        )


class Judged(NamedTuple):
    """What acceptance and background learn from: features and what the reader found there."""

    features: list[list[str]]
    events: list[bool]
    """Whether a reader found an event of its type between its parties in its sentence."""
    counted: list[bool]
    """The same, or an event of these parties of any type that no other proposal is nearer to (see `_nearest`)."""
    weights: list[float]
    background_features: list[list[str]]
    background: list[bool]
    status_features: list[list[str]]
    status: list[str]


def _international(labels: LabelledReport) -> bool:
    named = [e for e in labels.events if e.source and e.target]
    apart = sum(_countries(e.source).isdisjoint(_countries(e.target)) for e in named)
    return bool(named) and apart > INTERNATIONAL * len(named)


def _countries(codes: Iterable[str]) -> set[str]:
    """The countries of a side, of groups those they are of."""
    return {code.rpartition("@")[2] for code in codes}


Groups = list[tuple[Proposal, ...]]
"""The proposals of each trigger of one report (see `propose`)."""


def _rows(groups: Groups) -> Iterator[Proposal]:
    """The proposals that acceptance learns from: every pair of every trigger, and what the likeliest pairs imply."""
    yield from with_implied(group[0] for group in groups)
    for group in groups:
        yield from group[1:]


class Fit(NamedTuple):
    """That a proposal has the parties of a labelled event of its sentence, in either order."""

    number: int
    """Of the label in its report."""
    label: LabelledEvent
    type: bool
    way: bool


def _fits(proposal: Proposal, labels: Iterable[LabelledEvent]) -> list[Fit]:
    chosen, s = proposal.chosen, proposal.where.sentence
    one, two = set(map(seat, chosen.source.figures)), set(map(seat, chosen.target.figures))
    found = []
    for number, label in enumerate(labels):
        if label.start < s.end and label.end > s.start:
            a, b = _side(label.source), _side(label.target)
            straight, crossed = bool(one & a and two & b), bool(one & b and two & a)
            if straight or crossed:
                found.append(Fit(number, label, label.type == proposal.match.pattern.type, straight or label.mutual))
    return found


def _nearest(rows: Sequence[Proposal], fits: Sequence[Sequence[Fit]]) -> set[int]:
    """The proposals that one labelled event each is given to, as scorers do (see docs/quality.md): those of its type
    first, then those of its direction, then the likelier pair; of each trigger one."""
    options = sorted(
        (not fit.type, not fit.way, proposal.chosen.rank, -proposal.chosen.joint, n, fit.number)
        for n, (proposal, found) in enumerate(zip(rows, fits, strict=True))
        for fit in found
    )
    near: set[int] = set()
    taken: set[int] = set()
    words: set[tuple[int, int, str]] = set()
    for *_, n, label in options:
        where, match = rows[n].where, rows[n].match
        word = where.sentence.number, match.trigger[0], match.pattern.id
        if label not in taken and word not in words:
            taken.add(label)
            words.add(word)
            near.add(n)
    return near


def judge(reports: Sequence[Worked], lexicon: Lexicon, w: Weights) -> tuple[Judged, list[Groups]]:
    """Proposals of these reports, each held against the labels of its sentence; and by report, the proposals."""
    made, proposed = Judged([], [], [], [], [], [], [], []), []
    for worked in reports:
        weight = INTERNATIONAL_WEIGHT if _international(worked.labels) else 1.0
        groups = list(propose(worked.parse, worked.cast, worked.reading, lexicon, w))
        proposed.append(groups)
        rows = list(_rows(groups))
        fits = [_fits(proposal, worked.labels.events) for proposal in rows]
        counted = _nearest(rows, fits)
        for n, (proposal, found) in enumerate(zip(rows, fits, strict=True)):
            where, chosen, pattern = proposal.where, proposal.chosen, proposal.match.pattern
            s = where.sentence
            hits = [fit.label for fit in found if fit.type and fit.way]
            made.features.append(proposal.features)
            made.events.append(bool(hits))
            made.counted.append(bool(hits) or n in counted)
            made.weights.append(weight)
            if hits:
                at = s.starts[proposal.match.trigger[0]]
                near = min(hits, key=lambda h: abs((h.start + h.end) // 2 - at))
                governed = governing_date(worked.timeline, s, proposal.match.trigger[0])
                dated = distance(governed, worked.report.published)
                made.background_features.append(
                    acceptance.background_features(
                        where, proposal.match, chosen, proposal.stands, proposal.before, proposal.again, dated
                    )
                )
                made.background.append(near.background)
                if pattern.id not in ASKED_IDS:
                    made.status_features.append(
                        acceptance.status_features(where, proposal.match, chosen, proposal.stands)
                    )
                    made.status.append(near.status)
    return made, proposed


def _joined(parts: Iterable[Judged]) -> Judged:
    return Judged(*(list(chain.from_iterable(columns)) for columns in zip(*parts, strict=True)))


def _accept(judged: Judged, events: Sequence[bool]) -> Weights:
    return fit(judged.features, events, ACCEPT_PENALTY, rare=2, weights=judged.weights)


def _in_report(parts: Sequence[Judged], proposed: Sequence[list[Groups]], quad: Callable[[str], str]) -> Judged:
    """What acceptance learns from once it knows the whole report: each part weighed by what the others taught."""
    made = []
    for n, (part, reports) in enumerate(zip(parts, proposed, strict=True)):
        others = _joined(other for k, other in enumerate(parts) if k != n)
        taught = _accept(others, others.events)
        rows: list[list[str]] = []
        for groups in reports:
            told = told_elsewhere(([weighed(p, taught) for p in group] for group in groups), quad)
            rows.extend(in_report(proposal, told) for proposal in _rows(groups))
        made.append(part._replace(features=rows))
    return _joined(made)


def train(reports: Sequence[Worked], lexicon: Lexicon) -> dict[str, Weights | Multinomial]:
    """All models of the events room, by the name of their file."""
    shuffled = sorted(reports, key=lambda r: (r.labels.id, r.labels.reading))
    random.Random(SEED).shuffle(shuffled)  # noqa: S311 - folds, no secrets
    parts: list[Judged] = []
    dense_parts: list[Judged] = []
    proposed: list[list[Groups]] = []
    for rest, held in _folds(shuffled):
        chosen = train_arguments(rest, lexicon)
        part, groups = judge([r for r in held if r.labels.reading == "strict"], lexicon, chosen)
        parts.append(part)
        proposed.append(groups)
        dense_parts.append(judge([r for r in held if r.labels.reading == "dense"], lexicon, chosen)[0])
    strict, dense = _joined(parts), _joined(dense_parts)
    known = _joined((strict, dense))
    whole = _in_report(parts, proposed, codebook().quad)
    return {
        "arguments": train_arguments(shuffled, lexicon),
        "acceptance": _accept(strict, strict.events),
        "acceptance_in_report": _accept(whole, whole.counted),
        "background": fit(known.background_features, known.background, BACKGROUND_PENALTY, rare=6),
        "status": fit_many(
            strict.status_features + dense.status_features, strict.status + dense.status, STATUS_PENALTY, rare=3
        ),
    }


class LabelledPair(NamedTuple):
    """A sentence written for training, with its parties and what holds between them."""

    pair: classify.Pair
    type: str
    status: str


PAIR_PENALTY = 0.3
TEXT_PENALTY = 0.1
"""As `ACCEPT_PENALTY`; chosen by cross-validation on the training sentences among 0.03 … 1."""

SMALL_TEXT = 0.03
"""As `SMALL`, for the text model."""


def read_pairs(path: Path) -> list[LabelledPair]:
    """Training sentences: type, status and sentence with its parties marked as ``[S …]`` and ``[T …]``, tab separated.

    Raises:
        ValueError: a line cannot be read; the message names it.
    """
    pairs = []
    for number, line in enumerate(path.read_text("utf-8").splitlines()[1:], 2):
        try:
            type_, status, marked = line.split("\t")
            text, spans = unmark(marked)
        except (ValueError, KeyError, IndexError) as error:
            raise ValueError(f"{path}:{number}: no type, status and sentence with [S …] and [T …]: {error}") from error
        pair = classify.Pair(f"{path.stem}-{number}", text, spans.get("S"), spans.get("T"))
        pairs.append(LabelledPair(pair, type_, status))
    return pairs


def unmark(marked: str) -> tuple[str, dict[str, tuple[int, int]]]:
    """A sentence without its marks, and what "[S …]" and "[T …]" enclosed, by their letters."""
    text, spans, role, begun = "", {}, "", 0
    i = 0
    while i < len(marked):
        if marked[i] == "[":
            role, begun = marked[i + 1], len(text)
            i += 3
        elif marked[i] == "]":
            spans[role] = (begun, len(text))
            i += 1
        else:
            text += marked[i]
            i += 1
    return text, spans


def _truth(label: LabelledPair, read: classify.Read) -> str:
    """The root of a labelled pair: that of the pattern which carries its type, else of its type and status."""
    if label.type == classify.NONE:
        return classify.NONE
    carrying = [f for f in read.found if f.match.pattern.type == label.type]
    if not carrying:
        return classify.manual_root(label.type, label.status)
    best = next((f for f in carrying if "best 1" in f.features), carrying[0])
    return classify.root_of(best.match.pattern.id, label.type, label.status, best.match.pattern.text.split())


def fit_many(rows: Sequence[Sequence[str]], truth: Sequence[str], penalty: float, rare: int = 2) -> Multinomial:
    """Multinomial logistic regression on sets of binary features."""
    from sklearn.linear_model import LogisticRegression

    matrix, column = _matrix(rows, rare)
    model = LogisticRegression(C=penalty, max_iter=1000, random_state=SEED).fit(matrix, truth)
    table: dict[str, tuple[tuple[int, float], ...]] = {}
    for feature, n in column.items():
        kept = tuple((k, round(float(v), 2)) for k, v in enumerate(model.coef_[:, n]) if abs(v) >= SMALL_TEXT)
        if kept:
            table[feature] = kept
    return Multinomial(
        tuple(str(c) for c in model.classes_), tuple(round(float(b), 3) for b in model.intercept_), table
    )


def train_pairs(labels: Sequence[LabelledPair], reads: Sequence[classify.Read]) -> tuple[Weights, Multinomial]:
    """The two models of `classify`, from labelled pairs and what was read of each."""
    truths = [_truth(label, read) for label, read in zip(labels, reads)]
    rows = [f.features for read in reads for f in read.found]
    right = [f.root == truth for read, truth in zip(reads, truths) for f in read.found]
    return (
        fit(rows, right, PAIR_PENALTY, rare=2),
        fit_many([read.words for read in reads], truths, TEXT_PENALTY),
    )


def write(made: Mapping[str, Weights | Multinomial], folder: Path) -> None:
    """Write the weights, one file a model, one feature a line; on the first line the intercepts."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, w in made.items():
        if isinstance(w, Weights):
            lines = [f"(intercept)\t{w.bias}", *(f"{f}\t{v}" for f, v in sorted(w.table.items()))]
        else:
            lines = ["\t".join(f"{class_}={bias}" for class_, bias in zip(w.classes, w.bias))]
            lines += [f"{f}\t" + " ".join(f"{n}={v}" for n, v in cells) for f, cells in sorted(w.table.items())]
        (folder / f"{name}.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
