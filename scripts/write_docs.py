"""Write the generated parts of the pages anew: the command line, the fields of the record, the Python names, the JSON
twins, and the outputs of the examples on all pages (scripts/play_docs.py).

    python scripts/write_docs.py [PAGE …]

`tests/test_docs.py` compares the pages with what this makes.
"""

from __future__ import annotations

import ast
import inspect
import json
import re
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec
from play_docs import played

from comity import Coder, read_many, records
from comity.cli import commands
from comity.demo import reports_path

ROOT = Path(__file__).resolve().parents[1]


def main(chosen: list[str]) -> None:
    for name in chosen or sorted({*PAGES, *PLAYED}):
        page = ROOT / name
        text = page.read_text("utf-8")
        if name in PAGES:
            text = PAGES[name](text)
        if name in PLAYED:
            text = played(text, name, keep=True)
        page.write_text(text, "utf-8")


# --- the command line ------------------------------------------------------------------------------------------------


def command_line(page: str) -> str:
    parts = [
        f"## comity {name}\n\n```text\n{command.get_help(ctx).rstrip()}\n```\n" for name, command, ctx in commands()
    ]
    return between(page, "commands", "\n" + "\n".join(parts))


# --- the record ------------------------------------------------------------------------------------------------------


def record(page: str) -> str:
    """Fields, types and meanings of the record types, from their source: docstrings of fields live only there."""
    tree = ast.parse(Path(records.__file__).read_text("utf-8"))
    parts = []
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            parts.append(
                f"### {node.name}\n\n{prose(ast.get_docstring(node) or '')}\n\n" + "\n".join(fields(node)) + "\n"
            )
    return between(between(page, "fields", "\n" + "\n".join(parts)), "example", example())


SHOWN = ("demo-rus-chn-2022-02-04", "SUPPORT", "RUS", "CHN")
"""The event of the example: report, type, countries of source and target."""

FIELDS = (
    *("type", "mode", "cameo", "quad", "intensity", "source", "target", "mutual", "scope", "date", "date_precision"),
    *("status", "background", "account", "account_party", "sentence", "trigger", "reason"),
)


def example() -> str:
    """A sentence of the bundled reports with its event, in part."""
    found = [one for one in read_many(reports_path()) if isinstance(one, records.Report) and one.id == SHOWN[0]]
    coding = Coder().code(found[0])
    event = next(
        one
        for one in coding.events
        if (one.type, one.source[0].country, one.target[0].country) == SHOWN[1:] and not one.background
    )
    row = json.loads(records.to_json(event))
    lines = [f'  "{name}": {json.dumps(row[name], ensure_ascii=False)}' for name in FIELDS]
    sentence = " ".join(found[0].text[slice(*event.sentence)].split())
    return f"\n> {sentence}\n\n```json\n{{\n" + ",\n".join(lines) + "\n}\n```\n\n"


def fields(node: ast.ClassDef) -> Iterator[str]:
    base = node.bases[0]
    if isinstance(base, ast.Name) and not base.id.startswith("_"):
        yield f"All fields of {base.id}, and:\n"
    yield "| field | type | meaning |\n|---|---|---|"
    for number, item in enumerate(node.body):
        if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
            after = node.body[number + 1] if number + 1 < len(node.body) else None
            said = ""
            if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
                said = prose(str(after.value.value))
            kind = ast.unparse(item.annotation).replace("|", "\\|")
            yield f"| `{item.target.id}` | `{kind}` | {said} |"


def prose(docstring: str) -> str:
    """A docstring on one line, with the bars of its lists escaped for a table."""
    return " ".join(docstring.split()).replace("``", "`").replace("|", "\\|")


def between(page: str, mark: str, text: str) -> str:
    """The page with the part between two marks replaced."""
    made, number = re.subn(
        rf"(<!-- {mark}\b[^>]*-->\n).*?(<!-- /{mark} -->)", lambda m: f"{m[1]}{text}{m[2]}", page, flags=re.S
    )
    if number != 1:
        raise ValueError(f"the page lacks the marks of {mark!r}")
    return made


# --- names of the library --------------------------------------------------------------------------------------------

