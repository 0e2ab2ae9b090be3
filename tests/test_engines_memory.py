"""Memory of a worker stays flat, however long the run."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from cli_running import ENVIRONMENT
from shared import SHARED, needs_shared

MOST_MB = 700
"""Memory of one worker."""

GROWTH = 1.05
"""What the last quarter of a run may have over the second one."""

RUN = """
import itertools, json, sys
from pathlib import Path
import msgspec
from comity import Coder
from comity.reading import read_many
from comity.records import LeftOut

def memory():
    return int(Path("/proc/self/status").read_text().split("VmRSS:")[1].split()[0]) / 1024

def again():
    for turn in itertools.count():
        for report in read_many(sys.argv[1]):
            yield report if isinstance(report, LeftOut) else msgspec.structs.replace(report, id=f"{turn} {report.id}")

number, seen = int(sys.argv[2]), []
for n, _ in enumerate(Coder().stream(itertools.islice(again(), number)), 1):
    if n % 100 == 0:
        seen.append(memory())
print(json.dumps(seen))
"""


@needs_shared
@pytest.mark.long
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
def test_memory_is_flat_over_twenty_thousand_reports():
    number = os.environ.get("COMITY_TEST_REPORTS", "20000")
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", RUN, str(SHARED / "news" / "articles.jsonl"), number],
        env=ENVIRONMENT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    seen = json.loads(done.stdout)
    quarter = len(seen) // 4
    parts = [seen[start : start + quarter] for start in range(0, 4 * quarter, quarter)]
    means = [sum(part) / quarter for part in parts]
    print(f"most {max(seen):.0f} MB; means of the quarters {[round(mean) for mean in means]}")  # noqa: T201
    assert max(seen) <= MOST_MB
    assert means[3] <= GROWTH * means[1]
