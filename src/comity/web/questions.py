"""Questions in SQL that visitors write, answered by a process of its own over a sealed, read-only ledger.

What stands between a hostile question and the machine, in this order: it must be one SELECT whose parsed form names nothing
but the ledger's views, what it defines itself, and harmless functions; the connection is read-only, reaches no file outside
the ledger's folder and cannot be set otherwise; time, memory, rows and bytes are bounded; and the process can be ended.
"""

from __future__ import annotations

import contextlib
import json
import re
import time
from typing import TYPE_CHECKING, Any

import msgspec

from comity.web.asking import BadAsk
from comity.web.beside import Beside, Busy, Late, Lost, NotReady
from comity.web.settings import Settings
from comity.web.source import StillWorking

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

SECONDS = 10.0
"""Seconds that a question may take. One look at 10 million events takes about one."""

LONGEST = 10_000
"""Characters of a question."""

MOST_ROWS = 10_000
"""Rows of an answer; whoever wants more asks with `comity sql`."""

MOST_BYTES = 20 * 2**20
"""Bytes of an answer, as Arrow holds it."""

MEMORY = 8 * 2**30
"""Bytes of address space that the process may use; DuckDB itself is kept to `comity.ledger.lake.SEALED_MEMORY`."""

_LOADING_SECONDS = 60.0
_QUEUE_SECONDS = 12.0
_BATCH = 500

_SOURCES = frozenset({"range", "generate_series", "unnest"})
"""Functions that may stand where a table does. All others read files, look into the machine, or maintain the lake."""

