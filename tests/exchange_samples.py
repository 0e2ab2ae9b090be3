"""Rows in the formats of other projects, made up for the tests, as their files have them."""

from __future__ import annotations

import json

GDELT_NONE = ["0", *[""] * 7]
ANKARA = ["4", "Ankara, Ankara, Turkey", "TU", "TU68", "40128", "39.9272", "32.8644", "-735338"]
FRANCE = ["1", "France", "FR", "FR", "", "46", "2", "FR"]
TEXAS = ["2", "Texas, United States", "US", "USTX", "", "31.106", "-97.6475", "TX"]


def gdelt_row(
    id: int = 900000001, day: str = "20210305", one: str = "FRAGOV", other: str = "TUR", code: str = "042",
    quad: str = "1", goldstein: str = "1.9", place: list[str] = ANKARA, url: str = "https://paper.example/a/1",
    added: str = "20210305101500", fraction: str = "2021.1781",
) -> str:  # fmt: skip
    """One line of GDELT 2.0."""

    def actor(code: str) -> list[str]:
        if not code:
            return [""] * 10
        names = {"FRA": "FRANCE", "TUR": "TURKEY", "USA": "UNITED STATES"}
        return [code, names.get(code[:3], "AMNESTY"), code[:3], "", "", "", "", code[3:6], "", ""]

    cells = [
        str(id), day, day[:6], day[:4], fraction, *actor(one), *actor(other), "1", code, code[:3], code[:2], quad, goldstein,
        "4", "1", "4", "-1.25", *FRANCE, *GDELT_NONE, *place, added, url,
    ]  # fmt: skip
    assert len(cells) == 61
    return "\t".join(cells)


def gdelt() -> bytes:
    """Seven rows: a mirror, a domestic event, one without a target, a repeat, one of a year ago."""
    rows = [
        gdelt_row(),
        gdelt_row(900000002, one="TUR", other="FRAGOV"),
        gdelt_row(900000003, one="USACOP", other="USACVL", code="1823", quad="4", goldstein="-9.5", place=TEXAS,
                  url="https://paper.example/b/2"),
        gdelt_row(900000004, other="", code="010", quad="1", goldstein="0.0", place=GDELT_NONE),
        gdelt_row(900000005),
        gdelt_row(900000006, day="20200305", fraction="2020.1781", url="https://paper.example/c/3"),
        gdelt_row(900000007, one="", other="FRA", code="190", quad="4", goldstein="-10.0", place=FRANCE,
                  url="https://paper.example/c/3"),
    ]  # fmt: skip
    return ("\n".join(rows) + "\n").encode()


def gdelt_v1(columns: int) -> bytes:
    """The same in GDELT 1.0: no second-level regions; with 57 columns no addresses either; the day added as a day."""
    lines = []
    for line in gdelt().decode().splitlines():
        cells = line.split("\t")
        cells = [cell for at, cell in enumerate(cells) if at not in (39, 47, 55)]
        cells[56] = cells[56][:8]
        lines.append("\t".join(cells[:columns]))
    return ("\n".join(lines) + "\n").encode()


ICEWS_HEADER = [
    *("Event ID", "Event Date", "Source Name", "Source Sectors", "Source Country", "Event Text", "CAMEO Code"),
    *("Intensity", "Target Name", "Target Sectors", "Target Country", "Story ID", "Sentence Number", "Publisher"),
    *("City", "District", "Province", "Country", "Latitude", "Longitude"),
]


def icews(date: str = "2014-07-0{}", missing: str = "NA") -> bytes:
    """Four rows: a call told both ways, police against citizens, one without a target."""
    sectors = "Foreign Ministry,Executive,Government"
    place = ["Lagos", missing, "Lagos State", "Nigeria", "6.45407", "3.39467"]
    country = [missing, missing, missing, "Ghana", "5.55", "-0.2"]
    rows = [
        ["30000001", date.format(1), "Ama Owusu", sectors, "Ghana", "Discuss by telephone", "041", "1",
         "Foreign Affairs (Nigeria)", "Government", "Nigeria", "4000001", "2", "Coast Daily", *country],
        ["30000002", date.format(1), "Foreign Affairs (Nigeria)", "Government", "Nigeria", "Discuss by telephone", "041",
         "1", "Ama Owusu", sectors, "Ghana", "4000001", "2", "Coast Daily", *country],
        ["30000003", date.format(2), "Police (Nigeria)", "Police,Government", "Nigeria",
         "Arrest, detain, or charge with legal action", "173", "-5", "Citizen (Nigeria)",
         "General Population / Civilian / Social,Social", "Nigeria", "4000002", "5", "Coast Daily", *place],
        ["30000004", date.format(2), "Russian Federation", missing, "Russian Federation", "Make statement", "010", "0",
         "Unspecified Actor", "Unspecified", missing, "4000003", "1", "Other Wire", *([missing] * 3), missing, missing, missing],
    ]  # fmt: skip
    return ("\n".join("\t".join(row) for row in [ICEWS_HEADER, *rows]) + "\n").encode()


