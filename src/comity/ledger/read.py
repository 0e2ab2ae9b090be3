"""Reading the ledger: pages of records, whole codings, one record by its id."""

# ruff: noqa: S608 (identifiers come from this package's own tables; values are always parameters)
from __future__ import annotations

import contextlib
import datetime
import difflib
import functools
import re
import threading
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from comity.ledger.errors import AmbiguousId, BadFilter, BadQuery, UnknownId
from comity.ledger.filters import Literals, Parameters, condition, no_code, read_filters, unknown_codes
from comity.records import (
    TABLES,
    Coding,
    Event,
    Report,
    Span,
    Statement,
    arrow_schema,
    from_batch,
    from_rows,
    table_schema,
)

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from comity.ledger.counted import Counted

VIEWS = {
    "events": "events_v1",
    "occurrences": "occurrences_v1",
    "statements": "statements_v1",
    "reports": "reports_v1",
    "mentions": "mentions_v1",
}
"""The relations that have filters and the stable view of each."""

_ORDER = {
    "events": ("day_first", "id"),
    "occurrences": ("day_first", "id"),
    "statements": ("day_first", "id"),
    "reports": ("day", "id"),
    "mentions": (None, "report_id, n"),
}
"""Newest first, records without a date last; ids break ties, so that pages are the same wherever they are asked for."""

MANY = 300_000
"""Events from which on a page is looked for among the last days first. Below, one look at all takes 30 ms."""

FIRST_LOOK, LAST_LOOK = 100, 3000
"""Days before the newest publication in which a page is looked for: the first, then twice as many as the page seems to
need, then all. Over 10 million events of 24 years the first look takes 40 ms, one at all of them 250 ms; re-run
``benchmarks/ledger.py ask`` after a change."""

FEW_KEYS = 300
"""Rows of a page up to which each is asked for by a test of its own; of 10 million events 50 rows of as many months then
take half of the time."""

FEW_CODINGS = 20
"""Codings up to which rows are fetched as they are: a table of Arrow takes 0.5 ms to begin, and less for each row."""

_SORTED = ("events",)
"""Relations whose files are sorted by day."""

_WORDS = {
    "events": "substring(r.text, sentence[1] + 1, sentence[2] - sentence[1])",
    "statements": "list_aggregate([substring(r.text, s[1] + 1, s[2] - s[1]) FOR s IN content], 'string_agg', ' … ')",
}
"""How the words of a record are cut from its report's text."""

TYPES: dict[str, type[Event] | type[Statement]] = {"event": Event, "statement": Statement}
"""The kinds of record that have an id of their own."""

IMPORTED = "import"
"""``reason.by`` of an event that another project coded."""

REVIEWER = "reviewer"
"""``reason.by`` of an event that a reviewer added."""

SHORTEST_ID = 4
"""Characters of an id that must be given; fewer would name half the ledger."""


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """A record with what it rests on."""

    kind: str
    """event | statement | report."""
    record: Event | Statement | Report
    report: Report | None
    """The report that it stands in; None for imported events."""
    sentence: str | None = None
    """The words of the event's sentence or of the statement's content."""
    marks: tuple[tuple[Span, str], ...] = ()
    """Spans of the report's text and what they are: trigger, source, target, cue, content, speaker, date, place."""
    chain: tuple[Statement, ...] = ()
    """The statements it is told by, innermost first: its account (or itself), then what that is within."""
    origin: str = "comity"
    corrected: bool = False
    rejected: bool = False
    corrections: tuple[dict[str, Any], ...] = ()
    """The record's corrections, oldest first, as rows of ``corrections_v1``."""
    codebook: str | None = None
    coder: str | None = None
    coding: Coding | None = None
    """The report's whole record as corrected, of an event or a statement that stands in one."""


