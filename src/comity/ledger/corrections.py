"""Corrections: a log that only grows, and the records as they stand after it.

A correction sets one field of an event or a statement, rejects the record, accepts it as it is, adds one that was missed
(`comity.ledger.adding`), or undoes an earlier correction. Nothing coded is changed: the corrected record is stored whole
beside the coded one, and the views show the one with the last word. When a report is coded again, its corrections go over
to the records that rest on the same words; those that find none have lapsed and are listed.
"""

# ruff: noqa: S608 (identifiers come from this package's own tables; values are always parameters)

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import msgspec

from comity.ledger.errors import BadCorrection, UnknownId
from comity.ledger.filters import VALUES, code_of, no_code
from comity.ledger.read import IMPORTED, find, stored
from comity.ledger.schema import sql
from comity.records import Coding, Contact, Event, Party, Report, Span, Speaker, Statement, content_hash, to_tables

if TYPE_CHECKING:
    import duckdb

Record = Event | Statement

R = TypeVar("R", bound=Record)

FIELDS: dict[str, tuple[str, ...]] = {
    "event": (
        *("type", "mode", "contexts", "cameo", "quad", "intensity", "source", "target", "mutual", "scope"),
        *("date", "date_precision", "date_end", "place", "status", "background", "account", "account_party"),
        *("contact", "size"),
    ),
    "statement": (
        *("kind", "content", "cue", "speakers", "addressee", "venue", "channel", "date", "date_precision"),
        *("polarity", "modality", "continued", "via", "within"),
    ),
}
"""The fields that can be corrected: what was understood, not where it stands, why, or how surely."""


