"""Pictures of networks, voices, tellings and formulae, in the manner of `charts`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from comity.relations.charts import GREY, WIDTH, _altair, _titled
from comity.relations.claims import FIGURES, Claim, Claims
from comity.relations.compare import Comparison
from comity.relations.concentration import Concentration
from comity.relations.errors import BadChoice
from comity.relations.formulae import Formulae
from comity.relations.naming import name_of
from comity.relations.network import Network, Node
from comity.relations.polarity import Polarity
from comity.relations.said import NOT_KNOWN
from comity.relations.voices import Group, Voices

if TYPE_CHECKING:
    import altair

FRIENDLY, HOSTILE = "#3182bd", "#d7301f"
"""Of ties: as in the charts of dyads, told apart by the colour-blind."""

BLOC_COLOURS = ("#4c78a8", "#f58518", "#54a24b", "#b279a2", "#e4b200", "#9d755d", "#72b7b2", "#ff9da6", "#79706e")
VOICE_COLOURS = ("#1f5a8a", "#c44e1c", "#3b8c4b", "#8a5a9e", "#c9a100", "#5aa9a3", "#d9799a", "#7b6a58")
OTHERS, UNKNOWN_COLOUR = "#bdbdbd", "#e6e6e6"

PARTIES = 45
"""Parties drawn, the most active ones: of more, no name can be read."""

POSITIVE_TIES, NEGATIVE_TIES = 110, 70
"""Ties drawn, the strongest of each sign: foes are fewer than friends and would drown."""

VOICES_SHOWN = 7
GROUPS_SHOWN = 30
FORMULAE_SHOWN = 14
CLAIMS_SHOWN = 25
CLAIM_COLOURS = {"up": ("closer", FRIENDLY), "down": ("worse", HOSTILE), "extent": ("out of the ordinary", "#c9a100")}


def network_chart(*networks: Network) -> altair.TopLevelMixin:
    """Networks side by side (those with ties): parties coloured by bloc, friendly ties blue, hostile ones red. Everybody keeps the same
    place (that of the first network with him). Raises `ExtraMissing`."""
    alt = _altair()
    first = networks[0]
    lines = [first.choice, f"A tie has {first.signed}.", first.method]
    networks = tuple(found for found in networks if found.nodes)
    if not networks:
        nothing = alt.Chart(alt.Data(values=[{"text": first.notes[-1]}])).mark_text(fontSize=13).encode(text="text:N")
        return _titled(nothing.properties(width=WIDTH, height=60), "Who stands with whom", lines)
    places: dict[str, tuple[float, float]] = {}
    for found in networks:
        places = {**found.positions, **places}
    hues = _hues(networks)
    seen = [places[node.key] for found in networks for node in _drawn(found, places)] or [(0.0, 0.0)]
    box = tuple((min(at[n] for at in seen) - 0.07, max(at[n] for at in seen) + 0.07) for n in (0, 1))
    panels = [
        _network(found, places, hue, box, 620 if len(networks) == 1 else 470) for found, hue in zip(networks, hues)
    ]
    chart = panels[0] if len(panels) == 1 else alt.hconcat(*panels, spacing=18)
    return _titled(chart.resolve_scale(color="independent"), "Who stands with whom", lines)


def _hues(networks: Sequence[Network]) -> list[dict[int, str]]:
    """Colours of blocs: a bloc takes that of the one before with which it has most of its active members in common."""
    made: list[dict[int, str]] = []
    before: dict[str, str] = {}
    for found in networks:
        weight = {node.key: (node.sent + node.received) ** 0.5 for node in found.nodes}
        claims = []
        for bloc in found.blocs:
            common: dict[str, float] = {}
            for code in bloc.members:
                if code in before:
                    common[before[code]] = common.get(before[code], 0.0) + weight[code]
            claims += [(-total, bloc.number, hue) for hue, total in common.items()]
        hues: dict[int, str] = {}
        for _, number, hue in sorted(claims):
            if number not in hues and hue not in hues.values():
                hues[number] = hue
        free = [hue for hue in BLOC_COLOURS if hue not in hues.values()]
        for n, bloc in enumerate(one for one in found.blocs if one.number not in hues):
            hues[bloc.number] = free[n % len(free)] if free else OTHERS
        before = {code: hues[bloc.number] for bloc in found.blocs for code in bloc.members}
        made.append(hues)
    return made


def _drawn(found: Network, places: dict[str, tuple[float, float]]) -> list[Node]:
    return [node for node in found.nodes if node.key in places][:PARTIES]


def _network(found: Network, places: dict[str, tuple[float, float]], hues: dict[int, str], box: Any, size: int) -> Any:
    alt = _altair()
    nodes = _drawn(found, places)
    shown = {node.key for node in nodes}
    pairs: dict[tuple[str, str], dict[str, Any]] = {}
    for edge in found.edges:
        if edge.sign and edge.source in shown and edge.target in shown:
            key = min(edge.source, edge.target), max(edge.source, edge.target)
            pair = pairs.setdefault(key, {"sign": edge.sign, "events": 0.0})
            pair["events"] += edge.events
    ranked = sorted(pairs.items(), key=lambda item: (-item[1]["events"], item[0]))
    drawn = [item for item in ranked if item[1]["sign"] > 0][:POSITIVE_TIES]
    drawn += [item for item in ranked if item[1]["sign"] < 0][:NEGATIVE_TIES]
    most = max((item[1]["events"] for item in drawn), default=1.0)
    ties = [
        {
            "x": places[a][0], "y": places[a][1], "x2": places[b][0], "y2": places[b][1],
            "tie": "friendly" if pair["sign"] > 0 else "hostile", "pair": f"{name_of(a)} – {name_of(b)}",
            "events": pair["events"], "width": 0.4 + 4 * (pair["events"] / most) ** 0.5,
        }
        for (a, b), pair in drawn
    ]  # fmt: skip
    strongest = max((node.sent + node.received for node in nodes), default=1.0)
    points = [
        {
            "x": places[node.key][0], "y": places[node.key][1], "label": _short(node.key),
            "name": node.name, "bloc": f"{node.bloc}",
            "events": node.sent + node.received, "size": 90 + 700 * ((node.sent + node.received) / strongest) ** 0.5,
        }
        for node in nodes
    ]  # fmt: skip
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=list(box[0])))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=list(box[1])))
    edges = (
        alt.Chart(alt.Data(values=ties))
        .mark_rule(opacity=0.42)
        .encode(
            x=x, y=y, x2="x2:Q", y2="y2:Q", tooltip=["pair:N", "tie:N", alt.Tooltip("events:Q", format=".4g")],
            strokeWidth=alt.StrokeWidth("width:Q", scale=None),
            color=alt.Color(
                "tie:N", scale=alt.Scale(domain=["friendly", "hostile"], range=[FRIENDLY, HOSTILE]),
                legend=alt.Legend(title=None, orient="bottom"),
            ),
        )
    )  # fmt: skip
    names = _bloc_names(found)
    words = " : ".join(f"datum.value === '{key}' ? '{name}'" for key, name in names.items()) + " : ''"
    base = alt.Chart(alt.Data(values=points)).encode(x=x, y=y)
    circles = base.mark_circle(opacity=1, stroke="white", strokeWidth=1).encode(
        size=alt.Size("size:Q", scale=None),
        color=alt.Color(
            "bloc:N",
            scale=alt.Scale(domain=list(names), range=[hues[int(key)] for key in names]),
            legend=alt.Legend(
                title="blocs, by their most active members",
                orient="bottom",
                columns=1,
                labelExpr=words,
                labelLimit=400,
                titleLimit=300,
            ),
        ),
        tooltip=["name:N", "bloc:N", alt.Tooltip("events:Q", format=".4g")],
    )
    text = base.mark_text(fontSize=10, dy=-1, color="#111111", fontWeight="bold", stroke="white", strokeWidth=2.5)
    over = base.mark_text(fontSize=10, dy=-1, color="#111111", fontWeight="bold")
    title = f"{found.since} to {found.until}" if found.since else "all there is"
    return (
        alt.layer(edges, circles, text.encode(text="label:N"), over.encode(text="label:N"))
        .resolve_scale(color="independent")
        .properties(width=size, height=size * 0.86, title=alt.TitleParams(title, fontSize=13, anchor="start"))
    )


def _short(code: str) -> str:
    """A code as it stands in a picture: without what it is a code of, and without marks that end a word of Vega's."""
    return (
        (name_of(code) if code.startswith("GROUP:") else code.removeprefix("IGO:")).replace("'", "’").replace("\\", "")
    )