def columns_of(cursor: duckdb.DuckDBPyConnection, view: str) -> list[str]:
    """The columns of a stable view, in order."""
    return [row[0] for row in cursor.execute(f"DESCRIBE {view}").fetchall()]


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def select(
    cursor: duckdb.DuckDBPyConnection,
    relation: str,
    filters: dict[str, Any],
    *,
    columns: list[str] | None = None,
    limit: int | None = None,
    after: str | None = None,
    found: str | None = None,
) -> pa.Table:
    """Records of a relation that pass all filters; see `Ledger.events` for the arguments.

    `found`: a further condition, from a search by words.
    """
    wanted = wanted_columns(cursor, relation, columns)
    parameters = Parameters()
    values = read_filters(relation, filters)
    need_known(cursor, relation, values)
    where = condition(relation, values, parameters)
    if found is not None:
        where += f" AND {found}"
    table = current(relation)
    day, tie = _ORDER[relation]
    order = f"{day} DESC NULLS LAST, {tie}" if day else tie
    until = None
    if after is not None:
        until, after = end_of_page(cursor, relation, after)
        where += " AND " + _after(relation, after, until, parameters)
    if limit is None or relation == "occurrences":
        most = "" if limit is None else f" LIMIT {int(limit)}"
        words = "LEFT JOIN (SELECT rev, text FROM store.reports) r USING (rev)" if "words" in wanted else ""
        query = f"SELECT {_fields_of(relation, wanted)} FROM {table} {words} WHERE {where} ORDER BY {order}{most}"
        return cursor.execute(query, parameters.values).to_arrow_table()
    # The keys of the page are found over narrow columns; the wide ones are then read for its rows alone. Two queries,
    # because values that stand in the SQL let DuckDB skip files and row groups, and a join does not.
    place = f"{day or 'NULL'}, rev, {0 if relation == 'reports' else 'n'}"
    start = f"SELECT {place} FROM {table} WHERE {where}"
    end = f"ORDER BY {order} LIMIT {int(limit)}"
    return rows_of(cursor, relation, _recent_keys(cursor, relation, until, start, end, parameters, limit), wanted)


def wanted_columns(
    cursor: duckdb.DuckDBPyConnection, relation: str, columns: list[str] | None, known: list[str] | None = None
) -> list[str]:
    """The columns of a relation's view that are asked for (default: all). Raises `BadFilter`.

    `known`: the view's columns, where they were looked up before.
    """
    known = columns_of(cursor, VIEWS[relation]) if known is None else known
    extra = ["words"] if relation in _WORDS else []
    wanted = list(columns) if columns else known
    for name in wanted:
        if name not in known and name not in extra:
            raise BadFilter(f"{relation} have no column {name!r}; there are: {', '.join(known + extra)}")
    return wanted


def _fields_of(relation: str, wanted: list[str]) -> str:
    return ", ".join(f"{_WORDS[relation]} AS words" if name == "words" else quoted(name) for name in wanted)


def rows_of(
    cursor: duckdb.DuckDBPyConnection,
    relation: str,
    keys: list[tuple[Any, int, int]],
    wanted: list[str],
    order: str | None = None,
) -> pa.Table:
    """The records with these keys (day, rev, n), in the order of pages."""
    day, tie = _ORDER[relation]
    order = order or (f"{day} DESC NULLS LAST, {tie}" if day else tie)
    text = ""
    if "words" in wanted:  # the texts of the page's reports only: a join would hold those of all
        revs = ", ".join(map(str, sorted({key[1] for key in keys}))) or "NULL"
        text = f"LEFT JOIN (SELECT rev, text FROM store.reports WHERE rev IN ({revs})) r USING (rev)"
    return cursor.execute(
        f"SELECT {_fields_of(relation, wanted)} FROM {current(relation)} {text} "
        f"WHERE {_among(keys, relation, day)} ORDER BY {order}"
    ).to_arrow_table()


def keys_of(cursor: duckdb.DuckDBPyConnection, relation: str, ids: Collection[str]) -> list[tuple[Any, int, int]]:
    """Keys (day, rev, n) of the records with these ids."""
    parameters = Parameters()
    among = parameters.add_all(sorted(set(ids))) if ids else "NULL"
    query = f"SELECT {_ORDER[relation][0]}, rev, n FROM {current(relation)} WHERE id IN ({among})"
    return cursor.execute(query, parameters.values).fetchall()


_OF_ACTOR = {
    "events": (
        "report_id IS NOT NULL AND "  # imported events name no actors, and are many
        "(list_contains([p.actor FOR p IN source], $id) OR list_contains([p.actor FOR p IN target], $id))"
    ),
    "statements": "list_contains([p.actor FOR p IN speakers], $id)",
}


def of_actor(cursor: duckdb.DuckDBPyConnection, relation: str, actor: str, wanted: list[str]) -> pa.Table:
    """See `Ledger.of_actor`."""
    day, tie = _ORDER[relation]
    query = (
        f"SELECT {_fields_of(relation, wanted)} FROM {current(relation)} WHERE {_OF_ACTOR[relation]} "
        f"ORDER BY {day} DESC NULLS LAST, {tie}"
    )
    return cursor.execute(query, {"id": actor}).to_arrow_table()


