"""A report's events: proposals of the lexicon, their parties, their status, and what else the words tell of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from comity.actors import Cast, Figure, Ref, to_party
from comity.codebook import Codebook
from comity.dates import Governed, Timeline, governing_date
from comity.events import acceptance, arguments, elsewhere
from comity.events.arguments import Choice, Memory, Multinomial, Setting
from comity.events.candidates import STATES, Candidate, Context, can_act, candidates, place_of, seat
from comity.events.contact import contact
from comity.events.contexts import contexts_of
from comity.events.lexicon import Lexicon, Pattern
from comity.events.matching import ALLEGED, ASKED, DEONTIC, Match, matches
from comity.events.size import size
from comity.events.status import ACTUAL, DENIED, INTENDED, REQUESTED, Standing, standing
from comity.language import Parse, Sentence
from comity.places import event_place
from comity.records import Event, Party, Place, Reason, Report, Span, Statement, content_hash
from comity.statements import Reading

ACCEPT = 0.27
"""Probability from which a proposal is an event. Chosen on hand-coded reports: from 0.22 to 0.27 the F1 of dyads stays
the same while their precision rises by five points, past the 70 in 100 below which users do not trust a record; above,
recall falls faster and plain sentences are lost (docs/stability.md). Re-run `comity evaluate articles`,
tests/test_trust_stability.py and `make train` after a change."""

ACCEPT_IN_REPORT = 0.35
"""The same for a proposal that was judged with the rest of its report. This probability is higher, because there an event
of the same parties with another type counts too (see `comity.events.training.Judged`). Chosen on hand-coded reports: from
0.33 to 0.36 the F1 of dyads is best, and from 0.35 their precision is well above 70 in 100. Re-run the same."""

ACCEPT_ASKED = 0.15
"""The same for what an accepted request asks for, when its parties are those of the request turned round: nothing else
in the words tells against it. Above 0.15 the order of clauses begins to tell (docs/stability.md)."""

ENOUGH = 2.0
"""Sum of the first probabilities of a report's other sentences from which they are heard on the parties of this one. Below,
there is no report yet that could tell which states it deals with: a sentence alone is judged by its words."""

LEAST = 0.02
"""First probability below which the rest of the report is not asked: it would make no event of it."""

OWN_WORDS = 0.3
"""How much the first probability of a proposal still counts beside that in its report, as a share of the log-odds. Chosen
by cross-validation on the labelled reports: at equal precision the F1 of dyads stays the same from 0 to 0.4, that of types
and quad classes is best, by a third of a point, from 0.3. Without it a report on two states takes what one of them tells
a third for one more thing between the two."""

TINY = 1e-12
"""What keeps the odds of what is certain finite."""

REMEMBER = 0.2
"""Joint probability of the parties from which an event is remembered as told. Chosen with `ACCEPT`."""

BACKGROUND = 0.24
"""Probability from which an event is background. Chosen by cross-validation on the labelled reports: the F1 is best from
0.2 to 0.24 on those that were read densely, and half a point below its best from there to 0.36 on the strictly read; on
hand-coded reports it is best at 0.24. Re-run `make train` and `comity evaluate articles` after a change."""

DOUBT = 0.5
"""Probability from which the model's status stands against "actual", which the rules say where they see no word against
it. Chosen by cross-validation on the labelled reports: .784 of statuses are right by the rules, .820 from 0.4 to 0.6, .80
at 0.7. Re-run `make train`, `comity evaluate articles` and tests/test_trust_stability.py after a change."""

DOUBT_A_WORD = 0.9
"""The same where the rules have seen a word ("will", "if", "not"): "will praise" is no praise yet, though readers often
took the promise for the deed. From 0.75 down half a point more of hand-coded statuses is right, and fewer than 97 in 100
of tests/data/status_sentences.tsv, as they are coded."""

MOST_IN_A_SENTENCE = 20
"""A sentence that proposes more events is a list or a parser's failure; the least sure are left out with a warning."""

SPEECH_ACTS = frozenset(("AGREE", "SUPPORT", "CONCEDE", "REQUEST", "ACCUSE", "REJECT", "THREATEN"))
"""Types that are done by saying: when their source is the speaker himself, the report asserts that they were done."""


