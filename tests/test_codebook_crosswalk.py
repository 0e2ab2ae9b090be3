"""From CAMEO to PLOVER and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.codebook import CAMEO_TABLES, CameoChoice, Plover, codebook

BOOK = codebook()
KINDS = [(name, None) for name in BOOK.types] + list(BOOK.modes)
DROPPED = {"01", "010", "011", "0110", "012", "013", "014", "015", "017"}


def test_every_code_has_a_place_or_is_dropped():
    nowhere = {code for code in BOOK.cameo_codes if BOOK.from_cameo(code).type is None}
    assert nowhere == DROPPED


@pytest.mark.parametrize(
    ("root", "type_"),
    [
        ("03", "AGREE"), ("04", "CONSULT"), ("05", "SUPPORT"), ("06", "COOPERATE"), ("07", "AID"), ("081", "CONCEDE"),
        ("082", "CONCEDE"), ("083", "CONCEDE"), ("084", "RETREAT"), ("085", "RETREAT"), ("086", "RETREAT"),
        ("087", "RETREAT"), ("09", "ACCUSE"), ("10", "REQUEST"), ("11", "ACCUSE"), ("12", "REJECT"), ("13", "THREATEN"),
        ("14", "PROTEST"), ("15", "MOBILIZE"), ("16", "SANCTION"), ("17", "COERCE"), ("18", "ASSAULT"),
        ("19", "ASSAULT"), ("20", "ASSAULT"),
    ],
)  # fmt: skip
def test_roots_go_where_the_manual_sends_them(root, type_):
    assert BOOK.from_cameo(root).type == type_
    departing = {
        code: BOOK.from_cameo(code).type
        for code in BOOK.cameo_codes
        if code.startswith(root) and BOOK.from_cameo(code).type != type_
    }
    decided = {
        "055": "CONCEDE",
        "056": "CONCEDE",
        "116": "SANCTION",
        "1712": "ASSAULT",
        "175": "ASSAULT",
        "191": "COERCE",
    }
    assert departing == {code: decided[code] for code in decided if code.startswith(root)}


def test_examples_from_cameo():
    assert BOOK.from_cameo("0871") == Plover("RETREAT", "ceasefire", ("military",), None)
    assert BOOK.from_cameo("0232").type == "REQUEST"
    assert BOOK.from_cameo("057").reduced == "shares its place with 050 051 052 053 054"


def test_a_finer_code_than_any_known_is_read_as_its_parent():
    assert BOOK.from_cameo("18341").type == "ASSAULT"
    assert BOOK.from_cameo("18341").reduced == "unknown code, read as 1834"


@given(st.sampled_from(KINDS), st.lists(st.sampled_from(sorted(BOOK.contexts)), max_size=5))
def test_every_record_has_a_code_that_leads_back_to_its_type(kind, contexts):
    choice = BOOK.cameo(*kind, contexts)
    assert choice is not None
    back = BOOK.from_cameo(choice.code)
    assert back.type == kind[0]
    if choice.reduced is None:
        assert back.mode == kind[1]


@given(st.sampled_from(KINDS), st.lists(st.sampled_from(sorted(BOOK.contexts)), max_size=5), st.randoms())
def test_the_order_of_contexts_does_not_matter(kind, contexts, random):
    shuffled = contexts[:]
    random.shuffle(shuffled)
    assert BOOK.cameo(*kind, contexts) == BOOK.cameo(*kind, shuffled)


@pytest.mark.parametrize(
    ("args", "choice"),
    [
        (("CONSULT", "phone"), CameoChoice("041", None)),
        (("ACCUSE", "disapprove"), CameoChoice("111", "one of several: 111 113")),
        (("ACCUSE", "investigate"), CameoChoice("090", "residual code")),
        (("ACCUSE", "allege"), CameoChoice("112", None)),
        (("ACCUSE",), CameoChoice("110", "residual code")),
        (("AID", None, ("economic", "military")), CameoChoice("072", None)),
        (("ASSAULT", "drone"), CameoChoice("1952", None)),
        (("SUPPORT", None, ("legal",), "057"), CameoChoice("057", None)),
        (("REQUEST", "assist", ("military",), "02"), CameoChoice("0232", "one of several: 0212 0232; an appeal")),
        (("REQUEST", "assist", ("military",), "020"), CameoChoice("0232", "one of several: 0212 0232; an appeal")),
        (("REQUEST", "assist", ("military",), "100"), CameoChoice("1032", "one of several: 1012 1032")),
        (("COERCE", "cyber", (), "170"), CameoChoice("176", None)),
        (("ASSAULT", "explosives", (), "190"), CameoChoice("183", "one of several: 183 1832 1833 1834")),
        (("CONSULT", None, (), "111"), CameoChoice("111", "the code is one of ACCUSE")),
    ],
)
def test_codes_for_records(args, choice):
    assert BOOK.cameo(*args) == choice


def test_a_topic_never_turns_into_a_deed():
    for context in BOOK.contexts:
        assert BOOK.cameo("ASSAULT", None, [context]).code in ("190", "180")
        assert BOOK.cameo("ACCUSE", "allege", [context]).code in ("112", "1121", "1122", "1123")


@pytest.mark.parametrize("table", [t for t in CAMEO_TABLES if t != "goldstein"])
def test_every_code_has_a_neighbour_in_every_target(table):
    for code in BOOK.cameo_codes:
        there = BOOK.nearest(code, table).code
        assert BOOK.goldstein(there, table) is not None
        assert there[:2] == code[:2]
    assert BOOK.nearest("176", "icews") == CameoChoice("170", "icews has no 176")
    assert BOOK.nearest("057", "icews") == CameoChoice("057", None)


def test_quad_classes_of_the_targets():
    rows = {
        code: [BOOK.quad_in(t, code) for t in ("plover", "icews", "gdelt", "phoenix")] for code in ("01", "023", "0831")
    }
    assert rows == {"01": [None, 1, 1, 0], "023": [3, 1, 1, 0], "0831": [1, 2, 2, 2]}
    assert [BOOK.quad_in("gdelt", code) for code in ("090", "141", "163")] == [2, 3, 4]
    assert [BOOK.quad_in("phoenix", code) for code in ("090", "141", "163")] == [3, 4, 3]
    assert BOOK.quad_in("icews_penta", "010") == 0


def test_quad_class_of_a_code_is_that_of_its_type():
    for code in BOOK.cameo_codes:
        type_ = BOOK.from_cameo(code).type
        if type_ is not None and not code.startswith("01"):
            assert BOOK.quad_in("plover", code) == BOOK.type(type_).quad, code
