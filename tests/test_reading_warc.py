"""Web archives: what is taken, what is passed over, and what is done with damage and bombs."""

import gzip
import itertools
import random
import zlib

import pyarrow as pa
import pytest
from reading_samples import TEXT, http, members, page, warc_record
from shared import SHARED, needs_shared

from comity.reading import read_many
from comity.reading.filling import Filling
from comity.reading.inputs import Input
from comity.reading.warc import Capture, Damage, captures, first_look, read
from comity.records import LeftOut, Report

DATED = '<meta property="article:published_time" content="2022-10-29T00:38:00Z">'
MAIN = f"Ministers meet in Velm\n{TEXT}"
INFO = warc_record("warcinfo", block=b"software: x\r\n")


def response(url="http://example.org/a", body=None, **kwargs):
    return warc_record(url=url, block=http(body if body is not None else page(head=DATED), **kwargs))


def put(tmp_path, data, name="a.warc"):
    path = tmp_path / name
    path.write_bytes(data)
    return path


def reports(path):
    return [item for item in read_many(path) if isinstance(item, Report)]


def lines(path):
    return [item.line() for item in read_many(path) if isinstance(item, LeftOut)]


def pack(data, codec):
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, codec) as out:
        out.write(data)
    return sink.getvalue().to_pybytes()


@pytest.mark.parametrize("form", ["plain", "gz", "gz at once", "lz4", "zst"])
def test_pages_are_read_from_every_form(tmp_path, form):
    records = [
        INFO,
        warc_record("request", block=b"GET / HTTP/1.1\r\n\r\n"),
        response(),
        response("http://example.org/b"),
    ]
    name, data = {
        "plain": ("a.warc", b"".join(records)),
        "gz": ("a.warc.gz", members(*records)),
        "gz at once": ("a.warc.gz", gzip.compress(b"".join(records))),
        "lz4": ("a.warc.lz4", b"".join(pack(record, "lz4") for record in records)),
        "zst": ("a.warc.zst", b"".join(pack(record, "zstd") for record in records)),
    }[form]
    found = list(read_many(put(tmp_path, data, name)))
    assert [(r.url, r.text, r.title, r.published, r.language) for r in found] == [
        (url, MAIN, "Ministers meet in Velm", "2022-10-29T00:38:00Z", "en")
        for url in ("http://example.org/a", "http://example.org/b")
    ]


def test_an_archive_without_its_suffix_is_recognised(tmp_path):
    assert len(reports(put(tmp_path, members(INFO, response()), "archive.bin"))) == 1
    assert len(reports(put(tmp_path, INFO + response(), "archive"))) == 1


def test_arc_of_both_versions(tmp_path):
    block = http(page(head=DATED))
    header = b"filedesc://a.arc 0.0.0.0 20221029100000 text/plain 0\n\n"
    one = b"http://example.org/a b?c 192.0.2.1 20221029100000 text/html %d\n" % len(block) + block + b"\n"
    two = b"http://example.org/b 192.0.2.1 20221029100000 text/html 200 - - 0 a.arc %d\n" % len(block) + block + b"\n"
    lost = b"http://example.org/c 192.0.2.1 20221029100000 text/html abc\nrubbish\n"
    for name, data in (("a.arc", header + one + lost + two), ("a.arc.gz", members(header, one, lost, two))):
        path = put(tmp_path, data, name)
        assert [(r.url, r.text) for r in reports(path)] == [
            ("http://example.org/a b?c", MAIN),
            ("http://example.org/b", MAIN),
        ]
        assert len(lines(path)) == 1
        assert "this is no ARC header" in lines(path)[0]


def test_only_successful_html_counts(tmp_path):
    records = [
        response(status="404 Not Found"),
        response(status="301 Moved"),
        response(body=b"\x89PNG", content_type="image/png"),
        response(body='{"a": 1}', content_type="application/json"),
        warc_record("resource", block=page().encode()),
        warc_record("revisit", block=http("")),
        response("http://example.org/x", content_type="application/xhtml+xml"),
        response("http://example.org/n", content_type=""),
        response("http://example.org/t", body="no markup here", content_type=""),
    ]
    path = put(tmp_path, b"".join(records))
    assert [r.url for r in reports(path)] == ["http://example.org/x", "http://example.org/n"]
    assert lines(path) == []


