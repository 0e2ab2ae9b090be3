"""What an importer should know of a file before believing its counts: repeats, mirrors, domestic events, dates.

The figures are those in which the files of the field have been found wanting: the same event many times, the day on
which it was reported taken for the day on which it happened, events within one state among those between states.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    import pyarrow as pa

COLUMNS = ("day", "source", "target", "source_country", "target_country", "code", "document", "added")

SHIFTS_SHOWN = 8


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """Counts of rows, but where a name says otherwise. None: the format has not the column."""

    rows: int
    documents: int | None
    """Different articles (addresses, story ids)."""
    most_of_one_document: int | None
    """Rows of the article that has most."""
    both_countries: int
    same_country: int
    """Of these, both the same."""
    without_source: int
    without_target: int
    redundant: int
    """Rows beyond the first with the same day, source, target and code."""
    mirrored: int
    """Rows for which the same article has the reverse (target, source) with the same code."""
    same_day: int | None
    """Rows whose day is the day on which they were added."""
    shifted: tuple[tuple[str, int], ...]
    """The other distances between the two ("-1 year", "-7 days"), most first."""
    first_day: datetime.date | None
    last_day: datetime.date | None
    roots: dict[str, int]
    """By the first two digits of the CAMEO code, or by PLOVER type."""

    @property
    def domestic_share(self) -> float | None:
        """Share of the rows with both countries in which they are the same."""
        return self.same_country / self.both_countries if self.both_countries else None

    @property
    def same_day_share(self) -> float | None:
        """Share of the rows whose day is the day added."""
        return self.same_day / self.rows if self.same_day is not None and self.rows else None


def count(parts: Iterable[Mapping[str, pa.Array]]) -> Facts:
    """The facts of a file, from stretches of it as columns (see `COLUMNS`; text but for the two days)."""
    import pyarrow as pa
    import pyarrow.compute as pc

    types = {"day": pa.date32(), "added": pa.date32()}
    schema = pa.schema([(name, types.get(name, pa.string())) for name in COLUMNS])
    listed = [pa.table([part[name].cast(schema.field(name).type) for name in COLUMNS], schema=schema) for part in parts]
    table = pa.concat_tables(listed) if listed else schema.empty_table()
    table = table.combine_chunks()
    both = table.filter(pc.and_(pc.is_valid(table["source_country"]), pc.is_valid(table["target_country"])))
    dated = table.filter(pc.and_(pc.is_valid(table["day"]), pc.is_valid(table["added"])))
    documents = table.filter(pc.is_valid(table["document"])).group_by("document").aggregate([([], "count_all")])
    distinct = table.group_by(["day", "source", "target", "code"]).aggregate([]).num_rows
    days = pc.min_max(table["day"]).as_py()
    shifts = _shifts(dated)
    roots = table.append_column(
        "root", pc.utf8_slice_codeunits(table["code"], 0, 2) if _digits(table) else table["code"]
    )
    by_root = roots.group_by("root").aggregate([([], "count_all")]).to_pylist()
    return Facts(
        rows=table.num_rows,
        documents=documents.num_rows or None,
        most_of_one_document=pc.max(documents["count_all"]).as_py() if documents.num_rows else None,
        both_countries=both.num_rows,
        same_country=pc.sum(pc.equal(both["source_country"], both["target_country"])).as_py() or 0,
        without_source=table["source"].null_count,
        without_target=table["target"].null_count,
        redundant=table.num_rows - distinct,
        mirrored=_mirrored(table),
        same_day=shifts.pop("same day", 0) if dated.num_rows else None,
        shifted=tuple(sorted(shifts.items(), key=lambda item: (-item[1], item[0]))[:SHIFTS_SHOWN]),
        first_day=days["min"],
        last_day=days["max"],
        roots={row["root"] or "": row["count_all"] for row in sorted(by_root, key=lambda row: row["root"] or "")},
    )


def _digits(table: pa.Table) -> bool:
    import pyarrow.compute as pc

    first = next((code for code in table["code"].slice(0, 100).to_pylist() if code), "")
    return bool(first[:1].isdigit()) and not pc.all(pc.is_null(table["code"])).as_py()


def _mirrored(table: pa.Table) -> int:
    """Rows with a reverse in the same article: a join of the distinct (article, code, source, target) with themselves."""
    import pyarrow.compute as pc

    keyed = table.select(["document", "code", "source", "target"])
    keyed = keyed.filter(pc.is_valid(keyed["document"]))
    for name in ("source", "target"):
        at = keyed.column_names.index(name)
        keyed = keyed.set_column(at, name, pc.fill_null(keyed[name], ""))
    keyed = keyed.filter(pc.not_equal(keyed["source"], keyed["target"]))
    counted = keyed.group_by(["document", "code", "source", "target"]).aggregate([([], "count_all")])
    reverse = counted.select(["document", "code", "source", "target"])
    joined = counted.join(
        reverse, keys=["document", "code", "source", "target"], right_keys=["document", "code", "target", "source"],
        join_type="left semi",
    )  # fmt: skip
    return int(pc.sum(joined["count_all"]).as_py() or 0)


def _shifts(dated: pa.Table) -> dict[str, int]:
    pairs = dated.group_by(["day", "added"]).aggregate([([], "count_all")]).to_pylist()
    shifts: dict[str, int] = {}
    for row in pairs:
        name = shift(row["day"], row["added"])
        shifts[name] = shifts.get(name, 0) + row["count_all"]
    return shifts


def shift(day: datetime.date, added: datetime.date) -> str:
    """The distance from the day added to the day of an event in words: "same day", "-1 year", "-1 month", "-7 days"."""
    if day == added:
        return "same day"
    if (day.month, day.day) == (added.month, added.day):
        return _units(day.year - added.year, "year")
    months = (day.year - added.year) * 12 + day.month - added.month
    if day.day == added.day:
        return _units(months, "month")
    return _units((day - added).days, "day")


def _units(number: int, unit: str) -> str:
    return f"{number:+d} {unit}{'' if abs(number) == 1 else 's'}"


def told(facts: Facts) -> list[str]:
    """The facts in sentences, for the screen."""

    def share(part: int, whole: int) -> str:
        return f"{part:,} ({100 * part / whole:.1f} %)" if whole else f"{part:,}"

    lines = [f"{facts.rows:,} rows, {facts.first_day or 'no day'} to {facts.last_day or 'no day'}"]
    if facts.documents:
        lines.append(f"{facts.documents:,} articles; one of them has {facts.most_of_one_document:,} rows")
    lines.append(
        f"domestic: {share(facts.same_country, facts.both_countries)} of the {facts.both_countries:,} rows that have "
        "both countries"
    )
    lines.append(f"without a source: {facts.without_source:,}; without a target: {facts.without_target:,}")
    lines.append(f"repeats of the same day, source, target and code: {share(facts.redundant, facts.rows)}")
    lines.append(f"mirrored (A to B and B to A, same article, same code): {share(facts.mirrored, facts.rows)}")
    if facts.same_day is not None:
        others = ", ".join(f"{number:,} at {name}" for name, number in facts.shifted)
        lines.append(f"dated on the day added: {share(facts.same_day, facts.rows)}" + (f"; {others}" if others else ""))
    return lines


def as_record(facts: Facts) -> dict[str, Any]:
    """For JSON: the counts and the two shares."""
    made = msgspec.to_builtins(facts)
    return {**made, "domestic_share": facts.domestic_share, "same_day_share": facts.same_day_share}