def _bloc_names(found: Network) -> dict[str, str]:
    """Blocs by number, each named by its most active members; the largest first."""
    return {
        f"{bloc.number}": f"{', '.join(_short(code) for code in bloc.members[:6])}"
        + (f" and {len(bloc.members) - 6} more" if len(bloc.members) > 6 else "")
        for bloc in sorted(found.blocs, key=lambda bloc: (-len(bloc.members), bloc.number))
    }


# --- voices and tellings ---------------------------------------------------------------------------------------------


def voices_chart(found: Voices) -> altair.TopLevelMixin:
    """Shares of voices by country, one bar a group (or for all). Raises `ExtraMissing`."""
    groups = list(found.groups[:GROUPS_SHOWN]) or [found.whole]
    title = "Whose voices the reports carry" + (f", by {found.by.replace('_', ' ')}" if found.by else "")
    return _titled(_shares(groups), title, [found.choice, *found.notes])


def comparison_chart(found: Comparison) -> altair.TopLevelMixin:
    """Voices and types of each telling, side by side. Raises `ExtraMissing`."""
    alt = _altair()
    groups = [telling.voices for telling in found.tellings[:GROUPS_SHOWN]]
    rows = []
    top: dict[str, int] = {}
    for telling in found.tellings:
        for kind, number in telling.types:
            top[kind.split(" ")[0]] = top.get(kind.split(" ")[0], 0) + number
    events_of = {
        telling.label: f"{_name(telling.label)} ({telling.events} events)" for telling in found.tellings[:GROUPS_SHOWN]
    }
    named = [kind for kind, _ in sorted(top.items(), key=lambda item: (-item[1], item[0]))[:VOICES_SHOWN]]
    for telling in found.tellings[:GROUPS_SHOWN]:
        total = telling.events or 1
        counted: dict[str, int] = {}
        for kind, number in telling.types:
            key = kind.split(" ")[0] if kind.split(" ")[0] in named else "others"
            counted[key] = counted.get(key, 0) + number
        for key, number in counted.items():
            order = named.index(key) if key in named else 99
            rows.append({"group": events_of[telling.label], "type": key, "share": number / total, "order": order})
    colours = [*VOICE_COLOURS[: len(named)], OTHERS]
    bars = (
        alt.Chart(alt.Data(values=rows))
        .mark_bar(stroke="white", strokeWidth=0.5)
        .encode(
            x=alt.X("share:Q", axis=alt.Axis(title="what they tell: events by type", format="%"), stack="zero",
                    scale=alt.Scale(domain=[0, 1])),
            y=alt.Y("group:N", sort=list(events_of.values()), axis=alt.Axis(title=None, labelLimit=260)),
            color=alt.Color(
                "type:N", scale=alt.Scale(domain=[*named, "others"], range=colours),
                legend=alt.Legend(title=None, orient="top", columns=8),
            ),
            order="order:Q", tooltip=["group:N", "type:N", alt.Tooltip("share:Q", format=".0%")],
        )
        .properties(width=WIDTH - 120, height=alt.Step(24))
    )  # fmt: skip
    chart = alt.vconcat(_shares(groups), bars, spacing=14).resolve_scale(color="independent")
    return _titled(chart, f"How it is told: {found.subject}", [found.choice, *found.notes])


