"""Second pass: who "the minister", "the two sides", "the bloc", "he" and "they" are. The result is the report's cast."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from functools import cache
from operator import itemgetter

from comity.actors import tables
from comity.actors.figures import Figure, Ref, to_actor, to_mention
from comity.actors.labelling import COUNTERPARTS, RELATIONS, SEVERAL_STATES, STATES_AS_SUCH, Labeller, holds
from comity.actors.matching import Hit, Names, names
from comity.actors.offices import STATE_SECTORS
from comity.language import Parse, Sentence
from comity.records import Actor, Mention, Report

_SINGULAR = {"he": "m", "him": "m", "his": "m", "himself": "m", "she": "f", "her": "f", "hers": "f", "herself": "f"}
_THINGS = frozenset(("it", "its", "itself"))
_PLURAL = frozenset(("they", "them", "their", "theirs", "themselves"))
_OF_TWO = {"former": 0, "latter": 1}
_PAIR_NOUNS = frozenset(["side", "country", "nation", "leader", "president", "minister", "government", "power", "party", "state", "neighbor", "neighbour", "ally", "foe", "diplomat", "official", "general", "counterpart", "man", "rival", "capital", "head", "superpower", "delegation"])  # fmt: skip
_MEETING_NOUNS = frozenset(("leader", "president", "party", "minister", "head", "diplomat"))
_PERSON_NOUNS = frozenset(("leader", "president", "minister", "diplomat", "official", "man", "general", "head"))
_BODY_NOUNS = {
    "bloc": ("igo",), "alliance": ("igo",), "organization": ("igo", "ngo"), "organisation": ("igo", "ngo"),
    "union": ("igo",), "group": ("group", "igo"), "movement": ("group", "party"), "agency": ("igo", "organ"),
    "watchdog": ("igo", "ngo"), "council": ("igo", "organ"), "company": ("firm", "ngo"), "firm": ("firm", "ngo"),
    "party": ("party",), "militia": ("group",),
}  # fmt: skip
_BODIES = frozenset(("alliance", "organization", "organisation", "agency"))
"""Nouns that are somebody only where they name again who was named before."""
_COUNTRY_NOUNS = frozenset(("country", "nation", "republic", "kingdom", "state"))

DECAY = 0.75
"""Weight of a state's mention falls by this factor with each sentence. Chosen on 60 hand-coded reports: flat between
0.6 and 0.85. Re-run `comity evaluate articles` after a change."""

ONE_STATE = 0.5
"""Share of the mentions of states from which a report is about one state, whose officials need no country: "Police Chief
Ann Jones". Chosen on 223 coded reports: at 0.5 46 mentions get the right state and 3 a
wrong one, at 0.4 it is 50 and 33."""

SUBJECT = 2.0
"""How much more a mention as subject weighs than another, for "the minister". Chosen as above."""

AT_HOME = 2.0
"""How much more the holder of an office of the outlet's own state weighs, where the state owns the outlet: on its pages
"the President" is its own. Chosen as above."""

LOOK_BACK = 4
"""Sentences over which a pronoun or a bare role noun looks for its antecedent. Chosen as above."""

OPENING_SENTENCES = 3
"""How far down the opening of a report may name the two who met. Read off official releases: always the first two."""


class Cast:
    """All actors of one report and every reference to them. What statements and events ask for is `at` and `actors`."""

    def __init__(self, labeller: Labeller, parse: Parse, by_sentence: list[list[Ref]], focus: str | None) -> None:
        self.parse = parse
        self.figures = labeller.figures
        self.labeller = labeller
        self.by_sentence = by_sentence
        """References of each parsed sentence, in text order (pronouns are added when they are asked for)."""
        self.home: str | None = None
        """The state (ISO alpha-3) that owns the outlet, if one does."""
        self.focus = focus
        """The state (ISO alpha-3) that the report speaks of most, for what belongs to no named state."""
        self._at: list[dict[int, Ref]] = [_token_map(refs) for refs in by_sentence]
        self._pronouns: dict[tuple[int, int], Ref | None] = {}

    # --- asking ----------------------------------------------------------------------------------------------------

    def at(self, sentence: Sentence, token: int) -> Ref | None:
        """The reference that covers a token, if any; pronouns are resolved."""
        ref = self._at[sentence.number].get(token)
        if ref is not None:
            return ref
        if sentence.tags[token] in ("PRP", "PRP$") or _is_one_of_two(sentence, token):
            return self.pronoun(sentence, token)
        return None

    def actors(self, sentence: Sentence, token: int) -> list[Ref]:
        """The references denoted by the noun phrase with this head, with those joined to it by "and".

        Looks through "members of", "a group of", "one of"; empty when the phrase names no actor.
        """
        found: list[Ref] = []
        self._collect(sentence, token, found, 0)
        return found

    def _collect(self, s: Sentence, token: int, found: list[Ref], depth: int) -> None:
        ref = self.at(s, token)
        if ref is not None and ref.form != "place":
            if ref not in found:
                found.append(ref)
        elif depth < 3:
            lemma = s.lemmas[token]
            if lemma in _PARTITIVE or s.tags[token] in ("CD", "DT", "JJR", "JJS", "PDT"):
                for kid in s.kids[token]:
                    if s.deps[kid] == "prep" and s.lowers[kid] in ("of", "from", "among", "in"):
                        for obj in s.kids[kid]:
                            if s.deps[obj] == "pobj":
                                self._collect(s, obj, found, depth + 1)
        if depth < 6:
            for kid in s.kids[token]:
                if s.deps[kid] == "conj" and s.tags[kid][0] in "NPCDJ" and kid > token:
                    self._collect(s, kid, found, depth + 1)

    def owner(self, sentence: Sentence, token: int) -> Ref | None:
        """Whose thing the noun phrase with this head is: "Russia's actions", "the Chinese proposal", "its army"."""
        for kid in sentence.kids[token]:
            if sentence.deps[kid] in ("poss", "amod", "compound", "nmod"):
                ref = self.at(sentence, kid)
                if ref is not None and ref.figures:
                    return ref
        for kid in sentence.kids[token]:
            if sentence.deps[kid] == "prep" and sentence.lowers[kid] in ("of", "by"):
                for obj in sentence.kids[kid]:
                    if sentence.deps[obj] == "pobj":
                        ref = self.at(sentence, obj)
                        if ref is not None and ref.figures:
                            return ref
        return None

    def pronoun(self, s: Sentence, token: int) -> Ref | None:
        """The reference of a personal pronoun; None when no antecedent agrees (or it is first or second person)."""
        key = (s.number, token)
        if key in self._pronouns:
            return self._pronouns[key]
        self._pronouns[key] = None
        word = s.lowers[token]
        figures: list[Figure] = []
        if word in _SINGULAR:
            figure = self._person_before(s, token, _SINGULAR[word])
            figures = [figure] if figure is not None else []
        elif word in _THINGS:
            if _expletive(s, token):
                return None
            figure = self._thing_before(s, token)
            figures = [figure] if figure is not None else []
        elif word in _PLURAL:
            figures = self._plural_before(s, token)
        elif word in _OF_TWO:
            figures = self._pair_before(s, token)[_OF_TWO[word]]
        if not figures:
            return None
        ref = Ref(s.starts[token], s.ends[token], s.words[token], "pronoun", figures)
        ref.sentence, ref.first, ref.last, ref.head = s, token, token, token
        ref.subject = s.deps[token] in ("nsubj", "nsubjpass")
        self._pronouns[key] = ref
        return ref

    def before(self, s: Sentence, token: int, sentences: int = LOOK_BACK) -> Iterable[Ref]:
        """References before a token, the nearest first, as far back as so many sentences."""
        for ref in reversed(self.by_sentence[s.number]):
            if ref.last < token:
                yield ref
        for number in range(s.number - 1, max(-1, s.number - 1 - sentences), -1):
            yield from reversed(self.by_sentence[number])

    def _person_before(self, s: Sentence, token: int, gender: str) -> Figure | None:
        barred = self._own_subject(s, token)

        def fits(ref: Ref) -> bool:
            figure = ref.figure
            return (
                figure is not barred and
                figure is not None and len(ref.figures) == 1 and figure.kind == "person" and not figure.plural
                and figure.gender in ("", gender) and ref.form not in ("adjective", "part")
            )  # fmt: skip

        own = [ref for ref in self.by_sentence[s.number] if ref.last < token and fits(ref)]
        subjects = [ref for ref in own if ref.subject]
        if subjects:
            return subjects[0].figure if s.deps[token] in ("nsubj", "nsubjpass", "poss") else subjects[-1].figure
        if own and s.deps[token] != "nsubj":
            return own[-1].figure
        for number in range(s.number - 1, max(-1, s.number - 1 - LOOK_BACK), -1):
            refs = [ref for ref in self.by_sentence[number] if fits(ref)]
            said = self._pronoun_subjects(number, gender)
            if said is not None and said is not barred:
                return said
            if refs:
                mains = [ref for ref in refs if ref.subject and _is_main(ref)]
                if mains:
                    return mains[-1].figure
                subjects = [ref for ref in refs if ref.subject]
                return (subjects or refs)[-1].figure
        return own[-1].figure if own else None

    def _own_subject(self, s: Sentence, token: int) -> Figure | None:
        """Whom a pronoun that is an object cannot mean: the subject of its own clause ("he praised him")."""
        if s.tags[token] != "PRP" or s.lowers[token].endswith("self") \
                or s.deps[token] not in ("dobj", "pobj", "iobj", "dative"):  # fmt: skip
            return None
        clause = _clause(s, token)
        while True:
            own = [kid for kid in s.kids[clause] if s.deps[kid] in ("nsubj", "nsubjpass")]
            if own or s.deps[clause] not in ("conj", "xcomp"):
                break
            clause = s.heads[clause]  # "he met the envoy and thanked him"
        for kid in own:
            ref = self.at(s, kid)
            if ref is not None and len(ref.figures) == 1:
                return ref.figure
        return None

    def _pronoun_subjects(self, number: int, gender: str) -> Figure | None:
        """The person that a pronoun subject of an earlier sentence stands for, when it was resolved already."""
        s = self.parse.sentences[number]
        for token, dep in enumerate(s.deps):
            if dep == "nsubj" and _SINGULAR.get(s.lowers[token]) == gender:
                ref = self._pronouns.get((number, token)) or self.pronoun(s, token)
                if ref is not None:
                    return ref.figure
        return None

    def _thing_before(self, s: Sentence, token: int) -> Figure | None:
        barred = self._own_subject(s, token)

        def fits(ref: Ref) -> bool:
            figure = ref.figure
            return (
                figure is not barred and
                figure is not None and len(ref.figures) == 1
                and figure.kind in ("state", "organ", "igo", "group", "party", "ngo", "firm", "medium")
                and not figure.plural and ref.form not in ("people", "place", "part", "adjective")
                and (ref.sentence is None or ref.sentence.tags[ref.head] not in ("NNS", "NNPS"))
            )  # fmt: skip

        own = [ref for ref in self.by_sentence[s.number] if ref.last < token and fits(ref)]
        told = _addressed(s, token)
        for ref in own:
            if ref.head == told:
                return ref.figure
        subjects = [ref for ref in own if ref.subject]
        if subjects:
            return subjects[-1].figure
        if own:
            return own[-1].figure
        for number in range(s.number - 1, max(-1, s.number - 1 - LOOK_BACK), -1):
            refs = [ref for ref in self.by_sentence[number] if fits(ref)]
            if refs:
                subjects = [ref for ref in refs if ref.subject]
                return (subjects or refs)[0 if subjects else -1].figure
        return None

    def _plural_before(self, s: Sentence, token: int) -> list[Figure]:
        def plural(ref: Ref) -> bool:
            figure = ref.figure
            return figure is not None and ref.form not in ("place", "part", "adjective") and (
                len(ref.figures) > 1 or figure.plural or ref.form == "people" or figure.kind in ("population", "group"))  # fmt: skip

        for number in range(s.number, max(-1, s.number - 1 - LOOK_BACK), -1):
            refs = [r for r in self.by_sentence[number] if (number < s.number or r.last < token)]
            joined = _joined(self.parse.sentences[number], refs)
            plurals = [r for r in refs if plural(r)]
            subjects = [r for r in plurals if r.subject]
            if subjects:
                return list(subjects[0].figures)
            if joined:
                return joined
            if plurals:
                return list(plurals[-1].figures)
            organs = [
                r for r in refs if r.subject and r.figure is not None and r.figure.kind in ("state", "organ", "igo")
            ]
            if organs:
                return list(organs[0].figures)
        return []

    def _pair_before(self, s: Sentence, token: int) -> list[list[Figure]]:
        """The two that "the former" and "the latter" are: the last two that are joined by "and" or, failing that, the
        first two of the nearest sentence that has two."""
        for number in range(s.number, max(-1, s.number - 1 - LOOK_BACK), -1):
            refs = [
                ref for ref in self.by_sentence[number]
                if (number < s.number or ref.last < token) and ref.figure is not None and ref.form not in ("part", "place", "adjective")
            ]  # fmt: skip
            other = self.parse.sentences[number]
            joined = [
                (one, two) for one in refs for two in refs
                if other.deps[two.head] == "conj" and other.heads[two.head] == one.head
            ]  # fmt: skip
            one, two = joined[-1] if joined else (refs[0], refs[1]) if len(refs) > 1 else (None, None)
            if one is not None and two is not None and one.figures != two.figures:
                return [one.figures, two.figures]
        return [[], []]

    # --- the record ------------------------------------------------------------------------------------------------

    def mentions(self) -> tuple[Mention, ...]:
        """All references as records, in text order; those that resolve to nobody are kept, without an actor."""
        seen = set()
        out = []
        for ref in sorted(self.labeller.refs, key=lambda r: (r.start, r.end)):
            key = (ref.start, ref.end)
            if key in seen or (ref.form == "role" and not ref.figures):
                continue
            seen.add(key)
            out.append(to_mention(ref))
        for found in self._pronouns.values():
            if found is not None:
                out.append(to_mention(found))
        return tuple(sorted(out, key=lambda m: (m.start, m.end)))

    def actors_record(self, parties: Iterable[str | None] = ()) -> tuple[Actor, ...]:
        """Everybody who is mentioned or is a party (by id: the state for which "we" speaks), sorted by id."""
        ids = {key for key in parties if key}
        ids |= {figure.id for ref in self.labeller.refs for figure in ref.figures}
        ids |= {figure.id for ref in self._pronouns.values() if ref is not None for figure in ref.figures}
        return tuple(to_actor(self.figures[key]) for key in sorted(ids) if key in self.figures)


_PARTITIVE = frozenset(["member", "group", "one", "some", "number", "dozen", "hundred", "thousand", "million", "majority", "part", "most", "many", "several", "all", "each", "both", "handful", "score", "scores", "ten", "lot", "rest", "half", "series", "team", "couple", "pair", "section", "bulk", "percent", "%", "crowd", "column", "head", "body", "panel", "tens", "lots", "none", "any", "either", "neither", "few", "other", "sort", "kind", "bunch", "range", "wave", "generation", "type"])  # fmt: skip


def resolve(
    report: Report, parse: Parse, hits: tuple[list[Hit], list[Hit]] | None = None, table: Names | None = None
) -> Cast:
    """The cast of a report. `hits`: what `Names.scan` found in its text, when that was done already."""
    table = table or names()
    name_hits, role_hits = hits if hits is not None else table.scan(report.text)
    day = tables.ordinal(report.published[:10]) if report.published else 0
    labeller = Labeller(table, day, report.text)
    labeller.declared = report.declared
    for hit in name_hits:  # which states the report names at all decides between bearers of one name
        for row, kind in table.rows[hit.surface]:
            if table.tables.actor_kind[row] == "state" and not kind & tables.WEAK:
                state = table.tables.actor_state[row]
                labeller.state_support[state] = labeller.state_support.get(state, 0) + 1
    by_sentence = []
    name_starts, role_starts = [h.start for h in name_hits], [h.start for h in role_hits]
    for s in parse.sentences:
        a, b = bisect_left(name_starts, s.start), bisect_left(name_starts, s.end)
        c, d = bisect_left(role_starts, s.start), bisect_left(role_starts, s.end)
        by_sentence.append(labeller.sentence(s, name_hits[a:b], role_hits[c:d]))
    for ref in labeller.refs:  # "Mr. Shah said …", and only below: "spokesman Raj Shah"
        figure = ref.figure
        if figure is not None and figure.id.startswith(("name:other:", "name:person:")) and " " not in figure.name \
                and figure.office is None:  # fmt: skip
            bearers = [one for one in labeller.bearers.get(figure.name.lower(), []) if one is not figure]
            if len(bearers) == 1:
                ref.figures, ref.form = [bearers[0]], "surname"
    focus = _focus(labeller, report, by_sentence)
    cast = Cast(labeller, parse, by_sentence, focus)
    cast.home = report.outlet_country if report.outlet_ownership == "state" else None
    _settle_roles(cast)
    return cast


def _focus(labeller: Labeller, report: Report, by_sentence: list[list[Ref]]) -> str | None:
    """The state that the report names most; of equals the first that does something, in whatever order a passive tells
    it, else the one named first: codes are no reason."""
    support = dict(labeller.state_support)
    if report.outlet_country and report.outlet_country in support:
        support[report.outlet_country] += 1
    if not support:
        return report.outlet_country
    most = max(support.values())
    equals = [state for state, times in support.items() if times == most]
    if len(equals) > 1:
        for ref in (ref for refs in by_sentence for ref in refs):
            if ref.figure is not None and ref.figure.state in equals and _acts(ref):
                return ref.figure.state
    return equals[0]


def _acts(ref: Ref) -> bool:
    """True for the subject of an active clause and for the doer of a passive one."""
    s, head = ref.sentence, ref.head
    if s is None or head < 0:
        return False
    return s.deps[head] == "nsubj" or (s.deps[head] == "pobj" and s.deps[s.heads[head]] == "agent")


def _settle_roles(cast: Cast) -> None:
    """Give every bare role noun ("the minister", "police", "the two sides") its figures, in text order."""
    weight: dict[str, float] = {}
    labeller = cast.labeller
    support = labeller.state_support
    own = cast.focus if support.get(cast.focus or "", 0) >= ONE_STATE * sum(support.values()) else None
    persons = _named_persons(cast)
    for number, refs in enumerate(cast.by_sentence):
        s = cast.parse.sentences[number]
        for state in weight:
            weight[state] *= DECAY
        for ref in refs:
            if ref.form == "role" and not ref.figures:
                phrase = " ".join(s.lowers[ref.first : ref.last + 1]).replace("’", "'")
                phrase = (
                    phrase if phrase in labeller.names.role_number else " ".join(s.lowers[ref.first : ref.last + 1])
                )
                if phrase not in labeller.names.role_number:
                    phrase = _phrase_of(labeller, ref)
                ref.figures = _bare_role(cast, s, ref, phrase, weight)
            if ref.form == "role" and ref.figure is not None and ref.figure.id.startswith("role:"):
                holder = _holder(persons, s, ref, number)
                if holder is not None:
                    ref.figures = [holder]
                elif len(ref.figures) > 1 and s.lemmas[ref.head] in _MEETING_NOUNS:
                    ref.figures = _holders(cast, s, ref)
            for figure in ref.figures:
                if own is not None and figure.country is None and figure.state is None and _speaks_for_a_state(figure):
                    figure.state = figure.country = own
                if figure.state and ref.form != "part":
                    weight[figure.state] = weight.get(figure.state, 0.0) + (
                        0.5 if ref.form in ("adjective", "place") else 1.0
                    )


def _speaks_for_a_state(figure: Figure) -> bool:
    """True for a person or an organ of whose office the report has told, without saying of which state. The highest
    offices are left out: the tables know who holds them in the report's own state, so it is another state's."""
    if figure.kind == "person" and figure.level in _SINGLE_OFFICES:
        return False
    return figure.sector in STATE_SECTORS and figure.id.startswith("name:") and figure.kind in ("person", "organ")


_SINGLE_OFFICES = frozenset(("top leader", "head of government", "minister", "deputy head", "deputy minister", "spokesperson", "ambassador",
                             "envoy"))  # fmt: skip
_INDEFINITE = frozenset(
    ("a", "an", "one", "another", "some", "any", "several", "many", "former", "ex", "top", "senior")
)
_SIDES = frozenset(
    ("relevant", "concerned", "all", "both", "other", "conflicting", "warring", "various", "third", "two", "involved")
)
"""What stands with "parties" when it means the sides of a matter."""

_ANY = frozenset(("a", "an", "another", "any"))
_TITLE_WORDS = frozenset(["the", "of", "for", "and", "in", "to", "minister", "secretary", "president", "head", "chief", "leader", "state", "government", "ministry", "deputy", "vice", "first", "spokesman", "spokeswoman", "spokesperson", "ambassador", "envoy", "prime", "office", "general", "country"])  # fmt: skip


Persons = dict[str | None, dict[Figure, list[tuple[int, int]]]]


def _named_persons(cast: Cast) -> Persons:
    """By state the persons whom the report names, each with where: number of the sentence, place in it."""
    found: Persons = {}
    for number, refs in enumerate(cast.by_sentence):
        for place, ref in enumerate(refs):
            figure = ref.figure
            if figure is not None and figure.kind == "person" and not figure.anonymous \
                    and ref.form not in ("role", "part") and not figure.id.startswith("role:"):  # fmt: skip
                found.setdefault(figure.state, {}).setdefault(figure, []).append((number, place))
    return found


def _holder(persons: Persons, s: Sentence, ref: Ref, number: int) -> Figure | None:
    """The person of this report who holds an office that is named with its state: "the President of Ukraine" is the
    president whom the report names before or, failing that, further down. None when two could be meant.
    """
    role = ref.figure
    assert role is not None
    if role.kind != "person" or role.plural or not role.state:
        return None
    before = s.lowers[ref.first - 1] if ref.first else ""
    if before in _INDEFINITE or any(s.lowers[k] in _INDEFINITE for k in s.kids[ref.head] if k < ref.head):
        return None
    phrase = role.id.split(":")[1]
    wanted = {word[:5].replace("defen", "def") for word in phrase.replace("-", " ").split() if word not in _TITLE_WORDS}
    if ref.level not in _SINGLE_OFFICES and len(phrase.split()) < 3:
        return None
    earlier: list[tuple[tuple[int, int], Figure]] = []
    later: list[tuple[tuple[int, int], Figure]] = []
    for figure, places in (*persons.get(role.state, {}).items(), *persons.get(None, {}).items()):
        office = (figure.office or "").lower()
        if figure.state != role.state and not (figure.state is None and phrase in office):
            continue
        if ref.level in _SINGLE_OFFICES:
            own = {word[:5].replace("defen", "def") for word in office.replace("-", " ").split()}
            fits = holds(office, figure.level, phrase, ref.level) and (wanted <= own or not office)
        else:
            fits = phrase in office
        if fits:
            at = bisect_left(places, (number + 1, 0))
            (earlier if at else later).append((places[max(at - 1, 0)], figure))
    nearest = max(earlier, key=itemgetter(0)) if earlier else min(later, key=itemgetter(0)) if later else None
    if nearest is None or (len(earlier or later) > 1 and ref.level not in ("top leader", "head of government")):
        return None
    return nearest[1]


def _holders(cast: Cast, s: Sentence, ref: Ref) -> list[Figure]:
    """The persons that "the presidents of Chile and Peru" are, where the sentence or the one before names them."""
    figures = []
    phrase = s.lemmas[ref.head]
    level = "minister" if phrase == "minister" else "top leader"
    for role in ref.figures:
        named = [
            other.figure
            for n in range(s.number, max(-1, s.number - 2), -1)
            for other in cast.by_sentence[n]
            if other.figure is not None and other.figure.kind == "person" and not other.figure.anonymous
            and other.figure.state == role.state and len(other.figures) == 1
            and _same_role(other.figure, "GOV", level, phrase)
        ]  # fmt: skip
        figures.append(named[0] if named else role)
    return figures


def _phrase_of(labeller: Labeller, ref: Ref) -> str:
    from comity.actors.folding import fold

    return fold(ref.text).lower()


def _bare_role(cast: Cast, s: Sentence, ref: Ref, phrase: str, weight: dict[str, float]) -> list[Figure]:
    labeller = cast.labeller
    head = s.lemmas[ref.head]
    before = s.lowers[ref.first - 1] if ref.first else ""
    two = any(s.lowers[i] in ("two", "both", "three", "four") for i in range(max(0, ref.first - 2), ref.first))
    kids = [s.lowers[k] for k in s.kids[ref.head]]
    if head in _PAIR_NOUNS and s.tags[ref.head] == "NNS" and not two and head in _MEETING_NOUNS and before == "the":
        met = _pair(cast, s, ref, persons=head != "party") or _opening_pair(cast, s.number, persons=head != "party")
        if met:
            return met
    if head in _PAIR_NOUNS and s.tags[ref.head] == "NNS" and (two or head == "side"):
        if head in _PERSON_NOUNS:
            return (
                _two_persons(cast, s, ref)
                or _settled_pair(cast, s.number)
                or _opening_pair(cast, s.number, persons=True)
                or _pair(cast, s, ref, persons=True)
            )
        return _pair(cast, s, ref, persons=False)
    role = labeller.names.role_number.get(phrase)
    if role is None:
        return []
    t = labeller.tables
    sector, level, kind, plural = t.role_sector[role], t.role_level[role], t.role_kind[role], t.role_plural[role]
    if kind == "weapon" and s.deps[ref.head] != "nsubj":
        return []  # tanks that are sent are no party; tanks that roll in are
    definite = before in ("the", "this", "that") or any(w in ("the", "this", "that") for w in kids)
    if head in _BODY_NOUNS and definite:
        kinds = _BODY_NOUNS[head]
        for other in cast.before(s, ref.first, LOOK_BACK * 2):
            if other.figure is not None and other.figure.kind in kinds and other.form != "part":
                return [other.figure]
    if phrase in _BODIES:
        return []
    if head in _COUNTRY_NOUNS:
        if s.tags[ref.head] in ("NNS", "NNPS"):
            return [labeller.stateless(ref.text, phrase)]
        if not definite and before not in ("his", "her", "its", "their"):
            return []
        for other in cast.before(s, ref.first, LOOK_BACK):
            if (
                other.figure is not None
                and other.figure.kind == "state"
                and len(other.figures) == 1
                and other.form != "part"
            ):
                return [other.figure]
        return []
    if phrase in COUNTERPARTS or phrase in STATES_AS_SUCH or phrase in SEVERAL_STATES:
        return [labeller.stateless(ref.text, phrase)]  # of another state than its possessor, and which is not told
    # possessive pronoun: "his spokesman", "its army", "their leaders"
    for kid in s.kids[ref.head]:
        if s.deps[kid] == "poss" and s.tags[kid] == "PRP$":
            own = cast.pronoun(s, kid)
            if own is not None and own.figure is not None:
                return [labeller.role_figure(ref, phrase, own.figure)]
            return []
    if kind == "person" and definite and not plural:
        held: dict[str, tuple[float, Figure]] = {}
        for other in cast.before(s, ref.first, LOOK_BACK * 2):
            figure = other.figure
            if figure is None or figure.kind != "person" or len(other.figures) > 1 or other.sentence is None:
                continue
            if figure.anonymous:
                same = other.form == "role" and other.sentence.lemmas[other.head] == head
            else:
                same = _same_role(figure, sector, level, phrase)
            if same:
                nearness = DECAY ** (s.number - other.sentence.number) * (SUBJECT if other.subject else 1.0)
                if figure.state is not None and figure.state == cast.home:
                    nearness *= AT_HOME
                held[figure.id] = (held.get(figure.id, (0.0, figure))[0] + nearness, figure)
        if held:
            return [max(held.values(), key=lambda item: item[0])[1]]
    if definite or kind != "person":
        for other in cast.before(s, ref.first, LOOK_BACK):
            if other.form == "role" and other.figure is not None and other.sector == sector and other.figure.plural == plural \
                    and other.figure.id.startswith(f"role:{phrase}:"):  # fmt: skip
                return [other.figure]
    if phrase in ("party", "parties") and _SIDES.intersection(kids):
        return [labeller.stateless(ref.text, phrase)]  # "the relevant parties" are sides, not political parties
    if sector in ("EDU", "JRN", "UNK", "BUS", "MED", "IGO", "SOC") or phrase in RELATIONS:
        return [labeller.stateless(ref.text, phrase)]
    state = _salient(cast, weight)
    if sector == "LEG" and kind == "organ" and ref.text[:1].isupper():
        state = _chamber(cast, phrase, state)
    indefinite = kind == "person" and not plural and (before in _ANY or any(w in _ANY for w in kids))
    if state is None or indefinite:
        return [labeller.stateless(ref.text, phrase)]
    return [labeller.role_figure(ref, phrase, labeller.state(state))]


def _chamber(cast: Cast, phrase: str, salient: str | None) -> str | None:
    """Whose "Congress" or "Senate" it is: of the states that have one by that name, the one that the report speaks of."""
    having = _chambers(cast.labeller.names).get(phrase, frozenset())
    if salient in having or not having:
        return salient
    named = [(count, state) for state, count in cast.labeller.state_support.items() if state in having]
    return max(named, key=lambda item: item[0])[1] if named else salient


@cache
def _chambers(table: Names) -> dict[str, frozenset[str]]:
    """Role nouns to the states that have a parliament with that word in its name."""
    t = table.tables
    found: dict[str, set[str]] = {}
    for surface, actor in zip(t.alias_surface, t.alias_actor):
        if t.actor_kind[actor] == "organ" and t.actor_sector[actor] == "LEG":
            for word in surface.lower().split():
                if word in table.role_number:
                    found.setdefault(word, set()).add(t.actor_state[actor])
    return {word: frozenset(states) for word, states in found.items()}


def _same_role(figure: Figure, sector: str, level: str, phrase: str) -> bool:
    if figure.level is None:
        return False
    office = (figure.office or "").lower()
    if phrase in office:
        return True
    if level in ("top leader", "head of government"):
        if phrase in ("leader", "ruler", "strongman"):
            return figure.level in ("top leader", "head of government")
        if phrase == "president":
            return figure.level == "top leader" and ("president" in office or not office)
        return figure.level == level and phrase.split()[0] in office
    if level in ("minister", "spokesperson", "envoy", "ambassador", "deputy minister", "parliament", "deputy head"):
        return figure.level == level
    return figure.sector == sector and sector in ("EDU", "MIL", "JUD", "REL") and phrase not in ("officer",)


def _salient(cast: Cast, weight: dict[str, float]) -> str | None:
    """The state that is in the reader's mind here: mentioned lately and often."""
    if not weight:
        return cast.focus
    total = sum(cast.labeller.state_support.values()) or 1
    scores = {k: v + 1.5 * cast.labeller.state_support.get(k, 0) / total for k, v in weight.items()}
    if cast.focus is not None:
        scores[cast.focus] = scores.get(cast.focus, 0.0) + 0.5
    order = {state: n for n, state in enumerate(cast.labeller.state_support)}
    return max(scores, key=lambda state: (scores[state], -order.get(state, len(order))))