LIBRARY: dict[str, tuple[str, ...]] = {
    "comity": (),
    "comity.reading": (),
    "comity.records": ("to_json", "coding_from_json", "to_batch", "from_batch", "to_tables", "table_schema"),
    "comity.actors": (),
    "comity.actors.who": ("who",),
    "comity.codebook": ("codebook", "Codebook", "CodebookError", "UnknownCode"),
    "comity.ledger": (),
    "comity.ledger.occurrences": ("group_events",),
    "comity.relations": (),
    "comity.relations.network": ("network",),
    "comity.relations.concentration": ("concentration",),
    "comity.relations.polarity": ("polarity",),
    "comity.relations.voices": ("voices",),
    "comity.relations.claims": ("claims",),
    "comity.relations.formulae": ("formulae",),
    "comity.relations.compare": ("compare",),
    "comity.exchange": (),
    "comity.engines.local": ("stream",),
    "comity.engines.batch": ("code_batch",),
    "comity.engines.spark": ("session", "code", "coded_frame"),
    "comity.evaluation": ("evaluate", "Evaluation", "GoldError"),
}
"""What users of the library call, by module: () is all that the module itself names as public."""


def library(page: str) -> str:
    """The public names with what their docstrings say first. The site adds the docstrings in full (docs/conf.py)."""
    parts = []
    for name, chosen in LIBRARY.items():
        module = import_module(name)
        rows = [
            row for one in chosen or sorted(module.__all__, key=str.lower) for row in named(one, getattr(module, one))
        ]
        parts.append(f"## `{name}`\n\n{first(module)}\n\n| name | what it is |\n|---|---|\n" + "\n".join(rows) + "\n")
    return between(page, "names", "\n" + "\n".join(parts) + "\n")


def named(name: str, one: Any) -> Iterator[str]:
    """The row of a name; for a class that is no record, a row for each public method too."""
    if not callable(one):
        yield f"| `{name}` | a table, {type(one).__name__} |" if not isinstance(one, str) else f"| `{name}` | `{one}` |"
        return
    yield f"| `{name}{arguments(one)}` | {first(one)} |"
    if inspect.isclass(one) and not issubclass(one, (msgspec.Struct, Exception)):
        for method, function in inspect.getmembers(one, inspect.isfunction):
            if not method.startswith("_") and function.__doc__:
                yield f"| `{name}.{method}{arguments(function)}` | {first(function)} |"


def arguments(one: Callable[..., Any]) -> str:
    """Names of the arguments: ``(path, *, model=…)``. Records and exceptions have none here: their fields are elsewhere."""
    if inspect.isclass(one) and (
        issubclass(one, Exception) or hasattr(one, "__struct_fields__") or hasattr(one, "_fields")
    ):
        return ""
    shown, star = [], False
    for each in inspect.signature(one).parameters.values():
        if each.name == "self":
            continue
        if each.kind is each.KEYWORD_ONLY and not star:
            shown, star = [*shown, "*"], True
        mark = {each.VAR_POSITIONAL: "*", each.VAR_KEYWORD: "**"}.get(each.kind, "")
        star |= mark == "*"
        default = "" if each.default is each.empty or mark else "=…"
        shown.append(f"{mark}{each.name}{default}")
    return f"({', '.join(shown)})"


def first(one: Any) -> str:
    """The first sentence of a docstring."""
    said = prose((inspect.getdoc(one) or "").split("\n\n")[0])
    return re.split(r"(?<=[.:])\s+(?=[A-Z`])", said)[0].rstrip(":")


# --- the JSON twins --------------------------------------------------------------------------------------------------


def twins(page: str) -> str:
    """The addresses of the reading room with their parameters, from its OpenAPI description."""
    from comity.web.doing import ACTIONS
    from comity.web.openapi import description
    from comity.web.views import VIEWS

    parts = []
    for path, operations in description(VIEWS, ACTIONS)["paths"].items():
        for method, one in operations.items():
            rows = [
                f"| `{each['name']}` | {each['in']} | {prose(each.get('description', ''))} |"
                for each in one.get("parameters", ())
            ]
            parts.append(f"### {method.upper()} `{path}`\n\n{one['summary']}\n")
            if rows:
                parts.append("| parameter | in | |\n|---|---|---|\n" + "\n".join(rows) + "\n")
    return between(page, "addresses", "\n" + "\n".join(parts) + "\n")


def schema(_: str) -> str:
    """The JSON schema of a record, as `comity code --jsonl` writes it."""
    made = msgspec.json.schema(records.Coding)
    made = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "A report's record", **made}
    return json.dumps(made, indent=1, ensure_ascii=False) + "\n"


PAGES = {
    "docs/api.md": library,
    "docs/cli.md": command_line,
    "docs/record.md": record,
    "docs/record.schema.json": schema,
    "docs/rest.md": twins,
}
"""Pages with parts that are made from the code."""

PLAYED = sorted(
    str(page.relative_to(ROOT))
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
    if page.name not in ("cli.md", "architecture.md")
)
"""Pages whose examples are played. The examples of cli.md are those of the commands' own help (tests/test_cli_help.py)."""

if __name__ == "__main__":
    main(sys.argv[1:])
