"""Feeds as they come in: `watch` fetches feeds and sitemaps politely and gives the reports that are new."""

from __future__ import annotations

import sqlite3
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from comity.reading.errors import ReadError
from comity.reading.feeds import MAX_FEED_BYTES, Feed, Item, item_report, parse
from comity.reading.fetching import Answer, Fetcher, TryAgain
from comity.reading.filling import Filling, log
from comity.reading.html import MAX_PAGE_BYTES, MIN_TEXT, NoReport, decode_html, extract
from comity.reading.inputs import Input, open_plain, read_bounded
from comity.records import LeftOut, Report, report_id

MOST = 100
"""Items of one feed that are taken in one round, the newest first; a sitemap may list 50,000."""

DEEPEST = 2
"""Levels of lists (OPML, sitemap index) that are followed."""

MOST_FEEDS = 500
"""Feeds of one list."""

EVERY = 900.0
"""Seconds between two rounds. News feeds say 5 to 60 minutes where they say anything."""

KEPT_DAYS = 400
"""Days for which an item is remembered after its feed last listed it."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS feeds (url TEXT PRIMARY KEY, etag TEXT, modified TEXT);
CREATE TABLE IF NOT EXISTS seen (key TEXT PRIMARY KEY, day TEXT NOT NULL) WITHOUT ROWID;
"""


def _open_state(state: str | Path | None) -> sqlite3.Connection:
    name = ":memory:" if state is None else str(state)
    try:
        found = sqlite3.connect(name)
        found.executescript(_SCHEMA)
    except sqlite3.Error as error:
        raise ReadError(name, f"the state of the watch cannot be kept here ({error})", "name another file") from None
    return found


def _listed(source: str) -> Iterator[str | LeftOut]:
    """The addresses that an argument stands for: itself, or those of an OPML file or of a list of addresses."""
    if urlsplit(source).scheme in ("http", "https"):
        yield source
        return
    file = Input(source, Path(source))
    try:
        with open_plain(file) as stream:
            data = read_bounded(file, stream, MAX_FEED_BYTES)
        if data.lstrip().startswith(b"<"):
            feed = parse(data, source)
            if not feed.feeds:
                raise ReadError(source, "this file lists no feeds", "give an OPML file, or the feed's address")
            yield from feed.feeds[:MOST_FEEDS]
            return
        lines = (line.strip() for line in data.decode("utf-8", "replace").splitlines())
        addresses = [line for line in lines if urlsplit(line).scheme in ("http", "https")]
        if not addresses:
            raise ReadError(source, "this file lists no feeds", "give an OPML file, or one address a line")
        yield from addresses[:MOST_FEEDS]
    except ReadError as error:
        yield error.left_out()


def watch(
    sources: Iterable[str | Path] | str | Path,
    *,
    state: str | Path | None = None,
    rounds: int | None = 1,
    every: float = EVERY,
    most: int = MOST,
    since: date | None = None,
    outlet: str | None = None,
    fetcher: Fetcher | None = None,
    on_warning: Callable[[str], object] = log,
) -> Iterator[Report | LeftOut]:
    """The new reports of feeds: RSS, Atom, JSON Feed, sitemaps, OPML lists; addresses or files that list addresses.

    An item that carries its whole text is a report as it stands; of one that does not, the page is fetched and its main
    text taken. `state` (a file, made when missing) remembers what was seen and what the servers said, so that a later
    call gives only what is new; an item counts as seen when the caller asks for the one after it. Without `state` only
    this call remembers.

    `rounds`: how often all feeds are asked (None: until the caller stops); `every`: seconds from the start of one round
    to the next. `most`: items of one feed in one round, newest first; the others follow in later rounds. `since`:
    items dated earlier are passed over. Pages in other languages than English are left out.

    Fetching is polite: robots.txt is obeyed, one request at a time and a pause between two to one host, conditional
    requests for feeds, Retry-After and backoff. Addresses in feeds that lead into a private network are not followed,
    unless the feed itself is there. Raises `ReadError` when the state cannot be kept.
    """
    names = [str(sources)] if isinstance(sources, str | Path) else [str(source) for source in sources]
    fetcher = fetcher or Fetcher()
    filling = Filling(outlet=outlet, warn=on_warning)
    with closing(_open_state(state)) as kept:
        done = 0
        while rounds is None or done < rounds:
            started = time.monotonic()
            yield from _round(names, kept, fetcher, filling, most, since)
            kept.execute("DELETE FROM seen WHERE day < ?", (_day(-KEPT_DAYS),))
            kept.commit()
            done += 1
            if rounds is None or done < rounds:
                time.sleep(max(0.0, started + every - time.monotonic()))


class _Task(NamedTuple):
    """Something to fetch: a feed, or the page of one of its items."""

    url: str
    named: str
    """The address that the user gave and that led here."""
    level: int
    """How many lists lie between."""
    answer: _Pending | None
    """The feed's answer of which this page is a part; None for a feed."""
    item: Item | None = None
    key: str = ""


class _Pending:
    """A feed whose items are not all dealt with. Its validators are kept when they are: else what failed were lost."""

    def __init__(self, url: str, base: str, feed: Feed, headers: dict[str, str]) -> None:
        self.url, self.base, self.feed, self.headers = url, base, feed, headers
        self.open = 0
        self.whole = True


