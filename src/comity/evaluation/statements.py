"""Statements against gold: attribution corpora (PolNeAR, GUM) and hand-coded reports.

Two forms of gold file, one document a line:

- attributions: ``{"id", "text", "attributions": [{"source", "cue", "content"}]}`` with lists of ``[start, end]``, as in
  PolNeAR (Newell et al. 2018) and GUM (Zeldes 2017). The measure is the joint one: a pair counts when the word tokens
  of the contents overlap by at least half of their union and the sources have one head.
- coded reports: ``{"id", "text", "published", "outlet", "statements": [{"speaker", "speakers", "country", "anonymous",
  "kind", "date", "via", "start", "end"}]}``, where start and end enclose the first words of the content.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from comity.actors import resolve
from comity.dates import read_dates
from comity.language import split
from comity.records import Report, Span, Statement
from comity.statements import Attribution, Reading, read_statements
from comity.statements.recording import kind_of

OVERLAP = 0.5
"""Intersection over union of word tokens from which two contents are one; the usual threshold for these corpora."""

CLAUSES = frozenset(("clause", "quote", "colon", "according", "turn", "continued"))
"""Frames whose contents are clauses. GUM marks no others: its attributions come from dependencies."""

Spans = list[list[int]]
_TOKEN = re.compile(r"\w+(?:[-'’.]\w+)*")
_CUT = frozenset(
    [
        "of",
        "for",
        "from",
        "in",
        "at",
        "on",
        "with",
        "who",
        "which",
        "that",
        "whose",
        "to",
        "by",
        "including",
        "about",
        "against",
        "during",
        "after",
        "before",
        "under",
        "among",
        "within",
        "near",
        "over",
        "where",
        "when",
        "as",
    ]
)


# --- from readings to the corpora's forms ----------------------------------------------------------------------------


def as_attribution(a: Attribution, reading: Reading) -> dict[str, Any]:
    """An attribution as source, cue and content spans, labelled as the corpora label theirs."""
    kind = kind_of(a, reading.quotation_index, reading.report.text)
    return {
        "source": [[v.start, v.end] for v in a.voices if v.start is not None],
        "cue": [[a.start, a.end]] if a.start >= 0 else [],
        "content": [list(span) for span in a.content],
        "type": {"verbatim": "verbatim-direct"}.get(kind, kind),
        "cue_class": "attitude" if a.cue is not None and a.cue.kind in ("thought", "attitude", "display") else "speech",
    }


def outermost(reading: Reading) -> list[dict[str, Any]]:
    """A report's statements in PolNeAR's way: no nesting, and words that go on without a cue belong to what they go on
    from ("…," he said. "…")."""
    found: list[dict[str, Any]] = []
    home: dict[int, dict[str, Any]] = {}
    for a in reading.attributions:
        if a.record is None or a.record.within is not None:
            continue
        root = a
        while root.implied is not None:
            root = root.implied
        if id(root) in home:
            home[id(root)]["content"] += [list(span) for span in a.content]
        else:
            home[id(a)] = as_attribution(a, reading)
            found.append(home[id(a)])
    return found


def clausal(reading: Reading) -> list[dict[str, Any]]:
    """A report's attributions in GUM's way: nesting and "I think" count, contents are clauses."""
    return [
        as_attribution(a, reading)
        for a in reading.attributions
        if a.firm and a.frame in CLAUSES and (a.source >= 0 or a.implied is not None or a.turn)
    ]


def as_output(reading: Reading) -> dict[str, Any]:
    """The part of a report's output that concerns statements, in the form of `comity code`."""
    report = reading.report
    return {
        "report": {"id": report.id, "text": report.text},
        "statements": [msgspec.to_builtins(s) for s in reading.statements],
        "events": [],
    }


# --- the joint measure -----------------------------------------------------------------------------------------------


