"""Corrections: a log that only grows, and the records as they stand after it.

A correction sets one field of an event or a statement, rejects the record, accepts it as it is, adds an event that was
missed, or undoes an earlier correction. Nothing coded is changed: the corrected record is stored whole beside the coded one, and the views show the
one with the last word. When a report is coded again, its corrections go over to the records that rest on the same
words; those that find none have lapsed and are listed.
"""

# ruff: noqa: S608 (identifiers come from this package's own tables; values are always parameters)

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from comity.ledger.errors import BadCorrection, UnknownId
from comity.ledger.filters import VALUES
from comity.ledger.read import IMPORTED, REVIEWER, TYPES, codings, find, revision_of, stored
from comity.ledger.schema import sql
from comity.records import Coding, Event, Party, Reason, Report, Span, Speaker, Statement, content_hash, to_tables

if TYPE_CHECKING:
    import duckdb

Record = Event | Statement

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
    field, value = _understood(before, target.kind, field, value)
    old = msgspec.to_builtins(getattr(before, field))
    after = _with(before, target.kind, field, value)
    _need_sense(cursor, target.rev, after, field)
    new = msgspec.to_builtins(getattr(after, field))
    made = _append(
        cursor, target, coded, "set", author=author, reason=reason, field=field, old=_json(old), value=_json(new)
    )
    _store(cursor, target, made.seq, _following(after, field), rejected)
    return made


def judge(
    cursor: duckdb.DuckDBPyConnection, record_id: str, action: str, *, author: str, reason: str | None
) -> Correction:
    """Accept or reject a record, inside the caller's transaction. A rejection stands until it is undone."""
    target = _target(cursor, record_id)
    coded = stored(cursor, target.kind, target.rev, target.n)
    made = _append(cursor, target, coded, action, author=author, reason=reason)
    if action == "reject":
        _store(cursor, target, made.seq, _now(cursor, target, coded)[0], True)
    return made


def add_event(
    cursor: duckdb.DuckDBPyConnection,
    report: str,
    span: tuple[int, int],
    type: str,
    source: list[str],
    target: list[str],
    *,
    author: str,
    reason: str | None,
    fields: dict[str, Any],
) -> Correction:
    """Add an event, inside the caller's transaction; see `Ledger.add_event`."""
    rev = revision_of(cursor, report)
    coding = codings(cursor, [rev], corrected=True)[0]
    text = coding.report.text
    start, end = span
    if not 0 <= start < end <= len(text) or not text[start:end].strip():
        raise BadCorrection(f"span: {start} to {end} marks no words of the report's text (0 to {len(text)})")
    sentence = _sentence_around(coding, start, end)
    date = (coding.report.published or "")[:10] or None
    seq = cursor.execute("SELECT max(seq) + 1 FROM store.corrections").fetchall()[0][0]
    event = Event(
        id="e" + content_hash("added", coding.report.id, start, end, type, *source, ">", *target, seq),
        type=type,
        quad="",
        source=tuple(_party(coding, one, sentence) for one in source),
        target=tuple(_party(coding, one, sentence) for one in target),
        date=date,
        date_precision="published" if date else None,
        sentence=sentence,
        trigger=(start, end),
        reason=Reason(by=REVIEWER, id=author.strip()),
        confidence=1.0,
    )
    _need_code(cursor, rev, event, "type")
    event = _following_type(event)
    if "date" in fields:
        fields = {"date_precision": _precision(fields["date"]), **fields}
    for name, value in fields.items():
        field, plain = _understood(event, "event", name, value)
        event = _following_type(_with(event, "event", field, plain), field)
    if "account_party" not in fields:
        event = msgspec.structs.replace(event, account_party=_whose_word(event, coding))
    for field in ("source", "type", *fields):
        _need_sense(cursor, rev, event, field)
    numbers = "SELECT n FROM store.{} WHERE rev = $rev"
    n = cursor.execute(
        f"SELECT coalesce(max(n) + 1, 0) FROM ({numbers.format('events')} UNION ALL {numbers.format('corrected_events')})",
        {"rev": rev},
    ).fetchall()[0][0]
    made = _append(
        cursor, Target("event", event.id, rev, n), event, "add", author=author, reason=reason, value=_json(event)
    )
    _store_added(cursor, rev, n, made.seq, event)
    return made


def _store_added(cursor: duckdb.DuckDBPyConnection, rev: int, n: int, seq: int, event: Event) -> None:
    table = to_tables([Coding(report=Report(id="", text=""), events=(event,), codebook="", coder="")])["events"]
    cursor.register("standing", table)
    try:
        cursor.execute(sql("dates"))
        cursor.execute(sql("insert_added_events"), {"seq": seq, "rev": rev, "n": n})
    finally:
        cursor.unregister("standing")


def _sentence_around(coding: Coding, start: int, end: int) -> Span:
    """The sentence that words stand in: that of a coded event around them, else from one full stop to the next."""
    known = [event.sentence for event in coding.events if event.sentence[0] <= start and end <= event.sentence[1]]
    if known:
        return min(known, key=lambda one: one[1] - one[0])
    text = coding.report.text
    first = max((found.end() for found in _ENDS.finditer(text, 0, start)), default=0)
    last = _ENDS.search(text, end)
    return first, (last.start() + len(last[1] or "")) if last else len(text.rstrip())


