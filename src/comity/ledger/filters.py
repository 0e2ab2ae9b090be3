"""Filters: what can be asked of events, statements, reports and mentions, as SQL and in plain words.

One table holds them all, so that the command line, the web pages and the restated sentence cannot differ.
"""

# ruff: noqa: S608 (identifiers come from this package's own tables; values are always parameters)
from __future__ import annotations

import datetime
import difflib
import functools
import re
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from comity.ledger.errors import BadFilter

# Values that a record's field can have, where `comity.records` names them all.
VALUES: dict[str, tuple[str, ...]] = {
    "stage": ("held", "announced", "asked for", "considered", "cancelled", "denied", "disputed"),
    "conflict": (
        "whether",
        "source",
        "target",
        "date",
        "place",
        "dead",
        "injured",
        "arrested",
        "displaced",
        "troops",
        "money",
    ),
    "status": ("actual", "intended", "requested", "hypothetical", "negated", "denied"),
    "scope": ("international", "domestic"),
    "quad": ("verbal cooperation", "material cooperation", "verbal conflict", "material conflict"),
    "account_party": ("source", "target", "third", "independent"),
    "ownership": ("state", "private", "public"),
    "kind": ("verbatim", "indirect", "mixed"),
    "polarity": ("positive", "negative"),
    "modality": ("actual", "intended"),
    "contact": ("in-person", "phone", "video", "letter", "message", "summit", "visit"),
    "channel": (
        *("briefing", "speech", "interview", "phone", "meeting", "message", "document", "broadcast", "social", "court"),
    ),
    "anonymous_type": (
        *("official", "diplomat", "military", "expert", "resident", "witness", "familiar", "medium", "unspecified"),
    ),
    "office_status": ("current", "last known", "former", "future"),
}

_CODE = re.compile(r"[A-Z]{3}|IGO:[^\s,]+|GROUP:.+@(?:[A-Z]{3}|null)")


class Rule(msgspec.Struct, frozen=True):
    """What counts as asserted: a condition on events, and how it is said."""

    sql: str
    words: str


ASSERTED: dict[str, Rule] = {
    "default": Rule(
        "(account_party IS NULL OR account_party IN ('independent', 'source')"
        " OR (account_party = 'target' AND quad LIKE '%cooperation'))",
        "asserted by an independent account or by the source itself (by the target only where it is cooperation)",
    ),
    "independent": Rule(
        "(account_party IS NULL OR account_party = 'independent')", "asserted by an independent account"
    ),
    "parties": Rule(
        "(account_party IN ('source', 'target'))", "asserted by one of the two sides (official words and state outlets)"
    ),
    "anyone": Rule("TRUE", "asserted by anyone, each side's claims about the other included"),
}
"""Rules of what "asserted" means, by name. Imported events name no account: they are their outlet's word and count as
independent."""


