"""Files of other projects into the ledger: typed, with their origin, each row once, wrong rows listed."""

# ruff: noqa: S608 (identifiers come from this package's own tables; values are always parameters)
from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from comity.exchange import facts as counting
from comity.exchange import files, icews, phoenix, plover, polecat
from comity.exchange import gdelt as gdelt_events
from comity.exchange.columns import typed
from comity.exchange.errors import ExchangeError, NotThisFormat
from comity.exchange.tabular import Format, Reading, Rows
from comity.records import LeftOut, content_hash

if TYPE_CHECKING:
    import pyarrow as pa

    from comity.ledger import Ledger

TABULAR: dict[str, Format] = {
    f.name: f for f in (gdelt_events.FORMAT, icews.FORMAT, polecat.FORMAT, phoenix.FORMAT)
}  # fmt: skip
"""The formats of rows, by name."""

IMPORTED_FORMATS = (*TABULAR, "plover")
"""What `import_file` reads."""

PART = 100_000
"""Rows that are stored at once: as few files in the lake as memory allows (a part of GDELT takes about 700 MB)."""

MOSTLY_WRONG = 0.5
"""Share of wrong rows from which on a file is not what it was said to be."""


class Repeat(msgspec.Struct, frozen=True):
    """A row whose key an earlier row has, in this file or in the ledger."""

    line: int
    key: str


class ImportReport(msgspec.Struct, frozen=True, kw_only=True):
    """What `import_file` did with one file."""

    origin: str
    file: str
    digest: str
    """SHA-256 of its bytes."""
    known: bool
    """The same file was imported before: nothing was done."""
    rows: int
    """Events stored."""
    left_out: tuple[LeftOut, ...] = ()
    """Wrong rows, with line number and reason."""
    repeats: tuple[Repeat, ...] = ()
    """Rows left out because the ledger, or the file before them, has a row with their key."""
    spelled: int = 0
    """Cells that are spelled otherwise than their column writes them; the spelling is kept."""
    unread: tuple[LeftOut, ...] = ()
    """Cells (of stored rows) that hold no value of their column's kind; the text is kept, the value is null."""
    notes: tuple[str, ...] = ()
    """What differs from the format's usual form, in words."""
    facts: counting.Facts | None = None


OnPart = Callable[[int], None]
"""Called with the number of rows stored so far."""


def import_file(ledger: Ledger, path: str | Path, format: str, *, on_part: OnPart | None = None) -> list[ImportReport]:
    """Store the events of a file of another format, one report for each file in it (a zip archive may hold several).

    A file is one transaction and is stored once (by its bytes); a row is stored once (by its key). Raises
    `ExchangeError`, and what `Ledger.import_events` raises.
    """
    path = Path(path)
    if format not in IMPORTED_FORMATS:
        raise ExchangeError(f"files of {format!r} are not read; there are: {', '.join(IMPORTED_FORMATS)}")
    if format == "plover":
        return [plover.import_file(ledger, path, member) for member in files.members(path)]
    return [_import_rows(ledger, path, member, TABULAR[format], on_part) for member in files.members(path)]


Item = TypeVar("Item")


def ahead(items: Iterator[Item]) -> Iterator[Item]:
    """The items, the next one made while the last is in use: here reading and typing go on while DuckDB writes."""
    with ThreadPoolExecutor(1) as pool:
        end = object()
        made = pool.submit(next, items, end)
        while (item := made.result()) is not end:
            made = pool.submit(next, items, end)
            yield item  # type: ignore[misc]


class _Run:
    """What comes up while a file is read."""

    def __init__(self, format: Format, reading: Reading, where: str) -> None:
        self.format = format
        self.reading = reading
        self.where = where
        self.wrong: list[files.WrongRow] = []
        self.repeats: list[Repeat] = []
        self.unread: list[LeftOut] = []
        self.spelled = 0
        self.facts: list[dict[str, pa.Array]] = []
        self.ids: list[pa.Array] = []
        """Ids of the rows of this file so far."""
        self.rows = 0
        self.counted: counting.Facts | None = None