_REFUSED = frozenset(
    {
        "current_setting",
        "getenv",
        "getvariable",
        "json_execute_serialized_sql",
        "nextval",
        "currval",
        "query",
        "query_table",
        "write_log",
    }
)
"""Functions of values that tell of the machine or leave traces."""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What a question found."""

    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: list[list[Any]]
    more: bool
    """Whether there are more rows than are given."""
    seconds: float


class Questions:
    """Answers questions, one at a time."""

    def __init__(self, settings: Settings) -> None:
        self._beside = Beside(_work, (settings.ledger, settings.data), loading=_LOADING_SECONDS, queue=_QUEUE_SECONDS)

    def ask(self, sql: str, limit: int, as_of: int | None = None) -> Told:
        """What a question finds; `as_of`: the number of a state of the past. Raises `BadAsk` for what cannot or may not be answered, `StillWorking` when others ask without end."""
        if len(sql) > LONGEST:
            raise BadAsk(f"q: has more than {LONGEST:,} characters")
        try:
            told = self._beside.ask((sql, min(limit, MOST_ROWS), as_of), SECONDS + 5)
        except Busy:
            raise StillWorking("other questions are being answered; ask again in a moment") from None
        except NotReady as error:
            raise BadAsk(str(error) or "the ledger could not be opened for questions in time; ask again") from None
        except Late:
            raise BadAsk(f"this takes longer than {SECONDS:g} s; narrow it by dates or a limit") from None
        except Lost:
            raise BadAsk("this needs more memory than a question may have; narrow it, or use: comity sql") from None
        if isinstance(told, str):
            raise BadAsk(told)
        return told

    def close(self) -> None:
        """End the process."""
        self._beside.close()


# --- in the other process --------------------------------------------------------------------------------------------


def _work(line: Connection, ledger: str, data: str | None) -> None:
    import os
    import signal

    from comity.ledger import Ledger, LedgerError

    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends this process
    with contextlib.suppress(ImportError, ValueError, OSError):  # where the system has no such limit
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        opened = Ledger(ledger, data=data, sealed=True)
        views = frozenset(
            opened.query("SELECT view_name FROM duckdb_views() WHERE schema_name = 'main' AND NOT internal")[
                "view_name"
            ].to_pylist()
        )
    except LedgerError as error:
        line.send(str(error))
        return
    line.send(None)
    past: Ledger | None = None
    with contextlib.suppress(EOFError, OSError):
        while True:
            sql, limit, as_of = line.recv()
            try:
                if as_of is not None and (past is None or past.as_of != as_of):
                    if past is not None:
                        past.close()
                    past = Ledger(ledger, data=data, sealed=True, as_of=as_of)
                line.send(_answer(opened if as_of is None or past is None else past, views, sql, limit))
            except (LedgerError, BadAsk) as error:
                if "Out of Memory" in str(error):
                    return  # what it took may not come back: the next question gets a new process
                line.send(str(error))
            except MemoryError:
                return
            except Exception as error:
                line.send(
                    f"this cannot be answered: {str(error).splitlines()[0] if str(error) else type(error).__name__}"
                )


def _answer(opened: Any, views: frozenset[str], sql: str, limit: int) -> Told:
    need_harmless(opened, sql, views)
    started = time.perf_counter()
    columns: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    rows: list[list[Any]] = []
    size = 0
    for batch in opened.stream(sql, timeout=SECONDS, batch=_BATCH):
        columns = tuple(batch.schema.names)
        types = tuple(str(kind) for kind in batch.schema.types)
        size += batch.nbytes
        if size > MOST_BYTES:
            raise BadAsk(f"the answer is larger than {MOST_BYTES >> 20} MB; ask for fewer columns or rows")
        rows += [list(row) for row in zip(*(column.to_pylist() for column in batch.columns))]
        if len(rows) > limit:
            break
    took = round(time.perf_counter() - started, 3)
    return Told(columns=columns, types=types, rows=rows[:limit], more=len(rows) > limit, seconds=took)


def need_harmless(opened: Any, sql: str, views: frozenset[str]) -> None:
    """Raise `BadAsk` for anything but one SELECT over views and what it defines itself."""
    parsed = json.loads(opened.query("SELECT json_serialize_sql(?::VARCHAR) AS tree", [sql])["tree"][0].as_py())
    if parsed.get("error"):
        said = " ".join(str(parsed.get("error_message", "")).split())
        only = "only questions (SELECT, FROM, WITH, DESCRIBE, SUMMARIZE) can be asked"
        raise BadAsk(only if said.startswith("Only SELECT") or not said else f"{said[:300]}; {only}")
    if len(parsed["statements"]) != 1:
        raise BadAsk(f"one SQL statement is wanted, and these are {len(parsed['statements'])}; ask them one by one")
    nodes = list(_nodes(parsed))
    own = {entry["key"] for node in nodes for entry in (node.get("cte_map") or {}).get("map", ())}
    own = {name.lower() for name in own if re.fullmatch(r"\w+", name)}
    for node in nodes:
        kind = node.get("type")
        if kind == "BASE_TABLE":
            name = str(node.get("table_name"))
            here = not node.get("catalog_name") and node.get("schema_name") in ("", "main")
            if not here or (name.lower() not in own and name.lower() not in views):
                raise BadAsk(f"there is no view {name!r} to ask; there are: {', '.join(sorted(views))}")
        elif kind == "TABLE_FUNCTION":
            name = str((node.get("function") or {}).get("function_name"))
            if name.lower() not in _SOURCES:
                raise BadAsk(f"{name}: cannot be read here; there are the views {', '.join(sorted(views))}")
        elif kind == "FUNCTION" and str(node.get("function_name")).lower() in _REFUSED:
            raise BadAsk(f"{node.get('function_name')}: cannot be used here")
        elif kind == "SHOW_REF" and node.get("table_name") and str(node["table_name"]).strip('"') != "tables":
            name = str(node["table_name"]).strip('"')
            if name.lower() not in views:
                raise BadAsk(f"there is no view {name!r} to ask; there are: {', '.join(sorted(views))}")


def _nodes(tree: Any) -> Any:
    """All nodes of a parsed statement."""
    waiting = [tree]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            yield one
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
