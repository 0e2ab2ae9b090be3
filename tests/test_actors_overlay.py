"""The user's own actors: read and refused as a whole, laid over the tables, seen in the record."""

import csv
from datetime import date

import pytest
from cli_running import demo_ledger, here
from hypothesis import given
from hypothesis import strategies as st

from comity.actors import names, tables
from comity.actors.offices import offices_on
from comity.actors.overlay import ActorsError, lay_over, merge, read_overlay

GOOD = """name,kind,country,office,sector,start,end,aliases,source
Jane Example,,GBR,Foreign Secretary,,2031-01-01,,~Example;Dame Jane Example,https://example.org/jane
Vadim Probe,person,RUS,,CRM,,,,
Acme Watch,ngo,USA,,,,,,
Sergey Lavrov,,RUS,Special Envoy for Testing,,2023-01,2023-12,,
"""
FAR = date(2035, 1, 1).toordinal()


def written(tmp_path, text, name="own.csv"):
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def faults(tmp_path, text):
    with pytest.raises(ActorsError) as caught:
        read_overlay(written(tmp_path, text))
    return list(caught.value.faults)


def best(table, name, day):
    (row,) = [row for row, _ in table.rows[table.number[name]]]
    office = offices_on(table.tables, row, date.fromisoformat(day).toordinal())[0]
    return office.country, office.title, office.sector, office.level, office.status


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    """The tables with the rows of GOOD."""
    return names(written(tmp_path_factory.mktemp("good"), GOOD))


# --- what it adds ----------------------------------------------------------------------------------------------------


def test_own_actors_and_offices_stand_beside_those_of_the_tables(good):
    table = good
    assert best(table, "Jane Example", "2031-06-01") == ("GBR", "Foreign Secretary", "GOV", "minister", "current")
    assert table.rows[table.number["Dame Jane Example"]] == [
        (table.rows[table.number["Jane Example"]][0][0], tables.NAME)
    ]
    assert [kind for _, kind in table.rows[table.number["Example"]]] == [tables.WEAK]
    t = table.tables
    rows = {t.actor_name[n]: n for n in range(len(t.actor_id)) if t.actor_id[n].startswith("own:")}
    assert {name: (t.actor_kind[n], t.actor_country[n], t.actor_sector[n]) for name, n in rows.items()} == {
        "Jane Example": ("person", "GBR", "GOV"),
        "Vadim Probe": ("person", "GROUP:Vadim Probe@RUS", "CRM"),
        "Acme Watch": ("ngo", "GROUP:Acme Watch@USA", "SOC"),
    }


def test_an_office_is_added_to_the_actor_that_the_tables_know(good):
    base, table = names(), good
    (before,), (after,) = (t.rows[t.number["Sergey Lavrov"]] for t in (base, table))
    assert before[0] == after[0]
    day = date(2023, 6, 1).toordinal()
    titles = [{office.title for office in offices_on(one.tables, after[0], day)} for one in (base, table)]
    added = titles[1] - titles[0]
    assert added == {"Special Envoy for Testing"}


def test_the_open_term_of_the_one_before_ends_with_a_new_holder(tmp_path):
    t = tables.load()
    last = max(
        (n for n, level in enumerate(t.office_level) if level == "minister" and not t.office_end[n]),
        key=lambda n: t.office_start[n],
    )
    country, title = t.office_country[last], t.office_title[last]
    over = lay_over(
        t, read_overlay(written(tmp_path, f"name,country,office,start\nJo Probe,{country},{title},2031-01-01\n"))
    )
    (holder,) = [n for n in range(len(t.actor_id)) if t.office_first[n] <= last < t.office_first[n + 1]]
    assert [office.status for office in offices_on(over, holder, FAR) if (office.country, office.title) == (country, title)] == ["former"]  # fmt: skip
    new = over.actor_id.index(f"own:person:jo-probe@{country}")
    assert [(o.title, o.status) for o in offices_on(over, new, FAR)] == [(title, "current")]


def test_only_offices_with_a_source_are_verified(good):
    t = good.tables
    own = {t.sources[t.office_source[n]]: t.office_status[n] for n in range(len(t.office_title)) if t.office_source[n].startswith("own:")}  # fmt: skip
    assert own == {"https://example.org/jane": "verified", "own.csv, row 5": "unverified"}


def test_all_else_stays_as_it_was(tmp_path):
    base = tables.load()
    over = lay_over(base, read_overlay(written(tmp_path, GOOD)))
    assert over.version.startswith(base.version + "+")
    assert over.actor_id[: len(base.actor_id)] == base.actor_id
    assert set(zip(base.alias_surface, base.alias_actor)) <= set(zip(over.alias_surface, over.alias_actor))
    assert len(over.office_title) == len(base.office_title) + 2
    assert over.office_first[-1] == len(over.office_title)
    empty = lay_over(base, read_overlay(written(tmp_path, "name,country\n", "none.csv")))
    assert [getattr(empty, name) == getattr(base, name) for name in base.__struct_fields__] == [False] + [True] * (
        len(base.__struct_fields__) - 1
    )


