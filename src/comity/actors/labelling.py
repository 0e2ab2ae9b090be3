"""First pass over a report: names, role nouns and the noun phrases that join them, sentence by sentence.

What a table knows is taken from the table; what the report teaches ("Cui Heng, an assistant research fellow from …")
holds for the rest of that report.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cache
from importlib.resources import files

from comity.actors import tables
from comity.actors.figures import Figure, Ref, country_code
from comity.actors.folding import fold
from comity.actors.matching import Hit, Names
from comity.actors.offices import STATE_SECTORS, offices_on
from comity.language import Sentence
from comity.records import DeclaredActor, content_hash

_CALENDAR = frozenset(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "gmt", "utc", "est", "am", "pm"])  # fmt: skip
_NAME_TAGS = ("NNP", "NNPS")
_SUFFIXES = frozenset(("jr", "jr.", "sr", "sr.", "ii", "iii"))
_FAMILY_FIRST = frozenset(("CHN", "TWN", "HKG", "MAC", "KOR", "PRK", "VNM", "JPN", "HUN", "KHM", "SGP", "MMR",
                           "MYS", "IDN", "THA", "LAO", "ETH", "ERI", "ISL", "MNG", "BTN"))  # fmt: skip
"""States in whose names the family name often stands first, or where there is none and people are called by the first
name, so that a bare first word may name the person again."""

LONG_AGO = 3653
"""Days after which what is told of a former office-holder is mostly what was done in office, so that the state counts.
Read off 78 coded reports: of those out of office for longer, all that are coded count as their state."""

_PLACE_PREPOSITIONS = frozenset(["in", "at", "near", "outside", "inside", "across", "throughout", "around"])
_MOTION = frozenset(["arrive", "fly", "travel", "go", "come", "return", "head", "drive", "move", "rush", "bring", "take", "walk", "march", "depart", "leave"])  # fmt: skip
_ITSELF = frozenset(["side", "state", "country", "nation", "republic", "government", "administration", "regime"])
"""Role nouns that, with a state before them, mean the state itself: the Russian side."""
SEVERAL_STATES = frozenset(("countries", "states", "nations", "capitals", "governments", "powers"))
"""Role nouns that, with no name of a state, mean states that are not told: "several countries", "foreign powers"."""
_STATES = SEVERAL_STATES | {"companies", "firms", "businesses", "banks"}
RELATIONS = frozenset(["ally", "allies", "enemy", "enemies", "foe", "foes", "adversary", "adversaries", "rival", "rivals", "neighbor", "neighbors", "neighbour", "neighbours", "partner", "partners", "friend", "friends", "opponent", "opponents", "critic", "critics", "supporter", "supporters", "interlocutor", "interlocutors"])  # fmt: skip
"""Role nouns that mean somebody else than the one whose they are: the enemies of Iran, Russia's neighbours."""
STATES_AS_SUCH = frozenset(["ally", "allies", "neighbor", "neighbors", "neighbour", "neighbours", "partner", "partners", "foe", "foes", "rival", "rivals", "adversary", "adversaries"])  # fmt: skip
"""Relations that an adjective says of the state itself: "its South Korean allies", but not "Russian critics"."""
COUNTERPARTS = frozenset(["counterpart", "counterparts"])
"""Who is of another state than the one to whom he belongs: "the president met his counterpart"."""
_FORMER = frozenset(("former", "ex", "ousted", "deposed", "retired", "onetime", "erstwhile", "fugitive", "jailed", "imprisoned", "exiled"))  # fmt: skip
_CHAIN = frozenset(("of", "at", "for", "in", "on", "to"))
LONGEST_TITLE = 14
"""Words between a role noun and the name that it titles. Official releases have up to 12."""
_HEADS = frozenset(("president", "head", "minister", "chancellor", "premier", "prosecutor", "king", "emir"))
_OUT_OF_OFFICE = frozenset(("former", "future"))
_EVIDENT_LEVELS = frozenset(("top leader", "head of government", "deputy head", "minister", "spokesperson"))


@cache
def name_parts() -> dict[str, str]:
    """Words that tell what a capitalised name is: organisation, place, event, particle."""
    rows = files(__package__).joinpath("name_parts.tsv").read_text("utf-8").splitlines()[1:]
    return {word: kind for word, kind, _, _ in (row.split("\t") for row in rows) if kind != "none"}


@cache
def no_names() -> frozenset[str]:
    """Capitalised words of headings, titles and pages that are no name of anybody: Lt, Newsletter, Affairs."""
    rows = files(__package__).joinpath("name_parts.tsv").read_text("utf-8").splitlines()[1:]
    return frozenset(row.split("\t")[0] for row in rows if row.split("\t")[1] == "none")


@cache
def organ_words() -> dict[str, str]:
    """Words that tell, in the name of a body, that it is an organ of the state, with its sector."""
    rows = files(__package__).joinpath("name_parts.tsv").read_text("utf-8").splitlines()[1:]
    return {word: sector for word, _, sector, _ in (row.split("\t") for row in rows) if sector}


def holds(title: str | None, level: str | None, phrase: str, wanted: str | None) -> bool:
    """Whether an office is what a role noun of some level says. A prime minister may be a state's top leader."""
    return level == wanted or (level in _EVIDENT_LEVELS and phrase in (title or "").lower())


@cache
def office_holders(table: Names) -> dict[str, tuple[int, ...]]:
    """Family names, in lower case, to the actor rows of those who ever held one of the highest offices."""
    t = table.tables
    found: dict[str, list[int]] = {}
    for row, kind in enumerate(t.actor_kind):
        offices = range(t.office_first[row], t.office_first[row + 1])
        if kind == "person" and any(t.office_level[n] in _EVIDENT_LEVELS for n in offices):
            words = fold(t.actor_name[row]).lower().split()
            family = {words[-1], words[0]} if t.actor_state[row] in _FAMILY_FIRST else {words[-1]}
            for word in family:
                found.setdefault(word, []).append(row)
    return {word: tuple(rows) for word, rows in found.items()}