class Proposal(NamedTuple):
    """An event that the words propose, before it is accepted."""

    where: Setting
    match: Match
    chosen: Choice
    stands: Standing
    features: list[str]
    before: int = 0
    """How often the report has told of these parties before."""
    again: bool = False
    """True when the last event of its type that the report told had the same parties."""
    implied: tuple[Proposal, ...] = ()
    """Events that no word names but that lie in it."""
    first: float = 0.0
    """Probability by its own words that it is an event (see `weighed`)."""


def propose(
    parse: Parse, cast: Cast, reading: Reading | None, lexicon: Lexicon, weights: arguments.Weights
) -> Iterator[tuple[Proposal, ...]]:
    """The proposals of each trigger in text order: one for each pair of parties that it may have, likeliest first."""
    memory, context = Memory(), Context()
    for s in parse.sentences:
        found = matches(lexicon, s, cast)
        if found:
            options = candidates(cast, s, reading, context)
            content = _promised(s, found)
            heads = frozenset(ref.head for ref in cast.by_sentence[s.number])
            types = {m.pattern.type for m in found}
            for match in sorted(found, key=lambda m: m.trigger[0]):
                trigger = match.trigger[0]
                if trigger in content:
                    continue
                if _stateless(match.sources):
                    continue
                where = arguments.setting(s, trigger, match.clause, match.pattern.type, match, reading, options)
                joint = _joint(match)
                pairs = [joint] if joint is not None else arguments.choose(where, options, memory, weights)
                if not pairs:
                    continue
                stands = (
                    standing(s, trigger, match.clause, heads, match.pattern.flags)
                    if match.pattern is not DEONTIC
                    else Standing(ACTUAL, ())
                )
                proposed: dict[tuple[str, str], Proposal] = {}
                for pair in pairs:
                    chosen = pair if joint is not None else _whole(match, _acting(s, pair, options))
                    one = _proposed(where, match, chosen, stands, memory)
                    one = one._replace(implied=tuple(_implied(one, options, memory, types)))
                    proposed.setdefault((chosen.source.place, chosen.target.place), one)
                yield tuple(proposed.values())
                likeliest = next(iter(proposed.values())).chosen
                if likeliest.joint > REMEMBER:
                    memory.note(match.pattern.type, likeliest.source.place, likeliest.target.place, s.lemmas[trigger])
        context.feed(cast.by_sentence[s.number], s.number)


def weighed(proposal: Proposal, accept: arguments.Weights) -> Proposal:
    """A proposal, and those it implies, with their first probability."""
    return proposal._replace(
        first=arguments.probability(accept, proposal.features),
        implied=tuple(weighed(one, accept) for one in proposal.implied),
    )


def with_implied(proposals: Iterable[Proposal]) -> Iterator[Proposal]:
    """Proposals in text order, each followed by what it implies that none before it in its sentence implied."""
    told: set[tuple[int, str, str, str]] = set()
    for proposal in proposals:
        yield proposal
        for one in proposal.implied:
            parties = one.chosen.source.place, one.chosen.target.place
            key = (one.where.sentence.number, one.match.pattern.id, *parties)
            if key not in told:
                told.add(key)
                yield one


def told_elsewhere(groups: Iterable[Sequence[Proposal]], quad: Callable[[str], str]) -> elsewhere.Elsewhere:
    """What a report tells of whom, by the first probabilities of the weighed proposals of its triggers."""
    made = elsewhere.Elsewhere(quad)
    for proposal in with_implied(_picked(group, [p.first for p in group]) for group in groups):
        made.note(proposal.where, proposal.chosen, proposal.first)
    return made


def in_report(proposal: Proposal, told: elsewhere.Elsewhere) -> list[str]:
    """All features of a proposal: of its own words, and of what the rest of the report tells of its parties."""
    where, chosen = proposal.where, proposal.chosen
    return proposal.features + elsewhere.features(told.told(where, chosen), where, chosen)