POLECAT_HEADER = [
    *("Event ID", "Event Date", "Event Type", "Event Mode", "Intensity", "Quad Code", "Contexts", "Actor Name"),
    *("Actor Country", "Actor COW", "Primary Actor Sector", "Actor Sectors", "Actor Title", "Actor Name Raw"),
    *("Wikipedia Actor ID", "Recipient Name", "Recipient Country", "Recipient COW", "Primary Recipient Sector"),
    *("Recipient Sectors", "Recipient Title", "Recipient Name Raw", "Wikipedia Recipient ID", "Placename", "City"),
    *("District", "Province", "Country", "Latitude", "Longitude", "GeoNames ID", "Raw Placename", "Feature Type"),
    *("Source", "Publication Date", "Story People", "Story Organizations", "Story Locations", "Language", "Version"),
]


def polecat(intensity: str = "Intensity", more: tuple[str, ...] = (), encoding: str = "iso-8859-1") -> bytes:
    """Two rows, one of them with two actors and a name beyond ASCII."""
    rows = [
        ["20220104-0007-abc_CONSULT_visit", "2022-01-04", "CONSULT", "visit", "4.0", "VERBAL COOPERATION",
         "diplomatic; economic", "Ana Núñez; Tiago Pó", "ESP; PRT", "230; 235", "GOV; GOV", "GOV; GOV",
         "foreign minister; None", "Ana Núñez; Pó", "None", *["None"] * 8, "Lisbon", "Lisbon", "None", "Lisbon", "PRT",
         "38.72", "-9.13", "2267057", "Lisboa", "PPLC", "Wire B", "2022-01-05", "Ana Núñez", "None", "Lisbon; Porto",
         "Spanish", "NGEC_coder-Vers001-b1-Run-001"],
        ["20220104-0008-abd_ACCUSE_None", "2022-01-04", "ACCUSE", "None", "-2.0", "VERBAL CONFLICT", "None", "Chile",
         "CHL", "155", "GOV", "GOV", "None", "Santiago", "Chile", "Police", "CHL", "155", "COP", "COP", "None", "officers",
         "None", *["None"] * 9, "None", "Wire B", "2022-01-04", "None", "None", "None", "English", "v1"],
    ]  # fmt: skip
    header = [intensity if name == "Intensity" else name for name in POLECAT_HEADER] + list(more)
    lines = ["\t".join(row + [f"{name} {n}" for name in more]) for n, row in enumerate(rows)]
    assert all(len(line.split("\t")) == len(header) for line in lines)
    return ("\t".join(header) + "\n" + "\n".join(lines) + "\n").encode(encoding)


def phoenix() -> bytes:
    """Two rows: of two sources, and without a place."""
    rows = [
        ["77_0.5.1", "20180311", "2018", "03", "11", "KENGOV", "KEN", "GOV", "", "TZAMIL", "TZA", "MIL", "", "057", "05", "1",
         "8.0", "TRADE,2;BORDER,1", "-1.28333", "36.81667", "Nairobi", "Nairobi Area", "KEN", "5a_3;5b_1",
         "https://one.example/x;https://two.example/y", "one;two"],
        ["78_0.5.1", "20180312", "2018", "03", "12", "KENCOPELI", "KEN", "COP", "ELI", "IGOUNO", "IGO", "", "UNO", "1122", "11",
         "3", "-2.0", "", "", "", "", "", "", "5c_2", "https://one.example/z", "one"],
    ]  # fmt: skip
    assert all(len(row) == 26 for row in rows)
    return ("\n".join("\t".join(row) for row in rows) + "\n").encode()


def plover() -> bytes:
    """Three events: a visit, one with a field of somebody's own, one with keys of the manual's example."""
    events = [
        {"id": "p-1", "date": "2019-05-06", "actor": [{"code": "KEN", "sector": "GOV", "entity_text": "the minister"}],
         "recipient": [{"code": "TZA", "sector": "GOV"}], "event": ["CONSULT"], "mode": ["visit"], "quad_code": 1,
         "event_scale": 4.0, "context": ["diplomatic"],
         "event_loc": {"extracted_place": "Dodoma", "country_code": "TZA", "resolution": 4, "lat": -6.17, "lon": 35.74},
         "size": {"arrested": 3}, "cite_info": {"publication": "Lake Post", "url": "https://lake.example/1"}},
        {"date": "2019-05-07", "id": "p-2", "event": ["AID"], "actor": [{"code": "UNO", "sector": None}],
         "recipient": [{"code": "KEN", "sector": "CVL", "age": 30}], "my_score": 0.25, "text": "Zelte für die Küste"},
        {"id": "p-3", "event": ["PROTEST", "ASSAULT"], "date": "2019-05-08", "enddate": "2019-05-10", "mode": ["riot"],
         "actor": [{"raw_text": "crowd", "country_name": "Kenya", "sector_code": "CVL"}], "recipient": None},
    ]  # fmt: skip
    return b"".join(json.dumps(one, ensure_ascii=False, separators=(",", ":")).encode() + b"\n" for one in events)


SAMPLES = {
    "gdelt": gdelt(), "gdelt-57": gdelt_v1(57), "gdelt-58": gdelt_v1(58), "icews": icews(),
    "icews-2017": icews("7/{}/2014"), "icews-empty": icews(missing=""), "polecat": polecat(),
    "polecat-more": polecat("Event Intensity", ("Headline", "Event Text", "Feed", "Story ID")),
    "polecat-utf8": polecat(encoding="utf-8"), "polecat-unnamed": polecat(more=("",)), "phoenix": phoenix(),
    "plover": plover(),
}  # fmt: skip
"""Files of every format and version."""