def _import_rows(
    ledger: Ledger, path: Path, member: str | None, format: Format, on_part: OnPart | None
) -> ImportReport:
    reading = format.reading
    assert reading is not None, "TABULAR holds formats that are read"
    where = path.name if member is None else f"{path.name}!{member}"
    found = files.survey(
        path, member, name=format.name, columns=format.columns, header=format.header, missing=format.missing,
        required=reading.required,
    )  # fmt: skip
    report = partial(ImportReport, origin=format.name, file=where, digest=found.digest)
    imports = ledger.query("SELECT digest FROM imports_v1 WHERE origin = ?", [format.name])["digest"].to_pylist()
    if found.digest in imports:
        return report(known=True, rows=0)
    run = _Run(format, reading, where)
    notes: dict[str, Any] = {"form": msgspec.to_builtins(found.form), "notes": found.notes}

    def parts() -> Iterator[dict[str, pa.Table]]:
        held: list[files.Block] = []
        for block in files.blocks(path, member, found.form, run.reading.plain):
            run.wrong += block.wrong
            held.append(block)
            if sum(len(one.lines) for one in held) >= PART:
                yield from _part(ledger, run, held, found.form, bool(imports))
                held = []
                if on_part:
                    on_part(run.rows)
        if held:
            yield from _part(ledger, run, held, found.form, bool(imports))
        if len(run.wrong) > MOSTLY_WRONG * (len(run.wrong) + run.rows + len(run.repeats)):
            first = run.wrong[0]
            raise NotThisFormat(
                f"{path}: {len(run.wrong):,} of its {found.lines:,} lines are no rows of {format.title} (line "
                f"{first.line} {first.reason}); is it another format?"
            )
        run.counted = counting.count(run.facts)
        counts = {"wrong": len(run.wrong), "repeats": len(run.repeats), "spelled": run.spelled}
        notes.update(counts, facts=counting.as_record(run.counted))  # written with the last part

    stored = ledger.import_events(ahead(parts()), origin=format.name, file=where, digest=found.digest, notes=notes)
    return report(
        known=stored.known,
        rows=stored.rows,
        left_out=tuple(
            LeftOut(source=f"{where}:{row.line}", reason=row.reason, cure="correct the line or leave it out")
            for row in sorted(run.wrong, key=lambda row: row.line)
        ),
        repeats=tuple(run.repeats),
        spelled=run.spelled,
        unread=tuple(run.unread),
        notes=found.notes,
        facts=run.counted,
    )


def _part(
    ledger: Ledger, run: _Run, blocks: list[files.Block], form: files.Form, others: bool
) -> Iterator[dict[str, pa.Table]]:
    """The tables of one part: events, side table, cells kept apart."""
    import numpy as np
    import pyarrow as pa

    cells, lines, extra = _joined(blocks)
    kinds = {column.column: column for column in run.format.columns}
    values: dict[str, pa.Array] = {}
    odd: list[tuple[int, pa.Array, pa.Array]] = []
    for at, name in enumerate(form.columns):
        if name is None:
            odd.append((at, pa.array(np.arange(len(lines))), _plain(cells[at])))
            continue
        read = typed(kinds[name].kind, cells[at], form.missing, format=form.dates.get(name))
        values[name] = read.values
        if read.spelled is not None:
            odd.append((at, read.spelled, _plain(cells[at]).take(read.spelled)))
    rows = Rows(run.format.name, values, len(lines))
    keep, ids = _right(ledger, run, rows, lines, cells, form, others)
    if not len(keep):
        return
    kept = rows if len(keep) == rows.number else Rows(
        rows.format, {name: array.take(pa.array(keep)) for name, array in values.items()}, len(keep)
    )  # fmt: skip
    n = np.arange(run.rows, run.rows + len(keep))
    place = np.full(rows.number, -1, dtype=np.int64)
    place[keep] = n
    kept_lines = np.asarray(lines)[keep]
    run.facts.append(run.reading.facts(kept))
    events = {"n": pa.array(n), "id": ids, **run.reading.events(kept)}
    side = {"n": pa.array(n.astype(np.int32)), "line": pa.array(kept_lines.astype(np.int32)), **kept.values}
    run.rows += len(keep)
    yield {
        "events": pa.table(events),
        run.format.table: pa.table(side),
        "import_cells": _cells(run, odd, extra, place, lines, values, form),
    }


