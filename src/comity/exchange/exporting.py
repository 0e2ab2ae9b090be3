"""The ledger's records in the formats of the field.

Beside each file stand two others: ``FILE.provenance.jsonl`` says for each row which record, report, offsets, versions
and corrections it rests on; ``FILE.left-out.jsonl`` holds the records that did not leave, each with the reason.
"""

# ruff: noqa: S608 (identifiers come from this package's own tables; values are always parameters)
from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import msgspec

from comity.exchange import citron, flat, gdelt, importing, mentions, plover, rebuilding
from comity.exchange.choosing import Selection, keys_of_origin, records, selection
from comity.exchange.columns import arrow_type
from comity.exchange.errors import ExchangeError
from comity.exchange.files import Form
from comity.exchange.tabular import Chosen, Format, Line, Refused

if TYPE_CHECKING:
    import pyarrow as pa

    from comity.ledger import Ledger

WRITTEN: dict[str, Format] = {**importing.TABULAR, "gdelt-mentions": mentions.FORMAT}
"""The formats of rows that are written, by their names on the command line."""

EXPORT_FORMATS = ("gdelt", "gdelt-mentions", "icews", "polecat", "phoenix", "plover", "citron", "csv", "parquet")

STATUS_TOLD = ("plover", "csv", "parquet")
"""Formats that say of a record that it is planned, denied or background: only these may hold such records."""

LINES = 5000
"""New rows that are written at once."""


class Exported(msgspec.Struct, frozen=True, kw_only=True):
    """What `export` wrote."""

    to: str
    path: str
    rows: int
    """Rows, lines or documents of the file."""
    records: int
    """Records in them."""
    left_out: dict[str, int]
    """Records that did not leave, by reason, most first."""
    reduced: dict[str, int]
    """Rows that say less than their record, by what is lost, most first."""
    provenance: str
    companion: str | None
    """None when nothing was left out."""
    said: str
    """The filter in plain words."""


class _Out:
    """The files of one export, under provisional names until all is written."""

    def __init__(self, path: Path, stack: contextlib.ExitStack) -> None:
        self.path = path
        self.provenance = path.with_name(path.name + ".provenance.jsonl")
        self.companion = path.with_name(path.name + ".left-out.jsonl")
        self._parts = {target: target.with_name(target.name + ".part") for target in self.targets}
        self.file: IO[bytes] = stack.enter_context(self._parts[path].open("wb"))
        self._sources: IO[bytes] = stack.enter_context(self._parts[self.provenance].open("wb"))
        self._others: IO[bytes] = stack.enter_context(self._parts[self.companion].open("wb"))
        self.left_out: Counter[str] = Counter()
        self.reduced: Counter[str] = Counter()
        self.rows = self.records = 0

    @property
    def targets(self) -> tuple[Path, Path, Path]:
        return self.path, self.provenance, self.companion

    def source(self, entry: dict[str, Any]) -> None:
        """One line of the sidecar."""
        self._sources.write(_json({name: value for name, value in entry.items() if value is not None}) + b"\n")

    def leave_out(self, reason: str, record: dict[str, Any]) -> None:
        """One line of the companion file."""
        self.left_out[reason] += 1
        self._others.write(_json({"reason": reason, **record}) + b"\n")

    def finish(self) -> None:
        """Give the files their names; a companion without lines goes."""
        for target, part in self._parts.items():
            part.replace(target)
        if not self.left_out:
            self.companion.unlink()

    def give_up(self, stack: contextlib.ExitStack) -> None:
        """Take away what was begun."""
        with contextlib.suppress(OSError):  # closing writes what is left, and the disk may be full
            stack.close()
        for part in self._parts.values():
            part.unlink(missing_ok=True)


_json = msgspec.json.Encoder().encode


