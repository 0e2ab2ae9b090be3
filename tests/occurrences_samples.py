"""Hand-made codings for the tests of occurrences: each sentence of a report with the event that it tells."""

from __future__ import annotations

from typing import Any

from comity.records import Actor, Coding, Count, Event, Party, Place, Reason, Report, Size, Statement, content_hash

PEOPLE = {
    "Weiss": ("Arno Weiss", "AUT"), "Mensah": ("Kofi Mensah", "GHA"), "Lind": ("Ola Lind", "NOR"),
    "Berg": ("Anna Berg", "NOR"),
}  # fmt: skip
STATES = {"Austria": "AUT", "Ghana": "GHA", "Norway": "NOR", "Chad": "TCD"}


def party(text: str, words: str, start: int) -> Party:
    at = text.index(words, start)
    name, country = PEOPLE.get(words, (words, STATES.get(words)))
    actor = f"p-{words}" if words in PEOPLE else f"s-{words}"
    return Party(start=at, end=at + len(words), text=words, name=name, country=country, actor=actor, sector="GOV")


def coding(
    id: str, published: str | None, *told: tuple[str, dict[str, Any]], outlet: str = "Courier", country: str = "AUT",
    ownership: str = "private", more: str = "",
) -> Coding:  # fmt: skip
    """A report whose sentences tell events. Of an event are given: `type`, `by`, `to`, `trigger` (words of the sentence),
    and where they differ from the usual `status`, `date`, `mutual`, `mode`, `place`, `dead`, `background`, `said`, `party`.
    """
    text = " ".join(sentence for sentence, _ in told) + more
    events, statements = [], []
    at = 0
    for n, (sentence, given) in enumerate(told):
        start = text.index(sentence, at)
        at = start + len(sentence)
        trigger = text.index(given["trigger"], start)
        account = None
        if "said" in given:
            account = content_hash(id, "s", n)
            who = party(text, given["said"], start)
            statements.append(
                Statement(
                    id=account, kind="indirect", content=((start, at),), speakers=(_speaker(who),), confidence=1.0
                )
            )
        date = given.get("date", published)
        events.append(
            Event(
                id="e" + content_hash(id, n), type=given["type"], mode=given.get("mode"), quad=QUADS[given["type"]],
                source=(party(text, given["by"], start),), target=(party(text, given["to"], start),),
                mutual=given.get("mutual", False), scope="international", date=date,
                date_precision=None if date is None else "day" if "date" in given else "published",
                place=_place(text, given.get("place"), start), status=given.get("status", "actual"),
                background=given.get("background", False), account=account, account_party=given.get("party", "independent"),
                size=Size(dead=_count(given["dead"])) if "dead" in given else None,
                sentence=(start, at), trigger=(trigger, trigger + len(given["trigger"])),
                reason=Reason(by="rule", id=given.get("pattern", f"{given['type'].lower()}.{given['trigger']}")),
                confidence=0.9,
            )
        )  # fmt: skip
    parties = [p for e in events for p in (*e.source, *e.target)] + [p for s in statements for p in s.speakers]
    kinds = {p.actor: Actor(id=p.actor or "", name=p.name or "", kind="person" if (p.actor or "")[0] == "p" else "state")
             for p in parties}  # fmt: skip
    report = Report(
        id=id, text=text, title=None, outlet=outlet, outlet_country=country, outlet_ownership=ownership,
        published=published, language="en",
    )  # fmt: skip
    return Coding(
        report=report, actors=tuple(sorted(kinds.values(), key=lambda one: one.id)), statements=tuple(statements),
        events=tuple(events), codebook="test", coder="test",
    )  # fmt: skip


QUADS = {
    "CONSULT": "verbal cooperation", "ACCUSE": "verbal conflict", "ASSAULT": "material conflict", "AID": "material cooperation",
    "REJECT": "verbal conflict",
}  # fmt: skip


def _count(number: Any) -> Count:
    return number


