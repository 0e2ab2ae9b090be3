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
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from comity.actors import resolve
from comity.dates import read_dates
from comity.evaluation.measuring import (
    Counts,
    Figures,
    Measure,
    Mistake,
    Setup,
    f1,
    matched,
    ratio,
    read_rows,
    total,
)
from comity.language import split
from comity.records import Report, Span, Statement
from comity.statements import Attribution, Reading, read_statements
from comity.statements.recording import kind_of

OVERLAP = 0.5
"""Intersection over union of word tokens from which two contents are one; the usual threshold for these corpora."""

CLAUSES = frozenset(("clause", "quote", "colon", "according", "turn", "continued"))
"""Frames whose contents are clauses. GUM marks no others: its attributions come from dependencies."""

Spans = list[list[int]]
Row = dict[str, Any]
PAGE = "docs/statements.md"
_TOKEN = re.compile(r"\w+(?:[-'’.]\w+)*")
_END = re.compile(r"\n|[.!?][\"”’)]*\s")
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


class GoldStatement(msgspec.Struct, omit_defaults=True):
    """A statement of a coded report."""

    speaker: str
    kind: str
    start: int
    end: int
    speakers: list[dict[str, str | None]] | None = None
    country: str | None = None
    anonymous: bool = False
    date: str | None = None
    via: str | None = None


class GoldAttribution(msgspec.Struct, omit_defaults=True):
    """An attribution of a corpus."""

    source: Spans
    cue: Spans
    content: Spans
    source_alternatives: list[Spans] | None = None
    type: str | None = None
    cue_class: str = "speech"
    inside: Any = None


class Document(msgspec.Struct, omit_defaults=True):
    """A gold document of either form."""

    id: str
    text: str
    title: str | None = None
    url: str | None = None
    outlet: str | None = None
    published: str | None = None
    date: str | None = None
    statements: list[GoldStatement] | None = None
    attributions: list[GoldAttribution] | None = None

    def __post_init__(self) -> None:
        if self.statements is None and self.attributions is None:
            raise ValueError("neither `statements` nor `attributions` of the text")


# --- from readings to the corpora's forms ----------------------------------------------------------------------------


def as_attribution(a: Attribution, reading: Reading) -> Row:
    """An attribution as source, cue and content spans, labelled as the corpora label theirs."""
    kind = kind_of(a, reading.quotation_index, reading.report.text)
    return {
        "source": [[v.start, v.end] for v in a.voices if v.start is not None],
        "cue": [[a.start, a.end]] if a.start >= 0 else [],
        "content": [list(span) for span in a.content],
        "type": {"verbatim": "verbatim-direct"}.get(kind, kind),
        "cue_class": "attitude" if a.cue is not None and a.cue.kind in ("thought", "attitude", "display") else "speech",
    }


def outermost(reading: Reading) -> list[Row]:
    """A report's statements in PolNeAR's way: no nesting, and words that go on without a cue belong to what they go on
    from ("…," he said. "…")."""
    found: list[Row] = []
    home: dict[int, Row] = {}
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


def clausal(reading: Reading) -> list[Row]:
    """A report's attributions in GUM's way: nesting and "I think" count, contents are clauses."""
    return [
        as_attribution(a, reading)
        for a in reading.attributions
        if a.firm and a.frame in CLAUSES and (a.source >= 0 or a.implied is not None or a.turn)
    ]


def as_output(reading: Reading) -> Row:
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
    shares = {
        (i, j): len(one & other) / len(one | other)
        for i, one in enumerate(gold)
        for j, other in enumerate(found)
        if one & other
    }
    return [(i, j, shares[i, j]) for i, j in matched((-share, i, j) for (i, j), share in shares.items())]


def _same_source(text: _Text, gold: Row, found: Spans) -> bool:
    options = [spans for spans in (gold.get("source"), *(gold.get("source_alternatives") or ())) if spans]
    if not options:
        return not text.tokens(found)
    mine, head = text.tokens(found), text.head(found)
    return any(text.head(spans) in mine and head in text.tokens(spans) for spans in options) and head is not None


def _labels(attribution: Row, nested: bool) -> list[str]:
    labels = ["all"]
    if attribution.get("cue_class", "speech") == "speech":
        labels.append("speech")
    if attribution.get("type") == "verbatim-direct":
        labels.append("direct")
    if nested:
        labels.append("nested")
    return labels


def _nested(text: _Text, attributions: Sequence[Row]) -> list[bool]:
    contents = [text.tokens(a["content"]) for a in attributions]
    cues = [text.tokens(a.get("cue") or a.get("source") or []) for a in attributions]
    return [
        any(
            j != i and cues[i] and cues[i] <= other and contents[i] <= other and contents[i] != other
            for j, other in enumerate(contents)
        )
        for i in range(len(attributions))
    ]