def _joined(blocks: list[files.Block]) -> tuple[dict[int, pa.Array], pa.Array, list[tuple[int, int, str]]]:
    import pyarrow as pa

    if len(blocks) == 1:
        return blocks[0].cells, blocks[0].lines, list(blocks[0].extra)
    cells = {}
    for at in blocks[0].cells:
        arrays = [block.cells[at] for block in blocks]
        if len({array.type for array in arrays}) > 1:
            arrays = [_plain(array) for array in arrays]
        joined = pa.chunked_array(arrays)
        cells[at] = (joined.unify_dictionaries() if pa.types.is_dictionary(joined.type) else joined).combine_chunks()
    extra, start = [], 0
    for block in blocks:
        extra += [(start + row, at, text) for row, at, text in block.extra]
        start += len(block.lines)
    return cells, pa.concat_arrays([block.lines for block in blocks]), extra


def _plain(array: pa.Array) -> pa.Array:
    import pyarrow as pa

    return array.dictionary_decode() if isinstance(array, pa.DictionaryArray) else array


def _right(
    ledger: Ledger, run: _Run, rows: Rows, lines: pa.Array, cells: dict[int, pa.Array], form: files.Form, others: bool
) -> tuple[Any, pa.Array]:
    """Which rows are imported, and their ids; the others are noted with their reasons."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    ok = np.ones(rows.number, dtype=bool)
    for name in run.reading.key:
        null = np.asarray(pc.is_null(rows[name]))
        column = next(c for c in run.format.columns if c.column == name)
        at = form.columns.index(name)
        for row in np.flatnonzero(null & ok).tolist():
            text = cells[at][row].as_py()
            run.wrong.append(files.WrongRow(lines[row].as_py(), f"has no {column.name} that can be read: {text!r}", ""))
        ok &= ~null
    faults = run.reading.faults(rows)
    for row in np.flatnonzero(np.asarray(pc.is_valid(faults)) & ok).tolist():
        run.wrong.append(files.WrongRow(lines[row].as_py(), faults[row].as_py(), ""))
        ok[row] = False
    ids = _ids(run.format.name, [rows[name] for name in run.reading.key])
    known = _stored(ledger, run, rows) if others else None
    repeated = np.zeros(rows.number, dtype=bool)
    for earlier in [*run.ids, *([known] if known is not None else [])]:
        repeated |= np.asarray(pc.is_in(ids, value_set=earlier))
    if pc.count_distinct(ids.filter(pa.array(ok))).as_py() < int(ok.sum()):
        first: set[str] = set()
        for row in np.flatnonzero(ok & ~repeated).tolist():
            id = ids[row].as_py()
            repeated[row] = id in first
            first.add(id)
    for row in np.flatnonzero(repeated & ok).tolist():
        key = " ".join(str(rows[name][row].as_py()) for name in run.reading.key)
        run.repeats.append(Repeat(lines[row].as_py(), key))
    keep = np.flatnonzero(ok & ~repeated)
    ids = ids.take(pa.array(keep))
    run.ids.append(ids)
    return keep, ids


def _stored(ledger: Ledger, run: _Run, rows: Rows) -> pa.Array:
    """Ids of rows of this format in the ledger, as far as their keys lie in the range of these rows'."""
    import pyarrow as pa
    import pyarrow.compute as pc

    format, reading = run.format, run.reading
    ends = pc.min_max(rows[reading.range]).as_py()
    if ends["min"] is None:
        return pa.array([], pa.string())
    named = ", ".join(reading.key)
    query = f"SELECT {named} FROM store.{format.table} WHERE {reading.range} BETWEEN $low AND $high AND rev > 0"
    found = ledger.query(query, {"low": ends["min"], "high": ends["max"]})
    return _ids(format.name, [found[name].combine_chunks() for name in reading.key])


