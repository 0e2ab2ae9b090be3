"""What becomes of a row of another project's file, and what is told about the file."""

import gzip
import subprocess
import sys
import zipfile

import pytest
from cli_running import ENVIRONMENT
from exchange_samples import GDELT_NONE, SAMPLES, gdelt, gdelt_row, icews, phoenix, plover, polecat
from ledger_samples import fresh_ledger
from shared import SHARED, needs_shared

from comity.exchange import IMPORTED_FORMATS, ExchangeError, NotThisFormat, files, import_file
from comity.exchange.facts import shift, told


@pytest.fixture
def ledger(tmp_path):
    with fresh_ledger(tmp_path / "ledger") as opened:
        yield opened


def imported(ledger, tmp_path, data, format, name="file"):
    (tmp_path / name).write_bytes(data)
    (report,) = import_file(ledger, tmp_path / name, format)
    return report


FIELDS = [
    "origin",
    "scale",
    "type",
    "mode",
    "cameo",
    "quad",
    "intensity",
    "sources",
    "targets",
    "scope",
    "date",
    "outlet",
]


def events(ledger, *fields):
    found = ledger.events(columns=list(fields or FIELDS)).to_pylist()
    return sorted((tuple(row.values()) for row in found), key=str)


def test_a_gdelt_row_is_an_event_of_its_states(ledger, tmp_path):
    imported(ledger, tmp_path, (gdelt_row() + "\n").encode(), "gdelt")
    assert events(ledger) == [
        ("gdelt", "goldstein", "CONSULT", "visit", "042", "verbal cooperation", 1.9, ["FRA"], ["TUR"], "international",
         "2021-03-05", "paper.example"),
    ]  # fmt: skip
    (row,) = ledger.events().to_pylist()
    assert row["source"][0] | {} == {
        "start": None, "end": None, "text": "FRANCE", "actor": None, "name": "FRANCE", "country": "FRA", "sector": "GOV",
        "office": None, "office_status": None,
    }  # fmt: skip
    place = {key: row["place"][key] for key in ("text", "level", "country", "lat", "lon")}
    assert place == {
        "text": "Ankara, Ankara, Turkey",
        "level": "city",
        "country": "TUR",
        "lat": 39.9272,
        "lon": 32.8644,
    }
    assert (row["report_id"], row["account_party"], row["status"], row["background"]) == (None, None, "actual", False)


def test_an_icews_row_is_an_event_of_its_actors(ledger, tmp_path):
    imported(ledger, tmp_path, icews(), "icews")
    rows = events(ledger, "cameo", "sources", "targets", "scope", "intensity", "scale", "outlet")
    assert rows == [
        ("010", ["RUS"], [], None, 0.0, "icews", "Other Wire"),
        ("041", ["GHA"], ["NGA"], "international", 1.0, "icews", "Coast Daily"),
        ("041", ["NGA"], ["GHA"], "international", 1.0, "icews", "Coast Daily"),
        ("173", ["NGA"], ["GROUP:Citizen (Nigeria)@NGA"], "domestic", -5.0, "icews", "Coast Daily"),
    ]


def test_a_polecat_row_keeps_several_actors(ledger, tmp_path):
    report = imported(ledger, tmp_path, polecat(), "polecat")
    (visit,) = ledger.events(type="CONSULT").to_pylist()
    assert [(p["name"], p["country"], p["sector"], p["office"]) for p in visit["source"]] == [
        ("Ana Núñez", "ESP", "GOV", "foreign minister"), ("Tiago Pó", "PRT", "GOV", None),
    ]  # fmt: skip
    assert (visit["mode"], visit["contexts"], visit["intensity"], visit["scale"]) == (
        "visit",
        ["diplomatic", "economic"],
        4.0,
        "plover",
    )
    assert visit["place"]["geonameid"] == 2267057
    assert report.notes == ("the file is not UTF-8 and read as ISO-8859-1",)


def test_a_phoenix_row_is_read_from_its_actor_codes(ledger, tmp_path):
    imported(ledger, tmp_path, phoenix(), "phoenix")
    assert events(ledger, "cameo", "type", "sources", "targets", "outlet", "intensity") == [
        ("057", "SUPPORT", ["KEN"], ["TZA"], "one", 8.0), ("1122", "ACCUSE", ["KEN"], ["IGO:UN"], "one", -2.0),
    ]  # fmt: skip


