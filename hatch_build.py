"""Build hook: compiles the actor tables, so that wheel, sdist and editable install carry the compiled form."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ARTIFACT = "src/comity/actors/compiled.bin"


class CompiledTables(BuildHookInterface):  # type: ignore[type-arg]
    """Runs `scripts/compile_tables.py` before anything is packed; a fault in the tables stops the build."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        scripts = str(Path(self.root) / "scripts")
        sys.path.insert(0, scripts)
        try:
            import compile_tables  # type: ignore[import-not-found]

            compile_tables.write()
        finally:
            sys.path.remove(scripts)
        build_data["artifacts"].append(ARTIFACT)
