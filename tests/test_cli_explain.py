"""`comity explain`: the words, the reason, the date, the status, the account."""

import pytest
from cli_running import demo_codings, demo_ledger, here
from ledger_samples import fresh_ledger, sample

from comity import Ledger
from comity.cli.explain import drawn
from comity.versions import coder_parts


def test_marks_are_drawn_in_words_and_may_be_nested():
    text = "On Monday, A said that B had met C."
    marks = [((11, 12), "speaker"), ((13, 17), "cue"), ((18, 34), "content"), ((3, 9), "date"), ((23, 24), "source")]
    made = drawn(text, (0, len(text)), marks).plain
    assert made == "On [date Monday], [speaker A] [cue said] [content that [source B] had met C]."


def test_one_stretch_that_is_two_things_is_drawn_once():
    assert drawn("The sides met.", (0, 14), [((4, 9), "source"), ((4, 9), "target")]).plain == (
        "The [source and target sides] met."
    )


def test_stretches_that_cross_are_drawn_too():
    assert drawn("abcdef", (0, 6), [((0, 4), "cue"), ((2, 6), "place")]).plain == "[cue ab[place cd]ef]"


def events(status: str | None = None):
    for coding in demo_codings():
        for event in coding.events:
            if status is None or event.status == status:
                yield coding, event


def facts(out: str) -> dict[str, str]:
    """Name and value of the lines below the sentence."""
    found: dict[str, str] = {}
    name = ""
    for line in out.splitlines():
        if line[:1].isalpha():
            name, _, value = line.partition("  ")
            found[name] = (found.get(name, "") + " " + value.strip()).strip()
        elif name and line.strip():
            found[name] += " " + line.strip()
    return found


@pytest.mark.parametrize("number", range(0, 60, 7))
def test_every_event_is_explained(capsys, number):
    coding, event = list(events())[number]
    answer = here(capsys, "explain", event.id, "--ledger", demo_ledger())
    assert (answer.code, answer.err) == (0, "")
    trigger = " ".join(coding.report.text[slice(*event.trigger)].split())
    assert "trigger" in answer.out and trigger in " ".join(answer.out.split())
    told = facts(answer.out)
    assert told["status"].startswith(f"{event.status}: ")
    assert told["account"].startswith(coding.report.outlet)
    assert told["coded"] == f"by {coder_parts(coding.coder)['program']}, codebook {coding.codebook}"
    if event.reason.by == "rule":
        assert event.reason.id in told["reason"]
        if "pattern" in told:
            assert told["filled by"].startswith("S = ") and "   T = " in told["filled by"]
        else:
            assert "no pattern of the installed lexicon" in told["reason"]


def test_the_account_chain_begins_with_the_outlet(capsys):
    found = next((c, e) for c, e in events() if e.account is not None)
    coding, event = found
    statement = next(one for one in coding.statements if one.id == event.account)
    told = facts(here(capsys, "explain", event.id, "--ledger", demo_ledger()).out)["account"]
    report = coding.report
    assert told.startswith(f"{report.outlet} ({report.outlet_country}, {report.outlet_ownership}) └ ")
    assert statement.id[:8] in told


def test_relays_stand_between_outlet_and_speaker(capsys):
    coding, statement = next((c, s) for c in demo_codings() for s in c.statements if s.via and s.speakers[0].name)
    told = facts(here(capsys, "explain", statement.id, "--ledger", demo_ledger()).out)["account"]
    outlet, relay, speaker = told.split("└ ")[:3]
    report = coding.report
    assert outlet.strip() == f"{report.outlet} ({report.outlet_country}, {report.outlet_ownership})"
    assert relay.strip() == f"via {statement.via[0]}"
    assert speaker.startswith(statement.speakers[0].name)


def test_the_words_that_date_a_record_are_named(capsys):
    coding, event = next((c, e) for c, e in events() if e.date_span is not None)
    told = facts(here(capsys, "explain", event.id, "--ledger", demo_ledger()).out)["date"]
    words = " ".join(coding.report.text[slice(*event.date_span)].split())
    assert told.startswith(event.date) and f"from the words “{words}”" in told


def test_an_undated_record_says_so(capsys):
    _, event = next((c, e) for c, e in events() if e.date_precision == "published")
    told = facts(here(capsys, "explain", event.id, "--ledger", demo_ledger()).out)["date"]
    assert told == f"{event.date}, the day of publication: no words date it"


def test_the_signs_of_a_status_are_pointed_at(capsys):
    _, event = next((c, e) for c, e in events("intended") if " will " in c.report.text[slice(*e.sentence)])
    told = facts(here(capsys, "explain", event.id, "--ledger", demo_ledger()).out)["status"]
    assert told.startswith("intended: ") and "“will”" in told.partition("Its words here:")[2]


def test_corrections_are_told(tmp_path, capsys):
    event = sample("r1").events[0]
    with fresh_ledger(tmp_path / "l", "r1") as ledger:
        ledger.correct(event.id, "type", "ACCUSE", author="ada", reason="blame")
        ledger.reject(event.id, author="bo")
    answer = here(capsys, "explain", event.id[:8], "--ledger", tmp_path / "l")
    assert "rejected by a reviewer: it is in no view and in no count" in answer.out
    told = [line.split("by ", 1)[1].strip() for line in answer.out.splitlines() if line.startswith("corrected")]
    assert told == [f'ada: type: "{event.type}" → "ACCUSE", because blame', "bo: reject"]


def test_json_is_the_whole_explanation(capsys):
    coding, event = next(events())
    found = here(capsys, "explain", event.id, "--ledger", demo_ledger(), "--json").json
    with Ledger(demo_ledger(), read_only=True) as ledger:
        whole = ledger.explain(event.id)
    assert (found["kind"], found["record"]["id"], found["sentence"]) == ("event", event.id, whole.sentence)
    assert len(found["marks"]) == len(whole.marks)
    assert found["report"]["id"] == coding.report.id


def test_a_report_is_shown_whole(capsys):
    coding = demo_codings()[0]
    answer = here(capsys, "explain", coding.report.id, "--ledger", demo_ledger())
    assert answer.out.splitlines()[0] == coding.report.title
    assert [line for line in answer.out.splitlines() if line in ("Who", "Said", "Done")] == ["Who", "Said", "Done"]


def test_an_id_that_nobody_has(capsys):
    answer = here(capsys, "explain", "ffffffffffff", "--ledger", demo_ledger())
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == "comity: ffffffffffff: the ledger has no event, statement or report with this id\n"


def test_long_alternations_are_abridged():
    from comity.cli.explain import _abridged

    assert _abridged("S a|b|c|d|e T for|on ~") == "S a|b|c|d|… T for|on ~"
    assert _abridged("S a|b|c|d T") == "S a|b|c|d T"
