"""Reading a codebook: the tables of a folder, checked whole, made into a `Codebook`.

The tables of the codebook that comes with Comity stand in ``data/``. A user's own codebook is a folder of the same
form; see ``docs/codebook.md``.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from pathlib import Path

from comity.codebook.book import (
    CAMEO_TABLES,
    QUAD_TABLES,
    Cameo,
    Codebook,
    Context,
    ContextWord,
    Decision,
    Mode,
    Plover,
    Quad,
    Sector,
    Status,
    Type,
    Way,
)
from comity.codebook.expected import STATUSES, parse_expected
from comity.codebook.tables import CodebookError, Place, Row, known, listed, number, overlaid, read_table

Modes = dict[tuple[str, str], Mode]
Ways = dict[tuple[str, str | None], tuple[Way, ...]]

_COLUMNS: dict[str, tuple[str, ...]] = {
    "types.tsv": ("type", "quad", "intensity", "recipient", "contexts", "definition", "phrases", "unlike", "source"),
    "modes.tsv": ("type", "mode", "intensity", "contexts", "definition", "phrases", "source"),
    "contexts.tsv": ("context", "definition", "source"),
    "contexts_words.tsv": ("context", "phrase", "weight"),
    "sectors.tsv": ("sector", "kind", "cameo", "definition", "source"),
    "cameo_sectors.tsv": ("cameo", "sector", "note"),
    "cameo.tsv": ("code", "name", *CAMEO_TABLES, "source"),
    "cameo_quads.tsv": ("cameo", *QUAD_TABLES, "note"),
    "cameo_to_plover.tsv": ("code", "type", "mode", "contexts", "reduced", "note", "source"),
    "plover_to_cameo.tsv": ("type", "mode", "contexts", "root", "code", "reduced", "note"),
    "decisions.tsv": ("id", "topic", "question", "ruling", "example", "expected", "basis"),
    "sources.tsv": ("source", "title", "licence", "address"),
}
_KEYS: dict[str, tuple[str, ...]] = {
    "types.tsv": ("type",),
    "modes.tsv": ("type", "mode"),
    "contexts.tsv": ("context",),
    "contexts_words.tsv": ("context", "phrase"),
    "sectors.tsv": ("sector",),
    "cameo_sectors.tsv": ("cameo",),
    "cameo.tsv": ("code",),
    "cameo_quads.tsv": ("cameo",),
    "cameo_to_plover.tsv": ("code",),
    "plover_to_cameo.tsv": ("type", "mode", "contexts", "root"),
    "decisions.tsv": ("id",),
    "sources.tsv": ("source",),
}
_FIXED = {
    "quads.tsv": ("quad", "name", "sign", "polecat", "definition"),
    "statuses.tsv": ("status", "series", "definition", "signs"),
}
"""Tables that every codebook shares: the records' own vocabulary."""
_ABOUT = ("name", "version", "extends", "licence")


def words_of(phrase: str) -> tuple[str, ...]:
    """The tokens of a phrase of `contexts_words.tsv`: parted at blanks, at hyphens between letters, before ``'s``."""
    return tuple(re.sub(r"(?<=[a-z])-(?=[a-z])", " - ", re.sub(r"'s\b", " 's", phrase)).split())


def _about(folder: Place, faults: list[str]) -> dict[str, str]:
    rows = read_table(folder, "about.tsv", ("key", "value"), faults)
    about = {row["key"]: row["value"] for row in rows}
    for row in rows:
        known(row, "key", _ABOUT, faults)
    if not folder.joinpath("about.tsv").is_file():
        faults.append("about.tsv: not there; a codebook needs it with the keys name and version")
    elif not faults:
        for key in ("name", "version"):
            if not about.get(key):
                faults.append(f"about.tsv: no {key}; add a line with {key}, a tab and its value")
    return about


def read_codebook(folder: Path | None = None) -> Codebook:
    """Read and check a codebook whole. `folder`: a user's own, or a folder that holds one as ``codebook/``; default:
    the one that comes with Comity.

    A folder whose ``about.tsv`` has a line ``extends`` with the version of the codebook that comes with Comity holds
    only rows to add or to put in place of rows with the same key. Without that line it stands alone and needs
    ``types.tsv``.

    Raises `CodebookError` with every fault found; nothing is used in part.
    """
    own: Place = files(__package__).joinpath("data")
    faults: list[str] = []
    if folder is None:
        place, about, extends = own, _about(own, faults), False
    else:
        inner = folder / "codebook"
        path = inner if inner.is_dir() else folder
        if not path.is_dir():
            raise CodebookError([f"{folder}: no such folder; name a folder with about.tsv and the tables"])
        place = path
        about = _about(place, faults)
        strangers = {p.name for p in path.glob("*.tsv")} - {*_COLUMNS, "about.tsv"}
        for name in sorted(strangers):
            told = "every codebook shares Comity's; remove it" if name in _FIXED else f"known: {', '.join(_COLUMNS)}"
            faults.append(f"{name}: unknown table; {told}")
        extends = bool(about.get("extends"))
        base_version = {r["key"]: r["value"] for r in read_table(own, "about.tsv", ("key", "value"), [])}["version"]
        if extends and about["extends"] != base_version:
            faults.append(f"about.tsv: extends {about['extends']!r}, but this Comity brings {base_version!r}; "
                          "check the rows against it and change the line")  # fmt: skip
    tables: dict[str, list[Row]] = {}
    for name, columns in _COLUMNS.items():
        base = read_table(own, name, columns, []) if extends or (folder is not None and name == "sources.tsv") else []
        rows = read_table(place, name, columns, faults)
        tables[name] = overlaid(base, rows, _KEYS[name], faults)
    for name, columns in _FIXED.items():
        tables[name] = read_table(own, name, columns, faults)
    if not tables["types.tsv"] and not faults:
        faults.append("types.tsv: no types; add them, or a line 'extends' in about.tsv to build on Comity's own")
    if faults:
        raise CodebookError(faults)
    book = _build(about, tables, faults)
    if faults:
        raise CodebookError(faults)
    return book


