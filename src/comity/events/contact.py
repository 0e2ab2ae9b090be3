"""Contacts: direct exchanges between named offices, on events of any type."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from comity.actors import Figure
from comity.language import Sentence
from comity.records import Contact

_MEETING_TYPES = frozenset(("CONSULT",))
_MESSAGE_TYPES = frozenset(("SUPPORT", "AGREE", "CONCEDE", "THREATEN", "REQUEST", "REJECT", "ACCUSE"))
_WRITTEN = frozenset(("letter", "message"))
_THIRD = frozenset(["mediate", "mediation", "mediator", "broker", "facilitate", "intermediary"])
_MANY = frozenset(["summit", "conference", "forum", "assembly", "multilateral", "trilateral", "session", "council"])


@cache
def _channels() -> dict[str, str]:
    rows = files(__package__).joinpath("contact_words.tsv").read_text("utf-8").splitlines()[1:]
    return {word: channel for word, channel, _ in (row.split("\t") for row in rows)}


def contact(
    type_: str,
    mode: str | None,
    s: Sentence,
    trigger: tuple[int, ...],
    sources: tuple[Figure, ...],
    targets: tuple[Figure, ...],
) -> Contact | None:
    """The contact that an event is, or None. Meetings always are; a speech act is one when it is written or phoned."""
    words = [s.lemmas[t] for t in trigger]
    near = [s.lemmas[k] for t in trigger for k in s.kids[t]]
    table = _channels()
    channel = next((table[w] for w in (*words, *near) if w in table), None)
    if type_ in _MEETING_TYPES:
        if mode == "phone":
            channel = channel if channel in ("video", "phone") else "phone"
        elif mode == "visit" and channel not in ("summit", "video"):
            channel = "visit"
        channel = channel or "in-person"
    elif type_ not in _MESSAGE_TYPES or channel not in (*_WRITTEN, "phone", "video"):
        return None
    everybody = {f.country or f.id for f in (*sources, *targets)}
    if mode == "third-party" or any(w in _THIRD for w in (*words, *near)):
        setting = "third-party"
    elif mode == "multilateral" or len(everybody) > 2 or any(w in _MANY for w in (*words, *near)):
        setting = "multilateral"
    else:
        setting = "bilateral"
    return Contact(
        channel=channel,
        setting=setting,
        source_level=sources[0].level if sources else None,
        target_level=targets[0].level if targets else None,
    )
