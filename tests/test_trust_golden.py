"""The golden run: the bundled reports give the same bytes as when this version's run was kept."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from cli_running import ENVIRONMENT, demo_codings, here

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "scripts"))

import golden  # noqa: E402


def test_the_bundled_reports_give_the_bytes_that_are_kept(tmp_path, capsys):
    now = golden.made(demo_codings())
    if now == golden.kept():
        return
    assert golden.kept() is not None, (
        f'no run is kept for this version; run: make golden REASON="version {golden.__version__}"'
    )
    (tmp_path / "now.jsonl").write_bytes(now)
    said = here(capsys, "diff", golden.KEPT, tmp_path / "now.jsonl", "--limit", "20").out
    pytest.fail(f'{said}\nis it right that the record changes? then: make golden REASON="why"', pytrace=False)


def test_the_summary_is_that_of_the_run():
    kept = golden.kept()
    assert kept is not None
    said = golden.SUMMARY.read_text("utf-8")
    history = said.partition(golden.HISTORY + "\n")[2].splitlines()
    assert said == golden.summary(kept, history)
    assert history[-1].split()[1] == golden.digest(kept)[:16]


def test_nothing_is_kept_without_a_reason(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(golden, "FOLDER", tmp_path)
    assert (golden.main([" "]), list(tmp_path.iterdir())) == (2, [])
    assert "say why" in capsys.readouterr().err


def test_a_changed_run_is_kept_with_its_reason_and_what_differs(monkeypatch, tmp_path, capsys):
    before = golden.made(demo_codings()[:2])
    after = golden.made((demo_codings()[0],)) + golden.made((demo_codings()[1],)).replace(b'"actual"', b'"negated"')
    monkeypatch.setattr(golden, "FOLDER", tmp_path)
    monkeypatch.setattr(golden, "KEPT", tmp_path / "1.jsonl.zst")
    monkeypatch.setattr(golden, "SUMMARY", tmp_path / "1.txt")
    for made, reason in ((before, "first"), (after, "second"), (after, "third")):
        monkeypatch.setattr(golden, "made", lambda made=made: made)
        assert golden.main([reason]) == 0
        assert golden.kept() == made
    lines = golden.SUMMARY.read_text("utf-8").partition(golden.HISTORY + "\n")[2].splitlines()
    assert [line.split(maxsplit=2)[2] for line in lines] == ["first", "second"]
    said = capsys.readouterr().out
    assert "2 reports compared" in said
    assert said.splitlines()[-1].startswith("nothing changed: ")


RUN = "import sys; sys.path.insert(0, sys.argv[1]); import golden; sys.stdout.buffer.write(golden.made())"


@pytest.mark.long
@pytest.mark.parametrize(
    "setting",
    [
        {"PYTHONHASHSEED": "1"},
        {"PYTHONHASHSEED": "2", "LANG": "tr_TR.UTF-8", "LC_ALL": "C", "TZ": "Pacific/Auckland"},
        {"OPENBLAS_CORETYPE": "Nehalem"},
        {"OPENBLAS_CORETYPE": "Haswell"},
        {"OPENBLAS_NUM_THREADS": "2"},
        {"NPY_DISABLE_CPU_FEATURES": "AVX2 FMA3 AVX512F AVX512CD AVX512_SKX"},
    ],
    ids=lambda setting: " ".join(f"{name}={value}" for name, value in setting.items()),
)
def test_the_bytes_do_not_hang_on_seed_place_or_processor(setting):
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", RUN, str(ROOT / "scripts")],
        env=ENVIRONMENT | {"PATH": os.environ["PATH"]} | setting, capture_output=True, timeout=600, check=True,
    )  # fmt: skip
    assert hashlib.sha256(done.stdout).hexdigest() == golden.digest(golden.kept() or b"")