class Labeller:
    """The state of the first pass over one report: its figures, who bears which surname, and all references."""

    def __init__(self, names: Names, day: int, text: str) -> None:
        self.names = names
        self.tables = names.tables
        self.day = day
        self.text = text
        self.figures: dict[str, Figure] = {}
        self.bearers: dict[str, list[Figure]] = {}
        """Surname (folded) to the persons of this report that bear it, the latest mentioned last."""
        self.refs: list[Ref] = []
        self.state_support: dict[str, int] = {}
        self._role_spans: list[tuple[int, int]] = []
        self._role_sectors: list[tuple[int, int, str]] = []
        self._former: set[str] = set()
        """Ids of those whom the report itself calls former."""
        self.declared: tuple[DeclaredActor, ...] = ()
        """Spans that the user declares to be actors: they stand whatever the tables say."""

    # --- figures ---------------------------------------------------------------------------------------------------

    def state(self, iso3: str) -> Figure:
        """The figure of a state."""
        figure = self.figures.get("state:" + iso3)
        if figure is None:
            row = self.names.states.get(iso3)
            name = self.tables.state_name[row] if row is not None else iso3
            counted = self.tables.state_counted_as[row] if row is not None else iso3
            figure = Figure("state:" + iso3, name, "state", country=counted, state=counted, sector="GOV")
            self.figures[figure.id] = figure
        return figure

    def known(self, row: int) -> Figure:
        """The figure of a table row, with the office held on the report's day."""
        t = self.tables
        figure = self.figures.get(t.actor_id[row])
        if figure is not None:
            return figure
        kind = t.actor_kind[row]
        if kind == "state":
            return self.state(t.actor_state[row])
        figure = Figure(
            t.actor_id[row],
            t.actor_name[row],
            kind,
            country=t.actor_country[row] or None,
            state=t.actor_state[row] or None,
            sector=t.actor_sector[row] or None,
            wikidata=t.actor_wikidata[row] or None,
            gender=t.actor_gender[row],
            plural=t.actor_gender[row] == "p",
        )
        if kind == "person":
            held = offices_on(t, row, self.day)
            if held:
                # without a date nobody can be said to be out of office
                best = (
                    held[0]
                    if self.day
                    else min(held, key=lambda office: (office.status == "future", held.index(office)))
                )
                figure.office, figure.level = best.title, best.level
                figure.office_status = best.status if self.day else None
                figure.sector = "ELI" if self.day and best.status in _OUT_OF_OFFICE else best.sector
                is_state = len(best.country) == 3
                figure.state = best.country if is_state else None
                long_ago = best.status == "former" and self.day - t.office_end[best.row] > LONG_AGO
                figure.country = (
                    best.country if not is_state or long_ago else country_code(figure.name, figure.sector, best.country)
                )
        government = self.names.governments.get(row)
        if government and government[0] <= (self.day or government[0]) <= government[1]:
            figure.country, figure.sector = figure.state, "GOV"
        self.figures[figure.id] = figure
        return figure

    def bear(self, figure: Figure, name: str | None = None) -> None:
        """Note that a person was mentioned, under all the shorter forms that may name it again."""
        words = [w for w in (name or figure.name).replace("-", " ").split() if w[:1].isupper() or w in ("al", "el")]
        whole = (name or figure.name).split()
        keys = {whole[-1].lower()}
        if "-" in whole[-1]:
            keys.add(whole[-1].split("-")[-1].lower())
        if len(words) > 2 or (len(whole) > 2 and whole[-2].islower()):
            keys.add(" ".join(whole[-2:]).lower())
        if len(words) > 1 and (figure.state in _FAMILY_FIRST or (figure.state is None and len(whole[0]) <= 5)):
            keys.add(whole[0].lower())
        elif (
            len(words) > 1 and figure.id.startswith("name:") and len(whole[0]) > 3 and whole[0] not in self.names.titles
        ):
            keys.add(whole[0].lower())  # private persons are called by their first name
        for key in keys:
            bearers = self.bearers.setdefault(key, [])
            if figure in bearers:
                bearers.remove(figure)
            bearers.append(figure)

    def learn(self, name: str, kind: str, **facts: object) -> Figure:
        """The figure of a name that no table knows."""
        key = f"name:{kind}:{content_hash(name.lower(), length=12)}"
        figure = self.figures.get(key)
        if figure is None:
            figure = self.figures[key] = Figure(key, name, kind, **facts)  # type: ignore[arg-type]
        return figure

    # --- one sentence ----------------------------------------------------------------------------------------------

    def sentence(self, s: Sentence, names: list[Hit], roles: list[Hit]) -> list[Ref]:
        """References of one sentence, in text order. The hits are those that lie in it."""
        n = len(s)
        owner: list[Ref | None] = [None] * n
        found: list[Ref] = []

        spans = [(h, *_tokens(s, h)) for h in names]
        known = [(h, a, b) for h, a, b in spans if a >= 0]
        covered = [False] * n
        for _, a, b in known:
            for i in range(a, b + 1):
                covered[i] = True
        role_at: dict[int, tuple[Hit, int, int]] = {}
        for h in roles:
            a, b = _tokens(s, h)
            if a >= 0 and any(a <= x and y <= b and y - x < b - a and self._is_party(k) for k, x, y in known):
                covered[a : b + 1] = [False] * (b + 1 - a)  # "Ministry of Labour", "labor leaders"
            if a >= 0 and covered[a] and not covered[b]:
                h, a = self._behind_a_name(s, h, a, b, covered)
            if a >= 0 and not any(covered[a : b + 1]):
                role_at[a] = (h, a, b)
                for i in range(a, b + 1):
                    covered[i] = True
        known = [item for item in known if not any(a <= item[1] and item[2] <= b for _, a, b in role_at.values())]
        bodies = self._bodies(s, known, role_at)
        swallowed = [False] * n
        for a, b, kind in bodies:
            for i in range(a, b + 1):
                swallowed[i] = True
            role_at = {k: v for k, v in role_at.items() if not a <= k <= b}
            inner = [x for x in known if a <= x[1] and x[2] <= b]
            if kind == "organisation":
                ref = self._organisation(s, a, b, inner)
                found.append(ref)
                for i in range(a, b + 1):
                    owner[i] = ref
        for h, a, b in known:
            if any(swallowed[a : b + 1]):
                continue
            made = self._name(s, h, a, b, covered)
            if made is None:
                for i in range(a, b + 1):
                    covered[i] = False
                continue
            found.append(made)
            for i in range(a, b + 1):
                owner[i] = made
        for a, b in self._runs(s, covered, swallowed):
            made = self._person(s, a, b, role_at, owner)
            if made is not None:
                found.append(made)
                for i in range(a, b + 1):
                    owner[i] = made
        for ref in found:
            self._place(s, ref)
        self._role_spans = [(a, b) for _, a, b in role_at.values()]
        self._role_sectors = [(a, b, self.tables.role_sector[hit.surface]) for hit, a, b in role_at.values()]
        for h, a, b in role_at.values():
            made = self._role(s, h, a, b, owner)
            if made is not None:
                found.append(made)
        if self.declared:
            found = self._declare(s, found)
        found.sort(key=lambda r: (r.start, -r.end))
        for ref in found:
            figure = ref.figure
            if figure is not None and figure.kind == "person":
                self.bear(figure)
                if ref.form == "name" and ref.text != figure.name:  # the report's own spelling
                    self.bear(figure, ref.text)
            if (
                figure is not None and figure.state and figure.kind != "medium"
            ):  # a paper cited says nothing of the topic
                self.state_support[figure.state] = self.state_support.get(figure.state, 0) + 1
        self.refs.extend(found)
        return found

    def _behind_a_name(self, s: Sentence, hit: Hit, a: int, b: int, covered: list[bool]) -> tuple[Hit, int]:
        """A role noun whose first words belong to a name ("Chinese Foreign Ministry" spokesman), without these."""
        while covered[a]:
            a += 1
        number = self.names.role_number.get(" ".join(s.lowers[a : b + 1]))
        return (Hit(s.starts[a], hit.end, number), a) if number is not None else (hit, -1)

    def _declare(self, s: Sentence, found: list[Ref]) -> list[Ref]:
        """The references with the declared spans of this sentence in place of what they cover."""
        for span in self.declared:
            if not s.start <= span.start < s.end:
                continue
            a, b = s.token_at(span.start), s.token_at(span.end - 1)
            if a < 0 or b < a:
                continue
            code = span.country
            state = code if code and len(code) == 3 else code.rpartition("@")[2] if code and "@" in code else None
            key = f"declared:{content_hash(span.name, code, length=12)}"
            figure = self.figures.get(key)
            if figure is None:
                kind = "state" if code and len(code) == 3 else "igo" if code and code.startswith("IGO:") else "other"
                figure = Figure(key, span.name, kind, country=code, state=state if state != "null" else None)
                figure.sector = "GOV" if kind == "state" else "IGO" if kind == "igo" else None
                self.figures[key] = figure
            ref = Ref(span.start, span.end, self.text[span.start : span.end], "name", [figure])
            ref.first, ref.last = a, b
            self._place(s, ref)
            found = [r for r in found if r.last < a or r.first > b]
            found.append(ref)
        return found

    def _place(self, s: Sentence, ref: Ref) -> None:
        """Token numbers, head and subjecthood of a reference."""
        ref.sentence = s
        if ref.first < 0:
            ref.first, ref.last = s.token_at(ref.start), s.token_at(ref.end - 1)
        ref.head = _head(s, ref.first, ref.last)
        ref.subject = s.deps[ref.head] in ("nsubj", "nsubjpass", "csubj")

    def _ref(self, s: Sentence, a: int, b: int, form: str, figures: list[Figure]) -> Ref:
        start, end = s.starts[a], s.ends[b]
        ref = Ref(start, end, self.text[start:end], form, figures)
        ref.first, ref.last = a, b
        return ref

    # --- names of the tables ---------------------------------------------------------------------------------------

    def _name(self, s: Sentence, hit: Hit, a: int, b: int, covered: list[bool]) -> Ref | None:
        candidates = self.names.rows[hit.surface]
        t = self.tables
        persons = [(row, kind) for row, kind in candidates if t.actor_kind[row] == "person"]
        others = [(row, kind) for row, kind in candidates if t.actor_kind[row] != "person"]
        if others:
            if a == b and a > 0 and s.words[a - 1][:1].isupper() and s.tags[a - 1] in ("NNP", "JJ", "NN") and not self._may_precede(s, a - 1) \
                    and any(kind & tables.SEAT for _, kind in others):  # fmt: skip
                return None  # "the National Congress" is not the Congress of the tables
            row, kind = others[0] if len(others) == 1 else self._best_other(others)
            if kind & tables.WEAK and self._borne(hit, s, a, b):
                return None
            form = "name"
            if kind & tables.CAPITAL:
                form = "capital"
                if self._is_place(s, a, b):
                    form = "place"
            elif kind & tables.SEAT:
                form = "seat"
            elif kind & tables.PEOPLE and not kind & tables.ADJECTIVE:
                form = "people"
            elif kind & tables.ADJECTIVE and not kind & tables.NAME:
                form = "adjective"
                if s.tags[b] in ("NNPS", "NNS") and kind & tables.PEOPLE:
                    form = "people"
            if persons and not kind & (tables.NAME | tables.SEAT) and self._titled(s, a):
                others = []
            else:
                figure = self.known(row)
                if form == "people" and figure.kind == "state":
                    name = self.text[s.starts[a] : s.ends[b]]
                    figure = self._population(name, figure)
                return self._ref(s, a, b, form, [figure])
        weak = all(kind & tables.WEAK for _, kind in persons)
        if self._goes_on(s, a, b, weak) or ((weak or a == b) and self._began_before(s, a, covered)):
            return None  # a longer name than the table knows is somebody or something else
        if weak and self._borne(hit, s, a, b):
            return None
        best = self._best_person([row for row, _ in persons], s, a, weak)
        if best is None:
            return None
        return self._ref(s, a, b, "weak" if weak else "name", [self.known(best)])

    def _goes_on(self, s: Sentence, a: int, b: int, weak: bool) -> bool:
        """True when a person's name goes on behind what the table knows: "Mohammad Ali Al Hakim", "Trump Tower"."""
        k = b + 1
        if k >= len(s) or s.tags[k] not in _NAME_TAGS or not s.words[k][:1].isupper():
            return False
        nxt = s.lowers[k]
        if nxt in _CALENDAR or nxt in _SUFFIXES or nxt in s.lowers[a:k]:  # "Sadyr Japarov Japarov Sadyr" begins anew
            return False
        if s.words[k] in self.names.titles or nxt.capitalize() in self.names.titles or nxt in self.names.role_number:
            return False
        part = name_parts().get(nxt)
        if part == "particle":
            return k + 1 < len(s) and s.tags[k + 1] in _NAME_TAGS and a == b
        return part is None or (weak and a == b)

    def _began_before(self, s: Sentence, a: int, covered: list[bool]) -> bool:
        """True when a bare surname ends a name that began before it: "Turki al-Maliki"."""
        k = a - 1
        if k < 0 or s.tags[k] != "NNP" or not s.words[k][:1].isupper():
            return False
        if s.words[k] in self.names.given:
            return True
        return not (k == 0 or covered[k] or s.lowers[k] in _CALENDAR or s.words[k] in self.names.titles
                    or s.lowers[k] in self.names.role_number or s.words[k].isupper() or s.words[k].endswith("."))  # fmt: skip

    def _may_precede(self, s: Sentence, token: int) -> bool:
        return s.starts[token] == s.start or s.words[token] in self.names.number or s.words[token] in self.names.titles \
            or s.lowers[token] in self.names.role_number  # fmt: skip

    def _titled(self, s: Sentence, a: int) -> bool:
        return a > 0 and (s.words[a - 1] in self.names.titles or s.lowers[a - 1] in self.names.role_number)

    def _borne(self, hit: Hit, s: Sentence, a: int, b: int) -> bool:
        """True when this bare surname already belongs to somebody in this report."""
        return " ".join(s.lowers[a : b + 1]) in self.bearers

    def _best_other(self, rows: list[tuple[int, int]]) -> tuple[int, int]:
        """The best of several non-persons with one surface: alive on the day, states first, then by support."""
        t = self.tables

        def key(item: tuple[int, int]) -> tuple[int, ...]:
            row, kind = item
            alive = (t.actor_start[row] or 0) <= (self.day or 10**9) <= (t.actor_end[row] or 10**9)
            supported = self.state_support.get(t.actor_state[row], 0)
            return (0 if alive else 1, 1 if kind & tables.AMBIGUOUS else 0, 0 if t.actor_kind[row] == "state" else 1,
                    -supported, row)  # fmt: skip

        return min(rows, key=key)

    def _best_person(self, rows: list[int], s: Sentence, a: int, weak: bool) -> int | None:
        """The bearer of a full name who fits the day and the report; None when none does well enough."""
        t = self.tables
        scored = []
        for row in rows:
            held = offices_on(t, row, self.day)
            best = held[0] if held else None
            status = {"current": 3, "last known": 3, "former": 2, "future": 1}.get(best.status, 0) if best else 0
            evident = any(office.level in _EVIDENT_LEVELS for office in held)  # whoever once was minister is known
            support = 1 if best and (best.country in self.state_support or not best.country.isalpha()) else 0
            if t.actor_id[row] in self.figures:
                support += 2
            scored.append((status + support + evident, evident, support, -row, row))
        scored.sort(reverse=True)
        top = scored[0]
        if len(scored) > 1 and scored[1][0] == top[0] and scored[1][1:3] == top[1:3]:
            return None  # two living bearers and nothing in the report tells which
        if not top[1] and not top[2] and t.actor_kind[top[4]] == "person":
            # an ambassador or judge of a state that the report does not name: most likely another bearer
            window = " ".join(s.words[max(0, a - 6) : a]) if a else ""
            state = t.actor_state[top[4]]
            if not state or not any(word in self.names.number for word in window.split()):
                return None
        return top[4]

    def _is_place(self, s: Sentence, a: int, b: int) -> bool:
        """True when the name of a capital stands for the city: after a preposition of place, or with its country."""
        deps, lowers = s.deps, s.lowers
        head = _head(s, a, b)
        if head > 0 and deps[head] == "pobj":
            prep = s.heads[head]
            word = lowers[prep]
            if word in _PLACE_PREPOSITIONS:
                return True
            if word in ("to", "from", "into", "toward", "towards", "via", "through"):
                above = s.heads[prep]
                if s.lemmas[above] in _MOTION or word in ("into", "via", "through"):
                    return True
                if word == "from" and s.tags[above][0] == "V":
                    return True
        if b + 2 < len(s) and s.words[b + 1] == "," and s.starts[a] == s.start and s.words[b + 2][:1].isupper():
            return True
        return b + 2 < len(s) and s.words[b + 1] == "-" and lowers[b + 2] in ("based", "born", "area", "region")

    def _population(self, name: str, state: Figure) -> Figure:
        key = f"people:{state.state}"
        figure = self.figures.get(key)
        if figure is None:
            figure = Figure(
                key,
                name,
                "population",
                country=f"GROUP:{name}@{state.state}",
                state=state.state,
                sector="CVL",
                plural=True,
            )
            self.figures[key] = figure
        return figure

    # --- names that no table knows ---------------------------------------------------------------------------------

    def _bodies(
        self, s: Sentence, known: list[tuple[Hit, int, int]], role_at: dict[int, tuple[Hit, int, int]]
    ) -> list[tuple[int, int, str]]:
        """Capitalised names that end with (or begin with) a word such as University, Sea, Agreement.

        Name hits inside them are part of the name: East China Normal University is not China. A state followed by a
        role noun (Russian Foreign Ministry) is no such name: the role grammar reads it.
        """
        parts = name_parts()
        words, tags, lowers, n = s.words, s.tags, s.lowers, len(s)
        accounted = [False] * n
        for _, a, b in (*known, *role_at.values()):
            for i in range(a, b + 1):
                accounted[i] = True

        def capital(k: int) -> bool:
            return k < n and words[k][:1].isupper() and tags[k][0] in "NJVC" and lowers[k] not in _CALENDAR

        bodies = []
        i = 0
        while i < n:
            if not (capital(i) and tags[i][0] in "NJ") or words[i] in self.names.titles:
                i += 1
                continue
            j = i
            while capital(j + 1) and not (
                lowers[j] in parts
                and words[j + 1] in self.names.given
                and capital(j + 2)
                and lowers[j + 2] not in parts
            ):  # "the Association of Municipalities Ann Jones": a person behind a body
                j += 1
            last = next((k for k in range(j, i - 1, -1) if parts.get(lowers[k], "particle") != "particle"
                         and not _inside(known, k)), -1)  # fmt: skip
            if last < 0:
                i = j + 1
                continue
            kind = parts[lowers[last]]
            end, extended = last, False
            opens = kind == "event" and j == 0  # "Sanctions on Kenya were lifted": the capital is the sentence's
            if kind != "place" and last == j and not opens:
                while end + 2 < n and lowers[end + 1] in ("of", "for", "on"):
                    k = end + 2 + (lowers[end + 2] == "the")
                    if not capital(k):
                        break
                    first = k
                    while capital(k + 1) and not (
                        words[k + 1] in self.names.given and capital(k + 2) and lowers[k + 2] not in parts
                    ):
                        k += 1
                    if any(a == first and b == k for _, a, b in known):
                        # "the Bank of England" is one name, "the Ministry of Justice of Ukraine" a role of a state
                        if not all(accounted[i : end + 1]):
                            end = k
                        break
                    if any(a <= end and b >= first for _, a, b in role_at.values()):
                        end = k
                        continue
                    end, extended = k, True
            if kind == "organisation" and end > last:
                extended = True
            free = [k for k in range(i, end + 1) if not accounted[k] and lowers[k] not in ("of", "for", "on", "the")]
            single = any(a == i and b == end for _, a, b in (*known, *role_at.values()))
            # "Many Republicans": the capital is the sentence's
            opening = free == [0] and not extended and tags[0].startswith("JJ")
            if not (single or opening) and (
                extended or (free and free != [last]) or (kind != "organisation" and end > i and last in free)
            ):
                start = i
                if not extended:  # a role or a known person before the name does not belong to it
                    for a, b, person in sorted(
                        [(a, b, False) for _, a, b in role_at.values()]
                        + [(a, b, True) for h, a, b in known if self._is_person(h)]
                    ):
                        if start <= a and b < last and (person or b + 1 in free):
                            start = b + 1
                if end > start:
                    bodies.append((start, end, kind))
            i = max(j, end) + 1
        return bodies

    def _is_party(self, hit: Hit) -> bool:
        return self.tables.actor_kind[self.names.rows[hit.surface][0][0]] == "party"

    def _is_person(self, hit: Hit) -> bool:
        return self.tables.actor_kind[self.names.rows[hit.surface][0][0]] == "person"

    def _organisation(self, s: Sentence, a: int, b: int, inner: list[tuple[Hit, int, int]]) -> Ref:
        """A body that no table knows. What it is made of tells whose it is and whether it is an organ of the state."""
        name = self.text[s.starts[a] : s.ends[b]]
        t = self.tables
        state = sector = None
        union: Figure | None = None
        for (
            hit,
            first,
            last,
        ) in inner:  # the last noun form tells where it is: the Center for Russian Studies of … China …
            for row, kind in self.names.rows[hit.surface]:
                if t.actor_kind[row] == "state" and (state is None or kind & (tables.NAME | tables.CAPITAL)):
                    state = t.actor_state[row]
                elif t.actor_kind[row] == "igo" and kind & tables.NAME and (first == a or last == b):
                    union = self.known(row)
                elif t.actor_kind[row] == "organ" and t.actor_sector[row] in STATE_SECTORS and last == b:
                    state, sector = t.actor_state[row], t.actor_sector[row]
        if sector is None:
            sector = next((organ_words()[w] for w in s.lowers[a : b + 1] if w in organ_words()), None)
            if sector is None and s.lowers[a] == "office" and any(w in _HEADS for w in s.lowers[a : b + 1]):
                sector = "GOV"
        if union is not None:  # the NATO Response Force, the CSTO Council of Ministers
            figure = self.learn(name, "igo", sector="IGO", country=union.country)
        elif sector is None:
            figure = self.learn(name, "ngo", state=state, sector="UNK", country=f"GROUP:{name}@{state or 'null'}")
        else:  # whose organ it is, where its name does not say so, the second pass tells
            figure = self.learn(name, "organ", state=state, sector=sector, country=state)
        return self._ref(s, a, b, "unknown", [figure])

    def _runs(self, s: Sentence, covered: list[bool], swallowed: list[bool]) -> list[tuple[int, int]]:
        """Stretches of capitalised words that no table knows."""
        runs = []
        i, n = 0, len(s)
        words, tags, lowers = s.words, s.tags, s.lowers
        titles = self.names.titles
        parts = name_parts()

        def is_name(k: int) -> bool:
            word = words[k]
            if covered[k] or swallowed[k] or not word[:1].isupper() or len(word) < 2:
                return False
            if word in titles and not (
                k > 0 and words[k - 1] in titles and not (k + 1 < n and tags[k + 1] in _NAME_TAGS) and word[-1] != "."
            ):
                return False  # but "Mr. Shah"
            if lowers[k] in self.bearers:  # a surname that opens a sentence may be tagged as any noun
                return tags[k][0] in "NJF" and (tags[k][:2] == "NN" or k == 0) and (
                    lowers[k] not in _CALENDAR or s.deps[k] in ("nsubj", "nsubjpass", "poss"))  # fmt: skip
            if lowers[k] in _CALENDAR:
                return False
            # "Finance Minister Barend du Plessis": behind a title, whatever the tagger takes a rare name for
            titled = (
                k > 0 and tags[k][0] in "NJV" and (words[k - 1] in titles or lowers[k - 1] in self.names.role_number)
            )
            return tags[k] in _NAME_TAGS or (
                titled and k + 1 < n and (words[k + 1].istitle() or parts.get(lowers[k + 1]) == "particle")
            )

        while i < n:
            if not is_name(i):
                i += 1
                continue
            j = i
            while j + 1 < n:
                if is_name(j + 1) or (
                    j + 1 < n and words[j + 1] in titles and tags[j + 1] == "NNP" and not covered[j + 1]
                    and words[j + 1][-1] != "." and not (j + 2 < n and tags[j + 2] in _NAME_TAGS)
                ):  # fmt: skip
                    j += 1  # Raj Shah: a title behind a name is a name
                elif j + 2 < n and not covered[j + 1] and (
                    (words[j + 1] in ("-", "‑", "–") and s.starts[j + 1] == s.ends[j] and s.ends[j + 1] == s.starts[j + 2])
                    or parts.get(lowers[j + 1]) == "particle"
                ) and (is_name(j + 2) or (words[j + 1] == "-" and words[j + 2][:1].islower() and s.starts[j + 2] == s.ends[j + 1] and len(words[j + 2]) < 8 and tags[j + 2] in _NAME_TAGS)):  # fmt: skip
                    j += 2
                elif j + 3 < n and parts.get(lowers[j + 1]) == "particle" and words[j + 2] == "-" and is_name(j + 3):
                    j += 3  # Haider al-Ibadi
                else:
                    break
            # "al-Assad": a particle before the run belongs to it
            k = i
            if k >= 2 and words[k - 1] == "-" and parts.get(lowers[k - 2]) == "particle" and not covered[k - 2]:
                k -= 2
            elif k >= 1 and parts.get(lowers[k - 1]) == "particle" and words[k - 1][:1].islower() and not covered[k - 1] \
                    and lowers[k - 1] not in ("la", "le", "do", "da", "st", "mac"):  # fmt: skip
                k -= 1
            runs.append((k, j))
            i = j + 1
        return runs

    def _person(
        self, s: Sentence, a: int, b: int, role_at: dict[int, tuple[Hit, int, int]], owner: list[Ref | None]
    ) -> Ref | None:
        """A run of unknown capitalised words as a person, when something tells that it is one."""
        lowers = s.lowers
        given = self.names.given
        if a and s.words[a] not in given and (lowers[a - 1] in _CHAIN or s.words[a - 1][:1].isupper()):
            # "Adviser on Economic Affairs Ann Jones": the name begins with the given name
            a = next((k for k in range(a + 1, b) if s.words[k] in given), a)
        text = " ".join(s.words[a : b + 1]).replace(" - ", "-").replace(" ' ", "'")
        key = text.lower()
        bearers = self.bearers.get(key)
        if bearers:
            return self._ref(s, a, b, "surname", [bearers[-1]])
        if b > a:
            for figure in self.figures.values():
                if figure.kind == "person" and figure.name.lower() == key:
                    return self._ref(s, a, b, "name", [figure])
        if lowers[b] in no_names() or (a == b and lowers[b] in _SUFFIXES):
            return None
        title = self.names.titles.get(s.words[a - 1]) if a > 0 else None
        if a == b and a > 0 and (holder := self._holder(s, a, title, role_at)) is not None:
            return self._ref(s, a, b, "surname", [holder])
        role_before = next((r for r in role_at.values() if r[2] == a - 1), None) or _role_of(s, a, role_at)
        head = _head(s, a, b)
        known_given = s.words[a] in self.names.given
        apposed = self._apposition(s, head, b, role_at)
        dep, above = s.deps[head], s.heads[head]
        speaks = dep == "nsubj" and s.lemmas[above] in _SPEECH
        if b - a > 4 or (s.words[a].isupper() and len(s.words[a]) > 3 and title is None and role_before is None):
            return None
        evidence = (title is not None) + (role_before is not None) * 2 + (apposed is not None) * 2 + speaks * 2 \
            + (known_given and b > a)  # fmt: skip
        if title is None and role_before is None and s.deps[head] == "pobj":
            preposition = lowers[s.heads[head]]
            if preposition in _PLACE_PREPOSITIONS or (b > a and preposition == "of" and evidence < 2):
                return None  # "in New York, …"
        if not evidence or (a == b and title is None and role_before is None and not (speaks and apposed is not None)):
            if speaks and a == b and s.tags[a] == "NNP":
                figure = self.learn(text, "other")
                return self._ref(s, a, b, "unknown", [figure])
            return None
        if lowers[b] in name_parts() and not known_given:
            return None
        figure = self.learn(text, "person")
        if title is not None:
            t = self.tables
            figure.gender = figure.gender or t.title_gender[title]
            if t.title_sector[title] and figure.sector is None:
                figure.sector, figure.level, figure.office = (
                    t.title_sector[title],
                    t.title_level[title] or None,
                    s.words[a - 1],
                )
                figure.office_status = "current"
        house = owner[a - 2] if a > 1 and lowers[a - 1] in ("'s", "’s", "'", "’") else None
        if house is not None and house.figure is not None and house.figure.kind in ("firm", "ngo", "medium") \
                and figure.country is None:  # fmt: skip
            figure.state, figure.sector = house.figure.state, figure.sector or house.figure.sector
            figure.country = f"GROUP:{figure.name}@{figure.state or 'null'}"  # Lehman Brothers' John Dew
        if not figure.gender and known_given:
            figure.gender = self.names.given[s.words[a]]
        return self._ref(s, a, b, "name", [figure])

    def _holder(
        self, s: Sentence, a: int, title: int | None, role_at: dict[int, tuple[Hit, int, int]]
    ) -> Figure | None:
        """Who is meant by a high office and a bare surname: "Prime Minister Bettel", if one only holds it on that day."""
        t = self.tables
        role = next((role for role in role_at.values() if role[2] == a - 1), None)
        level = t.role_level[role[0].surface] if role else t.title_level[title] if title is not None else ""
        phrase = t.role_phrase[role[0].surface] if role else s.lowers[a - 1]
        if level not in _EVIDENT_LEVELS or not self.day:
            return None
        found = []
        for row in office_holders(self.names).get(fold(s.lowers[a]), ()):
            held = offices_on(t, row, self.day)
            if (
                held
                and held[0].status in ("current", "last known")
                and holds(held[0].title, held[0].level, phrase, level)
            ):
                found.append(row)
        return self.known(found[0]) if len(found) == 1 else None

    def _apposition(
        self, s: Sentence, head: int, last: int, role_at: dict[int, tuple[Hit, int, int]]
    ) -> tuple[Hit, int, int] | None:
        """The role noun that stands in apposition to the name with this head: "X, a research fellow at …"."""
        for kid in s.kids[head]:
            if s.deps[kid] == "appos":
                for role in role_at.values():
                    if role[1] <= kid <= role[2]:
                        return role
        if s.deps[head] == "appos":
            above = s.heads[head]
            for role in role_at.values():
                if role[1] <= above <= role[2]:
                    return role
        if last + 2 < len(s) and s.words[last + 1] == ",":
            # the parser often misses it: a comma, then a determiner, adjective or noun before the role noun
            k = last + 2
            stop = min(len(s), k + 7)
            while k < stop:
                if k in role_at:
                    after = role_at[k][2] + 1  # "In New York, Mayor Ann Jones": the role is somebody else's
                    return None if after < len(s) and s.tags[after] in _NAME_TAGS else role_at[k]
                if (
                    s.tags[k][:2] not in ("DT", "JJ", "NN", "PR", "PO", "RB", "HY", "WP", "VB")
                    or s.lemmas[k] in _SPEECH
                ):
                    break
                k += 1
        return None

    # --- role nouns ------------------------------------------------------------------------------------------------

    def _role(self, s: Sentence, hit: Hit, a: int, b: int, owner: list[Ref | None]) -> Ref | None:
        """A role noun with what stands around it: a title of the name that follows, or an actor of its own."""
        t = self.tables
        phrase, sector, level = t.role_phrase[hit.surface], t.role_sector[hit.surface], t.role_level[hit.surface]
        kind, plural = t.role_kind[hit.surface], t.role_plural[hit.surface]
        is_title = kind == "title"
        kind = "person" if is_title else kind
        head = _head(s, a, b)
        if s.tags[head][0] != "N":
            return None
        following = s.heads[head] if _is_modifier(s, head) else -1
        if following > b and owner[following] is None and not self._is_role(following) \
                and not (kind == "organ" and sector in STATE_SECTORS and s.words[b][:1].isupper()):  # fmt: skip
            return None  # "media briefing", "police station": the noun that follows is the thing ("Senate bill": whose)
        modifier = self._modifier(s, a, b, head, owner)
        if sector == "UNK" and kind == "person":  # the head of an army is of the army
            sector = self._sector_within(s, head) or sector
        named = self._named(s, a, b, head, owner)
        if (
            named is not None and modifier is None and named.first > b + 1
        ):  # adviser to the President of Chile Ann Jones
            states = [
                r for r in owner[b + 1 : named.first] if r is not None and r.figure is not None and r.figure.state
            ]
            modifier = states[-1] if states else None
        if named is not None and kind == "person":
            figure = named.figure
            if figure is not None and figure.kind in ("person", "other"):
                self._teach(figure, s, a, b, sector, level, modifier)
                first = modifier.first if modifier is not None and modifier.last == a - 1 else a
                if b < named.first and _is_below(s, named.head, head):  # "the president of Chile, Gabriel Boric"
                    again = self._ref(s, first, b, "role", [figure])
                    self._place(s, again)
                    again.sector, again.level = sector, level
                    return again
                for i in range(first, b + 1):
                    if owner[i] is None or owner[i] is modifier:
                        owner[i] = named
                if modifier is not None and modifier.last < a and modifier.form == "adjective":
                    modifier.form = "part"
                return None
        if _is_modifier(s, head):
            titled = owner[s.heads[head]] if s.heads[head] > b else None
            if titled is not None and titled.figure is not None and titled.figure.kind == "person":
                self._teach(titled.figure, s, a, b, sector, level, modifier)
                return None
        if is_title and (modifier is None or modifier.figure is None or modifier.figure.kind not in ("organ", "igo")):
            return None  # "shot in the head", "his brother"; but the head of the FBI
        first = a
        if modifier is not None and modifier.last < a and modifier.last >= a - 4 and modifier.form != "place":
            gap = range(modifier.last + 1, a)
            if all(
                s.tags[i] in ("POS", "JJ", "NN", "NNP", "NNS", "VBN", "HYPH", "VBG", "CC") or s.lowers[i] == "'"
                for i in gap
            ):
                first = modifier.first
        ref = self._ref(s, first, b, "role", [])
        ref.sentence, ref.head = s, head
        ref.subject = s.deps[head] in ("nsubj", "nsubjpass")
        ref.sector, ref.level = sector, level
        ref_name = self.text[s.starts[first] : s.ends[b]].replace("\n", " ")
        apart = modifier is not None and not _is_modifier(s, modifier.head)
        if apart and (phrase in RELATIONS or phrase in COUNTERPARTS):
            ref.figures = [self.stateless(ref_name, phrase)]  # Iran's enemies are not Iran
        elif phrase in STATES_AS_SUCH and modifier is not None and modifier.form == "adjective" \
                and modifier.figure is not None and modifier.figure.kind == "state" and modifier.figure.state:  # fmt: skip
            ref.figures = [self.state(modifier.figure.state)]
        elif modifier is not None and modifier.form == "adjective" and modifier.figure is not None \
                and modifier.figure.kind == "igo" and phrase in _STATES:  # fmt: skip
            ref.figures = [self.stateless(ref_name, phrase)]  # European countries are not the Union
        elif modifier is not None and modifier.figure is not None:
            several = plural or s.tags[head] in ("NNS", "NNPS")  # "Chilean and Peruvian troops" are those of both
            joined = self._joined_modifiers(s, modifier, owner) if several else [modifier]
            of = [one.figure for one in joined if one.figure is not None]
            if joined[0].last < first:  # the whole of "Chilean and Peruvian troops"
                first = ref.first = joined[0].first
                ref.start, ref.text = s.starts[first], self.text[s.starts[first] : ref.end]
                for one in joined:
                    one.form = "part"
            if len(of) > 1:  # "the presidents of Chile and Peru", "French and German leaders": one figure for each
                ref_name = self.text[s.starts[a] : s.ends[b]].replace("\n", " ")
                names = [f"{figure.name} {ref_name}" for figure in of]
            else:
                names = [ref_name]
            ref.figures = [
                self._role_figure(name, phrase, sector, level, kind, plural, hit.surface, figure)
                for name, figure in zip(names, of)
            ]
        if len(ref.figures) == 1 and (ref.figures[0].country or "").endswith("@null"):
            ref.figures = [self._at_home(s, head, ref.figures[0], owner)]
        for i in range(first, b + 1):
            owner[i] = ref
        if modifier is not None and first <= modifier.first and modifier.last <= b:
            modifier.form = "part"
        return ref

    def _at_home(self, s: Sentence, head: int, figure: Figure, owner: list[Ref | None]) -> Figure:
        """A group that the table gives no state, as that of the state whose it is: "China's Muslim minority"."""
        for kid in s.kids[head]:
            of = owner[kid] if s.deps[kid] == "poss" else None
            holder = of.figure if of is not None else None
            if holder is not None and holder.kind == "state" and holder.state:
                key = f"{figure.id}:{holder.state}"
                if key not in self.figures:
                    self.figures[key] = Figure(
                        key, figure.name, figure.kind, country=country_code(figure.name, figure.sector, holder.state),
                        state=holder.state, sector=figure.sector, level=figure.level, plural=figure.plural,
                    )  # fmt: skip
                return self.figures[key]
        return figure

    def _joined_modifiers(self, s: Sentence, modifier: Ref, owner: list[Ref | None]) -> list[Ref]:
        """A modifier with those that "and" joins to it, in text order: "French and German", "of Chile and Peru"."""

        def joined(token: int) -> Ref | None:
            ref = owner[token]
            if ref is None or ref.figure is None or ref.figure.kind == "person":
                return None
            return ref if ref.form in ("name", "adjective", "capital", "seat") else None

        first = modifier.head
        while s.deps[first] == "conj" and s.heads[first] < first and joined(s.heads[first]) is not None:
            first = s.heads[first]
        found = {modifier.head: modifier}
        queue = [first]
        while queue:
            here = queue.pop()
            ref = joined(here)
            if ref is not None and all(ref.figure is not other.figure for other in found.values()):
                found[here] = ref  # "Antigua and Barbuda" is one
            queue += [kid for kid in s.kids[here] if s.deps[kid] == "conj" and joined(kid) is not None]
        for ref in found.values():
            if ref.form == "adjective":
                ref.form = "part"
        return [found[token] for token in sorted(found)]

    def _sector_within(self, s: Sentence, head: int) -> str | None:
        """The sector of the body whose head, chief or director a title tells: "head of the central bank"."""
        for kid in s.kids[head]:
            inner = [obj for obj in s.kids[kid] if s.deps[obj] == "pobj"] if s.lowers[kid] in ("of", "at") else [kid]
            for obj in inner:
                sector = next((sector for a, b, sector in self._role_sectors if a <= obj <= b), None)
                if sector in STATE_SECTORS:
                    return sector
        return None

    def _is_role(self, token: int) -> bool:
        return any(a <= token <= b for a, b in self._role_spans)

    def _role_figure(
        self, name: str, phrase: str, sector: str, level: str, kind: str, plural: bool, row: int, of: Figure
    ) -> Figure:
        """The figure of "US officials", "Hamas leaders", "the Trump administration"."""
        name = re.sub(r"^(?:the|a|an)\s+", "", name, flags=re.IGNORECASE)
        state, country = of.state, None
        if sector == "UNK" and of.kind == "organ" and of.sector in STATE_SECTORS:
            sector = of.sector or sector
        if phrase in _ITSELF and of.state and of.kind in ("state", "organ"):
            return self.state(of.state)
        if of.kind == "party" and sector == "LEG" and kind != "organ":  # Republican senators
            country = of.state
        elif of.kind in ("igo", "group", "party", "ngo", "firm", "medium") and of.sector not in STATE_SECTORS:
            country = of.country
            if of.kind == "igo":
                sector = "IGO"
            else:
                sector = of.sector or sector
        else:
            country = country_code(name, sector, state) if sector != "IGO" else None
        key = f"role:{phrase}:{of.state or of.id}" if country == state else f"role:{phrase}:{of.id}"
        figure = self.figures.get(key)
        if figure is None:
            anonymous = kind in ("person", "people") and self.tables.role_anonymous[row] != ""
            kinds = {
                "people": "population" if sector == "CVL" else "organ",
                "organ": "organ",
                "weapon": "organ",
                "states": "states",
            }
            figure = Figure(
                key,
                name,
                "states" if of.kind == "states" and kind != "person" and country is None else kinds.get(kind, "person"),
                country=country,
                state=state,
                sector=sector,
                level=level,
                plural=plural,
                anonymous=anonymous,
                anonymous_type=self.tables.role_anonymous[row] or None if anonymous else None,
            )
            self.figures[key] = figure
        return figure

    def stateless(self, name: str, phrase: str) -> Figure:
        """The figure of people or things of no state that the text tells: "analysts", "sources", "Iran's enemies"."""
        row = self.names.role_number[phrase]
        t = self.tables
        key = f"role:{phrase}:"
        figure = self.figures.get(key)
        if figure is None:
            kind = "states" if phrase in STATES_AS_SUCH or phrase in SEVERAL_STATES else t.role_kind[row]
            anonymous = kind in ("person", "people")
            kinds = {"person": "person", "people": "population", "states": "states"}
            figure = self.figures[key] = Figure(
                key, name.replace("\n", " "), kinds.get(kind, "organ"),
                sector=t.role_sector[row], level=t.role_level[row], plural=t.role_plural[row],
                anonymous=anonymous, anonymous_type=(t.role_anonymous[row] or "unspecified") if anonymous else None,
            )  # fmt: skip
        return figure

    def role_figure(self, ref: Ref, phrase: str, of: Figure) -> Figure:
        """As `_role_figure`, for a role noun whose state only the second pass finds."""
        row = self.names.role_number[phrase]
        t = self.tables
        return self._role_figure(
            ref.text.replace("\n", " "),
            phrase,
            t.role_sector[row],
            t.role_level[row],
            t.role_kind[row],
            t.role_plural[row],
            row,
            of,
        )

    def _teach(
        self, figure: Figure, s: Sentence, a: int, b: int, sector: str, level: str, modifier: Ref | None
    ) -> None:
        """What the text says of a named person: office, sector and country for names that the tables do not know, and
        for others where text and tables disagree. The text wins for this report."""
        if figure.kind == "other":
            figure.kind = "person"
        title = self.text[s.starts[a] : s.ends[b]].replace("\n", " ")
        former = any(s.lowers[i] in _FORMER for i in range(max(0, a - 4), a))
        if sector == "UNK" and modifier is not None and modifier.figure is not None \
                and modifier.figure.kind == "organ" and modifier.figure.sector in STATE_SECTORS:  # fmt: skip
            sector = modifier.figure.sector or sector
        if not figure.id.startswith("name:"):
            if not figure.id.startswith("declared:"):
                self._overrule(figure, title, former, sector, level)
            return
        if figure.office is None or modifier is not None:
            if figure.office is None or figure.country is None:
                figure.office, figure.sector, figure.level = title, "ELI" if former else sector, level
                figure.office_status = "former" if former else "current"
            if modifier is not None and modifier.figure is not None and figure.country is None:
                of = modifier.figure
                figure.state = of.state
                if of.kind == "party" and sector == "LEG":  # a Republican senator
                    figure.country = of.state
                elif of.kind in ("igo", "group", "party", "ngo", "firm", "medium") and of.sector not in STATE_SECTORS:
                    figure.country = of.country if of.kind != "ngo" else f"GROUP:{figure.name}@{of.state or 'null'}"
                    if of.kind == "igo":
                        figure.sector = "IGO"
                    elif not former and sector in STATE_SECTORS:  # a spokesman of rebels is a rebel
                        figure.sector = of.sector or sector
                elif sector != "IGO":
                    figure.country = country_code(figure.name, figure.sector, of.state)

    def _overrule(self, figure: Figure, title: str, former: bool, sector: str, level: str) -> None:
        """Bring a person of the tables in line with a title that the text gives."""
        same = bool(set(title.lower().split()) & set((figure.office or "").lower().split()))
        if former:
            self._former.add(figure.id)
            if same and figure.level == level and figure.office_status in ("current", "last known"):
                figure.sector, figure.office_status = "ELI", "former"
                figure.country = country_code(figure.name, "ELI", figure.state)
        elif figure.sector == "ELI" and sector in STATE_SECTORS and figure.state and figure.id not in self._former:
            # "President Musharraf" a year later: what is told is what the president did
            figure.sector, figure.country = sector, figure.state
            if not same:
                figure.office, figure.level, figure.office_status = title, level, "current"

    def _modifier(self, s: Sentence, a: int, b: int, head: int, owner: list[Ref | None]) -> Ref | None:
        """The name that says whose role it is: Russian officials, Ukraine's army, the president of Chile."""
        role = self.names.role_number.get(" ".join(s.lowers[a : b + 1]), 0)
        ambassador = self.tables.role_level[role] == "ambassador"
        scholar = self.tables.role_sector[role] == "EDU"
        options: list[Ref] = []
        i = a - 1
        steps = 0
        while i >= 0 and steps < 5:
            ref = owner[i]
            if ref is not None:
                if ref.form == "role" and ref.figure is None:
                    break
                if (
                    ref.form not in ("surname", "weak")
                    or s.lowers[min(ref.last + 1, len(s) - 1)] in ("'s", "’s", "'", "’")
                    or ref.last == a - 1
                ):
                    options.append(ref)
                if not ambassador or ref.figure is None or ref.figure.kind != "igo":
                    break
                i = ref.first - 1
                continue
            if s.tags[i] not in (
                "JJ",
                "NN",
                "NNP",
                "NNS",
                "POS",
                "VBN",
                "HYPH",
                "CC",
                "JJR",
                "JJS",
                "RB",
                "CD",
                "VBG",
                "``",
                "''",
            ) and s.words[i] not in ("-", "'", "’"):
                break
            if s.tags[i] == "CC" and not (
                i >= 1 and s.tags[i - 1][:2] in ("NN", "JJ") and (owner[i - 1] is None or _is_joined_modifier(s, i - 1))
            ):
                break  # "Iran and Congress" are two
            i -= 1
            steps += 1
        if options:
            return (
                next((r for r in options if r.figure is not None and r.figure.kind == "state"), options[0])
                if ambassador
                else options[0]
            )
        for kid in s.kids[head]:
            if s.deps[kid] in ("poss", "amod", "compound", "nmod") and owner[kid] is not None:
                return owner[kid]
        if b + 3 < len(s) and s.lowers[b + 1] == "of":  # right behind it, whatever the parser joins to it
            ref = owner[b + 2 + (s.lowers[b + 2] == "the")]
            if ref is not None and ref.figure is not None and ref.figure.kind in ("state", "igo", "organ"):
                return ref
        for kid in s.kids[head]:
            if s.deps[kid] == "prep" and s.lowers[kid] in ("of", "for", "from", "in", "at", "with") and kid > b:
                if ambassador and s.lowers[kid] != "of":
                    continue
                for obj in s.kids[kid]:
                    if s.deps[obj] == "pobj":
                        ref = owner[obj]
                        if ref is not None and (
                            s.lowers[kid] in ("of", "from", "for", "at") or ref.form in ("place", "name", "capital")
                        ):
                            return ref
                        if ref is None and not (scholar and s.lowers[kid] == "of"):  # a professor of Russian studies
                            inner = _within(s, obj, owner)
                            if inner is not None:
                                return inner
        return None

    def _named(self, s: Sentence, a: int, b: int, head: int, owner: list[Ref | None]) -> Ref | None:
        """The named person that carries this role: right after it, or in apposition."""
        if b + 1 < len(s):
            ref = owner[b + 1]
            if ref is not None and ref.first == b + 1 and ref.figure is not None and ref.figure.kind in ("person", "other") \
                    and ref.form != "role":  # fmt: skip
                return ref
        for kid in s.kids[head]:
            if s.deps[kid] == "appos" and owner[kid] is not None:
                ref = owner[kid]
                if ref is not None and ref.figure is not None and ref.figure.kind == "person" and ref.form != "role":
                    return ref
        if s.deps[head] in ("appos", "conj"):
            above = s.heads[head]
            ref = owner[above]
            if s.deps[head] == "appos" and ref is not None and ref.figure is not None and ref.figure.kind in ("person", "other") \
                    and ref.form != "role":  # fmt: skip
                return ref
        if not (a > 1 and s.lowers[a - 1 - (s.lowers[a - 1] == "the")] in _CHAIN):  # no part of another's title
            k = b + 1
            while (
                k < len(s)
                and k - b < LONGEST_TITLE
                and s.lowers[b + 1] in _CHAIN
                and (_in_title(s, k) or self._is_role(k))
            ):
                ref = owner[k]
                if ref is not None and ref.figure is not None and ref.first == k and ref.form != "role" \
                        and ref.figure.kind in ("person", "other") and s.lowers[k - 1] not in _CHAIN:  # fmt: skip
                    return ref
                k += 1
        # "Name, a senior research fellow at X" where the parser sees no apposition
        i = a - 1
        while i > 0 and i > a - 7:
            if s.words[i] == ",":
                ref = owner[i - 1]
                if ref is not None and ref.last == i - 1 and ref.figure is not None and ref.figure.kind in ("person", "other") \
                        and ref.form in ("name", "surname", "unknown", "weak") and s.deps[ref.head] not in ("conj",):  # fmt: skip
                    return ref
                break
            if s.tags[i][:2] not in ("DT", "JJ", "NN", "PO", "RB", "HY", "VB") or s.lemmas[i] in _SPEECH:
                break
            i -= 1
        # "Chinese State Councilor and Foreign Minister Wang Yi": the first of two joined roles
        if b + 2 < len(s) and s.lowers[b + 1] == "and" and head <= b:
            for kid in s.kids[head]:
                if s.deps[kid] == "conj" and kid > b:
                    ref = owner[kid]
                    if (
                        ref is not None
                        and ref.figure is not None
                        and ref.figure.kind == "person"
                        and ref.form != "role"
                    ):
                        return ref
        return None


