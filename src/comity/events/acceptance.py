"""Whether a proposed event is one, whether it is background, and what its status is where the rules can err: small
log-linear models on what is known of it."""

from __future__ import annotations

from comity.actors import Ref
from comity.events.arguments import Choice, Memory, Setting
from comity.events.candidates import Candidate
from comity.events.matching import Match
from comity.events.status import Standing
from comity.language import Sentence

_TEMPORAL = frozenset(
    [
        "since",
        "after",
        "before",
        "during",
        "following",
        "amid",
        "despite",
        "over",
        "in",
        "by",
        "for",
        "from",
        "until",
        "against",
    ]
)


def _tense(s: Sentence, clause: int) -> str:
    tag = s.tags[clause]
    if tag[0] != "V":
        return "noun"
    aux = {s.lemmas[k] for k in s.kids[clause] if s.deps[k] in ("aux", "auxpass")}
    if "have" in aux:
        had = any(s.lowers[k] in ("had", "'d", "’d") for k in s.kids[clause] if s.deps[k] == "aux")
        return "pluperfect" if had else "perfect"
    return f"{tag}{'+be' if 'be' in aux else ''}"


def _article(s: Sentence, noun: int) -> str:
    for kid in s.kids[noun]:
        if s.deps[kid] == "det":
            return s.lowers[kid]
        if s.deps[kid] == "poss":
            return "poss"
    return "none"


def shape(s: Sentence, trigger: int, clause: int) -> list[str]:
    """How the event's words stand in the sentence: what tells news from what is only named again."""
    pos = s.tags[trigger][0]
    dep = s.deps[trigger]
    above = s.heads[trigger]
    out = [f"pos {pos} {dep}", f"tense {_tense(s, clause)}", f"light {int(clause != trigger)}"]
    if dep == "pobj":
        out.append(f"preposition {s.lowers[above]} {pos}")
        ground = s.heads[above]
        out.append(f"ground {s.tags[ground][0]} {s.lowers[above]}")
    if pos == "N":
        article = _article(s, trigger)
        out.append(f"article {article} {dep}")
        out.append(f"number {s.tags[trigger]} {article}")
        out.append(f"modified {int(any(s.deps[k] in ('amod', 'compound') for k in s.kids[trigger]))}")
    root = clause == s.root or (s.deps[clause] in ("ccomp", "conj", "xcomp") and s.heads[clause] == s.root)
    out.append(f"root {int(root)} {pos}")
    out.append(f"clause {s.deps[clause]} {pos}")
    if s.tags[clause][0] == "V":
        out.append(f"verb form {s.tags[clause]} {s.deps[clause]}")
    out.append(f"early {min(s.number, 4)} {pos}")
    return out


def _level(p: float) -> int:
    return int(p * 5)


def features(where: Setting, match: Match, chosen: Choice, stands: Standing, memory: Memory) -> list[str]:
    """Features of a proposal for acceptance."""
    s, pattern = where.sentence, match.pattern
    source, target = chosen.source, chosen.target
    pos = s.tags[where.trigger][0]
    type_ = pattern.type
    same = int(source.place == target.place)
    first, second = source.figures[0], target.figures[0]
    told = memory.pairs.get((source.place, target.place), 0)
    found = [
        f"pattern {pattern.id}",
        f"word {s.lemmas[where.trigger]} {type_}",
        f"type {type_}",
        f"source {_level(chosen.p_source)}",
        f"target {_level(chosen.p_target)}",
        f"joint {int(chosen.joint * 10)}",
        f"pos {pos} {s.deps[where.trigger]}",
        f"match {int(bool(match.sources))}{int(bool(match.targets))} {int(_in(source.refs, match.sources))}{int(_in(target.refs, match.targets))}",
        f"rank {min(source.rank, 2)} {min(target.rank, 2)}",
        f"same {same} {type_}",
        f"same {same} {pos}",
        f"kinds {first.kind} {second.kind}",
        f"form {source.refs[0].form if source.refs else 'ctx'}",
        f"target form {target.refs[0].form if target.refs else 'ctx'}",
        f"sector {first.sector} {type_}",
        f"target sector {second.sector} {type_}",
        f"unnamed {int(second.anonymous)}",
        f"status {stands.status} {pos}",
        f"told {min(told, 2)} {int(target.rank < 0)}",
        f"says {_says(where, chosen)} {type_}",
        f"says {_says(where, chosen)} {pos}",
        *(f"flag {flag}" for flag in sorted(pattern.flags)),
        *_worded(where, match, chosen),
        *_around(where),
        *_room(where, chosen),
        *_standing_of("S", where, source),
        *_standing_of("T", where, target),
    ]
    return found


def _worded(where: Setting, match: Match, chosen: Choice) -> list[str]:
    """What the event's own word tells with these parties: "talks" of two states are an event sooner than of a firm."""
    s, t = where.sentence, where.trigger
    lemma = s.lemmas[t]
    kinds = f"{chosen.source.figures[0].kind} {chosen.target.figures[0].kind}"
    return [
        f"kinds {kinds} {where.type}",
        f"word kinds {lemma} {kinds}",
        f"word match {lemma} {int(bool(match.sources))}{int(bool(match.targets))}",
        f"word context {lemma} {int(chosen.source.rank >= 0)}{int(chosen.target.rank >= 0)}",
        f"word form {lemma} {s.tags[t]} {s.deps[t]}",
    ]


NEAR = 3
"""How many tokens to either side of the event's word are seen."""

_NAMES = frozenset(("NNP", "NNPS"))