def _pair(cast: Cast, s: Sentence, ref: Ref, persons: bool) -> list[Figure]:
    """The two that "the two sides" are: the last two states (or persons of two states) that were named together."""
    for number in range(s.number, max(-1, s.number - 1 - LOOK_BACK), -1):
        states: list[Figure] = []
        people: list[Figure] = []
        for other in cast.by_sentence[number]:
            if number == s.number and other.last >= ref.first:
                break
            for figure in other.figures:
                if (
                    figure.sector in STATE_SECTORS
                    and figure.kind != "person"
                    and figure.state
                    and other.form not in ("place", "part")
                ):
                    state = cast.labeller.state(figure.state)
                    if state not in states:
                        states.append(state)
                elif (
                    figure.kind == "person"
                    and figure.state
                    and not figure.anonymous
                    and all(p.state != figure.state for p in people)
                ):
                    people.append(figure)
                elif figure.kind in ("igo", "group") and figure not in states and other.form == "name":
                    states.append(figure)
        if persons and len(people) >= 2:
            return people[:2]
        if len(people) >= 2 and len(states) < 2:
            return [cast.labeller.state(p.state) for p in people[:2] if p.state]
        if len(states) >= 2:
            return states[:2]
        if len(states) == 1 and people:
            extra = [cast.labeller.state(p.state) for p in people if p.state and p.state != states[0].state]
            if extra:
                return [states[0], extra[0]]
    return []


