"""Chains of speakers, relays and spokespersons: the nesting set, and what must hold for every chain."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from statements_samples import read

SET = [
    ([*line.split("\t"), "", "", ""])[:4]
    for line in (Path(__file__).parent / "data" / "nested_statements.tsv").read_text("utf-8").splitlines()[1:]
]
RIGHT = 0.9
"""Share of chains that must be exactly right."""


def words(text: str | None) -> set[str]:
    return {word.lower().rstrip("s") for word in re.findall(r"\w+", text or "")}


def last(text: str) -> str:
    return re.findall(r"\w+", text)[-1].lower().rstrip("s")


def chain_is_right(text: str, marked: str, chain: str, via: str) -> bool:
    reading = read(text)
    by_id = {s.id: s for s in reading.statements}
    here = reading.account_at(text.index(marked))
    found, outermost = [], None
    while here is not None:
        found.append({word for v in here.speakers for word in words(v.name) | words(v.text)})
        outermost, here = here, by_id.get(here.within or "")
    wanted = [{last(name) for name in part.split(" + ")} for part in chain.split(" > ")]
    if outermost is None or len(found) != len(wanted) or not all(w <= f for w, f in zip(wanted, found, strict=True)):
        return False
    return any(last(via) == last(v) for v in outermost.via) if via else not outermost.via


def test_the_set_is_large_and_deep_enough() -> None:
    depths = [chain.count(">") + 1 for _, _, chain, _ in SET]
    assert len(SET) >= 120
    assert min(depths.count(1), depths.count(2), depths.count(3)) >= 15


def test_nine_chains_in_ten_are_exactly_right() -> None:
    wrong = [text for text, marked, chain, via in SET if not chain_is_right(text, marked, chain, via)]
    assert len(wrong) <= (1 - RIGHT) * len(SET), wrong


@pytest.mark.parametrize(
    ("text", "marked", "chain", "via"),
    [
        ("Anna Berg said the talks were over.", "talks", "Berg", ""),
        ("The talks are over, Anna Berg said, Reuters reported.", "talks", "Berg", "Reuters"),
        ("Anna Berg said that Bo Lind had admitted that the ship sank.", "ship sank", "Lind > Berg", ""),
        ("Anna Berg said through a spokesman that the ship sank.", "ship sank", "Berg", "spokesman"),
    ],
)
def test_names_that_no_table_knows_make_chains_too(text: str, marked: str, chain: str, via: str) -> None:
    assert chain_is_right(text, marked, chain, via)
