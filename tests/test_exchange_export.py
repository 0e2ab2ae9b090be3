"""What leaves for each format, what stays behind and why, and where each row comes from."""

import csv
import io
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from exchange_samples import gdelt, icews, phoenix, plover, polecat
from hypothesis import given, settings
from hypothesis import strategies as st
from ledger_samples import fresh_ledger, sample
from shared import SHARED, needs_shared

from comity import Ledger
from comity.codebook import codebook
from comity.exchange import EXPORT_FORMATS, ExchangeError, export, flat, import_file
from comity.exchange.codes import actor_code, parts_of, party_of
from comity.records import Party

GOLDEN = Path(__file__).parent / "data" / "exchange"
"""What the sample report gives in each format; written anew by: python tests/test_exchange_export.py"""

WRITTEN = ("gdelt", "gdelt-mentions", "icews", "polecat", "phoenix", "plover", "citron", "csv")


def coded(id="r1"):
    return sample(id, url="https://courier.example/1")


@pytest.fixture(scope="module")
def ledger(tmp_path_factory):
    with Ledger(tmp_path_factory.mktemp("l") / "l") as opened:
        opened.add([coded()])
        yield opened


def jsonl(path):
    return [json.loads(line) for line in Path(path).read_text().splitlines()]


@pytest.mark.parametrize("to", WRITTEN)
def test_the_golden_file_of_each_format(to, ledger, tmp_path):
    done = export(ledger, to, tmp_path / "out")
    assert (tmp_path / "out").read_text("utf-8") == (GOLDEN / to).read_text("utf-8")
    assert done.rows == len(jsonl(done.provenance)) or to == "citron"


def test_parquet_holds_the_view_as_it_is(ledger, tmp_path):
    export(ledger, "parquet", tmp_path / "out", all=True)
    kept = pq.read_table(tmp_path / "out").to_pylist()
    assert sorted(kept, key=str) == sorted(ledger.events().to_pylist(), key=str)


# --- what leaves -----------------------------------------------------------------------------------------------------


def test_what_stays_behind_is_listed_with_its_reason(ledger, tmp_path):
    done = export(ledger, "gdelt", tmp_path / "out")
    assert done.left_out == {"is denied": 1, "its date is not known to the day": 1}
    left = jsonl(done.companion)
    assert {one["reason"]: (one["event"]["type"], one["report"]) for one in left} == {
        "is denied": ("COERCE", "r1"), "its date is not known to the day": ("AGREE", "r1"),
    }  # fmt: skip
    assert left[0]["event"]["id"] == left[0]["record"]


def test_the_rule_of_what_is_asserted_can_be_chosen(ledger, tmp_path):
    done = export(ledger, "plover", tmp_path / "out", asserted="independent")
    assert done.rows == 0
    assert done.left_out == {
        "is denied": 1,
        "rests on its source's word, which the rule 'independent' does not count": 1,
        "rests on its target's word, which the rule 'independent' does not count": 1,
    }
    assert done.said == "Events asserted by an independent account."
    assert export(ledger, "plover", tmp_path / "out", asserted="anyone").rows == 2


def test_with_all_nothing_stays_behind_and_the_status_is_told(ledger, tmp_path):
    done = export(ledger, "plover", tmp_path / "out", all=True)
    assert (done.rows, done.left_out, done.companion) == (3, {}, None)
    assert {one["event"][0]: one.get("comity_status", "actual") for one in jsonl(tmp_path / "out")} == {
        "CONSULT": "actual", "AGREE": "actual", "COERCE": "denied",
    }  # fmt: skip
    assert not (tmp_path / "out.left-out.jsonl").exists()


def test_an_older_companion_does_not_outlive_its_export(ledger, tmp_path):
    export(ledger, "plover", tmp_path / "out")
    assert (tmp_path / "out.left-out.jsonl").exists()
    export(ledger, "plover", tmp_path / "out", all=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "out.provenance.jsonl"]


