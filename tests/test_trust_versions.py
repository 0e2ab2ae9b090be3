"""What a record was made by is named, down to the digests of its data, in every form that keeps records."""

import re
import shutil

import pytest
from cli_running import demo_codings, demo_ledger, here

from comity import Coder, Ledger
from comity.language.model import DEFAULT_MODEL, ModelMissing, model_folder
from comity.records import coding_from_json, to_json
from comity.versions import PARTS, coder_parts, lexicon_digest, versions

DIGEST = re.compile(r"[0-9a-f]{16}$")


def test_a_record_names_program_and_all_that_it_depends_on():
    parts = coder_parts(demo_codings()[0].coder)
    assert list(parts) == ["program", *PARTS]
    assert parts["program"].startswith("comity ")
    assert [name for name in PARTS if not DIGEST.search(parts[name])] == []
    assert {coding.coder for coding in demo_codings()} == {versions().made_by()} == {Coder().versions.made_by()}
    assert coding_from_json(to_json(demo_codings()[0])).coder == versions().made_by()


def test_a_ledger_names_them_for_every_report():
    with Ledger(demo_ledger(), read_only=True) as ledger:
        for view in ("reports_v1", "revisions_v1"):
            found = ledger.query(f"SELECT DISTINCT codebook, coder FROM {view}").to_pylist()  # noqa: S608
            assert found == [{"codebook": versions().codebook, "coder": versions().made_by()}]


def test_the_version_command_names_them(capsys):
    answer = here(capsys, "--version", "--verbose")
    said = dict(line.split(" ", 1) for line in answer.out.splitlines())
    assert said["records"] == f"say {versions().made_by()}"
    for name in ("codes", "tables", "gazetteer", "lexicon", "weights"):
        assert getattr(versions(), name) in answer.out.partition("records say")[0], name


def test_what_is_changed_has_another_digest(tmp_path, monkeypatch):
    (tmp_path / "own" / "lexicon").mkdir(parents=True)
    (tmp_path / "own" / "lexicon" / "classes.tsv").write_text("class\twords\n", "utf-8")
    assert lexicon_digest(tmp_path / "own") != lexicon_digest()
    shutil.copytree(model_folder(DEFAULT_MODEL)[0], tmp_path / "mine")
    copied = versions(str(tmp_path / "mine")).model
    assert copied.removeprefix("mine ") == versions().model.removeprefix(f"{DEFAULT_MODEL} ")
    (tmp_path / "mine" / "tokenizer").write_bytes(b"other")
    for file in (tmp_path / "mine").rglob("cfg"):
        file.write_bytes(file.read_bytes() + b" ")
    assert versions(str(tmp_path / "mine")).model.split()[-1] != copied.split()[-1]
    monkeypatch.setenv("COMITY_MODEL", "xx_none_sm")
    with pytest.raises(ModelMissing, match="xx_none_sm"):
        versions()