def _label(group: Group) -> str:
    return f"{_name(group.label)} ({group.reports} reports)"


def _name(label: str) -> str:
    return name_of(label) if len(label) == 3 and label.isupper() else label


def _shares(groups: Sequence[Group]) -> Any:
    alt = _altair()
    total: dict[str, float] = {}
    for group in groups:
        for voice in group.countries:
            if voice.key != NOT_KNOWN:
                total[voice.key] = total.get(voice.key, 0.0) + (voice.share.value or 0.0)
    top = [key for key, _ in sorted(total.items(), key=lambda item: (-item[1], item[0]))[:VOICES_SHOWN]]
    names = [name_of(key) for key in top]
    rows = []
    for group in groups:
        rest = 0.0
        for voice in group.countries:
            share = voice.share.value or 0.0
            if voice.key in top:
                found = voice.share.interval
                span = f"{found.low:.0%}–{found.high:.0%}" if found else ""
                rows.append(
                    {
                        "group": _label(group), "voice": voice.name, "share": share, "order": top.index(voice.key),
                        "interval": span,
                    }
                )  # fmt: skip
            elif voice.key == NOT_KNOWN:
                rows.append({"group": _label(group), "voice": "not known", "share": share, "order": 99})
            else:
                rest += share
        rows.append({"group": _label(group), "voice": "others", "share": rest, "order": 98})
    scale = alt.Scale(
        domain=[*names, "others", "not known"], range=[*VOICE_COLOURS[: len(names)], OTHERS, UNKNOWN_COLOUR]
    )
    return (
        alt.Chart(alt.Data(values=rows))
        .mark_bar(stroke="white", strokeWidth=0.5)
        .encode(
            x=alt.X("share:Q", axis=alt.Axis(title="who speaks: share of voices", format="%"), stack="zero",
                    scale=alt.Scale(domain=[0, 1])),
            y=alt.Y("group:N", sort=[_label(group) for group in groups], axis=alt.Axis(title=None, labelLimit=260)),
            color=alt.Color("voice:N", scale=scale, legend=alt.Legend(title=None, orient="top", columns=9)),
            order="order:Q", tooltip=["group:N", "voice:N", alt.Tooltip("share:Q", format=".0%"), "interval:N"],
        )
        .properties(width=WIDTH - 120, height=alt.Step(24))
    )  # fmt: skip


