"""Asking: filters, words, pages, SQL, time travel, one record by its id."""

import datetime

import pytest
from ledger_samples import TEXT, sample, span

from comity.ledger import FILTERS, AmbiguousId, BadFilter, BadQuery, Ledger, NoSnapshot, UnknownId, restate
from comity.ledger.facets import FACETS


@pytest.fixture(scope="module")
def ledger(tmp_path_factory):
    with Ledger(tmp_path_factory.mktemp("ledgers") / "l") as made:
        made.add([sample("r1")])
        made.add(
            [
                sample(
                    "r2", outlet="Radio Ghana", outlet_country="GHA", outlet_ownership="state", published="2021-03-01"
                ),
                sample("r3", published=None, demo=True),
            ]
        )
        yield made


def types(table):
    return sorted(table["type"].to_pylist())


ALL = ["AGREE", "COERCE", "CONSULT"]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, ALL),
        ({"dyad": "AUT-GHA"}, ["AGREE", "CONSULT"]),
        ({"dyad": "gha-aut"}, ["CONSULT"]),
        ({"dyad": ("AUT", "GHA")}, ["AGREE", "CONSULT"]),
        ({"dyad": ["AUT-GHA", "GHA-GROUP:Austrians@AUT"]}, ALL),
        ({"between": "GHA-AUT"}, ["AGREE", "CONSULT"]),
        ({"source": "GHA"}, ["COERCE"]),
        ({"source": "Ghana"}, ["COERCE"]),
        ({"dyad": "Austria-Ghana"}, ["AGREE", "CONSULT"]),
        ({"target": ["GHA", "FRA"]}, ["AGREE", "CONSULT"]),
        ({"country": "GROUP:Austrians@AUT"}, ["COERCE"]),
        ({"actor": "weiss"}, ["CONSULT"]),
        ({"actor": "a2"}, ["CONSULT"]),
        ({"sector": "cop"}, ["COERCE"]),
        ({"type": "consult"}, ["CONSULT"]),
        ({"type": ["CONSULT", "AGREE"]}, ["AGREE", "CONSULT"]),
        ({"mode": "phone"}, ["CONSULT"]),
        ({"context": "diplomatic"}, ["CONSULT"]),
        ({"cameo": "04"}, ["CONSULT"]),
        ({"quad": "material conflict"}, ["COERCE"]),
        ({"status": "denied"}, ["COERCE"]),
        ({"status": ("actual", "intended")}, ["AGREE", "CONSULT"]),
        ({"scope": "domestic"}, []),
        ({"background": True}, []),
        ({"background": "no"}, ALL),
        ({"mutual": True}, ["CONSULT"]),
        ({"contact": "phone"}, ["CONSULT"]),
        ({"place": "tema"}, ["COERCE"]),
        ({"place": "GHA"}, ["COERCE"]),
        ({"place": 2294206}, ["COERCE"]),
        ({"account_party": "target"}, ["AGREE"]),
        ({"asserted": "default"}, ALL),
        ({"asserted": "independent"}, []),
        ({"asserted": "parties"}, ALL),
        ({"speaker": "dock worker"}, ["AGREE"]),
        ({"origin": "comity"}, ALL),
        ({"origin": "gdelt"}, []),
        ({"since": "2023-06-05"}, ["AGREE", "CONSULT"]),
        ({"since": "2023-06-06"}, ["AGREE"]),
        ({"until": "2023-05"}, ["COERCE"]),
        ({"until": datetime.date(2023, 5, 1)}, ["COERCE"]),
        ({"until": "2022"}, []),
        ({"min_confidence": 0.9}, ["CONSULT"]),
        ({"outlet": "courier"}, ALL),
        ({"outlet_country": "GHA"}, []),
        ({"ownership": "private"}, ALL),
        ({"corrected": True}, []),
    ],
)
def test_events_are_filtered(ledger, filters, expected):
    assert types(ledger.events(report="r1", **filters)) == expected
    assert ledger.count("events", report="r1", **filters) == len(expected)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, ["indirect", "verbatim"]),
        ({"speaker": "WORKER"}, ["verbatim"]),
        ({"country": "GHA"}, ["indirect"]),
        ({"sector": "GOV"}, ["indirect"]),
        ({"about": "AUT"}, ["verbatim"]),
        ({"about": "GROUP:Austrians@AUT"}, ["indirect"]),
        ({"kind": "verbatim"}, ["verbatim"]),
        ({"channel": "interview"}, ["verbatim"]),
        ({"via": "gna"}, ["verbatim"]),
        ({"anonymous": True}, ["verbatim"]),
        ({"anonymous": False}, ["indirect"]),
        ({"anonymous_type": "witness"}, ["verbatim"]),
        ({"nested": True}, []),
        ({"polarity": "negative"}, []),
        ({"since": "2023-06-07", "until": "2023-06-07"}, ["indirect", "verbatim"]),
    ],
)
def test_statements_are_filtered(ledger, filters, expected):
    assert sorted(ledger.statements(report="r1", **filters)["kind"].to_pylist()) == expected


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, ["r1", "r2", "r3"]),
        ({"outlet": "ghana"}, ["r2"]),
        ({"ownership": ["state", "public"]}, ["r2"]),
        ({"since": "2023"}, ["r1"]),
        ({"until": "2022-12"}, ["r2"]),
        ({"dated": False}, ["r3"]),
        ({"demo": True}, ["r3"]),
        ({"country": "GHA", "language": "en"}, ["r1", "r2", "r3"]),
        ({"title": "call"}, ["r1", "r2", "r3"]),
        ({"url": "example"}, []),
    ],
)
def test_reports_are_filtered(ledger, filters, expected):
    assert sorted(ledger.reports(**filters)["id"].to_pylist()) == expected