class _Text:
    """The word tokens of a text; punctuation and quotation marks never count."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.spans: list[Span] = []
        for match in _TOKEN.finditer(text):
            start, end = match.span()
            if end - start > 2 and match[0].lower().endswith(("'s", "’s")):
                end -= 2
            self.spans.append((start, end))
        self.starts = [start for start, _ in self.spans]

    def tokens(self, spans: Spans) -> frozenset[int]:
        found = set()
        for start, end in spans:
            n = bisect_left(self.starts, start)
            if n > 0 and self.spans[n - 1][1] > start:
                n -= 1
            while n < len(self.spans) and self.spans[n][0] < end:
                found.add(n)
                n += 1
        return frozenset(found)

    def head(self, spans: Spans) -> int | None:
        """The last word of a phrase before the first comma, bracket, dash, preposition or relative word."""
        head = None
        for n in sorted(self.tokens(spans)):
            start, end = self.spans[n]
            if head is not None:
                between = self.text[self.spans[head][1] : start]
                if re.search(r"[,;:()\[\]–—“”\"\n]|''", between) or self.text[start:end].lower() in _CUT:
                    break
            head = n
        return head


def _pairs(gold: Sequence[frozenset[int]], found: Sequence[frozenset[int]]) -> list[tuple[int, int, float]]:
    """Pairs of contents, one to one, greedily by the share that they have in common."""
    options = []
    for i, one in enumerate(gold):
        for j, other in enumerate(found):
            shared = len(one & other)
            if shared:
                options.append((-shared / len(one | other), i, j))
    options.sort()
    used: tuple[set[int], set[int]] = (set(), set())
    pairs = []
    for share, i, j in options:
        if i not in used[0] and j not in used[1]:
            used[0].add(i)
            used[1].add(j)
            pairs.append((i, j, -share))
    return pairs


def _same_source(text: _Text, gold: dict[str, Any], found: Spans) -> bool:
    options = [spans for spans in (gold.get("source"), *(gold.get("source_alternatives") or ())) if spans]
    if not options:
        return not text.tokens(found)
    mine, head = text.tokens(found), text.head(found)
    return any(text.head(spans) in mine and head in text.tokens(spans) for spans in options) and head is not None


def _labels(attribution: dict[str, Any], nested: bool) -> list[str]:
    labels = ["all"]
    if attribution.get("cue_class", "speech") == "speech":
        labels.append("speech")
    if attribution.get("type") == "verbatim-direct":
        labels.append("direct")
    if nested:
        labels.append("nested")
    return labels


def _nested(text: _Text, attributions: Sequence[dict[str, Any]]) -> list[bool]:
    contents = [text.tokens(a["content"]) for a in attributions]
    cues = [text.tokens(a.get("cue") or a.get("source") or []) for a in attributions]
    return [
        any(
            j != i and cues[i] and cues[i] <= other and contents[i] <= other and contents[i] != other
            for j, other in enumerate(contents)
        )
        for i in range(len(attributions))
    ]


def joint(documents: Iterable[tuple[dict[str, Any], list[dict[str, Any]]]]) -> dict[str, float]:
    """Joint F1 (content and source) over documents, for all attributions and for those whose cue is a word of speech,
    that are direct speech, and that are nested. A pair belongs to the subset of its gold; what has no gold to that of
    its own label. Keys: ``joint_f1`` first, then ``joint_f1_speech``, ``…_direct``, ``…_nested``, counts.
    """
    hits: Counter[str] = Counter()
    golds: Counter[str] = Counter()
    founds: Counter[str] = Counter()
    for row, found in documents:
        text = _Text(row["text"])
        gold = [a for a in row["attributions"] if text.tokens(a["content"])]
        found = [a for a in found if text.tokens(a["content"])]
        gold_labels = [_labels(a, n) for a, n in zip(gold, _nested(text, gold), strict=True)]
        found_labels = [_labels(a, n) for a, n in zip(found, _nested(text, found), strict=True)]
        pairs = _pairs([text.tokens(a["content"]) for a in gold], [text.tokens(a["content"]) for a in found])
        partner = {j: i for i, j, _ in pairs}
        for labels in gold_labels:
            golds.update(labels)
        for j, labels in enumerate(found_labels):
            founds.update(gold_labels[partner[j]] if j in partner else labels)
        for i, j, share in pairs:
            if share >= OVERLAP and _same_source(text, gold[i], found[j]["source"]):
                hits.update(gold_labels[i])
    figures: dict[str, float] = {}
    for label, key in (("all", "joint_f1"), ("speech", "joint_f1_speech"), ("direct", "joint_f1_direct"),
                       ("nested", "joint_f1_nested")):  # fmt: skip
        figures[key] = _ratio(2 * hits[label], golds[label] + founds[label])
    return figures | {"gold": golds["all"], "found": founds["all"], "gold_nested": golds["nested"]}


def _ratio(a: float, b: float) -> float:
    return round(a / b, 4) if b else 0.0


# --- coded reports ---------------------------------------------------------------------------------------------------


def place(code: str | None) -> str | None:
    """The comparable part of a country code: groups of a state are one, never the state itself."""
    if not code or not code.startswith("GROUP:"):
        return code or None
    name, _, state = code[6:].partition("@")
    return "GROUP@" + state if state and state.lower() not in ("null", "none") else "GROUP:" + name.lower()


def _last_name(name: str | None) -> str | None:
    words = re.findall(r"[\w'’-]+", name or "")
    return words[-1].lower() if words else None


def _sentence(text: str, start: int, end: int) -> Span:
    stops = [match.end() for match in re.finditer(r"[.!?][\"”’)]*\s", text[:start])]
    left = max(text.rfind("\n", 0, start), stops[-1] if stops else -1, 0)
    match = re.search(r"[.!?][\"”’)]*(\s|$)|\n", text[end:])
    return left, end + (match.end() if match else len(text) - end)


def _matched(gold: list[dict[str, Any]], found: Sequence[Statement]) -> Iterator[tuple[dict[str, Any], Statement]]:
    options = []
    for i, g in enumerate(gold):
        for j, s in enumerate(found):
            shared = sum(max(0, min(b, g["end"]) - max(a, g["start"])) for a, b in s.content)
            if shared:
                options.append((-shared, sum(b - a for a, b in s.content), i, j))
    used: tuple[set[int], set[int]] = (set(), set())
    for _, _, i, j in sorted(options):
        if i not in used[0] and j not in used[1]:
            used[0].add(i)
            used[1].add(j)
            yield gold[i], found[j]


def coded(documents: Iterable[tuple[dict[str, Any], Sequence[Statement]]]) -> dict[str, float]:
    """Figures over hand-coded reports: ``recall`` and ``precision`` of statements (one is false when it touches no
    coded sentence); among matched ones the shares with the right speaker, country, kind and date (where the day differs
    from publication); F1 of the anonymous flag; precision and recall of relays."""
    c: Counter[str] = Counter()
    for row, found in documents:
        text, published, gold = row["text"], (row.get("published") or "")[:10], row["statements"]
        near = [_sentence(text, g["start"], g["end"]) for g in gold]
        c["gold"] += len(gold)
        c["found"] += len(found)
        c["near"] += sum(any(a < y and x < b for a, b in s.content for x, y in near) for s in found)
        c["anonymous_gold"] += sum(bool(g.get("anonymous")) for g in gold)
        c["via_found"] += sum(bool(s.via) for s in found)
        for g, s in _matched(gold, found):
            who = g.get("speakers") or [{"name": g["speaker"], "country": g.get("country")}]
            wanted = {_last_name(w["name"]) for w in who} | {_last_name(g["speaker"])}
            said = {_last_name(n) for v in s.speakers for n in (v.name, v.text)} - {None}
            anonymous = any(v.anonymous for v in s.speakers)
            both = bool(g.get("anonymous")) and anonymous
            countries = {place(w.get("country")) for w in who} - {None}
            own = {place(v.country) for v in s.speakers} - {None}
            c["matched"] += 1
            c["speaker"] += both or bool(wanted & said)
            c["country"] += bool(countries & own) or not (countries or own)
            c["kind"] += g["kind"] == s.kind
            c["anonymous_found"] += anonymous
            c["anonymous_both"] += both
            if g.get("date") and g["date"] != published:
                c["dated"] += 1
                c["date"] += g["date"] == (s.date or "")[:10]
            if g.get("via"):
                c["via_gold"] += 1
                c["via_both"] += any(_last_name(v) == _last_name(g["via"]) for v in s.via)
    return {
        "recall": _ratio(c["matched"], c["gold"]),
        "precision": _ratio(c["near"], c["found"]),
        "speaker": _ratio(c["speaker"], c["matched"]),
        "country": _ratio(c["country"], c["matched"]),
        "kind": _ratio(c["kind"], c["matched"]),
        "date": _ratio(c["date"], c["dated"]),
        "anonymous_f1": _ratio(2 * c["anonymous_both"], c["anonymous_found"] + c["anonymous_gold"]),
        "via_precision": _ratio(c["via_both"], c["via_found"]),
        "via_recall": _ratio(c["via_both"], c["via_gold"]),
        "gold": c["gold"],
        "found": c["found"],
    }


# --- reading gold ----------------------------------------------------------------------------------------------------


def read_gold(path: Path) -> list[dict[str, Any]]:
    """The documents of a gold file of either form. Raises `ValueError` naming the line that is in neither."""
    rows = []
    for number, line in enumerate(path.read_text("utf-8").split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = msgspec.json.decode(line)
        except msgspec.DecodeError as error:
            raise ValueError(f"{path}, line {number}: {error}; see docs/statements.md for the form") from error
        if not isinstance(row, dict) or "text" not in row or not ("attributions" in row or "statements" in row):
            raise ValueError(
                f"{path}, line {number}: neither attributions nor statements of a text; see docs/statements.md"
            )
        rows.append(row)
    return rows


def readings(rows: Iterable[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], Reading]]:
    """Each gold document with the reading of its text. Loads the language model (about a second)."""
    from comity.language.model import Language

    language = Language()
    for row in rows:
        report = Report(
            id=row["id"],
            text=row["text"],
            title=row.get("title"),
            outlet=row.get("outlet"),
            published=row.get("published") or row.get("date"),
        )
        segments = split(report.text)
        (parse,) = language.parse([(report.text, segments, segments)])
        timeline = read_dates(parse, report.published)
        yield row, read_statements(report, parse, resolve(report, parse), timeline)


def evaluate(path: Path) -> dict[str, float]:
    """The figures for a gold file; its form tells which. An attribution corpus that says which attribution lies inside
    which (as GUM does) is measured with nesting, another (as PolNeAR) without. Raises `ValueError` as `read_gold` does.
    """
    rows = read_gold(path)
    if rows and "statements" in rows[0]:
        return coded((row, reading.statements) for row, reading in readings(rows))
    nests = any("inside" in a for row in rows for a in row["attributions"])
    form: Callable[[Reading], list[dict[str, Any]]] = clausal if nests else outermost
    return joint((row, form(reading)) for row, reading in readings(rows))