def _around(where: Setting) -> list[str]:
    """The words beside the event's word, and the one that it hangs on; names are no words."""
    s, t, type_ = where.sentence, where.trigger, where.type
    found = [
        f"near {s.lemmas[k]} {type_}"
        for k in range(max(0, t - NEAR), min(len(s), t + NEAR + 1))
        if k != t and s.tags[k][0] in "VNJRIM" and s.tags[k] not in _NAMES and k not in where.named
    ]
    above, dep = s.heads[t], s.deps[t]
    if dep == "pobj":
        dep, above = s.lowers[above], s.heads[above]
    if above != t and s.tags[above] not in _NAMES:
        found.append(f"above {dep} {s.lemmas[above]}")
    return found


def _room(where: Setting, chosen: Choice) -> list[str]:
    """How many could be parties, and how clearly these are."""
    s, type_ = where.sentence, where.type
    pos = s.tags[where.trigger][0]
    named = min(len(where.named), 8)
    joint = chosen.joint
    return [
        f"named {named}",
        f"named {named} {pos}",
        f"words {min(len(s) // 8, 7)}",
        f"sentence {min(s.number, 6)}",
        f"joint {int(joint * 20)} {pos}",
        f"joint {int(joint * 8)} {type_}",
        f"sides {int(chosen.p_source * 6)} {int(chosen.p_target * 6)}",
        f"pair {chosen.rank}",
        f"pair {chosen.rank} {int(joint * 10)}",
        f"pair {chosen.rank} rival {int(5 * min(joint, chosen.rival) / max(joint, chosen.rival, 1e-9))}",
    ]


def _standing_of(role: str, where: Setting, party: Candidate) -> list[str]:
    """What a party hangs on: "China" in "the response of China to the war" is no side of the war."""
    if not party.refs:
        return []
    s, type_, head = where.sentence, where.type, party.refs[0].head
    above, dep = s.heads[head], s.deps[head]
    if dep == "pobj":
        ground = s.heads[above]
        return [
            f"{role} preposition {s.lowers[above]} {type_}",
            f"{role} hangs {s.lowers[above]} {int(ground == where.trigger)} {s.tags[ground][0]}",
            f"{role} on {s.lemmas[ground]}",
        ]
    return [
        f"{role} dep {dep} {type_}",
        f"{role} hangs {dep} {int(above == where.trigger)} {s.tags[above][0]}",
        f"{role} on {s.lemmas[above]}",
    ]


def _says(where: Setting, chosen: Choice) -> str:
    """In whose words the event stands: nobody's, its source's, its target's, another's."""
    if not where.speakers:
        return "-"
    return f"{int(chosen.source.place in where.speakers)}{int(chosen.target.place in where.speakers)}"


def _in(refs: tuple[Ref, ...], matched: tuple[Ref, ...]) -> bool:
    return bool(refs) and refs[0] in matched


def background_features(
    where: Setting, match: Match, chosen: Choice, stands: Standing, before: int, again: bool, dated: str
) -> list[str]:
    """Features of an event for being background.

    Args:
        before: how often the report has told of these parties before.
        again: whether the last event of its type had the same parties.
        dated: how far from the report's day the text dates it.
    """
    s, type_ = where.sentence, match.pattern.type
    pos = s.tags[where.trigger][0]
    return [
        *shape(s, where.trigger, where.clause),
        f"type {type_} {pos}",
        f"word {s.lemmas[where.trigger]}",
        f"status {stands.status} {pos}",
        f"again {int(again)} {pos}",
        f"before {min(before, 3)} {pos}",
        f"dated {dated} {pos}",
        f"flag {int('background' in match.pattern.flags)}",
        f"context {int(chosen.source.rank >= 0)}{int(chosen.target.rank >= 0)} {pos}",
        f"pattern {match.pattern.id}",
        f"match {int(bool(match.sources))}{int(bool(match.targets))} {pos}",
        f"same {int(chosen.source.place == chosen.target.place)} {pos}",
        f"kinds {chosen.source.figures[0].kind} {chosen.target.figures[0].kind}",
        f"sides {int(chosen.p_source * 4)} {int(chosen.p_target * 4)} {pos}",
    ]


_HELP = frozenset(("aux", "auxpass", "mark", "neg", "advmod"))


def status_features(where: Setting, match: Match, chosen: Choice, stands: Standing) -> list[str]:
    """Features of an event for its status: what the rules say and by which words, and the clauses it stands in."""
    s, clause, type_ = where.sentence, where.clause, match.pattern.type
    pos = s.tags[where.trigger][0]
    found = [
        f"rule {stands.status}",
        f"rule {stands.status} {type_}",
        f"rule {stands.status} {pos}",
        f"rule {stands.status} promise {int(stands.promise)}",
        f"cues {min(len(stands.because), 2)} {stands.status}",
        *(f"cue {stands.status} {s.lemmas[k]}" for k in stands.because),
        f"pattern {match.pattern.id}",
        f"word {s.lemmas[where.trigger]} {type_}",
        f"type {type_}",
        f"says {_says(where, chosen)}",
        *shape(s, where.trigger, clause),
    ]
    for kid in s.kids[clause]:
        if s.deps[kid] in _HELP:
            found.append(f"kid {s.deps[kid]} {s.lowers[kid]}")
            found.append(f"kid {s.lowers[kid]} {pos}")
    if where.trigger != clause:
        found += [f"noun's {s.deps[k]} {s.lemmas[k]}" for k in s.kids[where.trigger]]
    here = clause
    for level in ("head", "head's head"):
        above = s.heads[here]
        if above == here:
            break
        found.append(f"{level} {s.deps[here]} {s.lemmas[above]}")
        found += [f"{level} {s.deps[k]} {s.lowers[k]}" for k in s.kids[above] if s.deps[k] in ("aux", "mark", "neg")]
        here = above
    if s.deps[clause] == "pobj":
        above = s.heads[clause]
        found.append(f"ground {s.lowers[above]} {s.lemmas[s.heads[above]]}")
    return found
