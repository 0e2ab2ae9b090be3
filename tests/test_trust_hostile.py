"""Hostile input: patterns that could take for ever, words that could harm a terminal, texts that are none."""

import functools
import json
import re
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from re import _parser  # type: ignore[attr-defined]

import pytest
from cli_running import ENVIRONMENT, here
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comity import Coder, Ledger
from comity.cli.output import shown
from comity.records import Coding, LeftOut, Report, to_json

# --- patterns --------------------------------------------------------------------------------------------------------

LENGTH = 6_000
LONGEST_SECONDS = 0.06
"""Of processor time for one search through `LENGTH` characters. A linear one takes 0.002, a quadratic one 0.12 or more."""

PIECES = (*" aA0.-\"“(<'\n", "a ", "Aa ", "A. ", "1,", "\t ", "a\n", "a-", "a.a", "1 ", "\u00a0")

BOUNDED = {
    "actors/outlets.py": 2,
    "codebook/expected.py": 1,
    "dates/days.py": 2,
    "dates/find.py": 3,
    "dates/scan.py": 3,
    "language/segments.py": 1,
    "places/containment.py": 1,
    "reading/feeds.py": 1,
    "reading/html.py": 1,
    "reading/text.py": 1,
    "relations/claims.py": 2,
    "statements/addresses.py": 1,
    "statements/orphans.py": 1,
    "statements/turns.py": 1,
    "versions.py": 1,
}
"""Patterns that take longer when searched for everywhere in a long text, by module. They are matched at one place, within
a name or a stretch of bounded length, or against our own tables; no other may come, and
`test_coding_time_grows_with_the_length_only` holds that the whole does not take longer."""


class TooSlowError(Exception):
    """A search was stopped."""


@functools.cache
def patterns() -> list[tuple[str, int, str]]:
    made = subprocess.run(  # noqa: S603
        [sys.executable, str(Path(__file__).parent / "trust_patterns.py")],
        env=ENVIRONMENT, capture_output=True, check=True,
    )  # fmt: skip
    return [tuple(one) for one in json.loads(made.stdout)]


def pieces(pattern: str, flags: int) -> list[str]:
    """What a pattern is made of: its literal stretches and one of each of its sets."""
    found: set[str] = set()

    def walk(items) -> None:
        run = ""
        for operation, argument in items:
            name = str(operation)
            if name == "LITERAL":
                run += chr(argument)
                found.add(chr(argument))
                continue
            found.add(run)
            run = ""
            if name == "IN":
                for kind, what in argument:
                    if str(kind) in ("LITERAL", "RANGE"):
                        found.add(chr(what if str(kind) == "LITERAL" else what[0]))
            elif name.endswith("_REPEAT"):
                walk(argument[2])
            elif name == "SUBPATTERN":
                walk(argument[3])
            elif name == "BRANCH":
                for branch in argument[1][:12]:
                    walk(branch)
            elif name.startswith("ASSERT"):
                walk(argument[1])
            elif name == "ATOMIC_GROUP":
                walk(argument)
        found.add(run)

    walk(_parser.parse(pattern, flags))
    some = sorted(found - {""}, key=lambda one: (len(one), one))
    return list(dict.fromkeys([*PIECES, *some[:12], *some[-6:]]))


def is_slow(pattern: re.Pattern[str], text: str) -> bool:
    def stop(*_: object) -> None:
        raise TooSlowError

    before = signal.signal(signal.SIGVTALRM, stop)
    try:
        for _ in range(3):  # a moment's disturbance is no property of the pattern
            signal.setitimer(signal.ITIMER_VIRTUAL, 10 * LONGEST_SECONDS)
            started = time.process_time()
            for _ in pattern.finditer(text):
                pass
            if time.process_time() - started < LONGEST_SECONDS:
                return False
    except TooSlowError:
        pass
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
    return True


needs_timers = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timers of processor time here")


