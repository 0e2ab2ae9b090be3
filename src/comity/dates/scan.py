"""Text to candidate time expressions: tokens with kinds (`words.tsv`), and patterns over kinds (`grammar.txt`).

Each token becomes one letter, its kind; a segment becomes a string of letters, over which one compiled regular
expression of all rules runs. No word is looked at twice, and segments without a possible start cost one search.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import accumulate
from typing import NamedTuple

_TOKEN = re.compile(
    r"""\s*(?:
      \d{4}-\d\d-\d\d(?:[T\ ]\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?)?(?![\w-])
    | \d{1,2}/\d{1,2}/\d{2,4}(?![\w/]) | \d{4}/\d{1,2}/\d{1,2}(?![\w/]) | \d{1,2}\.\d{1,2}\.\d{4}(?![\w.])
    | \d{1,2}:\d\d(?::\d\d)?(?!\d)
    | ['’‘`]\d0s\b | \d{2,4}['’]?s\b | ['’‘`]\d\d\b
    | \d{1,3}(?:st|nd|rd|th)\b
    | \d+(?:,\d{3}(?!\d))*(?:\.\d+(?!\d*\.\d))?
    | [AaPp]\.\s?[Mm]\b\.? | [Oo]['’]clock\b | FY\s?\d{2,4}\b | [QH][1-4]\b
    | [^\W\d_][^\W_]*
    | ['’]s\b
    | --+
    | \S
    )""",
    re.VERBOSE,
)

_FIGURES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("iso", r"\d{4}-\d\d-\d\d.*"),
        ("slashdate", r"\d{1,4}/\d{1,2}/\d{1,4}|\d{1,2}\.\d{1,2}\.\d{4}"),
        ("clock", r"(?:[01]?\d|2[0-4]):[0-5]\d(?::\d\d)?"),
        ("decade", r"(?:1[5-9]|20)\d0['’]?s|['’‘`]?[2-9]0s"),
        ("shortyear", r"['’‘`]\d\d"),
        ("ordinal", r"(?:[1-9]|[12]\d|3[01])(?:st|nd|rd|th)"),
        ("year", r"(?:1[7-9]|20|21)\d\d"),
        ("oldyear", r"1[0-6]\d\d"),
        ("day31", r"0?[1-9]|[12]\d|3[01]"),
        ("number", r"\d+(?:,\d{3})*"),
        ("decimal", r"\d[\d,]*\.\d+"),
        ("fycode", r"FY\s?(?:\d\d|\d{4})"),
        ("qcode", r"[QH][1-4]"),
    )
)

_MARKS = {
    ",": "comma", ".": "dot", "-": "hyphen", "–": "hyphen", "—": "hyphen", "/": "slash", "(": "lparen", ")": "rparen",
    "[": "lparen", "]": "rparen", "'s": "gen", "’s": "gen", "'": "quote", "’": "quote",
}  # fmt: skip

_DASHES = frozenset(("-", "–", "—", "--", "---"))


class Token(NamedTuple):
    """One token of a candidate."""

    kind: str
    value: str
    """From `words.tsv`; the token itself for figures."""
    start: int
    end: int


class Candidate(NamedTuple):
    """A stretch of text that a rule took for a time expression."""

    rule: str
    action: str
    how: str
    tokens: tuple[Token, ...]

    @property
    def start(self) -> int:
        return self.tokens[0].start

    @property
    def end(self) -> int:
        return self.tokens[-1].end


class GrammarError(ValueError):
    """`words.tsv` or `grammar.txt` is not well formed; the message names the line."""


@cache
def words() -> dict[str, tuple[str, str]]:
    """Form to (kind, value). A form counts as it is listed; where no other line lists the spelling, also in capitals
    and, if listed in lower case, with a capital. Raises `GrammarError`."""
    listed: dict[str, tuple[str, str]] = {}
    for number, line in enumerate(files(__package__).joinpath("words.tsv").read_text("utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        fields = line.split("\t")
        if len(fields) != 3:
            raise GrammarError(f"words.tsv, line {number}: {len(fields)} columns; kind, value and forms are needed")
        kind, value, forms = fields
        for form in forms.split():
            if listed.setdefault(form, (kind, value)) != (kind, value):
                raise GrammarError(f"words.tsv, line {number}: {form!r} stands twice, first as {listed[form]}")
    table = dict(listed)
    for form, sense in listed.items():
        table.setdefault(form.upper(), sense)
        if form.islower():
            table.setdefault(form.capitalize(), sense)
    return table


def classify(raw: str) -> tuple[str, str]:
    """Kind and value of a raw token, which may have white space before it."""
    form = raw.strip()
    known = words().get(form)
    if known:
        return known
    first = form[:1]
    if first.isdigit() or first in "'’‘`FQH":
        for kind, pattern in _FIGURES:
            if pattern.fullmatch(form):
                return kind, form
    if form in _DASHES:
        return ("hyphen" if raw == form and len(form) == 1 else "dash"), form
    if form in _MARKS:
        return _MARKS[form], form
    if first.isalpha():
        return ("word" if form[:1].islower() else "Word"), form
    return "mark", form


class _Letters(dict[str, str]):
    """Raw token to the letter of its kind, filled as tokens are met."""

    def __init__(self, letters: dict[str, str]) -> None:
        super().__init__()
        self.letters = letters

    def __missing__(self, raw: str) -> str:
        if len(self) > 50_000:  # vocabulary of a long run: keep memory flat
            self.clear()
        letter = self[raw] = self.letters[classify(raw)[0]]
        return letter


class Rule(NamedTuple):
    """One rule of `grammar.txt`."""

    id: str
    action: str
    how: str
    """The words between the action and the colon; empty without any."""
    pattern: re.Pattern[str]


def prefixes(pattern: str) -> frozenset[str]:
    """The beginnings, two letters long, of what a pattern can match; one letter where it can match just one.

    Knows what `grammar.txt` uses: letters, sets, groups, alternatives, ``?`` and lookarounds (which take nothing in).
    """

    def joined(left: set[str], right: set[str]) -> set[str]:
        return {a if len(a) > 1 else (a + b)[:2] for a in left for b in right}

    def alternatives(at: int) -> tuple[set[str], int]:
        found: set[str] = set()
        sequence = {""}
        while at < len(pattern) and pattern[at] != ")":
            if pattern[at] == "|":
                found |= sequence
                sequence = {""}
                at += 1
                continue
            if pattern[at] == "[":
                close = pattern.index("]", at)
                item, at = set(pattern[at + 1 : close]), close + 1
            elif pattern[at] == "(":
                around = pattern[at : at + 3] in ("(?=", "(?!", "(?<")
                item, at = alternatives(at + (3 if pattern[at + 2] in ":=!" else 4))
                at += 1
                if around:
                    item = {""}
            else:
                item, at = {pattern[at]}, at + 1
            if pattern[at : at + 1] == "?":
                item, at = item | {""}, at + 1
            sequence = joined(sequence, item)
        return found | sequence, at

    return frozenset(alternatives(0)[0])


class Grammar(dict[str, tuple[Rule, ...]]):
    """Two letters to the rules that can match where they stand, in order; filled as they are met."""

    __slots__ = ("_prefixes", "first", "letters", "rules")

    def __init__(self, rules: list[Rule]) -> None:
        super().__init__()
        self.letters = _Letters(kinds())
        self.rules = rules
        self._prefixes = [prefixes(rule.pattern.pattern) for rule in rules]
        self.first = re.compile(f"[{''.join(sorted({p[0] for starts in self._prefixes for p in starts}))}]")
        """Finds the letters with which a rule can begin."""

    def __missing__(self, two: str) -> tuple[Rule, ...]:
        first = two[:1]
        found = self[two] = tuple(
            rule for rule, starts in zip(self.rules, self._prefixes) if two in starts or first in starts
        )
        return found


@cache
def kinds() -> dict[str, str]:
    """Kind to its letter."""
    names = {kind for kind, _ in words().values()} | {kind for kind, _ in _FIGURES} | set(_MARKS.values())
    return {name: chr(0x4E00 + n) for n, name in enumerate(sorted(names | {"word", "Word", "mark", "dash"}))}


def _to_letters(pattern: str, where: str) -> str:
    def one(match: re.Match[str]) -> str:
        letters = []
        for name in match[1].split("|"):
            if name not in kinds():
                raise GrammarError(f"{where}: there is no kind <{name}>")
            letters.append(kinds()[name])
        return letters[0] if len(letters) == 1 else f"[{''.join(letters)}]"

    return re.sub(r"\s+", "", re.sub(r"<([A-Za-z0-9_|]+)>", one, pattern))


@cache
def grammar() -> Grammar:
    """The rules of `grammar.txt`, compiled. Raises `GrammarError`."""
    macros: dict[str, str] = {}
    rules: dict[str, Rule] = {}
    for number, line in enumerate(files(__package__).joinpath("grammar.txt").read_text("utf-8").splitlines(), 1):
        where = f"grammar.txt, line {number}"
        if not line.strip() or line.startswith("#"):
            continue
        try:
            expanded = re.sub(r"\{([a-z]+)\}", lambda m: macros[m[1]], line)
        except KeyError as missing:
            raise GrammarError(f"{where}: macro {missing} is not defined above") from None
        if macro := re.match(r"([a-z]+)\s*:=\s*(.+)", expanded):
            macros[macro[1]] = macro[2].strip()
        elif rule := re.match(r"([a-z][a-z0-9-]*)\s*=\s*([a-z_]+)((?: [a-z]+)*)\s*:\s*(.+)", expanded):
            if rule[1] in rules:
                raise GrammarError(f"{where}: rule {rule[1]} stands twice")
            try:
                rules[rule[1]] = Rule(rule[1], rule[2], rule[3].strip(), re.compile(_to_letters(rule[4], where)))
            except re.error as error:
                raise GrammarError(f"{where}: {error}") from None
        else:
            raise GrammarError(f"{where}: neither a macro (name := pattern) nor a rule (id = action : pattern)")
    return Grammar(list(rules.values()))


_GLUED_BEFORE = frozenset("$£€¥#@_/")
_FIGURE_KINDS = frozenset(("day31", "number", "year", "oldyear", "decimal", "clock"))


def candidates(text: str, start: int, end: int) -> Iterator[Candidate]:
    """The candidates of a stretch of text, in order and without overlap."""
    compiled = grammar()
    raws = _TOKEN.findall(text, start, end)
    letters = "".join(map(compiled.letters.__getitem__, raws))
    ends: list[int] | None = None
    taken = 0
    for place in compiled.first.finditer(letters):
        at = place.start()
        if at < taken:
            continue
        for rule in compiled[letters[at : at + 2]]:
            match = rule.pattern.match(letters, at)
            if match is not None:
                break
        else:
            continue
        if ends is None:
            ends = list(accumulate(map(len, raws), initial=start))
        tokens = []
        for n in range(at, match.end()):
            kind, value = classify(raws[n])
            tokens.append(Token(kind, value, ends[n + 1] - len(raws[n].lstrip()), ends[n + 1]))
        taken = match.end()
        before = tokens[0].start - 1
        if before >= start and tokens[0].kind in _FIGURE_KINDS and text[before] in _GLUED_BEFORE:
            continue
        yield Candidate(rule.id, rule.action, rule.how, tuple(tokens))
