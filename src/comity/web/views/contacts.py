"""Contacts: who of two states met whom, level against level, and how long ago."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from comity.relations.contacts import LEVELS, NOT_NAMED, Cell, Contact, Contacts, contacts
from comity.web.answering import Answer, Table
from comity.web.asking import Ask, BadAsk, address
from comity.web.names import party_name
from comity.web.view import Param, View
from comity.web.views.choosing import CHOICE, NAMES, choice_of
from comity.web.views.dyad import Pairs, _pair, _pairs

if TYPE_CHECKING:
    from comity.web.app import Room

SHOWN = 80


def index(room: Room, ask: Ask) -> Answer:
    ask.need_only(*NAMES)
    choice = choice_of(ask)
    whole, state = room.source.lately(ask.patience, ("pairs", choice), partial(_pairs, choice=choice))
    data = msgspec.structs.replace(whole, pairs=whole.pairs[:60], state=state)
    return Answer(template="contacts_index.html", title="Contacts", data=data)


def show(room: Room, ask: Ask) -> Answer:
    ask.need_only(*NAMES, "cell", "panel")
    a, b = _pair("the address", ask.params["pair"])
    choice = choice_of(ask)
    found, state = room.source.lately(
        ask.patience, ("contacts", a, b, choice), partial(contacts, a=a, b=b, choice=choice)
    )
    cell = ask.one("cell")
    levels = (*LEVELS, NOT_NAMED)
    held = found.held
    if cell:
        mine, _, other = cell.partition("~")
        if mine not in levels or other not in levels:
            raise BadAsk(f"cell: {cell!r} is not two levels with ~ between; levels are: {', '.join(levels)}")
        held = tuple(one for one in held if (one.a_level, one.b_level) == (mine, other))
    return Answer(
        template="contacts.html",
        title=f"Contacts of {party_name(found.a)} and {party_name(found.b)}",
        data=found,
        more={
            "state": state,
            "rows": [level for level in levels if any(one.a_level == level for one in found.matrix)],
            "columns": [level for level in levels if any(one.b_level == level for one in found.matrix)],
            "cells": {(one.a_level, one.b_level): one for one in found.matrix},
            "most": max((one.number for one in found.matrix), default=1),
            "cell": cell,
            "held": held[:SHOWN],
            "number": len(held),
            "others": found.others[:SHOWN],
            "to_dyad": address(f"/dyads/{found.a}-{found.b}"),
        },
        tables={"contacts": lambda: _table(found), "matrix": lambda: _matrix(found)},
    )


def _table(found: Contacts) -> Table:
    columns = ("id", "date", "date_precision", "standing", "channel", "setting", "a_level", "b_level", "a_who", "b_who",
               "from", "place", "purpose", "reports")  # fmt: skip
    return columns, [[_cell(one, name) for name in columns] for one in (*found.held, *found.others)]


def _cell(one: Contact, name: str) -> Any:
    return getattr(one, "from_" if name == "from" else name)


def _matrix(found: Contacts) -> Table:
    return Cell.__struct_fields__, [msgspec.structs.astuple(one) for one in found.matrix]


VIEWS = (
    View(
        path="/contacts", name="contacts", summary="Pairs whose contacts can be looked at", make=index, response=Pairs,
        params=CHOICE, kept=False,
    ),
    View(
        path="/contacts/{pair:path}", name="contacts_of", summary="The direct exchanges of two parties", make=show,
        response=Contacts, forms=("json", "csv"), ids=(Param("pair", "two codes with a hyphen", example="CHN-RUS"),),
        params=(*CHOICE, Param("cell", "only contacts of these levels: LEVEL~LEVEL", example="minister~minister")),
        kept=False,
    ),
)  # fmt: skip