def words_of(cursor: duckdb.DuckDBPyConnection, relation: str, revs: list[int], spans: list[Any]) -> list[str | None]:
    """The words of some records, from the numbers of their reports' additions and where they stand in the text."""
    among = ", ".join(map(str, sorted(set(revs)))) or "NULL"
    texts = dict(cursor.execute(f"SELECT rev, text FROM store.reports WHERE rev IN ({among})").fetchall())
    if relation == "events":
        spans = [span and [span] for span in spans]
    return [
        " … ".join(texts[rev][a:b] for a, b in listed) if listed and texts.get(rev) is not None else None
        for rev, listed in zip(revs, spans)
    ]


def order_of(relation: str) -> tuple[str | None, str]:
    """The column of the day and the one that breaks ties."""
    return _ORDER[relation]


def current(relation: str) -> str:
    """Where the current records of a relation stand, with the internal keys where there are any."""
    return VIEWS[relation] if relation == "occurrences" else f"store.current_{relation}"


def as_sql(cursor: duckdb.DuckDBPyConnection, relation: str, filters: dict[str, Any]) -> str:
    """The question that `select` answers, as SQL over the stable views. Raises `BadFilter`."""
    values = read_filters(relation, filters)
    need_known(cursor, relation, values)
    if "text" in values:
        raise BadFilter("text: words are looked up in the search index, which SQL does not reach; leave it out")
    where = condition(relation, values, Literals())
    day, tie = _ORDER[relation]
    order = f"{day} DESC NULLS LAST, {tie}" if day else tie
    asked = "" if where == "TRUE" else f"\nWHERE {where}"
    return f"SELECT *\nFROM {VIEWS[relation]}{asked}\nORDER BY {order}"


def _of_codebook() -> dict[str, Collection[str]]:
    from comity.codebook import codebook

    book = codebook()
    return {
        "type": book.types, "mode": {mode for _, mode in book.modes}, "context": book.contexts, "sector": book.sectors,
    }  # fmt: skip


_OF_EVENTS = {
    "type": "type",
    "mode": "mode",
    "context": "unnest(contexts)",
    "sector": "unnest([p.sector FOR p IN list_concat(source, target)])",
}
_OCCURRING = {
    "events": _OF_EVENTS,
    "occurrences": _OF_EVENTS,
    "statements": {"sector": "unnest([p.sector FOR p IN speakers])"},
    "mentions": {"sector": "sector"},
}
"""Filters by a term of the codebook, and where the ledger may hold others: from imports or a codebook of one's own."""


def need_known(cursor: duckdb.DuckDBPyConnection, relation: str, values: dict[str, list[Any]]) -> None:
    """Raise `BadFilter` for a term or a code that neither the tables nor the ledger has."""
    _need_values(cursor, relation, values)
    _need_codes(cursor, relation, values)


def _need_values(cursor: duckdb.DuckDBPyConnection, relation: str, values: dict[str, list[Any]]) -> None:
    """Raise `BadFilter` for a term that neither the codebook nor any record has: an empty answer would mislead."""
    for name, column in _OCCURRING.get(relation, {}).items():
        terms = set(_of_codebook()[name]) if name in values else set()
        strange = [value for value in values.get(name, ()) if value not in terms]
        if not strange:
            continue
        table = "events" if relation == "occurrences" else relation
        found = cursor.execute(f"SELECT DISTINCT {column} FROM store.{table}").fetchall()
        known = sorted(terms | {row[0] for row in found if row[0] is not None})
        for value in strange:
            if value not in known:
                near = difflib.get_close_matches(value, known, 1)
                hint = f"did you mean {near[0]}? " if near else ""
                raise BadFilter(f"{name}: {relation} have no {name} {value!r}; {hint}there are: {', '.join(known)}")


_CODES = {
    "events": "SELECT 1 FROM store.events WHERE contains(sources || '|' || targets, $code)",
    "statements": "SELECT 1 FROM store.statements WHERE contains(countries || '|' || about, $code)",
}
_CODES["occurrences"] = _CODES["events"]
_CODES["reports"] = _CODES["mentions"] = "SELECT 1 FROM store.mentions WHERE country = $code"
"""Where a code that the actor tables do not have may occur all the same: imported events, a user's own actors."""


