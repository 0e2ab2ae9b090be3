"""`Ledger`: the lake of coded reports, opened for writing or for reading."""

# ruff: noqa: S608 (identifiers come from this package's own tables; values are always parameters)
from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from comity.ledger import adding as supplements
from comity.ledger import check as checking
from comity.ledger import corrections, imports, lake, maintenance, read, schema, write
from comity.ledger import facets as counting
from comity.ledger import filters as filtering
from comity.ledger import gold as reviewing
from comity.ledger.errors import BadFilter, LedgerError, LedgerReadOnly, LedgerTooOld, NoLedger, NoSnapshot
from comity.ledger.home import find_home, need_folder, no_ledger, state_of
from comity.ledger.lock import PATIENCE, OnWait, adding, turn
from comity.ledger.occurrences import pages, settling
from comity.records import Coding

if TYPE_CHECKING:
    import datetime

    import duckdb
    import pyarrow as pa

    from comity.ledger.counted import Counted, Listing
    from comity.ledger.mirror import Mirror


class Ledger:
    """A ledger, made when it is not there yet (unless `read_only`).

    Any number of processes may read while one writes; writers take turns, batch by batch. One `Ledger` may be used
    from several threads.

    >>> with Ledger("comity.ledger") as ledger:                              # doctest: +SKIP
    ...     ledger.add(codings)
    ...     ledger.events(dyad="CHN-RUS", since="2022-10", background=False).to_pandas()
    """

    def __init__(
        self,
        path: str | os.PathLike[str] = "comity.ledger",
        *,
        read_only: bool = False,
        sealed: bool = False,
        data: str | None = None,
        as_of: int | str | datetime.date | None = None,
        mirror: bool = False,
        patience: float = PATIENCE,
        on_wait: OnWait | None = None,
    ) -> None:
        """Open the ledger at `path`: a folder, or ``postgres:CONNECTION`` for a team's (then `data` is the folder or
        ``s3://`` prefix of its files, needed when it is made).

        `as_of`: look at the past, read-only: a snapshot number, or a date or time (UTC; a date means its end).
        `sealed`: for questions of strangers: read-only, and SQL reaches no file but the ledger's.
        `mirror`: read-only, with the records held in memory (where they are not too many), so that questions take a
        tenth of the time; `refresh` brings them up to date.
        `patience`: seconds to wait for another writer's turn to end; `on_wait` gets one line when that happens.

        Raises `NoLedger`, `NotALedger`, `LedgerTooNew`, `LedgerTooOld`, `LedgerReadOnly`, `LedgerBusy`, `LedgerFull`,
        `NoSnapshot`, `ExtensionMissing`: all `LedgerError`.
        """
        self.home = find_home(path, data)
        self.read_only = read_only or sealed or mirror or as_of is not None
        self._sealed = sealed
        self.as_of = _moment(as_of)
        self._patience = patience
        self._on_wait = on_wait
        self._past: dict[int | str, Ledger] = {}
        self._guard = threading.Lock()
        self._lake: lake.Attached | Mirror = self._open()
        if mirror and self._few_enough():
            from comity.ledger.mirror import Mirror

            self._lake = Mirror(self.home, self._lake)

    def _open(self) -> lake.Attached:
        if self.home.folder is None:
            return self._checked(self._attach_team())
        state = state_of(self.home)
        if self.read_only:
            if state != "ledger":
                raise no_ledger(self.home)
            return self._checked(lake.attach(self.home, read_only=True, at=self.as_of, sealed=self._sealed))
        need_folder(self.home)
        if state == "ledger":
            return self._checked(lake.attach(self.home, read_only=False))
        with self._turn():
            attached = lake.attach(self.home, read_only=False, create=True)
            self._migrate(attached)
        return attached

    def _attach_team(self) -> lake.Attached:
        from comity.ledger.team import attach_team

        if self._sealed:
            raise LedgerError(
                f"{self.home.name}: a team's ledger cannot be sealed: its files are reached over the network"
            )
        try:
            return attach_team(self.home, read_only=self.read_only, at=self.as_of, create=False)
        except NoLedger:
            if self.read_only:
                raise
        with self._turn():
            return attach_team(self.home, read_only=False, at=None, create=True)

    def _checked(self, attached: lake.Attached) -> lake.Attached:
        """Bring the schema forward, or refuse what this version cannot read."""
        try:
            with lake.translated(self.home):
                version = schema.version_of(attached.cursor(), self.home)
            if version == 0:
                schema.need_empty(attached.cursor(), self.home)
                if self.as_of is not None:
                    raise NoSnapshot(
                        f"{self.home.name}: as of {self.as_of} it was not made yet; see: comity ledger snapshots"
                    )
            if version < schema.newest() and self.as_of is None:
                if self.read_only:
                    raise LedgerTooOld(
                        f"{self.home.name}: this ledger has schema version {version}, and this Comity reads "
                        f"{schema.newest()}; bring it forward: comity ledger migrate --ledger {self.home.name}"
                    )
                with self._turn():
                    self._migrate(attached)
        except BaseException:
            attached.close()
            raise
        return attached

    def _migrate(self, attached: lake.Attached) -> None:
        cursor = attached.cursor()
        with lake.translated(self.home), _transaction(cursor, "schema"):
            schema.migrate(cursor, schema.version_of(cursor, self.home))

    def _few_enough(self) -> bool:
        from comity.ledger.mirror import MOST

        with lake.translated(self.home):
            return self._lake.cursor().execute("SELECT count(*) FROM store.events").fetchall()[0][0] <= MOST

    @property
    def snapshot(self) -> int:
        """The number of the state that answers come from: it rises with every change of the ledger."""
        from comity.ledger.mirror import Mirror, newest

        with lake.translated(self.home):
            return self._lake.snapshot if isinstance(self._lake, Mirror) else newest(self.home, self._lake)

    @property
    def newest(self) -> int:
        """The number of the ledger's newest state: of a mirror, the one that `refresh` would bring."""
        from comity.ledger.mirror import Mirror, newest

        with lake.translated(self.home):
            return self._lake.newest() if isinstance(self._lake, Mirror) else newest(self.home, self._lake)

    def refresh(self) -> bool:
        """Bring a mirror up to the ledger's newest state; False when there was nothing new (or is no mirror)."""
        from comity.ledger.mirror import Mirror

        with lake.translated(self.home):
            return isinstance(self._lake, Mirror) and self._lake.refresh()

    def _turn(self) -> contextlib.AbstractContextManager[None]:
        return turn(self.home, self._patience, self._on_wait)

    @contextlib.contextmanager
    def _writing(self, message: str) -> Iterator[duckdb.DuckDBPyConnection]:
        """One transaction under the ledger's lock."""
        if self.read_only:
            raise LedgerReadOnly(f"{self.home.name}: was opened for reading; open it without read_only to write")
        with self._turn(), lake.translated(self.home):
            cursor = self._lake.cursor()
            with _transaction(cursor, message):
                yield cursor

    def close(self) -> None:
        """Let go of the ledger's files."""
        for past in self._past.values():
            past.close()
        self._past = {}
        self._lake.close()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- adding ------------------------------------------------------------------------------------------------------

    def add(
        self,
        codings: Iterable[Coding],
        *,
        batch_size: int = write.BATCH_SIZE,
        on_batch: write.OnBatch | None = None,
        recode: bool = False,
    ) -> write.AddResult:
        """Store codings, one transaction for each `batch_size` of them.

        A report that is stored with the same text is left as it is; with another text it becomes a new revision and
        the old one is kept. With `recode`, the same text coded otherwise becomes a new revision too.
        `on_batch` is called after each commit with the counts so far. When the iterable raises, what it gave before is
        stored first. Raises `LedgerReadOnly`, `LedgerBusy`, `LedgerFull`; batches committed before stay.
        """
        total = write.AddResult()
        if self.read_only:
            raise LedgerReadOnly(f"{self.home.name}: was opened for reading; open it without read_only to add")
        with adding(self.home, self._on_wait):
            settled = 0
            for batch in write.batches(codings, batch_size):
                with self._writing("add") as cursor:
                    result = write.write_batch(cursor, batch, recode=recode)
                total = total.plus(result)
                if on_batch:
                    on_batch(total)
                if total.added + total.revised - settled >= settling.AT_ONCE:
                    self.settle()
                    settled = total.added + total.revised
            self.settle()
            if total.added or total.revised:
                with self._turn(), lake.translated(self.home):
                    maintenance.merge_in_passing(self._lake.cursor())
        return total

    def settle(self) -> int:
        """Give what was added or corrected its place among stories and occurrences; how many additions had none.

        Adding and correcting do so by themselves; after a kill in between, and for a ledger of a former version, this
        (or the next addition) makes up for it.
        """
        if self.read_only:
            raise LedgerReadOnly(f"{self.home.name}: was opened for reading; open it without read_only to settle it")
        with lake.translated(self.home):
            what = settling.waiting(self._lake.cursor())
        if what is None:
            return 0
        for number in range(max(1, len(what.chunks))):
            with self._writing("settle") as cursor:
                settling.settle(cursor, what, number)
        return sum(map(len, what.chunks))

    def import_events(
        self,
        parts: Iterable[Mapping[str, pa.Table]],
        *,
        origin: str,
        file: str,
        digest: str,
        notes: Mapping[str, Any] | None = None,
    ) -> imports.Imported:
        """Store the events of one file of another format, in one transaction; a file known by its digest is left alone.

        Each part holds ``events`` (an Arrow table in the form of `comity.ledger.imports.imported_schema`) and, by their
        names, rows of side tables that a migration has made (each with the ``n`` of its event). `origin`: the format.
        `notes`: what is worth knowing about the file, kept with it.
        """
        with self._writing("import") as cursor:
            done = imports.import_events(cursor, parts, origin=origin, file=file, digest=digest, notes=notes)
        return done

    def index(self, *, rebuild: bool = False) -> int:
        """Bring the search index up to date (or make it anew); how many additions were read.

        Searches do so by themselves; after a large addition this spares the first one the wait.
        """
        from comity.ledger import search

        with lake.translated(self.home):
            return (search.rebuild if rebuild else search.catch_up)(self.home, self._lake.cursor())

    # --- asking ------------------------------------------------------------------------------------------------------

    def query(
        self,
        sql: str,
        parameters: Any = None,
        *,
        as_of: int | str | datetime.date | None = None,
        timeout: float | None = None,
    ) -> pa.Table:
        """The answer to one SQL question over the stable views (``events_v1``, ``statements_v1``, …), as Arrow.

        `parameters`: a list for ``?`` or a dictionary for ``$name``. `timeout`: seconds. Raises `BadQuery`.
        """
        ledger = self.at(as_of)
        return read.ask(ledger._lake.cursor(), sql, parameters, timeout)

    def stream(
        self,
        sql: str,
        parameters: Any = None,
        *,
        as_of: int | str | datetime.date | None = None,
        timeout: float | None = None,
        batch: int = 1000,
    ) -> Iterator[pa.RecordBatch]:
        """The answer to one SQL question, `batch` rows at a time; no more is worked out than is taken. One batch at least,
        which may be empty. Raises `BadQuery`."""
        return read.stream(self.at(as_of)._lake.cursor(), sql, parameters, timeout, batch)

    def events(
        self,
        *,
        columns: list[str] | None = None,
        limit: int | None = None,
        after: str | None = None,
        as_of: int | str | datetime.date | None = None,
        **filters: Any,
    ) -> pa.Table:
        """Events that pass all `filters` (`comity.ledger.FILTERS["events"]` lists them), newest first, as Arrow.

        A filter takes one value or several (any of them will do). `text` searches the events' sentences by words.
        `columns`: of ``events_v1``, and ``words`` for the sentence; default: all of the view. `limit` and `after` make
        pages: `after` is the id of the last event of the page before, or, quicker, ``DAY:ID`` with its ``day_first``
        (or ``none``). Raises `BadFilter`, `UnknownId`.
        """
        return self._select("events", columns, limit, after, as_of, filters)

    def occurrences(
        self,
        *,
        columns: list[str] | None = None,
        limit: int | None = None,
        after: str | None = None,
        as_of: int | str | datetime.date | None = None,
        **filters: Any,
    ) -> pa.Table:
        """Occurrences (happenings, each told by one or more events) that pass all `filters`, newest first; arguments as
        for `events`. Filters of parties, type, place and date look at the event that leads the occurrence."""
        return self._select("occurrences", columns, limit, after, as_of, filters)

    def occurrence(self, id: str) -> pages.Occurrence:
        """One happening with its accounts side by side, by its id or that of any event that tells of it (or the
        beginning of one). Raises `UnknownId`, `AmbiguousId`.
        """
        with lake.translated(self.home):
            return pages.occurrence(self._lake.cursor(), id)

    def statements(
        self,
        *,
        columns: list[str] | None = None,
        limit: int | None = None,
        after: str | None = None,
        as_of: int | str | datetime.date | None = None,
        **filters: Any,
    ) -> pa.Table:
        """Statements that pass all `filters`, newest first; arguments as for `events` (``words`` is the content)."""
        return self._select("statements", columns, limit, after, as_of, filters)

    def reports(
        self,
        *,
        columns: list[str] | None = None,
        limit: int | None = None,
        after: str | None = None,
        as_of: int | str | datetime.date | None = None,
        **filters: Any,
    ) -> pa.Table:
        """Reports (their current revisions) that pass all `filters`, newest first; arguments as for `events`."""
        return self._select("reports", columns, limit, after, as_of, filters)

    def mentions(
        self,
        *,
        columns: list[str] | None = None,
        limit: int | None = None,
        as_of: int | str | datetime.date | None = None,
        **filters: Any,
    ) -> pa.Table:
        """Mentions of actors that pass all `filters`, by report and place in it; arguments as for `events`."""
        return self._select("mentions", columns, limit, None, as_of, filters)

    def _select(
        self,
        relation: str,
        columns: list[str] | None,
        limit: int | None,
        after: str | None,
        as_of: int | str | datetime.date | None,
        filters: dict[str, Any],
    ) -> pa.Table:
        ledger = self.at(as_of)
        with lake.translated(self.home):
            cursor = ledger._lake.cursor()
            with ledger._searched(relation, filters) as found:
                return read.select(cursor, relation, filters, columns=columns, limit=limit, after=after, found=found)

    @contextlib.contextmanager
    def _searched(self, relation: str, filters: dict[str, Any]) -> Iterator[str | None]:
        """The condition of the filter ``text``, if it is among the filters."""
        text = filters.get("text")
        if text is None or relation not in filtering.SEARCHED:
            yield None
            return
        from comity.ledger import search

        cursor = self._lake.cursor()
        # A mirror may lag behind the index, as a past state does: neither means that the ledger was set back.
        past = self.as_of is not None or self._lake.follows is False
        hits = search.search(self.home, cursor, relation, str(text), past=past)
        with hits.registered(cursor) as condition:
            yield condition

    def count(self, relation: str, *, as_of: int | str | datetime.date | None = None, **filters: Any) -> int:
        """How many records of a relation (events, occurrences, statements, reports, mentions) pass all filters."""
        if relation not in filtering.FILTERS:
            raise BadFilter(f"{relation!r} cannot be counted; there are: {', '.join(filtering.FILTERS)}")
        ledger = self.at(as_of)
        with lake.translated(self.home), ledger._searched(relation, filters) as found:
            return read.count(ledger._lake.cursor(), relation, filters, found)

    def facets(
        self,
        relation: str,
        names: list[str] | None = None,
        *,
        top: int = 20,
        as_of: int | str | datetime.date | None = None,
        **filters: Any,
    ) -> dict[str, list[tuple[str, int]]]:
        """How many of the filtered records have each value: by facet (`comity.ledger.facets.FACETS`; default all of
        them), the `top` values with their counts, most frequent first. Raises `BadFilter`.
        """
        ledger = self.at(as_of)
        with lake.translated(self.home), ledger._searched(relation, filters) as found:
            return counting.facets(ledger._lake.cursor(), relation, names, filters, top=top, found=found)

    def listing(
        self,
        relation: str,
        *,
        columns: list[str] | None = None,
        limit: int = 50,
        after: str | None = None,
        facets: list[str] | None = None,
        top: int = 20,
        most: int | None = None,
        as_of: int | str | datetime.date | None = None,
        **filters: Any,
    ) -> Listing:
        """A page of events, statements or reports with their number and facets: `count`, `facets` and the relation's
        own method in one, which over a mirror takes an eighth of the time. `most`: records beyond which facets are not
        counted. Raises `BadFilter`, `UnknownId`.
        """
        from comity.ledger.counted import Listing, listing

        wanted = list(counting.FACETS.get(relation, {})) if facets is None else facets
        ledger = self.at(as_of)
        counted = ledger._arrays(relation)
        if counted is not None:
            values = filtering.read_filters(relation, filters)
            with lake.translated(self.home), ledger._searched(relation, filters) as found:
                return listing(
                    ledger._lake.cursor(), counted, values, columns=columns, limit=limit, after=after, facets=wanted,
                    top=top, found=found,
                )  # fmt: skip
        number = ledger.count(relation, **filters)
        few = most is None or number <= most
        told = ledger.facets(relation, wanted, top=top, **filters) if few else None
        return Listing(number, told, ledger._select(relation, columns, limit, after, None, filters))

    def holds(self, relation: str) -> bool:
        """Whether the records of a relation are held in memory one by one (a mirror's, where they are not too many), so
        that `records` takes some from anywhere at next to no cost."""
        return self._arrays(relation) is not None

    def records(self, relation: str, ids: Sequence[str], *, columns: list[str] | None = None) -> pa.Table:
        """The events or statements with these ids, newest first, as Arrow; `columns` as for `events`."""
        counted = self._arrays(relation)
        with lake.translated(self.home):
            cursor = self._lake.cursor()
            wanted = read.wanted_columns(cursor, relation, columns, counted.known if counted is not None else None)
            if counted is not None:
                return counted.rows(cursor, counted.with_ids(ids), wanted)
            return read.rows_of(cursor, relation, read.keys_of(cursor, relation, ids), wanted)

    def of_actor(self, relation: str, actor: str, *, columns: list[str] | None = None) -> pa.Table:
        """The events that an actor (by its id) is source or target of, or the statements that it makes, newest first."""
        from comity.ledger.counted import ACTOR

        counted = self._arrays(relation)
        with lake.translated(self.home):
            cursor = self._lake.cursor()
            wanted = read.wanted_columns(cursor, relation, columns, counted.known if counted is not None else None)
            if counted is not None:
                return counted.rows(cursor, counted.having(counted.facet(cursor, ACTOR), actor), wanted)
            return read.of_actor(cursor, relation, actor, wanted)

    def called(self, actor: str) -> pa.Table:
        """How reports call an actor (by its id), and of which state it is there: ``text``, ``country``, ``number``."""
        from comity.ledger.mirror import Mirror

        with lake.translated(self.home):
            if isinstance(self._lake, Mirror):
                return self._lake.called().of(actor)
            return read.called(self._lake.cursor(), actor)

    def _all_arrays(self) -> dict[str, Counted]:
        held = {relation: self._arrays(relation) for relation in ("events", "statements")}
        return {relation: counted for relation, counted in held.items() if counted is not None}

    def _arrays(self, relation: str) -> Counted | None:
        """A mirror's records as arrays, where they are few enough."""
        from comity.ledger.mirror import Mirror

        if relation not in filtering.SEARCHED or not isinstance(self._lake, Mirror):
            return None
        with lake.translated(self.home):
            return self._lake.counted(relation)

    def restate(self, relation: str, *, as_of: int | str | datetime.date | None = None, **filters: Any) -> str:
        """The filters in plain words, to stand above a result. Raises `BadFilter`."""
        moment = _moment(as_of) if as_of is not None else self.as_of
        said = f"snapshot {moment}" if isinstance(moment, int) else moment
        return filtering.restate(relation, filters, said)

    def as_sql(self, relation: str, **filters: Any) -> str:
        """The filters as an SQL question over the stable views, to be changed and asked with `query`.

        Raises `BadFilter`; also for `text`, whose index SQL does not reach.
        """
        with lake.translated(self.home):
            return read.as_sql(self._lake.cursor(), relation, filters)

    def coding(self, report: str, *, revision: int | None = None, corrected: bool = False) -> Coding:
        """The coding of a report as it was added (or as `corrected` since), by its id or the beginning of it.

        Raises `UnknownId`, `AmbiguousId`.
        """
        with lake.translated(self.home):
            cursor = self._lake.cursor()
            rev = read.revision_of(cursor, report, revision)
            arrays = self._all_arrays() if corrected and revision is None else None
            return read.codings(cursor, [rev], corrected=corrected, arrays=arrays)[0]

    def codings(self, *, corrected: bool = False, chunk: int = 200, **filters: Any) -> Iterator[Coding]:
        """The codings of all reports that pass the filters of `reports`, oldest addition first."""
        with lake.translated(self.home):
            cursor = self._lake.cursor()
            with self._searched("reports", filters) as found:
                revs = read.revs(cursor, filters, found)
            for start in range(0, len(revs), chunk):
                yield from read.codings(cursor, revs[start : start + chunk], corrected=corrected)

    def explain(self, id: str) -> read.Explanation:
        """An event, statement or report by its id (or the beginning of it), with what it rests on.

        Raises `UnknownId`, `AmbiguousId`.
        """
        with lake.translated(self.home):
            return read.explain(self._lake.cursor(), id, arrays=self._all_arrays())

    # --- correcting --------------------------------------------------------------------------------------------------

    def correct(
        self, id: str, field: str, value: Any, *, author: str, reason: str | None = None
    ) -> corrections.Correction:
        """Set one field of an event or a statement (by its id or the beginning of it); the coded record is kept.

        `value`: as in the record (`comity.ledger.corrections.FIELDS` lists the fields); for source, target and
        speakers country codes will do. Raises `BadCorrection`, `UnknownId`, `AmbiguousId`.
        """
        with self._writing("correct") as cursor:
            made = corrections.correct(cursor, id, field, value, author=author, reason=reason)
        self._tidy(made.seq)
        return made

    def add_event(
        self,
        report: str,
        words: tuple[int, int] | str,
        type: str,
        source: Sequence[str],
        target: Sequence[str] = (),
        *,
        author: str,
        reason: str | None = None,
        **fields: Any,
    ) -> corrections.Correction:
        """Add an event that the coder missed, as an entry of the log that can be undone; it goes over to new codings of
        the same words.

        `words`: those that tell of it, as characters of the report's text, or as they stand in it once. `source`,
        `target`: ids or names of the report's cast, states, or country codes. `fields`: others of
        `comity.ledger.corrections.FIELDS` (mode, status, mutual, background, date, account …); without `date` it is
        dated by the report's publication. Raises `BadCorrection`, `UnknownId`, `AmbiguousId`.
        """
        with self._writing("add event") as cursor:
            made = supplements.add_event(
                cursor, report, words, type, list(source), list(target), author=author, reason=reason, fields=fields
            )
        self._tidy(made.seq)
        return made

    def add_statement(
        self,
        report: str,
        content: tuple[int, int] | str | Sequence[tuple[int, int] | str],
        speakers: Sequence[tuple[int, int] | str],
        *,
        author: str,
        reason: str | None = None,
        **fields: Any,
    ) -> corrections.Correction:
        """Add a statement that the coder missed, like `add_event`.

        `content`: what was said, as characters of the report's text, or as it stands in it once; several pieces as a
        list. `speakers`: each as characters of the text, as words of it (those nearest to the content are taken), as an
        id or name of the report's cast, a state, or a country code. `fields`: others of
        `comity.ledger.corrections.FIELDS` (kind, cue, via, addressee, within, date …): the cue as characters or as
        words, of which the nearest to the content are taken; without `kind` it is told by the quotation marks, without
        `date` it is dated by the report's publication. Raises `BadCorrection`, `UnknownId`, `AmbiguousId`.
        """
        with self._writing("add statement") as cursor:
            made = supplements.add_statement(
                cursor, report, content, list(speakers), author=author, reason=reason, fields=fields
            )
        self._tidy(made.seq)
        return made

    def accept(self, id: str, *, author: str, reason: str | None = None) -> corrections.Correction:
        """Note that a reviewer found the record right as it stands."""
        return self._judge(id, "accept", author, reason)

    def reject(self, id: str, *, author: str, reason: str | None = None) -> corrections.Correction:
        """Take a record out of the views; it and its history are kept."""
        return self._judge(id, "reject", author, reason)

    def _judge(self, id: str, action: str, author: str, reason: str | None) -> corrections.Correction:
        with self._writing(action) as cursor:
            made = corrections.judge(cursor, id, action, author=author, reason=reason)
        self._tidy(made.seq)
        return made

    def undo(self, correction: str, *, author: str, reason: str | None = None) -> corrections.Correction:
        """Take a correction back, by its id or the beginning of it; the record stands as the others leave it."""
        with self._writing("undo") as cursor:
            made = corrections.undo(cursor, correction, author=author, reason=reason)
        self._tidy(made.seq)
        return made

    def _tidy(self, seq: int) -> None:
        """Give the corrected event its place among occurrences; merge the small files of the log now and then: each
        correction leaves two or three."""
        self.settle()
        if seq % maintenance.TIDY_EVERY == 0:
            with self._turn(), lake.translated(self.home):
                maintenance.merge(self._lake.cursor(), maintenance.LOG + maintenance.GROUPING)

    def corrections(self, *, record: str | None = None, state: str | None = None) -> pa.Table:
        """The log of corrections, oldest first: of one record (by its whole id), of one state (active, undone,
        lapsed: the report was coded again and no record rests on the same words), or all."""
        tests = [("record_id", record), ("state", state)]
        given = [(column, value) for column, value in tests if value is not None]
        where = " AND ".join(f"{column} = ?" for column, _ in given) or "TRUE"
        query = f"SELECT * FROM corrections_v1 WHERE {where} ORDER BY added_at, id"
        return self.query(query, [value for _, value in given])

    def review_queue(self, *, reviewer: str | None = None, limit: int = 50, **filters: Any) -> pa.Table:
        """Events that nobody (or not this `reviewer`) has reviewed, least certain first, with their ``words``.

        `filters` as for `events`.
        """
        with lake.translated(self.home), self._searched("events", filters) as found:
            return read.review_queue(
                self._lake.cursor(), filters, reviewer=reviewer, limit=limit, found=found,
                counted=self._arrays("events"),
            )  # fmt: skip

    def judgements(self) -> dict[tuple[str, str], str]:
        """What each reviewer holds each reviewed event to be, by (event id, author): a PLOVER type or ``rejected``."""
        with lake.translated(self.home):
            return corrections.judgements(self._lake.cursor())

    def agreement(self) -> reviewing.Agreement:
        """How far reviewers agree on the events that two or more of them judged."""
        return reviewing.agreement(self.judgements())

    def gold(self) -> Iterator[dict[str, Any]]:
        """The reports all of whose events were reviewed, as corrected, as gold articles for ``comity evaluate``."""
        with lake.translated(self.home):
            yield from reviewing.gold(self._lake.cursor())

    # --- time --------------------------------------------------------------------------------------------------------

    def at(self, as_of: int | str | datetime.date | None) -> Ledger:
        """The ledger as it stood at a snapshot (a number) or a date or time (UTC; a date means its end), read-only.

        Closed with this one. Raises `NoSnapshot`.
        """
        moment = _moment(as_of)
        if moment is None or moment == self.as_of:
            return self
        with self._guard:
            if moment not in self._past:
                self._past[moment] = Ledger(
                    self.home.catalog if self.home.folder is None else self.home.folder,
                    data=self.home.data if self.home.folder is None else None,
                    as_of=moment,
                    sealed=self._sealed,
                )
            return self._past[moment]

    def snapshot_at(self, as_of: int | str | datetime.date) -> int:
        """The number of the state that the ledger was in at a moment. Raises `BadFilter`, `NoSnapshot`."""
        import datetime

        moment = _moment(as_of)
        known = self.snapshots().to_pylist()
        if isinstance(moment, int):
            found = [one["snapshot"] for one in known if one["snapshot"] == moment]
        else:
            until = datetime.datetime.fromisoformat(str(moment))
            found = [one["snapshot"] for one in known if one["time"] <= until]
        if not found:
            first = f"; it can be looked at from {known[0]['time']:%Y-%m-%d %H:%M} on" if known else ""
            raise NoSnapshot(f"{self.home.name}: has no state as of {as_of}{first}; see: comity ledger snapshots")
        return int(found[-1])

    def snapshots(self) -> pa.Table:
        """The states that the ledger can still be looked at in: snapshot, time, what was done, oldest first."""
        query = (
            "SELECT snapshot_id AS snapshot, snapshot_time AS time, commit_message AS what "
            f"FROM ducklake_snapshots('{self._lake.name}') ORDER BY snapshot_id"
        )
        with lake.translated(self.home):
            return self._lake.lake_cursor().execute(query).to_arrow_table()

    def info(self) -> dict[str, Any]:
        """What the ledger is and holds: place, schema version, counts, files, size, how far back it reaches."""
        with lake.translated(self.home):
            cursor = self._lake.cursor()
            # As text: for a time with its zone DuckDB would want a further package (pytz).
            at = "strftime({}, '%Y-%m-%dT%H:%M:%SZ')"
            query = f"SELECT id, {at.format('created_at')}, created_by FROM store.ledger"
            made = cursor.execute(query).fetchall()[0]
            counts = {name: cursor.execute(f"SELECT count(*) FROM {view}").fetchall()[0][0] for name, view in _COUNTED}
            files, size = maintenance.files(self._lake.lake_cursor())
            query = f"SELECT {at.format('min(snapshot_time)')} FROM ducklake_snapshots('{self._lake.name}')"
            first = self._lake.lake_cursor().execute(query).fetchall()[0][0]
            return {
                "place": self.home.name,
                "id": made[0],
                "created_at": made[1],
                "created_by": made[2],
                "schema_version": schema.version_of(cursor, self.home),
                **counts,
                "files": files,
                "bytes": size,
                "reaches_back_to": first,
            }

    # --- soundness ---------------------------------------------------------------------------------------------------

    def check(self, *, deep: bool = True) -> list[checking.Problem]:
        """Everything that is wrong with the ledger: an empty list when it is sound.

        Looks at files, keys, counts and references; `deep` also slices every offset and computes every hash again.
        """
        return checking.check(self.home, self._lake.lake_cursor(), deep=deep)

    def maintain(self, *, keep: datetime.timedelta | None = None) -> maintenance.Maintained:
        """Settle what has no place yet (see `settle`), merge small files, let go of snapshots older than `keep` (default 90 days) and remove files that nothing
        names any more. No record and no correction is lost; only `as_of` reaches less far back.
        """
        if self.read_only:
            raise LedgerReadOnly(f"{self.home.name}: was opened for reading; open it without read_only to maintain it")
        self.settle()
        with self._turn(), lake.translated(self.home):
            return maintenance.maintain(self._lake.cursor(), maintenance.KEEP if keep is None else keep)

    def content_hash(self) -> dict[str, str]:
        """A hash of the rows of each stable view: equal when two ledgers hold the same, in whatever order it came."""
        with lake.translated(self.home):
            return checking.content_hash(self._lake.lake_cursor())


