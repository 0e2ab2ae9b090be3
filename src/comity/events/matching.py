"""Patterns of the lexicon against a parsed sentence."""

from __future__ import annotations

from typing import NamedTuple

from comity.actors import Cast, Ref
from comity.events import grammar
from comity.events.lexicon import STOP, Lexicon, Pattern, Step
from comity.language import Sentence

_BY = frozenset(("by",))
_OF = frozenset(("of",))
_RECIPIENT = frozenset(("to", "against"))


class Match(NamedTuple):
    """A pattern that holds at a token, with what fills its slots."""

    pattern: Pattern
    trigger: tuple[int, ...]
    """Tokens of the words that the pattern fixes, its head first."""
    sources: tuple[Ref, ...]
    targets: tuple[Ref, ...]
    clause: int
    """The verb whose tense and embedding tell the event's status (the light verb of an event noun)."""


def _distinct(refs: list[Ref]) -> tuple[Ref, ...]:
    seen: list[Ref] = []
    for ref in refs:
        if ref not in seen:
            seen.append(ref)
    return tuple(seen)


def actors_of(cast: Cast, s: Sentence, tokens: list[int], owner: bool = True, place: bool = False) -> list[Ref]:
    """The actors that noun phrases denote; with `owner`, what belongs to an actor stands for it ("Russia's actions")."""
    found: list[Ref] = []
    for token in tokens:
        refs = [r for r in cast.actors(s, token) if r.figures]
        if place and not refs:
            ref = cast.at(s, token)
            if ref is not None and ref.form == "place" and ref.figures:
                refs = [ref]
        if not refs and owner:
            ref = cast.owner(s, token)
            if ref is not None and ref.figures:
                refs = [ref]
        for ref in refs:
            if ref not in found:
                found.append(ref)
    return found


def inside(cast: Cast, s: Sentence, token: int, without: tuple[Ref, ...], limit: int = 24) -> list[Ref]:
    """The nearest actor inside a phrase or clause (with those joined to it) that is none of `without`."""
    queue = [token]
    steps = 0
    banned = {id(f) for r in without for f in r.figures}
    states = {f.state for r in without for f in r.figures if f.state}
    while queue and steps < limit:
        here = queue.pop(0)
        steps += 1
        ref = cast.at(s, here)
        if (
            ref is not None
            and ref.figures
            and ref.form != "place"
            and not all(id(f) in banned for f in ref.figures)
            and not all(f.state in states and f.kind == "state" for f in ref.figures)
            and (here == ref.head or s.deps[here] in ("poss", "amod", "compound", "nmod"))
        ):
            joined = [r for r in cast.actors(s, here) if r.figures] if here == ref.head else [ref]
            return joined or [ref]
        queue.extend(k for k in s.kids[here] if s.deps[k] not in ("punct", "det", "aux", "mark"))
    return []