def _two_persons(cast: Cast, s: Sentence, ref: Ref) -> list[Figure]:
    """The last two persons of different states whom this sentence or one of the two before names."""
    for number in range(s.number, max(-1, s.number - 3), -1):
        people: list[Figure] = []
        for other in cast.by_sentence[number]:
            if number == s.number and other.last >= ref.first:
                break
            figure = other.figure
            if figure is not None and figure.kind == "person" and figure.state and not figure.anonymous \
                    and other.form not in ("part", "adjective") and all(p.state != figure.state for p in people):  # fmt: skip
                people.append(figure)
        if len(people) >= 2:
            return people[:2]
    return []


def _settled_pair(cast: Cast, number: int) -> list[Figure]:
    """Who "the two presidents" were when the report last said so."""
    for earlier in range(number - 1, -1, -1):
        for other in reversed(cast.by_sentence[earlier]):
            s = other.sentence
            if (
                other.form == "role"
                and s is not None
                and s.lemmas[other.head] in _PERSON_NOUNS
                and len(other.figures) == 2
            ):
                one, two = other.figures
                if one.state and two.state and one.state != two.state:
                    return [one, two]
    return []


def _opening_pair(cast: Cast, number: int, persons: bool) -> list[Figure]:
    """The two of different states whom the report's opening names: who "the leaders" of a meeting are, far below it."""
    for refs in cast.by_sentence[: min(OPENING_SENTENCES, number)]:
        people = [r.figure for r in refs if r.figure is not None and r.figure.kind == "person" and r.figure.state and r.form != "part"
                  and not r.figure.anonymous]  # fmt: skip
        states = dict.fromkeys(p.state for p in people if p.state)
        if len(states) == 2:
            if persons:
                return [next(p for p in people if p.state == state) for state in states]
            return [cast.labeller.state(state) for state in states]
    return []


