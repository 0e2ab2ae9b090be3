"""How fast web archives become reports, beside trafilatura with htmldate over the same pages in the same run.

Run from the repository: ``python benchmarks/warc.py [ARCHIVE]``. Times are of the processor, of one process; the two
take the pages in turn. A page is an HTML answer of the archive, whether it comes out as a report or not.
"""

# ruff: noqa: T201
from __future__ import annotations

import argparse
import re
import resource
import sys
import time
from collections import Counter
from pathlib import Path

ARCHIVE = Path(__file__).resolve().parents[2] / "shared" / "news" / "warc" / "real_pages_dev.warc.gz"


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archive", nargs="?", type=Path, default=ARCHIVE)
    parser.add_argument("--alone", action="store_true", help="without the other side")
    parser.add_argument("--most", type=int, default=600, help="pages for the other side (%(default)s)")
    given = parser.parse_args()
    from comity.reading.filling import Filling
    from comity.reading.inputs import Input
    from comity.reading.warc import Capture, captures, read
    from comity.records import LeftOut, Report

    source = Input(given.archive.name, given.archive)
    started = time.process_time()
    pages = [one for one in captures(source) if isinstance(one, Capture)]
    unpacking = time.process_time() - started
    next(iter(read(source, Filling())))  # tables are loaded before the clock runs
    started = time.process_time()
    reports, reasons = 0, Counter[str]()
    for one in read(source, Filling()):
        if isinstance(one, Report):
            reports += 1
        elif isinstance(one, LeftOut):
            reasons[re.sub(r"\d+", "…", one.reason)] += 1
    took = time.process_time() - started
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{source.name}: {len(pages):,} pages, {reports:,} reports; {len(pages) / took:.0f} pages/s "
          f"(unpacking {len(pages) / max(unpacking, 1e-9):,.0f}/s), peak {memory:.0f} MB")  # fmt: skip
    for reason, number in reasons.most_common(12):
        print(f"  left out: {number:5,} {reason}")
    if given.alone:
        return
    try:
        import htmldate
        import trafilatura
    except ImportError as error:
        sys.exit(f"the other side is not installed: {error}")
    some = pages[:: max(1, len(pages) // given.most)]
    started = time.process_time()
    for page in some:
        trafilatura.extract(page.body, url=page.url)
        htmldate.find_date(page.body.decode("utf-8", "replace"), url=page.url)
    theirs = time.process_time() - started
    print(f"trafilatura and htmldate alone: {len(some) / theirs:.0f} pages/s over {len(some):,} of the pages; "
          f"ratio {len(pages) / took / (len(some) / theirs):.1f}")  # fmt: skip


if __name__ == "__main__":
    main()