def match_verb(pattern: Pattern, s: Sentence, verb: int, cast: Cast) -> Match | None:
    """The match of a verb pattern at a verb, or None."""
    node, last = verb, verb
    trigger = [verb]
    target_tokens: list[int] = []
    deep: list[int] = []
    owner_of: list[int] = []
    place = "place" in pattern.flags
    has_target_step = False
    source_tokens: list[int] | None = None
    for step in pattern.steps:
        kind = step.kind
        if kind == "object":
            found = grammar.objects(s, node)
            if step.words:
                hit = _first_word(s, found, step)
                if hit is None:
                    return None
                last = hit
                trigger.append(hit)
                if step.target == "owner":
                    owner_of.append(hit)
                    has_target_step = True
            elif step.target == "actor":
                if not found:
                    return None
                target_tokens.extend(found)
                has_target_step = True
                last = found[-1]
            elif step.target == "source":
                if not found:
                    return None
                source_tokens = found
            elif step.target == "deep":
                has_target_step = True
                if last not in (node, verb) and s.deps[last] == "pobj":
                    deep.append(last)  # "protest outside the embassy of T": T inside what stands before
                elif found:
                    deep.extend(found)
                else:
                    clause = _clauses(s, node)
                    if not clause:
                        return None
                    deep.extend(clause)
            elif found:
                last = found[-1]
            elif not _clauses(s, node):
                return None
        elif kind == "oblique":
            found = grammar.obliques(s, node, step.prepositions)
            if not found and node != verb and s.tags[node][0] != "V":
                found = grammar.obliques(s, verb, step.prepositions)  # "is angry at Peru": it hangs on the copula
            if found and step.target in ("actor", "deep") and last != node:
                if not any(inside(cast, s, k, ()) for k in found):  # "sanctions on Peru were lifted on Monday"
                    found = grammar.obliques(s, last, step.prepositions) or found
            elif not found and last != node:
                found = grammar.obliques(s, last, step.prepositions)
                if not found:
                    for kid in s.kids[last]:
                        if s.deps[kid] == "conj" and s.tags[kid][0] == "N":
                            found = grammar.obliques(s, kid, step.prepositions)
                            if found:
                                break
            if not found:
                return None
            if step.words:
                hit = _first_word(s, found, step)
                if hit is None:
                    return None
                trigger.append(hit)
                last = hit
                if step.target == "owner":
                    owner_of.append(hit)
                    has_target_step = True
            elif step.target == "actor":
                target_tokens.extend(found)
                has_target_step = True
            elif step.target == "source":
                source_tokens = found
            elif step.target == "deep":
                deep.extend(found)
                has_target_step = True
            else:
                last = found[-1]
        elif kind == "clause":
            clauses = _clauses(s, node) or (_clauses(s, verb) if node != verb and s.tags[node][0] != "V" else [])
            if step.words:
                hit = _first_word(s, clauses, step)
                if hit is None:
                    return None
                node = last = hit
                trigger.append(hit)
            elif not clauses:
                return None
            elif step.target == "deep":
                deep.extend(clauses)
                has_target_step = True
        elif kind == "particle":
            if not any(s.lowers[k] in step.words and s.deps[k] in ("prt", "advmod", "prep") for k in s.kids[node]):
                return None
        elif kind == "adjective":
            hit = next((k for k in s.kids[node] if s.lemmas[k] in step.words and _is_complement(s, k)), None)
            if hit is None:
                return None
            node = last = hit
            trigger.append(hit)
    own = bool(pattern.flags & {"own", "agent"}) or (bool(pattern.steps) and pattern.steps[-1].kind == "oblique")
    if pattern.patient:
        passive = grammar.is_passive(s, verb)
        below = grammar.objects(s, verb) if passive else grammar.subjects(s, verb)
        above = source_tokens if source_tokens is not None else (grammar.subjects(s, verb) if passive else [])
        return Match(
            pattern, tuple(trigger), _distinct(actors_of(cast, s, above)), _distinct(actors_of(cast, s, below)), verb
        )
    sources = actors_of(cast, s, grammar.subjects(s, verb))
    if pattern.joint:
        figures = {id(f) for r in sources for f in r.figures}
        if len(figures) < 2 or _falls_upon_others(cast, s, deep, sources):
            return None
        return Match(pattern, tuple(trigger), tuple(sources), (), verb)
    if _mutual_tokens(s, (*target_tokens, *deep, *owner_of)):
        both = {id(f) for r in sources for f in r.figures}
        mutual = pattern._replace(flags=pattern.flags | {"mutual"}, joint=len(both) > 1)
        return Match(mutual, tuple(trigger), _distinct(sources), (), verb)
    targets: list[Ref] = []
    if "agent" in pattern.flags:
        for token in (*target_tokens, *deep):
            targets.extend(_agents_inside(cast, s, token, tuple(sources)))
        if not targets and not grammar.is_passive(s, verb):  # the parser hangs "by Peru" on "condemned"
            targets = [r for r in actors_of(cast, s, grammar.obliques(s, verb, _BY)) if r not in sources]
    if not targets and target_tokens:
        targets = actors_of(cast, s, target_tokens, owner=own, place=place)
    if not targets and owner_of:
        for token in owner_of:
            ref = cast.owner(s, token)
            if ref is not None:
                targets.append(ref)
        if not targets:
            return None
    if not targets and deep:
        for token in deep:
            targets = actors_of(cast, s, [token], owner=True, place=place)
            targets = [r for r in targets if r not in sources]
            if not targets:
                targets = inside(cast, s, token, tuple(sources))
            if targets:
                break
    if not has_target_step and not targets and not pattern.joint:
        targets = []
    return Match(pattern, tuple(trigger), _distinct(sources), _distinct(targets), verb)