def test_a_plover_record_is_read_with_its_places_and_sizes(ledger, tmp_path):
    report = imported(ledger, tmp_path, plover(), "plover")
    assert report.notes == ("records with several types, of which the first one counts: 1",)
    rows = ledger.events().to_pylist()
    by_type = {row["type"]: row for row in rows}
    assert by_type["CONSULT"]["place"]["text"] == "Dodoma"
    assert by_type["CONSULT"]["size"]["arrested"] == [3]
    assert by_type["AID"]["sources"] == ["IGO:UN"]
    assert (by_type["PROTEST"]["date"], by_type["PROTEST"]["date_end"]) == ("2019-05-08", "2019-05-10")
    assert by_type["PROTEST"]["source"][0]["text"] == "crowd"


def test_imported_events_answer_to_filters_and_stay_sound(ledger, tmp_path):
    for format in IMPORTED_FORMATS:
        report = imported(ledger, tmp_path, SAMPLES[format], format)
        assert ledger.count("events", origin=format) == report.rows > 0
    assert ledger.check() == []


# --- wrong rows ------------------------------------------------------------------------------------------------------


def test_wrong_rows_are_listed_with_their_lines(ledger, tmp_path):
    lines = gdelt().decode().splitlines()
    lines[1] = "only\tthree\tfields"
    lines[3] = lines[3].replace("900000004", "none")
    lines.insert(5, "")
    lines.append(gdelt_row(900000008, code="999"))
    lines.append(gdelt_row(900000009, day="20210230"))
    report = imported(ledger, tmp_path, "\n".join(lines).encode(), "gdelt")
    assert [(one.source, one.reason) for one in report.left_out] == [
        ("file:2", "has 3 fields instead of 61"),
        ("file:4", "has no GLOBALEVENTID that can be read: 'none'"),
        ("file:6", "is empty"),
        ("file:9", "has the event code '999', which is none of CAMEO's"),
        ("file:10", "has no SQLDATE that can be read: '20210230'"),
    ]
    assert report.rows == ledger.count("events") == 5


def test_lines_that_are_not_utf8_are_listed(ledger, tmp_path):
    lines = [gdelt_row(900000000 + n).replace("FRANCE", "CÔTE").encode() for n in range(4)]
    lines[2] = lines[2].replace("Ô".encode(), b"\xd4")
    report = imported(ledger, tmp_path, b"\n".join(lines) + b"\n", "gdelt")
    assert [(one.source, one.reason) for one in report.left_out] == [("file:3", "is not UTF-8")]


def test_a_last_line_that_is_not_utf8_is_listed_though_it_has_no_end(ledger, tmp_path):
    lines = [gdelt_row(900000000 + n).replace("FRANCE", "CÔTE").encode() for n in range(4)]
    lines[3] = lines[3].replace("Ô".encode(), b"\xd4")
    report = imported(ledger, tmp_path, b"\n".join(lines), "gdelt")
    assert [(one.source, one.reason) for one in report.left_out] == [("file:4", "is not UTF-8")]
    assert report.rows == 3


def test_wrong_lines_of_plover_are_listed(ledger, tmp_path):
    data = (
        plover()
        + plover().replace(b'"p-', b'"q-')
        + b'{"id":"p-9","event":["NONSENSE"],"date":"2019-05-08"}\n[1]\n{"id":"p-8"\n\n{"event":["AID"]}\n'
    )
    report = imported(ledger, tmp_path, data, "plover")
    assert [one.source for one in report.left_out] == [f"file:{line}" for line in range(7, 12)]
    assert report.left_out[0].reason == "has the event ['NONSENSE'], of which the first is none of PLOVER's types"
    assert report.rows == 6


def test_unreadable_cells_are_told_and_kept(ledger, tmp_path):
    data = (gdelt_row(place=[*GDELT_NONE[:5], "north", "east", ""]) + "\n").encode()
    report = imported(ledger, tmp_path, data, "gdelt")
    assert [(one.source, one.reason) for one in report.unread] == [
        ("file:1", "ActionGeo_Lat 'north' is no number"), ("file:1", "ActionGeo_Long 'east' is no number"),
    ]  # fmt: skip
    assert (report.rows, report.spelled) == (1, 2)


