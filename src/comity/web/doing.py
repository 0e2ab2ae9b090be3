"""What a page's forms do: review records, code what is pasted, store it when asked."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from comity.records import Coding, LeftOut
from comity.web.answering import Answer
from comity.web.asking import Ask, place
from comity.web.desk import Job, NotDone
from comity.web.settings import TEXT_LIMIT

if TYPE_CHECKING:
    from comity.web.app import Room


class Refused(Exception):
    """A form that is not carried out."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status


class Action(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a form can do."""

    path: str
    summary: str
    make: Callable[[Room, Ask, dict[str, Any]], str | Answer]
    """Gives the page to go to, or a page."""
    fields: dict[str, str]
    """The form's fields and what they are."""
    remembers_author: bool = False
    response: type = dict


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """It is done."""

    done: bool
    at: str
    """The page that shows it."""


class Coded(msgspec.Struct, frozen=True, kw_only=True):
    """What was made of a pasted report. Nothing of it is stored."""

    codings: tuple[Coding, ...]
    left_out: tuple[LeftOut, ...]
    seconds: float
    """Seconds that it took, the loading of the model not counted."""


# --- review ----------------------------------------------------------------------------------------------------------


def _reviewing(room: Room) -> None:
    if not room.settings.review:
        raise Refused(403, "this ledger is open for reading only; start the server with --review to correct it")


def _text(given: dict[str, Any], name: str, most: int = 2000) -> str:
    value = given.get(name, "")
    if not isinstance(value, str):
        raise Refused(400, f"{name}: is a file where words are wanted")
    if len(value) > most:
        raise Refused(400, f"{name}: has more than {most:,} characters")
    return value.strip()


def _author(room: Room, given: dict[str, Any]) -> str:
    return _text(given, "author", 100) or room.settings.author


def accept(room: Room, ask: Ask, given: dict[str, Any]) -> str:
    _reviewing(room)
    author, reason = _author(room, given), _text(given, "reason") or None
    room.source.write(lambda ledger: ledger.accept(ask.params["id"], author=author, reason=reason))
    return _back(given, ask)


def reject(room: Room, ask: Ask, given: dict[str, Any]) -> str:
    _reviewing(room)
    author, reason = _author(room, given), _text(given, "reason") or None
    room.source.write(lambda ledger: ledger.reject(ask.params["id"], author=author, reason=reason))
    return _back(given, ask)


def correct(room: Room, ask: Ask, given: dict[str, Any]) -> str:
    _reviewing(room)
    author, reason = _author(room, given), _why(given)
    field = _text(given, "field", 50)
    value = understood(field, _text(given, "value"))
    room.source.write(lambda ledger: ledger.correct(ask.params["id"], field, value, author=author, reason=reason))
    return _back(given, ask)


def add_event(room: Room, ask: Ask, given: dict[str, Any]) -> str:
    """Add an event that was missed: from marked words, or from words that are typed and stand once in the text."""
    _reviewing(room)
    author, reason = _author(room, given), _why(given)
    words, sides = _marked(given, "words"), [_listed(given, side) for side in ("source", "target")]
    fields = _others(given, _OF_EVENT)
    made = room.source.write(
        lambda ledger: ledger.add_event(
            ask.params["id"], words, _text(given, "type"), *sides, author=author, reason=reason, **fields
        )
    )
    return f"{place('reports', made.report_id or ask.params['id'])}#e-{made.record_id}"


def add_statement(room: Room, ask: Ask, given: dict[str, Any]) -> str:
    """Add a statement that was missed, likewise; its speakers and its cue are marked or typed too."""
    _reviewing(room)
    author, reason = _author(room, given), _why(given)
    words, speakers = _marked(given, "words"), _stretches(given, "speakers") or _listed(given, "speakers")
    fields = _others(given, _OF_STATEMENT)
    cue = _stretches(given, "cue")
    if cue:
        fields["cue"] = cue[0]
    made = room.source.write(
        lambda ledger: ledger.add_statement(ask.params["id"], words, speakers, author=author, reason=reason, **fields)
    )
    return f"{place('reports', made.report_id or ask.params['id'])}#s-{made.record_id}"


_OF_EVENT = ("mode", "status", "mutual", "background", "date", "account")
_OF_STATEMENT = ("kind", "cue", "via", "addressee", "channel", "date", "within")
"""Fields that may be given with a new record; the others are set by correcting it."""


def _why(given: dict[str, Any]) -> str:
    reason = _text(given, "reason")
    if not reason:
        raise Refused(400, "reason: say why, so that others can follow")
    return reason


def _listed(given: dict[str, Any], name: str) -> list[str]:
    return [one.strip() for one in _text(given, name).split(",") if one.strip()]


def _others(given: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: understood(name, _text(given, name)) for name in names if _text(given, name)}


def _marked(given: dict[str, Any], name: str) -> tuple[int, int] | str:
    """The words that were marked, as characters of the text; else those that were typed."""
    found = _stretches(given, name)
    return found[0] if found else _text(given, name)


def _stretches(given: dict[str, Any], name: str) -> list[tuple[int, int]]:
    """Where marked words stand, as the page writes it: 120-134,150-162."""
    at = _text(given, f"{name}_at")
    if at and not _STRETCHES.fullmatch(at):
        raise Refused(400, f"{name}_at: {at[:40]!r} is not of the form 120-134, or several with commas")
    return [(int(start), int(end)) for start, end in (one.split("-") for one in at.split(","))] if at else []


_STRETCHES = re.compile(r"[0-9]{1,9}-[0-9]{1,9}(?:,[0-9]{1,9}-[0-9]{1,9})*")


def undo(room: Room, ask: Ask, given: dict[str, Any]) -> str:
    _reviewing(room)
    author, reason = _author(room, given), _text(given, "reason") or None
    room.source.write(lambda ledger: ledger.undo(ask.params["id"], author=author, reason=reason))
    return _back(given, ask)


def _back(given: dict[str, Any], ask: Ask) -> str:
    return _text(given, "back") or "/review"


_LISTS = ("source", "target", "speakers", "contexts", "via")
_FLAGS = ("mutual", "background", "continued")


def understood(field: str, value: str) -> Any:
    """A value as it is typed into a form, as the ledger takes it: lists by commas, yes and no, nothing as null."""
    if field in _LISTS:
        return [part.strip() for part in value.split(",") if part.strip()]
    if not value:
        return None
    if field in _FLAGS and value.lower() in ("yes", "no", "true", "false"):
        return value.lower() in ("yes", "true")
    if field == "intensity":
        try:
            return float(value)
        except ValueError:
            raise Refused(400, f"intensity: {value!r} is not a number") from None
    if value.startswith(("{", "[")):
        try:
            return msgspec.json.decode(value.encode())
        except msgspec.DecodeError as error:
            raise Refused(400, f"{field}: is no JSON ({error})") from None
    return value


def typed(record: dict[str, Any], fields: tuple[str, ...]) -> str:
    """The fields of a record as they would be typed into a form (what `understood` reads), as JSON."""
    return msgspec.json.encode({field: _typed(record.get(field)) for field in fields}).decode()


def _typed(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)) and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    if isinstance(value, (list, tuple)) and all(isinstance(one, dict) and one.get("country") for one in value):
        return ", ".join(one["country"] for one in value)
    return msgspec.json.encode(value).decode() if isinstance(value, (list, tuple, dict)) else str(value)


