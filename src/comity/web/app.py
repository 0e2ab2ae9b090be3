"""The application: which path leads to which view, and what becomes of the view's answer."""

from __future__ import annotations

import contextlib
import copy
import hashlib
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterator
from functools import partial
from importlib.resources import files
from typing import Any
from urllib.parse import quote, unquote

import anyio.to_thread
import msgspec
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from comity import __version__
from comity.web import openapi
from comity.web.answering import TYPES, Answer, body, encoder
from comity.web.asking import FORMS, Ask, BadAsk, NotFound
from comity.web.desk import Desk
from comity.web.doing import ACTIONS, Action, Refused
from comity.web.questions import Questions
from comity.web.rendering import Renderer, assets_digest
from comity.web.safety import PICTURE_POLICY, BodyTooLarge, BodyTooSlow, Forms, Safety, safe_way_back
from comity.web.settings import BODY_LIMIT, Settings
from comity.web.source import Source, StillWorking
from comity.web.view import View
from comity.web.views import VIEWS

log = logging.getLogger("comity.web")

READERS = 12
"""Requests that are answered at the same time; more would only take the processor from each other."""

PASTS = 3
"""States of the past that are held open: each has a connection and its own answers."""

STATIC_TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}


class Room:
    """What views and actions work with."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.source = Source(settings)
        self.desk = Desk(settings)
        self.forms = Forms()
        self.renderer = Renderer(self.source, self.forms, settings)
        self.questions = Questions(settings)
        self._guard = threading.Lock()
        self._past: OrderedDict[int, tuple[Room, int]] = OrderedDict()

    @contextlib.contextmanager
    def at(self, as_of: str) -> Iterator[Room]:
        """The room as it was at a moment of the past, for reading only. Raises `BadFilter`, `LedgerError`."""
        state = self.source.once(("state", as_of), lambda: self.ledger.snapshot_at(as_of))
        with self._guard:
            room, users = self._past.get(state) or (self._as_of(state), 0)
            self._past[state] = room, users + 1
            self._past.move_to_end(state)
        try:
            yield room
        finally:
            with self._guard:
                room, users = self._past[state]
                self._past[state] = room, users - 1
                idle = [one for one, (_, users) in self._past.items() if not users]
                gone = [self._past.pop(one)[0] for one in idle[: max(0, len(self._past) - PASTS)]]
            for one in gone:
                one.source.close()

    def _as_of(self, state: int) -> Room:
        room = copy.copy(self)
        room.settings = msgspec.structs.replace(self.settings, review=False)
        room.source = Source(room.settings, as_of=state)
        room.renderer = Renderer(room.source, self.forms, room.settings)
        return room

    @property
    def ledger(self) -> Any:
        return self.source.ledger

    def close(self) -> None:
        self.desk.close()
        self.questions.close()
        for room, _ in self._past.values():
            room.source.close()
        self.source.close()


def make_app(settings: Settings) -> Safety:
    """The ASGI application. Opens the ledger at once: raises `comity.ledger.LedgerError`."""
    room = Room(settings)

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = READERS
        try:
            yield
        finally:
            room.close()

    described = encoder.encode(openapi.description(VIEWS, ACTIONS))
    routes: list[BaseRoute] = [
        Route("/static/{digest}/{name}", _static),
        Route("/openapi.json", partial(_fixed, described, "application/json")),
        Route("/favicon.ico", partial(_fixed, b"", "image/x-icon")),
        Route("/enter", partial(_enter, room), methods=["GET", "POST"]),
    ]
    # Twins first: an id may hold any letter, so the bare path would take their endings for a part of it.
    for view in VIEWS:
        routes += [
            Route(f"{view.path}.{form}".replace("/.", "/index."), partial(_show, room, view, form))
            for form in (*view.forms, "html")
        ]
    routes += [Route(action.path, partial(_do, room, action), methods=["POST"]) for action in ACTIONS]
    routes += [Route(view.path, partial(_show, room, view, "html")) for view in VIEWS]
    app = Starlette(routes=routes, lifespan=lifespan, exception_handlers={404: partial(_no_page, room)})
    app.state.room = room
    safe = Safety(app, settings)
    safe.room = room  # type: ignore[attr-defined]
    return safe


# --- reading ---------------------------------------------------------------------------------------------------------


async def _show(room: Room, view: View, form: str, request: Request) -> Response:
    started = time.perf_counter()
    ask = Ask(
        path=_bare(request.url.path, form),
        params=dict(request.path_params),
        query=tuple(pair for pair in request.query_params.multi_items() if pair[0] != "as_of"),
        form=form,
        as_of=request.query_params.get("as_of", "").strip(),
        beside=anyio.to_thread.current_default_thread_limiter().borrowed_tokens,
    )
    known = [one.strip() for one in request.headers.get("if-none-match", "").split(",")]
    headers = {"cache-control": "private, no-cache"}
    if view.kept:
        # What a page shows follows from the ledger's state and the address, so the answer need not be made to know it.
        secret = room.forms.secret if form == "html" else ""
        named = f"{room.source.snapshot} {__version__} {assets_digest()} {form} {secret} {request.url.path}?{request.url.query}"
        headers["etag"] = _etag(named.encode())
        if headers["etag"] in known:
            return Response(status_code=304, headers=headers)
    kept = room.source.known(_key(view, ask)) if view.kept and not ask.as_of else None
    if kept is not None:  # nothing to be made: no thread is needed
        status, content, busy = 200, kept, 0.0
    else:
        status, content, busy = await run_in_threadpool(_timed, room, view, ask)
    if status != 200:
        headers = {"cache-control": "no-store"}
        if status == 503 and form == "html":
            status, headers["refresh"] = 202, "1"  # the page asks again by itself
        elif status == 503:
            headers["retry-after"] = "2"
    elif not view.kept:
        headers["etag"] = _etag(content)
        if headers["etag"] in known:
            return Response(status_code=304, headers=headers)
    if form == "svg":
        headers["content-security-policy"] = PICTURE_POLICY
    elif form in ("csv", "graphml"):
        name = (ask.path.strip("/").replace("/", "-") or "ledger").encode("ascii", "replace").decode().replace('"', "?")
        headers["content-disposition"] = f'attachment; filename="{name.replace("?", "_")}.{form}"'
    # cpu: processor time of the thread that answered, which other users of the machine do not lengthen.
    headers["server-timing"] = f"app;dur={(time.perf_counter() - started) * 1000:.1f}, cpu;dur={busy * 1000:.1f}"
    kind = TYPES[form] if status == 200 or form in ("html", "json") else TYPES["json"]
    return Response(content, status, headers, media_type=kind)


def _etag(of: bytes) -> str:
    return f'W/"{hashlib.sha256(of).hexdigest()[:24]}"'


def _bare(path: str, form: str) -> str:
    ending = f".{form}"
    path = path.removesuffix(ending) if path.endswith(ending) and (form != "html" or path.endswith(".html")) else path
    return "/" if path == "/index" else path


def _timed(room: Room, view: View, ask: Ask) -> tuple[int, bytes, float]:
    started = time.thread_time()
    status, content = _answer(room, view, ask)
    return status, content, time.thread_time() - started


def _answer(room: Room, view: View, ask: Ask) -> tuple[int, bytes]:
    try:
        if ask.as_of and room.source.as_of is None:
            with room.at(ask.as_of) as past:
                return _answer(past, view, ask)
        if not view.kept:
            with room.source.noting() as states:
                answer = view.make(room, ask)
            if not states:
                return 200, body(answer, ask, room.renderer.page)
            key = (*_key(view, ask), *states)
            return 200, room.source.once(key, lambda: body(answer, ask, room.renderer.page))
        return 200, room.source.once(_key(view, ask), lambda: _body(room, view, ask))
    except Exception as error:
        status, words = failure(error)
        if status == 500:
            log.exception("%s", ask.path)
        return status, _failed(room, ask, status, words)


def _key(view: View, ask: Ask) -> tuple[Any, ...]:
    return "body", view.path, ask.form, ask.as_of, ask.path, ask.query, *ask.params.values()


def _body(room: Room, view: View, ask: Ask) -> bytes:
    return body(view.make(room, ask), ask, room.renderer.page)


def failure(error: Exception) -> tuple[int, str]:
    """The status of an error, and what to say."""
    from comity.ledger import BadCorrection, BadFilter, BadQuery, LedgerBusy, LedgerError, UnknownId
    from comity.ledger.errors import AmbiguousId, NoSnapshot
    from comity.relations import ExtraMissing, RelationsError

    if isinstance(error, Refused):
        return error.status, str(error)
    if isinstance(error, (BadAsk, BadFilter, BadQuery, BadCorrection)):
        return 400, str(error)
    if isinstance(error, (NotFound, UnknownId, AmbiguousId, NoSnapshot)):
        return 404, str(error)
    if isinstance(error, (LedgerBusy, StillWorking)):
        return 503, str(error)
    if isinstance(error, ExtraMissing):
        return 501, str(error)
    if isinstance(error, RelationsError):
        return 400, str(error)
    if isinstance(error, LedgerError):
        return 503, str(error)
    return 500, "a fault of Comity; its log says more"


def _failed(room: Room, ask: Ask, status: int, words: str, again: tuple[Any, ...] = ()) -> bytes:
    """`again`: fields of a form that was refused (name, meaning, value), to be mended and sent again."""
    if ask.form != "html":
        return encoder.encode({"error": words})
    title = {404: "Not here", 503: "A moment"}.get(status, "Not so")
    answer = Answer(template="error.html", title=title, data={"error": words}, more={"again": again})
    return room.renderer.page(answer, ask).encode()


async def _no_page(room: Room, request: Request, _: Exception) -> Response:
    if request.url.path.endswith(tuple(f".{form}" for form in FORMS)):
        return Response(encoder.encode({"error": "there is no such page"}), 404, media_type="application/json")
    ask = Ask(path=request.url.path, params={}, query=())
    page = await run_in_threadpool(_failed, room, ask, 404, "there is no such page")
    return Response(page, 404, {"cache-control": "no-store"}, media_type=TYPES["html"])


async def _fixed(content: bytes, kind: str, _: Request) -> Response:
    return Response(content, headers={"cache-control": "private, max-age=300"}, media_type=kind)


async def _static(request: Request) -> Response:
    name = request.path_params["name"]
    file = files("comity.web").joinpath("static", name)
    ending = name.rpartition(".")[2]
    if "/" in name or "\\" in name or name.startswith(".") or ending not in STATIC_TYPES or not file.is_file():
        return Response("no such file\n", 404, media_type="text/plain")
    # The address holds a digest of all assets: what stands under it never changes.
    fresh = request.path_params["digest"] == assets_digest()
    headers = {"cache-control": "public, max-age=31536000, immutable" if fresh else "no-cache"}
    return Response(file.read_bytes(), headers=headers, media_type=STATIC_TYPES[ending])


# --- doing -----------------------------------------------------------------------------------------------------------


async def _form(request: Request) -> dict[str, Any]:
    async with request.form(max_files=1, max_fields=30, max_part_size=BODY_LIMIT) as given:
        found: dict[str, Any] = {}
        for name, value in given.multi_items():
            found[name] = value if isinstance(value, str) else (value.filename or "", await value.read())
        return found


async def _do(room: Room, action: Action, request: Request) -> Response:
    wants_json = "text/html" not in request.headers.get("accept", "text/html")
    ask = Ask(path=request.url.path, params=dict(request.path_params), query=(), form="json" if wants_json else "html")
    ours, given = False, {}
    try:
        given = await _form(request)
        secret = given.pop("form", None) or request.headers.get("x-comity-form", "")
        if not isinstance(secret, str) or not room.forms.is_ours(secret, request.headers):
            raise Refused(403, "this form is not one of this server's present pages; load the page again and repeat")
        ours = True
        given.setdefault("author", unquote(request.cookies.get("comity_author", "")))
        done = await run_in_threadpool(action.make, room, ask, given)
        if isinstance(done, str):
            if wants_json:
                done_at = {"done": True, "at": safe_way_back(done)}
                return Response(encoder.encode(done_at), media_type="application/json")
            response: Response = RedirectResponse(safe_way_back(done), 303)
            if action.remembers_author and given.get("author"):
                _remember(response, str(given["author"]))
            return response
        content = await run_in_threadpool(body, done, ask, room.renderer.page)
        return Response(content, done.status, {"cache-control": "no-store"}, media_type=TYPES[ask.form])
    except BodyTooLarge:
        status, words = 413, f"at most {BODY_LIMIT >> 20} MB can be sent"
    except (BodyTooSlow, ClientDisconnect):
        status, words = 408, "it took too long to arrive"
    except Exception as error:
        status, words = _form_failure(error)
        if status == 500:
            log.exception("%s", ask.path)
    again = _again(action, given) if ours and status in (400, 503) else ()
    content = await run_in_threadpool(_failed, room, ask, status, words, again)
    return Response(content, status, {"cache-control": "no-store"}, media_type=TYPES[ask.form])


def _again(action: Action, given: dict[str, Any]) -> tuple[Any, ...]:
    """What was filled in, so that nothing is lost without scripts; a text or a file is sent anew."""
    if "text" in action.fields:
        return ()
    return tuple(
        (name, meaning, given[name])
        for name, meaning in action.fields.items()
        if isinstance(given.get(name), str) and not name.endswith("_at") and (given[name] or name != "author")
    )


def _form_failure(error: Exception) -> tuple[int, str]:
    from starlette.exceptions import HTTPException

    if isinstance(error, HTTPException):
        return error.status_code, str(error.detail)
    return failure(error)


def _remember(response: Response, author: str) -> None:
    # Read by the page, which shows who one is: not httponly.
    response.set_cookie("comity_author", quote(author), max_age=365 * 86400, samesite="strict")


async def _enter(room: Room, request: Request) -> Response:
    """Where the token is asked for."""
    safe: Safety = Safety(request.app, room.settings)
    if request.method == "POST":
        try:
            given = await _form(request)
        except (BodyTooLarge, BodyTooSlow, ClientDisconnect):
            return Response("too large or too slow\n", 413, media_type="text/plain")
        if room.settings.token is None or safe.knows(str(given.get("token", ""))):
            return Response(status_code=303, headers={"location": "/", "set-cookie": safe.cookie()})
        status, words = 403, "This is not the token."
    else:
        status, words = 200, ""
    ask = Ask(path="/enter", params={}, query=())
    answer = Answer(template="enter.html", title="Enter", data={"error": words})
    page = await run_in_threadpool(room.renderer.page, answer, ask)
    return Response(page, status, {"cache-control": "no-store"}, media_type=TYPES["html"])