def _build(about: dict[str, str], tables: dict[str, list[Row]], faults: list[str]) -> Codebook:
    contexts = {r["context"]: Context(r["context"], r["definition"], r["source"]) for r in tables["contexts.tsv"]}
    sources = {r["source"]: (r["title"], r["licence"], r["address"]) for r in tables["sources.tsv"]}
    for name, rows in tables.items():
        columns = _COLUMNS.get(name, ())
        for row in rows:
            if "contexts" in columns:
                known(row, "contexts", contexts, faults, " ")
            if "source" in columns and name != "sources.tsv":
                known(row, "source", sources, faults)
            for column in ("definition", "question", "ruling", "example", "title"):
                if column in columns and not row[column]:
                    faults.append(f"{row.where}: no {column}; a reader needs one")
            if "reduced" in columns:
                known(row, "reduced", ("yes",), faults)
    quads = {int(r["quad"]): Quad(int(r["quad"]), r["name"], int(r["sign"]), r["polecat"], r["definition"])
             for r in tables["quads.tsv"]}  # fmt: skip
    statuses = {r["status"]: Status(r["status"], r["series"] == "yes", r["definition"], listed(r["signs"]))
                for r in tables["statuses.tsv"]}  # fmt: skip
    assert tuple(statuses) == STATUSES
    types, modes = _types(tables, quads, faults)
    sectors = {
        r["sector"]: Sector(r["sector"], r["kind"], r["cameo"] or None, r["definition"], r["source"])
        for r in tables["sectors.tsv"]
    }
    for row in tables["cameo_sectors.tsv"]:
        known(row, "sector", sectors, faults)
    codes = _cameo_codes(tables["cameo.tsv"], faults)
    return Codebook(
        name=about["name"],
        version=about["version"],
        licence=about.get("licence", ""),
        types=types,
        modes=modes,
        contexts=contexts,
        context_words=_context_words(tables["contexts_words.tsv"], contexts, faults),
        sectors=sectors,
        sector_of_cameo={r["cameo"]: r["sector"] or None for r in tables["cameo_sectors.tsv"]},
        statuses=statuses,
        quads=quads,
        cameo_codes=codes,
        cameo_quads=_cameo_quads(tables["cameo_quads.tsv"], faults),
        decisions=_decisions(tables["decisions.tsv"], types, modes, faults),
        sources=sources,
        _residual=frozenset(c for c in codes if len(c) == 2 or c[2:] == "0") | {c[:-1] for c in codes if len(c) == 4},
        _to_plover=_ways_to_plover(tables["cameo_to_plover.tsv"], types, modes, codes, faults),
        _to_cameo=_ways_to_cameo(tables["plover_to_cameo.tsv"], types, modes, codes, faults),
    )


def _types(tables: dict[str, list[Row]], quads: dict[int, Quad], faults: list[str]) -> tuple[dict[str, Type], Modes]:
    names = [row["type"] for row in tables["types.tsv"]]
    modes: Modes = {}
    for row in tables["modes.tsv"]:
        known(row, "type", names, faults)
        if not re.fullmatch(r"[a-z]+(-[a-z]+)*", row["mode"]):
            faults.append(f"{row.where}: mode {row['mode']!r}; write lower-case words joined by hyphens")
        modes[row["type"], row["mode"]] = Mode(
            row["type"], row["mode"], number(row, "intensity", faults), listed(row["contexts"], " "), row["definition"],
            listed(row["phrases"]), row["source"])  # fmt: skip
    types: dict[str, Type] = {}
    for row in tables["types.tsv"]:
        name = row["type"]
        if not re.fullmatch(r"[A-Z]{3,}", name):
            faults.append(f"{row.where}: type {name!r}; write at least three capitals")
        if row["quad"] not in {str(n) for n in quads}:
            faults.append(f"{row.where}: unknown quad {row['quad']!r}; use {', '.join(map(str, quads))}")
            continue
        if row["recipient"] not in ("required", "optional"):
            faults.append(f"{row.where}: recipient {row['recipient']!r}; write required or optional")
        intensity = number(row, "intensity", faults)
        if intensity is None:
            faults.append(f"{row.where}: no intensity; write a score from -10 (conflict) to 10 (cooperation)")
            continue
        types[name] = Type(
            name, int(row["quad"]), intensity, row["recipient"] == "required", listed(row["contexts"], " "),
            row["definition"], listed(row["phrases"]), row["unlike"], row["source"],
            tuple(mode for (type_, _), mode in modes.items() if type_ == name))  # fmt: skip
    return types, modes