def _reweighed(
    groups: Sequence[Sequence[Proposal]], codebook: Codebook, again: arguments.Weights
) -> Iterator[tuple[Proposal, float, float]]:
    """Of each trigger the likeliest proposal, and those it implies, with the probability that it has in its report and
    that from which it is an event."""
    told = told_elsewhere(groups, codebook.quad)

    def heard(proposal: Proposal) -> bool:
        return told.beyond(proposal.where.sentence.number) >= ENOUGH

    def chance(proposal: Proposal) -> float:
        if proposal.first < LEAST or not heard(proposal):
            return proposal.first
        return _between(arguments.probability(again, in_report(proposal, told)), proposal.first)

    chances: dict[int, float] = {}
    picked: list[Proposal] = []
    for group in groups:
        these = [chance(proposal) for proposal in group]
        picked.append(_picked(group, these))
        chances.update((id(proposal), p) for proposal, p in zip(group, these, strict=True))
    sure = 0.0
    for proposal in with_implied(picked):
        if proposal.match.pattern.id not in ASKED_IDS:  # what is asked for is as sure as the request just before it
            sure = chances[id(proposal)] if id(proposal) in chances else chance(proposal)
        yield proposal, sure, ACCEPT_IN_REPORT if heard(proposal) else ACCEPT


def _between(in_report: float, first: float) -> float:
    """The probability whose log-odds lie between those of two others, by `OWN_WORDS`."""
    odds = (in_report / (1 - in_report + TINY)) ** (1 - OWN_WORDS) * (first / (1 - first + TINY)) ** OWN_WORDS
    return odds / (1 + odds)


def _picked(group: Sequence[Proposal], chances: Sequence[float]) -> Proposal:
    """Of the proposals of one trigger the one that is likeliest an event."""
    best = group[max(range(len(group)), key=chances.__getitem__)]
    if not _mutual(best.match.pattern):
        return best
    source, target = best.chosen.source.place, best.chosen.target.place
    for other in group:  # "Peru met Chile": both ways round are right, the words say who comes first
        turned = (other.chosen.target.place, other.chosen.source.place) == (source, target)
        if turned and other.chosen.rank < best.chosen.rank:
            return other
    return best


ASKED_IDS = frozenset(pattern.id for pattern in ASKED.values())


def _stateless(refs: Sequence[Ref]) -> bool:
    """True when the words name who it is, and he is nobody's: "an official denied" is no act of any state."""
    return bool(refs) and not any(seat(figure) for ref in refs for figure in ref.figures)


HOSTILE = frozenset(("ASSAULT", "COERCE", "SANCTION", "MOBILIZE", "THREATEN"))
"""Types of deeds of which telling is accusing, when another than the doer tells."""


def _implied(proposal: Proposal, options: Sequence[Candidate], memory: Memory, types: set[str]) -> Iterator[Proposal]:
    """Events that no word names but that lie in a proposal: what a request asks for, the accusation in an allegation."""
    where, match, chosen, stands = proposal.where, proposal.match, proposal.chosen, proposal.stands
    pattern = match.pattern
    asked = ASKED.get(pattern.mode or "") if pattern.type == "REQUEST" else None
    if asked is not None and asked.type not in types and stands.status in (ACTUAL, INTENDED):
        other = match._replace(pattern=asked, sources=match.targets, targets=match.sources)
        turned = Choice(chosen.target, chosen.source, chosen.p_target, chosen.p_source)
        yield _proposed(where, other, turned, Standing(REQUESTED, (where.trigger,)), memory)
    if pattern.type in HOSTILE and stands.status == ACTUAL and where.speakers:
        if chosen.source.place in where.speakers:
            return
        speaker = next((c for c in options if c.place in where.speakers and c.rank < 0), None) or next(
            (c for c in options if c.place in where.speakers), None
        )
        if speaker is not None:
            told = Choice(speaker, chosen.source, 1.0, chosen.p_source)
            yield _proposed(
                where, match._replace(pattern=ALLEGED, sources=(), targets=()), told, Standing(ACTUAL, ()), memory
            )


def _proposed(where: Setting, match: Match, chosen: Choice, stands: Standing, memory: Memory) -> Proposal:
    where = where._replace(type=match.pattern.type, match=match)
    parties = chosen.source.place, chosen.target.place
    return Proposal(
        where,
        match,
        chosen,
        stands,
        acceptance.features(where, match, chosen, stands, memory),
        memory.pairs.get(parties, 0),
        memory.by_type.get(match.pattern.type) == parties,
    )