def export(
    ledger: Ledger,
    to: str,
    path: str | Path,
    *,
    asserted: str = "default",
    all: bool = False,
    header: str = "none",
    with_text: bool = False,
    safe: bool = False,
    relation: str = "events",
    on_rows: Callable[[int], None] | None = None,
    **filters: Any,
) -> Exported:
    """Write the records that pass the filters to a file of format `to` (see `EXPORT_FORMATS`).

    Only events that are asserted by the rule `asserted` (see `comity.ledger.ASSERTED`), actual and no background leave;
    with `all` the others too, in formats that say what they are. `header`: of GDELT, ``none``, ``bigquery`` or
    ``codebook``. `with_text`: sentences too, in PLOVER's and in CSV. `safe`: CSV without formulas. `relation`: what CSV
    and Parquet hold, one of `flat.RELATIONS`. Imported rows of the format itself are written as they came.

    Raises `ExchangeError`, also where a file cannot be written, and what `Ledger.events` raises for a wrong filter.
    """
    path = Path(path)
    _need_sense(to, path, all=all, header=header, relation=relation, with_text=with_text, safe=safe)
    with contextlib.ExitStack() as stack:
        if to == "citron" or relation != "events":
            said = ledger.restate("statements" if to == "citron" else relation, **filters)
        else:
            said = ledger.restate("events", **filters, **({} if all else {"asserted": asserted}))
        try:
            out = _Out(path, stack)
        except OSError as error:
            raise ExchangeError(f"{path}: cannot be written ({error.strerror or error}); name another file") from error
        try:
            if to == "citron":
                _citron(ledger, out, filters)
            elif to in ("csv", "parquet") and relation != "events":
                _relation(ledger, out, to, relation, filters, with_text=with_text, safe=safe)
            else:
                chosen = selection(ledger, filters, asserted=asserted, all=all)
                if to in ("csv", "parquet"):
                    _flat_events(ledger, out, to, chosen, with_text=with_text, safe=safe)
                elif to == "plover":
                    _plover(ledger, out, chosen, with_text=with_text)
                else:
                    _rows(ledger, out, WRITTEN[to], chosen, gdelt.header(header) if to == "gdelt" else None, on_rows)
            stack.close()
            out.finish()
        except OSError as error:
            out.give_up(stack)
            why = error.strerror or error
            raise ExchangeError(f"{path}: cannot be written ({why}); what stood there before is left") from error
        except BaseException:
            out.give_up(stack)
            raise
    return Exported(
        to=to, path=str(path), rows=out.rows, records=out.records, left_out=dict(out.left_out.most_common()),
        reduced=dict(out.reduced.most_common()), provenance=str(out.provenance),
        companion=str(out.companion) if out.left_out else None, said=said,
    )  # fmt: skip


def _need_sense(to: str, path: Path, *, all: bool, header: str, relation: str, with_text: bool, safe: bool) -> None:
    if to not in EXPORT_FORMATS:
        raise ExchangeError(f"nothing is written as {to!r}; there are: {', '.join(EXPORT_FORMATS)}")
    if all and to not in STATUS_TOLD:
        raise ExchangeError(
            f"{to} cannot say that a record is planned, denied or background, so it holds none of these; the formats "
            f"that can are: {', '.join(STATUS_TOLD)}"
        )
    if header not in gdelt.HEADERS:
        raise ExchangeError(f"there is no header {header!r}; there are: {', '.join(gdelt.HEADERS)}")
    if header != "none" and to != "gdelt":
        raise ExchangeError(f"a header of choice is for gdelt; {to} has its own")
    if relation not in flat.RELATIONS:
        raise ExchangeError(f"there is no relation {relation!r}; there are: {', '.join(flat.RELATIONS)}")
    if relation != "events" and to not in ("csv", "parquet"):
        raise ExchangeError(
            f"{to} holds {'statements' if to == 'citron' else 'events'}; relations are for csv and parquet"
        )
    if safe and to != "csv":
        raise ExchangeError(f"cells without formulas are for csv; {to} is not read by spreadsheets")
    if with_text and to not in ("plover", "csv", "parquet"):
        raise ExchangeError(f"{to} has no place for the words" if to != "citron" else "citron always holds the text")
    if not path.parent.is_dir():
        raise ExchangeError(f"{path.parent}: there is no such folder; make it first")
    if path.is_dir():
        raise ExchangeError(f"{path}: is a folder; name a file")