def _is_complement(s: Sentence, token: int) -> bool:
    """True for what is said of a verb's object or subject: "is wary", "held Chad responsible", "called him a thief". The
    parser often takes the last two for adverbs."""
    dep = s.deps[token]
    return dep in ("acomp", "attr", "oprd") or (dep in ("advcl", "npadvmod") and s.tags[token][0] in "JN")


def _falls_upon_others(cast: Cast, s: Sentence, clauses: list[int], sources: list[Ref]) -> bool:
    """True when a clause that several agree on tells what they shall do to somebody else: "agreed to arm Peru"."""
    own = {f.state for r in sources for f in r.figures}
    for clause in clauses:
        if s.tags[clause][0] == "V":
            upon = grammar.objects(s, clause) + grammar.obliques(s, clause, _RECIPIENT)
            if any(f.state not in own for r in actors_of(cast, s, upon) for f in r.figures if f.country and f.state):
                return True
    return False


def _mutual_tokens(s: Sentence, tokens: tuple[int, ...]) -> bool:
    """True when what is done falls upon "each other", or upon what is each other's."""
    return any(
        grammar.is_reciprocal(s, token)
        or any(s.deps[kid] == "poss" and grammar.is_reciprocal(s, kid) for kid in s.kids[token])
        for token in tokens
    )


def _agents_inside(cast: Cast, s: Sentence, token: int, sources: tuple[Ref, ...]) -> list[Ref]:
    """The doer of the deed that a noun names: "the shelling of the island by Peru", "Peru's attack on Chile"."""
    refs = [r for r in cast.actors(s, token) if r.figures]
    if refs:
        return refs
    for places in (("by",), ("poss",), ("amod",), ("of",)):
        found = noun_slot(cast, s, token, places)
        found = [r for r in found if r not in sources]
        if found:
            return found
    return []


def _clauses(s: Sentence, node: int) -> list[int]:
    """Verbs of the complement clauses of a verb, adjective or noun."""
    found = [
        k
        for k in s.kids[node]
        if s.deps[k] in ("xcomp", "ccomp", "acl", "advcl") and (s.deps[k] != "advcl" or s.tags[k] == "VB")
    ]
    for kid in s.kids[node]:
        if s.deps[kid] == "prep":
            found.extend(k for k in s.kids[kid] if s.deps[k] == "pcomp")
        elif s.deps[kid] in ("dobj", "pobj") and not found:
            found.extend(k for k in s.kids[kid] if s.deps[k] == "acl" and s.tags[k] == "VB")
    for clause in list(found):
        found.extend(k for k in s.kids[clause] if s.deps[k] == "conj")
    return found


def _modified(s: Sentence, noun: int, wanted: tuple[tuple[bool, frozenset[str]], ...]) -> bool:
    """True when a noun has the modifiers that it must have, and none that it must not have."""
    return all(
        must
        == any(
            (s.deps[k] in ("amod", "compound", "nmod", "acl") and (s.lemmas[k] in words or s.lowers[k] in words))
            or (s.deps[k] == "prep" and s.lowers[k] == "of" and any(s.lemmas[o] in words for o in s.kids[k]))
            for k in s.kids[noun]
        )
        for must, words in wanted
    )


def _first_word(s: Sentence, tokens: list[int], step: Step) -> int | None:
    for token in tokens:
        if (s.lemmas[token] in step.words or s.lowers[token] in step.words) and _modified(s, token, step.modifiers):
            return token
    if step.modifiers:
        return None
    for token in tokens:
        for kid in s.kids[token]:
            if s.deps[kid] == "conj" and (s.lemmas[kid] in step.words or s.lowers[kid] in step.words):
                return kid
            # "a series of talks", "a round of sanctions"
            if s.deps[kid] == "prep" and s.lowers[kid] == "of" and s.lemmas[token] in _SERIES:
                for obj in s.kids[kid]:
                    if s.deps[obj] == "pobj" and (s.lemmas[obj] in step.words or s.lowers[obj] in step.words):
                        return obj
    return None


