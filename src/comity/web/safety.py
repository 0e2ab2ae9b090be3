"""What keeps the room safe: who may come in, how much may be sent, what a page may load, whose form it is.

Plain ASGI, around everything else, so that no page can forget it.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from comity.web.settings import BODY_LIMIT, BODY_SECONDS, Settings, is_loopback

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""A page loads its own files and nothing else: no inline script or style, no frame, no other host."""

PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""For an SVG that is opened by itself: it carries its style, and nothing in it runs."""

HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}

COOKIE = "comity_token"
OPEN = ("/enter", "/static/")
"""Paths that are seen without the token: where it is asked for."""


class BodyTooLarge(Exception):
    """More was sent than a request may."""


class BodyTooSlow(Exception):
    """The body did not arrive in time."""


class Safety:
    """The outermost application."""

    def __init__(self, app: App, settings: Settings) -> None:
        self._app = app
        self._settings = settings
        # The cookie holds a hash: whoever reads a browser's cookies does not learn the token itself.
        self._pass = hashlib.sha256(b"comity\0" + (settings.token or "").encode()).hexdigest()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        refused = self._refusal(scope, headers)
        if refused is not None:
            await _answer(send, *refused)
            return
        try:
            size = int(headers.get("content-length", "0"))
        except ValueError:
            size = -1
        if size > BODY_LIMIT or size < 0:
            await _answer(send, 413, {}, f"at most {BODY_LIMIT >> 20} MB can be sent\n")
            return
        await self._app(scope, _bounded(receive), _with_headers(send))

    def _refusal(self, scope: Scope, headers: dict[str, str]) -> tuple[int, dict[str, str], str] | None:
        """Status, headers and words for a request that is turned away; None for one that may pass."""
        if is_loopback(self._settings.host) and not _is_local(headers.get("host", "")):
            # A name of the open net that leads to this machine: another site's page asking in a visitor's name.
            return 421, {}, "this server answers to localhost only\n"
        if self._settings.token is None:
            return None
        path = scope["path"]
        query = scope["query_string"].decode("latin-1")
        given = dict(parse_qsl(query)).get("token")
        if given is not None and scope["method"] == "GET":
            if not self.knows(given):
                return 403, {}, "this is not the token\n"
            rest = urlencode([(name, value) for name, value in parse_qsl(query) if name != "token"])
            target = "/" + path.lstrip("/\\") + (f"?{rest}" if rest else "")
            return 303, {"location": target, "set-cookie": self.cookie()}, ""
        if path.startswith(OPEN) or self._may(headers):
            return None
        if "text/html" in headers.get("accept", ""):
            return 303, {"location": "/enter"}, ""
        return 401, {"www-authenticate": "Bearer"}, "a token is needed: Authorization: Bearer TOKEN\n"

    def _may(self, headers: dict[str, str]) -> bool:
        kind, _, given = headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer":
            return self.knows(given.strip())
        try:
            cookie = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
        except CookieError:
            return False
        return cookie is not None and hmac.compare_digest(cookie.value.encode(), self._pass.encode())

    def knows(self, given: str) -> bool:
        """Whether this is the token."""
        return hmac.compare_digest(given.encode(), (self._settings.token or "").encode())

    def cookie(self) -> str:
        """The header's value that lets a browser in from now on."""
        return f"{COOKIE}={self._pass}; HttpOnly; SameSite=Strict; Path=/"


def _is_local(host: str) -> bool:
    try:
        name = urlsplit(f"//{host}").hostname
    except ValueError:
        return False
    return name is not None and is_loopback(name)


def _bounded(receive: Receive) -> Receive:
    """The body, as long as it is not too long and not too slow."""
    seen = 0
    ends = asyncio.get_running_loop().time() + BODY_SECONDS
    whole = False

    async def bounded() -> Message:
        nonlocal seen, whole
        if whole:
            return await receive()
        left = ends - asyncio.get_running_loop().time()
        try:
            message = await asyncio.wait_for(receive(), max(left, 0.001))
        except TimeoutError:
            raise BodyTooSlow from None
        if message["type"] == "http.request":
            seen += len(message.get("body", b""))
            whole = not message.get("more_body", False)
            if seen > BODY_LIMIT:
                raise BodyTooLarge
        return message

    return bounded


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            present = {name for name, _ in message["headers"]}
            more = HEADERS | {"content-security-policy": POLICY}
            message["headers"] = [
                *message["headers"],
                *((name.encode(), value.encode()) for name, value in more.items() if name.encode() not in present),
            ]
        await send(message)

    return sending


async def _answer(send: Send, status: int, headers: dict[str, str], text: str) -> None:
    body = text.encode()
    whole = {
        "content-type": "text/plain; charset=utf-8",
        "content-length": str(len(body)),
        "cache-control": "no-store",
        "content-security-policy": POLICY,
        **HEADERS,
        **headers,
    }
    listed = [(name.encode(), value.encode("latin-1")) for name, value in whole.items()]
    await send({"type": "http.response.start", "status": status, "headers": listed})
    await send({"type": "http.response.body", "body": body})


# --- forms -----------------------------------------------------------------------------------------------------------


class Forms:
    """Knows the forms of its own pages. Their secret is one for each run: no other site's page can read it, and what a
    visitor may do does not depend on who it is."""

    def __init__(self) -> None:
        self.secret = secrets.token_urlsafe(24)

    def is_ours(self, given: str, headers: Any) -> bool:
        """Whether a form that was sent is one of our pages'."""
        if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return False
        origin = headers.get("origin")
        if origin not in (None, "null") and urlsplit(origin).netloc != headers.get("host"):
            return False
        return hmac.compare_digest(given.encode(), self.secret.encode())


def safe_way_back(given: str) -> str:
    """The page to go back to after a form: a path of this server, else the start."""
    parts = urlsplit(given)
    odd = parts.scheme or parts.netloc or not given.startswith("/") or given.startswith(("//", "/\\"))
    return "/" if odd or any(ord(letter) < 33 for letter in given) else given
