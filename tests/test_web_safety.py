"""Who may come in, what may be sent, and that no text of a report is ever run."""

from __future__ import annotations

import html
import re
from pathlib import Path
from urllib.parse import quote

import pytest
from web_running import HOSTILE_ID, client, demo_ledger

from comity.web.desk import is_public
from comity.web.safety import safe_way_back
from comity.web.settings import BODY_LIMIT, TEXT_LIMIT, is_loopback


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demo_ledger(tmp_path_factory.mktemp("web") / "l")


@pytest.fixture(scope="module")
def reader(ledger: Path):
    with client(ledger) as opened:
        yield opened


@pytest.fixture(scope="module")
def reviewer(ledger: Path):
    with client(ledger, review=True, author="ada") as opened:
        yield opened


def _secret(opened) -> str:
    return re.search(r'name="form" value="([^"]+)"', opened.get("/read").text)[1]


# --- hostile reports -------------------------------------------------------------------------------------------------


def _pages(reviewer) -> list[str]:
    events = reviewer.get("/events.json", params={"report": HOSTILE_ID}).json()["records"]
    said = reviewer.get("/statements.json", params={"report": HOSTILE_ID}).json()["records"]
    records = [f"/records/{one['id']}" for one in (*events, *said)]
    told = reviewer.get("/occurrences.json", params={"since": "2023-05", "until": "2023-05"}).json()["occurrences"]
    assert events and said and told
    return [
        f"/reports/{quote(HOSTILE_ID, safe='')}", "/reports", "/events", "/statements", "/review", "/quality", "/actors",
        "/events?text=" + quote('"><script>alert(9)</script>'), "/", "/map", "/occurrences",
        *(f"/occurrences/{one['id']}" for one in told), *records,
    ]  # fmt: skip


def test_hostile_text_is_shown_and_never_run(reviewer) -> None:
    seen = 0
    for page in _pages(reviewer):
        answer = reviewer.get(page)
        assert answer.status_code == 200, (page, answer.text[-300:])
        scripts = re.findall(r"<script\b[^>]*>", answer.text)
        assert len(scripts) == 1 and 'src="/static/' in scripts[0], page
        tags = re.sub(r'"[^"]*"', '""', answer.text)  # values of attributes hold text
        for tag in ("<img", "<iframe", "<svg onload", "<b>Japan"):
            assert tag not in tags, (page, tag)
        assert not re.search(r"<[^>]*\son\w+=", tags), page
        assert "javascript:" not in re.sub(r">[^<]*<", "><", answer.text), page
        seen += "alert(3)" in answer.text and "&lt;script&gt;" in answer.text
    assert seen  # the text itself is there


