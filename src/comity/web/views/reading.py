"""Where a report of one's own is pasted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from comity.web.answering import Answer
from comity.web.asking import Ask
from comity.web.settings import BODY_LIMIT, TEXT_LIMIT
from comity.web.view import View

if TYPE_CHECKING:
    from comity.web.app import Room


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What can be pasted or uploaded."""

    characters: int
    bytes: int
    fetches: bool
    """Whether an address may be given."""
    stores: bool
    """Whether a report may be stored."""


def show(room: Room, ask: Ask) -> Answer:
    ask.need_only()
    room.desk.warm()
    data = Limits(
        characters=TEXT_LIMIT, bytes=BODY_LIMIT, fetches=room.settings.allow_fetch, stores=room.settings.review
    )
    return Answer(template="read.html", title="Read a report", data=data)


VIEWS = (
    View(path="/read", name="read", summary="What can be pasted or uploaded", make=show, response=Limits, kept=False),
)