def _acting(s: Sentence, chosen: Choice, options: Sequence[Candidate]) -> Choice:
    """Of "the troops of the United States" the troops are the party, not the state that they are of."""

    def side(candidate: Candidate) -> Candidate:
        if len(candidate.refs) != 1:
            return candidate
        above = s.heads[candidate.refs[0].head]
        if s.lowers[above] != "of" or s.deps[above] != "prep":
            return candidate
        holder = s.heads[above]
        return next(
            (o for o in options if o.refs and o.refs[0].head == holder and o.place == candidate.place), candidate
        )

    return chosen._replace(source=side(chosen.source), target=side(chosen.target))


def _whole(match: Match, chosen: Choice) -> Choice:
    """Parties that the words join, as a list: "Peru, Chile and Bolivia condemned"."""

    def side(candidate: Candidate, matched: Sequence[Ref], other: Candidate) -> Candidate:
        refs: list[Ref] = []
        taken = list(other.figures)
        for ref in matched:  # whom two of the words mean is one party, and nobody is on both sides
            meant = list(filter(can_act, ref.figures))
            if ref not in other.refs and meant and not any(f in taken for f in meant):
                refs.append(ref)
                taken += meant
        if len(refs) < 2 or not candidate.refs or candidate.refs[0] not in refs:
            return candidate
        figures = tuple(dict.fromkeys(f for r in refs for f in r.figures if can_act(f)))
        return candidate._replace(refs=tuple(refs), figures=figures, place=seat(figures[0]))

    source = side(chosen.source, match.sources, chosen.target)
    return chosen._replace(source=source, target=side(chosen.target, match.targets, source))


def _mutual(pattern: Pattern) -> bool:
    """True for what two do together: either may be named first."""
    return "mutual" in pattern.flags or pattern.joint


def _joint(match: Match) -> Choice | None:
    """The parties of "ST meet" or "talks between S and T": the first, and the others."""
    if match.targets or not (match.pattern.joint or match.pattern.joint_places):
        return None
    pairs = [(r, f) for r in match.sources for f in r.figures if can_act(f)]
    if len({id(f) for _, f in pairs}) < 2:
        return None
    first, rest = pairs[0], [p for p in pairs[1:] if p[1] is not pairs[0][1]]
    return Choice(
        Candidate((first[0],), (first[1],), seat(first[1]), -1, 0, first[0].subject, 0),
        Candidate(
            tuple(dict.fromkeys(r for r, _ in rest)),
            tuple(f for _, f in rest),
            seat(rest[0][1]),
            -1,
            0,
            False,
            0,
        ),
        1.0,
        1.0,
    )


def _promised(s: Sentence, found: Sequence[Match]) -> set[int]:
    """Tokens of clauses that only tell what is promised or asked for: no events of their own."""
    inner: set[int] = set()
    for match in found:
        if "content" not in match.pattern.flags:
            continue
        for kid in (kid for token in match.trigger for kid in s.kids[token]):
            if s.deps[kid] in ("xcomp", "ccomp", "acl", "pcomp", "advcl") or (
                s.deps[kid] == "prep" and kid > match.trigger[0]
            ):
                if s.deps[kid] == "advcl" and s.tags[kid] != "VB":
                    continue
                stack = [kid]
                while stack:
                    here = stack.pop()
                    inner.add(here)
                    stack.extend(s.kids[here])
    return inner