def _need_codes(cursor: duckdb.DuckDBPyConnection, relation: str, values: dict[str, list[Any]]) -> None:
    """Raise `BadFilter` for a code that neither the actor tables nor the ledger has."""
    for code in unknown_codes(relation, values):
        if not cursor.execute(f"{_CODES[relation]} LIMIT 1", {"code": code}).fetchall():
            raise BadFilter(no_code(code))


def _recent_keys(
    cursor: duckdb.DuckDBPyConnection,
    relation: str,
    until: datetime.date | None,
    start: str,
    end: str,
    parameters: Parameters,
    limit: int,
) -> list[tuple[Any, int, int]]:
    """The keys of a page, looked for among the last months first: a page that they fill needs no look further back.

    `until`: the day where the page before ended. Records without a date come last in the order, so a page that the
    narrower look fills is the right one.
    """
    newest = None
    if relation in _SORTED:
        query = f"SELECT count(*), least(max(day_first), max(published)) FROM store.{relation}"
        number, newest = cursor.execute(query).fetchall()[0]
        newest = min((day for day in (newest, until) if day is not None), default=None) if number > MANY else None
    if newest is not None:
        days = FIRST_LOOK
        before = f"AND day_first <= DATE '{until}'" if until else ""
        while days <= LAST_LOOK:
            window = f"AND day_first >= DATE '{newest - datetime.timedelta(days=days)}' {before}"
            keys = cursor.execute(f"{start} {window} {end}", parameters.values).fetchall()
            if len(keys) == limit:
                return keys
            days = int(2 * days * limit / len(keys)) if keys else LAST_LOOK + 1
    return cursor.execute(f"{start} {end}", parameters.values).fetchall()


def _among(keys: list[tuple[Any, int, int]], relation: str, day: str | None) -> str:
    """The condition that holds for the rows with these keys, in a form that skips all files without one."""
    if not keys:
        return "FALSE"
    revs = ", ".join(map(str, sorted({key[1] for key in keys})))
    if relation == "reports":
        return f"rev IN ({revs})"
    days = [key[0] for key in keys]
    if relation in _SORTED and len(keys) <= FEW_KEYS:
        # The days: row groups that have none of these are skipped. Then key by key, which DuckDB tests row by row; of a
        # list of pairs it would make a join.
        together: dict[tuple[Any, int], list[int]] = {}
        for one, rev, n in keys:
            together.setdefault((one, rev), []).append(n)
        each = (
            f"{_on(day, [one])} AND rev = {rev} AND n IN ({', '.join(map(str, numbers))})"
            for (one, rev), numbers in together.items()
        )
        return f"({_on(day, days)}) AND ({' OR '.join(each)})"
    pairs = ", ".join(f"({rev}, {n})" for _, rev, n in keys)
    listed = ", ".join(map(str, sorted({key[2] for key in keys})))
    tests = [f"rev IN ({revs})", f"n IN ({listed})", f"(rev, n) IN ({pairs})"]
    if relation in _SORTED and None not in days:
        tests += [f"{day} BETWEEN DATE '{min(days)}' AND DATE '{max(days)}'", _on(day, days)]
    return " AND ".join(tests)


def _on(day: str | None, days: Collection[datetime.date | None]) -> str:
    known = sorted({one for one in days if one is not None})
    listed = ", ".join(f"DATE '{one}'" for one in known)
    tests = [f"{day} IN ({listed})"] if known else []
    return " OR ".join([*tests, f"{day} IS NULL"] if None in days else tests)


def end_of_page(cursor: duckdb.DuckDBPyConnection, relation: str, after: str) -> tuple[datetime.date | None, str]:
    """Day and id of the last record of the page before, from its id or from ``DAY:ID`` (which spares a search)."""
    day, tie = _ORDER[relation]
    if day is None:
        raise BadFilter(f"{relation} have no pages; leave `after` out")
    match = re.fullmatch(r"(\d{4}-\d\d-\d\d|none):(.+)", after)
    if match:
        try:
            return (None if match[1] == "none" else datetime.date.fromisoformat(match[1])), match[2]
        except ValueError:
            raise BadFilter(f"after: {match[1]!r} is not a day") from None
    rows = cursor.execute(f"SELECT {day} FROM {current(relation)} WHERE {tie} = ?", [after]).fetchall()
    if not rows:
        raise UnknownId(f"{after}: no such record among the {relation}, so no page begins after it")
    return rows[0][0], after


