"""Hand-made codings for the tests of the ledger: small, whole, with offsets that slice."""

from __future__ import annotations

import atexit
import functools
import shutil
import tempfile
from pathlib import Path

from comity.ledger import Ledger
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
    content_hash,
)

TEXT = (
    "Foreign Minister Arno Weiss of Austria phoned his Ghanaian counterpart on Monday. "
    'A dock worker in Accra told GNA: "Austria promised us 20 million euros." '
    "Ghana denied that its police had detained four Austrians in Tema in May."
)


@functools.cache
def _template(ids: tuple[str, ...]) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="comity-test-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with Ledger(folder / "l") as ledger:
        ledger.add([sample(id_) for id_ in ids])
    return folder / "l"


def fresh_ledger(folder: Path, *ids: str) -> Ledger:
    """A ledger with these samples: a copy of one that is made once a run, which takes a third of the time."""
    shutil.copytree(_template(ids), folder)
    return Ledger(folder)


def span(text: str, words: str, start: int = 0) -> tuple[int, int]:
    at = text.index(words, start)
    return at, at + len(words)


def party(text: str, words: str, country: str | None, actor: str | None = None, **more: object) -> Party:
    start, end = span(text, words)
    return Party(start=start, end=end, text=words, country=country, actor=actor, **more)  # type: ignore[arg-type]


def sample(id: str = "r1", text: str = TEXT, **report: object) -> Coding:
    """One report with two actors, five mentions, two dates, two places, two statements and three events."""
    fields: dict[str, object] = {
        "title": "Call",
        "outlet": "The Test Courier",
        "outlet_country": "AUT",
        "outlet_ownership": "private",
        "published": "2023-06-07T09:00:00",
        "language": "en",
        "source": f"{id}.txt",
    }
    fields |= report

    def mention(words: str, country: str | None, actor: str | None = None, **more: object) -> Mention:
        start, end = span(text, words)
        return Mention(start=start, end=end, text=words, country=country, actor=actor, **more)  # type: ignore[arg-type]

    def date(words: str, value: str) -> TimeExpression:
        start, end = span(text, words)
        return TimeExpression(start=start, end=end, text=words, type="DATE", value=value)

    def place(words: str, level: str, country: str, geonameid: int) -> Place:
        start, end = span(text, words)
        return Place(
            start=start, end=end, text=words, country=country, level=level, geonameid=geonameid, lat=5.5, lon=-0.25
        )

    first, second, third = text.index("Foreign"), text.index("A dock"), text.index("Ghana denied")
    weiss = party(
        text, "Foreign Minister Arno Weiss", "AUT", "a1", name="Arno Weiss", sector="GOV", office="Foreign Minister"
    )
    worker = Speaker(
        start=second,
        end=second + len("A dock worker in Accra"),
        text="A dock worker in Accra",
        country="GROUP:dock worker@GHA",
        anonymous=True,
        anonymous_type="witness",
    )
    told = Statement(
        id=content_hash(id, "told"),
        kind="verbatim",
        content=(span(text, "Austria promised us 20 million euros."),),
        cue=span(text, "told"),
        speakers=(worker,),
        addressee=party(text, "GNA", None),
        channel="interview",
        date="2023-06-07",
        date_precision="published",
        via=("GNA",),
        confidence=0.9,
    )
    denied = Statement(
        id=content_hash(id, "denied"),
        kind="indirect",
        content=(span(text, "that its police had detained four Austrians in Tema in May"),),
        cue=span(text, "denied"),
        speakers=(Speaker(start=third, end=third + 5, text="Ghana", country="GHA", sector="GOV"),),
        date="2023-06-07",
        date_precision="published",
        within=None,
    )
    call = Event(
        id=content_hash(id, "call"),
        type="CONSULT",
        mode="phone",
        contexts=("diplomatic",),
        cameo="041",
        quad="verbal cooperation",
        intensity=1.5,
        source=(weiss,),
        target=(party(text, "his Ghanaian counterpart", "GHA", "a2", sector="GOV"),),
        mutual=True,
        scope="international",
        date="2023-06-05",
        date_precision="day",
        date_span=span(text, "Monday"),
        account_party="source",
        contact=Contact(channel="phone", setting="bilateral", source_level="minister", target_level="minister"),
        sentence=(first, text.index(" A dock")),
        trigger=span(text, "phoned"),
        reason=Reason(by="rule", id="consult.phone"),
        confidence=0.97,
    )
    aid = Event(
        id=content_hash(id, "aid"),
        type="AGREE",
        quad="verbal cooperation",
        intensity=2.5,
        source=(party(text, "Austria promised", "AUT", None),),
        target=(party(text, "us 20", "GHA"),),
        scope="international",
        date="2023-06",
        date_precision="month",
        account=told.id,
        account_party="target",
        size=Size(money=Money(amount=20e6, currency="EUR")),
        sentence=(second, third - 1),
        trigger=span(text, "promised"),
        reason=Reason(by="rule", id="agree.promise"),
        confidence=0.7,
    )
    arrest = Event(
        id=content_hash(id, "arrest"),
        type="COERCE",
        mode="arrest",
        cameo="173",
        quad="material conflict",
        intensity=-7.0,
        source=(party(text, "its police", "GHA", sector="COP"),),
        target=(party(text, "four Austrians", "GROUP:Austrians@AUT", sector="CVL"),),
        scope="international",
        date="2023-05",
        date_precision="month",
        date_span=span(text, "May"),
        place=place("Tema", "city", "GHA", 2294206),
        status="denied",
        account=denied.id,
        account_party="source",
        size=Size(arrested=4, injured=(1, 2)),
        sentence=(third, len(text)),
        trigger=span(text, "detained"),
        reason=Reason(by="model", id="pairs-1"),
        confidence=0.55,
    )
    return Coding(
        report=Report(id=id, text=text, **fields),  # type: ignore[arg-type]
        actors=(Actor(id="a1", name="Arno Weiss", kind="person"), Actor(id="a2", name="Ghana", kind="state")),
        mentions=(
            mention("Foreign Minister Arno Weiss", "AUT", "a1", sector="GOV", office="Foreign Minister"),
            mention("Austria", "AUT"),
            mention("his Ghanaian counterpart", "GHA", "a2"),
            mention("dock worker", "GROUP:dock worker@GHA", anonymous=True),
            Mention(start=third, end=third + 5, text="Ghana", country="GHA", actor="a2"),
            mention("four Austrians", "GROUP:Austrians@AUT"),
            Mention(**_quoted_austria(text)),
        ),
        dates=(date("Monday", "2023-06-05"), date("May", "2023-05")),
        places=(place("Accra", "city", "GHA", 2306104), place("Tema", "city", "GHA", 2294206)),
        statements=(told, denied),
        events=(call, aid, arrest),
        warnings=("a warning",),
        codebook="plover-2.0+comity-1",
        coder="comity 0.1.0",
    )


def _quoted_austria(text: str) -> dict[str, object]:
    start = text.index("Austria promised")
    return {"start": start, "end": start + 7, "text": "Austria", "country": "AUT"}
