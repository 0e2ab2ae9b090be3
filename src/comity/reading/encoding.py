"""Bytes to text: byte order marks, declared charsets, UTF-8, and a look at the bytes where none of them decides."""

from __future__ import annotations

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with theirs
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_LABELS = {
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "windows-874": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
    "unicode": "utf-8",
    "utf8": "utf-8",
}
"""Labels that mean another encoding on the web than in Python (WHATWG Encoding Standard, section 4.2)."""

SAMPLE = 64 * 1024
"""Bytes from the first one that is not ASCII that are handed to the detector: its time grows with the length."""

WESTERN = 0.2
"""Share of bytes above 0x7F up to which a text that is not UTF-8 is taken for a Western one. French and German run at
0.02 to 0.05, a short English line full of quotation marks at 0.12, alphabets that are not Latin at more than 0.4."""

_MAC_QUOTES = re.compile(rb"[A-Za-z]\xd5[a-z]{1,2}\b|\xd2[A-Za-z][^\xd2\xd3]{0,400}\xd3|[a-z] ?\xd0 ?[a-z]")
_WINDOWS_PUNCTUATION = re.compile(rb"[\x82-\x87\x91-\x97]")


def python_name(label: str | None) -> str | None:
    """The Python codec for a charset label of the web; None when there is none."""
    if not label:
        return None
    label = label.strip().strip("'\"").lower()
    try:
        return codecs.lookup(_LABELS.get(label, label)).name
    except (LookupError, ValueError):
        return None


def _utf16_without_mark(data: bytes) -> str | None:
    """UTF-16 shows as a NUL in every other byte of text that is mostly Latin."""
    head = data[:2000]
    if len(head) < 4 or b"\0" not in head:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > 0.7 * len(head) / 2 and even == 0:
        return "utf-16-le"
    if even > 0.7 * len(head) / 2 and odd == 0:
        return "utf-16-be"
    return None


def _guess(data: bytes) -> str:
    first = next((m.start() for m in re.finditer(rb"[\x80-\xff]", data)), 0)
    sample = data[max(0, first - 200) : first + SAMPLE]
    high = len(re.findall(rb"[\x80-\xff]", sample))
    valid = len(re.findall(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}", sample))
    if valid and high < 3.2 * valid:  # nearly every high byte belongs to a UTF-8 sequence: damaged UTF-8
        return "utf-8"
    if high <= WESTERN * len(sample):
        if not _WINDOWS_PUNCTUATION.search(sample) and _MAC_QUOTES.search(sample):
            return "mac_roman"
        return "cp1252"
    from charset_normalizer import from_bytes

    best = from_bytes(sample).best()
    return best.encoding if best else "cp1252"


def detect(data: bytes, declared: str | None = None) -> tuple[str, int]:
    """The Python codec in which bytes are written, and the length of their byte order mark (0 without one).

    A mark decides before a declared charset, that before UTF-8 that is valid, that before a guess from the bytes. A
    declared charset is overruled where it cannot be: bytes that are valid UTF-8 with letters beyond ASCII are UTF-8
    whatever one-byte charset a server names.
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            return name, len(mark)
    named = python_name(declared)
    try:
        data.decode("utf-8")
        is_utf8 = True
    except UnicodeDecodeError:
        is_utf8 = False
    if is_utf8 and not (named and named.startswith(("utf-16", "utf-32", "iso2022", "hz"))):
        return _utf16_without_mark(data) or "utf-8", 0
    if named and named != "utf-8":
        try:
            data.decode(named)
            return named, 0
        except (UnicodeDecodeError, ValueError):
            pass
    return _utf16_without_mark(data) or _guess(data), 0


def decode(data: bytes, declared: str | None = None) -> str:
    """Bytes as text in the encoding that `detect` finds. The mark is no part of the text; all else is kept.

    Bytes that the encoding does not know become U+FFFD.
    """
    try:
        if not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\0")):
            text = data.decode("utf-8")  # nearly all there is, in one pass
            if (not declared or python_name(declared) == "utf-8") and "\0" not in text[:2000]:
                return text
    except UnicodeDecodeError:
        pass
    name, mark = detect(data, declared)
    return data[mark:].decode(name, "replace")
