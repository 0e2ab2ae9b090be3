"""Whole reports against gold: events and statements end to end.

A gold file has one report a line: ``{"id", "text", "published", "outlet", "events", "statements"}``. An event has
``type``, ``source`` and ``target`` (lists of ``{"name", "country"}``), ``mutual``, ``date``, ``status``, ``background``,
``account`` (a speaker's name, or ``outlet`` when the report itself asserts it) and ``start``, ``end`` of a stretch of its
sentence; statements are as in `comity.evaluation.statements`.

An event that was found can match a gold event when its sentence overlaps the gold stretch and the two sides share
countries, in either order; they are matched one to one, those that agree in more fields first. Gold events without a
country on either side are left out. Groups of a state count as one, and never as that state.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from comity.evaluation import statements
from comity.evaluation.measuring import Counts, Figures, Measure, Mistake, Setup, f1, matched, ratio, read_rows
from comity.evaluation.statements import GoldStatement, last_name, overlap, place
from comity.records import Coding, Event, Party, Report, Span, Speaker

PAGE = "docs/quality.md"

AGREEING = {"type": 8, "quad": 4, "direction": 2, "status": 1, "date": 1}
"""What an agreeing field weighs when several pairs of events could be matched."""

BY_PARTIES = ("dyad", "quad", "type", "full")
ON_TYPES = ("date", "date_all", "status", "background", "account")


class GoldActor(msgspec.Struct, frozen=True):
    """A source or target."""

    name: str
    country: str | None = None


class GoldEvent(msgspec.Struct, frozen=True):
    """An event of a gold report."""

    type: str
    source: tuple[GoldActor, ...]
    target: tuple[GoldActor, ...]
    start: int
    end: int
    mutual: bool = False
    date: str | None = None
    status: str = "actual"
    background: bool = False
    account: str | None = None


class Article(msgspec.Struct, frozen=True):
    """A gold report."""

    id: str
    text: str
    events: tuple[GoldEvent, ...]
    statements: tuple[GoldStatement, ...] = ()
    published: str | None = None
    outlet: str | None = None
    url: str | None = None
    title: str | None = None

    @property
    def day(self) -> str:
        """The day of publication; empty when it is not known."""
        return (self.published or "")[:10]


class Deed(NamedTuple):
    """An event in the form in which gold and output are compared."""

    span: Span
    """Where it stands: the gold stretch, or the sentence of an event that was found."""
    type: str
    source: frozenset[str]
    """Places (see `comity.evaluation.statements.place`) of its sources."""
    target: frozenset[str]
    mutual: bool
    date: str | None
    status: str
    background: bool
    account: frozenset[str] | None
    """Last names of those on whose word it rests; None when the report itself asserts it."""
    of: Any = None
    """The event that it was made from."""

    @property
    def international(self) -> bool:
        """Both sides are known and have no state in common."""
        states = [{one.removeprefix("GROUP@") for one in side} for side in (self.source, self.target)]
        return all(states) and not states[0] & states[1]


@cache
def quads() -> dict[str, str]:
    """Type to quad class, as PLOVER has it."""
    from comity.codebook import codebook

    book = codebook()
    return {name: book.quad(name) for name in book.types}


def places(parties: Iterable[Any]) -> frozenset[str]:
    """The comparable parts of the parties' country codes."""
    return frozenset(filter(None, (place(one.country) for one in parties)))


def last_names(parties: Iterable[Party]) -> frozenset[str]:
    """Last words of the names and of the words in the text."""
    return frozenset(filter(None, (last_name(n) for one in parties for n in (one.name, one.text))))


def gold_deeds(article: Article) -> list[Deed]:
    """The gold events that have a country on some side."""
    deeds = []
    for e in article.events:
        source, target = places(e.source), places(e.target)
        if source or target:
            owner = None if e.account in (None, "outlet") else last_name(e.account)
            account = frozenset((owner,)) if owner else None
            deeds.append(
                Deed((e.start, e.end), e.type, source, target, e.mutual, e.date, e.status, e.background, account, e)
            )
    return deeds


def found_deeds(coding: Coding) -> list[Deed]:
    """The events of a record; those of types that PLOVER has not are left out."""
    speakers: dict[str, tuple[Speaker, ...]] = {s.id: s.speakers for s in coding.statements}
    return [_deed(e, speakers) for e in coding.events if e.type in quads()]


def _deed(e: Event, speakers: Mapping[str, tuple[Speaker, ...]]) -> Deed:
    account = None if e.account is None else last_names(speakers.get(e.account, ()))
    source, target = places(e.source), places(e.target)
    return Deed(e.sentence, e.type, source, target, e.mutual, e.date, e.status, e.background, account, e)


# --- matching --------------------------------------------------------------------------------------------------------