def _after(relation: str, last: str, until: datetime.date | None, parameters: Parameters) -> str:
    day, tie = _ORDER[relation]
    key = parameters.add(last)
    if until is None:
        return f"{day} IS NULL AND {tie} > {key}"
    moment = parameters.add(until)
    return f"({day} < {moment} OR {day} = {moment} AND {tie} > {key} OR {day} IS NULL)"


def count(cursor: duckdb.DuckDBPyConnection, relation: str, filters: dict[str, Any], found: str | None) -> int:
    """How many records pass all filters."""
    parameters = Parameters()
    values = read_filters(relation, filters)
    need_known(cursor, relation, values)
    where = condition(relation, values, parameters)
    if found is not None:
        where += f" AND {found}"
    rows = cursor.execute(f"SELECT count(*) FROM {current(relation)} WHERE {where}", parameters.values).fetchall()
    return rows[0][0]


def ask(cursor: duckdb.DuckDBPyConnection, sql: str, parameters: Any, timeout: float | None = None) -> pa.Table:
    """The answer to one SQL question. Raises `BadQuery` for several statements, for anything that would change, and for
    what takes longer than `timeout` seconds.
    """
    with _asked(cursor, sql, parameters, timeout):
        return cursor.to_arrow_table()


def stream(
    cursor: duckdb.DuckDBPyConnection, sql: str, parameters: Any, timeout: float | None, batch: int
) -> Iterator[pa.RecordBatch]:
    """The same, some rows at a time: as many are worked out as are taken."""
    with _asked(cursor, sql, parameters, timeout):
        reader = cursor.to_arrow_reader(batch)
        empty = True
        for found in reader:
            empty = False
            yield found
        if empty:
            yield from reader.schema.empty_table().to_batches() or [_no_rows(reader.schema)]


def _no_rows(schema: pa.Schema) -> pa.RecordBatch:
    import pyarrow as pa

    return pa.RecordBatch.from_pylist([], schema=schema)


@contextlib.contextmanager
def _asked(cursor: duckdb.DuckDBPyConnection, sql: str, parameters: Any, timeout: float | None) -> Iterator[None]:
    """One SQL question, asked; what it finds is to be taken from the cursor inside."""
    import duckdb

    alarm = threading.Timer(timeout, cursor.interrupt) if timeout else None
    if alarm:
        alarm.start()
    try:
        statements = cursor.extract_statements(sql)
        if len(statements) != 1:
            raise BadQuery(f"one SQL statement is wanted, and these are {len(statements)}; run them one by one")
        if statements[0].type not in (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN):
            kind = str(statements[0].type).rsplit(".", 1)[-1]
            raise BadQuery(f"this is {kind}, and only questions (SELECT, FROM, WITH, DESCRIBE, EXPLAIN) can be asked")
        cursor.execute(sql, parameters)
        yield
    except duckdb.InterruptException as error:
        raise BadQuery(f"this takes longer than {timeout:g} s; narrow it by dates or a limit") from error
    except duckdb.Error as error:
        raise BadQuery(_without_pointer(str(error))) from error
    except OSError as error:  # Arrow's reader tells DuckDB's errors so
        raise BadQuery(
            f"this takes longer than {timeout:g} s; narrow it by dates or a limit"
            if "INTERRUPT" in str(error).upper()
            else _without_pointer(str(error))
        ) from error
    finally:
        if alarm:
            alarm.cancel()


def _without_pointer(message: str) -> str:
    """DuckDB's message with its hint, without the lines that draw a pointer into the SQL."""
    lines = [line.strip() for line in message.strip().splitlines() if line.strip(" ^")]
    return "; ".join(line for line in lines if not line.startswith("LINE "))


@functools.cache
def _fields(table: str) -> list[str]:
    """The record's own columns of a table."""
    return [field.name for field in table_schema(table) if field.name not in ("report_id", "n")]


@functools.cache
def _coding_schema() -> pa.Schema:
    return arrow_schema(Coding)


# --- whole codings ---------------------------------------------------------------------------------------------------


