"""Current records of a relation as arrays, for pages that are asked for again and again: in the order of lists, with the
codes of all facets.

A page of a list wants the number of records that pass a filter, how many of them have each value of a dozen facets, and
fifty rows. In SQL that is seventeen looks at all records, and the rows lie scattered among columns that DuckDB can only
unpack 2048 at a time (on 93,000 events 160 ms of processor time). Here it is one look, for the keys of the records that
pass; counting codes and taking rows are steps over arrays (10 ms in all). Made once for each state of a `Mirror`, in 1 s
for 93,000 events with 15 facets, and 0.8 kB an event.
"""

# ruff: noqa: S608 (identifiers come from this package's own tables; values are always parameters)

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from comity.ledger.facets import FACETS
from comity.ledger.filters import Parameters, condition
from comity.ledger.read import (
    CALLED,
    current,
    end_of_page,
    need_known,
    order_of,
    quoted,
    rows_of,
    wanted_columns,
    words_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb
    import numpy as np
    import pyarrow as pa

MOST = 300_000
"""Records up to which arrays are made: of so many events they take 0.25 GB, and 3 s of a processor for each state."""

_KEY = {"reports": "rev::BIGINT"}
_EACH = "rev::BIGINT * 4294967296 + n"
"""An addition's number and the record's place in it, as one."""

_JOINED = {
    ("events", "speaker"): (
        "SELECT {key} AS key, s.speakers[1].name AS value FROM store.current_events e JOIN "
        "(SELECT rev, id, any_value(speakers) AS speakers FROM store.current_statements GROUP BY rev, id) s "
        "ON s.rev = e.rev AND s.id = e.account"
    )
}
"""Facets that are read quicker by a join than for each record by itself."""

ACTOR = " actor"
"""Stands for what an actor takes part in, beside the names of facets."""

_OF_ACTOR = {
    "events": "unnest(list_distinct([p.actor FOR p IN list_concat(source, target)]))",
    "statements": "unnest(list_distinct([p.actor FOR p IN speakers]))",
}
"""Who is source or target of an event; who speaks."""

_APART = {"reports": ("text",)}
"""Columns that are too large to be held here too."""

NO_DAY = -(2**31)
"""Stands for no date, which comes last."""


class Listing(NamedTuple):
    """A page of records that pass some filters."""

    number: int
    """How many pass in all."""
    facets: dict[str, list[tuple[str, int]]] | None
    """How many of them have each value; None when they are too many to count unasked."""
    rows: pa.Table
    """This page of them."""


class Values(NamedTuple):
    """One facet: the values of all records, each with the place of its record."""

    names: list[str]
    """All values, in order."""
    codes: np.ndarray
    """Places in `names`."""
    places: np.ndarray
    """Places of the records in the order of pages."""


class Counted:
    """One relation of one state."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, relation: str) -> None:
        import numpy as np

        self.relation = relation
        self._facets: dict[str, Values] = {}
        number = cursor.execute(f"SELECT count(*) FROM {current(relation)}").fetchall()[0][0]
        self.few = number <= MOST
        """Whether there are arrays; nothing else may be asked where there are none."""
        if not self.few:
            return
        day, tie = order_of(relation)
        key = _KEY.get(relation, _EACH)
        self.known = wanted_columns(cursor, relation, None)
        """The columns of the relation's view."""
        self.columns = [name for name in self.known if name not in _APART.get(relation, ())]
        listed = ", ".join(quoted(name) for name in self.columns)
        found = cursor.execute(
            f"SELECT {key} AS key, coalesce(epoch({day}) // 86400, {NO_DAY})::INTEGER AS daynumber, {listed} "
            f"FROM {current(relation)} ORDER BY {day} DESC NULLS LAST, {tie}"
        ).to_arrow_table()
        self.keys: np.ndarray = found["key"].to_numpy()
        self.days: np.ndarray = found["daynumber"].to_numpy()
        self.table: pa.Table = found.drop_columns(["key", "daynumber"]).combine_chunks()
        # Places by key: what an addition's number finds.
        self._order = np.argsort(self.keys, kind="stable")
        self._sorted = self.keys[self._order]

    @property
    def facets_read(self) -> list[str]:
        """Facets that somebody asked for."""
        return list(self._facets)

    def facet(self, cursor: duckdb.DuckDBPyConnection, name: str) -> Values:
        """A facet's values, read when they are first wanted."""
        import numpy as np

        if name not in self._facets:
            key = _KEY.get(self.relation, _EACH)
            value = _OF_ACTOR[self.relation] if name == ACTOR else FACETS[self.relation][name]
            source = f"SELECT {key} AS key, {value} AS value FROM {current(self.relation)}"
            source = _JOINED.get((self.relation, name), source).format(key=key.replace("rev", "e.rev", 1))
            query = f"SELECT key, value::VARCHAR AS value FROM ({source}) WHERE value IS NOT NULL"
            found = cursor.execute(query).to_arrow_table()
            values = found["value"].combine_chunks().dictionary_encode()
            names = values.dictionary.to_pylist()
            order = sorted(range(len(names)), key=lambda n: names[n].encode())
            rank = np.empty(len(names), dtype=np.int32)
            rank[order] = np.arange(len(names), dtype=np.int32)
            codes = rank[values.indices.to_numpy()] if names else np.empty(0, dtype=np.int32)
            places, known = self.places(found["key"].to_numpy())
            self._facets[name] = Values([names[n] for n in order], codes[known], places.astype(np.int32))
        return self._facets[name]

    def places(self, keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Places of the records with these keys, and which of the keys are among them: all, unless the ledger was
        brought up to date in between."""
        import numpy as np

        if not len(self._sorted):
            return np.empty(0, dtype=np.int64), np.zeros(len(keys), dtype=bool)
        at = np.minimum(np.searchsorted(self._sorted, keys), len(self._sorted) - 1)
        known = self._sorted[at] == keys
        return self._order[at[known]], known

    def at(self, keys: Sequence[tuple[Any, int, int]]) -> np.ndarray:
        """Places of the records with these keys (day, rev, n), in their order."""
        import numpy as np

        found, _ = self.places(np.array([rev * 2**32 + n for _, rev, n in keys], dtype=np.int64))
        return found

    def of_additions(self, revs: Sequence[int], wanted: list[str]) -> pa.Table:
        """The records of some additions, with the column ``rev``, in the order in which they were coded."""
        import numpy as np
        import pyarrow as pa

        edges = np.searchsorted(self._sorted, [(rev * 2**32, (rev + 1) * 2**32) for rev in sorted(revs)])
        places = np.concatenate([self._order[a:b] for a, b in edges]) if revs else np.empty(0, dtype=np.int64)
        found = self.table.select(wanted).take(pa.array(places))
        return found.append_column("rev", pa.array(self.keys[places] // 2**32))

    def passing(
        self, cursor: duckdb.DuckDBPyConnection, values: dict[str, list[Any]], found: str | None
    ) -> np.ndarray | None:
        """Which records pass the filters; None: all do."""
        import numpy as np

        parameters = Parameters()
        where = condition(self.relation, values, parameters) + (f" AND {found}" if found else "")
        if where == "TRUE":
            return None
        key = _KEY.get(self.relation, _EACH)
        query = f"SELECT {key} AS key FROM {current(self.relation)} WHERE {where}"
        keys = cursor.execute(query, parameters.values).to_arrow_table()["key"].to_numpy()
        passing = np.zeros(len(self.keys), dtype=bool)
        passing[self.places(keys)[0]] = True
        return passing

    def count(self, facet: Values, passing: np.ndarray | None, top: int) -> list[tuple[str, int]]:
        """How many records have each value, most frequent first, then in the order of values."""
        import numpy as np

        codes = facet.codes if passing is None else facet.codes[passing[facet.places]]
        numbers = np.bincount(codes, minlength=len(facet.names))
        there = np.flatnonzero(numbers)
        first = there[np.argsort(-numbers[there], kind="stable")[:top]]
        return [(facet.names[n], int(numbers[n])) for n in first]

    def page(self, passing: np.ndarray | None, last: tuple[datetime.date | None, str] | None, limit: int) -> np.ndarray:
        """Places of the records of a page, that after the record with this day and id."""
        import numpy as np

        start = 0 if last is None else self._after(*last)
        if passing is None:
            return np.arange(start, min(start + limit, len(self.keys)))
        return start + np.flatnonzero(passing[start:])[:limit]

    def _after(self, day: datetime.date | None, id: str) -> int:
        import numpy as np

        number = NO_DAY if day is None else day.toordinal() - _EPOCH
        low, high = (int(np.searchsorted(-self.days.astype(np.int64), -number, side)) for side in ("left", "right"))
        while low < high:  # ids of one day rise
            middle = (low + high) // 2
            low, high = (low, middle) if self.table["id"][middle].as_py() > id else (middle + 1, high)
        return low

    def having(self, facet: Values, value: str) -> np.ndarray:
        """Places of the records that have a value."""
        import bisect

        import numpy as np

        at = bisect.bisect_left(facet.names, value.encode(), key=str.encode)
        if at == len(facet.names) or facet.names[at] != value:
            return np.empty(0, dtype=np.int64)
        return np.sort(facet.places[facet.codes == at])

    def with_ids(self, ids: Sequence[str]) -> np.ndarray:
        """Places of the records with these ids, as far as they are there."""
        import numpy as np
        import pyarrow as pa
        import pyarrow.compute as pc

        among = pc.is_in(self.table["id"], value_set=pa.array(list(ids), pa.string()))
        return np.flatnonzero(among.to_numpy())

    def rows(self, cursor: duckdb.DuckDBPyConnection, places: np.ndarray, wanted: list[str]) -> pa.Table:
        """The records at these places."""
        import pyarrow as pa

        if set(wanted) & set(_APART.get(self.relation, ())):
            keys = [(None, key, 0) for key in self.keys[places].tolist()]
            return rows_of(cursor, self.relation, keys, wanted)
        found = self.table.select([name for name in wanted if name in self.columns]).take(pa.array(places))
        if "words" in wanted:
            spans = "sentence" if self.relation == "events" else "content"
            revs = (self.keys[places] // 2**32).tolist()
            marked = self.table[spans].take(pa.array(places)).to_pylist()
            found = found.append_column("words", pa.array(words_of(cursor, self.relation, revs, marked), pa.string()))
        return found.select(wanted)


class Called:
    """How reports call all actors of one state. One look at all mentions (0.1 s for 500,000) instead of one for each."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection) -> None:
        import numpy as np

        self._table = cursor.execute(CALLED.format(where="")).to_arrow_table().combine_chunks()
        actors = self._table["actor"].combine_chunks().dictionary_encode()
        starts = np.flatnonzero(np.diff(actors.indices.to_numpy(), prepend=-1))
        ends = np.append(starts[1:], len(actors))
        self._edges = dict(zip(actors.dictionary.to_pylist(), zip(starts.tolist(), ends.tolist())))

    def of(self, actor: str) -> pa.Table:
        """See `comity.ledger.read.called`."""
        start, end = self._edges.get(actor, (0, 0))
        return self._table.slice(start, end - start).drop_columns("actor")


_EPOCH = datetime.date(1970, 1, 1).toordinal()


def listing(
    cursor: duckdb.DuckDBPyConnection,
    counted: Counted,
    values: dict[str, list[Any]],
    *,
    columns: list[str] | None,
    limit: int,
    after: str | None,
    facets: list[str],
    top: int,
    found: str | None,
) -> Listing:
    """See `Ledger.listing`."""
    relation = counted.relation
    need_known(cursor, relation, values)
    wanted = wanted_columns(cursor, relation, columns, counted.known)
    last = None if after is None else end_of_page(cursor, relation, after)
    passing = counted.passing(cursor, values, found)
    number = len(counted.keys) if passing is None else int(passing.sum())
    told = {name: counted.count(counted.facet(cursor, name), passing, top) for name in facets}
    return Listing(number, told, counted.rows(cursor, counted.page(passing, last, limit), wanted))
