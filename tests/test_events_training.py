"""Training learns from labels what the labels say: on reports made from templates, with nothing of real news."""

import pytest

pytest.importorskip("sklearn")
pytest.importorskip("scipy")

from parsing import language, parsed

from comity.events import arguments, training
from comity.events.candidates import place_of
from comity.events.classify import read_pairs
from comity.events.find import propose
from comity.events.lexicon import read_lexicon
from comity.records import Report, content_hash

STATES = {"Kenya": "KEN", "Peru": "PER", "Norway": "NOR", "Mali": "MLI", "Laos": "LAO", "Chad": "TCD", "Oman": "OMN"}

TELLINGS = (
    ("{a} bombed {b} on Monday.", "ASSAULT", "actual", False),
    ("{b} was bombed by {a} on Tuesday.", "ASSAULT", "actual", False),
    ("{a} will impose sanctions on {b} in May.", "SANCTION", "intended", False),
    ("{a} praised {b} on Friday.", "SUPPORT", "actual", False),
    ("In 1987 {a} invaded {b}.", "ASSAULT", "actual", True),
    ("{a} has not blockaded {b}.", "COERCE", "negated", False),
    ("{a} could attack {b} one day.", None, "", False),
)


def labelled() -> list[training.Worked]:
    """A report for each ordered pair of states that stand beside each other in the list, with all tellings."""
    names = list(STATES)
    texts, labels = [], []
    for n, a in enumerate(names):
        for step in (1, 2, 3):
            b = names[(n + step) % len(names)]
            text, events = "", []
            for telling, type_, status, background in TELLINGS:
                begun = len(text)
                text += telling.format(a=a, b=b) + " "
                if type_:
                    parties = ((STATES[a],), (STATES[b],))
                    events.append(
                        training.LabelledEvent(begun, len(text) - 1, type_, *parties, status, background=background)
                    )
            texts.append(text)
            labels.append(training.LabelledReport(f"made-{n}-{step}", content_hash(text), tuple(events)))
    return [
        training.work(label, Report(id=label.id, text=text, published="2024-06-03"), parse)
        for label, text, parse in zip(labels, texts, parsed(*texts), strict=True)
    ]


@pytest.fixture(scope="module")
def reports() -> list[training.Worked]:
    return labelled()


@pytest.fixture(scope="module")
def made(reports):
    return training.train(reports, read_lexicon())


def proposals(text: str, made):
    (parse,) = parsed(text)
    label = training.LabelledReport("new", content_hash(text), ())
    worked = training.work(label, Report(id="new", text=text, published="2024-06-03"), parse)
    groups = propose(worked.parse, worked.cast, worked.reading, read_lexicon(), made["arguments"])
    return [p for group in groups for p in group]


@pytest.mark.parametrize(
    "text", ["Ghana bombed Togo on Monday.", "Togo was bombed by Ghana.", "On Sunday, Ghana bombed Togo again."]
)
def test_who_did_it_to_whom_is_learned_for_states_never_seen(text, made):
    chosen = proposals(text, made)[0].chosen
    assert [place_of(side.figures[0].country) for side in (chosen.source, chosen.target)] == ["GHA", "TGO"]


def test_what_no_reader_marked_is_believed_less(made):
    told, feared = (
        proposals("Ghana bombed Togo on Monday.", made)[0],
        proposals("Ghana could attack Togo one day.", made)[0],
    )
    believed = [arguments.probability(made["acceptance"], p.features) for p in (told, feared)]
    assert believed[0] > 0.5 > believed[1]


def judged(text: str, made, *events: training.LabelledEvent) -> list[tuple[str, str, bool, bool]]:
    """Of each proposal of a text: type, source, whether it is an event of its type, whether it counts in its report."""
    (parse,) = parsed(text)
    label = training.LabelledReport("new", content_hash(text), events)
    worked = training.work(label, Report(id="new", text=text, published="2024-06-03"), parse)
    learned, (groups,) = training.judge([worked], read_lexicon(), made["arguments"])
    rows = list(training._rows(groups))
    return [
        (p.match.pattern.type, place_of(p.chosen.source.figures[0].country), event, counted)
        for p, event, counted in zip(rows, learned.events, learned.counted, strict=True)
    ]


