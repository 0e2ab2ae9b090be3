"""Voices: whose words reports carry, and who is talked about without a word."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from comity.ledger.filters import FILTERS
from comity.relations.said import BY
from comity.relations.voices import WEIGHTS, Voice, Voices, voices
from comity.web.answering import Answer, Table
from comity.web.asking import Ask
from comity.web.view import Param, View
from comity.web.views.lists import chips, frozen

if TYPE_CHECKING:
    from comity.web.app import Room

OWN = ("by", "weigh", "panel")
GROUPS = 40
TOP = 12


def show(room: Room, ask: Ask) -> Answer:
    filters = ask.filters(FILTERS["statements"], OWN, searched=False)
    by = ask.chosen("by", ("", *BY), "") or None
    weigh = ask.chosen("weigh", tuple(WEIGHTS), "statements")
    found, state = room.source.lately(
        ask.patience,
        ("voices", by, weigh, frozen(filters)),
        partial(voices, by=by, weigh=weigh, **filters),
        long=True,
    )
    heads = [one.key for one in found.whole.countries[:6]]
    return Answer(
        template="voices.html",
        title="Voices",
        data=found,
        more={
            "state": state,
            "given": filters,
            "filters": chips("statements", filters, ask),
            "heads": heads,
            "groups": found.groups[:GROUPS],
            "top": TOP,
            "dict_of": lambda listed: {one.key: one.share.value for one in listed},
        },
        tables={"countries": lambda: _voices(found.whole.countries), "sectors": lambda: _voices(found.whole.sectors),
                "silent": lambda: _silent(found), "groups": lambda: _groups(found)},
    )  # fmt: skip


def _voices(listed: tuple[Voice, ...]) -> Table:
    columns = ("key", "name", "weight", "share", "low", "high", "own_words", "reports", "speakers")
    rows = []
    for one in listed:
        ends = (one.share.interval.low, one.share.interval.high) if one.share.interval else (None, None)
        rows.append([one.key, one.name, one.weight, one.share.value, *ends, one.own_words, one.reports, one.speakers])
    return columns, rows


def _silent(found: Voices) -> Table:
    columns = ("key", "name", "discussed", "accused", "quoted", "people", "declined", "unquoted", "accused_unquoted")
    return columns, [[getattr(one, name) for name in columns] for one in found.whole.silent]


def _groups(found: Voices) -> Table:
    keys = [one.key for one in found.whole.countries[:20]]
    rows = []
    for group in found.groups:
        shares = {one.key: one.share.value for one in group.countries}
        rows.append(
            [group.label, group.reports, group.statements, group.unnamed.value, *(shares.get(key, 0.0) for key in keys)]
        )
    return ("group", "reports", "statements", "unnamed", *keys), rows


VIEWS = (
    View(
        path="/voices",
        name="voices",
        summary="Whose words reports carry, and who is talked about without a word",
        make=show,
        response=Voices,
        forms=("json", "csv"),
        relation="statements",
        searched=False,
        params=(
            Param("by", "the same for each of these too", values=tuple(BY), example="outlet"),
            Param("weigh", "what counts", values=tuple(WEIGHTS)),
        ),
        kept=False,
    ),
)
