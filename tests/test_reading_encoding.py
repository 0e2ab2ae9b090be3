"""Bytes to text: marks, declared charsets, and bytes that say nothing about themselves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.reading.encoding import decode, detect

QUOTED = "The envoy said: “We won’t accept it” – not even for £5."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_encodings_are_detected(encoding):
    assert decode(QUOTED.encode(encoding)) == QUOTED


def test_the_old_macintosh_encoding_is_told_by_its_quotation_marks():
    text = "The envoy didn’t say “yes” and didn’t say “no”."
    assert decode(text.encode("mac_roman")) == text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Президент России заявил, что переговоры продолжаются, и поблагодарил участников встречи.", "cp1251"),
        ("外交部发言人星期五在例行记者会上回答了有关提问，介绍了会谈的情况。", "gb18030"),
    ],
)
def test_other_alphabets_are_recognised(text, encoding):
    assert decode(text.encode(encoding)) == text


def test_a_declared_charset_decides_where_it_can():
    data = "Łódź".encode("iso-8859-2")
    assert decode(data, "ISO-8859-2") == "Łódź"
    assert decode(QUOTED.encode("cp1252"), "iso-8859-1") == QUOTED  # the label means cp1252 on the web
    assert decode(QUOTED.encode("utf-8"), "iso-8859-1") == QUOTED  # it cannot be: the bytes are UTF-8
    assert decode(QUOTED.encode("utf-8"), "no such charset") == QUOTED
    assert decode("日本語".encode("iso2022_jp"), "iso-2022-jp") == "日本語"


def test_damaged_utf8_keeps_all_but_the_damage():
    data = ("Žilina, Łódź, Århus – " * 20).encode()
    broken = data[:31] + b"\xff" + data[31:]
    assert detect(broken) == ("utf-8", 0)
    assert decode(broken).replace("�", "") == data.decode()


@given(st.text())
def test_utf8_is_read_as_it_stands(text):
    assert decode(b"\xef\xbb\xbf" + text.encode()) == text


@given(st.binary(max_size=300))
def test_no_bytes_break_it(data):
    assert isinstance(decode(data), str)


def test_nothing_is_stripped_or_changed():
    text = " \r\nA line\r\n\tanother\x0b\x00\u202eback\u2028 \n\n"
    assert decode(text.encode()) == text
