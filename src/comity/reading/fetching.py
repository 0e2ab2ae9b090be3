"""Polite HTTP: robots.txt, a pause between requests to one host, conditional requests, backoff, and limits."""

from __future__ import annotations

import email.utils
import ipaddress
import socket
import time
import zlib
from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import urljoin, urlsplit

from comity import __version__
from comity.reading.errors import ReadError

AGENT = f"comity/{__version__}"
"""The default User-Agent. Add an address at which site owners can reach you: "comity/0.1 (+https://example.org/bot)"."""

ROBOTS_NAME = "comity"
"""The name under which robots.txt may address this program."""

PAUSE = 2.0
"""Seconds between two requests to one host, unless its robots.txt asks for more."""

LONGEST_PAUSE = 60.0
"""Seconds. A host that asks for a longer pause is waited for this long."""

ROBOTS_LIFETIME = 24 * 3600.0
"""Seconds for which a robots.txt is kept (RFC 9309, section 2.4)."""

MAX_ROBOTS_BYTES = 512 * 1024
"""RFC 9309, section 2.5, asks for 500 kB at least."""

MAX_REDIRECTS = 5
"""RFC 9309, section 2.3.1.2; pages of news sites need two or three."""

TRIES = 3
"""Attempts at one address when the host is overloaded or does not answer."""

FIRST_BACKOFF = 5.0
"""Seconds before the second attempt; doubled for the third."""

LONGEST_RETRY_AFTER = 120.0
"""Seconds of a host's own Retry-After that are waited out. A host that asks for more is left for the next round."""

CONNECT_TIMEOUT = 10.0
READ_TIMEOUT = 30.0
DEADLINE = 90.0
"""Seconds for one answer altogether: a server that sends a byte now and then must not hold the rest up."""

_RETRIED = (429, 500, 502, 503, 504)


class Answer(NamedTuple):
    """What a server answered."""

    url: str
    """The address that answered, after redirects."""
    status: int
    headers: dict[str, str]
    """Names in lower case."""
    body: bytes
    """Decompressed; empty for 304."""