_COUNTED = [
    ("reports", "reports_v1"), ("statements", "statements_v1"), ("events", "events_v1"),
    ("occurrences", "occurrences_v1"), ("mentions", "mentions_v1"),
    ("imports", "imports_v1"), ("corrections", "corrections_v1"),
]  # fmt: skip


@contextlib.contextmanager
def _transaction(cursor: duckdb.DuckDBPyConnection, message: str) -> Iterator[None]:
    import duckdb

    from comity import __version__

    cursor.execute("BEGIN")
    try:
        yield
        said = f"{lake.literal(f'comity {__version__}')}, {lake.literal(message)}"
        cursor.execute(f"CALL ducklake_set_commit_message('{lake.name_of(cursor)}', {said})")
        cursor.execute("COMMIT")
    except BaseException:
        with contextlib.suppress(duckdb.Error):  # a failed COMMIT has ended the transaction already
            cursor.execute("ROLLBACK")
        raise


def _moment(as_of: int | str | datetime.date | None) -> int | str | None:
    """A snapshot number, or a time in ISO 8601; a bare date becomes its last moment in UTC."""
    import datetime

    if as_of is None or (isinstance(as_of, int) and not isinstance(as_of, bool)):
        return as_of
    if isinstance(as_of, str) and as_of.isascii() and as_of.strip().isdigit() and len(as_of.strip()) != 8:
        return int(as_of)
    try:
        if isinstance(as_of, datetime.datetime):
            moment = as_of
        elif isinstance(as_of, datetime.date):
            moment = datetime.datetime.combine(as_of, datetime.time.max)
        elif len(str(as_of).strip()) <= 10:
            moment = datetime.datetime.combine(filtering.period(as_of)[1], datetime.time.max)
        else:
            moment = datetime.datetime.fromisoformat(str(as_of).strip())
    except ValueError:
        raise BadFilter(f"as of {as_of!r}: give a snapshot number, a date (2024-05-01) or a time in ISO 8601") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=datetime.UTC)
    return moment.isoformat()