def test_a_medium_of_ones_own_has_country_and_owner(tmp_path, monkeypatch):
    from comity.actors.outlets import facts

    path = written(
        tmp_path, "name,kind,country,ownership,domains\nProbe Herald,medium,CHL,public,probe-herald.example\n"
    )
    monkeypatch.setenv("COMITY_ACTORS", str(path))
    assert (
        facts("Probe Herald")
        == facts(None, "https://www.probe-herald.example/a/1")
        == ("Probe Herald", "CHL", "public")
    )
    monkeypatch.delenv("COMITY_ACTORS")
    assert facts("Probe Herald") is None


def test_rows_with_a_name_only_are_not_filled_in(tmp_path):
    found = read_overlay(
        written(tmp_path, "name,kind,country,mentions,example\nJo Probe,person,,12,… Jo Probe said …\n")
    )
    assert (found.rows, found.unfilled) == ((), 1)


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_spreadsheets_write_csv_in_several_ways(tmp_path, mark, delimiter):
    found = read_overlay(
        written(tmp_path, mark + "Name,Country,Office\r\nJo Probe,FRA,Ambassador\r\n".replace(",", delimiter))
    )
    assert [(row.number, row.cells["name"], row.level) for row in found.rows] == [(2, "Jo Probe", "ambassador")]


# --- what is refused -------------------------------------------------------------------------------------------------


def test_every_fault_is_named_with_its_row(tmp_path):
    assert faults(
        tmp_path,
        "name,country,office,start,end\n"
        "A B,XXX,Minister,2020,2019\n"
        "Minister,FRA,,,\n"
        "X Y,FRA,Prime Minister,2020,2022\n"
        "Z W,FRA,Prime Minister,2021,2023\n"
        "Q Q,FRA,Grand Wobbler,2020-13,\n"
        "France,DEU,,,\n"
        "X Y,FRA,Prime Minister,2022-12-31,2024\n",
    ) == [
        "row 2: the country code 'XXX' is unknown; did you mean XKX?",
        "row 2: it ends (2019) before it starts (2020)",
        "row 3: 'Minister' is a common noun, and would be found everywhere",
        "row 5: Z W holds 'Prime Minister' of FRA at the same time as X Y in row 4",
        "row 6: what sector 'Grand Wobbler' is cannot be told by its words; fill in the column sector",
        "row 6: start '2020-13' is no date; write 2022, 2022-10 or 2022-10-27",
        "row 7: 'France' is a name of France already",
        "row 8: its interval and that of row 4 overlap ('Prime Minister' of FRA)",
        "row 8: X Y holds 'Prime Minister' of FRA at the same time as Z W in row 5",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name,office\nA B,King\n", "row 1: the column 'country' is missing; required are: name, country"),
        ("name,country,offce\nA B,FRA,King\n", "row 1: there is no column 'offce'; did you mean 'office'?"),
        ("name,country,name\nA B,FRA,C\n", "row 1: the column 'name' stands there twice"),
        ("name,country\nA B,FRA,King\n", "row 2: 3 cells, but the header has 2"),
        ('name,country\n"A B,FRA\n', "it is no CSV: unexpected end of data"),
        ("", "row 1: the column 'name' is missing; required are: name, country"),
        ("name,country,kind\nA B,FRA,robot\n", "row 2: there is no kind 'robot'; there are: person, organ, igo, ngo, firm, group, party, medium, population, other"),
        ("name,country,actor\nA B,FRA,Q0\n", "row 2: the tables have no actor 'Q0'; `comity who NAME --json` gives the ids"),
        ("name,country,office\nA B,,King\n", "row 2: 'King' is an office of whom? fill in the column country"),
        ("name,country,gender\nA B,FRA,x\n", "row 2: there is no gender 'x'; there are: m, f, p (a name in the plural)"),
        ("name,country,sector,level\nA B,FRA,XXX,boss\n", "row 2: there is no level 'boss'; there are: "),
        ("name,country\nÀ,FRA\n", "row 2: 'À' is no name"),
    ],
)  # fmt: skip
def test_what_is_out_of_form_is_refused(tmp_path, text, expected):
    assert any(fault.startswith(expected) for fault in faults(tmp_path, text))


def test_another_encoding_is_refused_with_its_row(tmp_path):
    assert faults(tmp_path, b"name,country\nA B,FRA\nJos\xe9 Probe,ESP\n") == [
        "row 3: byte 0xe9 is not UTF-8; save the file with the encoding UTF-8"
    ]


def test_many_faults_are_cut_short_in_the_message_only(tmp_path):
    with pytest.raises(ActorsError) as caught:
        read_overlay(written(tmp_path, "name,country\n" + "A B,XXX\n" * 50))
    assert len(caught.value.faults) == 50
    assert str(caught.value).splitlines()[-1] == "  and 30 more"


