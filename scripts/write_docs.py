"""Write the generated parts of the pages anew: the command line, the fields of the record, the outputs in the README.

    python scripts/write_docs.py

`tests/test_docs.py` compares the pages with what this makes.
"""

from __future__ import annotations

import ast
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from comity import Coder, read_many, records
from comity.cli import commands
from comity.demo import reports_path

ROOT = Path(__file__).resolve().parents[1]
WIDTH = 100


def main() -> None:
    for name, make in PAGES.items():
        page = ROOT / name
        page.write_text(make(page.read_text("utf-8")), "utf-8")


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


# --- the outputs in the README ---------------------------------------------------------------------------------------


def readme(page: str) -> str:
    """The README with the true outputs of the commands that it shows, run in order beside a ledger of the demo."""
    with tempfile.TemporaryDirectory() as folder:
        shell("comity demo --json", folder)
        return re.sub(
            r"(<!-- run: (.*?) -->\n).*?(<!-- /run -->)",
            lambda m: f"{m[1]}{shown(m[2], folder)}{m[3]}",
            page,
            flags=re.S,
        )


def shown(line: str, folder: str) -> str:
    line = re.sub(r"\{(.*?)\}", lambda m: first_id(m[1], folder), line)
    said = "\n".join(row.rstrip() for row in shell(line, folder).splitlines()).strip("\n")
    return f"\n```text\n$ {line}\n{said}\n```\n\n"


def first_id(question: str, folder: str) -> str:
    """Id of the first record that a question to the ledger finds: ids follow from contents, which may change."""
    return json.loads(shell(f"comity {question} --limit 1 --json --ledger demo.ledger", folder))[0]["id"][:8]


def shell(line: str, folder: str) -> str:
    words = [sys.executable, "-m", *shlex.split(line)]
    sources = str(Path(records.__file__).parents[1])
    environment = os.environ | {"COLUMNS": str(WIDTH), "NO_COLOR": "1", "PYTHONPATH": sources}
    done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise RuntimeError(f"{line}: {done.stderr}")
    return done.stdout


def between(page: str, mark: str, text: str) -> str:
    """The page with the part between two marks replaced."""
    made, number = re.subn(
        rf"(<!-- {mark}\b[^>]*-->\n).*?(<!-- /{mark} -->)", lambda m: f"{m[1]}{text}{m[2]}", page, flags=re.S
    )
    if number != 1:
        raise ValueError(f"the page lacks the marks of {mark!r}")
    return made


PAGES = {"docs/cli.md": command_line, "docs/record.md": record, "README.md": readme}

if __name__ == "__main__":
    main()
