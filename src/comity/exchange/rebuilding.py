"""Rows of imported files, written again from their typed columns: the same bytes as they came."""

# ruff: noqa: S608 (identifiers come from this package's own tables; values are always parameters)
from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from comity.exchange.columns import Column, texts
from comity.exchange.files import Form
from comity.exchange.tabular import Format

if TYPE_CHECKING:
    import pyarrow as pa

    from comity.ledger import Ledger

CHUNK = 100_000
"""Rows that are written at once."""


def usual_form(format: Format, header: tuple[str, ...] | None = None) -> Form:
    """The form of a new file of a format. `header`: other names for its columns."""
    names = tuple(column.name for column in format.written)
    return Form(
        header=header if header is not None else names if format.header else None,
        columns=tuple(column.column for column in format.written),
        missing=format.missing[0],
        encoding=format.encoding,
    )


def form_of(notes: str) -> Form:
    """The form of an imported file, from the notes of its import."""
    return msgspec.convert(msgspec.json.decode(notes)["form"], Form)


def head(form: Form) -> bytes:
    """What stands before the first row."""
    line = "\t".join(form.header) + form.line_end if form.header is not None else ""
    return (b"\xef\xbb\xbf" if form.bom else b"") + encoded(line, form.encoding)


def lines(form: Form, kinds: Mapping[str, Column], values: Mapping[str, pa.Array], number: int) -> pa.Array:
    """The lines of typed rows, without line ends. A column that `values` lacks is missing in all of them."""
    import pyarrow as pa
    import pyarrow.compute as pc

    cells = []
    for name in form.columns:
        if name is None or name not in values:
            cells.append(pa.repeat(pa.scalar(form.missing), number))
        else:
            cells.append(texts(kinds[name].kind, values[name], form.missing, format=form.dates.get(name)))
    return pc.binary_join_element_wise(*cells, "\t")


def data(rows: pa.Array, form: Form) -> bytes:
    """Lines as bytes, each with its line end."""
    import pyarrow.compute as pc

    ended = pc.binary_join_element_wise(rows, "", form.line_end)
    offsets = memoryview(ended.buffers()[1]).cast("i")
    start, end = offsets[ended.offset], offsets[ended.offset + len(ended)]
    raw = memoryview(ended.buffers()[2])[start:end] if len(ended) else memoryview(b"")
    return bytes(raw) if form.encoding == "utf-8" else encoded(bytes(raw).decode(), form.encoding)


def encoded(text: str, encoding: str) -> bytes:
    """The text in an encoding; a letter that it lacks loses its marks, and what then is still lacking becomes ``?``."""
    try:
        return text.encode(encoding)
    except UnicodeEncodeError:
        import unicodedata

        def plain(letter: str) -> str:
            try:
                letter.encode(encoding)
            except UnicodeEncodeError:
                bare = "".join(c for c in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(c))
                return bare.encode(encoding, "replace").decode(encoding)
            return letter

        return "".join(map(plain, text)).encode(encoding)


def rebuilt(
    ledger: Ledger, format: Format, rev: int, n: pa.Array, form: Form, own: Form
) -> Iterator[tuple[pa.Array, dict[str, Any]]]:
    """The lines of the rows `n` (rising) of an imported file, in chunks, with their columns ``n`` and ``line``.

    `form`: the form to write; `own`: the file's. When the two are one, cells of columns that the format does not have
    are written too.
    """
    import numpy as np
    import pyarrow as pa

    kinds = {column.column: column for column in format.columns}
    named = ", ".join(["n", "line", *(f'"{name}"' for name in kinds)])
    at = {name: position for position, name in enumerate(form.columns) if name is not None}
    for start in range(0, len(n), CHUNK):
        part = n.slice(start, CHUNK)
        ends = {"rev": rev, "low": part[0].as_py(), "high": part[-1].as_py()}
        where = "WHERE rev = $rev AND n BETWEEN $low AND $high"
        table = ledger.query(f"SELECT {named} FROM store.{format.table} {where} ORDER BY n", ends).combine_chunks()
        if table.num_rows != len(part):
            table = table.filter(pa.array(np.isin(np.asarray(table["n"]), np.asarray(part)))).combine_chunks()
        values = {name: _array(table[name]) for name in kinds}
        made = lines(form, kinds, values, table.num_rows)
        odd = ledger.query(f"SELECT n, position, text FROM store.import_cells {where} ORDER BY n, position", ends)
        yield _with_cells(made, _array(table["n"]), odd, at, form, own), {
            "n": table["n"].to_pylist(), "line": table["line"].to_pylist(),
        }  # fmt: skip


def _array(column: pa.ChunkedArray) -> pa.Array:
    import pyarrow as pa

    joined = column.combine_chunks()
    return joined.chunk(0) if isinstance(joined, pa.ChunkedArray) else joined


def _with_cells(made: pa.Array, n: pa.Array, odd: pa.Table, at: dict[str, int], form: Form, own: Form) -> pa.Array:
    """The lines with the cells that no typed column gives back."""
    import numpy as np
    import pyarrow as pa

    if not odd.num_rows:
        return made
    place = {number: row for row, number in enumerate(n.to_pylist())}
    changed: dict[int, list[str]] = {}
    for number, position, text in zip(*(odd[name].to_pylist() for name in ("n", "position", "text"))):
        row = place.get(number)
        if row is None:
            continue
        cells = changed.setdefault(row, made[row].as_py().split("\t"))
        if form is own:
            cells += [""] * (position + 1 - len(cells))
            cells[position] = text
        else:
            name = own.columns[position] if position < len(own.columns) else None
            if name in at and cells[at[name]] == form.missing:  # where there is a value it stands in the usual spelling
                cells[at[name]] = text
    rows = sorted(changed)
    mask = np.zeros(len(made), dtype=bool)
    mask[rows] = True
    import pyarrow.compute as pc

    return pc.replace_with_mask(made, pa.array(mask), pa.array(["\t".join(changed[row]) for row in rows], made.type))
