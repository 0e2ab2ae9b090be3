"""What the scripts of mutation share: how a mutant reads beside the code that it was made of."""

from __future__ import annotations

import ast
from difflib import unified_diff


def functions(code: str) -> dict[str, list[str]]:
    """The lines of every function of a source that holds mutants, by name."""
    lines = code.splitlines()
    found = (node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.FunctionDef))
    return {node.name: lines[node.lineno - 1 : node.end_lineno] for node in found}


def changed(known: dict[str, list[str]], name: str, where: str) -> str:
    """What a mutant changes, as a diff; `known` is what `functions` found, `name` what mutmut calls it."""
    own = name.rpartition(".")[2]
    one = known[own.partition("__mutmut_")[0] + "__mutmut_orig"]
    return "\n".join(unified_diff(one[1:], known[own][1:], where, where, n=2, lineterm=""))
