"""The network: who did how much to whom, in blocs of friends, with the triads that do not fit."""

from __future__ import annotations

import math
import tempfile
from functools import partial
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from comity.relations.network import Edge, Network, Node, network, write_graphml
from comity.relations.series import need_party
from comity.relations.ties import LEAST
from comity.web.answering import Answer, Table
from comity.web.asking import Ask, BadAsk, address
from comity.web.charts import svg
from comity.web.names import party_name
from comity.web.view import Param, View
from comity.web.views.choosing import CHOICE, NAMES, choice_of

if TYPE_CHECKING:
    from comity.web.app import Room

LISTED = 150
DRAWN = 45
"""Parties in the picture: more names than these cover each other."""

SIDE = 640.0


def show(room: Room, ask: Ask) -> Answer:
    ask.need_only(*NAMES, "at", "window", "least", "ego", "panel")
    choice = choice_of(ask)
    at, window = ask.one("at") or None, ask.one("window") or None
    least = ask.number("least", LEAST, 1, 10_000)
    ego = need_party(ask.one("ego")) if ask.one("ego") else None
    found, state = room.source.lately(
        ask.patience,
        ("network", choice, at, window, least),
        partial(network, at=at, window=window, choice=choice, least=least, layout=True),
        long=True,
    )
    if ego is not None:
        if all(node.key != ego for node in found.nodes):
            raise BadAsk(f"ego: {ego} has no tie in this network; see /network for who has")
        found = around(found, ego)
    years = room.source.once("years", lambda: _years(room))
    kept = [(name, value) for name, value in ask.query if name in NAMES and value.strip()]
    return Answer(
        template="network.html",
        title="Network",
        data=found,
        more={
            "state": state,
            "ego": ego,
            "least": least,
            "years": years,
            "edges": found.edges[:LISTED],
            "unbalanced": [triad for triad in found.triads if not triad.balanced],
            "balanced": [triad for triad in found.triads if triad.balanced],
            "drawn": lambda: draw(found, ask),
            "to_pair": lambda a, b: address(f"/dyads/{a}-{b}", kept),
            "shown": min(DRAWN, len(found.nodes)),
        },
        tables={"edges": lambda: _edges(found), "parties": lambda: _nodes(found)},
        pictures={"network": lambda: draw(found, ask, alone=True)},
        files={"graphml": lambda: graphml(found)},
    )


def _years(room: Room) -> list[int]:
    query = "SELECT min(year(day)) AS first, max(year(day)) AS last FROM reports_v1"
    row = room.ledger.query(query).to_pylist()[0]
    return [row["first"], row["last"]] if row["first"] is not None else []


def around(found: Network, ego: str) -> Network:
    """One party, those with ties to it, and the ties among all of them."""
    near = {ego} | {
        b if a == ego else a for a, b in ((edge.source, edge.target) for edge in found.edges) if ego in (a, b)
    }
    return msgspec.structs.replace(
        found,
        nodes=tuple(node for node in found.nodes if node.key in near),
        edges=tuple(edge for edge in found.edges if edge.source in near and edge.target in near),
        triads=tuple(triad for triad in found.triads if ego in triad.members),
        positions={key: spot for key, spot in found.positions.items() if key in near},
    )


def draw(found: Network, ask: Ask, *, alone: bool = False) -> str:
    """The picture: places are the same for every window, so that steps in time can be compared."""
    nodes = found.nodes[:DRAWN]
    spots = {}
    for node in nodes:
        x, y = found.positions.get(node.key, (0.0, 0.0))
        spots[node.key] = (SIDE / 2 + x * (SIDE / 2 - 60), SIDE / 2 + y * (SIDE / 2 - 34))
    pairs: dict[tuple[str, str], list[Edge]] = {}
    for edge in found.edges:
        if edge.source in spots and edge.target in spots:
            pairs.setdefault((min(edge.source, edge.target), max(edge.source, edge.target)), []).append(edge)
    sums = {pair: sum(edge.events for edge in edges) for pair, edges in pairs.items()}
    most = max(sums.values(), default=1.0)
    made = []
    for (a, b), edges in sorted(pairs.items(), key=lambda item: sums[item[0]]):
        sign = edges[0].sign
        style = {1: "coop", -1: "conf"}.get(sign, "zero")
        (x1, y1), (x2, y2) = spots[a], spots[b]
        words = escape(
            f"{party_name(a)} and {party_name(b)}: {sums[a, b]:g} events, "
            f"{ {1: 'friendly', -1: 'hostile'}.get(sign, 'neither friendly nor hostile') }"
        )
        line = (
            f'<line class="edge {style}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
            f'stroke-width="{0.8 + 7 * math.sqrt(sums[a, b] / most):.1f}"><title>{words}</title></line>'
        )
        made.append(
            line
            if alone
            else f'<a href="{escape(address(f"/dyads/{a}-{b}"))}" tabindex="-1" aria-label="{words}">{line}</a>'
        )
    loudest = max((node.sent + node.received for node in nodes), default=1.0) or 1.0
    for node in reversed(nodes):
        x, y = spots[node.key]
        size = 4 + 12 * math.sqrt((node.sent + node.received) / loudest)
        words = escape(f"{node.name}: bloc {node.bloc + 1}, {node.partners} partners")
        shape = (
            f'<circle class="node bloc{node.bloc % 8}" cx="{x:.1f}" cy="{y:.1f}" r="{size:.1f}"><title>{words}</title></circle>'
            f'<text class="name" x="{x:.1f}" y="{y - size - 3:.1f}" text-anchor="middle">{escape(_short(node))}</text>'
        )
        made.append(
            shape
            if alone
            else f'<a href="{escape(ask.url(ego=node.key, panel=None))}" tabindex="-1" aria-label="{words}">{shape}</a>'
        )
    title = "Network of parties; the list says the same"
    picture = svg(SIDE, SIDE, "".join(made), title, alone=alone, more='class="chart network"')
    return picture if alone else picture.replace('role="img"', 'role="group"', 1)


def _short(node: Node) -> str:
    return (
        node.name
        if len(node.name) <= 16
        else node.key.removeprefix("IGO:").removeprefix("GROUP:").partition("@")[0][:16]
    )


def graphml(found: Network) -> bytes:
    with tempfile.TemporaryDirectory(prefix="comity-") as folder:
        path = Path(folder) / "network.graphml"
        write_graphml(found, path)
        return path.read_bytes()


def _edges(found: Network) -> Table:
    return Edge.__struct_fields__, [msgspec.structs.astuple(edge) for edge in found.edges]


def _nodes(found: Network) -> Table:
    return Node.__struct_fields__, [msgspec.structs.astuple(node) for node in found.nodes]


VIEWS = (
    View(
        path="/network",
        name="network",
        summary="Who did how much to whom: ties, blocs, balance",
        make=show,
        response=Network,
        forms=("json", "csv", "svg", "graphml"),
        params=(
            *CHOICE,
            Param("at", "the end of the window: a day, month or year", example="2022"),
            Param("window", "its length: 12m or 1y", example="12m"),
            Param("least", "acts that make a tie", "integer", least=1, most=10_000, example=LEAST),
            Param("ego", "only this party and who has ties with it", example="CHN"),
        ),
        kept=False,
    ),
)