_SERIES = frozenset(
    [
        "series",
        "round",
        "package",
        "number",
        "set",
        "wave",
        "string",
        "raft",
        "batch",
        "range",
        "variety",
        "couple",
        "dozen",
        "hundred",
        "thousand",
        "million",
        "ton",
        "barrage",
        "spate",
        "flurry",
        "spell",
        "bout",
        "campaign",
        "list",
        "lot",
        "form",
        "kind",
        "type",
        "sort",
        "first",
        "second",
        "third",
        "part",
        "shipment",
        "consignment",
        "tranche",
    ]
)
"""Nouns whose "of" names the thing itself: a series of talks."""


def noun_slot(cast: Cast, s: Sentence, noun: int, places: tuple[str, ...]) -> list[Ref]:
    """The actors in the first of these places of an event noun that holds any."""
    for place in places:
        if place in ("poss", "amod", "compound"):
            deps = ("poss",) if place == "poss" else ("amod", "compound", "nmod")
            found = []
            for kid in s.kids[noun]:
                if s.deps[kid] in deps:
                    ref = cast.at(s, kid)
                    if ref is not None and ref.figures and ref.form != "place":
                        found.append(ref)
            if place == "amod" and not found:
                for kid in s.kids[noun]:  # "US-led", "Russian-backed"
                    if s.deps[kid] == "amod" and s.lemmas[kid] in (
                        "lead",
                        "back",
                        "sponsor",
                        "led",
                        "backed",
                        "sponsored",
                        "brokered",
                    ):
                        found = [r for k in s.kids[kid] if (r := cast.at(s, k)) is not None and r.figures]
            if found:
                return found
        else:
            found = actors_of(cast, s, grammar.obliques(s, noun, frozenset((place,))), owner=place not in ("by",))
            if found:
                return found
    return []


def match_noun(pattern: Pattern, s: Sentence, noun: int, cast: Cast) -> Match | None:
    """The match of a noun pattern at a noun, or None."""
    if not _modified(s, noun, pattern.modifiers):
        return None
    for step in pattern.contents:
        if _first_word(s, grammar.obliques(s, noun, step.prepositions), step) is None:
            return None
    verb = grammar.light_verb(s, noun)
    sufferer = grammar.patient_verb(s, noun) if verb is None else None
    clause = verb if verb is not None else noun
    trigger = (noun, verb) if verb is not None else (noun,)
    if pattern.joint_places:
        joint = noun_slot(cast, s, noun, pattern.joint_places)
        if len({id(f) for r in joint for f in r.figures}) >= 2:
            return Match(pattern, trigger, _distinct(joint), (), clause)
        if verb is not None:
            both = actors_of(cast, s, grammar.subjects(s, verb))
            if len({id(f) for r in both for f in r.figures}) >= 2:
                targets = noun_slot(cast, s, noun, pattern.target_places)
                return Match(pattern, trigger, _distinct(both), _distinct(targets), clause)
    targets = noun_slot(cast, s, noun, pattern.target_places)
    if pattern.needs_target and not targets:
        return None
    if not targets and sufferer is not None:
        targets = actors_of(cast, s, grammar.subjects(s, sufferer))
        trigger, clause = (noun, sufferer), sufferer
    if not targets and verb is not None:
        for place in pattern.target_places:
            if place not in ("poss", "amod", "compound"):
                targets = actors_of(cast, s, grammar.obliques(s, verb, frozenset((place,))))
                if targets:
                    break
    sources: list[Ref] = []
    if verb is not None:
        sources = actors_of(cast, s, grammar.subjects(s, verb))
    if not sources:
        sources = [r for r in noun_slot(cast, s, noun, pattern.source_places) if r not in targets]
    return Match(pattern, trigger, _distinct(sources), _distinct(targets), clause)


DEONTIC = Pattern(
    "request.deontic", "REQUEST", "change", None, frozenset(("deontic",)), (), False, False, (), (), (), (), False, (), (), False, 0,
    "T must|should|ought to …", "Peru must reopen the bridge, the Chilean minister said.", "matching.py",
)  # fmt: skip
"""What somebody says that another must do is asked of him. It has no word of its own, so it is no line of the lexicon."""


