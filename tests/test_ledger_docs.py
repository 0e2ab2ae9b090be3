"""The page on the ledger names every filter, view and column; run this file with --write to bring it up to date."""

import re
import sys
import tempfile
from pathlib import Path

from comity.ledger import ASSERTED, FILTERS, Ledger

PAGE = Path(__file__).resolve().parents[1] / "docs" / "ledger.md"


def generated() -> dict[str, str]:
    """The parts of the page that follow from the code."""
    filters = ["| | filter | asks for |", "|---|---|---|"]
    for relation, table in FILTERS.items():
        filters += [f"| {relation} | `{name}` | {one.meaning} |" for name, one in table.items()]
    rules = [f"- `{name}`: {rule.words}" for name, rule in ASSERTED.items()]
    views = []
    with tempfile.TemporaryDirectory() as folder, Ledger(Path(folder) / "l") as ledger:
        names = ledger.query(
            "SELECT view_name FROM duckdb_views() WHERE database_name = current_database() AND schema_name = 'main' "
            "AND NOT internal ORDER BY view_name"
        )["view_name"].to_pylist()
        for name in names:
            columns = ledger.query(f"DESCRIBE {name}")["column_name"].to_pylist()
            views.append(f"- `{name}`: " + ", ".join(f"`{column}`" for column in columns))
    return {"filters": "\n".join(filters), "asserted": "\n".join(rules), "views": "\n".join(views)}


def brought_up_to_date(page: str) -> str:
    for name, text in generated().items():
        page = re.sub(
            rf"(<!-- {name}\b[^>]*-->\n).*?(<!-- /{name} -->)", lambda m, t=text: f"{m[1]}{t}\n{m[2]}", page, flags=re.S
        )
    return page


def test_the_page_names_every_filter_view_and_column():
    page = PAGE.read_text("utf-8")
    assert page == brought_up_to_date(page), "docs/ledger.md is stale; run: python tests/test_ledger_docs.py --write"


if __name__ == "__main__" and "--write" in sys.argv:
    PAGE.write_text(brought_up_to_date(PAGE.read_text("utf-8")), "utf-8")