def revision_of(cursor: duckdb.DuckDBPyConnection, report: str, revision: int | None = None) -> int:
    """The rev of a report's current (or numbered) revision, by the report's id or the beginning of it.

    Raises `UnknownId`, `AmbiguousId`.
    """
    if revision is not None:
        cursor.execute("SELECT rev FROM store.reports WHERE id = ? AND revision = ?", [report, revision])
        found = cursor.fetchall()
        if not found:
            raise UnknownId(f"{report}: the ledger has no revision {revision} of this report")
        return found[0][0]
    exact = cursor.execute("SELECT rev FROM store.current_reports WHERE id = ?", [report]).fetchall()
    if exact:
        return exact[0][0]
    cursor.execute("SELECT id, rev FROM store.current_reports WHERE starts_with(id, ?)", [report])
    rows = cursor.fetchmany(6)
    if len(rows) == 1 and len(report) >= SHORTEST_ID:
        return rows[0][1]
    if rows:
        raise AmbiguousId(f"{report}: several reports begin like this: {', '.join(sorted(row[0] for row in rows))} …")
    raise UnknownId(f"{report}: the ledger has no report with this id; see: comity reports")


def codings(
    cursor: duckdb.DuckDBPyConnection,
    revs: list[int],
    *,
    corrected: bool = False,
    arrays: Mapping[str, Counted] | None = None,
) -> list[Coding]:
    """The codings of these revisions, in their order, equal to those that were added (or as corrected since).

    `arrays`: the current events and statements, where they are held so.
    """
    rows: dict[int, dict[str, Any]] = {}
    among = ", ".join(map(str, revs)) or "NULL"  # in the SQL: files and row groups without them are then skipped
    for name in TABLES:
        fields = _fields(name)
        relation = f"store.current_{name}" if corrected and name in ("events", "statements") else f"store.{name}"
        order = "rev" if name == "reports" else "rev, n"
        listed = ", ".join(quoted(field) for field in fields)
        if corrected and arrays and name in arrays:
            found = arrays[name].of_additions(revs, fields).to_pylist()
        else:
            cursor.execute(f"SELECT rev, {listed} FROM {relation} WHERE rev IN ({among}) ORDER BY {order}")
            if len(revs) > FEW_CODINGS:
                found = cursor.to_arrow_table().to_pylist()
            else:
                found = [dict(zip(("rev", *fields), row)) for row in cursor.fetchall()]
        for row in found:
            rev = row.pop("rev")
            if name == "reports":
                extra = {key: row.pop(key) for key in ("codebook", "coder", "warnings")}
                rows[rev] = {"report": row, **extra} | {table: [] for table in TABLES if table != "reports"}
            else:
                rows[rev][name].append(row)
    ordered = [rows[rev] for rev in revs if rev in rows]
    return from_rows(ordered)


# --- one actor -------------------------------------------------------------------------------------------------------

CALLED = """
SELECT actor, text, country, count(*) AS number FROM store.current_mentions
WHERE actor IS NOT NULL {where} GROUP BY ALL ORDER BY actor
"""
"""How reports call actors."""


def called(cursor: duckdb.DuckDBPyConnection, actor: str) -> pa.Table:
    """How reports call an actor, and of which state it is there: ``text``, ``country``, ``number``."""
    return cursor.execute(CALLED.format(where="AND actor = ?"), [actor]).to_arrow_table().drop_columns("actor")


# --- one record ------------------------------------------------------------------------------------------------------


def find(cursor: duckdb.DuckDBPyConnection, beginning: str) -> tuple[str, str, int, int]:
    """(kind, id, rev, n) of the one record whose id begins so: an event, a statement or a report.

    Rejected records are found too. Raises `UnknownId`, `AmbiguousId`.
    """
    text = beginning.strip()
    if len(text) < SHORTEST_ID:
        raise UnknownId(f"{beginning!r}: give at least {SHORTEST_ID} characters of the id")
    # Mostly the id is whole and of a current record.
    whole = cursor.execute(
        """
        SELECT 'event' AS kind, id, rev, n FROM store.current_events WHERE id = $id
        UNION ALL
        SELECT 'statement', id, rev, n FROM store.current_statements WHERE id = $id
        """,
        {"id": text},
    ).fetchall()
    if len(whole) == 1:
        found: tuple[str, str, int, int] = whole[0]
        return found
    rows = cursor.execute(
        """
        SELECT 'event' AS kind, id, rev, n FROM store.events ANTI JOIN store.superseded USING (rev)
        WHERE starts_with(id, $id)
        UNION ALL
        SELECT DISTINCT 'event', id, rev, n FROM store.corrected_events ANTI JOIN store.superseded USING (rev)
        WHERE starts_with(id, $id) AND reason."by" = 'reviewer'
        UNION ALL
        SELECT 'statement', id, rev, n FROM store.statements ANTI JOIN store.superseded USING (rev)
        WHERE starts_with(id, $id)
        UNION ALL
        SELECT DISTINCT 'statement', id, rev, n FROM store.corrected_statements ANTI JOIN store.superseded USING (rev)
        ANTI JOIN store.statements USING (rev, n)
        WHERE starts_with(id, $id)
        UNION ALL
        SELECT 'report', id, rev, 0 FROM store.current_reports WHERE starts_with(id, $id)
        ORDER BY ALL LIMIT 12
        """,
        {"id": text},
    ).fetchall()
    exact = [row for row in rows if row[1] == text]
    if len(exact) == 1 or len(rows) == 1:
        return (exact or rows)[0]
    if rows:
        listed = ", ".join(f"{row[0]} {row[1]}" for row in rows[:10])
        raise AmbiguousId(f"{text}: several records begin like this: {listed}; give more of the id")
    raise UnknownId(f"{text}: the ledger has no event, statement or report with this id")


