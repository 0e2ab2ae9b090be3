"""Whatever a coder may write comes back as it was: arbitrary texts, spans, numbers and gaps."""

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ledger_samples import fresh_ledger

from comity.records import (
    Actor,
    Coding,
    Contact,
    Event,
    Mention,
    Money,
    Party,
    Place,
    Reason,
    Report,
    Size,
    Speaker,
    Statement,
    TimeExpression,
)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
maybe = st.none() | words
whole = st.integers(-(2**62), 2**62)
spans = st.tuples(st.integers(0, 50), st.integers(0, 50))
numbers = st.floats(allow_nan=False, allow_infinity=False)
counts = st.none() | st.integers(0, 10**9) | st.tuples(st.integers(0, 99), st.integers(100, 10**9))


def record(type_, **fields):
    return st.builds(type_, **fields)


parties = record(
    Party,
    start=st.none() | st.integers(0, 50),
    end=st.none() | st.integers(0, 50),
    text=maybe,
    actor=maybe,
    name=maybe,
    country=maybe,
    sector=maybe,
    office=maybe,
    office_status=maybe,
)
speakers = record(Speaker, text=maybe, name=maybe, country=maybe, anonymous=st.booleans(), anonymous_type=maybe)
places = record(
    Place,
    start=st.integers(0, 50),
    end=st.integers(0, 50),
    text=words,
    geonameid=st.none() | whole,
    lat=st.none() | numbers,
    lon=st.none() | numbers,
    country=maybe,
    level=maybe,
)
sizes = record(
    Size,
    dead=counts,
    injured=counts,
    arrested=counts,
    displaced=counts,
    troops=counts,
    money=st.none() | record(Money, amount=numbers, currency=maybe),
)
events = record(
    Event,
    id=words,
    type=words,
    mode=maybe,
    contexts=st.lists(words, max_size=2).map(tuple),
    cameo=maybe,
    quad=words,
    intensity=st.none() | numbers,
    source=st.lists(parties, max_size=2).map(tuple),
    target=st.lists(parties, max_size=2).map(tuple),
    mutual=st.booleans(),
    scope=maybe,
    date=maybe,
    date_precision=maybe,
    date_end=maybe,
    date_span=st.none() | spans,
    place=st.none() | places,
    status=words,
    background=st.booleans(),
    account=maybe,
    account_party=maybe,
    contact=st.none() | record(Contact, channel=words, setting=maybe, source_level=maybe, target_level=maybe),
    size=st.none() | sizes,
    sentence=spans,
    trigger=spans,
    reason=record(Reason, by=words, id=words),
    confidence=numbers,
)
statements = record(
    Statement,
    id=words,
    kind=words,
    content=st.lists(spans, max_size=3).map(tuple),
    cue=st.none() | spans,
    speakers=st.lists(speakers, max_size=2).map(tuple),
    addressee=st.none() | parties,
    venue=maybe,
    channel=maybe,
    date=maybe,
    date_precision=maybe,
    date_span=st.none() | spans,
    continued=st.booleans(),
    via=st.lists(words, max_size=2).map(tuple),
    within=maybe,
    confidence=st.none() | numbers,
)
bodies = record(
    Coding,
    report=record(Report, id=st.just(""), text=texts, title=maybe, outlet=maybe, published=maybe, demo=st.booleans()),
    actors=st.lists(record(Actor, id=words, name=texts, kind=words, wikidata=maybe), max_size=2).map(tuple),
    mentions=st.lists(record(Mention, start=whole, end=whole, text=texts, actor=maybe), max_size=2).map(tuple),
    dates=st.lists(record(TimeExpression, start=whole, end=whole, text=texts, type=words, value=maybe), max_size=2).map(
        tuple
    ),
    places=st.lists(places, max_size=1).map(tuple),
    statements=st.lists(statements, max_size=2).map(tuple),
    events=st.lists(events, max_size=2).map(tuple),
    warnings=st.lists(texts, max_size=1).map(tuple),
    codebook=words,
    coder=words,
)


@pytest.fixture(scope="module")
def ledger(tmp_path_factory):
    with fresh_ledger(tmp_path_factory.mktemp("roundtrip") / "l") as made:
        yield made


number = iter(range(10**9))


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(bodies, min_size=1, max_size=8))
def test_any_coding_comes_back_equal(ledger, made):
    codings = [
        msgspec.structs.replace(coding, report=msgspec.structs.replace(coding.report, id=f"h{next(number)}"))
        for coding in made
    ]
    assert ledger.add(codings).added == len(codings)
    for coding in codings:
        assert ledger.coding(coding.report.id) == coding
    assert not [problem for problem in ledger.check() if "not those that were added" in problem.what]
