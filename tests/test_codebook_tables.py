"""The codebook that comes with Comity: what it holds."""

import csv

import pytest
from shared import SHARED, needs_shared

from comity.codebook import UnknownCode, codebook
from comity.codebook.reading import words_of

BOOK = codebook()

QUADS = {
    "verbal cooperation": ["AGREE", "CONSULT", "SUPPORT", "CONCEDE"],
    "material cooperation": ["COOPERATE", "AID", "RETREAT"],
    "verbal conflict": ["REQUEST", "ACCUSE", "REJECT", "THREATEN"],
    "material conflict": ["PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT"],
}


def test_sixteen_types_in_four_quad_classes():
    found: dict[str, list[str]] = {}
    for name in BOOK.types:
        found.setdefault(BOOK.quad(name), []).append(name)
    assert found == QUADS


def test_types_that_need_a_target():
    assert [t.name for t in BOOK.types.values() if t.recipient] == ["COOPERATE", "AID", "SANCTION"]


def test_types_are_explained():
    for found in BOOK.types.values():
        assert len(found.definition) > 40, found.name
        assert 2 <= len(found.phrases) <= 4, found.name
        assert found.unlike, found.name


def test_modes_are_explained_and_belong_to_their_type():
    assert len(BOOK.modes) == 67
    for mode in BOOK.modes.values():
        assert mode in BOOK.type(mode.type).modes
        assert mode.definition and mode.phrases


def test_intensity_is_the_modes_where_it_has_one_else_the_types():
    assert BOOK.intensity("ASSAULT") == -9
    assert BOOK.intensity("ASSAULT", "beat") == -7.5
    assert BOOK.intensity("PROTEST", "vandalize") == BOOK.intensity("PROTEST") == -5


def test_sign_of_intensity_agrees_with_the_quad_class():
    for name in BOOK.types:
        sign = BOOK.quads[BOOK.type(name).quad].sign
        assert BOOK.intensity(name) * sign >= 0, name
        for mode in BOOK.type(name).modes:
            value = BOOK.intensity(name, mode.name)
            assert value * sign >= 0 or (name, mode.name) == ("REQUEST", "assist"), (name, mode.name)


@needs_shared
def test_scores_are_those_of_the_manual():
    path = SHARED / "facts" / "cameo_plover" / "plover_scores_quad.csv"
    with path.open() as file:
        for row in csv.DictReader(file):
            name, mode = row["event_type"], row["mode"] or None
            assert BOOK.intensity(name, mode) == float(row["score_used"]), (name, mode)
            assert BOOK.type(name).quad == int(row["quad"]), name


def test_contexts_each_with_words():
    assert len(BOOK.contexts) == 37
    alone = {word.context for word in BOOK.context_words if word.weight == 1}
    assert alone == set(BOOK.contexts)
    assert all(context.definition for context in BOOK.contexts.values())


def test_context_words_are_cut_as_the_tokenizer_cuts():
    spacy = pytest.importorskip("spacy")
    nlp = spacy.blank("en")
    for word in BOOK.context_words:
        phrase = " ".join(word.words).replace(" - ", "-").replace(" 's", "'s")
        assert words_of(phrase) == word.words
        assert tuple(token.text for token in nlp.make_doc(phrase)) == word.words


def test_implied_contexts():
    assert BOOK.implied_contexts("COERCE", "cyber") == ("cyber",)
    assert BOOK.implied_contexts("CONSULT") == ()


def test_statuses_of_which_only_one_enters_series():
    assert {s.name: s.series for s in BOOK.statuses.values()} == {
        "actual": True, "intended": False, "requested": False, "hypothetical": False, "negated": False, "denied": False,
    }  # fmt: skip


def test_sectors_lead_to_cameo_roles_and_back():
    assert BOOK.sectors["JRN"].cameo == "MED"
    assert BOOK.sector_of_cameo["MED"] == "JRN"
    assert BOOK.sector_of_cameo["SEP"] == "REB"
    assert BOOK.sector_of_cameo["RAD"] is None
    for sector in BOOK.sectors.values():
        if sector.cameo is not None:
            assert sector.cameo in BOOK.sector_of_cameo, sector.name


def test_cameo_codes_with_the_values_of_three_systems():
    assert len(BOOK.cameo_codes) == 324
    deny = BOOK.cameo_code("016")
    assert (deny.goldstein, deny.icews, deny.phoenix, deny.gdelt) == (-5, -5, 3.4, -2)
    assert BOOK.goldstein("1951") == -10
    assert BOOK.goldstein("1951", "icews") is None
    differing = [
        code.code
        for code in BOOK.cameo_codes.values()
        if len({v for v in (code.icews, code.phoenix, code.gdelt) if v is not None}) > 1
    ]
    assert differing == ["016", "022", "124", "1246", "163", "164", "165", "166"]


def test_comitys_own_value_is_that_of_icews_where_there_is_one():
    for code in BOOK.cameo_codes.values():
        assert code.icews is None or code.icews == code.goldstein


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: BOOK.type("FIGHT"), "no type 'FIGHT' in plover-2.0+comity-1; it has AGREE, CONSULT"),
        (
            lambda: BOOK.mode("CONSULT", "letter"),
            "no mode 'letter' of CONSULT in plover-2.0+comity-1; it has visit, third",
        ),
        (lambda: BOOK.quad("AGREE", "visit"), "no mode 'visit' of AGREE in plover-2.0+comity-1; it has none"),
        (lambda: BOOK.cameo_code("57"), "no CAMEO code '57'"),
        (lambda: BOOK.from_cameo("99"), "no CAMEO code '99'"),
        (lambda: BOOK.decision("x"), "no decision 'x'"),
    ],
)
def test_unknown_codes_say_what_is_known(call, told):
    with pytest.raises(UnknownCode) as error:
        call()
    assert told in str(error.value)


def test_unknown_table_of_another_system():
    with pytest.raises(ValueError, match="icews_penta"):
        BOOK.quad_in("acled", "190")
    with pytest.raises(ValueError, match="phoenix"):
        BOOK.goldstein("190", "acled")