def _ids(format: str, keys: list[pa.Array]) -> pa.Array:
    """The records' ids: a hash of the format and the row's key. Keys of numbers and days, of which there are hundreds of
    millions, are hashed as columns."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if any(pa.types.is_string(key.type) for key in keys):
        texts = [pc.cast(key, pa.string()).to_pylist() for key in keys]
        return pa.array([content_hash(format, *key) for key in zip(*texts)], pa.string())
    import numpy as np

    mixed = np.full(len(keys[0]), int(content_hash(format), 16), dtype=np.uint64)
    for key in keys:
        plain = pc.fill_null(pc.cast(key, pa.int32()) if pa.types.is_date32(key.type) else key, 0)
        mixed = _mixed(mixed + np.asarray(plain).astype(np.int64).view(np.uint64) * np.uint64(0x9E3779B97F4A7C15))
    digits = mixed.astype(">u8").tobytes().hex().encode()
    ends = np.arange(0, len(digits) + 1, ID_DIGITS, dtype=np.int32)
    return pa.StringArray.from_buffers(len(mixed), pa.py_buffer(ends), pa.py_buffer(digits))


ID_DIGITS = 16


def _mixed(numbers: Any) -> Any:
    """The finaliser of SplitMix64 (Steele, Lea and Flood 2014): one-to-one, each bit of the result hangs on all."""
    import numpy as np

    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        numbers = (numbers ^ (numbers >> np.uint64(shift))) * np.uint64(factor)
    return numbers ^ (numbers >> np.uint64(31))


def _cells(
    run: _Run,
    odd: list[tuple[int, pa.Array, pa.Array]],
    extra: list[tuple[int, int, str]],
    place: Any,
    lines: pa.Array,
    values: dict[str, pa.Array],
    form: files.Form,
) -> pa.Table:
    """The cells that no typed column gives back: (n, position in the line, text)."""
    import numpy as np
    import pyarrow as pa

    found: list[tuple[Any, Any, pa.Array]] = []
    for at, where, words in odd:
        n = place[np.asarray(where)]
        right = n >= 0
        if not right.any():
            continue
        found.append((n[right], np.full(int(right.sum()), at), words.filter(pa.array(right))))
        name = form.columns[at]
        if name is not None:
            run.spelled += int(right.sum())
            null = np.asarray(values[name].take(where).is_null())
            for row, text in zip(np.asarray(where)[null & right].tolist(), words.filter(pa.array(null & right))):
                column = next(c for c in run.format.columns if c.column == name)
                reason = f"{column.name} {text.as_py()!r} is no {column.base}"
                run.unread.append(
                    LeftOut(source=f"{run.where}:{lines[row].as_py()}", reason=reason, cure="the text is kept")
                )
    rows = [(int(place[row]), at, text) for row, at, text in extra if place[row] >= 0]
    columns = [
        np.concatenate([n for n, _, _ in found] + [np.array([row[0] for row in rows], dtype=np.int64)]),
        np.concatenate([at for _, at, _ in found] + [np.array([row[1] for row in rows], dtype=np.int64)]),
    ]
    texts = pa.concat_arrays([words for _, _, words in found] + [pa.array([row[2] for row in rows], pa.string())])
    return pa.table(
        {"n": columns[0].astype(np.int32), "position": columns[1].astype(np.int32), "text": texts},
        schema=pa.schema([("n", pa.int32()), ("position", pa.int32()), ("text", pa.string())]),
    )
