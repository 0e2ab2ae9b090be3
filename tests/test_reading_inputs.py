"""Files, folders, patterns and stdin; what each is; and one clear line for what cannot be read."""

import io
import os
import random
import sys
from pathlib import Path

import pytest

from comity.reading import ReadError, read, read_many
from comity.records import LeftOut, Report

TEXT = "The foreign ministers of both states met on Friday.\n"


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(path, content=TEXT):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


def said(what):
    return [item.line() if isinstance(item, LeftOut) else item.source for item in read_many(what)]


def test_folders_are_read_to_the_bottom_in_order_without_hidden_files(here):
    for name in ("b.txt", "a/z.txt", "a/.hidden.txt", ".git/x.txt", "a/b/c.txt"):
        put(here / "news" / name)
    assert said("news") == ["news/b.txt", "news/a/z.txt", "news/a/b/c.txt"]


def test_patterns_are_sorted_and_go_deep(here):
    for name in ("b.txt", "a.txt", "c.html", "d/e.txt"):
        put(here / "news" / name)
    assert said("news/*.txt") == ["news/a.txt", "news/b.txt"]
    assert said("news/**/*.txt") == ["news/a.txt", "news/b.txt", "news/d/e.txt"]
    put(here / "odd[1].txt")
    assert said("odd[1].txt") == ["odd[1].txt"]


def test_many_inputs_are_read_one_after_another(here):
    put(here / "a.txt")
    put(here / "b.jsonl", '{"text": "One."}\n{"text": "Two."}\n')
    assert said(["b.jsonl", here / "a.txt", "nothing.txt"]) == [
        "b.jsonl:1",
        "b.jsonl:2",
        str(here / "a.txt"),
        "nothing.txt: there is no such file; check the path",
    ]


@pytest.mark.parametrize(
    ("data", "count"),
    [(TEXT.encode(), 1), (b'{"text": "One."}\n{"text": "Two."}\n', 2), (b"id,text\n1,One.\n2,Two.\n3,Three.\n", 3)],
)
def test_stdin_is_read_as_what_it_is_and_stays_open(monkeypatch, data, count):
    stdin = io.TextIOWrapper(io.BytesIO(data))
    monkeypatch.setattr(sys, "stdin", stdin)
    found = list(read_many("-"))
    assert [type(item) for item in found] == [Report] * count
    assert found[0].source.startswith("stdin")
    assert not stdin.buffer.closed


def test_a_name_without_suffix_is_told_by_its_content(here):
    page = "<!DOCTYPE html><html><head><title>T</title></head><body><p>" + TEXT * 9 + "</p></body></html>"
    put(here / "page", page)
    put(here / "rows.dat", '{"text": "One."}\n{"text": "Two."}\n')
    put(here / "pretty", '{\n "text": "One."\n}')
    put(here / "table.x", "text\tid\nOne.\t1\n")
    put(here / "plain.x", "{curly} beginnings are no JSON\n")
    assert read("page").text.startswith("The foreign ministers")
    assert "<p>" not in read("page").text
    assert said("rows.dat") == ["rows.dat:1", "rows.dat:2"]
    assert read("pretty").text == "One."
    assert read("table.x").id == "1"
    assert read("plain.x").text == "{curly} beginnings are no JSON\n"


NOISE = random.Random(1).randbytes(9000)  # noqa: S311

BAD = {
    "empty.txt": (b"", "it is empty"),
    "blank.txt": (b" \n\n", "it is empty"),
    "empty.jsonl": (b"", "it is empty"),
    "empty.json": (b"", "it is empty"),
    "empty.csv": (b"", "it is empty"),
    "empty.html": (b"", "it is empty"),
    "empty.unknown": (b"", "it is empty"),
    "empty.rss": (b"", "it is empty"),
    "empty.warc": (b"", "it is empty"),
    "empty.parquet": (b"", "this is no Parquet file that can be read"),
    "noise.txt": (NOISE, "this is a binary file, no text"),
    "noise": (NOISE[::-1], "this is a binary file, no text"),
    "noise.jsonl": (b"\0\1\2" * 3000, "this is a binary file, no text"),
    "image.html": (b"\x89PNG\r\n\x1a\n" + bytes(300), "this is an image"),
    "report.pdf": (b"%PDF-1.7\n" + bytes(300), "this is a PDF file"),
    "report.docx": (b"PK\x03\x04" + bytes(300), "this is a ZIP archive or an office document"),
    "bad.txt.gz": (b"\x1f\x8b\x08" + bytes(300), "its compression is damaged"),
    "data.xml": (b"<?xml version='1.0'?><bank><coin/></bank>", "this is no feed"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_read_gets_one_clear_line_and_the_rest_goes_on(here, name):
    data, why = BAD[name]
    put(here / name, data)
    put(here / "good.txt")
    line, good = said([name, "good.txt"])
    assert line.startswith(f"{name}: {why}")
    assert "; " in line
    assert "\n" not in line
    assert good == "good.txt"
    with pytest.raises(ReadError) as error:
        read(name)
    assert str(error.value) == line


def test_what_is_not_there_gets_one_clear_line(here):
    (here / "void").mkdir()
    assert said(["nothing.txt", "no*thing.txt", "void", "a\0b"]) == [
        "nothing.txt: there is no such file; check the path",
        "no*thing.txt: no file matches this pattern; check it, and quote it if the shell changes it",
        "void: this folder holds no files; name a folder or file with reports",
        "'a\\x00b': this is no file name; check the path",
    ]
    with pytest.raises(ReadError, match="there is no such file"):
        read("nothing.txt")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_gets_one_clear_line(here):
    put(here / "locked.txt")
    (here / "locked.txt").chmod(0)
    assert said("locked.txt") == ["locked.txt: this file may not be read; change its permissions"]


def test_a_folder_with_images_only_says_so_for_each(here):
    put(here / "news" / "a.png", b"\x89PNG\r\n\x1a\n" + bytes(99))
    assert said("news") == ["news/a.png: this is an image; leave it out"]


def test_a_text_in_chinese_is_read_for_the_language_gate(here):
    put(here / "zh.txt", "外交部发言人星期五在例行记者会上表示,双方将继续加强合作。" * 9)
    assert len(read("zh.txt").text) > 200


def test_twenty_megabytes_on_one_line_are_read_quickly(here):
    import time

    text = "The foreign ministers of both states met again. " * 420_000
    put(here / "long.txt", text)
    started = time.perf_counter()
    assert read("long.txt").text == text
    assert time.perf_counter() - started < 3


def test_importing_the_room_loads_no_reader():
    import subprocess

    code = (
        "import sys, comity.reading; "
        "sys.exit(any(name in sys.modules for name in ('trafilatura', 'pyarrow', 'lxml', 'htmldate', 'numpy', "
        "'py3langid', 'feedparser', 'fastwarc', 'urllib3', 'charset_normalizer')))"
    )
    path = os.pathsep.join(str(Path(entry).resolve()) for entry in sys.path)
    assert subprocess.run([sys.executable, "-c", code], check=False, env={"PYTHONPATH": path}).returncode == 0  # noqa: S603
