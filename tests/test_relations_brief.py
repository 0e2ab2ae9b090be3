"""Briefings: every number leads to its sentences, in every form; and charts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import msgspec
import pytest
from relations_samples import event, ledger_of, report

from comity.ledger import Ledger
from comity.records import Coding
from comity.relations import BadChoice, BadFile, Brief, ExtraMissing, brief, contacts, dyad, summary, write_brief
from comity.relations import briefing as pages
from comity.relations.claims import Claim, Standing
from comity.relations.figures import Figure
from comity.relations.resampling import Interval

TOP = {"channel": "in-person", "setting": "bilateral", "source_level": "top leader", "target_level": "top leader"}
NASTY = 'He said "<script>alert(1)</script>" & [left](http://x) | *went*.'


def _codings() -> Iterator[Coding]:
    for n in range(12):
        day = f"2022-{n + 1:02}-10"
        events = [
            event(day, "CHN", "RUS", "CONSULT", mutual=True, contact=TOP),
            event(day, "RUS", "CHN", "SUPPORT" if n < 6 else "ACCUSE", words=NASTY if n == 0 else ""),
            event(day, "CHN", "RUS", "AID" if n < 6 else "ASSAULT"),
            event(day, "CHN", "RUS", "REQUEST"),
            event(day, "RUS", "CHN", "AGREE" if n < 6 else "REJECT"),
        ]
        yield report(f"r{n:02}", day, events, url=f"https://example.org/{n}", demo=n == 0)


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    with ledger_of(tmp_path_factory.mktemp("brief"), _codings()) as made:
        yield made


@pytest.fixture(scope="module")
def made(ledger: Ledger) -> Brief:
    return brief(ledger, "CHN", "RUS", count="mentions")


def test_every_number_has_its_events(made: Brief) -> None:
    both = made.dyad.series[2].whole
    assert made.refs["s2"].number == both.events == 60.0
    assert len(made.refs["s2"].events) == 60 and len(made.evidence) == 60
    for ref in made.refs.values():
        assert len(ref.events) >= ref.number and all(1 <= n <= len(made.evidence) for n in ref.events)
    assert made.refs["c-top-leader-top-leader"].number == 12
    types = {made.evidence[n - 1]["type"] for n in made.refs["s2q3"].events}
    assert types == {"ASSAULT"}


def test_the_finest_period_with_enough_events_is_taken(made: Brief, ledger: Ledger) -> None:
    assert made.dyad.by == "month"
    assert brief(ledger, "CHN", "RUS", min_confidence=0.5, by="quarter").dyad.by == "quarter"


def test_what_speaks_most_is_named(made: Brief) -> None:
    assert {made.evidence[n - 1]["type"] for n in made.friendly} == {"AID"}
    assert {made.evidence[n - 1]["type"] for n in made.hostile} == {"ASSAULT"}


def test_html_is_whole_and_its_links_hold(made: Brief, tmp_path: Path) -> None:
    (path,) = write_brief(made, tmp_path / "b.html")
    text = path.read_text()
    anchors = set(re.findall(r'\bid="([^"]+)"', text))
    links = set(re.findall(r'href="#([^"]+)"', text))
    assert links and links <= anchors
    assert "<script" not in text and "alert(1)" in text
    assert not re.findall(r'(?:src|href)="(?!#|https://example\.org/)', re.sub(r"<svg.*?</svg>", "", text, flags=re.S))
    assert "Made from demonstration reports" in text and "China and Russia, January 2022 to December 2022" in text
    assert text.count("<svg") == 1


def test_markdown_holds_too(made: Brief, tmp_path: Path) -> None:
    page, picture = write_brief(made, tmp_path / "b.md")
    text = page.read_text()
    assert picture.name == "b-series.svg" and f"]({picture.name})" in text
    anchors = set(re.findall(r'<a id="([^"]+)"', text))
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= anchors
    assert not re.search(r"(?<!\\)<script", text) and r"\<script\>" in text
    widths = {line.count(" | ") for line in text.splitlines() if line.startswith("| 2022-")}
    assert widths == {8}


def test_a_pdf_can_be_had(made: Brief, tmp_path: Path) -> None:
    pytest.importorskip("reportlab")
    (path,) = write_brief(made, tmp_path / "b.pdf")
    assert path.read_bytes().startswith(b"%PDF-")
    assert path.read_bytes() == write_brief(made, tmp_path / "c.pdf")[0].read_bytes()


def test_the_same_ledger_gives_the_same_page(ledger: Ledger, made: Brief, tmp_path: Path) -> None:
    with ledger_of(tmp_path, reversed(list(_codings()))) as other:
        again = brief(other, "CHN", "RUS", count="mentions")
    assert msgspec.to_builtins(again) == msgspec.to_builtins(made)
    assert pages.html(again, None) == pages.html(made, None)


def test_two_that_have_nothing_to_do_with_each_other(ledger: Ledger) -> None:
    found = brief(ledger, "USA", "RUS")
    assert summary(found)[0] == "No event between United States and Russia passes the choice below."
    assert "<h1>" in pages.html(found, None) and pages.markdown(found, None)


def test_wrong_endings_are_refused(made: Brief, tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=r"ends in \.html, \.md, \.pdf"):
        write_brief(made, tmp_path / "b.docx")
    with pytest.raises(BadFile, match="cannot be written"):
        write_brief(made, tmp_path / "nowhere" / "b.html")


def test_claims_stand_beside_the_record_without_a_verdict(made: Brief) -> None:
    standing = Standing(
        figure="intensity", value=Figure(value=-4.4, interval=Interval(-6.1, -2.2)), rank=11, of=11,
        rank_interval=Interval(9.0, 11.0),
    )  # fmt: skip
    claim = Claim(
        statement="0a22f8274df29dad", report="r1", day=date(2023, 1, 21), outlet="Wire", speakers=("Ada Obi",), country="RUS",
        kind="extreme", way="down", pattern="x", marked="all-time low", about="relations", hoped=False,
        words="relations <were> at an all-time low", pair=("CHN", "RUS"), period="2023", reports=178, events=12.0,
        record=(standing,), why_not=None,
    )  # fmt: skip
    bare = msgspec.structs.replace(claim, record=(), why_not="too few reports were read")
    found = msgspec.structs.replace(made, claims=(claim, bare))
    text = pages.html(found, None)
    assert "2023-01-21, Ada Obi (Wire): <q>relations &lt;were&gt; at an all-time low</q>" in text
    assert "The record of 2023: mean intensity -4.4 (-6.1 to -2.2), rank 11 of 11 (9 to 11)." in text
    assert "No record to set beside it: too few reports were read." in text
    assert "relations \\<were\\> at an all-time low" in pages.markdown(found, None)


# --- charts ----------------------------------------------------------------------------------------------------------


def test_charts_show_what_the_figures_say(ledger: Ledger, tmp_path: Path) -> None:
    pytest.importorskip("vl_convert")
    from comity.relations.charts import contacts_chart, dyad_chart, save_chart, svg

    found = dyad(ledger, "CHN", "RUS", count="mentions", compare=("USA", "RUS"))
    assert [shift.period for shift in found.series[2].changes] == ["2022-07"]
    text = svg(dyad_chart(found))
    for words in ("China and Russia, by month", "China → Russia", "material conflict", "reports read", "2022-07: "):
        assert words in text
    matrix = svg(contacts_chart(contacts(ledger, "CHN", "RUS", count="mentions")))
    assert "top leader" in matrix and "last 2022-12-10" in matrix
    for name in ("a.svg", "a.png", "a.json"):
        save_chart(dyad_chart(found), tmp_path / name)
        assert (tmp_path / name).stat().st_size > 1000
    with pytest.raises(BadFile, match=r"charts end in \.svg"):
        save_chart(dyad_chart(found), tmp_path / "a.docx")


def test_without_the_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch, made: Brief) -> None:
    from comity.relations import errors
    from comity.relations.brief import chart_of

    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(errors, "import_module", missing)
    with pytest.raises(ExtraMissing, match=r"pip install 'comity\[charts\]'"):
        errors.library("altair", "charts", "charts")
    assert chart_of(made, ".svg") is None


def test_imported_events_have_no_brief(tmp_path: Path) -> None:
    with ledger_of(tmp_path, []) as empty, pytest.raises(BadChoice):
        brief(empty, "CHN", "RUS", origin="gdelt")