def find_events(
    report: Report,
    parse: Parse,
    cast: Cast,
    reading: Reading,
    timeline: Timeline,
    places: Sequence[Place],
    *,
    lexicon: Lexicon,
    codebook: Codebook,
    dateline: Place | None = None,
) -> tuple[tuple[Event, ...], tuple[str, ...]]:
    """The events of a report in text order, and warnings (a sentence whose events were capped)."""
    accept, again = arguments.weights("acceptance"), arguments.weights("acceptance_in_report")
    background, statuses = arguments.weights("background"), arguments.multinomial("status")
    kept: dict[int, list[tuple[float, Event]]] = {}
    seen: set[tuple[object, ...]] = set()
    requests: dict[tuple[int, int], Choice] = {}
    groups = [
        [weighed(proposal, accept) for proposal in group]
        for group in propose(parse, cast, reading, lexicon, arguments.weights("arguments"))
    ]
    for proposal, sure, enough in _reweighed(groups, codebook, again):
        s, match, chosen = proposal.where.sentence, proposal.match, proposal.chosen
        if sure < (ACCEPT_ASKED if _asked(proposal, requests) else enough):
            continue
        if match.pattern.type == "REQUEST":
            requests[s.number, match.trigger[0]] = chosen
        sources, targets = _parties(chosen.source), _parties(chosen.target)
        key = (s.number, match.pattern.type, tuple(p.actor for p in sources), tuple(p.actor for p in targets))
        if key in seen:
            continue
        seen.add(key)
        told = reading.account_at(s.starts[match.trigger[0]])
        governed = governing_date(
            timeline, s, match.trigger[0], also=[t for t in match.trigger[1:] if t != match.trigger[0]],
            anchor=told.date if told is not None and told.date_precision == "day" else None,
        )  # fmt: skip
        far = distance(governed, report.published)
        if match.pattern.id not in ASKED_IDS and proposal.stands.status != DENIED:  # words of denial leave no doubt
            proposal = proposal._replace(stands=_reconsidered(proposal, statuses))
        if far == "future" and proposal.stands.status == ACTUAL:
            # "on Friday the premier travels to Peru": what lies ahead is planned
            proposal = proposal._replace(stands=proposal.stands._replace(status=INTENDED))
        known = arguments.probability(
            background,
            acceptance.background_features(
                proposal.where, match, chosen, proposal.stands, proposal.before, proposal.again, far
            ),
        ) >= BACKGROUND  # fmt: skip
        event = _event(report, s, proposal, sources, targets, told, reading, known, sure, codebook)
        dated = governed.how not in ("published", "undated") or not known
        event = _with(
            event,
            date=governed.date if dated else None,
            date_precision=governed.date_precision if dated else None,
            date_end=governed.date_end if dated else None,
            date_span=governed.date_span,
            place=event_place(places, parse, s, match.trigger[0], meeting=event.contact is not None, dateline=dateline),
        )
        kept.setdefault(s.number, []).append((sure, event))
    events: list[Event] = []
    warnings: list[str] = []
    for number in sorted(kept):
        found = kept[number]
        if len(found) > MOST_IN_A_SENTENCE:
            at = parse.sentences[number].start
            warnings.append(f"sentence at {at}: {len(found)} events proposed, the {MOST_IN_A_SENTENCE} surest kept")
            found = sorted(found, key=lambda item: -item[0])[:MOST_IN_A_SENTENCE]
        events.extend(event for _, event in found)
    events.sort(key=lambda e: (e.trigger, e.type, e.id))
    return tuple(events), tuple(warnings)


def _asked(proposal: Proposal, requests: Mapping[tuple[int, int], Choice]) -> bool:
    """True for what one of these requests (by sentence and word) asks of its target for its source."""
    if proposal.stands.status != REQUESTED:
        return False
    chosen, number = proposal.chosen, proposal.where.sentence.number
    asked = (requests.get((number, token)) for token in proposal.stands.because)
    turned = chosen.target.place, chosen.source.place
    return any((one.source.place, one.target.place) == turned for one in asked if one is not None)


def _reconsidered(proposal: Proposal, statuses: Multinomial) -> Standing:
    """The status by the rules, or the one that readers gave to such events, where the model is sure of that."""
    stands = proposal.stands
    found = acceptance.status_features(proposal.where, proposal.match, proposal.chosen, stands)
    chances = arguments.probabilities(statuses, found)
    likeliest = max(chances, key=lambda status: chances[status])
    enough = DOUBT if stands.status == ACTUAL else DOUBT_A_WORD
    return stands if chances[likeliest] < enough else stands._replace(status=likeliest)


def _with(event: Event, **changes: object) -> Event:
    import msgspec

    return msgspec.structs.replace(event, **changes)


def _parties(candidate: Candidate) -> tuple[Party, ...]:
    if not candidate.refs:
        return tuple(to_party(None, figure) for figure in candidate.figures)
    return tuple(
        to_party(ref, figure) for ref in candidate.refs for figure in ref.figures if figure in candidate.figures
    )


def distance(governed: Governed, published: str | None) -> str:
    """How far before the report's day the words of an event date it: same, week, month, year, old, future, none."""
    date = governed.date
    if governed.how in ("published", "undated", "carried") or not date or not published:
        return "none"
    from datetime import date as day

    parts = [int(p) for p in date.split("-")]
    then = day(parts[0], parts[1] if len(parts) > 1 else 7, parts[2] if len(parts) > 2 else 15)
    now = day.fromisoformat(published[:10])
    gap = (now - then).days
    if gap < -1:
        return "future"
    for limit, name in ((2, "same"), (8, "week"), (40, "month"), (366, "year")):
        if gap <= limit:
            return name
    return "old"