# --- a report of one's own -------------------------------------------------------------------------------------------


def code(room: Room, ask: Ask, given: dict[str, Any]) -> Answer:
    return shown_coded(room, _done(room, given))


def store(room: Room, ask: Ask, given: dict[str, Any]) -> str:
    _reviewing(room)
    done = _done(room, given)
    if not done.codings:
        raise Refused(
            400, "; ".join(f"{one.reason}: {one.cure}" for one in done.left_out) or "there is no report in it"
        )
    room.source.write(lambda ledger: ledger.add(done.codings))
    return place("reports", done.codings[0].report.id)


def _done(room: Room, given: dict[str, Any]) -> Coded:
    text, url = given.get("text", ""), _text(given, "url")
    file = given.get("file")
    if not isinstance(text, str):
        raise Refused(400, "text: is a file where words are wanted")
    if len(text) > TEXT_LIMIT:
        raise Refused(413, f"the text has {len(text):,} characters; at most {TEXT_LIMIT:,} are coded here")
    title, outlet, published = (_text(given, name, 300) or None for name in ("title", "outlet", "published"))
    job = Job(title=title, outlet=outlet, published=published)
    if isinstance(file, tuple) and file[1]:
        job = msgspec.structs.replace(job, file=file)
    elif url:
        if not room.settings.allow_fetch:
            raise Refused(403, "addresses are not fetched here; start the server with --allow-fetch, or paste the text")
        job = msgspec.structs.replace(job, url=url)
    elif text.strip():
        job = msgspec.structs.replace(job, text=text)
    else:
        raise Refused(400, "there is nothing to read: paste a text or choose a file")
    try:
        done = room.desk.do(job)
    except NotDone as error:
        raise Refused(422, str(error)) from None
    return Coded(codings=done.codings, left_out=done.left_out, seconds=round(done.seconds, 3))


