"""The bundled demo: short reports written for Comity about public events of 2021 to 2024, told from several sides.

They are no publisher's texts. The facts are public; quoted are only a few widely published words. Every record made
from them says ``demo: true``.
"""

from importlib.resources import as_file, files
from pathlib import Path


def reports_path() -> Path:
    """The file of the bundled reports, to be read like any other input."""
    with as_file(files(__package__).joinpath("reports.jsonl")) as path:
        return path
