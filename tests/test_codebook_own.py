"""A codebook of one's own: a folder of the same form, checked whole."""

from pathlib import Path

import pytest

from comity.codebook import CameoChoice, CodebookError, codebook, parse_expected, read_codebook

EXAMPLE = Path(__file__).parents[1] / "docs" / "examples" / "own-codebook"
ABOUT = "key\tvalue\nname\tMine\nversion\tmine-1\n"
EXTENDS = ABOUT + "extends\tplover-2.0+comity-1\n"
TYPES = "type\tquad\tintensity\trecipient\tcontexts\tdefinition\tphrases\tunlike\tsource\n"
MODES = "type\tmode\tintensity\tcontexts\tdefinition\tphrases\tsource\n"


def folder(tmp_path, **tables):
    for name, text in tables.items():
        (tmp_path / f"{name}.tsv").write_text(text, "utf-8")
    return tmp_path


def faults(path):
    with pytest.raises(CodebookError) as error:
        read_codebook(path)
    return error.value.faults


def test_the_example_of_the_documentation():
    own, base = codebook(EXAMPLE), codebook()
    assert own.version == "my-tariffs-1"
    assert own.mode("SANCTION", "tariff").intensity == -5
    assert own.implied_contexts("SANCTION", "tariff") == ("economic",)
    assert own.cameo("SANCTION", "tariff") == CameoChoice("163", "CAMEO does not tell tariffs from embargoes")
    assert own.decision("sanction.tariff").events == parse_expected("CAN > CHN SANCTION/tariff actual")
    assert list(own.contexts) == [*base.contexts, "fisheries"]
    assert [m.name for m in own.type("SANCTION").modes] == [*(m.name for m in base.type("SANCTION").modes), "tariff"]
    assert own.cameo("AID", None, ["military"]) == base.cameo("AID", None, ["military"])


def test_a_row_replaces_the_row_with_the_same_key(tmp_path):
    row = "AGREE\t1\t4\toptional\t\tSays yes.\tsaid yes\t\tcomity\n"
    own = read_codebook(folder(tmp_path, about=EXTENDS, types=TYPES + row))
    assert own.intensity("AGREE") == 4
    assert list(own.types) == list(codebook().types)


def test_a_new_type_stands_beside_the_others(tmp_path):
    row = "MOURN\t1\t2\toptional\tdiplomatic\tMourns with the other.\tlaid a wreath with\t\tcomity\n"
    own = read_codebook(folder(tmp_path, about=EXTENDS, types=TYPES + row))
    assert own.quad("MOURN") == "verbal cooperation"
    assert own.cameo("MOURN") is None
    assert own.implied_contexts("MOURN") == ("diplomatic",)


def test_a_folder_may_stand_alone(tmp_path):
    row = "STRIFE\t4\t-5\toptional\t\tAny quarrel.\tquarrelled with\t\tcomity\n"
    own = read_codebook(folder(tmp_path, about=ABOUT, types=TYPES + row))
    assert list(own.types) == ["STRIFE"]
    assert (own.modes, own.contexts, own.decisions, own.cameo_codes) == ({}, {}, (), {})
    assert own.quad("STRIFE") == "material conflict"
    assert len(own.statuses) == 6


def test_windows_line_ends_comments_and_a_byte_order_mark(tmp_path):
    row = "# my own\n\nSTRIFE\t4\t-5\toptional\t\tAny quarrel.\tquarrelled with\t\tcomity\n"
    text = "\ufeff" + (TYPES + row).replace("\n", "\r\n")
    assert list(read_codebook(folder(tmp_path, about=ABOUT, types=text)).types) == ["STRIFE"]


