"""The status of events over own sentences: all six states, background, and their syntactic disguises."""

import csv
import re
from pathlib import Path

import pytest

from comity import Coder
from comity.actors import resolve
from comity.dates import read_dates
from comity.events import status
from comity.events.arguments import weights
from comity.events.candidates import place_of
from comity.events.find import propose, with_implied
from comity.events.lexicon import read_lexicon
from comity.language import split
from comity.language.model import Language
from comity.records import Report
from comity.statements import read_statements

DATA = Path(__file__).parent / "data"
STATES = {"actual", "intended", "requested", "hypothetical", "negated", "denied"}
LEAST_RIGHT = 0.97
LEAST_FOUND = 0.85
LEAST_CODED = 0.75
"""Floors: the share of found events whose status is right, and of sentences whose event is found, or found and accepted."""


def rows():
    lines = (DATA / "status_sentences.tsv").read_text("utf-8").splitlines()
    return list(csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t"))


def near(country):
    return place_of(country)[-3:]


def fit(proposal, row):
    """How well a proposal's parties are those of the row."""
    sources = {near(f.country) for f in proposal.chosen.source.figures}
    targets = {near(f.country) for f in proposal.chosen.target.figures}
    one, other = near(row["source"]), near(row["target"])
    straight = (one in sources) + (other in targets)
    return max(straight, 0.9 * ((one in targets) + (other in sources)))


@pytest.fixture(scope="module")
def judged():
    table = rows()
    cut = [split(row["sentence"]) for row in table]
    parses = Language().parse([(row["sentence"], s, s) for row, s in zip(table, cut, strict=True)])
    lexicon, learned = read_lexicon(), weights()
    found = []
    for row, parse in zip(table, parses, strict=True):
        report = Report(id="status", text=row["sentence"])
        cast = resolve(report, parse)
        reading = read_statements(report, parse, cast, read_dates(parse, None))
        made = [
            p
            for group in propose(parse, cast, reading, lexicon, learned)
            for p in with_implied(group)
            if p.match.pattern.type == row["type"] and "implied" not in p.match.pattern.flags
        ]
        best = max((fit(p, row) for p in made), default=0)
        found.append((row, {p.stands.status for p in made if best > 0 and fit(p, row) == best}))
    return found


def test_the_table_holds_all_states():
    table = rows()
    assert len(table) >= 200
    assert {row["status"] for row in table} == STATES
    assert sum(row["background"] == "1" for row in table) >= 20


def test_events_are_found(judged):
    assert sum(bool(statuses) for _, statuses in judged) >= LEAST_FOUND * len(judged)


def test_status_is_right(judged):
    hits = [(row, statuses) for row, statuses in judged if statuses]
    wrong = [f"{row['status']} not {sorted(s)}: {row['sentence']}" for row, s in hits if row["status"] not in s]
    assert len(hits) - len(wrong) >= LEAST_RIGHT * len(hits), "\n".join(wrong)


def test_status_is_right_as_it_is_coded():
    table = rows()
    codings = Coder().stream(Report(id=str(n), text=row["sentence"]) for n, row in enumerate(table))
    right, wrong = 0, []
    for row, coding in zip(table, codings, strict=True):
        wanted = near(row["source"]), near(row["target"])
        made: dict[float, set[str]] = {}
        for event in coding.events:
            sides = [{near(p.country) for p in side if p.country} for side in (event.source, event.target)]
            straight, crossed = (sum(w in s for w, s in zip(wanted, order)) for order in (sides, sides[::-1]))
            if event.type == row["type"] and (straight or crossed):
                made.setdefault(max(straight, 0.9 * crossed), set()).add(event.status)
        if made:
            statuses = made[max(made)]
            if row["status"] in statuses:
                right += 1
            else:
                wrong.append(f"{row['status']} not {sorted(statuses)}: {row['sentence']}")
    assert right + len(wrong) >= LEAST_CODED * len(table)
    assert right >= LEAST_RIGHT * (right + len(wrong)), "\n".join(wrong)


@pytest.mark.parametrize("status", ["actual", "intended", "requested", "hypothetical", "negated", "denied"])
def test_no_state_is_neglected(judged, status):
    hits = [(row, statuses) for row, statuses in judged if statuses and row["status"] == status]
    assert sum(status in statuses for _, statuses in hits) >= 0.85 * len(hits)


def test_every_class_of_words_is_used_and_no_other():
    used = set(re.findall(r'words\("([a-z-]+)"\)', Path(status.__file__).read_text("utf-8")))
    assert used == set(status.words_by_class())
    assert all(status.words(name) for name in used)


def test_the_effects_are_states_and_stand_in_order():
    lines = Path(status.__file__).with_name("embedding.tsv").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines[1:]]
    assert len({(word, kind) for word, kind, _, _ in rows}) == len(rows)
    assert {found for _, kind, found, _ in rows if kind not in ("object", "subject")} <= STATES
    assert {found for _, _, found, _ in rows} <= STATES | {"-"}
    assert [kind for _, kind, _, _ in rows] == sorted(kind for _, kind, _, _ in rows)