def _context_words(rows: list[Row], contexts: dict[str, Context], faults: list[str]) -> tuple[ContextWord, ...]:
    found = []
    for row in rows:
        known(row, "context", contexts, faults)
        words = words_of(row["phrase"])
        if not words or row["phrase"] != row["phrase"].lower():
            faults.append(f"{row.where}: phrase {row['phrase']!r}; write words in lower case")
        weight = number(row, "weight", faults, 0.01, 1)
        if weight is None:
            faults.append(f"{row.where}: no weight; write a number above 0, at most 1")
            continue
        found.append(ContextWord(row["context"], words, weight))
    return tuple(found)


def _cameo_codes(rows: list[Row], faults: list[str]) -> dict[str, Cameo]:
    codes: dict[str, Cameo] = {}
    for row in rows:
        code = row["code"]
        if not re.fullmatch(r"\d{2,4}", code):
            faults.append(f"{row.where}: code {code!r}; write 2 to 4 digits")
        values = [number(row, column, faults) for column in CAMEO_TABLES]
        if values[0] is None:
            faults.append(f"{row.where}: no goldstein; write a value from -10 to 10")
            continue
        codes[code] = Cameo(code, row["name"], values[0], values[1], values[2], values[3], row["source"])
    for row in rows:
        if len(row["code"]) > 2 and row["code"][:2] not in codes:
            faults.append(f"{row.where}: code {row['code']} has no root {row['code'][:2]}; add the root")
    return codes


def _cameo_quads(rows: list[Row], faults: list[str]) -> dict[str, dict[str, int | None]]:
    found: dict[str, dict[str, int | None]] = {}
    for row in sorted(rows, key=lambda r: -len(r["cameo"])):
        classes: dict[str, int | None] = {}
        for table in QUAD_TABLES:
            lowest = 0 if table in ("icews_penta", "phoenix") else 1
            value = number(row, table, faults, lowest, 4)
            classes[table] = None if value is None else int(value)
        found[row["cameo"]] = classes
    return found


def _type_and_mode(row: Row, types: dict[str, Type], modes: Modes, faults: list[str]) -> None:
    known(row, "type", types, faults)
    if row["mode"] and (row["type"], row["mode"]) not in modes:
        faults.append(f"{row.where}: {row['type'] or 'no type'} has no mode {row['mode']!r}; add it to modes.tsv")


def _ways_to_plover(
    rows: list[Row], types: dict[str, Type], modes: Modes, codes: dict[str, Cameo], faults: list[str]
) -> dict[str, Plover]:
    found: dict[str, Plover] = {}
    for row in rows:
        known(row, "code", codes, faults)
        _type_and_mode(row, types, modes, faults)
        reduced = (row["note"] or "less than the code says") if row["reduced"] else None
        found[row["code"]] = Plover(row["type"] or None, row["mode"] or None, listed(row["contexts"], " "), reduced)
    return found


def _ways_to_cameo(
    rows: list[Row], types: dict[str, Type], modes: Modes, codes: dict[str, Cameo], faults: list[str]
) -> Ways:
    found: Ways = {}
    for row in rows:
        known(row, "code", codes, faults)
        _type_and_mode(row, types, modes, faults)
        reduced = (row["note"] or "less than the record says") if row["reduced"] else None
        way = Way(frozenset(listed(row["contexts"], " ")), row["root"], row["code"], reduced)
        key = (row["type"], row["mode"] or None)
        found[key] = (*found.get(key, ()), way)
    return found


def _decisions(rows: list[Row], types: dict[str, Type], modes: Modes, faults: list[str]) -> tuple[Decision, ...]:
    found = []
    for row in rows:
        try:
            events = parse_expected(row["expected"])
        except ValueError as error:
            faults.append(f"{row.where}: expected: {error}")
            continue
        for event in events:
            if event.type not in types:
                faults.append(f"{row.where}: expected: unknown type {event.type!r}; known: {', '.join(types)}")
            elif event.mode is not None and (event.type, event.mode) not in modes:
                faults.append(f"{row.where}: expected: {event.type} has no mode {event.mode!r}; add it to modes.tsv")
        found.append(Decision(row["id"], row["topic"], row["question"], row["ruling"], row["example"], row["expected"],
                              events, row["basis"]))  # fmt: skip
    return tuple(found)


@cache
def _codebook(folder: str | None) -> Codebook:
    return read_codebook(None if folder is None else Path(folder))


def codebook(folder: str | Path | None = None) -> Codebook:
    """A codebook, read once in a process: `folder` as for `read_codebook`. Raises `CodebookError`."""
    return _codebook(None if folder is None else str(folder))