_SPEECH = frozenset(["say", "tell", "add", "note", "state", "announce", "declare", "argue", "claim", "warn", "stress", "insist", "explain", "report", "write", "tweet", "urge", "deny", "suggest", "believe", "think"])  # fmt: skip


def _in_title(s: Sentence, token: int) -> bool:
    return s.words[token][:1].isupper() or s.lowers[token] in _CHAIN or s.lowers[token] in ("the", "and", "'s", "’s")


def _role_of(s: Sentence, a: int, roles: dict[int, tuple[Hit, int, int]]) -> tuple[Hit, int, int] | None:
    """The role noun that opens a long title before a name: "adviser" in "adviser to the President of Chile Ann Jones"."""
    inside = any(role[1] <= a - 1 <= role[2] for role in roles.values())
    if a < 3 or not (inside or s.words[a - 1][:1].isupper()):
        return None  # "people in the Donbas"
    ends = {role[2]: role for role in roles.values()}
    found = None
    k = a - 1
    while k >= 0 and a - k < LONGEST_TITLE:
        if k in ends and s.lowers[k + 1] in _CHAIN:
            found = ends[k]
            k = found[1]
        elif not _in_title(s, k) and not any(role[1] <= k <= role[2] for role in roles.values()):
            break
        k -= 1
    return found


