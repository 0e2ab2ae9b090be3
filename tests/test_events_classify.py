"""Pairs that are marked already: the root that holds from source to target."""

import json
from importlib.resources import files

import pytest
from cli_running import comity

from comity.events.arguments import multinomial, probabilities
from comity.events.classify import (
    Pair,
    PairError,
    check,
    classify_pairs,
    manual_root,
    root_of,
)
from comity.events.lexicon import TYPES
from comity.events.training import unmark
from comity.language.model import Language


def pair(marked, number="1"):
    """ "[S Norway] praised [T Mali]" as a pair."""
    text, spans = unmark(marked)
    return Pair(number, text, spans.get("S"), spans.get("T"))


@pytest.fixture(scope="module")
def language():
    return Language()


SENTENCES = {
    "[S Norway] praised [T Mali] for its handling of the harvest crisis.": "SUPPORT",
    "The foreign ministers of [S Chad] and [T Niger] met in Zinder on Monday.": "CONSULT",
    "[S Peru] has threatened to expel the ambassador of [T Bolivia].": "THREATEN",
    "[S Peru] expelled two diplomats of [T Bolivia] on Friday.": "SANCTION",
    "[S The Kenyan navy] shelled a camp of [T the pirates] near Kismayo.": "ASSAULT",
    "[S Police in Lagos] arrested [T nine students] during the march.": "COERCE",
    "[S Austria] will send field hospitals to [T Moldova], the chancellor said.": "AGREE",
    "[S Austria] sent two field hospitals to [T Moldova] last week.": "AID",
    "[S Sudan] has refused to release the convoy of [T the World Food Programme].": "REJECT",
    "[S Ghana] urged [T Togo] to reopen the crossing at Aflao.": "REQUEST",
    "[S Serbia] freed eleven [T Albanian] fishermen on Tuesday.": "RETREAT",
    "[S The opposition] accused [T the electoral commission] of hiding ballots.": "ACCUSE",
}


def test_plain_sentences_have_their_root(language):
    pairs = [pair(marked, str(n)) for n, marked in enumerate(SENTENCES)]
    judged = list(classify_pairs(pairs, language))
    assert [one.id for one in judged] == [one.id for one in pairs]
    assert dict(zip(SENTENCES, [one.root for one in judged], strict=True)) == SENTENCES


def test_direction_matters(language):
    there = pair("[S Peru] accused [T Bolivia] of moving the boundary stones.")
    back = pair("[T Peru] accused [S Bolivia] of moving the boundary stones.")
    one, other = classify_pairs([there, back], language)
    assert one.root == "ACCUSE"
    assert other.confidence < one.confidence


def test_a_party_may_be_missing(language):
    [one] = classify_pairs([pair("[T Eleven teachers] were arrested in the capital on Sunday.")], language)
    assert one.root == "COERCE"


def test_neighbours_do_not_matter(language):
    pairs = [pair(marked, str(n)) for n, marked in enumerate(SENTENCES)]
    together = list(classify_pairs(pairs, language))
    assert [next(classify_pairs([one], language)) for one in pairs[:3]] == together[:3]


@pytest.mark.parametrize(
    ("type_", "status", "root"),
    [
        ("AID", "actual", "AID"),
        ("AID", "intended", "AGREE"),
        ("ASSAULT", "intended", "THREATEN"),
        ("CONSULT", "negated", "REJECT"),
        ("RETREAT", "requested", "REQUEST"),
        ("ACCUSE", "denied", "ACCUSE"),
    ],
)
def test_what_is_not_done_has_the_root_of_the_manual(type_, status, root):
    assert manual_root(type_, status) == root


def test_cases_of_the_table_go_before_the_rule():
    assert root_of("agree.reach-agreement-with", "AGREE", "actual") == "SUPPORT"
    assert root_of("mobilize.troops.deploy-to", "MOBILIZE", "actual", ["peacekeeper"]) == "AID"
    assert root_of("mobilize.troops.deploy-to", "MOBILIZE", "actual", ["soldier"]) == "MOBILIZE"


def test_the_table_of_roots_names_types_and_reasons():
    lines = files("comity.events").joinpath("pair_roots.tsv").read_text("utf-8").splitlines()[1:]
    cells = [line.split("\t") for line in lines]
    assert {len(row) for row in cells} == {5}
    assert {row[3] for row in cells} <= set(TYPES)
    assert all("CAMEO" in row[4] for row in cells)


def test_probabilities_of_words_add_up_to_one():
    shares = probabilities(multinomial("pairs_text"), ["root ASSAULT", "word bomb", "unheard of"])
    assert sum(shares.values()) == pytest.approx(1)
    assert max(shares, key=shares.get) == "ASSAULT"


@pytest.mark.parametrize("span", [(0, 99), (5, 5), (-1, 3)])
def test_a_span_outside_the_sentence_is_refused(span):
    with pytest.raises(PairError, match="does not lie in the sentence"):
        check(Pair("1", "France praised Mali.", span, (15, 19)))


def test_an_empty_sentence_is_refused():
    with pytest.raises(PairError, match="empty"):
        check(Pair("1", "  "))


def test_the_command_writes_a_line_for_each_line(tmp_path):
    (tmp_path / "in.jsonl").write_text(
        '{"id": "a", "sentence": "France praised Mali.", "source_span": [0, 6], "target_span": [15, 19]}\n'
        "no json\n"
        '{"id": "c", "sentence": "France praised Mali.", "source_span": [0, 60], "target_span": null}\n'
    )
    done = comity("classify", tmp_path / "in.jsonl", "-o", tmp_path / "out.jsonl", "--json", cwd=tmp_path)
    lines = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert done.code == 1
    assert [line["root"] for line in lines] == ["SUPPORT", None, None]
    assert set(lines[0]) == {"id", "root", "mode", "status", "confidence", "reason"}
    assert "line 2" in lines[1]["id"]
    assert (done.json["judged"], done.json["left_out"]) == (1, 2)
    assert not (tmp_path / "out.jsonl.part").exists()


def test_the_models_are_small():
    folder = files("comity.events").joinpath("weights")
    assert sum(len(file.read_bytes()) for file in folder.iterdir()) < 25_000_000
