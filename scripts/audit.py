"""Are faults known of the packages that Comity pins? Asks the services of pip-audit and says plainly what was not checked.

    python scripts/audit.py PIP-AUDIT [LOCK-FILE …]

Ends with 0: all were checked and none has a known fault; 1: a fault is known; 2: some (or all) could not be checked. A
service that cannot be reached, or does not know a package, tells nothing about it: that is no pass.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-release.lock")
SERVICES = ("pypi", "osv")
"""Asked in turn, until one knows the packages: an index that only mirrors files has no advisories."""

TIMEOUT = 600
LONGEST = 160
"""Characters shown of why a service gave no answer."""


def ask(program: str, lock: Path, service: str) -> tuple[list[dict[str, Any]], str]:
    """What a service says of each package of a lock file; and, where it says nothing, why."""
    words = [program, "-r", str(lock), "--no-deps", "--disable-pip", "-f", "json", "-s", service]
    try:
        done = subprocess.run(  # noqa: S603
            [*words, "--progress-spinner", "off"], capture_output=True, text=True, timeout=TIMEOUT, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return [], str(error)
    try:
        return json.loads(done.stdout)["dependencies"], ""
    except (ValueError, KeyError):
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        return [], lines[-1][:LONGEST] if lines else f"ended with {done.returncode} and no answer"


def audit(program: str, lock: Path) -> tuple[int, list[str]]:
    """How it ended (0, 1, 2, as above) and what to tell, for one lock file."""
    reasons = []
    for service in SERVICES:
        packages, why = ask(program, lock, service)
        checked = [one for one in packages if "vulns" in one]
        skipped = [one for one in packages if "vulns" not in one]
        if not checked:
            reasons.append(f"{service}: {why or skipped[0]['skip_reason'] if packages or why else 'no answer'}")
            continue
        faulty = [(one, fault) for one in checked for fault in one["vulns"]]
        told = [f"{lock.name}: {len(checked)} packages checked ({service}), {len(faulty)} known faults"]
        told += [
            f"  {one['name']} {one['version']}: {fault['id']}"
            + (f", mended in {', '.join(fault['fix_versions'])}" if fault.get("fix_versions") else ", not mended yet")
            for one, fault in faulty
        ]
        if skipped:
            told.append(f"  NOT CHECKED: {len(skipped)}, such as {skipped[0]['name']} ({skipped[0]['skip_reason']})")
        return (1 if faulty else 2 if skipped else 0), told
    return 2, [
        f"{lock.name}: NOT CHECKED: no advisory service could be asked, so nothing is known of its packages",
        *(f"  {reason}" for reason in reasons),
    ]


def main(words: list[str]) -> int:
    program, *locks = words
    ended = [audit(program, Path(lock)) for lock in locks or [str(ROOT / name) for name in LOCKS]]
    for _, told in ended:
        sys.stdout.writelines(f"{line}\n" for line in told)
    codes = {code for code, _ in ended}
    return 1 if 1 in codes else max(codes)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("usage: python scripts/audit.py PIP-AUDIT [LOCK-FILE …]; or: make audit")
    sys.exit(main(sys.argv[1:]))