def _inside(known: list[tuple[Hit, int, int]], token: int) -> bool:
    return any(a <= token <= b and b > a for _, a, b in known)


def _within(s: Sentence, noun: int, owner: list[Ref | None]) -> Ref | None:
    """Whose the thing is that a noun names: "Russia" in "the president of Russia", "Russian" in "the Russian army"."""
    for kid in s.kids[noun]:
        if owner[kid] is not None and s.deps[kid] in ("compound", "amod", "poss", "nmod"):
            return owner[kid]
    for kid in s.kids[noun]:
        if s.lowers[kid] == "of":
            return next((owner[obj] for obj in s.kids[kid] if s.deps[obj] == "pobj"), None)
    return None


def _is_below(s: Sentence, token: int, above: int) -> bool:
    """True when a token depends on another, near by."""
    for _ in range(4):
        if s.heads[token] == token:
            return False
        token = s.heads[token]
        if token == above:
            return True
    return False


def _is_joined_modifier(s: Sentence, token: int) -> bool:
    """True for "Russian" in "Russian and Chinese officials", false for "Iran" in "Iran and Congress"."""
    return s.tags[token][:2] == "JJ" or _is_modifier(s, token)


def _is_modifier(s: Sentence, token: int) -> bool:
    return s.deps[token] in ("compound", "nmod", "amod")


def _tokens(s: Sentence, hit: Hit) -> tuple[int, int]:
    """First and last token of a hit; (-1, -1) when it does not begin and end with tokens."""
    a = bisect_left(s.starts, hit.start)
    if a >= len(s) or s.starts[a] != hit.start:
        return -1, -1
    b = a
    while b < len(s) and s.ends[b] < hit.end:
        b += 1
    if b >= len(s):
        return -1, -1
    if s.ends[b] != hit.end:
        # "U.S." at a sentence's end may be one token with its stop
        if s.ends[b] == hit.end + 1 and s.words[b].endswith("."):
            return a, b
        return -1, -1
    return a, b


def _head(s: Sentence, first: int, last: int) -> int:
    """The token of a span whose head lies outside it; the last such."""
    heads = s.heads
    for i in range(last, first - 1, -1):
        if not first <= heads[i] <= last or heads[i] == i:
            return i
    return last