@pytest.mark.parametrize(
    ("data", "format", "why"),
    [
        (b"", "gdelt", "is empty"),
        (b"a\tb\tc\n1\t2\t3\n", "gdelt", "its rows have 3 tab-separated fields, those of gdelt have 61 or 58 or 57"),
        (gdelt(), "icews", "the first line does not name the columns of icews"),
        (gdelt(), "plover", "most of its lines are no PLOVER events"),
        (icews().replace(b"Event Date", b"When"), "icews", "has no column event_date"),
        (gdelt().replace(b"042", b"none"), "gdelt", "lines are no rows of GDELT"),
    ],
)
def test_a_file_of_another_format_is_refused_whole(data, format, why, ledger, tmp_path):
    (tmp_path / "file").write_bytes(data)
    with pytest.raises(NotThisFormat, match=r"file: .*" + why):
        import_file(ledger, tmp_path / "file", format)
    assert ledger.count("events") == 0


def test_unknown_formats_and_files_are_errors(ledger, tmp_path):
    with pytest.raises(ExchangeError, match="files of 'acled' are not read; there are: gdelt, icews"):
        import_file(ledger, tmp_path / "file", "acled")
    with pytest.raises(ExchangeError, match="there is no such file"):
        import_file(ledger, tmp_path / "file", "gdelt")


# --- once ------------------------------------------------------------------------------------------------------------


def test_a_file_and_a_row_are_stored_once(ledger, tmp_path):
    first = imported(ledger, tmp_path, gdelt(), "gdelt")
    again = imported(ledger, tmp_path, gdelt(), "gdelt", "renamed")
    more = gdelt_row(900000099) + "\n" + gdelt_row(900000099) + "\n" + gdelt_row(900000003) + "\n"
    other = imported(ledger, tmp_path, more.encode(), "gdelt", "other")
    assert (first.rows, first.known, again.rows, again.known) == (7, False, 0, True)
    assert [(one.line, one.key) for one in other.repeats] == [(2, "900000099 2021-03-05"), (3, "900000003 2021-03-05")]
    assert ledger.count("events") == 8


def test_the_id_of_icews_may_come_back_on_another_day(ledger, tmp_path):
    data = icews() + icews("2015-01-0{}").split(b"\n", 1)[1]
    report = imported(ledger, tmp_path, data, "icews")
    assert (report.rows, report.repeats) == (8, ())


def test_packed_files_are_read(ledger, tmp_path):
    (tmp_path / "x.CSV.gz").write_bytes(gzip.compress(gdelt()))
    with zipfile.ZipFile(tmp_path / "y.zip", "w") as archive:
        archive.writestr("one.tab", icews())
        archive.writestr("two.tab", icews("2016-02-0{}"))
    (packed,) = import_file(ledger, tmp_path / "x.CSV.gz", "gdelt")
    reports = import_file(ledger, tmp_path / "y.zip", "icews")
    assert packed.rows == 7
    assert [(one.file, one.rows) for one in reports] == [("y.zip!one.tab", 4), ("y.zip!two.tab", 4)]


def test_an_archive_with_any_byte_of_its_list_changed_is_read_or_refused(tmp_path):
    path = tmp_path / "y.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("rows.tab", b"a\tb\n")
    whole = path.read_bytes()
    refused = 0
    for at in range(whole.rindex(b"PK\x01\x02"), len(whole)):
        for change in (1, 8, 64, 255):
            path.write_bytes(whole[:at] + bytes([whole[at] ^ change]) + whole[at + 1 :])
            try:
                for member in files.members(path):
                    with files.opened(path, member) as stream:
                        stream.read()
            except ExchangeError:
                refused += 1
    assert refused > 50


def test_a_broken_file_leaves_nothing(ledger, tmp_path):
    (tmp_path / "x.CSV.gz").write_bytes(gzip.compress(gdelt())[:-20])
    with pytest.raises(ExchangeError, match="cannot be read"):
        import_file(ledger, tmp_path / "x.CSV.gz", "gdelt")
    assert ledger.count("events") == 0
    assert ledger.check() == []