def test_pages_that_are_no_reports_say_why(tmp_path):
    german = "Die Außenminister beider Länder trafen sich am Freitag in der Hafenstadt Velm und sprachen lange. " * 9
    records = [
        response("http://example.org/de", page(german)),
        response("http://example.org/short", page("Soon more.", title="Velm")),
        response("http://example.org/", page(TEXT * 30)),
        response("http://example.org/feed/", page()),
    ]
    path = put(tmp_path, b"".join(records))
    said = [line.split(" ", 1)[1].removesuffix("; no action needed; it is no English report") for line in lines(path)]
    assert said == [
        "http://example.org/de: it holds no English prose",
        "http://example.org/short: its main text is too short (15 characters)",
        "http://example.org/: it is a front page",
        "http://example.org/feed/: its address is not that of a report",
    ]


def test_a_glance_passes_small_and_unusual_pages():
    german = ("Die Minister trafen sich am Freitag in der Hafenstadt und sprachen lange. " * 500).encode()
    assert first_look("http://example.org/a", german) == "it holds no English prose"
    assert first_look("http://example.org/a", german[:5000]) is None
    assert first_look("http://example.org/a", ("The envoy spoke. " * 2000).encode("utf-16")) is None
    assert first_look("http://[broken", page().encode()) is None
    assert first_look(None, page(TEXT * 30).encode()) is None
    assert first_look("http://example.org/?p=12", page(TEXT * 30).encode()) is None


def test_transfer_and_content_codings_are_undone(tmp_path):
    html = page(head=DATED).encode()
    chunked = b"".join(b"%x\r\n%s\r\n" % (len(html[n : n + 999]), html[n : n + 999]) for n in range(0, len(html), 999))
    raw = zlib.compressobj(wbits=-15)
    forms = [
        (chunked + b"0\r\n\r\n", "Transfer-Encoding: chunked\r\n"),
        (html, "Transfer-Encoding: chunked\r\n"),  # stored plain with the header left in
        (gzip.compress(html), "Content-Encoding: gzip\r\n"),
        (html, "Content-Encoding: gzip\r\n"),
        (zlib.compress(html), "Content-Encoding: deflate\r\n"),
        (raw.compress(html) + raw.flush(), "Content-Encoding: deflate\r\n"),
    ]
    records = [response(f"http://example.org/{n}", body, headers=headers) for n, (body, headers) in enumerate(forms)]
    assert [r.text for r in reports(put(tmp_path, b"".join(records)))] == [MAIN] * len(forms)


def test_brotli_is_undone_and_bounded(tmp_path):
    brotli = pytest.importorskip("brotli", reason="comes with comity[warc]")
    headers = "Content-Encoding: br\r\n"
    records = [
        response("http://example.org/1", brotli.compress(page(head=DATED).encode()), headers=headers),
        response("http://example.org/2", brotli.compress(b"<p>" * 20_000_000, quality=1), headers=headers),
    ]
    path = put(tmp_path, b"".join(records))
    assert [r.text for r in reports(path)] == [MAIN]
    assert [line.split(": ", 1)[1].split(";")[0] for line in lines(path)] == ["it is larger than 8 MB"]


def test_charsets_of_header_and_page(tmp_path):
    html = page(TEXT + " It’s £5.").replace('<meta charset="utf-8">', "")
    declared = html.replace("<head>", "<head><meta charset=cp1252>").encode("cp1252")
    records = [
        response("http://example.org/1", html.encode("cp1252"), content_type="text/html; charset=iso-8859-1"),
        response("http://example.org/2", declared, content_type="text/html"),
        response("http://example.org/3", html.encode(), content_type="text/html"),
    ]
    assert [r.text.endswith("It’s £5.") for r in reports(put(tmp_path, b"".join(records)))] == [True] * 3


def test_bombs_are_refused(tmp_path):
    bomb = gzip.compress(b"<p>" * 20_000_000)
    records = [
        response("http://example.org/1", bomb, headers="Content-Encoding: gzip\r\n"),
        response("http://example.org/2", b"<p>" * 4_000_000),
        response("http://example.org/3"),
    ]
    path = put(tmp_path, members(*records), "a.warc.gz")
    assert [r.url for r in reports(path)] == ["http://example.org/3"]
    assert [line.split(": ", 1)[1].split(";")[0] for line in lines(path)] == ["it is larger than 8 MB"] * 2