def explain(
    cursor: duckdb.DuckDBPyConnection, beginning: str, *, arrays: Mapping[str, Counted] | None = None
) -> Explanation:
    """The record with this id (or the beginning of one) and what it rests on; `arrays` as for `codings`."""
    kind, id_, rev, n = find(cursor, beginning)
    if kind == "report":
        coding = codings(cursor, [rev])[0]
        return Explanation(
            kind=kind, record=coding.report, report=coding.report, codebook=coding.codebook, coder=coding.coder
        )
    corrections = _corrections_of(cursor, rev, n, kind)
    origin = "comity"
    if kind == "event":
        coded = cursor.execute("SELECT origin FROM store.events WHERE rev = ? AND n = ?", [rev, n]).fetchall()
        origin = coded[0][0] if coded else origin
    table = kind + "s"
    current = cursor.execute(
        f"SELECT corrected FROM store.current_{table} WHERE rev = ? AND n = ?", [rev, n]
    ).fetchall()
    corrected, rejected = bool(current and current[0][0]), not current
    if origin != "comity":
        return Explanation(
            kind=kind,
            record=stored(cursor, kind, rev, n),
            report=None,
            origin=origin,
            corrected=corrected,
            rejected=rejected,
            corrections=corrections,
        )
    now = codings(cursor, [rev], corrected=True, arrays=arrays)[0]
    records: tuple[Event | Statement, ...] = now.events if kind == "event" else now.statements
    record = stored(cursor, kind, rev, n) if rejected else next(r for r in records if r.id == id_)
    text = now.report.text
    if isinstance(record, Event):
        sentence = text[slice(*record.sentence)]
    else:
        sentence = " … ".join(text[slice(*span)] for span in record.content)
    return Explanation(
        kind=kind,
        record=record,
        report=now.report,
        sentence=sentence,
        marks=_marks(record),
        chain=_chain(record, now),
        origin=origin,
        corrected=corrected,
        rejected=rejected,
        corrections=corrections,
        codebook=now.codebook,
        coder=now.coder,
        coding=now,
    )


def stored(
    cursor: duckdb.DuckDBPyConnection, kind: str, rev: int, n: int, *, seq: int | None = None
) -> Event | Statement:
    """One event or statement as it was coded (or added by a reviewer), or as corrected by `seq`; an imported event has
    spans of (0, 0) where its format has none.
    """
    import pyarrow as pa

    table = f"{kind}s"
    fields = ", ".join(quoted(name) for name in _fields(table))
    home, which = (table, "") if seq is None else (f"corrected_{table}", f" AND seq = {seq}")
    query = f"SELECT {fields} FROM store.{home} WHERE rev = ? AND n = ?{which}"
    found = cursor.execute(query, [rev, n]).to_arrow_table()
    if not found.num_rows and seq is None:  # added by a reviewer: the first row is what was added
        first = f"SELECT {fields} FROM store.corrected_{table} WHERE rev = ? AND n = ? ORDER BY seq LIMIT 1"
        found = cursor.execute(first, [rev, n]).to_arrow_table()
    row = found.to_pylist()[0]
    if kind == "event":
        blank: dict[str, Any] = {"sentence": [0, 0], "trigger": [0, 0], "contexts": [], "confidence": 1.0}
        blank["reason"] = {"by": IMPORTED, "id": ""}
        row |= {key: value for key, value in blank.items() if row[key] is None}
    nested: dict[str, Any] = {name: [] for name in (*TABLES, "warnings") if name != "reports"}
    nested |= {"report": {"id": "", "text": "", "demo": False}, table: [row], "codebook": "", "coder": ""}
    nested["report"]["declared"] = []
    coding = from_batch(pa.RecordBatch.from_pylist([nested], schema=_coding_schema()))[0]
    return coding.events[0] if kind == "event" else coding.statements[0]


