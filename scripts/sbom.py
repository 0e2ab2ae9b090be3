"""The bill of materials of a release: every package that `pip install comity[all]` was tested with, with its hashes.

    python scripts/sbom.py CYCLONEDX-PY OUTPUT

Made from `requirements.lock` by CycloneDX's own tool, without network. The same lock file and SOURCE_DATE_EPOCH give the
same bytes. Ends with 1 when a package of the lock file is missing in it, or has no hash.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements.lock"


def make(program: str, output: Path) -> None:
    """Write the bill of materials. Raises `subprocess.CalledProcessError`."""
    words = [program, "requirements", LOCK.name, "--pyproject", "pyproject.toml", "--mc-type", "library"]
    words += ["--output-reproducible", "--of", "JSON", "-o", str(output.absolute())]
    # its warning that the main component has no dependencies: a lock file says what is there, not who asked for it
    subprocess.run([*words], cwd=ROOT, check=True, stderr=subprocess.DEVNULL)  # noqa: S603


def faults(output: Path) -> list[str]:
    """What the bill lacks."""
    found = {
        (one["name"].lower().replace("_", "-"), one["version"]): one
        for one in json.loads(output.read_text("utf-8"))["components"]
    }
    pinned = re.findall(r"^([\w.-]+)==([\w.+!-]+)", LOCK.read_text("utf-8"), re.M)
    told = []
    for name, version in pinned:
        one = found.get((name.lower().replace("_", "-"), version))
        if one is None:
            told.append(f"{name} {version} is missing")
        elif not any(reference.get("hashes") for reference in one.get("externalReferences", ())):
            told.append(f"{name} {version} has no hash")
    return told


def main(program: str, output: Path) -> int:
    make(program, output)
    told = faults(output)
    sys.stdout.writelines(f"{output.name}: {line}\n" for line in told)
    return int(bool(told))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: python scripts/sbom.py CYCLONEDX-PY OUTPUT; or: make dist")
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