_ENDS = re.compile(r"([.!?…][\"'”’)\]]*)\s+|\s*\n\s*")


def _party(coding: Coding, said: str, sentence: Span) -> Party:
    """A party by its actor id or its country: as it is mentioned in the sentence or last before it, else by its code."""
    named = [one for one in coding.mentions if said in (one.actor, one.country) and one.start < sentence[1]]
    exact = [one for one in named if one.actor == said] or [one for one in named if one.country == said]
    if exact:
        best = min(exact, key=lambda one: (one.start < sentence[0], abs(one.start - sentence[0])))
        names = {actor.id: actor.name for actor in coding.actors}
        here = sentence[0] <= best.start
        return Party(
            start=best.start if here else None, end=best.end if here else None, text=best.text if here else None,
            actor=best.actor, name=names.get(best.actor or ""), country=best.country, sector=best.sector,
            office=best.office, office_status=best.office_status,
        )  # fmt: skip
    cast = {actor.id: actor.name for actor in coding.actors}
    if said in cast:
        return Party(actor=said, name=cast[said])
    if not re.fullmatch(r"[A-Z]{3}|IGO:\S.*|GROUP:.+@(?:[A-Z]{3}|null)", said):
        raise BadCorrection(
            f"{said!r}: is neither an actor of this report nor a code (CHN, IGO:NATO, GROUP:Name@RUS); see its cast"
        )
    return Party(country=said)


def _whose_word(event: Event, coding: Coding) -> str:
    """Whose word an event is: its account's speakers', else that of a state's own outlet, else an independent one."""
    sides = {
        "source": {party.country for party in event.source} - {None},
        "target": {party.country for party in event.target} - {None},
    }
    account = next((one for one in coding.statements if one.id == event.account), None)
    if account is not None:
        speaking = {speaker.country for speaker in account.speakers}
    elif coding.report.outlet_ownership == "state":
        speaking = {coding.report.outlet_country}
    else:
        return "independent"
    return next((side for side, countries in sides.items() if countries & speaking), "third")


def _precision(date: Any) -> str | None:
    return {4: "year", 7: "month", 10: "day"}.get(len(date)) if isinstance(date, str) else None


def _following_type(event: Record, field: str = "type") -> Event:
    made = _following(event, field)
    assert isinstance(made, Event)
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
    made = _append(cursor, target, coded, "undo", author=author, reason=reason, undoes=id_)
    if action != "accept":
        _store(cursor, target, made.seq, *_now(cursor, target, coded))
    return made


def _target(cursor: duckdb.DuckDBPyConnection, record_id: str) -> Target:
    kind, id_, rev, n = find(cursor, record_id)
    if kind not in FIELDS:
        raise BadCorrection(f"{record_id}: is a {kind}, and only events and statements can be corrected")
    return Target(kind, id_, rev, n)


def _append(
    cursor: duckdb.DuckDBPyConnection,
    target: Target,
    coded: Record,
    action: str,
    *,
    author: str,
    reason: str | None,
    **more: str | None,
) -> Correction:
    if not author.strip():
        raise BadCorrection("a correction needs an author: say whose it is")
    seq = cursor.execute("SELECT max(seq) + 1 FROM store.corrections").fetchall()[0][0]
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


def _understood(before: Record, kind: str, field: str, value: Any) -> tuple[str, Any]:
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
    for n, code in enumerate(codes):
        was = old[n] if n < len(old) else make()
        if was.country != code:
            unknown = {"country": code, "actor": None, "name": None, "office": None, "office_status": None}
            was = msgspec.structs.replace(was, **unknown)
        parties.append(was)
    return parties


def _with(record: Record, kind: str, field: str, value: Any) -> Record:
    data = msgspec.to_builtins(record) | {field: value}
    try:
        return msgspec.convert(data, TYPES[kind])
    except msgspec.ValidationError as error:
        raise BadCorrection(f"{field}: {error}; the form of each field is described in docs/record.md") from None


def _need_sense(cursor: duckdb.DuckDBPyConnection, rev: int, record: Record, field: str) -> None:
    """Raise `BadCorrection` for a value of the right type that says nothing or points nowhere."""
    value = getattr(record, field)
    if isinstance(record, Event) and field in ("type", "mode", "contexts", "cameo"):
        _need_code(cursor, rev, record, field)
    if field in VALUES and value is not None and value not in VALUES[field]:
        raise BadCorrection(f"{field}: {value!r} is unknown; it is one of: {', '.join(VALUES[field])}")
    if field in ("account", "within") and value is not None:
        rows = cursor.execute("SELECT count(*) FROM store.statements WHERE rev = ? AND id = ?", [rev, value]).fetchall()
        if not rows[0][0]:
            raise BadCorrection(f"{field}: the report has no statement {value!r}; give a statement's whole id")
    if field in ("content", "cue") and value is not None:
        length = len(_text(cursor, rev) or "")
        spans = value if field == "content" else [value]
        if not spans or any(not 0 <= start <= end <= length for start, end in spans):
            raise BadCorrection(f"{field}: spans must lie in the report's text (0 to {length}) and be one at least")
    if field in ("source", "speakers") and not value:
        raise BadCorrection(f"{field}: one at least is needed; reject the record if there is none")