def test_filters_choose_what_leaves(ledger, tmp_path):
    done = export(ledger, "plover", tmp_path / "out", type="CONSULT", text="phoned")
    assert (done.rows, done.left_out) == (1, {})
    assert export(ledger, "plover", tmp_path / "out", dyad="GHA-AUT").rows == 1  # mutual: both ways
    assert export(ledger, "plover", tmp_path / "out", type="PROTEST").rows == 0


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"to": "acled"}, "nothing is written as 'acled'; there are: gdelt, "),
        ({"to": "gdelt", "all": True}, "gdelt cannot say that a record is planned, denied or background"),
        ({"to": "icews", "header": "bigquery"}, "a header of choice is for gdelt"),
        ({"to": "gdelt", "relation": "reports"}, "relations are for csv and parquet"),
        ({"to": "gdelt", "with_text": True}, "gdelt has no place for the words"),
        ({"to": "plover", "safe": True}, "cells without formulas are for csv"),
        ({"to": "csv", "path": "nowhere/out"}, "there is no such folder"),
    ],
)
def test_what_makes_no_sense_is_refused(options, why, ledger, tmp_path):
    path = tmp_path / options.pop("path", "out")
    with pytest.raises(ExchangeError, match=why):
        export(ledger, path=path, **options)
    assert list(tmp_path.iterdir()) == []


def test_a_failed_export_leaves_the_earlier_files(ledger, tmp_path, monkeypatch):
    export(ledger, "gdelt", tmp_path / "out")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def full(*args, **more):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("comity.exchange.exporting.rebuilding.data", full)
    with pytest.raises(ExchangeError, match="out: cannot be written"):
        export(ledger, "gdelt", tmp_path / "out")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


# --- where it comes from ---------------------------------------------------------------------------------------------


def test_each_row_says_what_it_rests_on(ledger, tmp_path):
    done = export(ledger, "gdelt", tmp_path / "out")
    call = coded().events[0]
    rows = [line.split("\t") for line in (tmp_path / "out").read_text().splitlines()]
    for row, entry in zip(rows, jsonl(done.provenance)):
        assert entry["id"] == row[0]
        assert (entry["record"], entry["sentence"], entry["trigger"]) == (
            call.id,
            list(call.sentence),
            list(call.trigger),
        )
        assert entry["report"]["url"] == row[60]
        assert (entry["codebook"], entry["coder"]) == ("plover-2.0+comity-1", "comity 0.1.0")
    assert len({row[0] for row in rows}) == 2
    assert all(2**52 <= int(row[0]) < 2**53 for row in rows)


def test_ids_are_the_same_each_time_and_elsewhere(tmp_path):
    made = []
    for place in ("a", "b"):
        with fresh_ledger(tmp_path / place) as ledger:
            if place == "b":
                ledger.add([sample("r0")])
            ledger.add([coded()])
            export(ledger, "gdelt", tmp_path / "out", report="r1")
        made.append((tmp_path / "out").read_bytes())
    assert made[0] == made[1]


def test_corrections_shape_the_rows_and_are_told(tmp_path):
    with fresh_ledger(tmp_path / "l") as ledger:
        ledger.add([coded()])
        id = coded().events[0].id
        ledger.correct(id, "target", "NGA", author="ada", reason="another one")
        done = export(ledger, "phoenix", tmp_path / "out")
    rows = [line.split("\t") for line in (tmp_path / "out").read_text().splitlines()]
    assert [(row[5], row[9]) for row in rows] == [("AUTGOV", "NGAGOV"), ("NGAGOV", "AUTGOV")]
    assert [(one["author"], one["field"], one["reason"]) for one in jsonl(done.provenance)[0]["corrections"]] == [
        ("ada", "target", "another one")
    ]


def test_imported_rows_say_their_file_and_line(tmp_path):
    (tmp_path / "in").write_bytes(gdelt())
    with fresh_ledger(tmp_path / "l") as ledger:
        import_file(ledger, tmp_path / "in", "gdelt")
        done = export(ledger, "gdelt", tmp_path / "out")
    assert [(one["id"], one["file"], one["line"]) for one in jsonl(done.provenance)][:2] == [
        ("900000001", "in", 1), ("900000002", "in", 2),
    ]  # fmt: skip


# --- from one format into another ------------------------------------------------------------------------------------