def _corrections_of(cursor: duckdb.DuckDBPyConnection, rev: int, n: int, kind: str) -> tuple[dict[str, Any], ...]:
    if not cursor.execute("SELECT 1 FROM store.corrections WHERE seq > 0 LIMIT 1").fetchall():
        return ()
    found = cursor.execute(
        "SELECT c.* FROM corrections_v1 c JOIN store.correction_states s USING (id) "
        "WHERE s.rev = ? AND s.n = ? AND s.kind = ? ORDER BY s.seq",
        [rev, n, kind],
    ).to_arrow_table()
    return tuple(found.to_pylist())


def review_queue(
    cursor: duckdb.DuckDBPyConnection,
    filters: dict[str, Any],
    *,
    reviewer: str | None,
    limit: int,
    found: str | None = None,
    counted: Counted | None = None,
) -> pa.Table:
    """See `Ledger.review_queue`."""
    parameters = Parameters()
    where = condition("events", read_filters("events", filters), parameters)
    where += f" AND {found}" if found else ""
    whose = f"AND author = {parameters.add(reviewer)}" if reviewer is not None else ""
    wanted = [*columns_of(cursor, VIEWS["events"]), "words"]
    waiting = f"""
        FROM store.current_events
        ANTI JOIN (SELECT rev, n FROM store.correction_states
                   WHERE kind = 'event' AND state = 'active' AND action <> 'undo' {whose}) USING (rev, n)
        WHERE {where}"""
    # How certain the last one shown is, over one narrow column: ids, which break ties, are then read of few alone.
    least = f"SELECT confidence {waiting} AND confidence IS NOT NULL ORDER BY confidence LIMIT {int(limit)}"
    sure = cursor.execute(least, parameters.values).fetchall()
    if sure and len(sure) == limit:
        waiting += f" AND confidence <= {parameters.add(sure[-1][0])}"
    # As for pages: keys over narrow columns, then the wide ones for these rows alone, with their days, by which files are
    # skipped.
    keys = cursor.execute(
        f"SELECT day_first, rev, n {waiting} ORDER BY confidence, id LIMIT {int(limit)}", parameters.values
    ).fetchall()
    if counted is not None:
        return counted.rows(cursor, counted.at(keys), wanted)
    return rows_of(cursor, "events", keys, wanted, order="confidence, id")


def _marks(record: Event | Statement) -> tuple[tuple[Span, str], ...]:
    marks: list[tuple[Span, str]] = []
    if isinstance(record, Event):
        marks.append((record.trigger, "trigger"))
        parties = [(party, "source") for party in record.source] + [(party, "target") for party in record.target]
        if record.place:
            marks.append(((record.place.start, record.place.end), "place"))
    else:
        marks += [(span, "content") for span in record.content]
        marks += [(record.cue, "cue")] if record.cue else []
        parties = [(party, "speaker") for party in record.speakers]
        parties += [(record.addressee, "addressee")] if record.addressee else []
    marks += [((p.start, p.end), what) for p, what in parties if p.start is not None and p.end is not None]
    marks += [(record.date_span, "date")] if record.date_span else []
    return tuple(sorted(marks))


def _chain(record: Event | Statement, coding: Coding) -> tuple[Statement, ...]:
    statements = {statement.id: statement for statement in coding.statements}
    chain: list[Statement] = []
    at = statements.get(record.account or "") if isinstance(record, Event) else record
    while at is not None and at not in chain:
        chain.append(at)
        at = statements.get(at.within or "")
    return tuple(chain)


def revs(cursor: duckdb.DuckDBPyConnection, filters: dict[str, Any], found: str | None = None) -> list[int]:
    """The additions of the reports that pass all filters, in order."""
    parameters = Parameters()
    where = condition("reports", read_filters("reports", filters), parameters) + (f" AND {found}" if found else "")
    rows = cursor.execute(f"SELECT rev FROM store.current_reports WHERE {where} ORDER BY rev", parameters.values)
    return [row[0] for row in rows.fetchall()]
