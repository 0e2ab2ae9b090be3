"""The lexicon of events: patterns read from `lexicon/*.tsv` and compiled for matching (format: `lexicon/README.md`)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import NamedTuple

PREPOSITIONS = frozenset(
    [
        "about",
        "above",
        "across",
        "after",
        "against",
        "ahead",
        "along",
        "alongside",
        "amid",
        "among",
        "around",
        "as",
        "at",
        "away",
        "before",
        "behind",
        "below",
        "beneath",
        "beside",
        "between",
        "beyond",
        "by",
        "despite",
        "down",
        "during",
        "for",
        "from",
        "in",
        "inside",
        "into",
        "like",
        "near",
        "of",
        "off",
        "on",
        "onto",
        "out",
        "outside",
        "over",
        "past",
        "regarding",
        "since",
        "through",
        "throughout",
        "to",
        "toward",
        "towards",
        "under",
        "until",
        "up",
        "upon",
        "via",
        "with",
        "within",
        "without",
    ]
)
FLAGS = frozenset(
    ("mutual", "embed", "content", "own", "agent", "background", "place", "weak", "first", "intended", "negated")
)
TYPES = ("AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST", "ACCUSE", "REJECT",
         "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT")  # fmt: skip
"""PLOVER's types, in the order in which their files are read."""

STOP = "NONE"
"""The "type" of patterns that stop a sense which is no event (`none.tsv`): "request for comment"."""


class LexiconError(Exception):
    """A lexicon file cannot be read; the message names file, line and what is wrong."""


class Step(NamedTuple):
    """One condition after the head of a verb pattern."""

    kind: str
    """object | oblique | clause | particle | adjective."""
    words: frozenset[str] = frozenset()
    """Lemmas or forms that fill it; empty for any."""
    prepositions: frozenset[str] = frozenset()
    target: str = ""
    """"" | "source": S fills it | "actor": T itself | "deep": T anywhere inside | "owner": T owns what fills it."""
    modifiers: tuple[tuple[bool, frozenset[str]], ...] = ()
    """Whether a modifier among these words must stand at what fills it (True) or must not (False)."""


class Pattern(NamedTuple):
    """One compiled line of the lexicon."""

    id: str
    type: str
    mode: str | None
    cameo: str | None
    flags: frozenset[str]
    heads: tuple[str, ...]
    noun: bool
    joint: bool
    """The source slot must hold both parties ("ST meet")."""
    steps: tuple[Step, ...]
    source_places: tuple[str, ...]
    target_places: tuple[str, ...]
    joint_places: tuple[str, ...]
    patient: bool
    """The grammatical subject is the target ("T come under fire")."""
    modifiers: tuple[tuple[bool, frozenset[str]], ...]
    """For nouns: whether a modifier among these words must stand (True) or must not (False)."""
    contents: tuple[Step, ...]
    """For nouns: obliques that must hold one of these words ("use of {chemical}")."""
    needs_target: bool
    """For nouns: T must stand in its place ("opposition to X", but not "the opposition")."""
    weight: int
    """Number of words that it fixes: the most specific pattern wins."""
    text: str
    example: str
    where: str
    """File and line."""
    needs: tuple[frozenset[str], ...] = ()
    """Of each of these sets the sentence must hold a word (lemma or form), or the pattern cannot match."""


class Lexicon(NamedTuple):
    """All patterns, by the lemma of their head."""

    verbs: dict[str, tuple[Pattern, ...]]
    nouns: dict[str, tuple[Pattern, ...]]
    patterns: tuple[Pattern, ...]


_SLOT = re.compile(r"^(S|T|ST)<([a-z,]+)(!?)$")


def _expand(token: str, classes: dict[str, frozenset[str]], where: str) -> frozenset[str]:
    words: set[str] = set()
    for part in token.split("|"):
        if part.startswith("{") and part.endswith("}"):
            name = part[1:-1]
            if name not in classes:
                raise LexiconError(f"{where}: unknown word class {part}; define it in classes.tsv")
            words |= classes[name]
        elif re.fullmatch(r"[\w'’.-]+", part):
            words.add(part)
        else:
            raise LexiconError(f"{where}: cannot read {part!r} in the pattern")
    return frozenset(words)