def test_imported_events_leave_in_every_format(tmp_path):
    origins = {"gdelt": gdelt(), "icews": icews(), "polecat": polecat(), "phoenix": phoenix(), "plover": plover()}
    with fresh_ledger(tmp_path / "l") as ledger:
        for origin, data in origins.items():
            (tmp_path / origin).write_bytes(data)
            import_file(ledger, tmp_path / origin, origin)
        for to in EXPORT_FORMATS:
            if to in ("citron", "gdelt-mentions"):
                continue
            done = export(ledger, to, tmp_path / "out")
            assert done.records + sum(done.left_out.values()) == ledger.count("events") == 18
            origins_out = {one["origin"] for one in jsonl(done.provenance)}
            assert origins_out == set(origins), to


def test_intensities_are_those_of_the_format_that_is_written(tmp_path):
    (tmp_path / "in").write_bytes(icews())
    with fresh_ledger(tmp_path / "l") as ledger:
        import_file(ledger, tmp_path / "in", "icews")
        export(ledger, "gdelt", tmp_path / "out")
        export(ledger, "plover", tmp_path / "plover")
    rows = {line.split("\t")[26]: line.split("\t") for line in (tmp_path / "out").read_text().splitlines()}
    assert {code: (row[29], row[30]) for code, row in rows.items()} == {
        code: (str(codebook().quad_in("gdelt", code)), f"{codebook().goldstein(code, 'gdelt')}") for code in rows
    }
    assert {one["event"][0]: one["event_scale"] for one in jsonl(tmp_path / "plover")} == {
        "CONSULT": 1.5,
        "COERCE": -7.0,
    }


def test_mentions_are_of_coded_events_only(tmp_path):
    (tmp_path / "in").write_bytes(gdelt())
    with fresh_ledger(tmp_path / "l") as ledger:
        import_file(ledger, tmp_path / "in", "gdelt")
        done = export(ledger, "gdelt-mentions", tmp_path / "out")
    assert done.rows == 0
    assert done.left_out == {"was imported: the report that mentions it is not known": 7}


# --- quad classes, intensities, codes --------------------------------------------------------------------------------

QUADS = {
    "gdelt": {**dict.fromkeys(["01", "02", "03", "04", "05"], 1), **dict.fromkeys(["06", "07", "08", "09"], 2),
              **dict.fromkeys(["10", "11", "12", "13", "14"], 3), **dict.fromkeys(["15", "16", "17", "18", "19", "20"], 4)},
    "phoenix": {**dict.fromkeys(["01", "02"], 0), **dict.fromkeys(["03", "04", "05"], 1),
                **dict.fromkeys(["06", "07", "08"], 2), **dict.fromkeys(["09", "10", "11", "12", "13", "16"], 3),
                **dict.fromkeys(["14", "15", "17", "18", "19", "20"], 4)},
}  # fmt: skip


@pytest.mark.parametrize("format", QUADS)
def test_quad_classes_are_those_of_the_format_s_files(format):
    assert {root: codebook().quad_in(format, root + "0") for root in QUADS[format]} == QUADS[format]


@needs_shared
def test_intensities_are_those_of_the_field_s_tables():
    book = codebook()
    columns = {"icews": "icews_r_package", "phoenix": "phoenix_postprocess", "gdelt": "gdelt_sample_20191024143000"}
    with (SHARED / "field" / "samples" / "goldstein_compare.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["cameo"] in book.cameo_codes]
    for format, column in columns.items():
        wanted = {row["cameo"]: float(row[column]) for row in rows if row[column]}
        assert {code: book.goldstein(code, format) for code in wanted} == wanted


@pytest.mark.parametrize("root", [f"{n:02}" for n in range(1, 21)])
@pytest.mark.parametrize("format", ["gdelt", "icews", "phoenix"])
def test_no_code_stops_an_export(format, root):
    book = codebook()
    for code in book.cameo_codes:
        if code.startswith(root):
            nearest = book.nearest(code, format)
            assert book.goldstein(nearest.code, format) is not None
            assert nearest.code == code or nearest.reduced


@pytest.mark.parametrize(
    ("party", "code"),
    [
        (Party(name="China", country="CHN"), "CHN"),
        (Party(text="the government", country="CHN", sector="GOV"), "CHNGOV"),
        (Party(name="X", country="FRA", sector="GOV", office="Defence Minister"), "FRAGOVMIL"),
        (Party(name="NATO", country="IGO:NATO"), "IGOWSTNAT"),
        (Party(name="UNHCR", country="IGO:UN", actor="igo:UNHCR"), "IGOUNOREFHCR"),
        (Party(name="UN", country="IGO:UN"), "IGOUNO"),
        (Party(text="journalists", country="GROUP:journalists@EGY", sector="JRN"), "EGYMED"),
        (Party(text="doctors", country="GROUP:doctors@EGY", sector="MED"), "EGYHLH"),
        (Party(text="somebody"), ""),
    ],
)
def test_actor_codes_follow_cameo_s_manual(party, code):
    assert actor_code(party) == code


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(["USA", "ROM", "GOV", "MIL", "MED", "IGO", "UNO", "CVL", "RAD", "MOS", "kur", "XYZ"]),
        max_size=5,
    )
)
def test_any_actor_code_can_be_taken_apart(groups):
    code = "".join(groups)
    parts = parts_of(code)
    kept = [parts.country, parts.group, parts.ethnic, *parts.religions, *parts.roles, *parts.other]
    assert sorted(part for part in kept if part) == sorted(groups)
    assert (party_of(code, None) is None) == (code == "")


