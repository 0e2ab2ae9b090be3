"""How fast files of other projects are read into the ledger and written from it.

Run from the repository: ``python benchmarks/exchange.py --rows 1000000``. The rows are made up, seeded, with the sizes
and repetitions of GDELT's files (five rows an article, a quarter without a target, a third with places), or, with
``--like FILE``, those of a real file again and again with ids of their own. Times are of this process, on the clock and
of the processor.
"""

# ruff: noqa: T201, S311
from __future__ import annotations

import argparse
import datetime
import random
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from comity import Ledger
from comity.codebook import codebook
from comity.exchange import export, import_file
from comity.exchange.gdelt import fraction_of

STATES = [
    "USA",
    "CHN",
    "RUS",
    "UKR",
    "GBR",
    "FRA",
    "DEU",
    "IRN",
    "ISR",
    "SYR",
    "IND",
    "PAK",
    "JPN",
    "KOR",
    "TUR",
    "SAU",
]
FIPS = {"USA": "US", "CHN": "CH", "RUS": "RS", "UKR": "UP", "GBR": "UK", "FRA": "FR", "DEU": "GM", "IRN": "IR",
        "ISR": "IS", "SYR": "SY", "IND": "IN", "PAK": "PK", "JPN": "JA", "KOR": "KS", "TUR": "TU", "SAU": "SA"}  # fmt: skip
ROLES = ["", "", "GOV", "GOV", "MIL", "COP", "LEG", "BUS", "CVL", "EDU"]
CITIES = [f"Town {n}" for n in range(2000)]
FIRST = datetime.date(2005, 1, 1)


def rows(number: int, seed: int = 1) -> Iterator[str]:
    """Lines of GDELT 2.0."""
    chance = random.Random(seed)
    book = codebook()
    codes = [code for code in book.cameo_codes if book.goldstein(code, "gdelt") is not None]
    for n in range(number):
        if n % 5 == 0:
            day = FIRST + datetime.timedelta(days=n * 6900 // number)
            added = f"{day:%Y%m%d}{chance.randrange(24):02}{chance.choice(('00', '15', '30', '45'))}00"
            tone = f"{chance.uniform(-10, 8):.14f}".rstrip("0")
            url = f"https://news{chance.randrange(3000)}.example/{day:%Y/%m/%d}/{chance.getrandbits(64):x}"
        one, other = _actor(chance, 0.08), _actor(chance, 0.25)
        code = chance.choice(codes)
        none = ["0", *[""] * 7]
        place = _place(chance) if chance.random() < 0.9 else none
        yield "\t".join([
            str(100_000_000 + n), f"{day:%Y%m%d}", f"{day:%Y%m}", str(day.year), f"{fraction_of(day):.4f}", *one, *other,
            str(chance.randrange(2)), code, code[:3], code[:2], str(book.quad_in("gdelt", code)),
            f"{book.goldstein(code, 'gdelt')}", str(chance.randrange(1, 40)), "1", str(chance.randrange(1, 40)),
            tone, *(place if one[0] else none), *(place if other[0] else none),
            *place, added, url,
        ])  # fmt: skip


def _actor(chance: random.Random, none: float) -> list[str]:
    if chance.random() < none:
        return [""] * 10
    state, role = chance.choice(STATES), chance.choice(ROLES)
    return [state + role, f"{role or 'NAME'} {state}", state, "", "", "", "", role, "", ""]


def _place(chance: random.Random) -> list[str]:
    fips = FIPS[chance.choice(STATES)]
    if chance.random() < 0.3:
        return ["1", fips, fips, fips, "", "33", "44.5", fips]
    city = chance.randrange(len(CITIES))
    return ["4", f"{CITIES[city]}, {fips}", fips, f"{fips}{city % 40:02}", str(city), f"{city % 80 + 0.1234:.4f}",
            f"{city % 170 + 0.5:.1f}", str(-city - 1)]  # fmt: skip


def like(file: Path, number: int) -> Iterator[str]:
    """The lines of a real file, again and again, each with an id of its own."""
    lines = file.read_text("utf-8").splitlines()
    for n in range(number):
        yield f"{100_000_000 + n}\t{lines[n % len(lines)].partition(chr(9))[2]}"


class Clock:
    """Says how long its block took."""

    def __init__(self, what: str, number: int) -> None:
        self.what, self.number = what, number

    def __enter__(self) -> None:
        self.start, self.cpu = time.perf_counter(), time.process_time()

    def __exit__(self, *_: object) -> None:
        took, cpu = time.perf_counter() - self.start, time.process_time() - self.cpu
        print(f"{self.what}: {took:.1f} s ({self.number / took:,.0f} rows/s), processor {cpu:.1f} s "
              f"({self.number / cpu:,.0f} rows/s)", flush=True)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--like", type=Path)
    parser.add_argument("--to", nargs="*", default=["icews", "parquet"], help="other formats to write them in")
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="comity-bench-"))
    try:
        file = folder / "made.export.CSV"
        with file.open("w", encoding="utf-8", newline="\n") as out:
            out.writelines(line + "\n" for line in (like(asked.like, asked.rows) if asked.like else rows(asked.rows)))
        print(f"{file.stat().st_size / asked.rows:.0f} bytes a row")
        with Ledger(folder / "ledger") as ledger:
            with Clock("import", asked.rows):
                done = import_file(ledger, file, "gdelt")[0]
            print(f"stored {done.rows:,}, left out {len(done.left_out):,}")
            with Clock("import of the same file", asked.rows):
                import_file(ledger, file, "gdelt")
            with Clock("export to gdelt", asked.rows):
                export(ledger, "gdelt", folder / "back.CSV")
            print("the same bytes:", file.read_bytes() == (folder / "back.CSV").read_bytes())
            for to in asked.to:
                with Clock(f"export to {to}", asked.rows):
                    export(ledger, to, folder / f"other.{to}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