def test_mentions_are_filtered(ledger):
    found = ledger.mentions(report="r1", resolved=False, country="AUT", columns=["text", "start", "end"]).to_pylist()
    assert [TEXT[row["start"] : row["end"]] for row in found] == ["Austria", "Austria"]
    assert ledger.count("mentions", anonymous=True, name="DOCK") == 3


def test_words_are_cut_from_the_text(ledger):
    call = ledger.events(report="r1", type="CONSULT", columns=["type", "words"]).to_pylist()
    assert call == [{"type": "CONSULT", "words": TEXT[: TEXT.index(" A dock")]}]
    told = ledger.statements(report="r1", kind="verbatim", columns=["words"], limit=1).to_pylist()
    assert told == [{"words": "Austria promised us 20 million euros."}]


def test_pages_follow_each_other_and_cover_all(ledger):
    for relation in (ledger.events, ledger.statements, ledger.reports):
        whole = relation(columns=["id"])["id"].to_pylist()
        paged: list[str] = []
        while True:
            page = relation(columns=["id"], limit=2, after=paged[-1] if paged else None)["id"].to_pylist()
            if not page:
                break
            paged += page
        assert paged == whole


def test_a_page_can_begin_after_a_day_and_id(ledger):
    whole = ledger.events(columns=["id", "day_first"]).to_pylist()
    for n, row in enumerate(whole):
        rest = ledger.events(columns=["id"], limit=99, after=f"{row['day_first']}:{row['id']}")["id"].to_pylist()
        assert rest == [one["id"] for one in whole[n + 1 :]]
    undated = ledger.reports(columns=["id"], limit=9, after="none:a")["id"].to_pylist()
    assert undated == ["r3"]
    with pytest.raises(BadFilter, match="is not a day"):
        ledger.events(limit=1, after="2022-99-99:x")