def _states(candidate: Candidate) -> set[str]:
    return {f.state or f.country or "" for f in candidate.figures} - {""}


def _scope(source: Candidate, target: Candidate) -> str | None:
    """Domestic when all parties belong to one state; international when two states or an IGO are in it."""
    if STATES in (source.place, target.place):
        return "international"
    one, other = _states(source), _states(target)
    if not one or not other:
        return None
    return "domestic" if one == other else "international"


def _account(told: Statement | None, type_: str, chosen: Choice, reading: Reading) -> Statement | None:
    """The statement on which the event rests: none for a speech act that the report relates of the speaker himself."""
    statement = told
    by_id = {s.id: s for s in reading.statements}
    own = {f.id for f in chosen.source.figures} | {f"state:{f.state}" for f in chosen.source.figures if f.state}
    states = {f.state for f in chosen.source.figures if f.state and f.country == f.state}
    while statement is not None and type_ in SPEECH_ACTS:
        speakers = statement.speakers
        if not any(p.actor in own or (p.country and p.country in states) for p in speakers):
            break
        statement = by_id.get(statement.within) if statement.within else None
    return statement


def _account_party(
    account: Statement | None, report: Report, source: Candidate, target: Candidate, mutual: bool
) -> str:
    """Whose word it is. Official releases and state outlets count as their state."""
    if account is not None:
        codes = {place_of(p.country) for p in account.speakers if p.country}
    elif report.outlet_ownership == "state" and report.outlet_country:
        codes = {report.outlet_country}
    else:
        return "independent"
    if not codes:
        return "independent" if account is None else "third"
    ours = {place_of(f.country) for f in source.figures}
    theirs = {place_of(f.country) for f in target.figures}
    if codes & ours or (mutual and codes & theirs):
        return "source"
    return "target" if codes & theirs else "third"


def _event(
    report: Report,
    s: Sentence,
    proposal: Proposal,
    sources: tuple[Party, ...],
    targets: tuple[Party, ...],
    told: Statement | None,
    reading: Reading,
    background: bool,
    sure: float,
    codebook: Codebook,
) -> Event:
    match, chosen = proposal.match, proposal.chosen
    pattern = match.pattern
    mode = pattern.mode if pattern.mode and (pattern.type, pattern.mode) in codebook.modes else None
    contexts = tuple(
        sorted({*codebook.implied_contexts(pattern.type, mode), *contexts_of(codebook, s.lemmas, s.lowers)})
    )
    mutual = _mutual(pattern)
    account = _account(told, pattern.type, chosen, reading)
    code = codebook.cameo(pattern.type, mode, contexts, pattern.cameo)
    trigger: Span = (s.starts[match.trigger[0]], s.ends[match.trigger[0]])
    figures: tuple[tuple[Figure, ...], tuple[Figure, ...]] = (chosen.source.figures, chosen.target.figures)
    return Event(
        id="e" + content_hash(
            report.id, s.start, pattern.type, trigger[0],
            *(f"{p.actor}:{p.start}" for p in sources), ">", *(f"{p.actor}:{p.start}" for p in targets),
        ),
        type=pattern.type,
        mode=mode,
        contexts=contexts,
        cameo=code.code if code is not None else None,
        quad=codebook.quad(pattern.type, mode),
        intensity=codebook.intensity(pattern.type, mode),
        source=sources,
        target=targets,
        mutual=mutual,
        scope=_scope(chosen.source, chosen.target),
        status=proposal.stands.status,
        background=background,
        account=account.id if account is not None else None,
        account_party=_account_party(account, report, chosen.source, chosen.target, mutual),
        contact=contact(pattern.type, mode, s, match.trigger, *figures) if not background else None,
        size=size(s, match.trigger[0], pattern.type),
        sentence=(s.start, s.end),
        trigger=trigger,
        reason=Reason(by="rule", id=pattern.id),
        confidence=round(sure, 3),
    )  # fmt: skip


__all__ = ["ACTUAL", "Proposal", "find_events", "propose"]
