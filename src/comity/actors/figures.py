"""Figures: the actors of one report as its reading goes on. They become records at the end."""

from __future__ import annotations

from comity.actors.offices import STATE_SECTORS
from comity.language import Sentence
from comity.records import Actor, Mention, Party, Speaker


class Figure:
    """One actor of one report: from the tables, or learned from the report itself."""

    __slots__ = ("anonymous", "anonymous_type", "country", "gender", "id", "kind", "level", "name", "office",
                 "office_status", "plural", "sector", "state", "wikidata")  # fmt: skip

    def __init__(
        self,
        id: str,
        name: str,
        kind: str,
        *,
        country: str | None = None,
        state: str | None = None,
        sector: str | None = None,
        level: str | None = None,
        office: str | None = None,
        office_status: str | None = None,
        wikidata: str | None = None,
        gender: str = "",
        plural: bool = False,
        anonymous: bool = False,
        anonymous_type: str | None = None,
    ) -> None:
        self.id = id
        self.name = name
        self.kind = kind
        self.country = country
        self.state = state
        self.sector = sector
        self.level = level
        self.office = office
        self.office_status = office_status
        self.wikidata = wikidata
        self.gender = gender
        self.plural = plural
        self.anonymous = anonymous
        self.anonymous_type = anonymous_type

    def __repr__(self) -> str:
        return f"<{self.name} {self.country} {self.sector} {self.office}>"


def country_code(name: str, sector: str | None, state: str | None) -> str | None:
    """The code used in events: the state for its organs and officials, else a group of it."""
    if sector is None:
        return state
    if sector in STATE_SECTORS:
        return state
    if sector == "IGO":
        return None
    return f"GROUP:{name}@{state or 'null'}"


class Ref:
    """One reference in the text to one or several figures."""

    __slots__ = ("end", "figures", "first", "form", "head", "last", "level", "sector", "sentence", "start", "subject",
                 "text")  # fmt: skip

    def __init__(self, start: int, end: int, text: str, form: str, figures: list[Figure]) -> None:
        self.start = start
        self.end = end
        self.text = text
        self.form = form
        """name | adjective | people | capital | seat | weak | surname | role | pronoun | unknown."""
        self.figures = figures
        self.sentence: Sentence | None = None
        self.first = self.last = self.head = -1
        """Token numbers in its sentence."""
        self.subject = False
        """True when it is the subject of a finite verb: weighs in coreference."""
        self.sector: str | None = None
        self.level: str | None = None

    @property
    def figure(self) -> Figure | None:
        return self.figures[0] if self.figures else None

    def __repr__(self) -> str:
        return f"<{self.text!r} {self.form} {self.figures}>"


def to_actor(figure: Figure) -> Actor:
    return Actor(id=figure.id, name=figure.name, kind=figure.kind, wikidata=figure.wikidata)


def to_mention(ref: Ref) -> Mention:
    figure = ref.figure
    if figure is None:
        return Mention(start=ref.start, end=ref.end, text=ref.text, sector=ref.sector)
    return Mention(
        start=ref.start,
        end=ref.end,
        text=ref.text,
        actor=figure.id,
        country=figure.country,
        sector=figure.sector,
        office=figure.office,
        office_status=figure.office_status,
        anonymous=figure.anonymous,
    )


def to_party(ref: Ref | None, figure: Figure) -> Party:
    """A party of an event; without a reference it does not stand in the text."""
    return Party(
        start=ref.start if ref else None,
        end=ref.end if ref else None,
        text=ref.text if ref else None,
        actor=figure.id,
        name=figure.name,
        country=figure.country,
        sector=figure.sector,
        office=figure.office,
        office_status=figure.office_status,
    )


def to_speaker(ref: Ref | None, figure: Figure) -> Speaker:
    """A speaker of a statement."""
    party = to_party(ref, figure)
    return Speaker(
        **{field: getattr(party, field) for field in Party.__struct_fields__},
        anonymous=figure.anonymous,
        anonymous_type=figure.anonymous_type,
    )
