"""The desk where a report of one's own is coded, and the forms that lead to it and to the log of corrections."""

from __future__ import annotations

import json
import re
import signal
import socket
import threading
from collections.abc import Iterator
from multiprocessing import Pipe
from pathlib import Path
from typing import Any

import pytest
from ledger_samples import sample
from web_running import client

from comity.ledger import Ledger
from comity.ledger.errors import LedgerBusy
from comity.records import Coding, LeftOut
from comity.web import desk
from comity.web.beside import Busy, Late, Lost, NotReady
from comity.web.desk import MOST_REPORTS, Desk, Done, Job, NotDone
from comity.web.settings import BODY_LIMIT, TEXT_LIMIT, Settings

TEXT = "Iran condemned Israel on Monday. The ministry said so in a long statement to the press in Tehran."

# --- the process that codes ------------------------------------------------------------------------------------------


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The desk's process, in this one: sends it jobs, gives its answers. What it changes of the process is put back."""
    monkeypatch.setattr(socket, "getaddrinfo", socket.getaddrinfo)
    interrupt = signal.getsignal(signal.SIGINT)

    def run(*jobs: Any, model: str | None = None) -> list[Any]:
        ours, theirs = Pipe()
        answers: list[Any] = []

        def drive() -> None:
            answers.append(ours.recv())
            for job in jobs:
                ours.send(job)
                answers.append(ours.recv())
            ours.close()

        driving = threading.Thread(target=drive)
        driving.start()
        desk._work(theirs, model, None)
        driving.join(60)
        return answers

    yield run
    signal.signal(signal.SIGINT, interrupt)


def test_jobs_are_coded_one_after_the_other_and_a_bad_one_ends_nothing(worker) -> None:
    rows = [{"id": f"r{n}", "text": TEXT, "published": "2021-05-03"} for n in range(MOST_REPORTS + 5)]
    many = "\n".join(json.dumps(row) for row in rows).encode()
    page = f"<html><title>Words</title><p>{TEXT}</p></html>".encode()
    long = json.dumps({"id": "long", "text": "x " * TEXT_LIMIT}).encode()
    ready, text, several, html, too_long, broken, nothing, after = worker(
        Job(text=TEXT, title="A title", outlet="An outlet", published="2021-05-03"),
        Job(file=("many.jsonl", many)),
        Job(file=("..\\..\\etc/evil.html", page), outlet="An outlet"),
        Job(file=("long.jsonl", long)),
        "no job",
        Job(file=("empty.txt", b"")),
        Job(text=TEXT),
    )
    assert ready is None
    (coding,), left, seconds = text
    assert isinstance(coding, Coding) and left == () and seconds > 0
    assert (coding.report.text, coding.report.title, coding.report.outlet) == (TEXT, "A title", "An outlet")
    assert coding.report.published == "2021-05-03" and [one.type for one in coding.events]
    codings, left, _ = several
    assert len(codings) == MOST_REPORTS == len({one.report.id for one in codings})
    assert [(one.source, one.reason, one.cure) for one in left] == [
        ("many.jsonl", f"it holds more than {MOST_REPORTS} reports", "use: comity add FILE --ledger DIR")
    ]
    (coding,), _, _ = html
    assert (coding.report.source, coding.report.outlet) == ("..\\..\\etc/evil.html", "An outlet")
    codings, left, _ = too_long
    assert (
        codings == ()
        and "more than are coded here (200,000)" in left[0].reason
        and left[0].cure == "use: comity code FILE"
    )
    assert isinstance(broken, str) and broken
    assert isinstance(nothing, str) or (nothing[0] == () and nothing[1][0].source == "empty.txt")
    assert [one.type for one in after[0][0].events] == [one.type for one in text[0][0].events]


def test_the_process_reaches_no_private_network(worker) -> None:
    asked: list[str] = []
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        listening.settimeout(0.05)
        port = listening.getsockname()[1]
        answers = worker(
            *(
                Job(url=url)
                for url in (f"http://127.0.0.1:{port}/", f"http://localhost:{port}/", "ftp:///x", "http://[", "x")
            )
        )[1:]
        with pytest.raises(TimeoutError):
            asked.append(str(listening.accept()))
    assert asked == []
    assert all("private network or nowhere; paste" in one for one in answers[:2]) and all(
        "no web address" in one for one in answers[2:]
    )
    with pytest.raises(socket.gaierror, match="private network"):  # the guard stands where addresses are made
        socket.getaddrinfo("127.0.0.1", port)