def _unworded(slug: str, type_: str, mode: str | None, cameo: str, text: str, example: str) -> Pattern:
    return Pattern(
        slug, type_, mode, cameo, frozenset(("implied",)), (), False, False, (), (), (), (), False, (), (), False, 0,
        text, example, "matching.py",
    )  # fmt: skip


ALLEGED = _unworded(
    "accuse.allege.told", "ACCUSE", "allege", "112", "S say T did …", "Chile said that Peru had shelled the harbour."
)
"""Who tells of another's hostile deed accuses him of it."""

ASKED = {
    "assist": _unworded("aid.asked", "AID", None, "070", "… ask S for help", "Chile asked Peru for weapons."),
    "meet": _unworded("consult.asked", "CONSULT", None, "040", "… ask S for talks", "Chile proposed talks to Peru."),
}
"""What a request of this mode asks for is an event of its own, status requested, when no verb names it."""

_DUTY = frozenset(("must", "should", "ought"))


def _deontic(s: Sentence, verb: int, cast: Cast) -> Match | None:
    """ "Peru must reopen the bridge": asked of its subject by whoever says so."""
    for kid in s.kids[verb]:
        if s.deps[kid] == "aux" and s.lowers[kid] in _DUTY:
            subject = grammar.own_subject(s, verb)
            if subject is None or subject > kid or grammar.is_passive(s, verb):
                return None
            targets = actors_of(cast, s, [subject], owner=False)
            if targets and not any(r.form == "pronoun" and s.lowers[r.first] == "it" for r in targets):
                return Match(DEONTIC, (kid, verb), (), _distinct(targets), verb)
    return None


def matches(lexicon: Lexicon, s: Sentence, cast: Cast) -> list[Match]:
    """The best match at each token of a sentence that heads a pattern: both parties found before one, then specific."""
    found: list[Match] = []
    spoken_for: set[int] = set()
    lacks = {*s.lemmas, *s.lowers}.isdisjoint
    for token, tag in enumerate(s.tags):
        if tag[0] == "V":
            duty = _deontic(s, token, cast)
            if duty is not None:
                found.append(duty)
            patterns = lexicon.verbs.get(s.lemmas[token])
            if not patterns:
                continue
            best, best_key = None, (-1, -1)
            for pattern in patterns:
                if any(map(lacks, pattern.needs)):
                    continue
                match = match_verb(pattern, s, token, cast)
                if match is None:
                    continue
                filled = bool(match.sources) + bool(match.targets or pattern.joint)
                if pattern.type == STOP:
                    filled = 2  # a sense that is no event is none, whoever stands around it
                key = (filled, pattern.weight + 3 * pattern.joint)
                if key > best_key:
                    best, best_key = match, key
            if best is not None:
                spoken_for.update(best.trigger[1:])
                if best.pattern.type != STOP:
                    found.append(best)
        elif tag[0] == "N":
            patterns = lexicon.nouns.get(s.lemmas[token]) or lexicon.nouns.get(s.lowers[token])
            if not patterns or s.deps[token] in ("compound", "nmod"):
                continue
            if tag in ("NNP", "NNPS"):
                named = cast.at(s, token)
                if named is not None and named.form != "role":
                    continue  # Ban Ki-moon bans nobody
            best, best_key = None, (-1, -1)
            for pattern in patterns:
                if any(map(lacks, pattern.needs)):
                    continue
                match = match_noun(pattern, s, token, cast)
                if match is None:
                    continue
                both = len({id(f) for r in match.sources for f in r.figures}) > 1
                filled = bool(match.sources) + bool(match.targets or (pattern.joint_places and both))
                if pattern.type == STOP:
                    filled = 2
                key = (filled, pattern.weight)
                if key > best_key:
                    best, best_key = match, key
            if best is not None and best.pattern.type != STOP:
                found.append(best)
    # a noun that a verb's pattern fixes ("signed an agreement") is that event's word, not another event
    return [m for m in found if not (m.pattern.noun and m.trigger[0] in spoken_for)]