SUBSETS = {"all": "", "speech": "_speech", "direct": "_direct", "nested": "_nested"}
"""Subset of the attributions to the end of its figures' names."""


class _Compared(NamedTuple):
    """The attributions of one document, gold and found: those with a content, their labels, and pairs of numbers with
    the share of the contents that they have in common."""

    text: _Text
    gold: list[Row]
    found: list[Row]
    gold_labels: list[list[str]]
    found_labels: list[list[str]]
    """A pair belongs to the subset of its gold; what has no gold to that of its own label."""
    pairs: list[tuple[int, int, float]]

    def right(self, i: int, j: int, share: float) -> bool:
        """Whether a pair counts."""
        return share >= OVERLAP and _same_source(self.text, self.gold[i], self.found[j]["source"])


def _compare(row: Row, found: Sequence[Row]) -> _Compared:
    text = _Text(row["text"])
    gold = [a for a in row["attributions"] if text.tokens(a["content"])]
    found = [a for a in found if text.tokens(a["content"])]
    gold_labels = [_labels(a, n) for a, n in zip(gold, _nested(text, gold), strict=True)]
    own_labels = [_labels(a, n) for a, n in zip(found, _nested(text, found), strict=True)]
    pairs = _pairs([text.tokens(a["content"]) for a in gold], [text.tokens(a["content"]) for a in found])
    partner = {j: i for i, j, _ in pairs}
    found_labels = [gold_labels[partner[j]] if j in partner else labels for j, labels in enumerate(own_labels)]
    return _Compared(text, gold, found, gold_labels, found_labels, pairs)


def count_joint(row: Row, found: Sequence[Row]) -> Counts:
    """Counts of one document of an attribution corpus."""
    compared = _compare(row, found)
    counts: Counts = Counter(documents=1)
    counts.update(f"gold {label}" for labels in compared.gold_labels for label in labels)
    counts.update(f"found {label}" for labels in compared.found_labels for label in labels)
    for i, j, share in compared.pairs:
        if compared.right(i, j, share):
            counts.update(f"hit {label}" for label in compared.gold_labels[i])
    return counts


def joint_figures(counts: Mapping[str, float]) -> Figures:
    """Joint F1 (content and source) for all attributions and for those whose cue is a word of speech, that are direct
    speech, and that are nested. Keys: ``joint_f1`` first, then ``joint_f1_speech``, ``…_direct``, ``…_nested``."""
    made = {
        f"joint_f1{end}": f1(counts[f"hit {label}"], counts[f"found {label}"], counts[f"gold {label}"])
        for label, end in SUBSETS.items()
    }
    made["joint_precision"] = ratio(counts["hit all"], counts["found all"])
    made["joint_recall"] = ratio(counts["hit all"], counts["gold all"])
    numbers = {"documents": "documents", "gold": "gold all", "found": "found all", "gold_nested": "gold nested"}
    return made | {name: counts[key] for name, key in numbers.items()}


def joint(documents: Iterable[tuple[Row, Sequence[Row]]]) -> Figures:
    """The figures over documents and the attributions found in them."""
    return joint_figures(total(count_joint(row, found) for row, found in documents))


def joint_mistakes(row: Row, found: Sequence[Row]) -> Iterator[Mistake]:
    """What is missed, what is extra, and what is wrong about the pairs: the content's bounds, or the source."""
    compared = _compare(row, found)

    def mistake(kind: str, one: Row | None, two: Row | None) -> Mistake:
        of = one or two or {}
        start, end = of["content"][0][0], of["content"][-1][1]
        return Mistake(
            kind=kind, detail=of.get("cue_class"), report=row["id"], start=start, end=end, text=row["text"][start:end],
            expected=_told(row, one) if one else None, found=_told(row, two) if two else None,
        )  # fmt: skip

    for i, j, share in compared.pairs:
        if share < OVERLAP:
            yield mistake("content", compared.gold[i], compared.found[j])
        elif not compared.right(i, j, share):
            yield mistake("source", compared.gold[i], compared.found[j])
    for i in sorted(set(range(len(compared.gold))) - {i for i, _, _ in compared.pairs}):
        yield mistake("missed", compared.gold[i], None)
    for j in sorted(set(range(len(compared.found))) - {j for _, j, _ in compared.pairs}):
        yield mistake("extra", None, compared.found[j])


def _told(row: Row, attribution: Row) -> str:
    """Source and content in the text's words."""
    source, content = (
        " … ".join(row["text"][start:end] for start, end in attribution[part]) for part in ("source", "content")
    )
    return f"{source or '?'}: {content}"


