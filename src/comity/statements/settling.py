"""Contents cut until they overlap by nesting alone, and which statement is reported inside which."""

from __future__ import annotations

from collections.abc import Iterator

from comity.statements.attribution import Attribution
from comity.statements.spans import Index, clip, contains, covers, overlaps, size, subtract, uncross

_RANK = {
    frame: rank
    for rank, frames in enumerate(("as", "obj-inf inf", "according clause", "colon continued quote", "turn"), 2)
    for frame in frames.split()
}
"""Which of two attributions that cross keeps its content whole: quotations before clauses before phrases."""


def settle(found: list[Attribution], text: str) -> list[Attribution]:
    """The attributions that keep a content when no two contents cross any more, each with what it is `within`."""
    found.sort(key=lambda a: (a.first_offset(), a.end))
    by_sentence: dict[int, list[Attribution]] = {}
    for a in found:
        by_sentence.setdefault(a.sentence.number, []).append(a)
    _keep_to_turns(found)
    for group in by_sentence.values():
        if len(group) > 1:
            _part(group, text)
    settled: list[Attribution] = []
    for heap in _heaps([a for a in found if a.content]):
        settled.extend(_resolve(heap, text) if len(heap) > 1 else heap)
    return settled


def _keep_to_turns(found: list[Attribution]) -> None:
    """Drop what the parser read over the colon of a turn: a cue inside its words with a source outside of them."""
    turns = Index((x, y, a) for a in found if a.turn for x, y in a.content)
    for a in found:
        if a.token >= 0 and a.source >= 0:
            start = a.sentence.starts[a.source]
            if any(not covers(turn.content, start, start + 1) for turn in turns.over(a.start, a.end)):
                a.content = []


def _part(group: list[Attribution], text: str) -> None:
    """Cut the contents of one sentence where the cues of others show that they end."""
    for b in group:
        if b.preposed or b.frame == "according":
            # a reporting clause at the end is no part of what stands before it
            start, end = b.sentence.starts[b.reach[0]], b.sentence.ends[b.reach[1]]
            for a in group:
                if a.start < b.start and covers(b.content, a.start, a.end) and covers(a.content, b.start, b.end):
                    a.content = subtract(a.content, start, end, text)
    for b in group:
        if b.token >= 0 and b.source >= 0 and b.sentence.tags[b.token] == "VBG" and not b.preposed and b.content:
            # "…, adding that": the sentence's speaker goes on, in words of his own cue
            for a in group:
                if a.source == b.source and a.start < b.start and covers(a.content, b.start, b.end):
                    end = next(y for x, y in a.content if x <= b.start < y)
                    a.content = subtract(a.content, b.start, end, text)
    for a in group:
        if a.frame == "inf" and any(_is_its_infinitive(b, a) for b in group):
            a.content = []  # "refused to say that": one statement, not two


def _is_its_infinitive(b: Attribution, a: Attribution) -> bool:
    return (
        (b.firm or b.frame in ("clause", "quote"))
        and b.token > a.token
        and b.source == a.source
        and b.sentence.heads[b.token] == a.token
        and bool(b.content)
    )


def _heaps(found: list[Attribution]) -> Iterator[list[Attribution]]:
    """Attributions whose cues and contents share text, heap by heap: only these can cross or nest."""
    heap: list[Attribution] = []
    reach = -1
    for a in sorted(found, key=lambda a: (min(a.first_offset(), a.content[0][0]), -a.last_offset())):
        if heap and min(a.first_offset(), a.content[0][0]) >= reach:
            yield heap
            heap = []
        heap.append(a)
        reach = max(reach, a.last_offset())
    if heap:
        yield heap


def _rank(a: Attribution) -> tuple[int, int, int]:
    sourced = a.firm and (a.source >= 0 or a.implied is not None or a.turn)
    return int(sourced), _RANK.get(a.frame, 1), size(a.content)


def _resolve(heap: list[Attribution], text: str) -> list[Attribution]:
    ordered = sorted(heap, key=_rank, reverse=True)
    near = _near(ordered)
    for n, a in enumerate(ordered):
        for m in near[n]:
            if m < n and a.content and ordered[m].content:
                _give_way(a, ordered[m], text)
    for n, a in enumerate(ordered):
        if a.content:
            above = [b for m in near[n] if (b := ordered[m]).content and _encloses(b, a)]
            a.within = min(above, key=lambda b: size(b.content)) if above else None
    return [a for a in ordered if a.content]


def _near(ordered: list[Attribution]) -> list[list[int]]:
    """For each attribution the numbers of those with which it shares text: a turn of many pages may hold thousands that
    have nothing to do with each other."""
    stretches = [(min(a.first_offset(), a.content[0][0]), a.last_offset()) for a in ordered]
    index = Index((start, end, n) for n, (start, end) in enumerate(stretches))
    return [sorted(m for m in index.over(start, end) if m != n) for n, (start, end) in enumerate(stretches)]


def _give_way(a: Attribution, b: Attribution, text: str) -> None:
    """Cut a's content so that it does not cross b's, which ranks higher."""
    inside, around = _said_inside(a, b), _said_inside(b, a)
    if inside and around:
        # of two that hold each other's cue the later, preposed one is the outer
        inside = not (a.preposed and a.start > b.start)
        around = not inside
    if inside:
        if not contains(b.content, a.content):
            a.content = clip(a.content, b.content, text)
    elif around:
        if not contains(a.content, b.content):
            a.content = uncross(a.content, b.content, text)
    elif overlaps(a.content, b.content):
        for x, y in b.content:
            a.content = subtract(a.content, x, y, text)


def _encloses(b: Attribution, a: Attribution) -> bool:
    """True when a is reported inside b."""
    return (
        b is not a
        and (b.source >= 0 or b.implied is not None or b.turn or b.frame == "turn")
        and _said_inside(a, b)
        and contains(b.content, a.content)
        and (size(b.content) > size(a.content) or b.start < a.start)
    )


def _said_inside(a: Attribution, b: Attribution) -> bool:
    """True when a's cue stands in b's content."""
    if a.start >= 0:
        return covers(b.content, a.start, a.end)
    return contains(b.content, a.content) and size(b.content) > size(a.content)