class Parameters:
    """Collects the values of an SQL statement; gives each a name."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}

    def add(self, value: Any) -> str:
        name = f"p{len(self.values) + 1}"
        self.values[name] = value
        return f"${name}"

    def add_all(self, values: Sequence[Any]) -> str:
        return ", ".join(self.add(value) for value in values)


class Literals(Parameters):
    """Writes the values into the statement, for people to read and to go on with."""

    def add(self, value: Any) -> str:
        if isinstance(value, str):
            return "'" + value.replace("'", "''") + "'"
        return f"DATE '{value}'" if isinstance(value, datetime.date) else str(value)


Make = Callable[[Sequence[Any], Parameters], str]
Say = Callable[[Sequence[Any]], str]


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """One filter of one relation."""

    meaning: str
    """What it asks, for help texts."""
    read: Callable[[Any], Any]
    """Turns one value as given into the value that is compared; raises `ValueError` with what is wrong."""
    make: Make
    say: Say


# --- reading values --------------------------------------------------------------------------------------------------


def _text(value: Any) -> str:
    text = str(value).strip()
    if not text:
        raise ValueError("is empty")
    return text


class _States(msgspec.Struct, frozen=True):
    names: dict[str, str]
    """The usual name of each state, by ISO 3166 alpha-3 code."""
    organisations: frozenset[str]
    """Codes of organisations of states."""
    codes: dict[str, str]
    """The code, by name and by two-letter code in lower case."""


@functools.cache
def _states() -> _States | None:
    """The states of the actor tables; None in a checkout whose tables are not compiled yet."""
    from comity.actors import tables

    try:
        compiled = tables.load()
    except tables.TablesMissing:
        return None
    codes = {iso2.lower(): code for code, iso2 in zip(compiled.state_iso3, compiled.state_iso2) if iso2}
    codes |= {name.lower(): code for code, name in zip(compiled.state_iso3, compiled.state_name)}
    names = dict(zip(compiled.state_iso3, compiled.state_name))
    return _States(names=names, organisations=frozenset(compiled.igo_code), codes=codes)


def _code(value: Any) -> str:
    """A country code as it stands in records; a state's name is understood too.

    Codes of the right form that the actor tables do not have pass here: `unknown_codes` gives them to whoever can look
    into the ledger for them.
    """
    text = _text(value)
    if text.startswith(("IGO:", "GROUP:")):
        if _CODE.fullmatch(text):
            return text
    elif _CODE.fullmatch(text.upper()):
        return text.upper()
    else:
        states = _states()
        if states and len(text) > 3 and text.lower() in states.codes:
            return states.codes[text.lower()]
    raise ValueError(no_code(text))


def code_of(said: str) -> str | None:
    """The code that is meant by a code or a state's name; None where the actor tables know neither."""
    try:
        code = _code(said)
    except ValueError:
        return None
    states = _states()
    known = states is None or code in states.names or code in states.organisations or code.startswith("GROUP:")
    return code if known else None


def no_code(text: str) -> str:
    """What to say about a code that nobody knows."""
    return (
        f"{text!r} is not a country code{_meant(text)}; "
        "use ISO 3166 alpha-3 (CHN), IGO:NAME (IGO:NATO) or GROUP:NAME@CHN"
    )


def _meant(text: str) -> str:
    states = _states()
    if states is None:
        return ""
    near = difflib.get_close_matches(text.lower(), states.codes, 1, cutoff=0.8)
    code = states.codes[near[0]] if near else None
    return f", did you mean {code} ({states.names[code]})?" if code else ""


def _named(code: str) -> str:
    """A code with the state's name, for people."""
    states = _states()
    name = states.names.get(code) if states else None
    return f"{name} ({code})" if name else code


def _pair(value: Any) -> tuple[str, str]:
    if isinstance(value, (tuple, list)) and len(value) == 2:
        return _code(value[0]), _code(value[1])
    text = _text(value)
    cuts = [n for n, letter in enumerate(text) if letter in "-→>" and text[n - 1 : n] != "-"]
    if not cuts:
        raise ValueError(f"{value!r} is not a dyad; write two codes with a hyphen, as in CHN-RUS")
    for cut in cuts:  # names of groups may have hyphens of their own
        try:
            return _code(text[:cut].strip()), _code(text[cut + 1 :].strip(" ->"))
        except ValueError:
            if cut == cuts[-1]:
                raise
    raise AssertionError


def _one_of(name: str) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        text = _text(value).lower()
        if text not in VALUES[name]:
            near = difflib.get_close_matches(text, VALUES[name], 1)
            hint = f"did you mean {near[0]!r}? " if near else ""
            raise ValueError(f"{value!r} is unknown; {hint}it is one of: {', '.join(VALUES[name])}")
        return text

    return read


def _flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    text = str(value).strip().lower()
    if text in ("true", "yes", "1", "on", "only"):
        return True
    if text in ("false", "no", "0", "off", "none"):
        return False
    raise ValueError(f"{value!r} is neither yes nor no")


def _number(value: Any) -> float:
    try:
        return float(value)
    except ValueError:
        raise ValueError(f"{value!r} is not a number") from None


