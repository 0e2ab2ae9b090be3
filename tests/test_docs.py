"""The pages: generated parts are up to date, every page can be found, every link leads somewhere."""

import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "scripts"))

import write_docs  # noqa: E402

from comity.cli import COMMANDS, commands  # noqa: E402

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])


@pytest.mark.parametrize("name", write_docs.PAGES)
def test_generated_parts_are_up_to_date(name):
    page = (ROOT / name).read_text("utf-8")
    assert page == write_docs.PAGES[name](page), f"{name} is stale; run: make docs"


def test_every_command_is_on_its_page():
    page = (ROOT / "docs" / "cli.md").read_text("utf-8")
    names = re.findall(r"^## comity ([a-z ]+)$", page, re.M)
    assert names == [name for name, _, _ in commands()]
    assert [name for name in names if " " not in name] == list(COMMANDS)


def test_every_page_is_in_the_index():
    index = (ROOT / "docs" / "index.md").read_text("utf-8")
    missing = [page.name for page in (ROOT / "docs").glob("*.md") if f"({page.name})" not in index]
    assert missing in ([], ["index.md"])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text("utf-8"))
    gone = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert gone == []