_FULL = """
import resource, signal, sys
from comity.exchange import import_file
from comity.ledger import Ledger, LedgerFull
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with Ledger(sys.argv[1]) as ledger:
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, resource.RLIM_INFINITY))
    try:
        import_file(ledger, sys.argv[2], "gdelt")
    except LedgerFull as error:
        print(error)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    print(ledger.count("events"), import_file(ledger, sys.argv[2], "gdelt")[0].rows, len(ledger.check()))
"""


def test_a_disk_that_is_full_while_importing_is_told_and_survived(tmp_path):
    """A limit on file sizes stands in for the full disk."""
    place = tmp_path / "l"
    fresh_ledger(place).close()
    rows = [gdelt_row(10**8 + n, url=f"https://x.example/{n * 2654435761 % 2**40:x}") for n in range(12_000)]
    (tmp_path / "file").write_text("\n".join(rows) + "\n")
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", _FULL, str(place), str(tmp_path / "file")],
        capture_output=True, text=True, check=False, env=ENVIRONMENT, timeout=120,
    )  # fmt: skip
    lines = done.stdout.splitlines()
    assert lines == [
        f"{place}: no room left on the device; make room and run this again: what was committed before is kept", "0 12000 0",
    ], done  # fmt: skip


# --- what is told ----------------------------------------------------------------------------------------------------


def test_a_file_s_facts(ledger, tmp_path):
    facts = imported(ledger, tmp_path, gdelt(), "gdelt").facts
    assert (facts.rows, facts.documents, facts.most_of_one_document) == (7, 3, 4)
    assert (facts.both_countries, facts.same_country, facts.domestic_share) == (5, 1, 0.2)
    assert (facts.without_source, facts.without_target, facts.redundant, facts.mirrored) == (1, 1, 1, 3)
    assert (facts.same_day, facts.shifted) == (6, (("-1 year", 1),))
    assert facts.roots == {"01": 1, "04": 4, "18": 1, "19": 1}


@needs_shared
def test_the_facts_of_a_real_file_are_those_counted_by_hand(ledger, tmp_path):
    """The figures of the field's notes on this file (`formats.md` 4.2)."""
    (report,) = import_file(ledger, SHARED / "field" / "samples" / "gdelt-20191024143000.export.CSV", "gdelt")
    facts = report.facts
    assert (facts.rows, facts.documents, facts.most_of_one_document) == (2111, 425, 96)
    assert (facts.both_countries, facts.same_country) == (590, 121)
    assert (facts.without_source, facts.without_target) == (174, 531)
    assert (facts.redundant, facts.mirrored) == (596, 483)
    assert (round(facts.same_day_share, 3), facts.shifted) == (
        0.972, (("-1 year", 24), ("-1 month", 20), ("-1 day", 9), ("-7 days", 7)),
    )  # fmt: skip
    assert round(sum(facts.roots[root] for root in ("01", "02", "03", "04", "05")) / facts.rows, 3) == 0.579
    assert "domestic: 121 (20.5 %) of the 590 rows that have both countries" in told(facts)


def test_distances_between_days_are_named():
    import datetime

    day = datetime.date(2020, 2, 29)
    assert [shift(day, datetime.date.fromisoformat(added)) for added in ("2020-02-29", "2021-03-01", "2020-03-29")] == [
        "same day", "-366 days", "-1 month",
    ]  # fmt: skip
    assert shift(datetime.date(2020, 5, 1), datetime.date(2021, 5, 1)) == "-1 year"


def test_the_import_is_remembered_with_its_figures(ledger, tmp_path):
    import json

    imported(ledger, tmp_path, gdelt(), "gdelt")
    (row,) = ledger.query("SELECT origin, file, rows, notes FROM imports_v1").to_pylist()
    notes = json.loads(row["notes"])
    assert (row["origin"], row["file"], row["rows"]) == ("gdelt", "file", 7)
    assert (notes["facts"]["domestic_share"], notes["wrong"], notes["repeats"]) == (0.2, 0, 0)
