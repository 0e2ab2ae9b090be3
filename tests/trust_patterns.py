"""All regular expressions of Comity with the module that uses each: `python tests/trust_patterns.py` prints them as JSON.

A process of its own, since what was compiled before is not seen again. Those of functions that nothing here calls are read
off the sources.
"""

import ast
import importlib
import json
import pkgutil
import re
import sys
from pathlib import Path

TEXT = (
    "VIENNA, May 3 (Xinhua) -- Norway's foreign minister said on Monday that “Kenya paid $3 million,” and met Mr. Otieno "
    "in Nairobi on 2 May 2021, killing 12 people. The two sides signed a treaty, the ministry's spokesman told reporters.\n"
)


def patterns() -> list[tuple[str, int, str]]:
    import comity

    root = str(Path(comity.__file__).parent)
    inner = re._compile  # type: ignore[attr-defined]
    seen: dict[tuple[str, int], str] = {}

    def watched(pattern, flags):
        compiled = inner(pattern, flags)
        frame = sys._getframe(2)
        if frame.f_code.co_filename.startswith(root) and isinstance(compiled.pattern, str):
            where = f"{Path(frame.f_code.co_filename).relative_to(root)}"
            seen.setdefault((compiled.pattern, compiled.flags), where)
        return compiled

    re._compile = watched  # type: ignore[attr-defined]
    for module in pkgutil.walk_packages(comity.__path__, "comity."):
        if not module.name.endswith("__main__"):
            try:
                importlib.import_module(module.name)
            except ImportError as error:  # an extra that is not installed
                sys.stderr.write(f"{module.name}: {error}\n")
    coder = comity.Coder()
    coder.code(comity.Report(id="a", text=TEXT * 2, published="2021-05-03"))
    for path in sorted(Path(root).rglob("*.py")):
        for pattern, flags in written(ast.parse(path.read_text("utf-8"))):
            seen.setdefault((pattern, inner(pattern, flags).flags), f"{path.relative_to(root)}")
    return sorted((pattern, flags, where) for (pattern, flags), where in seen.items())


def written(tree: ast.AST) -> list[tuple[str, int]]:
    """The patterns that stand as plain strings in calls of `re`, with their flags."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args \
                and isinstance(node.func.value, ast.Name) and node.func.value.id == "re" \
                and isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str):  # fmt: skip
            named = [one.attr for given in (*node.args[1:], *(k.value for k in node.keywords)) for one in ast.walk(given)
                     if isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name) and one.value.id == "re" and one.attr in re.RegexFlag.__members__]  # fmt: skip
            found.append((node.args[0].value, sum({int(re.RegexFlag[name]) for name in named})))
    return found


if __name__ == "__main__":
    json.dump(patterns(), sys.stdout)