# --- coded reports ---------------------------------------------------------------------------------------------------


def place(code: str | None) -> str | None:
    """The comparable part of a country code: groups of a state are one, never the state itself."""
    if not code or not code.startswith("GROUP:"):
        return code or None
    name, _, state = code[6:].partition("@")
    return "GROUP@" + state if state and state.lower() not in ("null", "none") else "GROUP:" + name.lower()


def last_name(name: str | None) -> str | None:
    """The last word of a name, in lower case."""
    words = re.findall(r"[\w'’-]+", name or "")
    return words[-1].lower() if words else None


def overlap(a: Span, b: Span) -> bool:
    """Whether two spans have a character in common."""
    return max(a[0], b[0]) < min(a[1], b[1])


def sentence_around(text: str, start: int, end: int) -> Span:
    """The sentence around a stretch, told by full stops and line ends alone, so that gold needs no parser."""
    before = [match.end() for match in _END.finditer(text, 0, start)]
    after = _END.search(text, end)
    return before[-1] if before else 0, after.end() if after else len(text)


def _matched(gold: Sequence[Row], found: Sequence[Statement]) -> list[tuple[int, int]]:
    """Numbers of matched statements, one to one: the most characters in common first, then the shorter content."""
    options = []
    for i, g in enumerate(gold):
        for j, s in enumerate(found):
            shared = sum(max(0, min(b, g["end"]) - max(a, g["start"])) for a, b in s.content)
            if shared:
                options.append(((-shared, sum(b - a for a, b in s.content)), i, j))
    return matched(options)


def _in_a_coded_sentence(row: Row, found: Sequence[Statement]) -> list[bool]:
    near = [sentence_around(row["text"], g["start"], g["end"]) for g in row["statements"]]
    return [any(a < y and x < b for a, b in s.content for x, y in near) for s in found]


def _is_anonymous(s: Statement) -> bool:
    return any(v.anonymous for v in s.speakers)


def _judged(row: Row, g: Row, s: Statement) -> dict[str, bool]:
    """What is right about a matched statement; ``date`` only where gold gives another day than that of publication,
    ``via`` only where gold names a relay."""
    who = g.get("speakers") or [{"name": g["speaker"], "country": g.get("country")}]
    wanted = {last_name(w["name"]) for w in who} | {last_name(g["speaker"])}
    said = {last_name(n) for v in s.speakers for n in (v.name, v.text)} - {None}
    countries = {place(w.get("country")) for w in who} - {None}
    own = {place(v.country) for v in s.speakers} - {None}
    judged = {
        "speaker": bool(g.get("anonymous") and _is_anonymous(s)) or bool(wanted & said),
        "country": bool(countries & own) or not (countries or own),
        "kind": g["kind"] == s.kind,
        "anonymous": bool(g.get("anonymous")) == _is_anonymous(s),
    }
    if g.get("date") and g["date"] != (row.get("published") or "")[:10]:
        judged["date"] = g["date"] == (s.date or "")[:10]
    if g.get("via"):
        judged["via"] = any(last_name(v) == last_name(g["via"]) for v in s.via)
    return judged


def count_coded(row: Row, found: Sequence[Statement]) -> Counts:
    """Counts of one hand-coded report."""
    gold = row["statements"]
    c: Counts = Counter(documents=1, gold=len(gold), found=len(found))
    c["near"] = sum(_in_a_coded_sentence(row, found))
    c["anonymous_gold"] = sum(bool(g.get("anonymous")) for g in gold)
    c["via_found"] = sum(bool(s.via) for s in found)
    for i, j in _matched(gold, found):
        judged = _judged(row, gold[i], found[j])
        c["matched"] += 1
        c["dated"] += "date" in judged
        c["via_gold"] += "via" in judged
        c["anonymous_found"] += _is_anonymous(found[j])
        c["anonymous_both"] += bool(gold[i].get("anonymous")) and _is_anonymous(found[j])
        c.update({name: int(right) for name, right in judged.items()})
    return c


def coded_figures(c: Mapping[str, float]) -> Figures:
    """``recall`` and ``precision`` of statements (one is false when it touches no coded sentence); among matched ones
    the shares with the right speaker, country, kind and date (where the day differs from publication); F1 of the
    anonymous flag; precision and recall of relays."""
    return {
        "recall": ratio(c["matched"], c["gold"]),
        "precision": ratio(c["near"], c["found"]),
        "speaker": ratio(c["speaker"], c["matched"]),
        "country": ratio(c["country"], c["matched"]),
        "kind": ratio(c["kind"], c["matched"]),
        "date": ratio(c["date"], c["dated"]),
        "anonymous_f1": f1(c["anonymous_both"], c["anonymous_found"], c["anonymous_gold"]),
        "via_precision": ratio(c["via"], c["via_found"]),
        "via_recall": ratio(c["via"], c["via_gold"]),
        "documents": c["documents"],
        "gold": c["gold"],
        "found": c["found"],
        "dated": c["dated"],
    }