def _round(
    names: list[str], kept: sqlite3.Connection, fetcher: Fetcher, filling: Filling, most: int, since: date | None
) -> Iterator[Report | LeftOut]:
    """One round. Always the host that has rested longest is asked next, so that pauses are spent on other hosts."""
    queues: dict[str, deque[_Task]] = {}

    def put(task: _Task) -> None:
        queues.setdefault(urlsplit(task.url).netloc.lower(), deque()).append(task)

    for name in names:
        for address in _listed(name):
            if isinstance(address, LeftOut):
                yield address
            else:
                put(_Task(address, address, 0, None))
    while queues:
        host = min(queues, key=lambda host: fetcher.wait(queues[host][0].url))
        task = queues[host].popleft()
        if not queues[host]:
            del queues[host]
        if task.answer is None:
            yield from _feed(task, kept, fetcher, filling, most, since, put)
            continue
        try:
            assert task.item is not None
            yield _page(task.item, task.answer, task.named, fetcher, filling)
        except TryAgain as error:
            yield error.left_out()
            task.answer.whole = False
        except ReadError as error:
            yield error.left_out()
            _remember(kept, task.key)
        else:
            _remember(kept, task.key)
        task.answer.open -= 1
        _keep_validators(kept, task.answer)


def _feed(
    task: _Task,
    kept: sqlite3.Connection,
    fetcher: Fetcher,
    filling: Filling,
    most: int,
    since: date | None,
    put: Callable[[_Task], None],
) -> Iterator[Report | LeftOut]:
    row = kept.execute("SELECT etag, modified FROM feeds WHERE url = ?", (task.url,)).fetchone() or (None, None)
    try:
        answer = fetcher.get(
            task.url,
            limit=MAX_FEED_BYTES,
            etag=row[0],
            modified=row[1],
            may_be_private=_same_host(task.url, task.named),
        )
        if answer.status == 304:
            return
        feed = parse(_unpacked(answer), task.url)
    except ReadError as error:
        yield error.left_out()
        return
    if task.level < DEEPEST:
        for further in feed.feeds[:MOST_FEEDS]:
            put(_Task(urljoin(answer.url, further), task.named, task.level + 1, None))
    pending = _Pending(task.url, answer.url, feed, answer.headers)
    new = _new(feed, answer.url, kept, since)
    pending.whole = len(new) <= most and not feed.feeds
    for item, key in new[:most]:
        if item.text is not None:
            yield item_report(item, feed, item.url or answer.url, filling)
            _remember(kept, key)
        else:
            assert item.url is not None
            pending.open += 1
            put(_Task(item.url, task.named, task.level, pending, item, key))
    _keep_validators(kept, pending)


def _day(days: int = 0) -> str:
    return (datetime.now(UTC).date() + timedelta(days)).isoformat()


def _remember(kept: sqlite3.Connection, key: str) -> None:
    kept.execute("INSERT OR REPLACE INTO seen VALUES (?, ?)", (key, _day()))
    kept.commit()


def _keep_validators(kept: sqlite3.Connection, answer: _Pending) -> None:
    if answer.open == 0 and answer.whole:
        said = answer.headers.get
        kept.execute("INSERT OR REPLACE INTO feeds VALUES (?, ?, ?)", (answer.url, said("etag"), said("last-modified")))
        kept.commit()


def _unpacked(answer: Answer) -> bytes:
    """A sitemap that is a .gz file is sent as it lies."""
    if not answer.body.startswith(b"\x1f\x8b"):
        return answer.body
    import zlib

    try:
        out = zlib.decompressobj(31).decompress(answer.body, MAX_FEED_BYTES + 1)
    except zlib.error as error:
        raise ReadError(answer.url, f"its compression is damaged ({error})", "try again later") from None
    return out


def _same_host(one: str, other: str) -> bool:
    return urlsplit(one).hostname == urlsplit(other).hostname


def _new(feed: Feed, base: str, kept: sqlite3.Connection, since: date | None) -> list[tuple[Item, str]]:
    """The items not seen before with the keys under which they are remembered, newest first, undated ones last."""
    today = _day()
    new: dict[str, Item] = {}
    for item in feed.items:
        if item.url:
            item = item._replace(url=urljoin(base, item.url))
        elif item.text is None:
            continue
        if since is not None and item.published is not None and item.published[:10] < since.isoformat():
            continue
        key = item.url or report_id(None, item.published, item.text or "")
        if kept.execute("SELECT 1 FROM seen WHERE key = ?", (key,)).fetchone():
            kept.execute("UPDATE seen SET day = ? WHERE key = ? AND day < ?", (today, key, today))
        else:
            new.setdefault(key, item)
    return sorted(((item, key) for key, item in new.items()), key=lambda pair: pair[0].published or "", reverse=True)


def _page(item: Item, answer: _Pending, named: str, fetcher: Fetcher, filling: Filling) -> Report | LeftOut:
    """The report on the page to which an item leads. Raises `ReadError` when the page cannot be had."""
    assert item.url is not None
    page_answer = fetcher.get(item.url, limit=MAX_PAGE_BYTES, may_be_private=_same_host(item.url, named))
    kind, _, parameters = page_answer.headers.get("content-type", "text/html").partition(";")
    if kind.strip().lower() not in ("text/html", "application/xhtml+xml"):
        raise ReadError(item.url, f"this is no web page ({kind.strip()[:40]})", "leave it out")
    charset = parameters.partition("charset=")[2].strip(" \"'") or None
    try:
        page = extract(
            decode_html(page_answer.body, charset),
            url=item.url,
            not_after=date.fromisoformat(_day(1)),
            english_only=True,
            least=MIN_TEXT,
        )
    except NoReport as why:
        return LeftOut(source=item.url, reason=str(why), cure="no action needed; it is no English report")
    published = page.published or item.published
    if published is not None and item.published is not None and published == item.published[:10]:
        published = item.published  # the same day, with its time
    return Report(
        id=report_id(item.url, published, page.text),
        text=page.text,
        title=page.title or item.title,
        outlet=page.outlet or item.outlet or answer.feed.title or filling.outlet,
        url=item.url,
        published=published,
        language="en",
        source=item.url,
    )
