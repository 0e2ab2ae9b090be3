"""A team's ledger: the catalog in PostgreSQL, the files in a shared folder or an object store. One schema, one code."""

from __future__ import annotations

import contextlib
import functools
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from comity.ledger.errors import LedgerError, NoLedger
from comity.ledger.home import Home, without_password
from comity.ledger.lake import Attached, attach, connect, literal, load

if TYPE_CHECKING:
    import duckdb

TURN = 0x636F6D697479
"""Key of the PostgreSQL advisory lock that is a writer's turn ("comity" in ASCII); the next is that of adding."""

PAUSE = 0.1
"""Seconds between two tries for the lock."""


def attach_team(home: Home, *, read_only: bool, at: str | int | None, create: bool) -> Attached:
    """Attach the lake of a team's ledger; with `create`, make the lake (without schema) when there is none.

    Raises `NoLedger` when there is none and none is made, `LedgerError` when PostgreSQL cannot be reached.
    """
    try:
        return attach(home, read_only=read_only, at=at, create=create)
    except LedgerError as error:
        text = str(error)
        if "creating a new DuckLake is explicitly disabled" in text:
            raise NoLedger(
                f"{home.name}: there is no ledger in this database; "
                f"make one with: comity add PATHS --ledger {home.name!r} --data DIR-OR-S3"
            ) from error
        if "data_path is not set" in text:
            raise LedgerError(
                f"{home.name}: a new team ledger needs a place for its files; give --data DIR or --data s3://BUCKET/PREFIX"
            ) from error
        if "Unable to connect to Postgres" in text:
            why = text.split("failed:", 1)[-1].strip()
            raise LedgerError(
                f"{home.name}: PostgreSQL cannot be reached ({without_password(why)}); "
                "check the connection, or make the database with: createdb NAME"
            ) from error
        if "requires the extension httpfs" in text:  # its files are in an object store, as the catalog says
            return attach(home, read_only=read_only, at=at, create=False, store=True)
        raise


@functools.cache
def _connection(catalog: str) -> duckdb.DuckDBPyConnection:
    con = connect()
    load(con, "postgres_scanner")
    con.execute(f"ATTACH {literal(catalog.removeprefix('postgres:'))} AS turns (TYPE postgres)")
    return con


@contextlib.contextmanager
def held(home: Home, key: int, patience: float) -> Iterator[tuple[bool, Iterator[bool]]]:
    """Try for an advisory lock; gives whether it is held, and tries that go on until `patience` seconds are over.

    PostgreSQL frees it when this connection ends, however that happens.
    """
    cursor = _connection(home.catalog).cursor()
    question = literal(f"SELECT pg_try_advisory_xact_lock({key}) AS got")
    query = f"SELECT got FROM postgres_query('turns', {question})"  # noqa: S608

    def tries() -> Iterator[bool]:
        until = time.monotonic() + patience
        while time.monotonic() < until:
            time.sleep(PAUSE)
            yield cursor.execute(query).fetchall()[0][0]

    cursor.execute("BEGIN")
    try:
        yield cursor.execute(query).fetchall()[0][0], tries()
    finally:
        cursor.execute("ROLLBACK")
        cursor.close()