def test_an_address_is_fetched_with_bounds_and_read_under_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    class Web:
        def get(self, url: str, **bounds: Any) -> Any:
            assert (url, bounds) == ("https://example.org/a", {"limit": BODY_LIMIT, "may_be_private": False})
            from comity.reading.fetching import Answer

            return Answer("https://example.org/b.txt", 200, {}, TEXT.encode())

    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: [])  # the name is known to the net
    (report,) = desk._reports(Job(url="https://example.org/a", published="2021-05-03"), [Web()])
    assert not isinstance(report, LeftOut)
    assert (report.text.strip(), report.source, report.published) == (TEXT, "https://example.org/b.txt", "2021-05-03")


def test_a_model_that_is_not_there_is_told_instead_of_being_ready(worker) -> None:
    (words,) = worker(model="no_such_model")
    assert isinstance(words, str) and "no_such_model" in words


class Failing:
    """A process beside that answers so."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    def ask(self, job: Any, seconds: float) -> Any:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Busy(), "another report is being coded; try again"),
        (NotReady(""), "the language model did not load within 90 seconds; try again"),
        (NotReady("the model is not installed"), "the model is not installed"),
        (Late(), "coding it takes longer than 30 seconds; use: comity code FILE"),
        (Lost(), "was lost, most likely for want of memory"),
        ("it holds no text", "it holds no text"),
    ],
)
def test_what_goes_wrong_beside_is_told_with_what_to_do(fault: Any, words: str) -> None:
    one = Desk(Settings(ledger="unused"))
    one._beside = Failing(fault)  # type: ignore[assignment]
    with pytest.raises(NotDone, match=re.escape(words)):
        one.do(Job(text=TEXT))


def test_a_job_that_takes_too_long_ends_the_process_and_the_next_gets_another(monkeypatch: pytest.MonkeyPatch) -> None:
    one = Desk(Settings(ledger="unused"))
    try:
        one.warm()
        monkeypatch.setattr(desk, "CODING_SECONDS", 0.0)
        with pytest.raises(NotDone, match="takes longer than 0 seconds"):
            one.do(Job(text=TEXT * 1000))
        monkeypatch.setattr(desk, "CODING_SECONDS", 60.0)
        done = one.do(Job(text=TEXT))
        assert isinstance(done, Done) and len(done.codings) == 1 and done.left_out == ()
    finally:
        one.close()


# --- the forms -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def reviewing(place: Path) -> Iterator[Any]:
    with client(place, review=True, author="ada", allow_fetch=True) as opened:
        found = re.search(r'name="form" value="([^"]+)"', opened.get("/read").text)
        assert found
        opened.secret = found[1]
        yield opened


@pytest.fixture
def jobs(reviewing, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What lies on the desk; the last of it is what comes of the next job, where it is no job."""
    seen: list[Any] = []

    def do(job: Job) -> Done:
        answer = (
            seen.pop()
            if seen and not isinstance(seen[-1], Job)
            else Done(codings=(sample("pasted"),), left_out=(), seconds=0.5)
        )
        seen.append(job)
        if isinstance(answer, Exception):
            raise answer
        assert isinstance(answer, Done)
        return answer

    monkeypatch.setattr(reviewing.room.desk, "do", do)
    return seen


def post(opened: Any, path: str, *, files: Any = None, **given: Any) -> Any:
    return opened.post(path, data={"form": opened.secret, **given}, files=files)


def test_text_file_and_address_reach_the_desk_as_they_were_given(reviewing, jobs) -> None:
    about = {"title": " A title ", "outlet": "An outlet", "published": "2021-05-03"}
    told = {"title": "A title", "outlet": "An outlet", "published": "2021-05-03"}
    answer = post(reviewing, "/read", text=TEXT, **about)
    assert answer.status_code == 200 and answer.json()["codings"][0]["report"]["id"] == "pasted"
    assert (answer.json()["left_out"], answer.json()["seconds"]) == ([], 0.5)
    assert post(reviewing, "/read", url="https://example.org/a").status_code == 200
    assert (
        post(reviewing, "/read", text=TEXT, url="https://x.org", files={"file": ("a.txt", b"words")}).status_code == 200
    )
    assert jobs == [Job(text=TEXT, **told), Job(url="https://example.org/a"), Job(file=("a.txt", b"words"))]
    assert post(reviewing, "/read", text=TEXT, files={"file": ("", b"")}).status_code == 200  # no file was chosen
    assert jobs[-1] == Job(text=TEXT)
    page = reviewing.post("/read", data={"form": reviewing.secret, "text": TEXT}, headers={"accept": "text/html"}).text
    assert "Coded in 0.50 seconds. Nothing was stored." in page
    assert "/records/" not in page and 'href="/actors/a1"' not in page  # what is not stored has no page


