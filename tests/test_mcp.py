"""The record for assistants: tools over the Model Context Protocol, through the SDK's own client."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("mcp", reason="the extra mcp is not installed")

import anyio
from ledger_samples import fresh_ledger
from mcp import Client, StdioServerParameters

from comity.ledger import Ledger
from comity.web.assistant import make_server


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mcp") / "l"
    fresh_ledger(folder, "r1", "report-2").close()
    return folder


@pytest.fixture(scope="module")
def ledger(place: Path):
    with Ledger(place, read_only=True) as opened:
        yield opened


def call(ledger: Ledger, tool: str, **arguments: Any) -> Any:
    async def go() -> Any:
        async with Client(make_server(ledger)) as client:
            return await client.call_tool(tool, arguments)

    return anyio.run(go)


def data(answer: Any) -> Any:
    assert not answer.is_error, answer.content
    return answer.structured_content or json.loads(answer.content[0].text)


def test_tools_only_read_and_say_so(ledger: Ledger) -> None:
    async def go() -> Any:
        async with Client(make_server(ledger)) as client:
            return await client.list_tools()

    tools = anyio.run(go).tools
    assert {tool.name for tool in tools} == {"search", "filters", "dyad_series", "explain"}
    assert all(tool.annotations.read_only_hint and not tool.annotations.destructive_hint for tool in tools)
    assert all(tool.description for tool in tools)


def test_records_are_found_with_their_sentences_and_reports(ledger: Ledger) -> None:
    found = data(call(ledger, "search", filters={"report": "r1"}, limit=1))
    assert found["count"] == ledger.count("events", report="r1") > 1
    one = found["records"][0]
    assert one["words"] and one["report_id"] == "r1" and found["asked"] == "Events in report r1."
    more = data(call(ledger, "search", filters={"report": "r1"}, limit=50, after=found["next"]))
    assert len(more["records"]) == found["count"] - 1
    said = data(call(ledger, "search", relation="statements", text="euros"))
    assert said["count"] == 2 and "euros" in said["records"][0]["words"]


def test_a_record_is_explained_with_its_accounts(ledger: Ledger) -> None:
    told = ledger.query("SELECT id FROM events_v1 WHERE account IS NOT NULL LIMIT 1")["id"][0].as_py()
    found = data(call(ledger, "explain", id=told))
    assert found["record"]["id"] == told and found["sentence"]
    assert len(found["told_by"]) >= 2 and found["report"]["outlet"] == found["told_by"][0]
    whole = data(call(ledger, "explain", id="report-2"))
    assert whole["kind"] == "report" and whole["whole"]


def test_a_series_names_what_it_counts(ledger: Ledger) -> None:
    found = data(call(ledger, "dyad_series", a="AUT", b="Ghana", by="year", asserted="anyone"))
    assert [one["direction"] for one in found["series"]] == ["AUT→GHA", "GHA→AUT"]
    assert "asserted by anyone" in found["counted"] and "Intensity" in found["index"]


@pytest.mark.parametrize(
    ("tool", "arguments", "words"),
    [
        ("search", {"filters": {"colour": "red"}}, "no filter 'colour'"),
        ("search", {"filters": {"source": "Atlantis"}}, "not a country code"),
        ("explain", {"id": "ffffffff"}, "no event, statement or report"),
        ("dyad_series", {"a": "AUT", "b": "AUT"}, "two parties"),
        ("search", {"limit": 10**9}, "50"),
    ],
)
def test_what_is_wrong_is_said_in_words(ledger: Ledger, tool: str, arguments: dict[str, Any], words: str) -> None:
    answer = call(ledger, tool, **arguments)
    assert answer.is_error and words in answer.content[0].text


def test_the_command_serves_on_stdin_and_stdout(place: Path) -> None:
    async def go() -> Any:
        arguments = ["-m", "comity", "mcp", "--ledger", str(place)]
        async with Client(StdioServerParameters(command=sys.executable, args=arguments, env=_environment())) as client:
            return await client.call_tool("search", {"relation": "reports"})

    assert data(anyio.run(go))["count"] == 2


def _environment() -> dict[str, str]:
    import os

    return {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "HOME") if name in os.environ}
