"""How long the reading room's pages take while others read and a writer adds.

    python benchmarks/web.py LEDGER [--readers 8] [--seconds 60] [--no-add] [--pages events,dyad]

Works on a copy. Readers ask for pages of all kinds, each time with other filters, one request after the other; meanwhile
`comity add` codes reports (the ledger's own texts under new ids) into the copy. Times are the server's own
(Server-Timing), which leave out the readers' side; "kept" says how many were answered from the page that another had
asked for in the same state of the ledger.
"""

# ruff: noqa: T201, S311
from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections import defaultdict
from pathlib import Path
from urllib.parse import quote, urlencode

from comity.ledger import Ledger

Made = dict[str, list[tuple[float, float, int]]]


def pages(ledger: Ledger, wanted: list[str]) -> dict[str, list[str]]:
    """Addresses by kind of page, many of each."""
    take = random.Random(0)
    dyads = [
        pair
        for pair, _ in ledger.facets("events", ["dyad"], top=60)["dyad"]
        if len(set(pair.split("-"))) == 2 and "GROUP" not in pair
    ]
    types = [name for name, _ in ledger.facets("events", ["type"])["type"]]
    years = [year for year, _ in ledger.facets("events", ["year"], top=12)["year"]]
    reports = ledger.reports(columns=["id"], limit=400)["id"].to_pylist()
    events = ledger.events(columns=["id"], limit=400)["id"].to_pylist()
    found = ledger.query("SELECT id FROM actors_v1 GROUP BY id ORDER BY count(*) DESC LIMIT 120")["id"].to_pylist()
    happened = ledger.query("SELECT id FROM occurrences_v1 ORDER BY reports DESC LIMIT 100")["id"].to_pylist()
    words = ["talks", "sanctions", "missile", "border", '"foreign minister"', "trade", "troops", "nuclear"]

    def some(path: str, number: int = 60, **choices: list[str]) -> list[str]:
        made = set()
        for _ in range(number):
            query = {name: take.choice(values) for name, values in choices.items() if take.random() < 0.7}
            made.add(path + (f"?{urlencode(query)}" if query else ""))
        return sorted(made)

    made = {
        "home": ["/"],
        "events": some("/events", type=types, since=years, between=dyads[:30]),
        "events by words": some("/events", 30, text=words, since=years),
        "statements": some("/statements", since=years, about=["CHN", "RUS", "USA", "UKR", "IRN"], text=words),
        "reports": some("/reports", since=years, text=words),
        "report": [f"/reports/{quote(id_, safe='')}" for id_ in take.sample(reports, min(150, len(reports)))],
        "record": [f"/records/{id_}" for id_ in take.sample(events, min(150, len(events)))],
        "actors": some("/actors", 20, q=["putin", "wang", "ministry", "united"], kind=["person", "state"]),
        "actor": [f"/actors/{quote(id_, safe='')}" for id_ in found],
        "occurrences": some("/occurrences", type=types, since=years, between=dyads[:30]),
        "occurrence": [f"/occurrences/{id_}" for id_ in happened],
        "map": some("/map", 30, type=types, since=years, country=["CHN", "RUS", "USA"]),
        "dyads": ["/dyads"],
        "dyad": some("/dyads/PAIR", 40, by=["month", "quarter", "year"], measure=["intensity", "share", "rate"]),
        "contacts": [f"/contacts/{pair}" for pair in dyads[:20]],
        "network": ["/network", "/network?at=2022", "/network?ego=USA"],
        "formulae": ["/formulae"],
        "voices": ["/voices", "/voices?by=outlet"],
        "quality": ["/quality"],
        "review": some("/review", 20, type=types),
        "corrections": ["/corrections"],
        "read": ["/read"],
    }
    made["dyad"] = [one.replace("PAIR", take.choice(dyads[:20])) for one in made["dyad"]] if dyads else []
    return {name: urls for name, urls in made.items() if urls and (not wanted or name in wanted)}


def serve(ledger: Path) -> tuple[subprocess.Popen[str], str]:
    command = [sys.executable, "-m", "comity", "serve", "--ledger", str(ledger), "--port", "0"]
    server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)  # noqa: S603
    assert server.stderr is not None
    line = server.stderr.readline()
    threading.Thread(target=lambda: [None for _ in server.stderr], daemon=True).start()
    address = next(word for word in line.split() if word.startswith("http://"))
    return server, address.rstrip("/")


