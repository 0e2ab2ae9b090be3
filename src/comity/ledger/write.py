"""Adding coded reports: one transaction a batch, by content."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from comity.ledger.corrections import carry
from comity.ledger.occurrences.settling import insert_traits
from comity.ledger.schema import sql
from comity.records import TABLES, Coding, LeftOut, to_json, to_tables

if TYPE_CHECKING:
    import duckdb

BATCH_SIZE = 200
"""Reports in one transaction: what a kill can lose. Whatever it holds, a transaction costs 0.1 s and eight files."""


class AddResult(msgspec.Struct, frozen=True, kw_only=True):
    """What `Ledger.add` did, counted in reports."""

    added: int = 0
    """New reports."""
    known: int = 0
    """Reports that the ledger already had, with the same text: nothing was done."""
    revised: int = 0
    """Reports that the ledger had with another text (or coded otherwise): a new revision, the old one kept."""
    carried: int = 0
    """Corrections that went over to a revised report's new records."""
    lapsed: int = 0
    """Corrections whose record is no longer found in a revised report."""
    left_out: tuple[LeftOut, ...] = ()
    """Codings that cannot be stored, with the reason."""

    def plus(self, other: AddResult) -> AddResult:
        """The two together."""
        return AddResult(
            added=self.added + other.added,
            known=self.known + other.known,
            revised=self.revised + other.revised,
            carried=self.carried + other.carried,
            lapsed=self.lapsed + other.lapsed,
            left_out=self.left_out + other.left_out,
        )


OnBatch = Callable[[AddResult], None]


class Planned(msgspec.Struct, frozen=True):
    """One coding that will be written, and as what."""

    coding: Coding
    rev: int
    revision: int
    text_hash: str
    coding_hash: str
    supersedes: int | None


def text_hash(text: str) -> str:
    """SHA-256 of the text in UTF-8, which DuckDB can compute again when it checks."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def coding_hash(coding: Coding) -> str:
    """BLAKE2b of the coding's JSON: two codings are the same when their hashes are."""
    return hashlib.blake2b(to_json(coding), digest_size=16).hexdigest()


def batches(codings: Iterable[Coding], size: int) -> Iterator[list[Coding]]:
    """Lists of `size` codings. When the iterable fails, what it gave before comes first, then the error."""
    batch: list[Coding] = []
    iterator = iter(codings)
    while True:
        try:
            coding = next(iterator)
        except StopIteration:
            break
        except BaseException:
            if batch:
                yield batch
            raise
        batch.append(coding)
        if len(batch) >= size:
            yield batch
            batch = []
    if batch:
        yield batch


def storable(codings: Sequence[Coding]) -> tuple[list[Coding], list[LeftOut]]:
    """Those codings whose text can be stored as UTF-8, and the others."""
    good, bad = [], []
    for coding in codings:
        try:
            to_tables([coding])
        except (UnicodeEncodeError, ValueError, OverflowError, TypeError) as error:
            where = coding.report.source or coding.report.id
            bad.append(LeftOut(source=where, reason=f"cannot be stored ({error})", cure="repair its text or encoding"))
        else:
            good.append(coding)
    return good, bad


def write_batch(cursor: duckdb.DuckDBPyConnection, codings: Sequence[Coding], *, recode: bool) -> AddResult:
    """Write one batch inside the caller's transaction."""
    left_out: list[LeftOut] = []
    try:
        hashes = [text_hash(coding.report.text) for coding in codings]
    except UnicodeEncodeError:
        codings, left_out = storable(codings)
        hashes = [text_hash(coding.report.text) for coding in codings]
    known = revised = added = carried = lapsed = 0
    for wave, wave_hashes in _waves(codings, hashes):
        planned, seen = _plan(cursor, wave, wave_hashes, recode)
        known += seen
        revised += sum(p.supersedes is not None for p in planned)
        added += sum(p.supersedes is None for p in planned)
        if planned:
            _insert(cursor, planned)
            insert_traits(cursor, [(p.rev, p.coding) for p in planned])
        for p in planned:
            if p.supersedes is not None:
                gone_over = carry(cursor, p.supersedes, p.coding, p.rev)
                carried += gone_over[0]
                lapsed += gone_over[1]
    return AddResult(
        added=added, known=known, revised=revised, carried=carried, lapsed=lapsed, left_out=tuple(left_out)
    )


