"""The codebook: what types, modes, contexts, statuses, sectors and CAMEO codes mean, and the ways between schemes."""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from comity.codebook.expected import Expected

CAMEO_TABLES = ("goldstein", "icews", "phoenix", "gdelt")
"""Columns of Goldstein values: Comity's own choice, and what ICEWS, Phoenix and GDELT print."""
QUAD_TABLES = ("plover", "icews", "icews_penta", "gdelt", "phoenix")
"""Columns of quad classes by CAMEO code: 1 to 4, in the two penta columns 0 to 4."""


class UnknownCode(LookupError):
    """A type, mode or code that the codebook does not have; the message says which it has."""


class Quad(msgspec.Struct, frozen=True):
    """One of the four classes of events."""

    number: int
    name: str
    """verbal cooperation | material cooperation | verbal conflict | material conflict."""
    sign: int
    """1 for cooperation, -1 for conflict."""
    polecat: str
    """As POLECAT writes it."""
    definition: str


class Mode(msgspec.Struct, frozen=True):
    """How an event of a type is done."""

    type: str
    name: str
    intensity: float | None
    """PLOVER score, -10 (conflict) to 10 (cooperation); None: the type's own holds."""
    contexts: tuple[str, ...]
    """Contexts that the mode itself implies."""
    definition: str
    phrases: tuple[str, ...]
    source: str


class Type(msgspec.Struct, frozen=True):
    """A type of event (PLOVER's event category)."""

    name: str
    quad: int
    intensity: float
    """PLOVER score, -10 (conflict) to 10 (cooperation)."""
    recipient: bool
    """True: an event without a target is none."""
    contexts: tuple[str, ...]
    definition: str
    phrases: tuple[str, ...]
    unlike: str
    """What is easily taken for it, and where that belongs."""
    source: str
    modes: tuple[Mode, ...]


class Context(msgspec.Struct, frozen=True):
    """What an event is about; an event may have several."""

    name: str
    definition: str
    source: str


class ContextWord(msgspec.Struct, frozen=True):
    """Words that speak for a context."""

    context: str
    words: tuple[str, ...]
    """Lower case; each matches a token's lemma or its form. Hyphens and ``'s`` are words of their own."""
    weight: float
    """Above 0, at most 1. A context is indicated where the weights of what is found add up to 1 or more."""


class Sector(msgspec.Struct, frozen=True):
    """The part of public life that an actor belongs to."""

    name: str
    kind: str
    cameo: str | None
    """CAMEO's role code."""
    definition: str
    source: str


class Status(msgspec.Struct, frozen=True):
    """Whether an event took place."""

    name: str
    series: bool
    """True: events with this status enter series and networks."""
    definition: str
    signs: tuple[str, ...]


class Cameo(msgspec.Struct, frozen=True):
    """One CAMEO code. The four numbers are Goldstein values, -10 to 10; None where that source lacks the code."""

    code: str
    """Digits as text: leading zeros count."""
    name: str
    goldstein: float
    icews: float | None
    phoenix: float | None
    gdelt: float | None
    source: str


class Plover(msgspec.Struct, frozen=True):
    """What a CAMEO code becomes in PLOVER."""

    type: str | None
    """None: PLOVER has no place for it (a comment towards nobody)."""
    mode: str | None
    contexts: tuple[str, ...]
    reduced: str | None
    """What is lost on the way; None: nothing."""


class CameoChoice(msgspec.Struct, frozen=True):
    """The CAMEO code for a PLOVER record."""

    code: str
    reduced: str | None
    """Why the code says less than the record, or more than is known; None: it says the same."""


class Decision(msgspec.Struct, frozen=True):
    """One row of the decision table: how a kind of case is coded."""

    id: str
    topic: str
    question: str
    ruling: str
    example: str
    expected: str
    """What the example should give, in the notation of `comity.codebook.expected`."""
    events: tuple[Expected, ...]
    """`expected`, read."""
    basis: str


class Way(msgspec.Struct, frozen=True):
    """One row of ``plover_to_cameo.tsv``."""

    contexts: frozenset[str]
    root: str
    code: str
    reduced: str | None


