"""The pages of voices and formulae: what they count, their tables and pictures, and what they refuse."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from comity.ledger import Ledger
from comity.relations.formulae import formulae
from comity.relations.voices import voices


def table(reader: Any, address: str) -> list[dict[str, str]]:
    answer = reader.get(address)
    assert answer.status_code == 200, answer.text[:300]
    return list(csv.DictReader(io.StringIO(answer.text)))


def page(reader: Any, address: str) -> str:
    """A page, when it has been worked out."""
    reader.get(address.replace("?", ".json?", 1) if "?" in address else f"{address}.json")  # a program waits for it
    answer = reader.get(address)
    assert answer.status_code == 200, answer.text[:300]
    return answer.text


def test_voices_are_those_of_the_library_and_their_tables_say_the_same(reader, place: Path) -> None:
    with Ledger(place, read_only=True) as ledger:
        found = voices(ledger, by="ownership", since="2022")
    asked = "?by=ownership&since=2022"
    twin = reader.get(f"/voices.json{asked}").json()
    assert [one["key"] for one in twin["whole"]["countries"]] == [one.key for one in found.whole.countries]
    countries = table(reader, f"/voices.csv{asked}")
    assert [(one["key"], float(one["share"]), float(one["own_words"])) for one in countries] == [
        (one.key, one.share.value, one.own_words) for one in found.whole.countries
    ]
    assert countries[0]["low"] and float(countries[0]["low"]) <= float(countries[0]["share"]) <= float(
        countries[0]["high"]
    )
    sectors = table(reader, f"/voices.csv{asked}&panel=sectors")
    assert [one["key"] for one in sectors] == [one.key for one in found.whole.sectors]
    silent = table(reader, f"/voices.csv{asked}&panel=silent")
    assert [(one["key"], int(one["quoted"])) for one in silent] == [(one.key, one.quoted) for one in found.whole.silent]
    groups = table(reader, f"/voices.csv{asked}&panel=groups")
    assert [(one["group"], int(one["statements"])) for one in groups] == [
        (one.label, one.statements) for one in found.groups
    ]
    shares = {one.key: one.share.value for one in found.groups[0].countries}
    assert all(float(groups[0][one.key]) == shares.get(one.key, 0.0) for one in found.whole.countries[:20])
    shown = page(reader, f"/voices{asked}")
    assert found.whole.countries[0].name in shown and found.groups[0].label in shown


def test_what_voices_are_weighed_by_changes_the_shares(reader) -> None:
    by_statements, by_words = (
        {one["key"]: float(one["weight"]) for one in table(reader, f"/voices.csv?weigh={weigh}")}
        for weigh in ("statements", "words")
    )
    assert by_statements.keys() == by_words.keys() and sum(by_words.values()) > sum(by_statements.values())


def test_a_wording_is_traced_through_the_periods(reader, place: Path) -> None:
    with Ledger(place, read_only=True) as ledger:
        found = formulae(ledger, trace=("cooperation", "sovereignty"), by="year")
    asked = "?trace=cooperation&trace=sovereignty&by=year"
    rows = table(reader, f"/formulae.csv{asked}")
    assert [(one["text"], int(one["uses"]), int(one["reports"])) for one in rows] == [
        (one.text, one.uses, one.reports) for one in found.formulae
    ]
    used = next(one for one in found.formulae if one.uses)
    row = next(one for one in rows if one["text"] == used.text)
    assert (row["first_day"], row["last"]) == (str(used.first.day or ""), str(used.last or ""))
    uses = {one["text"]: one for one in table(reader, f"/formulae.csv{asked}&panel=uses")}
    assert {label: int(uses[used.text][label]) for label, _ in used.periods} == dict(used.periods)
    assert list(uses[used.text]) == ["text", *(label for label, _ in found.coverage)]
    picture = reader.get(f"/formulae.svg{asked}")
    assert picture.status_code == 200 and "Reports with official words" in picture.text
    ElementTree.fromstring(picture.text)  # noqa: S314 (made here)
    shown = page(reader, f"/formulae{asked}")
    assert used.text in shown and "<svg" in shown


def test_formulae_are_ordered_and_limited_as_asked(reader, place: Path) -> None:
    with Ledger(place, read_only=True) as ledger:
        found = formulae(ledger, by="quarter", sort="reports", limit=3)
    twin = reader.get("/formulae.json?by=quarter&sort=reports&limit=3").json()
    assert [one["text"] for one in twin["formulae"]] == [one.text for one in found.formulae] and len(
        twin["formulae"]
    ) <= 3
    assert [one["reports"] for one in twin["formulae"]] == sorted(
        (one["reports"] for one in twin["formulae"]), reverse=True
    )
    assert "<h1>Formulae</h1>" in page(reader, "/formulae?by=quarter&sort=reports&limit=3")


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/formulae.json?" + "&".join(f"trace=w{n}" for n in range(11)), "at most 10 wordings of 200 characters"),
        ("/formulae.json?trace=" + "x" * 201, "at most 10 wordings of 200 characters"),
        ("/formulae.json?by=century", "by: "),
        ("/formulae.json?sort=age", "sort: "),
        ("/formulae.json?limit=201", "from 1 to 200"),
        ("/formulae.csv?panel=none", "has no table 'none'; it has: "),
        ("/voices.json?by=colour", "by: "),
        ("/voices.json?weigh=heart", "weigh: "),
        ("/voices.json?text=peace", "text"),
        ("/voices.csv?panel=none", "has no table 'none'; it has: "),
    ],
)
def test_what_cannot_be_asked_is_said(reader, address: str, words: str) -> None:
    answer = reader.get(address)
    status = 404 if "panel=" in address else 400
    assert answer.status_code == status and words in answer.json()["error"], answer.text[:300]
