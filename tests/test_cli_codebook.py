"""`comity codebook`."""

from cli_running import here

from comity.codebook import codebook

BOOK = codebook()


def test_the_overview_names_all_types(capsys):
    answer = here(capsys, "codebook")
    assert answer.code == 0
    assert all(f"| {name} |" in answer.out for name in BOOK.types)
    assert here(capsys, "codebook", "--json").json["version"] == BOOK.version


def test_one_type_with_its_modes(capsys):
    answer = here(capsys, "codebook", "sanction")
    assert answer.out.startswith("# SANCTION\n")
    found = here(capsys, "codebook", "SANCTION", "--json").json
    assert [mode["name"] for mode in found["modes"]] == [mode.name for mode in BOOK.types["SANCTION"].modes]


def test_decisions_all_or_on_one_topic(capsys):
    topic = BOOK.decisions[0].topic
    assert len(here(capsys, "codebook", "--decisions", "--json").json) == len(BOOK.decisions)
    found = here(capsys, "codebook", "--decisions", "--topic", topic.upper(), "--json").json
    assert [one["id"] for one in found] == [one.id for one in BOOK.decisions if one.topic == topic]
    assert BOOK.decisions[0].id in here(capsys, "codebook", "--topic", topic).out


def test_what_is_not_there(capsys):
    answer = here(capsys, "codebook", "DANCE")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("comity: no type 'DANCE' in ")
    answer = here(capsys, "codebook", "--topic", "dances")
    assert answer.code == 2
    assert "no decisions on 'dances'; there are: " in answer.err