def shown_coded(room: Room, done: Coded) -> Answer:
    """The page of what was coded."""
    from comity.web.views.report import reading_of

    return Answer(
        template="coded.html",
        title="Your report",
        data=done,
        more={"readings": [reading_of(room, coding, stored=False) for coding in done.codings]},
    )


def name_author(room: Room, ask: Ask, given: dict[str, Any]) -> str:
    _text(given, "author", 100)
    return _back(given, ask)


_BACK = "the page to go to afterwards"
_REASON = "why"
_AUTHOR = "whose judgement it is; default: the server's --author, or the name last given"
_AT = "instead of them: their first character in the report's text and the one behind the last: 120-134"
_DATE = "YYYY, YYYY-MM or YYYY-MM-DD; default: the day of publication"
_REPORT = {
    "text": f"the report's text, at most {TEXT_LIMIT:,} characters",
    "file": "a file instead: text, HTML, JSONL, CSV …",
    "url": "an address instead (only where the server allows it)",
    "title": "the title, where the text does not give it",
    "outlet": "the outlet, where the text does not give it",
    "published": "day of publication, where the text does not give it",
}

ACTIONS = (
    Action(
        path="/records/{id}/accept", summary="Note that a record is right", make=accept, response=Done,
        fields={"reason": _REASON, "author": _AUTHOR, "back": _BACK},
    ),
    Action(
        path="/records/{id}/reject", summary="Take a record out of the views", make=reject, response=Done,
        fields={"reason": _REASON, "author": _AUTHOR, "back": _BACK},
    ),
    Action(
        path="/records/{id}/correct", summary="Set one field of a record", make=correct, response=Done,
        fields={
            "field": "the field", "value": "its new value; lists by commas", "reason": _REASON, "author": _AUTHOR,
            "back": _BACK,
        },
    ),
    Action(
        path="/reports/{id:path}/add", summary="Add an event that was missed", make=add_event, response=Done,
        fields={
            "words": "the words that tell of it, which must stand once in the text", "words_at": _AT,
            "type": "PLOVER type", "source": "who acts: names or ids of the report's cast, or country codes; by commas",
            "target": "upon whom, likewise", "mode": "mode of that type", "status": "actual, intended, …",
            "mutual": "yes or no", "background": "yes or no", "date": _DATE,
            "account": "id of the statement that it rests on", "reason": _REASON, "author": _AUTHOR, "back": _BACK,
        },
    ),
    Action(
        path="/reports/{id:path}/add-statement", summary="Add a statement that was missed", make=add_statement,
        response=Done,
        fields={
            "words": "what was said, which must stand once in the text", "words_at": _AT,
            "speakers": "who said it: words of the text (the nearest count), names or ids of the cast, or country codes; "
            "by commas", "speakers_at": _AT + "; several by commas",
            "cue": "the words that attribute it (the nearest count)", "cue_at": _AT,
            "kind": "verbatim, indirect or mixed; default: as the quotation marks tell",
            "via": "relays by commas: agency, paper, broadcaster", "addressee": "to whom", "channel": "briefing, speech, …",
            "date": _DATE, "within": "id of the statement that reports it", "reason": _REASON, "author": _AUTHOR,
            "back": _BACK,
        },
    ),
    Action(
        path="/corrections/{id}/undo", summary="Take a correction back", make=undo, response=Done,
        fields={"reason": _REASON, "author": _AUTHOR, "back": _BACK},
    ),
    Action(
        path="/author", summary="Say who reviews", make=name_author, remembers_author=True, response=Done,
        fields={"author": "a name", "back": _BACK},
    ),
    Action(path="/read", summary="Code a report; nothing is stored", make=code, fields=_REPORT, response=Coded),
    Action(path="/read/store", summary="Code a report and store it", make=store, fields=_REPORT, response=Done),
)  # fmt: skip