@pytest.mark.parametrize("packed", [True, False])
def test_damage_in_the_middle_loses_only_what_is_damaged(tmp_path, packed):
    rng = random.Random(3)  # noqa: S311
    noise = "".join(rng.choice("abcdefghij ") for _ in range(4000))
    records = [response(f"http://example.org/{n}", page(head=DATED, body=f"<!--{noise}-->")) for n in range(6)]
    parts = [gzip.compress(record) for record in records] if packed else list(records)
    broken = parts[2]
    parts[2] = (
        broken[:30] + bytes(40) + broken[70:]
        if packed
        else broken.replace(b"Content-Length: ", b"Content-Length: 9", 1)
    )
    path = put(tmp_path, b"".join(parts), "a.warc.gz" if packed else "a.warc")
    found = {r.url[-1] for r in reports(path)}
    assert found >= {"0", "1", "4", "5"}
    assert "2" not in found
    assert any("the archive is damaged here" in line for line in lines(path))


def test_an_archive_that_is_cut_off_gives_what_is_whole(tmp_path):
    data = members(*(response(f"http://example.org/{n}") for n in range(3)))
    path = put(tmp_path, data[:-200], "a.warc.gz")
    assert [r.url[-1] for r in reports(path)] == ["0", "1"]
    (line,) = lines(path)
    assert "the archive is damaged here" in line


def test_rubbish_is_said_to_be_rubbish(tmp_path):
    assert "the archive is damaged here" in lines(put(tmp_path, b"WARC/1.0\r\nnothing of the kind" * 50))[0]
    assert "the archive is damaged here" in lines(put(tmp_path, b"\0\1\2\3" * 5000))[0]


def test_several_workers_can_share_an_archive(tmp_path):
    records = [response(f"http://example.org/{n}") for n in range(9)]
    for name, data in (("a.warc.gz", members(*records)), ("a.warc", b"".join(records))):
        path = put(tmp_path, data, name)
        size = len(data)
        bounds = [0, size // 4, size // 2, size // 2 + 1, size]
        parts = [
            [r.url for r in read(Input(str(path), path), Filling(), start=start, stop=stop)]
            for start, stop in itertools.pairwise(bounds)
        ]
        assert list(itertools.chain(*parts)) == [f"http://example.org/{n}" for n in range(9)]
        assert all(parts[:2])


def test_places_are_byte_offsets(tmp_path):
    first, second = gzip.compress(response()), gzip.compress(response("http://example.org/b"))
    path = put(tmp_path, first + second, "a.warc.gz")
    assert [r.source for r in reports(path)] == [f"{path}:0", f"{path}:{len(first)}"]


@needs_shared
def test_every_archive_of_the_collection_is_survived():
    for path in sorted((SHARED / "news" / "warc").iterdir()):
        for found in read_many(path):
            assert isinstance(found, Report | LeftOut)


@needs_shared
def test_what_is_read_from_a_damaged_archive_is_what_stood_in_it():
    folder = SHARED / "news" / "warc"

    def pages(name):
        path = folder / name
        return [item for item in captures(Input(name, path)) if isinstance(item, Capture)]

    whole = {(item.url, item.body) for item in pages("real_pages_dev.warc.gz")}
    for name, least in (
        ("damaged_bitflips.warc.gz", 15),
        ("damaged_truncated.warc.gz", 30),
        ("one_gzip_member.warc.gz", 18),
    ):
        found = pages(name)
        assert len(found) >= least
        assert {(item.url, item.body) for item in found} <= whole
    assert any(isinstance(item, Damage) for item in captures(Input("b", folder / "damaged_bitflips.warc.gz")))


@needs_shared
def test_dates_of_real_pages_lie_in_the_two_days_before_their_capture():
    """The archive was built with capture dates 1 to 48 hours after the page's date, where that is known."""
    from datetime import date, timedelta

    path = SHARED / "news" / "warc" / "real_pages_dev.warc.gz"
    days = {item.offset: item.captured for item in captures(Input("a", path)) if isinstance(item, Capture)}
    right = wrong = 0
    for report in read_many(path):
        day = days.get(int(report.source.split(" ")[0].rsplit(":", 1)[1]))
        if isinstance(report, LeftOut) or date(2019, 11, 30) <= day <= date(2019, 12, 5):  # the date is not known
            continue
        published = date.fromisoformat((report.published or "1990-01-01")[:10])
        if day - timedelta(3) <= published <= day + timedelta(1):
            right += 1
        else:
            wrong += 1
    assert right >= 100
    assert right / (right + wrong) >= 0.96
