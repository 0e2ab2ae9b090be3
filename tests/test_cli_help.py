"""The help: quick, complete, and true."""

import itertools
import re
import resource
import shlex
import subprocess
import sys

import click
import pytest
from cli_running import COMITY, ENVIRONMENT, comity

from comity.cli import COMMANDS, SECTIONS, commands
from comity.ledger import FILTERS

QUICK = 0.3
"""Seconds that `comity --help` may take."""


SERVERS = {"serve", "mcp"}
"""Commands that give no answer: they run until they are stopped."""

ALL = {name: command for name, command, _ in commands()}


def test_the_help_comes_at_once():
    times = []
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([*COMITY, "--help"], env=ENVIRONMENT, capture_output=True, check=True)  # noqa: S603
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    assert min(times) < QUICK  # processor time: other tests run beside this one


def test_the_help_loads_nothing_heavy():
    code = "import sys; from comity.cli import run; run(['--help']); print(sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], env=ENVIRONMENT, capture_output=True, text=True, check=True)  # noqa: S603
    loaded = done.stdout.splitlines()[-1]
    for heavy in ("spacy", "numpy", "pyarrow", "duckdb", "msgspec", "rich", "trafilatura", "comity.coder"):
        assert f"'{heavy}'" not in loaded, heavy


def test_the_help_names_every_command():
    answer = comity("--help")
    assert answer.code == 0
    listed = answer.out.partition("Show this message")[2].splitlines()[1:]
    named = [line.split()[0] for line in listed if line.startswith("  ") and line[2] != " "]
    assert sorted(named) == sorted(COMMANDS)
    titles = [line.removesuffix(":") for line in listed if line and not line.startswith(" ")]
    assert titles == list(SECTIONS), "every command has its place in SECTIONS"


def test_without_a_command_the_help_is_shown():
    assert comity() == comity("--help")


@pytest.mark.parametrize("name", ALL)
def test_every_command_has_examples_that_can_be_run(name, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    command = ALL[name]
    examples = (command.help or "").replace("Example:", "Examples:").partition("Examples:")[2]
    lines = [line.strip() for whole in examples.splitlines() for line in whole.split(" && ")]
    lines = [line for line in lines if line and not line.startswith("{")]  # a setting for another program
    assert lines, "an example is missing"
    shown = set()
    for line in lines:
        words = shlex.split(line.split("   ")[0].split(" > ")[0].rpartition(" | ")[2])
        called = list(itertools.takewhile(re.compile(r"[a-z]+(-[a-z]+)*").fullmatch, words[1:]))
        deepest = max((" ".join(called[:n]) for n in range(len(called) + 1) if " ".join(called[:n]) in ALL), key=len)
        assert words[0] == "comity" and deepest
        shown.add(deepest)
        rest = words[1 + len(deepest.split()) :]
        for word in rest:
            if re.fullmatch(r"\w+\.\w+", word):
                (tmp_path / word).touch()
        for parameter in ALL[deepest].params:  # they may want the files to hold something
            monkeypatch.setattr(parameter, "callback", None)
        # raises where an option or argument does not exist
        ALL[deepest].make_context(deepest, rest, help_option_names=["-h", "--help"])
    assert any(f"{one} ".startswith(f"{name} ") for one in shown)


@pytest.mark.parametrize("name", [name for name, command in ALL.items() if not isinstance(command, click.Group)])
def test_every_option_is_explained(name):
    command = ALL[name]
    with click.Context(command, help_option_names=["-h", "--help"]) as ctx:
        options = [one for one in command.get_params(ctx) if isinstance(one, click.Option)]
    assert [one.name for one in options if not one.help] == []
    assert "as_json" in {one.name for one in options} or name in SERVERS


@pytest.mark.parametrize("relation", ["reports", "statements", "events"])
def test_the_filters_are_those_of_the_library(relation):
    command = ALL[relation]
    with click.Context(command, help_option_names=["-h", "--help"]) as ctx:
        names = [one.opts[0] for one in command.get_params(ctx) if isinstance(one, click.Option)]
    own = ["--ledger", "--data", "--as-of", "--limit", "--format", "--out", "--sql", "--json", "-h", "--help"]
    filters = ["--" + name.replace("_", "-") for name in ("text", *FILTERS[relation])]
    assert [name for name in names if name not in own] == filters


def test_a_misspelt_command_is_recognised():
    answer = comity("evnts")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.splitlines()[-1] == "Error: there is no command 'evnts'; did you mean 'events'?"


def test_a_misspelt_option_is_recognised():
    answer = comity("events", "--diad", "CHN-RUS")
    assert (answer.code, answer.out) == (2, "")
    assert "--dyad" in answer.err.splitlines()[-1]


def test_the_version():
    from comity import __version__

    assert comity("--version").out == f"comity {__version__}\n"
    lines = comity("--version", "--verbose").out.splitlines()
    assert [line.split(" ")[0] for line in lines] == [
        *("comity", "python", "comity", "language", "actor", "gazetteer", "codebook", "lexicon", "weights"),
        *("duckdb", "extras", "records"),
    ]