def _joined(s: Sentence, refs: list[Ref]) -> list[Figure]:
    """Figures that are joined by "and" as subject: "Russia and China said they …"."""
    for ref in refs:
        if ref.subject and ref.figures:
            others = [r for r in refs if r.figures and s.deps[r.head] == "conj" and s.heads[r.head] == ref.head]
            if others:
                return [f for r in (ref, *others) for f in r.figures]
    return []


def _token_map(refs: list[Ref]) -> dict[int, Ref]:
    found: dict[int, Ref] = {}
    for ref in refs:
        for token in range(ref.first, ref.last + 1):
            held = found.get(token)
            if held is None or (held.last - held.first) < (ref.last - ref.first) or held.form == "part":
                found[token] = ref
    return found


def _expletive(s: Sentence, token: int) -> bool:
    """True for the "it" of "it should be stressed that …", "it is clear that …"."""
    if s.lowers[token] != "it" or s.deps[token] not in ("nsubj", "nsubjpass", "expl"):
        return False
    verb = s.heads[token]
    kids = [verb, *(k for k in s.kids[verb] if s.deps[k] in ("acomp", "attr"))]
    return any(s.deps[k] in ("ccomp", "csubj", "csubjpass", "xcomp") for v in kids for k in s.kids[v]) and (
        s.lemmas[verb] in ("be", "seem", "appear", "become", "make") or s.deps[token] == "nsubjpass")  # fmt: skip