@given(
    st.binary(max_size=200) | st.text(max_size=200).map(lambda text: ("name,country,office,start\n" + text).encode())
)
def test_any_bytes_are_read_or_refused(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("any") / "own.csv"
    path.write_bytes(data)
    try:
        read_overlay(path)
    except ActorsError as error:
        assert error.faults


# --- adding ----------------------------------------------------------------------------------------------------------


def test_files_grow_by_whole_checked_files(tmp_path):
    own, more = tmp_path / "mine.csv", written(tmp_path, GOOD)
    assert merge(own, more).actors == 4
    once = own.read_text()
    assert merge(own, more).actors == 4
    assert own.read_text() == once
    with pytest.raises(
        ActorsError,
        match="row 6: June Probe holds 'Foreign Secretary' of GBR at the same time as Jane Example in row 2",
    ):
        merge(own, written(tmp_path, "name,country,office,start\nJune Probe,GBR,Foreign Secretary,2032\n", "more.csv"))
    assert own.read_text() == once
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.csv", "more.csv", "own.csv"]


# --- commands --------------------------------------------------------------------------------------------------------


def test_code_finds_own_actors_and_refuses_a_bad_file_before_it_begins(tmp_path, capsys):
    report = written(tmp_path, "Foreign Secretary Jane Example met Vadim Probe on Monday. Example was glad.", "r.txt")
    answer = here(capsys, "code", report, "--published", "2031-03-02", "--actors", written(tmp_path, GOOD), "--json")
    (coding,) = answer.json
    assert [(m["text"], m["actor"], m["country"]) for m in coding["mentions"]] == [
        ("Jane Example", "own:person:jane-example@GBR", "GBR"),
        ("Vadim Probe", "own:person:vadim-probe@RUS", "GROUP:Vadim Probe@RUS"),
        ("Example", "own:person:jane-example@GBR", "GBR"),
    ]
    bad = written(tmp_path, "name,country\nA B,XXX\n", "bad.csv")
    answer = here(capsys, "code", report, "--actors", bad, "--jsonl", tmp_path / "out.jsonl")
    assert (answer.code, answer.out) == (2, "")
    assert "row 2: the country code 'XXX' is unknown" in answer.err
    assert not (tmp_path / "out.jsonl").exists()
    assert here(capsys, "code", report, "--actors", tmp_path / "none.csv").err.endswith("No such file or directory\n")
    assert here(capsys, "who", "Jane Example").out == ""


def test_who_shows_own_offices_with_their_source(tmp_path, capsys):
    answer = here(capsys, "who", "Jane Example", "--on", "2031-03-02", "--actors", written(tmp_path, GOOD), "--json")
    ((office,),) = [one["offices"] for one in answer.json]
    assert (office["title"], office["sources"], office["checked"]) == (
        "Foreign Secretary",
        ["https://example.org/jane"],
        True,
    )


def test_check_and_add_say_what_a_file_holds(tmp_path, capsys):
    answer = here(capsys, "actors", "check", written(tmp_path, GOOD), "--json")
    assert answer.json == {"file": str(tmp_path / "own.csv"), "rows": 4, "actors": 4, "offices": 2, "unfilled": 0}
    answer = here(capsys, "actors", "add", tmp_path / "own.csv", "--to", tmp_path / "mine.csv")
    assert " ".join(answer.out.split()).endswith(
        "4 actors with 2 offices; 3 rows are about actors that the tables do not know, 1 add to actors that they know"
    )


def test_unknowns_come_as_a_form_that_can_be_given_back(tmp_path, capsys):
    answer = here(capsys, "unknowns", "--ledger", demo_ledger(), "--json")
    found = {one["name"]: one for one in answer.json}
    assert [one["reports"] for one in answer.json] == sorted((one["reports"] for one in answer.json), reverse=True)
    assert found["Brittney Griner"]["country"] == "USA"
    assert "Brittney Griner" in found["Brittney Griner"]["example"]
    form = tmp_path / "form.csv"
    here(capsys, "unknowns", "--ledger", demo_ledger(), "--csv", form)
    rows = list(csv.DictReader(form.open(encoding="utf-8")))
    assert [row["name"] for row in rows] == [one["name"] for one in answer.json]
    assert read_overlay(form).unfilled == len(rows)
    for row in rows:
        if row["name"] == "Brittney Griner":
            row.update(country="USA", sector="CVL", gender="f")
    with form.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows([{k: v for k, v in row.items() if k != "gender"} for row in rows])
    assert [row.cells["name"] for row in read_overlay(form).rows] == ["Brittney Griner"]
    assert (
        len(here(capsys, "unknowns", "--ledger", demo_ledger(), "--kind", "person", "--limit", "1", "--json").json) == 1
    )


def test_a_coder_may_have_its_own_actors(tmp_path):
    from comity import Coder, Report

    coder = Coder(actors=written(tmp_path, GOOD))
    coding = coder.code(
        Report(id="r", text="Jane Example met Acme Watch on Monday.", published="2031-03-02", language="en")
    )
    assert [m.country for m in coding.mentions] == ["GBR", "GROUP:Acme Watch@USA"]
    assert coder.versions.tables == tables.load().version + "+" + read_overlay(tmp_path / "own.csv").digest
