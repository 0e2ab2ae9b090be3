"""Casualties and amounts that the words around an event give."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from comity.language import Sentence
from comity.records import Count, Money, Size


@cache
def _words() -> dict[str, dict[str, str]]:
    """Kind (dead, injured, …; number; scale; currency) to word to value."""
    table: dict[str, dict[str, str]] = {}
    for row in files(__package__).joinpath("size_words.tsv").read_text("utf-8").splitlines()[1:]:
        word, kind, value, _ = row.split("\t")
        table.setdefault(kind, {})[word] = value
    return table


_DIGITS = re.compile(r"\d{1,3}(?:[,.]\d{3})+|\d+(?:\.\d+)?")


def number_at(s: Sentence, token: int) -> tuple[float, float] | None:
    """The number that a token is the last or only word of, with words of scale before it read; None for none.

    "dozens" and the like give the lowest and highest number they can mean.
    """
    words = _words()
    low = s.lowers[token]
    if low in words["vague"]:
        a, _, b = words["vague"][low].partition("-")
        return float(a), float(b)
    scale = float(words["scale"][low]) if low in words["scale"] else None
    if scale is not None:
        before = number_at(s, token - 1) if token > 0 and s.tags[token - 1] == "CD" else None
        return (before[0] * scale, before[1] * scale) if before else (scale, scale)
    if low in words["number"]:
        value = float(words["number"][low])
        return value, value
    found = _DIGITS.fullmatch(low)
    if found:
        text = found[0]
        value = float(text.replace(",", "")) if re.fullmatch(r"\d{1,3}(?:,\d{3})+", text) else (
            float(text.replace(".", "")) if re.fullmatch(r"\d{1,3}(?:\.\d{3}){2,}", text) else float(text))  # fmt: skip
        return value, value
    return None


def _count_of(s: Sentence, noun: int) -> Count | None:
    """How many a noun phrase counts: "12 soldiers", "at least 30", "dozens of civilians"."""
    for kid in s.kids[noun]:
        if s.deps[kid] in ("nummod", "amod", "quantmod") or s.tags[kid] == "CD":
            value = number_at(s, kid)
            if value is not None and _plausible(s, noun, kid):
                return _count(value)
    value = number_at(s, noun) if s.tags[noun] in ("CD", "NNS") else None
    if value is not None:
        return _count(value)
    for kid in s.kids[noun]:
        if s.deps[kid] == "prep" and s.lowers[kid] == "of":
            above = number_at(s, noun)
            if above is not None:
                return _count(above)
    return None


def _plausible(s: Sentence, noun: int, number: int) -> bool:
    return s.lemmas[noun] not in (
        "year",
        "month",
        "day",
        "week",
        "hour",
        "minute",
        "%",
        "percent",
        "mile",
        "km",
        "kilometer",
        "time",
    )


def _count(value: tuple[float, float]) -> Count:
    low, high = int(value[0]), int(value[1])
    return low if low == high else (low, high)


def size(s: Sentence, trigger: int, type_: str) -> Size | None:
    """Casualties and amounts of the event at a trigger: what its own clause counts. None when it gives none."""
    words = _words()
    found: dict[str, Count] = {}
    verbs = [trigger, *(k for k in s.kids[trigger] if s.deps[k] in ("conj", "advcl", "xcomp", "dobj", "relcl"))]
    if s.deps[trigger] in ("conj", "nsubj", "nsubjpass", "pobj", "dobj", "advcl"):
        verbs.append(s.heads[trigger])
    for verb in verbs:
        kind = words["harm"].get(s.lemmas[verb])
        if kind:
            for kid in s.kids[verb]:
                if s.deps[kid] in ("dobj", "nsubjpass", "nsubj", "oprd", "attr") and (
                    s.deps[kid] != "nsubj" or s.lemmas[verb] in ("die", "perish", "flee")
                ):
                    count = _count_of(s, kid)
                    if count is not None:
                        found.setdefault(kind, count)
            if s.deps[verb] in ("acl", "amod"):
                count = _count_of(s, s.heads[verb])
                if count is not None:
                    found.setdefault(kind, count)
        for kid in s.kids[verb]:
            state = words["state"].get(s.lowers[kid])
            if state and s.deps[kid] in ("acomp", "oprd", "amod", "attr", "dobj", "ccomp", "xcomp"):
                around = [k for k in s.kids[verb] if s.deps[k] in ("dobj", "nsubj", "nsubjpass")] + [kid]
                for noun in around:
                    count = _count_of(s, noun)
                    if count is not None:
                        found.setdefault(state, count)
                        break
    if type_ in ("MOBILIZE", "RETREAT", "AID", "COOPERATE"):
        for token in range(max(0, trigger - 12), min(len(s), trigger + 13)):
            if s.lemmas[token] in ("troop", "soldier", "serviceman", "peacekeeper", "marine"):
                count = _count_of(s, token)
                if count is not None:
                    found.setdefault("troops", count)
    money = (
        _money(s, trigger)
        if type_ in ("AID", "AGREE", "SANCTION", "COOPERATE", "COERCE", "REQUEST", "SUPPORT")
        else None
    )
    if not found and money is None:
        return None
    return Size(**found, money=money)


def _money(s: Sentence, trigger: int) -> Money | None:
    """An amount of money within a dozen tokens of the trigger."""
    words = _words()
    for token in range(max(0, trigger - 12), min(len(s), trigger + 16)):
        low = s.lowers[token]
        currency = words["currency"].get(low) or words["currency"].get(s.lemmas[token])
        if currency is None:
            continue
        if low in ("$", "€", "£", "us$", "¥", "₹", "a$", "c$"):
            at = token + 1
        else:
            at = token - 1
        if not 0 <= at < len(s):
            continue
        last = at
        if at > token:
            while last + 1 < len(s) and s.lowers[last + 1] in words["scale"]:
                last += 1
        value = number_at(s, last)
        if value is not None and value[0] > 0:
            return Money(amount=value[0], currency=currency)
    return None