def test_hostile_corrections_are_shown_and_never_run(ledger: Path, tmp_path: Path) -> None:
    with client(demo_ledger(tmp_path / "l"), review=True) as opened:
        one = opened.get("/events.json", params={"limit": 1}).json()["records"][0]
        words = "<script>alert(6)</script>"
        given = {"form": _secret(opened), "author": words, "reason": words, "back": "/corrections"}
        answer = opened.post(f"/records/{one['id']}/reject", data=given, headers={"accept": "text/html"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/corrections")
        for page in ("/corrections", f"/records/{one['id']}", f"/reports/{quote(one['report_id'], safe='')}"):
            text = opened.get(page).text
            assert words not in text and html.escape(words) in text


def test_every_page_says_what_it_may_load(reader) -> None:
    for page in ("/", "/events", "/nowhere", "/events.json", "/static/x/room.js"):
        headers = reader.get(page).headers
        assert "script-src 'self'" in headers["content-security-policy"], page
        assert "unsafe" not in headers["content-security-policy"], page
        assert headers["x-content-type-options"] == "nosniff"
        assert "access-control-allow-origin" not in headers
    picture = reader.get("/map.svg").headers["content-security-policy"]
    assert "sandbox" in picture and "script-src" not in picture


def test_a_table_holds_no_formula(reader) -> None:
    rows = reader.get("/reports.csv").text
    assert "=cmd" in rows
    assert not re.search(r'(^|,)"?=cmd', rows, re.MULTILINE)


def test_templates_mark_nothing_safe() -> None:
    from importlib.resources import files

    for file in files("comity.web").joinpath("templates").iterdir():
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"\|\s*safe\b|autoescape|\sstyle=|\son[a-z]+=\"", text), file.name


# --- who may come in -------------------------------------------------------------------------------------------------


def test_only_this_machine_is_answered_by_name(reader) -> None:
    assert reader.get("/", headers={"host": "evil.example:8517"}).status_code == 421
    for name in ("localhost:8517", "127.0.0.1", "[::1]:8517"):
        assert reader.get("/", headers={"host": name}).status_code == 200


def test_other_hosts_need_the_token(ledger: Path) -> None:
    with client(ledger, host="0.0.0.0", token="right word") as opened:  # noqa: S104, S106
        assert opened.get("/events.json").status_code == 401
        turned = opened.get("/events", headers={"accept": "text/html"})
        assert (turned.status_code, turned.headers["location"]) == (303, "/enter")
        assert opened.get("/events.json", headers={"authorization": "Bearer wrong"}).status_code == 401
        assert opened.get("/events.json", headers={"authorization": "Bearer right word"}).status_code == 200
        assert opened.post("/read", data={"text": "x"}).status_code == 401
        assert opened.post("/enter", data={"token": "wrong"}).status_code == 403
        assert opened.get("/events?token=wrong").status_code == 403
        entered = opened.get("/events?token=right%20word&type=CONSULT")
        assert (entered.status_code, entered.headers["location"]) == (303, "/events?type=CONSULT")
        cookie = entered.headers["set-cookie"]
        assert "HttpOnly" in cookie and "SameSite=Strict" in cookie and "right" not in cookie
        assert opened.get("/events").status_code == 200  # the cookie lets in
        away = opened.get("//evil.example/?token=right%20word").headers["location"]
        assert away.startswith("/") and not away.startswith("//")
    with client(ledger, host="0.0.0.0", token="right word") as opened:  # noqa: S104, S106
        assert opened.post("/enter", data={"token": "right word"}).status_code == 303
        assert opened.get("/events").status_code == 200


def test_a_host_on_the_net_is_given_a_token_and_this_machine_none(monkeypatch: pytest.MonkeyPatch) -> None:
    import uvicorn
    from click.testing import CliRunner

    import comity.web.app as app
    from comity.cli.serve import serve

    made = []
    monkeypatch.setattr(app, "make_app", lambda settings: made.append(settings))
    monkeypatch.setattr(uvicorn.Server, "run", lambda self, sockets: None)
    for host in ("127.0.0.1", "0.0.0.0"):  # noqa: S104
        assert CliRunner().invoke(serve, ["--host", host, "--port", "0"]).exit_code == 0
    assert made[0].token is None and len(made[1].token) >= 24
    assert not made[0].review and not made[1].review


def test_loopback_is_told_from_other_hosts() -> None:
    assert all(map(is_loopback, ("localhost", "127.0.0.1", "127.8.8.8", "::1", "[::1]")))
    assert not any(map(is_loopback, ("0.0.0.0", "::", "192.168.1.4", "example.org", "127.0.0.1.example.org")))  # noqa: S104


# --- forms -----------------------------------------------------------------------------------------------------------


def test_forms_of_other_pages_do_nothing(reviewer) -> None:
    one = reviewer.get("/events.json", params={"limit": 1}).json()["records"][0]["id"]
    secret = _secret(reviewer)
    attempts = [
        ({}, {}),
        ({"form": "guess"}, {}),
        ({"form": secret}, {"origin": "https://evil.example"}),
        ({"form": secret}, {"sec-fetch-site": "cross-site"}),
    ]
    for form, headers in attempts:
        assert reviewer.post(f"/records/{one}/accept", data=form, headers=headers).status_code == 403
    assert reviewer.get(f"/records/{one}/accept").status_code in (404, 405)
    assert reviewer.get("/corrections.json").json()["corrections"] == []


def test_a_reader_changes_nothing(reader) -> None:
    one = reader.get("/events.json", params={"limit": 1}).json()["records"][0]["id"]
    given = {"form": _secret(reader), "field": "type", "value": "AID", "reason": "x"}
    for path in (f"/records/{one}/accept", f"/records/{one}/reject", f"/records/{one}/correct", "/read/store"):
        answer = reader.post(path, data={**given, "text": "Talks were held."})
        assert answer.status_code == 403 and "--review" in answer.text
    assert 'data-key="a"' not in reader.get("/review").text


def test_an_event_is_added_by_its_words_without_scripts(ledger: Path, tmp_path: Path) -> None:
    with client(demo_ledger(tmp_path / "l"), review=True, author="ada") as opened:
        path = "/reports/" + quote(opened.get("/reports.json?limit=1").json()["records"][0]["id"], safe="")
        coding = opened.get(f"{path}.json").json()["coding"]
        words = coding["report"]["text"].strip().splitlines()[-1]
        given = {"form": _secret(opened), "words": words, "type": "AID", "source": "CHN", "target": "RUS, IGO:NATO",
                 "reason": "missed", "status": "intended"}  # fmt: skip
        for wrong in (
            {"words": "nowhere to be found"}, {"words": ""}, {"type": "X"}, {"source": ""}, {"reason": ""},
            {"words_at": "12"}, {"words_at": "9-5"}, {"words_at": "0-999999"}, {"account": "none"},
        ):  # fmt: skip
            assert opened.post(f"{path}/add", data=given | wrong).status_code == 400
        answer = opened.post(f"{path}/add", data=given, headers={"accept": "text/html"})
        assert answer.status_code == 303 and answer.headers["location"].startswith(path + "#e-")
        event = answer.headers["location"].partition("#e-")[2]
        found = opened.get(f"/records/{event}.json").json()["event"]
        assert (found["type"], found["status"], found["reason"]) == ("AID", "intended", {"by": "reviewer", "id": "ada"})
        assert [one["country"] for one in found["target"]] == ["RUS", "IGO:NATO"]
        assert f'id="e-{event}"' in opened.get(path).text and "added it" in opened.get(path).text
        assert opened.get("/quality").status_code == 200
    with client(ledger) as reading:
        assert reading.post(f"{path}/add", data=given | {"form": _secret(reading)}).status_code == 403


def test_a_statement_is_added_by_its_words_without_scripts(ledger: Path, tmp_path: Path) -> None:
    report = "demo-chn-rus-2022-09-15"
    with client(demo_ledger(tmp_path / "l"), review=True, author="ada") as opened:
        path = f"/reports/{report}"
        coding = opened.get(f"{path}.json").json()["coding"]
        text = coding["report"]["text"]
        words = text.strip().splitlines()[-1].split(". ")[0]
        at = text.index(words)
        given = {"form": _secret(opened), "words": words, "speakers": "Xi Jinping, USA", "via": "TASS, RIA", "reason": "missed",
                 "cue": text[: at].split()[-1].strip('.,"'), "date": "2022-09", "within": coding["statements"][0]["id"]}  # fmt: skip
        for wrong in (
            {"words": "nowhere to be found"}, {"words": ""}, {"speakers": ""}, {"speakers": "Narnia"}, {"cue": "zzz"},
            {"kind": "loud"}, {"within": "none"}, {"reason": ""}, {"speakers_at": "x"}, {"cue_at": "0-999999"},
        ):  # fmt: skip
            answer = opened.post(f"{path}/add-statement", data=given | wrong)
            assert answer.status_code == 400 and answer.json()["error"], wrong
        assert opened.post(f"{path}/add-statement", data=given | {"form": "guess"}).status_code == 403
        away = opened.post(f"{path}/add-statement", data=given, headers={"origin": "https://evil.example"})
        assert away.status_code == 403 and opened.get("/corrections.json").json()["corrections"] == []
        answer = opened.post(f"{path}/add-statement", data=given, headers={"accept": "text/html"})
        assert answer.status_code == 303 and answer.headers["location"].startswith(path + "#s-")
        statement = answer.headers["location"].partition("#s-")[2]
        found = opened.get(f"/records/{statement}.json").json()
        assert found["sentence"] == words and [row["action"] for row in found["corrections"]] == ["add"]
        said = found["statement"]
        assert [one["country"] for one in said["speakers"]] == ["CHN", "USA"]
        assert (said["via"], said["date_precision"], said["within"]) == (["TASS", "RIA"], "month", given["within"])
        page = opened.get(path).text
        assert f'id="s-{statement}"' in page and "reviewer ada" in page and "added it" in page
        assert statement in [one["id"] for one in opened.get(f"{path}.json").json()["coding"]["statements"]]
        listed = opened.get("/statements.json", params={"report": report, "limit": 200}).json()["records"]
        assert statement in [one["id"] for one in listed]
        # an event that rests on it; then both are rejected, stay on the page, and are brought back
        event = {"form": given["form"], "words_at": f"{at}-{at + 12}", "type": "AID", "source": "CHN", "account": statement, "reason": "x"}  # fmt: skip
        made = opened.post(f"{path}/add", data=event).json()
        assert made["done"] and opened.get(made["at"].replace(f"{path}#e-", "/records/") + ".json").json()["event"]["account"] == statement  # fmt: skip
        for record, letter in ((statement, "s"), (made["at"].partition("#e-")[2], "e")):
            assert opened.post(f"/records/{record}/reject", data={"form": given["form"]}).json()["done"]
            shown = opened.get(path).text
            assert f'id="{letter}-{record}"' in shown and "taken out" in shown
            newest = opened.get("/corrections.json").json()["corrections"][0]
            assert (newest["action"], newest["record_id"]) == ("reject", record)
            assert opened.post(f"/corrections/{newest['id']}/undo", data={"form": given["form"]}).json()["done"]
            assert record not in opened.get(f"{path}.json").json()["rejected"]
    with client(ledger) as reading:
        answer = reading.post(f"{path}/add-statement", data=given | {"form": _secret(reading)})
        assert answer.status_code == 403 and "--review" in answer.text


def test_the_way_back_stays_here() -> None:
    for away in ("//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "x", "/a\nb"):
        assert safe_way_back(away) == "/"
    assert safe_way_back("/reports/x?y=1#e-2") == "/reports/x?y=1#e-2"


# --- bounds ----------------------------------------------------------------------------------------------------------


def test_what_is_too_large_is_not_read(reader) -> None:
    secret = _secret(reader)
    assert reader.post("/read", content=b"x" * (BODY_LIMIT + 1)).status_code == 413

    def endless():
        for _ in range(BODY_LIMIT // 65536 + 2):
            yield b"x" * 65536

    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert reader.post("/read", content=endless(), headers=headers).status_code == 413
    long = reader.post("/read", data={"form": secret, "text": "x" * (TEXT_LIMIT + 1)})
    assert long.status_code == 413 and f"{TEXT_LIMIT:,}" in long.text


def test_addresses_are_not_fetched_unasked(reader) -> None:
    answer = reader.post("/read", data={"form": _secret(reader), "url": "http://example.org/"})
    assert answer.status_code == 403 and "--allow-fetch" in answer.text


def test_private_addresses_are_never_fetched() -> None:
    private = ["127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.9", "169.254.169.254", "0.0.0.0", "::1", "fe80::1%eth0",  # noqa: S104
               "fc00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "224.0.0.1", "100.64.0.1", "nonsense"]  # fmt: skip
    assert not any(map(is_public, private))
    assert all(map(is_public, ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::5db8:d70e"]))


def test_ids_and_names_do_not_lead_out_of_the_folder(reader) -> None:
    for path in ("/static/x/..%2f..%2fapp.py", "/static/x/app.py", "/static/x/%2e%2e", "/static/x/.hidden"):
        assert reader.get(path).status_code == 404
