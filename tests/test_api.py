"""The library as a user meets it: `import comity`, and the same bytes whatever the way."""

import pyarrow as pa
import pytest
from cli_running import comity as run_comity
from cli_running import demo_codings

import comity
from comity.records import LeftOut, coding_from_json, from_batch, to_batch, to_json

TEXT = (
    "Ministers meet in Vienna\nPublished: 3 May 2021\n\n"
    "The foreign ministers of Japan and India met in Vienna on Monday. Japan praised India.\n"
)


@pytest.fixture(scope="module")
def coder():
    return comity.Coder()


@pytest.fixture
def place(tmp_path):
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")
    (tmp_path / "b.txt").touch()
    return tmp_path


def test_one_report(coder, place):
    coding = coder.code(comity.read(place / "a.txt"))
    assert (coding.report.text, coding.report.published) == (TEXT, "2021-05-03")
    assert {event.type for event in coding.events} == {"CONSULT", "SUPPORT"}


def test_many_reports_and_what_is_left_out(coder, place):
    coding, left_out = coder.stream(comity.read_many(place))
    assert isinstance(coding, comity.Coding)
    assert isinstance(left_out, comity.LeftOut)
    assert left_out.reason == "it is empty"


def test_what_cannot_be_coded_is_an_error_with_its_reason(coder):
    with pytest.raises(comity.NotCoded, match="no text") as caught:
        coder.code(comity.Report(id="x", text=" \n"))
    assert isinstance(caught.value.left_out, LeftOut)


def test_a_ledger_answers_in_arrow(place):
    with comity.Ledger(place / "l") as ledger:
        ledger.add(demo_codings())
        found = ledger.events(between="CHN-RUS", background=False)
        assert isinstance(found, pa.Table)
        assert found.num_rows == ledger.count("events", between="CHN-RUS", background=False) > 0
        assert found["day_first"].null_count == found["date"].null_count
    with comity.Ledger(place / "l", read_only=True) as ledger:
        assert ledger.coding(demo_codings()[0].report.id) == demo_codings()[0]


def test_the_library_and_the_command_line_agree(coder, place):
    answer = run_comity("code", "a.txt", "--jsonl", "-", cwd=place)
    report = comity.read(place / "a.txt")
    coding = coding_from_json(answer.out.encode())
    assert coding.report.source == "a.txt"
    assert coding.events == coder.code(report).events


def test_neighbours_change_nothing(coder):
    reports = [coding.report for coding in demo_codings()]
    backwards = list(coder.stream(reversed(reports)))[::-1]
    assert [to_json(coding) for coding in backwards] == [to_json(coding) for coding in demo_codings()]
    for coding in demo_codings()[::6]:
        assert to_json(coder.code(coding.report)) == to_json(coding)


def test_codings_travel_as_arrow_and_json():
    codings = list(demo_codings())
    assert list(from_batch(to_batch(codings))) == codings
    assert [coding_from_json(to_json(coding)) for coding in codings] == codings