def _meet(gold: Sequence[frozenset[str]], found: Sequence[frozenset[str]]) -> bool:
    """Each side shares a country or is unknown in both, and at least one side shares a country."""
    shared = [bool(one & two) for one, two in zip(gold, found)]
    return any(shared) and all(same or not (one or two) for same, one, two in zip(shared, gold, found))


def pair_deeds(gold: Sequence[Deed], found: Sequence[Deed]) -> list[tuple[int, int]]:
    """Numbers of matched events."""
    options = []
    for i, g in enumerate(gold):
        for j, p in enumerate(found):
            if overlap(g.span, p.span) and (_straight(g, p) or _crossed(g, p)):
                agrees = {
                    "type": g.type == p.type,
                    "quad": quads()[g.type] == quads()[p.type],
                    "direction": _directed(g, p),
                    "status": g.status == p.status,
                    "date": g.date == p.date,
                }
                options.append((-sum(AGREEING[field] for field, yes in agrees.items() if yes), i, j))
    return matched(options)


def _straight(g: Deed, p: Deed) -> bool:
    return _meet((g.source, g.target), (p.source, p.target))


def _crossed(g: Deed, p: Deed) -> bool:
    return _meet((g.source, g.target), (p.target, p.source))


def _directed(g: Deed, p: Deed) -> bool:
    return g.mutual or _straight(g, p)


def _same_date(g: Deed, p: Deed, day: str) -> bool:
    """Equal to the precision that gold has; an undated event is of the day of publication."""
    wanted = g.date or day
    return wanted == (p.date or day)[: len(wanted)]


def _same_account(g: Deed, p: Deed) -> bool:
    return bool(g.account & (p.account or frozenset())) if g.account else p.account is None


# --- counts ----------------------------------------------------------------------------------------------------------


def count_deeds(gold: Sequence[Deed], found: Sequence[Deed], day: str) -> Counts:
    """Counts of the events of one report."""
    c: Counts = Counter(gold=len(gold), found=len(found))
    c["gold_international"] = sum(g.international for g in gold)
    c["found_international"] = sum(p.international for p in found)
    for i, j in pair_deeds(gold, found):
        g, p = gold[i], found[j]
        c["dyad"] += 1
        c["quad"] += quads()[g.type] == quads()[p.type]
        if g.type != p.type:
            continue
        c["type"] += 1
        c["full"] += _directed(g, p)
        c["type_international"] += g.international and p.international
        c["date_all"] += _same_date(g, p, day)
        if g.date and g.date != day:
            c["dated"] += 1
            c["date"] += _same_date(g, p, day)
        c["status"] += g.status == p.status
        c["background_gold"] += g.background
        c["background_found"] += p.background
        c["background_both"] += g.background and p.background
        c["account"] += _same_account(g, p)
    sets = [
        {(frozenset((s, t)), quads()[d.type]) for d in deeds for s in d.source for t in d.target}
        for deeds in (gold, found)
    ]
    c["set_gold"], c["set_found"], c["set"] = len(sets[0]), len(sets[1]), len(sets[0] & sets[1])
    return c


def deed_figures(c: Mapping[str, float]) -> Figures:
    """F1, precision and recall of pairs of parties (``dyad``: in either order), of these with the right quad class
    (``quad``), with the right type (``type``), with the right type and direction (``full``); of types between parties
    of different states; of the ``set`` of (pair, quad class) of a report. On matches of the type: shares of right
    dates (``date``: where gold has another day than that of publication), status and account; F1 of the background."""
    made: Figures = {}
    for name in (*BY_PARTIES, "set"):
        gold, found = ("set_gold", "set_found") if name == "set" else ("gold", "found")
        made[f"{name}_f1"] = f1(c[name], c[found], c[gold])
        made[f"{name}_precision"] = ratio(c[name], c[found])
        made[f"{name}_recall"] = ratio(c[name], c[gold])
    made["type_international_f1"] = f1(c["type_international"], c["found_international"], c["gold_international"])
    made["date"] = ratio(c["date"], c["dated"])
    made["date_all"] = ratio(c["date_all"], c["type"])
    made["status"] = ratio(c["status"], c["type"])
    made["background_f1"] = f1(c["background_both"], c["background_found"], c["background_gold"])
    made["account"] = ratio(c["account"], c["type"])
    return made | {"gold_events": c["gold"], "events": c["found"], "dated_events": c["dated"]}


def count(article: Article, coding: Coding) -> Counts:
    """Counts of one report; those of its statements begin with ``statements``."""
    c = count_deeds(gold_deeds(article), found_deeds(coding), article.day)
    c["articles"] = 1
    said = statements.count_coded(msgspec.to_builtins(article), coding.statements)
    c.update({f"statements {name}": number for name, number in said.items()})
    return c


