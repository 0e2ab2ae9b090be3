"""Which lines the tests reach: modules below the floor by name, and the share of all.

    python scripts/covered.py

Reads what `coverage run -m pytest` and `coverage combine` left; `make coverage` calls all three. Fails where a module
or the whole is below its floor.
"""

import sys
import tempfile
from pathlib import Path

import coverage
import msgspec

LEAST_OF_ALL = 90.0
LEAST_OF_MODULE = 80.0
"""Percent of the lines that are statements. Floors of the project's own: raise them when the figures rise."""


def report() -> dict:
    """The figures as coverage gives them."""
    measured = coverage.Coverage()
    measured.load()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "coverage.json"
        measured.json_report(outfile=str(path))
        return msgspec.json.decode(path.read_bytes())


def main() -> int:
    figures = report()
    shares = {name: found["summary"]["percent_covered"] for name, found in figures["files"].items()}
    low = {name: share for name, share in shares.items() if share < LEAST_OF_MODULE}
    for name, share in sorted(low.items(), key=lambda pair: pair[1]):
        sys.stdout.write(f"{share:5.1f} %  {name}\n")
    total = figures["totals"]["percent_covered"]
    sys.stdout.write(
        f"{total:.1f} % of {figures['totals']['num_statements']:,} statements in {len(shares)} modules; "
        f"{len(low)} modules below {LEAST_OF_MODULE:g} %; at least {LEAST_OF_ALL:g} % of all are asked for\n"
    )
    return int(bool(low) or total < LEAST_OF_ALL)


if __name__ == "__main__":
    sys.exit(main())
