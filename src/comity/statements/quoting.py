"""Contents and quotations: a content that touches a quotation holds all of it, over sentences and paragraphs."""

from __future__ import annotations

from comity.language import Parse
from comity.records import Span
from comity.statements.attribution import Attribution
from comity.statements.quotation import Quotation
from comity.statements.shapes import MARKS
from comity.statements.spans import Index, clip, contains, covers, overlaps, trim


def index_of(quotes: list[Quotation]) -> Index[Quotation]:
    """The quotations by place."""
    return Index((q.start, q.end, q) for q in quotes)


def widen(found: list[Attribution], quotes: Index[Quotation], parse: Parse) -> list[Attribution]:
    """Let every content that touches a quotation hold the whole of it, unless the cue itself stands in it.

    Returns the attributions that have a content.
    """
    for a in found:
        if a.frame == "colon":
            _after_colon(a, parse, quotes)
        _keep_inside(a, quotes, parse.text)
        a.content = _widened(a, quotes, parse.text)
        if not a.firm and a.cue is not None and a.cue.kind != "attitude":
            a.firm = _holds_quotation(a, quotes, parse.text)
    return [a for a in found if a.content]


def _holds_quotation(a: Attribution, quotes: Index[Quotation], text: str) -> bool:
    """True when somebody's words are marked in the content: then it is reported speech, whatever the verb."""
    return any(
        q.double and x <= q.first and q.last <= y and not q.start <= a.start < q.end and " " in text[q.first : q.last]
        for x, y in a.content
        for q in quotes.over(x, y)
    )


def _after_colon(a: Attribution, parse: Parse, quotes: Index[Quotation]) -> None:
    """`He said:` and the words in the next sentence or paragraph."""
    number = a.sentence.number + 1
    a.content = []
    if number < len(parse.sentences):
        following = parse.sentences[number]
        for q in quotes.over(following.start, following.start + 3):
            if q.start >= following.start:
                a.content = [(q.first, q.last)]
                return
        if following.paragraph <= a.sentence.paragraph + 1 and following.words[0] not in MARKS:
            end = following.ends[-2] if len(following) > 1 and following.words[-1] == "." else following.end
            a.content = [(following.start, end)]


def _keep_inside(a: Attribution, quotes: Index[Quotation], text: str) -> None:
    """What a cue inside a quotation reports stands in the same quotation: "you know" there tells nothing of outside."""
    around = quotes.over(a.start, a.start + 1)
    if around:
        home = max(around, key=lambda q: q.start)
        if not contains([(home.start, home.end)], a.content):
            a.content = clip(a.content, [(home.first, home.last)], text)


def _widened(a: Attribution, quotes: Index[Quotation], text: str) -> list[Span]:
    out: list[Span] = []
    for start, end in a.content:
        first, last = start, end
        touched = quotes.over(start, end)
        for q in reversed(touched):
            if not q.start <= a.start < q.end and q.start < last and q.end > first:
                first, last = min(first, q.start), max(last, q.end)
        # marks around the whole do not belong to the words
        for q in touched:
            if q.start == first and q.end >= last:
                first, last = q.first, q.last
                break
        first, last = trim(text, first, last)
        if last > first:
            if out and first <= out[-1][1]:
                out[-1] = (out[-1][0], max(out[-1][1], last))
            else:
                out.append((first, last))
    return out


def chain(found: list[Attribution], quotes: list[Quotation], text: str) -> None:
    """Re-opened quotations belong to the statement that the first of their chain belongs to, or to that of whose cue
    stands behind a later one: `"One.` / `"Two," he said.`"""
    if all(q.goes_on < 0 for q in quotes):
        return
    homes = Index((x, y, a) for a in found for x, y in a.content)
    heads = list(range(len(quotes)))
    for n, q in enumerate(quotes):
        if q.goes_on < 0:
            continue
        heads[n] = heads[q.goes_on]
        first = quotes[heads[n]]
        if not _join(first, q, homes, text):
            _join(q, first, homes, text)


def _join(held: Quotation, other: Quotation, homes: Index[Attribution], text: str) -> bool:
    """Add the other quotation to the statement that holds the one; False when none does."""
    for a in homes.over(held.first, held.last):
        if covers(a.content, held.first, held.last) and not other.start <= a.start < other.end:
            if not overlaps(a.content, [(other.first, other.last)]):
                a.content.append(trim(text, other.first, other.last))
                a.content.sort()
            return True
    return False