def figures(c: Mapping[str, float]) -> Figures:
    """Figures of events, then those of statements, whose names begin with ``statements_``."""
    said: Counter[str] = Counter()
    for name, number in c.items():
        if name.startswith("statements "):
            said[name.removeprefix("statements ")] = number  # type: ignore[assignment]
    of_statements = statements.coded_figures(said)
    articles = of_statements.pop("documents")
    return deed_figures(c) | {f"statements_{name}": value for name, value in of_statements.items()} | {
        "articles": articles
    }  # fmt: skip


# --- mistakes --------------------------------------------------------------------------------------------------------


def mistakes(article: Article, coding: Coding) -> Iterator[Mistake]:
    """What is wrong with the events, by the first thing that went wrong with each; then the statements."""
    gold, found = gold_deeds(article), found_deeds(coding)
    pairs = pair_deeds(gold, found)
    text = article.text

    def mistake(kind: str, detail: str | None, g: Deed | None, p: Deed | None) -> Mistake:
        start, end = (g or p or gold[0]).span
        return Mistake(
            kind=kind, detail=detail, report=article.id, start=start, end=end, text=text[start:end],
            expected=g and _told(g), found=p and _told(p),
        )  # fmt: skip

    left = [p for j, p in enumerate(found) if j not in {j for _, j in pairs}]
    for i, j in pairs:
        g, p = gold[i], found[j]
        if quads()[g.type] != quads()[p.type]:
            yield mistake("event: other quad class", f"{p.type} for {g.type}", g, p)
        elif g.type != p.type:
            yield mistake("event: other type", f"{p.type} for {g.type}", g, p)
        else:
            if not _directed(g, p):
                yield mistake("event: turned round", g.type, g, p)
            if not _same_date(g, p, article.day):
                yield mistake("event: date", "dated in gold" if g.date else "publication day in gold", g, p)
            if g.status != p.status:
                yield mistake("event: status", f"{p.status} for {g.status}", g, p)
            if g.background != p.background:
                yield mistake("event: background", "taken for background" if p.background else "taken for news", g, p)
            if not _same_account(g, p):
                yield mistake("event: account", "taken for the report's own" if p.account is None else "other", g, p)
    for i in sorted(set(range(len(gold))) - {i for i, _ in pairs}):
        yield mistake(*_why_missed(gold[i], left, coding), gold[i], None)
    for p in left:
        near = [g for g in gold if overlap(g.span, p.span)]
        same = any(g.type == p.type for g in near)
        kind = "same type, other parties" if same else "beside coded events" if near else "nothing coded there"
        yield mistake("event: extra", kind, None, p)
    for one in statements.coded_mistakes(msgspec.to_builtins(article), coding.statements):
        yield msgspec.structs.replace(one, kind=f"statement: {one.kind}")


def _why_missed(g: Deed, left: Sequence[Deed], coding: Coding) -> tuple[str, str]:
    """Kind and detail of a missed event: the parties of one with its type are wrong, or no such event was found though
    its parties stand there, or a party is no mention of the sentence."""
    near = [p for p in left if overlap(g.span, p.span)]
    if any(p.type == g.type for p in near):
        return "event: other parties", g.type
    around = _sentence_of(g.span, coding)
    here = places(m for m in coding.mentions if overlap((m.start, m.end), around))
    lacking = [side for side, codes in (("source", g.source), ("target", g.target)) if codes and not codes & here]
    if lacking:
        return "event: missed, a party does not stand in the sentence", " and ".join(lacking)
    return "event: missed", g.type


def _sentence_of(span: Span, coding: Coding) -> Span:
    return statements.sentence_around(coding.report.text, *span)


def _told(d: Deed) -> str:
    """An event in one line."""
    parties = [", ".join(f"{one.name} ({one.country})" for one in side) for side in (d.of.source, d.of.target)]
    marks = [d.status, d.date or "undated", *(["background"] if d.background else [])]
    return f"{parties[0] or '?'} {d.type} {parties[1] or '?'} [{', '.join(marks)}]"


# --- the measure -----------------------------------------------------------------------------------------------------


def report_of(article: Article) -> Report:
    """A gold report as it is coded."""
    return Report(
        id=article.id, text=article.text, title=article.title, url=article.url, outlet=article.outlet,
        published=article.published,
    )  # fmt: skip


def find(articles: Sequence[Article], setup: Setup) -> Iterator[Coding]:
    """The record of each report."""
    return setup.code(report_of(one) for one in articles)


INTERVALS = (
    *(f"{name}_f1" for name in (*BY_PARTIES, "set")), "dyad_precision", "date", "status", "background_f1", "account",
    "statements_recall", "statements_precision", "statements_speaker", "statements_country",
)  # fmt: skip
MEASURE = Measure(find, count, figures, mistakes, INTERVALS)


def gold(path: Path) -> tuple[Measure, list[Article]]:
    """The measure and the reports of a gold file. Raises `GoldError`."""
    return MEASURE, read_rows(path, Article, PAGE)