class _Response(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


def _decompressed(body: bytes, encoding: str, limit: int, url: str) -> bytes:
    if encoding not in ("gzip", "x-gzip", "deflate"):
        return body
    try:
        unpacker = zlib.decompressobj(15 if encoding == "deflate" else 31)
        out = unpacker.decompress(body, limit + 1)
    except zlib.error:
        return body
    if len(out) > limit:
        raise ReadError(url, f"the answer is larger than {limit >> 20} MB", "leave it out")
    return out


def is_private(host: str) -> bool:
    """True when a host name leads to this machine or its own network. False as well when it leads nowhere."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return False
    return any(not ipaddress.ip_address(str(entry[4][0]).partition("%")[0]).is_global for entry in found)


class TryAgain(ReadError):
    """A failure that may pass: no answer, an overloaded server, a site that asks to be left alone for a while."""


class _Unanswered(TryAgain):
    """No answer came."""


class Fetcher:
    """Fetches over HTTP with manners. Holds connections, the robots.txt of each host, and when each may be asked again.

    Not safe for several threads. `clock` and `sleep` are given by tests.
    """

    def __init__(
        self,
        *,
        agent: str = AGENT,
        pause: float = PAUSE,
        backoff: float = FIRST_BACKOFF,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`agent`: the User-Agent. `pause`: seconds between requests to one host. `backoff`: seconds before a second
        attempt."""
        import urllib3

        try:
            from protego import Protego
        except ImportError:
            raise ReadError("watch", "fetching needs the package protego", "run: pip install 'comity[feeds]'") from None
        self._protego = Protego
        self._pool = urllib3.PoolManager(
            num_pools=50,
            headers={"User-Agent": agent},
            retries=False,
            timeout=urllib3.Timeout(CONNECT_TIMEOUT, READ_TIMEOUT),
        )
        self._pause = pause
        self._backoff = backoff
        self._clock = clock
        self._sleep = sleep
        self._ready: dict[str, float] = {}
        self._robots: dict[str, tuple[float, Any]] = {}

    # --- one request ---

    def _request(self, url: str, headers: dict[str, str], limit: int) -> _Response:
        """One request, no redirects. Raises `ReadError`."""
        import urllib3

        started = self._clock()
        try:
            response = self._pool.request(
                "GET",
                url,
                headers={**self._pool.headers, "Accept-Encoding": "gzip", **headers},
                preload_content=False,
                redirect=False,
            )
        except (urllib3.exceptions.HTTPError, ValueError, UnicodeError) as error:
            raise _Unanswered(url, f"there is no answer ({_why(error)})", "try again later") from None
        try:
            found = {name.lower(): value for name, value in response.headers.items()}
            body = bytearray()
            if response.status != 304:
                for block in response.stream(1 << 16, decode_content=False):
                    body += block
                    if len(body) > limit:
                        raise ReadError(url, f"the answer is larger than {limit >> 20} MB", "leave it out")
                    if self._clock() - started > DEADLINE:
                        raise TryAgain(url, f"the answer took longer than {DEADLINE:.0f} seconds", "try again later")
        except urllib3.exceptions.HTTPError as error:
            raise _Unanswered(url, f"the answer broke off ({_why(error)})", "try again later") from None
        finally:
            response.close()
        coding = found.get("content-encoding", "").strip().lower()
        return _Response(response.status, found, _decompressed(bytes(body), coding, limit, url))

    def wait(self, url: str) -> float:
        """Seconds until the host of an address may be asked again; 0 when at once."""
        return max(0.0, self._ready.get(_host(url), 0.0) - self._clock())

    def _take_turn(self, url: str, pause: float) -> None:
        delay = self.wait(url)
        if delay > 0:
            self._sleep(delay)
        self._ready[_host(url)] = self._clock() + pause

    def _delay(self, url: str, seconds: float) -> None:
        host = _host(url)
        self._ready[host] = max(self._ready.get(host, 0.0), self._clock() + seconds)

    # --- robots.txt ---

    def _rules(self, url: str) -> Any:
        """The host's rules; None when everything is allowed, False when the host cannot say (RFC 9309, 2.3.1)."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        kept = self._robots.get(origin)
        if kept is not None and self._clock() - kept[0] < ROBOTS_LIFETIME:
            return kept[1]
        address = f"{origin}/robots.txt"
        rules: Any = None
        try:
            for _ in range(MAX_REDIRECTS + 1):
                self._take_turn(address, self._pause)
                response = self._request(address, {}, MAX_ROBOTS_BYTES)
                if response.status in (301, 302, 303, 307, 308) and response.headers.get("location"):
                    address = urljoin(address, response.headers["location"])
                    continue
                if response.status == 200:
                    rules = self._protego.parse(response.body.decode("utf-8", "replace"))
                elif response.status >= 500 or response.status == 429:
                    rules = False
                break
        except ReadError as error:
            rules = False if isinstance(error, _Unanswered) else None
        self._robots[origin] = (self._clock(), rules)
        return rules

    def _ask_leave(self, url: str) -> None:
        """Raises `ReadError` when the host's robots.txt does not let this program fetch an address."""
        rules = self._rules(url)
        if rules is False:
            raise TryAgain(url, "the site's robots.txt cannot be fetched, so nothing else may be", "try again later")
        if rules is not None and not rules.can_fetch(url, ROBOTS_NAME):
            raise ReadError(url, "the site's robots.txt does not allow it", "leave it out, or ask the site")

    def _pause_for(self, url: str) -> float:
        rules = self._rules(url)
        asked = rules.crawl_delay(ROBOTS_NAME) if rules else None
        return min(LONGEST_PAUSE, max(self._pause, float(asked or 0)))

    # --- with manners ---

    def get(
        self,
        url: str,
        *,
        limit: int,
        etag: str | None = None,
        modified: str | None = None,
        may_be_private: bool = True,
    ) -> Answer:
        """The answer to GET: 200 with its body, or 304 when nothing changed since `etag` and `modified`.

        `limit`: bytes of the body, decompressed. `may_be_private`: whether this machine and its own network may be
        asked; say False for addresses that come from other people's feeds.
        Raises `ReadError` for everything else, when robots.txt forbids it, and when the host asks to be left alone.
        """
        headers = {}
        if etag:
            headers["If-None-Match"] = etag
        if modified:
            headers["If-Modified-Since"] = modified
        here = url
        for _ in range(MAX_REDIRECTS + 1):
            parts = urlsplit(here)
            if parts.scheme not in ("http", "https") or not parts.hostname:
                raise ReadError(url, f"this is no web address ({here[:100]})", "give one with http:// or https://")
            if not may_be_private and is_private(parts.hostname):
                raise ReadError(url, f"it leads into a private network ({parts.hostname})", "leave it out")
            self._ask_leave(here)
            response = self._patiently(here, headers, limit)
            if response.status in (301, 302, 303, 307, 308) and response.headers.get("location"):
                here = urljoin(here, response.headers["location"])
                continue
            if response.status in (200, 304):
                return Answer(here, response.status, response.headers, response.body)
            kind = TryAgain if response.status in _RETRIED else ReadError
            raise kind(url, f"the server answered {response.status}", _cure(response.status))
        raise ReadError(url, f"it redirects more than {MAX_REDIRECTS} times", "check the address")

    def _patiently(self, url: str, headers: dict[str, str], limit: int) -> _Response:
        pause = self._pause_for(url)
        for attempt in range(1, TRIES + 1):
            self._take_turn(url, pause)
            wait = self._backoff * 2 ** (attempt - 1)
            try:
                response = self._request(url, headers, limit)
            except _Unanswered:
                if attempt == TRIES:
                    raise
            else:
                if response.status not in _RETRIED:
                    return response
                asked = _retry_after(response.headers.get("retry-after"))
                if asked is not None and asked > LONGEST_RETRY_AFTER:
                    self._delay(url, asked)
                    raise TryAgain(url, f"the site asks to be left alone for {asked:.0f} seconds", "try again later")
                if attempt == TRIES:
                    return response
                wait = max(wait, asked or 0.0)
            self._delay(url, wait)
        raise AssertionError("the last attempt returns or raises")


def _host(url: str) -> str:
    return urlsplit(url).netloc.lower()


def _why(error: BaseException) -> str:
    return type(error).__name__.removesuffix("Error")


def _cure(status: int) -> str:
    if status in (401, 402, 403, 451):
        return "the site does not give it to programs; leave it out"
    return "check the address" if status in (404, 410) else "try again later"


def _retry_after(value: str | None) -> float | None:
    """Seconds that a Retry-After header asks for, whether as a number or as a date."""
    if not value:
        return None
    if value.strip().isdigit():
        return float(value)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - time.time())
    except (TypeError, ValueError):
        return None
