"""The desk where a pasted report is coded at once: one process beside the server.

A process of its own, because coding is not for several threads and would hold up the readers, and because only a process
can be ended when a hostile upload keeps it busy.
"""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec

from comity.records import Coding, LeftOut, Report
from comity.web.beside import Beside, Busy, Late, Lost, NotReady
from comity.web.settings import CODING_SECONDS, TEXT_LIMIT, Settings

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

LOADING_SECONDS = 90.0
"""Seconds that the model may take to load, on a machine that is busy."""

QUEUE_SECONDS = 10.0
"""Seconds that one visitor waits for another's report to be done."""

MOST_REPORTS = 20
"""Reports of one upload that are coded; a file with more belongs into `comity add`."""


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """What lies on the desk: a text, a file's bytes, or an address."""

    text: str | None = None
    file: tuple[str, bytes] | None = None
    url: str | None = None
    title: str | None = None
    outlet: str | None = None
    published: str | None = None


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a job."""

    codings: tuple[Coding, ...]
    left_out: tuple[LeftOut, ...]
    seconds: float


class NotDone(Exception):
    """Nothing came of a job: why, and what to do."""


class Desk:
    """One process that codes."""

    def __init__(self, settings: Settings) -> None:
        self._beside = Beside(_work, (settings.model, settings.codebook), loading=LOADING_SECONDS, queue=QUEUE_SECONDS)

    def warm(self) -> None:
        """Begin to load the model, without waiting for it."""
        self._beside.warm()

    def do(self, job: Job) -> Done:
        """Code what lies on the desk. Raises `NotDone`."""
        try:
            answer = self._beside.ask(job, CODING_SECONDS)
        except Busy:
            raise NotDone("another report is being coded; try again in a moment") from None
        except NotReady as error:
            late = f"the language model did not load within {LOADING_SECONDS:.0f} seconds; try again"
            raise NotDone(str(error) or late) from None
        except Late:
            late = f"coding it takes longer than {CODING_SECONDS:.0f} seconds; use: comity code FILE"
            raise NotDone(late) from None
        except Lost:
            raise NotDone(
                "the process that codes was lost, most likely for want of memory (it needs about 0.5 GB)"
            ) from None
        if isinstance(answer, str):
            raise NotDone(answer)
        codings, left, seconds = answer
        return Done(codings=codings, left_out=left, seconds=seconds)

    def close(self) -> None:
        """End the process."""
        self._beside.close()


# --- in the other process --------------------------------------------------------------------------------------------


def _work(line: Connection, model: str | None, folder: str | None) -> None:
    import os
    import signal

    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends this process
    _keep_out_of_private_networks()
    try:
        from comity.coder import Coder

        coder = Coder(model, folder)
        list(coder.stream([Report(id="warm", text="Ministers of both states met on Monday.", language="en")]))
    except Exception as error:
        line.send(str(error))
        return
    line.send(None)
    fetcher: list[Any] = []
    with contextlib.suppress(EOFError, OSError):
        while True:
            job = line.recv()
            try:
                started = time.perf_counter()
                made = list(coder.stream(_reports(job, fetcher)))
                codings = tuple(one for one in made if isinstance(one, Coding))
                left = tuple(one for one in made if isinstance(one, LeftOut))
                line.send((codings, left, time.perf_counter() - started))
            except Exception as error:
                line.send(str(error))


def _reports(job: Job, fetcher: list[Any]) -> list[Report | LeftOut]:
    from comity.reading import read_text

    if job.url is not None:
        job = _fetched(job, fetcher)
    if job.file is not None:
        found = _in_file(job)
    else:
        given = {"title": job.title, "outlet": job.outlet, "published": job.published}
        found = [read_text(job.text or "", source="pasted", **given)]
    return [_short_enough(one) for one in found]


def _short_enough(one: Report | LeftOut) -> Report | LeftOut:
    if isinstance(one, LeftOut) or len(one.text) <= TEXT_LIMIT:
        return one
    return LeftOut(
        source=one.source or one.id,
        reason=f"the text has {len(one.text):,} characters, more than are coded here ({TEXT_LIMIT:,})",
        cure="use: comity code FILE",
    )


def _in_file(job: Job) -> list[Report | LeftOut]:
    from itertools import islice

    from comity.reading import read_many

    assert job.file is not None
    name, content = job.file
    ending = "".join(Path(name.replace("\\", "/")).suffixes[-2:])
    safe = "".join(letter for letter in ending if letter.isalnum() or letter == ".")[:20]
    with tempfile.TemporaryDirectory(prefix="comity-") as folder:
        path = Path(folder) / f"upload{safe}"
        path.write_bytes(content)
        found = list(islice(read_many(path, published=job.published, outlet=job.outlet), MOST_REPORTS + 1))
    named = [_renamed(one, name) for one in found[:MOST_REPORTS]]
    if len(found) > MOST_REPORTS:
        cure = "use: comity add FILE --ledger DIR"
        named.append(LeftOut(source=name, reason=f"it holds more than {MOST_REPORTS} reports", cure=cure))
    return named


def _renamed(one: Report | LeftOut, name: str) -> Report | LeftOut:
    """Under the name that the visitor knows, not that of the file it was put in."""
    return msgspec.structs.replace(one, source=name)


def _fetched(job: Job, fetcher: list[Any]) -> Job:
    from comity.reading.fetching import Fetcher
    from comity.web.settings import BODY_LIMIT

    if not fetcher:
        fetcher.append(Fetcher(backoff=1.0))
    _need_public(job.url or "")
    answer = fetcher[0].get(job.url, limit=BODY_LIMIT, may_be_private=False)
    return msgspec.structs.replace(job, url=None, file=(answer.url, answer.body))


def _need_public(url: str) -> None:
    """Say plainly what the guard would stop at the first connection, where the fetcher takes it for a fault of the net."""
    try:
        host = urlsplit(url).hostname
    except ValueError:
        raise NotDone(f"{url[:100]}: this is no web address; give one with http:// or https://") from None
    if host is None:
        return  # the fetcher says the same of it
    try:
        socket.getaddrinfo(host, None)
    except (OSError, UnicodeError):
        raise NotDone(f"{host}: leads into a private network or nowhere; paste the text instead") from None


def _keep_out_of_private_networks() -> None:
    """No name and no address leads this process into a private network, whatever a redirect says and however a name's
    answers change between asking and connecting: the check stands where addresses are made."""
    resolve = socket.getaddrinfo

    def guarded(*args: Any, **more: Any) -> Any:
        found = [entry for entry in resolve(*args, **more) if is_public(str(entry[4][0]))]
        if not found:
            raise socket.gaierror(socket.EAI_NONAME, "leads into a private network or nowhere")
        return found

    socket.getaddrinfo = guarded


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open net."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


_NAT64 = ipaddress.ip_network("64:ff9b::/96")