class Codebook(msgspec.Struct, frozen=True, kw_only=True):
    """A codebook, whole and checked. Look-ups raise `UnknownCode`."""

    name: str
    version: str
    """Stands in every record that is coded with it."""
    licence: str
    types: dict[str, Type]
    modes: dict[tuple[str, str], Mode]
    contexts: dict[str, Context]
    context_words: tuple[ContextWord, ...]
    sectors: dict[str, Sector]
    sector_of_cameo: dict[str, str | None]
    """CAMEO role code to sector; None where a role is no sector."""
    statuses: dict[str, Status]
    quads: dict[int, Quad]
    cameo_codes: dict[str, Cameo]
    cameo_quads: dict[str, dict[str, int | None]]
    """By the beginning of a CAMEO code, then by one of `QUAD_TABLES`. Longest beginning first."""
    decisions: tuple[Decision, ...]
    sources: dict[str, tuple[str, str, str]]
    """Title, licence and address of each source that a row names."""
    _residual: frozenset[str]
    """CAMEO codes that say "not otherwise specified": roots, those in 0, those with finer ones."""
    _to_plover: dict[str, Plover]
    _to_cameo: dict[tuple[str, str | None], tuple[Way, ...]]

    def type(self, name: str) -> Type:
        """The type of that name."""
        found = self.types.get(name)
        if found is None:
            raise UnknownCode(f"no type {name!r} in {self.version}; it has {', '.join(self.types)}")
        return found

    def mode(self, type: str, mode: str) -> Mode:
        """A mode of a type."""
        found = self.modes.get((type, mode))
        if found is None:
            has = ", ".join(m.name for m in self.type(type).modes) or "none"
            raise UnknownCode(f"no mode {mode!r} of {type} in {self.version}; it has {has}")
        return found

    def quad(self, type: str, mode: str | None = None) -> str:
        """The name of the quad class: "verbal cooperation" … The mode changes nothing in PLOVER; it is checked."""
        if mode is not None:
            self.mode(type, mode)
        return self.quads[self.type(type).quad].name

    def intensity(self, type: str, mode: str | None = None) -> float:
        """The PLOVER score, -10 to 10: the mode's where it has one, else the type's."""
        if mode is not None:
            own = self.mode(type, mode).intensity
            if own is not None:
                return own
        return self.type(type).intensity

    def implied_contexts(self, type: str, mode: str | None = None) -> tuple[str, ...]:
        """The contexts that type and mode imply by themselves."""
        of_type = self.type(type).contexts
        if mode is None:
            return of_type
        return tuple(dict.fromkeys((*of_type, *self.mode(type, mode).contexts)))

    def cameo_code(self, code: str) -> Cameo:
        """The entry of a CAMEO code."""
        found = self.cameo_codes.get(code)
        if found is None:
            raise UnknownCode(f"no CAMEO code {code!r} in {self.version}; codes are text of digits such as '057'")
        return found

    def cameo(
        self, type: str, mode: str | None = None, contexts: Iterable[str] = (), hint: str | None = None
    ) -> CameoChoice | None:
        """The CAMEO code for a record; None when the codebook has none for its type.

        `hint`: a CAMEO code that is known from the words themselves. A code without finer ones (057) is kept; a
        residual one (100, 02) is made finer by mode and contexts within its own family.
        """
        self.type(type)
        if mode is not None:
            self.mode(type, mode)
        if hint is not None and self.cameo_code(hint).code not in self._residual:
            own = next((way for way in self._to_cameo.get((type, mode), ()) if way.code == hint), None)
            return CameoChoice(hint, own.reduced if own is not None else self._loss(hint, type, mode))
        have = frozenset(contexts)
        family = hint.rstrip("0") if hint is not None and len(hint) > 2 else hint
        tries = [(mode, family)] if mode is None or family is None else [(mode, family), (mode, None)]
        for key_mode, beginning in (*tries, (None, family)):
            best: Way | None = None
            for way in self._to_cameo.get((type, key_mode), ()):
                if way.root and (hint is None or not hint.startswith(way.root)):
                    continue
                if beginning is not None and not way.code.startswith(beginning):
                    continue
                if way.contexts <= have and (best is None or len(way.contexts) > len(best.contexts)):
                    best = way
            if best is not None:
                lost = f"mode {mode} is lost" if mode is not None and key_mode is None else None
                return CameoChoice(best.code, "; ".join(filter(None, (best.reduced, lost))) or None)
        return None if hint is None else CameoChoice(hint, self._loss(hint, type, mode))

    def _loss(self, code: str, type: str, mode: str | None) -> str | None:
        place = self._to_plover.get(code)
        if place is None or place.type != type:
            return f"the code is one of {place.type if place and place.type else 'no PLOVER type'}"
        if mode is not None and place.mode != mode:
            return f"mode {mode} is lost"
        return "residual code" if code in self._residual else None

    def from_cameo(self, code: str) -> Plover:
        """What a CAMEO code becomes in PLOVER. A finer code than any known is read as its nearest known parent."""
        found = self._to_plover.get(code)
        if found is not None:
            return found
        if re.fullmatch(r"\d{2,}", code):
            for end in range(len(code) - 1, 1, -1):
                found = self._to_plover.get(code[:end])
                if found is not None:
                    return msgspec.structs.replace(found, reduced=f"unknown code, read as {code[:end]}")
        raise UnknownCode(f"no CAMEO code {code!r} in {self.version}; codes are text of digits such as '057'")

    def goldstein(self, code: str, table: str = "goldstein") -> float | None:
        """The Goldstein value of a CAMEO code in one of `CAMEO_TABLES`; None where that table lacks the code."""
        if table not in CAMEO_TABLES:
            raise ValueError(f"no table {table!r} of Goldstein values; there are {', '.join(CAMEO_TABLES)}")
        value: float | None = getattr(self.cameo_code(code), table)
        return value

    def nearest(self, code: str, table: str) -> CameoChoice:
        """The code itself where one of `CAMEO_TABLES` has it, else its nearest parent there."""
        here = self.cameo_code(code).code
        while self.goldstein(here, table) is None:
            parent = here[:-1] if len(here) > 3 else f"{here[:2]}0"
            if parent == here or parent not in self.cameo_codes:
                raise UnknownCode(f"{table} has neither CAMEO code {code!r} nor a parent of it")
            here = parent
        return CameoChoice(here, None if here == code else f"{table} has no {code}")

    def quad_in(self, table: str, code: str) -> int | None:
        """The quad class of a CAMEO code as one of `QUAD_TABLES` has it; None where it has no class for it."""
        if table not in QUAD_TABLES:
            raise ValueError(f"no table {table!r} of quad classes; there are {', '.join(QUAD_TABLES)}")
        for beginning, classes in self.cameo_quads.items():
            if code.startswith(beginning):
                return classes[table]
        raise UnknownCode(f"no quad class for CAMEO code {code!r}; codes are text of 2 to 4 digits such as '057'")

    def decision(self, id: str) -> Decision:
        """A row of the decision table."""
        for decision in self.decisions:
            if decision.id == id:
                return decision
        raise UnknownCode(f"no decision {id!r} in {self.version}; `comity codebook --decisions` prints all")