def test_an_event_of_another_type_counts_for_the_one_proposal_that_is_nearest_to_it(made):
    text = "Ghana bombed Togo and then condemned Togo."
    label = training.LabelledEvent(0, len(text), "ASSAULT", ("GHA",), ("TGO",), "actual")
    found = judged(text, made, label)
    assert {row for row in found if row[1] == "GHA" and row[0] == "ASSAULT"} == {("ASSAULT", "GHA", True, True)}
    assert {row[2:] for row in found if row[0] == "ACCUSE"} == {(False, False)}
    other = training.LabelledEvent(0, len(text), "COERCE", ("GHA",), ("TGO",), "actual")
    assert sum(counted for *_, counted in judged(text, made, other)) == 1
    assert not any(event for _, _, event, _ in judged(text, made, other))


def test_an_event_of_other_parties_counts_for_none(made):
    text = "Ghana bombed Togo."
    label = training.LabelledEvent(0, len(text), "ASSAULT", ("PER",), ("CHL",), "actual")
    assert {row[2:] for row in judged(text, made, label)} == {(False, False)}


def test_all_models_are_made_and_know_the_statuses_of_the_labels(made):
    assert sorted(made) == ["acceptance", "acceptance_in_report", "arguments", "background", "status"]
    assert made["status"].classes == ("actual", "intended", "negated")
    assert made["background"].table


def test_the_order_of_the_reports_changes_nothing(reports, made):
    assert training.train(reports[::-1], read_lexicon()) == made


def test_weights_are_written_as_they_are_read(made, tmp_path, monkeypatch):
    training.write(made, tmp_path / "weights")
    monkeypatch.setattr(arguments, "files", lambda _: tmp_path)
    assert arguments.weights.__wrapped__("arguments") == made["arguments"]
    assert arguments.multinomial.__wrapped__("status") == made["status"]


def test_labels_are_read_as_they_stand_in_the_file(tmp_path):
    path = tmp_path / "labels.jsonl"
    path.write_text(
        '{"id": "a", "digest": "0", "events": [{"start": 0, "end": 9, "type": "AID", "source": ["KEN"],'
        ' "target": ["PER"], "status": "actual", "mutual": true}]}\n\n'
    )
    event = training.LabelledEvent(0, 9, "AID", ("KEN",), ("PER",), "actual", mutual=True)
    assert training.read_labels(path) == [training.LabelledReport("a", "0", (event,))]


PAIRS = "type\tstatus\tsentence\n" + "".join(
    f"{type_}\t{status}\t{words.format(a=f'[S {a}]', b=f'[T {b}]')}\n"
    for type_, status, words in (
        ("ASSAULT", "actual", "{a} bombed {b} on Monday."),
        ("SANCTION", "intended", "{a} will impose sanctions on {b}."),
        ("NONE", "actual", "{a} fears that rebels who bombed a dam hide in {b}."),
    )
    for a, b in zip(STATES, list(STATES)[1:], strict=False)
)


def test_pairs_teach_which_pattern_speaks_for_them(tmp_path, made):
    path = tmp_path / "pairs.tsv"
    path.write_text(PAIRS, "utf-8")
    pairs = training.read_pairs(path)
    assert pairs[0].type == "ASSAULT"
    assert pairs[0].pair.sentence == "Kenya bombed Peru on Monday."
    reads = [read for _, read in read_pairs((p.pair for p in pairs), language(), read_lexicon(), made["arguments"])]
    rank, text = training.train_pairs(pairs, reads)
    assert rank.table
    assert {root.split("/")[0] for root in text.classes} >= {"NONE"}
    assert len(text.classes) == 3


def test_a_line_that_cannot_be_read_is_named(tmp_path):
    path = tmp_path / "pairs.tsv"
    path.write_text("type\tstatus\tsentence\nAID\tactual\n", "utf-8")
    with pytest.raises(ValueError, match=r"pairs\.tsv:2: no type, status and sentence"):
        training.read_pairs(path)