def unbounded(pieces_of) -> dict[str, list[str]]:
    """Patterns that are slow on a repeated piece, in modules that have more of them than are known."""
    assert len(patterns()) > 250
    slow: dict[str, list[str]] = {}
    for source, flags, where in patterns():
        pattern = re.compile(source, flags)
        for piece in pieces_of(source, flags):
            if is_slow(pattern, (piece * (LENGTH // len(piece) + 1))[:LENGTH] + "\0"):
                slow.setdefault(where, []).append(f"{piece!r}: {source[:80]}")
                break
    return {where: found for where, found in slow.items() if len(found) > BOUNDED.get(where, 0)}


@needs_timers
def test_no_pattern_takes_more_than_linear_time_but_those_that_are_bounded():
    assert unbounded(lambda source, flags: (" ", "a", "A", "0", ".", "\n", "a ")) == {}


@needs_timers
@pytest.mark.long
def test_no_pattern_takes_more_than_linear_time_on_its_own_pieces():
    assert unbounded(pieces) == {}


STRETCH = 240
"""Characters: no pattern that is bounded by length looks at more. A run in it costs 240³ steps where it can be cut in four
ways: seconds, at every line."""


@needs_timers
@pytest.mark.parametrize("piece", [" ", "\u00a0", "a", "A", "0", ".", "-", "\n", "a ", "A ", "A, "])
def test_no_pattern_is_slow_on_a_short_stretch_not_even_one_that_is_bounded(piece):
    texts = [(lead + piece * STRETCH)[:STRETCH] + "\0" for lead in ("", "A", "a ", "1", '"', "(")]
    slow = [
        (where, source[:80])
        for source, flags, where in patterns()
        for text in texts
        if is_slow(re.compile(source, flags), text)
    ]
    assert slow == []


# --- texts -----------------------------------------------------------------------------------------------------------

REPORT = Report(id="known", text="Norway condemned Kenya on Monday. “We regret it,” said the minister.", language="en")
HOSTILE = (
    "\x1b]0;owned\x07\x1b[2J", "\u202egnp.exe\u2066", "'; DROP TABLE reports; --", "=HYPERLINK(\"http://x\",\"y\")",
    "../../../etc/passwd", "\x00", "\ud800", "<script>alert(1)</script>", "%s%n{0}", "\u0301" * 50, "\U0010ffff", "\ufeff",
)  # fmt: skip


@pytest.fixture(scope="module")
def coder():
    return Coder()


def code(coder, text: str, **given) -> Coding | LeftOut:
    made = next(coder.stream([Report(id="made", text=text, published="2024-05-07", language="en", **given)]))
    assert isinstance(made, Coding) or "coding failed" not in made.reason, made
    return made


def slices(coding: Coding) -> None:
    text = coding.report.text
    for mention in coding.mentions:
        assert text[mention.start : mention.end] == mention.text
    for event in coding.events:
        assert event.sentence[0] <= event.trigger[0] < event.trigger[1] <= event.sentence[1] <= len(text)
    for time_ in coding.dates:
        assert text[time_.start : time_.end] == time_.text


_WORDS = ("Norway", "Kenya", "said", "attacked", "“", "”", "on Monday", ".", ",", "the two sides", "\n\n", "not", "he",
          "$3 million", "2 May 2021", "Mr.", "will", "(", ")", "—", "'s", "U.S.", "killed 12", "by", "the minister of")  # fmt: skip
_PIECES = st.one_of(st.sampled_from(_WORDS), st.sampled_from(HOSTILE[:2] + HOSTILE[3:6]), st.text(max_size=12))
_TEXTS = st.lists(_PIECES, max_size=40).map(" ".join)


def any_text_is_coded(coder, text: str) -> None:
    made = code(coder, text)
    beside = list(coder.stream([REPORT, made.report, REPORT])) if isinstance(made, Coding) else []
    if isinstance(made, Coding):
        slices(made)
        assert code(coder, text) == made
        assert beside[0] == beside[2]
        assert beside[1] == made


_quiet = functools.partial(settings, deadline=None, suppress_health_check=list(HealthCheck))


@_quiet(max_examples=30)
@given(text=_TEXTS)
def test_any_text_is_coded_the_same_twice_and_beside_others(coder, text):
    any_text_is_coded(coder, text)


@pytest.mark.long
@_quiet(max_examples=3_000)
@given(text=_TEXTS)
def test_any_text_is_coded_the_same_twice_and_beside_others_at_length(coder, text):
    any_text_is_coded(coder, text)


@pytest.mark.parametrize("piece", [" ", "A. ", "“", "Norway ", "a-", "(", "said ", "1 ", "\n", "Norway, ", "May 1 "])
def test_coding_time_grows_with_the_length_only(coder, piece):
    def seconds(length: int) -> float:
        text = f"Norway met Kenya in {piece * (length // len(piece))} on Monday."
        started = time.process_time()
        code(coder, text)
        return time.process_time() - started

    assert seconds(10_000) < 12 * max(seconds(2_500), 0.05)  # 4 when linear, 16 when quadratic


NAMES = ("Norway", "Kenya", "Peru", "Ghana", "Chad", "Mali", "Spain", "Japan")


def many(number: int, between: str) -> str:
    return between.join(NAMES[n % len(NAMES)] for n in range(number))


@pytest.mark.parametrize(
    "text",
    [
        lambda n: f"{many(n, ' ')}.",
        lambda n: f"{many(n, ', ')} and Kenya attacked Norway on Monday.",
        lambda n: f"{many(n, ' attacked ')}.",
        lambda n: f"{many(n, '’s minister said that ')} left.",
        lambda n: f"Norway said: {many(n, ': denied ')}.",
        lambda n: "Norway’s foreign minister met the president of Kenya. " * (n // 4),
    ],
    ids=[
        "names",
        "actors of one act",
        "acts",
        "statements in statements",
        "statements of a turn",
        "holders of offices",
    ],
)
def test_very_many_mentions_take_as_much_longer_as_they_are_more(coder, text):
    def seconds(number: int) -> float:
        started = time.process_time()
        made = code(coder, text(number))
        assert isinstance(made, Coding)
        slices(made)
        return time.process_time() - started

    seconds(10)  # others on the machine lengthen processor time too: three tries
    assert any(seconds(1_200) < 9 * max(seconds(300), 0.05) for _ in range(3))  # 4 when linear, 16 when quadratic


@pytest.mark.long
def test_twenty_thousand_names_are_coded_whole(coder):
    made = code(coder, many(20_000, " "))
    assert isinstance(made, Coding)
    assert len(made.mentions) == 20_000


EXTREMES = (
    "", " ", "\n" * 100_000, "x" * 1_000_000, "“" * 3_000, "((((" * 2_000 + "))))" * 2_000, "“a ‘b " * 2_000 + "c’ d” " * 2_000,
    "\u202e" * 5_000, "\x00" * 5_000, "a\u0301" * 20_000, "\U0001f600" * 20_000, "Norway " + "9" * 100_000 + " Kenya",
    b"\xed\xa0\x80 Norway met Kenya \xff\xfe".decode("utf-8", "surrogateescape"),
)  # fmt: skip


@pytest.mark.parametrize("text", EXTREMES, ids=range(len(EXTREMES)))
def test_extreme_texts_are_coded_or_left_out_with_a_reason(coder, text):
    made = code(coder, text)
    if isinstance(made, Coding):
        slices(made)
        assert made.report.text == text
    else:
        assert made.reason
        assert "a fault of Comity" not in made.cure


BEFORE = "Norway condemned Kenya on 2 May 2021 over the blockade of its ports. “We regret it,” the Norwegian government said."
PARAGRAPHS = (
    "The harbour was rebuilt after the fire, and the fishermen came back.",
    "Peru and Ghana signed a treaty on 5 June 2020.",
    "\u202eGNIHTYNA\u202c (( “",
    "=1+1",
)


@pytest.mark.parametrize("paragraph", PARAGRAPHS)
def test_a_paragraph_elsewhere_changes_nothing_in_a_sentence_that_names_its_actors(coder, paragraph):
    def told(text: str) -> list[tuple[object, ...]]:
        made = code(coder, text)
        assert isinstance(made, Coding)
        return [
            (one.type, one.mode, one.status, one.date, *(p.actor for p in (*one.source, *one.target)), one.sentence, one.trigger)
            for one in made.events
            if one.sentence[1] <= len(BEFORE)
        ]  # fmt: skip

    assert told(BEFORE)
    assert told(f"{BEFORE}\n\n{paragraph}") == told(BEFORE)


def test_members_of_an_archive_are_read_and_never_written(tmp_path):
    """A name that leads out of the folder names nothing but the rows; nothing is unpacked to the disk."""
    from comity.exchange import files

    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for name in ("../../out.tsv", "/etc/out.tsv", "C:\\out.tsv"):
            archive.writestr(name, "a\tb\n")
    before = sorted(tmp_path.rglob("*"))
    for member in files.members(tmp_path / "a.zip"):
        with files.opened(tmp_path / "a.zip", member) as stream:
            assert stream.read() == b"a\tb\n"
    assert sorted(tmp_path.rglob("*")) == before


def test_a_packed_file_of_rows_that_is_one_endless_line_is_refused(tmp_path):
    from comity.exchange import ExchangeError, files

    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("rows.tsv", b"\0" * (files.LONGEST_LINE + files.BLOCK + 1))
    assert (tmp_path / "a.zip").stat().st_size < 100_000
    with (
        pytest.raises(ExchangeError, match="longer than"),
        files.opened(tmp_path / "a.zip", "rows.tsv") as stream,
    ):
        list(files.whole_lines(stream))


@pytest.mark.parametrize("bad", [text for text in HOSTILE if text != "\ud800"])
def test_hostile_words_are_kept_in_the_record_and_made_visible(coder, bad, tmp_path, capsys):
    coding = code(coder, f"Norway condemned Kenya {bad} on Monday.", title=f"Title {bad}", outlet=bad or None)
    assert isinstance(coding, Coding)
    assert bad in coding.report.text
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown(coding.report.title))
    with Ledger(tmp_path / "l") as ledger:
        ledger.add([coding])
    with Ledger(tmp_path / "l", read_only=True) as ledger:
        assert to_json(ledger.coding("made")) == to_json(coding)
        assert ledger.count("reports") == 1
    answer = here(capsys, "events", "--ledger", tmp_path / "l")
    assert answer.code == 0
    assert not set(answer.out) & set("\x00\x07\x1b\u202e\u2066")


def test_a_bad_report_is_left_out_and_the_run_goes_on(coder, monkeypatch):
    """What breaks in one report is told with its place; its neighbours are coded as without it."""
    from comity import actors

    whole = actors.resolve

    def breaking(report, *rest):
        if report.id == "bad":
            raise RecursionError("too deep")
        return whole(report, *rest)

    expected = code(coder, REPORT.text)
    monkeypatch.setattr(actors, "resolve", breaking)
    bad = Report(id="bad", text=REPORT.text, language="en", source="here.txt:3")
    first, left_out, last = coder.stream([expected.report, bad, expected.report])
    assert first == last == expected
    assert isinstance(left_out, LeftOut)
    assert (left_out.source, left_out.reason) == ("here.txt:3", "coding failed: RecursionError: too deep")