def period(value: Any) -> tuple[datetime.date, datetime.date]:
    """The first and last day of a day (``2022-10-27``), a month (``2022-10``) or a year (``2022``)."""
    if isinstance(value, datetime.datetime):
        value = value.date()
    if isinstance(value, datetime.date):
        return value, value
    match = re.fullmatch(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", str(value).strip())
    if not match:
        raise ValueError(f"{value!r} is not a date; write 2022-10-27, 2022-10 or 2022")
    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None
    try:
        first = datetime.date(year, month or 1, day or 1)
        if day:
            return first, first
        if month:
            after = datetime.date(year + month // 12, month % 12 + 1, 1)
            return first, after - datetime.timedelta(days=1)
        return first, datetime.date(year, 12, 31)
    except ValueError as error:
        raise ValueError(f"{value!r} is not a date ({error})") from None


# --- conditions ------------------------------------------------------------------------------------------------------


def _in(column: str) -> Make:
    def make(values: Sequence[Any], parameters: Parameters) -> str:
        if len(values) == 1:
            return f"{column} = {parameters.add(values[0])}"
        return f"{column} IN ({parameters.add_all(values)})"

    return make


def _has(column: str) -> Make:
    def make(values: Sequence[Any], parameters: Parameters) -> str:
        if len(values) == 1:
            return f"list_contains({column}, {parameters.add(values[0])})"
        return f"list_has_any({column}, [{parameters.add_all(values)}])"

    return make


def _either(*makes: Make) -> Make:
    def make(values: Sequence[Any], parameters: Parameters) -> str:
        return "(" + " OR ".join(one(values, parameters) for one in makes) + ")"

    return make


def _matches(column: str) -> Make:
    """The column holds the words, whatever their case."""

    def make(values: Sequence[Any], parameters: Parameters) -> str:
        tests = [f"contains(lower({column}), {parameters.add(str(value).lower())})" for value in values]
        return tests[0] if len(tests) == 1 else "(" + " OR ".join(tests) + ")"

    return make


def _begins(column: str) -> Make:
    def make(values: Sequence[Any], parameters: Parameters) -> str:
        tests = [f"starts_with({column}, {parameters.add(value)})" for value in values]
        return tests[0] if len(tests) == 1 else "(" + " OR ".join(tests) + ")"

    return make


def _any_party(parties: str) -> Make:
    """One of the parties in a list column has this name (its words, whatever their case) or this actor id."""

    def make(values: Sequence[Any], parameters: Parameters) -> str:
        tests = []
        for value in values:
            low, exact = parameters.add(str(value).lower()), parameters.add(value)
            tests.append(f"contains(lower(coalesce(p.name, p.text, '')), {low}) OR p.actor = {exact}")
        return f"len([1 FOR p IN {parties} IF {' OR '.join(tests)}]) > 0"

    return make


def _party_field(parties: str, field: str) -> Make:
    def make(values: Sequence[Any], parameters: Parameters) -> str:
        return f"len([1 FOR p IN {parties} IF p.{field} IN ({parameters.add_all(values)})]) > 0"

    return make


def _is(condition: str) -> Make:
    def make(values: Sequence[Any], parameters: Parameters) -> str:
        return f"({condition})" if values[0] else f"NOT ({condition})"

    return make


def _dyad(values: Sequence[Any], parameters: Parameters) -> str:
    tests = []
    for a, b in values:
        one, two = parameters.add(a), parameters.add(b)
        tests.append(
            f"(list_contains(sources, {one}) AND list_contains(targets, {two})"
            f" OR mutual AND list_contains(sources, {two}) AND list_contains(targets, {one}))"
        )
    return tests[0] if len(tests) == 1 else "(" + " OR ".join(tests) + ")"


def _between(values: Sequence[Any], parameters: Parameters) -> str:
    tests = []
    for a, b in values:
        one, two = parameters.add(a), parameters.add(b)
        tests.append(
            f"(list_contains(sources, {one}) AND list_contains(targets, {two})"
            f" OR list_contains(sources, {two}) AND list_contains(targets, {one}))"
        )
    return tests[0] if len(tests) == 1 else "(" + " OR ".join(tests) + ")"


def _since(column: str) -> Make:
    return lambda values, parameters: f"{column} >= {parameters.add(values[0][0])}"


def _until(column: str) -> Make:
    return lambda values, parameters: f"{column} <= {parameters.add(values[0][1])}"


def _place(values: Sequence[Any], parameters: Parameters) -> str:
    tests = []
    for value in values:
        if str(value).isdigit():
            tests.append(f"place.geonameid = {parameters.add(int(value))}")
        elif re.fullmatch(r"[A-Z]{3}", str(value)):
            tests.append(f"place.country = {parameters.add(value)}")
        else:
            tests.append(f"contains(lower(place.text), {parameters.add(str(value).lower())})")
    return tests[0] if len(tests) == 1 else "(" + " OR ".join(tests) + ")"


def _spoken_by(values: Sequence[Any], parameters: Parameters) -> str:
    inner = _any_party("speakers")(values, parameters)
    return f"(report_id, account) IN (SELECT (report_id, id) FROM statements_v1 WHERE {inner})"


def _mentioning(values: Sequence[Any], parameters: Parameters) -> str:
    return f"id IN (SELECT report_id FROM mentions_v1 WHERE {_in('country')(values, parameters)})"


def _via(values: Sequence[Any], parameters: Parameters) -> str:
    tests = " OR ".join(f"contains(lower(v), {parameters.add(str(value).lower())})" for value in values)
    return f"len([1 FOR v IN via IF {tests}]) > 0"


def _asserted(values: Sequence[Any], parameters: Parameters) -> str:
    return ASSERTED[values[0]].sql


def _rule(value: Any) -> str:
    name = _text(value).lower()
    if name not in ASSERTED:
        raise ValueError(f"{value!r} is unknown; it is one of: {', '.join(ASSERTED)}")
    return name


# --- words -----------------------------------------------------------------------------------------------------------


def _or(values: Sequence[Any]) -> str:
    words = [str(value) for value in values]
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " or " + words[-1]


def _words(template: str) -> Say:
    return lambda values: template.format(_or(values))


def _yes_no(yes: str, no: str) -> Say:
    return lambda values: yes if values[0] else no


def _places(template: str) -> Say:
    """For codes of countries: with their names."""
    return lambda values: template.format(_or([_named(value) for value in values]))


def _pairs(template: str) -> Say:
    return lambda values: " or ".join(template.format(_named(a), _named(b)) for a, b in values)


def _when(template: str, end: int) -> Say:
    return lambda values: template.format(values[0][end].isoformat())


# --- the table -------------------------------------------------------------------------------------------------------


def _filter(meaning: str, read: Callable[[Any], Any], make: Make, say: Say) -> Filter:
    return Filter(meaning=meaning, read=read, make=make, say=say)


_OUTLET = {
    "outlet": _filter("outlet, by part of its name", _text, _matches("outlet"), _words("in the outlet {}")),
    "outlet_country": _filter(
        "country of the outlet", _code, _in("outlet_country"), _places("in outlets of {}")
    ),
    "ownership": _filter(
        "ownership of the outlet", _one_of("ownership"), _in("outlet_ownership"), _words("in outlets of {} ownership")
    ),
    "demo": _filter("demonstration material only, or none", _flag, _is("demo"), _yes_no("demo only", "without demo")),
}  # fmt: skip

_RECORD = {
    "report": _filter("id of the report", _text, _in("report_id"), _words("in report {}")),
    "since": _filter("first day", period, _since("day_last"), _when("dated {} or later", 0)),
    "until": _filter("last day", period, _until("day_first"), _when("dated {} or earlier", 1)),
    "corrected": _filter(
        "corrected records only, or none", _flag, _is("corrected"), _yes_no("corrected by hand", "not corrected")
    ),
    "min_confidence": _filter(
        "lowest confidence", _number, lambda v, p: f"confidence >= {p.add(v[0])}", _words("with confidence {} or more")
    ),
    **_OUTLET,
}  # fmt: skip

EVENTS: dict[str, Filter] = {
    "dyad": _filter(
        "source and target, as in CHN-RUS; mutual events count both ways", _pair, _dyad, _pairs("from {} to {}")
    ),
    "between": _filter("two parties, in either direction", _pair, _between, _pairs("between {} and {}")),
    "source": _filter("country of a source", _code, _has("sources"), _places("by {}")),
    "target": _filter("country of a target", _code, _has("targets"), _places("towards {}")),
    "country": _filter(
        "country of a source or target", _code, _either(_has("sources"), _has("targets")), _places("by or towards {}")
    ),
    "actor": _filter(
        "a source or target, by part of the name or by actor id",
        _text,
        _either(_any_party("source"), _any_party("target")),
        _words("with {} as source or target"),
    ),
    "sector": _filter(
        "PLOVER sector of a source or target",
        lambda value: _text(value).upper(),
        _either(_party_field("source", "sector"), _party_field("target", "sector")),
        _words("with a party of sector {}"),
    ),
    "type": _filter("PLOVER type", lambda value: _text(value).upper(), _in("type"), _words("of type {}")),
    "mode": _filter("mode", lambda value: _text(value).lower(), _in("mode"), _words("of mode {}")),
    "context": _filter("context", lambda value: _text(value).lower(), _has("contexts"), _words("in the context {}")),
    "cameo": _filter("CAMEO code or its beginning", _text, _begins("cameo"), _words("with CAMEO code {}")),
    "quad": _filter("quad class", _one_of("quad"), _in("quad"), _words("that are {}")),
    "status": _filter("status", _one_of("status"), _in("status"), _words("with status {}")),
    "scope": _filter("scope", _one_of("scope"), _in("scope"), _words("of {} scope")),
    "background": _filter(
        "background only, or none", _flag, _is("background"), _yes_no("background only", "background left out")
    ),
    "mutual": _filter("mutual only, or none", _flag, _is("mutual"), _yes_no("mutual", "not mutual")),
    "contact": _filter("channel of a direct exchange", _one_of("contact"), _in("contact.channel"), _words("by {}")),
    "place": _filter("place: part of its name, country code or geonames id", _text, _place, _words("at {}")),
    "account": _filter("id of the statement it rests on", _text, _in("account"), _words("by the account {}")),
    "account_party": _filter(
        "whose word it is", _one_of("account_party"), _in("account_party"), _words("by the word of: {}")
    ),
    "asserted": _filter(
        "rule of what counts as asserted: " + ", ".join(ASSERTED),
        _rule,
        _asserted,
        lambda values: ASSERTED[values[0]].words,
    ),
    "speaker": _filter(
        "speaker of the account, by part of the name or by actor id", _text, _spoken_by, _words("as told by {}")
    ),
    "origin": _filter(
        "comity, or the format it was imported from",
        lambda value: _text(value).lower(),
        _in("origin"),
        _words("of origin {}"),
    ),
    **_RECORD,
}

STATEMENTS: dict[str, Filter] = {
    "speaker": _filter(
        "speaker, by part of the name or by actor id", _text, _any_party("speakers"), _words("by {}")
    ),
    "country": _filter("country of a speaker", _code, _has("countries"), _places("by speakers of {}")),
    "sector": _filter(
        "PLOVER sector of a speaker",
        lambda value: _text(value).upper(),
        _party_field("speakers", "sector"),
        _words("by speakers of sector {}"),
    ),
    "about": _filter("country mentioned in the content", _code, _has("about"), _places("about {}")),
    "addressee": _filter(
        "country of the addressee", _code, _in("addressee.country"), _places("addressed to {}")
    ),
    "kind": _filter("kind", _one_of("kind"), _in("kind"), _words("of kind {}")),
    "channel": _filter("channel", _one_of("channel"), _in("channel"), _words("by {}")),
    "via": _filter(
        "relay, by part of its name",
        _text,
        _via,
        _words("via {}"),
    ),
    "anonymous": _filter(
        "with an anonymous speaker, or without",
        _flag,
        _is("len([1 FOR s IN speakers IF s.anonymous]) > 0"),
        _yes_no("by anonymous speakers", "by named speakers"),
    ),
    "anonymous_type": _filter(
        "type of the anonymous speaker",
        _one_of("anonymous_type"),
        _party_field("speakers", "anonymous_type"),
        _words("by an anonymous {}"),
    ),
    "polarity": _filter("polarity", _one_of("polarity"), _in("polarity"), _words("of {} polarity")),
    "modality": _filter("modality of saying", _one_of("modality"), _in("modality"), _words("{}")),
    "nested": _filter(
        "inside another statement, or not", _flag, _is("within IS NOT NULL"), _yes_no("nested", "not nested")
    ),
    "continued": _filter(
        "free continuations only, or none", _flag, _is("continued"), _yes_no("continued", "with a cue of their own")
    ),
    **_RECORD,
}  # fmt: skip

REPORTS: dict[str, Filter] = {
    "report": _filter("id of the report", _text, _in("id"), _words("with id {}")),
    "since": _filter("first day of publication", period, _since("day"), _when("published {} or later", 0)),
    "until": _filter("last day of publication", period, _until("day"), _when("published {} or earlier", 1)),
    "language": _filter(
        "language (ISO 639-1)", lambda value: _text(value).lower(), _in("language"), _words("in language {}")
    ),
    "title": _filter("part of the title", _text, _matches("title"), _words("titled with {}")),
    "url": _filter("part of the address", _text, _matches("url"), _words("from {}")),
    "country": _filter(
        "a country whose actors it mentions",
        _code,
        _mentioning,
        _places("that mention {}"),
    ),
    "dated": _filter(
        "with a publication date, or without", _flag, _is("day IS NOT NULL"), _yes_no("dated", "without a date")
    ),
    **_OUTLET,
}  # fmt: skip

MENTIONS: dict[str, Filter] = {
    "report": _RECORD["report"],
    "country": _filter("country", _code, _in("country"), _places("of {}")),
    "sector": _filter("PLOVER sector", lambda value: _text(value).upper(), _in("sector"), _words("of sector {}")),
    "name": _filter("part of the words", _text, _matches("text"), _words("that read {}")),
    "actor": _filter("actor id", _text, _in("actor"), _words("of actor {}")),
    "office": _filter("part of the office", _text, _matches("office"), _words("with the office {}")),
    "office_status": _filter(
        "status of the office", _one_of("office_status"), _in("office_status"), _words("whose office is {}")
    ),
    "anonymous": _filter("anonymous, or not", _flag, _is("anonymous"), _yes_no("anonymous", "named")),
    "resolved": _filter(
        "resolved to an actor, or not", _flag, _is("actor IS NOT NULL"), _yes_no("resolved", "unresolved")
    ),
}

_OF_OCCURRENCES = (
    "dyad", "between", "source", "target", "country", "actor", "sector", "type", "mode", "context", "cameo", "quad",
    "scope", "mutual", "contact", "place", "since", "until", "demo",
)  # fmt: skip
"""Filters of events that look at columns which an occurrence has too, taken from the event that leads it."""

OCCURRENCES: dict[str, Filter] = {
    **{name: EVENTS[name] for name in _OF_OCCURRENCES},
    "stage": _filter("where it stands in its life", _one_of("stage"), _in("stage"), _words("that are {}")),
    "reports": _filter(
        "told by so many reports at least",
        _number,
        lambda v, p: f"reports >= {p.add(v[0])}",
        lambda values: f"told by {values[0]:g} reports or more",
    ),
    "accounts": _filter(
        "told by so many accounts at least: reports that are no copies of one another",
        _number,
        lambda v, p: f"accounts >= {p.add(v[0])}",
        lambda values: f"told by {values[0]:g} independent reports or more",
    ),
    "conflict": _filter(
        "what the accounts differ in", _one_of("conflict"), _has("conflicts"), _words("whose accounts differ in: {}")
    ),
    "outlet_country": _filter(
        "country of an outlet that tells it", _code, _has("outlet_countries"), _places("told in outlets of {}")
    ),
    "ownership": _filter(
        "ownership of an outlet that tells it",
        _one_of("ownership"),
        _has("outlet_ownerships"),
        _words("told in outlets of {} ownership"),
    ),
}

FILTERS: dict[str, dict[str, Filter]] = {
    "events": EVENTS,
    "occurrences": OCCURRENCES,
    "statements": STATEMENTS,
    "reports": REPORTS,
    "mentions": MENTIONS,
}
"""The filters of each relation, by name; besides them every relation but mentions takes ``text`` (see `search`)."""

SEARCHED = ("events", "statements", "reports")
"""Relations that can be searched by words."""


def read_filters(relation: str, given: dict[str, Any]) -> dict[str, list[Any]]:
    """The filters as they will be compared: None dropped, single values made lists. Raises `BadFilter`."""
    table = FILTERS[relation]
    values: dict[str, list[Any]] = {}
    for name, value in given.items():
        if value is None or (isinstance(value, (list, tuple, set)) and not value):
            continue
        if name == "text" and relation in SEARCHED:
            values[name] = [_text(value)]
            continue
        if name not in table:
            near = difflib.get_close_matches(name, table, 1)
            hint = f"did you mean {near[0]!r}? " if near else ""
            raise BadFilter(f"{relation} have no filter {name!r}; {hint}there are: {', '.join(sorted(table))}")
        many = sorted(value) if isinstance(value, set) else value
        pair = name in ("dyad", "between") and isinstance(many, (tuple, list)) and _is_one_pair(many)
        listed = [many] if pair or not isinstance(many, (list, tuple)) else list(many)
        try:
            values[name] = [table[name].read(one) for one in listed]
        except ValueError as error:
            raise BadFilter(f"{name}: {error}") from None
        if len(values[name]) > 1 and name in ("since", "until", "asserted", "min_confidence", "reports", "accounts"):
            raise BadFilter(f"{name}: takes one value, not {len(values[name])}")
    return values


def unknown_codes(relation: str, values: dict[str, list[Any]]) -> list[str]:
    """Codes of states and organisations among the values that the actor tables do not have."""
    states = _states()
    if states is None:
        return []
    given = [value for name, listed in values.items() if name != "text" and FILTERS[relation][name].read is _code
             for value in listed]  # fmt: skip
    given += [code for name in ("dyad", "between") for pair in values.get(name, ()) for code in pair]
    known = states.names.keys() | states.organisations
    return [code for code in given if code not in known and not code.startswith("GROUP:")]


def _is_one_pair(value: Sequence[Any]) -> bool:
    return len(value) == 2 and all(isinstance(part, str) and _CODE.fullmatch(part) for part in value)


def condition(relation: str, values: dict[str, list[Any]], parameters: Parameters) -> str:
    """The filters as one SQL condition; ``text`` is left to the search index."""
    table = FILTERS[relation]
    tests = [table[name].make(listed, parameters) for name, listed in values.items() if name != "text"]
    return " AND ".join(tests) or "TRUE"


def restate(relation: str, given: dict[str, Any], as_of: str | None = None) -> str:
    """The filters in plain words, for people to read above a result. Raises `BadFilter`."""
    values = read_filters(relation, given)
    table = FILTERS[relation]
    parts = [table[name].say(values[name]) for name in table if name in values]
    if "text" in values:
        parts.append(f"with the words: {values['text'][0]}")
    if as_of is not None:
        parts.append(f"as the ledger stood at {as_of}")
    return f"{relation.capitalize()} {', '.join(parts)}." if parts else f"All {relation}."
