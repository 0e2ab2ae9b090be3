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
        ("decade", r"(?:1[5-9]|20)\d0['’]?s|['’‘`]?[1-9]0s"),
        ("shortyear", r"['’‘`]\d\d"),
        ("ordinal", r"(?:[1-9]|[12]\d|3[01])(?:st|nd|rd|th)"),
        ("year", r"(?:1[0-9]|20|21)\d\d"),
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
    """Form to (kind, value). Forms with a capital stand as they are and in capitals; others in three spellings."""
    table: dict[str, tuple[str, str]] = {}
    for number, line in enumerate(files(__package__).joinpath("words.tsv").read_text("utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        fields = line.split("\t")
        if len(fields) != 3:
            raise GrammarError(f"words.tsv, line {number}: {len(fields)} columns; kind, value and forms are needed")
        kind, value, forms = fields
        for form in forms.split():
            spellings = {form, form.upper()} if form != form.lower() else {form, form.capitalize(), form.upper()}
            for spelling in spellings:
                if table.setdefault(spelling, (kind, value)) != (kind, value):
                    raise GrammarError(f"words.tsv, line {number}: {spelling!r} is already {table[spelling]}")
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


class Grammar(NamedTuple):
    """The compiled rules."""

    letters: _Letters
    pattern: re.Pattern[str]
    possible: re.Pattern[str]
    """Finds a letter without which no rule can match."""
    actions: dict[str, str]
    """Rule to action."""


_ANCHORS = """month namemonth may weekday weekdays wday season fall seasons DAY DAYS WEEK WEEKS WEEKEND WEEKENDS MONTH
MONTHS QUARTER QUARTERS YEAR YEARS DECADE DECADES CENTURY CENTURIES HOUR HOURS MINUTE MINUTES SECOND SECONDS daypart
dayparts noon dawn overnight today tonight now recently soon recent past future present current previously moment time
often annual iso slashdate clock decade nineties shortyear year fycode qcode christmas holiday wordholiday ampm oclock
tz card period""".split()
"""Every rule that yields an expression needs a token of one of these kinds."""


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
    rules: list[str] = []
    actions: dict[str, str] = {}
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
        elif rule := re.match(r"([a-z][a-z0-9-]*)\s*=\s*([a-z_]+)\s*:\s*(.+)", expanded):
            if rule[1] in actions:
                raise GrammarError(f"{where}: rule {rule[1]} stands twice")
            letters = _to_letters(rule[3], where)
            try:
                re.compile(letters)
            except re.error as error:
                raise GrammarError(f"{where}: {error}") from None
            actions[rule[1]] = rule[2]
            rules.append(f"(?P<{rule[1].replace('-', '_')}>{letters})")
        else:
            raise GrammarError(f"{where}: neither a macro (name := pattern) nor a rule (id = action : pattern)")
    anchors = "".join(kinds()[name] for name in _ANCHORS)
    return Grammar(_Letters(kinds()), re.compile("|".join(rules)), re.compile(f"[{anchors}]"), actions)


_GLUED_BEFORE = frozenset("$£€¥#@_/")


def candidates(text: str, start: int, end: int) -> Iterator[Candidate]:
    """The candidates of a stretch of text, in order and without overlap."""
    compiled = grammar()
    raws = _TOKEN.findall(text, start, end)
    letters = "".join(map(compiled.letters.__getitem__, raws))
    if compiled.possible.search(letters) is None:
        return
    ends: list[int] | None = None
    for match in compiled.pattern.finditer(letters):
        if ends is None:
            ends = list(accumulate(map(len, raws), initial=start))
        rule = match.lastgroup
        assert rule is not None
        tokens = []
        for n in range(match.start(), match.end()):
            raw = raws[n]
            kind, value = classify(raw)
            stop = ends[n + 1]
            tokens.append(Token(kind, value, stop - len(raw.lstrip()), stop))
        at = tokens[0].start
        if at > start and tokens[0].kind in ("day31", "number", "year", "decimal", "clock") and text[at - 1] in _GLUED_BEFORE:
            continue
        name = rule.replace("_", "-")
        yield Candidate(name, compiled.actions[name], tuple(tokens))
