"""Codes do not hang on the wording, and states are treated alike. `--write` puts the figures into `docs/stability.md`."""

import sys
from collections import Counter, defaultdict
from pathlib import Path

import pytest
import stability
from stability import ADJECTIVES, PAIRS, TEMPLATES, Outcome, Treated

from comity import Coder

PAGE = Path(__file__).parents[1] / "docs" / "stability.md"

LEAST_ALIKE = 0.98
"""Share of all pairs that are coded alike."""

FLOORS = {
    "active and passive": 0.98,
    "synonyms": 0.98,
    "past and perfect": 0.98,
    "past and future": 0.98,
    "parties swapped": 0.98,
    "clauses reordered": 0.98,
    "irrelevant sentence added": 0.99,
}
"""Share of each kind: the whole set must not hide a kind that fails."""

UNDETERMINED = "clauses reordered beside an unnamed crowd"
"""A kind without a floor: the text does not say whose crowd it is. It is counted, and stands on the page."""

FEWEST_LIKE_MOST = 0.98
"""Share of the states that a template treats like most of them."""

UNLIKE = {"Troops of {X} attacked {Y}.": 0.90}
"""Templates known to treat some states otherwise (`docs/stability.md` says how), with their own floors."""


@pytest.fixture(scope="module")
def coder():
    return Coder()


def shares(found: list[Outcome]) -> dict[str, float]:
    alike: dict[str, list[bool]] = defaultdict(list)
    for one in found:
        alike[one.pair.kind].append(one.same)
    return {kind: sum(held) / len(held) for kind, held in alike.items()}


def hold(found: list[Outcome]) -> None:
    alike = shares(found)
    assert {kind: round(share, 3) for kind, share in alike.items() if share < FLOORS.get(kind, 0)} == {}
    determined = [one.same for one in found if one.pair.kind != UNDETERMINED]
    assert sum(determined) / len(determined) >= LEAST_ALIKE
    assert all(one.found for one in found), "a clause is not coded at all"


def test_wordings_that_tell_the_same_are_coded_alike(coder):
    hold(stability.outcomes(coder, stability.pairs(stability.clauses(), PAIRS[:1])))


@pytest.mark.long
def test_wordings_that_tell_the_same_are_coded_alike_with_all_states(coder):
    hold(stability.outcomes(coder, stability.pairs(stability.clauses(), PAIRS)))


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_state_is_treated_like_any_other(coder, template):
    treated = stability.treatment(coder, template, stability.members())
    assert treated.like_most >= UNLIKE.get(template, FEWEST_LIKE_MOST) * treated.states, treated.others


@pytest.mark.parametrize("template", ADJECTIVES)
def test_a_state_is_treated_like_any_other_by_its_adjective(coder, template):
    treated = stability.treatment(coder, template, stability.adjectives())
    assert treated.like_most >= FEWEST_LIKE_MOST * treated.states, treated.others


def test_the_alphabet_does_not_decide(coder):
    """Of two states that are named equally often, the codes' order says nothing."""
    texts = [f"{a} urged {b} to release the sailors." for a, b in (("Norway", "Kenya"), ("Kenya", "Norway"))]
    one, other = stability.coded_texts(coder, texts)
    assert stability.keys(one) == stability.keys(other, swapped=("NOR", "KEN"))


# --- the page --------------------------------------------------------------------------------------------------------


def wording_table(found: list[Outcome]) -> str:
    times = Counter(one.pair.kind for one in found)
    rows = ["| change of wording | pairs | coded alike |", "|---|---:|---:|"]
    rows += [f"| {kind} | {times[kind]:,} | {share:.3f} |" for kind, share in shares(found).items()]
    determined = [one.same for one in found if one.pair.kind != UNDETERMINED]
    rows.append(f"| all but those beside a crowd | {len(determined):,} | {sum(determined) / len(determined):.3f} |")
    return "\n".join(rows)


def failure_table(found: list[Outcome]) -> str:
    failed: dict[tuple[str, str], list[Outcome]] = defaultdict(list)
    for one in found:
        if not one.same:
            failed[one.pair.kind, one.pair.clause].append(one)
    rows = ["| change | times | one | other |", "|---|---:|---|---|"]
    for (kind, _), cases in sorted(failed.items(), key=lambda item: (-len(item[1]), item[0])):
        if kind != UNDETERMINED:
            pair = cases[0].pair
            one, other = (lines(events) for events in (cases[0].one, cases[0].other))
            rows.append(f"| {kind} | {len(cases)} | {pair.one}<br>{one} | {pair.other}<br>{other} |")
    return "\n".join(rows)


def lines(events: frozenset[stability.Key]) -> str:
    told = sorted(f"`{'+'.join(map(str, s))} {kind} {'+'.join(map(str, t))} {status}`" for kind, s, t, status in events)
    return "<br>".join(told) or "nothing"


def state_table(treated: list[Treated]) -> str:
    rows = ["| template | states | like most | confidence | others |", "|---|---:|---:|---:|---|"]
    for one in treated:
        low, high = one.confidence
        span = f"{low:.2f}" if round(low, 2) == round(high, 2) else f"{low:.2f}–{high:.2f}"
        others = ", ".join(one.others) if one.others else ""
        rows.append(f"| {one.template} | {one.states} | {one.like_most} | {span} | {others} |")
    return "\n".join(rows)


def write() -> None:
    coder = Coder()
    found = stability.outcomes(coder, stability.pairs(stability.clauses(), PAIRS))
    treated = [stability.treatment(coder, template, stability.members()) for template in TEMPLATES]
    treated += [stability.treatment(coder, template, stability.adjectives()) for template in ADJECTIVES]
    parts = {"wordings": wording_table(found), "failures": failure_table(found), "states": state_table(treated)}
    page = PAGE.read_text("utf-8")
    for name, part in parts.items():
        head, _, rest = page.partition(f"<!-- {name} -->")
        _, _, tail = rest.partition(f"<!-- /{name} -->")
        page = f"{head}<!-- {name} -->\n{part}\n<!-- /{name} -->{tail}"
    PAGE.write_text(page, "utf-8")


if __name__ == "__main__" and "--write" in sys.argv:
    write()
