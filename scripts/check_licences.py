"""Check that what Comity installs may be used under Apache-2.0: the licence of every package of a lock file.

    python scripts/check_licences.py [requirements.lock] [--list]

Licences are what the installed packages say of themselves. Packages that the lock file has for other platforms, and are not
installed here, are counted. Ends with 1 when a licence is unknown or not among the allowed.
"""

from __future__ import annotations

import re
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

ALLOWED = re.compile(
    r"\b(?:Apache|MIT|MIT-0|BSD|[0-3]BSD|0BSD|ISC|PSF|PSF-2\.0|Python Software Foundation|MPL|Mozilla Public|HPND|Unlicense|CC0"
    r"|Zlib|BSL-1\.0|CNRI-Python|Public Domain)",
    re.IGNORECASE,
)
"""Permissive licences, and the Mozilla licence, whose duty stops at its own files."""

REFUSED = re.compile(
    r"\b(?:A?GPL|LGPL|General Public|SSPL|BUSL|Commons Clause|Non-?Commercial|Proprietary)", re.IGNORECASE
)

SEEN = {
    "axe-playwright-python": "MIT AND MPL-2.0",
    # Its GPL part is a mode for Emacs, which is not in the package (its COPYING); it builds the site and is not shipped.
    "docutils": "Public Domain AND BSD-2-Clause AND PSF-2.0",
}
"""Packages without a usable statement whose licence was looked up by hand: name to SPDX expression."""


def locked(path: Path) -> list[str]:
    """Names of the packages of a lock file."""
    found = (re.match(r"([A-Za-z0-9][\w.-]*)==", line) for line in path.read_text("utf-8").splitlines())
    return [one[1] for one in found if one]


def licence(package: Distribution) -> str:
    """What a package says of its licence: the expression, else its classifiers, else the first line of the text."""
    about = package.metadata
    name = about["Name"].lower()
    classifiers = [
        one.rsplit(" :: ", 1)[-1] for one in about.get_all("Classifier") or () if one.startswith("License ::")
    ]
    stated = about.get("License-Expression") or "; ".join(c for c in classifiers if c != "OSI Approved")
    return SEEN.get(name) or stated or (about.get("License") or "").strip().split("\n")[0][:80]


def fault(stated: str) -> str | None:
    """Why a licence does not do, or None. Of alternatives ("A OR B") one is enough."""
    if not stated:
        return "says nothing of its licence"
    for choice in re.split(r"\bOR\b", stated):
        if ALLOWED.search(choice) and not REFUSED.search(choice):
            return None
    return f"is under {stated!r}, which is not among the allowed"


def check(path: Path) -> tuple[dict[str, str], list[str], list[str]]:
    """Licences by package, faults, and packages that are not installed."""
    licences, faults, absent = {}, [], []
    for name in locked(path):
        try:
            licences[name] = licence(distribution(name))
        except PackageNotFoundError:
            absent.append(name)
            continue
        why = fault(licences[name])
        if why:
            faults.append(f"{name} {why}")
    return licences, faults, absent


def main(words: list[str]) -> int:
    paths = [Path(word) for word in words if not word.startswith("--")] or [ROOT / "requirements.lock"]
    bad = False
    for path in paths:
        licences, faults, absent = check(path)
        if "--list" in words:
            sys.stdout.writelines(f"{name}\t{stated}\n" for name, stated in licences.items())
        sys.stdout.write(f"{path.name}: {len(licences)} packages checked, {len(absent)} not installed here\n")
        sys.stdout.writelines(f"  {line}\n" for line in faults)
        bad = bad or bool(faults)
    return int(bad)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