def test_every_fault_is_told_with_file_and_line(tmp_path):
    path = folder(
        tmp_path,
        about=EXTENDS,
        types=TYPES + "AGREE\t5\t2\toptional\t\tx\tx\t\tcomity\n" + "Agree\t1\tmuch\tmaybe\tnowhere\t\tx\t\tnobody\n",
        modes=MODES + "SANCTIONS\tTariff\t-50\t\tx\tx\tcomity\n",
        contexts_words="context\tphrase\tweight\nfishing\tTrawler\t3\n",
        cameo_to_plover="code\ttype\tmode\tcontexts\treduced\tnote\tsource\n999\tAID\tvisit\t\tperhaps\t\tcomity\n",
        decisions="id\ttopic\tquestion\truling\texample\texpected\tbasis\na\tb\tq?\tr.\te.\tJPN > IND HUG actual\tc\n",
    )
    told = "\n".join(faults(path))
    for part in (
        "types.tsv:2: unknown quad '5'; use 1, 2, 3, 4",
        "types.tsv:3: type 'Agree'; write at least three capitals",
        "types.tsv:3: intensity 'much' is no number",
        "types.tsv:3: recipient 'maybe'; write required or optional",
        "types.tsv:3: unknown contexts 'nowhere'; known: asylum,",
        "types.tsv:3: no definition",
        "types.tsv:3: unknown source 'nobody'",
        "modes.tsv:2: unknown type 'SANCTIONS'; known: ACCUSE,",
        "modes.tsv:2: mode 'Tariff'; write lower-case words",
        "modes.tsv:2: intensity -50 is outside -10 to 10",
        "contexts_words.tsv:2: unknown context 'fishing'",
        "contexts_words.tsv:2: phrase 'Trawler'; write words in lower case",
        "contexts_words.tsv:2: weight 3 is outside 0.01 to 1",
        "cameo_to_plover.tsv:2: unknown code '999'",
        "cameo_to_plover.tsv:2: AID has no mode 'visit'; add it to modes.tsv",
        "cameo_to_plover.tsv:2: unknown reduced 'perhaps'",
        "decisions.tsv:2: expected: unknown type 'HUG'",
    ):
        assert part in told, part


@pytest.mark.parametrize(
    ("tables", "told"),
    [
        ({}, "about.tsv: not there; a codebook needs it with the keys name and version"),
        ({"about": "key\tvalue\nname\tMine\n"}, "about.tsv: no version; add a line with version, a tab and its value"),
        (
            {"about": ABOUT + "colour\tred\n"},
            "about.tsv:4: unknown key 'colour'; known: extends, licence, name, version",
        ),
        ({"about": ABOUT}, "types.tsv: no types; add them, or a line 'extends' in about.tsv to build on Comity's own"),
        (
            {"about": ABOUT + "extends\tplover-1.0\n"},
            "about.tsv: extends 'plover-1.0', but this Comity brings 'plover-2.0+comity-1'; "
            "check the rows against it and change the line",
        ),
        (
            {"about": EXTENDS, "types": TYPES + "AGREE\t1\n"},
            "types.tsv:2: 2 cells instead of 9; a tab parts cells, also empty ones",
        ),
        (
            {"about": EXTENDS, "types": "type\tquad\n"},
            "types.tsv:1: columns: missing intensity, recipient, contexts, definition, phrases, unlike, source; "
            "the first line must name type quad intensity recipient contexts definition phrases unlike source, "
            "separated by tabs",
        ),
        (
            {"about": EXTENDS, "contexts": "context\tdefinition\tsource\nsea\tx\tcomity\nsea\ty\tcomity\n"},
            "contexts.tsv:3: 'sea' stands already at contexts.tsv:2; keep one of the two",
        ),
        (
            {"about": EXTENDS, "statuses": "x\n"},
            "statuses.tsv: unknown table; every codebook shares Comity's; remove it",
        ),
    ],
)  # fmt: skip
def test_one_fault_one_line(tmp_path, tables, told):
    assert faults(folder(tmp_path, **tables)) == (told,)


def test_unknown_tables_and_folders(tmp_path):
    path = folder(tmp_path, about=EXTENDS, typs=TYPES)
    assert faults(path)[0].startswith("typs.tsv: unknown table; known: types.tsv, modes.tsv")
    assert faults(tmp_path / "nowhere") == (
        f"{tmp_path / 'nowhere'}: no such folder; name a folder with about.tsv and the tables",
    )


def test_a_file_that_is_not_utf8(tmp_path):
    folder(tmp_path, about=EXTENDS)
    (tmp_path / "contexts.tsv").write_bytes("context\tdefinition\tsource\nmer\tmer bl\xe9\tcomity\n".encode("latin-1"))
    assert faults(tmp_path) == ("contexts.tsv:2: not UTF-8; save the file as UTF-8",)
