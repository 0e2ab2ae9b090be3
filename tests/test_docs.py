"""The pages: generated parts are up to date, examples do what they show, pages can be found, links lead somewhere."""

import json
import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from cli_running import demo_codings
from spark_cluster import needs_spark

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "scripts"))

import play_docs  # noqa: E402
import write_docs  # noqa: E402

from comity import records  # noqa: E402
from comity.cli import COMMANDS, commands  # noqa: E402


def text_of(name):
    return (ROOT / name).read_text("utf-8")


PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])


@pytest.mark.parametrize("name", write_docs.PAGES)
def test_generated_parts_are_up_to_date(name):
    page = text_of(name)
    assert page == write_docs.PAGES[name](page), f"{name} is stale; run: make docs"


@pytest.mark.parametrize("name", write_docs.PLAYED)
def test_examples_do_what_the_page_shows(name):
    page = text_of(name)
    assert page == play_docs.played(page, name), f"{name} is stale; run: make docs"


@needs_spark
@pytest.mark.long
@pytest.mark.parametrize("name", [one for one in write_docs.PLAYED if "<!-- needs: spark -->" in text_of(one)])
def test_examples_run_on_spark(name):
    # a process for each page: Spark's own outlives the folder that the page is played in
    told = "import play_docs, sys; print(play_docs.played(open(sys.argv[1]).read(), sys.argv[2], spark=True), end='')"
    words = [sys.executable, "-c", told, str(ROOT / name), name]
    surroundings = play_docs.ENVIRONMENT | {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT / 'scripts'}"}
    done = subprocess.run(words, capture_output=True, text=True, check=False, env=surroundings)  # noqa: S603
    assert (done.returncode, done.stdout) == (0, text_of(name)), done.stderr[-2000:]


def test_an_example_that_fails_is_named_with_its_line():
    with pytest.raises(play_docs.Failed, match=r"(?s)a\.md:3: .*there is no command"):
        play_docs.played("# A\n\n```sh\ncomity evnts\n```\n", "a.md")
    with pytest.raises(play_docs.Failed, match=r"a\.md:1: NameError"):
        play_docs.played("```python\nnobody\n```\n", "a.md")
    with pytest.raises(play_docs.Failed, match="no extra sparks"):
        play_docs.played("```sh\npip install 'comity[sparks]'\n```\n", "a.md")
    with pytest.raises(play_docs.Failed, match="no figure"):
        play_docs.played("A <!-- quality articles_dev: nothing -->1<!-- / -->\n", "a.md")


def test_records_are_as_their_schema_says():
    schema = json.loads((ROOT / "docs" / "record.schema.json").read_text("utf-8"))
    valid = jsonschema.Draft202012Validator(schema)
    for coding in demo_codings():
        assert [fault.message for fault in valid.iter_errors(json.loads(records.to_json(coding)))] == []


def test_every_command_is_on_its_page():
    page = (ROOT / "docs" / "cli.md").read_text("utf-8")
    names = re.findall(r"^## comity ([a-z -]+)$", page, re.M)
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


def test_the_site_is_built_without_a_warning(tmp_path):
    words = [
        "-b",
        "html",
        "-W",
        "--keep-going",
        "-q",
        "-d",
        str(tmp_path / "doctrees"),
        str(ROOT / "docs"),
        str(tmp_path),
    ]
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "sphinx", *words], capture_output=True, text=True, check=False, env=play_docs.ENVIRONMENT
    )
    assert (done.returncode, done.stderr) == (0, "")
    start = (tmp_path / "start.html").read_text("utf-8")
    assert 0 < start.index("Start in five minutes") < start.index("Reference")
