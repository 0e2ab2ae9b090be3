"""Questions in SQL: a table that can be taken away, and the address that asks it again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from comity.web.answering import Answer, Table
from comity.web.asking import Ask
from comity.web.questions import LONGEST, MOST_ROWS, SECONDS
from comity.web.view import Param, View

if TYPE_CHECKING:
    from comity.web.app import Room

SHOWN = 200

EXAMPLES = (
    (
        "What China and Russia did towards each other, by year",
        "SELECT year(day_first) AS year, quad, count(*) AS events\nFROM events_v1\n"
        "WHERE list_contains(sources, 'CHN') AND list_contains(targets, 'RUS')\n"
        "  AND status = 'actual' AND NOT background\nGROUP BY ALL ORDER BY ALL",
    ),
    (
        "Who is quoted most, and by outlets of which state",
        "SELECT s.name, outlet_country, count(*) AS statements\nFROM statements_v1, unnest(speakers) AS t(s)\n"
        "WHERE s.name IS NOT NULL\nGROUP BY ALL ORDER BY statements DESC LIMIT 50",
    ),
    ("The columns of events", "DESCRIBE events_v1"),
)


class SqlPage(msgspec.Struct, frozen=True, kw_only=True):
    """What a question in SQL found."""

    q: str
    columns: tuple[str, ...]
    types: tuple[str, ...]
    """Of the columns, as Arrow names them."""
    rows: list[list[Any]]
    more: bool
    """Whether there are more rows than are given."""
    seconds: float | None
    """Seconds that the answer took; null when nothing was asked."""
    views: list[tuple[str, list[str]]]
    """The views that can be asked, with their columns."""


def show(room: Room, ask: Ask) -> Answer:
    ask.need_only("q", "limit", "panel")
    question = ask.one("q")
    limit = ask.number("limit", SHOWN if ask.form == "html" else MOST_ROWS, 1, MOST_ROWS)
    views = room.source.once("views", lambda: _views(room))
    found = room.questions.ask(question, limit, room.source.as_of) if question else None
    data = SqlPage(
        q=question,
        columns=found.columns if found else (),
        types=found.types if found else (),
        rows=found.rows if found else [],
        more=found.more if found else False,
        seconds=found.seconds if found else None,
        views=views,
    )
    return Answer(
        template="sql.html",
        title="SQL",
        data=data,
        more={"examples": EXAMPLES, "seconds": SECONDS, "most": MOST_ROWS, "longest": LONGEST, "limit": limit},
        tables={"rows": lambda: _table(data)} if question else {},
    )


def _views(room: Room) -> list[tuple[str, list[str]]]:
    rows = room.ledger.query(
        "SELECT table_name, list(column_name ORDER BY column_index) AS names FROM duckdb_columns() "
        "WHERE database_name = current_database() AND schema_name = 'main' AND NOT internal GROUP BY 1 ORDER BY 1"
    ).to_pylist()
    return [(row["table_name"], row["names"]) for row in rows if row["table_name"].endswith("_v1")]


def _table(data: SqlPage) -> Table:
    return data.columns, data.rows


VIEWS = (
    View(
        path="/sql",
        name="sql",
        summary="Questions in SQL over the ledger's views, read-only and bounded",
        make=show,
        response=SqlPage,
        forms=("json", "csv"),
        params=(
            Param("q", f"one SELECT of DuckDB's SQL, at most {LONGEST:,} characters", example="DESCRIBE events_v1"),
            Param("limit", "rows given", "integer", least=1, most=MOST_ROWS, example=SHOWN),
        ),
    ),
)
