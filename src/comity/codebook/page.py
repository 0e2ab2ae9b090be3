"""A codebook as text to read: Markdown for the documentation and for ``comity codebook``."""

from __future__ import annotations

from collections.abc import Iterable

from comity.codebook.book import QUAD_TABLES, Codebook, Decision, Mode

BEGIN = "<!-- from here on generated from the tables of the codebook by scripts/build_codebook_page.py -->"
END = "<!-- end of the generated part -->"


def _table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    header = list(header)
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def _signed(value: float | None) -> str:
    return "" if value is None else f"{value:g}".replace("-", "−")


def _phrases(phrases: Iterable[str]) -> str:
    return "; ".join(f"“{phrase}”" for phrase in phrases)


def _code_of(book: Codebook, type_: str, mode: str | None) -> str:
    choice = book.cameo(type_, mode)
    if choice is None:
        return ""
    return f"{choice.code} (reduced)" if choice.reduced else choice.code


def _mode_row(book: Codebook, mode: Mode) -> list[str]:
    return [f"`{mode.name}`", _signed(book.intensity(mode.type, mode.name)), _code_of(book, mode.type, mode.name),
            mode.definition, _phrases(mode.phrases)]  # fmt: skip


def type_page(book: Codebook, name: str, level: int = 1) -> str:
    """One type with its modes and the decisions whose example gives it. Raises `UnknownCode`."""
    found = book.type(name)
    parts = [
        f"{'#' * level} {found.name}",
        found.definition,
        f"Quad class: {book.quad(name)} ({found.quad}). Intensity: {_signed(found.intensity)}. "
        f"Target: {'required' if found.recipient else 'may be missing'}. "
        f"CAMEO: {_code_of(book, name, None) or 'none'}.",
        f"Typical: {_phrases(found.phrases)}.",
        f"Unlike: {found.unlike}",
    ]
    if found.modes:
        rows = [_mode_row(book, mode) for mode in found.modes]
        parts.append(_table(("mode", "intensity", "CAMEO", "meaning", "typical"), rows))
    rulings = [d.id for d in book.decisions if d.events and d.events[0].type == name]
    if rulings:
        parts.append("Decisions: " + ", ".join(f"`{id_}`" for id_ in rulings) + ".")
    return "\n\n".join(parts) + "\n"


def overview(book: Codebook) -> str:
    """All types in one table."""
    rows = [
        [t.name, book.quad(t.name), _signed(t.intensity), ", ".join(f"`{m.name}`" for m in t.modes), t.definition]
        for t in book.types.values()
    ]
    return _table(("type", "quad class", "intensity", "modes", "meaning"), rows) + "\n"


def decisions_page(book: Codebook, topic: str | None = None, level: int = 1) -> str:
    """The decision table, by topic; `topic`: only that one. Empty when no decision has that topic."""
    topics: dict[str, list[Decision]] = {}
    for decision in book.decisions:
        if topic is None or decision.topic == topic:
            topics.setdefault(decision.topic, []).append(decision)
    parts = []
    for name, decisions in topics.items():
        parts.append(f"{'#' * level} {name.capitalize()}")
        for d in decisions:
            parts.append(f"**`{d.id}`** {d.question}  \n{d.ruling}  \n*{d.example}*  \n→ `{d.expected}`")
    return "\n\n".join(parts) + ("\n" if parts else "")


def reference(book: Codebook) -> str:
    """The whole codebook as Markdown: the generated part of ``docs/codebook.md``."""
    parts = [f"Codebook: `{book.version}`. {book.licence}", "## Types", overview(book)]
    parts += [type_page(book, name, 3) for name in book.types]
    parts.append("## Statuses")
    parts.append(
        _table(
            ("status", "in series", "meaning", "signs"),
            (
                [f"`{s.name}`", "yes" if s.series else "no", s.definition, "; ".join(s.signs)]
                for s in book.statuses.values()
            ),
        )
    )
    parts.append("## Contexts")
    words: dict[str, list[str]] = {}
    for word in book.context_words:
        if word.weight == 1:
            words.setdefault(word.context, []).append(" ".join(word.words).replace(" - ", "-").replace(" 's", "'s"))
    parts.append(
        _table(
            ("context", "meaning", "for instance"),
            ([f"`{c.name}`", c.definition, ", ".join(words.get(c.name, [])[:6])] for c in book.contexts.values()),
        )
    )
    parts.append("## Sectors")
    parts.append(
        _table(
            ("sector", "kind", "CAMEO role", "meaning"),
            ([f"`{s.name}`", s.kind, s.cameo or "", s.definition] for s in book.sectors.values()),
        )
    )
    parts.append("## Quad classes by target format")
    rows = [
        [code, *("" if q[t] is None else str(q[t]) for t in QUAD_TABLES)]
        for code, q in sorted(book.cameo_quads.items())
    ]
    parts.append(_table(("CAMEO begins with", *QUAD_TABLES), rows))
    parts.append("## CAMEO codes")
    parts.append(
        "Goldstein values: Comity's choice, then what ICEWS, Phoenix and GDELT print; an empty cell: the code is not "
        "in that table. *reduced*: the way to PLOVER loses something."
    )
    rows = []
    for code in book.cameo_codes.values():
        place = book.from_cameo(code.code)
        plover = "–" if place.type is None else place.type + (f"/{place.mode}" if place.mode else "")
        values = [_signed(v) for v in (code.goldstein, code.icews, code.phoenix, code.gdelt)]
        rows.append(
            [code.code, code.name, *values, plover, " ".join(place.contexts), "reduced" if place.reduced else ""]
        )
    parts.append(_table(("code", "name", "value", "ICEWS", "Phoenix", "GDELT", "PLOVER", "contexts", ""), rows))
    parts.append("## Decisions")
    parts.append(decisions_page(book, level=3))
    parts.append("## Sources")
    parts.append(_table(("source", "what", "licence"), ([f"`{k}`", t, lic] for k, (t, lic, _) in book.sources.items())))
    return "\n\n".join(part.strip() for part in parts) + "\n"


def refreshed(page: str, book: Codebook) -> str:
    """A documentation page with the part between `BEGIN` and `END` made anew. Raises ValueError without the marks."""
    head, begin, rest = page.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the page lacks the marks {BEGIN!r} and {END!r}; put them around the generated part")
    return f"{head}{BEGIN}\n\n{reference(book)}\n{END}{tail}"