@pytest.mark.parametrize(
    ("given", "status", "words"),
    [
        ({}, 400, "there is nothing to read: paste a text or choose a file"),
        ({"text": "  \n"}, 400, "there is nothing to read"),
        ({"text": TEXT, "title": "x" * 301}, 400, "title: has more than 300 characters"),
        ({"text": "x" * (TEXT_LIMIT + 1)}, 413, "at most 200,000 are coded here"),
        ({"files": {"text": ("a.txt", b"x")}}, 400, "text: is a file where words are wanted"),
        ({"files": {"outlet": ("a.txt", b"x")}, "text": TEXT}, 400, "outlet: is a file where words are wanted"),
        ({"files": [("file", ("a", b"x")), ("file", ("b", b"x"))]}, 400, "Too many files"),
    ],
)
def test_what_cannot_be_read_is_refused_before_the_desk(reviewing, jobs, given, status, words) -> None:
    answer = post(reviewing, "/read", **given)
    assert (answer.status_code, jobs) == (status, []) and words in answer.json()["error"]


def test_what_the_desk_cannot_do_is_told(reviewing, jobs) -> None:
    jobs.append(NotDone("another report is being coded; try again in a moment"))
    answer = post(reviewing, "/read", text=TEXT)
    assert (answer.status_code, answer.json()["error"]) == (422, "another report is being coded; try again in a moment")
    left = LeftOut(source="a.bin", reason="it is no text", cure="give text or HTML")
    jobs.append(Done(codings=(), left_out=(left,), seconds=0.1))
    page = reviewing.post("/read", data={"form": reviewing.secret, "text": TEXT}, headers={"accept": "text/html"})
    assert page.status_code == 200 and "it is no text. give text or HTML" in page.text
    jobs.append(Done(codings=(), left_out=(left,), seconds=0.1))
    answer = post(reviewing, "/read/store", text=TEXT)
    assert (answer.status_code, answer.json()["error"]) == (400, "it is no text: give text or HTML")
    jobs.append(Done(codings=(), left_out=(), seconds=0.1))
    assert post(reviewing, "/read/store", text=TEXT).json()["error"] == "there is no report in it"


def test_a_pasted_report_is_stored_when_asked(reviewing, jobs) -> None:
    before = reviewing.get("/index.json").json()["reports"]
    answer = post(reviewing, "/read/store", text=TEXT)
    assert (answer.status_code, answer.json()) == (200, {"done": True, "at": "/reports/pasted"})
    assert reviewing.get("/index.json").json()["reports"] == before + 1
    assert reviewing.get("/reports/pasted").status_code == 200
    again = reviewing.post(
        "/read/store", data={"form": reviewing.secret, "text": TEXT}, headers={"accept": "text/html"}
    )
    assert (again.status_code, again.headers["location"]) == (303, "/reports/pasted")
    assert reviewing.get("/index.json").json()["reports"] == before + 1


def events(opened: Any, number: int) -> list[str]:
    rows = opened.get("/events.json", params={"limit": number, "between": "USA-RUS"}).json()["records"]
    return [row["id"] for row in rows]