# --- formulae --------------------------------------------------------------------------------------------------------


def formulae_chart(found: Formulae) -> altair.TopLevelMixin:
    """When each formula was used and by how many statements: a line of dots a formula. Raises `ExtraMissing`."""
    alt = _altair()
    rows, firsts = [], []
    shown = found.formulae[:FORMULAE_SHOWN]
    for formula in shown:
        rows += [
            {"formula": formula.text, "period": label, "uses": number}
            for label, number in formula.periods
            if label != NOT_KNOWN
        ]
        who = name_of(formula.first.country) if formula.first.country else formula.first.speaker
        firsts.append({"formula": formula.text, "first": f"{formula.first.day or 'no date'}: {who}"})
    order = [formula.text for formula in shown]
    y = alt.Y("formula:N", sort=order, axis=alt.Axis(title=None, labelLimit=260, grid=True, ticks=False))
    dots = (
        alt.Chart(alt.Data(values=rows))
        .mark_circle(color=VOICE_COLOURS[0], opacity=0.85)
        .encode(
            x=alt.X("period:O", axis=alt.Axis(title=None, labelAngle=0, labelOverlap=True)),
            y=y,
            size=alt.Size("uses:Q", scale=alt.Scale(range=[25, 700]), legend=alt.Legend(title="uses", orient="top")),
            tooltip=["formula:N", "period:O", "uses:Q"],
        )
        .properties(width=WIDTH - 330, height=alt.Step(24))
    )
    first = (
        alt.Chart(alt.Data(values=firsts))
        .mark_text(align="left", fontSize=10, color=GREY)
        .encode(y=alt.Y("formula:N", sort=order, axis=None), text="first:N", x=alt.value(0))
        .properties(width=150, height=alt.Step(24), title=alt.TitleParams("first seen", fontSize=11, anchor="start"))
    )
    return _titled(alt.hconcat(dots, first, spacing=4), "Recurrent wordings", [found.choice, found.method])