def test_facets_count_the_filtered_records(ledger):
    counted = ledger.facets("events", ["type", "dyad", "ownership", "year"], since="2023-06", outlet="courier")
    assert counted == {
        "type": [("AGREE", 2), ("CONSULT", 2)],
        "dyad": [("AUT-GHA", 4)],
        "ownership": [("private", 4)],
        "year": [("2023", 4)],
    }
    assert ledger.facets("statements", ["about"], top=1) == {"about": [("AUT", 3)]}
    for relation, names in FACETS.items():
        assert set(ledger.facets(relation)) == set(names)
    assert ledger.facets("reports", ["outlet"], text="dock worker", demo=True) == {"outlet": [("The Test Courier", 1)]}
    with pytest.raises(BadFilter, match="events have no facet 'colour'"):
        ledger.facets("events", ["colour"])


def test_filters_are_restated_in_plain_words(ledger):
    said = ledger.restate(
        "events",
        background=False,
        dyad="CHN-RUS",
        type=["CONSULT", "AID"],
        since="2022-10",
        until="2022",
        asserted="independent",
        text="phone call",
        as_of=7,
    )
    assert said == (
        "Events from China (CHN) to Russia (RUS), of type CONSULT or AID, background left out, "
        "asserted by an independent account, dated 2022-10-01 or later, dated 2022-12-31 or earlier, "
        "with the words: phone call, "
        "as the ledger stood at snapshot 7."
    )
    assert restate("reports", {}) == "All reports."


@pytest.mark.parametrize("relation", FILTERS)
def test_every_filter_says_what_it_means(relation):
    for name, one in FILTERS[relation].items():
        assert one.meaning and name == name.lower(), name


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        ({"dyed": "CHN-RUS"}, "events have no filter 'dyed'; did you mean 'dyad'?"),
        ({"dyad": "CHN"}, "is not a dyad"),
        ({"source": "Chinna"}, "'Chinna' is not a country code, did you mean CHN (China)?; use ISO"),
        ({"source": "UK"}, "use ISO 3166 alpha-3"),
        ({"target": "XQX"}, "'XQX' is not a country code"),
        ({"country": "IGO:"}, "is not a country code"),
        ({"status": "actul"}, "did you mean 'actual'?"),
        ({"type": "CONSLT"}, "type: events have no type 'CONSLT'; did you mean CONSULT? there are: ACCUSE,"),
        ({"mode": "visti"}, "mode: events have no mode 'visti'; did you mean visit? there are: "),
        ({"context": "millitary"}, "context: events have no context 'millitary'; did you mean military?"),
        ({"sector": "govt"}, "sector: events have no sector 'GOVT'; did you mean GOV?"),
        ({"contact": "fone"}, "contact: 'fone' is unknown; did you mean 'phone'? it is one of: in-person, phone,"),
        ({"background": "perhaps"}, "neither yes nor no"),
        ({"since": "yesterday"}, "is not a date"),
        ({"since": "2022-13"}, "is not a date"),
        ({"since": ["2022", "2023"]}, "takes one value"),
        ({"asserted": "everyone"}, "it is one of: default"),
        ({"columns": ["nothing"]}, "events have no column 'nothing'"),
    ],
)
def test_a_wrong_filter_is_told(ledger, filters, message):
    with pytest.raises(BadFilter) as caught:
        ledger.events(**filters)
    assert message in str(caught.value)


