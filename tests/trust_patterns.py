"""All regular expressions of Comity with the module that uses each: `python tests/trust_patterns.py` prints them as JSON.

A process of its own, since what was compiled before is not seen again.
"""

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
    return sorted((pattern, flags, where) for (pattern, flags), where in seen.items())


if __name__ == "__main__":
    json.dump(patterns(), sys.stdout)