# --- formats of rows -------------------------------------------------------------------------------------------------


def _rows(
    ledger: Ledger,
    out: _Out,
    format: Format,
    chosen: Selection,
    header: tuple[str, ...] | None,
    on_rows: Callable[[int], None] | None,
) -> None:
    own = format.name if format.reading is not None else None
    keys = keys_of_origin(ledger, chosen, own) if own else None
    imports = _imports(ledger, own, keys) if keys is not None and keys.num_rows else {}
    others = _any_others(ledger, chosen, own)
    usual = rebuilding.usual_form(format, header)
    forms = {_key(form): form for _, form, _ in imports.values()}
    # What came in one form and leaves alone leaves in that form; a header that is asked for goes before it.
    single = next(iter(forms.values())) if len(forms) == 1 and not others and header is None else None
    form = single or usual
    out.file.write(rebuilding.head(form))
    for rev, (file, came, n) in imports.items():
        same = came if _key(came) == _key(form) else form
        ids = _ids(keys, rev)
        for lines, at in rebuilding.rebuilt(ledger, format, rev, n, same, came):
            out.file.write(rebuilding.data(lines, form))
            _imported_sources(out, format, file, lines, at, ids)
            if on_rows:
                on_rows(out.rows)
    _new_rows(ledger, out, format, chosen, own, form, on_rows)
    if single is not None and not single.ended and not others:
        out.file.seek(-len(single.line_end), 2)
        out.file.truncate()


def _key(form: Form) -> bytes:
    """What makes two forms one: all but whether the last line has an end."""
    return _json(msgspec.structs.replace(form, ended=True))


def _any_others(ledger: Ledger, chosen: Selection, own: str | None) -> bool:
    """Whether anything is to be written besides imported rows as they came."""
    rest = f"NOT (origin = '{own}' AND NOT corrected)" if own else "TRUE"
    query = f"SELECT 1 FROM store.current_events WHERE {chosen.where} AND {chosen.sound} AND {rest} LIMIT 1"
    return bool(ledger.query(query, chosen.parameters).num_rows)


def _imports(ledger: Ledger, origin: str | None, keys: pa.Table) -> dict[int, tuple[str, Form, pa.Array]]:
    """By addition: the file's name, its form, and the rows wanted."""
    import pyarrow.compute as pc

    revs = pc.unique(keys["rev"]).to_pylist()
    found = ledger.query(
        "SELECT rev, file, notes FROM store.imports WHERE origin = $origin AND rev IN (SELECT unnest($revs)) ORDER BY rev",
        {"origin": origin, "revs": revs},
    )
    made = {}
    for row in found.to_pylist():
        n = keys.filter(pc.equal(keys["rev"], row["rev"]))["n"].combine_chunks()
        made[row["rev"]] = (row["file"], rebuilding.form_of(row["notes"]), n)
    return made


def _ids(keys: pa.Table | None, rev: int) -> dict[int, str]:
    import pyarrow.compute as pc

    assert keys is not None
    here = keys.filter(pc.equal(keys["rev"], rev))
    return dict(zip(here["n"].to_pylist(), here["id"].to_pylist()))


def _imported_sources(
    out: _Out, format: Format, file: str, lines: pa.Array, at: dict[str, Any], ids: dict[int, str]
) -> None:
    """The sidecar's lines of rows that leave as they came."""
    import pyarrow.compute as pc

    first = pc.list_element(pc.split_pattern(lines, "\t", max_splits=1), 0).to_pylist()
    for id, n, line in zip(first, at["n"], at["line"]):
        out.source({"id": id, "record": ids[n], "origin": format.name, "file": file, "line": line})
    out.rows += len(first)
    out.records += len(first)