# --- claims -------------------------------------------------------------------------------------------------------------


def claims_chart(found: Claims) -> altair.TopLevelMixin:
    """The newest claims that have a rank, one a line: where the period lies between the lowest and the highest of the
    pair's own history, with the interval of its rank, by each figure. Raises `BadChoice` when no claim has a rank, and
    `ExtraMissing`."""
    alt = _altair()
    shown = [claim for claim in found.claims if claim.record][:CLAIMS_SHOWN]
    if not shown:
        raise BadChoice("claims: none has a rank, so there is nothing to draw; the list says of each why")
    rows = []
    for n, claim in enumerate(shown):
        for one in claim.record:
            span = one.rank_interval
            rows.append(
                {
                    "claim": f"{n:02} {_claim_label(claim)}", "figure": one.figure, "way": CLAIM_COLOURS[claim.way][0],
                    "place": _from_lowest(one.rank, one.of), "rank": f"{one.rank} of {one.of}", "words": claim.words,
                    "low": _from_lowest(span.high, one.of) if span else None,
                    "high": _from_lowest(span.low, one.of) if span else None,
                }
            )  # fmt: skip
    order = list(dict.fromkeys(row["claim"] for row in rows))
    colour = alt.Color(
        "way:N", title="claimed",
        scale=alt.Scale(domain=[name for name, _ in CLAIM_COLOURS.values()], range=[c for _, c in CLAIM_COLOURS.values()]),
        legend=alt.Legend(orient="bottom", symbolOpacity=1, symbolStrokeWidth=0),
    )  # fmt: skip
    axis = alt.Axis(
        title=None, values=[0, 1], labelExpr="datum.value == 0 ? 'lowest' : 'highest'", labelFlush=True, grid=True
    )
    panels = []
    for number, figure in enumerate(FIGURES):
        own = alt.Axis(title=None, labelLimit=300, labelExpr="slice(datum.label, 3)", grid=True, ticks=False)
        base = alt.Chart(alt.Data(values=[row for row in rows if row["figure"] == figure])).encode(
            y=alt.Y("claim:N", scale=alt.Scale(domain=order), axis=None if number else own), color=colour
        )
        x = alt.X("place:Q", scale=alt.Scale(domain=[0, 1]), axis=axis)
        panels.append(
            alt.layer(
                base.mark_rule(strokeWidth=3, opacity=0.35).encode(x=alt.X("low:Q", axis=axis), x2="high:Q"),
                base.mark_point(filled=True, size=70, opacity=1).encode(
                    x=x, tooltip=["words:N", alt.Tooltip("rank:N", title="rank, 1 is the highest")]
                ),
            ).properties(
                width=(WIDTH - 330) // 3,
                height=alt.Step(22),
                title=alt.TitleParams(figure, fontSize=11, anchor="start", frame="group"),
            )
        )
    lines = [
        f"Where the {found.by} of each claim lies in the pair's own history until then, with the interval of its rank:",
        f"{'; '.join(FIGURES.values())}.",
        found.choice,
        found.record,
    ]
    return _titled(alt.hconcat(*panels, spacing=12), "Claims beside the record", lines)


def _claim_label(claim: Claim) -> str:
    pair = "–".join(claim.pair or ("?",))
    who = claim.speakers[0] if claim.speakers else "unnamed"
    return f"{claim.day} {pair}: {who}, “{claim.marked}”"


