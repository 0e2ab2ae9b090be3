"""`Coder`: the one place where the rooms are called in order."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING

from comity.limits import REPORT_SECONDS, TooLong, at_most
from comity.records import Coding, Event, LeftOut, Report, Statement
from comity.versions import Versions, versions

if TYPE_CHECKING:
    from comity.actors.matching import Hit
    from comity.language import Parse, Segment

REPORTS_A_BATCH = 32
"""Reports parsed together. Larger batches fill the network no better (see `language.model.TOKENS_A_BATCH`)."""

CHARACTERS_A_BATCH = 200_000
"""Of the texts of a batch together: 32 long transcripts at once would need 300 MB. Re-run `benchmarks/coding.py`."""

LONGEST_REPORT = 1_000_000
"""Characters. A longer text is no news report but a dump or a book: it is left out with that reason. The longest of the
5,456 development reports has 173,317."""

ROOMS = ("reading", "language", "actors", "dates", "places", "statements", "events")
"""Rooms whose time is counted in `Coder.seconds`."""


class NotCoded(Exception):
    """A report that cannot be coded; `left_out` says why and what to do."""

    def __init__(self, left_out: LeftOut) -> None:
        super().__init__(left_out.line())
        self.left_out = left_out


class Coder:
    """Reports in, codings out. Loading takes about a second; make one and keep it.

    The same report gives the same coding, whatever its neighbours in a batch. Not safe for use by several threads.
    """

    def __init__(
        self,
        model: str | None = None,
        codebook: str | Path | None = None,
        actors: str | Path | None = None,
        *,
        screen: bool = True,
        timeout: float | None = REPORT_SECONDS,
    ) -> None:
        """`model`: an installed spaCy model for English; default: the environment's COMITY_MODEL, else
        `comity.language.model.DEFAULT_MODEL`. `codebook`: a folder with a codebook (and lexicon) of one's own.
        `actors`: a file of actors of one's own (`comity.actors.overlay`); default: the environment's COMITY_ACTORS.
        `screen`: leave out of parsing what can hold no statement and no event (False only to measure what that costs).
        `timeout`: seconds of processor time after which a report is left out; None for no bound (`comity.limits`).

        Raises `comity.language.model.ModelMissing`, `comity.actors.tables.TablesMissing`,
        `comity.actors.overlay.ActorsError`, `comity.codebook.CodebookError`, `comity.events.LexiconError`.
        """
        from comity.actors import names
        from comity.codebook import codebook as read_codebook
        from comity.events import read_lexicon
        from comity.events.screen import event_words
        from comity.language.model import Language

        folder = Path(codebook) if codebook is not None else None
        self.codebook = read_codebook(folder)
        own = folder / "lexicon" if folder is not None and (folder / "lexicon").is_dir() else None
        self.lexicon = read_lexicon(own, types=tuple(self.codebook.types))
        self._event_words = event_words(self.lexicon) if screen else None
        self._language = Language(model)
        self._names = names(actors)
        self.versions = versions(model, folder, self._names)
        self._made_by = self.versions.made_by()
        self._timeout = timeout
        self.seconds: dict[str, float] = dict.fromkeys(ROOMS, 0.0)
        """Seconds of processor time spent in each room so far."""

    def code(self, report: Report) -> Coding:
        """The record of one report. Raises `NotCoded`."""
        made = next(self.stream([report]))
        if isinstance(made, LeftOut):
            raise NotCoded(made)
        return made

    def stream(self, reports: Iterable[Report | LeftOut]) -> Iterator[Coding | LeftOut]:
        """The records of many reports, in order, a batch at a time.

        What cannot be coded (another language, no text, a text beyond `LONGEST_REPORT`) comes out as `LeftOut` in its
        place; a `LeftOut` that goes in comes out as it is.
        """
        for batch in batches(reports):
            yield from self._batch(batch)

    def _batch(self, batch: list[Report | LeftOut]) -> list[Coding | LeftOut]:
        started = process_time()
        refused = [item if isinstance(item, LeftOut) else self._refused(item) for item in batch]
        self._count("reading", started)
        wanted = [item for item, why in zip(batch, refused) if why is None and isinstance(item, Report)]
        done = iter(self._coded(wanted))
        return [why if why is not None else next(done) for why in refused]

    def _refused(self, report: Report) -> LeftOut | None:
        try:
            with at_most(self._timeout):
                return _refusal(report)
        except (Exception, TooLong) as error:
            return self._failure(report, error)

    def _coded(self, reports: list[Report]) -> list[Coding | LeftOut]:
        """Parsed together; where that fails, each alone, so that only the one that fails is left out."""
        try:
            with at_most(self._timeout):
                parses, hits = self._parsed(reports)
        except (Exception, TooLong) as error:
            if len(reports) == 1:
                return [self._failure(reports[0], error)]
            return [made for report in reports for made in self._coded([report])]
        return [self._read(r, p, h) for r, p, h in zip(reports, parses, hits)]

    def _parsed(self, reports: list[Report]) -> tuple[list[Parse], list[tuple[list[Hit], list[Hit]]]]:
        from comity.language import split

        started = process_time()
        hits = [self._names.scan(report.text) for report in reports]
        started = self._count("actors", started)
        segments = [split(report.text) for report in reports]
        parses = self._language.parse(
            [(r.text, cut, self._screened(r.text, cut, named)) for r, cut, named in zip(reports, segments, hits)]
        )
        self._count("language", started)
        return parses, hits

    def _failure(self, report: Report, error: BaseException) -> LeftOut:
        """Why a report could not be coded: one report must not take the run down."""
        reason, cure = (
            f"coding failed: {type(error).__name__}: {error}",
            "a fault of Comity: please report it with this text",
        )
        if isinstance(error, TooLong):
            reason = f"its coding takes more than {self._timeout:g} seconds of processor time"
            cure = "split it, or give it more (--timeout)"
        elif isinstance(error, MemoryError):
            reason, cure = "its coding takes more memory than there is", "split it"
        return LeftOut(source=report.source or report.id, reason=reason, cure=cure)

    def _screened(self, text: str, segments: list[Segment], hits: tuple[list[Hit], list[Hit]]) -> list[Segment]:
        """The segments to parse: those that name an actor, or may hold a statement or an event."""
        from comity.events.screen import may_hold_event
        from comity.statements import may_hold_statement

        words = self._event_words
        if words is None:
            return segments
        kept = []
        starts = sorted({hit.start for found in hits for hit in found})
        for segment in segments:
            at = bisect_left(starts, segment.start)
            if at < len(starts) and starts[at] < segment.end:
                kept.append(segment)
                continue
            part = text[segment.start : segment.end]
            if may_hold_statement(part) or may_hold_event(part, words):
                kept.append(segment)
        return kept

    def _read(self, report: Report, parse: Parse, hits: tuple[list[Hit], list[Hit]]) -> Coding | LeftOut:
        try:
            with at_most(self._timeout):
                return self._coding(report, parse, hits)
        except (Exception, TooLong) as error:
            return self._failure(report, error)

    def _coding(self, report: Report, parse: Parse, hits: tuple[list[Hit], list[Hit]]) -> Coding:
        from comity.actors import outlets, resolve
        from comity.dates import read_dates
        from comity.events import find_events
        from comity.places import dateline_place, find_places
        from comity.statements import read_statements

        started = process_time()
        report = self._with_outlet(report, hits[0])
        cast = resolve(report, parse, hits, self._names)
        started = self._count("actors", started)
        timeline = read_dates(parse, report.published)
        started = self._count("dates", started)
        home = report.outlet_country or outlets.domain_state(report.outlet, report.url, self._names)
        places = find_places(parse, cast, report.published, home)
        line = dateline_place(places, parse)
        started = self._count("places", started)
        reading = read_statements(report, parse, cast, timeline)
        started = self._count("statements", started)
        events, warnings = find_events(
            report, parse, cast, reading, timeline, places,
            lexicon=self.lexicon, codebook=self.codebook, dateline=line,
        )  # fmt: skip
        self._count("events", started)
        started = process_time()
        coding = Coding(
            report=report,
            actors=cast.actors_record(_party_ids(reading.statements, events)),
            mentions=cast.mentions(),
            dates=timeline.dates,
            places=places,
            statements=reading.statements,
            events=events,
            warnings=warnings,
            codebook=self.versions.codebook,
            coder=self._made_by,
        )
        self._count("actors", started)
        return coding

    def _with_outlet(self, report: Report, name_hits: list[Hit]) -> Report:
        import msgspec

        from comity.actors import outlets
        from comity.reading import dateline

        if report.outlet and report.outlet_country and report.outlet_ownership:
            return report
        if report.outlet or report.url:
            known = outlets.facts(report.outlet, report.url, self._names)
        else:
            line = dateline(report.text)
            known = outlets.recognise(report.text, name_hits, line.agency if line else None, self._names)
        if known is None:
            return report
        return msgspec.structs.replace(
            report,
            outlet=report.outlet or known.name,
            outlet_country=report.outlet_country or known.country,
            outlet_ownership=report.outlet_ownership or known.ownership,
        )

    def _count(self, room: str, since: float) -> float:
        now = process_time()
        self.seconds[room] += now - since
        return now


def batches(reports: Iterable[Report | LeftOut]) -> Iterator[list[Report | LeftOut]]:
    """The reports in lists of at most `REPORTS_A_BATCH`, fewer where they are long (`CHARACTERS_A_BATCH`)."""
    batch: list[Report | LeftOut] = []
    size = 0
    for item in reports:
        length = len(item.text) if isinstance(item, Report) else 0
        if batch and size + length > CHARACTERS_A_BATCH:
            yield batch
            batch, size = [], 0
        batch.append(item)
        size += length
        if len(batch) == REPORTS_A_BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _party_ids(statements: tuple[Statement, ...], events: tuple[Event, ...]) -> Iterator[str | None]:
    for statement in statements:
        yield from (p.actor for p in statement.speakers)
        if statement.addressee is not None:
            yield statement.addressee.actor
    for event in events:
        yield from (p.actor for p in (*event.source, *event.target))


def _refusal(report: Report) -> LeftOut | None:
    """Why a report is not coded, or None."""
    from comity.reading import detect

    source = report.source or report.id
    if not report.text.strip():
        return LeftOut(source=source, reason="no text", cure="check that the report was read from the right field")
    if len(report.text) > LONGEST_REPORT:
        return LeftOut(
            source=source,
            reason=f"the text has {len(report.text):,} characters, more than a report can have ({LONGEST_REPORT:,})",
            cure="split it into its reports (one row of JSONL each)",
        )
    try:
        report.text.encode()
    except UnicodeEncodeError as error:
        return LeftOut(
            source=source,
            reason=f"the text holds half a character (a lone surrogate) at {error.start}",
            cure="read it again in its right encoding",
        )
    language = report.language or detect(report.text)
    if language == "und":
        return LeftOut(source=source, reason="no language can be told", cure="give a text with words in English")
    if language != "en":
        return LeftOut(
            source=source, reason=f"the text is in another language ({language})", cure="translate it to English first"
        )
    return None


__all__ = ["Coder", "NotCoded", "Versions"]