def _new_rows(
    ledger: Ledger,
    out: _Out,
    format: Format,
    chosen: Selection,
    own: str | None,
    form: Form,
    on_rows: Callable[[int], None] | None,
) -> None:
    """Rows made of records, by day and id."""
    kinds = {column.column: column for column in format.columns}
    corrections = _corrections(ledger)
    held: list[Line] = []
    seen: set[str] = set()

    def flush() -> None:
        values = {
            name: _column(column.kind, [line.values.get(name) for line in held]) for name, column in kinds.items()
        }
        out.file.write(rebuilding.data(rebuilding.lines(form, kinds, values, len(held)), form))
        held.clear()
        if on_rows:
            on_rows(out.rows)

    for record, reason in records(ledger, chosen, without=own, cast=format.cast):
        made: list[Line] | Refused = Refused(reason) if reason else format.write(record)
        if isinstance(made, list) and record.origin == own:
            made = _corrected(ledger, format, record, made, corrections.get(record.event.id, []))
        if isinstance(made, Refused):
            out.leave_out(made.reason, _left_out(record))
            continue
        out.records += 1
        for line in made:
            if line.id in seen:  # two mentions of one dyad in one record
                continue
            seen.add(line.id)
            held.append(line)
            out.rows += 1
            out.reduced.update(line.reduced)
            out.source(_source(line.id, record, corrections, line.reduced))
        if len(held) >= LINES:
            flush()
    if held:
        flush()


def _corrected(
    ledger: Ledger, format: Format, record: Chosen, made: list[Line], corrections: list[dict[str, Any]]
) -> list[Line]:
    """An imported row of the format itself, with what its corrections changed."""
    assert format.reading is not None
    found = ledger.query(f"SELECT * FROM store.{format.table} WHERE rev = ? AND n = ?", [record.rev, record.n])
    row = found.to_pylist()[0]
    fields = {correction.get("field") for correction in corrections}
    changed = {column for field, columns in format.follows.items() if field in fields for column in columns}
    values = {name: made[0].values.get(name) if name in changed else row[name] for name in row}
    return [Line(str(row[format.reading.key[0]]), values, made[0].reduced)]


def _column(kind: str, values: list[Any]) -> pa.Array:
    """A column of new rows: texts on one line and in one cell."""
    import pyarrow as pa
    import pyarrow.compute as pc

    type = arrow_type(kind)
    made = pa.array(values, type)
    if kind == "text" and not pc.any(pc.match_substring_regex(made, "[\t\r\n]")).as_py():
        return made
    return pa.array([_tidy(value) for value in values], type) if kind.startswith("text") else made


def _tidy(value: Any) -> Any:
    """A text on one line and in one cell."""
    if isinstance(value, str):
        return " ".join(value.split()) if any(mark in value for mark in "\t\r\n") else value
    if isinstance(value, list):
        return [_tidy(item) for item in value]
    return value


# --- where rows come from --------------------------------------------------------------------------------------------


def _corrections(ledger: Ledger) -> dict[str, list[dict[str, Any]]]:
    """The corrections that hold, by record."""
    fields = (
        "id, record_id, strftime(added_at, '%Y-%m-%dT%H:%M:%SZ') AS added_at, author, reason, action, field, old, value"
    )
    found = ledger.query(f"SELECT {fields} FROM corrections_v1 WHERE state = 'active' ORDER BY added_at, id")
    made: dict[str, list[dict[str, Any]]] = {}
    for row in found.to_pylist():
        record = row.pop("record_id")
        made.setdefault(record, []).append({name: value for name, value in row.items() if value is not None})
    return made


