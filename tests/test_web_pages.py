"""The reading room in a browser: every view, the review by keys, light and dark, narrow and wide, without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from web_running import HOSTILE_ID, chromium, demo_ledger, needs_chromium, serving

pytest.importorskip("playwright", reason="playwright is not installed")

from playwright.sync_api import Browser, Page, expect, sync_playwright

pytestmark = needs_chromium
expect.set_options(timeout=30_000)  # seconds pass on a machine that is busy

REPORT = "/reports/demo-chn-rus-2022-09-15"
VIEWS = {
    "home": "/", "events": "/events", "filtered": "/events?between=CHN-RUS&status=actual", "statements": "/statements",
    "reports": "/reports", "report": REPORT, "review": "/review", "corrections": "/corrections", "read": "/read",
    "occurrences": "/occurrences", "actors": "/actors", "actor": "/actors/Q7747", "map": "/map", "quality": "/quality",
    "dyads": "/dyads", "dyad": "/dyads/CHN-RUS?by=quarter&compare=CHN-USA&brush=2022-Q1", "contacts": "/contacts",
    "contacts of": "/contacts/CHN-RUS", "network": "/network?least=1&min_confidence=0", "formulae": "/formulae?trace=sovereignty",
    "voices": "/voices?by=outlet", "nothing found": "/events?text=zzzz", "not here": "/nowhere", "wrong": "/events?type=BAD",
    "sql": "/sql", "asked in sql": "/sql?q=SELECT+type,+count(*)+AS+n+FROM+events_v1+GROUP+BY+ALL",
    "past": "/events?as_of=2999-01-01&type=CONSULT",
    "hostile": f"/reports/{quote(HOSTILE_ID, safe='')}",
}  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as running:
        opened = running.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(demo_ledger(tmp_path_factory.mktemp("web") / "l"), review=True, author="ada") as found:
        yield found


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1300, "height": 900})
    opened = context.new_page()
    opened.set_default_timeout(30_000)
    trouble: list[str] = []
    opened.on("pageerror", lambda error: trouble.append(str(error)))
    opened.on("console", lambda message: trouble.append(message.text) if message.type == "error" else None)
    opened.on("dialog", lambda dialog: (trouble.append(f"dialog {dialog.message}"), dialog.dismiss()))
    yield opened
    context.close()
    assert [one for one in trouble if "status of 40" not in one] == []


def open_(page: Page, address: str, path: str) -> int:
    """Go to a page, when it has been worked out."""
    for _ in range(60):
        if page.request.get(address + path).status != 202:
            break
        page.wait_for_timeout(500)
    page.goto("about:blank")
    answer = page.goto(address + path)
    assert answer is not None
    return answer.status


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_is_accessible_narrow_and_wide_light_and_dark(page: Page, address: str, name: str) -> None:
    number = list(VIEWS).index(name)
    look_at(page, address, name, [("light", 1300), ("dark", 320)][number % 2 :][:1])


@pytest.mark.long
@pytest.mark.parametrize("name", VIEWS)
def test_a_view_is_accessible_in_every_way(page: Page, address: str, name: str) -> None:
    look_at(page, address, name, [(scheme, width) for scheme in ("light", "dark") for width in (1300, 320)])


def look_at(page: Page, address: str, name: str, ways: list[tuple[str, int]]) -> None:
    """Nothing wider than the window, nothing that axe calls serious."""
    from axe_playwright_python.sync_playwright import Axe

    status = open_(page, address, VIEWS[name])
    assert status == {"not here": 404, "wrong": 400}.get(name, 200)
    expect(page.locator("h1")).to_have_count(1)
    assert page.evaluate("window.hit") is None
    for scheme, width in ways:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} is wider than {width}"
        found = Axe().run(page).response["violations"]
        serious = [
            (one["id"], one["nodes"][0]["html"][:200], one["nodes"][0].get("failureSummary", "")[:300])
            for one in found
            if one["impact"] in ("serious", "critical")
        ]
        assert serious == [], (name, scheme)


def test_review_by_keys(page: Page, address: str) -> None:
    open_(page, address, REPORT)
    page.keyboard.press("j")
    card = page.locator(".card.here")
    expect(card).to_have_count(1)
    first = card.get_attribute("id")
    page.keyboard.press("j")
    second = page.locator(".card.here").get_attribute("id")
    assert first and second and first != second
    page.keyboard.press("k")
    expect(page.locator(".card.here")).to_have_attribute("id", first)

    page.keyboard.press("a")
    expect(page.locator(f"[id='{first}'] .tag.good")).to_have_text("accepted")
    expect(page.locator("#said")).to_have_text("Accepted")
    expect(page.locator(".card.here")).to_have_attribute("id", second)  # and on to the next

    page.keyboard.press("x")
    expect(page.locator(f"[id='{second}'].rejected")).to_be_visible()
    page.keyboard.press("u")
    expect(page.locator(f"[id='{second}']")).not_to_have_class(re.compile("rejected"))

    page.keyboard.press("e")
    form = page.locator(f"[id='{second}'] form[data-edit]")
    expect(form).to_be_visible()
    form.locator("select").select_option("status")
    form.locator("[name=value]").fill("intended")
    form.locator("[name=value]").press("Enter")
    assert page.evaluate("document.querySelector('details.edit[open] [name=reason]').validity.valueMissing")
    form.locator("[name=reason]").fill("was only announced")
    form.locator("[name=reason]").press("Enter")
    changed = page.locator(f"[id='{second}']")
    expect(changed.locator(".tag.status")).to_have_text("intended")
    changed.locator(".history summary").click()
    expect(changed.locator(".history")).to_contain_text("was only announced")
    expect(changed.locator(".history")).to_contain_text("ada")
    page.keyboard.press("Escape")
    open_(page, address, "/corrections")
    expect(page.locator("tbody tr")).to_have_count(4)


def test_a_missed_event_is_added_from_marked_words(page: Page, address: str) -> None:
    open_(page, address, REPORT)
    line = page.locator(".text p[data-start]").nth(2)
    words = line.evaluate(
        """line => {
          const runs = [...line.querySelectorAll("span, a")].filter((one) => !one.closest(".sr, .word") && one.children.length === 0);
          const range = document.createRange();
          range.setStart(runs[1].firstChild, 0);
          range.setEnd(runs[3].firstChild, runs[3].textContent.length);
          getSelection().removeAllRanges();
          getSelection().addRange(range);
          return runs[1].textContent;
        }"""
    )
    expect(page.locator(".marking button")).to_have_text(["New event n", "New statement q"])
    page.keyboard.press("n")
    form = page.locator("#add form")
    start, end = map(int, form.locator("[name=words_at]").input_value().split("-"))
    text = page.request.get(f"{address}{REPORT}.json").json()["coding"]["report"]["text"]
    marked = form.locator("[name=words]").input_value()
    assert text[start:end] == marked and marked.startswith(words.strip())
    form.locator("[name=type]").fill("AID")
    form.locator("[name=source]").fill("CHN")
    form.locator("[name=target]").fill("RUS")
    form.locator("[name=reason]").fill("it was missed")
    form.locator("button").click()
    added = page.locator(".card", has_text="reviewer ada")
    expect(added).to_have_count(1)
    expect(added).to_contain_text("Aid")
    added.locator("[data-key=u]").click()
    expect(
        page.locator(".card.rejected", has_text="reviewer ada").or_(page.locator("#said", has_text="Taken back")).first
    ).to_be_attached()


def mark(page: Page, words: str) -> None:
    """Mark words of the text that stand in one piece of a line."""
    page.locator(".text").evaluate(
        """(text, words) => {
          document.activeElement?.blur();
          const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
          while (walker.nextNode()) {
            const node = walker.currentNode;
            const at = node.textContent.indexOf(words);
            if (at < 0 || node.parentElement.closest(".sr, .word, .tellers")) continue;
            getSelection().setBaseAndExtent(node, at, node, at + words.length);
            return;
          }
          throw new Error("not in the text: " + words);
        }""",
        words,
    )


def test_a_missed_statement_is_added_from_marked_words(page: Page, address: str) -> None:
    open_(page, address, REPORT)
    page.set_viewport_size({"width": 320, "height": 800})
    mark(page, "Ukraine")
    page.locator(".marking button", has_text="New statement").click()
    form = page.locator("#say form")
    text = page.request.get(f"{address}{REPORT}.json").json()["coding"]["report"]["text"]
    start = text.index("Ukraine")
    expect(form.locator("[name=words_at]")).to_have_value(f"{start}-{start + 7}")
    expect(form.locator("[name=speakers]")).to_be_focused()
    mark(page, "Samarkand")
    expect(page.locator(".marking button")).to_have_text(["New event n", "New statement q", "Who said it w", "Verb v"])
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.keyboard.press("w")
    expect(form.locator("[name=speakers]")).to_have_value("Samarkand")
    mark(page, "acknowledges")
    page.keyboard.press("v")
    expect(form.locator("[name=cue]")).to_have_value("acknowledges")
    form.locator("[name=speakers]").fill("Narnia")  # typed words are not where others were marked
    expect(form.locator("[name=speakers_at]")).to_have_value("")
    form.locator("[name=via]").fill("TASS")
    form.locator("[name=reason]").fill("it was missed")
    form.locator("[name=reason]").press("Enter")
    expect(page.locator("#said")).to_contain_text("'Narnia': is neither")
    expect(form.locator("[name=via]")).to_have_value("TASS")  # nothing that was filled in is lost
    form.locator("[name=speakers]").fill("Xi Jinping")
    form.locator("[name=reason]").press("Enter")
    added = page.locator(".card.statement.here", has_text="reviewer ada")
    expect(added.locator("h3")).to_contain_text("Xi Jinping acknowledges")
    expect(added).to_contain_text("via TASS")
    expect(added.locator(".sentence")).to_have_text("Ukraine")
    page.keyboard.press("x")
    expect(page.locator(".card.statement.rejected", has_text="reviewer ada")).to_be_visible()
    page.keyboard.press("u")
    expect(page.locator(".card.statement.here:not(.rejected)", has_text="reviewer ada")).to_be_visible()
    page.keyboard.press("u")  # and once more: the addition itself
    expect(page.locator(".card", has_text="reviewer ada").filter(has_text="via TASS")).to_have_count(0)


def test_the_queue_by_keys(page: Page, address: str) -> None:
    open_(page, address, "/review?between=USA-CHN")
    cards = page.locator(".card")
    before = cards.count()
    page.keyboard.press("j")
    record = page.locator(".card.here").get_attribute("data-record")
    page.keyboard.press("x")
    expect(page.locator(f".card.rejected[data-record='{record}']")).to_be_visible()
    page.keyboard.press("u")
    expect(page.locator(f".card.here[data-record='{record}']:not(.rejected)")).to_be_visible()
    expect(page.locator("#said")).to_have_text("Taken back")
    expect(page.locator(f".card[data-record='{record}'] .why a")).to_have_text(["permalink", "in the report"])
    page.keyboard.press("x")  # a second time: it is still found, though it waits no longer
    expect(page.locator(f".card.rejected[data-record='{record}']")).to_be_visible()
    page.keyboard.press("j")
    second = page.locator(".card.here").get_attribute("data-record")
    page.keyboard.press("a")
    expect(page.locator(".card.here")).not_to_have_attribute("data-record", second or "")  # on to the next at once
    expect(page.locator(f".card[data-record='{second}'] .tag.good")).to_have_text("accepted")
    open_(page, address, "/review?between=USA-CHN")
    for one in (record, second):
        expect(page.locator(f".card[data-record='{one}']")).to_have_count(0)
    assert page.locator(".card").count() <= before


def test_keys_pressed_while_one_is_being_stored_do_nothing(page: Page, address: str) -> None:
    open_(page, address, "/reports/demo-usa-rus-2021-06-16")
    page.route("**/reject", lambda route: (page.wait_for_timeout(400), route.continue_()))
    page.keyboard.press("j")
    record = page.locator(".card.here").get_attribute("data-record")
    for key in ("x", "a", "e", "u", "x"):
        page.keyboard.press(key)
    expect(page.locator("#said")).to_contain_text("One moment")
    expect(page.locator(f".card.here.rejected[data-record='{record}']")).to_be_visible()
    log = page.request.get(f"{address}/records/{record}.json").json()["corrections"]
    assert [one["action"] for one in log] == ["reject"]
    page.keyboard.press("u")
    expect(page.locator(f".card.here[data-record='{record}']:not(.rejected)")).to_be_visible()


def test_a_field_is_edited_from_the_value_that_it_has(page: Page, address: str) -> None:
    open_(page, address, "/reports/demo-usa-rus-2021-06-16")
    page.keyboard.press("j")
    page.keyboard.press("j")
    card = page.locator(".card.here")
    record = page.request.get(f"{address}/records/{card.get_attribute('data-record')}.json").json()["event"]
    page.keyboard.press("e")
    form = card.locator("form[data-edit]")
    value = form.locator("[name=value]")
    expect(value).to_have_value(record["type"])
    for field, shown in {
        "status": record["status"], "background": "no", "source": ", ".join(one["country"] for one in record["source"]),
        "mode": record["mode"] or "", "contexts": ", ".join(record["contexts"]), "date": record["date"],
    }.items():  # fmt: skip
        form.locator("select").select_option(field)
        expect(value).to_have_value(shown)
    page.keyboard.press("Escape")
    expect(form).not_to_be_visible()
    expect(card).to_be_focused()


def test_layers_and_cards(page: Page, address: str) -> None:
    open_(page, address, REPORT)
    actor = page.locator(".text .m.actor").first
    off = actor.evaluate("one => getComputedStyle(one).borderBottomStyle")
    page.locator("#l-actor").check()
    assert (off, actor.evaluate("one => getComputedStyle(one).borderBottomStyle")) == ("none", "solid")
    link = page.locator(".text a.m.event").first
    assert "confidence" in (link.get_attribute("title") or "")
    link.click()
    here = page.locator(".card.here")
    expect(here).to_have_attribute("id", (link.get_attribute("href") or "#").removeprefix("#"))
    expect(page.locator(".tellers").filter(has_text="Chinese state television › Xi Jinping").first).to_be_visible()
    page.reload()
    expect(page.locator("#l-actor")).to_be_checked()


def test_all_can_be_read_without_scripts(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1000, "height": 800})
    page = context.new_page()
    open_(page, address, REPORT)
    page.locator(".text a.m.event").first.click()
    assert "#e-" in page.url
    expect(page.locator(".card:target")).to_be_visible()
    page.locator("#l-actor").check()
    expect(page.locator(".text .on-actor").first).to_be_attached()
    page.goto(address + "/events")
    page.locator(".facet a").first.click()
    expect(page.locator(".chips li")).to_have_count(1)
    page.goto(address + "/dyads/CHN-RUS?by=year")
    page.locator("details.more summary").last.click()
    page.locator("details.more a").first.click()
    assert "brush=" in page.url
    page.goto(address + "/reports/demo-usa-rus-2021-06-16")
    page.locator(".card form[action$='/accept'] button").first.click()
    expect(page.locator(".tag.good").first).to_be_visible()
    page.locator("#say summary").click()
    form = page.locator("#say form")
    for name, value in {"words": "no such words", "speakers": "Biden", "cue": "said", "reason": "missed"}.items():
        form.locator(f"[name={name}]").fill(value)
    form.locator("button").click()
    expect(page.locator(".lead")).to_contain_text("do not stand in the text; copy them from it")
    text = page.request.get(f"{address}/reports/demo-usa-rus-2021-06-16.json").json()["coding"]["report"]["text"]
    expect(page.locator("[name=reason]")).to_have_value("missed")  # what was typed is there to be mended
    page.locator("[name=words]").fill(text.strip().splitlines()[-1])
    page.locator("main button").click()
    expect(page.locator(".card.statement:target")).to_contain_text("reviewer ada")
    context.close()


def test_search_pages_and_facets(page: Page, address: str) -> None:
    open_(page, address, "/events?limit=10")
    first = page.locator(".list .row").all_inner_texts()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    page.locator("a[rel=next]").click()
    assert set(first).isdisjoint(page.locator(".list .row").all_inner_texts())
    page.locator(".facet a", has_text="Consult").click()
    expect(page.locator("#restated")).to_contain_text("of type CONSULT")
    page.locator(".chips a").first.click()
    expect(page.locator(".chips")).to_have_count(0)
    page.locator("details.asking summary").first.click() if page.locator("details.asking:not([open])").count() else None
    page.locator("form.ask [name=between]").fill("CHN-RUS")
    page.locator("form.ask button").click()
    expect(page.locator("#restated")).to_contain_text("between China (CHN) and Russia (RUS)")
    assert "text=" not in page.url  # empty fields stay out of the address


def test_a_brush_lists_its_sentences(page: Page, address: str) -> None:
    open_(page, address, "/dyads/CHN-RUS?by=year&min_confidence=0")
    hits = page.locator("[data-brush] svg.series .hit")
    one, two = hits.nth(0).bounding_box(), hits.nth(1).bounding_box()
    assert one and two
    page.mouse.move(one["x"] + one["width"] / 2, one["y"] + 40)
    page.mouse.down()
    page.mouse.move(two["x"] + two["width"] / 2, two["y"] + 40, steps=4)
    page.mouse.up()
    page.wait_for_url("**brush=*")
    assert ".." in page.url
    expect(page.locator("#behind .row").first).to_be_visible()


def test_a_pasted_report_is_coded_at_once_and_not_stored(page: Page, address: str) -> None:
    before = page.request.get(address + "/index.json").json()["reports"]
    open_(page, address, "/read")
    page.locator("textarea[name=text]").fill(
        "Envoys meet in Geneva\nPublished: 3 May 2021\n\nChinese Foreign Minister Wang Yi met US Secretary of State Antony "
        'Blinken in Geneva on Monday. "We agreed to talk again," Blinken said. <script>window.hit = 1</script>'
    )
    page.locator("button", has_text="Read it").first.click()
    page.wait_for_selector(".card.event", timeout=120_000)
    expect(page.locator(".card.event").first).to_contain_text("Wang Yi")
    expect(page.locator(".card [data-key=a]")).to_have_count(0)
    assert page.evaluate("window.hit") is None
    open_(page, address, "/read")
    page.locator("[name=file]").set_input_files(
        {
            "name": "a.html",
            "mimeType": "text/html",
            "buffer": b"<html><title>T</title><p>Iran condemned Israel on Monday. The ministry said so in a long statement to the press.</p></html>",
        }
    )
    page.locator("button", has_text="Read it").first.click()
    page.wait_for_selector(".card.event", timeout=60_000)
    assert page.request.get(address + "/index.json").json()["reports"] == before
    took = float(re.search(r"Coded in ([\d.]+) seconds", page.locator(".lead").inner_text())[1])  # type: ignore[index]
    assert took < 20


def test_a_picture_is_saved_as_svg_and_png(page: Page, address: str) -> None:
    open_(page, address, "/dyads/CHN-RUS?by=year")
    with page.expect_download() as waiting:
        page.locator("a[data-png]").first.click()
    assert waiting.value.suggested_filename.endswith(".png")
    assert Path(waiting.value.path()).read_bytes().startswith(b"\x89PNG")
    svg = page.request.get(address + "/dyads/CHN-RUS.svg?by=year").text()
    assert svg.startswith("<svg") and "<style>" in svg and "<script" not in svg


def test_the_slider_asks_for_another_year(page: Page, address: str) -> None:
    open_(page, address, "/network?least=1&min_confidence=0")
    page.locator("[data-slide]").evaluate(
        "one => { one.value = '2022'; one.dispatchEvent(new Event('input')); one.dispatchEvent(new Event('change')); }"
    )
    page.wait_for_url("**at=2022*")
    places: dict[str, Any] = {}
    for year in ("2022", "2023"):
        open_(page, address, f"/network?least=1&min_confidence=0&at={year}")
        found = page.evaluate(
            "Object.fromEntries([...document.querySelectorAll('svg.network text.name')].map(t => [t.textContent, t.getAttribute('x')]))"
        )
        for name, x in found.items():
            assert places.setdefault(name, x) == x  # a party stays where it is