def _is_one_of_two(s: Sentence, token: int) -> bool:
    """True for "the former" and "the latter" that stand for a noun."""
    return s.lowers[token] in _OF_TWO and token > 0 and s.lowers[token - 1] == "the" \
        and s.deps[token] not in ("amod", "compound", "nmod", "advmod")  # fmt: skip


def _clause(s: Sentence, token: int) -> int:
    """The verb whose clause a token belongs to."""
    here = token
    for _ in range(len(s)):
        if s.tags[here][0] == "V" or s.heads[here] == here:
            return here
        here = s.heads[here]
    return here


_ADDRESSES = frozenset(["warn", "urge", "tell", "remind", "caution", "threaten", "advise", "ask", "assure", "notify"])


def _addressed(s: Sentence, token: int) -> int:
    """To whom the clause of a pronoun that is its subject is said: "Japan warned Chile of war if it sent ships"; -1 for
    nobody."""
    clause = s.heads[token]
    if s.deps[token] not in ("nsubj", "nsubjpass") or s.deps[clause] not in ("advcl", "ccomp"):
        return -1
    above = s.heads[clause]
    if s.lemmas[above] not in _ADDRESSES:
        return -1
    return next((kid for kid in s.kids[above] if s.deps[kid] == "dobj" and kid < token), -1)


def _is_main(ref: Ref) -> bool:
    s = ref.sentence
    assert s is not None
    return s.deps[s.heads[ref.head]] == "ROOT"


__all__ = ["STATE_SECTORS", "Cast", "resolve"]