def test_sql_is_answered_as_arrow(ledger):
    answer = ledger.query(
        "SELECT type, count(*) AS n FROM events_v1 WHERE quad = ? GROUP BY ALL", ["material conflict"]
    )
    assert answer.to_pylist() == [{"type": "COERCE", "n": 3}]
    assert ledger.query("SELECT $a + 1 AS b", {"a": 1}).to_pylist() == [{"b": 2}]


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("DROP VIEW events_v1", "this is DROP"),
        ("INSERT INTO store.superseded VALUES (1, 2)", "this is INSERT"),
        ("COPY (SELECT 1) TO 'x.csv'", "this is COPY"),
        ("SELECT 1; SELECT 2", "one SQL statement is wanted"),
        ("SELECT nothing FROM events_v1", 'Referenced column "nothing" not found'),
        ("SELEC 1", "syntax error"),
        ("", "these are 0"),
    ],
)
def test_sql_only_asks(ledger, sql, message):
    with pytest.raises(BadQuery) as caught:
        ledger.query(sql)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_question_that_takes_too_long_is_ended(ledger):
    with pytest.raises(BadQuery, match=r"takes longer than 0.2 s; narrow it"):
        ledger.query(
            "SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE hash(a.range + b.range) = 0", timeout=0.2
        )
    assert ledger.query("SELECT 1 AS one", timeout=10).to_pylist() == [{"one": 1}]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_text('{secret}')",
        "SELECT * FROM '{secret}'",
        "SELECT * FROM glob('{folder}/*')",
        "SELECT * FROM sqlite_scan('{secret}', 'sqlite_master')",
        "SELECT * FROM read_csv('https://example.org/x.csv')",
        "SELECT * FROM parquet_scan('{secret}')",
    ],
)
def test_a_sealed_ledger_shows_strangers_nothing_else(ledger, tmp_path, sql):
    secret = tmp_path / "secret.csv"
    secret.write_text("a,b\n1,2\n")
    with Ledger(ledger.home.folder, sealed=True) as sealed:
        assert sealed.count("events", type="CONSULT") == 3
        with pytest.raises(BadQuery):
            sealed.query(sql.format(secret=secret, folder=tmp_path))
        with pytest.raises(BadQuery):
            sealed.query("SET enable_external_access = true")


def test_the_past_can_be_asked(ledger):
    first = next(s for s in ledger.snapshots().to_pylist() if s["what"] == "add")
    assert ledger.count("reports", as_of=first["snapshot"]) == 1
    assert ledger.reports(as_of=first["time"].isoformat())["id"].to_pylist() == ["r1"]
    assert ledger.query("FROM events_v1", as_of=str(first["snapshot"])).num_rows == 3
    assert ledger.count("reports", as_of=datetime.date(2999, 1, 1)) == 3
    with pytest.raises(NoSnapshot, match="has no snapshot at version 999"):
        ledger.events(as_of=999)
    with pytest.raises(BadFilter, match="as of '²': give a snapshot number"):
        ledger.events(as_of="²")
    with pytest.raises(NoSnapshot, match="as of 0 it was not made yet"):
        ledger.events(as_of=0)
    with pytest.raises(NoSnapshot, match="has no snapshot at timestamp"):
        ledger.events(as_of="2001-01-01")


def test_a_record_is_found_by_the_beginning_of_its_id_with_its_report(ledger):
    coding = sample("r1")
    call, aid, _ = coding.events
    found = ledger.explain(call.id[:10])
    assert (found.kind, found.record, found.report, found.chain) == ("event", call, coding.report, ())
    assert found.sentence == TEXT[: TEXT.index(" A dock")]
    assert (span(TEXT, "phoned"), "trigger") in found.marks
    assert ledger.explain(aid.id).chain == (coding.statements[0],)
    told = ledger.explain(coding.statements[0].id)
    assert (told.kind, told.record, told.sentence) == (
        "statement",
        coding.statements[0],
        "Austria promised us 20 million euros.",
    )
    with pytest.raises(UnknownId, match="no event, statement or report"):
        ledger.explain("ffffffffffff")
    with pytest.raises(UnknownId, match="at least 4 characters"):
        ledger.explain("r1")


def test_an_id_that_fits_several_is_ambiguous(tmp_path):
    with Ledger(tmp_path / "l") as ledger:
        ledger.add([sample("report-1"), sample("report-12"), sample("report-2")])
        with pytest.raises(AmbiguousId, match=r"report report-1, report report-12"):
            ledger.explain("repor")
        assert ledger.explain("report-1").record == sample("report-1").report
        with pytest.raises(AmbiguousId):
            ledger.coding("report")
