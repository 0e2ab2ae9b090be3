"""A file that was imported can be written again: the same bytes, from typed columns."""

import pytest
from exchange_samples import SAMPLES, gdelt, gdelt_row, icews, plover, polecat
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from shared import SHARED, needs_shared

from comity import Ledger
from comity.exchange import export, import_file

FIELD = SHARED / "field" / "samples"


@pytest.fixture(scope="module")
def ledgers(tmp_path_factory):
    """Makes new ledgers, quickly: copies of an empty one."""
    import itertools
    import shutil

    folder = tmp_path_factory.mktemp("ledgers")
    Ledger(folder / "empty").close()
    numbers = itertools.count()

    def make():
        place = folder / str(next(numbers))
        shutil.copytree(folder / "empty", place)
        return Ledger(place)

    return make


def there_and_back(ledger, folder, name, data, format=None):
    """The bytes that come back, and the import's report."""
    file = folder / f"{name}.in"
    file.write_bytes(data)
    format = format or name.partition("-")[0]
    (report,) = import_file(ledger, file, format)
    export(ledger, format, folder / f"{name}.out")
    return (folder / f"{name}.out").read_bytes(), report


@pytest.mark.parametrize("name", SAMPLES)
def test_every_format_and_version_comes_back_byte_for_byte(name, ledgers, tmp_path):
    with ledgers() as ledger:
        back, report = there_and_back(ledger, tmp_path, name, SAMPLES[name])
    assert report.left_out == ()
    assert back == SAMPLES[name]


@needs_shared
@pytest.mark.parametrize(
    ("file", "format"), [("gdelt-20191024143000.export.CSV", "gdelt"), ("events.2018.sample.tab", "icews")]
)
def test_real_files_come_back_byte_for_byte(file, format, ledgers, tmp_path):
    with ledgers() as ledger:
        (report,) = import_file(ledger, FIELD / file, format)
        done = export(ledger, format, tmp_path / "out")
    assert (report.left_out, done.left_out) == ((), {})
    assert (tmp_path / "out").read_bytes() == (FIELD / file).read_bytes()


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.rstrip(b"\n"),
        lambda data: data.replace(b"\n", b"\r\n"),
        lambda data: b"\xef\xbb\xbf" + data,
        lambda data: data.replace(b"\n", b"\t\t\n", 2),  # two empty fields too many
        lambda data: data.replace(b"-1.25", b"-1.2500"),
        lambda data: data.replace(b"46", b"46.00").replace(b"2021.1781", b"2021.178"),
        lambda data: data.replace(b"TURKEY", b"TUR\rKEY"),
        lambda data: data.replace(b"TURKEY", b' "TURKEY" '),
        lambda data: data.replace(b"-735338", b"n/a").replace(b"39.9272", b"39,9"),
    ],
)
def test_odd_spellings_come_back_too(change, ledgers, tmp_path):
    data = change(gdelt())
    with ledgers() as ledger:
        back, report = there_and_back(ledger, tmp_path, "gdelt", data)
    assert report.left_out == ()
    assert back == data


def test_header_and_columns_of_a_file_come_back(ledgers, tmp_path):
    lines = icews().decode().splitlines()
    lines[0] = lines[0].lower().replace(" ", "_") + "\tyear\tsource_file"
    data = ("\n".join([lines[0], *(f"{line}\t2014\tx.tab" for line in lines[1:])]) + "\n").encode()
    with ledgers() as ledger:
        back, report = there_and_back(ledger, tmp_path, "icews", data)
    assert report.notes == ("with columns beyond the format's: year, source_file",)
    assert back == data


SLOWLY = settings(
    max_examples=3, deadline=None, suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)  # fmt: skip
"""Each example makes a ledger; many rows in an example are worth more than many examples."""

CELLS = st.text(st.characters(exclude_characters="\t\n\r", exclude_categories=("Cs",)), max_size=12)
NUMBERS = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False).map(repr), st.integers(-(10**20), 10**20).map(str), CELLS,
    st.sampled_from(["", "0", "-0", "007", "1e5", "1E-7", ".5", "5.", "+3", "27.971800000000002", "nan", "inf", "NA"]),
)  # fmt: skip


def changed(line, changes):
    cells = line.split("\t")
    for at, text in changes.items():
        cells[at] = text
    return "\t".join(cells)


@pytest.mark.parametrize("zero", ["-0", "-0.0"])
def test_a_zero_below_zero_comes_back_among_others(zero, ledgers, tmp_path):
    rows = [changed(gdelt_row(900000000 + n), dict.fromkeys((30, 34, 39, 40, 47, 53, 54), zero if n % 7 == 3 else "0"))
            for n in range(60)]  # fmt: skip
    data = ("\n".join(rows) + "\n").encode()
    with ledgers() as ledger:
        back, report = there_and_back(ledger, tmp_path, "gdelt", data)
    assert (report.left_out, back) == ((), data)


@SLOWLY
@given(
    rows=st.lists(
        st.dictionaries(st.integers(4, 60).filter(lambda at: at != 26), NUMBERS, max_size=12), min_size=40, max_size=60
    )
)
def test_whatever_stands_in_gdelt_s_cells_comes_back(rows, ledgers, tmp_path_factory):
    data = "".join(changed(gdelt_row(900000000 + n), row) + "\n" for n, row in enumerate(rows)).encode()
    with ledgers() as ledger:
        back, report = there_and_back(ledger, tmp_path_factory.mktemp("x"), "gdelt", data)
    assert report.left_out == ()
    assert back == data