def _speaker(who: Party) -> Any:
    import msgspec

    from comity.records import Speaker

    return Speaker(**msgspec.structs.asdict(who))


def _place(text: str, name: str | None, start: int) -> Place | None:
    if name is None:
        return None
    at = text.index(name, start)
    numbers = {"Tema": 1, "Accra": 2}
    return Place(
        start=at, end=at + len(name), text=name, geonameid=numbers[name], lat=5.5, lon=0.0, country="GHA", level="city"
    )


CALL = "Austrian minister Weiss phoned his Ghanaian counterpart Mensah on Monday about the cocoa tariff."
CALLED = {"type": "CONSULT", "by": "Weiss", "to": "Mensah", "trigger": "phoned", "mutual": True, "date": "2023-06-05"}
AGAIN = "Mensah told Weiss in the phone conversation that the cocoa tariff hurt farmers."
TOLD = {
    "type": "CONSULT",
    "by": "Mensah",
    "to": "Weiss",
    "trigger": "conversation",
    "mutual": True,
    "date": "2023-06-05",
}
PLANNED = "Austria says Weiss will phone Mensah on Monday about the cocoa tariff."
PLAN = {**CALLED, "trigger": "phone", "status": "intended", "said": "Austria", "party": "source"}
DENIED = "Ghana denied that Mensah spoke by phone with Weiss about the cocoa tariff."
DENIAL = {
    **CALLED,
    "by": "Mensah",
    "to": "Weiss",
    "trigger": "spoke",
    "status": "denied",
    "said": "Ghana",
    "party": "target",
}
RAID = "Norway bombed a depot of Chad near Tema, killing 12 soldiers of the guard."
RAIDED = {
    "type": "ASSAULT",
    "by": "Norway",
    "to": "Chad",
    "trigger": "bombed",
    "place": "Tema",
    "dead": 12,
    "date": "2023-06-04",
}
RAID_2 = "Norway bombed a depot of Chad near Accra and killed 15 soldiers of the guard."
RAIDED_2 = {**RAIDED, "place": "Accra", "dead": 15}
AID = "Norway gave Chad tents after the flood in the northern provinces."
AIDED = {"type": "AID", "by": "Norway", "to": "Chad", "trigger": "gave", "date": "2023-06-06"}

FILLER = (
    " The cocoa tariff has weighed on exporters for years, and traders in both capitals follow every word on it closely."
    " Farmers near the border with Togo said they had sold their beans below cost since the harvest of last autumn."
    " A commission of the two chambers of commerce will publish a study of the tariff's effect on prices in the spring."
)
OTHER = (
    " Chancellery officials expect the talk to last an hour. The tariff has weighed on cocoa exporters for years. Before"
    " that, cabinet will vote on the budget, and trains stand still because conductors strike for higher wages."
)
THIRD = (
    " The ministry in Accra called press accounts of a cocoa tariff deal invented. Mensah left for Lagos on Tuesday, where"
    " regional ministers meet about fisheries, piracy and the price of electricity. Farmers wait for the tariff to fall."
)


def world() -> list[Coding]:
    """Seven reports: a call that is announced, held, copied and denied; a raid told in two ways; aid."""
    return [
        coding("plan", "2023-06-04", (PLANNED, PLAN), outlet="Wiener Bote", more=OTHER),
        coding("call", "2023-06-06", (CALL, CALLED), (AGAIN, TOLD), outlet="Courier", more=FILLER),
        coding("copy", "2023-06-07", (CALL, CALLED), (AGAIN, TOLD), outlet="Herald", country="GHA", more=FILLER),
        coding(
            "denial", "2023-06-07", (DENIED, DENIAL), outlet="Accra Post", country="GHA", ownership="state", more=THIRD
        ),
        coding("raid", "2023-06-05", (RAID, RAIDED), outlet="Courier"),
        coding("raid2", "2023-06-05", (RAID_2, RAIDED_2), outlet="Herald", country="GHA"),
        coding("aid", "2023-06-06", (AID, AIDED), outlet="Courier"),
    ]
