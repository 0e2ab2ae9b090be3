"""The golden run: what this version of Comity makes of the bundled reports, to the byte.

    python scripts/golden.py "why the record may change"

Codes the bundled reports, shows what differs from the run that is kept (as `comity diff` does) and keeps the new one in
`tests/data/golden/`, with the reason. `make golden REASON="…"` calls it; `tests/test_trust_golden.py` compares.
"""

from __future__ import annotations

import datetime
import hashlib
import sys
import tempfile
from collections import Counter
from pathlib import Path

import msgspec
import pyarrow as pa

from comity import Coder, __version__, read_many
from comity.cli import run
from comity.demo import reports_path
from comity.records import Coding, to_json

FOLDER = Path(__file__).resolve().parents[1] / "tests" / "data" / "golden"
KEPT = FOLDER / f"{__version__}.jsonl.zst"
SUMMARY = FOLDER / f"{__version__}.txt"

HISTORY = "history, newest last:"


def made(codings: tuple[Coding, ...] | None = None) -> bytes:
    """The codings of the bundled reports (made now, or given), one a line; without the place where they were read."""
    found = Coder().stream(read_many(reports_path())) if codings is None else codings
    return b"".join(to_json(_without_place(one)) + b"\n" for one in found)


def _without_place(coding: object) -> Coding:
    assert isinstance(coding, Coding), coding
    return msgspec.structs.replace(coding, report=msgspec.structs.replace(coding.report, source=None))


def kept() -> bytes | None:
    """The bytes of the run that is kept for this version."""
    if not KEPT.exists():
        return None
    with pa.input_stream(str(KEPT), compression="zstd") as stream:
        return stream.read()


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def summary(data: bytes, history: list[str]) -> str:
    """What a person wants to see of it."""
    codings = [msgspec.json.decode(line, type=Coding) for line in data.splitlines()]
    events = [event for coding in codings for event in coding.events]
    counts = {
        "reports": len(codings),
        "events": len(events),
        "statements": sum(len(coding.statements) for coding in codings),
        "mentions": sum(len(coding.mentions) for coding in codings),
        "dates": sum(len(coding.dates) for coding in codings),
        "places": sum(len(coding.places) for coding in codings),
    }
    types = sorted(Counter(event.type for event in events).items())
    statuses = sorted(Counter(event.status for event in events).items())
    return "\n".join([
        f"comity {__version__} on its bundled reports",
        "",
        f"sha256      {digest(data)}",
        f"bytes       {len(data):,}",
        f"codebook    {codings[0].codebook}",
        f"coder       {codings[0].coder}",
        *(f"{name:<11} {number:,}" for name, number in counts.items()),
        "types       " + ", ".join(f"{name} {number}" for name, number in types),
        "statuses    " + ", ".join(f"{name} {number}" for name, number in statuses),
        f"background  {sum(event.background for event in events)}",
        "",
        HISTORY,
        *history,
        "",
    ])  # fmt: skip


def main(words: list[str]) -> int:
    reason = " ".join(words).strip()
    if not reason:
        sys.stderr.write('say why the record may change: make golden REASON="the weights were trained anew"\n')
        return 2
    new, old = made(), kept()
    if new == old:
        sys.stdout.write(f"nothing changed: {digest(new)}\n")
        return 0
    history = []
    if old is not None:
        with tempfile.TemporaryDirectory() as place:
            now = Path(place) / "now.jsonl"
            now.write_bytes(new)
            run(["diff", str(KEPT), str(now), "--limit", "20"])
        history = SUMMARY.read_text("utf-8").partition(HISTORY + "\n")[2].splitlines()
    day = datetime.datetime.now(datetime.UTC).date().isoformat()
    history.append(f"{day} {digest(new)[:16]} {reason}")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with pa.output_stream(str(KEPT), compression="zstd") as stream:
        stream.write(new)
    SUMMARY.write_text(summary(new, history), "utf-8")
    sys.stdout.write(f"kept in {KEPT.name}: {digest(new)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