def _waves(codings: Sequence[Coding], hashes: Sequence[str]) -> Iterator[tuple[list[Coding], list[str]]]:
    """Split a batch so that no report id stands twice in one part: the second may be a revision of the first."""
    wave: dict[str, tuple[Coding, str]] = {}
    for coding, digest in zip(codings, hashes):
        if coding.report.id in wave:
            yield [c for c, _ in wave.values()], [d for _, d in wave.values()]
            wave = {}
        wave[coding.report.id] = (coding, digest)
    if wave:
        yield [c for c, _ in wave.values()], [d for _, d in wave.values()]


def _plan(
    cursor: duckdb.DuckDBPyConnection, codings: Sequence[Coding], hashes: Sequence[str], recode: bool
) -> tuple[list[Planned], int]:
    """What to write, and how many reports are known already."""
    ids = [coding.report.id for coding in codings]
    rows = cursor.execute(
        "SELECT id, text_hash, rev, revision, coding_hash FROM store.reports "
        "WHERE id IN (SELECT unnest($ids)) ORDER BY rev",
        {"ids": ids},
    ).fetchall()
    stored: dict[str, list[tuple[Any, ...]]] = {}
    for row in rows:
        stored.setdefault(row[0], []).append(row)
    rev = next_rev(cursor)
    planned: list[Planned] = []
    known = 0
    for coding, digest in zip(codings, hashes):
        earlier = stored.get(coding.report.id, [])
        last = earlier[-1] if earlier else None
        coded = coding_hash(coding)
        if last and any(row[1] == digest for row in earlier):
            coded_otherwise = digest == last[1] and coded != last[4]
            if not (recode and coded_otherwise):
                known += 1
                continue
        planned.append(Planned(coding, rev, last[3] + 1 if last else 1, digest, coded, last[2] if last else None))
        rev += 1
    return planned, known


def next_rev(cursor: duckdb.DuckDBPyConnection) -> int:
    """The number of the next addition."""
    query = "SELECT greatest((SELECT max(rev) FROM store.reports), (SELECT max(rev) FROM store.imports)) + 1"
    return cursor.execute(query).fetchall()[0][0] or 1


def _insert(cursor: duckdb.DuckDBPyConnection, planned: Sequence[Planned]) -> None:
    import pyarrow as pa

    tables = to_tables(p.coding for p in planned)
    counted = [name for name in TABLES if name != "reports"]
    batch = {
        "report_id": pa.array([p.coding.report.id for p in planned], pa.string()),
        "rev": pa.array([p.rev for p in planned], pa.int32()),
        "revision": pa.array([p.revision for p in planned], pa.int32()),
        "text_hash": pa.array([p.text_hash for p in planned], pa.string()),
        "coding_hash": pa.array([p.coding_hash for p in planned], pa.string()),
        "supersedes": pa.array([p.supersedes for p in planned], pa.int32()),
    }
    for name in counted:
        batch[name] = pa.array([len(getattr(p.coding, name)) for p in planned], pa.int32())
    registered = {"batch": pa.table(batch)} | {f"batch_{name}": table for name, table in tables.items()}
    for name, table in registered.items():
        cursor.register(name, table)
    try:
        cursor.execute(sql("dates"))
        cursor.execute(sql("insert_reports"))
        cursor.execute(sql("insert_superseded"))
        for name in counted:
            if tables[name].num_rows:
                own = name in ("statements", "events")
                cursor.execute(sql(f"insert_{name}") if own else sql("insert_records").format(table=name))
    finally:
        for name in registered:
            cursor.unregister(name)