def _source(
    id: str, record: Chosen, corrections: dict[str, list[dict[str, Any]]], reduced: tuple[str, ...] = ()
) -> dict[str, Any]:
    """The sidecar's line of a row that was made of a record."""
    event, report = record.event, record.report
    entry: dict[str, Any] = {"id": id, "record": event.id, "origin": record.origin}
    if report is not None:
        entry["report"] = {
            name: value
            for name in ("id", "revision", "url", "published", "text_hash")
            if (value := getattr(report, name)) is not None
        }
        entry |= {
            "sentence": event.sentence, "trigger": event.trigger,
            "source": [[p.start, p.end] for p in event.source if p.start is not None],
            "target": [[p.start, p.end] for p in event.target if p.start is not None],
            "codebook": report.codebook, "coder": report.coder, "reason": event.reason,
            "confidence": event.confidence, "account": event.account, "account_party": event.account_party,
        }  # fmt: skip
    entry["reduced"] = list(reduced) or None
    entry["corrections"] = corrections.get(event.id)
    return entry


def _left_out(record: Chosen) -> dict[str, Any]:
    report = record.report
    return {
        "record": record.event.id, "origin": record.origin, "report": report.id if report is not None else None,
        "event": record.event,
    }  # fmt: skip


# --- PLOVER, Citron, CSV, Parquet ------------------------------------------------------------------------------------


def _plover(ledger: Ledger, out: _Out, chosen: Selection, *, with_text: bool) -> None:
    keys = keys_of_origin(ledger, chosen, "plover")
    forms = []
    if keys.num_rows:
        for rev in dict.fromkeys(keys["rev"].to_pylist()):
            notes, file = (
                ledger.query("SELECT notes, file FROM store.imports WHERE rev = ?", [rev]).to_pylist()[0].values()
            )
            forms.append(msgspec.json.decode(notes)["form"])
            ids = _ids(keys, rev)
            rows = ledger.query("SELECT * FROM store.import_plover WHERE rev = ? ORDER BY n", [rev])
            for batch in rows.to_batches(max_chunksize=LINES):
                for row in batch.to_pylist():
                    if row["n"] not in ids:
                        continue
                    out.file.write(plover.line_of(plover.read_back(row)) + b"\n")
                    out.source(
                        {
                            "id": row["id"],
                            "record": ids[row["n"]],
                            "origin": "plover",
                            "file": file,
                            "line": row["line"],
                        }
                    )
                    out.rows += 1
                    out.records += 1
    corrections = _corrections(ledger)
    before = out.rows
    for record, reason in records(ledger, chosen, without="plover"):
        made = Refused(reason) if reason else plover.write(record, with_text=with_text)
        if isinstance(made, Refused):
            out.leave_out(made.reason, _left_out(record))
            continue
        out.file.write(made[1] + b"\n")
        out.source(_source(made[0], record, corrections))
        out.rows += 1
        out.records += 1
    if out.rows == before and len(forms) == 1 and not forms[0]["ended"]:
        out.file.seek(-1, 2)
        out.file.truncate()


def _citron(ledger: Ledger, out: _Out, filters: dict[str, Any]) -> None:
    """One document a line, in the order of the report's ids."""
    wanted = ledger.statements(columns=["id", "report_id"], **filters)
    by_report: dict[str, set[str]] = {}
    for id, report in zip(wanted["id"].to_pylist(), wanted["report_id"].to_pylist()):
        by_report.setdefault(report, set()).add(id)
    corrections = _corrections(ledger)
    for report in sorted(by_report):
        coding = ledger.coding(report, corrected=True)
        kept = tuple(statement for statement in coding.statements if statement.id in by_report[report])
        document, judged = citron.document(msgspec.structs.replace(coding, statements=kept))
        for statement, reason in judged:
            if reason is not None:
                out.leave_out(reason, {"record": statement.id, "report": report, "statement": statement})
                continue
            out.records += 1
            out.source({
                "id": statement.id, "record": statement.id, "origin": "comity",
                "report": {"id": report, "url": coding.report.url, "published": coding.report.published},
                "content": statement.content, "cue": statement.cue, "codebook": coding.codebook, "coder": coding.coder,
                "corrections": corrections.get(statement.id),
            })  # fmt: skip
        if document is not None:
            out.file.write(document + b"\n")
            out.rows += 1