# --- CSV -------------------------------------------------------------------------------------------------------------


@settings(deadline=None)
@given(st.lists(st.lists(st.text(max_size=8), min_size=2, max_size=2), max_size=5))
def test_csv_can_be_read_back(rows):
    assert list(csv.reader(io.StringIO(flat.lines(rows), newline=""))) == rows


@settings(deadline=None)
@given(st.text(max_size=12))
def test_no_cell_is_a_formula(cell):
    made = flat.harmless(cell)
    assert made in (cell, "'" + cell)
    if made.startswith(flat.DANGEROUS):
        float(made)


def test_formulas_are_guarded_on_demand(tmp_path):
    text = '=HYPERLINK("http://x.example") called Ghana. @sum called Ghana.'
    coding = sample("r1", title='=cmd|"/c calc"!A1')
    with fresh_ledger(tmp_path / "l") as ledger:
        ledger.add([coding])
        export(ledger, "csv", tmp_path / "plain", relation="reports")
        export(ledger, "csv", tmp_path / "safe", relation="reports", safe=True)
    titles = [next(csv.DictReader((tmp_path / name).open(newline="")))["title"] for name in ("plain", "safe")]
    assert titles == ['=cmd|"/c calc"!A1', '\'=cmd|"/c calc"!A1']
    assert flat.harmless("-7.5") == "-7.5"
    assert flat.harmless(text) == "'" + text


@pytest.mark.parametrize("relation", flat.RELATIONS)
def test_every_relation_has_its_table(relation, ledger, tmp_path):
    done = export(ledger, "csv", tmp_path / "out", relation=relation, with_text=True, all=relation == "events")
    with (tmp_path / "out").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == done.rows == ledger.count(relation) == len(jsonl(done.provenance)) > 0


def test_the_words_stay_at_home_unless_asked_for(ledger, tmp_path):
    for relation in ("events", "statements", "reports"):
        export(ledger, "csv", tmp_path / relation, relation=relation)
        assert "phoned" not in (tmp_path / relation).read_text()
    export(ledger, "csv", tmp_path / "events", with_text=True)
    assert "phoned" in (tmp_path / "events").read_text()


def test_gdelt_s_header_can_be_chosen(ledger, tmp_path):
    export(ledger, "gdelt", tmp_path / "a", header="bigquery")
    export(ledger, "gdelt", tmp_path / "b", header="codebook")
    first = [(tmp_path / name).read_text().splitlines()[0].split("\t") for name in ("a", "b")]
    assert [line[:2] for line in first] == [["GLOBALEVENTID", "SQLDATE"], ["GlobalEventID", "Day"]]
    assert [line[36] for line in first] == ["Actor1Geo_FullName", "Actor1Geo_Fullname"]


if __name__ == "__main__":
    import tempfile

    GOLDEN.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, Ledger(Path(folder) / "l") as made:
        made.add([coded()])
        for name in WRITTEN:
            export(made, name, Path(folder) / name)
            (GOLDEN / name).write_bytes((Path(folder) / name).read_bytes())