def _from_lowest(rank: float, of: int) -> float:
    """A rank (1 is the highest of `of`, two at least) from 0, the lowest, to 1."""
    return (of - rank) / (of - 1)


# --- concentration and polarity --------------------------------------------------------------------------------------


def concentration_chart(found: Concentration) -> altair.TopLevelMixin:
    """The effective number of parties, by period with intervals; sparse periods are left out. Raises `ExtraMissing`."""
    alt = _altair()
    rows = []
    for level in [one for one in found.levels if not one.sparse] or [found.whole]:
        number = level.effective_number
        rows.append(
            {
                "period": level.label, "number": number.value,
                "low": number.interval.low if number.interval else None,
                "high": number.interval.high if number.interval else None,
                "largest": ", ".join(f"{one.name} {one.share.value:.0%}" for one in level.largest[:3]),
            }
        )  # fmt: skip
    base = alt.Chart(alt.Data(values=rows)).encode(x=alt.X("period:O", axis=alt.Axis(title=None, labelOverlap=True)))
    axis = alt.Axis(title="effective number of parties")
    chart = alt.layer(
        base.mark_rule(color="#222222", opacity=0.35, strokeWidth=3).encode(y=alt.Y("low:Q", axis=axis), y2="high:Q"),
        base.mark_line(color="#222222", point={"color": "#222222"}).encode(
            y=alt.Y("number:Q", axis=axis), tooltip=["period:O", alt.Tooltip("number:Q", format=".2f"), "largest:N"]
        ),
    ).properties(width=WIDTH, height=220)
    return _titled(chart, "Concentration of interaction", [found.choice, found.measures])


def polarity_chart(found: Polarity) -> altair.TopLevelMixin:
    """Blocs by their shares of capabilities, the states in each. Raises `ExtraMissing`."""
    alt = _altair()
    rows = []
    shares = {code: share for code, _, share in found.largest}
    for pole in found.poles:
        name = ", ".join(pole.members[:4]) + (f" and {len(pole.members) - 4} more" if len(pole.members) > 4 else "")
        begin = 0.0
        for code in pole.members:
            if code in shares:
                rows.append(
                    {
                        "pole": name,
                        "state": name_of(code),
                        "code": code,
                        "share": shares[code],
                        "from": begin,
                        "order": -shares[code],
                        "label": code if shares[code] > 0.0205 else "",
                    }
                )
                begin += shares[code]
        rest = max(pole.share - begin, 0.0)
        rows.append(
            {"pole": name, "state": "the others", "code": "", "share": rest, "from": begin, "order": 1, "label": ""}
        )
    order = [row["pole"] for n, row in enumerate(rows) if n == 0 or rows[n - 1]["pole"] != row["pole"]]
    y = alt.Y("pole:N", sort=order, axis=alt.Axis(title=None, labelLimit=260, ticks=False))
    base = alt.Chart(alt.Data(values=rows)).encode(
        x=alt.X("share:Q", stack="zero", axis=alt.Axis(title="share of capabilities", format="%")), y=y, order="order:Q"
    )
    bars = base.mark_bar(stroke="white").encode(
        color=alt.condition("datum.code === ''", alt.value(OTHERS), alt.value(VOICE_COLOURS[0])),
        tooltip=["state:N", alt.Tooltip("share:Q", format=".1%")],
    )
    words = base.mark_text(align="left", dx=3, color="white", fontSize=10).encode(x=alt.X("from:Q"), text="label:N")
    chart = alt.layer(bars, words).properties(width=WIDTH - 200, height=alt.Step(28))
    lines = [
        f"{found.capabilities}, {found.year}. {found.choice}",
        "; ".join(f"{one.name} {one.value:.2f}" for one in found.indices if one.value is not None) + ".",
    ]
    return _titled(chart, "Blocs and capabilities", lines)