def _need_code(cursor: duckdb.DuckDBPyConnection, rev: int, record: Event, field: str) -> None:
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


def _following(record: Record, field: str) -> Record:
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
            record = _following(_with(record, kind, field, msgspec.json.decode(value)), field)
    return record, rejected


def standing(cursor: duckdb.DuckDBPyConnection, kind: str, rev: int, n: int) -> tuple[Record, bool]:
    """A record as its corrections make it, and whether it is rejected."""
    return _now(cursor, Target(kind, "", rev, n), stored(cursor, kind, rev, n))


def _now(cursor: duckdb.DuckDBPyConnection, target: Target, coded: Record) -> tuple[Record, bool]:
    """The same, from the record as coded. What was added stands as long as its addition is not undone."""
    record, rejected = replay(coded, target.kind, _active(cursor, *target))
    if isinstance(coded, Event) and coded.reason.by == REVIEWER:
        states = cursor.execute(
            "SELECT state FROM store.correction_states WHERE action = 'add' AND rev = ? AND n = ?",
            [target.rev, target.n],
        ).fetchall()
        rejected = rejected or ("active",) not in states
    return record, rejected


def stored_standing(cursor: duckdb.DuckDBPyConnection, kind: str, rev: int, n: int) -> tuple[Record, bool]:
    """The same as it is stored for the views."""
    rows = cursor.execute(
        f"SELECT max(seq), arg_max(rejected, seq) FROM store.corrected_{kind}s WHERE rev = ? AND n = ?", [rev, n]
    ).fetchall()
    return stored(cursor, kind, rev, n, seq=rows[0][0]), rows[0][1]


def _store(cursor: duckdb.DuckDBPyConnection, target: Target, seq: int, record: Record, rejected: bool) -> None:
    """Store the record as it stands, whole, for the views."""
    blank = Report(id="", text="")
    if isinstance(record, Event):
        table = to_tables([Coding(report=blank, events=(record,), codebook="", coder="")])["events"]
    else:
        table = to_tables([Coding(report=blank, statements=(record,), codebook="", coder="")])["statements"]
    cursor.register("standing", table)
    try:
        cursor.execute(sql("dates"))
        parameters = {"seq": seq, "rejected": rejected, "rev": target.rev, "n": target.n}
        cursor.execute(sql(f"insert_corrected_{target.kind}s"), parameters)
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
    text = coding.report.text
    homes: dict[tuple[str, int], tuple[int, Record] | None] = {}
    fates: list[list[Any]] = []
    touched: dict[tuple[str, int], int] = {}
    added = len(coding.events)
    for id_, seq, kind, record_id, n, action, field, value, evidence in rows:
        if action == "add":
            base = stored(cursor, "event", old_rev, n)
            assert isinstance(base, Event)
            there = _carried(base, coding, record_id, msgspec.json.decode(evidence))
            if isinstance(there, str):
                fates.append([id_, rev, None, record_id, "lapsed", there])
            else:
                _store_added(cursor, rev, added, seq, there)
                homes[(kind, n)] = added, there
                fates.append([id_, rev, added, record_id, "carried", None])
                added += 1
            continue
        records: Sequence[Record] = coding.events if kind == "event" else coding.statements
        if (kind, n) not in homes:
            taken = {home[0] for (other, _), home in homes.items() if home and other == kind}
            homes[(kind, n)] = _home(records, text, record_id, msgspec.json.decode(evidence), taken)
        home = homes[(kind, n)]
        names = [statement.id for statement in coding.statements]
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


def _carried(event: Event, coding: Coding, record_id: str, evidence: dict[str, Any]) -> Event | str:
    """An added event as it stands in a new coding of its report; words that say why it cannot."""
    text = coding.report.text
    if "sentence" not in evidence:
        return "the words of the report are not known"
    if _home(coding.events, text, record_id, evidence, set()) is not None:
        return "an event is coded on these words now"
    start, end = event.sentence
    if _plain(text[start:end]) == evidence["sentence"]:
        return event
    places = [found.start() for found in re.finditer(re.escape(evidence["sentence"]), text)]
    if len(places) != 1 or len(evidence["sentence"]) != end - start:
        return "its words are no longer in the text, or not as they were"
    return _moved(event, places[0] - start)


def _moved(event: Event, by: int) -> Event:
    """An event whose words stand elsewhere in a new text; what was known of its parties' places moves along."""

    def moved(party: Party) -> Party:
        if party.start is None or party.end is None:
            return party
        return msgspec.structs.replace(party, start=party.start + by, end=party.end + by)

    return msgspec.structs.replace(
        event,
        sentence=(event.sentence[0] + by, event.sentence[1] + by),
        trigger=(event.trigger[0] + by, event.trigger[1] + by),
        source=tuple(map(moved, event.source)),
        target=tuple(map(moved, event.target)),
        account=None,
    )


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