def ask(address: str, url: str) -> tuple[int, float, float]:
    """Status, the server's milliseconds on the clock, and those of processor time."""
    try:
        with urllib.request.urlopen(address + quote(url, safe="/?&=:%+"), timeout=120) as answer:  # noqa: S310
            answer.read()
            timing = answer.headers.get("server-timing", "app;dur=0, cpu;dur=0")
            status = answer.status
    except urllib.error.HTTPError as error:
        return error.code, 0.0, 0.0
    server, busy = (float(one.partition("dur=")[2]) for one in timing.split(","))
    return status, server, busy


def read(address: str, urls: dict[str, list[str]], ends: float, seed: int, times: Made, failed: list[str]) -> None:
    take = random.Random(seed)
    kinds = list(urls)
    while time.monotonic() < ends:
        kind = take.choice(kinds)
        url = take.choice(urls[kind])
        status, server, busy = ask(address, url)
        if status in (200, 202):
            times[kind].append((server, busy, status))
        else:
            failed.append(f"{status} {url}")


def adding(ledger: Path, folder: Path) -> subprocess.Popen[bytes]:
    """`comity add` of the ledger's own texts, as other reports."""
    file = folder / "more.jsonl"
    with Ledger(ledger, read_only=True) as opened, file.open("w", encoding="utf-8") as out:
        for n, row in enumerate(
            opened.reports(columns=["text", "title", "outlet", "published"], limit=2000).to_pylist()
        ):
            out.write(json.dumps(row | {"id": f"more-{n}"}) + "\n")
    command = [sys.executable, "-m", "comity", "add", str(file), "--ledger", str(ledger)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ledger", type=Path)
    parser.add_argument("--readers", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--no-add", action="store_true")
    parser.add_argument("--in-place", action="store_true", help="no copy (with --no-add)")
    parser.add_argument("--pages", default="")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="comity-bench-") as folder:
        copy = given.ledger
        if not given.in_place:
            copy = Path(folder) / "l"
            shutil.copytree(given.ledger, copy)
        with Ledger(copy, read_only=True) as opened:
            urls = pages(opened, [name.strip() for name in given.pages.split(",") if name.strip()])
        server, address = serve(copy)
        writer = None
        try:
            for kind in urls:  # whatever is loaded once is loaded
                for _ in range(120):
                    status, first, _ = ask(address, urls[kind][0])
                    if status != 202:
                        break
                    time.sleep(1)
                print(f"first {kind:16} {first:8.0f} ms", flush=True)
            if not given.no_add:
                writer = adding(copy, Path(folder))
            times: Made = defaultdict(list)
            failed: list[str] = []
            ends = time.monotonic() + given.seconds
            before = Path(f"/proc/{server.pid}/stat").read_text().split()
            threads = [
                threading.Thread(target=read, args=(address, urls, ends, seed, times, failed))
                for seed in range(given.readers)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            after = Path(f"/proc/{server.pid}/stat").read_text().split()
            used = sum(int(after[n]) - int(before[n]) for n in (13, 14)) / os.sysconf("SC_CLK_TCK")
            still = writer is not None and writer.poll() is None
        finally:
            for process in (writer, server):
                if process is not None:
                    process.kill() if process is writer else process.terminate()
                    process.wait(30)
    report(times, failed)
    number = sum(map(len, times.values()))
    print(f"{number} answers in {given.seconds:.0f} s; the server used {used:.1f} s of processor time, {1000 * used / max(number, 1):.0f} ms each; "
          f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; {'comity add ran all the time' if still else 'comity add ended before' if writer else 'nothing was added'}")  # fmt: skip


def report(times: Made, failed: list[str]) -> None:
    print(f"{'page':16} {'n':>6} {'p50':>7} {'p95':>7} {'most':>7}   {'cpu p50':>7} {'cpu p95':>7}  being worked out")
    for kind, seen in [*sorted(times.items()), ("all", [one for listed in times.values() for one in listed])]:
        if not seen:
            continue
        clock, busy = (sorted(one[n] for one in seen) for n in (0, 1))
        late = int(0.95 * (len(seen) - 1))
        waiting = sum(one[2] == 202 for one in seen)
        print(
            f"{kind:16} {len(seen):6} {statistics.median(clock):7.0f} {clock[late]:7.0f} {clock[-1]:7.0f}   "
            f"{statistics.median(busy):7.0f} {busy[late]:7.0f}  {waiting or ''}"
        )
    for one in sorted(set(failed))[:10]:
        print("failed:", one)


if __name__ == "__main__":
    main()