def _slug(text: str) -> str:
    words = [re.split(r"[|]", t)[0].strip("{}=>+@*~") for t in text.split() if not re.match(r"^(S|T|ST)(<|$)", t)]
    return re.sub(
        r"[^a-z0-9-]+", "-", "-".join(w for w in words if w and w not in ("S", "T", "ST", "*T")).lower()
    ).strip("-")


def compile_pattern(
    type_: str,
    mode: str,
    cameo: str,
    text: str,
    flags: str,
    example: str,
    classes: dict[str, frozenset[str]],
    where: str,
) -> Pattern:
    """One line of the lexicon as a `Pattern`. Raises `LexiconError`."""
    marks = frozenset(flags.split())
    if marks - FLAGS:
        raise LexiconError(f"{where}: unknown flag {', '.join(sorted(marks - FLAGS))}")
    tokens = text.split()
    if not tokens:
        raise LexiconError(f"{where}: empty pattern")
    slug = ".".join(part for part in (type_.lower(), mode, _slug(text)) if part)
    if tokens[0].startswith("@"):
        places: dict[str, tuple[str, ...]] = {}
        modifiers: list[tuple[bool, frozenset[str]]] = []
        contents: list[Step] = []
        needs_target = False
        for atom in tokens[1:]:
            if atom[0] in "^!":
                modifiers.append((atom[0] == "^", _expand(atom[1:], classes, where)))
                continue
            preposition, equals, inner = atom.partition("=")
            if equals and set(preposition.split("|")) <= PREPOSITIONS:
                contents.append(Step("oblique", _expand(inner, classes, where), frozenset(preposition.split("|"))))
                continue
            found = _SLOT.match(atom)
            if not found:
                raise LexiconError(f"{where}: a noun pattern takes slots such as S<poss,by; cannot read {atom!r}")
            places[found[1]] = tuple(found[2].split(","))
            needs_target = needs_target or (found[1] == "T" and found[3] == "!")
        heads = tuple(sorted(_expand(tokens[0][1:], classes, where)))
        return Pattern(slug, type_, mode or None, cameo or None, marks, heads, True, "ST" in places and "S" not in places, (),
                       places.get("S", ()), places.get("T", ()), places.get("ST", ()), False, tuple(modifiers), tuple(contents),
                       needs_target, 1 + 2 * sum(must for must, _ in modifiers) + 2 * len(contents), text, example, where)  # fmt: skip
    if tokens[0] not in ("S", "ST", "T") or len(tokens) < 2:
        raise LexiconError(f"{where}: a pattern begins with S, ST, T or @noun")
    heads = tuple(sorted(_expand(tokens[1], classes, where)))
    steps: list[Step] = []
    i, weight = 2, 1
    while i < len(tokens):
        atom = tokens[i]
        words = set(atom.split("|"))
        if atom == "S":
            steps.append(Step("object", target="source"))
        elif atom == "T":
            steps.append(Step("object", target="actor"))
        elif atom == "*T":
            steps.append(Step("object", target="deep"))
        elif atom == "~":
            steps.append(Step("object"))
        elif atom[0] in "^!" and steps and steps[-1].words:
            marked = (atom[0] == "^", _expand(atom[1:], classes, where))
            steps[-1] = steps[-1]._replace(modifiers=(*steps[-1].modifiers, marked))
            weight += 2 * marked[0]
        elif atom.startswith("+"):
            steps.append(Step("particle", _expand(atom[1:], classes, where)))
            weight += 1
        elif atom.startswith("="):
            steps.append(Step("adjective", _expand(atom[1:], classes, where)))
            weight += 1
        elif atom.startswith(">"):
            inner = atom[1:]
            if inner == "*":
                steps.append(Step("clause"))
            elif inner == "*T":
                steps.append(Step("clause", target="deep"))
            else:
                steps.append(Step("clause", _expand(inner, classes, where)))
                weight += 2
        elif atom == "T's":
            i += 1
            if i >= len(tokens):
                raise LexiconError(f"{where}: a noun must follow T's")
            steps.append(Step("object", _expand(tokens[i], classes, where), target="owner"))
            weight += 1
        elif words <= PREPOSITIONS and i + 1 < len(tokens):
            i += 1
            nxt = tokens[i]
            if nxt in ("T", "*T", "~", "S"):
                filled = {"T": "actor", "*T": "deep", "~": "", "S": "source"}[nxt]
                steps.append(Step("oblique", prepositions=frozenset(words), target=filled))
                weight += nxt == "~"
            elif nxt == "T's":
                i += 1
                steps.append(Step("oblique", _expand(tokens[i], classes, where), frozenset(words), "owner"))
                weight += 1
            elif nxt.split("|")[0] in PREPOSITIONS:
                raise LexiconError(f"{where}: two prepositions in a row: {atom} {nxt}")
            else:
                steps.append(Step("oblique", _expand(nxt, classes, where), frozenset(words)))
                weight += 2
        else:
            steps.append(Step("object", _expand(atom, classes, where)))
            weight += 2
        i += 1
    return Pattern(slug, type_, mode or None, cameo or None, marks, heads, False, tokens[0] == "ST", tuple(steps), (), (), (),
                   tokens[0] == "T", (), (), False, weight, text, example, where)  # fmt: skip