def _flat_events(ledger: Ledger, out: _Out, to: str, chosen: Selection, *, with_text: bool, safe: bool) -> None:
    corrections = _corrections(ledger)
    ids: set[str] = set()
    for record, reason in records(ledger, chosen, texts=False):
        if reason is not None:
            out.leave_out(reason, _left_out(record))
            continue
        ids.add(record.event.id)
        out.source(_source(record.event.id, record, corrections))
    table = _table(ledger, "events", {}, with_text, chosen)
    _write_table(out, to, table, safe)


def _relation(
    ledger: Ledger, out: _Out, to: str, relation: str, filters: dict[str, Any], *, with_text: bool, safe: bool
) -> None:
    table = _table(ledger, relation, filters, with_text, None)
    if relation == "occurrences":
        accounts = _accounts(ledger)
        for id in table["id"].to_pylist():
            out.source({"id": id, "records": accounts.get(id, [])})
    elif relation == "reports":
        for id in table["id"].to_pylist():
            out.source({"id": id, "report": {"id": id}})
    elif relation == "mentions":
        for row in table.select(["report_id", "start", "end"]).to_pylist():
            report = row["report_id"]
            out.source({"id": f"{report}:{row['start']}-{row['end']}", "report": {"id": report}})
    else:
        for row in table.select(["id", "report_id"]).to_pylist():
            out.source({"id": row["id"], "record": row["id"], "report": {"id": row["report_id"]}})
    _write_table(out, to, table, safe)


def _accounts(ledger: Ledger) -> dict[str, list[dict[str, str]]]:
    """By occurrence, the events that tell of it, with their reports."""
    query = "SELECT occurrence, event_id AS record, report_id AS report FROM occurrence_accounts_v1 ORDER BY ALL"
    made: dict[str, list[dict[str, str]]] = {}
    for row in ledger.query(query).to_pylist():
        made.setdefault(row.pop("occurrence"), []).append(row)
    return made


def _table(
    ledger: Ledger, relation: str, filters: dict[str, Any], with_text: bool, chosen: Selection | None
) -> pa.Table:
    """The rows of a stable view, by day and id; with the words of a record, or a report's text, where asked for."""
    view = f"{relation}_v1"
    known = ledger.query(f"DESCRIBE {view}")["column_name"].to_pylist()
    if chosen is not None:
        listed = ", ".join(f'"{name}"' for name in known)
        words = ", substring(r.text, sentence[1] + 1, sentence[2] - sentence[1]) AS words" if with_text else ""
        join = "LEFT JOIN (SELECT rev, text FROM store.reports) r USING (rev)" if with_text else ""
        return ledger.query(
            f"SELECT {listed}{words} FROM store.current_events {join} WHERE {chosen.where} AND {chosen.sound} "
            "ORDER BY day_first NULLS LAST, id",
            chosen.parameters,
        )
    columns = [name for name in known if with_text or not (relation == "reports" and name == "text")]
    if with_text and relation == "statements":
        columns.append("words")
    table = getattr(ledger, relation)(columns=columns, **filters)
    return table.take(list(range(table.num_rows))[::-1]) if relation != "mentions" else table


def _write_table(out: _Out, to: str, table: pa.Table, safe: bool) -> None:
    if to == "parquet":
        import pyarrow.parquet as pq

        pq.write_table(table, out.file, compression="zstd")
    else:
        for part in flat.text(table, safe=safe):
            out.file.write(part.encode())
    out.rows = out.records = table.num_rows