def test_values_are_read_as_their_fields_have_them(reviewing) -> None:
    one = events(reviewing, 1)[0]
    for field, value, expected in (
        ("contexts", "diplomatic, military", ["diplomatic", "military"]),
        ("contexts", "", []),
        ("background", "yes", True),
        ("background", "False", False),
        ("mode", "", None),
        ("intensity", "-2.5", -2.5),
        ("contact", '{"channel": "phone"}', "phone"),
        ("date", "2021-06", "2021-06"),
    ):
        answer = post(
            reviewing, f"/records/{one}/correct", field=field, value=value, reason="r", back=f"/records/{one}"
        )
        assert answer.json() == {"done": True, "at": f"/records/{one}"}, (field, answer.text)
        found = reviewing.get(f"/records/{one}.json").json()["event"][field]
        assert (found["channel"] if field == "contact" else found) == expected


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"field": "intensity", "value": "much"}, "intensity: 'much' is not a number"),
        ({"field": "place", "value": "{"}, "place: is no JSON"),
        ({"field": "mutual", "value": "perhaps"}, "mutual:"),
        ({"field": "colour", "value": "red"}, "no field 'colour'"),
        ({"field": "type", "value": "AID", "reason": ""}, "reason: say why"),
        ({"field": "type", "value": "AID", "reason": "x" * 2001}, "reason: has more than 2,000 characters"),
        ({"field": "type", "value": "AID", "author": "x" * 101}, "author: has more than 100 characters"),
        ({"field": "f" * 51, "value": "AID"}, "field: has more than 50 characters"),
    ],
)
def test_a_wrong_correction_is_refused_and_stored_nowhere(reviewing, given, words) -> None:
    one = events(reviewing, 2)[1]
    answer = post(reviewing, f"/records/{one}/correct", **({"reason": "r"} | given))
    assert answer.status_code == 400 and words in answer.json()["error"]
    assert reviewing.get(f"/records/{one}.json").json()["corrections"] == []


def test_conflicts_of_the_log_are_told(reviewing) -> None:
    one = events(reviewing, 3)[2]
    assert post(reviewing, "/records/ffffffffffff/accept").status_code == 404
    assert post(reviewing, "/corrections/ffffffffffff/undo").status_code == 404
    assert post(reviewing, f"/records/{one}/reject", reason="no").json()["at"] == "/review"
    newest = reviewing.get("/corrections.json").json()["corrections"][0]
    assert (newest["action"], newest["record_id"], newest["reason"], newest["author"]) == ("reject", one, "no", "ada")
    assert post(reviewing, f"/corrections/{newest['id']}/undo", back="//evil.example").json()["at"] == "/"
    twice = post(reviewing, f"/corrections/{newest['id']}/undo")
    assert twice.status_code == 400 and "undone already" in twice.json()["error"]
    last = reviewing.get("/corrections.json").json()["corrections"][0]
    again = post(reviewing, f"/corrections/{last['id']}/undo")
    assert last["action"] == "undo" and again.status_code == 400 and "takes another one back" in again.json()["error"]


def test_who_reviews_is_remembered_and_a_name_in_the_form_goes_first(place: Path, reviewing) -> None:
    one = events(reviewing, 4)[3]
    headers = {"accept": "text/html"}
    named = reviewing.post(
        "/author", data={"form": reviewing.secret, "author": "Zoë; x", "back": "/review"}, headers=headers
    )
    assert (named.status_code, named.headers["location"]) == (303, "/review")
    cookie = named.headers["set-cookie"].split(";")[0]
    data = {"form": reviewing.secret}
    reviewing.cookies.clear()
    reviewing.post(f"/records/{one}/accept", data=data, headers={"cookie": cookie})
    reviewing.post(f"/records/{one}/accept", data=data | {"author": "bo"}, headers={"cookie": cookie})
    reviewing.post(f"/records/{one}/accept", data=data)
    authors = [row["author"] for row in reviewing.get(f"/records/{one}.json").json()["corrections"]]
    assert authors == ["Zoë; x", "bo", "ada"]
    long = reviewing.post("/author", data=data | {"author": "x" * 101})
    assert long.status_code == 400 and "set-cookie" not in long.headers


def test_a_ledger_that_is_busy_is_told_and_can_be_asked_again(place: Path, reviewing, monkeypatch) -> None:
    one = events(reviewing, 5)[4]

    def busy(act: Any) -> Any:
        raise LedgerBusy("another process writes; try again")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(reviewing.room.source, "write", busy)
        answer = post(reviewing, f"/records/{one}/accept")
        assert (answer.status_code, answer.json()["error"]) == (503, "another process writes; try again")
    assert post(reviewing, f"/records/{one}/accept").status_code == 200
    with Ledger(place, read_only=True) as ledger:
        assert [row["action"] for row in ledger.corrections(record=one).to_pylist()] == ["accept"]