class Correction(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of the log."""

    seq: int
    id: str
    author: str
    reason: str | None
    action: str
    """set | reject | accept | add | undo."""
    kind: str
    """event | statement."""
    record_id: str
    report_id: str | None
    rev: int
    n: int
    field: str | None = None
    old: str | None = None
    """The field's value before, as JSON."""
    value: str | None = None
    """The field's value now, as JSON."""
    undoes: str | None = None
    """Id of the correction that this one takes back."""
    evidence: str | None = None
    """What the record rested on, as JSON: the words by which it is found again."""


class Target(NamedTuple):
    """The record that a correction is about."""

    kind: str
    id: str
    rev: int
    n: int


# --- correcting ------------------------------------------------------------------------------------------------------


def correct(
    cursor: duckdb.DuckDBPyConnection, record_id: str, field: str, value: Any, *, author: str, reason: str | None
) -> Correction:
    """Set one field, inside the caller's transaction; see `Ledger.correct`."""
    target = _target(cursor, record_id)
    coded = stored(cursor, target.kind, target.rev, target.n)
    before, rejected = _now(cursor, target, coded)
    field, value = understood(before, target.kind, field, value)
    old = msgspec.to_builtins(getattr(before, field))
    after = with_field(before, field, value)
    need_sense(cursor, target.rev, after, field)
    new = msgspec.to_builtins(getattr(after, field))
    made = append(
        cursor, target, coded, "set", author=author, reason=reason, field=field, old=_json(old), value=_json(new)
    )
    _store(cursor, target, made.seq, following(after, field), rejected)
    return made


def judge(
    cursor: duckdb.DuckDBPyConnection, record_id: str, action: str, *, author: str, reason: str | None
) -> Correction:
    """Accept or reject a record, inside the caller's transaction. A rejection stands until it is undone."""
    target = _target(cursor, record_id)
    coded = stored(cursor, target.kind, target.rev, target.n)
    made = append(cursor, target, coded, action, author=author, reason=reason)
    if action == "reject":
        _store(cursor, target, made.seq, _now(cursor, target, coded)[0], True)
    return made


def undo(cursor: duckdb.DuckDBPyConnection, correction: str, *, author: str, reason: str | None) -> Correction:
    """Take a correction back, inside the caller's transaction. Raises `UnknownId`, `BadCorrection`."""
    rows = cursor.execute(
        "SELECT id, action, kind, record_id, rev, n, state FROM store.correction_states WHERE starts_with(id, ?)",
        [correction],
    ).fetchall()
    if len(rows) != 1:
        more = "several corrections begin like this" if rows else "there is no correction with this id"
        raise UnknownId(f"{correction}: {more}; see: comity corrections")
    id_, action, kind, record_id, rev, n, state = rows[0]
    if action == "undo" or state != "active":
        why = "it takes another one back" if action == "undo" else f"it is {state} already"
        raise BadCorrection(f"{id_}: cannot be undone: {why}; correct the record again instead")
    target = Target(kind, record_id, rev, n)
    coded = stored(cursor, kind, rev, n)
    made = append(cursor, target, coded, "undo", author=author, reason=reason, undoes=id_)
    if action != "accept":
        _store(cursor, target, made.seq, *_now(cursor, target, coded))
    return made


def _target(cursor: duckdb.DuckDBPyConnection, record_id: str) -> Target:
    kind, id_, rev, n = find(cursor, record_id)
    if kind not in FIELDS:
        raise BadCorrection(f"{record_id}: is a {kind}, and only events and statements can be corrected")
    return Target(kind, id_, rev, n)


def next_seq(cursor: duckdb.DuckDBPyConnection) -> int:
    """The number of the log's next entry."""
    rows = cursor.execute("SELECT max(seq) + 1 FROM store.corrections").fetchall()
    return int(rows[0][0])


def append(
    cursor: duckdb.DuckDBPyConnection,
    target: Target,
    coded: Record,
    action: str,
    *,
    author: str,
    reason: str | None,
    **more: str | None,
) -> Correction:
    """Write one entry of the log. Raises `BadCorrection` where nobody's name is given."""
    if not author.strip():
        raise BadCorrection("a correction needs an author: say whose it is")
    seq = next_seq(cursor)
    reports = cursor.execute("SELECT id, nullif(text, '') FROM store.reports WHERE rev = ?", [target.rev]).fetchall()
    report, text = reports[0] if reports else (None, None)
    now = datetime.datetime.now(datetime.UTC)
    made = Correction(
        seq=seq,
        id=content_hash("correction", seq, target.id, action, author, now.isoformat()),
        author=author.strip(),
        reason=reason,
        action=action,
        kind=target.kind,
        record_id=target.id,
        report_id=report,
        rev=target.rev,
        n=target.n,
        evidence=_json(evidence_of(coded, text)),
        **more,
    )
    values = msgspec.structs.asdict(made) | {"added_at": now}
    columns = ", ".join(values)
    cursor.execute(
        f"INSERT INTO store.corrections ({columns}) VALUES ({', '.join('$' + name for name in values)})", values
    )
    return made


# --- what a value may be ---------------------------------------------------------------------------------------------


def understood(before: Record, kind: str, field: str, value: Any) -> tuple[str, Any]:
    """The field's own name, and the value as plain data; countries given for parties become parties."""
    name = {"sources": "source", "targets": "target", "speaker": "speakers"}.get(field, field)
    if name not in FIELDS[kind]:
        raise BadCorrection(f"{kind}s have no field {field!r} to correct; there are: {', '.join(FIELDS[kind])}")
    if name in ("source", "target", "speakers") and _all_strings(value):
        codes = [value] if isinstance(value, str) else list(value)
        return name, msgspec.to_builtins(
            _parties(getattr(before, name), codes, Speaker if kind == "statement" else Party)
        )
    if name in ("contexts", "via") and isinstance(value, str):
        value = [value]
    return name, msgspec.to_builtins(value)


def _all_strings(value: Any) -> bool:
    return isinstance(value, str) or (
        isinstance(value, (list, tuple)) and bool(value) and all(isinstance(one, str) for one in value)
    )


def _parties(old: Sequence[Party], codes: Iterable[str], make: type[Party]) -> list[Party]:
    """The old parties with these countries: a changed one keeps its place in the text, not who it was taken for."""
    parties = []
    for n, given in enumerate(codes):
        was = old[n] if n < len(old) else make()
        if was.country != given:
            code = code_of(given)
            if code is None:
                raise BadCorrection(no_code(given))
            unknown = {"country": code, "actor": None, "name": None, "office": None, "office_status": None}
            was = msgspec.structs.replace(was, **unknown)
        parties.append(was)
    return parties


def with_field(record: R, field: str, value: Any) -> R:
    """A record with another value of one field. Raises `BadCorrection` where it has not the field's form."""
    data = msgspec.to_builtins(record) | {field: value}
    try:
        return msgspec.convert(data, type(record))
    except msgspec.ValidationError as error:
        raise BadCorrection(f"{field}: {error}; the form of each field is described in docs/record.md") from None


def need_sense(cursor: duckdb.DuckDBPyConnection, rev: int, record: Record, field: str) -> None:
    """Raise `BadCorrection` for a value of the right type that says nothing or points nowhere."""
    value = getattr(record, field)
    if isinstance(record, Event) and field in ("type", "mode", "contexts", "cameo"):
        need_code(cursor, rev, record, field)
    listed = value.channel if isinstance(value, Contact) else value
    if field in VALUES and value is not None and listed not in VALUES[field]:
        raise BadCorrection(f"{field}: {listed!r} is unknown; it is one of: {', '.join(VALUES[field])}")
    if field in ("account", "within") and value is not None:
        known = _statements(cursor, rev)
        if value not in known:
            raise BadCorrection(f"{field}: the report has no statement {value!r}; give a statement's whole id")
        if field == "within" and record.id in _around(value, known):
            raise BadCorrection(f"within: {value} is the statement itself or inside it; name one that reports it")
    if field in ("content", "cue") and value is not None:
        length = len(_text(cursor, rev) or "")
        spans = value if field == "content" else [value]
        if not spans or any(not 0 <= start <= end <= length for start, end in spans):
            raise BadCorrection(f"{field}: spans must lie in the report's text (0 to {length}) and be one at least")
    if field in ("source", "speakers") and not value:
        raise BadCorrection(f"{field}: one at least is needed; reject the record if there is none")


def need_code(cursor: duckdb.DuckDBPyConnection, rev: int, record: Event, field: str) -> None:
    """Codes are those of Comity's codebook, unless the report was coded by another."""
    from comity.codebook import UnknownCode, codebook

    book = codebook()
    rows = cursor.execute("SELECT codebook FROM store.reports WHERE rev = ?", [rev]).fetchall()
    if rows and rows[0][0] != book.version:
        return
    try:
        if field == "type":
            book.type(record.type)
        elif field == "mode" and record.mode is not None:
            book.mode(record.type, record.mode)
        elif field == "cameo" and record.cameo is not None:
            book.cameo_code(record.cameo)
        elif field == "contexts":
            strange = sorted(set(record.contexts) - set(book.contexts))
            if strange:
                raise UnknownCode(f"no context {strange[0]!r} in {book.version}; it has {', '.join(book.contexts)}")
    except UnknownCode as error:
        raise BadCorrection(f"{field}: {error}") from None


def _statements(cursor: duckdb.DuckDBPyConnection, rev: int) -> dict[str, str | None]:
    """The statements of a report, rejected ones too, and inside which other each is reported."""
    rows = cursor.execute(
        "SELECT id, within, 0 AS seq FROM store.statements WHERE rev = $rev "
        "UNION ALL SELECT id, within, seq FROM store.corrected_statements WHERE rev = $rev ORDER BY seq",
        {"rev": rev},
    ).fetchall()
    return {id_: within for id_, within, _ in rows}


def _around(id_: str, known: dict[str, str | None]) -> list[str]:
    """A statement and those that it is inside of."""
    chain: list[str] = []
    at: str | None = id_
    while at is not None and at not in chain:
        chain.append(at)
        at = known.get(at)
    return chain


# --- the standing record ---------------------------------------------------------------------------------------------


def _text(cursor: duckdb.DuckDBPyConnection, rev: int) -> str | None:
    rows = cursor.execute("SELECT text FROM store.reports WHERE rev = ?", [rev]).fetchall()
    return rows[0][0] if rows else None


def _active(cursor: duckdb.DuckDBPyConnection, kind: str, id: str, rev: int, n: int) -> list[tuple[int, str, str, str]]:
    """(seq, action, field, value) of the corrections that shape a record, oldest first."""
    return cursor.execute(
        "SELECT seq, action, field, value FROM store.correction_states "
        "WHERE kind = ? AND rev = ? AND n = ? AND state = 'active' AND action IN ('set', 'reject') ORDER BY seq",
        [kind, rev, n],
    ).fetchall()


def following(record: R, field: str) -> R:
    """What follows from another type or mode by the codebook: class, intensity, CAMEO code, and a mode of that type.

    A type that Comity's codebook does not have belongs to a codebook of the user's; nothing follows from it here. An
    imported event's intensity is on its format's scale, and what that gives the new type is not known.
    """
    from comity.codebook import codebook

    book = codebook()
    if not isinstance(record, Event) or field not in ("type", "mode") or record.type not in book.types:
        return record
    mode = record.mode if (record.type, record.mode) in book.modes else None
    cameo = book.cameo(record.type, mode, record.contexts)
    return msgspec.structs.replace(
        record,
        mode=mode,
        quad=book.quad(record.type, mode),
        intensity=None if record.reason.by == IMPORTED else book.intensity(record.type, mode),
        cameo=cameo.code if cameo else None,
    )


def replay(record: Record, kind: str, active: Iterable[tuple[int, str, str, str]]) -> tuple[Record, bool]:
    """A coded record after its active corrections, and whether it is rejected."""
    rejected = False
    for _, action, field, value in active:
        if action == "reject":
            rejected = True
        else:
            record = following(with_field(record, field, msgspec.json.decode(value)), field)
    return record, rejected


def standing(cursor: duckdb.DuckDBPyConnection, kind: str, rev: int, n: int) -> tuple[Record, bool]:
    """A record as its corrections make it, and whether it is rejected."""
    return _now(cursor, Target(kind, "", rev, n), stored(cursor, kind, rev, n))


def _now(cursor: duckdb.DuckDBPyConnection, target: Target, coded: Record) -> tuple[Record, bool]:
    """The same, from the record as coded. What was added stands as long as its addition is not undone."""
    record, rejected = replay(coded, target.kind, _active(cursor, *target))
    additions = cursor.execute(
        "SELECT state FROM store.correction_states WHERE action = 'add' AND kind = ? AND rev = ? AND n = ?",
        [target.kind, target.rev, target.n],
    ).fetchall()
    return record, rejected or (bool(additions) and ("active",) not in additions)


def stored_standing(cursor: duckdb.DuckDBPyConnection, kind: str, rev: int, n: int) -> tuple[Record, bool]:
    """The same as it is stored for the views."""
    rows = cursor.execute(
        f"SELECT max(seq), arg_max(rejected, seq) FROM store.corrected_{kind}s WHERE rev = ? AND n = ?", [rev, n]
    ).fetchall()
    return stored(cursor, kind, rev, n, seq=rows[0][0]), rows[0][1]


def _store(cursor: duckdb.DuckDBPyConnection, target: Target, seq: int, record: Record, rejected: bool) -> None:
    """Store the record as it stands, whole, for the views."""
    parameters = {"seq": seq, "rejected": rejected, "rev": target.rev, "n": target.n}
    _insert(cursor, record, f"insert_corrected_{target.kind}s", parameters)


def store_added(cursor: duckdb.DuckDBPyConnection, rev: int, n: int, seq: int, record: Record) -> None:
    """Store a record that the coder does not have: its first row among the corrected ones is what was added."""
    _insert(cursor, record, f"insert_added_{_kind_of(record)}s", {"seq": seq, "rev": rev, "n": n})


def _insert(cursor: duckdb.DuckDBPyConnection, record: Record, statement: str, parameters: dict[str, Any]) -> None:
    coding = Coding(report=Report(id="", text=""), codebook="", coder="")
    if isinstance(record, Event):
        table = to_tables([msgspec.structs.replace(coding, events=(record,))])["events"]
    else:
        table = to_tables([msgspec.structs.replace(coding, statements=(record,))])["statements"]
    cursor.register("standing", table)
    try:
        cursor.execute(sql("dates"))
        cursor.execute(sql(statement), parameters)
    finally:
        cursor.unregister("standing")


# --- going over to a new coding --------------------------------------------------------------------------------------


def evidence_of(record: Record, text: str | None) -> dict[str, Any]:
    """The words that a record rests on. Where its report's text is not known, its fields stand for them."""
    if text is None:
        return {"id": record.id}
    if isinstance(record, Event):
        start, end = record.sentence
        return {
            "sentence": _plain(text[start:end]),
            "trigger": _plain(text[slice(*record.trigger)]),
            "at": len(_plain(text[start : record.trigger[0]])),
            "parties": sorted(party.text or "" for party in (*record.source, *record.target)),
        }
    return {
        "content": [_plain(text[start:end]) for start, end in record.content],
        "speakers": sorted(speaker.text or "" for speaker in record.speakers),
    }


def _plain(words: str) -> str:
    return " ".join(words.split())


def carry(cursor: duckdb.DuckDBPyConnection, old_rev: int, coding: Coding, rev: int) -> tuple[int, int]:
    """Take the corrections of a superseded revision over to the new one: how many were carried and how many lapsed."""
    rows = cursor.execute(
        "SELECT id, seq, kind, record_id, n, action, field, value, evidence FROM store.correction_states "
        "WHERE rev = ? AND state = 'active' AND action <> 'undo' ORDER BY seq",
        [old_rev],
    ).fetchall()
    if not rows:
        return 0, 0
    text, old = coding.report.text, _text(cursor, old_rev) or ""
    homes: dict[tuple[str, int], tuple[int, Record] | None] = {}
    fates: list[list[Any]] = []
    touched: dict[tuple[str, int], int] = {}
    added = {"event": len(coding.events), "statement": len(coding.statements)}
    names = {statement.id for statement in coding.statements}
    for id_, seq, kind, record_id, n, action, field, value, evidence in rows:
        if action == "add":
            base = stored(cursor, kind, old_rev, n)
            there = _carried(base, old, coding, names, record_id, msgspec.json.decode(evidence))
            if isinstance(there, str):
                fates.append([id_, rev, None, record_id, "lapsed", there])
            else:
                store_added(cursor, rev, added[kind], seq, there)
                homes[(kind, n)] = added[kind], there
                fates.append([id_, rev, added[kind], record_id, "carried", None])
                added[kind] += 1
                if kind == "statement":
                    names.add(there.id)
            continue
        records: Sequence[Record] = coding.events if kind == "event" else coding.statements
        if (kind, n) not in homes:
            taken = {home[0] for (other, _), home in homes.items() if home and other == kind}
            homes[(kind, n)] = _home(records, text, record_id, msgspec.json.decode(evidence), taken)
        home = homes[(kind, n)]
        if home is None:
            fates.append([id_, rev, None, record_id, "lapsed", _why(kind, text, msgspec.json.decode(evidence))])
        elif field in ("account", "within") and msgspec.json.decode(value) not in (None, *names):
            fates.append([id_, rev, None, record_id, "lapsed", "the statement it names is no longer coded"])
        else:
            fates.append([id_, rev, home[0], home[1].id, "carried", None])
            if action != "accept":
                touched[(kind, home[0])] = seq
    for fate in fates:
        cursor.execute("INSERT INTO store.correction_fates VALUES (?, ?, ?, ?, ?, ?, now())", fate)
    for (kind, n), seq in touched.items():
        record = next(home[1] for home in homes.values() if home and home[0] == n and _kind_of(home[1]) == kind)
        target = Target(kind, record.id, rev, n)
        _store(cursor, target, seq, *_now(cursor, target, record))
    carried = sum(fate[4] == "carried" for fate in fates)
    return carried, len(fates) - carried


def _kind_of(record: Record) -> str:
    return "event" if isinstance(record, Event) else "statement"


def _carried(
    record: Record, old: str, coding: Coding, names: set[str], record_id: str, evidence: dict[str, Any]
) -> Record | str:
    """An added record as it stands in a new coding of its report; words that say why it cannot.

    `old`: the text that it was added to; `names`: the statements that an event may rest on and a statement be inside of.
    """
    text = coding.report.text
    kind = _kind_of(record)
    if not evidence.keys() & {"sentence", "content"}:
        return "the words of the report are not known"
    records: Sequence[Record] = coding.events if kind == "event" else coding.statements
    if _home(records, text, record_id, evidence, set()) is not None:
        return f"{'an event' if kind == 'event' else 'a statement'} is coded on these words now"
    spans = [record.sentence] if isinstance(record, Event) else list(record.content)
    wanted = [evidence["sentence"]] if kind == "event" else evidence["content"]
    by = _shift(text, spans, wanted)
    if by is None:
        return "its words are no longer in the text, or not as they were"
    return _moved(record, by, names, old, text)


def _shift(text: str, spans: list[Span], wanted: list[str]) -> int | None:
    """By how much words stand later in a new text than they stood in the old one; None where that cannot be said."""
    if all(_plain(text[start:end]) == words for (start, end), words in zip(spans, wanted)):
        return 0
    shifts = set()
    for (start, end), words in zip(spans, wanted):
        places = [found.start() for found in re.finditer(re.escape(words), text)]
        if len(places) != 1 or len(words) != end - start:
            return None
        shifts.add(places[0] - start)
    return shifts.pop() if len(shifts) == 1 else None


def _moved(record: Record, by: int, names: set[str], old: str, new: str) -> Record:
    """A record whose words stand elsewhere in a new text; what was known of its parties' places moves along.

    A place whose words are others now, and a statement that is no longer coded, are forgotten.
    """

    def span(one: Span | None) -> Span | None:
        if one is None or one[0] + by < 0:
            return None
        there = one[0] + by, one[1] + by
        return there if new[slice(*there)] == old[slice(*one)] else None

    def party(one: Any) -> Any:
        if one is None or one.start is None or one.end is None:
            return one
        there = span((one.start, one.end))
        start, end = there or (None, None)
        return msgspec.structs.replace(one, start=start, end=end, text=one.text if there else None)

    def named(one: str | None) -> str | None:
        return one if one in names else None

    changes: dict[str, Any]
    if isinstance(record, Event):
        place = record.place
        there = span((place.start, place.end)) if place else None
        changes = {
            "sentence": span(record.sentence), "trigger": span(record.trigger), "source": tuple(map(party, record.source)),
            "target": tuple(map(party, record.target)), "account": named(record.account),
            "place": msgspec.structs.replace(place, start=there[0], end=there[1]) if place and there else None,
        }  # fmt: skip
    else:
        changes = {
            "content": tuple(map(span, record.content)), "cue": span(record.cue),
            "speakers": tuple(map(party, record.speakers)), "addressee": party(record.addressee),
            "within": named(record.within),
        }  # fmt: skip
    return msgspec.structs.replace(record, **changes)


def _home(
    records: Sequence[Record], text: str, record_id: str, evidence: dict[str, Any], taken: set[int]
) -> tuple[int, Record] | None:
    """The record of a new coding that rests on the same words: by them, and among several by parties and id."""
    best: tuple[tuple[bool, bool], int, Record] | None = None
    for n, record in enumerate(records):
        words = evidence_of(record, text)
        loose = "parties" if isinstance(record, Event) else "speakers"
        if n in taken or any(words.get(key) != part for key, part in evidence.items() if key != loose):
            continue
        rank = (words[loose] == evidence.get(loose), record.id == record_id)
        if best is None or rank > best[0]:
            best = (rank, n, record)
    return (best[1], best[2]) if best else None


def _why(kind: str, text: str, evidence: dict[str, Any]) -> str:
    wanted = [evidence["sentence"]] if kind == "event" else evidence["content"]
    plain = _plain(text)
    if all(words in plain for words in wanted):
        return f"no {kind} is coded on these words any more"
    return "its words are no longer in the text"


# --- review ----------------------------------------------------------------------------------------------------------


def judgements(cursor: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], str]:
    """What each reviewer holds each event to be: its PLOVER type, or ``rejected``, by (event id, author).

    An accepted event has its coded type in the reviewer's eyes; one whose type the reviewer set has that.
    """
    rows = cursor.execute(
        "SELECT record_id, author, action, field, value, e.type FROM store.correction_states c "
        "JOIN store.events e ON e.rev = c.rev AND e.n = c.n "
        "WHERE c.kind = 'event' AND c.state = 'active' AND c.action <> 'undo' ORDER BY c.seq"
    ).fetchall()
    held: dict[tuple[str, str], str] = {}
    for record_id, author, action, field, value, coded in rows:
        key = (record_id, author)
        if action == "reject":
            held[key] = "rejected"
        elif action == "set" and field == "type":
            held[key] = msgspec.json.decode(value)
        elif action == "accept":
            held[key] = held[key] if held.get(key, "rejected") != "rejected" else coded
        else:
            held.setdefault(key, coded)
    return held


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