def coded(documents: Iterable[tuple[Row, Sequence[Statement]]]) -> Figures:
    """The figures over hand-coded reports and the statements found in them."""
    return coded_figures(total(count_coded(row, found) for row, found in documents))


def coded_mistakes(row: Row, found: Sequence[Statement]) -> Iterator[Mistake]:
    """What is missed, what is extra, and what is wrong about the matched ones."""
    gold, pairs = row["statements"], _matched(row["statements"], found)

    def mistake(kind: str, detail: str | None, start: int, end: int, expected: object, got: object) -> Mistake:
        return Mistake(
            kind=kind, detail=detail, report=row["id"], start=start, end=end, text=row["text"][start:end],
            expected=None if expected is None else str(expected), found=None if got is None else str(got),
        )  # fmt: skip

    for i, j in pairs:
        g, s = gold[i], found[j]
        who = ", ".join(f"{v.name or v.text} ({v.country})" for v in s.speakers)
        shown = {
            "speaker": (g["speaker"], who, None),
            "country": (g.get("country"), who, None),
            "kind": (g["kind"], s.kind, f"{s.kind} for {g['kind']}"),
            "anonymous": (g.get("anonymous"), who, None),
            "date": (g.get("date"), s.date, s.date_precision),
            "via": (g.get("via"), ", ".join(s.via), None),
        }
        for name, right in _judged(row, g, s).items():
            if not right:
                expected, got, detail = shown[name]
                yield mistake(name, detail, g["start"], g["end"], expected, got)
    for i in sorted(set(range(len(gold))) - {i for i, _ in pairs}):
        yield mistake("missed", gold[i]["kind"], gold[i]["start"], gold[i]["end"], gold[i]["speaker"], None)
    for s, near in zip(found, _in_a_coded_sentence(row, found)):
        if not near:
            who = ", ".join(v.name or v.text or "?" for v in s.speakers)
            yield mistake("extra", s.kind, s.content[0][0], s.content[-1][1], None, who)


# --- reading gold ----------------------------------------------------------------------------------------------------


def read_gold(path: Path) -> list[Row]:
    """The documents of a gold file of either form. Raises `GoldError` naming the line that is in neither."""
    return [msgspec.to_builtins(row) for row in read_rows(path, Document, PAGE)]


def report_of(row: Row) -> Report:
    """A gold document as a report."""
    return Report(
        id=row["id"],
        text=row["text"],
        title=row.get("title"),
        url=row.get("url"),
        outlet=row.get("outlet"),
        published=row.get("published") or row.get("date"),
    )


def readings(rows: Iterable[Row], model: str | None = None) -> Iterator[tuple[Row, Reading]]:
    """Each gold document with the reading of its text. Loads the language model (about a second)."""
    from comity.language.model import Language

    language = Language(model)
    for row in rows:
        report = report_of(row)
        segments = split(report.text)
        (parse,) = language.parse([(report.text, segments, segments)])
        timeline = read_dates(parse, report.published)
        yield row, read_statements(report, parse, resolve(report, parse), timeline)


def _find_coded(rows: Sequence[Row], setup: Setup) -> Iterator[tuple[Statement, ...]]:
    return (coding.statements for coding in setup.code(report_of(row) for row in rows))


def _find_attributions(rows: Sequence[Row], setup: Setup) -> Iterator[list[Row]]:
    """What is found, as a corpus has it: with nesting where the corpus says which attribution lies inside which (as
    GUM does), without where it does not (as PolNeAR)."""
    nests = any("inside" in a for row in rows for a in row["attributions"])
    form: Callable[[Reading], list[Row]] = clausal if nests else outermost
    return (form(reading) for _, reading in readings(rows, setup.model))


CODED = Measure(_find_coded, count_coded, coded_figures, coded_mistakes, ("recall", "precision", "speaker", "country"))
ATTRIBUTIONS = Measure(
    _find_attributions,
    count_joint,
    joint_figures,
    joint_mistakes,
    ("joint_f1", "joint_f1_speech", "joint_f1_direct", "joint_f1_nested"),
)


def gold(path: Path) -> tuple[Measure, list[Row]]:
    """The measure and the documents of a gold file; its form tells which. Raises `GoldError`."""
    rows = read_gold(path)
    return CODED if "statements" in rows[0] else ATTRIBUTIONS, rows