LATIN = st.text(st.characters(codec="iso-8859-1", exclude_characters="\t\n\r", exclude_categories=("Cc",)), max_size=9)


@SLOWLY
@given(
    rows=st.lists(st.dictionaries(st.integers(6, 39), st.one_of(LATIN, NUMBERS), max_size=12), min_size=20, max_size=40)
)
def test_whatever_stands_in_polecat_s_cells_comes_back(rows, ledgers, tmp_path_factory):
    header, line, _ = polecat(encoding="utf-8").decode().splitlines()
    lines = [header, *(changed(line.replace("0007", f"{n:04}"), row) for n, row in enumerate(rows))]
    data = ("\n".join(lines) + "\n").encode()
    with ledgers() as ledger:
        back, report = there_and_back(ledger, tmp_path_factory.mktemp("x"), "polecat", data)
    assert report.left_out == ()
    assert back == data


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**53), 2**53), st.text(max_size=5)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=6), inner, max_size=3)),
    max_leaves=6,
)
KEYS = st.sampled_from(["actor", "recipient", "mode", "context", "size", "quad_code", "event_scale", "cite_info", "x"])


@SLOWLY
@given(objects=st.lists(st.dictionaries(KEYS, JSON, max_size=4), min_size=30, max_size=50))
def test_whatever_stands_in_plover_s_fields_comes_back(objects, ledgers, tmp_path_factory):
    import msgspec

    lines = [{"id": f"h-{n}", **one, "event": ["AID"], "date": "2019-01-02"} for n, one in enumerate(objects)]
    data = b"".join(msgspec.json.encode(line) + b"\n" for line in lines)
    with ledgers() as ledger:
        back, report = there_and_back(ledger, tmp_path_factory.mktemp("x"), "plover", data)
    assert report.left_out == ()
    assert back == data


def test_a_part_of_a_file_is_its_rows_alone(ledgers, tmp_path):
    (tmp_path / "in").write_bytes(gdelt())
    with ledgers() as ledger:
        import_file(ledger, tmp_path / "in", "gdelt")
        export(ledger, "gdelt", tmp_path / "out", source="TUR")
    lines = gdelt().splitlines(keepends=True)
    assert (tmp_path / "out").read_bytes() == lines[1]


def test_files_of_several_forms_leave_in_the_usual_one(ledgers, tmp_path):
    other = icews("7/0{}/2014", missing="").replace(b"3000000", b"3100000").replace(b"\n", b"\r\n")
    with ledgers() as ledger:
        for name, data in (("a", icews()), ("b", other)):
            (tmp_path / name).write_bytes(data)
            import_file(ledger, tmp_path / name, "icews")
        export(ledger, "icews", tmp_path / "out")
    usual = icews()
    assert (tmp_path / "out").read_bytes() == usual + b"".join(
        usual.replace(b"3000000", b"3100000").splitlines(keepends=True)[1:]
    )


def test_only_a_corrected_field_changes(ledgers, tmp_path):
    (tmp_path / "in").write_bytes(gdelt())
    with ledgers() as ledger:
        import_file(ledger, tmp_path / "in", "gdelt")
        (id,) = ledger.events(columns=["id"], source="TUR")["id"].to_pylist()
        ledger.correct(id, "type", "ACCUSE", author="ada")
        done = export(ledger, "gdelt", tmp_path / "out")
    before = [line.split("\t") for line in gdelt().decode().splitlines()]
    after = {line.split("\t")[0]: line.split("\t") for line in (tmp_path / "out").read_text().splitlines()}
    changed = [at for at, (old, new) in enumerate(zip(before[1], after["900000002"])) if old != new]
    assert [before[1][at] for at in changed] == ["042", "042", "04", "1", "1.9"]
    assert [after["900000002"][at] for at in changed] == ["110", "110", "11", "3", "-2.0"]
    assert {id: row for id, row in after.items() if id != "900000002"} == {
        row[0]: row for row in before if row[0] != "900000002"
    }
    assert done.rows == 7


def test_plover_lines_that_are_not_compact_say_the_same(ledgers, tmp_path):
    import json

    loose = b"".join(json.dumps(json.loads(line)).encode() + b"\n" for line in plover().splitlines())
    with ledgers() as ledger:
        back, report = there_and_back(ledger, tmp_path, "plover", loose)
    assert "lines with other blanks or escapes than compact JSON, which say the same when written: 3" in report.notes
    assert [json.loads(line) for line in back.splitlines()] == [json.loads(line) for line in loose.splitlines()]


def test_large_files_go_in_several_parts(ledgers, tmp_path, monkeypatch):
    from comity.exchange import files, importing

    monkeypatch.setattr(files, "BLOCK", 3000)
    monkeypatch.setattr(importing, "PART", 20)
    rows = [gdelt_row(910000000 + n, url=f"https://x.example/{n % 9}") for n in range(150)]
    data = ("\n".join(rows) + "\n").encode()
    with ledgers() as ledger:
        parts = []
        (tmp_path / "in").write_bytes(data)
        (report,) = import_file(ledger, tmp_path / "in", "gdelt", on_part=parts.append)
        export(ledger, "gdelt", tmp_path / "out")
    assert report.rows == 150
    assert len(parts) > 3 and parts == sorted(parts)
    assert (tmp_path / "out").read_bytes() == data
