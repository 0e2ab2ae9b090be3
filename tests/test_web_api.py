"""The JSON twins: as described, as the ledger has it, page after page; and nothing that is sent brings the server down."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from web_running import client, demo_ledger, serving

from comity.ledger import Ledger
from comity.web.views import VIEWS

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")

from hypothesis import HealthCheck, Phase, settings  # noqa: E402
from schemathesis.checks import not_a_server_error  # noqa: E402
from schemathesis.specs.openapi.checks import (  # noqa: E402
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)


@pytest.fixture(scope="module")
def described(place: Path):
    """The description, as a server gives it."""
    with serving(place) as address:
        yield schemathesis.openapi.from_url(f"{address}/openapi.json")


CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


def _try(described, number: int) -> dict[str, int]:
    seen: dict[str, int] = {}
    for found in described.get_all_operations():
        operation = found.ok()

        @settings(
            max_examples=number, deadline=None, derandomize=True, database=None,
            suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate],
        )  # fmt: skip
        def once(case) -> None:
            answer = case.call(timeout=60)  # what takes long is waited for by programs
            seen[f"{answer.status_code}"] = seen.get(f"{answer.status_code}", 0) + 1
            case.validate_response(answer, checks=CHECKS)

        operation.as_strategy().example  # noqa: B018 (a strategy that cannot be made is an error of the description)
        from hypothesis import given

        given(case=operation.as_strategy())(once)()
    return seen


def test_answers_are_as_described_whatever_is_asked(described) -> None:
    seen = _try(described, 4)
    assert seen["200"] > 20 and not any(status.startswith("5") for status in seen), seen


@pytest.mark.long
def test_answers_are_as_described_whatever_is_asked_at_length(described) -> None:
    seen = _try(described, 100)
    assert not any(status.startswith("5") and status != "503" for status in seen), seen


def test_every_view_has_its_twins(reader) -> None:
    described = reader.get("/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    for view in VIEWS:
        params = {one.name: one.example for one in view.ids}
        if view.name == "record":
            params["id"] = reader.get("/events.json?limit=1").json()["records"][0]["id"]
        if view.name == "occurrence":
            params["id"] = reader.get("/occurrences.json?limit=1").json()["occurrences"][0]["id"]
        path = view.path.replace(":path", "").format(**params)
        shown = f"{view.path.replace(':path', '')}.json" if view.path != "/" else "/index.json"
        assert shown in described["paths"]
        for form in view.forms:
            asked = {"q": "SELECT count(*) FROM events_v1"} if view.name == "sql" else {}
            answer = reader.get(("/index" if path == "/" else path) + f".{form}", params=asked)
            assert answer.status_code == 200, (path, form, answer.text[:300])
            if form == "csv":
                rows = list(csv.reader(io.StringIO(answer.text)))
                assert len({len(row) for row in rows}) == 1, path
            elif form in ("svg", "graphml"):
                from xml.etree import ElementTree

                ElementTree.fromstring(answer.text)  # noqa: S314 (made here)
        page = reader.get(path)
        for _ in range(100):
            if page.status_code != 202:
                break
            page = reader.get(path)
        assert page.status_code == 200 and "<h1>" in page.text


def test_examples_of_the_description_are_answered(reader) -> None:
    for path, operations in reader.get("/openapi.json").json()["paths"].items():
        for one in operations.get("get", {}).get("parameters", []):
            if one["in"] == "query" and "example" in one and "{" not in path and one["name"] not in ("ego", "after"):
                answer = reader.get(path, params={one["name"]: one["example"]})
                assert answer.status_code == 200, (path, one, answer.text[:200])


def test_pages_by_keyset_give_every_record_once(reader, place: Path) -> None:
    seen: list[str] = []
    url = "/events.json?limit=37&since=2022"
    while url:
        answer = reader.get(url).json()
        seen += [one["id"] for one in answer["records"]]
        url = answer["next"]
    with Ledger(place, read_only=True) as ledger:
        assert seen == ledger.events(since="2022", columns=["id"])["id"].to_pylist()
    assert answer["count"] == len(seen)
    told: list[str] = []
    for order in ("", "&order=reports"):
        url = f"/occurrences.json?limit=50{order}"
        while url:
            answer = reader.get(url).json()
            told += [one["id"] for one in answer["occurrences"]]
            url = answer["next"]
        assert len(told) == len(set(told)) == answer["count"]
        told = []
    named: list[str] = []
    url = "/actors.json?limit=15"
    while url:
        answer = reader.get(url).json()
        named += [one["id"] for one in answer["actors"]]
        url = answer["next"]
    assert len(named) == len(set(named)) > 15


def test_the_page_and_its_twin_say_the_same(reader, place: Path) -> None:
    asked = "/events?between=CHN-RUS&background=no&type=CONSULT&type=SUPPORT"
    data = reader.get(asked.replace("?", ".json?")).json()
    page = reader.get(asked).text
    with Ledger(place, read_only=True) as ledger:
        filters = {"between": "CHN-RUS", "background": "no", "type": ["CONSULT", "SUPPORT"]}
        assert data["count"] == ledger.count("events", **filters)
        assert data["restated"] == ledger.restate("events", **filters)
        assert dict(data["facets"]["type"]) == dict(ledger.facets("events", ["type"], **filters)["type"])
    assert data["restated"] in page and all(one["id"] in page for one in data["records"])


def test_an_answer_that_is_known_is_not_sent_again(reader, tmp_path: Path) -> None:
    with client(demo_ledger(tmp_path / "l"), review=True) as opened:
        for url in ("/events", "/events.json?type=AID", "/dyads/CHN-RUS.json", "/quality.csv"):
            first = opened.get(url)
            again = opened.get(url, headers={"if-none-match": first.headers["etag"]})
            assert (again.status_code, again.content) == (304, b"")
            assert opened.get(url + ("&" if "?" in url else "?") + "x=1").headers.get("etag") is None  # an error
        etag = opened.get("/events").headers["etag"]
        event = opened.get("/events.json?limit=1").json()["records"][0]["id"]
        opened.room.source.write(lambda ledger: ledger.reject(event, author="ada"))
        changed = opened.get("/events", headers={"if-none-match": etag})
        assert changed.status_code == 200 and event not in changed.text


def test_an_assets_address_changes_with_it(reader) -> None:
    page = reader.get("/").text
    address = page.split('rel="stylesheet" href="')[1].split('"')[0]
    assert "immutable" in reader.get(address).headers["cache-control"]
    assert "immutable" not in reader.get("/static/old/room.css").headers["cache-control"]
    for url in ("https:", "http:", "//"):
        assert f'src="{url}' not in page and f'href="{url}' not in page  # nothing from elsewhere


def test_what_is_wrong_is_said_with_the_near_ones(reader) -> None:
    for url, words in (
        ("/events.json?tpye=AID", "'tpye' is no parameter"),
        ("/events.json?type=AIDE", "did you mean AID"),
        ("/events.json?limit=0", "from 1 to 200"),
        ("/events.json?since=tomorrow", "is not a date"),
        ("/dyads/CHN-CHN.json", "two parties"),
        ("/map.json?outlet=x", "cannot be asked of occurrences"),
    ):
        answer = reader.get(url)
        assert answer.status_code == 400 and words in answer.json()["error"], answer.text
    for url in (
        "/records/ffffffffff.json",
        "/reports/none.json",
        "/actors/Q0.json",
        "/occurrences/none.json",
        "/x.json",
    ):
        assert reader.get(url).status_code == 404 and reader.get(url).json()["error"]


def test_a_report_with_any_id_has_its_page(tmp_path: Path) -> None:
    import msgspec
    from ledger_samples import sample

    from comity.web.asking import place as path_of

    ids = ["a/b c?d#e", "x.json", "ünï.csv", "..hidden", "plain"]
    with Ledger(tmp_path / "l") as ledger:
        ledger.add(
            [
                msgspec.structs.replace(sample("r"), report=msgspec.structs.replace(sample("r").report, id=id_))
                for id_ in ids
            ]
        )
    with client(tmp_path / "l") as opened:
        for id_ in ids:
            answer = opened.get(path_of("reports", id_))
            assert answer.status_code == 200 and json.dumps(id_)[1:-1].split("\\")[0] in answer.text, id_
        listed = opened.get("/reports").text
        for id_ in ids:
            assert path_of("reports", id_) in listed