def _needs(pattern: Pattern) -> tuple[frozenset[str], ...]:
    """The sets of words that the conditions of a pattern are met by, for a first look at the whole sentence."""
    found = [step.words for step in (*pattern.steps, *pattern.contents)]
    found += [step.prepositions for step in (*pattern.steps, *pattern.contents)]
    found += [words for must, words in pattern.modifiers if must]
    return tuple(sorted({words for words in found if words}, key=lambda words: (len(words), sorted(words))))


def _read_classes(base: Traversable) -> dict[str, frozenset[str]]:
    classes: dict[str, frozenset[str]] = {}
    path = base.joinpath("classes.tsv")
    if path.is_file():
        for line in path.read_text("utf-8").splitlines()[1:]:
            name, _, words = line.partition("\t")
            if name:
                classes[name] = classes.get(name, frozenset()) | frozenset(words.split())
    return classes


def _read_patterns(
    base: Traversable, types: Sequence[str], classes: dict[str, frozenset[str]], label: str
) -> list[Pattern]:
    patterns: list[Pattern] = []
    known = {f"{name.lower()}.tsv" for name in (*types, STOP)} | {"classes.tsv"}
    for stray in sorted(p.name for p in base.iterdir() if p.name.endswith(".tsv") and p.name not in known):
        raise LexiconError(f"{label}{stray}: no event type of that name; types are {', '.join(types)}")
    for type_ in (*types, STOP):
        path = base.joinpath(f"{type_.lower()}.tsv")
        if not path.is_file():
            continue
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if number == 1 or not line.strip() or line.startswith("#"):
                continue
            where = f"{label}{type_.lower()}.tsv:{number}"
            cells = line.split("\t")
            if len(cells) != 5:
                raise LexiconError(f"{where}: {len(cells)} cells instead of 5 (mode, cameo, pattern, flags, example)")
            mode, cameo, text, flags, example = (cell.strip() for cell in cells)
            pattern = compile_pattern(type_, mode, cameo, text, flags, example, classes, where)
            patterns.append(pattern._replace(needs=_needs(pattern)))
    return patterns


def read_lexicon(folder: Path | None = None, types: Sequence[str] = TYPES) -> Lexicon:
    """The lexicon that comes with Comity, with a user's own patterns from `folder` before it.

    Among patterns that fix equally many words the user's own goes first. `types`: the event types of the codebook in
    use. Raises `LexiconError`.
    """
    own = files(__package__).joinpath("lexicon")
    classes = _read_classes(own)
    patterns: list[Pattern] = []
    if folder is not None:
        mine = classes | _read_classes(folder)
        patterns.extend(_read_patterns(folder, types, mine, f"{folder.name}/"))
    patterns.extend(_read_patterns(own, TYPES, classes, ""))
    seen: dict[str, int] = {}
    for n, pattern in enumerate(patterns):
        count = seen[pattern.id] = seen.get(pattern.id, 0) + 1
        if count > 1:
            patterns[n] = pattern._replace(id=f"{pattern.id}.{count}")
    verbs: dict[str, list[Pattern]] = {}
    nouns: dict[str, list[Pattern]] = {}
    for pattern in patterns:
        for head in pattern.heads:
            (nouns if pattern.noun else verbs).setdefault(head, []).append(pattern)

    def ordered(index: dict[str, list[Pattern]]) -> dict[str, tuple[Pattern, ...]]:
        return {head: tuple(sorted(found, key=lambda p: -p.weight)) for head, found in index.items()}

    return Lexicon(ordered(verbs), ordered(nouns), tuple(patterns))


@cache
def lexicon() -> Lexicon:
    """The lexicon that comes with Comity."""
    return read_lexicon()
